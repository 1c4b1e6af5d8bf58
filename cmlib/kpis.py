"""What did a month bring, and can it be told from chance? One function per section of the KPI report.

``review`` gathers what the sections need; each of them takes it and gives a frame, which sheets and charts
draw. A verdict always has a test behind it, corrected for the number of verdicts shown beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from cmlib import brand as brands
from cmlib import metrics, stats, store
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown

CARDS = ("followers", "posts", "median_reach", "impressions", "views", "rate", "conversion_rate", "nps", "csat")
RATES = tuple(m for m in metrics.METRICS if m.startswith("engagement_rate_by_"))
TOOL_RATES = tuple(m for m in metrics.METRICS if m.startswith("engagement_rate_"))
SURE = 0.05  # the share of false alarms that is accepted, over all verdicts of one section together
YEAR = 12  # months looked at for what is rare within one: kinds, habits, trends
WEEKS = 26
SHOWN = 3  # posts at either end
VERSIONS = ("cmlib", "pandas", "numpy", "scipy", "altair")  # those that numbers and pictures hang on


@dataclass(frozen=True)
class Review:
    """One month of one brand: its own accounts' tidy tables, and where they came from."""

    brand: Brand
    month: date
    rate: str
    tables: Mapping[str, pd.DataFrame]
    sources: pd.DataFrame
    aside: pd.DataFrame

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of the month."""
        return months(self.month)

    def year(self) -> tuple[date, date]:
        """The first and the last day of the twelve months that end with this one."""
        return months(self.month, YEAR)


def review(
    brand: str, month: str = "", rate: str = "", as_of: str = "", files: str = "", **_: object
) -> Review:
    """Gather a month of a brand. Empty: the newest month with data, the brand's own rate, all there is now.

    ``month``: YYYY-MM; ``as_of``: what was known at that moment; ``files``: digests, separated by commas.
    Raises CmlibError for an unknown brand or metric, a month that is none, or a brand without any data.
    """
    who = brands.load(brand)
    chosen = rate or who.rate
    if chosen not in TOOL_RATES:
        raise unknown("metric", chosen, TOOL_RATES, "rate")
    for goal in who.goals:
        if goal not in metrics.METRICS:
            raise unknown("metric", goal, metrics.METRICS, f"{who.slug}/brand.toml, [goals]")
    digests = [d for d in files.split(",") if d]
    moment = pd.Timestamp(as_of) if as_of else None
    sources = store.sources(who.slug, moment)
    if sources.empty:
        raise CmlibError("no_data", brand=who.slug, inbox=str(brands.folder(who.slug) / "inbox"))
    tables = {name: _own(who, table) for name, table in store.load(who, moment, digests).items()}
    return Review(
        brand=who,
        month=period(month or _newest(tables)),
        rate=chosen,
        tables=tables,
        sources=sources[sources["source"].isin(digests)] if digests else sources,
        aside=store.aside(who.slug, digests),
    )


def period(month: str) -> date:
    """The first day of a month written YYYY-MM. Raises CmlibError for anything else."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise CmlibError("bad_month", month=repr(month))
    return date(int(month[:4]), int(month[5:]), 1)


def newest_month(who: Brand) -> str:
    """The newest month of which the lake has posts, written YYYY-MM."""
    return _newest(store.load(who))


def months_with_data(who: Brand) -> list[str]:
    """The months of which the lake has posts, newest first."""
    published = store.load(who)["posts"]["published_at"]
    return sorted(published.dt.strftime("%Y-%m").unique(), reverse=True)


def months(last: date, count: int = 1) -> tuple[date, date]:
    """The first and the last day of ``count`` months, of which ``last`` is in the last one."""
    end = pd.Period(last, "M")
    return (end - count + 1).start_time.date(), end.end_time.date()


def _newest(tables: Mapping[str, pd.DataFrame]) -> str:
    """The newest month that has posts; where there are none, the newest that has anything."""
    whens = [tables["posts"]["published_at"], *(tables[t][c] for t, c in (("days", "date"), ("visits", "date")))]
    for when in whens:
        if len(when):
            return str(when.max().strftime("%Y-%m"))
    return pd.Timestamp.now().strftime("%Y-%m")


def _own(who: Brand, table: pd.DataFrame) -> pd.DataFrame:
    rivals = {(a.network, a.handle) for a in who.accounts if a.rival}
    mine = [pair not in rivals for pair in zip(table["network"], table["account"], strict=True)]
    return table[mine].reset_index(drop=True)


