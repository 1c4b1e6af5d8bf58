"""Where rivals are, how big, how busy and how well they do, beside the brand's own accounts.

One function per section of the page, each of which takes a Landscape and gives a frame. Nothing is estimated
between two observations: what was not seen on a day is not there.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from cmlib import criteria, facts, periods, stats, store
from cmlib.landscape import DAY, PUBLIC, Landscape, by_network, contested, verdicts
from cmlib.periods import WHO
from cmlib.schema import DAY as DAYS

PER_POST = tuple(f"{how}_{what}" for how in ("median", "mean") for what in (*PUBLIC, "interactions"))
SHOWN, OF_EACH = 6, 2  # posts that stand out, and of one account

# ── Presence and size ───────────────────────────────────────────────────────────────────────────────────────


def observed(subject: Landscape) -> pd.DataFrame:
    """Since when is each account known, until when, and how much of it was seen?

    A row per account: network, account, label, ours, first and last (days), posts, notes (days with a
    follower total), observed_at (of the newest export). Over all that is known, not the period alone; null
    where nothing is.
    """
    whole = store.coverage(dict(subject.tables))
    of = whole.groupby(WHO)
    seen = of.agg(first=("first", "min"), last=("last", "max"), observed_at=("observed_at", "max"))
    days = subject.tables["days"].astype({"network": "str"})
    counts = {
        "posts": whole[whole["table"] == "posts"].groupby(WHO)["rows"].sum(),
        "notes": days[days["figure"] == "followers"].groupby(WHO)["date"].nunique(),
    }
    found = subject.accounts.merge(seen.assign(**counts).reset_index(), how="left", on=WHO)
    return found.assign(**{name: found[name].fillna(0).astype("int64") for name in counts})


def followers(subject: Landscape) -> pd.DataFrame:
    """How many follow each account, and by how much did it grow?

    A row per account with a total in the period: network, account, label, ours, value and seen (the newest
    total and its day); since, until, start, end and growth (0.02: 2 % more) between the two days that observe
    the most accounts for the longest time, from the last total before the period on: the same days for all
    accounts of a network. An account that was not observed on both has no growth: none is guessed.
    """
    totals = _totals(subject)
    begun = pd.concat([_before(subject), totals])  # growth begins with the total that the period began with
    newest = totals.groupby(WHO).tail(1).rename(columns={"date": "seen"})
    common = []
    for network, rows in begun.groupby("network", sort=False):
        wide = rows.pivot(index="date", columns="account", values="value")
        first, last = _common(wide)
        if first is None:
            continue
        ends = pd.DataFrame({"start": wide.loc[first], "end": wide.loc[last]}).dropna().reset_index()
        common.append(ends.assign(network=network, since=first, until=last))
    none = pd.DataFrame(columns=[*WHO, "start", "end", "since", "until"])
    grown = pd.concat(common, ignore_index=True) if common else none
    found = subject.accounts.merge(newest, on=WHO).merge(grown, how="left", on=WHO)
    found = found.assign(growth=found["end"].astype("float64") / found["start"].astype("float64") - 1)
    return by_network(found, "value")


def trajectories(subject: Landscape) -> pd.DataFrame:
    """How did followers move? network, account, label, ours, date, value: all totals of the period."""
    return subject.accounts.merge(_totals(subject), on=WHO)


def _before(subject: Landscape) -> pd.DataFrame:
    """Each account's last total before the period, if it is not stale."""
    days, first = subject.tables["days"], pd.Timestamp(subject.span[0])
    recent = days[(days["date"] < first) & (days["date"] >= first - periods.STALE)]
    return _followers_in(recent).groupby(WHO).tail(1)


def _totals(subject: Landscape) -> pd.DataFrame:
    return _followers_in(subject.within("days"))


def _followers_in(days: pd.DataFrame) -> pd.DataFrame:
    totals = days.loc[(days["figure"] == "followers") & (days["value"] > 0), [*WHO, "date", "value"]]
    plain = {"network": "object", "account": "object", "value": "float64"}
    return totals.astype(plain).sort_values("date", kind="stable")


def _common(wide: pd.DataFrame) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """The two days that observe the most accounts for the longest time; none where no two are on both."""
    there = wide.notna().to_numpy(dtype=np.float64)
    both = there @ there.T
    apart = (wide.index.to_numpy()[None, :] - wide.index.to_numpy()[:, None]) / np.timedelta64(1, "D")
    worth = np.where(both > 1, both, 0.0) * np.maximum(apart, 0.0)
    if not worth.size or worth.max() <= 0:
        return None, None
    first, last = np.unravel_index(int(worth.argmax()), worth.shape)
    return wide.index[int(first)], wide.index[int(last)]


