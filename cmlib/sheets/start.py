"""The sheets of the first page: what to do next, what is missing, what was recognised."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from cmlib.i18n import t
from cmlib.sheets.page import Sheet, message, sentences, table


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
    return table(frame, ["name", "outcome", "format", "account", "rows", "aside"])
