"""plan.csv: what people leave in it, what cannot be, and that no version is ever lost."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmlib import brand, plans, schema
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.plans.cells import parsed, written

ZONE = ZoneInfo("Europe/Paris")
WHO = Brand("cafe", "Café", timezone="Europe/Paris", accounts=(
    Account("instagram", "cafe.lumo"), Account("x", "lumo"), Account("x", "lumo_pro"),
))  # fmt: skip
HEAD = "slot_id,when,network,text"


@pytest.fixture
def folder(home: Path) -> Path:
    """The café's folder."""
    made = home / "data" / "brands" / "cafe"
    made.mkdir(parents=True)
    return made


def rows(*slots: dict[str, Any]) -> pd.DataFrame:
    said = [{"slot_id": f"s{n}", "network": "instagram", "when": "2026-12-03 18:30"} | one
            for n, one in enumerate(slots, 1)]  # fmt: skip
    when = pd.DatetimeIndex([pd.Timestamp(one["when"], tz=ZONE) for one in said]).as_unit("us")
    return plans.checked(pd.DataFrame(said).assign(when=when), ZONE)


def read(text: str | bytes, who: Brand = WHO) -> pd.DataFrame:
    return parsed(text.encode() if isinstance(text, str) else text, who, Path("plan.csv"))


def error(text: str | bytes, key: str) -> str:
    with pytest.raises(CmlibError) as problem:
        read(text)
    assert problem.value.key == key
    return str(problem.value)


# ── The rows ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_has_its_columns_and_types_even_when_it_is_empty() -> None:
    empty = plans.empty(ZONE)
    assert list(empty.columns) == list(plans.COLUMNS)
    assert str(empty["when"].dtype) == "datetime64[us, Europe/Paris]"
    made = rows({})
    assert [str(one) for one in made.dtypes] == [str(one) for one in empty.dtypes]
    first = made.iloc[0]
    assert (first["status"], first["fixed"], first["sequence"], first["text"]) == ("idea", False, 0, "")
    assert np.isnan(first["hours"]) and np.isnan(first["expected"])


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("network", "facebok", "facebook"), ("status", "aproved", "approved"),
        ("kind", "carousell", "carousel"), ("objective", "likes", "interactions"),
        ("hours", -1.0, "hours is -1.0, "), ("low", np.inf, "0 or more"),
        ("hours", "two", "'two'"), ("sequence", 1.5, "whole number"), ("fixed", "perhaps", "yes or no"),
        ("text", "a\x00b", "NUL"), ("text", "\ud800", "NUL"), ("title", "a" * 100_001, "100,000"),
        ("when", pd.NaT, "2026-12-03T18:30"), ("when", pd.Timestamp("1999-01-01", tz="UTC"), "year first"),
        ("slot_id", "", "a name of its own"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_named_with_its_row(column: str, value: Any, said: str) -> None:
    frame = rows({}, {}).astype({column: "object"} if column != "when" else {})
    frame.loc[1, column] = value
    with pytest.raises(CmlibError) as problem:
        plans.checked(frame, ZONE)
    assert "row 2" in str(problem.value) and said in str(problem.value)


def test_a_column_that_is_none_and_a_slot_that_is_there_twice() -> None:
    with pytest.raises(CmlibError, match="alt_text"):
        plans.checked(rows({}).assign(alttext=""), ZONE)
    with pytest.raises(CmlibError, match=r"row 3.*row 1"):
        rows({}, {}, {"slot_id": "s1"})
    with pytest.raises(CmlibError, match="when"):
        plans.checked(pd.DataFrame({"slot_id": ["a"], "network": ["x"]}), ZONE)
    with pytest.raises(CmlibError, match="row 1"):
        plans.checked(rows({}).assign(when=pd.Timestamp("2026-12-03")), ZONE)  # of no zone


def test_nothing_that_is_given_is_changed() -> None:
    frame = rows({"text": "a\r\nb"}, {})
    before = frame.copy(deep=True)
    plans.checked(frame, ZONE)
    plans.approve(frame, ["s1"])
    plans.edited(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_new_slot_has_the_same_name_each_time_and_nobody_elses() -> None:
    one = plans.new_id([], "instagram", "cafe", "2026-12-03")
    assert one == plans.new_id(["other"], "instagram", "cafe", "2026-12-03")
    other = plans.new_id([one], "instagram", "cafe", "2026-12-03")
    assert other != one and plans.new_id([one, other], "instagram", "cafe", "2026-12-03") not in (one, other)


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("", []), ("moment", [("moment", ())]), ("hour 0.12 0.02 0.25;cadence_min ;",
                                                [("hour", (0.12, 0.02, 0.25)), ("cadence_min", ())]),
        ("the boss said so", [("the boss said so", ())]),
    ],
)  # fmt: skip
def test_reasons(why: str, expected: list[tuple[str, tuple[float, ...]]]) -> None:
    assert plans.reasons(why) == expected


