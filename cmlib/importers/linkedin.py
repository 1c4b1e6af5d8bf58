"""LinkedIn page exports: content, followers, visitors (.xls), competitors (.xlsx), with English headers.

The page and the instant of the export are in the file's name. All dates are UTC.

- ``Clicks`` count every click on a post: its picture, “see more”, the page's name; often more than one each
  time it is seen. They are other_clicks, so that no click-through rate is made of them.
- A day's unique impressions, of organic posts alone, are its reach. Daily figures fall below zero where more
  is taken back than given; so do new followers, which are therefore read as a net change.
- A post's number tells when it was published, as milliseconds since 1970 shifted by 22 bits. “Created date”
  only tells the day on which it was begun: in a real export 24 of 168 posts were scheduled and came out days
  later, at full hours. The number is believed up to 100 days from then; else the created date stands.
- Followers by place, function, seniority, industry and company size are shares of the followers listed: at
  most the hundred largest levels of each.
- Visitors by place and so on are no followers, and are passed over. Names of people are never read.
- Competitors: a row for each page, the brand's own among them, by the name that it shows. Four public
  projects read this layout; one says that its first row holds dates, and none how they are written. Two whole
  dates there, be it 12/31/2025, 2025-12-31 or Dec 31, 2025, are the period: followers are of its last day,
  and the rest is added up over it. Without them followers are of the day of the export, and the rest is kept
  aside.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Sheet
from cmlib.importers.layout import (
    Column,
    Format,
    Header,
    Part,
    column,
    having,
    melted,
    part,
    recognised,
    rows,
    without_aids,
)
from cmlib.importers.rivals import filled, owner
from cmlib.importers.values import Setting, Values, day, instant, nonsense, one_of, text, worded_day

# my-page_content_1766385907708.xls; browsers add " (1)"
_NAME = r"(?:^|/)(?P<account>[^/]+)_(?:content|followers|visitors)_(?P<observed>\d{13})"
_COMPETITORS_NAME = r"_competitor_analytics_(?P<observed>\d{13})"
_DATE = column("date", "Date", parse=day("%m/%d/%Y"), must=True)
_CREATED = "%m/%d/%Y"
_SCHEDULED = pd.Timedelta(days=100)
_URN = r"urn:li:(?:activity|share|ugcPost):(\d+)"

_KINDS = one_of(  # only Video and nothing have been seen; nothing is any other kind
    {"video": "video", "article": "article", "document": "carousel", "poll": "poll", "image": "image"},
    default=None,
)
_METRICS = (
    _DATE,
    column("impressions", "Impressions (total)", must=True),
    column("reach", "Unique impressions (organic)"),
    column("other_clicks", "Clicks (total)", must=True),
    column("reactions", "Reactions (total)"),
    column("comments", "Comments (total)"),
    column("shares", "Reposts (total)", "Shares (total)"),
)
_POSTS = (
    column("url", "Post link", parse=text, must=True),
    column("text", "Post title", parse=text),
    column("_created", "Created date", parse=day(_CREATED), must=True),
    column("paid", "Post type", parse=one_of({"sponsored": True, "organic": False}, default=None)),
    column("impressions", "Impressions", must=True),
    column("views", "Views", "Views (Excluding offsite video views)"),
    column("other_clicks", "Clicks", must=True),
    column("reactions", "Likes"),
    column("comments", "Comments"),
    column("shares", "Reposts", "Shares"),
    column("follows", "Follows"),
    column("kind", "Content Type", parse=_KINDS),
)
_FOLLOWERS = (
    _DATE,
    column("net_follows", "Total followers", must=True),  # of that day, of all origins
    column("_organic", "Organic followers", must=True),
)
_VISITORS = (
    _DATE,
    column("visits", "Total page views (total)", must=True),
    column("visitors", "Total unique visitors (total)", must=True),
)
_COMPETITORS = (
    column("account", "Page", parse=owner, must=True),
    column("followers", "Total Followers", must=True),
    column("net_follows", "New Followers", must=True),
    column("interactions", "Total post engagements", must=True),
    column("posts", "Total posts", must=True),
)
_WRITTEN = (
    r"\d{4}-\d{2}-\d{2}", r"\d{1,2}/\d{1,2}/\d{4}", r"[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}",
    r"\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}",
)  # fmt: skip
_DATES = re.compile(rf"(?<!\d)(?:{'|'.join(_WRITTEN)})(?!\d)")
_DIMENSIONS = {
    "Location": "city", "Job function": "function", "Seniority": "seniority", "Industry": "industry",
    "Company size": "company_size",
}  # fmt: skip


def _levels(header_of_level: str, header_of_count: str) -> tuple[Column, ...]:
    return (
        column("level", header_of_level, parse=text, must=True),
        column("_count", header_of_count, must=True),
    )


def _content(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Days from the sheet of metrics, posts from that of all posts; each header has a description above."""
    yield from _days(export, _METRICS, setting)
    for sheet, found in having(export, _POSTS):
        frame = rows(sheet, found, _POSTS, setting)
        frame["post_id"] = frame["url"].astype("str").str.extract(_URN)[0]
        frame["published_at"] = _published(frame["_created"], frame["post_id"], setting)
        yield part("posts", frame.drop(columns="_created"))


