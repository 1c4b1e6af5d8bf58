"""Golden pairs: ``exports/<format>/<case>.csv`` beside ``<case>.tidy.csv``, which --update rewrites.

``<case>.toml`` says what a person would: ``account``, ``observed``, or the ``name`` with which the file came;
and what brand.toml says of messages (``voices``, ``keep_texts``) and of surveys (``surveys``).
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers, schema
from cmlib.brand import Account, Brand, Desk
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, words
from cmlib.importers import known
from cmlib.importers.checks import CHECKS
from cmlib.importers.layout import SURE, normalised

EXPORTS = Path(__file__).parent / "exports"
CASES = sorted(p for p in EXPORTS.glob("*/*") if p.suffix != ".toml" and not p.name.endswith(".tidy.csv"))
BRAND = Brand("golden", "Golden", timezone="Europe/Paris")


@cache
def reading_of(case: Path) -> importers.Reading:
    beside = case.with_suffix(".toml")
    said = tomllib.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    file = importers.File(said.get("name", case.name), case.read_bytes)
    observed = pd.Timestamp(said["observed"], tz="UTC") if "observed" in said else None
    desk = Desk(said.get("keep_texts", False), tuple(said.get("voices", ())))
    brand = replace(BRAND, messages=desk, surveys=said.get("surveys", {}))
    return importers.read(importers.open_export(file), brand, said.get("account", ""), observed)


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
    assert wanted.sure in SURE and re.fullmatch(r"\d{4}(-\d\d)?", wanted.since)
    assert set(wanted.of) <= set(schema.NETWORKS) and not (wanted.of and wanted.network)
    assert set(re.compile(wanted.in_name).groupindex) <= {"account", "observed", "until"}
    assert bool(wanted.observed_as) == ("observed" in wanted.in_name or "until" in wanted.in_name)
    spelt = [normalised(s) for c in wanted.columns for s in {normalised(s): s for s in c.spellings}.values()]
    assert len(spelt) == len(set(spelt)), "one header, two columns"
    known = {*schema.columns(wanted.table), *schema.FIGURES}
    assert all(c.name in known or c.name.startswith("_") for c in wanted.columns)
    for language in LANGUAGES:
        assert words(language)[f"format.{name}.title"]
        assert words(language)[f"format.{name}.where"]


def test_no_network_is_left_without_a_word() -> None:
    """Each has a format, or words on what there is instead; the README's table names them all."""
    served = {network for one in importers.formats().values() for network in one.networks}
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| network or tool |")[2].partition("\n\n")[0]
    for network in schema.NETWORKS:
        for language in LANGUAGES:
            assert (network in served) != (f"formats.none.{network}" in words(language)), network
        assert network == "web" or words("en")[f"network.{network}"] in table, network


def test_no_two_formats_bear_one_name() -> None:
    modules = [m for m in vars(known).values() if hasattr(m, "FORMATS")]
    names = [f.name for m in modules for f in m.FORMATS]
    assert sorted(names) == sorted(importers.formats())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_keeping_a_row_aside_has_words(language: str) -> None:
    given = {r for case in CASES for r in reading_of(case).aside["reason"].str.split(":").str[0]}
    assert {*given, *CHECKS} <= {k.removeprefix("aside.") for k in words(language) if k.startswith("aside.")}


def opened(text: str, name: str = "file.csv") -> importers.Export:
    return importers.open_export(importers.File(name, lambda: text.encode()))


def test_a_file_that_fits_nothing_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(
        CmlibError, match=r"x\.csv is not an export .* meta_\w+_instagram, .* lacks .*Permalink"
    ):
        importers.identify(
            opened('"Post ID","Account ID","Account username","Publish time"\n1,2,ada,3\n', "x.csv")
        )


def test_a_file_that_has_nothing_of_any_format_is_refused() -> None:
    with pytest.raises(CmlibError, match=r"x\.csv is not an export that cmlib knows\. `cm formats`"):
        importers.identify(opened("alpha,beta\n1,2\n", "x.csv"))


