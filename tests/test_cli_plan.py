"""``cm plan``, as a person runs it: plan, check, hand over; what it says and its exit code."""

from pathlib import Path

import pandas as pd
import pytest
from command import Run, runner
from editorial_brand import WHOLE, written

from cmlib import brand, plans


@pytest.fixture
def cm(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``cm`` for the small brand: its exit code, what it said, what it complained of, a line each."""
    monkeypatch.setenv("COLUMNS", "100")
    written(home, WHOLE)

    plain = runner(monkeypatch, capsys)

    def run(*said: str) -> tuple[int, str, str]:
        code, *told = plain(*said)
        out, err = (" ".join(text.split()) for text in told)
        return code, out, err

    return run


def test_a_plan_is_made_kept_and_checked(cm: Run) -> None:
    code, out, err = cm("plan", "--weeks", "3")
    who = brand.load("lumo")
    assert (code, err) == (0, "") and str(plans.path(who)) in out and "Instagram" in out
    saved = plans.read(who)
    assert len(saved.rows) >= 3 and set(saved.rows["owner"]) == {"Ada"}
    code, out, _ = cm("plan", "check")
    assert code == 0 and ("No rule is broken" in out or "to look at" in out)


def test_what_is_over_is_not_planned(cm: Run) -> None:
    code, _, err = cm("plan", "--weeks", "2", "--start", "2025-01-06")
    assert code == 1 and "end on 19 Jan 2025" in err and "--start" in err


def test_a_dry_run_keeps_nothing(cm: Run) -> None:
    code, out, _ = cm("plan", "--weeks", "2", "--dry-run")
    assert code == 0 and "Instagram" in out
    assert not plans.path(brand.load("lumo")).exists()


def test_what_is_written_stays_when_it_is_planned_again_and_the_version_before_is_kept(cm: Run) -> None:
    cm("plan", "--weeks", "3")
    who = brand.load("lumo")
    saved = plans.read(who)
    rows = saved.rows.copy()
    rows.loc[0, "text"] = "=1+1 is what we drink"
    plans.save(who, rows, saved.version)
    assert cm("plan", "--weeks", "3")[0] == 0
    again = plans.read(who).rows.set_index("slot_id")
    assert again.loc[rows.loc[0, "slot_id"], "text"] == "=1+1 is what we drink"
    assert len(plans.history(who)) == 2


def test_a_plan_that_breaks_a_rule_fails_the_check(cm: Run) -> None:
    cm("plan", "--weeks", "3")
    who = brand.load("lumo")
    saved = plans.read(who)
    plans.save(who, saved.rows.assign(hours=9.0), saved.version)
    code, out, _ = cm("plan", "check")
    assert code == 1 and "to mend" in out and "Ada" in out


def test_the_plan_is_handed_to_a_calendar_and_a_workbook(cm: Run, home: Path) -> None:
    cm("plan", "--weeks", "3")
    for target, suffix in (("ical", ".ics"), ("xlsx", ".xlsx")):
        code, out, _ = cm("plan", "export", "--to", target)
        assert code == 0 and suffix in out
    found = sorted(path.suffix for path in (home / "data/brands/lumo/exports").iterdir())
    assert found == [".ics", ".xlsx"]


def test_what_a_scheduler_would_refuse_is_named_and_nothing_is_written(cm: Run, home: Path) -> None:
    cm("plan", "--weeks", "3")
    code, _, err = cm("plan", "export", "--to", "hootsuite")
    assert code == 1 and "--skip" in err and "not approved" in err
    assert not (home / "data/brands/lumo/exports").exists()
    code, out, _ = cm("plan", "export", "--to", "hootsuite", "--skip")
    assert code == 0 and "No file was written" in out and "Left out" in out


def test_asana_is_told_nothing_in_a_dry_run(cm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASANA_TOKEN", raising=False)
    cm("plan", "--weeks", "3")
    code, out, _ = cm("plan", "export", "--to", "asana", "--project", "12", "--dry-run")
    assert code == 0 and "Nothing was sent" in out
    assert (plans.read(brand.load("lumo")).rows["task"] == "").all()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("plan", "check"), "no plan yet"), (("plan", "export", "--to", "ical"), "no plan yet"),
        (("plan", "--start", "soon"), "soon"), (("plan", "--objective", "reech"), "reach"),
        (("plan", "--brand", "lumi"), "lumo"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_message(cm: Run, said: tuple[str, ...], expected: str) -> None:
    code, _, err = cm(*said)
    assert code == 1 and expected in err and "Traceback" not in err


def test_an_unknown_tool_is_named_with_the_nearest(cm: Run) -> None:
    cm("plan", "--weeks", "2")
    code, _, err = cm("plan", "export", "--to", "hootsweet")
    assert code == 1 and "hootsuite" in err


def test_a_save_by_somebody_else_in_between_is_not_lost(cm: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves while the plan is being made: ours lies beside it, theirs stays."""
    cm("plan", "--weeks", "2")
    who = brand.load("lumo")
    before, save = plans.read(who), plans.save
    theirs = before.rows.assign(title="theirs")

    def late(who: brand.Brand, rows: pd.DataFrame, version: str) -> plans.Plan:
        save(who, theirs, before.version)
        return save(who, rows, version)

    monkeypatch.setattr(plans, "save", late)
    code, _, err = cm("plan", "--weeks", "3")
    assert code == 1 and "plan.mine" in err
    assert set(plans.read(who).rows["title"]) == {"theirs"}
    assert list(plans.path(who).parent.glob("plan.mine-*.csv"))
