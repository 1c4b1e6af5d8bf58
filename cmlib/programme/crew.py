"""Who makes each post, which share a piece of work, what they are about, and which moment each catches.

The programme has settled how many of each; here single posts are given their part. It is always possible,
so nothing that it has decided changes.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from cmlib.programme.model import NOBODY, Model, Split, rounded
from cmlib.programme.problem import Floats, Ints, Problem

WORK = ["owner", "piece_id", "first"]


def assigned(problem: Problem, model: Model, x: Floats, picked: Ints, posts: pd.DataFrame) -> pd.DataFrame:
    """A row per post: owner, pillar, piece_id, first, moment. ``picked``: the columns of the posts."""
    work: list[pd.DataFrame] = []
    for split in model.splits:
        at = np.flatnonzero(np.isin(picked, split.posts))
        if len(at):
            work.append(_shared(posts.iloc[at], _counts(split, x), sum(len(one) for one in work)))
    table = pd.concat(work).reindex(posts.index) if work else pd.DataFrame({c: [] for c in WORK})
    first = posts["minute"].groupby(table["piece_id"].to_numpy()).min()
    order = {one: nth for nth, one in enumerate(sorted(first.index, key=lambda one: (first[one], one)))}
    return table.assign(
        piece_id=table["piece_id"].map(order).astype(int),
        first=table["first"].astype(bool),
        pillar=about(posts, problem.pillars, table["piece_id"].to_numpy()),
        moment=caught(posts, problem.moments),
    )[["owner", "pillar", "piece_id", "first", "moment"]]


def _counts(split: Split, x: Floats) -> dict[str, tuple[int, int]]:
    whole = {owner: [round(x[at]) if at >= 0 else 0 for at in pair] for owner, pair in split.owners.items()}
    return {owner: (made, again) for owner, (made, again) in whole.items()}


def _shared(slots: pd.DataFrame, counts: Mapping[str, tuple[int, int]], number: int) -> pd.DataFrame:
    """Posts of one piece in one week: those made first, the others re-used from them, and all their owners.

    As many originals as the busiest account has posts (the programme may have counted more: what is re-used
    instead takes its maker less time). Any choice of originals can be shared so that no account has one
    twice: an account's further posts go to originals of others, of which there are enough.
    """
    surplus = sum(made for made, _ in counts.values()) - int(slots["account"].value_counts().max())
    left = {}
    for owner, (made, again) in sorted(counts.items()):
        fewer = min(made, surplus)
        surplus -= fewer
        left[owner] = [made - fewer, again + fewer]
    owner_of, firsts = {}, []
    order = slots.sort_values(["minute", "account"]).index
    given = slots["owner"].to_dict()
    for post in sorted(
        order, key=lambda one: given[one] == NOBODY
    ):  # stable: those who are named choose first
        names = [given[post]] if given[post] != NOBODY else list(left)
        nth, owner = next((nth, name) for nth in (0, 1) for name in names if left[name][nth] > 0)
        left[owner][nth] -= 1
        owner_of[post] = owner
        if nth == 0:
            firsts.append(post)
    firsts.sort(key=list(order).index)
    piece = {post: number + nth for nth, post in enumerate(firsts)} | _again(slots, firsts, number)
    rows = [(owner_of[post], piece[post], post in set(firsts)) for post in slots.index]
    return pd.DataFrame(rows, columns=WORK, index=slots.index)


def _again(slots: pd.DataFrame, firsts: list[int], number: int) -> dict[int, int]:
    """Each account's re-uses, of originals that it does not have, the nearest in time."""
    minute, account = slots["minute"].astype(float).to_dict(), slots["account"].to_dict()
    found = {}
    for name, own in slots.groupby("account", sort=True):
        rest = [post for post in own.index if post not in set(firsts)]
        pool = [nth for nth, post in enumerate(firsts) if account[post] != name]
        if rest:
            since = np.array([[minute[post] - minute[firsts[nth]] for nth in pool] for post in rest])
            late = np.where(since < 0, 2.0, 1.0) * np.abs(since)  # rather after the original than before it
            for post, pick in zip(*linear_sum_assignment(late), strict=True):
                found[rest[post]] = number + pool[pick]
    return found


