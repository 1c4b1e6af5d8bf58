"""Meta Business Suite: a figure of a page or an account, day by day, from above the charts of its overview.

A file holds one series or more, each below a line with its title. What the column of its values is called is
"Primary" since 2023, and was another name before, which may mislead: the title counts. In 2022 there was no
such line, and that column's name is the title. The hour of the days only shows summer time.
"""

import re
from collections.abc import Iterator

import pandas as pd

from cmlib.errors import CmlibError, unknown
from cmlib.importers.files import Export
from cmlib.importers.known.meta import Block, blocks_of, sheet_of
from cmlib.importers.layout import (
    HEADER_LONG,
    HEADER_WITHIN,
    Format,
    Part,
    column,
    header,
    normalised,
    part,
    rows,
    unused,
)
from cmlib.importers.values import Setting, instant

# An overview's title alone tells its figure, and only some tell the network.
_TITLES: dict[str, tuple[str | None, str]] = {
    normalised(title): told
    for title, told in {
        "Facebook reach": ("facebook", "reach"),
        "Instagram reach": ("instagram", "reach"),
        "Reach": (None, "reach"),
        "Views": (None, "views"),
        "Viewers": (None, "viewers"),
        "Content interactions": (None, "interactions"),
        "Facebook visits": ("facebook", "visits"),
        "Instagram profile visits": ("instagram", "visits"),
        "Follows": (None, "follows"),
        "Facebook follows": ("facebook", "follows"),
        "Instagram follows": ("instagram", "follows"),
        "Facebook link clicks": ("facebook", "link_clicks"),
        "Instagram link clicks": ("instagram", "link_clicks"),
        "Link clicks": (None, "link_clicks"),
        "Couverture Facebook": ("facebook", "reach"),
        "Couverture de la Page Facebook": ("facebook", "reach"),
        "Couverture Instagram": ("instagram", "reach"),
        "Couverture": (None, "reach"),
        "Vues": (None, "views"),
        "Spectateurs": (None, "viewers"),
        "Interactions avec le contenu": (None, "interactions"),
        "Visites Facebook": ("facebook", "visits"),
        "Visites du profil Instagram": ("instagram", "visits"),
        "Visites sur la Page Facebook": ("facebook", "visits"),
        "Nouvelles mentions J'aime de la Page Facebook": ("facebook", "follows"),
        "Followers en plus": (None, "follows"),
        "Clics sur un lien": (None, "link_clicks"),
    }.items()
}
_DATE = column("date", "Date", parse=instant("%Y-%m-%dT%H:%M:%S"), must=True)
_SERIES = (_DATE, column("_value", "Primary", "Principal", must=True))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_MONEY = {"content_monetization", "stars", "subscriptions"}  # the earnings of a page, for which no table is


def _titled(block: Block) -> tuple[str, Block]:
    """A series' title, and its rows from the header on; no row where there is none."""
    (_, first), *rest = block
    if len(first) == 1 and rest and normalised(rest[0][1][0]) == "date":
        return first[0], rest
    return (first[1], block) if len(first) > 1 and normalised(first[0]) == "date" else (first[0], [])


def _is_series(block: Block) -> bool:
    """Days of Meta's below the column of values, or below a title that is known."""
    title, series = _titled(block)
    if len(series) < 2 or len(series[0][1]) < 2:
        return False
    known = header(sheet_of(series[:1]), _SERIES) or normalised(title) in _TITLES
    return bool(known and _DAY.fullmatch(series[1][1][0].strip()))


def _is_overview(export: Export, wanted: Format) -> bool:
    return any(map(_is_series, blocks_of(export.sheets[0], HEADER_WITHIN) if export.sheets else []))


def _overview(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """One series of days per block."""
    for block in blocks_of(export.sheets[0]):
        title, series = _titled(block)
        if series and _MONEY & {*series[0][1]}:
            yield _aside(series)
            continue
        if normalised(title) not in _TITLES:
            raise unknown("title", title[:HEADER_LONG], _TITLES, export.name)
        if not series or len(series[0][1]) < 2:
            line = str(block[0][0])
            raise CmlibError("block_without_header", file=export.name, title=title[:HEADER_LONG], line=line)
        network, figure = _TITLES[normalised(title)]
        columns = (_DATE, column(figure, series[0][1][1], must=True))
        sheet = sheet_of(series)
        found = header(sheet, columns)
        assert found
        frame = rows(sheet, found, columns, setting.in_utc)
        frame["date"] = frame["date"].map(
            lambda d: d.tz_localize(None).normalize() if isinstance(d, pd.Timestamp) else d
        )
        yield part("days", frame.assign(network=network) if network else frame)


def _aside(series: Block) -> Part:
    told = [(line, " | ".join(row[:2])) for line, row in series[1:]]
    return unused(pd.DataFrame(told, columns=["line", "excerpt"]))


FORMATS = (
    Format(
        "meta_overview", "", "days", _SERIES, recognise=_is_overview, read=_overview, sure="seen",
        since="2022",
        of=("facebook", "instagram"),
    ),
)  # fmt: skip
