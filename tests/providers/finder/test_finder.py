from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest

from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.travel import STRAIGHT_LINES
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.eligibility import REASONS
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.finder import find
from providers.finder.offer_view import cautions, view_of
from providers.output.answer_json import as_json
from providers.rules.person import Person
from providers.rules.schema import services_table
from tests.covering import daily
from tests.worlds.roads.made_up_roads import made_up_models
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table, geography, obvious, records

NEEDS = [
    "child-neglect",
    "vaccination",
    "no-family-doctor",
    "school-enrolment",
    "domestic-violence",
    "suicide-risk",
    "job",
]
PROVIDERS = [
    "Furnizor", "Furnizor", "Direcția Generală de Asistență Socială și Protecția Copilului Exemplu", "Primăria Exemplu",
]  # fmt: skip
NAMES = ["Serviciul", "Serviciul", "Centrul din Penitenciarul Exemplu", "Spitalul Județean", "Spitalul de Psihiatrie"]
TYPES = [
    "8891CZ-C-II", "8730CR-V-I", "8810ID-I", "EDU-SCHOOL", "EMP-AJOFM",
    "8790CR-VD-I", "8899CZ-D-I", "MED-GP", "8899CZ-VD-I", "MED-HOSP", "EDU-HIGH", "MED-UPU",
]  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def parincea(gazetteer):
    return gazetteer.resolve("Parincea, Bacău")


