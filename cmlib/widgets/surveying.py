"""What surveys ask: a card for each that waits in the inbox, to say once what its questions are."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ipywidgets

from cmlib import brand as brands
from cmlib import cells, sheets, start
from cmlib.errors import CmlibError
from cmlib.i18n import t
from cmlib.importers.known import surveys
from cmlib.start import Waiting
from cmlib.widgets import fields
from cmlib.widgets.outputs import fill


class Surveying:
    """The surveys that wait, and the way from there into brand.toml and the lake.

    ``changed`` is called when a survey was imported. What was chosen stays until it is kept, or another brand
    is looked at.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.slug = ""
        self.chosen: dict[tuple[str, str], str] = {}  # file and question → what it is
        self.cards, self.outcome = ipywidgets.VBox(), ipywidgets.Output()
        self.box = ipywidgets.VBox([self.cards, self.outcome]).add_class("cm-form").add_class("cm-surveys")

    def use(self, slug: str) -> None:
        """Show the surveys of a brand that wait, in the language spoken now."""
        if slug != self.slug:
            self.slug, self.chosen = slug, {}
        self.outcome.outputs = ()
        self._fill()

    def _fill(self) -> None:
        try:
            waiting = start.waiting(self.slug)
        except CmlibError:  # which the title says
            waiting = []
        fields.renew(self.cards, [self._card(one) for one in waiting])
        self.box.layout.display = None if waiting or self.outcome.outputs else "none"

    def _card(self, waiting: Waiting) -> ipywidgets.Widget:
        """A survey: its name, a choice for each question, and what was answered to it; scores alone."""
        rows: list[ipywidgets.Widget] = []
        for question, seems in waiting.questions:
            key = waiting.file.name, question.text
            kinds = dict.fromkeys([*([seems] if seems != "none" else []), *question.kinds, "none"])
            options = {kind: t(f"survey.kind.{kind}") for kind in kinds}
            said = self.chosen.setdefault(key, seems)
            scale = seems if seems != "none" else question.kinds[0]
            told = cells.scores(question.counts(scale), question.shown(scale))
            rows += [
                fields.choice(question.text, options, said, partial(self._choose, key)),
                fields.hint(told),
            ]
        name = ipywidgets.Label(t("survey.card", file=waiting.file.name)).add_class("cm-naming-title")
        keep = fields.button(t("survey.keep"), partial(self._keep, waiting), "primary")
        return ipywidgets.VBox([name, fields.hint(t("survey.why")), *rows, keep]).add_class("cm-survey")

    def _choose(self, key: tuple[str, str], kind: str) -> None:
        self.chosen[key] = kind

    def _keep(self, waiting: Waiting) -> None:
        """Remember what was said, import the survey, and say what became of it."""
        imported = False

        def kept() -> Sequence[Any]:
            nonlocal imported
            texts = [question.text for question, _ in waiting.questions]
            surveys.remember(
                brands.load(self.slug), {text: self.chosen[waiting.file.name, text] for text in texts}
            )
            taken = list(start.intake([waiting.file], self.slug))
            imported = any(one.new for one in taken)
            return [sheets.style(), sheets.intake(start.outcomes(taken))]

        fill(self.outcome, kept)
        self._fill()
        if imported:
            self.changed()
