"""A file that nobody has seen → a format of one's own to look at, column by column, with what is to be asked.

``propose`` never decides what it cannot know: that stands in ``asks``, and a person's answers in ``Said``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd

from cmlib import importers, schema
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.importers.files import Export
from cmlib.importers.layout import Format, normalised
from cmlib.importers.own import dictionary, made, missing, names, readers
from cmlib.importers.own import reading as ownread
from cmlib.importers.own.matching import Mapped, Said, match
from cmlib.importers.own.profiling import Column, Profile, hosts, profile
from cmlib.importers.own.readers import IDS, Reader
from cmlib.importers.own.reading import EXPORTED, UNIQUE, WIDE, Own, Taken

LATER = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}|^\W*\d+\W*$")  # of a header that another export will not have
_OF_POSTS = ("post_id", "url", "text", "kind")


@dataclass(frozen=True)
class Choice:
    """What is proposed for a column: a tidy name or "", and why: a key of [proposal.why] with its values."""

    header: str
    example: str
    name: str
    why: str
    told: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """What cannot be known: a key of [proposal.ask] with its values, and what could be answered."""

    key: str
    told: Mapping[str, object] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    column: str = ""


@dataclass(frozen=True)
class Proposal:
    """A format of one's own as it would be, the choice for each column, and what is to be asked first."""

    own: Own
    choices: tuple[Choice, ...]
    asks: tuple[Ask, ...]
    profile: Profile
    warnings: tuple[tuple[str, Mapping[str, object]], ...] = ()

    @property
    def format(self) -> Format:
        """The same as a format like any other."""
        return made(self.own)


@dataclass(frozen=True)
class Preview:
    """The rows that a proposal would give; ``nameless`` if nobody has said yet whose they are."""

    reading: "importers.Reading"
    nameless: bool

    @property
    def rows(self) -> pd.DataFrame:
        """The tidy rows, of the one table that a format of one's own has."""
        return next(iter(self.reading.tables.values()))

    @property
    def aside(self) -> list[tuple[str, int, int]]:
        """Why rows are kept aside: reason, how many of them, line of the first; the most frequent first."""
        grouped = self.reading.aside.groupby("reason")["line"].agg(["size", "min"])
        found = [(str(why), int(n), int(line)) for why, n, line in grouped.itertuples()]
        return sorted(found, key=lambda one: -one[1])


def propose(export: Export, said: Said) -> Proposal:
    """What could this file be? Raises CmlibError where no table is in it, and for names that are none."""
    sheets = ownread.sheets(export)
    if said.sheet and normalised(said.sheet) not in {normalised(one.name) for one in sheets}:
        raise unknown("sheet", said.sheet, [one.name for one in sheets], export.name)
    found = profile(sheets, said.sheet)
    if found is None or not found.named:
        raise CmlibError("proposal_no_table", file=export.name)
    known(said, found, export.name)
    network = said.network or next(iter(hosts(found.columns)), "")
    table = said.table or _table(found, network, said)
    if not table:
        ask = Ask("table", {"file": export.name}, tuple(schema.TABLES))
        return Proposal(Own(said.name, ""), _unnamed(found), (ask,), found)
    mapped = match(found, table, network, said)
    own = _own(found, table, network, said, mapped, export)
    choices = tuple(_choice(one, mapped, table, network) for one in found.columns if one.header or one.said)
    return Proposal(own, choices, tuple(_asks(own, found, said, export)), found, tuple(_warnings(own, found)))


def known(said: Said, found: Profile, file: str) -> None:
    """Are there such headers, such columns, such a table? Raises CmlibError with the nearest names."""
    if said.table and said.table not in schema.TABLES:
        raise unknown("table", said.table, schema.TABLES)
    if said.network and said.network not in schema.NETWORKS:
        raise unknown("network", said.network, schema.NETWORKS)
    for header in said.columns:
        if found.column(header) is None:
            raise unknown("column", header, [one.header for one in found.columns if one.header], file)
    for name in filter(None, (*said.columns.values(), *said.constants)):
        allowed = names(said.table) if said.table else ALL
        if name not in allowed:
            raise unknown("column", name, allowed, said.table)


ALL = tuple(dict.fromkeys(name for table in schema.TABLES for name in names(table)))


# Which table?


