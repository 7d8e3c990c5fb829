"""The web server as `harta serve` runs it: uvicorn with limits, one bounded log, and no word of what it is made of."""

from __future__ import annotations

import contextlib
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from api.server import logs
from api.server.connections import ACCEPTED_AT_ONCE, BoundedHTTP, BoundedSocket
from core.errors import MapError
from core.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

_WAITING = 2_048  # connections that the machine keeps for us until we accept them
# One message of a screen's socket: the answers of its fields. Files come by another way (api/screens.py).
_MESSAGE_BYTES = 2 * 1024 * 1024
_MESSAGES_WAITING = 16


class AddressTakenError(MapError, OSError):
    """The server cannot listen where it was told to."""


class LogFileError(MapError, OSError):
    """The file for the log cannot be written."""


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # asyncio takes one number for both: how many it accepts before it looks at the first, which has to be few
        # (each holds a descriptor), and how many may wait, which has to be many.
        for listening in sockets or ():
            listening.listen(_WAITING)


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
    listening = listen(host, port)
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
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # which of them count is decided by `api.http.proxies` alone
    )
    address = f"[{host}]" if ":" in host else host
    said = _("Aplicația este la http://{host}:{port} (Ctrl+C o oprește)")
    sys.stderr.write(said.format(host=address, port=listening.getsockname()[1]) + "\n")
    # Threads that compute (pages, passwords) give way to the loop that answers sooner than Python's usual 5 ms.
    sys.setswitchinterval(0.001)
    server = _Server(config)
    with listening, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listening])
    if not server.started:
        sys.exit(1)  # what stood in the way is in the log


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that waits for connections; AddressTakenError where that is not possible."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        words = _(
            "Nu se poate asculta la {host}:{port}: {why}. Alegeți alt port cu --port sau opriți celălalt program."
        )
        raise AddressTakenError(words.format(host=host, port=port, why=error.strerror or error)) from error
    listening.setblocking(False)
    return listening
