"""The page of networks with its forms: what is asked moves the answer, and what is wrong is said in place."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmlib import brand as brands
from cmlib import entry, i18n, platforms, portfolio, report, sheets, verdicts, widgets
from cmlib.schema import CRITERIA


@pytest.fixture
def home(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo, and a brand that has said nothing yet, where somebody looks."""
    shutil.copytree(demo_home / "data" / "brands", tmp_path / "data" / "brands")
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    monkeypatch.setenv("JPY_SESSION_NAME", "platforms.ipynb")
    monkeypatch.setattr(widgets.page, "display", lambda *things: None)
    brands.new("tea", "Tea House", timezone="Europe/Paris")
    yield tmp_path
    i18n.use("en")


class Looked:
    """The page, how often each section was drawn, and what each shows."""

    def __init__(self, **said: Any) -> None:
        self.drawn = {"verdicts": 0, "presence": 0, "portfolio": 0}
        asked = {"brand": "demo", "lang": "en", "hours": 0.0, "weights": "", "as_of": "", "files": ""}
        self.page = widgets.Page("platforms", platforms.review, **(asked | said))
        self.page.question(platforms.question, sheets.question)
        self.page.section("verdicts", verdicts.answer, self.counted("verdicts"))
        self.page.section("presence", platforms.presence_of, self.counted("presence"))
        self.page.section("portfolio", portfolio.portfolio, self.counted("portfolio"))
        self.page.entry(entry.plans, sheets.entry)

    def counted(self, name: str) -> Any:
        def draw(found: Any) -> Any:
            self.drawn[name] += 1
            return getattr(sheets, name)(found)

        return draw

    def shown(self, nth: int) -> str:
        """What the title (0) and each section show; the entry has its heading (4) and its plan (5)."""
        return "\n".join(one["data"]["text/plain"] for one in self.page.shown[nth][0].outputs)

    def slider(self, nth: int) -> Any:
        """Hours, then a weight for each criterion."""
        return self.page.asked.box.children[1].children[nth]


def test_a_slider_moves_the_answer_and_what_stays_is_not_drawn_anew(home: Path) -> None:
    looked = Looked()
    assert "Atelier Vaurenne" in looked.shown(0) and set(looked.drawn.values()) == {1}
    said, before = looked.shown(1), looked.page.shown[2][0].outputs
    looked.slider(1 + CRITERIA.index("cost")).value = 5.0
    assert looked.shown(1) != said and looked.drawn == {"verdicts": 2, "presence": 1, "portfolio": 1}
    assert looked.page.shown[2][0].outputs is before
    looked.slider(0).value = 30.0
    assert looked.page.subject.brand.hours_per_week == 30
    assert looked.drawn == {"verdicts": 3, "presence": 1, "portfolio": 2}


def test_another_language_draws_all_anew(home: Path) -> None:
    looked = Looked()
    looked.slider(0).value = 30.0
    looked.page.form.children[1].value = "fr"
    assert looked.drawn == {"verdicts": 3, "presence": 2, "portfolio": 3}
    assert looked.slider(0).description == "Heures par semaine" and looked.slider(0).value == 30
    assert "Que faire" in looked.shown(1)


def test_of_many_changes_in_a_row_the_newest_is_drawn(home: Path) -> None:
    """Where a kernel runs, a change waits for those behind it."""
    looked = Looked()

    async def drag() -> None:
        for hours in (13.0, 20.0, 25.0, 30.0):
            looked.slider(0).value = hours
            assert looked.page.subject.brand.hours_per_week == 12
        await asyncio.sleep(5 * widgets.page.PAUSE)

    asyncio.run(drag())
    assert looked.page.subject.brand.hours_per_week == 30 and looked.drawn["verdicts"] == 2


def test_a_brand_that_is_none_is_said_and_the_next_choice_recovers(home: Path) -> None:
    looked = Looked(brand="dem")
    assert "demo" in looked.shown(0) and not looked.page.asked.box.children
    assert [looked.shown(nth) for nth in range(1, 6)] == [""] * 5
    looked.page.form.children[0].value = "demo"
    assert "Atelier Vaurenne" in looked.shown(0) and looked.shown(5) and looked.slider(0).value == 12


