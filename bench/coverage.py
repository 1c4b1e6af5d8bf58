"""How often do the intervals hold the truth? ``python bench/coverage.py`` prints it, the lost candidates too.

Posts are drawn so: reach lognormal (sigma), interactions negative binomial given reach, rates of posts vary
with coefficient of variation ``cv`` and go with reach by ``rho`` (correlation of the logarithms; in the real
exports looked at it is -0.15 to -0.7). The truth is E[interactions] / E[reach].
"""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtrit

from cmlib import stats

Array = np.ndarray
Interval = tuple[Array, Array]
SIZES = (12, 30, 100)
SCENARIOS = tuple(product((0.7, 1.0, 1.3), (0.5, 0.8), (-0.3, 0.0, 0.3)))  # sigma, cv, rho
RATE, REACH, RESAMPLES = 0.04, 1500, 400


def draw(
    rng: np.random.Generator, samples: int, n: int, sigma: float, cv: float, rho: float
) -> tuple[Array, Array, float]:
    """``samples`` months of ``n`` posts: interactions, reach, and the true rate."""
    tilt = rho * np.sqrt(np.log1p(cv**2))  # the rate goes with reach ** (tilt / sigma)
    own = (1 + cv**2) / np.exp(tilt**2) - 1  # what is left of the variance of rates
    z = rng.standard_normal((samples, n))
    reach = np.ceil(REACH * np.exp(sigma * z))
    rates = RATE * np.exp(tilt * z) * rng.gamma(1 / own, own, (samples, n))
    return rng.poisson(reach * rates), reach, RATE * np.exp(tilt**2 / 2 + tilt * sigma)


def chosen(y: Array, x: Array) -> Interval:
    got = stats.ratio(y.ravel(), x.ravel(), np.repeat(np.arange(len(y)), y.shape[1]))
    return got["low"].to_numpy(), got["high"].to_numpy()


def binomial(y: Array, x: Array) -> Interval:
    r, half = _rate(y, x), ndtri(0.975)
    half = half * np.sqrt(r * (1 - r) / x.sum(1))
    return r - half, r + half


def _rate(y: Array, x: Array) -> Array:
    return y.sum(1) / x.sum(1)


def _influence(y: Array, x: Array) -> tuple[Array, Array]:
    """Of each post on log(rate), and its share of the reach."""
    return (y - _rate(y, x)[:, None] * x) / y.sum(1)[:, None], x / x.sum(1)[:, None]


def linear(y: Array, x: Array, log: bool = False, power: float = 0, kish: bool = False) -> Interval:
    """Taylor's, on either scale; residuals² / (1 - share)**power; df n - 1 or Kish's effective n - 1."""
    r, n = _rate(y, x), y.shape[1]
    d, share = _influence(y, x)
    grown = d**2 / (1 - share) ** power if power else d**2 * n / (n - 1)
    df = np.maximum(1 / (share**2).sum(1) - 1, 1) if kish else n - 1
    half = stdtrit(df, 0.975) * np.sqrt(grown.sum(1))
    return (r * np.exp(-half), r * np.exp(half)) if log else (r * (1 - half), r * (1 + half))


