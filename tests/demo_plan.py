"""What the demo brand had planned for October 2026: most of it went out as planned, some did not.

Of its posts one in five was not planned; of those that were, four went out a day late and one early; two that
were planned never came. What was expected is what the story gives such a post, so the forecasts are right.
"""

import math
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from demo_story import HABITS, HANDLES, LIVELY, NOON, PARIS, WEEK, Post, dice, publish
from demo_words import filled

from cmlib import plans
from cmlib.plans.cells import written

NETWORKS = ("facebook", "instagram", "tiktok", "linkedin", "youtube")
KINDS = {
    "image": "image", "carousel": "carousel", "reel": "short_video", "Photos": "image", "Vidéos": "video",
    "Reels": "short_video", "": "text", "Video": "video", "video": "video",
}  # fmt: skip
HOURS = {"text": 0.5, "image": 1.5, "carousel": 2.5, "short_video": 4.0, "video": 10.0}
PILLARS = ("l’atelier", "les pièces", "l’art de la table", "les gestes")
LATE, EARLY, UNPLANNED = (
    (5, 14, 22, 30),
    (17,),
    (2, 8, 11, 19, 25, 28, 33, 38, 42),
)  # the nth posts of October
MISSED = (
    ("instagram", "carousel", datetime(2026, 10, 24, 12, tzinfo=PARIS), "{n} façons de dresser {piece}."),
    ("linkedin", "", datetime(2026, 10, 14, 9, tzinfo=PARIS), "Ce que {n} ans de four nous ont appris."),
)
LIKELY = 1.2816  # standard deviations: between the two ends lie 80 %


def october() -> list[tuple[str, Post]]:
    """All posts of the month, by time."""
    found = [(network, post) for network in NETWORKS for post in publish(network)]
    of_month = [one for one in found if f"{one[1].at:%Y-%m}" == "2026-10"]
    return sorted(of_month, key=lambda one: one[1].at)


def expected(network: str, kind: str, at: datetime) -> tuple[float, float, float]:
    """The mean of the interactions of such a post, and between which values 80 % of them lie."""
    habit = HABITS[network, kind]
    fade = 0.96**13 if network == "facebook" else 1.0
    lively = LIVELY if network == "instagram" and at.hour in NOON else 1.0
    middle = habit.reach * habit.rate * fade * lively * WEEK[at.weekday()]
    spread = math.sqrt(habit.spread**2 + 1 / 12 + 1 / middle)
    mean, low, high = (middle * math.exp(by) for by in (spread**2 / 2, -LIKELY * spread, LIKELY * spread))
    return round(mean, 1), round(low, 1), round(high, 1)


def slot(network: str, kind: str, when: datetime, text: str, nth: int) -> dict[str, object]:
    """One row of the plan."""
    made = "short_video" if network == "tiktok" else KINDS[kind]
    mean, low, high = expected(network, kind, when)
    noon = network == "instagram" and when.hour in NOON
    title = text.split("\n")[0].split(". ")[0].split(" #")[0][:70].strip()
    return {
        "slot_id": f"demo-{nth:02}", "when": when, "network": network, "account": HANDLES[network],
        "piece": made, "kind": made, "pillar": PILLARS[nth % 4], "title": title, "text": text,
        "alt_text": f"Photo de l’atelier. {title}" if made in ("image", "carousel") else "",
        "piece_id": f"demo-{nth:02}", "hours": HOURS[made], "cost": 80.0 if made == "video" else 0.0,
        "owner": "Malo" if made in ("video", "short_video") else "Inès", "expected": mean, "low": low,
        "high": high, "objective": "interactions",
        "why": f"hour {LIVELY - 1:.3f} 0.2 0.6" if noon else "hour_any", "sequence": 1,
    }  # fmt: skip


def planned(at: datetime, nth: int, chance: np.random.RandomState) -> datetime:
    """When a post that went out then should have gone out: half an hour before at most, or another day."""
    when = at.replace(minute=at.minute // 30 * 30)
    if nth in LATE or nth in EARLY:
        when = at.replace(hour=(12, 18)[chance.randint(2)], minute=0)
        when += timedelta(days=1 if nth in EARLY else -1)
    return when


def rows() -> pd.DataFrame:
    """The plan as it stands at the end of the month."""
    chance, slots = dice("plan"), []
    for nth, (network, post) in enumerate(october()):
        if nth not in UNPLANNED:
            slots.append(slot(network, post.kind, planned(post.at, nth, chance), post.text, nth))
    for nth, (network, kind, when, text) in enumerate(MISSED, 90):
        slots.append(slot(network, kind, when, filled(chance, text, when), nth))
    when = pd.DatetimeIndex([one["when"] for one in slots]).as_unit("us")
    made = plans.checked(pd.DataFrame(slots).assign(when=when), PARIS)
    made = plans.approve(made, list(made["slot_id"]))
    missed = made["slot_id"].isin(["demo-90", "demo-91"])
    return plans.ordered(made.assign(status=made["status"].where(missed, "published")))


def write(folder: Path) -> None:
    """Write plan.csv into the brand's folder."""
    (folder / "plan.csv").write_bytes(written(rows()))


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "data" / "brands" / "demo")
