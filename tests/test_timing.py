"""What works when: the model by hand, what is claimed and what is not, what a post is expected to bring."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.stats import f

from cmlib import brand, facts, schema, store, timing
from cmlib.errors import CmlibError
from cmlib.timing import mixed

TODAY = pd.Timestamp("2026-10-01")
TIMES = ["network", "day", "hour_start", "hour_end", "timezone", "verdict", "prior_weight"]
LOCAL = "local time of the audience"


def made_by_chance() -> ModuleType:
    """The brands of bench/timing.py."""
    path = Path(__file__).parent.parent / "bench" / "timing.py"
    spec = importlib.util.spec_from_file_location("timing_by_chance", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHANCE = made_by_chance()


def studies(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=TIMES)


NONE = studies()


def posts(*rows: tuple[str, int], **more: object) -> pd.DataFrame:
    """Tidy posts of one account: when it was published in Paris, and its interactions."""
    frame = pd.DataFrame({
        "brand": "b", "network": "instagram", "account": "a", "source": "s", "kind": "image",
        "post_id": [str(i) for i in range(len(rows))],
        "published_at": pd.to_datetime([at for at, _ in rows]).tz_localize("Europe/Paris").tz_convert("UTC"),
        "observed_at": pd.Timestamp("2026-10-01", tz="UTC"), "interactions": [n for _, n in rows],
    }).assign(**more)  # fmt: skip
    return CHANCE.local(schema.check("posts", frame))


def learn(made: pd.DataFrame, times: pd.DataFrame = NONE, objective: str = "interactions") -> timing.Timing:
    return timing.learn(made, times, objective, TODAY)


def cell(found: timing.Timing, weekday: int, hour: int, network: str = "instagram") -> pd.Series:
    e = found.effects
    here = e[(e["network"] == network) & (e["weekday"] == weekday) & (e["hour"] == hour) & (e["kind"] == "")]
    assert len(here) == 1
    return here.iloc[0]


# ── The model, by hand ──────────────────────────────────────────────────────────────────────────────────────


def test_a_balanced_layout_is_shrunk_as_anova_says() -> None:
    """Four groups of five: the ratio is (mean square between / within − 1) / 5, and a mean is shrunk by
    5 ratio / (1 + 5 ratio) (Henderson; Searle, Casella & McCulloch 1992, §4.3)."""
    y = np.random.default_rng(3).normal(np.repeat([0.0, 1.0, 2.0, 4.0], 5), 1.0)
    groups = np.kron(np.eye(4), np.ones((5, 1)))
    means = y.reshape(4, 5).mean(axis=1)
    within = ((y - np.repeat(means, 5)) ** 2).sum() / 16
    ratio = (5 * means.var(ddof=1) / within - 1) / 5
    found = mixed.fit(y, np.ones((20, 1)), {"group": groups}, {})
    assert found.ratios["group"] == pytest.approx(ratio, rel=1e-3)
    assert found.variance == pytest.approx(within, rel=1e-3)
    shrunk = (means - means.mean()) * 5 * ratio / (1 + 5 * ratio)
    assert found.coef == pytest.approx([means.mean(), *shrunk], abs=1e-3)


def test_one_word_of_others_is_weighed_as_so_many_posts() -> None:
    """A coefficient of mean 0 and variance 2, half a post that says 3: 3 · 2 / (2 + 1 / 0.5) = 1.5."""
    own = mixed.given(np.zeros(0), np.zeros((0, 0)), {"x": np.zeros((0, 1))}, {"x": 2.0}, variance=1.0)
    heard = own.heard(np.ones((1, 1)), np.array([3.0]), np.array([0.5]))
    assert heard.coef == pytest.approx([1.5]) and heard.inverse == pytest.approx(np.array([[1.0]]))


def test_where_all_directions_weigh_the_same_the_test_is_that_of_fisher() -> None:
    rng = np.random.default_rng(5)
    asked = np.kron(np.eye(4), np.ones((6, 1)))
    for shift in (0.0, 0.5, 1.2, 2.0):
        y = rng.normal(np.repeat([0, 0, 0, shift], 6), 1.0)
        means = y.reshape(4, 6).mean(axis=1)
        ratio = 6 * means.var(ddof=1) / (((y - np.repeat(means, 6)) ** 2).sum() / 20)
        p = mixed.chance(y, np.ones((24, 1)), {}, {}, asked)
        assert p == pytest.approx(f.sf(ratio, 3, 20), rel=0.06, abs=0.01)


def test_posts_of_one_day_that_share_their_luck_are_seen_to() -> None:
    rng = np.random.default_rng(6)
    day = np.repeat(np.arange(200), 3)
    assert mixed.shared(rng.normal(0, 1, 600), day) < 0.15
    assert mixed.shared(rng.normal(0, 1, 200)[day] + rng.normal(0, 1, 600), day) == pytest.approx(1, abs=0.3)
    assert mixed.shared(rng.normal(0, 1, 20), np.arange(20)) == 0


# ── What is counted ─────────────────────────────────────────────────────────────────────────────────────────

DAYS = [f"2026-0{m}-{d:02}" for m in (5, 6, 7, 8) for d in range(1, 29)]


def test_posts_that_are_young_or_old_or_of_unknown_result_are_left_out() -> None:
    made = posts(
        *((f"{day} 10:00", 20) for day in DAYS[:40]), ("2026-09-30 10:00", 9), ("2024-01-01 10:00", 9)
    )
    made.loc[3, "interactions"] = pd.NA
    found = learn(made)
    assert found.networks[["n", "timed"]].values.tolist() == [[39, 39]]


def test_accounts_of_which_only_days_are_known_have_levels_and_no_hours() -> None:
    found = learn(posts(*((f"{day} 00:00", 20 + i % 7) for i, day in enumerate(DAYS))))
    row = found.networks.iloc[0]
    assert (row["n"], row["timed"], row["note"], row["told"]) == (112, 0, "days_only", False)
    assert np.isnan(row["hour_p"]) and not np.isnan(row["weekday_p"])
    assert found.levels["level"].iloc[0] == pytest.approx(np.log(24), abs=0.05)
    assert (found.effects["n"] == 0).all()


def test_too_few_posts_say_nothing_of_hours() -> None:
    found = learn(posts(*((f"{day} 10:00", 20 + i % 7) for i, day in enumerate(DAYS[:20]))))
    assert found.networks[["note", "basis"]].values.tolist() == [["too_few", "none"]]
    assert not found.effects["told"].any()


def test_reach_is_views_where_there_is_no_reach_and_the_forecast_says_so() -> None:
    made = posts(*((f"{day} 10:00", 5) for day in DAYS), views=300 + np.arange(112) % 9)
    slot = pd.DataFrame({"network": ["instagram"], "account": ["a"], "kind": ["image"],
                         "when": pd.DatetimeIndex(["2026-10-05 10:00"], tz="Europe/Paris")})  # fmt: skip
    said = timing.forecast(learn(made, objective="reach"), slot).iloc[0]
    assert said["counts"] == "views" and said["expected"] == pytest.approx(304, abs=2)


def test_an_objective_that_is_none_is_refused() -> None:
    with pytest.raises(CmlibError, match="interactions"):
        learn(posts(("2026-05-01 10:00", 1)), objective="interaction")


# ── Studies ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_there_are_no_posts_studies_give_a_leaning_and_no_claim() -> None:
    found = learn(
        posts(("2026-05-01 10:00", 1)),
        studies(("x", "tue", 9, 12, LOCAL, "best", 0.5), ("x", "sun", 0, 24, LOCAL, "worst", 0.5)),
    )
    best, worst = cell(found, 1, 10, "x"), cell(found, 6, 20, "x")
    assert best["basis"] == "studies" and not found.effects["told"].any()
    assert worst["effect"] < 0 < best["effect"] < 0.02 and best["low"] < -0.05 and best["high"] > 0.05


def test_hours_on_an_american_clock_count_for_americans_alone() -> None:
    row = ("x", "tue", 9, 12, "America/Chicago", "best", 0.5)
    assert learn(posts(("2026-05-01 10:00", 1)), studies(row)).networks["network"].tolist() == ["instagram"]
    there = posts(("2026-05-01 10:00", 1)).assign(
        published_at=lambda frame: frame["published_at"].dt.tz_convert("America/Chicago")
    )
    assert learn(there, studies(row)).networks["network"].tolist() == ["instagram", "x"]


def test_what_is_said_of_all_networks_counts_for_each() -> None:
    row = ("all", "*", 9, 12, LOCAL, "best", 0.5)
    assert cell(learn(posts(("2026-05-01 10:00", 1)), studies(row)), 3, 10)["effect"] > 0


# ── What is claimed ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def planted() -> timing.Timing:
    return learn(CHANCE.posts(1, n=300, gain=0.6))


def test_a_planted_evening_is_found_with_about_its_size(planted: timing.Timing) -> None:
    row = planted.networks.iloc[0]
    assert row["told"] and row["note"] == "" and row["p"] < 0.05
    evening = cell(planted, 2, 19)
    assert evening["told"] and evening["low"] > 0 and 0.2 < evening["effect"] < 0.8
    told = planted.effects[planted.effects["told"] & (planted.effects["effect"] > 0)]
    assert set(told["hour"]) <= {17, 18, 19, 20, 21}


def test_where_only_the_hour_is_told_days_of_the_week_are_alike(planted: timing.Timing) -> None:
    assert planted.networks["weekday_p"].iloc[0] > 0.05
    assert planted.effects.groupby(["kind", "hour"])["effect"].std().max() < 1e-9


def test_noise_is_not_taken_for_a_good_hour() -> None:
    """Twenty brands of two networks; bench/timing.py looks at more."""
    told = [bool(CHANCE.brand(seed, 2, n=60, weeks=30).networks["told"].any()) for seed in range(20)]
    assert sum(told) <= 2


def test_a_good_weekday_is_found_too() -> None:
    rng = np.random.default_rng(2)
    rows = []
    for day in pd.date_range("2026-01-01", "2026-08-31"):
        gain = 2.0 if day.day_of_week == 5 else 1.0
        rows.append(
            (f"{day:%Y-%m-%d} {rng.integers(8, 21):02}:00", round(100 * gain * rng.lognormal(0, 0.5)))
        )
    found = learn(posts(*rows))
    assert found.networks["weekday_p"].iloc[0] < 0.05 and cell(found, 5, 12)["told"]
    assert not cell(found, 2, 12)["told"] or cell(found, 2, 12)["effect"] < 0


def test_on_the_demo_noon_is_found_on_instagram_and_nothing_elsewhere(demo: str) -> None:
    who = brand.load(demo)
    made = store.load(who)["posts"]
    own = [(a.network, a.handle) for a in who.accounts if not a.rival]
    mine = made[pd.MultiIndex.from_frame(made[["network", "account"]]).isin(own)]
    for objective in ("interactions", "reach"):
        found = timing.learn(mine, facts.load("best_times"), objective, pd.Timestamp("2026-11-02"))
        assert found.networks.loc[found.networks["told"], "network"].tolist() == ["instagram"]
        told = found.effects[found.effects["told"] & (found.effects["effect"] > 0)]
        assert {12} <= set(told["hour"]) <= {11, 12, 13}
        noon = cell(found, 2, 12)
        assert noon["low"] < 0.45 < noon["high"]


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(derandomize=True, deadline=None, max_examples=5)
@given(some.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    made = CHANCE.posts(seed % 7, n=60, weeks=20)
    mixed_up = made.sample(frac=1, random_state=seed)
    one, other = learn(made), learn(mixed_up)
    pd.testing.assert_frame_equal(one.effects, other.effects, check_exact=True)
    pd.testing.assert_frame_equal(one.levels, other.levels, check_exact=True)


@settings(derandomize=True, deadline=None, max_examples=4)
@given(some.integers(2, 50))
def test_as_many_times_more_of_everything_leaves_effects_nearly_alone(times: int) -> None:
    made = CHANCE.posts(3, n=80, weeks=30, typical=2000.0)
    more = made.assign(interactions=made["interactions"] * times)
    one, other = learn(made), learn(more)
    assert other.effects["effect"].to_numpy() == pytest.approx(one.effects["effect"].to_numpy(), abs=5e-3)
    assert other.levels["level"].to_numpy() - np.log(times) == pytest.approx(one.levels["level"], abs=0.02)


@settings(derandomize=True, deadline=None, max_examples=5)
@given(some.integers(0, 23), some.integers(1, 40))
def test_studies_never_flip_what_is_well_measured(begin: int, how_many: int) -> None:
    against = [("instagram", "*", 17, 22, LOCAL, "worst", 0.5)] * how_many
    against += [("instagram", "*", begin, begin + 1, LOCAL, "best", 0.25)]
    made = CHANCE.posts(1, n=300, gain=0.6)
    evening = cell(learn(made, studies(*against)), 2, 19)
    assert evening["effect"] > 0 and evening["basis"] == "own"


# ── What a post is expected to bring ────────────────────────────────────────────────────────────────────────


def slot(
    account: str = "a", kind: str = "image", when: str = "2026-10-05 19:30", **more: str
) -> pd.DataFrame:
    at = pd.DatetimeIndex([when], tz="Europe/Paris")
    return pd.DataFrame({"network": ["instagram"], "account": [account], "kind": [kind], "when": at}).assign(
        **more
    )


def test_an_account_without_posts_has_no_expectation() -> None:
    found = learn(posts(*((f"{day} 10:00", 20 + i % 5) for i, day in enumerate(DAYS[:40]))))
    every = pd.concat([slot(), slot("other"), slot(network="x")], ignore_index=True)
    said = timing.forecast(found, every)
    assert said["note"].tolist() == ["", "no_posts", "no_posts"]
    assert said["expected"].notna().tolist() == [True, False, False]
    assert said["n"].tolist() == [40, 0, 0]


def test_the_index_of_slots_is_kept() -> None:
    found = learn(posts(*((f"{day} 10:00", 20) for day in DAYS[:40])))
    every = pd.concat([slot(network="x"), slot()]).set_axis(["u", "v"])
    said = timing.forecast(found, every)
    assert said.index.tolist() == ["u", "v"] and said["expected"].isna().tolist() == [True, False]
    assert said.loc["v", "expected"] == pytest.approx(20, rel=1e-3)


def test_what_is_told_is_in_what_is_expected(planted: timing.Timing) -> None:
    evening = timing.forecast(planted, slot()).iloc[0]
    morning = timing.forecast(planted, slot(when="2026-10-05 15:30")).iloc[0]
    assert evening["told"] and evening["basis"] == "own"
    assert evening["expected"] / morning["expected"] == pytest.approx(
        (1 + evening["effect"]) / (1 + morning["effect"]), rel=0.02
    )
    assert evening["low"] < evening["expected"] < evening["high"]


def test_a_kind_that_was_never_made_is_expected_like_the_account_and_less_surely(
    planted: timing.Timing,
) -> None:
    live, image = (timing.forecast(planted, slot(kind=kind)).iloc[0] for kind in ("live", "image"))
    assert live["n"] == 0 and live["high"] / live["low"] > image["high"] / image["low"]


def test_conversions_are_clicks_by_the_rate_and_none_without_one() -> None:
    made = posts(*((f"{day} 10:00", 5) for day in DAYS[:40]), link_clicks=50)
    found = learn(made, objective="conversions")
    assert timing.forecast(found, slot(), 0.02)["expected"].iloc[0] == pytest.approx(1.0, rel=1e-3)
    said = timing.forecast(found, slot(), {"x": 0.02}).iloc[0]
    assert np.isnan(said["expected"]) and said["note"] == "no_rate"
    common = {
        "brand": "b",
        "account": "w",
        "observed_at": pd.Timestamp("2026-10-01", tz="UTC"),
        "source": "s",
    }
    rows = pd.DataFrame({"network": ["instagram", "web"], "date": pd.Timestamp("2026-09-01"),
                         "sessions": [200, 900], "conversions": [4, 90]}).assign(**common)  # fmt: skip
    visits = schema.check("visits", rows)
    assert timing.conversion_rate(visits) == pytest.approx(0.02)
    assert np.isnan(timing.conversion_rate(visits[:0]))


@pytest.mark.parametrize("asked", [{}, {"negative": True, "typical": 60.0}, {"trend": 0.5}], ids=str)
def test_of_new_posts_about_as_many_lie_within_as_promised(asked: dict) -> None:
    """Forty posts, then twenty; bench/timing.py counts more."""
    inside = []
    for seed in range(12):
        made = CHANCE.posts(seed, n=60, weeks=40, kinds=1, **asked)
        new = made[40:]
        said = timing.forecast(
            learn(made[:40]), new[["network", "account", "kind"]].assign(when=new["published_at"])
        )
        inside.append(new["interactions"].astype("float64").between(said["low"], said["high"]).mean())
    assert 0.72 < np.mean(inside) < 0.88


def test_the_sector_gives_a_wide_guess_with_its_source() -> None:
    said = timing.sector("instagram", 10_000, "image", facts.load("benchmarks"))
    assert said["basis"] == "sector" and said["address"]
    assert 5 < said["expected"] < 200 and said["high"] / said["low"] > 20
    assert timing.sector("telegram", 10_000, "image", facts.load("benchmarks"))["basis"] == "none"
    assert timing.sector("instagram", 0, "image", facts.load("benchmarks"))["basis"] == "none"


# ── What posts bring together ───────────────────────────────────────────────────────────────────────────────


def test_what_posts_bring_together_lies_in_its_range_four_times_in_five() -> None:
    """Of 48 brands, the sum of the next 25 posts; each range alone would give one far too wide."""
    inside, narrower = [], []
    for seed in range(48):
        made = CHANCE.posts(seed, n=85, weeks=40)
        new = made.iloc[60:]
        learnt = timing.learn(made.iloc[:60], NONE, "interactions", TODAY)
        slots = new[["network", "account", "kind"]].assign(when=new["published_at"])
        slots = slots.join(timing.forecast(learnt, slots)[["expected", "low", "high"]])
        total, low, high = timing.together(learnt, slots)
        assert total == pytest.approx(slots["expected"].sum()) and low < total < high
        inside.append(low <= new["interactions"].sum() <= high)
        narrower.append((high - low) / (slots["high"].sum() - slots["low"].sum()))
    assert 0.7 <= np.mean(inside) <= 0.9 and np.mean(narrower) < 0.7


def test_posts_of_which_no_model_knows_share_all_their_luck() -> None:
    slots = pd.DataFrame({
        "network": "x", "account": "a", "kind": "text", "when": pd.to_datetime(["2026-12-01"] * 3, utc=True),
        "expected": 10.0, "low": 5.0, "high": 20.0,
    })  # fmt: skip
    total, low, high = timing.together(learn(posts()), slots)
    assert total == 30 and high / low == pytest.approx(4, rel=1e-6)
    assert timing.together(learn(posts()), slots.head(0)) == (0.0, 0.0, 0.0)
