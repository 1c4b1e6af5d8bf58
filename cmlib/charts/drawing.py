"""How every chart looks and is shown: the theme, the colours of the networks and the renderer, here alone."""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

from cmlib import i18n
from cmlib.cells import COLOURS
from cmlib.i18n import t


@dataclass(frozen=True)
class Drawing:
    """A chart as Vega-Lite writes it: of those that follow a slider, since altair takes longer than drawing.

    Without a specification it is none: nothing is shown.

    ``alt.LayerChart.from_dict(drawing.to_dict())`` is the same as an altair chart.
    """

    spec: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The whole specification, with the look of all charts."""
        return {**theme(), **self.spec}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return _bundle(self.to_dict()) if self.spec else {"text/html": "", "text/plain": ""}


Chart = alt.TopLevelMixin | Drawing
Layer = Mapping[str, Any]

INK, MUTED, HAIR, GREY, ACCENT, SECOND = "#1c2126", "#565d64", "#e4e0d8", "#c9c5bc", "#0f5c6e", "#b07d1a"
PALE, DARK, DEEP = "#eef3f2", "#0b4755", 0.69  # of heat maps: both ends, and from where words on it are white
# Metric-compatible with what vl-convert measures, so that no label is cut elsewhere.
FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'
WIDTH = 540  # of a chart, in pixels; the style sheet fits it to the page
SLIM = 440  # of one whose words can still be read on a phone
LETTER, LINE = 6.6, 15  # the width of a letter, on average, and the height of a line of words
_HTML = Markup('<div class="cm"><figure class="cm-chart">{}{}{}</div></figure></div>')
_WHOLE = ("title", "usermeta", "concat", "columns", "spacing")  # of a chart, and not of an image in it
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# What charts are made of.


def heading(text: str, colour: str) -> alt.TitleParams:
    """The title of one of several plots."""
    return alt.TitleParams(
        text, anchor="start", frame="bounds", fontSize=13, fontWeight=600, color=colour, offset=8
    )


def titled(chart: Any, title: str, subtitle: str, description: str) -> Chart:
    """A chart with what stands above it, and what it says to who cannot see it."""
    lines = [subtitle] if subtitle else []
    above = alt.TitleParams(title, subtitle=lines, anchor="start", frame="bounds", offset=16)
    whole: Chart = chart.properties(title=above, description=description)
    return whole


def layered(
    layers: Sequence[Mapping[str, Any]],
    size: tuple[float, float],
    title: str,
    subtitle: str,
    description: str,
) -> Drawing:
    """Layers as Vega-Lite writes them, in one plot of this width and height: drawn slim, to fit a phone."""
    above = {"text": title, "subtitle": [subtitle], "anchor": "start", "frame": "bounds", "offset": 16}
    width, height = size
    return Drawing({
        "title": above, "description": description, "width": width, "height": height, "layer": list(layers),
        "usermeta": {"slim": True},
    })  # fmt: skip


def panelled(panels: Sequence[Mapping[str, Any]], title: str, subtitle: str, description: str) -> Drawing:
    """Several plots, each an image of its own, under one heading. Each has its layers, size and words."""
    above = {"text": title, "subtitle": [subtitle], "anchor": "start", "frame": "bounds", "offset": 16}
    return Drawing({
        "title": above, "description": description, "concat": list(panels), "columns": 1, "spacing": 24,
        "usermeta": {"slim": True},
    })  # fmt: skip


def panel(
    layers: Sequence[Layer], size: tuple[float, float], heading: str, colour: str, description: str
) -> dict[str, Any]:
    """One of several plots, its heading in the colour of its network."""
    above = {"text": heading, "anchor": "start", "frame": "bounds", "fontSize": 13, "fontWeight": 600,
             "color": colour, "offset": 10}  # fmt: skip
    width, height = size
    return {
        "title": above, "width": width, "height": height, "layer": list(layers), "description": description,
    }  # fmt: skip


def named(field: str, **how: Any) -> dict[str, Any]:
    """A channel that takes names, colours or words from a field."""
    return {"field": field, "type": "nominal", **how}


def number(field: str, **how: Any) -> dict[str, Any]:
    """A channel that takes numbers from a field."""
    return {"field": field, "type": "quantitative", **how}


def listed(said: Iterable[str]) -> str:
    """``Facebook 3%; X 1%``"""
    return t("sheet.separator").join(said)


def layer(mark: str, data: pd.DataFrame, encoding: Mapping[str, Any], **how: Any) -> Layer:
    """Marks of one kind: a row of ``data`` for each."""
    rows = data.to_dict("records")
    return {"mark": {"type": mark, **how}, "data": {"values": rows}, "encoding": dict(encoding)}


def nothing() -> Chart:
    """A chart that says that there is nothing to draw."""
    said = t("chart.nothing")
    words = alt.Chart(pd.DataFrame({"said": [said]})).mark_text(align="left", color=MUTED, fontSize=13)
    chart: alt.Chart = words.encode(text="said:N", x=alt.value(0)).properties(
        width=WIDTH, height=40, description=said
    )
    return chart


def colour_of(network: str) -> str:
    """The colour of a network; grey for one that has none."""
    return COLOURS.get(network, MUTED)


def shade(part: float) -> str:
    """The colour of a cell: ``part`` of the way from the palest to the darkest."""
    part = min(max(part, 0.0), 1.0)
    pale, dark = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (PALE, DARK))
    return "#" + "".join(f"{round(a + part * (b - a)):02x}" for a, b in zip(pale, dark, strict=True))


def readable(part: float) -> str:
    """The colour of words on that one: at least 4.5:1, on each (tests/test_charts.py)."""
    return "#ffffff" if part > DEEP else "#000000"


# How a chart is shown.


def svg(chart: Chart) -> str:
    """A chart as an SVG image in the reader's language, with its description for those who do not see it."""
    return _svg(_printable(chart.to_dict()))


