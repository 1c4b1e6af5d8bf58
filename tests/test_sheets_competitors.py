"""The sheets of the competitors: figures as people write them, and text that does nothing."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rivals import landscape
from test_sheets import EVIL, Tags

from cmlib import cells, competitors, i18n, operations, sheets, swot, topics, traits
from cmlib import landscape as landscapes
from cmlib.landscape import Landscape

SHEETS: dict[str, Any] = {
    "remembered": swot.findings, "swot": swot.swot, "alerts": swot.alerts, "accounts": competitors.presence,
    "volume": competitors.volume, "efficiency": competitors.efficiency, "kinds": competitors.kinds,
    "per_post": competitors.per_post, "benchmarks": competitors.benchmarks, "traits": traits.traits,
    "topics": topics.topics, "operations": operations.operations, "best": competitors.notable,
}  # fmt: skip
FEW = pd.DataFrame({"account": ["a"], "at": ["2026-10-05"], "interactions": [1]})


@pytest.fixture(scope="module")
def subject(demo_home: Path) -> Landscape:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(demo_home))
        return landscapes.review("demo")


def shown(name: str, subject: Landscape) -> sheets.Sheet:
    return getattr(sheets.rivals, name)(SHEETS[name](subject))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_every_figure_is_written_as_people_do(name: str, lang: str, subject: Landscape) -> None:
    with i18n.speaking(lang):
        sheet = shown(name, subject)
    assert not Tags(str(sheet.html)).open
    text = sheet.text.replace("adproof-2.0", "")  # in the title of a source
    assert not re.search(r"(?i:\bnan\b)|\bNone\b|Timestamp|[{}]|&lt;|\bFalse\b|\bTrue\b", text), text
    if lang == "fr":
        assert not re.search(r"\d\.\d|\d%| us\b|\bposts\b|\bours\b|\brivals\b", text), text


@pytest.mark.parametrize("name", SHEETS)
def test_what_came_from_outside_does_nothing(name: str, subject: Landscape) -> None:
    evil = replace(
        subject,
        accounts=subject.accounts.assign(label=EVIL),
        posts=subject.posts.assign(label=EVIL, url=EVIL),
    )
    tags = Tags(str(shown(name, evil).html))
    assert not tags.seen & {"script", "img", "comment"}
    assert not any(key.startswith("on") for key, _ in tags.attributes)


@pytest.mark.parametrize("name", SHEETS)
def test_where_there_is_nothing_the_sheet_says_what_to_do(name: str) -> None:
    assert len(shown(name, landscape(FEW)).text) > 15


@pytest.mark.parametrize(
    "asked",
    [
        {"month": "2031-01"},
        {"kind": "live"},
        {"network": "tiktok"},
        {"rivals": "la.petite.tournelle", "months": 1},
    ],
    ids=str,
)
def test_a_period_a_kind_or_a_network_without_anything_says_so_everywhere(
    asked: dict[str, Any], demo: str
) -> None:
    subject = landscapes.review(demo, **asked)
    for name in SHEETS:
        assert len(shown(name, subject).text) > 15, name


def test_ours_is_marked_in_every_table_of_accounts(subject: Landscape) -> None:
    for name in ("accounts", "volume", "efficiency", "per_post"):
        assert "Atelier Vaurenne us" in shown(name, subject).text


def test_a_long_table_begins_with_the_first_and_keeps_ours(subject: Landscape) -> None:
    rates = competitors.efficiency(subject)
    many = pd.concat([rates[~rates["ours"]]] * 5 + [rates[rates["ours"]]], ignore_index=True)
    html = str(sheets.rivals.efficiency(many).html)
    first, rest = html.split("<details", 1)
    assert first.count("<tr>") == 1 + sheets.competitors.MOST + rates["ours"].sum()
    assert rest.count("<tr>") == 1 + len(many)


def test_an_unsure_trait_is_no_evidence(subject: Landscape) -> None:
    text = shown("traits", subject).text
    assert "no evidence" in text and text.count("goes with more") == 2, (
        "in the short table and in the whole one"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0325, "3.25%"), (0.00046, "0.05%"), (0.000041, "0.0041%"), (0.0000041, "0.00041%"), (0.0, "0.00%")],
)
def test_a_small_rate_keeps_two_figures_that_count(value: float, said: str) -> None:
    assert cells.rate(value) == said


def test_a_list_of_many_is_cut_and_counted() -> None:
    said = sheets.rivals.said("they_beat", {
        "network": "x", "n": 5, "rate": 0.01, "rates": [(f"r{n}", 0.02) for n in range(5)],
    })  # fmt: skip
    assert "r2 (2.00%) and 2 others" in said and "r3" not in said
