"""How long is a text, as each network counts it?"""

import re
import unicodedata
from collections.abc import Iterator

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]»’]", re.IGNORECASE)
HASHTAG = re.compile(r"(?<![\w&/])[#＃]\w*[^\W\d_]\w*")
LINK = 23  # characters that a link counts on X and Mastodon, however long it is
SINGLE = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))  # X: code points that count 1
JOINER, KEYCAP = "\u200d", "\u20e3"
_FLAGS, _TONES, _TAGS = (0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F)
_JAMO = ((0x1100, 0x115F), (0x1160, 0x11A7), (0x11A8, 0x11FF))  # of a syllable: beginning, middle, end


def length(text: str, network: str) -> int:
    """The characters of a text: weighted on X, as people see them on Bluesky and Mastodon, else plain.

    >>> length("Café ☕ https://example.org/a/long/address", "x")
    31
    """
    text = unicodedata.normalize("NFC", text)
    if network == "x":
        return sum(map(_weight, graphemes(URL.sub("", text)))) + LINK * len(URL.findall(text))
    if network == "mastodon":
        return len(list(graphemes(URL.sub("", text)))) + LINK * len(URL.findall(text))
    return len(list(graphemes(text))) if network == "bluesky" else len(text)


def hashtags(text: str) -> int:
    """How many hashtags are in a text?"""
    return len(HASHTAG.findall(text))


def graphemes(text: str) -> Iterator[str]:
    """What people see as one character each: a letter with its accents, a flag, a family of emoji."""
    cluster = ""
    for char in text:
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _continues(cluster: str, char: str) -> bool:
    last, code = cluster[-1], ord(char)
    if char.isascii() and char != "\n":
        return False
    if last == "\r" or char in "\r\n":
        return last == "\r" and char == "\n"
    if unicodedata.category(char) in ("Mn", "Me", "Mc") or char == JOINER or _in(code, _TONES, _TAGS):
        return last != "\n"
    if last == JOINER:
        return code >= 0x2190  # what is joined is an emoji
    if _in(code, _FLAGS):
        return all(_in(ord(one), _FLAGS) for one in cluster) and len(cluster) % 2 == 1
    kinds = [next((n for n, span in enumerate(_JAMO) if _in(ord(one), span)), None) for one in (last, char)]
    return None not in kinds and kinds in ([0, 0], [0, 1], [1, 1], [1, 2], [2, 2])


def _weight(cluster: str) -> int:
    """On X, whatever is an emoji counts 2; of other characters those of most alphabets 1, others 2."""
    joined = any(ord(one) >= 0x2190 and one != "\ufe0f" for one in cluster) or KEYCAP in cluster
    if len(cluster) > 1 and joined and not any(unicodedata.category(one)[0] == "L" for one in cluster):
        return 2
    return sum(1 if _in(ord(one), *SINGLE) else 2 for one in cluster)


def _in(code: int, *spans: tuple[int, int]) -> bool:
    return any(first <= code <= last for first, last in spans)
