"""The charts of the KPI report: how each network did, what works there, and what moved."""

import textwrap
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from cmlib import i18n
from cmlib.cells import capital, word
from cmlib.charts.drawing import (
    ACCENT,
    GREY,
    INK,
    MUTED,
    SECOND,
    WIDTH,
    Chart,
    colour_of,
    heading,
    nothing,
    titled,
)
from cmlib.i18n import t
from cmlib.metrics import METRICS
from cmlib.schema import NETWORKS

PANEL = 230  # of a network's plot in the trend
NEWEST = 56  # the width in it of the newest value
ROW, TALL = 24, 36  # the height of a row of dots or bars; of one whose name takes two lines
MOST_ROWS = 12  # of the chart of moves; the table beside it has all
LABELS = 104  # the width left for the names of kinds
NAMES = 166  # the same, for names of tools and for kinds with their network
LETTERS = 21  # of a name, on that width
VALUES = 62  # the width of the values beside them
POSTS = 104  # the same, of the numbers of posts
_FORMATS = {"rate": ".1~%", "score": ",.0f", "money": ",.0f", "count": ",~r", "people": ",~r"}
_EXACT = {"rate": ".2%", "count": ",.1~f", "people": ",.0f", "money": ",.0f"}
_LEGEND: dict[str, Any] = {
    "orient": "none",
    "direction": "horizontal",
    "columns": 1,
    "legendX": -NAMES,
    "legendY": -46,
    "labelLimit": WIDTH,
}
_HIGHER: dict[str, Any] = {"condition": {"test": "indexof(datum.value, '\\n') > 0", "value": -8}, "value": 0}
_ENDS: tuple[tuple[str, Any, int], ...] = (
    ("datum.points >= 0.005", "left", 4), ("datum.points <= -0.005", "right", -4)
)  # fmt: skip


def trend(measure: pd.DataFrame) -> Chart:
    """How did each network do, week after week?

    A MEASURE by network and week (Mondays): a panel per network, the others in grey behind it, the interval
    as a band. A week without a figure is a gap in the line.
    """
    drawn = _drawable(measure, ["week"])
    if drawn.empty:
        return nothing()
    metric, networks = str(drawn["metric"].iloc[0]), _ordered(drawn["network"])
    drawn = _weekly(drawn, networks)
    panels = [_panel(drawn, name, metric) for name in networks]
    known = drawn.dropna(subset="value")
    last = known.groupby("network", observed=True)["value"].last()
    values = _listed(((word("network.{}", n), last[n]) for n in networks), metric)
    first, newest = (i18n.day(week) for week in (known["week"].min(), known["week"].max()))
    description = t(
        "chart.trend_alt", metric=word("metric.{}.name", metric), first=first, last=newest, values=values
    )
    chart = alt.concat(*panels, columns=min(2, len(networks)), spacing={"row": 30, "column": 22})
    return titled(chart, word("metric.{}.name", metric), t("chart.trend_subtitle"), description)


def kinds(measure: pd.DataFrame) -> Chart:
    """Which kinds of post work, on which network?

    A MEASURE by network and kind: a dot per kind with its interval, its value and its number of posts.
    """
    drawn = _drawable(measure, ["network"])
    if drawn.empty:
        return nothing()
    drawn["kind"] = drawn["kind"].astype("object").fillna("unknown")
    drawn["label"] = [capital(word("kind.{}", kind)) for kind in drawn["kind"]]
    metric, networks = str(drawn["metric"].iloc[0]), _ordered(drawn["network"])
    panels = [
        _dots(
            drawn[drawn["network"] == name].sort_values("value", ascending=False),
            metric, colour_of(name), title=word("network.{}", name), axis=name == networks[-1],
        )
        for name in networks
    ]  # fmt: skip
    pairs = (
        (f"{word('network.{}', n)}, {label}", v)
        for n, label, v in zip(drawn["network"], drawn["label"], drawn["value"], strict=True)
    )
    description = t("chart.kinds_alt", metric=word("metric.{}.name", metric), values=_listed(pairs, metric))
    chart = alt.vconcat(*panels, spacing=14).resolve_scale(x="shared")
    return titled(chart, word("metric.{}.name", metric), t("chart.kinds_subtitle"), description)


