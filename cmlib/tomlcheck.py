"""Is what people wrote in brand.toml what it should be? Value by value, and each error says the line.

A reader takes a key, what is said for it and where that stands; it gives the value, or raises CmlibError.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

Reader = Callable[[str, Any, str], Any]


@dataclass(frozen=True)
class Lines:
    """Says where in brand.toml a key stands: TOML readers keep no line numbers."""

    path: Path
    text: str

    def of(self, key: str, section: str = "", nth: int = 0) -> str:
        """``key`` in the ``nth`` block of a section; else where that block begins; else only the file."""
        lines, headers = self.lines, self.headers
        begins = [n for n in headers if section and re.match(rf"\s*\[+\s*{section}\s*\]", lines[n - 1])]
        start, end = (begins[nth], len(lines)) if nth < len(begins) else (1, min(headers, default=len(lines)))
        name = rf"[\"']?{re.escape(key)}[\"']?"
        keys = re.compile(rf"(?:^|[{{,.])\s*{name}\s*[=.]")
        header = re.compile(rf"\s*\[+\s*(?:{section}\s*\.\s*)?{name}\s*\]")
        heads = (n for n in headers if header.match(lines[n - 1]))
        inside = (n for n in range(start, end + 1) if keys.search(lines[n - 1]))  # up to the first
        found = [n for n in (next(heads, None), next(inside, None)) if n] if key else []
        line = min(found, default=None) or next(iter(begins[nth : nth + 1]), None)
        return t("error.at_line", file=str(self.path), line=str(line)) if line else str(self.path)

    def block(self, section: str, nth: int) -> Callable[[str], str]:
        """Says the same of every key of one block."""
        return partial(self.of, section=section, nth=nth)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.text.split("\n")

    @cached_property
    def headers(self) -> list[int]:
        """The numbers of the lines with which a section begins."""
        return [n for n, line in enumerate(self.lines, 1) if re.match(r"\s*\[+[^\[\],=]+\]+\s*(#|$)", line)]


def wrong(key: str, value: Any, kind: str, where: str) -> CmlibError:
    """The error for a value that should be something else: ``kind`` is a key of ``[error.type]``."""
    expected = t(f"error.type.{kind}", key=key)
    return CmlibError("wrong_value", key=key, value=repr(value), expected=expected, where=where)


def typed(key: str, value: Any, expected: type, where: str, called: str = "") -> None:
    """Is the value of this type? A float is any number but nan and inf; true and false are no numbers."""
    number = expected is float and isinstance(value, int | float)
    fits = abs(value) <= sys.float_info.max if number else isinstance(value, expected)  # nan and inf do not
    if not fits or (isinstance(value, bool) and expected is not bool):
        raise wrong(key, value, called or expected.__name__, where)


def text(key: str, value: Any, where: str) -> str:
    """A text."""
    typed(key, value, str, where)
    return str(value)


def amount(key: str, value: Any, where: str) -> float:
    """A number, 0 or more."""
    typed(key, value, float, where)
    if value < 0:
        raise wrong(key, value, "amount", where)
    return float(value)


def whole(least: int, kind: str) -> Reader:
    """A reader of whole numbers from ``least`` to 365."""

    def read(key: str, value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 365:
            raise wrong(key, value, kind, where)
        return value

    return read


def day(key: str, value: Any, where: str) -> date:
    """A day, as TOML writes it: without quotes and without an hour."""
    if not isinstance(value, date) or isinstance(value, datetime):
        raise wrong(key, str(value), "day", where)
    return value


def one_of(what: str, name: str, known: Iterable[str], where: str) -> None:
    """Is it one of the known words? ``what`` is a key of ``[error.what]``."""
    if name not in known:
        raise unknown(what, name, known, where)


def words(what: str, known: Iterable[str] = ()) -> Reader:
    """A reader of lists of words, of the ``known`` ones if there are such; each is taken once."""

    def read(key: str, value: Any, where: str) -> tuple[str, ...]:
        typed(key, value, list, where)
        for word in value:
            typed(key, word, str, where)
            if known:
                one_of(what, word, known, where)
        return tuple(dict.fromkeys(value))

    return read


def table(
    said: Mapping[str, Any], readers: Mapping[str, Reader], needed: Iterable[str], where: Callable[[str], str]
) -> dict[str, Any]:
    """What a table says, each key by its reader. A key that is none is told, and one that is needed."""
    made = {}
    for key, value in said.items():
        if key not in readers:
            raise unknown("key", key, readers, where(key))
        made[key] = readers[key](key, value, where(key))
    for key in needed:
        empty = made.get(key) is None or (isinstance(made[key], str) and not made[key].strip())
        if empty:
            raise CmlibError("missing_key", key=key, file=where(""))
    return made


def folded(name: str) -> str:
    """A name as it is compared: neither capitals, nor the spaces around it, nor an @ before it."""
    return name.strip().lstrip("@").casefold()
