"""Instagram, "Download your information" as JSON: past insights, of posts and of the last period as a whole.

What a figure is stands in the language of whoever asks for the archive: English and French are known. The
same label means other things in other files ("Followers" is how many there are, and a share of the reach), so
that each file has its own. A period has no year ("May 29 - Aug 26"): it is counted back from the export, so
that the export's day must be known. Figures that are rounded (63.3K) are kept aside; changes since the period
before are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.files import Export
from cmlib.importers.known.meta_download import INSTAGRAM_ZIP
from cmlib.importers.known.records import (
    POST,
    Record,
    dicts,
    is_listed,
    meant,
    number_in,
    numbered,
    pictured,
    within,
    words,
)
from cmlib.importers.layout import Format, Part, column, header, listed, normalised, part, rows, set_aside
from cmlib.importers.values import NONSENSE, Setting, count, percentage, territory, yearless_day
from cmlib.schema import COUNTS

_POSTS = (
    *POST,
    column("reach", "Accounts reached", "Comptes touchés"),
    column("impressions", "Impressions"),
    column("views", "Instagram Plays"),
    column("reactions", "Likes", "J'aime", "Instagram Likes"),
    column("comments", "Comments", "Commentaires", "Instagram Comments"),
    column("shares", "Shares", "Partages", "Instagram Shares"),
    column("saves", "Saves", "Enregistrements", "Instagram Saves"),
    column("follows", "Follows", "Followers en plus"),
    column("link_clicks", "External link taps", "Website taps"),
)
_ROOTS = {
    "organic_insights_posts": "",
    "organic_insights_reels": "short_video",
    "organic_insights_stories": "story",
}

_PERIOD = ("Date Range", "Période")
_TOTALS: dict[str, dict[str, tuple[str, ...]]] = {  # root → figure → its labels there
    "organic_insights_audience": {
        "follows": ("Follows", "Followers en plus"),
        "unfollows": ("Unfollows", "Followers en moins"),
        "net_follows": ("Overall followers", "Total des followers"),  # not how many there are
    },
    "organic_insights_reach": {
        "reach": ("Accounts reached", "Comptes touchés"),
        "impressions": ("Impressions",),
        "visits": ("Profile visits", "Visites du profil"),
        "link_clicks": ("External link taps", "Appuis sur les liens externes"),
    },
    "organic_insights_interactions": {
        "interactions": ("Content interactions", "Interactions avec le contenu"),
    },
}
_LISTS = {
    "country": ("Follower Percentage by Country", "Pourcentage de followers en fonction du pays"),
    "city": ("Follower Percentage by City", "Pourcentage de followers en fonction de la ville"),
    "age": (
        "Follower Percentage by Age for All Genders",
        "Pourcentage de followers en fonction de l'âge pour tous les genres",
    ),
}
_GENDERS = {
    "women": (
        "Total Follower Percentage for Women",
        "Pourcentage du total des followers femmes",
        "Pourcentage du total des de followers femmes",  # as Meta writes it
    ),
    "men": ("Total Follower Percentage for Men", "Pourcentage du total des followers hommes"),
}
_ROUNDED = r"[\d.,]+\s?[KMBkmb]"
_SHARE = re.compile(r"([^:]{1,80}): ?([\d.,]{1,6}) ?%(?:, |$)")


def _are_posts(export: Export, wanted: Format) -> bool:
    return is_listed(export, *_ROOTS)


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """A row for each post, its labels as columns."""
    for root, kind in _ROOTS.items():
        records = numbered(_post(entry, kind) for entry in dicts(within(export.document, root)))
        sheet = listed([dict.fromkeys(("post_id", "published_at", "kind", "text")) | one for one in records])
        found = header(sheet, _POSTS)
        if not records or not found:
            continue
        if not any(name in COUNTS for name in found.cells):
            raise _unknown_labels(export, sheet.rows[0][4:])
        yield part("posts", rows(sheet, found, _POSTS, setting))


def _post(entry: Record, kind: str) -> Record:
    shown = next(iter(dicts(list(_mapped(entry, "media_map_data").values()))), {})
    labels = _mapped(entry, "string_map_data")
    minted = [within(one, "timestamp") for one in labels.values() if not words(within(one, "value"))]
    moving = pictured([words(shown.get("uri"))]) == "video"  # a picture may be the first of several
    return {
        "post_id": number_in(shown.get("uri")) or None,
        "published_at": next(filter(None, minted), None) or shown.get("creation_timestamp"),
        "kind": kind or ("video" if moving else None),
        "text": meant(shown.get("title")) or None,
    } | {meant(label): words(within(one, "value")) for label, one in labels.items()}


def _mapped(entry: Record, key: str) -> Record:
    under = entry.get(key)
    return under if isinstance(under, dict) else {}


def _is_period(export: Export, wanted: Format) -> bool:
    return is_listed(export, *_TOTALS)


def _period(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Totals of the period, the followers on its last day, and who they are."""
    for root, figures in _TOTALS.items():
        for entry in dicts(within(export.document, root)):
            labels = _mapped(entry, "string_map_data")
            said = {normalised(meant(label)): (line, meant(within(one, "value")))
                    for line, (label, one) in enumerate(labels.items(), 1)}  # fmt: skip
            since, until = _span(said, setting)
            parts = [_exact("totals", _figures(figures, said).assign(since=since, until=until), setting)]
            if root == "organic_insights_audience":
                stock = _figures({"followers": ("Followers",)}, said).assign(date=until)
                parts += [_exact("days", stock, setting), _audience(said, setting)]
            if not any(one.lines for one in parts):
                raise _unknown_labels(export, [meant(label) for label in labels])
            yield replace(parts[0], passed=len(said) - sum(one.lines for one in parts))
            yield from parts[1:]


