"""Intervals and comparisons, with the post as the sampling unit: numbers in, numbers out.

A post is one draw of what an account can do; its 10,000 impressions are not 10,000 draws. All here is closed
form, without a random draw, so the same posts give the same digits. What each method promises is held by
simulation: ``bench/coverage.py`` shows it, next to the methods that lost.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, bdtrik, ndtr, ndtri, stdtr, stdtrit

Floats = NDArray[np.float64]
Group = pd.Series | pd.Index | pd.DataFrame | Sequence[object]

LEVEL = 0.95
# From 12 posts on, simulated coverage is 93 to 97 % in every scenario of bench/coverage.py. With 10 it goes
# to 97.2, and the interval is 1.7 times as wide as the value is high: nothing that a decision could rest on.
SMALLEST_N = 12
# With 10 answers the NPS interval covers at least 93 % for every mix of shares tried; with 8, 92.8 %.
SMALLEST_ANSWERS = 10
SMALLEST_CHANGES = 6
WIDEST = 20  # an interval that ends more than so many times higher than it begins says nothing
FINE = 200  # quantiles of a rate's doubt, for the chance that it is the highest
MOST_SHIFT = 0.5  # of half the width, so that the value always lies well inside


def ratio(
    numerator: ArrayLike, denominator: ArrayLike, group: Group | None = None, level: float = LEVEL
) -> pd.DataFrame:
    """What is the rate, sum over sum, and between which values does it lie, posts being what varies?

    One number per post in each of ``numerator`` and ``denominator``, and one key (or one row of a frame of
    keys) in ``group``; they meet by position. Returns a row per group, sorted (without: one row, 0):
    ``value``, ``low``, ``high``, ``n`` (posts with both numbers), ``se`` and ``df``. ``se`` is the standard
    error of log(value), that is to say relative: 0.1 is 10 % of the value; ``df`` its degrees of freedom.

    A post that lacks a number is left out. A zero total below the line gives no value. No interval (nor se,
    df) for fewer than SMALLEST_N posts, nor when nobody did anything (value 0): how rates vary between posts
    is then unknown, and any upper bound would be a guess. Neither low nor high where they would be more than
    WIDEST apart, as when one post has most of the reach; se and df remain, for comparisons.

    On the log scale: linearised variance (Cochran 1977, ch. 6) with each squared residual divided by 1 - the
    post's share of the denominator, its leverage (HC2: MacKinnon & White 1985); t with Satterthwaite's
    degrees of freedom for equally variable rates (Bell & McCaffrey 2002), so that posts of which one has most
    of the reach count as few; and the shift of accelerated intervals (Efron 1987), a = skewness / 6, here of
    t² instead of z², as the simulations ask for.
    """
    posts = pd.DataFrame({"y": _floats(numerator), "x": _floats(denominator)})
    code, index = _codes(group, len(posts))
    whole = posts.notna().all(axis=1).to_numpy()
    code, y, x = code[whole], posts["y"].to_numpy()[whole], posts["x"].to_numpy()[whole]

    def total(of: Floats) -> Floats:
        return np.bincount(code, of, minlength=len(index)).astype(np.float64)

    n, sum_y, sum_x = total(np.ones_like(y)), total(y), total(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(sum_x > 0, sum_y / sum_x, np.nan)
        share = x / sum_x[code]
        influence = (y - value[code] * x) / sum_y[code]  # of each post, on log(value)
        se = np.sqrt(total(influence**2 / (1 - share)))
        df = _satterthwaite(share, total, code)
        third = total(influence**3 / np.sqrt(1 - share))
    tellable = (n >= SMALLEST_N) & (sum_y > 0) & np.isfinite(se) & (df > 0)
    se, df = np.where(tellable, se, np.nan), np.where(tellable, df, np.nan)
    low, high = _bounds(np.where(tellable, value, np.nan), se, df, third, level)
    low, high = (np.where(high <= WIDEST * low, end, np.nan) for end in (low, high))
    columns = {"value": value, "low": low, "high": high, "n": n.astype("int64"), "se": se, "df": df}
    return pd.DataFrame(columns, index=index)


def mean(values: ArrayLike, group: Group | None = None, level: float = LEVEL) -> pd.DataFrame:
    """What does a post get on average, and between which values does that lie? As ``ratio``, over posts.

    For what cannot be negative. With equal weights ``ratio`` is Student's t on the log scale, n - 1 degrees
    of freedom, corrected for skewness. It keeps its promise for posts' own rates (whose sd is up to 80 % of
    their mean: 94 to 95 %), not for bare counts such as reach (lognormal, sigma 1): 89 % at 12 posts,
    91 % at 30, 93 % at 100, too low rather than too high, because the rare big post is mostly still to come.
    """
    given = _floats(values)
    return ratio(given, np.ones_like(given), group, level)


def compare(a: pd.DataFrame | pd.Series, b: pd.DataFrame | pd.Series, level: float = LEVEL) -> pd.DataFrame:
    """By how much is a above or below b, and can that be told from chance?

    Two frames of ``ratio`` or ``mean`` (rows meet by index), or one row of each, from different posts.
    Returns ``change`` (a / b - 1: 0.1 is 10 % more), ``low``, ``high`` and ``p``; p < 1 - level just when low
    and high are on the same side of 0. No interval nor p where either has no interval.

    Welch (1947) on the log scale of ``se``. Without the shift for skewness: of two alike it cancels, and with
    it there were more false alarms, up to 8 % where 5 is meant; so it is 2 to 7 % (bench/coverage.py).
    """
    a, b = (
        side.to_frame().T.reset_index(drop=True) if isinstance(side, pd.Series) else side for side in (a, b)
    )
    b = b.reindex(a.index)
    (x, se_x, df_x), (y, se_y, df_y) = (
        [_floats(side[name]) for name in ("value", "se", "df")] for side in (a, b)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.where(y > 0, x / y, np.nan)
        se = np.hypot(se_x, se_y)
        df = se**4 / (se_x**4 / df_x + se_y**4 / df_y)
        half = stdtrit(df, (1 + level) / 2) * se
        p = 2 * stdtr(df, -np.abs(np.log(times)) / se)
    low, high = times * np.exp(-half), times * np.exp(half)
    return pd.DataFrame({"change": times - 1, "low": low - 1, "high": high - 1, "p": p}, index=a.index)


def holm(p: ArrayLike) -> pd.Series:
    """Which differences still count, when this many were looked at? Adjusted p values, in the order given.

    Null stays null and is not counted. Holm (1979): the chance of even one false alarm stays below the level.
    """
    given = _floats(p)
    known = np.flatnonzero(np.isfinite(given))
    known = known[np.argsort(given[known], kind="stable")]
    adjusted = np.full(len(given), np.nan)
    adjusted[known] = np.minimum(np.maximum.accumulate(given[known] * np.arange(len(known), 0, -1)), 1)
    return pd.Series(adjusted, index=_index(p, len(given)))


def chance_first(value: ArrayLike, se: ArrayLike, df: ArrayLike) -> pd.Series:
    """How likely is each of these rates the highest of them? 0 to 1, adding up to 1.

    Three columns of ``ratio`` or ``mean``. Null where one has no interval: it is not in the comparison.

    Each rate's doubt is Student's t on the log scale around it (a flat prior, Gelman et al. 2013, §3.2);
    the chance that all others are lower, averaged over FINE quantiles of its own.
    """
    centre, error, freedom = (
        np.log(np.where(_floats(value) > 0, _floats(value), np.nan)),
        *map(_floats, (se, df)),
    )
    known = np.flatnonzero(np.isfinite(centre) & (error > 0) & (freedom > 0))
    steps = (np.arange(FINE) + 0.5) / FINE
    below = np.ones((len(known), FINE))  # that all others are below, at each quantile of each
    for nth, one in enumerate(known):
        at = centre[one] + error[one] * stdtrit(freedom[one], steps)
        others = np.delete(known, nth)[:, None]
        below[nth] = stdtr(freedom[others], (at - centre[others]) / error[others]).prod(axis=0)
    found = np.full(len(centre), np.nan)
    found[known] = below.mean(axis=1) / below.mean(axis=1).sum()
    return pd.Series(found, index=_index(value, len(found)))


def wilson(successes: ArrayLike, n: ArrayLike, level: float = LEVEL) -> pd.DataFrame:
    """Which share of the answers is it, and between which values does it lie? 0 to 1.

    ``value``, ``low``, ``high``, ``n``; no interval for fewer than SMALLEST_ANSWERS answers. Wilson (1927).
    """
    k, total = _floats(successes), _floats(n)
    z = ndtri((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, k / total, np.nan)
        centre = (k + z**2 / 2) / (total + z**2)
        half = z * np.sqrt(total * share * (1 - share) + z**2 / 4) / (total + z**2)
    low, high = np.where(k == 0, 0.0, centre - half), np.where(k == total, 1.0, centre + half)
    return _answers(share, low, high, total, successes)


def nps(
    promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, level: float = LEVEL
) -> pd.DataFrame:
    """What is the Net Promoter Score, and between which values does it lie? −100 to 100.

    ``value``, ``low``, ``high``, ``n`` from the three counts; no interval for fewer than SMALLEST_ANSWERS
    answers. One promoter and one detractor are added for the interval (Bonett & Price 2012, for a difference
    of two shares of the same answers): counted out for 57 mixes of shares, it covers at least 93.9 % at the
    sizes tried from 10 to 100 answers; and up to all of the time when nearly all answers are alike.
    """
    up, down = _floats(promoters), _floats(detractors)
    n = up + down + _floats(passives)
    z = ndtri((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(n > 0, (up - down) / n, np.nan)
    centre = (up - down) / (n + 2)
    half = z * np.sqrt(((up + down + 2) / (n + 2) - centre**2) / (n + 2))
    low, high = np.maximum(centre - half, -1), np.minimum(centre + half, 1)
    return _answers(100 * value, 100 * low, 100 * high, n, promoters)


def difference(a: pd.DataFrame, b: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Has the share (or the NPS) changed, by how many points, and can that be told from chance?

    Two frames of ``wilson`` or of ``nps`` at the same ``level``; rows meet by index. Returns ``change``
    (a - b), ``low``, ``high`` and ``p``, null where either has no interval.

    From the two intervals: Newcombe (1998, method 10) for shares; Zou & Donner (2008) for anything else. p is
    that of the level at which 0 would be just on the edge, were the interval to scale as a normal one does.
    """
    b = b.reindex(a.index)
    (x, low_x, high_x), (y, low_y, high_y) = (
        [_floats(side[name]) for name in ("value", "low", "high")] for side in (a, b)
    )
    change = x - y
    below, above = np.hypot(x - low_x, high_y - y), np.hypot(high_x - x, y - low_y)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = ndtri((1 + level) / 2) * np.abs(change) / np.where(change > 0, below, above)
    known = np.isfinite(below + above)
    columns = {"change": change, "low": change - below, "high": change + above}
    return pd.DataFrame(columns | {"p": np.where(known, 2 * ndtr(-z), np.nan)}, index=a.index)


