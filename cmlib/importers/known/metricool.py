"""Metricool: the lists of posts that it analyses, one CSV per network and kind.

The layouts are those that four public programs read, in English; none of them gives a whole header, and no
file was seen. Which network a file is of shows in its columns alone, whose names Metricool writes otherwise
for each. Metricool names no zone: its dates are those of the brand's settings there, taken for the brand's.

- No file numbers its posts: the number is that in the post's address, where it shows one. Instagram's own
  export numbers them otherwise, which whoever imports both is told.
- Reels of Instagram tell how long they were watched in milliseconds a view, those of Facebook in seconds.
  LinkedIn's “Time Watched” has been read both as seconds and as a clock: it is left out.
- Where nothing is a video, its views are 0, which is none.
- Metricool's “Interactions” and “Engagement” are formulas of its own, and left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known.tools import kinds, numbered
from cmlib.importers.layout import Column, Format, Part, column, frames, part
from cmlib.importers.values import Setting, Values, number, text, zoned_instant

_WHEN = zoned_instant("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")
_KIND = kinds(feed_image="image", feed_carousel_album="carousel", multi_image="carousel", feed_video="video")
_NAME = r"-\w+_\d{4}-\d{2}-\d{2}_(?P<until>\d{4}-\d{2}-\d{2})"  # linkedin-posts_2026-01-01_2026-03-31.csv


def _post(when: str, said: str, url: str) -> tuple[Column, ...]:
    return (
        column("published_at", when, parse=_WHEN, must=True),
        column("text", said, parse=text, must=True),
        column("url", url, parse=text, must=True),
    )


_LINKEDIN = (
    *_post("Date", "Title", "URL"),
    column("kind", "Type", parse=_KIND),
    column("impressions", "Impressions", must=True),
    column("reach", "Unique Impressions"),
    column("reactions", "Reactions", "Likes"),
    column("comments", "Comments"),
    column("shares", "Shares"),
    column("other_clicks", "Clicks"),
    column("views", "Vid. Views", must=True),
)
_INSTAGRAM = (
    *_post("Timestamp", "Content", "URL"),
    column("kind", "type", parse=_KIND),
    column("views", "Views", "Views (Organic)"),
    column("impressions", "Impressions", "Impressions (Organic)"),
    column("reach", "Reach", "Reach (Organic)", must=True),
    column("reactions", "Likes"),
    column("comments", "Comments"),
    column("shares", "Shares"),
    column("saves", "Saved", must=True),
)
_REELS = (
    *_post("date", "title", "URL"),
    column("views", "Views", "Views (Organic)"),
    column("reach", "Reach (Organic)", must=True),
    column("reactions", "Likes (Organic)"),
    column("comments", "Comments (Organic)"),
    column("shares", "Shares (Organic)"),
    column("saves", "Saved (Organic)", must=True),
    column("_milliseconds", "Avg Watch Time (Organic)", parse=number),
)
_FACEBOOK = (
    *_post("Date", "Content", "PostLink"),
    column("kind", "Type", parse=_KIND),
    column("impressions", "Impressions", "Impressions (Organic)"),
    column("reach", "Reach", "Reach (Organic)"),
    column("reactions", "Reactions"),
    column("comments", "Comments"),
    column("shares", "Shared", must=True),
    column("_clicks", "Clicks"),
    column("link_clicks", "LinkClicks", must=True),
    column("views", "VideoViews", "VideoViews (Organic)"),
)
_FACEBOOK_REELS = (
    *_post("Date", "Content", "Reel Link"),
    column("views", "Video Views", must=True),
    column("reach", "Reach"),
    column("reactions", "Likes"),
    column("comments", "Comments"),
    column("_seconds", "Avg. time watched (Seconds)", parse=number),
)
_TIKTOK = (
    *_post("Date", "Title", "URL"),
    column("_type", "Type", parse=text, must=True),
    column("views", "Views", must=True),
    column("reactions", "Likes", must=True),
    column("comments", "Comments"),
    column("shares", "Shares"),
    column("reach", "Reach"),
    column("_duration", "Duration", parse=text, must=True),
    column("_seconds", "Total time watched seconds", parse=number),
)
_YOUTUBE = (
    column("post_id", "videoId", parse=text, must=True),
    *_post("publishedAt", "title", "watchUrl"),
    column("views", "views", must=True),
    column("reactions", "likes"),
    column("comments", "comments"),
    column("shares", "shares"),
    column("_minutes", "watchMinutes", parse=number, must=True),
)
_HANDLE = r"tiktok\.com/@([^/?]{1,64})"


def _read(
    tidied: Callable[[pd.DataFrame], pd.DataFrame], export: Export, wanted: Format, setting: Setting
) -> Iterator[Part]:
    """Posts, numbered by their addresses; a reel is one by its address."""
    for frame in frames(export, wanted.columns, setting):
        if "post_id" not in frame:
            frame["post_id"] = numbered(frame["url"])
        read = part("posts", _reeled(tidied(frame)))
        notes = ("other_numbers",) if wanted.network == "instagram" else ()
        yield replace(read, notes=notes)


def _reeled(frame: pd.DataFrame) -> pd.DataFrame:
    reels = frame["url"].fillna("").str.contains("/reel/")
    return frame.assign(kind=frame["kind"].mask(reels, "short_video")) if "kind" in frame else frame


def _of_video(frame: pd.DataFrame) -> pd.DataFrame:
    """Views are those of a video, and clicks on a post are those on its link and the others."""
    tidy = frame.copy()
    if "views" in tidy:
        tidy["views"] = tidy["views"].mask(tidy["views"].map(lambda n: n == 0).astype("bool"), None)
    if "_clicks" in tidy:
        tidy["other_clicks"] = _computed(tidy, "_clicks", "link_clicks", lambda all_, link: all_ - link)
    return tidy


def _watched(of_each: str, worth: float, frame: pd.DataFrame) -> pd.DataFrame:
    """Short videos; how long they were watched in all is that of a view, times the views."""
    tidy = frame.assign(kind="short_video")
    if {of_each, "views"} <= {*tidy}:
        tidy["watch_seconds"] = _computed(tidy, of_each, "views", lambda each, n: round(each * worth * n))
    return tidy


def _tiktok(frame: pd.DataFrame) -> pd.DataFrame:
    """The account is in a post's address; photos are carousels."""
    kinds = frame["_type"].map(lambda said: "carousel" if "photo" in str(said).casefold() else "short_video")
    tidy = frame.assign(kind=kinds, account=frame["url"].astype("str").str.extract(_HANDLE)[0])
    if "_seconds" in tidy:
        tidy["watch_seconds"] = _computed(tidy, "_seconds", "_seconds", lambda seconds, _: round(seconds))
    return tidy


