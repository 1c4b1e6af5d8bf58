"""The plan of a small brand seen from its sides, and said in both languages."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from editorial_brand import WHOLE, asked

from cmlib import agenda, charts, planner, plans, sheets
from cmlib.editorial import Editorial
from cmlib.i18n import LANGUAGES, speaking, words


@pytest.fixture
def subject(home: Path) -> Editorial:
    return asked(home)


def kept(subject: Editorial, rows: pd.DataFrame) -> Editorial:
    """The same brand, with these rows as its saved plan."""
    return replace(subject, saved=replace(subject.saved, rows=rows))


def test_the_plan_is_the_saved_one_where_there_is_one(subject: Editorial) -> None:
    proposed = agenda.slots(subject)
    assert agenda.proposal(subject) is not None and len(proposed) > 3
    saved = kept(subject, proposed.head(2))
    assert agenda.proposal(saved) is None and agenda.clashes(saved) is None
    assert list(agenda.slots(saved)["slot_id"]) == list(proposed["slot_id"].head(2))
    later = kept(subject, proposed.assign(when=proposed["when"] + pd.Timedelta(weeks=30)))
    assert agenda.proposal(later) is not None


def test_the_load_is_the_hours_of_the_plan_in_the_weeks_of_their_drafts(subject: Editorial) -> None:
    found, rows = agenda.load(subject), agenda.slots(subject)
    assert found["hours"].sum() == pytest.approx(rows["hours"].sum())
    assert (found["owner"] == "Ada").all() and not found["over"].any()
    assert found["week"].dt.day_of_week.eq(0).all() and (found["capacity"] <= 8).all()
    over = agenda.load(kept(subject, rows.assign(hours=20.0)))
    assert over["over"].any()


def test_what_the_plan_covers_adds_up(subject: Editorial) -> None:
    found, rows = agenda.coverage(subject), agenda.slots(subject)
    for name in ("pillars", "mix"):
        assert found[name]["n"].sum() == len(rows) and found[name]["share"].sum() == pytest.approx(1)
    assert found["pillars"]["wanted"].tolist() == [0.5, 0.5]
    cadence = found["cadence"].set_index(["network", "week"])
    assert cadence["n"].sum() == len(rows)
    weeks = cadence.loc["instagram", "low"].tolist()
    assert weeks == [1, 0, 1]  # that of the stocktaking cannot be filled


def test_a_moment_that_is_missed_says_why(home: Path) -> None:
    said = WHOLE.replace("[[blackouts]]", """[[blackouts]]
name = "Holidays"
first = 2026-12-17
last = 2026-12-20

[[moments]]
name = "Past"
kind = "event"
first = 2026-11-30
[[moments]]
name = "Shut"
kind = "event"
first = 2026-12-18
[[blackouts]]""").replace("reveillon", "reveillon")  # fmt: skip
    subject = asked(home, said, now="2026-11-30T09:00:00+01:00")
    plain = subject.moments.assign(sensitive=subject.moments["moment"].eq("sida"))
    found = agenda.moments(replace(subject, moments=plain)).set_index("moment")
    assert found.loc["own:past", "reason"] == "too_soon"
    assert found.loc["own:new-roast", ["caught", "reason"]].tolist() == [True, ""]
    assert found.loc["sida", "reason"] == "sensitive"
    assert set(found.loc[found["caught"], "reason"]) == {""}


def test_weeks_in_which_nothing_is_published_say_why_there_is_no_plan(home: Path) -> None:
    shut = '\n[[blackouts]]\nname = "Travaux"\nfirst = 2025-12-01\nlast = 2025-12-14'
    subject = asked(home, WHOLE + shut, start="2025-12-01", weeks=2)
    assert ("all_shut", {}) in agenda.findings(subject)


def test_weeks_that_are_over_have_nothing_planned(home: Path) -> None:
    subject = asked(home, start="2025-12-01", weeks=2)
    over = {"first": date(2025, 12, 1), "last": date(2025, 12, 14)}
    assert agenda.findings(subject) == [("nothing_planned", over), ("no_posts", {})]
    assert agenda.load(subject)["hours"].sum() == 0 and agenda.checks(subject).empty
    assert "cm plan" in sheets.editorial.slots(agenda.calendar(subject)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_side_has_its_words(subject: Editorial, language: str) -> None:
    """What is computed has the shapes that are drawn; no key, no null and no other language shows through."""
    known = {key.removeprefix("editorial.finding.").partition(".")[0]
             for key in words("en") if key.startswith("editorial.finding.")}  # fmt: skip
    known |= {key.removeprefix("editorial.todo.") for key in words("en") if key.startswith("editorial.todo.")}
    with speaking(language):
        found = agenda.findings(subject)
        assert {key for key, _ in found} <= known
        made = agenda.calendar(subject)
        shown = [
            sheets.editorial.findings(found), sheets.editorial.clashes(agenda.clashes(subject) or {}),
            sheets.editorial.calendar(made), sheets.editorial.slots(made), sheets.editorial.checks(made),
            sheets.editorial.hours(agenda.hours(subject)), sheets.editorial.load(agenda.load(subject)),
            sheets.editorial.coverage(agenda.coverage(subject)),
            sheets.editorial.moments(agenda.moments(subject)), sheets.editorial.files(agenda.files(subject)),
        ]  # fmt: skip
        text = "\n".join(sheet.text for sheet in shown)
        for draw, frames in (
            (charts.slot_effects, agenda.hours(subject)), (charts.load, agenda.load(subject)),
            (charts.coverage, agenda.coverage(subject)),
        ):  # fmt: skip
            assert draw(frames) is not None
    assert "nan" not in text.lower().split() and "NaT" not in text and "editorial." not in text
    assert ("Posts a week" in text) == (language == "en")


def test_clashes_come_first_among_the_findings(home: Path) -> None:
    said = WHOLE.replace("instagram = { min = 1, max = 3 }", "instagram = { min = 3, max = 3 }")
    subject = asked(home, said.replace("hours_per_week = 8", "hours_per_week = 2"))
    keys = [key for key, _ in agenda.findings(subject)]
    assert keys[:2] == ["clashes", "given_way"]
    for language in LANGUAGES:
        with speaking(language):
            text = sheets.editorial.clashes(agenda.clashes(subject) or {}).text
        assert "Ada" in text and "Instagram" in text


def test_what_is_saved_and_read_again_is_the_plan(subject: Editorial) -> None:
    made = planner.plan(subject)
    saved = plans.save(subject.brand, made.rows, subject.saved.version)
    pd.testing.assert_frame_equal(plans.read(subject.brand).rows, saved.rows)
    again = agenda.slots(replace(subject, saved=saved))
    assert again["when"].tolist() == agenda.slots(subject)["when"].tolist()
