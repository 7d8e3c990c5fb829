"""Small numbers hidden so that nobody works them out: cells under 5, and enough others that sums keep the secret.

Complementary cell suppression: cells are counts tied by equations (a total is the sum of its children). Hidden are
first the cells from 1 to 4; then a partner in every sum that would give one away; at last, as long as an attack
(`disclosure_audit`) has not found `VALUES` whole numbers that are possible in every small cell, whatever the dual
prices of its programs say holds cells fastest. Each number is proved by a table of whole counts that fits with all
that is
shown, so the attack is the audit: nothing is published before it has passed. A count of 0 is hidden only where
everybody knows that it may be.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from referrals.records.vocabulary import LEAST_SHOWN
from reports.disclosure import disclosure_audit

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

    from numpy.typing import NDArray

# As many whole numbers fit in every small cell as there are small numbers: nobody learns more than "from 1 to 4".
VALUES = LEAST_SHOWN - 1


class UnprotectedError(RuntimeError):
    """Whatever is hidden, fewer numbers than promised fit in a small cell."""


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


class Sums:
    """A table in numbers: cells that are one and the same count put together, equations as a sparse matrix."""

    def __init__(self, table: Table) -> None:
        self.one = _put_together(table)  # cell of the table -> the cell that stands for it
        self.counts = np.array(table.counts, np.int64)
        found = {
            (int(self.one[total]), tuple(int(self.one[part]) for part in parts)): None
            for total, parts in table.equations
            if len(parts) > 1
        }
        self.cells = [np.array([total, *parts]) for total, parts in found]
        rows = np.repeat(np.arange(len(self.cells)), [len(cells) for cells in self.cells])
        signs = [np.array([1.0, *[-1.0] * (len(cells) - 1)]) for cells in self.cells]
        columns = np.concatenate(self.cells) if self.cells else np.zeros(0, int)
        values = np.concatenate(signs) if signs else np.zeros(0)
        self.matrix = csr_array((values, (rows, columns)), shape=(len(self.cells), len(self.counts)))
        self.touching: dict[int, list[int]] = defaultdict(list)
        for number, cells in enumerate(self.cells):
            for cell in cells.tolist():
                self.touching[cell].append(number)

    def mark(self, table: Table, keys: Iterable[Hashable]) -> NDArray[np.bool_]:
        """Mark the cells that stand for these keys."""
        marked = np.zeros(len(self.counts), bool)
        marked[[self.one[table.place[key]] for key in keys]] = True
        return marked

    def unknowns(
        self, hidden: NDArray[np.bool_], floor: NDArray[np.float64]
    ) -> tuple[disclosure_audit.Unknowns, NDArray[np.intp]]:
        """Return what an attacker faces, and which cells the unknowns are."""
        cells = np.flatnonzero(hidden)
        matrix = self.matrix[:, cells]
        truth = self.counts[cells].astype("float64")
        return disclosure_audit.Unknowns(matrix, matrix @ truth, floor[cells], truth), cells


def _put_together(table: Table) -> NDArray[np.int64]:
    """Name one cell for all that must be equal: a county of one community has one count, not two."""
    root = list(range(len(table.keys)))

    def find(cell: int) -> int:
        while root[cell] != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for total, parts in table.equations:
        if len(parts) == 1:
            a, b = find(total), find(parts[0])
            root[max(a, b)] = min(a, b)
    return np.array([find(cell) for cell in range(len(root))], np.int64)


@dataclass
class _Choice:
    """What is being chosen: which cells are hidden, and what is known of each by its number."""

    sums: Sums
    values: int  # whole numbers that must fit in a small cell
    small: NDArray[np.bool_]  # must be hidden, and stay open
    fixed: NDArray[np.bool_]  # was decided before, or follows from it
    floor: NDArray[np.float64]  # the least that a hidden count can be, as everybody knows
    hidden: NDArray[np.bool_]

    def usable(self, cells: NDArray[np.intp]) -> NDArray[np.intp]:
        """Keep the cells that may be hidden too. A 0 hides nothing: the rest then is the sum."""
        return cells[~self.hidden[cells] & ~self.fixed[cells] & (self.sums.counts[cells] > 0)]


def hide(
    table: Table,
    *,
    decided: Mapping[Any, bool] | None = None,
    withheld: Collection[Any] = (),
    zeros_hidden: Collection[Any] = (),
    least: int = LEAST_SHOWN,
    values: int = VALUES,
) -> set[Hashable]:
    """Choose the cells to hide: small ones, and others so that at least `values` whole numbers fit in each of them.

    The table must hold everything that was published and ties up with it. Cells that must be equal are hidden
    together, and what follows from cells shown before is shown.

    Parameters
    ----------
    table
        Counts and the sums that tie them.
    decided
        Cells of earlier publications and whether they were hidden; that stays as it is.
    withheld
        Cells shown to nobody whatever they count, also 0; small ones among them are protected too.
    zeros_hidden
        Cells of which a count of 0 is hidden too: elsewhere 0 is shown, and everybody knows it.
    least
        The smallest count above 0 that need not be hidden.
    values
        How many whole numbers must fit in every cell from 1 to `least` - 1, given everything that is shown.

    Returns
    -------
    set of keys
        Every hidden cell, the decided and the withheld included.

    Raises
    ------
    UnprotectedError
        Where earlier publications give a small count away, whatever is hidden now.
    """
    made = _begin(Sums(table), table, decided or {}, withheld, zeros_hidden, least, values)
    sums = made.sums
    _hide_partners(made, range(len(sums.cells)))
    possible = disclosure_audit.bits(sums.counts)
    while True:
        unknowns, cells = sums.unknowns(made.hidden, made.floor)
        attacked = disclosure_audit.Attack(unknowns, made.small[cells], possible[cells], values=values)
        prices = attacked.widen()
        chosen = _dearest(made, prices) or _for_each(made, attacked, cells) if attacked.tight().any() else []
        possible[cells] = attacked.possible
        if not chosen:
            break
        made.hidden[chosen] = True
        _hide_partners(made, sorted({number for cell in chosen for number in sums.touching[cell]}))
    return {key for key, cell in zip(table.keys, sums.one, strict=True) if made.hidden[cell]}


def _begin(
    sums: Sums,
    table: Table,
    earlier: Mapping[Any, bool],
    withheld: Collection[Any],
    zeros_hidden: Collection[Any],
    least: int,
    values: int,
) -> _Choice:
    """Hide what was hidden or is withheld, and the small cells."""
    before = sums.mark(table, earlier)
    hidden = sums.mark(table, [key for key, was_hidden in earlier.items() if was_hidden])
    # A withheld count that is also somebody's published count is no secret.
    unsaid = sums.mark(table, withheld) & ~sums.mark(table, set(table.keys).difference(withheld)) & ~before
    doubtful = sums.mark(table, zeros_hidden) & ~sums.mark(table, set(table.keys).difference(withheld, zeros_hidden))
    hidden |= unsaid | doubtful & (sums.counts == 0)
    floor = np.where(hidden & (sums.counts == 0) | unsaid | doubtful, 0.0, 1.0)
    fixed = before | unsaid | _following(sums, before | unsaid, hidden)
    small = (sums.one == np.arange(len(sums.one))) & (sums.counts > 0) & (sums.counts < least)
    hidden |= small & ~fixed
    if (small & ~hidden).any():
        raise UnprotectedError("a small count was shown before, or follows from what was")
    return _Choice(sums, values, small, fixed, floor, hidden)


def _following(sums: Sums, before: NDArray[np.bool_], hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark new cells that follow from cells shown before: hiding them would hide nothing."""
    shown = before & ~hidden
    while True:
        lacking = abs(sums.matrix) @ (~shown).astype("float64")
        last = np.flatnonzero(np.abs(lacking - 1) < disclosure_audit.NEAR)
        found = np.zeros_like(shown)
        for number in last:
            cells = sums.cells[number]
            found[cells[~shown[cells]]] = True
        found &= ~before & ~shown
        if not found.any():
            return shown & ~before
        shown |= found


