"""Which rules cannot all be kept, and which plan comes nearest to keeping them?"""

import time
from dataclasses import replace

import numpy as np

from cmlib.programme.model import INF, Found, Model, Row, loosened
from cmlib.programme.problem import Floats, GivenWay, Problem, Rule
from cmlib.programme.search import best, relaxed
from cmlib.programme.solver import run

GIVES_WAY = (("cadence_min",), ("pillars",), ("mix_min", "mix_max"))  # what gives way last comes first
EACH = 3.0  # seconds for one question; what is not answered counts as possible


def smallest(model: Model, seconds: float, around: int | None = None) -> list[Rule]:
    """A set of rules that clash, none of which could be left out (QuickXplain, Junker 2004).

    Rules of the weeks ``around`` which something has to give way are tried first: they mostly suffice.
    """
    end = time.perf_counter() + seconds
    plain = replace(model, worth=[0.0] * len(model.worth))
    rules = sorted({row.rule for row in model.rows if row.rule}, key=_rank)

    def clash(kept: list[Rule]) -> bool:
        left = end - time.perf_counter()
        among = set(kept)
        rows = [row for row in plain.rows if row.rule is None or row.rule in among]
        return left > 0 and run(replace(plain, rows=rows), min(left, EACH), INF).impossible

    if around is not None:
        near = [rule for rule in rules if rule.week is None or abs(rule.week - around) <= 1]
        rules = near if clash(near) else rules

    def needed(known: list[Rule], grown: bool, among: list[Rule]) -> list[Rule]:
        if grown and clash(known):
            return []
        if len(among) == 1:
            return among
        half = len(among) // 2
        second = needed([*known, *among[:half]], True, among[half:])
        return [*needed([*known, *second], bool(second), among[:half]), *second]

    return sorted(needed([], False, rules), key=_rank) if rules else []


def _rank(rule: Rule) -> tuple[int, str, str, int]:
    """Minima first: they are what a person would give way on."""
    order = [name for level in GIVES_WAY for name in level]
    place = order.index(rule.name) if rule.name in order else len(order)
    return place, rule.name, rule.subject, -1 if rule.week is None else rule.week


def nearest(model: Model, seconds: float, gap: float, nearly: Floats | None = None) -> tuple[Model, Found]:
    """The plan that gives way least, on the least important: the mix, then pillars, then posts a week.

    No other rule has to: a plan of nothing but what is fixed keeps them all. First as few posts as can be are
    missing in the minima of weeks, then in the pillars, then in the mix; then the plan is the best of these.
    ``nearly``: a plan to begin with, which misses minima.
    """
    end = time.perf_counter() + seconds
    loose, slack = loosened(model, [name for level in GIVES_WAY for name in level])
    start = nearly
    for level in GIVES_WAY:
        at = [column for row, columns in slack.items() for column in columns if _name(model, row) in level]
        if not at:
            continue
        worth = np.zeros(len(loose.worth))
        worth[at] = -1.0
        least = run(replace(loose, worth=worth.tolist()), (end - time.perf_counter()) / 2, 1e-6)
        missing = INF if start is None else float(start[at].sum())
        if least.x is not None and float(least.x[at].sum()) < missing - 1e-6:
            start, missing = least.x, float(least.x[at].sum())
        loose.rows.append(Row(np.array(at, dtype=np.intp), np.ones(len(at)), -INF, missing + 1e-6))
    found = best(loose, end - time.perf_counter(), gap, start)
    if found.x is None and start is not None:
        found = Found(start, float(np.asarray(loose.worth) @ start), relaxed(loose).bound, False)
    return loose, found


def _name(model: Model, row: int) -> str:
    rule = model.rows[row].rule
    return rule.name if rule else ""


def given_way(problem: Problem, model: Model, x: Floats) -> list[GivenWay]:
    """What does this plan not keep, of the rules that may? In posts a week, or shares of all posts."""
    names = {name for level in GIVES_WAY for name in level}
    found = []
    total = max(float(x[: len(model.slots)].round().sum()), 1.0)
    shares = problem.pillars.set_index("pillar")["share"].astype(float)
    mix = problem.mix.set_index("kind")[["low", "high"]].astype(float)
    for row in model.rows:
        if row.rule is None or row.rule.name not in names:
            continue
        got = float((x[row.at] * row.by).sum())
        if row.low - 1e-4 <= got <= row.high + 1e-4:
            continue
        name, subject, week = row.rule
        if name == "cadence_min":
            found.append(GivenWay(name, subject, week, row.low, float(np.round(got))))
        else:
            share = shares if name == "pillars" else mix["low" if name == "mix_min" else "high"]
            wanted = float(share.loc[subject])
            found.append(GivenWay(name, subject, None, wanted, got / total + wanted))
    return sorted(found, key=lambda one: (_rank(Rule(*one[:3])), one))
