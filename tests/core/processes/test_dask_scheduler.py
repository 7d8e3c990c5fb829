"""Workers of a scheduler find what one process finds, also where one falls; what is not there is said in a sentence."""

from __future__ import annotations

import socket
import threading
import time

import dask
import pytest
from distributed import Client, LocalCluster

from core.i18n import use_language
from core.processes import dask_scheduler
from core.processes.dask_scheduler import SchedulerError, part_runner
from providers.catalogue.home_travel_table import FOLDER, make_table, table_state
from tests.browser.serving import ROOT
from tests.covering import repeats
from tests.providers.catalogue.test_home_travel_table import home, kept, places, snapshot_of  # noqa: F401 - fixtures
from tests.worlds.homes.divided_work import ANALYSES, Faltering, assert_same, duplicates


def cluster(**more) -> LocalCluster:
    return LocalCluster(
        host="127.0.0.1", protocol="tcp", threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=50, **more
    )


@pytest.fixture(scope="module")
def scheduler():
    with cluster(n_workers=2, processes=False) as here:
        yield here.scheduler_address


@pytest.mark.parametrize("analysis", ANALYSES.values(), ids=ANALYSES.keys())
def test_workers_find_what_one_process_finds(scheduler, analysis):
    with part_runner(scheduler) as runner:
        assert runner.divides
        assert_same(analysis(runner), analysis())


def test_workers_measure_the_table_of_roads_that_one_process_measures(scheduler, home, places):  # noqa: F811
    snapshot = snapshot_of(home, places)
    read = lambda: {path.name: path.read_bytes() for path in (home.path / FOLDER / table_state(home)).glob("*.[bn]*")}  # noqa: E731
    make_table(home, snapshot)
    ours = read()
    (home.path / FOLDER / "current").unlink()
    with part_runner(scheduler) as runner:
        assert make_table(home, snapshot, runner=runner).is_new
    assert len(ours) > 5
    assert read() == ours


def _give_up_soon() -> None:
    """Let whoever asks a worker that fell for what it held wait less than half a minute."""
    dask.config.set({"distributed.comm.timeouts.connect": "2s"})


@pytest.mark.slow
@repeats("tests/core/processes/test_dask_scheduler.py::test_workers_find_what_one_process_finds")
def test_work_of_a_worker_that_is_killed_is_done_again_with_the_same_digits(tmp_path):
    with cluster(n_workers=2, processes=True) as here, part_runner(here.scheduler_address) as runner:
        with Client(here) as client:  # once they run: to start beside other work takes the usual half a minute
            client.run(_give_up_soon)
        assert_same(duplicates(Faltering(runner, tmp_path / "fell")), duplicates())
    assert (tmp_path / "fell").exists()


def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr("core.processes.dask_scheduler._CONNECT_S", 0.3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SchedulerError, match="nu răspunde"), part_runner(address):
            pass
        with use_language("en"), pytest.raises(SchedulerError, match="does not answer"), part_runner(address):
            pass


@pytest.mark.parametrize("address", ["localhost:8786", "http://x:1", "tcp://", "tcp://a b:1", "tcp://u@h:1"])
def test_an_address_of_another_form_is_refused(address):
    with pytest.raises(SchedulerError, match="tcp://GAZDĂ:PORT"), part_runner(address):
        pass


def test_a_scheduler_without_workers_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr("core.processes.dask_scheduler._CONNECT_S", 0.5)
    with (
        cluster(n_workers=0, processes=False) as here,
        pytest.raises(SchedulerError, match="niciun proces de lucru"),
        part_runner(here.scheduler_address),
    ):
        pass


def test_workers_of_another_version_are_refused(scheduler, monkeypatch):
    monkeypatch.setattr("core.processes.dask_scheduler._program", lambda: (str(threading.get_ident()),))
    with pytest.raises(SchedulerError, match="aceeași versiune"), part_runner(scheduler):
        pass


def test_a_program_is_another_where_a_line_of_its_code_is(tmp_path):
    said = []
    for number, line in enumerate(("A = 1", "A = 1", "A = 2")):
        (tmp_path / f"{number}" / "geo" / "access").mkdir(parents=True)
        (tmp_path / f"{number}" / "geo" / "access" / "served.py").write_text(line, encoding="utf-8")
        said.append(dask_scheduler._digest_of_code(tmp_path / f"{number}"))
    assert said[0] == said[1] != said[2]
    assert dask_scheduler._digest_of_code(ROOT) in dask_scheduler._program()


def test_a_part_that_takes_longer_than_a_look_is_waited_for(scheduler, monkeypatch):
    # Not less: where a look ends at the very moment of its start, the library itself fails.
    monkeypatch.setattr("core.processes.dask_scheduler._LOOK_S", 0.05)
    with part_runner(scheduler) as runner:
        assert list(runner.run(time_spent, 0.12, range(6))) == list(range(6))


def time_spent(seconds, part):
    time.sleep(seconds)
    return part
