"""A heat map: a row for each name, a column for each thing, darker where there is more of it."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cmlib.cells import word
from cmlib.charts.drawing import INK, LETTER, LINE, SLIM, Layer, layer, named, readable, shade

NAMED = 84  # the width left for the names of networks
ROW = 22  # the height of a row
UPRIGHT = 4  # columns whose names stand above them; of more the long ones are turned
TURNED = 130  # the length of such a name at most


def cells(
    names: Iterable[str], columns: Iterable[str], shares: "pd.Series[float]", said: list[str]
) -> pd.DataFrame:
    """The cells of a heat map: name of the row, column, share and what is written."""
    where = {"name": [word("network.{}", name) for name in names], "column": list(columns)}
    return pd.DataFrame({**where, "share": shares.astype("float64").to_numpy(), "said": said})


def heat(cells: pd.DataFrame, most: float, beside: int = NAMED) -> tuple[list[Layer], tuple[int, int]]:
    """A row for each name, in the order of the frame, and their size.

    ``most``: the share of the darkest; ``beside``: the width left for the names. A name may have line breaks.
    """
    part = cells["share"] / (most or 1.0)
    drawn = cells.assign(fill=[shade(one) for one in part], ink=[readable(one) for one in part])
    columns, names = list(dict.fromkeys(cells["column"])), cells[["name"]].drop_duplicates()
    each = (SLIM - beside) // len(columns)
    x = named("column", sort=None, axis=None, scale={"padding": 0.03})
    y = named("name", sort=None, axis=None, scale={"padding": 0.06})
    at = {"x": x, "y": y}
    layers = [
        layer("rect", drawn, {**at, "color": named("fill", scale=None)}),
        layer("text", drawn[drawn["said"] != ""],
              {**at, "text": named("said"), "color": named("ink", scale=None)}, fontSize=12),
        layer("text", names, {"x": {"value": -8}, "y": y, "text": named("name")},
              align="right", fontSize=13, color=INK, lineBreak="\n",
              lineHeight=LINE),
        _heads(columns, each, x),
    ]  # fmt: skip
    tall = 1 + int(names["name"].str.count("\n").max())
    return layers, (each * len(columns), (ROW + LINE * (tall - 1)) * len(names))


def _heads(columns: Sequence[str], each: int, x: Mapping[str, Any]) -> Layer:
    """What stands above each column: on as many lines as it takes, or turned where there are many."""
    letters = int(each / LETTER)
    lines = {c: textwrap.wrap(c, letters, break_long_words=False) or [c] for c in columns}
    most = max(map(len, lines.values()))
    how: dict[str, Any] = {"baseline": "bottom", "dy": -LINE * (most - 1), "limit": each}
    if len(columns) > UPRIGHT and (most > 2 or max(map(len, columns)) > 2 * letters):
        how = {"baseline": "middle", "align": "left", "angle": 315, "limit": TURNED}
        lines, most = {c: [c] for c in columns}, 1
    said = ["\n".join([""] * (most - len(some)) + some) for some in lines.values()]
    heads = pd.DataFrame({"column": list(lines), "said": said})
    at = {"x": x, "y": {"value": -5}, "text": named("said")}
    return layer("text", heads, at, color=INK, fontSize=12, lineBreak="\n", lineHeight=LINE, **how)
