"""A notebook's page: its title, its form, its sections; where nobody can click, without the form."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets
from IPython.display import display

from cmlib import brand, i18n, importers, kpis, landscape, plans, schema, sheets, start
from cmlib.cells import capital, word
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.widgets import editorial, fields
from cmlib.widgets.entering import Entering
from cmlib.widgets.naming import Naming
from cmlib.widgets.noting import Noting
from cmlib.widgets.outputs import Shown, fill, same
from cmlib.widgets.planning import Planning
from cmlib.widgets.question import Question
from cmlib.widgets.surveying import Surveying

Compute = Callable[[Any], Any]
Draw = Callable[[Any], Any]
PAUSE = 0.01  # seconds within which a further change takes the place of the last one
_OF_A_BRAND = {  # parameters that are not for another one
    "month": "", "hours": 0.0, "weights": "", "rivals": "", "network": "",
}  # fmt: skip
SPANS = (1, 3, 6, 12, 24)  # months that can be looked at
WEEKS = (2, 4, 6, 8, 10, 13)  # weeks that can be planned
MONDAYS = 9  # on which a plan can begin, from this week's on
FEW = 6  # rivals that are seen in one look; more of them are folded
LOOKING = ("JPY_SESSION_NAME", "SERVER_SOFTWARE")  # told to a kernel by JupyterLab, by Voila


def working() -> bool:
    """Is a person at work, in JupyterLab? Who looks through Voila changes nothing."""
    return bool(os.environ.get(LOOKING[0]))


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
        self.now: dict[str, Sequence[Any]] = {}  # what each output shows
        self.asked: Question | None = None
        self.noting: Noting | None = None
        self.surveying: Surveying | None = None
        self.naming: Naming | None = None
        self.rivals: ipywidgets.VBox | None = None  # to be opened, where there are many
        self.waiting: asyncio.TimerHandle | None = None
        if parameters["lang"] not in i18n.LANGUAGES:
            raise unknown("language", parameters["lang"], i18n.LANGUAGES)
        i18n.use(parameters["lang"])
        self.button: Any = None
        self.form = fields.grid([]).add_class("cm-form") if live() else None
        if self.form is not None:
            self._fill_form()
            display(fields.style(), self.form)
        self._show(self._title)

    def section(self, key: str, compute: Compute, *draw: Draw) -> None:
        """Show a heading, then what each of ``draw`` makes of ``compute(review)``; of None, nothing."""

        self._show(self._kept(compute, lambda found: [sheets.section(key, self.key), *_drawn(draw, found)]))

    def question(self, compute: Compute, *draw: Draw) -> None:
        """Let the brand's question be changed, where somebody looks; in a report, show what it is."""
        if self.form is None:
            self.section("question", compute, *draw)
            return
        self.asked = Question(self.soon)
        self.asked.use(*(self.parameters[name] for name in ("brand", "hours", "weights")))
        display(self.asked.box)
        self.again()

    def entry(self, compute: Compute, *draw: Draw) -> None:
        """Let a network to enter be chosen, where somebody looks; in a report, show the plans of the best."""
        if self.form is None:
            self.section("entry", compute, *draw)
            return
        entering = Entering(self.soon)
        plan = self._kept(partial(entering.planned, best=compute), partial(_drawn, draw))

        def shown() -> Sequence[Any]:
            entering.show(self.subject is not None)
            return plan()

        self._show(self._kept(lambda _: (), lambda _: [sheets.section("entry", self.key)]))
        display(entering.box, entering.outcome)
        self._show(shown)

    def notes(self) -> None:
        """Let what profiles show be noted, where somebody looks; in a report there is nothing to see."""
        if self.form is None:
            return
        self._show(lambda: [sheets.section("notes", "note")])
        self.noting = Noting(self._noted)
        self.noting.use(self.parameters["brand"])
        display(self.noting.box)

    def planning(self) -> None:
        """Let the plan be worked on, where somebody works; who only looks sees the sections that follow."""
        if self.form is None or not working():
            return
        planning = Planning(self.again)

        def shown() -> Sequence[Any]:
            if self.subject is not None:
                editorial.show(planning, self.subject)
            return [sheets.section("grid", self.key)]

        self._show(shown)
        display(planning.box)

    def upload(self) -> None:
        """Let exports be dropped in, where there is somebody to drop them; elsewhere say where they go."""
        if self.form is None:
            display(sheets.message("info", t("start.drop_here", folder=str(self._inbox()))))
            return
        self.button = ipywidgets.FileUpload(
            multiple=True, description=t("start.drop"), button_style="primary", layout={"width": "auto"}
        )
        self.button.observe(lambda change: self._take(change["new"]), names="value")
        self.outcome = ipywidgets.Output()
        self.naming = Naming(self._noted)
        dropped = ipywidgets.HBox([self.button]).add_class("cm-form").add_class("cm-buttons")
        display(dropped, self.outcome, self.naming.box)

    def surveys(self) -> None:
        """Let somebody say what the surveys of the inbox ask; in a report nobody can."""
        if self.form is None:
            return
        self.surveying = Surveying(self._noted)
        self.surveying.use(self.parameters["brand"])
        display(self.surveying.box)

    def again(self) -> None:
        """Look again, and show everything anew."""
        with self._busy():
            self._refresh()

    def soon(self) -> None:
        """Show everything anew when no further change is waiting: of many in a row, the newest is drawn."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel is running, so nothing can wait
            self._refresh()
            return
        if self.waiting:
            self.waiting.cancel()
        self.waiting = loop.call_later(PAUSE, self._refresh)

    def _refresh(self) -> None:
        for output, shown in self.shown:
            self.now[output.model_id] = fill(output, shown, self.now.get(output.model_id))

    def _title(self) -> Sequence[Any]:
        self.subject = None
        asked = {name: value for name, value in self.parameters.items() if name != "lang"}
        try:
            self.subject = self.review(**asked | (self.asked.instead() if self.asked else {}))
        except CmlibError:
            lacks = self.asked.lacks() if self.asked else []
            if not self.asked or not lacks:
                raise
            title = sheets.title(self.key, **self.asked.heading)
            return [sheets.style(), title, sheets.message("todo", "\n".join(lacks))]
        title = sheets.title(self.key, **self.subject.heading)
        said = {
            name: value
            for name, value in self.parameters.items()
            if value and name not in ("files", "before")
        }
        return [sheets.style(), title, *([sheets.line(said)] if self.form is None else [])]

    def _kept(self, compute: Compute, made: Callable[[Any], Sequence[Any]]) -> Shown:
        """What is made of what is computed; the very same as before, where the same was found."""
        before: tuple[Any, Sequence[Any]] = (None, [])

        def shown() -> Sequence[Any]:
            nonlocal before
            found = None if self.subject is None else compute(self.subject)  # the title says why
            if found is None:
                return []
            if not same(before[0], (i18n.language(), found)):
                before = (i18n.language(), found), made(found)
            return before[1]

        return shown

    def _show(self, shown: Shown) -> None:
        if self.form is None:
            display(*shown())
            return
        output = ipywidgets.Output()
        self.shown.append((output, shown))
        display(output)
        self.now[output.model_id] = fill(output, shown)

    def _fill_form(self) -> None:
        """A field for each parameter that has choices; filled anew at each change, in the language chosen."""
        assert self.form is not None
        opened = self.rivals is not None and self.rivals.children[0].value
        choices = _choices(self.parameters)
        fields.renew(self.form, [
            *(fields.choice(t(f"form.{name}"), options, self.parameters[name], partial(self._chosen, name))
              for name, options in choices.items()),
            *self._ticked(opened),
        ])  # fmt: skip
        if self.button is not None:
            self.button.description = t("start.drop")

    def _ticked(self, opened: bool) -> list[ipywidgets.Widget]:
        """A box to tick for each rival; folded where they are many. All of them are said by nothing."""
        self.rivals = None
        said = self.parameters.get("rivals")
        names = _rivals(self.parameters["brand"]) if said is not None else {}
        if said is None or not names:
            return []

        def put(ticked: tuple[str, ...]) -> None:
            self._chosen("rivals", ", ".join(ticked) if len(ticked) < len(names) else "")

        chosen = {name.strip().casefold() for name in said.split(",")} - {""}
        boxes = fields.several(
            t("form.rivals"),
            {name: called for name, (called, _) in names.items()},
            [name for name, (_, known) in names.items() if not chosen or chosen & known],
            put,
        )
        if len(names) <= FEW:
            return [boxes]
        self.rivals = fields.panel(t("form.rivals_of", n=len(names)), boxes)
        self.rivals.children[0].value = opened
        return [self.rivals]

    def _chosen(self, name: str, value: Any) -> None:
        others = {key: no for key, no in _OF_A_BRAND.items() if name == "brand" and key in self.parameters}
        self.parameters = {**self.parameters, **others, name: value}
        if name == "rivals":  # several may be ticked in a row, and none must be taken from under the finger
            self.soon()
            return
        i18n.use(self.parameters["lang"])
        self._fill_form()
        if self.asked:
            self.asked.use(self.parameters["brand"])
        if self.noting and name in ("brand", "lang"):
            self.noting.use(self.parameters["brand"])
        if self.naming and name in ("brand", "lang"):
            self.naming.use(self.parameters["brand"])
        if self.surveying and name in ("brand", "lang"):
            self.surveying.use(self.parameters["brand"])
        self.again()

    def _noted(self) -> None:
        """Something was noted, imported or taken back: there may be months now that were not there before."""
        self._fill_form()
        self.again()

    def _inbox(self) -> Path:
        return brand.folder(self.parameters["brand"]) / "inbox"

    def _take(self, uploaded: tuple[Mapping[str, Any], ...]) -> None:
        """Keep what was dropped in the inbox, import it, and say what became of it."""

        def taken() -> Sequence[Any]:
            inbox = self._inbox()
            paths = [start.keep(inbox, item["name"], bytes(item["content"])) for item in uploaded]
            files = [file for path in paths for file in importers.walk(path)]
            found = list(start.intake(files, self.parameters["brand"]))
            strange = [file for file, one in zip(files, found, strict=True) if one.unknown]
            if self.naming:
                self.naming.use(self.parameters["brand"], strange)
            return [sheets.intake(start.outcomes(found))]

        with self._busy():
            fill(self.outcome, taken)
        if self.surveying:
            self.surveying.use(self.parameters["brand"])
        self._fill_form()  # there may be months now that were not there before
        self.again()

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Take no further change while one is being worked on."""
        assert self.form is not None
        fields.switch(self.form, on=False)
        try:
            yield
        finally:
            fields.switch(self.form, on=True)


