"""Entering a network: the plan of its first ninety days, kept as a file, held against what came of it.

A plan that nobody holds against the facts is a wish: so its goals are ranges of metrics that the lake gives,
and the KPI report shows, month after month, what was forecast beside what is.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, timedelta
from math import ceil, exp, floor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
from scipy.special import ndtri

from cmlib import brand as brands
from cmlib import brandfile, criteria, facts, i18n, kpis, metrics, schema, start, stats, verdicts
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import speaking, t
from cmlib.platforms import Choice

DAYS = 90
EARLY = 30  # the day before which nothing is judged, and at which half of the posts are due
LIKELY = 0.8  # of all that is to be expected: so much lies between the low and the high of a rate
WEEK = 7
SMALL = 5  # thousands of followers that an account has at most, to be like one that begins
PER_POST = ("median_reach", "median_views", "median_impressions")
SIZE = re.compile(r"(?:(?P<kind>\w+), )?(?:brands )?(?:under |\d+k-)(?P<most>\d+)k followers")
SAID = {"reels": "short_video", "carousels": "carousel", "images": "image", "videos": "video"}
ADDED_UP = ("count", "sum", "followers", "net_growth")  # how metrics are computed that grow with the days


@dataclass(frozen=True)
class Source:
    """Who says so, when, and where that can be read."""

    source: str
    date: str
    address: str


@dataclass(frozen=True)
class Goal:
    """Between which values a metric should be after ninety days, and what that rests on."""

    metric: str  # of METRICS
    low: float
    high: float
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Entry:
    """The plan of the first ninety days on a network."""

    network: str
    start: date
    cadence: tuple[float, float]  # posts a week, the fewest and the most
    kinds: dict[str, float]  # kind of post → its share of the posts
    hours: float  # a week
    money: float  # a month
    goals: tuple[Goal, ...]
    currency: str = "EUR"  # the brand's

    @property
    def end(self) -> date:
        """The last of its days."""
        return self.start + timedelta(days=DAYS - 1)


# ── The plan ────────────────────────────────────────────────────────────────────────────────────────────────


def plan(choice: Choice, network: str, start: date | None = None) -> Entry:
    """How would the first ninety days on a network be, for this brand? They begin today, if nothing is said.

    Raises CmlibError for a network that is none, is closed, is in use, or takes nothing that the team makes.
    """
    _enterable(choice, network)
    costs: dict[str, Any] = {str(name): said for name, said in choice.costs.loc[network].items()}
    kinds = costs["kinds"]
    return Entry(
        network=network,
        start=start or choice.today,
        cadence=(float(costs["cadence_low"]), float(costs["cadence_high"])),
        kinds={kind: _rounded(1 / len(kinds)) for kind in kinds},
        hours=round(float(costs["value"]) / criteria.WEEKS, 2),
        money=round(float(costs["money"]), 2),
        goals=tuple(goal for goal in _goals(choice, network, kinds) if goal),
        currency=choice.brand.currency,
    )


def plans(choice: Choice) -> list[Entry]:
    """What would the first ninety days be on each network that is to be entered or tested, the best first?"""
    found = verdicts.verdicts(choice)
    new = found[found["verdict"].isin(["go", "test"]) & ~found["in_use"].astype("bool")]
    return [plan(choice, network) for network in new["network"]]


def _enterable(choice: Choice, network: str) -> None:
    called = t(f"network.{network}") if network in facts.SOCIAL else network
    if network not in facts.SOCIAL:
        raise unknown("network", network, facts.SOCIAL)
    if network not in choice.networks:
        because = str(choice.about["value"].get((network, "closed_because"), ""))
        raise CmlibError("entry_closed", network=called, because=because)
    used = choice.brand.own(network)
    if used:
        raise CmlibError("entry_in_use", network=called, accounts=[account.label for account in used])
    if not choice.costs.at[network, "kinds"]:
        taken = choice.about["value"].xs(network)
        takes = [kind for kind in schema.KINDS if taken.get(f"format_{kind}") == "yes"]
        file = str(brands.folder(choice.brand.slug) / "brand.toml")
        raise CmlibError("entry_nothing_made", network=called, kinds=_kinds(takes), file=file)


def _goals(choice: Choice, network: str, kinds: Sequence[str]) -> list[Goal | None]:
    advised = choice.about.loc[[(network, "cadence_low"), (network, "cadence_high")]]
    few, most = (float(value) * DAYS / WEEK for value in advised["value"])
    rate, published = choice.rates.loc[network].to_dict(), facts.load("benchmarks", choice.today)
    wide = float(ndtri((1 + LIKELY) / 2)) * rate["sd"]
    low, high = (_rounded(exp(rate["centre"] + side)) for side in (-wide, wide))
    studies = _sources(published[published["where"].isin(rate["facts"])])
    return [
        Goal("posts", round(few), round(most), _sources(advised)),
        Goal(criteria.RATE, low, high, studies)
        if studies
        else None,  # of others' networks: no aim, but a guess
        _per_post(published[published["network"] == network], kinds),
    ]


def _per_post(published: pd.DataFrame, kinds: Sequence[str]) -> Goal | None:
    """What a post gets on accounts that begin: between the least and the most that studies found.

    Of the fewest followers of which there are figures, and of the kinds that are planned; None where fewer
    than two figures were published, since one alone is no range.
    """
    for metric in PER_POST:
        rows = published[published["metric"] == metric]
        sizes = [SIZE.fullmatch(segment) for segment in rows["segment"]]
        most = [int(size["most"]) if size and _planned(size["kind"], kinds) else SMALL + 1 for size in sizes]
        fewest = min(most, default=SMALL + 1)
        rows = rows[[size == fewest for size in most]]
        if fewest <= SMALL and rows["value"].nunique() > 1:
            return Goal(metric, float(rows["value"].min()), float(rows["value"].max()), _sources(rows))
    return None


def _planned(said: str | None, kinds: Sequence[str]) -> bool:
    return said is None or SAID.get(said) in kinds


def _sources(rows: pd.DataFrame) -> tuple[Source, ...]:
    cited = rows[["source", "source_date", "address"]].drop_duplicates()
    return tuple(Source(*map(str, row)) for row in cited.itertuples(index=False))


def _rounded(value: float) -> float:
    """A forecast is not known to more than three digits."""
    return float(f"{value:.3g}")


# ── In words ────────────────────────────────────────────────────────────────────────────────────────────────


def amount(metric: str, value: float) -> str:
    """A goal's figure as people write it."""
    return i18n.percent(value) if metrics.METRICS[metric].unit == "rate" else i18n.number(value)