# ── What it was computed from ───────────────────────────────────────────────────────────────────────────────


def coverage(subject: Review) -> pd.DataFrame:
    """What is this computed from, and which days of the month lack?

    A row per network, account and table: files, rows, first, last, observed_at, missing_days (of the month,
    for days and visits; null elsewhere).
    """
    month = pd.date_range(*subject.span)
    daily = pd.concat([subject.tables[name].assign(table=name) for name in ("days", "visits")])
    inside = daily[daily["date"].isin(month)].groupby(["network", "account", "table"], observed=True)
    missing = (len(month) - inside["date"].nunique()).rename("missing_days").reset_index()
    found = store.coverage(dict(subject.tables)).merge(missing, how="left", on=["network", "account", "table"])
    none = found["table"].isin(["days", "visits"]) & found["missing_days"].isna()
    return found.assign(missing_days=found["missing_days"].mask(none, len(month)))


# ── The scorecard ───────────────────────────────────────────────────────────────────────────────────────────


def scorecard(subject: Review) -> pd.DataFrame:
    """How was the month, measured against the last one, the same one last year and the targets?

    MEASURE columns, and unit, last_month, last_year, target, change (relative), p (after Holm) and verdict:
    better, worse, cannot_tell or no_data, with ``why``. Rates are compared post by post with last month's;
    counts with how they usually vary from month to month, which takes seven months of history.
    """
    names = [subject.rate if name == "rate" else name for name in CARDS]
    now = _month(subject, names, subject.month)
    cards = now.assign(
        unit=[metrics.METRICS[name].unit for name in names],
        last_month=_month(subject, names, _back(subject.month, 1))["value"],
        last_year=_month(subject, names, _back(subject.month, 12))["value"],
        target=[subject.brand.goals.get(name, np.nan) for name in names],
    )
    cards["change"] = cards["value"] / cards["last_month"] - 1
    cards["p"] = stats.holm([_p(subject, name) for name in names]).to_numpy()
    verdicts = [_verdict(row) for row in cards.to_dict("records")]
    return cards.assign(verdict=[v for v, _ in verdicts], why=[w for _, w in verdicts])


def _month(subject: Review, names: list[str], month: date) -> pd.DataFrame:
    start, end = months(month)
    return metrics.compute(subject.tables, names, start=start, end=end)


def _back(month: date, count: int) -> date:
    return (pd.Period(month, "M") - count).start_time.date()


def _p(subject: Review, name: str) -> float:
    """How likely is such a change from last month by chance alone?"""
    if metrics.METRICS[name].estimated:
        found = metrics.change(subject.tables, [name], months(subject.month), months(_back(subject.month, 1)))
        return float(found["p"].iloc[0])
    history = [_month(subject, [name], _back(subject.month, back))["value"].iloc[0] for back in range(YEAR, 0, -1)]
    known = pd.Series(history).dropna()
    value = _month(subject, [name], subject.month)["value"].iloc[0]
    return float(stats.unusual(known, value)["p"])


def _verdict(card: Mapping[Any, Any]) -> tuple[str, str]:
    metric = metrics.METRICS[card["metric"]]
    if pd.isna(card["value"]):
        return "no_data", "no_data"
    if pd.isna(card["last_month"]):
        return "cannot_tell", "no_past"
    how = "tested" if metric.estimated else "habit"
    if pd.isna(card["p"]):
        return "cannot_tell", "too_few" if metric.estimated else "short_history"
    if card["p"] >= SURE:
        return "cannot_tell", how
    rose = card["value"] > card["last_month"]
    if not metric.better:
        return ("more" if rose else "fewer"), how
    return ("better" if rose == (metric.better == "higher") else "worse"), how


# ── Trends, kinds, posts ────────────────────────────────────────────────────────────────────────────────────


def trend(subject: Review) -> pd.DataFrame:
    """How did the rate move, week by week, on each network? MEASURE by network and week, 26 weeks."""
    _, end = subject.span
    monday = pd.Timestamp(end) - pd.Timedelta(days=pd.Timestamp(end).weekday())
    start = (monday - pd.Timedelta(weeks=WEEKS - 1)).date()
    found = metrics.compute(subject.tables, [subject.rate], ["network", "week"], start, end)
    return found[found["value"].notna()].reset_index(drop=True)


