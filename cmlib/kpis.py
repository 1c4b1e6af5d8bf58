"""What did a month bring, and can it be told from chance? One function per section of the KPI report.

``review`` gathers what the sections need; each of them takes it and gives a frame, which sheets and charts
draw. A verdict always has a test behind it, corrected for the number of verdicts shown beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from cmlib import brand as brands
from cmlib import conversations, metrics, schema, stats, store
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.periods import back, months, newest, period

CARDS = (
    "followers", "posts", "median_reach", "impressions", "views", "rate", "social_conversion_rate", "nps",
    "csat",
)  # fmt: skip
TOOL_RATES = tuple(m for m in metrics.METRICS if m.startswith("engagement_rate_"))
SURE = 0.05  # the share of false alarms that is accepted, over all verdicts of one section together
YEAR = 12  # months looked at for what is rare within one: kinds, habits, trends
WEEKS = 26
SMOOTHED = 4  # weeks taken together in a trend
SHOWN = 3  # posts at either end
VERSIONS = ("cmlib", "pandas", "numpy", "scipy", "highspy", "altair")  # what numbers and pictures hang on


@dataclass(frozen=True)
class Review:
    """One month of one brand: its own accounts' tidy tables, and where they came from."""

    brand: Brand
    month: date
    rate: str
    tables: Mapping[str, pd.DataFrame]
    sources: pd.DataFrame
    aside: pd.DataFrame

    @cached_property
    def counted(self) -> Mapping[str, pd.DataFrame]:
        """Its tables, and who waited how long for an answer."""
        messages = self.tables["messages"] if "messages" in self.tables else schema.empty("messages")
        waits = conversations.waits(messages, self.brand.messages, self.brand.zone)
        return {**self.tables, "messages": messages, "waits": waits}

    @property
    def heading(self) -> dict[str, object]:
        """What its page's title is told."""
        count, seen = self.sources["source"].nunique(), self.sources["observed_at"].max()
        return {"brand": self.brand.name, "month": self.month, "n": count, "seen": seen}

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of the month."""
        return months(self.month)

    @property
    def year(self) -> tuple[date, date]:
        """The first and the last day of the twelve months that end with this one."""
        return months(self.month, YEAR)


def review(brand: str, month: str = "", rate: str = "", as_of: str = "", files: str = "") -> Review:
    """Gather a month of a brand. Empty: the newest month with data, the brand's own rate, all there is now.

    ``month``: YYYY-MM; ``as_of``: what was known at that moment; ``files``: digests, separated by commas.
    Raises CmlibError for an unknown brand or metric, a month that is none, or a brand without any data.
    """
    who = brands.load(brand)
    chosen = rate or who.rate
    if chosen not in TOOL_RATES:
        raise unknown("metric", chosen, TOOL_RATES, "rate" if rate else f"{who.slug}/brand.toml, rate")
    for goal in who.goals:
        if goal not in metrics.METRICS:
            raise unknown("metric", goal, metrics.METRICS, f"{who.slug}/brand.toml, [goals]")
    digests = [d for d in files.split(",") if d]
    moment = as_of or None
    sources = store.sources(who.slug, moment)
    if sources.empty:
        raise _no_data(who)
    tables = store.own(who, store.load(who, moment, digests))
    return Review(
        brand=who,
        month=period(month or newest(tables)),
        rate=chosen,
        tables=tables,
        sources=sources[sources["source"].isin(digests)] if digests else sources,
        aside=store.aside(who.slug, digests),
    )


def _no_data(who: Brand) -> CmlibError:
    return CmlibError("no_data", brand=who.slug, inbox=str(brands.folder(who.slug) / "inbox"))


def newest_month(who: Brand, as_of: str = "", files: str = "", everyone: bool = False) -> str:
    """The newest month of which the lake has posts, written YYYY-MM. Raises CmlibError if none.

    Of ``everyone``, rivals too: the newest of which it has posts or notes.
    """
    if not store.digests(who.slug):
        raise _no_data(who)
    chosen = [d for d in files.split(",") if d]
    if everyone:  # the exports tell their last days, and need not be read
        held = store.sources(who.slug, as_of or None)
        held = held[held["source"].isin(chosen or held["source"])]
        held = held[held["table"].isin(["posts", "days", "totals"]) & held["network"].ne("web")]
        if held["last"].notna().any():
            return str(held["last"].max().strftime("%Y-%m"))
    return newest(store.own(who, store.load(who, as_of or None, chosen)))


def months_with_data(who: Brand) -> list[str]:
    """The months of which the lake has posts, newest first."""
    published = store.load(who)["posts"]["published_at"]
    return sorted(published.dt.strftime("%Y-%m").unique(), reverse=True)


# ── What it was computed from ───────────────────────────────────────────────────────────────────────────────


def coverage(subject: Review) -> pd.DataFrame:
    """What is this computed from, and which days of the month lack?

    A row per network, account and table: files, rows, first, last, observed_at, missing_days (of the month,
    for daily figures and visits; null elsewhere).
    """
    tables = dict(subject.tables)
    missing = store.missing_days(tables, *subject.span)
    return store.coverage(tables).merge(missing, how="left", on=["network", "account", "table"])


def unfinished(subject: Review) -> pd.DataFrame:
    """Which accounts were last exported before the month ended? network, account, until.

    Of those that published in the half year to this month: their counts are too low.
    """
    posts, end = subject.tables["posts"], pd.Timestamp(subject.span[1])
    day = posts["published_at"].dt.tz_localize(None)
    recent = posts[(day >= back(subject.month, 5)) & (day < end + pd.Timedelta(days=1))]
    until = recent.groupby(["network", "account"], observed=True)["observed_at"].max()
    days = until.dt.tz_localize(None).dt.normalize().rename("until").reset_index()
    early: pd.DataFrame = days[days["until"] < end].astype({"network": "str"})
    return early.reset_index(drop=True)


# ── The scorecard ───────────────────────────────────────────────────────────────────────────────────────────


def scorecard(subject: Review, metric_names: Sequence[str] = ()) -> pd.DataFrame:
    """How was the month, measured against the last one, the same one last year and the targets?

    Of CARDS and all that has a target, unless other metrics are asked for.

    MEASURE columns, and unit, currency, last_month, last_year, target, reached (met, missed, near: the
    interval holds the target), change (relative for counts, else in points), p (after Holm) and verdict:
    better, worse, more, fewer, cannot_tell or no_data, with ``why``. Rates are compared post by post with
    last month's; counts with how they usually vary from month to month, which takes seven months of history,
    and only if both months have them of the same accounts and are whole in the exports.
    """
    cards = [subject.rate if name == "rate" else name for name in CARDS]
    names = list(metric_names) or [*cards, *(goal for goal in subject.brand.goals if goal not in cards)]
    start, end = subject.span
    past, usual = _by_month(subject, names)
    table = metrics.compute(subject.counted, names, start=start, end=end).assign(
        unit=[metrics.METRICS[name].unit for name in names],
        currency=subject.brand.currency,
        last_month=[past[name].get(back(subject.month, 1), np.nan) for name in names],
        last_year=[past[name].get(back(subject.month, 12), np.nan) for name in names],
        target=[subject.brand.goals.get(name, np.nan) for name in names],
    )
    change = table["value"] - table["last_month"]
    counted = ~table["unit"].isin(["rate", "score"])
    reasons = _incomparable(subject, names)
    change = change.mask(counted, change / table["last_month"])
    table["change"] = change.mask(table["metric"].isin(list(reasons)))
    table["p"] = stats.holm(_chances(subject, table, usual, reasons)).to_numpy()
    rows = table.to_dict("records")
    verdicts = [_verdict(row, reasons.get(row["metric"], "")) for row in rows]
    reached = ["" if row["metric"] in reasons else _reached(row) for row in rows]
    return table.assign(verdict=[v for v, _ in verdicts], why=[w for _, w in verdicts], reached=reached)


def _by_month(subject: Review, names: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The twelve months before, a row each, a column per metric; again, without partial totals."""
    start, end = months(back(subject.month, 1), YEAR)
    found = metrics.compute(subject.counted, names, ["month"], start, end)
    whole = found["value"].mask(found["note"].str.contains("account_without_followers"))
    every = pd.date_range(start, end, freq="MS")
    past, usual = (
        found.assign(value=values).pivot(index="month", columns="metric", values="value")
        for values in (found["value"], whole)
    )
    return past.reindex(every, columns=names), usual.reindex(every, columns=names)


