"""Which moments of the year fall between two days, and what is it worth to catch each?

Public holidays are the package holidays'; days of trade, families and causes come by rule from
data/reference/moments.csv; and the brand has its own, in brand.toml or in calendars that were imported.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import holidays as library
import pandas as pd

from cmlib import brand as brands
from cmlib import facts, i18n, means, schema
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.moments.rules import SCHOOL_UNTIL, Span, calendar, dates, firsts

__all__ = ["COLUMNS", "WORTH", "dates", "kind_of", "on", "undated"]

COLUMNS: dict[str, Any] = {
    "moment": "str", "name": "str", "category": "str", "first": "datetime64[us]", "last": "datetime64[us]",
    "value": "float64", "networks": "object", "sensitive": "bool", "source": "str", "source_date": "str",
    "address": "str", "note": "str",
}  # fmt: skip
MONTHLY = 12  # times a year
WORTH = {  # of a moment that holds for the brand, in average posts, where its [catch] says nothing
    "trade": 1.0, "family": 1.0, "tradition": 1.0, "culture": 1.0, "food": 1.0, "school": 1.0,
    "community": 1.0, "public holiday": 0.5, "religious and family": 0.5,
}  # fmt: skip
PUBLIC, SCHOOL = "public holiday", "school holidays"
_EU = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_SCOPES = {  # words of the column scope that are no country
    "UK": frozenset({"GB"}), "EU": _EU,
    "FR-Alsace-Moselle": frozenset({"FR-57", "FR-6AE"}), "FR-Est": frozenset({"FR-57", "FR-6AE"}),
}  # fmt: skip
_KEYS = {  # a public holiday as the library calls it → its key in moments.csv, where both are on one day
    "New Year's Day": "jour_an", "Good Friday": "vendredi_saint", "Easter Sunday": "paques",
    "Easter Monday": "lundi_paques", "Labor Day": "fete_travail", "Labour Day": "fete_travail",
    "Victory Day": "victoire_1945", "Ascension Day": "ascension", "Pentecost": "pentecote",
    "Whit Sunday": "pentecote", "Pentecost Monday": "lundi_pentecote", "Whit Monday": "lundi_pentecote",
    "National Day": "fete_nationale", "Assumption Day": "assomption", "All Saints' Day": "toussaint",
    "Armistice Day": "armistice", "Christmas Day": "noel", "Saint Stephen's Day": "boxing_day",
    "Boxing Day": "boxing_day", "Thanksgiving Day": "thanksgiving",
}  # fmt: skip
_KINDS = {  # words of a title or category → the kind of an imported event
    "launch": r"launch|lancement|sortie|release|drop", "contest": r"contest|concours|jeu|giveaway|raffle",
    "sale": r"sales?|vente|soldes|promo\w*|discount|remise", "event": "",
}  # fmt: skip
_FROM_LIBRARY = {
    "source": f"Python package holidays {library.__version__}", "source_date": "",
    "address": "https://github.com/vacanza/holidays",
}  # fmt: skip
Row = Mapping[Any, Any]


def on(who: Brand, tables: Mapping[str, pd.DataFrame], first: date, last: date) -> pd.DataFrame:
    """Which moments fall between two days, both included? COLUMNS, a row each, by first day and key.

    ``moment`` is a key of moments.csv, ``holiday_…`` for another public holiday, ``own:…`` for the brand's
    and ``ics:…`` for an imported one. ``first`` and ``last`` are the whole range, even where it begins
    before. ``value``: what catching it is worth, in average posts: what [catch] says; else 0 for sensitive
    days, 1 for days of the brand's sector, else WORTH. ``tables``: as ``store.load`` gives them. Raises
    CmlibError for a key in [catch] and for a country in ``holidays`` that is none, with the nearest.
    """
    known = facts.load("moments")
    _check_catch(who, known)
    rows = [
        *_own(who), *_imported(tables.get("moments", schema.empty("moments"))),
        *_ruled(who, known, first, last), *_public(who, known, first, last), *_school(who, first, last),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates(["moment", "first"])
    spans = zip(frame["first"], frame["last"], strict=True)
    frame = frame[[begun <= last and ended >= first for begun, ended in spans]]
    frame = frame.sort_values(["first", "moment"], ignore_index=True)
    return frame.assign(
        first=pd.to_datetime(frame["first"]), last=pd.to_datetime(frame["last"])
    ).astype(COLUMNS)  # fmt: skip


def undated(who: Brand, first: date, last: date) -> pd.DataFrame:
    """Which moments that hold for the brand have no date, and why? moment, name, year, reason, note.

    ``announced``: somebody sets it each year, so ask, and write it into data/reference/local/moments.csv;
    ``not_known``: nobody has published that year yet.
    """
    rows = [
        {"moment": row["key"], "name": _name(row), "year": year, "reason": reason, "note": _text(row, "note")}
        for row in facts.load("moments").to_dict("records")
        if _holds(who, _text(row, "scope"), row["category"] == PUBLIC)
        for year in range(first.year, last.year + 1)
        if not _spans(row, year)
        for reason in ["announced" if row["rule_code"] == "announced" else "not_known"]
    ]
    return pd.DataFrame(rows, columns=["moment", "name", "year", "reason", "note"])


# ── Those of moments.csv ────────────────────────────────────────────────────────────────────────────────────


def _spans(row: Row, year: int) -> list[Span]:
    """The first and last days of a fact's moment in a year: as the row says, else by its rule."""
    told, end = _text(row, f"date_{year}"), _text(row, f"end_{year}")
    rule = _text(row, "rule_code") or "announced"
    rule = f"library:{row['key']}" if rule == "library" else rule
    try:
        days = int(_text(row, "duration_days") or 1)
        if told:
            first = date.fromisoformat(told)
            return [(first, date.fromisoformat(end) if end else first + timedelta(days=max(days, 1) - 1))]
        one = dates(rule, year, days)
    except ValueError as problem:  # a CmlibError is one, too
        raise CmlibError("moment_row", where=row["where"], problem=str(problem)) from None
    more = firsts(rule, year)[1:] if one else []
    return [one, *((first, first) for first in more)] if one else []


