"""Metricool's calendar import: the user's own template, filled by the names of its columns.

The template changes from year to year, so it is the user's download that is filled: its columns all stay, in
their order, whatever their case. ``Date`` and ``Time`` are those of the Metricool brand's zone; one column
of TRUE and FALSE for each network; pictures and videos both go into ``Picture Url 1``. 50 rows a file.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from cmlib.brand import Brand
from cmlib.errors import CmlibError
from cmlib.exporters.scheduling import NETWORKS, RISKS, caption, rules
from cmlib.exporters.target import (
    Exporter,
    Files,
    Row,
    Setting,
    clock,
    judge,
    media,
    parts,
    per_account,
    table,
)

MOST = 50
COLUMN = {  # a network → the names that its column has had
    "facebook": ("facebook",), "instagram": ("instagram",), "x": ("twitter/x", "twitter", "x"),
    "linkedin": ("linkedin",), "pinterest": ("pinterest",), "tiktok": ("tiktok",), "youtube": ("youtube",),
    "threads": ("threads",), "bluesky": ("bluesky",),
}  # fmt: skip
MUST = ("text", "date", "time")
_POST = {"short_video": "REEL", "story": "STORY"}


def write(rows: pd.DataFrame, _: Brand, setting: Setting) -> Files:
    """The template filled, 50 rows a file; one for each account where a network has several.

    Raises CmlibError without a template, and for one that lacks a column that the rows need.
    """
    header, separator, mark = _template(setting.template)
    _complete(header, rows, str(setting.template))
    files = {}
    for name, own in _brands(rows):
        for stem, part in parts(name, own, MOST):
            lines = [_line(header, row) for row in part.to_dict("records")]
            files[f"{stem}.csv"] = table([header, *lines], mark=mark, separator=separator)
    return files


def _brands(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """A brand of Metricool has one account on each network."""
    if (rows.groupby("network")["account"].nunique() > 1).any():
        yield from ((f"metricool-{account}", own) for account, own in per_account(rows))
    else:
        yield "metricool", rows


def _template(path: Path | None) -> tuple[list[str], str, bool]:
    """Its header, its separator, and whether it begins with the mark of UTF-8."""
    if path is None:
        raise CmlibError("export_no_template")
    try:
        data = path.read_bytes()
        first = data.decode("utf-8-sig").split("\n", 1)[0].rstrip("\r")
    except OSError as problem:
        raise CmlibError("unreadable", file=str(path), problem=str(problem.strerror)) from None
    except UnicodeDecodeError:
        raise CmlibError("export_bad_template", file=str(path), columns=MUST) from None
    separator = max(",;\t", key=first.count)
    header = next(csv.reader(io.StringIO(first), delimiter=separator), [])
    return header, separator, data.startswith(b"\xef\xbb\xbf")


def _complete(header: Sequence[str], rows: pd.DataFrame, file: str) -> None:
    known = set(map(_plain, header))
    networks = [COLUMN[network] for network in rows["network"].unique()]
    lacks = [names[0] for names in (*((name,) for name in MUST), *networks) if not known & set(names)]
    if lacks:
        raise CmlibError("export_bad_template", file=file, columns=lacks)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _line(header: Sequence[str], row: Row) -> list[str]:
    said = _cells(row)
    return [said.get(_plain(name), "") for name in header]


def _cells(row: Row) -> dict[str, str]:
    network, kind, title = str(row["network"]), str(row["kind"]), str(row["title"])
    link = row["link"].strip()
    apart = network == "pinterest"  # a pin has a place of its own for it
    chosen = {name: "FALSE" for names in COLUMN.values() for name in names}
    chosen |= dict.fromkeys(COLUMN[network], "TRUE")
    said = chosen | {
        "text": caption(row, linked=not apart), "draft": "FALSE",
        "date": clock(row["when"], "%Y-%m-%d"), "time": clock(row["when"], "%H:%M:%S"),
    }  # fmt: skip
    if media(link):
        said |= {"picture url 1": link, "alt text picture 1": row["alt_text"]}
    own = {
        "instagram": {"instagram post type": _POST.get(kind, "POST")},
        "facebook": {"facebook post type": _POST.get(kind, "POST")},
        "youtube": {
            "youtube video title": title, "youtube video privacy": "PUBLIC",
            "youtube video type": "SHORT" if kind == "short_video" else "VIDEO",
        },
        "tiktok": {"tiktok title": title, "tiktok post privacy": "PUBLIC_TO_EVERYONE"},
        "pinterest": {
            "pinterest board": row["pillar"], "pinterest pin title": title,
            "pinterest pin link": "" if media(link) else link,
        },
    }  # fmt: skip
    return said | own.get(network, {})


EXPORTER = Exporter(
    name="metricool",
    suffix=".csv",
    write=write,
    broken=judge(
        rules(NETWORKS, ("live", "poll", "article"))
        | {
            "no_title": lambda rows, _: (
                rows["network"].isin(["youtube", "pinterest"]) & (rows["title"] == "")
            ),
            "story_there": lambda rows, _: (
                (rows["kind"] == "story") & ~rows["network"].isin(["facebook", "instagram"])
            ),
        }
    ),
    risky=judge(RISKS | {"board": lambda rows, _: (rows["network"] == "pinterest") & (rows["pillar"] != "")}),
    publishes=True,
)
