"""What is marked as a repetition is one: each such test has combinations, or others, that are not."""

from __future__ import annotations

import itertools

import pytest

from tests.conftest import COLLECTED, ROOT
from tests.covering import daily, each_once, uncovered


@pytest.mark.parametrize("axes", [(range(3),), (range(2), range(5)), (range(4), range(2), range(3))])
def test_each_value_of_each_axis_is_in_a_combination_without_a_mark_and_all_combinations_are_there(axes):
    parameters = each_once(*axes)
    assert [each.values for each in parameters] == list(itertools.product(*axes))
    everyday = [each.values for each in parameters if not each.marks]
    assert len(everyday) == max(map(len, axes))
    assert [{values[n] for values in everyday} for n in range(len(axes))] == [set(axis) for axis in axes]


def test_what_is_picked_is_not_marked():
    assert [bool(each.marks) for each in daily("abc", lambda each: each == "b")] == [True, False, True]
    assert [each.values for each in daily([("a", 1), "b"], lambda _each: True)] == [("a", 1), ("b",)]


def test_a_test_whose_combinations_are_all_marked_is_found():
    items = [
        ("f.py::one[a]", True, []), ("f.py::one[b]", False, []), ("f.py::two[a]", True, []), ("f.py::three", False, []),
        ("f.py::large", True, ["f.py::one", "f.py::three"]), ("f.py::larger", True, ["f.py::one", "f.py::large"]),
        ("f.py::gone", True, ["f.py::four"]),
    ]  # fmt: skip
    assert uncovered(items) == {"f.py::two", "f.py::larger", "f.py::gone"}


def test_each_repetition_has_combinations_or_others_that_are_none(request):
    found = request.config.stash[COLLECTED]
    files = {str(ROOT / name.split("::", 1)[0]) for name, _is_marked, _instead in found}
    if not {str(file) for file in (ROOT / "tests").rglob("test_*.py")} <= files:
        pytest.skip("only a run of all tests knows which there are")
    assert any(is_marked for _name, is_marked, _instead in found)
    assert uncovered(found) == set()
