"""The command ``cm``: one short function per command, each a thin wrapper around the library.

What takes long to import (pandas, scipy, papermill) is imported in the command that needs it, so that
``cm --help`` is there at once. Words follow CMLIB_LANG, else the locale of the machine.
"""

import hashlib
import io
import os
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import track
from rich.table import Table
from rich.text import Text
from typer import rich_utils

from cmlib import i18n
from cmlib.errors import CmlibError
from cmlib.i18n import has, t

if TYPE_CHECKING:
    import pandas as pd

    from cmlib.brand import Brand
    from cmlib.importers import Reading
    from cmlib.start import Taken


def spoken(said: Mapping[str, str]) -> str:
    """Which language is wanted? CMLIB_LANG, else French where the machine's locale is."""
    if said.get("CMLIB_LANG") in i18n.LANGUAGES:
        return said["CMLIB_LANG"]
    local = next((said[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if said.get(name)), "")
    return "fr" if local.startswith("fr") else "en"


i18n.use(spoken(os.environ))  # before the first help text below
rich_utils.ARGUMENTS_PANEL_TITLE = t("cli.panel.arguments")
rich_utils.OPTIONS_PANEL_TITLE = t("cli.panel.options")
rich_utils.COMMANDS_PANEL_TITLE = t("cli.panel.commands")
rich_utils.ERRORS_PANEL_TITLE = t("cli.panel.error")
_APP: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "pretty_exceptions_enable": False}
app = typer.Typer(help=t("cli.help"), **_APP)
brand_app = typer.Typer(help=t("cli.brand.help"), **_APP)
app.add_typer(brand_app, name="brand")

BrandOption = Annotated[
    str,
    typer.Option(
        "--brand", "-b", metavar=t("cli.metavar.name"), help=t("cli.option.brand"), show_default=False
    ),
]


