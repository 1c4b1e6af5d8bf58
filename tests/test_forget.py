"""The right to be forgotten: nothing of it is left in any byte of the lake, and it does not come back."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cmlib import brand as brands
from cmlib import forgotten, importers, private, schema, start, store
from cmlib.brand import Brand
from cmlib.importers.layout import Part
from cmlib.importers.pseudonyms import pseudonymised

LEA, OMAR = "Léa Vasseur", "Omar Belkacem"
SECRET, ASKED = "ma commande est arrivée fêlée", "vous livrez aussi en Suisse"
HEAD = ["message_id", "thread_id", "reply_to", "author", "sent_at", "incoming", "place", "text"]
ROWS = [  # as an importer gives them, before names become marks
    ("1", "Léa Vasseur", None, LEA, "2026-03-02 09:00", True, "direct", f"Bonjour, {SECRET}"),
    (
        "2",
        "Léa Vasseur",
        None,
        "Maison Thé",
        "2026-03-02 10:00",
        False,
        "direct",
        "Désolés, nous la remplaçons",
    ),
    ("3", "post 7", None, LEA, "2026-03-05 09:00", True, "comments", f"{SECRET} encore"),
    ("4", "post 7", "3", "Maison Thé", "2026-03-05 12:00", False, "comments", "Écrivez-nous en privé"),
    ("5", "post 7", "3", OMAR, "2026-03-06 12:00", True, "comments", f"Moi aussi, {LEA} !"),
    ("6", "omar", None, OMAR, "2026-03-07 09:00", True, "direct", ASKED),
    ("7", "omar", None, "Maison Thé", "2026-03-07 09:30", False, "direct", "Oui, bien sûr"),
]
LATER = [
    (
        "8",
        "Léa Vasseur",
        None,
        "Maison Thé",
        "2026-04-01 09:00",
        False,
        "direct",
        "Avez-vous bien reçu la théière ?",
    )
]


@pytest.fixture
def tea(home: Path) -> Brand:
    brands.new("tea", "Maison Thé", timezone="Europe/Paris")
    return brands.load("tea")


def keeping(tea: Brand) -> Brand:
    path = brands.folder(tea.slug) / "brand.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n[messages]\nkeep_texts = true\n", encoding="utf-8")
    return brands.load(tea.slug)


def chat(tea: Brand, seed: str = "a", rows: list[tuple[object, ...]] = ROWS) -> importers.Reading:
    """An export of messages, under marks, as every import has them."""
    frame = pd.DataFrame(rows, columns=HEAD).assign(
        network="messenger", account="Maison Thé", line=1, excerpt="…"
    )
    frame["sent_at"] = pd.to_datetime(frame["sent_at"]).dt.tz_localize("UTC")
    nothing = pd.DataFrame({"line": [9], "reason": ["future"], "excerpt": [f"{LEA}: {SECRET}"]})
    part = pseudonymised(Part("messages", frame, nothing), tea)
    digest, seen = (seed * 64)[:64], pd.Timestamp("2026-05-01", tz="UTC")
    common = {"brand": tea.slug, "observed_at": seen, "source": digest}
    table = schema.check("messages", part.rows.drop(columns=["line", "excerpt"]).assign(**common))
    return importers.Reading(
        name=f"chat {digest[:8]}", digest=digest, format="made_up", network="messenger", account="Maison Thé",
        observed_at=seen, tables={"messages": table}, aside=part.aside,
    )  # fmt: skip


def answered(tea: Brand, seed: str, *days: str) -> importers.Reading:
    digest, seen = (seed * 64)[:64], pd.Timestamp("2026-05-01", tz="UTC")
    rows = [
        {"answered_on": pd.Timestamp(day), "question": "nps", "score": 9.0, "text": f"le {day}"}
        for day in days
    ]
    common = {
        "brand": tea.slug,
        "network": "web",
        "account": "tea.example",
        "observed_at": seen,
        "source": digest,
    }
    return importers.Reading(
        name="answers.csv", digest=digest, format="made_up", network="web", account="tea.example",
        observed_at=seen, tables={"answers": schema.check("answers", pd.DataFrame(rows).assign(**common))},
        aside=pd.DataFrame({"line": [], "reason": [], "excerpt": []}),
    )  # fmt: skip


def every_byte() -> str:
    """All that is written under data/lake: names, bytes as they are, and what Parquet has packed."""
    said = []
    for path in (brands.home() / "data" / "lake").rglob("*"):
        said.append(str(path))
        if path.is_file():
            said.append(path.read_bytes().decode("utf-8", "ignore"))
            said.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            file = pq.ParquetFile(path)
            said += [str(file.metadata), str(file.schema_arrow), str(file.schema_arrow.metadata)]
            said += [str(file.metadata.row_group(n).column(c)) for n in range(file.num_row_groups)
                     for c in range(file.metadata.num_columns)]  # fmt: skip
            said.append(str(file.read().to_pylist()))
    return "\n".join(said).casefold()


def held(tea: Brand) -> list[str]:
    """The messages that the lake holds, by their numbers."""
    marks = {private.hashed(number, tea.slug): number for number in "123456789"}
    return sorted(marks[one] for one in store.load(tea)["messages"]["message_id"])


def test_without_keep_texts_no_word_and_no_name_is_anywhere(tea: Brand) -> None:
    store.add("tea", chat(tea))
    said = every_byte()
    assert private.hashed(LEA, "tea") in said  # so it would be found
    for word in ("Vasseur", "Belkacem", "fêlée", "Suisse", "remplaçons", "post 7"):
        assert word.casefold() not in said
    assert set(store.aside("tea")["excerpt"]) == {""}


def test_texts_are_kept_where_a_brand_says_so(tea: Brand) -> None:
    store.add("tea", chat(keeping(tea)))
    assert "fêlée" in every_byte() and private.hashed(OMAR, "tea") in every_byte()


@pytest.mark.parametrize("called", [LEA, "  @léa vasseur ", "LÉA VASSEUR"])
def test_nothing_of_who_is_forgotten_is_left(tea: Brand, called: str) -> None:
    tea = keeping(tea)
    store.add("tea", chat(tea))
    store.add("tea", chat(tea, "b", LATER))
    found = store.erase("tea", called)
    assert found == {"a" * 64: 4, "b" * 64: 1}
    assert held(tea) == ["5", "6", "7"]
    said = every_byte()
    for word in (
        "Vasseur",
        private.hashed(LEA, "tea"),
        private.hashed("3", "tea"),
        "fêlée",
        "remplaçons",
        "théière",
    ):
        assert word.casefold() not in said
    assert "suisse" in said  # who is not forgotten stays
    others = store.load(tea)["messages"].set_index("message_id")
    assert pd.isna(others.loc[private.hashed("5", "tea"), "text"])  # it says the name


def test_who_is_forgotten_does_not_come_back(tea: Brand) -> None:
    tea = keeping(tea)
    store.add("tea", chat(tea))
    store.erase("tea", LEA)
    more = [("9", "post 8", None, LEA, "2026-04-02 09:00", True, "comments", f"toujours {SECRET}")]
    store.add("tea", chat(tea, "b", [*LATER, *more, *ROWS]))
    assert held(tea) == ["5", "6", "7"]
    said = every_byte()
    assert private.hashed(LEA, "tea") not in said and "fêlée" not in said and "théière" not in said
    sources = store.sources("tea").set_index("source")["rows"]
    assert sources.to_dict() == {"a" * 64: 3, "b" * 64: 3}


def test_a_conversation_is_forgotten_whichever_export_tells_of_it_first(tea: Brand) -> None:
    """Somebody is forgotten before anything of them is there; an answer to them comes in by itself."""
    assert store.erase("tea", LEA) == {}
    store.add("tea", chat(tea))
    store.add("tea", chat(tea, "b", LATER))
    assert held(tea) == ["5", "6", "7"]
    assert private.hashed(LEA, "tea") not in every_byte()


def test_one_who_writes_for_the_brand_takes_no_conversation_along(tea: Brand) -> None:
    rows = [(*row[:3], "Inès", *row[4:]) if row[0] == "7" else row for row in ROWS]
    store.add("tea", chat(tea, rows=rows))
    store.erase("tea", "inès")
    assert held(tea) == ["1", "2", "3", "4", "5", "6"]


def test_what_is_older_than_a_day_goes_and_stays_out(tea: Brand) -> None:
    store.add("tea", chat(tea))
    store.add("tea", answered(tea, "c", "2026-03-04", "2026-03-05", "2026-03-06"))
    store.erase("tea", before=date(2026, 3, 6))
    assert held(tea) == ["5", "6", "7"]
    assert store.load(tea)["answers"]["answered_on"].tolist() == [pd.Timestamp("2026-03-06")]
    store.erase("tea", before=date(2026, 3, 1))  # an earlier day brings nothing back
    store.add("tea", chat(tea, "b"))
    store.add("tea", answered(tea, "d", "2026-03-04", "2026-03-07"))
    assert held(tea) == ["5", "6", "7"]
    assert store.load(tea)["answers"]["answered_on"].max() == pd.Timestamp("2026-03-07")
    assert len(store.load(tea)["answers"]) == 2
    told = store.sources("tea").set_index(["source", "table"]).loc[("c" * 64, "answers")]
    assert (told["rows"], told["first"]) == (1, pd.Timestamp("2026-03-06"))


def test_a_day_begins_where_the_brand_is(tea: Brand) -> None:
    """23:30 of 5 March in London is 6 March in Paris."""
    store.add("tea", chat(tea, rows=[(*ROWS[5][:4], "2026-03-05 23:30", *ROWS[5][5:])]))
    store.erase("tea", before=date(2026, 3, 6))
    assert held(tea) == ["6"]
    store.erase("tea", before=date(2026, 3, 7))
    assert held(tea) == []
    assert store.sources("tea")["rows"].tolist() == [0]
    assert store.coverage(store.load(tea)).empty


def test_the_list_says_nobodys_name_nor_mark(tea: Brand, home: Path) -> None:
    store.add("tea", chat(tea))
    store.erase("tea", LEA, date(2025, 1, 1))
    written = "".join(str(path) for path in (home / "data").rglob("*") if "brands" not in path.parts)
    for word in (LEA, private.hashed(LEA, "tea")):
        assert word not in written
    known = forgotten.listed("tea")
    assert known.before == date(2025, 1, 1) and len(known.marks) == 1  # the thread is called as she is


def test_another_brand_is_not_touched(tea: Brand) -> None:
    brands.new("coffee", "Maison Thé", timezone="Europe/Paris")
    store.add("tea", chat(tea))
    store.erase("coffee", LEA)
    assert held(tea) == list("1234567")


@pytest.mark.parametrize("written", range(4))
def test_a_forgetting_that_dies_is_finished_by_the_next(
    tea: Brand, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("tea", chat(tea))
    store.add("tea", chat(tea, "b", LATER))
    left, write = [written], store._write

    def until_it_dies(path: Path, frame: pd.DataFrame) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, frame)

    monkeypatch.setattr(store, "_write", until_it_dies)
    with pytest.raises(KeyboardInterrupt):
        store.erase("tea", LEA)
    store.load(tea)  # whole at any moment
    monkeypatch.setattr(store, "_write", write)
    store.erase("tea", before=date(2020, 1, 1))
    assert held(tea) == ["5", "6", "7"]
    assert private.hashed(LEA, "tea") not in every_byte()
    assert not list((brands.home() / "data" / "lake").rglob(".*.tmp"))


def test_who_reads_meanwhile_sees_all_or_the_rest(tea: Brand) -> None:
    """A file that changes under a reader is read again."""
    store.add("tea", chat(tea))
    newest, erased = store._newest, []

    def and_then_erase(*given: object) -> pd.DataFrame:
        if not erased:
            erased.append(store.erase("tea", LEA))
            raise duckdb.IOException("as if the file had changed while it was read")
        return newest(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_newest", and_then_erase)
        assert held(tea) == ["5", "6", "7"]


def test_an_import_that_runs_meanwhile_is_cleaned(tea: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = store._entries

    def while_somebody_forgets(slug: str, reading: importers.Reading) -> pd.DataFrame:
        forgotten.add("tea", [private.hashed(LEA, "tea")])
        return entries(slug, reading)

    monkeypatch.setattr(store, "_entries", while_somebody_forgets)
    store.add("tea", chat(tea))
    assert held(tea) == ["5", "6", "7"]


def test_the_command_says_what_it_did_and_which_files_still_hold_it(tea: Brand, home: Path) -> None:
    inbox = brands.folder("tea") / "inbox"
    lines = [
        "table,network,account,message_id,thread_id,sent_at,incoming,place",
        "messages,instagram,us,1,a,2026-03-02T10:00,true,direct",
        "messages,instagram,us,2,a,2026-03-20T11:00,false,direct",
    ]
    (inbox / "messages_2026-04-01.csv").write_text("\n".join(lines), encoding="utf-8")
    list(start.intake(importers.walk(inbox), "tea"))

    def cm(*said: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "cmlib", "forget", *said, "--brand", "tea"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = cm("--before", "2026-03-10")
    assert done.returncode == 0 and "messages_2026-04-01.csv" in done.stdout.replace("\n", "")
    assert len(store.load(tea)["messages"]) == 1
    assert cm("--author", "nobody").returncode == 0
    for wrong in ((), ("messages_2026-04-01.csv", "--author", "x"), ("--before", "soon"), ("--author", " ")):
        found = cm(*wrong)
        assert found.returncode == 1 and "Traceback" not in found.stderr
