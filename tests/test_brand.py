"""brand.toml: what is right is loaded, what is wrong is told with its line, and no path leaves its folder."""

import re
import subprocess
import sys
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from cmlib import brand
from cmlib.brand import Account, Blackout, Brand, Lead, Member, Moment, Persona, Piece, Spacing
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
    assert (
        full.pieces["case_study"] == Piece(6, 0, "article")
        and full.quiet
        and full.holidays == ("FR", "FR-57")
    )
    assert full.team[0].days == (0, 1, 3) and full.team[0].off[1] == (date(2026, 11, 30),) * 2
    assert (
        full.lead.before == 5
        and full.spacing == Spacing(18, 1, 3)
        and full.mix == {"short_video": (0.1, 0.4)}
    )
    assert full.cadence == {"instagram": (3, 5), "linkedin": (1, 1)} and full.catch["black_friday"] == 2
    assert full.messages.goal_hours == 4 and full.messages.hours[-1] == (5, time(10), time(16))
    assert not full.messages.keep_texts
    assert full.moments[0].value == 3 and full.blackouts[0].last == date(2027, 1, 1)


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


CALENDAR = """\
name = "Tea"
hours_per_week = 40
holidays = ["FR", "FR-57"]
quiet = ["22:00-07:00", "12:30-13:00"]

[pillars]
"le thé" = 0.5
equipe = 0.25

[pieces]
image = 1.5
infographic = { hours = 3, kind = "image" }
photo = 0.5
carousel = { hours = 2.5, again = 0.5 }

[[team]]
name = "Inès"
hours_per_week = 8
days = ["tue", "mon"]
off = ["2026-12-24/2027-01-02", "2026-11-30"]
makes = ["carousel", "photo"]
email = "ines@example.org"

[[team]]
name = "Malo"
hours_per_week = 4

[lead]
draft = 2
review = 1
approval = 1

[cadence]
instagram = { min = 3, max = 5 }
facebook = 2

[mix]
carousel = { min = 0.1 }

[spacing]
hours = 18
per_day_all = 3

[catch]
black_friday = 2

[[moments]]
name = "Portes ouvertes"
kind = "event"
first = 2026-12-05
last = 2026-12-06
value = 3
networks = ["instagram"]

[[moments]]
name = "Cuvée"
kind = "launch"
first = 2026-12-12

[[blackouts]]
name = "Inventaire"
first = 2026-12-31
last = 2027-01-01
"""


def test_what_the_editorial_calendar_keeps_to_is_loaded(home: Path) -> None:
    write(home, CALENDAR)
    tea = brand.load("tea")
    assert (tea.holidays, tea.quiet[0]) == (("FR", "FR-57"), (time(22), time(7)))
    assert (tea.pillars, tea.shares) == (("le thé", "equipe"), {"le thé": 0.5, "equipe": 0.25})
    off = (date(2026, 12, 24), date(2027, 1, 2)), (date(2026, 11, 30), date(2026, 11, 30))
    assert tea.team == (
        Member("Inès", 8, (0, 1), off, ("carousel", "photo"), "ines@example.org"),
        Member("Malo", 4),
    )
    assert (tea.people, tea.weekly_hours, tea.hours_per_week) == (tea.team, 12, 40)
    assert tea.lead == Lead(0, 2, 1, 1) and (tea.lead.before, tea.lead.after_draft) == (4, 2)
    assert tea.cadence == {"instagram": (3, 5), "facebook": (2, 2)} and tea.mix == {"carousel": (0.1, 1)}
    assert tea.spacing == Spacing(18, 1, 3) and tea.catch == {"black_friday": 2}
    assert tea.moments == (
        Moment("Portes ouvertes", "event", date(2026, 12, 5), date(2026, 12, 6), 3, ("instagram",)),
        Moment("Cuvée", "launch", date(2026, 12, 12), date(2026, 12, 12), 2),
    )
    assert tea.blackouts == (Blackout("Inventaire", date(2026, 12, 31), date(2027, 1, 1)),)


