"""Facebook Page Insights as they were exported until 2021: the posts of a page, its videos, and its days.

Real files of 2014 and 2015 were read (CSV, English); programs show that of 2017, an .xls that is XML, in
which metrics go by their names in Facebook's programming interface, and each breakdown is a sheet of its own.

- Below the header stands a row of descriptions. It alone tells headers apart that stand twice: a total count,
  and how many people that were.
- ``Posted`` is Pacific time, as the hours tell at which a Swedish page posts.
- Breakdowns leave out what is zero: an empty cell is 0 where the row has its totals. In every
  row of a real file the kinds of click add up to the clicks so.
- Followers are the page's likes: these were what a page had, and the file has no followers beside them.
- Views of a video are those of three seconds and more.
- Of a week or of 28 days figures are not read; nor are people who did something, which no sum can hold.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.known.tools import kinds
from cmlib.importers.layout import (
    Column,
    Format,
    Header,
    Part,
    column,
    having,
    header,
    normalised,
    optional,
    part,
    rows,
    without_aids,
)
from cmlib.importers.values import (
    Setting,
    Texts,
    Values,
    count,
    day,
    identifier,
    instant,
    text,
)

# Facebook Insights Data Export (Post Level) - NAME OF THE PAGE - 2015-02-20 - 2015-08-18.csv
_NAME = (
    r"Facebook Insights Data Export (?:\((?:Post Level|Video Posts)\) )?- (?P<account>.+?)"
    r"(?: - \d{4}-\d{2}-\d{2})??(?: - (?P<until>\d{4}-\d{2}-\d{2}))?(?: ?\(\d+\))?(?:\.[a-z]{3,4})?$"
)
_DESCRIBED = re.compile(r"(?:Lifetime|Daily|Weekly|28 Days): ")
_UNIT = re.compile(r"\((?:Total Count|Unique Users)\)$")
_INSTANT = instant("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M")


def _posted(texts: Texts, setting: Setting) -> Values:
    """Instants in Facebook's own zone."""
    return _INSTANT(texts, replace(setting, brand=replace(setting.brand, timezone="America/Los_Angeles")))


_STORIES = "Lifetime Post Stories by action type"
_CLICKS = "Lifetime Post Consumptions by type"
_POSTS = (
    column("post_id", "Post ID", parse=identifier, must=True),
    column("url", "Permalink", parse=text, must=True),
    column("text", "Post Message", parse=text),
    column("kind", "Type", parse=kinds(sharedvideo="video")),
    column("published_at", "Posted", parse=_posted, must=True),
    column("reach", "Lifetime Post Total Reach", "post_impressions_unique:lifetime", must=True),
    column("impressions", "Lifetime Post Total Impressions", "post_impressions:lifetime"),
    column("_paid", "Lifetime Post Paid Reach", "post_impressions_paid_unique:lifetime"),
    column("reactions", f"{_STORIES} - like"),
    column("comments", f"{_STORIES} - comment"),
    column("shares", f"{_STORIES} - share"),
    column("_clicks", "Lifetime Post Consumptions", "post_consumptions:lifetime"),
    column("link_clicks", f"{_CLICKS} - link clicks"),
    column("views", "Lifetime Total Video Views", "post_video_views:lifetime"),
    column(
        "_organic",
        "Lifetime Organic Video Views (Total Count)",
        "Lifetime Organic Video Views",
        "post_video_views_organic:lifetime",
    ),
    column(
        "_promoted",
        "Lifetime Paid Video Views (Total Count)",
        "Lifetime Paid Video Views",
        "post_video_views_paid:lifetime",
    ),
)
_FEEDBACK = "Daily Positive Feedback from Users"
_PAGE_CLICKS = "Daily Page consumptions by type"
_DAYS = (
    column("date", "Date", parse=day("%m/%d/%Y", "%Y-%m-%d"), must=True),
    column("followers", "Lifetime Total Likes", must=True),
    column("follows", "Daily New Likes", must=True),
    column("unfollows", "Daily Unlikes", must=True),
    column("reach", "Daily Total Reach"),
    column("impressions", "Daily Total Impressions"),
    column("paid_reach", "Daily Paid Reach"),
    column("paid_impressions", "Daily Paid Impressions"),
    column("visits", "Daily Logged-in Page Views (Total Count)"),
    column("reactions", f"{_FEEDBACK} - like (Total Count)", f"{_FEEDBACK} - like"),
    column("comments", f"{_FEEDBACK} - comment (Total Count)", f"{_FEEDBACK} - comment"),
    column("shares", f"{_FEEDBACK} - link (Total Count)", f"{_FEEDBACK} - link"),
    column("_clicks", "Daily Page consumptions"),
    column("link_clicks", f"{_PAGE_CLICKS} - link clicks"),
)
_BREAKDOWNS = {  # a breakdown → what it breaks down, and the figure that says that a row has its totals
    _STORIES: (("reactions", "comments", "shares"), "reach"),
    _CLICKS: (("link_clicks",), "_clicks"),
    _FEEDBACK: (("reactions", "comments", "shares"), "impressions"),
    _PAGE_CLICKS: (("link_clicks",), "_clicks"),
}


