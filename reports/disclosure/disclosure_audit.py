"""The attacker: what hidden counts can still be, for who knows everything shown and how it adds up.

Hidden counts are the unknowns of linear equations, whole numbers that are not negative, or at least 1 where only a
count above 0 would have been hidden. A number is possible for a cell if the equations have a solution in whole numbers
with it. Solutions are looked for by linear programs (HiGHS): first for many cells at a time, since one solution proves
something of every cell that it moves, then for single cells, at last by integer programs. Each is checked in whole
numbers before it counts, so that a number counted as possible is possible, whatever the solver's tolerances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR = 1e-6
_TURNS = 8  # of programs over many cells before each cell is asked by itself
_IDLE = 0.9  # a program that leaves more than this share of its cells is not run again
_FEW = 0.05  # nothing is sought between the truth and a solution for the sake of a smaller share of the cells
_GREATEST = 62  # numbers above are one number: a set of possible ones is the bits of one integer
_NODES = 200  # of the search for a whole solution; where it ends without one, none is taken to exist


@dataclass(frozen=True)
class Unknowns:
    """What an attacker faces: `matrix` @ counts = `right`, counts ≥ `floor`; `truth` is what fits for certain."""

    matrix: csr_array
    right: NDArray[np.float64]
    floor: NDArray[np.float64]
    truth: NDArray[np.float64]

    def among(self, cells: NDArray[np.bool_]) -> tuple[Unknowns, NDArray[np.intp], NDArray[np.intp]]:
        """Keep the independent systems that these cells are in; say which rows and which columns they are."""
        label = _parts(self.matrix)
        return self.only(np.flatnonzero(np.isin(label, np.unique(label[cells]))))

    def only(self, columns: NDArray[np.intp]) -> tuple[Unknowns, NDArray[np.intp], NDArray[np.intp]]:
        """Keep some cells, as if the others were known; say which rows and which columns they are."""
        some = self.matrix[:, columns]
        rows = np.flatnonzero(np.diff(some.indptr))
        matrix, truth = some[rows], self.truth[columns]
        return Unknowns(matrix, matrix @ truth, self.floor[columns], truth), rows, columns


def _parts(matrix: csr_array) -> NDArray[np.int32]:
    """Give each column the number of the independent system that it is in."""
    rows, columns = matrix.shape
    # An edge for each number in the matrix, from its row to its column.
    indptr = np.concatenate([matrix.indptr, np.full(columns, matrix.indptr[-1], matrix.indptr.dtype)])
    size = rows + columns
    edges = csr_array((np.ones(len(matrix.data)), matrix.indices + rows, indptr), shape=(size, size))
    _n, label = connected_components(edges, directed=False)
    return np.asarray(label[rows:], np.int32)


def bits(counts: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Make the set of one number for each cell."""
    return np.left_shift(np.int64(1), np.clip(counts, 0, _GREATEST).astype(np.int64))


