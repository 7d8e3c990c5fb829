"""What workers of one machine do for each other: answer at the port of one that has died, and hand a question on.

The watcher says to a worker, by a pair of sockets, at whose port it is to answer as well, and hands it the socket that
listens there; later it says that it is to let go of it. Whoever came in between has a screen in that worker and goes on
to ask for its files by the old port. So every worker also listens in a folder that belongs to the watcher's account
alone, a socket with its number of process for a name: by it the others ask for what they do not have.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["hear", "other_workers", "socket_for_others", "tell"]

_LENGTH = 4  # of what is said: a sign and the number of the place
_WAITING = 128


def tell(worker: socket.socket, number: int, listening: socket.socket | None) -> bool:
    """Say to a worker that it is to answer at another's port, or to answer there no more.

    Parameters
    ----------
    worker
        The watcher's end of the pair, which does not block.
    number
        The place whose port it is.
    listening
        The socket that listens there; None where it is to let go of it.

    Returns
    -------
    bool
        False where the worker cannot be told now: it is gone, or does not listen.
    """
    try:
        if listening is None:
            return worker.send(b"-%03d" % number) == _LENGTH
        return socket.send_fds(worker, [b"+%03d" % number], [listening.fileno()]) == _LENGTH
    except OSError:
        return False


def hear(watcher: socket.socket) -> Iterator[tuple[int, socket.socket | None]]:
    """Yield what the watcher says, until it is gone.

    Parameters
    ----------
    watcher
        The worker's end of the pair, which blocks.

    Yields
    ------
    tuple of int and (socket.socket or None)
        The place, and the socket that listens there; None: let go of it.
    """
    with suppress(OSError):  # reset by whoever was ended
        while True:
            said, handed, _flags, _address = socket.recv_fds(watcher, _LENGTH, 1)
            if not said:
                return
            for each in handed:
                os.set_inheritable(each, False)
            yield int(said[1:]), socket.socket(fileno=handed[0]) if handed else None


def socket_for_others(folder: str) -> socket.socket | None:
    """Open the socket by which the other workers ask this process.

    Parameters
    ----------
    folder
        The watcher's.

    Returns
    -------
    socket.socket or None
        None where there can be none (a file system without sockets, a path that is too long): then a screen's files
        are found in its own process alone.
    """
    path = Path(folder) / str(os.getpid())
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(path))
        listening.listen(_WAITING)
    except OSError:
        listening.close()
        return None
    listening.setblocking(False)
    return listening


def other_workers(folder: str) -> list[Path]:
    """Return where the other workers of this machine are asked, those that leave among them.

    Parameters
    ----------
    folder
        The watcher's.

    Returns
    -------
    list of pathlib.Path
        Their sockets.
    """
    try:
        return sorted(each for each in Path(folder).iterdir() if each.name != str(os.getpid()))
    except OSError:
        return []
