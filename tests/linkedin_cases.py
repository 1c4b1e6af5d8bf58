"""Writes the cases of tests/exports/linkedin_*: true BIFF (.xls) or .xlsx, in the layout of a page's exports.

Run it to write them again: ``python tests/linkedin_cases.py``. What they give is in the .tidy.csv beside.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import xlwt

EXPORTS = Path(__file__).parent / "exports"
EXPORTED = 1766385907708  # 22 December 2025, 06:45 UTC
Rows = list[Sequence[object]]


def link(*published: int) -> str:
    number = int(datetime(*published, tzinfo=UTC).timestamp() * 1000) << 22
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{number}"


def content() -> dict[str, Rows]:
    """A day below zero; a post of that day, one scheduled, one sponsored, one whose number says nothing."""
    parts = ("organic", "sponsored", "total")
    counted = ("Clicks", "Reactions", "Comments", "Reposts", "Engagement rate")
    by_part = [f"{name} ({p})" for name in counted for p in parts]
    header = ("Date", *(f"Impressions ({p})" for p in parts), "Unique impressions (organic)", *by_part)
    metrics: Rows = [
        ("Aggregated engagement metrics for your organic and sponsored posts over time.",),
        header,
        ("12/01/2025", 90, 10, 100, 40, 7, 1, 8, 3, 0, 3, -2, 0, -2, 0, 0, 0, 0.09, 0.1, 0.09),
        ("12/02/2025", 50, 0, 50, 30, 60, 0, 60, 1, 0, 1, 1, 0, 1, 2, 0, 2, 1.28, 0, 1.28),
    ]
    posts: Rows = [
        ("Engagement metrics for individual posts. All dates and times are in UTC.",),
        ("Post title", "Post link", "Post type", "Campaign name", "Posted by", "Created date",
         "Campaign start date", "Campaign end date", "Audience", "Impressions", "Views", "Offsite Views",
         "Clicks", "Click through rate (CTR)", "Likes", "Comments", "Reposts", "Follows", "Engagement rate",
         "Content Type"),
        ("Bread,\nstep by step", link(2025, 12, 1, 8, 30), "Organic", "", "Ada Lemaire", "12/01/2025", "", "",
         "All followers", 637, "", "", 1194, 1.874, 16, 0, 2, "", 1.903, ""),
        ("Scheduled on Friday", link(2025, 12, 8, 5, 30), "Organic", "", "Ada Lemaire", "12/05/2025", "", "",
         "All followers", 200, 90, "", 10, 0.05, 4, 1, 0, 1, 0.08, "Video"),
        ("Come to our fair", link(2025, 12, 3, 23, 59), "Sponsored", "Fair", "Ada Lemaire", "12/03/2025",
         "12/03/2025", "12/09/2025", "", 5000, "", "", 80, 0.016, 9, 0, 0, "", 0.0178, ""),
        ("Numbered at another time", link(2019, 1, 1), "Organic", "", "Ada Lemaire", "12/04/2025", "", "",
         "All followers", 10, "", "", 0, 0, 0, 0, 0, "", 0, "Article"),
        ("Without a link", "", "Organic", "", "Ada Lemaire", "12/04/2025", "", "",
         "", 10, "", "", 0, 0, 0, 0, 0, "", 0, ""),
    ]  # fmt: skip
    return {"Metrics": metrics, "All posts": posts}


def people(label: str) -> dict[str, Rows]:
    return {
        "Location": [("Location", label), ("Greater Lyon Area, France", 75), ("Namur, Belgium", 25)],
        "Job function": [("Job function", label), ("Engineering", 30), ("Sales", 10)],
        "Seniority": [("Seniority", label), ("Senior", 9), ("Entry", 1)],
        "Industry": [("Industry", label), ("Food and Beverage Services", 5)],
        "Company size": [("Company size", label), ("2-10", 3), ("10001+", 1)],
    }


def followers() -> dict[str, Rows]:
    header = ("Date", "Sponsored followers", "Organic followers", "Auto-invited followers", "Total followers")
    days: Rows = [header, ("12/01/2025", 1, 5, 2, 8), ("12/02/2025", 0, -1, 0, -1)]
    return {"New followers": days, **people("Total followers")}


def visitors() -> dict[str, Rows]:
    shown = [
        f"{place} {what} ({device})"
        for place in ("Overview", "Life", "Jobs", "Total")
        for what in ("page views", "unique visitors")
        for device in ("desktop", "mobile", "total")
    ]
    counts = [n for nth in range(8) for n in (nth, nth + 1, 2 * nth + 1)]
    days: Rows = [("Date", *shown), ("12/01/2025", *counts), ("12/02/2025", *[0] * 24)]
    return {"Visitor metrics": days, **people("Total views")}


def competitors(*above: object) -> dict[str, Rows]:
    """The brand's own page, two rivals, a page without a name, one without a count, one that lacks some.

    No real file is public: what stands ``above`` the header is a guess.
    """
    pages: Rows = [
        above,
        ("Page", "Total Followers", "New Followers", "Total post engagements", "Total posts"),
        ("Ada's Bakery", 4210, 38, 512, 9),
        ("Brew & Bean", 15400, -12, "1,024", 14),
        ("=Corner Café", 860, 4, 0, 0),
        ("", 77, 1, 2, 3),
        ("Dough Works", "about 900", 1, 2, 3),
        ("Early Oven", 120, "", "", 2),
    ]
    return {"competitors": pages}


PORTUGUESE = {
    "Date": "Data", "Post title": "Título da publicação", "Post link": "Link da publicação",
    "Post type": "Tipo de publicação", "Created date": "Criação", "Impressions": "Impressões",
    "Views": "Visualizações", "Clicks": "Cliques", "Likes": "Gostaram", "Comments": "Comentários",
    "Reposts": "Compartilhamentos", "Follows": "Seguidores", "Content Type": "Tipo de conteúdo",
    "Organic": "Orgânico", "Sponsored": "Patrocinado", "Video": "Vídeo",
    "Impressions (total)": "Impressões (total)", "Clicks (total)": "Cliques (total)",
    "Unique impressions (organic)": "Impressões únicas (orgânicas)", "Reactions (total)": "Reações (total)",
    "Comments (total)": "Comentários (total)", "Reposts (total)": "Compartilhamentos (total)",
    "Total followers": "Total de seguidores", "Organic followers": "Seguidores orgânicos",
    "Total page views (total)": "Total de visualizações da página (total)",
    "Total views": "Total de visualizações",
    "Total unique visitors (total)": "Total de visitantes únicos (total)",
    "Location": "Localidade",
    "Job function": "Função", "Seniority": "Nível de experiência", "Industry": "Setor",
    "Company size": "Tamanho da empresa",
}  # fmt: skip


def portuguese(sheets: dict[str, Rows]) -> dict[str, Rows]:
    """The same with the headers that LinkedIn writes in Portuguese, which programs read; month first."""
    told = [[[PORTUGUESE.get(str(c), c) for c in row] for row in rows] for rows in sheets.values()]
    return dict(zip((PORTUGUESE.get(name, f"{name} ") for name in sheets), told, strict=True))


def unknown(sheets: dict[str, Rows]) -> dict[str, Rows]:
    """The same in a language that cmlib does not know, and its days written the other way round."""
    found = {}
    for nth, rows in enumerate(sheets.values()):
        head = next(i for i, row in enumerate(rows) if len(row) > 1)
        turned = [[_turned(c) for c in row] for row in rows[head + 1 :]]
        found[f"Feuille {nth}"] = [
            *rows[:head], [f"En-tête {nth}.{place}" for place in range(len(rows[head]))], *turned,
        ]  # fmt: skip
    return found


def _turned(cell: object) -> object:
    parts = str(cell).split("/")
    return f"{parts[1]}/{parts[0]}/{parts[2]}" if len(parts) == 3 and len(parts[2]) == 4 else cell


def competitors_apart() -> dict[str, Rows]:
    """The other layout: two days of Excel above the header, comments and reactions apart."""
    pages: Rows = [
        (datetime(2025, 7, 20), datetime(2026, 7, 19)),
        ("Page", "Novos seguidores", "Publicações", "Comentários", "Comentários por dia", "Reações"),
        ("Padaria da Ada", 765, 145, 115, 0, 2989),
        ("Café & Brasa", -3, 80, 60, 0, 3500),
    ]
    return {"COMPETITORS": pages}


def creator() -> dict[str, Rows]:
    """Days unsorted; a post in one table only, one without its day, one from before the period, one twice."""
    note = ("Maximum of 50 posts available to include in this list",)
    posts: Rows = [
        note,
        (),
        ("Post URL", "Post publish date", "Engagements", "", "Post URL", "Post publish date", "Impressions"),
        (link(2025, 12, 1, 8, 30), "12/1/2025", 46, "", link(2025, 12, 1, 8, 30), "12/1/2025", 1246),
        (link(2025, 12, 2, 23, 10), "12/3/2025", 21, "", link(2025, 12, 4, 7), "12/4/2025", 980),
        (link(2025, 10, 9, 12), "10/9/2025", 12, "", link(2025, 12, 2, 23, 10), "12/3/2025", 611),
        (link(2019, 1, 1), "12/5/2025", 9, "", link(2025, 12, 6, 9), "", ""),
        (link(2025, 12, 7, 9), "12/7/2025", "nine", "", "", "", ""),
    ]
    return {
        "DISCOVERY": [("Overall Performance", "12/1/2025 - 12/7/2025"), ("Impressions", 2837),
                      ("Members reached", 1790)],
        "ENGAGEMENT": [("Date", "Impressions", "Engagements"), ("12/6/2025", 2, 0), ("12/2/2025", 3, 0),
                       ("12/1/2025", 1246, 46), ("12/3/2025", 1586, 21)],
        "TOP POSTS": posts,
        "FOLLOWERS": [("Total followers on 12/7/2025:", 782), (), ("Date", "New followers"),
                      ("12/1/2025", 3), ("12/2/2025", 0)],
        "DEMOGRAPHICS": [("Top Demographics", "Value", "Percentage"), ("Job titles", "Baker", 0.127),
                         ("Locations", "Greater Lyon Area", 0.4), ("Locations", "Namur", "< 1%"),
                         ("Industries", "Food and Beverage Services", 0.25), ("Seniority", "Senior", 0.31),
                         ("Company size", "2-10 employees", 0.2), ("Companies", "Brew & Bean", "< 1%")],
    }  # fmt: skip


def write(path: Path, sheets: dict[str, Rows]) -> None:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                sheet.write(r, c, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))


def write_xlsx(path: Path, sheets: dict[str, Rows]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                sheet.cell(r, c).value = value
                if isinstance(value, str):
                    sheet.cell(r, c).data_type = "s"  # a text, though it begins with =
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


if __name__ == "__main__":
    for kind, sheets in {"content": content(), "followers": followers(), "visitors": visitors()}.items():
        folder = EXPORTS / f"linkedin_{kind}"
        name = f"ada-bakes_{kind}_{EXPORTED} (1).xls"
        cases = {"page_2025": sheets, "portuguese": portuguese(sheets), "unknown_language": unknown(sheets)}
        for case, told in cases.items():
            write(folder / f"{case}.xls", told)
            (folder / f"{case}.toml").write_text(f'name = "{name}"\n', encoding="utf-8")
    folder = EXPORTS / "linkedin_competitors"
    name = f"Ada's Bakery_competitor_analytics_{EXPORTED}.xlsx"
    for case, above in {"period": ("11/18/2025 - 12/17/2025",), "no_period": ("Last 30 days",)}.items():
        write_xlsx(folder / f"{case}.xlsx", competitors(*above))
        (folder / f"{case}.toml").write_text(f'name = "{name}"\n', encoding="utf-8")
    write_xlsx(folder / "portuguese.xlsx", competitors_apart())
    (folder / "portuguese.toml").write_text(f'name = "{name.replace("1766385907708", "1784541907708")}"\n')
    folder = EXPORTS / "linkedin_creator"
    write_xlsx(folder / "week.xlsx", creator())
    told = 'name = "Content_2025-12-01_2025-12-07_AdaLemaire.xlsx"\naccount = "ada-lemaire"\n'
    (folder / "week.toml").write_text(told, encoding="utf-8")
