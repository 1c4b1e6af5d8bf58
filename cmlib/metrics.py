"""METRICS, and compute(): from tidy tables to the measure table.

There is no such thing as "the" engagement rate: each tool has its own, so a metric's name says its
denominator, or whose it is. Almost every metric is a sum over a sum, so that every grouping is right. Reach
counts people once, and is never added over posts or days.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from cmlib import periods, stats
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import has, t
from cmlib.periods import KEYS, PARTS, Period


@dataclass(frozen=True)
class Metric:
    """One line of METRICS.

    ``table``: posts (those published in the period), or days, visits, answers (figures generated in it).
    ``how``: sum, mean or median over the rows of ``top`` (over ``per``); or one of the functions in _HOW.
    ``per``: the denominator; "views or reach" is reach where no views are given; ``on``: other denominators
    on some networks. ``only``: organic, social (traffic from networks), nps or csat rows.
    """

    name: str
    unit: str  # count people rate score money
    table: str
    top: str  # "reactions + comments": the parts of the numerator
    per: str = ""
    how: str = "sum"
    whose: str = ""  # the tool that is known to compute it so: a key of TOOLS
    on: tuple[tuple[str, str], ...] = ()
    only: str = ""
    better: str = "higher"  # or "lower", or "" where neither is

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that are added up in the numerator."""
        return tuple(self.top.split(" + "))

    @property
    def bases(self) -> tuple[str, ...]:
        """The columns that may be the denominator, the preferred one first."""
        return tuple(self.per.split(" or ")) if self.per else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """By what can it be grouped?"""
        return tuple(k for k in KEYS[self.table] if self.how not in _GROWING or k != "weekday")

    @property
    def estimated(self) -> bool:
        """Has it an interval? Sums have none, nor have figures of days, which hang together.

        Nor has the mean of a bare count: with a few posts that reach far, its interval would not keep its
        promise (bench/coverage.py). The median's does.
        """
        return self.compared or self.how == "median"

    @property
    def compared(self) -> bool:
        """Can two periods be told apart by it, row by row? Rates of posts or visits can, and answers."""
        return self.answered or (bool(self.per) and self.table in ("posts", "visits"))

    @property
    def answered(self) -> bool:
        """Is it a share of answers?"""
        return self.how in ("nps", "csat")


TOOLS = {  # where a tool says how it computes its rate
    "Brandwatch": "https://social-media-management-help.brandwatch.com/hc/en-us/articles/7390798377885",
    "BrightBean": "https://github.com/brightbeanxyz/brightbean-studio",
    "Buffer": "https://support.buffer.com/article/520-facebook-metric-descriptions",
    "Emplifi": "https://docs.emplifi.io/platform/latest/home/engagement-rate",
    "Later": "https://help.later.com/hc/en-us/articles/33109662792471-Later-s-Custom-Analytics",
    "Metricool": "https://help.metricool.com/en/article/1cmd48v",
    "Orlo": "https://support.orlo.tech/benchmarking-report-glossary",
    "Qualtrics": "https://www.qualtrics.com/support/social-connect/insights/csat-and-nps-score-cards-qsc",
    "Rival IQ": "https://help.rivaliq.com/en/articles/2043672-understanding-engagement-metrics",
    "Sprout Social": "https://support.sproutsocial.com/hc/en-us/articles/211093003",
}

_RCS, _ALL, _CLICKS = "reactions + comments + shares", " + ".join(PARTS), "link_clicks + other_clicks"
_IMPRESSIONS_ON = (("x", "impressions"), ("linkedin", "impressions"))

