"""What was planned, and what came of it: kept, late, early, missed, unplanned; and whether forecasts hold.

A post is that of a slot by its account, by its time, and by what it says. Nobody is judged on what the
exports do not show yet: such a slot is open.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.special import betaincinv

from cmlib import plans, schema
from cmlib.brand import Brand
from cmlib.timing import posts as counts

NEAR = pd.Timedelta(hours=36)  # further apart, a post is not that of a slot
ON_TIME = pd.Timedelta(hours=2)  # or on the same day
ALIKE = 0.3  # of the words of both, from which on two texts are the same
LEVEL = 0.8  # of the posts are to lie within their interval
FEWEST = 10  # posts, from which on something is said of that
SURE = 0.95
OUTCOMES = ("kept", "late", "early", "missed", "open", "unplanned")
COLUMNS = (
    "slot_id", "when", "network", "account", "kind", "title", "text", "status", "objective", "expected",
    "low", "high", "outcome", "post_id", "url", "published_at", "actual",
)  # fmt: skip
_OF_SLOT = COLUMNS[: COLUMNS.index("outcome")]
_WORD = re.compile(r"[^\W_]{3,}")


class Subject(Protocol):
    """What a month of a brand is, here: a ``kpis.Review`` is one."""

    @property
    def brand(self) -> Brand:
        """Whose month it is."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Its own tidy tables."""

    @property
    def span(self) -> tuple[date, date]:
        """Its first and its last day."""


def outcomes(subject: Subject) -> dict[str, pd.DataFrame] | None:
    """What came of the plan of this month? None where nothing was planned for it.

    ``summary``: network (and all), planned, one column for each of OUTCOMES, n (posts of which both are
    known), expected and actual (added up over these). ``slots``: as ``matched``. ``calibration``: as there.
    """
    first, last = subject.span
    rows = plans.read(subject.brand).rows
    found = matched(rows, subject.tables["posts"])
    day = _day(found["when"].fillna(found["published_at"]))
    found = found[day.between(pd.Timestamp(first), pd.Timestamp(last))].reset_index(drop=True)
    if not (found["slot_id"] != "").any():
        return None
    return {"summary": _summary(found), "slots": found, "calibration": calibration(found)}


