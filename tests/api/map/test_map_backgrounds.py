"""The steps of each background hold every area once, and say their ends."""

from __future__ import annotations

import pandas as pd

from api.map.map_backgrounds import backgrounds


def test_each_background_counts_every_area_once_and_those_not_known_apart():
    table = pd.DataFrame(
        {
            "is_atlas_loaded": True,
            "atlas_class": pd.array([4, 1, None, 2], dtype="Int64"),
            "rate_percent": [45.0, 5.0, float("nan"), 15.1],
            "people_marginalised": pd.array([2_000, 200, None, 601], dtype="Int64"),
        }
    )
    by_class, rate, people, *of_service, none = backgrounds(table)
    for found in (by_class, rate, people):
        *steps, community = found.legend
        assert sum(step.amount for step in steps) == len(table)
        assert (steps[-1].mark, steps[-1].amount) == ("class-0", 1)
        assert community.amount is None
    for found in (rate, people):
        assert [step.amount for step in found.legend] == [1, 1, 0, 1, 1, None]
    assert all(each.legend == () for each in (*of_service, none))
    assert len({step.words for step in rate.legend}) == 6
