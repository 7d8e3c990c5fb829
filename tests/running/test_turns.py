"""What a run leaves out runs in another: each test in turns is in one part, and the parts take about equally long."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

from tests import conftest, turns
from tests.conftest import ROOT, WAITING
from tests.running.collected import Item, config


@pytest.mark.parametrize(
    ("marks", "seconds", "expected"),
    [
        ((), 0.4, False), ((), 0.5, True), (("browser",), 0.0, True), (("exhaustive",), 0.0, True),
        (("everyday",), 9.0, False), (("everyday", "browser"), 9.0, False), (("everyday", "exhaustive"), 0.0, True),
    ],
)  # fmt: skip
def test_what_repeats_takes_long_or_drives_a_browser_waits_unless_it_is_of_every_day(marks, seconds, expected):
    assert turns.is_in_turns(marks, seconds) is expected


def test_each_test_is_in_one_part_and_four_of_sixteen_are_one_of_four():
    names = [f"tests/test_a.py::test_b[{n}]" for n in range(400)]
    sixteen = [{name for name in names if turns.is_in_part(name, f"{number}/16")} for number in range(1, 17)]
    assert sorted(itertools.chain(*sixteen)) == sorted(names)
    assert min(map(len, sixteen)) > 10
    four = {name for name in names if turns.is_in_part(name, "2/4")}
    assert four == sixteen[1] | sixteen[5] | sixteen[9] | sixteen[13]


def test_tests_of_one_file_and_one_combination_are_in_the_same_part():
    assert (
        turns.shared_by("a.py::one[x::y[z]]") == turns.shared_by("a.py::two[x::y[z]]") != turns.shared_by("a.py::two")
    )
    assert turns.shared_by("b.py::two") != turns.shared_by("a.py::two")


@pytest.mark.parametrize("part", ["0/4", "5/4", "3", "a/4", "3/", "/4", "-1/4"])
def test_a_part_that_is_none_is_refused(part):
    with pytest.raises(pytest.UsageError, match="which part of how many"):
        turns.is_in_part("a.py::one", part)


def test_the_spread_that_is_found_has_the_shortest_longest_part():
    waiting = [(f"f{n}", float(n % 7 + 1)) for n in range(60)]
    found = turns.best_spread(waiting, tries=50)
    longest = [max(turns.seconds_of_parts(waiting, spread)) for spread in range(50)]
    assert longest[found] == min(longest)
    assert sum(turns.seconds_of_parts(waiting, found)) == pytest.approx(sum(seconds for _name, seconds in waiting))


def test_a_run_with_a_part_and_the_rest_of_it_are_all_tests_each_once(monkeypatch):
    monkeypatch.setattr(conftest, "longer_tests", lambda: {"a.py::long": 2.0, "a.py::always": 3.0})
    names = [*(f"a.py::long[{n}]" for n in range(40)), "a.py::always", "a.py::short"]
    kept = {}
    for is_rest in (False, True):
        items = [Item(name, *(["everyday"] if "always" in name else [])) for name in names]
        run = config(part="3/16", rest=is_rest)
        conftest.pytest_collection_modifyitems(run, items)
        kept[is_rest] = [item.nodeid for item in items]
        assert run.stash[conftest.LEFT_OUT] == (len(names) - len(items), len(names))
        assert set(names) - set(kept[is_rest]) == {item.nodeid for item in run.deselected}
    assert sorted(kept[False] + kept[True]) == sorted(names)
    assert {"a.py::always", "a.py::short"} < set(kept[False])
    assert kept[True]


def test_without_a_part_every_test_runs():
    items = [Item("a.py::one", "exhaustive"), Item("a.py::two", "browser"), Item("a.py::three")]
    conftest.pytest_collection_modifyitems(config(), items)
    assert len(items) == 3


@pytest.mark.slow
@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_run_says_at_its_start_which_part_it_is_and_at_its_end_what_it_left_out_and_how_to_run_it(processes):
    file = "tests/running/test_covering.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", processes, "-p", "no:cacheprovider", "--part", "3/16", file],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[0] == "tests in turns: part 3 of 16; the same again: make test PART=3/16", done.stdout
    said = [line for line in lines if "wait for their turn" in line]
    assert said == ["0 of 6 tests wait for their turn: make test-rest PART=3/16 runs them, make test-all all"]


def test_the_parts_take_about_equally_long(request):
    """Figures of tests/longer_tests.csv; a new file of long tests may ask for another SPREAD (tests/turns.py)."""
    waiting = request.config.stash[WAITING]
    if len({name.split("::")[0] for name in waiting}) < 100:
        pytest.skip("only a run of all tests knows which there are")
    parts = turns.seconds_of_parts(turns.together(waiting.items()).items(), turns.SPREAD)
    of_all = sum(parts)
    assert sum(sum(turns.is_in_part(name, f"{n}/16") for n in range(1, 17)) == 1 for name in waiting) == len(waiting)
    assert max(parts) <= 1.5 * of_all / 16, f"run python -m tests.turns: {parts}"
    assert min(parts) >= 0.5 * of_all / 16, f"run python -m tests.turns: {parts}"
