"""The pieces that every page is made of: titles, lines, messages, sentences and tables.

Everything here is made with markupsafe, so that whatever came from a file is escaped.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from importlib.resources import files as resources

import pandas as pd
from markupsafe import Markup, escape

from cmlib import i18n
from cmlib.cells import DAYS, NUMBERS, Row, cell, month, word
from cmlib.i18n import t
from cmlib.schema import CRITERIA

_TITLE, _SECTION = "{}.title.{}", "{}.section.{}.{}"  # keys of a page's words


@dataclass(frozen=True)
class Sheet:
    """A piece of a page: HTML, and its words alone for where there is none."""

    html: Markup

    @property
    def text(self) -> str:
        """The words, a line for each row, sentence or card."""
        words = re.sub(r"<style.*?</style>", "", str(self.html), flags=re.DOTALL)
        lines = re.split(r"</(?:tr|p|li|h\d|div|caption|summary)>", re.sub(r"\s+", " ", words))
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


def title(key: str, /, **values: object) -> Sheet:
    """What page is this? ``title("kpis", brand="Demo", month="2026-10")``: its kind, name and subject."""
    said = {
        n: month(v) if n == "month" else v.date() if isinstance(v, datetime) else v for n, v in values.items()
    }
    words = {part: t(_TITLE.format(key, part), **said) for part in ("kicker", "name", "subtitle")}
    return made(
        '<header class="cm-title"><p class="cm-kicker">{kicker}</p>\n<h1>{name}</h1>\n'
        '<p class="cm-subtitle">{subtitle}</p></header>',
        **words,
    )


def section(key: str, page: str = "kpis") -> Sheet:
    """What does this part of the page show, and how is it read?"""
    words = {part: t(_SECTION.format(page, key, part)) for part in ("title", "why")}
    return made('<header class="cm-section"><h2>{title}</h2>\n<p>{why}</p></header>', **words)


def line(parameters: Mapping[str, object]) -> Sheet:
    """What was asked for? The parameters of a report as one line under its title."""
    written: dict[str, Callable[[object], str]] = {
        "month": month,
        "as_of": lambda v: i18n.day(datetime.fromisoformat(str(v)).astimezone(UTC)) + " UTC",
        "lang": lambda v: word("sheet.language_{}", v),
        "rate": lambda v: word("metric.{}.name", v),
        "hours": lambda v: i18n.number(float(str(v)), 0 if float(str(v)).is_integer() else 1),
        "weights": _weights,
        "months": lambda v: t("sheet.months_of", n=v),
        "start": lambda v: i18n.day(date.fromisoformat(str(v))),
        "objective": lambda v: word("form.goal.{}", v),
        "network": lambda v: word("network.{}", v),
        "kind": lambda v: word("kind.{}", v),
    }
    parts = (
        Markup("<span>{}{} <b>{}</b></span>").format(
            word("sheet.{}", name), t("sheet.colon"), written.get(name, str)(value)
        )
        for name, value in parameters.items()
        if value not in (None, "")
    )
    return made('<p class="cm-line">{}</p>', joined(parts))


def _weights(said: object) -> str:
    """``presence=2, cost=1`` with the criteria as people call them."""
    pairs = (part.partition("=") for part in str(said).split(","))
    return i18n.join(f"{word('criterion.{}', name.strip())} {value.strip()}" for name, _, value in pairs)


def message(kind: str, text: str) -> Sheet:
    """What went wrong, is worth knowing, not to be missed, or to be done? error, info, mind or todo.

    What stands between backticks is to be typed as it is.
    """
    glyph = {"error": "!", "info": "i", "mind": "!", "todo": "→"}[kind]
    return made(
        '<div class="cm-message cm-{}"><p><span class="cm-glyph" aria-hidden="true">{}</span> <b>{}</b></p>\n'
        "<p>{}</p></div>",
        kind, glyph, t(f"sheet.{kind}"), _typed(text),
    )  # fmt: skip


def _typed(text: str) -> Markup:
    """Words, with what stands between backticks set as code."""
    parts = re.split(r"`([^`\n]+)`", text)
    said = (Markup("<code>{}</code>").format(p) if nth % 2 else escape(p) for nth, p in enumerate(parts))
    return Markup("").join(said)


def sentences(said: Iterable[str]) -> Sheet:
    """Sentences, one after the other and numbered; or that there are none."""
    found = [Markup("<li>{}</li>").format(one) for one in said]
    if not found:
        return message("info", t("sheet.nothing"))
    return made('<ol class="cm-findings">\n{}\n</ol>', joined(found))


def table(
    frame: pd.DataFrame,
    columns: Sequence[str] | None = None,
    caption: str = "",
    unit: str = "rate",
    once: str = "",
) -> Sheet:
    """What does this frame say, as a person writes it?

    ``columns``: which, in which order; "interval" puts low and high together. ``unit``: of the values where
    no column ``metric`` tells. ``once``: the column whose values stand on the first of their rows alone.
    Names of networks, kinds and metrics are translated, missing is a dash.
    """
    if frame.empty:
        return message("info", t("sheet.nothing"))
    names = [str(c) for c in (frame.columns if columns is None else columns)]
    sides = {n: ' class="cm-number"' * (n in NUMBERS) + ' class="cm-day"' * (n in DAYS) for n in names}
    heads = joined(Markup('<th scope="col"{}>{}</th>').format(Markup(sides[n]), _head(n)) for n in names)
    again = frame[once].duplicated() if once else pd.Series(False, index=frame.index)
    body = joined(
        Markup("<tr{}>{}</tr>").format(
            Markup(' class="cm-total"') if row.get("network") == "all" else "",
            joined(
                Markup("<td{}>{}</td>").format(
                    Markup(sides[n]), "" if said_above and n == once else cell(n, row, unit)
                )
                for n in names
            ),
        )
        for row, said_above in zip(rows(frame), again, strict=True)
    )
    said = Markup("<caption>{}</caption>").format(caption) if caption else ""
    return made(
        '<div class="cm-scroll" role="region" tabindex="0" aria-label="{}"><table class="cm-table">{}\n'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>",
        caption or t("sheet.table"), said, heads, body,
    )  # fmt: skip


def folded(summary: str, sheet: Sheet) -> Sheet:
    """What not everybody reads, behind the words that open it."""
    return made('<details class="cm-folded"><summary>{}</summary>\n{}</details>', summary, sheet.html)


def _head(name: str) -> str:
    """What a column is called; one of points, as its criterion."""
    return word("criterion.{}", name) if name in CRITERIA else word("sheet.column.{}", name)


def rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame, each by the names of its columns."""
    columns = [str(c) for c in frame.columns]
    return [
        dict(zip(columns, row, strict=True))
        for row in frame.astype(object).itertuples(index=False, name=None)
    ]


def together(pieces: Iterable[Sheet]) -> Sheet:
    """Several pieces as one, beneath each other."""
    return Sheet(joined(piece.html for piece in pieces))


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces, a line for each."""
    return Markup("\n").join(parts)


def made(template: str, *parts: object, **named: object) -> Sheet:
    """The one place where a piece of a page is made: all that is put into the template is escaped."""
    return Sheet(Markup(f'<div class="cm">{template}</div>').format(*parts, **named))