Said = dict[str, tuple[int, str]]  # a label as it is compared → its line, and what is said


def _found(said: Said, labels: tuple[str, ...]) -> tuple[int, str]:
    known = (said[key] for key in map(normalised, labels) if key in said)
    return next((one for one in known if one[1]), (0, ""))


def _span(said: Said, setting: Setting) -> tuple[Any, Any]:
    """The first and the last day of ``May 29 - Aug 26``, the last ones before the export."""
    begun, _, ended = _found(said, _PERIOD)[1].replace("–", "-").partition(" - ")
    until = _before(ended, setting)
    if until is NONSENSE:
        return NONSENSE, NONSENSE
    return _before(begun, replace(setting, observed=until.tz_localize(setting.zone))), until


def _before(written: str, setting: Setting) -> Any:
    found = yearless_day(pd.Series([written], dtype="str"), setting).iloc[0]
    return found if isinstance(found, pd.Timestamp) else NONSENSE


def _figures(figures: dict[str, tuple[str, ...]], said: Said) -> pd.DataFrame:
    """A row for each figure that the file gives, with its cell."""
    told = [(figure, *_found(said, labels)) for figure, labels in figures.items()]
    frame = pd.DataFrame([one for one in told if one[2]], columns=["figure", "line", "cell"])
    return frame.assign(excerpt=frame["figure"] + " | " + frame["cell"], width=None)


def _exact(table: str, given: pd.DataFrame, setting: Setting) -> Part:
    """The figures that are whole numbers; those that are rounded are kept aside."""
    cells = given["cell"].astype("str")
    rounded = cells.str.fullmatch(_ROUNDED)
    counted = given.drop(columns="cell").assign(value=count(cells, setting))
    read = part(table, counted[~rounded].dropna(subset="value"))
    aside = set_aside(given[rounded], "rounded")
    kept = pd.concat([one for one in (read.aside, aside) if len(one)]) if len(aside) else read.aside
    return replace(read, aside=kept, given=len(given))


def _audience(said: Said, setting: Setting) -> Part:
    """The shares of the followers; a list ends where Meta ends it, so that they need not add up to 1."""
    told: list[tuple[str, str, str, int]] = []
    for dimension, labels in _LISTS.items():
        line, written = _found(said, labels)
        told += [(dimension, *pair, line) for pair in _SHARE.findall(written)]
    for level, spelt in _GENDERS.items():
        line, written = _found(said, spelt)
        told += [("gender", level, written, line)] if written else []
    frame = pd.DataFrame(told, columns=["dimension", "level", "cell", "line"])
    country = frame["dimension"] == "country"
    frame["level"] = frame["level"].str.strip().where(~country, frame["level"].map(territory))
    frame["share"] = percentage(frame["cell"].astype("str"), setting)
    frame["excerpt"] = frame["level"] + " | " + frame.pop("cell")
    return part("audience", frame.assign(width=None))


def _unknown_labels(export: Export, labels: list[str]) -> CmlibError:
    return CmlibError("labels_unknown", file=export.name, labels=[one for one in labels if one][:5])


FORMATS = (
    Format(
        "instagram_insights_posts", "instagram", "posts", _POSTS, INSTAGRAM_ZIP, "%Y-%m-%d",
        recognise=_are_posts, read=_posts, sure="code", since="2022-07",
    ),
    Format(
        "instagram_insights", "instagram", "totals", (), INSTAGRAM_ZIP, "%Y-%m-%d", ("net_follows",),
        recognise=_is_period, read=_period, sure="code", since="2022",
    ),
)  # fmt: skip
