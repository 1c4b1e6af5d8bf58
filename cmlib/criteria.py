"""What speaks for each network, criterion by criterion: a figure, how sure it is, its points from 0 to 100.

The scales are fixed, so a network's points do not depend on which others are looked at:

- presence: the share of the target that can be met there; 0 % is 0 points, 100 % is 100. Where only members
  or correspondents see a brand, it counts for the objectives that serve them (support, community) alone.
- objectives: how well it serves what the brand wants, weighted; a published grade of 0 to 1.
- formats: the share of its leading kinds of post that the team can make.
- engagement: the expected engagement rate: reactions, comments and shares of a post, by followers; 0.01 % is
  0 points, 10 % is 100, and ten times as much is worth the same everywhere between.
- cost: the hours that it takes to be credible there; none is 100 points, all the hours there are is 0.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from cmlib import decision, facts, metrics, presence, stats
from cmlib.brand import Brand
from cmlib.errors import CmlibError

Floats = NDArray[np.float64]

RATE = "engagement_rate_emplifi"  # the own rate that is defined as the published ones are
PUBLISHED = ("engagement_rate_rival_iq", "engagement_rate_by_followers")
LOWEST, HIGHEST = 0.0001, 0.1  # the engagement rates of 0 and of 100 points
HOURS_DOUBT = 1.5  # what a team says that a piece takes is right to within this factor, 95 times in 100
GRADE = 0.125  # a grade is right to within half a step of its scale
POST = 1.0  # how much one post's rate differs from the next (sd of its logarithm), where too few are there
WEEKS = 52 / 12  # in a month
NEEDED = ("users", "leading_kinds", "cadence_low", "cadence_high")  # of every network that there is
SERVES_MEMBERS = ("support", "community")
YEAR = pd.DateOffset(months=12)


def known() -> pd.DataFrame:
    """What is known of each network: a row per network and fact, with value and where it stands."""
    rows = facts.load("networks")
    return rows.set_index(["network", "fact"]).sort_index()


def alive(about: pd.DataFrame) -> list[str]:
    """The networks that there still are, in the order of the schema.

    Raises CmlibError where there is none, and for one that cannot be weighed for want of a fact.
    """
    status = about["value"].xs("status", level="fact")
    found = [network for network in facts.SOCIAL if status.get(network) == "alive"]
    if not found:
        raise CmlibError("no_network")
    graded = set(facts.load("objectives")["network"])
    said = about["value"].to_dict()
    for network in found:
        of = {fact: said[network, fact] for fact in NEEDED if (network, fact) in said}
        _weighable(of, network in graded, network)
    return found


def _weighable(said: Mapping[str, str], graded: bool, network: str) -> None:
    """Are the facts there that every criterion needs, and do they make sense together?"""
    lacks = [fact for fact in NEEDED if fact not in said]
    if lacks or not graded:
        raise CmlibError("network_lacks", network=network, facts=[*lacks, *([] if graded else ["fit"])])
    users, low, high = (float(said[fact]) for fact in ("users", "cadence_low", "cadence_high"))
    if not (users > 0 and 0 < low <= high):
        values = {fact: said[fact] for fact in ("users", "cadence_low", "cadence_high")}
        raise CmlibError("network_odd", network=network, **values)


def users(about: pd.DataFrame) -> pd.DataFrame:
    """How many use each network in the world? value, in millions, and where that stands."""
    rows = about.xs("users", level="fact")[["value", "where"]]
    return rows.assign(value=pd.to_numeric(rows["value"]))


def seen(about: pd.DataFrame, networks: Sequence[str]) -> dict[str, str]:
    """Who sees what a brand posts there: the public, members, or one correspondent (private)?"""
    said = about["value"]
    return {network: str(said.get((network, "discovery"), "public")) for network in networks}


def words(about: pd.DataFrame, network: str, fact: str) -> list[str]:
    """A fact that is a list of words."""
    return str(about["value"].get((network, fact), "")).split()


def where(about: pd.DataFrame, network: str, *names: str) -> tuple[str, ...]:
    """Where facts of a network stand."""
    return tuple(str(about.at[(network, name), "where"]) for name in names if (network, name) in about.index)


def met(brand: Brand, about: pd.DataFrame, networks: Sequence[str]) -> "pd.Series[float]":
    """Which part of a network's users can be met there, for what the brand wants?"""
    total = sum(brand.objectives.values())
    members = sum(brand.objectives.get(name, 0.0) for name in SERVES_MEMBERS) / total
    part = {name: 1.0 if how == "public" else members for name, how in seen(about, networks).items()}
    return pd.Series(part, dtype="float64")


def objectives(brand: Brand, networks: Sequence[str]) -> pd.DataFrame:
    """How well does each network serve what the brand wants? value (0 to 1, weighted), low, high, facts."""
    grades = facts.load("objectives")
    markets = ["b2c", "b2b"] if brand.market == "both" else [brand.market]
    wanted = {name: weight for name, weight in brand.objectives.items() if weight > 0}
    asked = grades[grades["market"].isin(markets) & grades["objective"].isin(list(wanted))]
    weight = asked["objective"].map(wanted).astype("float64")
    by = asked.assign(weight=weight, part=asked["fit"] * weight).groupby("network")
    fit = (by["part"].sum() / by["weight"].sum()).reindex(list(networks))
    rests = by["where"].agg(tuple).reindex(list(networks))
    low, high = (fit - GRADE).clip(lower=0), (fit + GRADE).clip(upper=1)
    return pd.DataFrame({"value": fit, "low": low, "high": high, "facts": rests})


