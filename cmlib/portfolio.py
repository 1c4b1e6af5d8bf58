"""Which networks together? The set that reaches most of the target within the means.

To be on a network is not to be reached there: a person counts for as much as the network serves the
objectives, times the part of its leading kinds of post that the team makes. So the reach is the share of the
target that can be met there, for what the brand wants, by what it publishes; everybody is counted once.

Every set is tried, so the answer is exact. How far the users of one network are those of another is not
published: the answer is given for chance overlap, for full overlap, and for the middle.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from cmlib import brand as brands
from cmlib import criteria, decision, platforms
from cmlib.criteria import Floats
from cmlib.platforms import Choice

OVERLAPS = (0.0, 0.5, 1.0)  # who is on one network is on the other: as chance has it, half-way, always
SUPPOSED = 0.5
SERVES = 0.5  # a network that serves less of the objectives is in no set, however little it takes
LEAST = 0.01  # a network that adds less than one point of the target is not worth its hours
CLOSE = 1e-9  # hours and money are sums of fractions


@lru_cache(maxsize=4)
def portfolio(choice: Choice) -> dict[str, pd.DataFrame]:
    """Which set of networks reaches most of the target within the hours and the budget?

    ``sets``: the best one for each of OVERLAPS; ``frontier``: those that reach more than any other in as many
    hours (both: overlap, networks, reach, present (the share of the target that is on one of them at all),
    people (how many these are, where the size of every persona is known), hours a week, money a month).
    ``networks``: each network at SUPPOSED: chosen, serves (at least SERVES), hours, money and reach (what the
    set would lose without it, or gain with it, whether there are the hours or not). ``hour``: what more hours
    would pay for (``further``). Money is in the brand's ``currency``.
    """
    fed = [network for network in choice.networks if choice.costs.at[network, "kinds"]]
    serves = choice.of("objectives")["value"].ge(SERVES)
    names = [network for network in fed if serves[network]]
    found = dict(zip(OVERLAPS, _frontiers(choice, names), strict=True))
    within = [line[line["hours"] <= _hours(choice) + CLOSE].tail(1) for line in found.values()]
    line, money = pd.concat(found.values(), ignore_index=True), {"currency": choice.brand.currency}
    each = _marginal(choice, fed, within[OVERLAPS.index(SUPPOSED)]["networks"].iloc[0])
    return {
        "sets": pd.concat(within, ignore_index=True).assign(**money),
        "frontier": line,
        "networks": each.assign(serves=each["network"].isin(names), **money),
        "hour": further(line, _hours(choice)),
    }


def further(found: pd.DataFrame, hours: float, overlap: float = SUPPOSED) -> pd.DataFrame:
    """What would more hours a week pay for? The next steps of a ``frontier`` beyond so many hours.

    hours (more than there are), reach (LEAST or more above what it is now), networks; the first three steps.
    """
    line = found[found["overlap"] == overlap]
    reached = float(line.loc[line["hours"] <= hours + CLOSE, "reach"].iloc[-1])
    more = line[(line["hours"] > hours + CLOSE) & (line["reach"] >= reached + LEAST)].head(3)
    return more.assign(hours=more["hours"] - hours, reach=more["reach"] - reached)[
        ["hours", "reach", "networks"]
    ]


def _hours(choice: Choice) -> float:
    return float(choice.brand.hours_per_week or 0)


def _frontiers(choice: Choice, names: list[str]) -> list[pd.DataFrame]:
    """For each overlap the sets that are worth their hours, from nothing to everything."""
    costs, budget = choice.costs.loc[names], choice.brand.monthly_budget
    paid = np.inf if budget is None else budget + CLOSE
    figures = (*_target(choice, names), costs["value"].to_numpy() / criteria.WEEKS, costs["money"].to_numpy())
    return _lines(tuple(names), paid, *(tuple(figure.ravel().tolist()) for figure in figures))


@lru_cache(maxsize=8)
def _lines(names: tuple[str, ...], budget: float, *figures: tuple[float, ...]) -> list[pd.DataFrame]:
    """The same from plain figures: neither the hours that there are nor the criteria change it."""
    shares, present, weight, people, each, paid = (np.array(figure) for figure in figures)
    shares, present = (share.reshape(len(names), len(weight)) for share in (shares, present))
    hours, money = decision.totals(each), decision.totals(paid)
    allowed = np.flatnonzero(money <= budget)
    order = allowed[np.argsort(hours[allowed], kind="stable")]
    by_chance, nested = decision.reach(shares, weight)
    lines = []
    for overlap in OVERLAPS:
        reached = (1 - overlap) * by_chance + overlap * nested
        worth = order[decision.lean(reached, LEAST)[order]]
        best = decision.frontier(reached, hours, worth)
        of = [tuple(names[i] for i in decision.members(one, len(names))) for one in best]
        there = [present[[name in some for name in names]] for some in of]
        met = [_reached(share, people, overlap) for share in there]
        lines.append(pd.DataFrame({
            "overlap": overlap, "networks": of, "reach": reached[best], "hours": hours[best],
            "present": [_reached(share, weight, overlap) for share in there],
            "money": money[best], "people": np.array(met) * (people.sum() if people.all() else np.nan),
        }))  # fmt: skip
    return lines


def _reached(shares: Floats, weight: Floats, overlap: float) -> float:
    """What one set reaches; nothing if it is empty, or if nobody is counted."""
    if not shares.size or not weight.sum():
        return 0.0
    by_chance, nested = 1 - np.prod(1 - shares, axis=0), shares.max(axis=0)
    return float(((1 - overlap) * by_chance + overlap * nested) @ weight / weight.sum())


def _target(choice: Choice, names: list[str]) -> tuple[Floats, Floats, Floats, Floats]:
    """What of each persona is reached, and what is there at all (networks × personas); weights and numbers.

    Of the personas that count; a number is 0 where none was said.
    """
    counted = [persona for persona in choice.brand.personas if persona.weight > 0]
    wide = choice.shares.pivot(index="network", columns="persona", values="value").reindex(names)
    heard = criteria.met(choice.brand, choice.about, names)
    present = wide[[persona.name for persona in counted]].mul(heard, axis=0).to_numpy()
    serves, makes = (choice.of(name)["value"].reindex(names) for name in ("objectives", "formats"))
    return (
        present * (serves * makes).to_numpy()[:, None],
        present,
        np.array([persona.weight for persona in counted]),
        np.array([persona.people or 0.0 for persona in counted]),
    )


def _marginal(choice: Choice, names: list[str], chosen: tuple[str, ...]) -> pd.DataFrame:
    """What each network adds to the set, or would."""
    shares, _, weight, _ = _target(choice, names)

    def reached(some: set[str]) -> float:
        return _reached(shares[[name in some for name in names]], weight, SUPPOSED)

    now, costs = reached(set(chosen)), choice.costs.loc[names]
    return pd.DataFrame({
        "network": names,
        "chosen": [name in chosen for name in names],
        "reach": [abs(reached(set(chosen) ^ {name}) - now) for name in names],
        "hours": costs["value"].to_numpy() / criteria.WEEKS,
        "money": costs["money"].to_numpy(),
    }).sort_values(["chosen", "reach"], ascending=False, kind="stable", ignore_index=True)  # fmt: skip


def chosen(slug: str) -> pd.DataFrame:
    """Which networks are in the set that reaches most within the means? The ``networks`` of the portfolio.

    Without a row where brand.toml does not say enough for it, such as whom the brand wants to meet.
    """
    if platforms.lacks(brands.load(slug)):
        return pd.DataFrame(columns=["network", "chosen"])
    return portfolio(platforms.review(slug))["networks"]