def rules(measure: pd.DataFrame) -> Chart:
    """What is the engagement rate of these posts, by the rule of each tool?

    A MEASURE with a column ``tool``: a dot per tool with its interval. Where no tool is named, the metric is.
    """
    drawn = _drawable(measure, ["tool"])
    if drawn.empty:
        return nothing()
    drawn["label"] = [
        _lines(str(tool)) if tool else _lines(word("metric.{}.name", metric))
        for tool, metric in zip(drawn["tool"], drawn["metric"], strict=True)
    ]
    drawn = drawn.sort_values("value", ascending=False)
    metric = str(drawn["metric"].iloc[0])
    pairs = zip(drawn["label"].str.replace("\n", " "), drawn["value"], strict=True)
    description = t("chart.rules_alt", values=_listed(pairs, metric))
    chart = _dots(drawn, metric, ACCENT, labels=NAMES)
    return titled(chart, t("chart.rules_title"), t("chart.rules_subtitle"), description)


def moves(frame: pd.DataFrame) -> Chart:
    """What moved the engagement rate: what was published, or how it did?

    Columns network, kind, mix, within, total (0.001 is 0.1 point); the row ``all`` is the sum of the others.
    Of many rows the largest are drawn, and the others together as one, so that the bars still add up.
    """
    drawn = _largest(frame.dropna(subset=["mix", "within"]))
    if drawn.empty:
        return nothing()
    long = drawn.melt(["label"], ["mix", "within"], "part", "points")
    long["points"] *= 100
    order, names = list(drawn["label"]), [t("chart.mix"), t("chart.within")]
    long["part"] = long["part"].map({"mix": names[0], "within": names[1]})
    y = alt.Y("label:N", sort=order, title=None, axis=_names(NAMES))
    base = alt.Chart(long).encode(y=y, yOffset=alt.YOffset("part:N", sort=names))
    colour = alt.Color("part:N", sort=names, title=None, legend=alt.Legend(**_LEGEND))
    ticks = alt.Axis(format="+,.2~f", tickCount=6, labelExpr="datum.value ? datum.label : '0'")
    x = alt.X("points:Q", title=None, axis=ticks, scale=alt.Scale(padding=36))
    bars = base.mark_bar(height=8).encode(x=x, color=colour.scale(domain=names, range=[SECOND, ACCENT]))
    written = [
        base.transform_filter(side).mark_text(align=align, dx=dx, fontSize=12, color=MUTED)
        .encode(x=x, text=alt.Text("points:Q", format="+,.2f"))
        for side, align, dx in _ENDS
    ]  # fmt: skip
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=INK).encode(x="at:Q")
    values = "; ".join(
        f"{label} {i18n.signed(i18n.number(total * 100, 2), total)}"
        for label, total in zip(drawn["label"], drawn["total"], strict=True)
    )
    chart = alt.layer(bars, *written, zero).properties(
        width=WIDTH - NAMES - 16, height=alt.Step(ROW / 2 + 1, **{"for": "offset"})
    )
    return titled(chart, t("chart.moves_title"), "", t("chart.moves_alt", values=values))


# What the charts are made of.


