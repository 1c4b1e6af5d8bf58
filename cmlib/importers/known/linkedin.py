"""LinkedIn page exports: content, followers, visitors (.xls), competitors (.xlsx).

The page and the instant of the export are in the file's name. All dates are UTC. English and Portuguese
headers are known; in another language a file is read by the place of its columns, where their sums prove it,
and whoever imports it is told. Days are month first, unless they lie closer together the other way round.

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
- Competitors: a row for each page, the brand's own among them, by the name that it shows. Programs read two
  layouts, with all engagements in one or with comments and reactions apart, and above them two days, however
  written: 12/31/2025, 2025-12-31 or Dec 31, 2025. They are the period: followers are of its last day, and the
  rest is added up over it. Without them followers are of the day of the export, and the rest is kept aside.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Sheet
from cmlib.importers.known import linkedin_places
from cmlib.importers.known.tools import filled, owner
from cmlib.importers.layout import (
    Column,
    Format,
    Header,
    Part,
    column,
    having,
    melted,
    nothing_aside,
    part,
    recognised,
    rows,
    set_aside,
    without_aids,
)
from cmlib.importers.values import Setting, Values, day, instant, nonsense, one_of, text, worded_day

# my-page_content_1766385907708.xls; browsers add " (1)"
_NAME = r"(?:^|/)(?P<account>[^/]+)_(?:content|followers|visitors)_(?P<observed>\d{13})"
_COMPETITORS_NAME = r"_competitor_analytics_(?P<observed>\d{13})"
_DATE = column("date", "Date", "Data", parse=day("%m/%d/%Y"), must=True)
_CREATED = "%m/%d/%Y"
_SCHEDULED = pd.Timedelta(days=100)
URN = r"urn:li:(?:activity|share|ugcPost):(\d{1,19})(?!\d)"

_KINDS = one_of(  # only Video and nothing have been seen; nothing is any other kind
    {
        "video": "video",
        "article": "article",
        "document": "carousel",
        "poll": "poll",
        "image": "image",
        "vídeo": "video",
    },
    default=None,
)
_METRICS = (
    _DATE,
    column("impressions", "Impressions (total)", "Impressões (total)", must=True),
    column("reach", "Unique impressions (organic)", "Impressões únicas (orgânicas)"),
    column("other_clicks", "Clicks (total)", "Cliques (total)", must=True),
    column("reactions", "Reactions (total)", "Reações (total)"),
    column("comments", "Comments (total)", "Comentários (total)"),
    column("shares", "Reposts (total)", "Shares (total)", "Compartilhamentos (total)"),
)
POSTS = (
    column("url", "Post link", "Link da publicação", parse=text, must=True),
    column("text", "Post title", "Título da publicação", parse=text),
    column("_created", "Created date", "Criação", parse=day(_CREATED), must=True),
    column("paid", "Post type", "Tipo de publicação", parse=one_of(
        {"sponsored": True, "organic": False, "patrocinado": True, "orgânico": False}, default=None)),
    column("impressions", "Impressions", "Impressões", must=True),
    column("views", "Views", "Views (Excluding offsite video views)", "Visualizações"),
    column("other_clicks", "Clicks", "Cliques", must=True),
    column("reactions", "Likes", "Gostaram"),
    column("comments", "Comments", "Comentários"),
    column("shares", "Reposts", "Shares", "Compartilhamentos"),
    column("follows", "Follows", "Seguidores"),
    column("kind", "Content Type", "Tipo de conteúdo", parse=_KINDS),
)  # fmt: skip
_FOLLOWERS = (
    _DATE,
    column("net_follows", "Total followers", "Total de seguidores", must=True),  # of that day, of all origins
    column("_organic", "Organic followers", "Seguidores orgânicos", must=True),
)
_VISITORS = (
    _DATE,
    column("visits", "Total page views (total)", "Total de visualizações da página (total)", must=True),
    column("visitors", "Total unique visitors (total)", "Total de visitantes únicos (total)", must=True),
)
_COMPETITORS = (
    column("account", "Page", parse=owner, must=True),
    column("followers", "Total Followers", "Total de seguidores", must=True),
    column("net_follows", "New Followers", "Novos seguidores", must=True),
    column("interactions", "Total post engagements", "Total de engajamentos", must=True),
    column("posts", "Total posts", "Total de publicações", must=True),
)
_COMPETITORS_APART = (
    column("account", "Page", parse=owner, must=True),
    column("net_follows", "New Followers", "Novos seguidores", must=True),
    column("posts", "Posts", "Publicações", must=True),
    column("comments", "Comments", "Comentários", must=True),
    column("reactions", "Reactions", "Reações", must=True),
)
_WRITTEN = (
    r"\d{4}-\d{2}-\d{2}", r"\d{1,2}/\d{1,2}/\d{4}", r"[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}",
    r"\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}",
)  # fmt: skip
DATES = re.compile(rf"(?<!\d)(?:{'|'.join(_WRITTEN)})(?!\d)")
_DIMENSIONS = {
    "city": ("Location", "Localidade"), "function": ("Job function", "Função"),
    "seniority": ("Seniority", "Nível de experiência"), "industry": ("Industry", "Setor"),
    "company_size": ("Company size", "Tamanho da empresa"),
}  # fmt: skip
_COUNTED = {  # what each level of them is a count of
    "linkedin_followers": ("Total followers", "Total de seguidores"),
    "linkedin_visitors": ("Total views", "Total de visualizações"),
}
Period = tuple[pd.Timestamp, pd.Timestamp]  # its first and its last day


def _levels(names: tuple[str, ...], counted: tuple[str, ...]) -> tuple[Column, ...]:
    return (column("level", *names, parse=text, must=True), column("_count", *counted, must=True))


_PLACED = _levels(("",), ("",))  # the same, where no header is known


def _people(export: Export, name: str) -> Iterator[tuple[Sheet, Header, str]]:
    """The sheets of who they are, each with its dimension: by their headers, else by their places."""
    for dimension, names in _DIMENSIONS.items():
        for sheet, found in having(export, _levels(names, _COUNTED[name])):
            yield sheet, found, dimension
    if not any(having(export, DAYS[name])):
        yield from linkedin_places.people(export)


def _days(export: Export, name: str, setting: Setting) -> Iterator[Part]:
    """A row per day, by known headers, else by the places of the columns, which is told."""
    known = list(having(export, DAYS[name]))
    placed = None if known else linkedin_places.days(export, name)
    for sheet, found in known or ([placed] if placed else []):
        frame = rows(sheet, found, _dated(export, DAYS[name]), setting)
        yield replace(part("days", without_aids(frame)), notes=() if known else ("by_position",))


def _dated(export: Export, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The same columns, their days read in the order in which this file writes them."""
    order = day(linkedin_places.written(export), "%Y-%m-%d")
    return tuple(replace(c, parse=order) if c.name in ("date", "_created") else c for c in columns)


