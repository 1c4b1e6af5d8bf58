"""How good and how fast is the programme of posts, beside a person who fills a grid by value for an hour?"""

import time
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pandas as pd

from cmlib.programme import Problem, Solution, solve

MONDAY = pd.Timestamp("2026-09-28")
HOURS = (8, 11, 12, 14, 17, 18, 20)
KINDS = {  # piece: kind, hours, cost, again
    "photo": ("image", 0.75, 0.0, 0.15),
    "infographic": ("image", 3.0, 0.0, 0.5),
    "carousel": ("carousel", 2.5, 0.0, 0.5),
    "short_video": ("short_video", 4.0, 0.0, 0.5),
    "long_video": ("video", 9.0, 150.0, 1.0),
    "blog_article": ("article", 5.0, 0.0, 1.0),
    "product_sheet": ("link", 1.0, 0.0, 0.2),
    "newsletter": ("text", 3.0, 0.0, 0.5),
    "influencer": ("short_video", 2.0, 300.0, 0.5),
    "contest": ("image", 2.5, 50.0, 0.5),
}
ACCOUNTS = {  # reach of a post, what it takes, posts a week
    "instagram/a": (
        900.0,
        ("photo", "infographic", "carousel", "short_video", "influencer", "contest"),
        3,
        5,
    ),
    "facebook/a": (
        350.0,
        ("photo", "infographic", "carousel", "short_video", "blog_article", "contest"),
        2,
        4,
    ),
    "linkedin/a": (500.0, ("photo", "infographic", "carousel", "blog_article", "long_video"), 2, 3),
    "tiktok/a": (1200.0, ("short_video", "influencer"), 1, 3),
    "youtube/a": (800.0, ("long_video", "short_video"), 0, 2),
    "pinterest/a": (150.0, ("photo", "infographic", "product_sheet", "carousel"), 1, 4),
    "x/a": (120.0, ("photo", "product_sheet", "blog_article", "infographic"), 2, 5),
    "threads/a": (100.0, ("photo", "carousel", "product_sheet"), 1, 4),
}
TEAM = {
    "Inès": (14.0, ("photo", "infographic", "carousel", "product_sheet", "contest", "influencer")),
    "Marc": (12.0, ("short_video", "long_video", "photo", "influencer")),
    "Zoé": (8.0, ("blog_article", "newsletter", "infographic", "product_sheet")),
}
MIX = (("short_video", 0.05, 0.4), ("image", 0.1, 0.6), ("article", 0.02, 0.3), ("carousel", 0.1, 0.5))


def invented(weeks: int, seed: int = 1) -> Problem:
    """Weeks of a team of three on eight accounts: nine pieces, seven hours a day; some prefer hours."""
    chance = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for account, (reach, pieces, _, _) in ACCOUNTS.items():
        hour = np.exp(chance.normal(0, 0.15, len(HOURS))) if chance.random() < 0.5 else np.ones(len(HOURS))
        weekday = np.exp(chance.normal(0, 0.1, 7)) if chance.random() < 0.5 else np.ones(7)
        for piece in pieces:
            level = reach * np.exp(chance.normal(0, 0.4)) * KINDS[piece][1] ** 0.5
            for day in range(7 * weeks):
                for nth, at in enumerate(HOURS):
                    rows.append(_slot(account, day, at, piece, level * hour[nth] * weekday[day % 7]))
    slots = pd.DataFrame(rows)
    first = {f"m{n}": int(chance.integers(0, 7 * weeks - 2)) for n in range(weeks)}
    slots["moments"] = [tuple(m for m, d in first.items() if d <= day <= d + 2) for day in slots["day"]]
    due = range(int(slots["due"].min()), int(slots["due"].max()) + 1)
    months = sorted(slots["month"].unique())
    return Problem(
        slots=slots,
        pieces=pd.DataFrame({p: k[1:] for p, k in KINDS.items()}, index=["hours", "cost", "again"]).T,
        capacity=pd.DataFrame({o: [t[0]] * len(due) for o, t in TEAM.items()}, index=due).T,
        makes={o: frozenset(t[1]) for o, t in TEAM.items()},
        cadence=pd.DataFrame(
            [(a, v[2], v[3]) for a, v in ACCOUNTS.items()], columns=["account", "low", "high"]
        ),
        budget=dict.fromkeys(months, 700.0),
        mix=pd.DataFrame(MIX, columns=["kind", "low", "high"]),
        pillars=pd.DataFrame({"pillar": ["inform", "inspire", "sell"], "share": [0.4, 0.4, 0.2]}),
        moments=pd.DataFrame({"moment": list(first), "value": [float(slots["value"].mean())] * len(first)}),
        gap=18 * 60,
        per_day=1,
        per_day_all=6,
        whole=tuple(range(weeks)),
    )


