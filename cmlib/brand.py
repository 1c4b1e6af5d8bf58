"""A brand: who it is, where it speaks, what it aims at, and where its files live.

A brand is a folder: ``data/brands/<brand>/brand.toml``, with exports dropped into ``inbox/`` beside it.
"""

import os
import re
import tomllib
from dataclasses import asdict, dataclass, field, fields
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cmlib import brandfile, means, schema
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import LANGUAGES, speaking, t
from cmlib.means import Blackout, Desk, Lead, Member, Moment, Piece, Spacing
from cmlib.tomlcheck import Lines, amount, folded, one_of, typed

__all__ = [
    "Account", "Blackout", "Brand", "Desk", "Lead", "Member", "Moment", "Persona", "Piece", "Spacing",
    "folder", "home", "load", "new", "save", "slugs", "stands",
]  # fmt: skip

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True)
class Account:
    """One account on one network: the brand's own, or a rival's."""

    network: str
    handle: str
    name: str = ""
    rival: bool = False

    @property
    def label(self) -> str:
        """How people call it: its display name, else its handle."""
        return self.name or self.handle


@dataclass(frozen=True)
class Persona:
    """Whom the brand wants to meet. What is left empty means everybody; ``weight`` is against the others."""

    name: str
    weight: float = 1.0
    ages: tuple[str, ...] = ()  # of AGES
    genders: tuple[str, ...] = ()  # of GENDERS
    education: str = ""  # of EDUCATIONS
    income: str = ""  # of INCOMES
    setting: str = ""  # of SETTINGS
    people: float | None = None  # how many of them there are, where that is known


