"""The best plan within seconds: whole programmes at once while they are small, else week after week.

The solver proves what it can of a long calendar, yet finds good plans only of short ones. So a long one
begins with the relaxation, which cuts posts and pieces in parts, and makes one due week after the other
whole, the next being free to follow; then some weeks at a time are improved. Only work is made whole, and
the days of posts in the end: next to nothing is lost, and it is several times faster. Meanwhile a second
thread proves what no plan exceeds (bound). Nothing of this hangs on the clock while the seconds suffice.
"""

import time
from dataclasses import replace

import numpy as np

from cmlib.programme.bound import Bound
from cmlib.programme.model import INF, Found, Model, loosened
from cmlib.programme.problem import Flags, Floats, Ints, Problem, Rule
from cmlib.programme.solver import matrix, run

AT_ONCE = 5  # due weeks that are solved at once
WIDE = 3  # due weeks that are improved at a time
AHEAD = 3.0  # times its part of what is left: what a step of a first plan may take
FIRST = 0.9  # of the seconds, at most, for a first plan
MAY_MISS = ("cadence_min", "mix_min", "mix_max", "pillars")
MINIMA = ("cadence_min", "mix_min", "pillars")
NONE = 1e-6
ANY = 1e4  # a gap that any plan meets
NEAR = 0.4  # of the gap: how near to the best each step goes
FINE = 0.03  # the same, of the days of posts
WAIT = 5.0  # seconds for a small question, even if none are left
SHARED = -(10**6)  # the week of columns that belong to no single one


def best(model: Model, seconds: float, gap: float, start: Floats | None = None) -> Found:
    """The plan of most worth that is found, and what no plan exceeds. ``start``: a plan to begin with."""
    begun = time.perf_counter()
    weeks = np.array(sorted({split.due for split in model.splits}))
    if len(weeks) <= AT_ONCE or gap <= 0:
        return run(model, seconds, gap)
    end = begun + seconds
    with Bound(model, seconds, gap) as bound:
        if start is None:
            nearly, missed = _first(model, weeks, begun + FIRST * seconds, gap)
            start = nearly[: len(model.worth)]
            if missed:
                some = run(replace(model, worth=[0.0] * len(model.worth)), end - time.perf_counter(), ANY)
                if some.x is None:
                    return replace(some, nearly=nearly)
                start = some.x
        found = Found(start, float(np.asarray(model.worth) @ start), INF, False)
        enough = bound.by_cuts(end) / (1 + gap)
        if found.objective < enough:
            bound.offer(start)
            found = _improved(model, found, weeks, end, NEAR * gap, enough)
            if found.objective < enough:
                found = _at_once(model, found, end, gap)
        return replace(found, bound=min(found.bound, bound.now, relaxed(model).bound))


def _first(model: Model, weeks: Ints, end: float, gap: float) -> tuple[Floats, bool]:
    """A first plan, week after week. What misses a minimum pays for it: does any?"""
    loose, slack = loosened(model, MAY_MISS)
    at = [column for columns in slack.values() for column in columns]
    worth = np.array(loose.worth)
    worth[at] = -3 * np.abs(worth).max()
    loose = replace(loose, worth=worth.tolist())
    week, whole, x = _weeks(loose), np.array(loose.work()), relaxed(loose).x
    assert x is not None, "what is fixed, and nothing else, keeps all other rules"
    if not x[at].any():
        model.relaxation = relaxed(loose)  # ways out that nobody takes change neither worth nor prices
    for nth, due in enumerate(weeks):
        settled = whole & np.isin(week, weeks[:nth])
        free = np.isin(week, [SHARED, *weeks[max(nth - 1, 0) : nth + 2]]) & ~settled
        left = (end - time.perf_counter()) * min(AHEAD / (len(weeks) - nth), 1.0)
        tried = run(_only(loose, x, free, whole & (week == due)), left, NEAR * gap / len(weeks), step=True)
        x = x if tried.x is None else tried.x
    x = _posts(loose, x, np.ones(len(x), dtype=bool), end, gap)
    assert x is not None, "what is fixed, and nothing else, keeps all other rules"
    if x[at].max(initial=0.0) > NONE:
        x = _improved(loose, Found(x, float(worth @ x), INF, False), weeks, end, NEAR * gap).x
        assert x is not None
    return x, bool(x[at].max(initial=0.0) > NONE)


