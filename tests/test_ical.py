"""Imported calendars: days of the brand, what comes again, what was moved or cancelled, and hostile files."""

import time
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import brand as brands
from cmlib import importers, moments, schema, start, store, terminal
from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking, t
from cmlib.importers import files
from cmlib.importers.known import ical

PARIS = Brand("tea", "Tea", country="FR", timezone="Europe/Paris")
STAMP = "DTSTAMP:20261102T090000Z"


def event(*lines: str, uid: str = "a@x", title: str = "Fair", stamp: str = STAMP) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", stamp, *lines, f"SUMMARY:{title}", "END:VEVENT"])


def calendar(*events: str, head: str = "VERSION:2.0") -> bytes:
    return "\n".join(["BEGIN:VCALENDAR", head, *events, "END:VCALENDAR", ""]).encode()


def read(data: bytes, who: Brand = PARIS) -> importers.Reading:
    return importers.read(importers.open_export(importers.File("events.ics", lambda: data)), who)


def spans(*lines: str, who: Brand = PARIS) -> list[tuple[str, str]]:
    rows = read(calendar(event(*lines)), who).tables["moments"]
    return [(f"{row.since:%Y-%m-%d}", f"{row.until:%Y-%m-%d}") for row in rows.itertuples()]


def aside(data: bytes) -> list[str]:
    return list(read(data).aside["reason"])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;VALUE=DATE:20261205"], ("2026-12-05", "2026-12-05")),
        (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261206"], ("2026-12-05", "2026-12-05")),
        (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261208"], ("2026-12-05", "2026-12-07")),
        (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261205"], ("2026-12-05", "2026-12-05")),
        (["DTSTART;VALUE=DATE:20261205", "DURATION:P2D"], ("2026-12-05", "2026-12-06")),
        (["DTSTART:20261205T230000Z"], ("2026-12-06", "2026-12-06")),  # midnight in Paris
        (["DTSTART:20261205T225959Z"], ("2026-12-05", "2026-12-05")),
        (["DTSTART:20260705T220000Z"], ("2026-07-06", "2026-07-06")),  # in summer
        (["DTSTART:20261205T100000", "DTEND:20261207T000000"], ("2026-12-05", "2026-12-06")),
        (["DTSTART:20261205T100000", "DTEND:20261207T000100"], ("2026-12-05", "2026-12-07")),
        (["DTSTART:20261205T200000", "DURATION:PT4H"], ("2026-12-05", "2026-12-05")),
        (["DTSTART;TZID=America/New_York:20261205T200000"], ("2026-12-06", "2026-12-06")),
        (["DTSTART;TZID=Romance Standard Time:20261205T233000"], ("2026-12-05", "2026-12-05")),
        (["DTSTART;TZID=Nowhere/Atall:20261205T233000"], ("2026-12-05", "2026-12-05")),
    ],
)
def test_an_event_is_on_the_days_of_the_brand(lines: list[str], expected: tuple[str, str]) -> None:
    assert spans(*lines) == [expected]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (["RRULE:FREQ=WEEKLY;COUNT=3"], ["2026-12-05", "2026-12-12", "2026-12-19"]),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261219T090000Z"], ["2026-12-05", "2026-12-19"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261219T085959Z"], ["2026-12-05", "2026-12-12"]),
        (["RRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=3"], ["2026-12-05", "2027-01-02", "2027-02-06"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Paris:20261212T100000"],
            ["2026-12-05", "2026-12-19"],
        ),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261212T090000Z,20261219T090000Z"], ["2026-12-05"]),
        (["RDATE;TZID=Europe/Paris:20261224T100000"], ["2026-12-05", "2026-12-24"]),
        (["RRULE:FREQ=DAILY;COUNT=1"], ["2026-12-05"]),
    ],
)
def test_what_comes_again_is_a_row_each(rule: list[str], expected: list[str]) -> None:
    found = spans("DTSTART;TZID=Europe/Paris:20261205T100000", *rule)
    assert [since for since, _ in found] == expected


def test_what_comes_again_for_ever_ends_in_2035_or_after_two_hundred() -> None:
    yearly = spans("DTSTART;VALUE=DATE:19800214", "RRULE:FREQ=YEARLY")
    assert [since[:4] for since, _ in yearly] == [str(year) for year in range(2025, 2036)]
    other = spans("DTSTART;VALUE=DATE:19990107", "RRULE:FREQ=WEEKLY;INTERVAL=2")  # a Thursday
    assert (date.fromisoformat(other[0][0]) - date(1999, 1, 7)).days % 14 == 0 and other[0][0] < "2025-01-15"
    weekly = spans("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=WEEKLY")
    assert len(weekly) == ical.OCCURRENCES and weekly[-1][0] == "2029-10-25"


