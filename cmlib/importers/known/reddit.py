"""Reddit: posts.csv and comments.csv of a data request, without any figure.

A post that was removed or deleted is passed over. Comments are what the account wrote below posts: outgoing
messages; what others wrote is not in the file, so that no answer can be told from it. The address from which
each was written (ip) is not read, nor are private messages and chats. The files called …_headers.csv repeat
these without their texts.
"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from cmlib.importers.files import Export
from cmlib.importers.layout import Format, Part, column, frames, part
from cmlib.importers.values import Setting, Texts, Values, identifier, instant, text

_ZIP = r"export_(?P<account>[\w-]{1,64})_(?P<observed>\d{8})(?=[./])"
_DATE = instant("%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S")
_GONE = ("[removed]", "[deleted]", "[deleted by user]")
_KINDS = {  # what a post's address shows; a text's is its own
    "text": r"^$|reddit\.com/r/[^/]+/comments/|^/r/",
    "carousel": r"reddit\.com/gallery/",
    "video": r"//v\.redd\.it/",
    "image": r"//i\.redd\.it/|\.(jpe?g|png|gif|webp)$",
}


def _address(texts: Texts, setting: Setting) -> Values:
    """A whole address, of one that may lack its beginning: ``/r/tea/comments/…``."""
    return text(texts.mask(texts.str.startswith("/"), "https://www.reddit.com" + texts), setting)


def _kind(texts: Texts, _: Setting) -> Values:
    kinds = pd.Series("link", texts.index, dtype="object")
    for kind, address in reversed(_KINDS.items()):
        kinds = kinds.mask(texts.str.contains(address.replace("(", "(?:")), kind)
    return kinds


_POSTS = (
    column("post_id", "id", parse=identifier, must=True),
    column("url", "permalink", parse=_address, must=True),
    column("published_at", "date", parse=_DATE, must=True),
    column("_subreddit", "subreddit", parse=text, must=True),
    column("_title", "title", parse=text, must=True),
    column("kind", "url", parse=_kind, must=True),
    column("_body", "body", parse=text, must=True),
)
_COMMENTS = (
    column("message_id", "id", parse=identifier, must=True),
    column("sent_at", "date", parse=_DATE, must=True),
    column("_subreddit", "subreddit", parse=text, must=True),
    column("thread_id", "link", parse=text, must=True),
    column("reply_to", "parent", parse=text, must=True),
    column("text", "body", parse=text, must=True),
)


def _posts(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    for frame in frames(export, wanted.columns, setting.in_utc):
        gone = frame["_title"].isin(_GONE) | frame["_body"].isin(_GONE)
        left = frame[~gone]
        pairs = zip(left["_title"], left["_body"], strict=True)
        said = pd.Series(["\n\n".join(filter(None, pair)) for pair in pairs], left.index, dtype="str")
        shown = {"text": text(said, setting), "excerpt": left["_title"].fillna("").astype("str").str[:200]}
        yield replace(part("posts", left.assign(**shown)), passed=int(gone.sum()))


def _comments(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    for frame in frames(export, wanted.columns, setting.in_utc):
        gone = frame["text"].isin(_GONE)
        said = frame[~gone].assign(incoming=False, place="comments")
        yield replace(part("messages", said), passed=int(gone.sum()))


FORMATS = (
    Format(
        "reddit_posts", "reddit", "posts", _POSTS, _ZIP, "%Y%m%d", read=_posts, sure="code", since="2023-01"
    ),
    Format(
        "reddit_comments", "reddit", "messages", _COMMENTS, _ZIP, "%Y%m%d",
        read=_comments, sure="code", since="2023-01",
    ),
)  # fmt: skip