def test_rows_that_cannot_be_right_are_kept_aside_with_the_reason() -> None:
    head = "Post ID,Account ID,Account username,Publish time,Permalink,Views,Likes\n"
    rows = [
        "1,9,ada,01/05/2026 10:00,u,10,1",
        "2,9,ada,01/06/2026 10:00,u,-3,1",
        "3,9,ada,01/07/2030 10:00,u,10,1",
        "4,9,ada,01/08/1999 10:00,u,10,1",
        "5,9,ada,12/32/2025 10:00,u,10,1",
        "6,9,ada,01/09/2026 10:00,u,3.5,1",
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
    named = importers.read(
        opened(text, "Overview_2025-03-02_1772440200_named.zip/Overview.csv"), BRAND, **asked
    )
    assert (named.account, named.observed_at) == ("named", pd.Timestamp("2026-03-02 08:30", tz="UTC"))
    told = importers.read(opened(text), BRAND, **asked)
    assert (told.account, told.observed_at) == ("asked", asked["observed"])
    own = Brand(
        "golden", "Golden", accounts=(Account("tiktok", "own"), Account("tiktok", "other", rival=True))
    )
    assert importers.read(opened(text), own, observed=asked["observed"]).account == "own"
    with pytest.raises(CmlibError, match="--account"):
        importers.read(opened(text), BRAND, observed=asked["observed"])
    with pytest.raises(CmlibError, match="--observed"):
        importers.read(opened(text), BRAND, account="asked")


def test_a_handle_is_spelt_as_in_brand_toml() -> None:
    brand = Brand("golden", "Golden", accounts=(Account("x", "AdaTea", name="Ada's teas"),))
    text = (
        '"Date",Impressions,Likes,Engagements,Unfollows,Reposts,Create Post\n"Tue, Aug 4, 2026",5,1,2,0,0,1\n'
    )
    assert importers.read(opened(text), brand, account="@adatea").account == "AdaTea"


# Real exports, where they are at hand beside the checkout; their own counts are made without cmlib.

SHARED = Path(__file__).parents[2] / "shared" / "exports"
FOLDERS = ("meta", "youtube", "linkedin", "tiktok", "twitter", "ga4", "twitch")


def real_exports() -> Iterator[importers.Export]:
    for folder in FOLDERS:
        path = SHARED / folder
        yield from map(importers.open_export, importers.walk(path) if path.exists() else ())


def test_every_real_export_is_claimed_by_exactly_one_format() -> None:
    known = importers.formats().values()
    for file in importers.walk(SHARED) if SHARED.exists() else ():
        if file.name != "SOURCES.md":
            export = importers.open_export(file)
            assert len([one.name for one in known if one.recognise(export, one)]) == 1, export.name


def real_reading(export: importers.Export) -> importers.Reading:
    account = "acme" if importers.identify(export).network else "facebook/acme,instagram/acme"
    return importers.read(export, BRAND, account, pd.Timestamp("2026-02-28", tz="UTC"))


MARKS = {b"\xff\xfe": "utf-16", b"\xef\xbb\xbf": "utf-8-sig", b"Date,Lifetime": "cp1252", b"": "utf-8"}


def records(path: Path) -> list[list[str]]:
    """What Python's own csv module finds in a file, without empty lines, comments and descriptions."""
    data = path.read_bytes()
    text = data.decode(next(e for mark, e in MARKS.items() if data.startswith(mark)))
    delimiter = "\t" if text.startswith("sep=\t") else ","
    found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    kept = [row for row in found if any(row) and not row[0].startswith(("#", "sep="))]
    return [row for row in kept if row[0] or not any(c.startswith(("Lifetime: ", "Daily: ")) for c in row)]


def own_count(path: Path) -> int:
    """How many rows of data has a file, by its own account?"""
    if path.suffix in (".xls", ".xlsx"):
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine="calamine").values()
        filled = [sheet.dropna(how="all").reset_index(drop=True) for sheet in sheets]
        return sum(len(sheet) - 1 - int(sheet.notna().sum(axis=1).gt(1).idxmax()) for sheet in filled)
    found = records(path)
    dated = [row for row in found if re.match(r"\d{4}-\d\d-\d\dT", row[0])]
    return len(dated) or len(found) - 1


