"""What happens to the demo brand: its posts, days, visitors and customers. All by chance, from seeds."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np
from demo_words import caption, comment

NAME, SITE = "Atelier Vaurenne", "www.atelier-vaurenne.example"
HANDLES = {
    "facebook": NAME,
    "instagram": "atelier.vaurenne",
    "tiktok": "ateliervaurenne",
    "linkedin": "atelier-vaurenne",
    "youtube": NAME,
    "web": SITE,
}
FIRST, LAST = date(2025, 9, 1), date(2026, 10, 31)
GAP = (date(2026, 8, 3), date(2026, 8, 16))
PARIS = ZoneInfo("Europe/Paris")
MONTHS = [date(2025 + (8 + i) // 12, (8 + i) % 12 + 1, 1) for i in range(14)]
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
WEEK = (1.0, 1.05, 1.1, 1.15, 1.05, 0.85, 0.9)  # how lively a Monday, Tuesday … is
HOURS = (2, 2, 3, 3, 5, 4, 2, 2, 2, 4, 5, 4, 2)  # how often a post goes out at 8, 9 … 20 o'clock
NOON, LIVELY = range(11, 14), 1.45  # Instagram posts of these hours get so many times as much of everything
# Picked among thousands, so that what is planted shows and what is stable does not seem to move: no test of
# October against September, or against October a year before, tells them apart on a stable network.
SEEDS = {
    "facebook": 119, "instagram": 1155, "tiktok": 74, "linkedin": 82, "youtube": 4, "days": 25671,
    "web": 3269, "survey": 1199,
}  # fmt: skip


@dataclass(frozen=True)
class Post:
    """A post and its figures; ``reach`` stands for what the network shows: reach, views or impressions."""

    at: datetime
    kind: str
    text: str
    reach: int
    views: int
    reactions: int
    comments: int
    shares: int
    saves: int
    follows: int
    clicks: int
    seconds: int
    contest: bool = False

    @property
    def interactions(self) -> int:
        return self.reactions + self.comments + self.shares + self.saves


@dataclass(frozen=True)
class Habit:
    """How a kind of post does on a network: its median reach, spread, rate, and what interactions it gets."""

    reach: float
    rate: float
    split: tuple[float, float, float, float]  # reactions, comments, shares, saves
    spread: float = 0.8
    views: float = 1.35  # per person reached
    clicks: float = 0.004


HABITS = {
    ("instagram", "image"): Habit(2500, 0.032, (0.85, 0.06, 0.04, 0.05)),
    ("instagram", "carousel"): Habit(2500, 0.0576, (0.73, 0.06, 0.07, 0.14)),
    ("instagram", "reel"): Habit(3700, 0.043, (0.82, 0.05, 0.09, 0.04)),
    ("facebook", "Photos"): Habit(1900, 0.021, (0.80, 0.08, 0.12, 0.0), 0.6, clicks=0.02),
    ("facebook", "Vidéos"): Habit(1900, 0.021, (0.78, 0.08, 0.14, 0.0), 0.6, clicks=0.015),
    ("facebook", "Reels"): Habit(1900, 0.021, (0.80, 0.07, 0.13, 0.0), 0.6, clicks=0.01),
    ("tiktok", "video"): Habit(5200, 0.061, (0.87, 0.05, 0.08, 0.0), views=1.0),
    ("linkedin", ""): Habit(1350, 0.034, (0.84, 0.09, 0.07, 0.0), 0.7, 1.0, 0.026),
    ("linkedin", "Video"): Habit(1350, 0.034, (0.84, 0.09, 0.07, 0.0), 0.7, 1.0, 0.026),
    ("youtube", "video"): Habit(1100, 0.052, (0.84, 0.09, 0.07, 0.0), 0.7, 1.0, 0.05),
}


def dice(name: str, what: str = "") -> np.random.RandomState:
    """The chance of one thing. RandomState, because NumPy promises never to change its streams."""
    return np.random.RandomState([SEEDS.get(name, 0), crc32(f"{name} {what}".strip().encode())])


def agenda(network: str, month: date, i: int) -> list[str]:
    """Which kinds of post go out in the i-th month?"""
    if network == "instagram" and month >= date(2026, 10, 1):
        return ["carousel"] * 11 + ["image"] * 2 + ["reel"] * 3
    return {
        "instagram": ["image"] * (6 + i % 2) + ["carousel"] * (3 + i // 2 % 2) + ["reel"] * (4 + i % 3 // 2),
        "facebook": ["Photos"] * (6 + i % 3) + ["Vidéos"] * 2 + ["Reels"] * 2,
        "tiktok": ["video"] * 8,
        "linkedin": [""] * (5 + i % 3) + ["Video"],
        "youtube": ["video"] * 3,
    }[network]


def moments(rng: np.random.RandomState, month: date, n: int, workdays: bool) -> list[datetime]:
    """When do n posts of a month go out? One a day at most, between 8 and 21 o'clock in Paris."""
    days = [d for d in DAYS if (d.year, d.month) == (month.year, month.month)]
    days = [d for d in days if not workdays or d.weekday() < 5]
    weights = np.array([WEEK[d.weekday()] for d in days])
    chosen = sorted(rng.choice(len(days), n, replace=False, p=weights / weights.sum()))
    hours = rng.choice(np.arange(8, 21), n, p=np.array(HOURS) / sum(HOURS))
    minutes = rng.choice(np.arange(0, 60, 5), n)
    return [
        datetime(days[d].year, days[d].month, days[d].day, h, m, tzinfo=PARIS)
        for d, h, m in zip(chosen, hours.tolist(), minutes.tolist(), strict=True)
    ]


