"""A brand: who it is, where it speaks, what it aims at, and where its files live.

A brand is a folder: ``data/brands/<brand>/brand.toml``, with exports dropped into ``inbox/`` beside it.
"""

import json
import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cmlib.errors import CmlibError, unknown
from cmlib.i18n import LANGUAGES, speaking, t
from cmlib.schema import NETWORKS

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
class Brand:
    """What brand.toml says. ``goals``: a metric's name → its target for a month."""

    slug: str
    name: str
    sector: str = ""
    country: str = ""
    language: str = "en"
    timezone: str = "UTC"
    hours_per_week: float | None = None
    monthly_budget: float | None = None
    currency: str = "EUR"
    rate: str = "engagement_rate_by_reach"
    pillars: tuple[str, ...] = ()
    goals: dict[str, float] = field(default_factory=dict)
    accounts: tuple[Account, ...] = ()

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
    path = folder(slug) / "brand.toml"
    if not path.exists():
        raise unknown("brand", slug, slugs(), str(path.parent.parent))
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark at its beginning
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CmlibError("bad_toml", file=str(path), problem=str(problem)) from None
    return _checked(slug, said, _Lines(path, text))


def new(slug: str, name: str = "", language: str = "en", country: str = "", timezone: str = "UTC") -> Path:
    """Write a brand.toml to fill in, each line explained; its path. An existing one is left as it is."""
    path = folder(slug) / "brand.toml"
    if path.exists():
        raise CmlibError("brand_exists", file=str(path))
    if timezone not in _zones():
        raise unknown("timezone", timezone, _zones())
    if language not in LANGUAGES:
        raise unknown("language", language, LANGUAGES)
    with speaking(language):  # the explanations are for the people of the brand
        text = t(
            "brand.template", name=_quoted(name or slug.replace("-", " ").title()), country=_quoted(country),
            language=_quoted(language), timezone=_quoted(timezone), networks=", ".join(NETWORKS),
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
        lines = list(enumerate(self.text.splitlines(), 1))
        begins = [n for n, line in lines if section and re.match(rf"\s*\[+\s*{section}\s*\]", line)]
        start = begins[nth] if nth < len(begins) else 0
        name = rf"[\"']?{re.escape(key)}[\"']?"
        wanted = re.compile(rf"(?:^|[{{,.])\s*{name}\s*[=.]|^\s*\[+\s*{name}\s*\]")
        found = [n for n, line in lines if n >= start and wanted.search(line)] if key else []
        line = next(iter([*found, *begins[nth : nth + 1]]), None)
        return t("error.at_line", file=str(self.path), line=str(line)) if line else str(self.path)


_TYPES = {
    "name": str, "sector": str, "country": str, "language": str, "timezone": str, "currency": str,
    "rate": str, "hours_per_week": float, "monthly_budget": float, "pillars": list, "goals": dict,
    "accounts": list,
}  # fmt: skip


def _checked(slug: str, said: dict[str, Any], lines: _Lines) -> Brand:
    for key, value in said.items():
        if key not in _TYPES:
            raise unknown("key", key, _TYPES, lines.of(key))
        _typed(key, value, _TYPES[key], lines.of(key))
    for key in ("name",):
        if not said.get(key):
            raise CmlibError("missing_key", key=key, file=str(lines.path))
    if said.get("language", "en") not in LANGUAGES:
        raise unknown("language", said["language"], LANGUAGES, lines.of("language"))
    if said.get("timezone", "UTC") not in _zones():
        raise unknown("timezone", said["timezone"], _zones(), lines.of("timezone"))
    for metric, target in said.get("goals", {}).items():
        _typed(metric, target, float, lines.of(metric, "goals"))
    for pillar in said.get("pillars", ()):
        _typed("pillars", pillar, str, lines.of("pillars"))
    accounts = tuple(_account(entry, lines, nth) for nth, entry in enumerate(said.get("accounts", [])))
    _told_apart(accounts, lines)
    return Brand(slug=slug, **(said | {"pillars": tuple(said.get("pillars", ())), "accounts": accounts}))


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
    if entry["network"] not in NETWORKS:
        raise unknown("network", entry["network"], NETWORKS, lines.of("network", "accounts", nth))
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
    fits = isinstance(value, expected) or (expected is float and isinstance(value, int))
    if not fits or (isinstance(value, bool) and expected is not bool):
        kind = "accounts" if key == "accounts" else expected.__name__
        wanted = t(f"error.type.{kind}")
        raise CmlibError("wrong_value", key=key, value=repr(value), expected=wanted, where=where)


@cache
def _zones() -> set[str]:  # 20 ms of looking through folders
    return available_timezones()


def _names(account: Account) -> set[str]:
    return {_folded(account.handle), _folded(account.name)} - {""}


def _folded(name: str) -> str:
    return name.strip().lstrip("@").casefold()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")  # what JSON escapes, TOML reads
