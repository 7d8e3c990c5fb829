"""What an answer is made of is of one moment, whatever other threads publish or accept meanwhile."""

from __future__ import annotations

import shutil
import threading
from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.errors import MapError, MixedSnapshotError
from core.storage.home import make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.authorities import authorities
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.finder.query_parsing import parse_query
from providers.imports import importing
from providers.rules.schema import services_table
from referrals.database.models import referrals
from referrals.field import field_reports
from referrals.field.withdrawn_reports import withdraw_report
from referrals.ledger.ledger import Ledger
from referrals.places import moved_services
from referrals.records.vocabulary import OPEN, Actor
from referrals.workflow import directory as directories
from referrals.workflow import field_intake
from referrals.workflow.directory import open_directory
from tests.worlds.files.register_files import import_file
from tests.worlds.homes.ledger_world import refer, report, terms
from tests.worlds.twins.obvious_finder import capacity_table

ADMIN = Actor("admin", account="harta")
UNIT = Actor("county", "ujss-bc", "BC")
TEAM = Actor("team", "echipa-1", "BC", 20297)
DAY_CENTRE = "8891CZ-C-II"
TITLES = "Număr licență,Cod serviciu,Denumire serviciu,Județ,Localitate,Latitudine,Longitudine,Capacitate\n"
ROW = "{n}," + DAY_CENTRE + ",Centrul {n},Bacău,Bacău,46.5{n},26.91,20\n"


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


@pytest.fixture(scope="module")
def offices(gazetteer):
    return authorities.derive(gazetteer)


