"""Files as they come, broken and hostile ones too: each is read right, or refused in words that help."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cmlib import importers
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking
from cmlib.importers import files, spreadsheet
from cmlib.importers.files import File, open_export, walk


def opened(data: bytes, name: str = "export.csv") -> importers.Export:
    return open_export(File(name, lambda: data))


def rows(data: bytes) -> list[list[str]]:
    return opened(data).sheets[0].rows


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def written(folder: Path, data: bytes, name: str = "drop.zip") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def workbook(cells: dict[str, str]) -> bytes:
    """The smallest xlsx with these cells, by hand: {"A1": "Date"}."""
    office = "http://schemas.openxmlformats.org"
    main = f"{office}/spreadsheetml/2006/main"
    of = f"{office}/officeDocument/2006/relationships"
    relation = f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" Type="{of}/'
    body = "".join(
        f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}">'
        f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for place, text in cells.items()
    )
    return zipped(
        {
            "_rels/.rels": f'{relation}officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{of}"><sheets>'
            f'<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'{relation}worksheet" Target="s.xml"/></Relationships>'.encode(),
            "xl/s.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'.encode(),
        }
    )


# What is read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_text_is_read_however_it_was_saved(encoding: str, delimiter: str, newline: str) -> None:
    table = [["Date", "Vues", "Note"], ["1", "2", "été, « ici » ; là"], ["3", "4", ""]]
    text = newline.join(delimiter.join(f'"{cell}"' for cell in row) for row in table)
    assert rows(text.encode(encoding)) == table


def test_a_line_sep_decides_the_delimiter_and_is_counted() -> None:
    sheet = opened('sep=;\r\n"a";"b,c,d"\r\n"1";"2"'.encode("utf-16")).sheets[0]
    assert (sheet.rows, sheet.lines) == ([["a", "b,c,d"], ["1", "2"]], [2, 3])
    assert rows(b'sep="\na,b\n')[0] == ["a", "b"]  # what cannot be a delimiter decides nothing


def test_lines_are_those_of_an_editor_where_cells_hold_newlines() -> None:
    sheet = opened(b'a,b\n1,"two\nlines"\n\n3,4\n').sheets[0]
    assert list(zip(sheet.lines, sheet.rows, strict=True)) == [
        (1, ["a", "b"]),
        (2, ["1", "two\nlines"]),
        (4, []),
        (5, ["3", "4"]),
    ]


def test_marks_of_writing_direction_stay() -> None:
    assert rows("a,b\n\u200fمرحبا\u200f,\u202ex\n".encode())[1] == ["\u200fمرحبا\u200f", "\u202ex"]


def test_a_spreadsheets_cells_are_text() -> None:
    sheet = opened(workbook({"A1": "Date", "B2": "12"}), "o.xlsx").sheets[0]
    assert sheet.rows == [["Date", ""], ["", "12"]]


def test_rows_may_be_shorter_or_end_in_commas_but_say_no_more_than_the_header() -> None:
    head = "Post ID,Account ID,Account username,Publish time,Permalink,Views\n"
    whole = "1,9,ada,01/05/2026 10:00,u,10"
    export = opened(f"{head}{whole},,,\n2{whole[1:-3]}\n3{whole[1:]},surplus\n".encode())
    reading = importers.read(export, importers.Brand("b", "B"))
    assert reading.tables["posts"]["views"].tolist()[0] == 10
    assert reading.tables["posts"]["post_id"].tolist() == ["1", "2"]
    assert reading.tables["posts"]["views"].isna().tolist() == [False, True]
    assert reading.aside[["line", "reason"]].to_numpy().tolist() == [[4, "width"]]


# Folders and zips


def test_a_folder_is_walked_by_name_without_hidden_files_and_links(tmp_path: Path) -> None:
    outside = written(tmp_path, b"secret", "outside.csv")
    inbox = tmp_path / "inbox"
    (inbox / "sub").mkdir(parents=True)
    for name in ("b.csv", "sub/a.csv", ".hidden.csv", "~$open.xlsx"):
        (inbox / name).write_bytes(b"x")
    (inbox / "link.csv").symlink_to(outside)
    (inbox / "up").symlink_to(tmp_path, target_is_directory=True)
    assert [f.name for f in walk(inbox)] == ["b.csv", "sub/a.csv"]


def test_a_zip_is_walked_and_nothing_is_written(tmp_path: Path) -> None:
    inside = zipped({"Overview.csv": b"b"})
    members = {"../../../etc/x.csv": b"a", "/root.csv": b"r", "__MACOSX/._a.csv": b"m", "in.zip": inside}
    path = written(tmp_path, zipped(members))
    found = {f.name: f.read() for f in walk(path)}
    assert found == {
        "drop.zip/../../../etc/x.csv": b"a",
        "drop.zip//root.csv": b"r",
        "drop.zip/in.zip/Overview.csv": b"b",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["drop.zip"]


def test_a_broken_member_does_not_hide_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, zipped({"bad.zip": b"PK\x03\x04 no zip", "good.csv": b"a,b\n"}))
    bad, good = walk(path)
    with pytest.raises(CmlibError, match=r"drop\.zip/bad\.zip is not a whole zip"):
        bad.read()
    assert good.read() == b"a,b\n"


def test_a_name_that_a_terminal_would_obey_is_shown_without_it(tmp_path: Path) -> None:
    (file,) = walk(written(tmp_path, zipped({"a\x1b[2J\u202e.csv": b"x"})))
    assert file.name == "drop.zip/a\ufffd[2J\ufffd.csv"


# What is refused


def overlapping() -> bytes:
    """Sixty entries of the directory for the same kilobytes."""
    packed = zipped({"a.csv": bytes(range(256)) * 40}, zipfile.ZIP_STORED)
    start = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entry = packed[start:end]
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 60, 60, 60 * len(entry), start, 0)
    return packed[:start] + entry * 60 + closing


def lying() -> bytes:
    """A member that states 10 bytes and unpacks to 30 MB."""
    packed = bytearray(zipped({"a.csv": b"0" * 30_000_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = packed.index(mark) + place
        packed[at : at + 4] = struct.pack("<L", 10)
    return bytes(packed)


def encrypted() -> bytes:
    packed = bytearray(zipped({"a.csv": b"a,b\n1,2\n"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + place] |= 1
    return bytes(packed)


def nested(depth: int) -> bytes:
    data = b"a,b\n"
    for _ in range(depth):
        data = zipped({"a.zip" if data.startswith(b"PK") else "a.csv": data})
    return data


ZIPS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (lambda: zipped({"a.csv": b"0" * 30_000_000}), "too_large"),
    "2,000 members": (lambda: zipped({f"{i}.csv": b"x" for i in range(2_000)}), "zip_limits"),
    "zips in zips": (lambda: nested(4), "nested_zip"),
    "no zip": (lambda: b"hello", "bad_zip"),
    "half a zip": (lambda: zipped({"a.csv": b"a,b\n" * 500})[:100], "bad_zip"),
    "a lie about size": (lying, "bad_zip"),
    "encrypted": (encrypted, "bad_zip"),
    "overlapping members": (overlapping, "zip_limits"),
    "a damaged member": (lambda: zipped({"a": b"b,c"}, zipfile.ZIP_STORED).replace(b",", b";"), "bad_zip"),
}  # fmt: skip
FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty_file"),
    "blank": (lambda: b" \n\t\n", "empty_file"),
    "an empty workbook": (lambda: workbook({}), "empty_file"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "not_text"),
    "a PDF": (lambda: b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF", "not_text"),
    "NUL bytes": (lambda: b"a,b\n1,\0\n", "not_text"),
    "UTF-16 without its mark": (lambda: "a,b\n1,2\n".encode("utf-16-le"), "not_text"),
    "half a UTF-16 character": (lambda: "a,b\n1,2\n".encode("utf-16")[:-1], "not_text"),
    "a lone surrogate": (lambda: "a,\ud800\n".encode("utf-16", "surrogatepass"), "not_text"),
    "a page": (lambda: b"<!doctype html><p>Please sign in", "not_a_table"),
    "a workbook with a password": (
        lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "locked_spreadsheet",
    ),
    "half of a JSON file": (lambda: b'\n{"data": [1, 2', "bad_document"),
    "JSON in JSON in JSON": (lambda: b"[" * 100_000, "bad_document"),
    "three million lists": (lambda: b"[" + b"[]," * 3_000_000 + b"0]", "document_limits"),
    "an open quote": (lambda: b'a,b\n1,2\n3,"four\n5,6\n', "bad_csv"),
    "a cell over 1 MB": (lambda: b"a,b\n1," + b"x" * 2**20 + b"x\n", "bad_csv"),
    "20,000 columns": (lambda: b"," * 20_000, "too_many_cells"),
    "a line without end": (lambda: b"x," * 9 * 2**20, "too_many_cells"),
    "half a workbook": (lambda: workbook({"A1": "Date"})[:200], "bad_spreadsheet"),
    "half an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "bad_spreadsheet"),
    "two cells far apart": (lambda: workbook({"A1": "Date", "XFD1048576": "x"}), "spreadsheet_limits"),
    "too many cells": (lambda: workbook({"A1": "Date", "XFD400": "x"}), "spreadsheet_limits"),
    "a workbook that unpacks to much": (lambda: workbook({"A1": "0" * 30_000_000}), "too_large"),
}


def refused(data: bytes, name: str, folder: Path, language: str) -> CmlibError:
    with speaking(language), pytest.raises(CmlibError) as caught:
        for file in walk(written(folder, data, name)):
            open_export(file)
    return caught.value


@pytest.mark.parametrize("case", ZIPS)
def test_a_bad_zip_is_refused_in_words_that_help(case: str, tmp_path: Path) -> None:
    make, key = ZIPS[case]
    told = {language: refused(make(), "drop.zip", tmp_path, language) for language in LANGUAGES}
    assert {e.key for e in told.values()} == {key}
    assert all("drop.zip" in str(e) and str(e).count(". ") >= 1 for e in told.values())
    assert str(told["en"]) != str(told["fr"])


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_refused_in_words_that_help(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "SECONDS", 30)
    make, key = FILES[case]
    told = {language: refused(make(), "export.csv", tmp_path, language) for language in LANGUAGES}
    assert {e.key for e in told.values()} == {key}
    assert all("export.csv" in str(e) and str(e).count(". ") + str(e).count("; ") >= 1 for e in told.values())
    assert str(told["en"]) != str(told["fr"])


def test_an_open_quote_is_told_with_its_line() -> None:
    with pytest.raises(CmlibError, match="line 3"):
        opened(b'a,b\n1,2\n3,"four\n5,6\n7,8\n')


def test_a_file_larger_than_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SIZE", 10)
    (file,) = walk(written(tmp_path, b"x" * 11, "big.csv"))
    with pytest.raises(CmlibError, match=r"big\.csv"):
        file.read()


def test_what_is_not_there_or_may_not_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CmlibError, match="no such file"):
        next(walk(tmp_path / "nothing.csv"))
    (file,) = walk(written(tmp_path, b"x", "gone.csv"))
    (tmp_path / "gone.csv").unlink()
    with pytest.raises(CmlibError, match=r"gone\.csv cannot be opened"):
        file.read()


def test_a_spreadsheet_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "SECONDS", 0.01)
    with pytest.raises(CmlibError) as caught:
        opened(workbook({"A1": "Date"}), "slow.xlsx")
    assert caught.value.key == "spreadsheet_limits"
