"""The demo's files are what its script makes, they look like the networks' own, and hold what it planted."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import mean

import demo
import pytest
from demo_exports import META_OVERVIEW
from demo_rivals import RIVALS
from demo_story import GAP, HANDLES, MONTHS
from python_calamine import CalamineWorkbook

from cmlib import brand

FOLDER = Path(__file__).parent.parent / "data" / "brands" / "demo"
INBOX = FOLDER / "inbox"
MONTH_NAMES = [f"{m:%Y-%m}" for m in MONTHS]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("inbox")
    return folder, demo.write(folder)


@pytest.fixture(scope="module")
def truths(made: tuple[Path, dict]) -> dict:
    return made[1]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def meta_posts(header: str) -> Iterator[dict[str, str]]:
    for path in sorted(INBOX.glob("???-??-????_*.csv")):
        text = path.read_text(encoding="utf-8-sig")
        if text.startswith(header):
            yield from rows(text)


# ------------------------------------------------------------------------------------------ the files


def test_the_committed_files_are_what_the_script_makes(made: tuple[Path, dict]) -> None:
    ours = {p.name: p.read_bytes() for p in made[0].iterdir()}
    assert sorted(ours) == sorted(p.name for p in INBOX.iterdir())
    assert [name for name, content in ours.items() if content != (INBOX / name).read_bytes()] == []


def test_the_demo_is_small() -> None:
    assert sum(p.stat().st_size for p in FOLDER.rglob("*")) < 2_000_000


def test_brand_toml_names_the_accounts_as_the_exports_do() -> None:
    known = brand.load("demo")
    assert {a.network: a.handle for a in known.accounts if not a.rival} == HANDLES
    theirs = {(a.network, a.handle, a.name) for a in known.accounts if a.rival}
    assert theirs == {(rival.network, rival.handle, rival.name) for rival in RIVALS}


@pytest.mark.parametrize("name", META_OVERVIEW)
def test_meta_overviews_are_utf_16_with_a_title(name: str) -> None:
    raw = (INBOX / name).read_bytes()
    assert raw.startswith(b"\xff\xfe")
    lines = raw.decode("utf-16").split("\n")
    assert lines[:3] == ["sep=,", f'"{META_OVERVIEW[name][0]}"', '"Date","Primary"']
    assert (lines[3][1:11], lines[-3][1:11], len(lines)) == ("2025-09-01", "2026-10-31", 426 + 3 + 2)


def test_facebook_is_in_french_and_holds_one_error_row() -> None:
    found = list(meta_posts('"Identifiant de la publication","ID de la Page"'))
    failed = [r for r in found if r["Commentaire des données"]]
    assert [r["Identifiant de la publication"] for r in failed] == [""]
    assert {r["Nom de la page"] for r in found} == {HANDLES["facebook"], ""}


def test_tiktok_zips_are_stored_and_have_a_byte_order_mark() -> None:
    for path in INBOX.glob("*_ateliervaurenne.zip"):
        with zipfile.ZipFile(path) as archive:
            assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
            for name in archive.namelist():
                text = archive.read(name)
                assert text.startswith(b"\xef\xbb\xbf") and not text.endswith(b"\n")


def test_linkedin_workbooks_are_true_xls() -> None:
    for path in sorted(INBOX.glob("atelier-vaurenne_content_*.xls")):
        assert path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
        book = CalamineWorkbook.from_path(path)
        assert book.sheet_names == ["Metrics", "All posts"]
        assert book.get_sheet_by_name("Metrics").to_python()[1][0] == "Date"


def test_ga4_has_its_preamble() -> None:
    lines = (INBOX / "data-export.csv").read_bytes().split(b"\r\n")
    assert lines[3] == b"# Property: www.atelier-vaurenne.example - GA4"
    assert lines[9] == b"Date,Session source / medium,Sessions,Key events,Total revenue"


# ------------------------------------------------------------------------------------------ what is planted


def test_every_month_has_posts_on_every_network(truths: dict) -> None:
    within = {
        "facebook": (10, 12),
        "instagram": (12, 16),
        "tiktok": (8, 8),
        "linkedin": (6, 8),
        "youtube": (3, 3),
    }
    for network, (least, most) in within.items():
        counts = truths["posts"][network]
        assert list(counts) == MONTH_NAMES
        assert all(least <= n <= most for n in counts.values()), network


def test_carousels_engage_best_in_every_month(truths: dict) -> None:
    kinds = truths["rate_by_kind"]
    assert kinds["image"] < kinds["reel"] < kinds["carousel"]
    assert 1.7 < kinds["carousel"] / kinds["image"] < 1.95
    assert min(truths["carousel_over_image"].values()) > 1.25


def test_carousels_engage_best_in_the_files_too(truths: dict) -> None:
    found = [r for r in meta_posts('"Post ID","Account ID"') if r["Post type"] == "IG carousel"]
    done = sum(int(r[c]) for r in found for c in ("Likes", "Comments", "Shares", "Saves"))
    assert done / sum(int(r["Reach"]) for r in found) == pytest.approx(truths["rate_by_kind"]["carousel"])


def test_the_contest_of_may_stands_out(truths: dict) -> None:
    for figure, least, most in (("interactions", 1.9, 3), ("comments", 5, 15), ("follows", 2.5, 4)):
        months = dict(truths[figure])
        may = months.pop("2026-05")
        assert least < may / mean(months.values()) < most, figure
        assert may > 1.2 * max(months.values()), figure


def test_on_instagram_posts_at_noon_reach_more_people(truths: dict) -> None:
    """Planted is 1.45; which posts went out at noon is chance, and on no other network it matters."""
    noon = truths["noon"]
    assert 1.4 < noon["instagram"] < 1.8
    assert all(0.8 < noon[network] < 1.25 for network in ("facebook", "tiktok"))


def test_two_weeks_of_august_lack_on_tiktok_alone() -> None:
    days = {"Overview.csv": [], "Viewers.csv": [], "FollowerHistory.csv": []}
    for path in INBOX.glob("*_ateliervaurenne.zip"):
        with zipfile.ZipFile(path) as archive:
            for name in set(days) & set(archive.namelist()):
                days[name] += [r["Date"] for r in rows(archive.read(name).decode("utf-8-sig"))]
    assert len(days["FollowerHistory.csv"]) == 426
    assert (GAP[1] - GAP[0]).days + 1 == 14
    for name in ("Overview.csv", "Viewers.csv"):
        assert len(days[name]) == 426 - 14
        assert "August 2" in days[name] and "August 17" in days[name]
        assert not {f"August {d}" for d in range(3, 17)} & set(days[name])


def test_facebook_is_in_decline_and_its_rate_is_not(truths: dict) -> None:
    assert -0.046 < truths["facebook_reach_per_month"] < -0.035
    rates = list(truths["rates"]["facebook"].values())
    assert mean(rates[7:]) == pytest.approx(mean(rates[:7]), rel=0.1)


@pytest.mark.parametrize("network", ["facebook", "tiktok", "linkedin", "youtube"])
def test_october_is_like_september_where_nothing_moves(network: str, truths: dict) -> None:
    rates = truths["rates"][network]
    assert rates["2026-10"] == pytest.approx(rates["2026-09"], rel=0.1)


def test_october_is_better_on_instagram_by_its_mix(truths: dict) -> None:
    rates = truths["rates"]["instagram"]
    assert 1.1 < rates["2026-10"] / rates["2026-09"] < 1.4
    shown = [r for r in meta_posts('"Post ID","Account ID"') if r["Publish time"].startswith("10/")]
    of_2026 = [r["Post type"] for r in shown if r["Publish time"][6:10] == "2026"]
    assert of_2026.count("IG carousel") == 11 and len(of_2026) == 16


def test_customers_are_as_satisfied_as_planted(truths: dict) -> None:
    assert truths["nps"] == pytest.approx(40, abs=2)
    assert truths["csat"] == pytest.approx(0.85, abs=0.01)


def test_visitors_convert_as_planted(truths: dict) -> None:
    assert truths["conversion"]["networks"] == pytest.approx(0.018, abs=0.001)
    assert truths["conversion"]["linkedin"] == pytest.approx(0.030, abs=0.002)


def test_truths_can_be_written_down(truths: dict) -> None:
    assert date(2026, 8, 3) in truths["gap"]
    assert json.loads(json.dumps(truths, default=str))["gap"] == ["2026-08-03", "2026-08-16"]
