"""The plan of a small brand: what it keeps to, what it keeps, what it says."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pandas as pd
import pytest
from editorial_brand import NOW, WHOLE, asked, written

from cmlib import brand, candidates, editorial, moments, planner, plans, rules, workload
from cmlib.editorial import Editorial
from cmlib.errors import CmlibError


def musts(subject: Editorial, rows: pd.DataFrame) -> list[str]:
    """The rules that a plan breaks; contests need a link and a text, which only people can give."""
    inside = rows[planner.within(subject, rows)]
    span = subject.start, subject.end
    found = rules.check(subject.brand, inside, subject.now, subject.moments, span)
    return sorted(found.loc[(found["level"] == "must") & (found["rule"] != "contest_rules"), "rule"])


# ── What is asked ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_plan_begins_on_the_monday_after_today(home: Path) -> None:
    subject = editorial.review(written(home), as_of=NOW)
    assert (subject.start, subject.end, subject.weeks) == (date(2026, 11, 30), date(2027, 1, 24), 8)
    assert str(subject.now.tz) == "Europe/Paris"


@pytest.mark.parametrize(
    ("said", "key"),
    [({"weeks": 0}, "bad_weeks"), ({"weeks": 99}, "bad_weeks"), ({"objective": "likes"}, "unknown_name"),
     ({"start": "next week"}, "bad_day")],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(home: Path, said: dict[str, object], key: str) -> None:
    with pytest.raises(CmlibError) as problem:
        editorial.review(written(home), **said)  # type: ignore[arg-type]
    assert problem.value.key == key


def test_a_brand_with_nothing_to_plan_with_is_told_what_lacks(home: Path) -> None:
    bare = 'name = "Bare"\n[[accounts]]\nnetwork = "instagram"\nhandle = "bare"\n'
    for said, key in (
        ('name = "Bare"\n[pieces]\nimage = 1\n', "plan_no_account"),
        (bare, "plan_no_piece"),
        (bare + "[pieces]\nimage = 1\n[cadence]\ntiktok = 2\n", "plan_no_account_on"),
    ):
        with pytest.raises(CmlibError) as problem:
            editorial.review(written(home, said))
        assert problem.value.key == key and "brand.toml" in str(problem.value)


def test_without_a_cadence_the_portfolio_says_the_networks_and_failing_it_all_accounts(home: Path) -> None:
    said = WHOLE.replace("instagram = { min = 1, max = 3 }\nfacebook = { min = 0, max = 3 }\n", "")
    slug = written(home, said.replace("[cadence]\n", ""))
    picked = pd.DataFrame({"network": ["facebook", "tiktok"], "chosen": [True, True]})
    chosen = editorial.review(slug, as_of=NOW, chosen=lambda _: picked).accounts
    assert list(chosen["network"]) == ["facebook"] and chosen["low"].iloc[0] > 0
    every = editorial.review(slug, as_of=NOW).accounts
    assert list(every["network"]) == ["facebook", "instagram"] and (every["low"] == 0).all()


# ── What could be published ─────────────────────────────────────────────────────────────────────────────────


def test_candidates_keep_to_lead_time_quiet_hours_and_blackouts(home: Path) -> None:
    found = candidates.candidates(asked(home))
    days = set(found["when"].dt.date)
    assert min(days) == date(2026, 11, 30)  # two working days after Thursday
    assert date(2026, 12, 9) not in days and max(days) == date(2026, 12, 20)
    assert found["when"].dt.hour.between(9, 20).all()
    late = candidates.candidates(asked(home, now="2026-12-02T09:00:00+01:00"))
    assert min(late["when"]).date() == date(2026, 12, 4)


def test_hours_are_spread_where_none_is_better(home: Path) -> None:
    found = candidates.candidates(asked(home))
    mine = found[(found["network"] == "instagram") & (found["piece"] == "image")]
    assert set(mine["when"].dt.hour) == {9, 12, 18} and mine["when"].dt.date.is_unique


def quietly(home: Path, *spans: str) -> Editorial:
    said = WHOLE.replace('["21:00-09:00"]', str(list(spans)))
    return asked(home, said)


def test_who_is_quiet_all_day_publishes_at_night_and_who_always_is_never(home: Path) -> None:
    night = candidates.candidates(quietly(home, "06:00-23:00"))
    assert set(night["when"].dt.hour) <= {23, 0, 1, 2, 3, 4, 5} and len(night)
    always = quietly(home, "00:00-12:00", "12:00-00:00")
    assert candidates.candidates(always).empty
    made = planner.plan(always)
    assert made.rows.empty and "cadence_min" in set(made.given_way["rule"])


def test_a_best_hour_is_not_within_a_quiet_half_hour(home: Path) -> None:
    """Where the hour matters, posts stand in its middle: 12:30 is quiet, though 12:00 is not."""
    subject = quietly(home, "12:15-13:00")
    networks = subject.timing.networks.assign(told=True)
    subject = replace(subject, timing=replace(subject.timing, networks=networks))
    when = candidates.candidates(subject)["when"]
    minutes = when.dt.hour * 60 + when.dt.minute
    assert len(when) and not any(candidates.quiet(subject.brand, minute) for minute in minutes)


def test_a_contest_is_for_a_contest_and_nothing_else(home: Path) -> None:
    found = candidates.candidates(asked(home))
    contest = found[found["piece"] == "contest"]
    assert set(contest["moments"]) == {("own:win-a-mug",)}
    assert set(contest["network"]) == {"instagram"}
    assert set(contest["when"].dt.date) == {
        date(2026, 12, 15),
        date(2026, 12, 16),
    }  # people can still take part
    others = found[found["piece"] != "contest"]["moments"]
    assert not any("own:win-a-mug" in caught for caught in others)


@pytest.mark.parametrize(
    ("span", "minute", "closed"),
    [(("22:00", "07:00"), 23 * 60, True), (("22:00", "07:00"), 6 * 60 + 59, True),
     (("22:00", "07:00"), 7 * 60, False), (("12:00", "14:00"), 13 * 60, True),
     (("12:00", "14:00"), 14 * 60, False)],
)  # fmt: skip
def test_quiet_hours_may_go_over_midnight(span: tuple[str, str], minute: int, closed: bool) -> None:
    first, last = (time.fromisoformat(end) for end in span)
    who = brand.Brand("x", "x", quiet=((first, last),))
    assert candidates.quiet(who, minute) is closed


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"])
def test_the_changes_of_clock_move_no_post(home: Path, day: str) -> None:
    """Posts stand at the hours of the clock before, on and after the day."""
    monday = pd.Timestamp(day) - pd.Timedelta(days=6)
    now = f"{monday - pd.Timedelta(days=14):%Y-%m-%d}T09:00:00Z"
    subject = asked(home, weeks=2, start=f"{monday:%Y-%m-%d}", now=now)
    found = candidates.candidates(subject)
    assert set(found["when"].dt.hour) == {9, 12, 18} and set(found["when"].dt.minute) == {0}
    made = planner.plan(subject)
    assert len(made.rows) and musts(subject, made.rows) == []


# ── The plan ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_by_hand(home: Path) -> None:
    """One network, one kind of piece, two hours each, four hours a week: two posts a week and no more."""
    said = WHOLE[: WHOLE.index("[pillars]")] + """
