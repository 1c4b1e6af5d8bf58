"""What every tool that publishes by itself asks of a row before it is given to it."""

from typing import Any

import pandas as pd

from cmlib import plans
from cmlib.exporters.target import FORMULAS, Check, Mask, Row, Setting, is_web, media, twice

VISUAL = ("image", "carousel", "story", "short_video", "video")  # kinds that are nothing without a file
NETWORKS = (
    "facebook", "instagram", "x", "linkedin", "pinterest", "tiktok", "youtube", "threads", "bluesky",
)  # fmt: skip


def rules(networks: tuple[str, ...], refused: tuple[str, ...], ahead: int = 0) -> dict[str, Check]:
    """The checks of a tool that takes these networks, not these kinds, so many minutes ahead at the least."""
    return {
        "published": lambda rows, _: rows["status"] == "published",
        "scheduled": lambda rows, _: rows["status"] == "scheduled",  # a second time would be twice
        "not_approved": lambda rows, _: rows["status"].isin(plans.OPEN),
        "edited": lambda rows, _: plans.edited(rows) & (rows["status"] == "approved"),
        "network": lambda rows, _: ~rows["network"].isin(networks),
        "kind": lambda rows, _: rows["kind"].isin(refused),
        "late": lambda rows, setting: _late(rows, setting, ahead),
        "clock_twice": lambda rows, _: twice(rows["when"]),  # the tool cannot know which of the two
        "no_text": lambda rows, _: rows["text"].str.strip() == "",
        "bad_link": lambda rows, _: (rows["link"].str.strip() != "") & ~rows["link"].map(is_web).astype(bool),
        "repeated": lambda rows, _: _repeated(rows),
    }


# Defusing a caption is no way out: what stands before its first letter would be published with it. So it
# stays as it is, and the user is told not to save the file in a spreadsheet. Blanks before it mean nothing.
RISKS: dict[str, Check] = {
    "formula": lambda rows, _: rows["text"].str.strip().str.startswith(FORMULAS),
    "add_media": lambda rows, _: rows["kind"].isin(VISUAL) & (rows["link"].map(media) == ""),
}


def caption(row: Row, *, linked: bool = True) -> str:
    """What is published: the text, and the link below it unless it has a place of its own."""
    text, link = row["text"].strip(), row["link"].strip()
    apart = not linked or not link or link in text or media(link)
    return text if apart else f"{text}\n\n{link}"


def _late(rows: pd.DataFrame, setting: Setting, ahead: int) -> Mask:
    soonest = pd.Timestamp(setting.now).tz_convert("UTC") + pd.Timedelta(minutes=ahead)
    return rows["when"] < soonest if ahead else rows["when"] <= soonest


def _repeated(rows: pd.DataFrame) -> Mask:
    """The same words to the same account in the same minute, but for the first."""
    said: Any = rows.assign(
        when=rows["when"].dt.tz_convert("UTC").dt.floor("min"),
        text=rows["text"].str.strip(),
        link=rows["link"].str.strip(),
    )
    return said.duplicated(["network", "account", "when", "text", "link"])
