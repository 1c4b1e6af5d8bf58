"""The month of the editorial calendar, as people hang it on a wall: Monday first, weeks numbered.

A month is a table, so that every day has its column and its week even for who does not see it. On a phone the
style sheet makes a list by day of it, on paper a page. Nothing but classes is needed for that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from markupsafe import Markup

from cmlib import i18n, plans
from cmlib.cells import Row, blank, capital, word
from cmlib.cells import piece as made_as
from cmlib.i18n import t
from cmlib.sheets.page import Sheet, joined, made, message, rows, together

STATUSES = {
    "idea": "○", "draft": "◔", "review": "◑", "approved": "✓", "scheduled": "▸", "published": "●",
}  # fmt: skip
BADGES = {
    "facebook": "Fb", "instagram": "Ig", "x": "X", "youtube": "Yt", "tiktok": "Tt", "linkedin": "in",
    "web": "w", "pinterest": "Pi", "twitch": "Tw", "snapchat": "Sc", "threads": "Th", "bluesky": "Bs",
    "mastodon": "Ma", "reddit": "Re", "viadeo": "Vi", "messenger": "Me", "whatsapp": "Wa", "discord": "Di",
    "telegram": "Te",
}  # fmt: skip
BANDS = {"caught": "★", "open": "☆", "mindful": "!", "plain": ""}
OWN = ("own:", "ics:")  # moments of the brand's own
ROOM = 170.0  # millimetres on paper that the weeks of a month may take, one at least LEAST
LEAST, HEAD, BAND = 23.0, 6.0, 3.3  # of a week, of the head of a day, of a line of its moments
LETTERS = 28  # of a moment's name in the width of a day
CARDS = {"": 15.0, " cm-dense": 8.3, " cm-packed": 5.5}  # how cards look on paper, and how high each is
ONE, WEEK = timedelta(days=1), pd.Timedelta(weeks=1)
Frames = Mapping[str, Any]
Span = tuple[date, date, date]  # a month, the first and the last of its days to show
Week = tuple[list[date], list[Row]]  # its days, and the moments of them with their lines


def calendar(frames: Frames) -> Sheet:
    """What is published on which day? A month for each month of the plan, its weeks alone."""
    plan = frames["plan"]
    if plan.empty and frames["moments"].empty:
        return message("todo", t("editorial.todo.no_plan"))
    empty = [message("todo", t("editorial.todo.no_plan"))] if plan.empty else []
    spans = _spans(frames["start"], frames["end"])
    return together([*empty, *(_month(frames, span) for span in spans)])


def printable(frames: Frames, month: date) -> Sheet:
    """The whole month of a day, on a page of its own."""
    first = month.replace(day=1)
    return _month(frames, (first, first, _last(first)))


def _spans(start: date, end: date) -> list[Span]:
    """The months of a plan, and of each the days to show; a piece of a week goes with the month beside it."""
    found = []
    month = start.replace(day=1)
    while month <= end:
        found.append((month, max(start, month), min(end, _last(month))))
        month = _last(month) + ONE
    if len(found) > 1 and _monday(found[0][1]) == _monday(found[1][1]):
        found[:2] = [(found[1][0], start, found[1][2])]
    if len(found) > 1 and _monday(end) == _monday(found[-2][2]):
        found[-2:] = [(*found[-2][:2], end)]
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _last(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE


def _month(frames: Frames, span: Span) -> Sheet:
    """The weeks of a month that have days to show."""
    month, first, last = span
    slots, caught = _by_day(frames["plan"]), set(frames["plan"]["moment"])
    moments = [
        row | {"looks": _looks(row, caught)} for row in map(dict, rows(frames["moments"])) if shown(row)
    ]
    weeks = []
    for monday in pd.date_range(_monday(first), last, freq="7D"):
        days = [(monday + pd.Timedelta(days=n)).date() for n in range(7)]
        weeks.append((days, _lanes(moments, [day for day in days if _in(day, span)])))
    heads = joined(Markup('<th scope="col">{}</th>').format(capital(t(f"chart.day_{n}"))) for n in range(7))
    body = joined(_week(frames, span, week, slots) for week in weeks)
    return made(
        '<div class="cm-month{}"><table class="cm-wall"><caption>{}</caption>\n'
        '<thead><tr><th scope="col" class="cm-week"><abbr title="{}">{}</abbr></th>{}</tr></thead>\n'
        "<tbody>\n{}\n</tbody></table>\n{}</div>",
        _close(weeks, slots), capital(i18n.month(month)), t("editorial.week"), t("editorial.week_short"),
        heads, body, _legend(frames, {row["looks"] for row in moments}),
    )  # fmt: skip


def _close(weeks: Iterable[Week], slots: Mapping[date, list[Row]]) -> str:
    """How close cards stand on paper, so that a month is one page: the first look with which it is."""
    high = [
        (max(len(slots.get(day, ())) for day in days), max(_lines(lanes, day) for day in days))
        for days, lanes in weeks
    ]
    fitting = (
        looks for looks, card in CARDS.items()
        if sum(max(LEAST, HEAD + BAND * bands + card * posts) for posts, bands in high) <= ROOM
    )  # fmt: skip
    return next(fitting, list(CARDS)[-1])


def _lines(lanes: Iterable[Row], day: date) -> int:
    """How many lines the moments of a day take on paper, about."""
    return sum(1 + len(str(row["name"])) // LETTERS for row in lanes if _holds(row, day))


def _by_day(plan: pd.DataFrame) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = {}
    for row in rows(plan.sort_values(["when", "network", "slot_id"], kind="stable")):
        found.setdefault(row["when"].date(), []).append(row)
    return found


def _week(frames: Frames, span: Span, week: Week, slots: Mapping[date, list[Row]]) -> Markup:
    days, lanes = week
    cells = joined(_day(frames, day, span, slots.get(day, []), lanes) for day in days)
    return Markup('<tr><th scope="row" class="cm-week"><span>{} </span>{}</th>{}</tr>').format(
        t("editorial.week_short"), days[0].isocalendar().week, cells
    )


def _in(day: date, span: Span) -> bool:
    """Does a day stand in this month: is it of the month, or a piece of a week that goes with it?"""
    return (day.year, day.month) == (span[0].year, span[0].month) or span[1] <= day <= span[2]


def _day(frames: Frames, day: date, span: Span, slots: Sequence[Row], lanes: Sequence[Row]) -> Markup:
    """A day: its number, the bands of its moments, why nothing is published, and its posts."""
    if not _in(day, span):
        return Markup('<td class="cm-none"></td>')
    shut = [row for row in rows(frames["blackouts"]) if _holds(row, day)]
    bands = list(_bands(lanes, day))
    now = day == frames["today"]
    idle = not slots and not now and not shut and not any("cm-front" in band for band in bands)
    outside = not span[1] <= day <= span[2]
    fully = any(not _only(row) for row in shut)
    looks = {"cm-out": outside, "cm-current": now, "cm-hatched": fully, "cm-idle": idle}
    cards = joined(_card(row, frames["checks"]) for row in slots)
    parts = [
        _head(day, span, now),
        *([Markup('<ul class="cm-bands">{}</ul>').format(Markup("").join(bands))] if bands else []),
        *(_shut(row) for row in shut),
        *([Markup('<ul class="cm-slots">\n{}\n</ul>').format(cards)] if slots else []),
    ]
    names = " ".join(name for name, so in looks.items() if so)
    return Markup('<td class="{}">{}</td>').format(names, Markup("").join(parts))


def _head(day: date, span: Span, now: bool) -> Markup:
    """The number of a day; where days stand in a list, all of it."""
    whole = f"{capital(t(f'chart.day_{day.weekday()}'))} {short(day)}"
    number = str(day.day) if day.month == span[0].month else short(day)
    mark = Markup(' <em class="cm-now">{}</em>').format(t("editorial.today")) if now else ""
    return Markup('<p class="cm-date"><b>{}</b><span>{}</span>{}</p>').format(number, whole, mark)


def short(day: date) -> str:
    """``30 Nov``, ``1er déc.``: a day without its year."""
    plain = date(day.year, day.month, day.day)  # of an instant, without its hour
    return i18n.day(plain).removesuffix(str(day.year)).strip()


# ── Moments ─────────────────────────────────────────────────────────────────────────────────────────────────


def shown(moment: Row) -> bool:
    """Does a moment stand in the month: worth something, a holiday, the brand's own, or days to be minded?"""
    own = str(moment["moment"]).startswith(OWN)
    minded = _sensitive(moment) and moment["last"] - moment["first"] < WEEK  # months of a cause say nothing
    return own or moment["value"] > 0 or moment["category"] == "public holiday" or minded


