"""The columns of the model of one network: accounts, kinds, trend, and the parts that ask about hours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WIDTH = 1.5  # hours: how far the effect of an hour reaches to those beside it (sd of its kernel)
WAVES = 6  # in a day, at most: finer ones say nothing at this width
COARSE = 3  # likewise, of the hours of one weekday or kind, which have fewer posts each
STEPS = 26  # of the trend, at most
PARTS = {"night": 0, "morning": 7, "noon": 11, "afternoon": 14, "evening": 18}  # and where each begins


@dataclass(frozen=True, eq=False)
class Layout:
    """Of which accounts, kinds and steps of the trend there are columns, and the means of those of hours."""

    accounts: tuple[str, ...]
    kinds: tuple[str, ...]
    steps: Floats  # weeks at which the trend may turn
    step: float  # weeks from one to the next
    paid: bool
    means: Mapping[str, Floats]

    def fixed(self, rows: pd.DataFrame) -> Floats:
        """A column for each account, and one for paid posts where there are both."""
        own = _dummies(rows["account"], self.accounts)
        return np.column_stack([own, rows["paid"].to_numpy(np.float64)]) if self.paid else own

    def levels(self, rows: pd.DataFrame) -> dict[str, Floats]:
        """Kinds of each account, and the trend of each account as a walk by steps."""
        account = _dummies(rows["account"], self.accounts)
        past = rows["week"].to_numpy(np.float64)[:, None] >= self.steps[None, :]
        return {
            "kind": _times(account, _dummies(rows["kind"], self.kinds)),
            "trend": _times(account, past * np.sqrt(self.step)),
        }

    def slots(self, rows: pd.DataFrame) -> dict[str, Floats]:
        """The parts that ask about hours, less their means over the account's own posts; 0 where unknown."""
        return {name: z - self.means[name] * _known(name, rows) for name, z in _raw(self.kinds, rows).items()}


def laid(rows: pd.DataFrame) -> Layout:
    """The layout of a network's posts."""
    weeks = rows["week"].to_numpy(np.float64)
    first, last = (float(weeks.min()), float(weeks.max())) if len(rows) else (0.0, 0.0)
    step = max(1.0, np.ceil((last - first) / STEPS))
    layout = Layout(
        accounts=tuple(sorted(rows["account"].unique())),
        kinds=tuple(sorted(rows["kind"].unique())),
        steps=np.arange(first + step, last + 1e-9, step),
        step=float(step),
        paid=bool(rows["paid"].nunique() > 1),
        means={},
    )
    means = {}
    for name, z in _raw(layout.kinds, rows).items():
        known = _known(name, rows)[:, 0] > 0
        means[name] = z[known].mean(axis=0) if known.any() else np.zeros(z.shape[1])
    return replace(layout, means=means)


def cells(kind: str = "") -> pd.DataFrame:
    """Every weekday and hour, in the middle of the hour."""
    grid = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"]).to_frame(index=False)
    return grid.assign(hour=grid["hour"] + 0.5, kind=kind)


def nuisance(rows: pd.DataFrame, asked: str) -> Floats:
    """What is held while a part is asked about: the parts of the day, or the days of the week."""
    if asked == "weekday":
        part = np.searchsorted(list(PARTS.values()), rows["hour"].fillna(-1.0).to_numpy(), side="right")
        return _dummies(pd.Series(part), range(1, len(PARTS) + 1))
    return _dummies(rows["weekday"], range(7))


def _raw(kinds: tuple[str, ...], rows: pd.DataFrame) -> dict[str, Floats]:
    weekday, hour = _dummies(rows["weekday"], range(7)), rows["hour"].to_numpy(np.float64)
    coarse = _waves(hour, COARSE)
    return {
        "weekday": weekday,
        "hour": _waves(hour, WAVES),
        "slot": _times(weekday, coarse),
        "kind_hour": _times(_dummies(rows["kind"], kinds), coarse),
    }


def _known(name: str, rows: pd.DataFrame) -> Floats:
    """1 where a part can say something of a post: all have a weekday, not all an hour."""
    known = np.ones(len(rows)) if name == "weekday" else rows["hour"].notna().to_numpy(np.float64)
    return np.asarray(known[:, None])


def _waves(hour: Floats, most: int) -> Floats:
    """The columns of a smooth effect of the hour, round the clock; 0 where it is not known.

    Sines and cosines, weighted so that their covariance falls off as a normal density of sd WIDTH (the
    circular kernel's own expansion), of variance 1 at every hour. Without a constant, which is the level's.
    """
    k = np.arange(1, most + 1)
    weight = np.exp(-((2 * np.pi * k * WIDTH / 24) ** 2) / 2)
    angle = 2 * np.pi * np.nan_to_num(hour)[:, None] * k / 24
    waves = np.hstack([np.cos(angle), np.sin(angle)]) * np.tile(np.sqrt(weight / weight.sum()), 2)
    return np.where(np.isfinite(hour)[:, None], waves, 0.0)


def _dummies(values: pd.Series, names: tuple[str, ...] | range) -> Floats:
    return np.asarray(
        values.to_numpy()[:, None] == np.array(names, dtype="object")[None, :], dtype=np.float64
    )


def _times(a: Floats, b: Floats) -> Floats:
    """Each column of one times each of the other."""
    return np.asarray((a[:, :, None] * b[:, None, :]).reshape(len(a), a.shape[1] * b.shape[1]))
