"""A brand is saved into a file that people write: only what changes is written, whole or not at all."""

import os
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmlib import brand, brandfile, schema
from cmlib.brand import Brand, Persona, Piece
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking

FILE = """\
# head
name = "Tea"   # the name
market="b2b"# tight
hours_per_week = 12  # all together

# Targets
[goals]
followers = 3

# Whom: one block each
[[personas]]
name = "Town" # first
weight = 2
ages = [
  "25-34", # the young
  "35-44",
]  # bands

# The second ones
[[personas]]
name = "Students"
  genders = ["women"]   # indented

# on its own

[[personas]]
name = "Guests"
# at the end of the guests

# Its accounts
[[accounts]]
network = "instagram"
handle = "tea"

[objectives]
awareness = 3  # seen
community = 1  # met

[pieces]  # hours
image = 1.5
short_video = { hours = 4, cost = 30 }   # with an editor
# below
"""
STRINGS = "name = \"\"\"Tea\n[objectives] # no\n\"\"\"\nsector = '''it's\n# no'''\n"
EXPLAINED = ("# head", "# Targets\n[goals]", "# Whom", "# on its own\n", "# Its accounts\n[[accounts]]")
Change = Callable[[Brand], dict[str, Any]]


@pytest.fixture
def path(home: Path) -> Path:
    made = home / "data" / "brands" / "tea" / "brand.toml"
    made.parent.mkdir(parents=True)
    return made


def saved(path: Path, change: Change, text: str = FILE) -> str:
    """What the file says after the change, read back."""
    path.write_bytes(text.encode("utf-8"))
    before = brand.load("tea")
    after = replace(before, **change(before))
    assert brand.save(before, after) == path.resolve()
    assert brand.load("tea") == after
    assert [p.name for p in path.parent.iterdir()] == ["brand.toml"]
    return path.read_bytes().decode("utf-8")


def people(*who: int | Persona) -> Change:
    return lambda b: {"personas": tuple(b.personas[one] if isinstance(one, int) else one for one in who)}


KEYS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {}),
    ({"name": 'Thé "1"'}, {'name = "Tea"   #': 'name = "Thé \\"1\\""   #'}),
    ({"market": "both"}, {'market="b2b"# tight': 'market="both"# tight'}),
    ({"hours_per_week": 10.5}, {"= 12  #": "= 10.5  #"}),
    ({"hours_per_week": 0.0}, {"= 12  #": "= 0  #"}),
    ({"hours_per_week": None}, {"hours_per_week = 12  # all together\n": ""}),
    (
        {"sector": "tea shop", "country": "FR", "language": "fr", "timezone": "Europe/Paris"},
        {
            "all together\n": 'all together\nsector = "tea shop"\ncountry = "FR"\nlanguage = "fr"\n'
            'timezone = "Europe/Paris"\n'
        },
    ),
    (
        {"monthly_budget": 600.0, "currency": "CHF"},
        {"all together\n": 'all together\nmonthly_budget = 600\ncurrency = "CHF"\n'},
    ),
    (
        {"objectives": {"awareness": 0.25, "support": 2.0}},
        {"awareness = 3  # seen\ncommunity = 1  # met\n": "awareness = 0.25  # seen\nsupport = 2\n"},
    ),
    (
        {"pieces": {"image": Piece(2.0, 5.0), "short_video": Piece(4.0), "text": Piece(0.5)}},
        {
            "image = 1.5\n": "image = {hours = 2, cost = 5}\n",
            "short_video = { hours = 4, cost = 30 }   #": "short_video = 4   #",
            "editor\n": "editor\ntext = 0.5\n",
        },
    ),
    (
        {"weights": {"presence": 1.0, "cost": 0.0}},
        {"# below\n": "# below\n\n[weights]\npresence = 1\ncost = 0\n"},
    ),
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "mark"])
@pytest.mark.parametrize(("change", "edits"), KEYS)
def test_only_what_changes_is_written(
    path: Path, change: dict[str, Any], edits: dict[str, str], mark: str, ends: str
) -> None:
    expected = FILE
    for old, new in edits.items():
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    made = saved(path, lambda b: change, mark + FILE.replace("\n", ends))
    assert made == mark + expected.replace("\n", ends)


def cut(begin: str, end: str) -> str:
    """The file without what stands from one text up to another."""
    return FILE[: FILE.index(begin)] + FILE[FILE.index(end) :]


NEW = Persona("New", 0.0, ("65+", "13-17"), ("men",), "graduate", "high", "rural", 5e6)
NEW_BLOCK = """[[personas]]
name = "New"
weight = 0
ages = ["65+", "13-17"]
genders = ["men"]
education = "graduate"
income = "high"
setting = "rural"
people = 5000000
"""


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (people(1, 2), cut('[[personas]]\nname = "Town"', "\n# The second ones")),
        (people(0, 2), cut("# The second ones", "# on its own")),
        (people(0, 1), cut('[[personas]]\nname = "Guests"', "# Its accounts")),
        (people(0, 1, 2, NEW), FILE.replace("of the guests\n", f"of the guests\n\n{NEW_BLOCK}")),
        (
            people(0, 2, Persona("New")),
            cut("# The second ones", "# on its own").replace(
                "of the guests\n", 'of the guests\n\n[[personas]]\nname = "New"\nweight = 1\n'
            ),
        ),
    ],
    ids=["first goes", "second goes", "last goes", "new", "one goes and one comes"],
)
def test_a_persona_goes_with_its_comments_and_a_new_one_comes_last(
    path: Path, change: Change, expected: str
) -> None:
    assert saved(path, change) == expected


