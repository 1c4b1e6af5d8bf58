"""The rules of the house that a machine can hold: who imports whom, words in both languages, dependencies."""

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from cmlib import i18n

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "cmlib").rglob("*.py"))

# A module imports only from lines above its own, never sideways.
LAYERS = [
    {"i18n"},
    {"errors"},
    {"schema", "brandfile", "tomlcheck"},
    {"means", "private", "sentiment"},
    {"brand", "stats", "decision", "programme"},
    {"factfile", "plans", "workload", "forgotten", "conversations"},
    {"facts"},
    {"presence", "moments", "effects", "rules", "edits", "importers", "store", "periods"},
    {"metrics", "timing"},
    {"criteria", "editorial"},
    {"landscape", "candidates"},
    {"wording"},
    {"platforms", "kpis", "competitors", "topics", "operations", "planner", "outcomes"},
    {"portfolio", "findings", "traits", "agenda", "community"},
    {"verdicts", "swot", "start"},
    {"notes", "entry", "cells"},
    {"charts", "sheets", "exporters"},
    {"widgets", "documents"},
    {"report"},
    {"web", "terminal"},
    {"cli"},
    {"__main__"},
]
DOORS = {  # a library → the only modules that may import it
    "altair": {"charts"}, "vl_convert": {"charts"}, "ipywidgets": {"widgets"}, "anywidget": {"widgets"},
    "papermill": {"report"}, "duckdb": {"store"}, "pyarrow": {"store"}, "python_calamine": {"importers"},
    "zipfile": {"importers"}, "csv": {"importers", "plans", "exporters"}, "nh3": {"documents"},
    "typer": {"cli"}, "rich": {"terminal"}, "tomlkit": {"brandfile"},
    "stop_words": {"wording"}, "snowballstemmer": {"wording"}, "holidays": {"moments"},
    "icalendar": {"importers", "exporters"}, "xlsxwriter": {"exporters"},
    "asana": {"exporters"}, "keyring": {"exporters"}, "platformdirs": {"private"},
    "py3langid": {"sentiment"}, "vaderSentiment": {"sentiment"},
}  # fmt: skip


def layer(module: str) -> int:
    return next(i for i, names in enumerate(LAYERS) if module in names)


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def owner(path: Path) -> str:
    return path.relative_to(ROOT / "cmlib").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_from_lines_above_its_own(path: Path) -> None:
    me = owner(path)
    if me == "__init__":
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "cmlib" and len(parts) > 1 and parts[1] != me:
            assert layer(parts[1]) < layer(me), f"{me} imports {parts[1]}"
        doors = DOORS.get(parts[0], {me})
        assert me in doors, f"{me} imports {parts[0]}: only {doors} may"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_catches_everything_and_every_public_name_is_explained(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert "Exception" not in (getattr(node.type, "id", ""), getattr(node.type, "attr", ""))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{path.name}: {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_function_fits_a_screen_and_a_module_a_sitting(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_the_readme_names_every_command_and_its_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / link).exists(), link
    said = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "cmlib/cli").glob("*.py"))
    commands = re.findall(r'@\w*app\.command\("(\w+)"', said)
    for command in commands:
        assert re.search(rf"cm (brand |plan |format )?{command}\b", text), command
    for target in re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M):
        assert target == "help" or f"make {target}" in text, target


def test_both_environments_ask_for_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    conda = re.findall(r"^  - (\S+)$", (ROOT / "environment.yml").read_text(encoding="utf-8"), re.M)
    conda.remove("pip:")
    assert sorted(conda) == sorted(
        [*project["dependencies"], "conda-forge", "python" + project["requires-python"], "pip"]
    )


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    english, french = i18n.words("en"), i18n.words("fr")
    assert english.keys() == french.keys()
    for key in english:
        assert placeholders(english[key]) == placeholders(french[key]), key
        assert english[key].strip() and french[key].strip(), key


def said() -> tuple[set[str], list[str]]:
    """The keys that the code names outright, and the patterns of those that it composes."""
    named: set[str] = set()
    patterns: list[str] = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named.add(node.value)
                if "{}" in node.value:
                    patterns.append(re.escape(node.value).replace(r"\{\}", r"[\w.-]+"))
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(v.value) if isinstance(v, ast.Constant) else r"[\w.-]+" for v in node.values
                ]
                if parts[0] != r"[\w.-]+":
                    patterns.append("".join(parts))
    return named, patterns


def test_no_word_is_without_use() -> None:
    named, patterns = said()
    composed = re.compile("|".join(f"(?:{p})" for p in patterns if "\\." in p))
    errors = {f"error.{name}" for name in named}
    for key in i18n.words("en"):
        plain = re.sub(r"\.(one|other|many)$", "", key)
        assert {key, plain} & (named | errors) or composed.fullmatch(plain), f"{key} is never said"


def test_no_word_is_missing() -> None:
    known = i18n.words("en").keys()
    called = re.compile(r'\b(?:t|CmlibError|unknown)\(\s*"([\w.]+)"')
    for path in MODULES:
        for found in called.finditer(path.read_text(encoding="utf-8")):
            key = found[1]
            prefix = {"t(": "", "Cm": "error.", "un": "error.what."}[found[0][:2]]
            assert prefix + key in known or f"{prefix}{key}.other" in known, f"{path.name}: {prefix}{key}"


def test_french_is_set_as_french_is() -> None:
    """Narrow no-break spaces before high punctuation, typographic apostrophes, quotes with their spaces."""
    for key, text in i18n.words("fr").items():
        if key == "brand.template":
            continue
        plain = re.sub(r"`[^`]*`|https?://\S+|\[[^\]]*\]|\{[^}]*\}|\d+:\d+", "", text)
        assert not re.search(r"(?<=\w)'(?=\w)", plain), f"{key}: straight apostrophe: {text}"
        assert not re.search(r"(?<=\w) [;!?%»]|« ", plain), (
            f"{key}: a plain space where it must not break: {text}"
        )
