"""Satisfaction surveys: which question is which, who says so, what is kept, and when it was given."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pandas as pd
import pytest
from command import Run, Types, typist
from test_cli import cm as cm
from test_cli import words_of

from cmlib import brand as brands
from cmlib import importers, start, store
from cmlib.brand import Account, Brand, Desk
from cmlib.errors import CmlibError
from cmlib.importers.known import questions, stamps, surveys
from cmlib.importers.known.questions import Question
from cmlib.importers.values import NONSENSE, Setting

SHARED = Path(__file__).parents[2] / "shared" / "exports" / "surveys"
SITE = Account("web", "barge.example")
BRAND = Brand("golden", "Golden", timezone="Europe/Paris", accounts=(SITE,))
RECOMMEND = "Would you recommend us?"
NPS = {RECOMMEND: "nps"}


def opened(text: str, name: str = "x.csv") -> importers.Export:
    return importers.open_export(importers.File(name, lambda: text.encode()))


def google(*rows: str, head: str = RECOMMEND) -> str:
    return "\n".join(
        [f"Timestamp,{head}", *(f"2026/03/{n:02} 9:00:00 AM,{row}" for n, row in enumerate(rows, 1))]
    )


def kind(text: str, *answers: str) -> str:
    return questions.found([Question(text, answers)]).get(text, "")


# Which question is which


@pytest.mark.parametrize("text, answers, expected", [
    ("How likely are you to recommend us to a friend?", "0 7 10", "nps"),
    ("Quelle est la probabilité que vous nous recommandiez ?", "0 7 10", "nps"),
    ("Conseilleriez-vous notre boutique, de 0 à 10 ?", "3 4 5 5 4 3", "nps"),
    ("Would you recommend us?", "10_-_Extremely_likely Not_at_all_likely_-_0 7", "nps"),
    ("Would you recommend us, from 1 to 5?", "5 5 3", ""),
    ("Would you recommend us?", "5 5 3 1 2 4 5", ""),  # from 1 to 5, it seems
    ("Would you recommend us?", "Yes No", ""),
    ("Would you recommend us?", "11 3", ""),
    ("Would you recommend us?", "7.5 3", ""),
    ("How old is your dog?", "3 7 10", ""),
    ("How satisfied are you?", "1 5 4", "csat"),
    ("Quelle note donneriez-vous à l’accueil ?", "1 5 4", "csat"),
    ("How satisfied are you?", "1 5 4 10", ""),
    ("How satisfied are you, from 1 to 10?", "1 5 4", ""),
    ("Sur 10, êtes-vous satisfait ?", "1 5 4", ""),
    ("How satisfied are you?", "0 5 4", ""),
    ("How many cups a day?", "1 2 3", ""),
    ("The welcome", "Very_satisfied Satisfied Neutral Dissatisfied Very_dissatisfied", "csat"),
    ("L’accueil", "Très_satisfait(e) Plutôt_satisfait(e) Peu_satisfait(e) Pas_du_tout_satisfait(e)", "csat"),
    ("L’accueil", "Très_satisfait·e Insatisfaites Je_ne_sais_pas", "csat"),
    ("The welcome", "Good Bad", ""),
    ("The welcome", "", ""),
])  # fmt: skip
def test_a_question_is_found_by_its_words_and_by_what_was_answered(
    text: str, answers: str, expected: str
) -> None:
    assert kind(text, *(one.replace("_", " ") for one in answers.split(" "))) == expected


def test_words_of_satisfaction_have_the_scores_of_their_scale() -> None:
    two_sided = Question("?", ("Very satisfied", "Somewhat satisfied", "Neither satisfied nor dissatisfied",
                               "Somewhat dissatisfied", "Very dissatisfied", "Don’t know", ""))  # fmt: skip
    assert two_sided.scores("csat").tolist() == [5, 4, 3, 2, 1, None, None]
    one_sided = Question("?", ("Extremely satisfied", "Very satisfied", "Somewhat satisfied",
                               "Not so satisfied", "Not at all satisfied"))  # fmt: skip
    assert one_sided.scores("csat").tolist() == [5, 4, 3, 2, 1]
    french = Question("?", ("Très satisfait", "Plutôt satisfaite", "Ni satisfait, ni insatisfait",
                            "Plutôt pas satisfait·e", "Pas du tout satisfait(e)s"))  # fmt: skip
    assert french.scores("csat").tolist() == [5, 4, 3, 2, 1]
    mixed = Question("?", ("4 stars", "5 (Très satisfait)", "3,0", "6"))
    assert mixed.scores("csat").tolist() == [4, 5, 3, NONSENSE]


def test_who_would_recommend_is_asked_rather_than_what_else_is_likely() -> None:
    other = Question("How likely are you to come again?", ("10", "8"))
    sure = Question("How likely are you to recommend us?", ("9", "0"))
    assert questions.found([other]) == {other.text: "nps"}
    assert questions.found([other, sure]) == {sure.text: "nps"}


@pytest.mark.parametrize("other", [
    "<strong>Would you</strong> recommend us? *", " would YOU\u00a0recommend  us?*",
    "Would&nbsp;you recommend us?",
])  # fmt: skip
def test_a_question_is_the_same_however_it_is_set(other: str) -> None:
    assert questions.compared(other) == questions.compared(RECOMMEND)
    export = opened(google("9", head=f'"{other}"'))
    assert importers.read(export, replace(BRAND, surveys=NPS)).tables["answers"]["score"].tolist() == [9]


# Who says so


def test_a_survey_waits_until_somebody_has_said_what_it_asks() -> None:
    export = opened(google("9", "3"))
    with pytest.raises(CmlibError) as waits:
        importers.read(export, BRAND)
    assert waits.value.key == "survey_waits"
    assert (
        f"“{RECOMMEND}”" in str(waits.value) and "nps" in str(waits.value) and "cm survey" in str(waits.value)
    )
    with pytest.raises(CmlibError) as none:
        importers.read(export, replace(BRAND, surveys={RECOMMEND: "none"}))
    assert none.value.key == "survey_without" and "--question" in str(none.value)
    assert (
        importers.read(export, replace(BRAND, surveys=NPS)).tables["answers"]["question"].tolist()
        == ["nps"] * 2
    )


def test_what_is_said_is_kept_with_the_comments_and_may_be_changed(home: Path) -> None:
    path = brands.new("tea", "Tea")
    before = path.read_text(encoding="utf-8")
    odd = 'Say "yes" = [1] # no, \\ really?'
    who = surveys.remember(brands.load("tea"), {RECOMMEND: "nps", odd: "none"})
    assert brands.load("tea") == who and who.surveys == {RECOMMEND: "nps", odd: "none"}
    assert path.read_text(encoding="utf-8").startswith(before.rstrip())
    who = surveys.remember(who, {"would you RECOMMEND us? *": "csat"})
    assert brands.load("tea").surveys == {RECOMMEND: "csat", odd: "none"}


# What of an answer is kept


def test_nothing_of_who_answered_leaves_the_importer() -> None:
    head = f"Email Address,{RECOMMEND},Why?,Your name"
    rows = [f"ada@example.org,{n},Because {n},Ada Byron" for n in ("9", "3", "x")]
    export = opened(google(*rows, head=head))
    who = replace(BRAND, surveys=NPS, messages=Desk(keep_texts=True))
    (raw,) = surveys.FORMATS[0].read(export, surveys.FORMATS[0], Setting("x", who))
    for said in (raw.rows.to_csv(), raw.aside.to_csv()):
        assert "ada" not in said.casefold() and "byron" not in said.casefold()
    assert importers.read(export, who).tables["answers"]["text"].tolist() == ["Because 9", "Because 3"]
    assert importers.read(export, replace(who, messages=Desk())).tables["answers"]["text"].isna().all()


def test_a_free_answer_stands_beside_the_score_before_it_and_only_where_it_is_asked_for_once() -> None:
    said = {"Would you recommend us?": "nps", "How satisfied are you?": "csat"}
    who = replace(BRAND, surveys=said, messages=Desk(keep_texts=True))
    once = opened(google("9,Fine,5", head="Would you recommend us?,Why?,How satisfied are you?"))
    twice = opened(
        google("9,Fine,5,More", head="Would you recommend us?,Why?,How satisfied are you?,Comments")
    )
    texts = importers.read(once, who).tables["answers"].set_index("question")["text"]
    assert texts["nps"] == "Fine" and pd.isna(texts["csat"])
    assert importers.read(twice, who).tables["answers"]["text"].isna().all()


def test_who_did_not_answer_is_passed_over_and_what_is_no_score_kept_aside() -> None:
    reading = importers.read(opened(google("9", "", "ten", "4,and more", "11")), replace(BRAND, surveys=NPS))
    assert reading.tables["answers"]["score"].tolist() == [9]
    assert reading.aside.set_index("line")["reason"].to_dict() == {
        4: "nonsense:score", 5: "width", 6: "nonsense:score",
    }  # fmt: skip
    assert (reading.lines, reading.passed) == (5, 1)


# When it was given


@pytest.mark.parametrize("stamp, day", [
    ("2021/06/11 7:04:48 AM GMT+7", "2021-06-11"),
    ("2021/06/11 1:04:48 AM GMT+7", "2021-06-10"),
    ("2021/06/11 11:30:00\u202fPM UTC-5", "2021-06-12"),
    ("2021/06/11 11:30:00 PM EST", "2021-06-12"),
    ("2021/06/11 11:30:00 PM", "2021-06-11"),
    ("2021/06/11 23:30", "2021-06-11"),
    ("2026-03-31 23:12:38", "2026-03-31"),
    ("2026-03-29T02:30:00", "2026-03-29"),  # an hour that there was not
    ("31/12/2021 23:59:59", "2021-12-31"),
    ("12/31/21 23:59", "2021-12-31"),
    ("2021/06/11 7:04:48 AM ABC", None),
    ("2021/02/30 7:04:48 AM", None),
    ("yesterday", None),
])  # fmt: skip
def test_a_stamp_is_a_day_of_the_brand(stamp: str, day: str | None) -> None:
    (found,) = stamps.days(pd.Series([stamp], dtype="str"), Setting("x", BRAND), BRAND.zone)
    assert found == pd.Timestamp(day) if day else found is NONSENSE


def test_the_file_as_a_whole_tells_whether_the_day_or_the_month_comes_first() -> None:
    def days(*cells: str, french: bool = False) -> list[str]:
        found = stamps.days(pd.Series(cells, dtype="str"), Setting("x", BRAND), UTC, french)
        return [str(day.date()) for day in found]

    assert days("03/04/2026 9:00", "13/04/2026 9:00") == ["2026-04-03", "2026-04-13"]
    assert days("03/04/2026 9:00", "04/13/2026 9:00") == ["2026-03-04", "2026-04-13"]
    rising = ["11/03/2026 9:00", "05/04/2026 9:00", "06/04/2026 9:00"]  # with the day first alone
    assert days(*rising) == ["2026-03-11", "2026-04-05", "2026-04-06"]
    assert days(*reversed(rising)) == ["2026-04-06", "2026-04-05", "2026-03-11"]
    assert days("03/04/2026 9:00", french=True) == ["2026-04-03"]
    assert days("03/03/2026 9:00") == ["2026-03-03"]
    with pytest.raises(CmlibError) as refused:
        days("03/04/2026 9:00", "04/05/2026 9:00")
    assert refused.value.key == "survey_day_or_month"


def test_a_survey_without_dates_is_refused() -> None:
    export = opened(f"RespondentID,{RECOMMEND}\n1,9\n2,4\n")
    with pytest.raises(CmlibError) as refused:
        importers.read(export, replace(BRAND, surveys=NPS))
    assert refused.value.key == "survey_undated"


def test_what_only_begins_like_a_survey_is_none() -> None:
    for text in (
        "Timestamp,Content,URL,Views\n2026/03/01 9:00:00 AM,x,y,3\n",
        "Timestamp,Would you recommend us?\n1709283600,9\n",
        "Job ID,Start time,Completion time\n1,2,3\n",
        "Name,Respondent ID\nx,2\n",
    ):
        with pytest.raises(CmlibError) as refused:
            importers.identify(opened(text))
        assert refused.value.key.startswith("unrecognised")
        with pytest.raises(CmlibError, match="not a survey"):
            surveys.survey(opened(text))


# The command


@pytest.fixture
def barge(cm: Run, home: Path) -> Path:
    """A brand with a site, and a survey in its inbox."""
    path = brands.new("tea", "Tea", timezone="Europe/Paris")
    site = '\n[[accounts]]\nnetwork = "web"\nhandle = "barge.example"\n'
    path.write_text(path.read_text(encoding="utf-8") + site, encoding="utf-8")
    file = path.parent / "inbox" / "survey.csv"
    file.write_text(google("9,5", "3,4", head=f"{RECOMMEND},How satisfied are you?"), encoding="utf-8")
    return file


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Let somebody answer what is asked."""
    return typist(monkeypatch)