def _hide_partners(made: _Choice, waiting: Iterable[int]) -> None:
    """Hide one cell more in every equation that alone leaves its hidden small ones too little room."""
    numbers = list(waiting)
    while numbers:
        cells = made.sums.cells[numbers.pop()]
        if not _is_tight(made, cells):
            continue
        worth = made.usable(cells)
        if not len(worth):
            continue
        partner = int(worth[np.lexsort((worth, made.sums.counts[worth]))[0]])
        made.hidden[partner] = True
        numbers += made.sums.touching[partner]


def _is_tight(made: _Choice, cells: NDArray[np.int64]) -> bool:
    """Whether a sum gives a hidden cell away, or leaves a small one too few numbers, by itself; the total is first."""
    secret = cells[made.hidden[cells]]
    if len(secret) == 1:
        return bool(made.sums.counts[secret[0]] > 0)
    if made.hidden[cells[0]] or not made.small[secret].any():
        return False
    return float((made.sums.counts[secret] - made.floor[secret]).sum()) + 1 < made.values


def _dearest(made: _Choice, prices: NDArray[np.float64]) -> list[int]:
    """Choose what frees most for the least that is lost, at most one cell an equation; none where nothing would."""
    counts, gain = made.sums.counts, np.abs(made.sums.matrix.T @ prices).sum(axis=1)
    usable = made.usable(np.flatnonzero(gain > disclosure_audit.NEAR))
    usable = usable[np.argsort(counts[usable] / gain[usable], kind="stable")]
    touched: set[int] = set()
    chosen = []
    for cell in usable.tolist():
        mine = made.sums.touching[cell]
        if touched.isdisjoint(mine):
            chosen.append(cell)
            touched.update(mine)
    return chosen


def _for_each(made: _Choice, attacked: disclosure_audit.Attack, cells: NDArray[np.intp]) -> list[int]:
    """Ask about each cell by itself: programs over many move nothing where one cell's gain is another's loss."""
    chosen: list[int] = []
    touched: set[int] = set()
    for place in np.flatnonzero(attacked.tight()).tolist():
        if not attacked.tight()[place]:
            continue
        prices = attacked.examine(place)
        if not attacked.tight()[place]:
            continue
        best = (_dearest(made, prices) or _nearest(made, int(cells[place])))[0]
        if touched.isdisjoint(made.sums.touching[best]):
            chosen.append(best)
            touched.update(made.sums.touching[best])
    return chosen


def _nearest(made: _Choice, cell: int) -> list[int]:
    """Choose the smallest count in the sums nearest to a cell: for whole solutions there are no prices."""
    sums = made.sums
    ring, known = {cell}, {cell}
    while ring:
        met = {int(other) for one in ring for number in sums.touching[one] for other in sums.cells[number]} - known
        near = made.usable(np.array(sorted(met), int))
        if len(near):
            return [int(near[np.argmin(sums.counts[near])])]
        known |= met
        ring = {other for other in met if made.hidden[other]}
    raise UnprotectedError("a small count follows from what was published before, whatever else is hidden")
