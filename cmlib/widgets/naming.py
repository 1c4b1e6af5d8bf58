"""A file that cmlib does not know: a card to say what each of its columns is, and the rows that it gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd

from cmlib import brand as brands
from cmlib import cells, importers, schema, sheets, start, store
from cmlib.cells import capital, word
from cmlib.errors import CmlibError
from cmlib.i18n import has, t
from cmlib.importers import own
from cmlib.importers.own import explaining, proposal, readers, writing
from cmlib.importers.own.matching import Said
from cmlib.importers.own.proposal import Preview, Proposal
from cmlib.widgets import fields
from cmlib.widgets.outputs import fill

SHOWN = 3  # rows of the preview
_OF_ALL = ("column", "no_dates", "no_date", "no_published_at")  # asks that a value for all rows answers


class Naming:
    """The files that nobody has named yet, one after the other, and the way from there into the lake.

    ``changed`` is called when one was imported. What was said of a file is gone once it is saved or put off.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.slug = ""
        self.files: list[importers.File] = []
        self.n = 0  # files there were
        self.said = Said()
        self.export: importers.Export | None = None
        self.found: Proposal | None = None
        self.preview: Preview | None = None
        self.quiet = False  # while fields are put to what follows from another one
        self.chosen: dict[
            str, tuple[ipywidgets.Dropdown, ipywidgets.Label]
        ] = {}  # header → its field, and why
        self.top, self.same = fields.grid([]), fields.grid([], "pairs")
        self.columns, self.lacks = fields.grid([], "pairs"), ipywidgets.Output()
        self.shown, self.outcome = ipywidgets.Output(), ipywidgets.Output()
        self.head, self.buttons = ipywidgets.VBox(), ipywidgets.HBox().add_class("cm-buttons")
        self.last: Callable[[], Sequence[Any]] | None = None  # takes back what was saved last
        self.back = ipywidgets.HBox().add_class("cm-buttons")
        self.card = ipywidgets.VBox(
            [self.head, self.top, self.columns, self.same, self.lacks, self.shown, self.buttons]
        )
        self.box = (
            ipywidgets.VBox([self.card, self.outcome, self.back]).add_class("cm-form").add_class("cm-naming")
        )
        self._fill()

    def use(self, slug: str, files: Sequence[importers.File] = ()) -> None:
        """Ask what these files are; without any, what was asked already, in the language spoken now."""
        if slug != self.slug or files:
            self.slug, self.files, self.n = slug, list(files), len(files)
            self.outcome.outputs, self.last = (), None
            self._open()
        self._fill()

    def _open(self) -> None:
        """The next file that has a table; of one that has none, the refusal is all that can be said."""
        self.export = self.found = None
        while self.files and self.export is None:
            try:
                export = importers.open_export(self.files[0])
                self.said = Said(name=proposal.named(export.name))
                proposal.propose(export, self.said)
            except CmlibError:
                del self.files[0]
            else:
                self.export = export

    def _fill(self) -> None:
        """The whole card."""
        there = self.export is not None
        self.card.layout.display = None if there else "none"
        self.box.layout.display = None if there or self.outcome.outputs else "none"
        undo = [fields.button(t("proposal.form.undo"), self._undo)] if self.last else []
        fields.renew(self.back, undo)
        if self.export is None:
            return
        nth = t("proposal.form.of", nth=self.n - len(self.files) + 1, n=self.n)
        title = ipywidgets.Label(t("proposal.form.title", file=self.export.name)).add_class("cm-naming-title")
        why = t("proposal.form.why")
        fields.renew(self.head, [title, fields.hint(f"{why} ({nth})" if self.n > 1 else why)])
        fields.renew(self.buttons, [
            fields.button(t("proposal.form.save"), self._save, "primary"),
            fields.button(t("proposal.form.later"), self._later),
        ])  # fmt: skip
        self._look()
        self._tops()
        self._columns()
        self._follow()

    def _look(self) -> None:
        assert self.export is not None
        self.found = proposal.propose(self.export, self.said)

    def _tops(self) -> None:
        """What is said of the whole file."""
        assert self.found is not None
        choose = {"": t("proposal.form.choose")}
        tables = choose | {name: capital(t(f"sheet.of.{name}")) for name in schema.TABLES}
        networks = choose | {name: word("network.{}", name) for name in schema.NETWORKS}
        of = self.found.own
        made = [
            fields.text(t("proposal.form.name"), self.said.name, partial(self._put, "name")).add_class(
                "cm-wide"
            ),
            fields.choice(t("proposal.form.table"), tables, of.table, partial(self._put, "table")),
            fields.choice(t("proposal.form.network"), networks, of.network, partial(self._put, "network")),
            fields.text(t("proposal.form.account"), self.said.account, partial(self._put, "account")),
        ]
        if self._ordered():
            orders = choose | {name: t(f"proposal.form.{name}") for name in ("day", "month")}
            made.append(
                fields.choice(t("proposal.form.order"), orders, self.said.order, partial(self._put, "order"))
            )
        fields.renew(self.top, made)

    def _ordered(self) -> bool:
        """Is it to be said whether days or months come first?"""
        return bool(self.said.order or (self.found and any(one.key == "order" for one in self.found.asks)))

    def _columns(self) -> None:
        """A field for each column, with what the table can take."""
        assert self.found is not None
        out = {"": t("proposal.form.left_out")}
        table = self.found.own.table
        options = out | {name: _called(name) for name in (own.names(table) if table else ())}
        self.chosen = {}
        boxes = []
        for one in self.found.choices if table else ():
            if not one.header or one.header in self.chosen:
                continue
            field = fields.choice(one.header, options, one.name, partial(self._name, one.header))
            told = fields.hint("")
            self.chosen[one.header] = field, told
            boxes.append(ipywidgets.VBox([field, told]))
        fields.renew(self.columns, boxes)

    def _follow(self) -> None:
        """Put every field to what follows from what was said, and show the rows."""
        assert self.found is not None
        self.quiet = True
        for one in self.found.choices:
            if one.header in self.chosen:
                field, told = self.chosen[one.header]
                field.value = one.name
                key = "proposal.form.example" if one.example else "proposal.form.empty"
                told.value = t(key, example=one.example, why=explaining.why(one))
        self.quiet = False
        if self._ordered() and len(self.top.children) == 4:  # the order is in doubt only now
            self._tops()
        self._sames()
        fill(self.shown, self._rows)
        fill(self.lacks, self._lacking)

    def _sames(self) -> None:
        """A field for each column that no header gives, the same in all rows."""
        assert self.found is not None
        asked = [one.column for one in self.found.asks if one.key in _OF_ALL]
        wanted = list(dict.fromkeys([*self.said.constants, *asked]))
        if wanted == getattr(self, "wanted", None) and self.same.children:
            return
        self.wanted = wanted
        fields.renew(self.same, [self._same(name) for name in wanted])

    def _same(self, name: str) -> ipywidgets.Widget:
        label = t("proposal.form.all_rows", column=_called(name))
        value = self.said.constants.get(name, "")
        levels = readers.levels(name)
        if levels:
            options = {"": t("proposal.form.choose")} | {one: one for one in levels}
            return fields.choice(label, options, value, partial(self._constant, name))
        return fields.text(label, str(value), partial(self._constant, name))

    def _lacking(self) -> Sequence[Any]:
        """What is still to be said, and what is to be known."""
        assert self.found is not None
        asks = [explaining.ask(one) for one in self.found.asks]
        if self.preview and self.preview.nameless:
            asks.append(t("proposal.form.whose"))
        told = [sheets.message("todo", "\n".join([t("proposal.form.lacks"), *asks]))] if asks else []
        return [sheets.style(), *told, *(sheets.message("mind", w) for w in explaining.warnings(self.found))]

    def _rows(self) -> Sequence[Any]:
        """The first tidy rows, and how many are kept aside."""
        assert self.found is not None and self.export is not None
        self.preview = None
        if self.found.asks:
            return []
        self.preview = proposal.preview(self.export, brands.load(self.slug), self.found)
        lines = explaining.columns(self.preview, SHOWN)
        names = ["tidy", *(f"row_{n}" for n in range(1, len(lines[0]) if lines else 1))]
        frame = pd.DataFrame(lines, columns=names)
        said = [explaining.counted(self.preview)] + [
            t("proposal.aside", n=n, line=str(line), reason=cells.reason(why))
            for why, n, line in self.preview.aside
        ]
        return [sheets.style(), sheets.message("info", " ".join(said)), sheets.table(frame)]

    # What somebody does

    def _put(self, what: str, value: str) -> None:
        """Something of the whole file is said. What was said of columns is for one table only."""
        rest: Mapping[str, Any] = {"columns": {}, "constants": {}} if what == "table" else {}
        said: dict[str, Any] = {what: value.strip(), **rest}
        self.said = replace(self.said, **said)
        self._look()
        if what == "table":
            self._columns()
        self._follow()

    def _name(self, header: str, name: str) -> None:
        if not self.quiet:
            self._say(replace(self.said, columns={**self.said.columns, header: name}))

    def _constant(self, name: str, typed: str) -> None:
        rest = {key: value for key, value in self.said.constants.items() if key != name}

        def told() -> Sequence[Any]:
            value = {name: proposal.constant(name, typed)} if typed.strip() else {}
            self._say(replace(self.said, constants={**rest, **value}))
            return []

        fill(self.outcome, told)

    def _say(self, said: Said) -> None:
        self.said = said
        self._look()
        self._follow()

    def _later(self) -> None:
        del self.files[0]
        self._open()
        self._fill()

    def _save(self) -> None:
        """Keep the format, and import the file by it."""
        assert self.found is not None
        done = False

        def saved() -> Sequence[Any]:
            nonlocal done
            assert self.found is not None
            if self.found.asks or self.preview is None or self.preview.nameless or self.preview.rows.empty:
                return [sheets.style(), sheets.message("todo", t("proposal.form.not_yet"))]
            path = writing.keep(self.slug, self.found.own, importers.formats())
            taken = list(start.intake(self.files[:1], self.slug))
            self.last = partial(self._taken_back, path, self.files[0], taken[0], self.said)
            done = True
            told = sheets.message(
                "info", t("proposal.kept_once" if self.found.own.only else "proposal.kept", file=str(path))
            )
            return [sheets.style(), told, sheets.intake(start.outcomes(taken))]

        fill(self.outcome, saved)
        if done:
            del self.files[0]
            self._open()
            self._fill()
            self.changed()

    def _undo(self) -> None:
        """Take back the format and the import of the file that was saved last, and ask of it again."""
        if self.last:
            fill(self.outcome, self.last)
            self._fill()
            self.changed()

    def _taken_back(self, path: Path, file: importers.File, taken: start.Taken, said: Said) -> Sequence[Any]:
        path.unlink(missing_ok=True)
        if taken.new and taken.reading:
            store.forget(self.slug, taken.reading.digest)
        self.last = None
        self.files.insert(0, file)
        self._open()
        self.said = said
        told = t("proposal.form.undone", file=path.name)
        return [sheets.style(), sheets.message("info", told)]


def _called(name: str) -> str:
    """A tidy column as people call it, with its name."""
    for key in (f"figure.{name}", f"sheet.column.{name}"):
        if has(key):
            return f"{capital(t(key))} · {name}"
    return name
