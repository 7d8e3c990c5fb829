"""Who waited, put to places as well as can be and in order of arrival: in words, within what the actor may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.errors import NotAllowedError
from core.storage.home import make_home
from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.county_plan import PlanConstraints, plan
from providers.planning.effective_coverage import compute_coverage
from referrals.ledger import unmet_needs
from referrals.ledger.ledger import open_ledger
from referrals.ledger.unmet_needs import Unmet
from referrals.records.vocabulary import Actor
from reports.planning.waiting_people import waiting_json, waiting_people, waiting_words
from tests.worlds.homes import coverage_world as world

NOW = datetime.now(UTC)
COUNTY = Actor("county", "a", "BC")
PARINCEA_SEAT = 24098


@pytest.fixture
def ledger(tmp_path):
    found = open_ledger(make_home("demo", tmp_path / "var"))
    yield found
    found.close()


def refuse(ledger, times, *, uat=world.PARINCEA, locality=None, county="BC", service_type=world.CENTRE, need="x"):
    with ledger.store.write() as connection:
        for _time in range(times):
            unmet_needs.count(connection, "none_found", Unmet(need, service_type, county, uat, locality), NOW)


def ask(*rows, said=(), **options):
    catalogue = world.catalogue(*rows)
    return compute_coverage(
        options.pop("code", world.CENTRE),
        world.people(),
        catalogue,
        world.laid(catalogue, *said),
        travel=STRAIGHT_LINES,
        **options,
    )


def test_nobody_who_waited_is_said(ledger):
    found = waiting_people(ask(), ledger, actor=COUNTY, now=NOW, county="BC")
    assert found.people == 0
    assert "nimeni nu a fost refuzat" in " ".join(waiting_words(found))


def test_only_this_service_and_this_county_are_counted(ledger):
    refuse(ledger, 2)
    refuse(ledger, 3, service_type=world.KITCHEN)
    refuse(ledger, 4, county="NT", uat=world.GAZETTEER.uats.query("county == 'NT'")["uat_siruta"].iloc[0])
    found = ask(world.service(1, places_max=9), said=[(1, 9, 1)])
    assert waiting_people(found, ledger, actor=COUNTY, now=NOW, county="BC").people == 2
    later = NOW + timedelta(days=100)
    assert waiting_people(found, ledger, actor=COUNTY, now=later, county="BC").people == 0


def test_the_order_of_arrival_loses_what_the_best_assignment_keeps(ledger):
    """Service 1 takes everybody of the county, service 2 only Parincea; whoever comes first takes the nearer one."""
    other = world.GAZETTEER.localities.query("county == 'BC' and uat_siruta != 24089").copy()
    far = (other["lat"] - world.PLACE[0]).abs() + (other["lon"] - world.PLACE[1]).abs()
    near = other.loc[far.idxmin()]
    refuse(ledger, 1, uat=world.PARINCEA, locality=PARINCEA_SEAT)
    refuse(ledger, 1, uat=int(near["uat_siruta"]), locality=int(near["locality_siruta"]))
    rows = [world.service(1, places_max=1), world.service(2, 0.05, places_max=1, service_area="own_uat")]
    found = ask(*rows, said=[(1, 1, 1), (2, 1, 1)], reach_minutes=60)
    waiting = waiting_people(found, ledger, actor=COUNTY, now=NOW, county="BC")
    assert waiting.now.best.people_placed == 2
    assert waiting.now.in_order.people_placed == 1
    assert "Repartizarea în ordinea cererilor lasă fără loc 1 persoană." in " ".join(waiting_words(waiting))
    told = waiting_json(waiting)
    assert told["now"]["people_lost"] == 1
    assert told["after_plan"] is None


def test_a_plan_adds_its_places_for_those_who_waited(ledger):
    refuse(ledger, 6)
    found = ask(world.service(1, places_max=1), said=[(1, 1, 1)])
    made = plan(found, "BC", PlanConstraints(sites=2, places_each=2, places_more=1, teams=1, visits=1, days=("luni",)))
    waiting = waiting_people(found, ledger, actor=COUNTY, now=NOW, county="BC", plan=made)
    assert waiting.now.best.people_placed == 1
    assert waiting.after is not None
    assert waiting.after.best.people_placed >= waiting.now.best.people_placed
    assert "Cu „Planul”" in " ".join(waiting_words(waiting, plan_title="Planul"))


def test_unknown_places_are_none_and_are_counted_and_those_that_come_home_have_no_way(ledger):
    refuse(ledger, 2, service_type=world.HOME_CARE)
    rows = [world.service(n, service_type=world.HOME_CARE, places_max=5, capacity_model="places") for n in (1, 2)]
    found = ask(*rows, said=[(1, 1, 1)], code=world.HOME_CARE)
    waiting = waiting_people(found, ledger, actor=COUNTY, now=NOW, county="BC")
    assert waiting.now.best.people_placed == 1
    assert waiting.now.best.minutes_total == 0
    assert waiting.unknown == 1
    assert "nu se știe câte locuri" in " ".join(waiting_words(waiting))


def test_services_that_take_everybody_leave_nobody_waiting(ledger):
    refuse(ledger, 3)
    found = ask(world.service(1, capacity_model="open"), said=[])
    waiting = waiting_people(found, ledger, actor=COUNTY, now=NOW, county="BC")
    assert np.isfinite(waiting.now.best.people_placed)
    assert waiting.people == 3


def test_an_actor_counts_its_own_area_only(ledger):
    refuse(ledger, 2)
    found = ask(world.service(1, places_max=9), said=[(1, 9, 1)])
    team = Actor("team", "t", "BC", uat_siruta=20297)
    assert waiting_people(found, ledger, actor=team, now=NOW, county="BC").people == 0
    mine = Actor("team", "t", "BC", uat_siruta=world.PARINCEA)
    assert waiting_people(found, ledger, actor=mine, now=NOW, county="BC").people == 2
    with pytest.raises(NotAllowedError):
        waiting_people(found, ledger, actor=COUNTY, now=NOW, county="NT")
    with pytest.raises(NotAllowedError):
        waiting_people(found, ledger, actor=Actor("provider", "p"), now=NOW, county="BC")