METRICS: dict[str, Metric] = {m.name: m for m in (
    # posts published in the period: totals
    Metric("posts", "count", "posts", "posts", how="count", better=""),
    Metric("impressions", "count", "posts", "impressions"),
    Metric("views", "count", "posts", "views"),
    Metric("reactions", "count", "posts", "reactions"),
    Metric("comments", "count", "posts", "comments"),
    Metric("shares", "count", "posts", "shares"),
    Metric("saves", "count", "posts", "saves"),
    Metric("interactions", "count", "posts", "interactions"),
    Metric("link_clicks", "count", "posts", "link_clicks"),
    # the same posts: what one of them gets
    Metric("reach_per_post", "people", "posts", "reach", how="mean"),
    Metric("impressions_per_post", "count", "posts", "impressions", how="mean"),
    Metric("views_per_post", "count", "posts", "views", how="mean"),
    Metric("reactions_per_post", "count", "posts", "reactions", how="mean"),
    Metric("comments_per_post", "count", "posts", "comments", how="mean"),
    Metric("shares_per_post", "count", "posts", "shares", how="mean"),
    Metric("interactions_per_post", "count", "posts", "interactions", how="mean"),
    Metric("median_reach", "people", "posts", "reach", how="median"),
    Metric("median_impressions", "count", "posts", "impressions", how="median"),
    Metric("median_views", "count", "posts", "views", how="median"),
    Metric("median_reactions", "count", "posts", "reactions", how="median"),
    Metric("median_comments", "count", "posts", "comments", how="median"),
    Metric("median_shares", "count", "posts", "shares", how="median"),
    Metric("median_interactions", "count", "posts", "interactions", how="median"),
    # the same posts: rates; followers are those at posting
    Metric("engagement_rate_by_impressions", "rate", "posts", "interactions", "impressions"),
    Metric("engagement_rate_by_reach", "rate", "posts", "interactions", "reach"),
    Metric("engagement_rate_by_followers", "rate", "posts", "interactions", "followers"),
    Metric("engagement_rate_by_views", "rate", "posts", "interactions", "views"),
    Metric("engagement_rate_by_views_or_impressions", "rate", "posts", "interactions", "views or impressions",
           on=(("linkedin", "impressions"),)),  # which gives views of videos alone
    Metric("mean_engagement_rate_by_reach", "rate", "posts", "interactions", "reach", "mean"),
    Metric("mean_engagement_rate_with_clicks", "rate", "posts", f"{_RCS} + {_CLICKS}", "impressions", "mean"),
    Metric("click_through_rate", "rate", "posts", "link_clicks", "impressions"),
    Metric("amplification_rate", "rate", "posts", "shares", "reach"),
    Metric("conversation_rate", "rate", "posts", "comments", "reach"),
    Metric("save_rate", "rate", "posts", "saves", "reach"),
    # the same posts: the engagement rate under each tool's own rule
    Metric("engagement_rate_brandwatch", "rate", "posts", _RCS, "impressions", whose="Brandwatch"),
    Metric("engagement_rate_brightbean", "rate", "posts", f"{_ALL} + {_CLICKS}", "views or reach",
           whose="BrightBean"),
    Metric("engagement_rate_buffer", "rate", "posts", f"{_RCS} + {_CLICKS}", "impressions", whose="Buffer",
           only="organic"),
    Metric("engagement_rate_emplifi", "rate", "posts", _RCS, "followers", "mean", "Emplifi"),
    Metric("engagement_rate_later", "rate", "posts", _ALL, "impressions", whose="Later"),
    Metric("engagement_rate_metricool", "rate", "posts", "interactions", "reach", whose="Metricool",
           on=_IMPRESSIONS_ON),
    Metric("engagement_rate_orlo", "rate", "posts", _RCS, "last_followers", whose="Orlo"),
    Metric("engagement_rate_rival_iq", "rate", "posts", _RCS, "followers", whose="Rival IQ",
           on=(("tiktok", "views"),)),
    Metric("engagement_rate_sprout", "rate", "posts", f"{_RCS} + {_CLICKS}", "impressions",
           whose="Sprout Social"),
    # accounts: figures generated in the period
    Metric("followers", "people", "days", "followers", how="followers"),
    Metric("net_growth", "people", "days", "followers", how="net_growth"),
    Metric("growth_rate", "rate", "days", "followers", how="growth_rate"),
    Metric("follows", "people", "days", "follows"),
    Metric("daily_reach", "people", "days", "reach", how="mean"),
    Metric("impressions_generated", "count", "days", "impressions"),
    Metric("views_generated", "count", "days", "views"),
    Metric("interactions_generated", "count", "days", "interactions"),
    Metric("visits_generated", "count", "days", "visits"),
    Metric("share_of_days_without_data", "rate", "days", "missing", how="share", better="lower"),
    # the brand's own site
    Metric("sessions", "count", "visits", "sessions"),
    Metric("conversions", "count", "visits", "conversions"),
    Metric("revenue", "money", "visits", "revenue"),
    Metric("conversion_rate", "rate", "visits", "conversions", "sessions"),
    Metric("social_sessions", "count", "visits", "sessions", only="social"),
    Metric("social_conversions", "count", "visits", "conversions", only="social"),
    Metric("social_revenue", "money", "visits", "revenue", only="social"),
    Metric("social_conversion_rate", "rate", "visits", "conversions", "sessions", only="social"),
    # satisfaction
    Metric("answers", "count", "answers", "answers", how="count", better=""),
    Metric("nps", "score", "answers", "score", how="nps", only="nps", whose="Qualtrics"),
    Metric("csat", "rate", "answers", "score", how="csat", only="csat", whose="Qualtrics"),
)}  # fmt: skip

