"""What a chart shows: one image with words for who cannot see it, harmless, in the reader's language."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import altair as alt
import numpy as np
import pandas as pd
import pytest

from cmlib import charts, documents, i18n
from cmlib.schema import NETWORKS

EVIL = "</script><script>alert(1)</script><!--<script>\x0b<img src=x onerror=alert(1)>"
NAMES = ["network", "metric", "value", "n", "low", "high", "note"]


def measure(rows: list[tuple], first: str) -> pd.DataFrame:
    """Rows of (network, first, value, n), with an interval from 12 posts on."""
    frame = pd.DataFrame(rows, columns=["network", first, "value", "n"])
    sure = frame["n"] >= 12
    return frame.assign(
        metric="engagement_rate_by_reach",
        low=(frame["value"] * 0.8).where(sure),
        high=(frame["value"] * 1.2).where(sure),
        note="",
    )


def trend(missing: int | None = None) -> pd.DataFrame:
    weeks = pd.date_range("2026-09-07", periods=6, freq="7D")
    rows = [(n, w, base, 20) for n, base in (("facebook", 0.02), ("instagram", 0.0412)) for w in weeks]
    return measure([row for place, row in enumerate(rows) if place != missing], "week")


def kinds() -> pd.DataFrame:
    return measure(
        [
            ("instagram", "short_video", 0.0625, 30),
            ("instagram", "image", 0.031, 4),
            ("x", "text", 0.012, 1),
            (EVIL, "image", 0.02, 12),
        ],
        "kind",
    )


def rules() -> pd.DataFrame:
    frame = measure(
        [("", "Sprout Social", 0.0412, 90), ("", EVIL, 0.0075, 90), ("", "Orlo", np.nan, 0)], "tool"
    )
    return frame.drop(columns="network")


def moves(n: int = 3) -> pd.DataFrame:
    networks = [*NETWORKS[: n - 1], EVIL]
    frame = pd.DataFrame(
        {"network": networks, "kind": "image", "mix": 0.001, "within": -0.0005, "total": 0.0005}
    )
    whole = {"network": "all", "kind": "", "mix": 0.001 * n, "within": -0.0005 * n, "total": 0.0005 * n}
    return pd.concat([frame, pd.DataFrame([whole])], ignore_index=True)


ALL = {"trend": trend, "kinds": kinds, "rules": rules, "moves": moves}


@pytest.fixture(params=sorted(ALL))
def drawn(request):
    return getattr(charts, request.param)(ALL[request.param]())


def words(svg: str) -> str:
    """All that can be read in the image."""
    return " ".join(text for text in ElementTree.fromstring(svg).itertext() if text.strip())


def test_a_chart_is_one_image_that_is_described_and_asks_nobody_for_anything(drawn):
    bundle = drawn._repr_mimebundle_()
    svg, html = charts.svg(drawn), bundle["text/html"]
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == bundle["text/plain"] != ""
    assert set(bundle) == {"text/html", "text/plain"}
    assert "http" not in svg.replace("http://www.w3.org/", "")
    assert (
        html.count("<img") == html.count('<img src="data:image/svg+xml;base64,') >= 1 and "http" not in html
    )
    assert 'alt="' in html and 'alt=""' not in html


@pytest.mark.parametrize("name", ["kinds", "rules", "moves"])
def test_text_of_a_file_does_nothing(name):
    chart = getattr(charts, name)(ALL[name]())
    bundle = chart._repr_mimebundle_()
    svg = charts.svg(chart)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "g", "path", "line", "text", "rect", "defs", "clipPath", "tspan"}
    assert "alert(1)" in bundle["text/plain"]
    for shown in (svg, bundle["text/html"]):
        assert "<script" not in shown and "<!--" not in shown and "\x0b" not in shown and "href" not in shown


def test_french_is_french_to_the_last_digit(drawn):
    with i18n.speaking("en"):
        english = words(charts.svg(drawn))
    assert "." in english
    with i18n.speaking("fr"):
        svg = charts.svg(charts.kinds(kinds()))
        read = words(svg)
    assert "6,25\u202f%" in read and "Vidéo courte" in read and "30 publications" in read
    assert "Taux d’engagement" in read and "Short video" not in svg and "Engagement" not in read


def images(chart) -> list[tuple[str, str]]:
    """What the HTML of a chart shows: each image's description, and the image."""
    held = re.findall(
        r'<img src="data:image/svg\+xml;base64,(.*?)" alt="(.*?)">', chart._repr_mimebundle_()["text/html"]
    )
    return [(said, base64.b64decode(image).decode()) for image, said in held]


def test_a_trend_is_an_image_for_each_network_on_one_scale_and_its_heading_is_text():
    weeks = pd.date_range("2026-09-07", periods=6, freq="7D")
    rows = [(n, w, base, 20) for n, base in (("facebook", 0.02), ("instagram", 0.0412)) for w in weeks]
    chart = charts.trend(measure(rows, "week"))
    (facebook, low), (instagram, high) = images(chart)
    assert (facebook, instagram) == ("Facebook 2.00%", "Instagram 4.12%")
    assert "Facebook" in words(low) and "Instagram" not in words(low)
    scales = [
        {w for w in words(image).split() if w.endswith("%")} - {"2.00%", "4.12%"} for image in (low, high)
    ]
    assert scales[0] == scales[1] and len(scales[0]) > 2
    sizes = {
        tuple(ElementTree.fromstring(image).get(side) for side in ("width", "height"))
        for image in (low, high)
    }
    assert len(sizes) == 1
    html = chart._repr_mimebundle_()["text/html"]
    assert "<b>Engagement rate by reach</b>" in html and "Engagement rate" not in words(low)
    assert documents.cleaned(html) == html