def fieller(y: Array, x: Array) -> Interval:
    n = y.shape[1]
    u, v, q = y / y.mean(1, keepdims=True), x / x.mean(1, keepdims=True), stdtrit(n - 1, 0.975) ** 2 / n
    a, b = 1 - q * v.var(1, ddof=1), 1 - q * ((u - 1) * (v - 1)).sum(1) / (n - 1)
    root = b**2 - a * (1 - q * u.var(1, ddof=1))
    open_ended = (a <= 0) | (root < 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (b - np.sqrt(root)) / a, (b + np.sqrt(root)) / a
    return _rate(y, x) * np.where(open_ended, 0, low), _rate(y, x) * np.where(open_ended, np.inf, high)


def bootstraps(y: Array, x: Array, rng: np.random.Generator) -> dict[str, Interval]:
    """Percentile, BCa, and bootstrap-t on the log scale, from the same resamples."""
    n, tails = y.shape[1], ndtri(np.array([0.025, 0.975]))
    ends: dict[str, list[Array]] = {"percentile": [], "BCa": [], "bootstrap-t, log": []}
    for k, (d, _) in enumerate(zip(*_influence(y, x), strict=True)):
        times = rng.multinomial(n, np.full(n, 1 / n), RESAMPLES)
        sum_y = np.maximum(times @ y[k], 0.5)
        rates = sum_y / (times @ x[k])
        errors = (y[k] - rates[:, None] * x[k]) / sum_y[:, None]
        logs, truth = np.log(rates), np.log(y[k].sum() / x[k].sum())
        t = (logs - truth) / np.sqrt(np.maximum((times * errors**2).sum(1), 1e-12))
        a = (d**3).sum() / (d**2).sum() ** 1.5 / 6
        z0 = ndtri(np.clip(np.mean(logs < truth), 0.01, 0.99))
        ends["percentile"].append(np.quantile(rates, [0.025, 0.975]))
        ends["BCa"].append(np.quantile(rates, ndtr(z0 + (z0 + tails) / (1 - a * (z0 + tails)))))
        ends["bootstrap-t, log"].append(
            np.exp(truth - np.sqrt((d**2).sum()) * np.quantile(t, [0.975, 0.025]))
        )
    return {name: tuple(np.array(found).T) for name, found in ends.items()}


CANDIDATES: dict[str, Callable[[Array, Array], Interval]] = {
    "chosen: cmlib.stats.ratio": chosen,
    "binomial, posts ignored": binomial,
    "Taylor, t": linear,
    "Taylor, log, t": lambda y, x: linear(y, x, log=True),
    "HC2, log, t": lambda y, x: linear(y, x, log=True, power=1),
    "HC3 (jackknife), log, t": lambda y, x: linear(y, x, log=True, power=2),
    "HC3, log, t of Kish n": lambda y, x: linear(y, x, log=True, power=2, kish=True),
    "Fieller": fieller,
}


def trials(draws: int) -> Iterator[dict[str, object]]:
    """One row per method, size and scenario: shares of misses and median width, relative to the truth."""
    for n, (s, scenario) in product(SIZES, enumerate(SCENARIOS)):
        rng = np.random.default_rng([1, n, s])
        y, x, truth = draw(rng, draws, n, *scenario)
        some = slice(max(draws // 40, 1))  # resampling is slow: fewer samples
        found = {name: method(y, x) for name, method in CANDIDATES.items()} | bootstraps(
            y[some], x[some], rng
        )
        for name, (low, high) in found.items():
            given = np.isfinite(low) & np.isfinite(high)  # the promise is of the intervals that are given
            low, high = low[given], high[given]
            yield {"method": name, "n": n, "scenario": scenario, "left": np.mean(truth < low),
                   "right": np.mean(truth > high), "given": given.mean(),
                   "width": np.median((high - low) / truth)}  # fmt: skip


def false_alarms(draws: int) -> str:
    """How often are two samples of the same posts told apart at 5 %: mean, least, most of the scenarios."""
    lines = ["", "Two groups that do not differ: p < 0.05 in … % (mean over scenarios, least to most)"]
    for n, m in ((12, 12), (30, 30), (12, 100), (100, 100)):
        shares = []
        for s, scenario in enumerate(SCENARIOS):
            rng = np.random.default_rng([2, n, m, s])
            two = [draw(rng, draws, size, *scenario)[:2] for size in (n, m)]
            a, b = (
                stats.ratio(y.ravel(), x.ravel(), np.repeat(np.arange(draws), y.shape[1])) for y, x in two
            )
            shares.append(100 * (stats.compare(a, b)["p"] < 0.05).mean())
        lines.append(
            f"  {n:3} and {m:3} posts   {np.mean(shares):.1f}  ({min(shares):.1f} to {max(shares):.1f})"
        )
    return "\n".join(lines)


def table(draws: int = 4000, scenarios: bool = False) -> str:
    """The coverage of every method where 95 % is promised; with ``scenarios``, of ours in each of them."""
    rows = pd.DataFrame(trials(draws))
    rows["covered"] = 1 - rows["left"] - rows["right"]
    heads = "".join(f"  | n = {n:<3}: mean (least-most)  left right width given" for n in SIZES)
    lines = [f"{'% covered, 95 promised':26}{heads}"]
    for name, of_method in rows.groupby("method", sort=False):
        line = f"{name:26}"
        for _, r in of_method.groupby("n"):
            c = 100 * r["covered"]
            left, right, given = (100 * r[column].mean() for column in ("left", "right", "given"))
            line += f"  |   {c.mean():5.1f} ({c.min():5.1f}-{c.max():5.1f})     "
            line += f"{left:5.1f} {right:5.1f} {r['width'].mean():5.2f} {given:5.1f}"
        lines.append(line)
    if scenarios:
        ours = rows[rows["method"] == next(iter(CANDIDATES))]
        lines += ["", "Ours by sigma, cv, rho: % covered (missed left/right)"]
        for scenario, r in ours.groupby("scenario"):
            cells = (f"{100 * c:6.1f} ({100 * a:.1f}/{100 * b:.1f})" for c, a, b in
                     zip(r["covered"], r["left"], r["right"], strict=True))  # fmt: skip
            lines.append(f"  {scenario!s:18}" + "".join(cells))
    return "\n".join(lines) + "\n" + false_alarms(draws)


if __name__ == "__main__":
    print(table(scenarios=True))
