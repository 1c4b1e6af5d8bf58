"""The rules as rows of a mixed-integer programme.

A column of 0 or 1 says whether a post is in. Who makes it and what it is about are no part of that column:
work is counted by due week and piece (originals, re-uses), split between owners as whole numbers, and given
to single posts afterwards (crew), which is always possible. So equals are not told apart, which is what
makes such programmes slow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cmlib.programme.problem import Floats, Ints, Problem, Rule, groups

NOBODY = ""
INF = np.inf
ENOUGH = 1e6  # hours, money or posts: more than any rule can be missed by
SLACK = 1e-6  # posts: what rounding makes of a share


@dataclass(frozen=True)
class Row:
    """low <= the columns ``at`` times ``by`` <= high, because of a rule (None: it is how things are)."""

    at: Ints
    by: Floats
    low: float
    high: float
    rule: Rule | None = None


@dataclass(frozen=True)
class Split:
    """Work of one kind: a due week's posts of one piece, and the columns that count it."""

    posts: Ints
    due: int
    piece: str
    originals: int
    again: int  # column of re-uses, -1 where there can be none
    owners: dict[str, tuple[int, int]] = field(default_factory=dict)  # columns: originals, re-uses


@dataclass(frozen=True)
class Found:
    """What the solver found: the columns (None: nothing), their worth, what cannot be exceeded.

    ``price``, where all columns may be cut in parts: by how much the worth of all would rise if a row's limit
    were one further up. ``nearly``: a plan that misses some minima, if there was no time for a better one.
    """

    x: Floats | None
    objective: float
    bound: float
    impossible: bool
    price: Floats | None = None
    nearly: Floats | None = None


@dataclass
class Model:
    """A programme under construction: columns (worth, bounds, whole numbers or not) and rows."""

    slots: pd.DataFrame
    worth: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    relaxation: Found | None = field(default=None, init=False)  # once it has been asked for
    caught: dict[str, dict[tuple[str, ...], int]] = field(
        default_factory=dict
    )  # by moment, by choice of them

    def column(self, worth: float = 0.0, high: float = INF, low: float = 0.0, whole: bool = True) -> int:
        """A further column; its number."""
        self.worth.append(worth)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.worth) - 1

    def work(self) -> list[bool]:
        """Which columns are whole if posts may be cut in parts?"""
        posts = len(self.slots)
        return [False] * posts + self.whole[posts:]

    def row(
        self,
        at: Sequence[Ints | list[int]],
        by: Sequence[float],
        low: float,
        high: float,
        rule: Rule | None = None,
    ) -> None:
        """A further row: each array of columns with its factor."""
        arrays = [np.asarray(one, dtype=np.intp) for one in at]
        factors = np.repeat(np.asarray(by, dtype=np.float64), [len(one) for one in arrays])
        self.rows.append(Row(np.concatenate(arrays), factors, low, high, rule))


def build(problem: Problem, slots: pd.DataFrame, raised: Mapping[Rule, float]) -> Model:
    """The programme of these slots, which stand in the order of their content; some limits are raised."""
    model = Model(slots)
    for value, fixed in zip(slots["value"], slots["fixed"], strict=True):
        model.column(float(value), 1.0, float(fixed))
    for (due, piece, _), posts in groups(
        slots.assign(paid=_paid(slots, problem)), ["due", "piece", "paid"]
    ).items():
        _work(model, problem, int(due), str(piece), posts)
    _hours(model, problem, raised)
    _budget(model, problem, raised)
    _days(model, problem)
    total = _cadence(model, problem)
    _mix(model, problem, total)
    _pillars(model, problem, total)
    _moments(model, problem)
    return model


def _paid(slots: pd.DataFrame, problem: Problem) -> pd.Series:
    """A piece that costs money belongs to the month of its posts; others to none."""
    costs = slots["piece"].map(problem.pieces["cost"]) > 0
    return slots["month"].where(costs, "")


def makers(problem: Problem, piece: str) -> list[str]:
    """Who can make it?"""
    return sorted(owner for owner, pieces in problem.makes.items() if piece in pieces)


