"""Instagram and Facebook, "Download your information" as JSON: the posts themselves, without any figure.

Every text is UTF-8 that was taken for Latin-1, and mended here. Posts bear no id: on Instagram the number in
the name of the first file stands for one, which is the post's own only where it has one file; else the second
in which it was published. Stories and reels have files of their own (stories.json, reels.json).
Facebook says in words what each entry is ("Ada shared a link."), in the language of whoever asks for the
archive; entries without text, file or link (a new profile picture, somebody's birthday) are passed over.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from cmlib.importers.files import Export
from cmlib.importers.known.records import (
    POST,
    Record,
    dicts,
    frame,
    is_listed,
    meant,
    number_in,
    numbered,
    opening,
    pictured,
    within,
    words,
)
from cmlib.importers.layout import Format, Part, part
from cmlib.importers.values import Setting

# The zip is called instagram-ada.tea-2026-08-24-AbCd3fGh, or facebook-…: whose it is, and of which day.
INSTAGRAM_ZIP = r"instagram-(?P<account>[\w.]{1,64})-(?P<observed>\d{4}-\d{2}-\d{2})-"
_FACEBOOK_ZIP = r"facebook-(?P<account>[\w.]{1,64})-(?P<observed>\d{4}-\d{2}-\d{2})-"
_OTHERS = {"data", "attachments", "string_map_data"}  # lists of Meta's that hold no posts of Instagram
_ROOTS = {"ig_reels_media": "short_video", "ig_stories": "story"}


def posts_of(document: object) -> Iterator[tuple[Record, list[Record], str]]:
    """Which posts are there? Each with its files, and its kind where the file's root tells it."""
    for post in dicts(document):
        yield post, dicts(post.get("media")), ""
    for root, kind in _ROOTS.items():
        for post in dicts(within(document, root)):
            yield post, dicts(post.get("media")) or [post], kind


def told(post: Record, media: list[Record], kind: str = "") -> Record:
    """What does Meta say of a post? The caption stands at the post, or at its first file."""
    opener = media[0] if media else {}
    uris = [words(one.get("uri")) for one in media if words(one.get("uri"))]
    return {
        "post_id": number_in(opener.get("uri")) or None,
        "published_at": post.get("creation_timestamp") or opener.get("creation_timestamp"),
        "kind": kind or pictured(uris),
        "text": meant(post.get("title")) or meant(opener.get("title")) or None,
    }


def _is_instagram(export: Export, wanted: Format) -> bool:
    """A list of posts with their files, or reels, or stories."""
    posts = opening(export.document)
    ours = any("uri" in one for post in posts for one in dicts(post.get("media")))
    return (ours and not any(_OTHERS & {*post} for post in posts)) or is_listed(export, *_ROOTS)


def _instagram(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    records = numbered(told(*post) for post in posts_of(export.document))
    yield part("posts", frame(records, POST, setting))


def _is_facebook(export: Export, wanted: Format) -> bool:
    """A list of entries with a second, and text or attachments."""
    timed = [entry for entry in opening(export.document) if "timestamp" in entry]
    return any(isinstance(entry.get(key), list) for entry in timed for key in ("data", "attachments"))


def _facebook(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    entries = [_entry(entry) for entry in dicts(export.document)]
    said = {line: entry for line, entry in enumerate(entries, 1) if entry}
    read = part("posts", frame(numbered(said.values()), POST, setting, [*said]))
    yield replace(read, passed=len(entries) - len(said))


def _entry(entry: Record) -> Record | None:
    """A post of Facebook; None where it says nothing."""
    texts = [meant(one.get("post")) for one in dicts(entry.get("data"))]
    held = list(chain.from_iterable(dicts(one.get("data")) for one in dicts(entry.get("attachments"))))
    files = [words(within(one, "media", "uri")) for one in held]
    links = [words(within(one, "external_context", "url")) for one in held]
    kind = pictured([uri for uri in files if uri])
    if kind == "text" and not any(texts) and not any(links):
        return None
    return {
        "published_at": entry.get("timestamp"),
        "kind": "link" if kind == "text" and any(links) else kind,
        "text": next(filter(None, texts), None),
    }


FORMATS = (
    Format(
        "instagram_download", "instagram", "posts", POST, INSTAGRAM_ZIP, "%Y-%m-%d",
        recognise=_is_instagram, read=_instagram, sure="seen", since="2023-05",
    ),
    Format(
        "facebook_download", "facebook", "posts", POST, _FACEBOOK_ZIP, "%Y-%m-%d",
        recognise=_is_facebook, read=_facebook, sure="code", since="2021",
    ),
)  # fmt: skip
