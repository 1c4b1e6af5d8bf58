"""What the golden exports of the networks cannot show: their real files, and what must not be claimed."""

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers, start
from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.importers.known import linkedin, linkedin_places

BRAND = Brand("ada", "Ada", timezone="Europe/Paris")
SHARED = Path(__file__).parents[2] / "shared" / "exports"


def read(path: Path, **asked: object) -> importers.Reading:
    export = importers.open_export(importers.File(path.name, path.read_bytes))
    return importers.read(export, BRAND, "acme", **asked)


def opened(text: str, name: str = "export.csv") -> importers.Reading:
    file = importers.File(name, text.encode)
    return importers.read(
        importers.open_export(file), BRAND, "acme", pd.Timestamp("2026-10-05 12:00", tz="UTC")
    )


def test_every_day_and_every_sum_of_a_real_twitch_export_is_its_own() -> None:
    for path in (SHARED / "twitch").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            own = list(csv.DictReader(file))
        days = read(path).tables["days"].pivot_table(index="date", columns="figure", values="value")
        assert len(days) == len(own) == 745
        assert days.index[[0, -1]].tolist() == [pd.Timestamp("2020-05-01"), pd.Timestamp("2022-05-15")]
        for header, figure, times in (
            ("Minutes Watched", "watch_seconds", 60), ("Follows", "follows", 1), ("Live Views", "views", 1),
            ("Unique Viewers", "viewers", 1), ("Chat Messages", "messages", 1),
        ):  # fmt: skip
            assert days[figure].sum() == times * sum(float(row[header]) for row in own) > 0, header


GOLDEN = Path(__file__).parent / "exports"


def test_what_to_know_of_a_file_is_shown_beside_what_became_of_it() -> None:
    reading = read(GOLDEN / "pinterest_overview" / "two_figures_filtered.csv")
    (shown,) = start.outcomes([start.Taken("overview.csv", reading, new=True)])["outcome"]
    assert shown.startswith("imported. This export was made with a filter")
    plain = read(GOLDEN / "pinterest_overview" / "impressions.csv")
    assert start.outcomes([start.Taken("x.csv", plain)])["outcome"].tolist() == ["was there already"]


def test_pinterests_boards_and_pins_are_passed_over_and_a_filter_is_told() -> None:
    whole = read(GOLDEN / "pinterest_overview" / "impressions.csv")
    assert (whole.lines, whole.passed, whole.notes) == (9, 5, ())
    part = read(GOLDEN / "pinterest_overview" / "two_figures_filtered.csv")
    assert (part.lines, part.passed, part.notes) == (6, 0, ("filtered",))
    shares = read(GOLDEN / "pinterest_audience" / "total.csv")
    assert (shares.lines, shares.passed) == (15, 4)
    assert shares.observed_at == pd.Timestamp("2026-07-20 10:00", tz="UTC")


def test_an_overview_of_pinterest_without_filters_or_remarks_is_read() -> None:
    text = "Analytics overview\n2026-07-20 - 2026-07-21\nDate,Video views,Profile visits\n2026-07-20,5,1\n"
    days = opened(text).tables["days"]
    assert dict(zip(days["figure"], days["value"], strict=True)) == {"views": 5, "visits": 1}


PLACED = ("overview/german", "content/french", "viewers/french", "followers/german_newest_first")


@pytest.mark.parametrize("case", PLACED)
def test_a_file_of_tiktok_in_another_language_is_told_to_be_read_by_its_places(case: str) -> None:
    path = GOLDEN / f"tiktok_{case}.csv"
    assert read(path, observed=pd.Timestamp("2026-03-04", tz="UTC")).notes == ("by_position",)


@pytest.mark.parametrize(
    ("case", "right", "wrong"),
    [
        ("overview/german", "Videoaufrufe", "Aufrufe"),
        ("overview/german", "1. März", "1. März 2026"),
        ("content/french", "tiktok.com", "example.com"),
        ("content/french", '"3100"', '"90"'),
        ("viewers/french", '"200"', '"201"'),
        ("followers/german_newest_first", '"7"', '"8"'),
        ("followers/german_newest_first", '"-2"', '"-2","0"'),
    ],
)
def test_what_does_not_prove_to_be_tiktoks_is_refused(case: str, right: str, wrong: str) -> None:
    text = (GOLDEN / f"tiktok_{case}.csv").read_text(encoding="utf-8")
    assert right in text
    with pytest.raises(CmlibError) as refused:
        opened(text.replace(right, wrong))
    assert refused.value.key.startswith("unrecognised")


