"""From a tap in the field to a correction: the queue, who settles it, what the answers say meanwhile."""

from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import timedelta

import pytest

from core.errors import MapError, NotAllowedError, UnknownCodeError
from core.romanian_calendar import BUCHAREST
from core.storage.home import make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.finder.answer import Query
from providers.output.answer_json import as_json
from referrals.field import field_reports
from referrals.field.field_reports import Doubted
from referrals.records.ledger_errors import (
    BadReportError,
    ClosedServiceError,
    PersonalDataError,
    UnknownFieldReportError,
)
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from referrals.workflow.field_intake import export_corrections, queue, report_wrong, settle
from referrals.workflow.referral_offers import terms_of
from tests.worlds.files.register_files import import_file
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

SERVICE = "medical:own:M1"
OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")
LINK = Actor("provider", "", service_id=SERVICE)
FACT = Doubted(SERVICE, "BC", "0234000001")
REGISTER = "Cod,Tip serviciu,Denumire,Județ,Localitate,Telefon\n"
ROWS = (
    "M1,MED-GP,Cabinet Parincea,Bacău,Parincea,0234 000 001\n",
    "M2,MED-GP,Cabinet Bacău,Bacău,Bacău,0234 000 002\n",
)


def tapped(ledger, what="phone", actor=TEAM, **said):
    return field_reports.report(ledger, FACT, what=what, actor=actor, **said)


def test_a_second_tap_is_the_same_report_and_may_bring_the_right_number(ledger):
    first = tapped(ledger)
    again = tapped(ledger, actor=COUNTY, value="0234000009")
    assert again.report_id == first.report_id
    assert again.value == "0234000009"
    assert tapped(ledger, "gone").report_id != first.report_id
    assert field_reports.unsettled(ledger) == {SERVICE: ("phone", "gone")}


def test_every_change_shows_in_the_version_and_in_the_trail(ledger):
    versions = [field_reports.version(ledger)]
    made = tapped(ledger)
    versions.append(field_reports.version(ledger))
    field_reports.settle(ledger, made.report_id, accept=True, actor=COUNTY)
    versions.append(field_reports.version(ledger))
    assert len(set(versions)) == 3
    assert ledger.verify_audit() == []


def test_a_report_moves_no_place(ledger):
    before = ledger.event_counter()
    field_reports.settle(ledger, tapped(ledger).report_id, accept=False, actor=COUNTY)
    assert ledger.event_counter() == before


@pytest.mark.parametrize(
    "actor", [TEAM, Actor("team", "echipa-9", "CJ", 1), COUNTY, OTHER_COUNTY, NATIONAL, ADMIN, LINK]
)
def test_anybody_at_work_may_report_anywhere_and_a_provider_of_its_own(ledger, actor):
    assert tapped(ledger, actor=actor).state == "open"


@pytest.mark.parametrize("actor", [TEAM, OTHER_COUNTY, NATIONAL, LINK, Actor("provider", service_id="medical:own:M2")])
def test_only_the_service_s_own_county_settles(ledger, actor):
    made = tapped(ledger)
    with pytest.raises(NotAllowedError):
        field_reports.settle(ledger, made.report_id, accept=True, actor=actor)
    assert field_reports.by_id(ledger, made.report_id).state == "open"
    assert field_reports.settle(ledger, made.report_id, accept=True, actor=COUNTY).state == "accepted"


def test_another_provider_may_not_report_it(ledger):
    with pytest.raises(NotAllowedError):
        tapped(ledger, actor=Actor("provider", service_id="medical:own:M2"))


def test_a_county_unit_sees_its_own_queue_open_ones_first(ledger, clock):
    tapped(ledger)
    clock.move(hours=1)
    settled = field_reports.report(ledger, Doubted("medical:own:M2", "BC", ""), what="gone", actor=TEAM)
    field_reports.settle(ledger, settled.report_id, accept=False, actor=COUNTY)
    field_reports.report(ledger, Doubted("medical:own:3", "CJ", ""), what="gone", actor=TEAM)
    mine = field_reports.listed(ledger, actor=COUNTY)
    assert [(r.service_id, r.state) for r in mine] == [(SERVICE, "open"), ("medical:own:M2", "rejected")]
    assert {r.service_id for r in field_reports.listed(ledger, actor=NATIONAL)} == {
        SERVICE,
        "medical:own:M2",
        "medical:own:3",
    }
    with pytest.raises(NotAllowedError):
        field_reports.listed(ledger, actor=COUNTY, county="CJ")


