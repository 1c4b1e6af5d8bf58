"""Landscapes for tests: of posts that are given, or by chance, in which nothing is to be found; and lakes."""

import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from cmlib import brand, importers, periods, schema, store
from cmlib.brand import Brand
from cmlib.landscape import Landscape
from cmlib.periods import WHO

US = "us"  # the brand's own account; all others are rivals
UNTIL = "2026-10-31"  # the day of the export, and the last of the period
BRAND = Brand("small", "Small")
EMPTY = {table: schema.empty(table) for table in ("days", "totals")}
LETTERS = list("bcdfghjklmnpqrtvwz")  # without vowels no word is a form of another, and none is a stop word
VOCABULARY = np.array([a + b + c + "k" for a in LETTERS for b in LETTERS for c in LETTERS][:2000])
ZIPF = np.cumsum(1 / np.arange(5, 5 + len(VOCABULARY)))
ENDS = np.array(["", "", " ?", " ✨", " #zkzk", " https://example.org"], dtype=object)
KINDS = np.array(["image", "carousel", "short_video"], dtype=object)
DAY_MINUTES = 24 * 60


def landscape(posts: pd.DataFrame, days: Sequence = (), totals: Sequence = (), months: int = 14) -> Landscape:
    """The landscape of these posts, of which account, at and interactions have to be given.

    ``days``: account, date, followers. ``totals``: account, since, until, figure, value. Both are of
    Instagram, and so are posts that do not say their network. Results count of the last ``months`` to UNTIL.
    """
    end = pd.Timestamp(UNTIL)
    usual = {
        "network": "instagram", "label": posts["account"], "kind": "image", "text": None, "url": None,
        "followers": np.nan, "seen": end, **dict.fromkeys(("reactions", "comments", "shares"), np.nan),
        "post_id": [f"{n:06}" for n in range(len(posts))],
    }  # fmt: skip
    rows = posts.assign(**{name: value for name, value in usual.items() if name not in posts})
    ours = rows["account"] == US
    rows = rows.assign(
        ours=ours,
        owner=rows["label"].where(~ours, ""),
        at=pd.to_datetime(rows["at"]),
        text=rows["text"].astype("str"),
        interactions=rows["interactions"].astype("float64"),
    )
    tables = {"posts": _seen(rows), "days": _days(days, end), "totals": _totals(totals, end)}
    rows = rows[rows["at"] >= pd.Timestamp(periods.months(end.date(), months)[0])]
    habit = rows.groupby(WHO)["interactions"].transform("median")
    rows = rows.assign(
        day=rows["at"].dt.normalize(),
        habit=habit,
        level=np.log1p(rows["interactions"]) - np.log1p(habit),
    ).sort_values(["at", "post_id"], kind="stable", ignore_index=True)
    accounts = rows.drop_duplicates(WHO)[[*WHO, "label", "owner", "ours"]].sort_values(
        ["network", "ours", "account"], ascending=[True, False, True], ignore_index=True
    )
    return Landscape(BRAND, end.date().replace(day=1), months, tables, accounts, rows, {}, pd.DataFrame())


