"""The charts of the editorial calendar: when posts do better, whose weeks are full, what is planned."""

from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

import pandas as pd

from cmlib import i18n
from cmlib.cells import blank, capital, hours, piece, relative, share, word
from cmlib.charts.drawing import (
    ACCENT,
    DARK,
    GREY,
    HAIR,
    INK,
    MUTED,
    Chart,
    Drawing,
    Layer,
    colour_of,
    layer,
    listed,
    named,
    number,
    panel,
    panelled,
)
from cmlib.i18n import t

BESIDE = 112  # the width left for the names of days, of weeks, of pillars
WIDE = 264  # the width of a plot with what stands at its right
WEEK, CELL = 228, 16  # the width of a week of hours, and the height of a day
ROW = 24  # the height of a row of a week, or of a pillar
SAID = 112  # the width left for what stands at the right of a bar
DAYS = range(7)
EVERY = 3  # hours that are named
LEAST, MOST = 0.2, 0.6  # the largest effect has the full colour; not one below, and all above
WHITE = 0.655  # of the full colour, from where a sign on it is white
LENT = 0.45  # of its cell, what studies say: others' posts, and not the brand's
UNSURE = 1.2  # an interval so wide (in ratios, as a logarithm) makes the smallest square
WORSE, WARM = "#9a3412", "#593600"  # over the hours; of hours that do worse
EVEN = "#e6e1d6"  # of no difference: seen on paper still

# ── When posts do better ────────────────────────────────────────────────────────────────────────────────────


def slot_effects(frames: Mapping[str, pd.DataFrame]) -> Chart:
    """When do posts do better? A plot for each network: weekdays by hours, small where it is unsure."""
    effects = frames["effects"]
    whole = effects[(effects["kind"] == "") & effects["effect"].notna()] if len(effects) else effects
    known = [str(network) for network in frames["networks"]["network"]]
    most = min(max([LEAST, *whole["effect"].abs()]), MOST)
    panels = [
        _week(rows, network, most)
        for network in known
        if len(rows := whole[(whole["network"] == network) & (whole["basis"] != "none")])
    ]
    return _shown(panels, "slot_effects")


def _week(rows: pd.DataFrame, network: str, most: float) -> dict[str, Any]:
    ordered = rows.sort_values(["weekday", "hour"], kind="stable")
    drawn = pd.DataFrame({
        "hour": ordered["hour"].to_numpy(), "day": ordered["weekday"].to_numpy(),
        "fill": [_tint(value / most) for value in ordered["effect"]],
        "size": [(WEEK / 24 - 1) * (CELL - 2) * _sure(row) for row in ordered.to_dict("records")],
        "ink": [_sign_on(value / most) for value in ordered["effect"]],
        "told": ordered["told"].astype("bool").to_numpy(),
        "sign": ["+" if value > 0 else "−" for value in ordered["effect"]],
    })  # fmt: skip
    x = number("hour", axis=None, scale={"domain": [-0.5, 23.5], "nice": False})
    y = number("day", axis=None, scale={"domain": [6.5, -0.5], "nice": False})
    told, height = drawn[drawn["told"]], CELL * len(DAYS)
    square = number("size", scale=None, legend=None)
    tint = named("fill", scale=None)
    layers = [
        layer("square", drawn, {"x": x, "y": y, "color": tint, "size": square}, opacity=1),
        layer("square", told, {"x": x, "y": y}, size=140, filled=False, stroke=INK, strokeWidth=1.5,
              opacity=1),
        layer("text", told, {"x": x, "y": y, "text": named("sign"), "color": named("ink", scale=None)},
              fontSize=12, fontWeight=700),
        *_around(x, y),
    ]  # fmt: skip
    values = listed(
        t(
            "editorial.chart.hour_one",
            day=t(f"chart.day_{row['weekday']}"),
            effect=relative(row["effect"]),
            hour=t("chart.from_hour", n=str(row["hour"])),
        )
        for row in ordered[ordered["told"].astype("bool")].to_dict("records")
    )
    return _panel(layers, (WEEK, height), network, values or t("editorial.chart.no_hour"))


