"""Which words do posts say? Counted once, for topics and for operations, in English and French."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer
from snowballstemmer import stemmer
from stop_words import get_stop_words

from cmlib.landscape import WHO, Landscape

RARE = 4  # a word of fewer posts tells nothing
SHORT = 3  # letters of a word, at least
SIGNATURE = 0.35  # a word in more of an account's posts is how it signs, not what it talks about
_NOT_SAID = r"https?://\S+|www\.\S+|[@＠][\w.]+|&\w+;"  # addresses, people, what HTML left
_APART = r"[^\w#]+|_+|(?<!\s)#"  # French elisions fall apart too: l'atelier is atelier
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
    texts = plain(subject.posts["text"])
    counter = CountVectorizer(analyzer=str.split, binary=True, min_df=RARE, dtype=np.int32)
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no word is said often enough
        return Wording(sparse.csr_matrix((len(texts), 0), dtype=np.int32), np.array([], dtype=object))
    return _forms_together(counts, counter.get_feature_names_out())


def plain(texts: pd.Series) -> list[str]:
    """The words of each text, small and apart by spaces; bold letters of Unicode as plain ones."""
    found = texts.fillna("").astype("str").str.normalize("NFKC").str.lower()
    for pattern in (_NOT_SAID, _APART):
        found = found.str.replace(pattern, " ", regex=True)
    listed: list[str] = found.tolist()
    return listed


def _forms_together(counts: sparse.csr_matrix, forms: NDArray[np.object_]) -> Wording:
    """One column for all forms of a word; the form that most posts write names it."""
    stop = _stop_words()
    bare = [form.lstrip("#") for form in forms]
    kept = [
        i for i, word in enumerate(bare) if len(word) >= SHORT and word not in stop and not word.isdigit()
    ]
    stems = [_stem(bare[i]) for i in kept]
    often = np.asarray(counts.sum(axis=0)).ravel()[kept]
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
    code, _ = pd.factorize(pd.MultiIndex.from_frame(subject.posts[WHO]))
    of = sparse.csr_matrix((np.ones(len(code)), (code, range(len(code)))), shape=(code.max() + 1, len(code)))
    per_account = np.asarray(of.sum(axis=1)).ravel()
    shares = (of @ counts).toarray() / per_account[:, None]
    found: NDArray[np.bool_] = (shares > SIGNATURE).any(axis=0)
    return found
