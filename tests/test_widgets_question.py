"""The question as forms: what is changed is asked at once, and kept on a click; the plan of a new network."""

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from cmlib import brand as brands
from cmlib import entry, i18n, platforms, schema
from cmlib.brand import Persona, Piece
from cmlib.errors import CmlibError
from cmlib.widgets.entering import Entering
from cmlib.widgets.question import PANELS, Question


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo, and a brand that has said nothing yet, in a home that may be written to."""
    shutil.copytree(demo_home / "data" / "brands", tmp_path / "data" / "brands")
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    brands.new("tea", "Tea House", timezone="Europe/Paris")
    i18n.use("en")
    yield tmp_path
    i18n.use("en")


class Asking:
    """A question, and how often the answer was looked at anew."""

    def __init__(self, slug: str = "demo", hours: float = 0.0, weights: str = "") -> None:
        self.times = 0
        self.question = Question(self.changed)
        self.question.use(slug, hours, weights)

    def changed(self) -> None:
        self.times += 1

    def field(self, called: str, panel: str = "", nth: int = 0) -> Any:
        """The field of that name: among the sliders, or in a panel."""
        box = self.question.panels[panel] if panel else self.question.box.children[1]
        return [one for one in every(box) if getattr(one, "description", "") == called][nth]

    def said(self) -> str:
        """What is said beneath the forms."""
        return "\n".join(one["data"]["text/plain"] for one in self.question.outcome.outputs)


def every(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def file(slug: str = "demo") -> str:
    return (brands.folder(slug) / "brand.toml").read_text(encoding="utf-8")


def test_each_field_shows_what_the_file_says_and_asks_nothing(home: Path) -> None:
    asked = Asking()
    assert asked.times == 0 and asked.question.draft == asked.question.saved == brands.load("demo")
    assert asked.field("Hours a week").value == asked.field("Hours a week", "means").value == 12
    assert asked.field("Your audience’s country", "means").value == "FR"
    assert asked.field("Budget a month (EUR)", "means").value == 600
    assert [asked.field("Name", "personas", nth).value for nth in range(3)] == [
        persona.name for persona in asked.question.saved.personas
    ]
    assert [asked.field(age, "personas").value for age in ("18–24", "25–34", "35–44")] == [False, True, True]
    assert asked.field("Video: hours", "pieces").value == 10
    assert not any(panel.children[0].value for panel in asked.question.panels.values()), "all are closed"
    assert asked.question.state.value == "All is saved in brand.toml."
    assert all(button.disabled for button in asked.question.buttons.children)


CHANGES: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("", "Hours a week", 20.0, {"hours_per_week": 20.0}),
    ("means", "Hours a week", 55.5, {"hours_per_week": 55.5}),
    ("means", "Your audience’s country", "DE", {"country": "DE"}),
    ("means", "Sector to compare with", "home decor", {"sector": "home decor"}),
    ("means", "Customers", "b2b", {"market": "b2b"}),
    ("means", "Budget a month (EUR)", 50.0, {"monthly_budget": 50.0}),
    ("means", "Set a maximum budget", False, {"monthly_budget": None}),
]  # fmt: skip


@pytest.mark.parametrize(("panel", "called", "value", "parts"), CHANGES, ids=lambda one: str(one)[:24])
def test_a_change_is_asked_at_once_and_saved_on_a_click(
    home: Path, panel: str, called: str, value: Any, parts: dict[str, Any]
) -> None:
    asked, before = Asking(), file()
    asked.field(called, panel).value = value
    after = replace(asked.question.saved, **parts)
    assert asked.question.instead()["brand"] == after and asked.times == 1
    assert file() == before and "Unsaved changes" in asked.question.state.value
    asked.question.buttons.children[0].click()
    assert brands.load("demo") == after and str(home) in asked.said()
    assert asked.question.state.value == "All is saved in brand.toml." and asked.times == 1
    comments = [line.partition("#")[2] for line in before.splitlines()]
    if parts != {"monthly_budget": None}:  # whose line goes, with what stands beside it
        assert comments == [line.partition("#")[2] for line in file().splitlines()]


def test_slider_and_field_say_the_same_hours(home: Path) -> None:
    asked = Asking()
    slider, field = asked.field("Hours a week"), asked.field("Hours a week", "means")
    field.value = 70.0
    assert (slider.value, slider.max, asked.question.draft.hours_per_week, asked.times) == (70, 70, 70, 1)
    slider.value = 0.0
    assert field.value == 0 and asked.question.draft.hours_per_week is None and asked.times == 2


def test_weights_count_alike_until_one_is_moved(home: Path) -> None:
    asked = Asking("tea")
    assert [asked.field(f"{name}".capitalize()).value for name in ("presence", "cost")] == [1, 1]
    asked.field("Cost").value = 3.0
    assert asked.question.draft.weights == dict.fromkeys(schema.CRITERIA, 1.0) | {"cost": 3.0}
    asked.field("Cost").value = 1.0
    assert asked.question.draft == asked.question.saved, "and are not said where they are alike again"


def test_a_weight_that_the_file_leaves_out_is_nothing(home: Path) -> None:
    path = brands.folder("tea") / "brand.toml"
    path.write_text('name = "Tea"\n[weights]\ncost = 2\n[objectives]\nsupport = 0\n', encoding="utf-8")
    asked = Asking("tea")
    assert asked.field("Presence").value == 0 and asked.field("Cost").value == 2
    asked.field("Presence").value = 1.0
    asked.field("Presence").value = 0.0
    assert asked.question.draft == asked.question.saved
    asked.question.panels["objectives"].children[1].children[0].children[0].value = 2.0
    assert asked.question.draft.objectives == {"awareness": 2.0, "support": 0.0}


def test_personas_are_added_described_and_removed(home: Path) -> None:
    asked = Asking("tea")
    asked.field("Add a persona", "personas").click()
    asked.field("Add a persona", "personas").click()
    assert [persona.name for persona in asked.question.draft.personas] == ["Persona 1", "Persona 2"]
    asked.field("Name", "personas").value = "  Tea   lovers "
    asked.field("Name", "personas", 1).value = " "
    asked.field("Weight", "personas").value = 3.0
    asked.field("How many people, if known", "personas").value = 400_000.0
    for age in ("25–34", "18–24"):
        asked.field(age, "personas").value = True
    asked.field("Women", "personas").value = True
    asked.field("Where they live", "personas").value = "urban"
    lovers = Persona("Tea lovers", 3.0, ("18-24", "25-34"), ("women",), "", "", "urban", 400_000.0)
    assert asked.question.draft.personas == (lovers, Persona("Persona 2"))
    asked.field("Remove Persona 2", "personas").click()
    asked.question.buttons.children[0].click()
    assert brands.load("tea").personas == (lovers,)


def test_two_personas_of_one_name_are_refused_and_nothing_is_lost(home: Path) -> None:
    asked = Asking()
    asked.field("Name", "personas").value = "restaurateurs"
    with pytest.raises(CmlibError, match="already called Restaurateurs"):
        asked.question.instead()
    asked.question.buttons.children[0].click()
    assert "restaurateurs" not in file() and "This could not be done" in asked.said()
    asked.field("Name", "personas").value = "Others"
    assert asked.question.instead()["brand"].personas[0].name == "Others" and asked.said() == ""


def test_a_kind_without_hours_and_cost_is_not_made(home: Path) -> None:
    asked = Asking()
    asked.field("Cost (EUR)", "pieces", schema.KINDS.index("poll")).value = 20.0
    asked.field("Article: hours", "pieces").value = 0.0
    after = asked.question.draft.pieces
    assert (
        after["poll"] == Piece(0.0, 20.0, "poll")
        and "article" not in after
        and after["video"] == Piece(10.0, 80.0, "video")
    )


def test_undo_goes_back_to_what_the_file_says_now(home: Path) -> None:
    asked = Asking()
    asked.field("Cost").value = 5.0
    path = brands.folder("demo") / "brand.toml"
    path.write_text(file().replace("hours_per_week = 12", "hours_per_week = 9"), encoding="utf-8")
    asked.question.buttons.children[0].click()
    assert "has changed since it was read" in asked.said() and asked.question.draft.weights["cost"] == 5
    asked.question.buttons.children[1].click()
    assert asked.question.draft == brands.load("demo") and asked.field("Hours a week").value == 9
    assert asked.field("Cost").value == 2 and asked.said() == "" and asked.times == 2


def test_what_was_begun_is_there_after_another_brand_and_in_another_language(home: Path) -> None:
    asked = Asking()
    asked.field("Cost").value = 5.0
    asked.question.use("tea")
    assert asked.question.draft == brands.load("tea")
    i18n.use("fr")
    asked.question.panels["personas"].children[0].value = True
    asked.question.use("tea")
    assert [name for name in PANELS if asked.question.panels[name].children[0].value] == ["personas"]
    asked.question.use("demo")
    assert asked.question.draft.weights["cost"] == 5 and asked.question.state.value.startswith(
        "Modifications"
    )
    assert not any(panel.children[0].value for panel in asked.question.panels.values())


def test_parameters_are_a_change_that_is_not_saved(home: Path) -> None:
    asked = Asking(hours=30.0, weights="presence=2, cost=1")
    assert asked.field("Hours a week").value == 30 and asked.field("Cost").value == 1
    assert asked.field("Formats").value == 0 and "Unsaved changes" in asked.question.state.value
    assert asked.question.instead() == {"brand": asked.question.draft, "hours": 0.0, "weights": ""}


def test_a_misspelt_weight_is_left_to_the_answer_until_something_is_asked(home: Path) -> None:
    asked = Asking(weights="presense=2")
    assert asked.question.instead() == {} and asked.field("Presence").value == 3
    asked.field("Presence").value = 2.0
    assert asked.question.instead()["brand"].weights["presence"] == 2 and asked.times == 1


def test_a_brand_that_is_none_has_no_form(home: Path) -> None:
    asked = Asking("tee")
    assert (
        asked.question.box.children == () and asked.question.instead() == {} and asked.question.lacks() == []
    )
    asked.question.use("tea")
    assert asked.question.box.children


def test_a_new_brand_is_led_to_its_first_answer(home: Path) -> None:
    """Each gap is said with the panel to fill it in, and goes when it is filled; none is opened meanwhile."""
    asked = Asking("tea")
    assert len(asked.question.lacks()) == 5 and "Choose the country" in asked.question.lacks()[0]
    assert asked.question.panels["means"].children[0].value, "the first of them is open"
    asked.field("Your audience’s country", "means").value = "FR"
    asked.field("Hours a week").value = 10.0
    asked.field("Add a persona", "personas").click()
    asked.field("Image: hours", "pieces").value = 1.5
    (left,) = asked.question.lacks()
    assert "objective" in left and not asked.question.panels["objectives"].children[0].value
    asked.question.panels["objectives"].children[1].children[0].children[0].value = 2.0
    assert asked.question.lacks() == []
    assert platforms.review(**asked.question.instead()).heading["brand"] == "Tea House"
    asked.question.buttons.children[0].click()
    said = tomllib.loads(file("tea"))
    assert said["hours_per_week"] == 10 and said["pieces"] == {"image": 1.5} and "# " in file("tea")


def test_a_value_that_no_list_has_stays(home: Path) -> None:
    path = brands.folder("tea") / "brand.toml"
    path.write_text('name = "Tea"\ncountry = "fr"\nsector = "Tea rooms"\n', encoding="utf-8")
    asked = Asking("tea")
    country, sector = (
        asked.field("Your audience’s country", "means"),
        asked.field("Sector to compare with", "means"),
    )
    assert (country.value, country.label, sector.value) == ("fr", "France", "Tea rooms")
    assert sum(label == "France" for label, _ in country.options) == 1
    asked.question.buttons.children[0].click()
    assert asked.question.draft == asked.question.saved == brands.load("tea")


# The plan of a new network


@pytest.fixture
def entering(home: Path) -> Entering:
    entering = Entering(lambda: None)
    entering.planned(platforms.review("demo"), entry.plans)
    return entering


def test_the_best_network_is_planned_until_another_is_chosen(entering: Entering) -> None:
    choice = platforms.review("demo")
    network, start, keep = entering.box.children
    assert network.value == entry.plans(choice)[0].network and start.value == choice.today
    assert not {"instagram", "viadeo"} & {value for _, value in network.options}, "in use, closed"
    network.value = "threads"
    (plan,) = entering.planned(choice, entry.plans)
    assert plan == entry.plan(choice, "threads")
    keep.click()
    (kept,) = entry.kept(brands.load("demo"))
    assert kept.network == "threads" and "threads.toml" in entering.outcome.outputs[0]["data"]["text/plain"]
    keep.click()
    assert "This could not be done" in entering.outcome.outputs[-1]["data"]["text/plain"]


def test_a_plan_begins_on_the_day_that_is_chosen(entering: Entering) -> None:
    choice = platforms.review("demo")
    entering.box.children[1].value = choice.today.replace(year=choice.today.year + 1)
    (plan,) = entering.planned(choice, entry.plans)
    assert plan.start.year == choice.today.year + 1
    entering.box.children[1].value = None
    assert entering.planned(choice, entry.plans)[0].start == choice.today


def test_the_form_of_a_plan_follows_the_language_and_the_brand(entering: Entering) -> None:
    entering.box.children[0].value = "threads"
    i18n.use("fr")
    entering.planned(platforms.review("demo"), entry.plans)
    said = [one.description for one in entering.box.children]
    assert said == ["Réseau", "Premier jour", "Enregistrer ce plan"]
    assert entering.box.children[0].value == "threads"
    entering.show(False)
    assert entering.box.layout.display == "none"
