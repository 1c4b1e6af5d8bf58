"""Every word and number that a person reads, in the reader's language.

Words live in ``locale/en.toml`` and ``locale/fr.toml``, those of formats in ``formats.en.toml`` and so on,
with the same keys in each language; numbers and dates are Babel's.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from babel import Locale, dates, numbers

LANGUAGES = ("en", "fr")
_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
_NO_COUNTRY = {
    "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ",  # Unicode's own
}  # fmt: skip
_language = "en"  # the one global of the package


def use(language: str) -> None:
    """From now on, in which language is everything said? ``en`` or ``fr``."""
    global _language
    if language not in LANGUAGES:
        raise ValueError(f"{language!r}: the languages are {', '.join(LANGUAGES)}")
    _language = language


def language() -> str:
    """Which language is spoken now?"""
    return _language


@contextmanager
def speaking(other: str) -> Iterator[None]:
    """Say what is inside the ``with`` in another language, then go back."""
    before = language()
    use(other)
    try:
        yield
    finally:
        use(before)


@cache
def words(language: str) -> dict[str, str]:
    """All words of a language, by dotted key: ``{"metric.reach.name": "Reach", …}``."""

    def flat(table: dict[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield prefix + key, value

    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "locale").glob(f"*{language}.toml")):
        found |= flat(tomllib.loads(path.read_text(encoding="utf-8")), "")
    return found


def t(key: str, /, **values: object) -> str:
    """What is said for ``key``? Numbers and dates among the values are written as people write them.

    A key with the forms ``one`` and ``other`` follows the value ``n``.
    """
    known = words(_language)
    if key not in known and f"{key}.other" in known:
        n = values["n"]
        assert isinstance(n, Real)
        form = f"{key}.{_locale().plural_form(abs(float(n)))}"
        key = form if form in known else f"{key}.other"
    return known[key].format(**{name: _written(value) for name, value in values.items()})


def has(key: str) -> bool:
    """Is there a word for this key?"""
    return key in words(_language)


def _written(value: object) -> str:
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, Real):
        return number(float(value) if not isinstance(value, Integral) else int(value))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple | set | frozenset):
        return join(value)
    return str(value)


def _locale() -> Locale:
    return Locale.parse(_LOCALES[_language])


def number(value: float, digits: int = 0) -> str:
    """1234.5 → ``1,235`` or ``1 235``; ``digits`` after the separator. A whole number stays whole."""
    return numbers.format_decimal(value, "#,##0" + _decimals(digits), _locale())


def percent(value: float, digits: int = 2) -> str:
    """0.0325 → ``3.25%`` or ``3,25 %``."""
    pattern = _locale().percent_formats[None].pattern.replace("#,##0", "#,##0" + _decimals(digits))
    return _narrow(numbers.format_percent(value, pattern, _locale()))


def signed(written: str, value: float) -> str:
    """A change as people write it: ``+12`` or ``−3``, with the true minus sign."""
    return ("+" if value > 0 else "") + written.replace("-", "−")


def money(value: float, currency: str, whole: bool = False) -> str:
    """1234.5, EUR → ``€1,234.50`` or ``1 234,50 €``; ``whole``: without what is smaller than one."""
    pattern = _locale().currency_formats["standard"].pattern
    pattern = pattern.replace(".00", "") if whole else pattern
    return _narrow(numbers.format_currency(value, currency, pattern, _locale(), currency_digits=not whole))


def day(value: date) -> str:
    """A day, and the hour if there is one: ``3 Oct 2026``, ``3 oct. 2026``."""
    clock = " HH:mm" if isinstance(value, datetime) and (value.hour or value.minute) else ""
    first = "d'er'" if _language == "fr" and value.day == 1 else "d"  # 1er mai
    return dates.format_datetime(value, f"{first} MMM y{clock}", locale=_locale())


def month(value: date) -> str:
    """The month of a day: ``October 2026``, ``octobre 2026``."""
    return dates.format_date(value, "MMMM y", locale=_locale())


def country(code: str) -> str:
    """The name of a country: FR → ``France``; the code itself where there is none."""
    return str(_locale().territories.get(code.upper(), code))


def countries() -> dict[str, str]:
    """Every country's code and its name: ``{"FR": "France", …}``."""
    known = _locale().territories.items()
    return {code: name for code, name in known if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRY}


def join(items: Iterable[object]) -> str:
    """``a, b, c``: a list as a person writes it."""
    return ", ".join(_written(item) for item in items)


def _narrow(written: str) -> str:
    """The space before a sign as French sets it, and as the words here do."""
    return written.replace("\u00a0", "\u202f")


def _decimals(digits: int) -> str:
    return "." + "0" * digits if digits else ""
