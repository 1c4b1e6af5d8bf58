"""What profiles show, noted by hand: a rival's followers, and what was published since the last note.

A note becomes an export of cmlib's own CSV, kept in the brand's inbox and imported like any other: it has a
digest, and can be forgotten. Only what was typed is written; what was not seen is missing, which is not zero.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from cmlib import brand as brands
from cmlib import importers, schema, start, store
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.importers.checks import EARLIEST

FIGURES = ("followers", "posts", "reactions", "comments", "shares")
COUNTED = FIGURES[1:]  # from a day on; followers are of the day
MOST = 10**12  # a number that is no slip of the finger

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " ") | {"\u2212": "-"})
_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}( [0-9]{3}){1,4}|[0-9]{1,3}(,[0-9]{3}){1,4}")
_SHORT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))? ?(k|m|md|b)")
_TIMES = {"k": 3, "m": 6, "md": 9, "b": 9}  # 1,2 Md in French is 1.2B in English
_FORMULA = re.compile(r"\s*[=+\-@]")


@dataclass(frozen=True)
class Note:
    """What an account's profile showed on a day. ``since``: from which day on posts and the like count."""

    account: Account
    day: date
    since: date
    figures: Mapping[str, int]


@dataclass(frozen=True)
class Seen:
    """The last that is known of a figure: of the day ``until``, or added up from ``since`` to it."""

    value: float
    until: date
    since: date | None = None


@dataclass(frozen=True)
class Kept:
    """Notes that were kept: the file in the inbox, and the digest by which the lake knows it."""

    brand: Brand
    notes: tuple[Note, ...]
    path: Path
    digest: str


# What is said


def called(account: Account) -> str:
    """How people call an account where several networks are spoken of: ``Tea House (Instagram)``."""
    return f"{account.label} ({t(f'network.{account.network}')})"


def accounts(who: Brand) -> list[Account]:
    """Whose profiles can be looked at? The rivals' accounts, then the brand's own; a site has no profile."""
    return sorted((a for a in who.accounts if a.network != "web"), key=lambda a: not a.rival)


def rivals(who: Brand, network: str = "") -> list[Account]:
    """Which rivals' accounts are there to be noted? Raises CmlibError where brand.toml names none there."""
    found = [a for a in accounts(who) if a.rival]
    where = str(brands.folder(who.slug) / "brand.toml")
    if not found:
        raise CmlibError("no_rival", file=where)
    on = dict.fromkeys(a.network for a in found)
    if network and network not in on:
        raise unknown("network", network, on, where)
    return [a for a in found if network in ("", a.network)]


def account(who: Brand, name: str, network: str = "") -> Account:
    """Which account is meant, by its handle or its name?

    Raises CmlibError for one that brand.toml does not name, with the nearest, and for a name that stands on
    several networks where none is said.
    """
    if network and network not in schema.NETWORKS:
        raise unknown("network", network, schema.NETWORKS, "--network")
    known = accounts(who)
    on = [network] if network else list(dict.fromkeys(a.network for a in known))
    found = [a for one in on if (a := who.account(one, name)) and a in known]
    if len(found) > 1:
        raise CmlibError("note_which", name=repr(name), networks=[a.network for a in found])
    if not found:
        here = [a for a in known if a.network in on] or known
        names = dict.fromkeys(one for a in here for one in (a.label, a.handle))
        raise unknown("account", name, names, str(brands.folder(who.slug) / "brand.toml"))
    return found[0]


def pairs(said: Iterable[str]) -> dict[str, str]:
    """``followers=21400`` of each; a figure may be called as it is in the language spoken."""
    names = {t(f"figure.{figure}").casefold(): figure for figure in FIGURES} | {f: f for f in FIGURES}
    found: dict[str, str] = {}
    for one in said:
        name, equals, value = (part.strip() for part in one.partition("="))
        if not equals:
            raise CmlibError("note_pair", said=repr(one))
        figure = names.get(name.casefold())
        if not figure:
            raise unknown("figure", name, FIGURES)
        if figure in found:
            raise CmlibError("note_twice", figure=t(f"figure.{figure}"))
        found[figure] = value
    return found