@dataclass(frozen=True)
class Brand:
    """What brand.toml says. ``goals``: a metric's name → its target for a month.

    ``objectives`` and ``weights``: how much each objective, each criterion of the choice of networks counts.
    ``pieces``: a piece's name → what one asks for; a kind that none is of is one the team cannot make.
    ``cadence``: a network → least and most posts a week; ``mix``: a kind → least and most of all posts;
    ``shares``: a pillar → its part of all posts; ``catch``: a moment's key → what it is worth.
    """

    slug: str
    name: str
    sector: str = ""
    country: str = ""
    market: str = "b2c"  # of MARKETS
    language: str = "en"
    timezone: str = "UTC"
    hours_per_week: float | None = None
    monthly_budget: float | None = None
    currency: str = "EUR"
    rate: str = "engagement_rate_by_reach"
    pillars: tuple[str, ...] = ()
    goals: dict[str, float] = field(default_factory=dict)
    accounts: tuple[Account, ...] = ()
    personas: tuple[Persona, ...] = ()
    objectives: dict[str, float] = field(default_factory=dict)
    pieces: dict[str, Piece] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()  # countries, and parts of them; none: the brand's country
    quiet: tuple[tuple[time, time], ...] = ()  # from, to; in the brand's zone
    shares: dict[str, float] = field(default_factory=dict)
    team: tuple[Member, ...] = ()
    lead: Lead = field(default_factory=Lead)
    cadence: dict[str, tuple[float, float]] = field(default_factory=dict)
    mix: dict[str, tuple[float, float]] = field(default_factory=dict)
    spacing: Spacing = field(default_factory=Spacing)
    catch: dict[str, float] = field(default_factory=dict)
    moments: tuple[Moment, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    messages: Desk = field(default_factory=Desk)
    surveys: dict[str, str] = field(default_factory=dict)  # a question as it is asked → of means.ANSWERS

    def __post_init__(self) -> None:
        """Every piece says its kind, whoever made this brand."""
        object.__setattr__(self, "pieces", means.kinded(self.pieces))

    @property
    def made(self) -> dict[str, Piece]:
        """What does one of each kind ask for? The piece called like it, else the one of fewest hours."""
        return means.made(self.pieces)

    @property
    def people(self) -> tuple[Member, ...]:
        """Who does the work? Where no team is said, nobody by name, with all the hours."""
        return self.team or (Member("", self.hours_per_week),)

    @property
    def weekly_hours(self) -> float | None:
        """How many hours a week are there? The team's, where each says them; else what is said of all."""
        return means.together(self.team, self.hours_per_week)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the brand's days and months begin."""
        return ZoneInfo(self.timezone)

    def account(self, network: str, called: str) -> Account | None:
        """Which account of brand.toml is called so on a network, by handle or display name?"""
        wanted = folded(called)
        on = [a for a in self.accounts if a.network == network]
        return next((a for a in on if wanted and wanted in _names(a)), None)

    def speaks(self, name: str) -> bool:
        """Is it the brand that writes under this name: one of its accounts, or of its voices?"""
        own = {known for account in self.accounts if not account.rival for known in _names(account)}
        return folded(name) in own | {folded(voice) for voice in self.messages.voices}

    def own(self, network: str) -> list[Account]:
        """Which accounts on a network are the brand's own?"""
        return [a for a in self.accounts if a.network == network and not a.rival]


def home() -> Path:
    """Where data/ and reports/ are: CMLIB_HOME, or the checkout. Never the working directory."""
    said = os.environ.get("CMLIB_HOME")
    return Path(said).expanduser().resolve() if said else Path(__file__).resolve().parent.parent


def slugs() -> list[str]:
    """Which brands are there?"""
    found = [p.parent.name for p in (home() / "data" / "brands").glob("*/brand.toml")]
    return sorted(slug for slug in found if SLUG.fullmatch(slug))


def folder(slug: str) -> Path:
    """A brand's folder. Raises CmlibError for a name that is no slug, so that no path leaves data/brands."""
    if not SLUG.fullmatch(slug):
        raise CmlibError("bad_slug", name=repr(slug))
    return home() / "data" / "brands" / slug


def load(slug: str) -> Brand:
    """Who is this brand? Raises CmlibError with the line for what brand.toml misspells."""
    path = _file(slug)
    return _read(slug, path, path.read_bytes())


def save(before: Brand, after: Brand) -> Path:
    """Write what has changed in the brand's question or its surveys into its brand.toml; the file's path.

    Its comments and its order stay, and every line that says what it said. Goals, accounts, pillars and the
    rate are for an editor. Raises CmlibError, and changes nothing, where the file no longer says ``before``,
    cannot be written, or would not say ``after``.
    """
    path = _file(before.slug).resolve()  # a link is followed
    data = path.read_bytes()
    if _read(before.slug, path, data) != before:
        raise CmlibError("brand_changed_meanwhile", file=str(path))
    try:
        made = brandfile.amended(data, _saved(before), _saved(after))
        told = "" if _read(before.slug, path, made) == after else t("error.only_in_an_editor")
    except (CmlibError, UnicodeEncodeError) as problem:
        told = str(problem)
    if told:
        raise CmlibError("brand_not_saved", file=str(path), problem=told)
    if path.read_bytes() != data:  # at the last moment
        raise CmlibError("brand_changed_meanwhile", file=str(path))
    if made != data:
        brandfile.replace(path, made)
    return path


def stands(slug: str, key: str, section: str = "") -> str:
    """Where in its brand.toml does a brand say this? For the errors of those who know more than the file."""
    path = folder(slug) / "brand.toml"
    text = path.read_bytes().decode("utf-8-sig", errors="replace") if path.exists() else ""
    return Lines(path, text).of(key, section)


def _file(slug: str) -> Path:
    path = folder(slug) / "brand.toml"
    if not path.exists():
        raise unknown("brand", slug, slugs(), str(path.parent.parent))
    return path


def _read(slug: str, path: Path, data: bytes) -> Brand:
    try:
        text = data.decode("utf-8-sig")  # some editors put a mark at its beginning
        said = tomllib.loads(text)
    except ValueError as problem:  # no TOML, no UTF-8, a number of thousands of digits
        raise CmlibError("bad_toml", file=str(path), problem=str(problem)) from None
    return _checked(slug, said, Lines(path, text))


_PLAIN = (
    "name", "sector", "country", "market", "language", "timezone", "hours_per_week", "monthly_budget",
    "currency",
)  # fmt: skip


def _saved(brand: Brand) -> dict[str, Any]:
    """What of a brand is saved, as its file says it; None for what it leaves out."""
    plain = {key: getattr(brand, key) for key in _PLAIN}
    personas = [asdict(persona) for persona in brand.personas]
    pieces = {name: means.written(name, piece) for name, piece in brand.pieces.items()}
    return {key: said if _says(said) else None for key, said in plain.items()} | {
        "personas": [{key: said for key, said in each.items() if _says(said)} for each in personas],
        "objectives": brand.objectives, "pieces": pieces, "weights": brand.weights,
        "surveys": brand.surveys,
    }  # fmt: skip


def _says(value: object) -> bool:
    return value not in ("", (), None)  # but 0 does


def new(slug: str, name: str = "", language: str = "en", country: str = "", timezone: str = "UTC") -> Path:
    """Write a brand.toml to fill in, each line explained; its path. An existing one is left as it is."""
    path = folder(slug) / "brand.toml"
    if path.exists():
        raise CmlibError("brand_exists", file=str(path))
    if timezone not in _zones():
        raise unknown("timezone", timezone, _zones())
    if language not in LANGUAGES:
        raise unknown("language", language, LANGUAGES)
    called = name or slug.replace("-", " ").title()
    said = {"name": called, "country": country, "language": language, "timezone": timezone}
    with speaking(language):  # the explanations are for the people of the brand
        text = t(
            "brand.template", **{key: brandfile.quoted(value) for key, value in said.items()},
            networks=", ".join(schema.NETWORKS),
            ages=", ".join(schema.AGES), genders=", ".join(schema.GENDERS), incomes=", ".join(schema.INCOMES),
            educations=", ".join(schema.EDUCATIONS), settings=", ".join(schema.SETTINGS),
            objectives=", ".join(schema.OBJECTIVES), kinds=", ".join(schema.KINDS),
            criteria=", ".join(schema.CRITERIA), pieces=", ".join(schema.PIECES),
            days=", ".join(schema.WEEKDAYS), moments=", ".join(means.MOMENTS),
        )  # fmt: skip
    (path.parent / "inbox").mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


_TYPES = {
    **dict.fromkeys(
        ("name", "sector", "country", "market", "language", "timezone", "currency", "rate"), str
    ),
    **dict.fromkeys(("hours_per_week", "monthly_budget"), float),
    **dict.fromkeys(("pillars", "holidays", "quiet"), list),
    **dict.fromkeys(("goals", "objectives", "weights"), dict),
    **dict.fromkeys(("pieces", "lead", "cadence", "mix", "spacing", "catch", "messages", "surveys"), dict),
}  # fmt: skip
_BLOCKS = ("accounts", "personas", "team", "moments", "blackouts")


def _checked(slug: str, said: dict[str, Any], lines: Lines) -> Brand:
    for key, value in said.items():
        if key not in _TYPES and key not in _BLOCKS:
            raise unknown("key", key, (*_TYPES, *_BLOCKS), lines.of(key))
        shared = key == "pillars" and isinstance(value, dict)  # [pillars], each with its share
        typed(
            key, value, dict if shared else _TYPES.get(key, list), lines.of(key), "blocks" * (key in _BLOCKS)
        )
    if not said.get("name"):
        raise CmlibError("missing_key", key="name", file=str(lines.path))
    known = {"language": LANGUAGES, "market": schema.MARKETS, "timezone": _zones()}
    for key in [key for key in known if key in said]:
        one_of(key, said[key], known[key], lines.of(key))
    amounts: dict[str, Any] = {
        key: amount(key, said[key], lines.of(key))
        for key in ("hours_per_week", "monthly_budget")
        if key in said
    }
    for metric, target in said.get("goals", {}).items():
        typed(metric, target, float, lines.of(metric, "goals"))
    accounts = tuple(_account(entry, lines, nth) for nth, entry in enumerate(said.get("accounts", [])))
    _told_apart(accounts, lines)
    found = means.read(said, lines)
    hours: dict[str, Any] = {"hours_per_week": means.together(found["team"], amounts.get("hours_per_week"))}
    made = said | hours | amounts | _question(said, lines) | found | {"accounts": accounts}
    return Brand(slug=slug, **made)


def _question(said: dict[str, Any], lines: Lines) -> dict[str, Any]:
    """Whom the brand wants to meet, to what end, and what its team can make."""
    personas = [_persona(entry, lines, nth) for nth, entry in enumerate(said.get("personas", []))]
    names = [folded(persona.name) for persona in personas]
    for nth, persona in enumerate(personas):
        if names.index(names[nth]) < nth:
            raise CmlibError("same_persona", name=persona.name, where=lines.of("name", "personas", nth))
    return {
        "personas": tuple(personas),
        "objectives": _amounts("objectives", "objective", schema.OBJECTIVES, said, lines),
        "weights": _amounts("weights", "criterion", schema.CRITERIA, said, lines),
    }


_CHOICES: dict[str, tuple[str, ...]] = {
    "ages": schema.AGES, "genders": schema.GENDERS, "education": schema.EDUCATIONS,
    "income": schema.INCOMES, "setting": schema.SETTINGS,
}  # fmt: skip


def _persona(entry: Any, lines: Lines, nth: int) -> Persona:
    known = [f.name for f in fields(Persona)]
    typed("personas", entry, dict, lines.of("personas"), "blocks")
    made = {}
    for key, value in entry.items():
        where = lines.of(key, "personas", nth)
        if key not in known:
            raise unknown("key", key, known, where)
        made[key] = _of_persona(key, value, where)
    if not folded(made.get("name", "")):
        raise CmlibError("missing_key", key="name", file=lines.of("", "personas", nth))
    return Persona(**made)


def _of_persona(key: str, value: Any, where: str) -> Any:
    if key in ("weight", "people"):
        return amount(key, value, where)
    several = key in ("ages", "genders")
    typed(key, value, list if several else str, where)
    if key == "name" or not value:
        return tuple(value) if several else value
    for choice in value if several else [value]:
        typed(key, choice, str, where)
        one_of(key, choice, _CHOICES[key], where)
    return tuple(dict.fromkeys(value)) if several else value


def _amounts(
    section: str, what: str, known: tuple[str, ...], said: dict[str, Any], lines: Lines
) -> dict[str, float]:
    made = {}
    for name, value in said.get(section, {}).items():
        where = lines.of(name, section)
        one_of(what, name, known, where)
        made[name] = amount(name, value, where)
    return made


def _account(entry: Any, lines: Lines, nth: int) -> Account:
    known = [f.name for f in fields(Account)]
    typed("accounts", entry, dict, lines.of("accounts"), "blocks")
    for key, value in entry.items():
        where = lines.of(key, "accounts", nth)
        if key not in known:
            raise unknown("key", key, known, where)
        typed(key, value, bool if key == "rival" else str, where)
    for key in ("network", "handle"):
        if not entry.get(key):
            raise CmlibError("missing_key", key=key, file=lines.of("", "accounts", nth))
    if entry["network"] not in schema.NETWORKS:
        raise unknown("network", entry["network"], schema.NETWORKS, lines.of("network", "accounts", nth))
    return Account(**entry)


def _told_apart(accounts: tuple[Account, ...], lines: Lines) -> None:
    """An export names its account by handle or display name, so no two of a network may share one."""
    seen: set[tuple[str, str]] = set()
    for nth, account in enumerate(accounts):
        names = {(account.network, name) for name in _names(account)}
        if names & seen:
            where = lines.of("handle", "accounts", nth)
            raise CmlibError("same_account", name=account.label, network=account.network, where=where)
        seen |= names


@cache
def _zones() -> set[str]:  # 20 ms of looking through folders
    return available_timezones()


def _names(account: Account) -> set[str]:
    return {folded(account.handle), folded(account.name)} - {""}
