"""What came of a plan, on a few posts by hand; and whether the share within intervals is told rightly."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import demo_plan
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import brand, kpis, outcomes, plans, schema, sheets
from cmlib.brand import Brand
from cmlib.i18n import speaking

PARIS = "Europe/Paris"
DEMO = Path(__file__).parent.parent / "data" / "brands" / "demo"
SEEN = "2026-10-31T12:00Z"
WHO = Brand("cafe", "Café", timezone=PARIS)


def plan(*slots: dict[str, Any]) -> pd.DataFrame:
    """Slots on the café's Instagram; s1, s2 …"""
    rows = [{"slot_id": f"s{n}", "network": "instagram", "account": "cafe", "kind": "image"} | slot
            for n, slot in enumerate(slots, 1)]  # fmt: skip
    when = pd.DatetimeIndex([pd.Timestamp(row["when"], tz=PARIS) for row in rows]).as_unit("us")
    return plans.checked(pd.DataFrame(rows).assign(when=when), WHO.zone)


def posts(*made: dict[str, Any]) -> pd.DataFrame:
    """Posts of the same account, with 30 interactions each; p1, p2 …"""
    rows = [{"post_id": f"p{n}", "network": "instagram", "account": "cafe", "kind": "image", "reactions": 20,
             "comments": 6, "shares": 4, "reach": 900, "observed_at": SEEN} | post
            for n, post in enumerate(made, 1)]  # fmt: skip
    at = [pd.Timestamp(row.pop("at"), tz=PARIS) for row in rows]
    frame = pd.DataFrame(rows, columns=None if rows else list(schema.columns("posts")))
    frame = frame.assign(published_at=pd.to_datetime(at, utc=True), brand="cafe", source="x")
    frame["observed_at"] = pd.to_datetime(frame["observed_at"], utc=True)
    return schema.check("posts", frame).assign(
        published_at=lambda table: table["published_at"].dt.tz_convert(PARIS)
    )


def told(slots: pd.DataFrame, made: pd.DataFrame) -> list[tuple[str, str, str]]:
    found = outcomes.matched(slots, made)
    assert list(found.columns) == list(outcomes.COLUMNS)
    return list(found[["slot_id", "outcome", "post_id"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2026-10-08 18:30", "kept"), ("2026-10-08 00:05", "kept"), ("2026-10-08 23:59", "kept"),
        ("2026-10-09 00:30", "late"), ("2026-10-10 06:30", "late"), ("2026-10-07 23:00", "early"),
        ("2026-10-07 06:30", "early"),
    ],
)  # fmt: skip
def test_a_post_is_kept_late_or_early(at: str, outcome: str) -> None:
    slots = plan({"when": "2026-10-08 18:30", "text": "Un café au comptoir"})
    assert told(slots, posts({"at": at, "text": "Un café au comptoir !"})) == [("s1", outcome, "p1")]


def test_within_two_hours_is_kept_even_on_another_day() -> None:
    assert told(plan({"when": "2026-10-08 23:00"}), posts({"at": "2026-10-09 00:59"})) == [
        ("s1", "kept", "p1")
    ]


def test_more_than_36_hours_later_it_is_another_post() -> None:
    slots = plan({"when": "2026-10-08 18:30", "text": "Un café"}, {"when": "2026-10-12 18:30"})
    assert told(slots, posts({"at": "2026-10-10 06:31", "text": "Un café"})) == [
        ("s1", "missed", ""), ("", "unplanned", "p1"), ("s2", "missed", ""),
    ]  # fmt: skip


def test_a_slot_that_the_exports_do_not_reach_is_open() -> None:
    """They were made on 31 October at 13:00 in Paris: 36 hours after 30 October at 1:00."""
    slots = plan({"when": "2026-10-30 01:00"}, {"when": "2026-10-30 01:01"}, {"when": "2026-10-30 00:30",
                 "network": "x"})  # fmt: skip
    assert told(slots, posts({"at": "2026-09-01 12:00"})) == [
        ("s3", "open", ""), ("s1", "missed", ""), ("s2", "open", ""),
    ]  # fmt: skip


def test_words_tell_which_of_two_posts_a_slot_was() -> None:
    """The plan's morning and evening were swapped."""
    slots = plan({"when": "2026-10-08 09:00", "text": "Notre torréfaction du lundi"},
                 {"when": "2026-10-08 18:00", "text": "Latte aux marrons, vingt secondes"})  # fmt: skip
    made = posts({"at": "2026-10-08 09:00", "text": "Latte aux marrons en vingt secondes"},
                 {"at": "2026-10-08 18:00", "text": "Notre torréfaction du lundi 🔥"})  # fmt: skip
    assert told(slots, made) == [("s1", "kept", "p2"), ("s2", "kept", "p1")]


def test_other_words_at_another_time_are_another_post() -> None:
    slots = plan({"when": "2026-10-08 09:00", "text": "Notre torréfaction du lundi"})
    assert told(slots, posts({"at": "2026-10-08 12:00", "text": "Latte aux marrons"})) == [
        ("s1", "missed", ""), ("", "unplanned", "p1"),
    ]  # fmt: skip
    rewritten = posts({"at": "2026-10-08 10:00", "text": "Latte aux marrons"})
    assert told(slots, rewritten) == [("s1", "kept", "p1")]


def test_of_a_post_of_which_only_the_day_is_known_the_day_counts() -> None:
    slots = plan(
        {"when": "2026-10-08 18:30", "text": "Un café"}, {"when": "2026-10-12 09:00", "text": "Latte"}
    )
    made = posts({"at": "2026-10-08 00:00", "text": "Un café"}, {"at": "2026-10-13 00:00", "text": "Latte"})
    assert told(slots, made) == [("s1", "kept", "p1"), ("s2", "late", "p2")]


def test_when_the_clock_is_changed_a_day_is_a_day() -> None:
    slots = plan({"when": "2026-10-25 00:30"})
    assert told(slots, posts({"at": "2026-10-25 23:30"})) == [("s1", "kept", "p1")]


def test_what_it_brought_is_counted_as_the_slot_wanted() -> None:
    slots = plan({"when": "2026-10-08 18:30"}, {"when": "2026-10-09 18:30", "objective": "reach"},
                 {"when": "2026-10-10 18:30", "objective": "conversions"},
                 {"when": "2026-10-29 18:30"})  # fmt: skip
    made = posts(*({"at": f"2026-10-{day:02} 18:30"} for day in (8, 9, 10, 29)), {"at": "2026-10-11 18:30"})
    found = outcomes.matched(slots, made)
    assert list(found["outcome"]) == ["kept", "kept", "kept", "unplanned", "kept"]
    assert found["actual"].fillna(-1).tolist() == [30, 900, -1, 30, -1], (
        "one is too young, of one nobody knows"
    )


def test_without_posts_or_without_a_plan() -> None:
    assert told(plan({"when": "2026-10-08 18:30"}), posts()) == [("s1", "open", "")]
    assert told(plans.empty(WHO.zone), posts({"at": "2026-10-08 18:30"})) == []


SLOTS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["", "un deux trois", "deux trois quatre"])),
                 max_size=12)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=15)
