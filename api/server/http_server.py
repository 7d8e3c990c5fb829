"""The web server as `harta serve` runs it: uvicorn with limits, one bounded log, and no word of what it is made of."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import uvicorn

from api.server import logs
from api.server.connections import ACCEPTED_AT_ONCE, HEAD_SECONDS, BoundedHTTP, BoundedSocket
from core.errors import MapError
from core.i18n import _
from core.processes.listening import listen
from core.processes.worker_processes import given_worker

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

_WAITING = 2_048  # connections that the machine keeps for us until we accept them
# One message of a screen's socket: the answers of its fields. Files come by another way (api/screens.py).
_MESSAGE_BYTES = 2 * 1024 * 1024
_MESSAGES_WAITING = 16
DRAIN_SECONDS = 600.0  # that somebody has to finish what was begun on a screen, when its process is replaced


class LogFileError(MapError, OSError):
    """The file for the log cannot be written."""


class _Server(uvicorn.Server):
    """uvicorn's server; one that leaves takes nothing new, and lets the screens that are open go on for a while."""

    drain_seconds = DRAIN_SECONDS
    ready: int | None = None  # the pipe by which a worker says that it is
    _leaves_at: float | None = None

    def leave(self, *_signal: object) -> None:
        """Take no new connection from now on, and end once nobody is connected any more."""
        if self._leaves_at is None:
            self._leaves_at = time.monotonic() + self.drain_seconds

    def stop(self) -> None:
        """End now, as at Ctrl+C."""
        self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        """Look ten times a second whether it is time to end."""
        if self._leaves_at is None:
            return await super().on_tick(counter)
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            # After the answer that is under way; whoever has connected and not asked yet is still answered.
            if isinstance(connection, BoundedHTTP) and (connection.connection.is_answered or connection.cycle):
                connection.shutdown()
        is_over = not self.server_state.connections or time.monotonic() > self._leaves_at
        return is_over or await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # asyncio takes one number for both: how many it accepts before it looks at the first, which has to be few
        # (each holds a descriptor), and how many may wait, which has to be many.
        for listening in sockets or ():
            listening.listen(_WAITING)
        if self.ready is not None and self.started:
            os.write(self.ready, b"1")


def serve(
    app: ASGIApp, *, host: str = "127.0.0.1", port: int = 8501, log: Path | None = None, log_as_json: bool = False
) -> None:
    """Serve until stopped. By default only this machine is answered.

    Parameters
    ----------
    app, host, port
        What to serve and where; port 0 takes a free one.
    log
        A file for the log, which turns over at 1 MB and keeps three older ones; the terminal where not given.
    log_as_json
        Whether each record is a JSON object.

    Raises
    ------
    AddressTakenError
        Another program listens there, or there is no such address on this machine.
    LogFileError
        The file for the log cannot be written.
    """
    given = given_worker(os.environ)
    listening = listen(host, port) if given is None else socket.socket(fileno=given.listening)
    try:
        logs.set_up(log, as_json=log_as_json)
    except OSError as error:
        words = _("Jurnalul {file} nu poate fi scris: {why}. Alegeți alt fișier cu --log.")
        raise LogFileError(words.format(file=log, why=error.strerror or error)) from error
    config = uvicorn.Config(
        app,
        http=BoundedHTTP,
        ws=BoundedSocket,
        ws_max_size=_MESSAGE_BYTES,
        ws_max_queue=_MESSAGES_WAITING,
        backlog=ACCEPTED_AT_ONCE,
        timeout_keep_alive=int(HEAD_SECONDS),  # the usual 5 s close on a proxy, or a slow telephone, that asks again
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # which of them count is decided by `api.http.proxies` alone
    )
    address = f"[{host}]" if ":" in host else host
    said = _("Aplicația este la http://{host}:{port} (Ctrl+C o oprește)")
    if given is None:
        sys.stderr.write(said.format(host=address, port=listening.getsockname()[1]) + "\n")
    # Threads that compute (pages, passwords) give way to the loop that answers sooner than Python's usual 5 ms.
    sys.setswitchinterval(0.001)
    server = _Server(config)
    if given is not None:
        listening.setblocking(False)
        server.ready = given.ready
        signal.signal(signal.SIGUSR1, server.leave)
        threading.Thread(target=_end_with, args=(given.watched, server), name="watched", daemon=True).start()
    with listening, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)  # what stood in the way is in the log


def _end_with(watched: int, server: _Server) -> None:
    """Wait until nobody holds the other end of the pipe any more: whoever watched is gone."""
    while os.read(watched, 1):
        pass
    server.stop()
