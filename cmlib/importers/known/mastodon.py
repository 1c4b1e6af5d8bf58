"""Mastodon: outbox.json of an account's archive, which is an ActivityStreams collection.

Public and unlisted posts only; what was said to followers or to somebody is never read. Boosts of others and
answers to others are passed over, answers to oneself are posts of a thread. Older archives have no figures.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from cmlib.importers.files import Export
from cmlib.importers.known.records import Record, dicts, frame, within, words
from cmlib.importers.layout import Column, Format, Part, column, part
from cmlib.importers.values import Setting, identifier, instant, text

_COLUMNS: tuple[Column, ...] = (
    column("post_id", "post_id", parse=identifier),
    column("published_at", "published_at", parse=instant("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z")),
    column("kind", "kind", parse=text),
    column("text", "text", parse=text),
    column("url", "url", parse=text),
    column("account", "account", parse=text),
    column("reactions", "reactions"),
    column("shares", "shares"),
)
_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
_USER = re.compile(r"https?://([\w.-]+)/(?:@|users/)(\w+)")


def _is_outbox(export: Export, wanted: Format) -> bool:
    """A collection of activities."""
    of = within(export.document, "type") == "OrderedCollection"
    return of and isinstance(within(export.document, "orderedItems"), list)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    activities = dicts(within(export.document, "orderedItems"))
    kept = [line for line, one in enumerate(activities, 1) if _is_post(one)]
    told = frame((_post(activities[line - 1], setting) for line in kept), _COLUMNS, setting, kept)
    yield replace(part("posts", told), passed=len(activities) - len(kept))


def _is_post(activity: Record) -> bool:
    """Is it the account's own, and for everybody?"""
    meant = [one for key in ("to", "cc") for one in _several(activity.get(key))]
    answers = words(within(activity, "object", "inReplyTo"))
    own = not answers or answers.startswith(words(activity.get("actor")) + "/")
    return activity.get("type") == "Create" and own and any(one in _PUBLIC for one in meant)


def _several(said: object) -> list[object]:
    return said if isinstance(said, list) else [said]


def _post(activity: Record, setting: Setting) -> Record:
    said = activity.get("object")
    address = words(within(said, "id"))
    url = words(within(said, "url"))
    told = [plain(words(within(said, key))) for key in ("summary", "content")]
    return {
        "post_id": address.rsplit("/", 1)[-1] or None,
        "published_at": within(said, "published") or activity.get("published"),
        "kind": _kind(said),
        "text": "\n\n".join(filter(None, told)) or None,
        "url": url or address or None,
        "account": _account(url, words(activity.get("actor")), setting),
        "reactions": within(said, "likes", "totalItems"),
        "shares": within(said, "shares", "totalItems"),
    }


def _account(url: str, actor: str, setting: Setting) -> str | None:
    """``ada@example.social``, or ``ada`` where brand.toml calls it so."""
    found = _USER.match(url) or _USER.match(actor)
    if not found:
        return None
    host, user = found.groups()
    return user if setting.brand.account("mastodon", user) else f"{user}@{host}"


def _kind(said: object) -> str:
    if within(said, "type") == "Question":
        return "poll"
    media = [words(one.get("mediaType")) for one in dicts(within(said, "attachment"))]
    if any(one.startswith("video/") for one in media):
        return "video"
    images = sum(one.startswith("image/") for one in media)
    return "text" if not images else "image" if images == 1 else "carousel"


def plain(marked: str) -> str:
    """What does a post say, without its marks? Paragraphs and lines stay."""
    lined = re.sub(r"</p>\s*<p[^>]*>", "\n\n", re.sub(r"<br[^>]*>", "\n", marked))
    return html.unescape(re.sub(r"<[^>]*>", "", lined)).strip()


FORMATS = (
    Format(
        "mastodon_outbox", "mastodon", "posts", _COLUMNS,
        recognise=_is_outbox, read=_read, sure="seen", since="2022-07",
    ),
)  # fmt: skip
