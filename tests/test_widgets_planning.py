"""The grid of a plan: what a page asks for is checked, done, undone and saved; forged requests do nothing."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import brand as brands
from cmlib import cells, edits, i18n, plans, rules
from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.widgets import planning
from cmlib.widgets.planning import Around, Planning

TEMPLATES = Path(planning.__file__).parent.parent / "templates"
BRAND = """
name = "Tea <b>House</b>"
timezone = "Europe/Paris"
pillars = ["Backstage", "Shop"]
[pieces]
carousel = 2.5
infographic = { hours = 3, kind = "image" }
[[accounts]]
network = "instagram"
handle = "tea"
[[accounts]]
network = "facebook"
handle = "Tea House"
[[accounts]]
network = "x"
handle = "rival"
rival = true
"""


@pytest.fixture
def who(home: Path) -> Iterator[Brand]:
    """A brand with a plan of two slots."""
    folder = brands.folder("tea")
    folder.mkdir(parents=True)
    (folder / "brand.toml").write_text(BRAND, encoding="utf-8")
    found = brands.load("tea")
    plans.save(found, plan(found), "")
    yield found
    i18n.use("en")


def plan(of: Brand) -> pd.DataFrame:
    rows = plans.empty(of.zone)
    said = {"piece": "carousel", "title": "One", "pillar": "Shop"}
    rows = edits.add(rows, of, datetime(2026, 12, 3, 18, 30), "instagram", "tea", **said)
    said = {"piece": "infographic", "title": "<script>alert(1)</script>"}
    return edits.add(rows, of, datetime(2026, 12, 4, 9), "facebook", "Tea House", **said)


class Working:
    """The grid as a page works with it: what is asked for, and what is answered."""

    def __init__(self, of: Brand, readonly: bool = False, **around: Any) -> None:
        self.times = 0
        self.answers: list[dict[str, Any]] = []
        self.planning = Planning(self.changed, readonly)
        self.planning.grid.send = lambda answer, buffers=None: self.answers.append(answer)
        self.use(of, **around)

    def use(self, of: Brand, **around: Any) -> None:
        saved = plans.read(of)
        self.planning.use(of, saved.rows, saved.version, date(2026, 11, 30), 4, Around(**around))

    def changed(self) -> None:
        self.times += 1

    def asks(self, do: str, **said: Any) -> dict[str, Any]:
        """One request, as it comes through the kernel, and its answer."""
        message = json.loads(json.dumps({"do": do, "token": len(self.answers), **said}))
        self.planning.grid._handle_custom_msg(message, [])
        assert self.answers[-1]["token"] == message["token"]
        return self.answers[-1]

    def rows(self, nth: int) -> dict[str, Any]:
        return dict(self.planning.rows.iloc[nth])

    def slot(self, nth: int) -> str:
        return str(self.planning.rows["slot_id"].iloc[nth])

    @property
    def desk(self) -> dict[str, Any]:
        return dict(self.planning.grid.desk)

    @property
    def card(self) -> dict[str, Any]:
        """The first slot as the page draws it."""
        return dict(self.planning.grid.slots[0])


# What the page is told


def test_the_page_is_told_plain_values(who: Brand) -> None:
    moments = pd.DataFrame({
        "moment": ["own:day"], "name": ["<i>Day</i>"], "first": [pd.Timestamp("2026-12-05")],
        "last": [pd.Timestamp("2026-12-06")], "sensitive": [False],
    })  # fmt: skip
    shut = pd.DataFrame({"name": ["Closed"], "first": [date(2026, 12, 31)], "last": [date(2027, 1, 1)]})
    working = Working(who, moments=moments, blackouts=shut)
    page, card = working.planning.grid.page, working.card
    json.dumps([page, card, working.desk], allow_nan=False)
    assert (page["start"], page["end"], page["brand"]) == ("2026-11-30", "2026-12-27", "Tea <b>House</b>")
    assert [one["label"] for one in page["pieces"]] == ["Carousel", "Infographic"]
    assert [one["network"] for one in page["accounts"]] == ["instagram", "facebook"]
    assert page["moments"][0]["last"] == "2026-12-06" and page["blackouts"][0]["first"] == "2026-12-31"
    assert (card["day"], card["time"], card["hours"], card["expected"]) == ("2026-12-03", "18:30", 2.5, None)
    assert working.desk["unsaved"] == 0 and not working.desk["undo"]


def test_the_grid_speaks_the_language_that_is_spoken(who: Brand) -> None:
    working = Working(who)
    assert working.planning.grid.page["words"]["save"] == "Save"
    i18n.use("fr")
    working.use(who)
    assert working.planning.grid.page["words"]["save"] == "Enregistrer"
    assert working.planning.grid.page["lang"] == "fr"


def test_every_word_of_the_page_is_there_and_none_is_without_use() -> None:
    script = (TEMPLATES / "grid.js").read_text(encoding="utf-8")
    python = "".join(
        (TEMPLATES.parent / "widgets" / f"{name}.py").read_text() for name in ("cards", "planning")
    )
    known = {key.removeprefix("grid.") for key in i18n.words("en") if key.startswith("grid.")}
    plain = {re.sub(r"\.(one|other|many)$", "", key) for key in known}
    said = set(re.findall(r'(?:say|button|open)\(\s*"(\w+)"', script))
    assert said <= plain, said - plain
    named = set(re.findall(r'"(\w+)"', script)) | set(re.findall(r"grid\.(\w+)", python))
    composed = {key for key in plain if "." in key or key in ("to_week", "to_month")}
    assert plain - composed <= named, plain - composed - named


def test_the_page_writes_text_and_asks_no_other_host() -> None:
    script, style = ((TEMPLATES / f"grid.{end}").read_text(encoding="utf-8") for end in ("js", "css"))
    for never in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "import ",
        "fetch(",
    ):
        assert never not in script, never
    assert not re.search(r"url\(|@import", style)
    assert re.findall(r"https?://[^\"'\s]+", script + style) == ["http://www.w3.org/2000/svg"]


# Working


def test_a_slot_is_moved_edited_fixed_approved_and_deleted(who: Brand) -> None:
    working = Working(who)
    one = working.slot(0)
    assert working.asks("step", slot=one, days=1, minutes=-60) == {"token": 0, "error": None, "slot": one}
    assert f"{working.rows(0)['when']:%m-%d %H:%M}" == "12-04 17:30" and working.desk["unsaved"] == 1
    working.asks("move", slot=one, day="2026-12-08", time="07:45")
    assert f"{working.rows(0)['when']:%m-%d %H:%M}" == "12-08 07:45"
    working.asks("edit", slot=one, fields={"text": "Tea", "day": "2026-12-09", "time": "07:45", "hours": 1})
    assert (working.rows(0)["text"], working.rows(0)["hours"], working.rows(0)["when"].day) == ("Tea", 1.0, 9)
    working.asks("fix", slot=one)
    assert not working.rows(0)["fixed"]
    working.asks("approve", slot=one)
    assert working.rows(0)["status"] == "approved"
    working.asks("edit", slot=one, fields={"text": "Coffee"})
    assert next(card for card in working.planning.grid.slots if card["slot_id"] == one)["edited"]
    working.asks("delete", slot=one)
    assert len(working.planning.rows) == 1 and working.times == 0  # nothing was saved
    for _ in range(7):
        working.asks("undo")
    assert working.planning.rows.equals(plans.read(who).rows) and working.desk["unsaved"] == 0
    assert working.asks("redo")["slot"] == one and working.desk["redo"]


def test_a_slot_is_added_and_named_in_the_answer(who: Brand) -> None:
    working = Working(who)
    fields = {
        "day": "2026-12-10",
        "time": "12:00",
        "network": "instagram",
        "account": "tea",
        "piece": "carousel",
    }
    new = working.asks("add", fields=fields)["slot"]
    assert working.slot(2) == new and working.rows(2)["hours"] == 2.5
    assert "Nearest: instagram" in working.asks("add", fields=fields | {"network": "instagrm"})["error"]
    assert "cannot be" in working.asks("add", fields={"network": "instagram"})["error"]


def test_what_the_rules_say_follows_each_change(who: Brand) -> None:
    def check(rows: pd.DataFrame) -> pd.DataFrame:
        late = rows[rows["when"].dt.hour > 20]["slot_id"]
        found = [(slot, "", level, {}) for slot in late for level in ("should", "must")]
        return pd.DataFrame(found, columns=["slot_id", "other", "level", "said"]).assign(
            rule="quiet", where=""
        )

    working = Working(who, check=check, said=lambda row: f"{row['level']}: too late")
    assert working.planning.grid.checks == []
    working.asks("step", slot=working.slot(0), days=0, minutes=180)
    assert [one["said"] for one in working.planning.grid.checks] == ["must: too late", "should: too late"]
    working.asks("undo")
    assert working.planning.grid.checks == []


def test_a_rule_that_cannot_be_read_is_said_and_the_change_stands(who: Brand) -> None:
    def check(rows: pd.DataFrame) -> pd.DataFrame:
        raise CmlibError("no_file", file="legal.csv")

    working = Working(who, check=check)
    assert working.asks("fix", slot=working.slot(0))["error"] is None
    assert "legal.csv" in working.planning.grid.checks[0]["said"] and not working.rows(0)["fixed"]


def test_of_many_changes_in_a_row_the_newest_is_checked(who: Brand) -> None:
    seen = []

    def check(rows: pd.DataFrame) -> pd.DataFrame:
        seen.append(rows["when"].iloc[0].hour)
        return pd.DataFrame(columns=["slot_id", "other", "rule", "level", "said", "where"])

    async def hold() -> Working:
        working = Working(who, check=check)
        for _ in range(5):
            working.asks("step", slot=working.slot(0), days=0, minutes=-60)
        await asyncio.sleep(planning.PAUSE * 4)
        return working

    asyncio.run(hold())
    assert seen == [18, 13]


def test_what_is_expected_is_asked_for_after_a_change(who: Brand) -> None:
    working = Working(who, expected=lambda rows: rows.assign(expected=7.0, low=3.0, high=9.0))
    working.asks("step", slot=working.slot(0), days=1, minutes=0)
    assert working.card["expected"] == 7


@pytest.mark.parametrize(
    ("network", "text", "link", "n", "most"),
    [
        ("x", "Café ☕", "", 7, 280),
        ("x", "Café", "https://example.org/a/long/address/indeed", 29, 280),  # a blank line, and a link is 23
        ("instagram", "Café", "https://example.org/a", 4, 2200),
        ("nowhere", "abc", "", 3, None),
    ],
)
def test_a_text_is_counted_as_its_network_counts(
    who: Brand, network: str, text: str, link: str, n: int, most: int | None
) -> None:
    working = Working(who)
    answer = working.asks("count", network=network, text=text, link=link)
    assert answer == {"token": 0, "error": None, "n": n, "most": most} and not working.desk["undo"]


# Planning anew, saving


def test_planning_anew_is_one_change_and_nothing_else_is_done_meanwhile(who: Brand) -> None:
    working: Working

    def replan(rows: pd.DataFrame) -> pd.DataFrame:
        assert working.desk["busy"]
        assert "not done yet" in working.asks("undo")["error"]
        return edits.fix(edits.shift(rows, rows["slot_id"].iloc[1], 1), rows["slot_id"].iloc[1])

    working = Working(who, replan=replan)
    told = "Planned anew: 0 new, 1 changed, 0 gone. Undo brings back what was."
    assert working.asks("replan")["info"] == told
    assert not working.desk["busy"] and working.rows(1)["when"].day == 5
    working.asks("undo")
    assert working.rows(1)["when"].day == 4


def test_a_plan_that_cannot_be_made_leaves_what_is_there(who: Brand) -> None:
    def replan(rows: pd.DataFrame) -> pd.DataFrame:
        raise CmlibError("no_data", brand="tea", inbox="inbox")

    working = Working(who, replan=replan)
    assert "no data yet" in working.asks("replan")["error"]
    assert not working.desk["busy"] and not working.desk["undo"]
    assert "replan" in Working(who).asks("replan")["error"]


def test_saving_saves_and_can_be_undone_afterwards(who: Brand) -> None:
    working = Working(who)
    before = working.planning.version
    working.asks("step", slot=working.slot(0), days=1, minutes=0)
    assert working.asks("save")["info"] == "Saved." and working.desk["unsaved"] == 0
    assert working.planning.version not in ("", before) and plans.read(who).rows["when"].iloc[1].day == 4
    working.asks("undo")
    assert working.desk["unsaved"] == 1
    working.asks("save")
    saved = plans.read(who).rows
    assert saved["when"].iloc[0].day == 3 and saved["sequence"].iloc[0] == 3, (
        "a number for each time it was saved"
    )


def test_a_save_over_somebody_elses_shows_both_and_loses_nothing(who: Brand) -> None:
    working = Working(who)
    one, two = working.slot(0), working.slot(1)
    working.asks("edit", slot=one, fields={"title": "Mine"})
    saved = plans.read(who)
    theirs = edits.delete(edits.edit(saved.rows, who, one, title="Theirs"), two)
    newest = plans.save(who, theirs, saved.version)
    assert "Somebody else" in working.asks("save")["error"]
    found = working.desk["conflict"]
    assert (found["lines"][0]["mine"], found["lines"][0]["theirs"]) == ("Title: Mine", "Title: Theirs")
    assert found["lines"][1]["theirs"] == "not there" and Path(found["file"]).exists()
    assert plans.read(who).version == newest.version, "nothing is overwritten"
    seen: list[str] = []
    working.planning.changed = lambda: seen.append(working.planning.version)
    assert working.asks("theirs")["error"] is None
    assert seen == [newest.version], "what stands around the grid shows theirs too"
    assert (
        working.rows(0)["title"] == "Theirs" and working.desk["unsaved"] == 0 and not working.desk["conflict"]
    )
    working.asks("undo")
    assert working.rows(0)["title"] == "Mine" and len(working.planning.rows) == 2
    working.asks("save")
    assert plans.read(who).rows["title"].iloc[0] == "Mine"
    assert len(working.asks("history")["versions"]) == 2


@pytest.mark.parametrize(("choice", "title"), [("mine", "Mine"), ("later", "Theirs")])
def test_ours_is_saved_over_theirs_or_kept_unsaved(who: Brand, choice: str, title: str) -> None:
    working = Working(who)
    working.asks("edit", slot=working.slot(0), fields={"title": "Mine"})
    saved = plans.read(who)
    plans.save(who, edits.edit(saved.rows, who, working.slot(0), title="Theirs"), saved.version)
    working.asks("save")
    assert working.asks(choice)["error"] is None
    assert plans.read(who).rows["title"].iloc[0] == title and working.rows(0)["title"] == "Mine"
    assert not working.desk["conflict"] and working.desk["unsaved"] == int(choice == "later")
    assert "no conflict" in working.asks(choice)["error"]


def test_an_earlier_version_is_brought_back(who: Brand) -> None:
    working = Working(who)
    working.asks("delete", slot=working.slot(0))
    working.asks("save")
    (version,) = working.asks("history")["versions"]
    assert "brought back" in working.asks("restore", version=version["version"])["info"]
    assert len(working.planning.rows) == 2 and working.desk["unsaved"] == 1
    assert "not a known version" in working.asks("restore", version="zz")["error"]


def test_what_was_begun_for_one_brand_waits_there(who: Brand) -> None:
    other = brands.folder("other")
    other.mkdir()
    (other / "brand.toml").write_text(BRAND, encoding="utf-8")
    working = Working(who)
    working.asks("fix", slot=working.slot(0))
    working.use(brands.load("other"))
    assert working.planning.rows.empty and not working.desk["undo"]
    working.use(who)
    assert working.desk["undo"] and working.desk["unsaved"] == 1
    working.asks("undo")
    saved = plans.read(who)
    plans.save(who, edits.delete(saved.rows, working.slot(0)), saved.version)
    working.use(who)
    assert len(working.planning.rows) == 1, "without a change of one's own, the newest is shown"


# What a page must not do


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (None, "do"), ([], "do"), ("undo", "do"), ({}, "do"), ({"do": "rows"}, "do"),
        ({"do": ["undo"]}, "do"),
        ({"do": "undo", "slot": "a"}, "slot"), ({"do": "fix"}, "slot"), ({"do": "fix", "slot": 3}, "slot"),
        ({"do": "step", "slot": "a", "days": True, "minutes": 0}, "days"),
        ({"do": "step", "slot": "a", "days": 0, "minutes": 10**9}, "minutes"),
        ({"do": "count", "network": "x", "text": "a" * 70_001, "link": ""}, "text"),
        ({"do": "edit", "slot": "a", "fields": []}, "fields"),
        ({"do": "edit", "slot": "a", "fields": {"when": "now"}}, "fields"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(who: Brand, message: Any, told: str) -> None:
    working = Working(who)
    working.planning.grid._handle_custom_msg(message, [])
    assert f"no change of the plan: {told}" in working.answers[-1]["error"]
    assert not working.desk["undo"]


@pytest.mark.parametrize(
    ("day", "time"),
    [("2026-13-01", "09:00"), ("2026-12-01", "25:00"), ("", ""), (None, None), ([], {}), (1, 2)],
)
def test_an_hour_that_is_none_is_said(who: Brand, day: Any, time: Any) -> None:
    working = Working(who)
    fields = {"day": day, "time": time}
    assert "Day and time cannot be" in working.asks("edit", slot=working.slot(0), fields=fields)["error"]


JSON = st.recursive(
    st.sampled_from([None, True, -1, 10**12, 0.5, 1e300, "", "2026", "\x00", "\ud83d", "=1+1", "é" * 99]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "when"]), inner, max_size=2)
    ),
    max_leaves=4,
)
NAMES = st.sampled_from([*edits.FIELDS, "day", "time", "slot_id", "approved", "sequence", "why"])
WORTH = (
    st.sampled_from(["2026-12-09", "09:15", "draft", "x", "", "carousel", "instagram", -1, 3, 1e300]) | JSON
)


def test_whatever_is_sent_the_plan_is_a_plan_and_no_error_but_ours_is_raised(who: Brand) -> None:
    working = Working(who)
    saved, slots = plans.read(who), st.sampled_from([working.slot(0), working.slot(1), "zz"])
    kinds = {
        str: JSON, int: st.integers(-500, 500),
        dict: st.dictionaries(NAMES, WORTH, max_size=5),
    }  # fmt: skip

    @settings(derandomize=True, deadline=None, max_examples=80)
    @given(data=st.data())
    def hold(data: Any) -> None:
        past = edits.Past(saved.rows, (saved.rows.iloc[:1],), (saved.rows.iloc[:0],))
        working.planning.begun["tea"] = planning.Begun(past, saved.rows, saved.version)
        name = data.draw(st.sampled_from([*planning.ASKED]))
        said = {
            key: data.draw((slots if key == "slot" else kinds[kind]) | JSON)
            for key, kind in planning.ASKED[name].items()
        }
        answers = len(working.answers)
        working.planning._heard(None, {"do": name, "token": 1, **said}, [])  # where nothing is caught
        assert len(working.answers) == answers + 1
        assert plans.checked(working.planning.rows, who.zone).equals(working.planning.rows)
        json.dumps([working.planning.grid.slots, working.answers[-1]], allow_nan=False)

    hold()


def test_a_plan_to_be_looked_at_is_changed_by_nothing(who: Brand) -> None:
    working = Working(who, readonly=True, replan=lambda rows: rows.iloc[:0])
    before, version = working.planning.rows, working.planning.version
    said = {str: working.slot(0), int: 1, dict: {"title": "Forged"}}
    for name, known in planning.ASKED.items():
        answer = working.asks(name, **{key: said[kind] for key, kind in known.items()})
        assert "only be looked at" in answer["error"], name
    working.planning.grid.set_state({"slots": [], "page": {"readonly": False}, "desk": {}})
    assert "only be looked at" in working.asks("delete", slot=working.slot(0))["error"]
    assert working.planning.rows is before and plans.read(who).version == version and working.times == 0
    assert working.planning.grid.slots == [] or len(before) == 2


# Sentences


def test_reasons_without_a_word_are_said_as_they_are() -> None:
    assert cells.because("moment; my own words; hour 0.12 0.02 0.25") == [
        "catches a moment", "my own words", "this hour does better: +12% (+2% to +25%)",
    ]  # fmt: skip
    assert cells.because("") == []


def test_the_rules_of_the_brand_are_asked(who: Brand) -> None:
    now = pd.Timestamp("2026-11-25 09:00", tz=who.zone)
    none = pd.DataFrame(columns=["moment", "name", "category", "first", "last", "value", "networks"])
    none = none.astype({"first": "datetime64[us]", "last": "datetime64[us]"})
    working = Working(who, check=lambda rows: rules.check(who, rows, now, none))
    working.asks("edit", slot=working.slot(0), fields={"text": "a" * 2201})
    said = [one["said"] for one in working.planning.grid.checks]
    assert any("2,201" in one and "2,200" in one for one in said), said