def unusual(history: ArrayLike, value: float, level: float = LEVEL) -> pd.Series:
    """Is this month's count out of what it usually is, one month after the last?

    ``history``: the counts of the months before, oldest first, the last one just before ``value``. Returns
    ``low``, ``high`` (what was to be expected) and ``p``. All null when fewer than SMALLEST_CHANGES changes
    from month to month are known, when the last month is not, or with a zero: it has no relative change.

    Student's prediction interval (Hahn & Meeker 1991, §4.7) for the next change of the logarithm.
    """
    nothing = pd.Series({"low": np.nan, "high": np.nan, "p": np.nan})
    before = _floats(history)
    if not len(before) or (before <= 0).any() or not (before[-1] > 0 and value > 0):
        return nothing
    changes = np.diff(np.log(before))
    changes = changes[np.isfinite(changes)]
    if len(changes) < SMALLEST_CHANGES:
        return nothing
    df, usual = len(changes) - 1, changes.mean()
    spread = changes.std(ddof=1) * np.sqrt(1 + 1 / len(changes))
    half = stdtrit(df, (1 + level) / 2) * spread
    off = abs(np.log(value / before[-1]) - usual)
    p = 2 * stdtr(df, -off / spread) if spread > 0 else float(off == 0)
    return pd.Series(
        {"low": before[-1] * np.exp(usual - half), "high": before[-1] * np.exp(usual + half), "p": p}
    )


