"""Matomo: the site by day, week or month; its visits by where they come from; the scheduled report.

The layouts are those of Matomo's own test files, in English, translated or not; German and French headers are
from its language files. Files are UTF-16 with commas, and do not say of which site they are.

- A row is of a day (2026-03-04), a week or any span (2026-03-02,2026-03-08), a month or a year: days are
  days, the rest are totals. A file of one period only has no date inside: it is in the name that Matomo gives
  (“Export _ Visits Summary _ Wednesday, March 4, 2026.csv”), or in one that is given by hand.
- Visitors are told by their browser: they are the users of the site. Matomo's “Users” have signed in, and are
  left out. Where there are visits, 0 visitors means that Matomo has not counted them.
- Referrers are read where they are all there, from their types or from the columns of all metrics: a day's
  visits are replaced as a whole, so that a list of websites alone would take the others away. Matomo does not
  say which social network it was.
- A scheduled report holds many titled tables; those that count the whole site are read, the rest passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export, Sheet
from cmlib.importers.layout import Format, Part, column, header, normalised, part, rows, set_aside
from cmlib.importers.values import NONSENSE, Setting, Values, number, text, worded_day

_DATE = column("_date", "Date", "Datum", parse=text)
_LABEL = ("label", "Nom", "Bezeichnung", "Referrer Type", "Types d'acquisitions", "Verweisart")
_SITE = (
    _DATE,
    column("_label", *_LABEL, parse=text),
    column("visits", "nb_visits", "Visits", "Visites", "Besuche", must=True),
    column("users", "nb_uniq_visitors", "Unique visitors", "Visiteurs uniques", "Eindeutige Besucher"),
    column("new_users", "nb_uniq_visitors_new", "Unique new visitors"),
    column("returning_users", "nb_uniq_visitors_returning", "Unique returning visitors"),
    column("views", "nb_pageviews", "Pageviews", "Vues de page", "Seitenansichten"),
    column("_actions", "nb_actions", "Actions", "Aktionen", parse=text),
    column("_bounces", "bounce_count", "Bounces", "Rebonds", parse=text),
    column("_search", "Referrers_visitorsFromSearchEngines", "Visitors from Search Engines"),
    column("_social", "Referrers_visitorsFromSocialNetworks", "Visitors from Social Networks"),
    column("_direct", "Referrers_visitorsFromDirectEntry", "Visitors from Direct Entry"),
    column("_website", "Referrers_visitorsFromWebsites", "Visitors from Websites"),
    column("_campaign", "Referrers_visitorsFromCampaigns", "Visitors from Campaigns"),
    column("_ai", "Referrers_visitorsFromAIAssistants", "Visitors from AI Assistants"),
)  # fmt: skip
_MEDIA = ("search", "social", "direct", "website", "campaign", "ai")
_REFERRERS = (
    _DATE,
    column("_type", *_LABEL, parse=text, must=True),
    column("sessions", "nb_visits", "Visits", "Visites", "Besuche", must=True),
    column("conversions", "nb_conversions", "Conversions", "Konversionen", parse=number),
)  # fmt: skip
_TYPES = {
    normalised(name): medium
    for medium, names in {
        "direct": ("Direct Entry", "Entrées directes", "Entrée directe", "Direkte Zugriffe"),
        "search": ("Search Engines", "Moteurs de recherche", "Suchmaschinen"),
        "website": ("Websites", "Sites web"),
        "social": ("Social Networks", "Réseaux sociaux", "Soziale Netzwerke"),
        "campaign": ("Campaigns", "Campagnes", "Kampagnen"),
        "ai": ("AI Assistants", "Assistants IA", "KI-Assistenten"),
    }.items()
    for name in names
}
_TITLED = tuple(replace(c, must=False) for c in _SITE)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[,_](\d{4}-\d{2}-\d{2}))?")
WITHIN = 500  # rows in which a table of the whole site is looked for
Span = tuple[pd.Timestamp, pd.Timestamp]


def _first(export: Export, wanted: Format) -> tuple[Sheet, dict[str, int]]:
    """The sheet, and what its first row has of a format's columns."""
    sheet = export.sheets[0] if export.sheets else Sheet("", [], [])
    found = header(Sheet("", sheet.rows[:1], sheet.lines[:1]), wanted.columns)
    return sheet, found.cells if found else {}


