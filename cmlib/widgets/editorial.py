"""What the grid asks others for, when a plan is worked on: the rules, a new plan, what a post would bring."""

import pandas as pd

from cmlib import agenda, facts, planner, rules
from cmlib.editorial import Editorial
from cmlib.widgets.planning import Around, Planning


def show(planning: Planning, subject: Editorial) -> None:
    """Put the plan into the grid: as it is saved; where none is yet, the one proposed, as a first change."""
    who, span = subject.brand, (subject.start, subject.end)
    shut = pd.DataFrame([vars(b) for b in who.blackouts], columns=["name", "first", "last"])
    around = Around(
        check=lambda rows: rules.check(who, rows, subject.now, subject.moments, span),
        replan=lambda rows: planner.replan(subject, rows).rows,
        expected=lambda rows: planner.expected(subject, rows),
        count=_count,
        moments=subject.moments,
        blackouts=shut,
    )
    planning.use(who, subject.saved.rows, subject.saved.version, subject.start, subject.weeks, around)
    made = agenda.proposal(subject)
    if made is not None:
        planning.propose(made.rows)


def _count(network: str, text: str) -> tuple[int, int | None]:
    """How long is a text on a network, and how long may it be?"""
    known = facts.load("networks")
    most = known.loc[(known["network"] == network) & (known["fact"] == "caption_max"), "value"]
    return rules.length(text, network), int(most.iloc[0]) if len(most) and most.iloc[0].isdigit() else None
