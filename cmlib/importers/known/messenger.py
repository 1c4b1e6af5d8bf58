"""Messenger and Instagram direct messages, "Download your information" as JSON: message_1.json, _2 and so on.

Both have one layout, and neither says which it is: the folder, or the zip, of the file does, or the folder
of its pictures; else it is asked for (--account messenger/NAME). Names and texts are UTF-8 that was taken for
Latin-1, newest first. Chats that are end-to-end encrypted are downloaded from Messenger itself, in a layout
of their own. There are no ids. Unsent messages, calls, who joined or left, and a heart on a message, which is
written as a message, are passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from cmlib.importers.files import Export
from cmlib.importers.known.chats import told
from cmlib.importers.known.records import Record, dicts, frame, meant, opening, within, words
from cmlib.importers.layout import Column, Format, Part, column
from cmlib.importers.values import Setting, epoch, text

_COLUMNS: tuple[Column, ...] = (
    column("thread_id", "thread_id", parse=text),
    column("author", "author", parse=text),
    column("sent_at", "sent_at", parse=epoch("ms")),
    column("place", "place", parse=text),
    column("text", "text", parse=text),
)
_ZIP = r"(?:instagram|facebook)-(?P<account>[\w.]{1,64})-(?P<observed>\d{4}-\d{2}-\d{2})-"
_LAYOUTS = ({"sender_name", "timestamp_ms"}, {"senderName", "timestamp"})
_NO_MESSAGES = ("subscribe", "unsubscribe", "call", "placeholder")
_HEART = re.compile(r"(Liked a message|Reacted .{1,20} to your message|A aimé un message)\s*")
_FILES = ("photos", "videos", "audio_files", "files", "gifs")


def _is_chat(export: Export, wanted: Format) -> bool:
    """Messages with the name of their sender, in either layout."""
    messages = opening(within(export.document, "messages"))
    return any(both <= {*one} for one in messages for both in _LAYOUTS)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    messages = dicts(within(export.document, "messages"))
    encrypted = any("senderName" in one for one in opening(messages))
    mended = words if encrypted else meant
    listed = within(export.document, "participants")
    present = [mended(one) for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    present += [mended(one.get("name")) for one in dicts(listed)]
    lines = [line for line, one in enumerate(messages, 1) if not _is_none(one)]
    kept = [messages[line - 1] for line in lines]
    authors = [mended(one.get("sender_name") or one.get("senderName")) for one in kept]
    about = {
        "thread_id": _thread(export.document, present or authors),
        "place": "group" if _is_group(export.document, present or authors) else "direct",
    }
    records = [
        about
        | {
            "author": author or None,
            "sent_at": one.get("timestamp_ms") or one.get("timestamp"),
            "text": mended(one.get("content") or one.get("text")) or None,
        }
        for one, author in zip(kept, authors, strict=True)
    ]
    read = told(frame(records, _COLUMNS, setting, lines), setting, present)
    network = "messenger" if encrypted else _network(export, messages)
    rows = read.rows.assign(network=network) if network else read.rows
    yield replace(read, rows=rows, passed=len(messages) - len(kept))


def _is_none(message: Record) -> bool:
    """Is this not said by anybody, or taken back?"""
    unsent = message.get("is_unsent") is True or message.get("isUnsent") is True
    kind = words(message.get("type")).casefold()
    return (
        unsent
        or kind in _NO_MESSAGES
        or "call_duration" in message
        or bool(_HEART.fullmatch(meant(message.get("content"))))
    )


def _thread(document: object, names: list[str]) -> str:
    """Which chat is it? Its path, else its name without the number of the download, else who is in it."""
    path = words(within(document, "thread_path"))
    called = re.sub(r"_\d+$", "", words(within(document, "threadName"))) or meant(within(document, "title"))
    return path or f"chat: {called or ' & '.join(sorted({*names}))}"


def _is_group(document: object, names: list[str]) -> bool:
    said = words(within(document, "thread_type")) == "RegularGroup" or within(document, "joinable_mode")
    return bool(said) or len({*names}) > 2


def _network(export: Export, messages: list[Record]) -> str:
    """Messenger, or Instagram: by the folder of a picture, by a key of one, or by where the file lies."""
    if words(within(export.document, "thread_type")):
        return "messenger"
    held = (
        words(one.get("uri")) for message in messages for key in _FILES for one in dicts(message.get(key))
    )
    places = [next(filter(None, held), ""), export.name]
    for network, known in {"instagram": "instagram[_-]", "messenger": "facebook[_-]"}.items():
        if any(re.search(rf"(^|/|your_){known}", place) for place in places):
            return network
    return ""


FORMATS = (
    Format(
        "meta_messages", "", "messages", _COLUMNS, _ZIP, "%Y-%m-%d",
        recognise=_is_chat, read=_read, sure="code", since="2019-12",
        of=("messenger", "instagram"),
    ),
)  # fmt: skip
