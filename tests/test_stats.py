"""Intervals hold what they promise, and say nothing where they cannot."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln, stdtrit

from cmlib import stats

NUMBERS = ["value", "low", "high", "n", "se", "df"]


def posts(seed=1, n=30, groups=1, cv=0.6, rate=0.04):
    """Posts with heavy-tailed reach and rates that vary: interactions, reach, group, all alike."""
    rng = np.random.default_rng(seed)
    reach = np.ceil(1500 * np.exp(rng.standard_normal(n * groups)))
    interactions = rng.poisson(reach * rate * rng.gamma(1 / cv**2, cv**2, n * groups))
    return pd.Series(interactions), pd.Series(reach), pd.Series(np.repeat(np.arange(groups), n))


# What can be checked by hand


def test_a_rate_is_sum_over_sum():
    got = stats.ratio([10, 2, 3], [100, 100, 300], ["a", "a", "b"])
    assert got["value"].to_dict() == {"a": 0.06, "b": 0.01}
    assert got["n"].to_dict() == {"a": 2, "b": 1}
    assert list(got.columns) == NUMBERS


def test_with_equal_reach_it_is_students_t_on_the_log_scale():
    symmetric = [8, 12] * 10  # no skewness: no shift
    got = stats.ratio(symmetric, [100] * 20).loc[0]
    assert got["df"] == pytest.approx(19)
    assert got["se"] == pytest.approx(np.std(symmetric, ddof=1) / np.sqrt(20) / 10)
    half = stdtrit(19, 0.975) * got["se"]
    assert [got["low"], got["high"]] == pytest.approx([0.1 * np.exp(-half), 0.1 * np.exp(half)])


def test_one_post_with_most_of_the_reach_counts_as_few_posts():
    alike = stats.ratio([8, 12] * 10, [100] * 20)["df"]
    dominated = stats.ratio([8, 12] * 9 + [8, 1200], [100] * 19 + [10_000])["df"]
    assert dominated[0] < 3 < alike[0]


def test_degrees_of_freedom_are_those_of_the_written_out_quadratic_form():
    interactions, reach, _ = posts(n=15)
    w = (reach / reach.sum()).to_numpy()
    left = np.eye(15) - np.outer(np.ones(15), w)  # rates → residuals
    form = left.T @ np.diag(w**2 / (1 - w)) @ left
    expected = np.trace(form) ** 2 / np.trace(form @ form)
    assert stats.ratio(interactions, reach)["df"][0] == pytest.approx(expected)


def test_a_skewed_mean_reaches_further_up_and_holds_its_value():
    got = stats.mean([1] * 19 + [40]).loc[0]
    assert got["value"] == pytest.approx(2.95)
    assert got["low"] < got["value"] < got["high"]
    assert np.log(got["high"] / got["value"]) > np.log(got["value"] / got["low"])


def test_holm_by_hand():
    got = stats.holm(pd.Series([0.01, 0.04, np.nan, 0.03], index=list("abcd")))
    assert got.drop("c").to_dict() == pytest.approx({"a": 0.03, "b": 0.06, "d": 0.06})
    assert np.isnan(got["c"])
    assert stats.holm([0.6, 0.9]).tolist() == [1, 1]
    assert stats.holm([]).empty


def test_wilson_is_the_published_example():
    got = stats.wilson([81, 0, 20], [263, 20, 20])  # 81 of 263: Newcombe 1998, table I
    assert got["low"].round(4).tolist() == [0.2553, 0.0, 0.8389]
    assert got["high"].round(4).tolist() == [0.3662, 0.1611, 1.0]


def test_nps_is_promoters_less_detractors():
    got = stats.nps([50, 10, 0], [30, 0, 0], [20, 0, 0])
    assert got["value"].tolist()[:2] == [30, 100]
    assert got["high"][1] == 100 and got["low"][0] < 30 < got["high"][0]
    assert got["n"].tolist() == [100, 10, 0] and np.isnan(got["value"][2])


def test_newcombes_difference_of_two_shares():
    got = stats.difference(stats.wilson(56, 70), stats.wilson(48, 80)).loc[0]  # Newcombe 1998, table II (a)
    assert got["change"] == pytest.approx(0.2)
    assert [round(got["low"], 4), round(got["high"], 4)] == [0.0524, 0.3339]
    assert got["p"] < 0.05


# Laws


def test_order_of_posts_does_not_matter():
    interactions, reach, group = posts(groups=3)
    other = np.random.default_rng(0).permutation(len(reach))
    got = stats.ratio(interactions[other], reach[other], group[other])
    pd.testing.assert_frame_equal(got, stats.ratio(interactions, reach, group), rtol=1e-10)


def test_the_same_posts_give_the_same_digits():
    assert stats.ratio(*posts(groups=3)).equals(stats.ratio(*posts(groups=3)))


@pytest.mark.parametrize("times", [10, 1000])
def test_scaling_scales_the_value_and_leaves_the_certainty(times):
    interactions, reach, _ = posts()
    one, many = stats.ratio(interactions, reach), stats.ratio(interactions * times, reach)
    pd.testing.assert_frame_equal(many[["value", "low", "high"]], one[["value", "low", "high"]] * times)
    pd.testing.assert_frame_equal(many[["n", "se", "df"]], one[["n", "se", "df"]])


def test_a_groups_result_is_its_own():
    interactions, reach, group = posts(groups=4)
    together = stats.ratio(interactions, reach, group)
    for g in range(4):
        alone = stats.ratio(interactions[group == g], reach[group == g])
        assert alone.loc[0].to_numpy() == pytest.approx(together.loc[g].to_numpy())


def test_two_keys_make_pairs():
    keys = pd.DataFrame({"network": ["x", "x", "tiktok"], "kind": ["text", "text", "video"]}, index=[7, 8, 9])
    got = stats.ratio([1, 2, 3], [10, 10, 10], keys)
    assert got.index.names == ["network", "kind"]
    assert got["value"].to_dict() == {("tiktok", "video"): 0.3, ("x", "text"): 0.15}


def test_a_higher_level_is_wider():
    interactions, reach, _ = posts()
    usual, sure = (stats.ratio(interactions, reach, level=level).loc[0] for level in (0.95, 0.99))
    assert sure["low"] < usual["low"] < usual["value"] < usual["high"] < sure["high"]


def test_compare_turned_round():
    a, b = (stats.ratio(*posts(seed, n=n)[:2]) for seed, n in ((1, 30), (2, 50)))
    there, back = stats.compare(a, b).loc[0], stats.compare(b, a).loc[0]
    assert 1 + there["change"] == pytest.approx(1 / (1 + back["change"]))
    assert 1 + there["low"] == pytest.approx(1 / (1 + back["high"]))
    assert there["p"] == pytest.approx(back["p"])


def test_p_and_interval_say_the_same():
    a = stats.ratio(*posts(3, n=30, groups=300))
    b = stats.ratio(*posts(4, n=15, groups=300, rate=0.03))
    got = stats.compare(a, b)
    outside = (got["low"] > 0) | (got["high"] < 0)
    assert outside.equals(got["p"] < 0.05)
    assert 0.1 < outside.mean() < 0.9


# Too little, or nothing


@pytest.mark.parametrize(
    ("interactions", "reach", "value"),
    [
        ([5], [100], 0.05),
        ([3, 4] * 5 + [4], [100] * 11, 39 / 1100),
        ([0] * 40, [100] * 40, 0.0),
        ([0] * 40, [0] * 40, np.nan),
        ([7] * 40, [0] * 40, np.nan),
        ([5] * 12, [100] + [0] * 11, 0.6),  # all the reach on one post
        ([], [], np.nan),
    ],
)
def test_no_interval_where_none_is_honest(interactions, reach, value):
    got = stats.ratio(interactions, reach)
    assert got["value"][0] == pytest.approx(value, nan_ok=True)
    assert got["n"][0] == len(interactions)
    assert got[["low", "high", "se", "df"]].isna().all(axis=None)
    assert stats.compare(got, stats.ratio(*posts()[:2]))[["low", "high", "p"]].isna().all(axis=None)


def test_there_is_one_from_the_smallest_n_on():
    n = stats.SMALLEST_N
    few, enough = (stats.ratio(*posts(n=size)[:2]) for size in (n - 1, n))
    assert np.isnan(few["low"][0]) and np.isfinite(enough["low"][0])


def test_posts_that_lack_a_number_are_left_out():
    interactions = pd.Series([1, None, 3, 4], dtype="Int64")
    reach = pd.Series([10, 10, None, 10], dtype="Int64")
    got = stats.ratio(interactions, reach, ["a", "b", "b", "a"])
    assert got.loc["a", ["value", "n"]].tolist() == [0.25, 2]
    assert np.isnan(got.loc["b", "value"]) and got.loc["b", "n"] == 0


def test_a_missing_key_is_a_group_and_no_rows_are_no_groups():
    assert stats.ratio([1, 2], [10, 10], pd.Series(["a", None]))["n"].tolist() == [1, 1]
    empty = stats.ratio([], [], pd.Series([], dtype="str"))
    assert empty.empty and list(empty.columns) == NUMBERS


def test_compare_meets_by_index_and_takes_single_rows():
    got = stats.ratio(*posts(groups=3))
    assert stats.compare(got, got.drop(1)).isna().all(axis=1).tolist() == [False, True, False]
    assert stats.compare(got.loc[0], got.loc[0]).loc[0, ["change", "p"]].tolist() == [0, 1]


def test_few_answers_have_no_interval():
    assert stats.wilson([9], [9])["low"].isna().all() and stats.nps(5, 2, 2)["low"].isna().all()
    assert (
        stats.difference(stats.nps(5, 2, 2), stats.nps(50, 20, 20))[["low", "high", "p"]]
        .isna()
        .all(axis=None)
    )


def test_what_was_to_be_expected_of_a_month():
    history = [100, 110, 100, 110, 100, 110, 100]
    assert stats.unusual(history, 105)["p"] > 0.5
    far = stats.unusual(history, 200)
    assert far["p"] < 0.05 and far["low"] < 100 < far["high"] < 200


@pytest.mark.parametrize(
    ("history", "value"),
    [([], 5), ([100] * 6, 100), ([100, 0] * 5, 100), ([100] * 9, 0), ([100] * 9 + [None], 100)],
)
def test_no_verdict_on_a_month_without_a_history(history, value):
    assert stats.unusual(history, value).isna().all()


# Promises, held by simulation (in full: bench/coverage.py) or by counting out every outcome


@pytest.mark.parametrize("n", [12, 30, 100])
def test_95_percent_is_93_to_97(n):
    interactions, reach, group = posts(n, n=n, groups=6000)
    got = stats.ratio(interactions, reach, group)
    given = got.dropna()
    assert len(given) / len(got) > {12: 0.9, 30: 0.98, 100: 0.995}[n]
    assert 0.93 < ((given["low"] < 0.04) & (given["high"] > 0.04)).mean() < 0.97


@pytest.mark.parametrize("n", [30, 100])
def test_a_mean_of_rates_is_as_honest(n):
    interactions, reach, group = posts(n, n=n, groups=4000)
    got = stats.mean(interactions / reach, group)
    assert 0.93 < ((got["low"] < 0.04) & (got["high"] > 0.04)).mean() < 0.97


@pytest.mark.parametrize(("n", "m"), [(30, 30), (12, 100), (100, 100)])
def test_no_difference_is_seen_in_about_one_of_twenty(n, m):
    a, b = (stats.ratio(*posts(seed, n=size, groups=4000)) for seed, size in ((5, n), (6, m)))
    assert 0.03 < (stats.compare(a, b)["p"] < 0.05).mean() < 0.06


@pytest.mark.parametrize("n", [10, 15, 30])
@pytest.mark.parametrize(("promoters", "detractors"), [(0.5, 0.2), (0.3, 0.3), (0.7, 0.05), (0.1, 0.5)])
def test_nps_covers_at_least_93_percent(n, promoters, detractors):
    up, down = (grid.ravel() for grid in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    up, down = up[up + down <= n], down[up + down <= n]
    between = n - up - down
    weight = np.exp(
        gammaln(n + 1) - gammaln(up + 1) - gammaln(down + 1) - gammaln(between + 1)
        + up * np.log(promoters) + down * np.log(detractors) + between * np.log(1 - promoters - detractors)
    )  # fmt: skip
    got, truth = stats.nps(up, between, down), 100 * (promoters - detractors)
    assert weight[(got["low"] <= truth) & (truth <= got["high"])].sum() > 0.93


def test_nps_that_did_not_change_is_seen_changing_in_about_one_of_twenty():
    rng = np.random.default_rng(5)
    before, after = (rng.multinomial(n, [0.4, 0.35, 0.25], 4000).T for n in (40, 80))
    assert 0.03 < (stats.difference(stats.nps(*before), stats.nps(*after))["p"] < 0.05).mean() < 0.06


def test_a_median_lies_between_two_posts() -> None:
    """Of ten, fewer than two lie below the median in 1.07 % of samples: so the second and the ninth."""
    found = stats.median([10, 1, 9, 2, 8, 3, 7, 4, 6, 5])
    assert found.loc[0, ["value", "low", "high", "n"]].tolist() == [5.5, 2, 9, 10]
    too_few = stats.median([1, 2, np.nan, 3])
    assert too_few.loc[0, "value"] == 2 and too_few["low"].isna().all()
    assert stats.median([]).loc[0, "n"] == 0


def test_the_interval_of_a_median_covers_what_it_promises_whatever_the_tails() -> None:
    chance = np.random.default_rng(5)
    for n in (6, 12, 30):
        posts = chance.lognormal(0, 1.3, (2000, n))
        found = stats.median(posts.ravel(), np.repeat(np.arange(2000), n))
        assert ((found["low"] <= 1) & (found["high"] >= 1)).mean() > 0.94


def test_growth_is_read_off_the_logarithms() -> None:
    years = np.linspace(0, 2, 24)
    assert stats.growth(100 * 1.5**years * np.exp(0.01 * (-1) ** np.arange(24)), years)[
        "change"
    ] == pytest.approx(0.5, abs=0.01)
    assert stats.growth([1.0] * 5, range(5)).isna().all()
    chance = np.random.default_rng(6)
    false = [stats.growth(chance.lognormal(0, 1, 40), np.arange(40))["p"] < 0.05 for _ in range(400)]
    assert 0.02 < np.mean(false) < 0.09


def test_an_interval_that_says_nothing_is_not_given() -> None:
    """One post of fifteen has 83 % of the reach: its rate is known of that post alone."""
    reach = np.array([1000.0] * 14 + [70_000])
    got = stats.ratio(np.array([100.0] * 14 + [10]), reach).iloc[0]
    assert got["value"] == 1410 / 84_000
    assert np.isnan(got["low"]) and np.isnan(got["high"]) and got["se"] > 0


def test_shrunk_by_hand() -> None:
    """As sure of the published 1 % as of one's own 4 %: in the middle of the logarithms, 2 %."""
    found = stats.shrunk([0.04], [0.5], [0.01], [0.5]).iloc[0]
    assert found["value"] == pytest.approx(0.02) and found["weight"] == pytest.approx(0.5)
    assert found["high"] / found["value"] == pytest.approx(np.exp(1.96 * 0.5 / 2**0.5), rel=1e-4)


