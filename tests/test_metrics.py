"""Numbers that one can check in one's head, the golden example of ten engagement rates, and laws."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import i18n, schema
from cmlib.errors import CmlibError
from cmlib.metrics import KEYS, METRICS, TOOLS, change, compute, formula, fractions, table

PARTS = ["reactions", "comments", "shares", "saves"]
EVERY = list(METRICS)


def tidy(name: str, rows: dict[str, Any], **common: Any) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    said = {"brand": "b", "network": "instagram", "account": "us", "source": "s"} | common
    for column, value in said.items():
        if column not in frame:
            frame[column] = value
    if "observed_at" not in frame:
        frame["observed_at"] = pd.Timestamp("2026-02-01", tz="UTC")
    return schema.check(name, frame)


def posts(published: list[str], **columns: Any) -> pd.DataFrame:
    named = {"post_id": [str(i) for i in range(len(published))]}
    return tidy("posts", named | {"published_at": pd.to_datetime(published, utc=True)} | columns)


def days(dates: list[str], figure: str, values: list[float], **common: Any) -> pd.DataFrame:
    return tidy("days", {"date": pd.to_datetime(dates), "figure": figure, "value": values}, **common)


def golden(**more: Any) -> dict[str, pd.DataFrame]:
    three = ["2026-01-01", "2026-01-02", "2026-01-03"]
    counts = {
        "reactions": [40, 12, 150], "comments": [5, 1, 30], "saves": [3, 0, 20], "shares": [2, 0, 15],
        "link_clicks": [10, 2, 60], "reach": [900, 300, 5000], "impressions": [1200, 360, 7000],
    }  # fmt: skip
    followers = days(three, "followers", [2000, 2050, 2200])
    return {"posts": posts(three, **(counts | more)), "days": followers}


def one(tables: dict[str, pd.DataFrame], metric: str, **asked: Any) -> pd.Series:
    found = compute(tables, [metric], **asked)
    assert len(found) == 1
    return found.iloc[0]


def keyed(found: pd.DataFrame, *keys: str) -> dict[Any, float]:
    index = [found[k].astype("str") if found[k].dtype == "category" else found[k] for k in keys]
    return dict(zip(index[0] if len(keys) == 1 else zip(*index, strict=True), found["value"], strict=True))


# ── The golden example: the same three posts, ten engagement rates ──────────────────────────────────────────


@pytest.mark.parametrize(
    ("metric", "percent"),
    [
        ("engagement_rate_later", 3.248),
        ("engagement_rate_sprout", 3.820),
        ("engagement_rate_buffer", 3.820),
        ("engagement_rate_orlo", 3.864),
        ("engagement_rate_emplifi", 3.949),
        ("engagement_rate_rival_iq", 4.080),
        ("mean_engagement_rate_with_clicks", 4.187),
        ("engagement_rate_by_reach", 4.484),
        ("engagement_rate_metricool", 4.484),
        ("mean_engagement_rate_by_reach", 4.730),
        ("engagement_rate_brightbean", 5.645),
        ("engagement_rate_brandwatch", 2.979),
        ("engagement_rate_by_impressions", 3.248),
        ("engagement_rate_by_views_or_impressions", 3.248),
        ("engagement_rate_by_followers", 100 * 278 / 6250),
        ("click_through_rate", 100 * 72 / 8560),
        ("amplification_rate", 100 * 17 / 6200),
        ("conversation_rate", 100 * 36 / 6200),
        ("save_rate", 100 * 23 / 6200),
    ],
)
def test_three_posts(metric, percent):
    row = one(golden(), metric)
    assert 100 * row["value"] == pytest.approx(percent, abs=0.0005)
    assert row["n"] == 3
    assert np.isnan(row["low"])
    assert "too_few" in row["note"]


def test_three_posts_with_impressions_as_views():
    viewed = golden(views=[1200, 360, 7000])
    assert 100 * one(viewed, "engagement_rate_brightbean")["value"] == pytest.approx(4.089, abs=0.0005)
    assert 100 * one(viewed, "engagement_rate_by_views")["value"] == pytest.approx(3.248, abs=0.0005)


def test_three_posts_counted():
    expected = {
        "posts": 3, "impressions": 8560, "reactions": 202, "interactions": 278, "link_clicks": 72,
        "reach_per_post": 6200 / 3, "median_reach": 900, "interactions_per_post": 278 / 3,
        "median_interactions": 50, "median_comments": 5, "followers": 2200, "net_growth": 200,
        "growth_rate": 0.1, "share_of_days_without_data": 0,
    }  # fmt: skip
    assert keyed(compute(golden(), expected), "metric") == pytest.approx(expected)


def test_rules_that_depend_on_the_network():
    tables = golden(views=[1000, 300, 6000])
    for network, metric, value in (
        ("tiktok", "engagement_rate_rival_iq", 255 / 7300),
        ("x", "engagement_rate_metricool", 278 / 8560),
        ("linkedin", "engagement_rate_metricool", 278 / 8560),
        ("facebook", "engagement_rate_metricool", 278 / 6200),
    ):
        moved = {k: schema.check(k, f.assign(network=network)) for k, f in tables.items()}
        assert one(moved, metric)["value"] == pytest.approx(value)


def test_buffer_leaves_out_posts_known_to_be_paid():
    assert one(golden(paid=[True, False, None]), "engagement_rate_buffer")["value"] == pytest.approx(
        270 / 7360
    )


# ── Missing is not zero ─────────────────────────────────────────────────────────────────────────────────────


def test_a_networks_own_total_goes_before_the_parts():
    tables = {"posts": posts(["2026-01-01"] * 2, reactions=[1, 2], comments=[1, 2], interactions=[10, None])}
    assert one(tables, "interactions")["value"] == 10 + 4


def test_a_part_that_is_never_given_is_left_out_and_named():
    tables = {"posts": posts(["2026-01-01"] * 2, reactions=[1, 2], comments=[1, 2], reach=[10, 50])}
    row = one(tables, "engagement_rate_by_reach")
    assert row["value"] == pytest.approx(6 / 60)
    assert row["note"].split()[:2] == ["metric.note.without_shares", "metric.note.without_saves"]
    assert "without_reactions" not in row["note"]


def test_a_post_that_lacks_a_part_is_left_out_of_the_rate():
    tables = {"posts": posts(["2026-01-01"] * 2, reactions=[1, 2], comments=[1, None], reach=[10, 50])}
    row = one(tables, "engagement_rate_by_reach")
    assert (row["value"], row["n"]) == (pytest.approx(2 / 10), 1)
    total = one(tables, "comments")
    assert (total["value"], total["n"], total["note"]) == (1, 1, "metric.note.partial")


def test_what_a_kind_of_post_or_another_export_lacks_is_its_own_affair():
    columns = {"reactions": [1, 2, 4], "comments": [1, None, None], "reach": [10, 10, 10]}
    tables = {
        "posts": posts(
            ["2026-01-01"] * 3, kind=["image", "story", "image"], source=["a", "a", "b"], **columns
        )
    }
    row = one(tables, "engagement_rate_by_reach")
    assert (row["value"], row["n"]) == (pytest.approx(8 / 30), 3)
    assert "without_comments" in row["note"]
    by_kind = compute(tables, ["engagement_rate_by_reach"], ["kind"])
    assert ["without_comments" in note for note in by_kind["note"]] == [True, True]


def test_without_a_denominator_or_with_zero_a_post_is_left_out():
    tables = {"posts": posts(["2026-01-01"] * 3, reactions=[1, 2, 3], reach=[10, None, 0])}
    row = one(tables, "engagement_rate_by_reach")
    assert (row["value"], row["n"]) == (pytest.approx(0.1), 1)


@pytest.mark.parametrize(
    ("metric", "note"),
    [
        ("impressions", "no_impressions"),
        ("reach_per_post", "no_reach"),
        ("engagement_rate_by_reach", "no_reach"),
        ("engagement_rate_by_followers", "no_followers"),
        ("engagement_rate_orlo", "no_last_followers"),
        ("engagement_rate_metricool", "no_base"),
        ("click_through_rate", "no_link_clicks"),
        ("followers", "no_followers"),
        ("growth_rate", "no_growth"),
        ("daily_reach", "no_reach"),
        ("conversion_rate", "no_visits"),
        ("nps", "no_nps"),
        ("answers", "no_answers"),
    ],
)
def test_what_lacks_is_said(metric, note):
    row = one({"posts": posts(["2026-01-01"], reactions=[1])}, metric)
    assert np.isnan(row["value"])
    assert (row["n"], row["note"]) == (0, f"metric.note.{note}")


def test_two_inputs_that_never_meet():
    tables = {"posts": posts(["2026-01-01"] * 2, reactions=[1, None], reach=[None, 10], source=["a", "b"])}
    assert one(tables, "engagement_rate_by_reach")["note"] == "metric.note.no_pair"


def test_nothing_at_all():
    found = compute({}, EVERY)
    assert found["metric"].tolist() == EVERY
    assert found["value"].isna().all()
    assert (found["n"] == 0).all()
    assert (found["note"] != "").all()
    assert compute({}, ["posts", "followers"], ["network"]).empty


def test_no_post_is_zero_only_within_what_is_known():
    tables = golden()  # 1 to 3 January, observed on 1 February
    assert one(tables, "posts", start=date(2026, 1, 10), end=date(2026, 1, 20))["value"] == 0
    assert np.isnan(one(tables, "posts", start=date(2026, 3, 1), end=date(2026, 3, 31))["value"])
    assert np.isnan(one(tables, "posts", end=date(2025, 12, 31))["value"])
    assert np.isnan(one(tables, "impressions", start=date(2026, 1, 10))["value"])


# ── Followers ───────────────────────────────────────────────────────────────────────────────────────────────


def test_followers_at_posting_are_the_last_known_and_not_stale():
    tables = {
        "posts": posts(["2026-01-01", "2026-01-09", "2026-06-01"], reactions=[9, 10, 5]),
        "days": days(["2026-01-05", "2026-01-10"], "followers", [100, 200]),
    }
    row = one(tables, "engagement_rate_by_followers")
    assert (row["value"], row["n"]) == (0.1, 1)


def test_growth_is_counted_from_the_last_total_before():
    tables = {
        "days": days(
            ["2026-01-31", "2026-02-14", "2026-02-28", "2026-03-10"], "followers", [100, 90, 120, 150]
        )
    }
    found = compute(tables, ["followers", "net_growth", "growth_rate"], ["month"])
    months = ["2026-01", "2026-02", "2026-03"]
    assert found["month"].dt.strftime("%Y-%m").tolist() == months * 3
    assert found["value"].tolist() == pytest.approx(
        [100, 120, 150, np.nan, 20, 30, np.nan, 0.2, 0.25], nan_ok=True
    )
    assert found["note"].tolist()[3] == "metric.note.no_growth"


def test_growth_without_totals_is_follows_less_unfollows():
    flows = pd.concat([days(["2026-01-01"] * 1, "follows", [7]), days(["2026-01-01"], "unfollows", [2])])
    net = days(["2026-01-01"], "net_follows", [3], account="them")
    tables = {"days": schema.check("days", pd.concat([flows, net]))}
    assert keyed(compute(tables, ["net_growth"], ["account"]), "account") == {"us": 5, "them": 3}
    assert one(tables, "net_growth")["value"] == 8
    assert one(tables, "follows")["value"] == 7


def test_an_account_without_followers_is_told():
    tables = {
        "posts": posts(["2026-01-01"], network="tiktok"),
        "days": days(["2026-01-01", "2026-01-02"], "followers", [10, 12]),
    }
    row = one(tables, "followers")
    assert (row["value"], row["n"], row["note"]) == (12, 1, "metric.note.account_without_followers")


def test_days_without_data_are_counted_per_account():
    ours = days(["2026-01-01", "2026-01-02", "2026-01-04"], "reach", [10, 20, 30])
    theirs = days(["2026-01-01"], "followers", [5], account="them")
    tables = {"days": schema.check("days", pd.concat([ours, theirs]))}
    month = {"start": date(2026, 1, 1), "end": date(2026, 1, 4)}
    assert one(tables, "share_of_days_without_data", **month)["value"] == 4 / 8
    found = compute(tables, ["share_of_days_without_data"], ["account"], **month)
    assert keyed(found, "account") == {"us": 0.25, "them": 0.75}
    assert one(tables, "daily_reach", **month)[["value", "n"]].tolist() == [20, 3]


# ── Site and survey ─────────────────────────────────────────────────────────────────────────────────────────


def visits() -> dict[str, pd.DataFrame]:
    rows = {
        "date": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-02", "2026-01-02"]),
        "network": ["facebook", "web", "facebook", "x"],
        "sessions": [10, 100, 30, 20], "conversions": [1, 1, 3, None], "revenue": [5.0, 5.0, 15.0, None],
        "currency": ["EUR", "EUR", "EUR", "EUR"], "campaign": ["a", None, "b", "b"],
    }  # fmt: skip
    return {"visits": tidy("visits", rows)}


def test_conversion_rate_counts_days():
    row = one(visits(), "conversion_rate")
    assert (row["value"], row["n"]) == (pytest.approx(5 / 140), 2)
    assert one(visits(), "social_conversion_rate")["value"] == pytest.approx(4 / 40)
    by_network = compute(visits(), ["social_conversion_rate", "social_sessions"], ["network"])
    assert by_network["network"].astype("str").tolist() == ["facebook", "x"] * 2
    assert by_network["value"].tolist() == pytest.approx([0.1, np.nan, 40, 20], nan_ok=True)
    assert by_network["note"].tolist()[1] == "metric.note.no_conversions"


def test_revenue_of_several_currencies_is_not_added_up():
    assert one(visits(), "revenue")["value"] == 25
    mixed = visits()["visits"].assign(currency=["EUR", "CHF", "EUR", "EUR"])
    row = one({"visits": mixed}, "revenue")
    assert np.isnan(row["value"])
    assert "currencies" in row["note"]


def test_satisfaction():
    nps = tidy("answers", {"question": "nps", "score": [10, 9, 9, 8, 7, 7, 6, 0, 10, 10]} | {
        "answered_on": pd.to_datetime(["2026-01-05"] * 10)})  # fmt: skip
    csat = tidy("answers", {"question": "csat", "score": [5, 4, 3, 1]} | {
        "answered_on": pd.to_datetime(["2026-01-06"] * 4)})  # fmt: skip
    tables = {"answers": schema.check("answers", pd.concat([nps, csat]))}
    row = one(tables, "nps")
    assert (row["value"], row["n"]) == (pytest.approx(30), 10)
    assert row["low"] < 30 < row["high"]
    row = one(tables, "csat")
    assert (row["value"], row["n"], row["note"]) == (0.5, 4, "metric.note.too_few")
    assert one(tables, "answers")["value"] == 14


# ── Groups and periods ──────────────────────────────────────────────────────────────────────────────────────


def test_keys_of_time_are_those_of_the_zone():
    local = golden()["posts"]
    local["published_at"] = pd.to_datetime(
        ["2026-01-31 23:30", "2026-02-01 10:00", "2026-02-02 00:10"], utc=True
    )
    local["published_at"] = local["published_at"].dt.tz_convert("Europe/Paris")
    tables = {"posts": local}
    first = pd.Timestamp("2026-02-01")
    assert keyed(compute(tables, ["posts"], ["month"]), "month") == {first: 3}
    assert keyed(compute(tables, ["posts"], ["week"]), "week") == {
        pd.Timestamp("2026-01-26"): 2,
        pd.Timestamp("2026-02-02"): 1,
    }
    assert keyed(compute(tables, ["posts"], ["day"]), "day") == {first: 2, pd.Timestamp("2026-02-02"): 1}
    assert keyed(compute(tables, ["posts"], ["weekday", "hour"]), "weekday", "hour") == {
        (0, 1): 1,
        (6, 0): 1,
        (6, 11): 1,
    }
    assert one(tables, "posts", start=date(2026, 2, 1), end=date(2026, 2, 1))["value"] == 2


def test_groups_are_sorted_and_an_unknown_kind_is_a_group():
    tables = golden(kind=["video", None, "image"], paid=[True, None, True])
    found = compute(tables, ["impressions", "posts"], ["kind"])
    assert found["metric"].tolist() == ["impressions"] * 3 + ["posts"] * 3
    assert found["kind"].astype("object").fillna("?").tolist() == ["image", "video", "?"] * 2
    assert found["value"].tolist() == [7000, 1200, 360, 1, 1, 1]
    assert compute(tables, ["posts"], ["paid"])["value"].tolist() == [2, 1]


def test_columns_and_types():
    found = compute(golden(), EVERY)
    assert list(found) == ["metric", "value", "n", "low", "high", "note"]
    assert found.dtypes.astype("str").tolist() == ["str", "float64", "int64", "float64", "float64", "str"]
    by = compute(golden(), ["posts", "followers"], by=["network", "account", "month"])
    assert list(by) == ["network", "account", "month", "metric", "value", "n", "low", "high", "note"]


@pytest.mark.parametrize(
    ("metrics", "by", "said"),
    [
        (["engagement_rate_by_raech"], [], "engagement_rate_by_reach"),
        (["posts"], ["netwrok"], "network"),
        (["followers"], ["kind"], "account"),
        (["followers"], ["weekday"], "week"),
        (["posts"], ["campaign"], "kind"),
    ],
)
def test_misspelt_names_and_keys(metrics, by, said):
    with pytest.raises(CmlibError, match=said):
        compute(golden(), metrics, by)


def test_an_interval_needs_enough_posts():
    rng = np.random.default_rng(7)
    tables = {
        "posts": posts(["2026-01-01"] * 40, reach=rng.integers(500, 1500, 40), reactions=rng.poisson(50, 40))
    }
    asked = ["engagement_rate_by_reach", "median_reactions", "reactions_per_post", "reactions"]
    found = compute(tables, asked)
    assert found["low"].notna().tolist() == [True, True, False, False]
    assert (found["low"] < found["value"])[:2].all()
    assert (found["value"] < found["high"])[:2].all()
    narrow = compute(tables, ["engagement_rate_by_reach"], level=0.5).iloc[0]
    assert narrow["high"] - narrow["low"] < (found["high"] - found["low"])[0]


# ── Change and fractions ────────────────────────────────────────────────────────────────────────────────────


def test_change_between_two_months():
    published = ["2026-01-10"] * 20 + ["2026-02-10"] * 20
    likes = [10, 12] * 10 + [20, 24] * 10
    tables = {"posts": posts(published, reach=[100] * 40, reactions=likes)}
    january, february = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 2, 28))
    asked = ["engagement_rate_by_reach", "posts", "reactions_per_post"]
    found = change(tables, asked, february, january, by=["network"])
    assert list(found) == ["network", "metric", "change", "low", "high", "p"]
    assert found["change"].tolist() == pytest.approx([1, 0, 1])
    assert found["p"][0] < 0.001
    assert found["p"].notna().tolist() == [True, False, False]
    assert change(tables, ["engagement_rate_by_reach"], february, january)[
        "change"
    ].tolist() == pytest.approx([1])


def test_fractions_add_up_to_the_rate():
    for metric in ("engagement_rate_by_reach", "engagement_rate_sprout"):
        parts = fractions(golden(), metric)
        assert parts["numerator"].sum() / parts["denominator"].sum() == one(golden(), metric)["value"]
    assert len(fractions(golden(), metric, start=date(2026, 1, 2))) == 2
    with pytest.raises(CmlibError, match="followers"):
        fractions(golden(), "followers")


# ── Words ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_metric_has_a_name_and_a_formula(language):
    with i18n.speaking(language):
        words = table()
        assert list(words) == ["name", "label", "formula", "unit", "rule", "whose", "source"]
        assert words["label"].is_unique
        assert (words["formula"].str.len() > 3).all()
        assert (words["source"] != "").equals(words["whose"] != "")


def test_formulas_say_what_is_computed():
    assert (
        formula("engagement_rate_sprout")
        == "(reactions + comments + shares + link clicks + other clicks) / impressions"
    )
    assert formula("engagement_rate_rival_iq").endswith("/ followers at posting (TikTok: views)")
    with i18n.speaking("fr"):
        assert formula("engagement_rate_brandwatch") == "(réactions + commentaires + partages) / impressions"


def test_the_table_of_metrics_is_sound():
    columns = {*schema.COUNTS, *schema.FIGURES, "followers", "last_followers", "missing", "sessions"}
    columns |= {"conversions", "revenue", "score", "posts", "answers", "author", "positive", "told"}
    columns |= {"hours", "answered", "in_time", "waiting"}
    for name, metric in METRICS.items():
        assert name == metric.name
        assert {*metric.parts, *metric.bases, *(base for _, base in metric.on)} <= columns
        assert {network for network, _ in metric.on} <= set(schema.NETWORKS)
        assert metric.table in KEYS
        assert not metric.whose or metric.whose in TOOLS
        assert metric.better in ("higher", "lower", "")
        assert not (metric.parts == ("reach",) and metric.how == "sum")  # never added over posts or days
    assert {m.whose for m in METRICS.values()} - {""} == set(TOOLS)


# ── Laws ────────────────────────────────────────────────────────────────────────────────────────────────────

COUNTS = ("posts", "impressions", "reactions", "interactions", "link_clicks", "views")
counted = st.one_of(st.none(), st.integers(0, 500))
a_post = st.fixed_dictionaries(
    {
        "published_at": st.datetimes(pd.Timestamp("2026-01-01"), pd.Timestamp("2026-03-31")),
        "network": st.sampled_from(["instagram", "x", "tiktok"]),
        "kind": st.sampled_from(["image", "video", None]),
        "paid": st.sampled_from([True, False, None]),
        **dict.fromkeys((*PARTS, "interactions", "reach", "impressions", "views", "link_clicks"), counted),
    }
)


def drawn(rows: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame(rows)
    made = posts(list(frame.pop("published_at")), **{c: frame[c].astype("object") for c in frame})
    dates = ["2026-01-01", "2026-02-01", "2026-03-01"]
    totals = [days(dates, "followers", [100, 150, 120], network=n) for n in ("instagram", "x")]
    return {"posts": made, "days": schema.check("days", pd.concat(totals))}


LAWFUL = [
    *COUNTS, "reach_per_post", "median_reactions", "engagement_rate_by_reach", "engagement_rate_by_followers",
    "engagement_rate_by_views_or_impressions", "engagement_rate_emplifi", "engagement_rate_orlo",
    "engagement_rate_buffer",
]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(a_post, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_laws(rows, random):
    tables = drawn(rows)
    copies = {name: frame.copy(deep=True) for name, frame in tables.items()}
    by = ["network", "month"]
    found, whole = compute(tables, LAWFUL, by), keyed(compute(tables, LAWFUL), "metric")
    for name, frame in copies.items():  # the arguments are left as they were
        pd.testing.assert_frame_equal(frame, tables[name])

    shuffled = {n: f.sample(frac=1, random_state=random.randrange(2**31)) for n, f in tables.items()}
    pd.testing.assert_frame_equal(found, compute(shuffled, LAWFUL, by))

    for keys in (["kind"], ["paid", "hour"], ["week"]):  # the sum of the groups is the whole
        groups = compute(tables, COUNTS, keys).groupby("metric")["value"].sum(min_count=1)
        assert groups.to_dict() == pytest.approx({m: whole[m] for m in COUNTS}, nan_ok=True)
    months = [compute(tables, COUNTS, start=date(2026, m, 1), end=date(2026, m, 28)) for m in (1, 2, 3)]
    rest = compute(tables, COUNTS, start=date(2026, 1, 29), end=date(2026, 1, 31))
    last = compute(tables, COUNTS, start=date(2026, 3, 29), end=date(2026, 3, 31))
    parts = pd.concat([*months, rest, last]).groupby("metric", sort=False)["value"].sum()
    assert parts.to_dict() == pytest.approx({m: whole[m] if whole[m] == whole[m] else 0 for m in COUNTS})


@settings(max_examples=8, deadline=None)
@given(st.lists(a_post, min_size=1, max_size=8), st.integers(2, 9))
def test_followers_times_k(rows, k):
    tables = drawn(rows)
    more = tables | {"days": tables["days"].assign(value=tables["days"]["value"] * k)}
    before, after = (keyed(compute(t, LAWFUL), "metric") for t in (tables, more))
    for metric in LAWFUL:
        times = k if "followers" in METRICS[metric].per else 1
        assert after[metric] * times == pytest.approx(before[metric], nan_ok=True)


def test_a_thousand_groups_at_once_are_as_each_alone():
    rng = np.random.default_rng(1)
    n = 5000
    made = posts(
        ["2026-01-01"] * n, account=[f"a{i % 1000:04}" for i in range(n)], reach=rng.integers(1, 99, n),
        reactions=rng.integers(0, 9, n),
    )  # fmt: skip
    found = compute({"posts": made}, ["engagement_rate_by_reach"], ["account"])
    assert len(found) == 1000
    alone = {"posts": made[made["account"] == "a0007"]}
    assert one(alone, "engagement_rate_by_reach")["value"] == found["value"][7]
