"""LinkedIn, “Get a copy of your data”: Shares.csv, what a person posted, with its text. No figures.

Dates are UTC. The commentary has each of its lines in quotes of its own, but for the first and the last that
open and close the cell. The numbers of shares are not those that LinkedIn's analytics give the same posts,
and whoever imports it is told what that means.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from cmlib.importers.files import Export
from cmlib.importers.known.linkedin import URN
from cmlib.importers.known.tools import numbered
from cmlib.importers.layout import Format, Part, column, frames, optional, part
from cmlib.importers.values import Setting, Texts, Values, instant, text


def unwrapped(said: str) -> str:
    r"""A commentary as it was written: without the quotes around each of its lines.

    >>> unwrapped('Bread,"\n""\n"step by step')
    'Bread,\n\nstep by step'
    """
    lines = said.split("\n")
    if len(lines) == 1 or not all(line.endswith('"') for line in lines[:-1]):
        return said
    if not all(line.startswith('"') for line in lines[1:]):
        return said
    closed = lines[0].startswith('"') and lines[-1].endswith('"')  # around the first and the last line too
    first = lines[0][1 if closed else 0 : -1]
    last = lines[-1][1 : -1 if closed else None]
    return "\n".join([first, *(line[1:-1] for line in lines[1:-1]), last])


def _commentary(texts: Texts, setting: Setting) -> Values:
    return text(texts.map(unwrapped).str.strip(), setting)


_SHARES = (
    column("published_at", "Date", parse=instant("%Y-%m-%d %H:%M:%S"), must=True),
    column("url", "ShareLink", parse=text, must=True),
    column("text", "ShareCommentary", parse=_commentary, must=True),
    column("_shared", "SharedUrl", parse=text),
    column("_media", "MediaUrl", parse=text),
)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts; with a picture or a video it is not said which."""
    for frame in frames(export, _SHARES, setting.in_utc):
        frame["url"] = frame["url"].map(lambda url: unquote(url) if isinstance(url, str) else None)
        numbers = frame["url"].astype("str").str.extract(URN)[0]
        frame["post_id"] = numbers.fillna(numbered(frame["url"]))
        shared, media = (optional(frame, name).notna() for name in ("_shared", "_media"))
        frame["kind"] = optional(frame, "kind").mask(~media & shared, "link").mask(~media & ~shared, "text")
        yield replace(part("posts", frame), notes=("archive",))


FORMATS = (
    Format("linkedin_archive", "linkedin", "posts", _SHARES, read=_read, sure="code", since="2025-11"),
)  # fmt: skip
