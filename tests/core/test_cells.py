"""What stands for "not known" in tables, whichever library wrote it."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from core.cells import date_or_none, int_or_none, is_missing, text_or_empty

NOTHING = [None, float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT")]


@pytest.mark.parametrize("value", NOTHING)
def test_every_way_to_say_nothing_is_nothing(value):
    assert is_missing(value)
    assert int_or_none(value) is None
    assert date_or_none(value) is None
    assert text_or_empty(value) == ""


@pytest.mark.parametrize("value", [0, 0.0, False, "", "NaN", [], np.int64(0), np.float64(-1)])
def test_zero_false_and_an_empty_text_are_not_nothing(value):
    assert not is_missing(value)


def test_a_number_a_day_and_a_text_are_given_in_plain_types():
    assert [type(int_or_none(value)) for value in (3.0, np.float64(3), np.int64(3), pd.array([3], "Int64")[0])] == [
        int
    ] * 4
    assert int_or_none(3.9) == 3
    assert date_or_none(pd.Timestamp("2026-12-02 23:59")) == date_or_none(datetime(2026, 12, 2)) == date(2026, 12, 2)
    assert [text_or_empty(value) for value in ("Bacău", 7, b"x")] == ["Bacău", "", ""]
