"""A TOML file that people write by hand, changed key by key: their comments, order and spacing stay.

The file is taken as a list of statements: a header, a key with its value, a comment, an empty line. What does
not change is never written anew. A place is where something is said: ``("personas", 0, "weight")``.
"""

import json
import os
import re
import shutil
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path
from typing import Any
from uuid import uuid4

import tomlkit
from tomlkit.items import AoT, Table

from cmlib.errors import CmlibError

Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*'  # strings
    | (?P<comment>\#[^\n]*) | (?P<opens>[\[{]) | (?P<closes>[\]}]) | (?P<ends>\n) | [^"'\#\[\]{}\n]+""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class _Statement:
    """A line of the file, or several: ``place`` is what a header or a key names, () for anything else."""

    text: str
    section: Place = ()
    place: Place = ()

    @property
    def is_key(self) -> bool:
        return self.place != self.section and self.place != ()

    @property
    def is_comment(self) -> bool:
        return self.text.lstrip().startswith("#")

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


_Statements = list[_Statement]
_BLANK = _Statement("\n")


def amended(data: bytes, before: Mapping[str, Any], after: Mapping[str, Any]) -> bytes:
    """What the file says after the change. Both mappings have the same keys, and None for what is not said.

    A dict stands for a section, a list of dicts for blocks (each told by its ``name``), anything else for a
    key. Comments inside a value that changes move above it; those beside a key that goes, go with it.
    """
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    text = data.removeprefix(mark).decode("utf-8")
    everywhere = 0 < text.count("\n") == text.count("\r\n")  # as Windows ends its lines
    lines = list(_statements(text.replace("\r\n", "\n") if everywhere else text))
    for key, said in after.items():
        if isinstance(said, dict):
            lines = _merged(lines, (key,), before[key], said)
        elif isinstance(said, list):
            lines = _blocks(lines, key, before[key], said)
        elif said != before[key]:
            lines = _put(lines, (key,), said)
    whole = [line.text if line.text.endswith("\n") else line.text + "\n" for line in lines[:-1]]
    made = "".join([*whole, *(line.text for line in lines[-1:])])
    return mark + (made.replace("\n", "\r\n") if everywhere else made).encode("utf-8")


def quoted(text: str) -> str:
    """A string as TOML writes it, on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")  # what JSON escapes, TOML reads


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file that is there: wholly, or not at all."""
    part = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        if not os.access(path, os.W_OK) or not path.stat().st_mode & 0o222:
            raise PermissionError(EACCES, os.strerror(EACCES))  # renaming would not ask
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, part)
        part.replace(path)
    except OSError as problem:
        raise CmlibError("unwritable", file=str(path), problem=str(problem.strerror)) from None
    finally:
        part.unlink(missing_ok=True)


def _statements(text: str) -> Iterator[_Statement]:
    section: Place = ()
    blocks: Counter[Place] = Counter()
    for piece in _split(text):
        item = tomlkit.parse(piece)
        place: Place = ()
        while isinstance(item, Table | tomlkit.TOMLDocument) and item:
            name, item = next(iter(item.items()))
            place = (*place, str(name))
        if not piece.lstrip().startswith("["):
            yield _Statement(piece, section, (*section, *place) if place else ())
            continue
        section = (*place, blocks[place]) if isinstance(item, AoT) else place
        blocks[place] += 1
        yield _Statement(piece, section, section)


def _split(text: str) -> Iterator[str]:
    """Each statement with the end of its line: a value may go on over many."""
    depth = begun = 0
    for token in _TOKEN.finditer(text):
        depth += (token.lastgroup == "opens") - (token.lastgroup == "closes")
        if token.lastgroup == "ends" and depth == 0:
            yield text[begun : token.end()]
            begun = token.end()
    if text[begun:]:
        yield text[begun:]


def _merged(
    lines: _Statements, place: Place, before: Mapping[str, Any], after: Mapping[str, Any]
) -> _Statements:
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            lines = _put(lines, (*place, name), after.get(name))
    return lines


def _put(lines: _Statements, place: Place, value: Any) -> _Statements:
    """Say this value at a place; None: say nothing there any more."""
    for at, line in enumerate(lines):
        if line.is_key and place[: len(line.place)] == line.place:
            return [*lines[:at], *_restated(line, place, value), *lines[at + 1 :]]
    lines = [line for line in lines if not line.place or line.place[: len(place)] != place]
    if value is None:
        return lines
    holder = place[:-1]
    spots = [n for n, line in enumerate(lines, 1) if _holds(line, holder)]
    if holder and not spots:
        return _ended(lines, [_Statement(f"[{holder[0]}]\n", holder, holder), _stated(holder, place, value)])
    at = spots[-1] if spots else 0
    section = lines[at - 1].section if spots else ()
    return [*lines[:at], _stated(section, place, value), *lines[at:]]


