"""How good and how fast is the programme of posts, beside a person who fills a grid by value for an hour?"""

import time
from typing import Any

import numpy as np
import pandas as pd

from cmlib.programme import Problem

MONDAY = pd.Timestamp("2026-09-28")
HOURS = (8, 11, 12, 14, 17, 18, 20)
KINDS = {  # piece: kind, hours, cost, again
    "photo": ("image", 0.75, 0.0, 0.15),
    "infographic": ("image", 3.0, 0.0, 0.5),
    "carousel": ("carousel", 2.5, 0.0, 0.5),
    "short_video": ("short_video", 4.0, 0.0, 0.5),
    "long_video": ("video", 6.0, 150.0, 1.0),
    "blog_article": ("article", 4.0, 0.0, 1.0),
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
    "linkedin/a": (500.0, ("photo", "infographic", "carousel", "blog_article", "long_video"), 1, 2),
    "tiktok/a": (1200.0, ("short_video", "influencer"), 0, 2),
    "youtube/a": (800.0, ("long_video", "short_video"), 0, 2),
    "pinterest/a": (150.0, ("photo", "infographic", "product_sheet", "carousel"), 1, 3),
    "x/a": (120.0, ("photo", "product_sheet", "blog_article", "infographic"), 1, 3),
    "threads/a": (100.0, ("photo", "carousel", "product_sheet"), 0, 2),
}
TEAM = {
    "Inès": (7.0, ("photo", "infographic", "carousel", "product_sheet", "contest", "influencer")),
    "Marc": (6.0, ("short_video", "long_video", "photo", "influencer")),
    "Zoé": (4.0, ("blog_article", "newsletter", "infographic", "product_sheet")),
}
MIX = (("short_video", 0.05, 0.4), ("image", 0.1, 0.6), ("article", 0.02, 0.3), ("carousel", 0.1, 0.5))


def invented(weeks: int, seed: int = 1) -> Problem:
    """Weeks of a team of three on eight accounts: ten pieces, seven hours a day, some accounts have good hours."""
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
        budget=dict.fromkeys(months, 400.0),
        mix=pd.DataFrame(MIX, columns=["kind", "low", "high"]),
        pillars=pd.DataFrame({"pillar": ["inform", "inspire", "sell"], "share": [0.4, 0.4, 0.2]}),
        moments=pd.DataFrame({"moment": list(first), "value": [float(slots["value"].mean())] * len(first)}),
        gap=18 * 60,
        per_day=1,
        per_day_all=3,
        whole=tuple(range(weeks)),
    )


def _slot(account: str, day: int, hour: int, piece: str, value: float) -> dict[str, Any]:
    date = MONDAY + pd.Timedelta(days=day)
    return {
        "account": account, "day": day, "minute": 1440 * day + 60 * hour, "week": day // 7, "due": (day - 3) // 7,
        "month": f"{date:%Y-%m}", "piece": piece, "kind": KINDS[piece][0], "value": value, "fixed": False,
        "owner": "", "pillar": "", "single": True,
    }  # fmt: skip