def theme() -> alt.theme.ThemeConfig:
    """How do all charts look? Restrained lines, one type size for words, no frame."""
    axis = {"labelColor": MUTED, "labelFontSize": 12, "gridColor": HAIR, "domainColor": GREY,
            "tickColor": GREY, "tickSize": 4, "labelPadding": 6}  # fmt: skip
    config = {
        "aria": False,  # the image as a whole is described, in the reader's language
        "background": "transparent", "font": FONT, "axis": axis, "view": {"stroke": None},
        "padding": {"left": 0, "right": 6, "top": 4, "bottom": 4},
        "axisY": {"domain": False, "ticks": False}, "axisX": {"grid": True},
        "title": {"color": INK, "fontSize": 14, "fontWeight": 600, "subtitleColor": MUTED,
                  "subtitleFontSize": 12, "subtitlePadding": 5},
        "legend": {"labelFontSize": 12, "labelColor": INK, "symbolType": "square"},
    }  # fmt: skip
    return {"config": config}  # type: ignore[typeddict-item]


def _svg(spec: dict[str, Any]) -> str:
    drawn = vl_convert.vegalite_to_svg(
        spec, format_locale=_numbers(), time_format_locale=_locale(), allowed_base_urls=[]
    )
    label = Markup('<svg role="img" aria-label="{}" ').format(spec.get("description", ""))
    return drawn.replace("<svg ", str(label), 1)


def _printable(node: Any) -> Any:
    """A specification without the characters that no XML may hold: one of them ends the whole process."""
    if isinstance(node, str):
        return _NO_XML.sub("", node)
    if isinstance(node, dict):
        return {key: _printable(value) for key, value in node.items()}
    return [_printable(value) for value in node] if isinstance(node, list) else node


def _locale() -> Any:
    return {"en": "en-GB", "fr": "fr-FR"}[i18n.language()]


def _numbers() -> dict[str, Any]:
    """The separators of i18n: French groups thousands by a narrow space."""
    said: dict[str, Any] = vl_convert.get_format_locale(_locale())
    return said | {"thousands": "\u202f"} if i18n.language() == "fr" else said


def _bundle(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    """Its heading as text, then the image, or one for each panel of a trend; and its words alone."""
    spec = _printable(spec)
    said = str(spec.get("description", ""))
    return {"text/html": str(_figure(spec, said)), "text/plain": said}


def _figure(spec: dict[str, Any], said: str) -> Markup:
    title, panels = spec.get("title", {}), spec.get("concat", [])
    rest = {key: value for key, value in spec.items() if key not in _WHOLE}
    heading = Markup("<figcaption><b>{}</b> {}</figcaption>\n").format(
        title["text"], " ".join(title["subtitle"])
    ) if title else ""  # fmt: skip
    if not panels:
        looks = " cm-slim" if spec.get("usermeta", {}).get("slim") else ""
        return _HTML.format(
            heading, Markup('<div class="cm-drawn{}" tabindex="0">').format(looks), _img(rest)
        )
    grid = Markup('<div class="cm-panels" role="group" aria-label="{}">').format(said)
    return _HTML.format(heading, grid, Markup("\n").join(_img({**rest, **panel}) for panel in panels))


def _img(spec: dict[str, Any]) -> Markup:
    source = Markup(base64.b64encode(_svg(spec).encode()).decode())
    return Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(
        source, spec.get("description", "")
    )


alt.theme.register("cm", enable=True)(theme)
alt.renderers.register("cm", _bundle)
alt.renderers.enable("cm")
