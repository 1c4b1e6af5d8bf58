"""What the golden exports of the networks cannot show: their real files, and what must not be claimed."""

import csv
from pathlib import Path

import pandas as pd

from cmlib import importers
from cmlib.brand import Brand

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
