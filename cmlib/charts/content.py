"""The charts of what rivals publish: what works for them, when, what they talk about, what they launched."""

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cmlib import i18n
from cmlib.cells import capital, relative, share
from cmlib.charts.competitors import ENDS, ROW, beside, between, called, months, ranged
from cmlib.charts.drawing import (
    ACCENT,
    GREY,
    INK,
    LETTER,
    MUTED,
    SLIM,
    Chart,
    Drawing,
    layer,
    layered,
    listed,
    named,
    number,
)
from cmlib.charts.heat import cells, heat
from cmlib.i18n import t

TOPICS, NAMED, WHO = 12, 214, 8  # rows of the map of topics, the width of their names, and its columns
WORDS = 3  # of a topic that stand in the map
OPERATIONS = 14  # in the timeline: the newest
LEAST, LARGEST = -0.9, 3.0  # of a lift that is drawn
POOR, GOOD = 0.4, 2.0  # over the habit: the palest and the darkest cell
COLOURS = {
    "contest": "#c51364", "promotion": "#8a5a00", "launch": ACCENT, "partnership": "#4b2e83", "other": MUTED,
    "burst": MUTED,
}  # fmt: skip

# ── What works, and when ────────────────────────────────────────────────────────────────────────────────────


def traits(frame: pd.DataFrame) -> Chart:
    """Which traits go with more interactions? A row for each that could be tested, the clearest first."""
    known = frame.dropna(subset=["change", "low", "high"]) if len(frame) else frame
    if known.empty:
        return Drawing({})
    ordered = known.sort_values("change", ascending=False, kind="stable")
    width = SLIM - ENDS - 70
    sure = ordered["verdict"].isin(["works", "hurts"])
    drawn = pd.DataFrame({
        "name": [capital(t(f"rival.trait.{name}")) for name in ordered["trait"]],
        **{end: ordered[end].clip(LEAST, LARGEST).to_numpy("float64") for end in ("change", "low", "high")},
        "said": [relative(v) for v in ordered["change"]],
        "colour": sure.map({True: ACCENT, False: MUTED}).to_numpy(),
    })  # fmt: skip
    ends = between(min(0.0, float(drawn["low"].min())), max(0.0, float(drawn["high"].max())))
    y, x, height = named("name", sort=None, axis=None), number("change", **ends), ROW * len(drawn)
    zero = pd.DataFrame({"change": [0.0], "said": [t("chart.traits_zero")]})
    below = {"x": x, "y": {"value": height + 14}, "text": named("said")}
    layers = [
        layer("rule", zero, {"x": x, "y": {"value": 0}, "y2": {"value": height}}, color=GREY),
        layer("text", zero, below, fontSize=12, color=MUTED),
        *ranged(drawn, "change", ends, y),
        *beside(drawn, y, width),
    ]
    values = listed(f"{one['name']} {one['said']}" for one in drawn.to_dict("records"))
    return layered(layers, (width, height), t("chart.traits_title"), t("chart.traits_subtitle"),
                   t("chart.traits_alt", values=values))  # fmt: skip


def hours(frame: pd.DataFrame) -> Chart:
    """When do posts do better than their account is used to? Weekdays by blocks of hours."""
    if frame["value"].isna().all():
        return Drawing({})
    drawn = cells(
        [t(f"chart.day_{n}") for n in frame["weekday"]],
        [t("chart.from_hour", n=str(h)) for h in frame["hour"]],
        (frame["value"].clip(POOR, GOOD) - POOR).fillna(0.0),
        [i18n.number(v, 1) if pd.notna(v) else "" for v in frame["value"]],
    )
    layers, size = heat(drawn, GOOD - POOR)
    best = frame.dropna(subset=["value"]).nlargest(3, "value", keep="all").head(3)
    values = listed(
        f"{t(f'chart.day_{day}')} {t('chart.from_hour', n=str(hour))} {i18n.number(value, 1)}"
        for day, hour, value in zip(best["weekday"], best["hour"], best["value"], strict=True)
    )
    return layered(
        layers, size, t("chart.hours_title"), t("chart.hours_subtitle"), t("chart.hours_alt", values=values)
    )


