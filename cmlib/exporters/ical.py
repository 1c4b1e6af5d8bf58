"""A calendar file (RFC 5545) that any calendar shows: an event for each slot, whole days for the moments.

Each slot has an identifier of its own that never changes and a number that grows with every change of it, so
a calendar that reads the file again moves what moved. What has left the plan since the last export is
cancelled.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pandas as pd
from icalendar import Calendar, Event

from cmlib import plans
from cmlib.brand import Brand
from cmlib.cells import word
from cmlib.exporters.target import Exporter, Files, Row, Setting, described, headline, is_web, names, twice
from cmlib.i18n import t

LONG = timedelta(minutes=15)  # how long an event is shown
_BARE = {n: None for n in range(32) if chr(n) not in "\t\n"} | {127: None}  # what no calendar may hold


def write(rows: pd.DataFrame, who: Brand, setting: Setting) -> Files:
    """One file, the same for the same plan at the same instant."""
    name = f"{who.slug}.ics"
    stamp = _stamp(setting)
    calendar = Calendar()
    calendar.add("prodid", "-//cmlib//editorial calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _clean(t("export.calendar", brand=who.name)))
    calendar.add("x-wr-timezone", who.timezone)
    moments = names(setting.moments)
    late = dict(zip(rows["slot_id"], twice(rows["when"]), strict=True))
    for row in rows.to_dict("records"):
        calendar.add_component(_slot(row, who, stamp, moments, late[row["slot_id"]]))
    for moment in setting.moments.to_dict("records"):
        calendar.add_component(_moment(moment, who, stamp))
    for event in _gone(setting.before.get(name, b""), set(rows["slot_id"]), who, setting):
        calendar.add_component(event)
    if who.timezone != "UTC" and len(rows):
        first, last = (rows["when"].agg(end).date() for end in ("min", "max"))
        calendar.add_missing_timezones(date(first.year, 1, 1), date(last.year + 1, 12, 31))
    return {name: calendar.to_ical()}


def uid(slot: str, who: Brand) -> str:
    """The identifier of a slot, the same for ever."""
    return f"{slot}@{who.slug}.cmlib"


def _slot(row: Row, who: Brand, stamp: datetime, moments: dict[str, str], twofold: bool) -> Event:
    event = Event()
    event.add("uid", uid(row["slot_id"], who))
    event.add("dtstamp", stamp)
    # A clock time that comes twice means the first of the two, so such an hour is said in UTC.
    local = row["when"].to_pydatetime().astimezone(UTC)
    event.add("dtstart", local if twofold or who.timezone == "UTC" else local.astimezone(who.zone))
    event.add("duration", LONG)
    event.add("sequence", int(row["sequence"]))
    event.add("status", "TENTATIVE" if row["status"] in plans.OPEN else "CONFIRMED")
    network = word("network.{}", row["network"])
    event.add("summary", _clean(t("export.event", network=network, title=headline(row))))
    event.add("description", _clean(described(row, moments)))
    event.add("categories", [_clean(said) for said in (network, row["pillar"]) if said])
    if is_web(row["link"]):
        event.add("url", row["link"].strip())
    return event


def _moment(row: Row, who: Brand, stamp: datetime) -> Event:
    """A moment takes whole days and nobody's time."""
    event = Event()
    event.add("uid", f"{row['moment']}-{row['first']:%Y%m%d}@{who.slug}.moments.cmlib")
    event.add("dtstamp", stamp)
    event.add("dtstart", row["first"].date())
    event.add("dtend", row["last"].date() + timedelta(days=1))  # the day after its last
    event.add("summary", _clean(row["name"]))
    if row["sensitive"]:
        event.add("description", t("export.sensitive"))
    event.add("categories", [_clean(word("export.category.{}", row["category"].replace(" ", "_")))])
    event.add("transp", "TRANSPARENT")
    return event


def _gone(before: bytes, there: set[str], who: Brand, setting: Setting) -> Iterator[Event]:
    """The slots of the last export that are still to come, but in the plan no more."""
    if not before:
        return
    stamp = _stamp(setting)
    try:
        old = Calendar.from_ical(before)
    except ValueError:  # no calendar any more: a new one begins
        return
    end = f"@{who.slug}.cmlib"
    for event in old.walk("VEVENT"):
        name = str(event.get("uid", ""))
        start = event.decoded("dtstart", None)
        if not name.endswith(end) or name.removesuffix(end) in there or not isinstance(start, datetime):
            continue
        if start <= stamp or (setting.since and start.astimezone(who.zone).date() < setting.since):
            continue
        again = event.copy()
        again.subcomponents = []
        if event.get("status") != "CANCELLED":
            again["sequence"] = int(event.get("sequence", 0)) + 1
            again["status"] = "CANCELLED"
            del again["dtstamp"]
            again.add("dtstamp", stamp)
        yield again


def _stamp(setting: Setting) -> datetime:
    return pd.Timestamp(setting.now).tz_convert("UTC").floor("s").to_pydatetime()


def _clean(said: object) -> str:
    """What a calendar may hold. The library takes a written \\N for a new line unless they are kept apart."""
    return str(said).replace("\\N", "\\\u2060N").translate(_BARE)


EXPORTER = Exporter(name="ical", suffix=".ics", write=write)
