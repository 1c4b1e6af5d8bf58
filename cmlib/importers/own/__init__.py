"""Formats of one's own: a small TOML in the brand's folder that reads a file which cmlib does not know.

``data/brands/<brand>/formats/<name>.toml``, written by ``cm format new`` or by hand. It is data, never code:

    title = "Insights of our agency"
    network = "instagram"            # left out where a column says it
    table = "posts"                  # of schema.py
    account = "tea.house"            # left out where a column says it, or where the brand has one
    decimal = ","                    # "," or "."; left out where no number needs it
    zone = "UTC"                     # of dates that name none; left out: the brand's
    left_out = ["Rating"]            # headers that are not read, but by which the file is recognised

    [constants]                      # the same in every row
    kind = "image"

    [columns]                        # a tidy column, or a figure of days and totals, and how it is read
    published_at = { header = "Date", beside = ["Hour"], reads = "instant", formats = ["%d/%m/%Y %H:%M"] }
    reactions = { header = ["Likes", "Mentions J’aime"], reads = "count", optional = true }
    post_id = { reads = "made", of = ["text"] }

- A file is recognised by all headers that are named here, in any order, but for those that are optional.
- ``sheet``: of a workbook, if only one is meant. ``records = ["data", "posts"]``: where in a JSON file the
  list of records stands; a value inside another one has the header ``statistics.likes``.
- ``skip = 1``: that many lines under the header are none of data. ``summed = true``: rows of the same day (of
  ``totals``: all of a file) are added up; what counts people only once cannot be.
- A constant day is that of the files whose digests ``only`` has; ``date = "exported"`` is the day on which
  each file was exported.
- ``of``: from which tidy columns an id is made where the file has none; from none, of the file and the line.
- What a built-in format reads is read by it; two of one's own that fit one file are an error.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from cmlib import brand as brands
from cmlib import schema
from cmlib.errors import CmlibError, unknown
from cmlib.importers.files import Export
from cmlib.importers.layout import Format, normalised
from cmlib.importers.own import readers
from cmlib.importers.own.readers import Reader
from cmlib.importers.own.reading import EXPORTED, UNIQUE, WIDE, Own, Taken, read, recognise, signature
from cmlib.tomlcheck import Lines, one_of, table, text, typed, words, wrong

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
FILLED = ("brand", "source", "shown", "language", "feeling")  # by the import itself


@dataclass(frozen=True)
class Found:
    """The formats of a brand's own, and what is wrong with those that cannot be used."""

    formats: Mapping[str, Format] = field(default_factory=dict)
    owns: Mapping[str, Own] = field(default_factory=dict)
    problems: tuple[CmlibError, ...] = ()

    def of_another_day(self, export: Export) -> str:
        """Which would fit this file, if its day were not that of other files?"""
        dated = (own for own in self.owns.values() if own.only)
        return next((o.name for o in dated if recognise(replace(o, only=()), export, made(o))), "")


def folder(slug: str) -> Path:
    """Where are a brand's own formats?"""
    return brands.folder(slug) / "formats"


def found(slug: str, taken: Iterable[str] = ()) -> Found:
    """Which formats has a brand of its own? ``taken``: names that they cannot have.

    One that is broken is told, and hinders none of the others.
    """
    formats: dict[str, Format] = {}
    owns: dict[str, Own] = {}
    problems: list[CmlibError] = []
    for path in sorted(folder(slug).glob("*.toml")):
        try:
            own = load(path, taken)
        except CmlibError as problem:
            problems.append(problem)
        else:
            formats[own.name], owns[own.name] = made(own), own
    return Found(formats, owns, tuple(problems))


def made(own: Own) -> Format:
    """The same as a format like any other."""
    return Format(
        own.name, own.network, own.table, signature(own),
        recognise=lambda export, wanted: recognise(own, export, wanted),
        read=lambda export, wanted, setting: read(own, export, wanted, setting),
        may_fall=("net_follows",), sure="seen",
    )  # fmt: skip


