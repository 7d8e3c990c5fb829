"""What is said between a watcher and a worker, and where workers find each other."""

from __future__ import annotations

import os
import socket

import pytest

from core.processes.listening import listen
from core.processes.port_sharing import hear, other_workers, socket_for_others, tell


@pytest.fixture
def pair():
    watcher, worker = socket.socketpair()
    watcher.setblocking(False)
    yield watcher, worker
    watcher.close()
    worker.close()


def test_a_worker_is_handed_the_socket_of_another_and_told_to_let_go_of_it(pair):
    watcher, worker = pair
    with listen("127.0.0.1", 0) as listening:
        listening.listen(4)
        assert tell(watcher, 12, listening)
        assert tell(watcher, 12, None)
        address = listening.getsockname()
    said = hear(worker)
    number, handed = next(said)
    with handed, socket.create_connection(address, 2), handed.accept()[0]:  # though the watcher's own is closed
        assert number == 12
        assert not handed.get_inheritable()
    assert next(said) == (12, None)
    watcher.close()
    assert list(said) == []


def test_who_is_gone_or_does_not_listen_is_not_told(pair):
    watcher, worker = pair
    told = 0
    while tell(watcher, 1, None):
        told += 1
        assert told < 1_000_000
    worker.close()
    assert not tell(watcher, 1, None)


def test_workers_find_each_other_in_the_folder_of_their_watcher(tmp_path):
    (tmp_path / str(os.getpid())).touch()  # of a process that had the same number
    listening = socket_for_others(str(tmp_path))
    assert other_workers(str(tmp_path)) == []
    another = tmp_path / "7"
    another.touch()
    assert other_workers(str(tmp_path)) == [another]
    with listening, socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(tmp_path / str(os.getpid())))


def test_where_no_socket_can_be_a_process_is_for_itself(tmp_path):
    assert socket_for_others(str(tmp_path / ("long" * 40))) is None
    assert other_workers(str(tmp_path / "nothing")) == []
