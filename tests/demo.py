"""The demo brand: 14 months of an invented French stoneware studio, as the networks' own exports.

``write(folder)`` makes data/brands/demo/inbox from seeds, byte for byte the same each time, and returns the
truths that it planted, measured on what was written:

1. Instagram: by reach, carousels engage 1.8 times as well as images, reels in between, in every month.
2. Instagram, May 2026: a contest. Interactions more than double, comments and follows jump.
3. TikTok: no export of Overview or Viewers covers 3 to 16 August 2026. Nothing else lacks a day.
4. Facebook is in decline: the reach of a post falls by 4 % a month; its engagement rate does not move.
5. Nothing moves on TikTok, LinkedIn and YouTube: their rates differ from month to month by chance alone.
   On Instagram the rate of each kind stays too, but from 2026-10-01 most posts are carousels: the overall
   rate rises by the mix.
6. Satisfaction: an NPS about 40 on 45 answers a month, 85 % of the CSAT answers at 4 or 5.
7. Web: 1.8 % of the sessions from networks convert, 3 % of those from LinkedIn, in every month.

Run it to write the files again: ``python tests/demo.py``.
"""

import csv
import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import xlwt
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
RIVALS = {"terres.de.brivoise": 21400, "manufacture.orvenne": 38900, "la.petite.tournelle": 6150}
FIRST, LAST = date(2025, 9, 1), date(2026, 10, 31)
GAP = (date(2026, 8, 3), date(2026, 8, 16))
PARIS, PACIFIC = ZoneInfo("Europe/Paris"), ZoneInfo("America/Los_Angeles")
MONTHS = [date(2025 + (8 + i) // 12, (8 + i) % 12 + 1, 1) for i in range(14)]
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
WEEK = (1.0, 1.05, 1.1, 1.15, 1.05, 0.85, 0.9)  # how lively a Monday, Tuesday … is
HOURS = (2, 2, 3, 3, 5, 4, 2, 2, 2, 4, 5, 4, 2)  # how often a post goes out at 8, 9 … 20 o'clock
# Chosen so that no stable network seems to move: tests/test_demo_files.py says what that means.
SEEDS = {"facebook": 1, "instagram": 2, "tiktok": 3, "linkedin": 4, "youtube": 5, "web": 6, "survey": 7}


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


# ---------------------------------------------------------------------------------------- what happened


def dice(network: str) -> np.random.RandomState:
    """The chance of one network. RandomState, because NumPy promises never to change its streams."""
    return np.random.RandomState(SEEDS[network])


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
            posts.append(result(rng, network, kinds[k], at, text, contest, fade))
    return posts


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


def daily(rng: np.random.RandomState, level: float, trend: float = 1.0, contest: float = 1.0) -> list[int]:
    """A figure day by day: a level, the week's rhythm, a monthly trend, a factor for May 2026, and chance."""
    values = []
    for day in DAYS:
        months = (day - FIRST).days / 30.44
        push = contest if (day.year, day.month) == (2026, 5) else 1.0
        mean = level * WEEK[day.weekday()] * trend**months * push
        values.append(int(rng.poisson(mean * rng.gamma(18, 1 / 18))))
    return values


def totals(start: int, gains: Sequence[int]) -> list[int]:
    """Followers at the end of each day."""
    return (start + np.cumsum(gains)).tolist()


# ---------------------------------------------------------------------------------------- how files look


def php(rows: Iterable[Sequence[object]]) -> str:
    """CSV as Meta writes it (PHP's fputcsv): quotes where there is a space, a comma, a quote, a line end."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ' ,"\n\t\\') else text

    return "".join(",".join(map(cell, row)) + "\n" for row in rows)


def quoted(rows: Iterable[Sequence[object]]) -> str:
    """CSV with everything in quotes and no line end after the last row, as TikTok writes it."""
    return "\n".join(",".join('"' + str(c).replace('"', '""') + '"' for c in row) for row in rows)


def plain(rows: Iterable[Sequence[object]]) -> str:
    """CSV with the quotes that are needed, as YouTube and we write it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def bundle(members: dict[str, str], day: date) -> bytes:
    """A zip (stored, as TikTok's): the time stamp is the export's, so that the bytes are always the same."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 30, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same on every machine
            archive.writestr(info, text.encode())
    return buffer.getvalue()


def workbook(sheets: dict[str, list[Sequence[object]]]) -> bytes:
    """A true BIFF .xls, as LinkedIn's."""
    book, buffer = xlwt.Workbook(), io.BytesIO()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value != "":
                    sheet.write(r, c, value)
    book.save(buffer)
    return buffer.getvalue()


def epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 9, 30, tzinfo=PARIS).timestamp())


