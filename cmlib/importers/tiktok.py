"""TikTok Studio: overview, posts, viewers and followers, as CSV or xlsx, in the zips as downloaded.

Dates have no year: it is counted back from the day of the export, which the zip's name gives. Headers are
English in most languages of the site; the Portuguese and Spanish ones that were reported are known too.
"""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import Format, Part, column, having, normalised, part, rows
from cmlib.importers.values import (
    Setting,
    number,
    numbered_instant,
    territory,
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
    column("views", "Video Views", "Visualizações de vídeo", "Visualizaciones de video", must=True),
    column("visits", "Profile Views", "Visualizações do perfil", "Visualizaciones del perfil", must=True),
    column("reactions", "Likes", "Curtidas", "Me gusta"),
    column("comments", "Comments", "Comentários", "Comentarios"),
    column("shares", "Shares", "Compartilhamentos", "Veces compartido"),
)
_VIEWERS = (
    _DAY,
    column("viewers", "Total Viewers", must=True),
    column("new_users", "New Viewers", must=True),
    column("returning_users", "Returning Viewers"),
)
_FOLLOWERS = (
    _DAY,
    column("followers", "Followers", "Seguidores", must=True),
    column("net_follows", "Difference in followers from previous day", must=True),
)
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
_LINK = r"tiktok\.com/@(?P<account>[^/]{1,64})/(?P<shape>video|photo)/(?P<post_id>\d{1,20})"
_GENDERS = {
    "female": "women", "male": "men", "femme": "women", "homme": "men", "mujer": "women", "hombre": "men",
    "feminino": "women", "masculino": "men", "femenino": "women",
}  # fmt: skip
_REST = ("other", "others", "autre", "autres", "otro", "otros", "outro", "outros")


def _sheets(export: Export, wanted: Format, setting: Setting) -> Iterator[pd.DataFrame]:
    for sheet, found in having(export, wanted.columns):
        yield rows(sheet, found, wanted.columns, setting)


def _days(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """A row per day. Where a day's first figure is undefined there is no data, whatever stands beside it."""
    _, first, *others = (c.name for c in wanted.columns)
    for frame in _sheets(export, wanted, setting):
        beside = [name for name in others if name in frame]
        frame[beside] = frame[beside].mask(frame[first].isna(), None)
        yield part("days", frame)


def _content(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts; account and id are in their link. TikTok's ids are seconds since 1970, shifted by 32 bits."""
    for frame in _sheets(export, wanted, setting):
        link = frame["url"].astype("str").str.extract(_LINK)
        frame["account"], frame["post_id"] = link["account"], link["post_id"]
        frame["kind"] = link["shape"].map({"video": "short_video", "photo": "carousel"})
        frame["published_at"] = numbered_instant(
            frame["_posted"], link["post_id"], lambda n: (n >> 32) * 1000, yearless_instant, setting
        )
        yield part("posts", frame.drop(columns="_posted"))


def _shares(dimension: str, export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Shares of the followers. They have been seen to add up to 1, and to 100."""
    for frame in _sheets(export, wanted, setting):
        if frame["share"].map(lambda v: v if isinstance(v, float) else 0.0).sum() > 2:
            frame["share"] = frame["share"].map(lambda v: v / 100 if isinstance(v, float) else v)
        frame["level"] = [_level(dimension, name or "") for name in frame["level"]]
        yield part("audience", frame.assign(dimension=dimension))


def _level(dimension: str, name: str) -> str | None:
    plain = normalised(name)
    if plain in _REST:
        return "other"
    return (_GENDERS.get(plain, plain) if dimension == "gender" else territory(name)) or None


def _unused(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """The hours at which followers are active: no tidy table holds hours, so all rows are kept aside."""
    for frame in _sheets(export, wanted, setting):
        nothing = pd.DataFrame({"date": [], "figure": [], "value": [], "line": [], "excerpt": []})
        yield Part("days", nothing, frame[["line", "excerpt"]].assign(reason="not_used"))


_FALL = ("reactions", "comments", "shares")  # a day on which more are withdrawn than given

FORMATS = (
    Format("tiktok_overview", "tiktok", "days", _OVERVIEW, _NAME, "s", _FALL, read=_days),
    Format("tiktok_content", "tiktok", "posts", _CONTENT, _NAME, "s", read=_content),
    Format("tiktok_viewers", "tiktok", "days", _VIEWERS, _NAME, "s", read=_days),
    Format("tiktok_followers", "tiktok", "days", _FOLLOWERS, _NAME, "s", ("net_follows",), read=_days),
    Format("tiktok_activity", "tiktok", "days", _ACTIVITY, _NAME, "s", read=_unused),
    Format("tiktok_gender", "tiktok", "audience", _GENDER, _NAME, "s", read=partial(_shares, "gender")),
    Format(
        "tiktok_territories", "tiktok", "audience", _TERRITORIES, _NAME, "s", read=partial(_shares, "country")
    ),
)