def matched(rows: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Which post is that of which slot? COLUMNS, by time; a post without a slot has no slot_id.

    ``rows``: PLAN; ``posts``: the brand's own tidy posts. kept: within two hours or on the same day; missed:
    there is none, though the exports go on for 36 hours; open: they do not yet, or it is still to come.
    ``actual`` is what the slot's objective counts, null of posts younger than a week. Unplanned posts are
    those between the first and the last day of the plan.
    """
    made = posts.reset_index(drop=True)
    made = made.assign(**{name: made[name].astype("object") for name in ("network", "account", "kind")})
    taken: dict[int, int] = {}
    accounts = dict(list(made.groupby(["network", "account"])))
    for key, slots in rows.reset_index(drop=True).groupby(["network", "account"]):
        if key in accounts:
            taken |= _pairs(slots, accounts[key])
    found = _framed(rows.reset_index(drop=True), made, taken)
    return found.assign(actual=_actual(found, posts))[list(COLUMNS)]


def _pairs(slots: pd.DataFrame, posts: pd.DataFrame) -> dict[int, int]:
    """Slot → post of one account: the pairs that together are the most alike, in time and in words."""
    score = np.zeros((len(slots), len(posts)))
    words = [_words(f"{title} {text}") for title, text in zip(slots["title"], slots["text"], strict=True)]
    said = [_words("" if pd.isna(text) else str(text)) for text in posts["text"]]
    apart = _apart(slots["when"], posts["published_at"])
    for n, m in zip(*np.nonzero(np.abs(apart) <= NEAR / pd.Timedelta(hours=1)), strict=True):
        alike, far = _alike(words[n], said[m]), abs(apart[n, m])
        if alike is None or alike >= ALIKE or far <= ON_TIME / pd.Timedelta(hours=1):
            same = str(slots["kind"].iat[n]) == str(posts["kind"].iat[m])
            score[n, m] = 1 + (ALIKE if alike is None else 2 * alike) + 0.2 * same - far / 36
    pairs = zip(*linear_sum_assignment(score, maximize=True), strict=True)
    return {int(slots.index[n]): int(posts.index[m]) for n, m in pairs if score[n, m] > 0}


def _apart(when: pd.Series, published: pd.Series) -> Any:
    """Hours from each slot to each post; 0 on the same day, where only the day of a post is known."""
    planned, real = (schema.local(one.dt.tz_convert(when.dt.tz)) for one in (when, published))
    hours = _hours(
        published.to_numpy("datetime64[us]") - when.dt.tz_convert("UTC").to_numpy("datetime64[us]")[:, None]
    )
    days = _hours(real.dt.normalize().to_numpy() - planned.dt.normalize().to_numpy()[:, None])
    return np.where((real == real.dt.normalize()).to_numpy(), days, hours)


def _day(when: pd.Series) -> "pd.Series[Any]":
    day: pd.Series[Any] = schema.local(when).dt.normalize()
    return day


def _hours(apart: Any) -> Any:
    return apart / np.timedelta64(1, "h")


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _alike(one: set[str], other: set[str]) -> float | None:
    """Twice the words of both over those of each (Dice); None where one says nothing."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else None


def _framed(rows: pd.DataFrame, posts: pd.DataFrame, taken: dict[int, int]) -> pd.DataFrame:
    zone = rows["when"].dt.tz
    published = posts["published_at"].dt.tz_convert(zone).dt.as_unit("us")
    real = posts[["post_id", "url"]].assign(published_at=published).loc[list(taken.values())]
    real = real.set_axis(list(taken), axis=0).reindex(rows.index).fillna({"post_id": "", "url": ""})
    outcome = _outcomes(rows, posts, real["published_at"])
    found = rows[list(_OF_SLOT)].assign(outcome=outcome).join(real)
    over = posts[~posts.index.isin(list(taken.values()))]
    days, local = _day(rows["when"]), _day(published[over.index])
    over = over[(local >= days.min()) & (local <= days.max())] if len(rows) else over[:0]
    more = over[["network", "account", "kind", "text", "post_id", "url"]].assign(
        slot_id="", outcome="unplanned", published_at=published[over.index], objective=_objective(rows),
        title="", status="published",
    )  # fmt: skip
    parts = [part for part in (found, more) if len(part)] or [found]
    whole = pd.concat(parts, ignore_index=True)
    whole["when"] = whole["when"].astype(rows["when"].dtype)
    for name in ("kind", "text", "url"):
        whole[name] = whole[name].astype("object").fillna("").astype("str")
    time = whole["when"].fillna(whole["published_at"])
    order = time.to_frame("time").assign(slot=whole["slot_id"], post=whole["post_id"])
    ordered = order.sort_values(["time", "slot", "post"]).index
    return pd.DataFrame(whole.loc[ordered]).reset_index(drop=True)


def _outcomes(rows: pd.DataFrame, posts: pd.DataFrame, at: pd.Series) -> "pd.Series[str]":
    until = posts.groupby(["network", "account"])["observed_at"].max()
    seen = pd.Series(
        [until.get(key, pd.NaT) for key in zip(rows["network"], rows["account"], strict=True)],
        rows.index, "datetime64[us, UTC]",
    )  # fmt: skip
    outcome = pd.Series("open", rows.index, dtype="str")
    outcome = outcome.mask(at.isna() & (rows["when"] + NEAR <= seen), "missed")
    same = (_day(at) == _day(rows["when"])) | ((at - rows["when"]).abs() <= ON_TIME)
    outcome = outcome.mask(at.notna() & (at > rows["when"]), "late")
    outcome = outcome.mask(at.notna() & (at < rows["when"]), "early")
    return outcome.mask(at.notna() & same, "kept")


def _objective(rows: pd.DataFrame) -> str:
    """What most slots are for: what an unplanned post is counted by."""
    said = rows["objective"].replace("", plans.OBJECTIVES[0]).mode()
    return str(said.iat[0]) if len(said) else plans.OBJECTIVES[0]


def _actual(found: pd.DataFrame, posts: pd.DataFrame) -> "pd.Series[float]":
    """What each post brought of what its slot is for, counted as forecasts count; conversions of none."""
    value: dict[Any, float] = {}
    for objective in ("interactions", "reach") if len(posts) else ():
        newest = pd.Timestamp(posts["observed_at"].max()).tz_localize(None)
        known = counts.counted(posts, objective, newest)
        keys = zip(known["network"], known["account"], known["post_id"], strict=True)
        brought = np.expm1(known["y"]).round(6)
        value |= {(objective, *key): one for key, one in zip(keys, brought, strict=True)}
    asked = found["objective"].replace("", plans.OBJECTIVES[0])
    of = zip(asked, found["network"], found["account"], found["post_id"], strict=True)
    return pd.Series([value.get(key, np.nan) for key in of], found.index, "float64")


def _summary(found: pd.DataFrame) -> pd.DataFrame:
    """One row for each network, the most planned first, and one for all."""
    both = found["expected"].notna() & found["actual"].notna()
    told = pd.DataFrame({
        "network": found["network"].astype("str"), "planned": found["slot_id"] != "",
        **{outcome: found["outcome"] == outcome for outcome in OUTCOMES}, "n": both,
        "expected": found["expected"].where(both), "actual": found["actual"].where(both),
    })  # fmt: skip
    by = told.groupby("network").sum(min_count=1).reset_index()
    by = by.sort_values(["planned", "network"], ascending=[False, True])
    every = told.drop(columns="network").sum(min_count=1).to_frame().T.assign(network="all")
    whole = pd.concat([by, every], ignore_index=True) if len(by) > 1 else by
    return whole.astype(dict.fromkeys(("planned", *OUTCOMES, "n"), "int64"))[list(told.columns)].reset_index(
        drop=True
    )


def calibration(found: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Do as many posts lie within their interval as should? One row.

    n (posts with an interval and an actual), within, value (the share), low and high (95 %, exact: Clopper
    and Pearson, 1934), level, verdict: too_few, holds, too_narrow (fewer lie within, surely), too_wide.
    """
    known = found.dropna(subset=["low", "high", "actual"])
    n = len(known)
    k = int(((known["actual"] >= known["low"]) & (known["actual"] <= known["high"])).sum())
    tail = (1 - SURE) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    verdict = "too_narrow" if high < level else "too_wide" if low > level else "holds"
    few = n < FEWEST
    row = {
        "n": n, "within": k, "value": k / n if n else np.nan, "low": np.nan if few else low,
        "high": np.nan if few else high, "level": level, "verdict": "too_few" if few else verdict,
    }  # fmt: skip
    return pd.DataFrame([row])
