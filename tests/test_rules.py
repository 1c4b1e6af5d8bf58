"""Each rule of the live check: a plan that keeps to all of them, and one that breaks just that one."""

import unicodedata
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import facts, i18n, moments, plans, rules
from cmlib.brand import Account, Blackout, Brand, Lead, Member, Piece, Spacing
from cmlib.i18n import LANGUAGES, speaking

WHO = Brand(
    "cafe", "Café Lumo", country="FR", timezone="Europe/Paris", monthly_budget=100.0,
    accounts=(
        Account("instagram", "cafe.lumo"), Account("facebook", "cafelumo"), Account("x", "cafelumo"),
        Account("x", "lumo_pro"), Account("linkedin", "cafe-lumo"), Account("bluesky", "cafe.lumo"),
    ),
    pillars=("bar", "regulars"), shares={"bar": 0.5, "regulars": 0.5},
    pieces={
        "photo": Piece(2.0), "carousel": Piece(4.0, again=1.0), "video": Piece(6.0, 60.0),
        "story": Piece(0.5), "contest": Piece(2.0), "influencer": Piece(1.0), "text": Piece(1.0),
        "long_video": Piece(1.0),
    },
    team=(Member("Inès", 8.0, makes=("photo", "carousel", "story", "text", "contest", "influencer")),
          Member("Malik", 10.0, off=((date(2026, 12, 21), date(2026, 12, 27)),))),
    lead=Lead(1, 2, 1, 1), cadence={"instagram": (1.0, 3.0)}, mix={"video": (0.0, 0.5)},
    spacing=Spacing(18.0, 1, 2), quiet=((time(22), time(7)),),
    blackouts=(Blackout("Inventaire", date(2026, 12, 31), date(2027, 1, 1), ("instagram",)),),
)  # fmt: skip
NOW = pd.Timestamp("2026-11-25T09:00+01:00")
FIRST, LAST = date(2026, 11, 30), date(2027, 1, 10)
SALES = pd.Timestamp("2027-01-06"), pd.Timestamp("2027-02-02")
NO_MOMENTS = pd.DataFrame({"moment": ["soldes_hiver", "own:jeu"], "category": ["trade", "contest"],
                           "first": [SALES[0]] * 2, "last": [SALES[1]] * 2})  # fmt: skip
BASE: dict[str, Any] = {
    "network": "instagram", "account": "cafe.lumo", "piece": "photo", "kind": "image", "owner": "Inès",
    "pillar": "bar",
}  # fmt: skip


def plan(*slots: dict[str, Any]) -> pd.DataFrame:
    """Slots, each an idea on the café's Instagram unless it says something else; s1, s2 …"""
    rows = [BASE | {"slot_id": f"s{n}"} | slot for n, slot in enumerate(slots, 1)]
    when = [pd.Timestamp(row["when"], tz=WHO.zone) for row in rows]
    return plans.checked(pd.DataFrame(rows).assign(when=pd.DatetimeIndex(when).as_unit("us")), WHO.zone)


def broken(*slots: dict[str, Any], who: Brand = WHO, now: pd.Timestamp = NOW) -> list[tuple[str, str, str]]:
    """What the check says: slot, other and rule, without the weeks that have too few posts."""
    found = rules.check(who, plan(*slots), now, NO_MOMENTS)
    assert list(found.columns) == list(rules.COLUMNS)
    said = found[~found["rule"].isin(["cadence_min", "pillars"])]
    return list(said[["slot_id", "other", "rule"]].itertuples(index=False, name=None))


def slot(when: str = "2026-12-09 18:30", **said: Any) -> dict[str, Any]:
    return {"when": when, **said}


def test_a_plan_that_keeps_to_the_rules_is_left_alone() -> None:
    slots = [slot(f"2026-12-{day:02} 18:30", pillar=pillar) for day, pillar in
             ((7, "bar"), (9, "regulars"), (14, "bar"), (17, "regulars"))]  # fmt: skip
    found = rules.check(WHO, plan(*slots), NOW, NO_MOMENTS, (date(2026, 12, 7), date(2026, 12, 20)))
    assert found.empty and list(found.columns) == list(rules.COLUMNS)
    assert rules.check(WHO, plans.empty(WHO.zone), NOW, NO_MOMENTS).empty


