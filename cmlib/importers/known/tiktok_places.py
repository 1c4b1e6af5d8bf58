"""Which file of TikTok Studio is this, though its headers are in no language that is known?

The site writes the same columns in the same order whatever its language. Their number, dates without a year
and what the figures say of each other prove which file it is; what proves nothing is not taken for it.
"""

from collections.abc import Callable
from itertools import pairwise

import pandas as pd

from cmlib.brand import Brand
from cmlib.importers.files import Export, Row
from cmlib.importers.layout import Header, normalised
from cmlib.importers.values import Setting, Values, count, nonsense, yearless_day

_ANY = Setting("", Brand("x", "x"), pd.Timestamp("2026-01-01", tz="UTC"))
_PROOFS = 3  # rows that must agree

Proof = Callable[[Row, list[Values]], bool]  # the header, and the columns of counts


def link_proves(_: Row, counts: list[Values]) -> bool:
    """Posts: none is liked more often than it was seen. Their links are asked for by the reader."""
    likes, *_others, views = counts
    told = [like <= seen for like, seen in zip(likes, views, strict=True) if _known(like, seen)]
    return bool(told) and all(told)


def names_prove(head: Row, _: list[Values]) -> bool:
    """The overview: videos come first, the profile second, in all languages that share these words."""
    videos, profile = (normalised(cell) for cell in head[1:3])
    return "vid" in videos and any(stem in profile for stem in ("profil", "perfil"))


def sum_proves(_: Row, counts: list[Values]) -> bool:
    """Viewers are those who are new and those who come back."""
    rows = [row for row in zip(*counts, strict=True) if _known(*row) and row[0]]
    return len(rows) >= _PROOFS and all(whole == new + old for whole, new, old in rows)


def steps_prove(_: Row, counts: list[Values]) -> bool:
    """Followers change by as much as stands beside them, whichever way the days go."""
    days = list(zip(*counts, strict=True))
    for series in (days, days[::-1]):
        steps = [(was, now, by) for (was, _), (now, by) in pairwise(series) if _known(was, now, by)]
        moved = [by for *_, by in steps if by]
        if moved and len(steps) >= _PROOFS and all(now - was == by for was, now, by in steps):
            return True
    return False


def placed(export: Export, places: dict[str, int], counts: slice, dates: int, proof: Proof) -> Header | None:
    """Where each column stands; nothing where the file is none such. ``dates``: the column of days."""
    if len(export.sheets) != 1:
        return None
    head, *below = [row for row in export.sheets[0].rows if any(row)] or [[]]
    width = max(places.values()) + 1
    if not below or len(head) != width or any(len(row) != width for row in below):
        return None
    columns = [pd.Series(list(cells), dtype="str").str.strip() for cells in zip(*below, strict=True)]
    days = yearless_day(columns[dates], _ANY)
    if nonsense(days).any() or days.isna().any() or columns[dates].str.contains(r"\d{4}").any():
        return None
    found = [count(cells, _ANY) for cells in columns[counts]]
    if any(nonsense(values).any() for values in found) or not proof(head, found):
        return None
    return Header(export.sheets[0].rows.index(head), places, width)


def _known(*values: object) -> bool:
    return all(isinstance(value, int) for value in values)
