"""The charts of the choice of networks: what is written in them, and that it can be read."""

import xml.etree.ElementTree as ElementTree
from itertools import combinations

import altair as alt
import pandas as pd
import pytest
from test_charts import EVIL, contrast, images, words

from cmlib import charts, documents, i18n

NETWORKS = ("instagram", "tiktok", "youtube")


def presence(personas=("Pupils", "Parents"), networks=NETWORKS) -> pd.DataFrame:
    """The first persona from a survey, the others each worse known."""
    bases = ["own", "shaped", "borrowed", "guessed"]
    rows = [
        (network, persona, 0.84 - 0.2 * place, bases[place % 4], "public")
        for network in networks
        for place, persona in enumerate(personas)
    ]
    return pd.DataFrame(rows, columns=["network", "persona", "value", "basis", "seen"])


def ranking() -> pd.DataFrame:
    return pd.DataFrame({
        "network": NETWORKS, "value": [81.6, 60.2, 40.0], "low": [70.0, 50.0, 20.0],
        "high": [90.0, 75.0, 55.0], "first": [0.9, 0.1, 0.0], "top": [1.0, 0.994, 0.006],
    })  # fmt: skip


def acceptability(n: int = 11) -> pd.DataFrame:
    """The first network is at each place in as many draws, the second always the last."""
    rows = [("instagram", place, 1 / n) for place in range(1, n + 1)]
    rows += [("tiktok", place, float(place == n)) for place in range(1, n + 1)]
    return pd.DataFrame(rows, columns=["network", "place", "share"])


STEPS = [((), 0.0, 0.0), (("instagram",), 0.5, 4.0), (("instagram", "tiktok"), 0.6, 8.0),
         (("instagram", "youtube"), 0.7, 12.0)]  # fmt: skip


def frontier(steps=STEPS, chosen: int = 2) -> dict[str, pd.DataFrame]:
    """The same steps whatever the overlap, so that all lines end at one place."""
    line = pd.DataFrame(steps, columns=["networks", "reach", "hours"]).assign(money=0.0, people=None)
    lines = [line.assign(overlap=overlap) for overlap in (0.0, 0.5, 1.0)]
    sets = pd.concat([one.iloc[chosen : chosen + 1] for one in lines], ignore_index=True)
    return {"sets": sets, "frontier": pd.concat(lines, ignore_index=True)}


ALL = {"presence": presence, "ranking": ranking, "acceptability": acceptability, "frontier": frontier}


def drawn(name: str, *given) -> str:
    """The image alone, without its heading."""
    ((_, image),) = images(getattr(charts, name)(*(given or [ALL[name]()])))
    return image


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_one_harmless_image_that_is_described(name):
    chart = getattr(charts, name)(ALL[name]())
    alt.LayerChart.from_dict(chart.to_dict())  # that it is as Vega-Lite has it
    bundle = chart._repr_mimebundle_()
    ((said, image),) = images(chart)
    assert set(bundle) == {"text/html", "text/plain"} and said == bundle["text/plain"] != ""
    assert documents.cleaned(bundle["text/html"]) == bundle["text/html"]
    assert "http" not in image.replace("http://www.w3.org/", "")
    assert float(ElementTree.fromstring(image).get("width")) <= 480  # a phone shrinks it by a fifth


@pytest.mark.parametrize("name", ALL)
def test_the_image_is_the_same_in_french_but_for_its_words(name):
    with i18n.speaking("fr"):
        bundle = getattr(charts, name)(ALL[name]())._repr_mimebundle_()
    for english in ("share", "Share", "draws", "score", "First", "later", "half-way", "by chance"):
        assert english not in bundle["text/html"].partition("<img")[0] + bundle["text/plain"]


@pytest.mark.parametrize("name", ALL)
def test_a_chart_is_drawn_once(name, monkeypatch):
    drawn, draw = [], charts.drawing.vl_convert.vegalite_to_svg
    monkeypatch.setattr(
        charts.drawing.vl_convert, "vegalite_to_svg", lambda *a, **k: drawn.append(a) or draw(*a, **k)
    )
    getattr(charts, name)(ALL[name]())._repr_mimebundle_()
    assert len(drawn) == 1


@pytest.mark.parametrize("name", ALL)
def test_nothing_to_draw_says_so(name):
    given = ALL[name]()
    empty = {k: f.iloc[:0] for k, f in given.items()} if isinstance(given, dict) else given.iloc[:0]
    assert "Nothing to draw" in words(charts.svg(getattr(charts, name)(empty)))


def test_drawing_changes_no_frame():
    for name, made in ALL.items():
        given = made()
        getattr(charts, name)(given)
        pairs = given.items() if isinstance(given, dict) else [("", given)]
        for key, frame in pairs:
            pd.testing.assert_frame_equal(frame, made()[key] if key else made())


def test_a_cell_holds_its_share_and_a_sign_for_what_is_not_the_country_s_own():
    read = words(drawn("presence", presence(("A", "B", "C", "D"), ["tiktok"])))
    assert read.split() == ["84%", "≈", "64%", "*", "44%", "?", "24%", "TikTok", "A", "B", "C", "D"]
    html = charts.presence(presence())._repr_mimebundle_()["text/html"]
    assert "≈ the country" in html and "* from" not in html and "? estimated" not in html


