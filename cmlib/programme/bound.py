"""What no plan exceeds, week by week: the best plan of each, at the prices of what weeks share.

The relaxation cuts posts and pieces in parts. Here only the rules that several weeks share (posts a week
where drafts are due in two, money, shares) are paid for at the relaxation's prices; all else of each due week
is kept, in whole numbers (Lagrange; Geoffrion 1974). No plan is worth more, whatever the prices are.
"""

from dataclasses import replace

import numpy as np

from cmlib.programme.model import Model, Row, run
from cmlib.programme.problem import Floats, Ints

SHARED = -(10**6)  # the week of columns that belong to no single one
FINE = 0.002  # how near to its best each week goes


def weekly(model: Model, price: Floats, seconds: float) -> float:
    """What no plan exceeds. ``price``: by how much all would be worth more if a row gave way by one."""
    week = _weeks(model)
    worth, shared = np.asarray(model.worth, dtype=np.float64).copy(), 0.0
    inside: dict[int, list[Row]] = {}
    for row, cost in zip(model.rows, price, strict=True):
        touched = np.unique(week[row.at])
        if len(touched) == 1:
            inside.setdefault(int(touched[0]), []).append(row)
        elif cost:
            shared += cost * (row.high if cost > 0 else row.low)
            worth[row.at] -= cost * row.by
    each = np.unique(week)
    for one in each:
        part = _part(model, worth, np.flatnonzero(week == one), inside.get(int(one), []))
        shared += run(part, seconds / len(each), FINE).bound
    return shared


def _part(model: Model, worth: Floats, columns: Ints, rows: list[Row]) -> Model:
    """One week of a programme, with its own rows."""
    place = np.full(len(worth), -1, dtype=np.intp)
    place[columns] = np.arange(len(columns))
    low, high, whole = ([values[at] for at in columns] for values in (model.low, model.high, model.whole))
    own = [replace(row, at=place[row.at]) for row in rows]
    return Model(model.slots, worth[columns].tolist(), low, high, whole, own)


def _weeks(model: Model) -> Ints:
    """The due week of each column: of posts and their work, and of what stands in rows with these alone."""
    week = np.full(len(model.worth), SHARED, dtype=np.intp)
    week[: len(model.slots)] = model.slots["due"].to_numpy()
    for split in model.splits:
        work = (split.originals, split.again, *np.ravel(list(split.owners.values())))
        week[[column for column in work if column >= 0]] = split.due
    near: dict[int, set[int]] = {int(at): set() for at in np.flatnonzero(week == SHARED)}
    for row in model.rows:
        known = set(week[row.at].tolist()) - {SHARED}
        for column in row.at[week[row.at] == SHARED]:
            near[int(column)] |= known
    for column, weeks in near.items():
        if len(weeks) == 1:
            week[column] = next(iter(weeks))
    return week
