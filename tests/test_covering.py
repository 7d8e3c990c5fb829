"""What is left for the long run is a repetition: each of its tests has combinations that run every day."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.covering import daily, each_once, uncovered

# Run by pytest as a plugin: writes which tests there are and which of them are marked.
PLUGIN = """
import json, os

def pytest_collection_modifyitems(items):
    found = [(item.nodeid, bool(item.get_closest_marker("exhaustive"))) for item in items]
    with open(os.environ["COLLECTED"], "w") as file:
        json.dump(found, file)
"""


@pytest.mark.parametrize("axes", [(range(3),), (range(2), range(5)), (range(4), range(2), range(3))])
def test_each_value_of_each_axis_is_in_a_combination_of_every_day_and_all_combinations_are_there(axes):
    parameters = each_once(*axes)
    assert [each.values for each in parameters] == list(itertools.product(*axes))
    everyday = [each.values for each in parameters if not each.marks]
    assert len(everyday) == max(map(len, axes))
    assert [{values[n] for values in everyday} for n in range(len(axes))] == [set(axis) for axis in axes]


def test_what_is_picked_for_every_day_is_not_marked():
    assert [bool(each.marks) for each in daily("abc", lambda each: each == "b")] == [True, False, True]
    assert [each.values for each in daily([("a", 1), "b"], lambda _each: True)] == [("a", 1), ("b",)]


def test_a_test_whose_combinations_are_all_marked_is_found():
    items = [("f.py::one[a]", True), ("f.py::one[b]", False), ("f.py::two[a]", True), ("f.py::three", False)]
    assert uncovered(items) == {"f.py::two"}


@pytest.mark.slow
def test_each_test_of_the_long_run_has_combinations_that_run_every_day(tmp_path):
    (tmp_path / "collected.py").write_text(PLUGIN, encoding="utf-8")
    files = [str(file) for file in sorted((ROOT / "tests").rglob("test_*.py")) if is_divided(file)]
    assert files
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "collected", "-p", "no:cacheprovider", *files],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "COLLECTED": str(tmp_path / "tests.json")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    found = json.loads((tmp_path / "tests.json").read_text(encoding="utf-8"))
    assert any(is_marked for _name, is_marked in found)
    assert uncovered(found) == set()


def is_divided(file: Path) -> bool:
    text = file.read_text(encoding="utf-8")
    return "tests.covering import" in text or "mark.exhaustive" in text
