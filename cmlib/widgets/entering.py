"""The plan of a network to enter as a form: any that is not in use, from any day; kept on a click."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import ipywidgets

from cmlib import entry, i18n, sheets
from cmlib.cells import word
from cmlib.entry import Entry
from cmlib.i18n import t
from cmlib.platforms import Choice
from cmlib.widgets import fields
from cmlib.widgets.outputs import fill


class Entering:
    """Which network is looked at, and from which day. ``changed`` is called when that is another."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.choice: Choice | None = None
        self.network = self.slug = ""
        self.start: date | None = None
        self.form: tuple[object, ...] = ()  # what its fields were made for
        self.box, self.outcome = fields.grid([]).add_class("cm-form"), ipywidgets.Output()

    def show(self, whole: bool) -> None:
        """The form is there where there is an answer."""
        self.box.layout.display = None if whole else "none"
        if not whole:
            self.outcome.outputs = ()

    def planned(self, choice: Choice, best: Callable[[Any], Sequence[Entry]]) -> list[Entry]:
        """The plan of the network that is looked at: the first of the ``best``, until another is chosen."""
        self.choice = choice
        free = [name for name in choice.networks if not choice.brand.own(name)]
        if not free:
            self.form = ()
            fields.renew(self.box, [])
            return []
        if choice.brand.slug != self.slug or self.network not in free:
            self.slug, self.start = choice.brand.slug, None
            self.network = next((one.network for one in best(choice)), free[0])
        if self.form != (self.slug, i18n.language(), *free):
            self.form = (self.slug, i18n.language(), *free)
            self._fill(free, choice.today)
        return [entry.plan(choice, self.network, self.start)]

    def _fill(self, free: Sequence[str], today: date) -> None:
        names = {name: word("network.{}", name) for name in free}
        self.outcome.outputs = ()
        fields.renew(self.box, [
            fields.choice(t("form.network"), names, self.network, self._chosen),
            fields.day(t("form.start"), self.start or today, self._begun),
            fields.button(t("form.keep"), self._keep),
        ])  # fmt: skip

    def _chosen(self, network: str) -> None:
        self.network = network
        self._changed()

    def _begun(self, start: date | None) -> None:
        self.start = start
        self._changed()

    def _changed(self) -> None:
        self.outcome.outputs = ()
        self.changed()

    def _keep(self) -> None:
        def kept() -> list[Any]:
            assert self.choice is not None
            path = entry.keep(self.choice.brand, entry.plan(self.choice, self.network, self.start))
            return [sheets.message("info", t("form.kept", file=str(path)))]

        fill(self.outcome, kept)
