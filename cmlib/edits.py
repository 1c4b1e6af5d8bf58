"""Working on a plan by hand: what does it say after a slot is moved, edited, fixed, added or deleted?

Each change is a function from one PLAN frame to the next, which never touches the one before: so what was can
be brought back, and what cannot be is said as a CmlibError while the plan stays as it is.

A slot that somebody moves or adds is fixed, so that planning anew keeps it where it was put; what the planner
expected of another hour, network or kind is no longer said of it.
"""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from cmlib import plans, schema
from cmlib.brand import Brand, Piece
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

LONGEST = {  # what a person may write into a field of a slot, in characters
    "account": 200, "piece": 200, "pillar": 200, "moment": 200, "owner": 200,
    "title": 500, "link": 2_000, "alt_text": 5_000, "text": 70_000,
}  # fmt: skip
LINES = ("text", "alt_text")  # the fields that may have several
AMOUNTS = ("hours", "cost")
CHOICES = {"network": schema.NETWORKS, "kind": schema.KINDS, "status": plans.STATUSES}
FIELDS = ("when", *CHOICES, *LONGEST, *AMOUNTS)  # all that can be edited
YEARS = (2000, 2100)  # a plan is of one of them
MOST = 1_000_000  # hours, or money, of one post
STEPS = 200  # how many changes can be undone
_EXPECTED = ("expected", "low", "high")
_MOVED = {"when", "network", "account", "kind"}  # what an expectation is of


# ── One change ──────────────────────────────────────────────────────────────────────────────────────────────


def move(rows: pd.DataFrame, slot_id: str, when: datetime) -> pd.DataFrame:
    """The plan with a slot at another time; without a zone, it is the time on the brand's clock.

    Raises CmlibError for an hour that a change of the clock leaves out, and for a post that is published.
    """
    return _changed(rows, slot_id, {"when": when})


def shift(rows: pd.DataFrame, slot_id: str, days: int = 0, minutes: int = 0) -> pd.DataFrame:
    """The plan with a slot some days later at the same hour, then some minutes later; less than 0: earlier.

    Where the clock is put forward, an hour that is not there counts as the one after it.
    """
    was = _slot(rows, slot_id)["when"]
    wall = was.tz_localize(None) + timedelta(days=days)
    _bounded(wall)
    at = wall.tz_localize(was.tz, nonexistent=timedelta(hours=1), ambiguous=True) if days else was
    return _changed(rows, slot_id, {"when": at + timedelta(minutes=minutes)})


def edit(rows: pd.DataFrame, who: Brand, slot_id: str, /, **said: Any) -> pd.DataFrame:
    """The plan with other words, another owner, another account … for a slot; ``said``: some of FIELDS.

    Another piece brings its kind, hours and cost, unless they are said too. The status approved freezes what
    is said then; a slot that has it keeps it through later edits, which show.
    """
    was = _slot(rows, slot_id)
    values = _differing(was, _checked(said))
    if not values:
        return rows
    if values.get("piece", "") in who.pieces:
        values = _made(who.pieces[values["piece"]], slot_id) | values
    approving = values.get("status") == "approved"
    if approving:
        del values["status"]
    made = _changed(rows, slot_id, values)
    if "piece_id" in values:
        made = _inherited(made, was)
    return approve(made, slot_id) if approving else made


def fix(rows: pd.DataFrame, slot_id: str, fixed: bool | None = None) -> pd.DataFrame:
    """The plan with a slot that planning anew leaves where it is, or no longer; by default, the other."""
    was = _slot(rows, slot_id)
    fixed = not was["fixed"] if fixed is None else fixed
    reasons = [reason.strip() for reason in str(was["why"]).split(";")]
    released = {} if fixed or "fixed" not in reasons else {
        "why": "; ".join(reason for reason in reasons if reason != "fixed")}  # fmt: skip
    return _put(rows, slot_id, {"fixed": fixed, **released})


def approve(rows: pd.DataFrame, slot_id: str) -> pd.DataFrame:
    """The plan with a slot approved as it is at this moment."""
    _slot(rows, slot_id)
    return plans.approve(rows, [slot_id])


def delete(rows: pd.DataFrame, slot_id: str) -> pd.DataFrame:
    """The plan without a slot. Raises CmlibError for one that is published, since it did happen."""
    was = _slot(rows, slot_id)
    if was["status"] == "published":
        raise CmlibError("edit_published", slot=_called(was))
    return _inherited(rows[rows["slot_id"] != slot_id].reset_index(drop=True), was)


