"""A real mail server on this machine (aiosmtpd), which can fail in all the ways in which one does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Handler:
    """Takes e-mails. fault: what goes wrong with the next one, or nothing: rcpt, data, busy, hangup, late_hangup."""

    fault: Callable[[], str] = lambda: ""
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    at_hand: str = ""

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        self.at_hand = self.fault()
        match self.at_hand:
            case "rcpt":
                return "450 4.2.0 greylisted, come again"
            case "unknown":
                return "550 5.1.1 no such user"
            case "busy":
                return "421 4.3.2 closing"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.at_hand == "data":
            return "451 4.3.0 out of room for now"
        if self.at_hand == "hangup":
            server.transport.close()
            return "250 OK"
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.taken.append((envelope.rcpt_tos[0], mail))
        if self.at_hand == "late_hangup":  # taken, and nobody hears of it
            server.transport.close()
        return "250 taken"


@contextmanager
def mail_server(handler: Handler, **options: Any) -> Iterator[int]:
    """Serve on a free port of this machine while the block runs; give the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
