"""What the grid asks others for, when a plan is worked on: the rules, a new plan, what a post would bring."""

import pandas as pd

from cmlib import agenda, planner, rules
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
        moments=subject.moments,
        blackouts=shut,
    )
    planning.use(who, subject.saved.rows, subject.saved.version, subject.start, subject.weeks, around)
    made = agenda.proposal(subject)
    if made is not None:
        planning.propose(made.rows)
