"""When was a message of WhatsApp sent? Its stamps are as the phone writes dates, and no file says how.

The whole file decides between day, month and year first, by what tells most: no month above 12 and no day
after the export; then days that go forward; then the words of the phone's language; then the custom of the
brand's country, where the clock is as is usual there. Where all of these leave a choice, the file is refused:
half of its messages would be in other months.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from babel import Locale, UnknownLocaleError

from cmlib.errors import CmlibError
from cmlib.importers.values import Setting

FIRST = 2009  # the year in which WhatsApp began
_PLACES = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}  # of year, month and day
Triple = tuple[int, int, int]


def clocks(stamps: list[re.Match[str]], tongue: str, setting: Setting) -> list[str]:
    """What each stamp says, as ``2026-08-29 13:05:00``; "" for one that cannot be."""
    numbers = [(int(s["one"]), int(s["two"]), int(s["three"])) for s in stamps]
    order = _order(numbers, stamps, tongue, setting)
    return [
        f"{day} {hour}" if (day := _day(said, order)) and (hour := _hour(stamp)) else ""
        for said, stamp in zip(numbers, stamps, strict=True)
    ]


def _day(said: Triple, order: str) -> date | None:
    year, month, day = (said[place] for place in _PLACES[order])
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _hour(stamp: re.Match[str]) -> str:
    hour, minute, second = (int(stamp[part] or 0) for part in ("hour", "minute", "second"))
    half = (stamp["half"] or "")[:1].casefold()
    if half and hour <= 12:  # 00:08 a. m. and 13:08 PM have been seen
        hour = hour % 12 + 12 * (half == "p")
    return f"{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else ""


def _order(said: list[Triple], stamps: list[re.Match[str]], tongue: str, setting: Setting) -> str:
    now = setting.observed or pd.Timestamp.now("UTC")
    last = now.date() + timedelta(days=1)
    known = {order: {one: _day(one, order) for one in {*said}} for order in _PLACES}
    days = {order: [known[order][one] for one in said] for order in _PLACES}
    wrong = {o: sum(d is None or not date(FIRST, 1, 1) <= d <= last for d in days[o]) for o in days}
    left = _least(wrong, days)
    left = _least({order: _backward(days[order]) for order in left}, left)
    if "ymd" in left and len(left) > 1:  # rare with two digits: believed where it makes the chat shorter
        shortest = _least({order: _span(days[order]) for order in left}, left)
        left = shortest if shortest == ["ymd"] else [order for order in left if order != "ymd"]
    if len({tuple(days[order]) for order in left}) == 1:  # 5/5 is the same day in any order
        return left[0]
    usual = _usual(stamps, tongue, setting)
    if usual in left:
        return usual
    found = next(i for i in range(len(said)) if len({days[order][i] for order in left}) > 1)
    key = "chat_order_told" if setting.brand.country else "chat_order"
    raise CmlibError(
        key, file=setting.file, value=re.split(r"[,\s]", stamps[found][0].strip("[\u200e"))[0],
        days=[str(days[order][found]) for order in left], brand=setting.brand.slug,
    )  # fmt: skip


def _least(counts: dict[str, int], among: Iterable[str]) -> list[str]:
    return [order for order in among if counts[order] == min(counts.values())]


def _backward(days: list[date | None]) -> int:
    known = [day for day in days if day is not None]
    return sum(later < earlier for earlier, later in pairwise(known))


def _span(days: list[date | None]) -> int:
    known = [day for day in days if day is not None]
    return (max(known) - min(known)).days if known else 0


def _usual(stamps: list[re.Match[str]], tongue: str, setting: Setting) -> str:
    """The order that such a phone uses; "" where that is not sure."""
    if stamps[0]["sep"] == "." or tongue not in ("", "en"):
        return "dmy"
    country = setting.brand.country
    try:
        locale = Locale.parse(f"{tongue or 'und'}_{country}") if country else None
    except (UnknownLocaleError, ValueError):
        return ""
    if locale is None or bool(stamps[0]["half"]) != ("a" in locale.time_formats["short"].pattern):
        return ""
    return "".join(sorted("dmy", key=locale.date_formats["short"].pattern.casefold().index))
