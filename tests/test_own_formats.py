"""Formats of one's own: what is proposed of a file that nobody has seen, and the TOML that reads it then."""

import json
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from cmlib import brand as brands
from cmlib import importers, schema, store
from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.importers import own
from cmlib.importers.own import dictionary, proposal, template, writing
from cmlib.importers.own.dating import dates
from cmlib.importers.own.matching import Said
from cmlib.metrics import compute
from cmlib.tomlcheck import Lines

DATASETS = Path(__file__).parents[2] / "shared" / "datasets"
TOML = """
title = "The agency's list"
network = "instagram"
table = "posts"
account = "tea.house"

[columns]
post_id = "Code"
published_at = { header = "Posted", formats = ["%d/%m/%Y"] }
reactions = { header = ["Hearts", "Herzen"], reads = "count" }
"""


@pytest.fixture
def tea(home: Path) -> Brand:
    brands.new("tea", "Tea", timezone="Europe/Paris")
    return brands.load("tea")


def opened(content: str | bytes, name: str = "list.csv") -> importers.Export:
    data = content.encode() if isinstance(content, str) else content
    return importers.open_export(importers.File(name, lambda: data))


def proposed(content: str | bytes, name: str = "list.csv", **said: object) -> proposal.Proposal:
    told = {"name": "list", "network": "instagram"} | said
    return proposal.propose(opened(content, name), Said(**told))  # type: ignore[arg-type]


def mapping(found: proposal.Proposal) -> dict[str, str]:
    return {one.header: one.name for one in found.choices}


def read(content: str | bytes, name: str = "list.csv", **said: object) -> importers.Reading:
    """By the format that is proposed: written, loaded again, and read like any other."""
    brand = Brand("lab", "Lab", timezone="Europe/Paris")
    found = proposed(content, name, **said)
    assert not found.asks, [one.key for one in found.asks]
    told = own.checked("list", tomllib.loads(writing.written(found.own)), Lines(Path("list.toml"), ""))
    assert told == found.own
    observed = pd.Timestamp("2026-11-20", tz="UTC")
    return importers.read(opened(content, name), brand, "lab", observed, own.made(told))


def put(slug: str, name: str, text: str) -> Path:
    path = own.folder(slug) / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# Names and values


@pytest.mark.parametrize(
    ("header", "table", "name"),
    [
        ("Lifetime Post Total Reach", "posts", "reach"),
        ("Lifetime Post Impressions by people who have liked your Page", "posts", ""),
        ("likeCount", "posts", "reactions"),
        ("public_metrics.retweet_count", "posts", "shares"),
        ("Mentions J’aime", "posts", "reactions"),
        ("Gefällt-mir-Angaben", "posts", "reactions"),
        ("Nombre de vues", "posts", "views"),
        ("Veröffentlicht am", "posts", "published_at"),
        ("Fecha de publicación", "posts", "published_at"),
        ("Alcance", "posts", "reach"),
        ("Compartilhamentos", "posts", "shares"),
        ("Engagement rate (%)", "posts", ""),
        ("Views (%)", "posts", ""),
        ("Page total likes", "days", "followers"),
        ("Page total likes", "posts", ""),
        ("Abonnés", "days", "followers"),
        ("Datum", "days", "date"),
        ("Durée de visionnage (heures)", "posts", "watch_seconds"),
        ("From Home", "posts", ""),
    ],
)
def test_a_header_means_what_its_words_say_and_nothing_else(header: str, table: str, name: str) -> None:
    found = dictionary.meanings(header, table)
    assert (found[0].name if found else "") == name


@pytest.mark.parametrize("name", ["reactions", "comments", "shares", "reach", "impressions", "saves"])
def test_every_spelling_of_the_built_in_formats_is_known(name: str) -> None:
    for one in importers.formats().values():
        for column in one.columns if one.table == "posts" else ():
            for header in column.spellings if column.name == name else ():
                found = [meant.name for meant in dictionary.meanings(header, "posts", one.network)]
                assert name in found, (one.name, header)


