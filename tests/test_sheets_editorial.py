"""The sheets of the editorial calendar: each post on its day, in both languages; text that does nothing."""

import re
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plans
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sheets import EVIL, Tags

from cmlib import documents, i18n, sheets
from cmlib import plans as slots_of
from cmlib.charts import COLOURS
from cmlib.schema import NETWORKS
from cmlib.sheets import editorial, months

SHEETS: dict[str, Any] = {
    "findings": lambda: editorial.findings(plans.findings()),
    "clashes": lambda: editorial.clashes(plans.clashes()),
    "calendar": lambda: editorial.calendar(plans.calendar()),
    "printable": lambda: editorial.printable(plans.calendar(), plans.END),
    "slots": lambda: editorial.slots(plans.calendar()),
    "hours": lambda: editorial.hours(plans.hours()),
    "load": lambda: editorial.load(plans.load()),
    "coverage": lambda: editorial.coverage(plans.coverage()),
    "moments": lambda: editorial.moments(plans.moments()),
    "checks": lambda: editorial.checks(plans.calendar()),
    "files": lambda: editorial.files(plans.files()),
}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("name", SHEETS)
def test_all_is_written_as_people_do(name: str, lang: str) -> None:
    with i18n.speaking(lang):
        sheet = SHEETS[name]()
    assert not Tags(str(sheet.html)).open
    text = sheet.text
    assert not re.search(r"(?i:\bnan\b)|\bNaT\b|\bNone\b|Timestamp|[{}]|&lt;|\bFalse\b|\bTrue\b", text), text
    assert not re.search(r"\b(editorial|sheet|plan)\.[a-z_]+\b", text.replace("plan.csv", "")), text
    if lang == "fr":
        own = r"\b(posts|hours|week|nothing|published|Monday|weeks|scheduled|draft|image only)\b|\d%|\d\.\d"
        assert not re.search(own, text.replace("posts.csv", "")), text


@pytest.mark.parametrize("name", SHEETS)
def test_a_report_shows_all_of_it(name: str) -> None:
    """What a report cleans away would be missing there: styles, ids, tags that it does not know."""
    html = str(SHEETS[name]().html)
    assert "style=" not in html
    cleaned = documents.cleaned(html)
    for found in ("<table", "<td", "<li", "<details", 'class="cm-'):
        assert cleaned.count(found) == html.count(found)


def evil() -> dict[str, Any]:
    texts = ("title", "text", "pillar", "piece", "owner", "network", "account", "status", "why", "moment")
    plan = plans.plan(**dict.fromkeys(texts, EVIL))
    found = plans.moments().assign(name=EVIL, source=EVIL, address=EVIL, reason=EVIL, moment="own:" + EVIL)
    return plans.calendar(plan=plan, moments=found, blackouts=plans.blackouts().assign(name=EVIL))


EVILS: dict[str, Any] = {
    "calendar": lambda: editorial.calendar(evil()),
    "slots": lambda: editorial.slots(evil()),
    "moments": lambda: editorial.moments(evil()["moments"]),
    "checks": lambda: editorial.checks(evil()),
    "load": lambda: editorial.load(plans.load().assign(owner=EVIL)),
    "coverage": lambda: editorial.coverage({"cadence": plans.coverage()["cadence"].assign(network=EVIL)}),
    "clashes": lambda: editorial.clashes(
        {name: frame.assign(subject=EVIL, rule=EVIL) for name, frame in plans.clashes().items()}
    ),
    "findings": lambda: editorial.findings([("caught", {"moments": [EVIL]})]),
    "files": lambda: editorial.files({"files": plans.files()["files"].assign(name=EVIL), "version": EVIL}),
}


@pytest.mark.parametrize("name", EVILS)
def test_what_people_wrote_does_nothing(name: str) -> None:
    html = str(EVILS[name]().html)
    tags = Tags(html)
    assert not tags.seen & {"script", "img", "comment"}
    assert not any(key.startswith("on") for key, _ in tags.attributes)
    assert "alert(1)" in html


# ── The month ───────────────────────────────────────────────────────────────────────────────────────────────


def days(html: str) -> dict[str, str]:
    """Each day of a month as a phone lists it, and what stands in it."""
    cells = re.findall(r"<td class=\"[^\"]*\">(.*?)</td>", html, flags=re.DOTALL)
    heads = [re.search(r"<b>[^<]*</b><span>([^<]*)</span>", cell) for cell in cells]
    return {head[1]: cell for head, cell in zip(heads, cells, strict=True) if head}


def test_each_post_stands_on_its_day() -> None:
    found = days(str(editorial.calendar(plans.calendar()).html))
    assert len(found) == 28
    assert "How we roast on Mondays" in found["Monday 30 Nov"] and "18:30" in found["Monday 30 Nov"]
    assert found["Saturday 5 Dec"].count("cm-slot ") == 3
    assert sum(cell.count('class="cm-slot ') for cell in found.values()) == len(plans.SLOTS)


