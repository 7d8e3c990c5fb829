"""Which part of a list a page shows: all rows are on one page each, whatever is asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from core.paging import page_of


@given(some.integers(0, 200), some.integers(1, 30), some.integers() | some.text())
def test_every_row_is_on_exactly_one_page_and_any_request_gives_one_of_them(length, size, asked):
    rows = list(range(length))
    count = page_of(length, size).count
    pages = [rows[page_of(length, size, n).rows] for n in range(1, count + 1)]
    assert [row for page in pages for row in page] == rows
    assert rows[page_of(length, size, asked).rows] in pages
