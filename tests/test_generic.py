"""Our own CSV: mistakes in the header are errors that name the nearest, each table can be written by hand."""

import re

import pandas as pd
import pytest

from cmlib import importers, schema
from cmlib.brand import Brand, Desk
from cmlib.errors import CmlibError
from cmlib.importers.known import generic

BRAND = Brand("ada", "Ada", timezone="Europe/Paris", messages=Desk(keep_texts=True))


def read(text: str, name: str = "noted.csv") -> importers.Reading:
    return importers.read(importers.open_export(importers.File(name, text.encode)), BRAND)


def test_the_example_of_the_docstring_is_read_whole() -> None:
    example = "\n".join(re.findall(r"^    (.*)$", generic.__doc__ or "", re.MULTILINE))
    reading = read(example, "rivals_2026-11-02.csv")
    assert {name: len(rows) for name, rows in reading.tables.items()} == {"posts": 3, "days": 2, "totals": 1}
    assert (reading.lines, len(reading.aside)) == (6, 0)
    assert reading.observed_at == pd.Timestamp("2026-11-02 12:00", tz="UTC")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table,network,account,datte\ndays,x,a,2026-10-01\n", "'datte'.*Nearest: date"),
        ("table,network,account,source\nmessages,x,a,Bob\n", "'source'"),
        ("table,network,account,date,figure\ndays,x,a,2026-10-01,views\n", "days need the columns value"),
        ("table,network,account,date\nday,x,a,2026-10-01\n", "'day'.*Nearest: days"),
        ("table,network,account,date\n", "empty"),
    ],
)
def test_a_mistake_in_the_header_is_an_error(text: str, said: str) -> None:
    with pytest.raises(CmlibError, match=said):
        read(text)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-10-03", "2026-10-02T22:00Z"),
        ("2026-10-03T18:05", "2026-10-03T16:05Z"),
        ("2026-10-03 18:05:30", "2026-10-03T16:05:30Z"),
        ("2026-10-03T18:05Z", "2026-10-03T18:05Z"),
        ("2026-10-03T18:05:00-04:00", "2026-10-03T22:05Z"),
        ("2025-12-03 18:05+0100", "2025-12-03T17:05Z"),
    ],
)
def test_instants_are_the_brand_s_unless_they_name_their_zone(written: str, instant: str) -> None:
    posts = read(f"table,network,account,post_id,published_at\nposts,x,a,1,{written}\n").tables["posts"]
    assert posts["published_at"].tolist() == [pd.Timestamp(instant)]


@pytest.mark.parametrize("table", schema.TABLES)
def test_every_column_of_every_table_can_be_noted(table: str) -> None:
    """But for who and whence: the brand and the file are known, and names of people stay out."""
    names = [name for name in schema.columns(table) if name not in generic._NOT_READ]
    samples = {
        schema.COUNT: "3", schema.NUMBER: "0.5", schema.TEXT: "word", schema.FLAG: "true",
        schema.DAY: "2026-10-01", schema.INSTANT: "2026-10-01T10:00",
    }  # fmt: skip
    dtypes = schema.columns(table)
    cells = [samples.get(dtypes[n]) or dtypes[n].categories[0] for n in names]
    cells = ["7" if n == "score" else cell for n, cell in zip(names, cells, strict=True)]
    rows = read(f"table,{','.join(names)}\n{table},{','.join(cells)}\n").tables[table]
    assert len(rows) == 1
    assert rows[names].notna().all(axis=None)


def test_a_post_seen_twice_keeps_both_sightings() -> None:
    head = "table,network,account,post_id,published_at,reactions,observed_at\n"
    reading = read(
        head + "posts,x,a,1,2026-10-01,10,2026-10-02\nposts,x,a,1,2026-10-01,30,2026-10-09\n"
        "posts,x,a,2,2026-10-01,5,2062-10-09\n"
    )
    assert reading.tables["posts"]["reactions"].tolist() == [10, 30]
    assert reading.aside["reason"].tolist() == ["future"]
    assert reading.observed_at == pd.Timestamp("2026-10-08T22:00Z")
