"""The cards of surveys that wait: what somebody chooses is remembered on a click, and the survey imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmlib import brand as brands
from cmlib import i18n, start, store, widgets
from cmlib.i18n import LANGUAGES
from cmlib.widgets.surveying import Surveying

SITE = '\n[[accounts]]\nnetwork = "web"\nhandle = "barge.example"\n'
SURVEY = """Timestamp,Email Address,Would you recommend us?,How satisfied are you?
2026/03/01 9:00:00 AM,ada@example.org,9,Very satisfied
2026/03/02 9:00:00 AM,ben@example.org,3,Neutral
"""


@pytest.fixture
def home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A brand with a site and a survey in its inbox, where somebody looks."""
    monkeypatch.setenv("JPY_SESSION_NAME", "start.ipynb")
    monkeypatch.setattr(widgets.page, "display", lambda *things: None)
    path = brands.new("tea", "Tea", timezone="Europe/Paris")
    path.write_text(path.read_text(encoding="utf-8") + SITE, encoding="utf-8")
    (path.parent / "inbox" / "survey.csv").write_text(SURVEY, encoding="utf-8")
    yield home
    i18n.use("en")


def shown(surveying: Surveying) -> list[list[str]]:
    """What stands on each card: names, choices with what is chosen, hints, buttons."""
    return [
        [
            f"{part.description}: {part.label}" if hasattr(part, "options") else
            getattr(part, "value", None) or part.description
            for part in card.children
        ]
        for card in surveying.cards.children
    ]  # fmt: skip


def said(surveying: Surveying) -> str:
    return "\n".join(one["data"]["text/plain"] for one in surveying.outcome.outputs)


def test_a_card_shows_questions_with_scores_alone_and_a_click_remembers_and_imports(home: Path) -> None:
    times = []
    surveying = Surveying(lambda: times.append(1))
    surveying.use("tea")
    ((name, _, nps, told, csat, words, _),) = shown(surveying)
    assert name == "Survey survey.csv"
    assert nps == "Would you recommend us?: NPS: how likely to recommend, from 0 to 10"
    assert told == "2 answers (1 gave 3, 1 gave 9), for example 9, 3"
    assert csat.startswith("How satisfied are you?: CSAT") and "Very satisfied (5)" in words
    assert "@" not in str(shown(surveying))
    card = surveying.cards.children[0]
    card.children[4].value = "none"
    surveying.use("tea")  # in between: what was chosen is still chosen
    surveying.cards.children[0].children[-1].click()
    assert brands.load("tea").surveys == {"Would you recommend us?": "nps", "How satisfied are you?": "none"}
    assert store.load(brands.load("tea"))["answers"]["score"].tolist() == [9, 3]
    assert times == [1] and "Google Forms" in said(surveying)
    assert shown(surveying) == [] and start.waiting("tea") == []


def test_where_nothing_waits_there_is_nothing_to_see(home: Path) -> None:
    (brands.folder("tea") / "inbox" / "survey.csv").unlink()
    surveying = Surveying(lambda: None)
    surveying.use("tea")
    assert surveying.box.layout.display == "none"
    surveying.use("nobody")
    assert shown(surveying) == []


def test_an_import_that_is_refused_says_why_and_what_was_said_stays_said(home: Path) -> None:
    path = brands.folder("tea") / "brand.toml"
    path.write_text(path.read_text(encoding="utf-8").removesuffix(SITE), encoding="utf-8")
    surveying = Surveying(lambda: pytest.fail("nothing was imported"))
    surveying.use("tea")
    surveying.cards.children[0].children[-1].click()
    assert "survey.csv" in said(surveying) and surveying.box.layout.display is None
    assert len(brands.load("tea").surveys) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_the_cards_in_its_language_and_an_upload_adds_one(home: Path, lang: str) -> None:
    page = widgets.Page("start", start.review, brand="tea", month="", lang="en")
    page.upload()
    page.surveys()
    assert page.surveying is not None
    page._chosen("lang", lang)
    (card,) = shown(page.surveying)
    assert card[-1] == {"en": "Remember and import", "fr": "Retenir et importer"}[lang]
    other = SURVEY.replace("How satisfied are you?", "Êtes-vous satisfait ?").encode()
    page._take(({"name": "other.csv", "content": other},))
    assert len(shown(page.surveying)) == 2


def test_a_report_has_no_cards(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME")
    page = widgets.Page("start", start.review, brand="tea", month="", lang="en")
    page.surveys()
    assert page.surveying is None
