"""A linear mixed model, its variances and a test of one of its parts: numbers in, numbers out.

y = X b + Σ Z_j u_j + e, with u_j ~ N(0, s² r_j) and e ~ N(0, s²). Predictions are the best linear unbiased
ones (Henderson 1975), the ratios r_j those of restricted likelihood (Patterson & Thompson 1971), some with a
penalty that keeps a variance from being nothing for want of data (Chung et al. 2013). Everything is computed
from sums of products, so that thousands of posts cost what hundreds do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import brentq, minimize
from scipy.special import ndtr

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

LOWEST, HIGHEST = -12.0, 3.0  # logarithms of the ratios that are looked at: from nothing to twenty times
MEMORY = 1e-9  # of the largest: a direction that is nothing but rounding
PAIRS = 10  # posts beyond the first of their day, at least: fewer say nothing of the luck of days


@dataclass(frozen=True, eq=False)
class Fit:
    """What was found: ``coef`` of the columns of X and then of each part, in ``places``.

    ``inverse`` × ``variance`` is their covariance. ``ratios``: by part.
    ``scatter``: what is left of each post, of equal variance (residuals over the root of 1 − leverage).
    """

    places: Mapping[str, slice]
    ratios: Mapping[str, float]
    coef: Floats
    inverse: Floats
    variance: float
    df: int
    scatter: Floats

    def expect(self, rows: Floats) -> tuple[Floats, Floats]:
        """The expectation for rows of coefficients' weights, and its standard error."""
        error = np.einsum("ij,jk,ik->i", rows, self.inverse, rows)
        return rows @ self.coef, np.sqrt(self.variance * np.maximum(error, 0))

    def heard(self, rows: Floats, said: Floats, weight: Floats) -> "Fit":
        """What it becomes when others say what ``rows`` come to, each word worth so many posts."""
        if not len(rows):
            return self
        spread = self.inverse @ rows.T
        gain = np.linalg.solve(rows @ spread + np.diag(1 / weight), spread.T).T
        inverse = self.inverse - gain @ spread.T
        return replace(self, coef=self.coef + gain @ (said - rows @ self.coef), inverse=inverse)


def fit(y: Floats, fixed: Floats, parts: Mapping[str, Floats], rates: Mapping[str, float]) -> Fit:
    """The variances, and then all coefficients.

    ``rates``: for the parts whose variance is held off 0, the rate of the gamma density (shape 2) of the
    ratio's root: where the data say nothing the root is 1 / rate.
    """
    ratios = reml(y, fixed, parts, rates)
    return given(y, fixed, parts, ratios)


def given(
    y: Floats,
    fixed: Floats,
    parts: Mapping[str, Floats],
    ratios: Mapping[str, float],
    variance: float | None = None,
) -> Fit:
    """All coefficients for known ratios (Henderson's equations). ``variance``: if it is declared."""
    every = np.hstack([fixed, *parts.values()])
    widths = [fixed.shape[1], *(z.shape[1] for z in parts.values())]
    ends = np.cumsum(widths)
    places = {
        name: slice(int(end - width), int(end))
        for name, end, width in zip(("", *parts), ends, widths, strict=True)
    }
    square, side = every.T @ every, every.T @ y
    for name in parts:
        nth = np.arange(places[name].start, places[name].stop)
        square[nth, nth] += 1 / ratios[name]
    inverse = np.linalg.pinv(square, rcond=1e-13, hermitian=True)
    coef = inverse @ side
    left = y - every @ coef
    df = max(len(y) - fixed.shape[1], 1)
    if variance is None:
        variance = float(y @ left) / df  # y'Py: the penalised squares and what is left, together
    leverage = np.einsum("ij,jk,ik->i", every, inverse, every)
    scatter = left / np.sqrt(np.maximum(1 - leverage, 0.02))
    return Fit(places, dict(ratios), coef, inverse, max(variance, 1e-12), df, scatter)


def reml(
    y: Floats, fixed: Floats, parts: Mapping[str, Floats], rates: Mapping[str, float]
) -> dict[str, float]:
    """The ratio of each part's variance to that of the residuals, by (penalised) restricted likelihood."""
    parts = {name: z for name, z in parts.items() if z.shape[1]}
    if not parts:
        return {}
    z = np.hstack(list(parts.values()))
    code = np.repeat(np.arange(len(parts)), [part.shape[1] for part in parts.values()])
    gone, rank = _without(fixed, np.column_stack([z, y]))
    products = gone.T @ gone
    square, side, total = products[:-1, :-1], products[:-1, -1], products[-1, -1]
    df = max(len(y) - rank, 1)
    rate = np.array([rates.get(name, 0.0) for name in parts])

    def objective(logs: Floats) -> tuple[float, Floats]:
        ratio = np.exp(logs)
        root = np.sqrt(ratio)[code]
        factor = cho_factor(np.eye(len(code)) + root[:, None] * square * root)
        weights = root[:, None] * cho_solve(factor, np.diag(root))
        shrunk = square @ weights
        left = max(total - side @ weights @ side, 1e-12)
        value = 2 * np.log(np.diag(factor[0])).sum() + df * np.log(left)
        trace = np.diag(square) - np.einsum("ij,ji->i", shrunk, square)
        pull = (side - shrunk @ side) ** 2
        slope: Floats = ratio * np.bincount(code, trace - df * pull / left).astype(np.float64)
        held, size = rate > 0, np.sqrt(ratio)
        value += 2 * (rate * size - logs / 2)[held].sum()
        slope += np.where(held, rate * size - 1, 0.0)
        return float(value), slope

    begun = np.full(len(parts), np.log(0.05))
    found = minimize(objective, begun, jac=True, method="L-BFGS-B", bounds=[(LOWEST, HIGHEST)] * len(parts))
    return dict(zip(parts, np.exp(found.x).tolist(), strict=True))


