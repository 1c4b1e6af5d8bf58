"""The command ``cm``, as a person runs it: what it says, in both languages, and its exit code."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from command import Run, Types, runner, typist

from cmlib import brand as brands
from cmlib import factfile, importers, store
from cmlib.cli import options
from cmlib.i18n import LANGUAGES, speaking, words

HEADER = "Post ID,Account ID,Account username,Publish time,Permalink,Post type,Reach,Likes,Description"


def instagram(*posts: str, account: str = "tea.house", reach: object = 1200) -> str:
    """Meta's export of an Instagram account, one post a day from 1 March 2026."""
    rows = [
        f"{post},1789,{account},03/{day:02}/2026 10:00,https://ig.me/p/{post}/,IG image,{reach},30,Thé !"
        for day, post in enumerate(posts, 1)
    ]
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.fixture
def cm(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``cm`` in an empty home: its exit code, what it said, what it complained of."""
    monkeypatch.setenv("COLUMNS", "80")
    return runner(monkeypatch, capsys)


@pytest.fixture
def inbox(cm: Run) -> Path:
    brands.new("tea", "Tea", timezone="Europe/Paris")
    return brands.folder("tea") / "inbox"


def words_of(text: str) -> str:
    """What was said, without the breaks of its lines."""
    return " ".join(text.split())


# Import


def test_from_a_new_brand_to_what_is_imported(cm: Run, home: Path) -> None:
    code, out, _ = cm(
        "brand", "new", "tea", "--name", "Thé", "--language", "fr", "--timezone", "Europe/Paris"
    )
    assert code == 0 and "cm import --brand tea" in out
    assert (brands.load("tea").name, brands.load("tea").language) == ("Thé", "fr")
    code, out, _ = cm("import")
    inbox = home / "data/brands/tea/inbox"
    assert code == 0 and str(inbox) in out and "cm formats" in out
    (inbox / "Mar-01-2026_Mar-31-2026_1.csv").write_text(instagram("a", "b"), encoding="utf-8")
    code, out, err = cm("import")
    assert (code, err) == (0, "")
    assert "Imported: 1. There already: 0. Refused: 0." in out
    for said in ("meta_posts_instagram", "Instagram · posts", "tea.house", "1 Mar 2026", "2 Mar 2026", " 2 "):
        assert said in out
    assert "tea.house (instagram)" in out  # not in brand.toml
    code, out, _ = cm("import")
    assert code == 0 and "there already" in out and "Imported: 0. There already: 1." in out
    code, out, _ = cm("brands")
    assert code == 0 and "Thé" in out


def test_what_is_refused_does_not_hinder_the_rest(cm: Run, inbox: Path) -> None:
    (inbox / "good.csv").write_text(instagram("a"), encoding="utf-8")
    (inbox / "bad.csv").write_text("who,knows\n1,2\n", encoding="utf-8")
    (inbox / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
    code, out, err = cm("import", "--brand", "tea")
    assert code == 1
    assert "Imported: 1. There already: 0. Refused: 2." in out
    assert "bad.csv" in err and "broken.zip" in err and "good.csv" not in err
    assert len(store.digests("tea")) == 1


def test_rows_kept_aside_are_counted_by_reason(cm: Run, inbox: Path) -> None:
    (inbox / "posts.csv").write_text(
        instagram("a", "b") + instagram("c", "d", reach="lots")[len(HEADER) + 1 :]
    )
    code, out, _ = cm("import")
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "reach cannot be read posts.csv, line 4 2" in lines


def test_paths_accounts_and_days_can_be_said(cm: Run, inbox: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.csv"
    path.write_text(instagram("a"), encoding="utf-8")
    code, out, _ = cm("import", str(path), "-b", "tea", "--observed", "2026-04-02")
    assert code == 0 and "elsewhere.csv" in out
    assert store.sources("tea")["observed_at"].tolist() == [
        pd.Timestamp("2026-04-02 12:00", tz="Europe/Paris")
    ]
    for wrong, said in (("02/04/2026", "2026-11-02"), ("2199-01-01", "still to come")):
        code, _, err = cm("import", str(path), "--observed", wrong)
        assert code == 1 and said in err
    code, _, err = cm("import", str(tmp_path / "nowhere.csv"))
    assert code == 1 and "no such file" in err


def test_names_from_outside_are_shown_and_never_obeyed(cm: Run, inbox: Path) -> None:
    (inbox / "[red]x :tea: \x1b[2J\x1b]0;t\x07\u202egpj.csv").write_text(
        instagram("a", account="[bold]a[/]"), encoding="utf-8"
    )
    for command in ("import", "sources"):
        code, out, err = cm(command)
        assert code == 0
        assert "[red]x :tea:" in words_of(out) and "[bold]a[/]" in out
        assert not {"\x1b", "\x07", "\u202e"} & set(out + err)


def test_which_brand_is_meant(cm: Run) -> None:
    for command in ("import", "sources", "brands"):
        code, _, err = cm(command)
        assert code == 1 and "cm brand new" in err
    for slug in ("one", "two"):
        brands.new(slug)
    code, _, err = cm("import")
    assert code == 1 and "--brand" in err and "one, two" in err
    code, _, err = cm("sources", "--brand", "onne")
    assert code == 1 and "one" in err
    assert "Traceback" not in err
    (brands.folder("two") / "brand.toml").write_text("nam = 1", encoding="utf-8")
    code, out, _ = cm("brands")
    assert code == 0 and "line 1" in words_of(out)  # one that is broken does not hide the others


# Forget, sources


def test_an_import_is_forgotten_by_its_file_its_zip_its_name_or_its_digest(cm: Run, inbox: Path) -> None:
    csv, zipped = inbox / "a.csv", inbox / "b.zip"
    csv.write_text(instagram("a"), encoding="utf-8")
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("b.csv", instagram("b"))
    (digest,) = _digests(csv)
    for called in (str(csv), "a.csv", digest[:12]):
        assert cm("import")[0] == 0
        code, out, _ = cm("forget", called)
        assert code == 0 and "a.csv" in out
        assert len(store.digests("tea")) == 1 and digest not in store.digests("tea")
    assert cm("forget", str(zipped))[0] == 0
    assert store.digests("tea") == []
    cm("import")
    code, out, _ = cm("forget", str(inbox))
    assert code == 0 and "a.csv, b.zip/b.csv" in out
    code, _, err = cm("forget", "c.csv")
    assert code == 1 and "c.csv" in err


def _digests(path: Path) -> list[str]:
    return [importers.open_export(file).digest for file in importers.walk(path)]


def test_sources_show_how_far_it_reaches_and_what_lacks(cm: Run, inbox: Path) -> None:
    code, out, _ = cm("sources")
    assert code == 0 and "cm import --brand tea" in out
    dates = [d for d in pd.date_range("2026-03-01", "2026-03-20") if d.day not in (8, 9, 10)]
    series = "\n".join(f'"{d:%Y-%m-%dT00:00:00}","5"' for d in dates)
    (inbox / "Reach.csv").write_text(
        f'sep=,\n"Instagram reach"\n"Date","Primary"\n{series}\n', encoding="utf-8"
    )
    (inbox / "posts.csv").write_text(instagram("a", "b"), encoding="utf-8")
    assert cm("import", "--account", "tea.house")[0] == 0
    code, out, _ = cm("sources")
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "Instagram · day by day 1 Mar 2026 20 Mar 2026 1 17" in lines
    assert "Instagram · posts 1 Mar 2026 2 Mar 2026 1 2" in lines
    assert "Instagram · day by day reach 8 Mar 2026 3" in lines
    assert _digests(inbox / "Reach.csv")[0][:12] in out


# Notes of what profiles show

RIVALS = """
[[accounts]]
network = "instagram"
handle = "coffee.house"
name = "Coffee House"
rival = true

[[accounts]]
network = "tiktok"
handle = "coffee"
name = "Coffee House"
rival = true

[[accounts]]
network = "instagram"
handle = "tea.house"
"""


@pytest.fixture
def noted(inbox: Path) -> Path:
    """The inbox of a brand with a rival."""
    path = inbox.parent / "brand.toml"
    path.write_text(path.read_text(encoding="utf-8") + RIVALS, encoding="utf-8")
    return inbox


@pytest.fixture
def typing(noted: Path, monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody at a terminal, who types these lines; what is asked."""
    return typist(monkeypatch)


def test_what_a_profile_shows_is_noted_in_one_line_and_forgotten_in_another(cm: Run, noted: Path) -> None:
    code, out, err = cm(
        "note",
        "coffee.house",
        "followers=21.4k",
        "posts=1 2",
        "--date",
        "2026-03-18",
        "--since",
        "2026-03-10",
    )
    assert code == 1 and "posts: '1 2' is no count" in err and not list(noted.iterdir())
    code, out, err = cm("note", "coffee.house", "followers=21.4k", "posts=12", "--date", "2026-03-18")
    (path,) = noted.iterdir()
    (digest,) = _digests(path)
    assert (code, err, path.name) == (0, "", "noted_2026-03-18.csv")
    said = words_of(out)
    assert "Coffee House Followers 18 Mar 2026 21,400" in said
    assert "Coffee House Posts published 1 Mar 2026 12 Instagram 18 Mar 2026" in said
    assert str(path) in out and f"cm forget {digest[:12]} --brand tea" in out
    code, out, _ = cm("sources")
    assert code == 0 and "Instagram · totals over some days 18 Mar 2026" in words_of(out)
    assert cm("forget", digest[:12], "--brand", "tea")[0] == 0 and store.digests("tea") == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("coffee house", "followers=1"), "instagram, tiktok. Say which one: --network"),
        (("cofee.house", "followers=1"), "Nearest: coffee.house"),
        (("=1+1", "followers=1"), "'=1+1' is not a known account"),
        (('a "b", c\nd', "followers=1"), "not a known account"),
        (("coffee.house", "folowers=1"), "Nearest: followers"),
        (("coffee.house", "followers"), "figure=value"),
        (("coffee.house", "followers="), "no figure to keep"),
        (("coffee.house", "followers=-1"), "'-1' is no count"),
        (("coffee.house", f"followers={'9' * 400}"), "is no count"),
        (("coffee.house", "followers=1", "--date", "2199-01-01"), "still to come"),
        (("coffee.house", "followers=1", "--date", "18/03/2026"), "2026-11-02"),
        (("coffee.house", "posts=1", "--date", "2026-03-18", "--since", "2026-03-19"), "Correct one of the"),
        (("coffee house", "followers=1", "--network", "tiktk"), "Nearest: tiktok"),
        (("coffee.house",), "cm note ACCOUNT followers=21400"),
        ((), "cm note ACCOUNT followers=21400"),
    ],
)
def test_what_cannot_be_noted_is_said_and_nothing_is_kept(
    cm: Run, noted: Path, monkeypatch: pytest.MonkeyPatch, said: tuple[str, ...], told: str
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    code, out, err = cm("note", *said, "--brand", "tea")
    assert (code, out) == (1, "") and told in words_of(err) and "Traceback" not in err
    assert not list(noted.iterdir()) and store.digests("tea") == []


def test_at_a_terminal_rivals_are_asked_for_one_after_the_other(
    cm: Run, noted: Path, typing: Callable[..., list[str]]
) -> None:
    asked = typing("21 400", "", "lots", "1,2 M", "", "", *[""] * 5)
    code, out, err = cm("note", "--date", "2026-03-18")
    assert code == 0 and "reactions: 'lots' is no count" in words_of(err)
    assert "Coffee House (Instagram), 1 of 2" in out and "Coffee House (TikTok), 2 of 2" in out
    assert asked[:3] == ["  followers: ", "  posts since 1 Mar 2026: ", "  reactions since 1 Mar 2026: "]
    assert asked[2] == asked[3] and len(asked) == 11
    assert "Reactions 1 Mar 2026 1,200,000" in words_of(out) and len(list(noted.iterdir())) == 1
    asked = typing(*["9"] * 5)
    code, out, _ = cm("note", "coffee house", "--network", "instagram", "--date", "2026-03-20")
    assert code == 0 and len(list(noted.iterdir())) == 2
    assert asked[0] == "  followers (last: 21,400 on 18 Mar 2026): "
    assert asked[1] == "  posts since 19 Mar 2026: "
    assert asked[2] == "  reactions since 19 Mar 2026 (last: 1,200,000 from 1 Mar 2026 to 18 Mar 2026): "


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_who_stops_in_between_keeps_nothing(
    cm: Run, noted: Path, typing: Callable[..., list[str]], stop: type[BaseException]
) -> None:
    typing("21400", "", stop)
    code, _, err = cm("note")
    assert code == 1 and "Stopped, and nothing was kept." in err and not list(noted.iterdir())
    typing(*[""] * 10)
    code, out, _ = cm("note")
    assert code == 0 and "Nothing was typed" in out and not list(noted.iterdir())


# Facts, and a new network


def test_facts_are_counted_told_by_table_and_told_by_network(cm: Run, inbox: Path) -> None:
    code, out, _ = cm("facts")
    assert code == 0 and all(table in out.split() for table in factfile.TABLES) and "24 months" in out
    code, out, _ = cm("facts", "counts", "--network", "x")
    said = words_of(out)
    assert code == 0 and said.startswith("X [1] 94,800,000 accounts: monthly active recipients")
    assert "[2] DSA transparency report, quoted by BFM TV · 30 Apr 2025 · medium trust https://" in said
    code, out, _ = cm("facts", "--network", "viadeo")
    assert code == 0 and "status: closed" in out and "receivership in November 2016" in out
    assert "old" in out and "low trust" in out


def test_the_surveys_of_the_brand_s_country_come_first(cm: Run, inbox: Path) -> None:
    def first() -> str:
        code, out, _ = cm("facts", "--network", "instagram")
        assert code == 0
        return words_of(out.partition("Who is there")[2])[:120]

    assert "Austria" in first(), "no country is said"
    path = inbox.parent / "brand.toml"
    path.write_text('name = "Tea"\ncountry = "FR"\n', encoding="utf-8")
    assert "France" in first()
    brands.new("other")
    assert "Austria" in first(), "of two brands neither is meant"


def test_one_s_own_facts_are_marked_and_what_is_wrong_with_them_is_said(cm: Run, home: Path) -> None:
    path = home / "data" / "reference" / "local" / "counts.csv"
    path.parent.mkdir(parents=True)
    header = "country,year,network,measure,value,source,source_date,address"
    path.write_text(f"{header}\nFR,2026,bluesky,monthly users,9,us,2026-11,http://a\n", encoding="utf-8")
    code, out, _ = cm("facts", "counts", "--network", "bluesky")
    assert code == 0 and "9: monthly users (France, 2026) · yours" in words_of(out)
    path.write_text(f"{header}\nFR,2026,blusky,monthly users,9,us,2026-11,http://a\n", encoding="utf-8")
    code, _, err = cm("facts", "counts")
    assert code == 1 and "bluesky" in err and f"{path}, line 2" in words_of(err)


def test_names_that_no_fact_has_get_the_nearest(cm: Run) -> None:
    for said, near in (
        (("facts", "benchmark"), "benchmarks"),
        (("facts", "--network", "tictok"), "tiktok"),
        (("facts", "moments", "--network", "tiktok"), "networks"),
    ):
        code, _, err = cm(*said)
        assert code == 1 and near in err and "Traceback" not in err


def test_a_new_network_is_planned_and_the_plan_is_kept(cm: Run, demo_home: Path, home: Path) -> None:
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    code, out, _ = cm("enter", "pinterest", "--start", "2026-12-01")
    said, path = words_of(out), home / "data/brands/demo/entries/pinterest.toml"
    assert code == 0 and path.exists() and str(path) in out
    for part in (
        "Pinterest",
        "1 Dec 2026 to 28 Feb 2027",
        "posts a week",
        "Posts published: 13 to 64",
        "by day 30",
    ):
        assert part in said, part
    for network, start, near in (
        ("pinterest", "", "pinterest-before.toml"),
        ("viadeo", "", "receivership"),
        ("tiktok", "", "in use already"),
        ("redit", "", "reddit"),
        ("reddit", "01/12/2026", "2026-11-02"),
    ):
        code, _, err = cm("enter", network, *(("--start", start) if start else ()))
        assert code == 1 and near in err
    assert [one.name for one in path.parent.iterdir()] == ["pinterest.toml"]


def test_a_brand_that_asks_nothing_is_told_what_lacks(cm: Run, inbox: Path) -> None:
    code, _, err = cm("enter", "pinterest")
    assert code == 1 and str(inbox.parent / "brand.toml") in err


# Words


def test_lists_name_every_format_and_every_metric(cm: Run) -> None:
    from cmlib.metrics import METRICS

    for command, names in (("formats", importers.formats()), ("metrics", METRICS)):
        code, out, _ = cm(command)
        said = set(out.split())
        assert code == 0 and set(names) <= said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_the_terminal_nor_cut(cm: Run, inbox: Path, language: str) -> None:
    name = "Sep-01-2025_Aug-31-2026_1091172406558321_and_a_name_that_goes_on_and_on_and_on.csv"
    (inbox / name).write_text(instagram("a", "b", account="a_very_long_account_name_as_some_have_them"))
    with speaking(language):
        told = ("facts", "facts audience --network x", "facts legal", "facts --network instagram")
        for command in ("import", "sources", "formats", "metrics", "brands", *told):
            code, out, _ = cm(*command.split())
            assert code == 0
            lines = [
                line for line in out.splitlines() if line[:1] in ("", " ")
            ]  # sentences wrap by themselves
            assert max(map(len, lines)) <= 80
            firsts = "".join(line.split()[0] for line in lines if line.strip())
            assert name in firsts or command not in ("import", "sources")


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_BE"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "CMLIB_LANG": "en"}, "en"),
        ({"LANG": "de_DE", "CMLIB_LANG": "xx"}, "en"),
    ],
)
def test_the_language_is_the_machine_s_unless_said(said: dict[str, str], language: str) -> None:
    assert options.spoken(said) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_in_the_language_of_the_machine_and_needs_nothing_heavy(
    language: str, tmp_path: Path
) -> None:
    """Run apart, from another folder: the language is taken at the start."""
    there = {**os.environ, "CMLIB_LANG": language, "COLUMNS": "200"}
    command = [sys.executable, "-X", "importtime", "-m", "cmlib", "--help"]
    done = subprocess.run(command, env=there, cwd=tmp_path, capture_output=True, text=True, check=True)
    for name in (
        "import",
        "forget",
        "sources",
        "formats",
        "metrics",
        "brands",
        "brand",
        "facts",
        "enter",
        "note",
        "plan",
    ):
        assert words(language)[f"cli.{name}.help"] in done.stdout
    imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert not imported & {"pandas", "altair", "papermill", "duckdb", "scipy"}
    assert "typer" in imported


def test_forgetting_nothing_forgets_nothing(cm: Run, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unset variable of a shell is an empty name, not this folder."""
    (inbox / "a.csv").write_text(instagram("1"), encoding="utf-8")
    cm("import", "--brand", "tea")
    monkeypatch.chdir(inbox)
    code, _, _ = cm("forget", "", "--brand", "tea")
    assert code == 1 and len(store.digests("tea")) == 1