def _around(x: Mapping[str, Any], y: Mapping[str, Any]) -> list[Layer]:
    """The names of the days at the left, of every third hour above."""
    days = pd.DataFrame({"day": list(DAYS), "said": [t(f"chart.day_{n}") for n in DAYS]})
    heads = pd.DataFrame({"hour": range(0, 24, EVERY)})
    heads["said"] = [t("chart.from_hour", n=str(hour)) for hour in heads["hour"]]
    left = {"x": {"value": -8}, "y": y, "text": named("said")}
    above = {"x": x, "y": {"value": -8}, "text": named("said")}
    return [
        layer("text", days, left, align="right", fontSize=12, color=INK),
        layer("text", heads, above, fontSize=11, color=MUTED),
    ]


def _tint(part: float) -> str:
    """Blue-green where posts do better, brown where they do worse, paper where there is no difference."""
    ends = (EVEN, DARK if part > 0 else WARM)
    part = min(abs(part), 1.0)
    pale, full = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in ends)
    return "#" + "".join(f"{round(a + part * (b - a)):02x}" for a, b in zip(pale, full, strict=True))


def _sign_on(part: float) -> str:
    """The colour of a sign on that one: at least 4.5:1 (tests/test_charts_editorial.py)."""
    return "#ffffff" if abs(part) > WHITE else "#000000"


def _sure(row: Mapping[Any, Any]) -> float:
    """The part of its cell that a square fills: less, the wider the interval."""
    if row["told"]:
        return 1.0
    ends = [max(1 + row[end], 0.05) for end in ("low", "high")]
    most = LENT if row["basis"] == "studies" else 0.9
    return min(max(1 - (log(ends[1]) - log(ends[0])) / UNSURE, 0.12), most)


# ── Whose weeks are full ────────────────────────────────────────────────────────────────────────────────────


def load(frame: pd.DataFrame) -> Chart:
    """Whose weeks are full? A plot for each owner: the hours of each week beside those that there are."""
    groups = frame.groupby("owner", sort=False) if len(frame) else ()
    return _shown([_weeks(rows, str(owner)) for owner, rows in groups], "load")


def _weeks(rows: pd.DataFrame, owner: str) -> dict[str, Any]:
    width = WIDE - SAID
    over = rows["over"].astype("bool")
    drawn = pd.DataFrame({
        "name": [_day(week) for week in rows["week"]],
        "hours": rows["hours"].to_numpy("float64"), "capacity": rows["capacity"].to_numpy("float64"),
        "colour": over.map({True: WORSE, False: ACCENT}).to_numpy(),
        "ink": over.map({True: WORSE, False: INK}).to_numpy(),
        "weight": over.map({True: 700, False: 400}).to_numpy(),
        "said": [_of(row) for row in rows.to_dict("records")],
    })  # fmt: skip
    most = max(float(drawn[["hours", "capacity"]].max().max()), 1.0) * 1.02
    scale = {"axis": None, "scale": {"domain": [0, most], "nice": False}}
    y = named("name", sort=None, axis=None)
    limited = drawn[drawn["capacity"].notna()]
    layers = [
        layer("bar", limited, {"x": number("capacity", **scale), "y": y}, height=14, color=HAIR),
        layer("bar", drawn, {"x": number("hours", **scale), "y": y, "color": named("colour", scale=None)},
              height=8),
        layer("tick", limited, {"x": number("capacity", **scale), "y": y}, thickness=2, size=18, color=INK),
        *_beside(drawn, y, width),
        _room(width),
    ]  # fmt: skip
    values = listed(f"{one['name']} {one['said']}" for one in drawn.to_dict("records"))
    name = owner or t("editorial.nobody")
    return panel(
        layers, (width, ROW * len(drawn)), _short(name, 40), INK, f"{name}{t('sheet.colon')} {values}"
    )


def _of(row: Mapping[Any, Any]) -> str:
    """``9.5 h of 8 ▲ over``, and no limit where there is none."""
    used = hours(row["hours"])
    if blank(row["capacity"]):
        return t("editorial.hours_of", hours=used)
    key = "editorial.hours_over" if row["over"] else "editorial.hours_within"
    return t(key, hours=used, capacity=hours(row["capacity"]))


def _day(day: pd.Timestamp) -> str:
    """``30 Nov``: the day of a week's Monday, without its year."""
    return i18n.day(day.date()).removesuffix(str(day.year)).strip()


# ── What the plan is made of ────────────────────────────────────────────────────────────────────────────────


def coverage(frames: Mapping[str, pd.DataFrame]) -> Chart:
    """What is the plan made of? Its pillars, then its kinds of post: shares beside those that are wanted."""
    pillars, mix = frames["pillars"], frames["mix"]
    panels = []
    if len(pillars):
        panels.append(_shares(pillars, pillars["pillar"], "pillars"))
    if len(mix):
        kinds = [capital(piece(kind)) for kind in mix["kind"]]
        panels.append(_shares(mix, kinds, "mix"))
    return _shown(panels, "coverage")


