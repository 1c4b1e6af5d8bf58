"""What the grid of a plan is told: frames as plain values that a page can draw, in the language spoken now.

All of it is data. The page writes every word as text, so what a file says can never become a part of it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from cmlib import cells, edits, facts, i18n, plans, rules, sheets
from cmlib.brand import Brand
from cmlib.cells import because, capital, word
from cmlib.i18n import t

Said = Callable[[Mapping[Any, Any]], str]
WORDS = "grid."
ORDER = {"must": 0, "should": 1, "info": 2}
SHOWN = 60  # slots that differ in two plans, before the rest is only counted
SHORT = 6  # of a version, where two are of the same minute
SEEN = 80  # characters of what a field says there
_TEXTS = (
    "slot_id", "network", "account", "piece", "kind", "pillar", "moment", "title", "text", "link", "alt_text",
    "owner", "status",
)  # fmt: skip
_NUMBERS = ("hours", "expected", "low", "high")
_COMPARED = ("when", "account", "piece", "pillar", "moment", "title", "text", "link", "alt_text", "owner",
             "status", "hours", "fixed")  # fmt: skip


def page(who: Brand, moments: pd.DataFrame, blackouts: pd.DataFrame, readonly: bool) -> dict[str, Any]:
    """What does not change with the plan: the words, and what a slot can be given."""
    known = i18n.words(i18n.language())
    names = [key.removeprefix(WORDS) for key in known if key.startswith(WORDS)]
    words = {name: known[f"grid.{name}"] for name in names}
    own = [account for account in who.accounts if not account.rival]
    return {
        "lang": i18n.language(), "words": words, "readonly": readonly, "brand": who.name,
        "clock": known["editorial.clock"],
        "networks": {account.network: word("network.{}", account.network) for account in own},
        "statuses": {name: word("editorial.status.{}", name) for name in plans.STATUSES},
        "glyphs": dict(sheets.editorial.STATUSES),
        "accounts": [{"network": a.network, "account": a.handle, "label": a.label} for a in own],
        "pieces": [{"piece": name, "label": piece(name), "hours": one.hours, "kind": _kind(name, one.kind)}
                   for name, one in who.pieces.items()],
        "pillars": list(who.pillars), "owners": [one.name for one in who.people if one.name],
        "moments": _moments(moments), "blackouts": _spans(blackouts),
    }  # fmt: skip


def piece(name: str) -> str:
    """What a piece is called, at the beginning of a line."""
    return capital(cells.piece(name))


def cards(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The slots in the order in which they are published, each with all that its card and its form say."""
    rows = rows.assign(edited=plans.edited(rows)).sort_values(["when", "network", "slot_id"])
    told = {why: [capital(one) for one in because(why)] for why in rows["why"].unique()}
    made = {name: piece(name) for name in rows["piece"].unique()}
    found = {
        "day": rows["when"].dt.strftime("%Y-%m-%d"), "time": rows["when"].dt.strftime("%H:%M"),
        **{name: rows[name] for name in (*_TEXTS, "fixed", "edited")},
        **{name: rows[name].astype("object").where(rows[name].notna(), None) for name in _NUMBERS},
        "of": rows["objective"],
    }  # fmt: skip
    each = zip(*(values.tolist() for values in found.values()), strict=True)
    named = [dict(zip(found, row, strict=True)) for row in each]
    return [
        one | {"why": told[why], "piece_label": made[one["piece"]] or word("kind.{}", one["kind"])}
        for one, why in zip(named, rows["why"].tolist(), strict=True)
    ]


def checks(found: pd.DataFrame, said: Said) -> list[dict[str, str]]:
    """What the rules say, the worst first: the slots that it is said of, and the sentence."""
    told = [
        {
            "slot": str(row["slot_id"]),
            "other": str(row["other"]),
            "level": str(row["level"]),
            "said": said(row),
        }
        for row in found.to_dict("records")
    ]
    return sorted(told, key=lambda one: ORDER.get(one["level"], len(ORDER)))


def difference(mine: pd.DataFrame, theirs: pd.DataFrame) -> dict[str, Any]:
    """Which slots are not the same in two plans, and what does each say of them?"""
    both = [{row["slot_id"]: row for row in rows.to_dict("records")} for rows in (mine, theirs)]
    slots = edits.differing(mine, theirs)
    lines = []
    for slot in slots[:SHOWN]:
        one, other = (rows.get(slot) for rows in both)
        unlike = [
            name
            for name in _COMPARED
            if one is None or other is None or _told(one, name) != _told(other, name)
        ]
        lines.append(
            {"slot": called(one or other or {}), "mine": _said(one, unlike), "theirs": _said(other, unlike)}
        )
    return {"lines": lines, "more": len(slots) - len(lines)}


def versions(history: pd.DataFrame) -> list[dict[str, str]]:
    """The versions that were saved before: until when each was the plan, and how it begins."""
    return [
        {"version": version, "when": f"{i18n.day(when.to_pydatetime())} · {version[:SHORT]}"}
        for version, when in zip(history["version"], history["replaced_at"], strict=True)
    ]


def called(slot: Mapping[Any, Any]) -> str:
    """How a slot is called in a sentence: ``Instagram, 3 Dec 2026 18:30, Title``."""
    named = [word("network.{}", slot["network"]), i18n.day(slot["when"].to_pydatetime()), _cut(slot["title"])]
    return i18n.join(filter(None, named))


def counted(network: str, text: str, link: str) -> tuple[int, int | None]:
    """How long is a text where it is published, with a link that stands in it, and how long may it be?"""
    apart = network not in rules.words.LINKED or not link.strip() or link.strip() in text
    n = rules.length(text.strip() if apart else f"{text.strip()}\n\n{link.strip()}", network)
    known = facts.load("networks")
    found = known[(known["network"] == network) & (known["fact"] == "caption_max")]["value"].astype("str")
    most = next(iter(found), "")
    return n, int(most) if most.isdigit() else None


def _kind(name: str, kind: str) -> str:
    return "" if name == kind else word("kind.{}", kind)


def _moments(moments: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"key": str(one["moment"]), "name": str(one["name"]), "first": _day(one["first"]),
         "last": _day(one["last"]), "sensitive": bool(one["sensitive"])}
        for one in moments.to_dict("records")
    ]  # fmt: skip


def _spans(blackouts: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {"name": str(one["name"]), "first": _day(one["first"]), "last": _day(one["last"])}
        for one in blackouts.to_dict("records")
    ]


def _day(when: Any) -> str:
    return date(when.year, when.month, when.day).isoformat()


def _said(slot: Mapping[Any, Any] | None, names: Sequence[str]) -> str:
    """What a plan says of a slot in which two differ; nothing else of it."""
    if slot is None:
        return t("grid.absent")
    colon = t("sheet.colon")
    return t("sheet.separator").join(
        f"{t(f'grid.field.{name}')}{colon} {_told(slot, name)}" for name in names
    )


def _told(slot: Mapping[Any, Any], name: str) -> str:
    value = slot[name]
    if name == "when":
        return i18n.day(value.to_pydatetime())
    if name == "fixed":
        return t("grid.yes") if value else t("grid.no")
    if name == "hours":
        return "" if pd.isna(value) else i18n.number(value, 2)
    return _cut(word("editorial.status.{}", value) if name == "status" else value)


def _cut(text: object) -> str:
    plain = " ".join(str(text).split())
    return plain if len(plain) <= SEEN else plain[: SEEN - 1] + "…"
