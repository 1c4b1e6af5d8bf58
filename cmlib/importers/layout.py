"""How a format is declared: its columns in every spelling seen, and how its rows become tidy.

Most exports are one table with a header, so that a format is a list of ``Column``; the few others bring a
``read`` of their own and give the same ``Part``s.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.values import (
    NONSENSE,
    Parse,
    Setting,
    Texts,
    Values,
    count,
    dated,
    identifier,
    nonsense,
    number,
    percentage,
    restored,
    seconds,
)
from cmlib.schema import COUNTS, FIGURES, TABLES

HEADER_WITHIN = 40  # rows in which a header is looked for
HEADER_WIDE = 1_000  # cells of a row in which one is; 300 have been seen
HEADER_LONG = 200  # characters of a cell that are compared

SURE = ("seen", "code", "docs", "hearsay")  # a real file; somebody's program; documentation; less

_PLAIN = str.maketrans({"\u00ad": None, "\u00a0": " ", "\u202f": " ", "’": "'", "\ufeff": None})


def normalised(header: str) -> str:
    """A header as it is compared: no accents, soft hyphens or odd spaces, lower case."""
    return _normalised(header[:HEADER_LONG])


@lru_cache(maxsize=10_000)  # every format compares the same few cells
def _normalised(header: str) -> str:
    plain = unicodedata.normalize("NFKD", header.translate(_PLAIN))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_PLAIN)
    return " ".join(plain.casefold().split())


@dataclass(frozen=True)
class Column:
    """One column of an export. ``name`` is a tidy column, a figure of ``days``, or ``_own`` for the reader.

    ``spellings`` are every header seen for it, newest first. ``must`` columns are the format's signature.
    """

    name: str
    spellings: tuple[str, ...]
    parse: Parse = count
    must: bool = False

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Its headers, as they are compared."""
        return tuple(map(normalised, self.spellings))


def column(name: str, *spellings: str, parse: Parse = count, must: bool = False) -> Column:
    """Declare a column, in one line."""
    return Column(name, spellings, parse, must)


@dataclass(frozen=True)
class Part:
    """Rows for one tidy table, before judgement: tidy columns, ``line``, and network and account where told.

    Columns whose names begin with _ only helped to read the others, and go no further.

    ``aside``: rows that the reader itself kept aside (line, reason, excerpt). ``passed``: how many lines it
    passed over because they say nothing of their own: totals, and breakdowns of what stands elsewhere.
    ``given``: how many lines the rest came from, where ``rows`` and ``aside`` no longer tell. ``notes``: what
    whoever imports it should know, each a key under [import.note].
    """

    table: str
    rows: pd.DataFrame
    aside: pd.DataFrame = field(default_factory=lambda: nothing_aside())
    passed: int = 0
    given: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """How many lines of the file does this part stand for, header and empty lines not counted?"""
        told = len({*self.rows["line"], *self.aside["line"]}) if self.given is None else self.given
        return told + self.passed


@dataclass(frozen=True)
class Format:
    """One kind of export. ``name`` ends up in the lake and in reports.

    ``in_name`` finds ``account`` and ``observed`` (or ``until``, a period's last day) in the file's name;
    ``observed_as`` is the strptime format of these, or ``ms`` / ``s`` for an epoch. ``may_fall`` are the
    figures that can be negative. ``read`` turns an export into parts; the default reads one table per sheet.
    ``of``: the networks of which a file may be, where each says itself which (``network`` is then empty).
    ``sure`` (of SURE): how the layout is known; ``since``: from which year, or year and month, files have it.
    """

    name: str
    network: str
    table: str
    columns: tuple[Column, ...]
    in_name: str = ""
    observed_as: str = ""
    may_fall: tuple[str, ...] = ()
    recognise: "Callable[[Export, Format], bool]" = lambda export, wanted: recognised(export, wanted)
    read: "Callable[[Export, Format, Setting], Iterator[Part]]" = lambda export, wanted, setting: tables(
        export, wanted, setting
    )
    sure: str = ""
    since: str = ""
    of: tuple[str, ...] = ()

    @property
    def networks(self) -> tuple[str, ...]:
        """Of which networks may its files be? None: of any."""
        return (self.network,) if self.network else self.of


@dataclass(frozen=True)
class Header:
    """Where a header stands, and which cell is which column."""

    row: int
    cells: dict[str, int]
    width: int


