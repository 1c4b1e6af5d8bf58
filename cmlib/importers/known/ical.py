"""A calendar (iCalendar, RFC 5545), as any calendar application exports it: its events are moments.

- Days are the brand's: an event at an hour falls on the day on which that hour is there; its end is not part
  of it. An hour without a zone is the brand's. An event without an end is of one day.
- What comes again (RRULE: by day, week, month or year; RDATE, EXDATE, and single occurrences that were moved)
  is a row each, of the years 2025 to 2035, at most 200. Each has the event's uid, so that a newer export
  replaces all of them.
- An event that is cancelled stays, with the category ``cancelled``, so that it takes an older one back.
- The export is as old as its newest DTSTAMP or LAST-MODIFIED.
- Only what is needed is looked at: neither attendees nor descriptions, alarms, to-dos or attachments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pandas as pd
from dateutil.rrule import rrulestr
from icalendar.timezone import tzp

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Sheet
from cmlib.importers.layout import Format, Part, excerpt
from cmlib.importers.values import Setting

EVENTS = 20_000  # of one file
AGAIN = 300  # events of one file that come again
OCCURRENCES = 200  # of one event
FROM, UNTIL = datetime(2025, 1, 1), datetime(2035, 12, 31, 23, 59, 59)  # in which what comes again is a row
LONG = 5_000  # characters of a property
HEAD = 50  # lines in which a calendar says what it is for
ZONES, ZONE_LINES = 100, 1_000  # that a file may define

_USED = (
    "UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS",
    "CATEGORIES", "DTSTAMP", "LAST-MODIFIED",
)  # fmt: skip
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)  # what parsing raises
_PARTS = {  # what a rule may say beside how often, so that it cannot look for days that never come
    "DAILY": ("BYDAY",), "WEEKLY": ("BYDAY",), "MONTHLY": ("BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"),
    "YEARLY": ("BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"),
}  # fmt: skip
_STEPS = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_OLDEST = {  # how old such a rule may be; and one that counts its occurrences, which have to be gone through
    ("DAILY", False): 1970, ("WEEKLY", False): 1970, ("MONTHLY", False): 2000, ("YEARLY", False): 1900,
    ("DAILY", True): 2015, ("WEEKLY", True): 2015, ("MONTHLY", True): 2000, ("YEARLY", True): 1900,
}  # fmt: skip
Day = date | datetime


@dataclass(frozen=True)
class _Block:
    """The lines of one event, or of one time zone, without folds; ``whole``: it has an end."""

    line: int
    lines: list[str]
    whole: bool = True


class _Aside(Exception):
    """Why an event is no row."""


def _is_calendar(export: Export, wanted: Format) -> bool:
    """Does the file begin as a calendar does?"""
    rows = export.sheets[0].rows if export.sheets else []
    return bool(rows) and rows[0][:1] == ["BEGIN:VCALENDAR"]


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    blocks = list(islice(_blocks(export.sheets[0], "VEVENT"), EVENTS + 1))
    if len(blocks) > EVENTS:
        raise CmlibError("calendar_limits", file=export.name, events=EVENTS)
    if not blocks:
        raise CmlibError("empty_file", file=export.name)
    zones = _zones(export.sheets[0])
    all_off = any(row[0].upper() == "METHOD:CANCEL" for row in export.sheets[0].rows[:HEAD])
    tzp.use_default()  # forget the zones that other files defined
    events = [_event(block, zones) for block in blocks]
    moved = _moved(events, setting.zone)
    rows: list[dict[str, Any]] = []
    aside: list[tuple[int, str, str]] = []
    again = 0
    for block, event in zip(blocks, events, strict=True):
        again += event is not None and "RRULE" in event
        try:
            rows += _rows(block, event, setting.zone, moved, all_off, again)
        except _Aside as why:
            aside.append((block.line, str(why), _excerpt(block)))
    frame = pd.DataFrame(rows, columns=["line", "excerpt", "uid", "title", "since", "until", "category"])
    newest = _newest(events)
    frame = frame.assign(network="web", account="calendar")
    frame = frame if newest is None else frame.assign(observed_at=newest)
    yield Part(
        "moments", frame, pd.DataFrame(aside, columns=["line", "reason", "excerpt"]), given=len(blocks)
    )


# ── Lines ───────────────────────────────────────────────────────────────────────────────────────────────────


def _unfolded(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Each property on one line, with the line on which it begins; what is too long ends where it is."""
    begun, parts, size = 0, [""], 0
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        if row[0][:1] in (" ", "\t"):
            size += len(row[0]) - 1
            if size <= LONG:
                parts.append(row[0][1:])
            continue
        yield begun, "".join(parts)
        begun, parts, size = line, [row[0][:LONG]], len(row[0])
    yield begun, "".join(parts)


