"""What all tests share: how examples are chosen, and the real files, where there are any."""

from __future__ import annotations

import contextlib
import gc
import json
import os
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from core.reading import sheets
from core.storage.home import Home, make_home, open_home
from geo.layers import addresses, boundaries
from geo.roads.reading import road_import
from referrals.accounts import passwords
from referrals.homes.demonstration import make_demo
from tests.covering import daily
from tests.longer_tests import longer_tests, name_of
from tests.sharing import GroupScheduling, group_of
from tests.turns import is_in_part, is_in_turns, said_of_part, said_of_rest
from tests.worlds.build_once import build_once
from tests.worlds.files.read_here import run_here
from tests.worlds.files.register_files import import_file
from tests.worlds.homes.kept_catalogues import keep_catalogues, keep_offices_of
from tests.worlds.homes.quick_schema import keep_schema

ROOT = Path(__file__).resolve().parent.parent

# Everyday: the same examples in every run, on every machine, with no memory of other runs; what a search once found is
# an `@example` of its test. A slow or busy machine fails nothing. HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile(
    "everyday", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "search", derandomize=False, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "everyday")


KEPT_APART = ("slow", "browser", "postgres")
TURNED_BY = ("exhaustive", "browser", "everyday")
# Of each test with its combination: whether it repeats another, and the tests that its mark names.
COLLECTED = pytest.StashKey[list[tuple[str, bool, tuple[str, ...]]]]()
# What each of those takes that wait for their turn, in seconds of processor; 0 where nobody measured it.
WAITING = pytest.StashKey[dict[str, float]]()
# How many of all tests a run leaves out.
LEFT_OUT = pytest.StashKey[tuple[int, int]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run say how long an unmarked test may take."""
    parser.addoption("--fail-slow", type=float, help="fail a test that takes more seconds of processor and has no mark")
    parser.addoption("--part", help="of the tests in turns run one of so many parts, as 2/16 (tests/turns.py)")
    parser.addoption("--rest", action="store_true", help="run what a run with --part leaves out")
    parser.addoption("--note-times", type=Path, help="append what each test took to a file (tests/longer_tests.py)")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Give what belongs together to one of the processes (`make test`)."""
    return GroupScheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the listed tests as slow, note those in turns, and begin with what takes long, so that no process waits at the end."""
    marks = [(item.nodeid, item.get_closest_marker("exhaustive")) for item in items]
    config.stash[COLLECTED] = [
        (name, mark is not None, *(mark.args if mark and mark.args else ((),))) for name, mark in marks
    ]
    waiting = config.stash[WAITING] = {}
    long: Counter[str] = Counter()
    for item in items:
        seconds = longer_tests().get(name_of(item.nodeid), 0.0)
        if is_in_turns({name for name in TURNED_BY if item.get_closest_marker(name)}, seconds):
            waiting[item.nodeid] = seconds
        if seconds and not item.get_closest_marker("slow"):
            item.add_marker("slow")
        long[group_of(item.nodeid)] += seconds
    items.sort(key=lambda item: (not item.get_closest_marker("browser"), -long[group_of(item.nodeid)]))
    leave_out(config, items)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take those out of the tests whose turn it is not, where a run names a part; with `--rest` the others."""
    if part := config.getoption("--part"):
        waiting, is_rest = config.stash[WAITING], config.getoption("--rest")
        kept = [item for item in items if (item.nodeid not in waiting or is_in_part(item.nodeid, part)) is not is_rest]
        config.stash[LEFT_OUT] = (len(items) - len(kept), len(items))
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say before the first test which of the tests in turns run. Not in the header of a report: a quiet run has none."""
    terminal = session.config.pluginmanager.getplugin("terminalreporter")
    if (part := session.config.getoption("--part")) and terminal and not hasattr(session.config, "workerinput"):
        terminal.write_line(said_of_part(part, is_rest=session.config.getoption("--rest")))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the process that prints know what was left out: with several, it collects nothing itself."""
    if hasattr(session.config, "workeroutput") and LEFT_OUT in session.config.stash:
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a process says it left out; all leave out the same."""
    if left_out := getattr(node, "workeroutput", {}).get("left_out"):
        node.config.stash[LEFT_OUT] = left_out


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say at the end what was left out, and how to run it."""
    if LEFT_OUT in config.stash:
        left_out, of_all = config.stash[LEFT_OUT]
        terminalreporter.write_line(said_of_rest(config.getoption("--part"), left_out, of_all))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note what a test took with all that was made for it, in servers and browsers too, where a run is asked to."""
    noted = item.config.getoption("--note-times")
    if noted is None:
        return (yield)
    before = _processor_seconds() + _seconds_of_running()
    outcome = yield
    took = _processor_seconds() + _seconds_of_running() - before
    with noted.open("a", encoding="utf-8") as lines:  # several processes: a line is written at once
        lines.write(f"{max(0.0, took):.2f}\t{item.nodeid}\n")
    return outcome


def pytest_collection_finish() -> None:
    """Look seldom for garbage, and never through the imported libraries: that took a sixteenth of a whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that takes more than `--fail-slow` and is not marked as one that `make test-fast` leaves out.

    Seconds of processor, not of the clock: another program on the machine makes no test slow.
    """
    before = _processor_seconds()
    outcome = yield
    took = _processor_seconds() - before
    if is_too_slow(item, took, item.config.getoption("--fail-slow")):
        pytest.fail(f"took {took:.1f} s of processor: make it faster, or mark it slow", pytrace=False)
    return outcome


def is_too_slow(item: pytest.Item, took: float, most: float | None) -> bool:
    """Whether a test that took so many seconds of processor may not stay unmarked."""
    is_searching = os.environ.get("HYPOTHESIS_PROFILE") == "search"  # many more examples than every day
    is_marked = any(item.get_closest_marker(name) for name in KEPT_APART)
    return most is not None and took > most and not is_searching and not is_marked


def _processor_seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _seconds_of_running() -> float:
    """Return what the processes took that this one started and that still run, with those that they started."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            seconds += sum(process.cpu_times()[:4])
    return seconds


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> Iterator[None]:
    """The real cost of a password is for attackers; a test of logic need not pay it."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_schema() -> Iterator[None]:
    """Twenty migrations for each new ledger of a test took a thirtieth of a whole run."""
    with pytest.MonkeyPatch.context() as patch:
        keep_schema(patch)
        yield


def real_files() -> Path:
    """Folder of the real registers and oracles: HARTA_TEST_DATA, by default ../shared beside the project."""
    return Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared")


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = real_files() / "data"
    if not folder.is_dir():
        pytest.skip(f"the real registers are not here ({folder}); set HARTA_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def oracles() -> Path:
    folder = real_files() / "oracles"
    if not folder.is_dir():
        pytest.skip(f"the published answers are not here ({folder}); set HARTA_TEST_DATA")
    return folder


DEMONSTRATION_DAY = datetime.now(UTC).date() - timedelta(days=30)  # a report may not come from the future


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """What `harta demo` makes, of a day a month ago, for reading; a test that writes copies it."""
    built = build_once(
        tmp_path_factory, "demonstration", lambda folder: make_demo(folder / "home", today=DEMONSTRATION_DAY)
    )
    return open_home(built / "home")


REAL_IMPORTS = (
    ("boundaries", "boundaries/uat_2021.geojson"),
    ("localities", "settlements/localities_2013.csv"),
    ("social", "social/licensed_services_2017.json"),
    ("education", "education/retea-scolara-2024-2025.xlsx"),
    ("medical", "health/hospitals_eurostat_2020.csv"),
    ("employment", "employment/ajofm_county_agencies_2025.csv"),
)


@pytest.fixture(scope="session")
def real_imports(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, dict[str, Any]]]:
    """A live home with the real registers imported once, and what `harta import --json` says of each."""

    def build(folder: Path) -> None:
        home = make_home("live", folder / "var")
        said = {kind: import_file(home, kind, real_data / file).as_json() for kind, file in REAL_IMPORTS}
        (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")

    built = build_once(tmp_path_factory, "real", build)
    return open_home(built / "var"), json.loads((built / "said.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def real_home(real_imports: tuple[Home, dict[str, dict[str, Any]]]) -> Home:
    """The home of `real_imports`, for reading; a test that writes copies it."""
    return real_imports[0]


@pytest.fixture(scope="module")
def kept_catalogues() -> Iterator[None]:
    """Let directories of a module take places and catalogues that were read before from the same files."""
    with pytest.MonkeyPatch.context() as patch:
        keep_catalogues(patch)
        yield


@pytest.fixture(params=daily(("BC", ""), bool))
def offices(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whose offices by law a home has: those of one county every day, those of the country in the long run."""
    if request.param:
        keep_offices_of(monkeypatch, request.param)
    return str(request.param)


@pytest.fixture(params=daily(("here", "apart"), lambda where: where == "here"))
def file_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hostile files are read: here every day, as in the product in a process of their own in the long run."""
    if request.param == "here":
        for module in (sheets, boundaries, addresses, road_import):
            monkeypatch.setattr(module, "run_limited", run_here)