def test_a_piece_is_of_a_kind_and_of_each_kind_one_is_taken_where_one_is_asked_for(home: Path) -> None:
    write(home, CALENDAR)
    pieces = brand.load("tea").pieces
    assert {name: piece.kind for name, piece in pieces.items()} == {
        "image": "image", "infographic": "image", "photo": "image", "carousel": "carousel",
    }  # fmt: skip
    assert pieces["carousel"].adapted == 0.5 and pieces["infographic"].adapted == pytest.approx(0.6)
    assert brand.load("tea").made == {"image": pieces["image"], "carousel": pieces["carousel"]}
    other = Brand("t", "T", pieces={"infographic": Piece(3), "photo": Piece(0.5)})
    assert other.made == {"image": Piece(0.5, kind="image")}


def test_who_says_no_rule_has_none_and_no_team_is_somebody_without_a_name(home: Path) -> None:
    write(home, 'name = "Tea"\nhours_per_week = 5')
    tea = brand.load("tea")
    assert (tea.people, tea.weekly_hours) == ((Member("", 5),), 5)
    assert (tea.team, tea.cadence, tea.mix, tea.moments, tea.blackouts, tea.quiet) == ((), {}, {}, (), (), ())
    assert (tea.lead.before, tea.spacing) == (0, Spacing(12, 1, None))
    assert Brand("t", "T").people == (Member("", None),) and Brand("t", "T").weekly_hours is None
    write(home, 'name = "Tea"\n[[team]]\nname = "A"\nhours_per_week = 3\n[[team]]\nname = "B"')
    assert (brand.load("tea").weekly_hours, brand.load("tea").hours_per_week) == (None, None)
    write(home, 'name = "Tea"\n[[team]]\nname = "A"\nhours_per_week = 3')
    assert (brand.load("tea").weekly_hours, brand.load("tea").hours_per_week) == (3, 3)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ('["FR", "FR-57"]', '["France"]', 3, "capitals"),
        ('["FR", "FR-57"]', "[33]", 3, "a text"),
        ('"12:30-13:00"', '"12:30-25:00"', 4, "two hours"),
        ('"12:30-13:00"', '"12:30-12:30"', 4, "two hours"),
        ("equipe = 0.25", "equipe = 0.75", 6, "add up to 1.25"),
        ("equipe = 0.25", "equipe = -1", 8, "0 or more"),
        ('kind = "image" }', 'kind = "imag" }', 12, "Nearest: image"),
        ('infographic = { hours = 3, kind = "image" }', "infografic = 3", 12, "Nearest: infographic"),
        ("again = 0.5", "agian = 0.5", 14, "Nearest: again"),
        ("again = 0.5", "again = -1", 14, "0 or more"),
        ("hours = 2.5, ", "", 14, "hours is missing"),
        ("image = 1.5", 'image = { hours = 1, kind = "video" }', 11, "left out"),
        ('name = "Malo"', 'name = "inès"', 25, "already called inès"),
        ('name = "Malo"', 'nam = "Malo"', 25, "Nearest: name"),
        ('name = "Malo"\n', "", 24, "name is missing"),
        ('["tue", "mon"]', '["tues"]', 19, "Nearest: tue"),
        ('"2026-11-30"]', '"2026-11-31"]', 20, "a day or days"),
        ("2026-12-24/2027", "2027-12-24/2027", 20, "a day or days"),
        ('"photo"]', '"foto"]', 21, "Nearest: photo"),
        ("ines@example.org", "ines", 22, "an address"),
        ("draft = 2", "draft = 1.5", 29, "a whole number of days"),
        ("draft = 2", "daft = 2", 29, "Nearest: draft"),
        ("instagram = {", "instagramm = {", 34, "Nearest: instagram"),
        ("min = 3, max = 5", "min = 6, max = 5", 34, "the smaller one first"),
        ("min = 3, max = 5", "mni = 3, max = 5", 34, "Nearest: min"),
        ("facebook = 2", 'facebook = "2"', 35, "a number"),
        ("carousel = { min = 0.1 }", "carousel = { min = 1.1 }", 38, "from 0 to 1"),
        ("carousel = { min = 0.1 }", "carousel = 0.7\nimage = 0.4", 37, "add up to 1.1"),
        ("per_day_all = 3", "per_day_all = 0", 42, "a whole number"),
        ("black_friday = 2", "black_friday = -2", 45, "0 or more"),
        ('kind = "event"', 'kind = "evnt"', 49, "Nearest: event"),
        ('kind = "event"\n', "", 47, "kind is missing"),
        ("first = 2026-12-05", 'first = "2026-12-05"', 50, "a day, without quotes"),
        ("first = 2026-12-05", "first = 2026-12-05T10:00:00", 50, "a day, without quotes"),
        ("last = 2026-12-06", "last = 2026-12-04", 51, "not before first"),
        ('networks = ["instagram"]', 'networks = ["insta"]', 53, "Nearest: instagram"),
        ("first = 2026-12-31\n", "", 60, "first is missing"),
        ("[[blackouts]]", "[blackouts]", 60, r"\[\[blackouts\]\] blocks"),
        ("[[blackouts]]", "[[blackout]]", 60, "Nearest: blackouts"),
    ],
)
def test_a_rule_that_is_wrong_is_told_with_its_line(
    home: Path, right: str, wrong: str, line: int, said: str
) -> None:
    assert CALENDAR.count(right) == 1
    write(home, CALENDAR.replace(right, wrong))
    with pytest.raises(CmlibError, match=rf"(?s)brand\.toml, line {line}\b.*{said}"):
        brand.load("tea")


