"""The question of brand.toml as forms: a change shows its effect at once, and is kept on a click."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import ipywidgets

from cmlib import brand as brands
from cmlib import facts, i18n, platforms, schema, sheets
from cmlib.brand import Brand, Persona, Piece
from cmlib.cells import capital, word
from cmlib.errors import CmlibError
from cmlib.i18n import t
from cmlib.widgets import fields
from cmlib.widgets.outputs import fill

WEEK, WEIGHTY = 40.0, 5.0  # as far as the sliders of hours and of weights go, where nothing more is said
SAID_IN = {  # what the question may lack → the panel in which it is said
    "no_country": "means", "no_hours": "means", "no_objective": "objectives", "no_piece": "pieces",
    "no_persona": "personas", "no_persona_counts": "personas",
}  # fmt: skip


class Question:
    """The forms of a brand's question: what is saved, what is asked, and the way from one to the other.

    ``changed`` is called when something else is asked. What was begun for one brand is still there after
    another was looked at.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.changed = changed
        self.slug = ""
        self.begun: dict[str, tuple[Brand, Brand]] = {}  # of each brand: as saved, as asked
        self.asked = False  # as the forms say it, and not as the parameters do
        self.panels: dict[str, ipywidgets.VBox] = {}
        self.hours: list[Any] = []  # the fields that say them
        self.outcome = ipywidgets.Output()
        self.box = ipywidgets.VBox().add_class("cm-form")

    @property
    def saved(self) -> Brand:
        """As brand.toml says it."""
        return self.begun[self.slug][0]

    @property
    def draft(self) -> Brand:
        """As it is asked now."""
        return self.begun[self.slug][1]

    def use(self, slug: str, hours: float = 0.0, weights: str = "") -> None:
        """Ask a brand's question, in the language spoken now; what the parameters say of it is a change."""
        opened = self._opened() if slug == self.slug else []
        self.asked = self.asked or slug != self.slug
        self.slug = slug
        self.outcome.outputs = ()
        try:
            saved = brands.load(slug)
        except CmlibError:  # which the answer says
            self.begun.pop(slug, None)
            self.panels = {}
            fields.renew(self.box, [])
            self.outcome = ipywidgets.Output()  # since the one before is closed with the box
            return
        before, after = self.begun.get(slug, (saved, saved))
        if before == after:
            before = after = saved
        try:
            said = platforms.weighted(weights)
        except CmlibError:  # likewise
            self.asked, said = False, {}
        after = replace(after, hours_per_week=hours or after.hours_per_week, weights=said or after.weights)
        self.begun[slug] = (before, after)
        self._fill(opened)

    @property
    def heading(self) -> dict[str, object]:
        """The title of a page that has no answer yet."""
        return platforms.heading(self.draft, datetime.now(self.draft.zone).date())

    def instead(self) -> dict[str, Any]:
        """What is to be reviewed instead of what the parameters say."""
        if not self.asked or self.slug not in self.begun:
            return {}
        names = [persona.name.casefold() for persona in self.draft.personas]
        for nth, persona in enumerate(self.draft.personas):
            if names.index(names[nth]) < nth:
                raise CmlibError("same_persona", name=persona.name, where=t("form.panel.personas"))
        return {"brand": self.draft, "hours": 0.0, "weights": ""}

    def change(self, **parts: Any) -> None:
        """Ask something else."""
        after = replace(self.draft, **parts)
        if after == self.draft and self.asked:
            return
        self.begun[self.slug], self.asked = (self.saved, after), True
        self.outcome.outputs = ()
        self._tell()
        self.changed()

    def lacks(self) -> Sequence[str]:
        """What there is to say yet, before there is an answer; and the first of it is open to be said."""
        found = platforms.lacks(self.draft) if self.slug in self.begun else []
        panels = [SAID_IN[key] for key in found if key in SAID_IN]
        if panels and not self._opened():
            self.panels[panels[0]].children[0].value = True
        called = {name: t(f"form.panel.{name}") for name in self.panels}
        return [t(f"form.lacks.{key}", panel=called.get(SAID_IN.get(key, ""), "")) for key in found]

    def _save(self) -> None:
        def saved() -> list[Any]:
            path = brands.save(self.saved, self.draft)
            self.begun[self.slug] = (self.draft, self.draft)
            return [sheets.message("info", t("form.saved", file=str(path)))]

        fill(self.outcome, saved)
        self._tell()

    def _undo(self) -> None:
        self.begun.pop(self.slug)
        self.asked = True
        self.use(self.slug)
        self.changed()

    def _tell(self) -> None:
        """Is there something that is not saved?"""
        differs = self.saved != self.draft
        self.state.value = t("form.unsaved" if differs else "form.all_saved")
        for one in self.buttons.children:
            one.disabled = not differs

    def _opened(self) -> list[str]:
        return [name for name, panel in self.panels.items() if panel.children[0].value]

    def _fill(self, opened: Sequence[str]) -> None:
        self.hours = [fields.slider(t("form.hours"), self.draft.hours_per_week or 0.0, WEEK, self._hours)]
        self.panels = {
            name: fields.panel(t(f"form.panel.{name}"), made(self)) for name, made in PANELS.items()
        }
        for name in opened:
            self.panels[name].children[0].value = True
        sliders = fields.grid([*self.hours[:1], *_weights(self)], "sliders")
        self.state = ipywidgets.Label()
        self.buttons = ipywidgets.HBox([
            fields.button(t("form.save"), self._save, "primary"), fields.button(t("form.undo"), self._undo),
        ]).add_class("cm-buttons")  # fmt: skip
        state = ipywidgets.HBox([self.state, self.buttons]).add_class("cm-state")
        hint = fields.hint(t("form.move"))
        fields.renew(self.box, [hint, sliders, *self.panels.values(), state, self.outcome])
        self._tell()

    def _hours(self, value: float) -> None:
        """The slider and the field say the same."""
        self.change(hours_per_week=value or None)
        for field in self.hours:
            field.max = max(field.max, value)
            field.value = value