def add(
    rows: pd.DataFrame, who: Brand, when: datetime, network: str, account: str, **said: Any
) -> pd.DataFrame:
    """The plan with one slot more, an idea of nobody's unless it is said; ``said``: some of FIELDS."""
    values = _checked({"when": when, "network": network, "account": account, **said})
    values["when"] = _at(rows, values["when"])
    slot_id = plans.new_id([*rows["slot_id"]], values["network"], values["account"], values["when"])
    piece = who.pieces.get(values.get("piece", ""))
    if piece is None and "kind" not in values:
        raise unknown("piece", values.get("piece", ""), who.pieces)
    made: dict[str, Any] = {"piece_id": slot_id, "hours": 0.0, "cost": 0.0, "objective": _objective(rows)}
    made |= (_made(piece, slot_id) if piece else {}) | values
    approving = made.get("status") == "approved"
    made |= {"slot_id": slot_id, "fixed": True, "why": "fixed"} | ({"status": ""} if approving else {})
    one = plans.checked(pd.DataFrame([made]), rows["when"].dt.tz)
    longer = pd.concat([rows, one], ignore_index=True) if len(rows) else one
    return approve(longer, slot_id) if approving else longer


# ── What was, and what is not saved ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Past:
    """A plan as it is, as it was before each change, and as it was before each one that was undone."""

    rows: pd.DataFrame
    before: tuple[pd.DataFrame, ...] = ()
    after: tuple[pd.DataFrame, ...] = ()

    def then(self, rows: pd.DataFrame) -> "Past":
        """After one change more; of one that changes nothing, nothing is kept."""
        if rows is self.rows or rows.equals(self.rows):
            return self
        return Past(rows, (*self.before, self.rows)[-STEPS:])

    def undone(self) -> "Past":
        """Before the last change, if there was one."""
        if not self.before:
            return self
        return Past(self.before[-1], self.before[:-1], (self.rows, *self.after))

    def redone(self) -> "Past":
        """After the change that was undone last, if there was one."""
        return Past(self.after[0], (*self.before, self.rows), self.after[1:]) if self.after else self


def differing(rows: pd.DataFrame, others: pd.DataFrame) -> list[str]:
    """Which slots are not the same in two plans, or only in one of them? By when they are."""
    ours, theirs = _keyed(rows), _keyed(others)
    when = {
        slot: at for frame in (others, rows) for slot, at in zip(frame["slot_id"], frame["when"], strict=True)
    }
    found = {slot for slot in ours.keys() | theirs.keys() if ours.get(slot) != theirs.get(slot)}
    return sorted(found, key=lambda slot: (when[slot], slot))


# ── What may be said of a slot ──────────────────────────────────────────────────────────────────────────────


def _checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """The values, each of its type and of a bearable length. Raises CmlibError for what cannot be."""
    values: dict[str, Any] = {}
    for name, value in said.items():
        if name not in FIELDS:
            raise unknown("key", name, FIELDS)
        if name == "when":
            values[name] = _instant(value)
        elif name in AMOUNTS:
            values[name] = _amount(name, value)
        else:
            values[name] = _text(name, value)
    for name in CHOICES.keys() & values.keys():
        if values[name] not in CHOICES[name]:
            raise unknown(name, values[name], CHOICES[name])
    _linked(values.get("link", ""))
    return values


def _instant(value: Any) -> datetime:
    if not isinstance(value, datetime) or pd.isna(value):
        raise _wrong("when", value)
    return _bounded(value)


def _bounded(when: datetime) -> datetime:
    if not YEARS[0] <= when.year <= YEARS[1]:
        first, last = map(str, YEARS)
        raise CmlibError("edit_year", year=str(when.year), first=first, last=last)
    return when


def _amount(name: str, value: Any) -> float:
    if value is None:
        return math.nan  # nobody knows
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST
    if not fits:
        raise _wrong(name, value)
    return float(value)


