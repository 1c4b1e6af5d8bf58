"""How one cell of a frame is written: names, amounts, days and reasons, as a person does.

Sheets and charts both write so. What came from a file is escaped here; what has no word is said as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import floor, log10
from numbers import Real
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from markupsafe import Markup, escape

from cmlib import facts, i18n, plans
from cmlib.i18n import has, t
from cmlib.metrics import METRICS
from cmlib.schema import CRITERIA

LEAST = 0.05  # what is said in tenths
SMALL = 0.0001  # a rate of which two decimals of a percent show nothing
LONGEST = 140  # of a post's text, in characters
SHORT_DIGEST = 12
LARGE = 10  # from where money is said without its cents
Row = Mapping[str, Any]
# Of networks. Each at least 4.5:1 on white; the first six stay apart for colour-blind eyes.
COLOURS = {
    "facebook": "#1a6cc5", "instagram": "#c51364", "x": "#1c2126", "youtube": "#be4d11", "tiktok": "#147e7e",
    "linkedin": "#4b2e83", "web": "#6b7280", "pinterest": "#8a1c3a", "twitch": "#6b4fa0",
    "snapchat": "#6b6b1f", "threads": "#4a4a4a", "bluesky": "#1f6fa8", "mastodon": "#4f46b8",
    "reddit": "#a8431f", "viadeo": "#8a5a00", "messenger": "#3d5bc4", "whatsapp": "#1c7a45",
    "discord": "#4b55b0", "telegram": "#20718f",
}  # fmt: skip


def amount(value: Any, unit: str, currency: str = "EUR") -> str:
    """A figure as people write it: a rate in percent, a score with its sign; missing, a dash."""
    if blank(value):
        return t("sheet.missing")
    if unit in ("rate", "share"):
        return rate(value) if unit == "rate" else share(value)
    if unit == "money":
        return i18n.money(value, currency)
    if unit == "score":
        return i18n.signed(i18n.number(value, 0), value)
    if unit == "hours":
        return t("sheet.hours_of", value=i18n.number(value, 1 if abs(value) < LARGE else 0))
    small = abs(value) < 100 and float(value) != round(value)
    return i18n.number(value, 1 if small else 0)


def scores(counts: Mapping[int, int], examples: Sequence[str]) -> str:
    """What was answered to a question: three answers, and how often each score was given."""
    told = (t("survey.scored", score=score, n=n) for score, n in sorted(counts.items()))
    return t("survey.answers", n=sum(counts.values()), examples=examples[:3], counts=i18n.join(told))


def rate(value: float) -> str:
    """A rate in percent: ``3.25%``; of small ones two figures that count: ``0.0041%``."""
    small = 0 < abs(value) < SMALL
    return i18n.percent(value, 1 - floor(log10(abs(value) * 100)) if small else 2)


def share(value: float) -> str:
    """A share of people in whole percent: ``80%``, ``<1%`` for hardly anybody, ``0%`` for nobody."""
    return i18n.percent(value, 0) if value >= 0.005 or not value else t("sheet.hardly")


def relative(change: float, digits: int = 0) -> str:
    """A change in percent, with its sign: ``+40%`` for 0.4."""
    change = round(change, 2 + digits) or 0.0  # so that next to nothing has no sign
    return i18n.signed(i18n.percent(change, digits), change)


def points(value: float) -> str:
    """A part of a rate's change: ``+0.12 pt`` for 0.0012."""
    value = round(value * 100, 2) or 0.0  # so that next to nothing has no sign
    return t("sheet.points", value=i18n.signed(i18n.number(value, 2), value))


