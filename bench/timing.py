"""How often is noise taken for a good hour, how often is one found, do 80 % of posts lie within 80 %?"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from cmlib import facts, schema
from cmlib import timing as hours

ZONE = "Europe/Paris"
TODAY = pd.Timestamp("2026-10-01")
OFTEN = np.array((2, 2, 3, 3, 5, 4, 2, 2, 2, 4, 5, 4, 2))  # how often a post goes out at 8, 9 … 20 o'clock
STUDIES = facts.load("best_times").query("network in ('instagram', 'all')")
KINDS = np.array(["image", "carousel", "short_video"])


def posts(
    seed: int, network: str = "instagram", n: int = 150, weeks: int = 52, *, spread: float = 0.6,
    gain: float = 0.0, when: tuple[int, int] = (18, 21), trend: float = 0.0, negative: bool = False,
    typical: float = 150.0, kinds: int = 3, luck: float = 0.0, a_day: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """Tidy posts of one account: log-normal with this ``spread``, or negative binomial of shape 2.

    ``gain``: how much more a post gets in the hours ``when``; ``trend``: growth of the logarithm in a year;
    ``luck``: sd of what the posts of one day share; ``a_day``: how many these are, at most.
    """
    rng = np.random.default_rng([seed, n, sum(map(ord, network))])
    day = np.sort(rng.choice(np.repeat(np.arange(weeks * 7), a_day), n, replace=n > weeks * 7 * a_day))
    hour = rng.choice(np.arange(8, 21), n, p=OFTEN / OFTEN.sum())
    kind = rng.integers(0, kinds, n)
    centre = np.log(typical) + 0.4 * (kind - 1) + trend * day / 365
    centre += np.log1p(gain) * ((hour >= when[0]) & (hour < when[1]))
    centre += luck * rng.standard_normal(weeks * 7)[day]
    if negative:
        count = rng.poisson(np.exp(centre) * rng.gamma(2, 1 / 2, n))
    else:
        count = np.round(np.exp(centre + spread * rng.standard_normal(n)))
    first = TODAY - pd.Timedelta(weeks=weeks, days=8)
    at = (
        first + pd.to_timedelta(day, unit="D") + pd.to_timedelta(hour * 60 + rng.integers(0, 60, n), unit="m")
    )
    frame = pd.DataFrame({
        "brand": "bench", "network": network, "account": "a", "source": "0" * 64,
        "post_id": np.arange(n).astype("str"),
        "published_at": at.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward").tz_convert("UTC"),
        "observed_at": TODAY.tz_localize("UTC"), "kind": KINDS[kind], "interactions": count.astype("int64"),
    })  # fmt: skip
    return local(schema.check("posts", frame))


def local(tidy: pd.DataFrame) -> pd.DataFrame:
    """As the store reads it, in the brand's zone."""
    return tidy.assign(**{name: tidy[name].dt.tz_convert(ZONE) for name in ("published_at", "observed_at")})


def brand(seed: int, networks: int = 1, **asked: Any) -> hours.Timing:
    """What is learnt of a brand on so many networks, the first with what is ``asked``, the others noise."""
    names = ("instagram", "facebook", "linkedin", "x")[:networks]
    calm = {name: value for name, value in asked.items() if name != "gain"}
    parts = [posts(seed, name, **(asked if name == "instagram" else calm)) for name in names]
    return hours.learn(pd.concat(parts), STUDIES, "interactions", TODAY)


AHEAD = 12  # posts that are foretold
NOISE: dict[str, dict[str, Any]] = {
    "1 network, 40 posts": {"n": 40},
    "1 network, 150 posts": {},
    "3 networks, 150 posts": {"networks": 3},
    "negative binomial, few each": {"networks": 3, "negative": True, "typical": 6.0},
    "growing, 3 networks": {"networks": 3, "trend": 1.0},
    "300 posts, 3 a day, shared luck": {"n": 300, "a_day": 3, "luck": 0.5},
}


def claims(runs: int) -> str:
    """In how many brands is any hour or weekday claimed, where none matters (5 % are meant)?"""
    lines = [f"No hour matters: any claimed, in % of {runs} brands (5 at most are meant)"]
    for name, asked in NOISE.items():
        found = [bool(brand(seed, **asked).networks["told"].any()) for seed in range(runs)]
        lines.append(f"  {name:34} {100 * np.mean(found):5.1f}")
    return "\n".join(lines)


def power(runs: int) -> str:
    """How often is a planted evening found, and is it the one that is claimed?"""
    lines = [
        "An evening of +40 % (27 % of the posts, sd of log 0.6): found, in %; its effect; claims elsewhere"
    ]
    for networks, n in ((1, 100), (1, 150), (1, 200), (1, 300), (3, 150), (3, 300)):
        found, effect, wrong = [], [], []
        for seed in range(runs):
            told = brand(seed, networks, n=n, gain=0.4).effects.query("network == 'instagram' and kind == ''")
            inside = told["hour"].between(18, 20)
            found.append(told.loc[inside, "told"].any())
            effect.append(told.loc[inside & (told["hour"] == 19), "effect"].mean())
            wrong.append((told["told"] & ~inside & (told["effect"] > 0)).any())
        lines.append(
            f"  {networks} network(s), {n} posts   {100 * np.mean(found):5.1f}   "
            f"{np.mean(effect):+.2f}   {100 * np.mean(wrong):4.1f}"
        )
    return "\n".join(lines)


SCENARIOS: dict[str, dict[str, Any]] = {
    "lognormal, sd 0.6": {},
    "lognormal, sd 1.2": {"spread": 1.2},
    "negative binomial": {"negative": True},
    "negative binomial, few": {"negative": True, "typical": 8.0},
    "doubling in a year": {"trend": 0.7},
    "shared luck, 3 a day": {"luck": 0.4, "a_day": 3},
}


def calibration(runs: int, scenarios: dict[str, dict[str, Any]] = SCENARIOS) -> str:
    """How many of the next posts lie within their interval, and what do they bring on average?"""
    sizes = (5, 12, 20, 50, 150)
    lines = ["% of new posts within 80 %; actual over expected" + "".join(f"{n:>14}" for n in sizes)]
    for name, asked in scenarios.items():
        line = f"  {name:46}"
        for n in sizes:
            inside, actual, expected = [], [], []
            for seed in range(runs):
                made = posts(seed, n=n + AHEAD, weeks=max(14, min(52, n)), **asked)
                old, new = made.iloc[:n], made.iloc[n:]
                learnt = hours.learn(old, STUDIES, "interactions", TODAY)
                slots = new[["network", "account", "kind"]].assign(when=new["published_at"])
                said = hours.forecast(learnt, slots)
                got = new["interactions"].astype("float64")
                inside.append(got.between(said["low"].round(), said["high"].round()).mean())
                actual.append(got.mean())
                expected.append(said["expected"].mean())
            line += f"{100 * np.mean(inside):8.1f}{np.mean(actual) / np.mean(expected):6.2f}"
        lines.append(line)
    return "\n".join(lines)


def table(runs: int = 100) -> str:
    """False alarms, power, calibration."""
    every: dict[Callable[[int], str], int] = {claims: runs, power: runs // 2, calibration: runs // 2}
    return "\n".join(part(times) for part, times in every.items())


if __name__ == "__main__":
    print(table())
