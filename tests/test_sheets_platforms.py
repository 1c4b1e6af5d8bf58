"""The sheets of the choice of networks: each clause has its facts, each verdict a sign and a word."""

import re

import pandas as pd
import pytest
from test_sheets import EVIL, Tags

from cmlib import cells, documents, facts, i18n, sheets
from cmlib.schema import CRITERIA

NOTHING = float("nan")
RESTS = {
    "presence": ("audience.csv:2", "audience.csv:3", "audience.csv:4"), "seen": ("networks.csv:2",),
    "cost": ("networks.csv:3", "networks.csv:4"), "objectives": ("objectives.csv:2",),
    "formats": ("networks.csv:5",), "engagement": ("benchmarks.csv:2",), "status": ("networks.csv:6",),
}  # fmt: skip


def verdict(**changed) -> pd.DataFrame:
    row = {
        "network": "instagram", "verdict": "go", "chance": 0.884, "places": 3, "chosen": True,
        "in_use": False, "together": 7.0, "available": 12.0,
        "score": 80.0, "share": 0.8, "low": 0.55, "high": 0.92, "basis": "own",
        "country": "FR", "seen": "public", "hours": 6.375, "criterion": "engagement", "measure": 0.0123,
        "posts": 0, "rests": RESTS, "facts": tuple(place for some in RESTS.values() for place in some),
        "note": None,
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def closed(network: str = "viadeo", note: str = "sold") -> pd.DataFrame:
    rests = {"status": ("networks.csv:9",)}
    return pd.DataFrame([{"network": network, "verdict": "closed", "rests": rests, "facts": rests["status"],
                          "note": note, "chosen": None, "together": 7.0, "available": 12.0}])  # fmt: skip


def words(**changed) -> str:
    """The two sentences, without the numbers of their facts."""
    html = re.sub(r"<sup.*?</sup>", "", str(sheets.verdicts(verdict(**changed)).html))
    return sheets.Sheet(html).text.splitlines()[-1]


def presence(**changed) -> pd.DataFrame:
    row = {
        "network": "tiktok", "persona": "Pupils", "value": 0.57, "low": 0.49, "high": 0.65, "n": 444,
        "people": NOTHING, "basis": "own", "country": "FR", "year": 2025, "note": "", "home": "FR",
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def portfolio(chosen: tuple[str, ...] = ("instagram", "tiktok"), people: float = NOTHING, hour: int = 1):
    best = {"networks": chosen, "reach": 0.8 * bool(chosen), "hours": 10.125 * bool(chosen), "money": 0.0,
            "people": people, "currency": "EUR"}  # fmt: skip
    each = {"network": ["instagram", "x"], "chosen": ["instagram" in chosen, False], "serves": True,
            "reach": [0.5, 0.004], "hours": [6.4, 2.0], "money": [0.0, 260.5], "currency": "EUR"}  # fmt: skip
    more = {"hours": [2.9] * hour, "reach": [0.031] * hour, "networks": [("youtube",)] * hour}
    return {
        "sets": pd.DataFrame([best | {"overlap": overlap} for overlap in (0.0, 0.5, 1.0)]),
        "networks": pd.DataFrame(each),
        "hour": pd.DataFrame(more, columns=["hours", "reach", "networks"]),
    }


def used(**changed) -> pd.DataFrame:
    row = {
        "number": 12, "network": "x", "says": "women: 78%", "source": "Pew", "source_date": "2025-11-20",
        "address": "https://example.org/a", "trust": "high", "old": False, "local": False, "where": "a.csv:2",
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def question() -> dict[str, pd.DataFrame]:
    persona = {"name": "Chefs", "weight": 3.0, "ages": ("25-34", "35-44"), "genders": ("women",),
               "education": "", "income": "", "setting": "urban", "people": None}  # fmt: skip
    anybody = dict.fromkeys(persona, "") | {"name": EVIL, "weight": 1.0, "people": None}
    return {
        "personas": pd.DataFrame([persona, anybody]),
        "objectives": pd.DataFrame({"objective": ["awareness"], "weight": [1.0]}),
        "pieces": pd.DataFrame({"kind": ["image", "video"], "hours": [1.5, 10.0], "cost": [0.0, 80.0]}),
        "weights": pd.DataFrame({"criterion": CRITERIA, "weight": 0.2}),
        "means": pd.DataFrame(
            [{"country": "FR", "market": "b2c", "hours": 12.0, "money": 600.0, "currency": "EUR"}]
        ),
    }


# What to do


@pytest.mark.parametrize("name", ["go", "keep", "test", "leave"])
def test_a_verdict_is_a_sign_and_a_word_and_never_a_colour_alone(name):
    said = sheets.verdicts(verdict(verdict=name)).text.splitlines()[1]
    assert said == f"Instagram {sheets.VERDICTS[name]} {i18n.t(f'platforms.verdict.{name}')}"
    assert len(set(sheets.VERDICTS.values())) == len(sheets.VERDICTS)


def test_a_verdict_says_share_surveys_draws_hours_set_and_reason():
    assert words() == (
        "80% of the target can be met there (55% to 92%), by surveys of the country itself (France). "
        "It is among the first 3 in 88 of 100 draws, takes 6.4 h a week and is part of the best set; "
        "most for it: the engagement to expect, 1.23% of the followers a post."
    )


def test_each_clause_leads_to_its_facts():
    html = str(sheets.verdicts(verdict()).html)
    clauses = re.findall(r"([^<>]+)<sup.*?>(.*?)</sup>", html)
    cited = {text.strip(" ,;.")[-12:]: re.findall(r"#fact-(\d+)", links) for text, links in clauses}
    assert cited == {
        "elf (France)": ["1", "3"],  # from 1 to 3
        "6.4 h a week": ["5", "6"],
        "owers a post": ["9"],
    }
    assert ">1</a>–<a" in html and ">5</a>, <a" in html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"basis": "shaped"}, "surveys of all ages in the country (France)"),
        ({"basis": "borrowed", "country": "US"}, "surveys of another country (United States)"),
        ({"basis": "guessed", "country": ""}, "as guessed from its users in the world"),
        ({"seen": "members"}, "where only those who have joined see"),
        ({"share": 0.001, "low": 0.0, "high": 0.002}, "Less than 1% of the target can be met there"),
        ({"share": 0.001, "low": 0.0, "high": 0.2}, "<1% of the target can be met there (0% to 20%)"),
        ({"share": 0.0, "low": 0.0, "high": 0.0, "seen": "members"}, "Nobody can be met there"),
        ({"places": 1}, "It comes first in 88 of 100 draws"),
        ({"chance": 0.0004}, "fewer than 1 of 100 draws"),
        ({"chance": 0.9999}, "more than 99 of 100 draws"),
        ({"hours": 7.0}, "takes 7 h a week"),
        ({"chosen": False}, "is not part of the best set"),
        ({"hours": NOTHING, "verdict": "leave"}, "The team makes none of the kinds of post"),
        ({"posts": 36}, "by 36 posts of your own"),
        ({"verdict": "leave", "criterion": "cost"}, "most against it: how much time it takes"),
        (
            {"verdict": "leave", "criterion": "formats", "measure": 0.0},
            "most against it: the team makes none",
        ),
        ({"verdict": "test", "criterion": "objectives", "measure": 0.28}, "(28 of 100)"),
    ],
)
def test_the_words_follow_what_is_known(changed, said):
    assert said in words(**changed)


