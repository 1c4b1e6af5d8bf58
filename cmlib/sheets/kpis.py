"""The sheets of the KPI report: the scorecard, what to remember, the posts that stood out, and the tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from cmlib import i18n
from cmlib.cells import Row, amount, blank, cell, count, explained, link, points, word
from cmlib.i18n import t
from cmlib.metrics import METRICS
from cmlib.sheets.page import Sheet, joined, made, message, rows, sentences, table, together

GLYPHS = {"better": "▲", "worse": "▼", "more": "△", "fewer": "▽", "cannot_tell": "≈", "no_data": "○"}


def findings(found: Iterable[tuple[str, Mapping[str, object]]]) -> Sheet:
    """What is to be remembered? Sentences: pairs of a key under [finding] and its values."""
    return sentences(t(f"finding.{key}", **_values(values)) for key, values in found)


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a sentence, as people write each."""
    unit = METRICS[values["metric"]].unit if values.get("metric") in METRICS else "count"
    written: dict[str, Callable[[Any], object]] = {
        "metric": lambda v: word("metric.{}.name", v),
        "network": lambda v: word("network.{}", v),
        "kind": lambda v: word("kind.{}", v),
        "figure": lambda v: [word("figure.{}", name) for name in ([v] if isinstance(v, str) else v)],
        **dict.fromkeys(("change", "low", "high"), _relative),
        "targets": lambda rows: t("sheet.separator").join(
            t("finding.target", **_values(row)) for row in rows
        ),
        **dict.fromkeys(("total", "mix", "within", "part"), points),
        **dict.fromkeys(("value", "last_month", "others", "target"), lambda v: amount(v, unit)),
    }
    return {name: written[name](value) if name in written else value for name, value in values.items()}


def scorecard(frame: pd.DataFrame) -> Sheet:
    """How was the month? A card for each metric: value, interval, past, target and verdict.

    Columns: metric, unit, currency, value, low, high, n, note, last_month, last_year, target, reached,
    change, verdict, why.
    """
    if frame.empty:
        return message("info", t("sheet.nothing"))
    cards = joined(map(_card, rows(frame)))
    return made('<div class="cm-cards">\n{}\n</div>', cards)


def _card(row: Row) -> Markup:
    def said(name: str) -> str:
        return _amount(row, name)

    past = [
        (t("sheet.last_month"), said("last_month"), _change(row)),
        (t("sheet.last_year"), said("last_year"), ""),
        (t("sheet.target"), said("target"), _reached(row)),
    ]
    lines = joined(
        Markup("<div><dt>{}</dt> <dd>{} <small>{}</small></dd></div>").format(*entry) for entry in past
    )
    return Markup(
        '<section class="cm-card"><h3>{}</h3>\n<p class="cm-value{}">{}</p>\n<p class="cm-range">{}</p>\n'
        "{}\n<dl>{}</dl></section>"
    ).format(
        word("metric.{}.name", row["metric"]), " cm-missing" if blank(row["value"]) else "",
        said("value"), _range(row), _verdict(row), lines,
    )  # fmt: skip


def _range(row: Row) -> Markup:
    """Between which values, and from how many posts; or why there is no figure."""
    if blank(row["value"]):
        return escape(explained(row.get("note")))
    parts = []
    if not blank(row.get("low")):
        low, high = (_amount(row, name) for name in ("low", "high"))
        parts.append(t("sheet.interval_95", low=low, high=high))
    if not blank(row.get("n")) and row["n"] > 0 and row["value"] != row["n"]:
        parts.append(count(row))
    note = explained(row.get("note"))
    spans = [Markup("<span>{}</span>").format(part) for part in [*parts, note] if part]
    return joined(spans)