def test_few_posts_go_to_the_benchmark_and_many_to_ones_own() -> None:
    n = np.array([1, 10, 100, 10_000])
    found = stats.shrunk(np.full(4, 0.04), 1 / np.sqrt(n), np.full(4, 0.01), np.full(4, 0.7))
    assert found["value"].is_monotonic_increasing and found["weight"].is_monotonic_increasing
    assert found["value"].iloc[-1] == pytest.approx(0.04, rel=0.01)


@pytest.mark.parametrize(("own", "se"), [(np.nan, np.nan), (0.0, 0.2), (0.04, np.nan)])
def test_without_posts_that_tell_the_published_rate_stands(own: float, se: float) -> None:
    found = stats.shrunk([own], [se], [0.01], [0.5]).iloc[0]
    assert found["value"] == pytest.approx(0.01) and found["weight"] == 0 and found["sd"] == 0.5


def test_what_is_shrunk_keeps_its_promise() -> None:
    """Brands that differ from the published rate as is said, and posts that tell of them as is said."""
    rng = np.random.default_rng(5)
    truth = np.log(0.01) + 0.8 * rng.standard_normal(4000)
    se = rng.uniform(0.1, 1.5, 4000)
    seen = np.exp(truth + se * rng.standard_normal(4000))
    found = stats.shrunk(seen, se, np.full(4000, 0.01), np.full(4000, 0.8))
    held = found["low"].lt(np.exp(truth)) & found["high"].gt(np.exp(truth))
    assert held.mean() == pytest.approx(0.95, abs=0.012)


