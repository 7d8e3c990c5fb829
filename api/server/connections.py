"""Connections of the web server: how long a client may take over them, and how many there may be.

uvicorn waits for the rest of a request for ever, and for a client that does not take its answer. These two
protocols (for its options `http` and `ws`) do not, and where there is no room they let go of whoever has waited
longest without having asked anything, so that somebody who asks is answered.

| a client | has |
|---|---|
| that has not said its whole head | `HEAD_SECONDS` |
| that sends a body | `BODY_SECONDS`, and more for every byte that came: `LEAST_BYTES_A_SECOND` |
| that takes an answer | the same pace, over `ANSWER_SECONDS` |
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api.http.proxies import Proxies, proxies
from core.i18n import _

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.protocols.http.flow_control import FlowControl
    from uvicorn.server import ServerState

HEAD_SECONDS = 20.0
BODY_SECONDS = 20.0
ANSWER_SECONDS = 30.0
LEAST_BYTES_A_SECOND = 500  # a tenth of the slowest mobile network
ACCEPTED_AT_ONCE = 64  # asyncio opens so many connections before it looks at the first
_SWEEP_SECONDS = 1.0
_MOST = 2_000
_LEAST = 64
_OTHER_DESCRIPTORS = 256  # database, editions, files being read and sent
_SHARE_OF_ONE = 4  # one address has a quarter of all
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def most_connections() -> int:
    """Return how many connections this process may have: below its limit of descriptors, which is raised if it can be.

    What is being accepted, and what is being closed, holds a descriptor as well.
    """
    if sys.platform == "win32":  # no such limit there
        return _MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST + _OTHER_DESCRIPTORS + 4 * ACCEPTED_AT_ONCE
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return _MOST
    return max(_LEAST, min(_MOST, soft - _OTHER_DESCRIPTORS - 4 * ACCEPTED_AT_ONCE))


Awaited = Literal["first head", "next head", "body"]


@dataclass(eq=False)
class Connection:
    """One open connection, as far as its pace is concerned. Moments are of the event loop's clock."""

    transport: asyncio.Transport
    address: str
    awaited: Awaited | None = None
    since: float = 0.0  # of what is awaited
    received: int = 0  # bytes of it
    is_answered: bool = False  # whether a request came by it before
    flow: FlowControl | None = None
    unsent_peak: int = 0
    unsent_since: float | None = None

    def is_stuck(self, now: float) -> bool:
        """Whether the client has not taken what was written for it, for too long."""
        unsent = self.transport.get_write_buffer_size()
        taken = self.unsent_peak - unsent
        if unsent == 0:
            self.unsent_since = None
        elif self.unsent_since is None or taken >= LEAST_BYTES_A_SECOND * ANSWER_SECONDS:
            self.unsent_since, self.unsent_peak = now, unsent
        else:
            self.unsent_peak = max(self.unsent_peak, unsent)
        return self.unsent_since is not None and now - self.unsent_since > ANSWER_SECONDS


class Queues:
    """Connections that wait for their client, of each kind whoever waits longest first."""

    def __init__(self) -> None:
        self.of: dict[Awaited, dict[Connection, None]] = {"first head": {}, "next head": {}, "body": {}}

    def add(self, connection: Connection) -> None:
        """Put a connection at the end of its queue, if it waits."""
        if connection.awaited is not None:
            self.of[connection.awaited][connection] = None

    def remove(self, connection: Connection) -> None:
        """Take a connection out of its queue, if it is in one."""
        if connection.awaited is not None:
            self.of[connection.awaited].pop(connection, None)

    def longest_wait(self) -> Connection | None:
        """Return who has waited longest in the longest queue; None where nobody waits.

        Whoever attacks stands in the longest queue; whoever has just come, or is between two requests, does not.
        """
        longest = max(self.of.values(), key=len)
        return next(iter(longest), None)