@pytest.fixture(scope="module")
def imported(tmp_path_factory, gazetteer, offices):
    """A home with three day centres; each test works in a copy of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HARTA_DATABASE_URL", raising=False)
        for module in (directories, importing):  # the places are the same for every test: they are read once
            patch.setattr(module, "load_gazetteer", lambda _home: gazetteer)
        patch.setattr(authorities, "derive", lambda _gazetteer: offices)
        home = make_home("live", tmp_path_factory.mktemp("imported") / "var")
        listed(home, 1, 2, 3)
        open_directory(home).ledger.close()
        yield home


@pytest.fixture
def home(imported, tmp_path):
    return open_home(shutil.copytree(imported.path, tmp_path / "var"))


def listed(home, *numbers):
    """Put a register of day centres in force."""
    path = home.path / f"centre{len(numbers)}.csv"
    path.write_text(TITLES + "".join(ROW.format(n=n) for n in numbers), encoding="utf-8")
    import_file(home, "social", path, source="mmps", confirmed=True)


@pytest.fixture
def directory(home):
    opened = open_directory(home)
    yield opened
    opened.ledger.close()


def places(directory):
    """The block and the free places of each service as an answer tells them."""
    query = parse_query(directory.gazetteer, place="Bacău, Bacău", services=[DAY_CENTRE])
    return {r.service_id: (r.block, r.places_free) for r in directory.ask(query).results}


def asked_in_the_middle(directory, monkeypatch, change):
    """What a thread is told during whose reading of the ledger another one changes the catalogue, and asks too."""
    read, changed, rivals = Ledger.capacity_now, threading.Event(), []

    def rival():
        change()
        changed.set()
        places(directory)

    def reading(ledger, *args, **kwargs):
        if not rivals:
            rivals.append(threading.Thread(target=rival))
            rivals[0].start()
            assert changed.wait(20)
            rivals[0].join(2)  # where it has to wait until this thread is done, it goes on afterwards
        return read(ledger, *args, **kwargs)

    monkeypatch.setattr(Ledger, "capacity_now", reading)
    told = places(directory)
    rivals[0].join(20)
    assert not rivals[0].is_alive()
    return told


def report_elsewhere(directory, service_id, free):
    """Note places as another process does: what this one keeps is then out of date."""
    directory.ledger.report_capacity(
        service_id, places_free=free, places_max=None, status=None, source="telefon", actor=ADMIN
    )


def test_an_import_in_the_middle_of_a_question_gives_no_service_the_places_of_another(directory, monkeypatch):
    directory.note_capacity("social:mmps:L1", actor=ADMIN, source="telefon", free=3)
    assert places(directory)["social:mmps:L2"] == ("call_first", None)
    report_elsewhere(directory, "social:mmps:L3", 1)
    told = asked_in_the_middle(directory, monkeypatch, lambda: listed(directory.home, 2, 3))
    assert told["social:mmps:L2"] == ("call_first", None)
    assert told["social:mmps:L3"] == ("confirmed", 1)
    assert places(directory) == {"social:mmps:L2": ("call_first", None), "social:mmps:L3": ("confirmed", 1)}


def test_a_correction_in_the_middle_of_a_question_gives_no_service_the_places_of_another(directory, monkeypatch):
    report = field_intake.report_wrong(directory, "social:mmps:L1", what="moved", actor=TEAM)
    directory.note_capacity("social:mmps:L1", actor=ADMIN, source="telefon", free=3)
    assert places(directory)["social:mmps:L2"] == ("call_first", None)
    report_elsewhere(directory, "social:mmps:L3", 1)

    def moved_away():  # without a place it stands behind all others, and their rows move up
        field_reports.settle(directory.ledger, report.report_id, accept=True, actor=UNIT, value="")

    told = asked_in_the_middle(directory, monkeypatch, moved_away)
    assert told["social:mmps:L2"] == ("call_first", None)
    assert told["social:mmps:L3"] == ("confirmed", 1)
    assert places(directory) == {"social:mmps:L2": ("call_first", None), "social:mmps:L3": ("confirmed", 1)}


def test_threads_that_ask_at_once_share_one_snapshot(directory):
    gate, taken = threading.Barrier(4), []

    def take():
        gate.wait()
        taken.append(directory.snapshot())

    threads = [threading.Thread(target=take) for _n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert len(taken) == 4
    assert len({id(snapshot) for snapshot in taken}) == 1


def test_a_new_report_of_places_leaves_the_catalogue_as_it_is(directory):
    before = directory.snapshot()
    directory.note_capacity("social:mmps:L1", actor=ADMIN, source="telefon", free=3)
    after = directory.snapshot()
    assert after is not before
    assert after.catalogue is before.catalogue
    assert after.gazetteer is before.gazetteer
    with pytest.raises(FrozenInstanceError):
        after.doubts = {}


def test_a_snapshot_holds_what_the_field_doubts(directory):
    assert directory.snapshot().doubts == {}
    field_intake.report_wrong(directory, "social:mmps:L1", what="gone", actor=TEAM)
    assert directory.snapshot().doubts == {"social:mmps:L1": ("gone",)}


def catalogue_of(gazetteer, *numbers, **said):
    rows = [
        {
            "service_id": f"social:mmps:{n}", "registry": "social", "registry_key": str(n), "name": f"Centrul {n}",
            "organization": "Furnizor", "service_type": DAY_CENTRE, "county": "BC", "uat_siruta": 20297, "lat": 46.5,
            "lon": 26.9, "position_precision": "address", "source_row": n, **said,
        }
        for n in numbers
    ]  # fmt: skip
    return make_catalogue(services_table(rows), gazetteer)


@pytest.mark.parametrize("said", [{}, {"places_max": 12}, {"is_secret": True}])
def test_parts_of_two_catalogues_are_refused(gazetteer, said):
    one, other = catalogue_of(gazetteer, 1, 2), catalogue_of(gazetteer, *((1, 2) if said else (2, 3)), **said)
    laid = availability(one, capacity_table({}))
    assert Snapshot(catalogue_of(gazetteer, 2, 1), laid, gazetteer)  # the same rows, however the register lists them
    with pytest.raises(MixedSnapshotError, match=other.digest):
        Snapshot(other, laid, gazetteer)


def social_services(directory):
    """Give the ids of the three services of the register."""
    found = sorted(each for each in directory.snapshot().catalogue.position if each.startswith("social:"))
    assert len(found) == 3
    return found


STEPS = ("report", "say full", "refer", "decline", "accept", "cancel", "withdraw")


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=10))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_moved_is_laid_over_a_snapshot_as_if_all_were_read_anew(directory, steps):
    """Random lives of three services: after each step the snapshot that followed equals one of which all was read."""
    ledger = directory.ledger
    services = social_services(directory)
    for step, which, number in steps:
        service = services[which]
        made = ledger.referrals(actor=UNIT, states=OPEN)
        open_ids = made.loc[made["service_id"] == service, "referral_id"].tolist()
        whole_at = directory._kept.whole_at
        with suppress(MapError):
            if step == "report":
                report(ledger, number, service, actor=UNIT)
            elif step == "say full":
                report(ledger, None, service, actor=UNIT, status="full")
            elif step == "withdraw":
                withdraw_report(ledger, report(ledger, number, service, actor=UNIT).report_id, actor=UNIT)
            elif step == "refer":
                refer(ledger, terms(service))
            elif open_ids:
                because = {"decline": {"reason": "no_places"}}.get(step, {})
                ledger.transition(open_ids[0], step, actor=UNIT, **because)
        followed = directory.snapshot().availability
        assert directory._kept.whole_at == whole_at
        catalogue = directory.snapshot().catalogue
        anew = availability(catalogue, ledger.capacity_now(), now=followed.now)
        for name in ("status", "places_free", "places_max", "reported_s", "block"):
            np.testing.assert_array_equal(getattr(followed, name), getattr(anew, name), err_msg=f"{step} {name}")


def test_a_held_place_and_a_refusal_are_laid_over_the_snapshot_that_was_there(directory):
    service = social_services(directory)[0]
    whole_at = directory._kept.whole_at
    report(directory.ledger, 2, service, actor=UNIT)
    made = refer(directory.ledger, terms(service))
    held = directory.snapshot()
    assert held.availability.places_free[held.catalogue.position[service]] == 1
    directory.ledger.transition(made.referral_id, "decline", reason="no_places", actor=UNIT)
    refused = directory.snapshot()
    assert refused.availability.status[refused.catalogue.position[service]] == "full"
    assert held.availability.status[held.catalogue.position[service]] == "free"
    assert directory._kept.whole_at == whole_at


def test_more_moved_services_than_are_read_one_by_one_are_read_all(directory, monkeypatch):
    monkeypatch.setattr(moved_services, "MOST", 1)
    services = social_services(directory)
    whole_at = directory._kept.whole_at
    for service in services:
        report(directory.ledger, 2, service, actor=UNIT)
    after = directory.snapshot()
    assert [after.availability.places_free[after.catalogue.position[service]] for service in services] == [2, 2, 2]
    assert directory._kept.whole_at > whole_at


def test_a_request_that_moved_no_place_runs_out_in_its_time_all_the_same(directory):
    """What is kept while nothing moved is the snapshot, not the moment up to which it may be kept."""
    service = social_services(directory)[0]
    refer(directory.ledger, terms(service))  # nobody reported places there: it is asked
    before = directory.snapshot()
    soon = before.availability.now + timedelta(seconds=20)
    with directory.ledger.store.write() as connection:
        connection.execute(update(referrals).values(expires_at=soon))
    assert directory.snapshot(now=before.availability.now) is before
    assert directory.snapshot(now=soon) is not before
