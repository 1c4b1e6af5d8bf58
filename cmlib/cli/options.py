"""What all commands share: their language, the brand that is meant, a day that somebody says."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import rich_utils

from cmlib import i18n
from cmlib.errors import CmlibError
from cmlib.i18n import t

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from cmlib.brand import Brand


def spoken(said: Mapping[str, str]) -> str:
    """Which language is wanted? CMLIB_LANG, else French where the machine's locale is."""
    if said.get("CMLIB_LANG") in i18n.LANGUAGES:
        return said["CMLIB_LANG"]
    local = next((said[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if said.get(name)), "")
    return "fr" if local.startswith("fr") else "en"


i18n.use(spoken(os.environ))  # before the first help text below
rich_utils.ARGUMENTS_PANEL_TITLE = t("cli.panel.arguments")
rich_utils.OPTIONS_PANEL_TITLE = t("cli.panel.options")
rich_utils.COMMANDS_PANEL_TITLE = t("cli.panel.commands")
rich_utils.ERRORS_PANEL_TITLE = t("cli.panel.error")
APP: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, "pretty_exceptions_enable": False}

BrandOption = Annotated[
    str,
    typer.Option(
        "--brand", "-b", metavar=t("cli.metavar.name"), help=t("cli.option.brand"), show_default=False
    ),
]


def brand_of(said: str) -> "Brand":
    """Which brand is meant? The one that is named, else the only one there is."""
    from cmlib import brand

    slugs = brand.slugs()
    if not said and len(slugs) != 1:
        raise CmlibError("which_brand", brands=slugs) if slugs else CmlibError("no_brand")
    return brand.load(said or slugs[0])


def day_of(said: str) -> "date":
    """Which day is said?"""
    import pandas as pd

    day = pd.to_datetime(said, format="%Y-%m-%d", errors="coerce")
    if pd.isna(day):
        raise CmlibError("bad_day", value=repr(said))
    return day.date()


def seen(said: str, who: "Brand") -> "pd.Timestamp | None":
    """The day of an export, at noon where the brand is: then it is the same day in UTC."""
    import pandas as pd

    if not said:
        return None
    noon = pd.Timestamp(day_of(said)) + pd.Timedelta(hours=12)
    if noon.normalize() > pd.Timestamp.now(who.zone).tz_localize(None):
        raise CmlibError("day_to_come", value=said)
    return noon.tz_localize(who.zone).tz_convert("UTC")
