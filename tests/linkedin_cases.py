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
    days: Rows = [("Date", *shown), ("12/01/2025", *range(1, 25)), ("12/02/2025", *[0] * 24)]
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
        write(folder / "page_2025.xls", sheets)
        name = f"ada-bakes_{kind}_{EXPORTED} (1).xls"
        (folder / "page_2025.toml").write_text(f'name = "{name}"\n', encoding="utf-8")
    folder = EXPORTS / "linkedin_competitors"
    for case, above in {"period": ("11/18/2025 - 12/17/2025",), "no_period": ("Last 30 days",)}.items():
        write_xlsx(folder / f"{case}.xlsx", competitors(*above))
        name = f"Ada's Bakery_competitor_analytics_{EXPORTED}.xlsx"
        (folder / f"{case}.toml").write_text(f'name = "{name}"\n', encoding="utf-8")
