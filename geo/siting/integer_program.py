"""Linear programs with whole numbers, put together from arrays and given to HiGHS."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from scipy.sparse import coo_matrix

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Positions = NDArray[np.intp]

_TELL_EVERY_S = 0.2
# From here on an interior point finds the first bound ten times sooner than the simplex (measured on the
# national covering problem: 5 s against 84 s).
_MANY_ROWS = 5_000


@dataclass(frozen=True)
class Progress:
    """How far a search has come: the best solution so far, what no solution can beat, and the gap between."""

    seconds: float
    best: float | None
    bound: float | None
    gap: float | None


Watch = Callable[[Progress], bool | None]  # returns False to stop the search


@dataclass(frozen=True)
class Outcome:
    """What HiGHS answered. `values` is None where it found no solution."""

    values: Floats | None
    objective: float
    bound: float
    is_infeasible: bool
    seconds: float


@dataclass
class Program:
    """A program under construction, always to be minimised: columns, rows and the entries between them."""

    cost: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    whole: list[NDArray[np.bool_]] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Positions, Positions, Floats]] = field(default_factory=list)
    offset: float = 0.0
    columns: int = 0
    rows: int = 0

    def add_columns(
        self, count: int, *, cost: ArrayLike = 0.0, lower: ArrayLike = 0.0, upper: ArrayLike = 1.0, whole: bool = False
    ) -> Positions:
        """Add variables; return their positions."""
        for parts, value in ((self.cost, cost), (self.lower, lower), (self.upper, upper)):
            parts.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)))
        self.whole.append(np.full(count, whole))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(self, count: int, *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf) -> Positions:
        """Add constraints lower ≤ … ≤ upper; return their positions."""
        for parts, value in ((self.row_lower, lower), (self.row_upper, upper)):
            parts.append(np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)))
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def enter(self, rows: ArrayLike, columns: ArrayLike, values: ArrayLike = 1.0) -> None:
        """Enter coefficients: `values` at (`rows`, `columns`), broadcast together; equal places add up."""
        row, column, value = np.broadcast_arrays(np.asarray(rows), np.asarray(columns), np.asarray(values, dtype=float))
        self.entries.append((row.ravel(), column.ravel(), value.ravel()))


def solve(
    program: Program,
    *,
    gap: float = 0.0,
    time_limit_s: float | None = None,
    watch: Watch | None = None,
    start: Floats | None = None,
    hint: Positions | None = None,
) -> Outcome:
    """Minimise a program to a proven relative gap, within a time, telling `watch` how far it is.

    `start` is a solution to begin from, `hint` the whole variables that are 1 in one, the others 0. A program without
    whole variables is solved by the simplex method, so that its answer is a vertex: whole people where supplies and
    demands are whole.
    """
    began = time.monotonic()
    if not program.columns:
        return Outcome(np.empty(0), program.offset, program.offset, is_infeasible=False, seconds=0.0)
    model, is_whole = _model(program)
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-7)
    if time_limit_s is not None:
        highs.setOptionValue("time_limit", float(time_limit_s))
    if is_whole and is_large(program):
        highs.setOptionValue("mip_lp_solver", "ipm")
    if not is_whole:
        highs.setOptionValue("solver", "simplex")
    highs.passModel(model)
    if start is not None and is_whole:
        begin = highspy.HighsSolution()
        begin.col_value = list(start)
        highs.setSolution(begin)
    if hint is not None and is_whole:
        whole = np.flatnonzero(np.concatenate(program.whole)).astype(np.int32)
        highs.setSolution(len(whole), whole, np.isin(whole, hint).astype(np.float64))
    if watch is not None and is_whole:
        _attach(highs, watch)
    highs.run()
    return _outcome(highs, is_whole=is_whole, seconds=time.monotonic() - began)


def linear_relaxation(program: Program, *, time_limit_s: float | None = None) -> Outcome:
    """Solve the program without its whole numbers; its `bound` is what no solution can beat.

    By interior point without crossover, which for large covering problems takes seconds where a vertex takes
    minutes. The bound is lowered by a hair, since the point is optimal to a tolerance only.
    """
    began = time.monotonic()
    model, _is_whole = _model(program)
    model.integrality_ = []
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", "ipm")
    highs.setOptionValue("run_crossover", "off")
    if time_limit_s is not None:
        highs.setOptionValue("time_limit", float(time_limit_s))
    highs.passModel(model)
    highs.run()
    seconds = time.monotonic() - began
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return Outcome(None, np.inf, -np.inf, is_infeasible=False, seconds=seconds)
    value = float(highs.getInfo().objective_function_value)
    values = np.array(highs.getSolution().col_value, dtype=np.float64)
    return Outcome(values, value, value - 1e-6 * abs(value), is_infeasible=False, seconds=seconds)


def without(program: Program, columns: Positions) -> Program:
    """Return the same program with these columns held at 0."""
    upper = np.concatenate(program.upper)
    upper[columns] = 0.0
    return replace(program, upper=[upper])


def is_large(program: Program) -> bool:
    """Whether the linear bound is worth finding by itself first."""
    return program.rows > _MANY_ROWS


def _model(program: Program) -> tuple[highspy.HighsLp, bool]:
    parts = [np.concatenate(p) if p else np.empty(0) for p in zip(*program.entries, strict=True)]
    row, column, value = parts or [np.empty(0), np.empty(0), np.empty(0)]
    matrix = coo_matrix(
        (value, (row.astype(np.int32), column.astype(np.int32))), shape=(program.rows, program.columns)
    ).tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = program.columns, program.rows
    model.col_cost_, model.offset_ = np.concatenate(program.cost), program.offset
    model.col_lower_, model.col_upper_ = np.concatenate(program.lower), np.concatenate(program.upper)
    model.row_lower_ = np.concatenate([*program.row_lower, np.empty(0)])
    model.row_upper_ = np.concatenate([*program.row_upper, np.empty(0)])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        matrix.indptr,
        matrix.indices,
        matrix.data,
    )
    whole = np.concatenate(program.whole)
    if whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(w)] for w in whole]
    return model, bool(whole.any())


def _attach(highs: highspy.Highs, watch: Watch) -> None:
    """Tell `watch` now and then; stop where it answers False."""
    items = [0.0]

    def on_check(event: Any) -> None:
        now = time.monotonic()
        if now - items[0] < _TELL_EVERY_S:
            return
        items[0] = now
        state = event.data_out
        best = state.mip_primal_bound if np.isfinite(state.mip_primal_bound) else None
        bound = state.mip_dual_bound if np.isfinite(state.mip_dual_bound) else None
        gap = relative_gap(best, bound) if best is not None and bound is not None else None
        if watch(Progress(state.running_time, best, bound, gap)) is False:
            event.interrupt()

    highs.cbMipInterrupt.subscribe(on_check)


def _outcome(highs: highspy.Highs, *, is_whole: bool, seconds: float) -> Outcome:
    status, info = highs.getModelStatus(), highs.getInfo()
    infeasible = status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible and not infeasible
    if not found:
        return Outcome(None, np.inf, info.mip_dual_bound if is_whole else -np.inf, infeasible, seconds)
    values = np.array(highs.getSolution().col_value, dtype=np.float64)
    is_optimal = status == highspy.HighsModelStatus.kOptimal
    linear_bound = info.objective_function_value if is_optimal else -np.inf
    bound = info.mip_dual_bound if is_whole else linear_bound
    return Outcome(values, info.objective_function_value, bound, is_infeasible=False, seconds=seconds)


def relative_gap(objective: float, bound: float) -> float:
    """Distance of a solution from its bound, as a share of the solution; 0 where it is proven best."""
    distance = abs(objective - bound)
    if distance <= 1e-9 * max(1.0, abs(objective)):
        return 0.0
    return float(distance / abs(objective)) if objective else float("inf")
