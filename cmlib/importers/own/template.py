"""cmlib's own CSV (generic.py) for one network: the columns that make sense there, and some examples.

Examples stand in lines that begin with #, which the import passes over: a template that nobody filled in adds
nothing, and says so.
"""

import csv
from pathlib import Path

import pandas as pd

from cmlib import brand as brands
from cmlib import importers, schema
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

TABLES = ("posts", "days", "messages", "audience", "answers")
_BEGINS = ("table", "network", "account")
_ALWAYS = {  # of a row of each table, before what the network counts
    "posts": ("post_id", "published_at", "kind", "text", "url"),
    "days": ("date", "figure", "value"),
    "messages": ("message_id", "thread_id", "sent_at", "incoming", "place", "text"),
    "audience": ("observed_at", "dimension", "level", "share"),
    "answers": ("answered_on", "question", "score"),
}
_COUNTED = {  # what a post has on networks of which nothing is exported
    "snapchat": ("views", "reach", "shares", "saves", "watch_seconds", "follows"),
    "bluesky": ("reactions", "comments", "shares"), "viadeo": ("views", "reactions", "comments", "shares"),
    "messenger": (), "whatsapp": ("views", "reactions"),
}  # fmt: skip
_USUAL = ("impressions", "reach", "views", "reactions", "comments", "shares", "saves", "link_clicks")
_FIGURES = ("followers", "views", "reach", "messages")


def keep(who: Brand, network: str, table: str) -> Path:
    """Write a template into the brand's folder; its path. One that is there stays as it is."""
    path = brands.folder(who.slug) / f"{network}_{table}.csv"
    rows = lines(who, network, table)
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:  # as spreadsheets want it
            csv.writer(file, lineterminator="\n").writerows(rows)
    except FileExistsError:
        raise CmlibError("template_exists", file=str(path)) from None
    except OSError as problem:
        raise CmlibError("unwritable", file=str(path), problem=str(problem.strerror)) from None
    return path


def lines(who: Brand, network: str, table: str) -> list[list[str]]:
    """The header, and some examples with the brand's own account."""
    if network not in schema.NETWORKS:
        raise unknown("network", network, schema.NETWORKS)
    if table not in TABLES:
        raise unknown("table", table, TABLES)
    counts = counted(network) if table == "posts" else ()
    header = [*_BEGINS, *_ALWAYS[table], *counts]
    own = who.own(network)
    begin = {"table": f"# {table}", "network": network, "account": own[0].handle if own else ""}
    examples = [begin | one for one in _examples(table, network, counts)]
    return [header, *([str(one.get(name, "")) for name in header] for one in examples)]


def counted(network: str) -> tuple[str, ...]:
    """What is counted of a post there? As the network's own exports have it, else as is usual."""
    found = {
        column.name
        for one in importers.formats().values()
        if one.network == network and one.table == "posts"
        for column in one.columns
    }
    given = tuple(name for name in schema.COUNTS if name in found)
    return given or _COUNTED.get(network, _USUAL)


def _examples(table: str, network: str, counts: tuple[str, ...]) -> list[dict[str, object]]:
    today = pd.Timestamp.now().normalize()
    day = f"{today - pd.Timedelta(days=7):%Y-%m-%d}"
    if table == "posts":
        figures: dict[str, object] = dict(
            zip(counts, (1200, 950, 840, 75, 12, 8, 6, 40, 5, 3600, 2), strict=False)
        )
        said: dict[str, object] = {
            "post_id": "1",
            "published_at": f"{day}T18:05",
            "kind": "image",
            "text": t("template.text"),
        }
        return [said | figures, {"post_id": "2", "published_at": f"{day}", "kind": "video"}]
    if table == "days":
        return [{"date": day, "figure": name, "value": 1250} for name in _FIGURES]
    if table == "audience":
        people: dict[str, object] = {"observed_at": day, "dimension": "country"}
        return [people | {"level": "FR", "share": 0.62}, people | {"level": "BE", "share": 0.38}]
    if table == "answers":
        return [{"answered_on": day, "question": "nps", "score": 9},
                {"answered_on": day, "question": "csat", "score": 4}]  # fmt: skip
    talk: dict[str, object] = {"thread_id": "1", "place": "direct"}
    return [talk | {"message_id": "1", "sent_at": f"{day}T09:10", "incoming": "true"},
            talk | {"message_id": "2", "sent_at": f"{day}T09:45", "incoming": "false"}]  # fmt: skip
