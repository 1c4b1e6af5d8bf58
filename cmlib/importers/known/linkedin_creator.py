"""LinkedIn, the analytics of a person's posts (.xlsx): days, followers, top posts, and what was reached.

Five sheets, of which the names are English capitals. Dates are month first, in UTC, and unsorted.

- ENGAGEMENT and FOLLOWERS are days; the line above the latter says how many followers there were on the last.
- TOP POSTS are two tables side by side, the fifty with most engagements and those with most impressions: a
  post may be in one only. Figures are of the period in DISCOVERY. A post published before it is kept aside:
  what it brought earlier is missing. A post's number tells when it was published.
- DISCOVERY: members reached, or unique views as they were called in 2024, are the reach of the period. Its
  impressions are the sum of the days, and passed over.
- DEMOGRAPHICS are shares of those who were reached, ``< 1%`` where it is less. Job titles and companies, of
  people, and what is only said to be less are passed over.

The person is not taken from the file's name: say whose it is, or name one account of LinkedIn only.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export, Sheet
from cmlib.importers.known.linkedin import DATES, URN, Period, minted, period
from cmlib.importers.layout import (
    HEADER_WITHIN,
    Format,
    Header,
    Part,
    column,
    excerpt,
    header,
    normalised,
    nothing_aside,
    part,
    rows,
    set_aside,
)
from cmlib.importers.values import Setting, Texts, Values, count, day, number, text

_WRITTEN = day("%m/%d/%Y", "%Y-%m-%d")
_DAYS = (
    column("date", "Date", parse=_WRITTEN, must=True),
    column("impressions", "Impressions", must=True),
    column("interactions", "Engagements", must=True),
)
_FOLLOWERS = (
    column("date", "Date", parse=_WRITTEN, must=True),
    column("follows", "New followers", must=True),
)
_POSTS = (
    column("url", "Post URL", parse=text, must=True),
    column("_stated", "Post publish date", parse=_WRITTEN, must=True),
    column("interactions", "Engagements"),
    column("impressions", "Impressions"),
)
_REACHED = ("members reached", "unique views")


def _share(texts: Texts, setting: Setting) -> Values:
    """A fraction; what is only said to be less than one in a hundred is nothing."""
    return number(texts.where(~texts.str.startswith("<"), ""), setting)


_PEOPLE = (
    column("_of", "Top Demographics", parse=text, must=True),
    column("level", "Value", parse=text, must=True),
    column("share", "Percentage", parse=_share, must=True),
)
_DIMENSIONS = {
    "Locations": "city", "Location": "city", "Industries": "industry", "Industry": "industry",
    "Seniority": "seniority", "Company size": "company_size",
}  # fmt: skip


def _sheet(export: Export, name: str) -> Sheet:
    """The sheet of this name; one without rows where there is none."""
    return next((s for s in export.sheets if s.name.strip().casefold() == name), Sheet(name, [], []))


def _is_creator(export: Export, wanted: Format) -> bool:
    return bool(_sheet(export, "top posts").rows) and header(_sheet(export, "engagement"), _DAYS) is not None


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Days, followers, the reach of the period, posts, shares: a part for each."""
    for name, columns in (("engagement", _DAYS), ("followers", _FOLLOWERS)):
        sheet = _sheet(export, name)
        found = header(sheet, columns)
        if found:
            yield part("days", rows(sheet, found, columns, setting.in_utc))
    yield from _followers(_sheet(export, "followers"), setting)
    discovery = _sheet(export, "discovery")
    since_until = period(discovery, Header(1, {}, 2), setting)
    yield from _reach(discovery, since_until, setting)
    yield from _posts(_sheet(export, "top posts"), since_until, setting)
    yield from _people(_sheet(export, "demographics"), setting)


def _followers(sheet: Sheet, setting: Setting) -> Iterator[Part]:
    """How many there were on the day that stands above the table."""
    for row, line in list(zip(sheet.rows, sheet.lines, strict=True))[:1]:
        told = DATES.findall(" ".join(row[:1]))
        number_of = count(pd.Series(row[1:2], dtype="str").str.strip(), setting).tolist()
        if told and number_of and isinstance(number_of[0], int):
            when = _WRITTEN(pd.Series(told[:1], dtype="str"), setting).iloc[0]
            said = {"line": line, "excerpt": excerpt(row), "date": when, "figure": "followers"}
            yield Part("days", pd.DataFrame([said | {"value": number_of[0]}]))


