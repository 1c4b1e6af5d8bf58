"""Which question of a survey is NPS, which is CSAT? Found by its words and by what was answered to it.

NPS asks how likely somebody is to recommend, from 0 to 10; CSAT how satisfied, from 1 to 5 or in words. What
is found is a proposal: a person confirms it once, and brand.toml remembers it under ``[surveys]``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape

import pandas as pd

from cmlib.importers.values import NONSENSE, nonsense, parsed

SCALES = {"nps": (0, 10), "csat": (1, 5)}
FEW = 5  # answers, below which it is not held against an NPS that all of them are from 1 to 5
STRAY = 0.2  # the part of answers that may be other words, where people could type what they want

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_RECOMMEND = re.compile(r"\brecomm[ae]nd|\bconseill|\brefer\b")
_LIKELY = re.compile(r"\blikely\b|\blikelihood\b|\bprobab")
_SATISFIED = re.compile(
    r"satisf|\bhappy\b|\bpleased\b|\bcontente?s? d|\brat(?:e|ing)\b|\bnot(?:e|ez|er|eriez|ation)\b|\bevalu"
    r"|\bexperience|\bqualit|\boverall\b|\bglobal|\bstars?\b|\betoiles?\b|\bapprecie"
)
_STATED = re.compile(r"\b[01]\b\D{1,60}?\b(\d{1,2})\b|(?:/|\bsur|\bout of) ?([4-7]|10|20)\b")
_ABOUT = re.compile(  # what a free answer to a score is asked with
    r"\bwhy\b|\breasons?\b|\bcomments?\b|\bfeedback\b|\bimprov|\bsuggest|\btell us\b|\bexplain"
    r"|\banything else|\bpourquoi\b|\braisons?\b|\bcommentaire|\bamelior|\bremarque|\bpreciser|\bexpli"
    r"|\bdites-nous\b|\bavis\b"
)
_NUMBER = re.compile(r"(\d{1,2})(?:[.,]0+)?(?: (?:stars?|etoiles?)| ?[-–—:=(]\D*)?|\D*[-–—:=(] ?(\d{1,2})\)?")
_GENDERS = re.compile(r"(satisfait)(?:[(·./-]?e\)?)?(?:[(·./-]?s\)?)?")  # satisfait(e), satisfait·e·s
_UNSAID = (
    "don't know", "dont know", "no opinion", "not applicable", "je ne sais pas", "ne sais pas", "nsp",
    "ne se prononce pas", "non concerne", "sans opinion",
)  # fmt: skip

# The words of satisfaction, from 5 to 1: two steps on each side; and on one side alone, as in SurveyMonkey.
_LABELS: tuple[tuple[str, ...], ...] = (
    (
        "very satisfied|extremely satisfied|completely satisfied|tres satisfait|tout a fait satisfait"
        "|extremement satisfait",
        "satisfied|somewhat satisfied|fairly satisfied|mostly satisfied|satisfait|plutot satisfait"
        "|assez satisfait",
        "neutral|neither|neither satisfied nor dissatisfied|neither satisfied or dissatisfied"
        "|neither satisfied nor unsatisfied|neutre|ni satisfait ni insatisfait|ni satisfait ni mecontent"
        "|ni l'un ni l'autre|moyennement satisfait",
        "dissatisfied|unsatisfied|somewhat dissatisfied|fairly dissatisfied|mostly dissatisfied|insatisfait"
        "|plutot insatisfait|peu satisfait|plutot pas satisfait|pas vraiment satisfait",
        "very dissatisfied|very unsatisfied|extremely dissatisfied|completely dissatisfied"
        "|not at all satisfied|tres insatisfait|pas du tout satisfait|extremement insatisfait"
        "|tout a fait insatisfait|pas satisfait",
    ),
    (
        "extremely satisfied|extremement satisfait",
        "very satisfied|tres satisfait",
        "somewhat satisfied|moderately satisfied|assez satisfait|moyennement satisfait|plutot satisfait",
        "not so satisfied|slightly satisfied|pas tellement satisfait|pas si satisfait|peu satisfait"
        "|legerement satisfait",
        "not at all satisfied|pas du tout satisfait",
    ),
)
_WORDS = tuple(
    {label: 5 - step for step, labels in enumerate(scale) for label in labels.split("|")} for scale in _LABELS
)


def asked(question: str) -> str:
    """A question as a person reads it: without HTML, odd spaces and the star of one that must be answered."""
    plain = unescape(_MARKUP.sub("", question)).replace("\ufeff", "").replace("\u00ad", "")
    return re.sub(r"\s*\*+$", "", " ".join(plain.split()))


@lru_cache(maxsize=100_000)  # the same few answers stand in thousands of rows
def compared(question: str) -> str:
    """A question as it is compared: neither capitals nor accents matter, nor how an apostrophe is set."""
    plain = unicodedata.normalize("NFKD", asked(question).replace("’", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


@dataclass(frozen=True)
class Question:
    """A question of a survey, and what each respondent answered to it, "" where nothing."""

    text: str
    answers: tuple[str, ...]

    @cached_property
    def kind(self) -> str:
        """What does it seem to be: nps, csat, or "" for neither?"""
        words = compared(self.text)
        stated = {int(one or other) for one, other in _STATED.findall(words)}
        if (_RECOMMEND.search(words) or _LIKELY.search(words)) and self._fits("nps") and stated <= {10}:
            low = all(value in range(1, 6) for value in self.values("nps"))
            return "" if low and len(self.values("nps")) >= FEW and not stated else "nps"
        worded = any(value not in map(str, range(1, 6)) for value in self.shown("csat"))
        if (worded or _SATISFIED.search(words)) and self._fits("csat") and stated <= {5}:
            return "csat"
        return ""

    @property
    def kinds(self) -> list[str]:
        """What could it be, by what was answered to it?"""
        return [kind for kind in SCALES if self._fits(kind)]

    @property
    def recommends(self) -> bool:
        """Does it say in so many words that somebody recommends?"""
        return bool(_RECOMMEND.search(compared(self.text)))

    @property
    def explains(self) -> bool:
        """Does it ask for a free answer?"""
        return bool(_ABOUT.search(compared(self.text))) and not self.kinds

    def scores(self, kind: str) -> pd.Series:
        """What was answered, as scores: None where nothing, NONSENSE where it is none of its scale."""
        return self._scores[kind]

    @cached_property
    def _scores(self) -> dict[str, pd.Series]:
        return {kind: self._scored(kind) for kind in SCALES}

    def _scored(self, kind: str) -> pd.Series:
        plain = {answer: _plain(answer) for answer in set(self.answers)}
        texts = pd.Series([plain[answer] for answer in self.answers], dtype="str")
        words = _scale(texts) if kind == "csat" else {}
        low, high = SCALES[kind]

        def one(cell: str) -> object:
            found = _NUMBER.fullmatch(cell)
            score = words.get(cell) if found is None else int(found[1] or found[2])
            return score if score is not None and low <= score <= high else NONSENSE

        return parsed(one, texts.mask(texts.isin(_UNSAID), ""))

    def values(self, kind: str) -> list[int]:
        """The scores alone."""
        return [score for score in self.scores(kind).tolist() if isinstance(score, int)]

    def shown(self, kind: str) -> list[str]:
        """The scores as they were answered, and nothing else that was typed: ``9``, ``Satisfied (4)``."""
        pairs = zip(self.answers, self.scores(kind).tolist(), strict=True)
        known = _WORDS[0].keys() | _WORDS[1].keys()
        return [
            f"{answer} ({score})" if _plain(answer) in known else str(score)
            for answer, score in pairs if isinstance(score, int)
        ]  # fmt: skip

    def counts(self, kind: str) -> dict[int, int]:
        """How many answers has each score that was given? From the lowest."""
        return dict(sorted(Counter(self.values(kind)).items()))

    def _fits(self, kind: str) -> bool:
        """Is it on that scale? A number beyond it says no; a few other words say nothing."""
        scores = self.scores(kind)
        stray = nonsense(scores)
        beyond = any(_NUMBER.fullmatch(_plain(self.answers[nth])) for nth in stray[stray].index)
        given = int(scores.notna().sum())
        return given > 0 and not beyond and int(stray.sum()) <= STRAY * given


def found(questions: Iterable[Question]) -> dict[str, str]:
    """Which questions seem to be NPS or CSAT? Their texts, and what each seems to be.

    Where one asks who would recommend, another that asks how likely something else is, is none.
    """
    likely = [question for question in questions if question.kind]
    surely = any(question.kind == "nps" and question.recommends for question in likely)
    return {
        question.text: question.kind
        for question in likely
        if question.kind == "csat" or question.recommends or not surely
    }


def known(said: Mapping[str, str]) -> dict[str, str]:
    """What a brand says of questions, each as it is compared."""
    return {compared(question): kind for question, kind in said.items()}


def _plain(answer: str) -> str:
    """An answer as it is compared: whatever the gender of who answers, and without a smiley."""
    plain = _GENDERS.sub(r"\1", re.sub(r",\s+", " ", compared(answer)))
    return re.sub(r"^[^\w-]+|[^\w)]+$", "", plain)


def _scale(texts: "pd.Series[str]") -> Mapping[str, int]:
    """The words' scores: of the first scale that has all of them, each at its own step; else of the first."""
    given = [set(texts) & words.keys() for words in _WORDS]
    for words, labels in zip(_WORDS, given, strict=True):
        if len({words[label] for label in labels}) == len(labels) == max(map(len, given)):
            return words
    return _WORDS[0]
