"""What is known of the networks in general: facts with a source, a date and an address on every row.

They stand in ``data/reference/*.csv``. A user's own rows, in ``data/reference/local/*.csv`` under CMLIB_HOME,
win over ours where their keys are the same, and are added where they are not.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib import brand, i18n
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import has, t
from cmlib.schema import NETWORKS

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "reference"
CITED = ("source", "source_date", "address", "trust", "note")
MUST = ("source", "source_date", "address")
TRUSTS = ("high", "medium", "low")
OLD = pd.DateOffset(months=24)
SOCIAL = tuple(network for network in NETWORKS if network != "web")
ANY = ("any", "all")  # what is said of all networks together
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Facts:
    """A table of facts: what names a row, which columns are numbers, and which one says the year it is of."""

    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    period: str = ""


TABLES = {
    "networks": Facts(("network", "fact")),
    "objectives": Facts(("network", "market", "objective"), ("fit",)),
    "audience": Facts(
        ("country", "year", "network", "measure", "dimension", "level", "source"),
        ("year", "share", "n", "moe"),
        "year",
    ),
    "counts": Facts(("country", "year", "network", "measure", "source"), ("year", "value"), "year"),
    "benchmarks": Facts(
        ("study", "period", "network", "industry", "segment", "metric"), ("value",), "period"
    ),
    "best_times": Facts(
        ("network", "day", "hour_start", "hour_end", "study"), ("hour_start", "hour_end", "prior_weight")
    ),
    "moments": Facts(("key",)),
    "legal": Facts(("key",)),
}


def load(table: str, today: date | None = None) -> pd.DataFrame:
    """The facts of a table: its columns, and ``where`` each stands, ``local`` and ``old`` (over 24 months).

    Raises CmlibError for an unknown table, and for what is wrong in a local file, with its line.
    """
    if table not in TABLES:
        raise unknown("table", table, TABLES)
    own = brand.home() / "data" / "reference" / "local" / f"{table}.csv"
    changed = own.stat().st_mtime_ns if own.exists() else 0
    return _aged(_together(table, own, changed), TABLES[table].period, today or date.today())


def sheet(network: str, today: date | None = None) -> dict[str, pd.DataFrame]:
    """All that is known of one network, table by table. Raises CmlibError for a network that is none."""
    if network not in SOCIAL:
        raise unknown("network", network, SOCIAL)
    tables = {name: load(name, today) for name in TABLES}
    about = {name: t[t["network"].isin([network])] for name, t in tables.items() if "network" in t}
    return {name: rows.reset_index(drop=True) for name, rows in about.items() if len(rows)}


def says(table: str, rows: pd.DataFrame) -> list[str]:
    """What does each row of networks, objectives, audience or benchmarks say, in the reader's language?"""
    return [_SAID[table](row) for row in rows.to_dict("records")]


def _network_says(row: Row) -> str:
    words = {"yes", "no", "partly", "alive", "closed", "public", "members", "private"}
    value = str(row["value"])
    if row["fact"] == "leading_kinds":
        value = i18n.join(t(f"kind.{kind}") for kind in value.split())
    elif value in words:
        value = t(f"facts.word.{value}")
    elif re.fullmatch(r"\d+(\.\d+)?", value):
        value = i18n.number(float(value), 1 if "." in value else 0)
    fact = str(row["fact"])
    if fact.startswith("format_"):
        return t("facts.format", kind=t(f"kind.{fact.removeprefix('format_')}"), value=value)
    return t("facts.fact", fact=t(f"facts.name.{fact}") if has(f"facts.name.{fact}") else fact, value=value)


def _objective_says(row: Row) -> str:
    objective, market = t(f"objective.{row['objective']}"), t(f"market.{row['market']}")
    return t("facts.objective", objective=objective, market=market, fit=i18n.number(row["fit"], 2))


