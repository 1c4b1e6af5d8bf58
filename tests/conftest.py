"""What all tests share: ``--update`` rewrites the golden files; ``home`` is an empty home for data."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite tests/exports/**/*.tidy.csv")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CMLIB_HOME for one test."""
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    return tmp_path
