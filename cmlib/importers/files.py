"""What was downloaded → the text of its cells. Nothing is interpreted here, and nothing is trusted.

Folders and zips are walked; nothing is ever written to disk, so no member's name can leave its folder.
"""

import csv
import hashlib
import io
import json
import lzma
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cmlib.errors import CmlibError
from cmlib.importers import spreadsheet, spreadsheetml

SIZE = 150 * 1024**2  # bytes of one file, unpacked
MEMBERS = 1_000  # files in one zip
TOTAL = 1024**3  # bytes of all files in one zip
RATIO = 200  # unpacked / packed: text reaches 20, a bomb 1,000
FIELD = 1024**2  # characters of one cell
DEPTH = 2  # zips inside zips
CELLS = 20_000_000  # of one file; 200,000 posts of 30 columns are 6 million
ROW = 26  # cells: what a row weighs beside its own
WIDTH = 16_384  # cells of one row, as in a spreadsheet
LINE = 16 * 1024**2  # characters of one line
MANY = 5  # columns of a header that is no sentence
LINES = 1_000_000  # of a calendar or a chat
DOCUMENT = 64 * 1024**2  # bytes of a JSON document
CONTAINERS = 2_000_000  # of its lists and objects, each of which takes up to 232 bytes
VALUES = 5_000_000  # of all that is in these

# All that zipfile raises for a broken archive: its checks come after its arithmetic.
_BROKEN = (
    zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, OverflowError,
    struct.error, zlib.error, lzma.LZMAError,
)  # fmt: skip

_LOCKED = "EncryptedPackage".encode("utf-16-le")  # what Excel puts a workbook with a password into

Row = list[str]


@dataclass(frozen=True)
class File:
    """A file found on disk or in a zip; ``read`` gives its bytes or raises CmlibError."""

    name: str
    read: Callable[[], bytes]

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, by which the lake knows it."""
        return hashlib.sha256(self.read()).hexdigest()


@dataclass(frozen=True, eq=False)  # told apart by which it is: its first rows are looked at once
class Sheet:
    """A table of cells as text, with the line of the file on which each row begins."""

    name: str
    rows: list[Row]
    lines: list[int]


@dataclass(frozen=True)
class Export:
    """One downloaded file: its name, the SHA-256 of its bytes, its sheets (one for a CSV).

    A JSON file has no sheets but a ``document``, of dicts and lists; a calendar or a chat, which has no
    cells, a sheet of one cell a line.
    """

    name: str
    digest: str
    sheets: tuple[Sheet, ...]
    document: Any = None


def walk(path: Path) -> Iterator[File]:
    """Which files are in this file, folder or zip? By name; hidden ones are passed over."""
    if not (path.is_dir() or path.is_file()):
        raise CmlibError("no_file", file=str(path))
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
            if not any(part.startswith((".", "~$")) for part in inner.relative_to(path).parts):
                yield from _unpacked(str(inner.relative_to(path)), _reader(inner))
    else:
        yield from _unpacked(path.name, _reader(path))


def open_export(file: File) -> Export:
    """What does a file say, cell by cell? Raises CmlibError when it cannot be read whole."""
    data = file.read()
    digest = hashlib.sha256(data).hexdigest()
    if not data.strip():
        raise CmlibError("empty_file", file=file.name)
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return Export(file.name, digest, _spreadsheet(file.name, data))
    if data.startswith(b"%PDF-"):  # which may be all ASCII
        raise CmlibError("not_text", file=file.name)
    if _CAR in data[:16]:
        raise CmlibError("bluesky_car", file=file.name)
    text = _decoded(file.name, data)
    begins = text[:256].lstrip()
    if begins.startswith("<"):
        return Export(file.name, digest, _markup(file.name, text))
    if begins.upper().startswith("BEGIN:VCALENDAR"):
        return Export(file.name, digest, (_lined(file.name, text.lstrip(), capitals=True),))
    if CHAT.match(begins):
        return Export(file.name, digest, (_lined(file.name, text),))
    if begins.startswith(("{", "[", "window.YTD.")):
        return Export(file.name, digest, (), _document(file.name, text))
    return Export(file.name, digest, (_separated(file.name, text),))


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            if path.stat().st_size > SIZE:
                raise CmlibError("too_large", file=_shown(path.name), limit=SIZE // 1024**2)
            return path.read_bytes()
        except OSError as problem:
            raise CmlibError("unreadable", file=_shown(path.name), problem=problem.strerror) from None

    return read


def _unpacked(name: str, read: Callable[[], bytes], depth: int = 0) -> Iterator[File]:
    """The file itself, or the members of a zip that is not a workbook."""
    if not name.lower().endswith(".zip"):
        yield File(_shown(name), read)
        return
    try:
        members = _members(name, read(), depth)
    except CmlibError as problem:  # told when the file is read, so that the others are imported all the same
        yield File(_shown(name), _raiser(problem))
        return
    for member, content in members:
        yield from _unpacked(f"{name}/{member}", content, depth + 1)


def _shown(name: str) -> str:
    """A name without what a terminal would obey, or could not print."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)


