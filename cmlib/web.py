"""The notebooks as pages for stakeholders: Voila, on this machine only."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from cmlib import brand
from cmlib.errors import CmlibError
from cmlib.report import NOTEBOOKS

_TEMPLATES = Path(__file__).parent / "templates"
# No source, no traceback and no file beside the notebooks is sent, as (?!) fits no name; a page cannot choose
# its own template; a kernel that nobody looks at is stopped; no port is taken but the one that was said.
_OPTIONS = (
    "--Voila.ip=127.0.0.1",
    "--Voila.port_retries=0",
    "--no-browser",
    "--template=cm",
    "--VoilaConfiguration.classic_tree=True",
    "--VoilaConfiguration.strip_sources=True",
    "--VoilaConfiguration.show_tracebacks=False",
    *("--VoilaConfiguration.file_allowlist", "(?!)"),
    "--VoilaConfiguration.allow_template_override=NO",
    "--VoilaConfiguration.allow_theme_override=NO",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_idle_timeout=300",
)


def serve(port: int = 8866) -> int:
    """Show the notebooks at http://127.0.0.1:<port> until stopped; the exit code."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            raise CmlibError("no_port", port=str(port), problem=str(problem)) from None
    environment = {**os.environ, "JUPYTER_PATH": str(_TEMPLATES), "CMLIB_HOME": str(brand.home())}
    command = [sys.executable, "-m", "voila", str(NOTEBOOKS), f"--port={port}", *_OPTIONS]
    with subprocess.Popen(command, env=environment) as voila:
        signal.signal(signal.SIGTERM, lambda *_: voila.terminate())  # else it would go on without us
        try:
            return voila.wait()
        except KeyboardInterrupt:
            return 0
