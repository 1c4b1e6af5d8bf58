"""Facts: every network has its own, a user's rows win, and what they misspell is said with its line."""

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cmlib import factfile, facts
from cmlib.errors import CmlibError
from cmlib.i18n import LANGUAGES, has, speaking

TODAY = date(2026, 11, 23)
ROW = {
    "network": "instagram", "fact": "cadence_low", "value": "2", "source": "our own test",
    "source_date": "2026-06", "address": "https://example.org",
}  # fmt: skip


@pytest.fixture
def local(home: Path) -> Path:
    """Where a user's own rows stand."""
    folder = home / "data" / "reference" / "local"
    folder.mkdir(parents=True)
    return folder


def write(local: Path, *rows: dict[str, str], table: str = "networks") -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(row.get(name, "") for name in columns) for row in rows]
    path = local / f"{table}.csv"
    path.write_text("\n".join([",".join(columns), *lines, ""]), encoding="utf-8")
    return path


def fact(network: str, name: str, column: str = "value") -> object:
    known = facts.load("networks", TODAY).set_index(["network", "fact"])
    return known.at[(network, name), column]


# ── What there is ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("network", facts.SOCIAL)
def test_every_network_has_a_sheet_that_says_first_whether_it_lives(home: Path, network: str) -> None:
    sheet = facts.sheet(network, today=TODAY)
    status = sheet["networks"].iloc[0]
    assert (status["fact"], status["value"] in ("alive", "closed")) == ("status", True)
    for table, rows in sheet.items():
        assert set(rows["network"]) == {network}, table
        assert rows[list(factfile.MUST)].notna().all(axis=None)
        assert all(facts.says(table, rows))


def test_a_network_that_is_closed_says_why(home: Path) -> None:
    closed = facts.sheet("viadeo", today=TODAY)["networks"]
    assert closed["value"][0] == "closed" and closed["fact"][1] == "closed_because"
    said = facts.says("networks", closed)
    assert said[0] == "status: closed" and "receivership in November 2016" in said[1]


def test_what_matters_comes_first_and_the_country_s_surveys_before_others(home: Path) -> None:
    sheet = facts.sheet("instagram", "fr", TODAY)
    assert sheet["networks"]["fact"].tolist()[:4] == ["status", "users", "type", "discovery"]
    countries = sheet["audience"]["country"].tolist()
    french = countries.count("FR")
    assert french and set(countries[:french]) == {"FR"}
    years = sheet["audience"]["year"][:french].tolist()
    assert years == sorted(years, reverse=True)


def test_tables_are_counted_and_told_network_by_network(home: Path) -> None:
    known = facts.overview(TODAY).set_index("table")
    assert list(known.index) == list(factfile.TABLES) and not known["local"].any()
    for table, rows in known["rows"].items():
        assert sum(map(len, facts.by_network(table, today=TODAY).values())) == rows
    assert list(facts.by_network("counts", "x", TODAY)) == ["x"]
    assert list(facts.by_network("legal", today=TODAY)) == [""]
    with pytest.raises(CmlibError, match="benchmarks"):
        facts.by_network("legal", "x")


def test_misspelt_names_get_the_nearest(home: Path) -> None:
    with pytest.raises(CmlibError, match="networks"):
        facts.load("network")
    for ask in (facts.sheet, lambda name: facts.by_network("audience", name)):
        with pytest.raises(CmlibError, match="instagram"):
            ask("instagrm")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_can_be_said_and_every_fact_has_a_name(home: Path, language: str) -> None:
    with speaking(language):
        for table in factfile.TABLES:
            rows = facts.load(table, TODAY)
            said = facts.says(table, rows)
            assert len(said) == len(rows) and all(words.strip() for words in said)
            assert not [words for words in said if re.search(r"\bnan\b|\{|\.0\b(?!0| )", words)]
        names = set(facts.load("networks")["fact"])
        assert [n for n in names if not (n.startswith("format_") or has(f"facts.name.{n}"))] == []