def header(sheet: Sheet, columns: tuple[Column, ...]) -> Header | None:
    """The first row in which every ``must`` column stands.

    A header that stands twice says two things, and none can tell which: it is not read, unless it must be
    (then the first). Meta writes "Views" twice over figures that are not the post's views.
    """
    must = [wanted for wanted in columns if wanted.must]
    for index, places in enumerate(_beginning(sheet)):
        if all(any(head in places for head in wanted.known) for wanted in must):
            row = sheet.rows[index]
            twice = {cell for cell, times in Counter(row[:HEADER_WIDE]).items() if times > 1}
            cells = {}
            for wanted in columns:
                place = next((places[head] for head in wanted.known if head in places), None)
                if place is not None and (wanted.must or row[place] not in twice):
                    cells[wanted.name] = place
            return Header(index, cells, len(row))
    return None


_BEGINNINGS: WeakKeyDictionary[Sheet, list[dict[str, int]]] = WeakKeyDictionary()


def _beginning(sheet: Sheet) -> list[dict[str, int]]:
    """Where which header would stand, in each of the first rows; looked for once, whoever asks."""
    if sheet not in _BEGINNINGS:
        _BEGINNINGS[sheet] = [_places(row) for row in sheet.rows[:HEADER_WITHIN]]
    return _BEGINNINGS[sheet]


def _places(row: Row) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(row[:HEADER_WIDE]):
        places.setdefault(normalised(cell), place)
    return places


def opening(export: Export) -> Row:
    """The first row of a file, as headers are compared: at least one cell."""
    first = next((row for sheet in export.sheets for row in sheet.rows), [])
    return [normalised(cell) for cell in first] or [""]


def lacking(export: Export, columns: tuple[Column, ...]) -> tuple[float, list[str]]:
    """How near is an export to these columns? The best row's share, and the spellings that lack."""
    best: tuple[float, list[str]] = (0.0, [])
    must = [c for c in columns if c.must]
    for sheet in export.sheets:
        for places in _beginning(sheet):
            missing = [c.spellings[0] for c in must if not any(head in places for head in c.known)]
            share = 1 - len(missing) / len(must) if must else 0.0
            if share > best[0]:
                best = (share, missing)
    return best


def recognised(export: Export, wanted: Format) -> bool:
    """Has any sheet the format's signature?"""
    return any(having(export, wanted.columns))


def having(export: Export, columns: tuple[Column, ...]) -> Iterator[tuple[Sheet, Header]]:
    """The sheets in which these columns stand, each with its header."""
    for sheet in export.sheets:
        found = header(sheet, columns)
        if found:
            yield sheet, found


