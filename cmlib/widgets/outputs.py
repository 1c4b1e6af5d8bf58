"""What stands in an output of the page, put there by hand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import pandas as pd
from IPython.core.formatters import format_display_data

from cmlib import sheets
from cmlib.errors import CmlibError

Shown = Callable[[], Sequence[Any]]


def fill(output: ipywidgets.Output, shown: Shown, before: Sequence[Any] | None = None) -> Sequence[Any]:
    """Show something in place of what an output shows; an error of cmlib as a message in its place.

    Returns what is shown. If it is ``before``, the very same, it is there already.

    What is shown is put into the output by hand. Where an output catches what is displayed, the other side
    answers while the cell still runs, and now and then its end is not heard: the page is never there.
    """
    try:
        found = shown()
    except CmlibError as problem:
        found = [sheets.style(), sheets.message("error", str(problem))]
    if found is before:
        return found
    pairs = [format_display_data(one) for one in found]
    output.outputs = tuple(
        {"output_type": "display_data", "data": data, "metadata": metadata} for data, metadata in pairs
    )
    return found


def same(one: Any, other: Any) -> bool:
    """Do two answers say the same? Frames, and dicts, lists and tuples of them, cell by cell."""
    if type(one) is not type(other):
        return False
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
