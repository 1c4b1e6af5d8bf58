"""Cards, tables and sentences from a frame: what a page shows beside its charts. Nothing is computed."""

from cmlib.sheets import competitors as rivals
from cmlib.sheets import editorial
from cmlib.sheets.community import community, satisfaction
from cmlib.sheets.entering import entry, forecast
from cmlib.sheets.kpis import GLYPHS, appendix, coverage, findings, moves, notable, rules, scorecard
from cmlib.sheets.outcomes import outcomes
from cmlib.sheets.page import Sheet, css, line, message, section, style, table, title
from cmlib.sheets.platforms import (
    VERDICTS,
    criteria,
    decided,
    portfolio,
    presence,
    question,
    used,
    verdicts,
)  # fmt: skip
from cmlib.sheets.start import intake, missing, recognised, steps

__all__ = [
    "GLYPHS", "VERDICTS", "Sheet", "appendix", "community", "coverage", "criteria", "css", "decided",
    "editorial", "entry", "findings", "forecast", "intake", "line", "message", "missing", "moves",
    "notable", "outcomes", "portfolio", "presence", "question", "recognised", "rivals", "rules",
    "satisfaction", "scorecard", "section", "steps", "style", "table", "title", "used", "verdicts",
]  # fmt: skip
