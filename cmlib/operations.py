"""Which operations did rivals launch: contests, promotions, launches, partnerships?

An operation is a burst: for some days an account posts more than its rhythm explains, or its posts get more
than chance explains. Words and hashtags that begin and end together show where to look, and name it; where
nothing is said, weeks are looked at. All bursts that were looked for are corrected for together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cmlib import effects, stats, wording
from cmlib.landscape import DAY, SURE, Landscape

Floats = NDArray[np.float64]

LONGEST = 42  # days that an operation lasts, at most: what lasts longer is a season, or a habit
FEWEST = 4  # posts of an operation
WORDY = 0.01  # how unlikely it is that words fall so close together, over all words of a rival
AROUND = 28  # days before and after, to which it is compared
SPANS = (1, 2, 4)  # weeks looked at where no words show the way
HALF = 0.5
BUSIER, BETTER = 1.5, np.log(1.2)  # times as many posts, or results, as else: a burst is no less
SHOWN = ["network", "account", "label", "owner", "post_id", "day", "seen", "text", "interactions", "level"]
WORDS = 4  # that name an operation
NAMED = 1 / 3  # of its posts say a word of its kind
KINDS = {  # what posts of each kind of operation say, in French and in English
    "contest": (
        r"concours|tirage au sort|\bgagn(?:ez|er|ants?|antes?)\b",
        r"giveaway|sweepstakes?|\bwin(?:ners?)?\b|contest",
    ),
    "promotion": (
        r"\bpromo|\bsoldes?\b|remise|réduction|rabais|offerte?s?\b|vente privée|-\s?\d+\s?%",
        r"\bsale\b|discount|\bdeals?\b|\d+\s?% off|black friday|free shipping",
    ),
    "launch": (
        r"\blance(?:ment|r|ons|z)?\b|nouveautés?|\bnouve(?:au|aux|lle|lles)\b|dévoil|avant-première",
        r"\blaunch|introducing|\bdrop\b|now available|\bnew (?:collection|range|product)",
    ),
    "partnership": (
        r"partenari|partenaire|ambassad|sponsoris",
        r"\bcollab|partner(?:ed|ship)|#ad\b",
    ),
}


@dataclass(frozen=True)
class Burst:
    """A window of a rival's posts that may be an operation: its first and last day, and whose posts."""

    start: pd.Timestamp
    end: pd.Timestamp
    posts: NDArray[np.intp]  # places in the rival's posts
    words: tuple[str, ...]
    p: float


