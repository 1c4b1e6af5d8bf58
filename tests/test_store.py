"""The lake: newest wins, nothing half done counts, any number at once. Run as a script, this imports."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cmlib import brand as brands
from cmlib import importers, schema, store
from cmlib.brand import Brand
from cmlib.errors import CmlibError

Rows = list[dict[str, Any]]
WHO = {"network": "instagram", "account": "us"}


def reading(
    seed: str, observed: str, tables: dict[str, Rows], name: str = "", aside: Iterable[str] = ()
) -> importers.Reading:
    """An export whose digest is ``seed``, repeated."""
    digest = (seed * 64)[:64]
    stamp = pd.Timestamp(observed, tz="UTC")
    common = WHO | {"brand": "tea", "observed_at": stamp, "source": digest}
    checked = {t: schema.check(t, pd.DataFrame([common | r for r in rows])) for t, rows in tables.items()}
    kept = pd.DataFrame({"line": range(2, 2 + len(list(aside))), "reason": list(aside), "excerpt": "…"})
    return importers.Reading(
        name=name or f"{seed}.csv", digest=digest, format="made_up", network="instagram", account="us",
        observed_at=stamp, tables=checked, aside=kept,
    )  # fmt: skip


def post(name: str, published: str = "2026-03-01 10:00", **counts: Any) -> dict[str, Any]:
    return {"post_id": name, "published_at": pd.Timestamp(published, tz="UTC"), **counts}


def days(figure: str, *dates: str) -> Rows:
    return [{"date": pd.Timestamp(d), "figure": figure, "value": 1.0} for d in dates]


def share(level: str, value: float) -> dict[str, Any]:
    return {"dimension": "country", "level": level, "share": value}


@pytest.fixture
def tea(home: Path) -> Brand:
    brands.new("tea", "Tea", timezone="Europe/Paris")
    return brands.load("tea")


def counts(tea: Brand, figure: str = "reach", **asked: Any) -> dict[str, Any]:
    posts = store.load(tea, **asked)["posts"]
    return dict(
        zip(posts["post_id"], posts[figure].astype("object").where(posts[figure].notna(), None), strict=True)
    )


# What is newest


def test_an_import_is_there_once_and_an_empty_lake_is_empty(tea: Brand) -> None:
    assert all(frame.empty for frame in store.load(tea).values())
    export = reading("a", "2026-04-01", {"posts": [post("p", reach=10)]})
    assert store.add("tea", export)
    assert not store.add("tea", export)
    assert counts(tea) == {"p": 10}
    assert store.digests("tea") == ["a" * 64]


def test_the_newest_observation_wins_key_by_key_whatever_the_digests(tea: Brand) -> None:
    store.add("tea", reading("f", "2026-04-01", {"posts": [post("p", reach=10), post("q", reach=5)]}))
    store.add("tea", reading("a", "2026-05-01", {"posts": [post("p", reach=20)]}))
    assert counts(tea) == {"p": 20, "q": 5}


def test_an_older_export_does_not_complete_a_newer_one(tea: Brand) -> None:
    store.add("tea", reading("a", "2026-04-01", {"posts": [post("p", reach=10, saves=3)]}))
    store.add("tea", reading("b", "2026-05-01", {"posts": [post("p", reach=20)]}))
    assert counts(tea, "saves") == {"p": None}


def test_exports_of_one_day_complete_each_other_column_by_column(tea: Brand) -> None:
    store.add("tea", reading("b", "2026-04-01 08:00", {"posts": [post("p", reach=20, paid=True)]}))
    store.add(
        "tea", reading("a", "2026-04-01 19:00", {"posts": [post("p", reach=10, saves=3, text="hello")]})
    )
    (row,) = store.load(tea)["posts"].to_dict("records")
    assert (row["reach"], row["saves"], row["text"], row["paid"]) == (10, 3, "hello", True)
    assert row["source"] == "b" * 64
    assert row["observed_at"] == pd.Timestamp("2026-04-01 19:00", tz="UTC")


def test_a_key_twice_in_one_export_gives_one_row_always_the_same(tea: Brand) -> None:
    store.add("tea", reading("a", "2026-04-01", {"posts": [post("p", reach=1), post("p", reach=2, saves=3)]}))
    assert counts(tea) == {"p": 2}
    assert counts(tea, "saves") == {"p": 3}


def test_days_are_merged_by_figure(tea: Brand) -> None:
    store.add("tea", reading("a", "2026-04-01", {"days": days("reach", "2026-03-01", "2026-03-02")}))
    store.add(
        "tea", reading("b", "2026-04-02", {"days": days("reach", "2026-03-02") + days("views", "2026-03-02")})
    )
    found = store.load(tea)["days"]
    assert found[["date", "figure", "source"]].astype("str").values.tolist() == [
        ["2026-03-01", "reach", "a" * 64],
        ["2026-03-02", "reach", "b" * 64],
        ["2026-03-02", "views", "b" * 64],
    ]


def test_an_audience_is_replaced_whole(tea: Brand) -> None:
    """The level that the newest export has no more is gone; of one day, the greatest digest alone counts."""
    store.add("tea", reading("c", "2026-04-01", {"audience": [share("FR", 0.6), share("BE", 0.4)]}))
    store.add("tea", reading("a", "2026-05-01", {"audience": [share("BE", 0.2), share("IT", 0.8)]}))
    store.add("tea", reading("b", "2026-05-01", {"audience": [share("FR", 0.9), share("CH", 0.1)]}))
    assert store.load(tea)["audience"]["level"].tolist() == ["FR", "CH"]
    assert store.load(tea, as_of="2026-04-30")["audience"]["level"].tolist() == ["FR", "BE"]


def test_as_of_is_the_end_of_that_day_where_the_brand_is(tea: Brand) -> None:
    """22:30 UTC on 1 April is 2 April in Paris."""
    store.add("tea", reading("a", "2026-03-01", {"posts": [post("p", reach=10)]}))
    store.add("tea", reading("b", "2026-04-01 22:30", {"posts": [post("p", reach=20)]}))
    assert counts(tea, as_of=pd.Timestamp("2026-04-01").date()) == {"p": 10}
    assert counts(tea, as_of="2026-04-01") == {"p": 10}
    assert counts(tea, as_of="2026-04-02") == {"p": 20}
    assert counts(tea, as_of="2026-04-01T22:30Z") == {"p": 20}
    assert counts(tea, as_of="2026-04-01T22:29Z") == {"p": 10}
    assert counts(tea, as_of="2026-02-01") == {}
    assert store.digests("tea", "2026-04-01") == ["a" * 64]
    for nonsense in ("yesterday?", ""):
        with pytest.raises(CmlibError, match="2026-11-02"):
            store.load(tea, as_of=nonsense)


def test_only_the_files_that_are_asked_for(tea: Brand) -> None:
    store.add("tea", reading("a", "2026-04-01", {"posts": [post("p", reach=10)]}, aside=["width"]))
    store.add("tea", reading("b", "2026-05-01", {"posts": [post("p", reach=20)]}, aside=["future"]))
    assert counts(tea, files=["a" * 64]) == {"p": 10}
    assert store.aside("tea", ["a" * 64])["reason"].tolist() == ["width"]
    with pytest.raises(CmlibError, match="c" * 64):
        store.load(tea, files=["a" * 64, "c" * 64])


def test_what_comes_back_is_typed_as_the_schema_says(tea: Brand) -> None:
    everything: dict[str, Rows] = {
        "posts": [post("p", kind="image", impressions=2**53 - 1, text="été 🍵")],
        "days": days("reach", "2026-03-01"),
        "totals": [
            {
                "since": pd.Timestamp("2026-03-01"),
                "until": pd.Timestamp("2026-03-31"),
                "figure": "posts",
                "value": 14,
            }
        ],
        "audience": [share("FR", 1)],
        "messages": [{"message_id": "m", "sent_at": pd.Timestamp("2026-03-01", tz="UTC"), "incoming": True}],
        "visits": [{"date": pd.Timestamp("2026-03-01"), "sessions": 3, "revenue": 1.5}],
        "answers": [{"answered_on": pd.Timestamp("2026-03-01"), "question": "nps", "score": 9}],
        "moments": [
            {
                "title": "Fair",
                "since": pd.Timestamp("2026-12-05"),
                "until": pd.Timestamp("2026-12-06"),
                "uid": "f",
            }
        ],
    }
    empty = store.load(tea)
    store.add("tea", reading("a", "2026-04-01", everything))
    full = store.load(tea)
    for table in schema.TABLES:
        wanted = {
            name: "datetime64[us, Europe/Paris]"
            if dtype == schema.INSTANT
            else str(pd.Series(dtype=dtype).dtype)
            for name, dtype in schema.columns(table).items()
        }
        assert full[table].dtypes.astype("str").to_dict() == wanted
        assert empty[table].dtypes.astype("str").to_dict() == wanted
        assert len(full[table]) == 1
    assert full["posts"]["impressions"].tolist() == [2**53 - 1]
    assert full["posts"]["text"].tolist() == ["été 🍵"]
    assert full["posts"]["published_at"].tolist() == [pd.Timestamp("2026-03-01 11:00", tz="Europe/Paris")]


# Laws

EXPORTS = [
    reading("a", "2026-04-01", {"posts": [post("p", reach=1, saves=1), post("q", reach=1)]}),
    reading("b", "2026-05-01", {"posts": [post("p", reach=2)], "audience": [share("FR", 1)]}),
    reading("c", "2026-05-01", {"posts": [post("p", saves=3)], "days": days("reach", "2026-03-01")}),
]


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for table in one:
        pd.testing.assert_frame_equal(one[table], other[table])


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_imports_does_not_matter_nor_does_importing_twice(
    tea: Brand, order: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for n in (*order, *order):
        store.add("tea", EXPORTS[n])
    found = store.load(tea)
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path / "other"))
    brands.new("tea", "Tea", timezone="Europe/Paris")
    for export in EXPORTS:
        store.add("tea", export)
    same(found, store.load(tea))


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_the_rule_told_in_plain_python(tea: Brand, seed: int) -> None:
    chance = random.Random(seed)
    newest: dict[str, dict[str, int | None]] = {}
    exports = []
    for n in range(12):
        day = f"2026-04-{chance.randint(1, 5):02}"
        rows = {
            f"p{k}": {f: chance.choice([None, n]) for f in ("reach", "saves")}
            for k in chance.sample(range(8), 4)
        }
        exports.append((day, f"{n:x}", rows))
    for day, digest, rows in exports:
        store.add("tea", reading(digest, day, {"posts": [post(name, **row) for name, row in rows.items()]}))
    for name in {name for *_, rows in exports for name in rows}:
        last = max(day for day, _, rows in exports if name in rows)
        newest[name] = {"reach": None, "saves": None}
        for _, _, rows in sorted((e for e in exports if e[0] == last and name in e[2]), key=lambda e: e[1]):
            newest[name] |= {figure: value for figure, value in rows[name].items() if value is not None}
    for figure in ("reach", "saves"):
        assert counts(tea, figure) == {name: row[figure] for name, row in newest.items()}


def test_forgetting_undoes_an_import(tea: Brand, home: Path) -> None:
    store.add("tea", EXPORTS[0])
    before = store.load(tea)
    store.add("tea", reading("b", "2026-06-01", {"posts": [post("q", reach=7)]}, "zip.zip/b.csv", ["width"]))
    store.add("tea", reading("c", "2026-06-01", {"posts": [post("q", reach=8)]}, "zip.zip/c.csv"))
    half = home / "data/lake/posts/brand=tea" / f".{'b' * 64}.killed.tmp"
    half.touch()
    assert store.forget("tea", "zip.zip") == ["zip.zip/b.csv", "zip.zip/c.csv"]
    same(store.load(tea), before)
    assert store.aside("tea").empty
    assert not [p for p in (home / "data/lake").rglob("*") if p.is_file() and "a" * 64 not in p.name]


@pytest.mark.parametrize("called", ["a.csv", "a" * 64, "a" * 6, "A" * 12])
def test_an_export_is_called_by_name_or_by_how_its_digest_begins(tea: Brand, called: str) -> None:
    store.add("tea", EXPORTS[0])
    assert store.forget("tea", called) == ["a.csv"]
    assert store.digests("tea") == []


def test_what_is_not_there_or_not_told_apart_is_not_forgotten(tea: Brand) -> None:
    store.add("tea", reading("ab", "2026-04-01", {"posts": [post("p")]}, "Reach.csv"))
    store.add("tea", reading("abc", "2026-04-02", {"posts": [post("p")]}, "Views.csv"))
    store.add("tea", reading("d", "2026-04-03", {"posts": [post("p")]}, "Views.csv"))
    with pytest.raises(CmlibError, match=r"Reach\.csv"):
        store.forget("tea", "Reech.csv")
    with pytest.raises(CmlibError, match="abcabcabcabc, dddddddddddd"):
        store.forget("tea", "Reach.csv", "Views.csv")
    with pytest.raises(CmlibError):
        store.forget("tea", "aba")  # too short for a digest
    assert len(store.digests("tea")) == 3
    assert store.forget("tea", "Reach.csv", "ddddddd") == ["Reach.csv", "Views.csv"]


# What the lake says of itself


def test_sources_say_what_was_imported(tea: Brand) -> None:
    """23:30 UTC on 31 March is 1 April in Paris, so this export begins on 1 April."""
    late = [post("p", "2026-03-31 23:30"), post("q", "2026-04-02 10:00")]
    tables: dict[str, Rows] = {
        "posts": late,
        "days": days("reach", "2026-03-05"),
        "audience": [share("FR", 1)],
    }
    store.add("tea", reading("a", "2026-04-03", tables, aside=["width", "nonsense:reach"]))
    found = store.sources("tea").set_index("table")
    assert found["rows"].to_dict() == {"audience": 1, "days": 1, "posts": 2}
    assert found.loc["posts", ["first", "last"]].tolist() == [
        pd.Timestamp("2026-04-01"),
        pd.Timestamp("2026-04-02"),
    ]
    assert found.loc["days", "first"] == pd.Timestamp("2026-03-05")
    assert pd.isna(found.loc["audience", "first"])
    assert set(found["aside"]) == {2}
    assert store.sources("tea", as_of="2026-04-02").empty
    kept = store.aside("tea")
    assert kept[["name", "line", "reason"]].values.tolist() == [
        ["a.csv", 2, "width"],
        ["a.csv", 3, "nonsense:reach"],
    ]


def test_an_export_of_which_every_row_was_kept_aside_is_imported_too(tea: Brand) -> None:
    assert store.add("tea", reading("a", "2026-04-03", {"posts": []}, aside=["width"]))
    assert store.sources("tea")[["name", "table", "rows", "aside"]].values.tolist() == [
        ["a.csv", "posts", 0, 1]
    ]
    assert store.load(tea)["posts"].empty
    assert len(store.aside("tea")) == 1


def test_coverage_counts_what_holds(tea: Brand) -> None:
    for export in EXPORTS:
        store.add("tea", export)
    found = store.coverage(store.load(tea))
    assert found[["table", "files", "rows"]].values.tolist() == [
        ["posts", 2, 2],
        ["days", 1, 1],
        ["audience", 1, 1],
    ]
    assert found["first"].tolist()[:2] == [pd.Timestamp("2026-03-01")] * 2
    visit = {"date": pd.Timestamp("2026-03-01"), "sessions": 1, "account": "tea.example"}
    visits = [visit | {"network": network} for network in ("instagram", "facebook")]
    store.add("tea", reading("d", "2026-05-01", {"visits": visits}))
    site = store.coverage(store.load(tea))[["network", "account", "table", "rows"]].iloc[-1]
    assert site.tolist() == ["web", "tea.example", "visits", 2]  # whence they came is no account of the brand
    assert store.coverage(store.load(tea, as_of="2020-01-01")).empty


def test_gaps_are_the_days_missing_inside_a_daily_figure(tea: Brand) -> None:
    """Reach lacks 3 and 4 March of 1 to 6; followers are noted once a week, so nothing lacks."""
    reach = days("reach", "2026-03-01", "2026-03-02", "2026-03-05", "2026-03-06")
    weekly = days("followers", "2026-03-01", "2026-03-08", "2026-03-15")
    store.add("tea", reading("a", "2026-04-01", {"days": reach + weekly}))
    (gap,) = store.gaps(store.load(tea)).to_dict("records")
    assert gap == WHO | {
        "figure": "reach",
        "first": pd.Timestamp("2026-03-03"),
        "last": pd.Timestamp("2026-03-04"),
        "days": 2,
    }
    assert store.gaps(store.load(tea, as_of="2020-01-01")).empty


# Brands and paths


def test_brands_do_not_see_each_other(home: Path) -> None:
    for slug in ("brand1", "brand10"):
        brands.new(slug)
    store.add("brand10", EXPORTS[0])
    assert store.load(brands.load("brand1"))["posts"].empty
    assert set(store.load(brands.load("brand10"))["posts"]["brand"]) == {"brand10"}
    for slug in ("../brand10", "brand*"):
        with pytest.raises(CmlibError):
            store.add(slug, EXPORTS[1])


def test_a_home_with_an_odd_name_and_any_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMLIB_HOME", str(tmp_path / "my [tea] * é?"))
    monkeypatch.chdir(tmp_path)
    brands.new("tea")
    store.add("tea", EXPORTS[0])
    assert len(store.load(brands.load("tea"))["posts"]) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["my [tea] * é?"]


# Nothing half done


def everything(tea: Brand) -> dict[str, pd.DataFrame]:
    return store.load(tea) | {"aside": store.aside(tea.slug)}


@pytest.mark.parametrize("written", range(4))
def test_an_import_that_dies_between_its_files_is_not_there(
    tea: Brand, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables: dict[str, Rows] = {"posts": [post("p", reach=9)], "days": days("reach", "2026-03-01")}
    dying = reading("e", "2026-06-01", tables, aside=["width"])
    store.add("tea", EXPORTS[0])
    before = everything(tea)
    left, write = [written], store._write

    def until_it_dies(path: Path, frame: pd.DataFrame) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, frame)

    monkeypatch.setattr(store, "_write", until_it_dies)
    with pytest.raises(KeyboardInterrupt):
        store.add("tea", dying)
    same(everything(tea), before)
    assert store.digests("tea") == ["a" * 64]
    monkeypatch.setattr(store, "_write", write)
    assert store.add("tea", dying)
    assert counts(tea) == {"p": 9, "q": 1}
    assert len(store.aside("tea")) == 1


def test_a_file_that_is_lost_or_damaged_is_told_never_passed_over(tea: Brand, home: Path) -> None:
    for export in EXPORTS:
        store.add("tea", export)
    path = home / "data/lake/posts/brand=tea" / f"{'b' * 64}.parquet"
    for harm in (lambda: path.write_bytes(b"PAR1 no"), path.unlink):
        harm()
        with pytest.raises(CmlibError, match="b" * 64):
            store.load(tea)
    store.forget("tea", "b" * 64)
    store.add("tea", EXPORTS[1])
    assert counts(tea) == {"p": 2, "q": 1}


def batch(number: int) -> importers.Reading:
    """The ``number``th of the exports that the processes below import: 100 posts and their days, 9 aside."""
    posts = [post(f"p{n}", reach=number, text="x" * 50) for n in range(100)]
    when = [str(d.date()) for d in pd.date_range("2024-01-01", periods=100)]
    tables: dict[str, Rows] = {"posts": posts, "days": days("reach", *when)}
    return reading(f"{number:04x}", f"2026-04-{number % 7 + 1:02}", tables, aside=["width"] * 9)


def importing(numbers: Iterable[int]) -> "subprocess.Popen[bytes]":
    """A process that imports these once a line is written to it."""
    command = [sys.executable, __file__, *map(str, numbers)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def go(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin and process.stdout
    assert process.stdout.readline() == b"ready\n"
    process.stdin.write(b"go\n")
    process.stdin.flush()


def ended(process: "subprocess.Popen[bytes]") -> int:
    process.communicate()
    return process.returncode


def as_imported_alone(
    numbers: Iterable[int], clean: Path, patch: pytest.MonkeyPatch
) -> dict[str, pd.DataFrame]:
    patch.setenv("CMLIB_HOME", str(clean))
    brands.new("tea", timezone="Europe/Paris")
    for number in numbers:
        store.add("tea", batch(number))
    return everything(brands.load("tea"))


def test_imports_killed_at_any_moment_leave_a_whole_lake(
    tea: Brand, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5)
    for _ in range(4):
        begun = len(store.digests("tea"))
        process = importing(range(begun, begun + 200))  # more than it will live to import
        go(process)
        until = begun + chance.randint(2, 5)
        while len(store.digests("tea")) < until:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        assert ended(process) == -signal.SIGKILL
        there = store.digests("tea")
        assert set(store.sources("tea")["rows"]) == {100}
        assert len(store.aside("tea")) == 9 * len(there)
        tables = store.load(tea, files=there[-1:])
        assert (len(tables["posts"]), len(tables["days"])) == (100, 100)
    whole = range(len(store.digests("tea")) + 2)
    for number in whole:
        store.add("tea", batch(number))
    found = everything(tea)
    same(found, as_imported_alone(whole, home / "clean", monkeypatch))


def test_four_at_once_are_as_one(tea: Brand, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared, own = range(8), [range(8 + 3 * n, 11 + 3 * n) for n in range(4)]
    running = [importing([*numbers, *shared]) for numbers in own]
    for process in running:
        go(process)
    while any(process.poll() is None for process in running):
        assert len(store.load(tea)["posts"]) in (0, 100)  # a reader in between sees whole exports
    assert [ended(process) for process in running] == [0, 0, 0, 0]
    assert len(store.digests("tea")) == 20
    found = everything(tea)
    same(found, as_imported_alone(range(20), home / "clean", monkeypatch))


def test_a_reader_is_not_hurt_by_one_who_forgets(tea: Brand) -> None:
    """What was listed may be gone when it is read: then it is read again without."""
    for export in EXPORTS:
        store.add("tea", export)
    sources, forgotten = store._sources, []

    def and_then_forget(*given: Any) -> pd.DataFrame:
        found = sources(*given)
        if not forgotten:
            forgotten.append(True)
            store.forget("tea", "b" * 64)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_sources", and_then_forget)
        assert counts(tea) == {"p": None, "q": 1}


if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    for number in map(int, sys.argv[1:]):
        store.add("tea", batch(number))
