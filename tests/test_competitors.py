"""Where rivals are, how big, how busy and how well they do: each section by hand, and on the demo brand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike
from rivals import UNTIL, US, landscape

from cmlib import competitors, stats
from cmlib import landscape as landscapes
from cmlib.landscape import Landscape


def daily(account: str, first: str, gains: Sequence, followers: ArrayLike = np.nan, **more) -> pd.DataFrame:
    """A post a day of an account, and what each got."""
    usual = {"network": "instagram", "seen": pd.Timestamp(UNTIL), "followers": followers}
    days = pd.date_range(first, periods=len(gains)) + pd.Timedelta(hours=12)
    return pd.DataFrame({"account": account, "at": days, "interactions": gains, **usual, **more})


def among(*of_accounts: pd.DataFrame, **more) -> Landscape:
    """The landscape of these accounts."""
    return landscape(pd.concat(of_accounts, ignore_index=True), **more)


def by(found: pd.DataFrame, key: str = "account") -> pd.DataFrame:
    assert found[key].is_unique
    return found.set_index(key)


# ── Presence and size ───────────────────────────────────────────────────────────────────────────────────────

ONE_EACH = [daily(account, "2026-10-01", [1]) for account in (US, "ada", "bo")]
NOTED = (
    (US, "2026-09-30", 1000), (US, "2026-10-15", 1050), (US, "2026-10-31", 1100),
    ("ada", "2026-09-30", 200), ("ada", "2026-10-31", 210),
    ("bo", "2026-10-15", 70),
)  # fmt: skip


def test_growth_is_between_two_days_on_which_most_were_observed() -> None:
    found = by(competitors.followers(among(*ONE_EACH, days=NOTED)))
    assert found["value"].to_dict() == {US: 1100, "ada": 210, "bo": 70}
    assert found["growth"].to_dict() == pytest.approx({US: 0.1, "ada": 0.05, "bo": np.nan}, nan_ok=True)
    assert found.loc["ada", ["since", "until"]].tolist() == [
        pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-31"),
    ]  # fmt: skip
    assert found.loc["bo", "seen"] == pd.Timestamp("2026-10-15")


def test_growth_of_an_account_seen_on_other_days_is_not_guessed() -> None:
    """Bo was noted on the 1st and on the 30th: that is nearly a month, but not ours."""
    days = (*NOTED[:5], ("bo", "2026-10-01", 100), ("bo", "2026-10-30", 200))
    found = by(competitors.followers(among(*ONE_EACH, days=days)))
    assert found["growth"].isna().to_dict() == {US: False, "ada": False, "bo": True}


def test_more_accounts_for_a_shorter_time_or_fewer_for_a_longer_one() -> None:
    """Three for ten days are worth as much as two for fifteen: two for sixteen days win, three for eleven."""
    three = [(who, day, 100) for who in (US, "ada", "bo") for day in ("2026-10-05", "2026-10-15")]
    two = [(who, "2026-10-21", 100) for who in (US, "ada")]
    since = {}
    for more in (two, [(who, "2026-10-16", 100) for who in (US, "ada", "bo")]):
        found = competitors.followers(among(*ONE_EACH, days=[*three, *more]))
        since[str(found["until"].max().date())] = found["growth"].notna().sum()
    assert since == {"2026-10-21": 2, "2026-10-16": 3}


def test_growth_in_a_month_begins_with_the_last_total_before_it() -> None:
    """Followers are noted at the end of each month: October's growth is since the end of September."""
    long_ago = [(who, "2026-06-30", 10) for who in (US, "ada")]  # that says nothing of October
    found = by(competitors.followers(among(*ONE_EACH, days=[*NOTED[:5], *long_ago], months=1)))
    assert found["growth"].to_dict() == pytest.approx({US: 0.1, "ada": 0.05})
    alone = [row for row in NOTED if row[1] == "2026-10-31"]
    found = by(competitors.followers(among(*ONE_EACH, days=[*alone, *long_ago], months=1)))
    assert found["growth"].isna().all()


