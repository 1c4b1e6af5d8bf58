"""Files as nobody would wish for them: every golden export, mutated, goes the way of a real import.

    python tests/hostile.py 0 1000      # cases 0 to 999; says how many were read, how many refused
    python tests/hostile.py FILE        # one file of your own

A case is its number: what becomes of which file is drawn from it, so that a finding can be made again. Each
has ten seconds, all together a gigabyte; a refused file must leave the lake as it was, a read one must be
tidy. Three in four are opened and identified only. What goes wrong is printed, and is the exit code.
"""

import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib import brand, importers, start
from cmlib.errors import CmlibError

EXPORTS = Path(__file__).parent / "exports"
SECONDS = 10
MEMORY = 1024  # MB
WORKBOOKS = 0.01  # of the cases: each starts a process of its own
LIGHTLY = "light case"  # one that is opened and identified, and no more
FULL = 60  # files in the lake before it is emptied
ASKED = "facebook/acme,instagram/acme,x/acme", pd.Timestamp("2026-11-20", tz="UTC")  # account, observed

TOKENS = (
    "", "0", "-1", "1e999", "NaN", "∞", "9" * 400, "1.2E+17", "3,1,4", "1,234", "٣", "½", "0x1F", "1_000",
    "99/99/9999", "0000-00-00", "9999-12-31T23:59:60Z", "2026-02-30", "1970-01-01", "31/12/2026 25:61",
    "29 février", "Sat, Aug 1, 2026", "03-janv", "=1+1", "@SUM(A1)", "+33", "'", '"', "a\u202eb", "\u200f",
    "\0", "\ufeff", "\u00ad", "e\u0301" * 40, "🧨" * 20, "../../etc/passwd", "<script>alert(1)</script>",
    "{{7*7}}", "%s%n", "true", "null", "undefined", "x" * 5_000, "a\nb", "\r", "\x1b[31m", "C:\\con",
)  # fmt: skip
NODES: tuple[Any, ...] = (
    None, [], {}, "", "x", 0, -1, 1e308, True, [[]], {"": {}}, [None], 10**30, "\ud800", "2026-13-45",
    [[[[[]]]]],
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One file, damaged in one to three ways."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(_ways(data))(data, chance)
    return data


def _ways(data: bytes) -> list[Callable[[bytes, random.Random], bytes]]:
    if data.startswith((b"PK", b"\xd0\xcf")):
        return [_cut, _flipped]
    if data.lstrip()[:1] in (b"{", b"[") or data.startswith(b"window."):
        return [_cut, _flipped, _pasted, _node, _node, _node]
    return [_cut, _flipped, _pasted, _columns, _columns, _cells, _cells, _lines, _encoded]


def _cut(data: bytes, chance: random.Random) -> bytes:
    at = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return chance.choice((data[: at[0]], data[at[0] :], data[: at[0]] + data[at[1] :]))


def _flipped(data: bytes, chance: random.Random) -> bytes:
    bytes_ = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64)) if bytes_ else 0):
        bytes_[chance.randrange(len(bytes_))] = chance.randrange(256)
    return bytes(bytes_)


