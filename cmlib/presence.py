"""On which networks are the people whom a brand wants to meet? Shares of a persona, from published surveys.

All is done on log-odds, where 2 % and 98 % are as far from a half. A share comes from the best source:

1. ``own``: surveys of the country itself that asked people of these ages;
2. ``shaped``: the country's share of all people, bent by how much likelier these ages are in the donor's;
3. ``borrowed``: the donor country's share of these ages, moved by how the two countries differ on networks
   that both were asked about;
4. ``guessed``: from how many users the network has in the world, where no survey asks about it.

A gender, an education, an income or a setting moves the share by as much as it does in the donor country.
How far each source may be off is not assumed but measured on the facts themselves (``doubts``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from cmlib.brand import Persona

DONOR = "US"  # the country of which probability samples are asked about most networks, by age
# Being on a network, in the words of those who ask. Daily use and reading the news there are something else.
USE = (
    "ever use", "weekly use", "monthly use", "monthly reach", "has a profile / uses", "use (declared)",
    "regular use (declared)",
)  # fmt: skip
RECENT = 3  # years of surveys that are taken together
COVERED = 1 / 3  # of the years of age, that a survey must have asked to speak for them
OLDEST = 90  # where a band is open
FEWEST = 3  # differences from which a doubt can be measured
UNMEASURED = 1.0  # the doubt where there are fewer: odds right to within a factor of seven
COLUMNS = (
    "persona", "network", "value", "low", "high", "n", "centre", "sd", "basis", "country", "year", "facts",
    "note",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What surveys say of some people on one network: log-odds, their standard error, and where it stands."""

    centre: float
    sd: float
    n: int
    year: int
    facts: tuple[str, ...]
    note: str = ""

    def moved(self, by: "Asked", doubt: float = 0.0) -> "Asked":
        """The same, moved by a difference, and as doubtful as that makes it."""
        notes = " ".join(dict.fromkeys(filter(None, (self.note, by.note))))
        sd = float(np.hypot(np.hypot(self.sd, by.sd), doubt))
        return replace(
            self, centre=self.centre + by.centre, sd=sd, facts=(*self.facts, *by.facts), note=notes
        )


NOTHING = Asked(0.0, 0.0, 0, 0, ())


@dataclass(frozen=True)
class Doubts:
    """By how much, in log-odds, sources miss (standard deviations), and how a country differs from the donor.

    A share of all people is guessed as ``slope`` · log(users in the world) + ``level``.
    """

    house: float  # two surveys of the same people
    shaped: float
    borrowed: float
    guessed: float
    shift: float
    slope: float
    level: float


def shares(
    audience: pd.DataFrame,
    users: pd.DataFrame,
    country: str,
    personas: Sequence[Persona],
    networks: Iterable[str],
    level: float = 0.95,
) -> pd.DataFrame:
    """Which share of each persona uses each network, and between which values does it lie?

    ``audience``: facts.load("audience"); ``users``: the ``value`` of each network in the world, in millions,
    and ``where`` that stands. A row per persona and network (COLUMNS). The interval holds what samples of
    this size, and sources of this kind, miss by; ``centre`` and ``sd`` are log-odds; ``n`` the people asked,
    where that was published; ``facts`` the rows it rests on.
    """
    rows = of_use(audience)
    doubted = doubts(rows, users, country)
    wide, found = float(ndtri((1 + level) / 2)), []
    for network in networks:
        of = rows[rows["network"] == network]
        for persona in personas:
            basis, asked, where = _best(of, network, persona, country, users, doubted)
            low, value, high = expit(asked.centre + np.array([-wide, 0, wide]) * asked.sd)
            facts = tuple(dict.fromkeys(asked.facts))
            known = (asked.n, asked.centre, asked.sd, basis, where, asked.year, facts, asked.note)
            found.append((persona.name, network, value, low, high, *known))
    return pd.DataFrame(found, columns=list(COLUMNS))


def of_use(audience: pd.DataFrame) -> pd.DataFrame:
    """The rows that say who is on a network, with the ages they are of (null: all) and their log-odds."""
    rows = audience[audience["measure"].isin(USE) & audience["share"].notna()]
    share = rows["share"].clip(0.002, 0.998)  # a survey that found nobody did not ask everybody
    spans = [
        _band(level) if of == "age" else None
        for of, level in zip(rows["dimension"], rows["level"], strict=True)
    ]
    sampling = (rows["moe"] / ndtri(0.975)).fillna((share * (1 - share) / rows["n"]) ** 0.5) / (
        share * (1 - share)
    )
    return rows.assign(
        first=[s[0] if s else np.nan for s in spans], last=[s[1] if s else np.nan for s in spans],
        centre=logit(share), sampling=sampling,
    )  # fmt: skip


