"""Choosing between alternatives when neither the figures nor the weights are sure: numbers in, numbers out.

An additive score on fixed scales, so that a further alternative changes nothing for the others; how it stands
under doubt (stochastic multicriteria acceptability, Lahdelma & Salminen 2001), what would turn the choice,
and the best set of alternatives within limits, by trying them all.
"""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

DRAWS = 10_000
WEIGHT_DOUBT = 2.0  # a weight is taken to be right to within this factor, 95 times in 100


def within(factor: float) -> float:
    """The sd of the logarithm of what is right to within a factor, 95 times in 100."""
    return float(np.log(factor) / ndtri(0.975))


@lru_cache(maxsize=256)
def noise(*name: str, draws: int = DRAWS) -> Floats:
    """Standard normal draws, always the same for the same name: what else is there changes nothing."""
    return np.random.default_rng(crc32("/".join(name).encode())).standard_normal(draws)


@lru_cache(maxsize=256)
def chance(*name: str, draws: int = DRAWS) -> Floats:
    """The same draws as they lie between 0 and 1."""
    drawn: Floats = ndtr(noise(*name, draws=draws))
    return drawn


def weights(said: Sequence[float], names: Sequence[str], draws: int = DRAWS) -> Floats:
    """The weights that may be meant: draws × criteria, each row adding up to 1. Zero stays zero."""
    spread = within(WEIGHT_DOUBT)
    meant = np.stack(
        [w * np.exp(spread * noise("weight", n, draws=draws)) for w, n in zip(said, names, strict=True)], 1
    )
    shares: Floats = meant / meant.sum(axis=1, keepdims=True)
    return shares


def score(values: Floats, weight: Floats) -> Floats:
    """The weighted mean of the values: (…, alternatives, criteria) and (…, criteria) → (…, alternatives)."""
    found: Floats = np.einsum("...ac,...c->...a", values, weight / weight.sum(axis=-1, keepdims=True))
    return found


def ranks(scores: Floats) -> NDArray[np.intp]:
    """The place of each alternative, 0 the first: of draws × alternatives, or of one row. Ties by order."""
    order = np.argsort(-scores, axis=-1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(scores.shape[-1]), axis=-1)
    return places


def acceptability(scores: Floats) -> Floats:
    """In which share of the draws does each alternative (row) come at each place (column)?

    Every row and every column adds up to 1.
    """
    places, n = ranks(scores), scores.shape[-1]
    counts = np.bincount((np.arange(n) * n + places).ravel(), minlength=n * n).reshape(n, n)
    shares: Floats = counts / len(scores)
    return shares


def flips(values: Floats, weight: Floats, first: int, second: int, top: float = 100.0) -> pd.DataFrame:
    """What would have to change, one thing at a time, for the second to overtake the first?

    A row per criterion: ``gap`` (its part in the distance between the two scores), ``weight`` and
    ``needed_weight`` (its share of all weights, the others keeping their proportions), ``value`` of the first
    and ``needed_value`` (on the scale of 0 to ``top``); null where no change of that one thing would do it.
    """
    share = weight / weight.sum()
    differences = values[first] - values[second]
    gap = share * differences
    total = float(gap.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = (total - gap) / (1 - share)  # the distance if this criterion did not count
        needed = rest / (rest - differences)
        value = values[first] - total / share
    possible = (needed >= 0) & (needed <= 1) & (share < 1)
    return pd.DataFrame(
        {
            "gap": gap,
            "weight": share,
            "needed_weight": np.where(possible, needed, np.nan),
            "value": values[first],
            "needed_value": np.where((value >= 0) & (value <= top), value, np.nan),
        }
    )


def reach(shares: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Which share of the people does each set of alternatives reach, everybody counted once?

    ``shares``: alternatives × groups; ``weight`` of the groups. Set s holds alternative i if bit i of s is
    set. Two answers, between which the truth lies if the users of one are rather more often on another: by
    chance (1 − Π(1 − share)), and if those on the smaller are all on the larger (the largest share).
    """
    of = weight / weight.sum()
    by_chance, nested = np.zeros(1 << len(shares)), np.zeros(1 << len(shares))
    for group, part in zip(shares.T, of, strict=True):
        missed, largest = np.ones(1), np.zeros(1)
        for share in group:
            missed = np.concatenate([missed, missed * (1 - share)])
            largest = np.concatenate([largest, np.maximum(largest, share)])
        by_chance += part * (1 - missed)
        nested += part * largest
    return by_chance, nested


def totals(costs: Floats) -> Floats:
    """What does each set of alternatives cost? In the order of ``reach``."""
    total = np.zeros(1)
    for cost in costs:
        total = np.concatenate([total, total + cost])
    return total


def lean(reached: Floats, least: float) -> NDArray[np.bool_]:
    """Of which sets does each member add ``least`` or more to the others?"""
    whole = np.ones(len(reached), dtype=bool)
    for member in range(len(reached).bit_length() - 1):
        pairs = reached.reshape(-1, 2, 1 << member)  # without it, with it
        whole.reshape(pairs.shape)[:, 1] &= pairs[:, 1] - pairs[:, 0] >= least - 1e-12
    return whole


def frontier(reached: Floats, hours: Floats, order: NDArray[np.intp]) -> list[int]:
    """The sets that reach more than any that asks for no more hours, by their hours.

    ``order``: the sets that are allowed, by their hours. The empty set is the first; of equals the one with
    fewer members.
    """
    climbs = order[reached[order] >= np.maximum.accumulate(reached[order]) - 1e-9]
    ties = (np.bitwise_count(climbs), -np.round(reached[climbs], 9), np.round(hours[climbs], 9))
    climbs, line = climbs[np.lexsort(ties)], [0]
    best = np.maximum.accumulate(reached[climbs])
    while (step := int(np.searchsorted(best, reached[line[-1]] + 1e-9))) < len(climbs):
        line.append(int(climbs[step]))
    return line


def members(number: int, n: int) -> list[int]:
    """Which alternatives are in this set?"""
    return [i for i in range(n) if number >> i & 1]