@given(SLOTS, SLOTS, st.randoms(use_true_random=False))
def test_each_slot_and_each_post_is_there_once_in_any_order(
    slots: list[tuple[int, str]], made: list[tuple[int, str]], chance: Any
) -> None:
    begin = pd.Timestamp("2026-10-01 08:00")
    if not slots or not made:
        return
    rows = plan(*({"when": str(begin + pd.Timedelta(hours=n)), "text": text} for n, text in slots))
    real = posts(*({"at": str(begin + pd.Timedelta(hours=n)), "text": text} for n, text in made))
    found = outcomes.matched(rows, real)
    assert sorted(found.loc[found["slot_id"] != "", "slot_id"]) == sorted(rows["slot_id"])
    used = found.loc[found["post_id"] != "", "post_id"]
    assert used.is_unique and set(used) <= set(real["post_id"])
    pairs = found[(found["slot_id"] != "") & (found["post_id"] != "")]
    assert ((pairs["published_at"] - pairs["when"]).abs() <= outcomes.NEAR).all()
    order = list(range(len(rows)))
    chance.shuffle(order)
    again = outcomes.matched(rows.iloc[order], real)
    assert again["outcome"].value_counts().to_dict() == found["outcome"].value_counts().to_dict()


# ── Forecasts against what came ─────────────────────────────────────────────────────────────────────────────


def judged(within: int, n: int) -> dict[str, Any]:
    frame = pd.DataFrame({"low": 10.0, "high": 20.0, "actual": [15.0] * within + [25.0] * (n - within)})
    return dict(outcomes.calibration(frame).iloc[0])


@pytest.mark.parametrize(
    ("within", "n", "verdict"),
    [(0, 0, "too_few"), (9, 9, "too_few"), (8, 10, "holds"), (10, 10, "holds"), (4, 10, "too_narrow"),
     (80, 100, "holds"), (70, 100, "too_narrow"), (72, 100, "holds"), (90, 100, "too_wide")],
)  # fmt: skip
def test_a_share_is_only_wrong_where_chance_does_not_explain_it(within: int, n: int, verdict: str) -> None:
    assert judged(within, n)["verdict"] == verdict


def test_the_interval_of_the_share_is_exact() -> None:
    """8 of 10: 44.4 to 97.5 % (Clopper and Pearson)."""
    found = judged(8, 10)
    assert (found["value"], round(found["low"], 3), round(found["high"], 3)) == (0.8, 0.444, 0.975)
    assert np.isnan(judged(9, 9)["low"]) and (judged(10, 10)["high"], judged(0, 10)["low"]) == (1.0, 0.0)


def test_right_forecasts_are_hardly_ever_called_wrong() -> None:
    chance = np.random.RandomState(1)
    wrong = [judged(int(chance.binomial(40, 0.8)), 40)["verdict"] != "holds" for _ in range(300)]
    assert np.mean(wrong) <= 0.05


# ── The month ───────────────────────────────────────────────────────────────────────────────────────────────


