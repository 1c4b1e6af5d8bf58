"""What profiles show as a grid: a row for each account, typed as it is seen, and kept on a click."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import ipywidgets
import pandas as pd

from cmlib import brand as brands
from cmlib import i18n, notes, sheets, store
from cmlib.brand import Account, Brand
from cmlib.cells import capital
from cmlib.errors import CmlibError
from cmlib.i18n import t
from cmlib.notes import Kept, Note, Seen
from cmlib.widgets import fields
from cmlib.widgets.outputs import fill

FEW = 6  # accounts that are seen in one look; more of them are folded
DAY = "day"  # the field that is no figure


class Noting:
    """What was typed of each account's profile, and the way from there into the lake and back.

    ``changed`` is called when something was kept or taken back. What was typed for one brand is still there
    after another was looked at.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.slug = ""
        self.tables: Mapping[str, pd.DataFrame] = {}
        self.typed: dict[str, dict[Account, dict[str, str]]] = {}  # brand → account → field → as typed
        self.kept: Kept | None = None  # the last that can be taken back
        self.before: dict[Account, dict[str, str]] = {}  # as it was typed then
        self.rows: dict[Account, dict[str, ipywidgets.Text]] = {}
        self.panels: dict[str, ipywidgets.VBox] = {}
        self.grid, self.outcome = ipywidgets.VBox(), ipywidgets.Output()
        self.buttons = ipywidgets.HBox().add_class("cm-buttons")
        self.box = ipywidgets.VBox([self.grid, self.buttons, self.outcome])
        self.box.add_class("cm-form").add_class("cm-notes")

    def use(self, slug: str) -> None:
        """Show the accounts of a brand, in the language spoken now, with what is known of them now."""
        if slug != self.slug:
            self.slug, self.kept, self.panels = slug, None, {}
        self.outcome.outputs = ()
        self._fill()

    @property
    def said(self) -> dict[Account, dict[str, str]]:
        """The figures that are typed, account by account; an account of which there is none is not there."""
        typed = self.typed.get(self.slug, {})
        figures = {
            of: {name: row[name] for name in notes.FIGURES if row.get(name, "").strip()}
            for of, row in typed.items()
        }
        return {of: said for of, said in figures.items() if said}

    def _fill(self) -> None:
        """A panel of rows for the rivals' accounts, and one for the brand's own."""
        opened = {name: panel.children[0].value for name, panel in self.panels.items()}
        self.rows, self.panels, hints = {}, {}, []
        try:
            who = brands.load(self.slug)
            accounts, self.tables = notes.accounts(who), store.load(who)
        except CmlibError:  # which the title says
            accounts = []
        else:
            path = brands.folder(self.slug) / "brand.toml"
            hints = [] if accounts else [fields.hint(t("note.no_account", file=str(path)))]
        for name in ("rivals", "own"):
            some = [account for account in accounts if account.rival == (name == "rivals")]
            if not some:
                continue
            rows = ipywidgets.VBox([self._row(who, account) for account in some])
            panel = fields.panel(t(f"note.{name}", n=len(some)), rows)
            short = len(some if name == "rivals" else accounts) <= FEW
            panel.children[0].value = opened.get(name, short) or bool(self.said.keys() & {*some})
            self.panels[name] = panel
        fields.renew(self.grid, [*hints, *self.panels.values()])
        self._offer(bool(accounts))

    def _row(self, who: Brand, of: Account) -> ipywidgets.Widget:
        """The fields of an account, each above the last that is known of it."""
        known = notes.known(self.tables, of)
        typed = self.typed.setdefault(self.slug, {}).setdefault(of, {})
        today = pd.Timestamp.now(who.zone).date().isoformat()
        where = ipywidgets.Label().add_class("cm-hint")

        def told(name: str, value: str) -> None:
            typed[name] = value
            if name == DAY:
                where.value = self._where(who, of, value)

        words = {DAY: t("note.date")} | {name: capital(t(f"figure.{name}")) for name in notes.FIGURES}
        made = {
            name: fields.text(called, typed.get(name, today if name == DAY else ""), partial(told, name))
            for name, called in words.items()
        }
        self.rows[of] = made
        where.value = self._where(who, of, made[DAY].value)
        name = ipywidgets.VBox([ipywidgets.Label(of.label).add_class("cm-name"), where]).add_class("cm-whose")
        cells = [
            ipywidgets.VBox([field, fields.hint(_last(known[name]))] if name in known else [field])
            for name, field in made.items()
        ]
        return fields.grid([name, *cells], "note")

    def _where(self, who: Brand, of: Account, day: str) -> str:
        """On which network, and from which day on posts count if they are noted on this one."""
        network = t(f"network.{of.network}")
        try:
            since, _ = notes.span(who, self.tables, of, day)
        except CmlibError:
            return t("note.no_day", network=network)
        return t("note.since", network=network, since=since)

    def _offer(self, something: bool) -> None:
        """What can be done now."""
        made = [fields.button(t("note.keep"), self._keep, "primary")] if something else []
        if something and self.kept:
            made.append(fields.button(t("note.undo", file=self.kept.path.name), self._undo))
        fields.renew(self.buttons, made)

    def _keep(self) -> None:
        def keep() -> Sequence[Any]:
            who = brands.load(self.slug)  # as they are at this moment
            tables = store.load(who)
            said = self.said
            noted = [
                notes.note(who, tables, of, said[of], row[DAY].value)
                for of, row in self.rows.items() if of in said
            ]  # fmt: skip
            if not noted:
                return [sheets.style(), sheets.message("info", t("note.nothing"))]
            self.kept, self.before = notes.keep(who, noted), self.typed.pop(self.slug)
            told = sheets.message("info", t("note.kept", file=str(self.kept.path)))
            return [sheets.style(), told, _listed(noted)]

        self._done(keep)

    def _undo(self) -> None:
        def undo() -> Sequence[Any]:
            assert self.kept is not None
            notes.undo(self.kept)
            told = t("note.undone", file=self.kept.path.name)
            since = {of: typed for of, typed in self.typed[self.slug].items() if of in self.said}
            self.kept, self.typed[self.slug] = None, {**self.before, **since}
            return [sheets.style(), sheets.message("info", told)]

        self._done(undo)

    def _done(self, do: Callable[[], Sequence[Any]]) -> None:
        """Do it, say what came of it, and show everything anew if it was done: an error changes nothing."""
        before = self.kept
        fill(self.outcome, do)
        if self.kept is not before:
            self._fill()
            self.changed()


def _last(seen: Seen) -> str:
    """The last that is known of a figure, in as few words as fit under its field."""
    value = i18n.number(seen.value)
    if seen.since is None:
        return t("note.seen", value=value, day=seen.until)
    return t("note.counted", value=value, n=(seen.until - seen.since).days + 1)


def _listed(noted: Sequence[Note]) -> sheets.Sheet:
    """What was kept, each account once."""
    found = notes.listed(noted)
    called = {(note.account.network, note.account.handle): notes.called(note.account) for note in noted}
    names = [called[pair] for pair in zip(found["network"], found["account"], strict=True)]
    columns = ["account", "metric", "value", "first", "last"]
    return sheets.table(found.assign(account=names), columns, once="account")