def scores() -> dict[str, list[float]]:
    answers = store.load(brands.load("tea"))["answers"]
    return {str(kind): rows["score"].tolist() for kind, rows in answers.groupby("question", observed=True)}


def test_an_import_refuses_and_the_command_asks_once(
    cm: Run,
    barge: Path,
    typing: Types,
) -> None:
    code, _, err = cm("import")
    assert code == 1 and RECOMMEND in err and "cm survey" in err
    code, _, err = cm("survey", str(barge))
    assert code == 1 and "--yes" in err and not brands.load("tea").surveys
    typing("y", "perhaps", "n")
    code, out, err = cm("survey", str(barge))
    assert (code, err) == (0, "") and "1 gave 9" in out and "Imported: 1" in words_of(out)
    assert brands.load("tea").surveys == {RECOMMEND: "nps", "How satisfied are you?": "none"}
    assert scores() == {"nps": [9, 3]}
    assert cm("survey", str(barge))[0] == 0  # and asks nothing more


def test_the_command_takes_proposals_and_names(cm: Run, barge: Path) -> None:
    code, _, err = cm("survey", str(barge), "--question", "Satisfied=none", "--yes")
    assert (code, err) == (0, "")
    assert brands.load("tea").surveys == {RECOMMEND: "nps", "How satisfied are you?": "none"}
    for said, expected in (
        ("how", "--question"),
        ("who=nps", "How satisfied"),
        ("satisfied=nqs", "--question"),
    ):
        code, _, err = cm("survey", str(barge), "-q", said)
        assert code == 1 and expected in err
    other = barge.with_name("other.csv")
    other.write_text("table,network\n", encoding="utf-8")
    code, _, err = cm("survey", str(other))
    assert code == 1 and "Google Forms" in err


