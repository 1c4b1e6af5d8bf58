"""How the demo brand's exports look: the layouts of the networks' files, byte for byte."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import xlwt
from demo_story import DAYS, FIRST, GAP, HANDLES, LAST, NAME, PARIS, SITE, Post

PACIFIC = ZoneInfo("America/Los_Angeles")
HALVES = [  # what two exports a year cover, and when they were made
    (FIRST, date(2026, 2, 28), date(2026, 3, 2)),
    (date(2026, 3, 1), LAST, date(2026, 11, 2)),
]


def headers(names: str) -> list[str]:
    """The headers of a table, written in one string because there are many."""
    return names.split("|")


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
    header = headers(
        "Identifiant de la publication|ID de la Page|Nom de la page|Titre|Description|Durée (s)|"
        "Heure de publication|Permalien|Est un crosspostage|Est un partage|Type de publication|Langues|"
        "Commentaire des données|Date|Vues|Couverture|Réactions, commentaires et partages|Réactions|"
        "Commentaires|Partages|Total des clics|Clics sur un lien"
    )
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
    header = headers(
        "Post ID|Account ID|Account username|Account name|Description|Duration (sec)|Publish time|Permalink|"
        "Post type|Data comment|Date|Views|Reach|Likes|Shares|Follows|Comments|Saves"
    )
    files = {}
    periods = {"1091172406558321": (FIRST, date(2026, 8, 31)), "1466802917735514": (date(2026, 9, 1), LAST)}
    for export, (start, end) in periods.items():
        rows: list[Sequence[object]] = [header]
        for p in within(posts, start, end):
            key = 17900000000000013 + int(p.at.timestamp()) * 37  # no two zeros at its end, as Excel leaves
            folder = "reel" if p.kind == "reel" else "p"
            rows.append((
                key, "17841464920187733", HANDLES["instagram"], NAME, p.text, p.seconds,
                f"{p.at:%m/%d/%Y %H:%M}", f"https://www.instagram.com/{folder}/{short(key, 11)}/",
                f"IG {p.kind}", "", "Lifetime", p.views, p.reach, p.reactions, p.shares, p.follows,
                p.comments, p.saves,
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


META_OVERVIEW = {  # the browser calls the second file of a name so
    "Reach.csv": ("Facebook reach", "facebook reach"),
    "Reach (1).csv": ("Instagram reach", "instagram reach"),
    "Visits.csv": ("Facebook visits", "facebook visits"),
    "Visits (1).csv": ("Instagram profile visits", "instagram visits"),
    "Follows.csv": ("Facebook follows", "facebook follows"),
    "Follows (1).csv": ("Instagram follows", "instagram follows"),
}


def meta_series(title_line: str, values: Sequence[int]) -> bytes:
    """One figure of Meta's overview. Its hour is midnight in summer and one in winter, by American time."""
    lines = ["sep=,", f'"{title_line}"', '"Date","Primary"']
    for day, value in zip(DAYS, values, strict=True):
        summer = datetime(day.year, day.month, day.day, 12, tzinfo=PACIFIC).dst()
        lines.append(f'"{day}T0{0 if summer else 1}:00:00","{value}"')
    return b"\xff\xfe" + ("\n".join(lines) + "\n\n").encode("utf-16-le")


# ---------------------------------------------------------------------------------------- TikTok


def tiktok(posts: list[Post], days: dict[str, list[int]]) -> dict[str, bytes]:
    """Studio's zips. Overview and Viewers were forgotten for two weeks of August; the rest is whole."""
    new, back = ([round(v * share) for v in days["tiktok views"]] for share in (0.55, 0.17))
    shown = {
        "Video Views": days["tiktok views"],
        "Profile Views": days["tiktok visits"],
        "Likes": days["tiktok likes"],
        "Comments": days["tiktok comments"],
        "Shares": days["tiktok shares"],
        "Total Viewers": [a + b for a, b in zip(new, back, strict=True)],
        "New Viewers": new,
        "Returning Viewers": back,
        "Followers": days["tiktok followers"],
        "Difference in followers from previous day": days["tiktok gained"],
    }
    names, files = list(shown), {}
    parts = [
        (FIRST, date(2026, 2, 28), date(2026, 3, 2)),
        (date(2026, 3, 1), GAP[0] - timedelta(1), GAP[0]),
        (GAP[1] + timedelta(1), LAST, date(2026, 11, 2)),
    ]
    for start, end, made in parts:
        overview = {"Overview.csv": tiktok_days(shown, names[:5], start, end)}
        viewers = {"Viewers.csv": tiktok_days(shown, names[5:8], start, end)}
        files |= tiktok_zip("Overview", start, made, overview) | tiktok_zip("Viewers", start, made, viewers)
    for start, end, made in HALVES:
        content = {"Content.csv": tiktok_content(within(posts, start, end), end)}
        followers = {"FollowerHistory.csv": tiktok_days(shown, names[8:], start, end)} | TIKTOK_AUDIENCE
        files |= tiktok_zip("Content", start, made, content) | tiktok_zip("Followers", start, made, followers)
    return files


