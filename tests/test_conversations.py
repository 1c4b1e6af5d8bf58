"""Waits and what is measured of them: answers that can be counted by hand, clocks, censoring, coverage."""

from datetime import date, time
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import conversations, metrics, schema, stats
from cmlib.means import Desk

PARIS = ZoneInfo("Europe/Paris")
OFFICE = tuple((day, time(9), time(18)) for day in range(5))
DESK = Desk(hours=OFFICE, goal_hours=4.0)
SEEN = "2026-04-30 12:00"


def said(
    *rows: tuple[str, str, bool], place: str | None = "direct", seen: str = SEEN, **more: object
) -> pd.DataFrame:
    """Messages: (thread, when in Paris, incoming)."""
    frame = pd.DataFrame(rows, columns=["thread_id", "sent_at", "incoming"])
    frame["sent_at"] = pd.to_datetime(frame["sent_at"]).dt.tz_localize(PARIS).dt.tz_convert("UTC")
    frame["message_id"] = [f"{place} {n}" for n in range(len(frame))]
    frame = frame.assign(
        brand="tea", network="messenger", account="Tea", source="a", place=place,
        observed_at=pd.Timestamp(seen, tz=PARIS).tz_convert("UTC"),
    )  # fmt: skip
    whole = schema.check("messages", frame.assign(**more))
    return whole.assign(sent_at=whole["sent_at"].dt.tz_convert(PARIS))


def hours(messages: pd.DataFrame, desk: Desk = DESK) -> list[float | None]:
    found = conversations.waits(messages, desk, PARIS)["hours"]
    return [None if pd.isna(one) else round(one, 6) for one in found]


def figures(
    messages: pd.DataFrame, *names: str, desk: Desk = DESK, **asked: object
) -> dict[str, dict[str, object]]:
    tables = {"messages": messages, "waits": conversations.waits(messages, desk, PARIS)}
    return metrics.compute(tables, names, **asked).set_index("metric").to_dict("index")  # type: ignore[arg-type]


# ── Waits ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_message_opens_a_wait_and_the_next_answer_ends_it() -> None:
    messages = said(
        ("a", "2026-03-02 09:00", True), ("a", "2026-03-02 10:00", True), ("a", "2026-03-02 11:30", False),
        ("a", "2026-03-02 11:40", False), ("a", "2026-03-02 12:00", True), ("b", "2026-03-02 09:30", True),
        ("b", "2026-03-02 10:00", False), ("c", "2026-03-02 15:00", False), ("c", "2026-03-02 16:00", True),
        ("c", "2026-03-02 16:15", False),
    )  # fmt: skip
    assert hours(messages) == [2.5, 0.5, None, 0.25]


@pytest.mark.parametrize(
    ("asked", "told", "waited"),
    [
        ("2026-03-02 08:00", "2026-03-02 10:00", 1.0),  # before hours
        ("2026-03-02 17:00", "2026-03-03 10:00", 2.0),  # over night
        ("2026-03-06 17:30", "2026-03-09 09:30", 1.0),  # over the weekend
        ("2026-03-07 10:00", "2026-03-08 10:00", 0.0),  # on it
        ("2026-03-02 09:00", "2026-03-16 09:00", 90.0),  # ten working days
        ("2026-03-27 17:00", "2026-03-30 10:00", 2.0),  # clocks go on, at night
    ],
)
def test_a_wait_is_as_long_as_the_brand_is_there(asked: str, told: str, waited: float) -> None:
    assert hours(said(("a", asked, True), ("a", told, False))) == [waited]


def test_clocks_that_change_within_the_hours_are_told_apart() -> None:
    """On 29 March 2026 the hour from 2 to 3 is not, on 25 October it is twice."""
    always, at_night = Desk(), Desk(hours=((6, time(0), time(6)),))
    for day, real in (("2026-03-29", 5.0), ("2026-10-25", 7.0)):
        night = said(("a", f"{day} 00:00", True), ("a", f"{day} 06:00", False), seen="2026-12-01")
        assert hours(night, always) == hours(night, at_night) == [real]


def test_spans_that_overlap_count_once() -> None:
    twice = Desk(hours=((0, time(9), time(18)), (0, time(10), time(12)), (0, time(17), time(20))))
    assert hours(said(("a", "2026-03-02 08:00", True), ("a", "2026-03-02 21:00", False)), twice) == [11.0]


