"""Cells → values. Each function takes a column of text and says of each cell: a value, nothing, or nonsense.

Conventions are declared, never guessed: a number may be grouped by spaces or commas only where no other
reading is possible, and what could mean two things ("1,234" where decimals are usual) is nonsense.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from babel import Locale, dates

from cmlib.brand import Brand
from cmlib.errors import CmlibError

Texts = pd.Series  # of str, stripped
Values = pd.Series
Parse = Callable[[Texts, "Setting"], Values]  # nonsense → the NONSENSE mark, nothing → None

NOTHING = frozenset({"", "-", "--", "—", "–", "n/a", "nan", "undefined", "null", "none"})
NONSENSE = object()

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " ") | {"\u2212": "-"})
_WHOLE = re.compile(r"-?(\d+|\d{1,3}([ ,]\d{3})+)(\.0+)?")
_PLAIN = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_GROUPED_ENGLISH = re.compile(r"-?\d{1,3}(,\d{3})+\.\d+")
_FRENCH = re.compile(r"-?(\d+|\d{1,3}( \d{3})+),(\d{1,2}|\d{4,})|-?\d{1,3}( \d{3})+(,\d+)?")


@dataclass(frozen=True)
class Setting:
    """What is known around a file: whose it is, and when it was exported."""

    file: str
    brand: Brand
    observed: pd.Timestamp | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of dates that name none."""
        return self.brand.zone

    @property
    def in_utc(self) -> "Setting":
        """The same, of a file whose dates are UTC."""
        return replace(self, brand=replace(self.brand, timezone="UTC"))


def parsed(one: Callable[[str], object], texts: Texts) -> Values:
    """Each distinct text is read once."""
    cells = texts.tolist()
    known = {cell: None if cell.casefold() in NOTHING else one(cell) for cell in set(cells)}
    return pd.Series([known[cell] for cell in cells], index=texts.index, dtype="object")


def nonsense(values: Values) -> "pd.Series[bool]":
    """Which are nonsense?"""
    return pd.Series([value is NONSENSE for value in values.tolist()], index=values.index, dtype="bool")


def needed(values: Values) -> Values:
    """The same where nothing is nonsense, too."""
    return values.map(lambda value: NONSENSE if value is None else value)


def text(texts: Texts, _: Setting) -> Values:
    """As it stands; empty is nothing."""
    return texts.astype("object").where(texts != "", None)


def mended(said: str) -> str:
    """UTF-8 that was taken for Latin-1, as in what Meta offers as JSON (``CafÃ©``) → as it was written."""
    try:
        return said.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return said


_DIGITS, _BY_CHANCE = 15, 6  # that Excel keeps of a number; zeros that no ids end in together
_ROUNDED = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+(\d+)")


def identifier(texts: Texts, _: Setting) -> Values:
    """An id as it stands; ``1.40197E+18``, which Excel makes of one when it saves it again, is nonsense.

    So are ids of which it has left 15 digits, and zeros: by chance, no file has as many of these.
    """
    long = [cell for cell in texts if len(cell) > _DIGITS and cell.isdecimal()]
    ending = "".join(cell[_DIGITS:] for cell in long)
    cut = texts.isin(long) & (len(ending) >= _BY_CHANCE and not ending.strip("0"))
    return text(texts, _).mask(texts.str.fullmatch(_ROUNDED) | cut, NONSENSE)


