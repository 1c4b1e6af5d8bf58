"""A plan as a CSV: cells that no spreadsheet takes for a formula, a number or a day, and the way back.

People write in it with Excel and LibreOffice, so reading takes what these make of it, with any separator and
any order of columns, as long as it is clear what is meant. What is not, is an error with its line and column.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.plans.rows import COLUMNS, KNOWN, NUMBERS, TEXTS, checked, new_id, ordered, wrong

NEEDED = ("when", "network")
FLAGS = {
    **dict.fromkeys(("yes", "true", "1", "oui", "vrai", "x"), True),
    **dict.fromkeys(("no", "false", "0", "non", "faux", ""), False),
}

# What a spreadsheet may take for a formula, a number or a day; and what already has the mark before it.
_TOUCHED = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r]|\d[\d\s.,:/eE-]*\Z)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:\d\d(?::\d\d)?)?", re.ASCII
)
_Lines = list[tuple[int, list[str]]]  # the number of a line and its cells


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────


def written(rows: pd.DataFrame) -> bytes:
    """The rows of a plan as a file: UTF-8, commas, moments with their offset."""
    file = io.StringIO()
    sheet = csv.writer(file, lineterminator="\n")
    sheet.writerow(COLUMNS)
    sheet.writerows(cells(rows))
    return file.getvalue().encode("utf-8")


def cells(rows: pd.DataFrame) -> list[tuple[str, ...]]:
    """The cells of each row, in the order of COLUMNS."""
    moments = pd.DatetimeIndex(rows["when"]).to_pydatetime()
    values = {name: rows[name].to_numpy(dtype=object) for name in COLUMNS} | {"when": moments}
    said = [map(_writer(name), values[name]) for name in COLUMNS]
    return list(zip(*said, strict=True))


def _writer(name: str) -> Callable[[Any], str]:
    if name in TEXTS:
        return _defused
    return {"when": _stamp, "fixed": lambda said: "yes" if said else "no"}.get(name, _figure)


def _defused(said: str) -> str:
    return f"'{said}" if said and _TOUCHED.match(said) else said


def _stamp(when: datetime) -> str:
    return when.isoformat(timespec="microseconds" if when.second or when.microsecond else "minutes")


def _figure(value: float) -> str:
    return "" if value != value else str(int(value)) if value == int(value) else repr(float(value))


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────


def parsed(data: bytes, who: Brand, path: Path) -> pd.DataFrame:
    """The rows that a file holds, by their time. CmlibError with line and column for what cannot be."""
    header, lines, comma = _table(_decoded(data, path), path)

    def place(n: int) -> str:
        return t("error.at_line", file=str(path), line=str(lines[n][0]) if lines else "1")

    said = {name: [row[at] for _, row in lines] for at, name in enumerate(header) if name}
    for name in NEEDED:
        if name not in said:
            raise CmlibError("plan_lacks", where=place(0), column=name, columns=list(COLUMNS))
    made: dict[str, list[Any]] = {}
    for name, column in said.items():
        read = _reader(name, who.zone, comma)
        made[name] = [read(cell, place, n) for n, cell in enumerate(column)]
    made["account"] = accounts(made["network"], made.get("account", [""] * len(lines)), who)
    made["slot_id"] = _names(made)
    when = pd.DatetimeIndex(pd.to_datetime(made["when"], utc=True)).as_unit("us")
    return ordered(checked(pd.DataFrame(made | {"when": when}), who.zone, place))


def _decoded(data: bytes, path: Path) -> str:
    """Text in UTF-8, or as Excel's Unicode text; of another encoding letters may be lost already."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise CmlibError("plan_not_utf8", file=str(path)) from None
    return text.removeprefix("\ufeff")


def _table(text: str, path: Path) -> tuple[list[str], _Lines, bool]:
    """The columns, the lines that say something, and whether a comma may stand in a number."""
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"sep=(.)\r?", first, re.IGNORECASE)
    body, begun = (rest, 2) if told else (text, 1)
    head = body.partition("\n")[0].casefold()
    mark = told[1] if told else max(",;\t", key=lambda one: len(set(_split(head, one)) & set(COLUMNS)))
    lines = [(n, row) for n, row in _read(body, mark, begun, path) if any(map(str.strip, row))]
    header = [name.strip().casefold() for name in lines[0][1]] if lines else list(COLUMNS)
    _columns(header, t("error.at_line", file=str(path), line=str(begun)))
    gaps = "" in header
    for n, row in lines:
        if any(cell.strip() for cell in row[len(header) :]) or (gaps and _unnamed(header, row)):
            raise CmlibError("plan_wide", where=t("error.at_line", file=str(path), line=str(n)))
    width = len(header)
    return header, [(n, row[:width] + [""] * (width - len(row))) for n, row in lines[1:]], mark != ","


