"""A routing server on this machine that speaks the three protocols over made-up roads."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from tests.worlds.roads.made_up_roads import MadeUpRoads

FAR_M = 1_321_000.0


@dataclass
class StandIn:
    """What it was asked, and what it answers instead of the truth. off_road: latitudes that no road is near to.

    raw: writes to the connection itself."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    roads: MadeUpRoads = field(default_factory=lambda: MadeUpRoads(lost=11, per_degree=25.0))
    off_road: set[float] = field(default_factory=set)
    instead: bytes | None = None
    wait: threading.Event | None = None
    raw: Callable[[socket.socket], None] | None = None

    def minutes(
        self, sources: list[tuple[float, float]], targets: list[tuple[float, float]]
    ) -> list[list[float | None]]:
        ends = ([a for a, _b in targets], [b for _a, b in targets])
        rows = [self.roads.minutes(lat, lon, ends) for lat, lon in sources]
        return [[None if np.isinf(took) else took * 60 for took in row] for row in rows]

    def is_off(self, point: tuple[float, float]) -> bool:
        return point[0] in self.off_road


class _Handler(BaseHTTPRequestHandler):
    told: StandIn

    def log_message(self, *_args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        asked = parse_qs(path.query)
        points = [tuple(map(float, p.split(",")))[::-1] for p in path.path.rpartition("/")[2].split(";")]
        sources, targets = ([points[int(i)] for i in asked[name][0].split(";")] for name in ("sources", "destinations"))
        said = {"code": "Ok", "durations": self.told.minutes(sources, targets)}
        for name, ends in (("sources", sources), ("destinations", targets)):
            said[name] = [{"distance": FAR_M if self.told.is_off(p) else 12.5} for p in ends]
        self._answer(200, said)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path.startswith("/v2/matrix"):
            points = [(lat, lon) for lon, lat in body["locations"]]
            sources, targets = ([points[i] for i in body[name]] for name in ("sources", "destinations"))
            said = {"durations": self.told.minutes(sources, targets)}
            for name, ends in (("sources", sources), ("destinations", targets)):
                said[name] = [None if self.told.is_off(p) else {"snapped_distance": 12.5} for p in ends]
            self._answer(200, said)
            return
        sources, targets = ([(p["lat"], p["lon"]) for p in body[name]] for name in ("sources", "targets"))
        if any(map(self.told.is_off, sources + targets)):
            self._answer(400, {"error_code": 171, "error": "No suitable edges near location"})
            return
        rows = self.told.minutes(sources, targets)
        self._answer(200, {"sources_to_targets": [[{"time": took} for took in row] for row in rows]})

    def _answer(self, status: int, said: dict) -> None:
        self.told.asked.append(self.path)
        if self.told.raw is not None:
            with suppress(OSError):
                self.told.raw(self.connection)
            return
        if self.told.wait is not None:
            self.told.wait.wait(5)
        content = json.dumps(said).encode() if self.told.instead is None else self.told.instead
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_args: Any) -> None:
        pass  # who asked did not wait for the answer


@contextmanager
def routing_stand_in() -> Iterator[StandIn]:
    """Serve on a free port of this machine for as long as the block runs."""
    told = StandIn()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"told": told}))
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