def test_an_account_alone_has_nobody_to_grow_beside_and_no_follower_is_no_observation() -> None:
    lone = (*NOTED[:3], ("ada", "2026-10-10", 0), ("ada", "2026-10-31", 210))
    found = by(competitors.followers(among(*ONE_EACH, days=lone)))
    assert found["growth"].isna().all() and found.loc["ada", "value"] == 210
    assert "bo" not in found.index, "of whom nothing was noted"


def test_nothing_noted_is_nothing_shown() -> None:
    subject = among(*ONE_EACH)
    assert competitors.followers(subject).empty and competitors.trajectories(subject).empty


def test_trajectories_are_all_that_was_noted_in_the_period() -> None:
    before = ("ada", "2025-08-31", 150)  # the period begins the day after
    found = competitors.trajectories(among(*ONE_EACH, days=(before, *NOTED)))
    told = list(zip(found["account"], found["date"].astype("str"), found["value"], strict=True))
    assert sorted(told) == sorted(NOTED)


def test_what_was_observed_counts_over_all_that_is_known() -> None:
    old = daily("ada", "2024-01-01", [5, 5])
    found = by(competitors.observed(among(*ONE_EACH, old, days=NOTED)))
    assert found.loc["ada", ["posts", "notes"]].tolist() == [3, 2]
    assert found.loc["ada", "first"] == pd.Timestamp("2024-01-01")
    assert found.loc["ada", "last"] == pd.Timestamp("2026-10-31")


# ── Volume ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_shares_are_of_a_period_in_which_all_are_known() -> None:
    """We are known since September, Ada since mid-October: only what was posted since then is compared."""
    subject = among(daily(US, "2026-09-01", [10] * 61), daily("ada", "2026-10-15", [90] * 17))
    found = by(competitors.volume(subject))
    (since,), (until,) = (found[day].unique() for day in ("since", "until"))
    assert pd.Timestamp("2026-10-12") <= since <= pd.Timestamp("2026-10-15")
    assert until == pd.Timestamp("2026-10-31")
    days = (until - since).days + 1
    assert found["posts"].to_dict() == {US: days, "ada": 17}
    assert found.loc[US, "per_week"] == pytest.approx(7)
    assert found.loc["ada", "share_of_posts"] == pytest.approx(17 / (17 + days))
    assert found.loc["ada", "share_of_interactions"] == pytest.approx(1530 / (1530 + 10 * days))


def test_two_accounts_for_a_year_tell_more_than_three_for_a_week() -> None:
    subject = among(
        daily(US, "2025-11-01", [1] * 365), daily("ada", "2025-11-01", [3] * 365),
        daily("bo", "2026-10-25", [50] * 7),
    )  # fmt: skip
    found = by(competitors.volume(subject))
    assert found.loc[[US, "ada"], "share_of_posts"].tolist() == [0.5, 0.5]
    assert found.loc[[US, "ada"], "share_of_interactions"].tolist() == [0.25, 0.75]
    assert found["share_of_posts"].reindex(["bo"]).isna().all(), "Bo is not known that long"


def test_an_account_whose_export_is_old_does_not_end_the_period_of_the_others() -> None:
    """Four accounts are known in November, three of them for a year: that year shows the most."""
    old = daily("cy", "2025-11-01", [1] * 30, seen=pd.Timestamp("2025-11-30"))
    others = [daily(who, "2025-11-01", [1] * 365) for who in (US, "ada", "bo")]
    found = by(competitors.volume(among(*others, old)))
    assert found.loc["ada", "until"] == pd.Timestamp("2026-10-31")
    assert found.loc["ada", "share_of_posts"] == pytest.approx(1 / 3)


def test_what_is_noted_for_a_period_as_a_whole_stands_beside_posts() -> None:
    """Of Ada's October only the totals are known. Ours are counted over the same days."""
    noted = [("ada", "2026-10-01", "2026-10-31", f, v) for f, v in (("posts", 93), ("interactions", 620))]
    found = by(competitors.volume(among(daily(US, "2026-09-01", [20] * 61), totals=noted)))
    assert "ada" not in found.index, "an account that has no post here is in no landscape"
    ada = daily("ada", "2026-10-30", [5])
    found = by(competitors.volume(among(daily(US, "2026-09-01", [20] * 61), ada, totals=noted)))
    assert found["basis"].to_dict() == {US: "posts", "ada": "totals"}
    assert found["posts"].to_dict() == {US: 31, "ada": 93}
    assert found["share_of_posts"].to_dict() == {US: 0.25, "ada": 0.75}
    assert found["share_of_interactions"].to_dict() == {US: 0.5, "ada": 0.5}