def volume(subject: Landscape) -> pd.DataFrame:
    """Who publishes how much, and who gets how much of all interactions? Own volume, not mentions.

    A row per account: network, account, label, ours, since, until, posts, per_week, interactions,
    share_of_posts, share_of_interactions, and basis: "posts" or "totals" (noted for the period as a whole).
    Each network has one period: the posts of a rival that was followed for a month are not set against our
    year. Accounts that are not known all through it have no figures, and of fewer than stats.SMALLEST_N posts
    in all there are no shares.
    """
    windows = [_window(subject, network) for network in dict.fromkeys(subject.accounts["network"])]
    known = [window for window in windows if len(window)]
    columns = ["since", "until", "posts", "interactions", "basis"]
    none = pd.DataFrame(columns=[*WHO, *columns]).astype({"since": DAYS, "until": DAYS})
    found = subject.accounts.merge(pd.concat(known) if known else none, how="left", on=WHO)
    weeks = ((found["until"] - found["since"]).dt.days + 1) / 7
    found = found.assign(per_week=found["posts"] / weeks)
    for name in ("posts", "interactions"):
        whole = found.groupby("network")[name].transform("sum", min_count=1)
        share = found[name] / whole.where(whole > 0)
        counted = found["basis"].notna()
        lacking = (found[name].isna() & counted).groupby(found["network"]).transform("any")
        few = found.groupby("network")["posts"].transform("sum") < stats.SMALLEST_N
        found[f"share_of_{name}"] = share.mask(lacking | few)  # a share of a part is none
    return by_network(contested(found), "posts")


