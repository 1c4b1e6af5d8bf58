"""Scores, ranks under doubt, what turns a choice, and the best set: figures that one can do by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cmlib import decision

POINTS = st.floats(0, 100, allow_nan=False)
SHARES = arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 3)), elements=st.floats(0, 1))
WEIGHTS = np.array([3.0, 1.0])


def test_a_score_is_the_weighted_mean_of_the_points() -> None:
    assert decision.score(np.array([[80.0, 20.0], [50.0, 60.0]]), WEIGHTS) == pytest.approx([65.0, 52.5])


def test_the_same_name_gets_the_same_draws_and_another_name_others() -> None:
    assert (decision.noise("x", "cost") == decision.noise("x", "cost")).all()
    assert abs(np.corrcoef(decision.noise("x", "cost"), decision.noise("tiktok", "cost"))[0, 1]) < 0.05


def test_a_weight_is_right_to_within_a_factor_of_two_and_zero_stays_zero() -> None:
    drawn = decision.weights([1.0, 1.0, 0.0], ["a", "b", "c"])
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert not drawn[:, 2].any()
    odds = drawn[:, 0] / drawn[:, 1]
    # two weights doubted alike: their ratio is within 2 ** √2 in 95 of 100 draws
    assert np.mean((odds > 2 ** -(2**0.5)) & (odds < 2 ** (2**0.5))) == pytest.approx(0.95, abs=0.01)


def test_weights_times_anything_are_the_same_weights() -> None:
    assert decision.weights([1, 2], ["a", "b"]) == pytest.approx(decision.weights([7, 14], ["a", "b"]))


def test_acceptability_by_hand() -> None:
    scores = np.array([[3.0, 2.0, 1.0], [3.0, 1.0, 2.0], [1.0, 3.0, 2.0], [3.0, 2.0, 1.0]])
    expected = [[0.75, 0, 0.25], [0.25, 0.5, 0.25], [0, 0.5, 0.5]]
    assert decision.acceptability(scores) == pytest.approx(np.array(expected))


@given(arrays(np.float64, (50, 4), elements=POINTS))
def test_acceptabilities_of_a_rank_and_of_an_alternative_add_up_to_one(scores: np.ndarray) -> None:
    shares = decision.acceptability(scores)
    assert shares.sum(axis=0) == pytest.approx(np.ones(4)) and shares.sum(axis=1) == pytest.approx(np.ones(4))


def test_what_turns_a_choice_by_hand() -> None:
    """65 against 52.5. At weights of 4/7 and 3/7, or with 63⅓ instead of 80, both have the same score."""
    turns = decision.flips(np.array([[80.0, 20.0], [50.0, 60.0]]), WEIGHTS, 0, 1)
    assert turns["gap"].to_list() == pytest.approx([22.5, -10.0])
    assert turns["needed_weight"].to_list() == pytest.approx([4 / 7, 3 / 7])
    assert turns["needed_value"][0] == pytest.approx(190 / 3)
    assert np.isnan(turns["needed_value"][1])  # it would have to be below nothing


@given(arrays(np.float64, (2, 4), elements=POINTS), arrays(np.float64, 4, elements=st.floats(0.1, 5)))
def test_at_the_weight_that_is_needed_the_two_are_equal(values: np.ndarray, weights: np.ndarray) -> None:
    first, second = np.argsort(-decision.score(values, weights), kind="stable")
    turns = decision.flips(values, weights, int(first), int(second))
    for nth, needed in turns["needed_weight"].dropna().items():
        rest = weights / weights.sum()
        changed = rest * (1 - needed) / (1 - rest[nth])
        changed[nth] = needed
        assert np.diff(values @ changed) == pytest.approx(0, abs=1e-6)


def test_what_a_set_reaches_by_hand() -> None:
    """A half on the one, 40 % on the other: 70 % on either by chance, 50 % if these are all among those."""
    by_chance, nested = decision.reach(np.array([[0.5], [0.4]]), np.array([1.0]))
    assert by_chance.tolist() == pytest.approx([0, 0.5, 0.4, 0.7])
    assert nested.tolist() == pytest.approx([0, 0.5, 0.4, 0.5])
    assert [decision.members(number, 2) for number in range(4)] == [[], [0], [1], [0, 1]]
    assert decision.totals(np.array([3.0, 5.0])).tolist() == [0, 3, 5, 8]


def test_people_of_several_groups_count_by_their_weight() -> None:
    by_chance, _ = decision.reach(np.array([[0.2, 0.6]]), np.array([3.0, 1.0]))
    assert by_chance[1] == pytest.approx(0.3)


@given(SHARES)
def test_a_further_alternative_never_reaches_fewer(shares: np.ndarray) -> None:
    for reached in decision.reach(shares, np.ones(shares.shape[1])):
        for number in range(len(reached)):
            for one in range(len(shares)):
                assert reached[number | 1 << one] >= reached[number] - 1e-12


@given(SHARES, st.data())
def test_the_frontier_has_the_best_set_for_any_hours(shares: np.ndarray, data: st.DataObject) -> None:
    hours = decision.totals(data.draw(arrays(np.float64, len(shares), elements=st.floats(0.1, 9))))
    reached, _ = decision.reach(shares, np.ones(shares.shape[1]))
    line = decision.frontier(reached, hours, np.argsort(hours, kind="stable"))
    assert line[0] == 0 and (np.diff(hours[line]) >= -1e-9).all() and (np.diff(reached[line]) > 0).all()
    for limit in data.draw(st.lists(st.floats(0, 40), max_size=4)):
        best = max(r for r, h in zip(reached, hours, strict=True) if h <= limit)
        assert max(reached[one] for one in line if hours[one] <= limit) == pytest.approx(best, abs=1e-8)


def test_a_member_that_adds_less_than_the_least_is_in_no_lean_set() -> None:
    reached, _ = decision.reach(np.array([[0.5], [0.01]]), np.array([1.0]))
    assert decision.lean(reached, 0.02).tolist() == [True, True, False, False]
    assert decision.lean(reached, 0.004).all()


@given(SHARES, st.floats(0, 0.2))
def test_what_is_lean_is_so_for_each_member(shares: np.ndarray, least: float) -> None:
    reached, _ = decision.reach(shares, np.ones(shares.shape[1]))
    for number, said in enumerate(decision.lean(reached, least)):
        adds = [reached[number] - reached[number ^ 1 << one] for one in decision.members(number, len(shares))]
        assert said == all(add >= least - 1e-12 for add in adds)
