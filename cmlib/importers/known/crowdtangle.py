"""CrowdTangle: posts of any Facebook pages or Instagram accounts, rivals too. Closed in August 2024.

The headers are those that public notebooks and programs of 2017 to 2024 show of its searches and historical
data, in English. They grew over the years: “Created” became “Post Created”, pages got a category, a country
and a description. An account is its user name, as in its address, else the name that it shows.

- A date ends in the short name of the zone of whoever exported (``2021-07-06 16:45:20 EDT``; -03 where a zone
  has none). What a name means is what it means in the brand's own zone, else what it most commonly does. A
  row with any other is kept aside: IST is India's, Ireland's and Israel's.
- Likes, loves, and so on up to care are the reactions; Total Interactions are these, comments and shares.
- Views are those of a video in this very post. The file has 0 of them for a post without one, and for a film
  from elsewhere: 0 is read as none.
- Followers at posting are the account's followers on the day of the post. Where a file has none of a page,
  its likes at posting stand in, which are somewhat fewer; never both in one series, which would seem to jump.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known.tools import filled, named, numbered, with_followers
from cmlib.importers.layout import Format, Part, column, having, part
from cmlib.importers.values import Setting, Texts, Values, one_of, text, zoned_instant

# 2024-01-14-09-15-26-NZDT-search-csv-export.csv
_NAME = r"(?:^|/)(?P<observed>\d{4}-\d{2}-\d{2})-\d{2}-\d{2}-\d{2}-[A-Z]{2,5}-"
_OFFSETS = {
    "UTC": "+00:00", "GMT": "+00:00", "WET": "+00:00", "WEST": "+01:00", "BST": "+01:00", "CET": "+01:00",
    "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00", "SAST": "+02:00", "WAT": "+01:00",
    "CAT": "+02:00", "EAT": "+03:00", "PKT": "+05:00", "WIB": "+07:00", "HKT": "+08:00", "AWST": "+08:00",
    "JST": "+09:00", "KST": "+09:00", "ACST": "+09:30", "ACDT": "+10:30", "AEST": "+10:00", "AEDT": "+11:00",
    "NZST": "+12:00", "NZDT": "+13:00", "NST": "-03:30", "NDT": "-02:30", "AST": "-04:00", "ADT": "-03:00",
    "EST": "-05:00", "EDT": "-04:00", "CST": "-06:00", "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00",
    "PST": "-08:00", "PDT": "-07:00", "AKST": "-09:00", "AKDT": "-08:00", "HST": "-10:00",
}  # fmt: skip
_INSTANT = zoned_instant("%Y-%m-%d %H:%M:%S")


def _own(zone: ZoneInfo) -> dict[str, str]:
    """What a zone's names for its own clock mean, in winter and in summer."""
    seasons = [datetime(2020, month, 15, tzinfo=zone) for month in (1, 7)]
    return {str(s.tzname()): s.strftime("%z") for s in seasons}


def _published(texts: Texts, setting: Setting) -> Values:
    """Instants in the zone that each names, in the brand's where it names none."""
    known = _OFFSETS | _own(setting.zone)
    plain = texts.str.replace(r" ([A-Z]{2,5})$", lambda m: known.get(m[1], m[0]), regex=True)
    plain = plain.str.replace(r" ([+-]\d{2})(\d{2})?$", lambda m: f"{m[1]}:{m[2] or '00'}", regex=True)
    return _INSTANT(plain, setting)


_KINDS = one_of(
    {
        "photo": "image", "album": "carousel", "status": "text", "link": "link", "video": "video",
        "native video": "video", "youtube": "video", "igtv": "video", "live video": "live",
        "live video complete": "live", "live video scheduled": "live",
    },
    default=None,
)  # fmt: skip
_POST = (
    column("_user", "User Name", parse=text, must=True),
    column("published_at", "Post Created", "Created", parse=_published, must=True),
    column("kind", "Type", parse=_KINDS, must=True),
    column("comments", "Comments", must=True),
    column("url", "URL", parse=text, must=True),
    column("followers", "Followers at Posting", must=True),
)
_FACEBOOK = (
    *_POST,
    column("_name", "Page Name", parse=text, must=True),
    column("_id", "Facebook Id", parse=text, must=True),
    column("_page_likes", "Likes at Posting"),
    column("text", "Message", parse=text),
    column("shares", "Shares", must=True),
    column("views", "Post Views"),
    column("reactions", "Likes", must=True),
    column("_love", "Love"),
    column("_wow", "Wow"),
    column("_haha", "Haha"),
    column("_sad", "Sad"),
    column("_angry", "Angry"),
    column("_thankful", "Thankful"),
    column("_care", "Care"),
)
_INSTAGRAM = (
    *_POST,
    column("_name", "Account", parse=text, must=True),
    column("text", "Description", parse=text),
    column("reactions", "Likes", must=True),
    column("views", "Views"),
)
_REACTIONS = ("reactions", "_love", "_wow", "_haha", "_sad", "_angry", "_thankful", "_care")


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts, and followers on their days."""
    for sheet, found in having(export, wanted.columns):
        frame = filled(sheet, found, wanted.columns, setting)
        frame["account"] = named(frame["_user"], frame["_name"])
        frame["post_id"] = numbered(frame["url"])
        read = part("posts", frame)
        yield from with_followers(replace(read, rows=_tidied(read.rows)), setting.zone)


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """Reactions added up, likes where a page has no followers, no views where there is no video."""
    given = frame[[c for c in _REACTIONS if c in frame]].apply(pd.to_numeric)
    tidy = frame.assign(reactions=given.sum(axis=1, min_count=1))
    if "_page_likes" in tidy:
        without = tidy.groupby("account")["followers"].transform("count") == 0
        tidy["followers"] = tidy["followers"].mask(without, tidy["_page_likes"])
    if "views" in tidy:
        tidy["views"] = tidy["views"].mask(tidy["views"] == 0, None)
    return tidy


FORMATS = (
    Format(
        "crowdtangle_facebook", "facebook", "posts", _FACEBOOK, _NAME, "%Y-%m-%d", read=_read, sure="code",
        since="2017",
    ),
    Format(
        "crowdtangle_instagram", "instagram", "posts", _INSTAGRAM, _NAME, "%Y-%m-%d", read=_read,
        sure="code", since="2017",
    ),
)  # fmt: skip
