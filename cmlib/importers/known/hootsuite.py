"""Hootsuite Analytics: the posts of each network, and the accounts day by day, from the zip of a report.

The layouts are those that two public programs read, in English; no file was seen. Dates are GMT, as their
header says.

- A post's time may be missing: where all are 00:00, only days are known.
- In the metrics of accounts, a column is a figure of one network (“Followers > Social network - Instagram
  Business (Daily aggregated values …)”), of all accounts that the report has there. A column over all of them
  (“… might contain aggregated values …”) is passed over. One that names no network but a single account is
  read where that is one of the brand's.
- Hootsuite adds up “Post …” figures over the posts published that day, for the whole of their life. They are
  no figures of the day, and are left out: they are in the posts.
- Its engagements are sums of its own, and left out too.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Row
from cmlib.importers.known.tools import kinds, native
from cmlib.importers.layout import (
    Column,
    Format,
    Part,
    column,
    having,
    header,
    normalised,
    optional,
    part,
    rows,
)
from cmlib.importers.values import Setting, day, identifier, instant, text
from cmlib.schema import NETWORKS

_GMT = "Date (GMT)"
_WHEN = instant("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%b %d, %Y")
_DATE = column("date", _GMT, parse=day("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%b %d, %Y"), must=True)


_X = (
    column("published_at", _GMT, parse=_WHEN, must=True),
    column("_id", "Tweet ID", "Post ID", parse=identifier),
    column("text", "Tweet Text", parse=text, must=True),
    column("url", "Tweet Permalink", parse=text, must=True),
    column("impressions", "Impressions"),
    column("reactions", "Likes"),
    column("_retweets", "Retweets"),
    column("_quotes", "Quote Tweets"),
    column("comments", "Replies"),
)


def _of_meta(account: str, number: str, *counts: Column) -> tuple[Column, ...]:
    return (
        column("published_at", _GMT, parse=_WHEN, must=True),
        column("account", account, parse=text, must=True),
        column("_id", number, parse=identifier, must=True),
        column("kind", "Post Type", parse=kinds()),
        column("_title", "Post Title", "Title", parse=text),
        column("text", "Post Message", parse=text),
        column("url", "Post Permalink", parse=text),
        column("comments", "Comments"),
        *counts,
    )


_INSTAGRAM = _of_meta(
    "Instagram Account", "Instagram Post ID", column("reactions", "Likes"), column("reach", "Reach"),
    column("views", "Views"),
)  # fmt: skip
_FACEBOOK = _of_meta(
    "Facebook Page", "Facebook Post ID", column("reactions", "Reactions"), column("shares", "Shares")
)
_HANDLE = r"(?:twitter|x)\.com/(?!i/)(\w{1,64})/status/"


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts; X's accounts are in the posts' addresses."""
    for sheet, found in having(export, wanted.columns):
        frame = rows(sheet, found, wanted.columns, setting.in_utc)
        if all(w == w.normalize() for w in frame["published_at"] if isinstance(w, pd.Timestamp)):
            frame = rows(sheet, found, wanted.columns, setting)
        urls = optional(frame, "url")
        frame["post_id"] = native(optional(frame, "_id"), urls)
        if "account" not in frame:
            frame["account"] = urls.astype("str").str.extract(_HANDLE)[0]
        read = part("posts", frame)
        yield replace(read, rows=_tidied(read.rows))


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """Quotes are shares too; what a post says is its message, else its title."""
    tidy = frame.copy()
    if "_retweets" in tidy:
        parts = [pd.to_numeric(tidy[c]) for c in ("_retweets", "_quotes") if c in tidy]
        tidy["shares"] = pd.concat(parts, axis=1).sum(axis=1, min_count=1).astype("Int64")
    if {"_title", "text"} <= {*tidy}:
        tidy["text"] = tidy["text"].where(tidy["text"].notna(), tidy["_title"])
    return tidy


_FIGURES = {
    "followers": "followers", "new followers": "follows", "net new followers": "net_follows",
    "posts": "posts", "page reach": "reach", "profile reach": "reach", "page impressions": "impressions",
    "profile impressions": "impressions", "page views": "visits", "profile views": "visits",
    "profile visits": "visits",
}  # fmt: skip
_ONE = re.compile(r"(?P<figure>[^(>]+?)(?: > social network)? - (?P<network>[a-z]+)\b[^(]*(?:\(|$)")
_ALONE = re.compile(r"(?P<figure>[^(>]+?) ?\(daily aggregated values for social networks: (?P<who>[^,)]+)\)")
_CALLED = {"twitter": "x"}


def _is_accounts(export: Export, wanted: Format) -> bool:
    """Is there a column of followers or other figures, of a network or over several, beside the date?"""
    return any(
        "social network" in normalised(cell) and "post id" not in normalised(cell)
        for sheet, found in having(export, wanted.columns)
        for cell in sheet.rows[found.row]
    )


def _accounts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """A row per network, day and figure."""
    ((sheet, found),) = list(having(export, wanted.columns))[:1]
    told = list(_networks(sheet.rows[found.row], setting.brand))
    if not told:
        raise CmlibError("hootsuite_networks", file=setting.file)
    for network, account, columns in told:
        own = header(sheet, (_DATE, *columns))
        assert own
        frame = rows(sheet, own, (_DATE, *columns), setting.in_utc)
        read = part("days", frame.assign(network=network, account=account))
        yield replace(read, given=read.given if network == told[0][0] else 0)


def _networks(heads: Row, brand: Brand) -> Iterator[tuple[str, str | None, list[Column]]]:
    """What a file has of each network: the account where it names only that, and the columns."""
    told: dict[tuple[str, str | None], dict[str, Column]] = {}
    whose: tuple[str, str | None] | None
    for cell in heads:
        plain = normalised(cell)
        one, alone = _ONE.match(plain), _ALONE.match(plain)
        figure = _FIGURES.get((one or alone or {"figure": ""})["figure"].strip())
        if one and figure:
            whose = (_CALLED.get(one["network"], one["network"]), None)
        else:
            whose = _owner(alone["who"], brand) if alone and figure else None
        if whose and whose[0] in NETWORKS and figure:
            told.setdefault(whose, {}).setdefault(figure, column(figure, cell, must=True))
    for (network, account), columns in told.items():
        yield network, account, list(columns.values())


def _owner(who: str, brand: Brand) -> tuple[str, str | None] | None:
    """On which network is an account of this name, if the brand has only one such?"""
    name = who.strip().removeprefix("@").casefold()
    mine = [a for a in brand.accounts if name in (a.handle.casefold(), a.name.casefold())]
    return (mine[0].network, mine[0].handle) if len(mine) == 1 else None


FORMATS = (
    *(
        Format(f"hootsuite_{network}", network, "posts", columns, read=_posts, sure="code", since="2025-01")
        for network, columns in (("x", _X), ("instagram", _INSTAGRAM), ("facebook", _FACEBOOK))
    ),
    Format(
        "hootsuite_accounts", "", "days", (_DATE,), r"_to_\d{4}-\d{2}-\d{2}_created_on_(?P<observed>\d{8})T",
        "%Y%m%d", ("net_follows",), _is_accounts, _accounts, sure="code", since="2025-01",
        of=("facebook", "instagram", "x", "linkedin", "tiktok", "youtube"),
    ),
)  # fmt: skip
