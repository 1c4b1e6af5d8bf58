"""The plan as tasks in a project of Asana, by its API: made once, updated when the plan changes, never twice.

The last line of a task's notes is its mark: which slot it is, and a digest of what was sent. By the mark a
task is found whose number never reached the plan, since a run broke off or an answer was lost; by the
digest, what has changed. What people change in Asana stays theirs until the plan itself changes. (Asana's
own field for this, ``external``, is for OAuth apps alone: developers.asana.com/docs/custom-external-data.
People have tokens.)
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import asana
import keyring
import pandas as pd
from asana.rest import ApiException
from keyring.errors import KeyringError
from urllib3.exceptions import HTTPError

from cmlib import plans
from cmlib.brand import Brand
from cmlib.errors import CmlibError, unknown
from cmlib.exporters.ical import uid
from cmlib.exporters.target import described, headline, names, state
from cmlib.i18n import t

HOST = "https://app.asana.com/api/1.0"
TRIES = 5
PATIENCE = 60  # seconds for an answer, and the longest pause between two tries
SECTIONS = ("status", "week")
FIELDS = {"opt_fields": "name,notes,memberships.project,memberships.section"}
_MARK = re.compile(r"^cmlib (\S+) ([0-9a-f]{12})\s*$", re.M)
DONE = "published"  # the status of what is no task any more
_OFTEN = (429, 500, 502, 503, 504)
Task = Mapping[str, Any]


@dataclass(frozen=True)
class Api:
    """Asana, ready to be asked. ``once``: for what must not be done twice; ``pause``: before a second try."""

    tasks: Any = field(repr=False)
    sections: Any = field(repr=False)
    once: Any = field(repr=False)
    new_sections: Any = field(repr=False)
    pause: float


@dataclass(frozen=True)
class Sent:
    """The plan with the tasks' numbers, and what was done: slot_id, task, action, title."""

    rows: pd.DataFrame
    done: pd.DataFrame


def token() -> str:
    """The user's token: ASANA_TOKEN, else what the system's keyring has for cmlib, asana.

    Raises CmlibError where there is none, or none that can be sent; it says nothing of the token itself.
    """
    said = os.environ.get("ASANA_TOKEN", "").strip()
    if not said:
        try:
            said = (keyring.get_password("cmlib", "asana") or "").strip()
        except KeyringError:  # a system without a keyring
            said = ""
    if not re.fullmatch("[!-~]+", said):
        raise CmlibError("asana_no_token")
    return said


def connect(secret: str, host: str = HOST, pause: float = 2.0) -> Api:
    """Asana by its own client, which waits and tries again by itself when Asana is busy.

    What would be doubled by a second try, the client repeats only when told that nothing was done: 429.
    """
    clients = []
    for often, reads in ((_OFTEN, TRIES), ((429,), 0)):
        configuration = asana.Configuration()
        configuration.host, configuration.access_token = host, secret
        for logger in configuration.logger.values():  # its retries are no news for the terminal
            logger.removeHandler(configuration.logger_stream_handler)
        configuration.retry_strategy = configuration.retry_strategy.new(
            total=TRIES, read=reads, allowed_methods=None, status_forcelist=often, backoff_factor=pause,
            backoff_max=PATIENCE, retry_after_max=2 * PATIENCE, raise_on_status=False,
        )  # fmt: skip
        clients.append(asana.ApiClient(configuration))
    often, once = clients
    return Api(
        asana.TasksApi(often), asana.SectionsApi(often), asana.TasksApi(once), asana.SectionsApi(once), pause
    )


