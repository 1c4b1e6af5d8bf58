"""The brand's plan.csv: read, saved over the very version that was read, and every version that was."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pandas as pd

from cmlib import brand as brands
from cmlib import brandfile
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.plans.cells import accounts, cells, parsed, written
from cmlib.plans.rows import COLUMNS, checked, empty, ordered

try:
    import fcntl
except ImportError:  # not on Windows: there, the comparison alone must do
    fcntl = None  # type: ignore[assignment]

STAMP = "%Y%m%dT%H%M%S%fZ"
SHORT = 12  # of a version, in the name of a file
_KEPT = re.compile(rf"plan-(\d{{8}}T\d{{12}}Z)-([0-9a-f]{{{SHORT}}})\.csv")


@dataclass(frozen=True)
class Plan:
    """The rows of a plan, and the version of the file that says so: "" when there is none."""

    rows: pd.DataFrame
    version: str = ""


def path(who: Brand) -> Path:
    """Where the brand's plan stands."""
    return (brands.folder(who.slug) / "plan.csv").resolve()  # a link is followed


def read(who: Brand) -> Plan:
    """What is planned? Without a file, nothing. Raises CmlibError with its line for what cannot be."""
    return load(who, path(who))


def load(who: Brand, file: Path) -> Plan:
    """What does such a file say: the brand's plan, or one that was put beside it?"""
    data = _bytes(file)
    if data is None:
        return Plan(empty(who.zone))
    return Plan(parsed(data, who, file), _version(data))


def save(who: Brand, rows: pd.DataFrame, version: str) -> Plan:
    """Put these rows in the place of a version that was read; the plan as it is then.

    ``sequence`` grows with each slot that changes. What is replaced is kept in history/. Where the file is of
    another version by now, nothing is replaced: ours is put beside it, and the CmlibError plan_changed says
    where (its values ``file`` and ``mine``, which ``load`` reads).
    """
    file, ours = path(who), checked(rows, who.zone)
    ours = ordered(
        ours.assign(account=accounts(ours["network"], ours["account"], who)).astype({"account": "str"})
    )
    with _alone(file.parent):
        before = _bytes(file)
        if _version(before) != version:
            raise _changed(who, file, ours)
        held = empty(who.zone) if before is None else parsed(before, who, file)
        made = _numbered(ours, held)
        data = written(made)
        if data == before:
            return Plan(made, version)
        if before is not None:
            _keep(file, before)
        if not (_put(file, data) if before is None else _replaced(file, data)):
            raise _changed(who, file, ours)
    return Plan(made, _version(data))


def history(who: Brand) -> pd.DataFrame:
    """Which versions were there before? version (its beginning), replaced_at, file; the newest first."""
    named = sorted((one.name for one in _folder(who).glob("plan-*.csv")), reverse=True)
    found = [(name, told) for name, told in ((name, _KEPT.fullmatch(name)) for name in named) if told]
    frame = pd.DataFrame({
        "version": [told[2] for _, told in found],
        "replaced_at": pd.to_datetime([told[1] for _, told in found], format=STAMP, utc=True),
        "file": [str(_folder(who) / name) for name, _ in found],
    })  # fmt: skip
    return frame.astype({"replaced_at": f"datetime64[us, {who.timezone}]", "version": "str", "file": "str"})


def at(who: Brand, version: str) -> Plan:
    """The plan as it was in a version, told by how it begins. To undo, save its rows over what there is now.

    Raises CmlibError for a version that was never there.
    """
    kept = history(who)
    known = [path(who), *map(Path, kept["file"])]
    for file in known:
        data = _bytes(file)
        if version and data is not None and _version(data).startswith(version):
            return Plan(parsed(data, who, file), _version(data))
    raise unknown("version", version, dict.fromkeys(kept["version"]), str(_folder(who)))


def _folder(who: Brand) -> Path:
    return path(who).parent / "history"


def _version(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise CmlibError("unreadable", file=str(file), problem=str(problem.strerror)) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else saves meanwhile, in this process or another."""
    lock = folder / "history" / ".lock"
    try:
        lock.parent.mkdir(exist_ok=True)
        file = lock.open("ab")
    except OSError as problem:
        raise CmlibError("unwritable", file=str(lock), problem=str(problem.strerror)) from None
    with file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back when it is closed
        yield


def _numbered(ours: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Each slot that differs from the one that is held gets a higher number than any that it had.

    The first is 1. One that comes back after it was deleted leaves a number for the word that it is off.
    """
    where = list(COLUMNS).index("sequence")
    before = {row[0]: (row[:where] + row[where + 1 :], int(row[where])) for row in cells(held)}
    numbers = []
    for row in cells(ours):
        said, number = row[:where] + row[where + 1 :], int(row[where])
        known, last = before.get(row[0], (None, 0))
        new = number + 2 if number else 1
        numbers.append(new if known is None else last if known == said else max(last, number) + 1)
    return ours.assign(sequence=pd.Series(numbers, ours.index, "int64"))


def _replaced(file: Path, data: bytes) -> bool:
    brandfile.replace(file, data)
    return True


def _keep(file: Path, data: bytes) -> None:
    name = f"plan-{datetime.now(UTC):{STAMP}}-{_version(data)[:SHORT]}.csv"
    _put(file.parent / "history" / name, data)


def _put(file: Path, data: bytes) -> bool:
    """Write a file wholly or not at all, and never in the place of another: False, where one is there."""
    part = file.with_name(f".{file.name}.{uuid4().hex}.tmp")
    try:
        part.write_bytes(data)
        file.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError as problem:
        raise CmlibError("unwritable", file=str(file), problem=str(problem.strerror)) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return True


def _changed(who: Brand, file: Path, ours: pd.DataFrame) -> CmlibError:
    """Somebody else saved: ours is put beside it, so that both can be looked at."""
    data = written(ours)
    while True:
        mine = file.with_name(f"plan.mine-{datetime.now(UTC):{STAMP}}.csv")
        if _put(mine, data):
            break
    try:
        when = pd.Timestamp(file.stat().st_mtime, unit="s", tz="UTC").tz_convert(who.zone).floor("s")
        return CmlibError(
            "plan_changed", file=str(file), mine=str(mine), when=when.to_pydatetime(), by=_by(file)
        )
    except FileNotFoundError:
        return CmlibError("plan_gone", file=str(file), mine=str(mine))


def _by(file: Path) -> str:
    try:
        return t("error.by", who=file.owner())
    except (KeyError, NotImplementedError, OSError):  # nobody of this machine
        return ""
