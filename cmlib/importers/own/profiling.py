"""What stands in a table that nobody has seen: where its header is, and what the cells beneath look like."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import pandas as pd

from cmlib import schema
from cmlib.brand import Brand
from cmlib.importers.files import Row, Sheet
from cmlib.importers.layout import HEADER_WIDE, HEADER_WITHIN, normalised
from cmlib.importers.own import dictionary, readers
from cmlib.importers.own.dating import Dates, dates
from cmlib.importers.own.readers import Reader
from cmlib.importers.values import NOTHING, Setting, nonsense

CLOCK = re.compile(r"\d{1,2}[:h]\d{2}(:\d{2})?(\s?[AaPp]\.?[Mm]\.?)?")
MOST = 5_000  # rows that are looked at, but for dates: of these all
_NUMBER = re.compile(r"[-+]?[\d.,\s'’\u00a0\u202f]*\d\s?%?")
_LONG = 60  # characters of a header
_WHO = Setting("", Brand("x", "x"))


@dataclass(frozen=True)
class Column:
    """One column: its header, and what its cells say."""

    place: int
    header: str
    cells: tuple[str, ...]
    twice: bool = False

    @cached_property
    def said(self) -> tuple[str, ...]:
        """Its cells without those that say nothing."""
        return tuple(cell for cell in self.cells if cell.casefold() not in NOTHING)

    @cached_property
    def different(self) -> tuple[str, ...]:
        """Each different cell once."""
        return tuple(dict.fromkeys(self.said))

    @property
    def example(self) -> str:
        """The first that it says."""
        return " ".join(self.said[0].split())[:60] if self.said else ""

    @cached_property
    def numeric(self) -> bool:
        """Are these numbers?"""
        return bool(self.said) and _part(self.different, lambda cell: bool(_NUMBER.fullmatch(cell))) >= 0.9

    @cached_property
    def clock(self) -> bool:
        """Are these hours of a day?"""
        return bool(self.said) and all(CLOCK.fullmatch(cell) for cell in self.different)

    @cached_property
    def linked(self) -> bool:
        """Are these addresses?"""
        return bool(self.said) and all(cell.startswith(("http://", "https://")) for cell in self.different)

    @cached_property
    def unique(self) -> bool:
        """Does no cell stand twice, and none lack?"""
        return len(self.said) == len(self.cells) == len(self.different) > 0

    @cached_property
    def dated(self) -> Dates | None:
        """How its dates are written, if they are."""
        return dates(self.cells)

    def reading(self, name: str, reader: Reader) -> float:
        """Which part of its cells is read as this tidy column?"""
        if not self.different:
            return 0.0
        texts = pd.Series(self.different[:MOST], dtype="str")
        found = readers.parse(name, reader)(texts, _WHO).astype("object")
        weights = Counter(self.said)
        good = ~nonsense(found) & found.notna()
        told = sum(weights[cell] for cell, fine in zip(texts, good, strict=True) if fine)
        return told / sum(weights[cell] for cell in texts)


@dataclass(frozen=True)
class Profile:
    """A table as it was found: the sheet, the row of its header, and lines beneath that are none of data."""

    sheet: Sheet
    row: int
    skip: int
    columns: tuple[Column, ...]

    @property
    def named(self) -> list[Column]:
        """The columns that can be named: those with a header that stands only once."""
        return [one for one in self.columns if normalised(one.header) and not one.twice]

    def column(self, header: str) -> Column | None:
        """The one with this header."""
        return next((c for c in self.columns if normalised(c.header) == normalised(header)), None)


def profile(sheets: Sequence[Sheet], wanted: str = "") -> Profile | None:
    """Where is the table in a file? In the sheet, and under the row, of which most is understood."""
    found = [
        (_score(row), -n, -i, sheet)
        for n, sheet in enumerate(sheets)
        if not wanted or normalised(sheet.name) == normalised(wanted)
        for i, row in enumerate(sheet.rows[:HEADER_WITHIN])
        if any(any(below) for below in sheet.rows[i + 1 :])
    ]
    if not found:
        return None
    _, _, minus, sheet = max(found, key=lambda one: one[:3])
    row = -minus
    head = [cell.strip() for cell in sheet.rows[row][:HEADER_WIDE]]
    below = [r for r in sheet.rows[row + 1 :] if any(r)]
    skip = _skipped(below, len(head))
    adding = [skip + n for n in readers.totals(below[skip:])]
    plain = [r for n, r in enumerate(below) if n >= skip and n not in adding]
    twice = {name for name, times in Counter(map(normalised, head)).items() if times > 1}
    columns = tuple(
        Column(place, name, tuple(_cell(r, place) for r in plain), normalised(name) in twice)
        for place, name in enumerate(head)
    )
    return Profile(sheet, row, skip, columns)


def _cell(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _score(row: Row) -> float:
    """How much is a row like a header?"""
    cells = [cell.strip() for cell in row[:HEADER_WIDE] if cell.strip()]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) or cell.startswith("http") for cell in cells)
    words = sum(len(cell) <= _LONG for cell in cells) - numbers
    known = sum(any(dictionary.meanings(cell, table) for table in schema.TABLES) for cell in set(cells))
    return (3.0 * known + words - 2.0 * numbers) * (len(cells) > 1 or known)


def _skipped(below: Sequence[Row], width: int) -> int:
    """How many lines under the header are a second header, or describe it?

    In columns that are numbers or dates further down, they say something else.
    """

    def plain(cell: str) -> bool:
        return bool(re.search(r"\d", cell)) and not re.search(r"[^\W\d_]{13,}", cell)

    later = below[3:200]
    figures = [p for p in range(width) if later and _part([_cell(r, p) for r in later], plain) >= 0.9]
    for n, row in enumerate(below[:3]):
        said = [_cell(row, p) for p in figures]
        if not figures or not any(said) or any(plain(cell) for cell in said):
            return n
    return 0


def _part(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    said = [cell for cell in cells if cell.casefold() not in NOTHING]
    return sum(fits(cell) for cell in said) / len(said) if said else 0.0


_COMMA = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+|-?\d+,\d{1,2}\s?%?|-?0,\d+|-?\d{1,3}(\.\d{3}){2,}")
_POINT = re.compile(r"-?\d{1,3}(,\d{3})+\.\d+|-?\d+\.\d{1,2}\s?%?|-?0\.\d+|-?\d{1,3}(,\d{3}){2,}")
_GROUPED = {",": re.compile(r"-?\d{1,3}(\.\d{3})+"), ".": re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")}


def decimal(columns: Sequence[Column], counts: Sequence[Column]) -> str:
    """Which sign stands before decimals, where it matters? ``counts``: columns that have no decimals."""
    cells = {cell for one in columns if one.numeric for cell in one.different[:MOST]}
    comma, point = (any(map(shape.fullmatch, cells)) for shape in (_COMMA, _POINT))
    if comma and not point:
        return ","
    whole = {cell for one in counts for cell in one.different[:MOST]}
    if not point and any(map(_GROUPED[","].fullmatch, whole)):
        return ","
    return "." if point and not comma and any(map(_GROUPED["."].fullmatch, cells)) else ""


def hosts(columns: Sequence[Column]) -> list[str]:
    """Which networks do the addresses lead to? The most frequent first."""
    found: Counter[str] = Counter()
    for one in columns:
        for cell in one.said[:MOST] if one.linked else ():
            try:
                host = (urlsplit(cell).hostname or "").removeprefix("www.").removeprefix("m.")
            except ValueError:
                continue
            known = readers.words("hosts").items()
            found.update(name for end, name in known if host == end or host.endswith(f".{end}"))
    return [name for name, _ in found.most_common()]