def _table(found: Profile, network: str, said: Said) -> str:
    """Of what is each row? Nothing where that cannot be told."""
    there = {table: {*match(found, table, network, said), *said.constants} for table in schema.TABLES}
    counts = there["posts"] & {*schema.COUNTS}
    figures = there["days"] & {*schema.FIGURES, "figure"}
    message = there["messages"]
    if {"author", "text", "sent_at"} <= message and not counts:
        return "messages"
    if counts and there["posts"] & {*_OF_POSTS}:
        return "posts"
    if "date" in there["visits"] and {"sessions", "medium"} <= there["visits"]:
        return "visits"
    if {"since", "until"} <= there["totals"] and figures:
        return "totals"
    if figures:
        return "days"
    if {"level", "share"} <= there["audience"]:
        return "audience"
    return "answers" if {"score", "answered_on"} <= there["answers"] else ""


# What comes of it


def _own(
    found: Profile, table: str, network: str, said: Said, mapped: Mapping[str, Mapped], export: Export
) -> Own:
    columns = {
        name: Taken((m.column.header,), m.reader, m.beside, optional=_may_lack(name, table, m.column, export))
        for name, m in mapped.items()
    }
    constants = dict(said.constants)
    level = mapped.get("level")
    if level and "dimension" not in {*columns, *constants} and dictionary.dimension(level.column.header):
        constants["dimension"] = dictionary.dimension(level.column.header)
    for name in IDS:
        if name in schema.TABLES[table].required and name not in {*columns, *constants}:
            columns[name] = Taken((), Reader("made"), of=_made_of(table, mapped))
    used = {normalised(h) for m in mapped.values() for h in (m.column.header, *m.beside)}
    rest = [
        one.header for one in found.named
        if normalised(one.header) not in used and not LATER.search(one.header)
        and not (export.document is not None and len(one.said) < len(one.cells))
    ]  # fmt: skip
    several = len(ownread.sheets(export)) > 1 and bool(said.sheet)
    records = ownread.record_lists(export.document)[0][0] if export.document is not None else None
    utc = any(m.reader.utc for m in mapped.values())
    signs = {m.reader.decimal for m in mapped.values()} - {""}
    return Own(
        said.name,
        table,
        title=said.title,
        network="" if "network" in mapped else network,
        account="" if "account" in mapped else said.account,
        sheet=found.sheet.name if several else "",
        records=records,
        decimal=next(iter(signs), ""),
        zone="UTC" if utc else "",
        skip=found.skip,
        summed=said.summed,
        only=_only(constants, export),
        left_out=tuple(rest),
        constants=constants,
        columns=dict(sorted(columns.items(), key=lambda c: names(table).index(c[0]))),
    )


def _only(constants: Mapping[str, object], export: Export) -> tuple[str, ...]:
    """A day that somebody says is of this file; of another one it would be wrong."""
    return (export.digest[:12],) if any(isinstance(one, date) for one in constants.values()) else ()


def _may_lack(name: str, table: str, column: Column, export: Export) -> bool:
    """In a document, a record leaves out what it does not have, and then a whole file may."""
    return (
        export.document is not None
        and name not in schema.TABLES[table].required
        and len(column.said) < len(column.cells)
    )


def _made_of(table: str, mapped: Mapping[str, Mapped]) -> tuple[str, ...]:
    """From what an id is made: what does not change from export to export, and tells rows apart."""
    wanted = ("thread_id", "sent_at", "author", "text") if table == "messages" else ("url", "text", "title")
    found = tuple(name for name in wanted if name in mapped)
    if not found or "url" in found:
        return found[:1] if "url" in found else ()
    return (*found, *(name for name in ("published_at", "since") if name in mapped))


def _choice(one: Column, mapped: Mapping[str, Mapped], table: str, network: str) -> Choice:
    """What is proposed for a column, and why; or why it is left out."""
    for name, found in mapped.items():
        if found.column is one:
            dated = one.dated if found.reader.reads in ("day", "instant") else None
            order = f"{dated.order}_{dated.by}" if dated and dated.by and found.why != "said" else ""
            if order:
                return Choice(
                    one.header,
                    one.example,
                    name,
                    "date",
                    {"how": order, "value": dated.value if dated else ""},
                )
            return Choice(one.header, one.example, name, found.why, found.told)
        if one.header in found.beside:
            return Choice(one.header, one.example, name, "beside")
    return Choice(one.header, one.example, "", *_left_out(one, mapped, table, network))


def _left_out(
    one: Column, mapped: Mapping[str, Mapped], table: str, network: str
) -> tuple[str, Mapping[str, object]]:
    if not one.header or one.twice:
        return ("twice" if one.twice and one.header else "no_header"), {}
    if not one.said:
        return "empty", {}
    for meant in dictionary.meanings(one.header, table, network):
        if meant.name in mapped:
            return "taken", {"column": meant.name, "header": mapped[meant.name].column.header}
        return "misfit", {"column": meant.name, "value": one.example}
    elsewhere = [t for t in schema.TABLES if dictionary.meanings(one.header, t)]
    return ("elsewhere", {"tables": elsewhere}) if elsewhere else ("nothing", {})


