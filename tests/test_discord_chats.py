"""Messages of Discord's channels: who is the brand, which server it is, and files without any of use."""

import json
from typing import Any

from cmlib import importers
from cmlib.brand import Account, Brand, Desk

OWN = Brand("ada", "Ada", accounts=(Account("discord", "42", name="Ada"),), messages=Desk(keep_texts=True))


def message(number: int, by: str, **more: Any) -> dict[str, Any]:
    who = {"id": f"9{len(by)}", "name": by, "nickname": by.title(), "isBot": False}
    return {
        "id": str(number), "type": "Default", "timestamp": f"2026-03-0{number}T10:00:00+00:00",
        "content": "hello", "author": who, **more,
    }  # fmt: skip


def read(*messages: dict[str, Any], brand: Brand = OWN, **more: Any) -> importers.Reading:
    said = {
        "guild": {"id": "42", "name": "A server"}, "channel": {"id": "7", "type": "GuildNews"},
        "exportedAt": "2026-03-09T10:00:00+00:00", "messages": list(messages), **more,
    }  # fmt: skip
    return importers.read(importers.open_export(importers.File("c.json", json.dumps(said).encode)), brand)


def test_a_server_is_the_account_with_its_id_or_its_name() -> None:
    assert read(message(1, "mia")).account == "42"
    assert read(message(1, "mia"), guild={"id": "5", "name": "ada"}).account == "42"
    assert read(message(1, "mia"), guild={"id": "5", "name": "Elsewhere"}).account == "Elsewhere"


def test_the_brand_speaks_under_its_user_name_or_its_nickname() -> None:
    both = [message(1, "mia"), message(2, "ada")]
    assert read(*both).tables["messages"]["incoming"].tolist() == [True, False]


def test_a_channel_of_bots_and_notices_alone_is_read_all_the_same() -> None:
    bot = {"id": "1", "name": "bot", "nickname": "bot", "isBot": True}
    reading = read(message(1, "bot", author=bot), message(2, "mia", type="GuildMemberJoin"))
    assert (len(reading.tables["messages"]), reading.passed, reading.lines) == (0, 2, 2)


def test_an_answer_is_one_only_if_the_file_says_so() -> None:
    reference = {"messageId": "1", "channelId": "7"}
    replies = read(
        message(1, "mia"),
        message(2, "ada", type="Reply", reference=reference),
        message(3, "mia", reference=reference),
    ).tables["messages"]
    assert replies["reply_to"].notna().tolist() == [False, True, False]
    assert replies["reply_to"][1] == replies["message_id"][0]


def test_values_of_other_types_do_no_harm() -> None:
    odd = message(3, "mia", content=None, timestamp=[1], author={"id": 12})
    reading = read(message(1, "mia"), odd, message(2, "mia", author=None, id=None))
    assert len(reading.tables["messages"]) == 2
    assert reading.aside["reason"].tolist() == ["nonsense:sent_at"]
