"""What to publish when: what is asked, and what is known that answers it.

The plan itself is made by ``planner``, and seen from its sides by ``agenda``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from cmlib import brand as brands
from cmlib import facts, moments, plans, store, timing
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.timing import Timing

MOST_WEEKS = 53
LAST = 2035  # the last year of which moments are known
Chosen = Callable[[str], pd.DataFrame]  # a brand's slug → the networks of its portfolio


@dataclass(frozen=True, eq=False)  # so that what was found for one is kept for it
class Editorial:
    """The weeks to plan, and what is known for them.

    ``accounts``: a row each: network, account (handle), label, low and high (posts a week), followers (null
    unknown). ``moments``: those from a week before the first day to the last, as ``moments.on`` gives them.
    ``saved``: the brand's plan as its file says it.
    """

    brand: Brand
    start: date
    weeks: int
    objective: str
    now: pd.Timestamp
    tables: Mapping[str, pd.DataFrame]
    sources: pd.DataFrame
    accounts: pd.DataFrame
    moments: pd.DataFrame
    timing: Timing
    saved: plans.Plan

    @property
    def end(self) -> date:
        """The last day of the plan."""
        return self.start + timedelta(weeks=self.weeks) - timedelta(days=1)

    @property
    def today(self) -> date:
        """The day on which this is asked, where the brand is."""
        return self.now.date()

    @property
    def heading(self) -> dict[str, object]:
        """What its page's title is told."""
        return {"brand": self.brand.name, "weeks": self.weeks, "first": self.start, "last": self.end}


def review(
    brand: str,
    start: str = "",
    weeks: int = 8,
    objective: str = "interactions",
    as_of: str = "",
    files: str = "",
    chosen: Chosen | None = None,
) -> Editorial:
    """Gather what a plan rests on. ``start``: YYYY-MM-DD; empty: the Monday after today.

    ``objective``: of plans.OBJECTIVES. ``as_of`` and ``files`` as for ``kpis.review``; as_of is also the
    moment from which lead times count. ``chosen`` gives the networks of the portfolio, with their cadence,
    for a brand that says none in its [cadence]. A brand without any data can be planned for: its expectations
    are then the sector's, or unknown. Raises CmlibError for what is misspelt, and where there is nothing to
    plan with.
    """
    who = brands.load(brand)
    if objective not in plans.OBJECTIVES:
        raise unknown("objective", objective, plans.OBJECTIVES)
    if not 1 <= weeks <= MOST_WEEKS:
        raise CmlibError("bad_weeks", weeks=weeks, most=MOST_WEEKS)
    _plannable(who)
    now = store.instant(as_of or None, who.zone) or pd.Timestamp.now("UTC")
    now = now.tz_convert(who.zone)
    first = _day(start) if start else (now + pd.Timedelta(days=7 - now.day_of_week)).date()
    if first.year > LAST:
        raise CmlibError("plan_too_far", start=first, last=LAST)
    digests = [digest for digest in files.split(",") if digest]
    tables = store.own(who, store.load(who, as_of or None, digests))
    sources = store.sources(who.slug, as_of or None)
    last = first + timedelta(weeks=weeks)
    return Editorial(
        brand=who,
        start=first,
        weeks=weeks,
        objective=objective,
        now=now,
        tables=tables,
        sources=sources[sources["source"].isin(digests)] if digests else sources,
        accounts=_accounts(who, tables, chosen),
        moments=moments.on(who, tables, first, last - timedelta(days=1)),
        timing=timing.learn(tables["posts"], facts.load("best_times", now.date()), objective, now.date()),
        saved=plans.read(who),
    )


def _plannable(who: Brand) -> None:
    """Is there anything to plan with: an account, and a piece that the team can make?"""
    file = str(brands.folder(who.slug) / "brand.toml")
    if not [account for account in who.accounts if _speaks(account)]:
        raise CmlibError("plan_no_account", file=file)
    if not who.pieces:
        raise CmlibError("plan_no_piece", file=file)
    for network in who.cadence:
        if not who.own(network):
            there = sorted({account.network for account in who.accounts if _speaks(account)})
            raise CmlibError("plan_no_account_on", network=network, file=file, networks=there)


def _speaks(account: brands.Account) -> bool:
    return not account.rival and account.network != "web"


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise CmlibError("bad_day", value=repr(said)) from None


def _accounts(who: Brand, tables: Mapping[str, pd.DataFrame], chosen: Chosen | None) -> pd.DataFrame:
    """The accounts to plan for, with how many posts a week each should have."""
    cadence = dict(who.cadence) or _published(who, chosen)
    size = _followers(tables["days"])
    rows: list[dict[str, Any]] = [
        {
            "network": account.network, "account": account.handle, "label": account.label,
            "low": cadence[account.network][0], "high": cadence[account.network][1],
            "followers": size.get((account.network, account.handle), np.nan),
        }
        for account in who.accounts if _speaks(account) and account.network in cadence
    ]  # fmt: skip
    names = ["network", "account", "label", "low", "high", "followers"]
    return pd.DataFrame(rows, columns=names).sort_values(["network", "account"], ignore_index=True)


def _published(who: Brand, chosen: Chosen | None) -> dict[str, tuple[float, float]]:
    """What published advice calls enough: a minimum where the portfolio chose the network, else none."""
    rows = facts.load("networks").set_index(["network", "fact"])["value"]
    wanted = {account.network for account in who.accounts if _speaks(account)}
    known = {network for network in wanted if rows.get((network, "cadence_high"))}
    both = {n: (float(rows[n, "cadence_low"]), float(rows[n, "cadence_high"])) for n in known}
    picked: set[str] = set()
    if chosen is not None:
        frame = chosen(who.slug)
        picked = set(frame.loc[frame["chosen"], "network"]) & known
    return {n: both[n] for n in picked} or {n: (0.0, high) for n, (_, high) in both.items()}


def _followers(days: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The newest known number of each account's followers."""
    rows = days[days["figure"] == "followers"].sort_values("date")
    newest = rows.drop_duplicates(["network", "account"], keep="last")
    names = zip(newest["network"].astype("str"), newest["account"], strict=True)
    return dict(zip(names, newest["value"].astype("float64"), strict=True))