def _work(model: Model, problem: Problem, due: int, piece: str, posts: Ints) -> None:
    """Originals: as many as the account with most posts of the piece needs. All else is re-use."""
    slots = model.slots.iloc[posts]
    by_account = [posts[at] for at in groups(slots.reset_index(drop=True), ["account"]).values()]
    originals = model.column(high=len(posts))
    again = model.column(high=len(posts)) if len(by_account) > 1 else -1
    for own in by_account:
        model.row([own, [originals]], [1, -1], -INF, 0)
    model.row([posts, [originals], [again] if again >= 0 else []], [1, -1, -1], 0, 0)
    split = Split(posts, due, piece, originals, again)
    able = makers(problem, piece)
    wanted = slots["owner"].to_numpy()
    names = sorted({*able, *wanted} - {NOBODY}) + ([] if able else [NOBODY])
    for owner in names:
        pair = model.column(high=len(posts)), model.column(high=len(posts)) if again >= 0 else -1
        split.owners[owner] = pair
        of = posts[wanted == owner]
        pair_at = [one for one in pair if one >= 0]
        if owner not in able:
            model.row([pair_at, of], [1, -1], 0, 0)
        elif len(of):
            model.row([pair_at, of], [1, -1], 0, INF)
    for whole, nth in ((originals, 0), (again, 1)):
        if whole >= 0:
            model.row([[pair[nth] for pair in split.owners.values()], [whole]], [1, -1], 0, 0)
    model.splits.append(split)


def figure(table: pd.DataFrame, row: str, column: str | int) -> float:
    """One number of a table."""
    return float(np.float64(table.at[row, column]))  # type: ignore[arg-type]


def takes(problem: Problem, piece: str) -> tuple[float, float]:
    """The hours of an original and of a re-use, which never takes longer: one would make it anew."""
    hours = figure(problem.pieces, piece, "hours")
    return hours, min(figure(problem.pieces, piece, "again"), hours)


def _hours(model: Model, problem: Problem, raised: Mapping[Rule, float]) -> None:
    at: dict[tuple[str, int], list[tuple[int, float]]] = {}
    for split in model.splits:
        for owner, pair in split.owners.items():
            for column, hours in zip(pair, takes(problem, split.piece), strict=True):
                if column >= 0 and hours > 0 and owner != NOBODY:
                    at.setdefault((owner, split.due), []).append((column, hours))
    for (owner, due), parts in at.items():
        rule = Rule("hours", owner, due)
        most = figure(problem.capacity, owner, due) + raised.get(rule, 0.0)
        if np.isfinite(most):
            model.row([[column] for column, _ in parts], [hours for _, hours in parts], -INF, most, rule)


def _budget(model: Model, problem: Problem, raised: Mapping[Rule, float]) -> None:
    at: dict[str, list[tuple[int, float]]] = {}
    for split in model.splits:
        cost = figure(problem.pieces, split.piece, "cost")
        month = str(model.slots["month"].iat[split.posts[0]])
        if cost > 0 and np.isfinite(problem.budget.get(month, INF)):
            at.setdefault(month, []).append((split.originals, cost))
    for month, parts in at.items():
        columns, costs = zip(*parts, strict=True)
        rule = Rule("budget", month)
        model.row([[c] for c in columns], costs, -INF, problem.budget[month] + raised.get(rule, 0.0), rule)


def _days(model: Model, problem: Problem) -> None:
    """Spacing: of all posts within less than the gap, one. And so many a day."""
    fixed = np.asarray(model.low[: len(model.slots)])

    def most(posts: Ints, number: float, rule: Rule) -> None:
        number = max(number, fixed[posts].sum())
        if len(posts) > number:
            model.row([posts], [1], -INF, number, rule)

    single = np.flatnonzero(model.slots["single"])
    slots = model.slots.iloc[single].reset_index(drop=True)
    days = groups(slots, ["account", "day"])
    for (account, _), at in days.items():
        most(single[at], problem.per_day, Rule("per_day", str(account)))
    for (account,), at in groups(slots, ["account"]).items():
        minutes, day = slots["minute"].to_numpy()[at], slots["day"].to_numpy()[at]
        for first, last in _windows(minutes, problem.gap):
            if problem.per_day > 1 or day[first] != day[last - 1]:
                most(single[at[first:last]], 1, Rule("spacing", str(account)))
    if problem.per_day_all is not None:
        for at in groups(slots, ["day"]).values():
            most(single[at], problem.per_day_all, Rule("per_day_all", ""))


def _windows(minutes: Ints, gap: int) -> list[tuple[int, int]]:
    """The largest runs of posts of which any two are too close; of one minute there is one in any case."""
    ends = np.searchsorted(minutes, minutes + max(gap, 1), side="left")
    largest = np.flatnonzero(np.diff(ends, prepend=0) > 0)
    return [(int(first), int(ends[first])) for first in largest]


