"""The grid in which a plan is worked on by hand: what the page asks for is checked, done and undone here.

The page shows and asks; it decides nothing. Whatever it sends is a request that may be wrong, or forged: each
is read against a list of what can be asked, and where the plan is only to be looked at, none is carried out.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import pandas as pd
import traitlets

from cmlib import edits, plans, rules
from cmlib.brand import Brand
from cmlib.edits import Past
from cmlib.errors import CmlibError, unknown
from cmlib.i18n import t
from cmlib.plans import Plan
from cmlib.widgets import cards

Rows = pd.DataFrame
PAUSE = 0.05  # seconds without a further change, after which the rules are asked
WORD, WHOLE = 70_000, 100_000  # the longest text, the largest number that a request may hold
_TEMPLATES = Path(__file__).parent.parent / "templates"
_SLOT: dict[str, type] = {"slot": str}
ASKED: dict[str, dict[str, type]] = {  # what the page may ask for → what it says with it
    "step": _SLOT | {"days": int, "minutes": int},
    "move": _SLOT | {"day": str, "time": str},
    "edit": _SLOT | {"fields": dict},
    "add": {"fields": dict},
    "fix": _SLOT, "approve": _SLOT, "delete": _SLOT, "undo": {}, "redo": {}, "replan": {},
    "save": {}, "theirs": {}, "mine": {}, "later": {}, "history": {}, "restore": {"version": str},
    "count": {"network": str, "text": str, "link": str},
}  # fmt: skip
_NO_MOMENT = pd.DataFrame({"moment": [], "name": [], "first": [], "last": [], "sensitive": []})
_NO_BLACKOUT = pd.DataFrame({"name": [], "first": [], "last": []})
_NO_CHECK = pd.DataFrame({"slot_id": [], "other": [], "rule": [], "level": [], "said": [], "where": []})


class Grid(anywidget.AnyWidget):  # type: ignore[misc]  # which is how a widget is made
    """What the page knows of a plan. Nothing is read back from it: requests come as messages."""

    _esm = _TEMPLATES / "grid.js"
    _css = _TEMPLATES / "grid.css"
    page = traitlets.Dict().tag(sync=True)
    slots = traitlets.List().tag(sync=True)
    checks = traitlets.List().tag(sync=True)
    desk = traitlets.Dict().tag(sync=True)


@dataclass(frozen=True)
class Around:
    """All that a grid asks others for. What is left out: nothing is checked, nothing planned anew.

    ``check``: a plan → what the rules say of it, as rules.check.
    ``replan``: a plan → another one that keeps what is fixed.
    ``save``: a plan and the version that it was read as → Plan.
    ``expected``: a plan → the same, with what is expected of each slot.
    ``count``: a network, a text and a link → how long that is there, and how long it may be.
    ``said``: a row of check → its sentence.
    """

    check: Callable[[Rows], Rows] | None = None
    replan: Callable[[Rows], Rows] | None = None
    save: Callable[[Rows, str], Plan] | None = None
    expected: Callable[[Rows], Rows] | None = None
    count: Callable[[str, str, str], tuple[int, int | None]] = cards.counted
    said: cards.Said = rules.says
    moments: Rows | None = None  # as moments.on gives them
    blackouts: Rows | None = None  # name, first, last


@dataclass(frozen=True)
class Begun:
    """A brand's plan as somebody works on it, as it is saved, and the version of the file that says so."""

    past: Past
    saved: Rows
    version: str