def test_posts_are_counted_over_the_days_of_which_the_totals_are_noted() -> None:
    """The report is of October, Ada's totals are of half of September and half of October."""
    noted = [("ada", "2026-09-15", "2026-10-14", f, v) for f, v in (("posts", 60), ("interactions", 600))]
    both = daily(US, "2026-08-01", [10] * 92), daily("ada", "2026-10-30", [5])
    found = by(competitors.volume(among(*both, totals=noted, months=1)))
    days = (found.loc[US, "until"] - found.loc[US, "since"]).days + 1
    assert found.loc[US, "posts"] == days, "we post once a day"


def test_weeks_that_were_noted_one_after_the_other_are_one_period() -> None:
    weeks = pd.date_range("2026-10-05", periods=3, freq="7D")
    noted = [
        ("ada", str(day.date()), str((day + 6 * pd.Timedelta(days=1)).date()), figure, value)
        for day in weeks for figure, value in (("posts", 14), ("interactions", 70))
    ]  # fmt: skip
    both = daily(US, "2026-10-01", [10] * 31), daily("ada", "2026-10-30", [5])
    found = by(competitors.volume(among(*both, totals=noted)))
    assert found["posts"].to_dict() == {US: 21, "ada": 42} and set(found["since"]) == {weeks[0]}
    assert found["share_of_interactions"].to_dict() == {US: 0.5, "ada": 0.5}


def test_a_handful_of_posts_has_no_shares() -> None:
    ten, twelve = (
        competitors.volume(among(*(daily(who, "2026-10-20", [1] * posts) for who in (US, "ada"))))
        for posts in (5, 6)
    )
    assert ten["share_of_posts"].isna().all() and ten["posts"].tolist() == [5, 5]
    assert twelve["share_of_posts"].tolist() == [0.5, 0.5]


def test_interactions_noted_in_parts_are_added_and_a_share_of_a_part_is_none() -> None:
    month = ("ada", "2026-10-01", "2026-10-31")
    posts, likes, comments = (*month, "posts", 31), (*month, "reactions", 60), (*month, "comments", 2)
    both = daily(US, "2026-10-01", [10] * 31), daily("ada", "2026-10-30", [5])
    found = by(competitors.volume(among(*both, totals=[posts, likes, comments])))
    assert found.loc["ada", "interactions"] == 62
    found = by(competitors.volume(among(*both, totals=[posts])))
    assert found["share_of_posts"].to_dict() == {US: 0.5, "ada": 0.5}
    assert found["share_of_interactions"].isna().all()


def test_shares_of_each_network_add_up_to_one(market: Landscape) -> None:
    found = competitors.volume(market)
    for share in ("share_of_posts", "share_of_interactions"):
        assert found.groupby("network")[share].sum().tolist() == pytest.approx([1.0, 1.0])


