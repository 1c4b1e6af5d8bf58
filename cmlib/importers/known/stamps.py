"""When somebody answered: stamps that a tool, or a spreadsheet after it, wrote in the order of its country.

A zone is believed where it is named.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone, tzinfo

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.values import NONSENSE, Setting, Texts, Values, parsed

_STAMP = re.compile(
    r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})"
    r"(?:,?[ T](?:à )?(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([AP])\.?M\.?)?"
    r"(?: ?(?:([A-Z]{1,5})?(?:([+-])(\d{1,2}):?(\d{2})?)?))?)?",
    re.IGNORECASE,
)
_SPACES = str.maketrans("\u00a0\u202f", "  ")
_ZONES = {  # hours from UTC; those of America as RFC 2822 has them
    "": 0, "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "BST": 1, "EET": 2, "EEST": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip

_Numbers = tuple[int, int, int, int, int, int]


def stamped(cell: str) -> bool:
    """Is it a day with an hour?"""
    found = _STAMP.fullmatch(cell.translate(_SPACES).strip())
    return found is not None and found[5] is not None


def days(texts: Texts, setting: Setting, clock: tzinfo, day_first: bool = False) -> Values:
    """On which day, where the brand is, was each answer given? ``clock``: of stamps that name no zone.

    ``3/4/2026`` is read as the column as a whole tells: by a number above 12, else by the order in which the
    answers came in, else as ``day_first`` says, the custom of the language of its header. Where none of these
    tells, the file is refused: half of its answers would be in other months.
    """
    order = _order([cell for cell in texts.tolist() if cell], setting, day_first)
    return parsed(lambda cell: _day(cell, order, clock, setting), texts)


def _order(cells: Iterable[str], setting: Setting, day_first: bool) -> bool:
    found = [match for cell in cells if (match := _STAMP.fullmatch(cell.translate(_SPACES)))]
    short = [match for match in found if len(match[1]) < 3]
    first = any(int(match[1]) > 12 for match in short)
    second = any(int(match[3]) > 12 for match in short)
    if first != second or all(match[1] == match[3] for match in short):
        return first
    readings = {order: [_numbers(match, order) for match in short] for order in (True, False)}
    rising = [order for order, said in readings.items() if said in (sorted(said), sorted(said)[::-1])]
    if len(rising) == 1:
        return rising[0]
    if not day_first:
        raise CmlibError("survey_day_or_month", file=setting.file, value=repr(short[0][0]))
    return True


def _numbers(found: re.Match[str], day_first: bool) -> _Numbers:
    one, two, three = (int(found[n]) for n in (1, 3, 4))
    if len(found[1]) > 2:
        year, month, day = one, two, three
    else:
        year, month, day = (three, two, one) if day_first else (three, one, two)
    hour, minute, second = (int(found[n] or 0) for n in (5, 6, 7))
    if found[8]:
        hour = hour % 12 + 12 * (found[8].upper() == "P")
    return year + 2000 * (year < 100), month, day, hour, minute, second


def _day(cell: str, day_first: bool, clock: tzinfo, setting: Setting) -> object:
    found = _STAMP.fullmatch(cell.translate(_SPACES))
    zone = _zone(found, clock) if found else None
    if found is None or zone is None:
        return NONSENSE
    try:
        said = datetime(*_numbers(found, day_first), tzinfo=zone)
        return pd.Timestamp(said.astimezone(setting.zone).date())
    except (ValueError, OverflowError):  # 31 February, the year 1
        return NONSENSE


def _zone(found: re.Match[str], clock: tzinfo) -> tzinfo | None:
    """The zone that a stamp names, else that of the clock; None where nobody knows the name."""
    name, sign, hours, minutes = (found[n] or "" for n in (9, 10, 11, 12))
    if not (name or sign):
        return clock
    if name.upper() not in _ZONES:
        return None
    ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(timedelta(hours=_ZONES[name.upper()]) + (-ahead if sign == "-" else ahead))
