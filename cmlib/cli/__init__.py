"""The command ``cm``: one short function per command, each a thin wrapper around the library.

What takes long to import (pandas, scipy, papermill) is imported in the command that needs it, so that
``cm --help`` is there at once. Words follow CMLIB_LANG, else the locale of the machine.
"""

import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmlib import i18n, terminal
from cmlib.cli import formats, naming, plan, survey
from cmlib.cli.options import APP, BrandOption, brand_of, day_of, seen
from cmlib.errors import CmlibError
from cmlib.i18n import t

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from cmlib import importers
    from cmlib.brand import Account, Brand
    from cmlib.notes import Note, Seen


app = typer.Typer(help=t("cli.help"), **APP)
brand_app = typer.Typer(help=t("cli.brand.help"), **APP)
app.add_typer(brand_app, name="brand")
app.add_typer(plan.app, name="plan")
naming.app.add_typer(formats.app)
app.add_typer(naming.app, name="format")
app.add_typer(survey.app)


def main() -> None:
    """Run ``cm``. What went wrong is said in one message, without a traceback; the exit code is then 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a ? instead
    try:
        app()
    except (CmlibError, KeyboardInterrupt) as problem:
        terminal.complain(str(problem))
        sys.exit(1)


@brand_app.command("new", help=t("cli.brand.new.help"))
def brand_new(
    slug: Annotated[str, typer.Argument(metavar=t("cli.metavar.name"), help=t("cli.brand.new.slug"))],
    name: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.brand.new.name"), show_default=False)
    ] = "",
    language: Annotated[
        str, typer.Option(metavar="en|fr", help=t("cli.brand.new.language"))
    ] = i18n.language(),
    country: Annotated[
        str, typer.Option(metavar="FR", help=t("cli.brand.new.country"), show_default=False)
    ] = "",
    timezone: Annotated[str, typer.Option(metavar="Europe/Paris", help=t("cli.brand.new.timezone"))] = "UTC",
) -> None:
    """Write the brand.toml of a new brand, and make its inbox/."""
    from cmlib import brand

    path = brand.new(slug, name, language, country, timezone)
    terminal.say(t("cli.brand.new.made", file=str(path), inbox=str(path.parent / "inbox"), brand=slug))


@app.command("brands", help=t("cli.brands.help"))
def brands() -> None:
    """Which brands are there, and how many files has each? One that cannot be read says why."""
    from cmlib import brand, store

    if not brand.slugs():
        raise CmlibError("no_brand")
    rows: list[tuple[object, ...]] = []
    for slug in brand.slugs():
        try:
            who = brand.load(slug)
            rivals = sum(account.rival for account in who.accounts)
            accounts = t("cli.brands.accounts", own=len(who.accounts) - rivals, rivals=rivals)
            rows.append((slug, who.name, accounts, i18n.number(len(store.digests(slug)))))
        except CmlibError as problem:
            rows.append((slug, problem, "–", "–"))
    terminal.table(("brand", "called", "accounts", "files"), rows)


@app.command("import", help=t("cli.import.help"))
def import_(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar=t("cli.metavar.paths"), help=t("cli.import.paths"))
    ] = None,
    brand: BrandOption = "",
    account: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.import.account"), show_default=False)
    ] = "",
    observed: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.import.observed"), show_default=False)
    ] = "",
) -> None:
    """Import what is asked for, else the inbox/. Exit code 1 if any file was refused; the others are in."""
    from cmlib import brand as known
    from cmlib import importers, start
    from cmlib.importers import own

    who = brand_of(brand)
    inbox = known.folder(who.slug) / "inbox"
    inbox.mkdir(exist_ok=True)
    files = [file for path in paths or [inbox] for file in importers.walk(path)]
    if not files:
        terminal.say(t("cli.import.empty", folder=", ".join(map(str, paths or [inbox])), brand=who.slug))
        return
    taken = list(terminal.progress(start.intake(files, who.slug, account, seen(observed, who)), len(files)))
    terminal.imported(who, taken)
    for problem in own.found(who.slug, importers.formats()).problems:
        terminal.complain(str(problem))
    if any(one.refused for one in taken):
        raise typer.Exit(1)


@app.command("forget", help=t("cli.forget.help"))
def forget(
    what: Annotated[
        list[str] | None, typer.Argument(metavar=t("cli.metavar.exports"), help=t("cli.forget.what"))
    ] = None,
    brand: BrandOption = "",
    author: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.forget.author"), show_default=False)
    ] = "",
    before: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.forget.before"), show_default=False)
    ] = "",
) -> None:
    """Take exports out of the lake, by file, folder, zip, name or digest; or what people wrote, for good."""
    from cmlib import store

    who = brand_of(brand)
    if bool(what) == bool(author.strip() or before):
        raise CmlibError("forget_call")
    if not what:
        terminal.erased(
            store.erase(who.slug, author.strip(), day_of(before) if before else None), _still(who)
        )
        return
    held = set(store.digests(who.slug))
    names = store.forget(
        who.slug, *(called for one in what for called in sorted(_inside(one) & held) or [one])
    )
    terminal.say(t("cli.forget.done", n=len(names), names=names))


@app.command("sources", help=t("cli.sources.help"))
def sources(brand: BrandOption = "") -> None:
    """What does the lake hold: which exports, how far for each account, which days are missing?"""
    from cmlib import store

    who = brand_of(brand)
    imported = store.sources(who.slug)
    if imported.empty:
        terminal.say(t("cli.sources.empty", brand=who.slug))
        return
    tables = store.load(who)
    terminal.exports(imported)
    terminal.accounts(store.coverage(tables))
    terminal.gaps(store.gaps(tables))
    terminal.strangers(who, tables.items())


@app.command("note", help=t("cli.note.help"))
def note(
    account: Annotated[
        str,
        typer.Argument(metavar=t("cli.metavar.account"), help=t("cli.note.account"), show_default=False),
    ] = "",
    figures: Annotated[
        list[str] | None, typer.Argument(metavar="FIGURE=VALUE", help=t("cli.note.figures"))
    ] = None,
    brand: BrandOption = "",
    network: Annotated[
        str, typer.Option(metavar=t("cli.metavar.network"), help=t("cli.note.network"), show_default=False)
    ] = "",
    day: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help=t("cli.note.date"), show_default=False)
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.note.since"), show_default=False)
    ] = "",
) -> None:
    """Note what an account's profile shows; without figures, ask for it, account after account."""
    from cmlib import notes, store

    who = brand_of(brand)
    if not figures and not sys.stdin.isatty():
        raise CmlibError("note_call")
    tables = store.load(who)
    meant = [notes.account(who, account, network)] if account else notes.rivals(who, network)
    if figures:
        noted = [notes.note(who, tables, meant[0], notes.pairs(figures), day, since)]
    else:
        noted = _asked(who, tables, meant, day, since)
    if noted:
        terminal.noted(notes.keep(who, noted))
    else:
        terminal.say(t("cli.note.none"))


