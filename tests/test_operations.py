"""Which operations rivals launched: what is planted is found to the day, and noise is none."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

import demo_rivals
import numpy as np
import pandas as pd
import pytest
from rivals import US, landscape, noise

from cmlib import landscape as landscapes
from cmlib import operations, traits, wording
from cmlib.landscape import Landscape

DAY = pd.Timedelta(days=1)
GIVEN = ["account", "network", "label", "at", "interactions", "followers", "kind", "text"]


def found(subject: Landscape) -> pd.DataFrame:
    rows = operations.operations(subject)
    assert (rows["start"] <= rows["end"]).all() and (rows["p"] < landscapes.SURE).all()
    return rows


def burst(
    account: str, first: str, days: int, a_day: int, gained: float, text: str | None, **more: object
) -> pd.DataFrame:
    """So many posts a day for some days, all of which say this, and what each gained, give or take."""
    at = pd.date_range(f"{first} 09:00", periods=days * a_day, freq=f"{24 // a_day}h")
    wave = np.resize([0.7, 1.4, 1.0, 1.2, 0.8], len(at))
    rows = {"account": account, "at": at, "text": text, "interactions": gained * wave, "kind": "image"}
    return pd.DataFrame(rows | {"network": "instagram", "label": account, "followers": 1000.0} | more)


def beside(subject: Landscape, *bursts: pd.DataFrame) -> Landscape:
    """The same landscape with some more posts."""
    return landscape(pd.concat([subject.posts[GIVEN], *bursts], ignore_index=True))


def habit(subject: Landscape, account: str) -> float:
    return subject.posts.loc[subject.posts["account"] == account, "habit"].iloc[0]


@pytest.fixture(scope="module")
def plain() -> Landscape:
    """Four rivals who launch nothing."""
    return noise(4)


@pytest.fixture(scope="module")
def mute() -> Landscape:
    """Four rivals of whose posts no text is known."""
    return noise(4, texts=False)


# ── What is planted ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_contest_that_brings_more_is_found_by_its_words_and_to_the_day(plain: Landscape) -> None:
    """Ten days, a post a day, six times the habit."""
    says = "Jeu concours, un panier à gagner #paniergarni"
    contest = burst("rival 1", "2026-04-06", 10, 1, 6 * habit(plain, "rival 1"), says)
    rows = found(beside(plain, contest))
    assert len(rows) == 1
    row = rows.iloc[0]
    assert (row["owner"], row["kind"], row["posts"]) == ("rival 1", "contest", 10)
    assert (row["start"], row["end"]) == (pd.Timestamp("2026-04-06"), pd.Timestamp("2026-04-15"))
    assert "#paniergarni" in row["words"] and row["networks"] == ("instagram",)
    assert row["low"] < 5 < row["high"] and row["low"] > 0
    assert row["brought"] > row["usual"] and row["chance"] < 0.05


def test_a_launch_that_only_makes_busy_is_found_too(plain: Landscape) -> None:
    """Three weeks of two posts a day that get what posts of this account always get."""
    says = "Découvrez la nouvelle collection Brume #brume"
    launch = burst("rival 2", "2026-02-02", 21, 2, habit(plain, "rival 2"), says)
    row = found(beside(plain, launch)).iloc[0]
    assert (row["owner"], row["kind"], row["posts"]) == ("rival 2", "launch", 42)
    assert (row["start"], row["end"]) == (pd.Timestamp("2026-02-02"), pd.Timestamp("2026-02-22"))
    assert row["low"] < 0.2 and row["high"] > -0.2


@pytest.mark.parametrize(("a_day", "times"), [(3, 1), (1, 20)], ids=["busier", "better"])
def test_without_a_word_weeks_are_looked_at(mute: Landscape, a_day: int, times: float) -> None:
    silent = burst("rival 3", "2026-04-06", 14, a_day, times * habit(mute, "rival 3"), None)
    rows = found(beside(mute, silent))
    assert rows["owner"].tolist() == ["rival 3"] and rows["words"].tolist() == [()]
    assert rows["kind"].tolist() == ["burst"]
    start, end = pd.Timestamp("2026-04-06"), pd.Timestamp("2026-04-19")
    assert rows["start"].iloc[0] <= end and rows["end"].iloc[0] >= start
    assert abs(rows["start"].iloc[0] - start) <= 14 * DAY and abs(rows["end"].iloc[0] - end) <= 14 * DAY


def test_what_a_rival_does_on_two_networks_is_one_operation(plain: Landscape) -> None:
    """Each account alone posts every other day."""
    says = "Lancement de la gamme Ambre #ambre"
    both = [
        burst("rival 4", "2026-03-02", 14, 2, 500, says),
        burst("rival4page", "2026-03-02", 14, 2, 50, says, network="facebook", label="rival 4"),
        burst("rival4page", "2025-09-02", 30, 1, 50, None, network="facebook", label="rival 4"),
    ]
    rows = found(beside(plain, *both))
    told = rows[[("#ambre" in words) for words in rows["words"]]]
    assert [set(networks) for networks in told["networks"]] == [{"facebook", "instagram"}]
    assert told["posts"].tolist() == [56]


def test_two_operations_of_one_rival_are_two(plain: Landscape) -> None:
    usual = habit(plain, "rival 1")
    first = burst("rival 1", "2026-01-05", 10, 2, 5 * usual, "Soldes, tout à -50 % #soldesbrume")
    second = burst("rival 1", "2026-06-01", 10, 2, 5 * usual, "En partenariat avec Ada #brumexada")
    rows = found(beside(plain, first, second))
    assert rows["kind"].tolist() == ["partnership", "promotion"], "the newest first"
    assert not set(rows["ids"].iloc[0]) & set(rows["ids"].iloc[1])


# ── What is none ────────────────────────────────────────────────────────────────────────────────────────────


def test_our_own_operations_are_not_looked_for(plain: Landscape) -> None:
    ours = burst(US, "2026-04-06", 10, 2, 8 * habit(plain, US), "Jeu concours #paniergarni")
    assert found(beside(plain, ours)).empty


def test_a_few_posts_of_an_account_are_no_rhythm_to_stand_out_from() -> None:
    posts = burst("ada", "2026-10-01", 23, 1, 5, "un concours")
    assert found(landscape(posts)).empty


def test_words_that_a_rival_always_says_are_no_operation(plain: Landscape) -> None:
    """Every post of a rival announces a contest, as it always does."""
    posts = plain.posts
    always = posts["text"].where(posts["account"] != "rival 1", "Grand concours " + posts["text"])
    assert found(replace(plain, posts=posts.assign(text=always))).empty


def test_what_lasts_longer_than_six_weeks_is_a_season(plain: Landscape) -> None:
    """Words that are said for ten weeks by posts that come and get as always."""
    posts = plain.posts
    season = (posts["account"] == "rival 1") & posts["at"].between("2026-01-01", "2026-03-12")
    snow = posts["text"].where(~season, "Neige et luge " + posts["text"])
    assert found(replace(plain, posts=posts.assign(text=snow))).empty


def test_growth_is_no_operation() -> None:
    """What posts get grows tenfold within the year, and so do the posts."""
    for seed in range(3):
        posts = noise(seed, per_month=30).posts
        months = (posts["at"] - posts["at"].min()) / (30 * DAY)
        kept = np.random.default_rng(seed).random(len(posts)) < 10 ** (months / 14 - 1)
        grown = posts.assign(interactions=posts["interactions"] * 10 ** (months / 14))[kept]
        assert found(landscape(grown[GIVEN])).empty


def test_the_kind_is_what_most_of_its_posts_say_in_either_language() -> None:
    said = {
        "contest": ("Tirage au sort dimanche", "Giveaway: win a cup", "Les gagnantes sont"),
        "promotion": ("Livraison offerte", "-20 % sur tout", "Black Friday is here", "10% off"),
        "launch": ("Introducing our new range", "En avant-première", "Nos nouveautés"),
        "partnership": ("Notre ambassadrice", "A collab with Ada", "#ad for Bo"),
        "other": ("Bonjour", "A walk in the woods"),
    }
    for kind, texts in said.items():
        for text in texts:
            assert operations._kind(pd.Series([text, None]), ("x",)) == kind, text


def test_a_page_that_is_only_known_for_six_weeks_launched_nothing(plain: Landscape) -> None:
    """It may have posted twice a day for years: what is new is that it was looked at."""
    page = burst("rival4page", "2026-09-20", 42, 2, 50, None, network="facebook", label="rival 4")
    assert found(beside(plain, page)).empty


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def launched(plain: Landscape) -> Landscape:
    says = "Jeu concours, un panier à gagner #paniergarni"
    return beside(plain, burst("rival 1", "2026-04-06", 10, 1, 6 * habit(plain, "rival 1"), says))


def test_the_order_of_rows_does_not_matter(launched: Landscape) -> None:
    given = launched.posts[[*GIVEN, "post_id"]]
    shuffled = landscape(given.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(found(shuffled), found(launched))


def test_a_rival_whose_results_are_ten_times_as_high_launched_the_same(launched: Landscape) -> None:
    times = launched.posts["account"].map(lambda who: 1000 if who == "rival 1" else 100)
    one, other = (
        found(landscape(launched.posts.assign(interactions=launched.posts["interactions"] * k)[GIVEN]))
        for k in (100, times)
    )
    columns = ["owner", "kind", "start", "end", "posts", "words"]
    pd.testing.assert_frame_equal(one[columns], other[columns])
    assert one["brought"].tolist() == pytest.approx(other["brought"].tolist())


def test_posts_of_an_operation_are_posts_of_the_rival_in_its_days(launched: Landscape) -> None:
    row = found(launched).iloc[0]
    posts = launched.posts.set_index("post_id").loc[list(row["ids"])]
    assert len(posts) == row["posts"] and set(posts["owner"]) == {row["owner"]}
    assert posts["day"].min() == row["start"] and posts["day"].max() == row["end"]


def test_what_it_brought_is_by_day_over_the_days_around_it() -> None:
    """100 a day, and 600 in its eight days: six times as much, which no other eight days bring."""
    days = pd.date_range("2026-05-01 12:00", "2026-10-31 12:00")
    inside = (days >= "2026-08-03") & (days < "2026-08-11")
    wave = np.resize([90.0, 110.0], len(days))
    posts = pd.DataFrame({
        "account": "ada", "at": days, "interactions": np.where(inside, 6 * wave, wave),
        "text": np.where(inside, "Jeu concours #brume", "thé"),
    })  # fmt: skip
    row = found(landscape(posts)).iloc[0]
    assert (row["start"], row["end"]) == (pd.Timestamp("2026-08-03"), pd.Timestamp("2026-08-10"))
    assert row["brought"] == pytest.approx(6) and row["usual"] == pytest.approx(1, abs=0.01)
    assert row["chance"] == 0 and row["placebos"] == (94 - 8 + 1) + (82 - 8 + 1), "before it and after it"
    assert row["change"] == pytest.approx(5, abs=0.1)


def test_a_contest_shows_in_an_account_that_grows() -> None:
    """Results grow fivefold within the year; those of a fortnight's contest are four times as high again."""
    seen = []
    for seed in range(8):
        posts = noise(seed, per_month=20).posts
        grown = posts["interactions"] * 5 ** ((posts["at"] - posts["at"].min()) / (425 * DAY))
        contest = (posts["account"] == "rival 1") & posts["at"].between("2026-04-06", "2026-04-21")
        text = posts["text"].where(~contest, "Jeu concours #panier " + posts["text"])
        gained = (grown * np.where(contest, 4, 1)).round()
        rows = found(landscape(posts.assign(text=text, interactions=gained)[GIVEN]))
        seen.append((rows["owner"] == "rival 1").any())
    assert sum(seen) >= 6


