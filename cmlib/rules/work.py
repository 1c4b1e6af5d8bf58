"""Is there somebody who can make it, are there the hours and the money, and is it begun in time?"""

from collections.abc import Iterator

import pandas as pd

from cmlib import plans, workload
from cmlib.rules.broken import Asked, Broken, Row, grouped, tipping

LITTLE = 1e-6  # hours, money: what rounding makes of a sum


def hours(asked: Asked) -> Iterator[Broken]:
    """Does anybody have more work in a week than hours? It falls in the week in which the draft is due."""
    who, slots = asked.who, _spent(asked)
    weeks = sorted({slot["work"] for slot in slots})
    known = workload.capacity(who, [pd.Timestamp(week) for week in weeks])
    named = zip(known["owner"], known["week"].dt.date, strict=True)
    there = dict(zip(named, zip(known["hours"], known["off"], strict=True), strict=True))
    for (owner, week), some in grouped(slots, "owner", "work"):
        last, spent = tipping(some), _sum(some, "spent")
        if last is None or (owner, week) not in there:
            continue
        capacity, off = there[owner, week]
        said = {"hours": spent, "capacity": round(capacity, 2), "day": week}
        if off and capacity == 0 and spent > LITTLE:
            yield Broken("owner_off", last["slot_id"], {"owner": owner, "day": week})
        elif spent > capacity + LITTLE:
            yield (
                Broken("hours", last["slot_id"], said | {"owner": owner})
                if owner
                else Broken("hours_all", last["slot_id"], said)
            )
    yield from _together(asked, slots)


def _together(asked: Asked, slots: list[Row]) -> Iterator[Broken]:
    """The hours of all, where they are said of all and not of everybody."""
    who = asked.who
    if not who.team or who.weekly_hours is None or all(one.hours_per_week is not None for one in who.team):
        return
    for (week,), some in grouped(slots, "work"):
        last, spent = tipping(some), _sum(some, "spent")
        if last is not None and spent > who.weekly_hours + LITTLE:
            said = {"hours": spent, "capacity": who.weekly_hours, "day": week}
            yield Broken("hours_all", last["slot_id"], said)


def _spent(asked: Asked) -> list[Row]:
    """The slots with the hours and the money that each takes; without a team, nobody is told apart.

    What a slot does not say, its piece does: one that was made for another slot takes less.
    """
    found: list[Row] = []
    made: set[str] = set()
    for slot in asked.slots:
        piece, again = asked.who.pieces.get(slot["piece"]), slot["piece_id"] in made
        hours = 0.0 if piece is None else piece.adapted if again else piece.hours
        cost = 0.0 if piece is None or again else piece.cost
        found.append({
            **slot, "owner": slot["owner"] if asked.who.team else "",
            "spent": hours if slot["hours"] != slot["hours"] else slot["hours"],
            "paid": cost if slot["cost"] != slot["cost"] else slot["cost"],
            "month": slot["day"].replace(day=1),
        })  # fmt: skip
        made |= {slot["piece_id"]} - {""}
    return found


def _sum(slots: list[Row], name: str) -> float:
    return round(sum(float(slot[name]) for slot in slots), 2)


def money(asked: Asked) -> Iterator[Broken]:
    """Does a month cost more than there is?"""
    budget = asked.who.monthly_budget
    for (month,), some in grouped(_spent(asked), "month") if budget is not None else ():
        last, total = tipping(some), _sum(some, "paid")
        if last is not None and budget is not None and total > budget + LITTLE:
            said = {"day": month, "spent": total, "budget": budget, "currency": asked.who.currency}
            yield Broken("budget", last["slot_id"], said)


def owners(asked: Asked) -> Iterator[Broken]:
    """Is everybody of the team, and able to make it?"""
    makes = workload.makes(asked.who)
    for row in asked.open if asked.who.team else ():
        owner, piece = row["owner"], row["piece"]
        if not owner:
            yield Broken("no_owner", row["slot_id"])
        elif owner not in makes:
            yield Broken("unknown_owner", row["slot_id"], {"owner": owner, "known": sorted(makes)})
        elif piece in asked.who.pieces and piece not in makes[owner]:
            able = sorted(name for name, pieces in makes.items() if piece in pieces)
            yield Broken("cannot_make", row["slot_id"], {"owner": owner, "piece": piece, "known": able})


def late(asked: Asked) -> Iterator[Broken]:
    """Is there time left for the brief, the draft, the review and the approval?"""
    first = workload.earliest(asked.today, asked.who.lead.before)
    for row in asked.open:
        if row["status"] in plans.OPEN and row["day"] < first:
            yield Broken("late_start", row["slot_id"], {"day": first, "n": asked.who.lead.before})


def past(asked: Asked) -> Iterator[Broken]:
    """Is anything still to be published that was due before now?"""
    for row in asked.slots:
        if row["when"] >= asked.now or row["status"] == "published":
            continue
        yield Broken("unconfirmed" if row["status"] == "scheduled" else "past", row["slot_id"])


def approval(asked: Asked) -> Iterator[Broken]:
    """Is what goes out what was approved?"""
    for row, changed in zip(asked.slots, plans.edited(asked.rows), strict=True):
        if row["open"] and row["status"] in ("approved", "scheduled") and changed:
            yield Broken("edited", row["slot_id"])
        elif row["status"] == "scheduled" and not row["approved"]:
            yield Broken("unapproved", row["slot_id"])
        elif row["status"] == "published" and not row["approved"]:
            yield Broken("published_unapproved", row["slot_id"])
