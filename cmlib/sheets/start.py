"""The sheets of the first page: what to do next, what is missing, what was recognised."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from cmlib.i18n import t
from cmlib.sheets.page import Sheet, joined, made, message, rows, sentences, table, together


def steps(found: Iterable[tuple[str, Mapping[str, Any]]]) -> Sheet:
    """What is to be done next? Pairs of a key under [start.step] and its values."""
    return sentences(t(f"start.step.{key}", **values) for key, values in found)


def recognised(frame: pd.DataFrame) -> Sheet:
    """Which files were recognised, and what was read in them?"""
    return table(frame, ["name", "format", "network", "account", "table", "rows", "first", "last", "aside"])


def missing(frame: pd.DataFrame) -> Sheet:
    """What lacks for the month, and where is it exported?"""
    if frame.empty:
        return message("info", t("start.nothing_missing"))
    return table(frame, ["network", "account", "table", "state", "until", "where"])


def intake(frame: pd.DataFrame) -> Sheet:
    """What became of the files just dropped in?"""
    columns = ["name", "outcome", "format", "account", "rows", "aside"]
    taken, refused = frame[frame["format"].notna()], frame[frame["format"].isna()]
    pieces = [table(taken, columns)] if len(taken) or refused.empty else []
    if len(refused):
        lines = joined(
            Markup("<li><b>{}</b><br>{}</li>").format(row["name"], row["outcome"]) for row in rows(refused)
        )
        heading = t("start.refused", n=len(refused))
        pieces.append(made('<h3>{}</h3>\n<ul class="cm-points">\n{}\n</ul>', heading, lines))
    return together(pieces)
