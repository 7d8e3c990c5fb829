"""Small numbers hidden so that nobody works them out: cells under 5, and enough others that totals keep the secret.

Cells are counts tied by equations (a total is the sum of its children). Hidden are first the cells from 1 to 4,
then, wherever an equation has exactly one hidden cell, the smallest other one that is not 0, and at last, cell by
cell, whatever an attacker could still pin down by linear programming over all that is shown (`exposed`). The method
is the hitting of sums known from cell suppression of statistical tables; the proof is the attack itself.

Not covered: two editions of one table, published before and after late changes, read against each other; and the
growth of a cumulative count from one month to the next.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from numpy.typing import NDArray

LEAST_SHOWN = 5
_DIRECTIONS = 4  # random attacks in a row that move no further cell, before each cell left is attacked alone
_NEAR = 1e-6


@dataclass
class Table:
    """Counts under construction: cells by key, and the equations between them."""

    keys: list[Hashable] = field(default_factory=list)
    place: dict[Hashable, int] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    equations: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def add(self, key: Hashable, count: int) -> int:
        """Add a cell; return its number."""
        self.place[key] = len(self.keys)
        self.keys.append(key)
        self.counts.append(int(count))
        return self.place[key]

    def tie(self, total: Hashable, children: Iterable[Hashable]) -> None:
        """Say that a cell is the sum of others, all of them added already; ValueError where it is not."""
        tied = self.place[total], tuple(self.place[child] for child in children)
        if self.counts[tied[0]] != sum(self.counts[child] for child in tied[1]):
            raise ValueError(f"{total!r} is not the sum of its children")
        self.equations.append(tied)


def hide(
    table: Table, *, stages: Sequence[Iterable[Hashable]] = (), least: int = LEAST_SHOWN, seed: int = 0
) -> set[Hashable]:
    """Choose the cells to hide: small ones, and others so that no equation, nor all together, gives one away.

    stages: groups of cells in the order in which they are published (the months, then the quarter); what an earlier
    group showed stays shown. All at once where empty. A cell whose parts are all shown is shown, for everybody can
    add them up; it is then no small one either, unless its parts are 0.
    """
    hidden = np.zeros(len(table.keys), bool)
    counts = np.array(table.counts, np.int64)
    order = [[table.place[key] for key in stage] for stage in stages] or [list(range(len(table.keys)))]
    stage_of = np.zeros(len(table.keys), np.int64)
    for number, cells in enumerate(order):
        stage_of[list(cells)] = number
    touching = _touching(table)
    for number, cells in enumerate(order):
        current = stage_of == number
        latest = [int(stage_of[[total, *parts]].max()) for total, parts in table.equations]
        known = [e for e, stage in enumerate(latest) if stage == number]
        told = [e for e, stage in enumerate(latest) if stage <= number]  # of later tables nobody knows yet
        fixed = ~current | _given_away(table, known, stage_of, number, hidden)
        chosen = np.zeros_like(hidden)
        chosen[list(cells)] = True
        hidden |= chosen & (counts > 0) & (counts < least) & ~fixed
        while True:
            _hide_partners(table, known, touching, counts, hidden, fixed)
            small = np.flatnonzero(hidden & (counts < least) & (stage_of <= number))
            open_ones = exposed(table, hidden, small, equations=told, seed=seed)
            if not _hide_beside(table, open_ones, touching, counts, hidden, fixed, known):
                break
    return {table.keys[cell] for cell in np.flatnonzero(hidden)}


def _touching(table: Table) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, (total, parts) in enumerate(table.equations):
        for cell in (total, *parts):
            found[cell].append(number)
    return found


def _given_away(
    table: Table, known: list[int], stage_of: NDArray[np.int64], stage: int, hidden: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Mark the cells that follow from cells shown in earlier stages: hiding them would hide nothing."""
    found = np.zeros_like(hidden)
    for number in known:
        total, parts = table.equations[number]
        if stage_of[total] == stage and (stage_of[list(parts)] < stage).all() and not hidden[list(parts)].any():
            found[total] = True
    return found


def _hide_partners(
    table: Table,
    known: list[int],
    touching: dict[int, list[int]],
    counts: NDArray[np.int64],
    hidden: NDArray[np.bool_],
    fixed: NDArray[np.bool_],
) -> None:
    """Hide a second cell in every equation that has exactly one, until none has."""
    among = set(known)
    waiting = list(known)
    while waiting:
        total, parts = table.equations[waiting.pop()]
        cells = np.array([total, *parts])
        if hidden[cells].sum() != 1:
            continue
        partner = _smallest(cells[~hidden[cells] & ~fixed[cells]], counts)
        if partner is None:
            continue
        hidden[partner] = True
        waiting += [number for number in touching[partner] if number in among]


def _smallest(cells: NDArray[np.int64], counts: NDArray[np.int64]) -> int | None:
    """Choose the smallest cell that is not 0 (a 0 hides nothing: the rest then is the sum)."""
    worth = cells[counts[cells] > 0]
    if not len(worth):
        return None
    return int(worth[np.lexsort((worth, counts[worth]))[0]])


