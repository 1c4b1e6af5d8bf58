"""A format of one's own → its TOML in the brand's folder, explained, to be changed in any editor."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from cmlib import brandfile
from cmlib.errors import CmlibError
from cmlib.i18n import t
from cmlib.importers.own import checked, folder
from cmlib.importers.own.reading import Own, Taken
from cmlib.tomlcheck import Lines


def keep(slug: str, own: Own, taken: Iterable[str] = ()) -> Path:
    """Write a format of one's own into the brand's folder; the path. One that is there stays as it is."""
    path = folder(slug) / f"{own.name}.toml"
    made_of = written(own)
    checked(own.name, tomllib.loads(made_of), Lines(path, made_of), taken)  # what is written can be read
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(made_of)
    except FileExistsError:
        raise CmlibError("own_exists", file=str(path)) from None
    except OSError as problem:
        raise CmlibError("unwritable", file=str(path), problem=str(problem.strerror)) from None
    return path


def written(own: Own) -> str:
    """A format of one's own as its TOML, explained in the language spoken now."""
    top: dict[str, object] = {
        "title": own.title, "network": own.network, "table": own.table, "account": own.account,
        "sheet": own.sheet, "decimal": own.decimal, "zone": own.zone, "skip": own.skip, "summed": own.summed,
        "only": own.only, "left_out": own.left_out,
    }  # fmt: skip
    said = {key: value for key, value in top.items() if value}
    if own.records is not None:
        said["records"] = own.records
    lines = [*_remark("head"), ""]
    for key, value in said.items():
        lines += _remark(key) if key in ("left_out", "only", "summed", "zone", "skip") else []
        lines.append(f"{key} = {_toml(value)}")
    if own.constants:
        lines += ["", *_remark("constants"), "[constants]"]
        lines += [f"{key} = {_toml(value)}" for key, value in own.constants.items()]
    lines += ["", *_remark("columns"), "[columns]"]
    return "\n".join([*lines, *(f"{name} = {_line(taken)}" for name, taken in own.columns.items()), ""])


def _remark(key: str) -> list[str]:
    return [f"# {line}" for line in t(f"own.toml.{key}").split("\n")]


def _line(taken: Taken) -> str:
    said: dict[str, object] = {
        "header": taken.headers[0] if len(taken.headers) == 1 else taken.headers, "beside": taken.beside,
        "reads": taken.reader.reads, "formats": taken.reader.formats, "words": taken.reader.words,
        "optional": taken.optional, "of": taken.of,
    }  # fmt: skip
    return "{ " + ", ".join(f"{key} = {_toml(value)}" for key, value in said.items() if value) + " }"


def _toml(value: object) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, str):
        return brandfile.quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{brandfile.quoted(k)} = {_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)
