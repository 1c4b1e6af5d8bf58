"""Hostile files by the thousand: each is read, or refused in words, in seconds, and leaves the lake clean."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

HOSTILE = Path(__file__).with_name("hostile.py")
CASES, EACH = 20_000, 2_500
MB = 1024**2


def run(*asked: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, HOSTILE, *map(str, asked)], capture_output=True, text=True, check=False
    )


def told(*asked: object) -> str:
    done = run(*asked)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout.strip()


def test_twenty_thousand_damaged_exports_are_read_or_refused() -> None:
    firsts = range(0, CASES, EACH)
    with ThreadPoolExecutor(2) as both:  # each starts a process
        done = list(both.map(lambda first: run(first, first + EACH), firsts))
    wrong = [one.stdout[-4000:] + one.stderr[-1000:] for one in done if one.returncode]
    assert not wrong, "\n".join(wrong)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for nth in range(20):
            archive.writestr(f"{nth}.csv", b"0" * 100 * MB)


def upwards(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../brand.toml", "Date,Views\n2026-01-01,3\n")
        archive.writestr("/etc/cron.d/cm", "Date,Views\n2026-01-01,3\n")


def nested(path: Path) -> None:
    inner = path.with_name("inner.zip")
    bomb(inner)
    for depth in range(4):
        outer = path.with_name(f"{depth}.zip")
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(inner, "again.zip")
        inner = outer
    inner.replace(path)


def laughing(path: Path) -> None:
    """A workbook of which one cell is ten to the ninth."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><worksheet><sheetData>'
    sheet = f'{head}<row r="1"><c r="A1" t="inlineStr">'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "xl/workbook.xml", '<workbook><sheets><sheet name="S" sheetId="1"/></sheets></workbook>'
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"{sheet}<is><t>&l9;</t></is></c></row></sheetData></worksheet>"
        )


BIG: dict[str, Callable[[Path], object]] = {
    "a cell of 100 MB.csv": lambda path: path.write_bytes(b"Date,Views\n2026-01-01," + b"9" * 100 * MB),
    "a quoted cell of 100 MB.csv": lambda path: path.write_bytes(
        b'Date,Views\n"' + b"9\n" * 50 * MB + b'",1'
    ),
    "a line of 100 MB.txt": lambda path: path.write_bytes(b"[31/12/2021, 10:10:05] Ada: " + b"a" * 100 * MB),
    "a text of 100 MB.json": lambda path: path.write_bytes(b'{"messages": "' + b"a" * 100 * MB + b'"}'),
    "lists of lists.json": lambda path: path.write_bytes(b"[" * 30 * MB),
    "many small objects.json": lambda path: path.write_bytes(b"[" + b'{"a":1},' * 1_900_000 + b"{}]"),
    "many small texts.json": lambda path: path.write_bytes(b"[" + b'"ab",' * 12 * MB + b"1]"),
    "two million lines.csv": lambda path: path.write_bytes(b"Date,Views\n" + b"2026-01-01,3\n" * 2 * MB),
    "a chat of two million lines.txt": lambda path: path.write_bytes(b"31/12/2021, 10:10 - A: b\n" * 2 * MB),
    "a thousand tables.csv": lambda path: path.write_bytes(
        (HOSTILE.parent / "exports" / "ga4_visits" / "source_medium.csv").read_bytes() * 1_000
    ),
    "laughs.xls": lambda path: path.write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet>&b;</Worksheet></Workbook>'
    ),
    "laughs.xlsx": laughing,
}


@pytest.mark.parametrize("name", BIG)
def test_what_is_too_much_is_refused_before_it_hurts(name: str, tmp_path: Path) -> None:
    BIG[name](tmp_path / name)
    assert "0 read, 1 refused, 0 findings" in told(tmp_path / name)


@pytest.mark.parametrize("archive", [bomb, upwards, nested])
def test_an_archive_that_is_a_trap_is_refused(archive: Callable[[Path], None], tmp_path: Path) -> None:
    archive(tmp_path / "drop.zip")
    assert "0 read" in told(tmp_path / "drop.zip")
    assert not (tmp_path / "brand.toml").exists()