@pytest.mark.parametrize(
    ("cells", "formats", "by"),
    [
        (["03/04/2026", "25/04/2026"], ("%d/%m/%Y",), "value"),
        (["03/04/2026", "04/25/2026"], ("%m/%d/%Y",), "value"),
        (["3.4.2026", "5.4.2026"], ("%d.%m.%Y",), "dots"),
        ([f"0{n}/0{m}/2024" for m in (1, 2) for n in (1, 5, 9)], ("%d/%m/%Y",), "order"),
        (["12/11/2024", "01/02/2024"], ("%d/%m/%Y",), ""),
        (["2026-01-03T10:00:00.000Z"], ("%Y-%m-%dT%H:%M:%S",), ""),
        (["1767434400"], ("unix",), ""),
        (["3 janv. 2026 18:05", "4 févr. 2026 9:00"], ("words",), ""),
        (["Wed Oct 10 20:19:24 +0000 2018"], ("%a %b %d %H:%M:%S %z %Y",), ""),
        (["01/31/2026 06:05 PM"], ("%m/%d/%Y %I:%M %p",), "value"),
    ],
)
def test_how_dates_are_written_follows_from_the_whole_column(
    cells: list[str], formats: tuple[str, ...], by: str
) -> None:
    found = dates(cells)
    assert found is not None and (found.formats, found.by) == (formats, by)


@pytest.mark.parametrize(
    "cells", [["12", "13"], ["tea", "coffee"], ["12:30", "13:00"], ["", "-"], ["4.5", "3.2"]]
)
def test_what_is_no_date_is_none(cells: list[str]) -> None:
    assert dates(cells) is None


def test_the_order_of_days_and_months_is_asked_where_both_fit() -> None:
    text = "Post ID,Date,Likes\na1,03/04/2026,5\nb2,05/04/2026,6\n"
    found = proposed(text)
    assert [(one.key, one.options) for one in found.asks] == [("order", ("day", "month"))]
    for order, month in (("day", 4), ("month", 3)):
        posts = read(text, order=order).tables["posts"]
        assert posts["published_at"].iloc[0].tz_convert("Europe/Paris").month == month


# Shapes of files


def test_a_german_table_with_a_preamble_and_decimal_commas() -> None:
    text = (
        "Bericht der Agentur;;;;\n;;;;\nBeitrags-ID;Datum;Typ;Reichweite;Wiedergabezeit (Stunden)\n"
        "a-1;03.10.2026 18:05;Bild;1.234;1,5\na-2;14.10.2026 09:00;Reel;987;0,25\nSumme;;;2.221;\n"
    )
    reading = read(text)
    posts = reading.tables["posts"]
    assert posts["reach"].tolist() == [1234, 987] and posts["watch_seconds"].tolist() == [5400, 900]
    assert posts["kind"].tolist() == ["image", "short_video"]
    assert posts["published_at"].iloc[0] == pd.Timestamp("2026-10-03 16:05", tz="UTC")
    assert reading.aside[["line", "reason"]].to_numpy().tolist() == [[6, "total"]]


def test_a_second_header_row_is_passed_over() -> None:
    rows = "".join(f"2026-10-0{n},{n}0,{n}\n" for n in range(1, 9))
    reading = read(f"Date,Followers,Reach\nthe day,all of them,people\n{rows}")
    assert len(reading.tables["days"]) == 16 and reading.passed == 1 and reading.aside.empty
    assert reading.lines == 9


def test_a_long_table_has_its_figures_in_a_column() -> None:
    text = "Jour,Indicateur,Valeur\n2026-10-01,Abonnés,120\n2026-10-01,Portée,900\n2026-10-01,Humeur,3\n"
    reading = read(text)
    days = reading.tables["days"].set_index("figure")["value"]
    assert days.to_dict() == {"followers": 120, "reach": 900}
    assert reading.aside["reason"].tolist() == ["nonsense:figure"]


def test_records_of_a_document_are_a_table() -> None:
    records = [
        {"id": f"p{n}", "created_at": f"2026-10-0{n}T10:00:00Z", "caption": "Tea", "metrics": {"likes": n}}
        for n in range(1, 6)
    ]
    records[0]["metrics"]["saves"] = 2  # not in every record, so perhaps in no record of another file
    found = proposed(json.dumps({"data": {"posts": records}}), "x.json")
    assert found.own.records == ("data", "posts") and found.own.columns["saves"].optional
    posts = read(json.dumps({"data": {"posts": records}}), "x.json").tables["posts"]
    assert posts["reactions"].tolist() == [1, 2, 3, 4, 5] and posts["saves"].iloc[0] == 2