def kinds(subject: Review) -> pd.DataFrame:
    """Which kinds of post work on which network? MEASURE by network and kind, over twelve months."""
    return metrics.compute(subject.tables, [subject.rate], ["network", "kind"], *subject.year())


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
    shown = posts[(day >= first) & (day < last + pd.Timedelta(days=1))].merge(habit, on=["network", "account"])
    shown = shown[shown["habit"] > 0].assign(times=lambda f: f["value"] / f["habit"])
    shown = shown.sort_values(["times", "post_id"], ascending=[False, True])
    ends = min(SHOWN, len(shown) // 2)
    best, weakest = shown.head(ends).assign(place="best"), shown.tail(ends).iloc[::-1].assign(place="weakest")
    wanted = ["place", "network", "account", "published_at", "kind", "text", "url", "value", "habit", "times"]
    return pd.concat([best, weakest], ignore_index=True)[wanted]


def rules(subject: Review) -> pd.DataFrame:
    """What would each tool have called this month's engagement rate? MEASURE, with tool and formula."""
    found = metrics.compute(subject.tables, TOOL_RATES, start=subject.span[0], end=subject.span[1])
    return found.assign(
        tool=[metrics.METRICS[m].whose for m in found["metric"]],
        formula=[metrics.formula(m) for m in found["metric"]],
    )


# ── What moved the rate ─────────────────────────────────────────────────────────────────────────────────────


def moves(subject: Review) -> pd.DataFrame:
    """What moved the rate since last month: other networks and kinds, or other rates within each?

    Per network and kind: mix, within and total, in points of the rate; the totals add up to the change
    exactly. With share w of the denominator and rate r in each, and means over both months written w̄, r̄:
    mix = Δw · (r̄ − R̄), within = w̄ · Δr. (Kitagawa 1955.) A kind of one month only is mix.
    """
    now, before = (_cells(subject, month) for month in (subject.month, _back(subject.month, 1)))
    if now.empty or before.empty:
        return pd.DataFrame(columns=["network", "kind", "mix", "within", "total"])
    both = now.join(before, how="outer", lsuffix="_now", rsuffix="_before")
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
    first, last = months(month)
    posts = metrics.fractions(subject.tables, subject.rate)
    day = posts["published_at"].dt.tz_localize(None).dt.date
    keys = {"network": posts["network"].astype("str"), "kind": posts["kind"].astype("object").fillna("unknown")}
    inside = posts.assign(**keys)[(day >= first) & (day <= last)]
    sums = inside.groupby(["network", "kind"])[["numerator", "denominator"]].sum()
    weight = sums["denominator"] / sums["denominator"].sum()
    return pd.DataFrame({"weight": weight, "rate": sums["numerator"] / sums["denominator"]})


# ── Findings ────────────────────────────────────────────────────────────────────────────────────────────────

Finding = tuple[str, dict[str, Any]]


def findings(subject: Review) -> list[Finding]:
    """What should be said in the meeting? (key, values) of sentences, each with a test behind it.

    What changed in the month, what the year shows of kinds and networks, which targets were met, and what
    lacks in the data. Where nothing can be told from chance, that is the finding.
    """
    cards = scorecard(subject)
    told = [*_changed(cards), *_moved(subject, cards), *_best_kinds(subject), *_declines(subject)]
    return [*(told or [("nothing", {})]), *_targets(cards), *_gaps(subject)]


def _changed(cards: pd.DataFrame) -> list[Finding]:
    names = {"better": "rose", "worse": "fell", "more": "rose", "fewer": "fell"}
    found = []
    for card in cards[cards["verdict"].isin(list(names))].to_dict("records"):
        risen = card["value"] > card["last_month"]
        found.append(("rose" if risen else "fell", {k: card[k] for k in ("metric", "value", "last_month", "verdict")}))
    return found


def _moved(subject: Review, cards: pd.DataFrame) -> list[Finding]:
    """How much of a change of the rate is mix, where there is a change to speak of."""
    card = cards[cards["metric"] == subject.rate].iloc[0]
    parts = moves(subject)
    if card["verdict"] not in ("better", "worse") or parts.empty:
        return []
    whole, largest = parts.iloc[-1], parts.iloc[0]
    said = {"metric": subject.rate, "total": whole["total"], "mix": whole["mix"], "within": whole["within"]}
    return [("moved", said | {"network": largest["network"], "kind": largest["kind"], "part": largest["total"]})]


def _best_kinds(subject: Review) -> list[Finding]:
    """Kinds that differ from all else that the same network got over the year."""
    posts = metrics.fractions(subject.tables, subject.rate)
    day = posts["published_at"].dt.tz_localize(None).dt.date
    first, last = subject.year()
    posts = posts[(day >= first) & (day <= last) & posts["kind"].notna()]
    posts = posts.assign(network=posts["network"].astype("str"), kind=posts["kind"].astype("str"))
    groups = list(posts.groupby(["network", "kind"]).groups)
    compared = []
    for network, kind in groups:
        here = posts[posts["network"] == network]
        mine = here["kind"] == kind
        sides = [stats.ratio(side["numerator"], side["denominator"]) for side in (here[mine], here[~mine])]
        found = stats.compare(*sides).iloc[0]
        compared.append({"network": network, "kind": kind, "value": sides[0]["value"].iloc[0],
                         "others": sides[1]["value"].iloc[0], "p": found["p"]})  # fmt: skip
    table = pd.DataFrame(compared, columns=["network", "kind", "value", "others", "p"])
    sure = table[stats.holm(table["p"]).to_numpy() < SURE]
    return [
        ("kind_better" if row["value"] > row["others"] else "kind_worse", {"metric": subject.rate, **row})
        for row in sure.drop(columns="p").to_dict("records")
    ]


def _declines(subject: Review) -> list[Finding]:
    """Networks on which what a post reaches has grown or shrunk over the year, beyond chance."""
    first, last = subject.year()
    posts = subject.tables["posts"]
    day = posts["published_at"].dt.tz_localize(None)
    inside = posts[(day.dt.date >= first) & (day.dt.date <= last)].assign(when=day)
    slopes = []
    for network, part in inside.groupby("network", observed=True):
        for column in ("reach", "impressions", "views"):
            given = part[part[column].notna() & (part[column] > 0)]
            if len(given) >= stats.SMALLEST_N:
                years = (given["when"] - given["when"].min()) / pd.Timedelta(days=365)
                slopes.append({"network": network, "figure": column, **stats.growth(given[column], years)})
                break
    table = pd.DataFrame(slopes, columns=["network", "figure", "change", "p"])
    sure = table[stats.holm(table["p"]).to_numpy() < SURE]
    return [
        ("network_grows" if row["change"] > 0 else "network_declines", row)
        for row in sure.drop(columns="p").to_dict("records")
    ]


def _targets(cards: pd.DataFrame) -> list[Finding]:
    """Targets met, missed, or too near to tell."""
    found = []
    for card in cards[cards["target"].notna() & cards["value"].notna()].to_dict("records"):
        sure = pd.notna(card["low"])
        if sure and card["low"] <= card["target"] <= card["high"]:
            key = "target_near"
        else:
            key = "target_met" if card["value"] >= card["target"] else "target_missed"
        found.append((key, {k: card[k] for k in ("metric", "value", "target")}))
    return found


def _gaps(subject: Review) -> list[Finding]:
    """Days without data inside the year, between the first and the last that an account has."""
    first, last = (pd.Timestamp(d) for d in subject.year())
    found = store.gaps(dict(subject.tables))
    found = found[(found["last"] >= first) & (found["first"] <= last)]
    lost = found.groupby(["network", "account", "first", "last", "days"])["figure"].agg(list).reset_index()
    return [("gap", gap) for gap in lost.to_dict("records")]


# ── Appendix ────────────────────────────────────────────────────────────────────────────────────────────────


def definitions(subject: Review) -> pd.DataFrame:
    """How is each figure of this report computed, and whose formula is it?"""
    names = {*CARDS[:5], *CARDS[6:], subject.rate, *TOOL_RATES}
    table = metrics.table()
    return table[table["name"].isin(names)].reset_index(drop=True)


def files(subject: Review) -> pd.DataFrame:
    """From which files was this computed? name, digest, format, rows, observed_at, aside."""
    grouped = subject.sources.groupby("source", sort=False)
    table = grouped.agg(
        name=("name", "first"), format=("format", "first"), rows=("rows", "sum"),
        observed_at=("observed_at", "max"), aside=("aside", "max"),
    )  # fmt: skip
    return table.reset_index().rename(columns={"source": "digest"}).sort_values("name", ignore_index=True)


def aside(subject: Review) -> pd.DataFrame:
    """Which rows were kept aside, and why? name, line, reason, excerpt."""
    return subject.aside[["name", "line", "reason", "excerpt"]]


def versions(subject: Review) -> pd.DataFrame:
    """With which versions, and as of when? name, version."""
    return pd.DataFrame([{"name": name, "version": version(name)} for name in VERSIONS])
