"""What has come in, what lacks, what to do next."""

import re
from pathlib import Path

import pandas as pd
import pytest

from cmlib import brand as brands
from cmlib import importers, sheets, start
from cmlib.i18n import LANGUAGES, speaking

HEADER = "Post ID,Account ID,Account username,Publish time,Permalink,Post type,Reach,Likes,Description\n"
POST = "1,1789,tea.house,03/01/2026 10:00,https://ig.me/p/1/,IG image,1200,30,Thé\n"
ACCOUNTS = """
[[accounts]]
network = "instagram"
handle = "tea.house"

[[accounts]]
network = "tiktok"
handle = "tea.house"

[[accounts]]
network = "web"
handle = "tea.example"

[[accounts]]
network = "instagram"
handle = "coffee.house"
rival = true
"""


@pytest.fixture
def tea(home: Path) -> Path:
    brands.new("tea", "Tea", timezone="Europe/Paris")
    return home


def named(home: Path) -> None:
    path = brands.folder("tea") / "brand.toml"
    path.write_text(path.read_text(encoding="utf-8") + ACCOUNTS, encoding="utf-8")


def take(home: Path, text: str, name: str = "x.csv", day: str = "2026-03-15") -> list[start.Taken]:
    (home / name).write_text(text, encoding="utf-8")
    return list(start.intake(importers.walk(home / name), "tea", observed=pd.Timestamp(day, tz="UTC")))


def keys(month: str = "2026-03") -> list[str]:
    return [key for key, _ in start.next_steps(start.review("tea", month))]


def test_the_next_step_follows_from_what_is_there(tea: Path) -> None:
    assert keys() == ["name_accounts"]
    named(tea)
    assert keys() == ["import_first"]
    take(tea, HEADER + POST)
    assert keys() == ["complete", "report_anyway"]


def test_all_there_means_a_report(tea: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named(tea)
    take(tea, HEADER + POST)
    nothing = start.missing(start.review("tea", "2026-03")).head(0)
    monkeypatch.setattr(start, "missing", lambda _: nothing)
    assert keys() == ["report"]


def test_what_lacks_is_said_with_its_own_network_s_menu(tea: Path) -> None:
    named(tea)
    take(tea, HEADER + POST)
    found = start.missing(start.review("tea", "2026-03")).set_index(["network", "table"])
    assert list(found.index) == [
        ("instagram", "posts"), ("instagram", "days"), ("instagram", "audience"),
        ("tiktok", "posts"), ("tiktok", "days"), ("tiktok", "audience"), ("web", "visits"),
    ]  # fmt: skip
    assert found.loc[("instagram", "posts"), "state"] == "partial"  # exported on the 15th
    assert found.loc[("instagram", "posts"), "until"] == pd.Timestamp("2026-03-15")
    assert set(found["state"].drop(("instagram", "posts"))) == {"none"}
    for (network, _), where in found["where"].items():
        own = {"instagram": "Meta", "tiktok": "TikTok", "web": "Analytics"}[network]
        assert own in where, (network, where)
    take(tea, HEADER + POST, "later.csv", "2026-04-02")
    later = start.missing(start.review("tea", "2026-03"))
    assert ("instagram", "posts") in list(zip(later["network"], later["table"], strict=True))


def test_a_whole_month_lacks_nothing_more(tea: Path) -> None:
    named(tea)
    take(tea, HEADER + POST, day="2026-04-02")
    found = start.missing(start.review("tea", "2026-03"))
    assert ("instagram", "posts") not in set(zip(found["network"], found["table"], strict=True))
    assert set(found["account"]) == {"tea.house", "tea.example"}, "a rival owes nothing"


@pytest.mark.parametrize(
    "network", ["facebook", "instagram", "youtube", "tiktok", "linkedin", "x", "threads"]
)
def test_every_menu_is_the_network_s_own(network: str) -> None:
    foreign = {"meta": "Meta", "youtube": "YouTube", "tiktok": "TikTok", "linkedin": "LinkedIn"}
    foreign.pop({"facebook": "meta", "instagram": "meta"}.get(network, network), None)
    for table in start.WANTED:
        assert not any(name in start.offered(network, table) for name in foreign.values()), table


def test_a_refused_file_does_not_stop_the_others(tea: Path) -> None:
    folder = tea / "all"
    folder.mkdir()
    (folder / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "b.csv").write_text(HEADER + POST, encoding="utf-8")
    (folder / "c.csv").write_text(HEADER + POST, encoding="utf-8")
    observed = pd.Timestamp("2026-03-15", tz="UTC")
    taken = list(start.intake(importers.walk(folder), "tea", observed=observed))
    assert [bool(one.refused) for one in taken] == [True, False, False]
    assert [one.new for one in taken] == [False, True, False]
    found = start.outcomes(taken)
    assert found["name"].tolist() == ["a.csv", "b.csv", "c.csv"]
    assert found["rows"].fillna(0).tolist() == [0, 1, 1] and "Not known yet" in found["outcome"][0]
    assert start.outcomes([]).empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_one_language(tea: Path, language: str) -> None:
    named(tea)
    take(tea, HEADER + POST)
    with speaking(language):
        subject = start.review("tea", "2026-03")
        words = " ".join(
            (sheets.steps(start.next_steps(subject)).text, sheets.missing(start.missing(subject)).text)
        )
    assert ("mars 2026" in words) == (language == "fr") and ("March 2026" in words) == (language == "en")
    assert not re.search(r"\b(none|partial|NaT|nan|instagram)\b|format\.", words)


def test_without_a_month_it_is_the_last_whole_one(tea: Path) -> None:
    today = pd.Timestamp.now("Europe/Paris").date()
    first = start.review("tea").month
    assert first.day == 1 and (today.replace(day=1) - first).days in (28, 29, 30, 31)
