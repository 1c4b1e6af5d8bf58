"""The lake: everything imported, one immutable Parquet file per table of each export.

``data/lake/<table>/brand=<brand>/<digest of the export>.parquet``. An import is there if and only if its file
in ``sources`` is, and that one is written last: so nothing is locked, and of a killed import nothing counts.
The one exception is the right to be forgotten: ``erase`` writes files anew without some of their rows.
"""

import glob
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cmlib import brand as brands
from cmlib import forgotten, private, schema
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.schema import COUNT, DAY, INSTANT, TEXT, Dtype

SOURCES: dict[str, Dtype] = {
    "source": TEXT, "name": TEXT, "format": TEXT, "network": TEXT, "account": TEXT, "table": TEXT,
    "rows": COUNT, "first": DAY, "last": DAY, "observed_at": INSTANT, "aside": COUNT,
    "imported_at": INSTANT, "version": TEXT,
}  # fmt: skip
ASIDE: dict[str, Dtype] = {"source": TEXT, "line": COUNT, "reason": TEXT, "excerpt": TEXT}

NONE = "none"  # said instead of digests by what was computed when there was no export yet
AsOf = date | str | None  # a day (to its end, in the brand's zone), or an instant
Lake = duckdb.DuckDBPyConnection
T = TypeVar("T")


def add(slug: str, reading: Any) -> bool:  # an importers.Reading, which this module must not import
    """Put what an export says into the lake. False, and nothing changes, when it is there already.

    What a brand was asked to forget (``erase``) stays out.
    """
    named = reading.digest
    if _path("sources", slug, named).exists():
        return False
    known = forgotten.listed(slug)
    if known != forgotten.Forgotten():
        reading = _remembered(brands.load(slug), reading)
    for table, frame in reading.tables.items():
        if len(frame):
            _write(_path(table, slug, named), frame.drop(columns="brand"))  # the folder says it
    if len(reading.aside):
        _write(_path("aside", slug, named), _typed(reading.aside.assign(source=named), ASIDE))
    _write(_path("sources", slug, named), _entries(slug, reading))
    if forgotten.listed(slug) != known:  # meanwhile
        _clean(brands.load(slug), [named])
    return True


def erase(slug: str, author: str = "", before: date | None = None) -> dict[str, int]:
    """Forget what somebody wrote, or what is older than a day, now and in all imports to come.

    Messages, and answers of before the day; with somebody go the answers to them (``forgotten.without``).
    Returns how many rows were taken out of which exports (digest → rows). The list is written first: when
    this dies in between, the next call, or the next of another kind, finishes it.
    """
    brand = brands.load(slug)
    forgotten.add(slug, [private.hashed(author, slug)] if author else [], before)
    return _clean(brand, _imported(slug), author)


def forget(slug: str, *what: str) -> list[str]:
    """Take exports out of the lake, each called by its digest (or how that begins) or by its name.

    The name of a zip or folder means all that came from it. Returns the names of the exports. Raises
    CmlibError, and forgets none, when the lake holds no such export (with the nearest names), and when a name
    or the beginning of a digest is that of several.
    """
    held = sources(slug).drop_duplicates("source").set_index("source")["name"]
    found = sorted({named for called in what for named in _called(held, called)})
    for named in found:
        _path("sources", slug, named).unlink(missing_ok=True)
    for named in found:
        for rest in (f"*/brand={slug}/{named}.parquet", f"*/brand={slug}/.{named}.*"):
            for path in _root().glob(rest):
                path.unlink(missing_ok=True)
    return sorted(held[named] for named in found)


def instant(as_of: AsOf, zone: ZoneInfo) -> pd.Timestamp | None:
    """The moment that is meant: a day to its end, in the brand's zone. Raises CmlibError for what is none."""
    if as_of is None:
        return None
    try:
        stamp = pd.Timestamp(as_of)
    except ValueError:
        raise CmlibError("bad_day", value=repr(as_of)) from None
    if pd.isna(stamp):
        raise CmlibError("bad_day", value=repr(as_of))
    if stamp.tzinfo:
        return stamp
    is_day = stamp == stamp.normalize()
    end = stamp + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1) if is_day else stamp
    return end.tz_localize(zone, ambiguous=False, nonexistent="shift_forward")


