"""The plan of the next weeks: the posts that bring most within the hours, the money and the rules there are.

``programme`` chooses among the candidates; what was fixed by hand, written or approved stays as it is. So
that the plan says why, each slot keeps the moment that it catches, what its hour is worth, and the rule that
asked for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from cmlib import plans, programme, workload
from cmlib.brand import Brand
from cmlib.candidates import ACCOUNT, candidates, monday, worth
from cmlib.editorial import Editorial
from cmlib.programme import GivenWay, Problem, Rule

STAYS = ["title", "text", "link", "alt_text"]  # a slot of which one is written is not an empty idea any more
UNNAMED = "*"  # who makes everything, where nobody of the team is named: to the programme, "" is free
STORIES = ("story",)  # kinds that no rule on posts a day counts
SECONDS = 20.0


@dataclass(frozen=True, eq=False)
class Proposal:
    """A plan, and how good it is.

    ``rows``: PLAN, all of the brand's: those before and after the weeks too. ``clashes`` and ``given_way``:
    rule, subject, week (its Monday, NaT: all), wanted, got. ``objective``: what is expected in all, moments
    counted; ``bound``: no plan can bring more; ``gap``: how far they are apart, relative.
    """

    rows: pd.DataFrame
    clashes: pd.DataFrame
    given_way: pd.DataFrame
    objective: float
    bound: float
    gap: float
    seconds: float


@lru_cache(maxsize=4)
def plan(subject: Editorial) -> Proposal:
    """What should be published when, in the weeks that are asked for? From the plan as it is saved."""
    return replan(subject, subject.saved.rows)


def replan(subject: Editorial, rows: pd.DataFrame) -> Proposal:
    """The same from ``rows`` as they are worked on: what ``keeps`` stays, empty ideas make room."""
    inside = within(subject, rows)
    kept, others = rows[inside & keeps(rows)], rows[~inside]
    slots = _slots(subject, kept)
    asked = problem(subject, slots, others)
    found = programme.solve(asked, seconds=SECONDS)
    chosen = slots.join(found.chosen.add_prefix("made_"), how="inner")
    new = _planned(subject, chosen, kept, rows[inside & ~keeps(rows)])
    every = plans.checked(pd.concat([others, kept, new], ignore_index=True), subject.brand.zone)
    return Proposal(
        rows=every.sort_values(["when", *ACCOUNT, "slot_id"], ignore_index=True),
        clashes=_told(subject, asked, found.clashes),
        given_way=_told(subject, asked, found.given_way),
        objective=found.objective, bound=found.bound, gap=found.gap, seconds=found.seconds,
    )  # fmt: skip


def keeps(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which slots does a new plan keep as they are? Those fixed by hand, written, or beyond an idea."""
    kept: pd.Series[bool] = rows["fixed"] | rows["status"].ne("idea") | (rows[STAYS] != "").any(axis=1)
    return kept


