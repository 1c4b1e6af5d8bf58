"""Meta Ads Manager: what ads brought over each period of a report, for the account as a whole.

A real workbook of 2024 was read (English); the French headers, CSV and the sheet "Raw Data Report" are known
from programs.

- Only the account is noted, not its campaigns and ads: the row without their names is its total. Where a
  file has none, or other periods than that of the total (each day, each month), impressions, clicks and money
  are added up, unless a row is kept aside; the reach is not, since one person is reached by many ads.
- These are figures of ads, wherever Meta showed them, Instagram too: they have names of their own (paid_…),
  so that nothing adds them to what a page reached by itself. They stand under Facebook.
- Money is noted where it is in the brand's currency, which the header names.
- Results are not: each campaign counts its own. Several rows without a name for one period are kept aside:
  they are of an age or a place, and none is the total.
"""

from collections.abc import Iterator

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import Format, Part, column, having, melted, normalised, part, rows, set_aside
from cmlib.importers.values import Setting, day, number, text

_DAY = day("%Y-%m-%d")
_COLUMNS = (
    column("since", "Reporting starts", "Début des rapports", parse=_DAY, must=True),
    column("until", "Reporting ends", "Fin des rapports", parse=_DAY, must=True),
    column("_day", "Day", "Jour", parse=_DAY),
    column("_campaign", "Campaign name", "Nom de la campagne", parse=text),
    column("_set", "Ad set name", "Nom de l'ensemble de publicités", parse=text),
    column("_ad", "Ad name", "Nom de la publicité", parse=text),
    column("paid_impressions", "Impressions", must=True),
    column("paid_reach", "Reach", "Couverture"),
    column("paid_clicks", "Link clicks", "Clics sur un lien", "Clics sur le lien"),
)
_NAMES = ("_campaign", "_set", "_ad")
_ADDED = ("paid_impressions", "paid_clicks", "spend")
_SPENT = ("amount spent", "montant depense")
_FIGURES = (*_ADDED, "paid_reach")
RAW = "Raw Data Report"  # beside a sheet that shows the same for people


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """The account's totals, of the whole report and of each period in it."""
    code = setting.brand.currency
    money = column("spend", f"Amount spent ({code})", f"Montant dépensé ({code})", parse=number)
    found = [*having(export, wanted.columns)]
    sheet, _ = next(((s, f) for s, f in found if s.name == RAW), found[0])
    ((sheet, place),) = having(Export(export.name, export.digest, (sheet,)), (*wanted.columns, money))
    read = part("totals", rows(sheet, place, (*wanted.columns, money), setting))
    told = read.rows
    if "_day" in told:
        told = told.assign(**{end: told["_day"].fillna(told[end]) for end in ("since", "until")})
    named = [name for name in _NAMES if name in told]
    whole = told[named].isna().all(axis=1) & (told["_day"].isna() if "_day" in told else True)
    split = told[whole].duplicated(["since", "until"], keep=False).reindex(told.index, fill_value=False)
    periods = _added(told[~whole]) if read.aside.empty else told[:0]
    whole &= ~split
    known = set(zip(told.loc[whole, "since"], told.loc[whole, "until"], strict=True))
    beside = [p not in known for p in zip(periods["since"], periods["until"], strict=True)]
    kept = pd.concat([told[whole], periods[beside]], ignore_index=True)
    columns = [c for c in ("line", "excerpt", "since", "until", *_FIGURES) if c in kept]
    parts = set_aside(told[split], "not_used")
    paid = any(normalised(cell).startswith(_SPENT) for cell in sheet.rows[place.row])
    notes = ("other_currency",) if paid and "spend" not in told else ()
    aside = pd.concat([read.aside, parts])
    yield Part("totals", melted(kept[columns]), aside, given=read.given, notes=notes)


def _added(told: pd.DataFrame) -> pd.DataFrame:
    """One row a period: what can be added up is, and a reach stands only where there is a single row."""
    periods = [_period(group) for _, group in told.groupby(["since", "until"], sort=True)]
    return pd.concat(periods) if periods else told


def _period(group: pd.DataFrame) -> pd.DataFrame:
    first = group.head(1)
    if len(group) == 1:
        return first
    sums = {n: pd.to_numeric(group[n]).sum(min_count=1) for n in _ADDED if n in group}
    return first.assign(**sums, **({"paid_reach": None} if "paid_reach" in group else {}))


FORMATS = (Format("meta_ads", "facebook", "totals", _COLUMNS, read=_read, sure="seen", since="2024-03"),)