def chance(
    y: Floats, fixed: Floats, parts: Mapping[str, Floats], ratios: Mapping[str, float], asked: Floats
) -> float:
    """How likely would so much be explained by the ``asked`` part, if it had no effect? Null: nothing to ask.

    The score test of a variance (Zhang & Lin 2003): y'P K P y over y'P y, a ratio of quadratic forms of
    normal residuals, whose distribution is taken from its saddlepoint (Kuonen 1999).
    """
    z = np.hstack([np.zeros((len(y), 0)), *(parts[n] * np.sqrt(ratios[n]) for n in parts)])
    gone, rank = _without(fixed, np.column_stack([asked, z, y]))
    products, width = gone.T @ gone, asked.shape[1]
    inner = slice(width, width + z.shape[1])
    solved = np.linalg.solve(np.eye(z.shape[1]) + products[inner, inner], products[inner])
    left = products - products[:, inner] @ solved
    share = np.linalg.eigvalsh(left[:width, :width])
    share = share[share > MEMORY * max(1.0, float(np.diag(products)[:width].max(initial=0)))]
    df = len(y) - rank - len(share)
    if not len(share) or df < 1 or left[-1, -1] <= 0:
        return float("nan")
    ratio = float((left[:width, -1] ** 2).sum() / left[-1, -1])
    return _beyond(np.append(share - ratio, -ratio), np.append(np.ones(len(share)), df))


def _beyond(weights: Floats, df: Floats) -> float:
    """The chance that Σ weights × chi² (df) is above 0."""
    if weights.max() <= 0:
        return 0.0
    if weights.min() >= 0:
        return 1.0
    low, high = 1 / (2 * weights.min()), 1 / (2 * weights.max())
    edge = 1e-10

    def slope(at: float) -> float:
        return float((df * weights / (1 - 2 * at * weights)).sum())

    at = float(brentq(slope, low * (1 - edge), high * (1 - edge)))
    cumulant = -0.5 * float((df * np.log1p(-2 * at * weights)).sum())
    bend = 2 * float((df * (weights / (1 - 2 * at * weights)) ** 2).sum())
    root, turn = np.sign(at) * np.sqrt(max(-2 * cumulant, 0.0)), at * np.sqrt(bend)
    if abs(root) < 1e-3:  # at the mean itself the formula is 0 / 0: its limit
        third = 8 * float((df * weights**3).sum())
        return float(0.5 - third / (6 * np.sqrt(2 * np.pi) * bend**1.5))
    return float(1 - ndtr(root + np.log(turn / root) / root))


def shared(y: Floats, group: Codes) -> float:
    """How large is the variance that posts of one group share, beside that of each post alone? 0: none.

    From the squares between and within groups; 0 where fewer than PAIRS posts are not alone in theirs.
    """
    n = np.bincount(group)
    n, total = n[n > 0], np.bincount(group, y)[n > 0]
    within_df, between_df = len(y) - len(n), len(n) - 1
    if within_df < PAIRS or between_df < 1:
        return 0.0
    between = (total**2 / n).sum() - total.sum() ** 2 / len(y)
    within = (y**2).sum() - (total**2 / n).sum()
    if within <= 0:
        return 0.0
    size = (len(y) - (n**2).sum() / len(y)) / between_df
    return float(max((between / between_df) / (within / within_df) - 1, 0) / size)


def apart(columns: Floats, group: Codes, ratio: float) -> Floats:
    """The columns less a part of their group's mean, so that what is left of each row is luck of its own.

    Fuller & Battese (1973).
    """
    n = np.bincount(group)
    part = 1 - 1 / np.sqrt(1 + n * ratio)
    means = np.stack([np.bincount(group, c) for c in columns.T], axis=1) / np.maximum(n, 1)[:, None]
    return np.asarray(columns - part[group, None] * means[group], dtype=np.float64)


def _without(fixed: Floats, columns: Floats) -> tuple[Floats, int]:
    """What is left of columns when the fixed ones are held, and how many of these there are in truth."""
    base, size, _ = np.linalg.svd(fixed, full_matrices=False)
    base = base[:, size > MEMORY * size.max(initial=0)]
    return columns - base @ (base.T @ columns), base.shape[1]