def doubts(rows: pd.DataFrame, users: pd.DataFrame, country: str) -> Doubts:
    """How far is each source off, where there is a survey to compare it with?"""
    own, donor = _totals(rows, country), _totals(rows, DONOR)
    gaps = {c: (_totals(rows, c) - donor).dropna() for c in sorted(set(rows["country"]) - {DONOR})}
    told = {c: gap for c, gap in gaps.items() if len(gap) >= FEWEST}
    shift = float(told[country].mean()) if country in told else 0.0
    totals = own if len(own) >= 2 * FEWEST else donor
    known = pd.DataFrame({"users": np.log(users["value"]), "share": totals}).dropna()
    slope, level = np.polyfit(known["users"], known["share"], 1)
    return Doubts(
        house=_spread((a - b) / np.sqrt(2) for a, b in _twice_asked(rows)),
        shaped=_spread(_bent(rows, donor)),
        borrowed=_spread(miss for gap in told.values() for miss in gap - gap.mean()),
        guessed=_spread(known["share"] - slope * known["users"] - level),
        shift=shift, slope=float(slope), level=float(level),
    )  # fmt: skip


def _best(
    rows: pd.DataFrame,
    network: str,
    persona: Persona,
    country: str,
    users: pd.DataFrame,
    doubted: Doubts,
) -> tuple[str, Asked, str]:
    """The share by the best source there is, what that is, and of which country."""
    here, there = rows[rows["country"] == country], rows[rows["country"] == DONOR]
    years = _years(persona.ages)
    apart = _apart(there, persona)
    own, whole = _asked(here, years, doubted), _asked(here, None, doubted)
    donor, donors = _asked(there, years, doubted, near=True), _asked(there, None, doubted)
    if own:
        return "own", own.moved(apart), country
    if whole and donor and donors:
        bent = replace(donor, centre=donor.centre - donors.centre)
        return "shaped", whole.moved(bent, doubted.shaped).moved(apart), country
    if donor:
        shift = replace(NOTHING, centre=doubted.shift)
        return "borrowed", donor.moved(shift, doubted.borrowed).moved(apart), DONOR
    if whole:
        return "shaped", whole.moved(replace(NOTHING, note="presence.all_ages"), doubted.shaped), country
    world = users.loc[network]
    centre = doubted.slope * float(np.log(world["value"])) + doubted.level
    return "guessed", Asked(centre, doubted.guessed, 0, 0, (str(world["where"]),)), ""


def _asked(
    rows: pd.DataFrame, years: Sequence[int] | None, doubted: Doubts, near: bool = False
) -> Asked | None:
    """What the best surveys say of people of these years of age (None: all), taken together.

    The user's own alone; else the newest probability sample alone; else all others of the last RECENT years,
    each once. With ``near``, a band that is not theirs but nearest to it stands in.
    """
    by_survey = rows[rows["dimension"] == ("all" if years is None else "age")].groupby(
        ["local", "trust", "year", "measure", "source"], sort=False
    )
    asked = [(_worth(some), one) for _, some in by_survey if (one := _of_years(some, years, near))]
    asked = [pair for pair in asked if not pair[1].note] or asked  # of their own ages, where there are such
    if not asked:
        return None
    worth = min(worth for worth, _ in asked)
    best = [one for of, one in asked if of == worth]
    newest = max(one.year for one in best)
    best = [one for one in best if one.year > newest - (RECENT if worth == 2 else 1)]
    house = doubted.house if worth == 2 else 0.0  # a probability sample misses by its size alone
    return Asked(
        centre=float(np.mean([one.centre for one in best])),
        sd=float(np.sqrt(sum(one.sd**2 + house**2 for one in best)) / len(best)),
        n=sum(one.n for one in best),
        year=newest,
        facts=tuple(fact for one in best for fact in one.facts),
        note=" ".join(dict.fromkeys(one.note for one in best if one.note)),
    )


def _worth(survey: pd.DataFrame) -> int:
    """The user's own survey comes first, then a probability sample, then all else."""
    return 0 if survey["local"].iloc[0] else 1 if survey["trust"].iloc[0] == "high" else 2


