"""Columns as plain Python values: the same as pandas gives, equal texts held once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.column_values import shared_values

TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(["", "deschis", "închis", "Bacău"]), st.text(max_size=4)))


@given(TEXTS)
def test_text_is_what_pandas_gives(texts):
    column = pd.Series(texts, dtype="str")
    usual = column.to_numpy(object)
    shared = shared_values(column)
    assert [None if pd.isna(each) else each for each in shared] == [None if pd.isna(each) else each for each in usual]
    assert len({id(each) for each in shared if isinstance(each, str)}) == len(
        {each for each in texts if each is not None}
    )


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, None, 3], dtype="Int64"),
        pd.Series([1.5, None, 1.5]),
        pd.Series([True, False, True]),
        pd.Series([("a",), None, ("a",)], dtype=object),
    ],
    ids=["whole", "measured", "truth", "objects"],
)
def test_other_columns_are_as_they_were(column):
    shared, usual = shared_values(column), column.to_numpy(object)
    assert [repr(each) for each in shared] == [repr(each) for each in usual]


def test_the_table_is_not_changed_by_who_writes_into_the_values():
    column = pd.Series(["a", None], dtype="str")
    shared_values(column)[0] = "b"
    assert column.tolist()[0] == "a"