[pieces]
image = 2
[[team]]
name = "Ada"
hours_per_week = 4
[cadence]
instagram = { min = 0, max = 7 }
[[accounts]]
network = "instagram"
handle = "cafe.lumo"
"""  # fmt: skip
    subject = asked(home, said)
    rows = planner.plan(subject).rows
    assert list(workload.week(rows["when"]).value_counts()) == [2, 2, 2]
    assert (rows["hours"] == 2).all() and (rows["owner"] == "Ada").all()
    assert rows["expected"].isna().all()  # no post and no follower is known: nothing can be said


def test_every_rule_holds_and_the_plan_says_why(home: Path) -> None:
    subject = asked(home)
    made = planner.plan(subject)
    assert musts(subject, made.rows) == [] and made.clashes.empty and made.gap <= 0.01
    assert {"own:new-roast", "own:win-a-mug"} <= set(made.rows["moment"])
    for row in made.rows.to_dict("records"):
        reasons = {word for word, _ in plans.reasons(row["why"])}
        assert ("moment" in reasons) == bool(row["moment"])
        assert reasons & {"hour", "hour_any", "hour_prior", "sector"}
        assert (row["hours"] < subject.brand.pieces[row["piece"]].hours) == ("again" in reasons)


def test_a_piece_is_made_once_and_used_again(home: Path) -> None:
    rows = planner.plan(asked(home)).rows
    for _, of in rows.groupby("piece_id"):
        assert of["account"].is_unique and of["piece"].nunique() == 1
        again = of[[("again", ()) in plans.reasons(why) for why in of["why"]]]
        assert len(of) - len(again) == 1 and (again["cost"] == 0).all()


def test_the_same_question_has_the_same_plan(home: Path) -> None:
    one, two = (planner.plan(asked(home)) for _ in range(2))
    pd.testing.assert_frame_equal(one.rows, two.rows)
    lines = ["instagram = { min = 1, max = 3 }", "facebook = { min = 0, max = 3 }"]
    back = asked(home, WHOLE.replace("\n".join(lines), "\n".join(lines[::-1])))
    pd.testing.assert_frame_equal(planner.plan(back).rows, one.rows)


def test_to_fix_the_best_plan_changes_nothing(home: Path) -> None:
    subject = asked(home)
    made = planner.plan(subject)
    again = planner.replan(subject, made.rows.assign(fixed=True))
    assert again.objective == pytest.approx(made.objective, rel=0.01)
    pd.testing.assert_frame_equal(again.rows.drop(columns="fixed"), made.rows.drop(columns="fixed"))


def test_what_is_fixed_written_or_approved_stays_and_ideas_make_room(home: Path) -> None:
    subject = asked(home)
    rows = planner.plan(subject).rows
    rows.loc[0, "text"] = "Our new roast"
    rows.loc[1, "status"] = "approved"
    rows.loc[2, "fixed"] = True
    moved = rows.loc[2, "when"] + pd.Timedelta(minutes=7)
    rows.loc[2, "when"] = moved
    made = planner.replan(subject, rows).rows.set_index("slot_id")
    for nth in range(3):
        assert made.loc[rows.loc[nth, "slot_id"], "when"] == rows.loc[nth, "when"]
    assert made.loc[rows.loc[0, "slot_id"], "text"] == "Our new roast"


def test_none_of_a_kind_is_said_as_none(home: Path) -> None:
    """Where nobody makes carousels, none of the posts is one: not a trace."""
    said = WHOLE.replace("hours_per_week = 8", 'hours_per_week = 8\nmakes = ["image"]')
    made = planner.plan(asked(home, said + "\n[mix]\ncarousel = { min = 0.1 }\n", weeks=8))
    given = made.given_way.set_index("rule")
    assert given.loc["mix_min", "got"] == 0.0


def test_alternative_text_alone_is_written_too(home: Path) -> None:
    subject = asked(home)
    rows = planner.plan(subject).rows
    rows.loc[0, "alt_text"] = "A cup beside a window"
    made = planner.replan(subject, rows).rows.set_index("slot_id")
    assert made.loc[rows.loc[0, "slot_id"], "alt_text"] == "A cup beside a window"


def test_an_idea_that_is_planned_again_is_the_same_slot_for_calendars_and_tasks(home: Path) -> None:
    subject = asked(home)
    first = plans.save(subject.brand, planner.plan(subject).rows, "")
    sent = plans.save(subject.brand, first.rows.assign(task=first.rows["slot_id"].str[1:]), first.version)
    again = planner.plan(asked(home)).rows
    pd.testing.assert_frame_equal(again, sent.rows)
    assert plans.save(subject.brand, again, sent.version).version == sent.version


def test_an_idea_does_not_take_the_name_of_a_piece_that_stays(home: Path) -> None:
    """What was written for the second account keeps its piece; an idea beside it is another one."""
    subject = asked(home)
    rows = planner.plan(subject).rows
    second = rows[rows["slot_id"] != rows["piece_id"]].iloc[0]
    rows.loc[rows["slot_id"] == second["slot_id"], "text"] = "Written"
    made = planner.replan(subject, rows).rows
    for _, of in made.groupby("piece_id"):
        assert of["account"].is_unique and of["piece"].nunique() == 1


def test_slots_of_other_weeks_stay_and_their_hours_are_taken(home: Path) -> None:
    """A week is full of what is due in it for a later plan: nothing new is due in it."""
    subject = asked(home)
    zone = subject.brand.zone
    later = pd.DataFrame([{
        "slot_id": "later", "when": pd.Timestamp("2026-12-22 12:00").tz_localize(zone),
        "network": "instagram", "account": "cafe.lumo", "piece": "image", "kind": "image", "hours": 8.0,
        "owner": "Ada", "status": "draft",
    }])  # fmt: skip
    rows = plans.checked(later, zone)
    made = planner.replan(subject, rows).rows
    assert "later" in set(made["slot_id"])
    drafts = workload.week(workload.due(made["when"], subject.brand.lead.after_draft))
    assert made.loc[drafts == drafts[made["slot_id"] == "later"].iloc[0], "slot_id"].tolist() == ["later"]


def test_more_hours_never_bring_less(home: Path) -> None:
    objective = [
        planner.plan(asked(home, WHOLE.replace("hours_per_week = 8", f"hours_per_week = {hours}"))).objective
        for hours in (4, 8, 16)
    ]
    assert objective[0] <= objective[1] * 1.01 and objective[1] <= objective[2] * 1.01


def test_rules_that_clash_are_named_and_the_nearest_plan_gives_way(home: Path) -> None:
    """Three posts a week of three hours each do not fit into two hours."""
    said = WHOLE.replace("instagram = { min = 1, max = 3 }", "instagram = { min = 3, max = 3 }")
    subject = asked(home, said.replace("hours_per_week = 8", "hours_per_week = 2"))
    made = planner.plan(subject)
    assert {"cadence_min", "hours"} <= set(made.clashes["rule"])
    assert set(made.given_way["rule"]) == {"cadence_min"}  # hours are not given up for it
    assert (made.given_way["got"] < made.given_way["wanted"]).all()
    assert set(musts(subject, made.rows)) <= {"cadence_min", "cadence_low"}


def test_what_is_expected_follows_a_slot_that_is_moved_and_not_one_that_is_approved(home: Path) -> None:
    subject = asked(home)
    known = subject.accounts.assign(followers=1000.0)
    subject = replace(subject, accounts=known)
    rows = planner.plan(subject).rows
    assert rows["expected"].notna().all() and all("sector" in why for why in rows["why"])
    rows.loc[0, ["expected", "status"]] = 1.0, "approved"
    rows.loc[1, "expected"] = 1.0
    found = planner.expected(subject, rows)
    assert found.loc[0, "expected"] == 1.0 and found.loc[1, "expected"] > 1.0
    assert found["why"].tolist() == rows["why"].tolist()


# ── Working weeks ───────────────────────────────────────────────────────────────────────────────────────────


def test_drafts_are_due_working_days_before() -> None:
    when = pd.Series(pd.to_datetime(["2026-12-07 00:00", "2026-12-06 18:00", "2026-12-09 00:00"]))
    assert list(workload.due(when, 1).dt.day) == [4, 3, 8]  # Friday; of a Sunday Thursday; Tuesday
    assert list(workload.due(when, 0).dt.day) == [7, 4, 9]


def test_days_off_and_days_that_are_over_take_their_part_of_a_week() -> None:
    off = ((date(2026, 12, 24), date(2026, 12, 31)),)
    ada = brand.Member("Ada", 10, off=off)
    who = brand.Brand("x", "x", team=(ada, brand.Member("Bo")))
    weeks = [pd.Timestamp("2026-12-21"), pd.Timestamp("2026-12-28")]
    found = workload.capacity(who, weeks, date(2026, 12, 22)).set_index(["owner", "week"])
    assert found.loc[("Ada", weeks[0])].tolist() == [4.0, 2]  # Tuesday and Wednesday of five days
    assert found.loc[("Ada", weeks[1])].tolist() == [2.0, 4]
    assert found.loc["Bo", "hours"].isna().all()


def test_own_moments_are_there(home: Path) -> None:
    subject = asked(home)
    assert {"own:new-roast", "own:win-a-mug"} <= set(subject.moments["moment"])
    assert set(moments.COLUMNS) == set(subject.moments.columns)


@pytest.mark.parametrize("hours", ["hours_per_week = 8\n", ""])
def test_without_a_team_the_brand_s_hours_are_the_limit_and_without_any_there_is_none(
    home: Path, hours: str
) -> None:
    said = WHOLE.replace('[[team]]\nname = "Ada"\nhours_per_week = 8\n', "")
    subject = asked(home, hours + said)
    made = planner.plan(subject)
    assert len(made.rows) > 3 and set(made.rows["owner"]) == {""} and made.clashes.empty
    drafts = workload.week(workload.due(made.rows["when"], subject.brand.lead.after_draft))
    assert made.rows.groupby(drafts)["hours"].sum().max() <= (8 if hours else 100)


def test_nobody_has_time_so_nothing_is_planned_and_the_rules_are_named(home: Path) -> None:
    subject = asked(home, WHOLE.replace("hours_per_week = 8", "hours_per_week = 0"), weeks=8)
    made = planner.plan(subject)
    assert made.rows.empty and {"cadence_min", "hours"} <= set(made.clashes["rule"])
    assert made.clashes.set_index("rule").loc["cadence_min", "wanted"] == 1
    assert set(made.clashes.loc[made.clashes["rule"] == "hours", "wanted"]) == {0}


def test_a_piece_that_is_used_again_is_about_the_same(home: Path) -> None:
    rows = planner.plan(asked(home, weeks=6)).rows
    several = rows.groupby("piece_id")["pillar"].nunique()
    assert (several > 1).sum() <= 1 < (rows["piece_id"].value_counts() > 1).sum()
