"""What is to be remembered: every line has its figure, and news is told apart from what was revised."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from rivals import landscape

from cmlib import landscape as landscapes
from cmlib import schema, sheets, store, swot
from cmlib.landscape import Landscape


@pytest.fixture(scope="module")
def subject(demo_home: Path) -> Landscape:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(demo_home))
        return landscapes.review("demo")


def keys(found: list[swot.Finding]) -> list[str]:
    return [key for key, _ in found]


def test_the_demo_remembers_what_was_planted_and_no_other_operation_or_trait(subject: Landscape) -> None:
    found = swot.findings(subject)
    launched = [values for key, values in found if key in ("launched", "burst")]
    assert {(one["label"], one["operation"]) for one in launched} == {
        ("Terres de Brivoise", "contest"), ("Manufacture Orvenne", "launch"),
    }  # fmt: skip
    assert [values["trait"] for key, values in found if key in ("works", "hurts")] == ["question"]


def test_every_line_of_the_four_sides_has_a_figure(subject: Landscape) -> None:
    sides = swot.swot(subject)
    assert list(sides) == ["strengths", "weaknesses", "opportunities", "threats"]
    lines = [sheets.rivals.said(*one) for found in sides.values() for one in found]
    assert len(lines) > 6
    for line in lines:
        assert any(letter.isdigit() for letter in line), line


def test_an_opportunity_is_what_rivals_do_more_than_we(subject: Landscape) -> None:
    (more,) = [values for key, values in swot.swot(subject)["opportunities"] if key == "do_more"]
    assert more["trait"] == "question" and more["ours"] < more["theirs"]


def test_a_threat_is_an_operation_of_the_last_three_months(subject: Landscape) -> None:
    assert "launched" not in keys(swot.swot(subject)["threats"]), "the contest was in June"
    summer = replace(subject, month=date(2026, 8, 1))
    (threat,) = [values for key, values in swot.swot(summer)["threats"] if key == "launched"]
    assert threat["label"] == "Terres de Brivoise"


def test_a_month_in_which_an_operation_began_says_so(subject: Landscape) -> None:
    june = replace(subject, month=date(2026, 6, 1))
    assert keys(swot.alerts(june)["alerts"]).count("launched") == 1
    assert "launched" not in keys(swot.alerts(subject)["alerts"])


def test_without_a_report_before_there_is_no_news(subject: Landscape) -> None:
    found = swot.alerts(subject)
    assert found["first"] and found["changes"].empty


def post(number: int, reactions: int) -> dict[str, object]:
    common = {"brand": "demo", "network": "instagram", "account": "a", "source": "s"}
    when = pd.Timestamp("2026-10-05", tz="UTC")
    return common | {
        "observed_at": when,
        "published_at": when,
        "post_id": str(number),
        "reactions": reactions,
    }


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return schema.check("posts", pd.DataFrame(rows))


def test_new_rows_are_told_from_revised_ones() -> None:
    """Post 1 as it was, 2 with another count, 3 with a count where none was, 4 new."""
    before = table(post(1, 10), post(2, 20), {**post(3, 0), "reactions": None})
    now = table(post(1, 10), post(2, 25), post(3, 30), post(4, 40))
    base = landscape(pd.DataFrame({"account": ["a"], "at": ["2026-10-05"], "interactions": [1]}))
    nothing = {name: schema.empty(name) for name in ("days", "totals")}
    subject = replace(base, tables={"posts": now, **nothing}, known={"posts": before, **nothing})
    (row,) = swot.alerts(subject)["changes"].to_dict("records")
    assert (row["account"], row["table"], row["new"], row["revised"]) == ("a", "posts", 1, 1)


def test_the_files_that_the_last_report_knew_are_no_news(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMLIB_HOME", str(demo_home))
    every = store.digests("demo")
    assert swot.alerts(landscapes.review("demo", before=",".join(every)))["changes"].empty
    named = store.sources("demo").drop_duplicates("source").set_index("name")["source"]
    missing = [one for one in every if one != named["rivals_posts_2026-11-02.csv"]]
    news = swot.alerts(landscapes.review("demo", before=",".join(missing)))["changes"]
    assert set(news["table"]) == {"posts"} and not news["ours"].any() and (news["revised"] == 0).all()
    assert news["new"].sum() == 578


def monthly(values: list[float]) -> Landscape:
    """A rival's followers at the end of each of so many months, up to October 2026."""
    ends = pd.date_range(end="2026-10-31", periods=len(values), freq="ME")
    noted = [("a", f"{day:%Y-%m-%d}", value) for day, value in zip(ends, values, strict=True)]
    return landscape(pd.DataFrame({"account": ["a"], "at": ["2026-10-05"], "interactions": [1]}), days=noted)


def test_followers_that_jump_as_they_never_did_are_an_alert() -> None:
    steady = [1000, 1010, 1021, 1030, 1042, 1051, 1063, 1072, 1084]
    ((key, values),) = swot.alerts(monthly([*steady, 1400]))["alerts"]
    assert key == "unusual_followers" and values["value"] == 1400 and values["up_to"] < 1110
    assert keys(swot.alerts(monthly([*steady, 1094]))["alerts"]) == ["quiet"]
    assert keys(swot.alerts(monthly([1000, 1400]))["alerts"]) == ["quiet"], "two months are no habit"


def test_where_nothing_is_known_that_is_the_finding() -> None:
    few = landscape(pd.DataFrame({"account": ["a"], "at": ["2026-10-05"], "interactions": [1]}))
    assert swot.findings(few) == [("nothing", {})]
    assert all(not found for found in swot.swot(few).values())