# ── Approval ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "column", ["network", "account", "piece", "kind", "title", "text", "link", "alt_text"]
)
def test_an_edit_after_approval_shows_until_it_is_taken_back(column: str) -> None:
    approved = plans.approve(rows({"text": "Un café", "kind": "image"}, {}), ["s1"])
    assert list(approved["status"]) == ["approved", "idea"] and not plans.edited(approved).any()
    other = {"network": "x", "kind": "story"}.get(column, "other")
    changed = approved.assign(**{column: other})
    assert list(plans.edited(changed)) == [True, False]
    assert not plans.edited(changed.assign(**{column: approved[column]})).any()
    assert not plans.edited(plans.approve(changed, ["s1"])).any()


def test_a_moved_slot_was_edited_and_its_owner_and_its_hours_were_not_approved() -> None:
    approved = plans.approve(rows({}), ["s1"])
    assert plans.edited(approved.assign(when=approved["when"] + pd.Timedelta(minutes=1))).all()
    assert not plans.edited(approved.assign(owner="Malik", hours=3.0, status="scheduled", why="moment")).any()
    other = plans.checked(approved, ZoneInfo("America/Toronto"))
    assert not plans.edited(other).any(), "it is the same moment in another zone"


def test_approving_leaves_what_is_further_on_and_wants_slots_that_are_there() -> None:
    slots = rows({"status": "scheduled"}, {"status": "published"}, {"status": "review"})
    assert list(plans.approve(slots, ["s1", "s2", "s3"])["status"]) == ["scheduled", "published", "approved"]
    pd.testing.assert_frame_equal(plans.approve(slots, []), slots)
    with pytest.raises(CmlibError, match="s3"):
        plans.approve(slots, ["s4"])


# ── What people leave in the file ───────────────────────────────────────────────────────────────────────────


def test_excel_in_french() -> None:
    """Semicolons, a mark, CRLF, columns moved, capitals, decimal commas, empty lines, other words for yes."""
    text = ("\ufeffNetwork;When;Text;hours;fixed;;slot_id;Status\r\n"
            'Instagram;2026-12-03 18:30;"Un café,\n""noir""";2,5;VRAI;;s1;Draft\r\n;;;;;;;\r\n'
            "x;2026-12-04T09:00+01:00;Deux;1 234,5;;;;\r\n")  # fmt: skip
    found = read(text)
    assert found["when"].map(str).tolist() == ["2026-12-03 18:30:00+01:00", "2026-12-04 09:00:00+01:00"]
    assert found["text"].tolist() == ['Un café,\n"noir"', "Deux"]
    assert found["hours"].tolist() == [2.5, 1234.5] and found["fixed"].tolist() == [True, False]
    assert found["status"].tolist() == ["draft", "idea"]
    assert found["account"].tolist() == ["cafe.lumo", ""], "the only one there is; of two, none"
    assert found["slot_id"].tolist()[0] == "s1" and len(found["slot_id"][1]) == 11
    assert read(text)["slot_id"].tolist() == found["slot_id"].tolist()
    for other in (text.encode("utf-16"), text.replace(";", "\t"), f"sep=;\r\n{text[1:]}"):
        pd.testing.assert_frame_equal(read(other), found)


def test_rows_are_read_by_their_time() -> None:
    found = read(f"{HEAD}\nb,2026-12-04 09:00,x,\na,2026-12-03 09:00,x,\n")
    assert found["slot_id"].tolist() == ["a", "b"]
    assert read("").empty and read(f"{HEAD}\n").empty


