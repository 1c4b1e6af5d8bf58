"""Shares of a persona: which source is taken, what it gives by hand, and how often its interval holds."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from cmlib import criteria, facts, presence
from cmlib.brand import Persona
from cmlib.schema import AGES

USERS = pd.DataFrame(
    {"value": [1000.0, 100.0], "where": ["networks.csv:1", "networks.csv:2"]}, index=["x", "reddit"]
)
YOUNG = Persona("Young", 1.0, ("18-24",))


def asked(country: str, level: str, share: float, **other: object) -> dict[str, object]:
    """A row of audience.csv; ``level`` an age, or all."""
    dimension = "all" if level == "all" else "age"
    row = {"country": country, "year": 2025, "network": "x", "measure": "ever use", "dimension": dimension,
           "level": level, "share": share, "n": 400.0, "moe": np.nan, "base": "", "source": "A",
           "trust": "medium", "local": False, "where": f"{country} {level}"}  # fmt: skip
    return row | other


def share(*rows: dict[str, object], persona: Persona = YOUNG, network: str = "x") -> pd.Series:
    return shares(pd.DataFrame(rows), USERS, "FR", [persona], [network]).iloc[0]


def shares(
    audience: pd.DataFrame,
    users: pd.DataFrame,
    country: str,
    personas: list[Persona],
    networks: Iterable[str],
) -> pd.DataFrame:
    known = presence.surveys(audience)
    return presence.shares(known, presence.doubts(known, users, country), users, country, personas, networks)


def test_a_survey_of_the_country_and_the_ages_comes_first() -> None:
    found = share(asked("FR", "18-24", 0.3), asked("FR", "all", 0.5), asked("US", "18-24", 0.9))
    assert (found["basis"], found["country"], found["facts"]) == ("own", "FR", ("FR 18-24",))
    assert found["value"] == pytest.approx(0.3)


def test_each_year_of_age_is_of_the_narrowest_band_that_has_it() -> None:
    """18 to 20 say 80 %, 18 to 29 say 50 %: of seven years three are the former's."""
    found = share(asked("FR", "18-20", 0.8), asked("FR", "18-29", 0.5))
    assert found["value"] == pytest.approx((3 * 0.8 + 4 * 0.5) / 7)


def test_a_total_is_bent_by_the_ages_of_the_donor() -> None:
    """Half of all there, 80 % of these ages: four times the odds; here 20 % of all, so half of these ages."""
    found = share(asked("FR", "all", 0.2), asked("US", "18-24", 0.8), asked("US", "all", 0.5))
    assert found["basis"] == "shaped" and found["value"] == pytest.approx(0.5)
    assert set(found["facts"]) == {"FR all", "US 18-24"}


def test_what_no_survey_of_the_country_asks_is_borrowed() -> None:
    found = share(asked("US", "18-24", 0.4))
    assert (found["basis"], found["country"]) == ("borrowed", "US")
    assert found["value"] == pytest.approx(0.4)
    sure = share(asked("FR", "18-24", 0.4))
    assert found["high"] - found["low"] > sure["high"] - sure["low"]


def test_a_borrowed_share_is_moved_as_the_two_countries_differ() -> None:
    """On three networks all are half as likely, in odds, as in the donor country; so on the fourth."""
    rows = [
        asked(country, "all", expit(logit(0.5) + step), network=network)
        for network in ("instagram", "tiktok", "youtube")
        for country, step in (("US", 0.0), ("FR", -np.log(2)))
    ]
    found = share(*rows, asked("US", "18-24", 0.5))
    assert found["value"] == pytest.approx(1 / 3)


def test_what_nobody_asks_is_guessed_from_the_users_in_the_world() -> None:
    rows = [asked("FR", "all", 0.5), *(asked("FR", "all", 0.5, network=n) for n in ("tiktok", "youtube"))]
    found = share(*rows, network="reddit")
    assert (found["basis"], found["n"], found["facts"]) == ("guessed", 0, ("networks.csv:2",))
    assert found["low"] < 0.2 and found["high"] > 0.8


def test_the_users_own_survey_wins_then_a_probability_sample() -> None:
    other, probability = asked("FR", "18-24", 0.2), asked("FR", "18-24", 0.4, source="B", trust="high")
    own = asked("FR", "18-24", 0.6, source="C", local=True, trust=np.nan)
    assert share(other, probability)["value"] == pytest.approx(0.4)
    assert share(other, probability, own)["value"] == pytest.approx(0.6)


def test_other_surveys_of_the_last_years_are_taken_together() -> None:
    """20 % and 50 % are odds of ¼ and 1: together a half, which is a third. One of 2019 does not count."""
    found = share(
        asked("FR", "18-24", 0.2), asked("FR", "18-24", 0.5, source="B"),
        asked("FR", "18-24", 0.9, source="C", year=2019),
    )  # fmt: skip
    assert found["value"] == pytest.approx(1 / 3) and found["n"] == 800


