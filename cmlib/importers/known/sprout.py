"""Sprout Social: the posts of all profiles in one file, and all profiles day by day.

The layouts are those that three public programs read, in English; no file was seen. Dates are month first and
name no zone: they are those of the group's settings in Sprout, taken for the brand's.

- “Engagements” count clicks too, which no network's own total does: they are left out.
- Video views of what is no video are 0, which is none.
- A post's number is the network's, without the page that Facebook's begin with; else that in its address.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known.tools import KINDS, channel, native, owner
from cmlib.importers.layout import Format, Part, column, frames, optional, part
from cmlib.importers.values import Setting, day, identifier, instant, text

_WHEN = instant(
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M %p",
    "%m-%d-%Y %I:%M %p", "%m-%d-%Y %H:%M", "%Y-%m-%d %H:%M:%S",
)  # fmt: skip
_POSTS = (
    column("published_at", "Date", parse=_WHEN, must=True),
    column("_id", "Post ID", parse=identifier),
    column("network", "Network", parse=channel, must=True),
    column("_type", "Post Type", parse=text, must=True),
    column("_content", "Content Type", parse=text, must=True),
    column("account", "Profile", parse=owner, must=True),
    column("url", "Link", "Permalink", parse=text),
    column("text", "Post", parse=text, must=True),
    column("impressions", "Impressions", must=True),
    column("_paid", "Paid Impressions"),
    column("reach", "Reach"),
    column("reactions", "Reactions"),
    column("_likes", "Likes"),
    column("comments", "Comments"),
    column("shares", "Shares"),
    column("saves", "Saves"),
    column("link_clicks", "Post Link Clicks"),
    column("other_clicks", "Other Post Clicks"),
    column("views", "Video Views"),
)
_DAYS = (
    column("date", "Date", parse=day("%m-%d-%Y", "%m/%d/%Y", "%Y-%m-%d"), must=True),
    column("network", "Network", parse=channel, must=True),
    column("account", "Profile", parse=text),
    column("followers", "Audience", must=True),
    column("net_follows", "Net Audience Growth"),
    column("posts", "Published Posts (Total)", "Published Posts"),
    column("impressions", "Impressions", must=True),
)
_LIKED = ("instagram", "x", "tiktok", "youtube", "threads")  # where a reaction is a like


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts of all networks."""
    for frame in frames(export, wanted.columns, setting):
        frame["post_id"] = native(optional(frame, "_id"), optional(frame, "url"))
        read = part("posts", frame)
        yield replace(read, rows=_tidied(read.rows))


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """Kinds, likes where a network has no other reaction, and what was paid for."""
    pairs = zip(frame["_type"].fillna(""), frame["_content"].fillna(""), strict=True)
    tidy = frame.assign(kind=pd.Series([_kind(*pair) for pair in pairs], frame.index, dtype="object"))
    if {"reactions", "_likes"} <= {*tidy}:
        liked = tidy["reactions"].isna() & tidy["network"].isin(_LIKED)
        tidy["reactions"] = tidy["reactions"].mask(liked, tidy["_likes"])
    if "views" in tidy:
        tidy["views"] = tidy["views"].mask((tidy["views"] == 0) & ~tidy["kind"].isin(_FILMED), None)
    if "_paid" in tidy:
        tidy["paid"] = tidy["_paid"].map(lambda n: None if pd.isna(n) else n > 0)
    return tidy


_KINDS = KINDS | {"short": "short_video"}
_FILMED = ("video", "short_video", "live")


def _kind(post: str, content: str) -> str | None:
    """The kind of post that a type of post, or of its content, names; a story or a reel first."""
    words = [word.rstrip("s") for said in (post, content) for word in said.casefold().split()]
    named = [_KINDS[word] for word in words if word in _KINDS]
    return next((k for k in named if k in ("story", "short_video")), next(reversed(named), None))


_OF = ("facebook", "instagram", "x", "linkedin", "tiktok", "youtube", "pinterest")

FORMATS = (
    Format("sprout_posts", "", "posts", _POSTS, read=_posts, sure="code", since="2022", of=_OF),
    Format(
        "sprout_days", "", "days", _DAYS, may_fall=("net_follows",), sure="code", since="2025",
        of=_OF,
    ),
)  # fmt: skip
