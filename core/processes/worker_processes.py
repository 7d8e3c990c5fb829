"""Several processes of the same server on one machine: started, watched, replaced one by one, stopped by their number.

The sockets that listen belong to the process that watches, one a worker, and are handed to whoever works there, so that
nobody is refused while a worker is replaced. Where one has died, the living ones answer at its port until a new one is
ready (`port_sharing`); where none lives, whoever comes waits. A worker is told so by a pair of sockets, and ends when
its watcher's end is gone; by a pipe it says that it is ready.

| signal to the watcher | what happens |
|---|---|
| SIGTERM, SIGINT | every worker stops; those that do not within 15 s are ended |
| SIGHUP | each worker is replaced: once the new one is ready, the old one takes nothing new and leaves when done |
"""

from __future__ import annotations

import logging
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from core.errors import MapError
from core.i18n import _
from core.outgoing_requests import send_request
from core.processes.listening import listen
from core.processes.log_lines import JsonLines, terminal_line
from core.processes.port_sharing import tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Number of the worker, the descriptors it is given (socket, ready, told), and the folder in which workers meet.
SETTING = "HARTA_WORKER"
START_SECONDS = 300.0  # some seconds are usual; a machine that is very busy takes minutes
_STOP_SECONDS = 15.0
_LIVED = 20.0  # seconds after which a death is no failed start
_LONGEST_PAUSE = 30.0
_FAILED_STARTS = 2  # in a row; then, where no other worker answers there, the port is closed: a proxy goes elsewhere
_LOOK_SECONDS, _LOOK_PATIENCE, _MOST_MISSES = 15.0, 10.0, 4
_STEP = 0.1
_WAITING = 2_048  # connections that the machine keeps for a worker until it accepts them
_log = logging.getLogger("harta.workers")


class WorkersError(MapError, RuntimeError):
    """Workers cannot be started here."""


@dataclass(frozen=True)
class WorkerParameters:
    """What a worker is handed by its watcher: its number, the socket it answers, how it says that it is ready.

    told: where it hears its watcher. folder: where the other workers are found.
    """

    number: int
    listening: int
    ready: int
    told: int
    folder: str


def given_worker(environment: Mapping[str, str]) -> WorkerParameters | None:
    """Read what this process was handed, where it is a worker.

    Parameters
    ----------
    environment
        Its environment.

    Returns
    -------
    WorkerParameters or None
        None where nobody watches it.
    """
    lines = environment.get(SETTING, "").split(",", 4)
    if len(lines) != 5 or not all(map(str.isdigit, lines[:4])):  # noqa: PLR2004
        return None
    number, listening, ready, count = map(int, lines[:4])
    return WorkerParameters(number, listening, ready, count, lines[4])


@dataclass
class Worker:
    """One process: where it says that it is ready, where it is told something, at whose ports it answers as well."""

    process: subprocess.Popen[bytes]
    ready: int
    told: socket.socket
    helps: set[int] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    is_ready: bool = False

    def look(self) -> bool:
        """Return whether it has said that it is ready."""
        if not self.is_ready:
            with suppress(BlockingIOError):
                self.is_ready = os.read(self.ready, 1) == b"1"
        return self.is_ready

    def close(self) -> None:
        """Forget what led to it; a process that still ran would end."""
        self.told.close()
        with suppress(OSError):
            os.close(self.ready)


@dataclass
class WorkerPlace:
    """One port and who works there now; misses: how often in a row it did not answer.

    is_lost: whoever worked there has died, and nobody is ready in its place yet.
    """

    number: int
    listening: socket.socket | None
    address: tuple[str, int]
    worker: Worker | None = None
    failures: int = 0
    not_before: float = 0.0
    misses: int = 0
    is_lost: bool = False


