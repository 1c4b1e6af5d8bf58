"""What a trait does and what a burst is: by hand where that can be done, else by simulation."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as peers
from scipy.special import stdtrit

from cmlib import effects, stats


def lifted(y, traits: dict[str, list], account=None, together=None, held=None, families=None) -> pd.DataFrame:
    """Lifts by trait. Unless it is said: of one account, each post of its own luck, each trait a family."""
    n = len(y)
    account = np.zeros(n, dtype=np.intp) if account is None else np.asarray(account)
    together = np.arange(n) if together is None else np.asarray(together)
    table = pd.DataFrame(traits)
    found = effects.lifts(y, table, families or {name: name for name in table}, account, together, held=held)
    assert found["trait"].tolist() == list(table)
    return found.set_index("trait")


# ── What can be checked by hand ─────────────────────────────────────────────────────────────────────────────

WITH = [1, 0] * 12  # every other post of 24
TWO = [0] * 12 + [1] * 12  # the first account, the second
WAVER = np.array([0.1, 0.1, -0.1, -0.1] * 6)  # what is left of each post, as often up as down


def test_two_accounts_of_which_posts_with_a_trait_get_twice_as_much() -> None:
    """The first gets 10 and 20, the second 1,000 and 2,000: twice as much. All residuals are 0.1, all posts
    weigh 1/24, the leverage of each is 1/24 + 1/12, and 24 posts of equal weight have 23 degrees of freedom.
    """
    y = np.log(10) + np.log(100) * np.array(TWO) + np.log(2) * np.array(WITH) + WAVER
    found = lifted(y, {"question": WITH}, TWO).loc["question"]
    half = stdtrit(23, 0.975) * 0.1 / (1 - 1 / 24 - 1 / 12) * 2 / np.sqrt(24)
    assert found["change"] == pytest.approx(1)
    assert found[["low", "high"]].tolist() == pytest.approx([2 * np.exp(-half) - 1, 2 * np.exp(half) - 1])
    assert found[["n", "others", "note"]].tolist() == [12, 12, ""]


def test_an_account_that_always_has_the_trait_or_never_says_nothing_of_it() -> None:
    """Eleven posts of the first have it, thirteen do not; all of the second, none of the third."""
    y = np.concatenate([np.log([10.0, 20.0] * 12) + WAVER, np.full(30, 9.0), np.full(30, 1.0)])
    account = [0] * 24 + [1] * 30 + [2] * 30
    found = lifted(y, {"x": [*WITH, *[1] * 30, *[0] * 30]}, account).loc["x"]
    assert found["change"] == pytest.approx(-0.5) and (found["n"], found["others"]) == (12, 12)


def test_fewer_posts_than_tell_anything_are_said_to_be_too_few() -> None:
    eleven = [1] * 11 + [0] * 29
    found = lifted(np.arange(40.0), {"rare": eleven, "usual": [1 - x for x in eleven], "none": [0] * 40})
    assert found["note"].tolist() == ["too_few"] * 3
    assert found["n"].tolist() == [11, 29, 0] and found["others"].tolist() == [29, 11, 0]
    assert found[["change", "low", "high", "p"]].isna().all(axis=None)


def test_posts_of_which_a_trait_is_not_known_count_neither_way() -> None:
    y = np.concatenate([np.log(2) * np.array(WITH) + WAVER, [50.0, -50.0]])
    traits = pd.Series([*WITH, None, None], dtype="Float64")
    found = lifted(y, {"x": traits}).loc["x"]
    assert (found["n"], found["others"]) == (12, 12)
    assert found["change"] == pytest.approx(1)


def test_two_traits_that_always_come_together_cannot_be_told_apart() -> None:
    y = np.log(2) * np.array(WITH) + WAVER
    found = lifted(y, {"evening": WITH, "video": WITH})
    assert found["note"].tolist() == ["confounded"] * 2 and found["change"].isna().all()
    assert found["n"].tolist() == [12, 12]
    turned = lifted(y, {"evening": WITH, "morning": [1 - x for x in WITH]})
    assert turned["note"].tolist() == ["confounded"] * 2


def test_levels_of_one_family_are_each_held_against_all_the_others() -> None:
    """Images get 1, carousels 2, videos 4: carousels get 2 against a geometric mean of 2 of the others."""
    kind = np.repeat([0, 1, 2], 24)
    y = np.log(2) * kind + np.tile(WAVER, 3)
    traits = {name: (kind == i) * 1 for i, name in enumerate(("image", "carousel", "video"))}
    found = lifted(y, traits, families=dict.fromkeys(traits, "kind"))
    assert found["change"].tolist() == pytest.approx([2**-1.5 - 1, 0, 2**1.5 - 1])


def test_what_a_trait_does_is_not_counted_for_the_other_that_comes_with_it() -> None:
    """Videos get twice as much. Two of three are shown in the evening, one of three images is."""
    video = np.repeat([1, 0], 36)
    evening = np.concatenate([np.tile([1, 1, 0], 12), np.tile([1, 0, 0], 12)])
    y = np.log(2) * video + np.tile([0.1, 0.1, 0.1, -0.1, -0.1, -0.1], 12)
    found = lifted(y, {"evening": evening, "video": video})
    assert found["change"].tolist() == pytest.approx([0, 1])
    alone = lifted(y, {"evening": evening})
    assert alone.loc["evening", "change"] == pytest.approx(2 ** (1 / 3) - 1)


def test_the_age_of_a_post_is_held_constant() -> None:
    """Posts gain as they age, and carousels are the old ones: that is why they got more."""
    age = np.concatenate([np.arange(24.0) / 12, np.arange(24.0) / 12 + 1])
    carousel = np.repeat([0, 1], 24)
    y = 0.5 * age + np.tile(WAVER, 2)
    assert lifted(y, {"x": carousel}).loc["x", "change"] == pytest.approx(np.exp(0.5) - 1)
    found = lifted(y, {"x": carousel}, held=pd.DataFrame({"age": age})).loc["x"]
    assert found["low"] < 0 < found["high"] and abs(found["change"]) < 0.1


def test_posts_of_one_day_share_their_luck_and_count_as_fewer() -> None:
    """The same 24 results, six posts a day: there are four days, not 24 draws."""
    y, days = np.repeat([0.9, 0.2, 0.6, 0.5], 6), np.repeat(np.arange(4), 6)
    traits = {"x": np.repeat([1, 0, 1, 0], 6)}
    alone, together = (lifted(y, traits, together=of).loc["x"] for of in (None, days))
    assert alone["change"] == together["change"]
    assert alone["p"] < 0.01 and together["p"] > 0.05


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────


def draws(rng: np.random.Generator, accounts: int, posts: int, lift: float, luck: float) -> tuple:
    """Posts of accounts of all sizes with a trait of some, beside another trait that likes to go with it."""
    account = np.repeat(np.arange(accounts), posts)
    together = account * posts + rng.integers(0, posts // 2, len(account))
    x = (rng.random(len(account)) < 0.25) * 1.0
    other = (rng.random(len(account)) < 0.2 + 0.4 * x) * 1.0
    size = rng.normal(5, 2, accounts)[account]
    lucks = luck * rng.standard_normal(accounts * posts)[together]
    y = size + np.log1p(lift) * x + lucks + 0.8 * rng.standard_normal(len(account))
    return y, {"x": x, "other": other}, account, together


@pytest.fixture(scope="module")
def some() -> tuple:
    return draws(np.random.default_rng(2), 4, 60, 0.4, 0.3)


def test_the_order_of_posts_does_not_matter(some: tuple) -> None:
    y, traits, account, together = some
    other = np.random.default_rng(0).permutation(len(y))
    shuffled = lifted(y[other], {k: v[other] for k, v in traits.items()}, account[other], together[other])
    pd.testing.assert_frame_equal(shuffled, lifted(y, traits, account, together), rtol=1e-9)


def test_the_order_and_the_names_of_accounts_and_days_do_not_matter(some: tuple) -> None:
    y, traits, account, together = some
    found = lifted(y, traits, 3 - account, together.max() - together)
    pd.testing.assert_frame_equal(found, lifted(y, traits, account, together), rtol=1e-9)


def test_ten_times_the_followers_leave_lifts_as_they_are(some: tuple) -> None:
    y, traits, account, together = some
    bigger = y + np.log([1, 10, 1000, 0.1])[account]
    pd.testing.assert_frame_equal(
        lifted(bigger, traits, account, together), lifted(y, traits, account, together), rtol=1e-9
    )


def test_a_big_account_does_not_decide_what_a_trait_does() -> None:
    """For a big one it halves what posts get, for three small ones it doubles that."""
    y = np.tile(np.log(2) * np.array(WITH) + WAVER, 4) + np.repeat([15.0, 2, 2, 2], 24)
    y[:24] -= 2 * np.log(2) * np.array(WITH)
    found = lifted(y, {"x": WITH * 4}, np.repeat(np.arange(4), 24)).loc["x"]
    assert found["change"] == pytest.approx(2**0.5 - 1)


def test_a_trait_turned_round_does_the_opposite(some: tuple) -> None:
    y, traits, account, together = some
    there = lifted(y, traits, account, together).loc["x"]
    back = lifted(y, {**traits, "x": 1 - traits["x"]}, account, together).loc["x"]
    assert 1 + there["change"] == pytest.approx(1 / (1 + back["change"]))
    assert 1 + there["low"] == pytest.approx(1 / (1 + back["high"]))
    assert there["p"] == pytest.approx(back["p"]) and there["n"] == back["others"]


def test_p_and_interval_say_the_same() -> None:
    rng, said = np.random.default_rng(4), []
    for _ in range(60):
        found = lifted(*draws(rng, 2, 40, 0.5, 0.0)).loc["x"]
        assert (found["p"] < 0.05) == (found["low"] > 0 or found["high"] < 0)
        said.append(found["p"] < 0.05)
    assert 0.1 < np.mean(said) < 0.9


def test_where_nothing_wavers_p_and_interval_say_the_same() -> None:
    found = lifted(np.log(2) * np.array(WITH), {"x": WITH}).loc["x"]
    assert found[["change", "low", "high"]].tolist() == pytest.approx([1, 1, 1])
    assert found["p"] < 0.05


def test_arguments_are_left_as_they_were(some: tuple) -> None:
    y, traits, account, together = some
    table, before = pd.DataFrame(traits), y.copy()
    effects.lifts(y, table, {"x": "x", "other": "other"}, account, together)
    assert np.array_equal(y, before) and table.equals(pd.DataFrame(traits))


# ── Promises, held by simulation ────────────────────────────────────────────────────────────────────────────


def test_a_known_lift_is_recovered() -> None:
    found = lifted(*draws(np.random.default_rng(5), 20, 400, 0.4, 0.3)).loc["x"]
    assert found["change"] == pytest.approx(0.4, abs=0.08) and found["low"] < 0.4 < found["high"]


@pytest.mark.parametrize(
    ("accounts", "posts", "luck"), [(1, 60, 0.0), (3, 40, 0.6), (12, 24, 0.3)], ids=["one", "three", "twelve"]
)
def test_95_percent_is_92_to_98(accounts: int, posts: int, luck: float) -> None:
    rng = np.random.default_rng(6)
    found = pd.concat([lifted(*draws(rng, accounts, posts, 0.4, luck)).loc[["x"]] for _ in range(300)])
    given = found[found["note"] == ""]
    assert len(given) > 200
    assert 0.92 < ((given["low"] < 0.4) & (given["high"] > 0.4)).mean() < 0.98


# ── Bursts ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("posts", [5, 8])
def test_within_span_is_the_share_of_all_ways_to_choose(posts: int) -> None:
    for times in range(1, posts + 1):
        ways = list(combinations(range(posts), times))
        spans = np.arange(times, posts + 1)
        counted = [np.mean([way[-1] - way[0] + 1 <= span for way in ways]) for span in spans]
        assert effects.within_span([times] * len(spans), spans, posts).tolist() == pytest.approx(counted)


def test_as_many_posts_as_in_other_weeks_are_no_burst() -> None:
    usual = [3, 5, 4, 4, 3, 5, 4, 4, 3, 5, 4, 4]
    assert effects.denser(4, usual) == pytest.approx(0.5, abs=0.02)
    assert effects.denser(20, usual) < 0.001
    assert effects.denser(1, usual) > 0.9
    assert effects.denser(20, usual[1:]) == 1, "eleven weeks are no rhythm yet"


def test_a_rhythm_that_never_wavers_still_could() -> None:
    """Four posts in each of twelve weeks: a fifth is no burst, since by chance counts waver by two."""
    assert effects.denser(5, [4] * 12) > 0.2
    assert effects.denser(0, [0] * 12) == pytest.approx(0.5)


def test_more_posts_are_denser() -> None:
    likely = [effects.denser(posts, [1, 2, 3] * 5) for posts in range(12)]
    assert likely == sorted(likely, reverse=True)


@pytest.mark.parametrize("cadence", [1.0, 3.0, 14.0])
def test_weeks_of_an_even_rhythm_are_seldom_denser(cadence: float) -> None:
    counts = np.random.default_rng(7).poisson(cadence, (2000, 40))
    found = np.array([effects.denser(row[0], row[1:]) for row in counts])
    assert (found < 0.05).mean() < 0.07 and (found < 0.002).mean() < 0.006


def test_louder_and_gap_are_students() -> None:
    rng = np.random.default_rng(8)
    own, others = rng.normal(0.5, 1, 9), rng.normal(0, 1, 40)
    peer = peers.ttest_ind(own, others)
    one_sided = peers.ttest_ind(own, others, alternative="greater").pvalue
    assert effects.louder(own, others) == pytest.approx(one_sided)
    change, low, high = effects.gap(own, others)
    ends = peer.confidence_interval()
    assert [low, high] == pytest.approx([np.expm1(ends.low), np.expm1(ends.high)])
    assert change == pytest.approx(np.exp(own.mean() - others.mean()) - 1)


def test_a_gap_by_hand() -> None:
    """Posts get 4 where they get 2: twice as much; with two of either there are two degrees of freedom."""
    change, low, high = effects.gap(np.log([2.0, 8.0]), np.log([1.0, 4.0]))
    half = stdtrit(2, 0.975) * np.log(2) * np.sqrt(2)
    assert change == pytest.approx(1)
    assert [low, high] == pytest.approx([2 * np.exp(-half) - 1, 2 * np.exp(half) - 1])


def test_no_gap_of_one_post_and_no_loudness_beside_eleven() -> None:
    assert np.isnan(effects.gap(np.array([1.0]), np.arange(9.0))).all()
    assert np.isnan(effects.gap(np.arange(9.0), np.array([1.0]))).all()
    assert effects.louder(np.full(4, 99.0), np.arange(stats.SMALLEST_N - 1.0)) == 1
    assert effects.louder(np.array([99.0]), np.arange(stats.SMALLEST_N * 1.0)) < 0.001


def test_posts_like_the_others_are_seldom_louder() -> None:
    levels = np.random.default_rng(9).standard_normal((2000, 44))
    found = np.array([effects.louder(row[:4], row[4:]) for row in levels])
    assert 0.03 < (found < 0.05).mean() < 0.07


def test_where_nothing_is_shared_weeks_vary_as_posts_do() -> None:
    rng, week = np.random.default_rng(10), np.repeat(np.arange(60), 4)
    found = [effects.shared_luck(rng.standard_normal(240), week) for _ in range(200)]
    assert np.median(found) == pytest.approx(1, abs=0.15)


def test_weeks_that_share_their_luck_vary_more_and_a_burst_does_not_hide_itself() -> None:
    """Four posts a week, as much luck of the week as of the post: means vary by 1 + 1/4 instead of 1/4."""
    rng, week = np.random.default_rng(11), np.repeat(np.arange(400), 4)
    level = rng.standard_normal(1600) + np.repeat(rng.standard_normal(400), 4)
    assert effects.shared_luck(level, week) == pytest.approx(5, rel=0.15)
    plain = rng.standard_normal(1600)
    contest = plain + 3 * (week < 8)
    assert effects.shared_luck(contest, week) < 1.1 * effects.shared_luck(plain, week)


def test_of_fewer_weeks_than_tell_it_nothing_is_known_of_their_luck() -> None:
    rng = np.random.default_rng(12)
    weeks = stats.SMALLEST_N
    assert np.isnan(
        effects.shared_luck(rng.standard_normal(4 * weeks - 4), np.repeat(np.arange(weeks - 1), 4))
    )
    assert np.isnan(effects.shared_luck(rng.standard_normal(weeks), np.arange(weeks))), "a post a week"
    assert effects.shared_luck(rng.standard_normal(4 * weeks), np.repeat(np.arange(weeks), 4)) > 0


def test_shared_luck_makes_the_same_difference_less_sure() -> None:
    own, others = np.array([2.1, 1.9, 2.2, 1.8]), np.resize([-1.0, 1.0], 30)
    likely = [effects.louder(own, others, shared) for shared in (0.3, 1.0, 2.0, 8.0)]
    assert likely[0] == likely[1] < likely[2] < likely[3] < 0.5