@lru_cache(maxsize=2)
def operations(subject: Landscape) -> pd.DataFrame:
    """Which operations did rivals launch in the period, and what did each bring?

    A row each, the newest first: owner, label, kind (of KINDS; other, or burst without words), start, end,
    networks, posts (how many), words, p (after Holm, over all bursts looked at), change, low, high (what
    its posts got over the posts of the AROUND days before and after), brought (interactions a day in it over
    those of the days around), usual (what 19 of 20 other windows of its length brought at most), chance (the
    share of such windows that brought as much), placebos (how many of them there are) and ids (of its posts).
    """
    found: list[Watched] = []
    for _, posts in subject.posts[~subject.posts["ours"]].groupby("owner", sort=True):
        posts = posts.loc[posts["level"].notna(), SHOWN]
        if len(posts) < 2 * stats.SMALLEST_N:
            continue
        diary = _diary(posts.reset_index(drop=True), pd.Timestamp(subject.span[1]))
        counts = wording.said(subject).counts[posts.index]
        found.append((diary, [*_worded(diary, counts, wording.said(subject).words)], [*_weekly(diary)]))
    sure = _sure(found)
    rows = [row for diary, bursts in sure for row in _told(diary, bursts)]
    columns = ["owner", "label", "kind", "start", "end", "networks", "posts", "words", "p", "change", "low",
               "high", "brought", "usual", "chance", "placebos", "ids"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["start", "owner"], ascending=[False, True], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Diary:
    """A rival's posts in the order of their days, ``first`` being day 0 of ``days``.

    ``day`` and ``level`` of each post, and ``mean`` of the levels; ``gained``: interactions of the posts of
    each day; ``until``: how many posts came before each day; ``paced``: the same, of the accounts that were
    known from the beginning (that another is looked at since is no burst); ``shared``: as
    ``effects.shared_luck``.
    """

    posts: pd.DataFrame
    first: pd.Timestamp
    days: int
    day: NDArray[np.intp]
    level: Floats
    mean: float
    gained: Floats
    until: NDArray[np.intp]
    paced: NDArray[np.intp]
    shared: float

    def place(self, when: pd.Timestamp) -> int:
        """Which day is it?"""
        return int((when - self.first) / DAY)


def _diary(posts: pd.DataFrame, end: pd.Timestamp) -> Diary:
    """The diary of a rival, to the day of its newest export, or to the end of the period."""
    first, known = posts["day"].min(), min(posts["seen"].max().normalize(), end)
    day = (posts["day"] - first).dt.days.to_numpy().astype(np.intp)
    level = posts["level"].to_numpy(dtype=np.float64)
    since = posts.groupby(["network", "account"])["day"].transform("min")
    settled = (since <= first + AROUND * DAY).to_numpy()
    days = int((max(known, posts["day"].max()) - first) / DAY) + 1
    return Diary(
        posts=posts,
        first=first,
        days=days,
        day=day,
        level=level,
        mean=float(posts["level"].mean()),
        gained=np.bincount(day, posts["interactions"], minlength=days).astype(np.float64),
        until=_before(day, days),
        paced=_before(day[settled], days),
        shared=effects.shared_luck(_steadied(level, day), day // 7),
    )


def _steadied(level: Floats, day: NDArray[np.intp]) -> Floats:
    """Results without the line along which they grow or shrink: that is no luck of weeks."""
    if day[0] == day[-1]:
        return level
    found: Floats = level - np.polyval(np.polyfit(day, level, 1), day)
    return found


def _before(day: NDArray[np.intp], days: int) -> NDArray[np.intp]:
    """How many came before each day, and in all?"""
    return np.concatenate([[0], np.cumsum(np.bincount(day, minlength=days))]).astype(np.intp)


Watched = tuple[Diary, list[Burst], list[Burst]]  # whose; what words announce; what weeks show


# ── Where to look ───────────────────────────────────────────────────────────────────────────────────────────


def _worded(diary: Diary, counts: Any, words: NDArray[np.object_]) -> Iterator[Burst]:
    """Windows in which words begin and end together, each with how likely its burst is by chance."""
    columns = counts.tocsc()
    columns.sort_indices()
    times = np.diff(columns.indptr)
    often = np.flatnonzero(times >= FEWEST)
    if not len(often):
        return
    first = columns.indices[columns.indptr[often]]
    last = columns.indices[columns.indptr[often + 1] - 1]
    chance = effects.within_span(times[often], last - first + 1, len(diary.posts)) * len(often)
    short = diary.day[last] - diary.day[first] < LONGEST
    close = [int(i) for i in np.argsort(chance, kind="stable") if chance[i] < WORDY and short[i]]
    taken: list[tuple[int, int]] = []
    for i in close:
        begin, end = int(first[i]), int(last[i])
        if any(begin <= b and a <= end for a, b in taken):
            continue
        same = [j for j in close if _overlap((begin, end), (int(first[j]), int(last[j]))) > HALF]
        begin, end = min(int(first[j]) for j in same), max(int(last[j]) for j in same)
        if diary.day[end] - diary.day[begin] >= LONGEST:
            begin, end, same = int(first[i]), int(last[i]), [i]
        taken.append((begin, end))
        places = [columns.indices[columns.indptr[often[j]] : columns.indptr[often[j] + 1]] for j in same]
        saying = np.unique(np.concatenate(places))
        named = tuple(str(words[often[j]]) for j in same[:WORDS])
        yield _judged(diary, int(diary.day[begin]), int(diary.day[end]) + 1, saying, named)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The part of the shorter that both have."""
    both = min(one[1], other[1]) - max(one[0], other[0]) + 1
    return max(both, 0) / (min(one[1] - one[0], other[1] - other[0]) + 1)


def _judged(diary: Diary, begin: int, end: int, posts: NDArray[np.intp], words: tuple[str, ...]) -> Burst:
    """How likely is it that so many posts in these days, or such results of ``posts``, come by chance?

    Results are held against the posts of the days around, twice as far as is shown, so that seasons and
    growth do not count; of these days some may be few: then against all. Where too few weeks are known to
    tell how far posts of one week share their luck, results say nothing.
    """
    outside = (diary.day < begin) | (diary.day >= end)
    near = outside & (diary.day >= begin - 2 * AROUND) & (diary.day < end + 2 * AROUND)
    quiet = diary.level[near if near.sum() >= stats.SMALLEST_N else outside]
    starts = _others(diary, begin, end)
    ends = starts + end - begin
    more = effects.denser(diary.paced[end] - diary.paced[begin], diary.paced[ends] - diary.paced[starts])
    better = 1.0 if np.isnan(diary.shared) else effects.louder(diary.level[posts], quiet, diary.shared)
    start, last = diary.first + begin * DAY, diary.first + (end - 1) * DAY
    return Burst(start, last, posts, words, min(1.0, 2 * min(more, better)))


def _others(diary: Diary, begin: int, end: int) -> NDArray[np.intp]:
    """Where do the windows of the same length begin, before it and after it, side by side?"""
    length = end - begin
    before = np.arange(begin - length, -1, -length)
    return np.concatenate([before, np.arange(end, diary.days - length + 1, length)]).astype(np.intp)


def _weekly(diary: Diary) -> Iterator[Burst]:
    """All windows of some weeks, for what no words announce."""
    for span in SPANS:
        for begin in range(0, diary.days - 7 * span + 1, 7):
            end = begin + 7 * span
            first, last = diary.until[begin], diary.until[end]
            if last - first >= FEWEST:
                posts = np.arange(first, last)
                worth = _stands_out(diary, begin, end)
                yield _judged(diary, begin, end, posts, ()) if worth else _quiet(diary, begin, end, posts)


def _stands_out(diary: Diary, begin: int, end: int) -> bool:
    """Is this window busier, or better, than the rest by so much that it is worth a test?"""
    first, last = diary.until[begin], diary.until[end]
    posts = diary.paced[end] - diary.paced[begin]
    busier = posts * diary.days >= BUSIER * diary.paced[-1] * (end - begin)
    better = diary.level[first:last].mean() - diary.mean >= BETTER
    return bool(busier or better)


def _quiet(diary: Diary, begin: int, end: int, posts: NDArray[np.intp]) -> Burst:
    """A window in which nothing stands out: it counts among those that were looked at."""
    return Burst(diary.first + begin * DAY, diary.first + (end - 1) * DAY, posts, (), 1.0)


# ── What stays ──────────────────────────────────────────────────────────────────────────────────────────────


def _sure(found: list[Watched]) -> Iterator[tuple[Diary, list[Burst]]]:
    """The bursts that chance does not explain: half of the false alarms for each way of looking.

    Of bursts that overlap, those that words announce come first, then the least likely.
    """
    worded, weekly = _corrected([one[1] for one in found]), _corrected([one[2] for one in found])
    for (diary, *_), announced, silent in zip(found, worded, weekly, strict=True):
        kept: list[Burst] = []
        for burst in [*announced, *silent]:
            if not any(burst.start <= other.end and other.start <= burst.end for other in kept):
                kept.append(burst)
        yield diary, kept


def _corrected(of_each: list[list[Burst]]) -> Iterator[list[Burst]]:
    """For each rival, the bursts that stay when all of them are corrected for, the least likely first."""
    every = [burst.p for bursts in of_each for burst in bursts]
    adjusted = iter(np.minimum(2 * stats.holm(every), 1) if every else [])
    for bursts in of_each:
        judged = [replace(burst, p=float(next(adjusted))) for burst in bursts]
        yield sorted((burst for burst in judged if burst.p < SURE), key=lambda burst: burst.p)


def _told(diary: Diary, bursts: list[Burst]) -> Iterator[tuple[Any, ...]]:
    busy = np.zeros(diary.days, dtype=bool)
    for burst in bursts:
        begin, end = _places(diary, burst)
        busy[begin:end] = True
    for burst in bursts:
        posts = diary.posts.iloc[burst.posts]
        networks = tuple(dict.fromkeys(posts["network"]))
        owner, label = posts["owner"].iloc[0], posts["label"].iloc[0]
        kind = _kind(posts["text"], burst.words)
        yield (
            owner, label, kind, burst.start, burst.end, networks, len(posts), burst.words,
            burst.p, *_change(diary, burst, busy), *_brought(diary, burst, busy), tuple(posts["post_id"]),
        )  # fmt: skip


def _places(diary: Diary, burst: Burst) -> tuple[int, int]:
    return diary.place(burst.start), diary.place(burst.end) + 1


def _kind(texts: pd.Series, words: Sequence[str]) -> str:
    """The kind whose words most of its posts say; other where hardly any does, burst if nothing is said."""
    said = texts.fillna("").astype("str").str.normalize("NFKC")
    shares = {kind: said.str.contains("|".join(words), case=False).mean() for kind, words in KINDS.items()}
    best = max(shares, key=lambda kind: shares[kind])
    return best if shares[best] >= NAMED else "other" if words else "burst"


def _change(diary: Diary, burst: Burst, busy: "NDArray[np.bool_]") -> tuple[float, float, float]:
    """What its posts got over those of the days around, with its interval."""
    begin, end = _places(diary, burst)
    around = (diary.day >= begin - AROUND) & (diary.day < end + AROUND) & ~busy[diary.day]
    return effects.gap(diary.level[burst.posts], diary.level[around])


def _brought(diary: Diary, burst: Burst, busy: NDArray[np.bool_]) -> tuple[float, float, float, int]:
    """Interactions a day over those around; what is usual elsewhere, how often it is as much, of how many."""
    begin, end = _places(diary, burst)
    length, quiet = end - begin, ~busy
    gained = np.concatenate([[0.0], np.cumsum(diary.gained * quiet)])
    days = np.concatenate([[0], np.cumsum(quiet)])

    def around(first: NDArray[np.intp]) -> Floats:
        """Interactions a day in the AROUND days before and after, operations left out."""
        a, b = np.maximum(first - AROUND, 0), np.minimum(first + length + AROUND, diary.days)
        sums, n = (of[b] - of[a] - (of[first + length] - of[first]) for of in (gained, days))
        return np.where(n > 0, sums / np.maximum(n, 1), np.nan)

    starts = np.arange(diary.days - length + 1)
    free = days[starts + length] - days[starts] == length
    inside = (gained[starts + length] - gained[starts]) / length
    with np.errstate(divide="ignore", invalid="ignore"):
        others = (inside / around(starts))[free]
        brought = diary.gained[begin:end].sum() / length / around(np.array([begin]))[0]
    others = others[np.isfinite(others)]
    if not len(others) or not np.isfinite(brought):
        return brought, np.nan, np.nan, 0
    return brought, float(np.quantile(others, 0.95)), float((others >= brought).mean()), len(others)
