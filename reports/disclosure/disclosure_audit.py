"""The attacker: what hidden counts can still be, for who knows everything shown and how it adds up.

Hidden counts are the unknowns of linear equations with whole numbers that are not negative, or at least 1 where
only a count above 0 would have been hidden. How small and how great each can be is asked of linear programs (HiGHS),
many cells at a time: a solution that moves a thousand cells proves a thousand cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

NEAR = 1e-6
_ROUNDS = 6  # programs in one direction before the cells left are taken for open
_IDLE = 0.9  # a program that leaves more than this share of its cells was the last one in its direction


@dataclass(frozen=True)
class Unknowns:
    """What an attacker faces: `matrix` @ counts = `right`, counts ≥ `floor`; `truth` is what fits for certain."""

    matrix: csr_array
    right: NDArray[np.float64]
    floor: NDArray[np.float64]
    truth: NDArray[np.float64]

    def among(self, cells: NDArray[np.bool_]) -> tuple[Unknowns, NDArray[np.intp], NDArray[np.intp]]:
        """Keep the independent systems that these cells are in; say which rows and which columns they are."""
        _n, label = connected_components(abs(self.matrix.T) @ abs(self.matrix), directed=False)
        columns = np.flatnonzero(np.isin(label, np.unique(label[cells])))
        some = self.matrix[:, columns]
        rows = np.flatnonzero(np.diff(some.indptr))
        kept = Unknowns(some[rows], self.right[rows], self.floor[columns], self.truth[columns])
        return kept, rows, columns


@dataclass(frozen=True)
class FeasibleRange:
    """The least and the greatest value that a solution was found for, by cell; `price` by equation.

    price: how much a unit more on the right side would have helped the last program: which sums hold cells fast.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    price: NDArray[np.float64]

    def fitting(self) -> NDArray[np.float64]:
        """Count the whole numbers that fit, by cell."""
        return np.floor(self.high + NEAR) - np.ceil(self.low - NEAR) + 1


def widen(unknowns: Unknowns, wanted: NDArray[np.bool_], known: FeasibleRange, *, values: int) -> FeasibleRange:
    """Look for solutions until at least so many whole numbers fit in every wanted cell, or no more are found.

    known: what was found before, which holds also where more has been hidden since.
    """
    low, high, price = known.low.copy(), known.high.copy(), np.zeros(len(unknowns.right))
    todo = wanted & (FeasibleRange(low, high, price).fitting() < values)
    if not todo.any():
        return FeasibleRange(low, high, price)
    part, rows, columns = unknowns.among(todo)
    solver = _solver(part)
    mine_low, mine_high, asked = low[columns], high[columns], wanted[columns]
    for upward in (False, True):
        before = np.inf
        for _turn in range(_ROUNDS):
            todo = asked & (FeasibleRange(mine_low, mine_high, price).fitting() < values)
            if not upward:
                todo &= mine_low > part.floor + NEAR
            if not todo.any() or todo.sum() > _IDLE * before:
                break
            before = todo.sum()
            # Nobody needs to go farther up than this: what one cell does not take is left for the others.
            most = np.where(todo & upward, np.ceil(mine_low - NEAR) + values - 1, np.inf)
            found, price[rows] = _solve(solver, part, np.where(todo, -1.0 if upward else 1.0, 0.0), most)
            mine_low, mine_high = np.minimum(mine_low, found), np.maximum(mine_high, found)
    low[columns], high[columns] = mine_low, mine_high
    return FeasibleRange(low, high, price)


def bounds(unknowns: Unknowns, cell: int) -> tuple[float, float]:
    """Return the least and the greatest value of one cell, exactly."""
    chosen = np.arange(len(unknowns.truth)) == cell
    part, _rows, columns = unknowns.among(chosen)
    aim = (columns == cell).astype("float64")
    solver, no_limit = _solver(part), np.full(len(columns), np.inf)
    ends = [float(_solve(solver, part, sign * aim, no_limit)[0] @ aim) for sign in (1, -1)]
    return ends[0], ends[1]


def _solver(unknowns: Unknowns) -> highspy.Highs:
    """Load the equations once; direction and limits change from program to program."""
    rows, columns = unknowns.matrix.shape
    matrix = unknowns.matrix.tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.zeros(columns)
    model.col_lower_, model.col_upper_ = unknowns.floor, _limit(unknowns, np.full(columns, np.inf))
    model.row_lower_ = model.row_upper_ = unknowns.right
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    highs = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
    for name, value in (("output_flag", False), ("threads", 1)):
        highs.setOptionValue(name, value)
    highs.passModel(model)
    return highs


def _limit(unknowns: Unknowns, most: NDArray[np.float64]) -> NDArray[np.float64]:
    # A bounded box keeps the attack finite; no count here comes near it.
    box: NDArray[np.float64] = np.minimum(most, np.abs(unknowns.right).sum() + unknowns.truth.sum() + 100)
    return box


def _solve(
    solver: highspy.Highs, unknowns: Unknowns, aim: NDArray[np.float64], most: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    columns = np.arange(len(aim), dtype=np.int32)
    solver.changeColsCost(len(aim), columns, aim)
    solver.changeColsBounds(len(aim), columns, unknowns.floor, _limit(unknowns, most))
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"the attack could not be worked out: {solver.getModelStatus()}")
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)
