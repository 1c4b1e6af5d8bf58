"""The files of facts: which tables there are, how one is read, and what is wrong with one that people wrote.

Every row says who found it, when, and where that can be read. A user's own file may leave out columns, but
not these. What it misspells is an error with its line: a row that nothing finds would be lost in silence.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib import schema
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

CITED = ("source", "source_date", "address", "trust", "note")
MUST = ("source", "source_date", "address")
TRUSTS = ("high", "medium", "low")
SOCIAL = tuple(network for network in schema.NETWORKS if network != "web")
ANY = ("any", "all")  # what is said of all networks together
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Facts:
    """A table of facts: what names a row, what it must say, which columns are numbers, which has its year."""

    key: tuple[str, ...]
    says: str
    numbers: tuple[str, ...] = ()
    period: str = ""


TABLES = {
    "networks": Facts(("network", "fact"), "value"),
    "objectives": Facts(("network", "market", "objective"), "fit", ("fit",)),
    "audience": Facts(
        ("country", "year", "network", "measure", "dimension", "level", "source"),
        "share",
        ("year", "share", "n", "moe"),
        "year",
    ),
    "counts": Facts(("country", "year", "network", "measure", "source"), "value", ("year", "value"), "year"),
    "benchmarks": Facts(
        ("study", "period", "network", "industry", "segment", "metric"), "value", ("value",), "period"
    ),
    "best_times": Facts(
        ("network", "day", "hour_start", "hour_end", "study"),
        "verdict",
        ("hour_start", "hour_end", "prior_weight"),
    ),
    "moments": Facts(("key",), "name_en"),
    "legal": Facts(("key",), "rule"),
}
LEVELS: dict[str, tuple[str, ...]] = {  # what a dimension of the audience is divided into; ages are any band
    "all": ("all",), "age": (), "age_gender": (), "gender": schema.GENDERS, "education": schema.EDUCATIONS,
    "income": schema.INCOMES, "setting": schema.SETTINGS,
}  # fmt: skip
_KNOWN: dict[str, tuple[str, ...]] = {  # columns that take one of a few words
    "network": (*SOCIAL, *ANY), "trust": TRUSTS, "market": ("b2c", "b2b"), "objective": schema.OBJECTIVES,
    "dimension": tuple(LEVELS),
}  # fmt: skip
_FACTS: dict[str, tuple[str, ...]] = {  # facts of a network that are one of a few words
    "status": ("alive", "closed"), "discovery": ("public", "members", "private"),
    **{f"format_{kind}": ("yes", "partly", "no") for kind in schema.KINDS},
}  # fmt: skip
_LISTED = ("measure", "fact", "metric")  # columns that take the words of ours: others are asked for by nobody
_COUNTED = ("users", "cadence_low", "cadence_high")  # facts of a network that are numbers
_FRACTIONS = ("share", "fit")


def read(path: Path, table: str) -> pd.DataFrame:
    """The rows of a file, numbers as such, with ``where`` each stands: the file's name and its line."""
    return _numbered(_cells(path), table)


def checked(path: Path, table: str, ours: pd.DataFrame) -> pd.DataFrame:
    """The rows of a user's file, with the columns of ``ours``; what it lacks is empty.

    Raises CmlibError for what cannot be, with its line.
    """
    try:
        rows = _cells(path)
    except (ValueError, pd.errors.ParserError) as problem:
        raise CmlibError("bad_facts", file=str(path), problem=str(problem).strip()) from None
    columns = [str(name) for name in ours if name not in ("where", "local")]
    for name in map(str, rows.columns.drop("where")):
        if table == "moments" and re.fullmatch(r"(date|end)_20\d\d", name):  # of any year
            columns = [*dict.fromkeys([*columns, name])]
        if name not in columns:
            raise unknown("column", name, columns, t("error.at_line", file=str(path), line="1"))
    rows = rows.reindex(columns=[*columns, "where"])
    listed = {name: tuple(ours[name].unique()) for name in _LISTED if name in ours}
    for row in rows.to_dict("records"):
        line = t("error.at_line", file=str(path), line=str(row["where"]).rpartition(":")[2])
        _check({name: said for name, said in row.items() if not pd.isna(said)}, table, listed, line)
    twice = rows[rows.duplicated(list(TABLES[table].key))]
    for row in twice.to_dict("records"):
        line = t("error.at_line", file=str(path), line=str(row["where"]).rpartition(":")[2])
        raise CmlibError("fact_twice", where=line, key=[row[name] for name in TABLES[table].key])
    return _numbered(rows.assign(where="local/" + rows["where"]), table)


