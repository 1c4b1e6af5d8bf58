"""Meta's tables beyond the golden files: columns of one name, files of one header, and what adds up."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Brand
from cmlib.errors import CmlibError

BRAND = Brand("golden", "Golden", timezone="Europe/Paris", currency="EUR")
EXPORTS = Path(__file__).parent / "exports"
SHARED = Path(__file__).parents[2] / "shared" / "exports" / "meta"
OBSERVED = pd.Timestamp("2026-03-05", tz="UTC")


def opened(data: str | bytes, name: str = "export.csv") -> importers.Export:
    return importers.open_export(
        importers.File(name, lambda: data if isinstance(data, bytes) else data.encode())
    )


def read(data: str | bytes, name: str = "export.csv", brand: Brand = BRAND) -> importers.Reading:
    return importers.read(opened(data, name), brand, "facebook/harbour", OBSERVED)


def reasons(reading: importers.Reading) -> dict[int, str]:
    return dict(zip(reading.aside["line"], reading.aside["reason"], strict=True))


# Page Insights until 2021

HEAD = "Post ID,Permalink,Posted,Lifetime Post Total Reach"
LINE = "7_1,u,01/05/2018 09:00:00 AM,100"


@pytest.mark.parametrize(
    ("posted", "instant"),
    [
        ("08/18/2015 12:32:03 AM", "2015-08-18 07:32:03"),
        ("01/18/2015 12:32:03 PM", "2015-01-18 20:32:03"),
        ("2017-07-27T09:30:00", "2017-07-27 16:30:00"),
    ],
)
def test_facebooks_hours_are_those_of_california_wherever_the_brand_is(posted: str, instant: str) -> None:
    posts = read(f"{HEAD}\n7_1,u,{posted},100\n").tables["posts"]
    assert posts["published_at"].tolist() == [pd.Timestamp(instant, tz="UTC")]


def test_a_breakdown_that_is_empty_is_zero_only_where_the_row_has_its_total() -> None:
    name = "Lifetime Post Stories by action type"
    rows = f"{LINE},3\n7_2,u,01/05/2018 09:00:00 AM,,\n7_3,u,01/06/2018 09:00:00 AM,9,\n"
    posts = read(f"{HEAD},{name} - like\n{rows}").tables["posts"].set_index("post_id")
    assert posts["reactions"].fillna(-1).to_dict() == {"7_1": 3, "7_2": -1, "7_3": 0}
    assert posts["comments"].fillna(-1).to_dict() == {"7_1": 0, "7_2": -1, "7_3": 0}  # its column lacks


def test_without_any_breakdown_nothing_is_known() -> None:
    posts = read(f"{HEAD}\n{LINE}\n").tables["posts"]
    assert posts[["reactions", "comments", "shares", "link_clicks", "views", "paid"]].isna().all(axis=None)


def test_descriptions_tell_headers_of_one_name_apart_and_without_them_none_is_read() -> None:
    head = "Date,Lifetime Total Likes,Daily New Likes,Daily Unlikes,Daily Logged-in Page Views"
    told = ",Lifetime: (Unique Users),Daily: (Unique Users),Daily: (Unique Users)"
    orders = (("Unique Users", "Total Count", "6,9"), ("Total Count", "Unique Users", "9,6"))
    for first, second, views in orders:
        rows = f"{told},Daily: views ({first}),Daily: views ({second})\n2/24/2014,126,2,0,{views}\n"
        days = read(f"{head},Daily Logged-in Page Views\n{rows}").tables["days"]
        assert days.loc[days["figure"] == "visits", "value"].tolist() == [9]
    days = read(f"{head},Daily Logged-in Page Views\n2/24/2014,126,2,0,6,9\n").tables["days"]
    assert "visits" not in days["figure"].tolist()


def test_a_column_that_a_post_needs_may_stand_twice() -> None:
    told = ",,,Lifetime: people (Unique Users),Lifetime: people (Unique Users)"
    posts = read(f"{HEAD},Lifetime Post Total Reach\n{told}\n{LINE},100\n").tables["posts"]
    assert posts["reach"].tolist() == [100]


@pytest.mark.parametrize(
    ("name", "account", "until"),
    [
        ("{} (Post Level) - Fenn - Mill - 2015-02-20 - 2015-08-18.csv", "Fenn - Mill", "2015-08-18"),
        ("drop.zip/{} - Fenn Mill - 2014-01-01 - 2014-02-27 (1).csv", "Fenn Mill", "2014-02-27"),
        ("{} (Post Level) - Fenn Mill - 2017-07-27.xlsx", "Fenn Mill", "2017-07-27"),
        ("{} (Video Posts) - Fenn Mill.csv", "Fenn Mill", None),
    ],
)  # fmt: skip
def test_the_page_and_the_last_day_are_in_the_files_name(name: str, account: str, until: str | None) -> None:
    full = name.format("Facebook Insights Data Export")
    reading = importers.read(opened(f"{HEAD}\n7_1,u,01/05/2014 09:00:00 AM,100\n", full), BRAND)
    assert reading.account == account
    assert until is None or str(reading.observed_at.date()) == until


def test_a_breakdown_of_the_workbook_goes_to_its_own_post_in_whatever_order() -> None:
    case = EXPORTS / "meta_legacy_posts" / "workbook_2017.xls"
    text = case.read_text(encoding="utf-8-sig")
    begin = text.index('<Worksheet ss:Name="Lifetime Post Stories')
    stories = text[begin : text.index("</Worksheet>", begin) + 12]
    first = text.replace(stories, "").replace(
        '<Worksheet ss:Name="Key', f'{stories}<Worksheet ss:Name="Key', 1
    )
    there, back = (read(t, case.name).tables["posts"].drop(columns="source") for t in (text, first))
    assert there["reactions"].sum() == 76
    pd.testing.assert_frame_equal(there, back)


# Posts and stories

INSTAGRAM = "Post ID,Account ID,Account username,Publish time,Permalink,Post type"
POST = "1,66,harbour,01/05/2026 10:00,u,IG image"


@pytest.mark.parametrize(
    ("metrics", "format_"),
    [
        ("Views,Likes", "meta_posts_instagram"),
        ("Views,Saves,Link clicks", "meta_posts_instagram"),
        ("Views,Navigation", "meta_stories_instagram"),
        ("Réponses", "meta_stories_instagram"),
        ("Appuis sur des stickers,Views", "meta_stories_instagram"),
        ("Replies,Navigation,Saves,Comments", "meta_posts_instagram"),  # both kinds in one file
    ],
)
def test_a_file_is_of_posts_or_of_stories(metrics: str, format_: str) -> None:
    assert importers.identify(opened(f"{INSTAGRAM},{metrics}\n")).name == format_


def test_in_a_file_of_two_languages_views_that_stand_twice_stay_unread() -> None:
    head = (
        "Post ID,Page ID,Page name,Publish time,Heure de publication,Permalink,Views,Views,Reach,Couverture"
    )
    rows = "1,2,p,01/05/2026 10:00,,u,5,6,7,\n2,2,p,,01/06/2026 10:00,u,5,6,,8\n"
    posts = read(f"{head}\n{rows}").tables["posts"]
    assert posts["views"].isna().all()
    assert posts["reach"].tolist() == [7, 8]


@pytest.mark.parametrize("day", ["01/05/2026", "2026-01-05", "5.1.2026"])
def test_figures_of_a_day_are_not_taken_for_those_of_a_life(day: str) -> None:
    rows = f"{POST},Lifetime,9\n2{POST[1:]},{day},3\n3{POST[1:]},Global,4\n4{POST[1:]},,2\n"
    reading = read(f"{INSTAGRAM},Date,Views\n{rows}")
    assert reading.tables["posts"]["post_id"].tolist() == ["1", "3", "4"]
    assert reasons(reading) == {3: "one_day"}


# Overview

DAYS = "2023-01-01T00:00:00,5\n2023-01-02T00:00:00,6\n"


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        (f"Facebook reach\nDate,Facebook reach\n{DAYS}", "reach"),
        (f"Facebook reach\nDate,What Meta calls it\n{DAYS}", "reach"),
        (f"Date,Visites sur la Page Facebook\n{DAYS}", "visits"),
        (f"Date,Nouvelles mentions J’aime de la Page Facebook\n{DAYS}", "follows"),
    ],
)
def test_the_title_of_a_series_counts_else_the_name_of_its_column(text: str, figure: str) -> None:
    days = read(text).tables["days"]
    assert days[["figure", "value"]].to_numpy().tolist() == [[figure, 5], [figure, 6]]


@pytest.mark.parametrize(
    "text",
    [
        f"Date,Sales\n{DAYS}",
        f"My own list\nDate,Sales\n{DAYS}",
        "Date,Views\n2023-01-01,5\n",
        "Date,Reach\n",
        "Views\n",
    ],
)
def test_other_series_of_days_are_not_metas(text: str) -> None:
    overview = importers.formats()["meta_overview"]
    assert not overview.recognise(opened(text), overview)


def test_a_series_of_which_the_title_is_unknown_is_refused_with_the_nearest() -> None:
    with pytest.raises(CmlibError, match="Facebook reech"):
        read(f"Facebook reech\nDate,Primary\n{DAYS}")


# Ads

ADS = "Reporting starts,Reporting ends,Ad name,Reach,Impressions,Link clicks,Amount spent (EUR)"
ONE, TWO = "2026-01-01,2026-01-31,Teapot,600,1000,9,10.5", "2026-01-01,2026-01-31,Cup,500,700,,4"
ALL = "2026-01-01,2026-01-31,,900,1700,9,14.5"


def figures(*rows: str, head: str = ADS, brand: Brand = BRAND) -> dict[tuple[str, str], float]:
    totals = read("\n".join([head, *rows]) + "\n", brand=brand).tables["totals"]
    return {(str(r.until.date()), r.figure): r.value for r in totals.itertuples()}


@pytest.mark.parametrize("rows", [(ALL, ONE, TWO), (ONE, TWO, ALL), (ONE, TWO), (TWO, ONE)])
def test_ads_add_up_to_the_accounts_total_but_not_the_people_they_reached(rows: tuple[str, ...]) -> None:
    found = figures(*rows)
    whole = {"paid_impressions": 1700, "paid_clicks": 9, "spend": 14.5}
    reach = {"paid_reach": 900} if ALL in rows else {}
    assert found == {("2026-01-31", figure): value for figure, value in (whole | reach).items()}


def test_one_ad_alone_reached_whom_it_reached() -> None:
    assert figures(ONE)["2026-01-31", "paid_reach"] == 600


def test_money_of_another_currency_is_not_noted() -> None:
    other = Brand("golden", "Golden", currency="USD")
    assert ("2026-01-31", "spend") not in figures(ALL, brand=other)
    assert [read(f"{ADS}\n{ALL}\n", brand=b).notes for b in (other, BRAND)] == [("other_currency",), ()]
    assert figures(ALL, head=ADS.replace("EUR", "USD"), brand=other)["2026-01-31", "spend"] == 14.5


def test_totals_that_are_broken_down_are_kept_aside() -> None:
    head = ADS.replace("Ad name", "Age")
    rows = [ONE.replace("Teapot", "18-24"), TWO.replace("Cup", "25-34")]
    reading = read("\n".join([head, *rows, ALL.replace("-31", "-15")]) + "\n")
    assert reasons(reading) == {2: "not_used", 3: "not_used"}
    assert set(reading.tables["totals"]["until"]) == {pd.Timestamp("2026-01-15")}


def test_nothing_is_added_up_where_a_row_cannot_be_read() -> None:
    reading = read("\n".join([ADS, ONE, TWO.replace("700", "many")]) + "\n")
    assert reasons(reading) == {3: "nonsense:paid_impressions"}
    assert reading.tables["totals"].empty


# Real files, where they are at hand; their own figures are read without cmlib.


def test_the_clicks_of_real_posts_are_all_of_them_links_or_not() -> None:
    for path in SHARED.glob("legacy_page_insights/*Post Level*"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, _, *rows = csv.reader(file)
        own = sum(int(row[head.index("Lifetime Post Consumptions")] or 0) for row in rows)
        posts = importers.read(opened(path.read_bytes(), path.name), BRAND).tables["posts"]
        assert posts["link_clicks"].sum() + posts["other_clicks"].sum() == own > 0
        assert posts["comments"].isna().sum() == posts["reach"].isna().sum() == 2  # which Facebook lacks


def test_the_likes_of_a_real_page_are_its_own_and_who_gave_them_are_shares_of_all() -> None:
    for path in SHARED.glob("legacy_page_insights/*Export - *"):
        with path.open(encoding="cp1252", newline="") as file:
            head, _, *rows = csv.reader(file)
        reading = importers.read(opened(path.read_bytes(), path.name), BRAND)
        days = reading.tables["days"]
        likes = days.loc[days["figure"] == "followers", "value"].tolist()
        assert likes == [int(row[1]) for row in rows]
        sweden = int(rows[-1][head.index("Lifetime Likes by Country - SE")])
        shares = reading.tables["audience"].set_index(["dimension", "level"])["share"]
        assert shares["country", "SE"] == sweden / likes[-1]
        assert shares.groupby("dimension", observed=True).sum().between(0.5, 1.0001).all()


def test_the_total_of_a_real_ads_report_is_its_own() -> None:
    for path in SHARED.glob("mh4u/*Ads*.xlsx"):
        sheet = pd.read_excel(path, engine="calamine")
        ads = sheet[sheet["Ad name"].notna()]
        totals = read(path.read_bytes(), path.name).tables["totals"].set_index("figure")["value"]
        assert totals["paid_impressions"] == sheet["Impressions"][0] == ads["Impressions"].sum()
        assert totals["paid_reach"] == sheet["Reach"][0] < ads["Reach"].sum()
        assert "spend" not in totals  # in hryvnias
