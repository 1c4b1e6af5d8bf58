"""A small world for the choice of networks: two networks and one persona, so that all can be done by hand."""

from pathlib import Path

import pandas as pd
import pytest

from cmlib import facts
from cmlib.brand import Brand, Persona, Piece

CITED = {
    "source": "invented",
    "source_date": "2026-01",
    "address": "https://example.org",
    "trust": "high",
    "note": "",
}

NETWORKS = {
    "instagram": {"leading_kinds": "image", "cadence_low": "3", "cadence_high": "6", "users": "1000"},
    "tiktok": {"leading_kinds": "image", "cadence_low": "5", "cadence_high": "5", "users": "500"},
}
COMMON = {
    "status": "alive",
    "type": "photo",
    "discovery": "public",
    "format_image": "yes",
    "format_text": "no",
}
SHARES = {"instagram": 0.5, "tiktok": 0.8}
FITS = {"instagram": 1.0, "tiktok": 0.5}
RATES = {"instagram": 0.01, "tiktok": 0.1}

BRAND = Brand(
    "small",
    "Small",
    country="FR",
    hours_per_week=10.0,
    personas=(Persona("Pupils", 1.0, ("18-24",)),),
    objectives={"awareness": 1.0},
    pieces={"image": Piece(1.0)},
)


def world(
    folder: Path,
    networks: dict[str, dict[str, str]] = NETWORKS,
    shares: dict[str, float] = SHARES,
    fits: dict[str, float] = FITS,
    rates: dict[str, float] = RATES,
) -> None:
    """Write the tables of facts: a share of the 18 to 24, a grade and a rate for each network."""
    folder.mkdir(parents=True, exist_ok=True)
    known = [
        {"network": network, "fact": fact, "value": value, "unit": "", **CITED}
        for network, own in networks.items()
        for fact, value in {**COMMON, **own}.items()
    ]
    asked = [
        {"country": "FR", "year": 2025, "network": network, "measure": "ever use", "dimension": "age",
         "level": "18-24", "share": share, "n": 1000, "moe": "", "base": "", **CITED}
        for network, share in shares.items()
    ]  # fmt: skip
    grades = [
        {"network": network, "market": market, "objective": objective, "fit": fit, **CITED}
        for network, fit in fits.items()
        for market in ("b2c", "b2b")
        for objective in ("awareness", "support")
    ]
    published = [
        {"study": "Study", "period": "2025", "network": network, "industry": "all", "segment": "all",
         "metric": "engagement_rate_by_followers", "definition": "median: reactions / followers",
         "value": rate, "unit": "rate", "n": "", **CITED}
        for network, rate in rates.items()
    ]  # fmt: skip
    tables = {"networks": known, "audience": asked, "objectives": grades, "benchmarks": published}
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)


@pytest.fixture
def small(home: Path, monkeypatch: pytest.MonkeyPatch) -> Brand:
    """The brand of the small world, whose facts are those of ``world``."""
    folder = home / "data" / "reference"
    world(folder)
    monkeypatch.setattr(facts, "SHIPPED", folder)
    path = home / "data" / "brands" / "small" / "brand.toml"
    path.parent.mkdir(parents=True)
    path.write_text('name = "Small"\n', encoding="utf-8")
    return BRAND
