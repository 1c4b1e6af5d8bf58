"""Threads, within the download of an Instagram account as JSON: threads_and_replies.json, without any figure.

Replies are passed over, where the file says that they are. As on Instagram, texts are mended, and posts
bear no id.
"""

from collections.abc import Iterator
from dataclasses import replace

from cmlib.importers.files import Export
from cmlib.importers.known.meta_download import INSTAGRAM_ZIP, told
from cmlib.importers.known.records import POST, dicts, frame, is_listed, numbered, within
from cmlib.importers.layout import Format, Part, part
from cmlib.importers.values import Setting

_ROOT = "text_post_app_text_posts"


def _is_threads(export: Export, wanted: Format) -> bool:
    return is_listed(export, _ROOT)


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    posts = [(post, dicts(post.get("media"))) for post in dicts(within(export.document, _ROOT))]
    kept = [line for line, (_, media) in enumerate(posts, 1) if not any(map(_is_reply, media))]
    records = numbered(told(*posts[line - 1]) for line in kept)
    yield replace(part("posts", frame(records, POST, setting, kept)), passed=len(posts) - len(kept))


def _is_reply(medium: object) -> bool:
    return within(medium, "text_app_post", "is_reply") is True


FORMATS = (
    Format(
        "threads_download", "threads", "posts", POST, INSTAGRAM_ZIP, "%Y-%m-%d",
        recognise=_is_threads, read=_read, sure="code", since="2025-08",
    ),
)  # fmt: skip
