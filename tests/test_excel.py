"""Exports that Excel has saved again: read where that is safe, refused where figures are lost."""

import csv
import io

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking
from cmlib.importers import values

BRAND = Brand("golden", "Golden", timezone="Europe/Paris")
HEADER = ["Post ID", "Page ID", "Page name", "Title", "Publish time", "Permalink", "Views", "Reactions"]
ROWS = [
    ["140197202600012345", "88", "Tea House", "Coffee, or tea?", "05/29/2025 09:00",
     "https://www.facebook.com/88/posts/140197202600012345", "1250", "20"],
    ["140197202600067890", "88", "Tea House", 'The "best"\none', "05/30/2025 09:00",
     "https://www.facebook.com/88/posts/140197202600067890", "900", "31"],
]  # fmt: skip


def written(rows: list[list[str]], delimiter: str = ",", newline: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue()


def opened(data: bytes | str, name: str = "posts.csv") -> importers.Export:
    given = data if isinstance(data, bytes) else data.encode()
    return importers.open_export(importers.File(name, lambda: given))


def read(data: bytes | str) -> importers.Reading:
    return importers.read(opened(data), BRAND, observed=pd.Timestamp("2026-01-01", tz="UTC"))


def excel(text: str) -> str:
    """What Excel makes of a file with commas where lists are written with ``;``: a row in each cell.

    It takes off the quotes of a cell that begins a line, and parts a line where one of them ends.
    """
    return written(list(csv.reader(io.StringIO(text), delimiter=";")), ";")


# Delimiters and rows in one cell


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_another_delimiter_changes_nothing(delimiter: str, encoding: str) -> None:
    again = written([HEADER, *ROWS], delimiter, "\r\n").encode(encoding)
    told, plain = read(again).tables["posts"], read(written([HEADER, *ROWS])).tables["posts"]
    pd.testing.assert_frame_equal(told.drop(columns="source"), plain.drop(columns="source"))


@pytest.mark.parametrize("end", ["", ";;;"])
def test_rows_in_one_quoted_cell_are_taken_apart(end: str) -> None:
    quoted = ",".join(f'"{name}"' for name in HEADER)
    titled = [[*row[:3], 'Tea, "the best"; and more', *row[4:]] for row in ROWS]
    text = "\n".join([quoted, *written(titled).splitlines()])
    again = "".join(f"{line}{end}\n" for line in excel(text).splitlines())
    assert again.startswith('"Post ID,""Page ID""')
    export = opened(again)
    assert export.sheets[0].rows[0] == HEADER
    assert export.sheets[0].lines == [1, 2, 3]
    posts = read(again).tables["posts"]
    assert posts["text"].tolist() == ['Tea, "the best"; and more'] * 2
    assert posts["views"].tolist() == [1250, 900]


def test_a_row_that_excel_cut_at_a_new_line_is_put_together_again() -> None:
    head = '"Post ID","Page ID",Views\n'
    export = opened(excel(head + '1,"two\nlines, here",7\n2,b,8\n'))
    assert export.sheets[0].rows[1:] == [["1", "two\nlines, here", "7"], ["2", "b", "8"]]
    assert export.sheets[0].lines == [1, 2, 4]


def test_rows_in_one_cell_that_differ_in_width_are_refused() -> None:
    quoted = ",".join(f'"{name}"' for name in HEADER)
    with pytest.raises(CmlibError, match=r"posts\.csv, line 1: each row stands in a single cell"):
        opened(excel(f"{quoted}\n1,2,three\n"))


def test_one_column_of_sentences_stays_one_column() -> None:
    text = '"He said ""no"", twice"\n"Yes, and ""no"""\nwell\n'
    assert [len(row) for row in opened(text).sheets[0].rows] == [1, 1, 1]


# Figures that were turned into dates


@pytest.mark.parametrize(
    "cell",
    ["3.янв", "3.яну", "03-janv", "3.janv", "03-janv.", "Jan-03", "janv.-25", "janv-25", "3-Jan", "03. Jan",
     "mai-12", "02/mar", "2026-01-03", "03/01/2026"],
)  # fmt: skip
def test_a_figure_that_became_a_date_refuses_the_file(cell: str) -> None:
    rows = [HEADER, ROWS[0], [*ROWS[1][:6], cell, "3"]]
    with pytest.raises(CmlibError) as refused:
        read(written(rows, ";"))
    assert refused.value.values == {"file": "posts.csv", "line": "3", "column": "Views", "value": cell}
    assert refused.value.key == "excel_dates"


@pytest.mark.parametrize("cell", ["3.5", "about 3", "3 min", "12 sec", "1/2", "maybe", "v1.25"])
def test_other_nonsense_is_kept_aside_row_by_row(cell: str) -> None:
    reading = read(written([HEADER, ROWS[0], [*ROWS[1][:6], cell, "3"]]))
    assert reading.aside["reason"].tolist() == ["nonsense:views"]
    assert len(reading.tables["posts"]) == 1


def test_a_date_that_fell_out_of_its_column_is_no_work_of_excel() -> None:
    shifted = [*ROWS[1][:6], "05/30/2025", "an unquoted comma", "9", "3"]
    assert read(written([HEADER, ROWS[0], shifted])).aside["line"].tolist() == [3]


def test_shares_that_became_dates_refuse_the_file() -> None:
    text = "Age & gender;;\n;Women;Men\n18-24;3.яну;6.5\n25-34;20.1;9.9\n"
    with pytest.raises(CmlibError, match=r"line 3: Age & gender is “3\.яну”"):
        read(text.encode("cp1251"))


def test_cells_of_a_sheet_that_became_dates_are_told_too() -> None:
    assert values.dated("2025-01-03")  # how a workbook's cells are read
    assert not any(map(values.dated, ["20250103", "18-24", "10.2025", "", "-", "1.5", "janvier"]))


# Ids that were rounded


@pytest.mark.parametrize("point", [".", ","])
def test_a_rounded_id_is_taken_from_the_posts_address(point: str) -> None:
    rows = [[f"1{point}40197E+17", *row[1:]] for row in ROWS]
    assert read(written([HEADER, *rows], ";")).tables["posts"]["post_id"].tolist() == [r[0] for r in ROWS]


def test_a_rounded_id_that_its_address_does_not_tell_is_kept_aside() -> None:
    other = ["1.40197E+17", *ROWS[1][1:5], "https://www.facebook.com/88/posts/pfbid02xyz", "9", "3"]
    reading = read(written([HEADER, ROWS[0], other]))
    assert reading.aside[["line", "reason"]].to_numpy().tolist() == [[3, "nonsense:post_id"]]


def test_ids_of_which_excel_left_fifteen_digits_are_rounded_too() -> None:
    cut = [[row[0][:15] + "000", *row[1:]] for row in ROWS]
    assert read(written([HEADER, *cut], ";")).tables["posts"]["post_id"].tolist() == [r[0] for r in ROWS]
    lost = [[*row[:5], "https://www.facebook.com/88", *row[6:]] for row in cut]
    with pytest.raises(CmlibError, match="rounded all ids"):
        read(written([HEADER, *lost], ";"))
    one = [cut[0], ROWS[1]]  # by chance, among others
    assert read(written([HEADER, *one], ";")).tables["posts"]["post_id"].tolist() == [cut[0][0], ROWS[1][0]]


def test_a_file_of_which_all_ids_are_lost_is_refused() -> None:
    rows = [["1,4E+17", *row[1:5], "https://www.facebook.com/88", *row[6:]] for row in ROWS]
    with pytest.raises(CmlibError, match=r"posts\.csv, line 2: Post ID is “1,4E\+17”"):
        read(written([HEADER, *rows], ";"))


@pytest.mark.parametrize(
    ("cell", "url", "found"),
    [
        ("1.40197E+17", "https://x/140197202600012345", "140197202600012345"),
        ("1.40197E+17", "https://x/140198202600012345", None),  # rounds to another
        ("1.40197E+17", "https://x/14019720260001234", None),  # is shorter
        ("1.4E+17", "https://x/140197202600012345/140297202600012345", None),  # two that fit
        ("2E+3", "https://x/2015", "2015"),
        ("1.23456789E+3", "https://x/1234", None),
        ("1E+99999", "https://x/1", None),
        ("140197202600012000", "https://x/140197202600012345", "140197202600012345"),
        ("140197202600012000", "https://x/140197202600013345", None),
    ],
)
def test_only_the_one_number_that_rounds_to_it_is_an_id(cell: str, url: str, found: str | None) -> None:
    assert values.restored(cell, url) == found


# Letters


def test_cyrillic_is_read_as_such_where_it_is_certain() -> None:
    text = "Місто;Частка\nКиїв;10\nЛьвів;5\nKyiv;1\n"
    assert opened(text.encode("cp1251")).sheets[0].rows[1] == ["Київ", "10"]
    assert opened("Date;Été\nà;éé\n".encode("cp1252")).sheets[0].rows == [["Date", "Été"], ["à", "éé"]]
    mixed = "Київ;été\n".encode("cp1251", "ignore") + "été;là\n".encode("cp1252")
    assert "été" in opened(mixed).sheets[0].rows[1][0]


@pytest.mark.parametrize("key", ["excel_dates", "excel_ids", "excel_rows"])
def test_each_refusal_says_what_to_do_in_both_languages(key: str) -> None:
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(str(CmlibError(key, file="f.csv", line="3", column="Views", value="3.яну")))
    assert "ownload it again" in said[0] and "éléchargez-le à nouveau" in said[1]