@pytest.mark.parametrize(
    "when",
    ["03/12/2026 18:30", "12/03/2026 6:30 PM", "2026-12-03", "46359,77", "2026-02-31 18:30",
     "2026-12-03 25:00", "demain", "", "2026-12-03T18:30+25:00", "3 déc. 2026",
     "1026-12-03 18:30", "٢٠٢٦-12-03 18:30"],
)  # fmt: skip
def test_a_moment_that_a_program_rewrote_is_refused_with_its_line_and_how_to_write_it(when: str) -> None:
    told = error(f'{HEAD}\ns1,2026-12-03 18:30,x,"two\nlines"\ns2,"{when}",x,\n', "wrong_value")
    assert "plan.csv, line 4" in told and "when" in told and "2026-12-03T18:30+01:00" in told


CLOCKS = {
    "2026-03-29": ("02:30", "2026-03-29T01:30+01:00"), "2027-03-28": ("02:30", "2027-03-28T01:30+01:00"),
}  # fmt: skip


@pytest.mark.parametrize("day", ["2026-03-29", "2027-03-28"])
@pytest.mark.parametrize("offset", ["", "+01:00", "+02:00"])
def test_a_time_that_the_clock_leaves_out_is_none(day: str, offset: str) -> None:
    told = error(f"{HEAD}\ns1,{day}T02:30{offset},x,\n", "wrong_value")
    assert "03:30+02:00" in told and "01:30+01:00" in told


@pytest.mark.parametrize("day", ["2026-10-25", "2027-10-31"])
def test_a_time_that_is_there_twice_needs_its_offset_and_keeps_it(day: str) -> None:
    told = error(f"{HEAD}\ns1,{day} 02:30,x,\n", "wrong_value")
    assert "02:30+02:00" in told and "02:30+01:00" in told
    text = f"{HEAD}\ns1,{day}T02:30+02:00,x,\ns2,{day}T02:30+01:00,x,\n"
    found = read(text)
    assert (found["when"][1] - found["when"][0]).total_seconds() == 3600
    again = read(written(found))
    pd.testing.assert_frame_equal(again, found)
    assert f"{day}T02:30+02:00" in written(found).decode() and f"{day}T02:30+01:00" in written(found).decode()


