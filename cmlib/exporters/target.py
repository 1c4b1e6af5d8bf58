"""What all targets have in common: how one is declared, how its rules are checked, how its CSV is written."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from cmlib import cells
from cmlib.brand import Brand
from cmlib.cells import capital, word
from cmlib.i18n import number, t

FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet begins a formula
DIRECT = {"image": (".jpg", ".jpeg", ".png"), "video": (".mp4", ".mov")}  # addresses of a file itself
Files = dict[str, bytes]
Row = Mapping[Any, Any]
Mask = Any  # a Series of bools


@dataclass(frozen=True)
class Setting:
    """What an export needs beside the plan and the brand.

    ``template``: a file of the tool that is to be filled. ``free``: of a tool with limits for those who do
    not pay. ``before``: what stands in the folder already, by name.
    """

    now: datetime
    moments: pd.DataFrame
    template: Path | None = None
    free: bool = False
    since: date | None = None
    before: Mapping[str, bytes] = field(default_factory=dict)


Check = Callable[[pd.DataFrame, Setting], Mask]  # which rows break a rule?
Judge = Callable[[pd.DataFrame, Brand, Setting], pd.DataFrame]


def judge(checks: Mapping[str, Check]) -> Judge:
    """A function that says which rows break which of these rules: slot_id, rule, said (what it is about)."""

    def judged(rows: pd.DataFrame, _: Brand, setting: Setting) -> pd.DataFrame:
        ids, said = rows["slot_id"].tolist(), rows[list(_SAID)].to_dict("records")
        found = [
            (ids[n], rule, said[n])
            for rule, check in checks.items()
            for n in np.flatnonzero(check(rows, setting).to_numpy(dtype=bool))
        ]
        return pd.DataFrame(found, columns=["slot_id", "rule", "said"])

    return judged


_SAID = ("when", "network", "account", "kind", "title", "text", "link", "task")
NOTHING = judge({})


@dataclass(frozen=True)
class Exporter:
    """One tool that a plan can be given to.

    ``write`` makes its files, ``broken`` says which rows it would refuse or spoil, ``risky`` which need a
    hand afterwards. ``publishes``: what the file says goes out to the public as it is.
    """

    name: str
    suffix: str
    write: Callable[[pd.DataFrame, Brand, Setting], Files]
    broken: Judge = NOTHING
    risky: Judge = NOTHING
    publishes: bool = False


def told(judged: pd.DataFrame) -> list[str]:
    """What is said of each row that breaks a rule: which post it is, what is wrong, what to do."""
    return [_told(row["rule"], row["said"]) for row in judged.to_dict("records")]


def _told(rule: str, said: Row) -> str:
    first = next((line.strip() for line in said["text"].splitlines() if line.strip()), "")
    title = said["title"] or (first if len(first) <= 60 else first[:59] + "…") or t("export.untitled")
    names = {"network": word("network.{}", said["network"]), "kind": word("kind.{}", said["kind"])}
    post = t("export.post", when=said["when"].to_pydatetime(), title=title, **names)
    return t("export.told", post=post, rule=t(f"export.rule.{rule}", **(dict(said) | names)))


def clock(when: pd.Timestamp, form: str) -> str:
    """An instant as the clock on the wall shows it where the brand is, with no zone."""
    return when.strftime(form)


def twice(when: "pd.Series[Any]") -> Mask:
    """Which instants have a clock time that comes twice, in the night in which the clock is put back?"""
    hour = pd.Timedelta(hours=1)
    clocks = when.dt.tz_localize(None)
    return ((when + hour).dt.tz_localize(None) == clocks) | ((when - hour).dt.tz_localize(None) == clocks)


def media(link: str) -> str:
    """Is this the direct address of an ``image``, of a ``video``, or of neither (empty)?"""
    path = _path(link)
    return next((kind for kind, ends in DIRECT.items() if path.endswith(ends)), "")


def is_web(link: str) -> bool:
    """Does it lead to a web page?"""
    return bool(_path(link))


def _path(link: str) -> str:
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    there = parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", link.strip())
    return (parts.path or "/").lower() if there else ""


def per_account(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Each account's rows, and a name for their file that no other has."""
    pairs = [tuple(map(str, pair)) for pair, _ in rows.groupby(["network", "account"])]
    stems = [_stem(f"{network}-{account}") for network, account in pairs]
    for (network, account), stem in zip(pairs, stems, strict=True):
        alike = stems.count(stem) > 1  # names that differ in what no file name may hold
        mark = "-" + hashlib.sha256(account.encode()).hexdigest()[:6] if alike else ""
        yield stem + mark, rows[(rows["network"] == network) & (rows["account"] == account)]


def _stem(said: str) -> str:
    return re.sub(r"[^\w.-]+", "-", said.lower()).strip("-.")[:80]


def parts(stem: str, rows: pd.DataFrame, most: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows in files of at most so many; ``stem-2of3`` where there are several."""
    many = -(-len(rows) // most)
    for nth in range(many):
        name = stem if many == 1 else f"{stem}-{nth + 1}of{many}"
        yield name, rows.iloc[nth * most : (nth + 1) * most]


def table(lines: Iterable[Iterable[str]], *, mark: bool, quoted: bool = False, separator: str = ",") -> bytes:
    """A CSV; ``mark``: with the mark of UTF-8 at its beginning; ``quoted``: every cell in quotes."""
    made = io.StringIO(newline="")
    writer = csv.writer(
        made,
        delimiter=separator,
        quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    writer.writerows(lines)
    return made.getvalue().encode("utf-8-sig" if mark else "utf-8")


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULAS) else cell


# ── A slot in words ─────────────────────────────────────────────────────────────────────────────────────────


def headline(row: Row) -> str:
    """What a slot is called: its title, else what it is and where."""
    network, kind = word("network.{}", row["network"]), word("kind.{}", row["kind"])
    return " ".join(str(row["title"]).split()) or t("export.headline", network=network, kind=capital(kind))


def because(why: str) -> str:
    """Why is a slot there? Its reasons in a sentence, and somebody's own words as they are."""
    told = t("sheet.separator").join(cells.because(why))
    return capital(told) + "." if told else ""


def state(status: str) -> str:
    """What a status is called: ``In review``."""
    return capital(t(f"editorial.status.{status}"))


def names(moments: pd.DataFrame) -> dict[str, str]:
    """How people call each moment."""
    return dict(zip(moments["moment"], moments["name"], strict=True))


def described(row: Row, moments: Mapping[str, str]) -> str:
    """All that somebody who makes the post needs, in paragraphs: caption, link, and what is planned of it."""
    facts = {
        "account": f"{word('network.{}', row['network'])}, {row['account']}",
        "kind": capital(word("kind.{}", row["kind"])), "pillar": row["pillar"],
        "moment": moments.get(row["moment"], row["moment"]), "owner": row["owner"],
        "status": state(row["status"]), "alt_text": row["alt_text"], "link": row["link"],
        "expected": expectation(row),
    }  # fmt: skip
    lines = [
        t("export.fact", name=t(f"export.column.{key}"), said=str(said))
        for key, said in facts.items()
        if said
    ]
    return "\n\n".join(filter(None, (row["text"].strip(), "\n".join(lines), because(row["why"]))))


def expectation(row: Row) -> str:
    """What is expected of a post, with its interval; empty where nothing can be."""
    if pd.isna(row["expected"]):
        return ""
    value, low, high = (
        number(float(row[name])) if pd.notna(row[name]) else "" for name in ("expected", "low", "high")
    )
    return t("export.expected", value=value, low=low, high=high) if low and high else value
