"""A frame → a chart.

A chart is shown as an SVG image with a description, a trend as one for each network: the same in JupyterLab,
in Voila and in a report, with nothing in it that could run, and without a request to any host. Nothing is
computed here.
"""

from cmlib.charts.drawing import ACCENT, COLOURS, INK, MUTED, SECOND, readable, shade, svg, theme
from cmlib.charts.frontier import frontier
from cmlib.charts.kpis import MOST_ROWS, kinds, moves, rules, trend
from cmlib.charts.platforms import acceptability, presence, ranking

__all__ = [
    "ACCENT", "COLOURS", "INK", "MOST_ROWS", "MUTED", "SECOND",
    "acceptability", "frontier", "kinds", "moves", "presence", "ranking", "readable", "rules", "shade", "svg",
    "theme", "trend",
]  # fmt: skip
