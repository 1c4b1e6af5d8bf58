"""What a sheet says: figures as people write them, a dash for what is missing, text that does nothing."""

import re
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from cmlib import cells, i18n, sheets
from cmlib.i18n import t

EVIL = '</script><script>alert(1)</script><!--<script>"><img src=x onerror=alert(1)>'
NOTHING = float("nan")


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and whether each tag is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        self.attributes += attributes
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        self.seen.add("comment")


def card(**changed) -> pd.DataFrame:
    row = {
        "metric": "engagement_rate_by_reach", "unit": "rate", "value": 0.0362, "low": 0.0318, "high": 0.0411,
        "n": 96, "note": "", "last_month": 0.0441, "last_year": NOTHING, "target": 0.05, "change": -0.0079,
        "verdict": "worse", "why": "tested", "reached": "missed",
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def posts(**changed) -> pd.DataFrame:
    row = {
        "network": "instagram", "account": "atelier", "kind": "short_video",
        "published_at": pd.Timestamp("2026-10-12 18:30", tz="Europe/Paris"), "text": "Un thé 🍵 ?",
        "url": "https://example.org/p?a=1&b=2", "value": 0.0912, "habit": 0.0397, "times": 2.297,
        "place": "best",
    }  # fmt: skip
    return pd.DataFrame([row | changed])


def test_a_card_says_value_interval_past_target_and_verdict():
    said = sheets.scorecard(card()).text
    assert "3.62%" in said and "95%: 3.18% to 4.11%" in said and "96 posts" in said
    assert "Last month 4.41% −0.79 pt" in said and "Same month last year –" in said
    assert f"Target 5.00% ✗ {i18n.t('sheet.target_missed')}" in said
    assert "▼ Worse Against last month, more than chance would do." in said


def test_a_card_in_french():
    with i18n.speaking("fr"):
        said = sheets.scorecard(card(n=1)).text
    assert "3,62" in said and "1 publication" in said and "1 publications" not in said
    assert "▼ Moins bien" in said and "Objectif 5,00" in said


def test_a_missing_value_is_a_dash_and_says_why():
    empty = card(value=NOTHING, low=NOTHING, high=NOTHING, n=0, note="metric.note.no_reach", change=NOTHING,
                 verdict="no_data", why="no_data", reached="")  # fmt: skip
    said = sheets.scorecard(empty).text.split()
    assert said.count("–") == 2  # the value, and last year
    text = sheets.scorecard(empty).text
    assert i18n.t("metric.note.no_reach") in text and "No data" in text and "✗" not in text
    assert "95%" not in text and "nan" not in text.lower()


@pytest.mark.parametrize("verdict", ["better", "worse", "cannot_tell", "no_data"])
def test_a_verdict_is_a_word_and_a_sign(verdict):
    said = sheets.scorecard(card(verdict=verdict, why="")).text
    assert sheets.GLYPHS[verdict] in said and i18n.t(f"verdict.{verdict}") in said


def test_without_a_verdict_there_is_no_arrow():
    said = sheets.scorecard(card(verdict="", why="")).text
    assert not set(said) & set(sheets.GLYPHS.values())


def test_the_same_reason_is_worded_by_its_verdict():
    could_be_chance = i18n.t("verdict.why.tested_cannot_tell")
    assert could_be_chance in sheets.scorecard(card(verdict="cannot_tell")).text
    assert could_be_chance not in sheets.scorecard(card(verdict="better")).text


@pytest.mark.parametrize(("reached", "glyph"), [("met", "✓"), ("missed", "✗"), ("near", "≈")])
def test_a_target_is_met_missed_or_too_near_to_tell(reached, glyph):
    said = sheets.scorecard(card(reached=reached)).text
    assert f"Target 5.00% {glyph} {i18n.t(f'sheet.target_{reached}')}" in said


def test_without_a_target_nothing_is_met():
    said = sheets.scorecard(card(target=NOTHING, reached="")).text
    assert said.splitlines()[-1] == "Target –"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (28412, "people", "28,412"),
        (1843.4, "count", "1,843"),
        (12.46, "count", "12.5"),
        (12.0, "count", "12"),
        (0, "count", "0"),
        (0.0325, "rate", "3.25%"),
        (32, "score", "+32"),
        (-8, "score", "−8"),
        (1234.5, "money", "€1,234.50"),
        (NOTHING, "money", "–"),
        (None, "count", "–"),
        (pd.NA, "rate", "–"),
    ],
)
def test_amounts(value, unit, written):
    assert cells.amount(value, unit) == written