def _incomparable(subject: Review, names: list[str]) -> dict[str, str]:
    """Which counts cannot be compared with last month's, and why?

    not_whole: an account gives it in one of the months alone; not_over: the exports end before the month.
    """
    counts = [name for name in names if not metrics.METRICS[name].compared]
    sides = [
        metrics.compute(subject.counted, counts, ["network", "account"], *span)
        .set_index(["metric", "network", "account"])["value"]
        .notna()
        for span in (subject.span, months(back(subject.month, 1)))
    ]
    given = pd.concat(sides, axis=1, join="inner")
    some = given[given.any(axis=1) & ~given.all(axis=1)]
    of_posts = [name for name in counts if metrics.METRICS[name].table == "posts"]
    said = [name for name in counts if metrics.METRICS[name].table in ("messages", "waits")]
    seen = subject.counted["messages"]["observed_at"].max()
    still = dict.fromkeys(said, "not_over") if pd.notna(seen) and seen.date() < subject.span[1] else {}
    early = {} if unfinished(subject).empty else dict.fromkeys(of_posts, "not_over")
    new = dict.fromkeys(of_posts, "not_whole") if _begins(subject) else {}
    return new | early | still | dict.fromkeys(some.index.get_level_values("metric"), "not_whole")


def _begins(subject: Review) -> bool:
    """Does what is known of an account's posts begin after last month did (a week's silence apart)?"""
    posts = subject.tables["posts"]
    first = posts.groupby(["network", "account"], observed=True)["published_at"].min().dt.tz_localize(None)
    begun = back(subject.month, 1) + pd.Timedelta(days=7)
    return bool(first.between(begun, pd.Timestamp(subject.span[1])).any())