@pytest.mark.parametrize(
    ("table", "row", "english", "french"),
    [
        ("networks", {"fact": "users", "value": "471.5", "unit": "million users"},
         "users: 471.5 million users", "utilisateurs\u00a0: 471,5 millions d’utilisateurs"),
        ("networks", {"fact": "format_short_video", "value": "partly", "unit": float("nan")},
         "takes short video: partly", "type «\u00a0vidéo courte\u00a0» accepté\u00a0: en partie"),
        ("audience", {"country": "FR", "year": 2025.0, "measure": "daily use", "dimension": "age_gender",
                      "level": "18-24 women", "share": 0.456, "n": 1200.0},
         "aged 18–24, women: 46% (use it daily, France, 2025; 1,200 asked)",
         "18–24 ans, femmes\u00a0: 46\u202f% (l’utilisent chaque jour, France, 2025\u202f; "
         "1\u202f200 personnes interrogées)"),
        ("benchmarks", {"metric": "median_reach", "value": 33.0, "unit": "people", "industry": "all",
                        "segment": "under 1k followers", "period": "2025"},
         "Median reach of a post, under 1k followers: 33 people (all sectors, 2025)",
         "Couverture médiane par publication, under 1k followers\u00a0: 33 personnes (tous secteurs, 2025)"),
        ("best_times", {"verdict": "worst", "day": "sat", "hour_start": 0.0, "hour_end": 24.0,
                        "timezone": "not stated"},
         "worst: Saturday, all day (time zone not stated)",
         "le pire\u00a0: samedi, toute la journée (fuseau non précisé)"),
    ],
)  # fmt: skip
def test_a_row_in_words(table: str, row: dict[str, object], english: str, french: str) -> None:
    for language, said in (("en", english), ("fr", french)):
        with speaking(language):
            assert facts._SAID[table](row) == said


# ── What is old ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "old"),
    [("2024-11-22", True), ("2024-11-24", False), ("2024-10", True), ("2024-11", False), ("2024", False),
     ("2023", True)],
)  # fmt: skip
def test_a_fact_is_old_after_24_months_from_the_last_day_that_its_date_may_mean(
    local: Path, said: str, old: bool
) -> None:
    write(local, ROW | {"source_date": said})
    assert fact("instagram", "cadence_low", "old") == old


def test_a_survey_is_as_old_as_the_year_it_asked_in(local: Path) -> None:
    asked = {
        "country": "FR", "network": "instagram", "measure": "ever use", "dimension": "all", "level": "all",
        "share": "0.5", "source": "ours", "source_date": "2026-01", "address": "https://example.org",
    }  # fmt: skip
    write(local, asked | {"year": "2022"}, asked | {"year": "2025"}, table="audience")
    rows = facts.load("audience", TODAY)
    assert rows.loc[rows["local"], "old"].tolist() == [True, False]


@pytest.mark.parametrize(("value", "said"), [("1", "1 post a week"), ("1.5", "1.5 posts a week")])
def test_one_post_is_not_posts(value: str, said: str) -> None:
    row = {"fact": "cadence_low", "value": value, "unit": "posts per week"}
    assert facts.says("networks", pd.DataFrame([row])) == [f"lowest advised pace: {said}"]


def test_who_says_so_and_when_are_told_as_people_do() -> None:
    assert facts.dated("2025-11-20") == "20 Nov 2025" and facts.dated("2025") == "2025"
    assert facts.said_by("Pew") == "Pew"
    with speaking("fr"):
        assert facts.said_by("Judgement of this project") == "Appréciation de ce projet"


# ── A user's own rows ───────────────────────────────────────────────────────────────────────────────────────


def test_a_row_of_one_s_own_wins_where_its_key_is_the_same_and_is_added_where_it_is_not(local: Path) -> None:
    before = len(facts.load("networks"))
    assert fact("instagram", "cadence_low") == "3"
    write(local, ROW, ROW | {"network": "viadeo", "fact": "caption_max", "value": "900"})
    rows = facts.load("networks")
    assert len(rows) == before + 1 and rows["local"].sum() == 2
    assert fact("instagram", "cadence_low") == "2" and fact("viadeo", "caption_max") == "900"
    assert fact("viadeo", "caption_max", "where") == "local/networks.csv:3"
    assert facts.says("networks", rows[rows["local"]]) == ["lowest advised pace: 2", "longest text: 900"]


def test_a_change_of_the_file_is_seen_at_once(local: Path) -> None:
    path = write(local, ROW)
    version = facts.version()
    assert fact("instagram", "cadence_low") == "2"
    write(local, ROW | {"value": "1"})
    assert fact("instagram", "cadence_low") == "1" and facts.version() != version
    path.unlink()
    assert fact("instagram", "cadence_low") == "3"


def test_excel_s_semicolons_and_empty_lines_do_no_harm(local: Path) -> None:
    lines = [";".join(ROW), "", ";".join(ROW.values()), ";" * (len(ROW) - 1), ""]
    (local / "networks.csv").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    assert fact("instagram", "cadence_low") == "2"
    assert fact("instagram", "cadence_low", "where") == "local/networks.csv:3"


