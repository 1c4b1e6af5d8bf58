"""Personal archives (X, Meta, Mastodon, Reddit) and chats: what golden pairs do not show."""

import csv
import json
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Account, Brand, Desk
from cmlib.errors import CmlibError
from cmlib.importers.known.chats import told
from cmlib.importers.known.mastodon import plain
from cmlib.importers.values import Setting

EXPORTS = Path(__file__).parent / "exports"
SHARED = Path(__file__).parents[2] / "shared" / "exports"
BRAND = Brand("noria", "Noria", timezone="Europe/Paris", messages=Desk(True, ("Noria Thé",)))
ACCOUNTS = "messenger/ada,instagram/ada,facebook/ada,x/ada,threads/ada,mastodon/ada"
NOON = pd.Timestamp("2026-09-02 12:00", tz="UTC")
FORMATS = (
    "instagram_download", "facebook_download", "instagram_insights_posts", "instagram_insights",
    "meta_messages", "x_archive", "threads_download", "mastodon_outbox", "reddit_posts", "reddit_comments",
)  # fmt: skip


def read(
    document: Any, account: str = "ada", brand: Brand = BRAND, name: str = "x.json", day: Any = NOON
) -> importers.Reading:
    said = document if isinstance(document, bytes) else json.dumps(document).encode()
    return importers.read(importers.open_export(importers.File(name, lambda: said)), brand, account, day)


def golden(path: str) -> Any:
    text = (EXPORTS / path).read_text(encoding="utf-8")
    return json.loads(text[text.index("=") + 1 :] if text.startswith("window.") else text)


def chat(*lines: tuple[str, str], thread: str = "t", place: str = "direct") -> pd.DataFrame:
    start = pd.Timestamp("2026-08-01 10:00", tz="UTC")
    return pd.DataFrame(
        {"thread_id": thread, "author": author, "sent_at": start + pd.Timedelta(minutes=n), "text": text,
         "place": place}
        for n, (author, text) in enumerate(lines)
    )  # fmt: skip


# Chats: who is the brand.

VOICED, MUTE = Setting("chat.txt", BRAND), Setting("chat.txt", replace(BRAND, messages=Desk()))


def test_what_the_brand_says_goes_out_and_the_rest_comes_in() -> None:
    rows = told(chat(("Zoé", "Ouvert ?"), ("noria thé ", "Oui"), ("Zoé", "Merci")), VOICED).rows
    assert rows["incoming"].tolist() == [True, False, True]


def test_an_account_of_the_brand_speaks_for_it_a_rivals_does_not() -> None:
    own, rival = Account("messenger", "noria.page", name="Noria"), Account("messenger", "Bo", rival=True)
    setting = Setting("chat.txt", replace(BRAND, messages=Desk(), accounts=(own, rival)))
    assert told(chat(("Bo", "?"), ("Noria", "!")), setting).rows["incoming"].tolist() == [True, False]


def test_a_chat_of_two_without_the_brand_is_refused_with_the_names() -> None:
    for setting in (VOICED, MUTE):
        with pytest.raises(CmlibError, match=r"chat\.txt .*Ada, Bo.*noria/brand\.toml.*voices") as refused:
            told(chat(("Bo", "Hi"), ("Ada", "Hello")), setting)
        assert refused.value.key == "no_voice"


def test_whoever_is_in_most_chats_is_named_first() -> None:
    both = pd.concat([chat((f"Guest {n}", "?"), ("Me", "!"), thread=str(n)) for n in range(12)])
    with pytest.raises(CmlibError) as refused:
        told(both, MUTE)
    assert refused.value.values["names"][0] == "Me"
    assert len(refused.value.values["names"]) == 8


def test_a_chat_that_was_never_answered_is_believed_where_the_brand_is_known() -> None:
    alone = chat(("Zoé", "Ouvert ?"), ("Zoé", "?"))
    assert told(alone, VOICED).rows["incoming"].all()
    assert (
        told(alone, Setting("c", replace(BRAND, messages=Desk(voices=("N",)))), ["Zoé", "N"])
        .rows["incoming"]
        .all()
    )
    with pytest.raises(CmlibError, match="Zoé"):
        told(alone, MUTE)


