"""Telegram: what Telegram Desktop exports as JSON, of one chat or of all of them.

- A channel's messages are posts, of the account that it is named like in brand.toml. Photos and videos of one
  second are one album: Telegram writes each as a message of its own. Neither views nor comments are in the
  file; reactions are, of all messages as soon as one has any, since newer versions write them.
- In an export of all chats, channels that brand.toml does not name are others': kept aside, told as such.
- Chats of two are direct messages, groups are groups; of channels, groups and people alike, ids are the
  network's. Chats with bots, saved messages and what Telegram says itself (somebody joined) are passed over.
- Dates are seconds since 1970; files of before 2022 have only what the clock of the computer showed, which is
  taken for the brand's.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known import chats, records
from cmlib.importers.layout import Format, Part, column, nothing, part, set_aside, without_aids
from cmlib.importers.values import Setting, Values, count, epoch, instant, text

CHANNELS = ("public_channel", "private_channel")
GROUPS = {"private_group": "chat", "private_supergroup": "channel", "public_supergroup": "channel"}
PASSED = ("bot_chat", "saved_messages", "replies", "verification_codes")
_KINDS = {
    "video_file": "video", "video_message": "video", "animation": "video", "voice_message": "",
    "audio_file": "", "sticker": "",
}  # fmt: skip
ALBUM = 10  # pictures at most
_NEITHER = ("file", "contact_information", "location_information", "game_title", "invoice_information")

_WHEN = (
    column("_unix", "_unix", parse=epoch("s")),
    column("_local", "_local", parse=instant("%Y-%m-%dT%H:%M:%S")),
    column("text", "text", parse=text),
)
_MESSAGES = (
    column("message_id", "message_id", parse=text),
    column("author", "author", parse=text),
    column("_shown", "_shown", parse=text),
    column("reply_to", "reply_to", parse=text),
    *_WHEN,
)
_POSTS = (
    column("post_id", "post_id", parse=text),
    column("kind", "kind", parse=text),
    column("reactions", "reactions", parse=count),
    *_WHEN,
)


def _is_telegram(export: Export, wanted: Format) -> bool:
    """Is one of its chats a list of messages with their type and date?"""
    return any(
        message.get("type") in ("message", "service") and {"date", "date_unixtime"} & message.keys()
        for chat in _chats(export.document)
        for message in records.dicts(chat["messages"])[:50]
    )


def _chats(said: Any) -> list[records.Record]:
    """The chats of a file: those that one is in, and those that one has left; or the only one."""
    alone = [said] if isinstance(said, dict) and isinstance(said.get("messages"), list) else []
    listed = [records.dicts(records.within(said, key, "list")) for key in ("chats", "left_chats")]
    return [chat for chat in (*alone, *listed[0], *listed[1]) if isinstance(chat.get("messages"), list)]


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts of each channel; then the messages of all other chats together, so that all voices are heard."""
    found = _chats(export.document)
    counted = any("reactions" in message for chat in found for message in records.dicts(chat["messages"]))
    for chat in found:
        if _type(chat) in CHANNELS:
            yield _posts(chat, counted, alone=chat is export.document, setting=setting)
    others = [chat for chat in found if _type(chat) not in CHANNELS]
    if others:
        yield _messages(others, export.document, setting)


def _type(chat: records.Record) -> str:
    return records.words(chat.get("type"))


def _written(chat: records.Record) -> list[records.Record]:
    return [m for m in records.dicts(chat["messages"]) if m.get("type") == "message"]


# ── Channels ────────────────────────────────────────────────────────────────────────────────────────────────


def _posts(chat: records.Record, counted: bool, alone: bool, setting: Setting) -> Part:
    albums = _albums(_written(chat))
    passed = len(records.dicts(chat["messages"])) - len(albums)
    name = records.words(chat.get("name")) or str(chat.get("id"))
    frame = records.frame([_post(album, counted) for album in albums], _POSTS, setting).head(len(albums))
    frame["published_at"] = _instants(frame)
    if not alone and setting.brand.account("telegram", name) is None:
        others = set_aside(frame.assign(excerpt=name), "not_ours")
        return Part("posts", nothing("posts"), others, passed)
    return replace(part("posts", without_aids(frame.assign(account=name))), passed=passed)


def _albums(messages: list[records.Record]) -> list[list[records.Record]]:
    """Messages, together where they were posted as one: pictures of one second, numbered in a row."""
    albums: list[list[records.Record]] = []
    for message in messages:
        last = albums[-1][-1] if albums else {}
        one = _kind(message) in ("image", "video") and _kind(last) in ("image", "video")
        one = one and len(albums[-1]) < ALBUM
        if one and _moment(last) == _moment(message) and _follows(last, message) and not (
            records.within(message, "text") and any(said.get("text") for said in albums[-1])
        ):  # fmt: skip
            albums[-1].append(message)
        else:
            albums.append([message])
    return albums