def _window(subject: Landscape, network: str) -> pd.DataFrame:
    """The period that shows the most days of accounts, ours among them, and what they did in it."""
    posts = subject.posts[subject.posts["network"] == network]
    noted, known = _noted(subject, network), _followed(subject, network)
    first, last = (pd.Timestamp(day) for day in subject.span)
    spans = {(max(a, first), min(b, last)) for a in known["first"].unique() for b in known["last"].unique()}
    ours = set(subject.accounts.loc[subject.accounts["ours"], "account"])

    def worth(span: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[bool, bool, int]:
        since, until = span
        there = set(known.index[(known["first"] <= since) & (known["last"] >= until)])
        there |= {account for account, *noted_for in noted.index if tuple(noted_for) == span}
        return len(there) > 1, bool(there & ours), len(there) * ((until - since).days + 1)

    choices = sorted(_windows(noted) | {(since, until) for since, until in spans if since <= until})
    if not choices:
        return pd.DataFrame()
    since, until = max(choices, key=worth)
    return _in_window(posts, known, noted, since, until).assign(network=network, since=since, until=until)


def _followed(subject: Landscape, network: str) -> pd.DataFrame:
    """From when to when are all posts of an account known? By account: first, last (days).

    From its first known post to the day of its newest export.
    """
    rows = subject.tables["posts"]
    rows = rows[rows["network"] == network]
    account = rows["account"].astype("object")
    day = rows["published_at"].dt.tz_localize(None).dt.normalize()
    of = day.groupby(account)
    last = rows.groupby(account)["observed_at"].max().dt.tz_localize(None).dt.normalize()
    return pd.DataFrame({"first": of.min(), "last": last})


def _in_window(
    posts: pd.DataFrame, known: pd.DataFrame, noted: pd.DataFrame, since: pd.Timestamp, until: pd.Timestamp
) -> pd.DataFrame:
    """Posts and interactions of each account that is known all through: noted as totals, else counted."""
    whole = known.index[(known["first"] <= since) & (known["last"] >= until)]
    inside = posts[posts["day"].between(since, until) & posts["account"].isin(whole)]
    of = inside.groupby("account")
    counted = pd.DataFrame({"posts": of.size(), "interactions": of["interactions"].sum(min_count=1)})
    silent = pd.DataFrame({"posts": 0, "interactions": 0.0}, index=whole.difference(counted.index))
    counted = pd.concat([counted, silent]).assign(basis="posts")
    if (since, until) in _windows(noted):
        totals = noted.xs((since, until), level=("since", "until")).assign(basis="totals")
        counted = pd.concat([totals, counted[~counted.index.isin(totals.index)]])
    return counted.rename_axis("account").reset_index()


def _windows(noted: pd.DataFrame) -> set[tuple[pd.Timestamp, pd.Timestamp]]:
    """For which periods was anything noted?"""
    return {(since, until) for _, since, until in noted.index}


def _noted(subject: Landscape, network: str) -> pd.DataFrame:
    """Posts and interactions noted for days of the period as a whole, by account, since and until."""
    rows = subject.within("totals")
    rows = rows[rows["since"] >= pd.Timestamp(subject.span[0])]
    rows = rows[(rows["network"] == network) & rows["figure"].isin(["posts", "interactions", *PUBLIC])]
    keys = ["account", "since", "until"]
    wide = rows.astype({"account": "object", "figure": "object", "value": "float64"}).pivot(
        index=keys, columns="figure", values="value"
    )
    given = [part for part in PUBLIC if part in wide]  # by anybody: who lacks one has no sum
    wide = wide.reindex(columns=["posts", "interactions", *given])
    parts = wide[given].sum(axis=1, skipna=False, min_count=1)
    noted = wide.assign(interactions=wide["interactions"].fillna(parts))[["posts", "interactions"]]
    return _joined(noted.reset_index()).set_index(keys)


def _joined(noted: pd.DataFrame) -> pd.DataFrame:
    """With what was noted for days that follow one another, week after week, as one."""
    rows = noted.sort_values(["account", "since", "until"], ignore_index=True)
    follows = rows["since"] == rows.groupby("account")["until"].shift() + DAY
    chains = rows.groupby(["account", (~follows).cumsum()], as_index=False)
    whole = chains.agg(
        since=("since", "first"), until=("until", "last"),
        posts=("posts", lambda s: s.sum(skipna=False)),
        interactions=("interactions", lambda s: s.sum(skipna=False)),
    )  # fmt: skip
    both = pd.concat([rows, whole[rows.columns]]) if len(rows) else rows
    return both.drop_duplicates(["account", "since", "until"])


def presence(subject: Landscape) -> dict[str, pd.DataFrame]:
    """Where are rivals, how big are they, and since when is each known? observed, followers, trajectories."""
    found = {"observed": observed, "followers": followers, "trajectories": trajectories}
    return {name: of(subject) for name, of in found.items()}


# ── Efficiency ──────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=2)
def efficiency(subject: Landscape) -> pd.DataFrame:
    """How well do they do, by followers at posting, and is the gap to us more than noise?

    A row per account: network, account, label, ours, value (interactions / followers at posting, posts of the
    period), low, high, n, lead (the chance that it is the highest on its network), size (the newest follower
    total), change (theirs over ours − 1), change_low, change_high, p (after Holm, over all gaps shown) and
    verdict: ours, above, below, cannot_tell, or too_few where there is no interval to compare.
    """
    found = contested(subject.accounts.merge(_rates(subject.posts, WHO).reset_index(), on=WHO))
    found["lead"] = np.nan
    for _, rows in found.groupby("network"):
        found.loc[rows.index, "lead"] = stats.chance_first(rows["value"], rows["se"], rows["df"])
    against = _our_rates(subject).reindex(found["network"]).set_axis(found.index)
    gap = stats.compare(found, against).rename(columns={"low": "change_low", "high": "change_high"})
    gap = gap.mask(found["ours"])
    found = found.assign(**gap.assign(p=stats.holm(gap["p"])))
    size = followers(subject).set_index(WHO)["value"].rename("size")
    found = found.merge(size.reset_index(), how="left", on=WHO)
    told = pd.Series(verdicts(found, "above", "below"), index=found.index)
    return by_network(found.assign(verdict=told.mask(found["ours"], "ours")), "value")


def _rates(posts: pd.DataFrame, keys: str | list[str]) -> pd.DataFrame:
    """Interactions by followers at posting, of the posts of which both are known."""
    known = posts.dropna(subset=["interactions", "followers"])
    return stats.ratio(known["interactions"], known["followers"], known[keys])


def _our_rates(subject: Landscape) -> pd.DataFrame:
    """Our own on each network."""
    return _rates(subject.posts[subject.posts["ours"]], "network")


def kinds(subject: Landscape) -> pd.DataFrame:
    """How well does each kind of post do on each account? network, account, label, ours, kind, value, low,
    high, n: interactions by followers at posting."""
    found = _rates(subject.posts, [*WHO, "kind"]).reset_index()
    return contested(subject.accounts.merge(found, on=WHO).drop(columns=["se", "df"]))


def per_post(subject: Landscape) -> pd.DataFrame:
    """What does a post get? Median and mean of each public count, by account.

    A row per account: network, account, label, ours, n (posts), then PER_POST, and low and high of the median
    of interactions. Null where the count is never given.
    """
    posts, names = subject.posts, [*PUBLIC, "interactions"]
    of = posts.astype(dict.fromkeys(names, "float64")).groupby(WHO)[names]
    found = pd.concat([of.median().add_prefix("median_"), of.mean().add_prefix("mean_")], axis=1)
    ends = stats.median(posts["interactions"], posts[WHO])[["low", "high"]]
    found = found.join(ends).assign(n=posts.groupby(WHO).size()).reset_index()
    return by_network(contested(subject.accounts.merge(found, on=WHO)), "median_interactions")


def benchmarks(subject: Landscape) -> pd.DataFrame:
    """Where do we and the rivals stand against what is published for the sector?

    A row per network with a published median of the same formula: network, industry, definition, source,
    source_date, address, old, benchmark; ours and ours_low, ours_high; rivals (the median of the rivals'
    rates) and n (of how many), and verdict of ours: above or below where its interval leaves the published
    figure out, cannot_tell where it holds it, too_few without an interval.
    """
    networks = list(dict.fromkeys(subject.accounts["network"]))
    published = _published(subject.brand.sector, networks)
    rates, ours = efficiency(subject), _our_rates(subject)
    theirs = (
        rates[~rates["ours"] & rates["value"].notna()].groupby("network")["value"].agg(["median", "size"])
    )
    found = published.assign(
        ours=published["network"].map(ours["value"]),
        ours_low=published["network"].map(ours["low"]),
        ours_high=published["network"].map(ours["high"]),
        rivals=published["network"].map(theirs["median"]),
        n=published["network"].map(theirs["size"]).fillna(0).astype("int64"),
    )
    found = found[found["ours"].notna() | found["rivals"].notna()]
    return found.assign(verdict=[_against(row) for row in found.to_dict("records")]).reset_index(drop=True)


def _published(sector: str, networks: list[str]) -> pd.DataFrame:
    """The newest published median by followers for each network: of the sector, and of all."""
    rows = facts.load("benchmarks")
    same = rows["metric"].isin(criteria.PUBLISHED) & rows["definition"].str.contains("/ followers", na=False)
    rows = rows[same & rows["segment"].eq("all") & rows["network"].isin(networks)]
    rows = rows[rows["definition"].str.contains("median", na=False)]
    rows = rows[rows["industry"].isin(["all", sector.casefold()])]
    newest = rows.sort_values(["local", "period"], kind="stable").groupby(["network", "industry"]).tail(1)
    names = ["network", "industry", "definition", "value", "source", "source_date", "address", "old"]
    return by_network(newest[names].rename(columns={"value": "benchmark"}), "industry")


def _against(row: Mapping[object, float]) -> str:
    if pd.isna(row["ours"]) or pd.isna(row["ours_low"]):
        return "too_few"
    if row["ours_low"] <= row["benchmark"] <= row["ours_high"]:
        return "cannot_tell"
    return "above" if row["ours"] > row["benchmark"] else "below"


# ── Best posts ──────────────────────────────────────────────────────────────────────────────────────────────


def notable(subject: Landscape) -> pd.DataFrame:
    """Which posts of rivals did best, against what their account is used to?

    The habit is the median of the account's posts in the period, of stats.SMALLEST_N at least; ``times`` is
    the post's interactions over it. Columns as of ``kpis.notable``.
    """
    posts = subject.posts[~subject.posts["ours"]]
    many = posts.groupby(WHO)["interactions"].transform("count") >= stats.SMALLEST_N
    posts = posts[many & (posts["habit"] > 0)].assign(times=lambda f: f["interactions"] / f["habit"])
    ordered = posts.sort_values(["times", "at"], ascending=[False, True], kind="stable")
    best = ordered.groupby(WHO).head(OF_EACH).head(SHOWN)
    named = best.rename(columns={"interactions": "value", "at": "published_at"})
    wanted = [*WHO, "published_at", "kind", "text", "url", "value", "habit", "times"]
    return named.assign(place="best", account=named["label"])[["place", *wanted]].reset_index(drop=True)


def appendix(subject: Landscape) -> dict[str, pd.DataFrame]:
    """From which exports does all of this come? files: name, digest, format, rows, observed_at, aside."""
    return {"files": store.files(subject.sources)}
