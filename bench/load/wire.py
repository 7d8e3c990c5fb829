"""A wire between two programs of this machine that can be cut: connections stay open and nothing passes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_CHUNK = 65_536
_STEP = 0.05


@dataclass
class Wire:
    """Passes on what comes to its port; is_cut: whether it holds everything back."""

    port: int
    is_cut: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)

    @classmethod
    @contextmanager
    def to(cls, host: str, port: int) -> Iterator[Wire]:
        """Give a wire to an address; its connections end with the block."""
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(256)
            listening.settimeout(0.2)
            wire = cls(listening.getsockname()[1])
            accepting = threading.Thread(target=wire._accept, args=(listening, (host, port)), daemon=True)
            accepting.start()
            try:
                yield wire
            finally:
                wire.is_over.set()
                accepting.join(5)

    def _accept(self, listening: socket.socket, address: tuple[str, int]) -> None:
        while not self.is_over.is_set():
            with suppress(TimeoutError):
                near, _from = listening.accept()
                try:
                    far = socket.create_connection(address, 5)
                except OSError:
                    near.close()
                    continue
                for source, target in ((near, far), (far, near)):
                    source.settimeout(None)
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(_CHUNK):
                while self.is_cut.is_set() and not self.is_over.wait(_STEP):
                    pass
                target.sendall(content)
        # Each thread closes what it reads from; the other one is told by the end of what comes.
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        source.close()