def _holds(line: _Statement, holder: Place) -> bool:
    """Whether what belongs to the holder may be said after this line."""
    inside = line.place[: len(holder)] == holder and len(line.section) <= len(holder)
    return inside and (line.is_key or (line.place != () and line.place == holder))


def _stated(section: Place, place: Place, value: Any) -> _Statement:
    key = ".".join(_key(str(name)) for name in place[len(section) :])
    return _Statement(f"{key} = {_item(value).as_string()}\n", section, place)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else quoted(name)


def _restated(line: _Statement, place: Place, value: Any) -> _Statements:
    if value is None and place == line.place:
        return []
    said = tomlkit.parse(line.text)
    *into, name = place[len(line.section) :]
    table = said
    for part in into:
        table = table[part]
    if value is None:
        table.remove(name)
    else:
        table[name] = _item(value)
    made = said.as_string()
    lost = [comment for comment in _comments(line.text) if comment not in _comments(made)]
    above = [_Statement(f"{comment}\n", line.section) for comment in lost]
    return [*above, _Statement(made, line.section, line.place)]


def _comments(text: str) -> list[str]:
    return [token[0] for token in _TOKEN.finditer(text) if token["comment"]]


def _item(value: Any) -> Any:
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update({key: _item(said) for key, said in value.items()})
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend([_item(said) for said in value])
        return array
    if isinstance(value, float):
        return tomlkit.item(int(value) if value.is_integer() and abs(value) < 1e15 else float(value))
    return tomlkit.item(value)


def _blocks(lines: _Statements, key: str, before: list[Any], after: list[Any]) -> _Statements:
    if before == after:
        return lines
    if any(line.is_key and line.place == (key,) for line in lines):  # key = [{…}, {…}]
        return _put(lines, (key,), after)
    was = _origins(before, after)
    for nth, said in zip(was, after, strict=True):
        if nth is not None:
            lines = _merged(lines, (key, nth), before[nth], said)
    spans = [_span(lines, (key, nth)) for nth in range(len(before))]
    blocks = [
        _new(key, said) if nth is None else lines[slice(*spans[nth])]
        for nth, said in zip(was, after, strict=True)
    ]
    return _arranged(lines, spans, sorted(nth for nth in was if nth is not None), blocks)


def _origins(before: list[Any], after: list[Any]) -> list[int | None]:
    """Which block each was: that of its name, else none; where all others stay, it has a new name."""
    old, new = [said.get("name") for said in before], [said.get("name") for said in after]
    moved = [nth for nth, name in enumerate(new) if name in old and old.index(name) != nth]
    if len(old) == len(new) and not moved:
        return list(range(len(new)))
    return [old.index(name) if name in old else None for name in new]


def _span(lines: _Statements, place: Place) -> tuple[int, int]:
    """From where to where a block goes, with the comments that touch it and nothing else.

    Comments above the first block explain all of them, so they are not its own.
    """
    head = next(n for n, line in enumerate(lines) if line.place == place)
    end = next((n for n in range(head + 1, len(lines)) if _is_header(lines[n])), len(lines))
    stop = max(n for n in range(head, end) if lines[n].place) + 1
    tail = next((n for n in range(stop, end) if not lines[n].is_comment), end)
    while place[-1] and lines[head - 1].is_comment:
        head -= 1
    return head, stop if tail == end < len(lines) else tail


def _is_header(line: _Statement) -> bool:
    return line.place != () and not line.is_key


def _new(key: str, said: Mapping[str, Any]) -> _Statements:
    return [_Statement(f"[[{key}]]\n"), *(_stated((), (name,), value) for name, value in said.items())]


def _arranged(
    lines: _Statements, spans: Sequence[tuple[int, int]], kept: list[int], blocks: list[_Statements]
) -> _Statements:
    """The blocks in their order, in the spans of those that are kept; what is over comes after the last."""
    fill = dict(zip(kept, blocks, strict=False))
    made: _Statements = []
    done = 0
    for nth, (start, stop) in enumerate(spans):
        made += [*lines[done:start], *fill.get(nth, [])]
        done = stop
        if nth not in fill and (not made or made[-1].is_blank):
            done = next((n for n in range(stop, len(lines)) if not lines[n].is_blank), len(lines))
        while done == len(lines) and made and made[-1].is_blank:
            made.pop()
        if nth in fill and nth == kept[-1]:
            for block in blocks[len(kept) :]:
                made = _ended(made, block)
    made += lines[done:]
    for block in [] if kept else blocks:
        made = _ended(made, block)
    return made


def _ended(lines: _Statements, more: _Statements) -> _Statements:
    """These, an empty line, and more."""
    return [*lines, *([_BLANK] if lines and not lines[-1].is_blank else []), *more]
