"""How fast is the analysis of rivals, beside plain peers, and how often does noise look like news to it?"""

import importlib.util
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer

from cmlib import competitors, importers, landscape, operations, schema, store, topics, traits, wording
from cmlib.landscape import Landscape
from cmlib.periods import WHO

RIVALS, POSTS, MONTHS = 100, 2000, 14  # posts of each
RUNS = 60
FITTED = 3  # traits whose least squares are timed: all take the same
SCENARIOS: dict[str, dict[str, Any]] = {
    "4 rivals, 12 posts a month": {},
    "uneven weeks (gamma, shape 4)": {"rhythm": 4.0},
    "very uneven weeks (shape 2)": {"rhythm": 2.0},
    "60 posts a month": {"per_month": 60.0},
    "60, very uneven": {"per_month": 60.0, "rhythm": 2.0},
    "results waver more (sigma 1.4)": {"spread": 1.4},
    "weeks waver as wholes (sigma 0.5)": {"luck": 0.5},
    "no texts": {"texts": False},
    "12 rivals": {"rivals": 12},
}


def chance() -> ModuleType:
    """The tests' landscapes by chance."""
    path = Path(__file__).parent.parent / "tests" / "rivals.py"
    spec = importlib.util.spec_from_file_location("by_chance", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long does it take, and what does it give?"""
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def lake(made: ModuleType) -> None:
    """A lake of a brand and its rivals, in one export."""
    rows = made.noise(1, RIVALS, MONTHS, POSTS / MONTHS).posts
    names = rows["account"].unique()
    made.found("bench", [("instagram", n, n, *(["rival"] * (n != made.US))) for n in names])
    seen = pd.Timestamp(made.UNTIL, tz="UTC")
    common = {"brand": "bench", "network": "instagram", "observed_at": seen, "source": "0" * 64}
    posts = rows[["account", "post_id", "kind", "text"]].assign(
        published_at=rows["at"].dt.tz_localize("UTC"),
        reactions=(rows["interactions"] * 0.9).astype("int64"),
        comments=(rows["interactions"] * 0.1).astype("int64"),
        **common,
    )
    ends = pd.date_range(end=made.UNTIL, periods=MONTHS + 1, freq="ME")
    days = pd.DataFrame({"account": names}).merge(pd.DataFrame({"date": ends}), how="cross")
    tables = {
        "posts": schema.check("posts", posts),
        "days": schema.check("days", days.assign(figure="followers", value=10_000, **common)),
    }
    reading = importers.Reading(
        name="bench.csv", digest="0" * 64, format="generic", network="instagram", account="all",
        observed_at=seen, tables=tables, aside=pd.DataFrame(columns=["line", "reason", "excerpt"]),
        lines=len(posts) + len(days), passed=0,
    )  # fmt: skip
    store.add("bench", reading)


def plain_topics(texts: pd.Series) -> np.ndarray:
    """What one would write without us: all posts, all words of four posts and more, as many topics."""
    counts = TfidfVectorizer(min_df=wording.RARE).fit_transform(texts)
    model = NMF(topics.MOST, init="nndsvda", random_state=0, max_iter=topics.ROUNDS, tol=1e-3)
    return model.fit_transform(counts)


def least_squares(subject: Landscape) -> float:
    """Seconds of one numpy.linalg.lstsq a trait, a column for each account, other trait and the age.

    FITTED of them are timed. They give no interval: statsmodels, which would, is no dependency of ours.
    """
    posts = subject.posts[~subject.posts["ours"]]
    has = pd.DataFrame({trait: column for (_, trait), column in traits.described(posts).items()})
    age = np.log1p((posts["seen"] - posts["at"]).dt.total_seconds().clip(lower=0) / 3600)
    dummies = pd.get_dummies(pd.MultiIndex.from_frame(posts[WHO]).to_flat_index(), dtype=float).to_numpy()
    matrix = np.hstack([dummies, has.astype("float64").fillna(0).to_numpy(), age.to_numpy()[:, None]])
    took, _ = timed(lambda: [np.linalg.lstsq(matrix, posts["level"]) for _ in range(FITTED)])
    return took / FITTED * has.shape[1]


def speed(made: ModuleType) -> str:
    """One line a part, and one for each peer."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CMLIB_HOME"] = folder
        lake(made)
        took, subject = timed(lambda: landscape.review("bench", months=MONTHS))
    lines = [f"{RIVALS} rivals, {len(subject.posts):,} posts, from the lake   {took:.1f} s"]
    parts = {
        "words": wording.said, "topics": topics.topics, "operations": operations.operations,
        "traits": traits.traits, "efficiency": competitors.efficiency, "volume": competitors.volume,
    }  # fmt: skip
    seconds = {name: timed(lambda part=part: part(subject))[0] for name, part in parts.items()}
    lines.append("   ".join(f"{name} {took:.1f} s" for name, took in seconds.items()))
    ours = seconds["words"] + seconds["topics"]
    peer, _ = timed(lambda: plain_topics(subject.posts["text"]))
    lines.append(f"words and topics   cmlib {ours:.1f} s   TfidfVectorizer + NMF {peer:.1f} s   "
                 f"ratio {peer / ours:.2f}")  # fmt: skip
    peer = least_squares(subject)
    lines.append(f"traits             cmlib {seconds['traits']:.1f} s   numpy.linalg.lstsq {peer:.1f} s   "
                 f"ratio {peer / seconds['traits']:.2f}")  # fmt: skip
    return "\n".join(lines)


def noise(made: ModuleType, runs: int = RUNS) -> str:
    """Where nothing happens: in how many runs is there any operation, any trait that works or hurts?"""
    lines = [f"Nothing happens: any operation, any trait found, in % of {runs} runs (5 at most are meant)"]
    for name, asked in SCENARIOS.items():
        subjects = (made.noise(seed, **asked) for seed in range(runs))
        found = [
            (len(operations.operations(of)) > 0, not set(traits.traits(of)["verdict"]) <= {"none", "too_few"})
            for of in subjects
        ]
        launched, works = (100 * np.mean(column) for column in zip(*found, strict=True))
        lines.append(f"  {name:32} operations {launched:4.1f}   traits {works:4.1f}")
    return "\n".join(lines)


def table() -> str:
    """Speed, then false alarms."""
    made = chance()
    return f"{speed(made)}\n{noise(made)}"


if __name__ == "__main__":
    print(table())