def service(number: int, lat: float, lon: float, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": f"Serviciul {number}",
        "organization": "Furnizor", "service_type": "8891CZ-C-II", "county": "BC", "uat_siruta": 24089, "lat": lat,
        "lon": lon, "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


def ask(services, place, gazetteer, *, reports=None, wanted=("8891CZ-C-II",), **options):
    table = services_table(services)
    catalogue = make_catalogue(table, gazetteer)
    available = availability(catalogue, capacity_table(reports or {}), now=NOW)
    return find(Snapshot(catalogue, available, gazetteer), Query(place, wanted, on=TODAY, **options))


def ids(answer, block):
    return [r.service_id for r in answer.results if r.block == block]


def named(offer) -> str:
    """Return the id of an offer, of a protected one its type and county; of a kind without a service its type."""
    if offer.is_secret:
        return offer.service_id.rpartition(":")[0]
    return offer.service_id or f"kind:{offer.service_type}"


def reasons(answer):
    return {e.service_id: e.reason for e in answer.excluded}


def test_the_nearest_service_without_a_report_is_one_to_call_first(gazetteer, parincea):
    answer = ask(
        [service(1, parincea.lat + 0.1, parincea.lon), service(2, parincea.lat + 0.05, parincea.lon)],
        parincea,
        gazetteer,
    )
    assert ids(answer, "call_first") == ["social:mmps:2", "social:mmps:1"]
    assert ids(answer, "confirmed") == []
    assert answer.results[0].places_free is None


def test_a_fresh_report_of_a_free_place_confirms_and_a_stale_one_does_not(gazetteer, parincea):
    services = [service(n, parincea.lat + n / 50, parincea.lon) for n in (1, 2)]
    reports = {
        "social:mmps:1": ("free", 2, NOW - timedelta(days=15)),
        "social:mmps:2": ("free", 1, NOW - timedelta(days=13)),
    }
    answer = ask(services, parincea, gazetteer, reports=reports)
    assert ids(answer, "confirmed") == ["social:mmps:2"]
    assert ids(answer, "call_first") == ["social:mmps:1"]
    assert round(answer.results[1].report_age_days) == 15


def test_a_full_service_nearer_than_the_one_shown_is_named_with_the_day_of_its_report(gazetteer, parincea):
    services = [service(n, parincea.lat + n / 50, parincea.lon) for n in (1, 2)]
    reports = {"social:mmps:1": ("full", 0, NOW - timedelta(days=1)), "social:mmps:2": ("free", 1, NOW)}
    answer = ask(services, parincea, gazetteer, reports=reports)
    assert reasons(answer) == {"social:mmps:1": "full"}
    assert answer.excluded[0].words == "nu mai are locuri (raportat ieri)"


@pytest.mark.parametrize(
    ("said", "person", "reason"),
    [
        ({"accreditation_status": "withdrawn", "licence_status": "withdrawn"}, Person(), "accreditation_withdrawn"),
        ({"licence_status": "withdrawn", "licence_until": "2020-01-01"}, Person(), "licence_withdrawn"),
        ({"licence_until": "2026-11-21"}, Person(), "licence_expired"),
        ({"licence_from": "2026-11-23"}, Person(), "licence_not_started"),
        ({}, Person(age=40), "age"),
        ({"sex": "F"}, Person(sex="M"), "sex"),
        ({"groups": "disability"}, Person(groups=frozenset({"homeless"})), "group"),
        ({"service_area": "county", "county": "CJ"}, Person(), "home"),
        ({"service_area": "own_uat", "uat_siruta": 1017}, Person(), "home"),
        ({"operating_status": "closed"}, Person(), "closed"),
        ({"closed_until": "2026-11-22"}, Person(), "closed_for_now"),
        ({"closed_from": "2026-11-22"}, Person(), "closed_for_now"),
        ({"closed_from": "2026-11-01", "closed_until": "2026-11-30"}, Person(), "closed_for_now"),
    ],
)
def test_a_service_that_may_not_take_the_person_is_left_out_with_the_first_reason(
    gazetteer, parincea, said, person, reason
):
    near, far = (
        service(1, parincea.lat + 0.01, parincea.lon, **said),
        service(2, parincea.lat + 0.1, parincea.lon, age_min=0, age_max=99, groups="homeless;disability"),
    )
    answer = ask([near, far], parincea, gazetteer, person=person)
    assert [r.service_id for r in answer.results] == ["social:mmps:2"]
    assert reasons(answer) == {"social:mmps:1": reason}


@pytest.mark.parametrize(
    ("days", "caution"),
    [
        ({"closed_until": "2026-11-21"}, ()),
        ({"closed_from": "2026-11-01", "closed_until": "2026-11-21"}, ()),
        ({"closed_from": "2026-11-23"}, ("Închis temporar din 23.11.2026, nu se știe până când.",)),
        (
            {"closed_from": "2026-11-23", "closed_until": "2026-12-01"},
            ("Închis temporar între 23.11.2026 și 01.12.2026.",),
        ),
    ],
)
def test_a_closure_for_a_time_ends_by_itself_and_one_that_comes_is_said(gazetteer, parincea, days, caution):
    answer = ask([service(1, parincea.lat, parincea.lon, **days)], parincea, gazetteer)
    (offer,) = answer.results
    assert (cautions(offer), reasons(answer)) == (caution, {})


def test_one_closed_for_a_time_is_left_out_with_the_day_until_which(gazetteer, parincea):
    services = [
        service(1, parincea.lat, parincea.lon, closed_from="2026-11-01", closed_until="2026-11-30"),
        service(2, parincea.lat + 0.1, parincea.lon, closed_until="2026-11-22", delivery="at_home"),
    ]
    told = {line.service_id: line.words for line in ask(services, parincea, gazetteer).excluded}
    assert told == {
        "social:mmps:1": "închis temporar până la 30.11.2026",
        "social:mmps:2": "închis temporar până la 22.11.2026",
    }


def test_a_name_of_other_people_than_the_code_s_is_a_caution(gazetteer, parincea):
    services = [
        service(1, parincea.lat, parincea.lon, name="Centrul de zi pentru femei adulte"),
        service(2, parincea.lat + 0.1, parincea.lon, name="Centrul de zi pentru copii"),
    ]
    said = "Denumirea spune altă categorie de persoane decât codul din registru: întrebați pe cine primește."
    assert [cautions(offer) for offer in ask(services, parincea, gazetteer).results] == [(said,), ()]


def test_an_unknown_licence_date_refuses_nobody_and_the_last_day_still_counts(gazetteer, parincea):
    services = [
        service(1, parincea.lat + 0.01, parincea.lon),
        service(2, parincea.lat + 0.02, parincea.lon, licence_until="2026-11-22"),
    ]
    assert ids(ask(services, parincea, gazetteer), "call_first") == ["social:mmps:1", "social:mmps:2"]


def test_equal_minutes_fall_to_the_lower_service_id_across_types(gazetteer, parincea):
    services = [
        service(9, parincea.lat + 0.01, parincea.lon),
        service(10, parincea.lat + 0.01, parincea.lon, service_type="8891CZ-C-IV"),
        service(2, parincea.lat + 0.01, parincea.lon),
    ]
    answer = ask(services, parincea, gazetteer, wanted=("8891CZ-C-II", "8891CZ-C-IV"))
    assert ids(answer, "call_first") == ["social:mmps:10", "social:mmps:2", "social:mmps:9"]


def test_services_at_one_point_of_a_locality_share_their_place_and_say_so(gazetteer, parincea):
    here = {"position_precision": "locality"}
    services = [
        service(1, parincea.lat + 0.01, parincea.lon, **here),
        service(2, parincea.lat + 0.01, parincea.lon, **here),
        service(3, parincea.lat + 0.02, parincea.lon, **here),
        service(4, parincea.lat + 0.03, parincea.lon),
        service(5, parincea.lat + 0.03, parincea.lon),
        *(service(number, parincea.lat + 0.5, parincea.lon, **here) for number in range(10, 17)),
    ]
    results = ask(services, parincea, gazetteer, k=7).results
    assert [r.rank for r in results] == [1, 1, 3, 4, 5, 6, 6]  # a door of one's own is no tie
    assert [r.at_same_point for r in results] == [2, 2, 1, 2, 2, 7, 7]
    assert [r.is_tied for r in results] == [True, True, False, False, False, True, True]
    said = view_of(results[-1]).precision
    assert said.startswith("aproximativă: centrul localității; aici sunt arătate 7 unități")


def test_beyond_the_reach_nothing_is_shown_and_the_nearest_are_said_to_be_too_far(gazetteer, parincea):
    answer = ask([service(1, parincea.lat + 0.5, parincea.lon)], parincea, gazetteer, max_minutes=10)
    assert answer.results == ()
    assert reasons(answer) == {"social:mmps:1": "too_far"}


def test_a_paper_s_office_that_serves_the_home_stands_first_and_the_town_hall_after_it(gazetteer, parincea):
    services = [
        service(1, parincea.lat + 0.2, parincea.lon, service_type="AUT-SPCLEP", service_area="county"),
        service(2, parincea.lat, parincea.lon, service_type="AUT-PRIM", service_area="own_uat"),
        service(3, parincea.lat + 0.01, parincea.lon, service_type="AUT-PRIM", service_area="own_uat", uat_siruta=1017),
    ]
    answer = ask(services, parincea, gazetteer, wanted=("identity-papers",))
    assert [named(offer) for offer in answer.first] == ["social:mmps:1", "social:mmps:2"]
    assert answer.excluded == ()


def test_an_empty_register_gives_an_empty_answer(gazetteer, parincea):
    answer = ask([], parincea, gazetteer)
    assert (answer.results, answer.elsewhere, answer.excluded) == ((), (), ())


def test_a_home_visit_is_offered_where_it_serves_and_has_no_minutes(gazetteer, parincea):
    services = [
        service(1, parincea.lat, parincea.lon, service_type="8810ID-I"),
        service(2, 46.77, 23.6, service_type="8810ID-I", county="CJ"),
    ]
    answer = ask(services, parincea, gazetteer, wanted=("8810ID-I",))
    assert [(e.service_id, e.why) for e in answer.elsewhere] == [("social:mmps:1", "at_home")]
    assert answer.results == ()


def test_a_secret_service_shows_its_kind_and_county_and_nothing_that_leads_to_its_door(gazetteer, parincea):
    secret = service(
        1, 46.5, 26.9, service_type="8790CR-VD-I", is_secret=True, name="Adăpostul din Orășelul Ascuns", address="Strada Tainică 7",
        locality="Orășelul Ascuns", phone="0234000111", email="a@ascuns.ro", places_max=12, capacity_text="12", areas_served="24089",
        organization="Asociația Orășelul Ascuns", licence_number="LF 0007 Ascuns", hours="non-stop", website="ascuns.ro",
        flags="county_mismatch", position_precision="address", organization_cui="123",
    )  # fmt: skip
    reports = {"social:mmps:1": ("free", 3, NOW)}
    answer = ask([secret], parincea, gazetteer, reports=reports, wanted=("8790CR-VD-I",))
    (offer,) = answer.elsewhere
    assert (offer.why, offer.county, offer.places_max, offer.places_free, offer.status) == (
        "secret",
        "BC",
        None,
        None,
        "unknown",
    )
    told = repr(as_json(answer)) + repr(answer)
    for word in ("Ascuns", "Tainic", "0234000111", "46.5", "26.9", "LF 0007"):
        assert word not in told, word
    catalogue = make_catalogue(services_table([secret]), gazetteer)
    held = catalogue.services.to_csv() + repr(catalogue.types["8790CR-VD-I"])
    assert "Ascuns" not in held
    assert "Tainic" not in held
    assert len(catalogue.types["8790CR-VD-I"].index) == 0
    assert np.isnan(catalogue.services["lat"]).all()
    assert not (catalogue.rules.uat == 24089).any()


def test_sector_and_municipality_of_bucharest_are_the_same_home(gazetteer):
    sector = gazetteer.by_siruta(179141)
    services = [service(1, 44.44, 26.1, county="B", uat_siruta=179132, service_area="own_uat")]
    assert ids(ask(services, sector, gazetteer), "call_first") == ["social:mmps:1"]


def world(rng: random.Random, places, size: int):
    for number in range(size):
        at = rng.choice(places)
        kind = rng.choice(TYPES)
        yield {
            **service(number, at["lat"], at["lon"]), "service_type": kind, "name": rng.choice(NAMES),
            "organization": rng.choice(PROVIDERS), "county": at["county"],
            "uat_siruta": at["uat_siruta"], "locality_siruta": at["locality_siruta"],
            "licence_until": rng.choice([None, None, "2026-11-21", "2026-11-22", "2027-01-01"]),
            "licence_from": rng.choice([None, "2020-01-01", "2027-01-01", None, None]),
            "licence_status": rng.choice(["active", "unknown", "active", "withdrawn", "suspended", "active"]),
            "accreditation_status": rng.choice(["accredited", "unknown", "withdrawn", "accredited", "accredited"]),
            "operating_status": rng.choice(["open"] * 6 + ["closed"]),
            "closed_from": rng.choice([None] * 6 + ["2026-11-22", "2026-11-23"]),
            "closed_until": rng.choice([None] * 6 + ["2026-11-21", "2026-11-22", "2026-12-01"]),
            "groups": rng.choice([None, None, "B1", "B4;B3", "disability", "violence-victim", "B5"]),
            "sex": rng.choice([None, None, None, "F", "M"]),
            "service_area": rng.choice([None, None, "nation", "county", "own_uat", "region", "listed"]),
            "areas_served": rng.choice(["BC;IS", "CJ", None]), "delivery": rng.choice([None] * 6 + ["at_home"]),
            "is_secret": kind.startswith("8790CR-VD"),
        }  # fmt: skip


def random_reports(rng: random.Random, services, share: float):
    reports = {}
    for service_id in services["service_id"]:
        if rng.random() < share:
            status = rng.choice(["free", "free", "full", "waitlist", "assess", "open", "unknown"])
            free = rng.choice([0, 1, 3, None]) if status in ("free", "full") else None
            reports[service_id] = (status, free, NOW - timedelta(days=rng.choice([0, 1, 5, 13.9, 14.1, 29, 40])))
    return reports


def random_query(rng: random.Random, gazetteer, places) -> Query:
    def place():
        return gazetteer.by_siruta(int(rng.choice(places)["locality_siruta"]))

    return Query(
        place(),
        tuple(rng.sample(rng.choice([TYPES, NEEDS]), rng.choice([1, 1, 2, 4]))),
        Person(
            rng.choice([None, 5, 16, 35, 70]),
            rng.choice([None, "F", "M"]),
            frozenset(rng.choice([(), (), ("disability",), ("violence-victim", "pregnant")])),
        ),
        rng.choice([None, place()]),
        k=rng.choice([1, 3, 5, 20]),
        mode=rng.choice(["car", "walk"]),
        max_minutes=rng.choice([None, None, 10, 60]),
        only_confirmed=rng.choice([False, False, True]),
        on=TODAY,
    )


def check_same(services, catalogue, reports, query, gazetteer, travel=None):
    laid = availability(catalogue, capacity_table(reports), now=NOW)
    answer = find(Snapshot(catalogue, laid, gazetteer, travel=travel or STRAIGHT_LINES), query)
    told = obvious(records(services), reports, query, geography(gazetteer, travel), now=NOW)
    assert ids(answer, "confirmed") == told.confirmed
    assert ids(answer, "call_first") == told.call_first
    assert [named(offer) for offer in answer.first] == told.first
    assert [named(offer) for offer in answer.also] == told.also
    visited = {e.service_id: e.reason for e in answer.excluded if e.minutes is not None}
    assert visited == told.reasons
    assert all(e.reason in REASONS for e in answer.excluded)


@pytest.mark.slow
@pytest.mark.parametrize(("rounds", "questions", "many"), daily([(3, 6, 150), (6, 12, 400)], lambda case: case[0] == 3))
def test_random_questions_agree_with_the_obvious_search(gazetteer, rounds, questions, many):
    rng = random.Random(20261122)
    known = gazetteer.localities.dropna(subset=["lat"]).sample(200, random_state=1)
    places = known.to_dict("records")
    for _round in range(rounds):
        services = services_table(world(rng, places, many))
        catalogue = make_catalogue(services, gazetteer)
        reports = random_reports(rng, services, rng.choice([0.01, 0.2, 0.9]))
        for _question in range(questions):
            query = random_query(rng, gazetteer, places)
            check_same(services, catalogue, reports, query, gazetteer)
            check_same(services, catalogue, reports, query, gazetteer, made_up_models(longest=90))


def by_road(services, place, gazetteer, **options):
    catalogue = make_catalogue(services_table(services), gazetteer)
    laid = availability(catalogue, capacity_table({}), now=NOW)
    snapshot = Snapshot(catalogue, laid, gazetteer, travel=made_up_models())
    return find(snapshot, Query(place, ("8891CZ-C-II",), on=TODAY, **options))


def test_what_nobody_can_reach_is_said_and_never_a_number(gazetteer, parincea):
    listed = [service(n, 46.4 + 0.01 * n, 27.0 + 0.013 * n) for n in range(1, 40)]
    minutes, metres = made_up_models().car.travel_times(
        parincea.lat, parincea.lon, [s["lat"] for s in listed], [s["lon"] for s in listed]
    )
    away = {s["service_id"]: far for s, far in zip(listed, metres, strict=True)}
    gone = {s["service_id"] for s, took in zip(listed, minutes, strict=True) if np.isinf(took)}
    answer = by_road(listed, parincea, gazetteer, k=40)
    assert 0 < len(gone) < 39
    assert {r.service_id for r in answer.results} == {s["service_id"] for s in listed} - gone
    far_m = max(r.distance_m for r in answer.results)
    cut_off = {e.service_id: e for e in answer.excluded if e.reason == "unreachable"}
    assert set(cut_off) == {s for s, metres in away.items() if s in gone and metres <= far_m}
    assert all(e.minutes is None and e.words == "nu se ajunge cu mașina" for e in cut_off.values())
    told = as_json(answer)
    assert told["travel"]["words"] == "pe drumuri OSM, ediția din 03.11.2026, vara"
    assert {r["travel_model"] for r in told["results"]} == {"roads_car_summer"}


def test_where_nothing_can_be_reached_the_nearest_are_named_as_cut_off(gazetteer, parincea):
    listed = [service(n, 46.4 + 0.01 * n, 27.0 + 0.013 * n) for n in range(1, 40)]
    minutes = made_up_models().car.travel_times(
        parincea.lat, parincea.lon, [s["lat"] for s in listed], [s["lon"] for s in listed]
    )[0]
    only = [s for s, took in zip(listed, minutes, strict=True) if np.isinf(took)]
    answer = by_road(only, parincea, gazetteer, k=2)
    assert answer.results == ()
    assert reasons(answer) == {s["service_id"]: "unreachable" for s in only[:2]}


def test_the_order_of_the_rows_never_matters(gazetteer, parincea):
    rng = random.Random(5)
    places = gazetteer.localities.dropna(subset=["lat"]).sample(50, random_state=2).to_dict("records")
    services = services_table(world(rng, places, 200))
    reports = random_reports(rng, services, 0.5)
    for seed in range(4):
        shuffled = services.sample(frac=1, random_state=seed).reset_index(drop=True)
        catalogue = make_catalogue(shuffled, gazetteer)
        laid = availability(catalogue, capacity_table(reports), now=NOW)
        answer = find(Snapshot(catalogue, laid, gazetteer), Query(parincea, tuple(TYPES), on=date(2026, 11, 22)))
        told = as_json(answer)
        if seed == 0:
            first = told
        assert told == first
