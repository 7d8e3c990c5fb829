from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import NotAllowedError
from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.travel import CAR
from providers.catalogue.catalogue import make_catalogue
from providers.rules.schema import services_table
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import Directory
from referrals.workflow.ride_sharing import (
    MOST_EXTRA_MINUTES,
    SharedRide,
    extra_minutes,
    find_shared_rides,
    is_sensitive,
    list_shared_rides,
    ride_words,
)
from tests.worlds.homes.ledger_world import TEAM, refer, terms
from tests.worlds.homes.snapshots import snapshot_of

HOME = (46.50, 27.00)
NEAR, FAR, AROUND = (46.50, 27.10), (46.50, 28.20), (46.52, 27.05)


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


def service(number: int, locality: str, point, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": f"Serviciul {number}",
        "organization": "Furnizor", "service_type": "8899CZ-PN-V", "county": "BC", "uat_siruta": 22889,
        "locality": locality, "lat": point[0], "lon": point[1], "position_precision": "locality", "source_row": number,
        "delivery": "at_site", **said,
    }  # fmt: skip


@pytest.fixture
def catalogue(gazetteer):
    return make_catalogue(
        services_table(
            [
                service(1, "Aproape", NEAR), service(2, "Departe", FAR), service(3, "Pe ocolite", AROUND),
                service(4, "Ascuns", NEAR, is_secret=True),
            ]
        ),
        gazetteer,
    )  # fmt: skip


def community(gazetteer):
    """Where the small world's team works."""
    return replace(gazetteer.resolve("Parincea, Bacău"), uat_siruta=TEAM.uat_siruta, lat=HOME[0], lon=HOME[1])


def listed(ledger):
    return ledger.list_referrals(actor=TEAM)


def test_people_with_the_same_way_are_counted_by_destination_and_nothing_else_is_said(ledger, catalogue, gazetteer):
    refer(ledger, "social:mmps:1", need="food")
    refer(ledger, "social:mmps:1", need="clothes")
    refer(ledger, "social:mmps:3", need="food")
    found = list_shared_rides(catalogue, listed(ledger), HOME, [NEAR], gazetteer=gazetteer, travel=CAR)
    assert [(each.locality, each.cases) for each in found] == [("Aproape", 2), ("Pe ocolite", 1)]
    assert found[0].extra_minutes == pytest.approx(0)
    assert set(vars(found[0])) == {"locality", "county", "cases", "extra_minutes"}


def test_one_person_with_two_referrals_to_one_town_is_one_person(ledger, catalogue, gazetteer):
    first = refer(ledger, "social:mmps:1", need="food")
    refer(ledger, "social:mmps:1", need="clothes", case_ref=first.case_ref, second_place=True)
    assert [
        each.cases
        for each in list_shared_rides(catalogue, listed(ledger), HOME, [NEAR], gazetteer=gazetteer, travel=CAR)
    ] == [1]


def test_a_service_without_a_named_locality_is_said_at_the_nearest(ledger, gazetteer):
    catalogue = make_catalogue(services_table([service(1, None, NEAR)]), gazetteer)
    refer(ledger, "social:mmps:1", need="food")
    (ride,) = list_shared_rides(catalogue, listed(ledger), HOME, [NEAR], gazetteer=gazetteer, travel=CAR)
    assert ride.locality == gazetteer.nearest_locality(*NEAR).name


def test_a_long_way_round_is_no_shared_ride(ledger, catalogue, gazetteer):
    refer(ledger, "social:mmps:2", need="food")
    assert list_shared_rides(catalogue, listed(ledger), HOME, [NEAR], gazetteer=gazetteer, travel=CAR) == ()
    assert extra_minutes((HOME, NEAR, HOME), FAR, travel=CAR) > MOST_EXTRA_MINUTES


def test_a_sensitive_need_and_a_protected_address_share_no_ride(ledger, catalogue, gazetteer):
    refer(ledger, "social:mmps:1", need="drug-use")
    refer(ledger, "social:mmps:4", need="food")
    refer(ledger, terms("social:mmps:1", service_type="8899CZ-VD-I"), need="food")
    assert list_shared_rides(catalogue, listed(ledger), HOME, [NEAR], gazetteer=gazetteer, travel=CAR) == ()
    assert is_sensitive("nothing-known", "8899CZ-PN-V")
    assert not is_sensitive("food", "8899CZ-PN-V")


@pytest.fixture
def directory(ledger, gazetteer, catalogue, tmp_path, monkeypatch):
    open_ = Directory(make_home("live", tmp_path / "var"), gazetteer, ledger)
    monkeypatch.setattr(Directory, "snapshot", lambda _self: snapshot_of(catalogue, gazetteer))
    return open_


def test_only_open_referrals_of_others_count(ledger, directory, gazetteer, clock):
    own = refer(ledger, "social:mmps:1", need="food")
    gone = refer(ledger, "social:mmps:1", need="food")
    ledger.transition(gone.referral_id, "cancel", actor=TEAM)
    origin = community(gazetteer)
    ask = {"actor": TEAM, "case_ref": own.case_ref}
    assert find_shared_rides(directory, origin, [NEAR], **ask) == ()
    refer(ledger, "social:mmps:1", need="food")
    (ride,) = find_shared_rides(directory, origin, [NEAR], **ask)
    assert (ride.locality, ride.cases) == ("Aproape", 1)
    clock.move(days=60)
    assert find_shared_rides(directory, origin, [NEAR], **ask) == ()


def test_for_no_stop_nothing_is_read(ledger, directory, gazetteer):
    before = ledger.event_counter()
    assert find_shared_rides(directory, community(gazetteer), [], actor=TEAM) == ()
    assert ledger.event_counter() == before


def test_a_team_sees_nothing_of_another_community(ledger, directory, gazetteer):
    refer(ledger, "social:mmps:1", need="food")
    other = Actor("team", "echipa-2", "VS", 161801)
    with pytest.raises(NotAllowedError):
        find_shared_rides(directory, community(gazetteer), [NEAR], actor=other)


def test_the_extra_way_is_where_it_costs_least():
    way = (HOME, NEAR, HOME)
    assert extra_minutes(way, NEAR, travel=CAR) == pytest.approx(0)
    alone = extra_minutes((HOME, HOME), AROUND, travel=CAR)
    assert 0 < extra_minutes(way, AROUND, travel=CAR) < alone
    assert timedelta(minutes=extra_minutes(way, AROUND, travel=CAR)) < timedelta(hours=1)


def test_who_could_come_along_is_said_by_place_and_number_only():
    said = ride_words([SharedRide("Bacău", "BC", 2, 0.4), SharedRide("Onești", "BC", 1, 12.0)])
    assert "Bacău: 2 persoane (fără ocol); Onești: 1 persoană (ocol de 12 min)" in said
    assert ride_words([]) == ""