def _of_years(survey: pd.DataFrame, years: Sequence[int] | None, near: bool) -> Asked | None:
    """What one survey says of people of these ages: each year of age by the narrowest band that has it."""
    if years is None:
        used, weights, note = survey.iloc[:1], np.ones(1), ""
    else:
        bands = survey.assign(width=survey["last"] - survey["first"]).sort_values(["width", "first"])
        first, last = bands["first"].to_numpy(), bands["last"].to_numpy()
        holds = np.array([(first <= year) & (year <= last) for year in years])
        of = [int(has.argmax()) for has in holds if has.any()]
        note = ""
        if len(of) < COVERED * len(years):
            if not near:
                return None
            away = np.maximum(first - years[-1], years[0] - last)
            of, note = [int(away.argmin())], "presence.near_ages"
        places, counts = np.unique(of, return_counts=True)
        used, weights = bands.iloc[places], counts / counts.sum()
    share = float(weights @ expit(used["centre"]))
    sampling = used["sampling"].fillna(0) * expit(used["centre"]) * (1 - expit(used["centre"]))
    sd = float(np.sqrt(weights**2 @ sampling**2)) / (share * (1 - share))
    return Asked(
        float(logit(share)),
        sd,
        int(used["n"].fillna(0).sum()),
        int(used["year"].iloc[0]),
        tuple(used["where"]),
        note,
    )


def _apart(there: pd.DataFrame, persona: Persona) -> Asked:
    """How far from all people of their age are those of this gender, education, income or setting?"""
    wanted = {"education": persona.education, "income": persona.income, "setting": persona.setting}
    if len(persona.genders) == 1:
        wanted["gender"] = persona.genders[0]
    moved = NOTHING
    for dimension, level in wanted.items():
        of = there[there["dimension"].eq(dimension) & there["level"].eq(level)].sort_values("year").tail(1)
        if not level or of.empty:
            moved = moved.moved(replace(NOTHING, note="presence.no_level")) if level else moved
            continue
        same = there["year"].eq(of["year"].iloc[0]) & there["source"].eq(of["source"].iloc[0])
        whole = there[same & there["dimension"].eq("all")]["centre"]
        if len(whole):
            step = float(of["centre"].iloc[0] - whole.iloc[0])
            moved = moved.moved(
                Asked(step, float(of["sampling"].fillna(0).iloc[0]), 0, 0, tuple(of["where"]))
            )
    return moved


# What the doubts are measured on.


def _totals(rows: pd.DataFrame, country: str) -> "pd.Series[float]":
    """A country's newest log-odds of all people, for each network."""
    whole = rows[rows["dimension"].eq("all") & rows["country"].eq(country)]
    return whole.sort_values("year").groupby("network")["centre"].last()


def _twice_asked(rows: pd.DataFrame) -> Iterator[tuple[float, float]]:
    """Pairs of figures by different surveys of the same people: a country, a network, an age, two years."""
    asked = rows[rows["dimension"].isin(["all", "age"])]
    for _, same in asked.groupby(["country", "network", "dimension"]):
        for a, b in combinations(same.to_dict("records"), 2):
            if a["source"] != b["source"] and abs(a["year"] - b["year"]) <= 2 and _alike(a, b):
                yield a["centre"], b["centre"]


def _alike(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> bool:
    """Do two bands have more in common than not? Null: all ages."""
    if np.isnan(a["first"]):
        return True
    common = min(a["last"], b["last"]) - max(a["first"], b["first"]) + 1
    return bool(2 * common > max(a["last"], b["last"]) - min(a["first"], b["first"]) + 1)


def _bent(rows: pd.DataFrame, donor: "pd.Series[float]") -> Iterator[float]:
    """By how much a share of some ages misses, if it is made of the country's total and the donor's ages."""
    elsewhere = rows[(rows["country"] != DONOR) & (rows["dimension"] == "age")]
    there = rows[(rows["country"] == DONOR) & (rows["dimension"] == "age")]
    for (country, named), asked in elsewhere.groupby(["country", "network"]):
        totals, network = _totals(rows, str(country)), str(named)
        ages = there[there["network"] == network]
        if network not in totals or network not in donor or ages.empty:
            continue
        newest = ages[ages["year"] == ages["year"].max()]
        for row in asked[asked["year"] > asked["year"].max() - RECENT].to_dict("records"):
            like = _of_years(newest, range(int(row["first"]), int(row["last"]) + 1), near=False)
            if like:
                yield row["centre"] - (totals[network] + like.centre - donor[network])


def _spread(misses: Iterable[float]) -> float:
    """The standard deviation of what misses by so much; UNMEASURED where too few were compared."""
    known = np.array([miss for miss in misses if np.isfinite(miss)])
    return float(np.sqrt(np.mean(known**2))) if len(known) >= FEWEST else UNMEASURED


def _years(ages: Sequence[str]) -> list[int] | None:
    """The years of age that some bands hold; None for all."""
    spans = [span for age in ages if (span := _band(age))]
    return sorted({year for first, last in spans for year in range(first, last + 1)}) or None


def _band(level: str) -> tuple[int, int] | None:
    """The ages that a band is of: ``18-24``, ``65+``."""
    found = re.fullmatch(r"(\d+)(?:-(\d+)|\+)", level)
    return (int(found[1]), int(found[2] or OLDEST)) if found else None
