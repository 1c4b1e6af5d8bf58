"""make bench: what intervals cover, how often noise looks like news or a good hour; reports, imports, choices
and rivals beside named peers.

Times are of this machine and this hour; the ratios are what to look at.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import choice
import coverage
import pandas as pd
import planning
import rivals
import timing

BIN = Path(sys.executable).parent
POSTS = 200_000


def seconds(*command: str, home: Path | None = None) -> float:
    """How long does a command take?"""
    environment = {**os.environ, **({"CMLIB_HOME": str(home)} if home else {})}
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - begun


def compared(what: str, ours: tuple[str, float], theirs: tuple[str, float], unit: str = "s") -> str:
    """One line: ours beside theirs, and how many times faster ours is."""
    times = theirs[1] / ours[1] if unit == "s" else ours[1] / theirs[1]
    sides = "   ".join(f"{name} {value:,.2f} {unit}" for name, value in (ours, theirs))
    return f"{what:28} {sides}   ratio {times:.2f}"


def report() -> str:
    """The demo's KPI report, by cm report (notebook and page) and by papermill alone (notebook)."""
    root = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(root / "data" / "brands" / "demo", home / "data" / "brands" / "demo")
        seconds(str(BIN / "cm"), "import", "--brand", "demo", home=home)
        notebook = str(root / "notebooks" / "kpis.ipynb")
        plain = seconds(str(BIN / "papermill"), notebook, f"{folder}/kpis.ipynb", home=home)
        ours = seconds(str(BIN / "cm"), "report", "kpis", "--brand", "demo", home=home)
    return compared("KPI report", ("cm report", ours), ("papermill", plain))


def export(path: Path) -> None:
    """A Meta export of many posts, in its real layout."""
    chance = random.Random(7)
    header = (
        '"Post ID","Account ID","Account username","Account name",Description,"Duration (sec)",'
        '"Publish time",Permalink,"Post type","Data comment",Date,Views,Reach,Likes,Shares,Comments,Saves,'
        "Follows"
    )
    lines = [header]
    for post in range(POSTS):
        day = f"{1 + post % 12:02}/{1 + post % 28:02}/2025 {post % 24:02}:{post % 60:02}"
        reach = chance.randrange(100, 100_000)
        figures = ",".join(str(chance.randrange(0, reach // 10)) for _ in range(5))
        lines.append(
            f'{18_000_000_000_000_000 + post},17841400000000001,bench,Bench,"Post {post}, with a caption",0,'
            f"{day},https://www.instagram.com/p/{post}/,IG image,,Lifetime,{2 * reach},{reach},{figures}"
        )
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")


def imports() -> str:
    """An import of many posts, from the command line to the lake, against reading the file with pandas."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "export.csv"
        export(file)
        seconds(str(BIN / "cm"), "brand", "new", "bench", home=home)
        ours = seconds(str(BIN / "cm"), "import", str(file), "--brand", "bench", home=home)
        begun = time.perf_counter()
        pd.read_csv(file)
        bare = time.perf_counter() - begun
    rates = ("cm import", POSTS / ours), ("pandas.read_csv", POSTS / bare)
    return compared(f"import of {POSTS:,} posts", *rates, unit="rows/s")


if __name__ == "__main__":
    print(report())
    print(imports())
    print(choice.table())
    print(planning.table())
    print(rivals.table())
    print(timing.table())
    print(coverage.table())
