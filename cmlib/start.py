"""What has come in, what still lacks for the month, and what to do next: the first notebook.

``intake`` is the one way in for an export, whether it was dropped on the page or named on the command line.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from cmlib import brand as brands
from cmlib import i18n, importers, periods, store
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.i18n import has, t
from cmlib.importers.known import surveys
from cmlib.importers.known.questions import Question

WANTED = ("posts", "days", "audience")  # what every account should have


@dataclass(frozen=True)
class Taken:
    """What became of one file: read (and new to the lake, or there already), or refused with the reason."""

    name: str
    reading: importers.Reading | None = None
    new: bool = False
    refused: str = ""
    key: str = ""  # of the reason

    @property
    def unknown(self) -> bool:
        """Was it refused since no format reads it?"""
        return self.key.startswith("unrecognised")


def intake(
    files: Iterable[importers.File], slug: str, account: str = "", observed: pd.Timestamp | None = None
) -> Iterator[Taken]:
    """Import files into a brand's lake, one after the other; a refused one does not stop the others."""
    who = brands.load(slug)
    for file in files:
        try:
            reading = importers.read(importers.open_export(file), who, account, observed)
            yield Taken(file.name, reading, store.add(slug, reading))
        except CmlibError as problem:
            yield Taken(file.name, refused=str(problem), key=problem.key)


@dataclass(frozen=True)
class Waiting:
    """A survey of which somebody has to say what it asks, with what each question seems to be."""

    file: importers.File
    questions: list[tuple[Question, str]]


def waiting(slug: str) -> list[Waiting]:
    """Which surveys of the inbox wait for somebody to say which of their questions is NPS or CSAT?"""
    who, held = brands.load(slug), set(store.digests(slug))
    inbox = brands.folder(slug) / "inbox"
    found = []
    for file in importers.walk(inbox) if inbox.exists() else ():
        try:
            export = None if file.digest in held else importers.open_export(file)
            asked = surveys.unsaid(surveys.survey(export), who) if export else []
        except CmlibError:  # no survey, or none that can be read: whoever imports it is told
            continue
        if asked:
            found.append(Waiting(file, asked))
    return found


def outcomes(taken: Iterable[Taken]) -> pd.DataFrame:
    """What became of each file? name, outcome, format, account, rows, aside; no format where it was refused.

    Of what a card of the page asks for, that there is one.
    """
    asked = {"unrecognised": "unknown", "survey_waits": "waits"}
    rows = []
    for one in taken:
        came = asked.get(one.key) or ("new" if one.new else "known")
        told = t(f"start.taken.{came}") if one.key in asked or not one.refused else one.refused
        read = one.reading
        notes = [t(f"import.note.{note}") for note in read.notes] if read else []
        told = " ".join([f"{told}.", *notes]) if notes else told
        found = (
            [read.format, read.account, sum(map(len, read.tables.values())), len(read.aside)] if read else []
        )
        rows.append([one.name, told, *(found or [None] * 4)])
    return pd.DataFrame(rows, columns=["name", "outcome", "format", "account", "rows", "aside"])


def keep(inbox: Path, name: str, content: bytes) -> Path:
    """Keep an uploaded file in the inbox, under its own last name; never over another one."""
    inbox.mkdir(parents=True, exist_ok=True)
    last = "".join(letter for letter in Path(name.replace("\\", "/")).name if letter.isprintable())
    plain = Path(last.lstrip(".") or "export")
    stem = plain.stem.encode()[:200].decode(errors="ignore")  # as long as a disk takes
    suffix = plain.suffix[:10]
    path, count = inbox / f"{stem}{suffix}", 1
    while path.is_symlink() or (path.exists() and not (path.is_file() and path.read_bytes() == content)):
        count += 1
        path = inbox / f"{stem} ({count}){suffix}"
    path.write_bytes(content)
    return path


@dataclass(frozen=True)
class Start:
    """A brand at the door of a month: what the lake holds of it."""

    brand: Brand
    month: date
    tables: Mapping[str, pd.DataFrame]
    sources: pd.DataFrame

    @property
    def heading(self) -> dict[str, object]:
        """What its page's title is told."""
        return {"brand": self.brand.name, "month": self.month, "n": self.sources["source"].nunique()}


