"""TikTok, “Download your data” as JSON: one's own videos, from user_data.json. Hearsay: no file was at hand.

Programs find them under Video → Videos → VideoList, newer files are said to have Post → Posts → VideoList,
with Date (UTC), Link and Likes. What was watched stands under Activity in a list of the same name, and is
never looked at. The link leads to the video file; where it has no number of the post, the second of its
publication stands for it, and whoever imports it is told what that means.
"""

from collections.abc import Iterator
from dataclasses import replace

from cmlib.importers.files import Export
from cmlib.importers.known.records import Record, dicts, within
from cmlib.importers.layout import Format, Part, column, header, listed, part, rows
from cmlib.importers.values import Setting, instant, text

_PLACES = (("Video", "Videos", "VideoList"), ("Post", "Posts", "VideoList"))
_VIDEOS = (
    column("published_at", "Date", parse=instant("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S UTC"), must=True),
    column("_link", "Link", parse=text, must=True),
    column("reactions", "Likes", must=True),
    column("text", "Title", parse=text),
)
_NUMBER = r"/(?:video|photo)/(\d{15,20})"


def _own(export: Export) -> list[Record]:
    """The list of one's own videos, where there is one."""
    return next(filter(None, (dicts(within(export.document, *place)) for place in _PLACES)), [])


def _is_archive(export: Export, wanted: Format) -> bool:
    own = _own(export)
    return bool(own) and header(listed(own), _VIDEOS) is not None


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    sheet = listed(_own(export))
    found = header(sheet, _VIDEOS)
    assert found
    frame = rows(sheet, found, _VIDEOS, setting.in_utc)
    numbers = frame["_link"].astype("str").str.extract(_NUMBER)[0]
    frame["post_id"] = numbers.fillna(frame["published_at"].map(str)).mask(frame["published_at"].isna())
    frame["kind"] = "short_video"
    notes = ("archive",) if numbers.isna().any() else ()
    yield replace(part("posts", frame), notes=notes)


FORMATS = (
    Format(
        "tiktok_archive", "tiktok", "posts", _VIDEOS, recognise=_is_archive, read=_read, sure="hearsay",
        since="2022",
    ),
)  # fmt: skip
