"""What is asked of the programme, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

CONTENT = ["account", "minute", "piece", "kind", "day", "week", "due", "month", "owner", "pillar", "single"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Which posts could there be, and within which limits?

    ``slots``: a row per post that could be, in any order: account, day (since the first), minute (UTC: a
    change of clock changes nothing), week (of publication), due (the week in which its work falls), month,
    piece (what is made), kind, value, fixed (it must be in), owner and pillar ("" free), moments (tuple of
    those that it could catch), single (False: a story, which spacing and posts a day do not count).
    ``pieces`` by name: hours, cost, again (hours to adapt one for a further account, which costs nothing).
    A piece of work is used at most once an account, within the week that its work falls in (and the month,
    if it costs money). ``capacity``: hours of owners (index) in due weeks (columns), inf without a limit.
    ``cadence``: account, low, high posts a week; a week that is not in ``whole`` has no minimum, and its part
    of the maximum. ``budget``: what a month may still cost; a month that is not named has no limit. ``mix``:
    kind (or piece), low, high shares of all posts; ``pillars``: pillar, share (null: none is wanted), to be
    met to within one post. ``moments``: moment, value if at least one post catches it; a post catches one.
    ``gap``: minutes between posts of an account; at most ``per_day`` of an account, ``per_day_all`` of all.
    """

    slots: pd.DataFrame
    pieces: pd.DataFrame
    capacity: pd.DataFrame
    makes: Mapping[str, frozenset[str]]
    cadence: pd.DataFrame
    budget: Mapping[str, float]
    mix: pd.DataFrame
    pillars: pd.DataFrame
    moments: pd.DataFrame
    gap: int
    per_day: int = 1
    per_day_all: int | None = None
    whole: tuple[int, ...] = ()


class Rule(NamedTuple):
    """A rule that may clash with others: cadence_min of an account in a week, hours of an owner in a week …

    Names: cadence_min cadence_max (account, week) hours (owner, due week) budget (month) mix_min mix_max
    (kind) pillars (pillar) spacing per_day (account) per_day_all ("").
    """

    name: str
    subject: str
    week: int | None = None


class GivenWay(NamedTuple):
    """What the nearest plan gives up: a rule, what it wants, what the plan has."""

    rule: str
    subject: str
    week: int | None
    wanted: float
    got: float


@dataclass(frozen=True)
class Solution:
    """Which posts, made by whom, and how much better a plan could be at most?

    ``chosen``: a row per post under its label in ``Problem.slots``: owner, pillar, piece_id (posts that
    share a piece of work share it), first (made for it; else re-used), moment (that it catches), reasons.
    ``objective`` is what the posts and the moments are worth, ``bound`` what no plan exceeds, ``gap`` their
    distance as a share of the objective. ``clashes``: the smallest set of rules that nobody can keep
    together, empty if all can be kept; ``given_way``: what the plan then gives up.
    """

    chosen: pd.DataFrame
    objective: float
    bound: float
    gap: float
    seconds: float
    clashes: list[Rule] = field(default_factory=list)
    given_way: list[GivenWay] = field(default_factory=list)


def ordered(slots: pd.DataFrame) -> pd.DataFrame:
    """The slots in an order that depends on what they are, not on where they stood; ``label`` is theirs."""
    told = slots.assign(label=slots.index, mark=[str(label) for label in slots.index])
    return told.sort_values([*CONTENT, "fixed", "value", "moments", "mark"], ignore_index=True)


def groups(slots: pd.DataFrame, by: list[str]) -> dict[tuple[Any, ...], Ints]:
    """The positions of the slots that agree in some columns, in the order of their content."""
    found = slots.groupby(by, sort=True, observed=True).indices
    return {key if isinstance(key, tuple) else (key,): np.asarray(found[key], dtype=np.intp) for key in found}