def _panel(drawn: pd.DataFrame, network: str, metric: str) -> Any:
    """One network of the trend: the others in grey, its band, line and newest value. One scale for all."""
    own = drawn[drawn["network"] == network]
    newest = own.dropna(subset="value").tail(1)
    colour, form = colour_of(network), _unit(metric, _FORMATS)
    ticks: dict[str, Any] = {"ticks": False, "domain": False, "tickCount": 4, "format": form}
    x = alt.X("week:T", title=None, axis=_dates(drawn["week"])).scale(type="utc", range=[0, PANEL - NEWEST])
    y = alt.Y("value:Q", title=None, axis=alt.Axis(**ticks)).scale(domain=_reach(drawn), nice=4)
    others = alt.Chart(drawn[drawn["network"] != network]).mark_line(color=GREY, strokeWidth=1)
    base = alt.Chart(own)
    layers = (
        others.encode(x=x, y=y, detail="network:N"),
        base.mark_area(color=colour, opacity=0.16).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        alt.Chart(_alone(own))
        .mark_rule(color=colour, opacity=0.16, strokeWidth=6)
        .encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        base.mark_line(color=colour, strokeWidth=2.25).encode(x=x, y=y),
        base.mark_circle(color=colour, size=16, opacity=1).encode(x=x, y=y),
        alt.Chart(newest).mark_circle(color=colour, size=46, opacity=1).encode(x=x, y=y),
        alt.Chart(newest)
        .mark_text(align="left", dx=8, color=INK, fontSize=13, fontWeight=600)
        .encode(x=x, y=y, text=alt.Text("value:Q", format=_unit(metric, _EXACT))),
    )
    name = word("network.{}", network)
    description = _listed([(name, newest["value"].iloc[0])], metric)
    return alt.layer(*layers).properties(
        width=PANEL, height=120, title=heading(name, colour), description=description
    )


def _dots(
    drawn: pd.DataFrame, metric: str, colour: str, title: str = "", axis: bool = True, labels: int = LABELS
) -> Any:
    """A row per label: dot, interval, value and number of posts. The order is that of the frame."""
    width, table = WIDTH - labels - VALUES - POSTS, METRICS[metric].table if metric in METRICS else "posts"
    drawn = drawn.assign(
        sure=drawn["low"].notna().map({True: colour, False: "#ffffff"}),
        posts=[t(f"sheet.n.{table}", n=int(n)) for n in drawn["n"]],
    )
    y = alt.Y("label:N", sort=list(drawn["label"]), title=None, axis=_names(labels + VALUES, VALUES + 8))
    ticks: dict[str, Any] = {
        "format": _unit(metric, _FORMATS), "tickCount": 6, "labelFlush": False,
        "labels": axis, "ticks": axis, "domain": axis,
    }  # fmt: skip
    x = alt.X("value:Q", title=None, axis=alt.Axis(**ticks), scale=alt.Scale(zero=True))
    base = alt.Chart(drawn).encode(y=y)
    layers = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(color=colour, strokeWidth=3, opacity=0.4, strokeCap="round")
        .encode(x=alt.X("low:Q", title=None), x2="high:Q"),
        base.mark_point(size=70, stroke=colour, strokeWidth=2, opacity=1, filled=True)
        .encode(x=x, fill=alt.Fill("sure:N", scale=None)),
        base.mark_text(align="right", fontSize=13, fontWeight=600, color=INK)
        .encode(x=alt.value(-14), text=alt.Text("value:Q", format=_unit(metric, _EXACT))),
        base.mark_text(align="left", fontSize=13, color=MUTED)
        .encode(x=alt.value(width + 12), text="posts:N"),
    )  # fmt: skip
    above = heading(title, colour) if title else alt.TitleParams("")
    step = TALL if drawn["label"].str.contains("\n").any() else ROW
    return alt.layer(*layers).properties(width=width, height=alt.Step(step), title=above)


