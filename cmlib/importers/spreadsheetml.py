"""SpreadsheetML 2003, a workbook that is one XML text → its cells. Facebook named such files .xls in 2017.

Expat tells what stands in it event by event, so that nothing is built but the cells. A DOCTYPE is refused as
soon as it begins: without one there are no entities, and with one a few lines can fill all memory.
"""

import re
from xml.parsers import expat

from cmlib.errors import CmlibError

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
MARKS = 5_000_000  # "<" of one file: a cell with text has four of them
CELLS = 5_000_000  # with those that a gap leaves empty
WIDTH = 16_384  # cells of one row, as in a spreadsheet
FIELD = 1024**2  # characters of one cell
DEPTH = 100  # elements inside elements

_BEGINS = re.compile(r"\s*<(\?xml|(\w+:)?Workbook)\b")
_TAGS = tuple(f"{NAMESPACE} {tag}" for tag in ("Workbook", "Worksheet", "Table", "Row", "Cell", "Data"))
_NAME, _INDEX, _ACROSS = (f"{NAMESPACE} {name}" for name in ("Name", "Index", "MergeAcross"))
_DATA = len(_TAGS)  # how deep the text of a cell is

# 2017-07-27T00:00:00.000 is a day, 2017-07-27T09:30:00.000 an instant
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00(?:\.0+)?|(T\d{2}:\d{2}:\d{2})\.0+)")


def is_workbook(text: str) -> bool:
    """Is this XML a workbook, and not a page?"""
    return bool(_BEGINS.match(text[:256])) and NAMESPACE in text[:4096]


def sheets_of(file: str, text: str) -> list[tuple[str, list[list[str]]]]:
    """Which cells has each sheet of a workbook? Raises CmlibError where it cannot be read whole.

    Numbers stand as they are written, so that ids of 17 digits stay whole; instants are ISO 8601.
    """
    if text.count("<") > MARKS:
        raise CmlibError("too_many_cells", file=file, width=WIDTH, cells=CELLS)
    reading = _Reading(file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.said
    try:
        parser.Parse(text.lstrip(), True)
    except expat.ExpatError as problem:
        raise CmlibError("bad_spreadsheet", file=file, problem=str(problem)) from None
    return reading.sheets


class _Reading:
    """What has been read of a workbook so far. ``known`` is how many of _TAGS stand open, one in another."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.sheets: list[tuple[str, list[list[str]]]] = []
        self.text: list[str] = []  # of the cell that is being read
        self.long = self.depth = self.known = self.cells = self.beside = 0

    def doctype(self, *_: object) -> None:
        raise CmlibError("xml_doctype", file=self.file)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == self.known + 1 <= _DATA and tag == _TAGS[self.known]:
            self.known += 1
            self._opened(attributes)
        elif self.depth == 1:
            raise CmlibError("not_a_table", file=self.file)
        elif self.depth > DEPTH:
            raise self._too_much()

    def _opened(self, attributes: dict[str, str]) -> None:
        if self.known == 2:
            self.sheets.append((attributes.get(_NAME, ""), []))
        elif self.known == 4:
            rows = self.sheets[-1][1]
            rows.extend([] for _ in range(self._gap(attributes, _INDEX, len(rows) + 1, 4)))
            rows.append([])
        elif self.known == 5:
            row = self.sheets[-1][1][-1]
            row.extend([""] * self._gap(attributes, _INDEX, len(row) + 1, 1))
            row.append("")
            self.beside = self._gap(attributes, _ACROSS, 0, 1)
            if len(row) + self.beside > WIDTH:
                raise self._too_much()
        elif self.known == _DATA:
            self.text, self.long = [], 0

    def said(self, text: str) -> None:
        if self.known == _DATA:
            self.text.append(text)
            self.long += len(text)
            if self.long > FIELD:
                raise self._too_much()

    def end(self, _: str) -> None:
        if self.depth == self.known:
            row = self.sheets[-1][1][-1] if self.known > 4 else []
            if self.known == _DATA:
                said = "".join(self.text)
                row[-1] = _TIME.sub(r"\1\2", said) if _TIME.fullmatch(said) else said
            elif self.known == 5:
                row.extend([""] * self.beside)
            self.known -= 1
        self.depth -= 1

    def _gap(self, attributes: dict[str, str], name: str, least: int, weight: int) -> int:
        """How many rows or cells an attribute leaves out: counted before they are made."""
        said = attributes.get(name)
        gap = int(said) - least if said and re.fullmatch(r"\d{1,9}", said) else -1 if said else 0
        if gap < 0:
            problem = f"{name.rpartition(' ')[2]}={str(said)[:20]!r}"
            raise CmlibError("bad_spreadsheet", file=self.file, problem=problem)
        self.cells += (gap + 1) * weight
        if self.cells > CELLS:
            raise self._too_much()
        return gap

    def _too_much(self) -> CmlibError:
        return CmlibError("too_many_cells", file=self.file, width=WIDTH, cells=CELLS)
