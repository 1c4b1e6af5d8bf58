"""Which networks is a brand to be on, and how sure is that? One function per section of the notebook.

``review`` puts the question of brand.toml to the facts and to the brand's own results; each section takes
what it returns. What is unsure is drawn, and a verdict says in how many draws it holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from cmlib import brand as brands
from cmlib import criteria, decision, facts, i18n, presence, store
from cmlib.brand import Brand, Persona
from cmlib.criteria import Floats
from cmlib.errors import CmlibError, unknown
from cmlib.schema import CRITERIA

Measured = dict[str, pd.DataFrame]  # by criterion: a row per network


@dataclass(frozen=True, eq=False)  # each is itself alone, so that what is computed of it can be kept
class Choice:
    """A question, and what is known of each network that could be the answer."""

    brand: Brand
    today: date
    about: pd.DataFrame
    shares: pd.DataFrame
    costs: pd.DataFrame
    rates: pd.DataFrame
    measured: Measured

    @property
    def heading(self) -> dict[str, object]:
        """What its page's title is told."""
        return heading(self.brand, self.today)

    @cached_property
    def networks(self) -> list[str]:
        """The networks that there are to choose from."""
        return list(self.costs.index)

    @property
    def weight(self) -> Floats:
        """The weights of the criteria, adding up to 1."""
        said = np.array([self.brand.weights.get(name, 0.0) for name in CRITERIA], dtype=np.float64)
        share: Floats = said / said.sum()
        return share

    @cached_property
    def values(self) -> Floats:
        """The points of each network (rows) for each criterion (columns)."""
        return np.stack([self.of(name)["points"].to_numpy(np.float64) for name in CRITERIA], axis=1)

    @cached_property
    def scores(self) -> Floats:
        """The score of each network (columns) in each draw of the weights and of what is unsure."""
        return decision.score(_drawn(self), decision.weights(list(self.weight), CRITERIA))

    @cached_property
    def accepted(self) -> Floats:
        """In which share of the draws does each network (row) come at each place (column)?"""
        return decision.acceptability(self.scores)

    @property
    def seen(self) -> dict[str, str]:
        """Who sees what a brand posts there: the public, members, or one correspondent (private)."""
        return criteria.seen(self.about, self.networks)

    def of(self, criterion: str) -> pd.DataFrame:
        """What was measured on one criterion: a row per network, in their order."""
        return self.measured[criterion]


def review(
    brand: str | Brand, hours: float = 0.0, weights: str = "", as_of: str = "", files: str = ""
) -> Choice:
    """Put a brand's question to the facts. ``brand``: its name, or as it is being edited.

    ``hours``: a week, instead of the brand's own; ``weights``: "presence=2, cost=1", likewise; ``as_of`` and
    ``files`` as in the KPI report. Raises CmlibError for what the question lacks, and says where to say it.
    """
    if not 0 <= hours < np.inf:
        raise CmlibError("bad_hours", said=repr(hours))
    who = brands.load(brand) if isinstance(brand, str) else brand
    who = replace(who, hours_per_week=hours or who.hours_per_week, weights=weighted(weights) or who.weights)
    who = _asked(replace(who, weights=who.weights or dict.fromkeys(CRITERIA, 1.0)))
    moment = store.instant(as_of or None, who.zone) or pd.Timestamp.now(who.zone)
    about = criteria.known()
    networks = criteria.alive(about)
    chosen = tuple(d for d in files.split(",") if d)
    known = facts.version()
    rates = _rates(who.slug, who.sector, as_of, chosen, (*store.digests(who.slug), *who.accounts, *known))
    asked = tuple(replace(persona, weight=1.0, people=None) for persona in who.personas)
    shares = _shares(who.country.upper(), asked, known)  # weights and numbers move no share
    costs = criteria.costs(who, about, networks)
    measured = _measured(who, about, shares, costs, rates)
    return Choice(who, moment.date(), about, shares, costs, rates, measured)