def count(said: str, of: Account, figure: str) -> int:
    """How many are meant? ``21 400``, ``21,400``, ``21.4k`` and ``1,2 M``, as profiles write it, or 21400.

    What the network has rounded is taken as it shows it: 21.4k is 21400.
    """
    plain = " ".join(said.translate(_SPACES).split()).casefold()
    short = _SHORT.fullmatch(plain)
    value = MOST + 1
    if short:
        digits = _TIMES[short[3]]
        value = int(short[1]) * 10**digits + int((short[2] or "").ljust(digits, "0"))
    elif _WHOLE.fullmatch(plain):
        value = int(re.sub("[ ,]", "", plain))
    if value > MOST:
        where = f"{called(of)}, {t(f'figure.{figure}')}"
        raise CmlibError("note_count", where=where, value=repr(said[:40]))
    return value


def note(
    who: Brand,
    tables: Mapping[str, pd.DataFrame],
    of: Account,
    said: Mapping[str, str],
    day: str = "",
    since: str = "",
) -> Note:
    """What was seen of an account, checked. ``said``: figure → as it was typed; ``tables``: the lake's.

    ``day`` and ``since`` as for ``span``. Raises CmlibError for what is no count, and where no figure is.
    """
    first, last = span(who, tables, of, day, since)
    figures = {f: count(said[f], of, f) for f in FIGURES if said.get(f, "").strip()}
    if not figures:
        raise CmlibError("note_nothing", account=called(of), figures=FIGURES)
    return Note(of, last, first, figures)


def span(
    who: Brand, tables: Mapping[str, pd.DataFrame], of: Account, day: str = "", since: str = ""
) -> tuple[date, date]:
    """From which day on do posts count, and on which day are they looked at? Empty: ``following``, today.

    Raises CmlibError for what is no day, a day to come, and a ``since`` after the day.
    """
    today = pd.Timestamp.now(who.zone).date()
    last = _day(day, of) if day.strip() else today
    if last > today:
        raise CmlibError("note_to_come", account=called(of), value=day.strip(), today=today)
    first = _day(since, of) if since.strip() else following(tables, of, last)
    if first > last:
        raise CmlibError("note_reversed", account=called(of), since=first, day=last)
    return first, last


def _day(said: str, of: Account) -> date:
    try:
        found = date.fromisoformat(said.strip() if re.fullmatch(r"\s*[0-9-]{10}\s*", said) else "")
    except ValueError:
        raise CmlibError("note_day", account=called(of), value=repr(said[:40])) from None
    if found < EARLIEST.date():
        raise CmlibError("note_too_early", account=called(of), day=found)
    return found


# What is known


def following(tables: Mapping[str, pd.DataFrame], of: Account, day: date) -> date:
    """From which day on is what was published not counted yet?

    The day after the newest earlier total; without any, the first of the month. A total that ends on the very
    day is completed or corrected: it begins where it began.
    """
    rows = _of(tables["totals"], of, COUNTED)
    rows = rows[rows["until"] <= pd.Timestamp(day)].sort_values(["until", "observed_at"], kind="stable")
    if rows.empty:
        return day.replace(day=1)
    newest = rows.iloc[-1]
    until: date = newest["until"].date()
    begun: date = newest["since"].date()
    return begun if until == day else until + timedelta(days=1)


def known(tables: Mapping[str, pd.DataFrame], of: Account) -> dict[str, Seen]:
    """What was last known of each figure of an account? A figure of which nothing is known is not there."""
    days = _of(tables["days"], of, ("followers",)).rename(columns={"date": "until"})
    found: dict[str, Seen] = {}
    for rows in (days, _of(tables["totals"], of, COUNTED)):
        for row in rows.sort_values(["until", "observed_at"], kind="stable").to_dict("records"):
            since = row["since"].date() if "since" in row else None
            found[str(row["figure"])] = Seen(float(row["value"]), row["until"].date(), since)
    return found


