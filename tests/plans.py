"""Plans for tests: four weeks of an invented café on five networks, and all that is drawn of them.

What is here has the shape that plans, rules, timing and editorial give; nothing of it is computed by them.
"""

from datetime import date
from typing import Any

import pandas as pd

ZONE = "Europe/Paris"
START, END, TODAY = date(2026, 11, 30), date(2026, 12, 27), date(2026, 12, 3)
EVENINGS = "moment; hour 0.4 0.2 0.65"
# network, account, piece, kind, day of the plan, time, pillar, status, owner, title, why
SLOTS = [
    ("instagram", "cafe.lumo", "carousel", "carousel", 0, "18:30", "behind the bar", "published", "Inès",
     "How we roast on Mondays", EVENINGS),
    ("facebook", "cafelumo", "carousel", "carousel", 1, "12:15", "behind the bar", "scheduled", "Inès",
     "How we roast on Mondays", "hour_any; again"),
    ("instagram", "cafe.lumo", "story", "story", 2, "09:00", "regulars", "approved", "Malik",
     "Wednesday counter", "hour_any"),
    ("instagram", "cafe.lumo", "short_video", "short_video", 3, "18:30", "recipes", "review", "Inès",
     "Chestnut latte in 20 seconds", "hour 0.31 0.12 0.52; mix_min"),
    ("tiktok", "cafe.lumo", "short_video", "short_video", 3, "19:00", "recipes", "draft", "Inès",
     "Chestnut latte in 20 seconds", "hour_prior; again; sector"),
    ("linkedin", "cafe-lumo", "blog_article", "article", 4, "08:30", "behind the bar", "idea", "Malik",
     "", "cadence_min; hour_any"),
    ("instagram", "cafe.lumo", "photo", "image", 5, "11:00", "regulars", "idea", "Malik", "", "moment"),
    ("facebook", "cafelumo", "photo", "image", 5, "11:30", "regulars", "idea", "Malik", "", "moment; again"),
    ("x", "cafelumo", "photo", "image", 5, "12:00", "regulars", "idea", "Malik", "", "moment; again"),
    ("instagram", "cafe.lumo", "carousel", "carousel", 9, "18:00", "recipes", "idea", "Inès",
     "Five spices for one cup", "hour 0.4 0.2 0.65; pillar_min"),
    ("facebook", "cafelumo", "infographic", "image", 10, "17:30", "behind the bar", "idea", "Inès", "",
     "cadence_min"),
    ("tiktok", "cafe.lumo", "short_video", "short_video", 11, "19:00", "recipes", "idea", "Inès", "",
     "hour_prior; mix_min"),
    ("linkedin", "cafe-lumo", "infographic", "image", 11, "08:30", "behind the bar", "idea", "Inès", "",
     "again; cadence_min"),
    ("instagram", "cafe.lumo", "contest", "image", 14, "18:30", "regulars", "draft", "Malik",
     "Win a year of filter coffee", "fixed; hour 0.2 0.05 0.4"),
    ("facebook", "cafelumo", "contest", "image", 15, "12:00", "regulars", "draft", "Malik",
     "Win a year of filter coffee", "again; hour_any"),
    ("x", "cafelumo", "photo", "image", 16, "13:00", "regulars", "idea", "Malik", "", "hour_any"),
    ("instagram", "cafe.lumo", "short_video", "short_video", 17, "19:00", "recipes", "idea", "Inès", "",
     "hour 0.35 0.15 0.6"),
    ("linkedin", "cafe-lumo", "blog_article", "article", 18, "08:30", "behind the bar", "idea", "Malik", "",
     "cadence_min"),
    ("instagram", "cafe.lumo", "carousel", "carousel", 22, "18:30", "recipes", "idea", "Inès", "", "moment"),
    ("facebook", "cafelumo", "carousel", "carousel", 22, "19:30", "recipes", "idea", "Inès", "",
     "moment; again"),
    ("tiktok", "cafe.lumo", "short_video", "short_video", 23, "19:00", "recipes", "idea", "Inès", "",
     "hour_prior"),
]  # fmt: skip
CATCH = {6: "own:portes-ouvertes", 7: "own:portes-ouvertes", 8: "own:portes-ouvertes",
         18: "reveillon_noel", 19: "reveillon_noel"}  # fmt: skip
NETWORKS = ("instagram", "facebook", "tiktok", "linkedin", "x")