def _told(sheet: Sheet, found: Header) -> Sheet:
    """Without the row of descriptions, whose units tell apart the headers that stand twice."""
    head, below = sheet.rows[found.row], found.row + 1
    if below == len(sheet.rows) or not any(_DESCRIBED.match(cell) for cell in sheet.rows[below]):
        return sheet
    twice, unit = Counter(head), ""
    named: Row = []
    for place, cell in enumerate(head):
        about = sheet.rows[below][place : place + 1]
        if about and about[0]:  # of a breakdown, only the first column is described
            unit = next(iter(_UNIT.findall(about[0])), "")
        apart = twice[cell] > 1 and unit and place not in found.cells.values()
        named.append(f"{cell} {unit}" if apart else cell)
    kept = [i for i in range(found.row, len(sheet.rows)) if i != below]
    return Sheet(
        sheet.name,
        [named if i == found.row else sheet.rows[i] for i in kept],
        [sheet.lines[i] for i in kept],
    )


def _read(sheet: Sheet, columns: tuple[Column, ...], setting: Setting) -> pd.DataFrame:
    """The rows of a sheet, breakdowns filled, and clicks that are not on links."""
    found = header(sheet, columns)
    assert found
    head = [normalised(cell) for cell in sheet.rows[found.row]]
    frame = rows(sheet, found, columns, setting)
    for breakdown, (names, whole) in _BREAKDOWNS.items():
        if whole in frame and any(cell.startswith(normalised(f"{breakdown} - ")) for cell in head):
            for name in names:
                given = optional(frame, name)
                frame[name] = given.mask(given.isna() & frame[whole].notna(), 0)
    return frame


def _clicked(frame: pd.DataFrame) -> pd.DataFrame:
    if not {"_clicks", "link_clicks"} <= {*frame}:
        return frame
    return frame.assign(other_clicks=frame["_clicks"] - frame["link_clicks"])


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts; a video's views are the organic and the paid ones, where no total is given."""
    for sheet, found in having(_joined(export, wanted), wanted.columns):
        read = part("posts", _read(_told(sheet, found), wanted.columns, setting))
        tidy = _clicked(read.rows)
        if "views" not in tidy and {"_organic", "_promoted"} <= {*tidy}:
            both = tidy["_organic"] + tidy["_promoted"]
            tidy = tidy.assign(views=both.where(tidy["kind"] == "video", None) if "kind" in tidy else None)
        if "_paid" in tidy:
            tidy = tidy.assign(paid=tidy["_paid"].map(lambda v: None if pd.isna(v) else v > 0))
        yield replace(read, rows=tidy)


_SHEETS = {"lifetime post stories by": _STORIES, "lifetime post consumptions by": _CLICKS}


def _joined(export: Export, wanted: Format) -> Export:
    """The workbook of 2017 as one sheet: the columns of the breakdowns beside those of the key metrics."""
    main = next(iter(having(export, wanted.columns)), None)
    if main is None or len(export.sheets) == 1:
        return export
    sheet, found = main
    for other in export.sheets:
        told = header(other, _POSTS[:1])
        for begins, breakdown in _SHEETS.items():
            if told and normalised(other.name).startswith(begins):
                sheet = _beside(sheet, found, other, told, breakdown)
    return replace(export, sheets=(sheet,))