def _of(rows: pd.DataFrame, of: Account, figures: Sequence[str]) -> pd.DataFrame:
    mine = (rows["network"] == of.network) & (rows["account"] == of.handle) & rows["figure"].isin(figures)
    found: pd.DataFrame = rows[mine]
    return found


# What is kept


def listed(notes: Iterable[Note]) -> pd.DataFrame:
    """What do notes say, a row for each figure? network, account, label, metric, value, first, last (days).

    Only figures that are added up have a first day.
    """
    columns = ["network", "account", "label", "metric", "value", "first", "last"]
    table = pd.DataFrame(_rows(notes), columns=columns)
    return table.assign(first=pd.to_datetime(table["first"]), last=pd.to_datetime(table["last"]))


def _rows(notes: Iterable[Note]) -> list[tuple[str, str, str, str, int, date | None, date]]:
    """A row per figure: network, handle, label, figure, value, first (if it is added up) and last day."""
    return [
        (note.account.network, note.account.handle, note.account.label, figure, value,
         note.since if figure in COUNTED else None, note.day)
        for note in notes for figure, value in note.figures.items()
    ]  # fmt: skip


def keep(who: Brand, notes: Sequence[Note]) -> Kept:
    """Keep notes as one file in the brand's inbox, and import it.

    Raises CmlibError, and keeps nothing, where it cannot be written or does not say, read again, what was
    typed.
    """
    now = pd.Timestamp.now("UTC")
    content = _export(notes, now)
    name = f"noted_{max(note.day for note in notes)}.csv"
    inbox = brands.folder(who.slug) / "inbox"
    try:
        path = start.keep(inbox, name, content)
    except OSError as problem:
        raise CmlibError("unwritable", file=str(inbox), problem=str(problem.strerror)) from None
    kept = Kept(who, tuple(notes), path, hashlib.sha256(content).hexdigest())
    # Seen at this very moment: of one day, the later note counts.
    (taken,) = start.intake(importers.walk(path), who.slug, observed=now)
    if taken.reading is None or _said(taken.reading) != _meant(notes):
        undo(kept)
        raise CmlibError("note_not_kept", accounts=[called(note.account) for note in notes])
    return kept


def undo(kept: Kept) -> None:
    """Take back what was kept: out of the lake, and its file out of the inbox unless it has changed."""
    if kept.digest in store.digests(kept.brand.slug):
        store.forget(kept.brand.slug, kept.digest)
    if kept.path.is_file() and hashlib.sha256(kept.path.read_bytes()).hexdigest() == kept.digest:
        kept.path.unlink()


def _export(notes: Iterable[Note], now: pd.Timestamp) -> bytes:
    """The notes as cmlib's own CSV."""
    table = listed(notes)
    counted, first, last = (
        table["first"].notna(), table["first"].dt.strftime("%Y-%m-%d"), table["last"].dt.strftime("%Y-%m-%d"),
    )  # fmt: skip
    columns = {
        "table": counted.map({True: "totals", False: "days"}),
        "network": table["network"],
        "account": table["account"].map(_defused),
        "date": last.mask(counted, ""),
        "since": first,
        "until": last.where(counted, ""),
        "figure": table["metric"],
        "value": table["value"],
        "observed_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }
    return pd.DataFrame(columns).to_csv(index=False, lineterminator="\n").encode()


def _defused(cell: str) -> str:
    """A spreadsheet takes a cell that begins with = for a formula; a space that never breaks is read away."""
    return f"\u00a0{cell}" if _FORMULA.match(cell) else cell


def _meant(notes: Iterable[Note]) -> set[tuple[object, ...]]:
    """What was typed: network, account, figure, value, first and last day."""
    return {(network, handle, *told) for network, handle, _, *told in _rows(notes)}


def _said(reading: importers.Reading) -> set[tuple[object, ...]]:
    """What was read, in the same words."""
    found: set[tuple[object, ...]] = set()
    for name, table in reading.tables.items():
        first, last = {"days": (None, "date"), "totals": ("since", "until")}[name]
        for row in table.to_dict("records"):
            since = row[first].date() if first else None
            found.add((row["network"], row["account"], row["figure"], row["value"], since, row[last].date()))
    return found