def test_when_all_personas_go_what_explains_them_stays(path: Path) -> None:
    made = saved(path, people())
    assert "[[personas]]" not in made and "# first" not in made and "# The second ones" not in made
    assert "# Whom: one block each\n\n# on its own\n\n# Its accounts\n" in made


def test_a_persona_that_changes_keeps_its_comments_and_those_inside_a_list_move_above_it(path: Path) -> None:
    def change(b: Brand) -> dict[str, Any]:
        town, students, guests = b.personas
        town = replace(town, weight=2.5, ages=("18-24",))
        return {"personas": (town, replace(students, name="Pupils", genders=(), people=10.0), guests)}

    inside = '  "25-34", # the young\n  "35-44",\n]'
    expected = FILE.replace("weight = 2\n", "weight = 2.5\n")
    expected = expected.replace(f"ages = [\n{inside}", '# the young\nages = ["18-24"]')
    expected = expected.replace('"Students"\n  genders = ["women"]   # indented', '"Pupils"\npeople = 10')
    assert saved(path, change) == expected


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (NEW, 0, 1, 2), (2, NEW, 0), (NEW, 1), (NEW,)])
def test_personas_in_another_order_take_their_comments_along(
    path: Path, order: tuple[int | Persona, ...]
) -> None:
    made = saved(path, people(*order))
    own = ('name = "Town" # first\n', "# The second ones\n[[personas]]", "# at the end of the guests\n")
    assert [nth for nth, comment in enumerate(own) if comment in made] == sorted(
        nth for nth in order if isinstance(nth, int)
    )
    assert all(comment in made for comment in EXPLAINED)


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ('name = "Tea"', people(Persona("A")), 'name = "Tea"\n\n[[personas]]\nname = "A"\nweight = 1\n'),
        (
            'name = "Tea"\npersonas = [ # whom\n  {name="A"}, # a\n] # end\n',
            people(Persona("B")),
            'name = "Tea"\n# whom\n# a\npersonas = [{name = "B", weight = 1}] # end\n',
        ),
        (
            'name = "Tea"\nobjectives.awareness = 1 # a\nrate = "x"\n',
            lambda b: {"objectives": {"awareness": 2.0, "support": 1.0}},
            'name = "Tea"\nobjectives.awareness = 2 # a\nobjectives.support = 1\nrate = "x"\n',
        ),
        (
            'name = "Tea"\npieces = { image = 1, video = { hours = 3 } } # p\n',
            lambda b: {"pieces": {"image": Piece(2.0), "video": Piece(3.0, 1.0)}},
            'name = "Tea"\npieces = { image = 2, video = {hours = 3, cost = 1} } # p\n',
        ),
        (
            'name = "Tea"\n[pieces.video]\nhours = 3\n# more\n\n[goals]\nposts = 1\n',
            lambda b: {"pieces": {"video": Piece(4.0)}},
            'name = "Tea"\n# more\n\n[goals]\nposts = 1\n\n[pieces]\nvideo = 4\n',
        ),
        (
            STRINGS + "[objectives]",
            lambda b: {"objectives": {"support": 1.0}},
            STRINGS + "[objectives]\nsupport = 1\n",
        ),
    ],
    ids=["short", "list", "dotted", "inline", "subsection", "strings"],
)
def test_a_file_may_say_it_in_other_ways(path: Path, text: str, change: Change, expected: str) -> None:
    assert saved(path, change, text) == expected


def refused(path: Path, before: Brand, after: Brand) -> CmlibError:
    """Saying no leaves every byte, and nothing beside the file."""
    data = path.read_bytes()
    with pytest.raises(CmlibError, match=r"brand\.toml") as problem:
        brand.save(before, after)
    assert path.read_bytes() == data
    assert [p.name for p in path.parent.iterdir() if not p.is_dir()] == ["brand.toml"]
    return problem.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_has_changed_meanwhile_is_left_as_it_is(path: Path, language: str) -> None:
    path.write_text(FILE, encoding="utf-8")
    before = brand.load("tea")
    after = replace(before, market="b2c")
    path.write_text(FILE.replace("followers = 3", "followers = 4"), encoding="utf-8")
    with speaking(language):
        assert refused(path, before, after).key == "brand_changed_meanwhile"
        assert refused(path, before, before).key == "brand_changed_meanwhile"  # to change nothing, too
    path.write_text("# only a comment more\n" + FILE, encoding="utf-8")
    brand.save(before, after)
    assert brand.load("tea") == after


