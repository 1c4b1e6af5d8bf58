"""Which column of a file is which tidy one? By its name first, then by its values; and how it is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from cmlib import schema
from cmlib.importers.layout import normalised
from cmlib.importers.own import dictionary, names, readers
from cmlib.importers.own.profiling import Column, Profile, decimal
from cmlib.importers.own.readers import Reader

FITS = 0.9  # of a column's cells, that must be read as what its name says
SOME = 0.5  # of the figures in a column: the rest are figures that cmlib does not have
SEVERAL = 12  # different words that a column of kinds can have
_VALUED = {  # by their values alone: tidy columns, and how sure that is
    "published_at": 0.6, "date": 0.6, "sent_at": 0.6, "answered_on": 0.6, "url": 0.6, "post_id": 0.5,
    "kind": 0.6, "network": 0.6, "text": 0.4, "figure": 0.7, "share": 0.4, "value": 0.3,
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a person has said of the file. ``columns``: header → tidy name, "" for one that is left out."""

    name: str = ""
    title: str = ""
    network: str = ""
    table: str = ""
    account: str = ""
    sheet: str = ""
    order: str = ""  # "day" or "month": what stands first in dates
    summed: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapped:
    """A tidy column: where it comes from, how it is read, and why."""

    column: Column
    reader: Reader
    why: str
    told: Mapping[str, object] = field(default_factory=dict)
    beside: tuple[str, ...] = ()


def match(found: Profile, table: str, network: str, said: Said) -> dict[str, Mapped]:
    """Each tidy column with the header that means it most surely, and whose cells can be that."""
    told = {normalised(header): name for header, name in said.columns.items()}
    taken: dict[str, Mapped] = {}
    sign = _decimal(found, table, network)
    for one in found.columns:
        name = told.get(normalised(one.header), "")
        if name and name in names(table) and name not in taken:
            taken[name] = Mapped(one, replace(_reader(one, name, said.order), decimal=sign), "said")
    free = [one for one in found.named if normalised(one.header) not in told and one.said]
    candidates = sorted(
        ((sure, -one.place, name, one, why, values)
         for one in free for name, sure, why, values in _candidates(one, table, network)),
        key=lambda c: (-c[0], -c[1], c[2]),
    )  # fmt: skip
    allowed = names(table, said.summed)
    for _, _, name, one, why, values in candidates:
        free_still = all(other.column is not one for other in taken.values())
        if name in taken or name in said.constants or not free_still or name not in allowed:
            continue
        reader = replace(_reader(one, name, said.order), decimal=sign)
        if (reader.reads in ("day", "instant") and not reader.formats) or one.reading(name, reader) < (
            SOME if name == "figure" else FITS
        ):
            continue
        taken[name] = Mapped(one, reader, why, values)
    if "figure" in taken or "figure" in said.constants:  # one column of values, not one for each figure
        taken = {n: m for n, m in taken.items() if n not in schema.FIGURES or m.why == "said"}
    elif "value" in taken and taken["value"].why != "said":
        del taken["value"]
    timed = _timed(taken, found, told)
    utc = any(m.reader.utc for m in timed.values())  # a file has one zone
    return {n: replace(m, reader=replace(m.reader, utc=utc)) for n, m in timed.items()}


def _decimal(found: Profile, table: str, network: str) -> str:
    """Which sign stands before decimals? Columns that are counts by their names have none."""
    named = [one for one in found.named if one.dated is None]
    means = {one.place: {m.name for m in dictionary.meanings(one.header, table, network)} for one in named}
    whole = {*schema.COUNTS, *schema.FIGURES} - {"watch_seconds"}
    return decimal(named, [one for one in named if means[one.place] & whole])


def _candidates(
    one: Column, table: str, network: str
) -> Iterator[tuple[str, float, str, Mapping[str, object]]]:
    """What a column can be: by its name, then by its values."""
    for meant in dictionary.meanings(one.header, table, network):
        why = "format" if meant.format else "word"
        yield meant.name, meant.sure, why, {"format": meant.format} if meant.format else {}
    for name, sure in _VALUED.items():
        if name in names(table) and _looks(one, name, table):
            yield name, sure, "value", {}


