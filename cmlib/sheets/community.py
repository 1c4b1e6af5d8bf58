"""The sheets of the community: what is to be done for more, how long people wait, how satisfied they are."""

from collections.abc import Mapping

import pandas as pd

from cmlib.i18n import t
from cmlib.sheets.kpis import scorecard
from cmlib.sheets.page import Sheet, message, table, together

SURVEYED = ("nps", "csat")


def community(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How long did people wait, and who wrote? Cards; or what to import and to write into brand.toml."""
    lacks = list(frames["lacks"]["key"])
    asked = [message("info" if "messages" in lacks else "todo", t(f"community.lacks.{key}")) for key in lacks]
    return together([*([scorecard(frames["cards"])] if len(frames["cards"]) else []), *asked])


def satisfaction(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How satisfied are they? What they answered first; what their words sound like apart from it."""
    rows = frames["satisfaction"]
    if rows.empty:
        return together([])
    columns = ["metric", "value", "interval", "n", *(["note"] if rows["note"].any() else [])]
    asked = rows["metric"].isin(SURVEYED)
    shown = [table(rows[asked], columns, t("community.survey"))]
    if rows.loc[~asked, "n"].sum():
        shown.append(table(rows[~asked], columns, t("community.feeling")))
        shown.append(message("info", t("community.accuracy")))
    return together(shown)
