"""What all tests share: ``--update`` rewrites the golden files; ``home`` is an empty home for data."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmlib import importers, start


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite tests/exports/**/*.tidy.csv")


@pytest.fixture(scope="session", autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A key of the tests' own, the same in all of them: golden files hold what it hides."""
    path = tmp_path_factory.mktemp("key") / "key"
    path.write_bytes(bytes(range(32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_KEY", str(path))
        yield


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CMLIB_HOME for one test."""
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo brand, its inbox imported. Not to be written to: the lake is shared."""
    home = tmp_path_factory.mktemp("demo_home")
    folder = home / "data" / "brands" / "demo"
    shutil.copytree(Path(__file__).parent.parent / "data" / "brands" / "demo", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMLIB_HOME", str(home))
        refused = [t for t in start.intake(importers.walk(folder / "inbox"), "demo") if t.refused]
    assert not refused
    return home


@pytest.fixture
def demo(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The demo brand's name, with CMLIB_HOME where it is."""
    monkeypatch.setenv("CMLIB_HOME", str(demo_home))
    return "demo"