def _content(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Days from the sheet of metrics, posts from that of all posts; each header has a description above."""
    read = list(_days(export, wanted.name, setting))
    yield from read
    known = list(having(export, POSTS))
    placed = linkedin_places.posts(export) if any(one.notes for one in read) else None
    for sheet, found in [*known, *([placed] if placed and not known else [])]:
        frame = rows(sheet, found, _dated(export, POSTS), setting)
        frame["post_id"] = frame["url"].astype("str").str.extract(URN)[0]
        frame["published_at"] = _published(frame["_created"], frame["post_id"], setting)
        yield part("posts", frame.drop(columns="_created"))


def _published(created: Values, numbers: Values, setting: Setting) -> Values:
    """The instant in a post's number, where it is no earlier than its creation and not long after."""
    stated = [d.strftime(_CREATED) if isinstance(d, pd.Timestamp) else "" for d in created]
    begun = instant(_CREATED)(pd.Series(stated, index=created.index, dtype="str"), setting)
    told = []
    for day_, midnight, number in zip(created, begun, numbers, strict=True):
        told_by = minted(number) if isinstance(number, str) else None
        after = told_by and isinstance(day_, pd.Timestamp) and told_by - day_.tz_localize("UTC")
        told.append(told_by if after and pd.Timedelta(0) <= after < _SCHEDULED else midnight)
    return pd.Series(told, index=created.index, dtype="object").where(created.map(_is_day), created)


def minted(number: str) -> pd.Timestamp:
    """The instant that is in a post's number."""
    return pd.Timestamp(int(number) >> 22, unit="ms", tz="UTC")


def _is_day(value: object) -> bool:
    return isinstance(value, pd.Timestamp)


def _followers(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """New followers each day, less those who left; shares of the followers."""
    yield from _days(export, wanted.name, setting)
    for sheet, found, dimension in _people(export, wanted.name):
        frame = rows(sheet, found, _PLACED, setting)
        whole = sum(n for n in frame["_count"] if isinstance(n, int))
        frame["share"] = frame["_count"].map(lambda n, w=whole: n / w if isinstance(n, int) and w else n)
        yield part("audience", frame.drop(columns="_count").assign(dimension=dimension))


def _visitors(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Page views and visitors each day; who they are is passed over."""
    shown = _people(export, wanted.name)
    over = sum(any(row) for sheet, found, _ in shown for row in sheet.rows[found.row + 1 :])
    for read in _days(export, wanted.name, setting):
        yield replace(read, passed=over)


def _competitors(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Followers of each page, and what each won and brought over the period above the header."""
    for columns in (_COMPETITORS, _COMPETITORS_APART):
        for sheet, found in having(export, columns):
            read = part("totals", filled(sheet, found, columns, setting))
            over = period(sheet, found, setting)
            rest = read.rows.drop(columns="followers", errors="ignore")
            lost = set_aside(rest, "nonsense:period")
            aside = read.aside if over else pd.concat([read.aside, lost])
            if "followers" in read.rows:
                days = read.rows[["line", "excerpt", "account", "followers"]]
                days = days.assign(date=over[1] if over else _exported(setting))
                yield Part("days", melted(days), aside, given=read.given)
                aside, read = nothing_aside(), replace(read, given=0)
            if over or "followers" not in read.rows:
                told = melted(rest if over else rest[:0])
                told = told.assign(since=over[0] if over else None, until=over[1] if over else None)
                yield Part("totals", told, aside, given=read.given)


def period(sheet: Sheet, found: Header, setting: Setting) -> Period | None:
    """Which two days stand above the header? Nothing where there are none, more, or others."""
    above = [date for row in sheet.rows[: found.row] for cell in row for date in DATES.findall(cell)]
    texts = pd.Series(above, dtype="str")
    days = day("%Y-%m-%d", "%m/%d/%Y")(texts, setting)
    told = days.where(~nonsense(days), worded_day(texts, setting)).tolist()
    return (told[0], told[1]) if len(told) == 2 and all(map(_is_day, told)) else None


def _exported(setting: Setting) -> pd.Timestamp:
    if setting.observed is None:
        raise CmlibError("observed_needed", file=setting.file)
    return setting.observed.tz_convert("UTC").tz_localize(None).normalize()


DAYS = {"linkedin_content": _METRICS, "linkedin_followers": _FOLLOWERS, "linkedin_visitors": _VISITORS}


def _is_page(export: Export, wanted: Format) -> bool:
    """By its headers, else by what its columns add up to."""
    if recognised(export, wanted) or any(having(export, DAYS[wanted.name])):
        return True
    return linkedin_places.days(export, wanted.name) is not None


def _is_competitors(export: Export, wanted: Format) -> bool:
    return recognised(export, wanted) or any(having(export, _COMPETITORS_APART))


_FALL = ("net_follows", "reactions", "comments", "shares", "other_clicks")

FORMATS = (
    Format(
        "linkedin_content", "linkedin", "posts", POSTS, _NAME, "ms", _FALL, _is_page, _content, "seen",
        "2025-12",
    ),
    Format(
        "linkedin_followers", "linkedin", "days", _FOLLOWERS, _NAME, "ms", _FALL, _is_page, _followers,
        "seen", "2025-12",
    ),
    Format(
        "linkedin_visitors", "linkedin", "days", _VISITORS, _NAME, "ms", (), _is_page, _visitors, "seen",
        "2025-12",
    ),
    Format(
        "linkedin_competitors", "linkedin", "totals", _COMPETITORS, _COMPETITORS_NAME, "ms", ("net_follows",),
        _is_competitors, _competitors, "code", "2025",
    ),
)  # fmt: skip