def _drawn(draw: Sequence[Draw], found: Any) -> list[Any]:
    return [one(found) for one in draw]


def _choices(parameters: Mapping[str, Any]) -> dict[str, dict[Any, str]]:
    """What can be chosen for each parameter: value → as people read it."""
    known: dict[str, Callable[[], dict[Any, str]]] = {
        "brand": lambda: {slug: slug for slug in brand.slugs()},
        "month": lambda: {"": t("form.newest")} | {month: month for month in _months(parameters["brand"])},
        "months": lambda: {n: t("form.n_months", n=n) for n in _spans(parameters["months"], SPANS)},
        "lang": lambda: {code: t(f"form.language.{code}") for code in i18n.LANGUAGES},
        "rate": lambda: {"": t("form.own_rate")} | {m: t(f"metric.{m}.name") for m in kpis.TOOL_RATES},
        "start": lambda: {"": t("form.next_monday")} | _mondays(parameters["start"]),
        "weeks": lambda: {n: t("form.n_weeks", n=n) for n in _spans(parameters["weeks"], WEEKS)},
        "objective": lambda: {name: t(f"form.goal.{name}") for name in plans.OBJECTIVES},
        "network": lambda: {"": t("form.all")} | _networks(parameters["brand"]),
        "kind": lambda: {"": t("form.all")} | {kind: capital(t(f"kind.{kind}")) for kind in schema.KINDS},
    }
    return {name: choices() for name, choices in known.items() if name in parameters}


