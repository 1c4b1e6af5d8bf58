"""Which export of a LinkedIn page is this, though its headers are in no language that is known?

The site writes the same sheets and columns in the same order whatever its language; sheet and header names
change. Their number and their sums prove which file it is: organic and sponsored make the total, desktop and
mobile too, and new followers are those of three origins. What proves nothing is not taken for it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.layout import Header
from cmlib.importers.values import Texts

_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{4}|\d{4}-\d{2}-\d{2}")
_PEOPLE = ("city", "function", "seniority", "industry", "company_size")  # the sheets that follow, in order


@dataclass(frozen=True)
class Place:
    """Where the columns of one sheet stand, and how many there are in all.

    ``sums``: what adds up, the places of the parts and then that of the whole.
    """

    columns: Mapping[str, int]
    width: int
    sums: tuple[tuple[int, ...], ...] = ()


DAYS = {  # the first sheet of each export
    "linkedin_content": Place(
        {"date": 0, "impressions": 3, "reach": 4, "other_clicks": 7, "reactions": 10, "comments": 13,
         "shares": 16},
        20, ((1, 2, 3), (5, 6, 7), (8, 9, 10), (11, 12, 13), (14, 15, 16)),
    ),
    "linkedin_followers": Place({"date": 0, "_organic": 2, "net_follows": 4}, 5, ((1, 2, 3, 4),)),
    "linkedin_visitors": Place(
        {"date": 0, "visits": 21, "visitors": 24}, 25, ((1, 2, 3), (7, 8, 9), (13, 14, 15), (19, 20, 21))
    ),
}  # fmt: skip
POSTS = Place(
    {"text": 0, "url": 1, "_created": 5, "impressions": 9, "views": 10, "other_clicks": 12, "reactions": 14,
     "comments": 15, "shares": 16, "follows": 17},
    20,
)  # fmt: skip
PEOPLE = Place({"level": 0, "_count": 1}, 2)


def days(export: Export, name: str) -> tuple[Sheet, Header] | None:
    """The sheet of days of a page's export, with its columns; nothing where it is none such."""
    place = DAYS[name]
    if len(export.sheets) != (2 if name == "linkedin_content" else 1 + len(_PEOPLE)):
        return None
    sheet = export.sheets[0]
    found = _header(sheet, place)
    below = [row for row in sheet.rows[found.row + 1 :] if any(row)] if found else []
    if not found or not below or not all(_adds_up(row, place) for row in below):
        return None
    if name == "linkedin_content" and not posts(export):
        return None
    some = any(_whole(row[parts[-1]]) for row in below for parts in place.sums)
    return (sheet, found) if some and all(_DATE.fullmatch(row[0].strip()) for row in below) else None


def posts(export: Export) -> tuple[Sheet, Header] | None:
    """The sheet of posts: it has their links, and each rate of clicks is clicks by impressions."""
    sheet = export.sheets[1]
    found = _header(sheet, POSTS)
    below = [row for row in sheet.rows[found.row + 1 :] if any(row)] if found else []
    linked = all(len(row) == POSTS.width and ("urn:li:" in row[1] or not row[1].strip()) for row in below)
    return (sheet, found) if found and linked and all(_rated(row) for row in below) else None


def people(export: Export) -> Iterator[tuple[Sheet, Header, str]]:
    """The sheets of who they are, each with its dimension."""
    for sheet, dimension in zip(export.sheets[1:], _PEOPLE, strict=False):
        found = _header(sheet, PEOPLE)
        if found:
            yield sheet, found, dimension


def written(export: Export) -> str:
    """In which order are day and month written? The one in which the days lie closest; month first in doubt.

    >>> written(Export("", "", (Sheet("", [["Tag"], ["01/02/2026"], ["02/02/2026"]], [1, 2, 3]),)))
    '%d/%m/%Y'
    """
    cells = [row[0].strip() for row in export.sheets[0].rows if row]
    found = [match for match in map(_DATE.fullmatch, cells) if match and match[1]]
    if not found:
        return "%m/%d/%Y"
    sign, texts = found[0][1], pd.Series([match[0] for match in found], dtype="str")
    read = {how: _spread(texts, how) for how in (f"%m{sign}%d{sign}%Y", f"%d{sign}%m{sign}%Y")}
    return min(read, key=lambda how: read[how])


def _spread(texts: Texts, how: str) -> float:
    found = pd.to_datetime(texts, format=how, errors="coerce")
    return float("inf") if found.isna().any() else (found.max() - found.min()).total_seconds()


def _header(sheet: Sheet, place: Place) -> Header | None:
    """The first of the first rows that has a word in each of so many cells."""
    for index, row in enumerate(sheet.rows[:2]):
        if len(row) == place.width and all(cell.strip() and _whole(cell) is None for cell in row):
            return Header(index, dict(place.columns), place.width)
    return None


def _adds_up(row: Row, place: Place) -> bool:
    if len(row) != place.width:
        return False
    for *parts, total in place.sums:
        numbers = [_whole(row[part]) for part in parts]
        if any(n is None for n in numbers) or sum(n or 0 for n in numbers) != _whole(row[total]):
            return False
    return True


def _rated(row: Row) -> bool:
    impressions, clicks = _whole(row[9]), _whole(row[12])
    try:
        rate = float(row[13])
    except ValueError:
        return not row[13].strip()
    return not impressions or clicks is None or abs(rate - clicks / impressions) < 0.001


def _whole(cell: str) -> int | None:
    plain = cell.strip()
    return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 16 else None
