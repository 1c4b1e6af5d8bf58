"""What should be said in the meeting: sentences, each with a test behind it.

A finding is the key of a sentence and its values. Where nothing can be told from chance, that is the finding.
"""

from datetime import date
from typing import Any

import pandas as pd

from cmlib import metrics, stats, store
from cmlib.kpis import SURE, Review, moves, scorecard, unfinished
from cmlib.periods import back, months

Finding = tuple[str, dict[Any, Any]]


def findings(subject: Review) -> list[Finding]:
    """What changed in the month, what does the year show, which targets were met, and what lacks?"""
    cards = scorecard(subject)
    posts = cards.loc[cards["metric"] == "posts", "value"].iloc[0]
    quiet = "nothing" if posts > 0 else "no_posts"
    month = [*_changed(cards), *_moved(subject, cards), *_networks(subject)] or [(quiet, {})]
    year = [*_best_kinds(subject), *_declines(subject)]
    return [*month, *year, *_targets(cards), *_unfinished(subject), *_gaps(subject)]


def _changed(cards: pd.DataFrame) -> list[Finding]:
    sure = cards[cards["verdict"].isin(["better", "worse", "more", "fewer"])]
    return [
        ("rose" if card["value"] > card["last_month"] else "fell", card)
        for card in sure[["metric", "value", "last_month"]].to_dict("records")
    ]


def _moved(subject: Review, cards: pd.DataFrame) -> list[Finding]:
    """How much of a change of the rate is mix, where there is a change to speak of."""
    card = cards[cards["metric"] == subject.rate].iloc[0]
    parts = moves(subject)
    if card["verdict"] not in ("better", "worse") or parts.empty:
        return []
    whole, largest = parts.iloc[-1], parts.iloc[0]
    said = {"metric": subject.rate, "total": whole["total"], "mix": whole["mix"], "within": whole["within"]}
    return [
        ("moved", said | {"network": largest["network"], "kind": largest["kind"], "part": largest["total"]})
    ]


def _networks(subject: Review) -> list[Finding]:
    """Networks on which the rate is another than last month."""
    spans = subject.span, months(back(subject.month, 1))
    now, before = (_by_network(subject, span) for span in spans)
    found = metrics.change(subject.tables, [subject.rate], *spans, by=["network"])
    sure = found[stats.holm(found["p"]).to_numpy() < SURE]["network"].astype("str")
    return [
        ("network_rose" if now[network] > before[network] else "network_fell",
         {"metric": subject.rate, "network": network, "value": now[network], "last_month": before[network]})
        for network in sure
    ]  # fmt: skip


def _by_network(subject: Review, span: tuple[date, date]) -> "pd.Series[float]":
    found = metrics.compute(subject.tables, [subject.rate], ["network"], *span)
    return found.set_index(found["network"].astype("str"))["value"]


def _best_kinds(subject: Review) -> list[Finding]:
    """Kinds that differ from all else that the same network got over the year."""
    posts = metrics.fractions(subject.tables, subject.rate, *subject.year)
    posts = posts[posts["kind"].notna()]
    posts = posts.assign(network=posts["network"].astype("str"), kind=posts["kind"].astype("str"))
    compared = []
    for network, kind in sorted(set(zip(posts["network"], posts["kind"], strict=True))):
        here = posts[posts["network"] == network]
        mine = here["kind"] == kind
        its, others = (stats.ratio(s["numerator"], s["denominator"]) for s in (here[mine], here[~mine]))
        found = stats.compare(its, others).iloc[0]
        rates = {"value": its["value"].iloc[0], "others": others["value"].iloc[0]}
        compared.append({"network": network, "kind": kind, **rates, "p": found["p"]})
    table = pd.DataFrame(compared, columns=["network", "kind", "value", "others", "p"])
    sure = table[stats.holm(table["p"]).to_numpy() < SURE]
    return [
        ("kind_better" if row["value"] > row["others"] else "kind_worse", {"metric": subject.rate, **row})
        for row in sure.drop(columns="p").to_dict("records")
    ]


def _declines(subject: Review) -> list[Finding]:
    """Accounts on which what a post reaches has grown or shrunk over the year, beyond chance.

    Only where their posts span half a year: a slope of a few weeks says nothing of a year.
    """
    first, last = subject.year
    posts = subject.tables["posts"]
    day = posts["published_at"].dt.tz_localize(None)
    inside = posts[(day.dt.date >= first) & (day.dt.date <= last)].assign(when=day)
    slopes = []
    for (network, account), part in inside.groupby(["network", "account"], observed=True):
        for column in ("reach", "impressions", "views"):
            given = part[part[column].notna() & (part[column] > 0)]
            years = (given["when"] - given["when"].min()) / pd.Timedelta(days=365)
            if len(given) >= stats.SMALLEST_N and years.max() >= 0.5:
                line = stats.growth(given[column], years)
                slopes.append(
                    {"network": network, "account": account, "figure": column, "n": len(given), **line}
                )
                break
    table = pd.DataFrame(slopes, columns=["network", "account", "figure", "n", "change", "low", "high", "p"])
    sure = table[stats.holm(table["p"]).to_numpy() < SURE]
    return [
        ("network_grows" if row["change"] > 0 else "network_declines", row)
        for row in sure.drop(columns="p").to_dict("records")
    ]


def _targets(cards: pd.DataFrame) -> list[Finding]:
    """Targets met, missed, or too near to tell."""
    return [
        (f"target_{state}", {"targets": some[["metric", "value", "target"]].to_dict("records")})
        for state, some in cards[cards["reached"] != ""].groupby("reached", sort=False)
    ]


def _unfinished(subject: Review) -> list[Finding]:
    """Accounts whose newest export ends before the month does."""
    return [("unfinished", account) for account in unfinished(subject).to_dict("records")]


def _gaps(subject: Review) -> list[Finding]:
    """Days without data inside the year, between the first and the last that an account has."""
    first, last = (pd.Timestamp(d) for d in subject.year)
    found = store.gaps(dict(subject.tables))
    found = found[(found["last"] >= first) & (found["first"] <= last)]
    spells = found.groupby(["network", "account", "first", "last", "days"])["figure"].agg(list).reset_index()
    accounts = spells.groupby(["network", "account"])
    lost = accounts.agg(
        first=("first", "min"), last=("last", "max"), n=("days", "sum"), gaps=("days", "size"),
        figure=("figure", lambda lists: sorted({figure for some in lists for figure in some})),
    )  # fmt: skip
    return [("gap" if gap["gaps"] == 1 else "gaps", gap) for gap in lost.reset_index().to_dict("records")]
