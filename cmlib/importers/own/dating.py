"""How are the dates of a column written? Decided from all of its cells, and said where two readings fit.

>>> dates(["03/04/2026", "25/04/2026"]).formats
('%d/%m/%Y',)
>>> dates(["03/04/2026", "05/04/2026"]).other
('%m/%d/%Y',)
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from cmlib.brand import Brand
from cmlib.importers.own import readers
from cmlib.importers.own.readers import Reader
from cmlib.importers.values import NOTHING, Setting, nonsense

MOST = 2_000  # different cells of a column that are looked at
ENOUGH = 0.9  # of its cells, that a column of dates has; the rest may be totals and notes
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", ", %H:%M:%S", ", %I:%M %p")
_TEXTUAL = ("%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z")
_FIRST, _LAST = pd.Timestamp("2004-01-01"), pd.Timedelta(days=2)  # of what can be, the latter from now on
_UTC = Setting("", Brand("x", "x"))


@dataclass(frozen=True)
class Dates:
    """The formats in which a column's dates are written.

    ``order``: "day" or "month", what stands first, where that had to be found out; ``by``: how ("value": the
    cell ``value`` has no other reading; "order": the rows go one way in this reading only; "future": in the
    other reading some are still to come; "asked"; ""). ``other``: a second reading which fits as well.
    ``hours``: are there hours?
    """

    formats: tuple[str, ...]
    hours: bool = False
    order: str = ""
    by: str = ""
    value: str = ""
    other: tuple[str, ...] = ()


def dates(cells: Iterable[str], order: str = "") -> Dates | None:
    """In which formats are these written? None where they are no dates. ``order``: what is known of it."""
    listed = [cell.strip() for cell in cells]
    some = [cell for cell in dict.fromkeys(listed) if cell.casefold() not in NOTHING][:MOST]
    if not some or sum(any(c.isdigit() for c in cell) for cell in some) < len(some) * ENOUGH:
        return None
    for formats in (*map(tuple, _whole(some)), *((one,) for one in _TEXTUAL)):
        if _fits(some, formats):
            return Dates(formats, _timed(formats, some))
    both = {first: _numeric(some, first) for first in ("day", "month")}
    told = {first: formats for first, formats in both.items() if formats}
    if len(told) == 2:
        return _decided(told, some, listed, order)
    for first, formats in told.items():
        return Dates(formats, _timed(formats, some), first, "value", _telling(some, both, first))
    for special in ("unix", "unix_ms", "words"):
        if _special(some, special):
            hours = special != "words" or any(re.search(r"\d[:h]\d\d", cell) for cell in some)
            return Dates((special,), hours)
    return None


def _whole(some: Sequence[str]) -> list[list[str]]:
    """Formats that begin with the year, as far as the cells look like these."""
    found = []
    if sum(bool(re.match(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}", cell)) for cell in some) >= len(some) * ENOUGH:
        sign = some[0][4] if some[0][4:5] in ("-", "/", ".") else "-"
        day = f"%Y{sign}%m{sign}%d"
        found.append([day + clock for clock in (*_CLOCKS, "T%H:%M", "T%H:%M:%S") if _any(some, day + clock)])
    if all(re.fullmatch(r"20[0-3]\d[01]\d[0-3]\d", cell) for cell in some):
        found.append(["%Y%m%d"])
    return [one for one in found if one]


def _numeric(some: Sequence[str], first: str) -> tuple[str, ...]:
    """Formats with two numbers before the year, the day or the month first."""
    shape = re.compile(r"\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d{2})\b")
    seen = [found for found in map(shape.match, some) if found]
    if len(seen) < len(some) * ENOUGH:
        return ()
    sign, year = seen[0][1], "%Y" if len(seen[0][2]) == 4 else "%y"
    day = f"%d{sign}%m{sign}{year}" if first == "day" else f"%m{sign}%d{sign}{year}"
    formats = tuple(day + clock for clock in _CLOCKS if _any(some, day + clock))
    return formats if formats and _fits(some, formats, 1.0 if len(some) < 10 else 0.98) else ()


def _decided(
    told: dict[str, tuple[str, ...]], some: Sequence[str], listed: Sequence[str], order: str
) -> Dates:
    """Of two readings that both fit: the one that was asked for, else the only one that makes sense."""

    def made(first: str, by: str, other: tuple[str, ...] = ()) -> Dates:
        return Dates(told[first], _timed(told[first], some), first, by, other=other)

    if order:
        return made(order, "asked")
    read = {first: _plain(listed, formats) for first, formats in told.items()}
    if read["day"].equals(read["month"]):  # 05/05/2026: both say the same
        return made("day", "")
    now = pd.Timestamp.now()
    fine = [first for first, days in read.items() if days.max() <= now + _LAST and days.min() >= _FIRST]
    if len(fine) == 1:
        return made(fine[0], "future")
    if "." in told["day"][0]:
        return made("day", "dots")
    one_way = [first for first, days in read.items() if _sorted(days)]
    if len(one_way) == 1 and read["day"].nunique() > 4:
        return made(one_way[0], "order")
    return made("day", "", told["month"])


def _sorted(days: pd.Series) -> bool:
    return bool(days.is_monotonic_increasing or days.is_monotonic_decreasing)


def _plain(cells: Iterable[str], formats: tuple[str, ...]) -> pd.Series:
    found = pd.to_datetime(pd.Series(list(cells), dtype="str"), format=formats[0], errors="coerce")
    for other in formats[1:]:
        found = found.fillna(
            pd.to_datetime(pd.Series(list(cells), dtype="str"), format=other, errors="coerce")
        )
    return found.dropna().reset_index(drop=True)


def _telling(some: Sequence[str], both: dict[str, tuple[str, ...]], first: str) -> str:
    """A cell that cannot be read the other way round."""
    place = 0 if first == "day" else 1
    numbers = (re.findall(r"\d+", cell)[:2] for cell in some)
    return next((c for c, n in zip(some, numbers, strict=True) if len(n) == 2 and int(n[place]) > 12), "")


def _any(some: Sequence[str], wanted: str) -> bool:
    return _read(some, (wanted,)) > 0


def _fits(some: Sequence[str], formats: tuple[str, ...], enough: float = ENOUGH) -> bool:
    return _read(some, formats) >= len(some) * enough


def _read(some: Sequence[str], formats: tuple[str, ...]) -> int:
    """How many cells are read in these formats, whatever the order of day and month elsewhere?"""
    cells = pd.Series(list(some), dtype="str")
    if any(one.startswith("%m/%d") for one in formats):  # values.instant refuses these, and rightly
        cells = cells.mask(cells.str.match(r"(1[3-9]|2\d|3[01])/"), "?")
    found = readers.parse("published_at", Reader("instant", formats))(cells, _UTC)
    return int((~nonsense(found.astype("object")) & found.notna()).sum())


def _special(some: Sequence[str], special: str) -> bool:
    """Seconds or milliseconds since 1970, within what can be; or a month in words."""
    if special != "words":
        shape = re.compile(r"\d{10}" if special == "unix" else r"\d{13}")
        scale = 1 if special == "unix" else 1000
        first, last = _FIRST.timestamp() * scale, (pd.Timestamp.now() + _LAST).timestamp() * scale
        return all(shape.fullmatch(cell) and first <= int(cell) <= last for cell in some)
    return _fits(some, ("words",))


def _timed(formats: tuple[str, ...], some: Sequence[str]) -> bool:
    return any("%H" in one or "%I" in one for one in formats)