def test_in_a_group_only_what_is_answered_by_name_has_a_time() -> None:
    messages = said(
        ("g", "2026-03-02 09:00", True), ("g", "2026-03-02 09:10", True), ("g", "2026-03-02 10:00", False),
        ("g", "2026-03-02 11:00", False), place="group", reply_to=[None, None, "group 0", "group 0"],
    )  # fmt: skip
    found = conversations.waits(messages, DESK, PARIS)
    assert found["hours"].tolist() == [1.0]
    assert found[["answered", "in_time", "waiting"]].isna().all(axis=None)
    told = figures(messages, "reply_time_median", "share_answered", "unanswered", "messages_received")
    assert told["reply_time_median"]["value"] == 1.0
    assert np.isnan(told["share_answered"]["value"]) and np.isnan(told["unanswered"]["value"])
    assert told["messages_received"]["value"] == 2


def test_without_a_thread_an_answer_by_name_ends_the_wait() -> None:
    messages = said(
        (None, "2026-03-02 09:00", True), (None, "2026-03-02 09:10", True), (None, "2026-03-02 10:00", False),
        place="comments", reply_to=[None, None, "comments 1"],
    )  # type: ignore[arg-type]  # fmt: skip
    assert hours(messages) == [None, pytest.approx(5 / 6)]


def test_the_order_of_rows_and_other_threads_do_not_matter() -> None:
    messages = said(
        *[(t, f"2026-03-{d:02} {9 + t % 8}:00", (t + d) % 3 != 0) for d in range(2, 20) for t in range(5)]
    )
    found = conversations.waits(messages, DESK, PARIS)
    shuffled = conversations.waits(messages.sample(frac=1, random_state=1), DESK, PARIS)
    pd.testing.assert_frame_equal(found, shuffled)
    assert len(conversations.waits(messages.head(0), DESK, PARIS)) == 0


# ── What is known ends somewhere ────────────────────────────────────────────────────────────────────────────


def test_a_wait_that_is_younger_than_the_goal_is_in_no_share() -> None:
    """Known until Thursday 12:00: who wrote at 9:30 waited 2.5 hours, of 4."""
    messages = said(
        ("a", "2026-04-29 09:00", True), ("a", "2026-04-29 10:00", False), ("b", "2026-04-29 11:00", True),
        ("c", "2026-04-30 09:30", True), ("d", "2026-04-30 09:30", True), ("d", "2026-04-30 10:00", False),
    )  # fmt: skip
    told = figures(
        messages, "share_answered", "share_answered_within_goal", "unanswered", "reply_time_median"
    )
    assert (told["share_answered"]["value"], told["share_answered"]["n"]) == (0.5, 2)
    assert (told["share_answered_within_goal"]["value"], told["share_answered_within_goal"]["n"]) == (0.5, 2)
    assert told["unanswered"]["value"] == 1
    assert (told["reply_time_median"]["value"], told["reply_time_median"]["n"]) == (0.75, 2)


def test_without_a_goal_a_day_of_hours_must_have_passed_and_nothing_is_within_it() -> None:
    messages = said(("a", "2026-04-27 09:00", True), ("b", "2026-04-28 09:00", True))
    told = figures(messages, "unanswered", "share_answered_within_goal", desk=Desk(hours=OFFICE))
    assert (told["unanswered"]["value"], told["unanswered"]["n"]) == (
        1,
        1,
    )  # the other waits for 21 of 24 hours
    assert np.isnan(told["share_answered_within_goal"]["value"])
    assert "no_in_time" in told["share_answered_within_goal"]["note"]


def test_each_conversation_is_known_until_its_own_last_sight() -> None:
    early, late = (
        said((name, "2026-04-29 09:00", True), seen=seen)
        for name, seen in (("a", "2026-04-29 10:00"), ("b", SEEN))
    )
    both = pd.concat([early, late.assign(message_id="other")], ignore_index=True)
    assert figures(both, "unanswered")["unanswered"]["n"] == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_censoring_does_not_flatter(seed: int) -> None:
    """The share within the goal is that of the waits whose goal has passed, answered or not."""
    rng = np.random.default_rng(seed)
    asked = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.sort(rng.uniform(0, 240, 30)), unit="h")
    delay = rng.exponential(6, 30)
    end = pd.Timestamp("2026-03-10 12:00")
    rows = []
    for n, (at, hour) in enumerate(zip(asked, delay, strict=True)):
        if at < end:
            rows.append((str(n), str(at.floor("s")), True))
            answered = (at + pd.Timedelta(hours=hour)).floor("s")
            if answered < end:
                rows.append((str(n), str(answered), False))
    told = figures(said(*rows, seen=str(end)), "share_answered_within_goal", desk=Desk(goal_hours=4.0))
    old = [
        (at, hour)
        for at, hour in zip(asked.floor("s"), delay, strict=True)
        if end - at >= pd.Timedelta(hours=4)
    ]
    assert told["share_answered_within_goal"]["n"] == len(old)
    assert told["share_answered_within_goal"]["value"] == pytest.approx(
        np.mean([hour <= 4 for _, hour in old]), abs=0.04
    )