def restored(cell: str, url: str) -> str | None:
    """The id that Excel has rounded, from the post's address: its only number that rounds to the same.

    >>> restored("1,40197E+17", "https://www.facebook.com/99/posts/140197202600012345")
    '140197202600012345'
    """
    cut = cell.isdecimal() and len(cell) > _DIGITS
    seen = _ROUNDED.fullmatch(f"{cell[0]}.{cell[1:_DIGITS]}E+{len(cell) - 1}" if cut else cell)
    if seen is None or int(seen[3]) > 30 or len(seen[2] or "") > int(seen[3]):
        return None
    unit = 10 ** (int(seen[3]) - len(seen[2] or ""))  # how much the last digit that is left is worth
    value = int(seen[1] + (seen[2] or "")) * unit
    runs = {run for run in re.findall(r"\d+", url) if len(run) == int(seen[3]) + 1}
    low, high = (0, unit - 1) if cut else (-unit // 2, unit // 2)  # digits are cut off, or rounded
    fitting = [run for run in runs if low <= int(run) - value <= high]
    return fitting[0] if len(fitting) == 1 else None


def count(texts: Texts, _: Setting) -> Values:
    """A whole number: ``1250``, ``1,250``, ``1 250``, ``5.0``."""

    def one(cell: str) -> object:
        plain = cell.translate(_SPACES)
        if len(plain) > 20 or not _WHOLE.fullmatch(plain):
            return NONSENSE
        value = int(re.sub(r"[ ,]|\.0+$", "", plain))
        return value if abs(value) < 10**15 else NONSENSE

    return parsed(one, texts)


def number(texts: Texts, _: Setting) -> Values:
    """A number: ``1234.5``, ``1,234.5`` or ``1 234,5``. ``1,234`` could be two things and is nonsense."""
    return parsed(_number, texts)


def _number(cell: str) -> object:
    plain = cell.translate(_SPACES)
    if _PLAIN.fullmatch(plain):
        value = float(plain)
    elif _GROUPED_ENGLISH.fullmatch(plain):
        value = float(plain.replace(",", ""))
    elif _FRENCH.fullmatch(plain):
        value = float(plain.replace(" ", "").replace(",", "."))
    else:
        return NONSENSE
    return value if abs(value) < 1e15 else NONSENSE


def percentage(texts: Texts, setting: Setting) -> Values:
    """A share written in hundredths, with or without its sign: ``12.3``, ``12.3%`` → 0.123."""
    values = number(texts.str.removesuffix("%").str.strip(), setting)
    return values.map(lambda v: v / 100 if isinstance(v, float) else v)


_DAY_OR_YEAR = re.compile(r"\d{1,2}[-./\s]{1,2}([^\W\d_]{3,12})\.?|([^\W\d_]{3,12})\.?[-./\s]\d{2,4}")
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}([-./])\d{1,2}\1\d{2,4}")


def dated(cell: str) -> bool:
    """Has Excel taken a number for a date?

    >>> [dated(cell) for cell in ("3.яну", "03-janv.", "Jan-25", "2026-01-03", "3.1", "3 min")]
    [True, True, True, True, False, False]
    """
    seen = _DAY_OR_YEAR.fullmatch(cell)
    if seen is None:
        return _WHOLE_DAY.fullmatch(cell) is not None
    return (seen[1] or seen[2]).casefold() in _months(_EXCEL)


def seconds(texts: Texts, _: Setting) -> Values:
    """``0:05:42``, ``47:08.7`` or plain seconds → whole seconds."""

    def one(cell: str) -> object:
        if ":" not in cell:
            plain = _number(cell)
            return round(plain) if isinstance(plain, float) else NONSENSE
        parts = cell.split(":")
        if len(cell) > 20 or len(parts) > 3 or not all(re.fullmatch(r"\d+(\.\d+)?", part) for part in parts):
            return NONSENSE
        return round(sum(float(part) * 60**i for i, part in enumerate(reversed(parts))))

    return parsed(one, texts)


def one_of(levels: Mapping[str, object], default: object = NONSENSE) -> Parse:
    """A word of a known list (compared in lower case) → what it stands for."""

    def parse(texts: Texts, _: Setting) -> Values:
        return parsed(lambda cell: levels.get(cell.casefold(), default), texts)

    return parse


def day(*formats: str) -> Parse:
    """A day in one of these strptime formats."""

    def parse(texts: Texts, _: Setting) -> Values:
        return _marked(_strptime(texts, formats), texts)

    return parse


def instant(*formats: str) -> Parse:
    """A date and time in one of these strptime formats; in the brand's zone unless it names its own (%z)."""

    def parse(texts: Texts, setting: Setting) -> Values:
        if any(wanted.startswith("%m/%d") for wanted in formats):
            _not_day_first(texts, setting)
        return _marked(_utc(_strptime(texts, formats), setting.zone), texts)

    return parse


