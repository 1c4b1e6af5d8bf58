"""Asana by its API, against a small Asana on this machine: created once, updated, never doubled."""

import time
from collections.abc import Iterator
from dataclasses import replace

import keyring
import pandas as pd
import pytest
from asana_server import PROJECT, TOKEN, Server, serving
from keyring.errors import NoKeyringError
from slots import BLACK_FRIDAY, NONE, WHO, plan, slot

from cmlib import i18n
from cmlib.errors import CmlibError
from cmlib.exporters import asana_api
from cmlib.exporters.asana_api import Api, Sent, connect, send

TWO = plan(slot(1, moment="black_friday", why="moment"), slot(2, status="draft", owner="Paul"))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


@pytest.fixture
def api(server: Server) -> Api:
    return connect(TOKEN, server.host, pause=0.001)


def sent(api: Api, rows: pd.DataFrame = TWO, **said: object) -> Sent:
    return send(rows, WHO, PROJECT, moments=BLACK_FRIDAY, api=api, **said)


def actions(found: Sent) -> list[str]:
    return list(found.done["action"])


def test_every_slot_becomes_a_task_with_its_day_its_words_and_its_section(api: Api, server: Server) -> None:
    found = sent(api)
    assert actions(found) == ["created", "created"]
    assert list(found.rows["task"]) == ["9000", "9001"]
    first, second = server.tasks.values()
    assert (first["name"], first["due_at"]) == ("Tasse 1", "2026-12-03T17:30:00.000Z")
    assert first["assignee"] == "ines@example.org"
    assert "assignee" not in second  # Paul has no address
    assert "Catches a moment." in first["notes"]
    assert (server.section_of("Tasse 1"), server.section_of("Tasse 2")) == ("Approved", "Draft")
    assert list(server.sections.values()) == ["Untitled section", "Draft", "Approved"]  # as work goes on


def test_the_plan_that_was_given_stays_as_it_is(api: Api) -> None:
    before = TWO.copy()
    sent(api)
    pd.testing.assert_frame_equal(TWO, before)


def test_a_second_run_does_nothing(api: Api, server: Server) -> None:
    rows = sent(api).rows
    server.asked.clear()
    again = sent(api, rows)
    assert actions(again) == ["same", "same"]
    assert (len(server.tasks), server.count("POST"), server.count("PUT")) == (2, 0, 0)
    assert list(again.rows["task"]) == list(rows["task"])


def test_what_changed_is_updated_and_nothing_else(api: Api, server: Server) -> None:
    rows = sent(api).rows
    server.tasks["9001"]["name"] = "renamed in Asana"
    changed = rows.assign(text=rows["text"].mask(rows["slot_id"] == "s1", "Neu."), status="approved")
    server.asked.clear()
    assert actions(sent(api, changed)) == ["updated", "updated"]
    assert server.tasks["9000"]["notes"].startswith("Neu.")
    assert server.section_of("Tasse 2") == "Approved"
    assert server.count("POST") == 1  # only the second one changed its section
    assert len(server.tasks) == 2


def test_what_people_change_in_asana_stays_theirs(api: Api, server: Server) -> None:
    rows = sent(api).rows
    server.tasks["9000"] |= {
        "name": "mine",
        "completed": True,
        "notes": server.tasks["9000"]["notes"] + "\nmine",
    }
    assert actions(sent(api, rows)) == ["same", "same"]
    assert server.tasks["9000"]["name"] == "mine"
    sent(api, rows.assign(title="New"))
    assert server.tasks["9000"]["name"] == "New"
    assert server.tasks["9000"]["completed"]  # what is ticked stays ticked


def test_a_plan_that_forgot_its_numbers_doubles_nothing(api: Api, server: Server) -> None:
    sent(api)
    again = sent(api)  # the rows without their tasks
    assert actions(again) == ["found", "found"]
    assert list(again.rows["task"]) == ["9000", "9001"]
    assert len(server.tasks) == 2


def test_a_run_that_breaks_off_half_way_loses_nothing(api: Api, server: Server) -> None:
    kept: dict[str, str] = {}

    def break_off(slot_id: str, task: str) -> None:
        kept[slot_id] = task
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sent(api, remember=break_off)
    assert kept == {"s1": "9000"}
    rows = TWO.assign(task=TWO["slot_id"].map(kept).fillna("").astype("str"))
    assert actions(sent(api, rows)) == ["same", "created"]
    assert len(server.tasks) == 2


