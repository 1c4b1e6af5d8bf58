"""How does the community do: who writes, how long they wait, how satisfied they are? A section of the report.

What a survey says and what comments sound like stand beside each other, and are never mixed: one is an answer
to a question, the other is guessed from words (``sentiment``).
"""

from typing import Any

import pandas as pd

from cmlib import kpis, metrics
from cmlib.kpis import Review
from cmlib.means import Desk

CARDS = ("reply_time_median", "reply_time_p90", "{share}", "unanswered", "messages_received", "people")
SATISFIED = ("nps", "csat", "positive_feeling", "feeling_told")


def community(subject: Review) -> dict[str, pd.DataFrame]:
    """How was the month for those who write to the brand? Frames, empty where there is no message at all.

    ``cards``: as ``kpis.scorecard``, of CARDS; its share is that within the goal, where there is one.
    ``weeks``: a MEASURE by network and week, messages received over half a year. ``satisfaction``: a MEASURE
    of the month, the survey first. ``lacks``: a column ``key``, what brand.toml does not say, or that nothing
    was imported. ``desk``: when somebody is there, first to last of weekdays (0 is Monday) in a row with the
    same hours, and the goal, the same in all rows.
    """
    there, desk = len(subject.counted["messages"]) > 0, subject.brand.messages
    lacks = {
        "messages": not there,
        "hours": there and not desk.hours,
        "goal": there and desk.goal_hours is None,
    }
    share = "share_answered" if desk.goal_hours is None else "share_answered_within_goal"
    cards = [name.format(share=share) for name in CARDS]
    satisfied = metrics.compute(subject.counted, SATISFIED, start=subject.span[0], end=subject.span[1])
    nothing = pd.DataFrame()
    return {
        "cards": kpis.scorecard(subject, cards) if there else nothing,
        "weeks": _weeks(subject) if there else nothing,
        "satisfaction": satisfied if there or satisfied["n"].sum() else nothing,
        "lacks": pd.DataFrame({"key": [key for key, missing in lacks.items() if missing]}),
        "desk": _desk(desk) if there else nothing,
    }


def _desk(desk: Desk) -> pd.DataFrame:
    """When is somebody there? Days in a row that have the same hours are one."""
    found: list[list[Any]] = []
    for since, until in sorted({(since, until) for _, since, until in desk.hours}):
        for weekday in sorted({day for day, *hours in desk.hours if hours == [since, until]}):
            if found and found[-1][1:] == [weekday - 1, since, until]:
                found[-1][1] = weekday
            else:
                found.append([weekday, weekday, since, until])
    rows = pd.DataFrame(sorted(found), columns=["first", "last", "since", "until"])
    return rows.assign(goal=desk.goal_hours)


def _weeks(subject: Review) -> pd.DataFrame:
    last = pd.Timestamp(subject.span[1])
    first = last - pd.Timedelta(days=last.day_of_week, weeks=kpis.WEEKS - 1)
    by = metrics.compute(
        subject.counted, ["messages_received"], ["network", "week"], first.date(), last.date()
    )
    return by.astype({"network": "str"})