def test_a_network_that_is_not_public_is_marked():
    frame = presence(networks=("whatsapp", "x"))
    html = charts.presence(frame.assign(seen=["members"] * 2 + ["public"] * 2))._repr_mimebundle_()[
        "text/html"
    ]
    assert "° a brand reaches only" in html and "a brand reaches" not in drawn_html(frame)


def drawn_html(frame: pd.DataFrame) -> str:
    return charts.presence(frame)._repr_mimebundle_()["text/html"]


def test_the_rows_are_in_the_order_of_the_frame():
    read = words(drawn("presence", presence(networks=("youtube", "instagram"))))
    assert read.index("YouTube") < read.index("Instagram")
    assert words(drawn("ranking")).split()[3:6] == ["Instagram", "TikTok", "YouTube"]


@pytest.mark.parametrize("part", [place / 100 for place in range(101)])
def test_words_stand_out_from_every_cell(part):
    assert contrast(charts.shade(part), charts.readable(part)) >= 4.5


def test_a_larger_share_is_darker():
    shades = [contrast(charts.shade(part / 10), "#ffffff") for part in range(11)]
    assert shades == sorted(shades)


def test_a_long_name_of_a_persona_takes_lines_and_many_are_turned():
    read = words(drawn("presence", presence(("Couples looking for a wedding list", "B", "C"))))
    assert "Couples looking for a wedding list" in " ".join(read.split())
    many = drawn("presence", presence([f"A persona called {place}" for place in range(8)]))
    assert many.count("rotate(-45)") + many.count("rotate(315)") == 8


def test_a_persona_s_name_does_nothing():
    chart = charts.presence(presence((EVIL, "<script>alert(1)</script>")))
    bundle, (_, image) = chart._repr_mimebundle_(), images(chart)[0]
    assert "<script" not in bundle["text/html"] + image and "alert(1)" in bundle["text/plain"]


def test_a_score_has_its_range_and_its_chances():
    image = drawn("ranking")
    assert words(image).split()[6:9] == ["82", "60", "40"]
    assert words(image).split()[9:] == ["90%", "10%", "100%", "99%", "First", "Top", "3"]
    bars = [e for e in ElementTree.fromstring(image).iter() if e.get("stroke-linecap") == "round"]
    assert len(bars) == 3


def test_places_after_the_eighth_are_together_and_what_is_next_to_nothing_is_not_written():
    read = words(drawn("acceptability")).split()
    assert read[:10] == ["9", "9", "9", "9", "9", "9", "9", "9", "27", "100"]
    assert read[-9:] == ["1", "2", "3", "4", "5", "6", "7", "8", "later"]


def test_one_network_has_one_place():
    frame = pd.DataFrame({"network": ["x"], "place": [1], "share": [1.0]})
    assert words(drawn("acceptability", frame)).split() == ["100", "X", "1"]


def test_the_frontier_says_what_joins_and_what_is_chosen():
    image = drawn("frontier")
    read = words(image)
    assert "+ Instagram" in read and "+ TikTok" in read and "+ YouTube" not in read  # it is not chosen
    assert "Instagram, TikTok: 60% in 8 h" in read
    assert all(w in read for w in ("by chance", "half-way", "full"))
    assert "stroke-dasharray" in image


def test_a_network_that_leaves_and_comes_back_is_named_once():
    steps = [((), 0.0, 0.0), (("x",), 0.2, 2.0), (("tiktok",), 0.4, 4.0), (("tiktok", "x"), 0.6, 8.0)]
    at = heights(drawn("frontier", frontier(steps, chosen=3)))
    assert [one[2] for one in sorted(at, key=lambda one: one[1]) if one[2][0] == "+"] == ["+ TikTok", "+ X"]


def heights(image: str) -> list[tuple[float, float, str]]:
    """Where the words of an image stand: (down, to the right, what)."""
    found = []
    for element in ElementTree.fromstring(image).iter():
        if element.tag.endswith("text") and element.text:
            x, y = element.get("transform").split("(")[1].split(")")[0].split(",")
            found.append((float(y), float(x), element.text))
    return found


@pytest.mark.parametrize(
    "steps",
    [
        STEPS,
        [((), 0, 0), (("x",), 0.9, 1.0)],
        [((), 0, 0)] + [((n,), 0.1 * k, 1.0 + k / 10) for k, n in enumerate(charts.COLOURS, 1) if k <= 10],
    ],
)
def test_no_words_of_the_frontier_meet(steps):
    at = heights(drawn("frontier", frontier(steps, chosen=1)))
    named = [one for one in at if one[2].startswith("+") or one[2] in ("by chance", "half-way", "full")]
    assert len([one for one in named if one[2].startswith("+")]) <= 4
    for one, other in combinations(named, 2):
        width = max(len(one[2]), len(other[2])) * 7
        assert abs(one[0] - other[0]) >= 13 or abs(one[1] - other[1]) >= width, (one, other)


def test_where_the_hours_pay_for_nothing_the_frontier_is_drawn_and_nothing_is_marked():
    read = words(drawn("frontier", frontier(chosen=0)))
    assert "+ Instagram" in read and " in " not in read


def test_only_the_hours_near_those_that_there_are_are_drawn():
    far = [*STEPS, (("instagram", "youtube", "tiktok"), 0.8, 90.0)]
    assert "90 h" not in words(drawn("frontier", frontier(far))) and "20 h" in words(
        drawn("frontier", frontier(far, chosen=2))
    )