def _unnamed(found: Profile) -> tuple[Choice, ...]:
    return tuple(Choice(one.header, one.example, "", "no_table") for one in found.named)


def _asks(own: Own, found: Profile, said: Said, export: Export) -> Iterator[Ask]:
    """What is to be said before rows can be made."""
    for name, taken in own.columns.items():
        column = found.column(taken.headers[0]) if taken.headers else None
        dated = column.dated if column else None
        if taken.reader.reads in ("day", "instant") and column and dated and dated.other and not said.order:
            yield Ask("order", {"header": column.header, "value": column.example}, ("day", "month"), name)
        elif taken.reader.reads in ("day", "instant") and not taken.reader.formats and column:
            yield Ask("no_dates", {"header": column.header, "value": column.example}, (), name)
    if not own.network and not {"network"} & {*own.columns, *own.constants}:
        yield Ask("network", {"file": export.name}, schema.NETWORKS)
    for name in missing(own):
        key = f"no_{name}" if (own.table, name) in (("posts", "published_at"), ("days", "date")) else "column"
        headers = tuple(one.header for one in found.named)
        yield Ask(key, {"column": name, "table": own.table}, readers.levels(name) or headers, name)


def _warnings(own: Own, found: Profile) -> Iterator[tuple[str, Mapping[str, object]]]:
    """What is to be known of what is proposed: pairs of a key under [proposal.warn] and its values."""
    for name in IDS:
        taken = own.columns.get(name)
        if taken and taken.reader.reads == "made":
            yield ("made_of", {"columns": list(taken.of)}) if taken.of else ("made_of_line", {})
    if "published_at" in own.constants:
        yield "one_day", {}
    kind = own.columns.get("kind")
    column = found.column(kind.headers[0]) if kind and kind.headers else None
    if kind and column:
        told = {*readers.words("kinds"), *schema.KINDS, *(normalised(word) for word in kind.reader.words)}
        odd = [cell for cell in column.different if normalised(cell) not in {normalised(w) for w in told}]
        if odd:
            yield "kinds", {"words": odd[:8]}
    if own.summed and own.table in WIDE:
        yield "summed", {"figures": list(UNIQUE)}


# What a person says, and what it would give


def constant(name: str, said: str) -> object:
    """A value that is the same in all rows, as somebody types it. Raises CmlibError for what it cannot be."""
    if name not in ALL:
        raise unknown("column", name, ALL)
    kind, plain = readers.known(name)[0], said.strip()
    if kind in ("day", "instant"):
        if plain == EXPORTED:
            return plain
        try:
            return date.fromisoformat(plain) if len(plain) == 10 else datetime.fromisoformat(plain)
        except ValueError:
            raise _cannot(name, said, "day") from None
    if kind == "flag":
        flags = readers.words("flags")
        if plain.casefold() not in flags:
            raise _cannot(name, said, "bool")
        return flags[plain.casefold()] == "true"
    if readers.levels(name):
        if plain not in readers.levels(name):
            raise unknown("value", plain, readers.levels(name), name)
        return plain
    if kind in ("text", "id"):
        return plain
    try:
        return float(plain)
    except ValueError:
        raise _cannot(name, said, "float") from None


def _cannot(name: str, said: str, kind: str) -> CmlibError:
    return CmlibError("proposal_constant", column=name, value=repr(said), expected=t(f"error.type.{kind}"))


def named(file: str) -> str:
    """What a format is called where nobody says it: as the file is, without its days and numbers."""
    stem = normalised(file.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    words = [word for word in re.split(r"[^a-z]+", stem) if len(word) > 1]
    return "_".join(words)[:60].strip("_") or "my_format"


def preview(export: Export, brand: Brand, of: Proposal, observed: pd.Timestamp | None = None) -> Preview:
    """Which rows would it give? Whose they are may be said later; then the brand's name stands for it."""
    account = ""
    for _ in range(2):
        try:
            reading = importers.read(export, brand, account, observed, of.format)
        except CmlibError as problem:
            if problem.key not in ("account_needed", "observed_needed"):
                raise
            account = brand.slug if problem.key == "account_needed" else account
            observed = pd.Timestamp.now("UTC") if problem.key == "observed_needed" else observed
        else:
            return Preview(reading, nameless=bool(account))
    return Preview(importers.read(export, brand, account, observed, of.format), nameless=bool(account))