def load(path: Path, taken: Iterable[str] = ()) -> Own:
    """What does this TOML say? Raises CmlibError with the line of what is wrong in it."""
    try:
        said = path.read_bytes().decode("utf-8-sig")
        told = tomllib.loads(said)
    except OSError as problem:
        raise CmlibError("unreadable", file=str(path), problem=str(problem.strerror)) from None
    except ValueError as problem:
        raise CmlibError("bad_toml", file=str(path), problem=str(problem)) from None
    return checked(path.stem, told, Lines(path, said), taken)


def checked(name: str, said: Mapping[str, Any], lines: Lines, taken: Iterable[str] = ()) -> Own:
    """The same of what was read already."""
    if not NAME.fullmatch(name):
        raise CmlibError("own_name", file=str(lines.path), name=repr(name))
    if name in taken:
        raise CmlibError("own_name_taken", file=str(lines.path), name=name)
    wanted, network = said.get("table", ""), said.get("network", "")
    top = table(said, _READERS, ("table", "columns"), lines.of)
    one_of("table", wanted, schema.TABLES, lines.of("table"))
    if network:
        one_of("network", network, schema.NETWORKS, lines.of("network"))
    if top.get("summed") and wanted not in WIDE:
        raise wrong("summed", True, "own_summed", lines.of("summed"))
    allowed = names(wanted, bool(top.get("summed")))
    reader = {"decimal": top.get("decimal", ""), "utc": top.get("zone") == "UTC"}
    columns = {
        column: _taken(column, entry, allowed, reader, lines.of(column, "columns"), lines.path)
        for column, entry in top.pop("columns").items()
    }
    constants = {
        column: _constant(column, value, allowed, lines.of(column, "constants"))
        for column, value in top.pop("constants", {}).items()
    }
    own = Own(name, columns=columns, constants=constants, **top)
    whole(own, lines)
    return own


def names(of: str, summed: bool = False) -> tuple[str, ...]:
    """Which tidy columns, and which figures, can a file of this table have?"""
    columns = [name for name in schema.columns(of) if name not in FILLED]
    figures = [f for f in schema.FIGURES if not (summed and f in UNIQUE)] if of in WIDE else []
    return (*columns, *figures)


def whole(own: Own, lines: Lines) -> None:
    """Is there all that a row of the table needs, and each header only once?"""
    lacks = missing(own)
    if lacks:
        raise CmlibError("own_lacks", where=str(lines.path), table=own.table, columns=lacks)
    seen: dict[str, str] = {}
    for name, taken in own.columns.items():
        for header in {normalised(one) for one in taken.headers}:
            if header in seen:
                where = lines.of(name, "columns")
                raise CmlibError("own_twice", where=where, header=header, columns=[seen[header], name])
            seen[header] = name
    figures = [name for name in (*own.columns, *own.constants) if name in schema.FIGURES]
    if figures and {"figure", "value"} & {*own.columns, *own.constants}:
        raise CmlibError("own_shapes", where=lines.of(figures[0], "columns"), figures=figures)
    both = sorted(own.columns.keys() & own.constants.keys())
    if both:
        raise CmlibError("own_both", where=lines.of(both[0], "constants"), column=both[0])


def missing(own: Own) -> list[str]:
    """Which columns does a row of its table need, of which this format says nothing?"""
    there = {*own.columns, *own.constants}
    needed = [name for name in schema.TABLES[own.table].required if name not in there]
    if own.table in WIDE and there & {*schema.FIGURES}:
        needed = [name for name in needed if name not in ("figure", "value")]
    if own.table == "messages" and "author" in there:
        needed = [name for name in needed if name != "incoming"]
    return needed


# Value by value


