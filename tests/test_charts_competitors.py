"""The charts of the competitors: images with words for who cannot see them, in both languages, harmless."""

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rivals import landscape
from test_charts import EVIL, images, words

from cmlib import charts, competitors, i18n, operations, topics, traits
from cmlib import landscape as landscapes
from cmlib.charts.competitors import APART, _places, _spread
from cmlib.landscape import Landscape

CHARTS: dict[str, Any] = {
    "followers": competitors.presence, "volume": competitors.volume, "positioning": competitors.efficiency,
    "rival_kinds": competitors.kinds, "traits": traits.traits, "hours": traits.hours, "gaps": topics.topics,
    "operations": operations.operations,
}  # fmt: skip


@pytest.fixture(scope="module")
def subject(demo_home: Path) -> Landscape:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(demo_home))
        return landscapes.review("demo")


def shown(name: str, subject: Landscape) -> list[tuple[str, str]]:
    return images(getattr(charts, name)(CHARTS[name](subject)))


@pytest.mark.parametrize("name", CHARTS)
def test_each_plot_is_described_and_small_enough_for_a_phone(name: str, subject: Landscape) -> None:
    found = shown(name, subject)
    assert len(found) == (2 if name in ("followers", "volume", "positioning", "rival_kinds") else 1)
    for said, image in found:
        root = ElementTree.fromstring(image)
        assert said and root.get("role") == "img" and float(root.get("width", 0)) <= 480
        assert "NaN" not in image and "undefined" not in image


@pytest.mark.parametrize("name", CHARTS)
def test_french_is_french(name: str, subject: Landscape) -> None:
    english = " ".join(said + words(image) for said, image in shown(name, subject))
    with i18n.speaking("fr"):
        french = " ".join(said + words(image) for said, image in shown(name, subject))
    for word in ("Monday", "Video", "Contest", "as without", "A question"):
        assert word not in french
    assert english != french


@pytest.mark.parametrize("name", CHARTS)
def test_names_of_accounts_do_nothing_and_take_no_more_room_than_there_is(
    name: str, subject: Landscape
) -> None:
    accounts = subject.accounts.assign(label=EVIL)
    evil = replace(subject, accounts=accounts, posts=subject.posts.assign(label=EVIL))
    for said, image in shown(name, evil):
        assert "<script" not in image and "<img" not in image and "<script" not in said
        assert float(ElementTree.fromstring(image).get("width", 0)) <= 560


@pytest.mark.parametrize("name", CHARTS)
def test_without_anything_to_draw_there_is_no_image(name: str) -> None:
    few = landscape(pd.DataFrame({"account": ["a"], "at": ["2026-10-05"], "interactions": [1]}))
    assert shown(name, few) == []


def test_names_beside_lines_do_not_overlap_and_stay_in_the_plot() -> None:
    found = _spread([10, 12, 14, 180, 185, 190], 190)
    assert all(b - a >= APART - 1e-9 for a, b in pairwise(found))
    assert found[0] >= 0 and found[-1] <= 190


def test_names_of_dots_stand_apart_where_there_is_room() -> None:
    dots = [(100.0, 50.0), (120.0, 52.0), (300.0, 52.0)]
    names = ["first name", "second", "third"]
    boxes = [
        (x, y - 7, x + 6.6 * len(name), y + 7)
        for (x, y), name in zip(_places(dots, names, 380), names, strict=True)
    ]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