def _sensitive(moment: Row) -> bool:
    return bool(moment.get("sensitive")) or moment.get("reason") == "sensitive"


def _lanes(moments: Iterable[Row], days: Sequence[date]) -> list[Row]:
    """The moments of these days of a week, each with the line on which its band runs: the longest first."""
    here = [row for row in moments if any(_holds(row, day) for day in days)]
    here.sort(key=lambda row: (row["first"] - row["last"], row["first"], str(row["moment"])))
    taken: list[set[date]] = []
    found: list[Row] = []
    for row in here:
        mine = {day for day in days if _holds(row, day)}
        lane = next((n for n, others in enumerate(taken) if not others & mine), len(taken))
        taken += [set()] * (lane == len(taken))
        taken[lane] = taken[lane] | mine
        found.append({**row, "lane": lane, "begins": min(mine)})
    return found


def _bands(lanes: Iterable[Row], day: date) -> Iterator[Markup]:
    """The bands of a day, one below the other; where one runs on below a line without any, a gap."""
    mine = {row["lane"]: row for row in lanes if _holds(row, day)}
    for lane in range(max(mine, default=-1) + 1):
        if lane in mine:
            yield _band(mine[lane], day)
        else:
            yield Markup('<li class="cm-band cm-gap" aria-hidden="true"></li>')


