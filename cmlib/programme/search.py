"""The best plan within seconds: whole programmes at once while they are small, else week after week.

The solver proves what it can of a long calendar, yet finds good plans only of short ones. So a long one is
improved two due weeks at a time with everything else as it is, then all days at once with no further
originals, and at last the solver is asked whether any plan is better by more than the gap: mostly it can
tell that none is. Where it cannot, the weeks of a very long one say what no plan exceeds (bound). Nothing of
this hangs on the clock while the seconds suffice.
"""

import time
from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import vstack

from cmlib.programme.bound import weekly
from cmlib.programme.model import INF, Found, Model, Row, constraints, loosened, run
from cmlib.programme.problem import Floats, Ints, Problem, Rule

AT_ONCE = 5  # due weeks that are solved at once
LONG = 10  # due weeks beyond which what no plan exceeds is also asked of each week apart
WEEKLY = 0.2  # of the seconds, for that
STEP = 2  # due weeks that are filled at a time
WIDE = 5  # due weeks that are improved at a time
MAY_MISS = ("cadence_min", "mix_min", "mix_max", "pillars")
TURN = 0.65  # of the time that is left, at most: the rest is for the proof
LAST = 0.4  # of the seconds: with less there is no further turn
SURELY = 60.0  # seconds for what takes a moment
MINIMA = ("cadence_min", "mix_min", "pillars")
TURNS = 6  # at most
NONE = 1e-6
NODES = 1  # branches for a proof: what is not shown by then is not soon
ANY = 1e4  # a gap that any plan meets
NEAR = 0.4  # of the gap: how near to the best each step goes
ROUGH = 1.0  # the same, of the steps of a first plan
FINE = 0.2  # of the gap: how near to the best each step goes


