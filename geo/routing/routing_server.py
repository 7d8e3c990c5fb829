"""A routing server asked over HTTP for minutes from one point to many: limits, time-outs, a breaker.

It learns between which points minutes are asked, to some 100 metres, and from which address: it must be one that the
institution runs, on this network or over HTTPS. Where it does not answer, nobody waits for it again for a while.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore
import numpy as np

from core.errors import BadValueError
from core.i18n import _
from geo.routing.limited_http import TooMuchError, request
from geo.routing.matrix_protocols import PROTOCOLS, LatLon, UnreadableAnswerError
from geo.spatial.crs import geodesic_m
from geo.spatial.travel import NoMinutesError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.routing.matrix_protocols import MatrixProtocol, MatrixRequest

    Floats = NDArray[np.float64]

WAIT_SECONDS = 2.0
CLOSED_SECONDS = 60.0  # a server that failed is not asked again for so long
FRESH_SECONDS = 5.0  # one that answered is not looked at again for so long
_MOST_BYTES = 8 * 2**20
_MOST_MINUTES = 7 * 24 * 60.0
_MOST_M_PER_MINUTE = 300_000 / 60  # nobody drives that fast; what is faster is no answer to this question
_NO_CONNECTION = (
    httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError,
    httpcore.UnsupportedProtocol, httpcore.ConnectionNotAvailable, TooMuchError, OSError, ValueError, RecursionError,
)  # fmt: skip
_NO_ANSWER = (
    UnreadableAnswerError, KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError,
)  # fmt: skip
_DECIMALS = 3  # of degrees: some 100 metres; where exactly a person lives is nobody's business


class RoutingServerError(NoMinutesError):
    """A routing server does not answer, or not as its protocol says."""


@dataclass
class _Breaker:
    """When a server last answered and last failed, by the monotonic clock; shared by all who ask it."""

    answered_at: float = -math.inf
    failed_at: float = -math.inf


_breakers: dict[str, _Breaker] = {}


@dataclass(frozen=True)
class RoutingServer:
    """One server and mode of travel, in one direction: it measures for `geo.spatial.network_travel`.

    Attributes
    ----------
    engine
        `osrm`, `valhalla` or `openrouteservice`.
    address
        Where it answers: scheme, host, port and a path before its own, if any.
    mode
        `car` or `walk`.
    towards
        From one point to many; False = from the many to the one.
    """

    engine: str
    address: str
    mode: str = "car"
    towards: bool = True

    def __post_init__(self) -> None:
        require_server(self.engine, self.address)

    @property
    def host(self) -> str:
        """Who it is, for people."""
        return urlsplit(self.address).netloc

    def pin(self, lats: Floats, lons: Floats) -> list[LatLon]:
        """Round the points to what the server may know."""
        return [
            LatLon(round(a, _DECIMALS), round(b, _DECIMALS)) for a, b in zip(lats.tolist(), lons.tolist(), strict=True)
        ]

    def minutes(self, lat: float, lon: float, points: list[LatLon], *, most_minutes: float = math.inf) -> Floats:
        """Return minutes between a point and many; infinite where nobody gets there.

        Raises RoutingServerError where the server does not answer.
        """
        one, most = LatLon(round(lat, _DECIMALS), round(lon, _DECIMALS)), self._protocol.most
        items: list[float | None] = []
        for start in range(0, len(points), most):
            items += self._asked(one, points[start : start + most])
        took = np.array([math.inf if each is None else each for each in items], np.float64)
        return np.where(took <= most_minutes, took, math.inf)

    def is_up(self) -> bool:
        """Return whether the server answers; one that failed a short while ago is not asked."""
        breaker, now = self._breaker, time.monotonic()
        if now - breaker.failed_at < CLOSED_SECONDS:
            return False
        if now - breaker.answered_at < FRESH_SECONDS:
            return True
        middle = LatLon(45.9, 25.0)
        try:  # an answer that its protocol does not know is none: a page of a proxy, another program
            self._asked(middle, [middle])
        except RoutingServerError:
            return False
        return True

    @property
    def _protocol(self) -> MatrixProtocol:
        return PROTOCOLS[self.engine]

    @property
    def _breaker(self) -> _Breaker:
        return _breakers.setdefault(self.address, _Breaker())

    def _asked(self, one: LatLon, many: Sequence[LatLon], *, is_on_road: bool = False) -> list[float | None]:
        """Ask for some ends; where the server refuses them all for one off the roads, ask for each half.

        is_on_road: whether the one is known to be near a road.
        """
        status, answer = self._answer(self._protocol.request(self.mode, one, many, towards=self.towards))
        try:
            read = self._protocol.read(status, answer, len(many), towards=self.towards)
            if read is not None:
                _require_minutes(read, one, many)
        except _NO_ANSWER as error:
            self._breaker.failed_at = time.monotonic()
            raise self._error(type(error).__name__) from None
        self._breaker.answered_at = time.monotonic()
        if read is not None:
            return read
        if len(many) == 1 or not (is_on_road or self._asked(one, [one]) != [None]):
            return [None] * len(many)
        half = len(many) // 2
        first = self._asked(one, many[:half], is_on_road=True)
        return first + self._asked(one, many[half:], is_on_road=True)

    def _answer(self, asked: MatrixRequest) -> tuple[int, Any]:
        body = None if asked.body is None else json.dumps(asked.body).encode()
        method, url = "GET" if body is None else "POST", self.address.rstrip("/") + asked.path
        if time.monotonic() - self._breaker.failed_at < CLOSED_SECONDS:
            raise self._error("rest")
        try:
            status, content = request(method, url, body, seconds=WAIT_SECONDS, most_bytes=_MOST_BYTES)
            return status, json.loads(content)
        except _NO_CONNECTION as error:
            self._breaker.failed_at = time.monotonic()
            raise self._error(type(error).__name__) from None

    def _error(self, why: str) -> RoutingServerError:
        return RoutingServerError(
            _(
                "Serverul de rute {host} nu răspunde ({why}). Încercați din nou: până răspunde, minutele sunt în linie "
                "dreaptă."
            ).format(host=self.host, why=why),
            self.host,
        )


def _require_minutes(read: list[float | None], one: LatLon, many: Sequence[LatLon]) -> None:
    """Refuse minutes that nobody can take for so many kilometres: the answer is not one to this question."""
    metres = geodesic_m(one.lat, one.lon, [end.lat for end in many], [end.lon for end in many])
    for took, apart in zip(read, metres.tolist(), strict=True):
        if took is not None and not apart / _MOST_M_PER_MINUTE <= took <= _MOST_MINUTES:
            raise UnreadableAnswerError(str(took))


def require_server(engine: str, address: str) -> None:
    """Raise BadValueError unless an engine is known and its address one that may be asked.

    Over HTTP only on this machine or a private network: what is asked tells where people are.
    """
    if engine not in PROTOCOLS:
        raise BadValueError(
            _("Nu cunosc motorul „{name}”; alegeți: {known}.").format(name=engine[:30], known=", ".join(PROTOCOLS))
        )
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if (
        not host
        or not is_plain
        or parts.scheme not in ("http", "https")
        or (parts.scheme == "http" and not _is_near(host))
    ):
        raise BadValueError(
            _(
                "„{found}” nu este o adresă de server: se așteaptă https://server, sau http:// pe această mașină ori "
                "în rețeaua instituției."
            ).format(found=address[:80])
        )


def _is_near(host: str) -> bool:
    try:
        found = ip_address(host)
    except ValueError:
        return "." not in host
    return found.is_loopback or found.is_private
