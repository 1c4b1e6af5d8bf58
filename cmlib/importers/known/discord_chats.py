"""Discord: the messages of a channel, as DiscordChatExporter writes them, a free program of others.

- The JSON says all: who is a bot and what the server says itself ("… joined"), which are passed over, and
  what answers what. A channel is a thread; its messages are of a group, unless it is a direct one. So are
  those of an announcement channel: nobody counts how often they are seen.
- The CSV says neither ids of messages nor bots nor answers. Its channel is the number in brackets in the
  file's name, as the program names it, else the whole name. What the server says itself is known by its
  words.
- Its server is the account: one of brand.toml, by its id or its name, else its name. Direct messages and the
  CSV name none.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known import chats, records
from cmlib.importers.layout import Format, Part, column, frames
from cmlib.importers.values import Setting, Texts, Values, identifier, instant, text

WRITTEN = ("Default", "Reply")  # by people; all others are the server's
_STATED = instant("%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z")
_OLD = instant("%d-%b-%y %I:%M %p")  # of older versions, by the clock of who exported


def _sent(texts: Texts, setting: Setting) -> Values:
    old = texts.str.fullmatch(r"\d{1,2}-\w{3}-\d{2} \d{1,2}:\d{2} [AP]M")
    stated = _STATED(texts.mask(old, ""), setting).astype("object")
    return stated.mask(old, _OLD(texts.where(old, ""), setting).astype("object"))


_JSON = (
    column("message_id", "message_id", parse=identifier),
    column("author", "author", parse=text),
    column("_shown", "_shown", parse=text),
    column("sent_at", "sent_at", parse=_sent),
    column("reply_to", "reply_to", parse=text),
    column("text", "text", parse=text),
)
_CSV = (
    column("author", "AuthorID", parse=identifier, must=True),
    column("_shown", "Author", parse=text, must=True),
    column("sent_at", "Date", parse=_sent, must=True),
    column("text", "Content", parse=text, must=True),
    column("_attached", "Attachments", parse=text, must=True),
    column("_reactions", "Reactions", parse=text),
)
_BY_SERVER = re.compile(  # what the program writes for it
    r"(?:Joined the server|Pinned a message|Started a thread|Left the group|Changed the channel icon"
    r"|(?:Added|Removed) .{1,100} (?:to|from) the group|(?:Added|Removed) a recipient"
    r"|Changed the channel name(?:: .{1,100})?|Started a call that lasted \d+ minutes)\."
)


def _is_json(export: Export, wanted: Format) -> bool:
    said = export.document
    return isinstance(records.within(said, "messages"), list) and all(
        records.words(records.within(said, part, "id")) for part in ("guild", "channel")
    )


def _json(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    said = export.document
    messages = records.dicts(said["messages"])
    kept = [
        m for m in messages if m.get("type") in WRITTEN and records.within(m, "author", "isBot") is not True
    ]
    frame = records.frame([_record(m, setting) for m in kept], _JSON, setting).head(len(kept))
    direct = str(records.within(said, "channel", "type")) == "DirectTextChat"
    frame = frame.assign(thread_id=said["channel"]["id"], place="direct" if direct else "group")
    server = _server(said["guild"], setting)
    if server:
        frame["account"] = server
    exported = _sent(pd.Series([records.words(said.get("exportedAt"))], dtype="str"), setting).iloc[0]
    if isinstance(exported, pd.Timestamp):
        frame["observed_at"] = exported.floor("us")
    yield replace(chats.told(frame, setting), passed=len(messages) - len(kept))


def _record(message: records.Record, setting: Setting) -> records.Record:
    author = message.get("author")
    names = [records.words(records.within(author, key)) for key in ("nickname", "name")]
    spoken = next((name for name in names if setting.brand.speaks(name)), names[0] or names[1])
    answer = message.get("type") == "Reply"  # a message that was passed on refers to another, too
    return {
        "message_id": message.get("id"),
        "author": records.within(author, "id"),
        "_shown": spoken,
        "sent_at": message.get("timestamp"),
        "reply_to": records.within(message, "reference", "messageId") if answer else None,
        "text": message.get("content"),
    }


def _server(guild: records.Record, setting: Setting) -> str | None:
    """The account that a server is; direct messages are of server 0."""
    number, name = records.words(guild.get("id")), records.words(guild.get("name"))
    if number == "0":
        return None
    return number if setting.brand.account("discord", number) else name or number


def _csv(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    named = re.search(r"\[(\d{15,20})\]", setting.file)
    direct = re.search(r"(^|/)Direct Messages - Private - ", setting.file)
    for frame in frames(export, _CSV, setting):
        own = [bool(_BY_SERVER.fullmatch(said)) if isinstance(said, str) else False for said in frame["text"]]
        kept = frame[~(pd.Series(own, dtype="bool") & frame["_attached"].isna())]
        kept = kept.assign(
            thread_id=named[1] if named else setting.file, place="direct" if direct else "group"
        )
        yield replace(chats.told(kept, setting), passed=len(frame) - len(kept))


FORMATS = (
    Format(
        "discord_chat", "discord", "messages", (), recognise=_is_json, read=_json, sure="code", since="2022"
    ),
    Format("discord_chat_csv", "discord", "messages", _CSV, read=_csv, sure="code", since="2022"),
)
