"""Who wrote to the brand stays unknown: names become keyed hashes, and the key never leaves its user's home.

The same name has the same hash in all exports of a brand, so that threads and people can be counted; without
the key nobody can try names until one fits (HMAC, RFC 2104). A team that shares a lake shares the key file.
"""

import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from platformdirs import user_config_path

from cmlib.errors import CmlibError
from cmlib.tomlcheck import folded

LENGTH = 24  # hexadecimal digits: 96 bits
KEY = 32  # bytes


def hashed(name: str, slug: str) -> str:
    """By which mark is somebody known to a brand? Capitals, spaces around the name and an @ do not matter."""
    said = f"{slug}\0{folded(name)}".encode("utf-8", "replace")
    return hmac.new(_key(key_file()), said, "sha256").hexdigest()[:LENGTH]


def key_file() -> Path:
    """Where the key is: CMLIB_KEY, or key in the user's folder for settings."""
    said = os.environ.get("CMLIB_KEY")
    return Path(said).expanduser() if said else user_config_path("cmlib") / "key"


@cache
def _key(path: Path) -> bytes:
    """The key, made when it is first asked for. Only its user may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY))
            try:
                os.link(part, path)  # who was first has made it
            except FileExistsError:
                pass
            finally:
                part.unlink()
        found = path.read_bytes()
    except OSError as problem:
        raise CmlibError("no_key", file=str(path), problem=problem.strerror) from None
    if len(found) != KEY:
        raise CmlibError("no_key", file=str(path), problem=f"{len(found)} != {KEY}")
    return found