def test_a_week_that_reaches_into_another_month_is_in_one_of_them() -> None:
    html = str(editorial.calendar(plans.calendar()).html)
    assert re.findall(r"<caption>(.*?)</caption>", html) == ["December 2026"]
    assert "<b>30 Nov</b>" in html and html.count("<tr><th") == 5  # the names of days, and four weeks


def test_a_month_for_each_month_of_the_plan() -> None:
    quarter = plans.calendar(start=date(2026, 11, 9), end=date(2027, 2, 7))
    html = str(editorial.calendar(quarter).html)
    titles = ["November 2026", "December 2026", "January 2027", "February 2027"]
    assert re.findall(r"<caption>(.*?)</caption>", html) == titles
    assert "Monday 2 Nov" not in days(html) and "Monday 9 Nov" in days(html)


@given(start=st.dates(date(2025, 1, 1), date(2035, 1, 1)), weeks=st.integers(1, 30))
@settings(derandomize=True, deadline=None, max_examples=40)
def test_every_day_of_a_plan_is_there_once(start: date, weeks: int) -> None:
    spans = months._spans(start, start + timedelta(weeks=weeks, days=-1))
    shown = [first + timedelta(days=n) for _, first, last in spans for n in range((last - first).days + 1)]
    assert shown == [start + timedelta(days=n) for n in range(7 * weeks)]


def test_monday_comes_first_and_weeks_are_numbered() -> None:
    html = str(editorial.printable(plans.calendar(), date(2027, 1, 15)).html)
    with i18n.speaking("fr"):
        french = str(editorial.printable(plans.calendar(), date(2027, 1, 15)).html)
    assert re.findall(r'<th scope="col">(\w+)</th>', french)[:2] == ["Lundi", "Mardi"]
    assert "Vendredi 1er janv." in days(french) and len(days(french)) == 31
    assert re.findall(r"Wk </span>(\d+)</th>", html) == ["53", "1", "2", "3", "4"]


def test_today_blackouts_and_moments_are_marked_with_words() -> None:
    found = days(str(editorial.calendar(plans.calendar()).html))
    assert "today" in found["Thursday 3 Dec"]
    assert "Stocktaking: nothing is published" in found["Friday 25 Dec"]
    assert "Site down: nothing on LinkedIn" in found["Monday 14 Dec"]
    assert "(caught)" in found["Saturday 5 Dec"] and "(not caught)" in found["Sunday 6 Dec"]
    assert "(not to be marketed)" in found["Tuesday 1 Dec"]
    assert "Advent" not in str(found), "worth nothing, and no holiday"


def test_a_moment_of_some_days_is_named_once_a_week_and_runs_on_one_line() -> None:
    long = plans.moments().iloc[[0]].assign(value=1.0, first=pd.Timestamp("2026-12-02"))
    found = days(str(editorial.calendar(plans.calendar(moments=long)).html))
    named = [day for day, cell in found.items() if "<bdi>Advent</bdi>" in cell]
    assert named == ["Wednesday 2 Dec", "Monday 7 Dec", "Monday 14 Dec", "Monday 21 Dec"]
    assert sum('class="cm-band' in cell for cell in found.values()) == 23


def test_moments_that_overlap_do_not_share_a_line() -> None:
    rows = [
        {"moment": str(n), "first": pd.Timestamp(first), "last": pd.Timestamp(last)}
        for n, (first, last) in enumerate([("2026-12-01", "2026-12-03"), ("2026-12-03", "2026-12-06"),
                                           ("2026-12-04", "2026-12-04")])
    ]  # fmt: skip
    week = [date(2026, 11, 30) + timedelta(days=n) for n in range(7)]
    lanes = {row["moment"]: row["lane"] for row in months._lanes(rows, week)}
    assert lanes == {"1": 0, "0": 1, "2": 1}


def test_a_status_is_a_mark_and_a_word_and_a_broken_rule_is_counted() -> None:
    assert set(months.STATUSES) == set(slots_of.STATUSES)
    assert len(set(months.STATUSES.values())) == len(slots_of.STATUSES)
    contest = days(str(editorial.calendar(plans.calendar()).html))["Monday 14 Dec"]
    assert "◔" in contest and "draft" in contest and "fixed" in contest and "1 rule broken" in contest


@pytest.mark.parametrize(
    ("posts", "looks"), [(1, ""), (2, " cm-dense"), (3, " cm-dense"), (4, " cm-packed"), (20, " cm-packed")]
)
def test_the_fuller_a_month_the_closer_its_cards_on_paper(posts: int, looks: str) -> None:
    week = [date(2026, 12, 7) + timedelta(days=n) for n in range(7)]
    slots = {week[0]: [{}] * posts}
    assert months._close([(week, [])] * 5, slots) == looks


