"""A notebook and its parameters → a report: an executed notebook and a page that opens anywhere.

    reports/<month>/<brand>/<notebook>.<language>.ipynb and .html

A report appears whole or not at all: it is made under a temporary name and renamed at the end. One that fails
leaves the report that was there untouched. What it was computed from stands in its own parameters, so that
``again`` gives the same numbers.
"""

import ast
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from cmlib import brand, documents, i18n, kpis, store
from cmlib.errors import CmlibError, unknown

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_PER_CELL = 300


def notebooks() -> list[str]:
    """Which notebooks can be made a report of?"""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def parameters(notebook: str) -> dict[str, Any]:
    """What can be said to a notebook, and what is taken where nothing is said?"""
    path = _path(notebook)
    return {name: ast.literal_eval(p["default"]) for name, p in papermill.inspect_notebook(path).items()}


def run(notebook: str, said: Mapping[str, Any], progress: bool = False) -> Path:
    """Make a report; the path of its page.

    ``said`` are parameters of the notebook. What is not said of the month, the moment (``as_of``) and the
    files is set to the newest month with data, now, and all files of the brand, and is kept in the report.
    Raises CmlibError for an unknown parameter or brand, or when a cell fails: it names the cell and where the
    part that was made has been put.
    """
    known = parameters(notebook)
    for name in said:
        if name not in known:
            raise unknown("parameter", name, known, notebook)
    chosen = _pinned({**known, **said})
    target = _folder(chosen) / f"{notebook}.{chosen['lang']}.ipynb"
    return _made(_path(notebook), target, chosen, progress)


def again(report: Path, progress: bool = False) -> Path:
    """Make a report again from the same files as of the same moment; the path of its page."""
    try:
        node = nbformat.read(report, as_version=4)
        said = node.metadata["papermill"]["parameters"]
        notebook = node.metadata["cmlib"]["notebook"]
    except (OSError, ValueError, KeyError) as problem:
        raise CmlibError("no_report", file=str(report), problem=repr(problem)) from None
    return run(notebook, said, progress)


def _path(notebook: str) -> Path:
    if notebook not in notebooks():
        raise unknown("notebook", notebook, notebooks(), str(NOTEBOOKS))
    return NOTEBOOKS / f"{notebook}.ipynb"


def _pinned(said: dict[str, Any]) -> dict[str, Any]:
    """The parameters with everything that could change later said outright."""
    subject = brand.load(said["brand"])
    pinned = dict(said)
    if said["lang"] not in i18n.LANGUAGES:
        raise unknown("language", said["lang"], i18n.LANGUAGES)
    if "as_of" in said:
        pinned["as_of"] = said["as_of"] or pd.Timestamp.now("UTC").floor("s").isoformat()
    if "files" in said:
        pinned["files"] = said["files"] or ",".join(store.digests(subject.slug, pinned.get("as_of")))
    if "month" in said:
        pinned["month"] = said["month"] or kpis.newest_month(subject)
        kpis.period(pinned["month"])
    return pinned


def _folder(said: Mapping[str, Any]) -> Path:
    """Where a report goes. Brand and month have been checked, so no path leaves reports/."""
    folder = brand.home() / "reports" / str(said.get("month", "")) / str(said["brand"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _made(source: Path, target: Path, said: Mapping[str, Any], progress: bool) -> Path:
    page = target.with_suffix(".html")
    begun = target.with_name(f".{target.stem}.{os.getpid()}.ipynb")
    try:
        papermill.execute_notebook(
            source, begun, parameters=dict(said), cwd=brand.home(), execution_timeout=SECONDS_PER_CELL,
            extra_arguments=["--log-level=ERROR"],  # not that a kernel of one's own talks over a local port
            progress_bar={"desc": f"{said['brand']} {target.stem}"} if progress else False,
        )  # fmt: skip
        node = nbformat.read(begun, as_version=4)
        node.metadata["cmlib"] = {"notebook": source.stem, "versions": _versions()}
        whole = begun.with_suffix(".html")
        whole.write_text(documents.html(node), encoding="utf-8")
        nbformat.write(node, begun)
    except (PapermillExecutionError, DeadKernelError, CellTimeoutError, CmlibError) as problem:
        kept = target.with_name(f"{target.stem}.failed.ipynb")
        if begun.exists():
            begun.replace(kept)
        raise CmlibError(
            "report_failed", report=target.name, problem=_said(problem), kept=str(kept)
        ) from None
    for made, final in ((begun, target), (whole, page)):
        with made.open("rb") as written:
            os.fsync(written.fileno())
        made.replace(final)
    return page


def _said(problem: Exception) -> str:
    """Which cell, and what it said."""
    if isinstance(problem, PapermillExecutionError):
        return f"[{problem.exec_count}] {problem.ename}: {problem.evalue}"
    return str(problem).strip() or type(problem).__name__


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in kpis.VERSIONS}}