def test_every_row_of_the_real_exports_is_read_kept_aside_or_passed_over() -> None:
    for export in real_exports():
        reading = real_reading(export)
        path = next(p for folder in FOLDERS for p in [SHARED / folder / export.name] if p.exists())
        if reading.format == "meta_audience":  # several shares stand on one line
            shares = [c for row in records(path) for c in row if re.fullmatch(r"[\d.]+%?", c)]
            assert sum(map(len, reading.tables.values())) == len(shares), export.name
            continue
        assert reading.lines == own_count(path), export.name
        if set(reading.tables) == {"posts"}:
            rows = len(reading.tables["posts"]) + len(reading.aside) + reading.passed
            assert rows == own_count(path), export.name


SUMS = (  # file, its own column, tidy table, tidy column or figure
    ("meta/oigetit/facebook_Jan-14-2025_*.csv", "Views", "posts", "views"),
    ("meta/oigetit/facebook_Jan-14-2025_*.csv", "Reach", "posts", "reach"),
    ("meta/oigetit/instagram_Mar-18-2025_*.csv", "Likes", "posts", "reactions"),
    ("meta/mh4u/facebook_Dec-12-2023_*.csv", "Impressions", "posts", "impressions"),
    ("meta/legacy_page_insights/*Post Level*.csv", "Lifetime Post Total Reach", "posts", "reach"),
    (
        "meta/legacy_page_insights/*Post Level*.csv", "Lifetime Post Stories by action type - like", "posts",
        "reactions",
    ),
    ("meta/legacy_page_insights/*Video Posts*.csv", "Lifetime Total Video Views", "posts", "views"),
    ("meta/legacy_page_insights/*Export - *.csv", "Daily Total Impressions", "days", "impressions"),
    ("meta/legacy_page_insights/*Export - *.csv", "Daily New Likes", "days", "follows"),
    ("tiktok/studio_en/Overview.csv", "Video Views", "days", "views"),
    ("tiktok/studio_en/Content.csv", "Total views", "posts", "views"),
    ("twitter/tweet_activity_metrics_*.csv", "impressions", "posts", "impressions"),
    ("twitter/daily_tweet_activity_metrics_*.csv", "url clicks", "days", "link_clicks"),
    ("twitter/account_overview_analytics.csv", "Unfollows", "days", "unfollows"),
)  # fmt: skip


def test_sums_of_the_real_exports_are_the_files_own() -> None:
    for name, header, table, column in SUMS if SHARED.exists() else ():
        (path,) = SHARED.glob(name)
        first, *rest = records(path)
        place = first.index(header)
        own = sum(float(row[place]) for row in rest if len(row) > place and row[place])
        file = importers.File(path.name, path.read_bytes)
        tidied = real_reading(importers.open_export(file)).tables[table]
        found = tidied[column] if table == "posts" else tidied.loc[tidied["figure"] == column, "value"]
        assert found.sum() == own > 0, (name, header)


def test_tiktoks_year_is_counted_back_across_new_year_and_leap_days_on_the_real_series() -> None:
    path = SHARED / "tiktok" / "studio_en" / "Overview.csv"
    for file in [importers.File(path.name, path.read_bytes)] if path.exists() else []:
        days = real_reading(importers.open_export(file)).tables["days"]
        dates = days.loc[days["figure"] == "views", "date"]
        assert dates.tolist() == pd.date_range("2025-02-28", "2026-02-27").tolist()


def test_the_clock_in_xs_ids_is_the_time_that_x_states() -> None:
    path = SHARED / "twitter" / "tweet_activity_metrics_banklessDAO_20210508_20210608_en.csv"
    for file in [importers.File(path.name, path.read_bytes)] if path.exists() else []:
        posts = real_reading(importers.open_export(file)).tables["posts"]
        ids = posts["post_id"].astype("int64")
        minted = pd.to_datetime((ids // 2**22) + 1288834974657, unit="ms", utc=True).dt.floor("min")
        assert (minted == posts["published_at"]).all()
