"""Figures that others published of competing accounts come out of the analysis of rivals, through the lake.

The datasets lie beside the checkout, for those who have them; elsewhere there is nothing to do.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rivals import found, take
from test_published_figures import DATASETS, PAGES, buzzfeed

from cmlib import competitors, landscape, operations, topics, traits
from cmlib.landscape import Landscape

Files = list[Path]
PUBLIC = ("shares", "reactions", "comments")  # in the order of PAGES


def lake(home: Path, network: str, accounts: list[str], ours: str, rows: pd.DataFrame) -> None:
    """A brand of which one account is its own, all others are rivals', and what was seen of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(home))
        found("lab", [(network, name, name, *["rival"] * (name != ours)) for name in accounts])
        take("lab", rows.assign(network=network))


def reviewed(home: Path) -> Landscape:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(home))
        return landscape.review("lab")


# ── Nine pages on Facebook, September 2016 ──────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Landscape]:
    """One landscape, or none where the file is missing."""
    subjects = []
    for file in DATASETS.glob("facebook_pages_buzzfeed2016/facebook-fact-check.csv"):
        home = tmp_path_factory.mktemp("pages")
        lake(home, "facebook", list(PAGES), "", buzzfeed(file))
        subjects.append(reviewed(home))
    return subjects


def test_every_published_median_and_mean_of_the_nine_pages(pages: list[Landscape]) -> None:
    for subject in pages:
        told = competitors.per_post(subject).set_index("account")
        assert len(subject.posts) == 2282 == told["n"].sum()
        for place, how in enumerate(("median", "mean")):
            for at, count in enumerate(PUBLIC):
                published = {page: figures[place][at] for page, figures in PAGES.items()}
                assert np.round(told[f"{how}_{count}"]).astype(int).to_dict() == published, (how, count)


def test_photos_and_videos_work_for_the_nine_pages_and_links_hurt(pages: list[Landscape]) -> None:
    for subject in pages:
        told = traits.traits(subject).set_index("trait")
        assert told.loc[["image", "video", "link_post"], "verdict"].tolist() == ["works", "works", "hurts"]
        assert told.loc["image", "low"] > 0.5 and told.loc["link_post", "high"] < -0.3
        assert set(told.loc[told["family"] == "hour", "note"]) == {"too_few"}, "only days are known"
        assert traits.hours(subject)["n"].sum() == 0


def test_the_nine_pages_have_no_texts_and_so_no_topics(pages: list[Landscape]) -> None:
    for subject in pages:
        assert all(frame.empty for frame in topics.topics(subject).values())


def test_the_most_shared_pages_have_the_most_interactions(pages: list[Landscape]) -> None:
    for subject in pages:
        told = competitors.volume(subject)
        assert told["share_of_posts"].sum() == pytest.approx(1)
        assert told["share_of_interactions"].sum() == pytest.approx(1)
        most = told.sort_values("share_of_interactions")["account"].tolist()
        assert most[-2:] == ["The Other 98%", "Occupy Democrats"]


# ── 28 French media on Twitter, May 2022 ────────────────────────────────────────────────────────────────────

LIKES = {  # the median tweet of those that get most, and of Le Monde
    "Mediavenir": 11_047, "HugoDecrypte": 238.5, "canardenchaine": 84, "brutofficiel": 83.5, "Valeurs": 47.5,
    "lequipe": 31, "lemondefr": 20,
}  # fmt: skip
TALK = (
    {"ukraine", "guerre"}, {"borne", "matignon"}, {"cannes", "festival"}, {"otan", "finlande", "suède"},
    {"burkini", "grenoble"},
)  # fmt: skip


def media(tweets: Path, authors: Path) -> pd.DataFrame:
    """2,800 tweets, and the followers of their accounts on the last day.

    The ids of two accounts lost their last digits in the file of tweets, and with them their names.
    """
    raw = pd.read_csv(tweets, dtype={"id_compte": "str", "id_tweet": "str"})
    who = pd.read_csv(authors, sep=";", dtype={"id": "str"}, engine="python", on_bad_lines="skip")
    names = dict(zip(who["id"], who["pseudo"], strict=True))
    posts = pd.DataFrame({
        "table": "posts",
        "account": raw["id_compte"].map(names).fillna(raw["id_compte"]),
        "post_id": raw["id_tweet"],
        "published_at": raw["date"] + "T" + raw["heure_UTC0"] + "Z",
        "text": raw["text"],
        "reactions": raw["like_count"].astype("Int64"),
        "comments": raw["reply_count"].astype("Int64"),
        "shares": raw["retweet_count"].astype("Int64"),
    })  # fmt: skip
    known = who[who["id"].isin(raw["id_compte"])]
    days = pd.DataFrame({"table": "days", "account": known["pseudo"], "date": raw["date"].max(),
                         "figure": "followers", "value": known["nb_followers"].astype("Int64")})  # fmt: skip
    return pd.concat([posts, days], ignore_index=True)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Landscape]:
    """One landscape, of which Le Monde is ours, or none where a file is missing."""
    subjects = []
    for tweets in DATASETS.glob("french_media_tweets2022/Tweets.csv"):
        for authors in tweets.parent.glob("author.csv"):
            rows = media(tweets, authors)
            home = tmp_path_factory.mktemp("papers")
            lake(home, "x", sorted(rows["account"].unique()), "lemondefr", rows)
            subjects.append(reviewed(home))
    return subjects


def test_the_published_likes_of_french_media(papers: list[Landscape]) -> None:
    for subject in papers:
        likes = subject.posts["reactions"]
        assert (len(likes), likes.median(), likes.max()) == (2800, 8, 69_803)
        assert likes.mean() == pytest.approx(600.43, abs=0.005)
        told = competitors.per_post(subject).set_index("account")
        assert (told["n"] == 100).all() and len(told) == 28
        assert told.loc[list(LIKES), "median_reactions"].to_dict() == LIKES
        named = told[~told.index.str.fullmatch(r"\d+")].sort_values("median_reactions", ascending=False)
        assert len(named) == 26 and named.index[:6].tolist() == list(LIKES)[:6]


def test_the_published_correlations_of_french_media(papers: list[Landscape]) -> None:
    for subject in papers:
        found = subject.posts[["shares", "reactions", "comments"]].corr()
        assert found.loc["shares", "reactions"] == pytest.approx(0.942, abs=0.0005)
        assert found.loc["shares", "comments"] == pytest.approx(0.692, abs=0.0005)


def test_the_published_followers_of_french_media(papers: list[Landscape]) -> None:
    for subject in papers:
        told = competitors.followers(subject).set_index("account")
        assert round(told.loc["Mediavenir", "value"] / 1e6, 2) == 2.17
        assert told.loc["lemondefr", "value"] == 10_125_109 == told["value"].max()
        assert told["growth"].isna().all(), "they were seen once"


def test_what_french_media_talked_about_in_may_2022(papers: list[Landscape]) -> None:
    for subject in papers:
        told = topics.topics(subject)["topics"]
        named = [set(words.replace("#", "").split(", ")) for words in told["words"]]
        for words in TALK:
            assert any(words <= topic for topic in named), (words, told["words"].tolist())
        assert told["n"].sum() <= 2800 and (told["rivals"] >= 2).all()


def test_nobody_among_french_media_ran_a_contest(papers: list[Landscape]) -> None:
    for subject in papers:
        assert not set(operations.operations(subject)["kind"]) & {"contest", "promotion"}