def _slot(account: str, day: int, hour: int, piece: str, value: float) -> dict[str, Any]:
    date = MONDAY + pd.Timedelta(days=day)
    return {
        "account": account, "day": day, "minute": 1440 * day + 60 * hour, "week": day // 7,
        "due": (day - 3) // 7, "month": f"{date:%Y-%m}", "piece": piece, "value": value,
        "kind": KINDS[piece][0], "fixed": False, "owner": "", "pillar": "", "single": True,
    }  # fmt: skip


class Grid:
    """A grid that a person fills: what is in, what is left of hours, money and room."""

    def __init__(self, asked: Problem) -> None:
        """An empty one."""
        self.asked, self.worth = asked, 0.0
        self.hours = {(o, w): float(h) for o, row in asked.capacity.iterrows() for w, h in row.items()}
        self.money = dict(asked.budget)
        self.most = dict(asked.cadence[["account", "high"]].itertuples(index=False))
        self.value = dict(asked.moments.itertuples(index=False))
        self.minutes: dict[str, list[int]] = defaultdict(list)
        self.weeks: Counter[tuple[str, int]] = Counter()
        self.days: Counter[int] = Counter()
        self.work: Counter[tuple[int, str]] = Counter()  # originals
        self.posts: Counter[tuple[int, str, str]] = Counter()
        self.kinds: Counter[str] = Counter()

    def fits(self, post: Any) -> bool:
        """Is there room for it in the calendar?"""
        near = any(abs(post.minute - at) < self.asked.gap for at in self.minutes[post.account])
        week = self.weeks[post.account, post.week] < self.most[post.account]
        return not near and week and self.days[post.day] < (self.asked.per_day_all or 99)

    def put(self, post: Any) -> bool:
        """In, if somebody has the hours: re-used where a piece is there, else made."""
        again = self.posts[post.due, post.piece, post.account] < self.work[post.due, post.piece]
        needs = self.asked.pieces.at[post.piece, "again" if again else "hours"]
        cost = 0.0 if again else self.asked.pieces.at[post.piece, "cost"]
        can = [o for o, pieces in self.asked.makes.items() if post.piece in pieces]
        owner = max(can, key=lambda o: self.hours[o, post.due])
        if not self.fits(post) or self.hours[owner, post.due] < needs or self.money[post.month] < cost:
            return False
        self.hours[owner, post.due] -= needs
        self.money[post.month] -= cost
        self.work[post.due, post.piece] += not again
        self.posts[post.due, post.piece, post.account] += 1
        self.minutes[post.account].append(post.minute)
        self.weeks[post.account, post.week] += 1
        self.days[post.day] += 1
        self.kinds[post.kind] += 1
        catches = [m for m in post.moments if m in self.value]
        self.worth += post.value + (self.value.pop(catches[0]) if catches else 0.0)
        return True


def greedy(asked: Problem) -> Grid:
    """By value for an hour: first what each account needs in its weeks, then all that still fits."""
    grid = Grid(asked)
    value = asked.slots["value"] / asked.slots["piece"].map(asked.pieces["hours"])
    posts = list(asked.slots.loc[value.sort_values(ascending=False, kind="stable").index].itertuples())
    low = dict(asked.cadence[["account", "low"]].itertuples(index=False))
    for first in (True, False):
        for post in posts:
            if not first or grid.weeks[post.account, post.week] < low[post.account]:
                grid.put(post)
    return grid


def missed(asked: Problem, grid: Grid) -> int:
    """How many minima of weeks and shares of kinds has the grid missed?"""
    weeks = sum(
        grid.weeks[a, w] < low for a, low, _ in asked.cadence.itertuples(index=False) for w in asked.whole
    )
    n = sum(grid.kinds.values())
    return weeks + sum(
        not low * n <= grid.kinds[k] <= high * n for k, low, high in asked.mix.itertuples(index=False)
    )


def line(weeks: int, seed: int) -> str:
    """One calendar, by both."""
    asked = invented(weeks, seed)
    begun = time.perf_counter()
    by_hand = greedy(asked)
    took = time.perf_counter() - begun
    found: Solution = solve(asked)
    made = int(found.chosen["first"].sum())
    what = f"{weeks:2} weeks × {len(ACCOUNTS)} accounts, {len(found.chosen)} posts of {made} pieces"
    ours = f"cmlib {found.objective:,.0f} in {found.seconds:.1f} s, gap {found.gap:.1%}"
    theirs = f"greedy {by_hand.worth:,.0f} in {took:.1f} s, {missed(asked, by_hand)} minima and shares missed"
    return f"{what}   {ours}   {theirs}   ratio {found.objective / by_hand.worth:.2f}"


def table() -> str:
    """One line for each length, and for each of six brands."""
    return "\n".join(
        line(weeks, seed) for weeks, seed in [(4, 1), (8, 1), *((13, seed) for seed in range(1, 7))]
    )


if __name__ == "__main__":
    print(table())