def publish(network: str) -> list[Post]:
    """All posts of a network, oldest first: log-normal reach, negative binomial interactions."""
    rng, posts, said = dice(network), [], set()
    for i, month in enumerate(MONTHS):
        kinds = agenda(network, month, i)
        order = rng.permutation(len(kinds))
        times = moments(rng, month, len(kinds), network == "linkedin")
        drawn = {"image": 2, "carousel": 2} if (network, month) == ("instagram", date(2026, 5, 1)) else {}
        for at, k in zip(times, order.tolist(), strict=True):
            contest = drawn.get(kinds[k], 0) > 0
            drawn[kinds[k]] = drawn.get(kinds[k], 0) - 1
            fade = 0.96**i if network == "facebook" else 1.0
            text = caption(network, kinds[k], at, contest, said)
            post = result(rng, network, kinds[k], at, text, contest, fade)
            posts.append(livelier(post) if network == "instagram" and at.hour in NOON else post)
    return posts


def livelier(post: Post) -> Post:
    """The post at a good hour: more people see it, and as large a part of them acts."""
    counts = ("reach", "views", "reactions", "comments", "shares", "saves", "follows", "clicks")
    return replace(post, **{name: round(getattr(post, name) * LIVELY) for name in counts})


def result(
    rng: np.random.RandomState, network: str, kind: str, at: datetime, text: str, contest: bool, fade: float
) -> Post:
    """What a post brought."""
    habit = HABITS[network, kind]
    reach = habit.reach * fade * WEEK[at.weekday()] * (2.4 if contest else 1.0)
    reach = max(60, round(reach * rng.lognormal(0, habit.spread)))
    rate = habit.rate * (2.6 if contest else 1.0) * rng.gamma(12, 1 / 12)
    total = min(rng.poisson(reach * rate), reach)
    split = (0.40, 0.48, 0.09, 0.03) if contest else habit.split
    reactions, comments, shares, saves = rng.multinomial(total, split).tolist()
    moving = kind.casefold() in ("reel", "reels", "vidéos", "video")
    length = {"youtube": (240, 900), "tiktok": (14, 61)}.get(network, (15, 75))
    return Post(
        at, kind, text, reach, round(reach * habit.views * rng.uniform(0.9, 1.15)),
        reactions, comments, shares, saves, int(rng.poisson(reach * (0.012 if contest else 0.0012))),
        int(rng.binomial(reach, habit.clicks)), int(rng.randint(*length)) if moving else 0, contest,
    )  # fmt: skip


def daily(name: str, level: float, trend: float = 1.0, contest: float = 1.0) -> list[int]:
    """A figure day by day: a level, the week's rhythm, a monthly trend, a factor for May 2026, and chance."""
    rng, values = dice("days", name), []
    values = []
    for day in DAYS:
        months = (day - FIRST).days / 30.44
        push = contest if (day.year, day.month) == (2026, 5) else 1.0
        mean = level * WEEK[day.weekday()] * trend**months * push
        values.append(int(rng.poisson(mean * rng.gamma(25, 1 / 25))))
    return values