def test_the_readme_s_own_row_can_be_read(local: Path) -> None:
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```csv\n(network,.*?)```", text, re.DOTALL)
    (local / "networks.csv").write_text(example, encoding="utf-8")
    assert facts.load("networks")["local"].sum() == 1


@pytest.mark.parametrize("table", factfile.TABLES)
def test_our_own_files_would_pass_as_a_user_s(table: str) -> None:
    path = facts.SHIPPED / f"{table}.csv"
    ours = factfile.read(path, table)
    assert len(factfile.checked(path, table, ours)) == len(ours)


ASKED = {
    "country": "FR", "year": "2026", "network": "x", "measure": "ever use", "dimension": "age",
    "level": "18-24", "share": "0.2", "source": "ours", "source_date": "2026", "address": "https://example.org",
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "row", "key", "said"),
    [
        ("networks", ROW | {"valeu": "2"}, "unknown_name", "value"),
        ("networks", ROW | {"network": "instagrm"}, "unknown_name", "instagram"),
        ("networks", ROW | {"source": ""}, "fact_lacks", "source"),
        ("networks", ROW | {"address": ""}, "fact_lacks", "address"),
        ("networks", ROW | {"value": ""}, "fact_lacks", "value"),
        ("networks", ROW | {"source_date": "June"}, "fact_date", "'June'"),
        ("networks", ROW | {"source_date": "2026-13"}, "fact_date", "'2026-13'"),
        ("networks", ROW | {"value": "often"}, "fact_value", "'often'"),
        ("networks", ROW | {"value": "-1"}, "fact_value", "'-1'"),
        ("networks", ROW | {"fact": "status", "value": "dead"}, "unknown_name", "alive"),
        ("networks", ROW | {"fact": "format_live", "value": "partl"}, "unknown_name", "partly"),
        ("networks", ROW | {"fact": "leading_kinds", "value": "image reel"}, "fact_value", "short_video"),
        ("networks", ROW | {"fact": "leading_kinds", "value": "image image"}, "fact_value", "short_video"),
        ("networks", ROW | {"fact": "cadense_low"}, "unknown_name", "cadence_low"),
        ("networks", ROW | {"trust": "great"}, "unknown_name", "high"),
        ("audience", ASKED | {"level": "youth"}, "fact_value", "18-24"),
        ("audience", ASKED | {"dimension": "ages"}, "unknown_name", "age"),
        ("audience", ASKED | {"dimension": "gender"}, "fact_value", "women"),
        ("audience", ASKED | {"measure": "evr use"}, "unknown_name", "ever use"),
        ("audience", ASKED | {"share": "20"}, "fact_value", "fraction"),
        ("audience", ASKED | {"share": "20 %"}, "fact_value", "'20 %'"),
        ("audience", ASKED | {"year": "last"}, "fact_value", "'last'"),
        ("audience", ASKED | {"country": "fr"}, "fact_value", "capitals"),
        ("objectives", {"network": "x", "market": "b2z", "objective": "awareness", "fit": "1", "source": "o",
                        "source_date": "2026", "address": "a"}, "unknown_name", "b2b"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_file_and_its_line(
    local: Path, table: str, row: dict[str, str], key: str, said: str
) -> None:
    good = ROW | {"fact": "cadence_high"} if table == "networks" else dict(row)
    path = write(local, *([good] if table == "networks" else []), row, table=table)
    with pytest.raises(CmlibError) as problem:
        facts.load(table)
    assert problem.value.key == key
    line = 1 if "valeu" in row else 3 if table == "networks" else 2
    for part in (said, f"{path}, line {line}"):
        assert part in str(problem.value)


def test_a_column_named_twice_is_refused(local: Path) -> None:
    path = local / "networks.csv"
    path.write_text("network,fact,value,value\nx,users,1,2\n", encoding="utf-8")
    with pytest.raises(CmlibError, match="named twice: value"):
        facts.load("networks")


def test_the_same_fact_twice_is_refused(local: Path) -> None:
    path = write(local, ROW, ROW | {"value": "5"})
    with pytest.raises(CmlibError) as problem:
        facts.load("networks")
    assert problem.value.key == "fact_twice" and f"{path}, line 3" in str(problem.value)


@pytest.mark.parametrize(
    "data",
    [
        b"network,fact\ninstagram,cadence_low,2,our own, unquoted test,2026-06,x\n",  # a comma too many
        b"",
        "réseau".encode("latin-1"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(local: Path, data: bytes) -> None:
    (local / "networks.csv").write_bytes(data)
    with pytest.raises(CmlibError, match=r"local/networks\.csv") as problem:
        facts.load("networks")
    assert problem.value.key == "bad_facts"