class Planning:
    """A plan under somebody's hands. ``changed`` is called when another one is saved.

    ``readonly``: it is shown, and whatever the page asks for is refused. What was begun for one brand is
    still there after another was looked at.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None, readonly: bool = False) -> None:
        self.changed, self.readonly = changed, readonly
        self.who: Brand | None = None
        self.around = Around()
        self.begun: dict[str, Begun] = {}
        self.theirs: Plan | None = None  # what somebody else saved, until it is decided what becomes of ours
        self.conflict: dict[str, Any] | None = None
        self.busy = False
        self.waiting: asyncio.TimerHandle | None = None
        self.grid = Grid()
        self.grid.on_msg(self._heard)
        self.box = ipywidgets.VBox([self.grid]).add_class("cm-planning")
        self.actions: dict[str, Callable[..., dict[str, Any]]] = {
            name: getattr(self, f"_{name}") for name in ASKED
        }

    def use(self, who: Brand, rows: Rows, version: str, start: date, weeks: int, around: Around) -> None:
        """Show a brand's plan, from the week of ``start`` on, in the language spoken now.

        ``rows`` as the file says them in this version; what was changed since and is not saved stays.
        """
        self.who, self.around = who, around
        before = self.begun.get(who.slug)
        if before is None or (before.version != version and not self._unsaved(before)):
            self.begun[who.slug] = Begun(Past(rows), rows, version)
        self.theirs = self.conflict = None
        moments = _NO_MOMENT if around.moments is None else around.moments
        blackouts = _NO_BLACKOUT if around.blackouts is None else around.blackouts
        today = datetime.now(who.zone).date()
        end = pd.Timestamp(start) + pd.Timedelta(weeks=weeks) - pd.Timedelta(days=1)
        self.grid.page = cards.page(who, moments, blackouts, self.readonly) | {
            "start": start.isoformat(), "end": f"{end:%Y-%m-%d}", "today": today.isoformat(),
            "can": {"replan": around.replan is not None},
        }  # fmt: skip
        self._show()
        self._check()

    def propose(self, rows: Rows) -> None:
        """Show another plan as a first change, where nothing was changed yet: it can be undone, and saved."""
        if not self._now.past.before:
            self._put(self._now.past.then(rows))

    @property
    def rows(self) -> Rows:
        """The plan as it is now, saved or not."""
        return self._now.past.rows

    @property
    def version(self) -> str:
        """The version of the file that it was read from, or saved as."""
        return self._now.version

    @property
    def unsaved(self) -> list[str]:
        """Which slots are not as they are saved?"""
        return self._unsaved(self._now)

    @property
    def _brand(self) -> Brand:
        if self.who is None:
            raise CmlibError("grid_message", problem="no plan")
        return self.who

    @property
    def _now(self) -> Begun:
        return self.begun[self._brand.slug]

    @staticmethod
    def _unsaved(begun: Begun) -> list[str]:
        return [] if begun.past.rows is begun.saved else edits.differing(begun.past.rows, begun.saved)

    # What the page asks for

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        """Do what is asked, and answer: what came of it, or what is wrong."""
        token = content.get("token") if isinstance(content, dict) else None
        answer: dict[str, Any] = {"token": token if isinstance(token, int) else None, "error": None}
        try:
            do, said = asked(content)
            if self.readonly:
                raise CmlibError("grid_read_only")
            if self.busy:
                raise CmlibError("grid_busy")
            answer |= self.actions[do](**said)
        except CmlibError as problem:
            answer["error"] = str(problem)
        self.grid.send(answer)

    def _step(self, slot: str, days: int, minutes: int) -> dict[str, Any]:
        return self._then(edits.shift(self.rows, slot, days, minutes), slot)

    def _move(self, slot: str, day: str, time: str) -> dict[str, Any]:
        return self._then(edits.edit(self.rows, self._brand, slot, when=_when(day, time)), slot)

    def _edit(self, slot: str, fields: dict[str, Any]) -> dict[str, Any]:
        return self._then(edits.edit(self.rows, self._brand, slot, **_fields(fields)), slot)

    def _add(self, fields: dict[str, Any]) -> dict[str, Any]:
        known = {"when": None, "network": "", "account": ""} | _fields(fields)
        rows = edits.add(self.rows, self._brand, **known)
        return self._then(rows, str(rows["slot_id"].iloc[-1]))

    def _fix(self, slot: str) -> dict[str, Any]:
        return self._then(edits.fix(self.rows, slot), slot)

    def _approve(self, slot: str) -> dict[str, Any]:
        return self._then(edits.approve(self.rows, slot), slot)

    def _delete(self, slot: str) -> dict[str, Any]:
        return self._then(edits.delete(self.rows, slot), "")

    def _undo(self) -> dict[str, Any]:
        return self._back(self._now.past.undone())

    def _redo(self) -> dict[str, Any]:
        return self._back(self._now.past.redone())

    def _back(self, past: Past) -> dict[str, Any]:
        """To the plan as it was; the page goes to the first slot that is another then."""
        found = [slot for slot in edits.differing(past.rows, self.rows) if slot in set(past.rows["slot_id"])]
        self._put(past)
        return {"slot": found[0] if found else ""}

    def _count(self, network: str, text: str, link: str) -> dict[str, Any]:
        n, most = self.around.count(network, text, link)
        return {"n": n, "most": most}

    # Planning anew, saving, and what others saved

    def _replan(self) -> dict[str, Any]:
        if self.around.replan is None:
            raise unknown("key", "replan", ASKED)
        self._occupied(True)
        try:
            rows = plans.checked(self.around.replan(self.rows), self._brand.zone)
        finally:
            self._occupied(False)
        before, after = set(self.rows["slot_id"]), set(rows["slot_id"])
        changed = len(set(edits.differing(rows, self.rows)) & before & after)
        told = t("grid.replanned", new=len(after - before), changed=changed, gone=len(before - after))
        return self._then(rows, "") | {"info": told}

    def _save(self) -> dict[str, Any]:
        return self._saved(self.version)

    def _saved(self, version: str) -> dict[str, Any]:
        save = self.around.save or partial(plans.save, self._brand)
        now = self._now
        try:
            made = save(now.past.rows, version)
        except CmlibError as problem:
            if problem.key not in ("plan_changed", "plan_gone"):
                raise
            return self._refused(problem)
        self.begun[self._brand.slug] = Begun(
            Past(made.rows, now.past.before, now.past.after), made.rows, made.version
        )
        self.theirs = self.conflict = None
        self._show()
        self.changed()
        return {"info": t("grid.saved")}

    def _refused(self, problem: CmlibError) -> dict[str, Any]:
        """Somebody else saved: both are shown, and nothing is decided yet."""
        self.theirs = plans.read(self._brand)
        unlike = cards.difference(self.rows, self.theirs.rows)
        self.conflict = {"problem": str(problem), "file": str(problem.values.get("mine", "")), **unlike}
        self._tell()
        return {"error": t("grid.title_of_conflict")}

    def _theirs(self) -> dict[str, Any]:
        """Show what they saved; ours is one step back, and lies beside the file."""
        theirs = self._decided()
        past = self._now.past.then(theirs.rows)
        self.begun[self._brand.slug] = Begun(past, theirs.rows, theirs.version)
        self._after()
        self.changed()  # what is saved is another plan than the one seen around the grid
        return {"info": t("grid.theirs_taken")}

    def _mine(self) -> dict[str, Any]:
        """Save ours over what they saved, which goes into the history."""
        return self._saved(self._decided().version)

    def _later(self) -> dict[str, Any]:
        """Go on with ours; nothing is saved."""
        self._decided()
        file = self.conflict["file"] if self.conflict else ""
        self.theirs = self.conflict = None
        self._tell()
        return {"info": t("grid.mine_kept", file=file)}

    def _decided(self) -> Plan:
        if self.theirs is None:
            raise CmlibError("grid_message", problem="no conflict")
        return self.theirs

    def _history(self) -> dict[str, Any]:
        return {"versions": cards.versions(plans.history(self._brand))}

    def _restore(self, version: str) -> dict[str, Any]:
        """Bring an earlier version back, as one more change that can be undone."""
        named = {one["version"]: one["when"] for one in self._history()["versions"]}
        rows = plans.at(self._brand, version).rows
        return self._then(rows, "") | {"info": t("grid.restored", when=named.get(version, version))}

    # What is shown

    def _then(self, rows: Rows, slot: str) -> dict[str, Any]:
        if self.around.expected is not None and rows is not self.rows:
            rows = self.around.expected(rows)
        self._put(self._now.past.then(rows))
        return {"slot": slot}

    def _put(self, past: Past) -> None:
        now = self._now
        if past is now.past:
            return
        self.begun[self._brand.slug] = Begun(past, now.saved, now.version)
        self._after()

    def _after(self) -> None:
        self.theirs = self.conflict = None
        self._show()
        self._soon()

    def _show(self) -> None:
        self.grid.slots = cards.cards(self.rows)
        self._tell()

    def _tell(self) -> None:
        past = self._now.past
        self.grid.desk = {
            "undo": bool(past.before), "redo": bool(past.after), "unsaved": len(self.unsaved),
            "busy": self.busy, "conflict": self.conflict, "file": self._file,
        }  # fmt: skip

    def _occupied(self, busy: bool) -> None:
        self.busy = busy
        self._tell()

    @property
    def _file(self) -> str:
        return plans.path(self._brand).name

    def _soon(self) -> None:
        """Ask the rules when no further change is waiting: of many in a row, the newest is checked."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # no kernel is running, so nothing can wait
            self._check()
            return
        if self.waiting:
            self.waiting.cancel()
        self.waiting = loop.call_later(PAUSE, self._check)

    def _check(self) -> None:
        try:
            found = _NO_CHECK if self.around.check is None else self.around.check(self.rows)
        except CmlibError as problem:  # which says nothing of the plan, but of what it is held against
            self.grid.checks = [{"slot": "", "other": "", "level": "must", "said": str(problem)}]
            return
        self.grid.checks = cards.checks(found, self.around.said)


