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

from cmlib.landscape import WHO, Landscape

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
    code, forms = pd.factorize(np.array(list(chain.from_iterable(texts)), dtype=object))
    row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    every = sparse.csr_matrix((np.ones(len(code), np.int32), (row, code)), shape=(len(texts), len(forms)))
    every.data[:] = 1  # said twice in a post is said
    often = np.flatnonzero(np.bincount(every.indices, minlength=len(forms)) >= RARE)
    often = often[np.argsort(forms[often])]  # whatever the order in which they were said
    return _forms_together(every[:, often], forms[often])


def plain(texts: pd.Series) -> list[str]:
    """The words of each text, small and apart by spaces; bold letters of Unicode as plain ones."""
    found = texts.fillna("").astype("str").str.normalize("NFKC").str.lower()
    found = found.str.replace(_NOT_SAID, " ", regex=True).str.replace("#", " #", regex=False)
    found = found.str.replace(_APART, " ", regex=True)
    listed: list[str] = found.tolist()
    return listed


def _forms_together(counts: sparse.csr_matrix, forms: NDArray[np.object_]) -> Wording:
    """One column for all forms of a word; the form that most posts write names it."""
    stop = _stop_words()
    bare = [form.lstrip("#") for form in forms]
    kept = [
        i for i, word in enumerate(bare) if len(word) >= SHORT and word not in stop and not word.isdigit()
    ]
    often = np.asarray(counts.sum(axis=0)).ravel()[kept]
    known = often >= (np.sort(often)[-COMMON] if len(often) > COMMON else 0)
    stems = [_stem(bare[i]) if common else bare[i] for i, common in zip(kept, known, strict=True)]
    code, roots = pd.factorize(np.array(stems, dtype=object))
    best = pd.DataFrame({"code": code, "often": often, "form": forms[kept]}).sort_values(
        ["often", "form"], ascending=[False, True]
    )
    named = best.drop_duplicates("code").set_index("code")["form"].reindex(range(len(roots)))
    into = sparse.csr_matrix((np.ones(len(code)), (range(len(code)), code)), shape=(len(code), len(roots)))
    together = (counts[:, kept] @ into).tocsr()
    together.data[:] = 1
    return Wording(together, named.to_numpy(dtype=object))


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
