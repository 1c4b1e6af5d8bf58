"""The records of a JSON document: what stands at a place of it, which may hold anything, or nothing."""

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import Column, column, header, listed, rows
from cmlib.importers.values import Setting, epoch, mended, text

Record = dict[str, object]

OPENING = 100  # records by which a document is recognised

POST: tuple[Column, ...] = (  # what archives that give no figures say of a post
    column("post_id", "post_id", parse=text),
    column("published_at", "published_at", parse=epoch("s")),
    column("kind", "kind", parse=text),
    column("text", "text", parse=text),
)


def dicts(value: object) -> list[Record]:
    """The records of a list; none where there is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def opening(value: object) -> list[Record]:
    """The first records of a list, by which a document is recognised: any one of them may lack something."""
    return dicts(value[:OPENING]) if isinstance(value, list) else []


def within(value: object, *keys: str) -> object:
    """What stands under these keys, one in the other; None where one of them is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def words(value: object) -> str:
    """A text, without the spaces around it; "" where there is none."""
    return value.strip() if isinstance(value, str) else ""


def meant(value: object) -> str:
    """The same as Meta writes it, in which every letter with an accent is two."""
    return mended(words(value))


def frame(
    records: Iterable[Record], columns: tuple[Column, ...], setting: Setting, lines: list[int] | None = None
) -> pd.DataFrame:
    """Records → parsed rows, with every declared column, whatever the records hold.

    ``lines``: which record of the file each is, where some were passed over.
    """
    nothing: Record = {column.spellings[0]: None for column in columns}
    sheet = listed([nothing | record for record in records] or [nothing])
    found = header(sheet, columns)
    assert found
    told = rows(sheet, found, columns, setting)
    return told.assign(line=[lines[line - 1] for line in told["line"]]) if lines else told


def numbered(records: Iterable[Record]) -> list[Record]:
    """The same records, those without ``post_id`` named by their instant, and a number among equals."""
    made: Counter[str] = Counter()
    told = []
    for record in records:
        instant = str(record.get("published_at"))
        if not record.get("post_id"):
            made[instant] += 1
            record = record | {"post_id": f"{instant}-{made[instant]}" if made[instant] > 1 else instant}
        told.append(record)
    return told


def number_in(uri: object) -> str:
    """The number that Meta gives a file, at the end of its name: ``…/3340_n_17932362236633715.jpg``."""
    found = re.search(r"(\d{15,20})\.\w{2,5}$", words(uri)[-60:])
    return found[1] if found else ""


def pictured(uris: list[str]) -> str:
    """What kind of post have these files made?"""
    if len(uris) != 1:
        return "carousel" if uris else "text"
    return "video" if re.search(r"\.(mp4|mov|srt)$", uris[0].casefold()) else "image"


def is_listed(export: Export, *keys: str) -> bool:
    """Is it a document whose top has one of these keys, with a list of records under it?"""
    return any(isinstance(within(export.document, key), list) for key in keys)