def test_what_was_watched_on_tiktok_is_no_post() -> None:
    videos = read(GOLDEN / "tiktok_archive" / "user_data.json")
    assert (len(videos.tables["posts"]), videos.lines, videos.notes) == (2, 3, ("archive",))
    watched = (
        '{"Activity": {"Video Browsing History": {"VideoList": [{"Date": "x", "Link": "y", "Likes": "1"}]}}}'
    )
    with pytest.raises(CmlibError, match="is not an export"):
        opened(watched, "user_data.json")


def told(path: Path, table: str) -> list[tuple[object, ...]]:
    rows = read(path).tables[table].drop(columns=["source", "paid", "kind", "brand"], errors="ignore")
    return [tuple(None if pd.isna(v) else v for v in row) for row in rows.itertuples(index=False)]


@pytest.mark.parametrize("kind", ["content", "followers", "visitors"])
def test_linkedins_pages_say_the_same_in_portuguese_and_in_a_language_that_is_not_known(kind: str) -> None:
    folder = GOLDEN / f"linkedin_{kind}"
    english, portuguese, unknown = (
        folder / f"{case}.xls" for case in ("page_2025", "portuguese", "unknown_language")
    )
    assert (read(portuguese).notes, read(unknown).notes) == ((), ("by_position",))
    for table in read(english).tables:
        assert told(english, table) == told(portuguese, table) == told(unknown, table) != []
    counts = [(r.lines, r.passed) for r in map(read, (english, portuguese, unknown))]
    assert counts == [counts[0]] * 3


def test_the_places_of_linkedins_columns_are_those_of_its_real_exports() -> None:
    for path in (SHARED / "linkedin").glob("*.xls"):
        export = importers.open_export(importers.File(path.name, path.read_bytes))
        name = importers.identify(export).name
        ((sheet, by_header),) = linkedin.having(export, linkedin.DAYS[name])
        placed = linkedin_places.days(export, name)
        assert placed and placed[0] is sheet
        assert {**placed[1].cells, **by_header.cells} == placed[1].cells
        assert linkedin_places.written(export) == "%m/%d/%Y"
        if name == "linkedin_content":
            ((_, posts),) = linkedin.having(export, linkedin.POSTS)
            by_place = linkedin_places.posts(export)[1].cells
            assert by_place.items() <= posts.cells.items()
            assert posts.cells.keys() - by_place.keys() == {"paid", "kind"}


def test_a_page_whose_columns_do_not_add_up_is_refused() -> None:
    path = GOLDEN / "linkedin_followers" / "unknown_language.xls"
    export = importers.open_export(importers.File(path.name, path.read_bytes))
    first, *others = export.sheets
    wrong = [[*row[:-1], "9"] if row[0].startswith("01/") else row for row in first.rows]
    bent = replace(export, sheets=(replace(first, rows=wrong), *others))
    with pytest.raises(CmlibError, match="is not an export"):
        importers.identify(bent)
    assert importers.identify(export).name == "linkedin_followers"


def test_the_sums_of_a_real_export_of_a_person_on_linkedin_are_its_own() -> None:
    for path in (SHARED / "linkedin").glob("creator_*.xlsx"):
        own = pd.read_excel(path, sheet_name=None, header=None, engine="calamine")
        tables = read(path).tables
        days = tables["days"].groupby("figure", observed=True)["value"].sum()
        said = dict(own["DISCOVERY"].iloc[1:].itertuples(index=False))
        assert days["impressions"] == int(said["Impressions"]) == 70416
        assert tables["totals"]["value"].tolist() == [int(said["Unique views"])] == [28517]
        assert days["interactions"] == pd.to_numeric(own["ENGAGEMENT"][2].iloc[1:]).sum() == 1255
        assert days["follows"] == pd.to_numeric(own["FOLLOWERS"][1].iloc[3:]).sum() == 969
        assert days["followers"] == 782
        posts, top = tables["posts"], own["TOP POSTS"].iloc[3:]
        early = read(path).aside
        assert len(posts) + len(early) == len({*top[0].dropna(), *top[4].dropna()}) == 45
        assert early["reason"].tolist() == ["partial"]
        lost = top[top[0].isin(set(top[0]) - set(posts["url"]))]
        assert posts["interactions"].sum() == pd.to_numeric(top[2]).sum() - pd.to_numeric(lost[2]).sum()
        stated = dict(zip(top[0], pd.to_datetime(top[1], format="%m/%d/%Y"), strict=True))
        off = posts["published_at"].dt.tz_localize(None).dt.normalize() - posts["url"].map(stated)
        assert off.dropna().abs().max() <= pd.Timedelta(days=1)
