"""The plan of the weeks seen from its sides: the calendar, the hours, what it covers, the moments it catches.

It is the plan that the brand has saved, where that has slots in these weeks; else the one that is proposed.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from cmlib import candidates, planner, rules, schema, store, timing, workload
from cmlib.brand import Brand
from cmlib.editorial import Editorial
from cmlib.planner import Proposal

PROVEN = 0.01  # how far a plan may be from the best that there can be, and be called the best
Finding = tuple[str, dict[str, Any]]


def saved(subject: Editorial) -> bool:
    """Has the brand saved a plan for these weeks?"""
    return bool(planner.within(subject, subject.saved.rows).any())


@lru_cache(maxsize=4)
def proposal(subject: Editorial) -> Proposal | None:
    """What is proposed; None where the brand has saved a plan."""
    return None if saved(subject) else planner.plan(subject)


def slots(subject: Editorial) -> pd.DataFrame:
    """Which posts are in the plan? PLAN, of these weeks."""
    made = proposal(subject)
    rows = subject.saved.rows if made is None else made.rows
    return rows[planner.within(subject, rows)].sort_values(["when", "slot_id"], ignore_index=True)


def clashes(subject: Editorial) -> dict[str, pd.DataFrame] | None:
    """Which rules cannot all be kept, and what does the nearest plan give up? None for a plan of your own."""
    made = proposal(subject)
    return None if made is None else {"clashes": made.clashes, "given_way": made.given_way}


def calendar(subject: Editorial) -> dict[str, Any]:
    """The plan day by day: ``plan`` (PLAN), ``moments``, ``blackouts``, ``checks`` …"""
    shut = [vars(blackout) for blackout in subject.brand.blackouts]
    blackouts = pd.DataFrame(shut, columns=["name", "first", "last", "networks"])
    return {
        "plan": slots(subject), "moments": subject.moments,
        "blackouts": blackouts.astype({"first": "datetime64[us]", "last": "datetime64[us]"}),
        "checks": checks(subject), "start": subject.start, "end": subject.end, "today": subject.today,
    }  # fmt: skip


def checks(subject: Editorial) -> pd.DataFrame:
    """Which rules does the plan break? As ``rules.check``."""
    made = proposal(subject)
    rows = subject.saved.rows if made is None else made.rows  # posts of other weeks take hours too
    span = subject.start, subject.end
    found = rules.check(subject.brand, rows, subject.now, subject.moments, span)
    here = {"", *slots(subject)["slot_id"]}
    return found[found["slot_id"].isin(here)].reset_index(drop=True)


def hours(subject: Editorial) -> dict[str, pd.DataFrame]:
    """When does a post bring more? ``effects`` by network, weekday and hour; ``networks``: can it be told?"""
    used = subject.accounts["network"]
    found = {"effects": subject.timing.effects, "networks": subject.timing.networks}
    return {name: frame[frame["network"].isin(used)] for name, frame in found.items()}


def load(subject: Editorial) -> pd.DataFrame:
    """How many hours does the plan ask of everybody, week by week, of those there are?

    owner, week (its Monday), hours, capacity (null: no limit), off (days off in it), over.
    """
    rows = slots(subject)
    week = workload.week(workload.due(rows["when"], subject.brand.lead.after_draft))
    spent = rows.assign(week=week).groupby(["owner", "week"], as_index=False)["hours"].sum()
    first = min(pd.Timestamp(subject.start), *week) if len(rows) else pd.Timestamp(subject.start)
    mondays = pd.date_range(first - pd.Timedelta(days=first.day_of_week), subject.end, freq="7D")
    there = workload.capacity(subject.brand, mondays, subject.today).rename(columns={"hours": "capacity"})
    found = there.merge(spent, how="outer", on=["owner", "week"]).fillna({"hours": 0.0, "off": 0})
    found["over"] = found["hours"] > found["capacity"] + 1e-9
    return found.sort_values(["owner", "week"], ignore_index=True)


def coverage(subject: Editorial) -> dict[str, pd.DataFrame]:
    """Does the plan keep the shares and the rhythm that are wanted?

    ``pillars``: pillar, n, share, wanted; ``mix``: kind (or a piece that [mix] names), n, share, low, high;
    ``cadence``: network, week, n, low, high; a week that cannot be filled has no least number.
    """
    rows, who = slots(subject), subject.brand
    pillars = _shares(rows["pillar"], list(who.pillars), "pillar")
    kinds = _shares(rows["kind"], [name for name in who.mix if name in schema.KINDS], "kind")
    pieces = _shares(rows["piece"], [name for name in who.mix if name not in schema.KINDS], "kind")
    mix = pd.concat([kinds, pieces[pieces["kind"].isin(list(who.mix))]], ignore_index=True)
    ends = [who.mix.get(kind, (np.nan, np.nan)) for kind in mix["kind"]]
    week = workload.week(rows["when"])
    counted = rows.assign(week=week).groupby(["network", "week"]).size()
    mondays = pd.date_range(candidates.monday(subject), subject.end, freq="7D")
    every = pd.MultiIndex.from_product(
        [subject.accounts["network"].unique(), mondays], names=["network", "week"]
    )
    cadence = counted.reindex(every, fill_value=0).rename("n").reset_index()
    wanted = subject.accounts.groupby("network", as_index=False)[["low", "high"]].sum()
    whole = {candidates.monday(subject) + week * workload.WEEK for week in planner.whole(subject)}
    cadence = cadence.merge(wanted, on="network")
    cadence["low"] = cadence["low"].where(cadence["week"].isin(whole), 0.0)
    return {
        "pillars": pillars.assign(wanted=pillars["pillar"].map(who.shares).astype("float64")),
        "mix": mix.assign(low=[low for low, _ in ends], high=[high for _, high in ends]),
        "cadence": cadence,
    }


def _shares(said: pd.Series, wanted: list[str], name: str) -> pd.DataFrame:
    """How often each is there: what is wanted first, then what else is; nothing said comes last."""
    counts = said.value_counts()
    names = [*wanted, *sorted(set(counts.index) - {*wanted, ""}), *[""] * ("" in counts.index)]
    n = [int(counts.get(one, 0)) for one in names]
    share = [count / len(said) if len(said) else np.nan for count in n]
    return pd.DataFrame({name: pd.Series(names, dtype="str"), "n": n, "share": share})


def moments(subject: Editorial) -> pd.DataFrame:
    """Which moments does the plan catch, and why not the others?

    moment, name, category, first, last, value, n (slots for it), networks, caught, reason (not_worth,
    sensitive, too_soon: its time is over before a post could be ready, blackout, no_room), source,
    source_date, address.
    """
    found, rows = subject.moments, slots(subject)
    of = [rows[rows["moment"] == moment] for moment in found["moment"]]
    caught = [len(some) > 0 for some in of]
    told = zip(found.to_dict("records"), caught, strict=True)
    networks: list[Any] = [tuple(sorted(some["network"].unique())) for some in of]
    return found.assign(
        n=[len(some) for some in of],
        networks=networks,
        caught=caught,
        reason=["" if there else _missed(subject, row) for row, there in told],
    )


def _missed(subject: Editorial, moment: Mapping[Any, Any]) -> str:
    if moment["value"] <= 0:
        return "sensitive" if moment["sensitive"] else "not_worth"
    who, (first, last) = subject.brand, candidates.window(moment)
    if last.date() < workload.earliest(subject.today, who.lead.before):
        return "too_soon"
    days = pd.date_range(max(first, pd.Timestamp(subject.start)), last).date
    return "blackout" if _shut(who) >= set(days) else "no_room"


def _shut(who: Brand) -> set[date]:
    """On which days is nothing published, on no network?"""
    return {day for b in who.blackouts if not b.networks for day in pd.date_range(b.first, b.last).date}


def files(subject: Editorial) -> dict[str, Any]:
    """What does the plan rest on? ``files`` (exports), ``version`` of plan.csv, ``gap`` and ``seconds``."""
    made = proposal(subject)
    found: dict[str, Any] = {"files": store.files(subject.sources), "version": subject.saved.version}
    return found if made is None else found | {"gap": made.gap, "seconds": made.seconds}


# ── What to remember ────────────────────────────────────────────────────────────────────────────────────────


def findings(subject: Editorial) -> list[Finding]:
    """What is to be remembered of the plan? Keys of [editorial.finding], with their values."""
    parts: list[Callable[[Editorial], Iterator[Finding]]] = (
        [_clashing, _nothing, _lacking]
        if slots(subject).empty
        else [_clashing, _planned, _expected, _caught, _timed, _checked, _unproven, _lacking]
    )
    return [finding for part in parts for finding in part(subject)]


def _clashing(subject: Editorial) -> Iterator[Finding]:
    made = proposal(subject)
    if made is not None and len(made.clashes):
        yield "clashes", {"n": len(made.clashes)}
    if made is not None and len(made.given_way):
        yield "given_way", {"n": len(made.given_way)}


def _nothing(subject: Editorial) -> Iterator[Finding]:
    yield "nothing_planned", {"first": subject.start, "last": subject.end}
    if _shut(subject.brand) >= set(pd.date_range(subject.start, subject.end).date):
        yield "all_shut", {}


def _unproven(subject: Editorial) -> Iterator[Finding]:
    made = proposal(subject)
    if made is not None and made.gap > PROVEN:
        yield "unproven", {"gap": made.gap}


def _lacking(subject: Editorial) -> Iterator[Finding]:
    """What would make the plan better, if it were there."""
    if subject.tables["posts"].empty:
        yield "no_posts", {}
    if not subject.brand.team and subject.brand.weekly_hours is None:
        yield "no_team", {}


def _planned(subject: Editorial) -> Iterator[Finding]:
    rows, there = slots(subject), load(subject)
    said = {
        "n": len(rows), "first": subject.start, "last": subject.end, "hours": there["hours"].sum(),
        "networks": sorted(rows["network"].unique()),
    }  # fmt: skip
    if there["capacity"].isna().any():
        yield "planned_free", said
    else:
        yield "planned", said | {"capacity": there["capacity"].sum()}


def _expected(subject: Editorial) -> Iterator[Finding]:
    known = slots(subject).dropna(subset=["expected", "low", "high"])
    known = known[known["objective"].isin(["", subject.objective])]
    if known.empty:
        yield "expected_unknown", {}
        return
    ends = dict(zip(("value", "low", "high"), timing.together(subject.timing, known), strict=True))
    yield "expected", ends | {"n": len(known), "objective": subject.objective}


def _caught(subject: Editorial) -> Iterator[Finding]:
    found = moments(subject)
    if found["caught"].any():
        yield "caught", {"moments": list(found.loc[found["caught"], "name"])}
    missed = found[~found["caught"] & (found["value"] > 0)]
    for reason, some in missed.groupby("reason", sort=True):
        yield "missed", {"moments": list(some["name"]), "reason": reason}
    if found["sensitive"].any():
        yield "sensitive", {"moments": list(found.loc[found["sensitive"], "name"])}


def _timed(subject: Editorial) -> Iterator[Finding]:
    """Where the hour matters, where nobody can tell, and where only studies speak."""
    effects, networks = subject.timing.effects, subject.timing.networks
    here = networks[networks["network"].isin(subject.accounts["network"])]
    for network in here.loc[here["told"], "network"]:
        sure = effects[(effects["network"] == network) & effects["told"].astype("bool")]
        best = sure.nlargest(1, "effect").iloc[0]
        daily = sure.loc[sure["hour"] == best["hour"], "weekday"].nunique() == 7
        named = ["hour", "effect", "low", "high", *([] if daily else ["weekday"])]
        told = {"network": network} | {name: best[name] for name in named}
        yield ("hour_daily" if daily else "hour_told"), told
    for key, basis in (("hour_none", "own"), ("hour_prior", "studies")):
        some = here[~here["told"] & (here["basis"] == basis)]
        if len(some):
            yield key, {"networks": list(some["network"])}


def _checked(subject: Editorial) -> Iterator[Finding]:
    levels = checks(subject)["level"]
    must, should = (int((levels == level).sum()) for level in ("must", "should"))
    yield ("checks", {"must": must, "should": should}) if must or should else ("checks_clean", {})
