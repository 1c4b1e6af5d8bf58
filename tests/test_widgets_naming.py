"""The card that asks what a file is: what is proposed, what follows from a choice, and what is kept."""

from pathlib import Path
from typing import Any

import pytest

from cmlib import brand as brands
from cmlib import i18n, importers, store
from cmlib.importers import own
from cmlib.widgets.naming import Naming

LIST = "Code;Posted;Hearts;Mood\nqz-10000001;25/10/2026;1.250;fine\nqz-10000002;03/11/2026;12;\n"


@pytest.fixture
def naming(home: Path) -> Naming:
    brands.new("tea", "Tea", timezone="Europe/Paris")
    i18n.use("en")
    changed: list[int] = []
    made = Naming(lambda: changed.append(1))
    made.told = changed  # type: ignore[attr-defined]
    return made


def file(text: str = LIST, name: str = "agency list.csv") -> importers.File:
    return importers.File(name, text.encode)


def words(output: Any) -> str:
    return "\n".join(one["data"]["text/plain"] for one in output.outputs)


def top(naming: Naming, label: str) -> Any:
    return next(one for one in naming.top.children if one.description == label)


def test_nothing_is_asked_where_nothing_is_strange(naming: Naming) -> None:
    assert naming.box.layout.display == "none"
    naming.use("tea", [file("<html>", "page.csv"), file("", "nothing.csv")])
    assert naming.box.layout.display == "none", "of what is no table the refusal is all there is to say"


def test_a_file_is_named_column_by_column_and_imported(naming: Naming) -> None:
    naming.use("tea", [file()])
    assert naming.box.layout.display is None and "agency list.csv" in naming.head.children[0].value
    values = {header: field.value for header, (field, _) in naming.chosen.items()}
    assert values == {"Code": "post_id", "Posted": "published_at", "Hearts": "reactions", "Mood": ""}
    assert "day first" in naming.chosen["Posted"][1].value
    assert "Of which network" in words(naming.lacks) and not naming.shown.outputs
    top(naming, "Network").value = "instagram"
    assert "Whose is it?" in words(naming.lacks) and "qz-10000001" in words(naming.shown)
    naming._save()
    assert not own.folder("tea").exists() and "First say" in words(naming.outcome)
    top(naming, "Account").value = "tea.house"
    assert not words(naming.lacks).strip() and "2 rows would be read" in words(naming.shown)
    naming._save()
    assert own.load(own.folder("tea") / "agency_list.toml").account == "tea.house"
    assert store.sources("tea")["format"].tolist() == ["agency_list"] and naming.told == [1]
    assert "imported" in words(naming.outcome) and naming.card.layout.display == "none"
    (undo,) = naming.back.children
    undo.click()
    assert not own.folder("tea").joinpath("agency_list.toml").exists() and store.sources("tea").empty
    assert "agency_list.toml is gone" in words(naming.outcome) and not naming.back.children
    assert naming.card.layout.display is None and naming.said.account == "tea.house"
    naming._save()
    assert len(store.sources("tea")) == 1 and naming.told == [1, 1, 1]


def test_a_choice_moves_what_another_column_had_and_keeps_the_fields(naming: Naming) -> None:
    naming.use("tea", [file("Code;Posted;Likes;Hearts\nqz-10000001;25/10/2026;5;7\n")])
    before = dict(naming.chosen)
    assert naming.chosen["Likes"][0].value == "reactions" and naming.chosen["Hearts"][0].value == ""
    naming.chosen["Hearts"][0].value = "reactions"
    assert naming.chosen == before, "the keyboard's focus stays where it is"
    assert naming.chosen["Likes"][0].value == "" and "already" in naming.chosen["Likes"][1].value
    top(naming, "The rows are").value = "days"
    assert naming.chosen["Likes"][0].value == "reactions", "what was said was said of another table"


def test_what_no_column_says_is_said_for_all_rows(naming: Naming) -> None:
    naming.use("tea", [file("Impressions,Likes,Caption\n120,5,Tea\n90,4,Cake\n", "x.csv")])
    top(naming, "Network").value = "instagram"
    (field,) = naming.same.children
    assert "published_at" in field.description
    field.value = "soon"
    assert "2026-12-01" in words(naming.outcome)
    field.value = "2026-10-31"
    assert naming.same.children == (field,) and not naming.outcome.outputs
    assert "one day" in words(naming.lacks) and "2 rows" in words(naming.shown)


def test_files_are_asked_for_one_after_the_other_and_can_be_put_off(naming: Naming) -> None:
    naming.use("tea", [file(), file("Handle,Date,Fans\na,2026-10-01,5\n", "fans.csv")])
    assert "1 of 2" in naming.head.children[1].value
    naming._later()
    assert "fans.csv" in naming.head.children[0].value and "2 of 2" in naming.head.children[1].value
    naming._later()
    assert naming.box.layout.display == "none" and not own.folder("tea").exists()


def test_the_card_speaks_the_language_of_the_page(naming: Naming) -> None:
    naming.use("tea", [file()])
    top(naming, "Network").value = "instagram"
    with i18n.speaking("fr"):
        naming.use("tea")
        assert top(naming, "Réseau").value == "instagram", "what was said stays"
    brands.new("coffee")
    naming.use("coffee")
    assert naming.box.layout.display == "none", "the files are another brand's"