def test_a_file_that_changes_while_it_is_saved_is_left_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(FILE, encoding="utf-8")
    before = brand.load("tea")
    newer = FILE.replace("followers = 3", "followers = 4")
    amended = brandfile.amended

    def meanwhile(*args: Any) -> bytes:
        path.write_text(newer, encoding="utf-8")
        return amended(*args)

    monkeypatch.setattr(brandfile, "amended", meanwhile)
    with pytest.raises(CmlibError) as problem:
        brand.save(before, replace(before, market="b2c"))
    assert problem.value.key == "brand_changed_meanwhile"
    assert path.read_text(encoding="utf-8") == newer


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"goals": {"followers": 4}}, "something else than the question"),
        ({"slug": "coffee"}, "something else than the question"),
        ({"personas": (Persona("A", -1.0),)}, "weight is -1"),
        ({"personas": (Persona("A"), Persona("a"))}, "already called a"),
        ({"personas": (Persona("A", ages=("1-2",)),)}, "age band"),
        ({"weights": {"presence": float("nan")}}, "a number"),
        ({"pieces": {"song": Piece(1.0)}}, "kind of post"),
        ({"name": ""}, "name is missing"),
        ({"name": "\ud800"}, "utf-8"),
        ({"market": "b2d"}, "market"),
    ],
)
def test_what_could_not_be_loaded_again_is_not_saved(path: Path, change: dict[str, Any], said: str) -> None:
    path.write_text(FILE, encoding="utf-8")
    before = brand.load("tea")
    problem = refused(path, before, replace(before, **change))
    assert problem.key == "brand_not_saved" and said in str(problem)


def test_a_link_is_followed_and_the_rights_of_the_file_stay(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "kept elsewhere.toml"
    real.write_text(FILE, encoding="utf-8")
    real.chmod(0o640)
    path.symlink_to(real)
    before = brand.load("tea")
    assert brand.save(before, replace(before, market="b2c")) == real.resolve()
    assert path.is_symlink() and 'market="b2c"# tight' in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_file_that_may_not_be_written_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(FILE, encoding="utf-8")
    before = brand.load("tea")
    after = replace(before, market="b2c")
    path.chmod(0o444)
    assert refused(path, before, after).key == "unwritable"
    path.chmod(0o644)

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in str(refused(path, before, after))


def test_no_brand_is_none_to_save(home: Path) -> None:
    with pytest.raises(CmlibError, match="brand"):
        brand.save(Brand("tea", "Tea"), Brand("tea", "Coffee"))


amounts = st.floats(0, allow_infinity=False)
personas = st.lists(
    st.builds(
        Persona,
        name=st.text(min_size=1, max_size=8).filter(lambda name: name.strip().lstrip("@")),
        weight=amounts,
        ages=st.lists(st.sampled_from(schema.AGES), unique=True).map(tuple),
        genders=st.lists(st.sampled_from(schema.GENDERS), unique=True).map(tuple),
        education=st.sampled_from(("", *schema.EDUCATIONS)),
        income=st.sampled_from(("", *schema.INCOMES)),
        setting=st.sampled_from(("", *schema.SETTINGS)),
        people=st.none() | amounts,
    )
    | st.sampled_from([Persona("Town", 2, ("25-34", "35-44")), Persona("Students"), Persona("Guests")]),
    max_size=5,
    unique_by=lambda persona: persona.name.strip().lstrip("@").casefold(),
).map(tuple)
questions = st.fixed_dictionaries(
    {
        "name": st.text(min_size=1),
        "sector": st.text(max_size=5),
        "country": st.sampled_from(("", "FR")),
        "market": st.sampled_from(schema.MARKETS),
        "hours_per_week": st.none() | amounts,
        "monthly_budget": st.none() | amounts,
        "currency": st.text(min_size=1, max_size=3),
        "personas": personas,
        "objectives": st.dictionaries(st.sampled_from(schema.OBJECTIVES), amounts),
        "pieces": st.dictionaries(st.sampled_from(schema.KINDS), st.builds(Piece, amounts, amounts)),
        "weights": st.dictionaries(st.sampled_from(schema.CRITERIA), amounts),
    }
)
LAYOUTS = (
    FILE,
    'name = "Tea"',
    'name = "Tea"\r\npersonas = [\r\n{name = "Town"}, # t\r\n]\r\npieces = { image = 1 }\r\n[weights]\r\n',
    'objectives.support = 1 # o\npieces.video.hours = 1\nname = "Tea"\n[pieces.image]\nhours = 2\n# end',
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layout=st.sampled_from(LAYOUTS), first=questions, second=questions)
def test_any_question_saved_is_the_one_that_is_loaded(
    path: Path, layout: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    path.write_bytes(layout.encode("utf-8"))
    for question in (first, second, second):
        before = brand.load("tea")
        after = replace(before, **question)
        brand.save(before, after)
        assert brand.load("tea") == after
    assert tomllib.loads(path.read_text(encoding="utf-8"))["name"] == second["name"]
    text = path.read_text(encoding="utf-8")
    assert all(comment in text for comment in EXPLAINED if comment in layout)
