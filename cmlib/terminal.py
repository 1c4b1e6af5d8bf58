"""What the command line shows: sentences, lists and tables, as wide as the terminal. All of rich is here.

Names of files and accounts come from outside: nothing in them is taken for markup, or moves the cursor.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Literal

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import track
from rich.table import Table
from rich.text import Text

from cmlib import i18n
from cmlib.errors import CmlibError
from cmlib.i18n import has, t

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    import pandas as pd

    from cmlib.brand import Brand
    from cmlib.entry import Entry
    from cmlib.exporters import Exported
    from cmlib.importers import Reading
    from cmlib.importers.known.questions import Question
    from cmlib.notes import Kept, Seen
    from cmlib.start import Taken

CITED = ("source", "source_date", "trust", "address")


# Sentences and lists


def say(text: str) -> None:
    """Say something, a line for each of its lines."""
    for line in text.split("\n"):
        _out().print(_plain(line), soft_wrap=True)


def complain(text: str) -> None:
    """Say what went wrong, where errors are said."""
    for line in text.split("\n"):
        _out(stderr=True).print(_plain(line, "red"), soft_wrap=True)


def item(called: str, name: str, *about: str) -> None:
    """One of a list: how it is called, the name by which it is written, and what there is to say of it."""
    head = (
        _plain(called, "bold")
        if called == name
        else Text("  ").join([_plain(called, "bold"), _plain(name, "dim")])
    )
    _out().print(head, Padding(_stacked(*about), (0, 0, 1, 4)), sep="\n", overflow="fold")


def heading(called: str) -> None:
    """What the items that follow have in common."""
    _out().print(_plain(called, "bold underline"), end="\n\n")


def progress(taken: "Iterator[Taken]", total: int) -> "Iterable[Taken]":
    """The same, with a bar that shows how far it is, where there is somebody to look at it."""
    console = _out(stderr=True)
    return track(
        taken,
        t("cli.import.running"),
        total,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def ask(figure: str, since: "date | None", known: "Seen | None") -> str:
    """What somebody types for a figure, beside what is known of it. ``since``: from which day it counts."""
    said = {"figure": t(f"figure.{figure}"), "since": since}
    if known is None:
        words = t("cli.note.ask_since" if since else "cli.note.ask", **said)
    elif since:
        words = t("cli.note.ask_counted", value=known.value, first=known.since, last=known.until, **said)
    else:
        words = t("cli.note.ask_seen", value=known.value, day=known.until, **said)
    return _out().input(_plain(words)).strip()


def answer(words: str) -> str:
    """What somebody types, asked for in these words."""
    return _out().input(_plain(f"{words} ")).strip()


def question(asked: "Question", kind: str) -> None:
    """A question of a survey, what it seems to be, and what was answered to it: scores alone."""
    from cmlib import cells

    about = cells.scores(asked.counts(kind), asked.shown(kind))
    item(asked.text, kind, t(f"survey.kind.{kind}"), about)


def agreed(words: str) -> bool:
    """Is it so? Asked until the answer is yes or no."""
    while True:
        said = answer(words).casefold()
        if said in (*_YES, *_NO):
            return said in _YES


_YES, _NO = ("y", "yes", "o", "oui"), ("n", "no", "non")


# Tables


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; an error in a cell stands out."""
    shown = _table(*columns)
    for row in rows:
        shown.add_row(*(_plain(cell, "red" if isinstance(cell, CmlibError) else "") for cell in row))
    _print(shown)


