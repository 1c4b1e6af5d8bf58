"""Moments of the year: each rule against published dates, and what holds for whom, and is worth what."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import brand, facts, moments, schema
from cmlib.brand import Brand, Moment
from cmlib.errors import CmlibError
from cmlib.i18n import speaking

YEARS = range(2025, 2036)
FRENCH = Brand("tea", "Tea", country="FR")
KNOWN = facts.load("moments").fillna("").to_dict("records")
RULES = {row["key"]: row["rule_code"] + f":{row['key']}" * (row["rule_code"] == "library") for row in KNOWN}


def first(key: str, year: int) -> date:
    found = moments.dates(RULES[key], year)
    assert found
    return found[0]


def found(
    who: Brand, begun: str, ended: str = "", tables: dict[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    days = date.fromisoformat(begun), date.fromisoformat(ended or begun)
    return moments.on(who, tables or {}, *days).set_index("moment")


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: row["key"])
def test_every_row_of_the_table_is_on_the_days_that_it_prints(row: dict[str, str]) -> None:
    for year in (2025, 2026, 2027):
        told = moments.dates(RULES[row["key"]], year, int(row["duration_days"]))
        if not row[f"date_{year}"]:
            assert told is None and row["rule_code"] == "announced"
            continue
        begun = date.fromisoformat(row[f"date_{year}"])
        ended = row[f"end_{year}"]
        assert told == (begun, date.fromisoformat(ended) if ended else begun)


def test_the_french_sales_begin_as_the_law_says() -> None:
    """Published: 8 January and 25 June 2025, 7 January and 24 June 2026; the first Wednesday in 2027, too."""
    winter = {year: first("soldes_hiver", year) for year in YEARS}
    summer = {year: first("soldes_ete", year) for year in YEARS}
    assert (winter[2025], winter[2026], winter[2027]) == (
        date(2025, 1, 8),
        date(2026, 1, 7),
        date(2027, 1, 6),
    )
    assert (summer[2025], summer[2026], summer[2027]) == (
        date(2025, 6, 25),
        date(2026, 6, 24),
        date(2027, 6, 23),
    )
    for year in YEARS:
        wednesdays = [date(year, 1, day) for day in range(1, 15) if date(year, 1, day).weekday() == 2]
        assert winter[year] == (wednesdays[1] if wednesdays[1] <= date(year, 1, 12) else wednesdays[0])
        last = max(date(year, 6, day) for day in range(1, 31) if date(year, 6, day).weekday() == 2)
        assert summer[year] == (last if last <= date(year, 6, 28) else last - timedelta(days=7))
    assert moments.dates("soldes_hiver", 2026, 28) == (date(2026, 1, 7), date(2026, 2, 3))


def test_mothers_day_leaves_its_sunday_to_pentecost() -> None:
    days = {year: first("fete_meres", year) for year in YEARS}
    assert days[2034] == date(2034, 6, 4)  # Pentecost is on 28 May
    assert {year for year in YEARS if days[year].month == 6} == {2034}
    assert all(day.weekday() == 6 and (day + timedelta(days=7)).month == 6 for day in days.values())
    assert all(days[year] != first("pentecote", year) for year in YEARS)


def test_black_friday_is_the_day_after_thanksgiving_and_not_the_last_friday() -> None:
    assert first("black_friday", 2029) == date(2029, 11, 23) and first("black_friday", 2035) == date(
        2035, 11, 23
    )
    assert first("thanksgiving", 2025) == date(2025, 11, 27) and first("cyber_monday", 2026) == date(
        2026, 11, 30
    )
    american = Brand("us", "US", country="US")
    for year in YEARS:
        assert first("black_friday", year) - first("thanksgiving", year) == timedelta(days=1)
        assert "thanksgiving" in found(american, str(first("thanksgiving", year))).index


@pytest.mark.parametrize("year", YEARS)
def test_the_clock_changes_when_the_zone_of_paris_says_so(year: int) -> None:
    paris = ZoneInfo("Europe/Paris")
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    def offset(day: date) -> timedelta | None:
        return datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(paris).utcoffset()

    changes = [day for day in days if offset(day) != offset(day - timedelta(days=1))]
    assert changes == [first("heure_ete", year), first("heure_hiver", year)]


@pytest.mark.parametrize("year", YEARS)
def test_rules_of_the_year_hold_in_every_year(year: int) -> None:
    days = {key: moments.dates(rule, year) for key, rule in RULES.items()}
    assert {key for key, span in days.items() if span is None} == {
        "french_days_printemps", "french_days_rentree", "prime_day", "fete_voisins",
    } | ({"rentree_scolaire"} if year > 2027 else set())  # fmt: skip
    advent, easter = first("avent", year), first("paques", year)
    assert advent.weekday() == 6 and date(year, 11, 27) <= advent <= date(year, 12, 3)
    assert first("ascension", year).weekday() == 3 and first("lundi_pentecote", year).weekday() == 0
    assert date(year, 3, 22) <= easter <= date(year, 4, 25) and easter.weekday() == 6
    assert date(year, 1, 21) <= first("nouvel_an_lunaire", year) <= date(year, 2, 21)
    pink = moments.dates("month:02", year)
    assert pink and (pink[1] + timedelta(days=1)) == date(year, 3, 1)


def test_public_holidays_of_france_stand_once_under_the_keys_of_the_table() -> None:
    for year in YEARS:
        year_of = moments.on(FRENCH, {}, date(year, 1, 1), date(year, 12, 31))
        public = year_of[year_of["category"] == "public holiday"]
        assert len(public) == 11 and not public["moment"].str.startswith("holiday_").any()
        assert not year_of.duplicated(["moment", "first"]).any()
        assert set(public["value"]) == {0.0, 0.5}


def test_parts_and_other_countries_have_their_own_public_holidays_in_the_readers_language() -> None:
    moselle = replace(FRENCH, holidays=("FR-57",))
    assert "vendredi_saint" not in found(FRENCH, "2026-04-03").index
    assert found(moselle, "2026-04-03").loc["vendredi_saint", "value"] == 0.5
    assert found(moselle, "2026-12-26").loc["boxing_day", "category"] == "trade"
    assert "saint_nicolas" in found(moselle, "2026-12-06").index
    belgian = replace(FRENCH, country="BE")
    with speaking("fr"):
        assert found(belgian, "2026-07-21").loc["holiday_national_day", "name"] == "Fête nationale"
        assert found(belgian, "2026-12-25").loc["noel", "name"] == "Noël"
    assert found(belgian, "2026-07-21").loc["holiday_national_day", "name"] == "National Day"
    both = found(replace(FRENCH, holidays=("FR", "BE")), "2026-01-01", "2026-12-31")
    assert (both.index == "noel").sum() == 1 and "holiday_national_day" in both.index
    assert "fete_nationale" not in found(belgian, "2026-07-14").index
    assert "holiday_independence_day" in found(replace(FRENCH, country="US"), "2026-07-04").index


def test_school_holidays_are_those_of_a_decree_and_worth_nothing() -> None:
    there = replace(FRENCH, holidays=("FR", "FR-Zone A"))
    winter = found(there, "2026-02-10").loc["school_zone_a_winter_break"]
    assert (winter["first"], winter["last"]) == (pd.Timestamp("2026-02-07"), pd.Timestamp("2026-02-22"))
    assert winter["value"] == 0 and winter["category"] == "school holidays"
    christmas = found(there, "2026-12-31").loc["school_zone_a_christmas_break"]  # over the new year
    assert (christmas["first"], christmas["last"]) == (pd.Timestamp("2026-12-19"), pd.Timestamp("2027-01-03"))
    assert not found(there, "2029-01-01", "2029-12-31").index.str.startswith("school_").any()


def test_a_range_is_whole_even_where_it_began_before() -> None:
    sales = found(FRENCH, "2026-02-01").loc["soldes_hiver"]
    assert (sales["first"], sales["last"]) == (pd.Timestamp("2026-01-07"), pd.Timestamp("2026-02-03"))
    assert "soldes_hiver" not in found(FRENCH, "2026-02-04").index
    assert "soldes_hiver" not in found(replace(FRENCH, country="BE"), "2026-02-01").index


def test_what_it_is_worth() -> None:
    year = found(FRENCH, "2026-01-01", "2026-12-31")["value"]
    assert (year["black_friday"], year["chandeleur"], year["noel"], year["yoga"]) == (1, 1, 0.5, 0)
    sensitive = found(FRENCH, "2026-01-01", "2026-12-31")["sensitive"]
    for key in ("memoire_holocauste", "violences_femmes", "armistice", "attentats_2015", "singles_day"):
        assert sensitive[key] and year[key] == 0
    assert not found(replace(FRENCH, country="CA"), "2026-11-11").loc["singles_day", "sensitive"]
    chosen = replace(FRENCH, catch={"black_friday": 0.0, "singles_day": 2.0, "holiday_national_day": 1.0})
    with pytest.raises(CmlibError, match=r"Nearest:.*fete_nationale"):  # which is Belgium's
        found(chosen, "2026-11-11")
    chosen = replace(chosen, holidays=("FR", "BE"))
    assert found(chosen, "2026-11-11").loc["singles_day", "value"] == 2
    assert found(chosen, "2026-11-27").loc["black_friday", "value"] == 0
    assert found(chosen, "2026-07-21").loc["holiday_national_day", "value"] == 1


@pytest.mark.parametrize(
    ("sector", "key"),
    [("coffee shop", "cafe"), ("Café", "cafe"), ("librairie", "livre"), ("food and beverage", "chocolat"),
     ("Yoga", "yoga"), ("photography studio", "photo_day")],
)  # fmt: skip
def test_days_of_the_own_sector_count(sector: str, key: str) -> None:
    day = str(first(key, 2026))
    assert found(FRENCH, day).loc[key, "value"] == 0
    assert found(replace(FRENCH, sector=sector), day).loc[key, "value"] == 1


def test_what_is_misspelt_is_told_with_its_line_and_the_nearest(home: Path) -> None:
    path = home / "data" / "brands" / "tea" / "brand.toml"
    path.parent.mkdir(parents=True)
    for said, expected in (
        ("[catch]\nblack_fridy = 1", "line 4.*Nearest: black_friday"),
        ('holidays = ["FX"]', "not a known country.*line 3"),
        ('holidays = ["FR-58"]', "line 3.*Nearest: FR-57"),
    ):
        path.write_text(f'name = "Tea"\ncountry = "FR"\n{said}\n', encoding="utf-8")
        with pytest.raises(CmlibError, match=expected):
            found(brand.load("tea"), "2026-11-27")
    assert list(moments.on(Brand("x", "X"), {}, date(2026, 8, 12), date(2026, 8, 12)).columns) == list(
        moments.COLUMNS
    )


def test_the_brands_own_come_with_their_kind_and_networks() -> None:
    doors = Moment("Portes ouvertes", "event", date(2026, 12, 5), date(2026, 12, 6), 3.0, ("instagram",))
    again = replace(doors, first=date(2026, 12, 12), last=date(2026, 12, 12))
    own = found(replace(FRENCH, moments=(again, doors)), "2026-12-06", "2026-12-12")
    mine = own[own["source"] == "brand.toml"]
    assert list(mine.index) == ["own:portes-ouvertes", "own:portes-ouvertes-2026-12-12"]
    assert tuple(mine.iloc[0][["category", "value", "networks"]]) == ("event", 3.0, ("instagram",))


def test_imported_events_are_moments_and_cancelled_ones_are_none() -> None:
    rows = pd.DataFrame({
        "brand": "tea", "network": "web", "account": "calendar", "source": "f",
        "observed_at": pd.Timestamp("2026-11-02", tz="UTC"),
        "title": ["Lancement de la cuvée", "Marché", "Marché", "Annulé"],
        "since": pd.to_datetime(["2026-12-01", "2026-12-05", "2026-12-12", "2026-12-01"]),
        "until": pd.to_datetime(["2026-12-02", "2026-12-05", "2026-12-12", "2026-12-01"]),
        "uid": ["A@x", "b@x", "b@x", "c@x"], "category": [None, "", "", "cancelled"],
    })  # fmt: skip
    tables = {"moments": schema.check("moments", rows)}
    mine = found(FRENCH, "2026-12-01", "2026-12-31", tables)
    mine = mine[mine["source"] == "ics"]
    assert list(mine.index) == ["ics:a-x", "ics:b-x-2026-12-05", "ics:b-x-2026-12-12"]
    assert list(mine["category"]) == ["launch", "event", "event"] and set(mine["value"]) == {2.0}
    assert mine.loc["ics:a-x", "source_date"] == "2026-11-02"


def test_what_has_no_date_says_why_and_a_local_row_gives_one(home: Path) -> None:
    asked = moments.undated(FRENCH, date(2028, 1, 1), date(2028, 12, 31)).set_index("moment")["reason"]
    assert asked["french_days_printemps"] == "announced" and asked["rentree_scolaire"] == "not_known"
    assert "black_friday" not in asked.index
    local = home / "data" / "reference" / "local" / "moments.csv"
    local.parent.mkdir(parents=True)
    local.write_text(
        "key,name_en,category,scope,rule_code,date_2028,end_2028,source,source_date,address\n"
        "french_days_printemps,French Days,trade,FR,announced,2028-04-26,2028-05-02,Me,2027,mail\n"
        "kermesse,Fair,tradition,FR,nth:sun:6:2,,,Me,2027,mail\n",
        encoding="utf-8",
    )
    sale = found(FRENCH, "2028-05-01").loc["french_days_printemps"]
    assert (sale["first"], sale["value"]) == (pd.Timestamp("2028-04-26"), 1)
    assert "kermesse" in found(FRENCH, "2026-06-14").index
    text = local.read_text(encoding="utf-8")
    for wrong in ("nth:sun:6:7", "nth:dim:6:2", "fixed:02-30", "library", "month:13", "easter", "someday"):
        local.write_text(text.replace("nth:sun:6:2", wrong), encoding="utf-8")
        with pytest.raises(CmlibError, match=r"local/moments\.csv:3"):
            found(FRENCH, "2026-06-14")


@settings(derandomize=True, deadline=None, max_examples=15)
@given(start=st.dates(date(2025, 1, 1), date(2035, 11, 1)), days=st.integers(0, 40), cut=st.integers(0, 40))
def test_the_moments_of_two_spans_are_those_of_both(start: date, days: int, cut: int) -> None:
    """Cutting a span in two loses nothing and adds nothing; all is sorted, and within the span."""
    end, middle = start + timedelta(days=days), start + timedelta(days=min(cut, days))
    whole = moments.on(FRENCH, {}, start, end)
    parts = [moments.on(FRENCH, {}, start, middle), moments.on(FRENCH, {}, middle, end)]
    both = (
        pd.concat(parts)
        .drop_duplicates(["moment", "first"])
        .sort_values(["first", "moment"], ignore_index=True)
    )
    pd.testing.assert_frame_equal(whole, both)
    assert ((whole["first"] <= pd.Timestamp(end)) & (whole["last"] >= pd.Timestamp(start))).all()
    assert (whole["value"] >= 0).all() and not (whole["sensitive"] & (whole["value"] > 0)).any()
