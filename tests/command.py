"""The command ``cm`` for tests: run as a person runs it, and somebody at a terminal who types."""

import os
import sys
from collections.abc import Callable

import pytest
from rich.console import Console

os.environ["CMLIB_LANG"] = "en"  # cmlib.cli takes its language when it is imported

from cmlib import cli

Run = Callable[..., tuple[int, str, str]]
Types = Callable[..., list[str]]


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``cm``: its exit code, what it said, what it complained of."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["cm", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def typist(monkeypatch: pytest.MonkeyPatch) -> Types:
    """Somebody at a terminal, who types the lines that are given, or stops; what is asked."""

    def types(*lines: str | type[BaseException]) -> list[str]:
        asked: list[str] = []
        left = iter(lines)

        def answer(console: Console, prompt: object) -> str:
            asked.append(str(prompt))
            line = next(left)
            if isinstance(line, str):
                return line
            raise line

        monkeypatch.setattr(Console, "input", answer)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        return asked

    return types
