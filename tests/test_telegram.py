"""What the golden files of Telegram do not show: whose chats they are, albums, and the samples at hand."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cmlib import brand as brands
from cmlib import importers, store
from cmlib.brand import Account, Brand, Desk
from cmlib.errors import CmlibError

OWN = Brand(
    "ada", "Ada", accounts=(Account("telegram", "ada_teas", name="Ada's teas"),), timezone="Europe/Paris"
)
SHARED = Path(__file__).parents[2] / "shared" / "exports" / "chats"
NOW = 1_780_000_000


def message(number: int, by: str = "Mia", **more: Any) -> dict[str, Any]:
    return {
        "id": number, "type": "message", "date": "2026-05-28T22:26:40", "date_unixtime": str(NOW + number),
        "from": by, "from_id": f"user{len(by)}", "text": "hello", **more,
    }  # fmt: skip


def chat(kind: str, *messages: dict[str, Any], name: str = "A chat", number: int = 5) -> dict[str, Any]:
    return {"name": name, "type": kind, "id": number, "messages": list(messages)}


def read(said: Any, brand: Brand = OWN) -> importers.Reading:
    return importers.read(importers.open_export(importers.File("r.json", json.dumps(said).encode)), brand)


def whole(*chats: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"about": "", **more, "chats": {"about": "", "list": list(chats)}}


def test_who_is_an_id_is_forgotten_by_the_name_that_people_see(home: Path) -> None:
    brands.new("tea", "Maison Thé")
    path = brands.folder("tea") / "brand.toml"
    account = '\n[[accounts]]\nnetwork = "telegram"\nhandle = "tea"\n'
    kept = account + '\n[messages]\nvoices = ["Maison Thé"]\nkeep_texts = true\n'
    path.write_text(path.read_text(encoding="utf-8") + kept, encoding="utf-8")
    tea = brands.load("tea")
    said = chat("personal_chat", message(1, "Dana Roux", text="a secret"), message(2, "Maison Thé"))
    later = chat("personal_chat", message(1, "Dana R.", text="a secret"), message(2, "Maison Thé"))
    ids = {"Dana Roux": "user55", "Dana R.": "user55", "Maison Thé": "user66"}
    for one in (*said["messages"], *later["messages"]):
        one["from_id"] = ids[one["from"]]
    store.add("tea", read(said, tea))
    assert sum(store.erase("tea", "dana roux").values()) == 2
    store.add("tea", read(later, tea))  # the same id under another name
    assert store.load(tea)["messages"].empty


def test_a_group_in_which_nobody_is_the_brand_says_so() -> None:
    said = chat("private_group", message(1, "Mia"), message(2, "Omar"), message(3, "Maison"))
    assert read(said).notes == ("no_voice",)
    told = replace(OWN, messages=Desk(voices=("Maison",)))
    assert read(said, told).notes == () and read(chat("private_group", message(1)), told).notes == ()


def test_a_chat_is_the_same_alone_and_among_all() -> None:
    one = chat("private_supergroup", message(1), message(2, "Noé", reply_to_message_id=1))
    alone, among = read(one).tables["messages"], read(whole(one)).tables["messages"]
    assert alone.drop(columns="source").equals(among.drop(columns="source"))
    assert alone["reply_to"][1] == alone["message_id"][0]


def test_nobody_is_marked_as_their_chat_is() -> None:
    voiced = Brand("ada", "Ada", accounts=OWN.accounts, messages=Desk(voices=("Inès",)))
    said = read(chat("personal_chat", message(1), message(2, "Inès"), number=3), voiced).tables["messages"]
    assert not {*said["author"]} & {*said["thread_id"]}
    assert said["incoming"].tolist() == [True, False]


def test_a_chat_of_two_strangers_is_refused_with_their_names() -> None:
    with pytest.raises(CmlibError, match="Mia, Noé"):
        read(chat("personal_chat", message(1), message(2, "Noé")))


def test_whose_export_it_is_speaks_in_all_of_its_chats() -> None:
    voiced = Brand("ada", "Ada", accounts=OWN.accounts, messages=Desk(voices=("@ines",)))
    unanswered = whole(chat("personal_chat", message(1)), personal_information={"username": "@ines"})
    assert read(unanswered, voiced).tables["messages"]["incoming"].tolist() == [True]


def test_the_brands_channel_is_known_by_its_name_and_others_are_told() -> None:
    own = chat("public_channel", message(1), name="Ada's teas")
    reading = read(whole(own, chat("public_channel", message(2), message(3), name="Elsewhere")))
    assert reading.tables["posts"]["account"].tolist() == ["ada_teas"]
    assert reading.aside["reason"].tolist() == ["not_ours"] * 2
    assert reading.lines == 3
    assert read(chat("public_channel", message(2), name="Elsewhere")).account == "Elsewhere"


def test_reactions_are_unknown_until_a_message_has_some() -> None:
    assert read(chat("public_channel", message(1))).tables["posts"]["reactions"].isna().all()
    some = message(2, reactions=[{"type": "emoji", "count": 4}, {"type": "paid", "count": 1}])
    assert read(chat("public_channel", message(1), some)).tables["posts"]["reactions"].tolist() == [0, 5]


@pytest.mark.parametrize(
    ("second", "posts"),
    [
        ({}, 1), ({"text": "words of its own"}, 2), ({"id": 9}, 2), ({"date_unixtime": str(NOW + 2)}, 2),
        ({"forwarded_from": "Noé"}, 2), ({"photo": None, "media_type": "video_file"}, 1),
    ],
)  # fmt: skip
def test_an_album_is_one_post(second: dict[str, Any], posts: int) -> None:
    one = message(1, photo="a.jpg")
    other = {**message(2, photo="b.jpg", text="", date_unixtime=one["date_unixtime"]), **second}
    reading = read(chat("private_channel", one, other))
    assert len(reading.tables["posts"]) == posts
    assert reading.lines == 2


def test_chats_with_bots_and_notices_are_passed_over() -> None:
    reading = read(whole(chat("bot_chat", message(1)), chat("saved_messages", message(2, type="service"))))
    assert (len(reading.tables["messages"]), reading.passed) == (0, 2)


def test_values_of_other_types_do_no_harm() -> None:
    odd = message(2, text={"a": 1}, from_id=[], reactions=3, id=None, date_unixtime={}, photo=7)
    voiced = Brand("ada", "Ada", accounts=OWN.accounts, messages=Desk(voices=("Mia",)))
    for kind in ("public_channel", "private_group", "", []):
        aside = read({**chat("", message(1), odd), "type": kind}, voiced).aside
        assert aside["reason"].str.startswith("nonsense").tolist() == [True]


def test_what_cannot_be_seen_is_written_in_telegrams_own_way() -> None:
    said = json.dumps(chat("public_channel", message(1, text="tab: CUT, path: C:\\x41")))
    raw = said.replace("CUT", "\\x0b").encode()
    brand = replace(OWN, messages=Desk(keep_texts=True))
    reading = importers.read(importers.open_export(importers.File("r.json", lambda: raw)), brand)
    assert reading.tables["posts"]["text"].tolist() == ["tab: \x0b, path: C:\\x41"]


def test_samples_at_hand_are_read_whole() -> None:
    for path in SHARED.glob("*telegram*.json"):
        said = json.loads(path.read_text(encoding="utf-8"))
        own = said.get("messages") or said["chats"]["list"][0]["messages"]
        voiced = Brand("ada", "Ada", accounts=OWN.accounts, messages=Desk(voices=("Author 1",)))
        reading = read(said, voiced)
        assert len(reading.tables["messages"]) == len(own) == 2
        assert reading.tables["messages"]["incoming"].tolist() == [False, True]
