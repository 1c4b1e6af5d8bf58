"""The live check of a plan: which rules does it break, of the brand, of the networks, of the law?

A rule is a function from what is checked to what is broken; all of them stand in RULES. Each has one sentence
under ``[plan.rule]`` that says what is wrong, and what to do.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd

from cmlib import facts, i18n, plans, workload
from cmlib.brand import Brand
from cmlib.i18n import t
from cmlib.rules import rhythm, words, work
from cmlib.rules.broken import Asked, Broken, Row
from cmlib.rules.lengths import hashtags, length

__all__ = ["COLUMNS", "LEVELS", "check", "hashtags", "length", "says"]

COLUMNS = ("slot_id", "other", "rule", "level", "said", "where")
ORDER = ("must", "should", "info")
LEVELS = {  # a rule that is not named must hold
    **dict.fromkeys(("alt_text", "no_owner", "no_piece", "unapproved", "unplanned"), "should"),
    **dict.fromkeys(("unconfirmed", "published_unapproved"), "info"),
}
RULES: tuple[Callable[[Asked], Iterator[Broken]], ...] = (
    work.hours, work.money, work.owners, work.late, work.past, work.approval,
    rhythm.spacing, rhythm.days, rhythm.cadence, rhythm.shares, rhythm.closed, rhythm.twice,
    words.names, words.texts, words.contests, words.paid, words.sales, words.repeated,
)  # fmt: skip


def check(
    who: Brand, rows: pd.DataFrame, now: pd.Timestamp, moments: pd.DataFrame,
    span: tuple[date, date] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Which rules does a plan break? What must be mended first, then by time.

    slot_id and other ("" where no single slot is meant), rule, level (must, should, info), said (what fills
    its words), where (the row of data/reference that asks for it: a key of legal, or instagram.caption_max).
    ``span``: the first and last day that are planned; left out, those of the rows. ``moments``: as
    ``moments.on`` gives them. What is published, or over, is not held against anybody any more.
    """
    slots = _slots(who, plans.ordered(rows), now)
    ends = (slots[0]["day"], slots[-1]["day"]) if slots else (now.date(), now.date())
    known = facts.load("networks")
    said = dict(zip(known["network"] + "." + known["fact"], known["value"].astype("str"), strict=True))
    asked = Asked(
        who, plans.ordered(rows), slots, now.tz_convert(who.zone), moments, said, span or ends
    )  # fmt: skip
    found = [broken for rule in RULES for broken in rule(asked)] if slots else []
    return _framed(found, {slot["slot_id"]: slot["local"] for slot in slots})


def _slots(who: Brand, rows: pd.DataFrame, now: pd.Timestamp) -> list[dict[Any, Any]]:
    local = rows["when"].dt.tz_localize(None)
    whole = rows.assign(
        local=local, day=local.dt.date, week=workload.week(local).dt.date,
        work=workload.week(workload.due(local, who.lead.after_draft)).dt.date,
        open=(rows["when"] >= now) & (rows["status"] != "published"),
    )  # fmt: skip
    return [{str(name): said for name, said in slot.items()} for slot in whole.to_dict("records")]


def _framed(found: list[Broken], when: dict[str, pd.Timestamp]) -> pd.DataFrame:
    def place(one: Broken) -> tuple[object, ...]:
        return ORDER.index(LEVELS.get(one.rule, "must")), one.slot_id != "", str(when.get(one.slot_id)), \
            one.slot_id, one.rule  # fmt: skip

    rows = [
        (one.slot_id, one.other, one.rule, LEVELS.get(one.rule, "must"), dict(one.said), one.where)
        for one in sorted(found, key=place)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {name: "str" for name in COLUMNS if name != "said"}
    )


def says(row: Row) -> str:
    """What is wrong, and what is to be done? A row of ``check`` in words."""
    return t(f"plan.rule.{row['rule']}", **{name: _word(name, said) for name, said in row["said"].items()})


def _word(name: str, said: object) -> object:
    for key in {"network": ("network.{}",), "kind": ("kind.{}", "editorial.piece.{}")}.get(name, ()):
        if i18n.has(key.format(said)):
            return t(key.format(said))
    if isinstance(said, float):
        return i18n.number(said, 0 if said.is_integer() else 1)
    return said
