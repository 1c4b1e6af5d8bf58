"""The charts of the editorial calendar: described, in both languages, and claiming only what was told."""

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pandas as pd
import plans
import pytest
from test_charts import EVIL, contrast, images, words

from cmlib import charts, i18n
from cmlib.charts import editorial

CHARTS: dict[str, Any] = {
    "slot_effects": lambda: charts.slot_effects(plans.hours()),
    "load": lambda: charts.load(plans.load()),
    "coverage": lambda: charts.coverage(plans.coverage()),
}


@pytest.mark.parametrize("name", CHARTS)
def test_each_plot_is_described_and_small_enough_for_a_phone(name: str) -> None:
    found = images(CHARTS[name]())
    assert len(found) == {"slot_effects": 4, "load": 2, "coverage": 2}[name]
    for said, image in found:
        root = ElementTree.fromstring(image)
        assert said and root.get("role") == "img" and float(root.get("width", 0)) <= 420
        assert "NaN" not in image and "undefined" not in image


@pytest.mark.parametrize("name", CHARTS)
def test_french_is_french(name: str) -> None:
    with i18n.speaking("fr"):
        chart = CHARTS[name]()
        html = chart._repr_mimebundle_()["text/html"]
        french = " ".join(said + words(image) for said, image in images(chart))
    heading = re.sub(r"<img[^>]*>", "", html)
    for word in ("Monday", "Video", "over", "Pillars", "Kinds", "Hours", "Shares", "beyond", " of "):
        assert word not in french and word not in heading
    assert not re.search(r"\d%|\d\.\d", french)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.load(plans.load().assign(owner=EVIL)),
        lambda: charts.coverage(
            plans.coverage() | {"pillars": plans.coverage()["pillars"].assign(pillar=EVIL)}
        ),
    ],
)
def test_names_do_nothing_and_take_no_more_room_than_there_is(draw: Any) -> None:
    for said, image in images(draw()):
        assert "<script" not in image and "<img" not in image and "<script" not in said
        assert float(ElementTree.fromstring(image).get("width", 0)) <= 560


def test_without_anything_to_draw_there_is_no_image() -> None:
    hours = {name: frame.iloc[:0] for name, frame in plans.hours().items()}
    nothing = {name: frame.iloc[:0] for name, frame in plans.coverage().items()}
    for chart in (charts.slot_effects(hours), charts.load(plans.load().iloc[:0]), charts.coverage(nothing)):
        assert images(chart) == []


def test_only_hours_that_were_told_are_claimed() -> None:
    instagram, *others = images(charts.slot_effects(plans.hours()))
    assert "Monday 18h +40%" in instagram[0] and "Sunday 4h −30%" in instagram[0]
    assert len(re.findall(r">[+−]</text>", instagram[1])) == 10
    for said, image in others:
        assert said.endswith("none beyond chance") and not re.search(r">[+−]</text>", image)


def test_of_what_nothing_is_known_nothing_is_drawn() -> None:
    drawn = [said.split(":")[0] for said, _ in images(charts.slot_effects(plans.hours()))]
    assert drawn == ["Instagram", "Facebook", "TikTok", "LinkedIn"]


def test_the_less_sure_an_hour_the_smaller_its_square() -> None:
    row = {"told": False, "basis": "own"}
    sizes = [editorial._sure({**row, "low": -wide, "high": wide}) for wide in (0.05, 0.2, 0.5, 0.9)]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] > 0
    assert editorial._sure({"told": True, "basis": "own", "low": -0.9, "high": 3.0}) == 1.0
    studies = editorial._sure({"told": False, "basis": "studies", "low": -0.01, "high": 0.01})
    assert studies < sizes[0], "what others found is never as sure"


def test_a_sign_can_be_read_on_every_square() -> None:
    for effect in [nth / 50 for nth in range(-60, 61)]:
        assert contrast(editorial._sign_on(effect), editorial._tint(effect)) >= 4.5, effect


def test_a_week_that_is_over_says_so_and_one_without_limit_says_none() -> None:
    ines, malik = images(charts.load(plans.load()))
    assert "30 Nov 9.5 of 8 h ▲ over" in ines[0] and "▲ over" in words(ines[1])
    assert "over" not in malik[0] and "14 Dec 6 of 6 h" in malik[0]
    free = plans.load().assign(capacity=float("nan"), over=False)
    assert "30 Nov 9.5 h" in images(charts.load(free))[0][0]


def test_a_share_out_of_its_bounds_is_marked_with_a_word() -> None:
    pillars, kinds = images(charts.coverage(plans.coverage()))
    assert "behind the bar 29% ▽ too little" in pillars[0] and "regulars 33% ▲ too much" in pillars[0]
    assert "▲" not in kinds[0] and "Short video 24%" in kinds[0]


def test_shares_are_drawn_without_bounds_and_without_a_wish_too() -> None:
    bare = plans.coverage()["pillars"][["pillar", "n", "share"]]
    whole = {"pillars": bare.assign(wanted=float("nan")), "mix": plans.coverage()["mix"].iloc[:0]}
    assert [said for said, _ in images(charts.coverage(whole))] == [
        "Pillars: recipes 38%; behind the bar 29%; regulars 33%"
    ]


def test_drawing_changes_no_frame() -> None:
    frame = plans.load()
    charts.load(frame)
    pd.testing.assert_frame_equal(frame, plans.load())
