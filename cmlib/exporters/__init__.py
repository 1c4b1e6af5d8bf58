"""The plan → the tools that people use: a file that each takes, or tasks in Asana.

A module here with an ``EXPORTER`` is one target. Its rules are checked before anything is written, and every
row that breaks one is named. Nothing is lost in silence: what is not in the files is in ``left_out``.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pandas as pd

from cmlib import brand
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.exporters import agorapulse, asana_csv, buffer, hootsuite, ical, metricool, xlsx
from cmlib.exporters.target import Exporter, Setting, told
from cmlib.i18n import t

__all__ = ["EXPORTERS", "Exported", "Exporter", "Setting", "export", "steps", "told"]

EXPORTERS: dict[str, Exporter] = {
    module.EXPORTER.name: module.EXPORTER
    for module in (ical, xlsx, hootsuite, buffer, metricool, agorapulse, asana_csv)
}
MOST = 20  # rows that break a rule, before the rest is only counted


@dataclass(frozen=True)
class Exported:
    """What was written where, which rows were left out of it, and which need a hand (slot_id, rule, said).

    ``older``: what earlier exports for this tool left in the folder, and would go out twice if it were given
    to the tool again.
    """

    files: list[Path]
    left_out: pd.DataFrame
    risky: pd.DataFrame
    older: list[Path]


def export(
    to: str,
    rows: pd.DataFrame,
    who: Brand,
    folder: Path | None = None,
    *,
    now: datetime,
    moments: pd.DataFrame,
    template: Path | None = None,
    since: date | None = None,
    skip: bool = False,
    free: bool = False,
) -> Exported:
    """Write the plan for a tool, into the brand's exports/ unless another folder is said.

    ``since``: from this day on. ``skip``: rows that break a rule of the tool are left out; without it they
    are all named in a CmlibError, and nothing is written. An earlier export of the same name is replaced.
    """
    if to not in EXPORTERS:
        raise unknown("target", to, EXPORTERS)
    exporter, place = EXPORTERS[to], folder or brand.folder(who.slug) / "exports"
    chosen = rows if since is None else rows[rows["when"].dt.date >= since]
    chosen = chosen.sort_values(["when", "slot_id"], ignore_index=True)
    if chosen.empty:
        raise CmlibError("export_nothing", to=t(f"export.target.{to}"))
    setting = Setting(now, moments, template, free, since, _there(place, exporter.suffix))
    broken = exporter.broken(chosen, who, setting)
    if len(broken) and not skip:
        lines = [f"- {line}" for line in told(broken)]
        more = [t("export.more", n=len(lines) - MOST)] if len(lines) > MOST else []
        said = "\n".join([*lines[:MOST], *more])
        many = broken["slot_id"].nunique()
        raise CmlibError("export_refused", to=t(f"export.target.{to}"), n=many, rows=said)
    good = chosen[~chosen["slot_id"].isin(broken["slot_id"])].reset_index(drop=True)
    files = exporter.write(good, who, setting) if len(good) else {}
    written = _put(place, files)
    older = sorted(set(place.glob(f"{to}-*{exporter.suffix}")) - set(written))
    return Exported(written, broken, exporter.risky(good, who, setting), older)


def steps(to: str) -> str:
    """What is to be done with the file: where it is uploaded, what the tool asks there."""
    return t(f"export.steps.{to}")


def _there(folder: Path, suffix: str) -> dict[str, bytes]:
    """What was exported before: only a calendar needs to know it."""
    return {p.name: p.read_bytes() for p in folder.glob(f"*{suffix}")} if suffix == ".ics" else {}


def _put(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write them all, or none: each is written beside its place first."""
    beside = {folder / name: folder / f".{name}.{uuid4().hex}.tmp" for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, part in beside.items():
            with part.open("xb") as file:
                file.write(files[path.name])
                file.flush()
                os.fsync(file.fileno())
        for path, part in beside.items():
            part.replace(path)
    except OSError as problem:
        raise CmlibError("unwritable", file=str(folder), problem=str(problem.strerror)) from None
    finally:
        for part in beside.values():
            with suppress(OSError):
                part.unlink()
    return list(beside)
