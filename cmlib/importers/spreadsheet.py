"""Read one spreadsheet from standard input and write its cells to standard output, as JSON.

Run as a process of its own, with limits, because a legal 1.7 kB file can make any parser take all memory or
abort: nothing then happens to the kernel or server that asked. It imports nothing of cmlib, to start fast.
"""

import contextlib
import datetime
import io
import json
import sys
from typing import Any

MEMORY = 1024**3  # bytes of address space
SECONDS = 60
CELLS = 5_000_000
TOO_MUCH = 3  # the exit code that says so


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a decimal point, instants as ISO 8601."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def main() -> None:
    """Standard input → ``[[sheet name, [[cell, …], …]], …]``."""
    with contextlib.suppress(ImportError):  # Windows has no limits of this kind; the time limit remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets, cells = [], 0
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells += sum(len(row) for row in rows)
        if cells > CELLS:
            sys.exit(TOO_MUCH)
        sheets.append([name, [[text_of(cell) for cell in row] for row in rows]])
    json.dump(sheets, sys.stdout)


if __name__ == "__main__":
    main()
