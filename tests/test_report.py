"""A report: whole or not at all, the same again, harmless, and in one language."""

import html
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from cmlib import brand as brands
from cmlib import i18n, importers, kpis, report, start, store
from cmlib.errors import CmlibError

MONTH = "2026-10"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}",
)
HEADER = "Post ID,Account ID,Account username,Publish time,Permalink,Post type,Views,Reach,Likes,Description"


def shown(page: str) -> str:
    """The words of a page, as a person sees them."""
    bare = re.sub(r"<(style|title)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(bare).split())


def left(folder: Path) -> list[str]:
    """All files in a folder, the hidden too."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def markup(page: Path) -> list[str]:
    """What the notebook of a page shows where it is opened, HTML and SVG."""
    shown = [out.data for cell in node(page).cells for out in cell.outputs]
    return [text for data in shown for kind, text in data.items() if kind != "text/plain"]


def node(page: Path) -> Any:
    return nbformat.read(page.with_suffix(".ipynb"), as_version=4)


@pytest.fixture(scope="module")
def made(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The demo's report of a month in each language, in a home that may be written to."""
    home = tmp_path_factory.mktemp("reported")
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(home))
        patch.setenv("JPY_SESSION_NAME", "kpis.ipynb")  # as when it is begun in a notebook
        return {lang: report.run("kpis", {"brand": "demo", "lang": lang}) for lang in i18n.LANGUAGES}


