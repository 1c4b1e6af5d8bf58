"""Cells and what they are: one line per way of writing that has been seen, or that must not pass."""

import pandas as pd
import pytest

from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.importers import values
from cmlib.importers.values import NONSENSE, Setting

PARIS = Setting(
    "file.csv", Brand("b", "B", timezone="Europe/Paris"), pd.Timestamp("2025-01-03 10:00", tz="UTC")
)


def read(parse: values.Parse, *cells: str, setting: Setting = PARIS) -> list[object]:
    found = parse(pd.Series(list(cells), dtype="str"), setting)
    return [None if v is not NONSENSE and pd.isna(v) else v for v in found.tolist()]


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


@pytest.mark.parametrize("cell", ["", "-", "--", "—", "n/a", "N/A", "NAN", "undefined", "null"])
@pytest.mark.parametrize(
    "parse", [values.count, values.number, values.percentage, values.day("%Y"), values.worded_day]
)
def test_missing_is_nothing(parse: values.Parse, cell: str) -> None:
    assert read(parse, cell) == [None]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1250", 1250),
        ("1,250", 1250),
        ("1 250", 1250),
        ("1\u202f250", 1250),
        ("1\u00a0250\u00a0000", 1250000),
        ("5.0", 5),
        ("-3", -3),
        ("\u22123", -3),
        ("١٢٣", 123),
        ("999999999999999", 999999999999999),
        ("1000000000000000", NONSENSE),
        ("9" * 5000, NONSENSE),
        ("1,25", NONSENSE),
        ("1.250", NONSENSE),
        ("1 25", NONSENSE),
        ("3.1", NONSENSE),
        ("03-janv", NONSENSE),
        ("1.2E+3", NONSENSE),
        ("²", NONSENSE),
        ("=1+1", NONSENSE),
        ("Infinity", NONSENSE),
        ("0x10", NONSENSE),
    ],
)
def test_count(cell: str, value: object) -> None:
    assert read(values.count, cell) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u202f234,56", 1234.56),
        ("0,05", 0.05),
        ("1.5e3", 1500.0),
        ("1,234", NONSENSE),  # a thousand, or one and a bit
        ("1.234,5", NONSENSE),
        ("1e999", NONSENSE),
        ("nanometre", NONSENSE),
    ],
)
def test_number(cell: str, value: object) -> None:
    assert read(values.number, cell) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.5", 0.125),
        ("12.5%", 0.125),
        ("12,5\u202f%", 0.125),
        ("100%", 1.0),
        ("%", None),
        ("3.яну", NONSENSE),
    ],
)
def test_percentage(cell: str, value: object) -> None:
    assert read(values.percentage, cell) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0:05:42", 342),
        ("47:08.7", 2829),
        ("1834.5", 1834),
        ("1\u202f210", 1210),
        ("1:2:3:4", NONSENSE),
        ("9" * 400 + ":00", NONSENSE),
        ("five", NONSENSE),
    ],
)
def test_seconds(cell: str, value: object) -> None:
    assert read(values.seconds, cell) == [value]


