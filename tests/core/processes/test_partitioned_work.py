"""Work is divided by a key only for whoever divides it, and parts come back in their order."""

from __future__ import annotations

import numpy as np

from core.processes.partitioned_work import ONE_PROCESS, OneProcess, positions_by_key

KEYS = np.array(["BC", "AB", "BC", "VS"])


def test_one_process_has_one_part_and_whoever_divides_a_part_for_each_key():
    assert [each.tolist() for each in positions_by_key(KEYS, ONE_PROCESS)] == [[0, 1, 2, 3]]
    assert [each.tolist() for each in positions_by_key(KEYS, OneProcess(divides=True))] == [[1], [0, 2], [3]]
    assert positions_by_key(KEYS[:0], OneProcess(divides=True)) == []


def test_rows_come_in_the_order_of_the_parts():
    assert list(ONE_PROCESS.run(lambda shared, part: shared * part, 10, [3, 1, 2])) == [30, 10, 20]
