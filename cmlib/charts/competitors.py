"""The charts of the competitors: how big they are, how busy, and how well they do for their size."""

from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import pandas as pd

from cmlib import i18n
from cmlib.cells import capital, rate, share, word
from cmlib.charts.drawing import (
    GREY,
    HAIR,
    INK,
    LETTER,
    MUTED,
    SLIM,
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
)  # fmt: skip
from cmlib.i18n import t

ENDS = 150  # the width left for names of accounts
ROW = 22  # the height of a row
MOST = 8  # accounts in a plot: ours, then the largest
APART = 15  # pixels between two names
FAINT: dict[str, Any] = {"strokeWidth": 3, "opacity": 0.4, "strokeCap": "round"}  # of ranges
TALL = 190  # the height of a plot of lines or points


# ── Size and volume ─────────────────────────────────────────────────────────────────────────────────────────


def followers(frames: Mapping[str, pd.DataFrame]) -> Chart:
    """How did followers move? A plot for each network, a line for each account, ours in colour."""
    frame = frames["trajectories"]
    panels = [_lines(rows, str(network)) for network, rows in _networks(frame, "date")]
    return _shown(panels, "followers")


def _networks(frame: pd.DataFrame, along: str) -> list[tuple[Any, pd.DataFrame]]:
    """The networks on which somebody else is, in their order; of many accounts ours and the foremost."""
    found = []
    for network, rows in frame.groupby("network", sort=False) if len(frame) else ():
        if rows["account"].nunique() > 1 and rows[along].nunique() > 1:
            order = (
                rows.groupby("account", sort=False)["value"]
                .last()
                .sort_values(ascending=False, kind="stable")
            )
            ours = set(rows.loc[rows["ours"], "account"])
            kept = [one for one in order.index if one in ours]
            kept += [one for one in order.index if one not in ours][: MOST - len(kept)]
            found.append((network, rows[rows["account"].isin(kept)]))
    return found


def _lines(rows: pd.DataFrame, network: str) -> dict[str, Any]:
    colour, width = colour_of(network), SLIM - ENDS - 40
    top, bottom = float(rows["value"].max()) * 1.05, float(rows["value"].min()) * 0.8
    drawn = rows.assign(
        when=rows["date"].dt.strftime("%Y-%m-%d"), colour=rows["ours"].map({True: colour, False: GREY})
    )[["label", "when", "value", "colour"]]
    last = rows.groupby("account", sort=False).tail(1).sort_values("value", ascending=False)
    ends = last.assign(
        said=[called(row["label"]) for row in last.to_dict("records")],
        ink=last["ours"].map({True: colour, False: INK}),
        y=_spread([TALL * (1 - (v - bottom) / (top - bottom)) for v in last["value"]], TALL),
        count=[i18n.number(v) for v in last["value"]],
    )[["said", "ink", "y", "count", "value"]]
    x = {"field": "when", "type": "temporal", "axis": months(rows["date"]), "title": None}
    y = number("value", axis={"title": None, "tickCount": 4, "format": ",~r"},
               scale={"domain": [bottom, top], "nice": False, "zero": False})  # fmt: skip
    line = {"x": x, "y": y, "detail": named("label"), "color": named("colour", scale=None)}
    layers = [
        layer("line", drawn, line, strokeWidth=2, strokeCap="round"),
        layer("circle", drawn, {"x": x, "y": y, "color": named("colour", scale=None)}, size=22, opacity=1),
        *(_word(one["said"], (width + 10, one["y"]), one["ink"]) for one in ends.to_dict("records")),
    ]  # fmt: skip
    values = listed(f"{one['said']} {one['count']}" for one in ends.to_dict("records"))
    return _panel(layers, (width, TALL), network, values)


def months(dates: pd.Series) -> dict[str, Any]:
    """An axis of days: months where there are many, the year in January."""
    long = dates.max() - dates.min() > pd.Timedelta(days=120)
    form = (
        {"labelExpr": "utcFormat(datum.value, utcmonth(datum.value) ? '%b' : '%Y')"}
        if long
        else {"format": "%-d %b"}
    )
    return {"grid": False, "tickCount": 4, "title": None, **form}


