"""Exports with figures of rivals: what no golden pair shows. Whose a row is, whose clock, which period."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.importers.layout import recognised

EXPORTS = Path(__file__).parent / "exports"
FORMATS = (
    "crowdtangle_facebook", "crowdtangle_instagram", "linkedin_competitors", "meta_library_facebook",
    "meta_library_instagram", "rivaliq_posts",
)  # fmt: skip
CASES = sorted(p for f in FORMATS for p in (EXPORTS / f).glob("*") if p.suffix in (".csv", ".xlsx"))
CASES = [p for p in CASES if not p.name.endswith(".tidy.csv")]
ACCOUNTS = (
    Account("linkedin", "adas-bakery", name="Ada's Bakery"),
    Account("linkedin", "brew-and-bean", name="Brew & Bean", rival=True),
)
BRAND = Brand("golden", "Golden", timezone="Europe/Paris")
PAGES = "Page,Total Followers,New Followers,Total post engagements,Total posts\n"
INSTAGRAM = "Account,User Name,Followers at Posting,Post Created,Type,Likes,Comments,URL\n"


def opened(text: str, name: str = "file.csv") -> importers.Export:
    return importers.open_export(importers.File(name, lambda: text.encode()))


def competitors(above: str, rows: str = "Ada's Bakery,4210,38,512,9\n", name: str = "") -> importers.Export:
    return opened(f"{above}\n{PAGES}{rows}", name or "x_competitor_analytics_1766385907708.csv")


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_line_is_read_or_kept_aside(case: Path) -> None:
    export = importers.open_export(importers.File(case.name, case.read_bytes))
    reading = importers.read(export, BRAND, observed=pd.Timestamp("2026-01-01", tz="UTC"))
    (sheet,) = export.sheets
    head = 2 if reading.format == "linkedin_competitors" else 1
    assert reading.lines == len(sheet.rows) - head
    posts = reading.tables.get("posts", pd.DataFrame())
    if len(posts):
        assert len(posts) + len(reading.aside) == reading.lines


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_header_without_rows_is_refused(case: Path) -> None:
    export = importers.open_export(importers.File(case.name, case.read_bytes))
    rows = export.sheets[0].rows[: 2 if case.suffix == ".xlsx" else 1]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    assert importers.identify(opened(written.getvalue())).name == case.parent.name
    with pytest.raises(CmlibError, match="empty"):
        importers.read(opened(written.getvalue()), BRAND)


def test_a_row_of_nobodys_is_not_taken_for_the_brands_own() -> None:
    own = Brand("golden", "Golden", timezone="Europe/Paris", accounts=(Account("instagram", "ada.tea"),))
    rows = ",,300,2024-01-05 12:00:00 CET,Photo,7,0,https://www.instagram.com/p/a/\n"
    rows += "B,brewbean,300,2024-01-05 12:00:00 CET,Photo,7,0,https://www.instagram.com/p/b/\n"
    reading = importers.read(opened(INSTAGRAM + rows), own)
    assert reading.account == "brewbean"
    assert reading.aside["reason"].tolist() == ["nonsense:account"]


def test_pages_are_found_in_brand_toml_by_the_names_that_they_show() -> None:
    brand = Brand("golden", "Golden", accounts=ACCOUNTS)
    rows = "Ada’s Bakery,4210,38,512,9\nBREW & BEAN,15400,-12,1,14\nCorner Café,860,4,0,0\n"
    reading = importers.read(competitors("11/18/2025 - 12/17/2025", rows.replace("’", "'")), brand)
    assert reading.account == "Corner Café, adas-bakery, brew-and-bean"


PERIODS = (
    "11/18/2025 - 12/17/2025",
    "11/18/2025,12/17/2025",
    "Time range:,2025-11-18,,2025-12-17",
    '"Nov 18, 2025 – Dec 17, 2025"',
    "Competitors from 18 November 2025 to 17 Dec. 2025",
)


@pytest.mark.parametrize("above", PERIODS)
def test_a_period_is_two_whole_dates_above_the_header(above: str) -> None:
    tables = importers.read(competitors(above), BRAND).tables
    totals, days = tables["totals"], tables["days"]
    assert {*totals["since"]} == {pd.Timestamp("2025-11-18")}
    assert {*totals["until"]} == {*days["date"]} == {pd.Timestamp("2025-12-17")}
    assert dict(zip(totals["figure"], totals["value"], strict=True)) == {
        "net_follows": 38, "interactions": 512, "posts": 9,
    }  # fmt: skip


NO_PERIODS = (
    "",
    "Last 30 days",
    "12/17/2025",
    "18/11/2025 - 17/12/2025",
    "11/18/2025 - 12/17/2025 (exported on 12/22/2025)",
    "Nov 18 - Dec 17",
    "11/18/20251 - 12/17/2025",
)


@pytest.mark.parametrize("above", NO_PERIODS)
def test_without_a_period_followers_are_of_the_day_of_the_export_and_the_rest_is_kept_aside(
    above: str,
) -> None:
    reading = importers.read(competitors(above), BRAND)
    assert {*reading.tables} == {"days"}
    days = reading.tables["days"]
    assert days[["date", "figure", "value"]].values.tolist() == [
        [pd.Timestamp("2025-12-22"), "followers", 4210]
    ]
    assert reading.aside[["line", "reason"]].values.tolist() == [[3, "nonsense:period"]]
    assert reading.lines == 1


def test_a_period_that_ends_before_it_begins_is_kept_aside() -> None:
    reading = importers.read(competitors("12/17/2025 - 11/18/2025"), BRAND)
    assert {*reading.aside["reason"]} == {"reversed"}
    assert reading.tables["totals"].empty


def test_without_a_period_and_without_a_name_the_day_is_asked_for() -> None:
    with pytest.raises(CmlibError, match="--observed"):
        importers.read(competitors("Last 30 days", name="competitors.csv"), BRAND)


CLOCKS = (  # the brand's zone, what a file says, the instant in UTC; "" for none
    ("Europe/Paris", "2020-10-01 12:00:00 EDT", "2020-10-01 16:00"),
    ("Europe/Paris", "2020-12-01 12:00:00 EST", "2020-12-01 17:00"),
    ("Europe/Paris", "2020-10-25 02:30:00 CEST", "2020-10-25 00:30"),
    ("Europe/Paris", "2020-10-25 02:30:00 CET", "2020-10-25 01:30"),
    ("Europe/Paris", "2024-01-14 09:00:00 NZDT", "2024-01-13 20:00"),
    ("Europe/Paris", "2020-07-01 12:00:00 BST", "2020-07-01 11:00"),
    ("Europe/Paris", "2020-07-01 12:00:00 CST", "2020-07-01 18:00"),
    ("Asia/Shanghai", "2020-07-01 12:00:00 CST", "2020-07-01 04:00"),
    ("Europe/Paris", "2020-07-01 12:00:00 IST", ""),
    ("Asia/Kolkata", "2020-07-01 12:00:00 IST", "2020-07-01 06:30"),
    ("Europe/Dublin", "2020-07-01 12:00:00 IST", "2020-07-01 11:00"),
    ("Europe/Paris", "2020-07-01 12:00:00 -03", "2020-07-01 15:00"),
    ("Europe/Paris", "2020-07-01 12:00:00 +0545", "2020-07-01 06:15"),
    ("Europe/Paris", "2020-07-01 12:00:00", "2020-07-01 10:00"),
    ("America/New_York", "2020-07-01 12:00:00", "2020-07-01 16:00"),
    ("Europe/Paris", "2020-07-01 12:00:00 XYZT", ""),
    ("Europe/Paris", "01/07/2020 12:00", ""),
    ("Europe/Paris", "EDT", ""),
)


@pytest.mark.parametrize(("zone", "said", "instant"), CLOCKS)
def test_crowdtangles_clocks_are_those_that_it_names(zone: str, said: str, instant: str) -> None:
    brand = Brand("golden", "Golden", timezone=zone)
    rows = f"B,brewbean,300,{said},Photo,7,0,https://www.instagram.com/p/b/\n"
    reading = importers.read(opened(INSTAGRAM + rows, "2024-02-01-00-00-00-EST-x.csv"), brand)
    told = reading.tables["posts"]["published_at"].tolist()
    assert told == ([pd.Timestamp(instant, tz="UTC")] if instant else [])
    assert reading.aside["reason"].tolist() == ([] if instant else ["nonsense:published_at"])


def test_likes_stand_in_for_followers_only_where_a_page_has_none_of_them() -> None:
    head = "Page Name,User Name,Facebook Id,Likes at Posting,Followers at Posting,Post Created,Type,Likes"
    rows = [
        "A,a,1,90,,2020-07-01 12:00:00 UTC,Photo,1,0,0,https://www.facebook.com/1/posts/1",
        "A,a,1,91,100,2020-07-02 12:00:00 UTC,Photo,1,0,0,https://www.facebook.com/1/posts/2",
        "B,b,2,50,N/A,2020-07-01 12:00:00 UTC,Photo,1,0,0,https://www.facebook.com/2/posts/3",
        'B,b,2,"1,051",N/A,2020-07-02 12:00:00 UTC,Photo,1,0,0,https://www.facebook.com/2/posts/4',
    ]
    text = "\n".join([f"{head},Comments,Shares,URL", *rows])
    days = importers.read(opened(text), BRAND).tables["days"]
    assert days[["account", "date", "value"]].values.tolist() == [
        ["a", pd.Timestamp("2020-07-02"), 100],
        ["b", pd.Timestamp("2020-07-01"), 50],
        ["b", pd.Timestamp("2020-07-02"), 1051],
    ]


def test_a_library_file_of_facebook_is_not_one_of_instagram_though_it_has_all_its_columns() -> None:
    case = EXPORTS / "meta_library_facebook" / "pages.csv"
    export = importers.open_export(importers.File(case.name, case.read_bytes))
    assert recognised(export, importers.formats()["meta_library_instagram"])
    assert importers.identify(export).name == "meta_library_facebook"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", "a\x00b", "\u202e" * 50])
def test_a_hostile_name_is_a_name(cell: str) -> None:
    if "\0" in cell:
        with pytest.raises(CmlibError):
            competitors("11/18/2025 - 12/17/2025", f"{cell},1,1,1,1\n")
        return
    reading = importers.read(competitors("11/18/2025 - 12/17/2025", f"{cell},1,1,1,1\n"), BRAND)
    assert reading.account == cell.lstrip("@")


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(CmlibError, match="empty"):
        opened("\n\n")
