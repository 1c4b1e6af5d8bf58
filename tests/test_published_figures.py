"""Figures that others published of public data come out of compute(), through our own CSV and the lake.

The datasets lie beside the checkout, for those who have them; elsewhere there is nothing to do.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cmlib import brand, importers, store
from cmlib.metrics import compute, fractions

DATASETS = Path(__file__).parents[2] / "shared" / "datasets"


def imported(monkeypatch, tmp_path: Path, posts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Write posts as a generic CSV, import it into a home of its own, and read the lake."""
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    brand.new("lab")
    file = tmp_path / "posts.csv"
    posts.assign(table="posts", network="facebook").set_index("table").to_csv(file)
    for found in importers.walk(file):
        reading = importers.read(importers.open_export(found), brand.load("lab"))
        assert reading.aside.empty
        assert store.add("lab", reading)
    tables = store.load(brand.load("lab"))
    assert len(tables["posts"]) == len(posts)
    return tables


def by(tables: dict[str, pd.DataFrame], metric: str, key: str) -> dict[object, float]:
    found = compute(tables, [metric], [key])
    return dict(zip(found[key].astype("object"), found["value"], strict=True))


def moro(file: Path) -> pd.DataFrame:
    """500 posts of a cosmetics brand, 2014. Of a post, month, weekday (1 = Sunday) and hour are known."""
    raw = pd.read_csv(file, sep=";")
    first = pd.to_datetime({"year": 2014, "month": raw["Post Month"], "day": 1})
    later = (raw["Post Weekday"] - 2 - first.dt.day_of_week) % 7
    published = first + pd.to_timedelta(later, unit="D") + pd.to_timedelta(raw["Post Hour"], unit="h")
    kinds = {"Photo": "image", "Status": "text", "Link": "link", "Video": "video"}
    return pd.DataFrame(
        {
            "account": "category " + raw["Category"].astype("str"),
            "post_id": [f"post {i}" for i in raw.index],
            "published_at": published.dt.strftime("%Y-%m-%dT%H:%M"),
            "kind": raw["Type"].map(kinds),
            "paid": raw["Paid"].map({1: "true", 0: "false"}),
            "reach": raw["Lifetime Post Total Reach"],
            "impressions": raw["Lifetime Post Total Impressions"],
            "reactions": raw["like"].astype("Int64"),
            "comments": raw["comment"],
            "shares": raw["share"].astype("Int64"),
            "interactions": raw["Total Interactions"],
        }
    )


def test_moro_2016(monkeypatch, tmp_path):
    for file in DATASETS.glob("facebook_metrics_moro2016/dataset_Facebook.csv"):
        tables = imported(monkeypatch, tmp_path, moro(file))
        near = {"abs": 0.05}
        assert by(tables, "posts", "kind") == {"text": 45, "image": 426, "video": 7, "link": 22}
        assert by(tables, "interactions_per_post", "kind") == pytest.approx(
            {"video": 295.86, "text": 217.04, "image": 216.58, "link": 89.05}, abs=0.005
        )
        assert by(tables, "median_interactions", "kind") == {
            "video": 271, "text": 186, "image": 122, "link": 52.5,
        }  # fmt: skip
        assert by(tables, "reach_per_post", "kind") == pytest.approx(
            {"video": 51205.7, "link": 18544.6, "image": 13137.8, "text": 13078.9}, **near
        )
        paid = compute(tables, ["posts", "interactions_per_post"], ["paid"])
        assert paid["paid"].isna().tolist() == [False, False, True] * 2  # of one post it is not known
        assert paid["value"].tolist()[:3] == [360, 139, 1]
        assert paid["value"].tolist()[3:5] == pytest.approx([186.85, 278.23], abs=0.005)
        assert by(tables, "posts", "account") == {"category 1": 215, "category 2": 130, "category 3": 155}
        assert by(tables, "interactions_per_post", "account") == pytest.approx(
            {"category 1": 148.49, "category 2": 264.16, "category 3": 256.74}, abs=0.005
        )
        sunday_first = [6, 0, 1, 2, 3, 4, 5]
        weekdays = by(tables, "interactions_per_post", "weekday")
        assert [weekdays[day] for day in sunday_first] == pytest.approx(
            [237.0, 200.5, 287.8, 260.5, 205.3, 162.8, 153.6], **near
        )
        likes = compute(tables, ["reactions_per_post"]).iloc[0]
        assert (likes["value"], likes["n"]) == (pytest.approx(177.95, abs=0.005), 499)
        posts = fractions(tables, "engagement_rate_by_reach")
        assert posts["numerator"].corr(posts["denominator"]) == pytest.approx(0.539, abs=0.0005)


# Of each page: shares, reactions, comments of its median post, and of its mean post
PAGES = {
    "Addicting Info": ((563, 2230, 271), (1270, 3120, 392)),
    "Occupy Democrats": ((10931, 22360, 1205), (29205, 34669, 2858)),
    "The Other 98%": ((3942, 12083, 521), (18007, 20971, 915)),
    "ABC News Politics": ((13, 80, 28), (44, 177, 71)),
    "CNN Politics": ((50, 340, 194), (183, 678, 322)),
    "Politico": ((33, 314, 95), (182, 900, 170)),
    "Eagle Rising": ((92, 186, 22), (616, 520, 79)),
    "Freedom Daily": ((947, 2245, 214), (2474, 3685, 516)),
    "Right Wing News": ((266, 913, 91), (1398, 2454, 360)),
}


def buzzfeed(file: Path) -> pd.DataFrame:
    """2,282 posts of nine pages; of a post only the day is known."""
    raw = pd.read_csv(file, dtype={"post_id": "str"})
    kinds = {"link": "link", "photo": "image", "video": "video", "text": "text"}
    counts = {name: raw[f"{name[:-1]}_count"].astype("Int64") for name in ("shares", "reactions", "comments")}
    return pd.DataFrame(
        {
            "account": raw["Page"],
            "post_id": raw["post_id"],
            "published_at": raw["Date Published"],
            "kind": raw["Post Type"].map(kinds),
            **counts,
        }
    )


def test_buzzfeed_2016(monkeypatch, tmp_path):
    for file in DATASETS.glob("facebook_pages_buzzfeed2016/facebook-fact-check.csv"):
        tables = imported(monkeypatch, tmp_path, buzzfeed(file))
        for at, count in enumerate(("shares", "reactions", "comments")):
            for of, metric in enumerate((f"median_{count}", f"{count}_per_post")):
                found = {page: int(np.round(value)) for page, value in by(tables, metric, "account").items()}
                assert found == {page: figures[of][at] for page, figures in PAGES.items()}, metric
        kinds = compute(tables, ["median_shares"], ["account", "kind"])
        ours = kinds[kinds["account"] == "Occupy Democrats"].set_index("kind")["value"].round()
        assert ours[["link", "image", "video"]].tolist() == [5130, 18294, 26648]