def main() -> None:
    """Run ``cm``. What went wrong is said in one message, without a traceback; the exit code is then 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a ? instead
    try:
        app()
    except (CmlibError, KeyboardInterrupt) as problem:
        _complain(str(problem))
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
    _say(t("cli.brand.new.made", file=str(path), inbox=str(path.parent / "inbox"), brand=slug))


@app.command("brands", help=t("cli.brands.help"))
def brands() -> None:
    """Which brands are there, and how many files has each? One that cannot be read says why."""
    from cmlib import brand, store

    if not brand.slugs():
        raise CmlibError("no_brand")
    shown = _table("brand", "called", "accounts", "files")
    for slug in brand.slugs():
        try:
            who = brand.load(slug)
            rivals = sum(account.rival for account in who.accounts)
            accounts = t("cli.brands.accounts", own=len(who.accounts) - rivals, rivals=rivals)
            shown.add_row(_plain(slug), _plain(who.name), accounts, i18n.number(len(store.digests(slug))))
        except CmlibError as problem:
            shown.add_row(_plain(slug), _plain(problem, "red"), "–", "–")
    _print(shown)


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

    who = _brand(brand)
    inbox = known.folder(who.slug) / "inbox"
    inbox.mkdir(exist_ok=True)
    files = [file for path in paths or [inbox] for file in importers.walk(path)]
    if not files:
        _say(t("cli.import.empty", folder=", ".join(map(str, paths or [inbox])), brand=who.slug))
        return
    taken = list(_progress(start.intake(files, who.slug, account, _day(observed, who)), len(files)))
    _show_taken(who, taken)
    if any(one.refused for one in taken):
        raise typer.Exit(1)


@app.command("forget", help=t("cli.forget.help"))
def forget(
    what: Annotated[list[str], typer.Argument(metavar=t("cli.metavar.exports"), help=t("cli.forget.what"))],
    brand: BrandOption = "",
) -> None:
    """Take exports out of the lake, by file, folder, zip, name or digest."""
    from cmlib import store

    who = _brand(brand)
    held = set(store.digests(who.slug))
    names = store.forget(
        who.slug, *(called for one in what for called in sorted(_inside(one) & held) or [one])
    )
    _say(t("cli.forget.done", n=len(names), names=names))


@app.command("sources", help=t("cli.sources.help"))
def sources(brand: BrandOption = "") -> None:
    """What does the lake hold: which exports, how far for each account, which days are missing?"""
    from cmlib import store

    who = _brand(brand)
    imported = store.sources(who.slug)
    if imported.empty:
        _say(t("cli.sources.empty", brand=who.slug))
        return
    tables = store.load(who)
    for shown in (_exports(imported), _accounts(store.coverage(tables)), _gaps(store.gaps(tables))):
        _print(shown)
    _name_strangers(who, tables.items())


@app.command("formats", help=t("cli.formats.help"))
def formats() -> None:
    """Which exports can be read, and where does each network offer them?"""
    from cmlib import importers

    for name in sorted(importers.formats()):
        title, where = (
            t(key) if has(key) else "" for key in (f"format.{name}.title", f"format.{name}.where")
        )
        _entry(title or name, name, where)


@app.command("metrics", help=t("cli.metrics.help"))
def metrics() -> None:
    """Which metrics are there, how is each computed, and whose formula is it?"""
    from cmlib import metrics

    for row in metrics.table().fillna("").to_dict("records"):
        whose = " · ".join(filter(None, (row["whose"], row["source"])))
        _entry(row["label"], row["name"], f"{row['formula']} ({row['unit']}; {row['rule']})", whose)


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
        _say(t("cli.report.made", file=str(report.again(again, progress))))
        return
    who = _brand(brand)
    said = {"brand": who.slug, **({"month": month} if month else {}), **_parameters(parameter or [])}
    for notebook in notebooks or ["kpis"]:
        for language in lang or [who.language]:
            made = report.run(notebook, said | {"lang": language}, progress)
            _say(t("cli.report.made", file=str(made)))


@app.command("serve", help=t("cli.serve.help"))
def serve(port: Annotated[int, typer.Option(help=t("cli.serve.port"))] = 8866) -> None:
    """Show the notebooks as pages."""
    from cmlib import web

    _say(t("cli.serve.at", address=f"http://127.0.0.1:{port}"))
    sys.exit(web.serve(port))


# What is asked


def _parameters(said: "Iterable[str]") -> dict[str, str]:
    """``name=value`` of each; whether the notebook knows the name is for the report to say."""
    pairs = [one.partition("=") for one in said]
    for name, equals, _ in pairs:
        if not equals or name.strip() in ("brand", "month", "lang"):
            raise CmlibError("bad_parameter", said=repr(name))
    return {name.strip(): value for name, _, value in pairs}


def _brand(said: str) -> "Brand":
    """The brand that is meant: the one that is named, else the only one there is."""
    from cmlib import brand

    slugs = brand.slugs()
    if not said and len(slugs) != 1:
        raise CmlibError("which_brand", brands=slugs) if slugs else CmlibError("no_brand")
    return brand.load(said or slugs[0])


def _day(said: str, who: "Brand") -> "pd.Timestamp | None":
    """A day that somebody says, at noon where the brand is: then it is the same day in UTC."""
    import pandas as pd

    if not said:
        return None
    day = pd.to_datetime(said, format="%Y-%m-%d", errors="coerce")
    if pd.isna(day):
        raise CmlibError("bad_day", value=repr(said))
    if day > pd.Timestamp.now(who.zone).tz_localize(None):
        raise CmlibError("day_to_come", value=said)
    return (day + pd.Timedelta(hours=12)).tz_localize(who.zone).tz_convert("UTC")


def _inside(what: str) -> set[str]:
    """The digests of the files in a file, folder or zip; none where there is no such path."""
    from cmlib import importers

    digests = set()
    for file in importers.walk(Path(what)) if what.strip() and Path(what).exists() else ():
        try:
            digests.add(hashlib.sha256(file.read()).hexdigest())
        except CmlibError:  # what cannot be read was never imported
            continue
    return digests


# What is shown


def _out(stderr: bool = False) -> Console:
    """Names of files and accounts come from outside: nothing in them is taken for markup."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def _plain(said: object, style: str = "") -> Text:
    """A text as it is, but for the characters that would move the cursor or hide others."""
    plain = (c if c.isprintable() or c in "\u00a0\u202f" else "�" for c in str(said).replace("\n", " "))
    return Text("".join(plain), style)


def _say(text: str) -> None:
    for line in text.split("\n"):
        _out().print(_plain(line), soft_wrap=True)


def _complain(text: str) -> None:
    _out(stderr=True).print(_plain(text, "red"), soft_wrap=True)


def _entry(called: str, name: str, *about: str) -> None:
    """One of a list: how it is called, the name by which it is written, and what there is to say of it."""
    head = (
        _plain(called, "bold")
        if called == name
        else Text("  ").join([_plain(called, "bold"), _plain(name, "dim")])
    )
    _out().print(head, Padding(_stacked(*about), (0, 0, 1, 4)), sep="\n", overflow="fold")


_NUMBERS = ("rows", "files", "aside", "days")
_WHOLE = (*_NUMBERS, "period", "missing", "observed_at", "digest")  # columns that are never broken


def _table(*columns: str, lines: bool = False) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, show_lines=lines, pad_edge=False)
    for name in columns:
        header = t(f"cli.column.{name}") if has(f"cli.column.{name}") else t(f"sheet.column.{name}")
        side: Literal["left", "right"] = "right" if name in _NUMBERS else "left"
        shown.add_column(header, justify=side, no_wrap=name in _WHOLE, overflow="fold")
    return shown


def _print(shown: Table) -> None:
    if shown.row_count:
        _out().print(shown)


def _stacked(*parts: object) -> Text:
    """What matters, and beneath it what tells it apart: half as wide as a column each."""
    said = [_plain(part, "dim" if nth else "") for nth, part in enumerate(parts) if part]
    return Text("\n").join(said)