def _reach(sheet: Sheet, since_until: Period | None, setting: Setting) -> Iterator[Part]:
    """Members reached over the period; its impressions are passed over."""
    below = [(row, line) for row, line in zip(sheet.rows[1:], sheet.lines[1:], strict=True) if any(row)]
    numbers = count(pd.Series([" ".join(row[1:2]).strip() for row, _ in below], dtype="str"), setting)
    told = [
        {"line": line, "excerpt": excerpt(row), "figure": "reach", "value": value}
        for (row, line), value in zip(below, numbers, strict=True)
        if normalised(row[0]) in _REACHED and isinstance(value, int)
    ]
    if since_until and told:
        since, until = since_until
        frame = pd.DataFrame(told).assign(since=since, until=until)
        yield Part("totals", frame, passed=len(below) - len(told))


def _posts(sheet: Sheet, since_until: Period | None, setting: Setting) -> Iterator[Part]:
    """The posts of both tables, each once; those published before the period are kept aside."""
    read = [part("posts", frame) for frame in _side_by_side(sheet, setting)]
    if not read:
        return
    both = pd.concat([one.rows for one in read], ignore_index=True).dropna(subset="url")
    merged = both.groupby("url", sort=False, as_index=False).first()
    merged["post_id"] = merged["url"].str.extract(URN)[0]
    pairs = zip(merged["_stated"], merged["post_id"], strict=True)
    told = [_published(stated, number_of, setting) for stated, number_of in pairs]
    merged["published_at"] = pd.Series(told, index=merged.index, dtype="object")
    begins = since_until[0].tz_localize("UTC") if since_until else None
    early = merged["published_at"].map(lambda at: begins is not None and at is not None and at < begins)
    aside = [one.aside for one in read] + [set_aside(merged[early], "partial")]
    given = len({line for one in read for line in (*one.rows["line"], *one.aside["line"])})
    kept = merged[~early].drop(columns="_stated")
    yield Part("posts", kept, pd.concat([nothing_aside(), *aside]), given=given)


def _side_by_side(sheet: Sheet, setting: Setting) -> Iterator[pd.DataFrame]:
    """Each of the tables that stand beside each other, as far as it says something."""
    for head in sheet.rows[:HEADER_WITHIN]:
        for place in (i for i, cell in enumerate(head) if normalised(cell) == "post url"):
            table = Sheet(sheet.name, [row[place : place + 3] for row in sheet.rows], sheet.lines)
            found = header(table, _POSTS)
            if found:
                yield rows(table, found, _POSTS, setting)


def _published(stated: object, number_of: object, setting: Setting) -> pd.Timestamp | None:
    """The instant in a post's number, where it is of the day that is stated, give or take one for zones."""
    day_of = stated if isinstance(stated, pd.Timestamp) else None
    if isinstance(number_of, str) and len(number_of) > 15:
        told = minted(number_of)
        if day_of is None or abs(told.normalize().tz_localize(None) - day_of) <= pd.Timedelta(days=1):
            return told
    return day_of.tz_localize(setting.zone).tz_convert("UTC") if day_of is not None else None


def _people(sheet: Sheet, setting: Setting) -> Iterator[Part]:
    """Shares of those who were reached; what has no dimension here, or no figure, is passed over."""
    found = header(sheet, _PEOPLE)
    if found:
        frame = rows(sheet, found, _PEOPLE, setting)
        frame["dimension"] = frame["_of"].map(_DIMENSIONS)
        frame["level"] = frame["level"].astype("str").str.removesuffix(" employees")
        kept = frame[frame["dimension"].notna() & frame["share"].notna()].drop(columns="_of")
        yield replace(part("audience", kept), passed=len(frame) - len(kept))


FORMATS = (
    Format(
        "linkedin_creator", "linkedin", "posts", _POSTS, r"_\d{4}-\d{2}-\d{2}_(?P<until>\d{4}-\d{2}-\d{2})",
        "%Y-%m-%d", recognise=_is_creator, read=_read, sure="seen", since="2024-08",
    ),
)  # fmt: skip