def dated(source_date: pd.Series) -> pd.Series:
    """The last day that a date may mean: 2024 is the end of 2024. Null for what is no date."""
    said = source_date.astype("str")
    day = pd.to_datetime(said, format="ISO8601", errors="coerce")
    ends = {4: pd.offsets.YearEnd(0), 7: pd.offsets.MonthEnd(0)}
    for length, end in ends.items():
        some = said.str.len() == length
        day = day.mask(some, day + end)
    return day


def _cells(path: Path) -> pd.DataFrame:
    """The file as text, with commas or (as Excel writes it) semicolons, without its empty lines."""
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline()
    rows = pd.read_csv(
        path, sep=";" if first.count(";") > first.count(",") else ",", header=None, dtype="str",
        keep_default_na=False, na_values=[""], encoding="utf-8-sig", skip_blank_lines=False,
    )  # fmt: skip
    names = [str(name).strip() for name in rows.iloc[0]]
    if len(set(names)) < len(names):
        raise ValueError(t("error.column_twice", columns=sorted({n for n in names if names.count(n) > 1})))
    where = [f"{path.name}:{line}" for line in range(1, len(rows) + 1)]
    said = rows.set_axis(names, axis=1).assign(where=where).iloc[1:]
    return said.dropna(how="all", subset=names).reset_index(drop=True)


def _numbered(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    numbers = [name for name in TABLES[table].numbers if name in rows]
    return rows.assign(**{name: pd.to_numeric(rows[name]).astype("float64") for name in numbers})


def _check(row: Row, table: str, listed: Mapping[str, tuple[str, ...]], line: str) -> None:
    """Is all there, and spelt as it is asked for?"""
    facts = TABLES[table]
    lacks = [name for name in dict.fromkeys((*facts.key, facts.says, *MUST)) if name not in row]
    if lacks:
        raise CmlibError("fact_lacks", columns=lacks, where=line)
    known = {**_KNOWN, **listed, "fact_value": _FACTS.get(str(row.get("fact")), ())}
    for name, words in known.items():
        column = "value" if name == "fact_value" else name
        if words and column in row and row[column] not in words:
            what = name if name in ("network", "market", "objective") else "value"
            raise unknown(what, row[column], [word for word in words if word not in ANY], f"{line}, {column}")
    for column, fits, expected in _shapes(row, facts):
        if not fits:
            told = t(f"error.type.{expected}", key=column)
            raise CmlibError("fact_value", where=line, column=column, value=repr(row[column]), expected=told)
    if pd.isna(dated(pd.Series([row["source_date"]]))[0]):
        raise CmlibError("fact_date", value=repr(row["source_date"]), where=line)


def _shapes(row: Row, facts: Facts) -> Iterator[tuple[str, bool, str]]:
    """Column, whether its value can be, and what should be there."""
    for name in facts.numbers:
        if name in row:
            yield name, abs(_number(row[name])) < inf, "float"
            if name in _FRACTIONS:
                yield name, 0 <= _number(row[name]) <= 1, "fraction"
    fact = row.get("fact")
    if fact in _COUNTED:
        yield "value", 0 <= _number(row["value"]) < inf, "amount"
    if fact == "leading_kinds":
        kinds = row["value"].split()
        yield "value", len(set(kinds) & set(schema.KINDS)) == len(kinds), "kinds"
    if "country" in row:
        yield "country", bool(re.fullmatch("[A-Z]{2}", row["country"])), "country"
    if "level" in row:
        words = LEVELS[row["dimension"]]
        band = r"\d+(-\d+|\+)" + (" (women|men)" if row["dimension"] == "age_gender" else "")
        fits = row["level"] in words if words else bool(re.fullmatch(band, row["level"]))
        yield "level", fits, "level"


def _number(said: str) -> float:
    """A number; null for anything else, which is neither below nor above another."""
    try:
        return float(said)
    except ValueError:
        return float("nan")
