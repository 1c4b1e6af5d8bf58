"""What no plan exceeds, proven by cuts and branches in a second thread while plans are looked for."""

import time
from threading import Event, Thread
from typing import Self

import highspy

from cmlib.programme.model import INF, Model
from cmlib.programme.problem import Floats
from cmlib.programme.solver import prepared

PLANLESS = {  # the time goes into what no plan exceeds: plans are looked for elsewhere
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
LITTLE = 1e-4  # of the bound: a round of cuts that brings no more than this is the last that is waited for


class Bound:
    """What no plan exceeds.

    It ends when no plan is better than the best that it was told of by more than ``gap``.
    """

    def __init__(self, model: Model, seconds: float, gap: float) -> None:
        """At most so many seconds; it begins within ``with``."""
        self.now = INF
        self._cuts = self._round = INF
        self._cut, self._enough = Event(), False
        self._plan: Floats | None = None
        self._highs, self._scale = prepared(model, seconds, mip_rel_gap=gap, **PLANLESS)
        self._highs.cbMipInterrupt.subscribe(self._heard)
        self._highs.cbMipUserSolution.subscribe(self._told)
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._enough = True
        self._thread.join()

    def by_cuts(self, end: float) -> float:
        """What cuts alone say: the same on every machine, if there is time for it."""
        self._cut.wait(max(end - time.perf_counter(), 0.0))
        return self._cuts

    def offer(self, plan: Floats) -> None:
        """What is not better than this plan is not looked at any more."""
        self._plan = plan

    def _run(self) -> None:
        self._highs.run()
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            self._know(self._highs.getInfo().mip_dual_bound)
        self._over(self.now)

    def _over(self, bound: float) -> None:
        if not self._cut.is_set():
            self._cuts = bound
            self._cut.set()

    def _know(self, cost: float) -> None:
        self.now = min(self.now, -cost * self._scale)

    def _heard(self, event: highspy.highs.HighsCallbackEvent) -> None:
        self._know(event.data_out.mip_dual_bound)
        if self._enough:
            event.interrupt()

    def _told(self, event: highspy.highs.HighsCallbackEvent) -> None:
        """It asks for plans after each round of cuts, and now and then later."""
        before, self._round = self._round, -event.data_out.mip_dual_bound * self._scale
        if event.data_out.mip_node_count or before - self._round <= LITTLE * abs(self._round) < INF:
            self._over(self._round)
        if self._plan is not None and self._cut.is_set() and event.data_in:
            event.data_in.setSolution(self._plan)
            self._plan = None
