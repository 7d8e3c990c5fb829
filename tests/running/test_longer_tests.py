"""The list of tests that take long: made of what a run noted, and of tests that there are."""

from __future__ import annotations

import re

import pytest

from tests import conftest, longer_tests
from tests.conftest import ROOT
from tests.running.collected import Item, config


def test_a_test_is_listed_once_by_what_its_combinations_took_on_average():
    noted = [
        ("a.py::one[x]", 0.2),
        ("a.py::one[y]", 0.4),
        ("a.py::two[x]", 0.3),
        ("a.py::two[y]", 0.0),
        ("b.py::three", 0.2),
    ]
    assert longer_tests.on_average(noted) == pytest.approx({"a.py::one": 0.3, "b.py::three": 0.2})


def test_the_list_is_written_from_what_runs_noted_and_the_last_one_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(longer_tests, "LIST", tmp_path / "list.csv")
    (tmp_path / "first").write_text("9.61\tb.py::one[a\tb]\n0.10\ta.py::two\n", encoding="utf-8")
    (tmp_path / "second").write_text("0.61\tb.py::one[a\tb]\n", encoding="utf-8")
    longer_tests.main([tmp_path / "first", tmp_path / "second"])
    assert (tmp_path / "list.csv").read_text(encoding="utf-8") == "test,seconds\nb.py::one,0.6\n"


def test_the_list_is_of_tests_that_are_there_but_for_a_few_that_were_renamed_since():
    gone = []
    for name in longer_tests.longer_tests():
        file, function = name.split("::", 1)
        path = ROOT / file
        if not path.exists() or not re.search(rf"def {function}\(", path.read_text(encoding="utf-8")):
            gone.append(name)
    assert len(gone) <= len(longer_tests.longer_tests()) / 20, f"run make test-times: {gone}"


@pytest.mark.parametrize(("nodeid", "is_slow"), [("a.py::one[x]", True), ("a.py::one", True), ("a.py::other", False)])
def test_a_listed_test_is_marked_slow_and_its_file_is_begun_with(monkeypatch, nodeid, is_slow):
    monkeypatch.setattr(conftest, "longer_tests", lambda: {"a.py::one": 0.3})
    item, short = Item(nodeid), Item("b.py::short")
    items = [short, item]
    conftest.pytest_collection_modifyitems(config(), items)
    assert item.marks == ({"slow"} if is_slow else set())
    assert items[0] is (item if is_slow else short)
