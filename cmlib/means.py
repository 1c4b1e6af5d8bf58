"""With what a brand works: its team, what one piece asks for, its rhythm, and its own days.

Each class is a part of brand.toml; ``read`` checks all of them. What is left out stands for no limit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import partial
from math import inf
from typing import Any

from cmlib import schema, tomlcheck
from cmlib.errors import CmlibError
from cmlib.tomlcheck import Lines, amount, day, text, typed, whole, words, wrong

AGAIN = 0.2  # of its hours, to adapt a piece for a further network, where nobody says how many
WORTH = 2.0  # of a brand's own moment, in average posts
MOMENTS = ("launch", "event", "contest", "sale")  # the kinds of a brand's own
ANSWERS = (*schema.QUESTIONS, "none")  # what a question of a survey can be


@dataclass(frozen=True)
class Piece:
    """What one piece asks for: hours of work, and money in the brand's currency; and of which kind it is.

    ``again``: the hours that it takes to adapt one for a further network; None: a fifth of ``hours``.
    """

    hours: float
    cost: float = 0.0
    kind: str = ""  # of KINDS, wherever a brand has it
    again: float | None = None

    @property
    def adapted(self) -> float:
        """The hours for one that is made already, on a further network."""
        return AGAIN * self.hours if self.again is None else self.again


@dataclass(frozen=True)
class Member:
    """Somebody of the team. ``makes``: names of pieces, or kinds; () is all. No hours: no limit."""

    name: str
    hours_per_week: float | None = None
    days: tuple[int, ...] = (0, 1, 2, 3, 4)  # 0 is Monday
    off: tuple[tuple[date, date], ...] = ()  # first and last day, both included
    makes: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class Lead:
    """How many working days (Monday to Friday) each step takes, before a piece is published."""

    brief: int = 0
    draft: int = 0
    review: int = 0
    approval: int = 0

    @property
    def before(self) -> int:
        """From the idea to publication."""
        return self.brief + self.draft + self.after_draft

    @property
    def after_draft(self) -> int:
        """From the day on which the draft is due."""
        return self.review + self.approval


@dataclass(frozen=True)
class Spacing:
    """How far apart posts stand. ``per_day_all``: on all accounts together; None: no limit."""

    hours: float = 12.0  # between two of one account
    per_day: int = 1  # of one account; stories do not count
    per_day_all: int | None = None


@dataclass(frozen=True)
class Moment:
    """A launch, an event, a contest or a sale of the brand. ``value``: in average posts; no network: all."""

    name: str
    kind: str
    first: date
    last: date
    value: float = WORTH
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blackout:
    """Days on which nothing is published; on these networks, or on all."""

    name: str
    first: date
    last: date
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Desk:
    """How the brand answers those who write to it.

    ``voices``: the names under which its people write, beside its accounts'. ``hours``: when somebody is
    there, as (weekday, from, to), 0 is Monday; none: always. ``goal_hours``: of these, until an answer.
    """

    keep_texts: bool = False  # of messages and answers, in the lake
    voices: tuple[str, ...] = ()
    hours: tuple[tuple[int, time, time], ...] = ()
    goal_hours: float | None = None


def together(team: tuple[Member, ...], said: float | None) -> float | None:
    """The hours of all in a week, where each says theirs; else what is ``said`` of them together."""
    hours = [member.hours_per_week for member in team if member.hours_per_week is not None]
    return sum(hours) if team and len(hours) == len(team) else said


def kinded(pieces: Mapping[str, Piece]) -> dict[str, Piece]:
    """The same pieces, and each says its kind: that of its name, where nothing else is said."""
    return {
        name: replace(piece, kind=name if name in schema.KINDS else piece.kind or _kind(name))
        for name, piece in pieces.items()
    }


def made(pieces: Mapping[str, Piece]) -> dict[str, Piece]:
    """What does one of each kind ask for? The piece called like the kind; else the one of fewest hours."""
    found: dict[str, tuple[str, Piece]] = {}
    for name, piece in pieces.items():
        there = found.get(piece.kind)
        if there is None or _rank(name, piece) < _rank(*there):
            found[piece.kind] = name, piece
    return {kind: piece for kind, (_, piece) in found.items()}


def _rank(name: str, piece: Piece) -> tuple[bool, float, float, str]:
    return name != piece.kind, piece.hours, piece.cost, name


def _kind(name: str) -> str:
    return name if name in schema.KINDS else schema.PIECES.get(name, "")


def written(name: str, piece: Piece) -> float | dict[str, Any]:
    """A piece as brand.toml says it: its hours, or a table where there is more to say."""
    kind = "" if piece.kind == _kind(name) else piece.kind
    more = {"cost": piece.cost or None, "kind": kind or None, "again": piece.again}
    more = {key: value for key, value in more.items() if value is not None}
    return {"hours": piece.hours, **more} if more else piece.hours


def read(said: Mapping[str, Any], lines: Lines) -> dict[str, Any]:
    """What brand.toml says of the brand's means, by the names of Brand's fields."""
    pieces = {name: _piece(name, value, lines) for name, value in said.get("pieces", {}).items()}
    pillars, shares = _pillars(said.get("pillars", ()), lines)
    spacing = {"hours": amount, "per_day": whole(1, "count"), "per_day_all": whole(1, "count")}
    caught = said.get("catch", {}).items()
    whole_days = dict.fromkeys(("brief", "draft", "review", "approval"), whole(0, "days"))
    return {
        "pieces": pieces,
        "pillars": pillars,
        "shares": shares,
        "holidays": tuple(dict.fromkeys(_place(one, lines) for one in said.get("holidays", ()))),
        "quiet": tuple(_hours(one, lines) for one in said.get("quiet", ())),
        "team": _team(said.get("team", ()), pieces, lines),
        "lead": Lead(**_section("lead", said, whole_days, lines)),
        "spacing": Spacing(**_section("spacing", said, spacing, lines)),
        "cadence": _bounds("cadence", "network", schema.NETWORKS, said, lines),
        "mix": _shared("mix", _bounds("mix", "kind", (*schema.KINDS, *pieces), said, lines, most=1.0), lines),
        "catch": {key: amount(key, worth, lines.of(key, "catch")) for key, worth in caught},
        "moments": tuple(Moment(**one) for one in _days("moments", said, lines, _MOMENT)),
        "blackouts": tuple(Blackout(**one) for one in _days("blackouts", said, lines, {})),
        "messages": Desk(**_section("messages", said, _DESK, lines)),
        "surveys": {key: _word("question", ANSWERS)(key, value, lines.of(key, "surveys"))
                    for key, value in said.get("surveys", {}).items()},
    }  # fmt: skip


def _section(
    name: str, said: Mapping[str, Any], readers: Mapping[str, tomlcheck.Reader], lines: Lines
) -> dict[str, Any]:
    return tomlcheck.table(said.get(name, {}), readers, (), lambda key: lines.of(key, name))


# ── Pieces and pillars ──────────────────────────────────────────────────────────────────────────────────────


def _piece(name: str, said: Any, lines: Lines) -> Piece:
    where = lines.of(name, "pieces")
    told = {"hours": said} if not isinstance(said, dict) else said
    if "kind" not in told:
        tomlcheck.one_of("kind", name, (*schema.KINDS, *schema.PIECES), where)
    readers = {
        "hours": lambda key, value, where: amount(name if told is not said else key, value, where),
        "cost": amount, "kind": _word("kind", schema.KINDS), "again": amount,
    }  # fmt: skip
    made = tomlcheck.table(told, readers, ("hours",), lambda _: where)
    if name in schema.KINDS and made.get("kind", name) != name:  # an image that is a video helps nobody
        raise wrong("kind", made["kind"], "own_kind", where)
    return Piece(**{"kind": _kind(name), **made})


def _word(what: str, known: tuple[str, ...]) -> tomlcheck.Reader:
    def read(key: str, value: Any, where: str) -> str:
        typed(key, value, str, where)
        tomlcheck.one_of(what, value, known, where)
        return str(value)

    return read


def _pillars(said: Any, lines: Lines) -> tuple[tuple[str, ...], dict[str, float]]:
    if not isinstance(said, dict):
        return tuple(text("pillars", pillar, lines.of("pillars")) for pillar in said), {}
    shares = {name: amount(name, share, lines.of(name, "pillars")) for name, share in said.items()}
    _at_most_all("pillars", sum(shares.values()), lines)
    return tuple(shares), shares


def _at_most_all(section: str, total: float, lines: Lines) -> None:
    if total > 1 + 1e-9:
        raise CmlibError("shares_over", where=lines.of(section), key=section, total=f"{total:g}")


# ── Rhythm ──────────────────────────────────────────────────────────────────────────────────────────────────


def _bounds(
    section: str, what: str, known: tuple[str, ...], said: Mapping[str, Any], lines: Lines, most: float = inf
) -> dict[str, tuple[float, float]]:
    """Name → least and most; a number alone is both."""
    made = {}
    for name, value in said.get(section, {}).items():
        where = lines.of(name, section)
        tomlcheck.one_of(what, name, known, where)
        told = value if isinstance(value, dict) else {"min": value, "max": value}
        ends = {"min": amount, "max": amount}
        found = {"min": 0.0, "max": most} | tomlcheck.table(told, ends, (), partial(_same, where))
        if not found["min"] <= found["max"] <= most:
            raise wrong(name, value, "bounds" if most == inf else "share_bounds", where)
        made[name] = found["min"], found["max"]
    return made


def _same(where: str, _: str) -> str:
    return where


def _shared(
    section: str, found: dict[str, tuple[float, float]], lines: Lines
) -> dict[str, tuple[float, float]]:
    _at_most_all(section, sum(low for low, _ in found.values()), lines)
    return found


_SPAN = r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]\d|2[0-3]):([0-5]\d)"


def _hours(said: Any, lines: Lines) -> tuple[time, time]:
    where = lines.of("quiet")
    typed("quiet", said, str, where)
    ends = re.fullmatch(_SPAN, said.strip())
    if not ends or ends[1] + ends[2] == ends[3] + ends[4]:
        raise wrong("quiet", said, "hours", where)
    return time(int(ends[1]), int(ends[2])), time(int(ends[3]), int(ends[4]))


def _place(said: Any, lines: Lines) -> str:
    """A country or a part of one, by its shape: which there are is for ``moments`` to say."""
    where = lines.of("holidays")
    if not re.fullmatch(r"[A-Z]{2}(-[A-Za-z0-9 ]{1,20})?", text("holidays", said, where)):
        raise wrong("holidays", said, "place", where)
    return str(said)


# ── Team and days ───────────────────────────────────────────────────────────────────────────────────────────


def _team(said: Any, pieces: Mapping[str, Piece], lines: Lines) -> tuple[Member, ...]:
    names = (*pieces, *(piece.kind for piece in pieces.values())) or (*schema.KINDS, *schema.PIECES)
    readers = {
        "name": text, "hours_per_week": amount, "days": _weekdays, "off": _off,
        "makes": words("piece", tuple(dict.fromkeys(names))), "email": _email,
    }  # fmt: skip
    made: list[Member] = []
    for nth, entry in enumerate(said):
        typed("team", entry, dict, lines.of("team"), "blocks")
        one = Member(**tomlcheck.table(entry, readers, ("name",), lines.block("team", nth)))
        if tomlcheck.folded(one.name) in [tomlcheck.folded(other.name) for other in made]:
            raise CmlibError("same_member", name=one.name, where=lines.of("name", "team", nth))
        made.append(one)
    return tuple(made)


def _weekdays(key: str, value: Any, where: str) -> tuple[int, ...]:
    said = words("weekday", schema.WEEKDAYS)(key, value, where)
    return tuple(sorted(schema.WEEKDAYS.index(one) for one in said))


def _off(key: str, value: Any, where: str) -> tuple[tuple[date, date], ...]:
    """``["2026-12-24/2027-01-02", "2026-11-30"]``; a day without quotes is understood, too."""
    typed(key, value, list, where)
    return tuple(_span(key, one, where) for one in value)


def _span(key: str, said: Any, where: str) -> tuple[date, date]:
    first, _, last = str(said).partition("/")
    try:
        found = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise wrong(key, str(said), "off", where) from None
    if found[1] < found[0]:
        raise wrong(key, str(said), "off", where)
    return found


def _email(key: str, value: Any, where: str) -> str:
    typed(key, value, str, where)
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise wrong(key, value, "email", where)
    return str(value)


_MOMENT: dict[str, tomlcheck.Reader] = {"kind": _word("occasion", MOMENTS), "value": amount}


def _days(
    section: str, said: Mapping[str, Any], lines: Lines, more: Mapping[str, tomlcheck.Reader]
) -> list[dict[str, Any]]:
    """The blocks of a section, each with a name and its days."""
    readers = {"name": text, "first": day, "last": day, "networks": words("network", schema.NETWORKS), **more}
    made = []
    for nth, entry in enumerate(said.get(section, ())):
        typed(section, entry, dict, lines.of(section), "blocks")
        needed = ("name", "kind", "first") if "kind" in more else ("name", "first")
        one = tomlcheck.table(entry, readers, needed, lines.block(section, nth))
        one = {"last": one["first"], **one}
        if one["last"] < one["first"]:
            raise wrong("last", str(one["last"]), "last", lines.of("last", section, nth))
        made.append(one)
    return made


# ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────


def _yes(key: str, value: Any, where: str) -> bool:
    typed(key, value, bool, where)
    return bool(value)


def _open(key: str, value: Any, where: str) -> tuple[tuple[int, time, time], ...]:
    """``["mon-fri 09:00-18:00", "sat 10:00-16:00"]``."""
    typed(key, value, list, where)
    found: list[tuple[int, time, time]] = []
    for said in value:
        typed(key, said, str, where)
        days, _, hours = said.strip().casefold().partition(" ")
        first, _, last = days.partition("-")
        ends = re.fullmatch(_SPAN, hours.strip())
        names = schema.WEEKDAYS
        if (
            first not in names
            or (last or first) not in names
            or not ends
            or hours[:5] >= ends[3] + ":" + ends[4]
        ):
            raise wrong(key, said, "open", where)
        begun, ended = time(int(ends[1]), int(ends[2])), time(int(ends[3]), int(ends[4]))
        span = range(names.index(first), names.index(last or first) + 1)
        if not span:
            raise wrong(key, said, "open", where)
        found += [(weekday, begun, ended) for weekday in span]
    return tuple(sorted(set(found)))


_DESK: dict[str, tomlcheck.Reader] = {
    "keep_texts": _yes, "voices": words("name"), "hours": _open, "goal_hours": amount,
}  # fmt: skip