def _months(slug: str) -> list[str]:
    try:
        return kpis.months_with_data(brand.load(slug))
    except CmlibError:
        return []


def _spans(now: object, offered: Sequence[int]) -> list[int]:
    """The periods that are offered, and the one that is looked at now."""
    return sorted({*offered, *([now] if isinstance(now, int) and now > 0 else [])})


def _mondays(now: str) -> dict[str, str]:
    """The days on which a plan can begin: the next Mondays, and the one that is looked at."""
    today = date.today()
    mondays = [today + timedelta(days=7 * nth - today.weekday()) for nth in range(MONDAYS)]
    return {
        day: i18n.day(date.fromisoformat(day)) for day in sorted({*map(str, mondays), *filter(None, [now])})
    }


def _networks(slug: str) -> dict[str, str]:
    """The networks of a brand's accounts and its rivals', in their order; a site is none."""
    found = {account.network for account in _accounts(slug)} - {"web"}
    return {name: word("network.{}", name) for name in schema.NETWORKS if name in found}


def _rivals(slug: str) -> dict[str, tuple[str, set[str]]]:
    """The rivals, each once: how it is said in the parameter → its label, and all that it is called there.

    A comma stands between rivals, so one whose name has a comma is said by a handle.
    """
    found: dict[str, list[brand.Account]] = {}
    for account in _accounts(slug):
        if account.rival and account.network != "web":
            found.setdefault(landscape.owner(account), []).append(account)
    rivals = {}
    for owner, accounts in found.items():
        names = [accounts[0].label, *(account.handle for account in accounts)]
        said = next((name for name in names if "," not in name), names[0])
        rivals[said] = accounts[0].label, {owner, *(name.strip().casefold() for name in names)}
    return rivals


def _accounts(slug: str) -> tuple[brand.Account, ...]:
    try:
        return brand.load(slug).accounts
    except CmlibError:  # which the title says
        return ()