_GROWING = ("followers", "net_growth", "growth_rate")


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
    found = [_measured(m, counted[m.table, m.only], level) for m in chosen]
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
        numbers = _HOW[metric.how](metric, p, level).reindex(p.groups.index)
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
    top, base = _rowwise(metric, p)
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
    ratio = _ratio(m) if m.how in ("sum", "mean", "median") else ""
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


def _measured(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """One row per group: the keys, then metric, value, n, low, high, note."""
    found = _HOW[metric.how](metric, p, level).reindex(p.groups.index)
    found = found.reindex(columns=["value", "n", "low", "high", "note"])
    found = found.astype({"value": "float64", "low": "float64", "high": "float64"})
    note = found["note"].fillna("").astype("str")
    vague = found["value"].notna() & found["low"].isna() & metric.estimated
    few = found["n"] < (stats.SMALLEST_ANSWERS if metric.answered else stats.SMALLEST_N)
    note = _with(note, "too_few", vague & few)
    note = _with(note, "no_interval", vague & ~few)
    filled = found.assign(metric=metric.name, n=found["n"].fillna(0).astype("int64"), note=note)
    return pd.concat([p.groups, filled], axis=1)


def _with(note: pd.Series, key: str, where: "pd.Series[bool]") -> pd.Series:
    return note.mask(where, (note + " " + f"metric.note.{key}").str.strip()) if where.any() else note


def _rowwise(metric: Metric, p: Period) -> tuple[pd.Series, pd.Series]:
    """Numerator and denominator of each row; null where one cannot be known, or where nothing is below."""
    parts = metric.parts
    top = p.rows[parts[0]] if len(parts) == 1 else periods.added(p.rows, p.given, parts)
    if not metric.per:
        return top, pd.Series(1.0, index=p.rows.index)
    base = p.rows[metric.bases[0]]
    for other in metric.bases[1:]:
        base = base.fillna(p.rows[other])
    for network, other in metric.on:
        base = base.mask(p.rows["network"] == network, p.rows[other])
    return top, base.where(base > 0)


def _sum(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """A sum, or a sum over a sum; visits are first added up by day, the day being what varies."""
    top, base = _rowwise(metric, p)
    pairs = pd.DataFrame({"code": p.code, "day": p.rows["day"], "top": top, "base": base})
    pairs = pairs.dropna(subset=["top", "base"])
    if metric.table == "visits":
        pairs = pairs.groupby(["code", "day"], as_index=False).sum()
    if metric.per:
        found = stats.ratio(pairs["top"], pairs["base"], pairs["code"], level)
    else:
        sums = pairs.groupby("code")["top"]
        found = pd.DataFrame({"value": sums.sum(), "n": sums.size()})
    found = found.reindex(p.groups.index).assign(note=_notes(metric, p, top, base))
    if metric.unit != "money":
        return found
    mixed = p.rows[top.notna()].groupby(p.code)["currency"].nunique().reindex(found.index, fill_value=0) > 1
    return found.assign(value=found["value"].mask(mixed), note=_with(found["note"], "currencies", mixed))


def _mean(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """The mean over rows, of a figure or of each row's own rate."""
    top, base = _rowwise(metric, p)
    values = (top / base).dropna()
    found = stats.mean(values, p.code[values.index], level).reindex(p.groups.index)
    if not metric.estimated:
        found = found.assign(low=None, high=None, se=None, df=None)
    return found.assign(note=_notes(metric, p, top, base))


def _median(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    top, base = _rowwise(metric, p)
    values = top.dropna()
    found = stats.median(values, p.code[values.index], level).reindex(p.groups.index)
    return found.assign(note=_notes(metric, p, top, base))


def _count(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """How many rows? None at all is 0 only where the data reach over the period."""
    n = p.code.groupby(p.code).size().reindex(p.groups.index, fill_value=0)
    unsure = n.eq(0) & (not p.covered)
    note = _with(pd.Series("", index=n.index), f"no_{metric.table}", unsure)
    return pd.DataFrame({"value": n.astype("float64").mask(unsure), "n": n, "note": note})


def _notes(metric: Metric, p: Period, top: pd.Series, base: pd.Series) -> pd.Series:
    """Per group: which parts are left out, and which input is missing where there is no value."""
    note = pd.Series("", index=p.groups.index)
    for key, where in _remarks(metric, p, top.notna(), base.notna()):
        note = _with(note, key, where)
    return note


def _remarks(
    metric: Metric, p: Period, top: "pd.Series[bool]", base: "pd.Series[bool]"
) -> Iterator[tuple[str, "pd.Series[bool]"]]:
    def some(rows: "pd.Series[bool]") -> "pd.Series[bool]":
        found = np.bincount(p.code[rows], minlength=len(p.groups)) > 0
        return pd.Series(found, index=p.groups.index)

    used, from_parts = top & base, pd.Series(True, index=p.rows.index)
    parts = metric.parts
    if parts == ("interactions",) and metric.table == "posts":
        parts, from_parts = PARTS, ~p.total
    if len(parts) > 1:
        for part in parts:
            yield f"without_{part}", some(used & from_parts & ~p.given[part])
    if not metric.per and metric.how == "sum":
        yield "partial", some(used) & some(~used)
    rows, tops, bases = some(from_parts | True), some(top), some(base)
    yield f"no_{metric.table}", ~rows
    yield f"no_{metric.parts[0] if len(metric.parts) == 1 else 'interactions'}", rows & ~tops
    if metric.per:
        below = rows & tops & ~bases
        yield ("no_base" if metric.on else f"no_{metric.bases[0]}"), below
        yield "no_pair", tops & bases & ~some(used)


def _growth(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """Followers at the end, or what they grew by: per account first, then added up over accounts."""
    accounts = periods.growth(p)
    code = accounts.index.get_level_values("code")
    if metric.how == "growth_rate":
        both = accounts[["net", "start"]].where(accounts[["net", "start"]].notna().all(axis=1))
        sums = both.groupby(code).sum(min_count=1)
        value, known = sums["net"] / sums["start"].where(sums["start"] > 0), both["net"].notna()
    else:
        column = accounts["end" if metric.how == "followers" else "net"]
        value, known = column.groupby(code).sum(min_count=1), column.notna()
    n = known.groupby(code).sum().reindex(p.groups.index, fill_value=0)
    lacking = (~known).groupby(code).any().reindex(p.groups.index, fill_value=False)
    note = _with(pd.Series("", index=p.groups.index), "account_without_followers", lacking & (n > 0))
    note = _with(note, "no_followers" if metric.how == "followers" else "no_growth", n == 0)
    return pd.DataFrame({"value": value.reindex(n.index), "n": n, "note": note})


def _satisfaction(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """NPS: 9 and 10 promote, 0 to 6 detract. CSAT: answers of 4 or 5, of all answers from 1 to 5."""
    score = p.rows["score"]
    marks = pd.DataFrame({"high": score >= 9, "low": score <= 6, "happy": score >= 4, "all": score.notna()})
    counts = marks.groupby(p.code).sum().reindex(p.groups.index, fill_value=0)
    if metric.how == "nps":
        between = counts["all"] - counts["high"] - counts["low"]
        found = stats.nps(counts["high"], between, counts["low"], level)
    else:
        found = stats.wilson(counts["happy"], counts["all"], level)
    return found.assign(note=_with(pd.Series("", index=found.index), f"no_{metric.how}", counts["all"] == 0))


_HOW: dict[str, Callable[[Metric, Period, float], pd.DataFrame]] = {
    **{"sum": _sum, "mean": _mean, "share": _mean, "median": _median, "count": _count},
    **dict.fromkeys(_GROWING, _growth),
    **{"nps": _satisfaction, "csat": _satisfaction},
}