def month(home: Any, rows: pd.DataFrame, made: pd.DataFrame) -> dict[str, pd.DataFrame] | None:
    (home / "data" / "brands" / "cafe").mkdir(parents=True, exist_ok=True)
    plans.save(WHO, rows, plans.read(WHO).version)
    subject = SimpleNamespace(brand=WHO, tables={"posts": made}, span=(date(2026, 10, 1), date(2026, 10, 31)))
    return outcomes.outcomes(subject)


def test_a_month_by_network_and_together(home: Any) -> None:
    rows = plan(
        {"when": "2026-10-08 18:30", "expected": 40.0, "low": 20.0, "high": 60.0},
        {"when": "2026-10-09 18:30", "expected": 50.0, "low": 35.0, "high": 80.0},
        {"when": "2026-10-12 18:30", "expected": 50.0},
        {"when": "2026-10-13 18:30", "network": "x", "account": "c"},
        {"when": "2026-11-01 00:30"},
    )  # fmt: skip
    made = posts({"at": "2026-10-08 18:30"}, {"at": "2026-10-10 08:00"}, {"at": "2026-10-15 18:30"})
    found = month(home, rows, made)
    assert found is not None
    summary = found["summary"].set_index("network")
    assert list(summary.index) == ["instagram", "x", "all"]
    assert summary.loc["instagram"].to_dict() == {
        "planned": 3, "kept": 1, "late": 1, "early": 0, "missed": 1, "open": 0, "unplanned": 1, "n": 2,
        "expected": 90.0, "actual": 60.0,
    }  # fmt: skip
    assert summary.loc["x", ["planned", "open", "n"]].tolist() == [1, 1, 0] and np.isnan(
        summary.loc["x", "actual"]
    )
    assert summary.loc["all", ["planned", "open", "unplanned", "expected"]].tolist() == [4, 1, 1, 90.0]
    assert found["calibration"].loc[0, ["n", "within", "verdict"]].tolist() == [2, 1, "too_few"]
    assert "s5" not in set(found["slots"]["slot_id"])


def test_a_month_without_a_plan_shows_nothing(home: Any) -> None:
    assert month(home, plan({"when": "2026-11-08 18:30"}), posts({"at": "2026-10-08 18:30"})) is None
    brand.new("other")
    subject = SimpleNamespace(brand=brand.load("other"), tables={"posts": posts()},
                              span=(date(2026, 10, 1), date(2026, 10, 31)))  # fmt: skip
    assert outcomes.outcomes(subject) is None


def test_the_demos_plan_is_what_its_script_makes(tmp_path: Path) -> None:
    demo_plan.write(tmp_path)
    assert (tmp_path / "plan.csv").read_bytes() == (DEMO / "plan.csv").read_bytes()


def test_the_demo_kept_most_of_its_plan(demo: str) -> None:
    rows = plans.read(brand.load(demo)).rows
    assert len(rows) == 38 and not plans.edited(rows).any()
    found = outcomes.outcomes(kpis.review(demo, month="2026-10"))
    assert found is not None
    every = found["summary"].set_index("network").loc["all"]
    assert {name: int(every[name]) for name in outcomes.OUTCOMES} == {
        "kept": 31, "late": 4, "early": 1, "missed": 2, "open": 0, "unplanned": 9,
    }  # fmt: skip
    assert every["planned"] + every["unplanned"] == 47 == len(found["slots"])
    assert found["calibration"].at[0, "verdict"] == "holds"
    late = set(found["slots"].loc[found["slots"]["outcome"] == "late", "slot_id"])
    assert late == {f"demo-{nth:02}" for nth in demo_plan.LATE}
    real = kpis.review(demo, month="2026-10").tables["posts"].set_index("post_id")["text"]
    pairs = found["slots"].query("slot_id != '' and post_id != ''")
    assert (pairs["text"] == pairs["post_id"].map(real)).all(), "each is the post with its words"


def test_the_sheet_says_it_in_both_languages(demo: str) -> None:
    found = outcomes.outcomes(kpis.review(demo, month="2026-10"))
    assert found is not None
    said = sheets.outcomes(found).text
    assert said.startswith("Network Planned On time Late Early Missed Unplanned Expected Actual")
    assert "Of 28 posts, 23 fell within their 80% interval: 82% (63% to 94%)." in said
    with speaking("fr"):
        said = sheets.outcomes(found).text
    assert "Réseau Prévues À temps En retard En avance Manquées Hors plan Attendu Obtenu" in said
    few = found | {"calibration": outcomes.calibration(found["slots"].head(3))}
    assert "Too few to tell whether forecasts hold (80% should" in sheets.outcomes(few).text
    kept = found | {"slots": found["slots"].query("outcome == 'kept'")}
    assert "otherwise" not in sheets.outcomes(kept).text


def test_what_a_slot_says_is_never_taken_for_html(home: Any) -> None:
    found = month(
        home, plan({"when": "2026-10-08 18:30", "text": "<script>x</script>"}), posts({"at": "2026-09-08"})
    )
    assert found is not None
    assert "<script>" not in str(sheets.outcomes(found).html)