@dataclass
class Watcher:
    """Watches the workers of a server.

    command: what starts a worker; its number is put for `{worker}`.
    """

    command: Sequence[str]
    places: list[WorkerPlace] = field(default_factory=list)
    leaving: list[Worker] = field(default_factory=list)
    asked: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    is_reload_due: bool = False  # asked for while workers were being started or replaced
    folder: str = field(default_factory=lambda: tempfile.mkdtemp(prefix="harta-"))  # nobody else may look into it

    def open(self, host: str, port: int, count: int) -> None:
        """Open the ports, one a worker, the first where it was said; all or none."""
        for number in range(count):
            listening = _waiting_at(host, port + number if port else 0)
            self.places.append(WorkerPlace(number + 1, listening, (host, listening.getsockname()[1])))

    def start(self, place: WorkerPlace) -> Worker:
        """Start a process that works at a place."""
        if place.listening is None:
            place.listening = _waiting_at(*place.address)
        ready, count = os.pipe()
        os.set_blocking(ready, False)
        told, hears = socket.socketpair()
        told.setblocking(False)
        handed = (place.listening.fileno(), count, hears.fileno())
        environment = os.environ | {SETTING: ",".join(map(str, (place.number, *handed, self.folder)))}
        command = [part.replace("{worker}", str(place.number)) for part in self.command]
        try:
            process = subprocess.Popen(command, env=environment, pass_fds=handed)  # noqa: S603  (our own command)
        except OSError:
            told.close()
            os.close(ready)
            raise
        finally:
            os.close(count)
            hears.close()
        return Worker(process, ready, told)

    def run(self) -> None:
        """Watch until told to stop, then stop every worker."""
        threading.Thread(target=self._look_for_hung, name="watch", daemon=True).start()
        try:
            while True:
                asked = self._next_signal()
                if asked == signal.SIGHUP or (asked is None and self.is_reload_due):
                    self.is_reload_due = False
                    self.replace_all()
                elif asked is not None:
                    return
                self.tend()
        finally:
            self.stop()

    def _next_signal(self, seconds: float = _STEP) -> int | None:
        with suppress(queue.Empty):
            return self.asked.get(timeout=seconds)
        return None

    def tend(self) -> None:
        """Start what is not there, note who has become ready, bury who has left, and let the living help."""
        for place in self.places:
            worker = place.worker
            if worker is not None and worker.process.poll() is not None:
                self._note_death(place, worker)
            elif worker is not None and worker.look():
                place.is_lost = False
                place.failures = 0 if time.monotonic() - worker.began > _LIVED else place.failures
            if place.worker is None and time.monotonic() >= place.not_before:
                try:
                    place.worker = self.start(place)
                except (MapError, OSError) as error:
                    self._note_failure(place, f"cannot start: {error}")
        for worker in [each for each in self.leaving if each.process.poll() is not None]:
            self.leaving.remove(worker)
            self._bury(worker)
        self._share()

    def _ready(self) -> list[Worker]:
        return [place.worker for place in self.places if place.worker is not None and place.worker.is_ready]

    def _share(self) -> None:
        """Let who lives answer at the port of who has died, until the new one is ready there."""
        lost = {place.number: place.listening for place in self.places if place.is_lost and place.listening is not None}
        for worker in self._ready():
            worker.helps |= {each for each in lost.keys() - worker.helps if tell(worker.told, each, lost[each])}
            worker.helps -= {each for each in worker.helps - lost.keys() if tell(worker.told, each, None)}

    def _bury(self, worker: Worker) -> None:
        worker.close()
        (Path(self.folder) / str(worker.process.pid)).unlink(missing_ok=True)

    def _note_death(self, place: WorkerPlace, worker: Worker) -> None:
        place.worker, place.misses, place.is_lost = None, 0, True
        self._bury(worker)
        if worker.is_ready and time.monotonic() - worker.began > _LIVED:
            place.failures = 0
        self._note_failure(place, f"ended by itself with {worker.process.returncode}")

    def _note_failure(self, place: WorkerPlace, what: str) -> None:
        # The first new start comes at once.
        place.not_before = time.monotonic() + (
            min(_LONGEST_PAUSE, 2.0 ** (place.failures - 1)) if place.failures else 0
        )
        place.failures += 1
        _log.warning("worker %s %s; started again", place.number, what)
        if place.failures > _FAILED_STARTS and place.listening is not None and not self._ready():
            place.listening.close()
            place.listening = None

    def replace_all(self) -> bool:
        """Replace the workers one after the other; False where a new one did not start, and the old ones go on."""
        for place in self.places:
            new = self.start(place)
            until = time.monotonic() + START_SECONDS
            while (
                not new.look()
                and new.process.poll() is None
                and time.monotonic() < until
                and not self._is_told_to_stop()
            ):
                self.tend()
            if not new.is_ready:
                self._end(new)
                _log.error("worker %s was not replaced: the new one did not start; the others go on", place.number)
                return False
            old, place.worker = place.worker, new
            if old is not None and old.process.poll() is None:
                old.process.send_signal(signal.SIGUSR1)
                self.leaving.append(old)
        return True

    def wait_ready(self, seconds: float = START_SECONDS) -> bool:
        """Start every worker and wait until all are ready; False where one is not within the time, or all is to end."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.tend()
            if all(place.worker is not None and place.worker.is_ready for place in self.places):
                return True
            if any(place.failures > _FAILED_STARTS for place in self.places) or self._is_told_to_stop():
                return False
        return False

    def _is_told_to_stop(self) -> bool:
        """Wait a moment for a signal; what it asks for is left for whoever watches."""
        count = self._next_signal()
        self.is_reload_due = self.is_reload_due or count == signal.SIGHUP
        if count in (signal.SIGTERM, signal.SIGINT):
            self.asked.put(count)
        return count in (signal.SIGTERM, signal.SIGINT)

    def stop(self) -> None:
        """Stop every worker: asked first, ended by its number where it does not."""
        running = [place.worker for place in self.places if place.worker is not None] + self.leaving
        for worker in running:
            with suppress(ProcessLookupError):
                worker.process.terminate()
        until = time.monotonic() + _STOP_SECONDS
        for worker in running:
            with suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.1, until - time.monotonic()))
            self._end(worker)
        for place in self.places:
            if place.listening is not None:
                place.listening.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, worker: Worker) -> None:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait()
        self._bury(worker)

    def _look_for_hung(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            for place in self.places:
                self.end_hung(place)

    def end_hung(self, place: WorkerPlace) -> None:
        """Look at a worker, and end one that did not answer four looks in a row, or was not ready within its time."""
        worker = place.worker
        if worker is None:
            return
        if worker.is_ready:
            place.misses = 0 if answers(place.address) else place.misses + 1
            is_hung = place.misses >= _MOST_MISSES
        else:
            is_hung = time.monotonic() - worker.began > START_SECONDS
        if is_hung and worker is place.worker:
            _log.error("worker %s does not answer", place.number)
            worker.process.kill()


def _waiting_at(host: str, port: int) -> socket.socket:
    """Open a socket at which whoever comes waits from now on, whether a worker is there or not."""
    listening = listen(host, port)
    listening.listen(_WAITING)
    return listening


def answers(address: tuple[str, int]) -> bool:
    """Whether a server answers at an address of this machine that it lives."""
    host = "127.0.0.1" if address[0] in ("", "0.0.0.0", "::") else address[0]  # noqa: S104
    try:
        url = f"http://{host}:{address[1]}/health/live"
        return send_request("GET", url, may_be_private=True, seconds=_LOOK_PATIENCE) == HTTPStatus.OK
    except OSError:
        return False


def exec_watcher(command: Sequence[str], *, host: str, port: int, count: int, log_as_json: bool = False) -> NoReturn:
    """Let this process become the one that watches: what it has loaded so far, much of it, goes.

    command: starts one worker, its number in place of `{worker}`. log_as_json: as of the workers. Raises WorkersError
    on a system without the signals that this needs.
    """
    if not hasattr(signal, "SIGUSR1"):
        raise WorkersError(_("Mai multe procese (--workers) merg numai pe Linux, BSD și macOS."))
    begin = "from core.processes.worker_processes import main; main()"
    items = [host, str(port), str(count), "json" if log_as_json else "text"]
    # -P: modules of the folder that it happens to be started in are none of ours.
    os.execv(sys.executable, [sys.executable, "-P", "-c", begin, *items, *command])  # noqa: S606


def main() -> None:
    """Watch workers until told to stop.

    The arguments: the host, the first port, how many, `json` or `text` for its log, and what starts one.
    """
    host, port, count, log_format, *command = sys.argv[1:]
    is_json = log_format == "json"
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if is_json:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonLines())
    watcher = Watcher(command)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # also while they start
        signal.signal(each, lambda number, _frame: watcher.asked.put(number))
    try:
        watcher.open(host, int(port), int(count))
    except MapError as error:
        raise SystemExit(terminal_line(f"harta: {error}", as_json=is_json)) from None
    if not watcher.wait_ready():
        watcher.stop()
        raise SystemExit(terminal_line(_("Procesele aplicației nu au pornit; jurnalul spune de ce."), as_json=is_json))
    for place in watcher.places:
        words = _("Procesul {n} răspunde la http://{host}:{port}")
        text = words.format(n=place.number, host=host, port=place.address[1])
        sys.stderr.write(terminal_line(text, as_json=is_json) + "\n")
    watcher.run()
