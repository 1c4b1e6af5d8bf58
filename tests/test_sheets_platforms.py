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
        "score": 80.0, "share": 0.8, "low": 0.55, "high": 0.92, "uses": 0.9, "basis": "own",
        "country": "FR", "home": "FR", "seen": "public", "hours": 6.375, "criterion": "engagement",
        "measure": 0.0123,
        "posts": 0, "rests": RESTS, "facts": tuple(place for some in RESTS.values() for place in some),
        "note": None,
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def closed(network: str = "viadeo", note: str = "sold") -> pd.DataFrame:
    rests = {"status": ("networks.csv:9",)}
    return pd.DataFrame([{"network": network, "verdict": "closed", "rests": rests, "facts": rests["status"],
                          "note": note, "chosen": None, "in_use": False, "together": 7.0,
                          "available": 12.0}])  # fmt: skip


def answer(frame: pd.DataFrame, *chosen: str, hour: float = 2.9) -> sheets.Sheet:
    """The sheet of these verdicts, with a portfolio of those chosen."""
    frames = portfolio(chosen)
    return sheets.verdicts({**frames, "verdicts": frame, "hour": frames["hour"].assign(hours=hour)})


def each(frame: pd.DataFrame) -> list[str]:
    """The lines of the networks alone: name with verdict, then sentences."""
    html = str(answer(frame).html).partition('<ul class="cm-verdicts">')[2]
    return sheets.Sheet(re.sub(r"<sup.*?</sup>", "", html)).text.splitlines()


def words(**changed) -> str:
    """The sentences, without the numbers of their facts."""
    return each(verdict(**changed))[-1]


def presence(**changed) -> pd.DataFrame:
    row = {
        "network": "tiktok", "persona": "Pupils", "value": 0.57, "low": 0.49, "high": 0.65, "n": 444,
        "people": NOTHING, "basis": "own", "country": "FR", "year": 2025, "note": "", "home": "FR",
        "seen": "public",
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def portfolio(chosen: tuple[str, ...] = ("instagram", "tiktok"), people: float = NOTHING, hour: int = 1):
    best = {"networks": chosen, "reach": 0.8 * bool(chosen), "hours": 10.125 * bool(chosen), "money": 0.0,
            "people": people, "present": 0.9, "currency": "EUR"}  # fmt: skip
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
    sign, called = sheets.VERDICTS[name], i18n.t(f"platforms.verdict.{name}")
    assert each(verdict(verdict=name))[0] == f"Instagram {sign} {called}"
    signs = {key: sign for key, sign in sheets.VERDICTS.items() if key != "review"}  # it is a test, too
    assert len(set(signs.values())) == len(signs)


def test_what_is_in_use_says_so_and_is_looked_at_again_instead_of_tested():
    assert each(verdict(in_use=True, verdict="keep"))[0] == "Instagram in use ● Keep"
    assert each(verdict(in_use=True, verdict="test"))[0] == "Instagram in use ◐ Review"


def test_a_verdict_says_share_surveys_draws_hours_set_and_reason():
    assert words() == (
        "80% of the target are there (55% to 92%), from surveys there (France). "
        "In the top 3, 88 times in 100, part of the best combination; 6.4 h a week. "
        "Strength: the engagement to expect, 1.23% of the followers a post."
    )


def test_each_clause_leads_to_its_facts():
    html = str(answer(verdict()).html)
    clauses = re.findall(r"([^<>]+)<sup.*?>(.*?)</sup>", html)
    cited = {text.strip(" ,;.")[-12:]: re.findall(r"#fact-(\d+)", links) for text, links in clauses}
    assert cited == {
        "ere (France)": ["1"],  # and further, to 3
        "6.4 h a week": ["5", "6"],
        "owers a post": ["9"],
    }
    assert ">1–3</a>" in html and ">5</a>, <a" in html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"basis": "shaped"}, "surveys of all ages there (France), adjusted to these ages as in the United"),
        ({"basis": "borrowed", "country": "US"}, "from a survey made elsewhere (United States)"),
        ({"basis": "guessed", "country": ""}, "estimated from its worldwide users"),
        ({"seen": "members"}, "90% of the target use it, from surveys there (France), but only those who"),
        ({"seen": "members"}, "for these objectives it counts as 80%."),
        ({"seen": "private"}, "a brand can only write one to one"),
        ({"share": 0.001, "low": 0.0, "high": 0.002}, "Less than 1% of the target are there"),
        ({"share": 0.001, "low": 0.0, "high": 0.2}, "<1% of the target are there (0% to 20%)"),
        ({"places": 1}, "First, 88 times in 100"),
        ({"chance": 0.0004}, "less than once in 100"),
        ({"chance": 0.9999}, "more than 99 times in 100"),
        ({"hours": 7.0}, "; 7 h a week"),
        ({"hours": 0.25}, "; 0.25 h a week"),
        ({"chosen": False}, "not part of the best combination"),
        ({"hours": NOTHING, "verdict": "leave"}, "The team makes nothing that is posted there"),
        ({"hours": 14.0, "verdict": "leave"}, "It takes 14 h a week: more than there are."),
        ({"posts": 36}, "by 36 posts of yours"),
        ({"posts": 1}, "by 1 post of yours"),
        ({"verdict": "leave", "criterion": "cost"}, "(France). Weakness: the time it takes."),
        ({"verdict": "leave", "criterion": ""}, "(France). In the top 3, 88 times"),
        ({"verdict": "leave", "criterion": "formats", "measure": 0.0}, "Weakness: the team makes none"),
        ({"verdict": "test", "criterion": "objectives", "measure": 0.28}, "(28 of 100)"),
    ],
)
def test_the_words_follow_what_is_known(changed, said):
    assert said in words(**changed)


