"""Working on a plan by hand: each change makes another plan, and what cannot be is said."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import edits, plans
from cmlib.brand import Account, Brand, Piece
from cmlib.errors import CmlibError

WHO = Brand(
    "tea", "Tea House", timezone="Europe/Paris",
    accounts=(Account("instagram", "tea"), Account("facebook", "Tea House")),
    pieces={"carousel": Piece(2.5, 10.0), "infographic": Piece(3.0, kind="image")},
)  # fmt: skip
THURSDAY = datetime(2026, 12, 3, 18, 30)


def plan() -> pd.DataFrame:
    """A carousel on Thursday on Instagram; on Friday the same work for half an hour on Facebook; an idea."""
    frame = pd.DataFrame({
        "slot_id": ["a", "b", "c"], "piece_id": ["a", "a", "c"],
        "network": ["instagram", "facebook", "instagram"],
        "when": pd.to_datetime(["2026-12-03 17:30", "2026-12-04 09:00", "2026-12-05 09:00"], utc=True),
        "account": ["tea", "Tea House", "tea"], "piece": ["carousel", "carousel", "infographic"],
        "kind": ["carousel", "carousel", "image"], "hours": [2.5, 0.5, 3.0], "cost": [10.0, 2.0, None],
        "expected": [40.0, 30.0, None], "low": [20.0, 10.0, None], "high": [80.0, 90.0, None],
        "status": ["draft", "review", "idea"], "why": ["moment", "again", "cadence_min"],
        "objective": "reach", "sequence": [2, 0, 7], "title": ["One", "Two", ""],
    })  # fmt: skip
    return plans.checked(frame, WHO.zone)


def at(rows: pd.DataFrame, slot: str) -> dict[str, Any]:
    return dict(rows[rows["slot_id"] == slot].iloc[0])


def wall(rows: pd.DataFrame, slot: str) -> str:
    return f"{at(rows, slot)['when']:%Y-%m-%d %H:%M%z}"


# Moving


def test_a_slot_that_is_moved_is_fixed_and_nothing_is_expected_of_it_any_more() -> None:
    before = plan()
    rows = edits.move(before, "a", datetime(2026, 12, 7, 8, 5))
    assert wall(rows, "a") == "2026-12-07 08:05+0100"
    assert at(rows, "a")["fixed"] and at(rows, "a")["why"] == "fixed" and pd.isna(at(rows, "a")["expected"])
    assert at(rows, "a")["sequence"] == 2 and rows.dtypes.equals(before.dtypes)
    assert rows.iloc[1:].equals(before.iloc[1:]) and before.equals(plan()), "nothing else is touched"


def test_an_instant_with_its_zone_is_the_same_instant() -> None:
    rows = edits.move(plan(), "a", datetime(2026, 12, 7, 8, 5, tzinfo=UTC))
    assert wall(rows, "a") == "2026-12-07 09:05+0100"


@pytest.mark.parametrize(
    ("start", "days", "minutes", "end"),
    [
        ("2026-12-03 18:30", 1, 0, "2026-12-04 18:30+0100"),
        ("2026-12-31 18:30", 1, -60, "2027-01-01 17:30+0100"),
        ("2026-03-28 18:30", 1, 0, "2026-03-29 18:30+0200"),  # the same hour on the day the clock changes
        ("2026-03-28 02:30", 1, 0, "2026-03-29 03:30+0200"),  # 02:30 is not there
        ("2026-03-29 01:30", 0, 60, "2026-03-29 03:30+0200"),
        ("2026-10-25 01:30", 0, 60, "2026-10-25 02:30+0200"),  # the first of two
        ("2026-10-25 01:30", 0, 120, "2026-10-25 02:30+0100"),
        ("2027-03-27 02:15", 1, 0, "2027-03-28 03:15+0200"),
        ("2027-10-30 02:15", 1, 60, "2027-10-31 02:15+0100"),
    ],
)
def test_steps_follow_the_clock_of_the_brand(start: str, days: int, minutes: int, end: str) -> None:
    rows = edits.move(plan(), "c", datetime.fromisoformat(start))
    assert wall(edits.shift(rows, "c", days, minutes), "c") == end


def test_an_hour_that_the_clock_leaves_out_is_said() -> None:
    with pytest.raises(CmlibError, match="29 Mar 2026 02:30 in Europe/Paris"):
        edits.move(plan(), "a", datetime(2026, 3, 29, 2, 30))


@settings(derandomize=True, deadline=None, max_examples=25)
@given(days=st.integers(-400, 400), minutes=st.integers(-3000, 3000))
def test_a_day_there_and_back_is_the_same_hour(days: int, minutes: int) -> None:
    rows = plan()
    assert edits.shift(edits.shift(rows, "a", days), "a", -days)["when"].equals(rows["when"])
    there = edits.shift(rows, "b", minutes=minutes)
    assert edits.shift(there, "b", minutes=-minutes)["when"].equals(rows["when"])


# Editing


def test_another_piece_brings_its_kind_hours_and_cost_and_leaves_its_work_behind() -> None:
    rows = edits.edit(plan(), WHO, "a", piece="infographic")
    changed, other = at(rows, "a"), at(rows, "b")
    assert (changed["kind"], changed["hours"], changed["cost"], changed["piece_id"]) == (
        "image",
        3.0,
        0.0,
        "a",
    )
    assert (other["hours"], other["cost"]) == (2.5, 10.0), "nobody else makes the carousel now"
    rows = edits.edit(plan(), WHO, "b", piece="infographic", hours=1.25)
    assert (at(rows, "b")["hours"], at(rows, "b")["piece_id"], at(rows, "a")["hours"]) == (1.25, "b", 2.5)


def test_words_keep_what_is_expected_and_another_account_does_not() -> None:
    rows = edits.edit(plan(), WHO, "a", text="  Un\r\nthé\x00 \ud83d", title=" A \n b ", hours=None)
    assert (at(rows, "a")["text"], at(rows, "a")["title"]) == ("Un\nthé", "A b")
    assert at(rows, "a")["expected"] == 40 and pd.isna(at(rows, "a")["hours"]) and not at(rows, "a")["fixed"]
    rows = edits.edit(rows, WHO, "a", network="facebook", account="Tea House")
    assert pd.isna(at(rows, "a")["expected"]) and at(rows, "a")["why"] == ""


def test_what_says_the_same_changes_nothing() -> None:
    before = edits.move(plan(), "c", datetime(2026, 10, 25, 1, 30))
    before = edits.shift(before, "c", minutes=120)  # the second 02:30
    same = edits.edit(before, WHO, "c", when=datetime(2026, 10, 25, 2, 30), cost=None, piece="infographic")
    assert same is before


def test_an_edit_after_approval_shows_and_going_back_takes_it_away() -> None:
    rows = edits.approve(plan(), "a")
    assert at(rows, "a")["status"] == "approved" and not plans.edited(rows).any()
    after = edits.edit(rows, WHO, "a", text="Other", status="approved")
    assert plans.edited(after).tolist() == [True, False, False]
    assert not plans.edited(edits.approve(after, "a")).any()
    assert at(edits.edit(after, WHO, "a", status="draft"), "a")["approved"] == ""
    frozen = edits.edit(plan(), WHO, "a", text="Other", status="approved")
    assert at(frozen, "a")["status"] == "approved" and not plans.edited(frozen).any()


def test_what_is_published_stays() -> None:
    rows = edits.edit(plan(), WHO, "a", status="published")
    for change in (
        lambda: edits.delete(rows, "a"),
        lambda: edits.shift(rows, "a", 1),
        lambda: edits.edit(rows, WHO, "a", text="no"),
    ):
        with pytest.raises(CmlibError, match="instagram 2026-12-03 18:30 One is published"):
            change()
    assert at(edits.edit(rows, WHO, "a", text="no", status="draft"), "a")["text"] == "no"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"txt": "x"}, "'txt' is not a known"),
        ({"slot_id": "x"}, "'slot_id' is not a known"),
        ({"approved": "x"}, "'approved' is not a known"),
        ({"sequence": 3}, "'sequence' is not a known"),
        ({"text": 3}, "Text cannot be 3"),
        ({"text": "x" * 70_001}, "70,001 characters, and 70,000"),
        ({"owner": "x" * 201}, "Owner has 201"),
        ({"hours": -1}, "Hours cannot be -1"),
        ({"hours": float("nan")}, "Hours cannot be nan"),
        ({"hours": float("inf")}, "Hours cannot be inf"),
        ({"hours": True}, "Hours cannot be True"),
        ({"hours": "3"}, "Hours cannot be '3'"),
        ({"when": "2026-12-03"}, "cannot be '2026-12-03'"),
        ({"when": datetime(1999, 12, 31)}, "1999 is no year of a plan"),
        ({"network": "facebok"}, "Nearest: facebook"),
        ({"status": "aproved"}, "Nearest: approved"),
        ({"link": "javascript:alert(1)"}, "no link to a web page"),
        ({"link": "https://[x"}, "no link to a web page"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(said: dict[str, Any], told: str) -> None:
    rows = plan()
    with pytest.raises(CmlibError) as problem:
        edits.edit(rows, WHO, "a", **said)
    assert told in str(problem.value) and rows.equals(plan())


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: edits.move(rows, "z", THURSDAY),
        lambda rows: edits.shift(rows, "z", 1),
        lambda rows: edits.edit(rows, WHO, "z", text=""),
        lambda rows: edits.fix(rows, "z"),
        lambda rows: edits.approve(rows, "z"),
        lambda rows: edits.delete(rows, "z"),
    ],
)
def test_a_slot_that_is_not_there_is_said(change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    with pytest.raises(CmlibError, match="'z' is not a known slot"):
        change(plan())


# Fixing, deleting, adding


def test_fixing_is_there_and_back() -> None:
    rows = edits.fix(plan(), "a")
    assert at(rows, "a")["fixed"] and at(rows, "a")["expected"] == 40
    assert edits.fix(rows, "a").equals(plan()) and edits.fix(rows, "a", True).equals(rows)
    moved = edits.shift(plan(), "a", 1, 0)
    assert "fixed" in at(moved, "a")["why"] and "fixed" not in at(edits.fix(moved, "a"), "a")["why"]


def test_the_work_of_a_slot_that_is_deleted_falls_to_the_next_that_shares_it() -> None:
    rows = edits.delete(plan(), "a")
    assert rows["slot_id"].tolist() == ["b", "c"]
    assert rows["hours"].tolist() == [2.5, 3.0] and rows["cost"].iloc[0] == 10
    assert edits.delete(plan(), "b")["hours"].tolist() == [2.5, 3.0]


def test_a_slot_that_is_added_is_an_idea_that_stays_where_it_is() -> None:
    rows = edits.add(plan(), WHO, THURSDAY, "facebook", "Tea House", piece="infographic", title="New")
    new = rows.iloc[-1]
    assert (new["status"], new["fixed"], new["kind"], new["hours"]) == ("idea", True, "image", 3.0)
    assert new["objective"] == "reach" and new["piece_id"] == new["slot_id"] and pd.isna(new["expected"])
    again = edits.add(plan(), WHO, THURSDAY, "facebook", "Tea House", piece="infographic", title="New")
    assert again.equals(rows), "the same is called the same"
    twice = edits.add(rows, WHO, THURSDAY, "facebook", "Tea House", kind="poll")
    assert twice["slot_id"].is_unique and twice.iloc[-1]["kind"] == "poll"


def test_the_first_slot_of_a_plan_can_be_added_approved() -> None:
    empty = plans.empty(WHO.zone)
    rows = edits.add(empty, WHO, THURSDAY, "instagram", "tea", piece="carousel", status="approved")
    assert rows.dtypes.equals(empty.dtypes) and not plans.edited(rows).any()
    assert (rows["status"].tolist(), rows["sequence"].tolist()) == (["approved"], [0])
    with pytest.raises(CmlibError, match="Nearest: carousel"):
        edits.add(empty, WHO, THURSDAY, "instagram", "tea", piece="carrousel")


# Undoing, and what is not saved


CHANGES: list[Callable[[pd.DataFrame], pd.DataFrame]] = [
    lambda rows: edits.add(rows, WHO, THURSDAY, "instagram", "tea", piece="carousel"),
    lambda rows: edits.shift(rows, rows["slot_id"].iloc[0], 1, 15) if len(rows) else rows,
    lambda rows: edits.fix(rows, rows["slot_id"].iloc[-1]) if len(rows) else rows,
    lambda rows: edits.delete(rows, rows["slot_id"].iloc[0]) if len(rows) else rows,
    lambda rows: edits.approve(rows, rows["slot_id"].iloc[-1]) if len(rows) else rows,
    lambda rows: edits.edit(rows, WHO, rows["slot_id"].iloc[0], text="t") if len(rows) else rows,
]


@settings(derandomize=True, deadline=None, max_examples=20)
@given(st.lists(st.sampled_from(CHANGES), max_size=8))
def test_all_that_was_done_is_undone_and_done_again(
    done: list[Callable[[pd.DataFrame], pd.DataFrame]],
) -> None:
    past = edits.Past(plan())
    for change in done:
        past = past.then(change(past.rows))
    assert plans.checked(past.rows, WHO.zone).equals(past.rows), "every change leaves a plan"
    end = past.rows
    for _ in done:
        past = past.undone()
    assert past.rows.equals(plan()) and not past.before
    for _ in done:
        past = past.redone()
    assert past.rows.equals(end) and not past.after


def test_a_change_after_an_undo_is_the_new_future() -> None:
    past = edits.Past(plan()).then(edits.fix(plan(), "a")).undone()
    assert len(past.after) == 1 and past.undone() is past
    assert not past.then(edits.fix(plan(), "b")).after and past.then(plan()) is past


def test_what_differs_is_named_by_when_it_is() -> None:
    saved = plan()
    rows = edits.shift(edits.delete(saved, "b"), "a", 30)
    rows = edits.add(rows, WHO, THURSDAY, "instagram", "tea", kind="poll")
    (new,) = set(rows["slot_id"]) - {"a", "c"}
    assert edits.differing(rows, saved) == [new, "b", "a"]
    assert edits.differing(saved, saved.assign(sequence=9, cost=saved["cost"].copy())) == []
