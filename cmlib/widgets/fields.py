"""The fields of the forms: each has its name, what it says now, and whom to tell when that changes."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import partial
from importlib.resources import files as resources
from typing import Any

import ipywidgets
from markupsafe import Markup

from cmlib.sheets import Sheet

Put = Callable[[Any], None]
MOST = 10_000_000_000  # a number that is no slip of the finger
_WIDE: dict[str, Any] = {"layout": {"width": "auto"}, "style": {"description_width": "auto"}}


def style() -> Sheet:
    """What the forms look like; a report has none."""
    css = (resources("cmlib") / "templates" / "form.css").read_text(encoding="utf-8")
    return Sheet(Markup("<style>{}</style>").format(Markup(css)))


def text(label: str, value: str, put: Put) -> ipywidgets.Text:
    """A word or two; told when the field is left."""
    return _telling(ipywidgets.Text(value, description=label, continuous_update=False, **_WIDE), put)


def number(
    label: str, value: float | None, put: Put, step: float | None = None
) -> ipywidgets.BoundedFloatText:
    """An amount, 0 where nothing is said."""
    field = ipywidgets.BoundedFloatText(
        value or 0.0, min=0, max=max(MOST, value or 0), step=step, description=label, **_WIDE
    )
    return _telling(field, put)


def slider(label: str, value: float, most: float, put: Put, step: float = 0.5) -> ipywidgets.FloatSlider:
    """An amount between nothing and ``most``, or what it is now if that is more; told when it is let go."""
    field = ipywidgets.FloatSlider(
        value, min=0, max=max(most, math.ceil(value)), step=step, description=label, readout_format=".3",
        continuous_update=False, **_WIDE,
    )  # fmt: skip
    return _telling(field, put)


def choice(label: str, options: Mapping[Any, str], value: Any, put: Put) -> ipywidgets.Dropdown:
    """One of some options: value → how people call it. A value that is none of them is shown as nothing."""
    listed = [(name, key) for key, name in options.items()]
    field = ipywidgets.Dropdown(
        options=listed, value=value if value in options else None, description=label, **_WIDE
    )
    return _telling(field, put)


def several(label: str, options: Mapping[str, str], chosen: Collection[str], put: Put) -> ipywidgets.VBox:
    """Any of some options, each with its box to tick; told those that are ticked, in their order."""
    boxes = {key: tick(name, key in chosen) for key, name in options.items()}

    def told(_: object) -> None:
        put(tuple(key for key, box in boxes.items() if box.value))

    for box in boxes.values():
        box.observe(told, names="value")
    row = ipywidgets.HBox(tuple(boxes.values()), layout={"flex_flow": "row wrap"})
    return ipywidgets.VBox([ipywidgets.Label(label), row]).add_class("cm-several")


def tick(label: str, value: bool, put: Put | None = None) -> ipywidgets.Checkbox:
    """Yes or no."""
    field = ipywidgets.Checkbox(value, description=label, indent=False, layout={"width": "auto"})
    return _telling(field, put) if put else field


def day(label: str, value: date, put: Put) -> ipywidgets.DatePicker:
    """A day; None where it is emptied."""
    return _telling(ipywidgets.DatePicker(value=value, description=label, **_WIDE), put)


def panel(title: str, content: ipywidgets.Widget) -> ipywidgets.VBox:
    """Something to open and to close. An accordion's headings cannot be reached by the keyboard."""
    head, inside = (
        ipywidgets.ToggleButton(description=title, tooltip=title, layout={"width": "auto"}),
        ipywidgets.VBox([content]),
    )

    def shown(change: Mapping[str, Any]) -> None:
        inside.layout.display = "flex" if change["new"] else "none"

    shown({"new": False})
    head.observe(shown, names="value")
    return ipywidgets.VBox([head, inside]).add_class("cm-panel")


def hint(words: str) -> ipywidgets.Label:
    """What there is to know of the fields beneath."""
    return ipywidgets.Label(words).add_class("cm-hint")


def button(label: str, do: Callable[[], None], style: str = "") -> ipywidgets.Button:
    """Something to click on."""
    made = ipywidgets.Button(description=label, button_style=style, layout={"width": "auto"})
    made.on_click(lambda _: do())
    return made


def grid(fields: Iterable[ipywidgets.Widget], kind: str = "") -> ipywidgets.GridBox:
    """Fields beside one another, as many as there is room for. ``kind``: sliders or pairs."""
    made = ipywidgets.GridBox(tuple(fields)).add_class("cm-grid")
    return made.add_class(f"cm-{kind}") if kind else made


def switch(widget: ipywidgets.Widget, on: bool) -> None:
    """Let a field, and all that are in it, be changed or not."""
    for child in getattr(widget, "children", ()):
        switch(child, on)
    if widget.has_trait("disabled"):
        widget.disabled = not on


def renew(box: ipywidgets.Box, children: Iterable[ipywidgets.Widget]) -> None:
    """Put these into a box, and close what was there and is no longer."""
    old, box.children = box.children, tuple(children)
    for widget in old:
        if widget not in box.children:
            _close(widget)


def _close(widget: ipywidgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    widget.close()


def _telling(field: Any, put: Put) -> Any:
    field.observe(partial(_told, put), names="value")
    return field


def _told(put: Put, change: Mapping[str, Any]) -> None:
    put(change["new"])