def _pasted(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    token = chance.choice(TOKENS).encode("utf-8")
    return data[:at] + token * chance.choice((1, 1, 50)) + data[at:]


def _table(data: bytes) -> tuple[str, str, list[list[str]]]:
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig"
    text = data.decode(encoding, "replace")
    delimiter = max(",;\t", key=text.count)
    return encoding, delimiter, [line.split(delimiter) for line in text.split("\n")]


def _joined(encoding: str, delimiter: str, rows: list[list[str]]) -> bytes:
    return "\n".join(delimiter.join(row) for row in rows).encode(encoding, "replace")


def _columns(data: bytes, chance: random.Random) -> bytes:
    """Columns shuffled, dropped and doubled."""
    encoding, delimiter, rows = _table(data)
    places = list(range(max(map(len, rows))))
    how = chance.randrange(3)
    if how == 0:
        chance.shuffle(places)
    elif how == 1:
        places.pop(chance.randrange(len(places)))
    else:
        places.insert(chance.randrange(len(places) + 1), chance.choice(places))
    return _joined(encoding, delimiter, [[row[p] for p in places if p < len(row)] for row in rows])


def _cells(data: bytes, chance: random.Random) -> bytes:
    encoding, delimiter, rows = _table(data)
    for _ in range(chance.choice((1, 3, 10))):
        row = chance.choice(rows)
        if row:
            row[chance.randrange(len(row))] = chance.choice(TOKENS)
    return _joined(encoding, delimiter, rows)


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    how = chance.randrange(4)
    if how == 0:
        chance.shuffle(lines)
    elif how == 1:
        lines *= chance.choice((2, 9))
    elif how == 2:
        lines.pop(chance.randrange(len(lines)))
    else:
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"".join(lines)


def _encoded(data: bytes, chance: random.Random) -> bytes:
    """The same text as another program would save it."""
    text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig", "replace")
    text = chance.choice((text, text.replace(",", ";"), text.replace("\n", "\r\n"), text.replace("\n", "\r")))
    return text.encode(
        chance.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1251", "utf-32")), "replace"
    )


def _node(data: bytes, chance: random.Random) -> bytes:
    """One value of a document is another; or is missing; or is there twice."""
    head, said = b"", data
    if data.startswith(b"window."):
        head, _, said = data.partition(b"=")
        head += b"="
    try:
        root = {"": json.loads(said)}
    except (ValueError, RecursionError):
        return _cut(data, chance)
    places = list(_places(root))
    within, key = chance.choice(places)
    how = chance.randrange(3)
    if how == 0 and (isinstance(within, list) or len(within) > 1):
        del within[key]
    elif how == 1 and isinstance(within, list):
        within.append(within[key])
    else:
        within[key] = chance.choice(NODES)
    return head + json.dumps(root.get(""), ensure_ascii=chance.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def _places(node: Any) -> Any:
    for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


# ── One case ────────────────────────────────────────────────────────────────────────────────────────────────


class Late(BaseException):
    """Ten seconds are over. No CmlibError, so that nothing in between takes it for a refusal."""


def _late(*_: object) -> None:
    raise Late


def samples() -> list[Path]:
    """The golden exports."""
    return sorted(p for p in EXPORTS.glob("*/*") if p.suffix != ".toml" and not p.name.endswith(".tidy.csv"))


def drawn(case: int, cases: list[Path]) -> tuple[str, bytes]:
    """The file that a case is: a name, and bytes."""
    chance = random.Random(case)
    books = [path for path in cases if path.suffix in (".xls", ".xlsx")]
    texts = [path for path in cases if path.suffix not in (".xls", ".xlsx")]
    path = chance.choice(books if chance.random() < WORKBOOKS else texts)
    return path.name, mutated(path.read_bytes(), chance)


def run(files: Iterable[tuple[str, importers.File]]) -> int:
    """Import files, one after the other; how many found something."""
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _late)
    brand.new("acme", timezone="Europe/Paris")
    lake = brand.home() / "data" / "lake"
    told = Counter[str]()
    for called, file in files:
        before = _files(lake)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # of work, not of waiting for others
        try:
            if called.startswith(LIGHTLY):  # the rest takes nine tenths of the time
                with suppress(CmlibError):
                    importers.identify(importers.open_export(file), brand.load("acme"))
                told["looked at"] += 1
                continue
            (one,) = start.intake([file], "acme", *ASKED)
            told["read" if one.reading else "refused"] += 1
            wrong = _wrong(one, before, _files(lake))
        except (Exception, Late):  # noqa: BLE001 - all that is no refusal in words is what is looked for
            wrong = traceback.format_exc()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if wrong:
            told["wrong"] += 1
            print(f"{called}: {wrong}", flush=True)
        if len(before) > FULL:
            shutil.rmtree(lake)
    told["wrong"] += peak() > MEMORY
    light = f"{told['looked at']} looked at, " if told["looked at"] else ""
    cases = f"{light}{told['read']} read, {told['refused']} refused, {told['wrong']} findings"
    print(f"{cases}, at most {peak()} MB")
    return told["wrong"]


def peak() -> int:
    """The most memory that this process or one that it started ever had, in MB."""
    status = Path("/proc/self/status")  # getrusage would count the memory of who started it, too (Linux)
    own = status.read_text().partition("VmHWM:")[2].split() if status.exists() else []
    usage = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(int(own[0]) if own else usage, children) // 1024


def cases(first: int, last: int) -> Iterator[tuple[str, importers.File]]:
    """The cases from ``first`` to before ``last``, each with how it is called."""
    paths = samples()
    for case in range(first, last):
        name, data = drawn(case, paths)
        yield f"{LIGHTLY if case % 4 else 'case'} {case}, {name}", importers.File(name, partial(bytes, data))


def _files(lake: Path) -> set[str]:
    return {str(path) for path in lake.rglob("*") if path.is_file()}


def _wrong(one: Any, before: set[str], after: set[str]) -> str:
    """What does not hold of an import that ended in words?"""
    if one.refused and before != after:
        return f"refused, but the lake has {after ^ before}"
    if not one.reading:
        return "" if one.refused.strip() else "refused without a word"
    read = one.reading
    if len(read.aside) and (read.aside["line"].isna().any() or (read.aside["reason"] == "").any()):
        return "a row aside without line or reason"
    kept = sum(map(len, read.tables.values()))
    missing = {*read.tables} & {"days", "totals"}  # a day of which no figure is known has no row
    if not (kept or len(read.aside) or read.passed or read.lines == 0 or missing):
        return f"{read.lines} lines, and nothing became of them"
    return ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CMLIB_HOME": folder, "CMLIB_KEY": f"{folder}/key"}
        if len(sys.argv) == 3:
            failed = run(cases(int(sys.argv[1]), int(sys.argv[2])))
        else:
            failed = run((file.name, file) for file in importers.walk(Path(sys.argv[1])))
    sys.exit(min(failed, 100))