def test_the_network_is_known_from_addresses_and_what_is_the_same_in_all_rows_is_said() -> None:
    at = "https://www.tiktok.com/@a/video/"
    text = f"Link,Date,Likes\n{at}1,2026-10-01,5\n{at}2,2026-10-02,6\n"
    found = proposed(text, network="", constants={"kind": "short_video", "paid": True})
    assert found.own.network == "tiktok" and not found.asks
    posts = read(text, network="", constants={"kind": "short_video", "paid": True}).tables["posts"]
    assert set(posts["kind"]) == {"short_video"} and posts["paid"].all()
    assert posts["post_id"].is_unique  # made of their addresses


def test_ids_made_of_texts_stay_the_same_in_the_next_export() -> None:
    text = "Caption,Date,Likes\nTea,2026-10-01,{a}\nTea,2026-10-01,{a}\nCake,2026-10-02,7\n"
    one, other = (read(text.format(a=a)).tables["posts"]["post_id"].tolist() for a in (5, 9))
    assert one == other and len(set(one)) == 3


def test_what_a_name_promises_and_values_do_not_keep_is_left_out() -> None:
    found = proposed("Post ID,Date,Likes,Comments\na1,2026-10-01,many,3\nb2,2026-10-02,few,4\n")
    assert mapping(found)["Likes"] == "" and mapping(found)["Comments"] == "comments"
    assert next(one.why for one in found.choices if one.header == "Likes") == "misfit"


def test_a_header_that_stands_twice_is_not_taken() -> None:
    found = proposed("Post ID,Date,Likes,Likes,Saves\na1,2026-10-01,1,2,3\n")
    assert [one.why for one in found.choices if one.header == "Likes"] == ["twice", "twice"]


def test_messages_hide_their_authors_and_know_who_speaks() -> None:
    text = "From,Sent at,Message\nlab,2026-10-01T10:00Z,Hello\nAda,2026-10-01T10:05Z,Hi\n"
    brand = Brand("lab", "Lab", accounts=(brands.Account("instagram", "lab"),))
    found = proposed(text)
    assert found.own.table == "messages" and not found.asks
    messages = importers.read(opened(text), brand, wanted=found.format).tables["messages"]
    assert messages["incoming"].tolist() == [False, True]
    assert "Ada" not in messages.to_string() and messages["text"].isna().all()


# Posts without id or date


def insights(n: int = 40) -> bytes:
    """Insights of an account as one finds them: neither ids nor dates, in Windows' encoding."""
    head = (
        "Impressions,From Home,From Hashtags,From Explore,From Other,Saves,Comments,Shares,Likes,"
        "Profile Visits,Follows,Caption,Hashtags\n"
    )
    rows = [
        f"{3000 + i},2000,800,150,50,{i},4,2,{100 + i},9,1,“Tea” no. {i % 35}…,#tea\xa0#leaves"
        for i in range(n)
    ]
    return (head + "\n".join(rows) + "\n").encode("cp1252")


def test_posts_of_no_known_day_are_asked_for_it_and_never_guessed() -> None:
    found = proposed(insights())
    assert [one.key for one in found.asks] == ["no_published_at"]
    assert mapping(found)["From Home"] == "" and mapping(found)["Profile Visits"] == ""


def test_posts_of_one_known_day_are_read_and_only_of_this_file(tea: Brand) -> None:
    said = {"constants": {"published_at": proposal.constant("published_at", "2026-10-31")}}
    reading = read(insights(), **said)
    posts = reading.tables["posts"]
    assert len(posts) == 40 and posts["impressions"].sum() == sum(range(3000, 3040))
    assert reading.aside.empty and posts["post_id"].is_unique
    found = proposed(insights(), **said)
    assert [key for key, _ in found.warnings] == ["made_of", "one_day"]
    writing.keep("tea", found.own)
    assert importers.identify(opened(insights()), tea).name == "list"
    with pytest.raises(CmlibError) as refused:
        importers.identify(opened(insights(30)), tea)
    assert refused.value.key == "unrecognised_day"


