"""A routing server asked over HTTP: the same minutes whichever protocol it speaks, and nothing believed of it."""

from __future__ import annotations

import gzip
import threading
import time

import numpy as np
import pytest

from core.errors import BadValueError
from geo.routing import routing_server
from geo.routing.matrix_protocols import PROTOCOLS, LatLon, UnreadableAnswerError
from geo.routing.routing_server import RoutingServer, RoutingServerError, require_server
from geo.spatial.nearest import PointIndex, nearest
from geo.spatial.network_travel import NetworkTravel
from geo.spatial.travel import TravelBasis
from tests.worlds.servers.routing_stand_in import routing_stand_in

LATS, LONS = 46.0 + 0.004 * np.arange(250), 26.0 + 0.003 * np.arange(250)
ENGINES = list(PROTOCOLS)


@pytest.fixture(scope="module")
def served():
    with routing_stand_in() as told:
        yield told


@pytest.fixture(autouse=True)
def _as_new(served):
    routing_server._breakers.clear()
    served.asked, served.off_road, served.instead, served.wait, served.raw = [], set(), None, None, None


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("towards", [True, False])
def test_minutes_are_those_of_the_server_whatever_it_speaks_and_however_many(served, engine, towards):
    server = RoutingServer(engine, served.address, towards=towards)
    took = server.minutes(46.25, 26.5, server.pin(LATS, LONS))
    one, many = (np.round(46.25, 3), np.round(26.5, 3)), (np.round(LATS, 3), np.round(LONS, 3))
    ends = [served.roads.minutes(*one, many)] if towards else []
    expected = (
        ends[0]
        if towards
        else [served.roads.minutes(a, b, ([one[0]], [one[1]]))[0] for a, b in zip(*many, strict=True)]
    )
    assert took.tolist() == pytest.approx(list(expected))
    assert np.isinf(took).any()
    assert len(served.asked) == -(-250 // PROTOCOLS[engine].most)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_end_farther_from_a_road_than_3_km_is_never_a_number(served, engine):
    server = RoutingServer(engine, served.address)
    free = server.minutes(46.25, 26.5, server.pin(LATS[:9], LONS[:9]))
    served.off_road = {round(LATS[4], 3)}
    took = server.minutes(46.25, 26.5, server.pin(LATS[:9], LONS[:9]))
    assert np.isinf(took[4])
    assert np.delete(took, 4).tolist() == np.delete(free, 4).tolist()
    served.off_road = {46.25}  # the origin: real engines answer a Romanian question on another country's roads
    assert np.isinf(server.minutes(46.25, 26.5, server.pin(LATS[:9], LONS[:9]))).all()
    assert len(served.asked) < 12


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_no_answer_is_refused_and_the_server_left_alone_for_a_while(served, engine):
    server = RoutingServer(engine, served.address)
    one, points = (46.25, 26.5), server.pin(LATS[:3], LONS[:3])
    for answer in (b"<html>", b"{}", b"[]", b'{"code": "Ok", "durations": [[1]], "sources": [], "destinations": []}'):
        routing_server._breakers.clear()
        served.instead = answer
        with pytest.raises(RoutingServerError, match="nu răspunde"):
            server.minutes(*one, points)
        before = len(served.asked)
        assert not server.is_up()
        assert len(served.asked) == before


def test_a_negative_or_endless_time_is_refused(served):
    server = RoutingServer("osrm", served.address)
    for took in (b"-60", b"1e999", b'"soon"'):
        ends = b'[{"distance": 1}]'
        served.instead = b'{"code": "Ok", "durations": [[%s]], "sources": %s, "destinations": %s}' % (took, ends, ends)
        with pytest.raises(RoutingServerError):
            server.minutes(46.2, 26.2, server.pin(LATS[:1], LONS[:1]))


def ok(took: bytes, distance: bytes = b"1") -> bytes:
    ends = b'[{"distance": %s}]' % distance
    return b'{"code": "Ok", "durations": [[%s]], "sources": %s, "destinations": %s}' % (took, ends, ends)


@pytest.mark.parametrize(
    "answer",
    [
        *map(ok, (b"NaN", b"true", b'"60"', b"[60]", b"1e300", b"9" * 400, b"0", b"1", b"-0.1", b"1e8")),
        ok(b"6000", b'"1"'), ok(b"6000", b"true"),
        b"[" * 200_000, b'{"code": ' * 50_000, b"\xff\xfe{}", b"9" * 5_000, b"null", b'"Ok"',
    ],
)  # fmt: skip
def test_what_is_no_number_or_too_quick_to_be_one_is_never_a_minute(served, answer):
    served.instead = answer
    server = RoutingServer("osrm", served.address)
    with pytest.raises(RoutingServerError):
        server.minutes(46.6, 26.6, server.pin(LATS[:1], LONS[:1]))


def test_an_end_whose_way_to_the_road_is_no_number_is_not_reached(served):
    served.instead = ok(b"6000", b"NaN")
    server = RoutingServer("osrm", served.address)
    assert np.isinf(server.minutes(46.6, 26.6, server.pin(LATS[:1], LONS[:1]))).all()


def test_a_page_of_a_proxy_or_another_program_is_no_server_that_is_up(served):
    for answer in (b"<html>", b"{}", b'{"status": "ok"}'):
        routing_server._breakers.clear()
        served.instead = answer
        assert not RoutingServer("osrm", served.address).is_up()


def drip(start: bytes):
    def write(connection):
        for byte in start + b"x" * 400:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    return write


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nx-slow: ", b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n[ "]
)
def test_a_server_that_drips_is_not_waited_for_longer_than_one_that_is_silent(served, monkeypatch, start):
    monkeypatch.setattr(routing_server, "WAIT_SECONDS", 0.3)
    served.raw = drip(start)
    began = time.monotonic()
    with pytest.raises(RoutingServerError):
        RoutingServer("osrm", served.address).minutes(46.2, 26.2, [LatLon(46.3, 26.3)])
    assert time.monotonic() - began < 1.5