def test_a_misspelt_weight_is_said_until_one_is_moved(home: Path) -> None:
    looked = Looked(weights="presense=2")
    assert "presense" in looked.shown(0) and "presence" in looked.shown(0) and looked.shown(1) == ""
    looked.page.form.children[1].value = "fr"
    assert "presense" in looked.shown(0)
    looked.slider(1).value = 4.0
    assert "Atelier Vaurenne" in looked.shown(0) and looked.shown(1)


@pytest.mark.parametrize(
    ("slider", "value", "told"), [(0, 0.0, "how many hours a week"), (None, 0.0, "at least one criterion")]
)
def test_nothing_on_a_slider_is_said_where_the_answer_was(
    home: Path, slider: int | None, value: float, told: str
) -> None:
    looked = Looked()
    for nth in range(1, 6) if slider is None else [slider]:
        looked.slider(nth).value = value
    assert "Atelier Vaurenne" in looked.shown(0) and told in looked.shown(0) and looked.shown(1) == ""
    assert looked.shown(4) == looked.shown(5) == ""
    looked.slider(3 if slider is None else slider).value = 2.0
    assert told not in looked.shown(0) and looked.shown(1) and looked.shown(5)


def test_a_new_brand_is_asked_what_it_has_not_said(home: Path) -> None:
    looked = Looked(brand="tea")
    assert "Tea House" in looked.shown(0) and "at least one group of people" in looked.shown(0)
    assert "could not be done" not in looked.shown(0)
    looked.page.form.children[1].value = "fr"
    assert "au moins un groupe de personnes" in looked.shown(0)


def test_no_persona_and_a_country_without_a_survey(home: Path) -> None:
    looked = Looked()
    looked.page.asked.change(personas=())
    assert "at least one group of people" in looked.shown(0)
    looked.page.asked.buttons.children[1].click()
    looked.page.asked.change(country="IS")
    assert "Atelier Vaurenne" in looked.shown(0)
    assert set(looked.page.subject.shares["basis"]) == {"borrowed"}
    assert "another country" in looked.shown(1) and "United States" in looked.shown(2)


def test_what_is_begun_for_a_brand_waits_for_it(home: Path) -> None:
    looked = Looked(hours=30.0)
    assert looked.slider(0).value == 30 and "unsaved" in looked.page.asked.state.value.lower()
    looked.page.form.children[0].value = "tea"
    assert looked.slider(0).value == 0, "the hours were said of the other brand"
    looked.page.form.children[0].value = "demo"
    assert looked.slider(0).value == 30 and looked.page.subject.brand.hours_per_week == 30
    looked.slider(0).value = 7.0
    looked.page.form.children[1].value = "fr"
    assert looked.slider(0).value == 7, "the parameters were taken in once"
    looked.page.asked.buttons.children[1].click()
    assert looked.slider(0).value == 12 and looked.page.subject.brand.hours_per_week == 12


# Where nobody looks


def test_a_report_of_a_brand_without_exports_is_made_and_made_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME")
    path = brands.folder("tea") / "brand.toml"
    path.write_text(
        'name = "Tea"\ncountry = "IS"\nhours_per_week = 8\n[[personas]]\nname = "All"\n'
        "[objectives]\ncommunity = 1\n[pieces]\nimage = 1\n",
        encoding="utf-8",
    )
    page = report.run("platforms", {"brand": "tea", "as_of": "2026-11-02", "hours": "20"})
    assert page.relative_to(home) == Path("reports/2026-11/tea/platforms.en.html")
    said = json.loads(page.with_suffix(".ipynb").read_text(encoding="utf-8"))["metadata"]["papermill"]
    assert (said["parameters"]["files"], said["parameters"]["hours"]) == ("none", 20.0)
    made = page.read_bytes()
    assert b"20 h" in made and b"widget" not in made
    assert report.again(page.with_suffix(".ipynb")).read_bytes() == made