def test_an_id_that_excel_rounded_is_nonsense() -> None:
    assert read(values.identifier, "0012", "1.40197E+18", "1,4E+17", "") == ["0012", NONSENSE, NONSENSE, None]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Sep 27, 2022", "2022-09-27"),
        ("28 sept. 2026", "2026-09-28"),
        ("1 août 2025", "2025-08-01"),
        ("28 févr. 2025", "2025-02-28"),
        ("8 de marzo de 2025", "2025-03-08"),
        ("25 de setembro de 2025", "2025-09-25"),
        ("3. März 2025", "2025-03-03"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_worded_day_in_five_languages(cell: str, value: str) -> None:
    assert read(values.worded_day, cell) == [day(value)]


@pytest.mark.parametrize(
    "cell", ["29 February 2023", "03/04/2025", "March 2025", "1 2 March 2025", "² March 2025", "0 May 2025"]
)
def test_a_day_in_doubt_is_nonsense(cell: str) -> None:
    assert read(values.worded_day, cell) == [NONSENSE]


def test_no_month_of_one_language_is_another_month_in_another() -> None:
    """Else a date would depend on the order in which the languages are listed."""
    from babel import dates

    seen: dict[str, set[int]] = {}
    for language in ("en", "fr", "es", "pt", "de", "it"):
        for width in ("wide", "abbreviated"):
            for month, name in dates.get_month_names(width, "format", language).items():
                seen.setdefault(name.casefold().rstrip("."), set()).add(month)
    assert all(len(months) == 1 for months in seen.values())


def test_instant_is_in_the_brands_zone_unless_it_names_its_own() -> None:
    meta = values.instant("%m/%d/%Y %H:%M")
    assert read(meta, "01/14/2025 13:34", "07/14/2025 13:34") == [
        utc("2025-01-14 12:34"),
        utc("2025-07-14 11:34"),
    ]
    assert read(values.instant("%Y-%m-%d %H:%M %z"), "2021-06-07 18:51 +0000") == [utc("2021-06-07 18:51")]


def test_an_hour_that_the_clock_skips_or_has_twice_is_still_a_time() -> None:
    meta = values.instant("%m/%d/%Y %H:%M")
    assert read(meta, "03/30/2025 02:30", "10/26/2025 02:30") == [
        utc("2025-03-30 01:00"),  # the first instant after the gap
        utc("2025-10-26 00:30"),  # the first of the two
    ]


@pytest.mark.parametrize("cell", ["13/14/2025 10:00", "02/29/2023 10:00", "2025-01-14T10:00", "14.01.2025"])
def test_an_instant_in_another_order_is_nonsense(cell: str) -> None:
    assert read(values.instant("%m/%d/%Y %H:%M"), "01/14/2025 13:34", cell)[1] is NONSENSE


def test_yearless_day_is_the_last_such_day_before_the_export() -> None:
    cells = ("January 3", "January 4", "8 de marzo", "19 avril", "25 de setembro", "February 29")
    assert read(values.yearless_day, *cells) == [
        day(d) for d in ("2025-01-03", "2024-01-04", "2024-03-08", "2024-04-19", "2024-09-25", "2024-02-29")
    ]
    assert read(values.yearless_day, "February 30", "13") == [NONSENSE, NONSENSE]


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_a_series_without_years_crosses_new_year(order: int) -> None:
    cells = ["30 décembre", "31 décembre", "", "2 janvier"][::order]
    days = [day("2024-12-30"), day("2024-12-31"), None, day("2025-01-02")][::order]
    assert read(values.yearless_days, *cells) == days


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_a_series_of_a_whole_year_begins_the_year_before(order: int) -> None:
    days = list(pd.date_range("2024-01-03", "2025-01-02"))
    cells = [f"{d:%B} {d.day}" for d in days]
    assert read(values.yearless_days, *cells[::order]) == days[::order]


def test_days_without_a_year_need_the_day_of_the_export() -> None:
    with pytest.raises(CmlibError, match="--observed"):
        read(values.yearless_day, "January 3", setting=Setting("file.csv", Brand("b", "B")))


def test_the_hour_in_an_id_is_believed_only_on_the_day_that_the_file_states() -> None:
    minted = (1735646400 + 5 * 3600) << 32  # 2024-12-31 17:00 UTC
    ids = pd.Series([str(minted), str(minted), str(minted), "42", None])
    cells = pd.Series(["December 31", "January 1", "January 3", "January 1", "January 1"], dtype="str")
    found = values.numbered_instant(cells, ids, lambda n: (n >> 32) * 1000, values.yearless_instant, PARIS)
    assert found.tolist() == [
        utc("2024-12-31 17:00"),
        utc("2024-12-31 17:00"),  # the next day in a zone east of ours
        utc("2025-01-02 23:00"),  # midnight in Paris
        utc("2024-12-31 23:00"),
        utc("2024-12-31 23:00"),
    ]


def test_territory() -> None:
    names = ("France", "Allemagne", "Estados Unidos", "United Kingdom", "Nowhere", " Belgique ")
    assert [values.territory(n) for n in names] == ["FR", "DE", "US", "GB", "Nowhere", "BE"]


def test_one_of() -> None:
    parse = values.one_of({"photo": "image"})
    assert read(parse, "Photo", "", "Hologram") == ["image", None, NONSENSE]
    assert read(values.one_of({"photo": "image"}, default=None), "Hologram") == [None]


def test_dates_that_excel_turned_day_first_are_refused_with_the_whole_file() -> None:
    """The 25th is no month; the 4th of May beside it would have become the 5th of April in silence."""
    parse = values.instant("%m/%d/%Y %H:%M")
    with pytest.raises(CmlibError, match="25/10/2026"):
        parse(pd.Series(["04/05/2026 10:00", "25/10/2026 09:00"], dtype="str"), PARIS)