# ── Efficiency ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def market() -> Landscape:
    """Ours get 2 % of 1,000 followers, Ada's twice that of 10,000, Bo's a little more of 500; of Cy's there
    are eleven. On Facebook Ada gets half of what we do."""
    rng = np.random.default_rng(3)

    def posts(account: str, followers: int, rate: float, n: int = 60, **more) -> pd.DataFrame:
        wave = np.concatenate([[0.5, 0.9, 1.1, 1.5] * (n // 4), [1.0] * (n % 4)])
        return daily(account, "2026-09-01", rng.permutation(followers * rate * wave), followers, **more)

    return among(
        posts(US, 1000, 0.02), posts("ada", 10_000, 0.04), posts("bo", 500, 0.022), posts("cy", 100, 0.5, 11),
        posts(US, 800, 0.04, network="facebook"), posts("ada", 4000, 0.02, network="facebook"),
        days=[("ada", "2026-10-31", 12_345)],
    )  # fmt: skip


def test_a_rate_is_interactions_over_followers_at_posting() -> None:
    """200 of 1,000 and 200 of 3,000 followers are 400 of 4,000, whatever the account has by now."""
    grown = daily("ada", "2026-10-01", [200, 200], followers=np.array([1000.0, 3000.0]))
    subject = among(daily(US, "2026-10-01", [1], 100), grown, days=[("ada", "2026-10-31", 9000)])
    found = by(competitors.efficiency(subject))
    assert found.loc["ada", ["value", "n", "size"]].tolist() == [0.1, 2, 9000]
    assert found["verdict"].to_dict() == {US: "ours", "ada": "too_few"}


def test_verdicts_say_who_does_better_than_we_do(market: Landscape) -> None:
    found = competitors.efficiency(market)
    instagram = by(found[found["network"] == "instagram"])
    rates = {US: 0.02, "ada": 0.04, "bo": 0.022, "cy": 0.5}
    verdicts = {US: "ours", "ada": "above", "bo": "cannot_tell", "cy": "too_few"}
    assert instagram["value"].to_dict() == pytest.approx(rates, rel=0.05)
    assert instagram["verdict"].to_dict() == verdicts
    assert by(found[found["network"] == "facebook"])["verdict"].to_dict() == {US: "ours", "ada": "below"}
    assert instagram.loc["ada", "change"] == pytest.approx(1) and np.isnan(instagram.loc[US, "change"])
    assert instagram.loc["ada", "size"] == 12_345


def test_gaps_are_those_of_stats_corrected_for_being_many(market: Landscape) -> None:
    posts, found = market.posts, competitors.efficiency(market)
    alone = []
    for network, account in (("facebook", "ada"), ("instagram", "ada"), ("instagram", "bo")):
        sides = [posts[(posts["network"] == network) & (posts["account"] == who)] for who in (account, US)]
        alone.append(stats.compare(*[stats.ratio(s["interactions"], s["followers"]) for s in sides])["p"][0])
    tested = found.dropna(subset="p").set_index(["network", "account"])["p"]
    expected = [tested[pair] for pair in (("facebook", "ada"), ("instagram", "ada"), ("instagram", "bo"))]
    assert len(tested) == 3 and stats.holm(alone).tolist() == pytest.approx(expected)


def test_the_lead_is_shared_by_those_that_can_be_compared(market: Landscape) -> None:
    found = competitors.efficiency(market).set_index(["network", "account"])["lead"]
    assert found.groupby("network").sum().tolist() == pytest.approx([1, 1])
    assert found["instagram", "ada"] > 0.99 and found["facebook", US] > 0.99
    assert np.isnan(found["instagram", "cy"]), "eleven posts, however good"


def test_the_best_stand_first_on_each_network(market: Landscape) -> None:
    found = competitors.efficiency(market)
    assert list(zip(found["network"], found["account"], strict=True)) == [
        ("facebook", US), ("facebook", "ada"),
        ("instagram", "cy"), ("instagram", "ada"), ("instagram", "bo"), ("instagram", US),
    ]  # fmt: skip


def test_ten_times_the_followers_and_interactions_leave_rates_and_verdicts(market: Landscape) -> None:
    times = market.posts["account"].map({US: 1, "ada": 10, "bo": 1000, "cy": 2})
    posts = market.posts.assign(
        interactions=market.posts["interactions"] * times, followers=market.posts["followers"] * times
    )
    found, before = (competitors.efficiency(of) for of in (replace(market, posts=posts), market))
    pd.testing.assert_frame_equal(found, before)


def test_the_order_of_rows_does_not_matter(market: Landscape) -> None:
    shuffled = replace(market, posts=market.posts.sample(frac=1, random_state=1))
    for section in (competitors.efficiency, competitors.per_post, competitors.kinds, competitors.volume):
        pd.testing.assert_frame_equal(section(shuffled), section(market))


def test_posts_without_followers_at_posting_have_no_rate(market: Landscape) -> None:
    unknown = market.posts["followers"].mask(market.posts["account"] == "ada")
    found = competitors.efficiency(replace(market, posts=market.posts.assign(followers=unknown)))
    assert "ada" not in set(found.loc[found["network"] == "instagram", "account"])


def test_kinds_are_parts_of_the_whole(market: Landscape) -> None:
    kinds = np.where(market.posts.index % 3 == 0, "image", "video")
    subject = replace(market, posts=market.posts.assign(kind=kinds))
    found = competitors.kinds(subject)
    sums = found.groupby(["network", "account"])["n"].sum()
    assert sums.to_dict() == market.posts.groupby(["network", "account"]).size().to_dict()
    ada = found[(found["account"] == "ada") & (found["network"] == "instagram")]
    assert (ada["value"] * ada["n"]).sum() / ada["n"].sum() == pytest.approx(0.04)


# ── What a post gets ────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_gets_the_median_and_the_mean() -> None:
    counts = {"reactions": [1.0, 2, 9], "comments": [0.0, 0, 3]}
    subject = among(daily(US, "2026-10-01", [1]), daily("ada", "2026-10-01", [1, 2, 12], **counts))
    ada = by(competitors.per_post(subject)).loc["ada"]
    assert ada[["median_reactions", "mean_reactions"]].tolist() == [2, 4]
    assert ada[["median_comments", "mean_comments"]].tolist() == [0, 1]
    assert ada[["median_interactions", "mean_interactions", "n"]].tolist() == [2, 5, 3]
    assert np.isnan(ada["median_shares"]) and np.isnan(ada["low"])


def test_the_median_has_an_interval_from_six_posts_on() -> None:
    subject = among(daily(US, "2026-10-01", [3] * 5), daily("ada", "2026-10-01", range(6)))
    found = by(competitors.per_post(subject))
    assert found.loc["ada", ["low", "high"]].tolist() == [0, 5] and np.isnan(found.loc[US, "low"])


# ── Against what is published ───────────────────────────────────────────────────────────────────────────────

FORMULA = "median of companies: reactions, comments and shares / followers, per post"


def publish(home: Path, *rows: tuple[str, str, str, str, float]) -> None:
    """A local file of benchmarks: period, network, industry, definition, value."""
    folder = home / "data" / "reference" / "local"
    folder.mkdir(parents=True)
    named = pd.DataFrame(rows, columns=["period", "network", "industry", "definition", "value"])
    named.assign(
        study="Ours", segment="all", metric="engagement_rate_by_followers", unit="rate", n="",
        source="invented", source_date="2026-01", address="https://example.org", trust="high", note="",
    ).to_csv(folder / "benchmarks.csv", index=False)  # fmt: skip


def test_benchmarks_of_ones_own_stand_beside_all_rates(home: Path, market: Landscape) -> None:
    publish(home, ("2026", "instagram", "all", FORMULA, 0.01), ("2026", "facebook", "all", FORMULA, 0.9))
    found = by(competitors.benchmarks(market), "network")
    assert found["benchmark"].to_dict() == {"facebook": 0.9, "instagram": 0.01}
    assert found["verdict"].to_dict() == {"facebook": "below", "instagram": "above"}
    assert found.loc["instagram", "ours"] == pytest.approx(0.02)
    assert found.loc["instagram", "rivals"] == pytest.approx(0.04), "of 2.2, 4 and 50 %"
    assert found["n"].to_dict() == {"facebook": 1, "instagram": 3}
    assert set(found["source"]) == {"invented"}


def test_within_the_interval_nobody_can_tell(home: Path, market: Landscape) -> None:
    publish(home, ("2026", "instagram", "all", FORMULA, 0.0205))
    found = by(competitors.benchmarks(market), "network")
    assert found.loc["instagram", "verdict"] == "cannot_tell"


def test_the_newest_of_the_sector_and_of_all(home: Path, market: Landscape) -> None:
    publish(
        home,
        ("2025", "instagram", "tea rooms", FORMULA, 0.5),
        ("2026", "instagram", "tea rooms", FORMULA, 0.6),
        ("2026", "instagram", "garages", FORMULA, 0.7),
        ("2027", "instagram", "tea rooms", "mean of companies: reactions / followers", 0.8),
        ("2027", "instagram", "all", "median of companies: reactions / views", 0.9),
    )
    subject = replace(market, brand=replace(market.brand, sector="Tea rooms"))
    found = competitors.benchmarks(subject)
    here = found[(found["network"] == "instagram") & (found["industry"] == "tea rooms")]
    assert here["benchmark"].tolist() == [0.6]
    shipped = found[(found["network"] == "instagram") & (found["industry"] == "all")]
    assert shipped["benchmark"].max() < 0.05, "what is by views is another thing"


def test_few_posts_of_ours_are_too_few(home: Path) -> None:
    publish(home, ("2026", "instagram", "all", FORMULA, 0.01))
    subject = among(daily(US, "2026-10-01", [9] * 11, 100), daily("ada", "2026-10-01", [9] * 20, 100))
    assert competitors.benchmarks(subject)["verdict"].tolist() == ["too_few"]


# ── Best posts ──────────────────────────────────────────────────────────────────────────────────────────────


def test_notable_posts_are_measured_against_the_habit_of_their_account() -> None:
    small, big = [10] * 14 + [40], [1000] * 14 + [2000]
    subject = among(
        daily("small", "2026-10-01", small), daily("big", "2026-10-01", big),
        daily("few", "2026-10-01", [1] * 10 + [99]), daily("silent", "2026-10-01", [0] * 14 + [99]),
        daily(US, "2026-10-01", [1] * 14 + [99]),
    )  # fmt: skip
    found = competitors.notable(subject)
    assert found["account"].tolist() == ["small", "big", "small", "big"], "two of each"
    assert found["times"].tolist() == [4, 2, 1, 1] and set(found["place"]) == {"best"}
    assert found.loc[0, ["value", "habit"]].tolist() == [40, 10]
    assert found.loc[2, "published_at"] == pd.Timestamp("2026-10-01 12:00"), "the first of many alike"


# ── On the demo brand ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def year(demo_home: Path) -> Landscape:
    """All fourteen months of the demo."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(demo_home))
        return landscapes.review("demo", months=14)


def test_the_demos_rivals_grow_as_planted(year: Landscape) -> None:
    found = competitors.followers(year)
    theirs = found[~found["ours"]]
    assert theirs["since"].unique() == pd.Timestamp("2025-09-01")
    assert theirs["start"].tolist() == [15200, 38900, 21400, 6150]
    assert theirs["growth"].between(1.004**14 - 1, 1.016**14 - 1).all()


def test_the_demos_small_rival_does_best_for_its_size(year: Landscape) -> None:
    found = competitors.efficiency(year)
    instagram = by(found[found["network"] == "instagram"])
    assert instagram.index[0] == "la.petite.tournelle" and instagram["lead"].iloc[0] > 0.99
    assert instagram.loc[["la.petite.tournelle", "terres.de.brivoise"], "verdict"].tolist() == ["above"] * 2
    assert instagram["size"].idxmax() == "manufacture.orvenne"


def test_the_demos_rivals_have_their_own_volume(year: Landscape) -> None:
    found = competitors.volume(year)
    assert set(found["basis"]) == {"posts"}
    whole = found.groupby("network")[["share_of_posts", "share_of_interactions"]].sum()
    assert np.allclose(whole, 1)
    counted = year.posts.groupby(["network", "account"]).size()
    assert (found.set_index(["network", "account"])["posts"] <= counted.reindex(
        pd.MultiIndex.from_frame(found[["network", "account"]])
    )).all()  # fmt: skip


def test_the_demos_contest_has_the_best_posts(year: Landscape) -> None:
    best = competitors.notable(year)
    assert len(best) == competitors.SHOWN and best["times"].is_monotonic_decreasing
    assert best.groupby(["network", "account"]).size().max() == competitors.OF_EACH
    contest = best[best["published_at"].between("2026-06-11", "2026-06-25")]
    assert contest["account"].tolist() == ["Terres de Brivoise"] * competitors.OF_EACH
    assert contest.index[0] == 0


def test_the_demo_is_held_against_what_is_published(demo: str, year: Landscape) -> None:
    found = competitors.benchmarks(year)
    assert {"facebook", "instagram"} <= set(found["network"]) and found["address"].str.startswith(
        "http"
    ).all()
    assert not set(found["verdict"]) & {"too_few"}


def test_every_section_of_the_demo_is_computed_once_and_changes_nothing(year: Landscape) -> None:
    before = year.posts.copy()
    for section in (competitors.presence, competitors.volume, competitors.per_post, competitors.kinds):
        section(year)
    assert competitors.efficiency(year) is competitors.efficiency(year)
    pd.testing.assert_frame_equal(year.posts, before)
