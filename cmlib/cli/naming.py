"""``cm format new``: a file that nobody has seen, named column by column, at a terminal or in a script."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cmlib import i18n, terminal
from cmlib.cli import formats
from cmlib.cli.options import APP, BrandOption, brand_of, seen
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

if TYPE_CHECKING:
    import pandas as pd

    from cmlib.brand import Brand
    from cmlib.importers import Export
    from cmlib.importers.own.matching import Said
    from cmlib.importers.own.proposal import Ask, Preview, Proposal

app = typer.Typer(help=t("cli.format.help"), **APP)
FIRST = 3  # rows that are shown


@app.command("new", help=t("cli.format.new.help"))
def new(
    file: Annotated[Path, typer.Argument(metavar=t("cli.metavar.file"), help=t("cli.format.new.file"))],
    brand: BrandOption = "",
    name: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.format.new.name"), show_default=False)
    ] = "",
    title: Annotated[
        str, typer.Option(metavar=t("cli.metavar.text"), help=t("cli.format.new.title"), show_default=False)
    ] = "",
    network: Annotated[
        str,
        typer.Option(metavar=t("cli.metavar.network"), help=t("cli.format.new.network"), show_default=False),
    ] = "",
    table: Annotated[
        str, typer.Option(metavar="posts|days|…", help=t("cli.format.new.table"), show_default=False)
    ] = "",
    account: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.format.new.account"), show_default=False)
    ] = "",
    sheet: Annotated[
        str, typer.Option(metavar=t("cli.metavar.name"), help=t("cli.format.new.sheet"), show_default=False)
    ] = "",
    column: Annotated[
        list[str] | None, typer.Option(metavar="HEADER=COLUMN", help=t("cli.format.new.column"))
    ] = None,
    constant: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=VALUE", help=t("cli.format.new.constant"))
    ] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help=t("cli.format.new.day_first"))
    ] = None,
    summed: Annotated[bool, typer.Option("--sum", help=t("cli.format.new.sum"))] = False,
    observed: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=t("cli.format.new.observed"), show_default=False)
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help=t("cli.format.new.yes"))] = False,
) -> None:
    """Propose how a file that nobody has seen is read, and keep it."""
    from cmlib.importers.own import matching, proposal

    who = brand_of(brand)
    export = _unseen(file, who)
    order = "" if day_first is None else "day" if day_first else "month"
    same = [_pair(one, "COLUMN=VALUE") for one in constant or []]
    said = matching.Said(
        name or proposal.named(export.name), title, network, table, account, sheet, order, summed,
        dict(_pair(one, "HEADER=COLUMN") for one in column or []),
        {key: proposal.constant(key, value) for key, value in same},
    )  # fmt: skip
    _settle(export, who, said, seen(observed, who), yes, file)


def _settle(
    export: "Export", who: "Brand", said: "Said", observed: "pd.Timestamp | None", yes: bool, path: Path
) -> None:
    """Show the proposal, ask what it cannot know, take corrections, and write it once it is agreed to."""
    from cmlib import importers
    from cmlib.importers import own
    from cmlib.importers.own import explaining, proposal, writing

    there = own.folder(who.slug) / f"{said.name}.toml"
    if there.exists():
        raise CmlibError("own_exists", file=str(there))
    asking = sys.stdin.isatty() and not yes
    while True:
        found = proposal.propose(export, said)
        _show(export.name, found)
        if found.asks and asking:
            said = _asked(said, found.asks[0])
            continue
        if found.asks:
            asks = "\n".join(f"- {explaining.ask(one)}\n  {explaining.option(one)}" for one in found.asks)
            raise CmlibError("proposal_asks", file=export.name, asks=asks)
        shown = proposal.preview(export, who, found, observed)
        _preview(shown)
        if shown.rows.empty:
            raise CmlibError("proposal_nothing", file=export.name)
        answer = "y" if yes else _answer(t("proposal.sure", file=str(there))) if asking else "n"
        if "=" not in answer:
            break
        said = _corrected(said, answer, found)
    if answer[:1].casefold() not in ("y", "o"):
        terminal.say(t("proposal.dry"))
        return
    kept = writing.keep(who.slug, found.own, importers.formats())
    terminal.say(t("proposal.kept_once" if found.own.only else "proposal.kept", file=str(kept)))
    account = " --account …" if shown.nameless else ""
    terminal.say(t("proposal.next", path=str(path), brand=who.slug, account=account))


def _unseen(path: Path, who: "Brand") -> "Export":
    """The one file that no format reads, in a file, folder or zip."""
    from cmlib import importers

    opened, known = [], []
    for file in importers.walk(path):
        export = importers.open_export(file)
        try:
            known.append((export.name, importers.identify(export, who).name))
        except CmlibError as problem:
            if not problem.key.startswith("unrecognised"):
                raise
            opened.append(export)
    if len(opened) > 1:
        raise CmlibError("proposal_which", file=str(path), files=[one.name for one in opened])
    if not opened and len(known) == 1:
        name, by = known[0]
        raise CmlibError(
            "proposal_known",
            file=name,
            format=by,
            title=formats.title(by) or by,
        )
    if not opened:
        raise CmlibError("proposal_none", file=str(path))
    return opened[0]


def _pair(said: str, shape: str) -> tuple[str, str]:
    """The last = parts a header from a column; the first one a column from its value."""
    left, sign, right = said.rpartition("=") if shape.startswith("HEADER") else said.partition("=")
    if not sign or not left.strip():
        raise CmlibError("proposal_pair", said=repr(said), shape=shape)
    return left.strip(), right.strip()


# What is shown


def _show(file: str, found: "Proposal") -> None:
    """The mapping, column by column, and what is to be known of it."""
    from cmlib.importers.own import explaining

    terminal.say(explaining.heading(file, found))
    out = t("proposal.left_out")
    rows = [(one.header, one.example, one.name or out, explaining.why(one)) for one in found.choices]
    terminal.table(("header", "sample", "becomes", "because"), rows)
    for warning in explaining.warnings(found):
        terminal.say(warning)


def _preview(shown: "Preview") -> None:
    """The first tidy rows, each a column; how many there are, and how many are kept aside, and why."""
    from cmlib import cells
    from cmlib.importers.own import explaining

    terminal.say(explaining.counted(shown))
    for reason, times, line in shown.aside:
        terminal.say(t("proposal.aside", n=times, line=str(line), reason=cells.reason(reason)))
    some = explaining.columns(shown, FIRST)
    if some:
        terminal.say(t("proposal.first"))
        terminal.table(("tidy", *(f"row_{nth}" for nth in range(1, len(some[0])))), some)
    if shown.nameless:
        terminal.say(t("proposal.more"))


# What is asked


def _answer(words: str) -> str:
    try:
        return terminal.answer(words)
    except (KeyboardInterrupt, EOFError):
        terminal.say("")
        raise CmlibError("proposal_stopped") from None


def _asked(said: "Said", one: "Ask") -> "Said":
    """What somebody answers; asked again until it can be an answer. Nothing ends it."""
    from cmlib.importers.own import explaining

    while True:
        typed = _answer(
            " ".join([explaining.ask(one), *([f"({i18n.join(one.options)})"] if one.options else [])])
        )
        if not typed:
            raise CmlibError("proposal_stopped")
        try:
            return _told(said, one, typed)
        except CmlibError as problem:
            terminal.complain(str(problem))


def _told(said: "Said", one: "Ask", typed: str) -> "Said":
    from cmlib.importers.own import proposal

    if one.key in ("table", "network", "order"):
        if typed not in one.options:
            raise unknown(one.key, typed, one.options)
        answers: dict[str, Any] = {one.key: typed}
        return replace(said, **answers)
    if typed in one.options and one.key in ("column", "no_dates") and not _levels(one.column):
        return replace(said, columns={**said.columns, typed: one.column})
    return replace(said, constants={**said.constants, one.column: proposal.constant(one.column, typed)})


def _levels(name: str) -> bool:
    from cmlib.importers.own import readers

    return bool(readers.levels(name))


def _corrected(said: "Said", answer: str, found: "Proposal") -> "Said":
    """``Header=column`` is another column; anything else before the = is the same in all rows."""
    from cmlib.importers.own import proposal

    left, right = _pair(answer, "HEADER=COLUMN")
    headers = [one.header for one in found.profile.columns if one.header]
    try:
        if found.profile.column(left) is not None:
            made = replace(said, columns={**said.columns, left: right})
        elif left in proposal.ALL:
            made = replace(said, constants={**said.constants, left: proposal.constant(left, right)})
        else:
            raise unknown("column", left, (*headers, *proposal.ALL))
        proposal.known(replace(made, table=found.own.table), found.profile, "")
    except CmlibError as problem:
        terminal.complain(str(problem))
        return said
    return made