def _band(row: Row, day: date) -> Markup:
    """A moment on one of its days: named on the first of a week, running on afterwards."""
    looks, name, starts = row["looks"], str(row["name"]), row["begins"] == day
    glyph = Markup('<span aria-hidden="true">{} </span>').format(BANDS[looks]) if BANDS[looks] else ""
    inside = (
        Markup('{}<bdi>{}</bdi><span class="cm-unseen">{}</span>').format(glyph, name, _band_said(looks))
        if starts else Markup('<span class="cm-unseen">{}</span>').format(name)
    )  # fmt: skip
    sides = {
        "cm-front": starts, "cm-tail": row["last"].date() == day, "cm-long": row["first"] != row["last"],
    }  # fmt: skip
    names = " ".join([f"cm-{looks}", *(side for side, so in sides.items() if so)])
    return Markup('<li class="cm-band {}" title="{}">{}</li>').format(names, name, inside)


def _band_said(looks: str) -> str:
    return f" ({t(f'editorial.band.{looks}')})" if BANDS[looks] else ""


def _looks(moment: Row, caught: Collection[str]) -> str:
    """Caught by a post of the plan, open, to be minded, or plainly a holiday."""
    if _sensitive(moment):
        return "mindful"
    if moment["moment"] in caught:
        return "caught"
    return "open" if moment["value"] > 0 else "plain"


def _holds(row: Row, day: date) -> bool:
    first, last = (pd.Timestamp(row[end]).date() for end in ("first", "last"))
    return first <= day <= last


def _shut(row: Row) -> Markup:
    """Why nothing is published, where that is for some networks alone on these."""
    networks = i18n.join(word("network.{}", network) for network in _only(row))
    said = t("editorial.shut_on", name=row["name"], networks=networks) if networks else t(
        "editorial.shut", name=row["name"])  # fmt: skip
    return Markup('<p class="cm-shutting">{}</p>').format(said)


def _only(row: Row) -> Sequence[str]:
    """The networks that are meant; none: all of them."""
    return tuple(row.get("networks") or ())


# ── Posts ───────────────────────────────────────────────────────────────────────────────────────────────────


def _card(row: Row, checks: pd.DataFrame) -> Markup:
    """A post: its hour and status, its network, what it says, what it is made as, what is wrong with it."""
    name, network = str(row["network"]), word("network.{}", row["network"])
    wrong = int(((checks["slot_id"] == row["slot_id"]) & (checks["level"] == "must")).sum())
    alarm = Markup('<span class="cm-alarm"><span aria-hidden="true">!</span> <span>{}</span></span>').format(
        t("editorial.broken", n=wrong)
    ) if wrong else ""  # fmt: skip
    pin = Markup(' <span class="cm-pinned">{}</span>').format(t("editorial.fixed")) if row["fixed"] else ""
    return Markup(
        '<li class="cm-slot cm-on-{}"><p class="cm-at"><b>{}</b> {}</p>\n'
        '<p class="cm-net"><span class="cm-badge" aria-hidden="true">{}</span> <span>{}</span></p>\n'
        '<p class="cm-what">{}</p>\n<p class="cm-made">{}{}</p>{}</li>'
    ).format(
        name if name in BADGES else "other", clock(row["when"]), state(row["status"]),
        BADGES.get(name, network[:2]), network, what(row), piece(row), pin, alarm,
    )  # fmt: skip


def clock(when: pd.Timestamp) -> str:
    """``18:30`` or ``18 h 30``."""
    return t("editorial.clock", hour=f"{when.hour:02}", minute=f"{when.minute:02}")


def state(status: Any) -> Markup:
    """A status as a mark and its word."""
    return Markup(
        '<span class="cm-stage"><span class="cm-glyph" aria-hidden="true">{}</span> <span>{}</span></span>'
    ).format(STATUSES.get(str(status), "○"), word("editorial.status.{}", status))


def what(row: Row) -> Markup:
    """What a post is about: its title, else its pillar."""
    said = next((str(row[name]) for name in ("title", "pillar") if not blank(row[name])), "")
    return Markup("<bdi>{}</bdi>").format(said) if said else Markup("")


def piece(row: Row) -> Markup:
    """What it is made as: the piece as the brand calls it, in our words where it is a kind."""
    said = next((str(row[name]) for name in ("piece", "kind") if not blank(row[name])), "")
    return Markup("<bdi>{}</bdi>").format(made_as(said))


def _legend(frames: Frames, looks: Collection[str]) -> Markup:
    """What the marks mean: those that are there."""
    there = set(frames["plan"]["status"])
    parts = [Markup("<li>{}</li>").format(state(status)) for status in plans.STATUSES if status in there]
    parts += [
        Markup('<li class="cm-band cm-{}">{} {}</li>').format(name, glyph, t(f"editorial.band.{name}"))
        for name, glyph in BANDS.items() if name in looks
    ]  # fmt: skip
    if len(frames["blackouts"]):
        hatched = Markup('<li class="cm-band cm-hatched"><span>{}</span></li>')
        parts.append(hatched.format(t("editorial.nothing_published")))
    return Markup('<ul class="cm-legend">\n{}\n</ul>').format(joined(parts))
