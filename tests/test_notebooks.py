"""Notebooks are the product: found by glob, kept clean in git, and run in both languages."""

import ast
import json
import shutil
from datetime import date
from pathlib import Path

import nbclient
import nbformat
import pytest
from test_report import pieces, shown

from cmlib import brand, entry, i18n, report
from cmlib.entry import Entry, Goal

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def code(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(cell["cell_type"] == "code" for cell in cells), "titles come from sheets, in both languages"
    return cells


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_clean(path: Path) -> None:
    cells = code(path)
    assert len(cells) <= 12
    for cell in cells:
        assert not cell["outputs"] and cell["execution_count"] is None
        source = "".join(cell["source"])
        said = "parameters" in cell["metadata"].get("tags", [])  # a line for each, as many as there are
        assert said or source.count("\n") < 6, source
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While)
        assert not any(isinstance(node, forbidden) for node in ast.walk(ast.parse(source))), source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_clean_notebook_types_and_explains_its_parameters(path: Path) -> None:
    (cell,) = [c for c in code(path) if "parameters" in c["metadata"].get("tags", [])]
    lines = "".join(cell["source"]).splitlines()
    for node, line in zip(ast.parse("\n".join(lines)).body, lines, strict=True):
        assert isinstance(node, ast.AnnAssign) and node.value is not None, line
        assert "  # " in line, line
        assert line.count("=") == 1, f"papermill passes over it: {line}"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in a home that may be written to, with a network newly entered."""
    there = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("run"), dirs_exist_ok=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(there))
        plan = Entry("pinterest", date(2026, 8, 1), (1, 3), {"image": 1}, 1, 0, (Goal("posts", 13, 39),))
        entry.keep(brand.load("demo"), plan)
    return there


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_in_both_languages(
    path: Path, lang: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMLIB_HOME", str(home))
    dated = "month" in report.parameters(path.stem)
    page = report.run(path.stem, {"brand": "demo", "lang": lang} | ({"month": "2026-09"} if dated else {}))
    node = nbformat.read(page.with_suffix(".ipynb"), as_version=4)
    outputs = [output for cell in node.cells for output in cell.outputs]
    assert {output.output_type for output in outputs} == {"display_data"}, "no warning, no print, no error"
    written = page.read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in written
    assert {"en": "September 2026", "fr": "septembre 2026"}[lang] in written or not dated
    (other,) = {*i18n.LANGUAGES} - {lang}
    words = shown(written)
    assert [piece for piece in pieces(other) - pieces(lang) if piece in words] == [], "one language alone"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_with_its_form(path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in JupyterLab: a form, and an output that is filled for each section."""
    monkeypatch.setenv("CMLIB_HOME", str(home))
    monkeypatch.setenv("JPY_SESSION_NAME", path.name)
    node = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(
        node, timeout=120, iopub_timeout=60, extra_arguments=["--log-level=ERROR"], resources={}
    ).execute()
    models = node.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    names = [model["model_name"] for model in models]
    calls = "section", "upload", "surveys", "question", "entry", "notes", "planning"
    sections, uploads, surveys, questions, entries, notes, plans = (
        sum(cell.source.count(f"page.{call}(") for cell in node.cells) for call in calls
    )
    filled = [model for model in models if model["model_name"] == "OutputModel" and model["state"]["outputs"]]
    assert names.count("DropdownModel") >= 3 and names.count("FileUploadModel") == uploads
    assert len(filled) == 1 + sections + 2 * entries + notes + plans  # of an entry, the heading and the plan
    clicked = uploads + surveys + questions + entries + notes  # what a click did
    clicked += 3 * uploads  # the card of an unknown file: what lacks, its first rows, what a click did
    assert names.count("OutputModel") == len(filled) + clicked
    assert names.count("FloatSliderModel") == 12 * questions  # hours, criteria, objectives
    for model in filled:
        assert all(one["output_type"] == "display_data" for one in model["state"]["outputs"])