def send(
    rows: pd.DataFrame,
    who: Brand,
    project: str,
    *,
    moments: pd.DataFrame,
    by: str = "status",
    remember: Callable[[str, str], None] = lambda slot, task: None,
    dry_run: bool = False,
    api: Api | None = None,
) -> Sent:
    """Make every slot of the whole plan a task of the project, in sections by ``status`` or by ``week``.

    ``remember`` is called with a slot and its task's number as soon as there is one, so that a run that
    breaks off loses none. ``dry_run``: what would be done; Asana is not asked, and nothing is sent.
    """
    if by not in SECTIONS:
        raise unknown("value", by, SECTIONS)
    if not project.strip().isdigit() and not dry_run:
        raise CmlibError("asana_no_project")
    wanted = [_wanted(row, who, names(moments), by) for row in rows.to_dict("records")]
    if dry_run:
        return Sent(rows, _done([(one, one.task, _would(one)) for one in wanted]))
    run = _Run(api or connect(token()), project.strip(), remember, [])
    with _said(run, t("error.asana_project", project=run.project)):
        there = list(
            run.api.tasks.get_tasks_for_project(run.project, dict(FIELDS), _request_timeout=PATIENCE)
        )
        marked = {mark: task for task in reversed(there) if (mark := _mark(task)[0])}
        placed = [one for one in wanted if one.status != DONE or one.task or one.mark in marked]
        sections = _sections(
            run, list(dict.fromkeys(one.section for one in sorted(placed, key=lambda one: one.rank)))
        )
    known = {task["gid"]: task for task in there}
    for one in wanted:
        with _said(run, t("error.asana_task", title=one.body["name"])):
            run.done.append((one, *_sync(run, one, known, marked, sections)))
    mine = {one.mark for one in wanted}
    left = [(task, "unplanned") for mark, task in marked.items() if _ours(mark, who) and mark not in mine]
    tasks = {one.slot: gid for one, gid, _ in run.done}
    return Sent(rows.assign(task=rows["slot_id"].map(tasks).astype("str")), _done(run.done, left))


# ── What a task should be ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Wanted:
    """A slot as a task: its section and where that stands, its mark, the digest of what is sent."""

    slot: str
    task: str
    status: str
    section: str
    rank: int
    mark: str
    digest: str
    body: dict[str, Any]


