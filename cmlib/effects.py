"""What a trait of posts does, and whether a burst is one: numbers in, numbers out.

Results are held on the log scale against the habit of their own account, so that no account counts for more
because it is big. What each method promises is held by simulation (tests/test_effects.py, bench/rivals.py).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, stdtr, stdtrit

from cmlib.stats import LEVEL, SMALLEST_N

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

TOLD_APART = 0.15  # the part of a trait that the others leave: with less nobody can tell which it was
MEMORY = 1e-9  # of the largest: a direction that is nothing but rounding


def lifts(
    result: ArrayLike,
    traits: pd.DataFrame,
    families: Mapping[str, str],
    account: Codes,
    together: Codes,
    held: pd.DataFrame | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """How much more does a post with a trait get than one of the same account without it?

    ``result``: the logarithm of what each post got. ``traits``: a column each, 1 with it, 0 without, null
    unknown. Traits of one of the ``families`` (the days of the week, the kinds …) are not held constant for
    each other: each level is compared with all the others; traits of all other families are, so that what
    the evening does is not counted for the videos that are shown then. ``account``: whose post it is;
    ``together``: posts that share their luck, as those of one day do; ``held``: what else is held constant.

    A row per trait: ``change`` (0.4: 40 % more), ``low``, ``high``, ``p``, ``n`` (posts with it), ``others``
    (posts without, of the same accounts) and ``note``: "too_few" for fewer than SMALLEST_N of either,
    "confounded" where it goes with the other traits so closely that nobody can tell which it was.

    Least squares within accounts, one trait after the other with the rest partialled out (Frisch & Waugh
    1933); standard errors from sums over posts of the same luck (Liang & Zeger 1986), each residual divided
    by 1 − its leverage (HC3), and as many degrees of freedom as these sums are worth (Satterthwaite's).
    """
    y = np.asarray(result, dtype=np.float64)
    x, counts = _within(traits, account)
    y = _centred(y, account)
    constant = [] if held is None else [_centred(held[name].to_numpy(np.float64), account) for name in held]
    x = np.column_stack([x, *constant])
    square, moment = x.T @ x, x.T @ y
    found = []
    for nth, name in enumerate(traits.columns):
        n, others = counts[:, nth]
        told = {"trait": name, "n": int(n), "others": int(others), "note": ""}
        other_families = [i for i, other in enumerate(traits.columns) if families[other] != families[name]]
        rest = [*other_families, *range(traits.shape[1], x.shape[1])]
        if min(n, others) < SMALLEST_N:
            found.append(told | {"note": "too_few"})
            continue
        parts = np.zeros((x.shape[1], 2))  # of the rest, in the trait and in the results
        parts[rest] = _solved(square[np.ix_(rest, rest)], np.column_stack([square[rest, nth], moment[rest]]))
        own, left = (np.column_stack([x[:, nth], y]) - x @ parts).T
        if own @ own < TOLD_APART * (x[:, nth] @ x[:, nth]):
            found.append(told | {"note": "confounded"})
            continue
        found.append(told | _slope(own, left, account, together, level))
    names = ["trait", "change", "low", "high", "p", "n", "others", "note"]
    return pd.DataFrame(found).reindex(columns=names)


def _solved(square: Floats, sides: Floats) -> Floats:
    """Least squares, also where some of the rest say the same, as the days of a week do."""
    found: Floats = np.linalg.pinv(square, rcond=MEMORY, hermitian=True) @ sides
    return found


def _centred(values: Floats, account: Codes) -> Floats:
    return values - (np.bincount(account, values) / np.bincount(account))[account]


def _within(traits: pd.DataFrame, account: Codes) -> tuple[Floats, NDArray[np.int64]]:
    """Each trait less its account's mean, 0 where unknown; and how many posts have it, and have not.

    Only of accounts that have both: the others say nothing of it.
    """
    columns, counts = [], []
    for name in traits.columns:
        given = traits[name].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(given)
        value = np.where(known, given, 0.0)
        n, some = np.bincount(account, known), np.bincount(account, value)
        both = ((some > 0) & (some < n))[account] & known
        mean = (some / np.maximum(n, 1))[account]
        columns.append(np.where(both, value - mean, 0.0))
        counts.append(((both & (value > 0)).sum(), (both & (value == 0)).sum()))
    return np.stack(columns, axis=1), np.array(counts, dtype=np.int64).T


def _slope(own: Floats, y: Floats, account: Codes, together: Codes, level: float) -> dict[str, float]:
    square = own**2
    total = square.sum()
    slope = (own @ y) / total
    leverage = np.minimum(square / total + 1 / np.bincount(account)[account], 0.9)
    pulls = np.bincount(together, own * (y - slope * own) / (1 - leverage))
    worth = np.bincount(together, square)
    se, df = np.sqrt((pulls**2).sum()) / total, max(total**2 / (worth**2).sum() - 1, 1.0)
    half = stdtrit(df, (1 + level) / 2) * se
    change, low, high = np.expm1([slope, slope - half, slope + half])
    p = 2 * stdtr(df, -abs(slope) / se) if se > 0 else float(slope == 0)
    return {"change": change, "low": low, "high": high, "p": p}


def within_span(times: ArrayLike, span: ArrayLike, posts: int) -> Floats:
    """A word stands in ``times`` of ``posts`` posts, all within ``span`` in a row: how likely, by chance?

    The share of all ways to choose so many posts in which the first and the last are no further apart.
    """
    k, w, n = (np.asarray(one, dtype=np.float64) for one in (times, span, float(posts)))
    all_ways = _choose(n, k)
    inside = np.exp(_choose(w, k) - all_ways)
    sliding = np.where(n > w, (n - w) * np.exp(_choose(w - 1, k - 1) - all_ways), 0.0)
    chance: Floats = np.minimum(inside + sliding, 1.0)
    return chance


def _choose(n: ArrayLike, k: ArrayLike) -> Floats:
    """The logarithm of the number of ways to choose k of n."""
    n, k = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
    found: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found


def denser(posts: float, others: ArrayLike) -> float:
    """So many ``posts`` in a window, so many in each of the ``others`` of its length: how likely, by chance?

    One-sided; 1 where fewer than SMALLEST_N others are known. Student's prediction (Hahn & Meeker 1991,
    §4.7) of the square root of a count, which varies about equally for busy accounts and for quiet ones, and
    at least as much as pure chance makes it (Anscombe 1948: 1/2).
    """
    roots = np.sqrt(np.asarray(others, dtype=np.float64) + 0.375)
    if len(roots) < SMALLEST_N:
        return 1.0
    spread = max(float(roots.std(ddof=1)), 0.5) * np.sqrt(1 + 1 / len(roots))
    return float(stdtr(len(roots) - 1, -(np.sqrt(posts + 0.375) - roots.mean()) / spread))


def louder(own: Floats, others: Floats, shared: float = 1.0) -> float:
    """Do these posts get more than those (logarithms): how likely is the difference, if all were alike?

    One-sided; 1 where fewer than SMALLEST_N others are known. Student's t with one variance for both: if all
    are alike there is only one, and a handful of posts need not tell theirs. ``shared``: by how much that
    variance grows because posts of a week share their luck, of ``shared_luck``.
    """
    if len(others) < SMALLEST_N:
        return 1.0
    difference, se, df = _pooled(own, others)
    se *= np.sqrt(max(shared, 1.0))
    return float(stdtr(df, -difference / se)) if se > 0 else float(difference <= 0)


def shared_luck(level: Floats, week: Codes) -> float:
    """How many times more do the means of weeks vary than if posts of one week had nothing in common?

    Null where fewer than SMALLEST_N weeks have posts. From the median week, so that a burst does not hide
    itself: half of the squares of a standard normal lie below 0.455.
    """
    n, total = np.bincount(week), np.bincount(week, level)
    some = n > 0
    if some.sum() < SMALLEST_N or len(level) <= some.sum():
        return np.nan
    means = np.where(some, total / np.maximum(n, 1), 0.0)
    within = ((level - means[week]) ** 2).sum() / (len(level) - some.sum())
    if within <= 0:
        return np.nan
    off = n[some] * (means[some] - np.median(level)) ** 2 / within
    return float(np.median(off) / 0.455)


def gap(own: Floats, others: Floats, level: float = LEVEL) -> tuple[float, float, float]:
    """By how much do these posts get more than those (logarithms)? 0.4: 40 % more; and its interval.

    Null with fewer than two of either. Student's t with one variance for both.
    """
    if min(len(own), len(others)) < 2:
        return np.nan, np.nan, np.nan
    difference, se, df = _pooled(own, others)
    half = stdtrit(df, (1 + level) / 2) * se
    change, low, high = np.expm1([difference, difference - half, difference + half])
    return float(change), float(low), float(high)


def _pooled(own: Floats, others: Floats) -> tuple[float, float, int]:
    """The difference of two means, its standard error with one variance for both, its degrees of freedom."""
    df = len(own) + len(others) - 2
    squares = ((own - own.mean()) ** 2).sum() + ((others - others.mean()) ** 2).sum()
    se = np.sqrt(squares / df * (1 / len(own) + 1 / len(others)))
    return float(own.mean() - others.mean()), float(se), df
