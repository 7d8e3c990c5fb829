"""The web server as `harta serve` runs it: uvicorn with limits, one bounded log, and no word of what it is made of."""

from __future__ import annotations

import asyncio
import contextlib
import functools
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
from core.processes.log_lines import terminal_line
from core.processes.port_sharing import hear, socket_for_others
from core.processes.worker_processes import given_worker

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from core.processes.worker_processes import WorkerParameters

_WAITING = 2_048  # connections that the machine keeps for us until we accept them
# One message of a screen's socket: the answers of its fields. Files come by another way (api/screens.py).
_MESSAGE_BYTES = 2 * 1024 * 1024
_MESSAGES_WAITING = 16
DRAIN_SECONDS = 600.0  # that somebody has to finish what was begun on a screen, when its process is replaced


class LogFileError(MapError, OSError):
    """The file for the log cannot be written."""


class _Server(uvicorn.Server):
    """uvicorn's server; one that leaves takes nothing new, and lets the screens that are open go on for a while.

    given: what it was handed, where it is a worker.
    """

    drain_seconds = DRAIN_SECONDS
    _leaves_at: float | None = None

    def __init__(self, config: uvicorn.Config, given: WorkerParameters | None = None) -> None:
        super().__init__(config)
        self.given = given
        self._loop: asyncio.AbstractEventLoop | None = None
        self._helps: dict[int, asyncio.Server] = {}  # at the ports of workers that have died
        self._for_others: asyncio.Server | None = None  # open until the end: a screen that is still open has files

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
        for listening in (*self.servers, *self._helps.values()):
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
        if self.given is not None and self.started:
            self._loop = asyncio.get_running_loop()
            others = socket_for_others(self.given.folder)
            self._for_others = None if others is None else await self._listen_at(others)
            os.write(self.given.ready, b"1")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in (*self._helps.values(), *filter(None, [self._for_others])):
            listening.close()
        await super().shutdown(sockets)

    async def _listen_at(self, listening: socket.socket) -> asyncio.Server:
        protocol = functools.partial(
            BoundedHTTP, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        server = await asyncio.get_running_loop().create_server(protocol, sock=listening, backlog=ACCEPTED_AT_ONCE)
        listening.listen(_WAITING)  # as above
        return server

    async def help_at(self, number: int, listening: socket.socket | None) -> None:
        """Answer also where a worker has died; None: no more."""
        before = self._helps.pop(number, None)
        if before is not None:
            before.close()
        if listening is None:
            return
        if self._leaves_at is None:
            self._helps[number] = await self._listen_at(listening)
        else:
            listening.close()

    def follow(self, watcher: socket.socket) -> None:
        """Do what the watcher says, one after the other, and end when it is gone."""
        for number, listening in hear(watcher):
            if self._loop is not None:  # nothing is said to a worker that is not ready
                with contextlib.suppress(RuntimeError, OSError):  # it is ending by itself, or cannot listen there
                    asyncio.run_coroutine_threadsafe(self.help_at(number, listening), self._loop).result()
        self.stop()


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
    text = _("Aplicația este la http://{host}:{port} (Ctrl+C o oprește)")
    if given is None:
        words = text.format(host=address, port=listening.getsockname()[1])
        sys.stderr.write(terminal_line(words, as_json=log_as_json) + "\n")
    # Threads that compute (pages, passwords) give way to the loop that answers sooner than Python's usual 5 ms.
    sys.setswitchinterval(0.001)
    server = _Server(config, given)
    if given is not None:
        listening.setblocking(False)
        signal.signal(signal.SIGUSR1, server.leave)
        watcher = socket.socket(fileno=given.told)
        threading.Thread(target=server.follow, args=(watcher,), name="watched", daemon=True).start()
    with listening, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)  # what stood in the way is in the log
