"""One travel model a home, chosen once: the straight line by itself, a server where somebody named one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import BadValueError, HomeError, UnknownCodeError
from core.storage.home import make_home
from core.storage.travel_choice import FILE, TravelChoice, read_travel_choice, write_travel_choice
from geo.gazetteer.gazetteer import load_gazetteer
from geo.routing import routing_server
from geo.spatial.travel import STRAIGHT_LINES
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.home_travel import travel_of, travel_state
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.finder import find
from providers.output.answer_json import as_json
from providers.output.answer_text import answer_lines
from providers.rules.schema import services_table
from providers.rules.travel_words import basis_words, estimate_note, how_measured
from referrals.homes.doctor import run_checks
from referrals.homes.travel_setting import choose, in_force
from tests.geo.roads.test_road_import import extract
from tests.worlds.files.register_files import import_file
from tests.worlds.servers.routing_stand_in import routing_stand_in
from tests.worlds.twins.obvious_finder import TODAY, capacity_table

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    routing_server._breakers.clear()
    return make_home("live", tmp_path / "home")


@pytest.fixture(scope="module")
def served():
    with routing_stand_in() as told:
        yield told


def ask(home, **options):
    gazetteer = load_gazetteer(None)
    rows = [
        {
            "service_id": f"social:mmps:{n}", "registry": "social", "registry_key": str(n), "name": f"Serviciul {n}",
            "organization": "Furnizor", "service_type": "8891CZ-C-II", "county": "BC", "uat_siruta": 24089,
            "lat": 46.4 + 0.01 * n, "lon": 27.0 + 0.013 * n, "position_precision": "address", "source_row": n,
        }
        for n in range(1, 30)
    ]  # fmt: skip
    catalogue = make_catalogue(services_table(rows), gazetteer)
    laid = availability(catalogue, capacity_table({}), now=NOW)
    place = gazetteer.resolve("Parincea, Bacău")
    snapshot = Snapshot(catalogue, laid, gazetteer, travel=travel_of(home))
    return find(snapshot, Query(place, ("8891CZ-C-II",), on=TODAY, **options))


def test_nobody_chose_and_minutes_are_straight_lines(home):
    assert travel_of(home) is STRAIGHT_LINES
    assert read_travel_choice(home) == TravelChoice()
    assert in_force(home).as_json()["car"]["model"] == "straight_line_car"


def test_a_server_that_answers_is_used_for_every_minute_of_an_answer_and_named_beside_it(home, served):
    choose(home, "server", engine="osrm", address=served.address)
    host = served.address.removeprefix("http://")
    answer = ask(home, k=29)
    assert {r.travel.code for r in answer.results} == {"server_car"}
    assert 0 < len(answer.results) < 29
    assert {e.reason for e in answer.excluded} == {"unreachable"}
    said = "\n".join(answer_lines(answer))
    assert said.count(f"pe drumuri, după {host}") >= len(answer.results)
    assert as_json(answer)["travel"]["words"] == f"pe drumuri, după {host}"
    assert travel_of(home) is travel_of(home)
    assert travel_of(home).in_bulk is STRAIGHT_LINES


def test_a_server_that_stops_is_replaced_by_the_straight_line_and_that_is_said(home):
    with routing_stand_in() as told:
        choose(home, "server", engine="osrm", address=told.address)
        before, host = travel_state(home), told.address.removeprefix("http://")
    routing_server._breakers.clear()
    basis = travel_of(home).car.basis
    assert travel_state(home) != before
    assert (basis.code, basis.instead_of) == ("straight_line_car", host)
    for words in (basis_words(basis), how_measured(basis), estimate_note(basis)):
        assert f"serverul de rute {host} nu răspunde" in words.lower()
    assert {r.travel for r in ask(home).results} == {basis}


def test_a_server_that_does_not_answer_or_may_not_be_asked_is_not_chosen(home):
    for address in ("http://127.0.0.1:9", "http://rute.example.ro"):
        with pytest.raises(BadValueError):
            choose(home, "server", engine="osrm", address=address)
    with pytest.raises(UnknownCodeError, match="straight_line"):
        choose(home, "elicopter")
    assert not (home.path / FILE).exists()


def test_back_to_straight_lines(home, served):
    choose(home, "server", engine="valhalla", address=served.address)
    assert travel_of(home) is not STRAIGHT_LINES
    choose(home, "straight_line")
    assert travel_of(home) is STRAIGHT_LINES


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '["server"]',
        '{"model": "elicopter"}',
        '{"model": "roads", "season": "toamna"}',
        '{"model": "server", "speed": "high"}',
    ],
)
def test_a_damaged_choice_is_said_not_guessed(home, content):
    (home.path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(HomeError, match="harta travel straight_line"):
        read_travel_choice(home)
    assert travel_of(home).car.basis.lost == "choice"
    assert "harta doctor" in how_measured(travel_of(home).car.basis)
    assert "harta travel" in "\n".join(run_checks(home).faults)
    choose(home, "straight_line")
    assert travel_of(home) is STRAIGHT_LINES


def test_a_choice_is_read_as_it_was_written(home):
    choice = TravelChoice("server", "openrouteservice", "https://rute.example.ro/ors")
    write_travel_choice(home, choice)
    assert read_travel_choice(home) == choice
    assert choice.state != TravelChoice().state


def test_imported_roads_are_used_once_they_are_chosen(home, tmp_path):
    with pytest.raises(BadValueError, match="harta import roads"):
        choose(home, "roads")
    import_file(home, "roads", extract(tmp_path / "sat.osm.pbf"))
    assert travel_of(home) is STRAIGHT_LINES
    choose(home, "roads", season="winter")
    travel = travel_of(home)
    assert (travel.car.basis.code, travel.in_bulk) == ("roads_car_winter", travel)
    assert travel_of(home) is travel
    assert basis_words(travel.car.basis).startswith("pe drumuri OSM, ediția din ")
    assert basis_words(travel.car.basis).endswith(", iarna")
    with pytest.raises(UnknownCodeError, match="summer"):
        choose(home, "roads", season="toamna")
    before = travel_state(home)
    choose(home, "roads", season="summer")
    assert travel_of(home).car.basis.season == "summer"
    assert travel_state(home) != before
