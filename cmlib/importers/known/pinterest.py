"""Pinterest: the overview day by day, the table of pins, the insights of an audience, as CSV in English.

Known from programs that read them, not from files of it.

- The overview begins with its filters; then come several tables: the days of the one figure shown, top
  boards, top pins. Only the days are read. The others say of a few boards and pins what the days say of all,
  and of the whole period, without a pin's date: they are no counts of posts.
- A table of pins is read where it has the date of each. Its counts too are of the period, and it is said so.
- Insights are shares of all people reached, or of those engaged, as was chosen: of followers Pinterest says
  nothing of the kind. Interests and devices are passed over.

Impressions are of pins on a screen. Outbound clicks leave for a site; pin clicks only open the pin.
Engagements count every click: they are no interactions as other networks count them, and stay out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile

import pandas as pd

from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.known.levels import fractions, level
from cmlib.importers.layout import (
    Format,
    Part,
    column,
    header,
    normalised,
    opening,
    part,
    recognised,
    rows,
    tables,
    unused,
)
from cmlib.importers.values import (
    Setting,
    Texts,
    Values,
    day,
    identifier,
    number,
    one_of,
    text,
    worded_instant,
    zoned_instant,
)

_MACHINE = zoned_instant("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def _when(texts: Texts, setting: Setting) -> Values:
    """A date as a machine writes it, else one whose month is a word."""
    plain = texts.str.match(r"\d{4}-")
    told = _MACHINE(texts.where(plain, ""), setting).astype("object")
    return told.where(plain, worded_instant(texts.mask(plain, ""), setting).astype("object"))


_FIGURES = (
    column("_engagements", "Engagements", "Engagement"),
    column("other_clicks", "Pin clicks", "Closeups"),
    column("link_clicks", "Outbound clicks", "Link clicks"),
    column("views", "Video views"),
)
_DAYS = (
    column("date", "Date", parse=day("%Y-%m-%d"), must=True),
    column("impressions", "Impressions"),
    column("saves", "Saves"),
    column("reach", "Total audience"),
    column("visits", "Profile visits"),
    column("follows", "Follows"),
    *_FIGURES,
)
_PINS = (
    column("post_id", "Pin ID", parse=identifier, must=True),
    column("published_at", "Created at", "Creation date", "Created date", "Date created", "Publish date",
           "Published at", parse=_when, must=True),
    column("_board", "Board name", parse=text, must=True),
    column("impressions", "Impressions", must=True),
    column("saves", "Saves", must=True),
    column("text", "Title", "Pin title", parse=text),
    column("url", "Pinterest Link", "Pin URL", "Pin link", parse=text),
    column("kind", "Type", "Format", "Pin type", parse=one_of(
        {"image": "image", "standard": "image", "video": "video", "carousel": "carousel"}, default=None)),
    *_FIGURES,
)  # fmt: skip
_WHOLE = ("all", "not included", "included", "organic and paid")  # how a filter that lets all through begins
_DIMENSIONS = {"countries": "country", "metros": "city", "gender": "gender", "age": "age"}


@dataclass
class _Block:
    """One of the tables of a file: what stands above it, and its rows from the header on."""

    title: str = ""
    rows: list[Row] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def sheet(self) -> Sheet:
        return Sheet(self.title, self.rows, self.lines)

    @property
    def dated(self) -> bool:
        """Are its rows days?"""
        return bool(self.rows) and normalised(self.rows[0][0]) == "date"

    @property
    def dimension(self) -> str:
        return _DIMENSIONS.get(normalised(self.rows[0][0]), "") if self.rows else ""


def _blocks(sheet: Sheet) -> Iterator[_Block]:
    """The tables one after the other: an empty line ends one, and so does the title or header of the next.

    A line that says one thing is a title, or a remark in the middle of the days, which says nothing of one.
    """
    block = _Block()
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        told = [cell for cell in row if cell.strip()]
        alone, first = len(told) == 1, normalised(told[0]) if told else ""
        if not told or first.startswith("top ") or (first == "date" and not alone):
            yield block
            block = _Block()
        if alone and not block.rows:
            block.title = told[0]
        elif told and not (alone and block.dated):
            block.rows.append(row)
            block.lines.append(line)
    yield block


def _overview(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """The days of each table of days; the lines of the others are passed over."""
    blocks = [block for block in _blocks(export.sheets[0]) if block.rows]
    above = list(takewhile(lambda block: not block.dated, blocks))
    filters = [normalised(row[1]) for block in above for row in block.rows if len(row) > 1 and row[1].strip()]
    notes = () if all(said.startswith(_WHOLE) for said in filters) else ("filtered",)
    over = sum(len(block.rows) - 1 for block in blocks[len(above) :] if not block.dated)
    for block in blocks:
        found = header(block.sheet, _DAYS)
        if block.dated and found:
            frame = rows(block.sheet, found, _DAYS, setting)
            read = part("days", frame) if {*found.cells} - {"date", "_engagements"} else unused(frame)
            yield replace(read, passed=over, notes=notes)
            over = 0


def _pins(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    for read in tables(export, wanted, setting):
        yield replace(read, notes=("of_period",))


def _audience(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Shares by country, place, gender and age, as they were on the day that the file names."""
    view, *blocks = (block for block in _blocks(export.sheets[0]) if block.rows)
    seen = _MACHINE(
        pd.Series([row[1].strip() for row in view.rows[1:2] if len(row) > 1], dtype="str"), setting
    )
    over = len(view.rows) - 1 + sum(len(block.rows) - 1 for block in blocks if not block.dimension)
    for block in blocks:
        columns = (
            column("level", block.rows[0][0], parse=text, must=True),
            column("share", "Percent of audience", parse=number, must=True),
        )
        found = header(block.sheet, columns) if block.dimension else None
        if found:
            frame = rows(block.sheet, found, columns, setting).assign(dimension=block.dimension)
            frame["share"] = fractions(frame["share"])
            names = [level(block.dimension, name) if name else None for name in frame["level"]]
            frame["level"] = [name and name.replace("–", "-") for name in names]
            if len(seen) and isinstance(seen.iloc[0], pd.Timestamp):
                frame["observed_at"] = seen.iloc[0] + pd.Timedelta(hours=12)
            yield replace(part("audience", frame), passed=over)
            over = 0


def _is_overview(export: Export, wanted: Format) -> bool:
    return opening(export)[0] == "analytics overview" and recognised(export, wanted)


def _is_audience(export: Export, wanted: Format) -> bool:
    first, *others = opening(export)
    return first == "audience view" and "audience size" in others


_OVERVIEW_NAME = r"(?:^|/)[^/]*\d{8}-(?P<until>\d{8})"
_AUDIENCE_NAME = r"(?:^|/)audience-insights[^/]*-(?P<until>\d{4}-\d{2}-\d{2})"

FORMATS = (
    Format(
        "pinterest_overview", "pinterest", "days", _DAYS, _OVERVIEW_NAME, "%Y%m%d", recognise=_is_overview,
        read=_overview, sure="code", since="2026-05",
    ),
    Format("pinterest_pins", "pinterest", "posts", _PINS, read=_pins, sure="hearsay", since="2026"),
    Format(
        "pinterest_audience", "pinterest", "audience", (), _AUDIENCE_NAME, "%Y-%m-%d",
        recognise=_is_audience, read=_audience, sure="code", since="2026",
    ),
)  # fmt: skip
