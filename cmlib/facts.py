"""What is known of the networks in general: facts with a source, a date and an address on every row.

They stand in ``data/reference/*.csv``. A user's own rows, in ``data/reference/local/*.csv`` under CMLIB_HOME,
win over ours where their keys are the same, and are added where they are not.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib import brand, factfile, i18n, schema
from cmlib.errors import CmlibError, unknown
from cmlib.factfile import ANY, TABLES, Row
from cmlib.i18n import has, t

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "reference"
SOCIAL = factfile.SOCIAL  # every network of which there are facts
OLD = pd.DateOffset(months=24)
SOURCES = {"Judgement of this project": "judgement", "General knowledge, unverified": "unverified"}
Files = tuple[tuple[Path, int], ...]


def load(table: str, today: date | None = None) -> pd.DataFrame:
    """The facts of a table: its columns, and ``where`` each stands, ``local`` and ``old`` (over 24 months).

    Raises CmlibError for an unknown table, and for what is wrong in a local file, with its line.
    """
    if table not in TABLES:
        raise unknown("table", table, TABLES)
    return _aged(table, _files(table), today or date.today())


def version() -> tuple[object, ...]:
    """Which facts are these? Another value when any file has changed, for what is computed from them."""
    return tuple(_files(table) for table in TABLES)


def digest() -> str:
    """The same for two sets of facts that say the same."""
    paths = [path for table in TABLES for path, _ in _files(table)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def overview(today: date | None = None) -> pd.DataFrame:
    """Which tables of facts are there? table, rows, local (how many of them are the user's), old."""
    tables = {name: load(name, today) for name in TABLES}
    counts = [(name, len(rows), rows["local"].sum(), rows["old"].sum()) for name, rows in tables.items()]
    return pd.DataFrame(counts, columns=["table", "rows", "local", "old"])


def sheet(network: str, country: str = "", today: date | None = None) -> dict[str, pd.DataFrame]:
    """All that is known of one network, table by table: what it is, what it takes, who is there …

    What matters most comes first; surveys of the ``country`` before others, and the newest first. Raises
    CmlibError for a network that is none.
    """
    if network not in SOCIAL:
        raise unknown("network", network, SOCIAL)
    found = {}
    for name in TABLES:
        rows = load(name, today)
        mine = rows[rows["network"] == network] if "network" in rows else rows[:0]
        if len(mine):
            places = _places(mine, country.upper())
            found[name] = mine.iloc[sorted(range(len(mine)), key=places.__getitem__)].reset_index(drop=True)
    return found


def by_network(table: str, network: str = "", today: date | None = None) -> dict[str, pd.DataFrame]:
    """The rows of a table for each network, or for one; of a table that names none, all of them as "".

    Raises CmlibError for an unknown table or network, and where a network is asked for that no row can name.
    """
    rows = load(table, today)
    if network and network not in SOCIAL:
        raise unknown("network", network, SOCIAL)
    if "network" not in rows:
        if network:
            raise CmlibError(
                "fact_of_all", table=table, tables=[n for n in TABLES if "network" in TABLES[n].key]
            )
        return {"": rows}
    found = {name: rows[rows["network"] == name] for name in ([network] if network else (*SOCIAL, *ANY))}
    return {name: some.reset_index(drop=True) for name, some in found.items() if len(some)}


_FIRST = (
    "status", "closed_because", "status_note", "users", "type", "discovery", "leading_kinds",
    *(f"format_{kind}" for kind in schema.KINDS), "cadence_low", "cadence_high",
)  # fmt: skip


def _places(rows: pd.DataFrame, country: str) -> list[tuple[Any, ...]]:
    """Where each row of a sheet stands among the others."""
    if "fact" in rows:
        return [(_FIRST.index(fact) if fact in _FIRST else len(_FIRST),) for fact in rows["fact"]]
    if "country" in rows:
        said = zip(rows["country"], rows["year"], strict=True)
        return [(where != country, where, -year) for where, year in said]
    return [()] * len(rows)


def _files(table: str) -> Files:
    """Ours and the user's, if it is there, with when each was changed."""
    paths = [folder / f"{table}.csv" for folder in (SHIPPED, brand.home() / "data" / "reference" / "local")]
    return tuple((path, path.stat().st_mtime_ns) for path in paths if path.exists())


@lru_cache(maxsize=64)
def _together(table: str, files: Files) -> pd.DataFrame:
    """Ours, with the user's rows in the place of those of the same key."""
    (shipped, _), *own = files
    ours = factfile.read(shipped, table).assign(local=False)
    if not own:
        return ours
    theirs = factfile.checked(own[0][0], table, ours).assign(local=True)
    both = pd.concat([theirs, ours], ignore_index=True)
    return both[~both.duplicated(list(TABLES[table].key))].reset_index(drop=True)


@lru_cache(maxsize=64)
def _aged(table: str, files: Files, today: date) -> pd.DataFrame:
    """Old is what was found, or is of a time, more than 24 months ago."""
    rows, period = _together(table, files), TABLES[table].period
    day = factfile.dated(rows["source_date"])
    if period:
        of = factfile.dated(rows[period].astype("str").str[:4])
        day = day.where(~(of < day), of)
    return rows.assign(old=(day + OLD < pd.Timestamp(today)).to_numpy())


# ── In words ────────────────────────────────────────────────────────────────────────────────────────────────


def says(table: str, rows: pd.DataFrame) -> list[str]:
    """What does each row of a table say, in the reader's language? What has no word is said as it is."""
    return [_SAID[table](row) for row in rows.to_dict("records")]


def said_by(source: str) -> str:
    """Who says so, in the reader's language? Others' titles stay as they are."""
    return t(f"platforms.source.{SOURCES[source]}") if source in SOURCES else source


def dated(day: str) -> str:
    """``2025-11-20``, ``2025-11`` or ``2025``, as people write it; anything else as it is."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return i18n.day(date.fromisoformat(day))
    return i18n.month(date.fromisoformat(f"{day}-01")) if re.fullmatch(r"\d{4}-\d{2}", day) else day


def _blank(value: object) -> bool:
    return value is None or value != value  # null is not null


def _word(section: str, name: object) -> str:
    """``million monthly active users`` → the word for million_monthly_active_users, or itself."""
    key = f"facts.{section}.{_slug(name)}"
    return t(key) if has(key) else str(name)


def _slug(name: object) -> str:
    return re.sub("[^a-z0-9]+", "_", str(name).lower()).strip("_")


def _number(value: float, most: int = 1) -> str:
    return i18n.number(value, 0 if float(value).is_integer() else most)


def _measured(row: Row) -> str:
    """A value with its unit."""
    if row["unit"] == "rate":
        return i18n.percent(row["value"])
    return _number(row["value"]) + ("" if row["unit"] == "count" else _unit(row))


def _unit(row: Row) -> str:
    if _blank(row["unit"]):
        return ""
    key, value = f"facts.unit.{_slug(row['unit'])}", str(row["value"])
    if has(f"{key}.other") and re.fullmatch(r"\d+(\.\d+)?", value):
        return f" {t(key, n=float(value))}"
    return f" {_word('unit', row['unit'])}"


def _network_says(row: Row) -> str:
    fact, value = str(row["fact"]), str(row["value"])
    if fact == "leading_kinds":
        value = i18n.join(t(f"kind.{kind}") for kind in value.split())
    elif re.fullmatch(r"\d+(\.\d+)?", value):
        value = _number(float(value)) + _unit(row)
    else:
        value = _word("word", value) + _unit(row)
    if fact.startswith("format_"):
        return t("facts.format", kind=t(f"kind.{fact.removeprefix('format_')}"), value=value)
    return t("facts.fact", fact=_word("name", fact), value=value)


def _objective_says(row: Row) -> str:
    objective, market = t(f"objective.{row['objective']}"), t(f"market.{row['market']}")
    return t("facts.objective", objective=objective, market=market, fit=_number(row["fit"], 2))


def _audience_says(row: Row) -> str:
    who = _who(str(row["dimension"]), str(row["level"]))
    return t(
        "facts.audience", share=i18n.percent(row["share"], 0), who=who,
        measure=_word("measure", row["measure"]), country=_country(row), year=str(int(row["year"])),
        asked="" if _blank(row["n"]) else t("facts.asked", n=int(row["n"])),
    )  # fmt: skip


_LEVELS = {
    "gender": "gender.{}", "education": "education.{}", "income": "income.{}", "setting": "setting.{}",
}  # fmt: skip


def _who(dimension: str, level: str) -> str:
    """Which people: all, of some ages, of a gender, or of both."""
    if dimension == "all":
        return t("facts.who.all")
    if dimension in _LEVELS:
        return t(_LEVELS[dimension].format(level))
    ages, _, gender = level.partition(" ")
    aged = t("facts.who.ages", ages=ages.replace("-", "–"))
    return i18n.join([aged, t(f"gender.{gender}")]) if gender else aged


def _country(row: Row) -> str:
    return i18n.country(str(row["country"]))


def _count_says(row: Row) -> str:
    measure, year = _word("measure", row["measure"]), str(int(row["year"]))
    return t("facts.count", value=_measured(row), measure=measure, country=_country(row), year=year)


def _benchmark_says(row: Row) -> str:
    key = f"metric.{row['metric']}.name"
    metric = t(key) if has(key) else _word("metric", row["metric"])
    segment = "" if row["segment"] == "all" else t("facts.segment", segment=str(row["segment"]))
    sector = f"sector.{_slug(row['industry'])}"
    industry = t(sector) if has(sector) else str(row["industry"])
    industry, period = t("facts.who.sectors") if industry == "all" else industry, str(row["period"])
    return t(
        "facts.benchmark", metric=metric, value=_measured(row), segment=segment, industry=industry,
        period=period,
    )  # fmt: skip


def _time_says(row: Row) -> str:
    days = i18n.join(_word("day", day.replace("*", "every")) for day in str(row["day"]).split())
    first, last = row["hour_start"], row["hour_end"]
    hours = t("facts.hours", first=first, last=last) if (first, last) != (0, 24) else t("facts.all_day")
    zone = _word("zone", row["timezone"])
    return t("facts.time", verdict=_word("word", row["verdict"]), days=days, hours=hours, zone=zone)


def _moment_says(row: Row) -> str:
    name = str(row["name_fr" if i18n.language() == "fr" else "name_en"])
    dates = [date.fromisoformat(said) for column, said in row.items()
             if str(column).startswith("date_") and not _blank(said)]  # fmt: skip
    when = i18n.join(dates) if dates else str(row["rule"])
    return t("facts.moment", name=name, when=when, scope=str(row["scope"]))


def _legal_says(row: Row) -> str:
    severity, where = _word("word", row["severity"]), str(row["applies_to"])
    return t(
        "facts.legal", severity=severity, rule=str(row["rule"]), where=where, basis=str(row["legal_basis"])
    )


_SAID: dict[str, Callable[[Row], str]] = {
    "networks": _network_says, "objectives": _objective_says, "audience": _audience_says,
    "counts": _count_says, "benchmarks": _benchmark_says, "best_times": _time_says,
    "moments": _moment_says, "legal": _legal_says,
}  # fmt: skip
