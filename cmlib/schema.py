"""The tidy tables: one row per fact, typed and checked once, at the door.

Every table begins with COMMON. A count that an export does not give is null, never 0.
Instants are UTC; a day is a day of the account (naive). A post of which only the day is known stands at
midnight of that day in the brand's zone.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cmlib.errors import CmlibError, unknown

NETWORKS = (
    "facebook", "instagram", "x", "youtube", "tiktok", "linkedin", "pinterest", "twitch", "snapchat",
    "threads", "bluesky", "mastodon", "reddit", "viadeo", "messenger", "whatsapp", "discord", "telegram",
    "web",  # the brand's own site, and traffic that comes from no network
)  # fmt: skip
KINDS = (
    "text", "image", "carousel", "story", "short_video", "video", "live", "article", "poll", "link",
)  # fmt: skip
PIECES = {  # what teams call a piece of work → the kind of post that it is, unless brand.toml says another
    "product_sheet": "image", "blog_article": "article", "newsletter": "article", "infographic": "image",
    "photo": "image", "long_video": "video", "contest": "image", "ambassador": "image", "influencer": "image",
}  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIGURES = (
    "followers", "follows", "unfollows", "net_follows", "reach", "impressions", "views", "viewers",
    "visits", "visitors", "interactions", "reactions", "comments", "shares", "saves", "link_clicks",
    "other_clicks", "posts", "messages", "watch_seconds", "users", "new_users", "returning_users", "events",
    "paid_reach", "paid_impressions", "paid_clicks", "spend",  # of ads; spend is in the brand's currency
)  # fmt: skip
DIMENSIONS = (
    "age", "gender", "age_gender", "country", "city", "language", "industry", "seniority", "function",
    "company_size",
)  # fmt: skip
QUESTIONS = ("nps", "csat")
PLACES = ("direct", "comments", "group")  # where a message is said: to one, under a post, among many
FEELINGS = ("positive", "neutral", "negative", "unsure")

# Who a brand wants to meet, and why: the words of brand.toml and of data/reference.
AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")  # the bands of most networks' exports
GENDERS = ("women", "men")
EDUCATIONS = ("secondary", "some_college", "graduate")
INCOMES = ("low", "lower_middle", "upper_middle", "high")
SETTINGS = ("urban", "suburban", "rural")
MARKETS = ("b2c", "b2b", "both")
OBJECTIVES = ("awareness", "engagement", "conversion", "support", "recruitment", "community")
CRITERIA = ("presence", "objectives", "formats", "engagement", "cost")

COUNT, NUMBER, TEXT, FLAG, DAY = "Int64", "Float64", "str", "boolean", "datetime64[us]"
INSTANT = "datetime64[us, UTC]"
NETWORK, KIND = pd.CategoricalDtype(list(NETWORKS)), pd.CategoricalDtype(list(KINDS))
Dtype = Any  # what Series.astype takes: a name, or a CategoricalDtype

COMMON: dict[str, Dtype] = {
    "brand": TEXT,
    "network": NETWORK,
    "account": TEXT,
    "observed_at": INSTANT,
    "source": TEXT,  # SHA-256 of the export
}
COUNTS = (
    "impressions", "reach", "views", "reactions", "comments", "shares", "saves", "interactions",
    "link_clicks", "other_clicks", "watch_seconds", "follows",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A tidy table: its columns, and the key within which the newest observation wins.

    Rows of the newest export replace those of older ones key by key. In a ``merged`` table the key names one
    row, and exports of the same day complete each other column by column.
    """

    columns: dict[str, Dtype]
    key: tuple[str, ...]
    required: tuple[str, ...]
    merged: bool = False