def test_there_is_no_clause_where_nothing_decides_or_all_is_said():
    assert words(criterion="", measure=NOTHING).endswith("is part of the best set.")
    nobody = words(share=0.0, high=0.0, seen="private", verdict="leave", criterion="presence")
    assert "most against" not in nobody


def test_a_verdict_in_french():
    with i18n.speaking("fr"):
        assert words(posts=36, chance=0.012) == (
            "On peut y rencontrer 80 % de la cible (de 55 % à 92 %), d’après des enquêtes du pays (France). "
            "Il est parmi les 3 premiers dans 1 tirage sur 100, demande 6,4 h par semaine et fait partie de "
            "la meilleure combinaison ; son premier atout : l’engagement à attendre, 1,23 % des abonnés par "
            "publication, d’après 36 de vos publications."
        )


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_closed_says_why_in_the_reader_s_language(language):
    rows = facts.load("networks")
    gone = rows.loc[rows["fact"].eq("status") & rows["value"].ne("alive"), "network"]
    with i18n.speaking(language):
        assert len(gone) and all(i18n.has(f"platforms.closed.{network}") for network in gone)
        said = sheets.verdicts(closed()).text
        assert "Figaro Classifieds" in said and "sold" not in said.replace("was sold to", "")
        assert "shut by its owners" in sheets.verdicts(closed("twitch", "shut by its owners")).text


def test_the_best_is_first_and_what_is_closed_last():
    both = pd.concat([verdict(), verdict(network="x"), closed()], ignore_index=True)
    names = [line.split()[0] for line in sheets.verdicts(both).text.splitlines()[1::2]]
    assert names == ["Instagram", "X", "Viadeo"]


