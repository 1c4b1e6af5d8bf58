"""The posts that hours are learnt from: what each got on the log scale, when, and as what."""

import numpy as np
import pandas as pd

from cmlib import periods, schema
from cmlib.errors import unknown
from cmlib.periods import WHO
from cmlib.plans import OBJECTIVES

COUNTS = {  # of an objective: the first that most posts of an account have
    "interactions": ("interactions",),
    "reach": ("reach", "views", "impressions"),
    "conversions": ("link_clicks",),
}
YOUNG = pd.Timedelta(days=7)  # younger posts still gain
WEEKS = 104  # of the past: what worked before says little of today
MIDNIGHT = 0.9  # of an account's posts at 00:00 sharp: of which only the day is known
COLUMNS = ["network", "account", "kind", "paid", "at", "day", "weekday", "hour", "week", "y", "counts"]


def counted(posts: pd.DataFrame, objective: str, today: pd.Timestamp) -> pd.DataFrame:
    """The posts that say something, sorted: COLUMNS and post_id.

    ``hour`` with its minutes as decimals, null where only the day is known; ``week``: since the day WEEKS
    before today; ``y``: the logarithm of 1 + the count, whose name is in ``counts``. Raises CmlibError for an
    objective that is none.
    """
    if objective not in OBJECTIVES:
        raise unknown("objective", objective, OBJECTIVES)
    tables = {"posts": posts.reset_index(drop=True), "days": schema.empty("days")}
    rows = periods.select(tables, "posts").rows
    rows = rows.assign(**{name: rows[name].astype("object") for name in WHO})
    rows["at"] = schema.local(rows["published_at"])
    rows["kind"] = rows["kind"].astype("object").fillna("unknown")
    rows["paid"] = rows["paid"].fillna(False).astype("float64")
    rows["counts"] = _chosen(rows, COUNTS[objective])
    rows = rows.dropna(subset=["counts"])
    given = pd.Series(np.nan, index=rows.index)
    for name in rows["counts"].unique():
        given = given.mask(rows["counts"] == name, rows[name])
    begin = (today - pd.Timedelta(weeks=WEEKS)).normalize()
    old = schema.local(rows["observed_at"]) - rows["at"] >= YOUNG
    kept = given.notna() & old & (rows["at"] >= begin) & (rows["at"] <= today)
    rows = rows.assign(y=np.log1p(given.clip(lower=0)), hour=_hours(rows), weekday=rows["at"].dt.day_of_week)
    rows["week"] = (rows["at"] - begin).dt.total_seconds() / (7 * 24 * 3600)
    ordered = rows[kept].sort_values([*WHO, "at", "post_id", "y"], kind="stable", ignore_index=True)
    return ordered[[*COLUMNS, "post_id"]]


def _chosen(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Which count is taken, per account: the first that half of its posts have; null where there is none."""
    shares = rows[list(names)].notna().groupby([rows[name] for name in WHO]).transform("mean")
    chosen = pd.Series(None, index=rows.index, dtype="object")
    for name in reversed(names):
        chosen = chosen.mask(shares[name] >= 0.5, name)
    return chosen


def _hours(rows: pd.DataFrame) -> pd.Series:
    """The time of day of each post; null for accounts whose posts are at midnight sharp, nearly all."""
    sharp = rows["at"] == rows["day"]
    of_days = sharp.groupby([rows[name] for name in WHO]).transform("mean") > MIDNIGHT
    hour: pd.Series = time_of_day(rows["at"]).mask(of_days)
    return hour


def time_of_day(at: pd.Series) -> pd.Series:
    """18:30 is 18.5."""
    hour: pd.Series = at.dt.hour.astype("float64") + at.dt.minute / 60
    return hour