def _progress(taken: "Iterator[Taken]", total: int) -> "Iterable[Taken]":
    console = _out(stderr=True)
    return track(
        taken,
        t("cli.import.running"),
        total,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _whose(row: "Mapping[Hashable, Any]") -> Text:
    """Network and table, and the account beneath: ``Instagram · posts``."""
    said = "web" if row["table"] == "visits" else row["network"]  # theirs is whence they came
    networks = ", ".join(t(f"network.{name}") for name in said.split(", ") if name)
    of = t(f"sheet.of.{row['table']}")
    return _stacked(f"{networks} · {of}" if networks else of, row["account"])


def _period(row: "Mapping[Hashable, Any]") -> Text:
    """From one day to another, one under the other; where there are no days, a dash."""
    days = [i18n.day(row[end].date()) for end in ("first", "last") if row[end] == row[end]]  # NaT is not NaT
    return Text("\n".join(dict.fromkeys(days)) or "–")


def _show_taken(who: "Brand", taken: "list[Taken]") -> None:
    """What was imported, table by table; what was kept aside; what was refused, and why."""
    from cmlib import store

    exports = dict(list(store.sources(who.slug).groupby("source")))
    shown = _table("name", "data", "period", "rows", "aside")
    for one in taken:
        found = exports[one.reading.digest].to_dict("records") if one.reading else []
        for nth, row in enumerate(found):
            read = t("cli.import.lines", format=row["format"], n=one.reading.lines if one.reading else 0)
            name = _stacked(one.name, read, "" if one.new else t("cli.import.known"))
            aside = i18n.number(row["aside"]) if row["aside"] else "–"
            first = ("", "") if nth else (name, aside)
            shown.add_row(first[0], _whose(row), _period(row), i18n.number(row["rows"]), first[1])
    readings = [one.reading for one in taken if one.reading]
    _print(shown)
    _show_aside(readings)
    refused = [one.refused for one in taken if one.refused]
    new = sum(one.new for one in taken)
    _say(t("cli.import.done", new=new, known=len(readings) - new, refused=len(refused)))
    _name_strangers(who, [item for reading in readings for item in reading.tables.items()])
    for problem in refused:
        _complain(problem)


def _show_aside(readings: "list[Reading]") -> None:
    """How many rows were kept aside for each reason, and where the first of them stands."""
    from cmlib import cells

    found: dict[str, list[Text]] = {}
    for reading in readings:
        for line, reason, excerpt in reading.aside[["line", "reason", "excerpt"]].itertuples(index=False):
            where = _stacked(t("error.at_line", file=reading.name, line=str(int(line))), excerpt)
            found.setdefault(reason, []).append(where)
    shown = _table("reason", "example", "aside")
    for reason, places in sorted(found.items(), key=lambda item: -len(item[1])):
        shown.add_row(_plain(cells.reason(reason)), places[0], i18n.number(len(places)))
    _print(shown)


def _name_strangers(who: "Brand", tables: "Iterable[tuple[str, pd.DataFrame]]") -> None:
    """Accounts that brand.toml does not name are taken for the brand's own, so that must be said."""
    places = set()
    for name, table in tables:
        networks = (
            ["web"] * len(table) if name == "visits" else table["network"]
        )  # theirs is whence they came
        places |= set(zip(networks, table["account"], strict=True))
    strangers = sorted(
        f"{account} ({network})" for network, account in places if not who.account(network, account)
    )
    if strangers:
        _say(t("cli.strangers", n=len(strangers), accounts=strangers))


def _accounts(coverage: "pd.DataFrame") -> Table:
    shown = _table("data", "period", "observed_at", "files", "rows")
    for row in coverage.to_dict("records"):
        numbers = (i18n.number(row["files"]), i18n.number(row["rows"]))
        shown.add_row(_whose(row), _period(row), i18n.day(row["observed_at"].date()), *numbers)
    return shown


def _gaps(gaps: "pd.DataFrame") -> Table:
    """Days that are missing, with the figures that miss them together."""
    shown = _table("data", "figures", "missing", "days")
    together = gaps.groupby(["network", "account", "first", "last", "days"], sort=False)["figure"].agg(list)
    for row in together.reset_index().assign(table="days").to_dict("records"):
        figures = i18n.join(t(f"figure.{name}") for name in row["figure"])
        shown.add_row(_whose(row), figures, _period(row), i18n.number(row["days"]))
    return shown


def _exports(sources: "pd.DataFrame") -> Table:
    shown = _table("name", "digest", "observed_at", "rows", "aside")
    for digest, rows in sources.groupby("source", sort=False):
        export = rows.iloc[0]
        numbers = (i18n.number(rows["rows"].sum()), i18n.number(export["aside"]) if export["aside"] else "–")
        name = _stacked(export["name"], export["format"])
        shown.add_row(name, str(digest)[:12], i18n.day(export["observed_at"].date()), *numbers)
    return shown
