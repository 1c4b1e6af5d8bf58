"""What the golden exports of the networks cannot show: their real files, and what must not be claimed."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Brand
from cmlib.errors import CmlibError

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