def says(goal: Goal) -> str:
    """Between which values should it be? ``Median reach per post: 23 to 134``."""
    low, high = amount(goal.metric, goal.low), amount(goal.metric, goal.high)
    return t("entry.goal", metric=t(f"metric.{goal.metric}.name"), low=low, high=high)


def about(entry: Entry) -> dict[str, str]:
    """When is it, at what rhythm, of which kinds, and what does it take? Label → what is said."""
    mix = [f"{t(f'kind.{kind}')} {i18n.percent(share, 0)}" for kind, share in entry.kinds.items()]
    low, high = map(_short, entry.cadence)
    said = {
        "days": t("entry.about.days", first=entry.start, last=entry.end),
        "cadence": t("entry.about.cadence", n=entry.cadence[1], low=low, high=high),
        "kinds": i18n.join(mix),
        "hours": t("entry.about.hours", hours=_short(entry.hours)),
        "money": t("entry.about.money", money=i18n.money(entry.money, entry.currency, whole=True)),
    }
    return {t(f"entry.label.{name}"): words for name, words in said.items()}


def watch(entry: Entry) -> list[str]:
    """What is to be looked at along the way?"""
    said = [t("entry.watch.posts"), t("entry.watch.hours", hours=_short(entry.hours))]
    rates = [goal for goal in entry.goals if metrics.METRICS[goal.metric].unit == "rate"]
    said.append(t("entry.watch.rate") if rates else t("entry.watch.no_rate"))
    where = start.offered(entry.network, "posts").replace("`", "")
    return [*said, t("entry.watch.export", network=t(f"network.{entry.network}"), where=where)]


def stop(entry: Entry) -> list[str]:
    """When is it to be given up, before the ninety days are over?"""
    half = ceil(entry.cadence[0] * EARLY / WEEK / 2)
    told = [goal for goal in entry.goals if metrics.METRICS[goal.metric].estimated]
    return [
        t("entry.stop.posts", n=half, day=EARLY, date=entry.start + timedelta(days=EARLY - 1)),
        *(
            t("entry.stop.below", metric=t(f"metric.{goal.metric}.name"), low=amount(goal.metric, goal.low),
              n=stats.SMALLEST_N)
            for goal in told
        ),
    ]  # fmt: skip


def _short(value: float) -> str:
    return i18n.number(value, 0 if float(value).is_integer() else 1)


def _kinds(kinds: Iterable[str]) -> list[str]:
    return [t(f"kind.{kind}") for kind in kinds]


# ── The file ────────────────────────────────────────────────────────────────────────────────────────────────


