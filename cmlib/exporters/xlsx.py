"""A workbook for people: each month on a page to hang up, and the list of all slots.

Every text is written as text, so that no cell is a formula. Hours are those of the brand's zone.
"""

import calendar
import io
from collections.abc import Callable, Iterator
from datetime import date
from math import ceil
from typing import Any

import pandas as pd
import xlsxwriter

from cmlib import plans
from cmlib.brand import Brand
from cmlib.cells import COLOURS, capital, word
from cmlib.exporters.target import Exporter, Files, Row, Setting, because, headline, judge, names
from cmlib.i18n import day, language, month, t

LONGEST = 32_767  # characters of a cell, by Excel's own limit
WIDE = 25  # letters in a line of a day
LINE = 12.0  # its height, in points
LEAST, ROOM = 3, 25  # slots for which every week has room, and the height of one that is empty
TALLEST = 14  # lines of a slot in the list: the rest can be read in the cell
INK, MUTED, PALE, HAIR = "#1c2126", "#565d64", "#f2f1ee", "#c9c5bc"
Sheet = Any  # XlsxWriter's
Style = Callable[..., Any]


def write(rows: pd.DataFrame, who: Brand, setting: Setting) -> Files:
    """One workbook: a sheet for each month, then the list. The same for the same plan at the same instant."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": False,
        },
    )
    created = pd.Timestamp(setting.now).tz_convert("UTC").tz_localize(None).floor("s").to_pydatetime()
    book.set_properties({"title": t("export.calendar", brand=who.name), "created": created})
    local = rows.assign(when=rows["when"].dt.tz_convert(who.zone).dt.tz_localize(None))
    days = local["when"].dt.date
    style = _styles(book)
    for first in _months(days.min(), days.max()):
        sheet = book.add_worksheet(capital(month(first)))
        _month(
            sheet,
            style,
            first,
            local[days.map(lambda d, f=first: (d.year, d.month) == (f.year, f.month))],
            who,
            setting,
        )
    _list(book.add_worksheet(t("export.list")), style, local, names(setting.moments), who)
    book.close()
    return {f"{who.slug}.xlsx": made.getvalue()}


def _months(first: date, last: date) -> Iterator[date]:
    for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(n // 12, n % 12 + 1, 1)


def _styles(book: Any) -> Style:
    """A format of the workbook by what it says, each made once."""
    known: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(**said: Any) -> Any:
        key = tuple(sorted(said.items()))
        if key not in known:
            base = {"font_name": "Arial", "font_size": 9, "font_color": INK, "valign": "top"}
            known[key] = book.add_format(base | said)
        return known[key]

    return style


# ── A month ─────────────────────────────────────────────────────────────────────────────────────────────────


def _month(sheet: Sheet, style: Style, first: date, rows: pd.DataFrame, who: Brand, setting: Setting) -> None:
    """A page: the weeks below each other, Monday first, with the moments in the heads of their days."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.5)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_footer("&C&8&P / &N")
    sheet.set_column(0, 6, WIDE - 4)
    sheet.set_row(0, 27)
    title = t("export.month", month=capital(month(first)), brand=who.name)
    sheet.merge_range(0, 0, 0, 6, "", style(bold=True, font_size=16, valign="vcenter"))
    sheet.write_string(0, 0, title, style(bold=True, font_size=16, valign="vcenter"))
    for n in range(7):
        head = style(
            bold=True, font_color="#ffffff", bg_color=MUTED, align="center", valign="vcenter", border=1
        )
        sheet.write_string(1, n, capital(t(f"chart.day_{n}")), head)
    sheet.set_row(1, 16)
    line = 2
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        line = _week(sheet, style, line, week, first, rows, setting.moments)
    slanted = style(italic=True, align="right", font_color=MUTED)
    sheet.merge_range(line, 4, line, 6, "", slanted)
    sheet.write_string(line, 4, t("export.slanted"), slanted)
    sheet.print_area(0, 0, line, 6)


def _week(
    sheet: Sheet,
    style: Style,
    line: int,
    week: list[date],
    first: date,
    rows: pd.DataFrame,
    moments: pd.DataFrame,
) -> int:
    """One week; the line after it. As high as its fullest day."""
    slots = {n: rows[rows["when"].dt.date == one].to_dict("records") for n, one in enumerate(week)}
    heads = {n: _heads(one, first, moments) if one.month == first.month else [] for n, one in enumerate(week)}
    most = max(LEAST, *map(len, slots.values()))
    sheet.set_row(
        line, LINE * (1.3 + max(sum(_lines(name, 1.3 * WIDE) for name in said) for said in heads.values()))
    )
    for nth in range(most):
        texts = [_post(slots[n][nth]) for n in range(7) if nth < len(slots[n])]
        sheet.set_row(line + 1 + nth, max([ROOM, *(LINE * _lines(said) + 3 for said in texts)]))
    for n, one in enumerate(week):
        _head(sheet, style, line, n, one, heads[n], one.month == first.month)
        for nth in range(most):
            _cell(sheet, style, line + 1 + nth, n, slots[n][nth] if nth < len(slots[n]) else None,
                  last=nth == most - 1, inside=one.month == first.month)  # fmt: skip
    return line + 1 + most


def _heads(one: date, first: date, moments: pd.DataFrame) -> list[str]:
    """What falls on a day; what lasts is named on its first day in the month, with its last."""
    said = []
    for moment in moments.to_dict("records"):
        begin, end = moment["first"].date(), moment["last"].date()
        if one == max(begin, first) and begin <= one <= end:
            long = end > begin
            said.append(t("export.until", name=moment["name"], last=day(end)) if long else moment["name"])
    return said


