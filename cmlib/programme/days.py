"""Which hours and days are worth a column of the programme, and which of equal ones spread the posts best?"""

from zlib import crc32

import numpy as np
import pandas as pd

from cmlib.programme.problem import Floats, Ints, Problem, groups

ALIKE = ["account", "week", "due", "month", "piece", "kind", "owner", "pillar", "single", "moments"]
TIE = 1e-9  # of the largest value: a difference that only rounding makes
TOGETHER = 0.05  # what a further post on the same day, of any account, weighs beside a day between posts


def worthwhile(slots: pd.DataFrame, problem: Problem) -> Ints:
    """The positions of the slots without which no plan is worse.

    A post can be moved, within its day, to an hour that is worth as much and is close to no other posts than
    it is itself: such an hour makes the worse one needless. Stories are close to none: of equal ones in a
    week, as many as there may be are enough.
    """
    keep = slots["fixed"].to_numpy(dtype=bool).copy()
    value, preference = slots["value"].to_numpy(dtype=np.float64), _preference(slots)
    first, last = _reach(slots, problem)
    most: dict[str, float] = dict(problem.cadence[["account", "high"]].itertuples(index=False))
    free = np.flatnonzero(~keep)
    for key, at in groups(slots.iloc[free].reset_index(drop=True), [*ALIKE, "day"]).items():
        posts = free[at]
        if key[ALIKE.index("single")]:
            keep[_best(posts[np.lexsort((preference[posts], -value[posts]))], first, last)] = True
    stories = free[~slots["single"].to_numpy(dtype=bool)[free]]
    for key, at in groups(slots.iloc[stories].reset_index(drop=True), ALIKE).items():
        posts = stories[at]
        enough = int(np.ceil(min(most.get(key[0], len(posts)), len(posts))))
        keep[posts[np.lexsort((preference[posts], -value[posts]))][:enough]] = True
    return np.flatnonzero(keep)


def _best(posts: Ints, first: Ints, last: Ints) -> list[int]:
    """Of posts that differ only in hour, the best first: those that no better one makes needless."""
    found: list[int] = []
    for post in posts:
        if not any(first[one] >= first[post] and last[one] <= last[post] for one in found):
            found.append(post)
    return found


def _reach(slots: pd.DataFrame, problem: Problem) -> tuple[Ints, Ints]:
    """From which to which of its account's posts is each too close, itself among them?"""
    first, last = np.zeros(len(slots), dtype=np.intp), np.zeros(len(slots), dtype=np.intp)
    for at in groups(slots, ["account"]).values():
        minute, day = slots["minute"].to_numpy()[at], slots["day"].to_numpy()[at]
        first[at] = np.searchsorted(minute, minute - max(problem.gap, 1), side="right")
        last[at] = np.searchsorted(minute, minute + max(problem.gap, 1), side="left")
        if problem.per_day == 1:
            first[at] = np.minimum(first[at], np.searchsorted(day, day, side="left"))
            last[at] = np.maximum(last[at], np.searchsorted(day, day, side="right"))
    return first, last


def _preference(slots: pd.DataFrame) -> Floats:
    """A number from 0 to 1 that hangs on the account, the day and the hour alone: equals fall anywhere."""
    told = slots["account"].astype(str) + "/" + slots["minute"].astype(str)
    codes, names = pd.factorize(told)
    numbers: Floats = np.array([crc32(name.encode()) for name in names], dtype=np.float64) / 2**32
    return numbers[codes] if len(names) else np.zeros(len(slots))


def spread(slots: pd.DataFrame, chosen: Ints, problem: Problem) -> Ints:
    """The same posts at days and hours of their week that are worth as much, or more, and lie further apart.

    One after the other, to where the distances to the account's next posts are largest and other accounts
    post least, until none moves. Work, cost, moments and every count stay as they are.
    """
    value, minute = slots["value"].to_numpy(np.float64), slots["minute"].to_numpy(np.int64)
    day, preference = slots["day"].to_numpy(np.int64), _preference(slots)
    single, account = slots["single"].to_numpy(bool), slots["account"].to_numpy()
    tie = TIE * float(np.abs(value).max(initial=1.0))
    free = slots.reset_index(drop=True).loc[~slots["fixed"].to_numpy(bool)]
    alike: dict[int, Ints] = {}
    codes = free.groupby(ALIKE, sort=False).ngroup()
    for at in codes.groupby(codes).indices.values():
        members = codes.index.to_numpy(dtype=np.intp)[at]
        alike |= {int(post): members for post in members[np.isin(members, chosen)]}
    posts = [int(post) for post in chosen]
    for _ in range(10):
        moved = False
        for nth, post in enumerate(posts):
            if post not in alike:
                continue
            others = np.array(posts[:nth] + posts[nth + 1 :], dtype=np.intp)
            own = others[(account[others] == account[post]) & (single[others] == single[post])]
            could = alike[post][~np.isin(alike[post], others)]
            could = could[value[could] >= value[post] - tie]
            if single[post]:
                could = could[_allowed(could, post, own, others[single[others]], day, minute, problem)]
            load = (day[could][:, None] == day[others][None, :]).sum(axis=1)
            cost = _crowding(minute[could], np.sort(minute[own])) + TOGETHER * load
            best = could[np.lexsort((preference[could], np.round(cost, 9), -np.round(value[could] / tie)))[0]]
            if best != post:
                alike[int(best)] = alike[post]
                posts[nth], moved = int(best), True
        if not moved:
            break
    return np.array(posts, dtype=np.intp)  # in the order in which they were chosen


def _allowed(
    could: Ints, now: int, own: Ints, others: Ints, day: Ints, minute: Ints, problem: Problem
) -> np.ndarray:
    """Which of these are far enough from the account's posts, on a day that has room? Where it is now is."""
    close = (np.abs(minute[could][:, None] - minute[own][None, :]) < max(problem.gap, 1)).any(axis=1)
    full = (day[could][:, None] == day[own][None, :]).sum(axis=1) >= problem.per_day
    if problem.per_day_all is not None:
        full |= (day[could][:, None] == day[others][None, :]).sum(axis=1) >= problem.per_day_all
    fine: np.ndarray = ~(close | full) | (could == now)
    return fine


def _crowding(at: Ints, own: Ints) -> Floats:
    """How close, in days, a post at each of these minutes would be to those before and after it."""
    if not len(own):
        return np.zeros(len(at))
    place = np.searchsorted(own, at)
    since = np.where(place > 0, at - own[np.maximum(place - 1, 0)], np.inf)
    until = np.where(place < len(own), own[np.minimum(place, len(own) - 1)] - at, np.inf)
    between = np.where((place > 0) & (place < len(own)), since + until, np.inf)
    day = 1440.0
    found: Floats = day / np.maximum(since, 1) + day / np.maximum(until, 1) - day / np.maximum(between, 1)
    return found
