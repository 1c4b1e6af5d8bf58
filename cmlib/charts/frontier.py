"""The chart of the portfolio: how far the hours go, if they are spent best."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import ceil
from typing import Any

import pandas as pd

from cmlib import i18n
from cmlib.cells import hours as written
from cmlib.cells import word
from cmlib.charts.drawing import (
    ACCENT,
    GREY,
    HAIR,
    INK,
    LETTER,
    LINE,
    MUTED,
    SLIM,
    Chart,
    Layer,
    layer,
    layered,
    listed,
    named,
    nothing,
    number,
)  # fmt: skip
from cmlib.i18n import t

EDGE, ENDS = 40, 92  # the widths left at its left, and at its right for what its lines are called
WIDTH, HEIGHT = SLIM - EDGE - ENDS, 300
BEYOND = 2.5  # so many times the hours of the chosen set are drawn
LABELS = 4  # of its steps, at most
TICKS = 6  # of each axis, at most
OVERLAPS = ("chance", "half", "nested")
Row = Mapping[Any, Any]


def frontier(frames: Mapping[str, pd.DataFrame]) -> Chart:
    """How much of the target is reached in so many hours a week, if they are spent best?

    ``sets`` and ``frontier`` (overlap, networks, reach, hours) of a portfolio: a line of steps for each
    overlap. The middle one is followed: what joins the chosen set is named, and the set is marked.
    """
    lines = frames["frontier"]
    if lines.empty or not lines["reach"].max() > 0:
        return nothing()
    overlaps = sorted(lines["overlap"].unique())
    middle = overlaps[1]
    chosen = frames["sets"].set_index("overlap").loc[middle]
    most = float(lines["hours"].max())
    end = min(most, BEYOND * float(chosen["hours"])) if chosen["networks"] else most
    shown = lines[lines["hours"] <= end]
    top = min(1.0, ceil(10 * float(shown["reach"].max())) / 10)
    followed = shown[shown["overlap"] == middle]
    final = chosen if chosen["networks"] else followed.iloc[-1]
    lowest = shown[shown["overlap"] == overlaps[-1]]
    words = [*_steps(followed, lowest, _joins(followed, final), top), *_mark(chosen, end, top)]
    marked = pd.DataFrame([*words, *_ends(shown, middle, end, top)])
    layers = [*_axes(end, top), *_lines(shown, followed, middle, end, top), *_words(marked, end, top)]
    values = listed(
        t("chart.frontier_one", hours=written(row["hours"]), share=i18n.percent(row["reach"], 0),
          networks=_called(row["networks"]))
        for row in followed.to_dict("records") if row["networks"]
    )  # fmt: skip
    description = t("chart.frontier_alt", values=values)
    return layered(
        layers, (WIDTH, HEIGHT), t("chart.frontier_title"), t("chart.frontier_subtitle"), description
    )


# What it is made of. Its words stand at a place of their own: ``at`` and ``written``.


def _place(end: float, top: float, x: str = "hours", y: str = "reach") -> dict[str, Any]:
    """Where marks stand: hours to the right, reach upward."""
    return {
        "x": number(x, axis=None, scale={"domain": [0, end], "nice": False}),
        "y": number(y, axis=None, scale={"domain": [0, top], "nice": False}),
    }


def _axes(end: float, top: float) -> list[Layer]:
    """Round hours below, round shares at the left, and a line across for each of these."""
    every = _step_of(top)
    shares = pd.DataFrame({"reach": [n * every for n in range(int(top / every + 1.001))], "hours": 0.0})
    shares["said"] = [i18n.percent(share, 0) for share in shares["reach"]]
    every = _step_of(end)
    hours = pd.DataFrame({"hours": [n * every for n in range(int(end / every + 1.001))], "reach": 0.0})
    hours["said"] = [t("chart.hours", n=i18n.number(h, 1 if every < 1 else 0)) for h in hours["hours"]]
    at, said = _place(end, top), {"text": named("said")}
    return [
        layer("rule", shares, {"y": at["y"], "x": {"value": 0}, "x2": {"value": WIDTH}}, color=HAIR),
        layer("text", shares, {**at, **said}, align="right", dx=-6, fontSize=12, color=MUTED),
        layer("text", hours, {**at, **said}, dy=15, fontSize=12, color=MUTED),
    ]


def _step_of(most: float) -> float:
    """The round step of an axis that ends there."""
    exact = (ten * n for ten in (0.01, 0.1, 1, 10, 100, 1000) for n in (1, 2, 5))
    return next((step for step in exact if most / step < TICKS), most)


def _lines(shown: pd.DataFrame, followed: pd.DataFrame, middle: float, end: float, top: float) -> list[Layer]:
    """A line of steps for each overlap, to the end; the middle one on top of the others, with its dots."""
    last = shown.groupby("overlap", as_index=False)["reach"].max().assign(hours=end)
    lines = pd.concat([shown, last])[["overlap", "reach", "hours"]]
    at = _place(end, top)
    of = {**at, "detail": named("overlap")}
    mine = lines[lines["overlap"] == middle]
    dots = followed.loc[followed["reach"] > 0, ["hours", "reach"]]
    return [
        *(
            layer(
                "line",
                lines[lines["overlap"] == overlap],
                of,
                interpolate="step-after",
                color=GREY,
                strokeWidth=1.5,
                strokeDash=[4, 3] if overlap > middle else [1, 0],
            )
            for overlap in sorted(set(lines["overlap"]) - {middle})
        ),
        layer("line", mine, of, interpolate="step-after", color=ACCENT, strokeWidth=2.5),
        layer("circle", dots, at, size=26, opacity=1, color=ACCENT),
    ]


def _words(marked: pd.DataFrame, end: float, top: float) -> list[Layer]:
    """What is written in the plot, and the rules that lead there."""
    ruled = marked.dropna(subset=["foot"])
    rules = {**_place(end, top), "y2": {"field": "foot"}, "color": named("colour", scale=None)}
    words = {**_place(end, top, "at", "written"), "text": named("said"), "color": named("ink", scale=None)}
    return [
        layer("rule", ruled[["hours", "reach", "foot", "colour"]], rules),
        layer("text", marked[["at", "written", "said", "ink"]], words,
              align="left", dx=4, baseline="middle", fontSize=12),
    ]  # fmt: skip


def _joins(followed: pd.DataFrame, final: Any) -> dict[str, float]:
    """At how many hours each network of a set joined it for good."""
    steps = [
        row for row in followed.sort_values("hours").to_dict("records") if row["hours"] <= final["hours"]
    ]
    joined: dict[str, float] = {}
    for before, now in pairwise(steps):
        came = set(now["networks"]) & set(final["networks"]) - set(before["networks"])
        joined |= dict.fromkeys(came, now["hours"])
    return joined


def _steps(followed: pd.DataFrame, lowest: pd.DataFrame, joins: Mapping[str, float], top: float) -> list[Row]:
    """The largest steps and what joins at each, each a line of words below the one to its right.

    So no two can meet; and one stands only where it is below all lines.
    """
    steps = []
    for before, now in pairwise(followed.sort_values("hours").to_dict("records")):
        floor = float(lowest.loc[lowest["hours"] <= now["hours"], "reach"].max())
        came = _called(n for n in now["networks"] if joins.get(n) == now["hours"])
        if not came:
            continue
        steps.append((now["reach"] - before["reach"], now["hours"], floor, {
            "hours": now["hours"], "at": now["hours"], "reach": now["reach"], "said": f"+ {came}",
            "colour": GREY, "ink": INK,
        }))  # fmt: skip
    kept: list[Any] = []
    for step in sorted(steps, key=lambda step: -step[0]):
        tried = sorted([*kept, step], key=lambda step: step[1])
        clear = all(one[2] - _foot(place, top) >= LINE / HEIGHT * top for place, one in enumerate(tried))
        if len(tried) <= LABELS and clear:
            kept = tried
    feet = [_foot(place, top) for place in range(len(kept))]
    return [{**one[3], "foot": foot, "written": foot} for one, foot in zip(kept, feet, strict=True)]


def _foot(place: int, top: float) -> float:
    """How high the words of a step stand, the first one lowest."""
    return (10 + place * LINE) / HEIGHT * top


def _room(hours: float, end: float) -> float:
    """The width from there to the right edge."""
    return WIDTH * (1 - hours / end) + ENDS


def _ends(shown: pd.DataFrame, middle: float, end: float, top: float) -> list[Row]:
    """What each line is called, at its end; no two closer than a line of words."""
    reached = shown.groupby("overlap")["reach"].max().sort_index()
    apart, at = LINE / HEIGHT * top, top * (1 + LINE / HEIGHT)
    rows: list[Row] = []
    for key, (overlap, reach) in zip(OVERLAPS, reached.items(), strict=True):
        at = min(reach, at - apart)
        ink = ACCENT if overlap == middle else MUTED
        rows.append({"at": end, "written": at, "said": t(f"chart.overlap_{key}"), "ink": ink})
    return rows


def _mark(chosen: Any, end: float, top: float) -> list[Row]:
    """Where the chosen set is: a rule from it to the top, and what it reaches."""
    if not chosen["networks"]:
        return []
    how = {"share": i18n.percent(chosen["reach"], 0), "hours": written(chosen["hours"])}
    said = t("chart.chosen", networks=_called(chosen["networks"]), **how)
    if len(said) * LETTER > WIDTH + ENDS:
        said = t("chart.chosen", networks=t("chart.chosen_set", n=len(chosen["networks"])), **how)
    back = max(0.0, len(said) * LETTER - _room(chosen["hours"], end)) / WIDTH * end
    return [{
        "hours": chosen["hours"], "at": chosen["hours"] - back, "reach": top, "foot": chosen["reach"],
        "written": top * (1 + 0.7 * LINE / HEIGHT), "said": said, "colour": ACCENT, "ink": ACCENT,
    }]  # fmt: skip


def _called(networks: Iterable[str]) -> str:
    return i18n.join(word("network.{}", network) for network in networks)