def imported(who: "Brand", taken: "list[Taken]") -> None:
    """What was imported, table by table; what was kept aside; what was refused, and why."""
    from cmlib import store

    held = dict(list(store.sources(who.slug).groupby("source")))
    shown = _table("name", "data", "period", "rows", "aside")
    for one in taken:
        found = held[one.reading.digest].to_dict("records") if one.reading else []
        for nth, row in enumerate(found):
            read = t("cli.import.lines", format=row["format"], n=one.reading.lines if one.reading else 0)
            name = _stacked(one.name, read, "" if one.new else t("cli.import.known"))
            aside = i18n.number(row["aside"]) if row["aside"] else "–"
            first = ("", "") if nth else (name, aside)
            shown.add_row(first[0], _whose(row), _period(row), i18n.number(row["rows"]), first[1])
    readings = [one.reading for one in taken if one.reading]
    _print(shown)
    for reading in readings:
        for note in reading.notes:
            say(f"{reading.name}{t('sheet.colon')} {t(f'import.note.{note}')}")
    _aside(readings)
    refused = [one.refused for one in taken if one.refused]
    new = sum(one.new for one in taken)
    say(t("cli.import.done", new=new, known=len(readings) - new, refused=len(refused)))
    strangers(who, [item for reading in readings for item in reading.tables.items()])
    for problem in refused:
        complain(problem)


def erased(found: "Mapping[str, int]", inbox: "Mapping[str, str]") -> None:
    """What was taken out of the lake for good, and which files of the inbox still hold it."""
    from cmlib import private

    if not found:
        say(t("cli.forget.unknown", key=str(private.key_file())))
        return
    say(t("cli.forget.erased", n=len(found), rows=sum(found.values())))
    still = [name for digest, name in inbox.items() if digest in found]
    if still:
        say(t("cli.forget.still", files=still))


def noted(kept: "Kept") -> None:
    """What was noted, where it is kept, and how to take it back."""
    from cmlib import notes

    shown = _table("account", "metric", "period", "value")
    for row in notes.listed(kept.notes).to_dict("records"):
        whose = _stacked(row["label"], t(f"network.{row['network']}"))
        shown.add_row(whose, t(f"metric.{row['metric']}.name"), _period(row), i18n.number(row["value"]))
    _print(shown)
    slug = kept.brand.slug
    say(t("cli.note.kept", file=str(kept.path), digest=kept.digest[:12], brand=slug))


def _aside(readings: "list[Reading]") -> None:
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


def strangers(who: "Brand", tables: "Iterable[tuple[str, pd.DataFrame]]") -> None:
    """Accounts that brand.toml does not name are taken for the brand's own, so that must be said."""
    places = set()
    for name, rows in tables:
        if name == "moments":  # a calendar is no account
            continue
        networks = ["web"] * len(rows) if name == "visits" else rows["network"]  # theirs is whence they came
        places |= set(zip(networks, rows["account"], strict=True))
    unknown = sorted(
        f"{account} ({network})" for network, account in places if not who.account(network, account)
    )
    if unknown:
        say(t("cli.strangers", n=len(unknown), accounts=unknown))


def exports(sources: "pd.DataFrame") -> None:
    """Which exports were imported."""
    shown = _table("name", "digest", "observed_at", "rows", "aside")
    for digest, rows in sources.groupby("source", sort=False):
        export = rows.iloc[0]
        numbers = (i18n.number(rows["rows"].sum()), i18n.number(export["aside"]) if export["aside"] else "–")
        name = _stacked(export["name"], export["format"])
        shown.add_row(name, str(digest)[:12], i18n.day(export["observed_at"].date()), *numbers)
    _print(shown)


def accounts(coverage: "pd.DataFrame") -> None:
    """How far what is known of each account reaches."""
    shown = _table("data", "period", "observed_at", "files", "rows")
    for row in coverage.to_dict("records"):
        numbers = (i18n.number(row["files"]), i18n.number(row["rows"]))
        shown.add_row(_whose(row), _period(row), i18n.day(row["observed_at"].date()), *numbers)
    _print(shown)


def gaps(missing: "pd.DataFrame") -> None:
    """Days that are missing, with the figures that miss them together."""
    shown = _table("data", "figures", "missing", "days")
    together = missing.groupby(["network", "account", "first", "last", "days"], sort=False)["figure"].agg(
        list
    )
    for row in together.reset_index().assign(table="days").to_dict("records"):
        figures = i18n.join(t(f"figure.{name}") for name in row["figure"])
        shown.add_row(_whose(row), figures, _period(row), i18n.number(row["days"]))
    _print(shown)