def _ruled(who: Brand, known: pd.DataFrame, first: date, last: date) -> Iterator[dict[str, Any]]:
    for row in known.to_dict("records"):
        if _holds(who, _text(row, "scope"), row["category"] == PUBLIC):
            for year in range(first.year - 1, last.year + 1):
                for span in _spans(row, year):
                    yield _of_fact(who, row, span)


def _of_fact(who: Brand, row: Row, span: Span, name: str = "") -> dict[str, Any]:
    said = _text(row, "sensitive")
    sensitive = said == "yes" or (bool(said) and _holds(who, said, False))
    worth = WORTH.get(_text(row, "category"), 0.0)
    worth = 1.0 if _of_sector(who, _text(row, "sectors")) else worth
    return {
        "moment": row["key"], "name": name or _name(row), "category": _text(row, "category"),
        "first": span[0], "last": span[1], "networks": (), "sensitive": sensitive,
        "value": who.catch.get(row["key"], 0.0 if sensitive else worth),
        **{column: _text(row, column) for column in ("source", "source_date", "address", "note")},
    }  # fmt: skip


def _holds(who: Brand, scope: str, public: bool) -> bool:
    """Does a moment of this scope hold for the brand?

    A public holiday does where the brand counts public holidays; anything else in its country, in the parts
    of countries that it names, and what is international everywhere.
    """
    places = _places(who)
    words = [word.strip() for word in scope.split(",") if word.strip()]
    if "international" in words and not public:
        return True
    parts = {place for place in places if "-" in place}
    here = {*places, *(place[:2] for place in places)} if public else {who.country.upper(), *parts}
    return any(not here.isdisjoint(_SCOPES.get(word, {word})) for word in words)


def _of_sector(who: Brand, sectors: str) -> bool:
    """Does one of the row's sectors say what the brand does? All its words, in any order."""
    does = set(re.findall(r"\w+", who.sector.casefold()))
    asked = (set(re.findall(r"\w+", one.casefold())) for one in sectors.split(";"))
    return any(words and words <= does for words in asked)


def _name(row: Row) -> str:
    mine, other = ("name_fr", "name_en") if i18n.language() == "fr" else ("name_en", "name_fr")
    return _text(row, mine) or _text(row, other)


