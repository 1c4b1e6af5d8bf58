"""Which networks: by hand in a small world, by law everywhere, and sensible for brands that differ."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choices import FITS, NETWORKS, RATES, SHARES, small, world

from cmlib import facts, platforms, portfolio, verdicts
from cmlib.brand import Brand, Persona, Piece
from cmlib.errors import CmlibError
from cmlib.schema import CRITERIA

__all__ = ["small"]

PUPILS = Brand(
    "demo", "Lycée", sector="education", country="FR", hours_per_week=15.0,
    personas=(Persona("Pupils", 3, ("13-17",)), Persona("Parents", 1, ("35-44", "45-54"))),
    objectives={"awareness": 3, "engagement": 2, "recruitment": 1},
    pieces={"image": Piece(1), "carousel": Piece(2), "story": Piece(0.5), "short_video": Piece(3),
            "text": Piece(0.3)},
)  # fmt: skip
ACCOUNTING = Brand(
    "demo", "Compta", sector="tech and software", country="FR", market="b2b", hours_per_week=14.0,
    monthly_budget=500.0,
    personas=(Persona("Accountants", 2, ("25-34", "35-44", "45-54"), education="graduate"),
              Persona("Owners", 1, ("35-44", "45-54", "55-64"))),
    objectives={"conversion": 3, "awareness": 2, "support": 1},
    pieces={"text": Piece(1), "image": Piece(1.5), "carousel": Piece(3), "article": Piece(5),
            "video": Piece(8, 100), "live": Piece(6)},
)  # fmt: skip
BRANDS = pytest.mark.parametrize("brand", [PUPILS, ACCOUNTING], ids=lambda b: b.name)


def ranked(brand: Brand) -> list[str]:
    return list(platforms.ranking(platforms.review(brand))["network"])


# By hand


def test_the_points_of_two_networks_by_hand(small: Brand) -> None:
    """instagram: 3 images a week of an hour are 13 of 43⅓ hours a month; tiktok: 5 are half of them."""
    table = platforms.ranking(platforms.review(small)).set_index("network")
    assert table.loc["instagram", list(CRITERIA)].to_list() == pytest.approx([50, 100, 100, 200 / 3, 70])
    assert table.loc["tiktok", list(CRITERIA)].to_list() == pytest.approx([80, 50, 100, 100, 50])
    assert table["value"].to_list() == pytest.approx([77 + 1 / 3, 76])
    assert (table["low"] < table["value"]).all() and (table["value"] < table["high"]).all()


def test_the_portfolio_of_two_networks_by_hand(small: Brand) -> None:
    """Reached: 0.5 · 1 on instagram, 0.8 · 0.5 on tiktok. Both: 70 % by chance, 50 % if nested."""
    sets = portfolio.portfolio(platforms.review(small))["sets"]
    assert sets["reach"].to_list() == pytest.approx([0.7, 0.6, 0.5])
    assert sets["networks"].to_list() == [("instagram", "tiktok"), ("instagram", "tiktok"), ("instagram",)]
    assert sets["hours"].to_list() == pytest.approx([8, 8, 3])
    few = portfolio.portfolio(platforms.review(small, hours=4.0))
    assert few["sets"]["networks"].to_list() == [("instagram",)] * 3
    assert portfolio.further(few["frontier"], 4.0)["hours"].to_list() == pytest.approx([4])


def test_the_marginal_reach_of_a_network_by_hand(small: Brand) -> None:
    each = portfolio.portfolio(platforms.review(small))["networks"].set_index("network")
    assert each["reach"].to_dict() == pytest.approx({"instagram": 0.2, "tiktok": 0.1})
    assert each["chosen"].all()


def test_people_are_counted_where_their_number_is_said(small: Brand) -> None:
    counted = replace(small, personas=(replace(small.personas[0], people=1000.0),))
    choice = platforms.review(counted)
    assert portfolio.portfolio(choice)["sets"]["people"].to_list() == pytest.approx([900, 850, 500])
    assert platforms.presence_of(choice).set_index("network")["people"].to_dict() == {
        "tiktok": 800,
        "instagram": 500,
    }


def test_the_interval_of_a_probability_sample_is_that_of_its_size(small: Brand) -> None:
    """Half of 1,000: 46.9 to 53.1 %, as the textbook has it."""
    row = platforms.presence_of(platforms.review(small)).set_index("network").loc["instagram"]
    assert [row["low"], row["high"]] == pytest.approx([0.469, 0.531], abs=0.0005)
    assert (row["basis"], row["country"], row["n"]) == ("own", "FR", 1000)


def test_a_budget_binds(small: Brand) -> None:
    """Three images a week at 10 are 130 a month, five are 217."""
    costly = replace(small, pieces={"image": Piece(1.0, 10.0)}, monthly_budget=150.0)
    sets = portfolio.portfolio(platforms.review(costly))["sets"]
    assert sets["networks"].to_list() == [("instagram",)] * 3
    assert sets["money"].to_list() == pytest.approx([130] * 3)


# Laws


@BRANDS
def test_the_acceptabilities_of_a_place_add_up_to_one(brand: Brand, demo: str) -> None:
    table = platforms.acceptability(platforms.review(brand))
    assert table.groupby("place")["share"].sum().to_list() == pytest.approx([1] * table["network"].nunique())
    assert table.groupby("network")["share"].sum().to_list() == pytest.approx(
        [1] * table["network"].nunique()
    )


@BRANDS
def test_more_hours_never_reach_fewer(brand: Brand, demo: str) -> None:
    found = [
        portfolio.portfolio(platforms.review(replace(brand, hours_per_week=h)))["sets"]["reach"]
        for h in (2.0, 5.0, 9.0, 14.0, 30.0)
    ]
    for less, more in pairwise(found):
        assert (more >= less - 1e-12).all()


@BRANDS
def test_a_persona_of_weight_zero_changes_nothing(brand: Brand, demo: str) -> None:
    other = replace(brand, personas=(*brand.personas, Persona("Nobody", 0.0, ("65+",))))
    one, two = platforms.review(brand), platforms.review(other)
    pd.testing.assert_frame_equal(verdicts.verdicts(one), verdicts.verdicts(two))
    pd.testing.assert_frame_equal(platforms.ranking(one), platforms.ranking(two))
    for name, frame in portfolio.portfolio(one).items():
        pd.testing.assert_frame_equal(frame, portfolio.portfolio(two)[name])


@BRANDS
def test_weights_times_anything_change_nothing(brand: Brand, demo: str) -> None:
    """Of criteria, objectives and personas."""
    weights = {name: float(nth) for nth, name in enumerate(CRITERIA, 1)}
    times = replace(
        brand,
        weights={name: 7 * w for name, w in weights.items()},
        objectives={name: 7 * w for name, w in brand.objectives.items()},
        personas=tuple(replace(persona, weight=7 * persona.weight) for persona in brand.personas),
    )
    one, two = (platforms.ranking(platforms.review(b)) for b in (replace(brand, weights=weights), times))
    pd.testing.assert_frame_equal(one, two)


@BRANDS
def test_the_order_in_which_things_are_said_changes_nothing(brand: Brand, demo: str) -> None:
    turned = replace(
        brand,
        personas=brand.personas[::-1],
        pieces=dict(reversed(brand.pieces.items())),
        objectives=dict(reversed(brand.objectives.items())),
    )
    pd.testing.assert_frame_equal(
        platforms.ranking(platforms.review(brand)), platforms.ranking(platforms.review(turned))
    )


def test_a_dominated_network_changes_no_other_rank(small: Brand) -> None:
    before = platforms.review(small)
    worse = {"leading_kinds": "text", "cadence_low": "9", "cadence_high": "9", "users": "10"}
    world(
        facts.SHIPPED, NETWORKS | {"threads": worse}, SHARES | {"threads": 0.1}, FITS | {"threads": 0.0},
        RATES | {"threads": 0.0002},
    )  # fmt: skip
    after = platforms.review(small)
    table = platforms.ranking(after)
    assert table["network"].to_list() == ["instagram", "tiktok", "threads"]
    kept = table.set_index("network").loc[["instagram", "tiktok"]]
    pd.testing.assert_frame_equal(kept, platforms.ranking(before).set_index("network"), check_exact=False)
    for name, frame in portfolio.portfolio(before).items():
        same = portfolio.portfolio(after)[name]
        rows = same[~same["network"].eq("threads")] if name == "networks" else same
        pd.testing.assert_frame_equal(frame, rows.reset_index(drop=True))


# Sensible


def test_two_brands_get_two_answers(demo: str) -> None:
    pupils, accounting = ranked(PUPILS), ranked(ACCOUNTING)
    assert set(pupils[:3]) == {"instagram", "tiktok", "youtube"}
    assert accounting[0] == "linkedin" and pupils.index("linkedin") > 3
    assert accounting.index("tiktok") > 8 and accounting.index("snapchat") > 8


@BRANDS
def test_every_network_gets_an_answer(brand: Brand, demo: str) -> None:
    found = verdicts.verdicts(platforms.review(brand)).set_index("network")
    assert set(found.index) == set(facts.SOCIAL)
    assert set(found["verdict"]) <= {"go", "keep", "test", "leave", "closed"}
    assert found.at["viadeo", "verdict"] == "closed"
    assert (found["facts"].map(len) > 0).all()


@BRANDS
def test_every_fact_of_a_verdict_stands_somewhere(brand: Brand, demo: str) -> None:
    choice = platforms.review(brand)
    rests = verdicts.used(choice)
    assert set(rests["where"]) == {place for some in verdicts.verdicts(choice)["facts"] for place in some}
    assert rests["number"].to_list() == list(range(1, len(rests) + 1))
    assert rests[["says", "source", "source_date", "address"]].notna().all(axis=None)


def test_own_accounts_are_kept_or_left_and_others_entered(demo: str) -> None:
    found = verdicts.verdicts(platforms.review("demo"))
    used = found[found["in_use"]]
    assert set(used["network"]) == {"facebook", "instagram", "tiktok", "linkedin", "youtube"}
    assert set(used["verdict"]) <= {"keep", "test", "leave"}
    assert not set(found.loc[~found["in_use"], "verdict"]) & {"keep"}


def test_what_no_survey_of_the_country_asks_is_tested_first(demo: str) -> None:
    found = verdicts.verdicts(platforms.review(PUPILS))
    assert not found[found["basis"].isin(["borrowed", "guessed"])]["verdict"].eq("go").any()


def test_a_network_of_members_counts_for_those_whom_it_serves(demo: str) -> None:
    """WhatsApp shows nobody to strangers: only the part of the objectives that serves members counts."""
    shown = {
        name: platforms.review(replace(PUPILS, objectives=o)).of("presence").at["whatsapp", "value"]
        for name, o in {"awareness": {"awareness": 1.0}, "both": {"awareness": 1.0, "support": 1.0}}.items()
    }
    choice = platforms.review(replace(PUPILS, objectives={"support": 1.0}))
    assert shown["awareness"] == 0
    assert shown["both"] == pytest.approx(choice.of("presence").at["whatsapp", "value"] / 2)


def test_the_reasons_name_the_first_two(demo: str) -> None:
    choice = platforms.review(ACCOUNTING)
    first, second = platforms.ranking(choice)["network"][:2]
    for _, values in platforms.decided(choice):
        assert (values["network"], values["other"]) == (first, second)
    assert platforms.decided(choice)[1][1]["criterion"] in CRITERIA


def test_own_posts_outweigh_the_benchmark(demo: str) -> None:
    rates = platforms.review("demo").rates
    assert rates.at["instagram", "weight"] > 0.9 and rates.at["instagram", "n"] > 100
    assert rates.at["reddit", "weight"] == 0 and rates.at["reddit", "n"] == 0
    assert np.log(rates.at["instagram", "value"] / rates.at["instagram", "own"]) == pytest.approx(0, abs=0.05)


# What is asked wrongly


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"country": ""}, "no_country"),
        ({"personas": ()}, "no_persona"),
        ({"personas": (Persona("Nobody", 0.0),)}, "no_persona_counts"),
        ({"objectives": {}}, "no_objective"),
        ({"objectives": {"awareness": 0.0}}, "no_objective"),
        ({"pieces": {}}, "no_piece"),
        ({"hours_per_week": 0.0}, "no_hours"),
        ({"hours_per_week": None}, "no_hours"),
        ({"weights": dict.fromkeys(CRITERIA, 0.0)}, "no_weight"),
    ],
)
def test_a_question_that_is_not_whole_says_what_lacks(change: dict, key: str, demo: str) -> None:
    with pytest.raises(CmlibError) as problem:
        platforms.review(replace(PUPILS, **change))
    assert problem.value.key == key
    assert "brand.toml" in str(problem.value)


@pytest.mark.parametrize(
    ("weights", "key"),
    [("presense=1", "unknown_name"), ("cost", "bad_weight"), ("cost=-1", "bad_weight"),
     ("cost=nan", "bad_weight"), ("presence=0, cost=0", "no_weight")],
)  # fmt: skip
def test_weights_that_make_no_sense_are_refused(weights: str, key: str, demo: str) -> None:
    with pytest.raises(CmlibError) as problem:
        platforms.review(PUPILS, weights=weights)
    assert problem.value.key == key


@pytest.mark.parametrize("as_of", ["garbage", "2026-13-01", "2026-02-30"])
def test_a_moment_that_is_none_is_refused(as_of: str, demo: str) -> None:
    with pytest.raises(CmlibError) as problem:
        platforms.review(PUPILS, as_of=as_of)
    assert problem.value.key == "bad_day"


@pytest.mark.parametrize(
    ("country", "near"), [("France", "FR (France)"), ("ZZ", ""), ("F1", ""), ("USA", "")]
)
def test_a_country_is_its_two_letters(country: str, near: str, demo: str) -> None:
    with pytest.raises(CmlibError, match="country") as problem:
        platforms.review(replace(PUPILS, country=country))
    assert near in str(problem.value)


@pytest.mark.parametrize("hours", [-5.0, np.inf, np.nan])
def test_hours_that_are_none_are_refused(hours: float, demo: str) -> None:
    with pytest.raises(CmlibError) as problem:
        platforms.review(PUPILS, hours=hours)
    assert problem.value.key == "bad_hours"


def test_the_score_lies_in_the_middle_of_its_draws(demo: str) -> None:
    """Else ranking and acceptability would answer different questions."""
    for brand in (PUPILS, ACCOUNTING):
        choice = platforms.review(brand)
        score = platforms.ranking(choice).set_index("network").loc[choice.networks, "value"].to_numpy()
        assert np.abs(np.median(choice.scores, axis=0) - score).max() < 5


def test_what_cannot_be_kept_up_is_left(demo: str) -> None:
    """Nothing that it lives on, more hours than there are, more money than there is."""
    only = replace(PUPILS, pieces={"image": Piece(1)})
    found = verdicts.verdicts(platforms.review(only)).set_index("network")["verdict"]
    assert found["tiktok"] == found["youtube"] == "leave"
    little = verdicts.verdicts(platforms.review(replace(PUPILS, hours_per_week=0.3)))
    assert set(little["verdict"]) <= {"leave", "closed"}
    costly = replace(PUPILS, pieces={"short_video": Piece(1, 500.0)}, monthly_budget=100.0)
    assert set(verdicts.verdicts(platforms.review(costly))["verdict"]) <= {"leave", "closed"}


def test_each_network_of_the_best_set_earns_its_place(demo: str) -> None:
    for brand in (PUPILS, ACCOUNTING):
        for hours in (6.0, 10.0, 12.0, 20.0):
            each = portfolio.portfolio(platforms.review(brand, hours=hours))["networks"]
            assert (each.loc[each["chosen"], "reach"] >= portfolio.LEAST - 1e-9).all()


LOCAL = "network,fact,value,source,source_date,address\n{},S,2026,https://example.org\n"


@pytest.mark.parametrize(
    ("row", "key"),
    [("viadeo,status,alive", "network_lacks"), ("instagram,cadence_low,9", "network_odd"),
     ("instagram,users,0", "network_odd")],
)  # fmt: skip
def test_facts_that_make_no_sense_together_say_so(
    row: str, key: str, demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "data" / "reference" / "local"
    local.mkdir(parents=True)
    (local / "networks.csv").write_text(LOCAL.format(row), encoding="utf-8")
    (tmp_path / "data" / "brands").symlink_to(facts.brand.home() / "data" / "brands")
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    with pytest.raises(CmlibError) as problem:
        platforms.review(PUPILS)
    assert problem.value.key == key and row.split(",")[0] in str(problem.value)


def test_a_country_without_a_survey_borrows_and_says_so(demo: str) -> None:
    found = platforms.presence_of(platforms.review(replace(PUPILS, country="MA")))
    assert set(found["basis"]) <= {"borrowed", "guessed"}
    assert "MA" not in set(found["country"])
    here = platforms.presence_of(platforms.review(replace(PUPILS, country="US")))
    width = (found["high"] - found["low"]).mean(), (here["high"] - here["low"]).mean()
    assert width[0] > 2 * width[1]


def test_own_rows_of_facts_win(demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = platforms.review(PUPILS)
    survey = (
        "country,year,network,measure,dimension,level,share,n,source,source_date,address\n"
        "FR,2026,mastodon,use (declared),age,13-17,0.6,400,Our own survey,2026-10,https://example.org\n"
    )
    local = tmp_path / "data" / "reference" / "local"
    local.mkdir(parents=True)
    (local / "audience.csv").write_text(survey, encoding="utf-8")
    (tmp_path / "data" / "brands").symlink_to(facts.brand.home() / "data" / "brands")
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    row = platforms.presence_of(platforms.review(PUPILS)).query(
        "network == 'mastodon' and persona == 'Pupils'"
    )
    assert row["value"].iloc[0] == pytest.approx(0.6) and row["basis"].iloc[0] == "own"
    assert row["facts"].iloc[0] == ("local/audience.csv:2",)
    before = platforms.presence_of(choice).query("network == 'mastodon'")
    assert (before["basis"] == "borrowed").all()