def test_every_network_has_its_mark_and_the_colour_of_its_charts() -> None:
    css = sheets.css()
    for network in NETWORKS:
        assert network in months.BADGES
        assert f".cm .cm-on-{network} {{ --net: {COLOURS[network]}; }}" in css
    assert len(set(months.BADGES.values())) == len(months.BADGES)


# ── What is said ────────────────────────────────────────────────────────────────────────────────────────────


def test_findings_say_what_the_plan_takes_and_brings() -> None:
    text = editorial.findings(plans.findings()).text
    first, planned, expected, *_ = text.splitlines()
    assert first.startswith("2 rules cannot all be kept")
    assert planned.startswith("21 posts from 30 Nov 2026 to 27 Dec 2026, on Instagram, Facebook, TikTok, ")
    assert planned.endswith("LinkedIn and X: 37.5 hours of the 54.8 that there are.")
    assert "2,480 interactions (1,900 to 3,300, 8 times in 10)" in expected
    assert "Wednesday 18:00 gets +40% (+20% to +65%, 8 times in 10)" in text


def test_what_is_lacking_is_something_to_do() -> None:
    for key in editorial.TODO:
        assert "cm-todo" in str(editorial.findings([(key, {})]).html)


def test_a_clash_says_rule_whom_and_what_can_be_had() -> None:
    text = editorial.clashes(plans.clashes()).text
    assert "Hours of work: Inès, week of 30 Nov 2026: 9.5 h asked, 8 h possible" in text
    assert "least number of posts on Instagram, week of 30 Nov 2026: 2 instead of 3" in text


def test_a_rule_that_has_no_word_or_no_figure_is_said_all_the_same() -> None:
    said = {"rule": ["moon_phase", "per_day"], "subject": ["x", "instagram/lumo"]}
    rows = pd.DataFrame(said).assign(week=pd.NaT, wanted=float("nan"), got=float("nan"))
    text = editorial.clashes({"clashes": rows, "given_way": rows.iloc[:0]}).text
    assert "moon_phase (X)" in text and "Posts a day on Instagram (lumo)" in text


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("moment", "Catches a moment"),
        ("hour 0.12 0.02 0.25", "This hour does better: +12% (+2% to +25%)"),
        ("hour -0.12 -0.2 0.05", "This hour does less well: −12% (−20% to +5%)"),
        (
            "hour_any; cadence_min",
            "The hour makes no difference that can be told: spread; needed for the least",
        ),
        ("hour", "Hour"),
        ("because Inès likes it", "Because Inès likes it"),
    ],
)
def test_every_reason_is_in_words(why: str, words: str) -> None:
    plan = plans.plan(why=why).head(1)
    assert words in editorial.slots(plans.calendar(plan=plan)).text


def test_an_expectation_has_its_range_and_is_a_dash_where_it_is_unknown() -> None:
    plan = plans.plan()
    text = editorial.slots(plans.calendar(plan=plan.head(1))).text
    assert "60 24 to 132" in text
    assert "–" in editorial.slots(plans.calendar(plan=plan[plan["network"] == "linkedin"])).text


def test_of_many_slots_the_first_stand_open_and_all_are_folded() -> None:
    html = str(editorial.slots(plans.calendar()).html)
    first, rest = html.split("<details", 1)
    assert first.count("<tr>") == 1 + editorial.MOST and rest.count("<tr>") == 1 + len(plans.SLOTS)


def test_the_hour_matters_where_it_was_told_and_nowhere_else() -> None:
    instagram, facebook, tiktok, linkedin, x = editorial.hours(plans.hours()).text.splitlines()
    assert "Monday, Tuesday, Wednesday, Thursday 18:00–20:00, +40% (+20% to +65%)" in instagram
    assert "Sunday 4:00–6:00, −30% (−50% to −5%)" in instagram
    assert "no evidence in 180 posts" in facebook and "no evidence in 60 posts" in linkedin
    assert "too few own posts (4)" in tiktok and "rests on studies" in tiktok
    assert "no study: posts are spread" in x


def test_no_hour_of_a_span_is_promised_more_than_was_found() -> None:
    effects = plans.effects().query("network == 'instagram'")
    less = effects.assign(effect=effects["effect"].mask((effects["hour"] == 19) & effects["told"], 0.22))
    networks = plans.networks().head(1)
    assert "18:00–20:00, at its weakest +22%" in editorial.hours({"effects": less, "networks": networks}).text


