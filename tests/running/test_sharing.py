"""A whole run on two processes: what belongs together is run by one."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT
from tests.sharing import group_of

HOOK = """
import os, pytest
from tests.sharing import GroupScheduling

def pytest_xdist_make_scheduler(config, log):
    return GroupScheduling(config, log)

@pytest.fixture(params=[1, 2], scope="module")
def world(request):
    with open(os.environ["WORLDS"], "a") as lines:
        lines.write(request.node.name + os.environ["PYTEST_XDIST_WORKER"] + chr(10))
"""
TESTS = """
import pytest

@pytest.mark.parametrize("n", range(6))
def test_one(n, world):
    pass

def test_other(world):
    pass
"""


def test_a_files_tests_are_run_by_one_process_that_makes_what_they_share_once(tmp_path):
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "conftest.py").write_text(HOOK, encoding="utf-8")
    for name in ("test_first.py", "test_second.py", "test_third.py"):
        (tests / name).write_text(TESTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", str(tests)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "WORLDS": str(tmp_path / "worlds")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "42 passed" in done.stdout, done.stdout
    made = (tmp_path / "worlds").read_text(encoding="utf-8").split()
    assert len(made) == 6  # two parameters of three files
    assert len(set(made)) == 3  # each file in one process


def test_files_of_the_browser_that_share_a_server_belong_together():
    assert group_of("tests/core/test_text.py::test_one[a::b]") == "tests/core/test_text.py"
    keyboard = group_of("tests/browser/accessible/test_keyboard_accessible.py::test_one")
    assert keyboard == group_of("tests/browser/test_figures_in_browser.py::test_other[ro]") == "browser-furnished"
    assert group_of("tests/browser/accessible/test_labels_in_browser.py::test_one") == "browser-small"