def plan(**changed: Any) -> pd.DataFrame:
    """The PLAN frame; what is given stands in every row."""
    rows = []
    for n, (network, account, piece, kind, day, at, pillar, status, owner, title, why) in enumerate(SLOTS):
        expected = None if network == "linkedin" else 60.0 + 9 * n
        rows.append({
            "slot_id": f"s{n:03}", "when": pd.Timestamp(f"{START} {at}", tz=ZONE) + pd.Timedelta(days=day),
            "network": network, "account": account, "piece": piece, "kind": kind, "pillar": pillar,
            "moment": CATCH.get(n, ""), "title": title, "text": "", "link": "", "alt_text": "",
            "piece_id": f"p-{title or n}", "hours": 0.5 if "again" in why else 2.5, "cost": 0.0,
            "owner": owner, "status": status, "fixed": "fixed" in why,
            "expected": expected, "low": expected and expected * 0.4, "high": expected and expected * 2.2,
            "objective": "interactions", "why": why, "approved": "", "task": "", "sequence": 0,
        })  # fmt: skip
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("expected", "low", "high"), "float64"))
    frame["when"] = frame["when"].astype(f"datetime64[us, {ZONE}]")
    return frame.assign(**changed)


def moments() -> pd.DataFrame:
    """What falls into the four weeks, caught or not."""
    named = ["moment", "name", "category", "first", "last", "value", "n", "networks", "caught", "reason"]
    rows = [
        ("avent", "Advent", "tradition", "2026-11-29", "2026-12-24", 0.0, 0, (), False, "not_worth"),
        ("violences_femmes", "Day against violence", "cause", "2026-12-01", "2026-12-01", 0.0, 0, (), False,
         "sensitive"),
        ("own:portes-ouvertes", "Open days", "event", "2026-12-05", "2026-12-06", 3.0, 3,
         ("instagram", "facebook", "x"), True, ""),
        ("saint_nicolas", "Saint Nicholas", "tradition", "2026-12-06", "2026-12-06", 1.0, 0, (), False,
         "no_room"),
        ("reveillon_noel", "Christmas Eve", "tradition", "2026-12-24", "2026-12-24", 1.0, 2,
         ("instagram", "facebook"), True, ""),
        ("noel", "Christmas Day", "public holiday", "2026-12-25", "2026-12-25", 1.0, 0, (), False,
         "blackout"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=named)
    days = {name: pd.to_datetime(frame[name]) for name in ("first", "last")}
    where = {"source": "Calendar of an example", "source_date": "2026-11", "address": "https://example.org/"}
    return frame.assign(**days, **where)


def blackouts() -> pd.DataFrame:
    """Two days without any post, one without any on LinkedIn."""
    rows = [("Stocktaking", "2026-12-25", "2026-12-26", ()), ("Site down", "2026-12-14", "2026-12-14",
            ("linkedin",))]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["name", "first", "last", "networks"])
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("first", "last")})


def checks() -> pd.DataFrame:
    """What the live check says: three rules that must hold, two that should, one to know."""
    network = {"network": "instagram"}
    many = {"day": date(2026, 12, 5), "n": 3, "most": 2}
    rows = [
        ("s013", "", "contest_rules", "must", {}, "contest_rules_deposit"),
        ("s005", "", "late_start", "must", {"n": 5, "day": date(2026, 12, 10)}, ""),
        ("s007", "s006", "per_day_all", "must", many, ""),
        ("s006", "", "alt_text", "should", network, "access_alt"),
        ("", "", "mix_max", "should", {"kind": "image", "n": 8, "of": 21, "most": 6}, ""),
        ("s001", "", "unconfirmed", "info", {}, ""),
    ]
    return pd.DataFrame(rows, columns=["slot_id", "other", "rule", "level", "said", "where"])


def effects(told: tuple[str, ...] = ("instagram",)) -> pd.DataFrame:
    """An evening that is good on each network; claimed on those of ``told`` alone. Of X nothing is known."""
    rows = []
    for network in NETWORKS:
        basis = {"tiktok": "studies", "x": "none"}.get(network, "own")
        for weekday in range(7):
            for hour in range(24):
                good, bad = hour in (18, 19) and weekday < 4, weekday == 6 and hour in (4, 5)
                effect = 0.4 if good else -0.3 if bad else 0.03 * (hour % 3) - 0.02
                sure = network in told and (good or bad)
                wide = 0.2 if 8 <= hour <= 20 or sure else 0.6
                n = 9 if 8 <= hour <= 20 else 1
                low, high = effect - wide, effect + 1.25 * wide
                rows.append((network, weekday, hour, "", effect, low, high, n, sure, basis))
    named = ["network", "weekday", "hour", "kind", "effect", "low", "high", "n", "told", "basis"]
    return pd.DataFrame(rows, columns=named)


def networks() -> pd.DataFrame:
    """What can be told of each network's hours."""
    rows = [("instagram", 240, 0.002, True, ""), ("facebook", 180, 0.61, False, "no_hours"),
            ("tiktok", 4, float("nan"), False, "too_few"), ("linkedin", 60, 0.33, False, "no_hours"),
            ("x", 0, float("nan"), False, "too_few")]  # fmt: skip
    return pd.DataFrame(rows, columns=["network", "n", "p", "told", "note"])