def _chances(
    subject: Review, cards: pd.DataFrame, past: pd.DataFrame, reasons: Mapping[str, str]
) -> list[float]:
    """How likely is each change from last month by chance alone?"""
    names = [name for name in cards["metric"] if metrics.METRICS[name].compared]
    found = metrics.change(subject.counted, names, subject.span, months(back(subject.month, 1)))
    tested = dict(zip(found["metric"], found["p"], strict=True))
    usual = {
        card["metric"]: stats.unusual(past[card["metric"]], card["value"])["p"]
        for card in cards.to_dict("records")
        if card["metric"] not in tested and card["metric"] not in reasons
    }
    return [(tested | usual).get(name, np.nan) for name in cards["metric"]]


def _reached(card: Mapping[Any, Any]) -> str:
    if pd.isna(card["target"]) or pd.isna(card["value"]):
        return ""
    if pd.notna(card["low"]) and card["low"] <= card["target"] <= card["high"]:
        return "near"
    above = card["value"] >= card["target"]
    return "met" if above == (metrics.METRICS[card["metric"]].better != "lower") else "missed"


def _verdict(card: Mapping[Any, Any], reason: str) -> tuple[str, str]:
    metric = metrics.METRICS[card["metric"]]
    if pd.isna(card["value"]):
        return "no_data", "no_data"
    if pd.isna(card["last_month"]):
        return "cannot_tell", "no_past"
    how = "tested" if metric.compared else "habit"
    if pd.isna(card["p"]) or (metric.compared and pd.isna(card["low"])):
        return "cannot_tell", reason or ("too_few" if metric.compared else "short_history")
    if card["p"] >= SURE:
        return "cannot_tell", how
    rose = card["value"] > card["last_month"]
    if not metric.better:
        return ("more" if rose else "fewer"), how
    return ("better" if rose == (metric.better == "higher") else "worse"), how


# ── Trends, kinds, posts ────────────────────────────────────────────────────────────────────────────────────


def trend(subject: Review) -> pd.DataFrame:
    """How did the rate move, week by week, on each network? MEASURE by network and week, 26 weeks.

    The value of a week (its Monday) is the rate of the posts of the four weeks that end with it: one week
    alone has too few posts for an interval.
    """
    last = pd.Timestamp(subject.span[1])
    first = last - pd.Timedelta(weeks=WEEKS)
    monday = last - pd.Timedelta(days=last.day_of_week)
    posts = metrics.fractions(subject.tables, subject.rate, end=last)
    day = posts["published_at"].dt.tz_localize(None).dt.normalize()
    week = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    posts = posts.assign(network=posts["network"].astype("str"))[["network", "numerator", "denominator"]]
    windows = pd.concat([posts.assign(week=week + pd.Timedelta(weeks=later)) for later in range(SMOOTHED)])
    shown = windows[(windows["week"] > first) & (windows["week"] <= monday)]
    found = stats.ratio(shown["numerator"], shown["denominator"], shown[["network", "week"]]).reset_index()
    return found.drop(columns=["se", "df"]).assign(metric=subject.rate, note="")


def kinds(subject: Review) -> pd.DataFrame:
    """Which kinds of post work on which network? MEASURE by network and kind, over twelve months."""
    found = metrics.compute(subject.tables, [subject.rate], ["network", "kind"], *subject.year)
    return found.assign(kind=found["kind"].astype("object").fillna("unknown"))