def test_two_alike_are_each_as_likely_the_highest_and_chances_add_up_to_one() -> None:
    assert stats.chance_first([0.03, 0.03], [0.1, 0.1], [20, 20]).tolist() == pytest.approx([0.5, 0.5])
    assert stats.chance_first([0.03] * 5, [0.1] * 5, [20] * 5).tolist() == pytest.approx([0.2] * 5)
    found = stats.chance_first([0.05, 0.04, 0.03, 0.01], [0.1, 0.2, 0.9, 0.1], [20, 11, 12, 200])
    assert found.sum() == pytest.approx(1)
    assert found[0] > found[2] > found[1] > 0.01 > found[3], "what is hardly known may yet be the highest"


def test_which_is_the_highest_of_two_is_a_question_of_their_difference() -> None:
    """With many posts each doubt is normal: a gap of one standard error of the difference is 84 to 16."""
    gap = 0.1 * np.sqrt(2)
    found = stats.chance_first([0.03 * np.exp(gap), 0.03], [0.1, 0.1], [1e6, 1e6])
    assert found.tolist() == pytest.approx([0.8413, 0.1587], abs=0.002)


def test_a_rate_without_an_interval_is_not_in_the_comparison() -> None:
    given = pd.DataFrame({"value": [0.03, 0.9, 0.0], "se": [0.1, np.nan, 0.1], "df": [20, np.nan, 20]})
    found = stats.chance_first(given["value"], given["se"], given["df"])
    assert found[0] == 1 and found[1:].isna().all()
    assert stats.chance_first([], [], []).empty
    assert stats.chance_first([0.2], [np.nan], [np.nan]).isna().all()


