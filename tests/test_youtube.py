"""What the golden exports cannot show: names of zips, files that are none of YouTube’s, lines passed over."""

import pytest

from cmlib import importers
from cmlib.brand import Brand
from cmlib.errors import CmlibError

BRAND = Brand("ada", "Ada")


def opened(text: str, name: str) -> importers.Export:
    return importers.open_export(importers.File(name, text.encode))


@pytest.mark.parametrize(
    ("name", "account", "day"),
    [
        ("Content 2026-05-18_2026-08-16 Ada Bakes.zip/Totals.csv", "Ada Bakes", 16),
        ("Content 2026-05-18_2026-08-16 Ada Bakes (2).zip/Totals.csv", "Ada Bakes", 16),
        ("exports/Contenu 2026-08-17 Chez Ada.zip/Totaux.csv", "Chez Ada", 17),
        ("Content 2026-05-18_2026-08-16 24 Hours of Bread/Totals.csv", "24 Hours of Bread", 16),
        ("Contenu 2026-08-17.zip/Totaux.csv", "asked", 17),
        ("Totals.csv", "asked", 15),
    ],
)
def test_channel_and_day_are_in_the_name_of_the_zip(name: str, account: str, day: int) -> None:
    reading = importers.read(opened("Date,Views\n2026-08-15,5\n", name), BRAND, account="asked")
    assert (reading.account, reading.observed_at.day) == (account, day)


def test_a_file_by_date_with_another_column_is_not_claimed() -> None:
    with pytest.raises(CmlibError, match="is not an export that cmlib knows"):
        importers.identify(opened("Date,Views,Mood\n2026-08-15,5,good\n", "diary.csv"))


def test_lines_are_all_accounted_for() -> None:
    table = "Geography,Views\nTotal,100\nFR,60\nBE,40\n"
    chart = "Date,Geography,Views\n2026-08-15,FR,60\n2026-08-15,BE,40\n"
    name = "Content 2026-08-15_2026-08-15 Ada.zip/"
    read, shown = (importers.read(opened(text, name + "x.csv"), BRAND) for text in (table, chart))
    assert (read.lines, read.passed, len(read.tables["audience"])) == (3, 1, 2)
    assert (shown.lines, shown.passed, len(shown.tables["days"])) == (2, 2, 0)
