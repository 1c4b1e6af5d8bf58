"""``cm plan``: the editorial calendar on the command line: make it, check it, hand it to a scheduler."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cmlib import terminal
from cmlib.cli.options import APP, BrandOption, brand_of
from cmlib.errors import CmlibError
from cmlib.i18n import t

if TYPE_CHECKING:
    from cmlib.editorial import Editorial

app = typer.Typer(help=t("cli.plan.help"), invoke_without_command=True, **APP | {"no_args_is_help": False})
WeeksOption = Annotated[int, typer.Option(min=1, max=53, help=t("cli.plan.weeks"))]
StartOption = Annotated[str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.plan.start"), show_default=False)]


@app.callback()
def plan(
    context: typer.Context,
    brand: BrandOption = "",
    weeks: WeeksOption = 8,
    start: StartOption = "",
    objective: Annotated[
        str, typer.Option(metavar="interactions|reach|conversions", help=t("cli.plan.objective"))
    ] = "interactions",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("cli.plan.dry_run"))] = False,
) -> None:
    """Plan the next weeks, and keep the plan: what was fixed, written or approved in it stays."""
    if context.invoked_subcommand:
        return
    from cmlib import agenda, planner, plans

    subject = _asked(brand, start, weeks, objective)
    with terminal.waiting(t("cli.plan.running")):
        made = planner.plan(subject)
    terminal.proposal(subject, made)
    if not dry_run:
        plans.save(subject.brand, made.rows, subject.saved.version)
        subject = _asked(brand, start, weeks, objective)  # as it is saved
        terminal.say(t("cli.plan.kept", file=str(plans.path(subject.brand))))
    terminal.checks(agenda.checks(subject))


@app.command("check", help=t("cli.plan.check.help"))
def check(brand: BrandOption = "") -> None:
    """Which rules does the plan as it is saved break? Exit code 1 if any is one that must be kept."""
    import pandas as pd

    from cmlib import plans, rules

    who = brand_of(brand)
    saved = plans.read(who)
    if saved.rows.empty:
        raise CmlibError("no_plan", brand=who.slug)
    now = pd.Timestamp.now(who.zone)
    found = rules.check(who, saved.rows, now, _moments(who, saved.rows))
    terminal.checks(found, saved.rows)
    if found["level"].eq("must").any():
        raise typer.Exit(1)


def _asked(brand: str, start: str, weeks: int, objective: str) -> "Editorial":
    from cmlib import editorial, portfolio

    return editorial.review(brand_of(brand).slug, start, weeks, objective, chosen=portfolio.chosen)


def _moments(who: Any, rows: Any) -> Any:
    """The moments of all the days that a plan has."""
    from cmlib import moments, store

    days = rows["when"].dt.date
    return moments.on(who, store.own(who, store.load(who)), days.min(), days.max())
