"""WhatsApp: a chat of two or of a group, as phones export it (.txt), of Android and of iOS.

- A message begins with its stamp, whose order is told by the file as a whole (``whatsapp_stamps``); lines
  without a stamp go on with the message before. So do lines with a stamp of another make: they were pasted.
- What WhatsApp says itself (somebody joined, a call) is passed over: on Android it has no sender, on iOS it
  begins with an invisible mark. So are messages that were deleted.
- A photo, or what stands in its place, is a message without a text; its caption is one. "Edited" is cut off.
- Two who write are a direct chat, unless WhatsApp itself speaks of a group. The chat is known by whom the
  brand writes with, a group by the name of its file, as WhatsApp gives it.
- The clock is taken for the brand's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import CHAT, Export, Sheet
from cmlib.importers.known import chats
from cmlib.importers.known.whatsapp_stamps import clocks
from cmlib.importers.layout import Format, Part
from cmlib.importers.values import Setting, instant

SENDER = 100  # characters of a name
PASTED = 1 / 3  # of all stamps, at most, that are of another make
MARK = "\u200e"

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f]")
_QUOTED = re.compile('["“”«»„]')  # the names of a group that was renamed: the colon is theirs
_INSTEAD = re.compile(  # of a photo: <Media omitted>, IMG-1.jpg (file attached), null; on iOS image omitted
    r"<[^<>]{1,80}>|null|\S.{0,200}\.\w{2,5} \((?:file attached|fichier joint|datei angehängt|archivo adjunto"
    r"|file allegato|arquivo anexado|ficheiro anexado|bestand bijgevoegd)\)",
    re.IGNORECASE,
)
_OMITTED = re.compile(
    r".{0,200}\b(?:omitted|absente?s?|omis(?:e|es)?|manquante?s?|weggelassen|omitid[ao]s?|omess[aoie]"
    r"|ocultad[ao]s?|ocult[ao]s?|weggelaten)",
    re.IGNORECASE,
)
_ATTACHED = re.compile(r"(?:.{0,200}\S )?<[^<>:]{1,40}: ?[^<>]{1,200}\.\w{2,5}>")
_EDITED = re.compile(
    r"\s?<[^<>]{0,40}(?:edited|modifié|bearbeitet|editó|editado|editada|modificato|bewerkt|gewijzigd)"
    r"[^<>]{0,20}>$"
)
_DELETED = re.compile(
    r"(?:this message was deleted|you deleted this message|ce message a été supprimé"
    r"|vous avez supprimé ce message|diese nachricht wurde gelöscht|du hast diese nachricht gelöscht"
    r"|se eliminó este mensaje|eliminaste este mensaje|questo messaggio è stato eliminato"
    r"|hai eliminato questo messaggio|mensagem apagada|esta mensagem foi apagada|você apagou esta mensagem"
    r"|apagou esta mensagem|dit bericht is verwijderd|je hebt dit bericht verwijderd"
    r"|u hebt dit bericht verwijderd).{0,60}",
    re.IGNORECASE,
)
_SAID = re.compile(r"\S{2,20}\s?:\n|.{0,40}https?://maps", re.IGNORECASE)  # polls and places are messages
_GROUP = re.compile(r"\b(?:group|groupe|gruppe|grupo|gruppo|groep)\b", re.IGNORECASE)
_TONGUES = {  # by words that WhatsApp itself writes
    "fr": "chiffrés de bout en bout|chiffrement de bout en bout|médias omis|fichier joint|a créé le groupe",
    "de": "ende-zu-ende|medien ausgeschlossen|datei angehängt|weggelassen",
    "es": "de extremo a extremo|multimedia omitido|archivo adjunto|archivo omitido",
    "it": "crittografati end-to-end|media omessi|file allegato|crittografia end-to-end",
    "pt": "de ponta a ponta|mídia oculta|arquivo anexado|ficheiro anexado",
    "nl": "end-to-end versleuteld|media weggelaten|bestand bijgevoegd|end-to-endversleuteling",
    "en": "end-to-end encrypted|end-to-end encryption|media omitted|file attached| omitted$|created group",
}


@dataclass(frozen=True)
class _Message:
    """What follows a stamp: the sender, "" where WhatsApp speaks itself, and the text, marks and all."""

    line: int
    stamp: re.Match[str]
    sender: str
    text: str

    @cached_property
    def plain(self) -> str:
        return _MARKS.sub("", self.text).strip()

    @cached_property
    def notice(self) -> bool:
        """Does WhatsApp speak itself? On iOS under the name of a chat, and after a mark."""
        marked = self.text.startswith(MARK)
        return not self.sender or (marked and not self.instead and not _SAID.match(self.plain))

    @cached_property
    def deleted(self) -> bool:
        return _DELETED.fullmatch(self.plain) is not None

    @cached_property
    def instead(self) -> bool:
        """Does its first line stand in the place of a photo, a film, a document?"""
        first = _SPACES.sub(" ", self.plain.partition("\n")[0])
        marked = MARK in self.text and _OMITTED.fullmatch(first)
        return bool(marked or _INSTEAD.fullmatch(first) or _ATTACHED.fullmatch(first))

    @cached_property
    def words(self) -> str | None:
        plain = _EDITED.sub("", self.plain)
        return (plain.partition("\n")[2] if self.instead else plain).strip() or None


def _is_chat(export: Export, wanted: Format) -> bool:
    """Does the file begin with the stamp of a message, and nothing else in its row?"""
    rows = export.sheets[0].rows if export.sheets else []
    first = next((row for row in rows if row != [""]), [])
    return len(first) == 1 and CHAT.match(first[0]) is not None


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    found = list(_messages(export.sheets[0], setting))
    said = clocks([one.stamp for one in found], _tongue(found), setting)
    sent = instant("%Y-%m-%d %H:%M:%S")(pd.Series(said, dtype="str").replace("", "?"), setting)
    kept = [nth for nth, one in enumerate(found) if not (one.notice or one.deleted)]
    place, thread = _place(found, [found[nth] for nth in kept], setting)
    told = [(found[nth].line, found[nth].sender, found[nth].words) for nth in kept]
    frame = pd.DataFrame(told, columns=["line", "author", "text"], dtype="object")
    frame = frame.assign(sent_at=sent.iloc[kept].astype("object").tolist(), place=place, thread_id=thread)
    yield replace(chats.told(frame, setting), passed=len(found) - len(kept))


def _messages(sheet: Sheet, setting: Setting) -> Iterator[_Message]:
    """Each stamp of the file's own make, with all that stands before the next."""
    stamps = [CHAT.match(row[0]) for row in sheet.rows]
    makes = [_make(stamp) for stamp in stamps if stamp]
    own = max(dict.fromkeys(makes), key=makes.count)
    if makes[0] != own or len(makes) - makes.count(own) > PASTED * len(makes):
        raise CmlibError("chat_mixed", file=setting.file)
    begun: list[int] = [n for n, stamp in enumerate(stamps) if stamp and _make(stamp) == own]
    for first, after in zip(begun, [*begun[1:], len(stamps)], strict=True):
        stamp = stamps[first]
        assert stamp
        lines = [sheet.rows[first][0][stamp.end() :], *(row[0] for row in sheet.rows[first + 1 : after])]
        sender, text = _parted("\n".join(lines))
        yield _Message(sheet.lines[first], stamp, sender, text)


