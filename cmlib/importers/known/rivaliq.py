"""Rival IQ: the posts of a landscape, that is of some companies, on all their networks.

The layout is that of two real files of January 2024 (``rivaliq_top_landscape_posts_NAME_20240121.csv``, with
Facebook, Instagram, Twitter and YouTube), in English. It names no zone. In these files hours are India's, of
companies elsewhere too, as the numbers of Instagram's posts tell: those of whoever exported. They are read in
the brand's zone.

- Applause are the reactions, conversation the comments, amplification the shares. Instagram and YouTube show
  no one how often a post is shared: their amplification is always 0, and is none.
- The audience is the account's followers when it posted.
- ``captured_at`` is when Rival IQ last looked at the post, which may be weeks before the export.
- An account is its handle. YouTube channels have none here, and go by the company's name.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known.tools import channel, filled, kinds, named, numbered, with_followers
from cmlib.importers.layout import Format, Part, column, header, part
from cmlib.importers.values import Setting, instant, text

_INSTANT = instant("%Y-%m-%d %H:%M:%S")
_UNSHARED = ("instagram", "youtube")


_POSTS = (
    column("published_at", "published_at", parse=_INSTANT, must=True),
    column("observed_at", "captured_at", parse=_INSTANT, must=True),
    column("_company", "company", parse=text, must=True),
    column("network", "channel", parse=channel, must=True),
    column("_handle", "presence_handle", parse=text, must=True),
    column("text", "message", parse=text),
    column("url", "post_link", parse=text, must=True),
    column("_title", "link_title", parse=text),
    column("kind", "post_type", parse=kinds()),
    column("reactions", "applause", must=True),
    column("comments", "conversation", must=True),
    column("shares", "amplification", must=True),
    column("followers", "audience", must=True),
    column("views", "video_views"),
)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts, and followers on their days."""
    sheet = export.sheets[0]
    found = header(sheet, wanted.columns)
    assert found
    frame = filled(sheet, found, wanted.columns, setting)
    frame["account"] = named(frame["_handle"], frame["_company"])
    frame["post_id"] = numbered(frame["url"])
    read = part("posts", frame)
    yield from with_followers(replace(read, rows=_tidied(read.rows)), setting.zone)


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """What a video is called is its text, as YouTube's own export has it; what a network hides is none."""
    tidy = frame.copy()
    tidy["shares"] = tidy["shares"].mask(tidy["network"].isin(_UNSHARED), None)
    if {"text", "_title"} <= {*tidy}:
        titled = (tidy["network"] == "youtube") & tidy["_title"].notna()
        tidy["text"] = tidy["text"].mask(titled, tidy["_title"])
    return tidy


FORMATS = (
    Format(
        "rivaliq_posts", "", "posts", _POSTS, r"(?:^|/)rivaliq_\w*_(?P<until>\d{8})\b", "%Y%m%d", read=_read,
        sure="seen", since="2024-01",
        of=("facebook", "instagram", "x", "youtube"),
    ),
)  # fmt: skip
