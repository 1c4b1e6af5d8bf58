"""The chart of the community: how many messages came in, week by week."""

import math
from collections.abc import Mapping

import pandas as pd

from cmlib import i18n
from cmlib.cells import word
from cmlib.charts.drawing import SLIM, Chart, Drawing, colour_of, layer, layered, listed, named, number
from cmlib.i18n import t
from cmlib.schema import NETWORKS

HEIGHT, BAR = 120, 11


def messages(frames: Mapping[str, pd.DataFrame]) -> Chart:
    """When did people write, and where? Messages received in each week, a colour for each network."""
    weeks = frames["weeks"]
    known = weeks.dropna(subset="value") if len(weeks) else weeks
    if known.empty:
        return Drawing({})
    there = [network for network in NETWORKS if network in set(known["network"])]
    drawn = pd.DataFrame({
        "week": [f"{week:%Y-%m-%d}T00:00:00Z" for week in known["week"]],
        "value": known["value"].to_numpy("float64"),
        "network": [word("network.{}", network) for network in known["network"]],
    })  # fmt: skip
    names = {word("network.{}", network): colour_of(network) for network in there}
    colours = {"domain": list(names), "range": list(names.values())}
    ticks = {"format": "%-d %b", "tickCount": 5, "grid": False, "labelFlush": True}
    x = {
        "field": "week",
        "type": "temporal",
        "title": None,
        "axis": ticks,
        "scale": {"type": "utc", "padding": BAR},
    }
    marks = _marks(float(known.groupby("week")["value"].sum().max()))
    axis, domain = {"values": marks, "format": ",~r"}, {"domain": [0, marks[-1]]}
    y = number("value", title=None, axis=axis, scale=domain)
    colour = named("network", title=None, scale=colours, legend={"orient": "top", "offset": 4})
    bars = layer("bar", drawn, {"x": x, "y": y, "color": colour}, size=BAR)
    totals = known.groupby("network")["value"].sum()
    values = listed(f"{word('network.{}', network)} {i18n.number(totals[network])}" for network in there)
    subtitle = t("chart.messages_subtitle", n=int(known["week"].nunique()))
    description = t("chart.messages_alt", values=values)
    return layered([bars], (SLIM, HEIGHT), t("chart.messages_title"), subtitle, description)


def _marks(most: float) -> list[int]:
    """Whole numbers from 0 to what is at least the most, a few of them, and round."""
    least = max(1, math.ceil(most / 4))
    unit = 10 ** (len(str(least)) - 1)
    step = next(unit * n for n in (1, 2, 5, 10) if unit * n >= least)
    return [step * nth for nth in range(math.ceil(max(most, 1) / step) + 1)]
