"""The harness measures what it says: percentiles, silence, a wire that holds back, and a proxy's delivered settings."""

from __future__ import annotations

import os
import socket
import threading
import time

import pytest

from bench.load.faults import Writers, recovery
from bench.load.installation import People
from bench.load.samples import Samples, children_of, memory_bytes, percentiles, processor_seconds
from bench.load.wire import Wire


def test_percentiles_are_values_that_were_measured():
    some = [n / 100 for n in range(1, 101)]
    assert percentiles(some) == (0.5, 0.96, 1.0)
    assert percentiles([3.0]) == (3.0, 3.0, 3.0)


def test_a_failure_is_counted_and_is_no_good_answer():
    samples = Samples()
    with samples.timed("plain"):
        pass
    with samples.timed("plain"):
        raise TimeoutError
    assert samples.count() == 1
    assert samples.failures.total() == 1
    assert any(line.startswith("plain") and line.endswith("       1") for line in samples.table())
    with pytest.raises(KeyError), samples.timed("plain"):
        raise KeyError("a fault of the harness itself")


def test_silence_is_the_longest_time_without_anything_settled_between_two_moments():
    settled = [(0.5, 1.0), (1.0, 2.0), (2.0, 2.5), (2.4, 9.0), (9.0, 9.5), (2.6, 30.0)]
    writers = Writers("", People([], [], [], [], [], [], []), settled=settled)
    assert writers.silence(2.2, 10.0) == 6.5
    assert writers.silence(20.0, 25.0) == 5.0
    assert recovery(settled, 4.0) == 26.0  # of whoever waited longest, from the moment on at which all was there again
    assert recovery(settled, 9.2) == 20.8
    assert recovery(settled, 31.0) == float("inf")


def test_this_process_uses_processor_and_memory_and_has_no_child_that_it_did_not_start():
    assert processor_seconds([os.getpid()]) > 0
    assert memory_bytes([os.getpid()]) > 1_000_000
    assert os.getpid() not in children_of(os.getpid())


def test_a_cut_wire_holds_back_what_is_sent_and_passes_it_on_when_it_is_whole_again():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        heard: list[bytes] = []

        def listen() -> None:
            near, _from = server.accept()
            with near:
                while content := near.recv(100):
                    heard.append(content)

        listening = threading.Thread(target=listen, daemon=True)
        listening.start()
        with Wire.to("127.0.0.1", server.getsockname()[1]) as wire:
            with socket.create_connection(("127.0.0.1", wire.port), 5) as client:
                wire.is_cut.set()
                client.sendall(b"held back")
                time.sleep(0.2)
                assert heard == []
                wire.is_cut.clear()
                until = time.monotonic() + 5
                while not heard and time.monotonic() < until:
                    time.sleep(0.02)
            assert heard == [b"held back"]
        listening.join(5)