def test_an_offset_that_was_left_behind_when_a_day_was_changed_is_no_silent_hour() -> None:
    told = error(f"{HEAD}\ns1,2026-12-03T18:30+02:00,x,\n", "wrong_value")
    assert "18:30+01:00" in told
    found = read(f"{HEAD}\ns1,2026-12-03T17:30Z,x,\ns2,2026-12-03T12:30-05:00,x,\n")
    assert found["when"].dt.hour.tolist() == [18, 18], "another zone's moment is one"


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("when,network,nots\n", "unknown_name", "plan.csv, line 1"),
        ("when,network,when\n", "plan_column_twice", "when"),
        ("slot_id,network\na,x\n", "plan_lacks", "when"),
        (f"{HEAD}\ns1,2026-12-03 18:30,x,Un café, noir\n", "plan_wide", "plan.csv, line 2"),
        (f"{HEAD},\ns1,2026-12-03 18:30,x,,Un café\n", "plan_wide", "plan.csv, line 2"),
        (f'{HEAD}\ns1,2026-12-03 18:30,x,"Un café\n', "plan_quotes", "line 2"),
        (f'{HEAD}\ns1,2026-12-03 18:30,x,"Un" café\n', "plan_quotes", "line 2"),
        (f"{HEAD}\ns1,2026-12-03 18:30,twiter,\n", "unknown_name", "plan.csv, line 2"),
        (f"{HEAD}\ns1,2026-12-03 18:30,x,\ns1,2026-12-04 18:30,x,\n", "plan_twice", "plan.csv, line 3"),
        (f"{HEAD}\ns1,2026-12-03 18:30,x,a\x00b\n", "wrong_value", "plan.csv, line 2"),
        ("when,network,hours\n2026-12-03 18:30,x,nan\n", "wrong_value", "hours"),
        ("when,network,hours\n2026-12-03 18:30,x,1_000\n", "wrong_value", "hours"),
        ('when,network,hours\n2026-12-03 18:30,x,"1,5"\n', "wrong_value", "hours"),
        ("when,network,cost\n2026-12-03 18:30,x,-1\n", "wrong_value", "cost"),
        ("when,network,fixed\n2026-12-03 18:30,x,peut-être\n", "wrong_value", "fixed"),
        ("when,network,sequence\n2026-12-03 18:30,x,1.5\n", "wrong_value", "sequence"),
        (f"{HEAD}\ns1,2026-12-03 18:30,x,{'é' * 110_000}\n", "wrong_value", "plan.csv, line 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(text: str, key: str, said: str) -> None:
    assert said in error(text, key)


def test_letters_that_may_be_lost_are_not_guessed() -> None:
    assert "UTF-8" in error(f"{HEAD}\ns1,2026-12-03 18:30,x,Café\n".encode("cp1252"), "plan_not_utf8")


HOSTILE = ["=1+1", "+33 1 23", "-5", "@SUM(A1)", "\t=1", "'=1", "''=1", " =1", "＝1", "1e5", "12/03",
           "2026", "1209876543210987", "007", "'007", "=cmd|' /C calc'!A0", '"', ";", ",", "a\nb", "’=",
           "-"]  # fmt: skip


def test_no_cell_is_taken_for_a_formula_and_each_comes_back() -> None:
    made = rows(*({"text": text, "title": text, "task": text.strip()} for text in HOSTILE))
    data = written(made)
    pd.testing.assert_frame_equal(read(data).sort_values("slot_id", ignore_index=True),
                                  plans.ordered(made).assign(account="cafe.lumo").sort_values(
                                      "slot_id", ignore_index=True))  # fmt: skip
    for line in csv.reader(io.StringIO(data.decode(), newline="")):
        assert not [cell for cell in line if cell.strip()[:1] in ("=", "+", "-", "@", "＝")]


LETTERS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12)
WORDS = st.one_of(LETTERS, st.sampled_from(HOSTILE))
AMOUNT = st.one_of(st.none(), st.floats(0, 1e9, allow_nan=False))
SLOT = st.fixed_dictionaries({
    "when": st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30)),
    "network": st.sampled_from(schema.NETWORKS), "kind": st.sampled_from(("", *schema.KINDS)),
    "account": WORDS.filter(bool), "piece": WORDS, "title": WORDS, "text": WORDS, "link": WORDS,
    "owner": WORDS, "why": WORDS, "task": WORDS, "status": st.sampled_from(plans.STATUSES),
    "fixed": st.booleans(), "hours": AMOUNT, "expected": AMOUNT, "sequence": st.integers(0, 9),
})  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(SLOT, min_size=1, max_size=5),
    st.sampled_from(["Europe/Paris", "America/St_Johns", "Asia/Kolkata"]),
)
def test_what_is_written_is_read_again(slots: list[dict[str, Any]], zone: str) -> None:
    when = pd.to_datetime([one["when"] for one in slots], utc=True).as_unit("us")
    frame = pd.DataFrame(slots).assign(slot_id=[f"s{n}" for n in range(len(slots))], when=when)
    made = plans.checked(frame.astype({"hours": "float64", "expected": "float64"}), ZoneInfo(zone))
    who = replace(WHO, timezone=zone)
    pd.testing.assert_frame_equal(read(written(made), who), plans.ordered(made))
    assert list(map(plans.digest, read(written(made), who).to_dict("records"))) == list(
        map(plans.digest, plans.ordered(made).to_dict("records"))
    )


def test_a_hundred_thousand_slots() -> None:
    """5 s to write and read on a quiet machine."""
    n = 100_000
    when = pd.date_range("2026-01-01", periods=n, freq="7min", tz="UTC")
    said = {"network": "x", "account": "a", "text": '=1, "é"\nb', "hours": 1.5}
    names = [f"s{i}" for i in range(n)]
    made = plans.checked(pd.DataFrame({"slot_id": names, "when": when, **said}), ZONE)
    assert read(written(made))["slot_id"].tolist() == made["slot_id"].tolist()


# ── Saving ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_first_plan_and_the_next(folder: Path) -> None:
    assert plans.read(WHO).version == "" and plans.read(WHO).rows.empty and plans.history(WHO).empty
    first = plans.save(WHO, rows({}, {}), "")
    assert first.rows["sequence"].tolist() == [1, 1]
    pd.testing.assert_frame_equal(plans.read(WHO).rows, first.rows)
    assert plans.read(WHO).version == first.version and plans.history(WHO).empty
    second = plans.save(WHO, first.rows.assign(text=["new", ""]), first.version)
    assert second.rows["sequence"].tolist() == [2, 1] and second.version != first.version
    kept = plans.history(WHO)
    assert list(kept.columns) == ["version", "replaced_at", "file"] and len(kept) == 1
    assert first.version.startswith(kept["version"][0])
    assert str(kept["replaced_at"].dtype) == "datetime64[us, Europe/Paris]"
    assert sorted(one.name for one in folder.iterdir()) == ["history", "plan.csv"]


