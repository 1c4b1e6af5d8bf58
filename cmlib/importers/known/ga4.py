"""Google Analytics 4: visits of the brand's own site, by day and source; its days, where no source is given.

A file holds one table or several, each below lines that begin with ``#``; of these, ``Property`` names the
site (without the “ - GA4” that Google adds). A table without the dimension Date is a total of its period: it
is passed over where another has one, and a file without any is refused.

The network is told from the source: a domain of the network, or its name as campaigns write it. All else
(search, e-mail, direct, other sites) is ``web``. English headers are from real files; the French ones are
those of the interface, and no file has confirmed them. No file names its currency.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Sheet
from cmlib.importers.layout import Format, Part, column, header, normalised, opening, part, rows
from cmlib.importers.values import Setting, day, number, text

_DATE = column("date", "Date", parse=day("%Y%m%d", "%Y-%m-%d"), must=True)
_VISITS = (
    _DATE,
    column("_source_medium", "Session source / medium", "Source/support de la session",
           "Source / Support de la session", parse=text),
    column("_source", "Session source", "Source de la session", parse=text),
    column("medium", "Session medium", "Support de la session", parse=text),
    column("campaign", "Session campaign", "Campagne de la session", parse=text),
    column("sessions", "Sessions", must=True),
    column("conversions", "Key events", "Conversions", "Événements clés", parse=number),
    column("revenue", "Total revenue", "Revenu total", "Revenus totaux", parse=number),
)  # fmt: skip
_DAYS = (
    _DATE,
    column("users", "Total users", "Active users", "Users", "Nombre total d'utilisateurs",
           "Utilisateurs actifs"),
    column("new_users", "New users", "Nouveaux utilisateurs"),
    column("returning_users", "Returning users", "Utilisateurs connus"),
    column("visits", "Sessions"),
    column("views", "Views", "Vues"),
    column("events", "Event count", "Nombre d'événements"),
)  # fmt: skip
_TOTALS = ("grand total", "total general")
_PROPERTY = ("property", "propriete")

_NETWORKS = {
    "facebook": "facebook.com fb.com fb.me facebook fb",
    "instagram": "instagram.com instagram ig igshopping",
    "x": "t.co twitter.com x.com twitter x",
    "youtube": "youtube.com youtu.be youtube yt",
    "tiktok": "tiktok.com tiktok",
    "linkedin": "linkedin.com lnkd.in linkedin.android linkedin",
    "pinterest": "pinterest.com pinterest.fr pin.it pinterest",
    "twitch": "twitch.tv twitch",
    "snapchat": "snapchat.com snapchat",
    "threads": "threads.net threads.com threads",
    "bluesky": "bsky.app bluesky",
    "mastodon": "mastodon.social mastodon",
    "reddit": "reddit.com reddit.frontpage reddit",
    "viadeo": "viadeo.com viadeo",
    "messenger": "messenger.com m.me messenger",
    "whatsapp": "whatsapp.com wa.me whatsapp",
    "discord": "discord.com discord.gg discord",
    "telegram": "telegram.org t.me telegram.messenger telegram",
}
_BY_NAME = {name: network for network, names in _NETWORKS.items() for name in names.split()}


def network_of(source: str) -> str:
    """Of which network is a session's source? ``web`` where it is none.

    >>> network_of("l.instagram.com"), network_of("fb"), network_of("google"), network_of("netflix.com")
    ('instagram', 'facebook', 'web', 'web')
    """
    whole = source.strip().casefold()
    endings = [whole, *(whole.split(".", n)[-1] for n in range(1, whole.count(".")))]
    return next((_BY_NAME[ending] for ending in endings if ending in _BY_NAME), "web")


def _is_ga4(export: Export, wanted: Format) -> bool:
    """Has the file GA4's opening lines, and below them what this format reads?"""
    if not opening(export)[0].startswith("#"):
        return False
    said = [normalised(row[0]) for row in export.sheets[0].rows[:12] if row and row[0].startswith("#")]
    told = [name.removeprefix("# ").split(":")[0].strip() for name in said]
    ours = bool({"property", "propriete", "report csv export", "start date", "date de debut"} & {*told})
    return ours and (wanted.table == "visits") == any(_sourced(b) for b in _blocks(export.sheets[0]))