def _split(head: str, mark: str) -> list[str]:
    return [cell.strip(' "\r') for cell in head.split(mark)]


def _unnamed(header: list[str], row: list[str]) -> bool:
    return any(cell.strip() and not name for name, cell in zip(header, row, strict=False))


def _read(text: str, mark: str, begun: int, path: Path) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    line = begun
    try:
        for row in rows:
            yield line, row
            line = begun + rows.line_num
    except csv.Error as problem:
        raise CmlibError("plan_quotes", file=str(path), line=str(line), problem=str(problem)) from None


def _columns(header: list[str], where: str) -> None:
    named = [name for name in header if name]
    for name in named:
        if name not in COLUMNS:
            raise unknown("column", name, COLUMNS, where)
        if named.count(name) > 1:
            raise CmlibError("plan_column_twice", where=where, column=name)


_Reader = Callable[[str, Callable[[int], str], int], Any]


def _reader(name: str, zone: ZoneInfo, comma: bool) -> _Reader:
    """How a cell of this column is read: cell, place and row → value."""
    if name == "when":
        return lambda cell, place, n: _moment(cell.strip(), zone, place, n)
    if name in (*NUMBERS, "sequence"):
        return lambda cell, place, n: _number(name, cell, comma, place, n)
    if name == "fixed":
        return _flag
    if name in KNOWN:
        return lambda cell, place, n: cell.strip().casefold()
    return lambda cell, place, n: cell[1:] if cell[:1] == "'" and _TOUCHED.match(cell) else cell


def _moment(cell: str, zone: ZoneInfo, place: Callable[[int], str], n: int) -> datetime:
    found = _MOMENT.fullmatch(cell)
    try:
        local = datetime.fromisoformat(found[1]) if found else None
        when = datetime.fromisoformat(found[1] + found[2]) if found and found[2] else None
    except ValueError:  # 31 February
        local = when = None
    if local is None:
        raise wrong("when", repr(cell), "plan_when", place(n))
    said = when.utcoffset() if when else None
    moments = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    there = [one for one in moments if one.astimezone(zone).replace(tzinfo=None) == local]
    if when and (when.astimezone(UTC) in there or cell.endswith("Z") or said not in _offsets(local, zone)):
        return when.astimezone(UTC)
    if when or len(there) != 1:  # a clock that is changed shows some times twice, and some never
        offsets = [one.astimezone(zone).isoformat(timespec="minutes") for one in sorted(there or moments)]
        expected = t("error.type.plan_clock", zone=str(zone), moments=offsets)
        raise CmlibError("wrong_value", key="when", value=repr(cell), expected=expected, where=place(n))
    return there[0]


def _offsets(local: datetime, zone: ZoneInfo) -> set[Any]:
    """Those of the zone's summer and winter: one that is not of the day was left behind when it was moved."""
    return {datetime(local.year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}


def _number(name: str, cell: str, comma: bool, place: Callable[[int], str], n: int) -> float:
    plain = re.sub(r"\s", "", cell)
    plain = plain.replace(",", ".") if comma and "." not in plain else plain
    if plain and not _NUMBER.fullmatch(plain):
        raise wrong(name, repr(cell), "plan_count" if name == "sequence" else "amount", place(n))
    return float(plain) if plain else np.nan


def _flag(cell: str, place: Callable[[int], str], n: int) -> bool:
    if cell.strip().casefold() not in FLAGS:
        raise wrong("fixed", repr(cell), "plan_flag", place(n))
    return FLAGS[cell.strip().casefold()]


def accounts(networks: Iterable[str], said: Iterable[str], who: Brand) -> list[str]:
    """The account of each slot: who says none means the only one that there is."""
    pairs = list(zip(networks, said, strict=True))
    own = {network: [one.handle for one in who.own(network)] for network, _ in pairs}
    only = {network: handles[0] for network, handles in own.items() if len(handles) == 1}
    return [one or only.get(network, "") for network, one in pairs]


def _names(made: dict[str, list[Any]]) -> list[str]:
    """Rows that people added get a name, the same at each reading."""
    said = list(made.get("slot_id", [""] * len(made["when"])))
    taken = set(said)
    for n, name in enumerate(said):
        if not name:
            about = [
                made[key][n]
                for key in ("network", "account", "when", "piece", "title", "text")
                if key in made
            ]
            said[n] = new_id(taken, *about)
            taken.add(said[n])
    return said
