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

import mistune
import nbformat
import nh3
from markupsafe import Markup, escape

from cmlib import i18n, sheets
from cmlib.errors import CmlibError

_TAGS = nh3.ALLOWED_TAGS | {"figure", "header", "section"}
_EVERYWHERE = {"class", "title", "lang", "dir", "role", "tabindex", "aria-label", "aria-hidden"}
_ATTRIBUTES = {
    "*": _EVERYWHERE, "a": {"href", "target"}, "img": {"src", "alt"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
    "tr": {"id"},  # where a sentence's facts stand
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
        return [f'<div class="cm">{cleaned(str(mistune.html(cell.source)))}</div>']
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
        return cleaned(data["text/html"])
    for mime, name in _IMAGES.items():
        if mime in data:
            return str(_image(data[mime], name, data.get("text/plain", "")))
    return str(_words(data.get("text/plain", "")))


def cleaned(markup: str) -> str:
    """HTML with the tags and attributes known here alone; style and script go with what is in them."""
    kept: str = nh3.clean(
        markup.strip(), tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_allowed,
        clean_content_tags={"script", "style"}, url_schemes={"http", "https", "data"},
    )  # fmt: skip
    return kept


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Images stand in the page itself, and links lead to pages."""
    if (tag, name) == ("img", "src") and not value.startswith("data:image/"):
        return None
    if (tag, name) == ("a", "href") and not value.startswith(("http://", "https://", "#")):
        return None
    return value


def _image(data: str, name: str, said: str) -> Markup:
    """An image inside the page; an SVG too, so that nothing in it can run."""
    held = base64.b64encode(data.encode()).decode() if name == "svg+xml" else "".join(data.split())
    return Markup(
        '<div class="cm"><figure class="cm-image"><img src="data:image/{};base64,{}" alt="{}"></figure></div>'
    ).format(name, held, said)


def _words(text: str) -> Markup:
    return Markup('<div class="cm"><pre>{}</pre></div>').format(text) if text.strip() else Markup("")