def _wanted(row: Mapping[Any, Any], who: Brand, moments: Mapping[str, str], by: str) -> _Wanted:
    emails = {member.name: member.email for member in who.people}
    body: dict[str, Any] = {
        "name": headline(row),
        "notes": described(row, moments),
        "due_at": row["when"].tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    if emails.get(row["owner"]):  # else whoever was chosen in Asana stays
        body["assignee"] = emails[row["owner"]]
    if row["status"] == DONE:  # else what is ticked in Asana stays ticked
        body["completed"] = True
    monday = row["when"].date() - timedelta(days=row["when"].weekday())
    if by == "week":
        section, rank = t("export.week", monday=monday), monday.toordinal()
    else:
        section, rank = state(row["status"]), plans.STATUSES.index(row["status"])
    digest = hashlib.sha256(json.dumps([body, section]).encode()).hexdigest()[:12]
    mark = quote(uid(row["slot_id"], who), safe="@")
    body["notes"] += f"\n\ncmlib {mark} {digest}"
    return _Wanted(row["slot_id"], str(row["task"]), row["status"], section, rank, mark, digest, body)


def _would(one: _Wanted) -> str:
    if one.task:
        return "compare"
    return "published" if one.status == DONE else "create"


def _mark(task: Task) -> tuple[str, str]:
    """Which slot a task is, and the digest of what was sent; both empty for a task of somebody else's."""
    found = _MARK.findall(task.get("notes") or "")
    return found[-1] if found else ("", "")


def _ours(mark: str, who: Brand) -> bool:
    return mark.endswith(quote(uid("", who), safe="@"))


def _done(done: list[tuple[_Wanted, str, str]], left: Any = ()) -> pd.DataFrame:
    lines = [(one.slot, gid, action, one.body["name"]) for one, gid, action in done]
    lines += [("", task["gid"], action, task.get("name", "")) for task, action in left]
    return pd.DataFrame(lines, columns=["slot_id", "task", "action", "title"])


# ── What is asked of Asana ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Run:
    api: Api
    project: str
    remember: Callable[[str, str], None]
    done: list[tuple[_Wanted, str, str]]


def _sync(
    run: _Run,
    one: _Wanted,
    known: Mapping[str, Task],
    marked: Mapping[str, Task],
    sections: Mapping[str, str],
) -> tuple[str, str]:
    """Make one task what it should be; its number and what was done."""
    task = (known.get(one.task) or _elsewhere(run, one.task)) if one.task else None
    if one.task and task is None and one.mark not in marked:
        return one.task, "gone"
    if task is not None and _mark(task)[0] not in ("", one.mark):
        task = None  # the number came with a line that was copied: it is another slot's task
    action = "updated" if task else "found" if one.mark in marked else "created"
    task = task or marked.get(one.mark)
    if task is None and one.status == DONE:
        return "", "published"
    if task is None:
        task = {"gid": _create(run, one)}
    elif action == "updated" and _mark(task)[1] == one.digest:
        return one.task, "same"
    else:
        body = {"data": one.body}
        run.api.tasks.update_task(body, task["gid"], {"opt_fields": "gid"}, _request_timeout=PATIENCE)
    _place(run, task, sections[one.section], new=action == "created")
    if task["gid"] != one.task:
        run.remember(one.slot, task["gid"])
    return task["gid"], action


def _elsewhere(run: _Run, gid: str) -> Task | None:
    """A task that is no longer in the project: somebody moved it, or deleted it (none)."""
    try:
        found: Task = run.api.tasks.get_task(gid, dict(FIELDS), _request_timeout=PATIENCE)
    except ApiException as problem:
        if problem.status in (403, 404):
            return None
        raise
    return found


def _create(run: _Run, one: _Wanted) -> str:
    """A new task; its number. Where the answer is lost, it is looked for before it is made again."""
    body = {"data": one.body | {"projects": [run.project]}}

    def find() -> str:
        there = run.api.tasks.get_tasks_for_project(run.project, dict(FIELDS), _request_timeout=PATIENCE)
        return next((str(task["gid"]) for task in there if _mark(task)[0] == one.mark), "")

    return _once(
        run, lambda: run.api.once.create_task(body, {"opt_fields": "gid"}, _request_timeout=PATIENCE), find
    )


def _once(run: _Run, make: Callable[[], Any], find: Callable[[], str]) -> str:
    for nth in range(TRIES):
        try:
            return str(make()["gid"])
        except ApiException as problem:
            if problem.status < 500 or nth == TRIES - 1:
                raise
        except HTTPError:
            if nth == TRIES - 1:
                raise
        time.sleep(min(run.api.pause * 2**nth, PATIENCE))
        found = find()
        if found:
            return found
    raise AssertionError("the last try returns or raises")


def _sections(run: _Run, wanted: list[str]) -> dict[str, str]:
    """The project's sections by name; those that lack are made, in this order."""

    def read() -> dict[str, str]:
        found = run.api.sections.get_sections_for_project(run.project, {}, _request_timeout=PATIENCE)
        return {section["name"]: str(section["gid"]) for section in reversed(list(found))}

    def find(name: str) -> str:
        return read().get(name, "")

    def make(name: str) -> Any:
        body = {"body": {"data": {"name": name}}}
        return run.api.new_sections.create_section_for_project(run.project, body, _request_timeout=PATIENCE)

    there = read()
    for name in wanted:
        if name not in there:
            there[name] = _once(run, partial(make, name), partial(find, name))
    return there


def _place(run: _Run, task: Task, section: str, *, new: bool) -> None:
    """Put a task into its section, unless it stands there or was taken out of the project."""
    at = {(m["project"]["gid"], (m.get("section") or {}).get("gid")) for m in task.get("memberships") or ()}
    if new or (run.project in {project for project, _ in at} and (run.project, section) not in at):
        body = {"body": {"data": {"task": task["gid"]}}}
        run.api.sections.add_task_for_section(section, body, _request_timeout=PATIENCE)


@contextmanager
def _said(run: _Run, what: str) -> Iterator[None]:
    """What went wrong, in Asana's own words, what to do, and how much was done before."""
    try:
        yield
    except ApiException as problem:
        raise _problem(problem.status, _message(problem), what, _before(run)) from None
    except HTTPError as problem:
        raise CmlibError("asana_down", what=what, problem=str(problem), done=_before(run)) from None


def _problem(status: int, message: str, what: str, done: str) -> CmlibError:
    key = f"asana_{status}" if status in (401, 402, 403, 404, 429) else "asana_refused"
    key = "asana_down" if status >= 500 else key
    return CmlibError(key, what=what, problem=message, status=str(status), done=done)


def _before(run: _Run) -> str:
    many = sum(action in ("created", "updated", "found") for _, _, action in run.done)
    return t("error.asana_done", n=many) if many else ""


def _message(problem: ApiException) -> str:
    try:
        said = json.loads(problem.body or b"")["errors"]
        words = "; ".join(str(one["message"]) for one in said)
    except (ValueError, TypeError, KeyError):  # no JSON of theirs
        words = str(problem.reason)
    return words[:300]