def test_saving_what_is_there_changes_nothing(folder: Path) -> None:
    first = plans.save(WHO, rows({"account": "cafe.lumo"}), "")
    again = plans.save(WHO, plans.read(WHO).rows, first.version)
    assert again.version == first.version and plans.history(WHO).empty


def test_a_newer_version_is_never_replaced_and_nothing_is_lost(folder: Path) -> None:
    first = plans.save(WHO, rows({}), "")
    theirs = plans.save(WHO, first.rows.assign(text="theirs"), first.version)
    with pytest.raises(CmlibError) as problem:
        plans.save(WHO, first.rows.assign(text="ours"), first.version)
    assert problem.value.key == "plan_changed"
    said = problem.value.values
    assert plans.read(WHO).version == theirs.version
    mine = plans.load(WHO, Path(str(said["mine"])))
    assert mine.rows["text"].tolist() == ["ours"] and plans.read(WHO).rows["text"].tolist() == ["theirs"]
    assert str(said["file"]) in str(problem.value) and str(said["mine"]) in str(problem.value)
    with pytest.raises(CmlibError, match=r"plan\.mine-"):
        plans.save(WHO, rows({"text": "a first one"}), "")
    assert len(list(folder.glob("plan.mine-*.csv"))) == 2


def test_a_plan_that_was_taken_away_is_not_put_back_in_silence(folder: Path) -> None:
    first = plans.save(WHO, rows({}), "")
    (folder / "plan.csv").unlink()
    with pytest.raises(CmlibError) as problem:
        plans.save(WHO, first.rows, first.version)
    assert problem.value.key == "plan_gone" and not (folder / "plan.csv").exists()


def test_an_edit_in_a_spreadsheet_is_a_newer_version(folder: Path) -> None:
    first = plans.save(WHO, rows({"text": "a"}), "")
    file = folder / "plan.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(CmlibError) as problem:
        plans.save(WHO, first.rows.assign(text="ours"), first.version)
    assert problem.value.key == "plan_changed"
    now = plans.read(WHO)
    assert plans.save(WHO, now.rows.assign(text="ours"), now.version).rows["sequence"].tolist() == [2]


def test_a_plan_as_it_was_comes_back(folder: Path) -> None:
    first = plans.save(WHO, rows({"text": "one", "account": "a"}, {"account": "a"}), "")
    second = plans.save(WHO, first.rows.assign(text=["two", ""]), first.version)
    third = plans.save(WHO, second.rows.iloc[:1], second.version)
    before = plans.at(WHO, first.version)
    assert before.version == first.version
    pd.testing.assert_frame_equal(before.rows, first.rows)
    assert plans.at(WHO, third.version[:12]).version == third.version
    undone = plans.save(WHO, before.rows, third.version)
    assert undone.rows["text"].tolist() == ["one", ""]
    assert undone.rows["sequence"].tolist() == [3, 3], "each number is higher than any that was given out"
    assert plans.history(WHO)["version"].tolist() == [v.version[:12] for v in (third, second, first)]
    for unknown in ("0" * 12, ""):
        with pytest.raises(CmlibError, match="version"):
            plans.at(WHO, unknown)


def test_a_failed_save_leaves_what_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = plans.save(WHO, rows({}), "")
    data = (folder / "plan.csv").read_bytes()
    (folder / "plan.csv").chmod(0o444)
    with pytest.raises(CmlibError, match=r"plan\.csv"):
        plans.save(WHO, first.rows.assign(text="x"), first.version)
    with pytest.raises(CmlibError, match="row 1"):
        plans.save(WHO, first.rows.assign(network="twiter"), first.version)
    assert (folder / "plan.csv").read_bytes() == data
    assert not list(folder.glob("**/*.tmp"))
    (folder / "history").rename(folder / "other")
    (folder / "history").write_text("no folder")
    with pytest.raises(CmlibError):
        plans.save(WHO, first.rows.assign(text="x"), first.version)


