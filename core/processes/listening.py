"""A socket on which a server waits for connections."""

from __future__ import annotations

import socket

from core.errors import MapError
from core.i18n import _


class AddressTakenError(MapError, OSError):
    """The server cannot listen where it was told to."""


def listen(host: str, port: int) -> socket.socket:
    """Open a socket that waits for connections.

    Parameters
    ----------
    host, port
        Where; port 0 takes a free one.

    Returns
    -------
    socket.socket
        Bound, not blocking.

    Raises
    ------
    AddressTakenError
        Where that is not possible, and why.
    """
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
