"""A page made of a notebook: whole, harmless, and without its code."""

import re

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cmlib import charts, documents, i18n, sheets
from cmlib.errors import CmlibError

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def page(*shown, lang="", **metadata) -> str:
    """The page of a notebook with one code cell that shows these."""
    outputs = [s if isinstance(s, dict) else new_output("display_data", s._repr_mimebundle_()) for s in shown]
    cell = new_code_cell("secret_code = 1", outputs=outputs)
    return documents.html(new_notebook(cells=[cell], metadata=metadata), lang)


def html(markup: str):
    return new_output("display_data", {"text/html": markup, "text/plain": "words"})


def test_a_page_stands_alone():
    row = ("engagement_rate_sprout", "Sprout", 0.04, 20, 0.03, 0.05, "")
    frame = pd.DataFrame([row], columns=["metric", "tool", "value", "n", "low", "high", "note"])
    title = sheets.title("kpis", brand="É & <b>", month="2026-10", n=1, seen="today")
    whole = page(sheets.style(), title, charts.rules(frame))
    assert whole.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>É &amp; &lt;b&gt; – Monthly report – On social networks in October 2026" in whole
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in whole
    assert "secret_code" not in whole and whole.count("<style>") == 1
    assert (
        'src="data:image/svg+xml;base64,' in whole and 'alt="Engagement rate by tool: Sprout 4.00%' in whole
    )
    assert (
        not re.search(r"(src|href)=\"(?!data:image/)", whole)
        and "@import" not in whole
        and "url(" not in whole
    )


def test_what_was_there_is_all_there():
    sheet = sheets.table(pd.DataFrame({"account": ["Thé 🍵 & <Co>"], "n": [1]}))
    assert str(sheet.html) in page(sheet)


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=//evil.example/x.js></SCRIPT >",
        "<scr<script></script>ipt>alert(1)</scr<script></script>ipt>",
        "<img src=x onerror=alert(1)>",
        '<img src="https://evil.example/pixel.gif">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<style>@import url(//evil.example/x.css)</style>",
        '<div style="background:url(//evil.example/x)">x</div>',
        "<link rel=stylesheet href=//evil.example/x.css><meta http-equiv=refresh content=0>",
        "<form action=//evil.example><input name=q></form><!-- <script> -->",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    ],
)
def test_nothing_on_a_page_runs_or_asks_a_host(markup):
    for whole in (page(html(markup)), documents.html(new_notebook(cells=[new_markdown_cell(markup)]))):
        body = whole.partition("<main>")[2]
        assert not re.search(r"<(script|svg|iframe|style|link|meta|form|input|math|object)\b", body, re.I)
        assert not re.search(r"<[^>]*(\son\w+=|javascript:|style=|src=\"?http|href=\"?data:)", body, re.I)
        assert "<!--" not in body


def test_other_outputs_are_shown_as_images_or_words():
    svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    whole = page(
        new_output("display_data", {"image/svg+xml": svg, "text/plain": 'a "drawing"'}),
        new_output("display_data", {"image/png": PIXEL + "\n", "text/plain": "a pixel"}),
        new_output("stream", name="stdout", text="said <b>\n"),
        new_output("stream", name="stderr", text="a warning"),
        new_output("execute_result", {"text/plain": "<Figure>"}),
        new_output(
            "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Output()"}
        ),
    )
    body = whole.partition("<main>")[2]
    assert "onload" not in body and 'alt="a &#34;drawing&#34;"' in body and 'alt="a pixel"' in body
    assert f"base64,{PIXEL}" in body and "said &lt;b&gt;" in body and "&lt;Figure&gt;" in body
    assert "warning" not in body and "Output()" not in body


def test_markdown_is_read():
    whole = documents.html(
        new_notebook(cells=[new_markdown_cell("# Title\n\n*so* [it](https://example.org)")])
    )
    assert (
        "<h1>Title</h1>" in whole
        and '<em>so</em> <a href="https://example.org" rel="noopener noreferrer">it</a>' in whole
    )


def test_the_language_is_the_notebooks():
    assert '<html lang="fr">' in page(papermill={"parameters": {"lang": "fr"}})
    assert '<html lang="en">' in page(lang="en", papermill={"parameters": {"lang": "fr"}})
    with i18n.speaking("fr"):
        assert '<html lang="fr">' in page()


def test_a_failed_cell_makes_no_document(tmp_path):
    bad = new_notebook(cells=[new_code_cell(outputs=[new_output("error", ename="KeyError", evalue="'x'")])])
    path = tmp_path / "bad.ipynb"
    nbformat.write(bad, path)
    with pytest.raises(CmlibError, match=r"bad\.ipynb: cell 1 failed with KeyError"):
        documents.html(path)


def test_a_path_is_read(tmp_path):
    path = tmp_path / "good.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(outputs=[html("<p>there</p>")])]), path)
    whole = documents.html(path)
    assert "<p>there</p>" in whole and "<title>good</title>" in whole
