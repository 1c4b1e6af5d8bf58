"""What was said in a chat → messages: which are the brand's own, and which are written to it.

Shared by all that read chats: they find out what their file says, and this decides what it means.
"""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from cmlib.errors import CmlibError
from cmlib.importers.layout import Part, nothing, optional, part
from cmlib.importers.values import Setting

NAMES = 8  # of those who write, that a refusal shows


def told(frame: pd.DataFrame, setting: Setting, present: Iterable[str] = ()) -> Part:
    """Who wrote to the brand, and when did it answer? Raw rows → the part of ``messages``.

    ``frame`` has a row for each message, as ``rows()`` gives it or made by hand, with the columns

    - ``thread_id``: the chat; the same in every export of it (the network's id, else its name)
    - ``author``: who wrote, as the file says (hashed afterwards); None where it does not say
    - ``sent_at``: UTC instant, None or NONSENSE
    - ``place``: direct (two people), group, or comments
    - ``text``: None where there is none

    and where there are such: ``message_id`` (the network's id; unique within the file), ``reply_to``,
    ``post_id``, ``account``, ``_shown`` (the name that people see, where ``author`` is an id: who asks to be
    forgotten says that one), ``line``, ``excerpt``. Other columns that begin with _ are dropped. Where the
    network gives no id, one is made of thread, instant, author, text and a number among equals, so that the
    order of rows does not matter.

    ``present``: all who are in the chats, where the file lists them, whether they wrote or not.

    In a direct chat the brand is one of the two. Raises CmlibError (no_voice), with the names, where neither
    of them is: one of its accounts, or of ``[messages] voices`` of brand.toml. One in which only the other
    wrote was never answered: it is believed where the brand is ``present``, speaks elsewhere in the file, or
    has said its voices. A group may be without the brand; where no voices are said at all, a
    note says so.
    """
    said = frame.reset_index(drop=True)
    if said.empty:
        return Part("messages", nothing("messages"))
    names = _names(said)
    own = {name: setting.brand.speaks(name) for name in {*names["author"], *names["shown"]}}
    speaks = names["author"].map(own).astype(bool) | names["shown"].map(own).astype(bool)
    _refuse_strangers(said, names["shown"], speaks, setting, present)
    kept = said.drop(columns=[c for c in said if str(c).startswith("_")]).assign(incoming=~speaks)
    if "_shown" in said:
        kept["shown"] = names["shown"].where(names["shown"].ne(names["author"]) & names["shown"].ne(""), None)
    for aid, value in {"line": list(range(1, len(said) + 1)), "excerpt": "", "width": None}.items():
        if aid not in kept:
            kept[aid] = value
    kept["message_id"] = _identified(kept)
    alone = not speaks.any() and not setting.brand.messages.voices
    return replace(part("messages", kept), notes=("no_voice",) if alone else ())


def _names(said: pd.DataFrame) -> pd.DataFrame:
    """Who wrote each message, by id and as shown; "" where the file does not say."""
    author = said["author"].map(lambda v: v if isinstance(v, str) else "").astype("object")
    shown = said.get("_shown", author)
    return pd.DataFrame({"author": author, "shown": shown.where(shown.map(bool) & shown.notna(), author)})


def _refuse_strangers(
    said: pd.DataFrame, names: pd.Series, speaks: pd.Series, setting: Setting, present: Iterable[str]
) -> None:
    if any(map(setting.brand.speaks, present)):
        return
    direct = pd.DataFrame({"thread": said["thread_id"], "name": names, "own": speaks})
    direct = direct[(said["place"] == "direct") & (names != "")]
    without = direct[~direct.groupby("thread", dropna=False)["own"].transform("any").astype(bool)]
    writers = without.groupby("thread", dropna=False)["name"].transform("nunique")
    known = bool(direct["own"].any() or setting.brand.messages.voices)
    strangers = without[writers > 1] if known else without
    if len(strangers):  # whoever is in most of the chats comes first: that is the brand
        threads = strangers.drop_duplicates(["thread", "name"])["name"].value_counts()
        shown = sorted(threads.index, key=lambda name: (-threads[name], name))[:NAMES]
        raise CmlibError("no_voice", file=setting.file, names=shown, brand=setting.brand.slug)


def _identified(said: pd.DataFrame) -> pd.Series:
    """The network's id of each message, else one made of all that is known of it."""
    given = optional(said, "message_id")
    known = zip(*(said[name].tolist() for name in ("thread_id", "sent_at", "author", "text")), strict=True)
    made = pd.Series(["\0".join(map(_plain, one)) for one in known], said.index, dtype="object")
    number = zip(made, made.groupby(made).cumcount(), strict=True)
    whole = pd.Series([f"{one}\0{nth}" for one, nth in number], said.index, dtype="object")
    return given.astype("object").where(given.notna(), whole)


def _plain(value: object) -> str:
    return str(value) if isinstance(value, str | pd.Timestamp) else ""