def hours() -> dict[str, pd.DataFrame]:
    """When posts do better."""
    return {"effects": effects(), "networks": networks()}


def load() -> pd.DataFrame:
    """Hours of two owners over four weeks: one week is over, one has days off."""
    weeks = pd.date_range(START, periods=4, freq="7D")
    each = {
        "Inès": [(9.5, 8.0, 0), (7.0, 8.0, 0), (5.0, 8.0, 0), (3.0, 4.8, 2)],
        "Malik": [(4.5, 6.0, 0), (0.0, 6.0, 0), (6.0, 6.0, 0), (2.5, 6.0, 0)],
    }
    rows = [
        (owner, week, used, room, off, used > room)
        for owner, found in each.items()
        for week, (used, room, off) in zip(weeks, found, strict=True)
    ]
    return pd.DataFrame(rows, columns=["owner", "week", "hours", "capacity", "off", "over"])


def coverage() -> dict[str, pd.DataFrame]:
    """Pillars and kinds, planned beside wanted; posts a week on each network."""
    pillars = pd.DataFrame(
        [("recipes", 8, 0.381, 0.4, 0.35, 0.45), ("behind the bar", 6, 0.286, 0.4, 0.35, 0.45),
         ("regulars", 7, 0.333, 0.2, 0.15, 0.25)],
        columns=["pillar", "n", "share", "wanted", "low", "high"],
    )  # fmt: skip
    mix = pd.DataFrame(
        [("image", 8, 0.381, None, None), ("carousel", 5, 0.238, None, 0.3),
         ("short_video", 5, 0.238, 0.1, 0.4), ("article", 2, 0.095, None, None),
         ("story", 1, 0.048, None, None)],
        columns=["kind", "n", "share", "low", "high"],
    ).astype({"low": "float64", "high": "float64"})  # fmt: skip
    weeks = pd.date_range(START, periods=4, freq="7D")
    counts = {"instagram": (4, 1, 2, 1), "facebook": (2, 1, 1, 1), "tiktok": (1, 1, 0, 1),
              "linkedin": (1, 1, 1, 0), "x": (1, 0, 1, 0)}  # fmt: skip
    bounds = {"instagram": (3.0, 5.0), "linkedin": (1.0, 1.0)}
    rows = [(network, week, n, *bounds.get(network, (None, None)))
            for network, each in counts.items() for week, n in zip(weeks, each, strict=True)]  # fmt: skip
    cadence = pd.DataFrame(rows, columns=["network", "week", "n", "low", "high"]).astype(
        {"low": "float64", "high": "float64"}
    )
    return {"pillars": pillars, "mix": mix, "cadence": cadence}


def clashes() -> dict[str, pd.DataFrame]:
    """Two rules that clash, and the one on which the nearest plan gives way."""
    named = ["rule", "subject", "week", "wanted", "possible", "said"]
    rows = [("hours", "Inès", pd.Timestamp(START), 9.5, 8.0, {}),
            ("cadence_min", "instagram", pd.Timestamp(START), 3.0, 2.0, {})]  # fmt: skip
    given = [("cadence_min", "instagram", pd.Timestamp(START), 3.0, 2.0, {})]
    return {"clashes": pd.DataFrame(rows, columns=named), "given_way": pd.DataFrame(given, columns=named)}


def calendar(**changed: Any) -> dict[str, Any]:
    """All that a month shows."""
    whole = {"plan": plan(), "moments": moments(), "blackouts": blackouts(), "checks": checks(),
             "start": START, "end": END, "today": TODAY}  # fmt: skip
    return whole | changed


def findings() -> list[tuple[str, dict[str, Any]]]:
    """What is to be remembered."""
    return [
        ("clashes", {"n": 2}),
        ("planned", {"n": 21, "networks": list(NETWORKS), "first": START, "last": END, "hours": 37.5,
                     "capacity": 54.8}),
        ("expected", {"objective": "interactions", "value": 2480.0, "low": 1900.0, "high": 3300.0, "n": 18}),
        ("caught", {"moments": ["Open days", "Christmas Eve"]}),
        ("missed", {"moments": ["Saint Nicholas"], "reason": "no_room"}),
        ("hour_told", {"network": "instagram", "weekday": 2, "hour": 18, "effect": 0.4, "low": 0.2,
                       "high": 0.65}),
        ("hour_none", {"networks": ["facebook", "linkedin"]}),
        ("checks", {"must": 3, "should": 2}),
    ]  # fmt: skip


def files() -> dict[str, Any]:
    """From what it was computed."""
    files = pd.DataFrame([("posts.csv", "meta_posts_instagram", 240, 0, pd.Timestamp("2026-11-29", tz="UTC"),
                           "ab" * 32)],
                         columns=["name", "format", "rows", "aside", "observed_at", "digest"])  # fmt: skip
    return {"files": files, "version": "cd" * 32, "gap": 0.003, "seconds": 4.2}