def zoned_instant(*formats: str) -> Parse:
    """The same, in the brand's zone but for those that end in Z or an offset."""
    own, local = instant(*(wanted + "%z" for wanted in formats)), instant(*formats)

    def parse(texts: Texts, setting: Setting) -> Values:
        zoned = texts.str.fullmatch(r".*:\d{2}(Z|[+-]\d{2}:?\d{2})")
        plain = local(texts.mask(zoned, ""), setting).astype("object")
        return plain.mask(zoned, own(texts.where(zoned, ""), setting).astype("object"))

    return parse


def epoch(unit: Literal["s", "ms"]) -> Parse:
    """An instant counted from 1970, in ``s`` or ``ms``."""

    def parse(texts: Texts, _: Setting) -> Values:
        counted = pd.to_numeric(texts.where(texts.str.fullmatch(r"\d{1,15}"), None))
        return _marked(pd.to_datetime(counted, unit=unit, utc=True, errors="coerce"), texts)

    return parse


def worded_day(texts: Texts, _: Setting) -> Values:
    """A day whose month is a word, so that no order is in doubt: ``Sep 27, 2022``, ``28 sept. 2026``."""
    return parsed(lambda cell: _worded(cell, None), texts)


def worded_instant(texts: Texts, setting: Setting) -> Values:
    """The same as an instant: midnight of that day in the brand's zone, which says that no hour is known."""
    return _begun(worded_day(texts, setting), setting.zone)


def yearless_day(texts: Texts, setting: Setting) -> Values:
    """A day without its year (``February 28``, ``8 de marzo``): the last such day before the export."""
    observed = _observed(setting)
    return parsed(lambda cell: _last_before(cell, observed), texts)


def yearless_instant(texts: Texts, setting: Setting) -> Values:
    """The same as an instant."""
    return _begun(yearless_day(texts, setting), setting.zone)


def yearless_days(texts: Texts, setting: Setting) -> Values:
    """A series of days in order, without years: counted back from its last day, across each New Year."""
    cells = texts.tolist()
    rising = _rises(cells)
    limit = _observed(setting)
    found: list[object] = []
    for cell in reversed(cells) if rising else cells:
        value = _last_before(cell, limit) if cell else None
        if isinstance(value, pd.Timestamp):
            limit = value
        found.append(value)
    return pd.Series(found[::-1] if rising else found, index=texts.index, dtype="object")


def _rises(cells: list[str]) -> bool:
    """Does a series of days without years go forward? Most of its steps decide; New Year is a short one."""
    days = [_worded(cell, 2000) for cell in cells]
    order = [d.day_of_year for d in days if isinstance(d, pd.Timestamp)]
    steps = [(later - earlier) % 366 for earlier, later in pairwise(order)]
    return sum(0 < s < 183 for s in steps) >= sum(s >= 183 for s in steps)


def numbered_instant(
    texts: Texts, ids: Texts, milliseconds: Callable[[int], int], otherwise: Parse, setting: Setting
) -> Values:
    """An instant of which the file states only the day: the hour is in the post's id, numbered by the clock.

    ``milliseconds`` turns an id into milliseconds since 1970. It is believed where it falls on the stated
    day, give or take one for zones; elsewhere ``otherwise`` reads the day.
    """
    told = [_minted(cell, i, milliseconds) for cell, i in zip(texts.fillna(""), ids, strict=True)]
    known = pd.Series(told, index=texts.index, dtype="object")
    rest = known.isna()
    return (
        known.where(~rest, otherwise(texts[rest].fillna("").astype("str"), setting)) if rest.any() else known
    )


def _minted(cell: str, number: object, milliseconds: Callable[[int], int]) -> pd.Timestamp | None:
    if not (isinstance(number, str) and re.fullmatch(r"\d{15,20}", number)):
        return None
    minted = pd.Timestamp(milliseconds(int(number)), unit="ms", tz="UTC")
    around = pd.Timedelta(days=1)
    for year in {(minted - around).year, (minted + around).year}:
        stated = _worded(cell, year)
        if isinstance(stated, pd.Timestamp) and abs(minted.normalize().tz_localize(None) - stated) <= around:
            return minted
    return None


