"""Workbooks that are one XML text: each cell in its place, and nothing of what XML can do to a reader."""

import time
from collections.abc import Callable

import pytest

from cmlib import importers
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking
from cmlib.importers.files import File, open_export

NAMESPACE = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
SS = 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'


def opened(text: str | bytes, name: str = "insights.xls") -> importers.Export:
    data = text if isinstance(text, bytes) else text.encode()
    return open_export(File(name, lambda: data))


def book(rows: str, before: str = "", name: str = "S") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook {NAMESPACE} {SS}><Styles><Style ss:ID="a"/></Styles>'
        f'<Worksheet ss:Name="{name}"><Table>{rows}</Table></Worksheet></Workbook>'
    )


def cell(text: str, kind: str = "String", more: str = "") -> str:
    return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<Row{more}>{''.join(cells)}</Row>"


def cells(text: str | bytes) -> list[list[str]]:
    (sheet,) = opened(text).sheets
    return sheet.rows


# What is read


def test_cells_stand_where_the_workbook_says() -> None:
    rows = row(cell("Date"), cell("Reach", more=' ss:MergeAcross="1"'), cell("Note"))
    rows += row(cell("1", more=' ss:Index="2"'), cell("2", more=' ss:Index="4"'), more=' ss:Index="3"')
    sheet = opened(book(rows)).sheets[0]
    assert (sheet.name, sheet.lines) == ("S", [1, 2, 3])
    assert sheet.rows == [["Date", "Reach", "", "Note"], [], ["", "1", "", "2"]]


def test_an_empty_cell_and_a_comment_say_nothing() -> None:
    remark = '<Cell><Data ss:Type="String">a</Data><Comment><ss:Data>no</ss:Data></Comment></Cell>'
    assert cells(book(row("<Cell/>", remark, '<Cell ss:StyleID="a"></Cell>'))) == [["", "a", ""]]


def test_text_is_whole_with_its_markup_and_entities() -> None:
    rich = f'<Cell><ss:Data {SS} xmlns="html">un <B>thé</B> &amp; &#233;t&#xE9;</ss:Data></Cell>'
    assert cells(book(row(rich, cell("<![CDATA[a < b]]>"), cell("two\nlines")))) == [
        ["un thé & été", "a < b", "two\nlines"]
    ]


def test_numbers_stay_as_they_are_written_and_days_are_days() -> None:
    told = row(
        cell("518995791497187012", "Number"),
        cell("12.0", "Number"),
        cell("2017-07-27T00:00:00.000", "DateTime"),
        cell("2017-07-27T09:30:00.000", "DateTime"),
    )
    assert cells(book(told)) == [["518995791497187012", "12.0", "2017-07-27", "2017-07-27T09:30:00"]]


def test_sheets_without_a_row_are_passed_over_and_others_keep_their_names() -> None:
    text = book(row(cell("a")), name="Key Metrics").replace(
        "</Workbook>", '<Worksheet ss:Name="Empty"><Table/></Worksheet></Workbook>'
    )
    assert [s.name for s in opened(text).sheets] == ["Key Metrics"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_it_is_read_however_it_was_saved(encoding: str) -> None:
    assert cells(book(row(cell("été"))).encode(encoding)) == [["été"]]


def test_a_prefix_changes_nothing() -> None:
    text = (
        f'<?xml version="1.0"?><ss:Workbook {SS}><ss:Worksheet ss:Name="S"><ss:Table><ss:Row>'
        '<ss:Cell ss:Index="2"><ss:Data ss:Type="String">a</ss:Data></ss:Cell>'
        "</ss:Row></ss:Table></ss:Worksheet></ss:Workbook>"
    )
    assert cells(text) == [["", "a"]]


# What is refused

LAUGHS = '<!DOCTYPE Workbook [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE Workbook [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BAD: dict[str, tuple[Callable[[], str], str]] = {
    "a page": (lambda: "<!doctype html><p>urn:schemas-microsoft-com:office:spreadsheet", "not_a_table"),
    "a page that is XML": (lambda: '<?xml version="1.0"?><html><p>Please sign in</p></html>', "not_a_table"),
    "a page that Excel wrote": (
        lambda: '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table/></html>', "not_a_table"
    ),
    "another XML that names it": (
        lambda: f'<?xml version="1.0"?><feed {SS}><entry/></feed>', "not_a_table"
    ),
    "no sheet": (lambda: book(""), "empty_file"),
    "empty rows": (lambda: book("<Row/><Row/>"), "empty_file"),
    "half of it": (lambda: book(row(cell("a")))[:-30], "bad_spreadsheet"),
    "a stray &": (lambda: book(row(cell("a & b"))), "bad_spreadsheet"),
    "an entity of nobody": (lambda: book(row(cell("&a;"))), "bad_spreadsheet"),
    "entities in entities": (lambda: book(row(cell("&b;")), LAUGHS), "xml_doctype"),
    "a file of this machine": (lambda: book(row(cell("&a;")), OUTSIDE), "xml_doctype"),
    "a DOCTYPE elsewhere": (lambda: book(row(cell("a")), '<!DOCTYPE W SYSTEM "x.dtd">'), "xml_doctype"),
    "a row far below": (lambda: book(row(cell("a"), more=' ss:Index="99999999"')), "too_many_cells"),
    "a cell far right": (lambda: book(row(cell("a", more=' ss:Index="20000"'))), "too_many_cells"),
    "a cell merged far": (lambda: book(row(cell("a", more=' ss:MergeAcross="90000"'))), "too_many_cells"),
    "wide rows": (lambda: book(row(cell("a", more=' ss:Index="16000"')) * 400), "too_many_cells"),
    "an index that is none": (lambda: book(row(cell("a", more=' ss:Index="1e9"'))), "bad_spreadsheet"),
    "an index of 40 digits": (lambda: book(row(more=f' ss:Index="{"9" * 40}"')), "bad_spreadsheet"),
    "an index that goes back": (
        lambda: book(row(cell("a"), cell("b", more=' ss:Index="1"'))), "bad_spreadsheet"
    ),
    "a cell over 1 MB": (lambda: book(row(cell("x" * (2**20 + 1)))), "too_many_cells"),
    "elements in elements": (lambda: book("<a>" * 100_000 + "</a>" * 100_000), "too_many_cells"),
    "ten million elements": (lambda: book("<a/>" * 10_000_000), "too_many_cells"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_workbook_is_refused_soon_in_words_that_help(case: str) -> None:
    make, key = BAD[case]
    text = make()
    told = {}
    for language in LANGUAGES:
        began = time.monotonic()
        with speaking(language), pytest.raises(CmlibError) as caught:
            opened(text)
        told[language] = caught.value
        assert time.monotonic() - began < 10
    assert {e.key for e in told.values()} == {key}
    assert all("insights.xls" in str(e) and str(e).count(". ") + str(e).count("; ") for e in told.values())
    assert str(told["en"]) != str(told["fr"])