def digests(slug: str, as_of: AsOf = None) -> list[str]:
    """Which exports does the lake hold that were made at or before ``as_of``? Their digests, sorted."""
    return sorted(set(sources(slug, as_of)["source"])) if as_of is not None else _imported(slug)


def sources(slug: str, as_of: AsOf = None) -> pd.DataFrame:
    """Which exports were imported, and what was in them? One row per export and tidy table (SOURCES).

    ``first`` and ``last`` are days in the brand's zone; ``aside`` counts the rows of the whole export.
    """
    zone = brands.load(slug).zone
    until = instant(as_of, zone)
    return _zoned(_whole(slug, lambda lake, digests: _sources(lake, slug, digests, until)), zone)


def files(sources: pd.DataFrame) -> pd.DataFrame:
    """Which exports are these? A row each: digest, name, format, rows, observed_at, aside."""
    grouped = sources.groupby("source", sort=False)
    found = grouped.agg(
        name=("name", "first"), format=("format", "first"), rows=("rows", "sum"),
        observed_at=("observed_at", "max"), aside=("aside", "max"),
    )  # fmt: skip
    return found.reset_index().rename(columns={"source": "digest"}).sort_values("name", ignore_index=True)


def aside(slug: str, files: Sequence[str] = ()) -> pd.DataFrame:
    """Which rows were kept aside, and why? (source, name, line, reason, excerpt)."""

    def look(lake: Lake, digests: list[str]) -> pd.DataFrame:
        chosen = _sources(lake, slug, _wanted(slug, digests, files))
        chosen = chosen[chosen["aside"] > 0].drop_duplicates("source")
        kept = _read(lake, "aside", slug, chosen["source"].tolist(), ASIDE)
        named = kept.merge(chosen[["source", "name"]], on="source")[["source", "name", *list(ASIDE)[1:]]]
        return named.sort_values(["name", "source", "line"], ignore_index=True)

    return _whole(slug, look)


def load(brand: Brand, as_of: AsOf = None, files: Sequence[str] = ()) -> dict[str, pd.DataFrame]:
    """What is known of a brand: every tidy table, the newest observation of each fact at or before ``as_of``.

    The newest is of the latest day (UTC) on which it was exported, then of the latest instant, then of the
    greatest digest. In a ``merged`` table, exports of one day complete each other column by column; in the
    others all rows of the newest export hold, key by key. ``files``: only these digests. Instants are in
    the brand's zone.
    """
    until = instant(as_of, brand.zone)

    def look(lake: Lake, digests: list[str]) -> dict[str, pd.DataFrame]:
        held = _sources(lake, brand.slug, _wanted(brand.slug, digests, files), until)
        return {
            table: _newest(lake, brand.slug, table, held[(held["table"] == table) & (held["rows"] > 0)])
            for table in schema.TABLES
        }

    return {table: _zoned(frame, brand.zone) for table, frame in _whole(brand.slug, look).items()}


