"""Does what is written fit the network, and keep to the law?"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from cmlib.rules.broken import Asked, Broken, Row
from cmlib.rules.lengths import URL, hashtags, length

SHOWN = ("image", "carousel")  # kinds that blind people are told of
LINKED = ("x", "mastodon", "bluesky", "threads")  # networks on which a link is part of the text
TITLED = {  # of some networks, the kinds of post of which people see the title; elsewhere all
    "facebook": ("short_video", "video"), "linkedin": ("article", "carousel"),
}  # fmt: skip
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|webp|mp4|mov)(?:$|[?#])", re.IGNORECASE)
_CONTEST = re.compile(r"\bjeu[ -]?concours\b|\bconcours\b|\btirage au sort\b|\bgiveaway\b|\bprize draw\b")
_RULES = re.compile(r"\breglement|\bmodalites\b|\brules\b|\bterms\b|\bconditions\b|\bt&c")
_BIO = re.compile(r"\blien en bio\b|\blien dans la bio\b|\blink in (?:the )?bio\b|\blink in profile\b")
_TAGS = re.compile(
    r"\b(?:identifi\w+|mentionn\w+|tag\w*|taggu\w+|invit\w+)\b[^.!?\n]{0,40}\b(?:ami|amie|copain|copine|proche|friend)s?\b"
    r"|\b(?:partag\w+|share|repost\w*)\b[^.!?\n]{0,40}\b(?:journal|mur|profil|story|timeline|wall|profile)\b"
)
_PAID = re.compile(r"influen[ck]|ambassad|partenariat|partnership|sponsor")
_LABEL = re.compile(
    r"\bpublicite\b|\bcollaboration commerciale\b|\bpartenariat remunere\b|\bsponsorise\w*\b"
    r"|\badvertisement\b|\bpaid (?:partnership|promotion)\b|\bsponsored\b"
    r"|#(?:ad|pub|publicite|sponsorise|sponsored)\b"
)
_SALES = re.compile(r"\b(?:soldes|soldé(?:e|s|es)?)\b")


def texts(asked: Asked) -> Iterator[Broken]:
    """Is each text within what its network takes, and are its images told to those who do not see them?"""
    for row in asked.open:
        yield from _fits(row, asked.facts)
        if row["kind"] in SHOWN and not row["alt_text"].strip() and written(row) and row["network"] != "web":
            yield Broken("alt_text", row["slot_id"], {"network": row["network"]}, where="access_alt")


def written(row: Row) -> bool:
    """Is a slot more than an idea? Of one that nobody has written, nothing can be missing."""
    said = any(row[name].strip() for name in ("title", "text", "link", "alt_text"))
    return said or row["status"] in ("review", "approved", "scheduled", "published")


def _fits(row: Row, facts: Mapping[str, str]) -> Iterator[Broken]:
    network, slot = row["network"], row["slot_id"]
    titled = row["kind"] in TITLED.get(network, (row["kind"],))
    counts = {
        "caption": ("caption_max", length(_caption(row), network)),
        "hashtags": ("hashtags_max", hashtags(row["text"])),
        "alt_long": ("alt_text_max", length(row["alt_text"], "bluesky" if network == "bluesky" else "")),
        "title_long": ("title_max", len(row["title"]) if titled else 0),
    }
    for rule, (fact, n) in counts.items():
        most = facts.get(f"{network}.{fact}", "")
        if most.isdigit() and n > int(most):
            said = {"network": network, "n": n, "most": int(most)}
            yield Broken(rule, slot, said, where=f"{network}.{fact}")


def _caption(row: Row) -> str:
    """What is published as text: with its link, where that has no place of its own."""
    text, link = row["text"].strip(), row["link"].strip()
    apart = row["network"] not in LINKED or not link or link in text or _MEDIA.search(link)
    return text if apart else f"{text}\n\n{link}"


def contests(asked: Asked) -> Iterator[Broken]:
    """Does every contest lead to its rules, and ask for nothing that Facebook forbids?"""
    kinds = dict(zip(asked.moments["moment"], asked.moments["category"], strict=True))
    for row in asked.open:
        said = _plain(f"{row['title']} {row['text']}")
        named = "contest" in row["piece"] or "concours" in _plain(row["piece"])
        is_one = named or kinds.get(row["moment"]) == "contest" or _CONTEST.search(said)
        if not is_one or not written(row):
            continue
        linked = row["link"].strip() or URL.search(row["text"]) or _BIO.search(said)
        if not linked or not _RULES.search(said + " " + _plain(row["link"])):
            yield Broken("contest_rules", row["slot_id"], where="contest_rules_deposit")
        if row["network"] == "facebook" and _TAGS.search(said):
            yield Broken("contest_facebook", row["slot_id"], where="contest_facebook_tag")


def paid(asked: Asked) -> Iterator[Broken]:
    """Does what is paid for say so?"""
    for row in asked.open:
        if _PAID.search(_plain(row["piece"])) and written(row) and not _LABEL.search(_plain(row["text"])):
            yield Broken("influence_label", row["slot_id"], where="influence_label")


def sales(asked: Asked) -> Iterator[Broken]:
    """Is the word “soldes” said outside the weeks of the sales, where French law holds?"""
    who = asked.who
    if not any(place[:2] == "FR" for place in (who.country or "FR", *who.holidays)):
        return
    spans = asked.moments[asked.moments["moment"].str.startswith("soldes")]
    weeks = list(zip(spans["first"].dt.date, spans["last"].dt.date, strict=True))
    for row in asked.open:
        in_time = any(first <= row["day"] <= last for first, last in weeks)
        if not in_time and _SALES.search(f"{row['title']} {row['text']}".casefold()):
            yield Broken("word_soldes", row["slot_id"], where="word_soldes")


def repeated(asked: Asked) -> Iterator[Broken]:
    """Do two accounts on X say the same?"""
    seen: dict[str, dict[Any, Any]] = {}
    for row in (slot for slot in asked.slots if slot["network"] == "x" and slot["text"].strip()):
        said = " ".join(_plain(row["text"]).split())
        first = seen.setdefault(said, row)
        if first["account"] != row["account"] and (row["open"] or first["open"]):
            yield Broken("same_text", row["slot_id"], other=first["slot_id"], where="x_automation")


def _plain(text: str) -> str:
    """Small letters without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in bare if not unicodedata.combining(one))