def _raiser(problem: CmlibError) -> Callable[[], bytes]:
    def read() -> bytes:
        raise problem

    return read


def _members(name: str, data: bytes, depth: int) -> list[tuple[str, Callable[[], bytes]]]:
    shown = _shown(name)
    if depth >= DEPTH:
        raise CmlibError("nested_zip", file=shown, limit=DEPTH)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as problem:
        raise CmlibError("bad_zip", file=shown, problem=str(problem)) from None
    infos = [i for i in archive.infolist() if not i.is_dir() and not _hidden(i.filename)]
    overlapping = sum(i.compress_size for i in infos) > len(data)  # how a small zip unpacks to petabytes
    if overlapping or len(infos) > MEMBERS or sum(i.file_size for i in infos) > TOTAL:
        raise CmlibError("zip_limits", file=shown, members=MEMBERS, size=TOTAL // 1024**2)
    return [(i.filename, _member(archive, i, f"{name}/{i.filename}")) for i in infos]


def _hidden(name: str) -> bool:
    return name.startswith("__MACOSX") or name.rsplit("/", 1)[-1].startswith((".", "~$"))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        limit = min(SIZE, max(info.compress_size * RATIO, 1024**2))
        try:
            with archive.open(info) as opened:
                data = opened.read(limit + 1)  # counted while it unpacks: the size a zip states may be a lie
        except _BROKEN as problem:
            raise CmlibError("bad_zip", file=_shown(name), problem=str(problem)) from None
        if len(data) > limit:
            raise CmlibError("too_large", file=_shown(name), limit=limit // 1024**2)
        return data

    return read


def _spreadsheet(name: str, data: bytes) -> tuple[Sheet, ...]:
    if data.startswith(b"PK"):
        _check_workbook(name, data)
    elif _LOCKED in data:
        raise CmlibError("locked_spreadsheet", file=name)
    command = [sys.executable, "-I", spreadsheet.__file__]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=spreadsheet.SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise CmlibError("spreadsheet_limits", file=name, seconds=spreadsheet.SECONDS) from None
    if done.returncode < 0 or done.returncode == spreadsheet.TOO_MUCH or b"MemoryError" in done.stderr:
        raise CmlibError("spreadsheet_limits", file=name, seconds=spreadsheet.SECONDS)
    if done.returncode:
        problem = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise CmlibError("bad_spreadsheet", file=name, problem=problem.rpartition("Error: ")[2])
    return _sheets(name, json.loads(done.stdout))


def _markup(name: str, text: str) -> tuple[Sheet, ...]:
    """The workbook that an XML text may be; pages are refused."""
    if not spreadsheetml.is_workbook(text):
        raise CmlibError("not_a_table", file=name)
    return _sheets(name, spreadsheetml.sheets_of(name, text))


def _sheets(name: str, found: Iterable[tuple[str, list[Row]]]) -> tuple[Sheet, ...]:
    """The sheets of a workbook that say anything."""
    said = [Sheet(sheet, rows, list(range(1, len(rows) + 1))) for sheet, rows in found if any(rows)]
    if not said:
        raise CmlibError("empty_file", file=name)
    return tuple(said)


def _check_workbook(name: str, data: bytes) -> None:
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except _BROKEN as problem:
        raise CmlibError("bad_spreadsheet", file=name, problem=str(problem)) from None
    if sum(i.file_size for i in infos) > SIZE or any(
        i.file_size > max(i.compress_size * RATIO, 1024**2) for i in infos
    ):
        raise CmlibError("too_large", file=name, limit=SIZE // 1024**2)


def _decoded(name: str, data: bytes) -> str:
    """Text by its byte-order mark, else UTF-8, else Windows' Western European, as Excel re-saves it.

    Windows' Cyrillic is taken only where it is certain.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "cp1251" if _cyrillic(data) else "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise CmlibError("not_text", file=name)


_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")


def _cyrillic(data: bytes) -> bool:
    """Is this Cyrillic? Its words are of other letters throughout, where ``été`` has one of ASCII."""
    words = [word for word in _WORD.findall(data[:65536].decode("cp1251", "replace")) if not word.isascii()]
    return any(len(word) > 2 for word in words) and not any(_LATIN.search(word) for word in words)


def _separated(name: str, text: str) -> Sheet:
    """Cells of a delimited text. Its own ``sep=`` line decides, else the delimiter that makes most cells."""
    first, _, rest = text.partition("\n") if text.startswith("sep=") else ("", "", text)
    said = first.removeprefix("sep=").rstrip("\r")
    body, skipped = rest, int(bool(first))
    csv.field_size_limit(FIELD)
    delimiter = said[0] if said[:1] in (*",;\t|",) else max(",;\t", key=lambda d: _cells(body[:65536], d))
    return _unwrapped(name, body, skipped) or _rows(name, body, delimiter, skipped)


def _unwrapped(name: str, body: str, skipped: int) -> Sheet | None:
    """A table with commas, saved by an Excel that parts cells at ``;``: all of a row may be in one cell.

    The cells together are the text that Excel has opened. It is read where every row is as wide as the first.
    """
    for outer in ";\t" if '""' in body[:65536] else "":
        try:
            sheet = _rows(name, body, outer, skipped)
        except CmlibError:
            continue
        texts = [outer.join(row).rstrip(outer) for row in sheet.rows]
        wide = _cells(texts[0], ",")
        if wide < 2 or any(sheet.rows[0][1:]) or not any('"' in text for text in texts):
            continue
        lines = [n for n, text in zip(sheet.lines, texts, strict=True) for _ in _lines(name, text + "\n")]
        try:
            inner = _rows(name, "".join(f"{text}\n" for text in texts), ",", 0)
        except CmlibError:
            inner = Sheet("", [], [])
        if {len(row) for row in inner.rows if row} == {wide}:
            return Sheet("", inner.rows, [lines[n - 1] for n in inner.lines])
        if '"' in texts[0] and wide >= MANY:
            raise CmlibError("excel_rows", file=name, line=str(sheet.lines[0]))
    return None


def _rows(name: str, body: str, delimiter: str, skipped: int) -> Sheet:
    reader = csv.reader(_lines(name, body), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    lines: list[int] = []
    begun = cells = 0
    try:
        for row in reader:
            cells += len(row) + ROW
            if len(row) > WIDTH or cells > CELLS:
                raise CmlibError("too_many_cells", file=name, width=WIDTH, cells=CELLS)
            rows.append(row)
            lines.append(begun + 1 + skipped)
            begun = reader.line_num
    except csv.Error as problem:
        raise CmlibError("bad_csv", file=name, line=str(begun + 1 + skipped), problem=str(problem)) from None
    return Sheet("", rows, lines)


_CAR = b"\xa2eroots"  # with which an archive of content-addressed blocks begins, behind its length

# The stamp with which WhatsApp begins a message, by the phone's language and make: "[31/12/2021, 10:10:05] ",
# "12/30/21, 10:01 PM - ", "31.12.21, 10:10 – ", "30-12-21 10:01:05 p. m.: ".
CHAT = re.compile(
    "[\u200e\u200f\u202a-\u202e]*"
    r"\[?(?P<one>\d{1,4})(?P<sep>[./-])\s?(?P<two>\d{1,2})(?P=sep)\s?(?P<three>\d{1,4})\.?,?\s"
    r"(?:(?:à|a las|às|alle|klo|kl\.|om|um|at)\s)?"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?:\]|\s[-–]|(?(second):|(?!)))\s"
)


def _lined(name: str, text: str, capitals: bool = False) -> Sheet:
    """A calendar or a chat, which has no cells: a row for each line. A calendar's first says what it is."""
    if text.count("\n") > LINES:
        raise CmlibError("too_many_cells", file=name, width=WIDTH, cells=LINES)
    first, *others = (line.rstrip("\r\n") for line in _lines(name, text))
    rows = [[first.strip().upper() if capitals else first], *([line] for line in others)]
    return Sheet("", rows, list(range(1, len(rows) + 1)))


def _document(name: str, text: str) -> Any:
    """What a JSON file says; X puts the name of a variable before it. Halves of characters become �."""
    packed = text[text.index("=") + 1 :] if text.lstrip().startswith("window.YTD.") and "=" in text else text
    if "\\x" in packed:
        packed = _BARE.sub(lambda found: found[0] if found[1] else f"\\u00{found[2]}", packed)
    held = packed.count("{") + packed.count("[")
    if len(packed) > DOCUMENT or held > CONTAINERS or packed.count(",") > VALUES:
        raise CmlibError("document_limits", file=name, size=DOCUMENT // 1024**2, containers=CONTAINERS)
    try:
        said = json.loads(packed)
    except (ValueError, RecursionError) as problem:
        raise CmlibError("bad_document", file=name, problem=str(problem)) from None
    return _paired(said) if _HALF.search(packed) else said


_BARE = re.compile(r"(\\\\)|\\x([0-9a-fA-F]{2})")  # how Telegram writes what cannot be seen
_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # of a character that takes two


def _paired(said: Any) -> Any:
    if isinstance(said, str):
        return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(said, list):
        return [_paired(one) for one in said]
    if isinstance(said, dict):
        return {_paired(key): _paired(value) for key, value in said.items()}
    return said


def _lines(name: str, body: str) -> Iterator[str]:
    for line in io.StringIO(body, newline=""):
        if len(line) > LINE:
            raise CmlibError("too_many_cells", file=name, width=WIDTH, cells=CELLS)
        yield line


def _cells(sample: str, delimiter: str) -> int:
    return sum(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