def test_a_break_between_creation_and_section_is_mended(api: Api, server: Server) -> None:
    sent(api)
    server.tasks["9000"]["memberships"][0]["section"]["gid"] = "1300"  # as created, not yet placed
    assert actions(sent(api)) == ["found", "found"]
    assert server.section_of("Tasse 1") == "Approved"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_creation_whose_answer_was_lost_is_found_by_its_mark(api: Api, server: Server, status: int) -> None:
    one = plan(slot(1))
    server.sections["1301"] = "Approved"
    server.mood("POST", status, done=True)
    assert actions(sent(api, one)) == ["created"]
    assert len(server.tasks) == 1
    assert server.count("POST", "/tasks$") == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_creation_that_failed_is_tried_again(api: Api, server: Server, status: int) -> None:
    server.sections["1301"] = "Approved"
    server.mood("POST", status)
    server.mood("POST", status)
    sent(api, plan(slot(1)))
    assert len(server.tasks) == 1
    assert server.count("POST", "/tasks$") == 3


def test_a_section_whose_answer_was_lost_is_not_made_twice(api: Api, server: Server) -> None:
    server.mood("POST", 500, done=True)
    sent(api, plan(slot(1)))
    assert list(server.sections.values()) == ["Untitled section", "Approved"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_too_many_requests_are_waited_for(api: Api, server: Server, method: str) -> None:
    rows = sent(api).rows
    server.sections = dict(list(server.sections.items())[:1]) if method == "POST" else server.sections
    server.mood(method, 429, Retry_After="1")
    start = time.monotonic()
    sent(api, rows.assign(title="New", status="review"))
    assert time.monotonic() - start >= 1
    assert len(server.tasks) == 2


def test_a_server_that_stumbles_is_asked_again(api: Api, server: Server) -> None:
    for status in (500, 502, 504):
        server.mood("GET", status)
    assert actions(sent(api)) == ["created", "created"]


def test_patience_has_an_end(api: Api, server: Server) -> None:
    for _ in range(20):
        server.mood("GET", 503)
    with pytest.raises(CmlibError, match="does not answer as it should at the project 1200: Server Error"):
        sent(api)
    assert server.count("GET") == asana_api.TRIES + 1
    server.moods.clear()
    for _ in range(20):
        server.mood("GET", 429)
    with pytest.raises(CmlibError, match=r"asks for a pause.*nothing is doubled"):
        sent(api)


def test_nobody_at_the_other_end_is_said() -> None:
    nowhere = connect(TOKEN, "http://127.0.0.1:9", pause=0.001)
    with pytest.raises(CmlibError, match="does not answer") as caught:
        sent(nowhere)
    assert TOKEN not in str(caught.value)


def test_a_wrong_token_is_said_and_never_shown(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    wrong = "2/9999/other"
    api = connect(wrong, server.host, pause=0.001)
    with pytest.raises(CmlibError, match=r"does not take the token \(Not Authorized\)") as caught:
        sent(api)
    assert wrong not in str(caught.value) + repr(caught.value) + repr(api)
    assert wrong not in "".join(capfd.readouterr())
    assert caught.value.__cause__ is None


def test_a_project_that_is_gone_is_said_with_what_to_do(api: Api) -> None:
    with pytest.raises(CmlibError, match=r"does not know the project 77 \(project: Unknown object: 77\)"):
        send(TWO, WHO, "77", moments=NONE, api=api)
    with pytest.raises(CmlibError, match=r"app\.asana\.com/0/NUMBER"):
        send(TWO, WHO, "", moments=NONE, api=api)


def test_a_project_that_is_closed_to_the_user_is_said(api: Api, server: Server) -> None:
    server.mood("GET", 403)
    with pytest.raises(CmlibError, match="allows no access to the project 1200"):
        sent(api)


def test_what_asana_refuses_is_said_in_its_words_with_what_was_done_before(api: Api, server: Server) -> None:
    nobody = tuple(replace(m, email="nobody@example.org") if m.name == "Paul" else m for m in WHO.team)
    kept: dict[str, str] = {}
    with pytest.raises(CmlibError) as caught:
        send(TWO, replace(WHO, team=nobody), PROJECT, moments=NONE, api=api, remember=kept.__setitem__)
    assert "the task “Tasse 2”: assignee: Not a user in Organization (status 400)" in str(caught.value)
    assert "One task was created or updated before that" in str(caught.value)
    assert kept == {"s1": "9000"}


def test_a_task_that_somebody_deleted_is_named_and_not_made_again(api: Api, server: Server) -> None:
    rows = sent(api).rows
    del server.tasks["9000"]
    again = sent(api, rows)
    assert actions(again) == ["gone", "same"]
    assert list(again.rows["task"]) == ["9000", "9001"]
    assert len(server.tasks) == 1


def test_a_task_that_was_moved_out_of_the_project_is_kept_in_step_where_it_is(
    api: Api, server: Server
) -> None:
    rows = sent(api).rows
    server.tasks["9000"]["memberships"] = []
    assert actions(sent(api, rows)) == ["same", "same"]
    assert actions(sent(api, rows.assign(title="New"))) == ["updated", "updated"]
    assert server.tasks["9000"] | {"name": "New", "memberships": []} == server.tasks["9000"]


def test_a_number_that_came_with_a_copied_line_is_not_that_slots_task(api: Api, server: Server) -> None:
    rows = sent(api).rows
    copied = pd.concat([rows, plan(slot(3, task="9000"))], ignore_index=True)
    again = sent(api, copied)
    assert actions(again) == ["same", "same", "created"]
    assert list(again.rows["task"]) == ["9000", "9001", "9002"]
    assert actions(sent(api, again.rows)) == ["same"] * 3


def test_a_task_whose_slot_left_the_plan_is_named(api: Api, server: Server) -> None:
    rows = sent(api).rows
    server.tasks["8000"] = {
        "gid": "8000",
        "name": "somebody's own",
        "notes": None,
        "memberships": [{"project": {"gid": PROJECT}}],
    }
    found = sent(api, rows[rows["slot_id"] == "s2"])
    assert found.done.to_dict("records")[1] == {
        "slot_id": "", "task": "9000", "action": "unplanned", "title": "Tasse 1",
    }  # fmt: skip
    assert len(found.done) == 2


def test_what_is_published_is_ticked_and_what_was_published_before_is_no_task(
    api: Api, server: Server
) -> None:
    rows = sent(api).rows
    done = pd.concat([rows.assign(status="published"), plan(slot(3, status="published"))], ignore_index=True)
    assert actions(sent(api, done)) == ["updated", "updated", "published"]
    assert all(task["completed"] for task in server.tasks.values())
    assert len(server.tasks) == 2


def test_sections_can_be_weeks(api: Api, server: Server) -> None:
    rows = plan(slot(1, when="2026-12-09T10:00"), slot(2, when="2026-12-06T10:00"))
    sent(api, rows, by="week")
    assert list(server.sections.values())[1:] == ["Week of 30 Nov 2026", "Week of 7 Dec 2026"]
    with pytest.raises(CmlibError, match="status, week"):
        sent(api, rows, by="month")


def test_a_project_of_many_pages_is_read_whole(api: Api, server: Server) -> None:
    server.page = 3
    many = plan(*(slot(n) for n in range(10)))
    sent(api, many)
    assert set(actions(sent(api, many))) == {"found"}
    assert len(server.tasks) == 10


def test_a_dry_run_says_what_would_be_done_and_sends_nothing(api: Api, server: Server) -> None:
    rows = pd.concat([TWO.assign(task=["77", ""]), plan(slot(3, status="published"))], ignore_index=True)
    found = send(rows, WHO, "", moments=NONE, api=api, dry_run=True)
    assert actions(found) == ["compare", "create", "published"]
    assert not server.asked
    for action in (
        "create",
        "compare",
        "created",
        "found",
        "updated",
        "same",
        "gone",
        "unplanned",
        "published",
    ):
        assert i18n.has(f"export.asana.{action}")


def test_the_token_is_in_the_environment_or_in_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(keyring, "get_password", lambda *who: asked.append(who) or " kept ")
    monkeypatch.setenv("ASANA_TOKEN", " said\n")
    assert asana_api.token() == "said"
    monkeypatch.delenv("ASANA_TOKEN")
    assert asana_api.token() == "kept"
    assert asked == [("cmlib", "asana")]


@pytest.mark.parametrize("kept", [None, "", "two words", "two\nlines", "é"])
def test_no_token_or_none_that_can_be_sent_is_said_without_it(
    kept: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASANA_TOKEN", raising=False)
    monkeypatch.setattr(keyring, "get_password", lambda *_: kept)
    with pytest.raises(CmlibError, match="keyring set cmlib asana") as caught:
        asana_api.token()
    assert not kept or kept not in str(caught.value)


def test_a_system_without_a_keyring_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_keyring(*_: object) -> None:
        raise NoKeyringError

    monkeypatch.delenv("ASANA_TOKEN", raising=False)
    monkeypatch.setattr(keyring, "get_password", no_keyring)
    with pytest.raises(CmlibError, match="ASANA_TOKEN"):
        asana_api.token()
