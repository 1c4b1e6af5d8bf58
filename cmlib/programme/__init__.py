"""Which posts, when, made by whom, for the most value within all rules? Numbers in, numbers out.

A mixed-integer programme (HiGHS). ``problem`` says what is asked and answered, ``model`` puts the rules as
rows, ``solver`` solves them, ``days`` thins out hours that cannot matter and spreads equal ones, ``search``
finds and proves (with ``bound``), ``clashes`` says what cannot be kept together, ``crew`` gives each post its
maker and its part.
"""

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cmlib.programme import clashes, crew, days, search
from cmlib.programme.model import Model, build, loosened, makers
from cmlib.programme.problem import Floats, GivenWay, Problem, Rule, Solution, ordered
from cmlib.programme.solver import run

__all__ = ["GivenWay", "Problem", "Rule", "Solution", "solve"]

EXACT = 20_000  # slots up to which a clash is looked for among all hours, not among the best ones
WAIT = 5.0  # seconds for a small question, even if none are left
AFTER = 0.12  # of the seconds: for spreading and sharing out what was found
TINY = 1e-6


def solve(problem: Problem, seconds: float = 20.0, gap: float = 0.01) -> Solution:
    """The best plan that keeps all rules, within ``gap`` of what no plan exceeds; 0: the best there is.

    The order of the rows changes nothing. If the rules cannot all be kept, the plan that comes nearest, the
    rules that clash, and what it gives up. After ``seconds`` it is the best plan so far, with its true gap.
    What is fixed is in, whatever it breaks: such a limit is then as high as that, for nothing else.
    """
    begun = time.perf_counter()
    slots = _makeable(ordered(problem.slots), problem)
    raised = _raised(problem, slots)
    few = slots.iloc[days.worthwhile(slots, problem)].reset_index(drop=True)
    model = build(problem, few, raised)

    def left() -> float:
        return seconds - (time.perf_counter() - begun)

    found = search.best(model, left() - AFTER * seconds, gap)
    broken: list[Rule] = []
    gave: list[GivenWay] = []
    if found.x is None:
        strict, impossible = model, found.impossible
        model, found = clashes.nearest(strict, max(left() * 0.7, WAIT), gap, found.nearly)
        assert found.x is not None, "what is fixed, and nothing else, keeps all other rules"
        gave = clashes.given_way(problem, strict, found.x)
        broken = _clash(problem, slots, raised, strict, gave, left()) if impossible else []
    assert found.x is not None
    chosen = _told(problem, model, found.x, slots)
    worth = problem.moments.set_index("moment")["value"]
    objective = float(problem.slots.loc[chosen.index, "value"].sum())
    objective += float(worth[[moment for moment in chosen["moment"] if moment]].sum())
    bound = max(found.bound, objective)
    apart = (bound - objective) / abs(objective) if objective else float(bound > TINY)
    return Solution(chosen, objective, bound, apart, time.perf_counter() - begun, broken, gave)


def _makeable(slots: pd.DataFrame, problem: Problem) -> pd.DataFrame:
    """Without what nobody can make, unless it is fixed or somebody is named for it."""
    able = {piece for piece in slots["piece"].unique() if makers(problem, piece)}
    kept = slots["piece"].isin(able) | slots["fixed"] | (slots["owner"] != "")
    return slots.loc[kept].reset_index(drop=True)


def _raised(problem: Problem, slots: pd.DataFrame) -> Mapping[Rule, float]:
    """By how much does what is fixed alone exceed hours and budgets, shared out as well as can be?"""
    fixed = slots.loc[slots["fixed"].to_numpy(dtype=bool)].reset_index(drop=True)
    if fixed.empty:
        return {}
    limits = ("hours", "budget")
    model = build(problem, fixed, {})
    model.rows = [row for row in model.rows if row.rule is None or row.rule.name in limits]
    loose, slack = loosened(model, limits)
    worth = np.zeros(len(loose.worth))
    worth[[column for columns in slack.values() for column in columns]] = -1.0
    found = run(replace(loose, worth=worth.tolist()), WAIT, 0.0)
    if found.x is None:
        return {}
    over = {model.rows[nth].rule: float(found.x[columns].sum()) for nth, columns in slack.items()}
    return {rule: most + TINY for rule, most in over.items() if rule and most > TINY}


def _clash(
    problem: Problem,
    slots: pd.DataFrame,
    raised: Mapping[Rule, float],
    model: Model,
    gave: list[GivenWay],
    seconds: float,
) -> list[Rule]:
    """The rules that clash: of all hours, so that what spacing alone forbids is laid to it."""
    if len(slots) <= EXACT:
        model = build(problem, slots, raised)
    around = [one.week for one in gave if one.week is not None]
    return clashes.smallest(model, max(seconds, WAIT), around[0] if around else None)


def _told(problem: Problem, model: Model, x: Floats, slots: pd.DataFrame) -> pd.DataFrame:
    """The chosen posts of this solution, spread out, each with its part and its reasons."""
    few = model.slots
    picked = np.flatnonzero(np.round(x[: len(few)]) == 1)
    place = pd.Series(np.arange(len(slots)), index=slots["label"])
    at = place[few["label"]].to_numpy()  # in all slots, of which few are columns
    reasons = pd.Series(search.reasons(problem, model, picked), index=picked)
    moved = days.spread(slots, at[picked], problem)
    table = crew.assigned(problem, model, x, picked, slots.iloc[moved].reset_index(drop=True))
    table["reasons"] = reasons.to_numpy()
    table.index = pd.Index(slots["label"].to_numpy()[moved])
    order = np.lexsort((slots["account"].to_numpy()[moved].astype(str), slots["minute"].to_numpy()[moved]))
    return table.iloc[order]