def test_the_order_and_the_scale_of_rates_do_not_change_their_chances() -> None:
    value, se, df = np.array([0.05, 0.04, 0.06]), np.array([0.1, 0.2, 0.4]), np.array([20, 11, 30])
    found = stats.chance_first(value, se, df).to_numpy()
    assert stats.chance_first(value[::-1], se[::-1], df[::-1])[::-1].to_numpy() == pytest.approx(found)
    assert stats.chance_first(1000 * value, se, df).to_numpy() == pytest.approx(found)


def test_what_is_said_to_be_the_highest_at_70_percent_is_it_about_as_often() -> None:
    """Accounts whose rates differ as those of rivals do: more than by what is not known of each."""
    rng, said, true = np.random.default_rng(5), [], []
    for _ in range(1200):
        n = rng.integers(2, 5)
        truth, se, df = rng.normal(0, 0.7, n), rng.uniform(0.05, 0.3, n), rng.integers(11, 100, n)
        seen = np.exp(truth + se * rng.standard_t(df))
        said.append(stats.chance_first(seen, se, df))
        true.append(truth == truth.max())
    said, true = np.concatenate(said), np.concatenate(true)
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        some = (said >= low) & (said <= high)
        assert true[some].mean() == pytest.approx(said[some].mean(), abs=0.07), (low, high)
