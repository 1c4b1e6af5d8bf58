"""How does somebody who writes to the brand feel? In French and English, on this machine, where it shows.

Words are looked up and weighed by VADER (Hutto & Gilbert 2014, the package vaderSentiment): English ones in
its own lexicon, French ones in that of vaderSentiment-fr (``lexicon/french.tsv``), where the words around
them that turn, stress or weaken a feeling are said in English: ``pas`` → ``not``. Languages are told apart by
py3langid. None of it learns, draws lots or asks a network: the same words always give the same feeling.

Most is left unsure, so that what is said is right more often: what is short of SURE, what is mixed (a word
such as "but", or a weaker side of more than half the stronger), what is in neither language. How much is
called positive or negative, and how often that is what people say (2026-11-26, ``bench/feelings.py``):

    English, 4,200 tweets, the mean of 20 people (Hutto & Gilbert 2014)    54 %, right 90 % (2,050 of 2,270)
    English, 3,708 sentences of Amazon's reviews, 20 people, the same      24 %, right 85 % (768 of 906)
    French, 48 short reviews of Amazon.fr, their stars (CLiPS pattern)     27 %, right 10 of 13

SURE and the rules for what is mixed were chosen while looking at these same sets, and VADER and the two
English ones have the same authors: expect less elsewhere. The French texts are those under 530 characters
in four stretches of a file of 1,500, copied by hand; so few that the figure can be 50 to 92 %. Of 2,800
French tweets of the press, ours and the code of vaderSentiment-fr are both sure of 613, and say the same of
each; that code, asked whether 870 French tweets (UMSAB, measured on 2026-11-22) are positive or negative,
decides 78 %, and is right on 71 % of these.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files as resources
from typing import Any

import pandas as pd

LANGUAGES = ("fr", "en")
OTHER = "other"
SURE = 0.5  # of VADER's score, −1 to 1, from which on a feeling is said
MIXED = 0.5  # of the stronger side: a weaker one of more than that
KNOWN = 0.8  # the least chance of a language
LONGEST = 1_000  # characters that are read
# Asked for all 139 languages, words of two or three are taken for the rarest: so those that people are likely
# to write in. zxx is none at all.
_AMONG = ["fr", "en", "de", "es", "it", "pt", "nl", "pl", "ro", "tr", "ar", "ru", "zh", "ja", "zxx"]
_NOISE = re.compile(r"https?://\S+|[@#](?=\w)|(?<=@)\w+")
_CONTRAST = re.compile(r"\b(?:but|however|although|though|mais|pourtant|cependant|toutefois|dommage)\b", re.I)
_SAID = {
    **dict.fromkeys(("pas", "jamais", "rien", "aucun", "aucune", "sans", "ni", "nullement", "guere"), "not"),
    **dict.fromkeys(
        ("tres", "trop", "vraiment", "tellement", "si", "extremement", "absolument", "totalement",
         "beaucoup", "vachement", "enormement", "completement", "carrement", "incroyablement"), "very",
    ),
    **dict.fromkeys(("peu", "assez", "plutot", "presque", "legerement"), "slightly"),
}  # fmt: skip


def feelings(texts: Iterable[str]) -> pd.DataFrame:
    """In which language is each of these, and how does who wrote it feel? Columns language and feeling.

    ``language``: fr, en, other; null where it cannot be told. ``feeling``: of schema.FEELINGS; neutral is a
    question without a word of feeling, unsure all else that is neither positive nor negative.
    """
    found = {text: _feeling_of(text) for text in dict.fromkeys(texts)}
    return pd.DataFrame([found[text] for text in texts], columns=["language", "feeling"], dtype="object")


def _feeling_of(text: str) -> tuple[str | None, str]:
    said = text[:LONGEST].encode("utf-8", "ignore").decode()
    said = " ".join(_NOISE.sub(" ", said).split())
    language = _language(said)
    if language == OTHER:
        return language, "unsure"
    scores = [_score(one, said) for one in LANGUAGES if language in (one, None)]
    shown = [score for score in scores if score["pos"] or score["neg"]] or scores[:1]
    feelings = {
        _feeling(score, said) for score in shown
    }  # of a few words, in both languages: they must agree
    return language, feelings.pop() if len(feelings) == 1 else "unsure"


def _language(said: str) -> str | None:
    found, chance = _identifier().classify(said)
    if chance < KNOWN or found == "zxx":
        return None
    return str(found) if found in LANGUAGES else OTHER


def _score(language: str, said: str) -> dict[str, float]:
    analyzer = _analyzers()[language]
    scores: dict[str, float] = analyzer.polarity_scores(_in_english(said) if language == "fr" else said)
    return scores


def _feeling(score: dict[str, float], said: str) -> str:
    weaker, stronger = sorted((score["pos"], score["neg"]))
    if not stronger:
        return "neutral" if "?" in said else "unsure"
    if abs(score["compound"]) < SURE or weaker > MIXED * stronger or _CONTRAST.search(said):
        return "unsure"
    return "positive" if score["compound"] > 0 else "negative"


def _in_english(said: str) -> str:
    """French words without accents, as the lexicon is asked; those around them as VADER knows them."""
    plain = _plain(re.sub("['’]", " ", said))
    spaced = "".join(f" {letter} " if letter in _emoji() else letter for letter in plain)
    return re.sub(r"\w+", lambda word: _SAID.get(word[0].lower(), word[0]), spaced)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def _identifier() -> Any:  # 1 s
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_AMONG)
    return identifier


@cache
def _analyzers() -> dict[str, Any]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    english, french = SentimentIntensityAnalyzer(), SentimentIntensityAnalyzer()
    french.lexicon, french.emojis = _french() | _emoji(), {}
    return {"en": english, "fr": french}


def _french() -> dict[str, float]:
    lines = (resources("cmlib") / "lexicon" / "french.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return {_plain(word): float(feels) for word, feels in pairs}


@cache
def _emoji() -> dict[str, float]:
    """How does each emoji feel? As the strongest of the English words that VADER describes it with."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    english = SentimentIntensityAnalyzer()
    found = {}
    for sign, words in english.emojis.items():
        feels = [english.lexicon[word] for word in words.split() if word in english.lexicon]
        if feels:
            found[sign] = max(feels, key=abs)
    return found
