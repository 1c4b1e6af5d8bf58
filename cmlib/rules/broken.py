"""What a rule looks at, and how one that is broken is said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """The plan that is checked: PLAN by time, as a frame and slot by slot.

    Each slot has, too, ``local`` (its time without a zone), ``day``, ``week`` (the Monday), ``work`` (the
    Monday of the week in which its draft is due) and ``open``: something can be done about it, since it is to
    come and not published.
    """

    who: Brand
    rows: pd.DataFrame
    slots: list[dict[Any, Any]]
    now: pd.Timestamp
    moments: pd.DataFrame
    facts: Mapping[str, str]  # ``instagram.caption_max`` → its value
    span: tuple[date, date]

    @property
    def today(self) -> date:
        """The day where the brand is."""
        return self.now.date()

    @property
    def open(self) -> Iterator[dict[Any, Any]]:
        """The slots about which something can be done."""
        return (slot for slot in self.slots if slot["open"])


def tipping(slots: Sequence[Row]) -> Row | None:
    """The slot that is too much: the last about which something can be done; None where there is none."""
    return next((slot for slot in reversed(slots) if slot["open"]), None)


def other(slots: Sequence[Row], than: Row) -> str:
    """The last of the others."""
    return str(next((slot["slot_id"] for slot in reversed(slots) if slot is not than), ""))


def grouped(slots: Iterable[Row], *by: str) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """The slots of each group, in an order that is always the same."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for slot in slots:
        found.setdefault(tuple(slot[name] for name in by), []).append(slot)
    return sorted(found.items(), key=lambda group: group[0])
