"""Feelings: said where they show, unsure elsewhere, always the same, and never by the network."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmlib import brand as brands
from cmlib import importers, schema, sentiment

FELT = {  # a comment → its language, and how who wrote it feels
    "Great service, thank you so much!": ("en", "positive"),
    "So disappointed, it arrived broken": ("en", "negative"),
    "When do you open on Sunday?": ("en", "neutral"),
    "The parcel is on the table": ("en", "unsure"),
    "The parcel is beautiful, but it arrived broken": ("en", "unsure"),
    "J’adore cette collection, bravo à toute l’équipe !": ("fr", "positive"),
    "j'adore cette collection bravo a toute l'equipe": ("fr", "positive"),
    "Très déçue, colis arrivé cassé": ("fr", "negative"),
    "Le bol est magnifique mais le colis est arrivé cassé": ("fr", "unsure"),
    "À quelle heure fermez-vous le samedi ?": ("fr", "neutral"),
    "Danke schön, die Schale ist wunderschön": ("other", "unsure"),
    "¿Cuánto cuesta el plato azul?": ("other", "unsure"),
    "😍😍": (None, "positive"),
    "ok": (None, "unsure"),
    "": (None, "unsure"),
    "12:30": (None, "unsure"),
}


@pytest.mark.parametrize(("text", "told"), FELT.items(), ids=list(FELT))
def test_a_comment_is_told_where_it_can_be(text: str, told: tuple[str | None, str]) -> None:
    (found,) = sentiment.feelings([text]).to_dict("records")
    assert (found["language"], found["feeling"]) == told


def test_what_turns_a_feeling_turns_it_in_french_too() -> None:
    good, turned = (
        sentiment._score("fr", said)["compound"] for said in ("je suis fière", "je ne suis pas fière")
    )
    assert turned < 0 < good
    weak, strong = (sentiment._score("fr", said)["compound"] for said in ("joli", "vraiment très joli"))
    assert strong > weak


def test_names_and_links_have_no_feeling() -> None:
    with_names = sentiment.feelings(["@happylove https://example.org/horrible the parcel is on the table"])
    assert with_names["feeling"].tolist() == ["unsure"]


def test_the_order_and_the_company_of_texts_do_not_matter() -> None:
    texts = list(FELT)
    alone = pd.concat([sentiment.feelings([text]) for text in texts], ignore_index=True)
    pd.testing.assert_frame_equal(sentiment.feelings(texts), alone)
    pd.testing.assert_frame_equal(sentiment.feelings(texts[::-1])[::-1].reset_index(drop=True), alone)
    assert sentiment.feelings([]).columns.tolist() == ["language", "feeling"]


@given(st.lists(st.text(st.characters(), max_size=40), max_size=3))
def test_any_text_is_told_one_of_these(texts: list[str]) -> None:
    found = sentiment.feelings(texts)
    assert set(found["feeling"]) <= set(schema.FEELINGS)
    assert set(found["language"].dropna()) <= {*sentiment.LANGUAGES, sentiment.OTHER}


@pytest.mark.parametrize("text", ["x" * 10**7, "love " * 10**6, "\ud800 \u202e \x00", "😍" * 10**6])
def test_no_text_is_too_long_or_too_odd(text: str) -> None:
    begun = time.process_time()
    assert set(sentiment.feelings([text])["feeling"]) <= set(schema.FEELINGS)
    assert time.process_time() - begun < 5


def test_ten_thousand_messages_take_seconds() -> None:
    sentiment.feelings(["bonjour à tous", "hello everybody"])  # the models are read once
    begun = time.process_time()
    sentiment.feelings(f"Bonjour, commande {n} arrivée, merci, elle est magnifique" for n in range(10_000))
    assert time.process_time() - begun < 10


def test_no_host_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a network was asked")

    for cached in (sentiment._identifier, sentiment._analyzers, sentiment._emoji):
        cached.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refused)
    assert sentiment.feelings(["Quelle merveille, bravo à tous"])["feeling"].tolist() == ["positive"]


def test_models_are_read_when_they_are_asked_only() -> None:
    code = "import sys, cmlib.importers; print({'py3langid', 'vaderSentiment'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_import_tells_how_who_writes_in_feels_and_drops_the_words(home: Path) -> None:
    brands.new("tea", timezone="Europe/Paris")
    lines = [
        "table,network,account,message_id,thread_id,sent_at,incoming,place,text",
        "messages,instagram,us,1,a,2026-03-02T10:00,true,comments,J’adore cette collection bravo à toutes",
        "messages,instagram,us,2,a,2026-03-02T11:00,false,comments,Merci beaucoup c’est adorable bravo",
        "messages,instagram,us,3,b,2026-03-02T12:00,true,comments,",
    ]
    path = home / "messages_2026-03-03.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (file,) = importers.walk(path)
    reading = importers.read(importers.open_export(file), brands.load("tea"))
    found = reading.tables["messages"]
    assert found["feeling"].astype("object").where(found["feeling"].notna(), None).tolist() == [
        "positive", None, None,
    ]  # fmt: skip
    assert found["language"].astype("object").where(found["language"].notna(), None).tolist() == [
        "fr", None, None,
    ]  # fmt: skip
    assert found["text"].isna().all()