def median(values: ArrayLike, group: Group | None = None, level: float = LEVEL) -> pd.DataFrame:
    """What does a typical post get, and between which values does that lie? Half get more, half less.

    As ``quantile``: no interval for fewer than 6 posts at 95 %.
    """
    return quantile(values, 0.5, group, level)


def quantile(
    values: ArrayLike, share: float, group: Group | None = None, level: float = LEVEL
) -> pd.DataFrame:
    """Below which value is this ``share`` of them, and between which values does that lie?

    ``value``, ``low``, ``high``, ``n`` per group. The interval runs from one value to another, whatever the
    distribution: it covers ``level`` or more (Hahn & Meeker 1991, §5.2). None where so few can give none
    (``fewest``: 6 for the median at 95 %, 36 for nine in ten).
    """
    given = _floats(values)
    code, index = _codes(group, len(given))
    known = np.isfinite(given)
    order = np.lexsort((given[known], code[known]))
    code, ranked = code[known][order], given[known][order]
    n = np.bincount(code, minlength=len(index))
    begin = np.cumsum(n) - n
    tail = (1 - level) / 2
    rank, rest = _below(tail, n, share), _below(tail, n, 1 - share)  # from either end
    ends = np.full((2, len(index)), np.nan)
    told = (rank > 0) & (rest > 0)
    ends[:, told] = ranked[np.stack([begin + rank - 1, begin + n - rest])[:, told]]
    middle = pd.Series(ranked).groupby(code).quantile(share).reindex(range(len(index))).to_numpy()
    return pd.DataFrame({"value": middle, "low": ends[0], "high": ends[1], "n": n}, index=index)


