"""What the tools are given: their formats to the letter, their rules, and nothing lost in silence."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from slots import BLACK_FRIDAY, NONE, NOW, WHO, ZONE, moments, plan, slot

from cmlib import exporters, i18n, plans
from cmlib.errors import CmlibError
from cmlib.exporters import EXPORTERS, Exported, ical, steps, told
from cmlib.exporters.target import defused, media

TEMPLATE = (
    "Text,Date,Time,Draft,Facebook,twitter/x,LinkedIn,Instagram,Pinterest,Picture Url 1,Alt text picture 1,"
    "Instagram Post Type,Pinterest Board,Pinterest Pin Title,Pinterest Pin Link,TikTok musicId"
)
SCHEDULERS = [name for name, exporter in EXPORTERS.items() if exporter.publishes]
LAW = settings(derandomize=True, deadline=None, max_examples=25)


def given_to(to: str, rows: pd.DataFrame, folder: Path, **said: object) -> Exported:
    return exporters.export(to, rows, WHO, folder, **({"now": NOW, "moments": NONE} | said))


def lines(path: Path, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=separator))


def template(folder: Path, header: str = TEMPLATE) -> Path:
    path = folder / "template.csv"
    path.write_text(header + "\nexample,2026-01-01\n", encoding="utf-8")
    return path


def broken(to: str, folder: Path, **said: object) -> set[str]:
    rows = plan(slot(**said))
    return set(given_to(to, rows, folder / "out", skip=True, template=template(folder)).left_out["rule"])


# ── The formats ─────────────────────────────────────────────────────────────────────────────────────────────


def test_hootsuite_has_three_columns_and_no_header_one_file_per_account(tmp_path: Path) -> None:
    rows = plan(
        slot(1, link="https://example.org/a"), slot(2, when="2026-12-02T09:05", text=" Salut, toi\n😀 "),
        slot(3, network="x", account="vaurenne"),
    )  # fmt: skip
    files = given_to("hootsuite", rows, tmp_path).files
    assert [path.name for path in files] == [
        "hootsuite-instagram-atelier.vaurenne.csv", "hootsuite-x-vaurenne.csv",
    ]  # fmt: skip
    assert lines(files[0]) == [
        ["12/02/2026 09:05", "Salut, toi\n😀", ""],
        ["12/03/2026 18:30", "La tasse 1.", "https://example.org/a"],
    ]


def test_hootsuite_takes_350_rows_a_file(tmp_path: Path) -> None:
    start = pd.Timestamp("2026-12-01", tz=ZONE)
    rows = plan(*(slot(n, when=(start + pd.Timedelta(minutes=5 * n)).isoformat()) for n in range(701)))
    files = given_to("hootsuite", rows, tmp_path).files
    assert [path.name[-10:] for path in files] == ["e-1of3.csv", "e-2of3.csv", "e-3of3.csv"]
    assert [len(lines(path)) for path in files] == [350, 350, 1]


def test_buffer_quotes_all_and_has_no_blank_row(tmp_path: Path) -> None:
    rows = plan(
        slot(1, link="https://example.org/a.jpg"), slot(2, text="A\n\nB", link="https://example.org/b")
    )
    data = given_to("buffer", rows, tmp_path).files[0].read_bytes()
    assert data.decode("utf-8") == (
        '\ufeff"Text","Image URL","Tags","Posting Time"\r\n'
        '"La tasse 1.","https://example.org/a.jpg","l’atelier","2026-12-03 18:30"\r\n'
        '"A\n\nB\n\nhttps://example.org/b","","l’atelier","2026-12-03 18:30"\r\n'
    )


def test_buffer_wants_the_board_of_a_pin(tmp_path: Path) -> None:
    pin = {"network": "pinterest", "account": "vaurenne"}
    found = given_to("buffer", plan(slot(1, **pin)), tmp_path)
    assert lines(found.files[0])[0][-1] == "Board Name"
    assert lines(found.files[0])[1][-1] == "l’atelier"
    assert "board" in set(found.risky["rule"])
    assert broken("buffer", tmp_path, pillar="", **pin) == {"no_board"}


@pytest.mark.parametrize(("free", "sizes"), [(False, [100, 5]), (True, [10] * 10 + [5])])
def test_buffer_takes_fewer_rows_of_those_who_do_not_pay(
    free: bool, sizes: list[int], tmp_path: Path
) -> None:
    rows = plan(*(slot(n) for n in range(105)))
    assert [len(lines(path)) - 1 for path in given_to("buffer", rows, tmp_path, free=free).files] == sizes


def test_metricool_fills_the_users_own_template_by_its_header(tmp_path: Path) -> None:
    rows = plan(
        slot(1, kind="short_video", piece="reel", link="https://example.org/v.mp4", alt_text="Un tour"),
        slot(2, network="x", account="vaurenne", kind="text"),
        slot(3, network="pinterest", account="vaurenne", link="https://example.org/p"),
    )
    files = given_to("metricool", rows, tmp_path / "out", template=template(tmp_path)).files
    header, *found = lines(files[0])
    assert ",".join(header) == TEMPLATE  # none is deleted, and the example is gone
    reel, post, pin = (dict(zip(header, row, strict=True)) for row in found)
    assert (reel["Date"], reel["Time"], reel["Instagram"], reel["twitter/x"]) == (
        "2026-12-03", "18:30:00", "TRUE", "FALSE",
    )  # fmt: skip
    assert (reel["Instagram Post Type"], reel["Picture Url 1"]) == ("REEL", "https://example.org/v.mp4")
    assert (reel["Alt text picture 1"], reel["Text"]) == ("Un tour", "La tasse 1.")
    assert (post["twitter/x"], post["Instagram Post Type"], post["TikTok musicId"]) == ("TRUE", "", "")
    assert (pin["Pinterest Pin Link"], pin["Text"]) == ("https://example.org/p", "La tasse 3.")


def test_metricool_keeps_the_templates_separator_and_mark(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("TEXT;date;Time;Instagram\r\n", encoding="utf-8-sig")
    found = given_to("metricool", plan(slot()), tmp_path / "out", template=path).files[0]
    assert found.read_bytes().startswith(b"\xef\xbb\xbfTEXT;date;Time;Instagram\r\n")
    assert lines(found, ";")[1] == ["La tasse 1.", "2026-12-03", "18:30:00", "TRUE"]


def test_metricool_without_a_template_says_where_to_find_it(tmp_path: Path) -> None:
    with pytest.raises(CmlibError, match=r"Download it in Metricool.*--template FILE"):
        given_to("metricool", plan(slot()), tmp_path)
    with pytest.raises(CmlibError, match="cannot be opened"):
        given_to("metricool", plan(slot()), tmp_path, template=tmp_path / "none.csv")
    with pytest.raises(CmlibError, match="it lacks instagram"):
        given_to("metricool", plan(slot()), tmp_path, template=template(tmp_path, "Text,Date,Time,Facebook"))
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(CmlibError, match="no template of Metricool"):
        given_to("metricool", plan(slot()), tmp_path, template=tmp_path / "t.xlsx")


def test_metricool_has_one_file_for_each_account_of_a_network_with_two(tmp_path: Path) -> None:
    rows = plan(slot(1), slot(2, account="second"))
    found = given_to("metricool", rows, tmp_path / "out", template=template(tmp_path)).files
    assert [path.name for path in found] == [
        "metricool-instagram-atelier.vaurenne.csv",
        "metricool-instagram-second.csv",
    ]


def test_agorapulse_has_each_address_in_its_place(tmp_path: Path) -> None:
    whens = ("2026-12-01T10:00", "2026-12-02T10:00", "2026-12-03T10:00")
    links = ("https://example.org/v.MP4?x=1", "https://example.org/a.png", "https://example.org/a")
    rows = plan(
        *(slot(n, when=when, link=link) for n, (when, link) in enumerate(zip(whens, links, strict=True)))
    )
    assert lines(given_to("agorapulse", rows, tmp_path).files[0]) == [
        ["post_content", "post_link", "video_url", "image_url"],
        ["La tasse 0.", "", links[0], ""],
        ["La tasse 1.", "", "", links[1]],
        ["La tasse 2.", links[2], "", ""],
    ]


def test_asana_knows_its_columns_by_their_order(tmp_path: Path) -> None:
    rows = plan(slot(1, status="idea"), slot(2, owner="Paul", title="@=1"), slot(3, task="77"))
    found = given_to("asana_csv", rows, tmp_path, skip=True)
    header, first, second = lines(found.files[0])
    assert header == ["Name", "Description", "Section", "Assignee", "Collaborators", "Start Date", "Due Date"]
    assert [first[n] for n in (0, 2, 3, 4, 5, 6)] == [
        "Tasse 1", "Idea", "ines@example.org", "", "11/26/2026", "12/03/2026",  # five working days before
    ]  # fmt: skip
    assert (second[0], second[3]) == ("'@=1", "")
    assert list(found.left_out["rule"]) == ["task"]  # it is there already, and would be twice


# ── The calendar ────────────────────────────────────────────────────────────────────────────────────────────


def events(folder: Path, rows: pd.DataFrame, **said: object) -> dict[str, object]:
    data = given_to("ical", rows, folder, **said).files[0].read_bytes()
    return {str(event["uid"]): event for event in Calendar.from_ical(data).walk("VEVENT")}


def test_a_slot_is_an_event_of_a_quarter_of_an_hour(tmp_path: Path) -> None:
    rows = plan(
        slot(1, sequence=3, link="https://example.org/a", why="cadence_min"), slot(2, status="review")
    )
    found = events(tmp_path, rows)
    event = found["s1@vaurenne.cmlib"]
    assert event.decoded("dtstart") == datetime(2026, 12, 3, 18, 30, tzinfo=ZONE)
    assert (event.decoded("duration"), event["sequence"]) == (timedelta(minutes=15), 3)
    assert event.decoded("dtstamp") == NOW.astimezone(UTC)
    assert str(event["summary"]) == "Instagram: Tasse 1"
    assert "Needed for the least number of posts a week." in str(event["description"])
    assert [str(one) for one in event["categories"].cats] == ["Instagram", "l’atelier"]
    assert str(event["url"]) == "https://example.org/a"
    assert (event["status"], found["s2@vaurenne.cmlib"]["status"]) == ("CONFIRMED", "TENTATIVE")


def test_a_moment_takes_whole_days_and_nobodys_time(tmp_path: Path) -> None:
    sales = moments(("sales", "Soldes", "2027-01-06", "2027-02-02"))
    event = events(tmp_path, plan(slot()), moments=sales)["sales-20270106@vaurenne.moments.cmlib"]
    assert event.decoded("dtstart") == date(2027, 1, 6)
    assert event.decoded("dtend") == date(2027, 2, 3)  # the day after its last
    assert event["transp"] == "TRANSPARENT"


def test_what_left_the_plan_is_cancelled_once_unless_it_is_past(tmp_path: Path) -> None:
    rows = plan(slot(1), slot(2, sequence=4), slot(3, when="2026-11-20T10:00"))
    events(tmp_path, rows)
    found = events(tmp_path, rows.iloc[:1])
    assert {uid: str(event["status"]) for uid, event in found.items()} == {
        "s1@vaurenne.cmlib": "CONFIRMED", "s2@vaurenne.cmlib": "CANCELLED",
    }  # fmt: skip
    assert found["s2@vaurenne.cmlib"]["sequence"] == 5
    again = events(tmp_path, rows.iloc[:1])
    assert again["s2@vaurenne.cmlib"]["sequence"] == 5


def test_days_that_were_not_asked_for_are_not_cancelled(tmp_path: Path) -> None:
    rows = plan(slot(1, when="2026-11-27T10:00"), slot(2))
    events(tmp_path, rows)
    assert set(events(tmp_path, rows, since=date(2026, 12, 1))) == {"s2@vaurenne.cmlib"}


def test_a_file_that_is_no_calendar_any_more_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "vaurenne.ics").write_bytes(b"\xff\xfe BEGIN:nothing")
    assert set(events(tmp_path, plan(slot()))) == {"s1@vaurenne.cmlib"}


def test_its_zone_is_described_and_its_lines_are_folded(tmp_path: Path) -> None:
    data = (
        given_to("ical", plan(slot(text="é😀" * 200)), tmp_path, moments=BLACK_FRIDAY).files[0].read_bytes()
    )
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Paris" in data
    assert b"DTSTART;TZID=Europe/Paris:20261203T183000" in data
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert data.count(b"\n") == data.count(b"\r\n")


CHANGES = ("2026-03-29T01:00Z", "2026-10-25T01:00Z", "2027-03-28T01:00Z", "2027-10-31T01:00Z")
WORDS = st.text(
    st.one_of(
        st.sampled_from("\n,;:\\\"'=+-@ é😀👩‍👩‍👧nN\u2028\t\u202f"),
        st.characters(exclude_categories=["Cs", "Cc", "Cf"]),
    ),
    max_size=120,
)
AROUND = st.builds(
    lambda change, minutes: (pd.Timestamp(change) + pd.Timedelta(minutes=minutes)).isoformat(),
    st.sampled_from(CHANGES),
    st.integers(-240, 240),
)


@LAW
@given(st.lists(st.tuples(AROUND, WORDS, WORDS, st.sampled_from(plans.STATUSES)), min_size=1, max_size=4))
def test_the_calendar_parses_back_to_the_plan(said: list[tuple[str, str, str, str]]) -> None:
    rows = plan(*(
        slot(n, when=when, text=text, title=title, status=status, sequence=n)
        for n, (when, text, title, status) in enumerate(said)
    ))  # fmt: skip
    with TemporaryDirectory() as folder:
        found = events(Path(folder), rows)
    assert len(found) == len(rows)
    for row in rows.to_dict("records"):
        event = found[ical.uid(row["slot_id"], WHO)]
        assert event.decoded("dtstart").timestamp() == row["when"].timestamp()  # whatever the clock says
        assert event["sequence"] == row["sequence"]
        assert str(event["description"]).replace("\u2060", "").startswith(row["text"].strip())
        title = " ".join(row["title"].split())
        said_title = str(event["summary"]).replace("\u2060", "")
        assert said_title == f"Instagram: {title.replace(chr(0x2060), '') or 'Image on Instagram'}"


# ── The rules ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("to", SCHEDULERS)
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("published", {"status": "published"}),
        ("scheduled", {"status": "scheduled"}),
        ("not_approved", {"status": "review"}),
        ("edited", {"approved": "v0"}),
        ("network", {"network": "web"}),
        ("kind", {"kind": "poll"}),
        ("late", {"when": "2026-11-25T08:55"}),
        ("no_text", {"text": " \n"}),
        ("bad_link", {"link": "www.example.org"}),
        ("bad_link", {"link": "https://example.org/two words"}),
        ("bad_link", {"link": "javascript:alert(1)"}),
        ("clock_twice", {"when": "2027-10-31T02:30+02:00"}),
        ("clock_twice", {"when": "2027-10-31T02:30+01:00"}),
    ],
)
def test_every_scheduler_refuses_what_it_would_spoil(
    to: str, rule: str, said: dict[str, object], tmp_path: Path
) -> None:
    assert rule in broken(to, tmp_path, **said)
    assert broken(to, tmp_path) == set()


@pytest.mark.parametrize(
    ("to", "rule", "said"),
    [
        ("hootsuite", "late", {"when": "2026-11-25T09:05"}),  # less than ten minutes ahead
        ("hootsuite", "grid", {"when": "2026-12-03T18:32"}),
        ("hootsuite", "grid", {"when": "2026-12-03T18:30:10"}),
        ("buffer", "kind", {"kind": "short_video"}),
        ("buffer", "no_video", {"link": "https://example.org/v.mov"}),
        ("metricool", "no_title", {"network": "pinterest", "account": "vaurenne", "title": ""}),
        ("metricool", "story_there", {"network": "x", "account": "vaurenne", "kind": "story"}),
        ("asana_csv", "task", {"task": "12"}),
    ],
)
def test_each_tool_has_rules_of_its_own(to: str, rule: str, said: dict[str, object], tmp_path: Path) -> None:
    assert broken(to, tmp_path, **said) == {rule}


def test_ten_minutes_ahead_is_enough(tmp_path: Path) -> None:
    assert broken("hootsuite", tmp_path, when="2026-11-25T09:10") == set()


def test_the_clock_goes_forward_without_a_fuss(tmp_path: Path) -> None:
    found = given_to("hootsuite", plan(slot(when="2027-03-28T01:00Z")), tmp_path)
    assert lines(found.files[0])[0][0] == "03/28/2027 03:00"


def test_nothing_is_written_when_a_row_breaks_a_rule_and_each_is_named(tmp_path: Path) -> None:
    rows = plan(
        slot(1), slot(2, when="2026-12-03T18:32"), slot(3, text=""), slot(4, text="", when="2026-12-03T18:33")
    )
    with pytest.raises(CmlibError) as caught:
        given_to("hootsuite", rows, tmp_path / "out")
    said = str(caught.value)
    assert "3 rows" in said
    assert "- 3 Dec 2026 18:32, Instagram, “Tasse 2”: the minutes must be 00, 05, 10" in said
    assert said.count("\n- ") == 4  # the last row breaks two
    assert not (tmp_path / "out").exists()
    found = given_to("hootsuite", rows, tmp_path / "out", skip=True)
    assert len(lines(found.files[0])) == 1
    assert set(found.left_out["slot_id"]) == {"s2", "s3", "s4"}


def test_the_same_words_in_the_same_minute_go_out_once(tmp_path: Path) -> None:
    twice = {"text": "A", "when": "2026-12-03T18:30"}
    rows = plan(slot(1, **twice), slot(2, **twice), slot(3, network="x", account="vaurenne", **twice))
    found = given_to("hootsuite", rows, tmp_path, skip=True)
    assert found.left_out[["slot_id", "rule"]].to_numpy().tolist() == [["s2", "repeated"]]


@pytest.mark.parametrize("to", SCHEDULERS)
def test_a_caption_stays_what_it_is_and_the_danger_is_said(to: str, tmp_path: Path) -> None:
    rows = plan(slot(text="=HYPERLINK(1) @toi", kind="text"))
    found = given_to(to, rows, tmp_path / "out", template=template(tmp_path))
    assert "=HYPERLINK(1) @toi" in [cell for line in lines(found.files[0]) for cell in line]
    assert list(found.risky["rule"]) == ["formula"]
    assert "do not save it in Excel" in told(found.risky)[0]


@pytest.mark.parametrize("sign", list("=+-@\t\r"))
def test_what_is_not_published_is_defused(sign: str) -> None:
    assert defused(sign + "1") == f"'{sign}1"
    assert defused("1" + sign) == "1" + sign


def test_a_picture_without_an_address_is_named(tmp_path: Path) -> None:
    rows = plan(slot(1), slot(2, kind="text"), slot(3, link="https://example.org/a.jpg"))
    found = given_to("buffer", rows, tmp_path)
    assert found.risky[["slot_id", "rule"]].to_numpy().tolist() == [["s1", "add_media"]]


@pytest.mark.parametrize(
    ("link", "kind"),
    [("https://a.example/b.JPG?c", "image"), ("https://a.example/b.mp4", "video"),
     ("https://a.example/jpg", ""), ("b.jpg", ""), ("http://[b.jpg", ""), ("", "")],
)  # fmt: skip
def test_a_files_own_address_is_told_from_a_page(link: str, kind: str) -> None:
    assert media(link) == kind


# ── All of them ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_target_says_its_name_and_where_it_is_uploaded(language: str) -> None:
    with i18n.speaking(language):
        for to in EXPORTERS:
            assert i18n.t(f"export.target.{to}")
            assert len(steps(to)) > 40


def test_a_misspelt_target_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CmlibError, match="hootsuite"):
        given_to("hotsuite", plan(slot()), tmp_path)
    with pytest.raises(CmlibError, match="nothing to export"):
        given_to("buffer", plan(slot()), tmp_path, since=date(2027, 1, 1))


def test_they_lie_in_the_brands_folder_and_take_the_place_of_older_ones(home: Path) -> None:
    for text in ("A", "B"):
        found = exporters.export("buffer", plan(slot(text=text)), WHO, now=NOW, moments=NONE)
    assert found.files == [home / "data/brands/vaurenne/exports/buffer-instagram-atelier.vaurenne.csv"]
    assert lines(found.files[0])[1][0] == "B"
    assert len(list(found.files[0].parent.iterdir())) == 1


def test_what_an_earlier_export_left_is_named(tmp_path: Path) -> None:
    assert given_to("buffer", plan(slot(1), slot(2, network="x", account="vaurenne")), tmp_path).older == []
    given_to("hootsuite", plan(slot(1)), tmp_path)
    assert given_to("buffer", plan(slot(1)), tmp_path).older == [tmp_path / "buffer-x-vaurenne.csv"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CmlibError, match="cannot be written"):
        given_to("buffer", plan(slot()), tmp_path / "out")


def test_accounts_whose_names_differ_little_have_files_of_their_own(tmp_path: Path) -> None:
    rows = plan(slot(1, account="a b"), slot(2, account="A/b"), slot(3, account="c"))
    names = [path.name for path in given_to("hootsuite", rows, tmp_path).files]
    assert len(set(names)) == 3
    assert "hootsuite-instagram-c.csv" in names


def soon(minutes: int) -> str:
    return (pd.Timestamp(NOW) + pd.Timedelta(minutes=minutes)).isoformat()


ROWS = st.lists(
    st.fixed_dictionaries({
        "when": st.integers(-30, 400).map(soon),
        "text": st.sampled_from(["A", "B", "", "=1", "@toi\nva, là"]),
        "kind": st.sampled_from(["image", "text", "live"]),
        "network": st.sampled_from(["instagram", "x", "web"]),
        "account": st.sampled_from(["a", "b"]),
        "status": st.sampled_from(["approved", "idea"]),
        "link": st.sampled_from(["", "https://example.org/a", "no"]),
    }),
    min_size=1,
    max_size=8,
)  # fmt: skip


def written(files: Sequence[Path], header: int) -> list[tuple[str, ...]]:
    return [(path.name, *line) for path in files for line in lines(path)[header:]]


@LAW
@given(ROWS)
def test_what_hootsuite_gets_is_unique_to_come_and_on_the_grid(said: list[dict[str, object]]) -> None:
    rows = plan(*(slot(n, **one) for n, one in enumerate(said)))
    with TemporaryDirectory() as folder:
        found = given_to("hootsuite", rows, Path(folder), skip=True)
        out = written(found.files, 0)
    assert len(set(out)) == len(out)
    for _, when, text, _ in out:
        stamp = pd.Timestamp(datetime.strptime(when, "%m/%d/%Y %H:%M"), tz=ZONE)
        assert stamp >= pd.Timestamp(NOW) + pd.Timedelta(minutes=10)
        assert stamp.minute % 5 == 0
        assert text


@settings(LAW, max_examples=12)
@given(ROWS, st.randoms())
def test_nothing_is_lost_in_silence_whatever_the_order(said: list[dict[str, object]], chance: Random) -> None:
    made = [slot(n, **one) for n, one in enumerate(said)]
    rows = plan(*made)
    mixed = rows.iloc[chance.sample(range(len(rows)), len(rows))]
    for to in SCHEDULERS:
        header = 0 if to == "hootsuite" else 1
        with TemporaryDirectory() as folder:
            path = template(Path(folder))
            found = given_to(to, rows, Path(folder) / "a", skip=True, template=path)
            again = given_to(to, mixed, Path(folder) / "b", skip=True, template=path)
            out = written(found.files, header)
            assert written(again.files, header) == out
        assert len(out) + found.left_out["slot_id"].nunique() == len(rows)