def sent(head: bytes, body: bytes = b""):
    return lambda connection: connection.sendall(
        b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n" % (head, len(body)) + body
    )


@pytest.mark.parametrize(
    "write",
    [
        sent(b"302 Found\r\nlocation: http://169.254.169.254/table", ok(b"60000")),
        sent(b"200 OK\r\ncontent-encoding: gzip", gzip.compress(b" " * 50_000_000)),
        sent(b"500 Internal Server Error", ok(b"60000")),
        lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n" * 10),
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 100_000),
        lambda connection: None,
    ],
    ids=["redirect", "bomb", "fault", "another protocol", "endless head", "nothing"],
)
def test_no_redirect_is_followed_and_nothing_unpacked(write):
    # A server of its own: one that a test before gave up on may still hear that test's question.
    with routing_stand_in() as served:
        served.raw = write
        with pytest.raises(RoutingServerError):
            RoutingServer("osrm", served.address).minutes(46.2, 26.2, [LatLon(46.3, 26.3)])
        assert len(served.asked) == 1


def test_a_server_that_just_failed_is_left_alone_in_the_same_question(served):
    server = RoutingServer("osrm", served.address)
    served.instead = b"<html>"
    for _again in range(3):
        with pytest.raises(RoutingServerError):
            server.minutes(46.2, 26.2, [LatLon(46.3, 26.3)])
    assert len(served.asked) == 1


def test_nobody_waits_long_for_a_server_and_it_is_asked_again_later(served, monkeypatch):
    monkeypatch.setattr(routing_server, "WAIT_SECONDS", 0.1)
    server = RoutingServer("osrm", served.address)
    served.wait = threading.Event()
    with pytest.raises(RoutingServerError):
        server.minutes(46.2, 26.2, server.pin(LATS[:1], LONS[:1]))
    served.wait.set()
    assert not server.is_up()
    monkeypatch.setattr(routing_server, "CLOSED_SECONDS", 0.0)
    assert server.is_up()


def test_an_answer_too_long_is_not_read(served, monkeypatch):
    monkeypatch.setattr(routing_server, "_MOST_BYTES", 1_000)
    served.instead = b" " * 5_000 + b"{}"
    server = RoutingServer("osrm", served.address)
    with pytest.raises(RoutingServerError):
        server.minutes(46.2, 26.2, server.pin(LATS[:1], LONS[:1]))


def test_the_server_learns_no_more_than_a_hundred_metres(served):
    server = RoutingServer("osrm", served.address)
    server.minutes(46.123456, 26.654321, server.pin(LATS[:1] + 0.00049, LONS[:1]))
    assert served.asked == [
        "/table/v1/driving/26.65400,46.12300;26.00000,46.00000?sources=0&destinations=1&annotations=duration"
    ]


def test_the_nearest_by_a_server_are_those_of_a_search_through_all(served):
    # Roads slower than the fastest that the bound allows, so that the search may stop by it.
    server = RoutingServer("valhalla", served.address)
    basis = TravelBasis("server", "car", server.host)
    bounded = NetworkTravel(basis, server, least_minutes_per_metre=60.0 / 8_000_000.0)
    index, left_out = PointIndex.of(LATS, LONS), np.arange(250) % 3 == 0
    found = nearest(index, 46.25, 26.5, k=7, left_out=left_out, travel=bounded)
    whole = nearest(index, 46.25, 26.5, k=7, left_out=left_out, travel=NetworkTravel(basis, server))
    assert found.positions.tolist() == whole.positions.tolist()
    assert found.minutes.tolist() == whole.minutes.tolist()


@pytest.mark.parametrize(
    "address",
    ["", "rute.example.ro", "http://rute.example.ro", "http://8.8.8.8:5000", "ftp://10.0.0.1", "https://a:b@rute.ro",
     "https://rute.ro/?cheie=1", "http://[", "file:///etc/passwd"],
)  # fmt: skip
def test_a_server_that_others_could_listen_to_is_refused(address):
    with pytest.raises(BadValueError):
        require_server("osrm", address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:5000", "http://osrm:5000", "http://10.1.2.3", "https://rute.example.ro"]
)
def test_a_server_of_the_institution_may_be_asked(address):
    assert RoutingServer("osrm", address).host in address


def test_an_engine_that_nobody_knows_is_refused():
    with pytest.raises(BadValueError, match="valhalla"):
        require_server("graphhopper", "http://127.0.0.1")


def test_a_fault_of_an_engine_is_not_an_end_off_the_roads():
    with pytest.raises(UnreadableAnswerError):
        PROTOCOLS["valhalla"].read(400, {"error_code": 150}, 1, towards=True)
    with pytest.raises(UnreadableAnswerError):
        PROTOCOLS["osrm"].read(400, {"code": "TooBig"}, 1, towards=True)
    with pytest.raises(UnreadableAnswerError):
        PROTOCOLS["openrouteservice"].read(429, {}, 1, towards=True)
    assert PROTOCOLS["osrm"].read(400, {"code": "NoSegment"}, 1, towards=True) is None
    assert PROTOCOLS["osrm"].request("walk", LatLon(46, 26), [LatLon(46.1, 26)], towards=False).path == (
        "/table/v1/foot/26.00000,46.00000;26.00000,46.10000?sources=1&destinations=0&annotations=duration"
    )