def _shares(rows: pd.DataFrame, names: Iterable[Any], key: str) -> dict[str, Any]:
    width = WIDE - SAID
    rows = rows.reindex(columns=["share", "low", "high", "wanted"])
    found = rows.to_dict("records")
    out = [_outside(row) for row in found]
    drawn = pd.DataFrame({
        "name": [_short(str(name) or t("sheet.missing"), 18) for name in names],
        **{name: rows[name].to_numpy("float64") for name in rows},
        "colour": [WORSE if one else ACCENT for one in out],
        "ink": [WORSE if one else INK for one in out], "weight": [700 if one else 400 for one in out],
        "said": [t(f"editorial.share_{one}", share=share(row["share"])) if one else share(row["share"])
                 for row, one in zip(found, out, strict=True)],
    })  # fmt: skip
    drawn = drawn.assign(row=[f"{n:03}" for n in range(len(drawn))])
    bound = drawn[drawn["low"].notna() | drawn["high"].notna()].fillna({"low": 0.0, "high": 1.0})
    most = max(float(drawn["share"].max()), float(drawn["wanted"].max() or 0), float(bound["high"].max() or 0)
               if len(bound) else 0.0, 0.05)  # fmt: skip
    most = min(most if most == most else 1.0, 1.0)
    scale = {"axis": None, "scale": {"domain": [0, most], "nice": False}}
    y = named("row", axis=None)
    layers = [
        layer("bar", bound, {"x": number("low", **scale), "x2": {"field": "high"}, "y": y}, height=16,
              color=GREY, opacity=0.55, clip=True),
        layer("bar", drawn, {"x": number("share", **scale), "y": y, "color": named("colour", scale=None)},
              height=7),
        layer("tick", drawn[drawn["wanted"].notna()], {"x": number("wanted", **scale), "y": y}, thickness=2,
              size=18, color=INK),
        *_beside(drawn, y, width),
        _room(width),
    ]  # fmt: skip
    values = listed(f"{one['name']} {one['said']}" for one in drawn.to_dict("records"))
    title = t(f"editorial.chart.{key}")
    return panel(layers, (width, ROW * len(drawn)), title, INK, f"{title}{t('sheet.colon')} {values}")


def _outside(row: Mapping[Any, Any]) -> str:
    """Is a share less, or more, than it may be?"""
    low, high = (row[end] for end in ("low", "high"))
    if not blank(low) and row["share"] < low:
        return "few"
    return "many" if not blank(high) and row["share"] > high else ""


# ── What they are made of ───────────────────────────────────────────────────────────────────────────────────


def _beside(drawn: pd.DataFrame, y: Mapping[str, Any], width: float) -> list[Layer]:
    """The name at the left of each row, what is said of it at the right."""
    left = {"x": {"value": -8}, "y": y, "text": named("name")}
    right = {"x": {"value": width + 8}, "y": y, "text": named("said"), "color": named("ink", scale=None)}
    return [
        layer("text", drawn, left, align="right", fontSize=12, color=INK),
        *(layer("text", rows, right, align="left", fontSize=12, fontWeight=weight)
          for weight, rows in drawn.groupby("weight")),
    ]  # fmt: skip


def _room(width: float) -> Layer:
    """Nothing to see: as wide as a plot with its words, so that all are drawn to one scale."""
    ends = {"x": {"value": -BESIDE}, "x2": {"value": width + SAID}, "y": {"value": 0}}
    return layer("rule", pd.DataFrame([{"n": 0}]), ends, opacity=0)


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _panel(layers: Sequence[Layer], size: tuple[float, float], network: str, values: str) -> dict[str, Any]:
    name = word("network.{}", network)
    return panel(layers, size, name, colour_of(network), f"{name}{t('sheet.colon')} {values}")


def _shown(panels: Sequence[dict[str, Any]], key: str) -> Chart:
    """All plots under one heading; none where the sheet beneath says why."""
    if not panels:
        return Drawing({})
    values = listed(one["description"] for one in panels)
    title, subtitle = (t(f"editorial.chart.{key}_{part}") for part in ("title", "subtitle"))
    return panelled(panels, title, subtitle, t(f"editorial.chart.{key}_alt", values=values))
