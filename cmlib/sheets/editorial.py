"""The sheets of the editorial calendar: what to remember, what clashes, every slot and why it is there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from cmlib import facts, i18n, rules
from cmlib.cells import Row, amount, because, blank, capital, cited, month, relative, share, word
from cmlib.cells import hours as exact
from cmlib.cells import piece as made_as
from cmlib.i18n import t
from cmlib.sheets.means import coverage, hours, load
from cmlib.sheets.months import (
    BADGES,
    STATUSES,
    calendar,
    clock,
    piece,
    printable,
    short,
    shown,
    state,
    what,
)
from cmlib.sheets.page import Sheet, folded, joined, made, message, rows, sentences, table, together

__all__ = [
    "BADGES", "STATUSES", "calendar", "checks", "clashes", "coverage", "files", "findings", "hours", "load",
    "moments", "printable", "said", "slots",
]  # fmt: skip
Finding = tuple[str, Mapping[str, Any]]
Frames = Mapping[str, Any]
TODO = ("no_plan", "no_posts", "no_team", "no_cadence", "all_shut")  # findings that are something to do
MOST = 12  # slots, or things to mend, before the rest is folded
NAMED = 6  # of a list in a sentence, before the rest is only counted
LEVELS = {"must": "!", "should": "→", "info": "i"}


# ── Sentences ───────────────────────────────────────────────────────────────────────────────────────────────


def findings(found: Iterable[Finding]) -> Sheet:
    """What is to be remembered of the plan? Pairs of a key under [editorial.finding] and its values."""
    told = list(found)
    todo = [message("todo", t(f"editorial.todo.{key}")) for key, _ in told if key in TODO]
    lines = [said(key, values) for key, values in told if key not in TODO]
    return together([*([sentences(lines)] if lines or not todo else []), *todo])


def said(key: str, values: Mapping[str, Any]) -> str:
    """A finding as people say it."""
    return t(f"editorial.finding.{key}", **_written(values))


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Names as people call them, numbers as they write them; of a list also how many it holds."""
    counted = {"n": len(values["networks"])} if "networks" in values and "n" not in values else {}
    unit = "rate" if values.get("objective") == "rate" else "count"
    if "objective" in values:  # so many interactions
        about = {end: amount(values[end], unit) for end in ("value", "low", "high") if end in values}
        return {**values, **about, "objective": t(f"editorial.objective.{values['objective']}")}
    return {**{name: _one(name, value) for name, value in values.items()}, **counted}


def _one(name: str, value: Any) -> Any:
    written = _WRITTEN.get(name)
    return value if written is None else written(value)


_WRITTEN: dict[str, Callable[[Any], object]] = {
    "network": lambda v: word("network.{}", v),
    "networks": lambda v: _few([word("network.{}", one) for one in v]),
    "moments": lambda v: _few(list(v)),
    "kind": made_as,
    "weekday": lambda v: t(f"chart.day_{v}"),
    "hour": lambda v: t("editorial.clock", hour=f"{v:02}", minute="00"),
    "reason": lambda v: word("editorial.reason.{}", v),
    "share": share,
    **dict.fromkeys(("effect", "low", "high"), relative),
    **dict.fromkeys(("hours", "capacity"), exact),
    "gap": lambda v: i18n.percent(v, 1),
}


def _few(listed: Sequence[str]) -> str:
    """The first of a list, and how many others there are."""
    rest = len(listed) - NAMED
    if rest > 0:
        return t("rival.and_others", some=i18n.join(listed[:NAMED]), n=rest)
    return (
        t("platforms.and", first=i18n.join(listed[:-1]), last=listed[-1])
        if len(listed) > 1
        else "".join(listed)
    )


def clashes(frames: Frames) -> Sheet:
    """Which rules cannot all be kept, and which ones does the nearest plan give up? Nothing where all are."""
    if frames["clashes"].empty and frames["given_way"].empty:
        return made('<p class="cm-say">{}</p>', t("editorial.no_clash"))
    parts = []
    for key in ("clashes", "given_way"):
        found = [Markup("<li>{}</li>").format(_clash(row, key)) for row in rows(frames[key])]
        if found:
            parts.append(
                made(
                    '<h3 class="cm-grade">{}</h3>\n<ul class="cm-points">\n{}\n</ul>',
                    t(f"editorial.{key}"),
                    joined(found),
                )
            )
    return together([*parts, made('<p class="cm-say">{}</p>', t("editorial.clash_help"))])


def _clash(row: Row, key: str) -> Markup:
    """A rule in words: what it asks for, of whom and when, and what can be had of it."""
    rule, week = str(row["rule"]), row["week"]
    known = i18n.has(f"editorial.clash.{rule}")
    key_of = f"editorial.clash.{rule}" if known else "editorial.clash_other"
    name = t(key_of, rule=rule, subject=_subject(rule, row["subject"]))
    when = "" if blank(week) else t("editorial.in_week", week=week.date())
    unit = _UNITS.get(rule.partition("_")[0], exact)
    got = row.get("possible", row.get("got"))
    asked = {
        name: "" if blank(value) else unit(float(str(value)))
        for name, value in (("wanted", row["wanted"]), ("got", got))
    }
    both = "" if not all(asked.values()) else t(f"editorial.{key}_asked", **asked)
    return Markup("<b>{}{}{}</b> {}").format(name, when, t("sheet.colon") if both else "", both)