app.command("formats", help=t("cli.formats.help"))(formats.listed)


@app.command("metrics", help=t("cli.metrics.help"))
def metrics() -> None:
    """Which metrics are there, how is each computed, and whose formula is it?"""
    from cmlib import metrics

    for row in metrics.table().fillna("").to_dict("records"):
        whose = " · ".join(filter(None, (row["whose"], row["source"])))
        terminal.item(row["label"], row["name"], f"{row['formula']} ({row['unit']}; {row['rule']})", whose)


@app.command("facts", help=t("cli.facts.help"))
def facts(
    table: Annotated[str, typer.Argument(metavar=t("cli.metavar.table"), help=t("cli.facts.table"))] = "",
    network: Annotated[
        str, typer.Option(metavar=t("cli.metavar.network"), help=t("cli.facts.network"), show_default=False)
    ] = "",
    brand: BrandOption = "",
) -> None:
    """What is known of the networks in general, and from where? All tables, one, or all of one network."""
    from cmlib import facts

    if table:
        for name, rows in facts.by_network(table, network).items():
            called = t(f"network.{name}") if name in facts.SOCIAL else t("network.all")
            terminal.facts(called if name else t(f"facts.table.{table}"), table, rows)
    elif network:
        for name, rows in facts.sheet(network, _country(brand)).items():
            terminal.facts(f"{t(f'network.{network}')} · {t(f'facts.table.{name}')}", name, rows)
    else:
        terminal.tables(facts.overview())
        terminal.say(t("cli.facts.more"))


@app.command("enter", help=t("cli.enter.help"))
def enter(
    network: Annotated[str, typer.Argument(metavar=t("cli.metavar.network"), help=t("cli.enter.network"))],
    brand: BrandOption = "",
    start: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.enter.start"), show_default=False)
    ] = "",
) -> None:
    """Plan the first ninety days on a network, and keep the plan."""
    from cmlib import entry, platforms

    choice = platforms.review(brand_of(brand).slug)
    plan = entry.plan(choice, network, day_of(start) if start else None)
    terminal.plan(plan)
    terminal.say(t("cli.enter.kept", file=str(entry.keep(choice.brand, plan))))