def names(asked: Asked) -> Iterator[Broken]:
    """Is all that a slot names there: its account, piece and pillar; and does the network take its kind?"""
    who = asked.who
    own = {network: [one.handle for one in who.own(network)] for network in asked.rows["network"]}
    for row in asked.open:
        network, kind, slot = row["network"], row["kind"], row["slot_id"]
        if not own[network]:
            yield Broken("unknown_network", slot, {"network": network})
        elif row["account"] not in own[network]:
            said = {"account": row["account"] or "–", "network": network, "known": own[network]}
            yield Broken("unknown_account", slot, said)
        if asked.facts.get(f"{network}.status") == "closed":
            yield Broken("closed_network", slot, {"network": network}, where=f"{network}.status")
        elif kind and asked.facts.get(f"{network}.format_{kind}") == "no":
            said = {"network": network, "kind": kind}
            yield Broken("kind_not_taken", slot, said, where=f"{network}.format_{kind}")
        if row["piece"] and who.pieces and row["piece"] not in who.pieces:
            yield Broken("unknown_piece", slot, {"piece": row["piece"], "known": list(who.pieces)})
        elif not row["piece"] and who.pieces and pd.isna(row["hours"]):
            yield Broken("no_piece", slot)
        if row["pillar"] and who.pillars and row["pillar"] not in who.pillars:
            yield Broken("unknown_pillar", slot, {"pillar": row["pillar"], "known": list(who.pillars)})