# Facts and plans


def tables(known: "pd.DataFrame") -> None:
    """Which tables of facts there are, and what each tells."""
    rows = [
        (row["table"], t(f"facts.table.{row['table']}"),
         *(i18n.number(row[n]) if row[n] else "–" for n in ("rows", "local", "old")))
        for row in known.to_dict("records")
    ]  # fmt: skip
    table(("table", "about", "rows", "local", "old"), rows)


def facts(called: str, table: str, rows: "pd.DataFrame") -> None:
    """What each row says, with the number of its source; beneath, the sources."""
    from cmlib import facts as known

    cited: dict[tuple[str, ...], int] = {}
    said = _grid()
    for words, row in zip(known.says(table, rows), rows.to_dict("records"), strict=True):
        number = cited.setdefault(tuple(str(row[name]) for name in CITED), len(cited) + 1)
        marks = [t(f"cli.facts.{mark}") for mark in ("local", "old") if row[mark]]
        note = [] if row["note"] != row["note"] else [str(row["note"])]  # null is not null
        parts = [
            _plain(words),
            *(_plain(mark, "yellow") for mark in marks),
            *(_plain(n, "dim") for n in note),
        ]
        said.add_row(f"[{number}]", Text(" · ").join(parts))
    sources = _grid()
    for (source, day, trust, address), number in cited.items():
        sure = t(f"cli.facts.trust.{trust}") if trust != "nan" else "–"
        about = " · ".join((known.said_by(source), known.dated(day), sure))
        sources.add_row(f"[{number}]", _stacked("", about, address))
    _out().print(_plain(called, "bold"), said, Padding(sources, (0, 0, 1, 0)), sep="\n")


def plan(entry: "Entry") -> None:
    """The plan of a network: what it takes, what is aimed at, what to watch, and when to stop."""
    from cmlib import entry as entries
    from cmlib import facts

    goals = [
        _stacked(entries.says(goal), i18n.join(
            f"{facts.said_by(s.source)} ({facts.dated(s.date)})" for s in goal.sources
        ) or t("entry.unpublished"))
        for goal in entry.goals
    ]  # fmt: skip
    shown = Table.grid(padding=(0, 2))
    shown.add_column(no_wrap=True, style="dim")
    shown.add_column(overflow="fold")
    lists: dict[str, Sequence[object]] = {
        "goals": goals,
        "watch": entries.watch(entry),
        "stop": entries.stop(entry),
    }
    rows = [(label, [said]) for label, said in entries.about(entry).items()]
    for label, lines in [*rows, *((t(f"entry.label.{name}"), some) for name, some in lists.items())]:
        for nth, line in enumerate(lines):
            shown.add_row("" if nth else label, line if isinstance(line, Text) else _plain(line))
    _out().print(_plain(t(f"network.{entry.network}"), "bold"), Padding(shown, (0, 0, 1, 2)), sep="\n")


# What all of it is made of


def waiting(what: str) -> "AbstractContextManager[object]":
    """Says what takes its time, as long as it does, where there is somebody to look at it."""
    return _out(stderr=True).status(what) if _out(stderr=True).is_terminal else nullcontext()


def slots(rows: "pd.DataFrame", moments: "pd.DataFrame") -> None:
    """A plan, slot by slot."""
    from cmlib import cells, sheets

    shown = _table("moment_of", "piece", "topic", "expected", "work", "owner")
    named = dict(zip(moments["moment"], moments["name"], strict=True))
    for row in rows.to_dict("records"):
        about = row["pillar"], named.get(row["moment"], row["moment"])
        figures = ("–" if row[name] != row[name] else i18n.number(row[name], digits)
                   for name, digits in (("expected", 0), ("hours", 1)))  # fmt: skip
        when = f"{sheets.editorial.day(row['when'])} {row['when']:%H:%M}"
        what = _stacked(t(f"network.{row['network']}"), cells.piece(row["piece"]))
        shown.add_row(when, what, _stacked(*filter(None, about)), *figures, _plain(row["owner"] or "–"))
    _print(shown)