@pytest.fixture
def reported(made: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    monkeypatch.setenv("CMLIB_HOME", str(made["en"].parents[3]))
    return made


@pytest.fixture
def tea(home: Path) -> Path:
    """A brand without any data."""
    brands.new("tea", "Tea", timezone="Europe/Paris")
    return home


@pytest.fixture
def small(tea: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Write a small notebook of these cells; reports are made of it."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(report, "NOTEBOOKS", folder)

    def write(*cells: str) -> None:
        first = new_code_cell(
            'brand: str = ""\nmonth: str = ""\nlang: str = "en"\nn: int = 3\nx: float = 0.5',
            metadata={"tags": ["parameters"]},
        )
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        written = new_notebook(cells=[first, *map(new_code_cell, cells)], metadata=kernel)
        nbformat.write(written, folder / "small.ipynb")

    write("n")
    return write


SMALL = {"brand": "tea", "month": "2026-03"}


def test_a_report_is_a_page_and_its_notebook_and_nothing_else(reported: dict[str, Path]) -> None:
    folder = reported["en"].parent
    assert folder.parts[-3:] == ("reports", MONTH, "demo")
    assert left(folder) == ["kpis.en.html", "kpis.en.ipynb", "kpis.fr.html", "kpis.fr.ipynb"]
    for lang, page in reported.items():
        assert page.read_text(encoding="utf-8").startswith(f'<!doctype html>\n<html lang="{lang}">')


def test_what_could_change_is_said_in_the_report(reported: dict[str, Path]) -> None:
    metadata = node(reported["fr"]).metadata
    said = metadata["papermill"]["parameters"]
    assert said["month"] == MONTH and said["files"].split(",") == store.digests("demo")
    moment = pd.Timestamp(said["as_of"])
    assert moment.tzinfo and moment >= store.sources("demo")["observed_at"].max()
    assert metadata["papermill"]["output_path"] == str(reported["fr"].with_suffix(".ipynb"))
    assert set(metadata["cmlib"]["versions"]) == {"python", *kpis.VERSIONS}
    assert set(metadata["cmlib"]["files"]) == set(said["files"].split(","))


@pytest.mark.parametrize(
    ("notebook", "said", "told"),
    [
        ("kpi", {}, "kpis"),
        ("../kpis", {}, "kpis"),
        ("kpis", {"mont": MONTH}, "month"),
        ("kpis", {"month=1\nimport os; os.mkdir('caught')": "1"}, "brand"),
        ("kpis", {"brand": "tee"}, "tea"),
        ("kpis", {"brand": "../tea"}, "tea"),
        ("kpis", {"brand": "tea", "lang": "fre"}, "Nearest: fr"),
        ("kpis", {"brand": "tea", "month": "2026-13"}, "2026-13"),
        ("kpis", {"brand": "tea", "month": "../x"}, "../x"),
        ("kpis", {"brand": "tea", "as_of": "yesterday"}, "yesterday"),
        ("kpis", {"brand": "tea", "month": 202610}, "str"),
    ],
)
def test_what_is_misspelt_is_refused_and_nothing_written(
    tea: Path, notebook: str, said: dict[str, Any], told: str
) -> None:
    before = left(tea)
    with pytest.raises(CmlibError, match=re.escape(told)):
        report.run(notebook, {"brand": "tea", "month": MONTH} | said)
    assert left(tea) == before


def test_words_become_what_the_notebook_takes(small: Any) -> None:
    page = report.run("small", SMALL | {"n": "7", "x": "2"})
    said = node(page).metadata["papermill"]["parameters"]
    assert said["n"] == 7 and said["x"] == 2.0 and type(said["x"]) is float
    for wrong in ({"n": "seven"}, {"n": "7.5"}, {"n": "True"}, {"n": "__import__('os')"}, {"x": "[1]"}):
        with pytest.raises(CmlibError, match="the notebook takes a value of the type"):
            report.run("small", SMALL | wrong)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended its kernel"),
        ("import time; time.sleep(60)", "took longer than 2 seconds"),
        ("from cmlib.errors import CmlibError; raise CmlibError('bad_month', month='M')", "M is not a month"),
    ],
)
def test_a_failing_cell_leaves_the_earlier_report_as_it_was(
    small: Any, cell: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = report.run("small", SMALL)
    before = [path.read_bytes() for path in (page, page.with_suffix(".ipynb"))]
    small("print('so far')", cell, "print('never')")
    monkeypatch.setattr(report, "SECONDS_PER_CELL", 2)
    with pytest.raises(CmlibError, match=re.escape(told)) as failed:
        report.run("small", SMALL)
    assert "[4] " in str(failed.value)  # the parameters said are a cell of their own
    assert [path.read_bytes() for path in (page, page.with_suffix(".ipynb"))] == before
    assert left(page.parent) == ["small.en.failed.ipynb", "small.en.html", "small.en.ipynb"]
    kept = nbformat.read(page.with_name("small.en.failed.ipynb"), as_version=4)
    assert "so far" in str(kept.cells) and cell in [one.source for one in kept.cells]


def test_a_report_that_is_killed_leaves_the_earlier_one(small: Any, tea: Path) -> None:
    page = report.run("small", SMALL)
    before = page.read_bytes()
    sign = tea / "begun"
    small(f"import pathlib, time; pathlib.Path({str(sign)!r}).touch(); time.sleep(60)")
    code = (
        "import sys, pathlib; from cmlib import report; report.NOTEBOOKS = pathlib.Path(sys.argv[1]);"
        f"report.run('small', {SMALL!r})"
    )
    running = subprocess.Popen([sys.executable, "-c", code, str(report.NOTEBOOKS)], env=os.environ)
    deadline = time.monotonic() + 60
    while not sign.exists() and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    assert page.read_bytes() == before
    small("n")
    assert report.run("small", SMALL).read_bytes()


def test_a_brand_without_data_says_what_to_do(tea: Path) -> None:
    with pytest.raises(CmlibError, match="no data yet") as failed:
        report.run("kpis", {"brand": "tea", "month": MONTH})
    assert str(brands.folder("tea") / "inbox") in str(failed.value)


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", "3", '{"cells": [], "metadata": {}, "nbformat": 4}']
)
def test_only_a_report_is_made_again(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "no.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CmlibError, match="is no report of cm report"):
        report.again(path)


def instagram(*captions: str) -> str:
    """Posts of September, and the last twenty of October."""
    rows = [
        f"{n},1789,tea.house,{10 if n >= len(captions) - 20 else 9:02}/{1 + n % 27:02}/2026 10:00,"
        f'javascript:alert({n}),IG image,1000,900,{30 + n},"{caption}"'
        for n, caption in enumerate(captions)
    ]
    return "\n".join([HEADER, *rows]) + "\n"


def take(home: Path, text: str, name: str = "first.csv", day: str = "2026-11-02") -> None:
    path = home / name
    path.write_text(text, encoding="utf-8")
    (taken,) = start.intake(importers.walk(path), "tea", observed=pd.Timestamp(day, tz="UTC"))
    assert not taken.refused


def test_words_from_exports_run_nowhere_and_a_report_made_again_is_the_same(tea: Path) -> None:
    """Hostile words, again, and again without a file: in one test, because a report takes seconds."""
    take(tea, instagram(*HOSTILE * 10))
    (first,) = store.digests("tea")
    page = report.run("kpis", {"brand": "tea"})
    whole = page.read_text(encoding="utf-8")
    for text in (whole, *markup(page)):
        assert not re.search(r"<script|<img src=x|<!--|href=\W*javascript", text, re.IGNORECASE)
    assert any(words in shown(whole) for words in HOSTILE), "the posts are in the report"
    kept = Path(shutil.copy(page.with_suffix(".ipynb"), tea / "kept.ipynb"))
    take(tea, instagram(*["Later"] * 40).replace(",900,", ",90,"), "second.csv", "2026-11-03")
    assert kpis.review("tea").tables["posts"]["reach"].unique() == [90]
    page.unlink()
    assert report.again(kept) == page and page.read_text(encoding="utf-8") == whole
    plan = brands.folder("tea") / "entries" / "pinterest.toml"
    plan.parent.mkdir()
    plan.write_text("# kept since\n", encoding="utf-8")
    with pytest.raises(CmlibError) as problem:
        report.again(kept)
    assert problem.value.key == "plans_changed"
    plan.unlink()
    calendar = brands.folder("tea") / "plan.csv"
    calendar.write_text("when,network\n", encoding="utf-8")
    with pytest.raises(CmlibError) as problem:
        report.again(kept)
    assert problem.value.key == "calendar_changed"
    calendar.unlink()
    store.forget("tea", first)
    with pytest.raises(CmlibError, match=rf"first\.csv \({first[:12]}\)"):
        report.again(kept)
    assert page.read_text(encoding="utf-8") == whole


def test_a_second_report_of_rivals_tells_what_came_since_and_is_the_same_again(tea: Path) -> None:
    account = (
        '\n[[accounts]]\nnetwork = "instagram"\nhandle = "tea.house"\nname = "Tea House"\nrival = true\n'
    )
    with (brands.folder("tea") / "brand.toml").open("a", encoding="utf-8") as file:
        file.write(account)
    take(tea, instagram(*["Thé"] * 20))
    (first,) = store.digests("tea")
    page = report.run("competitors", {"brand": "tea"})
    assert node(page).metadata["papermill"]["parameters"]["before"] == ""
    assert "here there is none to compare with" in shown(page.read_text("utf-8"))
    take(tea, instagram(*["Thé"] * 25).replace(",900,31,", ",900,99,"), "second.csv", "2026-11-03")
    page = report.run("competitors", {"brand": "tea"})
    assert node(page).metadata["papermill"]["parameters"]["before"] == first
    whole = page.read_text("utf-8")
    assert "Instagram Tea House Posts 5 1 " in shown(whole), "five new ones, and one revised"
    kept = Path(shutil.copy(page.with_suffix(".ipynb"), tea / "kept.ipynb"))
    assert report.again(kept).read_text("utf-8") == whole


def test_a_month_without_data_says_so_in_every_section(tea: Path) -> None:
    take(tea, instagram(*["Thé"] * 20))
    words = shown(report.run("kpis", {"brand": "tea", "month": "2024-02", "lang": "fr"}).read_text("utf-8"))
    with i18n.speaking("fr"):
        assert words.count(i18n.t("verdict.no_data")) == len(kpis.CARDS)
        assert i18n.t("sheet.nothing") in words and "février 2024" in words
    assert not ODD.search(words)


# The pages

ODD = re.compile(
    r"\b(NaN|nan|NaT|None|inf|nonsense)\b|<NA>|&(amp|lt);"
    r"|\b(metric|sheet|note|kpis|aside|verdict|format|finding)\.[a-z_]+\b"
)


def test_a_page_asks_no_host_and_runs_nothing(reported: dict[str, Path]) -> None:
    for page in reported.values():
        whole = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in whole and not re.search(r"<(script|iframe|link|object|form)\b", whole)
        sources = re.findall(r"\bsrc=[\"']?([^\"'\s>]+)", whole)
        assert len(sources) >= 3 and all(source.startswith("data:image/") for source in sources)
        assert not re.search(r"url\(|@import|\son\w+=", whole)
        for tag in re.findall(r"<[^>]*https?:[^>]*>", whole):
            assert tag.startswith("<a ") and 'rel="noopener noreferrer"' in tag, tag


def test_a_report_begun_in_jupyterlab_holds_what_it_should(reported: dict[str, Path]) -> None:
    """Else it would hold a form, of which a page shows nothing."""
    notebook = node(reported["en"])
    assert "widgets" not in notebook.metadata
    for lang, page in reported.items():
        words = shown(page.read_text(encoding="utf-8"))
        with i18n.speaking(lang):
            for key in i18n.words(lang):
                if re.fullmatch(r"kpis\.section\.\w+\.title|kpis\.\w+\.title", key):
                    entered = "forecast" not in key  # no network was newly entered, so there is no such part
                    assert (i18n.t(key) in words) == entered, key


def pieces(language: str) -> set[str]:
    """What a language says, between the values; the short pieces are left out."""
    parts = (part for text in i18n.words(language).values() for part in re.split(r"\{[^}]*\}|\n", text))
    return {" ".join(part.split()) for part in parts if len(re.findall(r"[^\W\d_]", part)) > 12}


def test_a_french_page_has_no_english_left(reported: dict[str, Path]) -> None:
    french, english = (shown(reported[lang].read_text(encoding="utf-8")) for lang in ("fr", "en"))
    only = pieces("en") - pieces("fr")
    assert sum(piece in english for piece in only) > 50
    assert [piece for piece in only if piece in french] == []
    assert [piece for piece in pieces("fr") - pieces("en") if piece in english] == []
    for words in (french, english):
        assert not ODD.search(words), ODD.search(words)


def test_the_command_line_speaks_french_alone(reported: dict[str, Path]) -> None:
    there = {**os.environ, "CMLIB_LANG": "fr", "COLUMNS": "200"}
    only = pieces("en") - pieces("fr")
    for said in (
        ["sources", "-b", "demo"],
        ["metrics"],
        ["formats"],
        ["report", "-b", "démo"],
        ["report", "--help"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "cmlib", *said], env=there, capture_output=True, text=True
        )
        words = " ".join((done.stdout + done.stderr).split())
        assert words and [piece for piece in only if piece in words] == [], said
