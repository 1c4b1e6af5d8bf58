"""When is a moment of the year, by its rule in data/reference/moments.csv or by the library holidays?"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import holidays as library
from dateutil.easter import easter

from cmlib import schema
from cmlib.errors import CmlibError

SCHOOL_UNTIL = date(2028, 7, 1)  # after that the library's school years are no longer those of a decree
MOVING = {  # the feasts whose dates only the library knows: the country it takes them from, and their name
    "nouvel_an_lunaire": ("SG", "Chinese New Year"), "aid_fitr": ("TR", "Eid al-Fitr"),
    "aid_adha": ("TR", "Eid al-Adha"), "diwali": ("IN", "Diwali"), "roch_hachana": ("IL", "Rosh Hashanah"),
}  # fmt: skip
Span = tuple[date, date]


def dates(rule_code: str, year: int, days: int = 1) -> Span | None:
    """When is the moment of this rule in a year? First and last day; None where nobody knows.

    ``rule_code`` is explained in data/reference/README.md, ``days`` is how long it lasts. Raises CmlibError
    for a rule that is none.

    >>> dates("nth:thu:11:4,+1", 2029)
    (datetime.date(2029, 11, 23), datetime.date(2029, 11, 23))
    """
    found = firsts(rule_code, year)
    if rule_code.startswith("month:") and found:
        following = (found[0] + timedelta(days=31)).replace(day=1)
        return found[0], following - timedelta(days=1)
    return (found[0], found[0] + timedelta(days=max(days, 1) - 1)) if found else None


def firsts(rule: str, year: int) -> list[date]:
    """The first days of what a rule says: one, none, or two of a feast that moves through the year."""
    name, _, said = rule.partition(":")
    plain: dict[str, Callable[[int], date]] = {
        "soldes_hiver": _winter_sales,
        "soldes_ete": _summer_sales,
        "fete_meres": _mothers,
        "advent": _advent,
    }
    try:
        if rule in plain:
            return [plain[rule](year)]
        if rule == "announced":
            return []
        if name == "fixed":
            return [date(year, int(said[:2]), int(said[3:]))] if said != "02-29" or _leap(year) else []
        if name == "month":
            return [date(year, int(said), 1)]
        if name == "easter":
            return [easter(year) + timedelta(days=int(said))]
        if name == "nth":
            return [_nth(said, year)]
        if rule == "school:end_of_summer+1":
            return _back_to_school(year)
        if name == "library" and said in MOVING:
            return _moving(said, year)
    except (ValueError, OverflowError):
        pass  # as for a rule that is none
    raise CmlibError("moment_rule", rule=repr(rule))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _nth(said: str, year: int) -> date:
    """``thu:11:4,+1``: the day after the fourth Thursday of November; ``sun:3:-1``: the last Sunday."""
    which, _, plus = said.partition(",")
    weekday, month, n = which.split(":")
    wanted = schema.WEEKDAYS.index(weekday)
    if int(n) > 0:
        start = date(year, int(month), 1)
        day = start + timedelta(days=(wanted - start.weekday()) % 7 + 7 * (int(n) - 1))
    else:
        end = date(year + int(month) // 12, int(month) % 12 + 1, 1) - timedelta(days=1)
        day = end - timedelta(days=(end.weekday() - wanted) % 7 + 7 * (-int(n) - 1))
    if not n.lstrip("-").isdigit() or int(n) == 0 or day.month != int(month):
        raise ValueError(said)
    return day + timedelta(days=int(plus or 0))


def _winter_sales(year: int) -> date:
    """The second Wednesday of January; the first, when the second falls after the 12th."""
    second = _nth("wed:1:2", year)
    return second if second.day <= 12 else second - timedelta(days=7)


def _summer_sales(year: int) -> date:
    """The last Wednesday of June; the one before, when it falls after the 28th."""
    last = _nth("wed:6:-1", year)
    return last if last.day <= 28 else last - timedelta(days=7)


def _mothers(year: int) -> date:
    """The last Sunday of May; the first of June, when that is Pentecost."""
    last = _nth("sun:5:-1", year)
    return _nth("sun:6:1", year) if last == easter(year) + timedelta(days=49) else last


def _advent(year: int) -> date:
    """The fourth Sunday before Christmas."""
    christmas = date(year, 12, 25)
    return christmas - timedelta(days=(christmas.weekday() + 1) % 7 or 7) - timedelta(weeks=3)


def _back_to_school(year: int) -> list[date]:
    """The day after the summer holidays, of which the end is the same in all zones."""
    summer = [day for day, name, _ in calendar("FR", "Zone A", year, "school") if "Summer" in name]
    back = [max(summer) + timedelta(days=1)] if summer else []
    return [day for day in back if day < SCHOOL_UNTIL]


def _moving(key: str, year: int) -> list[date]:
    """The days on which the library has a feast begin; two in a year of the sun are possible."""
    country, wanted = MOVING[key]
    days = [day for day, name, _ in calendar(country, "", year) if name == wanted]
    return [day for day in days if day - timedelta(days=1) not in days]


@lru_cache(maxsize=1024)
def calendar(
    country: str, part: str, year: int, category: str = "public", language: str = ""
) -> tuple[tuple[date, str, str], ...]:
    """What the library knows of a year, by day: day, name in English, name in the language where it has that.

    Of a holiday that falls on a Sunday, the day off that some countries give instead is left out.
    """
    offered = library.list_localized_countries().get(country, [])
    english = next((one for one in ("en_US", "en_GB") if one in offered), None)
    spoken = language if language in offered else english
    plain, called = (
        library.country_holidays(
            country, subdiv=part or None, years=[year], language=one, categories=(category,)
        )
        for one in (english, spoken)
    )
    found = []
    for day in sorted(plain):
        names, said = plain[day].split("; "), called[day].split("; ")
        pairs = zip(names, said if len(said) == len(names) else names, strict=True)
        found += [(day, name, word) for name, word in pairs if "observed" not in name]
    return tuple((day, *(one.split(" (")[0] for one in names)) for day, *names in found)
