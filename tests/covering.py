"""Many combinations of one check: each value once every day (`make test`), all of them with `make test-all`.

A combination that is left for the long run is marked `exhaustive`; `tests/test_covering.py` holds that each test with
such a mark has a combination without it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

import pytest

EXHAUSTIVE = pytest.mark.exhaustive


def each_once(*axes: Sequence[Any], also: Container[tuple[Any, ...]] = ()) -> list[Any]:
    """Return all combinations of the axes as parameters: every value of every axis stands in one that is not marked.

    The unmarked ones are as many as the longest axis has values: the n-th takes the n-th value of each, from the
    beginning where an axis has no more. also: combinations that run every day too.
    """
    longest = max(len(axis) for axis in axes)
    everyday = {tuple(n % len(axis) for axis in axes) for n in range(longest)}
    numbered = zip(itertools.product(*(range(len(axis)) for axis in axes)), itertools.product(*axes), strict=True)
    return [_parameter(values, is_marked=at not in everyday and values not in also) for at, values in numbered]


def daily(values: Iterable[Any], is_daily: Callable[..., bool]) -> list[Any]:
    """Return values, or tuples of them, as parameters: those that `is_daily` picks are not marked."""
    return [_parameter(each if isinstance(each, tuple) else (each,), is_marked=not is_daily(each)) for each in values]


def _parameter(values: Iterable[Any], *, is_marked: bool) -> Any:
    return pytest.param(*values, marks=[EXHAUSTIVE] if is_marked else [])


def uncovered(tests: Iterable[tuple[str, bool]]) -> set[str]:
    """Return which tests have marked combinations alone. tests: the name of each item, and whether it is marked."""
    marked, unmarked = set(), set()
    for name, is_marked in tests:
        (marked if is_marked else unmarked).add(name.split("[", 1)[0])
    return marked - unmarked