# ── On the demo brand ───────────────────────────────────────────────────────────────────────────────────────


def near(found: pd.Timestamp, planted: date) -> bool:
    return abs(found - pd.Timestamp(planted)) <= 2 * DAY


def test_the_demos_two_operations_are_found_and_nothing_else(demo: str) -> None:
    rows = found(landscapes.review(demo, months=14)).set_index("label")
    assert set(rows.index) == {"Terres de Brivoise", "Manufacture Orvenne"} and len(rows) == 2
    contest, launch = rows.loc["Terres de Brivoise"], rows.loc["Manufacture Orvenne"]
    assert (contest["kind"], launch["kind"]) == ("contest", "launch")
    assert contest["networks"] == ("instagram",) and set(launch["networks"]) == {"instagram", "facebook"}
    for row, (first, last) in ((contest, demo_rivals.CONTEST), (launch, demo_rivals.LAUNCH)):
        assert near(row["start"], first) and near(row["end"], last)
    assert contest["low"] < demo_rivals.WON - 1 < contest["high"]
    assert launch["low"] < 0 < launch["high"], "its posts get what they always get"
    for row in (contest, launch):
        assert row["brought"] > row["usual"] and row["chance"] <= 0.05 and row["placebos"] > 100


def test_the_demos_operations_show_in_a_year_too(demo: str) -> None:
    assert len(found(landscapes.review(demo))) == 2


# ── Promises, held by simulation (in more scenarios: bench/rivals.py) ───────────────────────────────────────


def test_in_noise_fewer_than_one_report_of_twenty_has_an_operation_or_a_trait_that_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four rivals, fourteen months, twelve posts a month, whatever they say and get."""
    monkeypatch.setattr(
        wording, "_stem", lru_cache(maxsize=None)(wording._stem)
    )  # all runs say the same words
    launched, works = [], []
    for seed in range(200):
        subject = noise(seed)
        launched.append(len(operations.operations(subject)) > 0)
        works.append(not set(traits.traits(subject)["verdict"]) <= {"none", "too_few"})
    assert np.mean(launched) < 0.05
    assert np.mean(works) < 0.05


def test_weeks_that_are_better_as_a_whole_are_seldom_an_operation() -> None:
    """Results rise and fall together, by half, with every week: that is how networks are."""
    subjects = (noise(seed, per_month=20, luck=0.5, texts=False) for seed in range(12))
    launched = [len(operations.operations(subject)) > 0 for subject in subjects]
    assert sum(launched) <= 1