def _blocks(sheet: Sheet) -> list[Sheet]:
    """The tables between the lines that begin with ``#`` and empty ones."""
    blocks: list[Sheet] = [Sheet("", [], [])]
    begun: dict[int, str] = {}
    for line, row in zip(sheet.lines, sheet.rows, strict=True):
        if row and any(row) and not row[0].startswith("#"):
            blocks[-1].rows.append(row)
            blocks[-1].lines.append(line)
            continue
        if blocks[-1].rows:
            blocks.append(Sheet("", [], []))
        said = _START.match(normalised(row[0])) if row else None
        if said:
            begun[len(blocks)] = said[1]
    return [_on_days(block, begun.get(n, "")) for n, block in enumerate(blocks, 1) if block.rows]


_START = re.compile(r"# ?(?:start date|date de debut) ?: ?(\d{8})")


def _on_days(block: Sheet, begun: str) -> Sheet:
    """A card's days, counted from 0 on, as dates."""
    head, *below = block.rows
    if normalised(head[0]) not in ("nth day", "nieme jour") or not begun:
        return block
    first = pd.Timestamp(begun)
    dates = [(first + pd.Timedelta(days=int(row[0]))).strftime("%Y%m%d") if _NTH.fullmatch(row[0]) else row[0]
             for row in below]  # fmt: skip
    dated = [["Date", *head[1:]], *([d, *row[1:]] for d, row in zip(dates, below, strict=True))]
    return Sheet("", dated, block.lines)


_NTH = re.compile(r"\d{1,5}")


def _sourced(block: Sheet) -> bool:
    found = header(Sheet("", block.rows[:1], block.lines[:1]), _VISITS)
    return found is not None and not {"_source_medium", "_source"}.isdisjoint(found.cells)


def _property(export: Export) -> str | None:
    for row in export.sheets[0].rows:
        key, _, value = ",".join(row).lstrip("# ").partition(":")
        if normalised(key) in _PROPERTY and value.strip():
            return value.strip().rstrip(",").removesuffix(" - GA4")
    return None


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """The tables that have a date, and for visits a source; the others are counted and passed over."""
    blocks = _blocks(export.sheets[0])
    dated = [b for b in blocks if _sourced(b) or (wanted.table == "days" and _dated(b))]
    if not dated:
        raise CmlibError("ga4_dimension", file=export.name)
    over = sum(len(b.rows) - 1 for b in blocks if b not in dated)
    for block in dated:
        totals = [any(normalised(cell) in _TOTALS for cell in row) for row in block.rows]
        sheet = _without(block, totals)
        read = _visits(sheet, setting) if wanted.table == "visits" else _days(sheet, setting)
        yield replace(read, rows=read.rows.assign(account=_property(export)), passed=sum(totals) + over)
        over = 0


def _without(block: Sheet, wrong: list[bool]) -> Sheet:
    kept = [i for i, out in enumerate(wrong) if not out]
    return Sheet("", [block.rows[i] for i in kept], [block.lines[i] for i in kept])


def _dated(block: Sheet) -> bool:
    """Is there one row for each day? Where a day stands twice, something else breaks it down."""
    found = header(Sheet("", block.rows[:1], block.lines[:1]), _DAYS)
    days = [(row[found.cells["date"] :] or [""])[0] for row in block.rows[1:]] if found else []
    return found is not None and len(found.cells) > 1 and len(days) == len(set(days))


def _visits(sheet: Sheet, setting: Setting) -> Part:
    found = header(sheet, _VISITS)
    assert found
    frame = rows(sheet, found, _VISITS, setting)
    if "_source_medium" in frame:
        both = [said.partition(" / ") for said in frame["_source_medium"].fillna("")]
        frame["_source"] = pd.Series([source for source, _, _ in both], dtype="object")
        frame["medium"] = pd.Series([medium or None for _, _, medium in both], dtype="object")
    frame["network"] = [network_of(source or "") for source in frame["_source"]]
    return part("visits", frame.drop(columns=["_source", "_source_medium"], errors="ignore"))


def _days(sheet: Sheet, setting: Setting) -> Part:
    found = header(sheet, _DAYS)
    assert found
    return part("days", rows(sheet, found, _DAYS, setting))


FORMATS = (
    Format(
        "ga4_visits", "web", "visits", _VISITS, recognise=_is_ga4, read=_read, sure="docs", since="2023"
    ),
    Format("ga4_days", "web", "days", _DAYS, recognise=_is_ga4, read=_read, sure="seen", since="2023-07"),
)  # fmt: skip