def _largest(frame: pd.DataFrame) -> pd.DataFrame:
    rows, whole = frame[frame["network"] != "all"], frame[frame["network"] == "all"]
    rows = rows.iloc[rows["total"].abs().argsort(kind="stable")[::-1]]
    labels = [
        f"{word('network.{}', n)}, {capital(word('kind.{}', k))}"
        for n, k in zip(rows["network"], rows["kind"], strict=True)
    ]
    rows = rows[["mix", "within", "total"]].assign(label=labels)
    few, rest = rows.head(MOST_ROWS), rows.iloc[MOST_ROWS:]
    together = (
        rest[["mix", "within", "total"]].sum().to_frame().T.assign(label=t("chart.others", n=len(rest)))
    )
    parts = [few, *([together] if len(rest) else []), whole.assign(label=word("network.{}", "all"))]
    return pd.concat([part[["label", "mix", "within", "total"]] for part in parts], ignore_index=True)


def _drawable(measure: pd.DataFrame, needed: list[str]) -> pd.DataFrame:
    """The rows that can be drawn, as plain objects that any engine reads."""
    kept = measure.dropna(subset=["value", *needed])
    numbers = {name: kept[name].astype("Float64").astype("float64") for name in ("value", "low", "high")}
    return kept.assign(**numbers, n=kept["n"].fillna(0).astype("int64"))


def _weekly(drawn: pd.DataFrame, networks: list[str]) -> pd.DataFrame:
    """Every week for every network, so that a missing one is a gap; as instants, so that no zone moves it."""
    weeks = pd.date_range(drawn["week"].min(), drawn["week"].max(), freq="7D", name="week")
    drawn = drawn.assign(network=drawn["network"].astype(str))
    every = pd.MultiIndex.from_product([networks, weeks], names=["network", "week"])
    filled = drawn.set_index(["network", "week"])[["value", "low", "high"]].reindex(every).reset_index()
    return filled.assign(week=filled["week"].dt.tz_localize("UTC"))


def _reach(drawn: pd.DataFrame) -> list[float]:
    """From nothing, or from the lowest below it, to the highest: of all networks."""
    figures = drawn[["value", "low", "high"]]
    return [min(0.0, figures.min().min()), figures.max().max()]


def _alone(own: pd.DataFrame) -> pd.DataFrame:
    """The weeks whose interval has no neighbour to make a band with."""
    known = own["low"].notna()
    return own[known & ~known.shift(1, fill_value=False) & ~known.shift(-1, fill_value=False)]


def _ordered(networks: pd.Series) -> list[str]:
    """The networks in the order of the schema, which is the same in every chart."""
    found = set(networks.astype(str))
    return [n for n in NETWORKS if n in found] + sorted(found - set(NETWORKS))


def _dates(weeks: pd.Series) -> alt.Axis:
    long = weeks.max() - weeks.min() > pd.Timedelta(days=120)
    if not long:
        return alt.Axis(format="%-d %b", tickCount=4, grid=False)
    months = "utcFormat(datum.value, utcmonth(datum.value) ? '%b' : '%b %Y')"
    return alt.Axis(labelExpr=months, tickCount=6, grid=False)


def _names(width: int = LABELS, padding: int = 8) -> alt.Axis:
    return alt.Axis(
        minExtent=width, maxExtent=width, labelLimit=width - padding, ticks=False, domain=False, grid=False,
        labelPadding=padding, labelColor=INK, labelFontSize=13, labelExpr=r"split(datum.label, '\n')",
        labelOffset=_HIGHER,
    )  # fmt: skip


def _lines(name: str) -> str:
    """A long name on two lines, or on as many as it takes."""
    return "\n".join(textwrap.wrap(name, LETTERS, break_long_words=False)) or name


def _unit(metric: str, formats: dict[str, str]) -> str:
    unit = METRICS[metric].unit if metric in METRICS else "rate"
    return formats.get(unit, ",.4~r")


def _listed(pairs: Iterable[tuple[str, float]], metric: str) -> str:
    """``Facebook 3.25%; X 1.10%``"""
    rate = metric not in METRICS or METRICS[metric].unit == "rate"
    return "; ".join(f"{name} {i18n.percent(v) if rate else i18n.number(v)}" for name, v in pairs)
