"""Discord Server Insights: which interval is meant, which chart it is, and what real files add up to."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Account, Brand

BRAND = Brand("ada", "Ada", accounts=(Account("discord", "ada-server"),))
SHARED = Path(__file__).parents[2] / "shared" / "exports" / "discord"


def read(text: str) -> importers.Reading:
    return importers.read(importers.open_export(importers.File("chart.csv", text.encode)), BRAND)


def members(*days: str) -> importers.Reading:
    lines = [f"{day}T00:00:00+00:00,{n}\n" for n, day in enumerate(days, 100)]
    return read("interval_start_timestamp,total_membership\n" + "".join(lines))


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (("2026-01-05", "2026-01-12", "2026-01-26"), ("2026-01-11", "2026-01-18", "2026-02-01")),
        (("2026-01-01", "2026-02-01", "2026-03-01"), ("2026-01-31", "2026-02-28", "2026-03-31")),
        (("2026-02-01", "2026-03-01"), ("2026-02-28", "2026-03-31")),
        (("2026-01-10", "2026-02-09", "2026-04-10"), ("2026-02-08", "2026-03-10", "2026-05-09")),
    ],
)
def test_the_distances_between_intervals_say_how_long_they_are(
    days: tuple[str, ...], ends: tuple[str, ...]
) -> None:
    totals = members(*days).tables["totals"]
    assert totals["since"].dt.strftime("%Y-%m-%d").tolist() == list(days)
    assert totals["until"].dt.strftime("%Y-%m-%d").tolist() == list(ends)


def test_days_may_lack() -> None:
    assert len(members("2026-01-05", "2026-01-06", "2026-01-12").tables["days"]) == 3


@pytest.mark.parametrize("days", [("2026-01-05", "2026-01-07"), ("2026-01-05", "2026-01-16", "2026-02-05")])
def test_what_is_neither_day_week_nor_month_is_kept_aside(days: tuple[str, ...]) -> None:
    reading = members(*days)
    assert set(reading.aside["reason"]) == {"no_interval"}
    assert not len(reading.tables["days"])


def test_a_chart_of_which_nothing_is_used_asks_for_nothing() -> None:
    reading = importers.read(
        importers.open_export(
            importers.File("f.csv", b"interval_start_timestamp,anything_new\n2026-01-05,1\n".strip)
        ),
        Brand("ada", "Ada"),
    )
    assert (reading.format, reading.lines) == ("discord_details", 1)


def test_every_real_chart_is_read_whole_or_kept_aside() -> None:
    for path in SHARED.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            own = list(csv.DictReader(file))
        reading = importers.read(importers.open_export(importers.File(path.name, path.read_bytes)), BRAND)
        assert reading.lines == len(own), path.name
        for header, figure in {"total_membership": "followers", "visitors": "visitors"}.items():
            if header in own[0]:
                totals = reading.tables["totals"]
                assert totals["value"].tolist() == [float(row[header]) for row in own]
                assert set(totals["figure"]) == {figure}
                assert (totals["until"] - totals["since"] == pd.Timedelta(days=6)).all()
                assert not len(reading.aside)
                break
        else:
            assert set(reading.aside["reason"]) == {"not_used"}
            assert len(reading.aside) == len(own)
