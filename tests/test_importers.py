"""Golden pairs: ``exports/<format>/<case>.csv`` beside ``<case>.tidy.csv``; ``pytest --update`` rewrites these.

``<case>.toml`` says what a person would: ``account``, ``observed``, or the ``name`` under which the file came.
"""

import io
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers, schema
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, words
from cmlib.importers.layout import normalised

EXPORTS = Path(__file__).parent / "exports"
CASES = sorted(p for p in EXPORTS.glob("*/*") if p.suffix != ".toml" and not p.name.endswith(".tidy.csv"))
BRAND = Brand("golden", "Golden", timezone="Europe/Paris")


def reading_of(case: Path) -> importers.Reading:
    beside = case.with_suffix(".toml")
    said = tomllib.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    file = importers.File(said.get("name", case.name), case.read_bytes)
    observed = pd.Timestamp(said["observed"], tz="UTC") if "observed" in said else None
    return importers.read(importers.open_export(file), BRAND, said.get("account", ""), observed)


def tidy(reading: importers.Reading) -> str:
    """All tables of a reading, and the rows kept aside, as one CSV without the columns that are empty."""
    tables = [frame.assign(table=name) for name, frame in reading.tables.items()]
    both = pd.concat([t.astype("object") for t in [*tables, reading.aside.assign(table="aside")]])
    both = both.drop(columns=["source", "brand"]).dropna(axis=1, how="all")
    return both.to_csv(index=False, columns=sorted(both.columns), lineterminator="\n")


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_golden(case: Path, pytestconfig: pytest.Config) -> None:
    reading = reading_of(case)
    golden = case.with_suffix(".tidy.csv")
    if pytestconfig.getoption("--update"):
        golden.write_text(tidy(reading), encoding="utf-8")
    assert reading.format == case.parent.name
    assert tidy(reading) == golden.read_text(encoding="utf-8")


def test_every_format_has_a_case_and_every_golden_file_an_export() -> None:
    assert {p.parent.name for p in CASES} == set(importers.formats())
    assert {p.with_suffix(".tidy.csv") for p in CASES} == set(EXPORTS.glob("*/*.tidy.csv"))
    assert {p.with_suffix("") for p in EXPORTS.glob("*/*.toml")} <= {p.with_suffix("") for p in CASES}


def test_rows_of_a_golden_export_are_read_in_any_order() -> None:
    """The order of rows changes nothing but the order of rows, where each row names its own day."""
    case = EXPORTS / "meta_posts_instagram" / "order_2025.csv"
    header, *lines = case.read_bytes().splitlines(keepends=True)
    turned = importers.File(case.name, lambda: header + b"".join(reversed(lines)))
    there, back = reading_of(case), importers.read(importers.open_export(turned), BRAND)
    one, other = (r.tables["posts"].drop(columns="source").sort_values("post_id") for r in (there, back))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


@pytest.mark.parametrize("name", importers.formats())
def test_a_format_is_declared_with_care(name: str) -> None:
    wanted = importers.formats()[name]
    assert wanted.table in schema.TABLES
    assert wanted.network in ("", *schema.NETWORKS)
    assert set(wanted.may_fall) <= set(schema.FIGURES)
    assert set(re.compile(wanted.in_name).groupindex) <= {"account", "observed", "until"}
    assert bool(wanted.observed_as) == ("observed" in wanted.in_name or "until" in wanted.in_name)
    spelt = [normalised(s) for c in wanted.columns for s in {normalised(s): s for s in c.spellings}.values()]
    assert len(spelt) == len(set(spelt)), "one header, two columns"
    known = {*schema.columns(wanted.table), *schema.FIGURES}
    assert all(c.name in known or c.name.startswith("_") for c in wanted.columns)
    for language in LANGUAGES:
        assert words(language)[f"format.{name}.title"]
        assert words(language)[f"format.{name}.where"]