def broken(found: "pd.DataFrame", rows: "pd.DataFrame") -> None:
    """Which rules a plan breaks, what must be mended first; or that it breaks none."""
    from cmlib import rules

    if found.empty:
        say(t("cli.plan.check.fine"))
    when = dict(zip(rows["slot_id"], rows["when"], strict=True))
    for level in rules.ORDER:
        some = found[found["level"] == level].to_dict("records")
        if some:
            _out().print(_plain(t(f"editorial.level.{level}", n=len(some)), "bold"))
        for row in some:
            at = when.get(row["slot_id"])
            place = f"{i18n.day(at.date())} {at:%H:%M}, {row['slot_id']}{t('sheet.colon')} " if at else ""
            say(f"  {place}{rules.says(row)}")


def exported(done: "Exported", steps: str) -> None:
    """Which files were written, what is to be done with them, what is not in them, and what needs a hand."""
    from cmlib import exporters

    for path in done.files:
        say(str(path))
    say(steps if done.files else t("cli.plan.export.nothing"))
    if done.older:
        say(t("cli.plan.export.older", files=[path.name for path in done.older]))
    for key, rows in (("left_out", done.left_out), ("risky", done.risky)):
        if len(rows):
            _out().print(_plain(t(f"cli.plan.export.{key}", n=rows["slot_id"].nunique()), "bold"))
            lines = exporters.told(rows)
            for line in lines[: exporters.MOST]:
                say(f"  - {line}")
            if len(lines) > exporters.MOST:
                say(f"  {t('export.more', n=len(lines) - exporters.MOST)}")


def sent(done: "pd.DataFrame", dry_run: bool) -> None:
    """What became of each slot in Asana; or would."""
    for action, title in zip(done["action"], done["title"], strict=True):
        say(t("cli.plan.export.task", action=t(f"export.asana.{action}"), title=title))
    n = int(done["action"].isin(["created", "updated", "found", "create", "compare"]).sum())
    say(t("cli.plan.export.would" if dry_run else "cli.plan.export.sent", n=n))


def _out(stderr: bool = False) -> Console:
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def _plain(said: object, style: str = "") -> Text:
    """A text as it is, but for the characters that would move the cursor or hide others."""
    plain = (c if c.isprintable() or c in "\u00a0\u202f" else "�" for c in str(said).replace("\n", " "))
    return Text("".join(plain), style)


def _stacked(*parts: object) -> Text:
    """What matters, and beneath it what tells it apart: half as wide as a column each."""
    said = [_plain(part, "dim" if nth else "") for nth, part in enumerate(parts) if part]
    return Text("\n").join(said)


def _grid() -> Table:
    shown = Table.grid(padding=(0, 1))
    shown.add_column(justify="right", no_wrap=True, style="dim", min_width=6)
    shown.add_column(overflow="fold")
    return shown


_NUMBERS = ("rows", "files", "aside", "days", "old", "local", "value", "expected", "work")
_WHOLE = (
    *_NUMBERS,
    "period",
    "moment_of",
    "network",
    "missing",
    "observed_at",
    "digest",
    "becomes",
    "tidy",
)  # columns that are never broken


def _table(*columns: str) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        header = t(f"cli.column.{name}") if has(f"cli.column.{name}") else t(f"sheet.column.{name}")
        side: Literal["left", "right"] = "right" if name in _NUMBERS else "left"
        shown.add_column(header, justify=side, no_wrap=name in _WHOLE, overflow="fold")
    return shown


def _print(shown: Table) -> None:
    if shown.row_count:
        _out().print(shown)


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