def test_there_is_no_clause_where_nothing_decides_or_all_is_said():
    assert words(criterion="", measure=NOTHING).endswith("; 6.4 h a week.")
    for all_said in ({"seen": "private"}, {"share": 0.001, "low": 0.0, "high": 0.002}):
        said = words(**all_said, verdict="leave", criterion="cost")
        assert "Weakness" not in said and "100" not in said


def test_a_verdict_in_french():
    with i18n.speaking("fr"):
        assert words(posts=36, chance=0.012) == (
            "80 % de la cible y sont (55 % à 92 %), d’après des enquêtes du pays (France). "
            "Parmi les 3 premiers 1 fois sur 100, retenu dans la meilleure combinaison ; "
            "6,4 h par semaine. Point fort : l’engagement attendu, 1,23 % des abonnés, "
            "d’après 36 publications à vous."
        ).replace(" ", " ").replace(" ", " ")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_closed_says_why_in_the_reader_s_language(language):
    rows = facts.load("networks")
    gone = rows.loc[rows["fact"].eq("status") & rows["value"].ne("alive"), "network"]
    with i18n.speaking(language):
        assert len(gone) and all(i18n.has(f"platforms.closed.{network}") for network in gone)
        said = answer(closed()).text
        assert "Figaro Classifieds" in said and "sold" not in said.replace("was sold to", "")
        assert "shut by its owners" in answer(closed("twitch", "shut by its owners")).text


def test_the_best_is_first_and_what_is_closed_last():
    both = pd.concat([verdict(), verdict(network="x"), closed()], ignore_index=True)
    names = [line.split()[0] for line in each(both)[::2]]
    assert names == ["Instagram", "X", "Viadeo"]


def test_what_is_to_be_done_is_said_in_short_and_whether_the_hours_are_enough():
    both = pd.concat([verdict(), verdict(network="x", verdict="keep", chosen=False)], ignore_index=True)
    said = answer(both, "instagram").text.splitlines()
    assert said[:4] == [
        "With your 12 h a week: Instagram (80% of the target, 10.1 h).",
        "With 2.9 h more: YouTube (83%).", "Start: Instagram.", "Keep: X.",
    ]  # fmt: skip
    assert said[4] == i18n.t("platforms.rule") and said[5].startswith("Instagram ▲")
    assert "takes 13.4 h a week" in answer(both.assign(together=13.4)).text
    assert "h more" not in answer(both, "instagram", hour=0.4).text
    assert "First step: YouTube" in answer(both).text.splitlines()[1]


def test_a_country_without_a_survey_is_said_under_the_answer():
    borrowed = pd.concat([verdict(basis="borrowed", country="US", home="JP"), closed()])
    said = answer(borrowed, "instagram").text
    assert "No survey of Japan is known at all" in said.split("Start:")[0]
    assert "No survey" not in answer(verdict(), "instagram").text


# Who is there, and what the ranking is made of


def test_what_nobody_published_is_a_dash_and_not_a_figure():
    frame = pd.DataFrame(
        [{"network": "reddit", "value": 56.0, "other_sector": "", **dict.fromkeys(CRITERIA, 40.0)}]
    )
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
    assert "No survey covers TikTok" in sheets.presence(guessed).text


def test_a_share_says_on_how_many_it_rests_and_people_where_they_are_known():
    summary, head, row = sheets.presence(presence()).text.splitlines()
    assert row == "TikTok Pupils 57% 49% to 65% 444 national surveys France 2025"
    assert "People Asked" not in head and "Note" not in head and summary == "All shares, network by network"
    unknown = sheets.presence(presence(n=0, year=0, country="", people=423522.0)).text.splitlines()[-1]
    assert unknown == "TikTok Pupils 57% 49% to 65% – national surveys – – 420,000"
    assert sheets.presence(presence(people=0.0)).text.endswith(" 0")
    noted = sheets.presence(presence(note="presence.near_ages presence.no_level"))
    assert i18n.t("presence.near_ages") in noted.text and i18n.t("presence.no_level") in noted.text