def test_the_inbox_says_which_surveys_wait(barge: Path) -> None:
    (waiting,) = start.waiting("tea")
    assert [(asked.text, seems) for asked, seems in waiting.questions] == [
        (RECOMMEND, "nps"), ("How satisfied are you?", "csat"),
    ]  # fmt: skip
    surveys.remember(brands.load("tea"), {RECOMMEND: "nps", "How satisfied are you?": "none"})
    assert start.waiting("tea") == []
    barge.write_text(
        google("4", "2", "1", head="Cups a day"), encoding="utf-8"
    )  # could be one, does not seem so
    assert [seems for _, seems in start.waiting("tea")[0].questions] == ["none"]


# Real exports, where they are at hand beside the checkout; counted here without cmlib


def test_the_real_surveys_are_read_whole_by_one_format_each() -> None:
    for path in sorted(SHARED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        export = importers.open_export(importers.File("any.csv", path.read_bytes))
        assert importers.identify(export).name == path.name.partition("_")[0].replace(
            "google", "google_forms"
        )
        there = surveys.survey(export)
        assert len(there.lines) == len(rows) > 100 and len(there.questions) == len(head) - 1
        for place, question in enumerate(there.questions, 1):
            own = Counter(row[place].strip() for row in rows)
            assert Counter(question.answers) == own, question.text
        with pytest.raises(CmlibError) as refused:  # they ask neither
            importers.read(export, BRAND)
        assert refused.value.key == "survey_without"


def test_the_days_of_the_real_survey_are_its_own() -> None:
    for path in sorted(SHARED.glob("google*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        cells = [row[0] for row in rows]
        own = [pd.to_datetime(cell.rpartition(" GMT")[0]) - pd.Timedelta(hours=int(cell.rpartition("GMT")[2]))
               for cell in cells]  # fmt: skip
        there = surveys.survey(importers.open_export(importers.File(path.name, path.read_bytes)))
        setting = Setting(path.name, replace(BRAND, timezone="UTC"))
        found = stamps.days(pd.Series(there.cells(0), dtype="str"), setting, UTC)
        assert found.tolist() == [stamp.normalize() for stamp in own]
        who = replace(BRAND, surveys={head[1]: "csat"})  # an age group is no score: all are kept aside
        reading = importers.read(importers.open_export(importers.File("x.csv", path.read_bytes)), who)
        assert reading.lines == len(rows) == len(reading.aside) + reading.passed
        assert reading.passed == sum(row[1] in ("", "NA") for row in rows)