def test_a_band_that_is_mostly_of_others_does_not_speak_for_these() -> None:
    """Of 16 to 25, two years in ten are of 13 to 17: the total, bent, is nearer."""
    rows = (
        asked("FR", "16-25", 0.9),
        asked("FR", "all", 0.2),
        asked("US", "13-17", 0.8),
        asked("US", "all", 0.5),
    )
    found = share(*rows, persona=Persona("Pupils", 1.0, ("13-17",)))
    assert (found["basis"], found["note"]) == ("shaped", "") and found["value"] == pytest.approx(0.5)


def test_a_survey_of_long_ago_gives_way_to_a_newer_total() -> None:
    rows = asked("FR", "18-24", 0.9, year=2019), asked("FR", "all", 0.2), asked("US", "18-24", 0.8)
    assert share(*rows, asked("US", "all", 0.5))["basis"] == "shaped"


def test_surveys_that_disagree_are_less_sure() -> None:
    alike = share(asked("FR", "18-24", 0.4), asked("FR", "18-24", 0.42, source="B"))
    apart = share(asked("FR", "18-24", 0.1), asked("FR", "18-24", 0.8, source="B"))
    assert apart["sd"] > 1.1 * alike["sd"] and apart["low"] < 0.15 and apart["high"] > 0.7


def test_daily_use_is_not_use() -> None:
    assert (
        share(asked("FR", "18-24", 0.3, measure="daily use"), asked("US", "18-24", 0.4))["basis"]
        == "borrowed"
    )


def test_a_gender_moves_the_share_as_in_the_donor_country() -> None:
    women = asked("US", "women", 0.8, dimension="gender")
    rows = (asked("FR", "18-24", 0.5), asked("US", "all", 0.5), women)
    assert share(*rows, persona=Persona("W", 1, ("18-24",), ("women",)))["value"] == pytest.approx(0.8)
    assert share(*rows, persona=Persona("B", 1, ("18-24",), ("women", "men")))["value"] == pytest.approx(0.5)
    lacking = share(*rows, persona=Persona("R", 1, ("18-24",), setting="rural"))
    assert lacking["value"] == pytest.approx(0.5) and lacking["note"] == "presence.no_level"


def test_the_nearest_ages_of_the_donor_stand_in_and_it_is_said() -> None:
    found = share(asked("US", "25-34", 0.4))
    assert found["value"] == pytest.approx(0.4) and found["note"] == "presence.near_ages"


def hidden() -> pd.DataFrame:
    """What is said of the ages that a country's surveys ask about, once these are hidden: by how much, in
    standard deviations, does it miss what they say?"""
    audience, users = facts.load("audience"), criteria.users(criteria.known())
    found = []
    for country in sorted(set(audience["country"]) - {presence.DONOR, "EU"}):
        here = audience["country"].eq(country)
        personas = [Persona(age, 1.0, (age,)) for age in AGES]
        told = shares(audience, users, country, personas, facts.SOCIAL)
        told = told[told["basis"] == "own"]
        by_age = here & audience["dimension"].eq("age")
        for rest in (audience[~by_age], audience[~here]):  # with its totals, and without
            said = shares(rest, users, country, personas, facts.SOCIAL)
            both = told.merge(said, on=["persona", "network"], suffixes=("", "_said"))
            off = (both["centre"] - both["centre_said"]) / np.hypot(both["sd"], both["sd_said"])
            found.append(pd.DataFrame({"basis": both["basis_said"], "off": off}))
    return pd.concat(found, ignore_index=True)


def guesses() -> pd.Series:
    """The same for networks of which nobody had asked anywhere: the guess against what is asked."""
    audience, users = facts.load("audience"), criteria.users(criteria.known())
    personas = [Persona("all"), *(Persona(age, 1.0, (age,)) for age in ("18-24", "35-44", "65+"))]
    found = []
    for network in facts.SOCIAL:
        rest = audience[audience["network"] != network]
        for country in ("FR", "US", "DE", "CH", "ES"):
            told = shares(audience, users, country, personas, [network])
            said = shares(rest, users, country, personas, [network])
            both = told[told["basis"] == "own"].merge(said, on="persona", suffixes=("", "_said"))
            found.append((both["centre"] - both["centre_said"]) / np.hypot(both["sd"], both["sd_said"]))
    return pd.concat(found, ignore_index=True)


def test_a_guess_says_how_far_it_may_be_off() -> None:
    off = guesses()
    assert len(off) > 80 and off.abs().lt(1.96).mean() > 0.87


def test_what_is_not_asked_lies_where_it_is_said_to_lie() -> None:
    """95 % is promised; surveys that contradict each other by five standard errors are among the rest."""
    misses = hidden()
    held = misses["off"].abs().lt(1.96).groupby(misses["basis"])
    assert held.size()["borrowed"] > 50 and held.size()["shaped"] > 25
    assert held.mean()["borrowed"] > 0.87 and held.mean()["shaped"] > 0.85