def test_a_day_of_absence_may_stand_without_quotes_and_pillars_in_a_list(home: Path) -> None:
    write(home, 'name = "Tea"\npillars = ["a"]\n[[team]]\nname = "A"\noff = [2026-11-30]')
    tea = brand.load("tea")
    assert (tea.pillars, tea.shares) == (("a",), {})
    assert tea.team[0].off == ((date(2026, 11, 30), date(2026, 11, 30)),)


def test_it_says_where_a_brand_says_something(home: Path) -> None:
    write(home, CALENDAR)
    assert brand.stands("tea", "black_friday", "catch").endswith("line 45")
    assert brand.stands("tea", "holidays").endswith("line 3")
    assert brand.stands("nobody", "holidays").endswith("brand.toml")


def test_how_messages_are_answered_is_loaded(home: Path) -> None:
    write(
        home,
        'name = "Tea"\n[messages]\nkeep_texts = true\nvoices = ["Ines (Tea House)"]\n'
        'hours = ["mon-tue 09:00-18:00", "SAT 10:00-16:30"]\ngoal_hours = 4\n'
        '[[accounts]]\nnetwork = "instagram"\nhandle = "tea.house"\nname = "Tea House"\n'
        '[[accounts]]\nnetwork = "instagram"\nhandle = "coffee"\nrival = true\n',
    )
    tea = brand.load("tea")
    assert tea.messages == brand.Desk(
        keep_texts=True,
        voices=("Ines (Tea House)",),
        hours=((0, time(9), time(18)), (1, time(9), time(18)), (5, time(10), time(16, 30))),
        goal_hours=4.0,
    )
    for name, own in {
        "@Tea.House": True,
        "tea house": True,
        "INES (Tea House)": True,
        "coffee": False,
        "": False,
    }.items():
        assert tea.speaks(name) is own, name
    write(home, 'name = "Tea"\n')
    assert brand.load("tea").messages == brand.Desk()


@pytest.mark.parametrize(
    "line",
    [
        'hours = "mon 09:00-18:00"', 'hours = ["monday 09:00-18:00"]', 'hours = ["mon 18:00-09:00"]',
        'hours = ["fri-mon 09:00-18:00"]', 'hours = ["mon 9h-18h"]', "hours = [9]", 'goal_hours = "4"',
        "goal_hours = -1", 'keep_texts = "yes"', "voices = [3]", 'voice = ["Ines"]',
    ],
)  # fmt: skip
def test_what_is_wrong_in_how_messages_are_answered_is_told_with_its_line(home: Path, line: str) -> None:
    write(home, f'name = "Tea"\n[messages]\n{line}\n')
    with pytest.raises(CmlibError) as problem:
        brand.load("tea")
    assert "line 3" in str(problem.value) and line.split(" ")[0] in str(problem.value)
