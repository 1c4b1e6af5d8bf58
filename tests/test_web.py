"""The notebooks as pages: one server, asked for a page, and for what it must not give."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmlib import report, web
from cmlib.errors import CmlibError

PIXEL = b"\x89PNG\r\n\x1a\n secret"
SECONDS = 90
OTHER_HOST = r"<(script|link|img|iframe)\b[^>]*//(?!127\.0\.0\.1)\w"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def get(address: str, path: str) -> tuple[int, str]:
    """The status and the page; a path is sent as it is, with all its dots."""
    try:
        with urllib.request.urlopen(address + path, timeout=SECONDS) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def served(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of ``cm serve`` for the demo, with an image and a broken notebook beside the notebooks."""
    folder = tmp_path_factory.mktemp("served") / "notebooks"
    shutil.copytree(web.NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".*"))
    (folder / "picture.png").write_bytes(PIXEL)
    broken = (folder / "start.ipynb").read_text(encoding="utf-8").replace("page.upload()", "1 / 0")
    (folder / "broken.ipynb").write_text(broken, encoding="utf-8")
    port = free_port()
    code = "import sys, pathlib; from cmlib import web; web.NOTEBOOKS = pathlib.Path(sys.argv[1]); "
    command = [sys.executable, "-c", f"{code}sys.exit(web.serve({port}))", str(folder)]
    environment = {**os.environ, "CMLIB_HOME": str(demo_home)}
    log = (folder.parent / "log").open("w", encoding="utf-8")
    running = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + SECONDS
        while running.poll() is None and time.monotonic() < deadline:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert running.poll() is None, (folder.parent / "log").read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()  # it alone: what it has started goes with it
        try:
            running.wait(20)
            with socket.socket() as one:
                assert one.connect_ex(("127.0.0.1", port)), "the pages are still there"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            log.close()


def test_all_notebooks_are_there(served: str) -> None:
    status, page = get(served, "/")
    assert status == 200 and all(f"render/{name}.ipynb" in page for name in report.notebooks())
    assert not re.search(OTHER_HOST, page)


@pytest.mark.parametrize(("name", "views"), [("kpis", 14), ("platforms", 14), ("editorial", 12)])
def test_a_page_is_whole_and_shows_no_code(served: str, name: str, views: int) -> None:
    """Form, title and a view for each section; the question; of an entry heading, form, click and plan."""
    status, page = get(served, f"/voila/render/{name}.ipynb")
    assert status == 200 and page.rstrip().endswith("</html>")
    assert page.count("application/vnd.jupyter.widget-view+json") == views
    for word in ("Traceback", "widgets.Page", "findings.findings", "from cmlib", "There was an error"):
        assert word not in page, word
    assert not re.search(OTHER_HOST, page)


def test_a_broken_page_tells_nothing_of_its_code(served: str) -> None:
    status, page = get(served, "/voila/render/broken.ipynb")
    assert status == 200 and "There was an error" in page
    assert "ZeroDivisionError" not in page and "1 / 0" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/picture.png",
        "/voila/files/kpis.ipynb",
        "/voila/files/../../etc/passwd",
        "/voila/files/%2e%2e/log",
        "/voila/static/../../../../../../../../../../etc/passwd",
        "/voila/render/../log",
        "/voila/render/%2e%2e/log",
        "/voila/render//etc/passwd",
        "/static/etc/passwd",
        "/static/%2fetc/passwd",
    ],
)
def test_no_file_is_given(served: str, path: str) -> None:
    status, page = get(served, path)
    assert status in (302, 403, 404), page
    assert "secret" not in page and "root:" not in page and "[Voila]" not in page


def test_no_sources_are_given(served: str) -> None:
    for path in ("/api/contents/kpis.ipynb", "/voila/api/contents/kpis.ipynb", "/lab", "/api/kernels"):
        assert "widgets.Page" not in get(served, path)[1]


def test_a_page_that_is_not_there_asks_no_other_host(served: str) -> None:
    status, page = get(served, "/voila/render/nothing.ipynb?template=lab&theme=dark")
    assert status == 404 and not re.search(OTHER_HOST, page)


def test_only_this_machine_is_answered(served: str) -> None:
    port = int(served.rpartition(":")[2])
    rows = (
        Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
        if Path("/proc/net/tcp").exists()
        else []
    )
    listening = [row.split()[1] for row in rows if f":{port:04X} 00000000:0000 0A" in row]
    assert listening == (["0100007F:" + f"{port:04X}"] if rows else [])


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CmlibError, match="Say another one: cm serve --port"):
            web.serve(other.getsockname()[1])
    with pytest.raises(CmlibError, match="port 99999"):
        web.serve(99999)


def test_the_template_asks_no_other_host() -> None:
    templates = [p for p in web._TEMPLATES.rglob("*") if p.suffix in (".j2", ".html", ".css", ".json")]
    assert len(templates) >= 4
    for path in templates:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|url\(|@import", text), path
