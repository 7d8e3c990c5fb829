from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise, permutations, product

import pytest
from pyproj import Geod

from core.errors import BadValueError
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.query_parsing import make_query
from providers.finder.trips import best_for, plan_trip
from providers.rules import taxonomy
from providers.rules.person import Person
from providers.rules.schema import services_table
from referrals.workflow.directory import open_directory
from tests.covering import daily
from tests.worlds.twins.obvious_finder import (
    NOW,
    SPEED,
    TODAY,
    block_of,
    capacity_table,
    first_reason,
    geography,
    minutes_to,
    records,
)

GEOD = Geod(ellps="WGS84")
TYPES = ["8891CZ-C-II", "8730CR-V-I", "EDU-HIGH", "MED-HOSP", "EMP-AJOFM", "MED-GP"]
DAY, OLD_AGE, WORK, DOCTOR = "8891CZ-C-II", "8730CR-V-I", "EMP-AJOFM", "MED-GP"


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def parincea(gazetteer):
    return gazetteer.resolve("Parincea, Bacău")


def service(number: int, kind: str, lat: float, lon: float, **said):
    return {
        "service_id": f"social:mmps:{number:03}", "registry": taxonomy.service_type(kind).registry, "registry_key": str(number),
        "name": f"Serviciul {number}", "organization": "Furnizor", "service_type": kind, "county": "BC",
        "uat_siruta": 24089, "lat": lat, "lon": lon, "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


def world(services, gazetteer, reports=None):
    catalogue = make_catalogue(services_table(services), gazetteer)
    return catalogue, availability(catalogue, capacity_table(reports or {}), now=NOW)


def free(*services: int):
    return {f"social:mmps:{n:03}": ("free", 2, NOW) for n in services}


def minutes(a, b, mode) -> float:
    speed, detour = SPEED[mode]
    return GEOD.inv(a[1], a[0], b[1], b[0])[2] * detour * 60 / (speed * 1000)


def by_hand(groups, query):
    """Every choice of one service a need, in every order; and there and back to the nearest of each."""
    home = (query.origin.lat, query.origin.lon)
    points = [[(s["lat"], s["lon"]) for s in group] for group in groups]
    ways = ([home, *order, home] for chosen in product(*points) for order in permutations(chosen))
    shortest = min(sum(minutes(a, b, query.mode) for a, b in pairwise(way)) for way in ways)
    return shortest, sum(min(2 * minutes(home, p, query.mode) for p in group) for group in points)


def random_world(rng, gazetteer, places):
    services, reports = [], {}
    for n in range(1, 37):
        place = rng.choice(places)
        said = {"service_area": rng.choice([None, "nation", "nation", "county"]), "county": place["county"]}
        services.append(
            service(n, rng.choice(TYPES), place["lat"] + rng.uniform(-0.01, 0.01), place["lon"], **said)
            | {
                "uat_siruta": place["uat_siruta"],
                "licence_status": rng.choice(["active", "active", "active", "withdrawn"]),
            }
        )
        if rng.random() < 0.5:
            reports[f"social:mmps:{n:03}"] = (rng.choice(["free", "full", "assess"]), rng.choice([0, 1, 4]), NOW)
    return services_table(services), reports


@pytest.mark.slow
@pytest.mark.parametrize("worlds", daily([12, 40], lambda worlds: worlds == 12))
def test_the_trip_of_every_random_world_is_the_shortest_of_all_choices_and_orders(gazetteer, worlds):
    rng = random.Random(7)
    near = gazetteer.localities[gazetteer.localities["county"].isin(["BC", "VS", "NT"])].dropna(subset=["lat"])
    places = near.sample(40, random_state=2).to_dict("records")
    where = geography(gazetteer)
    compared = 0
    for _round in range(worlds):
        table, reports = random_world(rng, gazetteer, places)
        catalogue = make_catalogue(table, gazetteer)
        available = availability(catalogue, capacity_table(reports), now=NOW)
        home = rng.choice(places)
        query = Query(
            gazetteer.by_siruta(int(home["locality_siruta"])),
            tuple(rng.sample(TYPES, rng.randint(2, 4))),
            Person(age=rng.choice([None, None, 10, 70])),
            mode=rng.choice(["car", "walk"]),
            max_minutes=rng.choice([None, None, 90]),
            only_confirmed=rng.choice([False, False, True]),
            on=TODAY,
        )
        found = plan_trip(Snapshot(catalogue, available, gazetteer), query)
        allowed = ("confirmed",) if query.only_confirmed else ("confirmed", "call_first")
        groups = {
            code: [
                s
                for s in records(table)
                if s["service_type"] == code
                and not first_reason(s, query, where)
                and block_of(s, taxonomy.service_type(code), reports.get(s["service_id"]), NOW) in allowed
                and (query.max_minutes is None or minutes_to(query, s) <= query.max_minutes)
                and (s["delivery"] or taxonomy.service_type(code).delivery) == "at_site"
            ]
            for code in query.wanted
        }
        visited = [code for code in query.wanted if groups[code]]
        assert [each.wanted for each in found.separate] == visited
        assert {visit.wanted for visit in found.visits} == set(visited)
        if not visited:
            assert found.minutes == 0
            continue
        shortest, separate = by_hand([groups[code] for code in visited], query)
        assert found.minutes == pytest.approx(shortest, abs=1e-6)
        assert found.separate_minutes == pytest.approx(separate, abs=1e-6)
        assert found.saved_minutes == pytest.approx(separate - shortest, abs=1e-6)
        ids = {s["service_id"] for code in visited for s in groups[code]}
        assert {visit.offer.service_id for visit in found.visits} <= ids
        compared += len(visited) > 1
    assert compared >= worlds * 3 // 8


def test_two_services_of_one_town_are_one_trip_though_each_has_a_nearer_one_elsewhere(gazetteer, parincea):
    lat, lon = parincea.lat, parincea.lon
    services = [
        service(1, DAY, lat, lon - 0.2), service(2, DAY, lat, lon + 0.3), service(3, OLD_AGE, lat, lon + 0.3),
    ]  # fmt: skip
    found = plan_trip(*_asked(services, gazetteer, parincea, (DAY, OLD_AGE)))
    assert {visit.offer.service_id for visit in found.visits} == {"social:mmps:002", "social:mmps:003"}
    assert [each.offer.service_id for each in found.separate] == ["social:mmps:001", "social:mmps:003"]
    assert found.saved_minutes > 20
    assert round(found.visits[1].minutes) == 0


def _asked(services, gazetteer, origin, wanted, reports=None, **said):
    catalogue, available = world(services, gazetteer, reports)
    return Snapshot(catalogue, available, gazetteer), Query(origin, wanted, on=TODAY, **said)


def test_confirmed_places_come_first_and_the_shorter_way_by_calling_first_second(gazetteer, parincea):
    lat, lon = parincea.lat, parincea.lon
    services = [
        service(1, DAY, lat, lon + 0.05), service(2, DAY, lat, lon + 0.3), service(3, OLD_AGE, lat, lon + 0.04),
    ]  # fmt: skip
    sure, shorter = best_for(*_asked(services, gazetteer, parincea, (DAY, OLD_AGE), free(2, 3)))
    assert sure.only_confirmed
    assert not shorter.only_confirmed
    assert shorter.minutes < sure.minutes
    only = best_for(*_asked(services, gazetteer, parincea, (DAY, OLD_AGE), free(2, 3), only_confirmed=True))
    assert [p.minutes for p in only] == [sure.minutes]


def test_without_a_confirmed_place_for_every_need_there_is_one_plan_over_both_blocks(gazetteer, parincea):
    services = [service(1, DAY, parincea.lat, parincea.lon + 0.05), service(2, OLD_AGE, parincea.lat, parincea.lon)]
    plans = best_for(*_asked(services, gazetteer, parincea, (DAY, OLD_AGE), free(1)))
    assert len(plans) == 1
    assert {visit.offer.block for visit in plans[0].visits} == {"confirmed", "call_first"}


def test_a_sensitive_need_is_never_in_a_trip_with_others(gazetteer, parincea):
    sensitive = next(
        t.service_type for t in taxonomy.service_types().values()
        if t.is_sensitive and not t.is_secret and t.delivery == "at_site" and t.service_area == "nation"
    )  # fmt: skip
    lat, lon = parincea.lat, parincea.lon
    services = [
        service(1, DAY, lat, lon + 0.1),
        service(2, OLD_AGE, lat, lon + 0.1),
        service(3, sensitive, lat, lon + 0.1),
    ]
    found = plan_trip(*_asked(services, gazetteer, parincea, (DAY, sensitive, OLD_AGE)))
    assert {visit.wanted for visit in found.visits} == {DAY, OLD_AGE}
    assert [each.wanted for each in found.apart] == [sensitive]
    assert found.separate_minutes == pytest.approx(2 * found.minutes)


def test_a_protected_service_is_in_no_trip_and_has_no_way(gazetteer, parincea):
    lat, lon = parincea.lat, parincea.lon
    services = [
        service(1, DAY, lat, lon + 0.1), service(2, OLD_AGE, lat, lon + 0.1, is_secret=True, service_area="nation"),
    ]  # fmt: skip
    found = plan_trip(*_asked(services, gazetteer, parincea, (DAY, OLD_AGE)))
    assert [visit.wanted for visit in found.visits] == [DAY]
    assert [(each.wanted, [o.why for o in each.offers]) for each in found.no_way] == [(OLD_AGE, ["secret"])]


def test_a_service_that_comes_home_needs_no_way(gazetteer, parincea):
    lat, lon = parincea.lat, parincea.lon
    services = [
        service(1, DAY, lat, lon + 0.1),
        service(2, "8810ID-I", lat, lon, delivery="at_home", service_area="county"),
    ]
    found = plan_trip(*_asked(services, gazetteer, parincea, (DAY, "8810ID-I")))
    assert [visit.wanted for visit in found.visits] == [DAY]
    assert [o.why for o in found.no_way[0].offers] == ["at_home"]


def test_only_the_office_that_serves_the_home_is_visited(gazetteer, parincea):
    there = gazetteer.resolve("Vaslui")
    services = [
        service(1, WORK, parincea.lat, parincea.lon + 0.3, service_area="county"),
        service(2, WORK, parincea.lat, parincea.lon, service_area="county", county=there.county, uat_siruta=there.uat_siruta),
        service(3, DAY, parincea.lat, parincea.lon),
    ]  # fmt: skip
    found = plan_trip(*_asked(services, gazetteer, parincea, (WORK, DAY)))
    assert {visit.offer.service_id for visit in found.visits} == {"social:mmps:001", "social:mmps:003"}


def test_one_need_or_six_are_no_trip(gazetteer, parincea):
    snapshot, query = _asked([service(1, DAY, 46.5, 27.0)], gazetteer, parincea, (DAY, DAY))
    with pytest.raises(BadValueError, match="2 până la 5"):
        plan_trip(snapshot, query)
    with pytest.raises(BadValueError, match="nu pentru 6"):
        plan_trip(snapshot, replace(query, wanted=tuple(TYPES)))


def test_nobody_for_any_need_is_an_empty_trip(gazetteer, parincea):
    found = plan_trip(*_asked([service(1, DOCTOR, 46.5, 27.0)], gazetteer, parincea, (DAY, OLD_AGE)))
    assert (found.visits, found.minutes) == ((), 0.0)
    assert [each.wanted for each in found.no_way] == [DAY, OLD_AGE]


def test_the_own_desk_is_no_stop_of_a_trip(demonstration):
    snapshot = open_directory(demonstration).snapshot()
    origin = snapshot.gazetteer.resolve("Parincea, Bacău")
    for plan in best_for(snapshot, make_query(origin=origin, wanted=("elderly-alone", "hot-meal"), person=Person())):
        assert {visit.wanted for visit in plan.visits} == {"elderly-alone", "hot-meal"}
        assert "AUT-SPAS" not in {each.offer.service_type for each in (*plan.visits, *plan.separate)}
