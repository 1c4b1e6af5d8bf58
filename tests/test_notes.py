"""What profiles show, noted by hand: what is typed is what the lake says, and it can be taken back."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from cmlib import brand as brands
from cmlib import importers, notes, start, store
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.i18n import speaking

RIVAL = Account("instagram", "rival.one", "Rival One", rival=True)
ACCOUNTS = (
    Account("facebook", "Tea House"),
    Account("web", "tea.example"),
    RIVAL,
    Account("tiktok", "rivalone", "Rival One", rival=True),
)


def brand(*accounts: Account) -> Brand:
    """A brand of these accounts, where files may be written."""
    path = brands.folder("tea") / "brand.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = (
        f"[[accounts]]\nnetwork = {json.dumps(a.network)}\nhandle = {json.dumps(a.handle)}\n"
        f"name = {json.dumps(a.name)}\nrival = {json.dumps(a.rival)}\n"
        for a in accounts
    )
    path.write_text('name = "Tea"\ntimezone = "Europe/Paris"\n' + "".join(blocks), encoding="utf-8")
    return brands.load("tea")


@pytest.fixture
def tea(home: Path) -> Brand:
    return brand(*ACCOUNTS)


def keep(who: Brand, day: str, since: str = "", of: Account = RIVAL, **figures: str) -> notes.Kept:
    return notes.keep(who, [notes.note(who, store.load(who), of, figures, day, since)])


def inbox() -> list[str]:
    folder = brands.folder("tea") / "inbox"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def said(who: Brand) -> dict[tuple[str, ...], float]:
    """All that the lake says: (account, figure, days) → value."""
    tables = store.load(who)
    found = {
        (row["account"], row["figure"], f"{row['date']:%m-%d}"): row["value"]
        for row in tables["days"].to_dict("records")
    }
    return found | {
        (row["account"], row["figure"], f"{row['since']:%m-%d}–{row['until']:%m-%d}"): row["value"]
        for row in tables["totals"].to_dict("records")
    }


# What is typed


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("21400", 21400), ("21 400", 21400), ("21\u202f400", 21400), ("21\u00a0400", 21400),
        ("21,400", 21400), ("1,234,567", 1234567), ("0", 0), (" 7 ", 7),
        ("21.4k", 21400), ("21,4 k", 21400), ("21.4K", 21400), ("9k", 9000), ("1.25M", 1250000),
        ("1,2 M", 1200000), ("1,2\u00a0M", 1200000), ("1.1B", 1100000000), ("1,1 Md", 1100000000),
    ],
)  # fmt: skip
def test_a_number_is_written_as_profiles_write_it(typed: str, value: int) -> None:
    assert notes.count(typed, RIVAL, "followers") == value


@pytest.mark.parametrize(
    "typed",
    [
        "-5", "−5", "+5", "3.5", "3,5", "21.400", "1.234.567", "1,23", "12 34", "1 2", "21,400k", "1.234k",
        "k", "=1+1", "1e5", "٣", "²", "many", "9" * 16, "9" * 5000, "9999 Md", "12,", "0x10", "1_000", "12 %",
    ],
)  # fmt: skip
def test_what_is_no_count_is_refused(typed: str) -> None:
    """``21.400`` too: it could be 21,400 or 21.4."""
    with pytest.raises(CmlibError, match=r"Rival One \(Instagram\), followers: .* 21.4k") as refused:
        notes.count(typed, RIVAL, "followers")
    assert len(str(refused.value)) < 250


def test_figures_are_pairs_in_the_language_spoken() -> None:
    assert notes.pairs(["followers=1", " Posts = 2 "]) == {"followers": "1", "posts": "2"}
    with speaking("fr"):
        assert notes.pairs(["abonnés=1", "posts=2"]) == {"followers": "1", "posts": "2"}
    for wrong, told in (
        (["posts"], "figure=value"),
        (["post=2"], "Nearest: posts"),
        (["posts=2", "posts=3"], "twice"),
        (["reach=2"], "not a known figure"),
    ):
        with pytest.raises(CmlibError, match=told):
            notes.pairs(wrong)


# Who, and when


def test_an_account_is_found_by_its_handle_or_its_name(tea: Brand) -> None:
    assert notes.account(tea, "@Rival.One") == notes.account(tea, "rival one", "instagram") == RIVAL
    assert notes.account(tea, "tea house").network == "facebook"
    assert notes.rivals(tea) == [a for a in ACCOUNTS if a.rival] == notes.accounts(tea)[:2]
    assert notes.rivals(tea, "tiktok") == [ACCOUNTS[3]]
    for name, network, told in (
        ("rival one", "", "instagram, tiktok.*--network"),
        ("rival.on", "", "Nearest: rival.one"),
        ("rival.one", "tiktok", "Nearest: .*rivalone"),
        ("tea.example", "", "not a known account"),  # a site has no profile
        ("", "", "not a known account"),
        ('Rival\nOne, "two"\'; =1+1', "", "not a known account"),
        ("rival one", "instagrm", "Nearest: instagram"),
        ("rival one", "reddit", "not a known account"),
    ):
        with pytest.raises(CmlibError, match=told):
            notes.account(tea, name, network)
    with pytest.raises(CmlibError, match=r"not a known network.*Nearest: instagram, tiktok"):
        notes.rivals(tea, "reddit")
    with pytest.raises(CmlibError, match="names no rival"):
        notes.rivals(brand(ACCOUNTS[0]))
    with pytest.raises(CmlibError, match="none yet"):
        notes.account(brand(), "rival one")


def span(who: Brand, day: str = "", since: str = "") -> tuple[date, date]:
    return notes.span(who, store.load(who), RIVAL, day, since)


def test_posts_count_from_the_day_after_the_last_total_else_from_the_first_of_the_month(tea: Brand) -> None:
    assert span(tea, "2026-03-18") == (date(2026, 3, 1), date(2026, 3, 18))
    assert span(tea, "2026-03-18", "2026-01-05") == (date(2026, 1, 5), date(2026, 3, 18))
    keep(tea, "2026-02-10", "2026-02-01", posts="4")
    assert span(tea, "2026-03-18")[0] == date(2026, 2, 11)
    keep(tea, "2026-03-12", followers="21 400")
    assert span(tea, "2026-03-18")[0] == date(2026, 2, 11), "followers are of a day, and count nothing"
    keep(tea, "2026-03-18", posts="5")
    assert span(tea, "2026-03-18")[0] == date(2026, 2, 11), "of the same day: completed, or corrected"
    assert span(tea, "2026-03-19") == (date(2026, 3, 19), date(2026, 3, 19))
    assert span(tea, "2026-02-05")[0] == date(2026, 2, 1), "a later total says nothing of it"
    assert notes.following(store.load(tea), ACCOUNTS[3], date(2026, 3, 18)) == date(2026, 3, 1)


def test_other_figures_say_nothing_of_posts(tea: Brand, tmp_path: Path) -> None:
    path = tmp_path / "seen_2026-03-16.csv"
    path.write_text(
        "table,network,account,date,since,until,figure,value\n"
        "totals,instagram,rival.one,,2026-03-01,2026-03-15,views,900\n"
        "days,instagram,rival.one,2026-03-15,,,reach,70\n",
        encoding="utf-8",
    )
    assert [one.new for one in start.intake(importers.walk(path), "tea")] == [True]
    assert span(tea, "2026-03-18")[0] == date(2026, 3, 1) and notes.known(store.load(tea), RIVAL) == {}


def test_today_is_that_of_the_brand(tea: Brand) -> None:
    today = pd.Timestamp.now("Europe/Paris").date()
    assert span(tea)[1] in (today, today + timedelta(days=1))  # should midnight pass between
    with pytest.raises(CmlibError, match=r"still to come.*Today is"):
        span(tea, str(today + timedelta(days=2)))
    for day, since, told in (
        ("18/03/2026", "", "Rival One.*'18/03/2026' is no day"),
        ("20260318", "", "no day"),
        ("2026-02-30", "", "no day"),
        ("2026-W12-3", "", "no day"),
        ("=1+1", "", "no day"),
        ("1999-01-01", "", "before the first"),
        ("2026-03-18", "2026-03-19", "from 19 Mar 2026 on.*18 Mar 2026"),
    ):
        with pytest.raises(CmlibError, match=told):
            span(tea, day, since)


# What is kept


def test_what_is_typed_is_what_the_lake_says(tea: Brand) -> None:
    kept = keep(tea, "2026-03-18", followers="21.4k", posts="4", reactions="1 230", shares="0")
    assert said(tea) == {
        ("rival.one", "followers", "03-18"): 21400,
        ("rival.one", "posts", "03-01–03-18"): 4,
        ("rival.one", "reactions", "03-01–03-18"): 1230,
        ("rival.one", "shares", "03-01–03-18"): 0,
    }
    assert kept.path.name == "noted_2026-03-18.csv" and store.digests("tea") == [kept.digest]
    lines = kept.path.read_text(encoding="utf-8").splitlines()
    observed = lines[1].rpartition(",")[2]
    assert abs(pd.Timestamp.now("UTC") - pd.Timestamp(observed)) < pd.Timedelta(minutes=5)
    assert lines == [
        "table,network,account,date,since,until,figure,value,observed_at",
        f"days,instagram,rival.one,2026-03-18,,,followers,21400,{observed}",
        f"totals,instagram,rival.one,,2026-03-01,2026-03-18,posts,4,{observed}",
        f"totals,instagram,rival.one,,2026-03-01,2026-03-18,reactions,1230,{observed}",
        f"totals,instagram,rival.one,,2026-03-01,2026-03-18,shares,0,{observed}",
    ]
    seen = notes.known(store.load(tea), RIVAL)
    assert seen["followers"] == notes.Seen(21400, date(2026, 3, 18))
    assert seen["posts"] == notes.Seen(4, date(2026, 3, 18), date(2026, 3, 1)) and "comments" not in seen


def test_several_notes_are_one_file(tea: Brand) -> None:
    tables = store.load(tea)
    noted = [
        notes.note(tea, tables, RIVAL, {"followers": "10"}, "2026-03-18"),
        notes.note(tea, tables, ACCOUNTS[3], {"posts": "2", "comments": " "}, "2026-03-20"),
        notes.note(tea, tables, ACCOUNTS[0], {"followers": "30"}, "2026-03-01"),
    ]
    notes.keep(tea, noted)
    assert inbox() == ["noted_2026-03-20.csv"] and len(store.digests("tea")) == 1
    assert list(said(tea).values()) == [30, 10, 2]


@pytest.mark.parametrize("day", ["2026-03-18", ""])
def test_of_one_day_the_later_note_wins_and_what_it_leaves_out_stays(tea: Brand, day: str) -> None:
    keep(tea, day, followers="100", posts="4")
    for followers in ("300", "200", "250"):
        keep(tea, day, followers=followers)
    assert list(said(tea).values()) == [250, 4] and len(inbox()) == 4


def test_a_note_is_taken_back_and_another_file_is_not(tea: Brand) -> None:
    first, second = keep(tea, "2026-03-18", followers="100"), keep(tea, "2026-03-18", followers="200")
    assert inbox() == ["noted_2026-03-18 (2).csv", "noted_2026-03-18.csv"]
    notes.undo(second)
    assert list(said(tea).values()) == [100] and inbox() == ["noted_2026-03-18.csv"]
    store.forget("tea", first.digest)
    first.path.write_text("mine", encoding="utf-8")
    notes.undo(first)
    assert said(tea) == {} and inbox() == ["noted_2026-03-18.csv"]


def test_what_lies_in_the_inbox_can_be_imported_anew(tea: Brand) -> None:
    kept = keep(tea, "2026-03-18", followers="100", posts="3")
    before = said(tea)
    store.forget("tea", kept.digest)
    assert [one.new for one in start.intake(importers.walk(kept.path.parent), "tea")] == [True]
    assert said(tea) == before


@pytest.mark.parametrize(
    "handle",
    [
        "=1+1", "+tea", "-tea", "@tea", " =x", "\t=x", 'a "b", c', "a\nb", "a;b", "a\tb", "'", "<b>", "日本",
        'a, "\n"=', "\u00a0x",
    ],
)  # fmt: skip
def test_a_name_is_written_so_that_it_is_read_again_and_obeyed_by_nobody(home: Path, handle: str) -> None:
    who = brand(Account("instagram", handle, rival=True))
    kept = keep(who, "2026-03-18", of=who.accounts[0], followers="100", posts="3")
    tables = store.load(who)
    assert {*tables["days"]["account"], *tables["totals"]["account"]} == {handle}
    cells = [cell for row in pd.read_csv(kept.path, dtype="str").to_numpy() for cell in row]
    assert not [cell for cell in cells if str(cell)[:1] in "=+-@"]


@pytest.mark.parametrize("handle", ["a" + ";" * 30, "a\0b", "\r"])
def test_a_name_that_no_csv_can_hold_is_said_and_nothing_is_kept(home: Path, handle: str) -> None:
    who = brand(Account("instagram", handle, "Odd", rival=True))
    with pytest.raises(CmlibError, match=r"Nothing was kept.*Odd \(Instagram\)"):
        keep(who, "2026-03-18", of=who.accounts[0], followers="100")
    assert inbox() == [] and said(who) == {} and store.digests("tea") == []


def test_what_would_be_read_as_another_account_s_is_not_kept(home: Path) -> None:
    """A name of nothing but spaces is none, and a row without a name is of the brand's only account."""
    who = brand(Account("instagram", "tea"), Account("instagram", " ", "Odd", rival=True))
    with pytest.raises(CmlibError, match=r"Nothing was kept.*Odd \(Instagram\)"):
        keep(who, "2026-03-18", of=who.accounts[1], followers="100")
    assert inbox() == [] and said(who) == {}


def test_an_inbox_that_cannot_be_written_is_said(tea: Brand) -> None:
    (brands.folder("tea") / "inbox").write_text("in the way", encoding="utf-8")
    with pytest.raises(CmlibError, match="cannot be written"):
        keep(tea, "2026-03-18", followers="100")
    assert store.digests("tea") == []


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({}, "no figure.*followers, posts"),
        ({"followers": " ", "posts": ""}, "no figure"),
        ({"followers": "-1"}, "followers: '-1' is no count"),
        ({"followers": "10", "posts": "1.5"}, "posts: '1.5' is no count"),
    ],
)
def test_a_note_that_says_nothing_or_nonsense_is_refused(
    tea: Brand, figures: Mapping[str, str], told: str
) -> None:
    with pytest.raises(CmlibError, match=rf"Rival One \(Instagram\).*{told}"):
        keep(tea, "2026-03-18", **figures)
    assert inbox() == []