def _head(sheet: Sheet, style: Style, line: int, n: int, one: date, said: list[str], inside: bool) -> None:
    box = {"top": 1, "left": 1, "right": 1, "border_color": HAIR, "text_wrap": True, "bg_color": PALE}
    if not inside:
        sheet.write_string(line, n, str(one.day), style(**box, font_color=HAIR))
    elif said:
        number, words = style(bold=True, font_size=11), style(font_size=8, font_color=MUTED, italic=True)
        sheet.write_rich_string(
            line, n, number, str(one.day), words, "".join(f"\n{one}" for one in said), style(**box)
        )
    else:
        sheet.write_string(line, n, str(one.day), style(**box, bold=True, font_size=11))


def _cell(
    sheet: Sheet, style: Style, line: int, n: int, slot: Row | None, *, last: bool, inside: bool
) -> None:
    """One slot in its network's colour; slanted as long as it is not approved."""
    box: dict[str, Any] = {"left": 1, "right": 1, "border_color": HAIR, "text_wrap": True}
    box |= {"bottom": 1} if last else {}
    if slot is None:
        sheet.write_blank(line, n, None, style(**box, **({} if inside else {"bg_color": PALE})))
        return
    colour = COLOURS.get(slot["network"], INK)
    slanted = slot["status"] in plans.OPEN
    box |= {
        "left": 5,
        "left_color": colour,
        "font_color": colour,
        "italic": slanted,
        "align": "left",
        "indent": 1,
    }
    sheet.write_string(line, n, _post(slot), style(**box))


def _post(slot: Row) -> str:
    head = t("export.slot", hour=f"{slot['when']:%H:%M}", network=word("network.{}", slot["network"]))
    title = headline(slot)
    return f"{head}\n{title if len(title) <= 2 * WIDE - 4 else title[: 2 * WIDE - 5] + '…'}"


def _lines(said: str, wide: float = WIDE) -> int:
    """Over how many lines a text runs."""
    return sum(max(1, ceil(len(part) / wide)) for part in said.split("\n"))


# ── The list ────────────────────────────────────────────────────────────────────────────────────────────────

LISTED = {  # a column → its width
    "day": 5, "when": 15, "network": 11, "account": 15, "title": 24, "text": 44, "kind": 12, "pillar": 13,
    "moment": 15, "owner": 10, "status": 11, "hours": 8, "cost": 10, "expected": 10, "low": 9, "high": 9,
    "link": 30, "alt_text": 26, "why": 70, "fixed": 7, "slot_id": 13,
}  # fmt: skip
PRINTED = 11  # of them, the first: a page that can be read
_AMOUNTS = {
    "hours": "0.0#",
    "cost": "#,##0.00;-#,##0.00;",
    "expected": "#,##0",
    "low": "#,##0",
    "high": "#,##0",
}


def _list(sheet: Sheet, style: Style, rows: pd.DataFrame, moments: dict[str, str], who: Brand) -> None:
    """All slots, one a line, to be sorted, filtered and printed."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.set_footer("&C&8&P / &N")
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 26)
    head = style(bold=True, font_color="#ffffff", bg_color=MUTED, text_wrap=True, valign="vcenter", border=1)
    for n, (name, width) in enumerate(LISTED.items()):
        sheet.set_column(n, n, width)
        currency = {"currency": who.currency} if name == "cost" else {}
        sheet.write_string(0, n, t(f"export.column.{name}", **currency), head)
    for line, row in enumerate(rows.to_dict("records"), 1):
        said = {name: _words(name, row, moments) for name in LISTED}
        lines = max(_lines(said[name], 1.4 * LISTED[name]) for name in list(LISTED)[:PRINTED])
        sheet.set_row(line, LINE * min(lines, TALLEST) + 3)
        for n, name in enumerate(LISTED):
            _listed(sheet, style, line, n, name, row, said[name])
    sheet.print_area(0, 0, len(rows), PRINTED - 1)
    sheet.autofilter(0, 0, len(rows), len(LISTED) - 1)


def _listed(sheet: Sheet, style: Style, line: int, n: int, name: str, row: Row, said: str) -> None:
    box = {"text_wrap": True, "bottom": 4, "bottom_color": HAIR}
    if name == "when":
        form = "dd/mm/yyyy hh:mm" if language() == "fr" else "d mmm yyyy hh:mm"
        sheet.write_datetime(
            line, n, row["when"].to_pydatetime(), style(**box, num_format=form, align="left")
        )
    elif name in _AMOUNTS:
        if pd.notna(row[name]):
            sheet.write_number(line, n, float(row[name]), style(**box, num_format=_AMOUNTS[name]))
        else:
            sheet.write_blank(line, n, None, style(**box))
    else:
        colour = {"font_color": COLOURS.get(row["network"], INK), "bold": True} if name == "network" else {}
        sheet.write_string(line, n, said, style(**box, **colour))


def _words(name: str, row: Row, moments: dict[str, str]) -> str:
    if name == "day":
        return capital(t(f"chart.day_{row['when'].weekday()}"))[:3]
    if name == "why":
        return because(row["why"])
    if name == "moment":
        return moments.get(row["moment"], str(row["moment"]))
    if name == "fixed":
        return t("export.yes") if row["fixed"] else ""
    named = {"network": "network.{}", "kind": "kind.{}", "status": "editorial.status.{}"}
    return capital(word(named[name], row[name])) if name in named else str(row[name])


EXPORTER = Exporter(
    name="xlsx",
    suffix=".xlsx",
    write=write,
    broken=judge(
        {
            "too_long": lambda rows, _: (
                rows[["title", "text", "link", "alt_text", "why"]].map(len) > LONGEST
            ).any(axis=1)
        }
    ),
)
