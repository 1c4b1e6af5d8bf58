"""Buffer's bulk upload: one file per channel, every cell quoted, text and at most a picture.

The header is case-sensitive; Pinterest has one column more. Times are those of the channel's own zone. A row
that is blank stops the upload. 100 posts a file, 10 for those who do not pay.
"""

import pandas as pd

from cmlib.brand import Brand
from cmlib.exporters.scheduling import NETWORKS, RISKS, caption, rules
from cmlib.exporters.target import (
    Exporter,
    Files,
    Row,
    Setting,
    clock,
    defused,
    judge,
    media,
    parts,
    per_account,
    table,
)

HEADER = ("Text", "Image URL", "Tags", "Posting Time")
BOARD = "Board Name"
MOST, MOST_FREE = 100, 10


def write(rows: pd.DataFrame, _: Brand, setting: Setting) -> Files:
    """One file for each channel, or several of at most as many rows as Buffer takes at once."""
    files = {}
    for account, own in per_account(rows):
        pins = bool((own["network"] == "pinterest").all())
        header = (*HEADER, BOARD) if pins else HEADER
        for stem, part in parts(f"buffer-{account}", own, MOST_FREE if setting.free else MOST):
            lines = [_line(row)[: len(header)] for row in part.to_dict("records")]
            files[f"{stem}.csv"] = table([header, *lines], mark=True, quoted=True)
    return files


def _line(row: Row) -> tuple[str, ...]:
    link, pillar = row["link"].strip(), str(row["pillar"])
    image = link if media(link) == "image" else ""
    tag = defused(pillar.replace(",", " "))  # a comma would make two of it
    return caption(row), image, tag, clock(row["when"], "%Y-%m-%d %H:%M"), defused(pillar)


EXPORTER = Exporter(
    name="buffer",
    suffix=".csv",
    write=write,
    broken=judge(
        rules((*NETWORKS, "mastodon"), ("story", "live", "poll", "article", "short_video", "video"))
        | {
            "no_video": lambda rows, _: rows["link"].map(media) == "video",
            "no_board": lambda rows, _: (rows["network"] == "pinterest") & (rows["pillar"] == ""),
        }
    ),
    risky=judge(RISKS | {"board": lambda rows, _: (rows["network"] == "pinterest") & (rows["pillar"] != "")}),
    publishes=True,
)
