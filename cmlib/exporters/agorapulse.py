"""Agorapulse's bulk import, as far as it is documented: what is published; when, its dialog asks.

The names of its columns for day, hour and label are not published; they are in the template that the app
gives. So a file holds the posts of one account in their order, and no dates.
"""

import pandas as pd

from cmlib.brand import Brand
from cmlib.exporters.scheduling import NETWORKS, RISKS, caption, rules
from cmlib.exporters.target import Exporter, Files, Row, Setting, judge, media, per_account, table

HEADER = ("post_content", "post_link", "video_url", "image_url")
_PLACE = {"": 1, "video": 2, "image": 3}


def write(rows: pd.DataFrame, _: Brand, __: Setting) -> Files:
    """One file for each account, in the order of publication."""
    return {
        f"agorapulse-{account}.csv": table([HEADER, *map(_line, own.to_dict("records"))], mark=True)
        for account, own in per_account(rows)
    }


def _line(row: Row) -> list[str]:
    cells = [caption(row, linked=False), "", "", ""]
    cells[_PLACE[media(row["link"])]] = row["link"].strip()
    return cells


EXPORTER = Exporter(
    name="agorapulse",
    suffix=".csv",
    write=write,
    broken=judge(rules(NETWORKS, ("story", "live", "poll", "article"))),
    risky=judge(RISKS),
    publishes=True,
)