def test_a_group_may_be_without_the_brand() -> None:
    assert told(chat(("A", "x"), ("B", "y"), ("C", "z"), place="group"), MUTE).rows["incoming"].all()


def test_made_ids_do_not_depend_on_the_order_and_tell_equals_apart() -> None:
    said = chat(("Zoé", "Allô"), ("Noria Thé", "Oui"), ("Zoé", "Allô"))
    said["sent_at"] = said["sent_at"].iloc[0]
    there, back = told(said, VOICED).rows, told(said.iloc[::-1], VOICED).rows
    assert there["message_id"].is_unique
    assert set(there["message_id"]) == set(back["message_id"])


def test_a_name_may_stand_beside_the_id_of_who_writes() -> None:
    said = chat(("17", "?"), ("18", "!")).assign(_shown=["Zoé", "Noria Thé"], message_id=["a", "b"])
    part = told(said, VOICED)
    assert part.rows["incoming"].tolist() == [True, False]
    assert part.rows["message_id"].tolist() == ["a", "b"]
    assert "_shown" not in part.rows


# Meta's chats.


def test_which_network_a_chat_is_from_is_found_or_asked_for() -> None:
    plain_chat = {"participants": [{"name": "Noria"}, {"name": "Zo"}], "messages": [
        {"sender_name": "Zo", "timestamp_ms": 1786347000000, "content": "?"}]}  # fmt: skip
    brand = replace(BRAND, messages=Desk(voices=("Noria",)))
    known = {
        "your_instagram_activity/messages/inbox/zo_1/message_1.json": "instagram",
        "instagram-noria-2026-09-01-x.zip/messages/inbox/zo_1/message_1.json": "instagram",
        "your_facebook_activity/messages/inbox/zo_1/message_1.json": "messenger",
        "facebook-noria-2026-09-01-x.zip/messages/inbox/zo_1/message_1.json": "messenger",
    }
    for name, network in known.items():
        assert read(plain_chat, "ada", brand, name).network == network
    assert read(plain_chat | {"thread_type": "Regular"}, "ada", brand).network == "messenger"
    assert read(plain_chat, "instagram/ada", brand).network == "instagram"
    with pytest.raises(CmlibError, match="--account"):
        read(plain_chat, "ada", brand)


def test_names_and_words_of_people_are_hidden_and_a_chat_newest_first_reads_like_any_other() -> None:
    chat_ = golden("meta_messages/instagram.json")
    silent = read(
        chat_, "ada", replace(BRAND, messages=Desk(voices=("Noria Thé",))), "zoelamy/message_1.json"
    )
    assert not silent.aside["excerpt"].any()
    everything = "\n".join(f.to_csv() for f in silent.tables.values()) + silent.name
    assert not any(word in everything.casefold() for word in ("zo", "lamy", "noria thé", "ouvert"))
    turned = read(chat_ | {"messages": chat_["messages"][::-1]}, "ada")
    ids = [set(r.tables["messages"]["message_id"]) for r in (silent, turned)]
    assert ids[0] == ids[1]


# Instagram's insights.


def test_a_period_is_counted_back_from_the_export_and_may_cross_new_year() -> None:
    document = golden("instagram_insights/reached_french.json")
    document["organic_insights_reach"][0]["string_map_data"]["P\u00c3\u00a9riode"]["value"] = "Dec 3 - Mar 1"
    for day, since, until in (
        ("2026-03-01", "2025-12-03", "2026-03-01"),
        ("2026-02-28", "2024-12-03", "2025-03-01"),
    ):
        totals = read(document, day=pd.Timestamp(day, tz="UTC")).tables["totals"]
        assert set(totals["since"]) == {pd.Timestamp(since)}
        assert set(totals["until"]) == {pd.Timestamp(until)}
    with pytest.raises(CmlibError, match="--observed"):
        read(document, day=None)
    document["organic_insights_reach"][0]["string_map_data"]["P\u00c3\u00a9riode"]["value"] = "lately"
    assert set(read(document).aside["reason"]) == {"nonsense:since"}


