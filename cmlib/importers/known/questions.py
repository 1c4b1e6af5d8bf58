"""Which question of a survey is NPS, which is CSAT? Found by its words and by what was answered to it.

NPS asks how likely somebody is to recommend, from 0 to 10; CSAT how satisfied, from 1 to 5 or in words. What
is found is a proposal: a person confirms it once, and brand.toml remembers it under ``[surveys]``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

import pandas as pd

from cmlib.importers.values import NONSENSE, NOTHING

SCALES = {"nps": (0, 10), "csat": (1, 5)}
FEW = 5  # answers, below which it is not held against an NPS that all of them are from 1 to 5
VARIED = 200  # different answers, above which a question has no scale
LONGEST = 100  # characters of an answer that may be a score
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
    return " ".join(plain.split()).rstrip("* ")


def compared(question: str) -> str:
    """A question as it is compared: neither capitals nor accents matter, nor how an apostrophe is set."""
    plain = asked(question).replace("’", "'")
    if plain.isascii():
        return plain.casefold()
    plain = unicodedata.normalize("NFKD", plain)
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
        if not self._fits("csat") or not stated <= {5}:
            return ""
        worded = any(not said.isdecimal() for said in self.shown("csat"))
        return "csat" if worded or _SATISFIED.search(words) else ""

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
        read = self._read[kind]
        return pd.Series([read[answer] for answer in self.answers], dtype="object")

    def values(self, kind: str) -> list[int]:
        """The scores alone."""
        return [score for score in self.scores(kind).tolist() if isinstance(score, int)]

    def shown(self, kind: str) -> list[str]:
        """The scores as they were answered, and nothing else that was typed: ``9``, ``Satisfied (4)``."""
        read, known = self._read[kind], _WORDS[0].keys() | _WORDS[1].keys()
        said = {
            answer: f"{answer} ({score})" if _plain(answer) in known else str(score)
            for answer, score in read.items() if isinstance(score, int)
        }  # fmt: skip
        return [said[answer] for answer in self.answers if answer in said]

    def counts(self, kind: str) -> dict[int, int]:
        """How many answers has each score that was given? From the lowest."""
        return dict(sorted(Counter(self.values(kind)).items()))

    @cached_property
    def _times(self) -> Counter[str]:
        return Counter(self.answers)

    @cached_property
    def _read(self) -> dict[str, dict[str, object]]:
        """Each kind's score of each answer that was given."""
        plain = {answer: _plain(answer) for answer in self._times}
        words = {"nps": {}, "csat": _scale(set(plain.values()))}
        return {
            kind: {answer: _score(cell, kind, words[kind]) for answer, cell in plain.items()}
            for kind in SCALES
        }

    def _fits(self, kind: str) -> bool:
        """Is it on that scale? A number beyond it says no; a few other words say nothing."""
        if len(self._times) > VARIED:
            return False
        given = {answer: score for answer, score in self._read[kind].items() if score is not None}
        stray = [answer for answer, score in given.items() if score is NONSENSE]
        beyond = any(_NUMBER.fullmatch(_plain(answer)) for answer in stray)
        times = sum(self._times[answer] for answer in given)
        return times > 0 and not beyond and sum(self._times[answer] for answer in stray) <= STRAY * times


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
    if len(answer) > LONGEST or answer.isdecimal():
        return answer
    plain = _GENDERS.sub(r"\1", re.sub(r",\s+", " ", compared(answer)))
    return re.sub(r"^[^\w-]+|[^\w)]+$", "", plain)


def _score(cell: str, kind: str, words: Mapping[str, int]) -> object:
    if cell in NOTHING or cell in _UNSAID:
        return None
    found = _NUMBER.fullmatch(cell)
    score = words.get(cell) if found is None else int(found[1] or found[2])
    low, high = SCALES[kind]
    return score if score is not None and low <= score <= high else NONSENSE


def _scale(given: set[str]) -> Mapping[str, int]:
    """The words' scores: of the first scale that has all of them, each at its own step; else of the first."""
    each = [given & words.keys() for words in _WORDS]
    for words, labels in zip(_WORDS, each, strict=True):
        if len({words[label] for label in labels}) == len(labels) == max(map(len, each)):
            return words
    return _WORDS[0]
