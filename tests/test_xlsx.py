"""The workbook for people: months to hang up, a list to sort, and no formula in it."""

import io
from pathlib import Path

import openpyxl
import pytest
from slots import BLACK_FRIDAY, NONE, NOW, WHO, moments, plan, slot

from cmlib import exporters, i18n
from cmlib.charts import drawing
from cmlib.errors import CmlibError
from cmlib.exporters import xlsx

MONTHS = plan(
    slot(1, when="2026-11-27T12:00", title="=1+1", text="@ami\n-2", status="idea"),
    slot(2, when="2026-12-03T18:30", network="x", account="vaurenne", why="hour_any", expected=120.4),
    slot(3, when="2026-12-03T09:00", title="", text="Sans titre"),
)


def opened(rows: object = MONTHS, moments: object = BLACK_FRIDAY, tmp: Path = Path()) -> openpyxl.Workbook:
    found = exporters.export("xlsx", rows, WHO, tmp, now=NOW, moments=moments)
    return openpyxl.load_workbook(io.BytesIO(found.files[0].read_bytes()))


def texts(sheet: object) -> list[str]:
    return [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value is not None]


def test_each_month_is_a_page_and_the_list_comes_last(tmp_path: Path) -> None:
    book = opened(tmp=tmp_path)
    assert book.sheetnames == ["November 2026", "December 2026", "List"]
    page = book["December 2026"]
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage


def test_a_month_begins_on_monday_and_shows_every_slot_of_it(tmp_path: Path) -> None:
    sheet = opened(tmp=tmp_path)["December 2026"]
    assert sheet["A1"].value == "December 2026 · Atelier Vaurenne"
    assert [sheet.cell(2, n).value for n in (1, 7)] == ["Monday", "Sunday"]
    assert [sheet.cell(3, n).value for n in (1, 2, 4)] == ["30", "1", "3"]  # 1 December 2026 is a Tuesday
    assert sheet["D4"].value == "09:00 Instagram\nImage on Instagram"  # the earlier one first
    assert sheet["D5"].value == "18:30 X\nTasse 2"


def test_a_moment_stands_in_the_head_of_its_day(tmp_path: Path) -> None:
    assert "27\nBlack Friday" in texts(opened(tmp=tmp_path)["November 2026"])


def test_what_lasts_is_named_on_its_first_day_in_each_month(tmp_path: Path) -> None:
    sales = moments(("sales", "Sales", "2026-11-30", "2026-12-02"))
    book = opened(moments=sales, tmp=tmp_path)
    assert "30\nSales (to 2 Dec 2026)" in texts(book["November 2026"])
    assert [s for s in texts(book["December 2026"]) if "Sales" in s] == ["1\nSales (to 2 Dec 2026)"]


def test_what_is_not_approved_is_slanted_and_coloured_like_its_network(tmp_path: Path) -> None:
    sheet = opened(tmp=tmp_path)["November 2026"]
    cell = next(c for line in sheet.iter_rows() for c in line if str(c.value).startswith("12:00"))
    assert cell.font.italic
    assert cell.font.color.rgb == "FF" + xlsx.COLOURS["instagram"].strip("#").upper()
    assert not opened(tmp=tmp_path)["December 2026"]["D5"].font.italic


def test_networks_have_the_colours_of_the_charts() -> None:
    assert xlsx.COLOURS == drawing.COLOURS


def test_the_list_says_every_slot_and_keeps_its_head_in_sight(tmp_path: Path) -> None:
    sheet = opened(tmp=tmp_path)["List"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("C2", "$1:$1")
    assert sheet.auto_filter.ref == "A1:U4"
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, (cell.value for cell in sheet[4]), strict=True))
    assert (row["Day"], row["When"].isoformat(), row["Network"]) == ("Thu", "2026-12-03T18:30:00", "X")
    assert (row["Expected"], row["Low (80%)"], row["Status"]) == (120.4, None, "Approved")
    assert row["Why"] == "The hour makes no difference that can be told: spread."
    assert {sheet.cell(n, 21).value for n in (2, 3, 4)} == {"s1", "s2", "s3"}


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    cells = [cell for sheet in opened(tmp=tmp_path) for line in sheet.iter_rows() for cell in line]
    assert "=1+1" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_it_speaks_the_readers_language(tmp_path: Path) -> None:
    with i18n.speaking("fr"):
        book = opened(tmp=tmp_path)
    assert book.sheetnames == ["Novembre 2026", "Décembre 2026", "Liste"]
    assert book["Décembre 2026"]["A2"].value == "Lundi"
    assert [cell.value for cell in book["Liste"][1]][:4] == ["Jour", "Quand", "Réseau", "Compte"]


def test_the_same_plan_makes_the_same_file(tmp_path: Path) -> None:
    first, again = (
        exporters.export("xlsx", rows, WHO, tmp_path / name, now=NOW, moments=NONE).files[0].read_bytes()
        for name, rows in (("a", MONTHS), ("b", MONTHS.iloc[::-1]))
    )
    assert first == again


def test_a_text_that_no_cell_holds_is_named(tmp_path: Path) -> None:
    with pytest.raises(CmlibError, match=r"Tasse 1.*32,767"):
        opened(plan(slot(text="a" * 40_000)), tmp=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("when", ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2027-03-28T03:00"])
def test_a_night_in_which_the_clock_is_changed_keeps_its_hours(when: str, tmp_path: Path) -> None:
    sheet = opened(plan(slot(when=when)), tmp=tmp_path)["List"]
    assert sheet["B2"].value.isoformat() == f"{when[:16]}:00"
