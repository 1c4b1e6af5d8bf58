"""How each metric is computed, from the rows of a period: sums, means, quantiles, growth, satisfaction."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from cmlib import periods, stats
from cmlib.metrics.declared import GROWING, Metric
from cmlib.periods import PARTS, Period


def measured(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """What is it in each group? One row per group: the keys, then metric, value, n, low, high, note."""
    found = HOW[metric.how](metric, p, level).reindex(p.groups.index)
    found = found.reindex(columns=["value", "n", "low", "high", "note"])
    found = found.astype({"value": "float64", "low": "float64", "high": "float64"})
    note = found["note"].fillna("").astype("str")
    vague = found["value"].notna() & found["low"].isna() & metric.estimated
    enough = stats.SMALLEST_ANSWERS if metric.answered else stats.SMALLEST_N
    few = found["n"] < (stats.fewest(0.9, level) if metric.how == "p90" else enough)
    note = _with(note, "too_few", vague & few)
    note = _with(note, "no_interval", vague & ~few)
    filled = found.assign(metric=metric.name, n=found["n"].fillna(0).astype("int64"), note=note)
    return pd.concat([p.groups, filled], axis=1)


def _with(note: pd.Series, key: str, where: "pd.Series[bool]") -> pd.Series:
    return note.mask(where, (note + " " + f"metric.note.{key}").str.strip()) if where.any() else note


def rowwise(metric: Metric, p: Period) -> tuple[pd.Series, pd.Series]:
    """What stands above and below the line of each row? Null where one is not known, or nothing is below."""
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
    top, base = rowwise(metric, p)
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
    top, base = rowwise(metric, p)
    values = (top / base).dropna()
    found = stats.mean(values, p.code[values.index], level).reindex(p.groups.index)
    if not metric.estimated:
        found = found.assign(low=None, high=None, se=None, df=None)
    return found.assign(note=_notes(metric, p, top, base))


def _quantile(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    top, base = rowwise(metric, p)
    values = top.dropna()
    share = 0.9 if metric.how == "p90" else 0.5
    found = stats.quantile(values, share, p.code[values.index], level).reindex(p.groups.index)
    return found.assign(note=_notes(metric, p, top, base))


def _proportion(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """Of how many rows of those of which it is known is it so?"""
    top, base = rowwise(metric, p)
    sums = top.dropna().groupby(p.code).agg(["sum", "size"]).reindex(p.groups.index, fill_value=0)
    return stats.wilson(sums["sum"], sums["size"], level).assign(note=_notes(metric, p, top, base))


def _distinct(metric: Metric, p: Period, level: float) -> pd.DataFrame:
    """How many different ones, over how many rows? They are not to be added up over groups."""
    known = p.rows[metric.top].dropna()
    of = known.groupby(p.code[known.index])
    found = pd.DataFrame({"value": of.nunique().astype("float64"), "n": of.size()}).reindex(p.groups.index)
    return found.assign(
        note=_with(pd.Series("", index=found.index), f"no_{metric.top}", found["value"].isna())
    )


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


HOW: dict[str, Callable[[Metric, Period, float], pd.DataFrame]] = {
    **{"sum": _sum, "mean": _mean, "share": _mean, "median": _quantile, "count": _count},
    **{"p90": _quantile, "proportion": _proportion, "distinct": _distinct},
    **dict.fromkeys(GROWING, _growth),
    **{"nps": _satisfaction, "csat": _satisfaction},
}
