"""METRICS, and compute(): from tidy tables to the measure table.

There is no such thing as "the" engagement rate: each tool has its own, so a metric's name says its
denominator, or whose it is. Almost every metric is a sum over a sum, so that every grouping is right. Reach
counts people once, and is never added over posts or days.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from cmlib import periods, stats
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import has, t
from cmlib.metrics.declared import METRICS, TOOLS, Metric
from cmlib.metrics.how import HOW, measured, rowwise
from cmlib.periods import KEYS

__all__ = ["METRICS", "TOOLS", "Metric", "base", "change", "compute", "formula", "fractions", "table"]


def compute(
    tables: Mapping[str, pd.DataFrame],
    metrics: Iterable[str],
    by: Sequence[str] = (),
    start: date | None = None,
    end: date | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """How did we do, overall or by network, kind, month …?

    ``tables`` are tidy; ``start`` and ``end`` are days, both included, in the zone of published_at. Returns a
    MEASURE: by, metric, value, n, low, high, note; one row per metric and group, in the order asked for.
    n counts posts, days or answers; low and high hold the value at ``level`` where an honest interval
    exists; ``note`` says why a value is missing or what it leaves out (keys of sentences, between spaces).
    Raises CmlibError for an unknown metric or key, and for a key that a metric cannot be grouped by.
    """
    keys = list(by)
    chosen = [_chosen(name, keys) for name in metrics]
    first = pd.Timestamp(start) if start is not None else None
    last = pd.Timestamp(end) if end is not None else None
    places = {(m.table, m.only) for m in chosen}
    counted = {place: periods.select(tables, *place, keys, first, last) for place in places}
    found = [measured(m, counted[m.table, m.only], level) for m in chosen]
    columns = [*keys, "metric", "value", "n", "low", "high", "note"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def change(
    tables: Mapping[str, pd.DataFrame],
    metrics: Iterable[str],
    now: tuple[date, date],
    before: tuple[date, date],
    by: Sequence[str] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """Has it changed from one period to another, and can that be told from chance?

    ``now`` and ``before``: first and last day. Returns by, metric, change, low, high, p, a row per metric and
    group of ``now``. ``change`` is relative (0.1: 10 % more), but in points for NPS and CSAT. low, high and p
    are null where either period has no interval. For several at once, correct p with ``stats.holm``.
    """
    keys, found = list(by), []

    def side(metric: Metric, first: date, last: date) -> pd.DataFrame:
        p = periods.select(tables, metric.table, metric.only, keys, pd.Timestamp(first), pd.Timestamp(last))
        numbers = HOW[metric.how](metric, p, level).reindex(p.groups.index)
        numbers = numbers.reindex(columns=["value", "low", "high", "n", "se", "df"]).astype("float64")
        return numbers.set_axis(pd.MultiIndex.from_frame(p.groups)) if keys else numbers

    for metric in [_chosen(name, keys) for name in metrics]:
        told = stats.difference if metric.answered else stats.compare
        changes = told(side(metric, *now), side(metric, *before), level)
        found.append(changes.reset_index(drop=not keys).assign(metric=metric.name))
    return pd.concat(found, ignore_index=True)[[*keys, "metric", "change", "low", "high", "p"]]


def fractions(
    tables: Mapping[str, pd.DataFrame], name: str, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """What stands above and below the line of a post's own rate? Posts, with ``numerator``, ``denominator``.

    Only posts that count for the rate: their sums are what ``compute`` divides.
    """
    metric = _chosen(name, [])
    if metric.table != "posts" or not metric.per:
        raise CmlibError("no_post_rate", metric=name)
    first = pd.Timestamp(start) if start is not None else None
    last = pd.Timestamp(end) if end is not None else None
    p = periods.select(tables, metric.table, metric.only, (), first, last)
    top, base = rowwise(metric, p)
    if metric.how == "mean":  # of posts' own rates: each post counts once
        top, base = top / base, base.where(base.isna(), 1.0)
    posts = p.rows.assign(numerator=top, denominator=base)
    return posts.dropna(subset=["numerator", "denominator"]).reset_index(drop=True)


def table() -> pd.DataFrame:
    """How is each metric computed, and whose formula is it? In words, for ``cm metrics`` and an appendix."""
    return pd.DataFrame(
        {
            "name": m.name,
            "label": t(f"metric.{m.name}.name"),
            "formula": formula(m.name),
            "unit": t(f"unit.{m.unit}"),
            "rule": t("metric.rule.published" if m.table == "posts" else "metric.rule.generated"),
            "whose": m.whose,
            "source": TOOLS.get(m.whose, ""),
        }
        for m in METRICS.values()
    )


def formula(name: str) -> str:
    """How is a metric computed? ``(reactions + comments + shares) / impressions``."""
    m = _chosen(name, [])
    forms = [f"metric.formula.{form}" for form in (name, f"{m.how}_{m.table}", m.how)]
    form = next((form for form in forms if has(form)), "")
    ratio = _ratio(m) if m.how in ("sum", "mean", "median") and not form.endswith(f".{name}") else ""
    said = t(form, ratio=ratio) if form else ratio
    return t(f"metric.formula.{m.only}", formula=said) if m.only in ("organic", "social") else said


def base(name: str) -> str:
    """By what is a rate's numerator divided? ``views, else impressions``."""
    return t("metric.formula.or").join(t(f"metric.part.{part}") for part in _chosen(name, []).bases)


def _ratio(m: Metric) -> str:
    top = " + ".join(t(f"metric.part.{part}") for part in m.parts)
    if not m.per:
        return top
    per = base(m.name)
    on = [t("metric.formula.on", network=t(f"network.{n}"), base=t(f"metric.part.{b}")) for n, b in m.on]
    return (f"({top})" if len(m.parts) > 1 else top) + f" / {per}" + (f" ({', '.join(on)})" if on else "")


def _chosen(name: str, keys: Sequence[str]) -> Metric:
    if name not in METRICS:
        raise unknown("metric", name, METRICS)
    for key in keys:
        if not any(key in known for known in KEYS.values()):
            raise unknown("key", key, dict.fromkeys(k for known in KEYS.values() for k in known))
        if key not in METRICS[name].keys:
            raise CmlibError("no_such_key", metric=name, key=key, keys=METRICS[name].keys)
    return METRICS[name]
