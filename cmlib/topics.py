"""What do rivals talk about, what comes of it, and what of that do we not talk about?

A topic is a group of words that posts say together (TF-IDF, then non-negative matrix factorisation: Lee &
Seung 1999), named by its foremost words. The words by which an account signs are left out, no account counts
for more because it publishes more, and nothing is drawn by chance: the same posts give the same topics.
"""

import warnings
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from cmlib import stats, wording
from cmlib.landscape import Landscape, contested, verdicts
from cmlib.periods import WHO

FEWEST, MOST = 3, 16  # topics
POSTS = 120  # with words, at least: of fewer no topic can be told
NEAR = 0.25  # how alike a post and a topic are that belong together (cosine)
WORDS = 5  # that name a topic
OF_EACH, OF_ALL = 400, 12_000  # posts from which topics are learnt: of an account, of all
BEST = 2  # posts shown of a topic
ROUNDS = 400  # of the factorisation, at most

Floats = NDArray[np.float64]


@lru_cache(maxsize=2)
def topics(subject: Landscape) -> Mapping[str, pd.DataFrame]:
    """Which topics are there, whose are they, and which do we miss?

    ``topics``: a row each, the largest first: topic (its number), words, n (posts), rivals (how many speak of
    it), theirs and ours (the share of all their posts, of all of ours), change (theirs − ours), low, high, p
    (after Holm) and verdict: theirs (they speak of it more than we do), ours, cannot_tell, or too_few without
    posts of both; times, times_low, times_high: what its posts get over their account's habit (median).
    ``shares``: topic, words, who, ours, share (of the posts of each), part (of the posts of the topic).
    ``posts``: the BEST of each topic, as ``competitors.notable``, with topic and words.
    Of networks on which there is a rival. All are empty where fewer than POSTS posts have words.
    """
    counts, words = _words(subject)
    here = contested(subject.posts[["network", "ours"]].drop_duplicates())["network"]
    spoken = (np.asarray(counts.sum(axis=1)).ravel() > 0) & subject.posts["network"].isin(here).to_numpy()
    if spoken.sum() < POSTS or counts.shape[1] < FEWEST * WORDS:
        return {name: pd.DataFrame() for name in ("topics", "shares", "posts")}
    model = _model(counts, subject.posts, spoken)
    of, near = _nearest(counts, model)
    posts = subject.posts.assign(
        topic=np.where(near >= NEAR, of, -1),
        who=np.where(subject.posts["ours"], subject.brand.name, subject.posts["label"]),
        times=lambda f: f["interactions"] / f["habit"].where(f["habit"] > 0),
    )[spoken]
    names = [_named(words, row) for row in model]
    order = (
        posts.loc[posts["topic"] >= 0, "topic"]
        .value_counts(sort=False)
        .sort_values(ascending=False, kind="stable")
    )
    number = {old: new for new, old in enumerate(order.index, 1)}
    posts = posts.assign(topic=lambda f: f["topic"].map(number).fillna(0).astype("int64"))
    called = {number[old]: names[old] for old in number}
    return {"topics": _topics(posts, called), "shares": _shares(posts, called), "posts": _best(posts, called)}


def _words(subject: Landscape) -> tuple[sparse.csr_matrix, NDArray[np.object_]]:
    """TF-IDF of what posts say, without the words by which accounts sign."""
    said = wording.said(subject)
    kept = ~wording.signatures(subject)
    if not kept.any():
        return said.counts[:, kept], said.words[kept]
    weights = TfidfTransformer().fit_transform(said.counts[:, kept]).tocsr()
    return weights, said.words[kept]


def _model(counts: sparse.csr_matrix, posts: pd.DataFrame, spoken: "NDArray[np.bool_]") -> Floats:
    """Topics × words, learnt from as many posts of each account, at even distances."""
    rows = posts[spoken]
    nth, of = rows.groupby(WHO).cumcount(), rows.groupby(WHO)["at"].transform("size")
    each = min(OF_EACH, max(1, OF_ALL // rows.groupby(WHO).ngroups))
    every = (of / each).clip(lower=1)
    taken = (nth / every).astype("int64").ne(((nth - 1) / every).astype("int64")) | nth.eq(0)
    learnt = counts[rows.index[taken]]
    n = int(np.clip(round(learnt.shape[0] ** 0.5 / 3.3), FEWEST, MOST))
    model = NMF(min(n, min(learnt.shape) - 1), init="nndsvda", random_state=0, max_iter=ROUNDS, tol=1e-3)
    with warnings.catch_warnings():  # a factorisation that is nearly done is as good
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(learnt)
    found: Floats = model.components_[model.components_.sum(axis=1) > 0]
    return found


def _nearest(counts: sparse.csr_matrix, model: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The topic that each post is most like, and how much (cosine)."""
    alike = np.asarray(counts @ normalize(model).T)
    return alike.argmax(axis=1), alike.max(axis=1)


def _named(words: NDArray[np.object_], weights: Floats) -> str:
    order = np.argsort(-weights, kind="stable")[:WORDS]
    return ", ".join(str(words[i]) for i in order if weights[i] > 0)


def _topics(posts: pd.DataFrame, called: Mapping[int, str]) -> pd.DataFrame:
    of = posts[posts["topic"] > 0].groupby("topic")
    mine, all_mine = of["ours"].sum(), posts["ours"].sum()
    ours = stats.wilson(mine, pd.Series(all_mine, index=mine.index))
    theirs = stats.wilson(of.size() - mine, pd.Series(len(posts) - all_mine, index=mine.index))
    gap = stats.difference(theirs, ours)
    times = stats.median(posts["times"], posts["topic"])[["value", "low", "high"]]
    times = times.set_axis(["times", "times_low", "times_high"], axis=1)
    found = pd.DataFrame({"words": called, "n": of.size(), "theirs": theirs["value"], "ours": ours["value"]})
    found["rivals"] = posts[~posts["ours"] & (posts["topic"] > 0)].groupby("topic")["owner"].nunique()
    found = found.join(gap).join(times).rename_axis("topic").reset_index()
    found["p"] = stats.holm(found["p"]).to_numpy()
    found["verdict"] = verdicts(found, "theirs", "ours")
    return found.fillna({"rivals": 0}).astype({"rivals": "int64"})


def _shares(posts: pd.DataFrame, called: Mapping[int, str]) -> pd.DataFrame:
    sizes = posts.groupby(["who", "ours"]).size()
    told = posts[posts["topic"] > 0].groupby(["topic", "who", "ours"]).size().rename("n").reset_index()
    whole = told.groupby("topic")["n"].transform("sum")
    of = pd.MultiIndex.from_frame(told[["who", "ours"]])
    return told.assign(
        words=told["topic"].map(called),
        share=told["n"] / sizes.reindex(of).to_numpy(),
        part=told["n"] / whole,
    )


def _best(posts: pd.DataFrame, called: Mapping[int, str]) -> pd.DataFrame:
    """Rivals' best posts of each topic, against their account's habit."""
    theirs = posts[~posts["ours"] & (posts["topic"] > 0) & posts["times"].notna()]
    ordered = theirs.sort_values(["topic", "times", "at"], ascending=[True, False, True], kind="stable")
    best = ordered.groupby("topic").head(BEST)
    best = best.assign(words=best["topic"].map(called), published_at=best["at"], value=best["interactions"])
    names = ["topic", "words", *WHO, "label", "published_at", "kind", "text", "url", "value", "habit",
             "times"]  # fmt: skip
    return best[names].reset_index(drop=True)