def _is_site(export: Export, wanted: Format) -> bool:
    """Is every row the whole site, counted as Matomo counts?"""
    sheet, cells = _first(export, wanted)
    if not cells or "_label" in cells:
        return False
    api = normalised(sheet.rows[0][cells["visits"]]) == "nb_visits"
    counted = int("_date" in cells) in cells.values()  # else what is counted stands there, by another name
    return counted and (api or {"users", "_actions"} <= {*cells})


def _is_referrers(export: Export, wanted: Format) -> bool:
    """Is every row one of the types of referrers?"""
    sheet, cells = _first(export, wanted)
    place = cells.get("_type", 0)
    told = {normalised(row[place]) for row in sheet.rows[1:] if len(row) > place} if cells else set()
    return bool(told) and told <= {*_TYPES}


def _is_report(export: Export, wanted: Format) -> bool:
    """Are there several titled tables, of which one counts the whole site and others its parts?"""
    blocks = _blocks(export.sheets[0], WITHIN) if export.sheets else []
    told = [{*found.cells} for b in blocks if (found := header(_head(b), _TITLED))]
    return any("_label" in t and "visits" in t for t in told) and any(_whole(t) for t in told)


def _whole(cells: set[str]) -> bool:
    return "_label" not in cells and bool(cells & {"visits", "views"})


