"""Which traits of posts work for rivals: what is planted is found, what only goes with it is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rivals import US, landscape, noise

from cmlib import landscape as landscapes
from cmlib import operations, traits
from cmlib.landscape import Landscape


def found(subject: Landscape) -> pd.DataFrame:
    rows = traits.traits(subject)
    assert rows["trait"].is_unique
    return rows.set_index("trait")


def better(subject: Landscape, which: pd.Series, times: float) -> Landscape:
    """The same posts, of which these get so many times as much."""
    posts = subject.posts
    return replace(subject, posts=posts.assign(level=posts["level"] + np.log(times) * which))


@pytest.fixture(scope="module")
def plain() -> Landscape:
    """Four rivals of whom nothing is to be found."""
    return noise(4)


# ── What a post has ─────────────────────────────────────────────────────────────────────────────────────────


def described(*posts: dict) -> pd.DataFrame:
    rows = pd.DataFrame(
        [{"account": "ada", "interactions": 1, "at": "2026-10-01 12:00", **one} for one in posts]
    )
    has = traits.described(landscape(rows).posts)
    return pd.DataFrame({trait: column for (_, trait), column in has.items()})


def test_what_a_caption_has() -> None:
    texts = (
        "Qui vient ? #thé", "#a #b #c #d #e", "Voir https://t.co/x", "Link in bio", "Lien en bio ✨", "🇫🇷",
        "3 # 4", "rien",
    )  # fmt: skip
    has = described(*[{"text": text} for text in texts])
    says = {trait: [text for text, one in zip(texts, has[trait], strict=True) if one] for trait in has}
    assert says["question"] == [texts[0]]
    assert says["hashtags"] == list(texts[:2]) and says["many_hashtags"] == [texts[1]]
    assert says["link"] == list(texts[2:5])
    assert says["emoji"] == [texts[4], texts[5]]


def test_of_posts_without_a_text_nothing_is_known_of_it() -> None:
    has = described({"text": None}, {"text": "   "}, {"text": "oui ?"})
    for trait in ("question", "emoji", "link", "hashtags", "short", "long"):
        assert has[trait].isna().tolist() == [True, True, False], trait


def test_a_text_is_short_or_long_beside_those_of_its_network() -> None:
    """The longest of X is shorter than the shortest of LinkedIn."""
    x = [{"network": "x", "text": "a" * n} for n in (1, 2, 3)]
    linkedin = [{"network": "linkedin", "text": "a" * n} for n in (100, 200, 300)]
    has = described(*x, *linkedin)
    assert has["short"].tolist() == [1, 0, 0] * 2 and has["long"].tolist() == [0, 0, 1] * 2


def test_weekdays_and_parts_of_the_day() -> None:
    has = described(
        *[{"at": f"2026-10-05 {clock}"} for clock in ("06:59", "07:00", "13:59", "17:59", "23:59")]
    )
    assert has["day_0"].tolist() == [1] * 5 and has["day_6"].tolist() == [0] * 5, "a Monday"
    parts = ["night", "morning", "noon", "afternoon", "evening"]
    assert has[parts].to_numpy().tolist() == np.eye(5).tolist()


def test_kinds_that_are_not_known_are_not_other_kinds() -> None:
    has = described({"kind": "image"}, {"kind": "unknown"}, {"kind": "video"})
    assert has["image"].isna().tolist() == [False, True, False]
    assert has["image"].fillna(9).tolist() == [1, 9, 0]
    assert "unknown" not in has and "carousel" not in has


def test_hours_of_accounts_that_only_give_days_are_unknown(plain: Landscape) -> None:
    """All posts of the first rival stand at midnight: that is no hour at which it posts."""
    posts = plain.posts
    days = posts["at"].where(posts["account"] != "rival 1", posts["day"])
    subject = replace(plain, posts=posts.assign(at=days))
    rows, before = found(subject), found(plain)
    others = (posts["account"] != "rival 1") & ~posts["ours"]
    assert rows.loc["night", ["n", "others"]].sum() == others.sum()
    assert before.loc["night", ["n", "others"]].sum() == (~posts["ours"]).sum()
    assert rows.loc["day_0", "n"] == before.loc["day_0", "n"], "the day is known all the same"
    assert traits.hours(subject)["n"].sum() == others.sum()


# ── What works ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_planted_trait_is_found_and_nothing_else(plain: Landscape) -> None:
    asks = plain.posts["text"].str.contains("?", regex=False)
    rows = found(better(plain, asks, 1.8))
    assert rows.index[rows["verdict"].isin(["works", "hurts"])].tolist() == ["question"]
    question = rows.loc["question"]
    assert question["low"] < 0.8 < question["high"] and question["verdict"] == "works"
    assert question["n"] == (asks & ~plain.posts["ours"]).sum()


def test_what_hurts_is_said_too(plain: Landscape) -> None:
    rows = found(better(plain, plain.posts["kind"] == "carousel", 0.5))
    assert rows.loc["carousel", "verdict"] == "hurts" and rows.loc["carousel", "high"] < 0
    assert rows.loc["question", "verdict"] == "none"


def test_what_our_own_posts_get_is_not_counted(plain: Landscape) -> None:
    posts = plain.posts
    ours = better(plain, posts["ours"] & posts["text"].str.contains("?", regex=False), 50)
    counted = ["n", "others", "change", "low", "high", "p", "verdict"]
    pd.testing.assert_frame_equal(found(ours)[counted], found(plain)[counted])


def test_a_young_post_is_not_worse_for_being_young(plain: Landscape) -> None:
    """Posts gain as they age, and links are new: all of them are of October."""
    posts = plain.posts
    hours = (posts["seen"] - posts["at"]).dt.total_seconds().clip(lower=0) / 3600
    new = posts["at"] >= "2026-10-01"
    text = (
        posts["text"].str.replace("https://example.org", "").where(~new, posts["text"] + " www.tea.example")
    )
    every = np.arange(len(posts)) % 4 == 0
    aged = posts.assign(
        text=text.where(~(new & every), posts["text"]), level=posts["level"] + 0.5 * np.log1p(hours)
    )
    assert found(replace(plain, posts=aged)).loc["link", "verdict"] == "none"
    unaged = aged.assign(seen=aged["at"] + pd.Timedelta(days=60))  # the same results, were the age not known
    assert found(replace(plain, posts=unaged)).loc["link", "verdict"] == "hurts"


def test_a_contest_does_not_make_its_emoji_look_good(plain: Landscape) -> None:
    """For two weeks a rival posts twice a day, always with an emoji, and gets eight times as much."""
    rng = np.random.default_rng(1)
    at = pd.date_range("2026-03-02 09:00", periods=28, freq="12h")
    habit = plain.posts.loc[plain.posts["account"] == "rival 2", "habit"].iloc[0]
    contest = pd.DataFrame({
        "account": "rival 2", "at": at, "kind": "image", "followers": 1000.0,
        "text": "Jeu concours de printemps, trois lots à gagner ✨ 🎁",
        "interactions": rng.poisson(8 * habit * rng.lognormal(0, 0.3, 28)),
    })  # fmt: skip
    kept = plain.posts[["account", "at", "kind", "followers", "text", "interactions"]]
    subject = landscape(pd.concat([kept, contest], ignore_index=True))
    assert operations.operations(subject)["owner"].tolist() == ["rival 2"]
    launched = sum(len(ids) for ids in operations.operations(subject)["ids"])
    rows = found(subject)
    assert rows.loc["emoji", "verdict"] == "none"
    assert rows.loc["day_0", ["n", "others"]].sum() == (~subject.posts["ours"]).sum() - launched
    assert traits.hours(subject)["n"].sum() == (~subject.posts["ours"]).sum() - launched


def test_who_publishes_eleven_posts_has_no_habit() -> None:
    few = pd.DataFrame({"account": "ada", "at": pd.date_range("2026-10-01", periods=11), "interactions": 5})
    many = few.assign(account="bo").loc[few.index.repeat(2)]
    subject = landscape(pd.concat([few, many, few.assign(account=US)], ignore_index=True))
    assert found(subject).loc["day_0", ["n", "others"]].sum() == 22


# ── Ours and theirs ─────────────────────────────────────────────────────────────────────────────────────────


def test_how_many_of_ours_and_of_theirs_have_it(plain: Landscape) -> None:
    posts = plain.posts
    never = posts["text"].mask(posts["ours"], posts["text"].str.replace("?", "")).astype("str")
    rows = found(replace(plain, posts=posts.assign(text=never)))
    asks = posts.loc[~posts["ours"], "text"].str.contains("?", regex=False)
    assert rows.loc["question", "ours"] == 0
    assert rows.loc["question", "theirs"] == pytest.approx(asks.mean())
    assert rows.loc["question", "gap_p"] < 0.001 and found(plain)["gap_p"].min() > 0.05


def test_shares_of_kinds_and_of_weekdays_add_up_to_one(plain: Landscape) -> None:
    rows = found(plain)
    for family in ("kind", "weekday", "hour"):
        sums = rows.loc[rows["family"] == family, ["ours", "theirs"]].sum()
        assert sums.tolist() == pytest.approx([1, 1]), family


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_order_of_rows_does_not_matter(plain: Landscape) -> None:
    given = plain.posts[["account", "at", "interactions", "text", "kind"]]
    one, other = (found(landscape(rows)) for rows in (given, given.sample(frac=1, random_state=1)))
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


def test_ten_times_the_followers_and_interactions_leave_lifts(plain: Landscape) -> None:
    """Of posts that get at least a hundred: 1 is added to each, so that nothing has a logarithm, too."""
    given = plain.posts[["account", "at", "interactions", "text", "kind"]]
    big = 100 * (1 + given["interactions"])
    times = given["account"].map(lambda who: 1000 if who == "rival 1" else 10)
    one, other = (found(landscape(given.assign(interactions=of))) for of in (big, big * times))
    columns = ["change", "low", "high"]
    pd.testing.assert_frame_equal(one[columns], other[columns], atol=0.005, rtol=0)


def test_verdicts_are_corrected_for_being_many(plain: Landscape) -> None:
    rows = found(plain)
    assert rows["p"].dropna().between(0.05, 1).all()
    assert (rows["verdict"] == "too_few").equals(rows["p"].isna())


# ── Hours ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_hours_are_a_whole_week_and_few_posts_have_no_value(plain: Landscape) -> None:
    grid = traits.hours(plain)
    assert len(grid) == 7 * 8 and grid["n"].sum() == (~plain.posts["ours"]).sum()
    assert grid["value"].notna().equals(grid["n"] >= traits.CELL)


def test_a_better_hour_shows_in_its_cell(plain: Landscape) -> None:
    """On Mondays between nine and noon posts get ten times their account's habit."""
    at = plain.posts["at"]
    monday = (at.dt.day_of_week == 0) & at.dt.hour.between(9, 11)
    posts = plain.posts.assign(level=np.where(monday, np.log(10), 0.0))
    grid = traits.hours(replace(plain, posts=posts)).set_index(["weekday", "hour"])["value"].dropna()
    assert grid[0, 9] == pytest.approx(10) and grid.drop((0, 9)).tolist() == pytest.approx(
        [1] * (len(grid) - 1)
    )


# ── On the demo brand ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("months", [12, 14])
def test_on_the_demo_questions_work_and_nothing_else_can_be_told(demo: str, months: int) -> None:
    rows = found(landscapes.review(demo, months=months))
    assert rows.index[rows["verdict"].isin(["works", "hurts"])].tolist() == ["question"]
    assert rows.loc["question", "low"] < 0.6 < rows.loc["question", "high"], "60 % more were planted"
    assert set(rows["note"]) <= {"", "too_few"}
