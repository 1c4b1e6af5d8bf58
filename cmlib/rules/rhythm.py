"""Are posts far enough apart, often enough, on days on which something is published, and well mixed?"""

from collections.abc import Iterator
from datetime import time
from itertools import pairwise
from math import ceil, floor

import pandas as pd

from cmlib import workload
from cmlib.rules.broken import Asked, Broken, grouped, open_of, tipping

STORIES = ("story",)  # kinds that no rule on posts a day counts
ACCOUNT = ["network", "account"]
LITTLE = 1e-6  # posts: what rounding makes of a share


def spacing(asked: Asked) -> Iterator[Broken]:
    """Are two posts of one account too close?"""
    gap = pd.Timedelta(hours=asked.who.spacing.hours)
    for (network, account), rows in grouped(_single(asked), ACCOUNT):
        slots = rows.to_dict("records")
        for one, other in pairwise(slots):
            near = other["when"] - one["when"] < gap
            if near and (one["open"] or other["open"]) and not _one_day(asked, one["day"], other["day"]):
                said = {"network": network, "account": account, "hours": asked.who.spacing.hours}
                yield Broken("spacing", other["slot_id"], said, one["slot_id"])


def _one_day(asked: Asked, one: pd.Timestamp, other: pd.Timestamp) -> bool:
    """Where there may be but one a day, two of a day are said by that rule alone."""
    return asked.who.spacing.per_day == 1 and one.normalize() == other.normalize()


def days(asked: Asked) -> Iterator[Broken]:
    """Does any account publish too often on one day, or all of them together?"""
    who, rows = asked.who, _single(asked)
    rows = rows.assign(date=rows["day"].dt.normalize())
    for (network, account, day), some in grouped(rows, [*ACCOUNT, "date"]):
        last = tipping(some)
        if last is not None and len(some) > who.spacing.per_day:
            said = {"network": network, "account": account, "day": day.date(), "n": len(some)}
            other = next(slot for slot in reversed(list(some["slot_id"])) if slot != last["slot_id"])
            yield Broken("per_day", last["slot_id"], said | {"most": who.spacing.per_day}, other)
    most = who.spacing.per_day_all
    for (day,), some in grouped(rows, ["date"]) if most is not None else ():
        last = tipping(some)
        if last is not None and most is not None and len(some) > most:
            said = {"day": day.date(), "n": len(some), "most": most}
            yield Broken("per_day_all", last["slot_id"], said)


def _single(asked: Asked) -> pd.DataFrame:
    return asked.rows[~asked.rows["kind"].isin(STORIES)]


def cadence(asked: Asked) -> Iterator[Broken]:
    """Does every account publish as often in a week as it should? The fewest only where a week is whole."""
    who = asked.who
    rows = asked.rows.assign(week=workload.week(asked.rows["when"]))
    whole = _whole(asked)
    for network, (low, high) in sorted(who.cadence.items()):
        of = rows[rows["network"] == network]
        least, most = floor(low + LITTLE), ceil(high - LITTLE)
        if of.empty and least and whole:
            yield Broken("unplanned", said={"network": network, "n": least})
            continue
        for account, some in grouped(of, ["account"]):
            said = {"network": network, "account": account[0]}
            counts = some.groupby("week").size()
            for monday in whole:
                n = int(counts.get(monday, 0))
                if n < least:
                    short = {"day": monday.date(), "n": n, "least": least}
                    yield Broken("cadence_min", said=said | short)
            for week, n in zip(counts.index[counts > most], counts[counts > most], strict=True):
                last = tipping(some[some["week"] == week])
                if last is not None:
                    long = {"day": week.date(), "n": int(n), "most": most}
                    yield Broken("cadence_max", last["slot_id"], said | long)


def _whole(asked: Asked) -> list[pd.Timestamp]:
    """The weeks that can be filled from Monday to Sunday, and of which no day is closed."""
    first = max(asked.span[0], workload.earliest(asked.today, asked.who.lead.before))
    mondays = pd.date_range(first, asked.span[1], freq="W-MON", unit="us")
    shut = {day for b in asked.who.blackouts for day in pd.date_range(b.first, b.last).date}
    weeks = [(monday, pd.date_range(monday, periods=7).date) for monday in mondays]
    return [monday for monday, week in weeks if week[-1] <= asked.span[1] and not shut & set(week)]


def shares(asked: Asked) -> Iterator[Broken]:
    """Are the kinds of post mixed as they should be, and each pillar spoken of as much as is wanted?"""
    who, rows = asked.who, asked.rows
    n = len(rows)
    if not rows["open"].any():
        return
    for kind, (low, high) in sorted(who.mix.items()):
        count = int((rows["kind"] == kind).sum())
        if count < low * n - LITTLE:
            yield Broken("mix_min", said={"kind": kind, "n": count, "of": n, "least": ceil(low * n - LITTLE)})
        elif count > high * n + LITTLE:
            yield Broken(
                "mix_max", said={"kind": kind, "n": count, "of": n, "most": floor(high * n + LITTLE)}
            )
    for pillar, share in sorted(who.shares.items()) if (rows["pillar"] != "").any() else ():
        count = int((rows["pillar"] == pillar).sum())
        if abs(count - share * n) > 1 + LITTLE:
            said = {"pillar": pillar, "n": count, "of": n, "wanted": round(share * n)}
            yield Broken("pillars", said=said)


def closed(asked: Asked) -> Iterator[Broken]:
    """Is anything on a day or at an hour at which nothing is to be published?"""
    for row in open_of(asked.rows):
        day, clock = row["day"].date(), row["day"].time()
        for blackout in asked.who.blackouts:
            on = not blackout.networks or row["network"] in blackout.networks
            if on and blackout.first <= day <= blackout.last:
                yield Broken("blackout", row["slot_id"], {"name": blackout.name, "day": day})
        for begin, end in asked.who.quiet:
            if _within(clock, begin, end):
                said = {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
                yield Broken("quiet", row["slot_id"], said)


def _within(clock: time, begin: time, end: time) -> bool:
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def twice(asked: Asked) -> Iterator[Broken]:
    """Does one account publish the same piece a second time?"""
    pieces = asked.rows[asked.rows["piece_id"] != ""]
    for (network, account, _), rows in grouped(pieces, [*ACCOUNT, "piece_id"]):
        last = tipping(rows)
        if len(rows) > 1 and last is not None:
            other = next(slot for slot in rows["slot_id"] if slot != last["slot_id"])
            yield Broken("same_piece", last["slot_id"], {"network": network, "account": account}, other)