def _looks(one: Column, name: str, table: str) -> bool:
    """Do a column's values alone say that it is this?"""
    few = len(one.different) <= SEVERAL
    if name in ("published_at", "date", "sent_at", "answered_on"):
        return name == schema.TIME.get(table) and one.dated is not None
    if name == "url":
        return one.linked and one.unique
    if name == "post_id":
        return one.unique and all(re.fullmatch(r"[\w-]*\d[\w-]{7,}", cell) for cell in one.different)
    if name in ("kind", "network"):
        return few and not one.numeric and one.reading(name, Reader("word")) >= FITS
    if name == "text":
        long = sum(len(cell) > 25 for cell in one.different)
        return long > len(one.different) / 2 and len(one.different) > len(one.said) / 2 and not one.linked
    if name == "figure":
        known = [cell for cell in one.different if dictionary.figure(cell)]
        return not one.numeric and len(one.different) <= 3 * SEVERAL and len(known) > len(one.different) / 2
    if name == "share":
        return bool(one.said) and all(cell.endswith("%") for cell in one.said)
    return name == "value" and one.numeric and one.dated is None


def _reader(one: Column, name: str, order: str) -> Reader:
    """How is a column read as this tidy one?"""
    kind = readers.known(name)[0]
    if kind in ("day", "instant"):
        dated = one.dated
        if dated and order and dated.other and dated.order != order:
            return Reader(kind, dated.other)
        return Reader(kind, dated.formats if dated else (), utc=_in_utc(one.header))
    if name == "watch_seconds":
        return Reader(dictionary.unit(one.header))
    if name == "share":
        shares = [
            float(n) for cell in one.said for n in re.findall(r"^(\d+(?:\.\d+)?)$", cell.replace(",", "."))
        ]
        hundred = any("%" in cell for cell in one.said) or sum(shares) > 2
        return Reader("percent" if hundred else "number")
    if name == "level":
        return Reader("country" if dictionary.dimension(one.header) == "country" else "text")
    if name == "figure":
        known = {cell: dictionary.figure(cell) for cell in one.different[:200]}
        return Reader("word", words={cell: meant for cell, meant in known.items() if meant and meant != cell})
    return Reader("count" if name in schema.FIGURES else kind)


def _in_utc(header: str) -> bool:
    return bool(re.search(r"\b(utc|gmt)\b|utc0", normalised(header).replace("_", " ")))


def _timed(taken: dict[str, Mapped], found: Profile, told: Mapping[str, str]) -> dict[str, Mapped]:
    """With the hours that stand in a column of their own."""
    for name in ("published_at", "sent_at"):
        date = taken.get(name)
        if date is None or not date.column.dated or date.column.dated.hours or not date.reader.formats:
            continue
        used = {m.column.place for m in taken.values()}
        for one in found.named:
            free = one.place not in used and one.clock and told.get(normalised(one.header), one.header)
            if free:
                clocks = [f"%{h}{m}" for h, m in (("H", ":%M:%S"), ("H", ":%M"), ("I", ":%M %p"))]
                day = date.reader.formats[0]
                formats = tuple(f"{day} {clock}" for clock in clocks if _has(one, clock))
                utc = _in_utc(one.header) or date.reader.utc
                taken[name] = replace(
                    date,
                    reader=Reader("instant", (*formats, day), decimal=date.reader.decimal, utc=utc),
                    beside=(one.header,),
                )
                break
    return taken


def _has(one: Column, clock: str) -> bool:
    shape = {"%H:%M:%S": r"\d+:\d+:\d+", "%H:%M": r"\d+:\d+", "%I:%M %p": r"\d+:\d+ [AaPp][Mm]"}[clock]
    return any(re.fullmatch(shape, cell) for cell in one.different)