def _spread(places: Sequence[float], height: float) -> list[float]:
    """Places from above to below, so far apart that what is written there does not overlap."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + APART) if found else place)
    over = found[-1] - height if found else 0.0
    for nth in range(len(found) - 1, -1, -1):  # what hangs out below is pushed up again
        limit = height if nth == len(found) - 1 else found[nth + 1] - APART
        found[nth] = min(found[nth], limit) if over > 0 else found[nth]
    return found


def volume(frame: pd.DataFrame) -> Chart:
    """Who publishes, and who is answered? For each account its share of posts, and of interactions."""
    known = frame.dropna(subset=["share_of_posts", "share_of_interactions"]) if len(frame) else frame
    panels = [
        _shares(rows.head(MOST), str(network))
        for network, rows in (known.groupby("network", sort=False) if len(known) else ())
        if len(rows) > 1
    ]
    return _shown(panels, "volume")


def _shares(rows: pd.DataFrame, network: str) -> dict[str, Any]:
    colour, width = colour_of(network), SLIM - ENDS - 100
    pairs = list(zip(rows["share_of_posts"], rows["share_of_interactions"], strict=True))
    drawn = pd.DataFrame({
        "name": [called(label) for label in rows["label"]],
        "posts": rows["share_of_posts"].to_numpy(), "answers": rows["share_of_interactions"].to_numpy(),
        "said": [f"{share(a)} → {share(b)}" for a, b in pairs],
        "colour": rows["ours"].map({True: colour, False: MUTED}).to_numpy(),
    })  # fmt: skip
    most = max(drawn["posts"].max(), drawn["answers"].max()) * 1.05
    posts, answers = (number(name, **between(0, most)) for name in ("posts", "answers"))
    y, tint = named("name", sort=None, axis=None), named("colour", scale=None)
    layers = [
        layer("rule", drawn, {"x": posts, "x2": {"field": "answers"}, "y": y, "color": tint}, **FAINT),
        layer("point", drawn, {"x": posts, "y": y, "stroke": tint}, size=70, strokeWidth=2, fill="#fffdf9",
              filled=True, opacity=1),
        layer("circle", drawn, {"x": answers, "y": y, "color": tint}, size=90, opacity=1),
        *beside(drawn, y, width),
    ]  # fmt: skip
    values = listed(f"{one['name']} {one['said']}" for one in drawn.to_dict("records"))
    return _panel(layers, (width, ROW * len(drawn)), network, values)


def between(low: float, high: float) -> dict[str, Any]:
    """A channel from one figure to another, without an axis."""
    return {"axis": None, "scale": {"domain": [low, high], "nice": False}}


def ranged(drawn: pd.DataFrame, value: str, x: Mapping[str, Any], y: Mapping[str, Any]) -> list[Layer]:
    """A dot for each row, and the range in which its value lies."""
    tint = named("colour", scale=None)
    low = {"x": number("low", **x), "x2": {"field": "high"}, "y": y, "color": tint}
    return [
        layer("rule", drawn, low, **FAINT),
        layer("circle", drawn, {"x": number(value, **x), "y": y, "color": tint}, size=70, opacity=1),
    ]


def beside(drawn: pd.DataFrame, y: Mapping[str, Any], width: float) -> list[Layer]:
    """The name at the left of each row, what is said of it at the right."""
    left = {"x": {"value": -12}, "y": y, "text": named("name"), "color": named("colour", scale=None)}
    right = {"x": {"value": width + 10}, "y": y, "text": named("said")}
    return [
        layer("text", drawn, left, align="right", fontSize=13),
        layer("text", drawn, right, align="left", fontSize=12, color=INK),
    ]


# ── Efficiency ──────────────────────────────────────────────────────────────────────────────────────────────


def positioning(frame: pd.DataFrame) -> Chart:
    """Who is large, who is efficient? A map for each network: followers to the right, the rate upward."""
    known = frame.dropna(subset=["size", "value"]) if len(frame) else frame
    known = known[(known["size"] > 0) & (known["value"] > 0)] if len(known) else known
    panels = [
        _map(rows.sort_values(["ours", "size"], ascending=False).head(MOST + 4), str(network))
        for network, rows in (known.groupby("network", sort=False) if len(known) else ())
        if len(rows) > 1
    ]
    return _shown(panels, "positioning")


def _map(rows: pd.DataFrame, network: str) -> dict[str, Any]:
    colour, width, height = colour_of(network), SLIM - 50, TALL + 60
    drawn = rows.assign(
        name=[called(label) for label in rows["label"]],
        colour=rows["ours"].map({True: colour, False: MUTED}),
        ink=rows["ours"].map({True: colour, False: INK}),
        people=[i18n.number(v) for v in rows["size"]], rate=[rate(v) for v in rows["value"]],
    )[["name", "size", "value", "low", "high", "colour", "ink", "people", "rate"]]  # fmt: skip
    ends = drawn[["value", "low", "high"]]
    upward = float(ends.min().min()) / 1.25, float(ends.max().max()) * 1.25
    right = float(drawn["size"].min()) / 1.4, float(drawn["size"].max()) * 1.4
    x = number("size", **_log(right, ",~r"))
    y, low = (number(end, **_log(upward, ".2~p")) for end in ("value", "low"))
    tint, sure = named("colour", scale=None), drawn[drawn["low"].notna()]
    pairs = zip(drawn["size"], drawn["value"], strict=True)
    dots = [(_at(size, right) * width, (1 - _at(value, upward)) * height) for size, value in pairs]
    places = _places(dots, list(drawn["name"]), width)
    layers = [
        layer("rule", sure, {"x": x, "y": low, "y2": {"field": "high"}, "color": tint}, **FAINT),
        layer("circle", drawn, {"x": x, "y": y, "color": tint}, size=100, opacity=1),
        *(
            _word(name, place, ink)
            for name, ink, place in zip(drawn["name"], drawn["ink"], places, strict=True)
        ),
    ]  # fmt: skip
    values = listed(
        t("chart.positioning_one", name=one["name"], people=one["people"], rate=one["rate"])
        for one in drawn.to_dict("records")
    )
    return _panel(layers, (width, height), network, values)


def _word(name: str, place: tuple[float, float], ink: str) -> Layer:
    """A name at a place of its own."""
    at = {"x": {"value": place[0]}, "y": {"value": place[1]}, "text": named("name")}
    return layer("text", pd.DataFrame([{"name": name}]), at, align="left", fontSize=12, color=ink)


def _log(ends: tuple[float, float], form: str) -> dict[str, Any]:
    """A channel in steps of the same ratio, with round numbers along it."""
    for steps in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)):  # the fewest that make three
        exact = [round(step * 10.0**power, 10) for power in range(-7, 10) for step in steps]
        values = [one for one in exact if ends[0] <= one <= ends[1]]
        if len(values) > 2:
            break
    return {
        "scale": {"type": "log", "domain": list(ends), "nice": False},
        "axis": {"title": None, "values": values, "format": form, "grid": True},
    }


def _at(value: float, ends: tuple[float, float]) -> float:
    """Where a value lies between the ends, in steps of the same ratio: 0 to 1."""
    return (log(value) - log(ends[0])) / (log(ends[1]) - log(ends[0]))


def _places(
    dots: Sequence[tuple[float, float]], names: Sequence[str], width: float
) -> list[tuple[float, float]]:
    """Where each name stands beside its dot, so that none lies on another or on a dot if that can be."""
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in dots]
    found = []
    for (x, y), name in zip(dots, names, strict=True):
        long = LETTER * len(name)
        tries = [(x + side, y + up) for up in (0, -14, 14, -28, 28) for side in (10, -10 - long)]
        boxes = [(a, b - 7, a + long, b + 7) for a, b in tries]
        free = [
            place for place, box in zip(tries, boxes, strict=True)
            if box[0] >= 0 and box[2] <= width + 20 and not any(_meet(box, other) for other in taken)
        ]  # fmt: skip
        a, b = (free or tries)[0]
        taken.append((a, b - 7, a + long, b + 7))
        found.append((a, b))
    return found


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def rival_kinds(frame: pd.DataFrame) -> Chart:
    """Which kind of post works for whom? A plot for each network, a row for each kind and account."""
    known = frame[frame["value"].notna() & frame["low"].notna()] if len(frame) else frame
    panels = [_of_kinds(rows, str(network)) for network, rows in _networks(known, "kind")]
    return _shown(panels, "rival_kinds")


def _of_kinds(rows: pd.DataFrame, network: str) -> dict[str, Any]:
    colour, width = colour_of(network), SLIM - ENDS - 120
    best = rows.groupby("kind")["value"].transform("max")
    ordered = rows.assign(best=best).sort_values(["best", "kind", "value"], ascending=[False, True, False])
    kinds = [capital(word("kind.{}", kind)) for kind in ordered["kind"]]
    drawn = pd.DataFrame({
        "row": [f"{n:03}" for n in range(len(ordered))],
        "name": [called(label) for label in ordered["label"]],
        "kind": [kind if not n or kinds[n - 1] != kind else "" for n, kind in enumerate(kinds)],
        **{name: ordered[name].to_numpy(dtype="float64") for name in ("value", "low", "high")},
        "colour": ordered["ours"].map({True: colour, False: MUTED}).to_numpy(),
        "said": [rate(v) for v in ordered["value"]],
    })  # fmt: skip
    y, heads, left = named("row", axis=None), drawn[drawn["kind"] != ""], {"value": -ENDS - 74}
    layers = [
        layer("rule", heads, {"y": y, "x": left, "x2": {"value": width + 50}}, color=HAIR, yOffset=-ROW / 2),
        *ranged(drawn, "value", between(0, float(drawn["high"].max()) * 1.02), y),
        *beside(drawn, y, width),
        layer("text", heads, {"x": left, "y": y, "text": named("kind")}, align="left", fontSize=13,
              fontWeight=600, color=INK),
    ]  # fmt: skip
    return _panel(
        layers,
        (width, ROW * len(drawn)),
        network,
        listed(
            f"{kind}, {one['name']} {one['said']}"
            for kind, one in zip(kinds, drawn.to_dict("records"), strict=True)
        ),
    )


# ── What they are made of ───────────────────────────────────────────────────────────────────────────────────


def _shown(panels: Sequence[dict[str, Any]], key: str) -> Chart:
    """The plots of all networks under one heading; none where the sheet beneath says why."""
    if not panels:
        return Drawing({})
    values = listed(one["description"] for one in panels)
    words = [t(f"chart.{key}_title"), t(f"chart.{key}_subtitle"), t(f"chart.{key}_alt", values=values)]
    return panelled(panels, *words)


def _panel(layers: Sequence[Layer], size: tuple[float, float], network: str, values: str) -> dict[str, Any]:
    """The plot of a network."""
    name = word("network.{}", network)
    return panel(layers, size, name, colour_of(network), f"{name}{t('sheet.colon')} {values}")


def called(label: Any) -> str:
    """A name, no longer than there is room for."""
    most = int(ENDS / LETTER) - 1
    name = str(label)
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