def keep(brand: Brand, entry: Entry) -> Path:
    """Write a plan into the brand's folder, explained in the brand's language; its path.

    Raises CmlibError where there is one already, which is left as it is, and where it cannot be written.
    """
    path = _folder(brand) / f"{entry.network}.toml"
    part = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    with speaking(brand.language):
        text = _text(brand, entry)
    try:
        path.parent.mkdir(exist_ok=True)
        part.write_text(text, encoding="utf-8")
        path.hardlink_to(part)  # which, unlike renaming, is never in the place of another
    except OSError as problem:
        if path.exists():
            other = f"{entry.network}-before.toml"
            raise CmlibError("entry_exists", file=str(path), other=other) from None
        raise CmlibError("unwritable", file=str(path), problem=str(problem.strerror)) from None
    finally:
        with suppress(OSError):
            part.unlink()
    return path


def kept(brand: Brand) -> tuple[Entry, ...]:
    """Which plans did the brand keep? By their start. Raises CmlibError for what a file misspells."""
    found = [_read(path, brand.currency) for path in sorted(_folder(brand).glob("*.toml"))]
    return tuple(sorted(found, key=lambda entry: (entry.start, entry.network)))


def _folder(brand: Brand) -> Path:
    return brands.folder(brand.slug) / "entries"


def _text(brand: Brand, entry: Entry) -> str:
    """The file: values as TOML, everything else as comments."""
    goals = [
        f"# {says(goal)}\n[[goals]]\nmetric = {brandfile.quoted(goal.metric)}\nlow = {_number(goal.low)}\n"
        f"high = {_number(goal.high)}\n{_cited(goal.sources)}"
        for goal in entry.goals
    ]
    return t(
        "entry.template.file",
        called=t(f"network.{entry.network}"), brand=" ".join(brand.name.split()), last=entry.end,
        network=brandfile.quoted(entry.network), start=entry.start.isoformat(),
        cadence=f"[{', '.join(map(_number, entry.cadence))}]", hours=_number(entry.hours),
        money=_number(entry.money), currency=" ".join(entry.currency.split()),
        kinds="\n".join(f"{kind} = {_number(share)}" for kind, share in entry.kinds.items()),
        goals="\n".join(goals),
        watch="\n".join(f"# – {said}" for said in watch(entry)),
        stop="\n".join(f"# – {said}" for said in stop(entry)),
    )  # fmt: skip


def _cited(sources: Sequence[Source]) -> str:
    if not sources:
        return f"sources = []  # {t('entry.unpublished')}\n"
    said = [
        ", ".join(f"{name} = {brandfile.quoted(one)}" for name, one in vars(source).items())
        for source in sources
    ]
    return "sources = [\n" + "".join(f"  {{ {one} }},\n" for one in said) + "]\n"


def _number(value: float) -> str:
    return str(int(value) if float(value).is_integer() else float(value))


def _read(path: Path, currency: str) -> Entry:
    where, names = str(path), [f.name for f in fields(Entry) if f.name != "currency"]
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise CmlibError("unreadable", file=where, problem=str(problem.strerror)) from None
    except ValueError as problem:  # no TOML, no UTF-8
        raise CmlibError("bad_toml", file=where, problem=str(problem)) from None
    said = {"goals": [], **said}
    _whole(said, names, names, where)
    if said["network"] not in facts.SOCIAL:
        raise unknown("network", said["network"], facts.SOCIAL, where)
    _fits(type(said["start"]) is date, said, "start", "day", where)  # an instant is a date, too
    _fits(_is_list(said["cadence"], _is_amount, 2), said, "cadence", "range", where)
    _fits(said["cadence"][0] <= said["cadence"][1], said, "cadence", "range", where)
    for key in ("hours", "money"):
        _fits(_is_amount(said[key]), said, key, "amount", where)
    _fits(isinstance(said["kinds"], dict), said, "kinds", "dict", where)
    for kind in said["kinds"]:
        if kind not in schema.KINDS:
            raise unknown("kind", kind, schema.KINDS, where)
        _fits(_is_amount(said["kinds"][kind]), said["kinds"], kind, "amount", where)
    _fits(_is_list(said["goals"], _is_table), said, "goals", "goals", where)
    goals = tuple(_goal(one, f"{where}, [[goals]] {nth}") for nth, one in enumerate(said["goals"], 1))
    return Entry(**(said | {"cadence": tuple(said["cadence"]), "goals": goals}), currency=currency)


