"""cmlib's own CSV: for figures noted by hand, of rivals too, and for tools whose exports are not known here.

The first column is ``table``; the others are named as in schema.py, in any order, and only those that are
needed. Several tables may share a file: what is no column of a row's table stays empty in that row.

    table,network,account,date,since,until,figure,value,post_id,published_at,kind,reactions,comments
    days,instagram,rival.one,2026-10-01,,,followers,21400,,,,,
    days,instagram,rival.one,2026-10-31,,,followers,21960,,,,,
    totals,instagram,rival.two,,2026-10-01,2026-10-31,posts,14,,,,,
    posts,instagram,rival.one,,,,,,C9xQ2,2026-10-03T18:05,carousel,412,37
    posts,instagram,rival.one,,,,,,C9yB7,2026-10-05T12:00+02:00,short_video,980,
    posts,facebook,Rival One,,,,,,1204,2026-10-06,image,55,4

- Comma, semicolon or tab; UTF-8, or what Excel writes. An empty cell is missing, which is not zero.
- Days are 2026-10-03. Instants are 2026-10-03T18:05 (or with a space, with seconds): in the brand's zone
  unless they end in Z or an offset. An instant of which only the day is known is that day.
- A figure of ``days`` is of that day; one of ``totals`` is added up from ``since`` to ``until``, both
  included.
- Decimals are 0.25 or 0,25. Shares of an audience are fractions of 1, watch_seconds are seconds, flags (paid,
  incoming) are true or false, questions are nps (0 to 10) and csat (1 to 5).
- Networks, kinds, figures, dimensions: the lists in schema.py. A row with any other is kept aside.
- ``observed_at``, if there, is when the row was seen. Else that is the day in the file's name
  (rivals_2026-11-02.csv), the one asked for, or the last day in the file, whichever is latest.
- ``account`` may be left empty where the brand has one account on the network.
- A line that begins with # is an example or a remark, and passed over.

A column that is none is an error, which names the nearest. So is ``source``: the import itself writes where a
row is from. An ``author`` of messages becomes a keyed mark, as in every import, and their ``text`` is kept
only if brand.toml says so.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib import schema
from cmlib.errors import CmlibError, unknown
from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.known.questions import SCALES
from cmlib.importers.layout import (
    Format,
    Part,
    column,
    excerpt,
    header,
    opening,
    part,
    rows,
)
from cmlib.importers.values import (
    NONSENSE,
    Parse,
    Setting,
    Texts,
    Values,
    count,
    day,
    needed,
    number,
    one_of,
    text,
    zoned_instant,
)

_INSTANT = zoned_instant(
    "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"
)
_FLAG = one_of(
    {"true": True, "yes": True, "oui": True, "vrai": True, "1": True}
    | {"false": False, "no": False, "non": False, "faux": False, "0": False}
)
_PARSES: dict[str, Parse] = {
    schema.COUNT: count,
    schema.NUMBER: number,
    schema.TEXT: text,
    schema.FLAG: _FLAG,
    schema.DAY: day("%Y-%m-%d"),
    schema.INSTANT: _INSTANT,
}
_NOT_READ = ("brand", "source", "shown", "language", "feeling")  # the import finds them out


def _parse(dtype: schema.Dtype) -> Parse:
    if isinstance(dtype, pd.CategoricalDtype):
        return one_of({str(level): level for level in dtype.categories})
    return _PARSES[dtype]


_TABLE = column("_table", "table", parse=text, must=True)
_ALL = {
    name: column(name, name, parse=_parse(dtype))
    for table in schema.TABLES
    for name, dtype in schema.columns(table).items()
    if name not in _NOT_READ
}


def _stray(texts: Texts, _: Setting) -> Values:
    """What stands in a column of another table."""
    return texts.map(lambda cell: NONSENSE if cell else None).astype("object")


def _is_generic(export: Export, wanted: Format) -> bool:
    """Is the first column called table, and another as in schema.py?"""
    first, *others = opening(export)
    return first == "table" and not _ALL.keys().isdisjoint(others)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """A part for each table that the file speaks of; rows of no table are kept aside."""
    for name in opening(export)[1:]:
        if name and name not in _ALL:
            raise unknown("column", name, _ALL, export.name)
    sheet = export.sheets[0]
    head, *whole = [(row, n) for row, n in zip(sheet.rows, sheet.lines, strict=True) if any(row)]
    lines = [(row, n) for row, n in whole if not row[0].lstrip().startswith("#")]
    if not lines:
        raise CmlibError("template_untouched" if whole else "empty_file", file=export.name)
    of_table: dict[str, list[tuple[Row, int]]] = {table: [] for table in schema.TABLES}
    lost: list[tuple[Row, int]] = []
    for row, line in lines:
        of_table.get(row[0].strip().casefold(), lost).append((row, line))
    if len(lost) == len(lines):
        raise unknown("table", lost[0][0][0], schema.TABLES, export.name)
    parts = [_part(table, [head, *rows_], setting) for table, rows_ in of_table.items() if rows_]
    if lost:
        strays = [(line, "nonsense:table", excerpt(row)) for row, line in lost]
        aside = pd.DataFrame(strays, columns=["line", "reason", "excerpt"])
        parts[0] = replace(
            parts[0], aside=pd.concat([parts[0].aside, aside]), given=(parts[0].given or 0) + len(lost)
        )
    parts[0] = replace(parts[0], passed=len(whole) - len(lines))
    yield from parts


def _part(table: str, lines: list[tuple[Row, int]], setting: Setting) -> Part:
    """The rows of one table. What stands in a column of another table puts its row aside."""
    own = [c for name, c in _ALL.items() if name in schema.columns(table)]
    others = [column(f"_{name}", name, parse=_stray) for name in _ALL if name not in schema.columns(table)]
    sheet = Sheet("", [row for row, _ in lines], [line for _, line in lines])
    found = header(sheet, (_TABLE, *own, *others))
    assert found
    missing = [name for name in schema.TABLES[table].required if name not in found.cells]
    if missing:
        raise CmlibError("generic_columns", file=setting.file, table=table, columns=missing)
    frame = rows(sheet, found, (_TABLE, *own, *others), setting)
    if "network" in frame:
        frame["network"] = needed(frame["network"])
    read = part(table, bounded(frame))
    reasons = read.aside["reason"].str.replace("nonsense:_", "elsewhere:")
    return replace(read, aside=read.aside.assign(reason=reasons))


def bounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Which values can be: shares above 1 and scores off their scale are nonsense."""
    bounded = frame.copy()
    if "share" in frame:
        bounded["share"] = frame["share"].map(lambda v: NONSENSE if isinstance(v, float) and v > 1 else v)
    if "score" in frame:
        pairs = zip(frame["question"], frame["score"], strict=True)
        scores = [score if _on_scale(question, score) else NONSENSE for question, score in pairs]
        bounded["score"] = pd.Series(scores, index=frame.index, dtype="object")
    return bounded


def _on_scale(question: object, score: object) -> bool:
    low, high = SCALES.get(str(question), (-math.inf, math.inf))
    return not isinstance(score, float) or low <= score <= high


FORMATS = (
    Format(
        "generic", "", "posts", (_TABLE,), r"(?P<until>\d{4}-\d{2}-\d{2})(?!.*\d{4}-\d{2}-\d{2})",
        "%Y-%m-%d", recognise=_is_generic, read=_read, sure="docs", since="2026-11",
    ),
)  # fmt: skip