def made(brand: Brand, about: pd.DataFrame, network: str) -> list[str]:
    """Which kinds can the team publish there: of its leading ones; failing these, of all that it takes?"""
    leading = [kind for kind in words(about, network, "leading_kinds") if kind in brand.made]
    return leading or [
        kind for kind in brand.made if about["value"].get((network, f"format_{kind}")) == "yes"
    ]


def formats(brand: Brand, about: pd.DataFrame, networks: Sequence[str]) -> pd.DataFrame:
    """Which share of a network's leading kinds can the team make?"""
    found = {}
    for network in networks:
        leading = words(about, network, "leading_kinds")
        able = sum(kind in brand.made for kind in leading)
        found[network] = able / len(leading) if leading else np.nan
    return pd.DataFrame(
        {"value": found, "facts": {network: where(about, network, "leading_kinds") for network in networks}}
    )


def costs(brand: Brand, about: pd.DataFrame, networks: Sequence[str]) -> pd.DataFrame:
    """How many hours and how much money a month does it take to be credible on each network?

    network, kinds, cadence_low, cadence_high (posts a week), value, low, high (hours a month), money (a
    month), facts. ``value`` and ``money``: the lowest published cadence, of the kinds that the team can make
    there in equal parts; ``low`` and ``high``: pieces take up to HOURS_DOUBT times less or more. Null where
    the team makes nothing that the network takes.
    """
    rows, asked = [], brand.made
    for network in networks:
        kinds = made(brand, about, network)
        low, high = (
            float(about["value"].get((network, f"cadence_{end}"), np.nan)) for end in ("low", "high")
        )
        hours = WEEKS * low * np.mean([asked[kind].hours for kind in kinds] or [np.nan])
        money = WEEKS * low * np.mean([asked[kind].cost for kind in kinds] or [np.nan])
        rows.append({
            "network": network, "kinds": tuple(kinds), "cadence_low": low, "cadence_high": high,
            "value": hours, "low": hours / HOURS_DOUBT, "high": hours * HOURS_DOUBT, "money": money,
            "facts": where(about, network, "cadence_low", "cadence_high"),
        })  # fmt: skip
    return pd.DataFrame(rows).set_index("network")


def benchmark(sector: str, networks: Sequence[str]) -> pd.DataFrame:
    """Which engagement rate is published for each network: value, spread (sd of brands' logarithms), facts.

    Of the sector where there is one (``basis`` sector), else of all (all), the newest, medians before means;
    else (none) anywhere on the scale. Brands differ from the median as much as sectors do from it.
    """
    rows = facts.load("benchmarks")
    same = rows["metric"].isin(PUBLISHED) & rows["definition"].str.contains("/ followers", na=False)
    rows = rows[same & rows["segment"].eq("all") & rows["value"].gt(0)]
    rows = rows.assign(
        log=np.log(rows["value"]),
        median=rows["definition"].str.contains("median", na=False),
        own=rows["industry"].eq(sector.casefold()) & bool(sector),
    )
    of_all = _newest(rows[rows["industry"] == "all"])
    others = rows[rows["industry"].ne("all") & rows["network"].isin(of_all.index)]
    spread = presence.spread(others["log"] - others["network"].map(of_all["log"]).astype("float64"))
    mine = _newest(rows[rows["own"]])
    found = pd.concat(
        [mine.assign(basis="sector"), of_all[~of_all.index.isin(mine.index)].assign(basis="all")]
    )
    found = found.reindex(list(networks))
    return pd.DataFrame(
        {
            "value": np.exp(found["log"].fillna(np.log(LOWEST * HIGHEST) / 2)),
            "spread": np.where(found["log"].isna(), decision.within((HIGHEST / LOWEST) ** 0.5), spread),
            "basis": found["basis"].astype("object").fillna("none"),
            "facts": [(place,) if isinstance(place, str) else () for place in found["where"]],
        }
    )


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    ordered = rows.sort_values(["local", "median", "period"], kind="stable")
    return ordered.groupby("network").tail(1).set_index("network")


def engagement(
    tables: Mapping[str, pd.DataFrame], prior: pd.DataFrame, networks: Sequence[str]
) -> pd.DataFrame:
    """Which engagement rate is to be expected, now that the brand's own posts are known?

    Those of the twelve months up to its newest post. ``prior``: of ``benchmark``. value, low, high, centre
    and sd (of the logarithm), n (posts), own (the value that they show), weight (of the own posts in it, 0 to
    1), benchmark, basis, facts.
    """
    newest = tables["posts"]["published_at"].max()
    start, end = ((newest - YEAR).date(), newest.date()) if pd.notna(newest) else (None, None)
    found = metrics.compute(tables, [RATE], ["network"], start, end)
    by = found.assign(network=found["network"].astype("str")).set_index("network").reindex(list(networks))
    value, n = by["value"].astype("float64"), by["n"].fillna(0).astype("float64")
    width = (by["high"].astype("float64") / by["low"].astype("float64")).apply(np.log)
    se = (width / (2 * ndtri(0.975))).fillna(POST / n.where(n > 0) ** 0.5)
    after = stats.shrunk(value, se, prior["value"], prior["spread"])
    return after.assign(n=n.astype("int64"), own=value, benchmark=prior["value"], basis=prior["basis"],
                        facts=prior["facts"])  # fmt: skip


def points(criterion: str, raw: Floats, hours: float) -> Floats:
    """What a figure is worth on its criterion's scale, 0 to 100; ``hours``: all those of a month."""
    if criterion == "engagement":
        raw = np.log(np.maximum(raw, LOWEST) / LOWEST) / np.log(HIGHEST / LOWEST)
    elif criterion == "cost":
        raw = 1 - np.nan_to_num(raw, nan=np.inf) / hours
    return 100 * np.clip(raw, 0, 1)
