"""``cm formats``, and ``cm format template``: what can be read, and a CSV to fill in where nothing can."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cmlib import i18n, terminal
from cmlib.cli.options import APP, BrandOption, brand_of
from cmlib.errors import unknown
from cmlib.i18n import has, t

if TYPE_CHECKING:
    from cmlib.importers import Format

app = typer.Typer(**APP)


def listed(
    network: Annotated[
        str, typer.Option(metavar=t("cli.metavar.network"), help=t("cli.formats.network"), show_default=False)
    ] = "",
    brand: BrandOption = "",
) -> None:
    """Which exports can be read, where does each network offer them, and how sure is their layout?"""
    from cmlib import importers, schema
    from cmlib.importers import own

    if network and network not in schema.NETWORKS:
        raise unknown("network", network, schema.NETWORKS)
    slug = _only(brand)
    mine = own.found(slug, importers.formats()) if slug else own.Found()
    everywhere = importers.formats().values()
    served = {one for found in everywhere for one in found.networks}
    for one in [network] if network else schema.NETWORKS:
        terminal.heading(t(f"network.{one}"))
        for found in everywhere:
            if one == found.network or (network and network in found.of):
                _item(found, title(found.name), _said(f"format.{found.name}.where"))
        if one not in served:
            terminal.say(t(f"formats.none.{one}"))
            terminal.say(t("formats.by_hand", network=one))
    terminal.heading(t("formats.all_networks"))
    for found in everywhere:
        if not found.network and (not network or not found.of):
            of = t("formats.of", networks=[t(f"network.{one}") for one in found.of]) if found.of else ""
            _item(found, title(found.name), _said(f"format.{found.name}.where"), of)
    own_ones = [f for f in mine.formats.values() if network in ("", f.network)]
    if own_ones:
        terminal.heading(t("formats.own", brand=slug))
    for found in own_ones:
        called = t(f"network.{found.network}") if found.network else ""
        _item(found, mine.owns[found.name].title, f"{own.folder(slug) / found.name}.toml", called)
    for problem in mine.problems:
        terminal.complain(str(problem))


def _item(found: "Format", called: str, *about: str) -> None:
    sure = t(f"formats.sure.{found.sure or 'unknown'}")
    known = t("formats.since", sure=sure, since=_month(found.since)) if found.since else sure
    terminal.item(called or found.name, found.name, *about, known)


def _month(since: str) -> str:
    return i18n.month(date.fromisoformat(f"{since}-01")) if len(since) == 7 else since


def title(name: str) -> str:
    """What a format is called; "" where no words are known for it."""
    return _said(f"format.{name}.title")


def _said(key: str) -> str:
    return t(key) if has(key) else ""


def _only(said: str) -> str:
    """The brand that is meant, where there is one to mean."""
    from cmlib import brand

    slugs = [brand.load(said).slug] if said else brand.slugs()
    return slugs[0] if len(slugs) == 1 else ""


@app.command("template", help=t("cli.format.template.help"))
def template(
    network: Annotated[
        str, typer.Argument(metavar=t("cli.metavar.network"), help=t("cli.format.template.network"))
    ],
    table: Annotated[
        str, typer.Option(metavar="posts|days|…", help=t("cli.format.template.table"))
    ] = "posts",
    brand: BrandOption = "",
) -> None:
    """Write a CSV to fill in by hand, for what no export gives."""
    from cmlib.importers.own import template as templates

    who = brand_of(brand)
    path = templates.keep(who, network, table)
    terminal.say(t("template.made", file=str(path)))
    terminal.say(t("template.next", file=str(path), brand=who.slug))
