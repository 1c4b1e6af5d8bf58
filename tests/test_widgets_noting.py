"""The grid of notes: what is typed is kept on a click as one file, and taken back on another."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import pytest

from cmlib import brand as brands
from cmlib import i18n, landscape, notes, store, widgets
from cmlib.widgets.noting import Noting

ACCOUNTS = """
[[accounts]]
network = "facebook"
handle = "Tea House"

[[accounts]]
network = "web"
handle = "tea.example"

[[accounts]]
network = "instagram"
handle = "=1+1"
name = 'Rival "One", <b>'
rival = true
"""


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo, and a brand without data, in a home that may be written to, where somebody looks."""
    shutil.copytree(demo_home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    monkeypatch.setenv("JPY_SESSION_NAME", "competitors.ipynb")
    monkeypatch.setattr(widgets.page, "display", lambda *things: None)
    path = brands.new("tea", "Tea House", timezone="Europe/Paris")
    path.write_text(path.read_text(encoding="utf-8") + ACCOUNTS, encoding="utf-8")
    yield tmp_path
    i18n.use("en")


class Typing:
    """The grid as somebody uses it, and how often everything was shown anew."""

    def __init__(self, slug: str = "tea") -> None:
        self.times = 0
        self.noting = Noting(self.changed)
        self.noting.use(slug)

    def changed(self) -> None:
        self.times += 1

    def field(self, nth: int, name: str) -> ipywidgets.Text:
        """In the row of an account: rivals first."""
        return list(self.noting.rows.values())[nth][name]

    def type(self, nth: int, **typed: str) -> None:
        for name, value in typed.items():
            self.field(nth, name).value = value

    def typed(self, nth: int) -> dict[str, str]:
        return {name: self.field(nth, name).value for name in notes.FIGURES}

    def click(self, nth: int = 0) -> str:
        """Keep (0) or take back (1); what is said then."""
        self.noting.buttons.children[nth].click()
        return self.said

    @property
    def said(self) -> str:
        return "\n".join(one["data"]["text/plain"] for one in self.noting.outcome.outputs)

    def hints(self, nth: int) -> list[str]:
        """What stands under the name and under the fields of a row."""
        whose, *cells = self.row(nth).children
        return [
            whose.children[1].value,
            *(cell.children[1].value for cell in cells if len(cell.children) > 1),
        ]

    def row(self, nth: int) -> ipywidgets.GridBox:
        panels = self.noting.panels.values()
        return [row for panel in panels for row in panel.children[1].children[0].children][nth]


def inbox(slug: str = "tea") -> list[str]:
    folder = brands.folder(slug) / "inbox"
    return sorted(path.name for path in folder.glob("noted*"))


def values(slug: str = "tea") -> list[float]:
    tables = store.load(brands.load(slug))
    return [*tables["days"]["value"], *tables["totals"]["value"]]


def today() -> str:
    return str(pd.Timestamp.now("Europe/Paris").date())


# Rows


def test_rivals_come_first_and_a_site_has_no_profile(home: Path) -> None:
    typing = Typing()
    assert [of.handle for of in typing.noting.rows] == ["=1+1", "Tea House"]
    assert [panel.children[0].value for panel in typing.noting.panels.values()] == [True, True]
    assert [field.description for field in typing.noting.rows[next(iter(typing.noting.rows))].values()] == [
        "Day", "Followers", "Posts", "Reactions", "Comments", "Shares",
    ]  # fmt: skip
    assert typing.row(0).children[0].children[0].value == 'Rival "One", <b>'


def test_own_accounts_are_folded_where_there_are_many(home: Path) -> None:
    typing = Typing("demo")
    assert [panel.children[0].description for panel in typing.noting.panels.values()] == [
        "Rivals’ accounts (4)", "Your own accounts (5)",
    ]  # fmt: skip
    assert [panel.children[0].value for panel in typing.noting.panels.values()] == [True, False]
    typing.type(5, followers="7")
    typing.noting.use("demo")
    assert typing.noting.panels["own"].children[0].value, "something is typed there"


def test_the_last_that_is_known_stands_beneath(home: Path) -> None:
    typing = Typing("demo")
    where, followers = typing.hints(0)
    assert followers == "24,641 on 31 Oct 2026" and where.startswith("Instagram. Counted from 1 ")
    typing.type(0, day="2026-10-31", posts="14", reactions="300")
    assert typing.hints(0)[0] == "Instagram. Counted from 1 Oct 2026 on."
    typing.type(0, day="yesterday")
    assert "no day" in typing.hints(0)[0]
    typing.type(0, day="2026-10-31")
    typing.click()
    assert typing.hints(0)[1:] == ["24,641 on 31 Oct 2026", "14 in 31 days", "300 in 31 days"]


def test_a_brand_that_names_no_account_is_told_where(home: Path) -> None:
    path = brands.new("new", "New")
    typing = Typing("new")
    (hint,) = typing.noting.grid.children
    assert str(path) in hint.value and not typing.noting.buttons.children
    path.write_text("nam = 1", encoding="utf-8")
    typing.noting.use("new")
    assert not typing.noting.grid.children and not typing.noting.buttons.children
    typing.noting.use("tea")
    assert len(typing.noting.rows) == 2 and typing.noting.buttons.children


# Keeping and taking back


def test_all_that_is_typed_is_kept_as_one_file(home: Path) -> None:
    typing = Typing()
    typing.type(0, day="2026-03-18", followers="21.4k", posts="4")
    typing.type(1, followers=" 1 200 ")
    said = typing.click()
    assert inbox() == [f"noted_{today()}.csv"] and sorted(values()) == [4, 1200, 21400]
    assert str(home) in said and 'Rival "One", <b> (Instagram) Followers 21,400 – 18 Mar 2026' in said
    assert "Posts published 4 1 Mar 2026 18 Mar 2026" in said
    assert typing.times == 1 and not any(typing.typed(0).values())
    html = "".join(one["data"]["text/html"] for one in typing.noting.outcome.outputs)
    assert "<b> (Insta" not in html


def test_what_was_kept_is_taken_back_and_stands_in_its_fields_again(home: Path) -> None:
    typing = Typing()
    typing.type(0, followers="100")
    typing.click()
    typing.type(1, posts="3", day="2026-03-18")
    assert [one.description for one in typing.noting.buttons.children][1] == f"Take back noted_{today()}.csv"
    assert "no longer in inbox/" in typing.click(1)
    assert (inbox(), values(), typing.times) == ([], [], 2)
    assert typing.typed(0)["followers"] == "100" and typing.typed(1)["posts"] == "3"
    assert len(typing.noting.buttons.children) == 1 and typing.field(1, "day").value == "2026-03-18"
    typing.click()
    assert sorted(values()) == [3, 100]


def test_a_correction_the_same_day_counts(home: Path) -> None:
    typing = Typing()
    for followers in ("100", "300", "200"):
        typing.type(0, followers=followers)
        typing.click()
    assert values() == [200] and len(inbox()) == 3


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"followers": "-5"}, "'-5' is no count"),
        ({"posts": "=1+1"}, "'=1+1' is no count"),
        ({"shares": "9" * 40}, "is no count"),
        ({"followers": "1", "day": "18.03.2026"}, "'18.03.2026' is no day"),
        ({"followers": "1", "day": "2199-01-01"}, "still to come"),
    ],
)
def test_what_is_wrong_is_said_and_what_is_typed_stays(home: Path, typed: dict[str, str], told: str) -> None:
    typing = Typing()
    typing.type(0, **typed)
    typing.type(1, followers="12")
    said = typing.click()
    assert told in said and 'Rival "One", <b> (Instagram)' in said
    assert (inbox(), values(), typing.times) == ([], [], 0)
    assert typed == {name: typing.field(0, name).value for name in typed}
    assert typing.typed(1)["followers"] == "12" and len(typing.noting.buttons.children) == 1