def test_a_table_translates_names_and_writes_numbers():
    frame = pd.DataFrame(
        {
            "network": ["x", "all"], "kind": ["short_video", ""], "mix": [0.0012, 0.000001],
            "within": [-0.0007, NOTHING], "total": pd.array([0.0005, None], "Float64"),
        }
    )  # fmt: skip
    with i18n.speaking("fr"):
        sheet = sheets.moves(frame)
    assert sheet.text.splitlines() == [
        "Réseau Type Répartition Taux de chacun Total",
        "X Vidéo courte +0,12 pt −0,07 pt +0,05 pt",
        "Tous – 0,00 pt – –",
    ]
    assert 'class="cm-total"' in sheet.html and 'class="cm-number"' in sheet.html


def test_coverage_writes_days_and_leaves_empty_notes_empty():
    frame = pd.DataFrame(
        {
            "network": ["instagram"], "account": ["atelier"], "table": ["days"], "files": [2], "rows": [1234],
            "first": [pd.Timestamp("2025-09-01")], "last": [pd.NaT], "missing_days": [3], "note": [""],
            "observed_at": [pd.Timestamp("2026-11-02 08:00", tz="UTC")],
        }
    )  # fmt: skip
    last = sheets.coverage(frame).text.splitlines()[-1]
    assert last == "Instagram atelier Day by day 2 1,234 1 Sept 2025 – 2 Nov 2026 3"


def test_a_metric_of_its_own_row_gives_the_unit():
    frame = pd.DataFrame(
        {
            "metric": ["nps", "csat"], "value": [32.0, 0.5], "low": [18.0, NOTHING], "high": [45.0, NOTHING],
            "n": [88, 1],
        }
    )  # fmt: skip
    said = sheets.table(frame, ["metric", "value", "interval", "n"]).text.splitlines()
    assert said[1].endswith("+32 +18 to +45 88 answers") and said[2].endswith("50.00% – 1 answer")


def test_rows_set_aside_say_why():
    frame = pd.DataFrame(
        {
            "name": ["a.csv"] * 2,
            "line": [3, 1200],
            "reason": ["future", "nonsense:reach"],
            "excerpt": EVIL,
            "n": 1,
        }
    )
    said = sheets.table(frame, ["name", "line", "reason", "excerpt"]).text
    assert i18n.t("aside.future") in said and i18n.t("aside.nonsense", column="reach") in said
    assert "1,200" in said


def test_a_long_post_is_cut_between_words():
    said = sheets.notable(posts(text="mot " * 60)).text
    assert "mot mot…" in said and said.count("mot") == cells.LONGEST // 4
    assert "a" * cells.LONGEST + "…" in sheets.notable(posts(text="a" * 500)).text


def test_a_post_says_how_it_did():
    said = sheets.notable(posts()).text
    assert "Instagram · atelier · Short video · 12 Oct 2026 18:30" in said
    assert (
        "2.3×" in said and "9.12%, where 3.97% is usual" in said and "Best" in said and "Weakest" not in said
    )
    without = sheets.notable(posts(text=None, url=None, kind=pd.NA)).text
    assert "Instagram · atelier · 12 Oct 2026 18:30" in without


def test_a_link_leads_to_the_web_or_is_none():
    html = str(sheets.notable(posts()).html)
    assert 'href="https://example.org/p?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in html
    for url in ("javascript:alert(1)", "JaVaScRiPt://x/%0aalert(1)", "data:text/html,x", "//example.org",
                "https:", "http://[", " ", EVIL, "file:///etc/passwd"):  # fmt: skip
        assert "href" not in str(sheets.notable(posts(url=url)).html), url


TEXTS = """
network account kind metric table name format reason note text source url digest formula excerpt label tool
month first
"""
NUMBERS = """
value low high n habit times rows line mix within total last_month last_year target change files missing_days
"""
EVERY = pd.DataFrame(
    {name: [EVIL] for name in f"{TEXTS} last published_at observed_at verdict why".split()}
    | {name: [1] for name in NUMBERS.split()}
    | {"unit": ["rate"], "place": ["best"]}
)


