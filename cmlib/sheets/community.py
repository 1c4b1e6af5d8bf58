"""The sheets of the community: what is to be done for more, how long people wait, how satisfied they are."""

from collections.abc import Mapping
from datetime import time

import pandas as pd

from cmlib import i18n, schema
from cmlib.cells import explained, word
from cmlib.i18n import t
from cmlib.sheets.kpis import scorecard
from cmlib.sheets.page import Sheet, made, message, rows, table, together


def community(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How long did people wait, and who wrote? Cards; or what to import and to write into brand.toml."""
    lacks = list(frames["lacks"]["key"])
    asked = "\n\n".join(t(f"community.lacks.{key}") for key in lacks)
    pieces = [_there(frames["desk"])] if len(frames["desk"]) else []
    pieces += [scorecard(frames["cards"])] if len(frames["cards"]) else []
    return together([*pieces, *([message("todo", asked)] if asked else [])])


def _there(desk: pd.DataFrame) -> Sheet:
    """In which hours, and against which goal, do people wait? In a sentence."""
    spans = [
        t("community.span" if row["first"] != row["last"] else "community.day",
          **{end: word("facts.day.{}", schema.WEEKDAYS[row[end]]) for end in ("first", "last")},
          since=_clock(row["since"]), until=_clock(row["until"]))
        for row in rows(desk)
    ]  # fmt: skip
    goal = desk["goal"].iloc[0]
    aim = "" if pd.isna(goal) else t("community.goal", n=i18n.number(goal, 0 if goal == int(goal) else 1))
    return made('<p class="cm-say">{} {}</p>', t("community.there", spans=spans), aim)


def _clock(said: time) -> str:
    return t("editorial.clock", hour=said.hour, minute=f"{said.minute:02d}")


def satisfaction(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How satisfied are they? What they answered first; what their words sound like apart from it."""
    found = frames["satisfaction"]
    if found.empty:
        return together([])
    asked = found["metric"].isin(schema.QUESTIONS)
    survey, feeling = found[asked], found[~asked]
    if survey["n"].sum():
        shown = [_measured(survey, "survey")]
    else:
        shown = [message("info", t("community.no_survey"))]
    if feeling["n"].sum():
        shown.append(_measured(feeling, "feeling"))
        if feeling["value"].gt(0).any():
            shown.append(message("info", t("community.accuracy")))
    return together(shown)


def _measured(found: pd.DataFrame, key: str) -> Sheet:
    noted = ["note"] if found["note"].map(explained).any() else []
    return table(found, ["metric", "value", "interval", "n", *noted], t(f"community.{key}"))
