"""A brand: who it is, where it speaks, what it aims at, and where its files live.

A brand is a folder: ``data/brands/<brand>/brand.toml``, with exports dropped into ``inbox/`` beside it.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cmlib import brandfile, schema
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import LANGUAGES, speaking, t

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
class Piece:
    """What one piece of a kind asks for: hours of work, and money in the brand's currency."""

    hours: float
    cost: float = 0.0


@dataclass(frozen=True)
class Brand:
    """What brand.toml says. ``goals``: a metric's name → its target for a month.

    ``objectives`` and ``weights``: how much each objective, each criterion of the choice of networks counts.
    ``pieces``: a kind of post → what one asks for; a kind that is not there is one the team cannot make.
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

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the brand's days and months begin."""
        return ZoneInfo(self.timezone)

    def account(self, network: str, called: str) -> Account | None:
        """Which account of brand.toml is called so on a network, by handle or display name?"""
        wanted = _folded(called)
        on = [a for a in self.accounts if a.network == network]
        return next((a for a in on if wanted and wanted in _names(a)), None)

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
    """Write what has changed in the brand's question into its brand.toml; the file's path.

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
    return _checked(slug, said, _Lines(path, text))


_PLAIN = (
    "name", "sector", "country", "market", "language", "timezone", "hours_per_week", "monthly_budget",
    "currency",
)  # fmt: skip


def _saved(brand: Brand) -> dict[str, Any]:
    """What of a brand is saved, as its file says it; None for what it leaves out."""
    plain = {key: getattr(brand, key) for key in _PLAIN}
    personas = [asdict(persona) for persona in brand.personas]
    pieces = {kind: asdict(piece) if piece.cost else piece.hours for kind, piece in brand.pieces.items()}
    return {key: said if _says(said) else None for key, said in plain.items()} | {
        "personas": [{key: said for key, said in each.items() if _says(said)} for each in personas],
        "objectives": brand.objectives, "pieces": pieces, "weights": brand.weights,
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
            criteria=", ".join(schema.CRITERIA),
        )  # fmt: skip
    (path.parent / "inbox").mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@dataclass(frozen=True)
class _Lines:
    """Says where in brand.toml a key stands: TOML readers keep no line numbers."""

    path: Path
    text: str

    def of(self, key: str, section: str = "", nth: int = 0) -> str:
        """``key`` in the ``nth`` block of a section; else where that block begins; else only the file."""
        lines, headers = self.lines, self.headers
        begins = [n for n in headers if section and re.match(rf"\s*\[+\s*{section}\s*\]", lines[n - 1])]
        start, end = (begins[nth], len(lines)) if nth < len(begins) else (1, min(headers, default=len(lines)))
        name = rf"[\"']?{re.escape(key)}[\"']?"
        keys = re.compile(rf"(?:^|[{{,.])\s*{name}\s*[=.]")
        header = re.compile(rf"\s*\[+\s*(?:{section}\s*\.\s*)?{name}\s*\]")
        heads = (n for n in headers if header.match(lines[n - 1]))
        inside = (n for n in range(start, end + 1) if keys.search(lines[n - 1]))  # up to the first
        found = [n for n in (next(heads, None), next(inside, None)) if n] if key else []
        line = min(found, default=None) or next(iter(begins[nth : nth + 1]), None)
        return t("error.at_line", file=str(self.path), line=str(line)) if line else str(self.path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.text.split("\n")

    @cached_property
    def headers(self) -> list[int]:
        """The numbers of the lines with which a section begins."""
        return [n for n, line in enumerate(self.lines, 1) if re.match(r"\s*\[+[^\[\],=]+\]+\s*(#|$)", line)]


_TYPES = {
    "name": str, "sector": str, "country": str, "market": str, "language": str, "timezone": str,
    "currency": str, "rate": str, "hours_per_week": float, "monthly_budget": float, "pillars": list,
    "goals": dict, "accounts": list, "personas": list, "objectives": dict, "pieces": dict, "weights": dict,
}  # fmt: skip


def _checked(slug: str, said: dict[str, Any], lines: _Lines) -> Brand:
    for key, value in said.items():
        if key not in _TYPES:
            raise unknown("key", key, _TYPES, lines.of(key))
        _typed(key, value, _TYPES[key], lines.of(key))
    if not said.get("name"):
        raise CmlibError("missing_key", key="name", file=str(lines.path))
    known = {"language": LANGUAGES, "market": schema.MARKETS, "timezone": _zones()}
    for key in [key for key in known if key in said]:
        _one_of(key, said[key], known[key], lines.of(key))
    amounts = {
        key: _amount(key, said[key], lines.of(key))
        for key in ("hours_per_week", "monthly_budget")
        if key in said
    }
    for metric, target in said.get("goals", {}).items():
        _typed(metric, target, float, lines.of(metric, "goals"))
    for pillar in said.get("pillars", ()):
        _typed("pillars", pillar, str, lines.of("pillars"))
    accounts = tuple(_account(entry, lines, nth) for nth, entry in enumerate(said.get("accounts", [])))
    _told_apart(accounts, lines)
    made = said | amounts | _question(said, lines)
    return Brand(slug=slug, **(made | {"pillars": tuple(said.get("pillars", ())), "accounts": accounts}))


def _question(said: dict[str, Any], lines: _Lines) -> dict[str, Any]:
    """Whom the brand wants to meet, to what end, and what its team can make."""
    personas = [_persona(entry, lines, nth) for nth, entry in enumerate(said.get("personas", []))]
    names = [_folded(persona.name) for persona in personas]
    for nth, persona in enumerate(personas):
        if names.index(names[nth]) < nth:
            raise CmlibError("same_persona", name=persona.name, where=lines.of("name", "personas", nth))
    return {
        "personas": tuple(personas),
        "objectives": _amounts("objectives", "objective", schema.OBJECTIVES, said, lines),
        "weights": _amounts("weights", "criterion", schema.CRITERIA, said, lines),
        "pieces": {kind: _piece(kind, value, lines) for kind, value in said.get("pieces", {}).items()},
    }


_CHOICES: dict[str, tuple[str, ...]] = {
    "ages": schema.AGES, "genders": schema.GENDERS, "education": schema.EDUCATIONS,
    "income": schema.INCOMES, "setting": schema.SETTINGS,
}  # fmt: skip


def _persona(entry: Any, lines: _Lines, nth: int) -> Persona:
    known = [f.name for f in fields(Persona)]
    _typed("personas", entry, dict, lines.of("personas"))
    made = {}
    for key, value in entry.items():
        where = lines.of(key, "personas", nth)
        if key not in known:
            raise unknown("key", key, known, where)
        made[key] = _of_persona(key, value, where)
    if not _folded(made.get("name", "")):
        raise CmlibError("missing_key", key="name", file=lines.of("", "personas", nth))
    return Persona(**made)


def _of_persona(key: str, value: Any, where: str) -> Any:
    if key in ("weight", "people"):
        return _amount(key, value, where)
    several = key in ("ages", "genders")
    _typed(key, value, list if several else str, where)
    if key == "name" or not value:
        return tuple(value) if several else value
    for choice in value if several else [value]:
        _typed(key, choice, str, where)
        _one_of(key, choice, _CHOICES[key], where)
    return tuple(dict.fromkeys(value)) if several else value


def _piece(kind: str, said: Any, lines: _Lines) -> Piece:
    where = lines.of(kind, "pieces")
    _one_of("kind", kind, schema.KINDS, where)
    if not isinstance(said, dict):
        return Piece(_amount(kind, said, where))
    known = [f.name for f in fields(Piece)]
    for key in said:
        if key not in known:
            raise unknown("key", key, known, where)
    if "hours" not in said:
        raise CmlibError("missing_key", key="hours", file=where)
    return Piece(**{key: _amount(key, value, where) for key, value in said.items()})


def _amounts(
    section: str, what: str, known: tuple[str, ...], said: dict[str, Any], lines: _Lines
) -> dict[str, float]:
    made = {}
    for name, value in said.get(section, {}).items():
        where = lines.of(name, section)
        _one_of(what, name, known, where)
        made[name] = _amount(name, value, where)
    return made


def _account(entry: Any, lines: _Lines, nth: int) -> Account:
    known = [f.name for f in fields(Account)]
    _typed("accounts", entry, dict, lines.of("accounts"))
    for key, value in entry.items():
        where = lines.of(key, "accounts", nth)
        if key not in known:
            raise unknown("key", key, known, where)
        _typed(key, value, bool if key == "rival" else str, where)
    for key in ("network", "handle"):
        if not entry.get(key):
            raise CmlibError("missing_key", key=key, file=lines.of("", "accounts", nth))
    if entry["network"] not in schema.NETWORKS:
        raise unknown("network", entry["network"], schema.NETWORKS, lines.of("network", "accounts", nth))
    return Account(**entry)


def _told_apart(accounts: tuple[Account, ...], lines: _Lines) -> None:
    """An export names its account by handle or display name, so no two of a network may share one."""
    seen: set[tuple[str, str]] = set()
    for nth, account in enumerate(accounts):
        names = {(account.network, name) for name in _names(account)}
        if names & seen:
            where = lines.of("handle", "accounts", nth)
            raise CmlibError("same_account", name=account.label, network=account.network, where=where)
        seen |= names


def _typed(key: str, value: Any, expected: type, where: str) -> None:
    number = expected is float and isinstance(value, int | float)
    fits = abs(value) <= sys.float_info.max if number else isinstance(value, expected)  # nan and inf do not
    if not fits or (isinstance(value, bool) and expected is not bool):
        raise _wrong(key, value, key if key in ("accounts", "personas") else expected.__name__, where)


def _amount(key: str, value: Any, where: str) -> float:
    _typed(key, value, float, where)
    if value < 0:
        raise _wrong(key, value, "amount", where)
    return float(value)


def _wrong(key: str, value: Any, kind: str, where: str) -> CmlibError:
    expected = t(f"error.type.{kind}", key=key)
    return CmlibError("wrong_value", key=key, value=repr(value), expected=expected, where=where)


def _one_of(what: str, name: str, known: Iterable[str], where: str) -> None:
    if name not in known:
        raise unknown(what, name, known, where)


@cache
def _zones() -> set[str]:  # 20 ms of looking through folders
    return available_timezones()


def _names(account: Account) -> set[str]:
    return {_folded(account.handle), _folded(account.name)} - {""}


def _folded(name: str) -> str:
    return name.strip().lstrip("@").casefold()
