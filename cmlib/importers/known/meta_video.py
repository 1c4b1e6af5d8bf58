"""Meta Business Suite: the videos of a Facebook page, a row for each whatever the posts that show it.

The header of a real file of 2025 is known, of more than 300 columns, in English.

- A video's number is not that of its post. The same video in the export of posts would count twice: import
  one of the two.
- Views are Meta's own where the file has them, else those of three seconds and more.
- What is a reel is not told: the file has no addresses.
"""

from collections.abc import Iterator
from dataclasses import replace

from cmlib.importers.files import Export
from cmlib.importers.known.meta import NAME, PUBLISHED, lives
from cmlib.importers.layout import Format, Part, column, optional
from cmlib.importers.values import Setting, identifier, seconds, text

_VIDEOS = (
    column("post_id", "Video asset ID", parse=identifier, must=True),
    column("_universal", "Universal video ID", parse=text, must=True),
    column("account", "Page name", parse=text, must=True),
    column("text", "Title", parse=text),
    column("published_at", "Publish time", parse=PUBLISHED, must=True),
    column("_comment", "Data comment", parse=text),
    column("_period", "Date", parse=text),
    column("reach", "Reach"),
    column("views", "Views"),
    column("_three", "3-second video views"),
    column("reactions", "Reactions"),
    column("comments", "Comments"),
    column("shares", "Shares"),
    column("interactions", "Reactions, Comments and Shares"),
    column("watch_seconds", "Seconds viewed", parse=seconds),
)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Videos of the page, as posts of it."""
    for read in lives(export, wanted, setting):
        tidy = read.rows.assign(kind="video")
        if "_three" in tidy:
            views = optional(tidy, "views")
            tidy["views"] = views.where(views.notna(), tidy["_three"])
        yield replace(read, rows=tidy, notes=("videos_twice",))


FORMATS = (
    Format(
        "meta_videos", "facebook", "posts", _VIDEOS, NAME, "%b-%d-%Y", read=_read, sure="seen",
        since="2025-10",
    ),
)  # fmt: skip
