"""How often is it right what cmlib.sentiment calls positive or negative? On sets that people have labelled.

    python bench/feelings.py hutto_ICWSM_2014/tweets_GroundTruth.txt polarity-fr-amazon.csv …

The first kind of file is in the source distribution of vaderSentiment (additional_resources), the second
among the test corpora of CLiPS pattern (text, 1 or -1; of which those under SHORT characters count). Neither
is ours to pass on, so neither is here.
"""

import csv
import sys
from pathlib import Path

import pandas as pd

from cmlib import sentiment, stats

SHORT = 530
FELT = 0.5  # of a mean rating, −4 to 4, from which on people call it positive or negative


def labelled(path: Path) -> pd.DataFrame:
    """The texts of a set, and what people say of each: positive, neutral or negative."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            pairs = [(text, float(mark)) for text, mark in csv.reader(file) if len(text) < SHORT]
    else:
        lines = path.read_text(encoding="latin-1").splitlines()
        pairs = [(text, float(mean)) for _, mean, text in (line.split("\t")[:3] for line in lines)]
    said = pd.DataFrame(pairs, columns=["text", "mean"])
    said = said.drop_duplicates("text") if path.suffix == ".csv" else said
    people = pd.cut(said["mean"], [-5, -FELT, FELT, 5], labels=["negative", "neutral", "positive"])
    return said.assign(people=people.astype("str")).reset_index(drop=True)


def measured(path: Path) -> str:
    """What is decided of a set, and how much of that is right, as one line."""
    texts = labelled(path)
    texts["ours"] = sentiment.feelings(texts["text"])["feeling"]
    sure = texts[texts["ours"].isin(["positive", "negative"])]
    right = int((sure["ours"] == sure["people"]).sum())
    (share,) = stats.wilson([right], [len(sure)]).to_dict("records")
    decided = f"{len(texts)} texts, {len(sure) / len(texts):.0%} decided, right {right} of {len(sure)}"
    return f"{path.name}: {decided} ({share['value']:.1%}, {share['low']:.1%} to {share['high']:.1%})"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(measured(Path(name)))
