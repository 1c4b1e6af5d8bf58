"""How a format of one's own is declared, and how a file that fits it becomes parts like any other's."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Sheet
from cmlib.importers.known.generic import bounded
from cmlib.importers.layout import (
    Column,
    Format,
    Header,
    Part,
    column,
    excerpt,
    having,
    header,
    listed,
    melted,
    normalised,
    nothing_aside,
    part,
    rows,
)
from cmlib.importers.own import readers
from cmlib.importers.values import NONSENSE, Setting, needed, text, zoned_instant

WIDE = ("days", "totals")  # where a figure may be a column
UNIQUE = (  # never added up
    "reach", "viewers", "visitors", "users", "new_users", "returning_users", "followers",
)  # fmt: skip
EXPORTED = "exported"  # said instead of a day: the one on which the file was exported
DEEP = 5  # levels of a document in which lists of records, and values inside them, are looked for


@dataclass(frozen=True)
class Taken:
    """From which headers a tidy column is taken, and how it is read.

    ``headers``: every spelling of it. ``beside``: headers whose cells follow, after a space: an hour.
    """

    headers: tuple[str, ...]
    reader: readers.Reader
    beside: tuple[str, ...] = ()
    optional: bool = False
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Own:
    """A format of one's own, as its TOML says it."""

    name: str
    table: str
    title: str = ""
    network: str = ""
    account: str = ""
    sheet: str = ""
    records: tuple[str, ...] | None = None
    decimal: str = ""
    zone: str = ""
    skip: int = 0
    summed: bool = False
    only: tuple[str, ...] = ()  # how the digests of the only files begin that it is for
    left_out: tuple[str, ...] = ()
    constants: Mapping[str, object] = field(default_factory=dict)
    columns: Mapping[str, Taken] = field(default_factory=dict)


def signature(own: Own) -> tuple[Column, ...]:
    """Every header that a file must have, used or not, and those that it may have."""
    columns: list[Column] = []
    for name, taken in own.columns.items():
        must = not taken.optional
        if taken.beside:
            columns.append(column(f"_{name}", *taken.headers, parse=text, must=must))
            columns += [
                column(f"_{name}_{n}", one, parse=text, must=must) for n, one in enumerate(taken.beside)
            ]
        elif taken.headers:
            columns.append(column(name, *taken.headers, parse=readers.parse(name, taken.reader), must=must))
    columns += [column(f"_left_out_{n}", one, parse=text, must=True) for n, one in enumerate(own.left_out)]
    return tuple(columns)


def sheets(export: Export, records: Sequence[str] | None = None) -> tuple[Sheet, ...]:
    """The tables of a file: its sheets, or a list of records in its document, the longest if none is said."""
    if export.document is None:
        return export.sheets if records is None else ()
    for path, some in record_lists(export.document):
        if records is None or path == tuple(records):
            return (listed([dict(_flat(one)) for one in some], ".".join(path)),)
    return ()


def record_lists(document: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], list[Any]]]:
    """The lists of records in a document, with the keys that lead there; the longest first."""
    found: list[tuple[tuple[str, ...], list[Any]]] = []
    if isinstance(document, list):
        some = [one for one in document if isinstance(one, dict)]
        found += [(path, some)] if some and len(some) == len(document) else []
    elif isinstance(document, dict) and len(path) < DEEP:
        for key, value in document.items():
            found += record_lists(value, (*path, str(key)))
    return sorted(found, key=lambda one: -len(one[1]))


def _flat(record: Mapping[str, Any], before: str = "", deep: int = 0) -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if isinstance(value, dict) and deep < DEEP:
            yield from _flat(value, f"{before}{key}.", deep + 1)
        elif not isinstance(value, list | dict):
            yield f"{before}{key}", value


def recognise(own: Own, export: Export, wanted: Format) -> bool:
    """Has any sheet that is meant all the headers?"""
    return next(_having(own, export, wanted), None) is not None


def _having(own: Own, export: Export, wanted: Format) -> Iterator[tuple[Sheet, Header]]:
    if not any(c.must for c in wanted.columns):  # no header says that it is this one
        return
    if own.only and not export.digest.startswith(own.only):
        return
    meant = replace(export, sheets=sheets(export, own.records))
    for sheet, found in having(meant, wanted.columns):
        if not own.sheet or normalised(sheet.name) == normalised(own.sheet):
            yield sheet, found


