"""Are posts far enough apart, often enough, on days on which something is published, and well mixed?"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise
from math import ceil, floor

import pandas as pd

from cmlib import workload
from cmlib.rules.broken import Asked, Broken, Row, grouped, other, tipping

STORIES = ("story",)  # kinds that no rule on posts a day counts
ACCOUNT = ("network", "account")
LITTLE = 1e-6  # posts: what rounding makes of a share


def spacing(asked: Asked) -> Iterator[Broken]:
    """Are two posts of one account too close?"""
    gap = pd.Timedelta(hours=asked.who.spacing.hours)
    for (network, account), slots in grouped(_single(asked), *ACCOUNT):
        for one, after in pairwise(slots):
            near = after["when"] - one["when"] < gap and (one["open"] or after["open"])
            if near and not (
                asked.who.spacing.per_day == 1 and one["day"] == after["day"]
            ):  # said of the day
                said = {"network": network, "account": account, "hours": asked.who.spacing.hours}
                yield Broken("spacing", after["slot_id"], said, one["slot_id"])


def days(asked: Asked) -> Iterator[Broken]:
    """Does any account publish too often on one day, or all of them together?"""
    rules, slots = asked.who.spacing, _single(asked)
    for (network, account, day), some in grouped(slots, *ACCOUNT, "day"):
        last = tipping(some)
        if last is not None and len(some) > rules.per_day:
            said = {"network": network, "account": account, "day": day, "n": len(some)}
            yield Broken("per_day", last["slot_id"], said | {"most": rules.per_day}, other(some, last))
    most = rules.per_day_all
    for (day,), some in grouped(slots, "day") if most is not None else ():
        last = tipping(some)
        if last is not None and most is not None and len(some) > most:
            yield Broken("per_day_all", last["slot_id"], {"day": day, "n": len(some), "most": most})


def _single(asked: Asked) -> list[Row]:
    return [slot for slot in asked.slots if slot["kind"] not in STORIES]


def cadence(asked: Asked) -> Iterator[Broken]:
    """Does every account publish as often in a week as it should? The fewest only where a week is whole."""
    whole = _whole(asked)
    for network, (low, high) in sorted(asked.who.cadence.items()):
        accounts = grouped((slot for slot in asked.slots if slot["network"] == network), "account")
        least, most = floor(low + LITTLE), ceil(high - LITTLE)
        if not accounts and least and whole:
            yield Broken("unplanned", said={"network": network, "n": least})
        for (account,), slots in accounts:
            said = {"network": network, "account": account}
            weeks = {week: some for (week,), some in grouped(slots, "week")}
            for week in whole:
                n = len(weeks.get(week, ()))
                if n < least:
                    yield Broken("cadence_min", said=said | {"day": week, "n": n, "least": least})
            for week, some in weeks.items():
                last = tipping(some)
                if last is not None and len(some) > most:
                    long = {"day": week, "n": len(some), "most": most}
                    yield Broken("cadence_max", last["slot_id"], said | long)


def _whole(asked: Asked) -> list[date]:
    """The Mondays of weeks that can be filled up to Sunday, and of which no day is closed."""
    first = max(asked.span[0], workload.earliest(asked.today, asked.who.lead.before))
    mondays = [day.date() for day in pd.date_range(first, asked.span[1], freq="W-MON")]
    shut = {day for b in asked.who.blackouts for day in pd.date_range(b.first, b.last).date}
    weeks = [(monday, {monday + timedelta(n) for n in range(7)}) for monday in mondays]
    return [monday for monday, week in weeks if max(week) <= asked.span[1] and not shut & week]


def shares(asked: Asked) -> Iterator[Broken]:
    """Are the kinds of post mixed as they should be, and each pillar spoken of as much as is wanted?"""
    first, last = asked.span
    slots = [slot for slot in asked.slots if first <= slot["day"] <= last]
    who, n = asked.who, len(slots)
    if not any(True for _ in asked.open):
        return
    pillars = Counter(slot["pillar"] for slot in slots)
    kinds = Counter(name for slot in slots for name in {slot["kind"], slot["piece"]})
    for kind, (low, high) in sorted(who.mix.items()):
        said = {"kind": kind, "n": kinds[kind], "of": n}
        if kinds[kind] < low * n - LITTLE:
            yield Broken("mix_min", said=said | {"least": ceil(low * n - LITTLE)})
        elif kinds[kind] > high * n + LITTLE:
            yield Broken("mix_max", said=said | {"most": floor(high * n + LITTLE)})
    for pillar, share in sorted(who.shares.items()) if pillars[""] < n else ():
        if abs(pillars[pillar] - share * n) > 1 + LITTLE:
            said = {"pillar": pillar, "n": pillars[pillar], "of": n, "wanted": round(share * n)}
            yield Broken("pillars", said=said)


def closed(asked: Asked) -> Iterator[Broken]:
    """Is anything on a day or at an hour at which nothing is to be published?"""
    for row in asked.open:
        day, clock = row["day"], row["local"].time()
        for blackout in asked.who.blackouts:
            on = not blackout.networks or row["network"] in blackout.networks
            if on and blackout.first <= day <= blackout.last:
                yield Broken("blackout", row["slot_id"], {"name": blackout.name, "day": day})
        for begin, end in asked.who.quiet:
            if within(clock, begin, end):
                said = {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
                yield Broken("quiet", row["slot_id"], said)


def within(clock: time, begin: time, end: time) -> bool:
    """Is this hour between two others? From 22:00 to 07:00 is over midnight; the end is not in it."""
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def twice(asked: Asked) -> Iterator[Broken]:
    """Does one account publish the same piece a second time?"""
    pieces = (slot for slot in asked.slots if slot["piece_id"])
    for (network, account, _), slots in grouped(pieces, *ACCOUNT, "piece_id"):
        last = tipping(slots)
        if len(slots) > 1 and last is not None:
            said = {"network": network, "account": account}
            yield Broken("same_piece", last["slot_id"], said, other(slots, last))