def test_an_hour_that_comes_again_stays_on_its_clock_when_the_clock_changes() -> None:
    weekly = spans("DTSTART;TZID=Europe/Paris:20261024T003000", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert [since for since, _ in weekly] == ["2026-10-24", "2026-10-31", "2026-11-07"]


def test_an_occurrence_that_was_moved_stands_where_it_was_moved_to() -> None:
    weekly = event("DTSTART:20261205T100000", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event("RECURRENCE-ID:20261212T100000", "DTSTART:20261213T100000")
    off = event("RECURRENCE-ID:20261219T100000", "DTSTART:20261219T100000", "STATUS:CANCELLED")
    rows = read(calendar(moved, weekly, off)).tables["moments"]
    live = rows[rows["category"].isna()]
    assert sorted(live["since"].dt.day) == [5, 13] and set(rows["uid"]) == {"a@x"}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "no_start"),
        (["DTSTART:20261332T100000"], "nonsense:since"),
        (["DTSTART;VALUE=DATE:00010101"], "nonsense:since"),
        (["DTSTART;VALUE=DATE:20261205", "DTEND:tomorrow"], "nonsense:until"),
        (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20991205"], "nonsense:until"),
        (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261204"], "reversed"),
        (["DTSTART;VALUE=DATE:20261205", "DURATION:-P1D"], "reversed"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=HOURLY"], "recurrence"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=DAILY;BYSECOND=1,2"], "recurrence"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=DAILY;INTERVAL=0"], "recurrence"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=DAILY;COUNT=-1"], "recurrence"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=NEVER"], "recurrence"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], "recurrence"),
        (["DTSTART:20140101T100000", "RRULE:FREQ=DAILY;COUNT=99999"], "recurrence"),
        (["DTSTART:20140101T100000", "RRULE:FREQ=DAILY;UNTIL=20200101"], "over"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 99)], "recurrence"),
        (["DTSTART:19500101T100000", "RRULE:FREQ=DAILY"], "recurrence"),
        (["DTSTART:20261205T100000", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"], "recurrence"),
    ],
)
def test_what_cannot_be_is_kept_aside_and_the_rest_is_read(lines: list[str], reason: str) -> None:
    good = event("DTSTART;VALUE=DATE:20261205", uid="good")
    reading = read(calendar(event(*lines), good))
    assert list(reading.aside["reason"]) == [reason] and list(reading.aside["line"]) == [3]
    assert list(reading.tables["moments"]["uid"]) == ["good"] and reading.lines == 2


def test_broken_files_lose_only_what_is_broken() -> None:
    good = event("DTSTART;VALUE=DATE:20261205", uid="good")
    half = good.replace("END:VEVENT", "").replace("good", "half")
    assert aside(calendar(half, good)) == ["broken_event"]
    cut = calendar(good, good)[: -len("END:VEVENT\nEND:VCALENDAR\n")]
    assert aside(cut) == ["broken_event"]
    assert aside(calendar(event("DTSTART;VALUE=DATE:20261205", title=""), good)) == ["lacks_value"]
    assert aside(calendar(event("DTSTART;;;VALUE=DATE:20261205"), good)) in (["no_start"], ["broken_event"])
    nameless = read(calendar(good.replace("UID:good\n", ""))).tables["moments"]
    assert len(nameless["uid"].iloc[0]) == 16
    assert aside(calendar(event("DTSTART:20261205T100000", "RDATE:soon"), good)) == ["recurrence"]
    assert aside(calendar(good, event("DTSTART;VALUE=DATE:20261205", stamp="DTSTAMP:now"))) == []
    quoted = event("DTSTART;VALUE=DATE:20261205", 'LOCATION:Here, "', title='"Open, "day')
    assert read(calendar(quoted)).tables["moments"]["title"].iloc[0] == '"Open, "day'
    crowd = event("DTSTART;VALUE=DATE:20261205", title="\x1b[31mRed\t" + "x" * 400)
    shown = read(calendar(crowd)).tables["moments"]["title"].iloc[0]
    assert len(shown) == 200 and shown.isprintable()


def test_folds_marks_and_ends_of_lines_change_nothing() -> None:
    text = calendar(event("DTSTART;VALUE=DATE:20261205", title="Portes ouvertes à l’atelier")).decode()
    plain = read(text.encode()).tables["moments"].drop(columns="source")
    folded = "\r\n".join(line[:20] + "".join(f"\r\n {line[at]}" for at in range(20, len(line)))
                         for line in text.split("\n"))  # fmt: skip
    for other in (
        folded.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("EVENT", "event").replace("SUMMARY", "Summary").encode(),
    ):
        same = read(other).tables["moments"].drop(columns="source")
        assert same["since"].equals(plain["since"])
    pd.testing.assert_frame_equal(read(folded.encode()).tables["moments"].drop(columns="source"), plain)


def test_no_calendar_is_refused_as_any_other_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CmlibError, match="empty"):
        read(calendar("BEGIN:VTODO\nEND:VTODO"))
    with pytest.raises(CmlibError, match="not an export"):
        read(b"BEGIN:VCARD\nFN:Me\nEND:VCARD\n")
    with pytest.raises(CmlibError, match="was exported"):
        read(calendar(event("DTSTART;VALUE=DATE:20261205", stamp="CLASS:PUBLIC")))
    monkeypatch.setattr(ical, "EVENTS", 2)
    with pytest.raises(CmlibError, match="more than 2 events"):
        read(calendar(*[event("DTSTART;VALUE=DATE:20261205")] * 3))


