"""TikTok Studio: overview, posts, viewers and followers, as CSV or xlsx, in the zips as downloaded.

Dates have no year: it is counted back from the day of the export, which the zip's name gives. Headers are
English in most languages of the site; the Portuguese and Spanish ones that were reported are known too. In
any other language a file is read by the place of its columns, where what it says proves them: content by the
link of each post, viewers by their sum, followers by their steps, the overview by the words that its first
headers are made of. Whoever imports it is told so.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.known.levels import fractions, level
from cmlib.importers.known.tiktok_places import link_proves, names_prove, placed, steps_prove, sum_proves
from cmlib.importers.layout import (
    Format,
    Header,
    Part,
    column,
    having,
    normalised,
    part,
    recognised,
    rows,
    unused,
)
from cmlib.importers.values import (
    Setting,
    number,
    numbered_instant,
    text,
    yearless_days,
    yearless_instant,
)

# Overview_2025-03-01_1772300000_handle.zip, Followers_handle.zip, or either unpacked into a folder
_NAME = (
    r"(?:^|/)(?:Overview|Content|Viewers|Followers)_(?:\d{4}-\d{2}-\d{2}_)?(?:(?P<observed>\d{10})_)?"
    r"(?P<account>[\w.]+?)(?: \(\d+\))?(?:\.zip)?/"
)
_DAY = column("date", "Date", "Data", "Fecha", parse=yearless_days, must=True)

_OVERVIEW = (
    _DAY,
    column("views", "Video Views", "Visualizações de vídeo", "Visualizações do vídeo",
           "Visualizaciones de video", must=True),
    column("visits", "Profile Views", "Visualizações do perfil", "Visitas ao perfil",
           "Visualizaciones del perfil", must=True),
    column("reactions", "Likes", "Curtidas", "Me gusta"),
    column("comments", "Comments", "Comentários", "Comentarios"),
    column("shares", "Shares", "Compartilhamentos", "Veces compartido"),
)  # fmt: skip
_VIEWERS = (
    _DAY,
    column("viewers", "Total Viewers", must=True),
    column("new_users", "New Viewers", must=True),
    column("returning_users", "Returning Viewers"),
)
_FOLLOWERS = (
    _DAY,
    column("followers", "Followers", "Seguidores", must=True),
    column("net_follows", "Difference in followers from previous day",
           "Diferença de seguidores em relação ao dia anterior", must=True),
)  # fmt: skip
_ACTIVITY = (
    column("_date", "Date", parse=text, must=True),
    column("_hour", "Hour", parse=text, must=True),
    column("_active", "Active followers", parse=text, must=True),
)
_GENDER = (
    column("level", "Gender", parse=text, must=True),
    column("share", "Distribution", parse=number, must=True),
)
_TERRITORIES = (
    column("level", "Top territories", parse=text, must=True),
    column("share", "Distribution", parse=number, must=True),
)
_CONTENT = (
    column("url", "Video link", "Enlace del video", "Link do vídeo", parse=text, must=True),
    column("_posted", "Post time", "Hora de publicación", "Hora da publicação", parse=text, must=True),
    column("text", "Video title", "Título del video", "Título do vídeo", parse=text),
    column("reactions", "Total likes", "Me gusta totales", "Total de curtidas"),
    column("comments", "Total comments", "Comentarios totales", "Total de comentários"),
    column("shares", "Total shares", "Veces compartido", "Total de compartilhamentos"),
    column("views", "Total views", "Visualizaciones totales", "Total de visualizações", must=True),
)
LINK = r"tiktok\.com/@(?P<account>[^/]{1,64})/(?P<shape>video|photo)/(?P<post_id>\d{1,20})"
_REST = ("other", "others", "autre", "autres", "otro", "otros", "outro", "outros")


_IN_ORDER = {  # the columns of each file in the order of the site, its counts, its days, and what proves it
    "tiktok_overview": (_OVERVIEW, slice(1, 6), 0, names_prove),
    "tiktok_viewers": (_VIEWERS, slice(1, 4), 0, sum_proves),
    "tiktok_followers": (_FOLLOWERS, slice(1, 3), 0, steps_prove),
}
_POST_PLACES = {
    "text": 1, "url": 2, "_posted": 3, "reactions": 4, "comments": 5, "shares": 6, "views": 7,
}  # fmt: skip


def _placed(export: Export, wanted: Format) -> Header | None:
    """Where the columns stand whose headers are in no known language."""
    if wanted.name == "tiktok_content":
        found = placed(export, _POST_PLACES, slice(4, 8), 3, link_proves)
        links = [row[2] for row in export.sheets[0].rows[found.row + 1 :] if any(row)] if found else []
        return found if all(re.search(LINK, link) for link in links) else None
    if wanted.name not in _IN_ORDER:
        return None
    columns, counts, dates, proof = _IN_ORDER[wanted.name]
    return placed(export, {c.name: place for place, c in enumerate(columns)}, counts, dates, proof)


def _is_studio(export: Export, wanted: Format) -> bool:
    """By its headers, but for those of Business Suite, which have more; else by what its columns prove."""
    known = list(having(export, wanted.columns))
    heads = [{normalised(cell) for cell in sheet.rows[found.row]} for sheet, found in known]
    business = any({"reached audience", "net growth"} <= head for head in heads)
    return not business if known else _placed(export, wanted) is not None


def _sheets(export: Export, wanted: Format, setting: Setting) -> Iterator[pd.DataFrame]:
    known = list(having(export, wanted.columns))
    by_place = None if known else _placed(export, wanted)
    for sheet, found in known or ([(export.sheets[0], by_place)] if by_place else []):
        yield rows(sheet, found, wanted.columns, setting)


def _notes(export: Export, wanted: Format) -> tuple[str, ...]:
    return () if recognised(export, wanted) else ("by_position",)


def _days(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """A row per day. Where a day's first figure is undefined there is no data, whatever stands beside it."""
    _, first, *others = (c.name for c in wanted.columns)
    for frame in _sheets(export, wanted, setting):
        beside = [name for name in others if name in frame]
        frame[beside] = frame[beside].mask(frame[first].isna(), None)
        yield replace(part("days", frame), notes=_notes(export, wanted))


