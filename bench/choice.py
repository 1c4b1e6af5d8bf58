"""How fast are the draws, the portfolio and the sliders of the choice of networks, beside pymcdm looped?"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
import numpy as np
from pymcdm import normalizations
from pymcdm.methods import TOPSIS, WSM

from cmlib import decision, importers, start, widgets
from cmlib.schema import CRITERIA

NETWORKS = 18
PERSONAS = 3


def seconds(work: Callable[[], object]) -> float:
    """How long does it take, at the third time?"""
    for _ in range(3):
        begun = time.perf_counter()
        work()
    return time.perf_counter() - begun


def draws() -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of each draw, as the notebook has them."""
    rng = np.random.default_rng(1)
    points = 100 * rng.random((decision.DRAWS, NETWORKS, len(CRITERIA)))
    return points, decision.weights(np.ones(len(CRITERIA)), CRITERIA)


def looped(method: Callable[..., np.ndarray], points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The scores by a method of pymcdm, draw after draw; all criteria are to be had most of."""
    types = np.ones(len(CRITERIA))
    return np.array([method(one, weight, types) for one, weight in zip(points, weights, strict=True)])


def as_it_is(column: np.ndarray, cost: bool = False) -> np.ndarray:
    """No normalisation: the points have fixed scales."""
    return column


def page(home: Path) -> Any:
    """The notebook of networks of the demo brand, as JupyterLab has it, without a browser."""
    root = Path(__file__).parent.parent
    shutil.copytree(root / "data" / "brands" / "demo", home / "data" / "brands" / "demo")
    os.environ.update(CMLIB_HOME=str(home), JPY_SESSION_NAME="bench")
    list(start.intake(importers.walk(home / "data" / "brands" / "demo" / "inbox"), "demo"))
    widgets.page.display = lambda *things: None  # type: ignore[assignment]
    names: dict[str, Any] = {}
    for cell in nbformat.read(root / "notebooks" / "platforms.ipynb", as_version=4).cells:
        exec(cell.source, names)
    return names["page"]


def sliders() -> str:
    """From a slider that is let go to the last section drawn anew, computing and drawing together."""
    with tempfile.TemporaryDirectory() as folder:
        asked = page(Path(folder)).asked.box.children[1].children
        took: dict[str, list[float]] = {"hours": [], "weights": []}
        for nth in range(12):
            for name, slider in (("hours", asked[0]), ("weights", asked[1 + nth % len(CRITERIA)])):
                begun = time.perf_counter()
                slider.value = 10.0 + nth if name == "hours" else (slider.value + 1.5) % 5
                took[name].append(1000 * (time.perf_counter() - begun))
    said = (f"{name}: median {median(all_):.0f} ms, most {max(all_):.0f} ms" for name, all_ in took.items())
    return "a slider moved, page drawn anew   " + "   ".join(said)


def table() -> str:
    """One line for each: ours, theirs, how many times faster ours is. SAW is what pymcdm calls WSM."""
    points, weights = draws()
    ours = seconds(lambda: decision.acceptability(decision.score(points, weights)))
    lines = []
    for name, method in (
        ("SAW", WSM(normalization_function=as_it_is)),
        ("TOPSIS", TOPSIS(normalization_function=normalizations.minmax_normalization)),
    ):
        begun = time.perf_counter()
        found = looped(method, points, weights)
        theirs = time.perf_counter() - begun
        sides = f"cmlib {ours:.3f} s   pymcdm {name} {theirs:.2f} s   ratio {theirs / ours:.0f}"
        lines.append(f"{NETWORKS} × {decision.DRAWS:,} draws, ranked   {sides}")
        if name == "SAW":
            assert np.allclose(found, decision.score(points, weights)), (
                "the same scores, or it is no comparison"
            )
    rng = np.random.default_rng(2)
    shares, hours = rng.random((NETWORKS, PERSONAS)), decision.totals(rng.random(NETWORKS))

    def best() -> list[int]:
        by_chance, _ = decision.reach(shares, np.ones(PERSONAS))
        return decision.frontier(by_chance, hours, np.argsort(hours, kind="stable"))

    lines.append(
        f"best sets of {NETWORKS} networks, all {1 << NETWORKS:,} tried   cmlib {seconds(best):.3f} s"
    )
    return "\n".join([*lines, sliders()])


if __name__ == "__main__":
    print(table())