def _make(stamp: re.Match[str]) -> tuple[object, ...]:
    return stamp["sep"], stamp[0].rstrip()[-1:], stamp["second"] is None, stamp["half"] is None


def _parted(said: str) -> tuple[str, str]:
    """Who says it, and what; a notice of Android has nobody."""
    first, _, _ = said.partition("\n")
    name, colon, text = first.partition(":")
    if not colon or len(name) > SENDER or _QUOTED.search(name) or text[:1] not in ("", " ", MARK, "."):
        return "", said
    sender = _SPACES.sub(" ", _MARKS.sub("", name)).strip().removeprefix("~").strip()
    return sender, said[len(name) + 1 :].removeprefix(" ")


def _tongue(found: list[_Message]) -> str:
    """In which language does the phone speak? "" where none of its words is known."""
    own = "\n".join(one.plain[:300] for one in found if one.notice or one.instead or one.deleted)
    counts = {t: len(re.findall(words, own, re.IGNORECASE | re.M)) for t, words in _TONGUES.items()}
    return max(counts, key=lambda tongue: counts[tongue]) if any(counts.values()) else ""


def _place(found: list[_Message], kept: list[_Message], setting: Setting) -> tuple[str, str]:
    """Where is it said, and by which name is the chat the same in its next export?"""
    writers = sorted({one.sender for one in kept})
    of_group = any(_GROUP.search(one.plain) for one in found if one.notice)
    if len(writers) <= 2 and not of_group:
        others = [name for name in writers if not setting.brand.speaks(name)] or writers
        return "direct", "chat with " + ", ".join(others)
    path = PurePosixPath(setting.file)
    named = path.parent.name or path.name if path.name == "_chat.txt" else path.name
    return "group", re.sub(r"( \(\d+\))?(\.(txt|zip))*$", "", named)


FORMATS = (
    Format("whatsapp", "whatsapp", "messages", (), recognise=_is_chat, read=_read, sure="code", since="2018"),
)
