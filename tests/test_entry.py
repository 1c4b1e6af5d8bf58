"""The plan of a new network: by hand, kept as a file that people edit, and held against what came of it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from choices import FITS, NETWORKS, SHARES, small, world

from cmlib import criteria, entry, facts, kpis, platforms, schema, sheets, start
from cmlib.brand import Account, Brand
from cmlib.entry import Entry, Goal, Source
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, speaking

__all__ = ["small"]

SAID = Source("invented", "2026-01", "https://example.org")
PLAN = Entry(
    "instagram", date(2026, 9, 1), (1.5, 3), {"image": 0.5, "carousel": 0.5}, 2.25, 40,
    (Goal("posts", 18, 36, (SAID,)), Goal("engagement_rate_by_reach", 0.05, 0.15)),
)  # fmt: skip


# ── The plan ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_by_hand(small: Brand) -> None:
    """3 to 6 images a week, an hour each: 38.6 to 77.1 posts in 90 days, and 3 hours a week.

    1 % is published, and brands are right to within a factor of e (too few to measure more): four in five lie
    within e^±1.28 of it.
    """
    plan = entry.plan(platforms.review(small), "instagram", date(2026, 12, 1))
    assert (plan.start, plan.end) == (date(2026, 12, 1), date(2027, 2, 28))
    assert (plan.cadence, plan.kinds, plan.hours, plan.money) == ((3, 6), {"image": 1.0}, 3.0, 0.0)
    assert plan.goals == (
        Goal("posts", 39, 77, (SAID,)), Goal(criteria.RATE, 0.00278, 0.036, (SAID,)),
    )  # fmt: skip


def test_a_plan_begins_today_and_its_kinds_share_the_posts(small: Brand) -> None:
    choice = platforms.review(small)
    world(facts.SHIPPED, NETWORKS | {"tiktok": NETWORKS["tiktok"] | {"leading_kinds": "image text"}})
    pieces = {"image": small.pieces["image"], "text": replace(small.pieces["image"], hours=0.5, cost=10)}
    choice = platforms.review(replace(small, pieces=pieces))
    plan = entry.plan(choice, "tiktok")
    assert plan.start == choice.today and plan.kinds == {"image": 0.5, "text": 0.5}
    assert (plan.hours, plan.money) == (3.75, round(5 * 5 * 52 / 12, 2))


def test_what_a_post_gets_is_only_said_where_two_figures_of_small_accounts_were_published(
    small: Brand,
) -> None:
    published = [
        ("under 1k followers", 30), ("images, brands under 1k followers", 50),
        ("reels, under 1k followers", 200), ("1k-5k followers", 185), ("all", 900),
    ]  # fmt: skip

    def goals(*rows: tuple[str, int]) -> list[tuple[str, float, float]]:
        said = [
            {"network": "instagram", "metric": "median_reach", "segment": segment, "value": float(value),
             "source": "Study", "source_date": "2026", "address": "https://example.org"}
            for segment, value in rows
        ]  # fmt: skip
        columns = ["network", "metric", "segment", "value", "source", "source_date", "address"]
        found = entry._per_post(pd.DataFrame(said, columns=columns), ["image"])
        return [(found.metric, found.low, found.high)] if found else []

    assert goals(*published) == [("median_reach", 30, 50)]
    assert goals(published[0], *published[2:]) == [], "one figure is no range"
    assert goals(("1k-5k followers", 185), ("images, 1k-5k followers", 150)) == [("median_reach", 150, 185)]
    assert goals(("5k-10k followers", 1), ("10k-50k followers", 2)) == goals() == []


def test_a_network_without_a_study_says_so(small: Brand) -> None:
    world(
        facts.SHIPPED, NETWORKS | {"threads": NETWORKS["tiktok"]}, {"threads": 0.1, **SHARES},
        FITS | {"threads": 0.5},
    )  # fmt: skip
    plan = entry.plan(platforms.review(small), "threads")
    assert [goal.metric for goal in plan.goals] == ["posts"], "what others get is no aim"
    assert "No engagement rate is published" in sheets.entry([plan]).text


def test_only_what_can_be_entered_is_planned(demo: str) -> None:
    choice = platforms.review(demo)
    for network, key, said in [
        ("intagram", "unknown_name", "instagram"),
        ("web", "unknown_name", "facebook"),
        ("viadeo", "entry_closed", "receivership"),
        ("tiktok", "entry_in_use", "Atelier Vaurenne"),
    ]:
        with pytest.raises(CmlibError, match=said) as problem:
            entry.plan(choice, network)
        assert problem.value.key == key
    texts = platforms.review(replace(choice.brand, pieces={"article": choice.brand.pieces["article"]}))
    with pytest.raises(CmlibError, match=r"image, .*short video") as problem:
        entry.plan(texts, "pinterest")
    assert problem.value.key == "entry_nothing_made"


def test_the_plans_are_those_of_networks_to_enter_or_to_test(demo: str) -> None:
    choice = platforms.review(demo)
    plans = entry.plans(choice)
    assert plans and not {plan.network for plan in plans} & {a.network for a in choice.brand.accounts}
    for plan in plans:
        assert plan == entry.plan(choice, plan.network)
        assert all(goal.low <= goal.high for goal in plan.goals)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_says_when_to_stop(language: str) -> None:
    """Half of 1.5 posts a week, for 30 days: 3.2, so 4; the thirtieth day is 30 September."""
    with speaking(language):
        posts, rate = entry.stop(PLAN)
        assert "4 post" in posts or "4 publications" in posts
        assert re.search("30 Sept? 2026|30 sept. 2026", posts)
        assert re.search("5[.,]00", rate) and "12" in rate
        assert len(entry.watch(PLAN)) == 4 and "Meta Business Suite" in entry.watch(PLAN)[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_of_a_plan_has_all_of_it_and_obeys_nothing(language: str) -> None:
    source = Source("<b>Study</b>", "2026", "javascript:alert(1)")
    plan = replace(PLAN, goals=(replace(PLAN.goals[0], sources=(source, SAID)),))
    with speaking(language):
        sheet = sheets.entry([plan, PLAN])
        for said in (*entry.watch(plan), *entry.stop(plan), entry.says(plan.goals[0])):
            assert " ".join(said.split()) in sheet.text
    assert "&lt;b&gt;" in sheet.html and "javascript" not in sheet.html
    assert 'href="https://example.org"' in sheet.html
    assert "cm enter" in sheets.entry([]).text


# ── The file ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_kept_is_read_back_the_same(small: Brand) -> None:
    plans = [entry.plan(platforms.review(small), network) for network in NETWORKS]
    quoted = Source('a "quoted"\nname \\ ü\x7f', "2026", "https://example.org/#a")
    odd = replace(PLAN, network="x", goals=(Goal("posts", 1, 2, (quoted, SAID)), *PLAN.goals[1:]))
    for plan in (*plans, odd):
        path = entry.keep(small, plan)
        assert path.name == f"{plan.network}.toml"
    read = {plan.network: plan for plan in entry.kept(small)}
    assert [read[plan.network] for plan in plans] == plans
    plain = replace(quoted, source=quoted.source.removesuffix("\x7f"))  # which no TOML may have
    assert read["x"] == replace(odd, goals=(Goal("posts", 1, 2, (plain, SAID)), *PLAN.goals[1:]))
    assert sorted(path.name for path in path.parent.iterdir()) == ["instagram.toml", "tiktok.toml", "x.toml"]


def test_a_plan_that_is_kept_is_never_overwritten_but_can_be_put_aside(small: Brand) -> None:
    path = entry.keep(small, PLAN)
    before = path.read_bytes()
    with pytest.raises(CmlibError, match=r"instagram-before\.toml"):
        entry.keep(small, replace(PLAN, hours=9))
    assert path.read_bytes() == before
    path.rename(path.with_name("instagram-before.toml"))
    again = replace(PLAN, start=date(2026, 8, 1))
    entry.keep(small, again)
    assert entry.kept(small) == (again, PLAN), "by their start"


def test_a_plan_is_explained_in_the_brand_s_language(small: Brand) -> None:
    english = entry.keep(small, PLAN).read_text(encoding="utf-8")
    assert "# Posts published: 18 to 36" in english and "# When to stop" in english
    french = entry.keep(replace(small, language="fr"), replace(PLAN, network="x")).read_text(encoding="utf-8")
    assert "# Publications\u00a0: de 18 à 36" in french and "# Quand arrêter" in french


def test_what_cannot_be_written_is_said(small: Brand, home: Path) -> None:
    (home / "data" / "brands" / "small" / "entries").write_text("a file where the folder should be")
    with pytest.raises(CmlibError, match=r"instagram\.toml") as problem:
        entry.keep(small, PLAN)
    assert problem.value.key == "unwritable"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('network = "instagram"', 'network = "instagrm"', "instagram"),
        ("start = 2026-09-01", 'start = "2026-09-01"', "start.*without quotes"),
        ("start = 2026-09-01", "start = 2026-09-01T10:00:00", "start.*a day"),
        ("start = 2026-09-01", "", "start is missing"),
        ("start = 2026-09-01", "begin = 2026-09-01", "'begin'.*key"),
        ("cadence = [1.5, 3]", "cadence = 3", "cadence.*brackets"),
        ("cadence = [1.5, 3]", "cadence = [3, 1.5]", "cadence.*smaller"),
        ("cadence = [1.5, 3]", "cadence = [1, 2, 3]", "cadence.*two"),
        ("hours = 2.25", "hours = -1", "hours.*0 or more"),
        ("money = 40", "money = true", "money.*0 or more"),
        ("carousel = 0.5", "carusel = 0.5", "carousel"),
        ("carousel = 0.5", 'carousel = "half"', "carousel.*0 or more"),
        ('metric = "posts"', 'metric = "post"', "posts"),
        ("low = 18", "low = 40", r"goals\]\] 1: low.*not above high"),
        ("low = 18", "low = nan", r"goals\]\] 1: low.*a number"),
        ("high = 0.15", "", r"goals\]\] 2: high is missing"),
        ('date = "2026-01", ', "", "date is missing"),
        ('date = "2026-01"', "date = 2026", "date.*a text"),
        ("hours = 2.25", "hours = ", "cannot be read"),
    ],
)
def test_what_people_have_edited_wrongly_is_said_with_its_file(
    small: Brand, old: str, new: str, said: str
) -> None:
    path = entry.keep(small, PLAN)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CmlibError, match=said) as problem:
        entry.kept(small)
    assert str(path) in str(problem.value)


def test_a_file_that_is_no_text_is_said(small: Brand) -> None:
    entry.keep(small, PLAN).write_bytes(b"\xff\xfe")
    with pytest.raises(CmlibError) as problem:
        entry.kept(small)
    assert problem.value.key == "bad_toml"


# ── Forecast and actual ─────────────────────────────────────────────────────────────────────────────────────


def post(nth: int, network: str, day: date, reactions: int, seen: str) -> dict[str, object]:
    return {
        "brand": "small", "network": network, "account": "a", "source": "f", "post_id": f"{network}{nth}",
        "observed_at": pd.Timestamp(seen, tz="UTC"), "kind": "image",
        "published_at": pd.Timestamp(day, tz="UTC"), "reactions": reactions, "reach": 100,
    }  # fmt: skip


def review(
    small: Brand, month: date = date(2026, 10, 1), posts: int = 12, network: str = "instagram", seen: str = ""
) -> kpis.Review:
    """Posts every fourth day from 1 September, each reaching 100, with 9 or 11 reactions: 10 % of it."""
    days = [PLAN.start + timedelta(days=4 * nth) for nth in range(posts)]
    rows = [post(nth, network, day, 9 + 2 * (nth % 2), seen or "2027-06-01") for nth, day in enumerate(days)]
    tables = {name: schema.empty(name) for name in schema.TABLES}
    tables["posts"] = schema.check("posts", pd.DataFrame(rows, columns=list(schema.columns("posts"))))
    who = replace(small, accounts=(Account("instagram", "a"),))
    return kpis.Review(who, month, "engagement_rate_by_reach", tables, pd.DataFrame(), pd.DataFrame())


def verdicts(subject: kpis.Review) -> dict[str, str]:
    found = entry.forecasts(subject)
    assert found is not None
    return dict(zip(found["metric"], found["verdict"], strict=True))


def test_forecast_and_actual_by_hand(small: Brand) -> None:
    """By the end of October 61 of the 90 days are done: 12.2 to 24.4 posts are due, and 12 are there."""
    entry.keep(small, PLAN)
    found = entry.forecasts(review(small))
    assert found is not None and list(found.columns) == list(entry.COLUMNS)
    posts, rate = found.to_dict("records")
    assert (posts["goal_low"], posts["goal_high"], posts["value"], posts["days"]) == (12, 25, 12, 61)
    assert posts["verdict"] == "within"
    assert (rate["goal_low"], rate["goal_high"], rate["n"]) == (0.05, 0.15, 12)
    assert rate["value"] == pytest.approx(0.1) and 0.05 < rate["low"] < 0.1 < rate["high"] < 0.15
    assert rate["verdict"] == "within" and set(found["where"]) == {""}


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        (Goal("posts", 20, 40), "below"),  # 13 are due
        (Goal("posts", 5, 15), "above"),  # 11 at most are
        (Goal("engagement_rate_by_reach", 0.2, 0.3), "below"),
        (Goal("engagement_rate_by_reach", 0.01, 0.05), "above"),
        (Goal("engagement_rate_by_reach", 0.101, 0.3), "within"),  # a part of the interval is
        (Goal("median_reach", 100, 100), "within"),
        (Goal("impressions", 1, 2), "no_data"),  # no export gives them
    ],
)
def test_a_verdict_is_of_the_whole_interval(small: Brand, goal: Goal, verdict: str) -> None:
    entry.keep(small, replace(PLAN, goals=(goal,)))
    assert verdicts(review(small)) == {goal.metric: verdict}


def test_it_is_too_early_before_thirty_days_and_while_the_exports_end_before(small: Brand) -> None:
    entry.keep(small, replace(PLAN, start=date(2026, 9, 2)))
    assert set(verdicts(review(small, date(2026, 9, 1))).values()) == {"too_early"}, "29 days"
    assert "too_early" not in verdicts(review(small)).values()
    assert set(verdicts(review(small, seen="2026-10-30")).values()) == {"too_early"}
    assert "too_early" not in verdicts(review(small, seen="2026-10-31")).values()


def test_after_ninety_days_later_posts_count_no_more(small: Brand) -> None:
    """The ninetieth day is 29 November: 23 of 30 posts are of these days."""
    entry.keep(small, PLAN)
    found = entry.forecasts(review(small, date(2027, 1, 1), posts=30))
    assert found is not None
    assert found["days"].tolist() == [90, 90] and found["value"][0] == 23
    assert found[["goal_low", "goal_high"]].iloc[0].tolist() == [18, 36]


def test_too_few_posts_tell_nothing_of_a_rate(small: Brand) -> None:
    entry.keep(small, PLAN)
    found = entry.forecasts(review(small, posts=11))
    assert found is not None and found["verdict"].tolist() == ["below", "cannot_tell"]
    assert "metric.note.too_few" in found["note"][1]


def test_a_network_of_which_nothing_is_imported_says_what_to_import(small: Brand) -> None:
    entry.keep(small, PLAN)
    found = entry.forecasts(review(small, network="tiktok"))
    assert found is not None and set(found["verdict"]) == {"no_data"}
    assert set(found["where"]) == {start.offered("instagram", "posts")}


def test_a_plan_is_shown_from_its_month_on_for_a_year(small: Brand) -> None:
    assert entry.forecasts(review(small)) is None, "nothing was planned"
    entry.keep(small, PLAN)
    shown = {
        month: entry.forecasts(review(small, date.fromisoformat(f"{month}-01"))) is not None
        for month in ("2026-08", "2026-09", "2027-10", "2027-11")
    }
    assert shown == {"2026-08": False, "2026-09": True, "2027-10": True, "2027-11": False}
    entry.keep(small, replace(PLAN, network="tiktok", goals=()))
    assert len(entry.forecasts(review(small))) == 2, "a plan without goals has nothing to be held against"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_of_a_forecast_says_all_in_words(small: Brand, language: str) -> None:
    entry.keep(small, PLAN)
    with speaking(language):
        sheet = sheets.forecast(entry.forecasts(review(small))).text
        absent = sheets.forecast(entry.forecasts(review(small, network="tiktok"))).text
    for said in {"en": ("61 of 90", "12 to 25", "5.00% to 15.00%", "As forecast", "12 posts"),
                 "fr": ("61 sur 90", "Comme prévu", "12 publications")}[language]:  # fmt: skip
        assert said in sheet, said
    assert "Meta Business Suite" in absent and "Meta Business Suite" not in sheet
