"""The rows of a plan: what each column holds, what cannot be, and which version of a slot was approved."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cmlib import schema
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.schema import INSTANT, TEXT, Dtype

STATUSES = ("idea", "draft", "review", "approved", "scheduled", "published")
OPEN = STATUSES[:3]  # before it was approved
OBJECTIVES = ("interactions", "reach", "conversions")
COLUMNS: dict[str, Dtype] = {
    "slot_id": TEXT, "when": INSTANT, "network": TEXT, "account": TEXT, "piece": TEXT, "kind": TEXT,
    "pillar": TEXT, "moment": TEXT, "title": TEXT, "text": TEXT, "link": TEXT, "alt_text": TEXT,
    "piece_id": TEXT, "hours": "float64", "cost": "float64", "owner": TEXT, "status": TEXT, "fixed": "bool",
    "expected": "float64", "low": "float64", "high": "float64", "objective": TEXT, "why": TEXT,
    "approved": TEXT, "task": TEXT, "sequence": "int64",
}  # fmt: skip
TEXTS = tuple(name for name, dtype in COLUMNS.items() if dtype == TEXT)
SAID = (
    "network",
    "account",
    "piece",
    "kind",
    "title",
    "text",
    "link",
    "alt_text",
)  # and when: what is approved
YEARS = (2000, 2100)  # a plan is of one of them
LONGEST = 100_000  # characters of a cell

KNOWN: dict[str, tuple[str, ...]] = {
    "network": schema.NETWORKS, "kind": ("", *schema.KINDS), "status": STATUSES,
    "objective": ("", *OBJECTIVES),
}  # fmt: skip
NUMBERS = ("hours", "cost", "expected", "low", "high")
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # what no file holds
Where = Callable[[int], str]  # the place of a row → how an error names it


# ── The rows ────────────────────────────────────────────────────────────────────────────────────────────────


def empty(zone: ZoneInfo) -> pd.DataFrame:
    """A plan without a slot."""
    return checked(pd.DataFrame({name: [] for name in COLUMNS}).astype({"when": INSTANT}), zone)


def checked(frame: pd.DataFrame, zone: ZoneInfo, where: Where | None = None) -> pd.DataFrame:
    """Is this frame a plan? It is returned with every column there, in order, typed, ``when`` in the zone.

    A column that lacks is added: texts empty, amounts null, ``status`` idea. Order stays. Raises CmlibError
    for a column that is none, and with its row for a cell that cannot be and a slot that is there twice.
    """
    place = where or (lambda n: t("error.at_row", row=str(n + 1)))
    for name in frame.columns:
        if name not in COLUMNS:
            raise unknown("column", name, COLUMNS)
    given = frame.reset_index(drop=True)
    made = {name: _text(given, name, place) for name in TEXTS}
    made["status"] = made["status"].mask(made["status"] == "", STATUSES[0])
    made |= {name: _amount(given, name, place) for name in NUMBERS}
    made |= {"fixed": _flag(given, place), "sequence": _sequence(given, place)}
    made["when"] = _when(given, zone, place)
    for name, known in KNOWN.items():
        for n in _rows(~made[name].isin(known)):
            raise unknown(name, made[name][n], [one for one in known if one], place(n))
    _told_apart(made["slot_id"], place)
    return pd.DataFrame({name: made[name] for name in COLUMNS}, index=given.index)


def _text(given: pd.DataFrame, name: str, place: Where) -> "pd.Series[Any]":
    if name not in given:
        return pd.Series("", index=given.index, dtype=TEXT)
    cells = given[name].to_numpy(dtype=object, copy=True)
    cells[given[name].isna().to_numpy()] = ""
    for n, cell in enumerate(map(str, cells)):
        if cell and (len(cell) > LONGEST or (not cell.isprintable() and _UNWRITABLE.search(cell))):
            raise wrong(name, repr(cell[:40]), "plan_text", place(n))
    said: pd.Series[Any] = pd.Series(cells, index=given.index, dtype=TEXT)
    return said.str.replace("\r\n?", "\n", regex=True)  # a line ends as it does in the file


def _amount(given: pd.DataFrame, name: str, place: Where) -> "pd.Series[Any]":
    if name not in given:
        return pd.Series(np.nan, index=given.index)
    value = pd.to_numeric(given[name], errors="coerce").astype("float64")
    bad = (value.isna() & given[name].notna()) | (value < 0) | np.isinf(value)
    for n in _rows(bad):
        said = given[name][n]
        raise wrong(name, repr(said) if isinstance(said, str) else str(said), "amount", place(n))
    return value


def _sequence(given: pd.DataFrame, place: Where) -> "pd.Series[Any]":
    value = _amount(given, "sequence", place).fillna(0.0)
    for n in _rows((value % 1 != 0) | (value >= 2**31)):
        raise wrong("sequence", repr(given["sequence"][n]), "plan_count", place(n))
    return value.astype("int64")


def _flag(given: pd.DataFrame, place: Where) -> "pd.Series[Any]":
    if "fixed" not in given:
        return pd.Series(False, index=given.index)
    said = given["fixed"].astype("object").where(given["fixed"].notna(), False)
    for n in _rows(~said.isin([True, False])):
        raise wrong("fixed", repr(said[n]), "plan_flag", place(n))
    return said.astype("bool")


def _when(given: pd.DataFrame, zone: ZoneInfo, place: Where) -> "pd.Series[Any]":
    if "when" not in given:
        raise CmlibError("plan_lacks", where=place(0), column="when", columns=list(COLUMNS))
    said = given["when"]
    if not isinstance(said.dtype, pd.DatetimeTZDtype):
        for n in range(len(said)):
            raise wrong("when", repr(said[n]), "plan_when", place(n))
        said = pd.Series(pd.NaT, given.index, INSTANT)
    bad = said.isna() | ~said.dt.year.between(*YEARS)
    for n in _rows(bad):
        raise wrong("when", repr(str(said[n])), "plan_when", place(n))
    local: pd.Series[Any] = said.dt.as_unit("us").dt.tz_convert(zone)
    return local


def ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows by their time; of one time by network, account and name."""
    return rows.sort_values(["when", "network", "account", "slot_id"], kind="stable", ignore_index=True)


