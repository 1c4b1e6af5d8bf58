"""What exports of several accounts have in common: whose a row is, kinds, numbers and followers of posts.

In these files each row says whose it is. A row that does not is kept aside: it would be taken for the brand's
own, which is the account that a file without a name is of.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Sheet
from cmlib.importers.layout import Column, Header, Part, melted, rows
from cmlib.importers.values import NONSENSE, Parse, Setting, Texts, Values, needed, one_of, text
from cmlib.schema import NETWORKS

# /posts/123, /videos/123, /status/123, /p/Cx1_y, /reel/Cx1_y, watch?v=Cx1_y, /@handle/video/123,
# urn:li:share:123, facebook.com/page_123
_NUMBER = re.compile(
    r"(?:/(?:posts|videos?|photo|permalink|status|p|reel|tv|shorts|pin)/|[?&](?:v|story_fbid|fbid)=|/youtu\.be/"
    r"|urn:li:(?:activity|share|ugcPost):|facebook\.com/\d+_)(?:\d+_(?=\d))?([\w-]+)"
)


def filled(sheet: Sheet, found: Header, columns: tuple[Column, ...], setting: Setting) -> pd.DataFrame:
    """The rows below a header, parsed. Raises CmlibError where there are none."""
    frame = rows(sheet, found, columns, setting)
    if frame.empty:
        raise CmlibError("empty_file", file=setting.file)
    return frame


def owner(texts: Texts, setting: Setting) -> Values:
    """Whose a row is; nothing is nonsense."""
    return named(text(texts, setting))


def named(*names: Values) -> Values:
    """The first name that each row gives, nonsense where it gives none."""
    first = [next((n for n in row if isinstance(n, str)), NONSENSE) for row in zip(*names, strict=True)]
    return pd.Series(first, index=names[0].index, dtype="object")


def channel(texts: Texts, setting: Setting) -> Values:
    """A network, by its name; nothing is nonsense."""
    known = one_of({network: network for network in NETWORKS} | {"twitter": "x"})(texts, setting)
    return needed(known)


def numbered(urls: Values) -> Values:
    """The number of a post, from its address: the network's own where it shows, else the whole address."""
    return urls.map(lambda url: _number(url) if isinstance(url, str) else None).astype("object")


def _number(url: str) -> str:
    found = _NUMBER.search(url)
    return found[1] if found else url


def native(given: Values, urls: Values) -> Values:
    """A post's number as its network has it: from a tool's (page_123, urn:li:share:123), else its address."""
    told = given.map(lambda said: _TAIL.sub(r"\1", said) if isinstance(said, str) else said).astype("object")
    return told.where(told.notna(), numbered(urls))


_TAIL = re.compile(r"^(?:\d+_|urn:li:\w+:)(\d+)$")
KINDS = {
    "photo": "image", "image": "image", "carousel": "carousel", "carousel_album": "carousel",
    "album": "carousel", "document": "carousel", "video": "video", "reel": "short_video",
    "reels": "short_video", "live": "live", "live video": "live", "story": "story", "link": "link",
    "article": "article", "poll": "poll", "status": "text", "text": "text",
}  # fmt: skip


def kinds(**more: str) -> Parse:
    """The kind of a post, by its usual words and ``more`` of them; any other is not known."""
    return one_of(KINDS | more, default=None)


def with_followers(posts: Part, zone: ZoneInfo) -> Iterator[Part]:
    """The posts, and the followers that ``followers`` says each account had when it posted: one row a day.

    Of several posts of one day, the last one tells.
    """
    yield replace(posts, rows=posts.rows.drop(columns="followers", errors="ignore"))
    if "followers" not in posts.rows or posts.rows["followers"].isna().all():
        return
    kept = [c for c in ("line", "excerpt", "network", "account", "observed_at") if c in posts.rows]
    whose = [c for c in ("network", "account") if c in kept]
    told = posts.rows.dropna(subset=["followers", "published_at", "post_id"])
    when = pd.to_datetime(told["published_at"], utc=True)
    days = told[[*kept, "followers"]].assign(
        date=when.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize(), when=when
    )
    last = days.sort_values("when", kind="stable").drop_duplicates([*whose, "date"], keep="last")
    yield Part("days", melted(last.drop(columns="when").sort_values("line")), given=0)