def _text(row: Row, column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _check_catch(who: Brand, known: pd.DataFrame) -> None:
    names = set(known["key"])
    for key in who.catch:
        if key not in names and key not in (others := _others(who, known)):
            raise unknown("moment", key, sorted(names | others), brands.stands(who.slug, key, "catch"))


# ── Public and school holidays ──────────────────────────────────────────────────────────────────────────────


def _places(who: Brand) -> list[str]:
    """The countries and parts whose public holidays count; where none is said, the brand's country."""
    countries = library.list_supported_countries(include_aliases=True)
    own = who.country.upper()
    if not who.holidays:
        return [own] if own in countries else []
    for place in who.holidays:
        country, _, part = place.partition("-")
        if country not in countries:
            raise unknown("country", country, sorted(countries), brands.stands(who.slug, "holidays"))
        if part and part not in countries[country]:
            parts = [f"{country}-{one}" for one in countries[country]]
            raise unknown("part", place, parts, brands.stands(who.slug, "holidays"))
    return list(who.holidays)


def _public(who: Brand, known: pd.DataFrame, first: date, last: date) -> Iterator[dict[str, Any]]:
    """The library's; those that moments.csv has too are called by its key and its name."""
    rows = {row["key"]: row for row in known.to_dict("records")}
    for country, part in map(_split, _places(who)):
        for year in range(first.year, last.year + 1):
            for day, name, called in calendar(country, part, year, "public", i18n.language()):
                key = _key(rows, day, name)
                if key in rows:
                    yield {**_of_fact(who, rows[key], (day, day)), **_FROM_LIBRARY}
                else:
                    yield _of_library(who, key, called, PUBLIC, (day, day))


def _key(rows: Mapping[str, Row], day: date, name: str) -> str:
    """Of a public holiday: that of moments.csv where it has the same on the same day; else one of its own."""
    key = _KEYS.get(name, "")
    return key if key in rows and (day, day) in _spans(rows[key], day.year) else f"holiday_{_slug(name, '_')}"


def _of_library(who: Brand, key: str, name: str, category: str, span: Span, note: str = "") -> dict[str, Any]:
    return {
        "moment": key, "name": name.replace("'", "’"), "category": category,
        "first": span[0], "last": span[1],
        "value": who.catch.get(key, WORTH.get(category, 0.0)), "networks": (), "sensitive": False,
        **_FROM_LIBRARY, "note": note,
    }  # fmt: skip


def _others(who: Brand, known: pd.DataFrame) -> set[str]:
    """The keys of the public holidays that moments.csv has not."""
    rows = {row["key"]: row for row in known.to_dict("records")}
    return {
        _key(rows, day, name)
        for country, part in map(_split, _places(who))
        for year in range(2025, 2036)
        for day, name, _ in calendar(country, part, year)
    }


def _school(who: Brand, first: date, last: date) -> Iterator[dict[str, Any]]:
    """School holidays of the zones that ``holidays`` names (``FR-Zone A``): to know of, worth nothing."""
    for country, part in map(_split, _places(who)):
        if part.startswith("Zone"):
            years = range(first.year - 1, last.year + 2)
            days = [one for year in years for one in calendar(country, part, year, "school", i18n.language())]
            for name, called, span in _runs([one for one in days if one[0] < SCHOOL_UNTIL]):
                key = f"school_{_slug(part, '_')}_{_slug(name, '_')}"
                yield _of_library(who, key, called, SCHOOL, span, part)


def _split(place: str) -> tuple[str, str]:
    country, _, part = place.partition("-")
    return country, part


def _runs(days: list[tuple[date, str, str]]) -> Iterator[tuple[str, str, Span]]:
    """Days in a row that are called the same, as one."""
    runs: list[tuple[str, str, Span]] = []
    for day, name, called in days:
        before = runs[-1] if runs else ("", "", (day, day))
        if before[0] == name and before[2][1] + timedelta(days=1) >= day:
            runs[-1] = name, called, (before[2][0], day)
        else:
            runs.append((name, called, (day, day)))
    yield from runs


# ── The brand's own ─────────────────────────────────────────────────────────────────────────────────────────


def _own(who: Brand) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for moment in sorted(who.moments, key=lambda one: (one.first, one.name)):
        key = f"own:{_slug(moment.name)}"
        key = f"{key}-{moment.first}" if key in seen else key  # the same, once more
        seen.add(key)
        yield {
            "moment": key, "name": moment.name, "category": moment.kind, "first": moment.first,
            "last": moment.last, "value": moment.value, "networks": moment.networks, "sensitive": False,
            "source": "brand.toml", "source_date": "", "address": "", "note": "",
        }  # fmt: skip


def _imported(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Those of imported calendars; each day of one that comes again has a key of its own.

    What comes again more often than once a month, as a weekly meeting, is no moment to be caught.
    """
    often = (
        table.groupby(["network", "account", "uid", table["since"].dt.year])["uid"].transform("size")
        > MONTHLY
    )
    again = table.duplicated(["network", "account", "uid"], keep=False)
    for row, several, routine in zip(table.to_dict("records"), again, often, strict=True):
        category = "" if pd.isna(row["category"]) else str(row["category"])
        if category == "cancelled":
            continue
        first, last = row["since"].date(), row["until"].date()
        key = f"ics:{_slug(row['uid'])}" + f"-{first}" * bool(several)
        yield {
            "moment": key, "name": row["title"], "category": kind_of(f"{category} {row['title']}"),
            "first": first, "last": last, "value": 0.0 if routine else means.WORTH, "networks": (),
            "sensitive": False, "source": "ics", "source_date": f"{row['observed_at']:%Y-%m-%d}",
            "address": "", "note": "",
        }  # fmt: skip


def kind_of(said: str) -> str:
    """Is it a launch, a contest, a sale, or another event? By the words of its category and its title.

    >>> kind_of("Lancement de la cuvée"), kind_of("Vente d’ateliers"), kind_of("Portes ouvertes")
    ('launch', 'sale', 'event')
    """
    found = (kind for kind, words in _KINDS.items() if words and re.search(rf"(?i)\b({words})\b", said))
    return next(found, "event")


def _slug(name: str, dash: str = "-") -> str:
    """Small letters and digits with dashes between; a digest, where nothing of it remains."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "-")).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    slug = re.sub(r"[^a-z0-9]+", dash, letters).strip(dash)[:60]
    return slug or sha256(name.encode()).hexdigest()[:8]