_UNITS: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(("mix", "pillars"), lambda v: share(v) if v <= 1 else exact(v)),
    **dict.fromkeys(
        ("hours", "capacity", "spacing", "lead"), lambda v: t("editorial.hours_of", hours=exact(v))
    ),
}


def _subject(rule: str, subject: Any) -> str:
    """Whom a rule is about: an owner, a network with its account, a kind, a pillar."""
    name, _, handle = str(subject).partition("/")
    if rule.startswith("mix"):
        return made_as(name)
    if rule == "budget":
        return month(name)
    called = word("network.{}", name)
    return f"{called} ({handle})" if handle else called or t("editorial.nobody")


# ── Slots ───────────────────────────────────────────────────────────────────────────────────────────────────


def slots(frames: Frames) -> Sheet:
    """What is published when, by whom, what is expected of it, and why is it there?"""
    plan = frames["plan"]
    if plan.empty:
        return message("todo", t("editorial.todo.no_plan"))
    named = dict(zip(frames["moments"]["moment"], frames["moments"]["name"], strict=True))
    listed = plan.assign(
        when=_marked(map(_moment_of, rows(plan)), plan),
        piece=_marked(map(_piece, rows(plan)), plan),
        pillar=[_pillar(row, named) for row in rows(plan)],
        expected=_marked(map(_expected, rows(plan)), plan),
        work=[exact(value) if not blank(value) else t("sheet.missing") for value in plan["hours"]],
        owner=[str(owner) or t("sheet.missing") for owner in plan["owner"]],
        status=_marked((_status(row) for row in rows(plan)), plan),
        why=_marked(map(_why, rows(plan)), plan),
    )
    names = ["when", "piece", "pillar", "expected", "work", "owner", "status", "why"]
    objective = word("editorial.objective.{}", plan["objective"].iloc[0] or "interactions")
    caption = t("editorial.caption.slots", objective=objective)
    parts = [table(listed.head(MOST), names, caption)]
    if len(plan) > MOST:
        parts.append(folded(t("editorial.caption.all_slots", n=len(plan)), table(listed, names, caption)))
    return made('<div class="cm-listed">{}</div>', together(parts).html)


def day(when: pd.Timestamp) -> str:
    """``Wed 2 Dec``"""
    return f"{t(f'editorial.day_{when.weekday()}')} {short(when)}"


def _moment_of(row: Row) -> Markup:
    """When it is published, and below that where."""
    said = day(row["when"]), clock(row["when"]), word("network.{}", row["network"])
    return Markup('<span class="cm-instant">{} <b>{}</b></span> <small class="cm-piece">{}</small>').format(
        *said
    )


def _piece(row: Row) -> Markup:
    """What it is about, and below it what it is made as."""
    title = Markup("<bdi>{}</bdi>").format(row["title"]) if not blank(row["title"]) else Markup("")
    below = Markup('<small class="cm-piece">{}</small>').format(piece(row)) if title else piece(row)
    return Markup("{} {}").format(title, below)


def _pillar(row: Row, named: Mapping[Any, Any]) -> str:
    """Its pillar, and the moment that it catches."""
    moment = named.get(row["moment"], row["moment"])
    return t("sheet.separator").join(str(one) for one in (row["pillar"], moment) if not blank(one)) or t(
        "sheet.missing"
    )


def _expected(row: Row) -> Markup | str:
    """What it should bring, with the range in which 8 of 10 posts fall."""
    if blank(row["expected"]):
        return t("sheet.missing")
    value = i18n.number(round(row["expected"]))
    if blank(row["low"]) or blank(row["high"]):
        return value
    ends = t("sheet.interval", low=i18n.number(round(row["low"])), high=i18n.number(round(row["high"])))
    return Markup('{} <small class="cm-ends">{}</small>').format(value, ends)


def _status(row: Row) -> Markup:
    pin = Markup(' <span class="cm-mark">{}</span>').format(t("editorial.fixed")) if row["fixed"] else ""
    return Markup("{}{}").format(state(row["status"]), pin)


def _why(row: Row) -> Markup:
    """The reasons for a slot, one after the other; somebody's own words as they are."""
    told = t("sheet.separator").join(because(str(row["why"])))
    return Markup('<span class="cm-note">{}</span>').format(capital(told))


# ── Moments and rules ───────────────────────────────────────────────────────────────────────────────────────