def own(brand: Brand, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The same tables without the rows of rivals, which are rows like any other."""
    rivals = {(a.network, a.handle) for a in brand.accounts if a.rival}

    def mine(table: pd.DataFrame) -> pd.DataFrame:
        kept = [pair not in rivals for pair in zip(table["network"], table["account"], strict=True)]
        return table[np.array(kept, dtype=bool)].reset_index(drop=True)

    return {name: mine(table) for name, table in tables.items()}


def coverage(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What is known of each account? Network, account, table, files, rows, first, last, observed_at.

    Counted are the rows that hold (``load``), and the files they come from; first and last are days.
    """
    found = []
    for table, frame in tables.items():
        when = frame[schema.TIME[table]] if table in schema.TIME else pd.Series(pd.NaT, frame.index, "M8[us]")
        rows = frame[["source", "observed_at"]].assign(day=_day(when))
        is_site = table == "visits"  # whose network is whence they came
        network = pd.Series("web", frame.index, name="network") if is_site else frame["network"].astype("str")
        of = rows.groupby([network, frame["account"]])
        summed = of.agg(
            files=("source", "nunique"), rows=("source", "size"), first=("day", "min"), last=("day", "max"),
            observed_at=("observed_at", "max"),
        )  # fmt: skip
        found.append(summed.reset_index().assign(table=table))
    order = ["network", "account", "table", "files", "rows", "first", "last", "observed_at"]
    whole = pd.concat(found, ignore_index=True)[order]
    return whole.sort_values(["network", "account"], kind="stable", ignore_index=True)


def daily(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Which days are known of each daily figure? network, account, figure, date, sorted.

    A figure known on fewer than half of the days of its period is one noted now and then: it is left out.
    """
    by = ["network", "account", "figure"]
    known = tables["days"].astype({"network": "str", "figure": "str"})[[*by, "date"]]
    known = known.drop_duplicates().sort_values([*by, "date"], ignore_index=True)
    dates = known.groupby(by)["date"]
    period = (dates.transform("max") - dates.transform("min")).dt.days + 1
    return known[dates.transform("size") * 2 >= period].reset_index(drop=True)


def gaps(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Which days are missing inside a daily figure?

    One row a gap: network, account, figure, first and last missing day, days.
    """
    known, day = daily(tables), pd.Timedelta(days=1)
    before = known.groupby(["network", "account", "figure"])["date"].shift()
    days = (known["date"] - before).dt.days - 1
    found = known.assign(first=before + day, last=known["date"] - day, days=days)[days > 0]
    return found.drop(columns="date").astype({"days": "int64"}).reset_index(drop=True)


def missing_days(tables: dict[str, pd.DataFrame], first: date, last: date) -> pd.DataFrame:
    """How many of these days lack? network, account, table (days, visits), missing_days.

    Of an account with several daily figures, that of which most days lack counts.
    """
    visits = tables["visits"][["account", "date"]].assign(network="web", figure="sessions", table="visits")
    known = pd.concat([daily(tables).assign(table="days"), visits.drop_duplicates()], ignore_index=True)
    inside = known["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    by = ["network", "account", "table"]
    there = inside.groupby([known[name] for name in [*by, "figure"]]).sum()
    every = (pd.Timestamp(last) - pd.Timestamp(first)).days + 1
    return (every - there.groupby(by).min()).rename("missing_days").reset_index()


def _root() -> Path:
    return brands.home() / "data" / "lake"


def _path(table: str, slug: str, named: str) -> Path:
    return _root() / table / f"brand={brands.folder(slug).name}" / f"{named}.parquet"


def _imported(slug: str) -> list[str]:
    return sorted(path.stem for path in _path("sources", slug, "").parent.glob("*.parquet"))


def _write(path: Path, frame: pd.DataFrame) -> None:
    """Whole or not at all: under a name that no reader looks for, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{uuid4().hex}.tmp")
    rows = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    try:
        with part.open("xb") as file:
            pq.write_table(rows, file, compression="zstd", store_schema=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _remembered(brand: Brand, reading: Any) -> Any:
    """The same export without what is forgotten."""
    if "messages" in reading.tables:
        forgotten.add(brand.slug, forgotten.known_by(reading.tables["messages"], brand.slug))
    kept = {table: forgotten.without(table, frame, brand) for table, frame in reading.tables.items()}
    return replace(reading, tables=kept)


def _clean(brand: Brand, digests: list[str], name: str = "") -> dict[str, int]:
    """Write anew what holds something that is forgotten: the rows first, then how many there are."""
    slug, found = brand.slug, dict[str, int]()
    held = [(table, one) for table in forgotten.TEXTS for one in digests if _path(table, slug, one).exists()]
    for table, one in held:  # a conversation may go on in another export
        if table == "messages":
            rows = _typed(_rows(table, slug, one).to_pandas(), schema.columns(table))
            forgotten.add(slug, forgotten.known_by(rows, slug))
    for table, one in held:
        whole = _rows(table, slug, one)
        rows = _typed(whole.to_pandas(), schema.columns(table)).drop(columns="brand")
        kept = forgotten.without(table, rows, brand, name)
        if not kept.equals(rows):
            _write(_path(table, slug, one), kept)  # an empty one stays: somebody may be about to read it
            _recount(brand, table, one, kept)
            found[one] = found.get(one, 0) + len(rows) - len(kept)
    return found


def _recount(brand: Brand, table: str, named: str, kept: pd.DataFrame) -> None:
    entries = _typed(_rows("sources", brand.slug, named).to_pandas(), SOURCES)
    told = _about(table, kept, brand.zone)
    here = entries["table"] == table
    for column in ("rows", "first", "last"):
        entries[column] = entries[column].mask(here, told.get(column, pd.NaT))
    _write(_path("sources", brand.slug, named), _typed(entries, SOURCES))


def _rows(table: str, slug: str, named: str) -> pa.Table:
    try:
        with _path(table, slug, named).open("rb") as file:
            return pq.read_table(file)
    except (OSError, pa.ArrowInvalid) as problem:
        raise CmlibError("lake_damaged", folder=str(_root()), problem=str(problem)) from None


def _entries(slug: str, reading: Any) -> pd.DataFrame:
    zone = brands.load(slug).zone
    rows = [_about(table, frame, zone) for table, frame in reading.tables.items()]
    whole: dict[str, Any] = {
        "source": reading.digest, "name": reading.name, "format": reading.format,
        "observed_at": reading.observed_at, "aside": len(reading.aside),
        "imported_at": pd.Timestamp.now("UTC"), "version": version("cmlib"),
    }  # fmt: skip
    return _typed(pd.DataFrame(rows).assign(**whole), SOURCES)


def _about(table: str, frame: pd.DataFrame, zone: ZoneInfo) -> dict[str, object]:
    told: dict[str, object] = {"table": table, "rows": len(frame)}
    for name in ("network", "account"):
        told[name] = ", ".join(sorted(set(frame[name].astype("str"))))
    if table not in schema.TIME or frame.empty:
        return told
    when = frame[schema.TIME[table]].dropna()
    days = _day(when.dt.tz_convert(zone) if when.dt.tz else when)
    return told | {"first": days.min(), "last": days.max()}


def _day(when: "pd.Series[Any]") -> "pd.Series[Any]":
    day: pd.Series[Any] = schema.local(when).dt.normalize()
    return day


def _typed(frame: pd.DataFrame, wanted: dict[str, Dtype]) -> pd.DataFrame:
    return frame.reindex(columns=list(wanted)).astype(wanted)


def _zoned(frame: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    instants = frame.select_dtypes("datetimetz").columns
    return frame.assign(**{name: frame[name].dt.tz_convert(zone) for name in instants})


def _whole(slug: str, look: Callable[[Lake, list[str]], T]) -> T:
    """What ``look`` makes of the exports that are there; once more when one was forgotten meanwhile."""
    while True:
        digests, state = _imported(slug), _state(slug)
        try:
            with duckdb.connect(config={"autoinstall_known_extensions": False}) as lake:
                lake.execute("SET TimeZone = 'UTC'")
                return look(lake, digests)
        except (duckdb.IOException, duckdb.InvalidInputException) as problem:
            if state == _state(slug):
                raise CmlibError("lake_damaged", folder=str(_root()), problem=str(problem)) from None


def _state(slug: str) -> dict[str, tuple[int, int]]:
    """Which files are there, each told apart from one that took its place."""
    found = {}
    for path in _root().glob(f"*/brand={brands.folder(slug).name}/*.parquet"):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[str(path)] = (stat.st_ino, stat.st_mtime_ns)
    return found


def _wanted(slug: str, digests: list[str], files: Sequence[str]) -> list[str]:
    if list(files) == [NONE]:
        return []
    missing = [f for f in files if f not in digests]
    if missing:
        raise CmlibError("not_in_lake", brand=slug, files=missing)
    return sorted(set(files)) or digests


def _sources(lake: Lake, slug: str, digests: list[str], until: pd.Timestamp | None = None) -> pd.DataFrame:
    held = _read(lake, "sources", slug, digests, SOURCES)
    held = held if until is None else held[held["observed_at"] <= until]
    return held.sort_values(["observed_at", "name", "source", "table"], ignore_index=True)


def _read(lake: Lake, table: str, slug: str, digests: list[str], wanted: dict[str, Dtype]) -> pd.DataFrame:
    if not digests:
        return _typed(pd.DataFrame(), wanted)
    query = "SELECT * FROM read_parquet($files, union_by_name = true, hive_partitioning = false)"
    found = lake.sql(query, params={"files": _files(table, slug, digests)})
    return _typed(found.to_arrow_table().to_pandas(), wanted)


def _files(table: str, slug: str, digests: list[str]) -> list[str]:
    return [glob.escape(str(_path(table, slug, named))) for named in digests]


# Exports stand in the order in which the later one wins: ``nth``. A table with a merged key takes, of its
# newest day, the last value of each column that is one; arg_max passes over nulls.
_SEEN = """
    SELECT * EXCLUDE (nth, file_row_number), nth * 10_000_000_000 + file_row_number AS place
    FROM read_parquet($files, union_by_name = true, hive_partitioning = false, file_row_number = true)
    JOIN (SELECT unnest($sources) AS source, unnest($days) AS day, unnest(range(len($sources))) AS nth)
    USING (source)
    QUALIFY rank() OVER (PARTITION BY {key} ORDER BY {newest} DESC) = 1
"""
_REPLACED = f"SELECT * FROM ({_SEEN}) ORDER BY {{key}}, place"
_MERGED = f"""
    SELECT {{key}}, max(observed_at) AS observed_at, max(source) AS source,
        arg_max(COLUMNS(* EXCLUDE ({{key}}, observed_at, source, day, place)), place)
    FROM ({_SEEN}) GROUP BY {{key}} ORDER BY {{key}}
"""


def _newest(lake: Lake, slug: str, table: str, held: pd.DataFrame) -> pd.DataFrame:
    if held.empty:
        return schema.empty(table)
    wanted = schema.TABLES[table]
    days = held["observed_at"].dt.floor("D")
    order = held.assign(day=days.astype("int64")).sort_values(["observed_at", "source"])
    digests = order["source"].tolist()
    query = (_MERGED if wanted.merged else _REPLACED).format(
        key=", ".join(wanted.key), newest="day" if wanted.merged else "nth"
    )
    bound = {"files": _files(table, slug, digests), "sources": digests, "days": order["day"].tolist()}
    found = lake.sql(query, params=bound).to_arrow_table().to_pandas()
    known = [name for name in schema.columns(table) if name in found]
    return schema.check(table, found[known].assign(brand=slug))


def _called(held: "pd.Series[str]", what: str) -> list[str]:
    """The digests of the exports so called, of those held (digest → name)."""
    members = held[held.str.startswith(what.rstrip("/") + "/")]
    if len(members):
        return list(members.index)
    found = held[held == what]
    if found.empty and re.fullmatch("[0-9a-f]{6,64}", what.lower()):
        found = held[held.index.str.startswith(what.lower())]
    if found.empty:
        raise unknown("export", what, sorted(set(held)))
    if len(found) > 1:
        raise CmlibError("several_exports", name=what, digests=[str(named)[:12] for named in found.index])
    return list(found.index)
