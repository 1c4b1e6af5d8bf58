"""The sheets of a network that is entered: the plan of its first ninety days, and what came of it."""

from collections.abc import Iterable, Sequence

import pandas as pd
from markupsafe import Markup

from cmlib import entry as entries
from cmlib import facts
from cmlib.cells import capital, cited, word
from cmlib.entry import Entry, Goal
from cmlib.i18n import t
from cmlib.sheets.page import Sheet, joined, made, message, rows, table

FORECAST = {"within": "≈", "above": "▲", "below": "▼", "too_early": "○", "cannot_tell": "○", "no_data": "○"}


def entry(plans: Sequence[Entry]) -> Sheet:
    """What would the first ninety days be? A card for each plan: what it takes, its goals, when to stop."""
    if not plans:
        return message("info", t("entry.none"))
    return made('<div class="cm-plans">\n{}\n</div>', joined(map(_plan, plans)))


def _plan(plan: Entry) -> Markup:
    said = {label: [words] for label, words in entries.about(plan).items()}
    lists = {"goals": map(_goal, plan.goals), "watch": entries.watch(plan), "stop": entries.stop(plan)}
    said |= {t(f"entry.label.{name}"): list(lines) for name, lines in lists.items()}
    return Markup('<section class="cm-plan"><h3>{}</h3>\n<dl>{}</dl></section>').format(
        word("network.{}", plan.network), joined(_lines(label, lines) for label, lines in said.items())
    )


def _lines(label: str, lines: Iterable[str]) -> Markup:
    parts = joined(Markup("<p>{}</p>").format(capital(line)) for line in lines)
    return Markup("<div><dt>{}</dt>\n<dd>{}</dd></div>").format(label, parts)


def _goal(goal: Goal) -> Markup:
    """A goal, and who says so."""
    told = [Markup("{} ({})").format(cited(vars(s)), facts.dated(s.date)) for s in goal.sources]
    said = Markup(", ").join(told) or t("entry.unpublished")
    return Markup("{} <small>{}</small>").format(entries.says(goal), said)


def forecast(frame: pd.DataFrame) -> Sheet:
    """What was forecast for the networks that were entered, and what came of it?

    Columns: those of ``entry.forecasts``.
    """
    said = [
        {
            "done": _whole(t("entry.done", n=int(row["days"]), days=entries.DAYS)),
            "goal": _whole(t("sheet.interval", **{
                end: entries.amount(row["metric"], row[f"goal_{end}"]) for end in ("low", "high")
            })),
            "verdict": _whole(f"{FORECAST[row['verdict']]} {word('entry.verdict.{}', row['verdict'])}"),
            "note": row["where"] or row["note"],
        }
        for row in rows(frame)
    ]  # fmt: skip
    names = ["network", "metric", "verdict", "goal", "value", "interval", "n", "done", "note"]
    return table(frame.assign(**pd.DataFrame(said, index=frame.index)), names)


def _whole(words: str) -> str:
    """That are not broken over lines."""
    return words.replace(" ", "\u00a0")
