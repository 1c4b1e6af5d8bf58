"""What is said of a proposal, on the command line and on the page: why, what is asked, the first rows."""

import pandas as pd

from cmlib import i18n
from cmlib.i18n import t
from cmlib.importers.own.proposal import Ask, Choice, Preview, Proposal

SHOWN = 60  # characters of a cell


def why(one: Choice) -> str:
    """Why is a column proposed as this, or left out?"""
    told = dict(one.told)
    if one.why == "date":
        told["how"] = t(f"proposal.how.{told['how']}", value=told["value"])
    return t(f"proposal.why.{one.why}", **told)


def ask(one: Ask) -> str:
    """What is to be said, as a question."""
    return t(f"proposal.ask.{one.key}", **{"column": one.column} | dict(one.told))


def option(one: Ask) -> str:
    """With which option of the command line is it said?"""
    options = "|".join(one.options) if one.key in ("table", "network") else ""
    return t(f"proposal.option.{one.key}", column=one.column, options=options)


def heading(file: str, found: Proposal) -> str:
    """What is a file taken for?"""
    of = found.own
    if not of.table:
        return t("proposal.table_unknown", file=file)
    by_row = "network" in of.columns or "network" in of.constants
    which = "network_of_rows" if by_row else "network_unknown"
    network = t(f"network.{of.network}") if of.network else t(f"proposal.{which}")
    return t("proposal.table", file=file, table=of.table, called=t(f"sheet.of.{of.table}"), network=network)


def warnings(found: Proposal) -> list[str]:
    """What is to be known before it is agreed to."""
    return [t(f"proposal.warn.{key}", **told) for key, told in found.warnings]


def columns(shown: Preview, most: int) -> list[list[str]]:
    """The first tidy rows, a line for each column that says anything: its name, then its values."""
    rows = shown.rows.drop(columns=["brand", "source", "observed_at"])
    first = rows.head(most).dropna(axis=1, how="all")
    return [[str(name), *map(_cell, first[name])] for name in first]


def counted(shown: Preview) -> str:
    """How many rows would be read, and how many kept aside?"""
    return t("proposal.counted", n=len(shown.rows), aside=len(shown.reading.aside))


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "–"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M} UTC" if value.tzinfo else f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return i18n.number(value, 0 if value.is_integer() else 3)
    text = " ".join(str(value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