def _hide_beside(
    table: Table,
    open_ones: Iterable[int],
    touching: dict[int, list[int]],
    counts: NDArray[np.int64],
    hidden: NDArray[np.bool_],
    fixed: NDArray[np.bool_],
    known: list[int],
) -> bool:
    """Hide one more cell near every exposed one, the nearer in equations first; tell whether anything could be."""
    among = set(known)
    did = False
    for cell in open_ones:
        around, partner = {cell}, None
        while partner is None:
            wider = around | {
                c
                for near in around
                for e in touching[near]
                if e in among
                for c in (table.equations[e][0], *table.equations[e][1])
            }
            if wider == around:
                break
            around = wider
            partner = _smallest(np.array(sorted(c for c in around if not hidden[c] and not fixed[c]), np.int64), counts)
        if partner is not None:
            hidden[partner] = did = True
    return did


def exposed(
    table: Table,
    hidden: NDArray[np.bool_],
    cells: Iterable[int],
    *,
    equations: Iterable[int] | None = None,
    seed: int = 0,
) -> list[int]:
    """List the hidden cells, of those asked about, that an attacker can work out exactly.

    The attacker knows every shown cell and the equations (all of them where not said which), and that counts are
    whole and not negative. A cell is exposed where the least and the greatest value that fit lie less than 1 apart.
    """
    wanted = {int(cell) for cell in cells}
    systems = _systems(table, hidden, equations)
    if not wanted or not systems:
        return []
    # All systems in one program: a random attack costs then one solution, however many systems there are.
    matrix = block_diag([one[0] for one in systems], format="csr")
    known = np.concatenate([one[1] for one in systems])
    members = np.concatenate([one[2] for one in systems])
    truth = np.array(table.counts, float)[members]
    safe = ~np.isin(members, list(wanted))
    rng = np.random.default_rng(seed)
    idle = 0
    while not safe.all() and idle < _DIRECTIONS:
        aim = np.where(safe, 0.0, rng.normal(size=len(members)))
        moved = np.abs(_solve(matrix, known, aim) - truth) >= 1 - _NEAR
        idle = 0 if (moved & ~safe).any() else idle + 1
        safe |= moved
    left = set(members[~safe].tolist())
    found: list[int] = []
    for part, right, inside in systems:
        for local, cell in enumerate(inside.tolist()):
            if cell in left:
                low, high = _range(part, right, local)
                if high - low < 1 - _NEAR:
                    found.append(cell)
    return found


def bounds(table: Table, hidden: Iterable[Hashable], key: Hashable) -> tuple[float, float]:
    """Return the least and the greatest value of a hidden cell that fit with all that is shown."""
    mask = np.zeros(len(table.keys), bool)
    mask[[table.place[one] for one in hidden]] = True
    cell = table.place[key]
    for matrix, known, members in _systems(table, mask, None):
        local = np.flatnonzero(members == cell)
        if len(local):
            return _range(matrix, known, int(local[0]))
    return 0.0, np.inf


def _systems(
    table: Table, hidden: NDArray[np.bool_], equations: Iterable[int] | None
) -> list[tuple[csr_array, NDArray[np.float64], NDArray[np.int64]]]:
    """Split what the attacker knows of hidden cells into independent systems: matrix, right side, cells."""
    column = np.full(len(hidden), -1)
    cells = np.flatnonzero(hidden)
    column[cells] = np.arange(len(cells))
    rows: list[int] = []
    columns: list[int] = []
    signs: list[float] = []
    known: list[float] = []
    told = range(len(table.equations)) if equations is None else equations
    for total, parts in (table.equations[number] for number in told):
        tied = np.array([total, *parts])
        if not hidden[tied].any():
            continue
        right = 0.0
        for cell, sign in zip(tied, [1.0] + [-1.0] * len(parts), strict=True):
            if hidden[cell]:
                rows.append(len(known))
                columns.append(int(column[cell]))
                signs.append(sign)
            else:
                right -= sign * table.counts[cell]
        known.append(right)
    matrix = csr_array((signs, (rows, columns)), shape=(len(known), len(cells)))
    if not len(cells):
        return []
    _n, label = connected_components(abs(matrix.T) @ abs(matrix), directed=False)
    right_side = np.array(known)
    row_label = np.full(len(known), -1)
    row_label[rows] = label[columns]
    systems = []
    for group in range(int(label.max()) + 1):
        mine, lines = np.flatnonzero(label == group), np.flatnonzero(row_label == group)
        systems.append((matrix[lines][:, mine], right_side[lines], cells[mine]))
    return systems


def _solve(matrix: csr_array, known: NDArray[np.float64], aim: NDArray[np.float64]) -> NDArray[np.float64]:
    # A bounded box keeps the attack finite; no count here comes near it.
    box = float(np.abs(known).sum()) + LEAST_SHOWN + 1
    equations: Any = matrix  # scipy takes sparse ones, its stubs do not say so
    done = linprog(aim, A_eq=equations, b_eq=known, bounds=(0, box), method="highs")
    if not done.success:
        raise RuntimeError(f"the attack could not be worked out: {done.message}")
    return np.asarray(done.x)


def _range(matrix: csr_array, known: NDArray[np.float64], local: int) -> tuple[float, float]:
    aim = np.zeros(matrix.shape[1])
    aim[local] = 1.0
    low = float(_solve(matrix, known, aim)[local])
    return low, float(_solve(matrix, known, -aim)[local])
