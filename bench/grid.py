"""python bench/grid.py [folder]: the grid of a plan in a real browser, in Voila, without any other host.

Slots are moved, fixed, edited, undone and saved with keys, as a person does, in English on a wide screen and
in French on a phone; what is not as it should be is said, and the exit code is 1. Pictures go into the
folder, if one is given. It needs chromium, and is no part of the tests, since not every machine has one.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b64decode
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import websocket

BRAND = """name = "Tea House"
timezone = "Europe/Paris"
pieces = { carousel = 2.5 }
accounts = [{ network = "instagram", handle = "tea" }, { network = "x", handle = "tea" }]
"""
CELL = """from datetime import datetime
from cmlib import brand, edits, i18n, plans
from cmlib.widgets.planning import Around, Planning
i18n.use("{lang}")
who = brand.load("tea")
rows = plans.empty(who.zone)
for day in (1, 2, 4):
    said = {"piece": "carousel", "title": "<b>Tea</b>"}
    rows = edits.add(rows, who, datetime(2026, 12, day, 9), "instagram", "tea", **said)
if not plans.path(who).exists():
    plans.save(who, rows, "")
plan = plans.read(who)
grid = Planning()
grid.use(who, plan.rows, plan.version, datetime(2026, 11, 30).date(), 4, Around())
grid.box
"""
KEYS = {"ArrowRight": 39, "ArrowDown": 40, "Enter": 13, "z": 90, "s": 83, "f": 70, "Delete": 46}
ALT, CTRL = 1, 2
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--remote-allow-origins=*",
)  # fmt: skip
DAY = "document.querySelector('[data-day=\"2026-12-01\"]')"  # of the first slot


class Tab:
    """A page of a browser, over the DevTools protocol."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=120)
        self.n = 0
        self.hosts: set[str] = set()
        for domain in ("Page", "Network", "Runtime"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **said: Any) -> dict[str, Any]:
        self.n += 1
        self.socket.send(json.dumps({"id": self.n, "method": method, "params": said}))
        while True:
            heard = json.loads(self.socket.recv())
            if heard.get("method") == "Network.requestWillBeSent":
                self.hosts.add(urlsplit(heard["params"]["request"]["url"]).hostname or "")
            if heard.get("id") == self.n:
                return dict(heard.get("result", {}))

    def value(self, script: str) -> Any:
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return found["result"].get("value")

    def wait(self, script: str, seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while not (found := self.value(script)) and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def press(self, key: str, held: int = 0) -> None:
        said = {"key": key, "modifiers": held, "windowsVirtualKeyCode": KEYS[key]}
        self.ask("Input.dispatchKeyEvent", type="keyDown" if held or len(key) > 1 else "rawKeyDown", **said)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **said)

    def picture(self, path: Path) -> None:
        path.write_bytes(b64decode(self.ask("Page.captureScreenshot")["data"]))


def port() -> int:
    """One that is free."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def voila(stack: ExitStack, home: Path) -> str:
    """Serve a notebook for each language; the address."""
    (home / "data/brands/tea").mkdir(parents=True)
    (home / "data/brands/tea/brand.toml").write_text(BRAND, encoding="utf-8")
    for lang in ("en", "fr"):
        cell = nbformat.v4.new_code_cell(CELL.replace("{lang}", lang))
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), home / f"{lang}.ipynb")
    templates = Path(__file__).parent.parent / "cmlib/templates"
    free = port()
    command = [sys.executable, "-m", "voila", str(home), f"--port={free}", "--no-browser", "--template=cm"]
    environment = {**os.environ, "CMLIB_HOME": str(home), "JUPYTER_PATH": str(templates)}
    started = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    stack.callback(started.terminate)
    return f"http://127.0.0.1:{free}/voila/render"


def chromium(stack: ExitStack, profile: Path) -> str:
    """Start a browser; the address of its DevTools."""
    name = next((one for one in ("chromium", "chromium-browser", "google-chrome") if shutil.which(one)), "")
    if not name:
        sys.exit("There is no chromium here.")
    started = subprocess.Popen([name, *QUIET, f"--user-data-dir={profile}"], stderr=subprocess.DEVNULL)
    stack.callback(started.terminate)
    said = profile / "DevToolsActivePort"
    while not said.exists() or not said.read_text():
        time.sleep(0.1)
    return f"http://127.0.0.1:{said.read_text().split()[0]}"


def opened(devtools: str, address: str, width: int) -> Tab:
    """The page, when its slots are there."""
    request = urllib.request.Request(f"{devtools}/json/new", method="PUT")
    with urllib.request.urlopen(request) as answer:
        tab = Tab(json.load(answer)["webSocketDebuggerUrl"])
    tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    end = time.monotonic() + 90
    while time.monotonic() < end:
        tab.ask("Page.navigate", url=address)
        if tab.wait("document.querySelectorAll('.cm-card').length", 20):
            break
    return tab


def worked(tab: Tab, home: Path, word: str) -> dict[str, bool]:
    """Each step as a person takes it: is what then stands there right?"""
    file, first = home / "data/brands/tea/plan.csv", "document.querySelectorAll('.cm-card')[0]"
    focus = "document.activeElement.closest('[data-day]')"
    tab.value(f"for (let i = 0; i < 12 && !{DAY}; i++) document.querySelector('[data-do=later]').click()")
    held = {"the week of the plan": bool(tab.wait(f"{DAY}?.querySelector('.cm-card') !== undefined", 10))}
    tab.value(f"{first}.focus()")
    tab.press("ArrowRight", ALT)
    held["moved by a day"] = bool(tab.wait(f"{focus}?.dataset.day === '2026-12-02'", 10))
    tab.press("z", CTRL)
    held["undone"] = bool(tab.wait(f"{focus}?.dataset.day === '2026-12-01'", 10))
    tab.press("f")
    held["said to be unsaved"] = bool(tab.wait("document.querySelector('.cm-unsaved') !== null", 10))
    tab.press("Enter")
    held["the form"] = bool(tab.wait("document.querySelector('dialog[open] [name=title]') !== null", 10))
    tab.value(f"document.querySelector('[name=text]').value = '{word}'")
    tab.press("s", CTRL)
    tab.wait("document.querySelector('dialog') === null", 10)
    tab.press("s", CTRL)
    held["saved"] = bool(tab.wait("document.querySelector('.cm-unsaved') === null", 10))
    held["in plan.csv"] = word in file.read_text(encoding="utf-8")
    held["text is text"] = tab.value("document.querySelector('.cm-card b b') === null")
    held["no other host"] = tab.hosts <= {"127.0.0.1", ""}
    return held


def main() -> int:
    """In both languages, on a wide screen and on a phone."""
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    wrong = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        home = Path(folder)
        address, devtools = voila(stack, home), chromium(stack, home / "profile")
        for lang, width, word in (("en", 1200, "Brewed slowly"), ("fr", 500, "Infusé lentement")):
            tab = opened(devtools, f"{address}/{lang}.ipynb", width)
            for what, right in worked(tab, home, word).items():
                print(f"{lang} {width:5} {what:24} {'yes' if right else 'NO'}")
                wrong += not right
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                tab.picture(pictures / f"grid.{lang}.{width}.png")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