def asked(content: Any) -> tuple[str, dict[str, Any]]:
    """What does the page ask for, and what does it say with it? Raises CmlibError for what it cannot ask."""
    if not isinstance(content, Mapping) or str(content.get("do")) not in ASKED:
        raise CmlibError("grid_message", problem="do")
    do = str(content["do"])
    known = ASKED[do]
    said = {name: value for name, value in content.items() if name not in ("do", "token")}
    if said.keys() != known.keys():
        raise CmlibError("grid_message", problem=", ".join(sorted(map(str, said.keys() ^ known.keys()))))
    for name, value in said.items():
        right = type(value) is known[name]
        if (
            not right
            or (known[name] is int and abs(value) > WHOLE)
            or (known[name] is str and len(value) > WORD)
        ):
            raise CmlibError("grid_message", problem=name)
    return do, said


def _fields(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a slot as the page says them: a day and a time are one."""
    values = {name: value for name, value in said.items() if name not in ("day", "time")}
    if not all(isinstance(name, str) for name in values) or "when" in values:
        raise CmlibError("grid_message", problem="fields")
    if "day" in said or "time" in said:
        values["when"] = _when(said.get("day"), said.get("time"))
    return values


def _when(day: Any, time: Any) -> datetime:
    """A day and an hour on the clock of the brand, to the minute."""
    with suppress(ValueError, TypeError):
        return datetime.strptime(f"{day} {time}", "%Y-%m-%d %H:%M")
    raise CmlibError("edit_value", field=t("grid.field.when"), value=f"{day} {time}".strip()[:60])