@pytest.mark.parametrize(
    "case", ["instagram_insights/reached_french", "instagram_insights_posts/posts_english"]
)
def test_labels_of_another_language_are_refused_not_read_as_missing(case: str) -> None:
    said = json.dumps(golden(f"{case}.json"))
    for label in ("Accounts reached", "Impressions", "Likes", "Comments", "Shares", "Saves", "Follows",
                  "Website taps", "Comptes touch", "Visites du profil", "Appuis sur"):  # fmt: skip
        said = said.replace(f'"{label}', f'"Zz {label}')
    with pytest.raises(CmlibError, match=r"Zz.*English or French"):
        read(said.encode())


def test_every_label_of_a_period_is_read_kept_aside_or_passed_over() -> None:
    for path in sorted((EXPORTS / "instagram_insights").glob("*.json")):
        labels = next(iter(golden(f"instagram_insights/{path.name}").values()))[0]["string_map_data"]
        assert read(path.read_bytes(), day=NOON).lines == len(labels), path.name


# What is not the account's own, or not for everybody.


def test_reposts_answers_and_what_was_deleted_are_passed_over_but_threads_are_kept() -> None:
    tweets = golden("x_archive/tweets.js")
    reading = read(tweets)
    assert (reading.lines, reading.passed, len(reading.aside)) == (len(tweets), 3, 2)
    only = [one for one in tweets if one["tweet"]["full_text"].startswith("RT @")]
    assert read(only).tables["posts"].empty
    brand = replace(
        BRAND, accounts=(Account("x", "Bo"),)
    )  # an answer to oneself, whose post is in another part
    assert read(tweets, "", brand).passed == 2


def test_direct_messages_of_an_archive_are_refused() -> None:
    for root in ("direct_messages", "direct_messages_group"):
        said = (
            f'window.YTD.{root}.part0 = [{{"dmConversation": {{"conversationId": "1-2", "messages": []}}}}]'
        )
        with pytest.raises(CmlibError, match="not an export that cmlib knows"):
            read(said.encode(), name=f"{root}.js")


def test_what_was_not_said_to_everybody_is_never_in_the_tidy_rows() -> None:
    reading = read(golden("mastodon_outbox/outbox.json"), "")
    assert reading.passed == 4
    assert not reading.tables["posts"]["text"].str.contains("abonn|Pour toi|merci").any()


def test_an_account_of_mastodon_is_spelt_as_in_brand_toml() -> None:
    for handle in ("noria", "@Noria@feuilles.example"):
        brand = replace(BRAND, accounts=(Account("mastodon", handle),))
        assert read(golden("mastodon_outbox/outbox.json"), "", brand).account == handle


def test_marks_leave_a_post_lines_and_signs_stay() -> None:
    assert plain("<p>a &lt;b&gt;<br/>c</p><p class='x'>d</p>") == "a <b>\nc\n\nd"


def test_addresses_from_which_somebody_wrote_are_not_read() -> None:
    for case in ("reddit_posts/posts.csv", "reddit_comments/comments.csv"):
        reading = read((EXPORTS / case).read_bytes())
        shown = "\n".join(frame.to_csv() for frame in [*reading.tables.values(), reading.aside])
        assert "203.0.113.7" in (EXPORTS / case).read_text()
        assert "203.0.113.7" not in shown


def test_a_repository_of_bluesky_is_refused_with_what_to_do() -> None:
    block = b"\x3a\xa2\x65roots\x81\xd8\x2a\x58\x25\x00\x01\x71\x12\x20" + bytes(32) + b"\x67version\x01"
    with pytest.raises(CmlibError, match="generic") as refused:
        read(block, name="repo.car")
    assert refused.value.key == "bluesky_car"


# Whatever stands in a document, it is read, or refused in words.

ODD: tuple[Any, ...] = (None, 0, -1, 1e300, True, "", "x", "\ud800", [], {}, [1], [[]], {"a": {}}, "9" * 30)


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for key, value in inner:
        yield from places(value, (*path, key))