def weighted(said: str) -> dict[str, float]:
    """``presence=2, cost=1`` → the weights; those that are not named are 0."""
    found = {}
    for one in filter(None, (part.strip() for part in said.split(","))):
        name, _, value = (part.strip() for part in one.partition("="))
        if name not in CRITERIA:
            raise unknown("criterion", name, CRITERIA, "weights")
        try:
            found[name] = float(value)
        except ValueError:
            raise CmlibError("bad_weight", said=repr(one)) from None
        if not 0 <= found[name] < np.inf:
            raise CmlibError("bad_weight", said=repr(one))
    return found


def _asked(who: Brand) -> Brand:
    """The question, if it is whole. Each gap is an error that says where to fill it."""
    file = str(brands.folder(who.slug) / "brand.toml")
    for key in lacks(who):
        raise CmlibError(key, file=file)
    if who.country.upper() not in i18n.countries():
        named = (f"{code} ({name})" for code, name in i18n.countries().items())
        raise unknown("country", who.country, named, file)
    return who


def lacks(who: Brand) -> list[str]:
    """What does a brand have to say yet, before there is an answer? Keys of errors."""
    said = {
        "no_country": bool(who.country),
        "no_persona": bool(who.personas),
        "no_persona_counts": not who.personas or sum(persona.weight for persona in who.personas) > 0,
        "no_objective": sum(who.objectives.values()) > 0,
        "no_piece": bool(who.pieces),
        "no_hours": 0 < (who.hours_per_week or 0) < np.inf,
        "no_weight": not who.weights or sum(who.weights.values()) > 0,
    }
    return [key for key, whole in said.items() if not whole]


def heading(who: Brand, day: date) -> dict[str, object]:
    """What is the title of the page told?"""
    return {"brand": who.name, "n": len(criteria.alive(criteria.known())), "day": day}


@lru_cache(maxsize=32)
def _shares(country: str, personas: tuple[Persona, ...], known: tuple[object, ...]) -> pd.DataFrame:
    """Where the personas are. The version of the facts is named, so that new ones are seen."""
    surveys, doubts, users, networks = _surveyed(country, known)
    return presence.shares(surveys, doubts, users, country, personas, networks)


@lru_cache(maxsize=8)
def _surveyed(
    country: str, known: tuple[object, ...]
) -> tuple[presence.Surveys, presence.Doubts, pd.DataFrame, list[str]]:
    """What surveys say, how far they may be off in a country, and of which networks that is asked."""
    about = criteria.known()
    surveys, users = _surveys(known), criteria.users(about)
    return surveys, presence.doubts(surveys, users, country), users, criteria.alive(about)


@lru_cache(maxsize=2)
def _surveys(known: tuple[object, ...]) -> presence.Surveys:
    return presence.surveys(facts.load("audience"))


@lru_cache(maxsize=32)
def _rates(
    slug: str, sector: str, as_of: str, files: tuple[str, ...], held: tuple[object, ...]
) -> pd.DataFrame:
    """The engagement rates to be expected; what it rests on is named, so that news is seen."""
    networks = criteria.alive(criteria.known())
    prior = criteria.benchmark(sector, networks)
    return criteria.engagement(_own(slug, as_of, files, held), prior, networks)


@lru_cache(maxsize=4)
def _own(slug: str, as_of: str, files: tuple[str, ...], held: tuple[object, ...]) -> dict[str, pd.DataFrame]:
    """The brand's own results."""
    who = brands.load(slug)
    return store.own(who, store.load(who, as_of or None, files))


def _measured(
    who: Brand,
    about: pd.DataFrame,
    shares: pd.DataFrame,
    costs: pd.DataFrame,
    rates: pd.DataFrame,
) -> Measured:
    """Every network on every criterion: value, low and high as they are measured, facts, points."""
    networks = list(costs.index)
    tables = {
        "presence": _target(who, about, shares, networks),
        "objectives": criteria.objectives(who, networks),
        "formats": criteria.formats(who, about, networks),
        "engagement": rates,
        "cost": costs,
    }
    monthly = (who.hours_per_week or 0) * criteria.WEEKS
    found = {}
    for name, table in tables.items():
        of = table.reindex(index=networks, columns=["value", "low", "high", "uses", "facts"])
        worth = criteria.points(name, of["value"].to_numpy(np.float64), monthly)
        found[name] = of.assign(points=worth).rename_axis("network")
    return found


