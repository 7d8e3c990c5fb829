"""Workers that are watched: ready before they count, started anew when they die, replaced without a refused request."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from core.processes import worker_processes
from core.processes.listening import listen
from core.processes.worker_processes import Watcher, WorkerParameters, given_worker

# A server of a few lines in place of ours: says which process answers, helps where one died, and leaves when asked to.
WORKER = """
import http.server, os, signal, socket, sys, threading, time
from core.processes.port_sharing import hear
from core.processes.worker_processes import given_worker
given = given_worker(os.environ)
while os.path.exists(os.environ.get("HELD", "")):
    time.sleep(0.02)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *said):
        pass
def answering(listening):
    server = http.server.ThreadingHTTPServer(("", 0), Answer, bind_and_activate=False)
    server.socket = listening
    return server
def follow():
    helps = {}
    for number, listening in hear(socket.socket(fileno=given.told)):
        if listening is None:
            helps.pop(number).shutdown()
        else:
            helps[number] = answering(listening)
            threading.Thread(target=helps[number].serve_forever, args=(0.02,), daemon=True).start()
    os._exit(3)
server = answering(socket.socket(fileno=given.listening))
signal.signal(signal.SIGUSR1, lambda *said: threading.Thread(target=server.shutdown).start())
signal.signal(signal.SIGTERM, lambda *said: os._exit(0))
threading.Thread(target=follow, daemon=True).start()
os.write(given.ready, b"1")
server.daemon_threads = False  # every answer is ended before the process leaves
server.serve_forever()
server.server_close()
"""
DIES = "import sys; sys.exit(7)"


@pytest.fixture
def watching():
    made = []

    def make(program=WORKER, count=2):
        watcher = Watcher([sys.executable, "-c", program])
        watcher.open("127.0.0.1", 0, count)
        made.append(watcher)
        return watcher

    yield make
    for watcher in made:
        watcher.stop()


def ask(place) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{place.address[1]}/", timeout=20) as answer:
        return int(answer.read())


def test_each_worker_answers_its_own_port_once_all_are_ready(watching):
    watcher = watching()
    assert watcher.wait_ready(20)
    assert [ask(place) for place in watcher.places] == [place.worker.process.pid for place in watcher.places]
    watcher.stop()
    assert all(place.worker.process.poll() is not None for place in watcher.places)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(watcher.places[0].address, 1)


def test_whoever_comes_while_a_dead_worker_starts_anew_waits_and_is_answered(watching):
    watcher = watching(count=1)
    assert watcher.wait_ready(20)
    (place,) = watcher.places
    first = ask(place)
    place.worker.process.kill()
    place.worker.process.wait()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(ask(place)))
    asking.start()
    assert watcher.wait_ready(20)
    asking.join(20)
    assert answers == [place.worker.process.pid]
    assert first not in answers


@pytest.fixture
def held(tmp_path, monkeypatch):
    """A file; as long as it is there, workers that start do not become ready."""
    file = tmp_path / "held"
    monkeypatch.setenv("HELD", str(file))
    return file


def wait_until(is_so, watcher) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        watcher.tend()


def test_where_a_worker_has_died_the_living_one_answers_until_the_new_one_is_ready(watching, held):
    watcher = watching()
    assert watcher.wait_ready(20)
    dead, living = watcher.places
    held.touch()
    os.kill(dead.worker.process.pid, signal.SIGKILL)
    wait_until(lambda: living.worker.helps, watcher)
    assert [ask(dead), ask(living)] == [living.worker.process.pid] * 2
    assert not dead.worker.is_ready
    held.unlink()
    assert watcher.wait_ready(20)
    wait_until(lambda: not living.worker.helps, watcher)
    wait_until(lambda: ask(dead) == dead.worker.process.pid, watcher)  # the last who came in between is still there
    assert ask(living) == living.worker.process.pid
    assert [ask(dead) for _time in range(5)] == [dead.worker.process.pid] * 5


def test_who_helped_and_dies_is_helped_by_whoever_is_ready_first(watching, held):
    watcher = watching()
    assert watcher.wait_ready(20)
    first, second = watcher.places
    held.touch()
    for place in watcher.places:
        os.kill(place.worker.process.pid, signal.SIGKILL)
    wait_until(lambda: first.is_lost and second.is_lost and first.worker and second.worker, watcher)
    second.worker.process.send_signal(signal.SIGSTOP)
    held.unlink()
    wait_until(lambda: first.worker.helps == {2}, watcher)
    assert ask(second) == first.worker.process.pid
    second.worker.process.send_signal(signal.SIGCONT)
    assert watcher.wait_ready(20)


def test_the_port_of_a_worker_that_cannot_start_stays_open_where_another_lives(watching):
    watcher = watching()
    assert watcher.wait_ready(20)
    dead, living = watcher.places
    watcher.command = [sys.executable, "-c", DIES]
    dead.worker.process.kill()
    wait_until(lambda: dead.failures > 2, watcher)
    assert ask(dead) == living.worker.process.pid


def test_what_workers_meet_by_is_gone_with_them(watching):
    watcher = watching(count=1)
    assert watcher.wait_ready(20)
    assert Path(watcher.folder).stat().st_mode & 0o077 == 0
    watcher.stop()
    assert not Path(watcher.folder).exists()


def test_a_worker_that_cannot_start_is_tried_ever_less_often_and_its_port_closed(watching):
    watcher = watching(DIES, count=1)
    assert not watcher.wait_ready(20)
    (place,) = watcher.places
    assert place.listening is None
    assert place.not_before > time.monotonic() + 0.5
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(place.address, 1)


def test_all_are_replaced_one_by_one_and_nobody_is_refused_meanwhile(watching):
    watcher = watching()
    assert watcher.wait_ready(20)
    before = [ask(place) for place in watcher.places]
    seen, is_over = [], threading.Event()

    def keep_asking():
        while not is_over.is_set():
            seen.extend(ask(place) for place in watcher.places)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    assert watcher.replace_all()
    is_over.set()
    asking.join(20)
    after = [ask(place) for place in watcher.places]
    assert not set(before) & set(after)
    assert len(seen) % 2 == 0  # every question got its answer
    until = time.monotonic() + 10
    while watcher.leaving and time.monotonic() < until:
        watcher.tend()
        time.sleep(0.05)
    assert watcher.leaving == []


def test_where_the_new_one_does_not_start_the_old_ones_go_on(watching):
    watcher = watching()
    assert watcher.wait_ready(20)
    before = [ask(place) for place in watcher.places]
    watcher.command = [sys.executable, "-c", DIES]
    assert not watcher.replace_all()
    assert [ask(place) for place in watcher.places] == before


def test_a_reload_that_is_asked_for_while_workers_are_replaced_comes_after_it(watching):
    watcher = watching(count=1)
    assert watcher.wait_ready(20)
    watcher.asked.put(signal.SIGHUP)
    assert watcher.replace_all()
    (place,) = watcher.places
    first = ask(place)
    running = threading.Thread(target=watcher.run)
    running.start()
    until = time.monotonic() + 20
    while ask(place) == first and time.monotonic() < until:
        time.sleep(0.05)
    second = ask(place)
    watcher.asked.put(signal.SIGTERM)
    running.join(20)
    assert second != first
    assert not watcher.is_reload_due


def test_a_worker_that_hangs_while_it_starts_is_ended(watching, monkeypatch):
    watcher = watching("import time; time.sleep(60)", count=1)
    watcher.tend()
    (place,) = watcher.places
    hung = place.worker.process
    watcher.end_hung(place)
    assert hung.poll() is None
    monkeypatch.setattr(worker_processes, "START_SECONDS", 0.0)
    watcher.end_hung(place)
    assert hung.wait(10) == -signal.SIGKILL


def test_a_worker_ends_when_whoever_watched_it_is_gone(tmp_path):
    program = tmp_path / "worker.py"
    program.write_text(WORKER, encoding="utf-8")
    start = [
        sys.executable,
        "-c",
        "from core.processes.worker_processes import main; main()",
        "127.0.0.1",
        "0",
        "1",
        "text",
    ]
    watcher = subprocess.Popen([*start, sys.executable, str(program)], stderr=subprocess.PIPE, text=True)
    port = int(watcher.stderr.readline().rsplit(":", 1)[1])
    watcher.kill()
    watcher.wait(10)
    watcher.stderr.close()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.05)
    raise AssertionError("the worker goes on")


def test_a_watcher_that_is_told_to_stop_ends_its_workers_and_itself():
    start = [
        sys.executable,
        "-c",
        "from core.processes.worker_processes import main; main()",
        "127.0.0.1",
        "0",
        "1",
        "text",
    ]
    watcher = subprocess.Popen([*start, sys.executable, "-c", WORKER], stderr=subprocess.PIPE, text=True)
    try:
        port = int(watcher.stderr.readline().rsplit(":", 1)[1])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            worker = int(answer.read())
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(20) == 0
    finally:
        watcher.kill()
        watcher.wait(10)
        watcher.stderr.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_a_log_of_json_has_no_line_that_is_none_also_where_a_worker_dies():
    start = [sys.executable, "-c", "from core.processes.worker_processes import main; main()", "127.0.0.1", "0", "1"]
    watcher = subprocess.Popen([*start, "json", sys.executable, "-c", WORKER], stderr=subprocess.PIPE, text=True)
    try:
        ready = json.loads(watcher.stderr.readline())
        port = int(ready["message"].rsplit(":", 1)[1])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            worker = int(answer.read())
        os.kill(worker, signal.SIGKILL)
        died = json.loads(watcher.stderr.readline())
        assert (died["level"], died["logger"]) == ("WARNING", "harta.workers")
        assert "ended by itself with -9" in died["message"]
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(20) == 0
        assert watcher.stderr.read() == ""
    finally:
        watcher.kill()
        watcher.wait(10)
        watcher.stderr.close()


def test_a_port_that_is_taken_is_said_in_words(capfd):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        start = [
            sys.executable,
            "-c",
            "from core.processes.worker_processes import main; main()",
            "127.0.0.1",
            str(port),
            "2",
            "text",
        ]
        done = subprocess.run([*start, sys.executable, "-c", DIES], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--port" in done.stderr


@pytest.mark.parametrize("said", ["", "1", "1,2,3,4", "1,2,3,x,/f"])
def test_a_process_that_was_handed_nothing_is_no_worker(said):
    assert given_worker({worker_processes.SETTING: said}) is None
    assert given_worker({worker_processes.SETTING: "2,7,8,9,/a,b"}) == WorkerParameters(2, 7, 8, 9, "/a,b")


def test_a_server_that_answers_is_told_from_one_that_does_not():
    with listen("127.0.0.1", 0) as silent:
        silent.close()
        assert not worker_processes.answers(("127.0.0.1", 1))