def _audience_says(row: Row) -> str:
    level = str(row["level"])
    last = level.split()[-1]
    who = t("facts.who.all") if level == "all" else t(f"facts.who.{last}") if has(f"facts.who.{last}") else ""
    ages = level.split()[0] if level[0].isdigit() else ""
    if ages:
        who = t("facts.who.ages", ages=ages.replace("-", "–")) + (f", {who}" if who else "")
    where = i18n.country(str(row["country"]))
    said = t(
        "facts.audience",
        share=i18n.percent(row["share"], 0),
        who=who or level,
        country=where,
        year=str(int(row["year"])),
    )
    return said if pd.isna(row["n"]) else f"{said} {t('facts.asked', n=int(row['n']))}"


def _benchmark_says(row: Row) -> str:
    metric = t(f"metric.{row['metric']}.name") if has(f"metric.{row['metric']}.name") else str(row["metric"])
    value = i18n.percent(row["value"]) if row["unit"] == "rate" else i18n.number(row["value"], 1)
    industry = t("facts.who.sectors") if row["industry"] == "all" else str(row["industry"])
    return t("facts.benchmark", metric=metric, value=value, industry=industry, period=str(row["period"]))


_SAID: dict[str, Callable[[Row], str]] = {
    "networks": _network_says, "objectives": _objective_says, "audience": _audience_says,
    "benchmarks": _benchmark_says,
}  # fmt: skip


def dated(source_date: Iterable[str]) -> pd.Series:
    """The last day that a date may mean: 2024 is the end of 2024. Null for what is no date."""
    said = pd.Series(source_date, dtype="str")
    day = pd.to_datetime(said, format="ISO8601", errors="coerce")
    ends = {4: pd.offsets.YearEnd(0), 7: pd.offsets.MonthEnd(0)}
    for length, end in ends.items():
        some = said.str.len() == length
        day = day.mask(some, day + end)
    return day


@lru_cache(maxsize=64)
def _together(table: str, own: Path, changed: int) -> pd.DataFrame:
    """Ours, with the user's rows in the place of those of the same key."""
    ours = _read(SHIPPED / f"{table}.csv", table).assign(local=False)
    if not changed:
        return ours
    theirs = _checked(own, table, list(ours.columns.drop(["where", "local"]))).assign(local=True)
    key = list(TABLES[table].key)
    both = pd.concat([theirs, ours], ignore_index=True)
    return both[~both[key].astype("str").duplicated()].reset_index(drop=True)


def _read(path: Path, table: str) -> pd.DataFrame:
    rows = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    numbers = {name: pd.to_numeric(rows[name]) for name in TABLES[table].numbers if name in rows}
    where = [f"{path.name}:{line}" for line in range(2, len(rows) + 2)]
    return rows.assign(**numbers, where=where)


def _checked(path: Path, table: str, columns: list[str]) -> pd.DataFrame:
    """A user's file: what it misspells is said with its line, what it lacks is empty."""
    try:
        rows = _read(path, table)
    except (ValueError, pd.errors.ParserError) as problem:
        raise CmlibError("bad_facts", file=str(path), problem=str(problem)) from None
    for name in rows.columns.drop("where"):
        if name not in columns:
            raise unknown("column", name, columns, str(path))
    rows = rows.assign(where="local/" + rows["where"]).reindex(columns=[*columns, "where"])
    cited = set(MUST) | (set(TABLES[table].key) - {"source"})
    for row in rows.to_dict("records"):
        line = f"{path.parent / str(row['where']).removeprefix('local/')}"
        lacks = [name for name in columns if name in cited and pd.isna(row[name])]
        if lacks:
            raise CmlibError("fact_lacks", columns=lacks, where=line)
        if "network" in row and row["network"] not in (*SOCIAL, *ANY):
            raise unknown("network", row["network"], SOCIAL, line)
    bad = rows[dated(rows["source_date"]).isna().to_numpy()]
    if len(bad):
        value, where = bad.iloc[0][["source_date", "where"]]
        raise CmlibError("fact_date", value=repr(value), where=str(path.parent.parent / where))
    return rows


def _aged(rows: pd.DataFrame, period: str, today: date) -> pd.DataFrame:
    day = dated(rows["source_date"])
    if period:
        of = dated(rows[period].astype("str").str[:4])
        day = day.where(~(of < day), of)
    return rows.assign(old=(day + OLD < pd.Timestamp(today)).to_numpy())
