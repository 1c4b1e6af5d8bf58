"""How the cells of a column are read, by a word that people can write: ``count``, ``percent``, ``instant`` …

A format of one's own (own.py) is data, so it names its readers; a built-in one names functions of values.py.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as resources
from typing import Any

import pandas as pd

from cmlib import schema
from cmlib.importers.layout import normalised
from cmlib.importers.values import (
    NONSENSE,
    NOTHING,
    Parse,
    Setting,
    Texts,
    Values,
    count,
    epoch,
    identifier,
    instant,
    nonsense,
    number,
    parsed,
    percentage,
    seconds,
    territory,
    text,
    worded_day,
    zoned_instant,
)

UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001}
SPECIAL = ("words", "unix", "unix_ms")  # dates that strptime does not read in every language, or at all
DIRECTIVES = frozenset("YymdBbHIMSpzajA%f")
READS: dict[object, tuple[str, ...]] = {  # as what a tidy column can be read; else as the first
    schema.TEXT: ("text", "id", "country", "made"),
    schema.COUNT: ("count", *UNITS),
    schema.NUMBER: ("number", "count", "percent", *UNITS),
    schema.FLAG: ("flag",),
    schema.DAY: ("day",),
    schema.INSTANT: ("instant",),
}
IDS = ("post_id", "message_id", "uid")  # what can be made where the file has none
_ID_LIKE = (*IDS, "thread_id", "reply_to")


@cache
def words(section: str) -> dict[str, str]:
    """What is meant by each word of a section of words.toml: kinds, flags, networks, hosts, dimensions?"""
    return {word: meant for meant, some in listed()[section].items() for word in some}


@cache
def listed() -> dict[str, Any]:
    """All of words.toml."""
    return tomllib.loads((resources("cmlib.importers.own") / "words.toml").read_text(encoding="utf-8"))


def totals(rows: Sequence[Sequence[str]]) -> list[int]:
    """Which of the rows beneath a header adds up the others?

    The first or the last, if it begins with a word for that.
    """
    said = [n for n, row in enumerate(rows) if any(cell.strip() for cell in row)]
    first = {n: next(cell for cell in rows[n] if cell.strip()) for n in {*said[:1], *said[-1:]}}
    return sorted(n for n, cell in first.items() if normalised(cell).strip(" :") in listed()["totals"])


_OF = {"kind": "kinds", "network": "networks"}


@dataclass(frozen=True)
class Reader:
    """How one column is read: a name of READS, and what that needs to be told.

    ``formats``: strptime formats of a date, or any of SPECIAL. ``words``: what stands in a cell → what is
    meant. ``decimal``: the sign before decimals, where it is known. ``utc``: dates without a zone are UTC.
    """

    reads: str
    formats: tuple[str, ...] = ()
    words: Mapping[str, object] = field(default_factory=dict)
    decimal: str = ""
    utc: bool = False


def known(name: str) -> tuple[str, ...]:
    """What can a tidy column, or a figure, be read as? The first is what is meant where nothing is said."""
    dtype = dtype_of(name)
    if isinstance(dtype, pd.CategoricalDtype):
        return ("word",)
    if name == "watch_seconds":
        return ("seconds", *(unit for unit in UNITS if unit != "seconds"), "count")
    found = READS[dtype]
    return ("id", *(one for one in found if one != "id")) if name in _ID_LIKE else found


def dtype_of(name: str) -> schema.Dtype:
    """The type of a tidy column, whatever its table; a figure that is none is a number."""
    for table in schema.TABLES.values():
        if name in table.columns:
            return table.columns[name]
    return schema.COMMON.get(name, schema.NUMBER)


def levels(name: str) -> tuple[str, ...]:
    """The values that a column can have; none where it can have any."""
    dtype = dtype_of(name)
    return tuple(map(str, dtype.categories)) if isinstance(dtype, pd.CategoricalDtype) else ()


def parse(name: str, reader: Reader) -> Parse:
    """The function that reads the cells of a tidy column in this way."""
    if reader.reads in ("day", "instant"):
        return _dated(reader)
    if reader.reads == "flag":
        told = {word: meant == "true" for word, meant in words("flags").items()}
        return _worded(told | _folded(reader.words), NONSENSE)
    if reader.reads == "word":
        common = words(_OF[name]) if name in _OF else {}
        meant = {level: level for level in levels(name)} | common | _folded(reader.words)
        return _worded(meant, None if name == "kind" else NONSENSE)  # a kind that is none is not known
    plain: dict[str, Parse] = {
        "text": _renamed(reader, text), "id": identifier, "made": text, "count": count, "number": number,
        "country": _country, "percent": percentage,
    }  # fmt: skip
    read = plain[reader.reads] if reader.reads in plain else _lasting(UNITS[reader.reads])
    return read if reader.reads in ("text", "id", "made", "country") else _pointed(reader.decimal, read)


def _folded(words: Mapping[str, object]) -> dict[str, object]:
    return {normalised(word): meant for word, meant in words.items()}


def _worded(told: Mapping[str, object], default: object) -> Parse:
    known_words = _folded(told)

    def read(texts: Texts, _: Setting) -> Values:
        return parsed(lambda cell: known_words.get(normalised(cell), default), texts)

    return read


def _renamed(reader: Reader, read: Parse) -> Parse:
    """A text as it stands, but for words that stand for another one."""
    told = _folded(reader.words)
    return (
        (lambda texts, setting: read(texts.map(lambda cell: told.get(normalised(cell), cell)), setting))
        if told
        else read
    )


def _country(texts: Texts, setting: Setting) -> Values:
    return text(texts, setting).map(lambda cell: territory(cell) if isinstance(cell, str) else cell)


_COMMA = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?(\s?%)?")
_POINT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?(\s?%)?")


def _pointed(decimal: str, read: Parse) -> Parse:
    """Numbers of which it is known how they are written → as Python writes them."""
    shape, others = (_COMMA, ".") if decimal == "," else (_POINT, ",")

    def one(cell: str) -> str:
        plain = re.sub(r"(?<=\d)[ '’\u00a0\u202f\u2009](?=\d{3})", "", cell)
        if cell.casefold() in NOTHING or ":" in cell:
            return cell
        return plain.replace(others, "").replace(",", ".") if shape.fullmatch(plain) else f"? {cell}"

    return (lambda texts, setting: read(texts.map(one), setting)) if decimal else read


def _lasting(unit: float) -> Parse:
    """A duration, in whole seconds: a number of these units, or ``h:mm:ss``."""

    def read(texts: Texts, setting: Setting) -> Values:
        clock = texts.str.contains(":")
        plain = number(texts.mask(clock, ""), setting)
        counted = plain.map(lambda v: round(v * unit) if isinstance(v, float) and pd.notna(v) else v)
        told = counted.astype("object").where(counted.notna(), None)
        return told.mask(clock, seconds(texts.where(clock, ""), setting))

    return read


# Dates


def _dated(reader: Reader) -> Parse:
    """Days or instants in any of several formats; each cell in the first that it fits."""
    ways: list[Callable[[Texts, Setting], Values]] = []
    plain = tuple(one for one in reader.formats if one not in SPECIAL and "%z" not in one)
    if plain:
        ways.append(zoned_instant(*plain))
    ways += [instant(one) for one in reader.formats if "%z" in one]
    ways += [_SPECIAL[one] for one in reader.formats if one in SPECIAL]

    def read(texts: Texts, setting: Setting) -> Values:
        days = reader.reads == "day"
        cells = _tidied(texts)
        if days:  # a day is one of the account, as it is written
            cells = cells.str.replace(r"(?<=:\d\d)(Z|[+-]\d\d:?\d\d)$", "", regex=True)
        at = setting.in_utc if reader.utc or days else setting
        found = ways[0](cells, at).astype("object")
        for way in ways[1:]:
            rest = nonsense(found)
            found = found.mask(rest, way(cells.where(rest, ""), at).astype("object"))
        return found.map(_day_of) if days else found

    return read


def _day_of(value: object) -> object:
    return value.tz_localize(None).normalize() if isinstance(value, pd.Timestamp) else value


def _tidied(texts: Texts) -> Texts:
    """Without fractions of seconds, and with a zone as ISO writes it."""
    whole = texts.str.replace(r"(?<=\d:\d\d)[.,]\d+", "", regex=True)
    zoned = whole.str.replace(r"(?<=:\d\d)\s*(UTC|GMT)$", "Z", regex=True)
    return zoned.str.replace(r"(?<=:\d\d) (?=[+-]\d\d:?\d\d$)", "", regex=True)


_CLOCK = r"(?i)\b(\d{1,2})[:h](\d{2})(?::\d{2})?\s*([ap])?(?:\.?\s?m\b\.?)?"


def _in_words(texts: Texts, setting: Setting) -> Values:
    """A day whose month is a word, in any language, with its hour if there is one."""
    clock = texts.str.extract(_CLOCK)
    days = worded_day(texts.str.replace(_CLOCK, " ", regex=True).str.strip(), setting)
    stated = [_stated(*each) for each in zip(days, clock[0], clock[1], clock[2], strict=True)]
    told = pd.Series(stated, index=texts.index, dtype="str")
    return (
        zoned_instant("%Y-%m-%d %H:%M", "%Y-%m-%d")(told, setting)
        .astype("object")
        .mask(nonsense(days), NONSENSE)
    )


def _stated(day: object, hour: object, minute: object, half: object) -> str:
    if not isinstance(day, pd.Timestamp):
        return ""
    if not isinstance(hour, str):
        return f"{day:%Y-%m-%d}"
    given = int(hour)
    if isinstance(half, str):
        given = given % 12 + 12 * (half.casefold() == "p")
    return f"{day:%Y-%m-%d} {given:02}:{minute}"


_SPECIAL: dict[str, Callable[[Texts, Setting], Values]] = {
    "words": _in_words,
    "unix": epoch("s"),
    "unix_ms": epoch("ms"),
}
