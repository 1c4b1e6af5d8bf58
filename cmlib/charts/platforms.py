"""The charts of the choice of networks: where the target is, the ranking, and how sure it is."""

import pandas as pd

from cmlib import i18n
from cmlib.cells import share, word
from cmlib.charts.drawing import (
    HAIR,
    INK,
    MUTED,
    SLIM,
    Chart,
    Layer,
    colour_of,
    layer,
    layered,
    listed,
    named,
    nothing,
    number,
)  # fmt: skip
from cmlib.charts.heat import NAMED, ROW, cells, heat
from cmlib.i18n import t

CLOSED = "°"  # behind a network where what a brand posts is not public
SIGNS = {"own": "", "shaped": "≈", "borrowed": "*", "guessed": "?"}
PLACES = 8  # that have a column each; then "later"
LEAST = 0.015  # of the draws, that is written
SIDE = 44  # the width of a column of numbers beside the ranking


def presence(frame: pd.DataFrame) -> Chart:
    """Where are the people that the brand wants to meet?

    Columns network, persona, value, basis, seen; a row of the chart per network, in the order of the frame.
    A sign stands before what is not from surveys of the country itself, and behind what is not public.
    """
    drawn = frame.dropna(subset=["value"])
    if drawn.empty:
        return nothing()
    bases = [str(basis) for basis in drawn["basis"]]
    said = [
        f"{SIGNS[basis]} {share(value)}".strip() for basis, value in zip(bases, drawn["value"], strict=True)
    ]
    grid = cells(drawn["network"], drawn["persona"], drawn["value"], said)
    joined = drawn["seen"].ne("public").to_numpy()
    grid["name"] += pd.Series(CLOSED, index=grid.index).where(joined, "")
    signs = [
        t(f"chart.presence_{basis}", sign=sign) for basis, sign in SIGNS.items() if sign and basis in bases
    ]
    signs += [t("chart.presence_seen", sign=CLOSED)] * bool(joined.any())
    subtitle = listed([t("chart.presence_subtitle"), *signs])
    values = listed(f"{one['name']}, {one['column']} {one['said']}" for one in grid.to_dict("records"))
    description = t("chart.presence_alt", values=values)
    return layered(*heat(grid, 1.0), t("chart.presence_title"), subtitle, description)


def ranking(frame: pd.DataFrame) -> Chart:
    """Which network does best on all criteria together, and how sure is that?

    Columns network, value (0 to 100), low, high, first, top (shares of the draws); in the order of the frame.
    """
    drawn = frame.dropna(subset=["value"])
    if drawn.empty:
        return nothing()
    drawn = drawn[["value", "low", "high"]].assign(
        name=[word("network.{}", n) for n in drawn["network"]],
        colour=[colour_of(n) for n in drawn["network"]],
        score=[i18n.number(value) for value in drawn["value"]],
        **{side: [_chance(share) for share in drawn[side]] for side in ("first", "top")},
    )
    size = SLIM - NAMED - 3 * SIDE, ROW * len(drawn)
    description = t("chart.ranking_alt", values=listed(
        t("chart.ranking_one", name=one["name"], score=one["score"], first=one["first"] or i18n.percent(0, 0))
        for one in drawn.to_dict("records")
    ))  # fmt: skip
    return layered(
        _scores(drawn, *size), size, t("chart.ranking_title"), t("chart.ranking_subtitle"), description
    )


def acceptability(frame: pd.DataFrame) -> Chart:
    """In which share of the draws does each network come at each place?

    Columns network, place (from 1), share; the places after PLACES are drawn together, as later.
    """
    if frame.empty:
        return nothing()
    capped = frame.assign(place=frame["place"].clip(upper=PLACES + 1))
    drawn = pd.DataFrame(capped.groupby(["network", "place"], sort=False, as_index=False)["share"].sum())
    names = {place: str(place) if place <= PLACES else t("chart.later") for place in drawn["place"]}
    said = [i18n.number(100 * share) if share >= LEAST else "" for share in drawn["share"]]
    grid = cells(drawn["network"], drawn["place"].map(names), drawn["share"], said)
    apart = drawn["place"] <= PLACES  # later is many places together: written, and not compared
    drawing = heat(grid.assign(share=grid["share"].where(apart, 0.0)), drawn.loc[apart, "share"].max())
    first = grid[drawn["place"].eq(1) & grid["said"].ne("")]
    values = listed(f"{one['name']} {one['said']}" for one in first.to_dict("records"))
    description = t("chart.acceptability_alt", values=values)
    return layered(*drawing, t("chart.acceptability_title"), t("chart.acceptability_subtitle"), description)


# What they are made of.


def _chance(share: float) -> str:
    """A share of the draws; nothing for next to nothing."""
    return i18n.percent(share, 0) if share >= LEAST else ""


def _scores(drawn: pd.DataFrame, width: int, height: int) -> list[Layer]:
    """A row for each name: score, range and dot, and the two chances."""
    y = named("name", sort=None, axis=None)
    scale = {"scale": {"domain": [0, 100]}, "axis": None}
    colour = named("colour", scale=None)
    sides = {"name": -SIDE, "score": -14, "first": width + SIDE, "top": width + 2 * SIDE}
    marks = pd.DataFrame({"value": [0, 50, 100]}).assign(said=lambda f: f["value"].astype("str"))
    at = {"x": number("value", **scale), "y": {"value": height}}
    return [
        layer("rule", marks, {**at, "y2": {"value": 0}}, color=HAIR),
        layer("text", marks, {**at, "text": named("said")}, dy=14, fontSize=12, color=MUTED),
        layer("rule", drawn, {"x": number("low", **scale), "x2": {"field": "high"}, "y": y, "color": colour},
              strokeWidth=4, opacity=0.35, strokeCap="round"),
        layer("circle", drawn, {"x": number("value", **scale), "y": y, "color": colour}, size=80, opacity=1),
        *(
            layer("text", drawn[drawn[name] != ""], {"x": {"value": x}, "y": y, "text": named(name)},
                  align="right", fontSize=13, color=INK, fontWeight=600 if name == "score" else 400)
            for name, x in sides.items()
        ),
        *(
            layer("text", pd.DataFrame({"said": [t(f"chart.{name}")]}),
                  {"x": {"value": sides[name]}, "y": {"value": -8}, "text": named("said")},
                  align="right", fontSize=12, color=MUTED)
            for name in ("first", "top")
        ),
    ]  # fmt: skip