def _youtube(frame: pd.DataFrame) -> pd.DataFrame:
    """Minutes are 60 seconds."""
    seconds = _computed(frame, "_minutes", "_minutes", lambda minutes, _: round(minutes * 60))
    return frame.assign(watch_seconds=seconds)


def _computed(frame: pd.DataFrame, one: str, other: str, made: Callable[[float, float], float]) -> Values:
    """What is made of two columns, where both say something; a count below zero is none."""
    pairs = zip(frame[one], frame[other], strict=True)
    found = [
        made(a, b) if isinstance(a, int | float) and isinstance(b, int | float) else None for a, b in pairs
    ]
    return pd.Series([n if n is not None and n >= 0 else None for n in found], frame.index, dtype="object")


def _format(
    name: str, network: str, columns: tuple[Column, ...], tidied: Callable[[pd.DataFrame], pd.DataFrame],
    since: str,
) -> Format:  # fmt: skip
    return Format(
        f"metricool_{name}", network, "posts", columns, _NAME, "%Y-%m-%d",
        read=partial(_read, tidied), sure="code", since=since,
    )  # fmt: skip


FORMATS = (
    _format("linkedin", "linkedin", _LINKEDIN, _of_video, "2025-08"),
    _format("instagram", "instagram", _INSTAGRAM, lambda frame: frame, "2025-08"),
    _format("reels", "instagram", _REELS, partial(_watched, "_milliseconds", 0.001), "2026-01"),
    _format("facebook", "facebook", _FACEBOOK, _of_video, "2026"),
    _format("facebook_reels", "facebook", _FACEBOOK_REELS, partial(_watched, "_seconds", 1.0), "2026"),
    _format("tiktok", "tiktok", _TIKTOK, _tiktok, "2026"),
    _format("youtube", "youtube", _YOUTUBE, _youtube, "2026"),
)
