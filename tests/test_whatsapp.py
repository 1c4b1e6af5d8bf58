"""WhatsApp's chats: which day a stamp is, whose words they are, and that no table is taken for a chat."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cmlib import importers
from cmlib.brand import Account, Brand, Desk
from cmlib.errors import CmlibError
from cmlib.importers.files import CHAT

OWN = Brand(
    "ada", "Ada", accounts=(Account("whatsapp", "ada"),), messages=Desk(keep_texts=True, voices=("Ada",))
)
EXPORTS = Path(__file__).parent / "exports"
SHARED = Path(__file__).parents[2] / "shared" / "exports"

STAMPS = (  # as strftime writes them; what phones of many languages have been seen to write
    "%d/%m/%Y, %H:%M - ", "%d/%m/%Y %H:%M - ", "%d/%m/%Y à %H:%M - ", "%d/%m/%y, %H:%M - ",
    "%m/%d/%y, %I:%M %p - ", "%m/%d/%y, %I:%M\u202f%p - ", "%m/%d/%Y, %I:%M %p – ", "%d.%m.%y, %H:%M - ",
    "%d-%m-%Y %H:%M - ", "%Y-%m-%d %H:%M - ", "%Y/%m/%d, %I:%M %p - ", "%d.%m.%Y klo %H.%M - ",
    "[%d/%m/%Y %H:%M:%S] ", "[%d/%m/%Y, %H:%M:%S] ", "[%d/%m/%Y à %H:%M:%S] ", "[%d.%m.%y, %H:%M:%S] ",
    "[%m/%d/%y, %I:%M:%S\u202f%p] ", "\u200e[%d-%m-%y %H:%M:%S] ", "[%Y/%m/%d, %H:%M:%S] ",
    "[%y-%m-%d %H:%M] ", "[%d/%m/%Y, %H:%M] ", "%d/%m/%Y %H:%M:%S: ",
)  # fmt: skip
HALVES = {"AM": ("AM", "am", "a.\u00a0m.", "a.m."), "PM": ("PM", "pm", "p.\u00a0m.", "p.m.")}


def read(text: str, brand: Brand = OWN, name: str = "WhatsApp Chat with Mia.txt") -> importers.Reading:
    return importers.read(importers.open_export(importers.File(name, text.encode)), brand)


def written(*stamps: str) -> str:
    return "".join(f"{stamp} - {('Mia', 'Ada')[n % 2]}: word {n}\n" for n, stamp in enumerate(stamps))


def days(*stamps: str, brand: Brand = OWN) -> list[str]:
    sent = read(written(*stamps), brand).tables["messages"]["sent_at"]
    return sent.dt.strftime("%m-%d").tolist()


@pytest.mark.parametrize("half", range(4))
@pytest.mark.parametrize("stamp", STAMPS)
def test_every_way_of_writing_a_stamp_says_the_same(stamp: str, half: int) -> None:
    first = datetime(2025, 11, 28, 11, 5)
    moments = [first + timedelta(hours=13 * n) for n in range(40)]
    lines = []
    for n, moment in enumerate(moments):
        said = moment.strftime(stamp)
        for noon, spelt in HALVES.items():
            said = re.sub(rf"\b{noon}\b", spelt[half], said)
        lines.append(f"{said}{('Mia', 'Ada')[n % 2]}: word {n}\n")
    messages = read("".join(lines)).tables["messages"]
    assert messages["sent_at"].dt.tz_localize(None).tolist() == moments
    assert messages["text"].tolist() == [f"word {n}" for n in range(40)]
    assert messages["incoming"].tolist() == [True, False] * 20


def test_one_number_above_twelve_tells_the_order_of_all() -> None:
    assert days("01/02/25, 10:00", "02/02/25, 10:00", "13/02/25, 10:00") == ["02-01", "02-02", "02-13"]
    assert days("01/02/25, 10:00", "02/02/25, 10:00", "02/13/25, 10:00") == ["01-02", "02-02", "02-13"]


def test_else_the_order_in_which_time_goes_forward() -> None:
    assert days("05/02/25, 10:00", "06/02/25, 10:00", "01/03/25, 10:00") == ["02-05", "02-06", "03-01"]
    assert days("02/05/25, 10:00", "02/06/25, 10:00", "03/01/25, 10:00") == ["02-05", "02-06", "03-01"]


def test_else_what_is_not_to_come() -> None:
    now = datetime.now()
    last = now.replace(day=12, month=1) if now.month > 1 else now.replace(year=now.year - 1, day=12, month=2)
    assert days(f"{last:%d/%m/%y}, 10:00") == [f"{last:%m-%d}"]  # the 12th of January, never 1 December


def test_two_digits_are_a_year_first_only_where_that_makes_the_chat_shorter() -> None:
    assert days("20/01/15, 10:00", "20/01/16, 10:00") == ["01-15", "01-16"]
    assert days("20/01/15, 10:00", "21/01/15, 10:00") == ["01-20", "01-21"]


def test_else_the_phones_language() -> None:
    french = written("05/06/25, 10:00") + "05/06/25, 10:01 - Mia: <Médias omis>\n"
    assert read(french).tables["messages"]["sent_at"].dt.month.tolist() == [6, 6]


def test_else_the_custom_of_the_brands_country_where_the_clock_is_as_there() -> None:
    assert days("05/06/25, 10:00", brand=replace(OWN, country="FR")) == ["06-05"]
    assert days("5/6/25, 1:00 PM", brand=replace(OWN, country="US")) == ["05-06"]
    with pytest.raises(CmlibError, match="5/6/25 can be 2025-06-05, 2025-05-06"):
        days("5/6/25, 1:00 PM", brand=replace(OWN, country="FR"))


def test_a_day_that_nothing_tells_is_refused_with_what_to_do() -> None:
    with pytest.raises(CmlibError, match=r"05/06/25 can be 2025-06-05, 2025-05-06.*country"):
        days("05/06/25, 10:00")
    assert days("06/06/25, 10:00") == ["06-06"]


def test_the_hours_around_noon_and_midnight() -> None:
    hours = ("12:05 AM", "00:08 a. m.", "11:59 AM", "12:10 PM", "11:01 p. m.", "13:05 PM")
    sent = read(written(*(f"31/12/2024, {hour}" for hour in hours))).tables["messages"]["sent_at"]
    assert sent.dt.strftime("%H:%M").tolist() == ["00:05", "00:08", "11:59", "12:10", "23:01", "13:05"]


def test_a_pasted_line_goes_on_with_its_message_and_two_exports_in_one_are_refused() -> None:
    chat = written("30/01/25, 10:00", "31/01/25, 10:00") + "[02/01/25, 10:00:00] Zoé: pasted\n"
    assert read(chat).tables["messages"]["text"].iloc[-1] == "word 1\n[02/01/25, 10:00:00] Zoé: pasted"
    with pytest.raises(CmlibError, match="two ways"):
        read(chat + "[02/01/25, 10:00:00] Zoé: more\n")


def test_a_direct_chat_is_the_same_whoever_wrote_in_an_export_of_it() -> None:
    longer = read(written("30/01/25, 10:00", "31/01/25, 10:00"), name="a.txt").tables["messages"]
    shorter = read(written("30/01/25, 10:00"), name="b.txt").tables["messages"]
    assert shorter["message_id"].tolist() == longer["message_id"].tolist()[:1]
    assert {*shorter["thread_id"]} == {*longer["thread_id"]}
    assert not {*longer["thread_id"]} & {*longer["author"]}


def test_equal_messages_of_one_minute_are_told_apart() -> None:
    chat = "30/01/25, 10:00 - Mia: ok\n" * 3
    assert read(chat).tables["messages"]["message_id"].nunique() == 3


def test_strangers_are_refused_by_name() -> None:
    with pytest.raises(CmlibError, match=r"neither is known to be the brand: Mia, Noé"):
        read("30/01/25, 10:00 - Mia: hello\n30/01/25, 10:01 - Noé: hi\n")


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("Mia: hello", "Mia"), ("Mia:", "Mia"), ("~\u202fMia: hello", "Mia"), ("Mia: at 10:30: hi", "Mia"),
        ("\u202a+33\u00a06 00\u202c: hello", "+33 6 00"), ("Mia created this", ""),
        ('Mia created group "A: b"', ""), ("Mia a renommé le groupe « A : b »", ""), ("See https://a.b", ""),
    ],
)  # fmt: skip
def test_who_says_it(line: str, sender: str) -> None:
    reading = read(f"30/01/25, 09:00 - Ada: first\n30/01/25, 10:00 - {line}\n")
    assert reading.passed == (sender == "")
    marks = read(f"30/01/25, 10:00 - {sender}: x\n").tables["messages"]["author"] if sender else []
    assert reading.tables["messages"]["author"].tolist()[1:] == list(marks)


def test_no_table_is_taken_for_a_chat() -> None:
    tables = [p for p in EXPORTS.glob("*/*.*") if p.parent.name != "whatsapp" and p.suffix != ".toml"]
    tables += [p for p in SHARED.rglob("*.*") if p.parent.name != "chats"]
    for path in tables:
        assert not CHAT.match(path.read_bytes()[:400].decode("utf-8", "replace").lstrip()), path
    for begins in ("2026-01-30 10:00,5\n", '"30/01/25, 10:00",5\n', "[30, 1]", "30/01/2025;10:00 - 11:00\n"):
        assert not CHAT.match(begins)


def test_the_chats_at_hand_have_as_many_messages_as_stamps() -> None:
    for path in (SHARED / "chats").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        stamps = re.findall(r"^\[?\d+[-/]\d+[-/]\d+,? \d+:\d+.*", text, re.M)
        said = [line for line in stamps if re.search(r"(\]|-) [^:]{1,30}:", line)]
        brand = replace(OWN, messages=Desk(voices=("John Doe", "Mary")))
        reading = read(text, brand)
        assert (len(reading.tables["messages"]), reading.lines) == (len(said), len(stamps)), path
        sent = reading.tables["messages"]["sent_at"]
        assert sent.is_monotonic_increasing
        assert len(reading.aside) == 0