def test_posts_of_a_known_period_are_added_up() -> None:
    days = {
        name: proposal.constant(name, f"2026-10-{day}") for name, day in (("since", "01"), ("until", "31"))
    }
    totals = read(insights(), table="totals", summed=True, constants=days).tables["totals"]
    told = totals.set_index("figure")["value"]
    assert told["impressions"] == sum(range(3000, 3040)) and told["reactions"] == sum(range(100, 140))
    assert len(totals) == totals["figure"].nunique()


def test_a_line_of_totals_is_told_and_neither_a_post_nor_added_up() -> None:
    week = "".join(f"0{day}.10.2026,{day},1\n" for day in range(1, 8))
    found = read(f"Tag,Aufrufe,Likes\n{week}Gesamt,28,7\n", network="snapchat")
    assert found.tables["days"]["value"].sum() == 28 + 7
    assert found.aside["reason"].tolist() == ["total"] and found.lines == 8
    posts = "Post,Views\nhello,100\nyou,200\nTotal:,300\n"
    told = {"since": date(2026, 10, 1), "until": date(2026, 10, 31)}
    added = read(posts, network="tiktok", table="totals", constants=told, summed=True)
    assert added.tables["totals"]["value"].tolist() == [300]
    one = read("Title,Published,Views\nTotal,2026-10-02,5\nToo,2026-10-03,5\n", network="tiktok")
    assert one.tables["posts"]["text"].tolist() == ["Too"]


def test_people_are_never_added_up() -> None:
    text = "Country,Date,Reach,Likes\nFR,2026-10-01,10,1\nBE,2026-10-01,7,2\n"
    found = proposed(text, table="days", summed=True)
    assert mapping(found)["Reach"] == "" and mapping(found)["Likes"] == "reactions"
    assert read(text, table="days", summed=True).tables["days"]["value"].tolist() == [3]


def test_figures_of_the_day_of_the_export(tea: Brand) -> None:
    text = "pseudo;nb_followers\nada;120\nbob;7\n"
    found = proposed(text, constants={"date": "exported"})
    assert not found.asks and not found.own.only
    seen = pd.Timestamp("2026-11-02 12:00", tz="UTC")
    days = importers.read(opened(text), tea, observed=seen, wanted=found.format).tables["days"]
    assert days["account"].tolist() == ["ada", "bob"] and set(days["date"]) == {pd.Timestamp("2026-11-02")}
    with pytest.raises(CmlibError, match="--observed"):
        importers.read(opened(text), tea, wanted=found.format)


# The TOML


def test_a_format_of_one_s_own_is_read_like_a_built_in_one(tea: Brand) -> None:
    put("tea", "agency", TOML)
    text = "Code,Posted,Hearts\na,25/10/2026,5\nb,26/10/2026,lots\n"
    for reading in (
        importers.read(opened(text.replace("Hearts", hearts)), tea) for hearts in ("Hearts", "Herzen")
    ):
        assert (reading.format, reading.network, reading.account) == ("agency", "instagram", "tea.house")
        assert reading.tables["posts"]["reactions"].tolist() == [5]
        assert reading.aside["reason"].tolist() == ["nonsense:reactions"]
    assert store.add("tea", reading) and store.sources("tea")["format"].tolist() == ["agency"]
    with pytest.raises(CmlibError, match="agency, for which it lacks Hearts"):
        importers.identify(opened("Code,Posted\na,25/10/2026\n"), tea)
    with pytest.raises(CmlibError):
        importers.identify(opened(text))  # of no brand


