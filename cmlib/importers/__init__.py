"""A downloaded file → tidy rows.

``files`` turns bytes into cells or a document, ``layout`` and ``values`` these into columns; ``known`` has a
module for each network or tool, ``own`` what a brand's people have said of files that nobody knew.
``pseudonyms`` hides who wrote, ``checks`` says which rows cannot be right. A file is identified by its
content, never by its name; two formats that claim one file is an error.
"""

import pkgutil
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any

import pandas as pd

from cmlib import schema
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.importers import known, own
from cmlib.importers.checks import judged
from cmlib.importers.files import Export, File, open_export, walk
from cmlib.importers.layout import Format, Part, lacking, nothing_aside, without_aids
from cmlib.importers.pseudonyms import pseudonymised
from cmlib.importers.values import Setting

__all__ = ["Export", "File", "Format", "Reading", "formats", "identify", "open_export", "read", "walk"]

PARTS = 200  # tables in one file: each takes a moment
NOON = pd.Timedelta(hours=12)  # of a day whose hour is not known: the same day in UTC, wherever the brand is


@dataclass(frozen=True)
class Reading:
    """One export, read: tidy rows by table, and the rows kept aside (line, reason, excerpt).

    ``lines`` is how many lines of data the file has, and ``passed`` how many of them the reader passed over
    because they say nothing of their own: totals, and breakdowns of what stands elsewhere. ``notes``: what
    whoever imports it should know, each a key under [import.note].
    """

    name: str
    digest: str
    format: str
    network: str
    account: str
    observed_at: pd.Timestamp
    tables: dict[str, pd.DataFrame]
    aside: pd.DataFrame
    lines: int = 0
    passed: int = 0
    notes: tuple[str, ...] = ()


@cache
def formats() -> dict[str, Format]:
    """Which formats can be read?"""
    modules = sorted(m.name for m in pkgutil.iter_modules(known.__path__))
    found = [f for m in modules for f in getattr(import_module(f"{known.__name__}.{m}"), "FORMATS", ())]
    return {f.name: f for f in found}


def identify(export: Export, brand: Brand | None = None) -> Format:
    """Which format is this? Raises CmlibError naming the nearest one and what the file lacks for it.

    A built-in format if there is one, else one of the ``brand``'s own.
    """
    claims = [f for f in formats().values() if f.recognise(export, f)]
    if len(claims) > 1:
        raise CmlibError("two_formats", file=export.name, formats=[f.name for f in claims])
    if claims:
        return claims[0]
    mine = own.found(brand.slug, formats()) if brand else own.Found()
    claims = [f for f in mine.formats.values() if f.recognise(export, f)]
    if len(claims) > 1:
        where, names = str(own.folder(brand.slug if brand else "")), [f.name for f in claims]
        raise CmlibError("two_own_formats", file=export.name, formats=names, folder=where)
    if not claims:
        if dated := mine.of_another_day(export):
            raise CmlibError("unrecognised_day", file=export.name, format=dated)
        near = [(*lacking(export, f.columns), f.name) for f in (*formats().values(), *mine.formats.values())]
        share, missing, name = max((n for n in near if n[1]), default=(0.0, [], ""))
        key = "unrecognised_near" if share else "unrecognised"
        raise CmlibError(key, file=export.name, format=name, lacks=missing)
    return claims[0]


def read(
    export: Export,
    brand: Brand,
    account: str = "",
    observed: pd.Timestamp | None = None,
    wanted: Format | None = None,
) -> Reading:
    """What does an export say, as tidy rows?

    Its account and its date of observation are what the file says, else its name, else what is asked
    (``account``: a handle, network/handle, or several of these with commas; ``observed``), else the brand's
    only account of that network and the last day in the file. Raises CmlibError where none of these tells.
    ``wanted``: the format that it is, where that is known.
    """
    wanted = wanted or identify(export, brand)
    named = _named(export.name, wanted)
    stated = named.get("observed")
    if observed is not None and observed > pd.Timestamp.now("UTC") + pd.Timedelta(days=1):
        raise CmlibError("observed_future", file=export.name, day=observed)
    setting = Setting(export.name, brand, stated or observed or named.get("until"))
    found = islice(wanted.read(export, wanted, setting), PARTS + 1)
    parts = [pseudonymised(p, brand) for p in found]
    if len(parts) > PARTS:
        raise CmlibError("too_many_parts", file=export.name, most=PARTS)
    if not parts:
        raise CmlibError("nothing_said", file=export.name, format=wanted.name)
    frames = [_addressed(p, export, wanted, brand, named.get("account") or "", account) for p in parts]
    observed_at = stated or _latest(frames, parts, [observed, named.get("until")], brand, export.name)
    merged, kept = _checked(
        parts, frames, wanted, observed_at, {"brand": brand.slug, "source": export.digest}
    )
    places = pd.concat([f[["network", "account"]] for f in merged.values()]).drop_duplicates()
    of_people = any(p.table == "messages" for p in parts)  # a chat's file is named after people
    kept = kept.assign(excerpt="") if of_people else kept  # and so may be what is no row of any table
    return Reading(
        name=f"{wanted.name} {export.digest[:8]}" if of_people else export.name,
        digest=export.digest,
        format=wanted.name,
        network=", ".join(sorted(set(places["network"].astype("str")))) or wanted.network,
        account=", ".join(sorted(set(places["account"]))),
        observed_at=observed_at,
        tables=merged,
        aside=kept.sort_values("line", ignore_index=True),
        lines=sum(p.lines for p in parts),
        passed=sum(p.passed for p in parts),
        notes=tuple(dict.fromkeys(note for p in parts for note in p.notes)),
    )


