"""How three routing engines are asked for minutes from one point to many or back, and how their answers are read.

OSRM's `table` service, Valhalla's `sources_to_targets`, openrouteservice's `matrix`. Pure: requests as data, answers
from parsed JSON. Of each end the engine says, or is told, how far from a road it may lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SNAP_M = 3_000.0  # an end farther than this from the road that the engine took is not on it


class LatLon(NamedTuple):
    """A point, WGS84 degrees."""

    lat: float
    lon: float


class UnreadableAnswerError(ValueError):
    """An engine's answer is none that its protocol allows."""


@dataclass(frozen=True)
class MatrixRequest:
    """A request: the path after the server's address, and what is posted (None = a GET)."""

    path: str
    body: dict[str, Any] | None = None


class MatrixProtocol(Protocol):
    """One engine. most: ends asked for at a time, below what its default settings allow."""

    @property
    def most(self) -> int:
        """Ends asked for at a time."""

    def request(self, mode: str, one: LatLon, many: Sequence[LatLon], *, towards: bool) -> MatrixRequest:
        """Ask for the minutes from one point to many; back from them to it where not `towards`."""

    def read(self, status: int, answer: Any, count: int, *, towards: bool) -> list[float | None] | None:
        """Return minutes of each end, None of those that nobody reaches; None alone where an end is off the roads."""


@dataclass(frozen=True)
class OsrmTable:
    """OSRM (project-osrm.org): `/table/v1/PROFILE/…`; ends say how far they were moved."""

    most: int = 99

    def request(self, mode: str, one: LatLon, many: Sequence[LatLon], *, towards: bool) -> MatrixRequest:
        """Ask with every point in the path, and a radius beyond which an end is refused."""
        points = ";".join(f"{point.lon:.5f},{point.lat:.5f}" for point in (one, *many))
        others = ";".join(str(i) for i in range(1, len(many) + 1))
        ends = f"sources=0&destinations={others}" if towards else f"sources={others}&destinations=0"
        profile = "driving" if mode == "car" else "foot"
        return MatrixRequest(f"/table/v1/{profile}/{points}?{ends}&annotations=duration")

    def read(self, status: int, answer: Any, count: int, *, towards: bool) -> list[float | None] | None:
        """Refuse what was moved too far: the service answers it with Ok."""
        if answer["code"] == "NoSegment":
            return None
        if status != _OK or answer["code"] != "Ok":
            raise UnreadableAnswerError(str(answer["code"]))
        one, many = (
            (answer["sources"], answer["destinations"]) if towards else (answer["destinations"], answer["sources"])
        )
        if not _number(one[0]["distance"]) <= MOST_SNAP_M:
            return [None] * count
        seconds = answer["durations"][0] if towards else [row[0] for row in answer["durations"]]
        return [
            None if took is None or not _number(end["distance"]) <= MOST_SNAP_M else _number(took) / 60.0
            for took, end in zip(seconds, many, strict=True)
        ]


@dataclass(frozen=True)
class ValhallaMatrix:
    """Valhalla (valhalla.github.io): `/sources_to_targets`; it refuses what is farther from a road than it was told."""

    most: int = 400

    def request(self, mode: str, one: LatLon, many: Sequence[LatLon], *, towards: bool) -> MatrixRequest:
        """Ask with the cut-off of each end."""
        ends = [
            [{"lat": round(p.lat, 5), "lon": round(p.lon, 5), "search_cutoff": MOST_SNAP_M} for p in points]
            for points in ((one,), many)
        ]
        sources, targets = ends if towards else ends[::-1]
        costing = "auto" if mode == "car" else "pedestrian"
        return MatrixRequest("/sources_to_targets", {"sources": sources, "targets": targets, "costing": costing})

    def read(self, status: int, answer: Any, count: int, *, towards: bool) -> list[float | None] | None:
        """Take an end off the roads (codes 170 and 171) apart from a fault."""
        if status != _OK:
            if answer.get("error_code") in (170, 171):
                return None
            raise UnreadableAnswerError(str(answer.get("error_code")))
        rows = answer["sources_to_targets"]
        cells = rows[0] if towards else [row[0] for row in rows]
        if len(cells) != count:
            raise UnreadableAnswerError(str(len(cells)))
        return [None if cell["time"] is None else _number(cell["time"]) / 60.0 for cell in cells]


@dataclass(frozen=True)
class OpenRouteServiceMatrix:
    """openrouteservice (openrouteservice.org): `/v2/matrix/PROFILE`; ends say how far they were moved."""

    most: int = 400

    def request(self, mode: str, one: LatLon, many: Sequence[LatLon], *, towards: bool) -> MatrixRequest:
        """Ask with all points in one list."""
        others = list(range(1, len(many) + 1))
        sources, destinations = ([0], others) if towards else (others, [0])
        profile = "driving-car" if mode == "car" else "foot-walking"
        locations = [[round(p.lon, 5), round(p.lat, 5)] for p in (one, *many)]
        body = {"locations": locations, "sources": sources, "destinations": destinations, "metrics": ["duration"]}
        return MatrixRequest(f"/v2/matrix/{profile}", body)

    def read(self, status: int, answer: Any, count: int, *, towards: bool) -> list[float | None] | None:
        """Take an end that has no road near (no location) as unreachable."""
        if status != _OK:
            raise UnreadableAnswerError(str(status))
        one, many = (
            (answer["sources"], answer["destinations"]) if towards else (answer["destinations"], answer["sources"])
        )
        if not _is_near(one[0]):
            return [None] * count
        seconds = answer["durations"][0] if towards else [row[0] for row in answer["durations"]]
        return [
            None if took is None or not _is_near(end) else _number(took) / 60.0
            for took, end in zip(seconds, many, strict=True)
        ]


def _is_near(end: Any) -> bool:
    return end is not None and _number(end["snapped_distance"]) <= MOST_SNAP_M


def _number(value: Any) -> float:
    """Return a number as JSON knows one; a text, a yes or a list is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnreadableAnswerError(str(value)[:40])
    return float(value)


_OK = 200
PROTOCOLS: dict[str, MatrixProtocol] = {
    "osrm": OsrmTable(),
    "valhalla": ValhallaMatrix(),
    "openrouteservice": OpenRouteServiceMatrix(),
}