def _published(created: Values, numbers: Values, setting: Setting) -> Values:
    """The instant in a post's number, where it is no earlier than its creation and not long after."""
    stated = [d.strftime(_CREATED) if isinstance(d, pd.Timestamp) else "" for d in created]
    begun = instant(_CREATED)(pd.Series(stated, index=created.index, dtype="str"), setting)
    told = []
    for day_, midnight, number in zip(created, begun, numbers, strict=True):
        minted = pd.Timestamp(int(number) >> 22, unit="ms", tz="UTC") if isinstance(number, str) else None
        after = minted and isinstance(day_, pd.Timestamp) and minted - day_.tz_localize("UTC")
        told.append(minted if after and pd.Timedelta(0) <= after < _SCHEDULED else midnight)
    return pd.Series(told, index=created.index, dtype="object").where(created.map(_is_day), created)


def _is_day(value: object) -> bool:
    return isinstance(value, pd.Timestamp)


def _followers(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """New followers each day, less those who left; shares of the followers."""
    yield from _days(export, _FOLLOWERS, setting)
    for name, dimension in _DIMENSIONS.items():
        columns = _levels(name, "Total followers")
        for sheet, found in having(export, columns):
            frame = rows(sheet, found, columns, setting)
            whole = sum(n for n in frame["_count"] if isinstance(n, int))
            frame["share"] = frame["_count"].map(lambda n, w=whole: n / w if isinstance(n, int) and w else n)
            yield part("audience", frame.drop(columns="_count").assign(dimension=dimension))


def _visitors(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Page views and visitors each day; who they are is passed over."""
    shown = [s for name in _DIMENSIONS for s in having(export, _levels(name, "Total views"))]
    over = sum(any(row) for sheet, found in shown for row in sheet.rows[found.row + 1 :])
    for read in _days(export, _VISITORS, setting):
        yield replace(read, passed=over)


def _competitors(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Followers of each page, and what each won and brought over the period above the header."""
    for sheet, found in having(export, _COMPETITORS):
        read = part("totals", filled(sheet, found, _COMPETITORS, setting))
        period = _period(sheet, found, setting)
        keys = ["line", "excerpt", "account"]
        days = read.rows[[*keys, "followers"]].assign(date=period[1] if period else _exported(setting))
        rest = read.rows.drop(columns="followers")
        lost = rest[["line", "excerpt"]].assign(reason="nonsense:period")
        aside = read.aside if period else pd.concat([read.aside, lost])
        yield Part("days", melted(days), aside, given=read.given)
        if period:
            yield Part("totals", melted(rest).assign(since=period[0], until=period[1]), given=0)


def _period(sheet: Sheet, found: Header, setting: Setting) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The two days that stand above the header; nothing where there are none, more, or others."""
    above = [date for row in sheet.rows[: found.row] for cell in row for date in _DATES.findall(cell)]
    texts = pd.Series(above, dtype="str")
    days = day("%Y-%m-%d", "%m/%d/%Y")(texts, setting)
    told = days.where(~nonsense(days), worded_day(texts, setting)).tolist()
    return (told[0], told[1]) if len(told) == 2 and all(map(_is_day, told)) else None


def _exported(setting: Setting) -> pd.Timestamp:
    if setting.observed is None:
        raise CmlibError("observed_needed", file=setting.file)
    return setting.observed.tz_convert("UTC").tz_localize(None).normalize()


def _days(export: Export, columns: tuple[Column, ...], setting: Setting) -> Iterator[Part]:
    for sheet, found in having(export, columns):
        frame = rows(sheet, found, columns, setting)
        yield part("days", without_aids(frame))


def _is_content(export: Export, wanted: Format) -> bool:
    return recognised(export, wanted) or any(having(export, _METRICS))


_FALL = ("net_follows", "reactions", "comments", "shares", "other_clicks")

FORMATS = (
    Format("linkedin_content", "linkedin", "posts", _POSTS, _NAME, "ms", _FALL, _is_content, _content),
    Format("linkedin_followers", "linkedin", "days", _FOLLOWERS, _NAME, "ms", _FALL, read=_followers),
    Format("linkedin_visitors", "linkedin", "days", _VISITORS, _NAME, "ms", read=_visitors),
    Format(
        "linkedin_competitors", "linkedin", "totals", _COMPETITORS, _COMPETITORS_NAME, "ms", ("net_follows",),
        read=_competitors,
    ),
)  # fmt: skip