def expected(subject: Editorial, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what is expected of each where it stands now, and what its hour is worth.

    What is approved keeps what was expected of it then, so that it can be held against what comes.
    """
    here = set(zip(subject.accounts["network"], subject.accounts["account"], strict=True))
    known = [pair in here for pair in zip(rows["network"], rows["account"], strict=True)]
    some = rows[rows["status"].isin(plans.OPEN) & np.array(known, dtype=bool)]
    if some.empty:
        return rows
    found = worth(subject, some)
    why = ["; ".join([*_without_hour(row["why"], row["moment"]), *_hour(row)])
           for row in found.assign(why=some["why"], moment=some["moment"]).to_dict("records")]  # fmt: skip
    told = found[["expected", "low", "high"]].assign(objective=subject.objective, why=why)
    return pd.concat([rows.drop(columns=list(told)).loc[some.index].join(told), rows.drop(index=some.index)])[
        list(rows)
    ].loc[rows.index]


def _without_hour(why: str, moment: str) -> list[str]:
    """The reasons for a slot, without what was said of its hour; a moment is one as long as it is caught."""
    said = [part.strip() for part in why.split(";")]
    said = [*["moment"] * (moment != "" and "moment" not in said), *said]
    return [part for part in said if part and not part.startswith("hour") and part != "sector"]


def within(subject: Editorial, rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which slots are in the weeks that are planned?"""
    day = rows["when"].dt.date
    inside: pd.Series[bool] = (day >= subject.start) & (day <= subject.end)
    return inside


def _slots(subject: Editorial, kept: pd.DataFrame) -> pd.DataFrame:
    """The slots that are kept, and all candidates; with what they bring."""
    names = [*ACCOUNT, "when", "piece", "kind", "owner", "pillar", "slot_id", "moment", "piece_id"]
    fixed = kept[names].reset_index(drop=True)
    fixed["moments"] = [(moment,) if moment else () for moment in fixed["moment"]]
    fixed = fixed.join(worth(subject, fixed))
    free = candidates(subject).assign(owner="", pillar="", slot_id="", moment="", piece_id="")
    some = [frame for frame in (fixed, free) if len(frame)]
    slots = pd.concat(some, ignore_index=True) if some else free
    return slots.assign(fixed=slots["slot_id"].ne(""), key=slots["network"] + "/" + slots["account"])


# ── The problem, in numbers ─────────────────────────────────────────────────────────────────────────────────


def problem(subject: Editorial, slots: pd.DataFrame, others: pd.DataFrame) -> programme.Problem:
    """What is to be chosen from ``slots``, within which rules? ``others``: other weeks' slots."""
    who, begin = subject.brand, monday(subject)
    local = slots["when"].dt.tz_localize(None)
    value = slots["expected"].fillna(slots["expected"].min()).fillna(1.0)  # unknown: no more than any other
    moments, wanted = _moments(subject, slots, float(value.median()) if len(value) else 1.0)
    accounts = subject.accounts.assign(
        account=subject.accounts["network"] + "/" + subject.accounts["account"]
    )
    asked = pd.DataFrame({
        "account": slots["key"], "day": (local.dt.normalize() - begin).dt.days,
        "minute": slots["when"].dt.tz_convert("UTC").astype("int64") // 60_000_000,
        "week": (workload.week(slots["when"]) - begin).dt.days // 7,
        "due": (workload.week(workload.due(slots["when"], who.lead.after_draft)) - begin).dt.days // 7,
        "month": local.dt.strftime("%Y-%m"), "piece": slots["piece"], "kind": slots["kind"], "value": value,
        "fixed": slots["fixed"], "owner": slots["owner"], "pillar": slots["pillar"], "moments": wanted,
        "single": ~slots["kind"].isin(STORIES),
    }, index=slots.index)  # fmt: skip
    return programme.Problem(
        slots=asked, pieces=_pieces(who), capacity=_capacity(subject, asked["due"], others),
        makes={name or UNNAMED: made for name, made in workload.makes(who).items()},
        cadence=accounts[["account", "low", "high"]],
        whole=whole(subject), budget=_budget(subject, asked["month"], others),
        mix=pd.DataFrame([(k, *ends) for k, ends in who.mix.items()], columns=["kind", "low", "high"]),
        pillars=pd.DataFrame(who.shares.items(), columns=["pillar", "share"]), moments=moments,
        gap=round(who.spacing.hours * 60), per_day=who.spacing.per_day, per_day_all=who.spacing.per_day_all,
    )  # fmt: skip


def _moments(
    subject: Editorial, slots: pd.DataFrame, post: float
) -> tuple[pd.DataFrame, list[tuple[str, ...]]]:
    """What catching each moment is worth, ``post`` being an average one; and which each slot could catch.

    An own event is to be caught on every network, each time for its value: ``own:launch@instagram``.
    """
    value = dict(zip(subject.moments["moment"], subject.moments["value"], strict=True))
    wanted = [
        tuple(_named(moment, network) for moment in moments if value.get(moment, 0) > 0)
        for moments, network in zip(slots["moments"], slots["network"], strict=True)
    ]
    named = sorted({moment for moments in wanted for moment in moments})
    worth_of = [value[moment.partition("@")[0]] * post for moment in named]
    return pd.DataFrame({"moment": named, "value": worth_of}), wanted


def _named(moment: str, network: str) -> str:
    return f"{moment}@{network}" if moment.startswith("own:") else moment


def _pieces(who: Brand) -> pd.DataFrame:
    rows = {name: (piece.hours, piece.cost, piece.adapted, piece.kind) for name, piece in who.pieces.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["hours", "cost", "again", "kind"])


def _capacity(subject: Editorial, due: pd.Series, others: pd.DataFrame) -> pd.DataFrame:
    """The hours that everybody has left in each week, a row per owner; without a limit infinite."""
    begin = monday(subject)
    first, last = (int(due.min()), int(due.max())) if len(due) else (0, subject.weeks)
    weeks = [begin + week * workload.WEEK for week in range(min(first, 0), last + 1)]
    hours = workload.capacity(subject.brand, weeks, subject.today)
    hours["owner"] = hours["owner"].replace("", UNNAMED)
    wide = hours.assign(hours=hours["hours"].fillna(np.inf)).pivot(
        index="owner", columns="week", values="hours"
    )
    wide.columns = (pd.DatetimeIndex(wide.columns) - begin).days // 7
    drafts = workload.week(workload.due(others["when"], subject.brand.lead.after_draft))
    for owner, week, spent in zip(
        others["owner"].replace("", UNNAMED), (drafts - begin).dt.days // 7, others["hours"], strict=True
    ):
        if owner in wide.index and week in wide.columns:
            wide.loc[owner, week] = max(wide.loc[owner, week] - spent, 0.0)
    return wide


def whole(subject: Editorial) -> tuple[int, ...]:
    """Which weeks can be filled from Monday to Sunday? Only these have a minimum of posts; 0 is the first."""
    who, begin = subject.brand, monday(subject)
    first = max(subject.start, workload.earliest(subject.today, who.lead.before))
    shut = {day for b in who.blackouts for day in pd.date_range(b.first, b.last).date}
    found = []
    for week in range(subject.weeks + 1):
        days = pd.date_range(begin + week * workload.WEEK, periods=7).date
        if first <= days[0] and days[-1] <= subject.end and not shut & set(days):
            found.append(week)
    return tuple(found)


def _budget(subject: Editorial, months: Iterable[str], others: pd.DataFrame) -> dict[str, float]:
    """The money that is left in each month."""
    budget = subject.brand.monthly_budget
    if budget is None:
        return {}
    spent = others.groupby(others["when"].dt.strftime("%Y-%m"))["cost"].sum()
    return {month: max(budget - float(spent.get(month, 0.0)), 0.0) for month in sorted(set(months))}


# ── The answer, as a plan ───────────────────────────────────────────────────────────────────────────────────


def _planned(
    subject: Editorial, chosen: pd.DataFrame, kept: pd.DataFrame, ideas: pd.DataFrame
) -> pd.DataFrame:
    """The new slots, as PLAN. A piece that is made once has one ``piece_id`` on all its accounts.

    An idea that is planned again is the slot that it was: calendars and tasks know it by its name.
    """
    who = subject.brand
    taken = set(subject.saved.rows["slot_id"]) | set(kept["slot_id"])
    used = set(kept["piece_id"])  # the name of a piece that stays, which no other piece may have
    same = [*ACCOUNT, "when", "piece"]
    before = {
        tuple(idea[name] for name in same): idea
        for idea in ideas.to_dict("records")
        if idea["slot_id"] not in used
    }
    chosen = chosen.sort_values(["when", *ACCOUNT, "piece"])
    pieces: dict[Any, str] = {
        made: known for made, known in zip(chosen["made_piece_id"], chosen["piece_id"], strict=True) if known
    }
    rows = []
    for slot in chosen[~chosen["fixed"]].to_dict("records"):
        piece = who.pieces[slot["piece"]]
        what = tuple(slot[name] for name in same)
        idea = before.pop(what, {})
        slot_id = idea.get("slot_id") or plans.new_id(taken, *what)
        taken.add(slot_id)
        first = bool(slot["made_first"])
        rows.append({
            **{name: slot[name] for name in (*ACCOUNT, "when", "piece", "kind", "expected", "low", "high")},
            "slot_id": slot_id, "task": idea.get("task", ""), "sequence": idea.get("sequence", 0),
            "piece_id": pieces.setdefault(slot["made_piece_id"], slot_id),
            "owner": slot["made_owner"].replace(UNNAMED, ""), "pillar": slot["made_pillar"],
            "moment": slot["made_moment"].partition("@")[0],
            "hours": piece.hours if first else piece.adapted, "cost": piece.cost if first else 0.0,
            "objective": subject.objective, "why": "; ".join(_why(slot)),
        })  # fmt: skip
    new = plans.empty(who.zone)
    return pd.concat([new, pd.DataFrame(rows)], ignore_index=True) if rows else new


def _why(slot: Mapping[Any, Any]) -> Iterable[str]:
    """The reasons for a slot, as ``plans.reasons`` reads them."""
    if slot["made_moment"]:
        yield "moment"
    yield from slot["made_reasons"]
    if not slot["made_first"]:
        yield "again"
    yield from _hour(slot)


def _hour(slot: Mapping[Any, Any]) -> Iterable[str]:
    """What is said of a slot's hour, and of where its expectation comes from."""
    if slot["told"]:
        yield f"hour {slot['effect']:.3f} {slot['effect_low']:.3f} {slot['effect_high']:.3f}"
    elif slot["basis"] == "sector":
        yield "sector"
    else:
        yield "hour_prior" if slot["basis"] == "studies" else "hour_any"


def _told(subject: Editorial, asked: Problem, rules: Iterable[Rule | GivenWay]) -> pd.DataFrame:
    """Rules of the programme with the Monday of their week: rule, subject, week, wanted, got."""
    rows = [
        {"rule": rule[0], "wanted": _wanted(asked, rule), **rule._asdict(), "week": _week(subject, rule.week)}
        for rule in rules
    ]
    made = pd.DataFrame(rows).reindex(columns=["rule", "subject", "week", "wanted", "got"])
    made = made.astype({"week": "datetime64[us]", "wanted": "float64", "got": "float64"})
    made["subject"] = made["subject"].replace(UNNAMED, "")
    return made.assign(got=made["got"].round(6) + 0.0)  # none is none, not what sums leave of it


def _wanted(asked: Problem, rule: Rule | GivenWay) -> float:
    """What a rule asks for: posts a week, hours, money, a share; null where it is no number."""
    name, about, week = rule[0], rule.subject, rule.week
    if name == "hours" and week is not None:
        return float(asked.capacity[week].astype("float64").loc[about])
    if name == "budget":
        return float(asked.budget[about])
    end = "low" if name.endswith("_min") else "high"
    known = {"cadence": (asked.cadence, "account"), "mix": (asked.mix, "kind")}
    frame, key = known.get(name.partition("_")[0], (pd.DataFrame({"": [], end: []}), ""))
    return float(frame.set_index(key)[end].astype("float64").get(about, np.nan))


def _week(subject: Editorial, week: int | None) -> Any:
    return pd.NaT if week is None else monday(subject) + week * workload.WEEK
