"""data/reference/audience.csv and counts.csv: every row can be used, and says where it comes from."""

import re
from pathlib import Path

import pandas as pd
import pytest

from cmlib.schema import EDUCATIONS, GENDERS, INCOMES, NETWORKS, SETTINGS

FOLDER = Path(__file__).parents[1] / "data" / "reference"
KEY = ["country", "year", "network", "measure", "dimension", "level", "source"]
COLUMNS = {
    "audience": [*KEY[:6], "share", "n", "moe", "base", "source", "source_date", "address", "trust", "note"],
    "counts": [*KEY[:4], "value", "unit", "source", "source_date", "address", "trust", "note"],
}
AGE = r"\d{1,2}-\d{1,2}|\d{2}\+"
LEVELS = {
    "all": "all",
    "age": AGE,
    "gender": "|".join(GENDERS),
    "age_gender": rf"({AGE}) ({'|'.join(GENDERS)})",
    "education": "|".join(EDUCATIONS),
    "income": "|".join(INCOMES),
    "setting": "|".join(SETTINGS),
}
# How a fact was found is no citation.
TRACES = r"find_string|find_file|read_file|\bid \d{4}|/work|obtained|by us\b"


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_cites_its_source_and_is_there_once(name: str) -> None:
    rows = table(name)
    assert list(rows) == COLUMNS[name]
    assert rows["country"].str.fullmatch(r"[A-Z]{2}").all()
    assert set(rows["network"]) <= {"any", *NETWORKS} - {"web"}
    assert set(rows["trust"]) <= {"high", "medium", "low"}
    assert rows["year"].str.fullmatch(r"20\d\d").all()
    assert rows["source_date"].str.fullmatch(r"20\d\d(-[01]\d(-[0-3]\d)?)?").all()
    assert (rows["source_date"].str[:4] >= rows["year"]).all(), "a survey is not printed before it is made"
    assert rows["address"].str.fullmatch(r"https://\S+\.\S+").all()
    assert (rows[["measure", "source"]] != "").all(axis=None)
    assert not rows.apply(lambda column: column.str.contains(TRACES)).any(axis=None)
    assert not rows.duplicated([column for column in KEY if column in rows]).any()


def test_a_share_is_a_fraction_with_a_base_and_a_level_of_a_known_form() -> None:
    rows = table("audience")
    assert pd.to_numeric(rows["share"]).between(0, 1).all()
    assert pd.to_numeric(rows["moe"]).dropna().between(0, 0.5).all()
    assert rows["n"].str.fullmatch(r"[1-9]\d*|").all()
    assert (rows["base"] != "").all()
    for row in rows.itertuples():
        assert re.fullmatch(LEVELS[row.dimension], row.level), row


def test_a_band_of_ages_begins_before_it_ends() -> None:
    ages = table("audience")["level"].str.extract(r"^(\d+)-(\d+)").dropna().astype(int)
    assert len(ages) and (ages[0] < ages[1]).all()


def test_a_count_is_a_whole_number_of_something() -> None:
    rows = table("counts")
    assert rows["value"].str.fullmatch(r"[1-9]\d*").all()
    assert set(rows["unit"]) <= {"persons", "accounts", "identities"}