def _goal(said: dict[str, Any], where: str) -> Goal:
    _whole(said, [f.name for f in fields(Goal)], ["metric", "low", "high"], where)
    if said["metric"] not in metrics.METRICS:
        raise unknown("metric", said["metric"], metrics.METRICS, where)
    for key in ("low", "high"):
        _fits(_is_number(said[key]), said, key, "float", where)
    _fits(said["low"] <= said["high"], said, "low", "low", where)
    sources = said.get("sources", [])
    _fits(_is_list(sources, _is_table), said, "sources", "sources", where)
    names = [f.name for f in fields(Source)]
    for one in sources:
        _whole(one, names, names, where)
        for key in names:
            _fits(isinstance(one[key], str), one, key, "str", where)
    return Goal(said["metric"], said["low"], said["high"], tuple(Source(**one) for one in sources))


def _whole(said: dict[str, Any], known: Sequence[str], needed: Sequence[str], where: str) -> None:
    for key in said:
        if key not in known:
            raise unknown("key", key, known, where)
    for key in needed:
        if key not in said:
            raise CmlibError("missing_key", key=key, file=where)


def _fits(does: bool, said: dict[str, Any], key: str, expected: str, where: str) -> None:
    if not does:
        told = t(f"error.type.{expected}", key=key)
        raise CmlibError("wrong_value", key=key, value=repr(said[key]), expected=told, where=where)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf")


def _is_amount(value: Any) -> bool:
    return _is_number(value) and value >= 0


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_list(value: object, of: Callable[[Any], bool], size: int = 0) -> bool:
    return isinstance(value, list) and len(value) == (size or len(value)) and all(map(of, value))


# ── Forecast and actual ─────────────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    "network", "start", "metric", "goal_low", "goal_high", "value", "n", "low", "high", "note", "days",
    "verdict", "where",
)  # fmt: skip


def forecasts(subject: kpis.Review) -> pd.DataFrame | None:
    """What was forecast for the networks newly entered, and what came of it? None where nothing was.

    A row per goal of every plan that was kept and had begun when the month ended, for twelve months: network,
    start, metric, goal_low and goal_high (of what adds up, the part that is due), value, n, low, high and
    note (MEASURE, from the start to the end of the month or of the ninety days), days (done), verdict, and
    where (the export that lacks). The verdict is within, above or below (its whole interval, where it has
    one), too_early (fewer than 30 days, or the exports end before), cannot_tell (no interval) or no_data.
    """
    first, last = subject.year[0], subject.span[1]
    shown = [entry for entry in kept(subject.brand) if entry.start <= last and entry.end >= first]
    return pd.concat([_held(subject, entry) for entry in shown], ignore_index=True) if shown else None


def _held(subject: kpis.Review, entry: Entry) -> pd.DataFrame:
    """Each goal of one plan, beside what came of it."""
    end = min(entry.end, subject.span[1])
    tables = {name: table[table["network"] == entry.network] for name, table in subject.tables.items()}
    found = metrics.compute(tables, [goal.metric for goal in entry.goals], start=entry.start, end=end)
    days, until = (end - entry.start).days + 1, _until(tables)
    early = days < EARLY or (until is not None and until < end)
    found = found.assign(
        network=entry.network, start=entry.start, days=days,
        goal_low=[_due(goal, goal.low, days, floor) for goal in entry.goals],
        goal_high=[_due(goal, goal.high, days, ceil) for goal in entry.goals],
        where=start.offered(entry.network, "posts") if until is None else "",
    )  # fmt: skip
    told = ["too_early" if early else _verdict(row) for row in found.to_dict("records")]
    return found.assign(verdict=pd.Series(told, dtype="str").mask(found["value"].isna(), "no_data"))[
        list(COLUMNS)
    ]


def _until(tables: dict[str, pd.DataFrame]) -> date | None:
    """The day up to which all its accounts were exported; None where none ever was."""
    seen = pd.concat([tables[name][["account", "observed_at"]] for name in ("posts", "days")])
    return None if seen.empty else seen.groupby("account")["observed_at"].max().min().date()


def _due(goal: Goal, aim: float, days: int, whole: Callable[[float], int]) -> float:
    """What is due by then: of posts a part, in whole ones; of a rate all of it."""
    metric = metrics.METRICS[goal.metric]
    adds_up = metric.how in ADDED_UP and not metric.per
    return float(whole(aim * days / DAYS)) if adds_up else aim


def _verdict(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["low"]) and metrics.METRICS[row["metric"]].estimated:
        return "cannot_tell"
    low, high = (row["value"] if pd.isna(row[end]) else row[end] for end in ("low", "high"))
    return "below" if high < row["goal_low"] else "above" if low > row["goal_high"] else "within"