def how_many(possible: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the numbers known to be possible, by cell."""
    return np.bitwise_count(possible).astype(np.int64)


@dataclass(frozen=True)
class Aim:
    """What a program asks of each cell: to fall (1) or rise (-1) or nothing (0), and between which limits."""

    cost: NDArray[np.float64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


class BoundsProgram:
    """A linear program over unknowns, or an integer one. It begins where it ended before: aims change little."""

    def __init__(self, unknowns: Unknowns, *, is_whole: bool = False) -> None:
        self.unknowns = unknowns
        rows, columns = unknowns.matrix.shape
        matrix = unknowns.matrix.tocsc()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_ = np.zeros(columns)
        model.col_lower_, model.col_upper_ = unknowns.floor, self._limit(np.full(columns, np.inf))
        model.row_lower_ = model.row_upper_ = unknowns.right
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
        model.a_matrix_.value_ = matrix.data
        if is_whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * columns
        self.solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy ships no types
        for name, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", _NODES)):
            self.solver.setOptionValue(name, value)
        self.solver.passModel(model)

    def _limit(self, most: NDArray[np.float64]) -> NDArray[np.float64]:
        # A bounded box keeps the attack finite; no count here comes near it.
        box = np.abs(self.unknowns.right).sum() + self.unknowns.truth.sum() + 100
        limit: NDArray[np.float64] = np.minimum(most, box)
        return limit

    def solve(self, aim: Aim) -> NDArray[np.float64] | None:
        """Return the values of a solution; None where there is none."""
        columns = np.arange(len(aim.cost), dtype=np.int32)
        self.solver.changeColsCost(len(columns), columns, aim.cost)
        self.solver.changeColsBounds(len(columns), columns, aim.least, self._limit(aim.most))
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self.solver.getSolution().col_value)

    def price(self, aim: Aim) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Solve a program that the truth fits: values by cell, and how much a unit more in each sum would help."""
        found = self.solve(aim)
        if found is None:
            raise RuntimeError(f"the attack could not be worked out: {self.solver.getModelStatus()}")
        return found, np.array(self.solver.getSolution().row_dual)


class Attack:
    """An attack on some cells: what is possible in each of them, as far as it was looked for.

    wanted: cells in which `values` numbers ought to be possible. possible: the sets of numbers found before, which
    hold also where more has been hidden since.
    """

    def __init__(
        self, unknowns: Unknowns, wanted: NDArray[np.bool_], possible: NDArray[np.int64], *, values: int
    ) -> None:
        self.unknowns, self.wanted, self.values = unknowns, wanted, values
        self.possible = possible.copy()
        self._single: tuple[BoundsProgram, NDArray[np.intp], NDArray[np.intp]] | None = None

    def tight(self) -> NDArray[np.bool_]:
        """Mark the wanted cells with too few possible numbers."""
        return self.wanted & (how_many(self.possible) < self.values)

    def widen(self) -> NDArray[np.float64]:
        """Look for solutions that move many cells, until no cell is tight or a turn finds little.

        Returns prices by equation, from the last programs: which sums hold cells fast.
        """
        prices = np.zeros((len(self.unknowns.right), len(_AIMS)))
        # Cells of 0 are many where lists leave them out, and seldom needed: first as if all were known, then those in
        # sums with tight cells not.
        for near_only in (False, True):
            if not (tight := self.tight()).any():
                break
            part, rows, columns = self.unknowns.among(tight)
            free = part.truth > 0
            if near_only:
                if free.all():
                    break
                near = abs(part.matrix) @ tight[columns].astype("float64")
                free |= abs(part.matrix.T) @ near > 0
            part, some, inner = part.only(np.flatnonzero(free))
            prices[:] = 0
            prices[rows[some]] = self._widen(part, columns[inner])
        return prices

    def _widen(self, part: Unknowns, columns: NDArray[np.intp]) -> NDArray[np.float64]:
        prices = np.zeros((len(part.right), len(_AIMS)))
        programs, between = [BoundsProgram(part) for _aim in _AIMS], BoundsProgram(part)
        possible, wanted = self.possible[columns], self.wanted[columns]
        promising = list(range(len(_AIMS)))
        for number in (number for _turn in range(_TURNS) for number in range(len(_AIMS))):
            tight = wanted & (how_many(possible) < self.values)
            if not tight.any():
                break
            if number not in promising:
                continue
            found, prices[:, number] = programs[number].price(_AIMS[number](part, tight, self.values))
            possible = _seen(part, possible, found, self.values)
            possible = _between(between, tight, possible, found, self.values)
            if (tight & (how_many(possible) < self.values)).sum() > _IDLE * tight.sum():
                promising.remove(number)
        self.possible[columns] = possible
        return prices

    def examine(self, cell: int) -> NDArray[np.float64]:
        """Look for numbers that are possible in one cell until there are enough or none is left to try.

        Returns prices by equation: what holds the cell fast below and above.
        """
        if self._single is None:
            part, rows, columns = self.unknowns.among(self.tight())
            self._single = BoundsProgram(part), rows, columns
        program, rows, columns = self._single
        part, here = program.unknowns, int(np.searchsorted(columns, cell))
        possible, prices = self.possible[columns], np.zeros((len(self.unknowns.right), 2))
        cost, most = (columns == cell).astype("float64"), np.full(len(columns), np.inf)
        truth, ends = int(part.truth[here]), list[float]()
        for side, highest in enumerate((np.inf, truth + self.values - 1)):
            most[here] = highest
            found, prices[rows, side] = program.price(Aim(cost * (-1) ** side, part.floor, most))
            possible, ends = _seen(part, possible, found, self.values), [*ends, float(found[here])]
        for number in sorted(
            range(round(np.ceil(ends[0] - NEAR)), round(np.floor(ends[1] + NEAR)) + 1), key=lambda n: abs(n - truth)
        ):
            if how_many(possible[here]) < self.values:
                possible = _ask(program, possible, here, number, self.values)
        self.possible[columns] = possible
        return prices


def _opposite(unknowns: Unknowns, tight: NDArray[np.bool_], values: int) -> Aim:
    """Turn small counts round: 1 to 4, 2 to 3 and back. What one gives the other takes, where few share a sum."""
    return _toward(unknowns, tight, values + 1 - unknowns.truth)


def _upward(unknowns: Unknowns, tight: NDArray[np.bool_], values: int) -> Aim:
    # Nobody needs to go farther up than this: what one cell does not take is left for the others.
    return _toward(unknowns, tight, unknowns.truth + values - 1)


def _downward(unknowns: Unknowns, tight: NDArray[np.bool_], _values: int) -> Aim:
    return _toward(unknowns, tight, unknowns.floor)


_AIMS = (_opposite, _upward, _downward)


def _toward(unknowns: Unknowns, tight: NDArray[np.bool_], target: NDArray[np.float64]) -> Aim:
    """Ask cells to come as near as they can to a number each, and not to go beyond it."""
    target = np.maximum(target, unknowns.floor)
    falls, rises = tight & (target < unknowns.truth), tight & (target > unknowns.truth)
    least, most = np.where(falls, target, unknowns.floor), np.where(rises, target, np.inf)
    return Aim(falls.astype("float64") - rises, least, most)


def _between(
    program: BoundsProgram,
    tight: NDArray[np.bool_],
    possible: NDArray[np.int64],
    found: NDArray[np.float64],
    values: int,
) -> NDArray[np.int64]:
    """Look for whole solutions on the way from the truth to a solution, in equal steps."""
    unknowns = program.unknowns
    for step in range(1, values - 1):
        there = unknowns.truth + (found - unknowns.truth) * step / (values - 1)
        aim = Aim(np.zeros(len(there)), np.floor(there + NEAR), np.ceil(there - NEAR))
        new = tight & (how_many(possible) < values) & (possible & bits(aim.least) == 0)
        if new.sum() <= _FEW * tight.sum() or (fitting := program.solve(aim)) is None:
            continue
        possible = _seen(unknowns, possible, fitting, values)
        new &= possible & bits(aim.least) == 0
        if new.sum() > _FEW * tight.sum():
            part, _rows, columns = unknowns.among(new)
            whole = BoundsProgram(part, is_whole=True).solve(
                Aim(aim.cost[columns], aim.least[columns], aim.most[columns])
            )
            if whole is not None:
                possible[columns] = _seen(part, possible[columns], whole, values)
    return possible


def _seen(
    unknowns: Unknowns, possible: NDArray[np.int64], solution: NDArray[np.float64], values: int
) -> NDArray[np.int64]:
    """Add the numbers that a solution proves to be possible.

    The difference to the truth falls into moves that need nothing of one another. A whole one can be made alone, and
    in equal steps, forward and back, as long as no count falls below its floor.
    """
    columns = np.flatnonzero(np.abs(solution - unknowns.truth) > NEAR)
    if not len(columns):
        return possible
    matrix = unknowns.matrix[:, columns]
    matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
    label = _parts(matrix)
    truth = unknowns.truth[columns].astype(np.int64)
    room = truth - unknowns.floor[columns].astype(np.int64)
    step = np.rint(solution[columns]).astype(np.int64) - truth
    is_whole = np.abs(solution[columns] - np.rint(solution[columns])) <= NEAR
    wrong = abs(matrix.T) @ np.abs(matrix @ step) > 0  # a sum that does not hold in whole numbers
    good = np.ones(int(label.max()) + 1, bool)
    good[label[~is_whole | wrong | (step < -room)]] = False
    unit = np.zeros(len(good), np.int64)
    np.gcd.at(unit, label, np.abs(step))
    found = possible[columns] | np.where(good[label], bits(truth + step), 0)
    step = step // np.maximum(unit, 1)[label]
    for direction in (1, -1):
        falls = direction * step < 0
        farthest = np.full(len(good), values - 1)
        np.minimum.at(farthest, label[falls], room[falls] // np.abs(step[falls]))
        for times in range(1, values):
            can = (good & (farthest >= times))[label]
            found[can] |= bits((truth + direction * times * step)[can])
    possible = possible.copy()
    possible[columns] = found
    return possible


def _ask(program: BoundsProgram, possible: NDArray[np.int64], cell: int, number: int, values: int) -> NDArray[np.int64]:
    """Look for a whole solution with a number in a cell: by a linear program, then by an integer one."""
    unknowns = program.unknowns
    least, most = unknowns.floor.copy(), np.full(len(unknowns.truth), np.inf)
    least[cell] = most[cell] = number
    aim, asked = Aim(np.zeros(len(least)), least, most), bits(least)[cell]
    for is_whole in (False, True):
        if possible[cell] & asked:
            break
        found = (BoundsProgram(unknowns, is_whole=True) if is_whole else program).solve(aim)
        if found is None:
            break
        possible = _seen(unknowns, possible, found, values)
    return possible