def _site(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Figures of days and of longer spans; a day's visits by where they come from, where that is told."""
    sheet, _ = _first(export, wanted)
    found = header(sheet, _SITE)
    assert found
    frame = _spanned(rows(sheet, found, _SITE, setting), setting)
    read = part("days", frame)
    yield from _parted(read)
    came = [f"_{medium}" for medium in _MEDIA if f"_{medium}" in frame]
    good = frame[~frame["line"].isin(read.aside["line"]) & (frame["date"] == frame["until"])]
    if came and len(good):
        long = good.melt(["line", "excerpt", "date"], came, "medium", "sessions").dropna(subset="sessions")
        yield Part("visits", long.assign(medium=long["medium"].str.removeprefix("_")), given=0)


def _referrers(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Visits by the type of their referrer. Those of more than a day have no place, and are kept aside."""
    sheet, _ = _first(export, wanted)
    found = header(sheet, _REFERRERS)
    assert found
    frame = _spanned(rows(sheet, found, _REFERRERS, setting), setting)
    media = [_TYPES.get(normalised(name or ""), NONSENSE) for name in frame["_type"]]
    frame["medium"] = pd.Series(media, frame.index, dtype="object")
    read = part("visits", frame)
    longer = read.rows["date"] != read.rows["until"]
    if longer.any() and longer.all():
        raise CmlibError("matomo_dateless", file=setting.file)
    over = set_aside(read.rows[longer], "not_used")
    kept = read.rows[~longer].drop(columns="until")
    yield replace(read, rows=kept, aside=pd.concat([read.aside, over]))


def _report(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """The tables that count the whole site."""
    passed, parts = 0, []
    for block in _blocks(export.sheets[0]):
        found = header(_head(block), _TITLED)
        below = len(block.rows) - 2
        if found and _whole({*found.cells}):
            cells = Sheet("", block.rows[1:], block.lines[1:])
            parts.append(part("days", _spanned(rows(cells, found, _TITLED, setting), setting)))
        elif len(block.rows[1:2] and block.rows[1]) > 1:
            passed += below
    for read in parts:
        yield from _parted(replace(read, passed=passed))
        passed = 0


def _blocks(sheet: Sheet, within: int | None = None) -> list[Sheet]:
    """The tables between empty rows, each below its title; of the first rows only, to recognise a file."""
    blocks = [Sheet("", [], [])]
    for line, row in zip(sheet.lines[:within], sheet.rows[:within], strict=True):
        if any(row):
            blocks[-1].rows.append(row)
            blocks[-1].lines.append(line)
        elif blocks[-1].rows:
            blocks.append(Sheet("", [], []))
    return [b for b in blocks if b.rows and not any(b.rows[0][1:])]


def _head(block: Sheet) -> Sheet:
    return Sheet("", block.rows[1:2], block.lines[1:2])


def _spanned(frame: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """The first and last day of each row (date, until): its own, else those in the file's name."""
    given: list[object] = [*frame["_date"]] if "_date" in frame else [None] * len(frame)
    named = None if "_date" in frame else _named(setting)
    if "_date" not in frame and named is None:
        raise CmlibError("matomo_dateless", file=setting.file)
    spans = [_span(said) if isinstance(said, str) else named for said in given]
    told = frame.drop(columns="_date", errors="ignore")
    told["date"] = pd.Series([s[0] if s else NONSENSE for s in spans], frame.index, dtype="object")
    told["until"] = pd.Series([s[1] if s else None for s in spans], frame.index, dtype="object")
    if {"users", "visits"} <= {*told}:
        uncounted = (told["users"] == 0) & (told["visits"] != 0)
        told["users"] = told["users"].mask(uncounted, None)
    return told


def _span(said: str) -> Span | None:
    """A day, two with a comma, a month or a year, as the first day and the last."""
    first, _, last = said.partition(",")
    for written, months in (("%Y-%m-%d", 0), ("%Y-%m", 1), ("%Y", 12)):
        begun = pd.to_datetime(first, format=written, errors="coerce")
        if pd.isna(begun) or (last and months):
            continue
        if months:
            return begun, begun + pd.DateOffset(months=months) - pd.Timedelta(days=1)
        ended = pd.to_datetime(last, format=written, errors="coerce") if last else begun
        return None if pd.isna(ended) else (begun, ended)
    return None


def _named(setting: Setting) -> Span | None:
    """The span in a file's name: 2026-03-02_2026-03-08, March 4, 2026, or March 2026."""
    name = setting.file.rpartition("/")[2].rpartition(".")[0]
    iso = _ISO.search(name)
    if iso:
        return _span(",".join(filter(None, iso.groups())))
    said = name.rpartition(" _ ")[2]
    day, month = _days([said, f"1 {said}"], setting)
    if isinstance(day, pd.Timestamp):
        return day, day
    return (month, month + pd.offsets.MonthEnd(0)) if isinstance(month, pd.Timestamp) else None


def _days(cells: list[str], setting: Setting) -> Values:
    return worded_day(pd.Series(cells, dtype="str"), setting)


def _parted(read: Part) -> Iterator[Part]:
    """Figures of single days, and totals of longer spans."""
    told = read.rows
    single = told["date"] == told["until"]
    days, longer = told[single].drop(columns="until"), told[~single].rename(columns={"date": "since"})
    if len(days) or not len(longer):
        yield replace(read, rows=days)
        read = Part("totals", longer, given=0)
    if len(longer):
        yield replace(read, table="totals", rows=longer)


FORMATS = (
    Format("matomo_days", "web", "days", _SITE, recognise=_is_site, read=_site, sure="seen", since="2013"),
    Format(
        "matomo_referrers", "web", "visits", _REFERRERS, recognise=_is_referrers, read=_referrers,
        sure="code", since="2013",
    ),
    Format(
        "matomo_report", "web", "totals", _SITE, recognise=_is_report, read=_report, sure="seen", since="2013"
    ),
)  # fmt: skip
