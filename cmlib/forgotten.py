"""What people asked a brand to forget stays forgotten: the list of it, and what it takes out of tables.

``data/forgotten/<brand>/``, beside the lake: an empty file for each person and conversation, named by a keyed
hash of the hash that the lake had, and one named by a day. So nobody's name or mark is kept for this, nothing
is locked, and the list only grows. Whoever shares the lake shares it too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib import brand as brands
from cmlib import private, schema
from cmlib.brand import Brand
from cmlib.tomlcheck import folded

TEXTS = ("messages", "answers")  # tables with words of people
_BEFORE = "before "


@dataclass(frozen=True)
class Forgotten:
    """What is forgotten of a brand: marks of people and conversations, and all that is older than a day."""

    marks: frozenset[str] = frozenset()
    before: date | None = None


def listed(slug: str) -> Forgotten:
    """What is to be forgotten of a brand?"""
    names = [path.name for path in _folder(slug).glob("*")]
    days = [date.fromisoformat(name.removeprefix(_BEFORE)) for name in names if name.startswith(_BEFORE)]
    return Forgotten(frozenset(n for n in names if not n.startswith(_BEFORE)), max(days, default=None))


def add(slug: str, marks: Iterable[str] = (), before: date | None = None) -> None:
    """From now on, forget these marks, as tables of the lake have them, and what is older than a day."""
    folder = _folder(slug)
    folder.mkdir(parents=True, exist_ok=True)
    for name in [*_again(marks, slug).values(), *([f"{_BEFORE}{before}"] if before else [])]:
        (folder / name).touch()


def known_by(messages: pd.DataFrame, slug: str) -> set[str]:
    """By which marks else is somebody known who is forgotten?

    By those of conversations with the brand alone in which they wrote; and by their id, where it was a name
    that was said: another export may show another name.
    """
    theirs = _of(messages, listed(slug).marks, slug) & messages["incoming"].eq(True)
    alone = messages.loc[theirs & messages["place"].eq("direct"), "thread_id"]
    return {*alone.dropna(), *messages.loc[theirs, "author"].dropna()}


def without(table: str, frame: pd.DataFrame, brand: Brand, name: str = "") -> pd.DataFrame:
    """The same rows, without those that are forgotten; the index stays.

    Of somebody: all that they wrote, what the brand answered to that, and conversations with the brand alone.
    Texts of others that say their ``name`` in full are emptied: only who knows the name can find it there.
    """
    if table not in TEXTS or frame.empty:
        return frame
    known, slug = listed(brand.slug), brand.slug
    when = pd.to_datetime(schema.local(_in(brand, frame[schema.TIME[table]])))
    gone = when < pd.Timestamp(known.before) if known.before else pd.Series(False, index=frame.index)
    kept = frame
    if table == "messages" and known.marks:
        theirs = _of(frame, known.marks, slug)
        answers = frame["reply_to"].isin(frame.loc[theirs, "message_id"])
        gone |= theirs | _by(frame, known.marks, slug, "thread_id") | (answers & frame["incoming"].eq(False))
        kept = frame.assign(reply_to=frame["reply_to"].mask(answers))
    if name and "text" in frame:
        whole = rf"(?<!\w){re.escape(folded(name))}(?!\w)"
        said = frame["text"].fillna("").str.casefold().str.contains(whole)
        kept = kept.assign(text=kept["text"].mask(said))
    return kept[~gone.astype("bool")]


def _in(brand: Brand, when: "pd.Series[Any]") -> "pd.Series[Any]":
    return when.dt.tz_convert(brand.zone) if when.dt.tz else when


def _of(frame: pd.DataFrame, marks: frozenset[str], slug: str) -> "pd.Series[bool]":
    """Which rows did somebody write who is forgotten, by their id or by the name that people see?"""
    named = [_by(frame, marks, slug, column) for column in ("author", "shown") if column in frame]
    return pd.concat(named, axis=1).any(axis=1)


def _by(frame: pd.DataFrame, marks: frozenset[str], slug: str, column: str) -> "pd.Series[bool]":
    again = _again(frame[column].dropna().unique(), slug)
    return frame[column].isin([one for one, mark in again.items() if mark in marks])


def _again(marks: Iterable[str], slug: str) -> dict[str, str]:
    return {mark: private.hashed(f"forgotten {mark}", slug) for mark in marks}


def _folder(slug: str) -> Path:
    return brands.home() / "data" / "forgotten" / brands.folder(slug).name
