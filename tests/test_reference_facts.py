"""The tables of data/reference that say what a network is, what it is good for and what others get there."""

import re
from pathlib import Path

import pandas as pd
import pytest

from cmlib.schema import KINDS, MARKETS, NETWORKS, OBJECTIVES

FOLDER = Path(__file__).parents[1] / "data" / "reference"
PLATFORMS = [network for network in NETWORKS if network != "web"]
LAST = ["source", "source_date", "address", "trust", "note"]
KEYS = {
    "networks": ["network", "fact"],
    "objectives": ["network", "market", "objective"],
    "benchmarks": ["study", "period", "network", "industry", "segment", "metric"],
    "best_times": ["network", "day", "hour_start", "hour_end", "study"],
    "moments": ["key"],
    "legal": ["key"],
}


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


def facts(network: str) -> dict[str, str]:
    rows = table("networks")
    mine = rows[rows["network"] == network]
    return dict(zip(mine["fact"], mine["value"], strict=True))


@pytest.mark.parametrize("name", KEYS)
def test_every_row_says_where_it_is_from(name):
    rows = table(name)
    assert list(rows.columns[-5:]) == LAST
    assert (rows[["source", "address"]] != "").all(axis=None)
    assert rows["trust"].isin(["high", "medium", "low"]).all()
    assert rows["source_date"].str.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?").all()
    assert (rows["address"].str.startswith("http") | (rows["address"] == "data/reference/README.md")).all()


@pytest.mark.parametrize("name", KEYS)
def test_a_key_names_one_row(name):
    rows = table(name)
    assert not rows.duplicated(KEYS[name]).any()


@pytest.mark.parametrize("name", KEYS)
def test_a_source_is_a_publisher_and_not_the_way_it_was_found(name):
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    assert not re.search(r"find_string|obtained|this table|evidence file|from memory", text)


@pytest.mark.parametrize("network", PLATFORMS)
def test_every_network_has_its_facts(network):
    known = facts(network)
    assert known["type"] and known["users"]
    assert known["status"] in ("alive", "closed")
    assert {known[f"format_{kind}"] for kind in KINDS} <= {"yes", "partly", "no"}


@pytest.mark.parametrize("network", PLATFORMS)
def test_a_network_says_where_it_shines_or_why_it_is_gone(network):
    known = facts(network)
    if known["status"] == "closed":
        assert known["closed_because"]
        return
    leading = known["leading_kinds"].split()
    assert leading and set(leading) <= set(KINDS)
    assert all(known[f"format_{kind}"] != "no" for kind in leading)
    assert known["discovery"] in ("public", "members", "private")
    assert 0 < float(known["cadence_low"]) <= float(known["cadence_high"])


def test_every_objective_is_weighed_on_every_network_that_lives():
    rows = table("objectives")
    alive = [network for network in PLATFORMS if facts(network)["status"] == "alive"]
    wanted = {(n, m, o) for n in alive for m in MARKETS if m != "both" for o in OBJECTIVES}
    assert set(zip(rows["network"], rows["market"], rows["objective"], strict=True)) == wanted
    assert rows["fit"].isin(["0", "0.25", "0.5", "0.75", "1"]).all()
    hidden = [network for network in alive if facts(network)["discovery"] != "public"]
    awareness = rows[(rows["objective"] == "awareness") & rows["network"].isin(hidden)]
    assert awareness["fit"].isin(["0", "0.25"]).all()


def test_benchmarks_are_numbers_of_networks_and_rates_are_fractions():
    rows = table("benchmarks")
    assert rows["network"].isin([*PLATFORMS, "all"]).all()
    assert rows["metric"].str.fullmatch(r"[a-z0-9_]+").all()
    assert (rows["industry"] == rows["industry"].str.lower()).all()
    values = pd.to_numeric(rows["value"])
    assert values[rows["metric"].str.startswith("engagement_rate_")].between(0, 0.5).all()