def test_what_is_to_be_done_is_said_in_short_and_whether_the_hours_are_enough():
    both = pd.concat([verdict(), verdict(network="x", verdict="keep", chosen=False)], ignore_index=True)
    assert sheets.verdicts(both).text.splitlines()[0] == "Go: Instagram. Keep: X."
    assert "takes" not in sheets.verdicts(both).text.split("Instagram ▲")[0]
    more = sheets.verdicts(both.assign(together=13.4)).text
    assert "takes 13.4 h a week" in more and "there are 12." in more and "best set is Instagram;" in more
    none = sheets.verdicts(both.assign(together=13.4, chosen=False)).text
    assert "best set" not in none.split("Instagram ▲")[0] and "13.4" in none


# Who is there, and what the ranking is made of


def test_what_nobody_published_is_a_dash_and_not_a_figure():
    frame = pd.DataFrame([{"network": "reddit", "value": 56.0, **dict.fromkeys(CRITERIA, 40.0)}])
    assert "–: no study" not in sheets.criteria(frame).text
    assert "–: no study" in sheets.criteria(frame.assign(engagement=NOTHING)).text


def test_what_is_borrowed_is_said_above_the_table():
    frame = pd.concat([presence(), presence(network="reddit", basis="borrowed", country="US", home="BE")])
    said = sheets.presence(frame.assign(home="BE")).text
    assert "No survey of Belgium asks these people about Reddit" in said and "(United States)" in said
    assert said.index("No survey of Belgium") < said.index("Persona")
    assert "Not to be missed" not in sheets.presence(presence()).text


def test_a_country_without_a_survey_is_said_louder():
    frame = presence(basis="borrowed", country="US", home="JP")
    assert "No survey of Japan is known at all" in sheets.presence(frame).text
    guessed = presence(basis="guessed", country="", year=0, n=0)
    assert "No survey asks about TikTok" in sheets.presence(guessed).text


def test_a_share_says_on_how_many_it_rests_and_people_where_they_are_known():
    head, row = sheets.presence(presence()).text.splitlines()
    assert row == "TikTok Pupils 57% 49% to 65% 444 its own surveys France 2025"
    assert "People" not in head and "Note" not in head
    unknown = sheets.presence(presence(n=0, year=0, country="", people=423522.0)).text.splitlines()[-1]
    assert unknown == "TikTok Pupils 57% 49% to 65% – its own surveys – – 420,000"
    assert sheets.presence(presence(people=0.0)).text.endswith(" 0")
    noted = sheets.presence(presence(note="presence.near_ages presence.no_level"))
    assert i18n.t("presence.near_ages") in noted.text and i18n.t("presence.no_level") in noted.text


def test_points_stand_beside_their_scales():
    row = {"network": "x", "value": 61.4, **dict.fromkeys(CRITERIA, 12.3)}
    said = sheets.criteria(pd.DataFrame([row])).text
    assert "X 61 12 12 12 12 12" in said
    assert all(i18n.t(f"platforms.scale.{name}") in said for name in CRITERIA)


def test_what_decided_is_said_in_sentences():
    both = {"network": "youtube", "other": "instagram"}
    said = sheets.decided([
        ("close", {**both, "chance": 0.525}),
        ("deciding", {**both, "criterion": "cost", "gap": 4.99, "total": 1.78}),
        ("turn_weight", {**both, "criterion": "cost", "weight": 0.2, "needed_weight": 0.247}),
        ("turn_value", {**both, "criterion": "cost", "value": 88.8, "needed_value": 82.9}),
    ]).text.splitlines()  # fmt: skip
    assert "YouTube is ahead in 52 of 100 draws" in said[0]
    assert "“Cost” decides: it puts YouTube 5.0 points before Instagram" in said[1]
    assert "counted for 25% instead of 20%" in said[2]
    assert "83 points on “Cost” instead of 89" in said[3]
    assert "one network" in sheets.decided([]).text


# Which networks together


def test_the_best_set_is_said_in_a_sentence():
    said = sheets.portfolio(portfolio()).text
    assert said.startswith(
        "Instagram and TikTok together reach 80% of the target, for 10.1 h a week.\nThe best"
    )
    assert "half-way (followed here) Instagram, TikTok 80% 10.1 €0" in said
    assert "Instagram ✓ yes 50.0% 6.4 €0" in said and "X no 0.4% 2 €260.50" in said
    assert "2.9 h more a week, with YouTube, would reach 3.1% more of the target." in said