def _verdict(row: Row) -> Markup:
    """The verdict as a sign and a word, never as a colour alone, and what it rests on."""
    verdict = "" if blank(row.get("verdict")) else str(row["verdict"])
    if verdict not in GLYPHS:
        return Markup("")
    why = "" if blank(row.get("why")) else str(row["why"])
    keys = (f"verdict.why.{why}_{verdict}", f"verdict.why.{why}")
    reason = next((t(key) for key in keys if i18n.has(key)), "")
    return Markup(
        '<p class="cm-verdict cm-{}"><b><span class="cm-glyph" aria-hidden="true">{}</span> {}</b> {}</p>'
    ).format(verdict, GLYPHS[verdict], t(f"verdict.{verdict}"), reason)


def _amount(row: Row, name: str) -> str:
    return amount(row.get(name), str(row["unit"]), str(row.get("currency") or "EUR"))


def _change(row: Row) -> str:
    """The change since last month: of rates in points, of scores as a difference, of counts in percent."""
    change = row.get("change")
    if blank(change):
        return ""
    if row["unit"] == "rate":
        return points(change)  # type: ignore[arg-type]
    return _amount(row, "change") if row["unit"] == "score" else _relative(change)


def _relative(change: Any) -> str:
    return i18n.signed(i18n.percent(change, 1), change)


def _reached(row: Row) -> Markup:
    state = row.get("reached")
    if blank(state):
        return Markup("")
    glyph = {"met": "✓", "missed": "✗", "near": "≈"}[str(state)]
    return Markup('<span class="cm-{}">{} {}</span>').format(state, glyph, t(f"sheet.target_{state}"))


def coverage(frame: pd.DataFrame) -> Sheet:
    """From which accounts do the figures come, and which days are missing?"""
    days = ["first", "last", "observed_at", "missing_days"]
    return table(frame, ["network", "account", "table", "files", "rows", *days])


def rules(frame: pd.DataFrame) -> Sheet:
    """Which tool would have shown which engagement rate, and how does it count?"""
    ordered = frame.sort_values("value", ascending=False, na_position="last", kind="stable")
    return table(ordered, ["tool", "value", "interval", "n", "formula", "note"])


def moves(frame: pd.DataFrame) -> Sheet:
    """What moved the engagement rate, by network and kind, in points?"""
    return table(frame, ["network", "kind", "mix", "within", "total"])


def appendix(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How is each figure computed, from which files and with what, and which rows were left out?"""
    columns = {
        "definitions": ["label", "formula", "source"],
        "files": ["name", "format", "rows", "aside", "observed_at", "digest"],
        "aside": ["name", "line", "reason", "excerpt"],
        "versions": ["package", "version"],
    }
    there = [n for n in columns if n in frames]
    return together(table(frames[n], columns[n], t(f"sheet.caption.{n}")) for n in there)


def notable(frame: pd.DataFrame, unit: str = "rate") -> Sheet:
    """Which posts did best and weakest, against what their account usually gets?"""
    if frame.empty:
        return message("info", t("sheet.no_habit"))
    sides = []
    for place in ("best", "weakest"):
        posts = [_post(row, unit) for row in rows(frame[frame["place"] == place])]
        if posts:
            said = Markup('<section><h3>{}</h3>\n<ol class="cm-posts">\n{}\n</ol></section>')
            sides.append(said.format(t(f"sheet.{place}"), joined(posts)))
    return made('<div class="cm-notable">{}</div>', joined(sides))


def _post(row: Row, unit: str) -> Markup:
    where = [cell(name, row, unit) for name in ("network", "account", "kind", "published_at")]
    instead = t("sheet.instead", value=cell("value", row, unit), habit=cell("habit", row, unit))
    return Markup(
        '<li><p class="cm-where"><span>{}</span> <b>{}</b></p>\n<p class="cm-words">{}</p>\n'
        '<p class="cm-instead">{} {}</p></li>'
    ).format(
        Markup(" · ").join(part for part in where if part != t("sheet.missing")),
        cell("times", row, unit), cell("text", row, unit), instead, link(row.get("url"), t("sheet.open")),
    )  # fmt: skip
