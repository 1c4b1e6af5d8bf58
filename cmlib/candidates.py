"""Every post that could be published in the weeks of a plan, with what it is expected to bring.

An account, a day, an hour, a piece that the team makes: what no rule forbids by itself. A kind of post that
an account has never published is none, unless [mix] asks for it: nobody knows what it would bring. Where the
hour makes a difference that can be told, the best hours of each day are there to choose from; elsewhere one
that moves from day to day over the hours in which the brand publishes anyway, so that posts are spread.
"""

from collections.abc import Mapping
from datetime import time
from typing import Any

import numpy as np
import pandas as pd

from cmlib import facts, timing, workload
from cmlib.brand import Brand
from cmlib.editorial import Editorial
from cmlib.rules import rhythm

DAY_HOURS = range(7, 23)  # in which something is published, quiet hours apart
ANNOUNCED = ("event", "launch")  # what of one's own is spoken of before
AHEAD_OWN, AHEAD_DAY = 7, 2  # days before an own event, before a single day, in which a post catches it
USUAL = (0.15, 0.5, 0.85)  # of the brand's own hours: over these posts are spread
SPREAD = (9, 12, 18)  # over these, where a brand has no habit yet
MIDDLE = 0.5  # what an hour does is known of its middle
FEW = 3  # of the best hours of a day, so that posts of several kinds need not meet
ACCOUNT = ["network", "account"]
FORECAST = ["expected", "low", "high", "effect", "effect_low", "effect_high", "told", "basis", "n", "note"]


def candidates(subject: Editorial) -> pd.DataFrame:
    """Which posts could be published, and what would each bring?

    A row each: network, account, when (in the brand's zone), piece, kind, moments (those that it could
    catch), and what ``timing.forecast`` says of it.
    """
    who = subject.brand
    hours = pd.concat(
        [_hours(subject, row) for row in subject.accounts.to_dict("records")], ignore_index=True
    )
    pieces = _pieces(subject)
    found = _days(subject).merge(hours, on=[*ACCOUNT, "weekday"]).merge(pieces, on=["network", "kind"])
    found = found[_tried(subject, found)]
    turn = found["turns"] & (found["place"] != (found["ordinal"] % found["places"].clip(lower=1)))
    found = found[~turn].reset_index(drop=True)
    local = found["day"] + pd.to_timedelta(found["hour"], unit="h")
    when = local.dt.tz_localize(who.zone, nonexistent="shift_forward", ambiguous=True)
    found = found.assign(when=when.dt.as_unit("us"))
    later = _fitting(subject, found[found["when"] > subject.now])
    return later[[*ACCOUNT, "when", "piece", "kind", "moments", *FORECAST]].reset_index(drop=True)


def _tried(subject: Editorial, found: pd.DataFrame) -> "pd.Series[bool]":
    """Is it known what this kind brings there? Without any posts: is it what the network is built on?"""
    rows = facts.load("networks", subject.today)
    leading = rows[rows["fact"] == "leading_kinds"].set_index("network")["value"].str.split().to_dict()
    places = zip(found["network"], found["kind"], strict=True)
    built = np.array([kind in leading.get(network, ()) for network, kind in places], dtype=bool)
    asked = {name for name, (low, _) in subject.brand.mix.items() if low > 0}
    wanted = found["kind"].isin(asked) | found["piece"].isin(asked)
    known: pd.Series[bool] = found["n"].gt(0) | wanted | (found["note"].isin(["no_posts", "too_few"]) & built)
    return known


def _fitting(subject: Editorial, found: pd.DataFrame) -> pd.DataFrame:
    """Contests are for pieces of that name, where the team makes any, and these pieces for nothing else."""
    if "contest" not in subject.brand.pieces:
        return found
    contests = set(subject.moments.loc[subject.moments["category"] == "contest", "moment"])
    mine = found["piece"] == "contest"
    moments: list[Any] = [
        tuple(one for one in moments if (one in contests) == own)
        for moments, own in zip(found["moments"], mine, strict=True)
    ]
    useful = ~mine | np.array([bool(some) for some in moments], dtype=bool)
    return found.assign(moments=moments)[useful]


def worth(subject: Editorial, slots: pd.DataFrame) -> pd.DataFrame:
    """What is each slot (network, account, kind, when) expected to bring? FORECAST, by the index of slots.

    Of an account without posts, the interactions that published rates give for its followers, ``basis``
    being "sector"; where there are none either, null.
    """
    rate = timing.conversion_rate(subject.tables["visits"])
    found = timing.forecast(subject.timing, slots, rate)[FORECAST]
    if subject.objective != "interactions" or found["expected"].notna().all():
        return found
    known, size = facts.load("benchmarks"), subject.accounts.set_index(ACCOUNT)["followers"].to_dict()
    unknown = slots[found["expected"].isna()]
    for (network, account, kind), some in unknown.groupby([*ACCOUNT, "kind"]):
        followers = size.get((network, account), np.nan)
        told: dict[str, Any] = timing.sector(str(network), followers, str(kind), known)
        if told["basis"] == "sector":
            for name in ("expected", "low", "high", "basis"):
                found.loc[some.index, name] = told[name]
    return found


def quiet(who: Brand, minute: int) -> bool:
    """Is nothing to be published at this minute of the day?"""
    clock = time(*divmod(minute, 60))
    return any(rhythm.within(clock, *span) for span in who.quiet)