def _told_apart(ids: "pd.Series[str]", place: Where) -> None:
    for n in _rows(ids == ""):
        raise wrong("slot_id", repr(""), "plan_id", place(n))
    for n in _rows(ids.duplicated()):
        first = _rows(ids == ids[n])[0]
        raise CmlibError("plan_twice", slot=ids[n], where=place(n), first=place(first))


def _rows(bad: "pd.Series[bool]") -> list[int]:
    return [int(n) for n in np.flatnonzero(bad.to_numpy(dtype=bool))]


def wrong(column: str, value: str, kind: str, where: str) -> CmlibError:
    """The error for a cell that cannot be."""
    expected = t(f"error.type.{kind}")
    return CmlibError("wrong_value", key=column, value=value, expected=expected, where=where)


def new_id(taken: Collection[str], *what: object) -> str:
    """A slot's name that is not taken: the same for the same ``what``, as network, account, when, piece."""
    for nth in range(len(taken) + 1):
        said = json.dumps([*map(str, what), nth], ensure_ascii=False)
        found = "s" + hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:10]  # no number in a sheet
        if found not in taken:
            return found
    raise AssertionError("of n + 1 names at most n are taken")


def reasons(why: str) -> list[tuple[str, tuple[float, ...]]]:
    """Why is a slot there? Each word with its numbers: ``moment; hour 0.12 0.02 0.25``.

    >>> reasons("moment; hour 0.12 0.02 0.25")
    [('moment', ()), ('hour', (0.12, 0.02, 0.25))]
    """
    found = []
    for part in filter(None, map(str.strip, why.split(";"))):
        word, *said = part.split()
        try:
            found.append((word, tuple(map(float, said))))
        except ValueError:  # somebody's own words
            found.append((part, ()))
    return found


# ── Approval ────────────────────────────────────────────────────────────────────────────────────────────────


def digest(row: Mapping[Any, Any]) -> str:
    """Which version of a slot is this? What is approved: when and where it goes out, and all that it says."""
    when = pd.Timestamp(row["when"]).tz_convert("UTC").isoformat()
    said = json.dumps([when, *(str(row[name]) for name in SAID)], ensure_ascii=False)
    return "v" + hashlib.sha256(said.encode()).hexdigest()[:31]


def approve(rows: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    """The rows with these slots approved as they are now; what is scheduled or published stays so.

    Raises CmlibError for a slot that is not there.
    """
    for slot in sorted(set(ids) - set(rows["slot_id"])):
        raise unknown("slot", slot, rows["slot_id"])
    chosen = rows["slot_id"].isin(list(ids))
    versions = pd.Series([digest(row) for row in rows[chosen].to_dict("records")], rows.index[chosen], TEXT)
    approved = rows["approved"].mask(chosen, versions.reindex(rows.index, fill_value=""))
    return rows.assign(
        approved=approved,
        status=rows["status"].mask(chosen & rows["status"].isin(OPEN), "approved"),
    )


def edited(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which slots were changed after they were approved? Not those that say again what was approved."""
    known = rows["approved"] != ""
    versions = [digest(row) for row in rows[known].to_dict("records")]
    changed = pd.Series(False, index=rows.index)
    changed[known] = rows.loc[known, "approved"].to_numpy() != np.array(versions, dtype=object)
    return changed