def fewest(share: float, level: float = LEVEL) -> int:
    """From how many values on has such a quantile an interval?"""
    tail = (1 - level) / 2
    return int(np.ceil(np.log(tail) / np.log(max(share, 1 - share))))


def growth(values: ArrayLike, years: ArrayLike, level: float = LEVEL) -> pd.Series:
    """Does what a post gets grow or shrink, by how much a year, and can that be told from chance?

    ``change`` (0.1: 10 % more in a year), ``low``, ``high``, ``p``: a straight line through the logarithms,
    by least squares; values must be positive. All null for fewer than SMALLEST_N posts.
    """
    y, x = np.log(_floats(values)), _floats(years)
    if len(y) < SMALLEST_N or np.ptp(x) == 0:
        return pd.Series({"change": np.nan, "low": np.nan, "high": np.nan, "p": np.nan})
    x, df = x - x.mean(), len(y) - 2
    slope = (x @ y) / (x @ x)
    residuals = y - y.mean() - slope * x
    se = np.sqrt((residuals @ residuals) / df / (x @ x))
    half = stdtrit(df, (1 + level) / 2) * se
    p = 2 * stdtr(df, -abs(slope) / se) if se > 0 else float(slope == 0)
    change, low, high = np.expm1([slope, slope - half, slope + half])
    return pd.Series({"change": change, "low": low, "high": high, "p": p})


def shrunk(
    value: ArrayLike, se: ArrayLike, prior: ArrayLike, spread: ArrayLike, level: float = LEVEL
) -> pd.DataFrame:
    """What is to be expected of a rate, given a published one and some posts of one's own?

    ``value`` and its ``se`` (of the logarithm, as of ``ratio``); ``prior`` and ``spread``: the published rate
    and how much brands differ from it (sd of the logarithm). Returns ``value``, ``low``, ``high``, ``centre``
    and ``sd`` (of the logarithm) and ``weight``, that of one's own posts: few posts → the published rate,
    many → one's own. No post, or none that got anything: the published rate alone.

    Normal prior and likelihood on the log scale (Gelman et al. 2013, *Bayesian Data Analysis*, §2.5).
    """
    own, error, published, doubt = (_floats(one) for one in (value, se, prior, spread))
    known = (own > 0) & np.isfinite(error)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(known, doubt**2 / (doubt**2 + np.where(known, error, 0) ** 2), 0.0)
        centre = np.where(known, weight * np.log(own), 0) + (1 - weight) * np.log(published)
    sd = doubt * np.sqrt(1 - weight)
    half = ndtri((1 + level) / 2) * sd
    low, middle, high = np.exp([centre - half, centre, centre + half])
    columns = {"value": middle, "low": low, "high": high, "centre": centre, "sd": sd, "weight": weight}
    return pd.DataFrame(columns, index=_index(prior, len(published)))


