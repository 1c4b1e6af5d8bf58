"""A small Asana: the part of its documented JSON that tasks in a project need, with its errors and moods."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "2/1234/secret:abcdef"  # invented
PROJECT = "1200"


class Server(ThreadingHTTPServer):
    """What it holds, what it was asked, and how it will answer next."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.tasks: dict[str, dict[str, Any]] = {}
        self.sections: dict[str, str] = {"1300": "Untitled section"}
        self.asked: list[tuple[str, str]] = []
        self.moods: list[
            tuple[str, int, dict[str, str], bool]
        ] = []  # method, status, headers, done all the same
        self.page = 100

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/1.0"

    def mood(self, method: str, status: int, *, done: bool = False, **headers: str) -> None:
        """The next request of this method is answered so; ``done``: though it was carried out."""
        self.moods.append((method, status, {k.replace("_", "-"): v for k, v in headers.items()}, done))

    def count(self, method: str, path: str = "") -> int:
        return sum(m == method and re.search(path, p) is not None for m, p in self.asked)

    def section_of(self, name: str) -> str:
        task = next(task for task in self.tasks.values() if task["name"] == name)
        return self.sections[task["memberships"][0]["section"]["gid"]]


class Refused(Exception):
    """An error as Asana answers it."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.respond()

    do_POST = do_PUT = do_GET  # noqa: N815

    def respond(self) -> None:
        url = urlsplit(self.path)
        path, query = url.path.removeprefix("/api/1.0"), parse_qs(url.query)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(data)["data"] if data else {}
        self.server.asked.append((self.command, path))
        mood = next((m for m in self.server.moods if m[0] == self.command), None)
        if mood:
            self.server.moods.remove(mood)
        try:
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                raise Refused(401, "Not Authorized")
            said = {} if mood and not mood[3] else self.answer(path, query, body)
            if mood:
                raise Refused(
                    mood[1], "Server Error" if mood[1] >= 500 else "You have made too many requests."
                )
            self.say(201 if self.command == "POST" else 200, said)
        except Refused as problem:
            status, message = problem.args
            self.say(status, {"errors": [{"message": message}]}, mood[2] if mood else {})

    def say(self, status: int, said: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(said).encode()
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(data))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answer(self, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any]:
        for method, pattern, act in ROUTES:
            found = re.fullmatch(pattern, path)
            if method == self.command and found:
                return act(self.server, *found.groups(), query, body)
        raise Refused(404, "No matching route for request")

    def log_message(self, *_: object) -> None:
        """Nothing for the terminal."""


def one(server: Server, gid: str) -> dict[str, Any]:
    if gid not in server.tasks:
        raise Refused(404, "task: Not a recognized ID: " + gid)
    return server.tasks[gid]


def known(project: str) -> None:
    if project != PROJECT:
        raise Refused(404, "project: Unknown object: " + project)


def listed(server: Server, project: str, query: Any, _: Any) -> dict[str, Any]:
    known(project)
    start, all_ = int(query.get("offset", ["0"])[0]), list(server.tasks.values())
    inside = [task for task in all_ if task["memberships"]]
    more = start + server.page < len(inside)
    following = {"offset": str(start + server.page), "path": "", "uri": ""} if more else None
    return {"data": inside[start : start + server.page], "next_page": following}


def created(server: Server, _: Any, body: dict[str, Any]) -> dict[str, Any]:
    known(body["projects"][0])
    if "nobody" in body.get("assignee", ""):
        raise Refused(400, "assignee: Not a user in Organization")
    gid = str(9000 + len(server.tasks))
    first = next(iter(server.sections))
    place = {"project": {"gid": PROJECT}, "section": {"gid": first}}
    server.tasks[gid] = {k: v for k, v in body.items() if k != "projects"} | {
        "gid": gid,
        "memberships": [place],
    }
    return {"data": server.tasks[gid]}


def updated(server: Server, gid: str, _: Any, body: dict[str, Any]) -> dict[str, Any]:
    one(server, gid).update(body)
    return {"data": server.tasks[gid]}


def sections(server: Server, project: str, *_: Any) -> dict[str, Any]:
    known(project)
    return {"data": [{"gid": gid, "name": name} for gid, name in server.sections.items()], "next_page": None}


def new_section(server: Server, project: str, _: Any, body: dict[str, Any]) -> dict[str, Any]:
    known(project)
    gid = str(1300 + len(server.sections))
    server.sections[gid] = body["name"]
    return {"data": {"gid": gid, "name": body["name"]}}


def placed(server: Server, section: str, _: Any, body: dict[str, Any]) -> dict[str, Any]:
    one(server, body["task"])["memberships"] = [{"project": {"gid": PROJECT}, "section": {"gid": section}}]
    return {"data": {}}


ROUTES: list[tuple[str, str, Any]] = [
    ("GET", r"/projects/(\d+)/tasks", listed),
    ("GET", r"/projects/(\d+)/sections", sections),
    ("POST", r"/projects/(\d+)/sections", new_section),
    ("POST", r"/sections/(\d+)/addTask", placed),
    ("POST", r"/tasks", created),
    ("PUT", r"/tasks/(\d+)", updated),
    ("GET", r"/tasks/(\d+)", lambda server, gid, *_: {"data": one(server, gid)}),
]


@contextmanager
def serving() -> Iterator[Server]:
    """Asana on this machine, as long as the block lasts."""
    server = Server()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
