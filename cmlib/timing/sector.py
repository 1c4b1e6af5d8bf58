"""What is a post expected to bring where the brand has none? What is published of the network's accounts."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

METRICS = (
    "engagement_rate_by_followers",
    "engagement_rate_rival_iq",
)  # interactions over followers, per post
SEGMENTS = {"short_video": "reel"}  # what publishers call a kind
DOUBT = 1.5  # sd of the logarithm: of one post of one brand, beside a published median or mean of many


def sector(
    network: str, followers: float, kind: str, benchmarks: pd.DataFrame, level: float = 0.8
) -> dict[str, object]:
    """How many interactions is a post expected to get, by published rates? ``benchmarks``: of the facts.

    expected, low, high (null where nothing is published, or without ``followers``), basis ("sector" or
    "none"), source, source_date and address. The newest year that was published for all industries; of that
    kind of post, where there is one so new; medians before means. The interval is wide: posts of one brand
    differ, and brands differ more.
    """
    nothing: dict[str, object] = {
        "expected": np.nan, "low": np.nan, "high": np.nan, "basis": "none", "source": "", "source_date": "",
        "address": "",
    }  # fmt: skip
    mine = benchmarks[
        (benchmarks["network"] == network)
        & benchmarks["metric"].isin(METRICS)
        & (benchmarks["industry"] == "all")
        & benchmarks["segment"].isin(["all", SEGMENTS.get(kind, kind)])
    ]
    if mine.empty or not followers > 0:
        return nothing
    year = mine["period"].astype("str").str[:4]
    mine = mine[year == year.max()]
    order = pd.DataFrame({
        "any": mine["segment"] == "all",
        "mean": ~mine["definition"].str.startswith("median"),
        "value": mine["value"],
    })  # fmt: skip
    row = mine.loc[order.sort_values(["any", "mean", "value"]).index[0]]
    expected, width = float(row["value"]) * followers, float(np.exp(ndtri((1 + level) / 2) * DOUBT))
    return {
        "expected": expected, "low": expected / width, "high": expected * width, "basis": "sector",
        "source": row["source"], "source_date": row["source_date"], "address": row["address"],
    }  # fmt: skip
