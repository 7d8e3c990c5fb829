"""Small numbers hidden so that nobody works them out: cells under 5, and enough others that sums keep the secret.

Cells are counts tied by equations (a total is the sum of its children). Hidden are first the cells from 1 to 4;
then a partner in every sum that would give one away; at last, as long as an attack by linear programming
(`reports.disclosure.disclosure_audit`) still finds fewer than `VALUES` whole numbers that fit in a small cell,
whatever the programs' dual
prices say holds it fastest. That is the hitting of sums known from cell suppression of statistical tables; the proof
is the attack itself. A count of 0 is never hidden, and the attacker knows that.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from reports.disclosure import disclosure_audit

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping

    from numpy.typing import NDArray

LEAST_SHOWN = 5
# As many whole numbers fit in every small cell as there are small numbers: nobody learns more than "from 1 to 4".
VALUES = LEAST_SHOWN - 1


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
        """Give what an attacker faces, and which cells the unknowns are."""
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


def hide(
    table: Table,
    *,
    decided: Mapping[Any, bool] | None = None,
    withheld: Collection[Any] = (),
    least: int = LEAST_SHOWN,
    values: int = VALUES,
) -> set[Hashable]:
    """Choose the cells to hide: small ones, and others so that at least `values` whole numbers fit in each of them.

    decided: cells of earlier publications and whether they were hidden; that stays as it is. withheld: cells shown
    to nobody whatever they count, also 0; small ones among them are protected too. Cells that must be equal are hidden
    together. What follows from cells shown before is shown. The table must hold everything that was published and
    ties up with it. Returns every hidden cell, the decided and the withheld included.
    """
    sums, earlier = Sums(table), decided or {}
    before = sums.mark(table, earlier)
    hidden = sums.mark(table, [key for key, was_hidden in earlier.items() if was_hidden])
    # A withheld count that is also somebody's published count is no secret.
    told = sums.mark(table, [key for key in table.keys if key not in withheld])
    unsaid = sums.mark(table, withheld) & ~told & ~before
    hidden |= unsaid
    floor = np.where(hidden & (sums.counts == 0) | unsaid, 0.0, 1.0)
    fixed = before | unsaid | _following(sums, before | unsaid, hidden)
    standing = sums.one == np.arange(len(sums.one))
    hidden |= standing & (sums.counts > 0) & (sums.counts < least) & ~fixed
    _hide_partners(sums, hidden, fixed, range(len(sums.cells)), least, values)
    low = high = sums.counts.astype("float64")
    while True:
        unknowns, cells = sums.unknowns(hidden, floor)
        small = (unknowns.truth > 0) & (unknowns.truth < least)
        known = disclosure_audit.FeasibleRange(low[cells], high[cells], np.zeros(0))
        reach = disclosure_audit.widen(unknowns, small, known, values=values)
        low, high = low.copy(), high.copy()
        low[cells], high[cells] = reach.low, reach.high
        if not (small & (reach.fitting() < values)).any():
            break
        if not _hide_dearest(sums, hidden, fixed, reach.price, least, values):
            break  # everything near is hidden or was published before: the attack has no more to give
    return {key for key, cell in zip(table.keys, sums.one, strict=True) if hidden[cell]}


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


def _hide_partners(
    sums: Sums,
    hidden: NDArray[np.bool_],
    fixed: NDArray[np.bool_],
    waiting: Iterable[int],
    least: int,
    values: int,
) -> None:
    """Hide one cell more in every equation that alone leaves its hidden small ones too little room."""
    numbers = list(waiting)
    while numbers:
        cells = sums.cells[numbers.pop()]
        secret = cells[hidden[cells]]
        if not len(secret) or not _is_tight(
            sums.counts, secret, is_total_hidden=hidden[cells[0]], least=least, values=values
        ):
            continue
        # A 0 hides nothing: the rest then is the sum.
        worth = cells[~hidden[cells] & ~fixed[cells] & (sums.counts[cells] > 0)]
        if not len(worth):
            continue
        partner = int(worth[np.lexsort((worth, sums.counts[worth]))[0]])
        hidden[partner] = True
        numbers += sums.touching[partner]


def _is_tight(
    counts: NDArray[np.int64], secret: NDArray[np.int64], *, is_total_hidden: bool, least: int, values: int
) -> bool:
    """Whether an equation gives a hidden cell away, or leaves a small one fewer than `values` numbers, by itself."""
    if len(secret) == 1:
        return True
    if is_total_hidden or counts[secret].min() >= least:
        return False
    return int(counts[secret].sum()) - (len(secret) - 1) < values


def _hide_dearest(
    sums: Sums, hidden: NDArray[np.bool_], fixed: NDArray[np.bool_], price: NDArray[np.float64], least: int, values: int
) -> bool:
    """Hide what frees most for the least that is lost, at most one cell an equation; tell whether anything could be."""
    gain = np.abs(sums.matrix.T @ price)
    usable = np.flatnonzero((gain > disclosure_audit.NEAR) & ~hidden & ~fixed & (sums.counts > 0))
    usable = usable[np.argsort(sums.counts[usable] / gain[usable], kind="stable")]
    touched: set[int] = set()
    for cell in usable.tolist():
        mine = sums.touching[cell]
        if touched.isdisjoint(mine):
            hidden[cell] = True
            touched.update(mine)
    _hide_partners(sums, hidden, fixed, sorted(touched), least, values)
    return bool(touched)


def bounds(
    table: Table, hidden: Collection[Any], key: Hashable, *, withheld: Collection[Any] = ()
) -> tuple[float, float]:
    """Return the least and the greatest value of a hidden cell that fit with all that is shown."""
    sums = Sums(table)
    mask = sums.mark(table, hidden)
    told = sums.mark(table, [one for one in table.keys if one not in withheld])
    floor = np.where(sums.mark(table, withheld) & ~told, 0.0, 1.0)
    unknowns, cells = sums.unknowns(mask, floor)
    return disclosure_audit.bounds(unknowns, int(np.searchsorted(cells, sums.one[table.place[key]])))