def appendix(frame: pd.DataFrame) -> sheets.Sheet:
    return sheets.appendix(dict.fromkeys(("definitions", "files", "aside", "versions"), frame))


@pytest.mark.parametrize(
    "draw",
    [sheets.table, sheets.scorecard, sheets.notable, sheets.coverage, sheets.rules, sheets.moves,
  sheets.recognised, sheets.intake, appendix, lambda f: sheets.table(f, caption=EVIL),
     lambda f: sheets.message("error", EVIL),
     lambda f: sheets.line({EVIL: EVIL, "brand": EVIL, "rate": EVIL}),
     lambda f: sheets.title("kpis", brand=EVIL, month=EVIL, n=1, seen=EVIL)],
)  # fmt: skip
def test_text_of_a_file_does_nothing(draw):
    sheet = draw(EVERY)
    tags = Tags(str(sheet.html))
    assert not tags.open and not tags.seen & {"script", "img", "comment"}
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name == "href"]
    assert EVIL.split('"')[0] in sheet.text  # and it can be read


def test_titles_sections_and_lines_are_said_in_both_languages():
    with i18n.speaking("fr"):
        said = sheets.title("kpis", brand="Maison", month="2026-10", n=2, seen=date(2026, 11, 2)).text
        kicker, name, subtitle = said.splitlines()
        assert (kicker, name) == ("Rapport mensuel", "Maison")
        assert "octobre 2026" in subtitle and "2 nov. 2026" in subtitle
        line = sheets.line(
            {"brand": "demo", "month": "2026-10", "lang": "fr", "rate": "engagement_rate_by_reach"}
        )
        assert "octobre 2026" in line.text and "français" in line.text and "Taux d’engagement" in line.text
        asked = sheets.line({"hours": 12.5, "weights": "presence=2, cost = 1"}).text
        assert "12,5" in asked and "Présence 2, Coût 1" in asked
    for key in ("source", "scorecard", "trend", "kinds", "notable", "rules", "moves", "findings", "appendix"):
        assert len(sheets.section(key).text.splitlines()) == 2


def test_findings_are_sentences(monkeypatch):
    monkeypatch.setattr(i18n, "words", lambda _: {"finding.up": "{network} is up to {n}."})
    said = sheets.findings([("up", {"network": "<b>X</b>", "n": 1200})])
    assert said.text == "<b>X</b> is up to 1,200." and "<b>" not in said.html


@pytest.mark.parametrize(
    "draw", [sheets.table, sheets.scorecard, sheets.notable, sheets.findings, sheets.coverage, appendix]
)
def test_nothing_to_show_says_so(draw):
    assert (
        t("sheet.no_habit" if draw is sheets.notable else "sheet.nothing")
        in draw(EVERY.iloc[:0] if draw is not sheets.findings else []).text
    )


def test_showing_changes_no_frame():
    frame = posts()
    sheets.notable(frame)
    sheets.table(frame)
    pd.testing.assert_frame_equal(frame, posts())


def test_a_notebook_gets_html_and_words():
    bundle = sheets.message("todo", "Drop exports in.")._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"} and "Drop exports in." in bundle["text/plain"]
    assert sheets.style().text == ""


def test_the_style_touches_nothing_outside_the_sheets():
    css = re.sub(r"/\*.*?\*/|@page[^{]*{[^}]*}|@media [^{]*{", "", sheets.css(), flags=re.DOTALL)
    selectors = [s.strip() for block in re.findall(r"([^{}]+){[^}]*}", css) for s in block.split(",")]
    assert len(selectors) > 50
    assert all(re.match(r"(body)?\.cm\b|\.cm-page\b", s) for s in selectors), selectors
    assert "url(" not in css and "@import" not in css


def luminance(colour: str) -> float:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_words_stand_out_from_their_paper():
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", sheets.css()))
    for paper in (colours["paper"], "#f4f1ea"):  # a page's, and a message's
        for name in ("ink", "muted", "accent", "worse"):
            contrast = (luminance(paper) + 0.05) / (luminance(colours[name]) + 0.05)
            assert contrast >= 4.5, (name, contrast)  # WCAG 2.2, level AA


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reasons_are_said_in_words(language):
    with i18n.speaking(language):
        assert ":" not in cells.reason("nonsense:reach").replace("\u00a0:", "")
        assert cells.reason("width") != "width"
        assert cells.reason("of a later version") == "of a later version"