def test_files_of_any_size_are_read_or_refused_at_once() -> None:
    begun = time.process_time()
    long = event("DTSTART;VALUE=DATE:20261205", "DESCRIPTION:" + "x" * 15_000_000, title="y" * 1_000_000)
    assert len(read(calendar(long)).tables["moments"]["title"].iloc[0]) == 200
    with pytest.raises(CmlibError, match="not read"):
        read(calendar(event("DESCRIPTION:" + "x" * (files.LINE + 1))))
    with pytest.raises(CmlibError, match="not read"):
        read(calendar("BEGIN:VEVENT\nDTSTART:20261205\nEND:VEVENT\n" * 1_000_000))
    never = event("DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert aside(calendar(never, event("DTSTART;VALUE=DATE:20261205"))) == ["over"]
    assert time.process_time() - begun < 20


def test_a_zone_of_the_files_own_that_never_ends_is_not_believed() -> None:
    zone = "\n".join([
        "BEGIN:VTIMEZONE", "TZID:Mine", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+1200", "RRULE:FREQ={}", "END:STANDARD", "END:VTIMEZONE",
    ])  # fmt: skip
    late = event("DTSTART;TZID=Mine:20261205T230000")
    for often, day in (("YEARLY", "2026-12-05"), ("SECONDLY", "2026-12-05")):
        rows = read(calendar(zone.format(often), late)).tables["moments"]
        assert f"{rows['since'].iloc[0]:%Y-%m-%d}" == day
    tokyo = Brand("t", "T", timezone="Asia/Tokyo")  # 23:00 of a zone 12 hours ahead is 20:00 there
    assert read(calendar(zone.format("YEARLY"), late), tokyo).tables["moments"]["since"].dt.day.tolist() == [
        5
    ]
    assert read(calendar(zone.format("YEARLY"), event("DTSTART;TZID=Mine:20261205T003000")),
                tokyo).tables["moments"]["since"].dt.day.tolist() == [4]  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.text(st.characters(codec="utf-8"), max_size=80),
    st.sampled_from(["DTSTART", "RRULE", "DTEND", "SUMMARY", ""]),
)
def test_any_text_is_read_put_aside_or_refused(said: str, where: str) -> None:
    data = calendar(event("DTSTART;VALUE=DATE:20261205", uid="good"), event(f"{where}:{said}", uid="odd"))
    reading = read(data)
    assert "good" in set(reading.tables["moments"]["uid"]) or "BEGIN" in said.upper() or "END" in said.upper()


def test_a_calendar_goes_the_way_of_every_export(home: Path) -> None:
    """In a zip too; the newest of one event holds, all its days; what is forgotten is gone."""
    brands.new("tea", "Tea", country="FR", timezone="Europe/Paris")
    drop = home / "drop.zip"
    first = calendar(
        event("DTSTART;VALUE=DATE:20261205", "RRULE:FREQ=DAILY;COUNT=3"),
        event("DTSTART;VALUE=DATE:20261210", uid="b"),
    )
    with zipfile.ZipFile(drop, "w") as archive:
        archive.writestr("events.ics", first)
    assert [taken.refused for taken in start.intake(importers.walk(drop), "tea")] == [""]
    who = brands.load("tea")

    def keys() -> list[str]:
        found = moments.on(who, store.load(who), date(2026, 12, 1), date(2026, 12, 31))
        return list(found.loc[found["source"] == "ics", "moment"])

    assert keys() == ["ics:a-x-2026-12-05", "ics:a-x-2026-12-06", "ics:a-x-2026-12-07", "ics:b"]
    stamp = STAMP.replace("1102", "1103")
    newer = calendar(
        event("DTSTART;VALUE=DATE:20261220", title="Moved", stamp=stamp),
        event("DTSTART;VALUE=DATE:20261210", "STATUS:CANCELLED", uid="b", stamp=stamp),
    )
    (home / "newer.ics").write_bytes(newer)
    list(start.intake(importers.walk(home / "newer.ics"), "tea"))
    assert keys() == ["ics:a-x"]
    store.forget("tea", "newer.ics")
    assert len(keys()) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_imported_is_named_in_both_languages(
    home: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    brands.new("tea", "Tea", country="FR", timezone="Europe/Paris")
    (home / "events.ics").write_bytes(calendar(event("DTSTART;VALUE=DATE:20261205"), event()))
    with speaking(language):
        taken = list(start.intake(importers.walk(home / "events.ics"), "tea"))
        terminal.imported(brands.load("tea"), taken)
        terminal.accounts(store.coverage(store.load(brands.load("tea"))))
        assert all(t(f"sheet.of.{table}") for table in schema.TABLES)
    said = capsys.readouterr().out
    assert "DTSTART" in said and "brand.toml" not in said  # a calendar is no account that lacks there