def window(moment: Mapping[Any, Any]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From which day to which does a post catch a moment?

    An own event is announced in the week before it and a single day in the two days before it; what lasts is
    for its own days, and a contest for the first half of them, so that people can still take part.
    """
    first, last = moment["first"], moment["last"]
    if moment["category"] == "contest":
        return first, first + (last - first) / 2
    own = str(moment["moment"]).startswith(("own:", "ics:")) and moment["category"] in ANNOUNCED
    return first - pd.Timedelta(days=AHEAD_OWN if own else AHEAD_DAY if first == last else 0), last


def monday(subject: Editorial) -> pd.Timestamp:
    """The Monday of the first week."""
    return pd.Timestamp(subject.start) - pd.Timedelta(days=subject.start.weekday())


def _days(subject: Editorial) -> pd.DataFrame:
    """A row per account and day on which it may publish: weekday, ordinal, and the moments it could catch."""
    who, rows = subject.brand, []
    first = max(subject.start, workload.earliest(subject.today, who.lead.before))
    wanted = [row for row in subject.moments.to_dict("records") if row["value"] > 0]
    for nth, account in enumerate(subject.accounts.to_dict("records")):
        network = account["network"]
        shut = [b for b in who.blackouts if not b.networks or network in b.networks]
        mine = [(row["moment"], *window(row)) for row in wanted
                if not row["networks"] or network in row["networks"]]  # fmt: skip
        for day in pd.date_range(first, subject.end):
            if not any(b.first <= day.date() <= b.last for b in shut):
                caught = tuple(moment for moment, begins, ends in mine if begins <= day <= ends)
                rows.append(
                    (network, account["account"], day, day.day_of_week, day.toordinal() + nth, caught)
                )
    names = [*ACCOUNT, "day", "weekday", "ordinal", "moments"]
    return pd.DataFrame(rows, columns=names).astype({"day": "datetime64[us]"})


def _pieces(subject: Editorial) -> pd.DataFrame:
    """network, kind, piece: what somebody of the team can make for each network."""
    who, taken = subject.brand, _takes(subject)
    able = frozenset().union(*workload.makes(who).values())
    rows = [
        (network, piece.kind, name)
        for network in taken
        for name, piece in who.pieces.items()
        if name in able and piece.kind in taken[network]
    ]
    return pd.DataFrame(rows, columns=["network", "kind", "piece"])


def _takes(subject: Editorial) -> dict[str, set[str]]:
    """Which kinds does each network take? Those that the facts say, and those that the brand published."""
    rows = facts.load("networks", subject.today)
    yes = rows[rows["fact"].str.startswith("format_") & rows["value"].eq("yes")]
    found: dict[str, set[str]] = {network: set() for network in subject.accounts["network"]}
    posts = subject.tables["posts"]
    published = zip(posts["network"].astype("str"), posts["kind"].astype("object"), strict=True)
    said = zip(yes["network"], yes["fact"].str.removeprefix("format_"), strict=True)
    for network, kind in (*said, *published):
        if network in found and isinstance(kind, str):
            found[network].add(kind)
    return found


def _hours(subject: Editorial, account: Mapping[Any, Any]) -> pd.DataFrame:
    """The hours to choose from on each day of the week, for each kind, with what a post then brings.

    network, account, kind, weekday, hour, FORECAST; ``turns``: of ``places`` hours, one after the other is
    taken from day to day, and this one is at its ``place``.
    """
    network, handle = account["network"], account["account"]
    told = subject.timing.networks
    matters = bool(told.loc[told["network"] == network, "told"].any())
    shift = MIDDLE if matters else 0.0
    free = [hour for hour in range(24) if not quiet(subject.brand, round((hour + shift) * 60))]
    free = [hour for hour in free if hour in DAY_HOURS] or free  # who closes the day publishes at night
    hours = free if matters else _usual(subject, network, handle, free)
    kinds = sorted({piece.kind for piece in subject.brand.pieces.values()})
    grid = pd.MultiIndex.from_product([kinds, range(7), hours], names=["kind", "weekday", "hour"])
    rows = grid.to_frame(index=False).assign(network=network, account=handle)
    rows["hour"] += shift
    local = monday(subject) + pd.to_timedelta(rows["weekday"] * 24 + rows["hour"], unit="h")
    rows["when"] = local.dt.tz_localize(subject.brand.zone, nonexistent="shift_forward", ambiguous=True)
    rows = rows.join(worth(subject, rows)).drop(columns="when")
    by = rows.groupby(["kind", "weekday"])
    if not matters:
        return rows.assign(turns=True, place=by.cumcount(), places=len(hours))
    best = rows.sort_values(["expected", "hour"], ascending=[False, True], kind="stable")
    most = max(FEW, subject.brand.spacing.per_day + 1)
    return best.groupby(["kind", "weekday"]).head(most).assign(turns=False, place=0, places=1)


def _usual(subject: Editorial, network: str, account: str, free: list[int]) -> list[int]:
    """The hours in which the account publishes anyway: an early, a middle and a late one of those free."""
    if not free:
        return []
    posts = subject.tables["posts"]
    own = posts[(posts["network"] == network) & (posts["account"] == account)]["published_at"]
    timed = own[own.dt.hour.ne(0) | own.dt.minute.ne(0)]
    usual = timed.dt.hour.quantile(list(USUAL)).round().astype("int64") if len(timed) else SPREAD
    return sorted({min(free, key=lambda hour: (abs(hour - wanted), hour)) for wanted in usual})