def _text(name: str, value: Any) -> str:
    """Words as they can be kept: without signs that nobody sees, on one line where there is only one."""
    if not isinstance(value, str):
        raise _wrong(name, value)
    most = LONGEST.get(name, LONGEST["owner"])
    if len(value) > most:
        raise CmlibError("edit_long", field=t(f"grid.field.{name}"), n=len(value), most=most)
    plain = value.replace("\r\n", "\n").replace("\r", "\n")
    seen = (sign for sign in plain if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    text = "".join(seen)
    return text.strip() if name in LINES else " ".join(text.split())


def _linked(link: str) -> None:
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if link and not (parts.scheme in ("http", "https") and parts.netloc):
        raise CmlibError("edit_link", link=_short(link))


def _at(rows: pd.DataFrame, when: datetime) -> pd.Timestamp:
    """An instant on the clock of the plan. Of an hour that comes twice, the first is meant."""
    zone = rows["when"].dt.tz
    at = pd.Timestamp(when).as_unit("us")
    if at.tz is not None:
        return at.tz_convert(zone)
    there = at.tz_localize(zone, nonexistent="NaT", ambiguous=True)
    if pd.isna(there):
        raise CmlibError("edit_no_hour", when=at.to_pydatetime(), zone=str(zone))
    return there


# ── How a row changes ───────────────────────────────────────────────────────────────────────────────────────


def _slot(rows: pd.DataFrame, slot_id: str) -> "pd.Series[Any]":
    found = rows[rows["slot_id"] == slot_id]
    if found.empty:
        raise unknown("slot", _short(slot_id), rows["slot_id"])
    return found.iloc[0]


def _differing(was: "pd.Series[Any]", values: dict[str, Any]) -> dict[str, Any]:
    """What is not as it was; a time on the clock is as it was in either of two hours that are called so."""
    when = values.get("when")
    if when is not None and when.tzinfo is None and when == was["when"].tz_localize(None):
        values = {name: value for name, value in values.items() if name != "when"}
    return {name: value for name, value in values.items() if not _same(value, was[name])}


def _changed(rows: pd.DataFrame, slot_id: str, values: dict[str, Any]) -> pd.DataFrame:
    """The row with other values, and without what is then no longer true of it."""
    was = _slot(rows, slot_id)
    if was["status"] == "published" and values.get("status", "published") == "published":
        raise CmlibError("edit_published", slot=_called(was))
    if "when" in values:
        values = values | {"when": _at(rows, values["when"])}
    values = {name: value for name, value in values.items() if not _same(value, was[name])}
    if "when" in values:
        values |= {"fixed": True}
    if _MOVED & values.keys():
        values |= {"why": "fixed" if was["fixed"] or "when" in values else "", **dict.fromkeys(_EXPECTED)}
    if values.get("status") in plans.OPEN:
        values |= {"approved": ""}
    return _put(rows, slot_id, values) if values else rows


def _same(one: Any, other: Any) -> bool:
    return bool(one == other or (pd.isna(one) and pd.isna(other)))


def _put(rows: pd.DataFrame, slot_id: str, values: Mapping[str, Any]) -> pd.DataFrame:
    made, where = rows.copy(), rows["slot_id"] == slot_id
    for name, value in values.items():
        made.loc[where, name] = math.nan if value is None else value
    return made


def _made(piece: Piece, slot_id: str) -> dict[str, Any]:
    """What a piece of one's own brings with it."""
    return {"kind": piece.kind, "hours": piece.hours, "cost": piece.cost, "piece_id": slot_id}


def _inherited(rows: pd.DataFrame, was: "pd.Series[Any]") -> pd.DataFrame:
    """The work of a slot that is gone falls to the earliest that shares its piece, if that is more."""
    shared = rows[(rows["piece_id"] == was["piece_id"]) & (rows["slot_id"] != was["slot_id"])]
    if was["piece_id"] == "" or shared.empty or shared["hours"].max() >= was["hours"]:
        return rows
    heir = shared.sort_values(["when", "slot_id"])["slot_id"].iloc[0]
    return _put(rows, heir, {"hours": was["hours"], "cost": was["cost"]})


def _objective(rows: pd.DataFrame) -> str:
    return str(rows["objective"].mode().iloc[0]) if len(rows) else ""


def _keyed(rows: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """Each slot and all that it says, but for its number. No amount is below 0: there, an unknown one is."""
    plain = rows.assign(when=rows["when"].astype("int64")).drop(columns="sequence").fillna(-1.0)
    return dict(
        zip(plain["slot_id"], zip(*(plain[name].tolist() for name in plain), strict=True), strict=True)
    )


def _called(slot: "pd.Series[Any]") -> str:
    title = _short(slot["title"]) or str(slot["piece"])
    return f"{slot['network']} {slot['when']:%Y-%m-%d %H:%M} {title}".strip()


def _wrong(field: str, value: object) -> CmlibError:
    return CmlibError("edit_value", field=t(f"grid.field.{field}"), value=_short(repr(value)))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