def best(model: Model, seconds: float, gap: float, start: Floats | None = None) -> Found:
    """The plan of most worth that is found, and what no plan exceeds. ``start``: a plan to begin with."""
    end = time.perf_counter() + seconds
    weeks = sorted({split.due for split in model.splits})
    if len(weeks) <= AT_ONCE or gap <= 0:
        return run(model, seconds, gap)
    apart = WEEKLY * seconds * (len(weeks) > LONG)
    end -= apart
    begun = 0
    if start is None:
        nearly, missed = _filled(model, weeks, end, gap)
        if missed:
            first = run(replace(model, worth=[0.0] * len(model.worth)), end - time.perf_counter(), ANY)
            if first.x is None:
                return replace(first, nearly=nearly)
            start = first.x
        else:
            start, begun = nearly[: len(model.worth)], 1
    found = Found(start, float(np.asarray(model.worth) @ start), relaxed(model)[0], False)
    for turn in range(begun, TURNS):
        now = time.perf_counter()
        shift = turn % 2 * (WIDE // 2)
        found = _turn(model, found, weeks, shift, WIDE, now + TURN * (end - now), NEAR * gap)
        if end - time.perf_counter() < LAST * seconds:  # the last turn: at least how near it is, roughly
            found, _ = _proven(model, found, end, 2 * gap)
        found, proven = _proven(model, found, end, gap)
        if proven or time.perf_counter() >= end:
            break
        found = _days(model, found, end, FINE * gap)
    if apart and found.bound > found.objective + gap * abs(found.objective):
        found = replace(found, bound=min(found.bound, weekly(model, relaxed(model)[1], apart)))
    return found


def _turn(
    model: Model, found: Found, weeks: list[int], shift: int, width: int, end: float, gap: float
) -> Found:
    """All weeks once, some at a time, each step to within the gap of what its own weeks are worth."""
    near = gap * found.bound * width / len(weeks)
    steps = range(-shift, len(weeks), width)
    for done, nth in enumerate(steps):
        settled = _other(model, weeks[max(nth, 0) : nth + width])
        now = time.perf_counter()
        until = now + 2 * max(end - now, 0.0) / (len(steps) - done + 1)  # each has its share
        found = _step(model, found, settled, until, near / max(abs(found.objective), found.bound, NONE))
    return found


def _filled(model: Model, weeks: list[int], end: float, gap: float) -> tuple[Floats, bool]:
    """A first plan: what is fixed, then week after week. What misses a minimum pays for it: does any?"""
    loose, slack = loosened(model, MAY_MISS)
    at = [column for columns in slack.values() for column in columns]
    worth, high = np.array(loose.worth), np.array(loose.high)
    worth[at] = -3 * np.abs(worth).max()
    posts = len(model.slots)
    high[:posts] = loose.low[:posts]
    loose = replace(loose, worth=worth.tolist())
    found = run(replace(loose, high=high.tolist()), SURELY, gap)
    assert found.x is not None, "what is fixed, and nothing else, keeps all other rules"
    found = replace(found, bound=relaxed(model)[0])
    for shift in range(STEP):
        found = _turn(loose, found, weeks, shift, STEP, end, ROUGH * gap)
        assert found.x is not None
        x, missed = found.x, bool(found.x[at].max(initial=0.0) > NONE)
        if not missed:
            break
    return x, missed


def _other(model: Model, weeks: list[int]) -> Ints:
    """The columns of posts and of work of all other weeks."""
    other = [split for split in model.splits if split.due not in weeks]
    counts = [
        c for split in other for c in (split.originals, split.again, *np.ravel(list(split.owners.values())))
    ]
    posts = [post for split in other for post in split.posts]
    return np.array([*posts, *(c for c in counts if c >= 0)], dtype=np.intp)


def _originals(model: Model) -> Ints:
    """The columns of originals by owner."""
    return np.array([pair[0] for split in model.splits for pair in split.owners.values()], dtype=np.intp)


def _step(model: Model, found: Found, settled: Ints, end: float, gap: float) -> Found:
    """The plan, improved, with some columns as they are: first what is made, then when it is posted.

    To choose work as if posts could be cut in parts loses next to nothing and is several times faster.
    """
    assert found.x is not None
    low, high, x = _whole(model, found)
    low[settled] = high[settled] = x[settled]
    whole = np.zeros(len(model.whole), dtype=bool)
    whole[[*_originals(model), *(split.originals for split in model.splits)]] = True
    left = max(end - time.perf_counter(), 0.0)
    work = run(replace(model, low=low.tolist(), high=high.tolist(), whole=whole.tolist()), left, gap)
    if work.x is None or work.objective <= found.objective:
        return found
    free = np.setdiff1d(_originals(model), settled)
    high[free] = np.maximum(np.round(work.x[free]), low[free])
    return _better(replace(model, low=low.tolist(), high=high.tolist()), found, end, gap)


def _days(model: Model, found: Found, end: float, gap: float) -> Found:
    """The plan, improved, with no further originals."""
    _, high, x = _whole(model, found)
    at = _originals(model)
    high[at] = x[at]
    return _better(replace(model, high=high.tolist()), found, end, gap)


def _whole(model: Model, found: Found) -> tuple[Floats, Floats, Floats]:
    """The bounds of the columns, and the plan without what rounding made."""
    assert found.x is not None
    whole = np.asarray(model.whole)
    return np.array(model.low), np.array(model.high), np.where(whole, np.round(found.x), found.x)


def _better(model: Model, found: Found, end: float, gap: float) -> Found:
    tried = run(model, max(end - time.perf_counter(), 0.0), gap)
    if tried.x is None or tried.objective <= found.objective:
        return found
    return replace(tried, bound=found.bound)


def _proven(model: Model, found: Found, end: float, gap: float) -> tuple[Found, bool]:
    """Is no plan better by more than the gap? One is asked for: that there is none shows early."""
    target = found.objective + gap * abs(found.objective)
    left = end - time.perf_counter()
    if found.bound <= target or left <= 0:
        return found, found.bound <= target
    worth = np.asarray(model.worth)
    at = np.flatnonzero(worth)
    scale = float(np.abs(worth).max())
    row = Row(at, worth[at] / scale, target / scale, INF)
    tried = run(replace(model, rows=[*model.rows, row]), left, gap, NODES)
    if tried.impossible:
        return replace(found, bound=min(target, found.bound)), True
    if tried.x is not None:  # there is one
        bound = min(found.bound, tried.bound)
        return replace(tried, bound=bound), bound <= tried.objective + gap * abs(tried.objective)
    return found, False


def relaxed(model: Model) -> tuple[float, Floats]:
    """What no plan exceeds if posts and pieces could be cut in parts, and what each row costs.

    A row's price: by how much the worth of all would rise if its limit were one further away.
    """
    if model.relaxation is None:
        model.relaxation = _relaxed(model)
    return model.relaxation


def _relaxed(model: Model) -> tuple[float, Floats]:
    worth = np.asarray(model.worth)
    scale = float(np.abs(worth).max()) or 1.0
    limits = constraints(model.rows, len(worth))
    low, high = np.asarray(limits.lb), np.asarray(limits.ub)
    same = low == high
    upper, lower = np.isfinite(high) & ~same, np.isfinite(low) & ~same
    sides = [limits.A[upper], -limits.A[lower]]
    answer = linprog(
        -worth / scale,
        A_ub=vstack(sides, format="csr"),
        b_ub=np.concatenate([high[upper], -low[lower]]),
        A_eq=limits.A[same],
        b_eq=low[same],
        bounds=np.column_stack([model.low, model.high]),
        method="highs",
    )
    price = np.zeros(len(low))
    if answer.x is None:
        return INF, price
    n = int(upper.sum())
    price[upper] -= answer.ineqlin.marginals[:n] * scale
    price[lower] += answer.ineqlin.marginals[n:] * scale
    price[same] -= answer.eqlin.marginals * scale
    return float(-answer.fun * scale), price


def reasons(problem: Problem, model: Model, picked: Ints) -> list[tuple[str, ...]]:
    """Which of the minima that are met exactly is each post in for, and else would not be?

    Prices are the relaxation's: what a post brings, less what the hours, the money and the days that it
    takes would bring elsewhere. Where that is below nothing, the minimum pays for it.
    """
    if not any(row.rule and row.rule.name in MINIMA for row in model.rows):
        return [()] * len(picked)
    _, price = relaxed(model)
    matrix = constraints(model.rows, len(model.worth)).A
    left = (np.asarray(model.worth) - matrix.T @ price)[: len(model.slots)]
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