@dataclass
class Register:
    """Every connection of one server: lets go of the slow ones, and makes room where there is none.

    most, most_of_one: connections in all, and of one address. is_shared: whether many people come by an address (a
    proxy's), so that only the limit of all holds for it.
    """

    most: int = _MOST
    most_of_one: int = _MOST // _SHARE_OF_ONE
    is_shared: Callable[[str], bool] = lambda _address: False
    _open: set[Connection] = field(default_factory=set)
    _counted: Counter[str] = field(default_factory=Counter)
    _queues: Queues = field(default_factory=Queues)
    _queues_of: dict[str, Queues] = field(default_factory=dict)
    _timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Connection) -> bool:
        """Take a new connection in, in place of one that waits if there is no room; False: it was refused."""
        address = connection.address
        self._open.add(connection)
        self._counted[address] += 1
        self._queues_of.setdefault(address, Queues())
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self._sweep)
        is_over = self._counted[address] > self.most_of_one and not self.is_shared(address)
        if not is_over and len(self._open) <= self.most:
            return True
        waiting = (self._queues_of[address] if is_over else self._queues).longest_wait()
        if waiting is None:
            self.release(connection)
            connection.transport.write(_BUSY)
            connection.transport.close()
            return False
        self.release(waiting)
        waiting.transport.abort()
        return True

    def release(self, connection: Connection) -> None:
        """Forget a connection that is gone, or is on its way out."""
        if connection not in self._open:
            return
        self.awaits(connection, None, 0.0)
        self._open.remove(connection)
        self._counted[connection.address] -= 1
        if not self._counted[connection.address]:
            del self._counted[connection.address], self._queues_of[connection.address]

    def awaits(self, connection: Connection, awaited: Awaited | None, now: float) -> None:
        """Note what is awaited from a client from now on (None: it is our turn); the same as before changes nothing."""
        if connection.awaited == awaited or connection not in self._open:
            return
        queues = (self._queues, self._queues_of[connection.address])
        for queue in queues:
            queue.remove(connection)
        connection.awaited, connection.since, connection.received = awaited, now, 0
        for queue in queues:
            queue.add(connection)

    def _sweep(self) -> None:
        """Let go of everybody who takes too long. Runs for as long as somebody is connected."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        heads: tuple[Awaited, ...] = ("first head", "next head")
        for connection in [each for awaited in heads for each in self._queues.of[awaited]]:
            if now - connection.since > HEAD_SECONDS:
                self.release(connection)
                if connection.received:
                    connection.transport.write(_TOO_SLOW)
                connection.transport.close()
        for connection in list(self._queues.of["body"]):
            if connection.flow is not None and connection.flow.read_paused:
                connection.since += _SWEEP_SECONDS  # we do not read: it is not the client who is slow
            if now - connection.since > BODY_SECONDS + connection.received / LEAST_BYTES_A_SECOND:
                self.release(connection)
                connection.transport.close()
        for connection in [each for each in self._open if each.is_stuck(now)]:
            self.release(connection)
            connection.transport.abort()
        self._timer = loop.call_later(_SWEEP_SECONDS, self._sweep) if self._open else None


_REGISTERS: WeakKeyDictionary[ServerState, Register] = WeakKeyDictionary()


def register_of(state: ServerState) -> Register:
    """Return the register of a server, made at its first connection."""
    if state not in _REGISTERS:
        most = most_connections()
        _REGISTERS[state] = Register(most, max(1, most // _SHARE_OF_ONE), _shared_by(proxies()))
    return _REGISTERS[state]


def _shared_by(trusted: Proxies) -> Callable[[str], bool]:
    """Return what tells the addresses by which many come: proxies that are named, and this machine."""

    def is_shared(address: str) -> bool:
        if not address or trusted.trusts(address):
            return True
        try:
            return ipaddress.ip_address(address.split("%", maxsplit=1)[0]).is_loopback
        except ValueError:
            return False

    return is_shared


class BoundedHTTP(H11Protocol):
    """HTTP with time-outs for heads, bodies and answers, within the limits of its server's `Register`."""

    register: Register
    connection: Connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new client in."""
        super().connection_made(transport)
        self.register = register_of(self.server_state)
        self.connection = Connection(transport, self.client[0] if self.client else "", flow=self.flow)
        if self.register.admit(self.connection):
            # What it has already sent is read two rounds of the loop from now. Until then it makes room for nobody:
            # where hundreds come at once, they would push each other out unheard.
            self.loop.call_soon(self.loop.call_soon, self._note)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a client that is gone."""
        self.register.release(self.connection)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come, and note what is awaited next."""
        if self.transport.is_closing():
            return
        self.connection.received += len(data)
        super().data_received(data)
        self._note()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request of the same client."""
        self.connection.is_answered = True
        super().on_response_complete()
        self._note()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (English words of the library)
        """Say that what came is no HTTP, as a problem (RFC 9457): it is always a program that sends such a thing."""
        headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
        values = {"type": "about:blank", "title": _("Cerere care nu se poate citi"), "status": 400}
        body = json.dumps(values | {"detail": _("Ce a venit nu este o cerere HTTP.")}, ensure_ascii=False).encode()
        response = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over to the protocol of sockets, which takes it in anew."""
        self.register.release(self.connection)
        super().handle_websocket_upgrade(event)

    def _note(self) -> None:
        awaited: Awaited | None = None
        if self.conn.their_state is h11.IDLE:
            awaited = "next head" if self.connection.is_answered else "first head"
        elif self.conn.their_state is h11.SEND_BODY:
            awaited = "body"
        self.register.awaits(self.connection, awaited, self.loop.time())


class BoundedSocket(WebSocketsSansIOProtocol):
    """A socket within the limits of its server's `Register`. A client that is gone is found by uvicorn's own pings."""

    connection: Connection | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.register = register_of(server_state)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a new socket in."""
        super().connection_made(transport)
        self.connection = Connection(self.transport, self.client[0] if self.client else "")
        self.register.admit(self.connection)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a socket that is gone."""
        if self.connection is not None:
            self.register.release(self.connection)
        super().connection_lost(exc)
