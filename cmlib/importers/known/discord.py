"""Discord: Server Insights, the CSV file of each of its charts.

A file is known by its columns, never by its name or their order: newer ones begin with ``day_pt``, end with
``interval_start_timestamp``, and a column that is empty in the first rows may come last. None names its
server.

- An interval is a day, a week or a month, which no file says: the distances between its intervals tell. One
  interval alone does not tell, and is kept aside. Those longer than a day become ``totals``.
- Members of a week are Discord's one number for that week: neither its first day's nor its last's.
- Joins are those of all sources, bots among them; leavers those of all lengths of membership.
- The other charts say nothing that other networks have, or do not say of how many days: shares of new members
  that stay or speak, minutes of speech, channels, invites. They are recognised, and kept aside.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import (
    Format,
    Part,
    column,
    frames,
    melted,
    nothing,
    opening,
    part,
    set_aside,
    unused,
)
from cmlib.importers.values import NONSENSE, Setting, Texts, Values, day, nonsense, text

MONTH = range(28, 32)  # days


def _begun(texts: Texts, setting: Setting) -> Values:
    return day("%Y-%m-%d")(
        texts.str.replace(r"[T ]00:00(:00)?(\.0+)?(\+00:?00|Z)?$", "", regex=True), setting
    )


def _unquoted(texts: Texts, setting: Setting) -> Values:
    return text(texts.str.strip("'").str.strip(), setting)


_BEGUN = column("_begun", "interval_start_timestamp", parse=_begun, must=True)
_SOURCES = ("discovery_joins", "invites", "vanity_joins")  # all that there were, before there was a total
_FIGURES = (
    _BEGUN,
    column("followers", "total_membership"),
    column("follows", "total_joins"),
    *(column(f"_{source}", source) for source in _SOURCES),
    column("unfollows", "leavers"),
    column("_stayed", "days_in_guild", parse=_unquoted),
    column("visitors", "visitors"),
    column("messages", "messages"),
)
_COUNTRIES = (
    _BEGUN,
    column("level", "country_code", parse=_unquoted, must=True),
    column("_count", "participators", must=True),
)
_TELLING = frozenset({"total_membership", "total_joins", "vanity_joins", "leavers", "visitors", "messages"})
_OF_CHANNELS = frozenset({"channel_id", "channel_name"})  # of how many days is not said


def _chart(export: Export) -> str:
    """Which of the formats is it, by its columns?"""
    there = {*opening(export)}
    if "interval_start_timestamp" not in there:
        return ""
    if {"country_code", "participators"} <= there:
        return "discord_countries"
    return "discord_insights" if there & _TELLING and not there & _OF_CHANNELS else "discord_details"


def _is_chart(export: Export, wanted: Format) -> bool:
    return _chart(export) == wanted.name


def _figures(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    for frame in frames(export, wanted.columns, setting):
        if "follows" not in frame and all(f"_{source}" in frame for source in _SOURCES):
            counts = [frame[f"_{source}"].tolist() for source in _SOURCES]
            frame["follows"] = pd.Series(map(_sum, zip(*counts, strict=True)), dtype="object")
        if "unfollows" in frame:
            frame = _spoilt(frame, "unfollows")
        read = part("totals", frame)
        yield _dated(read, _ends(sorted({d for d in frame["_begun"] if isinstance(d, pd.Timestamp)})))


def _sum(counts: tuple[object, ...]) -> object:
    """Of all sources; nothing where one of them is not known."""
    known = [n for n in counts if isinstance(n, int)]
    return sum(known) if len(known) == len(counts) else None


def _spoilt(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """An interval whose lines make one figure has none where one of its lines cannot be read, or lacks."""
    wrong = nonsense(frame[name]) | frame[name].isna()
    lost = frame["_begun"].astype("str").isin(set(frame.loc[wrong, "_begun"].astype("str")))
    return frame.assign(**{name: frame[name].mask(lost, NONSENSE)})


def _dated(read: Part, ends: dict[pd.Timestamp, pd.Timestamp] | None) -> Part:
    """Each interval's figures, as days or as totals."""
    good = read.rows.assign(since=read.rows["_begun"])
    aside = [read.aside]
    if "_stayed" in read.rows:  # a line for each length of membership
        again = read.rows.duplicated(["_begun", "_stayed"])
        aside.append(set_aside(good[again], "repeated"))
        counted = {"unfollows": "sum"} if "unfollows" in good else {}  # a column that may have been cut off
        firsts = {"line": "first", "excerpt": "first", **counted}
        good = good[~again].groupby("since", as_index=False, sort=False).agg(firsts)
    if ends is None:
        kept = pd.concat([*aside, set_aside(good, "no_interval")])
        return replace(read, table="days", rows=nothing("days"), aside=kept)
    daily = all(first == last for first, last in ends.items())
    long = melted(good.assign(until=good["since"].map(ends)))
    named = long.drop(columns="until").rename(columns={"since": "date"}) if daily else long
    return replace(read, table="days" if daily else "totals", rows=named, aside=pd.concat(aside))


def _ends(begun: list[pd.Timestamp]) -> dict[pd.Timestamp, pd.Timestamp] | None:
    """The last day of each interval, where their distances tell: days, weeks, months, or thirty days."""
    gaps = [(later - earlier).days for earlier, later in pairwise(begun)]
    if not gaps:
        return None
    step = min(gaps)
    if step in MONTH and all(first.day == 1 for first in begun):
        return {first: first + pd.offsets.MonthEnd(0) for first in begun}
    if step in (1, 7, *MONTH) and all(gap % step == 0 for gap in gaps):
        return {first: first + pd.Timedelta(days=step - 1) for first in begun}
    return None


def _countries(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Of those who took part, the share of each country, as of the day with which their interval begins."""
    for frame in frames(export, _COUNTRIES, setting):
        frame = _spoilt(frame, "_count")
        counted = frame["_count"].map(lambda n: n if isinstance(n, int) else 0)
        whole = counted.groupby(frame["_begun"].astype("str")).transform("sum")
        frame["share"] = (
            (counted / whole.where(whole > 0)).astype("object").mask(nonsense(frame["_count"]), NONSENSE)
        )
        frame["level"] = frame["level"].map(lambda name: "other" if name == "Other" else name)
        stamps = pd.to_datetime(frame["_begun"].mask(nonsense(frame["_begun"]), None), utc=True)
        yield part("audience", frame.assign(dimension="country", observed_at=stamps))


def _aside(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    yield from map(unused, frames(export, wanted.columns, setting))


FORMATS = (
    Format(
        "discord_insights", "discord", "days", _FIGURES, recognise=_is_chart, read=_figures, sure="seen",
        since="2020-07",
    ),
    Format(
        "discord_countries", "discord", "audience", _COUNTRIES, recognise=_is_chart, read=_countries,
        sure="seen", since="2026-07",
    ),
    Format(
        "discord_details", "discord", "days", (_BEGUN,), recognise=_is_chart, read=_aside, sure="seen",
        since="2021-05",
    ),
)  # fmt: skip