def _improved(model: Model, found: Found, weeks: Ints, end: float, gap: float, enough: float = INF) -> Found:
    """The plan, improved some weeks at a time, until it is good enough or a turn brings less than the gap."""
    for turn in range(len(weeks)):
        before, last = found.objective, len(weeks) + turn % 2 * (WIDE // 2)
        for nth in range(last - WIDE, -WIDE, -WIDE):  # the last had to take what was left: they are the first
            found = _anew(model, found, weeks, slice(max(nth, 0), nth + WIDE), end, gap)
            if found.objective >= enough:
                return found
        if found.objective <= before + gap * abs(before):
            break
    return found


def _anew(model: Model, found: Found, weeks: Ints, some: slice, end: float, gap: float) -> Found:
    """The plan with better work in some weeks, and better days of posts in these and those beside them."""
    week, whole, left = _weeks(model), np.array(model.work()), end - time.perf_counter()
    if found.x is None or left <= 0:
        return found
    anew = np.isin(week, [SHARED, *weeks[some]])
    free = anew | (np.isin(week, weeks[max(some.start - 1, 0) : some.stop + 1]) & ~whole)
    near = gap * len(weeks[some]) / len(weeks)
    tried = run(_only(model, found.x, free, whole & anew), left, near, found.x, step=True)
    if tried.x is None or tried.objective <= found.objective:
        return found
    x = _posts(model, tried.x, free, end, gap)
    worth = -INF if x is None else float(np.asarray(model.worth) @ x)
    return found if worth <= found.objective else replace(found, x=x, objective=worth)


def _at_once(model: Model, found: Found, end: float, gap: float) -> Found:
    """The plan, improved in all weeks together: a small one is then the best, a large one seldom better."""
    tried = run(model, end - time.perf_counter(), gap, found.x)
    return tried if tried.objective > found.objective else replace(found, bound=tried.bound)


def _posts(model: Model, x: Floats, free: Flags, end: float, gap: float) -> Floats | None:
    """The plan with posts that are whole too, and with no further work."""
    most = np.where(model.work() & free & (_weeks(model) != SHARED), np.round(x), np.inf)
    whole = np.array(model.whole)
    part = _only(replace(model, high=np.minimum(model.high, most).tolist()), x, free, whole & free)
    tried = run(part, max(end - time.perf_counter(), WAIT), FINE * gap)
    return None if tried.x is None else np.where(whole, np.round(tried.x), tried.x)


def _only(model: Model, x: Floats, free: Flags, whole: Flags) -> Model:
    """The programme with all that is not free as it is in a plan."""
    low, high = np.where(free, model.low, x), np.where(free, model.high, x)
    return replace(model, low=low.tolist(), high=high.tolist(), whole=whole.tolist())


def _weeks(model: Model) -> Ints:
    """The due week of each column: of posts and their work; SHARED of what counts over weeks."""
    week = np.full(len(model.worth), SHARED, dtype=np.intp)
    week[: len(model.slots)] = model.slots["due"].to_numpy()
    for split in model.splits:
        work = (split.originals, split.again, *np.ravel(list(split.owners.values())))
        week[[column for column in work if column >= 0]] = split.due
    return week


def relaxed(model: Model) -> Found:
    """What no plan exceeds if posts and pieces could be cut in parts, and what each row costs."""
    if model.relaxation is None:
        model.relaxation = run(replace(model, whole=[False] * len(model.whole)), INF, 0.0)
    return model.relaxation


def reasons(problem: Problem, model: Model, picked: Ints) -> list[tuple[str, ...]]:
    """Which of the minima that are met exactly is each post in for, and else would not be?

    Prices are the relaxation's: what a post brings, less what the hours, the money and the days that it
    takes would bring elsewhere. Where that is below nothing, the minimum pays for it.
    """
    if not any(row.rule and row.rule.name in MINIMA for row in model.rows):
        return [()] * len(picked)
    price = relaxed(model).price
    if price is None:
        return [()] * len(picked)
    left = (np.asarray(model.worth) - matrix(model.rows, len(model.worth)).T @ price)[: len(model.slots)]
    pays = {row.rule: -float(cost) for row, cost in zip(model.rows, price, strict=True) if row.rule}
    slots = model.slots.iloc[picked]
    weeks = slots.groupby(["account", "week"])["kind"].transform("size")
    kinds = {name: int(slots[["kind", "piece"]].eq(name).any(axis=1).sum()) for name in problem.mix["kind"]}
    least = {row.rule: row.low for row in model.rows if row.rule}
    shares: dict[str, float] = dict(problem.mix[["kind", "low"]].itertuples(index=False))
    tiny = 1e-7 * float(np.abs(model.worth).max(initial=0.0))
    found = []
    for post, of_week in zip(picked, weeks, strict=True):
        slot = model.slots.loc[post]
        cadence, about = Rule("cadence_min", slot["account"], slot["week"]), Rule("pillars", slot["pillar"])
        named = [name for name in (slot["kind"], slot["piece"]) if name in kinds]
        few = [name for name in named if kinds[name] < shares[name] * len(picked) + 1]
        mix = max((pays.get(Rule("mix_min", name), 0.0) for name in few), default=0.0)
        week = pays.get(cadence, 0.0) if of_week <= least.get(cadence, -INF) else 0.0
        paid = {"cadence_min": week, "mix_min": mix, "pillar_min": pays.get(about, 0.0)}
        paid = {name: cost for name, cost in paid.items() if cost > tiny}
        found.append(tuple(paid) if left[post] < sum(paid.values()) - tiny else ())
    return found