def tiktok_zip(kind: str, start: date, made: date, members: dict[str, str]) -> dict[str, bytes]:
    name = f"{kind}_{start}_{epoch(made)}_{HANDLES['tiktok']}.zip"
    return {name: bundle({member: "\ufeff" + text for member, text in members.items()}, made)}


def tiktok_days(shown: dict[str, list[int]], names: list[str], start: date, end: date) -> str:
    rows = [(english(DAYS[i]), *(shown[name][i] for name in names)) for i in between(start, end)]
    return quoted([("Date", *names), *rows])


TIKTOK_AUDIENCE = {
    "FollowerGender.csv": '"Gender","Distribution"\n"Female","0.71"\n"Male","0.27"\n"Other","0.02"',
    "FollowerTopTerritories.csv": '"Top territories","Distribution"\n"FR","0.742"\n"BE","0.081"\n'
    '"CH","0.034"\n"CA","0.029"\n"Others","0.114"',
}


def tiktok_content(posts: list[Post], end: date) -> str:
    header = headers(
        "Time|Video title|Video link|Post time|Total likes|Total comments|Total shares|Total views"
    )
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


def linkedin(posts: list[Post], figures: dict[str, list[int]]) -> dict[str, bytes]:
    slug, files = HANDLES["linkedin"], {}
    for start, end, made in HALVES:
        days = between(start, end)
        shown = within(posts, start, end)
        books = {
            "content": {"Metrics": linkedin_metrics(days, figures), "All posts": linkedin_posts(shown)},
            "visitors": {"Visitor metrics": linkedin_visitors(days, figures["linkedin visitors"])}
            | linkedin_people("Total views", 0.35),
            "followers": {"New followers": linkedin_followers(days, figures["linkedin gained"])}
            | linkedin_people("Total followers", 1.0),
        }
        for i, (kind, sheets) in enumerate(books.items()):
            files[f"{slug}_{kind}_{epoch(made) * 1000 + 9_417 * i + 233}.xls"] = workbook(sheets)
    return files


def linkedin_metrics(days: list[int], figures: dict[str, list[int]]) -> list[Sequence[object]]:
    names = ["Clicks", "Reactions", "Comments", "Reposts"]
    sides = ("organic", "sponsored", "total")
    note = (
        "Aggregated engagement metrics for your organic and sponsored posts over time. Date indicates when "
        "your posts were viewed by LinkedIn members. Data is delayed by up to 2 days. All dates and times "
        "are in UTC."
    )
    seen_by = [*(f"Impressions ({s})" for s in sides), "Unique impressions (organic)"]
    header = ["Date", *seen_by, *(f"{n} ({s})" for n in [*names, "Engagement rate"] for s in sides)]
    rows: list[Sequence[object]] = [[note], header]
    for i in days:
        seen = figures["linkedin impressions"][i]
        did = [figures[f"linkedin {name}"][i] for name in ("clicks", "reactions", "comments", "shares")]
        rate = sum(did) / seen if seen else 0
        triples = [x for n in did for x in (n, 0, n)]
        rows.append((american(DAYS[i]), seen, 0, seen, round(seen * 0.58), *triples, rate, 0, rate))
    return rows