@app.command("report", help=t("cli.report.help"))
def report(
    notebooks: Annotated[
        list[str] | None, typer.Argument(metavar=t("cli.metavar.notebooks"), help=t("cli.report.notebooks"))
    ] = None,
    brand: BrandOption = "",
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help=t("cli.report.month"))] = "",
    lang: Annotated[list[str] | None, typer.Option(metavar="en|fr", help=t("cli.report.lang"))] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help=t("cli.report.parameter")),
    ] = None,
    again: Annotated[Path | None, typer.Option(help=t("cli.report.again"))] = None,
) -> None:
    """Make reports, or one again from the same files."""
    from cmlib import report

    progress = sys.stderr.isatty()
    if again:
        if notebooks or brand or month or lang or parameter:
            raise CmlibError("again_alone")
        terminal.say(t("cli.report.made", file=str(report.again(again, progress))))
        return
    who = brand_of(brand)
    said = {"brand": who.slug, **({"month": month} if month else {}), **_parameters(parameter or [])}
    for notebook in notebooks or ["kpis"]:
        for language in lang or [who.language]:
            made = report.run(notebook, said | {"lang": language}, progress)
            terminal.say(t("cli.report.made", file=str(made)))


@app.command("serve", help=t("cli.serve.help"))
def serve(port: Annotated[int, typer.Option(help=t("cli.serve.port"))] = 8866) -> None:
    """Show the notebooks as pages."""
    from cmlib import web

    terminal.say(t("cli.serve.at", address=f"http://127.0.0.1:{port}"))
    sys.exit(web.serve(port))


# What is asked


def _asked(
    who: "Brand", tables: "Mapping[str, pd.DataFrame]", accounts: "list[Account]", day: str, since: str
) -> "list[Note]":
    """What profiles show, asked for one after the other. Who stops in between has noted nothing."""
    from cmlib import notes

    noted = []
    try:
        terminal.say(t("cli.note.how"))
        for nth, account in enumerate(accounts, 1):
            first, _ = notes.span(who, tables, account, day, since)
            terminal.say(t("cli.note.place", account=notes.called(account), nth=nth, n=len(accounts)))
            known = notes.known(tables, account)
            said = {figure: _typed(account, figure, first, known.get(figure)) for figure in notes.FIGURES}
            if any(said.values()):
                noted.append(notes.note(who, tables, account, said, day, since))
    except (KeyboardInterrupt, EOFError):
        terminal.say("")  # what is said now begins a line
        raise CmlibError("note_stopped") from None
    return noted


def _typed(account: "Account", figure: str, since: "date", known: "Seen | None") -> str:
    """One figure, as it is typed; asked again until it can be one."""
    from cmlib import notes

    while True:
        said = terminal.ask(figure, since if figure in notes.COUNTED else None, known)
        try:
            if said:
                notes.count(said, account, figure)
        except CmlibError as problem:
            terminal.complain(str(problem))
        else:
            return said


def _parameters(said: "Iterable[str]") -> dict[str, str]:
    """``name=value`` of each; whether the notebook knows the name is for the report to say."""
    pairs = [one.partition("=") for one in said]
    for name, equals, _ in pairs:
        if not equals or name.strip() in ("brand", "month", "lang"):
            raise CmlibError("bad_parameter", said=repr(name))
    return {name.strip(): value for name, _, value in pairs}


def _country(said: str) -> str:
    """The country of the brand that is meant; none where it is not said which."""
    from cmlib import brand

    slugs = [said] if said else brand.slugs()
    return brand.load(slugs[0]).country if len(slugs) == 1 else ""


def _still(who: "Brand") -> dict[str, str]:
    """The files that lie in a brand's inbox: digest → name. Whatever is forgotten is in them as before."""
    from cmlib import brand, importers

    inbox = brand.folder(who.slug) / "inbox"
    return {
        one: file.name for file in (importers.walk(inbox) if inbox.exists() else ()) for one in _digest(file)
    }


def _inside(what: str) -> set[str]:
    """The digests of the files in a file, folder or zip; none where there is no such path."""
    from cmlib import importers

    there = importers.walk(Path(what)) if what.strip() and Path(what).exists() else ()
    return {one for file in there for one in _digest(file)}


def _digest(file: "importers.File") -> list[str]:
    try:
        return [file.digest]
    except CmlibError:  # what cannot be read was never imported
        return []
