"""brand.toml: what is right is loaded, what is wrong is told with its line, and no path leaves its folder."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cmlib import brand
from cmlib.brand import Account, Persona, Piece
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking

GOOD = """\
# name = "commented out"
name = "Thé # 1"
language = "fr"
timezone = "Europe/Paris"
hours_per_week = 12
pillars = ["savoir-faire", "équipe"]

[goals]
followers = 30000
engagement_rate_by_reach = 0.05

[[accounts]]
network = "instagram"
handle = "the_un"
name = "Thé 1"

[[accounts]]
network = "facebook"
handle = "Rival & Fils"   # rival = "yes" would be wrong
rival = true
"""

QUESTION = """\
name = "Tea"
market = "both"
hours_per_week = 12
monthly_budget = 600

[[personas]]
name = "Town"
weight = 2
ages = [
    "25-34",
    "35-44",
]
genders = ["women"]

[[personas]]
name = "Students"
education = "some_college"
income = "low"
setting = "urban"
people = 1_600_000

[objectives]
awareness = 3
recruitment = 0

[pieces]
image = 1.5
short_video = { hours = 4, cost = 30 }

[pieces.video]
hours = 10

[weights]
presence = 1
cost = 0.5
"""


def write(home: Path, text: str, slug: str = "tea") -> Path:
    path = home / "data" / "brands" / slug / "brand.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_what_brand_toml_says_is_loaded(home: Path) -> None:
    write(home, GOOD)
    tea = brand.load("tea")
    assert (tea.slug, tea.name, tea.language, tea.hours_per_week) == ("tea", "Thé # 1", "fr", 12)
    assert tea.pillars == ("savoir-faire", "équipe")
    assert tea.goals == {"followers": 30000, "engagement_rate_by_reach": 0.05}
    assert tea.accounts[1] == Account("facebook", "Rival & Fils", rival=True)
    assert str(tea.zone) == "Europe/Paris"


def test_a_mark_at_the_beginning_does_no_harm(home: Path) -> None:
    write(home, "\ufeff" + GOOD)
    assert brand.load("tea").name == "Thé # 1"


def test_an_account_is_found_by_handle_or_display_name(home: Path) -> None:
    write(home, GOOD)
    tea = brand.load("tea")
    assert tea.account("instagram", "@THE_UN ") == tea.account("instagram", "thé 1") == tea.accounts[0]
    assert tea.account("facebook", "the_un") is None
    assert tea.account("facebook", "") is None and tea.account("facebook", "@") is None
    assert tea.own("instagram") == [tea.accounts[0]] and tea.own("facebook") == []
    assert [a.label for a in tea.accounts] == ["Thé 1", "Rival & Fils"]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("hours_per_week", "hour_per_week", 5, "hours_per_week"),
        ("\nname =", "\nnam =", 2, "name"),
        ('language = "fr"', 'language = "de"', 3, "Nearest: en"),
        ("Europe/Paris", "Europe/Pari", 4, "Europe/Paris"),
        ("hours_per_week = 12", 'hours_per_week = "12"', 5, "a number"),
        ("hours_per_week = 12", "hours_per_week = true", 5, "a number"),
        ('pillars = ["savoir-faire", "équipe"]', 'pillars = "savoir-faire"', 6, "a list"),
        ('"savoir-faire"', "1", 6, "a text"),
        ("followers = 30000", 'followers = "many"', 9, "a number"),
        ('network = "facebook"', 'network = "facebok"', 18, "facebook"),
        ('network = "instagram"', 'network = "Instagram"', 13, "instagram"),
        ('handle = "Rival & Fils"', 'handel = "Rival & Fils"', 19, "handle"),
        ('handle = "Rival & Fils"', 'name = "Rival & Fils"', 17, "handle"),
        ("rival = true", 'rival = "yes"', 20, "true or false"),
        (
            'network = "facebook"\nhandle = "Rival & Fils"',
            'network = "instagram"\nhandle = "@Thé 1"',
            19,
            "already",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_it_should_be(
    home: Path, right: str, wrong: str, line: int, said: str
) -> None:
    assert right in GOOD
    write(home, GOOD.replace(right, wrong))
    with pytest.raises(CmlibError, match=rf"brand\.toml, line {line}\b.*{said}"):
        brand.load("tea")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "Tea"\naccounts = [{network = "facebok", handle = "tea"}]', "line 2.*facebook"),
        ('name = "Tea"\n[accounts]\nnetwork = "facebook"', r"line 2.*\[\[accounts\]\]"),
        ('name = "Tea"\naccounts = ["facebook"]', r"line 2.*\[\[accounts\]\]"),
        ('name = "Tea"\ngoals.followers = "many"', "line 2.*a number"),
        ("name = Tea", "line 1.*quotes"),
        ('country = "FR"', r"brand\.toml: name is missing"),
        ('name = ""', r"brand\.toml: name is missing"),
    ],
)
def test_other_ways_to_write_it_are_told_as_well(home: Path, text: str, said: str) -> None:
    write(home, text)
    with pytest.raises(CmlibError, match=said):
        brand.load("tea")


def test_the_question_of_the_networks_is_loaded(home: Path) -> None:
    write(home, QUESTION)
    tea = brand.load("tea")
    assert (tea.market, tea.hours_per_week, tea.monthly_budget) == ("both", 12, 600)
    assert tea.personas == (
        Persona("Town", 2, ages=("25-34", "35-44"), genders=("women",)),
        Persona("Students", 1, (), (), "some_college", "low", "urban", 1_600_000),
    )
    assert tea.objectives == {"awareness": 3, "recruitment": 0}
    assert tea.pieces == {
        "image": Piece(1.5, kind="image"),
        "short_video": Piece(4, 30, "short_video"),
        "video": Piece(10, kind="video"),
    }
    assert tea.weights == {"presence": 1, "cost": 0.5}


def test_who_says_no_question_has_none(home: Path) -> None:
    write(home, 'name = "Tea"')
    tea = brand.load("tea")
    assert (tea.market, tea.personas, tea.objectives, tea.pieces, tea.weights) == ("b2c", (), {}, {}, {})


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ('market = "both"', 'market = "B2B"', 2, "not a known market.*Nearest: b2b"),
        ('market = "both"', "market = 2", 2, "a text"),
        ("hours_per_week = 12", "hours_per_week = -1", 3, "a number, 0 or more"),
        ("hours_per_week = 12", "hours_per_week = nan", 3, "hours_per_week is nan.*a number"),
        ("monthly_budget = 600", "monthly_budget = inf", 4, "monthly_budget is inf.*a number"),
        ("monthly_budget = 600", f"monthly_budget = 1{'0' * 400}", 4, "a number"),
        ("weight = 2", "wieght = 2", 8, "Nearest: weight"),
        ("weight = 2", "weight = -2", 8, "0 or more"),
        ("weight = 2", "weight = true", 8, "a number"),
        ('"35-44"', '"35-4"', 9, "not a known age band.*Nearest: 35-44"),
        ('"35-44"', "35", 9, "a text"),
        ('["women"]', '"women"', 13, "a list"),
        ('["women"]', '["womem"]', 13, "not a known gender.*Nearest: women"),
        ('name = "Town"', 'name = " "', 6, "name is missing"),
        ('name = "Students"', 'name = "town "', 16, "another persona is already called town"),
        ('name = "Students"\n', "", 15, "name is missing"),
        ('"some_college"', '"some_colege"', 17, "not a known level of education.*Nearest: some_college"),
        ('income = "low"', 'income = "lo"', 18, "not a known income.*Nearest: low"),
        ('setting = "urban"', 'setting = "suburb"', 19, "not a known setting.*Nearest: suburban"),
        ('setting = "urban"', 'setting = ["urban"]', 19, "a text"),
        ("1_600_000", "-1", 20, "0 or more"),
        ("1_600_000", "nan", 20, "a number"),
        ("awareness = 3", "awarness = 3", 23, "not a known objective.*Nearest: awareness"),
        ("recruitment = 0", "recruitment = -0.5", 24, "0 or more"),
        ("recruitment = 0", "recruitment = nan", 24, "a number"),
        ("image = 1.5", "imag = 1.5", 27, "not a known kind of post.*Nearest: image"),
        ("image = 1.5", "image = -1.5", 27, "0 or more"),
        ("image = 1.5", 'image = "1.5"', 27, "a number"),
        ("hours = 4, cost", "hour = 4, cost", 28, "hour.*Nearest: hours"),
        ("hours = 4, ", "", 28, "hours is missing"),
        ("cost = 30", "cost = -30", 28, "0 or more"),
        ("cost = 30", "cost = inf", 28, "a number"),
        ("[pieces.video]", "[pieces.vidoe]", 30, "Nearest: video"),
        ("hours = 10", "hours = -10", 30, "0 or more"),
        ("presence = 1", "presense = 1", 34, "not a known criterion.*Nearest: presence"),
        ("cost = 0.5", "cost = -0.5", 35, "0 or more"),
        ("[weights]\n", "[[weights]]\n", 33, r"a table, \[weights\]"),
        ("[weights]\n", "[weight]\n", 33, "Nearest: weights"),
    ],
)
def test_what_is_wrong_in_the_question_is_told_with_its_line(
    home: Path, right: str, wrong: str, line: int, said: str
) -> None:
    assert QUESTION.count(right) == 1
    write(home, QUESTION.replace(right, wrong))
    with pytest.raises(CmlibError, match=rf"(?s)brand\.toml, line {line}\b") as problem:
        brand.load("tea")
    assert re.search(said, str(problem.value)), str(problem.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("personas.name = 1", r"line 2.*\[\[personas\]\]"),
        ('personas = ["Town"]', r"line 2.*\[\[personas\]\]"),
        ("objectives = 3", r"line 2.*a table, \[objectives\]"),
        ("pieces = { imag = 1 }", "line 2.*Nearest: image"),
        ("weights.presense = 1", "line 2.*Nearest: presence"),
        ("goals = { posts = nan }", "line 2.*a number"),
    ],
)
def test_the_question_written_in_other_ways_is_told_as_well(home: Path, text: str, said: str) -> None:
    write(home, f'name = "Tea"\n{text}')
    with pytest.raises(CmlibError, match=said):
        brand.load("tea")


def test_a_file_that_is_no_text_is_told(home: Path) -> None:
    write(home, "").write_bytes('name = "Thé"'.encode("cp1252"))
    with pytest.raises(CmlibError, match=r"brand\.toml cannot be read"):
        brand.load("tea")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_brand_can_be_loaded_and_every_line_of_its_explanations_too(home: Path, language: str) -> None:
    hostile = 'Thé "d’été"\\ {name}\n# x\x7f'
    with speaking(language):
        path = brand.new("new", hostile, language, "FR", "Europe/Paris")
        made = brand.load("new")
    assert (made.name, made.language, made.country) == (hostile.replace("\x7f", ""), language, "FR")
    assert (path.parent / "inbox").is_dir()
    lines = path.read_text(encoding="utf-8").splitlines()
    examples = [line[2:] for line in lines if re.match(r"# (\[|\w+ = )", line)]
    write(home, "\n".join(lines[:5] + examples), "full")
    full = brand.load("full")
    assert full.hours_per_week == 12 and full.goals["followers"] == 30000 and len(full.accounts) == 1
    assert full.personas[0].ages == ("25-34", "35-44") and full.personas[0].people == 400000
    assert full.objectives and full.pieces["short_video"] == Piece(4, 30, "short_video") and full.weights


def test_a_new_brand_never_replaces_one_nor_writes_what_cannot_be_loaded(home: Path) -> None:
    path = brand.new("tea")
    assert brand.load("tea").name == "Tea"
    path.write_text('name = "Mine"', encoding="utf-8")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("tea", {}),
        ("other", {"language": "de"}),
        ("other", {"timezone": "Paris"}),
    ]
    for slug, more in asked:
        with pytest.raises(CmlibError):
            brand.new(slug, **more)
    assert path.read_text(encoding="utf-8") == 'name = "Mine"'
    assert brand.slugs() == ["tea"]


@pytest.mark.parametrize("slug", ["../x", "A b", "", "a/b", ".", "-a", "é", "a\n", "a" * 64, "tea*"])
def test_no_name_leads_out_of_its_folder(home: Path, slug: str) -> None:
    for act in (brand.folder, brand.load, brand.new):
        with pytest.raises(CmlibError):
            act(slug)
    assert not (home / "data").exists()


def test_an_unknown_brand_is_told_with_the_nearest(home: Path) -> None:
    write(home, GOOD)
    write(home, GOOD, "My Brand")  # no slug, so no brand
    assert brand.slugs() == ["tea"]
    with pytest.raises(CmlibError, match="Nearest: tea"):
        brand.load("tee")


def test_home_is_said_or_the_checkout_and_never_where_one_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path / "there"))
    assert brand.home() == tmp_path / "there"
    monkeypatch.delenv("CMLIB_HOME")
    command = [sys.executable, "-c", "from cmlib import brand; print(brand.home()); print(*brand.slugs())"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[0] == str(Path(brand.__file__).parent.parent)
    assert "demo" in said.splitlines()[1]
