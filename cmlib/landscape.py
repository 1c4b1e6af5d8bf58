"""A brand among its rivals: whose accounts they are, and what anybody can see of them in a period.

Rivals' posts and days are rows like any other; brand.toml says which accounts are theirs, and accounts of one
name are one rival. Only what anybody can see is compared: reactions, comments and shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from cmlib import brand as brands
from cmlib import periods, schema, store
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError, unknown
from cmlib.periods import WHO

PUBLIC = ("reactions", "comments", "shares")  # of a post, that anybody can see on most networks
SURE = 0.025  # the share of false alarms that is accepted, over all verdicts of one section together
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, eq=False)  # so that what was found for one is kept for it
class Landscape:
    """A brand among its rivals, over the ``months`` that end with ``month``.

    ``accounts``: network, account (its handle), label, owner (the rival, or ""), ours. ``posts``: theirs in
    the period: post_id, network, account, label, owner, ours, kind, at and seen (local: when it was published
    and exported), day, text, url, followers (at posting), the PUBLIC counts, interactions (their sum, of the
    parts that all accounts of the network give), habit (the median of these of the account) and ``level``,
    the logarithm of interactions over habit, 1 being added to both. ``known``: the tables as the last report
    knew them; None where there was none.
    """

    brand: Brand
    month: date
    months: int
    tables: Mapping[str, pd.DataFrame]
    accounts: pd.DataFrame
    posts: pd.DataFrame
    parts: Mapping[str, tuple[str, ...]]  # by network: what interactions are the sum of
    sources: pd.DataFrame
    known: Mapping[str, pd.DataFrame] | None = None

    @property
    def heading(self) -> dict[str, object]:
        """What its page's title is told."""
        rivals = self.accounts.loc[~self.accounts["ours"], "owner"].nunique()
        first, last = self.span
        return {"brand": self.brand.name, "n": rivals, "first": first, "last": last}

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day of the period."""
        return periods.months(self.month, self.months)

    def within(self, table: str) -> pd.DataFrame:
        """The rows of a tidy table whose day is in the period."""
        rows = self.tables[table]
        when = schema.local(rows[schema.TIME[table]])
        first, last = (pd.Timestamp(day) for day in self.span)
        kept: pd.DataFrame = rows[(when >= first) & (when < last + DAY)]
        return kept


def review(
    brand: str,
    month: str = "",
    months: int = 12,
    rivals: str = "",
    network: str = "",
    kind: str = "",
    as_of: str = "",
    files: str = "",
    before: str = "",
) -> Landscape:
    """Gather what is known of a brand and its rivals. Empty: the newest month, all rivals, networks, kinds.

    ``months``: how many, up to ``month``; ``rivals``: names or handles, separated by commas; ``before``: the
    files that the last report knew, by digest; ``as_of`` and ``files`` as for ``kpis.review``. Raises
    CmlibError for a name that is none (with the nearest), for a brand without rivals and for one of which
    nothing is known.
    """
    who = brands.load(brand)
    accounts = _accounts(who, rivals, network)
    digests = [d for d in files.split(",") if d]
    sources = store.sources(who.slug, as_of or None)
    if sources.empty:
        raise CmlibError("no_data", brand=who.slug, inbox=str(brands.folder(who.slug) / "inbox"))
    tables = _of(accounts, who, store.load(who, as_of or None, digests))
    if kind:
        tables["posts"] = tables["posts"][_kinds(tables["posts"]) == _known_kind(kind)]
    if not 1 <= months <= 1200:
        raise CmlibError("bad_months", months=months)
    subject = Landscape(
        brand=who,
        month=periods.period(month or periods.latest(tables)),
        months=months,
        tables=tables,
        accounts=_seen(accounts, tables),
        posts=pd.DataFrame(),
        parts={},
        sources=sources[sources["source"].isin(digests)] if digests else sources,
        known=_of(accounts, who, store.load(who, None, before.split(","))) if before else None,
    )
    parts, posts = _posts(subject)
    return replace(subject, parts=parts, posts=posts)


def _accounts(who: Brand, rivals: str, network: str) -> pd.DataFrame:
    """The accounts that are compared: all of the brand's own, and the rivals that are asked for."""
    theirs = [account for account in who.accounts if account.rival]
    if not theirs:
        raise CmlibError("no_rival", file=str(brands.folder(who.slug) / "brand.toml"))
    asked = [name.strip() for name in rivals.split(",") if name.strip()]
    names = {said: owner(a) for a in theirs for said in (owner(a), a.handle.casefold(), a.label.casefold())}
    for name in asked:
        if name.casefold() not in names:
            raise unknown("rival", name, dict.fromkeys(a.label for a in theirs))
    wanted = {names[name.casefold()] for name in asked} or set(names.values())
    on = sorted({a.network for a in who.accounts if a.network != "web"})
    if network and network not in on:
        raise unknown("network", network, on)
    rows = [
        (a.network, a.handle, a.label, owner(a) if a.rival else "", not a.rival)
        for a in who.accounts
        if a.network == (network or a.network) != "web" and (not a.rival or owner(a) in wanted)
    ]
    return pd.DataFrame(rows, columns=[*WHO, "label", "owner", "ours"])