@pytest.mark.parametrize("note", ["sunați la doamna, 0722 123 456", "CNP 1900101410013", "a@b.ro"])
def test_free_text_takes_nothing_personal(ledger, note):
    with pytest.raises(PersonalDataError):
        tapped(ledger, note=note)
    assert field_reports.unsettled(ledger) == {}


def test_an_unknown_kind_a_missing_number_and_a_second_decision_are_refused(ledger):
    with pytest.raises(
        BadReportError, match="phone, address, hours, name, conditions, moved, closed, gone, silent, other"
    ):
        tapped(ledger, "ugly")
    with pytest.raises(UnknownFieldReportError):
        field_reports.settle(ledger, 99, accept=True, actor=COUNTY)
    made = tapped(ledger)
    field_reports.settle(ledger, made.report_id, accept=False, actor=COUNTY)
    with pytest.raises(BadReportError, match="deja rezolvat"):
        field_reports.settle(ledger, made.report_id, accept=True, actor=COUNTY)
    assert tapped(ledger).report_id != made.report_id  # what was rejected may be reported again


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A home with the register, and what a directory lays down in it when it is opened first."""
    made = make_home("live", tmp_path_factory.mktemp("imported") / "var")
    import_register(made, *ROWS)
    opened = open_directory(made)
    opened.snapshot()
    opened.ledger.close()
    return made


@pytest.fixture
def home(imported, tmp_path, kept_catalogues):
    return open_home(shutil.copytree(imported.path, tmp_path / "var"))


def import_register(home, *rows):
    path = home.path / "medici.csv"
    path.write_text(REGISTER + "".join(rows), encoding="utf-8")
    return import_file(home, "medical", path, source="own", confirmed=True)


@pytest.fixture
def directory(home):
    opened = open_directory(home)
    yield opened
    opened.ledger.close()


def answer(directory, need="MED-GP"):
    return directory.ask(Query(directory.gazetteer.resolve("Parincea, Bacău"), (need,)))


def first(directory):
    return answer(directory).results[0]


def test_a_report_is_doubt_beside_the_service_until_it_is_settled(directory):
    made = report_wrong(directory, SERVICE, what="phone", actor=TEAM, note="nu răspunde nimeni de luni")
    assert (first(directory).service_id, first(directory).phone) == (SERVICE, "0234000001")
    assert "doubt_phone" in first(directory).flags
    assert "doubt_phone" in as_json(answer(directory))["results"][0]["flags"]
    settle(directory, made.report_id, accept=False, actor=COUNTY)
    assert first(directory).flags == tuple(flag for flag in first(directory).flags if not flag.startswith("doubt_"))


def test_a_doubt_lasts_through_the_next_import_of_the_register(home, directory):
    report_wrong(directory, SERVICE, what="gone", actor=TEAM)
    import_register(home, *ROWS[::-1])
    assert "doubt_gone" in first(directory).flags
    import_register(home, ROWS[1])  # the service is gone from the register, the report waits
    assert first(directory).service_id == "medical:own:M2"
    assert [line["name"] for line in queue(directory, actor=COUNTY)] == [""]
    import_register(home, *ROWS)
    assert "doubt_gone" in first(directory).flags


def test_an_accepted_number_stands_through_imports_until_the_register_says_another(home, directory):
    made = report_wrong(directory, SERVICE, what="phone", actor=TEAM)
    settle(directory, made.report_id, accept=True, actor=COUNTY, value="0234/000.009")
    assert (first(directory).phone, "phone_checked" in first(directory).flags) == ("0234000009", True)
    import_register(home, *ROWS[::-1])
    assert first(directory).phone == "0234000009"
    import_register(home, ROWS[0].replace("000 001", "000 005"), ROWS[1])
    assert (first(directory).phone, "phone_checked" in first(directory).flags) == ("0234000005", False)


def test_a_wrong_number_without_a_right_one_is_taken_away(directory):
    settle(directory, report_wrong(directory, SERVICE, what="phone", actor=TEAM).report_id, accept=True, actor=COUNTY)
    assert first(directory).phone is None


def test_a_service_that_is_gone_is_left_out_as_closed(directory):
    settle(directory, report_wrong(directory, SERVICE, what="gone", actor=TEAM).report_id, accept=True, actor=COUNTY)
    assert first(directory).service_id == "medical:own:M2"
    assert {line.service_id: line.reason for line in answer(directory).excluded} == {SERVICE: "closed"}


def days_from_now(directory, *days):
    today = directory.ledger.clock().astimezone(BUCHAREST).date()
    return [today + timedelta(days=each) for each in days]


def offered(directory, day):
    query = Query(directory.gazetteer.resolve("Parincea, Bacău"), ("MED-GP",), on=day)
    found = directory.ask(query)
    return {each.service_id for each in found.results}, {each.service_id: each.reason for each in found.excluded}


def test_a_service_closed_for_a_time_is_left_out_until_its_last_day_and_then_offered_again(home, directory):
    first_day, last_day = days_from_now(directory, 2, 9)
    made = report_wrong(
        directory, SERVICE, what="closed", actor=TEAM, value=f"{first_day:%d.%m.%Y} - {last_day:%d.%m.%Y}"
    )
    assert "doubt_closed" in first(directory).flags
    settle(directory, made.report_id, accept=True, actor=COUNTY)
    day_before, in_between, day_after = days_from_now(directory, 1, 5, 10)
    assert offered(directory, day_before)[0] == offered(directory, day_after)[0] == {SERVICE, "medical:own:M2"}
    for day in (first_day, in_between, last_day):
        assert offered(directory, day) == ({"medical:own:M2"}, {SERVICE: "closed_for_now"})
    import_register(home, *ROWS[::-1])
    assert offered(directory, in_between)[1] == {SERVICE: "closed_for_now"}


def test_the_ledger_takes_nobody_while_a_service_is_closed_for_a_time(directory):
    (tomorrow,) = days_from_now(directory, 1)
    made = report_wrong(directory, SERVICE, what="closed", actor=TEAM, value=tomorrow.isoformat())
    before = terms_of(directory, SERVICE)
    settle(directory, made.report_id, accept=True, actor=COUNTY)
    case = {"case_ref": None, "need": "MED-GP", "county": "BC", "uat_siruta": 24089, "basis": "public_task"}
    with pytest.raises(ClosedServiceError, match=f"închis temporar până la {tomorrow:%d.%m.%Y}"):
        directory.ledger.refer(terms_of(directory, SERVICE), **case, actor=COUNTY)
    assert directory.ledger.refer(before, **case, actor=COUNTY).service_id == SERVICE


@pytest.mark.parametrize("typed", ["", "/", "..", "luni", "2026-12-10/2026-12-01", "2026-12-01/2028-12-01", "1/2/3"])
def test_a_closure_needs_days_that_can_be(directory, typed):
    with pytest.raises(BadReportError, match="Închis temporar"):
        report_wrong(directory, SERVICE, what="closed", actor=TEAM, value=typed)


def test_a_reported_closure_is_no_doubt_once_it_is_over(ledger, clock):
    today = clock().astimezone(BUCHAREST).date()
    tapped(ledger, "closed", value=field_reports.format_period(None, today))
    assert field_reports.unsettled(ledger) == {SERVICE: ("closed",)}
    clock.move(hours=24)
    assert field_reports.unsettled(ledger) == {}


def test_a_service_that_moved_stands_at_its_new_place_or_at_none(directory):
    gazetteer = directory.gazetteer
    made = report_wrong(directory, SERVICE, what="moved", actor=TEAM, value="Parava, Bacău")
    settle(directory, made.report_id, accept=True, actor=COUNTY)
    parava = gazetteer.resolve("Parava, Bacău")
    moved = next(result for result in answer(directory).results if result.service_id == SERVICE)
    assert (moved.locality, moved.lat, moved.lon) == ("Parava", parava.lat, parava.lon)
    assert moved.rank == 2
    again = report_wrong(directory, "medical:own:M2", what="moved", actor=TEAM)
    settle(directory, again.report_id, accept=True, actor=COUNTY)
    assert [(each.service_id, each.why) for each in answer(directory).elsewhere] == [("medical:own:M2", "not_placed")]


def test_a_correction_of_one_service_changes_nothing_of_the_others(directory):
    def asked():
        said = as_json(directory.ask(Query(directory.gazetteer.resolve("Cluj-Napoca"), ("no-income",))))
        return re.sub(r'"asked_at": "[^"]+"', "", json.dumps(said, default=str))

    before = asked()
    settle(directory, report_wrong(directory, SERVICE, what="gone", actor=TEAM).report_id, accept=True, actor=COUNTY)
    assert asked() == before


def test_any_office_may_be_reported_too_and_its_county_unit_settles(directory):
    made = report_wrong(directory, "authority:oficii:SPAS-24089", what="phone", actor=TEAM, value="0234 000 007")
    with pytest.raises(NotAllowedError):
        settle(directory, made.report_id, accept=True, actor=OTHER_COUNTY)
    settle(directory, made.report_id, accept=True, actor=COUNTY)
    answer = directory.ask(Query(directory.gazetteer.resolve("Parincea, Bacău"), ("no-income",)))
    (office,) = [each for each in answer.first if each.service_id == "authority:oficii:SPAS-24089"]
    assert office.phone == "0234000007"
    assert office.flags == ("phone_checked",)


@pytest.mark.parametrize(
    ("what", "value"), [("phone", "nu are"), ("phone", "1;2"), ("moved", "Nicăieri, Bacău"), ("gone", "0234000009")]
)
def test_a_right_value_that_is_none_is_refused(directory, what, value):
    with pytest.raises(MapError):
        report_wrong(directory, SERVICE, what=what, actor=TEAM, value=value)
    with pytest.raises(UnknownCodeError):
        report_wrong(directory, "medical:own:404", what="phone", actor=TEAM)


def test_a_protected_service_keeps_its_secret_whatever_is_reported(home):
    from providers.catalogue.catalogue import make_catalogue
    from providers.rules.schema import services_table
    from referrals.field.corrected_catalogue import apply_corrections, doubted, validate_value

    gazetteer = load_gazetteer(home)
    shelter = {
        "service_id": "social:mmps:9", "registry": "social", "registry_key": "9", "service_type": "8790CR-VD-I", "name": "Casa X",
        "organization": "F", "county": "BC", "uat_siruta": 20297, "lat": 46.5, "lon": 26.9, "address": "Str. X 1",
        "phone": "0234000001", "position_precision": "address", "is_secret": True, "source_row": 1,
    }  # fmt: skip
    catalogue = make_catalogue(services_table([shelter]), gazetteer)
    service = catalogue.service("protected:8790CR-VD-I:BC:1")
    assert doubted(service, "moved", key="sealed") == Doubted("sealed", "BC", "|")
    with pytest.raises(BadReportError, match="protejată"):
        validate_value("moved", "Bacău", service, gazetteer)
    moved = field_reports.FieldReport(
        1,
        "protected:8790CR-VD-I:BC:1",
        "BC",
        "moved",
        "|",
        "24089",
        "",
        "accepted",
        None,
        None,  # type: ignore[arg-type]
    )
    assert apply_corrections(catalogue, [moved], gazetteer).catalogue is catalogue


def test_the_register_s_owner_gets_the_corrections_as_a_table(home, directory, tmp_path):
    number = report_wrong(directory, SERVICE, what="phone", actor=TEAM, value="0234 000 009").report_id
    gone = report_wrong(directory, "medical:own:M2", what="gone", actor=TEAM).report_id
    for each in (number, gone):
        settle(directory, each, accept=True, actor=COUNTY)
    report_wrong(directory, SERVICE, what="gone", actor=TEAM)  # open: not a correction yet
    import_register(home, ROWS[0].replace("000 001", "000 005"), ROWS[1])
    assert export_corrections(directory, tmp_path / "corecturi.csv", actor=COUNTY) == 2
    with (tmp_path / "corecturi.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [(r["row_id"], r["column"], r["published"], r["corrected"], r["reason"], r["state"]) for r in rows] == [
        ("M1", "phone", "0234000001", "0234000009", "număr greșit", "registrul s-a schimbat între timp"),
        ("M2", "operating_status", "open", "closed", "nu mai există", "de îndreptat"),
    ]
    assert export_corrections(directory, tmp_path / "alt.csv", actor=OTHER_COUNTY) == 0