def _begun(days: Values, zone: ZoneInfo) -> Values:
    """The instants at which days begin."""
    wrong = nonsense(days)
    stamps = _utc(pd.to_datetime(days.mask(wrong, None)), zone)
    return stamps.astype("object").mask(wrong, NONSENSE)


def _observed(setting: Setting) -> pd.Timestamp:
    if setting.observed is None:
        raise CmlibError("observed_needed", file=setting.file)
    return setting.observed.tz_convert(setting.zone).tz_localize(None).normalize()


def _last_before(cell: str, limit: pd.Timestamp) -> object:
    for year in range(limit.year, limit.year - 9, -1):  # 29 February may be eight years ago
        value = _worded(cell, year)
        if isinstance(value, pd.Timestamp) and value <= limit:
            return value
    return NONSENSE


_DAY_FIRST = re.compile(r"(1[3-9]|2\d|3[01])/(0?[1-9]|1[0-2])/\d{4}\b")


def _not_day_first(texts: Texts, setting: Setting) -> None:
    """Refuse month-first dates of which one would have a month above 12: Excel has turned all of them."""
    turned = texts[texts.str.match(_DAY_FIRST)]
    if len(turned):
        raise CmlibError("day_first", file=setting.file, value=turned.iloc[0])


def _strptime(texts: Texts, formats: tuple[str, ...]) -> Values:
    """Instants, or days; NaT where no format fits. All formats name a zone, or none does."""
    found = pd.to_datetime(texts, format=formats[0], errors="coerce", utc="%z" in formats[0])
    for other in formats[1:]:
        found = found.fillna(pd.to_datetime(texts, format=other, errors="coerce", utc="%z" in other))
    return found


def _marked(stamps: Values, texts: Texts) -> Values:
    """NaT where there is nothing, NONSENSE where there is something else."""
    wrong = stamps.isna() & ~texts.str.casefold().isin(NOTHING)
    return stamps.astype("object").mask(wrong, NONSENSE) if wrong.any() else stamps


def _utc(stamps: Values, zone: ZoneInfo) -> Values:
    if (
        stamps.dt.tz is None
    ):  # an hour that the clock skips in spring, or has twice in autumn, is still a time
        twice = np.ones(len(stamps), dtype=bool)
        stamps = stamps.dt.tz_localize(zone, ambiguous=twice, nonexistent="shift_forward")
    converted: Values = stamps.dt.tz_convert("UTC")
    return converted


def _worded(cell: str, year: int | None) -> object:
    words = re.findall(r"[^\W\d_]+|\d+", cell.casefold())
    months = _months()
    found = [months[word] for word in words if word in months]
    days = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
    years = [int(word) for word in words if word.isdecimal() and len(word) == 4]
    if len(found) != 1 or len(days) != 1 or len(years) > 1 or not (years or year):
        return NONSENSE
    try:
        return pd.Timestamp(year=years[0] if years else int(year or 0), month=found[0], day=days[0])
    except ValueError:
        return NONSENSE


_LANGUAGES = ("en", "fr", "es", "pt", "de", "it")
_EXCEL = (*_LANGUAGES, "nl", "pl", "cs", "sk", "hu", "ro", "bg", "uk", "ru", "sv", "da", "nb", "tr", "el")


@cache
def _months(languages: tuple[str, ...] = _LANGUAGES) -> dict[str, int]:
    """The months' names, whole and short, in the languages in which networks have been seen to write them."""
    names: dict[str, int] = {}
    for language in languages:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in dates.get_month_names(width, context, language).items():
                    names[name.casefold().rstrip(".")] = month
    return names | {"sept": 9}


def territory(name: str) -> str:
    """A country's name, in any of these languages → its ISO code; a name that is none of them stays."""
    return _territories().get(name.strip().casefold(), name.strip())


@cache
def _territories() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("en", "fr", "es", "pt", "de", "it"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names[str(name).casefold()] = code
    return names
