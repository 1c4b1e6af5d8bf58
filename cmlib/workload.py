"""When the work for a post falls due, and how many hours there are for it: working days, weeks, days off.

A post's hours count in the week, Monday first, in which its draft is due: after that come only review and
approval. Weeks are named by their Monday.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from cmlib.brand import Brand, Member

WEEK = pd.Timedelta(weeks=1)


def due(when: pd.Series, working_days: int) -> pd.Series:
    """By which day must the draft of each post be ready? So many working days before it is published.

    ``when``: local instants or days. A post of a weekend counts from the Friday before.
    """
    days = np.busday_offset(_days(when), -working_days, roll="backward")
    return pd.Series(days.astype("datetime64[us]"), index=when.index)


def earliest(today: date, working_days: int) -> date:
    """On which day can a post that is begun today be published, if that takes so many working days?"""
    found: date = np.busday_offset(today, working_days, roll="forward").astype(object)
    return found if working_days else today


def week(day: pd.Series) -> pd.Series:
    """The Monday of each day's week."""
    local = pd.Series(_days(day).astype("datetime64[us]"), index=day.index)
    return local - pd.to_timedelta(local.dt.day_of_week, unit="D")


def capacity(who: Brand, weeks: Iterable[pd.Timestamp], today: date | None = None) -> pd.DataFrame:
    """How many hours has everybody in each week? owner, week, hours (null: no limit), off (days off in it).

    Days off take their part of the hours; so do the days of this week that are over.
    """
    mondays = list(weeks)
    rows = [
        {"owner": member.name, "week": monday, **_hours(member, monday, today)}
        for member in who.people
        for monday in mondays
    ]
    made = pd.DataFrame(rows, columns=["owner", "week", "hours", "off"])
    return made.astype({"week": "datetime64[us]", "hours": "float64", "off": "int64"})


def makes(who: Brand) -> dict[str, frozenset[str]]:
    """Which pieces can everybody make? By the name of each of the team."""
    return {
        member.name: frozenset(
            name
            for name, piece in who.pieces.items()
            if not member.makes or {name, piece.kind} & set(member.makes)
        )
        for member in who.people
    }


def _hours(member: Member, monday: pd.Timestamp, today: date | None) -> dict[str, float]:
    days = [(monday + pd.Timedelta(days=nth)).date() for nth in member.days]
    off = [day for day in days if any(first <= day <= last for first, last in member.off)]
    there = [day for day in days if day not in off and not (today and day < today)]
    hours = np.nan if member.hours_per_week is None else member.hours_per_week * len(there) / len(days)
    return {"hours": hours, "off": len(off)}


def _days(when: pd.Series) -> np.ndarray:  # numpy's days
    local = when.dt.tz_localize(None) if when.dt.tz else when
    return local.to_numpy().astype("datetime64[D]")