def _target(who: Brand, about: pd.DataFrame, shares: pd.DataFrame, networks: list[str]) -> pd.DataFrame:
    """The share of the whole target that can be met on each network: value, low, high, uses, facts.

    The personas of a network are off together, so the ends of their intervals are averaged like the values.
    """
    weight = np.array([persona.weight for persona in who.personas])
    part = criteria.met(who, about, networks).to_numpy()
    ends = {
        name: _wide(who, shares, name, networks) @ weight / weight.sum() * part
        for name in ("value", "low", "high")
    }
    counted = shares[shares["persona"].isin([p.name for p in who.personas if p.weight > 0])]
    rests = {name: tuple(dict.fromkeys(chain(*some["facts"]))) for name, some in counted.groupby("network")}
    uses = _wide(who, shares, "value", networks) @ weight / weight.sum()
    return pd.DataFrame(ends, index=networks).assign(uses=uses, facts=pd.Series(rests))


def _wide(who: Brand, shares: pd.DataFrame, column: str, networks: list[str]) -> Floats:
    """A column of the shares, network by network and persona by persona, as networks × personas."""
    return shares[column].to_numpy(np.float64).reshape(len(networks), len(who.personas))


def _drawn(choice: Choice) -> Floats:
    """The points in each draw: draws × networks × criteria. A network's draws hang on nothing but itself."""
    who, networks = choice.brand, choice.networks
    noise = {name: _stacked(decision.noise, networks, name) for name in ("presence", "engagement", "cost")}
    chance = _stacked(decision.chance, networks, "objectives")
    weight = np.array([persona.weight for persona in who.personas])
    centre, sd = (_wide(who, choice.shares, name, networks) for name in ("centre", "sd"))
    met = np.zeros_like(noise["presence"])
    for nth, part in enumerate(weight / weight.sum()):
        met += part * expit(centre[:, nth] + sd[:, nth] * noise["presence"])
    fit, able = (choice.of(name)["value"].to_numpy(np.float64) for name in ("objectives", "formats"))
    rates, costs = choice.rates.loc[networks], choice.costs.loc[networks]
    raw = {
        "presence": met * criteria.met(who, choice.about, networks).to_numpy(),
        "objectives": fit + criteria.GRADE * (2 * chance - 1),
        "formats": np.broadcast_to(able, met.shape),
        "engagement": np.exp(rates["centre"].to_numpy() + rates["sd"].to_numpy() * noise["engagement"]),
        "cost": costs["value"].to_numpy() * np.exp(decision.within(criteria.HOURS_DOUBT) * noise["cost"]),
    }
    monthly = (who.hours_per_week or 0) * criteria.WEEKS
    return np.stack([criteria.points(name, raw[name], monthly) for name in CRITERIA], axis=-1)


def _stacked(drawn: Callable[[str, str], Floats], networks: list[str], criterion: str) -> Floats:
    return np.stack([drawn(network, criterion) for network in networks], axis=1)


# ── The answer, section by section ──────────────────────────────────────────────────────────────────────────


def question(choice: Choice) -> dict[str, pd.DataFrame]:
    """What was asked? personas: name, weight, people and who they are; weights, objectives and pieces; means.

    ``means``: country, market, hours a week, money a month (null: no limit was said) and its currency.
    """
    who = choice.brand
    means = {"hours": who.hours_per_week, "money": who.monthly_budget, "currency": who.currency}
    listed = {
        "means": pd.DataFrame([{"country": who.country.upper(), "market": who.market, **means}]),
        "personas": pd.DataFrame([vars(persona) for persona in who.personas]),
        "objectives": pd.DataFrame({"objective": who.objectives.keys(), "weight": who.objectives.values()}),
        "pieces": pd.DataFrame(
            [{"kind": kind, "hours": piece.hours, "cost": piece.cost} for kind, piece in who.made.items()]
        ),
        "weights": pd.DataFrame({"criterion": CRITERIA, "weight": choice.weight}),
    }
    for name in ("objectives", "weights"):
        listed[name]["weight"] /= listed[name]["weight"].sum()
    return listed


