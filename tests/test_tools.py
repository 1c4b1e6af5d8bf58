"""Files of tools that hold several networks, or a site: what golden files do not show."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cmlib import importers
from cmlib.brand import Account, Brand
from cmlib.errors import CmlibError
from cmlib.importers.known import tools

EXPORTS = Path(__file__).parent / "exports"
BRAND = Brand("golden", "Golden", timezone="Europe/Paris")
SITE = Brand("golden", "Golden", timezone="Europe/Paris", accounts=(Account("web", "mill.example"),))


def opened(data: bytes | str, name: str = "file.csv") -> importers.Export:
    given = data if isinstance(data, bytes) else data.encode()
    return importers.open_export(importers.File(name, lambda: given))


def read(text: str, brand: Brand = SITE, name: str = "file.csv", account: str = "") -> importers.Reading:
    return importers.read(opened(text, name), brand, account, pd.Timestamp("2026-04-01", tz="UTC"))


# Hootsuite


def test_what_is_no_export_in_hootsuites_zip_stops_none_of_the_others(tmp_path: Path) -> None:
    members = {
        "posts_x.csv": (EXPORTS / "hootsuite_x" / "report.csv").read_bytes(),
        "posts_instagram.csv": (EXPORTS / "hootsuite_instagram" / "report.csv").read_bytes(),
        "report.pdf": b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n1 0 obj\n\0",
        "README.txt": b"Thank you, for using it\n",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    (tmp_path / "report.zip").write_bytes(packed.getvalue())
    told: dict[str, str] = {}
    for file in importers.walk(tmp_path / "report.zip"):
        try:
            told[file.name] = importers.read(importers.open_export(file), BRAND).format
        except CmlibError as refused:
            told[file.name] = refused.key
    assert told == {
        "report.zip/posts_x.csv": "hootsuite_x",
        "report.zip/posts_instagram.csv": "hootsuite_instagram",
        "report.zip/report.pdf": "not_text",
        "report.zip/README.txt": "unrecognised",
    }


ALONE = (
    "Date (GMT),Followers (Daily aggregated values for Social Networks: @brivoise)\n2026-03-04 00:00:00,812\n"
)
ADDED = "Date (GMT),Posts (This column might contain aggregated values across networks. Social Networks: a)\n"


def test_a_column_without_network_is_of_the_brands_one_account_of_that_name() -> None:
    own = Brand("b", "B", accounts=(Account("x", "brivoise"), Account("facebook", "Mill")))
    days = read(ALONE, own).tables["days"]
    assert days[["network", "account", "value"]].to_numpy().tolist() == [["x", "brivoise", 812.0]]
    both = Brand("b", "B", accounts=(Account("x", "brivoise"), Account("threads", "brivoise")))
    for text, brand in ((ALONE, both), (ADDED + "2026-03-04 00:00:00,3\n", own)):
        with pytest.raises(CmlibError, match="adds up all networks"):
            read(text, brand)


def test_each_line_of_hootsuites_accounts_is_counted_once() -> None:
    text = (EXPORTS / "hootsuite_accounts" / "metrics.csv").read_text("utf-8")
    reading = read(text, BRAND, account="facebook/M,instagram/m,x/b")
    assert (reading.lines, len(reading.tables["days"])) == (2, 8)


# Metricool and Sprout


def test_each_layout_of_metricool_is_recognised_by_its_columns_alone_in_any_order() -> None:
    for case in sorted(EXPORTS.glob("metricool_*/*.csv")):
        if case.name.endswith(".tidy.csv"):
            continue
        text = case.read_text("utf-8-sig")
        rows = [
            row[::-1] for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text[:99] else ",")
        ]
        turned = io.StringIO()
        csv.writer(turned).writerows([row for row in rows if len(row) == len(rows[0])])
        assert importers.identify(opened(turned.getvalue())).name == case.parent.name


def test_a_posts_number_is_the_networks_own() -> None:
    given = pd.Series(["8812_122", "urn:li:share:73", "18031", None, None, "aB3_12"], dtype="object")
    urls = pd.Series(
        [None, None, None, "https://www.tiktok.com/@a.b/video/748?x=1", "https://a.example/1", None]
    )
    told = tools.native(given, urls.astype("object"))
    assert told.tolist() == ["122", "73", "18031", "748", "https://a.example/1", "aB3_12"]


# Matomo


def test_a_report_of_parts_of_the_site_is_not_taken_for_the_site() -> None:
    for label in ("Label", "Country", "Page URL"):
        text = f"Date,{label},Unique visitors,Visits,Actions\n2026-03-04,France,1,1,1\n"
        with pytest.raises(CmlibError) as refused:
            importers.identify(opened(text))
        assert refused.value.key.startswith("unrecognised")


def test_websites_alone_would_take_the_other_visits_away_and_are_not_read() -> None:
    with pytest.raises(CmlibError):
        importers.identify(
            opened("date,label,nb_visits\n2026-03-04,Websites,1\n2026-03-04,forum.example,1\n")
        )


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("Export _ Visits Summary _ Wednesday, March 4, 2026.csv", "2026-03-04", "2026-03-04"),
        ("Exporter _ Récapitulatif _ mercredi 4 mars 2026.csv", "2026-03-04", "2026-03-04"),
        ("Export _ Visits Summary _ March 2026.csv", "2026-03-01", "2026-03-31"),
        ("x.zip/site_2026-02-01_2026-02-28.csv", "2026-02-01", "2026-02-28"),
        ("site 2026-02-01,2026-02-07.csv", "2026-02-01", "2026-02-07"),
    ],
)
def test_the_days_of_a_file_without_any_are_in_its_name(name: str, since: str, until: str) -> None:
    ((table, rows),) = read("nb_visits,nb_actions\n52,160\n", name=name).tables.items()
    first, last = ("date", "date") if table == "days" else ("since", "until")
    assert (rows[first].item(), rows[last].item()) == (pd.Timestamp(since), pd.Timestamp(until))


@pytest.mark.parametrize("name", ["file.csv", "Export _ Visits Summary _ Week 10.csv", "13 visits.csv"])
def test_a_file_that_tells_no_day_anywhere_is_refused(name: str) -> None:
    with pytest.raises(CmlibError, match="of which days"):
        read("nb_visits,nb_actions\n52,160\n", name=name)


def test_visits_by_referrer_of_longer_spans_have_no_day() -> None:
    with pytest.raises(CmlibError, match="of which days"):
        read("date,label,nb_visits\n2026-02,Direct Entry,40\n")


# Matomo's own files, where they are at hand; their counts are made without cmlib.

SHARED = Path(__file__).parents[2] / "shared" / "exports" / "matomo"
NAMED = {  # each with a name that tells what Matomo's tests leave out
    "csvExport_xp1_inner0_trans-en__VisitsSummary.get_day.csv": ("matomo_days", "2010-01-03"),
    "OneVisitorTwoVisits_csv__API.get_month.csv": ("matomo_days", ""),
    "scheduled_report.csv": ("matomo_report", "2010-01-01_2010-01-31"),
}


def real() -> Iterator[tuple[Path, list[list[str]], importers.Export]]:
    for path in sorted(SHARED.glob("*.csv")):
        data = path.read_bytes()
        text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8")
        file = importers.File(f"{path.stem} {NAMED[path.name][1]}.csv", path.read_bytes)
        yield path, list(csv.reader(io.StringIO(text))), importers.open_export(file)


def test_matomos_own_files_are_read_whole_with_their_figures() -> None:
    for path, rows, export in real():
        reading = importers.read(export, SITE)
        assert reading.format == NAMED[path.name][0]
        told = pd.concat([t for name, t in reading.tables.items() if name != "visits"])
        figures = dict(zip(told["figure"].astype("str"), told["value"], strict=True))
        if reading.format == "matomo_days":
            first = dict(zip(rows[0], rows[1], strict=True))
            assert reading.lines == len(rows) - 1
            assert figures["visits"] == int(first["Visits"])
            assert figures["users"] == int(first["Unique visitors"])
        else:
            heads = [i for i in range(1, len(rows)) if len(rows[i - 1]) == 1 and len(rows[i]) > 1]
            tables = [
                rows[i : next((j for j in range(i, len(rows)) if not rows[j]), len(rows))] for i in heads
            ]
            assert reading.lines == sum(len(table) - 1 for table in tables)
            whole = {k: v for t in tables if t[0][0] != "label" for k, v in zip(t[0], t[1], strict=True)}
            assert figures == {"visits": int(whole["nb_visits"]), "users": int(whole["nb_uniq_visitors"]),
                               "views": int(whole["nb_pageviews"])}  # fmt: skip