def test_a_link_is_followed(folder: Path, tmp_path: Path) -> None:
    real = tmp_path / "shared.csv"
    first = plans.save(WHO, rows({}), "")
    (folder / "plan.csv").rename(real)
    (folder / "plan.csv").symlink_to(real)
    plans.save(WHO, first.rows.assign(text="x"), first.version)
    assert (folder / "plan.csv").is_symlink() and b"x" in real.read_bytes()


def _adding(who: Brand, name: str, times: int) -> list[str]:
    """Add slots one by one, as somebody whose save is refused does: read again, add again."""
    added = []
    for n in range(times):
        while True:
            now = plans.read(who)
            slot = rows({"slot_id": f"{name}-{n}", "account": "a"})
            try:
                plans.save(who, pd.concat([now.rows, slot], ignore_index=True), now.version)
            except CmlibError as problem:
                assert problem.key == "plan_changed"
                continue
            added.append(f"{name}-{n}")
            break
    return added


def test_people_who_save_at_once_lose_nothing(folder: Path) -> None:
    with ThreadPoolExecutor(4) as people:
        done = list(people.map(lambda name: _adding(WHO, name, 4), "abcd"))
    expected = sorted(slot for some in done for slot in some)
    assert sorted(plans.read(WHO).rows["slot_id"]) == expected and len(expected) == 16
    assert len(plans.history(WHO)) == 15, "every version that was replaced is there"
    sizes = sorted(len(plans.at(WHO, version).rows) for version in plans.history(WHO)["version"])
    assert sizes == list(range(1, 16))


def test_of_those_who_read_the_same_one_saves_and_the_others_keep_theirs(folder: Path) -> None:
    first, ready, kept, refused = plans.save(WHO, rows({}), ""), threading.Barrier(6), [], []

    def saving(n: int) -> None:
        ready.wait()
        try:
            kept.append(plans.save(WHO, first.rows.assign(text=f"by {n}"), first.version))
        except CmlibError as problem:
            refused.append(plans.load(WHO, Path(str(problem.values["mine"]))))

    people = [threading.Thread(target=saving, args=(n,)) for n in range(6)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(kept) == 1 and len(refused) == 5
    texts = {plan.rows["text"][0] for plan in [*kept, *refused]}
    assert texts == {f"by {n}" for n in range(6)}
    assert plans.read(WHO).version == kept[0].version


WAYS = ("text", "delete", "add", "stale", "undo", "same")
SAVES = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(WAYS)), max_size=8)


@settings(
    derandomize=True,
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(SAVES)
def test_every_version_that_was_ever_there_can_be_had_and_numbers_only_grow(
    home: Path, saves: list[tuple[int, str]]
) -> None:
    who = replace(WHO, slug=f"brand-{len(list((home / 'data').glob('brands/*'))):03}")
    brand.folder(who.slug).mkdir(parents=True)
    now = plans.save(who, rows({"account": "a"}, {"account": "a"}, {"account": "a"}), "")
    seen = [now]
    given_out: dict[str, int] = dict(zip(now.rows["slot_id"], now.rows["sequence"], strict=True))
    for n, (which, what) in enumerate(saves):
        made = now.rows
        if what == "text" and len(made):
            made = made.assign(
                text=[f"{n}" if i == which % len(made) else t for i, t in enumerate(made["text"])]
            )
        elif what == "delete":
            made = made.iloc[:-1]
        elif what == "add":
            made = pd.concat([made, rows({"slot_id": f"n{n}", "account": "a"})], ignore_index=True)
        elif what == "undo":
            made = seen[which % len(seen)].rows
        if what == "stale" and now.version != seen[0].version:
            with pytest.raises(CmlibError):
                plans.save(who, made.assign(title=f"stale {n}"), seen[0].version)
            continue
        before, now = now.rows.set_index("slot_id"), plans.save(who, made, now.version)
        for row in now.rows.to_dict("records"):
            slot, number = row["slot_id"], row["sequence"]
            known = slot in before.index
            same = known and before.loc[slot].drop("sequence").astype("str").equals(
                pd.Series(row).drop(["slot_id", "sequence"]).astype("str").rename(slot))  # fmt: skip
            assert number == given_out[slot] if same else number > given_out.get(slot, 0)
            given_out[slot] = number
        seen.append(now)
    for plan in seen:
        pd.testing.assert_frame_equal(plans.at(who, plan.version).rows, plan.rows)
