"""Asana's CSV importer: one task for each post. It creates, and never updates.

Its columns are known by their order, the name first. Start dates want a paid plan. Days are MM/DD/YYYY.
"""

import pandas as pd

from cmlib import workload
from cmlib.brand import Brand
from cmlib.exporters.target import (
    Exporter,
    Files,
    Setting,
    clock,
    defused,
    described,
    headline,
    judge,
    names,
    state,
    table,
)

HEADER = ("Name", "Description", "Section", "Assignee", "Collaborators", "Start Date", "Due Date")
DAY = "%m/%d/%Y"


def write(rows: pd.DataFrame, who: Brand, setting: Setting) -> Files:
    """One file. What it says stays among the team, so a cell that begins a formula is defused."""
    moments, emails = names(setting.moments), {member.name: member.email for member in who.people}
    begun = workload.due(rows["when"].dt.tz_localize(None), who.lead.before)
    lines = [
        (
            defused(headline(row)), defused(described(row, moments)), state(row["status"]),
            defused(emails.get(row["owner"], "")), "", clock(start, DAY), clock(row["when"], DAY),
        )
        for row, start in zip(rows.to_dict("records"), begun, strict=True)
    ]  # fmt: skip
    return {"asana.csv": table([HEADER, *lines], mark=True)}


EXPORTER = Exporter(
    name="asana_csv",
    suffix=".csv",
    write=write,
    broken=judge({"task": lambda rows, _: rows["task"] != ""}),  # it would be there twice
    risky=judge({"no_owner": lambda rows, _: rows["owner"] == ""}),
)