def _moment(message: records.Record) -> tuple[str, str]:
    return str(message.get("date_unixtime") or message.get("date")), str(message.get("forwarded_from"))


def _follows(one: records.Record, other: records.Record) -> bool:
    first, second = one.get("id"), other.get("id")
    return isinstance(first, int) and isinstance(second, int) and second == first + 1


def _kind(message: records.Record) -> str:
    """Of which kind is a message, as posts are; "" where it is none of them."""
    if "photo" in message:
        return "image"
    if "poll" in message:
        return "poll"
    if "media_type" in message:
        return _KINDS.get(str(message["media_type"]), "")
    return "" if any(key in message for key in _NEITHER) else "text"


def _post(album: list[records.Record], counted: bool) -> records.Record:
    first = album[0]
    reactions = [n for m in album for r in records.dicts(m.get("reactions")) for n in [r.get("count")]]
    known = counted and all(isinstance(n, int) for n in reactions)
    return {
        "post_id": first.get("id"),
        "kind": "carousel" if len(album) > 1 else _kind(first) or None,
        "reactions": sum(n for n in reactions if isinstance(n, int)) if known else None,
        "text": next(filter(None, map(_text, album)), "")
        or records.words(records.within(first, "poll", "question")),
        **_dates(first),
    }


# ── Chats ───────────────────────────────────────────────────────────────────────────────────────────────────


def _messages(found: list[records.Record], said: Any, setting: Setting) -> Part:
    """What was written in chats of two and in groups. ``said``: the document, which may say whose it is."""
    who = records.within(said, "personal_information")
    own = [records.words(records.within(who, key)) for key in ("username", "first_name", "last_name")]
    present = [name for name in (own[0], " ".join(own[1:]).strip(), *own[1:]) if name]
    kept = [chat for chat in found if _type(chat) not in PASSED]
    pairs = [(chat, m) for chat in kept for m in _written(chat)]
    told = [_message(chat, m) for chat, m in pairs]
    frame = records.frame(told, _MESSAGES, setting).head(len(told))
    frame = frame.assign(
        thread_id=[f"chat/{_peer(chat)}" for chat, _ in pairs],  # nobody's mark, in case they are forgotten
        place=[_place(chat) for chat, _ in pairs],
        sent_at=_instants(frame),
    )
    whole = sum(len(records.dicts(chat["messages"])) for chat in found)
    return replace(chats.told(frame, setting, present), passed=whole - len(told))


def _place(chat: records.Record) -> str:
    if _type(chat) in GROUPS:
        return "group"
    return (
        "direct"
        if _type(chat) == "personal_chat" or len({_author(m) for m in _written(chat)}) <= 2
        else "group"
    )


def _peer(chat: records.Record) -> str:
    """A chat by its kind and number, as Telegram names those who write."""
    number = chat.get("id")
    if not isinstance(number, int):
        return records.words(chat.get("name")) or "chat"
    return f"{GROUPS.get(_type(chat), 'user')}{number}"


def _author(message: records.Record) -> str:
    number = message.get("from_id")
    if isinstance(number, int):  # of before 2022, of people alone
        return f"user{number}"
    return records.words(number) or records.words(message.get("from"))


def _message(chat: records.Record, message: records.Record) -> records.Record:
    number, answered = message.get("id"), message.get("reply_to_message_id")
    elsewhere = records.words(message.get("reply_to_peer_id"))
    return {
        "message_id": None if number is None else f"{_peer(chat)}/{number}",
        "author": _author(message) or None,
        "_shown": records.words(message.get("from")),
        "reply_to": None if answered is None else f"{elsewhere or _peer(chat)}/{answered}",
        "text": _text(message),
        **_dates(message),
    }


def _text(message: records.Record) -> str:
    """A text alone, or in parts: plain ones, and those that are bold, a link, a name."""
    said = message.get("text")
    parts = said if isinstance(said, list) else [said]
    told = (one if isinstance(one, str) else records.within(one, "text") for one in parts)
    return "".join(one for one in told if isinstance(one, str))


def _dates(message: records.Record) -> records.Record:
    return {"_unix": message.get("date_unixtime"), "_local": message.get("date")}


def _instants(frame: pd.DataFrame) -> Values:
    stated = frame["_unix"].astype("object")
    return stated.where(stated.notna(), frame["_local"].astype("object"))


FORMATS = (
    Format(
        "telegram", "telegram", "messages", (), recognise=_is_telegram, read=_read, sure="code",
        since="2021",
    ),
)  # fmt: skip
