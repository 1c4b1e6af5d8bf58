"""An executed notebook → a document that opens anywhere: one HTML page, for now.

The page holds its style and its images, asks no host for anything, and has nothing in it that could run: what
a cell shows is cleaned to the tags below, and the page's own policy forbids the rest.
"""

import base64
import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import bleach  # type: ignore[import-untyped]
import mistune
import nbformat
from markupsafe import Markup, escape

from cmlib import i18n, sheets
from cmlib.errors import CmlibError

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "blockquote",
        "br",
        "caption",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_EVERYWHERE = frozenset(["class", "title", "lang", "dir", "role", "tabindex", "aria-label", "aria-hidden"])
_OWN = {
    ("a", "rel"), ("a", "target"), ("img", "alt"), ("td", "colspan"), ("td", "rowspan"), ("th", "colspan"),
    ("th", "rowspan"), ("th", "scope"), ("ol", "start"),
}  # fmt: skip
_WIDGET = "application/vnd.jupyter.widget-view+json"  # needs a kernel, so a document leaves it out
_IMAGES = {"image/svg+xml": "svg+xml", "image/png": "png", "image/jpeg": "jpeg"}


def html(notebook: Path | nbformat.NotebookNode, lang: str = "") -> str:
    """What does this notebook show, as one page that opens by double click, without its code?

    ``notebook``: a path or a read notebook, executed. ``lang``: of the page; else the notebook's parameter of
    that name, else the language spoken now. Raises CmlibError if a cell failed.
    """
    if isinstance(notebook, Path):
        where, notebook = str(notebook), nbformat.read(notebook, as_version=4)
    else:
        where = str(notebook.metadata.get("papermill", {}).get("output_path") or "–")
    parts = [part for place, cell in enumerate(notebook.cells, 1) for part in _cell(cell, place, where)]
    body = "\n".join(parts)
    said = notebook.metadata.get("papermill", {}).get("parameters", {}).get("lang", "")
    page = (files("cmlib") / "templates" / "report.html").read_text(encoding="utf-8")
    return Template(page).substitute(
        lang=escape(lang or said or i18n.language()),
        title=escape(_title(body, where)),
        css=sheets.css(),
        body=body,
    )


def _title(body: str, where: str) -> str:
    """The page's own heading, and what stands above and below it."""
    found = re.search(
        r'<p class="cm-kicker">(.*?)</p>\s*<h1>(.*?)</h1>\s*<p class="cm-subtitle">(.*?)</p>', body
    )
    if not found:
        return Path(where).stem
    kicker, name, subtitle = (Markup(part).striptags() for part in found.groups())
    return f"{name} – {kicker} – {subtitle}"


def _cell(cell: Any, place: int, where: str) -> list[str]:
    """What a cell shows: its text, or its outputs."""
    if cell.cell_type == "markdown":
        return [f'<div class="cm">{_cleaned(str(mistune.html(cell.source)))}</div>']
    if cell.cell_type != "code":
        return []
    return [shown for output in cell.outputs if (shown := _output(output, place, where))]


def _output(output: Any, place: int, where: str) -> str:
    if output.output_type == "error":
        raise CmlibError("failed_cell", file=where, cell=place, name=output.ename, problem=output.evalue)
    if output.output_type == "stream":
        return str(_words(output.text)) if output.name == "stdout" else ""
    data = output.data
    if _WIDGET in data:
        return ""
    if "text/html" in data:
        return _cleaned(data["text/html"])
    for mime, name in _IMAGES.items():
        if mime in data:
            return str(_image(data[mime], name, data.get("text/plain", "")))
    return str(_words(data.get("text/plain", "")))


def _cleaned(markup: str) -> str:
    """HTML with the tags and attributes known here alone; style and script go with what is in them."""
    bare = re.sub(r"<(style|script)\b.*?</\1\s*>", "", markup, flags=re.DOTALL | re.IGNORECASE)
    cleaned: str = bleach.clean(
        bare.strip(), tags=_TAGS, attributes=_allowed, protocols=("http", "https", "data"), strip=True
    )
    return cleaned


def _allowed(tag: str, name: str, value: str) -> bool:
    if (tag, name) == ("img", "src"):
        return value.startswith("data:image/")
    if (tag, name) == ("a", "href"):
        return value.startswith(("http://", "https://", "#"))
    return name in _EVERYWHERE or (tag, name) in _OWN


def _image(data: str, name: str, said: str) -> Markup:
    """An image inside the page; an SVG too, so that nothing in it can run."""
    held = base64.b64encode(data.encode()).decode() if name == "svg+xml" else "".join(data.split())
    return Markup(
        '<div class="cm"><figure class="cm-image"><img src="data:image/{};base64,{}" alt="{}"></figure></div>'
    ).format(name, held, said)


def _words(text: str) -> Markup:
    return Markup('<div class="cm"><pre>{}</pre></div>').format(text) if text.strip() else Markup("")
