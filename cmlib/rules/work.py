"""Is there somebody who can make it, are there the hours and the money, and is it begun in time?"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from cmlib import plans, workload
from cmlib.rules.broken import Asked, Broken, grouped, open_of, tipping

LITTLE = 1e-6  # hours, money: what rounding makes of a sum


def hours(asked: Asked) -> Iterator[Broken]:
    """Does anybody have more work in a week than hours? It falls in the week in which the draft is due."""
    who, rows = asked.who, _spent(asked)
    if rows.empty:
        return
    weeks = sorted(rows["week"].unique())
    known = workload.capacity(who, weeks)
    named = zip(known["owner"], known["week"], strict=True)
    there = dict(zip(named, zip(known["hours"], known["off"], strict=True), strict=True))
    for (owner, week), some in grouped(rows, ["owner", "week"]):
        last, spent = tipping(some), float(some["hours"].sum())
        if last is None or (owner, week) not in there:
            continue
        capacity, off = there[owner, week]
        said = {"hours": round(spent, 2), "capacity": round(capacity, 2), "day": week.date()}
        if off and capacity == 0 and spent > LITTLE:
            yield Broken("owner_off", last["slot_id"], {"owner": owner, "day": week.date()})
        elif spent > capacity + LITTLE:
            yield Broken("hours" if owner else "hours_all", last["slot_id"], _named(owner) | said)
    yield from _together(asked, rows)


def _named(owner: str) -> dict[str, str]:
    return {"owner": owner} if owner else {}


def _together(asked: Asked, rows: pd.DataFrame) -> Iterator[Broken]:
    """The hours of all, where they are said of all and not of everybody."""
    who = asked.who
    if not who.team or who.weekly_hours is None or all(one.hours_per_week is not None for one in who.team):
        return
    for (week,), some in grouped(rows, ["week"]):
        last, spent = tipping(some), float(some["hours"].sum())
        if last is not None and spent > who.weekly_hours + LITTLE:
            said = {"hours": round(spent, 2), "capacity": who.weekly_hours, "day": week.date()}
            yield Broken("hours_all", last["slot_id"], said)


def _spent(asked: Asked) -> pd.DataFrame:
    """The rows with the hours that each takes; without a team, nobody is told apart."""
    who, rows = asked.who, asked.rows
    week = workload.week(workload.due(rows["when"], who.lead.after_draft))
    again = (rows["piece_id"] != "") & rows.duplicated("piece_id")
    known = [
        np.nan if name not in who.pieces
        else who.pieces[name].adapted if used else who.pieces[name].hours
        for name, used in zip(rows["piece"], again, strict=True)
    ]  # fmt: skip
    taken = rows["hours"].fillna(pd.Series(known, rows.index, "float64")).fillna(0.0)
    return rows.assign(week=week, hours=taken, owner=rows["owner"] if who.team else "")


def money(asked: Asked) -> Iterator[Broken]:
    """Does a month cost more than there is?"""
    who, rows = asked.who, asked.rows
    if who.monthly_budget is None:
        return
    again = (rows["piece_id"] != "") & rows.duplicated("piece_id")
    known = [
        who.pieces[name].cost if name in who.pieces and not used else 0.0
        for name, used in zip(rows["piece"], again, strict=True)
    ]
    spent = rows["cost"].fillna(pd.Series(known, rows.index, "float64"))
    for month, some in grouped(rows.assign(spent=spent, month=rows["day"].dt.strftime("%Y-%m")), ["month"]):
        last, total = tipping(some), float(some["spent"].sum())
        if last is not None and total > who.monthly_budget + LITTLE:
            said = {"spent": round(total, 2), "budget": who.monthly_budget, "currency": who.currency}
            said |= {"day": date.fromisoformat(f"{month[0]}-01")}
            yield Broken("budget", last["slot_id"], said)


def owners(asked: Asked) -> Iterator[Broken]:
    """Is everybody of the team, and able to make it?"""
    makes = workload.makes(asked.who)
    for row in open_of(asked.rows) if asked.who.team else ():
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
    for row in open_of(asked.rows):
        if row["status"] in plans.OPEN and row["day"].date() < first:
            yield Broken("late_start", row["slot_id"], {"day": first, "n": asked.who.lead.before})


def past(asked: Asked) -> Iterator[Broken]:
    """Is anything still to be published that was due before now?"""
    rows = asked.rows[(asked.rows["when"] < asked.now) & (asked.rows["status"] != "published")]
    for row in rows.to_dict("records"):
        yield Broken("unconfirmed" if row["status"] == "scheduled" else "past", row["slot_id"])


def approval(asked: Asked) -> Iterator[Broken]:
    """Is what goes out what was approved?"""
    changed = plans.edited(asked.rows)
    for row, other in zip(asked.rows.to_dict("records"), changed, strict=True):
        if row["open"] and row["status"] in ("approved", "scheduled") and other:
            yield Broken("edited", row["slot_id"])
        elif row["status"] == "scheduled" and not row["approved"]:
            yield Broken("unapproved", row["slot_id"])
        elif row["status"] == "published" and not row["approved"]:
            yield Broken("published_unapproved", row["slot_id"])
