"""On which networks are the people whom a brand wants to meet? Shares of a persona, from published surveys.

All is done on log-odds, where 2 % and 98 % are as far from a half. A share comes from the best source:

1. ``own``: surveys of the country itself that asked people of these ages, unless it has long newer ones;
2. ``shaped``: the country's share of all people, bent by how much likelier these ages are in the donor's;
3. ``borrowed``: the donor country's share of these ages, moved by how the two countries differ on networks
   that both were asked about; else that of any other country;
4. ``guessed``: from how many users the network has in the world, where no survey asks about it.

A gender, an education, an income or a setting moves the share by as much as it does in the donor country.
How far each source may be off is not assumed but measured on the facts themselves (``doubts``).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from cmlib.brand import Persona

DONOR = "US"  # the country of which probability samples are asked about most networks, by age
ALL_AGES = "presence.all_ages"
# Being on a network, in the words of those who ask. Daily use and reading the news there are something else.
USE = (
    "ever use", "weekly use", "monthly use", "monthly reach", "has a profile / uses", "use (declared)",
    "regular use (declared)",
)  # fmt: skip
RECENT = 3  # years of surveys that are taken together
COVERED = 1 / 3  # of their years of age a survey must have asked about, and of its own be about them
OLDEST = 90  # where a band is open
FEWEST = 3  # differences from which a doubt can be measured
UNMEASURED = 1.0  # the doubt where there are fewer: odds right to within a factor of seven
RAREST = 0.002  # a survey that found nobody did not ask everybody
COLUMNS = (
    "persona", "network", "value", "low", "high", "n", "centre", "sd", "basis", "country", "year", "facts",
    "note",
)  # fmt: skip


@dataclass(frozen=True)
class Band:
    """The share of some people in one survey, with the standard error of its size (0: not published)."""

    level: str
    share: float
    error: float
    n: int
    where: str

    @property
    def ages(self) -> tuple[int, int]:
        """The first and the last year of age: ``18-24``, ``65+``; of all where it is no age."""
        found = re.fullmatch(r"(\d+)(?:-(\d+)|\+)", self.level)
        return (int(found[1]), int(found[2] or OLDEST)) if found else (0, OLDEST)


@dataclass(frozen=True)
class Survey:
    """What one survey says of one network, by age, by gender … or of all people together."""

    source: str
    year: int
    worth: int  # 0: the user's own, 1: a probability sample, 2: all else
    bands: tuple[Band, ...]


Surveys = Mapping[tuple[str, str, str], Sequence[Survey]]  # by country, network and dimension


@dataclass(frozen=True)
class Asked:
    """What surveys say of some people on one network: log-odds, their standard error, and where it stands."""

    centre: float = 0.0
    sd: float = 0.0
    n: int = 0
    year: int = 0
    facts: tuple[str, ...] = ()
    note: str = ""

    def moved(self, by: "Asked", doubt: float = 0.0) -> "Asked":
        """The same, moved by a difference, and as doubtful as that makes it."""
        notes = " ".join(dict.fromkeys(filter(None, (self.note, by.note))))
        sd = float(np.hypot(np.hypot(self.sd, by.sd), doubt))
        return replace(
            self, centre=self.centre + by.centre, sd=sd, facts=(*self.facts, *by.facts), note=notes
        )


@dataclass(frozen=True)
class Doubts:
    """By how much, in log-odds, sources miss (standard deviations), and how a country differs from the donor.

    A share of all people is guessed by a line through ``known``: log(users in the world) → log-odds.
    """

    house: float  # two surveys of the same people
    shaped: float
    borrowed: float
    shift: float
    known: tuple[tuple[float, float], ...]

    def guess(self, users: float) -> Asked:
        """What so many users (their logarithm) let one expect, with the error of predicting one more.

        Draper & Smith (1998, §3.1); by ages, as doubtful again as a total that is bent.
        """
        if len(self.known) <= FEWEST:
            return Asked(0.0, 2 * UNMEASURED)
        x, y = np.array(self.known).T
        slope, level = np.polyfit(x, y, 1)
        variance = np.sum((y - slope * x - level) ** 2) / (len(x) - 2)
        further = 1 + 1 / len(x) + (users - x.mean()) ** 2 / np.sum((x - x.mean()) ** 2)
        return Asked(float(slope * users + level), float(np.sqrt(variance * further + self.shaped**2)))


def shares(
    known: Surveys,
    doubted: Doubts,
    users: pd.DataFrame,
    country: str,
    personas: Sequence[Persona],
    networks: Iterable[str],
) -> pd.DataFrame:
    """Which share of each persona uses each network, and between which values does it lie?

    ``known``: of ``surveys``; ``doubted``: of ``doubts``, for this country; ``users``: the ``value`` of each
    network in the world, in millions, and ``where`` that stands. A row per network and persona, in that order
    (COLUMNS). The interval (95 %) holds what samples of this size, and sources of this kind, miss by;
    ``centre`` and ``sd`` are log-odds; ``n`` the people asked, where that was published; ``facts`` the rows
    it rests on.
    """
    wide, found = float(ndtri(0.975)), []
    for network in networks:
        for persona in personas:
            basis, asked, where = _best(known, network, persona, country, users, doubted)
            low, value, high = expit(asked.centre + np.array([-wide, 0, wide]) * asked.sd)
            facts = tuple(dict.fromkeys(asked.facts))
            said = (asked.n, asked.centre, asked.sd, basis, where, asked.year, facts, asked.note)
            found.append((persona.name, network, value, low, high, *said))
    return pd.DataFrame(found, columns=list(COLUMNS))


def surveys(audience: pd.DataFrame) -> Surveys:
    """The surveys that say who is on a network, by country, network and dimension."""
    rows = audience[audience["measure"].isin(USE) & audience["share"].notna()]
    share = rows["share"].clip(RAREST, 1 - RAREST)
    error = (rows["moe"] / ndtri(0.975)).fillna((share * (1 - share) / rows["n"]) ** 0.5).fillna(0.0)
    rows = rows.assign(share=share, error=error, n=rows["n"].fillna(0), trust=rows["trust"].fillna(""))
    bands = defaultdict(list)
    for row in rows.to_dict("records"):
        worth = 0 if row["local"] else 1 if row["trust"] == "high" else 2
        survey = (row["source"], row["measure"], int(row["year"]), worth)
        band = Band(row["level"], row["share"], row["error"], int(row["n"]), row["where"])
        bands[(row["country"], row["network"], row["dimension"]), survey].append(band)
    found = defaultdict(list)
    for (place, (source, _, year, worth)), some in bands.items():
        found[place].append(Survey(source, year, worth, tuple(some)))
    return found


def doubts(known: Surveys, users: pd.DataFrame, country: str) -> Doubts:
    """How far is each source off, where there is a survey to compare it with?"""
    totals = {c: _totals(known, c) for c in sorted({c for c, _, _ in known})}
    own, donor = (totals.get(c, pd.Series(dtype="float64")) for c in (country, DONOR))
    gaps = {c: (of - donor).dropna() for c, of in totals.items() if c != DONOR}
    told = {c: gap for c, gap in gaps.items() if len(gap) >= FEWEST}
    shift = float(told[country].mean()) if country in told else 0.0
    usual = own if len(own) >= 2 * FEWEST else donor
    world = pd.DataFrame({"users": np.log(users["value"]), "share": usual}).dropna()
    return Doubts(
        house=spread((a - b) / np.sqrt(2) for a, b in _twice_asked(known)),
        shaped=spread(_bent(known, totals)),
        borrowed=spread(miss for gap in told.values() for miss in gap - gap.mean()),
        shift=shift,
        known=tuple(world.itertuples(index=False, name=None)),
    )


def _best(
    known: Surveys, network: str, persona: Persona, country: str, users: pd.DataFrame, doubted: Doubts
) -> tuple[str, Asked, str]:
    """The share by the best source there is, what that is, and of which country."""
    years = sorted({year for age in persona.ages for year in _years(Band(age, 0, 0, 0, ""))})
    by = "age" if years else "all"
    own = _asked(known.get((country, network, by), ()), years, doubted)
    whole = _asked(known.get((country, network, "all"), ()), [], doubted)
    donor = _asked(known.get((DONOR, network, by), ()), years, doubted, near=True)
    donors = _asked(known.get((DONOR, network, "all"), ()), [], doubted)
    apart = _apart(known, network, persona, doubted)
    if own and (whole is None or own.year >= whole.year - RECENT):  # else what was, not what is
        return "own", own.moved(apart), country
    if whole and donor and donors:
        bent = replace(donor, centre=donor.centre - donors.centre)
        return "shaped", whole.moved(bent, doubted.shaped).moved(apart), country
    if whole:
        return "shaped", whole.moved(Asked(note=ALL_AGES), doubted.shaped).moved(apart), country
    if donor and (not donor.note or not donors):
        return "borrowed", donor.moved(Asked(doubted.shift), doubted.borrowed).moved(apart), DONOR
    both = float(np.hypot(doubted.borrowed, doubted.shaped))
    if donors:
        return "borrowed", donors.moved(Asked(doubted.shift, note=ALL_AGES), both).moved(apart), DONOR
    found, where = _elsewhere(known, network, doubted)
    if found:
        return "borrowed", found.moved(Asked(note=ALL_AGES), both), where
    world = users.loc[network].to_dict()
    guess = doubted.guess(float(np.log(world["value"])))
    return "guessed", replace(guess, facts=(str(world["where"]),)), ""


def _elsewhere(known: Surveys, network: str, doubted: Doubts) -> tuple[Asked | None, str]:
    """What is said of all people in the country whose survey is the newest, and which that is."""
    found = [
        (asked, country)
        for (country, name, dimension), asking in known.items()
        if name == network and dimension == "all" and (asked := _asked(asking, [], doubted))
    ]
    return max(found, key=lambda pair: (pair[0].year, pair[0].n), default=(None, ""))


def _asked(
    asking: Sequence[Survey], years: Sequence[int], doubted: Doubts, near: bool = False
) -> Asked | None:
    """What the best surveys say of people of these years of age (none: of all), taken together.

    The user's own alone; else the newest probability sample alone; else all others of the last RECENT years,
    each once. With ``near``, a band that is not theirs but nearest to it stands in.
    """
    asked = [(survey.worth, one) for survey in asking if (one := _of_years(survey, years, near))]
    asked = [pair for pair in asked if not pair[1].note] or asked  # of their own ages, where there are such
    if not asked:
        return None
    worth = min(worth for worth, _ in asked)
    best = [one for of, one in asked if of == worth]
    newest = max(one.year for one in best)
    best = [one for one in best if one.year > newest - (RECENT if worth == 2 else 1)]
    centres = [one.centre for one in best]
    # A probability sample misses by its size alone; others by as much as such surveys, or these, disagree.
    house = max(doubted.house, np.std(centres, ddof=1) if len(best) > 1 else 0.0) if worth == 2 else 0.0
    return Asked(
        centre=float(np.mean(centres)),
        sd=float(np.sqrt(sum(one.sd**2 + house**2 for one in best)) / len(best)),
        n=sum(one.n for one in best),
        year=newest,
        facts=tuple(fact for one in best for fact in one.facts),
        note=" ".join(dict.fromkeys(one.note for one in best if one.note)),
    )


def _of_years(survey: Survey, years: Sequence[int], near: bool) -> Asked | None:
    """What one survey says of people of these ages: each year of age by the narrowest band that has it."""
    bands, note = sorted(survey.bands, key=_width), ""
    of = [next((band for band in bands if year in _years(band)), None) for year in years or [0]]
    asked = [band for band in of if band]
    theirs = [len(set(years) & set(_years(band))) / len(_years(band)) for band in asked]
    if years and (len(asked) < COVERED * len(of) or sum(theirs) < COVERED * len(asked)):
        if not near:
            return None
        nearest = min(bands, key=lambda band: max(band.ages[0] - years[-1], years[0] - band.ages[1]))
        asked, note = asked or [nearest], "presence.near_ages"
    used = list(dict.fromkeys(asked))
    weights = [asked.count(band) / len(asked) for band in used]
    share = sum(weight * band.share for weight, band in zip(weights, used, strict=True))
    error = sum((weight * band.error) ** 2 for weight, band in zip(weights, used, strict=True)) ** 0.5
    return Asked(
        float(logit(share)), error / (share * (1 - share)), sum(band.n for band in used), survey.year,
        tuple(band.where for band in used), note,
    )  # fmt: skip


def _apart(known: Surveys, network: str, persona: Persona, doubted: Doubts) -> Asked:
    """How far from all people of their age are those of this gender, education, income or setting?

    As in the donor country, which is as doubtful as one survey. Education and income go together, so the one
    that moves more stands for both.
    """
    gender = persona.genders[0] if len(persona.genders) == 1 else ""
    wanted = {
        "gender": gender,
        "setting": persona.setting,
        "education": persona.education,
        "income": persona.income,
    }
    steps = {name: _step(known, network, name, level) for name, level in wanted.items() if level}
    pair = [steps.pop(name) for name in ("education", "income") if name in steps]
    told = [*steps.values(), *sorted(pair, key=lambda step: -abs(step.centre) if step else 0.0)[:1]]
    moved = Asked()
    for step in told:
        there = step.moved(Asked(note="presence.as_there"), doubted.house) if step else None
        moved = moved.moved(there or Asked(note="presence.no_level"))
    return moved


def _step(known: Surveys, network: str, dimension: str, level: str) -> Asked | None:
    """From all people to those of one level, in the newest survey of the donor country that tells."""
    asking = known.get((DONOR, network, dimension), ())
    found = [(survey, band) for survey in asking for band in survey.bands if band.level == level]
    if not found:
        return None
    survey, band = max(found, key=lambda pair: pair[0].year)
    whole = [
        of.bands[0]
        for of in known.get((DONOR, network, "all"), ())
        if (of.source, of.year) == (survey.source, survey.year)
    ]
    if not whole:
        return None
    error = band.error / (band.share * (1 - band.share))
    return Asked(float(logit(band.share) - logit(whole[0].share)), error, facts=(band.where,))


def _years(band: Band) -> range:
    return range(band.ages[0], band.ages[1] + 1)


def _width(band: Band) -> tuple[int, int]:
    first, last = band.ages
    return last - first, first


# What the doubts are measured on.


def _totals(known: Surveys, country: str) -> "pd.Series[float]":
    """A country's newest log-odds of all people, for each network."""
    newest = {
        network: max(asking, key=lambda survey: survey.year).bands[0].share
        for (where, network, dimension), asking in known.items()
        if where == country and dimension == "all"
    }
    return pd.Series(newest, dtype="float64").map(logit)


