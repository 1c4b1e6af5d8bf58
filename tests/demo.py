"""The demo brand: 14 months of an invented French stoneware studio, as the networks' own exports.

``write(folder)`` makes data/brands/demo/inbox from seeds, byte for byte the same each time, and returns the
truths that it planted, measured on what was written:

1. Instagram: by reach, carousels engage 1.8 times as well as images, reels in between, in every month.
2. Instagram, May 2026: a contest. Interactions double, comments and follows jump.
3. TikTok: no export of Overview or Viewers covers 3 to 16 August 2026. Nothing else lacks a day.
4. Facebook is in decline: the reach of a post falls by 4 % a month; its engagement rate does not move.
5. Nothing moves on TikTok, LinkedIn and YouTube: their rates differ from month to month by chance alone.
   On Instagram the rate of each kind stays too, but from 2026-10-01 most posts are carousels: the overall
   rate rises by the mix.
6. Satisfaction: an NPS about 40 on 45 answers a month, 85 % of the CSAT answers at 4 or 5.
7. Web: 1.8 % of the sessions from networks convert, 3 % of those from LinkedIn, in every month.
8. Three rivals: a contest, a burst of launch posts, and questions that bring more (demo_rivals.py).
9. Instagram: posts from 11:00 to 13:59 get 1.45 times as much of everything, so their rate is as any other's.
   On no other network does the hour matter.
10. Messages: half are answered within two of the studio's hours, three in four within four, one in 20 never
   (demo_messages.py).

Run it to write the files again: ``python tests/demo.py``.
"""

import math
from collections.abc import Iterable
from pathlib import Path

import demo_exports as exports
import demo_messages
import demo_plan
import demo_rivals
import numpy as np
from demo_story import (
    DAYS,
    FIRST,
    GAP,
    MONTHS,
    NETWORKS,
    NOON,
    WEEK,
    Post,
    answers,
    figures,
    publish,
    visits,
)


def happen() -> dict[str, list[Post]]:
    """All posts, by network."""
    return {
        network: publish(network) for network in ("facebook", "instagram", "tiktok", "linkedin", "youtube")
    }


def write(folder: Path) -> dict[str, object]:
    """Write the inbox into ``folder``; the truths that it holds, measured on what was written."""
    posts, days, sessions, survey = happen(), figures(), visits(), answers()
    rivals = demo_rivals.noted(), demo_rivals.published()
    messages = [demo_messages.HEAD, *demo_messages.written()]
    files = exports.everything(posts, days, sessions, survey, rivals, messages)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return truths(posts, days, sessions, survey)


def rate(posts: Iterable[Post]) -> float:
    """Interactions per person reached (per view or impression where a network shows no reach)."""
    posts = list(posts)
    return sum(p.interactions for p in posts) / sum(p.reach for p in posts)


def by_month(posts: Iterable[Post]) -> dict[str, list[Post]]:
    months: dict[str, list[Post]] = {f"{m:%Y-%m}": [] for m in MONTHS}
    for p in posts:
        months[f"{p.at:%Y-%m}"].append(p)
    return months


def truths(
    posts: dict[str, list[Post]], days: dict[str, list[int]], visits: list, survey: list
) -> dict[str, object]:
    """The planted truths, in the figures as they came out."""
    insta = by_month(posts["instagram"])
    facebook = posts["facebook"]
    months = [(p.at.date() - FIRST).days / 30.44 for p in facebook]
    slope = np.polyfit(months, [math.log(p.reach / WEEK[p.at.weekday()]) for p in facebook], 1)[0]
    nps, csat = ([row[5] for row in survey if row[4] == question] for question in ("nps", "csat"))
    return {
        "rate_by_kind": {
            kind: rate(of_kind(posts["instagram"], kind)) for kind in ("image", "reel", "carousel")
        },
        "carousel_over_image": {
            m: rate(of_kind(shown, "carousel")) / rate(of_kind(shown, "image")) for m, shown in insta.items()
        },
        "interactions": {m: sum(p.interactions for p in shown) for m, shown in insta.items()},
        "comments": {m: sum(p.comments for p in shown) for m, shown in insta.items()},
        "follows": {
            m: sum(n for day, n in zip(DAYS, days["instagram follows"], strict=True) if f"{day:%Y-%m}" == m)
            for m in insta
        },
        "gap": GAP,
        "facebook_reach_per_month": math.expm1(slope),
        "rates": {n: {m: rate(shown) for m, shown in by_month(ps).items()} for n, ps in posts.items()},
        "posts": {n: {m: len(shown) for m, shown in by_month(ps).items()} for n, ps in posts.items()},
        "nps": 100 * (sum(s >= 9 for s in nps) - sum(s <= 6 for s in nps)) / len(nps),
        "csat": sum(s >= 4 for s in csat) / len(csat),
        "conversion": {
            "linkedin": conversion(visits, ("linkedin",)),
            "networks": conversion(visits, NETWORKS),
        },
        "followers": {network: days[f"{network} followers"][-1] for network in posts},
        "noon": {
            network: typical([p for p in ps if p.at.hour in NOON])
            / typical([p for p in ps if p.at.hour not in NOON])
            for network, ps in posts.items()
        },
    }


def typical(posts: Iterable[Post]) -> float:
    """The geometric mean of the people reached."""
    return float(np.exp(np.mean([np.log(p.reach) for p in posts])))


def of_kind(posts: Iterable[Post], kind: str) -> list[Post]:
    return [p for p in posts if p.kind == kind]


def conversion(visits: list, sources: tuple[str, ...]) -> float:
    """Key events per session, for the sources that hold one of these words."""
    mine = [row for row in visits if any(word in row[1] for word in sources)]
    return sum(row[3] for row in mine) / sum(row[2] for row in mine)


if __name__ == "__main__":
    inbox = Path(__file__).parent.parent / "data" / "brands" / "demo" / "inbox"
    for old in inbox.glob("*"):
        old.unlink()
    write(inbox)
    demo_plan.write(inbox.parent)
    print(*sorted(p.name for p in inbox.iterdir()), sep="\n")
