"""X: tweets.js of an account's archive (tweet.js until 2022), in parts when it is large.

Everything is text, numbers too; there are no impressions. Reposts of others and answers to others are passed
over, and so is what was deleted; answers to oneself are posts of a thread. The file does not say whose it is.
Direct messages (direct-messages.js) are another file, and never read.
"""

import html
from collections.abc import Iterator
from dataclasses import replace

from cmlib.importers.files import Export
from cmlib.importers.known.records import Record, dicts, frame, opening, within, words
from cmlib.importers.layout import Column, Format, Part, column, part
from cmlib.importers.values import Setting, identifier, instant, text

_COLUMNS: tuple[Column, ...] = (
    column("post_id", "post_id", parse=identifier),
    column("published_at", "published_at", parse=instant("%a %b %d %H:%M:%S %z %Y")),
    column("kind", "kind", parse=text),
    column("text", "text", parse=text),
    column("url", "url", parse=text),
    column("reactions", "reactions"),
    column("shares", "shares"),
)
_KINDS = {"photo": "image", "video": "video", "animated_gif": "image"}


def _is_archive(export: Export, wanted: Format) -> bool:
    """A list of tweets with their whole text, each under its own name in newer archives."""
    tweets = map(_tweet, opening(export.document))
    return any({"created_at", "id_str", "retweet_count"} <= {*tweet} for tweet in tweets)


def _tweet(entry: Record) -> Record:
    told = entry.get("tweet")
    return told if isinstance(told, dict) else entry


def _read(export: Export, wanted: Format, setting: Setting) -> Iterator[Part]:
    tweets = [_tweet(entry) for entry in dicts(export.document)]
    own = {words(one.get("id_str")) for one in tweets}
    kept = [line for line, one in enumerate(tweets, 1) if _is_own(one, own, setting)]
    told = frame((_post(tweets[line - 1]) for line in kept), _COLUMNS, setting, kept)
    yield replace(part("posts", told), passed=len(tweets) - len(kept))


def _is_own(tweet: Record, own: set[str], setting: Setting) -> bool:
    """Is it there, of the account, and said to everybody?"""
    if (
        "deleted_at" in tweet
        or "retweeted_status" in tweet
        or words(tweet.get("full_text")).startswith("RT @")
    ):
        return False
    whom = words(tweet.get("in_reply_to_screen_name"))
    answers = words(tweet.get("in_reply_to_status_id_str")) or words(tweet.get("in_reply_to_status_id"))
    return not (whom or answers) or answers in own or setting.brand.speaks(whom)


def _post(tweet: Record) -> Record:
    number = words(tweet.get("id_str"))
    media = dicts(within(tweet, "extended_entities", "media")) or dicts(within(tweet, "entities", "media"))
    links = dicts(within(tweet, "entities", "urls"))
    said = words(tweet.get("full_text")) or words(tweet.get("text"))
    for one in media:  # X writes the address of a picture behind the text
        said = said.replace(words(one.get("url")) or "\0", "")
    for one in links:
        said = said.replace(words(one.get("url")) or "\0", words(one.get("expanded_url")))
    return {
        "post_id": number or None,
        "published_at": tweet.get("created_at"),
        "kind": _kind(media, links),
        "text": html.unescape(said).strip() or None,
        "url": f"https://x.com/i/status/{number}" if number else None,
        "reactions": tweet.get("favorite_count"),
        "shares": tweet.get("retweet_count"),
    }


def _kind(media: list[Record], links: list[Record]) -> str:
    if len(media) > 1:
        return "carousel"
    shown = [_KINDS.get(words(one.get("type"))) for one in media]
    elsewhere = [one for one in links if "/status/" not in words(one.get("expanded_url"))]  # no quotes
    return next(filter(None, shown), None) or ("link" if elsewhere else "text")


FORMATS = (
    Format(
        "x_archive", "x", "posts", _COLUMNS, r"twitter-(?P<observed>\d{4}-\d{2}-\d{2})-", "%Y-%m-%d",
        recognise=_is_archive, read=_read, sure="seen", since="2023-12",
    ),
)  # fmt: skip
