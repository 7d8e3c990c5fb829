"""Many combinations of one check: each value of each axis once, and the others when it is their turn (tests/turns.py).

A combination that waits is marked `exhaustive`; `tests/running/test_covering.py` holds that each test with such a mark has a
combination without it. A test that waits as a whole names those that hold the same with less around it
(`repeats`): without a browser, on one database, on fewer rows.
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


def repeats(*tests: str) -> pytest.MarkDecorator:
    """Mark a test that waits for its turn, as one that repeats with more around it what others hold without the mark.

    tests: their names, as pytest takes them from the project's folder, without combinations.
    """
    return pytest.mark.exhaustive(tests)


def _parameter(values: Iterable[Any], *, is_marked: bool) -> Any:
    return pytest.param(*values, marks=[EXHAUSTIVE] if is_marked else [])


def uncovered(tests: Iterable[tuple[str, bool, Sequence[str]]]) -> set[str]:
    """Return which tests have marked combinations alone, and no others that hold the same every day.

    tests: the name of each item, whether it is marked, and which tests its mark names.
    """
    marked: dict[str, set[str]] = {}
    unmarked = set()
    for name, is_marked, instead in tests:
        test = name.split("[", 1)[0]
        if is_marked:
            marked.setdefault(test, set()).update(instead)
        else:
            unmarked.add(test)
    return {test for test, instead in marked.items() if test not in unmarked and not (instead and instead <= unmarked)}
