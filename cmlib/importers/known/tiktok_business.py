"""TikTok Business Suite: the account day by day, its followers day by day, its videos; CSV, English headers.

Its dates have a year, and what is missing is ``--`` or ``NAN``. A header may end in a space. An hour names no
zone; TikTok's numbers of posts do, being seconds since 1970 shifted by 32 bits: the number is believed where
it falls within a day of the hour that is stated.
"""

from collections.abc import Iterator

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known.tiktok import LINK
from cmlib.importers.layout import Format, Part, column, frames, part, without_aids
from cmlib.importers.values import Setting, day, instant, text

_DAY = column("date", "Date", parse=day("%Y/%m/%d", "%Y-%m-%d"), must=True)
_REACH = column("reach", "Reached audience", must=True)
_OVERVIEW = (
    _DAY,
    _REACH,
    column("net_follows", "Net growth", must=True),
    column("views", "Video views"),
    column("visits", "Profile views"),
    column("reactions", "Likes"),
    column("shares", "Shares"),
    column("comments", "Comments"),
    column("follows", "New followers"),
    column("unfollows", "Lost followers"),
)
_AUDIENCE = (
    _DAY,
    _REACH,
    column("_engaged", "Engaged audience", must=True),
    column("followers", "Total followers", must=True),
    column("follows", "New followers"),
)
_POSTS = (
    column("url", "Video link", parse=text, must=True),
    column("published_at", "Post time", parse=instant("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"), must=True),
    column("views", "Video views", must=True),
    column("saves", "Add to Favorites", must=True),
    column("text", "Video title", parse=text),
    column("reactions", "Likes"),
    column("comments", "Comments"),
    column("shares", "Shares"),
)
_DAY_OFF = pd.Timedelta(days=1)


def _days(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    for frame in frames(export, wanted.columns, setting):
        yield part("days", without_aids(frame))


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Videos; account, number and kind are in their link."""
    for frame in frames(export, wanted.columns, setting):
        link = frame["url"].astype("str").str.extract(LINK)
        frame["account"], frame["post_id"] = link["account"].ffill().bfill(), link["post_id"]
        frame["kind"] = link["shape"].map({"video": "short_video", "photo": "carousel"})
        pairs = zip(frame["published_at"], link["post_id"], strict=True)
        frame["published_at"] = pd.Series([_published(*pair) for pair in pairs], frame.index, dtype="object")
        yield part("posts", frame)


def _published(stated: object, number: object) -> object:
    if not (isinstance(stated, pd.Timestamp) and isinstance(number, str) and len(number) > 15):
        return stated
    minted = pd.Timestamp(int(number) >> 32, unit="s", tz="UTC")
    return minted if abs(minted - stated) <= _DAY_OFF else stated


_FALL = ("net_follows", "reactions", "comments", "shares")

FORMATS = (
    Format(
        "tiktok_business_overview", "tiktok", "days", _OVERVIEW, may_fall=_FALL, read=_days, sure="seen",
        since="2025-10",
    ),
    Format(
        "tiktok_business_followers", "tiktok", "days", _AUDIENCE, may_fall=_FALL, read=_days, sure="seen",
        since="2025-10",
    ),
    Format(
        "tiktok_business_content", "tiktok", "posts", _POSTS, read=_posts, sure="seen", since="2025-10"
    ),
)  # fmt: skip
