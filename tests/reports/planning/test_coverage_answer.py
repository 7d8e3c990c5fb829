"""What „Acoperire” says in words of its figures."""

from __future__ import annotations

import pytest

from reports.planning import coverage_answer

ROW = {
    "rank": 1, "name": "Târgu Ocna", "uat_siruta": 20_313, "county": "BC", "left_out": 38, "reason": "none",
    "phone_first": "", "phone": None, "priority": 3.48,
}  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "said"), [(15.3, "16 min"), (15.0, "15 min"), (14.6, "15 min"), (float("nan"), "nimeni nu ajunge")]
)
def test_a_way_that_is_too_long_is_not_rounded_to_the_longest_allowed(minutes, said):
    line = coverage_answer._gap({**ROW, "minutes_mean": minutes}, {"BC": "Bacău"}, 15)
    assert line.way == said
