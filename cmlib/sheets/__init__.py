"""Cards, tables and sentences from a frame: what a page shows beside its charts. Nothing is computed."""

from cmlib.sheets.entering import entry, forecast
from cmlib.sheets.kpis import GLYPHS, appendix, coverage, findings, moves, notable, rules, scorecard
from cmlib.sheets.page import Sheet, css, line, message, section, style, table, title
from cmlib.sheets.start import intake, missing, recognised, steps

__all__ = [
    "GLYPHS", "Sheet", "appendix", "coverage", "css", "entry", "findings", "forecast", "intake", "line",
    "message", "missing", "moves", "notable", "recognised", "rules", "scorecard", "section", "steps",
    "style", "table", "title",
]  # fmt: skip