# The forms: each says what is asked now, and changes it.


def _weights(of: Question) -> list[ipywidgets.Widget]:
    """How much each criterion counts; where none is weighted, all count the same."""

    def said() -> dict[str, float]:
        known = of.draft.weights or dict.fromkeys(schema.CRITERIA, 1.0)
        return {name: known.get(name, 0.0) for name in schema.CRITERIA}

    def put(name: str, value: float) -> None:
        after = said() | {name: value}
        same = after == {**dict.fromkeys(schema.CRITERIA, 0.0), **of.saved.weights}
        all_alike = not of.saved.weights and set(after.values()) == {1.0}
        of.change(weights=of.saved.weights if same or all_alike else after)

    return [
        fields.slider(_called("criterion", name), value, WEIGHTY, partial(put, name))
        for name, value in said().items()
    ]


def _means(of: Question) -> ipywidgets.Widget:
    """Where the brand is, to whom it sells, and what it has for its networks."""
    who = of.draft
    limit, put = who.monthly_budget, of.change
    budget = fields.number(t("form.budget", currency=who.currency), limit, lambda v: put(monthly_budget=v))
    budget.disabled = limit is None

    def limited(value: bool) -> None:
        budget.disabled = not value
        put(monthly_budget=budget.value if value else None)

    hours = fields.number(t("form.hours"), who.hours_per_week, of._hours)
    of.hours.append(hours)
    markets = {name: _called("market", name) for name in schema.MARKETS}
    return fields.grid([
        fields.choice(t("form.sector"), _sectors(who.sector), who.sector, lambda v: put(sector=v)),
        fields.choice(t("form.country"), _countries(who.country), who.country, lambda v: put(country=v)),
        fields.choice(t("form.market"), markets, who.market, lambda v: put(market=v)),
        hours, budget, fields.tick(t("form.limited"), limit is not None, limited),
    ])  # fmt: skip


def _personas(of: Question) -> ipywidgets.Widget:
    """Whom the brand wants to meet: one block each, to add to and to remove from."""
    blocks = ipywidgets.VBox()

    def put(personas: tuple[Persona, ...]) -> None:
        of.change(personas=personas)
        show()

    def more() -> None:
        names = {persona.name for persona in of.draft.personas}
        free = (t("form.persona", n=n) for n in range(len(names) + 1, 2 * len(names) + 2))
        put((*of.draft.personas, Persona(next(name for name in free if name not in names))))

    def less(nth: int) -> None:
        put(of.draft.personas[:nth] + of.draft.personas[nth + 1 :])

    def show() -> None:
        of_each = [_persona(of, nth, partial(less, nth)) for nth in range(len(of.draft.personas))]
        fields.renew(blocks, [*of_each, fields.button(t("form.more"), more)])

    show()
    return blocks


