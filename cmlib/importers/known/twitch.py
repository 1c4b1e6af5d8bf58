"""Twitch: what the channel brought, a row for each day, week or month, with English headers.

The columns drifted from 27 (2020) to 42 (2023): what is known of them is read, revenue and subscriptions are
not. The file names no interval; how far its rows stand apart tells it. Days are ``days``; a row of a longer
interval is a total from its first day to the day before the next one, the last as long as it can be.

``Live Views`` are views, ``Unique Viewers`` viewers, ``Chat Messages`` messages. Average and highest viewers
are no counts, and find no place here. The export does not say whose channel it is.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import Format, Part, column, frames, melted, part
from cmlib.importers.values import NONSENSE, Setting, Texts, Values, count, day

_MINUTES_OF_A_DAY = 25 * 60  # the day on which clocks are put back


def _minutes(texts: Texts, setting: Setting) -> Values:
    """Minutes → seconds."""
    return count(texts, setting).map(lambda v: v * 60 if isinstance(v, int) else v).astype("object")


_DAYS = (
    column("date", "Date", parse=day("%a %b %d %Y"), must=True),
    column("_average", "Average Viewers", parse=lambda texts, _: texts, must=True),
    column("_streamed", "Minutes Streamed", must=True),
    column("watch_seconds", "Minutes Watched", parse=_minutes, must=True),
    column("follows", "Follows"),
    column("views", "Live Views"),
    column("viewers", "Unique Viewers"),
    column("messages", "Chat Messages"),
)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Days, or totals of the weeks or months that the rows are."""
    for frame in frames(export, wanted.columns, setting):
        dates = frame["date"].map(lambda v: v if isinstance(v, pd.Timestamp) else pd.NaT)
        ends = _ends(pd.to_datetime(dates))
        if ends is None:
            long = frame["_streamed"].map(lambda v: isinstance(v, int) and v > _MINUTES_OF_A_DAY)
            frame["_streamed"] = frame["_streamed"].mask(long, NONSENSE)
            yield part("days", frame)
        else:
            read = part("totals", frame.assign(until=ends).rename(columns={"date": "since"}))
            yield replace(read, rows=melted(read.rows))


def _ends(dates: Values) -> Values | None:
    """The last day of each row's interval; nothing where rows are days."""
    firsts = dates.dropna().drop_duplicates().sort_values()
    steps = firsts.diff().dropna()
    if steps.empty or steps.min() <= pd.Timedelta(days=1):
        return None
    one = pd.Timedelta(days=1)
    monthly = (firsts.dt.day == 1).all() and steps.min() >= pd.Timedelta(days=28)
    last = firsts.iloc[-1] + (pd.offsets.MonthEnd() if monthly else steps.min() - one)
    following = dict(zip(firsts, [*(firsts.iloc[1:] - one), last], strict=True))
    return dates.map(following)


FORMATS = (
    Format("twitch_days", "twitch", "days", _DAYS, read=_read, sure="seen", since="2020-05"),
)  # fmt: skip
