"""Which rows of an export cannot be right, and why? CHECKS has a line for each reason."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from cmlib import schema
from cmlib.importers.layout import Format

EARLIEST = pd.Timestamp("2004-01-01", tz="UTC")  # before the first of these networks


def judged(
    table: str, frame: pd.DataFrame, wanted: Format, observed_at: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that can be right, and those that cannot, with the reason."""
    reason = pd.Series("", index=frame.index)
    for why, wrong in CHECKS.items():
        mask = wrong(table, frame, wanted, observed_at)
        reason = reason.mask(mask & (reason == ""), why)
    bad = frame.assign(reason=reason)[reason != ""]
    return frame[reason == ""], bad[["line", "reason", "excerpt"]]


def _lacks(table: str, frame: pd.DataFrame, *_: Any) -> "pd.Series[bool]":
    required = [c for c in schema.TABLES[table].required if c in frame]
    return frame[required].isna().any(axis=1)


def _in_future(table: str, frame: pd.DataFrame, _: Format, observed_at: pd.Timestamp) -> "pd.Series[bool]":
    late: pd.Series[bool] = _when(table, frame) > observed_at + pd.Timedelta(days=1)
    if "observed_at" in frame:
        late |= pd.to_datetime(frame["observed_at"], utc=True) > observed_at
    return late


def _too_early(table: str, frame: pd.DataFrame, *_: Any) -> "pd.Series[bool]":
    early: pd.Series[bool] = _when(table, frame) < EARLIEST
    return early


def _when(table: str, frame: pd.DataFrame) -> Any:
    if table not in schema.TIME:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
    return pd.to_datetime(frame[schema.TIME[table]], utc=True)


def _negative(table: str, frame: pd.DataFrame, wanted: Format, *_: Any) -> "pd.Series[bool]":
    if table in ("days", "totals"):
        return (frame["value"] < 0) & ~frame["figure"].isin(wanted.may_fall)
    names = {"posts": schema.COUNTS, "audience": ("share",), "visits": ("sessions", "conversions")}.get(
        table, ()
    )
    given = [n for n in names if n in frame and n not in wanted.may_fall]
    below: pd.Series[bool] = frame[given].apply(pd.to_numeric).lt(0).any(axis=1)
    return below


def _repeated(table: str, frame: pd.DataFrame, *_: Any) -> "pd.Series[bool]":
    key = [k for k in (*schema.TABLES[table].key, "observed_at") if k in frame]
    return frame.duplicated(key) if schema.TABLES[table].merged else pd.Series(False, index=frame.index)


def _reversed(table: str, frame: pd.DataFrame, *_: Any) -> "pd.Series[bool]":
    if table != "totals":
        return pd.Series(False, index=frame.index)
    ends_first: pd.Series[bool] = frame["until"] < frame["since"]
    return ends_first


CHECKS: dict[str, Callable[..., "pd.Series[bool]"]] = {
    "lacks_value": _lacks,
    "future": _in_future,
    "too_early": _too_early,
    "negative": _negative,
    "reversed": _reversed,
    "repeated": _repeated,
}
