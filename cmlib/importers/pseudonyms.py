"""Whoever writes to the brand is a mark from here on; how they feel is found out before their words go."""

from dataclasses import replace

import pandas as pd

from cmlib import private, sentiment
from cmlib.brand import Brand
from cmlib.importers.layout import Part

HIDDEN = {"messages": ("message_id", "thread_id", "reply_to", "author", "shown")}


def pseudonymised(part: Part, brand: Brand) -> Part:
    """What people write to the brand: marks instead of names, and no words unless the brand keeps them."""
    if part.table not in ("messages", "answers"):
        return part
    rows = part.rows.copy()
    for name in HIDDEN.get(part.table, ()):
        if name in rows:
            marks = {one: private.hashed(str(one), brand.slug) for one in rows[name].dropna().unique()}
            rows[name] = rows[name].map(marks).astype("object")
    if part.table == "messages" and "text" in rows:
        rows = _with_feelings(rows)
    if "text" in rows and not brand.messages.keep_texts:
        rows = rows.drop(columns="text")
    return replace(part, rows=rows.assign(excerpt=""), aside=part.aside.assign(excerpt=""))


def _with_feelings(rows: pd.DataFrame) -> pd.DataFrame:
    """With the language and the feeling of what comes in: of its words, which may not be kept."""
    said = rows["text"].map(lambda text: isinstance(text, str) and bool(text.strip()))
    asked = rows.index[said & rows["incoming"].eq(True)]
    found = sentiment.feelings(rows.loc[asked, "text"]).set_index(asked)
    return rows.assign(**{str(name): found[name].reindex(rows.index) for name in found})
