"""Meta Content Library: posts of public pages and accounts, for researchers who were admitted to it.

The columns are those that five public projects read from its CSV (2024 to 2026). No file of it is public, and
the words of ``content_type`` are not sure: a word that is not known here leaves the kind empty.

- ``creation_time`` is UTC. Views are how often a post was on a screen; those that lack are missing, not 0.
- A post's number is the library's own, and its address leads into the library. The same post in an export of
  Facebook or Instagram has another number, and would count twice: import one of the two.
- The library gives no followers with posts.
"""

from collections.abc import Iterator

from cmlib.importers.files import Export
from cmlib.importers.known.tools import KINDS, filled, kinds, named
from cmlib.importers.layout import Format, Part, column, having, part, recognised
from cmlib.importers.values import Setting, Texts, Values, identifier, text, zoned_instant

_INSTANT = zoned_instant("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")


def _created(texts: Texts, setting: Setting) -> Values:
    """Instants, in UTC whether they say so or not."""
    return _INSTANT(texts, setting.in_utc)


_KINDS = kinds(**{f"{word}s": kind for word, kind in KINDS.items()}, statuses="text")
_POST = (
    column("post_id", "id", parse=identifier, must=True),
    column("published_at", "creation_time", parse=_created, must=True),
    column("kind", "content_type", parse=_KINDS),
    column("text", "text", parse=text),
    column("url", "mcl_url", parse=text),
    column("_name", "post_owner.name", parse=text, must=True),
    column("_user", "post_owner.username", parse=text),
    column("comments", "statistics.comment_count", must=True),
    column("views", "statistics.views", must=True),
)
_FACEBOOK = (
    *_POST,
    column("reactions", "statistics.reaction_count", must=True),
    column("shares", "statistics.share_count", must=True),
)
_INSTAGRAM = (*_POST, column("reactions", "statistics.like_count", must=True))


def _is_instagram(export: Export, wanted: Format) -> bool:
    """Facebook's columns hold all of Instagram's, and more."""
    return recognised(export, wanted) and not any(having(export, _FACEBOOK))


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    """Posts of whoever wrote them, on their own page or in a group."""
    for sheet, found in having(export, wanted.columns):
        frame = filled(sheet, found, wanted.columns, setting)
        users = [frame["_user"]] if "_user" in frame else []
        frame["account"] = named(*users, frame["_name"])
        yield part("posts", frame)


FORMATS = (
    Format("meta_library_facebook", "facebook", "posts", _FACEBOOK, read=_read, sure="code", since="2024"),
    Format(
        "meta_library_instagram", "instagram", "posts", _INSTAGRAM, recognise=_is_instagram, read=_read,
        sure="code", since="2024",
    ),
)  # fmt: skip