def test_a_long_name_of_a_rule_takes_two_lines_and_none_is_cut():
    long = "By followers at the moment of the publication"
    ((_, image),) = images(charts.rules(rules().assign(tool=[long, "Orlo", "Buffer"])))
    assert long in words(image).replace("  ", " ") and "…" not in words(image)


@pytest.mark.parametrize("name", ["kinds", "rules", "moves"])
def test_a_chart_is_narrow_enough_for_a_phone_to_shrink_it(name):
    chart = getattr(charts, name)(ALL[name]().replace(EVIL, "Sprout Social"))
    ((_, image),) = images(chart)
    assert float(ElementTree.fromstring(image).get("width")) <= 600


def test_months_are_written_in_french():
    with i18n.speaking("fr"):
        chart = charts.trend(trend())
        read = words(charts.svg(chart))
        assert "oct." in read and "sept." in read and "Sep " not in read
        assert "7 sept. 2026" in chart.to_dict()["description"]


def test_a_week_without_a_figure_is_a_gap():
    def lines(frame):
        svg = charts.svg(charts.trend(frame))
        of_facebook = [
            e for e in ElementTree.fromstring(svg).iter() if e.get("stroke") == charts.COLOURS["facebook"]
        ]
        return [e.get("d").count("M") for e in of_facebook if e.get("d")]

    assert lines(trend()) == [1]
    assert lines(trend(missing=2)) == [2]


def test_a_value_without_an_interval_has_a_hollow_dot_and_no_bar():
    read = charts.svg(charts.kinds(kinds()[lambda f: f["network"] == "instagram"]))
    dots = [e.get("fill") for e in ElementTree.fromstring(read).iter() if e.get("stroke-width") == "2"]
    assert sorted(dots) == sorted([charts.COLOURS["instagram"], "#ffffff"])
    bars = [e for e in ElementTree.fromstring(read).iter() if e.get("stroke-linecap") == "round"]
    assert len(bars) == 1


def test_a_rate_of_no_tool_is_called_by_its_name():
    frame = rules().assign(tool=["Sprout Social", "", ""], metric="engagement_rate_by_reach")
    assert "Engagement rate by reach" in words(charts.svg(charts.rules(frame)))


def test_a_long_trend_tells_months_from_days():
    weeks = pd.date_range("2025-11-03", periods=26, freq="7D")
    read = words(charts.svg(charts.trend(measure([("x", week, 0.02, 20) for week in weeks], "week"))))
    assert "Jan 2026" in read and "Feb" in read and "Feb 2" not in read


def test_posts_of_an_unknown_kind_are_drawn_too():
    read = words(charts.svg(charts.kinds(kinds().assign(kind=pd.NA))))
    assert read.count("Unknown kind") == 3


def test_the_bars_of_the_moves_still_add_up_when_some_are_put_together():
    chart = charts.moves(moves(16)).to_dict()
    rows = pd.DataFrame(next(v for v in chart["datasets"].values() if len(v) > 1))
    assert rows["label"].nunique() == charts.MOST_ROWS + 2
    parts = rows[rows["label"] != "All"].groupby("part")["points"].sum()
    whole = rows[rows["label"] == "All"].set_index("part")["points"]
    assert parts.to_dict() == pytest.approx(whole.to_dict())
    assert "4 others" in set(rows["label"])


@pytest.mark.parametrize("name", sorted(ALL))
def test_nothing_to_draw_says_so(name):
    frame = ALL[name]()
    number = "value" if "value" in frame else "mix"
    for empty in (frame.iloc[:0], frame.assign(**{number: np.nan})):
        chart = getattr(charts, name)(empty)
        assert "Nothing to draw" in words(charts.svg(chart))


def test_drawing_changes_no_frame():
    for name, made in ALL.items():
        given = made()
        getattr(charts, name)(given)
        pd.testing.assert_frame_equal(given, made())


def test_one_theme_and_one_renderer():
    assert (alt.theme.active, alt.renderers.active) == ("cm", "cm")


# Colours: WCAG 2.2 for contrast; Viénot, Brettel & Mollon (1999) for what colour-blind eyes see.


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    scaled = xyz / [0.9505, 1, 1.089]
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


BLIND = {
    "none": np.eye(3),
    "protan": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deutan": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}
MAIN = ("facebook", "instagram", "x", "youtube", "tiktok", "linkedin")


def test_every_network_has_a_colour_that_can_be_read():
    assert set(charts.COLOURS) == set(NETWORKS)
    for colour in (*charts.COLOURS.values(), charts.INK, charts.MUTED, charts.ACCENT):
        assert contrast(colour, "#fffdf9") >= 4.5, colour
    assert contrast(charts.SECOND, "#fffdf9") >= 3


@pytest.mark.parametrize("eyes", BLIND)
def test_the_main_networks_stay_apart(eyes):
    seen = {n: lab(np.clip(BLIND[eyes] @ linear(charts.COLOURS[n]), 0, 1)) for n in MAIN}
    near = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in combinations(MAIN, 2)}
    assert min(near.values()) >= 20, sorted(near.items(), key=lambda pair: pair[1])[:3]
