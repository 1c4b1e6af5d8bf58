"""``cm format new``, ``cm format template`` and ``cm formats``, as a person runs them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Run, Types, runner, typist

from cmlib import brand as brands
from cmlib import importers, store
from cmlib.i18n import LANGUAGES, speaking, t
from cmlib.importers import own

LIST = "Code;Posted;Hearts;Mood\nqz-10000001;25/10/2026;1.250;fine\nqz-10000002;03/11/2026;12;\n"


@pytest.fixture
def cm(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``cm``, without a terminal: its exit code, what it said, what it complained of."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    brands.new("tea", "Tea", timezone="Europe/Paris")
    return runner(monkeypatch, capsys)


@pytest.fixture
def file(home: Path) -> str:
    path = home / "agency list 2026-11.csv"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


@pytest.fixture
def typing(cm: Run, monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody at a terminal, who types these lines; what is asked."""
    return typist(monkeypatch)


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_from_a_file_that_nobody_has_seen_to_what_is_imported(cm: Run, file: str) -> None:
    code, _, err = cm("import", file)
    assert code == 1 and "cm format new" in err
    code, out, err = cm("format", "new", file, "--network", "instagram", "--account", "tea.house", "--yes")
    said = words_of(out)
    assert (code, err) == (0, "")
    for told in (
        "Code qz-10000001 post_id its values look like it",
        "day first: 25/10/2026 can be nothing else",
        "Hearts 1.250 reactions its name says so",
        "Mood fine left out nothing in cmlib is called so",
        "2 rows would be read, and 0 kept aside.",
        "reactions 1250 12",
        "published_at 2026-10-24 22:00 UTC",
        f"cm import {file} --brand tea",
    ):
        assert told in said, told
    assert own.load(own.folder("tea") / "agency_list.toml").account == "tea.house"
    code, out, err = cm("import", file)
    assert (code, err) == (0, "") and "agency_list" in out
    assert store.sources("tea")["format"].tolist() == ["agency_list"]
    code, _, err = cm("format", "new", file)
    assert code == 1 and "agency_list reads it" in err


def test_without_yes_and_a_terminal_nothing_is_written(cm: Run, file: str) -> None:
    code, out, _ = cm("format", "new", file, "--network", "x")
    assert code == 0 and "--yes" in out and "--account" in out and not own.folder("tea").exists()
    code, _, err = cm("format", "new", file, "--yes")
    assert code == 1 and "Of which network" in err and "--network facebook|instagram" in err
    assert not own.folder("tea").exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--network", "instagam"), "instagram"),
        (("--table", "post"), "posts"),
        (("--column", "Heart=reactions"), "Hearts"),
        (("--column", "Hearts=reaction"), "reactions"),
        (("--column", "Hearts"), "HEADER=COLUMN"),
        (("--constant", "kind=imag"), "image"),
        (("--constant", "paid=perhaps"), "true or false"),
        (("--constant", "published_at=31/10/2026"), "2026-12-01"),
        (("--constant", "kin=image"), "kind"),
        (("--name", "Agency!"), "a–z"),
        (("--name", "x_posts"), "built-in"),
    ],
)
def test_what_is_misspelt_is_said_and_nothing_is_written(
    cm: Run, file: str, said: tuple[str, ...], told: str
) -> None:
    network = () if "--network" in said else ("--network", "instagram")
    code, _, err = cm("format", "new", file, *network, *said, "--yes")
    assert code == 1 and told in words_of(err) and "Traceback" not in err
    assert not own.folder("tea").exists()


def test_columns_and_constants_are_said(cm: Run, file: str) -> None:
    said = (
        "--column",
        "Hearts=saves",
        "--column",
        "Mood=text",
        "--constant",
        "kind=image",
        "--title",
        "Ours",
    )
    assert cm("format", "new", file, "--network", "instagram", "--name", "ours", *said, "-y")[0] == 0
    made = own.load(own.folder("tea") / "ours.toml")
    assert made.title == "Ours" and made.constants == {"kind": "image"}
    assert made.columns["saves"].headers == ("Hearts",) and made.columns["text"].headers == ("Mood",)
    code, out, _ = cm("formats", "--network", "instagram")
    assert code == 0 and "Of your own (tea)" in out and "Ours  ours" in out


def test_a_built_in_export_needs_no_format(cm: Run, home: Path) -> None:
    (home / "x.csv").write_text("table,network,date,figure,value\ndays,x,2026-10-01,followers,5\n")
    code, _, err = cm("format", "new", str(home / "x.csv"))
    assert code == 1 and "generic reads it" in err


def test_of_several_files_one_is_to_be_named(cm: Run, home: Path) -> None:
    (home / "all").mkdir()
    for name in "ab":
        (home / "all" / f"{name}.csv").write_text("Code;Hearts\nqz-10000001;5\n")
    code, _, err = cm("format", "new", str(home / "all"))
    assert code == 1 and "a.csv, b.csv" in err


