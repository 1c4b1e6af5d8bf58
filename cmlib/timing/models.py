"""The model of one network's posts, and which of its parts are claimed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cmlib.timing import mixed
from cmlib.timing.layout import Layout, laid, nuisance
from cmlib.timing.mixed import Codes, Floats

SURE = 0.05  # the share of false alarms that is accepted, over all networks of a brand together
SPENT = {"hour": 0.75, "weekday": 0.25}  # of it: hours can be chosen freely, posts must be on several days
ENOUGH = 30  # posts whose hour is known, for a test of hours
TRENDY = 12  # posts, for a trend: with fewer it is noise
RATES = {"kind": 2.0, "weekday": 5.0, "hour": 5.0, "slot": 5.0, "kind_hour": 5.0}


@dataclass(frozen=True, eq=False)
class Model:
    """What is known of one network: its posts, the columns of its model, and what was found.

    ``luck``: how large the variance is that posts of one day share, beside their own. ``told``: the parts
    that are claimed, and in ``fit``.
    """

    rows: pd.DataFrame
    layout: Layout
    luck: float
    told: tuple[str, ...]
    fit: mixed.Fit

    @property
    def spread(self) -> float:
        """The sd of one post's logarithm."""
        return float(np.sqrt(self.fit.variance * (1 + self.luck)))


def modelled(rows: pd.DataFrame) -> Model:
    """The levels of accounts and kinds, and their trend, without a word on hours."""
    y = rows["y"].to_numpy(np.float64)
    usual = rows["y"].groupby([rows["account"], rows["kind"]]).transform("mean").to_numpy(np.float64)
    luck = mixed.shared(y - usual, _days(rows))
    layout = laid(rows)
    return Model(rows, layout, luck, (), _fit(rows, layout, luck, ()))


def fitted(model: Model, parts: tuple[str, ...]) -> Model:
    """The same with these parts of weekdays and hours."""
    if not parts:
        return model
    return replace(model, told=parts, fit=_fit(model.rows, model.layout, model.luck, parts))


def tests(model: Model) -> dict[str, float]:
    """How likely would weekdays and hours seem to matter so much, if they did not? Null: too few posts."""
    return {part: _test(model, part, ()) for part in SPENT}


def claimed(found: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """The p of each network's weekday and hour after Holm (1979, weighted), over all that were tested."""
    every = [(name, part, p) for name, by in found.items() for part, p in by.items() if p == p]
    left = sum(SPENT[part] for _, part, _ in every)
    adjusted = {name: dict.fromkeys(SPENT, np.nan) for name in found}
    highest = 0.0
    for name, part, p in sorted(every, key=lambda one: (one[2] / SPENT[one[1]], one[0], one[1])):
        highest = min(max(highest, p * left / SPENT[part]), 1.0)
        adjusted[name][part] = highest
        left -= SPENT[part]
    return adjusted


def parts_told(model: Model, p: Mapping[str, float], networks: int) -> tuple[str, ...]:
    """Which parts are claimed: the weekday, the hour, both and what they do together; hours by kind.

    Kinds are told apart only where hours are told, by a test of their own.
    """
    told = tuple(part for part in ("weekday", "hour") if p[part] <= SURE)
    if len(told) == 2:
        told += ("slot",)
    if "hour" in told and len(model.layout.kinds) > 1:
        apart = _test(model, "kind_hour", ("hour",)) * networks / SPENT["hour"]
        told += ("kind_hour",) if apart <= SURE else ()
    return told


def _test(model: Model, asked: str, also: tuple[str, ...]) -> float:
    known = model.rows["hour"].notna() | (asked == "weekday")
    rows = model.rows[known].reset_index(drop=True)
    if len(rows) < ENOUGH:
        return np.nan
    y, fixed, parts = _design(rows, model.layout, model.luck, also)
    group = _days(rows)
    held = mixed.apart(nuisance(rows, asked)[:, 1:], group, model.luck)
    fixed = np.hstack([fixed, held])
    ratios = mixed.reml(y, fixed, parts, RATES)
    return mixed.chance(
        y, fixed, parts, ratios, mixed.apart(model.layout.slots(rows)[asked], group, model.luck)
    )


def _fit(rows: pd.DataFrame, layout: Layout, luck: float, told: tuple[str, ...]) -> mixed.Fit:
    return mixed.fit(*_design(rows, layout, luck, told), RATES)


def _design(
    rows: pd.DataFrame, layout: Layout, luck: float, told: tuple[str, ...]
) -> tuple[Floats, Floats, dict[str, Floats]]:
    """Results, fixed columns and parts, each less what the posts of its day share."""
    group = _days(rows)
    parts = layout.levels(rows)
    if len(rows) < TRENDY:
        parts["trend"] = parts["trend"][:, :0]
    slots = layout.slots(rows)
    parts |= {name: slots[name] for name in told}
    y = rows[["y"]].to_numpy(np.float64)
    moved = {name: mixed.apart(z, group, luck) for name, z in parts.items() if z.shape[1]}
    return mixed.apart(y, group, luck)[:, 0], mixed.apart(layout.fixed(rows), group, luck), moved


def _days(rows: pd.DataFrame) -> Codes:
    return rows.groupby("day").ngroup().to_numpy().astype(np.intp)