LONG = "é" * 281
CASES: list[tuple[str, list[dict[str, Any]], dict[str, Any], list[tuple[str, str, str]]]] = [
    ("hours: 4 + 4 + 2 in the week of the draft, and Inès has 8",
     [slot("2026-12-08 18:30", hours=4), slot("2026-12-10 12:00", hours=4), slot("2026-12-14 12:00", hours=2),
      slot("2026-12-11 12:00", network="facebook", account="cafelumo", hours=0.1)],
     {"lead": Lead(1, 2, 1, 0)}, [("s3", "", "hours")]),
    ("hours that a piece takes, where nobody says any: 4, then 1 to adapt it",
     [slot(piece="carousel", kind="carousel", piece_id="p"),
      slot("2026-12-11 18:30", piece="carousel", kind="carousel", piece_id="p", network="facebook",
           account="cafelumo"),
      slot("2026-12-10 18:30", network="facebook", account="cafelumo", hours=3.01)],
     {}, [("s2", "", "hours")]),
    ("hours of all, without a team", [slot(hours=5), slot("2026-12-10 18:30", hours=5.5)],
     {"team": (), "hours_per_week": 10.0}, [("s2", "", "hours_all")]),
    ("hours of all, where one of the team says none", [slot(hours=5), slot("2026-12-10 18:30", hours=5.5)],
     {"team": (Member("Inès"),), "hours_per_week": 10.0}, [("s2", "", "hours_all")]),
    ("somebody is away", [slot("2026-12-29 12:00", owner="Malik")], {}, [("s1", "", "owner_off")]),
    ("money", [slot("2026-12-09 18:30", piece="video", kind="video", owner="Malik"),
               slot("2026-12-17 18:30", piece="video", kind="video", owner="Malik")],
     {"mix": {}}, [("s2", "", "budget")]),
    ("nobody", [slot(owner="")], {}, [("s1", "", "no_owner")]),
    ("a stranger", [slot(owner="Zoé")], {}, [("s1", "", "unknown_owner")]),
    ("somebody else makes it", [slot(piece="long_video", kind="image")], {}, [("s1", "", "cannot_make")]),
    ("begun too late: 5 working days after Wednesday 25 November is 2 December", [slot("2026-12-01 18:30")],
     {}, [("s1", "", "late_start")]),
    ("just in time", [slot("2026-12-02 18:30")], {}, []),
    ("nothing is to be begun any more", [slot("2026-12-01 18:30", status="approved", alt_text="A")], {}, []),
    ("over", [slot("2026-11-24 18:30")], {}, [("s1", "", "past")]),
    ("over, and scheduled", [slot("2026-11-24 18:30", status="scheduled", approved="v1")], {},
     [("s1", "", "unconfirmed")]),
    ("published", [slot("2026-11-24 23:30", status="published", approved="v1", owner="Zoé")], {}, []),
    ("edited", [slot(status="approved", approved="v1")], {},
     [("s1", "", "edited"), ("s1", "", "alt_text")]),
    ("nobody approved it", [slot(status="scheduled", alt_text="A cup")], {}, [("s1", "", "unapproved")]),
    ("nobody had approved it", [slot("2026-11-24 18:30", status="published")], {},
     [("s1", "", "published_unapproved")]),
    ("less than 18 hours", [slot("2026-12-09 18:30"), slot("2026-12-10 12:29")], {},
     [("s2", "s1", "spacing")]),
    ("18 hours", [slot("2026-12-09 18:30"), slot("2026-12-10 12:30")], {}, []),
    ("stories do not count", [slot(), slot("2026-12-09 19:00", kind="story", piece="story")], {}, []),
    ("two on a day", [slot("2026-12-09 07:30"), slot("2026-12-09 18:30")], {}, [("s2", "s1", "per_day")]),
    ("two on a day, and they may", [slot("2026-12-09 08:00"), slot("2026-12-09 18:30")],
     {"spacing": Spacing(18.0, 2)}, [("s2", "s1", "spacing")]),
    ("three on a day", [slot(), slot(network="facebook", account="cafelumo"),
                        slot(network="x", account="cafelumo", owner="Malik")], {},
     [("s3", "", "per_day_all")]),
    ("four in a week", [slot(f"2026-12-{day:02} 12:00", piece="text", hours=1) for day in (7, 8, 9, 10)],
     {}, [("s4", "", "cadence_max")]),
    ("nothing there", [slot(), slot("2026-12-22 12:00")], {"cadence": {"x": (1.0, 2.0)}},
     [("", "", "unplanned")]),
    ("too many videos", [slot(piece="video", kind="video", owner="Malik")], {}, [("", "", "mix_max")]),
    ("too few texts", [slot()], {"mix": {"text": (0.1, 1.0)}}, [("", "", "mix_min")]),
    ("closed", [slot("2026-12-31 12:00")], {}, [("s1", "", "blackout")]),
    ("closed, but not there", [slot("2026-12-31 12:00", network="facebook", account="cafelumo")], {}, []),
    ("at night", [slot("2026-12-09 22:00")], {}, [("s1", "", "quiet")]),
    ("in the morning", [slot("2026-12-09 06:59")], {}, [("s1", "", "quiet")]),
    ("a day begins", [slot("2026-12-09 07:00")], {}, []),
    ("the same piece", [slot(piece_id="p"), slot("2026-12-15 18:30", piece_id="p")], {},
     [("s2", "s1", "same_piece")]),
    ("the same piece elsewhere", [slot(piece_id="p"), slot("2026-12-11 18:30", piece_id="p", network="x",
                                                           account="cafelumo")], {}, []),
    ("no account there", [slot(network="tiktok", kind="short_video", account="")], {},
     [("s1", "", "unknown_network")]),
    ("no such account", [slot(account="cafe")], {}, [("s1", "", "unknown_account")]),
    ("closed network", [slot(network="viadeo", account="v", kind="text")],
     {"accounts": (Account("viadeo", "v"),)}, [("s1", "", "closed_network")]),
    ("no such kind", [slot(kind="article", piece="text")], {}, [("s1", "", "kind_not_taken")]),
    ("no such piece", [slot(piece="photograph")], {}, [("s1", "", "unknown_piece")]),
    ("no piece", [slot(piece="")], {}, [("s1", "", "no_piece")]),
    ("no such pillar", [slot(pillar="beans")], {}, [("s1", "", "unknown_pillar")]),
    ("a text of 281", [slot(network="x", account="cafelumo", kind="text", piece="text", text=LONG)], {},
     [("s1", "", "caption")]),
    ("a link counts 23 and the empty line 2",
     [slot(network="x", account="cafelumo", kind="text", piece="text", text="é" * 256, link="https://e.org")],
     {}, [("s1", "", "caption")]),
    ("a link fits", [slot(network="x", account="cafelumo", kind="text", piece="text", text="é" * 255,
                          link="https://example.org/" + "a" * 500)], {}, []),
    ("six hashtags", [slot(text="#a #b #c #d #e #f", alt_text="A cup")], {}, [("s1", "", "hashtags")]),
    ("an image that is not told", [slot(text="Un café ?")], {}, [("s1", "", "alt_text")]),
    ("told at length", [slot(alt_text="a" * 1001)], {}, [("s1", "", "alt_long")]),
    ("a title", [slot(network="linkedin", account="cafe-lumo", kind="article", piece="text",
                      title="a" * 401)], {}, [("s1", "", "title_long")]),
    ("a title that nobody sees", [slot(network="linkedin", account="cafe-lumo", kind="text", piece="text",
                                       title="a" * 401)], {}, []),
    ("a contest", [slot(piece="contest", text="Gagnez un an de café !", alt_text="A")], {},
     [("s1", "", "contest_rules")]),
    ("a contest by its moment", [slot(moment="own:jeu", text="Gagnez !", alt_text="A")], {},
     [("s1", "", "contest_rules")]),
    ("a contest by its words", [slot(text="Jeu-concours : gagnez !", link="https://example.org/boutique",
                                     alt_text="A")], {}, [("s1", "", "contest_rules")]),
    ("a contest with its rules", [slot(piece="contest", text="Règlement : https://example.org/jeu",
                                       alt_text="A")], {}, []),
    ("a contest that is an idea", [slot(piece="contest")], {}, []),
    ("friends", [slot(network="facebook", account="cafelumo", piece="contest", alt_text="A",
                      text="Identifiez deux amis ! Règlement en bio : lien en bio.")], {},
     [("s1", "", "contest_facebook")]),
    ("friends, on Instagram", [slot(piece="contest", alt_text="A",
                                    text="Identifiez deux amis ! Règlement : lien en bio.")], {}, []),
    ("paid", [slot(piece="influencer", text="Merci à Café Lumo ! #addict", alt_text="A")], {},
     [("s1", "", "influence_label")]),
    ("paid, and it says so", [slot(piece="influencer", text="Collaboration commerciale. Merci !",
                                   alt_text="A")], {}, []),
    ("sales", [slot(text="Soldes : -20 %", alt_text="A")], {}, [("s1", "", "word_soldes")]),
    ("sales in their time", [slot("2027-01-06 12:00", text="Soldes : -20 %", alt_text="A")], {}, []),
    ("sales elsewhere", [slot(text="Soldes : -20 %", alt_text="A")], {"country": "CA"}, []),
    ("soldats are none", [slot(text="Les petits soldats", alt_text="A")], {}, []),
    ("the same twice on X",
     [slot(network="x", account="cafelumo", kind="text", piece="text", text="Ouvert demain !"),
      slot("2026-12-11 12:00", network="x", account="lumo_pro", kind="text", piece="text",
           text="ouvert  demain !")], {}, [("s2", "s1", "same_text")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("slots", "other", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_plan_that_breaks_one_rule(
    slots: list[dict[str, Any]], other: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert broken(*slots, who=replace(WHO, **other)) == expected


def said(who: Brand, *slots: dict[str, Any], span: tuple[date, date] | None = None) -> list[tuple[str, dict]]:
    found = rules.check(who, plan(*slots), NOW, NO_MOMENTS, span)
    return list(found[["rule", "said"]].itertuples(index=False, name=None))


def test_too_few_posts_are_only_said_of_whole_weeks_that_can_still_be_filled() -> None:
    """Of 30 November to 10 January: the first week is too near, those of 28 December and of 4 January …"""
    who = replace(WHO, shares={}, mix={})
    short = {"network": "instagram", "account": "cafe.lumo", "n": 0, "least": 1}
    found = said(who, slot(), span=(FIRST, LAST))
    days = [values["day"] for rule, values in found if rule == "cadence_min"]
    assert days == [
        date(2026, 12, 14),
        date(2026, 12, 21),
        date(2027, 1, 4),
    ]  # 28 December holds the inventory
    assert found[0] == ("cadence_min", short | {"day": date(2026, 12, 14)})
    assert said(who, slot(), span=(date(2026, 12, 8), date(2026, 12, 20)))[0][1]["day"] == date(2026, 12, 14)
    assert said(who, slot()) == [], "what is planned is one day"


def test_a_part_of_a_post_is_none_too_few_and_none_too_many() -> None:
    who = replace(WHO, shares={}, mix={}, cadence={"instagram": (1.9, 1.1)})
    span = (date(2026, 12, 7), date(2026, 12, 13))
    assert said(who, slot(), span=span) == []
    assert said(who, slot(), slot("2026-12-11 12:00"), span=span) == []


def test_each_pillar_is_within_one_post_of_its_share() -> None:
    days = [f"2026-12-{day:02} 12:00" for day in (7, 9, 11, 15)]
    even = [slot(day, pillar=pillar) for day, pillar in zip(days, ["bar"] * 3 + ["regulars"], strict=True)]
    assert said(WHO, *even) == []
    uneven = said(WHO, *(slot(day, pillar="bar") for day in days))
    assert uneven == [("pillars", {"pillar": "bar", "n": 4, "of": 4, "wanted": 2}),
                      ("pillars", {"pillar": "regulars", "n": 0, "of": 4, "wanted": 2})]  # fmt: skip
    assert said(WHO, *(slot(day, pillar="") for day in days)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_has_its_words_and_its_source(language: str) -> None:
    """All that the cases break can be said, and what is cited is there to be cited."""
    legal, networks = facts.load("legal"), facts.load("networks")
    known = {"", *legal["key"], *(networks["network"] + "." + networks["fact"])}
    spoken = set()
    with speaking(language):
        for _, slots, other, _ in CASES:
            found = rules.check(replace(WHO, **other), plan(*slots), NOW, NO_MOMENTS, (FIRST, LAST))
            assert set(found["where"]) <= known
            for row in found.to_dict("records"):
                words = rules.says(row)
                spoken.add(row["rule"])
                assert words.endswith(".") and "{" not in words and "plan.rule" not in words
    told = {key.split(".")[2] for key in i18n.words(language) if key.startswith("plan.rule.")}
    assert spoken == told


def test_a_sentence_says_numbers_and_names_as_people_do() -> None:
    found = rules.check(
        WHO, plan(slot(hours=8.5), slot("2026-12-20 18:30", network="x", account="cafelumo", text=LONG)),
        NOW, NO_MOMENTS,
    ).set_index("rule")  # fmt: skip
    row = {"rule": "hours", "said": found.at["hours", "said"]}
    assert rules.says(row).startswith(
        "Inès has 8.5 hours of work in the week of 7 Dec 2026, and 8 hours for it."
    )
    row = {"rule": "caption", "said": found.at["caption", "said"]}
    assert rules.says(row) == "Its text has 281 characters, and X takes 280. Shorten it."


def test_what_must_be_mended_comes_first_then_what_comes_first() -> None:
    found = rules.check(
        WHO, plan(slot("2026-12-20 18:30", owner=""), slot("2026-12-16 12:00", owner="Zoé"),
                  slot("2026-12-09 23:00", owner="", pillar="regulars")), NOW, NO_MOMENTS,
    )  # fmt: skip
    assert list(found["level"]) == ["must", "must", "should", "should"]
    assert list(found["slot_id"]) == ["s3", "s2", "s3", "s1"]


SOME = st.lists(
    st.fixed_dictionaries({
        "when": st.integers(0, 24 * 40).map(
            lambda n: f"{date(2026, 11, 24) + timedelta(n // 24)} {n % 24:02}:00"
        ),
        "network": st.sampled_from(["instagram", "x", "facebook"]),
        "account": st.sampled_from(["cafe.lumo", "cafelumo"]),
        "kind": st.sampled_from(["image", "story", "video"]),
        "piece": st.sampled_from(["photo", "video", ""]),
        "owner": st.sampled_from(["Inès", "Malik", ""]), "piece_id": st.sampled_from(["", "p", "q"]),
        "status": st.sampled_from(plans.STATUSES), "text": st.sampled_from(["", "Soldes", "Jeu-concours"]),
    }), min_size=1, max_size=8,
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=40)
@given(SOME, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_and_nothing_is_changed(
    slots: list[dict[str, Any]], chance: Any
) -> None:
    rows = plan(*slots)
    before, order = rows.copy(deep=True), list(range(len(rows)))
    chance.shuffle(order)
    found = rules.check(WHO, rows, NOW, NO_MOMENTS)
    pd.testing.assert_frame_equal(found, rules.check(WHO, rows.iloc[order], NOW, NO_MOMENTS))
    pd.testing.assert_frame_equal(rows, before)
    assert set(found["slot_id"]) | set(found["other"]) <= {"", *rows["slot_id"]}
    assert found["level"].isin(["must", "should", "info"]).all()


@settings(derandomize=True, deadline=None, max_examples=20)
@given(SOME)
def test_of_slots_that_break_none_alone_only_rules_of_several_are_broken(slots: list[dict[str, Any]]) -> None:
    """A slot that is left out breaks no rule of its own any more, and makes none of another slot's."""
    alone = {
        "alt_text", "blackout", "quiet", "unknown_account", "no_owner", "cannot_make", "late_start", "past",
        "no_piece", "edited", "unapproved", "word_soldes", "contest_rules", "unconfirmed",
    }  # fmt: skip
    rows = plan(*slots)
    found = rules.check(WHO, rows, NOW, NO_MOMENTS)
    single = found[found["rule"].isin(alone)]
    rest = rules.check(WHO, rows[~rows["slot_id"].isin(single["slot_id"])], NOW, NO_MOMENTS)
    assert not rest["rule"].isin(alone).any()
    for slot_id, mine in single.groupby("slot_id"):
        one = rules.check(WHO, rows[rows["slot_id"] == slot_id], NOW, NO_MOMENTS)
        assert sorted(one.loc[one["rule"].isin(alone), "rule"]) == sorted(mine["rule"])


def test_hours_are_those_of_the_clock_when_it_is_changed() -> None:
    """From 18:30 to 12:30 the next day are 19 hours when one is lived twice, and 17 when one is left out."""
    now = pd.Timestamp("2026-10-01T09:00+02:00")
    who = replace(WHO, spacing=Spacing(18.5))
    autumn = [slot("2026-10-24 18:30"), slot("2026-10-25 12:00", network="x", account="cafelumo"),
              slot("2026-10-25 12:30")]  # fmt: skip
    assert broken(*autumn, who=who, now=now) == []
    now = pd.Timestamp("2027-03-01T09:00+01:00")
    spring = [slot("2027-03-27 18:30"), slot("2027-03-28 13:00")]
    assert broken(*spring, who=who, now=now) == [("s2", "s1", "spacing")]


def test_a_thousand_slots_are_checked_at_once() -> None:
    days = pd.date_range("2026-12-01", periods=500, freq="D")
    slots = [slot(f"{day:%Y-%m-%d} {hour}", text="Un café, deux amis #a #b", alt_text="A", network=network,
                  account=account)
             for day in days for hour, network, account in (("12:00", "instagram", "cafe.lumo"),
                                                            ("13:00", "x", "cafelumo"))]  # fmt: skip
    rows = plan(*slots)
    assert len(rows) == 1000
    begun = pd.Timestamp.now()
    rules.check(WHO, rows, NOW, NO_MOMENTS)
    assert (pd.Timestamp.now() - begun).total_seconds() < 5  # 0.3 s on a quiet machine


def test_real_moments_are_taken() -> None:
    found = moments.on(WHO, {}, date(2027, 1, 1), date(2027, 1, 31))
    rows = plan(
        slot("2027-01-07 12:00", text="Soldes !", alt_text="A"), slot("2027-02-10 12:00", text="Soldes !")
    )
    check = rules.check(WHO, rows, NOW, found)
    assert list(check.loc[check["rule"] == "word_soldes", "slot_id"]) == ["s2"]


# ── Lengths ─────────────────────────────────────────────────────────────────────────────────────────────────


FAMILY, FLAG, THUMB, KEY = "👨\u200d👩\u200d👧\u200d👦", "🇫🇷", "👍🏽", "1\ufe0f\u20e3"


@pytest.mark.parametrize(
    ("text", "network", "expected"),
    [
        ("", "x", 0), ("abc", "x", 3), ("é", "x", 1), (unicodedata.normalize("NFD", "é"), "x", 1),
        ("日本", "x", 4), ("한국", "x", 4), ("“…”", "x", 4), ("☕", "x", 2), ("☕\ufe0f", "x", 2),
        (FAMILY, "x", 2), (FLAG, "x", 2), (FLAG * 2, "x", 4), (THUMB, "x", 2), (KEY, "x", 2),
        ("https://example.org/" + "a" * 200, "x", 23), ("Voir http://e.fr.", "x", 29), ("www.e.fr", "x", 23),
        ("a@b.fr", "x", 6), (FAMILY, "bluesky", 1), (FLAG * 2, "bluesky", 2), (THUMB, "bluesky", 1),
        (KEY, "bluesky", 1), (unicodedata.normalize("NFD", "ầ"), "bluesky", 1), ("한국", "bluesky", 2),
        ("a\r\nb", "bluesky", 3), ("https://e.fr", "bluesky", 12),
        ("https://e.fr" + "a" * 50, "mastodon", 23),
        (FAMILY, "instagram", 7),
    ],
)  # fmt: skip
def test_a_text_is_as_long_as_its_network_counts_it(text: str, network: str, expected: int) -> None:
    assert rules.length(text, network) == expected


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("#café", 1),
        ("#a#b", 1),
        ("a#b", 0),
        ("#1", 0),
        ("#1er", 1),
        ("(#a) #b.", 2),
        ("https://e.org/#a", 0),
        ("# a", 0),
    ],
)
def test_hashtags_are_counted_as_networks_do(text: str, n: int) -> None:
    assert rules.hashtags(text) == n