def _below(chance: float, n: NDArray[np.intp], share: float = 0.5) -> NDArray[np.intp]:
    """The most k for which fewer than k of n lie below the quantile with less than this chance."""
    k = np.ceil(bdtrik(chance, n, share))
    known = np.where(np.isnan(k), 0, np.maximum(k, 0)).astype(np.intp)
    lower = np.maximum(known - 1, 0)
    return np.where(bdtr(lower, n, share) >= chance, lower, known)


def _satterthwaite(share: Floats, total: Callable[[Floats], Floats], code: NDArray[np.intp]) -> Floats:
    """Degrees of freedom of Σ r² share² / (1 - share), r the residuals of equally variable rates.

    2 E² / Var of that quadratic form: with d = share² / (1 - share) and s2 = Σ share², its matrix has the
    cells √(d_i d_j) (s2 - share_i - share_j), and d_i (1 - 2 share_i + s2) on the diagonal, so that sums over
    posts suffice. With equal shares it is n - 1.
    """
    s2 = total(share**2)
    d = share**2 / (1 - share)
    own, cross = 1 - 2 * share + s2[code], s2[code] - 2 * share
    d0, d1, d2 = total(d), total(d * share), total(d * share**2)
    trace = total(d * own)
    square = total(d**2 * (own**2 - cross**2)) + (s2 * d0) ** 2 + 2 * d0 * d2 + 2 * d1**2 - 4 * s2 * d0 * d1
    return trace**2 / square


def _bounds(centre: Floats, se: Floats, df: Floats, third: Floats, level: float) -> tuple[Floats, Floats]:
    """The interval around ``centre`` whose logarithm has this se, df and third moment."""
    half = stdtrit(df, (1 + level) / 2) * se
    shift = np.where(se > 0, half**2 * third / np.where(se > 0, se, 1) ** 4 / 6, 0)
    shift = np.clip(shift, -MOST_SHIFT * half, MOST_SHIFT * half)
    return centre * np.exp(shift - half), centre * np.exp(shift + half)


def _codes(group: Group | None, n: int) -> tuple[NDArray[np.intp], pd.Index]:
    """Which group is each row's, by number, and what the groups are, sorted; a null is a group of its own."""
    if group is None:
        return np.zeros(n, dtype=np.intp), pd.RangeIndex(1)
    keys = group if isinstance(group, pd.DataFrame) else pd.Series(group).to_frame()
    unnamed = keys.set_axis(range(keys.shape[1]), axis=1).reset_index(drop=True)
    groups = unnamed.groupby(list(unnamed.columns), observed=True, dropna=False)
    names = list(keys.columns) if isinstance(group, pd.DataFrame) else [getattr(group, "name", None)]
    return groups.ngroup().to_numpy().astype(np.intp), groups.size().index.set_names(names)


def _answers(value: Floats, low: Floats, high: Floats, n: Floats, given: ArrayLike) -> pd.DataFrame:
    enough = n >= SMALLEST_ANSWERS
    columns = {"value": value, "low": np.where(enough, low, np.nan), "high": np.where(enough, high, np.nan)}
    return pd.DataFrame(columns | {"n": np.nan_to_num(n).astype("int64")}, index=_index(given, len(n)))


def _index(given: ArrayLike, n: int) -> pd.Index:
    return given.index if isinstance(given, pd.Series) else pd.RangeIndex(n)


def _floats(given: ArrayLike) -> Floats:
    """As plain floats, whatever of nullable, integer or alone they were; null is NaN."""
    column = given if isinstance(given, pd.Series) else pd.Series(np.ravel(np.asarray(given, dtype="object")))
    return np.asarray(column.astype("Float64").to_numpy(na_value=np.nan), dtype=np.float64)
