"""The sheet of what came of a plan: kept, late, missed, unplanned, and whether the forecasts hold."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cmlib import i18n
from cmlib.cells import capital, share
from cmlib.i18n import t
from cmlib.outcomes import OUTCOMES
from cmlib.sheets.page import Sheet, folded, made, rows, table, together

APART = ("late", "early", "missed", "unplanned")  # outcomes that are worth a look


def outcomes(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """What came of the plan? How much of it, network by network; do forecasts hold; and what went otherwise.

    Frames: those of ``outcomes.outcomes``.
    """
    summary = frames["summary"]
    there = [name for name in OUTCOMES if name in ("kept", "missed") or summary[name].any()]
    told = table(summary, ["network", "planned", *there, "expected", "actual"])
    (held,) = rows(frames["calibration"])
    said = made('<p class="cm-lead">{}</p>', calibration(held))
    apart = frames["slots"][frames["slots"]["outcome"].isin(APART)]
    if apart.empty:
        return together([told, said])
    shown = apart.assign(outcome=[capital(t(f"outcome.{one}")) for one in apart["outcome"]])
    listed = table(shown, ["network", "outcome", "when", "published_at", "text", "url"])
    return together([told, said, folded(t("outcome.apart", n=len(shown)), listed)])


def calibration(held: Mapping[Any, Any]) -> str:
    """Do as many posts lie within their interval as should? In a sentence."""
    numbers = {"n": int(held["n"]), "level": i18n.percent(held["level"], 0)}
    if held["verdict"] == "too_few":
        return t("outcome.too_few", **numbers)
    numbers |= {"within": int(held["within"])}
    shares = {name: share(held[name]) for name in ("value", "low", "high")}
    verdict = t(f"outcome.calibration.{held['verdict']}")
    return " ".join((t("outcome.within", **numbers, **shares), verdict))