def test_nothing_typed_keeps_nothing(home: Path) -> None:
    typing = Typing()
    typing.type(0, day="2026-03-18", followers="  ")
    assert "Nothing is typed" in typing.click() and inbox() == [] and typing.times == 0


def test_what_is_typed_for_a_brand_waits_for_it_in_any_language(home: Path) -> None:
    typing = Typing()
    typing.type(0, followers="100")
    typing.click()
    typing.type(0, followers="200")
    i18n.use("fr")
    typing.noting.use("tea")
    assert typing.typed(0)["followers"] == "200" and typing.said == ""
    assert [one.description for one in typing.noting.buttons.children] == [
        "Garder ces relevés", f"Retirer noted_{today()}.csv",
    ]  # fmt: skip
    typing.noting.use("demo")
    assert not any(typing.typed(0).values()) and len(typing.noting.buttons.children) == 1
    typing.noting.use("tea")
    assert typing.typed(0)["followers"] == "200" and len(typing.noting.buttons.children) == 1


# On the page


def page(**said: Any) -> widgets.Page:
    asked = {"brand": "tea", "month": "", "months": 12, "lang": "en", "rivals": "", "network": "", "kind": ""}
    return widgets.Page("competitors", landscape.review, **(asked | said))


def title(looked: widgets.Page) -> str:
    return "\n".join(one["data"]["text/plain"] for one in looked.shown[0][0].outputs)


def test_a_note_shows_the_page_anew(home: Path) -> None:
    looked = page()
    looked.notes()
    assert "no data yet" in title(looked) and looked.noting is not None
    next(iter(looked.noting.rows.values()))["followers"].value = "100"
    looked.noting.buttons.children[0].click()
    assert "Tea House" in title(looked) and looked.subject.tables["days"]["value"].tolist() == [100]
    looked.form.children[2].value = 3
    assert looked.noting.outcome.outputs, "what was kept is still said"
    looked.form.children[0].value = "demo"
    assert len(looked.noting.rows) == 9 and not looked.noting.outcome.outputs
    looked.form.children[3].value = "fr"
    assert "Comptes des concurrents (4)" in looked.noting.panels["rivals"].children[0].description
    (heading,) = looked.shown[1][0].outputs
    assert "Relever ce que montrent les profils" in heading["data"]["text/plain"]


def test_in_a_report_there_is_nothing_of_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.delenv("JPY_SESSION_NAME")
    monkeypatch.setattr(widgets.page, "display", lambda *things: seen.extend(things))
    looked = page(brand="demo")
    before = len(seen)
    looked.notes()
    assert len(seen) == before and looked.noting is None
    assert not any(isinstance(one, ipywidgets.Widget) for one in seen)