def _beside(sheet: Sheet, found: Header, other: Sheet, told: Header, breakdown: str) -> Sheet:
    """The key metrics, and to each post its columns of a breakdown."""
    head, known = other.rows[told.row], {*sheet.rows[found.row]}
    added = [place for place, cell in enumerate(head) if cell and cell not in known]
    post, mine, width = told.cells["post_id"], found.cells["post_id"], found.width
    by_post = {row[post]: row for row in other.rows[told.row + 1 :] if len(row) > post}
    joined = []
    for i, row in enumerate(sheet.rows):
        theirs = by_post.get(row[mine], []) if len(row) > mine and i > found.row else []
        cells = [theirs[place] if place < len(theirs) else "" for place in added]
        names = [f"{breakdown} - {head[place]}" for place in added]
        whole = [*row, *[""] * (width - len(row))]
        joined.append([*whole[:width], *(names if i == found.row else cells), *whole[width:]])
    return replace(sheet, rows=joined)


def _days(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Days, and who liked the page on the last of them."""
    for sheet, found in having(export, wanted.columns):
        told = _told(sheet, found)
        frame = _clicked_days(_read(told, wanted.columns, setting))
        yield part("days", without_aids(frame))
        yield from _audience(told, frame, setting)


def _clicked_days(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = {n: pd.to_numeric(frame[n], errors="coerce") for n in ("_clicks", "link_clicks") if n in frame}
    if len(numbers) < 2:
        return frame
    return frame.assign(other_clicks=(numbers["_clicks"] - numbers["link_clicks"]).astype("object"))


_LIKED = re.compile(r"lifetime likes by (gender and age|country|city|language) - (.+)", re.I | re.S)
_DIMENSIONS = {"gender and age": "age_gender", "country": "country", "city": "city", "language": "language"}
_GENDERS = {"F": "women", "M": "men", "U": "unknown"}


def _audience(sheet: Sheet, frame: pd.DataFrame, setting: Setting) -> Iterator[Part]:
    """Shares of all who like the page, on the last day on which the file breaks them down."""
    found = header(sheet, _DAYS)
    assert found
    matches = ((place, _LIKED.fullmatch(cell)) for place, cell in enumerate(sheet.rows[found.row]))
    levels = {place: told for place, told in matches if told}
    lines = dict(zip(sheet.lines, sheet.rows, strict=True))
    days = zip(frame["line"].tolist(), frame["date"].tolist(), frame["followers"].tolist(), strict=True)
    for line, date, likes in reversed(list(days)):
        row = lines[line]
        cells = {place: row[place] for place in levels if place < len(row) and row[place].strip()}
        if cells and isinstance(date, pd.Timestamp) and isinstance(likes, int) and likes:
            given = count(pd.Series(cells, dtype="str").str.strip(), setting)
            noon = (date + pd.Timedelta(hours=12)).tz_localize(setting.zone).tz_convert("UTC")
            names = [levels[place].groups() for place in cells]
            told = pd.DataFrame(
                {
                    "dimension": [_DIMENSIONS[breakdown.casefold()] for breakdown, _ in names],
                    "level": [_level(*name) for name in names],
                    "share": [n / likes if isinstance(n, int) else n for n in given],
                }
            )
            about = told.assign(line=line, excerpt=told["level"], width=None, observed_at=noon)
            yield replace(part("audience", about), given=0)
            return


def _level(breakdown: str, name: str) -> str:
    gender, _, age = name.partition(".")
    return f"{age} {_GENDERS.get(gender, gender)}" if breakdown.casefold() == "gender and age" else name


FORMATS = (
    Format(
        "meta_legacy_posts", "facebook", "posts", _POSTS, _NAME, "%Y-%m-%d", read=_posts, sure="seen",
        since="2014-08",
    ),
    Format(
        "meta_legacy_page", "facebook", "days", _DAYS, _NAME, "%Y-%m-%d", read=_days, sure="seen",
        since="2014-01",
    ),
)  # fmt: skip