def tables(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """One part for each sheet that has the header."""
    for frame in frames(export, wanted.columns, setting):
        yield part(wanted.table, frame)


def frames(export: Export, columns: tuple[Column, ...], setting: Setting) -> Iterator[pd.DataFrame]:
    """The rows of each sheet in which these columns stand."""
    for sheet, found in having(export, columns):
        yield rows(sheet, found, columns, setting)


def rows(sheet: Sheet, found: Header, columns: tuple[Column, ...], setting: Setting) -> pd.DataFrame:
    """The cells below a header, parsed: one column per declared column found, NONSENSE where it is none.

    Also ``line``, ``excerpt`` (the row's beginning) and ``width``: NONSENSE where a row says more than the
    header has columns for. A shorter row is whole: networks leave out empty cells at its end.
    """
    below = [i for i in range(found.row + 1, len(sheet.rows)) if any(sheet.rows[i])]
    kept = [sheet.rows[i] for i in below]
    whole = all(len(row) >= found.width for row in kept)
    wide = [len(row) > found.width and any(row[found.width :]) for row in kept]
    read: dict[str, Any] = {"line": [sheet.lines[i] for i in below]}
    for wanted in columns:
        place = found.cells.get(wanted.name)
        if place is not None:
            cells = map(itemgetter(place), kept) if whole else (_cell(row, place) for row in kept)
            texts = pd.Series(list(cells), dtype="str").str.strip()
            values = wanted.parse(texts, setting)
            head = sheet.rows[found.row][place]
            if wanted.parse in _FIGURE_PARSES or wanted.name in _FIGURE_NAMES:
                spoilt = nonsense(values) & ~pd.Series(wide, dtype="bool")
                undated(zip(texts[spoilt], (sheet.lines[below[i]] for i in spoilt[spoilt].index),
                            strict=True), head, setting)  # fmt: skip
            if wanted.parse is identifier:
                urls = (_cell(row, found.cells.get("url", -1)) for row in kept)
                values = _identified(values, texts, urls, read["line"], head, setting)
            read[wanted.name] = values
    read["width"] = pd.Series([NONSENSE if w else None for w in wide], dtype="object")
    read["excerpt"] = [excerpt(row) for row in kept]
    return pd.DataFrame(read)


_FIGURE_PARSES = (count, number, percentage, seconds)
_FIGURE_NAMES = frozenset({*FIGURES, *COUNTS, "share", "score", "sessions", "conversions", "revenue"})


def undated(cells: Iterable[tuple[str, int]], header: str, setting: Setting) -> None:
    """Refuse a file of which Excel has turned figures (cell, line) into dates.

    Those that it turned can be seen; those that it turned back, or rounded, cannot.
    """
    for cell, line in cells:
        if dated(cell):
            raise CmlibError("excel_dates", file=setting.file, line=str(line), column=header, value=cell)


def _identified(
    values: Values, texts: Texts, urls: Iterable[str], lines: list[int], header: str, setting: Setting
) -> Values:
    """Ids; those that Excel has rounded (1.4E+17) from the post's address. Refused where none is left."""
    rounded = nonsense(values)
    if not rounded.any():
        return values
    told = [restored(cell, url) if bad else None for cell, url, bad in zip(texts, urls, rounded, strict=True)]
    found = values.mask(pd.Series(told, dtype="object").notna(), pd.Series(told, dtype="object"))
    if nonsense(found)[texts != ""].all():
        first = int(rounded.to_numpy().argmax())
        raise CmlibError(
            "excel_ids", file=setting.file, line=str(lines[first]), column=header, value=texts[first]
        )
    return found


def listed(records: Iterable[Mapping[str, object]], name: str = "") -> Sheet:
    """The records of a document as a table of cells, so that they are declared and parsed like any other.

    A cell for every key of any record; the line is the record's number. What is None is empty.
    """
    records = list(records)
    keys = list(dict.fromkeys(key for record in records for key in record))
    cells = [[_written(record.get(key)) for key in keys] for record in records]
    return Sheet(name, [keys, *cells], list(range(len(cells) + 1)))


def _written(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _cell(row: Row, place: int) -> str:
    return row[place] if 0 <= place < len(row) else ""


def excerpt(row: Row) -> str:
    """The beginning of a row, to be recognised by."""
    return " ".join(" | ".join(filter(None, row[:8]))[:200].split())


def part(table: str, frame: pd.DataFrame) -> Part:
    """A part from parsed rows: those with nonsense are kept aside, wide figures become rows of ``days``."""
    bad = pd.DataFrame({c: nonsense(frame[c]) for c in frame if frame[c].dtype == "object"}, frame.index)
    aside = frame.loc[bad.any(axis=1), ["line", "excerpt"]].copy()
    worst = bad[bad.any(axis=1)]
    aside["reason"] = [_reason(str(name)) for name in worst.idxmax(axis=1)] if len(worst) else ""
    good = frame[~bad.any(axis=1)].drop(columns="width")
    told = melted(good) if table == "days" else good
    return Part(table, told, aside[["line", "reason", "excerpt"]], given=frame["line"].nunique())


def without_aids(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the columns that only helped to read the others: those whose names begin with _."""
    return frame[[c for c in frame if not str(c).startswith("_")]]


def _reason(name: str) -> str:
    return "width" if name == "width" else f"nonsense:{name}"


def melted(frame: pd.DataFrame) -> pd.DataFrame:
    """A column per figure → a row per figure; what is missing has no row."""
    if "figure" in frame:
        return frame
    figures = [c for c in frame.columns if c in FIGURES]
    keys = [c for c in frame.columns if c not in figures]
    long = frame.melt(id_vars=keys, value_vars=figures, var_name="figure", value_name="value")
    return long.dropna(subset="value")


def optional(frame: pd.DataFrame, name: str) -> Values:
    """A column that a file may lack: then it says nothing in any row."""
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="object")


def set_aside(frame: pd.DataFrame, reason: str) -> pd.DataFrame:
    """These rows, as rows that are kept aside."""
    return frame[["line", "excerpt"]].assign(reason=reason)


def unused(frame: pd.DataFrame) -> Part:
    """A part of rows that say what no tidy table holds: all are kept aside."""
    return Part("days", nothing("days"), set_aside(frame, "not_used"))


def nothing(table: str) -> pd.DataFrame:
    """No row of a table."""
    return pd.DataFrame({name: [] for name in (*TABLES[table].required, "line", "excerpt")})


def nothing_aside() -> pd.DataFrame:
    """No row kept aside."""
    return pd.DataFrame({"line": [], "reason": [], "excerpt": []}).astype({"reason": "str", "excerpt": "str"})