def read(own: Own, export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """A part for each sheet."""
    for sheet, found in _having(own, export, wanted):
        data = range(found.row + 1, len(sheet.rows))
        skipped = [i for i in data if any(sheet.rows[i])][: own.skip]
        below = [i for i in data if i not in skipped]
        adding = [below[n] for n in readers.totals([sheet.rows[i] for i in below])]
        kept = [i for i in range(len(sheet.rows)) if i not in {*skipped, *adding}]
        meant = Sheet(sheet.name, [sheet.rows[i] for i in kept], [sheet.lines[i] for i in kept])
        again = header(meant, wanted.columns)
        assert again
        frame = rows(meant, again, wanted.columns, setting)
        told = part(own.table, bounded(_completed(own, frame, export.digest, setting)))
        if own.table == "totals":
            told = replace(told, rows=melted(told.rows))
        told = replace(told, rows=_summed(told.rows) if own.summed else told.rows, passed=len(skipped))
        if adding:
            why = [(sheet.lines[i], "total", excerpt(sheet.rows[i])) for i in adding]
            more = pd.DataFrame(why, columns=[*nothing_aside()])
            aside = pd.concat([told.aside, more]) if len(told.aside) else more
            told = replace(told, aside=aside, given=(told.given or 0) + len(adding))
        yield told


def _completed(own: Own, frame: pd.DataFrame, digest: str, setting: Setting) -> pd.DataFrame:
    """With what is the same in all rows, what stands in several columns, and ids that are made."""
    for name, taken in own.columns.items():
        if taken.beside and f"_{name}" in frame:
            frame[name] = readers.parse(name, taken.reader)(_together(frame, name, taken), setting)
    for name, value in own.constants.items():
        frame[name] = _same(value, name, frame.index, setting)
    if own.account and "account" not in frame:
        frame["account"] = own.account
    if "network" in frame:
        frame["network"] = needed(frame["network"])
    if own.table == "messages" and "incoming" not in frame and "author" in frame:
        frame["incoming"] = [None if a is None else not setting.brand.speaks(str(a)) for a in frame["author"]]
    for name, taken in own.columns.items():
        if taken.reader.reads == "made":
            frame[name] = _ids(frame, taken.of, digest)
    return frame


def _together(frame: pd.DataFrame, name: str, taken: Taken) -> pd.Series:
    cells = [frame[f"_{name}"], *(frame[f"_{name}_{n}"] for n in range(len(taken.beside)))]
    joined = [" ".join(str(c) for c in row if c is not None) for row in zip(*cells, strict=True)]
    return pd.Series(joined, index=frame.index, dtype="str")


def _same(value: object, name: str, index: pd.Index, setting: Setting) -> pd.Series:
    """A column of one value; a day is its midnight where the brand is, as any of which no hour is known."""
    if value == EXPORTED:
        if setting.observed is None:
            raise CmlibError("observed_needed", file=setting.file)
        value = setting.observed.tz_convert(setting.zone).date()
    if isinstance(value, date):
        if readers.known(name)[0] == "instant":
            clock = "%Y-%m-%dT%H:%M:%S" if isinstance(value, datetime) else "%Y-%m-%d"
            texts = pd.Series(f"{value:{clock}}", index=index, dtype="str")
            return zoned_instant("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")(texts, setting).astype("object")
        value = pd.Timestamp(value)
    return pd.Series([value] * len(index), index=index, dtype="object")


def _ids(frame: pd.DataFrame, of: Iterable[str], digest: str) -> pd.Series:
    """An id made of what does not change from export to export, and a number among equals; else of the line.

    An id of the line is the file's own, so that another file never writes over its rows.
    """
    made_of = [name for name in of if name in frame]
    if not made_of:
        return pd.Series(
            [f"{digest[:12]}-{line}" for line in frame["line"]], index=frame.index, dtype="object"
        )
    said = [
        "\x1f".join("" if one is NONSENSE or one is None or pd.isna(one) else str(one) for one in row)
        for row in zip(*(frame[name] for name in made_of), strict=True)
    ]
    keys = pd.Series(said, index=frame.index, dtype="object")
    nth = keys.groupby(keys).cumcount()
    ids = [
        hashlib.sha256(f"{key}\x1e{n}".encode()).hexdigest()[:16] for key, n in zip(keys, nth, strict=True)
    ]
    return pd.Series(ids, index=frame.index, dtype="object")


def _summed(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of one day, or of one period, added up for each figure; the first line stands for them all.

    What counts people only once is no sum: of that the first row stays, and others are kept aside later.
    """
    keys = [k for k in ("network", "account", "date", "since", "until", "figure") if k in frame]
    alone = frame["figure"].isin(UNIQUE)
    rest: dict[str, Any] = {str(c): "first" for c in frame if c not in (*keys, "value")}
    some = frame[~alone].assign(value=pd.to_numeric(frame["value"]))
    added = some.groupby(keys, sort=False, dropna=False, as_index=False).agg(rest | {"value": "sum"})
    return pd.concat([frame[alone], added], ignore_index=True)