def _persona(of: Question, nth: int, less: Callable[[], None]) -> ipywidgets.Widget:
    who = of.draft.personas[nth]

    def put(key: str, value: Any) -> None:
        personas = list(of.draft.personas)
        personas[nth] = replace(personas[nth], **{key: value})
        of.change(personas=tuple(personas))

    def called(value: str) -> None:
        put("name", " ".join(value.split()) or t("form.persona", n=nth + 1))

    def one(key: str, known: tuple[str, ...]) -> Any:
        options = {"": t("form.anyone")} | {name: _called(key, name) for name in known}
        return fields.choice(t(f"form.{key}"), options, getattr(who, key), partial(put, key))

    ages = {band: band.replace("-", "–") for band in schema.AGES}
    genders = {name: _called("gender", name) for name in schema.GENDERS}
    return ipywidgets.VBox([
        fields.grid([
            fields.text(t("form.name"), who.name, called),
            fields.number(t("form.weight"), who.weight, partial(put, "weight")),
            fields.number(t("form.people"), who.people, lambda value: put("people", value or None)),
        ]),
        fields.several(t("form.ages"), ages, who.ages, partial(put, "ages")),
        fields.several(t("form.genders"), genders, who.genders, partial(put, "genders")),
        fields.grid([
            one("education", schema.EDUCATIONS), one("income", schema.INCOMES),
            one("setting", schema.SETTINGS),
        ]),
        fields.button(t("form.less", name=who.name), less),
    ]).add_class("cm-persona")  # fmt: skip


def _objectives(of: Question) -> ipywidgets.Widget:
    """What the brand wants of its networks, and how much each counts."""

    def put(name: str, value: float) -> None:
        after = {**of.draft.objectives, name: value}
        of.change(objectives={key: v for key, v in after.items() if v or key in of.saved.objectives})

    now = of.draft.objectives
    each = (
        fields.slider(_called("objective", name), now.get(name, 0.0), WEIGHTY, partial(put, name))
        for name in schema.OBJECTIVES
    )
    return fields.grid(each, "sliders")


def _pieces(of: Question) -> ipywidgets.Widget:
    """What the team can make: the hours and the money that each kind asks for; nothing: it makes none."""
    return ipywidgets.VBox(
        [fields.hint(t("form.makes_none")), fields.grid((_piece(of, kind) for kind in schema.KINDS), "pairs")]
    )


def _piece(of: Question, kind: str) -> ipywidgets.Widget:
    nothing = Piece(0.0, kind=kind)

    def put(key: str, value: float) -> None:
        said: dict[str, Any] = {key: value}
        now = replace(of.draft.pieces.get(kind, nothing), **said)
        others = {name: piece for name, piece in of.draft.pieces.items() if name != kind}
        of.change(pieces={**others, kind: now} if now != nothing else others)

    now, called = of.draft.pieces.get(kind, nothing), _called("kind", kind)
    hours = fields.number(t("form.piece_hours", kind=called), now.hours, partial(put, "hours"))
    cost = fields.number(t("form.piece_cost", currency=of.draft.currency), now.cost, partial(put, "cost"))
    return ipywidgets.HBox([hours, cost]).add_class("cm-pair")


PANELS: dict[str, Callable[[Question], ipywidgets.Widget]] = {
    "means": _means, "personas": _personas, "objectives": _objectives, "pieces": _pieces,
}  # fmt: skip


def _called(section: str, name: str) -> str:
    return capital(word(f"{section}.{{}}", name))


def _sectors(own: str) -> dict[str, str]:
    """The industries that are compared with, and the brand's own word for what it does."""
    known = sorted(set(facts.load("benchmarks")["industry"]) - {"all"})
    names = {industry: _called("sector", industry.replace(" ", "_")) for industry in known}
    return _own({"": t("form.no_sector")} | _sorted(names), own, own)


def _countries(own: str) -> dict[str, str]:
    return _own({"": t("form.no_country")} | _sorted(i18n.countries()), own, i18n.country(own))


def _own(options: Mapping[str, str], own: str, called: str) -> dict[str, str]:
    """The options, with the brand's own spelling of one of them, or its own beside them."""
    spelt = {own if key.casefold() == own.casefold() else key: name for key, name in options.items()}
    return spelt if own in spelt else {own: called} | spelt


def _sorted(names: Mapping[str, str]) -> dict[str, str]:
    """By name, as people look for it: an accent changes no letter's place."""
    return dict(sorted(names.items(), key=lambda item: unicodedata.normalize("NFKD", item[1]).casefold()))
