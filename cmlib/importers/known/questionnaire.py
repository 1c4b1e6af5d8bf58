"""A survey as a table: one or two rows of headers, a question in each column, a respondent on each line."""

from dataclasses import dataclass, replace

from cmlib.importers.files import Export, Row, Sheet
from cmlib.importers.known.questions import Question, asked
from cmlib.importers.layout import HEADER_WIDE, Column, Format, Header, having, normalised

_ANSWER = (  # what stands beneath a question that has no choices
    "", "response", "open-ended response", "reponse", "reponse libre", "reponse ouverte",
)  # fmt: skip


@dataclass(frozen=True)
class Survey:
    """What a file asks and what was answered, one row for each respondent; ``lines``: where each stands."""

    sheet: Sheet
    found: Header
    lines: list[int]
    rows: list[Row]
    questions: tuple[Question, ...]

    def cells(self, place: int) -> list[str]:
        """One column, from the first respondent to the last."""
        return [row[place].strip() if place < len(row) else "" for row in self.rows]


def laid_out(export: Export, wanted: Format) -> Survey:
    """What does the file ask, beside what the tool itself notes of each respondent?"""
    sheet, found = next(iter(having(export, wanted.columns)))
    head = sheet.rows[found.row]
    below = [nth for nth in range(found.row + 1, len(sheet.rows)) if any(sheet.rows[nth])]
    titles = [asked(cell) for cell in head]
    own = {place for place, cell in enumerate(head) if is_own(cell, wanted.columns)}
    place = found.cells.get("_id")
    if place is not None and below and not _at(sheet.rows[below[0]], place):  # nobody's number: a second row
        titles, own = _spanned(titles, sheet.rows[below.pop(0)], own)
    there = Survey(sheet, found, [sheet.lines[nth] for nth in below], [sheet.rows[nth] for nth in below], ())
    places = [n for n, title in enumerate(titles[:HEADER_WIDE]) if title and n not in own]
    return replace(there, questions=tuple(Question(titles[n], tuple(there.cells(n))) for n in places))


def is_own(header: str, columns: tuple[Column, ...]) -> bool:
    """Is it the tool's own, and no question?"""
    return any(normalised(header) in map(normalised, column.spellings) for column in columns)


def _at(row: Row, place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _spanned(titles: list[str], second: Row, own: set[int]) -> tuple[list[str], set[int]]:
    """Two rows of headers: a question spans what is empty to its right, and its choices stand beneath."""
    made, mine = [], set(own)
    last = 0
    for n in range(max(len(titles), len(second))):
        if n < len(titles) and titles[n]:
            last = n
        elif last in own:
            mine.add(n)
        choice = asked(_at(second, n))
        made.append(titles[last] if normalised(choice) in _ANSWER else f"{titles[last]} - {choice}")
    return made, mine