def _checked(
    parts: list[Part], frames: list[pd.DataFrame], wanted: Format, observed_at: pd.Timestamp,
    common: dict[str, str],
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:  # fmt: skip
    """The tidy tables, and all rows that were kept aside."""
    tables: dict[str, list[pd.DataFrame]] = {}
    aside = [p.aside for p in parts]
    for p, frame in zip(parts, frames, strict=True):
        good, bad = judged(p.table, frame, wanted, observed_at)
        aside.append(bad)
        seen = good["observed_at"].fillna(observed_at) if "observed_at" in good else observed_at
        told = good.drop(columns=["line", "excerpt"]).assign(observed_at=seen, **common)
        tables.setdefault(p.table, []).append(told)
    merged = {t: schema.check(t, pd.concat(found, ignore_index=True)) for t, found in tables.items()}
    return merged, pd.concat([nothing_aside(), *[a for a in aside if len(a)]], ignore_index=True)


def _named(name: str, wanted: Format) -> dict[str, Any]:
    """What a file's name tells: ``account``, ``observed``, ``until``."""
    found = re.search(wanted.in_name, name) if wanted.in_name else None
    told: dict[str, Any] = {k: v for k, v in (found.groupdict() if found else {}).items() if v}
    for key in ("observed", "until"):
        if key in told:
            told[key] = _stamp(told[key], wanted.observed_as)
    return {k: v for k, v in told.items() if v is not None}


def _stamp(written: str, how: str) -> pd.Timestamp | None:
    if how in ("ms", "s"):
        return pd.Timestamp(int(written), unit=how, tz="UTC")
    stamp = pd.to_datetime(written, format=how, errors="coerce")
    return None if pd.isna(stamp) else stamp.tz_localize("UTC") + NOON


def _addressed(
    part: Part, export: Export, wanted: Format, brand: Brand, named: str, asked: str
) -> pd.DataFrame:
    """The part's rows with their network and account, in brand.toml's spelling of it."""
    rows = without_aids(part.rows)
    handle_on = _asked(asked)
    if "network" not in rows:
        may = [one for one in handle_on if one and one in (wanted.networks or schema.NETWORKS)]
        rows["network"] = wanted.network or next(iter(may), None)
    if rows["network"].isna().any():
        networks = wanted.of or ("facebook", "instagram")
        raise CmlibError("network_needed", file=export.name, accounts=[f"{one}/NAME" for one in networks])
    if "account" not in rows:
        rows["account"] = None
    handles = {}
    for network, said in rows[["network", "account"]].drop_duplicates().itertuples(index=False):
        owner = "web" if part.table == "visits" else network  # whose site it is, wherever visitors come from
        meant = handle_on.get(owner) or handle_on.get("", "")
        told = (said if isinstance(said, str) else "") or named or meant or _only(brand, owner)
        if not told:
            raise CmlibError("account_needed", file=export.name, network=owner)
        ours = brand.account(owner, told)
        handles[network, said] = ours.handle if ours else told.strip().lstrip("@")
    rows["account"] = [handles[pair] for pair in zip(rows["network"], rows["account"], strict=True)]
    return rows


def _asked(said: str) -> dict[str, str]:
    """``facebook/Page,instagram/name`` → the handle on each network; "" for one of which none is named."""
    pairs = [one.strip().rpartition("/")[::2] for one in said.split(",") if one.strip()]
    for network, _ in pairs:
        if network and network not in schema.NETWORKS:
            raise unknown("network", network, schema.NETWORKS, "--account")
    return dict(pairs)


def _only(brand: Brand, network: str) -> str:
    own = brand.own(network)
    return own[0].handle if len(own) == 1 else ""


def _latest(
    frames: list[pd.DataFrame], parts: list[Part], said: list[pd.Timestamp | None], brand: Brand, name: str
) -> pd.Timestamp:
    """The latest of what is known, and not after now: an export was made on its last day or later.

    Where every row says when it was seen, neither the file's name nor its days tell more.
    """
    now = pd.Timestamp.now("UTC")
    tomorrow = now + pd.Timedelta(days=1)
    told = all("observed_at" in frame and frame["observed_at"].notna().all() for frame in frames)
    stamps = [s for s in said[: 1 if told else 2] if s is not None and s <= tomorrow]
    for p, frame in zip(parts, frames, strict=True):
        for when in {"observed_at" if told else schema.TIME.get(p.table), "observed_at"} & {*frame.columns}:
            given = pd.to_datetime(frame[when].dropna())
            given = given[given <= (tomorrow if given.dt.tz else tomorrow.tz_localize(None))]
            stamps += [last if last.tzinfo else (last.normalize() + NOON).tz_localize(brand.zone)
                       for last in given.nlargest(1)]  # fmt: skip
    if not stamps and not any(map(len, frames)):  # nothing of it is used, whenever it was exported
        return now.as_unit("us")
    if not stamps:
        raise CmlibError("observed_needed", file=name)
    return min(max(stamps).tz_convert("UTC"), now).as_unit("us")