def test_posts_without_a_day_are_told_what_is_possible(cm: Run, home: Path) -> None:
    path = home / "insights.csv"
    path.write_bytes("Impressions,Likes,Caption\n120,5,“Tea”…\n90,4,“Cake”…\n".encode("cp1252"))
    code, _, err = cm("format", "new", str(path), "--network", "instagram", "--yes")
    said = words_of(err)
    assert code == 1 and "a post without a day cannot be one" in said
    assert "--constant published_at=" in said and "--table totals" in said and "--sum" in said
    period = ("--constant", "since=2026-10-01", "--constant", "until=2026-10-31")
    code, out, _ = cm(
        "format", "new", str(path), "--network", "instagram", "--table", "totals", "--sum", *period, "--yes"
    )
    assert code == 0 and "It reads this file only" in out and "210" in out


def test_at_a_terminal_what_cannot_be_known_is_asked(
    cm: Run, home: Path, typing: Callable[..., list[str]]
) -> None:
    path = home / "list.csv"
    path.write_text("Code;Posted;Hearts\nqz-10000001;02/03/2024;5\nqz-10000002;01/04/2024;7\n")
    asked = typing("noon", "day", "instagramm", "instagram", "Heart=saves", "Hearts=saves", "kind=image", "y")
    code, _, err = cm("format", "new", str(path))
    assert code == 0 and "day or the month" in asked[0] and "Of which network" in asked[2]
    assert "noon" in err and "instagram" in err and "Hearts" in err
    made = own.load(own.folder("tea") / "list.toml")
    assert made.columns["published_at"].reader.formats == ("%d/%m/%Y",)
    assert "saves" in made.columns and made.constants == {"kind": "image"} and made.network == "instagram"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError, ""])
def test_who_stops_in_between_has_written_nothing(
    cm: Run, file: str, typing: Callable[..., list[str]], stop: str | type[BaseException]
) -> None:
    typing(stop)
    code, _, err = cm("format", "new", file)
    assert code == 1 and "nothing was written" in err and not own.folder("tea").exists()
    typing("instagram", "n")
    assert cm("format", "new", file)[0] == 0 and not own.folder("tea").exists()


def test_a_broken_format_is_said_and_the_rest_is_imported(cm: Run, file: str) -> None:
    assert cm("format", "new", file, "--network", "instagram", "--account", "a", "--yes")[0] == 0
    broken = own.folder("tea") / "broken.toml"
    broken.write_text('table = "posts"\n[columns]\nlikes = "Hearts"\n', encoding="utf-8")
    code, out, err = cm("import", file)
    assert code == 0 and "Imported: 1." in out
    assert f"{broken}, line 3" in words_of(err).replace(" ,", ",") and "likes" in err
    code, out, err = cm("formats", "--brand", "tea")
    assert code == 0 and "agency_list" in out and "broken.toml" in err


def test_a_template_is_written_and_says_what_to_do_next(cm: Run) -> None:
    code, out, _ = cm("format", "template", "snapchat")
    path = brands.folder("tea") / "snapchat_posts.csv"
    assert code == 0 and str(path) in out and f"cm import {path} --brand tea" in words_of(out)
    code, _, err = cm("import", str(path))
    assert code == 1 and "examples" in err and store.digests("tea") == []
    assert cm("format", "template", "snapchat")[0] == 1
    for said, near in ((("snapchet",), "snapchat"), (("snapchat", "--table", "day"), "days")):
        code, _, err = cm("format", "template", *said)
        assert code == 1 and near in err


@pytest.mark.parametrize("language", LANGUAGES)
def test_formats_say_how_sure_they_are_and_since_when_by_network(cm: Run, language: str) -> None:
    with speaking(language):
        code, out, _ = cm("formats")
        heads = [line for line in out.splitlines() if line in {t(f"network.{n}") for n in ("facebook", "x")}]
        assert code == 0 and heads == [t("network.facebook"), t("network.x")]
        said = words_of(out)
        for one in importers.formats().values():
            assert one.name in said
            assert not one.sure or t(f"formats.sure.{one.sure}") in said
        code, out, _ = cm("formats", "--network", "tiktok")
        assert code == 0 and "tiktok_overview" in out and "x_posts" not in out.split() and "generic" in out
    code, _, err = cm("formats", "--network", "tictok")
    assert code == 1 and "tiktok" in err


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_the_terminal(cm: Run, file: str, language: str) -> None:
    with speaking(language):
        code, out, _ = cm("format", "new", file, "--network", "instagram", "--column", "Mood=text")
        assert code == 0
        lines = [line for line in out.splitlines() if line[:1] in ("", " ")]
        assert max(map(len, lines)) <= 80