# ── Figures ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_figures_that_can_be_counted_by_hand() -> None:
    rows = [(str(n), f"2026-03-{2 + n % 5:02} 09:00", True) for n in range(20)]
    answers = [(str(n), f"2026-03-{2 + n % 5:02} {10 + n % 8}:00", False) for n in range(18)]
    felt = ["positive"] * 9 + ["negative"] * 3 + ["unsure"] * 6 + [None] * 2
    messages = said(
        *rows, *answers, author=[f"p{n % 7}" for n in range(20)] + ["us"] * 18, feeling=felt + [None] * 18
    )
    told = figures(
        messages, "messages_received", "messages_sent", "people", "share_answered",
        "share_answered_within_goal",
        "unanswered", "positive_feeling", "feeling_told", "reply_time_median", "reply_time_p90",
        start=date(2026, 3, 1), end=date(2026, 3, 31),
    )  # fmt: skip
    assert {name: (one["value"], one["n"]) for name, one in told.items()} == {
        "messages_received": (20, 20), "messages_sent": (18, 18), "people": (7, 20),
        "share_answered": (0.9, 20), "share_answered_within_goal": (0.5, 20), "unanswered": (2, 20),
        "positive_feeling": (0.75, 12), "feeling_told": (pytest.approx(12 / 18), 18),
        "reply_time_median": (4.0, 18), "reply_time_p90": (pytest.approx(7.3), 18),
    }  # fmt: skip
    for name in ("share_answered", "positive_feeling", "reply_time_median"):
        assert told[name]["low"] < told[name]["value"] < told[name]["high"]
    wilson = stats.wilson([18], [20]).iloc[0]
    assert (told["share_answered"]["low"], told["share_answered"]["high"]) == (wilson["low"], wilson["high"])
    assert np.isnan(told["reply_time_p90"]["low"]) and "too_few" in told["reply_time_p90"]["note"]
    assert np.isnan(told["unanswered"]["low"])


def test_groups_add_up_and_keys_are_those_of_messages() -> None:
    messages = pd.concat(
        [said(("a", "2026-03-02 09:00", True), ("a", "2026-03-03 09:00", True)),
         said(("b", "2026-03-02 09:00", True), place="comments")], ignore_index=True,
    )  # fmt: skip
    tables = {"messages": messages, "waits": conversations.waits(messages, DESK, PARIS)}
    by = metrics.compute(tables, ["messages_received"], ["place"])
    assert dict(zip(by["place"].astype("str"), by["value"], strict=True)) == {"direct": 2, "comments": 1}
    assert metrics.compute(tables, ["unanswered"], ["place"])["value"].sum() == 2
    assert metrics.compute({}, ["unanswered", "people", "messages_received"])["value"].isna().all()


@pytest.mark.parametrize("share", [0.5, 0.9])
@pytest.mark.parametrize("n", [36, 60, 200])
def test_intervals_of_quantiles_cover_what_they_promise(share: float, n: int) -> None:
    """Reply times as they are: many at once, a long tail, whole minutes."""
    rng = np.random.default_rng(7)
    draws = np.floor(60 * rng.lognormal(0.5, 1.2, (2000, n))) / 60
    truth = np.quantile(np.floor(60 * rng.lognormal(0.5, 1.2, 2_000_000)) / 60, share)
    found = stats.quantile(draws.ravel(), share, np.repeat(np.arange(2000), n))
    inside = ((found["low"] <= truth) & (truth <= found["high"])).mean()
    assert 0.94 <= inside <= 0.99
    assert found["low"].notna().all()


def test_quantiles_have_an_interval_from_the_fewest_on() -> None:
    for share, level in ((0.5, 0.95), (0.9, 0.95), (0.9, 0.8), (0.1, 0.95)):
        least = stats.fewest(share, level)
        assert stats.quantile(np.arange(least), share, level=level)["low"].notna().all()
        assert stats.quantile(np.arange(least - 1), share, level=level)["low"].isna().all()
    assert stats.fewest(0.9) == 36