def _text(value: object) -> Markup:
    """A post's words, its beginning alone if they are many; their direction disturbs nothing around them."""
    words = " ".join(str(value).split())
    if len(words) > LONGEST:
        words = words[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
    return Markup("<bdi>{}</bdi>").format(words)


def link(url: object, words: Markup | str) -> Markup:
    """A link if it leads to a web page, and nothing otherwise."""
    try:
        parts = urlsplit("" if blank(url) else str(url).strip())
    except ValueError:
        return Markup("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return Markup("")
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        parts.geturl(), words
    )


def reason(value: object) -> str:
    """Why a row was set aside: a key of [aside], with the column after a colon."""
    key, _, column = str(value).partition(":")
    if not i18n.has(f"aside.{key}"):
        return str(value)
    return t(f"aside.{key}", column=word("figure.{}", column))


def _source(value: object) -> Markup:
    host = str(value).partition("://")[2].split("/")[0].removeprefix("www.")
    return link(value, host) or escape(str(value))


def cited(row: Row) -> Markup:
    """Who says so, as a link to where that can be read; further places by their hosts."""
    title = str(row["source"])
    ours = title in facts.SOURCES  # titles of others are as they were noted: in English
    said = escape(facts.said_by(title)) if ours else Markup('<span lang="en">{}</span>').format(title)
    first, *others = str(row["address"]).split(" ; ")
    return Markup(", ").join([link(first, said) or said, *map(_source, others)])


def hours(value: float) -> str:
    """``12``, ``6.4``, ``0.25``: as exact as it matters."""
    most = 2 if abs(value) < 1 else 1
    return i18n.number(value, next(n for n in range(most + 1) if round(value, n) == round(value, most)))


def tenths(value: float) -> str:
    """``4.9``, and less than 0.1 where that is next to nothing."""
    return i18n.number(value, 1) if abs(value) >= LEAST else t("sheet.less")


def _adds(part: float) -> str:
    """A part of the target in points: ``+48 points``."""
    value = round(100 * part, 0 if part >= 0.01 else 1)
    said = "+" + i18n.number(value, 0 if value >= 1 else 1) if value else t("sheet.less")
    return t("sheet.adds", n=value, value=said)


def explained(value: object) -> str:
    """A note in words: it holds the keys of its sentences."""
    if blank(value):
        return ""
    keys = str(value).split()
    return " ".join(t(key) for key in keys) if all(map(i18n.has, keys)) else str(value)


NUMBERS = frozenset((
    "value", "low", "high", "interval", "n", "mix", "within", "total", "files", "rows", "missing_days",
    "line", "habit", "times", "aside", "share", "score", "people", "year", "weight", "reach", "hours",
    "money", "price", "time", "adds", "asked", "followers", "growth", "posts", "notes", "new", "revised",
    "per_week", "interactions", "share_of_posts", "share_of_interactions", "lead", "benchmark", "own", "lift",
    "theirs", "ours", "median_reactions", "median_comments", "median_shares",
    "median_interactions", "mean_reactions", "mean_comments", "mean_shares", "mean_interactions",
    "planned", "kept", "late", "early", "missed", "open", "unplanned", "expected", "actual", *CRITERIA,
))  # fmt: skip
DAYS = frozenset((
    "first", "last", "observed_at", "published_at", "week", "until", "basis", "country", "seen", "newest",
    "period",
))  # fmt: skip
_WRITTEN: dict[str, Callable[[Any], Markup | str]] = {
    "network": lambda v: ", ".join(word("network.{}", one) for one in str(v).split(", ")),
    "kind": lambda v: capital(word("kind.{}", v)),
    "metric": lambda v: word("metric.{}.name", v),
    "table": lambda v: capital(word("sheet.of.{}", v)),
    "format": lambda v: word("format.{}.title", v),
    "reason": reason,
    "note": lambda v: Markup('<span class="cm-note">{}</span>').format(explained(v)),
    "text": _text,
    "source": _source,
    "source_date": lambda v: facts.dated(str(v)),
    "url": lambda v: link(v, t("sheet.open")),
    "digest": lambda v: Markup('<code title="{}">{}</code>').format(v, str(v)[:SHORT_DIGEST]),
    "formula": lambda v: Markup('<span class="cm-formula">{}</span>').format(v),
    "excerpt": lambda v: Markup('<span class="cm-excerpt"><bdi>{}</bdi></span>').format(v),
    "times": lambda v: t("sheet.times", value=i18n.number(v, 1 if v >= 1 else 2)),
    "mix": points,
    "within": points,
    "total": points,
    "month": lambda v: month(v),
    "persona": lambda v: Markup('<span class="cm-persona"><bdi>{}</bdi></span>').format(v),
    "country": lambda v: i18n.country(str(v)),
    "criterion": lambda v: t(f"criterion.{v}"),
    "objective": lambda v: capital(word("objective.{}", v)),
    "year": lambda v: str(int(v)),
    "networks": lambda v: i18n.join(word("network.{}", network) for network in v),
    **dict.fromkeys(("share", "weight", "reach"), share),
    "people": lambda v: i18n.number(float(f"{v:.2g}")),  # no surer than the share that it is made of
    **dict.fromkeys(("score", *CRITERIA), i18n.number),
    "adds": _adds,
    **dict.fromkeys(("hours", "time"), hours),
    "state": lambda v: t(f"start.state.{v}"),
}


def cell(name: str, row: Row, unit: str) -> Markup | str:
    """What does the cell ``name`` of a row say? ``unit``: of its value where no metric tells."""
    unit = METRICS[row["metric"]].unit if row.get("metric") in METRICS else unit
    if name == "interval":
        low, high = row.get("low"), row.get("high")
        if blank(low) or blank(high):
            return t("sheet.missing")
        return t("sheet.interval", low=amount(low, unit), high=amount(high, unit))
    value = row.get(name)
    if blank(value):
        return "" if name == "note" else t("sheet.missing")
    if name in ("value", "low", "high", "habit"):
        return amount(value, unit)
    if name == "basis":
        return _basis(row)
    if name in ("money", "price"):
        paid = float(str(value))
        return i18n.money(paid, str(row["currency"]), whole=paid >= LARGE or paid == round(paid))
    if name == "n" and "metric" in row:
        return count(row)
    if name in _WRITTEN:
        return _WRITTEN[name](value)
    if isinstance(value, date):
        return i18n.day(value.date() if name == "observed_at" and isinstance(value, datetime) else value)
    return i18n.number(float(value)) if isinstance(value, Real) else Markup("<bdi>{}</bdi>").format(value)


def _basis(row: Row) -> Markup:
    """On what a share rests, and below it what there is to know of that."""
    note = Markup("<small>{}</small>").format(explained(row["note"])) if not blank(row["note"]) else ""
    return Markup("{} {}").format(t(f"platforms.basis.{row['basis']}"), note)


def count(row: Row) -> str:
    """On how many posts, days or answers it rests; of some metrics, on which of them."""
    metric = str(row.get("metric"))
    if i18n.has(f"sheet.n.{metric}.other"):
        return t(f"sheet.n.{metric}", n=int(row["n"]))
    kind = METRICS[metric].table if metric in METRICS else "posts"
    kind = "accounts" if kind == "days" and METRICS[metric].top == "followers" else kind
    return t(f"sheet.n.{kind}", n=int(row["n"]))


def month(value: object) -> str:
    """``2026-10`` or a day → October 2026."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}", value):
        value = date.fromisoformat(f"{value}-01")
    return i18n.month(value) if isinstance(value, date) else str(value)


def word(key: str, name: object) -> str:
    """The word for a name, or the name itself where there is none."""
    found = key.format(name)
    return t(found) if i18n.has(found) else str(name)


def piece(said: str) -> str:
    """What is made, as people call it: a kind of post, a piece of ours, or a name of the brand's own."""
    for key in (f"kind.{said}", f"editorial.piece.{said}"):
        if has(key):
            return t(key)
    return said.replace("_", " ")


def because(why: str) -> list[str]:
    """Why is a slot there? Its reasons in words, one after the other; somebody's own words as they are."""
    told = []
    for key, numbers in plans.reasons(why):
        less = "_less" if key == "hour" and numbers and numbers[0] <= 0 else ""
        named = f"editorial.why.{key}{less}"
        effect = dict(zip(("effect", "low", "high"), map(relative, numbers), strict=False))
        told.append(t(named, **effect) if has(named) and (key != "hour" or len(effect) == 3) else key)
    return told


def capital(words: str) -> str:
    """With a capital at the beginning."""
    return words[:1].upper() + words[1:]


def blank(value: object) -> bool:
    """Is there nothing to say?"""
    return bool(pd.isna(value)) or value == ""  # type: ignore[call-overload]
