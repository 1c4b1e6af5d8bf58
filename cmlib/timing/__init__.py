"""What works when, and what is a post expected to bring? From the brand's own posts, then from studies.

Of each network, log(1 + count) = account + kind + paid + trend + weekday + hour + luck, where all but account
and paid are random effects, shrunk as far as the data ask for (``mixed``), the hour smooth round the clock.
Whether the weekday or the hour matters is tested before anything is claimed; where neither does, the planner
is told to spread its posts. Published studies say best and worst without a size and contradict each other:
each counts as a fraction of a post. What is promised is held by bench/timing.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit
from threadpoolctl import threadpool_limits

from cmlib.timing import mixed, models
from cmlib.timing.layout import cells, laid
from cmlib.timing.mixed import Floats
from cmlib.timing.models import ENOUGH, Model
from cmlib.timing.posts import COUNTS, WEEKS, counted, time_of_day
from cmlib.timing.sector import sector
from cmlib.timing.studies import said

__all__ = ["COUNTS", "Timing", "conversion_rate", "forecast", "learn", "sector", "together"]

LEVEL = 0.8
CLEAR = 0.95  # of an interval that has to leave out 0, for a cell of a claimed part to be claimed
FEWEST = 4  # posts of an account, for an expectation of its next one
TAU = 0.1  # sd of what a slot does, where there are no posts to learn it from: a tenth more or less
SPREAD = 0.8  # sd of posts of one account, where there are none
SHARES = {"weekday": 0.25, "hour": 0.5, "slot": 0.25}  # of TAU squared, likewise
EFFECTS = ["network", "weekday", "hour", "kind", "effect", "low", "high", "n", "told", "basis"]
NETWORKS = ["network", "n", "timed", "p", "told", "note", "weekday_p", "hour_p", "basis", "tau"]
LEVELS = ["network", "account", "kind", "counts", "n", "level", "error", "spread"]
FORECAST = [
    "expected", "low", "high", "effect", "effect_low", "effect_high", "told", "basis", "counts", "n", "note",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Timing:
    """What works when.

    ``effects``: a row per network, weekday (0 = Monday) and hour, for kind "" (all) and for each kind where
    they are told apart: effect (0.12: 12 % more than at the account's average hour), low, high (80 %), n (own
    posts of that weekday, of this hour and those beside it), told (claimed) and basis (own studies none).
    ``networks``: n (posts), timed (with their hour), p (the smaller of weekday_p and hour_p, after Holm over
    all networks), told, note (too_few, days_only, no_hours, or "" where something is told), basis, and tau
    (sd of what slots do). ``levels``: by network, account and kind, the count that is taken, n, level (log
    of 1 + count, today), its error, and spread (sd of posts). ``models``: what ``forecast`` goes by.
    """

    effects: pd.DataFrame
    networks: pd.DataFrame
    levels: pd.DataFrame
    objective: str
    today: pd.Timestamp
    models: Mapping[str, Model]


@threadpool_limits.wrap(limits=1)  # type: ignore[untyped-decorator]  # the matrices are small: several threads only wait for each other
def learn(posts: pd.DataFrame, times: pd.DataFrame, objective: str, today: date | pd.Timestamp) -> Timing:
    """What works when, on each network? ``posts``: the brand's own, tidy, in its zone; ``times``: studies.

    Left out: posts observed less than a week after they were published, and those of more than two years
    ago. Of accounts that give only days, the hours are unknown, the weekdays are not. Raises CmlibError for
    an ``objective`` that is none of interactions, reach (views, else impressions, where an account has no
    reach) and conversions (learnt from clicks on links).
    """
    now = pd.Timestamp(today).normalize() + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    rows = counted(posts, objective, now)
    studies = said(times, str(posts["published_at"].dt.tz))
    by = {str(name): part.reset_index(drop=True) for name, part in rows.groupby("network", sort=True)}
    plain = {name: models.modelled(part) for name, part in by.items() if len(part) >= FEWEST}
    p = models.claimed({name: models.tests(model) for name, model in plain.items()})
    tested = sum(any(one == one for one in of.values()) for of in p.values())
    found, effects, networks = dict(plain), [], []
    for name in sorted({*by, *studies.networks}):
        model = plain.get(name)
        claims = model and models.fitted(model, models.parts_told(model, p[name], tested))
        frame, tau, basis = _effects(claims, studies.of(name))
        if claims and frame["told"].any():  # else no cell is clear, and nothing is claimed
            found[name] = claims
        row = _summary(by.get(name), p.get(name, {}), bool(frame["told"].any())) | {
            "basis": basis,
            "tau": tau,
        }
        effects.append(frame.assign(network=name, basis=basis))
        networks.append({"network": name} | row)
    levels = [_level(name, model, now) for name, model in found.items()]
    return Timing(
        _stacked(effects, EFFECTS).astype({"told": "bool"}),
        pd.DataFrame(networks, columns=NETWORKS).astype({"told": "bool"}), _stacked(levels, LEVELS),
        objective, now, found,
    )  # fmt: skip


def _stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _summary(rows: pd.DataFrame | None, p: Mapping[str, float], told: bool) -> dict[str, object]:
    """What is said of a network as a whole."""
    n, timed = (0, 0) if rows is None else (len(rows), int(rows["hour"].notna().sum()))
    weekday, hour = p.get("weekday", np.nan), p.get("hour", np.nan)
    note = "too_few" if n < ENOUGH else "days_only" if timed < ENOUGH else "no_hours"
    smaller = np.nan if np.isnan([weekday, hour]).all() else np.nanmin([weekday, hour])
    return {
        "n": n, "timed": timed, "p": smaller, "told": told, "note": "" if told else note,
        "weekday_p": weekday, "hour_p": hour,
    }  # fmt: skip


def _effects(model: Model | None, studies: tuple[Floats, Floats, Floats]) -> tuple[pd.DataFrame, float, str]:
    """Every weekday and hour of one network, the sd of what they do, and on what that stands.

    Where something is told, only that is shown, so that nobody chases the rest; where nothing is, all that
    the posts hint at, with its doubt.
    """
    timed = 0 if model is None else int(model.rows["hour"].notna().sum())
    if model is None or not (timed >= ENOUGH or model.told):
        whole, basis = _prior(SPREAD if model is None else model.spread), "studies"
    else:
        whole = model if model.told else models.fitted(model, ("weekday", "hour", "slot"))
        basis = "own"
    tau = float(np.sqrt(whole.fit.variance * sum(whole.fit.ratios[part] for part in whole.told)))
    shares, side, weight = studies
    fit = whole.fit.heard(shares @ _asked(whole, cells()), tau * side, weight)
    basis = basis if basis == "own" or len(side) else "none"
    kinds = whole.layout.kinds if "kind_hour" in whole.told else ()
    claimed = model.told if model is not None else ()
    frames = [_cells(whole, fit, kind, claimed) for kind in ("", *kinds)]
    return pd.concat(frames, ignore_index=True), tau, basis


def _prior(spread: float) -> Model:
    """A network without posts whose hour is known: a declared sd of what slots do."""
    layout = laid(cells().assign(account="", paid=0.0, week=0.0))
    nothing = cells().assign(account="", paid=0.0, week=0.0)[:0]
    ratios = {name: share * TAU**2 / spread**2 for name, share in SHARES.items()}
    parts = {name: z for name, z in layout.slots(nothing).items() if name in ratios}
    fit = mixed.given(np.zeros(0), np.zeros((0, 0)), parts, ratios, variance=spread**2)
    return Model(nothing, layout, 0.0, tuple(ratios), fit)


def _asked(model: Model, rows: pd.DataFrame, only: str = "") -> Floats:
    """The weights that the coefficients of weekdays and hours have at these cells."""
    weights = np.zeros((len(rows), len(model.fit.coef)))
    for name, z in model.layout.slots(rows).items():
        if name in model.fit.places and only in ("", name):
            weights[:, model.fit.places[name]] = z
    return weights


def _cells(model: Model, fit: mixed.Fit, kind: str, claimed: tuple[str, ...]) -> pd.DataFrame:
    """Every weekday and hour: its effect with an interval, and whether it is claimed."""
    grid = cells(kind)
    centre, error = fit.expect(_asked(model, grid))
    half = _quantile(model, LEVEL) * error
    told = np.zeros(len(grid), dtype=bool)
    for part in claimed:
        own, doubt = fit.expect(_asked(model, grid, part))
        clear = np.abs(own) > _quantile(model, CLEAR) * doubt
        told |= clear & (np.abs(centre) > half) & (np.sign(own) == np.sign(centre))
    rows = model.rows if not kind else model.rows[model.rows["kind"] == kind]
    effect, low, high = np.expm1([centre, centre - half, centre + half])
    hour = (grid["hour"] - 0.5).astype("int64")
    columns = {"effect": effect, "low": low, "high": high, "n": _near(grid, rows), "told": told}
    return grid.assign(hour=hour, **columns)


def _quantile(model: Model, level: float) -> float:
    """Student's where there are posts, the normal's where a declared spread is taken."""
    tail = (1 + level) / 2
    return float(stdtrit(model.fit.df, tail) if len(model.rows) else ndtri(tail))


def _near(grid: pd.DataFrame, rows: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """How many posts are of the same weekday, and of the hour or those beside it?"""
    known = rows.dropna(subset=["hour"])
    counts = np.zeros((7, 24), dtype=np.int64)
    np.add.at(counts, (known["weekday"].to_numpy(int), known["hour"].to_numpy(float).astype(int)), 1)
    near = counts + np.roll(counts, 1, axis=1) + np.roll(counts, -1, axis=1)
    return np.asarray(near[grid["weekday"].to_numpy(int), (grid["hour"] - 0.5).to_numpy(int)])


# ── What a post is expected to bring ────────────────────────────────────────────────────────────────────────


def forecast(
    timing: Timing, slots: pd.DataFrame, per_click: float | Mapping[str, float] | None = None
) -> pd.DataFrame:
    """What is one post at each slot expected to bring? ``slots``: network, account, kind and when.

    Same index: expected (the mean, by Duan's smearing, 1983), low and high (80 % of such posts lie between),
    effect, effect_low, effect_high, told and basis (of ``Timing.effects``: for its kind, where kinds are told
    apart), counts (what is counted), n (own posts of account and kind) and note: no_posts or too_few where
    the account has none or hardly any, no_rate where ``per_click``, the share of clicks that convert (one, or
    by network), lacks for conversions; expected is then null.

    Effects are in what is expected on networks of which any is told, and where there are only studies.
    """
    found = pd.DataFrame(index=slots.index, columns=FORECAST, dtype="object")
    for name, some in slots.groupby(slots["network"].astype("object"), sort=True):
        found.loc[some.index] = _forecast(timing, str(name), some).to_numpy(dtype="object")
    found = found.infer_objects().astype(dict.fromkeys(FORECAST[:6], "float64"))
    if timing.objective == "conversions":
        rates = per_click if isinstance(per_click, Mapping) else dict.fromkeys(slots["network"], per_click)
        rate = slots["network"].astype("object").map(dict(rates)).astype("float64")
        for column in ("expected", "low", "high"):
            found[column] *= rate
        found["note"] = found["note"].where(rate.notna() | (found["note"] != ""), "no_rate")
    return found.astype({"told": "bool", "n": "int64"})


def conversion_rate(visits: pd.DataFrame) -> float:
    """Which share of the sessions from networks converts? Null without any session.

    Conversions over sessions of social traffic, as ``social_conversion_rate`` of the KPIs.
    """
    social = visits[visits["network"].astype("str") != "web"].dropna(subset=["conversions"])
    sessions = float(social["sessions"].sum())
    return float(social["conversions"].sum()) / sessions if sessions else np.nan


def _forecast(timing: Timing, network: str, slots: pd.DataFrame) -> pd.DataFrame:
    """The forecast of the slots of one network."""
    rows = _rows(timing, slots)
    rows = rows.assign(**_effect_at(timing, network, rows))
    model = timing.models.get(network)
    if model is None:
        few = timing.networks.loc[timing.networks["network"] == network, "n"].sum() > 0
        return rows.assign(
            expected=np.nan, low=np.nan, high=np.nan, counts="", n=0, note="too_few" if few else "no_posts"
        )[FORECAST]
    centre, spread = _ahead(model, rows)
    only = np.where(rows["basis"] == "studies", np.log1p(rows["effect"].fillna(0)), 0.0)
    half = stdtrit(model.fit.df, (1 + LEVEL) / 2) * spread
    smear = np.exp(model.fit.scatter * np.sqrt(1 + model.luck)).mean()
    own = model.rows.groupby("account").size().reindex(rows["account"]).fillna(0).to_numpy()
    enough = np.where(own >= FEWEST, 1.0, np.nan)
    keys = pd.MultiIndex.from_frame(rows[["account", "kind"]])
    return rows.assign(
        expected=np.maximum(np.exp(centre + only) * smear - 1, 0) * enough,
        low=np.maximum(np.expm1(centre + only - half), 0) * enough,
        high=np.maximum(np.expm1(centre + only + half), 0) * enough,
        counts=rows["account"].map(model.rows.groupby("account")["counts"].first()).fillna(""),
        n=model.rows.groupby(["account", "kind"]).size().reindex(keys).fillna(0).to_numpy(int),
        note=np.select([own == 0, own < FEWEST], ["no_posts", "too_few"], ""),
    )[FORECAST]


def together(timing: Timing, slots: pd.DataFrame) -> tuple[float, float, float]:
    """How much will all these posts bring together? The sum of what is ``expected``, and low and high (80 %).

    ``slots``: network, account, kind, when, and expected, low and high as they were forecast. Each post has
    its own luck, but all of a network share what is not known of its level and its trend; a lognormal with
    the mean and the variance of the sum (Fenton 1960). Of posts that no model knows, all luck is shared.
    """
    total, variance = float(slots["expected"].sum()), 0.0
    for name, some in slots.groupby(slots["network"].astype("object"), sort=True):
        mean, model = some["expected"].to_numpy(np.float64), timing.models.get(str(name))
        if model is None:
            ends = np.log(np.maximum(some[["low", "high"]].to_numpy(np.float64), 1.0))
            shared = np.full((len(some), len(some)), ((ends[:, 1] - ends[:, 0]).mean() / 2 / ndtri(0.9)) ** 2)
        else:
            weights, more = _aimed(model, _rows(timing, some))
            shared = model.fit.variance * (weights @ model.fit.inverse @ weights.T)
            shared += np.minimum.outer(more, more) + model.spread**2 * np.eye(len(some))
        variance += float(mean @ np.expm1(shared) @ mean)
    if total <= 0:
        return total, total, total
    sigma = float(np.sqrt(np.log1p(variance / total**2)))
    half = float(ndtri((1 + LEVEL) / 2)) * sigma
    return total, total * float(np.exp(-(sigma**2) / 2 - half)), total * float(np.exp(half - sigma**2 / 2))


def _rows(timing: Timing, slots: pd.DataFrame) -> pd.DataFrame:
    """Slots as a model takes them."""
    when = slots["when"].dt.tz_localize(None)
    return pd.DataFrame({
        "account": slots["account"].astype("object"), "kind": slots["kind"].astype("object"), "paid": 0.0,
        "weekday": when.dt.day_of_week, "hour": time_of_day(when), "week": _week(when, timing.today),
    }).reset_index(drop=True)  # fmt: skip


def _week(when: pd.Series, today: pd.Timestamp) -> pd.Series:
    """Weeks since the same day as in the posts that were learnt from."""
    begin = (today - pd.Timedelta(weeks=WEEKS)).normalize()
    return (when - begin).dt.total_seconds() / (7 * 24 * 3600)


def _effect_at(timing: Timing, network: str, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """The effect at the weekday and hour of each row: of its kind, where kinds are told apart."""
    here = timing.effects[timing.effects["network"] == network]
    kind = rows["kind"].where(rows["kind"].isin(here["kind"]), "")
    keys = pd.MultiIndex.from_arrays([rows["weekday"], rows["hour"] // 1, kind])
    at = here.set_index(["weekday", "hour", "kind"]).reindex(keys).reset_index(drop=True)
    return {
        "effect": at["effect"].astype("float64"), "effect_low": at["low"].astype("float64"),
        "effect_high": at["high"].astype("float64"), "told": at["told"].eq(True),
        "basis": at["basis"].fillna("none"),
    }  # fmt: skip


def _ahead(model: Model, rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """The expected logarithm of one more post, and how far it may be off."""
    weights, more = _aimed(model, rows)
    centre, error = model.fit.expect(weights)
    return centre, np.sqrt(error**2 + more + model.spread**2)


def _aimed(model: Model, rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """The weights of the coefficients in each row, and the variance of what no coefficient says of it.

    The trend may have moved on since the last step that is known, and a kind that the account never made may
    differ as much as kinds do.
    """
    fit, weights = model.fit, _asked(model, rows)
    weights[:, fit.places[""]] = model.layout.fixed(rows)
    more = np.zeros(len(rows))
    for name, z in model.layout.levels(rows).items():
        if name in fit.places:
            weights[:, fit.places[name]] = z
            unknown = 1.0 - np.minimum((z**2).sum(axis=1), 1.0) if name == "kind" else _since(model, rows)
            more += fit.ratios[name] * fit.variance * unknown
    return weights, more


def _since(model: Model, rows: pd.DataFrame) -> Floats:
    """Weeks since the last step of the trend."""
    last = model.layout.steps.max(initial=0.0)
    return np.asarray(np.maximum(rows["week"].to_numpy(np.float64) - last, 0.0))


def _level(network: str, model: Model, now: pd.Timestamp) -> pd.DataFrame:
    """Today's level of each account and kind that has posts."""
    groups = model.rows.groupby(["account", "kind"]).agg(n=("y", "size"), counts=("counts", "first"))
    rows = groups.reset_index().assign(paid=0.0, weekday=0, hour=np.nan, week=float(WEEKS))
    plain = models.Model(model.rows, model.layout, model.luck, (), model.fit)
    centre, spread = _ahead(plain, rows)
    error = np.sqrt(np.maximum(spread**2 - model.spread**2, 0))
    return rows.assign(network=network, level=centre, error=error, spread=model.spread)[LEVELS]
