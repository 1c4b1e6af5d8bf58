"""What is to be done on each network: go, keep, test, leave, or not available; and what that rests on."""

from functools import lru_cache

import numpy as np
import pandas as pd

from cmlib import criteria, decision, facts
from cmlib.platforms import Choice
from cmlib.portfolio import SUPPOSED, portfolio
from cmlib.schema import CRITERIA

MOSTLY, HARDLY = 0.5, 0.2  # shares of the draws
FEW = 3  # networks that are looked at where the hours pay for none
SURVEYED = ("own", "shaped")  # in the country itself: what is borrowed from another is tested first


@lru_cache(maxsize=4)
def verdicts(choice: Choice) -> pd.DataFrame:
    """What is to be done on each network, and why? Every network has a row.

    network, verdict (go, keep, test, leave, closed), chance (in which share of the draws it is among the
    first ``places``, as many as the portfolio has), chosen (is it in the portfolio), in_use, share, low, high
    (of the target), basis (of the share: presence.py), hours (a week; null: nothing that the team makes),
    criterion (what speaks most for it, or against), facts, note; the best first.
    """
    sets = portfolio(choice)["sets"]
    chosen = set(sets.loc[sets["overlap"] == SUPPOSED, "networks"].iloc[0])
    places = len(chosen) or FEW
    chance = choice.accepted[:, :places].sum(axis=1)
    bases, rests, lift = _bases(choice), _rests(choice), _lift(choice)
    shares, hours = choice.of("presence").to_dict("index"), choice.costs["value"] / criteria.WEEKS
    scores, rows = decision.score(choice.values, choice.weight), []
    for network, sure, score in zip(choice.networks, chance, scores, strict=True):
        used, feeds = bool(choice.brand.own(network)), bool(choice.costs.at[network, "kinds"])
        verdict = _verdict(used, feeds, network in chosen, float(sure), bases[network])
        decides = max if verdict in ("go", "keep") else min
        rows.append({
            "network": network, "verdict": verdict, "chance": sure, "places": places,
            "chosen": network in chosen, "in_use": used, "score": score, "share": shares[network]["value"],
            "low": shares[network]["low"], "high": shares[network]["high"], "basis": bases[network],
            "hours": hours[network], "criterion": decides(CRITERIA, key=lift[network].__getitem__),
            "facts": rests[network],
        })  # fmt: skip
    found = pd.DataFrame(rows).sort_values("score", ascending=False, kind="stable")
    return pd.concat([found, _closed(choice)], ignore_index=True)


def _verdict(used: bool, feeds: bool, chosen: bool, chance: float, basis: str) -> str:
    """The rule, in one place. What is used is kept, tested or left; what is not: entered, tested or left."""
    if not feeds:
        return "leave"
    if used:
        return "keep" if chosen or chance >= MOSTLY else "leave" if chance < HARDLY else "test"
    if chosen and chance >= MOSTLY and basis in SURVEYED:
        return "go"
    return "test" if chosen or chance >= MOSTLY else "leave"


def _bases(choice: Choice) -> dict[str, str]:
    """On what the share of the heaviest persona rests."""
    heaviest = max(choice.brand.personas, key=lambda persona: persona.weight).name
    of = choice.shares[choice.shares["persona"] == heaviest]
    return dict(zip(of["network"], of["basis"], strict=True))


def _lift(choice: Choice) -> dict[str, dict[str, float]]:
    """By how much each criterion lifts a network above the others, or pulls it below."""
    lifts = (choice.values - choice.values.mean(axis=0)) * choice.weight
    return {
        network: dict(zip(CRITERIA, lift, strict=True))
        for network, lift in zip(choice.networks, lifts, strict=True)
    }


def _rests(choice: Choice) -> dict[str, tuple[str, ...]]:
    """The facts behind all that was measured of a network, and behind what it is."""
    found: dict[str, list[str]] = {network: [] for network in choice.networks}
    for network, some in zip(choice.measured["network"], choice.measured["facts"], strict=True):
        found[network] += some
    for network, rests in found.items():
        rests += criteria.where(choice.about, network, "status", "discovery")
    return {network: tuple(dict.fromkeys(rests)) for network, rests in found.items()}


def _closed(choice: Choice) -> pd.DataFrame:
    gone = [network for network in facts.SOCIAL if network not in choice.networks]
    return pd.DataFrame(
        {"network": network, "verdict": "closed", "in_use": bool(choice.brand.own(network)),
         "facts": criteria.where(choice.about, network, "status", "closed_because"),
         "note": str(choice.about["value"].get((network, "closed_because"), ""))}
        for network in gone
    )  # fmt: skip


def used(choice: Choice) -> pd.DataFrame:
    """Which facts does all this rest on? A row each: number, where, says, source, source_date, address, old.

    The numbers are those that stand behind the sentences of the verdicts.
    """
    places = dict.fromkeys(place for some in verdicts(choice)["facts"] for place in some)
    tables = []
    for name in ("networks", "objectives", "audience", "benchmarks"):
        table = facts.load(name, choice.today)
        rows = table[table["where"].isin(places.keys())]
        tables.append(rows.assign(says=facts.says(name, rows)))
    found = pd.concat(tables).set_index("where").loc[list(places)].reset_index()
    columns = [
        "number",
        "network",
        "says",
        "source",
        "source_date",
        "address",
        "trust",
        "old",
        "local",
        "where",
    ]
    return found.assign(number=np.arange(1, len(found) + 1))[columns]
