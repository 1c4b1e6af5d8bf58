"""How long do people wait for an answer? From messages, one row each, to waits, one row each.

In a conversation (``thread_id``), a message that comes in opens a wait, unless one is open; the next that
goes out closes it. So who writes three times in a row waits once, and thanks for an answer open a wait that
nobody means to end: as much is unanswered at most. Direct messages and comments only. In a group people
answer each other, so that only what the brand answers to by name (``reply_to``) has a time, and nothing there
counts as unanswered.

A wait is as long as the brand is there: its hours (``Desk.hours``), on the clock of its zone and over changes
of it; without hours, all day and night. Public holidays are not known here: they count as any other day.

What is known ends at some instant (when the conversation was last seen). A wait that is younger then than the
brand's goal, or than PATIENCE without one, is not settled: answered or not, no share counts it, because only
the quick ones among these can have been answered.
"""

from datetime import time
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cmlib.means import Desk

PATIENCE = 24.0  # of the brand's hours, where it has no goal
COLUMNS = {
    "network": "object", "account": "object", "place": "object", "opened_at": "datetime64[us, UTC]",
    "closed_at": "datetime64[us, UTC]", "hours": "float64", "answered": "Float64", "in_time": "Float64",
    "waiting": "Float64", "seen": "datetime64[us, UTC]",
}  # fmt: skip
_WHO = ["network", "account", "thread"]
Spans = tuple[np.ndarray, np.ndarray]


def waits(messages: pd.DataFrame, desk: Desk, zone: ZoneInfo) -> pd.DataFrame:
    """Who waited how long for an answer? A row for each wait: COLUMNS, instants in the brand's zone.

    ``hours`` until the answer, null where there is none. ``answered``, ``in_time`` (within the goal; null
    without one) and ``waiting`` are 1 or 0, and null where the wait is not settled. ``seen``: until when the
    conversation is known.
    """
    found = [_spoken(messages[messages["place"].ne("group").fillna(True)]), _named(messages)]
    rows = pd.concat([one for one in found if len(one)] or [pd.DataFrame(columns=list(COLUMNS))])
    rows = rows.astype({name: COLUMNS[name] for name in ("opened_at", "closed_at", "seen")})
    clock = _clock(desk.hours, rows["opened_at"].min(), rows[["closed_at", "seen"]].max().max(), zone)
    taken = _open(clock, rows["closed_at"]) - _open(clock, rows["opened_at"])
    age = _open(clock, rows["seen"]) - _open(clock, rows["opened_at"])
    goal = desk.goal_hours
    settled = (age >= (PATIENCE if goal is None else goal)) & rows["place"].ne("group")
    answered = rows["closed_at"].notna()
    in_time = answered & (taken <= goal) if goal is not None else answered & False
    told = {"answered": answered, "in_time": in_time, "waiting": ~answered}
    flags = {name: one.astype("Float64").where(settled) for name, one in told.items()}
    if goal is None:
        flags["in_time"] = flags["in_time"].mask(settled)
    rows = rows.assign(hours=taken, **flags).reindex(columns=list(COLUMNS)).astype(COLUMNS)
    rows = rows.sort_values(["opened_at", "network", "account"], kind="stable", ignore_index=True)
    return rows.assign(
        **{name: rows[name].dt.tz_convert(zone) for name in ("opened_at", "closed_at", "seen")}
    )


def _spoken(messages: pd.DataFrame) -> pd.DataFrame:
    """The waits of conversations; a message of none is one, with what answers it by name."""
    thread = messages["thread_id"].fillna(messages["reply_to"]).fillna(messages["message_id"])
    order = ["sent_at", "incoming", "message_id"]  # at the same instant, who asks is before who answers
    said = messages.assign(
        thread=thread, incoming=messages["incoming"].astype("bool"), place=messages["place"].astype("object")
    )
    said = said.sort_values([*_WHO, *order], ascending=[True] * 4 + [False, True], ignore_index=True)
    by = said.groupby(_WHO, observed=True, sort=False)
    first = said["incoming"] & ~by["incoming"].shift(fill_value=False).astype("bool")
    going = said["sent_at"].where(~said["incoming"])
    answer = going.groupby([said[name] for name in _WHO], observed=True, sort=False).bfill()
    seen = by[["sent_at", "observed_at"]].transform("max").max(axis=1)
    opened = said.assign(opened_at=said["sent_at"], closed_at=answer, seen=seen)
    return _kept(opened[first])


def _named(messages: pd.DataFrame) -> pd.DataFrame:
    """In groups: what the brand answered to, until its first answer."""
    there = messages[messages["place"].eq("group").fillna(False)]
    who = ["network", "account"]
    replies = there[there["incoming"].eq(False) & there["reply_to"].notna()]
    first = (
        replies.groupby([*who, "reply_to"], observed=True)["sent_at"].min().rename("closed_at").reset_index()
    )
    asked = there[there["incoming"].eq(True)].merge(
        first, left_on=[*who, "message_id"], right_on=[*who, "reply_to"], suffixes=("", "_")
    )
    return _kept(asked.assign(opened_at=asked["sent_at"], seen=asked["observed_at"], place="group"))


def _kept(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["network", "account", "place", "opened_at", "closed_at", "seen"]]


def _clock(
    hours: tuple[tuple[int, time, time], ...], first: pd.Timestamp, last: pd.Timestamp, zone: ZoneInfo
) -> Spans | None:
    """When somebody is there, as seconds since 1970: where spans begin and end, none over another."""
    if not hours or pd.isna(first):
        return None
    days = pd.date_range(first.tz_convert(zone).date(), last.tz_convert(zone).date(), freq="D")
    spans = [
        [_seconds(days[days.day_of_week == weekday] + _since_midnight(end), zone) for end in ends]
        for weekday, *ends in hours
    ]
    begun, ended = (np.concatenate(one) for one in zip(*spans, strict=True))
    order = np.argsort(begun, kind="stable")
    begun, ended = begun[order], np.maximum.accumulate(ended[order])
    ended[:-1] = np.minimum(ended[:-1], begun[1:])  # what overlaps counts once
    return begun, ended


def _since_midnight(clock: time) -> pd.Timedelta:
    return pd.Timedelta(hours=clock.hour, minutes=clock.minute)


def _seconds(wall: pd.DatetimeIndex, zone: ZoneInfo) -> np.ndarray:
    instants = wall.tz_localize(zone, ambiguous=np.zeros(len(wall), dtype=bool), nonexistent="shift_forward")
    return instants.as_unit("us").asi8 / 1e6


def _open(clock: Spans | None, when: pd.Series) -> pd.Series:
    """How many hours was somebody there, until then?"""
    at = np.asarray(when.dt.tz_convert("UTC").dt.tz_localize(None), dtype="M8[us]").astype("int64") / 1e6
    if clock is None:
        spent = at
    else:
        begun, ended = clock
        before = np.concatenate([[0.0], np.cumsum(ended - begun)])
        nth = np.searchsorted(begun, at, side="right")
        inside = np.minimum(at, ended[nth - 1]) - begun[nth - 1]
        spent = np.where(nth > 0, before[nth - 1] + inside, 0.0)
    return pd.Series(spent / 3600, index=when.index).where(when.notna())
