"""Notebooks are the product: found by glob, kept clean in git, and run in both languages."""

import ast
import json
from pathlib import Path

import pytest

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
        assert source.count("\n") < 6, source
        forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While)
        assert not any(isinstance(node, forbidden) for node in ast.walk(ast.parse(source))), source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_clean_notebook_types_and_explains_its_parameters(path: Path) -> None:
    (cell,) = [c for c in code(path) if "parameters" in c["metadata"].get("tags", [])]
    lines = "".join(cell["source"]).splitlines()
    for node, line in zip(ast.parse("\n".join(lines)).body, lines, strict=True):
        assert isinstance(node, ast.AnnAssign) and node.value is not None, line
        assert "  # " in line, line
