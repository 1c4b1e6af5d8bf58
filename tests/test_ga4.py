"""What the golden exports cannot show: the network of a source, and reports that cannot be read by day."""

import pytest

from cmlib import importers
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.importers.known.ga4 import network_of

BRAND = Brand(
    "ada", "Ada", accounts=(Account("facebook", "Ada Bakes"), Account("web", "ada.example", name="The shop"))
)


def read(text: str) -> importers.Reading:
    return importers.read(importers.open_export(importers.File("report.csv", text.encode)), BRAND)


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("facebook", "facebook"), ("FB", "facebook"), ("lm.facebook.com", "facebook"), ("ig", "instagram"),
        ("l.instagram.com", "instagram"), ("t.co", "x"), ("x.com", "x"), ("out.reddit.com", "reddit"),
        ("com.linkedin.android", "linkedin"), ("lnkd.in", "linkedin"), ("m.youtube.com", "youtube"),
        ("google", "web"), ("netflix.com", "web"), ("shop.x", "web"), ("not-facebook.com", "web"),
        ("", "web"),
    ],
)  # fmt: skip
def test_the_network_of_a_source(source: str, network: str) -> None:
    assert network_of(source) == network


@pytest.mark.parametrize(
    "table",
    [
        "Session source / medium,Sessions\ngoogle / organic,3\n",
        "Date,Session default channel group,Sessions\n20260101,Direct,3\n20260101,Organic Social,4\n",
        "Date,Session source / medium,Total users\n20260101,google / organic,3\n20260101,ig / bio,2\n",
    ],
)
def test_a_report_that_has_no_day_or_no_source_says_what_to_add(table: str) -> None:
    with pytest.raises(CmlibError, match="Date"):
        read("# Report CSV Export\n# Property: ada.example\n" + table)


def test_visits_belong_to_the_site_whatever_network_they_come_from() -> None:
    table = "Date,Session source / medium,Sessions\n20260101,fb / social,3\n20260101,google / organic,4\n"
    for property_ in ("ada.example - GA4", "The Shop", ""):
        visits = read(f"# Report CSV Export\n# Property: {property_}\n{table}").tables["visits"]
        assert visits["network"].tolist() == ["facebook", "web"]
        assert set(visits["account"]) == {"ada.example"}
