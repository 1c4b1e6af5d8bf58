"""What to remember of the rivals, where the brand can win, and what changed since the last report.

A finding is the key of a sentence and its values: every line names the figure behind it, and where nothing
can be told from chance, that is the finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from cmlib import competitors, periods, schema, stats
from cmlib.findings import Finding
from cmlib.landscape import SURE, Landscape
from cmlib.operations import operations
from cmlib.periods import WHO
from cmlib.topics import topics
from cmlib.traits import traits

LEAST = 0.005  # by so much more has to grow who grew most
RECENT = 3  # months in which a rival's operation is still a threat
FEW = 3  # of a kind of finding


def findings(subject: Landscape) -> list[Finding]:
    """What is to be remembered of the rivals? The surest first of each kind."""
    found = [
        *_rates(subject), *_growth(subject), *_works(subject), *list(_missed(subject))[:FEW],
        *_launched(operations(subject).head(FEW)), *_sizes(subject),
    ]  # fmt: skip
    return found or [("nothing", {})]


def swot(subject: Landscape) -> dict[str, list[Finding]]:
    """Where is the brand strong and weak beside its rivals, and where can it win or lose?

    Strengths and weaknesses are what is ours and differs beyond chance, or was counted; opportunities what
    works for rivals and we do less; threats what rivals launched lately, and who outgrows us.
    """
    known = [*_rates(subject), *_growth(subject), *_published(subject)]
    recent = operations(subject)
    recent = recent[recent["end"] >= periods.back(subject.month, RECENT - 1)]
    return {
        "strengths": [one for one in known if one[0] in ("we_beat", "over_median", "we_grow_most")],
        "weaknesses": [one for one in known if one[0] in ("they_beat", "under_median")],
        "opportunities": [*_works(subject, less=True), *_missed(subject, worth=True)],
        "threats": [*[one for one in known if one[0] == "they_grow_most"], *_launched(recent.head(FEW))],
    }


def _sizes(subject: Landscape) -> Iterator[Finding]:
    """Our place by followers on each network."""
    sizes = competitors.followers(subject)
    for network, rows in sizes.groupby("network", sort=False):
        tied = rows["value"].duplicated(keep=False) & rows["ours"]
        if rows["ours"].any() and not rows["ours"].all() and not tied.any():
            mine, largest = rows[rows["ours"]].iloc[0], rows.iloc[0]
            place = int((rows["value"] > mine["value"]).sum()) + 1
            said = {"network": network, "place": place, "n": len(rows), "people": mine["value"]}
            key = "largest" if place == 1 else "size"
            yield key, said | {"label": largest["label"], "most": largest["value"], "day": mine["seen"]}


def _growth(subject: Landscape) -> Iterator[Finding]:
    """Who grew most on the days that all were observed on."""
    sizes = competitors.followers(subject).dropna(subset=["growth"])
    for network, rows in sizes.groupby("network", sort=False):
        if not rows["ours"].any() or rows["ours"].all():
            continue
        mine, best = rows[rows["ours"]].iloc[0], rows.nlargest(1, "growth").iloc[0]
        said = {
            "network": network,
            "since": best["since"],
            "until": best["until"],
            "own_growth": mine["growth"],
        }
        second = rows.nlargest(2, "growth").iloc[-1]
        if best["growth"] - second["growth"] < LEAST:
            continue
        if not best["ours"]:
            yield "they_grow_most", said | {"label": best["label"], "growth": best["growth"]}
        elif not second["ours"]:
            yield "we_grow_most", said | {"label": second["label"], "growth": second["growth"]}


def _rates(subject: Landscape) -> Iterator[Finding]:
    """Rivals whose rate is above or below ours beyond chance, a sentence for each side of a network."""
    rates = competitors.efficiency(subject)
    for network, rows in rates.groupby("network", sort=False):
        ours = rows.loc[rows["ours"], "value"]
        for key, side in (("they_beat", "above"), ("we_beat", "below")):
            some = rows[rows["verdict"] == side]
            if len(some) and len(ours):
                of_each = list(zip(some["label"], some["value"], strict=True))
                yield key, {"network": network, "n": len(some), "rates": of_each, "rate": ours.iloc[0]}
        unsure = rows[rows["verdict"] == "cannot_tell"]
        if len(unsure) and len(ours) and not rows["verdict"].isin(["above", "below"]).any():
            yield "alike", {"network": network, "labels": list(unsure["label"]), "rate": ours.iloc[0]}


def _published(subject: Landscape) -> Iterator[Finding]:
    """Where our rate leaves the published median out; of the sector, where there is one."""
    rows = competitors.benchmarks(subject)
    first = rows.sort_values("industry", key=lambda s: s == "all", kind="stable").drop_duplicates("network")
    for row in first[first["verdict"].isin(["above", "below"])].to_dict("records"):
        key = "over_median" if row["verdict"] == "above" else "under_median"
        names = ("network", "industry", "benchmark", "source", "source_date")
        yield key, {name: row[name] for name in names} | {"rate": row["ours"]}


def _works(subject: Landscape, less: bool = False) -> Iterator[Finding]:
    """Traits that go with more or fewer interactions; ``less``: more, and rivals do it more than we do."""
    found = traits(subject)
    found = found[found["verdict"].isin(["works"] if less else ["works", "hurts"])]
    if less and found["ours"].notna().any():
        found = found[(found["gap_p"] < SURE) & (found["ours"] < found["theirs"])]
    for row in found.sort_values("p", kind="stable").head(FEW).to_dict("records"):
        names = ("trait", "change", "low", "high", "n", "ours", "theirs")
        key = "do_more" if less and pd.notna(row["ours"]) else row["verdict"]
        yield key, {name: row[name] for name in names}


def _missed(subject: Landscape, worth: bool = False) -> Iterator[Finding]:
    """Topics that rivals speak of more than we do, beyond chance, those that do well with them first.

    ``worth``: only those whose posts get more than their accounts' habit, with the whole interval.
    """
    found = topics(subject)["topics"]
    if found.empty:
        return
    missed = found[found["verdict"] == "theirs"].sort_values("times", ascending=False, kind="stable")
    missed = missed[missed["times_low"] > 1] if worth else missed
    key = "missed_well" if worth else "missed"
    for row in missed.head(FEW).to_dict("records"):
        yield key, {name: row[name] for name in ("words", "theirs", "ours", "times", "n")}


def _launched(found: pd.DataFrame) -> Iterator[Finding]:
    """Operations, as they are said; those without words of their own as bursts."""
    names = ["label", "start", "end", "posts", "words", "brought", "networks"]
    for row in found.to_dict("records"):
        key = "launched" if row["words"] else "burst"
        placebo = {"operation": row["kind"], "placebo": (row["chance"], row["placebos"])}
        yield key, {name: row[name] for name in names} | placebo


# ── What changed ────────────────────────────────────────────────────────────────────────────────────────────


def alerts(subject: Landscape) -> dict[str, Any]:
    """What happened in the month, and what came in since the last report?

    ``alerts``: findings of the month. ``changes``: a row per account and table with news: network, account,
    label, table, new (rows that were not known), revised (rows whose figures are others than they were), last
    (the newest day). Empty with ``first`` True where there was no report before.
    """
    found = [*_begun(subject), *_appeared(subject), *_busier(subject), *_jumped(subject)]
    known = any((~_theirs(subject, table)["ours"]).any() for table in ("posts", "days", "totals"))
    found = found or [("quiet" if known else "unknown_month", {"month": subject.month})]
    if subject.known is None:
        return {"alerts": found, "changes": pd.DataFrame(), "first": True}
    changes = [_changes(subject, table, subject.known) for table in subject.tables]
    return {"alerts": found, "changes": pd.concat(changes, ignore_index=True), "first": False}


def _theirs(subject: Landscape, table: str) -> pd.DataFrame:
    """The rows of the month, with whose they are."""
    month = replace(subject, months=1).within(table)[WHO].astype("object")
    return month.merge(subject.accounts, on=WHO)


def _changes(subject: Landscape, table: str, known: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    key = list(schema.TABLES[table].key)
    figures = list(schema.COUNTS) if table == "posts" else ["value"]
    now, then = (
        rows[[*key, *figures]].astype(dict.fromkeys(key, "object"))
        for rows in (subject.tables[table], known[table])
    )
    both = now.merge(then, how="left", on=key, suffixes=("", "_then"), indicator=True)
    values = both[figures].astype("Float64")
    before = both[[f"{name}_then" for name in figures]].astype("Float64").set_axis(figures, axis=1)
    other = (values.notna() & before.notna() & values.ne(before).fillna(False)).any(axis=1)
    when = schema.local(subject.tables[table][schema.TIME[table]]).dt.normalize()
    both = both.assign(new=both["_merge"] == "left_only", revised=other, last=when.to_numpy())
    found = (
        both[both["new"] | both["revised"]]
        .groupby(WHO)
        .agg(new=("new", "sum"), revised=("revised", "sum"), last=("last", "max"))
    )
    merged: pd.DataFrame = subject.accounts.merge(found.reset_index(), on=WHO).assign(table=table)
    return merged


def _begun(subject: Landscape) -> Iterator[Finding]:
    """Operations of rivals that began in the month."""
    found = operations(subject)
    yield from _launched(found[found["start"] >= pd.Timestamp(subject.month)])


def _appeared(subject: Landscape) -> Iterator[Finding]:
    """Rivals that were observed for the first time, after others had been for months."""
    seen = competitors.observed(subject)
    seen = seen[~seen["ours"] & seen["first"].notna()]
    if seen.empty or seen["first"].min() >= pd.Timestamp(subject.month):
        return
    new = seen[seen["first"] >= pd.Timestamp(subject.month)]
    for network, rows in new.groupby("network", sort=False):
        yield "appeared", {"network": network, "labels": list(rows["label"]), "n": len(rows)}


def _busier(subject: Landscape) -> Iterator[Finding]:
    """Rivals that posted more or less in the month than they usually do, beyond chance."""
    posts = subject.posts[~subject.posts["ours"]]
    until = posts.groupby(WHO)["seen"].max().dt.normalize()
    month = posts["day"].dt.to_period("M")
    counts = posts.groupby([*WHO, "label", month]).size().rename("n").reset_index()
    whole = until[until >= pd.Timestamp(subject.span[1])].index  # those whose month is over in the exports
    kept = counts[pd.MultiIndex.from_frame(counts[WHO]).isin(whole)]
    yield from _unusual(subject, kept.rename(columns={"day": "month", "n": "value"}), "posts")


def _jumped(subject: Landscape) -> Iterator[Finding]:
    """Rivals whose followers grew or shrank in the month as they usually do not."""
    totals = competitors.trajectories(subject)
    totals = totals[~totals["ours"]].assign(month=totals["date"].dt.to_period("M"))
    last = totals.groupby([*WHO, "label", "month"])["value"].last().reset_index()
    yield from _unusual(subject, last, "followers")


def _unusual(subject: Landscape, counts: pd.DataFrame, what: str) -> Iterator[Finding]:
    """Of monthly figures (network, account, label, month, value), which of the month are unusual?"""
    month, found = pd.Period(subject.month, "M"), []
    for (network, _, label), rows in counts.groupby([*WHO, "label"]):
        by = rows.set_index("month")["value"].reindex(pd.period_range(rows["month"].min(), month, freq="M"))
        if len(by) > 1 and pd.notna(by.iloc[-1]):
            expected = stats.unusual(by.iloc[:-1], float(by.iloc[-1]))
            ends = {"least": expected["low"], "up_to": expected["high"], "p": expected["p"]}
            found.append({"network": network, "label": label, "value": by.iloc[-1], **ends})
    table = pd.DataFrame(found, columns=["network", "label", "value", "least", "up_to", "p"])
    for row in table[stats.holm(table["p"]).to_numpy() < SURE].to_dict("records"):
        yield f"unusual_{what}", row