def test_one_network_is_alone_and_people_are_rounded():
    said = sheets.portfolio(portfolio(("x",), people=423522.0)).text
    assert said.startswith("X alone reaches 80%") and "about 420,000 people" in said


def test_where_the_hours_pay_for_nothing_the_first_step_is_said():
    said = sheets.portfolio(portfolio(())).text
    assert "no network can be kept up. The first step would be YouTube, for 2.9 h more a week" in said
    assert "With more hours" not in said and "half-way" not in said
    assert i18n.t("platforms.nothing") in sheets.portfolio(portfolio((), hour=0)).text


# What is asked, and what all rests on


def test_the_question_is_said_whole():
    said = sheets.question(question()).text
    assert "France, consumers (B2C), 12 h a week and €600 a month." in said
    assert "Chefs 25\u2060–\u206034, 35\u2060–\u206044; women; in a town 75%" in said
    assert "everybody 25%" in said and "To be known 100%" in said
    assert "Video 10 €80" in said and "Presence 20%" in said and "People" not in said


def test_money_and_people_are_left_out_where_nothing_is_said_of_them():
    asked = question()
    asked["means"]["money"] = None
    asked["pieces"]["cost"] = 0.0
    said = sheets.question(asked).text
    assert "a month" not in said and "Cost of one" not in said


def test_a_fact_has_a_place_to_link_to_a_source_and_a_date():
    sheet = sheets.used(used(old=True, local=True))
    assert '<tr id="fact-12">' in sheet.html and 'href="https://example.org/a"' in sheet.html
    assert sheet.text.splitlines()[-1] == "12 X women: 78% old your own Pew 20 Nov 2025"
    assert "old" not in sheets.used(used()).text


@pytest.mark.parametrize(
    ("given", "written"), [("2025-11-20", "20 Nov 2025"), ("2025-11", "November 2025"), ("2025", "2025")]
)
def test_a_date_is_as_exact_as_it_was_said(given, written):
    assert cells.cell("source_date", {"source_date": given}, "") == written


def test_our_own_judgement_is_said_as_such_and_several_places_are_all_there():
    judged = used(source="Judgement of this project", address="data/reference/README.md")
    with i18n.speaking("fr"):
        assert "Appréciation de ce projet" in sheets.used(judged).text
    assert "href" not in str(sheets.used(judged).html)
    two = sheets.used(used(address="https://a.example ; https://b.example/x"))
    assert 'href="https://a.example"' in two.html and ">b.example</a>" in two.html


def test_a_report_keeps_the_places_and_the_links_that_lead_there():
    for sheet in (sheets.used(used()), sheets.verdicts(verdict())):
        kept = documents._cleaned(str(sheet.html))
        assert re.findall(r'(?:id="|href="#)fact-\d+"', kept) == re.findall(
            r'(?:id="|href="#)fact-\d+"', str(sheet.html)
        )
    assert 'id="fact-12"' in documents._cleaned(str(sheets.used(used()).html))


# Text from outside


@pytest.mark.parametrize(
    "sheet",
    [
        lambda: sheets.question(question()),
        lambda: sheets.verdicts(closed("twitch", EVIL)),
        lambda: sheets.presence(presence(persona=EVIL, note=EVIL)),
        lambda: sheets.used(used(says=EVIL, source=EVIL, address="javascript:alert(1)", source_date=EVIL)),
    ],
)
def test_text_of_a_file_does_nothing(sheet):
    tags = Tags(str(sheet().html))
    assert not tags.open and not tags.seen & {"script", "img", "comment"}
    assert not [
        value for name, value in tags.attributes if name.startswith("on") or "javascript" in (value or "")
    ]
    assert EVIL.split('"')[0] in sheet().text


def test_showing_changes_no_frame():
    for draw, made in (("verdicts", verdict), ("presence", presence), ("used", used)):
        given = made()
        getattr(sheets, draw)(given)
        pd.testing.assert_frame_equal(given, made())


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_section_of_the_page_has_its_title_and_why(language):
    keys = ("question", "verdicts", "presence", "ranking", "acceptability", "decided", "portfolio", "entry",
            "used")  # fmt: skip
    with i18n.speaking(language):
        for key in keys:
            assert len(sheets.section(key, "platforms").text.splitlines()) == 2
        title = sheets.title("platforms", brand=EVIL, n=17, day=pd.Timestamp("2026-11-23").date())
        assert "17" in title.text and "<script" not in title.html
