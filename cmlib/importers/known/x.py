"""X: posts and days, from analytics.twitter.com (until 2024) and from X analytics (since).

The old export's times are UTC. The new one gives only the day of a post; its hour is in the post's id.
X does not say what kind a post is, and counts only views of video: kind and views stay empty. Its engagements
count every click, on details too; they are no interactions as other networks count them, and stay out.
"""

from collections.abc import Iterator

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import Format, Part, column, frames, part, without_aids
from cmlib.importers.values import (
    NONSENSE,
    Setting,
    day,
    identifier,
    instant,
    numbered_instant,
    text,
    worded_instant,
)

_OLD_COUNTS = (
    column("impressions", "impressions", must=True),
    column("_engagements", "engagements", must=True),
    column("reactions", "likes"),
    column("comments", "replies"),
    column("shares", "retweets", must=True),
    column("link_clicks", "url clicks"),
    column("_profile", "user profile clicks"),
    column("_hashtag", "hashtag clicks"),
    column("_detail", "detail expands"),
    column("_permalink", "permalink clicks"),
    column("follows", "follows"),
)
_TWEETS = (
    column("post_id", "Tweet id", parse=identifier, must=True),
    column("url", "Tweet permalink", parse=text, must=True),
    column("text", "Tweet text", parse=text),
    column("published_at", "time", parse=instant("%Y-%m-%d %H:%M %z"), must=True),
    *_OLD_COUNTS,
)
_TWEET_DAYS = (
    column("date", "Date", parse=day("%Y-%m-%d"), must=True),
    column("posts", "Tweets published", must=True),
    *_OLD_COUNTS,
)
_NEW_COUNTS = (
    column("impressions", "Impressions", must=True),
    column("reactions", "Likes"),
    column("comments", "Replies"),
    column("shares", "Reposts", must=True),
    column("saves", "Bookmarks"),
    column("follows", "New follows"),
)
_POSTS = (
    column("post_id", "Post id", parse=identifier, must=True),
    column("url", "Post Link", parse=text, must=True),
    column("text", "Post text", parse=text),
    column("_date", "Date", parse=text, must=True),
    *_NEW_COUNTS,
    column("link_clicks", "URL Clicks"),
    column("_profile", "Profile visits"),
    column("_hashtag", "Hashtag Clicks"),
    column("_detail", "Detail Expands"),
    column("_permalink", "Permalink Clicks"),
)
_OVERVIEW = (
    column("date", "Date", parse=day("%a, %b %d, %Y"), must=True),
    column("_engagements", "Engagements", must=True),
    *_NEW_COUNTS,
    column("unfollows", "Unfollows", must=True),
    column("visits", "Profile visits"),
    column("posts", "Create Post", must=True),
)
_OLD_NAME = r"tweet_activity_metrics_(?P<account>\w+)_\d{8}_(?P<until>\d{8})_"
_LINK = r"(?:twitter|x)\.com/(?!i/)(?P<account>\w{1,64})/status/"
_CLICKS = ("_profile", "_hashtag", "_detail", "_permalink")
_EPOCH = 1288834974657  # milliseconds: where X's clock of ids begins


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts or days; the account is in a post's address, clicks on anything but a link are added up."""
    for frame in frames(export, wanted.columns, setting):
        clicks = [name for name in _CLICKS if name in frame]
        added = [_added(given) for given in zip(*(frame[c] for c in clicks), strict=True)]
        frame["other_clicks"] = pd.Series(added, dtype="object")
        if "url" in frame:
            frame["account"] = frame["url"].astype("str").str.extract(_LINK)["account"]
        if "_date" in frame:
            frame["published_at"] = numbered_instant(
                frame["_date"], frame["post_id"], lambda n: (n >> 22) + _EPOCH, worded_instant, setting
            )
        yield part(wanted.table, without_aids(frame))


def _added(given: tuple[object, ...]) -> object:
    """The sum of what is there: null where nothing is, nonsense where any of it is."""
    if NONSENSE in given:
        return NONSENSE
    told = [n for n in given if isinstance(n, int)]
    return sum(told) if told else None


FORMATS = (
    Format(
        "x_tweets", "x", "posts", _TWEETS, _OLD_NAME, "%Y%m%d", read=_read, sure="seen", since="2021-06"
    ),
    Format(
        "x_tweet_days", "x", "days", _TWEET_DAYS, _OLD_NAME, "%Y%m%d",
        read=_read, sure="seen", since="2021-06",
    ),
    Format(
        "x_posts", "x", "posts", _POSTS,
        r"account_analytics_content_\d{4}-\d{2}-\d{2}_(?P<until>\d{4}-\d{2}-\d{2})", "%Y-%m-%d", read=_read,
        sure="seen", since="2026-08",
    ),
    Format("x_overview", "x", "days", _OVERVIEW, read=_read, sure="seen", since="2025-08"),
)  # fmt: skip
