"""What speaks for a network, criterion by criterion, by hand."""

import numpy as np
import pytest

from cmlib import criteria, facts, schema
from cmlib.brand import Brand, Piece

WHO = Brand("demo", "Demo", market="b2c", objectives={"awareness": 1.0}, pieces={"image": Piece(2.0, 5.0)})


@pytest.mark.parametrize(
    ("criterion", "figure", "worth"),
    [
        ("presence", 0.25, 25), ("objectives", 1.2, 100), ("formats", 0.0, 0),
        ("engagement", 0.0001, 0), ("engagement", 0.01, 200 / 3), ("engagement", 0.1, 100),
        ("engagement", 0.5, 100), ("engagement", 0.0, 0),
        ("cost", 0.0, 100), ("cost", 10.0, 75), ("cost", 40.0, 0), ("cost", 80.0, 0), ("cost", np.nan, 0),
    ],
)  # fmt: skip
def test_the_scale_of_each_criterion(criterion: str, figure: float, worth: float) -> None:
    assert criteria.points(criterion, np.array([figure]), 40.0)[0] == pytest.approx(worth)


def test_hours_are_cadence_times_hours_per_piece() -> None:
    about = criteria.known()
    found = criteria.costs(WHO, about, ["instagram"]).loc["instagram"]
    low = float(about["value"][("instagram", "cadence_low")])
    assert found["kinds"] == ("image",)
    assert found["value"] == pytest.approx(52 / 12 * low * 2)
    assert found["high"] / found["value"] == found["value"] / found["low"] == criteria.HOURS_DOUBT
    assert found["money"] == pytest.approx(52 / 12 * low * 5)


def test_a_network_for_which_nothing_is_made_has_no_hours() -> None:
    """Unknown is not zero: no hours, and no points for them."""
    found = criteria.costs(Brand("d", "D", pieces={"article": Piece(5.0)}), criteria.known(), ["snapchat"])
    assert found.loc["snapchat", "kinds"] == () and np.isnan(found.loc["snapchat", "value"])


def test_what_leads_is_made_first_and_else_what_is_taken() -> None:
    about = criteria.known()
    both = Brand("d", "D", pieces={"text": Piece(1.0), "short_video": Piece(3.0)})
    assert criteria.made(both, about, "tiktok") == ["short_video"]
    assert criteria.made(WHO, about, "tiktok") == ["image"]


def test_objectives_count_by_their_weight_and_their_market() -> None:
    grades = facts.load("objectives").set_index(["network", "market", "objective"])["fit"]
    who = Brand("d", "D", market="b2b", objectives={"awareness": 3.0, "recruitment": 1.0, "support": 0.0})
    expected = (3 * grades["linkedin", "b2b", "awareness"] + grades["linkedin", "b2b", "recruitment"]) / 4
    found = criteria.objectives(who, ["linkedin"]).loc["linkedin"]
    assert found["value"] == pytest.approx(expected) and len(found["facts"]) == 2


def test_members_see_what_serves_members() -> None:
    about = criteria.known()
    who = Brand("d", "D", objectives={"awareness": 1.0, "support": 3.0})
    assert criteria.met(who, about, ["whatsapp", "instagram"]).to_dict() == {"whatsapp": 0.75, "instagram": 1}


def test_the_benchmark_is_of_the_sector_where_there_is_one() -> None:
    found = criteria.benchmark("higher education", ["instagram", "reddit"])
    assert found.at["instagram", "basis"] == "sector" and found.at["reddit", "basis"] == "none"
    of_all = criteria.benchmark("", ["instagram"])
    assert of_all.at["instagram", "basis"] == "all"
    assert found.at["instagram", "value"] > 3 * of_all.at["instagram", "value"]
    assert found.at["reddit", "spread"] > found.at["instagram", "spread"]


def test_a_benchmark_is_compared_only_with_its_own_definition() -> None:
    """By followers, on every network: what tools divide by views or impressions is another rate."""
    rows = facts.load("benchmarks").set_index("where")
    found = criteria.benchmark("", criteria.alive(criteria.known()))
    used = rows.loc[[place for some in found["facts"] for place in some]]
    assert used["definition"].str.contains("/ followers").all()
    assert set(used["metric"]) <= set(criteria.PUBLISHED)


def test_the_benchmark_alone_without_posts() -> None:
    prior = criteria.benchmark("", ["x"])
    tables = {name: schema.empty(name) for name in schema.TABLES}
    found = criteria.engagement(tables, prior, ["x"]).loc["x"]
    assert found["value"] == pytest.approx(prior.at["x", "value"]) and found["n"] == 0
