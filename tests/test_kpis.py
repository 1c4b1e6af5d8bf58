"""The month in figures: what the demo planted is found, nothing else, and each section agrees with a hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from cmlib import findings, kpis, metrics, periods, schema, stats
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError

Told = set[tuple[str, str, str]]


def told(brand: str, month: str, rate: str = "") -> Told:
    """The findings of a month that say something, without those on targets and gaps."""
    found = findings.findings(kpis.review(brand, month, rate))
    return {
        (key, said.get("network", said.get("metric", "")), said.get("kind", ""))
        for key, said in found
        if not key.startswith(("target", "gap", "unfinished"))
    }


# ── What the demo planted ───────────────────────────────────────────────────────────────────────────────────

KINDS = {("kind_better", "instagram", "carousel"), ("kind_worse", "instagram", "image")}
DECLINE = {("network_declines", "facebook", "")}


@pytest.mark.parametrize("rate", ["engagement_rate_by_reach", "engagement_rate_by_views_or_impressions"])
def test_october_shows_the_better_kind_and_the_decline_and_nothing_else(demo: str, rate: str) -> None:
    assert told(demo, "2026-10", rate) == KINDS | DECLINE | {("nothing", "", "")}


def test_may_shows_the_contest_and_june_its_end(demo: str) -> None:
    assert {("rose", "followers", ""), ("network_rose", "instagram", "")} <= told(demo, "2026-05")
    assert ("network_fell", "instagram", "") in told(demo, "2026-06")


def test_the_contest_is_the_best_post_of_its_month(demo: str) -> None:
    best = kpis.notable(kpis.review(demo, "2026-05")).iloc[0]
    assert best["place"] == "best" and best["network"] == "instagram" and best["times"] > 3


def test_the_gap_is_found_to_the_day_and_counted_in_its_month(demo: str) -> None:
    subject = kpis.review(demo, "2026-08")
    (gap,) = [said for key, said in findings.findings(subject) if key == "gap"]
    assert (gap["network"], gap["first"], gap["last"], gap["n"]) == (
        "tiktok", pd.Timestamp("2026-08-03"), pd.Timestamp("2026-08-16"), 14,
    )  # fmt: skip
    assert "views" in gap["figure"] and "followers" not in gap["figure"]


def test_stable_networks_raise_no_finding_in_any_month(demo: str) -> None:
    for month in ("2026-07", "2026-08", "2026-09", "2026-10"):
        networks = {network for _, network, _ in told(demo, month)}
        assert not networks & {"linkedin", "youtube", "tiktok"}, month


def test_rivals_are_not_counted(demo: str) -> None:
    subject = kpis.review(demo, "2026-10")
    assert not subject.tables["days"]["account"].isin(["terres.de.brivoise"]).any()
    followers = kpis.scorecard(subject).set_index("metric").loc["followers"]
    assert followers["value"] == 32772 and followers["n"] == 5


def test_the_first_month_has_no_past_to_be_compared_with(demo: str) -> None:
    cards = kpis.scorecard(kpis.review(demo, "2025-09"))
    assert set(cards["verdict"]) <= {"cannot_tell", "no_data"}
    assert set(cards["why"]) <= {"no_past", "no_data"}


def test_a_month_without_data_says_so_everywhere(demo: str) -> None:
    subject = kpis.review(demo, "2024-01")
    cards = kpis.scorecard(subject)
    assert set(cards.loc[cards["metric"] != "posts", "verdict"]) == {"no_data"}
    for section in (kpis.trend, kpis.kinds, kpis.notable, kpis.moves, kpis.rules, kpis.coverage):
        section(subject)
    assert findings.findings(subject)[0][0] == "no_posts"


# ── Each section by hand ────────────────────────────────────────────────────────────────────────────────────


def post(post_id: str, published: str, kind: str, reactions: int, reach: int) -> dict[str, object]:
    return {
        "brand": "b", "network": "instagram", "account": "a", "source": "f", "post_id": post_id,
        "observed_at": pd.Timestamp("2026-11-01", tz="UTC"), "kind": kind,
        "published_at": pd.Timestamp(published, tz="UTC"), "reactions": reactions, "reach": reach,
    }  # fmt: skip


def subject(*posts: dict[str, object]) -> kpis.Review:
    tables = {name: schema.empty(name) for name in schema.TABLES}
    tables["posts"] = schema.check("posts", pd.DataFrame(posts))
    who = Brand("b", "B", accounts=(Account("instagram", "a"),))
    return kpis.Review(
        who, date(2026, 10, 1), "engagement_rate_by_reach", tables, pd.DataFrame(), pd.DataFrame()
    )


def test_moves_split_mix_and_rate_and_add_up() -> None:
    """September: 100 of image at 10 %, 100 of carousel at 20 %. October: 50 and 150, images at 12 %.

    From 15 to 18 %: mix −.25 (.11 − .165) + .25 (.20 − .165) = .0225; within .375 × .02 = .0075.
    """
    found = kpis.moves(
        subject(
            post("1", "2026-09-05", "image", 10, 100), post("2", "2026-09-06", "carousel", 20, 100),
            post("3", "2026-10-05", "image", 6, 50), post("4", "2026-10-06", "carousel", 30, 150),
        )
    ).set_index("kind", drop=False)  # fmt: skip
    whole = found.iloc[-1]
    assert whole["network"] == "all"
    assert whole[["mix", "within", "total"]].tolist() == pytest.approx([0.0225, 0.0075, 0.03])
    assert found.loc["image", "within"] == pytest.approx(0.0075)
    assert found.loc["carousel", "mix"] == pytest.approx(0.00875)


def test_moves_add_up_when_a_kind_comes_and_another_goes() -> None:
    found = kpis.moves(
        subject(
            post("1", "2026-09-05", "image", 10, 100), post("2", "2026-09-06", "video", 50, 300),
            post("3", "2026-10-05", "image", 6, 50), post("4", "2026-10-06", "carousel", 30, 150),
        )
    )  # fmt: skip
    change = 36 / 200 - 60 / 400
    assert found["total"].iloc[:-1].sum() == pytest.approx(change) == found["total"].iloc[-1]
    assert found.set_index("kind").loc["carousel", "within"] == 0


@pytest.mark.parametrize("rate", kpis.TOOL_RATES)
def test_moves_of_the_demo_add_up_to_the_change_of_the_rate(demo: str, rate: str) -> None:
    review = kpis.review(demo, "2026-10", rate)
    spans = [metrics.compute(review.tables, [review.rate], start=a, end=b)["value"][0]
             for a, b in (review.span, periods.months(date(2026, 9, 1)))]  # fmt: skip
    assert kpis.moves(review)["total"].iloc[-1] == pytest.approx(spans[0] - spans[1], abs=1e-15)


def test_notable_posts_are_measured_against_the_habit_of_their_account() -> None:
    past = [post(f"p{i}", f"2026-09-{i:02}", "image", 5, 100) for i in range(1, 13)]
    now = [post(f"n{i}", f"2026-10-0{i}", "image", r, 100) for i, r in enumerate([10, 1, 5, 6, 4, 20], 1)]
    found = kpis.notable(subject(*past, *now))
    assert found["times"].tolist() == pytest.approx([4, 2, 1.2, 0.2, 0.8, 1])
    assert found["place"].tolist() == ["best"] * 3 + ["weakest"] * 3
    assert kpis.notable(subject(*past[:11], *now)).empty, "eleven posts are no habit yet"


def test_a_trend_takes_four_weeks_together() -> None:
    """Mondays 2026-10-05 and -12: posts of the week of the 5th count for the weeks of the 5th to the 26th."""
    found = kpis.trend(
        subject(post("1", "2026-10-07", "image", 10, 100), post("2", "2026-10-14", "image", 40, 100))
    )
    assert found["week"].dt.day.tolist() == [5, 12, 19, 26]
    assert found["value"].tolist() == [0.1, 0.25, 0.25, 0.25]
    assert found["n"].tolist() == [1, 2, 2, 2] and found["low"].isna().all()


def test_many_verdicts_are_corrected_for_being_many(demo: str) -> None:
    review = kpis.review(demo, "2026-05")
    cards = kpis.scorecard(review)
    single = metrics.change(review.tables, [review.rate], review.span, periods.months(date(2026, 4, 1)))["p"][
        0
    ]
    assert cards.set_index("metric").loc[review.rate, "p"] >= single
    assert (cards["p"].dropna() <= 1).all()


def test_false_alarms_stay_rare_when_nothing_moves() -> None:
    """Twelve months of posts from one distribution: at most one month in ten may raise a verdict."""
    alarms = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        reach = chance.lognormal(7, 1, 60)
        engaged = chance.poisson(reach * 0.05 * chance.gamma(4, 0.25, 60))
        sides = [stats.ratio(engaged[s], reach[s]) for s in (slice(30), slice(30, 60))]
        alarms += stats.compare(*sides)["p"].iloc[0] < kpis.SURE
    assert alarms <= 5


def test_a_misspelt_month_rate_or_brand_is_named(demo: str) -> None:
    for month in ("2026-13", "2026/10", "../x", "octobre"):
        with pytest.raises(CmlibError, match="2026-10"):
            kpis.review(demo, month)
    with pytest.raises(CmlibError, match="engagement_rate_by_reach"):
        kpis.review(demo, "", "engagement_rate_by_reech")
    with pytest.raises(CmlibError, match="demo"):
        kpis.review("demmo")


def test_the_newest_month_is_the_default(demo: str) -> None:
    assert kpis.review(demo).month == date(2026, 10, 1)


def test_a_month_that_is_not_over_in_the_exports_gets_no_verdict_on_counts(demo: str) -> None:
    review = kpis.review(demo, "2026-10")
    then = pd.Timestamp("2026-10-20", tz="Europe/Paris")
    posts = review.tables["posts"]
    seen = posts["observed_at"].where(posts["network"] != "tiktok", then)
    early = {**review.tables, "posts": posts.assign(observed_at=seen)}
    short = replace(review, tables=early)
    assert kpis.unfinished(review).empty
    assert kpis.unfinished(short)["network"].tolist() == ["tiktok"]
    cards = kpis.scorecard(short).set_index("metric")
    assert cards.loc["views", "why"] == "not_over" and cards.loc[review.rate, "why"] == "tested"
    assert ("unfinished", "tiktok") in [(key, said.get("network")) for key, said in findings.findings(short)]


def test_a_total_that_an_account_lacks_is_not_compared(demo: str) -> None:
    """Without Instagram's October total, 17,055 followers are no fall from 32,401."""
    review = kpis.review(demo, "2026-10")
    days = review.tables["days"]
    lost = (days["network"] == "instagram") & (days["figure"] == "followers") & (days["date"] >= "2026-10-01")
    short = replace(review, tables={**review.tables, "days": days[~lost]})
    card = kpis.scorecard(short).set_index("metric").loc["followers"]
    assert card["value"] < card["last_month"] / 1.8
    assert (card["verdict"], card["why"], card["reached"]) == ("cannot_tell", "not_whole", "")
    assert ("fell", "followers") not in [(k, v.get("metric")) for k, v in findings.findings(short)]


def test_a_goal_beside_the_cards_has_a_card_of_its_own(demo: str) -> None:
    review = kpis.review(demo, "2026-10")
    goals = {**review.brand.goals, "save_rate": 0.001}
    cards = kpis.scorecard(replace(review, brand=replace(review.brand, goals=goals))).set_index("metric")
    assert cards.loc["save_rate", "reached"] in ("met", "missed", "near")


def test_the_gap_counts_as_missing_days_of_its_month(demo: str) -> None:
    found = kpis.coverage(kpis.review(demo, "2026-08")).set_index(["network", "table"])["missing_days"]
    assert found["tiktok", "days"] == 14 and found["facebook", "days"] == 0
