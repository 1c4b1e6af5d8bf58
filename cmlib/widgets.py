"""The parameters cell is the form: in JupyterLab and Voila a change shows every section of the notebook anew.

In a report, where nobody can click, the same notebook shows one line instead of the form.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets
from IPython.core.formatters import format_display_data
from IPython.display import display

from cmlib import brand, i18n, importers, kpis, sheets, start
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

Compute = Callable[[Any], Any]
Draw = Callable[[Any], Any]
Shown = Callable[[], Iterable[Any]]
_FORM = {"grid_template_columns": "repeat(auto-fit, minmax(9.5rem, 1fr))", "grid_gap": ".75rem 1.25rem"}
LOOKING = ("JPY_SESSION_NAME", "SERVER_SOFTWARE")  # told to a kernel by JupyterLab, by Voila


def live() -> bool:
    """Is a person looking, in JupyterLab or Voila? papermill and nbconvert set neither variable."""
    session, server = (os.environ.get(name, "") for name in LOOKING)
    return bool(session) or server.startswith("voila")


class Page:
    """A notebook's title, its form, and the sections that follow.

    ``review`` is called with the parameters; each section is given what it returns. A form changes what is
    looked at, so this is the one object of cmlib that has a state.
    """

    def __init__(self, key: str, review: Callable[..., Any], **parameters: Any) -> None:
        self.key = key
        self.review = review
        self.parameters = parameters
        self.subject: Any = None
        self.shown: list[tuple[ipywidgets.Output, Shown]] = []
        if parameters["lang"] not in i18n.LANGUAGES:
            raise unknown("language", parameters["lang"], i18n.LANGUAGES)
        i18n.use(parameters["lang"])
        self.button: Any = None
        self.form = ipywidgets.GridBox(layout=_FORM) if live() else None
        if self.form is not None:
            self.form.add_class("cm-form")
            self._fill_form()
            display(self.form)
        self._show(self._title)

    def section(self, key: str, compute: Compute, *draw: Draw) -> None:
        """Show a heading, then what each of ``draw`` makes of ``compute(review)``; of None, nothing."""

        def shown() -> Iterable[Any]:
            found = None if self.subject is None else compute(self.subject)  # the title says why
            if found is None:
                return []
            return [sheets.section(key, self.key), *(one(found) for one in draw)]

        self._show(shown)

    def upload(self) -> None:
        """Let exports be dropped in, where there is somebody to drop them; elsewhere say where they go."""
        if self.form is None:
            display(sheets.message("info", t("start.drop_here", folder=str(self._inbox()))))
            return
        self.button = ipywidgets.FileUpload(
            multiple=True, description=t("start.drop"), layout={"width": "auto"}
        )
        self.button.observe(lambda change: self._take(change["new"]), names="value")
        self.outcome = ipywidgets.Output()
        display(self.button, self.outcome)

    def again(self) -> None:
        """Look again, and show everything anew."""
        with self._busy():
            for output, shown in self.shown:
                _fill(output, shown)

    def _title(self) -> Iterable[Any]:
        self.subject = None
        asked = {name: value for name, value in self.parameters.items() if name != "lang"}
        self.subject = self.review(**asked)
        title = sheets.title(self.key, **self.subject.heading)
        said = {name: value for name, value in self.parameters.items() if name != "files"}
        return [sheets.style(), title, *([sheets.line(said)] if self.form is None else [])]

    def _show(self, shown: Shown) -> None:
        if self.form is None:
            display(*shown())
            return
        output = ipywidgets.Output()
        self.shown.append((output, shown))
        display(output)
        _fill(output, shown)

    def _fill_form(self) -> None:
        """A field for each parameter that has choices; filled anew at each change, in the language chosen."""
        assert self.form is not None
        fields = []
        for name, choices in _choices(self.parameters).items():
            value = self.parameters[name]
            field = ipywidgets.Dropdown(
                options=choices, value=value if value in dict(choices).values() else None,
                description=t(f"form.{name}"), layout={"width": "auto"}, style={"description_width": "auto"},
            )  # fmt: skip
            field.observe(partial(self._chosen, name), names="value")
            fields.append(field)
        old, self.form.children = self.form.children, tuple(fields)
        for field in old:
            field.close()
        if self.button is not None:
            self.button.description = t("start.drop")

    def _chosen(self, name: str, change: Mapping[str, Any]) -> None:
        kept = {"month": ""} if name == "brand" and "month" in self.parameters else {}
        self.parameters = {**self.parameters, **kept, name: change["new"]}
        i18n.use(self.parameters["lang"])
        self._fill_form()
        self.again()

    def _inbox(self) -> Path:
        return brand.folder(self.parameters["brand"]) / "inbox"

    def _take(self, uploaded: tuple[Mapping[str, Any], ...]) -> None:
        """Keep what was dropped in the inbox, import it, and say what became of it."""

        def taken() -> Iterable[Any]:
            inbox = self._inbox()
            paths = [start.keep(inbox, item["name"], bytes(item["content"])) for item in uploaded]
            files = [file for path in paths for file in importers.walk(path)]
            return [sheets.intake(start.outcomes(start.intake(files, self.parameters["brand"])))]

        with self._busy():
            _fill(self.outcome, taken)
        self._fill_form()  # there may be months now that were not there before
        self.again()

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Take no further change while one is being worked on."""
        assert self.form is not None
        for field in self.form.children:
            field.disabled = True
        try:
            yield
        finally:
            for field in self.form.children:
                field.disabled = False


def _fill(output: ipywidgets.Output, shown: Shown) -> None:
    """Show something in place of what an output shows; an error of cmlib as a message in its place.

    What is shown is put into the output by hand. Where an output catches what is displayed, the other side
    answers while the cell still runs, and now and then its end is not heard: the page is never there.
    """
    try:
        found = list(shown())
    except CmlibError as problem:
        found = [sheets.style(), sheets.message("error", str(problem))]
    pairs = [format_display_data(one) for one in found]
    output.outputs = tuple(
        {"output_type": "display_data", "data": data, "metadata": metadata} for data, metadata in pairs
    )


def _choices(parameters: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen for each parameter: (as people read it, the value)."""
    known: dict[str, Callable[[], list[tuple[str, str]]]] = {
        "brand": lambda: [(s, s) for s in brand.slugs()],
        "month": lambda: [(t("form.newest"), ""), *((m, m) for m in _months(parameters["brand"]))],
        "lang": lambda: [(t(f"form.language.{code}"), code) for code in i18n.LANGUAGES],
        "rate": lambda: [(t("form.own_rate"), ""), *((t(f"metric.{m}.name"), m) for m in kpis.TOOL_RATES)],
    }
    return {name: choices() for name, choices in known.items() if name in parameters}


def _months(slug: str) -> list[str]:
    try:
        return kpis.months_with_data(brand.load(slug))
    except CmlibError:
        return []