def _twice_asked(known: Surveys) -> Iterator[tuple[float, float]]:
    """Pairs of figures by different surveys of the same people: a country, a network, an age, two years."""
    for (_, _, dimension), asking in known.items():
        published = [survey for survey in asking if survey.worth] if dimension in ("all", "age") else []
        for a, b in combinations(published, 2):
            if a.source != b.source and abs(a.year - b.year) <= 2:
                for one in a.bands:
                    yield from ((logit(one.share), logit(o.share)) for o in b.bands if _alike(one, o))


def _alike(a: Band, b: Band) -> bool:
    """Do two bands have more in common than not?"""
    common = min(a.ages[1], b.ages[1]) - max(a.ages[0], b.ages[0]) + 1
    return 2 * common > max(a.ages[1], b.ages[1]) - min(a.ages[0], b.ages[0]) + 1


def _bent(known: Surveys, totals: Mapping[str, "pd.Series[float]"]) -> Iterator[float]:
    """By how much a share of some ages misses, if it is made of the country's total and the donor's ages."""
    donor = totals.get(DONOR, pd.Series(dtype="float64"))
    for (country, network, dimension), asking in known.items():
        there = known.get((DONOR, network, "age"), ())
        if country == DONOR or dimension != "age" or network not in totals[country] or not there:
            continue
        newest, last = max(survey.year for survey in asking), max(there, key=lambda survey: survey.year)
        recent = [survey for survey in asking if survey.year > newest - RECENT]
        for band in (band for survey in recent for band in survey.bands):
            like = _of_years(last, _years(band), near=False)
            if like and network in donor:
                yield float(logit(band.share)) - (totals[country][network] + like.centre - donor[network])


def spread(misses: Iterable[float]) -> float:
    """The standard deviation of what misses by so much; UNMEASURED where too few were compared."""
    known = np.array([miss for miss in misses if np.isfinite(miss)])
    return float(np.sqrt(np.mean(known**2))) if len(known) >= FEWEST else UNMEASURED