def linkedin_posts(posts: list[Post]) -> list[Sequence[object]]:
    note = (
        "Engagement metrics for individual posts. Created date indicates when your post was created. All "
        "dates and times are in UTC."
    )
    header = headers(
        "Post title|Post link|Post type|Campaign name|Posted by|Created date|Campaign start date|"
        "Campaign end date|Audience|Impressions|Views|Offsite Views|Clicks|Click through rate (CTR)|Likes|"
        "Comments|Reposts|Follows|Engagement rate|Content Type"
    )
    rows: list[Sequence[object]] = [[note], header]
    for p in reversed(posts):
        link = f"https://www.linkedin.com/feed/update/urn:li:activity:{snowflake(p.at, 22, 1000)}"
        views = round(p.reach * 0.32) if p.kind else ""
        rows.append((
            p.text, link, "Organic", "", "Clémence Ardouin", american(p.at.date()), "", "", "All followers",
            p.reach, views, "", p.clicks, p.clicks / p.reach, p.reactions, p.comments, p.shares, "",
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


# ---------------------------------------------------------------------------------------- YouTube, web, notes


def youtube(posts: list[Post], views: list[int]) -> dict[str, bytes]:
    """One export of Studio's advanced mode, in French; the dates stay English, as they do there."""
    header = headers(
        "Contenu|Titre de la vidéo|Heure de publication de la vidéo|Durée|Vues|Durée de visionnage (heures)|"
        "Abonnés|Impressions|Taux de clics par impression (%)|J'aime|Commentaires ajoutés|Partages"
    )
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


def analytics(rows: list[tuple[date, str, int, int, float]]) -> bytes:
    """GA4's traffic acquisition: a preamble, then the rows by falling sessions; CRLF, none at the end."""
    rule = "# ----------------------------------------"
    lines = [
        rule, "# Report CSV Export", f"# Account: {NAME}", f"# Property: {SITE} - GA4", rule, "# ",
        "# All Users", f"# Start date: {FIRST:%Y%m%d}", f"# End date: {LAST:%Y%m%d}",
        "Date,Session source / medium,Sessions,Key events,Total revenue",
        *(f"{day:%Y%m%d},{source},{n},{bought},{revenue:g}" for day, source, n, bought, revenue in rows),
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def followers_noted(days: dict[str, list[int]]) -> list[Sequence[object]]:
    """Totals that no export gives: read off each profile on the first day, then on the last of each month."""
    ends = [d for d in DAYS if d == FIRST or (d + timedelta(1)).day == 1]
    return [
        (
            "days",
            network,
            HANDLES[network],
            day,
            "followers",
            days[f"{network} followers"][(day - FIRST).days],
        )
        for network in ("facebook", "instagram", "linkedin", "youtube")
        for day in ends
    ]


# ---------------------------------------------------------------------------------------- all of them


def everything(
    posts: dict[str, list[Post]],
    days: dict[str, list[int]],
    visits: list[tuple[date, str, int, int, float]],
    answers: list[tuple[str, str, str, date, str, int, str]],
    rivals: tuple[list[Sequence[object]], list[Sequence[object]]],
    messages: list[Sequence[object]],
) -> dict[str, bytes]:
    """Every file of the inbox: its name and its bytes. cmlib's own CSV holds what no export gives."""
    answer_head = ("table", "network", "account", "answered_on", "question", "score", "text")
    day_head = ("table", "network", "account", "date", "figure", "value")
    post_head = ("table", "network", "account", "post_id", "published_at", "kind", "text", "reactions",
                 "comments", "shares", "url")  # fmt: skip
    own = {
        "satisfaction_2026-11-02.csv": [answer_head, *answers],
        "followers_2026-11-02.csv": [day_head, *followers_noted(days)],
        "rivals_2026-11-02.csv": [day_head, *rivals[0]],
        "rivals_posts_2026-11-02.csv": [post_head, *rivals[1]],
        "messages_2026-11-02.csv": messages,
    }
    return (
        facebook_posts(posts["facebook"])
        | instagram_posts(posts["instagram"])
        | {name: meta_series(title, days[figure]) for name, (title, figure) in META_OVERVIEW.items()}
        | tiktok(posts["tiktok"], days)
        | linkedin(posts["linkedin"], days)
        | youtube(posts["youtube"], days["youtube views"])
        | {"data-export.csv": analytics(visits)}
        | {name: plain(rows).encode() for name, rows in own.items()}
    )