def test_a_full_week_is_said_and_so_are_days_off() -> None:
    ines, malik = editorial.load(plans.load()).text.splitlines()
    assert "24.5 hours of 28.8" in ines and "▲ Too much in one week: that of 30 Nov 2026, by 1.5 h." in ines
    assert "Days off: 2 in the week of 21 Dec 2026." in ines
    assert malik == "Malik: 13 hours of 24 in these 4 weeks."
    free = plans.load().assign(capacity=float("nan"), over=False)
    assert "no limit is set" in editorial.load(free).text


def test_too_few_posts_a_week_are_said_in_their_cell() -> None:
    rows = editorial.coverage(plans.coverage()).text.splitlines()
    assert "Instagram 4 1 (too few) 2 (too few) 1 (too few) 3 to 5" in rows
    assert "LinkedIn 1 1 1 0 (too few) 1" in rows
    most = {"cadence": plans.coverage()["cadence"].assign(low=0.0, high=4.0)}
    assert "Instagram 4 1 2 1 at most 4" in editorial.coverage(most).text


def test_a_week_that_loses_days_does_not_hide_what_is_wanted_of_the_others() -> None:
    cadence = plans.coverage()["cadence"]
    lost = cadence.assign(low=cadence["low"].mask(cadence["week"] == cadence["week"].min(), 0.0))
    text = editorial.coverage({"cadence": lost}).text
    assert "Instagram 4 1 (too few) 2 (too few) 1 (too few) 3 to 5" in text.splitlines()
    assert "No least number of posts is asked of weeks that lose days" in text and "(30 Nov)" in text
    assert "No least number" not in editorial.coverage(plans.coverage()).text


def test_a_moment_is_caught_or_the_reason_is_given() -> None:
    text = editorial.moments(plans.moments()).text
    assert "Open days ★ Instagram, Facebook and X (3 posts)" in text
    assert "Saint Nicholas no room for it" in text and "Christmas Day nothing is published then" in text
    assert "Calendar of an example" in text and "November 2026" in text


def test_what_must_be_mended_comes_first_with_its_law() -> None:
    sheet = editorial.checks(plans.calendar())
    lines = sheet.text.splitlines()
    assert (
        lines[0] == "! 3 things to mend" and "→ 2 things to look at" in lines and "i 1 thing to know" in lines
    )
    assert lines[1].startswith("Mon 14 Dec 18:30, Instagram:") and "Win a year of filter coffee" in lines[1]
    assert "https://" in str(sheet.html), "the law's source can be opened"


def empty() -> dict[str, Any]:
    names = ("plan", "moments", "blackouts", "checks")
    whole = plans.calendar()
    return whole | {name: whole[name].iloc[:0] for name in names}


NOTHING: dict[str, Any] = {
    "findings": lambda: editorial.findings([]),
    "clashes": lambda: editorial.clashes({n: f.iloc[:0] for n, f in plans.clashes().items()}),
    "calendar": lambda: editorial.calendar(empty()),
    "printable": lambda: editorial.printable(empty(), plans.END),
    "slots": lambda: editorial.slots(empty()),
    "hours": lambda: editorial.hours({n: f.iloc[:0] for n, f in plans.hours().items()}),
    "load": lambda: editorial.load(plans.load().iloc[:0]),
    "coverage": lambda: editorial.coverage({n: f.iloc[:0] for n, f in plans.coverage().items()}),
    "moments": lambda: editorial.moments(plans.moments().iloc[:0]),
    "checks": lambda: editorial.checks(empty()),
    "files": lambda: editorial.files({"files": plans.files()["files"].iloc[:0]}),
}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("name", NOTHING)
def test_where_there_is_nothing_it_says_so_or_what_to_do(name: str, lang: str) -> None:
    with i18n.speaking(lang):
        assert len(NOTHING[name]().text) > 15


def test_a_plan_without_posts_still_shows_its_moments() -> None:
    bare = plans.calendar(plan=plans.plan().iloc[:0])
    text = editorial.calendar(bare).text
    assert "There is no post in these weeks" in text and "Open days" in text


def test_showing_changes_no_frame() -> None:
    whole = plans.calendar()
    for name in ("calendar", "slots", "checks"):
        getattr(editorial, name)(whole)
    for name, frame in plans.calendar().items():
        if isinstance(frame, pd.DataFrame):
            pd.testing.assert_frame_equal(whole[name], frame)


def test_the_titles_of_all_sections_are_there() -> None:
    page = sheets.title("editorial", brand="Lumo", first=plans.START, last=plans.END, weeks=4)
    assert "Lumo: what to publish when" in page.text and "30 Nov 2026" in page.text
    for key in (
        "findings",
        "clashes",
        "calendar",
        "slots",
        "hours",
        "load",
        "coverage",
        "moments",
        "checks",
        "source",
    ):
        assert len(sheets.section(key, "editorial").text) > 20
