"""Which tidy column is meant by a header? By every spelling of the built-in formats, and by a word list.

The list (words.toml) says what people and tools call things in five languages. Around its words may stand
others that mean nothing (``Lifetime Post Total Reach``); any else change what is meant (``Impressions by
people who like your Page``), so that a header which has one is not taken by its words.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cmlib import importers, schema
from cmlib.importers.layout import normalised
from cmlib.importers.own import readers

_UNITS = (
    ("hours", r"\b(hours?|heures?|stunden|horas|hrs?|h)\b"),
    ("minutes", r"\b(minutes?|minuten|minutos|mins?)\b"),
    ("milliseconds", r"\b(milliseconds?|ms)\b"),
)
_NEIGHBOURS = {  # what is the same thing in another table
    "published_at": ("date", "answered_on", "sent_at"), "date": ("published_at", "answered_on", "sent_at"),
    "post_id": ("message_id",), "account": ("author",), "answered_on": ("date", "published_at"),
    "sent_at": ("published_at", "date"), "message_id": ("post_id",),
    "follows": ("net_follows",), "shares": ("share",),
}  # fmt: skip
SPELT, LISTED, WITHIN = 1.0, 1.6, 0.9  # how sure a name is: 1 more where a format of its network spells it


@dataclass(frozen=True)
class Meaning:
    """A tidy column that a header may mean: how sure that is, and the format that spells it so."""

    name: str
    sure: float
    format: str = ""


def meanings(header: str, table: str, network: str = "") -> list[Meaning]:
    """What can a header mean in this table? The surest first."""
    plain = normalised(header)
    allowed = {*schema.columns(table), *(schema.FIGURES if table in ("days", "totals") else ())}
    found: dict[str, Meaning] = {}
    phrases = _phrases(header)
    known = next((one for phrase in phrases for one in _forms(phrase) if one in _listed()), "")
    listed = _listed().get(known, [])
    for name, seen in _spelt().get(plain, {}).items():
        for one in seen:
            own = one.network == network != ""
            if own or not known or name in listed:  # what a word means at one network, it may not at another
                said_by = one.name if own or not known else ""
                _put(found, allowed, Meaning(name, SPELT + 0.5 * (one.table == table) + own, said_by))
    for name in listed:
        _put(found, allowed, Meaning(name, LISTED if known in _forms(phrases[0]) else WITHIN))
    return sorted(found.values(), key=lambda one: (-one.sure, one.name))


def dimension(header: str) -> str:
    """Of what are these the levels?"""
    known = readers.words("dimensions")
    return next((known[one] for one in _phrases(header) if one in known), "")


def unit(header: str) -> str:
    """In which unit does a header say that its durations are?"""
    plain = normalised(header)
    return next((name for name, words in _UNITS if re.search(words, plain)), "seconds")


def figure(said: str) -> str:
    """Which figure does a cell name?"""
    known = {f: f for f in schema.FIGURES}
    plain = normalised(said)
    if plain.replace(" ", "_") in known:
        return plain.replace(" ", "_")
    return next((one.name for one in meanings(said, "days") if one.name in known), "")


def _put(found: dict[str, Meaning], allowed: set[str], one: Meaning) -> None:
    """Keep the surest; in a table that has not this column, its neighbour."""
    names = [n for n in (one.name, *_NEIGHBOURS.get(one.name, ())) if n in allowed][:1]
    for name in names:
        told = Meaning(name, one.sure - 0.25 * (name != one.name), one.format)
        if name not in found or found[name].sure < told.sure:
            found[name] = Meaning(
                name, told.sure, one.format or (found[name].format if name in found else "")
            )


@cache
def _spelt() -> Mapping[str, Mapping[str, list["importers.Format"]]]:
    """Every spelling that a built-in format declares for a tidy column."""
    found: dict[str, dict[str, list[importers.Format]]] = defaultdict(lambda: defaultdict(list))
    for one in importers.formats().values():
        for column in one.columns:
            if not column.name.startswith("_"):
                for spelling in column.spellings:
                    found[normalised(spelling)][column.name].append(one)
    return found


@cache
def _listed() -> Mapping[str, list[str]]:
    """The word list the other way round."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, words in readers.listed()["headers"].items():
        for word in words:
            found[word].append(name)
    return found


def _forms(phrase: str) -> tuple[str, str, str]:
    """One of a thing, or several."""
    return phrase, f"{phrase}s", phrase.removesuffix("s")


def _phrases(header: str) -> list[str]:
    """A header as words: all of them, then without those that mean nothing, then without its unit."""
    if "%" in header:  # a share, whatever of
        return ["percent"]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header)  # likeCount
    words = re.findall(r"[^\W_]+", normalised(spaced).replace("'", ""))
    rest = [word for word in words if word not in readers.listed()["idle"]]
    without = [w for w in rest if not any(re.fullmatch(shape, w) for _, shape in _UNITS) and w != "seconds"]
    singular = [re.sub(r"utc\d*$", "", w) for w in rest]
    phrases = [" ".join(words), " ".join(rest), " ".join(without), " ".join(filter(None, singular))]
    return list(dict.fromkeys(filter(None, phrases)))
