"""What is to be done on each network: go, keep, test, leave, or not available; and what that rests on."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from math import inf
from typing import Any

import pandas as pd

from cmlib import criteria, decision, facts, i18n
from cmlib.platforms import Choice
from cmlib.portfolio import CLOSE, SUPPOSED, portfolio
from cmlib.schema import CRITERIA

MOSTLY, HARDLY = 0.5, 0.2  # shares of the draws
FEW = 3  # networks that are looked at, however few the hours pay for
SURVEYED = ("own", "shaped")  # in the country itself: what is borrowed from another is tested first


@lru_cache(maxsize=4)
def verdicts(choice: Choice) -> pd.DataFrame:
    """What is to be done on each network, and why? Every network has a row.

    network, verdict (go, keep, test, leave, closed), chance (in which share of the draws it is among the
    first ``places``: as many as the portfolio has, and FEW at least), chosen (is it in the portfolio),
    in_use, share, low, high (of the target that can be met there), uses (the share of it that is there at
    all, met or not), home (the brand's country), basis and country (of the surveys of the heaviest persona:
    presence.py), seen (public, members or private), hours (a week; null: nothing that the team makes),
    together (those of all that are to be kept or entered), available (those that there are),
    criterion (what speaks most for it, or against; "" if nothing does), measure (what was measured there),
    posts (own ones that its engagement rests on), rests (the facts of each criterion, of ``seen`` and of
    ``status``), facts (all of them, in the order in which they are said), note; the best first.
    """
    sets = portfolio(choice)["sets"]
    chosen = set(sets.loc[sets["overlap"] == SUPPOSED, "networks"].iloc[0])
    places = max(len(chosen), FEW)
    chance = choice.accepted[:, :places].sum(axis=1)
    asked, rests, lift, able = _asked(choice), _rests(choice), _lift(choice), _able(choice)
    measured = {name: choice.of(name).to_dict("index") for name in CRITERIA}
    hours, seen, posts = choice.costs["value"] / criteria.WEEKS, choice.seen, choice.rates["n"]
    scores, rows = decision.score(choice.values, choice.weight), []
    for network, sure, score in zip(choice.networks, chance, scores, strict=True):
        used = bool(choice.brand.own(network))
        verdict = _verdict(used, bool(able[network]), network in chosen, float(sure), asked[network]["basis"])
        met, good = measured["presence"][network], verdict in ("go", "keep")
        known = [n for n in CRITERIA if rests[network][n] or (n == "engagement" and posts[network])]
        reason = _reason({name: lift[network][name] for name in known}, good)
        rows.append({
            "network": network, "verdict": verdict, "chance": sure, "places": places,
            "chosen": network in chosen, "in_use": used, "score": score, "share": met["value"],
            "low": met["low"], "high": met["high"], "uses": met["uses"], **asked[network],
            "seen": seen[network], "hours": hours[network], "criterion": reason,
            "measure": measured[reason][network]["value"] if reason else None,
            "posts": posts[network], "rests": rests[network], "facts": _all(rests[network]),
        })  # fmt: skip
    found = pd.DataFrame(rows).sort_values("score", ascending=False, kind="stable")
    wanted = found.loc[found["verdict"].isin(["go", "keep"]), "hours"].sum()
    whole = pd.concat([found, _closed(choice)], ignore_index=True)
    return whole.assign(together=wanted, available=choice.brand.hours_per_week, home=choice.brand.country)


def _able(choice: Choice) -> "pd.Series[bool]":
    """Which networks can the team keep up at all: with what they live on, in the hours and the budget?"""
    costs, budget = choice.costs, choice.brand.monthly_budget
    in_time = costs["value"] / criteria.WEEKS <= (choice.brand.hours_per_week or 0.0) + CLOSE
    paid = costs["money"] <= (inf if budget is None else budget + CLOSE)
    return (choice.of("formats")["value"] > 0) & in_time & paid


def _verdict(used: bool, able: bool, chosen: bool, chance: float, basis: str) -> str:
    """The rule, in one place. What is used is kept, tested or left; what is not: entered, tested or left."""
    if not able:
        return "leave"
    if used:
        return "keep" if chosen or chance >= MOSTLY else "leave" if chance < HARDLY else "test"
    if chosen and chance >= MOSTLY and basis in SURVEYED:
        return "go"
    return "test" if chosen or chance >= MOSTLY else "leave"


def _asked(choice: Choice) -> dict[str, dict[str, str]]:
    """On what the share of the heaviest persona rests, and of which country that is."""
    heaviest = max(choice.brand.personas, key=lambda persona: persona.weight).name
    of = choice.shares[choice.shares["persona"] == heaviest]
    return {
        network: {"basis": basis, "country": country}
        for network, basis, country in zip(of["network"], of["basis"], of["country"], strict=True)
    }


def _reason(lift: Mapping[str, float], good: bool) -> str:
    """The criterion that lifts it most, or pulls it most below; none where none does."""
    name = (max if good else min)(lift, key=lift.__getitem__)
    return name if lift[name] and (lift[name] > 0) == good else ""


def _lift(choice: Choice) -> dict[str, dict[str, float]]:
    """By how much each criterion lifts a network above the others, or pulls it below."""
    lifts = (choice.values - choice.values.mean(axis=0)) * choice.weight
    return {
        network: dict(zip(CRITERIA, lift, strict=True))
        for network, lift in zip(choice.networks, lifts, strict=True)
    }


def _rests(choice: Choice) -> dict[str, dict[str, tuple[str, ...]]]:
    """The facts behind each part of a verdict, in the order in which they are said."""
    order = ("presence", "seen", "cost", "objectives", "formats", "engagement", "status")
    of: dict[str, Any] = {name: choice.of(name)["facts"].to_dict() for name in CRITERIA}
    for name, fact in (("seen", "discovery"), ("status", "status")):
        of[name] = {network: criteria.where(choice.about, network, fact) for network in choice.networks}
    return {network: {name: tuple(of[name][network]) for name in order} for network in choice.networks}


def _all(rests: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain(*rests.values())))


def _closed(choice: Choice) -> pd.DataFrame:
    gone = [network for network in facts.SOCIAL if network not in choice.networks]
    rests = {network: criteria.where(choice.about, network, "status", "closed_because") for network in gone}
    return pd.DataFrame(
        {"network": network, "verdict": "closed", "in_use": bool(choice.brand.own(network)),
         "rests": {"status": rests[network]}, "facts": rests[network],
         "note": str(choice.about["value"].get((network, "closed_because"), ""))}
        for network in gone
    )  # fmt: skip


def numbered(found: pd.DataFrame) -> dict[str, int]:
    """Which number has each fact behind the sentences of these verdicts? Where it stands → 1, 2, 3 …

    In the order of the networks of the schema, so that a fact keeps its number whoever is first.
    """
    rests = dict(zip(found["network"], found["facts"], strict=True))
    places = chain.from_iterable(rests.get(network, ()) for network in facts.SOCIAL)
    return {place: number for number, place in enumerate(dict.fromkeys(places), 1)}


def used(choice: Choice) -> pd.DataFrame:
    """Which facts does all this rest on? A row each: number, where, says, source, source_date, address, old.

    The numbers are those that stand behind the sentences of the verdicts.
    """
    places = tuple(numbered(verdicts(choice)))
    return _told(places, choice.today, i18n.language(), facts.version())


@lru_cache(maxsize=4)
def _told(places: tuple[str, ...], today: date, language: str, known: tuple[object, ...]) -> pd.DataFrame:
    """The facts that stand there. Language and version are named, so that others are seen."""
    tables = []
    for name in ("networks", "objectives", "audience", "benchmarks"):
        table = facts.load(name, today)
        rows = table[table["where"].isin(places)]
        tables.append(rows.assign(says=facts.says(name, rows)))
    found = pd.concat(tables).set_index("where").loc[list(places)].reset_index()
    columns = ["network", "says", "source", "source_date", "address", "trust", "old", "local", "where"]
    return found.assign(number=range(1, len(found) + 1))[["number", *columns]]


def answer(choice: Choice) -> dict[str, pd.DataFrame]:
    """What is to be done, on each network and together? ``verdicts``; ``sets``, ``hour`` of the portfolio."""
    found = portfolio(choice)
    return {"verdicts": verdicts(choice), "sets": found["sets"], "hour": found["hour"]}
