"""Reports open on the last month that is over, and not on one that nobody has had to file yet."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from reports.views.figures_import import opening_month


@pytest.mark.parametrize(
    ("filed", "day", "opens"),
    [
        (["2026-09", "2026-10"], date(2026, 12, 1), "2026-10"),
        (["2026-09", "2026-10"], date(2026, 12, 10), "2026-10"),  # the last day on which it may be filed
        (["2026-09", "2026-10"], date(2026, 12, 11), "2026-11"),
        (["2026-10", "2026-11"], date(2026, 12, 1), "2026-11"),  # somebody filed early
        (["2026-09"], date(2026, 12, 1), "2026-11"),  # October has no more to show
        ([], date(2026, 12, 1), "2026-11"),
        (["2026-11"], date(2027, 1, 3), "2026-11"),
    ],
)
def test_a_month_that_is_not_due_waits_for_its_first_report(filed, day, opens):
    assert opening_month(pd.DataFrame({"month": pd.Series(filed, dtype="str")}), day) == opens