def presence_of(choice: Choice) -> pd.DataFrame:
    """Where are the people that the brand wants to meet?

    network, persona, value, low, high, n, people (the target that is there, where its size was given), basis,
    country, year, facts, note, home (the brand's country), seen (who sees a brand there: public, members or
    private); networks by the share of the whole target that can be met there, the largest first.
    """
    people = {persona.name: persona.people or np.nan for persona in choice.brand.personas}
    size = choice.shares["persona"].map(people).astype("float64")
    order = choice.of("presence").sort_values("value", ascending=False, kind="stable").index
    met = (choice.shares["value"] * size).round()
    seen = choice.shares["network"].map(choice.seen)
    found = choice.shares.assign(people=met, home=choice.brand.country.upper(), seen=seen)
    return found.sort_values(
        "network", key=lambda names: names.map(list(order).index), kind="stable", ignore_index=True
    )


def ranking(choice: Choice) -> pd.DataFrame:
    """Which network does best on all criteria together, and how sure is that?

    network, value (the score, 0 to 100), low, high (of 95 in 100 draws), first and top (in which share of the
    draws it is first, among the first three), a column of points for each criterion, other_sector (the
    brand's, where nothing is published of it, so that all sectors stand in); best first. The points for an
    engagement that nobody published and no own post shows are null: it counts with the middle of the scale.
    """
    accepted = choice.accepted
    low, high = np.percentile(choice.scores, [2.5, 97.5], axis=0)
    table = pd.DataFrame(choice.values, columns=list(CRITERIA)).assign(
        network=choice.networks, value=decision.score(choice.values, choice.weight), low=low, high=high,
        first=accepted[:, 0], top=accepted[:, :3].sum(axis=1),
    )  # fmt: skip
    unknown = choice.rates["basis"].eq("none") & choice.rates["n"].eq(0)
    table["engagement"] = table["engagement"].mask(unknown.loc[choice.networks].to_numpy())
    told = choice.rates["basis"].eq("sector").any()
    table["other_sector"] = "" if told else choice.brand.sector
    return table.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def acceptability(choice: Choice) -> pd.DataFrame:
    """In which share of the draws does each network come at each place? network, place (from 1), share."""
    wide = pd.DataFrame(choice.accepted, index=choice.networks)
    wide.columns = pd.RangeIndex(1, len(wide) + 1)
    order = ranking(choice)["network"]
    long = (
        wide.loc[order].rename_axis("network").melt(ignore_index=False, var_name="place", value_name="share")
    )
    return long.reset_index().astype({"place": "int64"})


def decided(choice: Choice) -> list[tuple[str, dict[str, Any]]]:
    """What decided between the first and the second, and what would turn it? Sentences: keys and values."""
    order = np.argsort(-decision.score(choice.values, choice.weight), kind="stable")
    if len(order) < 2:
        return []
    first, second = (choice.networks[i] for i in order[:2])
    turns = decision.flips(choice.values, choice.weight, order[0], order[1]).set_index(pd.Index(CRITERIA))
    chance = float((choice.scores[:, order[0]] > choice.scores[:, order[1]]).mean())
    both = {"network": first, "other": second}
    deciding = str(turns["gap"].idxmax())
    said: list[tuple[str, dict[str, Any]]] = [
        ("close" if chance < 0.75 else "ahead", {**both, "chance": chance}),
        (
            "deciding",
            {**both, "criterion": deciding, "gap": turns.at[deciding, "gap"], "total": turns["gap"].sum()},
        ),
    ]
    turned = turns.dropna(subset="needed_weight")
    nearest = (turned["needed_weight"] - turned["weight"]).abs().sort_values().index[:1]
    said += [
        ("turn_weight", {**both, "criterion": c, **turns.loc[c, ["weight", "needed_weight"]]})
        for c in nearest
    ]
    values = turns.dropna(subset="needed_value")
    easiest = (values["value"] - values["needed_value"]).sort_values().index[:1]
    said += [
        ("turn_value", {**both, "criterion": c, **turns.loc[c, ["value", "needed_value"]]}) for c in easiest
    ]
    return said
