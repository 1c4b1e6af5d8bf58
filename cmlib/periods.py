"""The rows that a period counts: posts published in it, or figures generated in it. Two rules, never mixed.

Days are those of the zone that published_at is in: the brand's, once the store has read the lake.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from cmlib import conversations, schema
from cmlib.errors import CmlibError

KEYS = {  # by what each table can be grouped
    "posts": ("network", "account", "kind", "paid", "month", "week", "day", "weekday", "hour"),
    "days": ("network", "account", "month", "week", "day", "weekday"),
    "visits": ("network", "account", "medium", "campaign", "month", "week", "day", "weekday"),
    "answers": ("network", "account", "month", "week", "day", "weekday"),
    "messages": ("network", "account", "place", "month", "week", "day", "weekday", "hour"),
    "waits": ("network", "account", "place", "month", "week", "day", "weekday", "hour"),
}
PARTS = ("reactions", "comments", "shares", "saves")  # of interactions, where a network gives no total
WHO = ["network", "account"]
STALE = pd.Timedelta(days=45)  # a follower total older than this says nothing of today's

Tables = Mapping[str, pd.DataFrame]
Stamp = pd.Timestamp | None


def period(month: str) -> date:
    """The first day of a month written YYYY-MM. Raises CmlibError for anything else."""
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", month, re.ASCII):
        raise CmlibError("bad_month", month=repr(month))
    return date(int(month[:4]), int(month[5:]), 1)


def months(last: date, count: int = 1) -> tuple[date, date]:
    """The first and the last day of ``count`` months, of which ``last`` is in the last one."""
    end = pd.Period(last, "M")
    return (end - count + 1).start_time.date(), end.end_time.date()


def back(month: date, count: int) -> pd.Timestamp:
    """The first day of the month so many months before."""
    return (pd.Period(month, "M") - count).start_time


def newest(tables: Mapping[str, pd.DataFrame]) -> str:
    """The newest month that has posts; where there are none, the newest that has anything."""
    return next(iter(_newest(tables, ("posts", "days", "visits", "messages", "answers"))), latest(tables))


def latest(tables: Mapping[str, pd.DataFrame]) -> str:
    """The newest month of which anything is known; where nothing is, this one."""
    months = _newest(tables, ("posts", "days", "totals"))
    return max(months, default=pd.Timestamp.now().strftime("%Y-%m"))


def _newest(tables: Mapping[str, pd.DataFrame], names: Sequence[str]) -> list[str]:
    whens = (tables[name][schema.TIME[name]] for name in names if name in tables)
    return [str(when.max().strftime("%Y-%m")) for when in whens if len(when)]


@dataclass(frozen=True)
class Period:
    """The rows of one table in a period: figures as floats, keys, and which group each row is in.

    ``given``: does the export of this row ever give the figure for the network, account and kind of post? It
    does not depend on the period, so neither does what a post counts for. ``total``: the interactions of this
    row are the network's own total, not a sum of parts. ``groups``: the keys of each group, indexed by its
    code, sorted. ``covered``: do the data reach over the period?
    """

    rows: pd.DataFrame
    given: pd.DataFrame
    total: "pd.Series[bool]"
    code: "pd.Series[int]"
    groups: pd.DataFrame
    covered: bool


def select(
    tables: Tables,
    table: str,
    only: str = "",
    keys: Sequence[str] = (),
    start: Stamp = None,
    end: Stamp = None,
) -> Period:
    """Which rows of a tidy table count in a period (both days included), and in which group is each?

    ``only``: organic posts, social traffic, answers to one question, incoming or outgoing messages; "" for
    all. ``keys``: of KEYS. ``waits`` are those of ``conversations.waits``, in the period they began in.
    """
    needed = {"posts", "days"} if table in ("posts", "days") else {table}
    there = {name: tables[name] if name in tables else _nothing(name) for name in needed}
    every = _ROWS[table](there, start, end)
    every = _keyed(every.reset_index(drop=True), keys)
    given, total = _given(every), pd.Series(True, index=every.index)
    if table == "posts":
        total = every["interactions"].notna()
        every["interactions"] = every["interactions"].fillna(added(every, given, PARTS))
    kept = _only(every, only)
    if start is not None:
        kept &= every["day"] >= start
    if end is not None:
        kept &= every["day"] <= end
    rows, given = every[kept].reset_index(drop=True), given[kept].reset_index(drop=True)
    total = total[kept].reset_index(drop=True)
    code, groups = pd.Series(0, index=rows.index), pd.DataFrame(index=[0])
    if keys:
        code = rows.groupby(list(keys), observed=True, dropna=False, sort=True).ngroup()
        groups = rows[list(keys)].assign(code=code).drop_duplicates("code").set_index("code").sort_index()
    return Period(rows, given, total, code, groups, _covers(every, start, end))


def added(rows: pd.DataFrame, given: pd.DataFrame, parts: Sequence[str]) -> pd.Series:
    """The sum of the parts that are given for posts like it; null where this post lacks one of these."""
    values = rows[list(parts)]
    lacks = (values.isna() & given[list(parts)]).any(axis=1)
    return values.sum(axis=1, min_count=1).mask(lacks)


def growth(p: Period) -> pd.DataFrame:
    """Per group and account: followers at the ``start`` and ``end``, and the ``net`` growth between.

    The start is the last total before the group's days, else its first total. Without two totals, the net
    growth is follows − unfollows, else the network's own net figure.
    """
    who = [p.code.rename("code"), *(p.rows[c] for c in WHO)]
    flows = p.rows.groupby(who, observed=True)[["follows", "unfollows", "net_follows"]].sum(min_count=1)
    known = p.rows[p.rows["followers"].notna()].assign(code=p.code)
    totals = known.groupby(["code", *WHO], observed=True)["followers"].agg(["first", "last", "size"])
    before = known.drop_duplicates(["code", *WHO]).set_index(["code", *WHO])["before"]
    totals["start"] = before.fillna(totals["first"].where(totals["size"] > 1))
    found = flows.join(totals).rename(columns={"last": "end"})
    net = (found["end"] - found["start"]).fillna(found["follows"] - found["unfollows"])
    return found.assign(net=net.fillna(found["net_follows"]))


def _covers(every: pd.DataFrame, start: Stamp, end: Stamp) -> bool:
    if every.empty:
        return False
    first, last = every["day"].min(), every["seen"].max()
    return bool((start is None or start <= last) and (end is None or end >= first))


def _nothing(table: str) -> pd.DataFrame:
    if table != "waits":
        return schema.empty(table)
    return pd.DataFrame(columns=list(conversations.COLUMNS)).astype(conversations.COLUMNS)


def _only(rows: pd.DataFrame, only: str) -> "pd.Series[bool]":
    if only in ("incoming", "outgoing"):
        return rows["incoming"].astype("bool") == (only == "incoming")
    if only == "organic":
        return ~rows["paid"].fillna(False).astype("bool")
    if only == "social":
        return rows["network"].astype("str") != "web"
    return rows["question"].astype("str") == only if only else pd.Series(True, index=rows.index)


def _keyed(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """With the keys that follow from the day: month and week as their first day, weekday with 0 = Monday."""
    day = rows["day"]
    weekday = day.dt.day_of_week.astype("int64")
    derived = {
        "month": day - pd.to_timedelta(day.dt.day - 1, unit="D"),
        "week": day - pd.to_timedelta(weekday, unit="D"),
        "weekday": weekday,
    }
    return rows.assign(**{key: derived[key] for key in keys if key in derived})


def _given(rows: pd.DataFrame) -> pd.DataFrame:
    figures = rows.select_dtypes("float64").notna()
    if "kind" not in rows:
        return figures
    return figures.groupby(
        [rows[c] for c in (*WHO, "kind", "source")], observed=True, dropna=False
    ).transform("any")


def _posts(tables: Tables, start: Stamp, end: Stamp) -> pd.DataFrame:
    posts, days = tables["posts"].reset_index(drop=True), tables["days"]
    local = posts["published_at"].dt.tz_localize(None)
    floats = posts[list(schema.COUNTS)].astype("float64")
    rows = posts.assign(**floats, day=local.dt.normalize())
    last = end if end is not None else pd.concat([rows["day"], days["date"]]).max()
    return rows.assign(
        hour=local.dt.hour.astype("int64"),
        seen=posts["observed_at"].dt.tz_localize(None).clip(lower=rows["day"]),
        followers=_followers(rows, days, rows["day"]),
        last_followers=_followers(rows, days, pd.Series(last, index=rows.index, dtype=schema.DAY)),
    )


def _followers(rows: pd.DataFrame, days: pd.DataFrame, day: pd.Series) -> pd.Series:
    """How many followers had the account on that day? The last total known then, if it is not stale."""
    totals = days.loc[days["figure"] == "followers", [*WHO, "date", "value"]].sort_values("date")
    asked = rows[WHO].assign(date=day, row=rows.index).dropna(subset="date").sort_values("date")
    found = pd.merge_asof(asked, totals, on="date", by=WHO, tolerance=STALE)
    return found.set_index("row")["value"].astype("float64").reindex(rows.index)


def _days(tables: Tables, start: Stamp, end: Stamp) -> pd.DataFrame:
    """Every account × every day of the period, a column per figure; ``missing`` is 1 where no row is."""
    posts, days = tables["posts"], tables["days"]
    wide = days.pivot(index=[*WHO, "date"], columns="figure", values="value").astype("float64")
    wide = wide.reindex(columns=list(schema.FIGURES)).rename_axis(columns=None).reset_index()
    wide = wide.rename(columns={"date": "day"})
    wide = wide.assign(missing=0.0, before=_before(wide))
    known = pd.concat([wide["day"], posts["published_at"].dt.tz_localize(None).dt.normalize()])
    first, last = known.min() if start is None else start, known.max() if end is None else end
    span = pd.date_range(first, last) if pd.notna(first) and pd.notna(last) else []
    accounts = pd.concat([wide[WHO], posts[WHO]]).drop_duplicates()
    calendar = accounts.merge(pd.DataFrame({"day": pd.Series(span, dtype=schema.DAY)}), how="cross")
    rows = calendar.merge(wide, on=[*WHO, "day"], how="left").sort_values([*WHO, "day"])
    return rows.assign(missing=rows["missing"].fillna(1.0), seen=rows["day"])


def _before(wide: pd.DataFrame) -> pd.Series:
    """For each follower total: the one before it, if that is not stale."""
    totals = wide.loc[wide["followers"].notna(), [*WHO, "day", "followers"]].sort_values("day")
    last = totals.groupby(WHO, observed=True)[["followers", "day"]].shift(1)
    fresh = totals["day"] - last["day"] <= STALE
    return last["followers"].where(fresh).reindex(wide.index)


def _visits(tables: Tables, start: Stamp, end: Stamp) -> pd.DataFrame:
    visits = tables["visits"]
    floats = visits[["sessions", "conversions", "revenue"]].astype("float64")
    kept = visits[[*WHO, "medium", "campaign", "currency"]]
    return kept.assign(**floats, day=visits["date"], seen=visits["date"])


def _answers(tables: Tables, start: Stamp, end: Stamp) -> pd.DataFrame:
    answers = tables["answers"]
    day = answers["answered_on"]
    return answers[[*WHO, "question"]].assign(score=answers["score"].astype("float64"), day=day, seen=day)


def _messages(tables: Tables, start: Stamp, end: Stamp) -> pd.DataFrame:
    """What people wrote. ``positive``: 1 or 0 where a feeling was told; ``told``: where one was sought."""
    messages = tables["messages"]
    local, feeling = messages["sent_at"].dt.tz_localize(None), messages["feeling"].astype("object")
    told = feeling.isin(["positive", "negative"])
    return messages[[*WHO, "place", "incoming", "author"]].assign(
        positive=feeling.eq("positive").astype("float64").where(told),
        told=told.astype("float64").where(feeling.notna()),
        day=local.dt.normalize(),
        hour=local.dt.hour.astype("int64"),
        seen=messages["observed_at"].dt.tz_localize(None).clip(lower=local.dt.normalize()),
    )


def _waits(tables: Tables, start: Stamp, end: Stamp) -> pd.DataFrame:
    waits = tables["waits"]
    opened = waits["opened_at"].dt.tz_localize(None)
    flags = {name: waits[name].astype("float64") for name in ("hours", "answered", "in_time", "waiting")}
    return waits[[*WHO, "place"]].assign(
        **flags,
        day=opened.dt.normalize(),
        hour=opened.dt.hour.astype("int64"),
        seen=waits["seen"].dt.tz_localize(None),
    )


_ROWS: dict[str, Callable[[Tables, Stamp, Stamp], pd.DataFrame]] = {
    "posts": _posts,
    "days": _days,
    "visits": _visits,
    "answers": _answers,
    "messages": _messages,
    "waits": _waits,
}