def notable(subject: Review) -> pd.DataFrame:
    """Which posts of the month did best and worst, against what their account is used to?

    The account's habit is the median rate of its posts in the twelve months before; ``times`` is the post's
    rate over it. Accounts with fewer than stats.SMALLEST_N such posts have no habit yet.
    """
    posts = metrics.fractions(subject.tables, subject.rate)
    posts["value"] = posts["numerator"] / posts["denominator"]
    day = posts["published_at"].dt.tz_localize(None)
    first, last = (pd.Timestamp(d) for d in subject.span)
    past = posts[(day < first) & (day >= first - pd.DateOffset(months=YEAR))]
    habit = past.groupby(["network", "account"], observed=True)["value"].agg(["median", "count"])
    habit = habit.loc[habit["count"] >= stats.SMALLEST_N, "median"].rename("habit").reset_index()
    shown = posts[(day >= first) & (day < last + pd.Timedelta(days=1))].merge(
        habit, on=["network", "account"]
    )
    shown = shown[shown["habit"] > 0].assign(times=lambda f: f["value"] / f["habit"])
    shown = shown.sort_values(["times", "post_id"], ascending=[False, True])
    ends = min(SHOWN, len(shown) // 2)
    best, weakest = shown.head(ends).assign(place="best"), shown.tail(ends).iloc[::-1].assign(place="weakest")
    wanted = ["place", "network", "account", "published_at", "kind", "text", "url", "value", "habit", "times"]
    either: pd.DataFrame = pd.concat([best, weakest], ignore_index=True)[wanted]
    return either


def rules(subject: Review) -> pd.DataFrame:
    """What would each tool have called this month's engagement rate? MEASURE, with tool and formula."""
    found = metrics.compute(subject.tables, TOOL_RATES, start=subject.span[0], end=subject.span[1])
    return found.assign(
        tool=[metrics.METRICS[m].whose or t("kpis.own_rule", base=metrics.base(m)) for m in found["metric"]],
        formula=[metrics.formula(m) for m in found["metric"]],
    )


# ── What moved the rate ─────────────────────────────────────────────────────────────────────────────────────


def moves(subject: Review) -> pd.DataFrame:
    """What moved the rate since last month: other networks and kinds, or other rates within each?

    Per network and kind: mix, within and total, in points of the rate; the totals add up to the change
    exactly. With share w of the denominator and rate r in each, and means over both months written w̄, r̄:
    mix = Δw · (r̄ − R̄), within = w̄ · Δr. (Kitagawa 1955.) A kind of one month only is mix.
    """
    now, before = (_cells(subject, month) for month in (subject.month, back(subject.month, 1)))
    if now.empty or before.empty:
        return pd.DataFrame(columns=["network", "kind", "mix", "within", "total"])
    both = pd.concat([now.add_suffix("_now"), before.add_suffix("_before")], axis=1)
    weight = both[["weight_now", "weight_before"]].fillna(0.0)
    rates = both[["rate_now", "rate_before"]].bfill(axis=1).ffill(axis=1)
    whole = (weight.to_numpy() * rates.to_numpy()).sum(axis=0)
    mix = (weight["weight_now"] - weight["weight_before"]) * (rates.mean(axis=1) - whole.mean())
    within = weight.mean(axis=1) * (rates["rate_now"] - rates["rate_before"])
    found = pd.DataFrame({"mix": mix, "within": within, "total": mix + within}).reset_index()
    found = found.reindex(found["total"].abs().sort_values(ascending=False).index)
    total = {"network": "all", "kind": None, **found[["mix", "within", "total"]].sum().to_dict()}
    return pd.concat([found, pd.DataFrame([total])], ignore_index=True)


def _cells(subject: Review, month: date) -> pd.DataFrame:
    """Per network and kind, its share of the denominator and its rate."""
    posts = metrics.fractions(subject.tables, subject.rate, *months(month))
    kinds = posts["kind"].astype("object").fillna("unknown")
    keyed = posts.assign(network=posts["network"].astype("str"), kind=kinds)
    sums = keyed.groupby(["network", "kind"])[["numerator", "denominator"]].sum()
    weight = sums["denominator"] / sums["denominator"].sum()
    return pd.DataFrame({"weight": weight, "rate": sums["numerator"] / sums["denominator"]})


# ── Appendix ────────────────────────────────────────────────────────────────────────────────────────────────


def appendix(subject: Review) -> dict[str, pd.DataFrame]:
    """How is each figure computed, from which files and with what, and which rows were left out?

    definitions: name, label, formula, whose, source; files: name, digest, format, rows, observed_at, aside;
    aside: name, line, reason, excerpt; versions: package, version.
    """
    names = {*CARDS, subject.rate, *TOOL_RATES}
    if len(subject.counted["messages"]):
        names |= {name for name, m in metrics.METRICS.items() if m.table in ("messages", "waits")}
    known = metrics.table()
    return {
        "definitions": known[known["name"].isin(names)].reset_index(drop=True),
        "files": store.files(subject.sources),
        "aside": subject.aside[["name", "line", "reason", "excerpt"]],
        "versions": pd.DataFrame([{"package": name, "version": version(name)} for name in VERSIONS]),
    }