def about(slots: pd.DataFrame, pillars: pd.DataFrame, pieces: Ints) -> list[str]:
    """The pillars of the posts, by turns over time, so that their shares hold in every stretch of it.

    Posts of one piece are about the same, as far as the shares allow.
    """
    given = slots["pillar"].to_numpy().astype(object)
    count = numbers(pillars, given)
    left = {pillar: n - int((given == pillar).sum()) for pillar, n in count.items()}
    done = dict.fromkeys(count, 0)
    found = list(given)
    spare = sum(not one for one in given) - sum(left.values())  # posts that will be about nothing
    for nth, post in enumerate(np.argsort(slots["minute"].to_numpy(), kind="stable")):
        if not found[post]:
            behind = {p: count[p] * (nth + 1) / len(slots) - done[p] for p in sorted(count) if left[p] > 0}
            if not behind or (spare > 0 and max(behind.values()) < 0.5):
                spare -= 1
                continue
            same = [one for one in np.flatnonzero(pieces == pieces[post]) if not found[one]]
            known = {one for one in given[pieces == pieces[post]] if one in behind}
            roomy = [p for p in behind if left[p] >= len(same)]
            pillar = max(sorted(known) or roomy or behind, key=lambda p: (left[p] >= len(same), behind[p]))
            for one in [post, *(one for one in same if one != post)][: left[pillar]]:
                found[one] = pillar
                left[pillar] -= 1
        if found[post] in done:
            done[found[post]] += 1
    return found


def numbers(pillars: pd.DataFrame, given: Iterable[str]) -> dict[str, int]:
    """How many posts has each pillar? Within one of its share of all; the largest remainders come first.

    Pillars without a share have what is left, in equal parts.
    """
    given = list(given)
    n, free = len(given), sum(not one for one in given)
    shares: dict[str, float] = dict(
        pillars[["pillar", "share"]].sort_values("pillar").itertuples(index=False)
    )
    open_ = [p for p, share in shares.items() if not np.isfinite(share)]
    rest = max(1 - sum(share for share in shares.values() if np.isfinite(share)), 0.0)
    shares = {p: rest / len(open_) if p in open_ else share for p, share in shares.items()}
    count = {p: max(given.count(p), int(-rounded(-(share * n - 1)))) for p, share in shares.items()}
    free -= sum(count[p] - given.count(p) for p in count)
    while free < 0:  # what is given leaves too few: those go short that are nearest to their share
        short = max(
            sorted(p for p in count if count[p] > given.count(p)), key=lambda p: count[p] - shares[p] * n
        )
        count[short] -= 1
        free += 1
    wanted = sum(shares.values()) * n
    while free > 0 and count:
        behind = {p: shares[p] * n - count[p] for p in count}
        most = max(sorted(count), key=lambda p: behind[p])
        if behind[most] <= 1e-9 or sum(count.values()) >= rounded(wanted + 0.5):
            break
        count[most] += 1
        free -= 1
    return count


def caught(slots: pd.DataFrame, moments: pd.DataFrame) -> list[str]:
    """Which moment does each post catch, so that together they are worth most?"""
    worth = {str(m): float(v) for m, v in moments[["moment", "value"]].itertuples(index=False) if v > 0}
    names = sorted(worth)
    could = np.array([[worth[m] if m in of else 0.0 for m in names] for of in slots["moments"]])
    found = [""] * len(slots)
    if could.any():
        for post, name in zip(*linear_sum_assignment(could, maximize=True), strict=True):
            if could[post, name] > 0:
                found[post] = names[name]
    return found