def review(brand: str, month: str = "") -> Start:
    """Gather what is there. Empty ``month``: the last whole one."""
    who = brands.load(brand)
    today = pd.Timestamp.now(who.zone).date()
    chosen = periods.period(month) if month else periods.back(today, 1).date()
    return Start(who, chosen, store.load(who), store.sources(brand))


def recognised(subject: Start) -> pd.DataFrame:
    """Which files has the lake, and what was read in them? The newest first."""
    newest = subject.sources.sort_values(["observed_at", "name"], ascending=[False, True], ignore_index=True)
    return newest[["name", "format", "network", "account", "table", "rows", "first", "last", "aside"]]


def missing(subject: Start) -> pd.DataFrame | None:
    """What is missing for the month, and where is it exported from? None while no account is known.

    A row per own account and table that is not whole: network, account, table, until (the last day there
    is), state ("none", "partial"), and where: the menu path of the network that exports it.
    """
    if not _accounts(subject):
        return None
    first, last = periods.months(subject.month)
    found = store.missing_days(dict(subject.tables), first, last)
    days = found.set_index(["network", "account", "table"])["missing_days"].to_dict()
    rows: list[tuple[object, ...]] = []
    for account in _accounts(subject):
        for table in ("visits",) if account.network == "web" else WANTED:
            until = _until(subject, account, table)
            lacks = days.get((account.network, account.handle, table), 0)
            if until is None or until < pd.Timestamp(last) or lacks:
                state = "none" if until is None or until < pd.Timestamp(first) else "partial"
                where = offered(account.network, table)
                rows.append((account.network, account.label, table, until, state, where))
    return pd.DataFrame(rows, columns=["network", "account", "table", "until", "state", "where"])


def next_steps(subject: Start) -> list[tuple[str, dict[str, object]]]:
    """What to do now? (key, values) of sentences."""
    slug, month = subject.brand.slug, f"{subject.month:%Y-%m}"
    if not subject.brand.accounts:
        return [("name_accounts", {"file": str(brands.folder(slug) / "brand.toml")})]
    if subject.sources.empty:
        return [("import_first", {"folder": str(brands.folder(slug) / "inbox"), "brand": slug})]
    lacking = missing(subject)
    if lacking is not None and len(lacking):
        return [
            ("complete", {"n": len(lacking), "month": i18n.month(subject.month)}),
            ("report_anyway", {"brand": slug, "month": month}),
        ]
    return [("report", {"brand": slug, "month": month})]


def _accounts(subject: Start) -> list[Account]:
    """The brand's own accounts: those that brand.toml names, else those that have been seen."""
    own = [a for a in subject.brand.accounts if not a.rival]
    if own:
        return own
    tables = [table[["network", "account"]] for name, table in subject.tables.items() if name != "moments"]
    seen = pd.concat(tables).drop_duplicates()
    return [Account(str(network), account) for network, account in seen.itertuples(index=False)]


def _until(subject: Start, account: Account, table: str) -> pd.Timestamp | None:
    """The last day that is known of an account: for posts and audience, the day they were exported."""
    rows = subject.tables[table]
    mine = rows[(rows["network"] == account.network) & (rows["account"] == account.handle)]
    if mine.empty:
        return None
    last = mine["date" if "date" in mine else "observed_at"].max()
    return pd.Timestamp(last).tz_localize(None).normalize()


def offered(network: str, table: str) -> str:
    """Where does a network offer this? The menu path; cmlib's own CSV where it exports nothing."""
    if (network, table) == ("linkedin", "audience"):
        return t("format.linkedin_followers.where")  # which holds both
    whose = {"facebook": "meta", "instagram": "meta", "web": "ga4"}.get(network, network)
    for name, found in importers.formats().items():
        fits = found.table == table and found.network in ("", network) and name.startswith(f"{whose}_")
        if fits and has(f"format.{name}.where"):
            return t(f"format.{name}.where")
    return t("format.generic.where")