def _seen(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of the tidy table that tell how long an account is known."""
    instants = {"published_at": rows["at"], "observed_at": pd.to_datetime(rows["seen"])}
    utc = {name: when.dt.tz_localize("UTC") for name, when in instants.items()}
    return rows[[*WHO, "post_id"]].assign(source="file", **utc)


def _days(given: Sequence, end: pd.Timestamp) -> pd.DataFrame:
    named = pd.DataFrame(given, columns=["account", "date", "value"])
    return _tidy("days", named.assign(figure="followers", date=pd.to_datetime(named["date"])), end)


def _totals(given: Sequence, end: pd.Timestamp) -> pd.DataFrame:
    named = pd.DataFrame(given, columns=["account", "since", "until", "figure", "value"])
    dates = {name: pd.to_datetime(named[name]) for name in ("since", "until")}
    return _tidy("totals", named.assign(**dates), end)


def _tidy(table: str, rows: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    if rows.empty:
        return EMPTY[table]
    common = {"brand": BRAND.slug, "network": "instagram", "source": "file"}
    return schema.check(table, rows.assign(**common, observed_at=end.tz_localize("UTC")))


def noise(
    seed: int,
    rivals: int = 4,
    months: int = 14,
    per_month: float = 12.0,
    spread: float = 0.9,
    rhythm: float = 0.0,
    luck: float = 0.0,
    texts: bool = True,
) -> Landscape:
    """A brand and its rivals, whose posts come when they come and say and bring whatever they do.

    ``spread``: of the logarithm of interactions; ``luck``: of that of each week of an account, which all of
    its posts share. ``rhythm``: the shape of a gamma factor on the cadence of each week, 0 for an even one.
    """
    rng = np.random.default_rng(seed)
    first = pd.Timestamp(UNTIL) - pd.DateOffset(months=months) + pd.Timedelta(days=1)
    days = (pd.Timestamp(UNTIL) - first).days + 1
    weeks = rng.gamma(rhythm, 1 / rhythm, (rivals + 1, days // 7 + 1)) if rhythm else np.ones((1, days))
    pace = weeks[:, np.arange(days) // 7] * np.ones((rivals + 1, 1)) * per_month / 30.4
    account, day = np.divmod(np.repeat(np.arange(pace.size), rng.poisson(pace).ravel()), days)
    n, typical = len(day), rng.lognormal(5, 1, rivals + 1)
    minutes = day * DAY_MINUTES + rng.integers(0, DAY_MINUTES, n)
    good = np.random.default_rng([seed, 1]).lognormal(0, luck, (rivals + 1, days // 7 + 1))[account, day // 7]
    posts = pd.DataFrame(
        {
            "account": np.array([US, *(f"rival {r}" for r in range(1, rivals + 1))])[account],
            "at": first.to_datetime64() + minutes.astype("timedelta64[m]"),
            "kind": KINDS[rng.integers(0, len(KINDS), n)],
            "text": said(rng, n) if texts else None,
            "interactions": rng.poisson(typical[account] * good * rng.lognormal(0, spread, n)),
            "followers": typical[account] * 40,
        }
    )
    return landscape(posts, months=months)


def said(rng: np.random.Generator, n: int) -> list[str]:
    """What n posts say: 4 to 15 words by Zipf's law; some a question mark, an emoji, a tag or an address."""
    length = rng.integers(4, 16, n)
    words = VOCABULARY[np.searchsorted(ZIPF, rng.random(length.sum()) * ZIPF[-1])].tolist()
    ends = ENDS[rng.integers(0, len(ENDS), n)]
    cut = np.concatenate([[0], np.cumsum(length)])
    return [" ".join(words[cut[i] : cut[i + 1]]) + ends[i] for i in range(n)]


# ── Through the lake ────────────────────────────────────────────────────────────────────────────────────────


def found(slug: str, accounts: Sequence[Sequence[str]], zone: str = "UTC") -> None:
    """Write a brand.toml: network, handle and name of each account, and then "rival" if it is one."""
    lines = [f'name = "{slug.title()}"', f'timezone = "{zone}"']
    for network, handle, name, *rival in accounts:
        lines += ["[[accounts]]", f'network = "{network}"', f"handle = {json.dumps(handle)}"]
        lines += [f"name = {json.dumps(name)}"] * bool(name) + ["rival = true"] * bool(rival)
    path = brand.folder(slug) / "brand.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")


def take(slug: str, rows: pd.DataFrame, name: str = "seen.csv") -> str:
    """Import rows of our own CSV, posts unless they say otherwise; the digest of the file."""
    file = brand.folder(slug) / name
    whole = rows if "table" in rows else rows.assign(table="posts")
    whole.set_index("table").to_csv(file)
    (export,) = (importers.open_export(one) for one in importers.walk(file))
    reading = importers.read(export, brand.load(slug))
    assert reading.aside.empty, reading.aside
    assert store.add(slug, reading)
    return reading.digest
