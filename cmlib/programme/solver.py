"""The solver (HiGHS) behind one function; ``prepared`` is for those who listen to it at work."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import highspy
import numpy as np
from scipy.sparse import csr_array

from cmlib.programme.model import INF, Found, Model, Row
from cmlib.programme.problem import Floats

STEP = {  # for a step of many: what it tries at the root without any hint takes longer than it is worth
    "mip_allow_restart": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


def run(model: Model, seconds: float, gap: float, start: Floats | None = None, step: bool = False) -> Found:
    """The best that is found in so many seconds, or within this gap. ``start``: a plan to begin with."""
    highs, scale = prepared(model, seconds, mip_rel_gap=gap, **(STEP if step else {}))
    if start is not None:
        hint = highspy.HighsSolution()
        hint.col_value = start.tolist()
        highs.setSolution(hint)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    known = highspy.HighsModelStatus
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        # all columns are bounded: what is "unbounded or infeasible" is infeasible
        return Found(None, -INF, INF, status in (known.kInfeasible, known.kUnboundedOrInfeasible))
    answer = highs.getSolution()
    worth = -info.objective_function_value * scale
    if any(model.whole):
        return Found(np.array(answer.col_value), worth, -info.mip_dual_bound * scale, False)
    return Found(np.array(answer.col_value), worth, worth, False, -np.array(answer.row_dual) * scale)


def prepared(model: Model, seconds: float, **options: float | bool | str) -> tuple[highspy.Highs, float]:
    """The solver, which is to find the least cost in units of so much worth."""
    worth = np.array(model.worth, dtype=np.float64)
    scale = float(np.abs(worth).max(initial=0.0)) or 1.0
    left = matrix(model.rows, len(worth))
    asked = highspy.HighsLp()
    asked.num_col_, asked.num_row_ = len(worth), len(model.rows)
    asked.col_cost_ = -worth / scale
    asked.col_lower_ = np.array(model.low, dtype=np.float64)
    asked.col_upper_ = np.array(model.high, dtype=np.float64)
    asked.row_lower_ = np.array([row.low for row in model.rows], dtype=np.float64)
    asked.row_upper_ = np.array([row.high for row in model.rows], dtype=np.float64)
    asked.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    asked.a_matrix_.start_, asked.a_matrix_.index_ = left.indptr, left.indices
    asked.a_matrix_.value_ = left.data
    if any(model.whole):
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        asked.integrality_ = [kinds[whole] for whole in model.whole]
    with _silent():
        highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    chosen = {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.1), **options}
    for name, value in chosen.items():
        highs.setOptionValue(name, value)
    highs.passModel(asked)
    return highs, scale


def matrix(rows: list[Row], columns: int) -> csr_array:
    """Rows as a matrix."""
    start = np.cumsum([0, *(len(row.at) for row in rows)])
    at = np.concatenate([np.array([], dtype=np.intp), *(row.at for row in rows)])
    by = np.concatenate([np.array([]), *(row.by for row in rows)])
    return csr_array((by, at, start), shape=(len(rows), columns))


@contextmanager
def _silent() -> Iterator[None]:
    """Nothing is said on the terminal: HiGHS names itself there before anybody can ask it not to (1.16)."""
    sys.stdout.flush()
    try:
        out = os.dup(1)
    except OSError:  # there is no terminal to be silent on
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(out, 1)
        os.close(out)
        os.close(nowhere)