def american(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def english(day: date) -> str:
    return f"{day:%B} {day.day}"


def between(start: date, end: date) -> list[int]:
    """The places in DAYS of a period's days."""
    return list(range((start - FIRST).days, (end - FIRST).days + 1))


def within(posts: Iterable[Post], start: date, end: date) -> list[Post]:
    return [p for p in posts if start <= p.at.date() <= end]


# ---------------------------------------------------------------------------------------- Meta


def facebook_posts(posts: list[Post]) -> dict[str, bytes]:
    """Three exports of the Page's posts, in French; the second holds one of Meta's error rows."""
    header = (
        "Identifiant de la publication", "ID de la Page", "Nom de la page", "Titre", "Description", "Durée (s)",
        "Heure de publication", "Permalien", "Est un crosspostage", "Est un partage", "Type de publication",
        "Langues", "Commentaire des données", "Date", "Vues", "Couverture", "Réactions, commentaires et partages",
        "Réactions", "Commentaires", "Partages", "Total des clics", "Clics sur un lien",
    )  # fmt: skip
    page, files = "615500284471903", {}
    periods = {
        "1204417789320155": (FIRST, date(2026, 2, 28)),
        "1377205561840092": (date(2026, 3, 1), date(2026, 8, 31)),
        "1450038826194437": (date(2026, 9, 1), LAST),
    }
    for export, (start, end) in periods.items():
        rows: list[Sequence[object]] = [header]
        for p in within(posts, start, end):
            key = str(122100000000000 + int(p.at.timestamp()))
            folder = "posts" if p.kind == "Photos" else "reel" if p.kind == "Reels" else "videos"
            rows.append((
                key, page, NAME, p.text, "", p.seconds, f"{p.at:%m/%d/%Y %H:%M}",
                f"https://www.facebook.com/ateliervaurenne/{folder}/{key}", 0, 0, p.kind, "", "", "Global",
                p.views, p.reach, p.interactions, p.reactions, p.comments, p.shares,
                p.clicks + p.reactions, p.clicks,
            ))  # fmt: skip
        if start == date(2026, 3, 1):
            problem = "An error occurred while computing metadata for content with ID 122101778460012."
            rows.insert(9, ["" if name != "Commentaire des données" else problem for name in header])
        files[meta_name(start, end, export)] = php(rows).encode("utf-8-sig")
    return files


def instagram_posts(posts: list[Post]) -> dict[str, bytes]:
    """Two exports of the account's posts, in English, with the columns in the order of 2026."""
    header = (
        "Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)",
        "Publish time", "Permalink", "Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares",
        "Follows", "Comments", "Saves",
    )  # fmt: skip
    files = {}
    periods = {"1091172406558321": (FIRST, date(2026, 8, 31)), "1466802917735514": (date(2026, 9, 1), LAST)}
    for export, (start, end) in periods.items():
        rows: list[Sequence[object]] = [header]
        for p in within(posts, start, end):
            key = 17900000000000000 + int(p.at.timestamp()) * 37
            folder = "reel" if p.kind == "reel" else "p"
            rows.append((
                key, "17841464920187733", HANDLES["instagram"], NAME, p.text, p.seconds,
                f"{p.at:%m/%d/%Y %H:%M}", f"https://www.instagram.com/{folder}/{short(key, 11)}/", f"IG {p.kind}",
                "", "Lifetime", p.views, p.reach, p.reactions, p.shares, p.follows, p.comments, p.saves,
            ))  # fmt: skip
        files[meta_name(start, end, export)] = php(rows).encode("utf-8-sig")
    return files


def meta_name(start: date, end: date, export: str) -> str:
    return f"{start:%b-%d-%Y}_{end:%b-%d-%Y}_{export}.csv"


def short(number: int, length: int) -> str:
    """A number as the letters of a short link."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    number = number * 2654435761 % 62**length
    return "".join(letters[number // 62**i % 62] for i in range(length))


def meta_series(title_line: str, values: Sequence[int]) -> bytes:
    """One figure of Meta's overview. Its hour is midnight in summer and one in winter, by American time."""
    lines = ["sep=,", f'"{title_line}"', '"Date","Primary"']
    for day, value in zip(DAYS, values, strict=True):
        summer = datetime(day.year, day.month, day.day, 12, tzinfo=PACIFIC).dst()
        lines.append(f'"{day}T0{0 if summer else 1}:00:00","{value}"')
    return b"\xff\xfe" + ("\n".join(lines) + "\n\n").encode("utf-16-le")


def meta_audience() -> bytes:
    blocks = [
        [("Age & gender",), ("", "Women", "Men"), ("18-24", 6.1, 1.9), ("25-34", 24.8, 5.2), ("35-44", 23.9, 5.6),
         ("45-54", 14.7, 3.4), ("55-64", 8.0, 2.1), ("65+", 3.2, 1.1)],
        [("Top countries",), ("France", "Belgium", "Switzerland", "Canada", "Germany", "Spain"),
         (79.4, 6.3, 3.8, 2.9, 1.4, 0.9)],
        [("Top cities",), ("Paris, France", "Lyon, France", "Nantes, France", "Bordeaux, France",
         "Brussels, Belgium", "Rennes, France"), (14.2, 5.7, 4.9, 3.6, 2.8, 2.1)],
    ]  # fmt: skip
    text = "sep=,\n" + "\n\n".join(quoted(block) for block in blocks) + "\n\n"
    return b"\xff\xfe" + text.encode("utf-16-le")


# ---------------------------------------------------------------------------------------- TikTok


def tiktok(posts: list[Post], series: dict[str, list[int]]) -> dict[str, bytes]:
    """Studio's zips. Overview and Viewers were forgotten for two weeks of August; the rest is whole."""
    handle, files = HANDLES["tiktok"], {}

    def put(kind: str, start: date, made: date, members: dict[str, str]) -> None:
        members = {name: "\ufeff" + text for name, text in members.items()}
        files[f"{kind}_{start}_{epoch(made)}_{handle}.zip"] = bundle(members, made)

    def table(header: Sequence[str], start: date, end: date) -> str:
        rows = [(english(DAYS[i]), *(series[name][i] for name in header[1:])) for i in between(start, end)]
        return quoted([header, *rows])

    daily_exports = [
        (FIRST, date(2026, 2, 28), date(2026, 3, 2)),
        (date(2026, 3, 1), GAP[0] - timedelta(1), GAP[0]),
        (GAP[1] + timedelta(1), LAST, date(2026, 11, 2)),
    ]
    overview = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
    for start, end, made in daily_exports:
        put("Overview", start, made, {"Overview.csv": table(overview, start, end)})
        viewers = table(("Date", "Total Viewers", "New Viewers", "Returning Viewers"), start, end)
        put("Viewers", start, made, {"Viewers.csv": viewers})
    for start, end, made in HALVES:
        put("Content", start, made, {"Content.csv": tiktok_content(within(posts, start, end), end)})
        followers = ("Date", "Followers", "Difference in followers from previous day")
        members = {
            "FollowerHistory.csv": table(followers, start, end),
            "FollowerGender.csv": quoted([("Gender", "Distribution"), ("Female", 0.71), ("Male", 0.27),
                                          ("Other", 0.02)]),
            "FollowerTopTerritories.csv": quoted([("Top territories", "Distribution"), ("FR", 0.742), ("BE", 0.081),
                                                  ("CH", 0.034), ("CA", 0.029), ("Others", 0.114)]),
        }  # fmt: skip
        put("Followers", start, made, members)
    return files


HALVES = [
    (FIRST, date(2026, 2, 28), date(2026, 3, 2)),
    (date(2026, 3, 1), LAST, date(2026, 11, 2)),
]


def tiktok_content(posts: list[Post], end: date) -> str:
    header = ("Time", "Video title", "Video link", "Post time", "Total likes", "Total comments", "Total shares",
              "Total views")  # fmt: skip
    rows = [
        (english(end), p.text, f"https://www.tiktok.com/@{HANDLES['tiktok']}/video/{snowflake(p.at, 32, 1)}",
         english(p.at.date()), p.reactions, p.comments, p.shares, p.reach)
        for p in sorted(posts, key=lambda p: -p.reach)
    ]  # fmt: skip
    return quoted([header, *rows])


def snowflake(at: datetime, bits: int, per_second: int) -> int:
    """A number that begins with its instant, as the ids of TikTok and LinkedIn do."""
    seconds = int(at.timestamp())
    return (seconds * per_second << bits) + seconds * 40503 % (1 << bits)


# ---------------------------------------------------------------------------------------- LinkedIn


def linkedin(posts: list[Post], series: dict[str, list[int]]) -> dict[str, bytes]:
    slug, files = HANDLES["linkedin"], {}
    for start, end, made in HALVES:
        days = between(start, end)
        shown = within(posts, start, end)
        books = {
            "content": {"Metrics": linkedin_metrics(days, series), "All posts": linkedin_posts(shown)},
            "visitors": {"Visitor metrics": linkedin_visitors(days, series["visitors"])}
            | linkedin_people("Total views", 0.35),
            "followers": {"New followers": linkedin_followers(days, series["followers"])}
            | linkedin_people("Total followers", 1.0),
        }
        for i, (kind, sheets) in enumerate(books.items()):
            files[f"{slug}_{kind}_{epoch(made) * 1000 + 9_417 * i + 233}.xls"] = workbook(sheets)
    return files


def linkedin_metrics(days: list[int], series: dict[str, list[int]]) -> list[Sequence[object]]:
    names = ["Clicks", "Reactions", "Comments", "Reposts"]
    sides = ("organic", "sponsored", "total")
    rows: list[Sequence[object]] = [
        ("Aggregated engagement metrics for your organic and sponsored posts over time. Date indicates when your "
         "posts were viewed by LinkedIn members. Data is delayed by up to 2 days. All dates and times are in UTC.",),
        ("Date", *(f"Impressions ({s})" for s in sides), "Unique impressions (organic)",
         *(f"{n} ({s})" for n in [*names, "Engagement rate"] for s in sides)),
    ]  # fmt: skip
    for i in days:
        seen = series["Impressions"][i]
        did = [series[name][i] for name in names]
        rate = sum(did) / seen if seen else 0
        triples = [x for n in did for x in (n, 0, n)]
        rows.append((american(DAYS[i]), seen, 0, seen, round(seen * 0.58), *triples, rate, 0, rate))
    return rows


def linkedin_posts(posts: list[Post]) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = [
        ("Engagement metrics for individual posts. Created date indicates when your post was created. All dates "
         "and times are in UTC.",),
        ("Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date",
         "Campaign start date", "Campaign end date", "Audience", "Impressions", "Views", "Offsite Views", "Clicks",
         "Click through rate (CTR)", "Likes", "Comments", "Reposts", "Follows", "Engagement rate", "Content Type"),
    ]  # fmt: skip
    for p in reversed(posts):
        link = f"https://www.linkedin.com/feed/update/urn:li:activity:{snowflake(p.at, 22, 1000)}"
        views = round(p.reach * 0.32) if p.kind else ""
        rows.append((
            p.text, link, "Organic", "", "Clémence Ardouin", american(p.at.date()), "", "", "All followers", p.reach,
            views, "", p.clicks, p.clicks / p.reach, p.reactions, p.comments, p.shares, "",
            (p.clicks + p.interactions) / p.reach, p.kind,
        ))  # fmt: skip
    return rows


def linkedin_followers(days: list[int], gains: list[int]) -> list[Sequence[object]]:
    header = ("Date", "Sponsored followers", "Organic followers", "Auto-invited followers", "Total followers")
    return [header, *((american(DAYS[i]), 0, gains[i], 0, gains[i]) for i in days)]


def linkedin_visitors(days: list[int], visitors: list[int]) -> list[Sequence[object]]:
    kinds = [
        f"{what} ({on})"
        for what in ("page views", "unique visitors")
        for on in ("desktop", "mobile", "total")
    ]
    pages = ("Overview", "Life", "Jobs", "Total")
    rows: list[Sequence[object]] = [("Date", *(f"{page} {kind}" for page in pages for kind in kinds))]
    for i in days:
        people = visitors[i]
        desk = people * 3 // 5
        seen, seen_desk = people + people * 4 // 10, desk + desk * 4 // 10
        overview = (seen_desk, seen - seen_desk, seen, desk, people - desk, people)
        rows.append((american(DAYS[i]), *overview, *([0] * 12), *overview))
    return rows


def linkedin_people(label: str, share: float) -> dict[str, list[Sequence[object]]]:
    people = {
        "Location": {"Greater Paris Metropolitan Region, France": 612, "Greater Lyon Area, France": 188,
                     "Greater Nantes Metropolitan Area, France": 164, "Greater Rennes Metropolitan Area": 71},
        "Job function": {"Arts and Design": 486, "Business Development": 311, "Sales": 274, "Marketing": 251,
                         "Education": 118},
        "Seniority": {"Senior": 602, "Entry": 511, "Owner": 344, "Manager": 187, "Director": 126},
        "Industry": {"Retail": 402, "Hospitality": 338, "Design Services": 297, "Restaurants": 214,
                     "Museums, Historical Sites, and Zoos": 66},
        "Company size": {"2-10": 611, "11-50": 402, "1": 251, "51-200": 214, "10001+": 77},
    }  # fmt: skip
    return {
        sheet: [(sheet, label), *((level, round(n * share)) for level, n in levels.items())]
        for sheet, levels in people.items()
    }


# ---------------------------------------------------------------------------------------- YouTube, web, survey, notes


def youtube(posts: list[Post], views: list[int]) -> dict[str, bytes]:
    """One export of Studio's advanced mode, in French; the dates stay English, as they do there."""
    header = ("Contenu", "Titre de la vidéo", "Heure de publication de la vidéo", "Durée", "Vues",
              "Durée de visionnage (heures)", "Abonnés", "Impressions", "Taux de clics par impression (%)", "J'aime",
              "Commentaires ajoutés", "Partages")  # fmt: skip
    rows = []
    for p in sorted(posts, key=lambda p: -p.reach):
        shown, hours = round(p.reach / 0.054), round(p.reach * p.seconds * 0.41 / 3600, 4)
        when = f"{p.at:%b} {p.at.day}, {p.at.year}"
        key = short(int(p.at.timestamp()), 11)
        rows.append((key, p.text, when, p.seconds, p.reach, hours, p.follows, shown,
                     round(100 * p.reach / shown, 2), p.reactions, p.comments, p.shares))  # fmt: skip
    sums = [sum(row[i] for row in rows) for i in range(12) if i in (4, 5, 6, 7, 9, 10, 11)]
    rate = round(100 * sums[0] / sums[3], 2)
    top = ("Total", "", "", "", sums[0], round(sums[1], 4), *sums[2:4], rate, *sums[4:])
    members = {
        "Informations relatives aux tableaux.csv": plain([header, top, *rows]),
        "Totaux.csv": plain([("Date", "Vues"), *zip(DAYS, views, strict=True)]),
    }
    end = LAST + timedelta(1)
    return {f"Contenu {FIRST}_{end} {HANDLES['youtube']}.zip": bundle(members, date(2026, 11, 2))}


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
NETWORKS = ("instagram", "facebook", "tiktok", "youtube")


def visits() -> list[tuple[date, str, int, int, float]]:
    rng, rows = dice("web"), []
    for source, (level, share) in SOURCES.items():
        for day, sessions in zip(DAYS, daily(rng, level), strict=True):
            bought = int(rng.binomial(sessions, share))
            revenue = round(float(rng.lognormal(3.75, 0.45, bought).sum()), 2)
            if sessions:
                rows.append((day, source, sessions, bought, revenue))
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def analytics(rows: list[tuple[date, str, int, int, float]]) -> bytes:
    """GA4's traffic acquisition: a preamble, then the rows by falling sessions; CRLF, none at the end."""
    rule = "# ----------------------------------------"
    lines = [
        rule, "# Report CSV Export", f"# Account: {NAME}", f"# Property: {SITE} - GA4", rule, "# ", "# All Users",
        f"# Start date: {FIRST:%Y%m%d}", f"# End date: {LAST:%Y%m%d}",
        "Date,Session source / medium,Sessions,Key events,Total revenue",
        *(f"{day:%Y%m%d},{source},{n},{bought},{revenue:g}" for day, source, n, bought, revenue in rows),
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def answers() -> list[tuple[str, str, str, date, str, int, str]]:
    rng, rows = dice("survey"), []
    for month in MONTHS:
        days = [d for d in DAYS if (d.year, d.month) == (month.year, month.month)]
        for _ in range(45 + rng.randint(-4, 5)):
            day = days[rng.randint(len(days))]
            nps = int(rng.choice(11, p=(0.01, 0.0, 0.01, 0.01, 0.02, 0.04, 0.07, 0.12, 0.18, 0.29, 0.25)))
            csat = int(rng.choice([1, 2, 3, 4, 5], p=(0.03, 0.04, 0.08, 0.38, 0.47)))
            rows.append(("answers", "web", SITE, day, "nps", nps, comment(rng, nps)))
            rows.append(("answers", "web", SITE, day, "csat", csat, ""))
    return sorted(rows, key=lambda row: row[3])


def followers_noted(series: dict[str, list[int]]) -> list[Sequence[object]]:
    """Totals that no export gives: read off each profile on the first day, then on the last of each month."""
    ends = [d for d in DAYS if d == FIRST or (d + timedelta(1)).day == 1]
    return [
        ("days", network, HANDLES[network], day, "followers", series[network][(day - FIRST).days])
        for network in ("facebook", "instagram", "linkedin", "youtube")
        for day in ends
    ]


def rivals_noted() -> list[Sequence[object]]:
    rng = np.random.RandomState(11)
    days = [*MONTHS, LAST]
    rows: list[Sequence[object]] = []
    for handle, followers in RIVALS.items():
        for day in days:
            rows.append(("days", "instagram", handle, day, "followers", followers))
            followers = round(followers * (1 + rng.uniform(0.004, 0.016)))
    return rows


# ---------------------------------------------------------------------------------------- all of it


def happen() -> dict[str, list[Post]]:
    """All posts, by network."""
    return {
        network: publish(network) for network in ("facebook", "instagram", "tiktok", "linkedin", "youtube")
    }


def write(folder: Path) -> dict[str, object]:
    """Write the inbox into ``folder``; the truths that it holds, measured on what was written."""
    posts, rows, survey = happen(), visits(), answers()
    follows = {
        "facebook": daily(np.random.RandomState(21), 2.6, 0.96),
        "instagram": daily(np.random.RandomState(22), 9.5, contest=3.4),
        "linkedin": daily(np.random.RandomState(23), 1.3),
        "youtube": daily(np.random.RandomState(24), 0.75),
        "tiktok": daily(np.random.RandomState(25), 4.6),
    }
    left = daily(np.random.RandomState(26), 2.4)
    gains = {n: [a - b for a, b in zip(g, left, strict=True)] if n in ("facebook", "instagram", "tiktok") else g
             for n, g in follows.items()}  # fmt: skip
    begun = {"facebook": 7912, "instagram": 11840, "linkedin": 1624, "youtube": 968, "tiktok": 4310}
    held = {network: totals(begun[network], gains[network]) for network in begun}
    files = facebook_posts(posts["facebook"]) | instagram_posts(posts["instagram"]) | meta_overview(follows)
    files |= tiktok(posts["tiktok"], tiktok_days(held["tiktok"], gains["tiktok"]))
    files |= linkedin(posts["linkedin"], linkedin_days(follows["linkedin"]))
    files |= youtube(posts["youtube"], daily(np.random.RandomState(41), 160))
    files["data-export.csv"] = analytics(rows)
    head = ("table", "network", "account", "answered_on", "question", "score", "text")
    files["satisfaction_2026-11-02.csv"] = plain([head, *survey]).encode()
    head = ("table", "network", "account", "date", "figure", "value")
    files["followers_2026-11-02.csv"] = plain([head, *followers_noted(held)]).encode()
    files["rivals_2026-11-02.csv"] = plain([head, *rivals_noted()]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return truths(posts, rows, survey) | {
        "files": sorted(files),
        "followers": {n: h[-1] for n, h in held.items()},
    }


def meta_overview(follows: dict[str, list[int]]) -> dict[str, bytes]:
    seed = np.random.RandomState
    return {
        "Reach.csv": meta_series("Facebook reach", daily(seed(31), 690, 0.96)),
        "Reach (1).csv": meta_series("Instagram reach", daily(seed(32), 1240, contest=1.9)),
        "Visits.csv": meta_series("Facebook visits", daily(seed(33), 46, 0.97)),
        "Visits (1).csv": meta_series("Instagram profile visits", daily(seed(34), 88, contest=2.1)),
        "Follows.csv": meta_series("Facebook follows", follows["facebook"]),
        "Follows (1).csv": meta_series("Instagram follows", follows["instagram"]),
        "Audience.csv": meta_audience(),
    }


def tiktok_days(held: list[int], gains: list[int]) -> dict[str, list[int]]:
    rng = np.random.RandomState(35)
    views = daily(rng, 1750)
    new, back = [round(v * 0.55) for v in views], [round(v * 0.17) for v in views]
    return {
        "Video Views": views,
        "Profile Views": daily(rng, 41),
        "Likes": rng.binomial(views, 0.053).tolist(),
        "Comments": rng.binomial(views, 0.003).tolist(),
        "Shares": rng.binomial(views, 0.005).tolist(),
        "Total Viewers": [a + b for a, b in zip(new, back, strict=True)],
        "New Viewers": new,
        "Returning Viewers": back,
        "Followers": held,
        "Difference in followers from previous day": gains,
    }


def linkedin_days(gains: list[int]) -> dict[str, list[int]]:
    rng = np.random.RandomState(36)
    seen = daily(rng, 390)
    shares = {"Clicks": 0.026, "Reactions": 0.0286, "Comments": 0.0031, "Reposts": 0.0024}
    done = {name: rng.binomial(seen, share).tolist() for name, share in shares.items()}
    return done | {"Impressions": seen, "followers": gains, "visitors": daily(rng, 14)}


# ---------------------------------------------------------------------------------------- what is true in it


def rate(posts: Iterable[Post]) -> float:
    """Interactions per person reached (per view or impression where a network shows no reach)."""
    posts = list(posts)
    return sum(p.interactions for p in posts) / sum(p.reach for p in posts)


def by_month(posts: Iterable[Post]) -> dict[str, list[Post]]:
    months: dict[str, list[Post]] = {f"{m:%Y-%m}": [] for m in MONTHS}
    for p in posts:
        months[f"{p.at:%Y-%m}"].append(p)
    return months


def truths(posts: dict[str, list[Post]], rows: list, survey: list) -> dict[str, object]:
    """The planted truths, in the figures as they came out."""
    insta = posts["instagram"]
    kinds = {k: rate(p for p in insta if p.kind == k) for k in ("image", "reel", "carousel")}
    rates = {n: {m: rate(p) for m, p in by_month(ps).items()} for n, ps in posts.items()}
    decline = [math.log(p.reach / WEEK[p.at.weekday()]) for p in posts["facebook"]]
    slope = np.polyfit([(p.at.date() - FIRST).days / 30.44 for p in posts["facebook"]], decline, 1)[0]
    nps = [r[5] for r in survey if r[4] == "nps"]
    csat = [r[5] for r in survey if r[4] == "csat"]
    bought = {}
    for name, ours in (("linkedin", ("linkedin",)), ("networks", NETWORKS)):
        mine = [r for r in rows if any(network in r[1] for network in ours)]
        bought[name] = sum(r[3] for r in mine) / sum(r[2] for r in mine)
    return {
        "rate_by_kind": kinds,
        "carousel_over_image": {
            m: rate(p for p in ps if p.kind == "carousel") / rate(p for p in ps if p.kind == "image")
            for m, ps in by_month(insta).items()
        },
        "contest": {m: sum(p.interactions for p in ps) for m, ps in by_month(insta).items()},
        "gap": GAP,
        "facebook_reach_per_month": math.expm1(slope),
        "rates": rates,
        "posts": {n: {m: len(p) for m, p in by_month(ps).items()} for n, ps in posts.items()},
        "nps": 100 * (sum(s >= 9 for s in nps) - sum(s <= 6 for s in nps)) / len(nps),
        "csat": sum(s >= 4 for s in csat) / len(csat),
        "conversion": bought,
    }


if __name__ == "__main__":
    inbox = Path(__file__).parent.parent / "data" / "brands" / "demo" / "inbox"
    for old in inbox.glob("*"):
        old.unlink()
    write(inbox)
    print(*sorted(p.name for p in inbox.iterdir()), sep="\n")