def moments(found: pd.DataFrame) -> Sheet:
    """Which moments fall into these weeks, on which networks are they caught, and if on none, why not?"""
    if found.empty:
        return message("info", t("editorial.no_moment"))
    missing = t("sheet.missing")
    whole = found.assign(
        event=_marked(map(_named, rows(found)), found),
        dates=[_dates(row) for row in rows(found)],
        caught=_marked(map(_caught, rows(found)), found),
        origin=_marked((missing if blank(row["source"]) else cited(row) for row in rows(found)), found),
    )
    worth = pd.Series([shown(row) for row in rows(found)], index=found.index, dtype="bool")
    names, where = ["dates", "event", "caught"], ["dates", "event", "origin", "source_date"]
    rest, nothing = whole[~worth], made('<p class="cm-say">{}</p>', t("editorial.no_moment"))
    parts = [table(whole[worth], names) if worth.any() else nothing]
    parts += [folded(t("editorial.caption.others", n=len(rest)), table(rest, names))] if len(rest) else []
    return together([*parts, folded(t("editorial.caption.sources"), table(whole, where))])


def _named(row: Row) -> Markup:
    return Markup("<bdi>{}</bdi>").format(row["name"])


def _dates(row: Row) -> str:
    days = [i18n.day(row[end].date()) for end in ("first", "last")]
    return days[0] if days[0] == days[1] else t("sheet.interval", low=short(row["first"]), high=days[1])


def _caught(row: Row) -> Markup | str:
    if not row["caught"]:
        return word("editorial.reason.{}", row["reason"] or "none")
    networks, posts = _few([word("network.{}", one) for one in row["networks"]]), int(row["n"])
    by = (
        t("editorial.caught_on", networks=networks, n=posts)
        if networks
        else t("editorial.caught_by", n=posts)
    )
    return Markup('<span aria-hidden="true">★</span> {}').format(by)


def checks(frames: Frames) -> Sheet:
    """Which rules does the plan break, where, and whose rules are they? What must be mended comes first."""
    found = frames["checks"]
    if found.empty:
        return made('<p class="cm-lead">{}</p>', t("editorial.no_check"))
    by = {row["slot_id"]: row for row in rows(frames["plan"])}
    laws = _laws()
    parts = []
    for level, glyph in LEVELS.items():
        lines = [_check(row, by, laws) for row in rows(found[found["level"] == level])]
        if lines:
            head = made(
                '<h3 class="cm-grade cm-{}"><span class="cm-glyph" aria-hidden="true">{}</span> {}</h3>',
                level, glyph, t(f"editorial.level.{level}", n=len(lines)),
            )  # fmt: skip
            parts += [head, _points(lines[:MOST])]
            rest = lines[MOST:]
            parts += [folded(t("editorial.caption.more_checks", n=len(rest)), _points(rest))] if rest else []
    return together(parts)


def _points(lines: Iterable[Markup]) -> Sheet:
    return made('<ul class="cm-points">\n{}\n</ul>', joined(lines))


def _check(row: Row, by: Mapping[Any, Row], laws: Mapping[str, Row]) -> Markup:
    """A rule that is broken: the slot, what is wrong, and whose rule it is."""
    slot, law = by.get(row["slot_id"]), laws.get(str(row["where"]))
    below = [*([what(slot)] if slot else []), *([cited(law)] if law else [])]
    small = Markup(' <small class="cm-law">{}</small>').format(Markup(" · ").join(filter(None, below)))
    return Markup("<li>{}{}{}</li>").format(
        _where(slot) if slot else "", rules.says(row), small if any(below) else ""
    )


def _where(slot: Row) -> Markup:
    """When and where the slot is that a rule is about."""
    network = word("network.{}", slot["network"])
    return Markup("<b>{} {}, {}{}</b> ").format(
        day(slot["when"]), clock(slot["when"]), network, t("sheet.colon")
    )


def _laws() -> dict[str, Row]:
    """The rows of law, and of what networks allow, by their keys."""
    legal, networks = facts.load("legal"), facts.load("networks")
    found = {str(row["key"]): row for row in rows(legal)}
    return found | {f"{row['network']}.{row['fact']}": row for row in rows(networks)}


def files(frames: Frames) -> Sheet:
    """From which exports, which plan and how near to the best is all of this?"""
    parts = []
    if not blank(frames.get("gap", None)):
        gap, seconds = frames["gap"], frames.get("seconds", 0.0)
        parts.append(
            t("editorial.proven", gap=i18n.percent(max(gap, 0.0), 1), seconds=i18n.number(seconds, 1))
        )
    if frames.get("version"):
        parts.append(t("editorial.version", version=str(frames["version"])[:12]))
    lines = [made('<p class="cm-say">{}</p>', one) for one in parts]
    found = frames["files"]
    if found.empty:
        return together([*lines, message("todo", t("editorial.todo.no_posts"))])
    whole = table(found, ["name", "format", "rows", "aside", "observed_at", "digest"])
    return together([*lines, folded(t("editorial.caption.files", n=len(found)), whole)])


def _marked(pieces: Iterable[Markup | str], frame: pd.DataFrame) -> pd.Series:
    """A column of pieces of HTML: as plain words they would be escaped once more."""
    return pd.Series(list(pieces), index=frame.index, dtype="object")