def _cadence(model: Model, problem: Problem) -> int:
    """Posts of accounts by week; the column of all posts together."""
    slots, fixed = model.slots, model.slots["fixed"].to_numpy()
    bounds = problem.cadence.set_index("account")[["low", "high"]].astype(float)
    open_days = slots.groupby("week")["day"].nunique()
    posts_of = groups(slots, ["account", "week"])
    wanted = {(account, week) for account in bounds.index for week in problem.whole}
    counts = []
    for account, week in sorted({*posts_of, *wanted}):
        posts = posts_of.get((account, week), np.array([], dtype=np.intp))
        count = model.column(high=len(posts))
        counts.append(count)
        model.row([posts, [count]], [1, -1], 0, 0)
        if account not in bounds.index:
            continue
        low, high = bounds.loc[account]
        if week not in problem.whole:
            low, high = 0.0, high * open_days[week] / 7
        high = max(rounded(high, up=True), fixed[posts].sum())
        subject = str(account), int(week)
        if rounded(low) > 0:
            model.row([[count]], [1], rounded(low), INF, Rule("cadence_min", *subject))
        if high < len(posts):
            model.row([[count]], [1], -INF, high, Rule("cadence_max", *subject))
    total = model.column(high=len(slots))
    model.row([counts, [total]], [1, -1], 0, 0)
    return total


def rounded(number: float, up: bool = False) -> float:
    """Whole posts: a half of one too few or too many is none, and what only rounding made is none either."""
    return float(np.ceil(number - 1e-9) if up else np.floor(number + 1e-9))


def _mix(model: Model, problem: Problem, total: int) -> None:
    kinds, pieces = (model.slots[name].to_numpy() for name in ("kind", "piece"))
    for kind, low, high in problem.mix[["kind", "low", "high"]].sort_values("kind").itertuples(index=False):
        posts = np.flatnonzero((kinds == kind) | (pieces == kind))
        if low > 0:
            model.row([posts, [total]], [1, -low], -SLACK, INF, Rule("mix_min", kind))
        if high < 1 and len(posts):
            model.row([posts, [total]], [1, -high], -INF, SLACK, Rule("mix_max", kind))


def _pillars(model: Model, problem: Problem, total: int) -> None:
    """Only posts whose pillar is given can make the shares impossible: the others take what is left."""
    given = model.slots["pillar"].to_numpy()
    if not (given != "").any():
        return
    counts = []
    for pillar, share in problem.pillars[["pillar", "share"]].sort_values("pillar").itertuples(index=False):
        posts = np.flatnonzero(given == pillar)
        counts.append(model.column(high=len(model.slots)))
        model.row([posts, counts[-1:]], [1, -1], -INF, 0)
        if np.isfinite(share):
            model.row([counts[-1:], [total]], [1, -share], -1 - SLACK, 1 + SLACK, Rule("pillars", pillar))
    elsewhere = np.flatnonzero((given != "") & ~np.isin(given, problem.pillars["pillar"]))
    model.row([counts, elsewhere, [total]], [1, 1, -1], -INF, 0)


def _moments(model: Model, problem: Problem) -> None:
    """Posts that could catch the same moments are one group: which of them does is settled afterwards."""
    worth = {
        str(m): float(v) for m, v in problem.moments[["moment", "value"]].itertuples(index=False) if v > 0
    }
    classes: dict[tuple[str, ...], list[int]] = {}
    for nth, moments in enumerate(model.slots["moments"]):
        could = tuple(sorted({m for m in moments if m in worth}))
        if could:
            classes.setdefault(could, []).append(nth)
    for could in sorted(classes):
        parts = [model.column(high=1.0, whole=False) for _ in could]
        model.row([parts, classes[could]], [1, -1], -INF, 0)
        for moment, part in zip(could, parts, strict=True):
            model.caught.setdefault(moment, {})[could] = part
    for moment in sorted(model.caught):
        caught = model.column(worth[moment], 1.0, whole=False)
        model.row([[caught], list(model.caught[moment].values())], [1, -1], -INF, 0)


def loosened(model: Model, names: Iterable[str]) -> tuple[Model, dict[int, list[int]]]:
    """The programme with a way out of each rule of these names, and the columns that say how far, by row."""
    among = set(names)
    loose = replace(
        model, worth=[*model.worth], low=[*model.low], high=[*model.high], whole=[*model.whole], rows=[]
    )
    slack: dict[int, list[int]] = {}
    for nth, row in enumerate(model.rows):
        if row.rule and row.rule.name in among:
            signs = [sign for sign, limit in ((1.0, row.low), (-1.0, row.high)) if np.isfinite(limit)]
            slack[nth] = [loose.column(whole=False, high=ENOUGH) for _ in signs]
            at, by = np.append(row.at, slack[nth]).astype(np.intp), np.append(row.by, signs)
            row = replace(row, at=at, by=by)
        loose.rows.append(row)
    return loose, slack