def test_a_built_in_format_wins_and_two_of_one_s_own_are_an_error(tea: Brand) -> None:
    own_days = """
        network = "x"
        table = "days"
        constants = { figure = "views" }
        columns = { date = { header = "Date", formats = ["%Y-%m-%d"] }, value = "Views" }
    """
    put("tea", "mine", own_days)
    youtube = "Date,Views\n2026-08-15,5\n"
    assert importers.identify(opened(youtube, "Chart data.csv"), tea).name != "mine"
    put("tea", "agency", TOML)
    put("tea", "again", TOML)
    with pytest.raises(CmlibError, match="again, agency"):
        importers.identify(opened("Code,Posted,Hearts\na,25/10/2026,5\n"), tea)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('table = "posts"', 'table = "post"', 4, "posts"),
        ('network = "instagram"', 'network = "instagam"', 3, "instagram"),
        ("reactions =", "reaction =", 10, "reactions"),
        ("reactions =", "followers =", 10, "column"),
        ('reads = "count"', 'reads = "cuont"', 10, "count"),
        ('reads = "count"', "red = 1", 10, "reads"),
        ('"%d/%m/%Y"', '"yesterday"', 9, "date format"),
        ('"%d/%m/%Y"', '"%d/%m/%Q"', 9, "date format"),
        (', formats = ["%d/%m/%Y"]', "", 9, "formats"),
        ('post_id = "Code"', 'post_id = ""', 8, "header"),
        ("title =", "titel =", 2, "title"),
        ('account = "tea.house"', 'decimal = "!"', 5, ","),
        ('account = "tea.house"', "skip = -1", 5, "0 to 20"),
        ('account = "tea.house"', "summed = true", 5, "false"),
        ('"Hearts", "Herzen"', '"Code"', 10, "code"),
        ("[columns]", '[constants]\nkind = "photograph"\n[columns]', 8, "image"),
        ("[columns]", '[constants]\npost_id = "a"\n[columns]', 8, "post_id"),
        ('post_id = "Code"\n', "", None, "post_id"),
        ("[columns]", "[columns", None, "cannot be read"),
    ],
)
def test_what_is_misspelt_is_told_with_its_line(
    tea: Brand, old: str, new: str, line: int | None, told: str
) -> None:
    assert old in TOML
    path = put("tea", "agency", TOML.replace(old, new, 1))
    with pytest.raises(CmlibError) as wrong:
        own.load(path)
    assert str(path) in str(wrong.value) and told in str(wrong.value)
    assert line is None or f"line {line}" in str(wrong.value)


def test_a_broken_one_hinders_no_other_and_no_other_brand(tea: Brand) -> None:
    put("tea", "agency", TOML)
    broken = put("tea", "broken", "table = 7")
    found = own.found("tea", importers.formats())
    assert list(found.formats) == ["agency"] and str(broken) in str(found.problems[0])
    assert importers.identify(opened("Code,Posted,Hearts\na,25/10/2026,5\n"), tea).name == "agency"
    brands.new("coffee")
    assert own.found("coffee") == own.Found()


def test_a_format_cannot_bear_the_name_of_a_built_in_one_nor_overwrite_another(tea: Brand) -> None:
    made = replace(proposed("Post ID,Date,Likes\na1,2026-10-01,1\n").own, name="generic")
    with pytest.raises(CmlibError, match="built-in"):
        writing.keep("tea", made, importers.formats())
    assert not own.folder("tea").exists()
    writing.keep("tea", made)
    with pytest.raises(CmlibError, match="already"):
        writing.keep("tea", made)


def test_texts_of_a_file_cannot_write_the_toml(tea: Brand) -> None:
    odd = 'Likes" }\nx = 1 # \x1b[31m'
    text = 'Post ID,Date,"' + odd.replace('"', '""') + '"\na1,2026-10-01,1\n'
    found = proposed(text, columns={odd: "reactions"})
    assert own.load(writing.keep("tea", found.own)) == found.own


# Every table, and templates


@pytest.mark.parametrize("table", template.TABLES)
@pytest.mark.parametrize("network", ["snapchat", "viadeo", "bluesky", "instagram"])
def test_a_template_adds_nothing_until_it_is_filled_in(tea: Brand, network: str, table: str) -> None:
    path = template.keep(tea, network, table)
    content = path.read_text(encoding="utf-8-sig")
    with pytest.raises(CmlibError) as untouched:
        importers.read(opened(content), tea)
    assert untouched.value.key == "template_untouched"
    filled = content.replace(f"# {table},{network},,", f"{table},{network},tea,", 1)
    reading = importers.read(opened(filled), tea)
    assert len(reading.tables[table]) == 1 and reading.aside.empty
    assert reading.passed == content.count("#") - 1
    with pytest.raises(CmlibError, match="already"):
        template.keep(tea, network, table)


