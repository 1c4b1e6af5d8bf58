"""A frame → a chart.

A chart is shown as an SVG image with a description, a trend as one for each network: the same in JupyterLab,
in Voila and in a report, with nothing in it that could run, and without a request to any host. Nothing is
computed here.
"""

from cmlib.cells import COLOURS
from cmlib.charts.community import messages
from cmlib.charts.competitors import (
    followers,
    positioning,
    rival_kinds,
    volume,
)
from cmlib.charts.content import gaps, hours, operations, traits
from cmlib.charts.drawing import ACCENT, INK, MUTED, SECOND, readable, shade, svg, theme
from cmlib.charts.editorial import coverage, load, slot_effects
from cmlib.charts.frontier import frontier
from cmlib.charts.kpis import MOST_ROWS, kinds, moves, rules, trend
from cmlib.charts.platforms import acceptability, presence, ranking

__all__ = [
    "ACCENT", "COLOURS", "INK", "MOST_ROWS", "MUTED", "SECOND", "acceptability", "coverage", "followers",
    "frontier", "gaps", "hours", "kinds", "load", "messages", "moves", "operations", "positioning",
    "presence", "ranking", "readable", "rival_kinds", "rules", "shade", "slot_effects", "svg", "theme",
    "traits", "trend", "volume",
]  # fmt: skip
