"""Tests as pytest collected them, and the options of a run, without a run."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


class Item:
    """A test with its combination and its marks."""

    def __init__(self, nodeid: str, *marks: str) -> None:
        self.nodeid = nodeid
        self.marks = set(marks)

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return getattr(pytest.mark, name).mark if name in self.marks else None

    def add_marker(self, name: str) -> None:
        self.marks.add(name)


def config(**options: object) -> SimpleNamespace:
    """Return the options of a run, which notes what it leaves out. options: by their names, None where not given."""
    run = SimpleNamespace(stash={}, deselected=[])
    run.getoption = lambda name: options.get(name.removeprefix("--").replace("-", "_"))

    def pytest_deselected(items: list[Item]) -> None:
        run.deselected.extend(items)

    run.hook = SimpleNamespace(pytest_deselected=pytest_deselected)
    return run
