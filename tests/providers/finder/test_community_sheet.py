"""What a community has within reach, and what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.storage.editions import Manifest, Source
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.community_sheet import community_sheet, county_unit, kinds_asked
from providers.finder.finder import find
from providers.rules.schema import services_table
from providers.rules.taxonomy import service_types
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table

DAY_CENTRE, HOME_CARE, SHELTER = "8891CZ-C-II", "8810ID-I", "8790CR-VD-I"


def manifest(kind):
    return Manifest(kind, "e", "2026-11-22", "", Source("Registru"), "f", "0", 0, 0, 0)


@pytest.fixture
def parincea(gazetteer):
    return gazetteer.resolve("Parincea, Bacău")


def service(number, place, north, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": f"Serviciul {number}",
        "organization": "Furnizor", "service_type": DAY_CENTRE, "county": "BC", "uat_siruta": 24089,
        "lat": place.lat + north, "lon": place.lon, "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


def world(gazetteer, services, reports=None):
    catalogue = make_catalogue(services_table(services), gazetteer, manifests=(manifest("social"),))
    return Snapshot(catalogue, availability(catalogue, capacity_table(reports or {}), now=NOW), gazetteer)


def kind_of(sheet, code):
    return next(kind for kind in sheet.kinds if kind.service_type == code)


def test_the_nearest_is_the_one_that_the_finder_gives(gazetteer, parincea):
    services = [service(n, parincea, 0.02 * n) for n in range(1, 9)]
    snapshot = world(gazetteer, services)
    kind = kind_of(community_sheet(snapshot, parincea), DAY_CENTRE)
    answer = find(snapshot, Query(parincea, (DAY_CENTRE,), k=1, on=TODAY))
    assert kind.nearest == answer.results[0]
    assert kind.nearest.service_id == "social:mmps:1"
    assert kind.confirmed is None


def test_a_kind_beyond_reach_is_missing_and_a_wider_reach_finds_it(gazetteer, parincea):
    snapshot = world(gazetteer, [service(1, parincea, 0.4)])  # 44 km, some 80 minutes
    sheet = community_sheet(snapshot, parincea)
    assert [kind.service_type for kind in sheet.missing(60)] == [DAY_CENTRE]
    assert sheet.within(60) == []
    assert [kind.service_type for kind in sheet.within(90)] == [DAY_CENTRE]


def test_what_comes_home_needs_no_travel_and_is_not_missing(gazetteer, parincea):
    snapshot = world(gazetteer, [service(1, parincea, 0.4, service_type=HOME_CARE, delivery="at_home")])
    kind = kind_of(community_sheet(snapshot, parincea), HOME_CARE)
    assert kind.nearest is None
    assert kind.not_travelled == 1
    assert kind.is_within(30)


def test_a_kind_that_no_register_lists_is_not_called_missing(gazetteer, parincea):
    snapshot = world(gazetteer, [service(1, parincea, 0.01)])
    sheet = community_sheet(snapshot, parincea)
    unlisted = {t.service_type for t in sheet.not_listed}
    assert HOME_CARE in unlisted
    assert not unlisted & {kind.service_type for kind in sheet.kinds}
    assert sheet.not_imported == ("medical", "education", "employment")
    assert all(t.registry == "social" for t in sheet.not_listed)


def test_full_ones_that_stand_nearer_are_counted(gazetteer, parincea):
    services = [service(1, parincea, 0.01), service(2, parincea, 0.02), service(3, parincea, 0.3)]
    full = {"social:mmps:1": ("full", 0, NOW), "social:mmps:2": ("full", 0, NOW)}
    snapshot = world(gazetteer, services, full)
    kind = kind_of(community_sheet(snapshot, parincea), DAY_CENTRE)
    assert kind.nearest.service_id == "social:mmps:3"
    assert kind.full_nearer == 2


def test_shelters_are_not_asked_for_and_hidden_ones_change_nothing(gazetteer, parincea):
    assert SHELTER not in {t.service_type for t in kinds_asked()}
    assert not any(service_types()[t.service_type].is_secret for t in kinds_asked())
    open_one = service(1, parincea, 0.4)
    hidden = service(2, parincea, 0.0, is_secret=True, name="Adăpost")
    shelter = service(3, parincea, 0.0, service_type=SHELTER, is_secret=True)
    seen = [
        community_sheet(world(gazetteer, services), parincea)
        for services in ([open_one], [open_one, hidden], [open_one, shelter])
    ]
    plain = [replace(kind, nearest=None) for kind in seen[0].kinds]
    assert all([replace(kind, nearest=None) for kind in sheet.kinds] == plain for sheet in seen)


def test_the_county_unit_lists_its_communities_by_name(gazetteer):
    unit = county_unit(gazetteer, "BC", [(2, "Parincea"), (1, "Parava")])
    assert (unit.county_name, unit.seat.name, unit.region_name) == ("Bacău", "Bacău", "Nord-Est")
    assert [name for _code, name in unit.communities] == ["Parava", "Parincea"]
