"""What rivals talk about: planted words are found, nothing is drawn by chance, and shares add up."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rivals import US, landscape, noise

from cmlib import landscape as landscapes
from cmlib import topics, wording
from cmlib.landscape import Landscape

KILN, BREAD = "kiln clay glaze wheel throwing", "flour yeast oven dough rising"


def found(subject: Landscape) -> dict[str, pd.DataFrame]:
    return dict(topics.topics(subject))


def digits(subject: Landscape) -> str:
    """All that is said, to the last digit."""
    return "\n".join(frame.to_csv() for frame in found(subject).values())


def saying(subject: Landscape, account: str, words: str, every: int) -> Landscape:
    """The same posts, but every so many of an account say these words, shuffled with what they say."""
    posts = subject.posts
    mine = posts.index[posts["account"] == account][::every]
    text = posts["text"].copy()
    text[mine] = [f"{words} {said}" for said in text[mine]]
    return replace(subject, posts=posts.assign(text=text))


@pytest.fixture(scope="module")
def planted() -> Landscape:
    """Every third post of a rival is about its kiln, every fourth of another and of ours about bread."""
    subject = saying(noise(1, rivals=3), "rival 1", KILN, 3)
    return saying(saying(subject, "rival 2", BREAD, 4), US, BREAD, 4)


def about(subject: Landscape, words: str) -> pd.Series:
    """The topic that is named by these words, all of which have to be there."""
    rows = found(subject)["topics"]
    named = rows[[set(said.split(", ")) == set(words.split()) for said in rows["words"]]]
    assert len(named) == 1, rows["words"].tolist()
    return named.iloc[0]


# ── What is planted ─────────────────────────────────────────────────────────────────────────────────────────


def test_words_that_are_said_together_are_a_topic(planted: Landscape) -> None:
    kiln, posts = about(planted, KILN), planted.posts
    said = posts["text"].str.contains("kiln").sum()
    assert said <= kiln["n"] <= 1.2 * said
    assert kiln["theirs"] == pytest.approx(kiln["n"] / (~posts["ours"]).sum())


def test_what_rivals_talk_about_and_we_do_not_is_theirs(planted: Landscape) -> None:
    kiln = about(planted, KILN)
    assert kiln["verdict"] == "theirs" and kiln["ours"] < 0.02 and kiln["low"] > 0


def test_what_we_talk_about_as_much_as_nobody_else_is_ours() -> None:
    bread = about(saying(noise(1, rivals=3), US, BREAD, 3), BREAD)
    assert bread["verdict"] == "ours" and bread["change"] < 0 and bread["rivals"] <= 1


def test_what_both_talk_about_alike_cannot_be_told() -> None:
    """Every fourth post of all four of us."""
    subject = noise(1, rivals=3)
    for account in (US, "rival 1", "rival 2", "rival 3"):
        subject = saying(subject, account, BREAD, 4)
    bread = about(subject, BREAD)
    assert bread["verdict"] == "cannot_tell" and bread["rivals"] == 3
    assert bread["theirs"] == pytest.approx(0.25, abs=0.03) == bread["ours"]


def test_without_posts_of_ours_there_is_no_gap(planted: Landscape) -> None:
    theirs = planted.posts[~planted.posts["ours"]].reset_index(drop=True)
    kiln = about(replace(planted, posts=theirs), KILN)
    assert kiln["verdict"] == "too_few" and np.isnan(kiln["p"]) and np.isnan(kiln["ours"])


def test_what_its_posts_get_is_against_the_habit_of_their_account(planted: Landscape) -> None:
    """Posts about the kiln get three times the habit of their account."""
    posts = planted.posts
    kiln = posts["text"].str.contains("kiln")
    gained = posts["habit"].where(~kiln, 3 * posts["habit"])
    times = about(replace(planted, posts=posts.assign(interactions=gained)), KILN)
    assert times["times"] == pytest.approx(3) and times["times_low"] >= 1


def test_in_noise_nobody_talks_of_anything_more_than_we_do() -> None:
    for seed in range(3):
        assert set(found(noise(seed))["topics"]["verdict"]) == {"cannot_tell"}


def test_words_by_which_an_account_signs_are_no_topic() -> None:
    """Every other post of a rival ends with its slogan: that is how it signs, not what it talks about."""
    assert about(saying(noise(2), "rival 1", BREAD, 4), BREAD)["n"] > 0
    signed = saying(noise(2), "rival 1", BREAD, 2)
    assert not found(signed)["topics"]["words"].str.contains("yeast").any()


# ── Too little ──────────────────────────────────────────────────────────────────────────────────────────────


def test_fewer_posts_than_tell_a_topic_give_none(planted: Landscape) -> None:
    few = replace(planted, posts=planted.posts.head(topics.POSTS - 1))
    assert all(frame.empty for frame in found(few).values())
    assert set(found(few)) == {"topics", "shares", "posts"}
    assert len(found(replace(planted, posts=planted.posts.head(topics.POSTS * 3)))["topics"])


def test_posts_without_words_are_not_counted_among_them(planted: Landscape) -> None:
    nth = np.arange(len(planted.posts))
    mute = planted.posts.assign(text=planted.posts["text"].where(nth < topics.POSTS - 1))
    assert found(replace(planted, posts=mute))["topics"].empty
    wordless = planted.posts.assign(text="🏺 12 https://example.org @ada")
    assert found(replace(planted, posts=wordless))["topics"].empty
    assert wording.said(replace(planted, posts=wordless)).counts.shape[1] == 0


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parts_of_a_topic_add_up_to_the_whole(planted: Landscape) -> None:
    told = found(planted)
    of = told["shares"].groupby("topic")
    assert of["part"].sum().tolist() == pytest.approx([1.0] * len(told["topics"]))
    assert of["n"].sum().tolist() == told["topics"]["n"].tolist()
    assert told["topics"]["n"].is_monotonic_decreasing
    assert told["topics"]["topic"].tolist() == list(range(1, len(told["topics"]) + 1))
    assert told["shares"].groupby("who")["share"].sum().max() <= 1


def test_the_best_posts_of_a_topic_are_those_of_rivals_that_did_best(planted: Landscape) -> None:
    best = found(planted)["posts"]
    assert best.groupby("topic").size().max() == topics.BEST and US not in set(best["account"])
    assert (best["times"] == best["value"] / best["habit"]).all()
    kiln = best[best["topic"] == about(planted, KILN)["topic"]]
    said = planted.posts[planted.posts["text"].str.contains("kiln")]
    assert kiln["times"].iloc[0] == pytest.approx((said["interactions"] / said["habit"]).max())


def test_the_order_of_rows_does_not_matter(planted: Landscape) -> None:
    given = planted.posts[["account", "at", "interactions", "text", "post_id", "kind"]]
    subjects = [landscape(rows) for rows in (given, given.sample(frac=1, random_state=1))]
    assert digits(subjects[0]) == digits(subjects[1])


def test_nothing_is_drawn_by_chance(planted: Landscape) -> None:
    """Whatever was drawn before, and in another process, whose hashes are others."""
    np.random.seed(1)
    first = digits(replace(planted))
    np.random.seed(2)
    np.random.random(5)
    assert digits(replace(planted)) == first
    asked = "import test_topics as t; print(t.digits(t.noise(3)), end='')"
    other = subprocess.run(
        [sys.executable, "-c", asked], cwd=Path(__file__).parent, check=True, capture_output=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}, encoding="utf-8",
    )  # fmt: skip
    assert other.stdout == digits(noise(3))


def test_ten_times_the_interactions_leave_topics_as_they_are(planted: Landscape) -> None:
    times = planted.posts["account"].map({US: 1, "rival 1": 10, "rival 2": 1000, "rival 3": 7})
    more = {name: planted.posts[name] * times for name in ("interactions", "habit")}
    one, other = (
        found(of)["topics"] for of in (planted, replace(planted, posts=planted.posts.assign(**more)))
    )
    pd.testing.assert_frame_equal(one, other)


def test_a_factorisation_that_ends_before_it_is_done_is_used_without_a_warning(
    planted: Landscape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topics, "ROUNDS", 5)
    assert len(found(replace(planted))["topics"])


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’atelier d'Ada : 12 tasses", ["atelier", "ada", "12", "tasses"]),
        ("#Céramique, fait-main ! #clay_art", ["#céramique", "fait", "main", "#clay", "art"]),
        ("𝗚𝘂𝗲𝗿𝗿𝗲 en 𝑼𝒌𝒓𝒂𝒊𝒏𝒆", ["guerre", "en", "ukraine"]),
        ("Voir https://t.co/x www.tea.example @ada.bakes &amp; moi", ["voir", "moi"]),
        ("", []),
    ],
)  # fmt: skip
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    plain = wording.plain(pd.Series([text, None]))
    assert [w for w in plain[0].split() if len(w) > 1] == words and plain[1] == ""


def said(*texts: str) -> dict[str, int]:
    """How many of the posts say each word?"""
    posts = pd.DataFrame({"account": "ada", "interactions": 1, "text": texts, "at": "2026-10-01"})
    found = wording.said(landscape(posts))
    return dict(zip(found.words, np.asarray(found.counts.sum(axis=0)).ravel().tolist(), strict=True))


def test_forms_of_a_word_are_one_called_as_most_posts_write_it() -> None:
    tea = ["thé vert", "Thés et thé", "THÉ noir", "le thé", "#thé", "thé"]
    cups = [
        "une tasse",
        "la tasse",
        "Tasse",
        "tasse",
        "deux tasses",
        "tasses",
        "les tasses",
        "tasses",
        "#tasses",
    ]
    assert said(*tea, *cups) == {"thé": 6, "tasse": 9}


def test_a_word_is_counted_in_whatever_form_posts_say_it() -> None:
    """Five posts say it, none of its forms is in four."""
    assert said("une tasse", "la tasse", "deux tasses", "les tasses", "#tasse") == {"tasse": 5}


def test_words_of_three_posts_and_words_that_everybody_says_tell_nothing() -> None:
    assert said("thé des", "thé les", "thé pour", "des les", "the and", "the of", "les des pour") == {}
    assert said(*["le thé est chaud, the tea is hot"] * 4) == {"thé": 4, "chaud": 4, "tea": 4, "hot": 4}


# ── On the demo brand ───────────────────────────────────────────────────────────────────────────────────────


def test_the_demos_rivals_talk_of_what_was_planted(demo: str) -> None:
    told = found(landscapes.review(demo, months=14))
    words = dict(zip(told["topics"]["topic"], told["topics"]["words"], strict=True))
    whose = told["shares"].loc[lambda f: f["part"] > 0.9].set_index("topic")["who"]
    for said, who in (("argile", "Terres de Brivoise"), ("sauce", "Manufacture Orvenne"),
                      ("tours", "La Petite Tournelle")):  # fmt: skip
        topic = next(number for number, named in words.items() if said in named.split(", "))
        assert whose[topic] == who
        assert told["topics"].set_index("topic").loc[topic, "verdict"] == "theirs"
