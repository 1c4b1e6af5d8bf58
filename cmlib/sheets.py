"""Cards, tables and sentences from a frame: what a page shows beside its charts.

Everything here is made with markupsafe, so that whatever came from a file is escaped. Nothing is computed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files as resources
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from cmlib import i18n
from cmlib.cells import DAYS, NUMBERS, Row, amount, blank, cell, count, explained, link, month, points, word
from cmlib.i18n import t
from cmlib.metrics import METRICS

_TITLE, _SECTION = "{}.title.{}", "{}.section.{}.{}"  # keys of a page's words
GLYPHS = {"better": "▲", "worse": "▼", "more": "△", "fewer": "▽", "cannot_tell": "≈", "no_data": "○"}


@dataclass(frozen=True)
class Sheet:
    """A piece of a page: HTML, and its words alone for where there is none."""

    html: Markup

    @property
    def text(self) -> str:
        """The words, a line for each row, sentence or card."""
        words = re.sub(r"<style.*?</style>", "", str(self.html), flags=re.DOTALL)
        lines = re.split(r"</(?:tr|p|li|h\d|div|caption)>", re.sub(r"\s+", " ", words))
        lines = [unescape(re.sub(r"<[^>]*>", " ", line)) for line in lines]
        return "\n".join(" ".join(line.split()) for line in lines if line.strip())

    def _repr_html_(self) -> str:
        return str(self.html)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": str(self.html), "text/plain": self.text}


def style() -> Sheet:
    """What all sheets look like, once for each page; nothing outside them changes."""
    return Sheet(Markup("<style>{}</style>").format(Markup(css())))


def css() -> str:
    """The style sheet that every page shares."""
    return (resources("cmlib") / "templates" / "report.css").read_text(encoding="utf-8")


# Words


def title(key: str, /, **values: object) -> Sheet:
    """What page is this? ``title("kpis", brand="Demo", month="2026-10")``: its kind, name and subject."""
    said = {
        n: month(v) if n == "month" else v.date() if isinstance(v, datetime) else v for n, v in values.items()
    }
    words = {part: t(_TITLE.format(key, part), **said) for part in ("kicker", "name", "subtitle")}
    return _sheet(
        '<header class="cm-title"><p class="cm-kicker">{kicker}</p>\n<h1>{name}</h1>\n'
        '<p class="cm-subtitle">{subtitle}</p></header>',
        **words,
    )


def section(key: str, page: str = "kpis") -> Sheet:
    """What does this part of the page show, and how is it read?"""
    words = {part: t(_SECTION.format(page, key, part)) for part in ("title", "why")}
    return _sheet('<header class="cm-section"><h2>{title}</h2>\n<p>{why}</p></header>', **words)


def line(parameters: Mapping[str, object]) -> Sheet:
    """What was asked for? The parameters of a report as one line under its title."""
    written: dict[str, Callable[[object], str]] = {
        "month": month,
        "as_of": lambda v: i18n.day(datetime.fromisoformat(str(v)).astimezone(UTC)) + " UTC",
        "lang": lambda v: word("sheet.language_{}", v),
        "rate": lambda v: word("metric.{}.name", v),
    }
    parts = (
        Markup("<span>{}{} <b>{}</b></span>").format(
            word("sheet.{}", name), t("sheet.colon"), written.get(name, str)(value)
        )
        for name, value in parameters.items()
        if value not in (None, "")
    )
    return _sheet('<p class="cm-line">{}</p>', _joined(parts))


def findings(found: Iterable[tuple[str, Mapping[str, object]]]) -> Sheet:
    """What is to be remembered? Sentences: pairs of a key under [finding] and its values."""
    return _sentences("finding.{}", found)


def steps(found: Iterable[tuple[str, Mapping[str, Any]]]) -> Sheet:
    """What is to be done next? Pairs of a key under [start.step] and its values."""
    return _sentences("start.step.{}", found)


def _sentences(keys: str, found: Iterable[tuple[str, Mapping[str, Any]]]) -> Sheet:
    said = [Markup("<li>{}</li>").format(t(keys.format(key), **_values(values))) for key, values in found]
    if not said:
        return message("info", t("sheet.nothing"))
    return _sheet('<ol class="cm-findings">\n{}\n</ol>', _joined(said))


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


def message(kind: str, text: str) -> Sheet:
    """What went wrong, is worth knowing, or is to be done next? ``kind``: error, info or todo."""
    glyph = {"error": "!", "info": "i", "todo": "→"}[kind]
    return _sheet(
        '<div class="cm-message cm-{}"><p><span class="cm-glyph" aria-hidden="true">{}</span> <b>{}</b></p>\n'
        "<p>{}</p></div>",
        kind, glyph, t(f"sheet.{kind}"), text,
    )  # fmt: skip


# Cards


def scorecard(frame: pd.DataFrame) -> Sheet:
    """How was the month? A card for each metric: value, interval, past, target and verdict.

    Columns: metric, unit, currency, value, low, high, n, note, last_month, last_year, target, reached,
    change, verdict, why.
    """
    if frame.empty:
        return message("info", t("sheet.nothing"))
    cards = _joined(map(_card, _rows(frame)))
    return _sheet('<div class="cm-cards">\n{}\n</div>', cards)


def _card(row: Row) -> Markup:
    def said(name: str) -> str:
        return _amount(row, name)

    past = [
        (t("sheet.last_month"), said("last_month"), _change(row)),
        (t("sheet.last_year"), said("last_year"), ""),
        (t("sheet.target"), said("target"), _reached(row)),
    ]
    lines = _joined(
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
    return _joined(spans)


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


# Tables


def table(
    frame: pd.DataFrame, columns: Sequence[str] | None = None, caption: str = "", unit: str = "rate"
) -> Sheet:
    """What does this frame say, as a person writes it?

    ``columns``: which, in which order; "interval" puts low and high together. ``unit``: of the values where
    no column ``metric`` tells. Names of networks, kinds and metrics are translated, missing is a dash.
    """
    if frame.empty:
        return message("info", t("sheet.nothing"))
    names = [str(c) for c in (frame.columns if columns is None else columns)]
    sides = {n: ' class="cm-number"' * (n in NUMBERS) + ' class="cm-day"' * (n in DAYS) for n in names}
    heads = _joined(
        Markup('<th scope="col"{}>{}</th>').format(Markup(sides[n]), word("sheet.column.{}", n))
        for n in names
    )
    body = _joined(
        Markup("<tr{}>{}</tr>").format(
            Markup(' class="cm-total"') if row.get("network") == "all" else "",
            _joined(Markup("<td{}>{}</td>").format(Markup(sides[n]), cell(n, row, unit)) for n in names),
        )
        for row in _rows(frame)
    )
    said = Markup("<caption>{}</caption>").format(caption) if caption else ""
    return _sheet(
        '<div class="cm-scroll" role="region" tabindex="0" aria-label="{}"><table class="cm-table">{}\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>",
        caption or t("sheet.table"), said, heads, body,
    )  # fmt: skip


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
    return Sheet(_joined(table(frames[n], columns[n], t(f"sheet.caption.{n}")).html for n in columns))


def recognised(frame: pd.DataFrame) -> Sheet:
    """Which files were recognised, and what was read in them?"""
    return table(frame, ["name", "format", "network", "account", "table", "rows", "first", "last", "aside"])


def missing(frame: pd.DataFrame) -> Sheet:
    """What lacks for the month, and where is it exported?"""
    if frame.empty:
        return message("info", t("start.nothing_missing"))
    return table(frame, ["network", "account", "table", "state", "until", "where"])


def intake(frame: pd.DataFrame) -> Sheet:
    """What became of the files just dropped in?"""
    return table(frame, ["name", "outcome", "format", "account", "rows", "aside"])


def notable(frame: pd.DataFrame, unit: str = "rate") -> Sheet:
    """Which posts did best and weakest, against what their account usually gets?"""
    if frame.empty:
        return message("info", t("sheet.no_habit"))
    sides = []
    for place in ("best", "weakest"):
        posts = [_post(row, unit) for row in _rows(frame[frame["place"] == place])]
        if posts:
            said = Markup('<section><h3>{}</h3>\n<ol class="cm-posts">\n{}\n</ol></section>')
            sides.append(said.format(t(f"sheet.{place}"), _joined(posts)))
    return _sheet('<div class="cm-notable">{}</div>', _joined(sides))


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


def _rows(frame: pd.DataFrame) -> list[Row]:
    columns = [str(c) for c in frame.columns]
    return [
        dict(zip(columns, row, strict=True))
        for row in frame.astype(object).itertuples(index=False, name=None)
    ]


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("\n").join(parts)


def _sheet(template: str, *parts: object, **named: object) -> Sheet:
    """The one place where a piece of a page is made: all that is put into the template is escaped."""
    return Sheet(Markup(f'<div class="cm">{template}</div>').format(*parts, **named))