def _headers(key: str, value: Any, where: str) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    told: tuple[str, ...] = words("")(key, listed, where)
    if not told or not all(normalised(one) for one in told):
        raise wrong(key, value, "headers", where)
    return told


def _taken(
    name: str, said: Any, allowed: tuple[str, ...], common: Mapping[str, Any], where: str, path: Path
) -> Taken:
    """One line under [columns]."""
    if name not in allowed:
        raise unknown("column", name, allowed, where)
    entry = said if isinstance(said, dict) else {"header": said}  # reactions = "Likes" is enough
    told = table(entry, _COLUMN_READERS, (), lambda _: where)
    kinds = readers.known(name)
    kinds = (*kinds, "made") if name in readers.IDS and "made" not in kinds else kinds
    reads = told.get("reads", kinds[0])
    one_of("reader", reads, [kind for kind in kinds if kind != "made" or name in readers.IDS], where)
    if reads == "made":
        for one in told.get("of", ()):
            one_of("column", one, allowed, where)
    elif "header" not in told:
        raise CmlibError("missing_key", key="header", file=where)
    dated = reads in ("day", "instant")
    if dated and not told.get("formats"):
        raise CmlibError("missing_key", key="formats", file=where)
    for one in told.get("formats", ()):
        if one not in readers.SPECIAL and not (set(re.findall(r"%(.)", one)) & {*"YymdBbj"} and _plain(one)):
            raise wrong("formats", one, "date_format", where)
    meant = {word: _level(name, one, where) for word, one in told.get("words", {}).items()}
    reader = Reader(reads, told.get("formats", ()), meant, **common)
    return Taken(
        told.get("header", ()),
        reader,
        told.get("beside", ()),
        told.get("optional", False),
        told.get("of", ()),
    )


def _plain(wanted: str) -> bool:
    return set(re.findall(r"%(.)", wanted)) <= readers.DIRECTIVES and not wanted.endswith("%")


def _level(name: str, meant: Any, where: str) -> Any:
    """What a word stands for: one of a column's values, true or false, or a text."""
    if readers.known(name)[0] == "flag":
        typed("words", meant, bool, where)
    else:
        typed("words", meant, str, where)
        if readers.levels(name):
            one_of("value", meant, readers.levels(name), where)
    return meant


def _constant(name: str, value: Any, allowed: tuple[str, ...], where: str) -> object:
    """What is the same in every row, as its column has it."""
    if name not in allowed:
        raise unknown("column", name, allowed, where)
    kind = readers.known(name)[0]
    if kind in ("day", "instant"):
        if not isinstance(value, date) and value != EXPORTED:
            raise wrong(name, str(value), "day", where)
    elif kind == "flag":
        typed(name, value, bool, where)
    elif kind in ("word", "text", "id"):
        typed(name, value, str, where)
        if kind == "word":
            one_of("value", value, readers.levels(name), where)
    else:
        typed(name, value, float, where)
    return value


def _of(*known: str) -> Any:
    def read_one(key: str, value: Any, where: str) -> str:
        one_of("value", text(key, value, where), known, where)
        return str(value)

    return read_one


def _some(kind: type) -> Any:
    def read_one(key: str, value: Any, where: str) -> Any:
        typed(key, value, kind, where)
        return value

    return read_one


def _lines(key: str, value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 20:
        raise wrong(key, value, "skip", where)
    return value


_READERS: dict[str, Any] = {
    **dict.fromkeys(("title", "network", "table", "account", "sheet"), text),
    **dict.fromkeys(("records", "left_out", "only"), words("")), "decimal": _of(",", "."), "zone": _of("UTC"),
    "skip": _lines, "summed": _some(bool), "constants": _some(dict), "columns": _some(dict),
}  # fmt: skip
_COLUMN_READERS: dict[str, Any] = {
    "header": _headers, "beside": words(""), "reads": text, "formats": words(""), "words": _some(dict),
    "optional": _some(bool), "of": words(""),
}  # fmt: skip
