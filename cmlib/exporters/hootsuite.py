"""Hootsuite's Bulk Composer: three columns without a header, on a grid of five minutes, one file per account.

Date and time, message, link; ``MM/DD/YYYY HH:mm`` is what its dialog proposes. At most 350 messages, less
those that are scheduled there already. Pictures and videos are added after the upload, message by message.
"""

from typing import Any

import pandas as pd

from cmlib.brand import Brand
from cmlib.exporters.scheduling import NETWORKS, RISKS, caption, rules
from cmlib.exporters.target import Exporter, Files, Mask, Setting, clock, judge, parts, per_account, table

MOST = 350
AHEAD = 10  # minutes
GRID = 5  # minutes


def write(rows: pd.DataFrame, _: Brand, __: Setting) -> Files:
    """One file for each account, or several of at most 350 rows."""
    files = {}
    for account, own in per_account(rows):
        for stem, part in parts(f"hootsuite-{account}", own, MOST):
            lines = [
                (clock(row["when"], "%m/%d/%Y %H:%M"), caption(row, linked=False), row["link"].strip())
                for row in part.to_dict("records")
            ]
            files[f"{stem}.csv"] = table(lines, mark=False)
    return files


def _off_grid(when: "pd.Series[Any]") -> Mask:
    return when != when.dt.floor(f"{GRID}min")


EXPORTER = Exporter(
    name="hootsuite",
    suffix=".csv",
    write=write,
    broken=judge(
        rules(NETWORKS, ("story", "live", "poll", "article"), AHEAD)
        | {"grid": lambda rows, _: _off_grid(rows["when"].dt.tz_convert("UTC"))}
    ),
    risky=judge(RISKS),
    publishes=True,
)