def test_a_template_has_what_the_network_counts() -> None:
    assert "watch_seconds" in template.counted("snapchat") and "impressions" not in template.counted(
        "snapchat"
    )
    assert "saves" in template.counted("instagram")
    assert set(template.counted("reddit")) <= set(schema.COUNTS)


# Public data, where they are at hand


def lake(tea: Brand, file: Path, **said: object) -> dict[str, pd.DataFrame]:
    found = proposal.propose(opened(file.read_bytes(), file.name), Said(name="lab", **said))  # type: ignore[arg-type]
    assert not found.asks
    writing.keep("tea", found.own)
    reading = importers.read(opened(file.read_bytes(), file.name), tea, "page")
    assert reading.aside.empty and store.add("tea", reading)
    return store.load(tea)


def by(tables: dict[str, pd.DataFrame], metric: str, key: str) -> dict[object, float]:
    found = compute(tables, [metric], [key])
    return dict(zip(found[key].astype("object"), found["value"], strict=True))


def test_the_published_figures_of_moro_2016_need_no_code(tea: Brand) -> None:
    for file in DATASETS.glob("facebook_metrics_moro2016/dataset_Facebook.csv"):
        day = proposal.constant("published_at", "2014-12-31")
        tables = lake(
            tea, file, network="facebook", columns={"Category": "account"}, constants={"published_at": day}
        )
        assert by(tables, "posts", "kind") == {"text": 45, "image": 426, "video": 7, "link": 22}
        assert by(tables, "interactions_per_post", "kind") == pytest.approx(
            {"video": 295.86, "text": 217.04, "image": 216.58, "link": 89.05}, abs=0.005
        )
        assert by(tables, "reach_per_post", "kind") == pytest.approx(
            {"video": 51205.7, "link": 18544.6, "image": 13137.8, "text": 13078.9}, abs=0.05
        )
        assert by(tables, "posts", "account") == {"1": 215, "2": 130, "3": 155}
        paid = compute(tables, ["interactions_per_post"], ["paid"])
        assert paid["value"].tolist()[:2] == pytest.approx([186.85, 278.23], abs=0.005)


def test_the_published_figures_of_buzzfeed_2016_need_no_code(tea: Brand) -> None:
    for file in DATASETS.glob("facebook_pages_buzzfeed2016/facebook-fact-check.csv"):
        tables = lake(tea, file)
        assert len(tables["posts"]) == 2282 and set(tables["posts"]["network"]) == {"facebook"}
        medians = {
            name: by(tables, f"median_{name}", "account") for name in ("shares", "reactions", "comments")
        }
        found = [round(medians[name]["Occupy Democrats"]) for name in ("shares", "reactions", "comments")]
        assert found == [10931, 22360, 1205]
        kinds = compute(tables, ["median_shares"], ["account", "kind"])
        ours = kinds[kinds["account"] == "Occupy Democrats"].set_index("kind")["value"].round()
        assert ours[["link", "image", "video"]].tolist() == [5130, 18294, 26648]


def test_tweets_of_french_media_need_no_code(tea: Brand) -> None:
    for file in DATASETS.glob("french_media_tweets2022/Tweets.csv"):
        tables = lake(tea, file, network="x")
        posts = tables["posts"]
        assert len(posts) == 2800 and posts["account"].nunique() == 28
        assert posts["reactions"].median() == 8 and posts["reactions"].max() == 69803
        assert posts["reactions"].mean() == pytest.approx(600.43, abs=0.005)
        assert posts["published_at"].max() < pd.Timestamp("2022-05-18", tz="UTC")


def test_a_sheet_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(CmlibError) as refused:
        proposed("Date,Views\n2026-10-01,5\n", sheet="Posts")
    assert refused.value.key in ("unknown_name", "unknown_name_none") and "Posts" in str(refused.value)