def owner(account: Account) -> str:
    """Whose is an account? Accounts of one display name are of one owner."""
    return " ".join(account.label.casefold().split())


def _of(accounts: pd.DataFrame, who: Brand, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of these accounts, and of those that brand.toml does not name: they count as the brand's."""
    named = {(a.network, a.handle) for a in who.accounts}
    kept, on = set(zip(accounts["network"], accounts["account"], strict=True)), set(accounts["network"])

    def mine(table: pd.DataFrame) -> pd.DataFrame:
        pairs = table[WHO].drop_duplicates()
        stay = [
            pair for pair in pairs.astype("object").itertuples(index=False, name=None)
            if pair in kept or (pair not in named and pair[0] in on)
        ]  # fmt: skip
        index = pd.MultiIndex.from_frame(table[WHO].astype("object"))
        return table[index.isin(stay)].reset_index(drop=True)

    return {name: mine(tables[name]) for name in ("posts", "days", "totals")}


def _seen(accounts: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The accounts of brand.toml, and those in the tables that it does not name."""
    found = pd.concat([table[WHO].astype("str") for table in tables.values()]).drop_duplicates()
    new = found[~pd.MultiIndex.from_frame(found).isin(pd.MultiIndex.from_frame(accounts[WHO]))]
    strangers = new.assign(label=new["account"], owner="", ours=True)
    return by_network(pd.concat([accounts, strangers], ignore_index=True), "ours")


def _known_kind(kind: str) -> str:
    if kind not in (*schema.KINDS, "unknown"):
        raise unknown("kind", kind, schema.KINDS)
    return kind


def _kinds(posts: pd.DataFrame) -> pd.Series:
    return posts["kind"].astype("object").fillna("unknown")


def _posts(subject: Landscape) -> tuple[dict[str, tuple[str, ...]], pd.DataFrame]:
    """The posts of the period, and what their interactions are the sum of on each network."""
    first, last = (pd.Timestamp(day) for day in subject.span)
    rows = periods.select(subject.tables, "posts", start=first, end=last).rows
    rows = rows.assign(**{name: rows[name].astype("object") for name in WHO}, kind=_kinds(rows))
    given = rows[list(PUBLIC)].notna().groupby([rows[name] for name in WHO]).any()
    given = given[given.any(axis=1)]  # an account that gives its total alone decides nothing
    common = given.groupby(level="network").all()
    parts = {str(n): tuple(p for p in PUBLIC if common.at[n, p]) or PUBLIC for n in common.index}
    public = pd.Series(np.nan, index=rows.index)
    for network, counted in parts.items():
        here = rows["network"] == network
        public[here] = rows.loc[here, list(counted)].sum(axis=1, skipna=False)
    alone = ~pd.MultiIndex.from_frame(rows[WHO]).isin(given.index)
    rows = rows.assign(interactions=public.mask(alone, rows["interactions"]))
    rows = rows.merge(subject.accounts, on=WHO).assign(at=lambda f: f["published_at"].dt.tz_localize(None))
    habit = rows.groupby(WHO)["interactions"].transform("median")
    rows = rows.assign(habit=habit, level=np.log1p(rows["interactions"]) - np.log1p(habit))
    names = ["post_id", *WHO, "label", "owner", "ours", "kind", "at", "day", "seen", "text", "url",
             "followers"]  # fmt: skip
    ordered = rows[[*names, *PUBLIC, "interactions", "habit", "level"]]
    return parts, ordered.sort_values(["at", "post_id"], kind="stable", ignore_index=True)


def by_network(found: pd.DataFrame, value: str) -> pd.DataFrame:
    """The networks in their order, the largest first on each."""
    order = found["network"].map(list(schema.NETWORKS).index)
    ordered = found.assign(order=order).sort_values(["order", value], ascending=[True, False], kind="stable")
    return ordered.drop(columns="order").reset_index(drop=True)


def contested(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of networks on which there is a rival: on the others there is nobody to be compared with."""
    theirs: pd.DataFrame = found[~found["ours"].groupby(found["network"]).transform("all")]
    return theirs.reset_index(drop=True)


def verdicts(found: pd.DataFrame, more: str, less: str, unsure: str = "cannot_tell") -> list[str]:
    """What can be said of each ``change``, by its ``p``; too_few where it could not be tested."""
    return [
        "too_few" if pd.isna(p) else unsure if p >= SURE else more if change > 0 else less
        for p, change in zip(found["p"], found["change"], strict=True)
    ]