def figures() -> dict[str, list[int]]:
    """All daily figures, called by network and figure."""
    days = {
        "facebook reach": daily("facebook reach", 690, 0.96),
        "facebook visits": daily("facebook visits", 46, 0.96),
        "facebook follows": daily("facebook follows", 2.6, 0.96),
        "instagram reach": daily("instagram reach", 1240, contest=1.9),
        "instagram visits": daily("instagram visits", 88, contest=2.1),
        "instagram follows": daily("instagram follows", 9.5, contest=3.4),
        "tiktok views": daily("tiktok views", 1750),
        "tiktok visits": daily("tiktok visits", 41),
        "tiktok follows": daily("tiktok follows", 4.6),
        "linkedin impressions": daily("linkedin impressions", 390),
        "linkedin visitors": daily("linkedin visitors", 14),
        "linkedin follows": daily("linkedin follows", 1.3),
        "youtube views": daily("youtube views", 160),
        "youtube follows": daily("youtube follows", 0.75),
    }
    shares = {
        "tiktok": ("views", {"likes": 0.053, "comments": 0.003, "shares": 0.005}),
        "linkedin": (
            "impressions",
            {"clicks": 0.026, "reactions": 0.0286, "comments": 0.0031, "shares": 0.0024},
        ),
    }
    for network, (whole, parts) in shares.items():
        for figure, share in parts.items():
            name = f"{network} {figure}"
            days[name] = dice("days", name).binomial(days[f"{network} {whole}"], share).tolist()
    for network, start in FOLLOWERS.items():
        lost = dice("days", f"{network} lost").poisson(LOST.get(network, 0), len(DAYS))
        days[f"{network} gained"] = (days[f"{network} follows"] - lost).tolist()
        days[f"{network} followers"] = (start + np.cumsum(days[f"{network} gained"])).tolist()
    return days


FOLLOWERS = {
    "facebook": 7912,
    "instagram": 11840,
    "tiktok": 4310,
    "linkedin": 1624,
    "youtube": 968,
}  # at first
LOST = {"facebook": 2.4, "instagram": 2.4, "tiktok": 1.2}  # a day; LinkedIn and YouTube show net figures

SOURCES = {  # source / medium: sessions a day, share of them that buy
    "google / organic": (46, 0.024),
    "(direct) / (none)": (31, 0.026),
    "l.instagram.com / referral": (27, 0.018),
    "facebook / social": (23, 0.018),
    "instagram / referral": (18, 0.018),
    "tiktok / social": (17, 0.018),
    "linkedin.com / referral": (13, 0.030),
    "newsletter / email": (9, 0.041),
    "youtube.com / referral": (8, 0.018),
}
NETWORKS = ("instagram", "facebook", "tiktok", "youtube")  # the words that tell them in a source


def visits() -> list[tuple[date, str, int, int, float]]:
    rng, rows = dice("web"), []
    for source, (level, share) in SOURCES.items():
        for day, sessions in zip(DAYS, daily(source, level), strict=True):
            bought = int(rng.binomial(sessions, share))
            revenue = round(float(rng.lognormal(3.75, 0.45, bought).sum()), 2)
            if sessions:
                rows.append((day, source, sessions, bought, revenue))
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def answers() -> list[tuple[str, str, str, date, str, int, str]]:
    rng, words, rows = dice("survey"), dice("words"), []
    for month in MONTHS:
        days = [d for d in DAYS if (d.year, d.month) == (month.year, month.month)]
        for _ in range(45 + rng.randint(-4, 5)):
            day = days[rng.randint(len(days))]
            nps = int(rng.choice(11, p=(0.01, 0.0, 0.01, 0.01, 0.02, 0.04, 0.07, 0.12, 0.18, 0.29, 0.25)))
            csat = int(rng.choice([1, 2, 3, 4, 5], p=(0.03, 0.04, 0.08, 0.38, 0.47)))
            rows.append(("answers", "web", SITE, day, "nps", nps, comment(words, nps)))
            rows.append(("answers", "web", SITE, day, "csat", csat, ""))
    return sorted(rows, key=lambda row: row[3])