# ── Topics and operations ───────────────────────────────────────────────────────────────────────────────────


def gaps(frames: Mapping[str, pd.DataFrame]) -> Chart:
    """Who talks about what? Topics by account: the share of its posts; ours stands first."""
    shares = frames["shares"]
    if shares.empty:
        return Drawing({})
    largest = shares.groupby("topic")["n"].sum().nlargest(TOPICS, keep="all").index[:TOPICS]
    ours = shares.loc[shares["ours"], "who"].unique().tolist()
    others = (
        shares[~shares["ours"]].groupby("who")["n"].sum().sort_values(ascending=False, kind="stable").index
    )
    who = [*ours, *others][:WHO]
    grid = pd.MultiIndex.from_product([sorted(largest), who], names=["topic", "who"])
    values = shares.set_index(["topic", "who"])["share"].reindex(grid).fillna(0.0).reset_index()
    words = shares.drop_duplicates("topic").set_index("topic")["words"]
    names = [_wrapped(", ".join(words[topic].split(", ")[:WORDS]), NAMED) for topic in values["topic"]]
    drawn = cells(names, [called(one) for one in values["who"]], values["share"],
                  [share(v) if v > 0 else "" for v in values["share"]])  # fmt: skip
    described = listed(
        f"{words[topic]}{t('sheet.colon')} "
        + i18n.join(
            f"{row['who']} {share(row['share'])}" for row in rows.to_dict("records") if row["share"] > 0
        )
        for topic, rows in values.groupby("topic")
    )
    return layered(*heat(drawn, float(drawn["share"].max()), NAMED), t("chart.gaps_title"),
                   t("chart.gaps_subtitle"), t("chart.gaps_alt", values=described))  # fmt: skip


def operations(frame: pd.DataFrame) -> Chart:
    """Which operations were launched, and when? A row for each rival, a bar for each operation."""
    if frame.empty:
        return Drawing({})
    newest = frame.head(OPERATIONS).sort_values(["start"], kind="stable")
    first, last = newest["start"].min(), newest["end"].max()
    pad = max((last - first) * 0.05, pd.Timedelta(days=10))
    drawn = pd.DataFrame({
        "row": [f"{n:03}" for n in range(len(newest))],
        "start": newest["start"].dt.strftime("%Y-%m-%d").to_numpy(),
        "end": (newest["end"] + pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d").to_numpy(),
        "name": [called(label) for label in newest["label"]],
        "colour": [COLOURS[kind] for kind in newest["kind"]],
        "said": [capital(t(f"rival.operation.{kind}")) for kind in newest["kind"]],
    })  # fmt: skip
    width, height = SLIM - ENDS - 110, ROW * len(drawn)
    domain = [(first - pad).strftime("%Y-%m-%d"), (last + pad).strftime("%Y-%m-%d")]
    scale: dict[str, Any] = {"type": "temporal", "scale": {"domain": domain, "nice": False}}
    x = {"field": "start", "axis": months(pd.Series([first - pad, last + pad])), **scale}
    y, tint = named("row", axis=None), named("colour", scale=None)
    layers = [
        layer("bar", drawn, {"x": x, "x2": {"field": "end"}, "y": y, "color": tint}, height=12,
              cornerRadius=2, minBandSize=4),
        layer("text", drawn, {"x": {"value": -12}, "y": y, "text": named("name")}, align="right",
              fontSize=13, color=INK),
        layer("text", drawn, {"x": {"value": width + 10}, "y": y, "text": named("said"), "color": tint},
              align="left", fontSize=12, fontWeight=600),
    ]  # fmt: skip
    values = listed(
        t("chart.operations_one", name=name, kind=kind, start=start.date(), end=end.date())
        for name, kind, start, end in zip(
            drawn["name"], drawn["said"], newest["start"], newest["end"], strict=True
        )
    )
    return layered(layers, (width, height), t("chart.operations_title"), t("chart.operations_subtitle"),
                   t("chart.operations_alt", values=values))  # fmt: skip


def _wrapped(words: str, width: float) -> str:
    """On as many lines as it takes."""
    return "\n".join(textwrap.wrap(words, int(width / LETTER), break_long_words=False)) or words
