"""``cm plan``: the editorial calendar on the command line: make it, check it, hand it to a scheduler."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmlib import terminal
from cmlib.cli.options import APP, BrandOption, brand_of, day_of
from cmlib.errors import CmlibError
from cmlib.i18n import t

if TYPE_CHECKING:
    import pandas as pd

    from cmlib.brand import Brand
    from cmlib.editorial import Editorial
    from cmlib.plans import Plan

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
    from cmlib import agenda, planner, plans, sheets

    subject = _asked(brand, start, weeks, objective)
    if subject.end < subject.today:
        raise CmlibError("plan_over", last=subject.end, today=subject.today)
    with terminal.waiting(t("cli.plan.running")):
        made = planner.plan(subject)
    rows = made.rows[planner.within(subject, made.rows)]
    terminal.slots(rows, subject.moments)
    seen = replace(subject, saved=replace(subject.saved, rows=made.rows))
    for told in (sheets.editorial.findings(agenda.findings(seen)), sheets.editorial.clashes(vars(made))):
        terminal.say(told.text)
    if dry_run:
        return
    plans.save(subject.brand, made.rows, subject.saved.version)
    terminal.say(t("cli.plan.kept", file=str(plans.path(subject.brand))))


@app.command("check", help=t("cli.plan.check.help"))
def check(brand: BrandOption = "") -> None:
    """Which rules does the plan as it is saved break? Exit code 1 if any is one that must be kept."""
    import pandas as pd

    from cmlib import plans, rules

    who = brand_of(brand)
    saved = plans.read(who)
    if saved.rows.empty:
        raise CmlibError("no_plan", brand=who.slug)
    now, days = pd.Timestamp.now(who.zone), saved.rows["when"].dt.date
    monday = (now - pd.Timedelta(days=now.day_of_week)).date()
    span = monday, max(monday, days.max())
    found = rules.check(who, saved.rows, now, _moments(who, saved.rows), span)
    terminal.broken(found, saved.rows)
    if found["level"].eq("must").any():
        raise typer.Exit(1)


@app.command("export", help=t("cli.plan.export.help"))
def export(
    to: Annotated[str, typer.Option(metavar="hootsuite|buffer|…", help=t("cli.plan.export.to"))],
    brand: BrandOption = "",
    since: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.plan.export.since"), show_default=False)
    ] = "",
    folder: Annotated[Path | None, typer.Option(help=t("cli.plan.export.folder"))] = None,
    template: Annotated[Path | None, typer.Option(help=t("cli.plan.export.template"))] = None,
    project: Annotated[
        str, typer.Option(metavar="GID", help=t("cli.plan.export.project"), show_default=False)
    ] = "",
    skip: Annotated[bool, typer.Option("--skip", help=t("cli.plan.export.skip"))] = False,
    free: Annotated[bool, typer.Option("--free", help=t("cli.plan.export.free"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("cli.plan.export.dry_run"))] = False,
) -> None:
    """Hand the plan to a tool: as a file that it takes, or, with --to asana, as tasks."""
    import pandas as pd

    from cmlib import exporters, plans

    who = brand_of(brand)
    saved = plans.read(who)
    if saved.rows.empty:
        raise CmlibError("no_plan", brand=who.slug)
    if to == "asana":
        _send(who, saved, project, dry_run)
        return
    now = pd.Timestamp.now(who.zone)
    known = exporters.EXPORTERS.get(to)
    today = now.date() if known and known.publishes else None  # a scheduler has no use for what is over
    done = exporters.export(
        to, saved.rows, who, folder, now=now, moments=_moments(who, saved.rows), template=template,
        since=day_of(since) if since else today, skip=skip, free=free,
    )  # fmt: skip
    terminal.exported(done, exporters.steps(to))


def _send(who: "Brand", saved: "Plan", project: str, dry_run: bool) -> None:
    """Make tasks of slots; what was made is in the plan even if the next one fails."""
    from cmlib import plans
    from cmlib.exporters import asana_api

    made: dict[str, str] = {}
    try:
        sent = asana_api.send(
            saved.rows,
            who,
            project,
            moments=_moments(who, saved.rows),
            remember=made.__setitem__,
            dry_run=dry_run,
        )
    finally:
        if made:
            tasks = saved.rows["slot_id"].map(made).fillna(saved.rows["task"])
            plans.save(who, saved.rows.assign(task=tasks), saved.version)
    terminal.sent(sent.done, dry_run)


def _asked(brand: str, start: str, weeks: int, objective: str) -> "Editorial":
    from cmlib import editorial, portfolio

    return editorial.review(brand_of(brand).slug, start, weeks, objective, chosen=portfolio.chosen)


def _moments(who: "Brand", rows: "pd.DataFrame") -> "pd.DataFrame":
    """The moments of all the days that a plan has."""
    from cmlib import moments, store

    days = rows["when"].dt.date
    return moments.on(who, store.own(who, store.load(who)), days.min(), days.max())