def test_no_two_formats_bear_one_name() -> None:
    modules = [m for m in vars(importers).values() if hasattr(m, "FORMATS")]
    names = [f.name for m in modules for f in m.FORMATS]
    assert sorted(names) == sorted(importers.formats())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_keeping_a_row_aside_has_words(language: str) -> None:
    given = {r for case in CASES for r in reading_of(case).aside["reason"].str.split(":").str[0]}
    assert {*given, *importers.CHECKS} <= {
        k.removeprefix("aside.") for k in words(language) if k.startswith("aside.")
    }


def opened(text: str, name: str = "file.csv") -> importers.Export:
    return importers.open_export(importers.File(name, lambda: text.encode()))


def test_a_file_that_fits_nothing_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(CmlibError, match=r"x\.csv is no export .* meta_posts_instagram, .* lacks .*Permalink"):
        importers.identify(
            opened('"Post ID","Account ID","Account username","Publish time"\n1,2,ada,3\n', "x.csv")
        )


def test_rows_that_cannot_be_right_are_kept_aside_with_the_reason() -> None:
    head = "Post ID,Account ID,Account username,Publish time,Permalink,Views,Likes\n"
    rows = [
        "1,9,ada,01/05/2026 10:00,u,10,1",
        "2,9,ada,01/06/2026 10:00,u,-3,1",
        "3,9,ada,01/07/2030 10:00,u,10,1",
        "4,9,ada,01/08/1999 10:00,u,10,1",
        "5,9,ada,31/12/2025 10:00,u,10,1",
        "6,9,ada,01/09/2026 10:00,u,03-janv,1",
        "1,9,ada,01/05/2026 10:00,u,10,1",
        "8,9,ada,01/10/2026 10:00,u,10,1,surplus",
        ",9,ada,01/10/2026 10:00,u,10,1",
        "1.40197E+17,9,ada,01/10/2026 10:00,u,10,1",
    ]
    reading = importers.read(
        opened(head + "\n".join(rows)), BRAND, observed=pd.Timestamp("2026-02-01", tz="UTC")
    )
    assert reading.tables["posts"]["post_id"].tolist() == ["1"]
    assert dict(zip(reading.aside["line"], reading.aside["reason"], strict=True)) == {
        3: "negative",
        4: "future",
        5: "too_early",
        6: "nonsense:published_at",
        7: "nonsense:views",
        8: "repeated",
        9: "width",
        10: "lacks_value",
        11: "nonsense:post_id",
    }


def test_account_and_day_are_what_the_file_says_else_its_name_else_what_is_asked() -> None:
    text = '"Date","Video Views","Profile Views"\n"March 1","5","2"\n'
    asked = {"account": "tiktok/asked", "observed": pd.Timestamp("2026-03-05", tz="UTC")}
    named = importers.read(opened(text, "Overview_2025-03-02_1772440200_named.zip/Overview.csv"), BRAND, **asked)
    assert (named.account, named.observed_at) == ("named", pd.Timestamp("2026-03-02 08:30", tz="UTC"))
    told = importers.read(opened(text), BRAND, **asked)
    assert (told.account, told.observed_at) == ("asked", asked["observed"])
    own = Brand("golden", "Golden", accounts=(Account("tiktok", "own"), Account("tiktok", "other", rival=True)))
    assert importers.read(opened(text), own, observed=asked["observed"]).account == "own"
    with pytest.raises(CmlibError, match="--account"):
        importers.read(opened(text), BRAND, observed=asked["observed"])
    with pytest.raises(CmlibError, match="--observed"):
        importers.read(opened(text), BRAND, account="asked")


def test_a_handle_is_spelt_as_in_brand_toml() -> None:
    brand = Brand("golden", "Golden", accounts=(Account("x", "AdaTea", name="Ada's teas"),))
    text = '"Date",Impressions,Likes,Engagements,Unfollows,Reposts,Create Post\n"Tue, Aug 4, 2026",5,1,2,0,0,1\n'
    assert importers.read(opened(text), brand, account="@adatea").account == "AdaTea"


# Real exports, where they are at hand. The folder's own counts are made with pandas alone.

SHARED = Path(__file__).parents[2] / "shared" / "exports"


def real(folder: str) -> list[importers.File]:
    path = SHARED / folder
    return list(importers.walk(path)) if path.exists() else []
