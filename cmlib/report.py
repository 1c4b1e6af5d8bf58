"""A notebook and its parameters → a report: an executed notebook and a page that opens anywhere.

    reports/<month>/<brand>/<notebook>.<language>.ipynb and .html

A notebook that is not of a month is put under that of its moment. A report appears whole or not at all: it is
made under a temporary name and renamed at the end. One that fails leaves the report that was there untouched.
What it was computed from stands in its own parameters, so that ``again`` gives the same numbers.
"""

import ast
import hashlib
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from cmlib import brand, documents, facts, i18n, kpis, periods, plans, store, widgets
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SECONDS_PER_CELL = 300
PLANNED = ("editorial", "kpis")  # notebooks that show what plan.csv says


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
    typed = {name: _typed(name, value, known[name]) for name, value in said.items()}
    chosen = _pinned(notebook, {**known, **typed})
    target = _folder(chosen) / f"{notebook}.{chosen['lang']}.ipynb"
    return _made(_path(notebook), target, chosen, progress)


def again(report: Path, progress: bool = False) -> Path:
    """Make a report again from the same files as of the same moment; the path of its page."""
    try:
        node = nbformat.read(report, as_version=4)
        said = dict(node.metadata["papermill"]["parameters"])
        notebook, names = (node.metadata["cmlib"][name] for name in ("notebook", "files"))
        told = dict(node.metadata["cmlib"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError):
        raise CmlibError("no_report", file=str(report)) from None
    missing = sorted(set(names) - set(store.digests(said["brand"])))
    if missing:
        files = [f"{names[digest]} ({digest[:12]})" for digest in missing]
        raise CmlibError("not_in_lake", brand=said["brand"], files=files)
    for name, digest in _rests(notebook, said["brand"]).items():
        if told.get(name, "") != digest:
            raise CmlibError(f"{name}_changed", brand=said["brand"])
    return run(notebook, said, progress)


def _path(notebook: str) -> Path:
    if notebook not in notebooks():
        raise unknown("notebook", notebook, notebooks(), str(NOTEBOOKS))
    return NOTEBOOKS / f"{notebook}.ipynb"


def _typed(name: str, said: Any, default: Any) -> Any:
    """A value of the type that the notebook's own has; on a command line all are words."""
    value = said
    if isinstance(said, str) and not isinstance(default, str):
        try:
            value = ast.literal_eval(said)
        except (ValueError, SyntaxError):
            value = said
    if type(value) is int and type(default) is float:
        value = float(value)
    if type(value) is not type(default):
        raise CmlibError("parameter_type", name=name, said=repr(said), type=type(default).__name__)
    return value


def _pinned(notebook: str, said: dict[str, Any]) -> dict[str, Any]:
    """The parameters with everything that could change later said outright."""
    subject = brand.load(said["brand"])
    pinned = dict(said)
    if said["lang"] not in i18n.LANGUAGES:
        raise unknown("language", said["lang"], i18n.LANGUAGES)
    if "as_of" in said:
        pinned["as_of"] = said["as_of"] or pd.Timestamp.now("UTC").ceil("s").isoformat()
    if "files" in said:
        held = store.digests(subject.slug, pinned.get("as_of"))
        pinned["files"] = said["files"] or ",".join(held) or store.NONE
    if "month" in said:
        pinned["month"] = said["month"] or kpis.newest_month(
            subject, str(pinned.get("as_of", "")), str(pinned.get("files", "")), everyone="rivals" in said
        )
        periods.period(pinned["month"])
    if "before" in said:
        pinned["before"] = said["before"] or _last(notebook, subject.slug, said)
    return pinned


def _last(notebook: str, slug: str, said: Mapping[str, Any]) -> str:
    """The files that the last report of the same question knew and the lake still holds; "" without one."""
    made, same = [], [name for name in said if name not in ("month", "as_of", "files", "before")]
    for path in (brand.home() / "reports").glob(f"*/{slug}/{notebook}.{said['lang']}.ipynb"):
        told = nbformat.read(path, as_version=4).metadata["papermill"]["parameters"]
        if all(told.get(name) == said[name] for name in same):
            made.append((told["as_of"], told["files"]))
    held = set(store.digests(slug))
    return ",".join(digest for digest in max(made)[1].split(",") if digest in held) if made else ""


def _folder(said: Mapping[str, Any]) -> Path:
    """Where a report goes. Brand, month and moment have been checked, so no path leaves reports/."""
    zone = brand.load(said["brand"]).zone
    moment = store.instant(said.get("as_of"), zone)
    month = said.get("month") or (f"{moment.tz_convert(zone):%Y-%m}" if moment else "")
    folder = brand.home() / "reports" / str(month) / str(said["brand"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _made(source: Path, target: Path, said: Mapping[str, Any], progress: bool) -> Path:
    """The page, and its notebook beside it; neither is touched until both are whole."""
    begun = target.with_name(f".{target.stem}.{os.getpid()}.ipynb")
    whole = begun.with_suffix(".html")
    try:
        with _unseen():
            papermill.execute_notebook(
                source, begun, parameters=dict(said), cwd=brand.home(), execution_timeout=SECONDS_PER_CELL,
                extra_arguments=["--log-level=ERROR"],  # no word on local ports
                progress_bar={"desc": f"{said['brand']} {target.stem}"} if progress else False,
            )  # fmt: skip
        node = nbformat.read(begun, as_version=4)
        node.metadata["papermill"]["output_path"] = str(target)
        node.metadata["cmlib"] = {
            "notebook": source.stem, "versions": _versions(), "files": _names(said),
            **_rests(source.stem, said["brand"]),
        }  # fmt: skip
        whole.write_text(documents.html(node), encoding="utf-8")
        nbformat.write(node, begun)
        for made, final in ((whole, target.with_suffix(".html")), (begun, target)):
            with made.open("rb") as written:
                os.fsync(written.fileno())
            made.replace(final)
        target.with_name(f"{target.stem}.failed.ipynb").unlink(missing_ok=True)  # of an earlier try
    except (PapermillExecutionError, DeadKernelError, CellTimeoutError, CmlibError) as problem:
        told, kept = _said(problem, begun), target.with_name(f"{target.stem}.failed.ipynb")
        begun.replace(kept)
        raise CmlibError("report_failed", report=target.name, problem=told, kept=str(kept)) from None
    finally:
        for rest in (begun, whole):
            rest.unlink(missing_ok=True)
    return target.with_suffix(".html")


@contextmanager
def _unseen() -> Iterator[None]:
    """What a kernel inherits: where the data is, and that nobody looks on, even from JupyterLab."""
    before = {name: os.environ.get(name) for name in (*widgets.LOOKING, "CMLIB_HOME")}
    os.environ.update(dict.fromkeys(widgets.LOOKING, ""), CMLIB_HOME=str(brand.home()))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _said(problem: Exception, begun: Path) -> str:
    """Which cell, and what it said."""
    if isinstance(problem, PapermillExecutionError):
        told = problem.evalue if problem.ename == "CmlibError" else f"{problem.ename}: {problem.evalue}"
        return f"[{problem.exec_count}] {told}"
    cells = [cell for cell in nbformat.read(begun, as_version=4).cells if cell.cell_type == "code"]
    last = max((n for n, cell in enumerate(cells, 1) if cell.metadata.papermill.get("start_time")), default=0)
    if isinstance(problem, CellTimeoutError):
        return f"[{last}] {t('error.cell_timeout', seconds=SECONDS_PER_CELL)}"
    if isinstance(problem, DeadKernelError):
        return f"[{last}] {t('error.cell_died')}"
    return str(problem)


def _names(said: Mapping[str, Any]) -> dict[str, str]:
    """The files of a report, by digest."""
    digests = [digest for digest in str(said.get("files", "")).split(",") if digest]
    known = store.sources(str(said["brand"])).drop_duplicates("source").set_index("source")["name"]
    return {digest: str(known[digest]) for digest in digests if digest in known}


def _rests(notebook: str, slug: str) -> dict[str, str]:
    """What a report rests on beside its files, as digests: brand.toml, its plans, plan.csv, the facts."""
    folder = brand.folder(slug)
    entries = b"".join(path.read_bytes() for path in sorted(folder.glob("entries/*.toml")))
    told = {"brand": (folder / "brand.toml").read_bytes(), "plans": entries}
    calendar = plans.path(brand.load(slug))
    if notebook in PLANNED and calendar.exists():
        told["calendar"] = calendar.read_bytes()
    none = {"calendar": ""} if notebook in PLANNED else {}  # so that one that came since is noticed
    return {
        **none,
        **{name: hashlib.sha256(what).hexdigest() for name, what in told.items()},
        **({"facts": facts.digest()} if notebook in ("platforms", "competitors", "editorial") else {}),
    }


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in kpis.VERSIONS}}