def spoilt(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = deepcopy(document)
    at = copy
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return copy


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith("reddit")])
def test_anything_in_any_place_is_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    for case in sorted(p for p in (EXPORTS / name).iterdir() if p.suffix in (".json", ".js")):
        document = golden(f"{name}/{case.name}")
        for path in chance.sample(list(places(document)), k=12):
            try:
                read(spoilt(document, path, chance.choice(ODD)), ACCOUNTS)
            except CmlibError as refused:
                assert str(refused)


# Real files, where they are at hand beside the checkout; their own counts are made without cmlib.


def real(name: str) -> Iterator[tuple[Any, importers.Reading]]:
    for path in SHARED.glob(name):
        text = path.read_text(encoding="utf-8")
        document = json.loads(text[text.index("=") + 1 :] if text.startswith("window.") else text)
        yield (
            document,
            read(path.read_bytes(), ACCOUNTS, replace(BRAND, messages=Desk(voices=("John Doe",)))),
        )


def test_posts_of_the_real_instagram_download_are_its_own() -> None:
    for document, reading in real("instagram_dyi/posts_1.json"):
        posts = reading.tables["posts"]
        assert len(posts) == len(document) == reading.lines
        assert posts["post_id"].is_unique
        assert (posts["kind"] == "carousel").sum() == sum(len(one["media"]) > 1 for one in document)
        assert not posts["text"].str.contains("\u00e2\u0080|\u00f0\u009f").any()


def test_counts_of_the_real_x_archive_are_its_own() -> None:
    for document, reading in real("twitter_archive/tweets.js"):
        posts = reading.tables["posts"]
        assert len(posts) == len(document)
        for key, column in {"favorite_count": "reactions", "retweet_count": "shares"}.items():
            assert posts[column].sum() == sum(int(one["tweet"][key]) for one in document) > 0
        minted = pd.to_datetime(
            (posts["post_id"].astype("int64") // 2**22) + 1288834974657, unit="ms", utc=True
        )
        assert (minted.dt.floor("s") == posts["published_at"]).all()


def test_posts_of_the_real_outbox_are_its_own() -> None:
    for document, reading in real("mastodon/outbox.json"):
        posts = reading.tables["posts"]
        assert len(posts) == document["totalItems"] == reading.lines
        assert reading.account == "GoodBoiShibe@mas.to"
        assert not posts["text"].str.contains("<p>|&#39;").any()


def test_messages_of_the_real_chat_are_its_own() -> None:
    for document, reading in real("chats/chat-miner_instagram_test_export.json"):
        messages = reading.tables["messages"]
        assert len(messages) == len(document["messages"])
        assert messages["incoming"].sum() == sum(
            one["sender_name"] == "Jane Doe" for one in document["messages"]
        )


def test_no_case_here_is_without_a_reader() -> None:
    assert set(FORMATS) <= set(importers.formats())
    with (EXPORTS / "reddit_posts" / "posts.csv").open(newline="", encoding="utf-8") as file:
        records = list(csv.reader(file))[1:]
    reading = read((EXPORTS / "reddit_posts" / "posts.csv").read_bytes())
    assert reading.lines == len(records)


def test_a_chat_of_which_the_network_is_not_known_asks_for_one_that_it_can_be() -> None:
    said = {"participants": [{"name": "Ada"}, {"name": "Bea"}], "messages": [
        {"sender_name": name, "timestamp_ms": 1764547200000 + n, "content": "hi"}
        for n, name in enumerate(("Ada", "Bea"))
    ]}  # fmt: skip
    export = importers.open_export(importers.File("message_1.json", lambda: json.dumps(said).encode()))
    who = Brand("b", "B", messages=Desk(voices=("Ada",)))
    with pytest.raises(CmlibError, match=r"messenger/NAME.*instagram/NAME"):
        importers.read(export, who, "facebook/Ada")
    assert importers.read(export, who, "messenger/Ada").network == "messenger"
