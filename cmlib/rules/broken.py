"""What a rule looks at, and how one that is broken is said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from cmlib.brand import Brand

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Broken:
    """A rule that is broken: by which slot, with which other; ``said`` fills the words of the rule.

    ``where``: the row of data/reference that asks for it: a key of legal, or ``instagram.caption_max``.
    """

    rule: str
    slot_id: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    other: str = ""
    where: str = ""


@dataclass(frozen=True, eq=False)
class Asked:
    """The plan that is checked: ``rows`` are PLAN by time, with ``day`` (naive) and ``open``.

    A slot is open as long as something can be done about it: it is to come, and not published.
    """

    who: Brand
    rows: pd.DataFrame
    now: pd.Timestamp
    moments: pd.DataFrame
    facts: Mapping[str, str]  # ``instagram.caption_max`` → its value
    span: tuple[date, date]

    @property
    def today(self) -> date:
        """The day where the brand is."""
        return self.now.date()


def open_of(rows: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    """The slots of which something can be done."""
    yield from rows[rows["open"]].to_dict("records")


def tipping(rows: pd.DataFrame) -> Row | None:
    """The slot that is too much: the last of which something can be done; None where there is none."""
    there = rows[rows["open"]]
    return None if there.empty else there.iloc[-1].to_dict()


def grouped(rows: pd.DataFrame, by: list[str]) -> Iterable[tuple[Any, pd.DataFrame]]:
    """The rows of each group, in an order that is always the same."""
    return rows.groupby(by, sort=True)