def _blocks(sheet: Sheet, name: str) -> Iterator[_Block]:
    """The components of this name, without those inside of them."""
    found: _Block | None = None
    inside = 0
    for line, text in _unfolded(sheet):
        key = text.strip().upper()
        if found is None:
            found = _Block(line, []) if key == f"BEGIN:{name}" else None
        elif key == f"END:{name}":
            yield found
            found, inside = None, 0
        elif key == f"BEGIN:{name}":  # the one before had no end
            yield _Block(found.line, found.lines, whole=False)
            found, inside = _Block(line, []), 0
        elif key.startswith(("BEGIN:", "END:")) and name == "VEVENT":
            inside += 1 if key.startswith("BEGIN:") else -1
        elif name != "VEVENT" or (inside == 0 and re.split("[;:]", key, maxsplit=1)[0] in _USED):
            found.lines.append(text)
    if found:
        yield _Block(found.line, found.lines, whole=False)


def _zones(sheet: Sheet) -> dict[str, list[str]]:
    """The zones that the file defines itself, by name; those that repeat in odd ways are not believed."""
    found = {}
    for block in islice(_blocks(sheet, "VTIMEZONE"), ZONES):
        name = next(
            (text.partition(":")[2].strip() for text in block.lines if text[:5].upper() == "TZID:"), ""
        )
        rules = [text.upper() for text in block.lines if text.upper().startswith("RRULE")]
        yearly = all("FREQ=YEARLY" in rule and "INTERVAL" not in rule for rule in rules)
        if name and block.whole and yearly and len(block.lines) <= ZONE_LINES:
            found[name] = ["BEGIN:VTIMEZONE", *block.lines, "END:VTIMEZONE"]
    return found


def _event(block: _Block, zones: dict[str, list[str]]) -> Any:
    """The event that the lines describe; None for what is none."""
    named = {found for text in block.lines for found in re.findall(r'TZID="?([^":;]+)', text)}
    needed = [line for name in sorted(named) if tzp.timezone(name) is None for line in zones.get(name, ())]
    text = "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-", *needed, "BEGIN:VEVENT", *block.lines,
         "END:VEVENT", "END:VCALENDAR", ""]
    )  # fmt: skip
    try:
        found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    except _BROKEN:
        return None
    return found[0] if block.whole and len(found) == 1 else None


# ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(
    block: _Block, event: Any, zone: ZoneInfo, moved: dict[str, set[date]], all_off: bool, again: int
) -> list[dict[str, Any]]:
    """A row for each day on which the event begins."""
    if event is None:
        raise _Aside("broken_event")
    broken = {name for name, _ in event.errors}
    for name, column in (("DTSTART", "since"), ("DTEND", "until"), ("DURATION", "until")):
        if name in broken:
            raise _Aside(f"nonsense:{column}")
    if "DTSTART" not in event:
        raise _Aside("no_start")
    begun = _value(event, "DTSTART", "since")
    if {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"} & broken or again > AGAIN:
        raise _Aside("recurrence")
    lasts = _lasts(event, begun, zone)
    title = _line(event.get("SUMMARY"))
    uid = _line(event.get("UID")) or sha256(f"{title} {begun}".encode()).hexdigest()[:16]
    off = all_off or _line(event.get("STATUS")).upper() == "CANCELLED"
    common = {
        "line": block.line, "excerpt": _excerpt(block), "uid": uid, "title": title or None,
        "category": "cancelled" if off else _categories(event),
    }  # fmt: skip
    single = "RECURRENCE-ID" in event or not {"RRULE", "RDATE"} & {*event}
    starts = [begun] if single else _starts(event, begun, zone, moved.get(uid, set()))
    if not starts:
        raise _Aside("over")
    return [{**common, **_days(start, lasts, zone)} for start in starts]


def _part(said: Any, name: str) -> Any:
    """What a property has under this name; None where it is not there, or could not be read."""
    try:
        return getattr(said, name, None)
    except ValueError:
        return None


def _value(event: Any, name: str, column: str) -> Day:
    value = _part(event[name], "dt")
    if not isinstance(value, date) or not 1900 <= value.year < 2200:
        raise _Aside(f"nonsense:{column}")
    return value


def _lasts(event: Any, begun: Day, zone: ZoneInfo) -> timedelta:
    """From its beginning to its end; a day's end is the day after it."""
    if "DTEND" in event:
        ended = _value(event, "DTEND", "until")
        lasts = _clock(ended, zone, begun) - _clock(begun, zone, begun)
    else:
        lasts = _part(event.get("DURATION"), "dt") or timedelta()
    if not isinstance(lasts, timedelta) or lasts > timedelta(days=3660):
        raise _Aside("nonsense:until")
    if lasts < timedelta():
        raise _Aside("reversed")
    return lasts


def _clock(value: Day, zone: ZoneInfo, like: Day) -> datetime:
    """The same on the clock of where ``like`` is, without a zone."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    there = (like.tzinfo if isinstance(like, datetime) else None) or zone
    return (value.astimezone(there) if value.tzinfo else value).replace(tzinfo=None)


def _days(start: Day, lasts: timedelta, zone: ZoneInfo) -> dict[str, pd.Timestamp]:
    """The brand's days: the end is not part of the event, which is of one day at least."""
    moment = lasts and timedelta(microseconds=1)
    if isinstance(start, datetime):
        ended = start + lasts - moment if lasts else start
        since, until = (
            (one.astimezone(zone) if one.tzinfo else one).date() for one in (start, ended)
        )  # fmt: skip
    else:
        since, until = start, (datetime.combine(start, time()) + lasts - (moment or timedelta())).date()
    return {"since": pd.Timestamp(since), "until": pd.Timestamp(max(since, until))}


def _starts(event: Any, begun: Day, zone: ZoneInfo, moved: set[date]) -> list[Day]:
    """When what comes again begins, on the clock of its own zone."""
    first = _clock(begun, zone, begun)
    found = {first, *_listed(event, "RDATE", zone, begun)}
    if "RRULE" in event:
        found |= set(_repeated(event["RRULE"], first, begun, zone))
    out = {one.date() for one in _listed(event, "EXDATE", zone, begun)} | moved
    kept = sorted(one for one in found if FROM <= one <= UNTIL and one.date() not in out)[:OCCURRENCES]
    if not isinstance(begun, datetime):
        return [one.date() for one in kept]
    return [one.replace(tzinfo=begun.tzinfo) for one in kept]


def _repeated(rule: Any, first: datetime, begun: Day, zone: ZoneInfo) -> list[datetime]:
    """The first occurrences of a rule in the years that are read, of those rules that come to an end soon."""
    plain = not isinstance(rule, list) and len(rule.to_ical()) <= 300
    often = str(rule.get("FREQ", [""])[0]).upper() if plain else ""
    if often not in _PARTS or not {*rule} <= {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *_PARTS[often]}:
        raise _Aside("recurrence")
    every, count = rule.get("INTERVAL", [1])[0], rule.get("COUNT", [None])[0]
    if every < 1 or (count is not None and count < 1) or first.year < _OLDEST[often, count is not None]:
        raise _Aside("recurrence")
    said = rule.get("UNTIL", [UNTIL])[0]
    end = _clock(said, zone, begun) if isinstance(said, datetime) else datetime.combine(said, time.max)
    parts = [part for part in rule.to_ical().decode().split(";") if part[:6] not in ("COUNT=", "UNTIL=")]
    text = ";".join([*parts, f"UNTIL={min(end, UNTIL):%Y%m%dT%H%M%S}"])
    try:
        if count is None and often in _STEPS and first < FROM:  # a whole number of steps later: all the same
            step = _STEPS[often] * every
            first += (FROM - first) // step * step
        found = islice(rrulestr(text, dtstart=first), count)
        return list(islice((one for one in found if one >= FROM), OCCURRENCES + 1))
    except _BROKEN:
        raise _Aside("recurrence") from None


def _listed(event: Any, name: str, zone: ZoneInfo, begun: Day) -> list[datetime]:
    """The days and instants of RDATE or EXDATE, on the event's clock; periods count from their beginning."""
    given = event.get(name, [])
    values = [
        one.dt for each in (given if isinstance(given, list) else [given]) for one in _part(each, "dts") or ()
    ]
    starts = [one[0] if isinstance(one, tuple) else one for one in values]
    return [_clock(one, zone, begun) for one in starts if isinstance(one, date)]


def _moved(events: list[Any], zone: ZoneInfo) -> dict[str, set[date]]:
    """Which occurrences stand elsewhere as events of their own? By uid, the days on which they were to be."""
    found: dict[str, set[date]] = {}
    for event in events:
        was = _part(event.get("RECURRENCE-ID"), "dt") if event is not None else None
        if isinstance(was, date):
            found.setdefault(_line(event.get("UID")), set()).add(_clock(was, zone, was).date())
    return found


def _newest(events: list[Any]) -> pd.Timestamp | None:
    """When was anything last changed or written?"""
    now = pd.Timestamp.now("UTC")
    said = [_part(event.get(name), "dt") for event in events if event is not None
            for name in ("DTSTAMP", "LAST-MODIFIED")]  # fmt: skip
    stamps = [pd.Timestamp(one) for one in said if isinstance(one, datetime) and one.tzinfo]
    return max((one.tz_convert("UTC") for one in stamps if one <= now), default=None)


def _categories(event: Any) -> str | None:
    given = event.get("CATEGORIES", [])
    cats = [
        str(one)
        for each in (given if isinstance(given, list) else [given])
        for one in _part(each, "cats") or ()
    ]
    return _line(", ".join(cats)) or None


def _line(said: Any) -> str:
    """On one line, of what can be printed, and not endless."""
    plain = " ".join(str(said or "").split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in plain)[:200]


def _excerpt(block: _Block) -> str:
    shown = [text for text in block.lines if text[:7].upper() in ("SUMMARY", "DTSTART")]
    return excerpt([_line(text) for text in shown])


FORMATS = (
    Format("ical", "web", "moments", (), recognise=_is_calendar, read=_read, sure="docs", since="1998-11"),
)
