"""What one state of a table changes against another."""

from __future__ import annotations

import pandas as pd

from core.storage.differences import difference


def test_what_a_protected_row_says_changes_nothing_in_the_difference_of_two_states():
    def state(*rows):
        return pd.DataFrame(rows, columns=["service_id", "name", "is_secret"])

    before = state(("a", "A", False), ("b", "B", True), ("c", "C", True))
    for other in (("b", "B", True), ("x", "Y", True)):
        after = state(("a", "A2", False), other)
        found = difference(before, after, key="service_id")
        assert found.to_numpy().tolist() == [["protected:1", "removed", ""], ["a", "changed", "name"]]