TABLES: dict[str, Table] = {
    "posts": Table(
        columns={
            "post_id": TEXT,
            "published_at": INSTANT,
            "kind": KIND,
            "text": TEXT,
            "url": TEXT,
            **dict.fromkeys(COUNTS, COUNT),  # interactions: the network's own total, where it gives one
            "paid": FLAG,
        },
        key=("network", "account", "post_id"),
        required=("post_id", "published_at"),
        merged=True,
    ),
    "days": Table(
        columns={"date": DAY, "figure": pd.CategoricalDtype(list(FIGURES)), "value": NUMBER},
        key=("network", "account", "date", "figure"),
        required=("date", "figure", "value"),
        merged=True,
    ),
    "totals": Table(  # figures added up over some days, where no day alone is known
        columns={"since": DAY, "until": DAY, "figure": pd.CategoricalDtype(list(FIGURES)), "value": NUMBER},
        key=("network", "account", "since", "until", "figure"),
        required=("since", "until", "figure", "value"),
        merged=True,
    ),
    "audience": Table(
        columns={"dimension": pd.CategoricalDtype(list(DIMENSIONS)), "level": TEXT, "share": NUMBER},
        key=("network", "account", "dimension"),
        required=("dimension", "level", "share"),
    ),
    "messages": Table(
        columns={
            "message_id": TEXT, "thread_id": TEXT, "reply_to": TEXT, "author": TEXT,  # keyed hashes
            "shown": TEXT,  # the same of the name that people see, where the author is an id
            "post_id": TEXT, "sent_at": INSTANT, "incoming": FLAG, "place": pd.CategoricalDtype(list(PLACES)),
            "language": TEXT, "feeling": pd.CategoricalDtype(list(FEELINGS)),
            "text": TEXT,  # kept only if brand.toml says so
        },
        key=("network", "account", "message_id"),
        required=("message_id", "sent_at", "incoming"),
    ),
    "visits": Table(
        columns={
            "date": DAY, "medium": TEXT, "campaign": TEXT, "sessions": COUNT,
            "conversions": NUMBER, "revenue": NUMBER, "currency": TEXT,
        },
        key=("account", "date"),
        required=("date", "sessions"),
    ),
    "answers": Table(
        columns={
            "answered_on": DAY, "question": pd.CategoricalDtype(list(QUESTIONS)), "score": NUMBER,
            "text": TEXT,
        },
        key=("account", "answered_on", "question"),
        required=("answered_on", "question", "score"),
    ),
    "moments": Table(  # events of an imported calendar, on days of the brand; they may be to come
        columns={"title": TEXT, "since": DAY, "until": DAY, "uid": TEXT, "category": TEXT},
        key=("network", "account", "uid"),
        required=("title", "since", "until", "uid"),
    ),
}  # fmt: skip
TIME = {
    "posts": "published_at",
    "days": "date",
    "totals": "until",
    "messages": "sent_at",
    "visits": "date",
    "answers": "answered_on",
}


def local(when: pd.Series) -> pd.Series:
    """Days and instants alike as the clock shows them, without a zone."""
    return when.dt.tz_localize(None) if when.dt.tz else when


def columns(table: str) -> dict[str, Dtype]:
    """Which columns has a tidy table, with their types?"""
    if table not in TABLES:
        raise unknown("table", table, TABLES)
    return COMMON | TABLES[table].columns


def check(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Is this frame a tidy ``table``? It is returned with every column there, in order, and typed.

    Columns that lack are added as null. Raises CmlibError for a column that is none, a value that is not of
    its type or a null where none may be: a mistake of the importer, since bad rows are kept aside before.
    """
    wanted = columns(table)
    for name in frame.columns:
        if name not in wanted:
            raise unknown("column", name, wanted, table)
    typed = {}
    for name, dtype in wanted.items():
        given = frame[name] if name in frame else pd.Series(pd.NA, index=frame.index, dtype="object")
        typed[name] = _as(given, dtype, f"{table}.{name}")
    checked = pd.DataFrame(typed, index=frame.index).reset_index(drop=True)
    for name in ("brand", "network", "account", "observed_at", "source", *TABLES[table].required):
        if checked[name].isna().any():
            raise CmlibError("null_column", column=f"{table}.{name}", n=int(checked[name].isna().sum()))
    return checked


def empty(table: str) -> pd.DataFrame:
    """A tidy table without a row."""
    return check(table, pd.DataFrame(columns=list(columns(table))))


def _as(given: pd.Series, dtype: Dtype, where: str) -> pd.Series:
    try:
        typed = given.astype("object").astype(dtype) if given.isna().all() else given.astype(dtype)
    except (ValueError, TypeError) as problem:
        raise CmlibError("wrong_type", column=where, expected=str(dtype), problem=str(problem)) from None
    if isinstance(dtype, pd.CategoricalDtype):  # pandas turns what is no category into null, in silence
        lost = given[given.notna() & typed.isna()]
        if len(lost):
            raise unknown("value", lost.iloc[0], dtype.categories, where)
    return typed
