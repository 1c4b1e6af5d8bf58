"""What works for rivals: which traits of a post go with more interactions than its account is used to?

Each post is held against its own account's habit, each trait against all the others that it comes with, and
posts of an operation are left aside: a contest makes every trait of its captions look good.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from cmlib import effects, stats
from cmlib.landscape import Landscape, contested, verdicts
from cmlib.operations import operations
from cmlib.periods import WHO
from cmlib.schema import KINDS

PARTS = {"night": (0, 7), "morning": (7, 11), "noon": (11, 14), "afternoon": (14, 18), "evening": (18, 24)}
HOURS = 3  # in a column of the heat map
MANY = 5  # hashtags
CELL = 6  # posts in a cell of the heat map, at least: fewer have no median with an interval
MIDNIGHT = 0.9  # of an account's posts at 00:00 sharp: of which only the day is known
EMOJI = (
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u231a-\u23ff\ufe0f]"
)
LINK = r"https?://|www\.|\blink in bio\b|\blien en bio\b"


@lru_cache(maxsize=2)
def traits(subject: Landscape) -> pd.DataFrame:
    """What do posts look like, and which traits go with more interactions than rivals are used to?

    A row per trait: family (kind, length, hashtags, link, emoji, question, weekday, hour), trait, n (posts
    with it, of accounts that publish both), others (without), change (0.4: 40 % more than without), low,
    high, p (after Holm, over all traits), note (why there is no figure: too_few, confounded), ours and theirs
    (the share of our posts, of all rivals' posts that have it), gap_p (after Holm: whether these shares
    differ) and verdict: works, hurts, none (no evidence) or too_few.
    """
    posts = _counted(subject)
    has = described(subject.posts)
    families = {trait: family for family, trait in has}
    table = pd.DataFrame({trait: column for (_, trait), column in has.items()})
    account, together = (
        posts.groupby(keys).ngroup().to_numpy().astype(np.intp) for keys in (WHO, [*WHO, "day"])
    )
    hours_old = (posts["seen"] - posts["at"]).dt.total_seconds().clip(lower=0) / 3600
    found = effects.lifts(
        posts["level"],
        table.loc[posts.index],
        families,
        account,
        together,
        held=pd.DataFrame({"age": np.log1p(hours_old)}),  # young posts still gain
    )
    found.insert(0, "family", found["trait"].map(families))
    found["p"] = stats.holm(found["p"]).to_numpy()
    found = found.merge(_mix(subject, table), on="trait")
    found["verdict"] = verdicts(found, "works", "hurts", unsure="none")
    return found


def _counted(subject: Landscape) -> pd.DataFrame:
    """Rivals' posts whose results are known and whose account has a habit, without those of operations."""
    posts = subject.posts[~subject.posts["ours"]].dropna(subset=["level"])
    found = operations(subject)
    launched = {(owner, one) for owner, ids in zip(found["owner"], found["ids"], strict=True) for one in ids}
    part = pd.MultiIndex.from_frame(posts[["owner", "post_id"]]).isin(launched)
    many = posts.groupby(WHO)["level"].transform("size") >= stats.SMALLEST_N
    return posts[many & ~part]


def described(posts: pd.DataFrame) -> dict[tuple[str, str], pd.Series]:
    """Which traits has each post? By family and trait: 1, 0, or null where it cannot be told.

    A text is short or long beside the others of its network (the shortest and the longest third). Kinds of
    which nothing is known, and hours of accounts that give only days, tell nothing.
    """
    text = posts["text"].where(posts["text"].fillna("").str.strip() != "")
    hour, kind = _hours(posts), posts["kind"].where(posts["kind"] != "unknown")
    length = text.str.len().astype("Float64").groupby(posts["network"]).rank(pct=True)
    tags = text.str.count(r"#\w").astype("Float64")
    has = {
        ("length", "short"): length <= 1 / 3,
        ("length", "long"): length > 2 / 3,
        ("hashtags", "hashtags"): tags > 0,
        ("hashtags", "many_hashtags"): tags >= MANY,
        ("link", "link"): _says(text, LINK),
        ("emoji", "emoji"): _says(text, EMOJI),
        ("question", "question"): _says(text, r"\?"),
        **{("kind", _kind(name)): _is(kind, name) for name in KINDS if (kind == name).any()},
        **{("weekday", f"day_{n}"): posts["at"].dt.day_of_week == n for n in range(7)},
        **{("hour", name): (hour >= a) & (hour < b) for name, (a, b) in PARTS.items()},
    }
    return {name: column.astype("boolean").astype("Float64") for name, column in has.items()}


def _kind(name: str) -> str:
    """A kind as a trait: a link post is another thing than a link in a text."""
    return "link_post" if name == "link" else name


def _says(text: pd.Series, pattern: str) -> pd.Series:
    return text.str.contains(pattern, case=False).astype("boolean").mask(text.isna())


def _is(kind: pd.Series, name: str) -> pd.Series:
    return (kind == name).astype("boolean").mask(kind.isna())


def _hours(posts: pd.DataFrame) -> pd.Series:
    """The hour of each post; null for accounts whose posts are at midnight sharp, nearly all of them."""
    sharp = posts["at"] == posts["day"]
    of_days = sharp.groupby([posts[name] for name in WHO]).transform("mean") > MIDNIGHT
    hour: pd.Series = posts["at"].dt.hour.astype("Float64").mask(of_days)
    return hour


def hours(subject: Landscape) -> pd.DataFrame:
    """When do rivals' posts do better than their account is used to?

    A row per weekday (0 = Monday) and block of hours: weekday, hour (where it begins), n (posts), value (the
    median of interactions over the account's habit: 1.2 is 20 % more), low and high; value is null for fewer
    than CELL posts. Posts of operations are left aside, and accounts of which only days are known. What can
    be told from chance is in ``traits``.
    """
    posts = _counted(subject).assign(hour=lambda f: _hours(f) // HOURS * HOURS)
    posts = posts.dropna(subset=["hour"]).assign(weekday=lambda f: f["at"].dt.day_of_week)
    keys = posts[["weekday", "hour"]].astype("int64")
    found = stats.median(np.exp(posts["level"]), keys)
    grid = pd.MultiIndex.from_product([range(7), range(0, 24, HOURS)], names=["weekday", "hour"])
    whole = found.reindex(grid).reset_index()
    whole = whole.assign(n=whole["n"].fillna(0).astype("int64"))
    return whole.assign(value=whole["value"].where(whole["n"] >= CELL))


def _mix(subject: Landscape, table: pd.DataFrame) -> pd.DataFrame:
    """How many of our posts and of theirs have each trait, and whether that differs beyond chance."""
    mine, here = subject.posts["ours"], contested(subject.posts[["network", "ours"]].drop_duplicates())
    where = subject.posts["network"].isin(here["network"])
    ours, theirs = (stats.wilson(table[of].sum(), table[of].count()) for of in (mine & where, ~mine))
    gap = stats.difference(ours, theirs)
    found = pd.DataFrame({"ours": ours["value"], "theirs": theirs["value"], "gap_p": stats.holm(gap["p"])})
    return found.rename_axis("trait").reset_index()
