"""Which words do posts say? Counted once, for topics and for operations, in English and French."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from snowballstemmer import stemmer
from stop_words import get_stop_words

from cmlib.landscape import Landscape
from cmlib.periods import WHO

COMMON = 6_000  # words whose forms are taken together; of rarer ones each stands alone
RARE = 4  # a word of fewer posts tells nothing
SHORT = 3  # letters of a word, at least
SIGNATURE = 0.35  # a word in more of an account's posts is how it signs, not what it talks about
_NOT_SAID = r"https?://\S+|www\.\S+|[@＠][\pL\pN_.]+|&\w+;"  # addresses, people, what HTML left
_APART = r"[^\pL\pN#]+"  # French elisions fall apart too: l'atelier is atelier
_USUAL = (
    "via", "amp", "fois", "faut", "peut", "voici", "voilà", "hui", "aujourd", "ans", "etc", "chez", "jusqu",
    "aujourdhui", "like", "get", "one", "two", "new", "just", "un", "deux", "trois", "nouveau", "nouvelle",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Wording:
    """``counts``: posts × words, 1 where a post says a word, in the order of the landscape's posts.

    ``words``: each as it is written most; forms of one word (tasse, tasses, #tasse) are one.
    """

    counts: sparse.csr_matrix
    words: NDArray[np.object_]


@lru_cache(maxsize=2)
def said(subject: Landscape) -> Wording:
    """Which words do the posts of a landscape say? Words of RARE posts and more, without stop words."""
    texts = [text.split() for text in plain(subject.posts["text"])]
    code, forms = pd.factorize(np.array(list(chain.from_iterable(texts)), dtype=object), sort=True)
    roots, words = _roots(forms, np.bincount(code, minlength=len(forms)))
    row, column = np.repeat(np.arange(len(texts)), [len(text) for text in texts]), roots[code]
    kept = column >= 0
    ones = np.ones(kept.sum(), np.int32)
    counts = sparse.csr_matrix((ones, (row[kept], column[kept])), shape=(len(texts), len(words)))
    counts.data[:] = 1  # said twice in a post is said
    often = np.bincount(counts.indices, minlength=len(words)) >= RARE
    return Wording(counts[:, often], words[often])


def plain(texts: pd.Series) -> list[str]:
    """The words of each text, small and apart by spaces; bold letters of Unicode as plain ones."""
    found = texts.fillna("").astype("str").str.normalize("NFKC").str.lower()
    found = found.str.replace(_NOT_SAID, " ", regex=True).str.replace("#", " #", regex=False)
    found = found.str.replace(_APART, " ", regex=True)
    listed: list[str] = found.tolist()
    return listed


def _roots(
    forms: NDArray[np.object_], often: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """The word that each form is one of, by its place, −1 for none; the words, as each is written most."""
    stop = _stop_words()
    bare = [form.lstrip("#") for form in forms]
    told = np.array([len(w) >= SHORT and w not in stop and not w.isdigit() for w in bare], dtype=np.bool_)
    common = often >= (np.sort(often)[-COMMON] if len(often) > COMMON else 0)
    stems = [_stem(word) if known else word for word, known in zip(bare, common, strict=True)]
    table = pd.DataFrame({"stem": stems, "often": often, "form": forms})[told]
    root, names = pd.factorize(table["stem"])
    most = table.assign(root=root).sort_values(["often", "form"], ascending=[False, True])
    written = most.drop_duplicates("root").set_index("root")["form"].reindex(range(len(names)))
    of = np.full(len(forms), -1, dtype=np.intp)
    of[table.index] = root
    return of, written.to_numpy(dtype=object)


@lru_cache(maxsize=1)
def _stop_words() -> frozenset[str]:
    words = {*ENGLISH_STOP_WORDS, *get_stop_words("fr"), *_USUAL}
    return frozenset(part for word in words for part in word.replace("'", " ").split())


_STEMMER = stemmer("french")


def _stem(word: str) -> str:
    """What the forms of a word share, by the French rules, which leave most English words whole."""
    letters = unicodedata.normalize("NFD", _STEMMER.stemWord(word))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def signatures(subject: Landscape) -> "NDArray[np.bool_]":
    """Which words are how an account signs: in more than SIGNATURE of its posts?"""
    counts = said(subject).counts
    if not counts.shape[1]:
        return np.zeros(0, dtype=np.bool_)
    code, _ = pd.factorize(pd.MultiIndex.from_frame(subject.posts[WHO]))
    of = sparse.csr_matrix((np.ones(len(code)), (code, range(len(code)))), shape=(code.max() + 1, len(code)))
    per_account = np.asarray(of.sum(axis=1)).ravel()
    shares = (of @ counts).toarray() / per_account[:, None]
    found: NDArray[np.bool_] = (shares > SIGNATURE).any(axis=0)
    return found