def test_a_network_s_name_stands_on_the_first_of_its_rows_alone():
    both = pd.concat([presence(), presence(persona="Parents")])
    first, second = sheets.presence(both).text.splitlines()[-2:]
    assert first.startswith("TikTok Pupils") and second.startswith("Parents 57%")


def test_points_stand_beside_their_scales():
    row = {"network": "x", "value": 61.4, "other_sector": "", **dict.fromkeys(CRITERIA, 12.3)}
    said = sheets.criteria(pd.DataFrame([row])).text
    assert "tea rooms" not in said
    assert "sector “tea rooms”" in sheets.criteria(pd.DataFrame([row | {"other_sector": "tea rooms"}])).text
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
    assert "YouTube is ahead 52 times in 100" in said[0]
    assert "from “Cost”: +5.0 points for YouTube; in all, 1.8 are left" in said[1]
    assert "counted for 25% instead of 20%" in said[2]
    assert "83 points on “Cost” instead of 89" in said[3]
    assert "one network" in sheets.decided([]).text
    tied = ("deciding", {**both, "criterion": "cost", "gap": 0.2, "total": 0.01})
    assert "less than 0.1 are left" in sheets.decided([tied]).text


# Which networks together


def test_the_best_set_is_said_in_a_sentence():
    said = sheets.portfolio(portfolio()).text
    assert said.startswith(
        "Instagram and TikTok together reach 80% of the target, for 10.1 h a week. "
        "At least one of them is used by 90% of the target.\nThe best"
    )
    assert "half-way (used here) Instagram, TikTok 80% 10.1 €0" in said
    assert "Instagram ✓ yes +50 points 6.4 €0" in said and "X no +0.4 points 2 €260" in said
    assert "With 2.9 h more a week, switch to YouTube: 3% more of the target." in said


@pytest.mark.parametrize(
    ("part", "said"),
    [(0.478, "+48 points"), (0.012, "+1 point"), (0.009, "+0.9 points"), (0.0004, "less than 0.1 points")],
)
def test_what_a_network_adds_is_said_in_points(part, said):
    assert cells.cell("adds", {"adds": part}, "") == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.25, "0.25"), (0.5, "0.5"), (0.999, "1"), (6.375, "6.4"), (12.0, "12")]
)
def test_hours_are_as_exact_as_it_matters(value, said):
    assert cells.hours(value) == said


def test_one_network_is_alone_and_people_are_rounded():
    said = sheets.portfolio(portfolio(("x",), people=423522.0)).text
    assert said.startswith("X alone reaches 80%") and "about 420,000 people" in said


def test_where_the_hours_pay_for_nothing_the_first_step_is_said():
    said = sheets.portfolio(portfolio(())).text
    assert "no network can be sustained. First step: YouTube, with 2.9 h more a week" in said
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
    for sheet in (sheets.used(used()), answer(verdict())):
        kept = documents.cleaned(str(sheet.html))
        assert re.findall(r'(?:id="|href="#)fact-\d+"', kept) == re.findall(
            r'(?:id="|href="#)fact-\d+"', str(sheet.html)
        )
    assert 'id="fact-12"' in documents.cleaned(str(sheets.used(used()).html))


def test_a_report_keeps_what_is_folded():
    kept = documents.cleaned(str(sheets.question(question()).html))
    assert '<details class="cm-folded"><summary>The question in full</summary>' in kept
    assert kept.index("12 h a week") < kept.index("<details") < kept.index("Chefs")


# Text from outside


@pytest.mark.parametrize(
    "sheet",
    [
        lambda: sheets.question(question()),
        lambda: answer(closed("twitch", EVIL)),
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
    for draw, made in (("presence", presence), ("used", used)):
        given = made()
        getattr(sheets, draw)(given)
        pd.testing.assert_frame_equal(given, made())
    given = verdict()
    answer(given)
    pd.testing.assert_frame_equal(given, verdict())


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_section_of_the_page_has_its_title_and_why(language):
    keys = ("question", "verdicts", "presence", "ranking", "acceptability", "decided", "portfolio", "entry",
            "used")  # fmt: skip
    with i18n.speaking(language):
        for key in keys:
            assert len(sheets.section(key, "platforms").text.splitlines()) == 2
        title = sheets.title("platforms", brand=EVIL, n=17, day=pd.Timestamp("2026-11-23").date())
        assert "17" in title.text and "<script" not in title.html
