"""How does the community do: who writes, how long they wait, how satisfied they are? A section of the report.

What a survey says and what comments sound like stand beside each other, and are never mixed: one is an answer
to a question, the other is guessed from words (``sentiment``).
"""

import pandas as pd

from cmlib import kpis, metrics
from cmlib.kpis import Review

CARDS = ("reply_time_median", "reply_time_p90", "{share}", "unanswered", "messages_received", "people")
SATISFIED = ("nps", "csat", "positive_feeling", "feeling_told")


def community(subject: Review) -> dict[str, pd.DataFrame]:
    """How was the month for those who write to the brand? Frames, empty where there is no message at all.

    ``cards``: as ``kpis.scorecard``, of CARDS; its share is that within the goal, where there is one.
    ``weeks``: a MEASURE by network and week, messages received over half a year. ``satisfaction``: a MEASURE
    of the month, the survey first. ``lacks``: a column ``key``, what brand.toml does not say, or that nothing
    was imported.
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
    }


def _weeks(subject: Review) -> pd.DataFrame:
    last = pd.Timestamp(subject.span[1])
    first = last - pd.Timedelta(days=last.day_of_week, weeks=kpis.WEEKS - 1)
    by = metrics.compute(
        subject.counted, ["messages_received"], ["network", "week"], first.date(), last.date()
    )
    return by.astype({"network": "str"})