def _content(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts; account and id are in their link. TikTok's ids are seconds since 1970, shifted by 32 bits."""
    for frame in _sheets(export, wanted, setting):
        link = frame["url"].astype("str").str.extract(LINK)
        frame["account"], frame["post_id"] = link["account"], link["post_id"]
        frame["kind"] = link["shape"].map({"video": "short_video", "photo": "carousel"})
        frame["published_at"] = numbered_instant(
            frame["_posted"], link["post_id"], lambda n: (n >> 32) * 1000, yearless_instant, setting
        )
        yield replace(part("posts", frame.drop(columns="_posted")), notes=_notes(export, wanted))


def _shares(dimension: str, export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Shares of the followers. They have been seen to add up to 1, and to 100."""
    for frame in _sheets(export, wanted, setting):
        frame["share"] = fractions(frame["share"])
        frame["level"] = [_level(dimension, name or "") for name in frame["level"]]
        yield part("audience", frame.assign(dimension=dimension))


def _level(dimension: str, name: str) -> str | None:
    return "other" if normalised(name) in _REST else level(dimension, name) or None


def _activity(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """The hours at which followers are active: no tidy table holds hours, so all rows are kept aside."""
    yield from map(unused, _sheets(export, wanted, setting))


_FALL = ("reactions", "comments", "shares")  # a day on which more are withdrawn than given

FORMATS = (
    Format(
        "tiktok_overview", "tiktok", "days", _OVERVIEW, _NAME, "s", _FALL, _is_studio, _days, "seen", "2025"
    ),
    Format(
        "tiktok_content", "tiktok", "posts", _CONTENT, _NAME, "s", (), _is_studio, _content, "seen", "2025"
    ),
    Format("tiktok_viewers", "tiktok", "days", _VIEWERS, _NAME, "s", (), _is_studio, _days, "seen", "2025"),
    Format(
        "tiktok_followers", "tiktok", "days", _FOLLOWERS, _NAME, "s", ("net_follows",), _is_studio, _days,
        "seen", "2025",
    ),
    Format(
        "tiktok_activity", "tiktok", "days", _ACTIVITY, _NAME, "s", read=_activity, sure="seen", since="2025"
    ),
    Format(
        "tiktok_gender", "tiktok", "audience", _GENDER, _NAME, "s", read=partial(_shares, "gender"),
        sure="seen", since="2025",
    ),
    Format(
        "tiktok_territories", "tiktok", "audience", _TERRITORIES, _NAME, "s",
        read=partial(_shares, "country"), sure="seen", since="2025",
    ),
)  # fmt: skip
