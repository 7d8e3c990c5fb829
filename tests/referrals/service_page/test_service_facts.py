"""What a service's page says: each fact with its age, corrections and doubts beside what they are about."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

import cli
from core.errors import UnknownCodeError
from providers.answering import AnsweringRecord
from providers.catalogue.published import published
from providers.finder.finder import find
from providers.finder.offer_view import view_of
from providers.finder.query_parsing import parse_query
from providers.interchange.public_table import public_table_of
from referrals.records.vocabulary import Actor
from referrals.service_page import page_json, page_lines, present_id, service_page
from referrals.workflow import field_intake
from referrals.workflow.directory import open_directory
from tests.worlds.homes import small_world

TEAM, UNIT = Actor("team", "echipa-1", "BC", 24089), Actor("county", "ujss-bc", "BC")
CENTRE, SECRET, PUBLIC_SECRET = "social:mmps:1", "social:mmps:6", "protected:8790CR-VD-I:BC:1"


@pytest.fixture
def directory(tmp_path, kept_catalogues):
    opened = open_directory(small_world.make_world(tmp_path / "home"))
    yield opened
    opened.ledger.close()


def facts(directory, key=CENTRE):
    return {fact.name: fact for group in service_page(directory, key).groups for fact in group.facts}


def test_every_fact_says_from_where_and_since_when(directory):
    found = facts(directory)
    assert found["Telefon"].known == found["Program"].known == "din registru, 12.10.2026"
    assert found["Locuri libere"].known == "raportat acum 2 zile · phone"
    assert found["Primește"].value.startswith("până la 17 ani")


@pytest.mark.parametrize(
    ("source", "said"),
    [("furnizor", "de furnizor"), ("api:T-1", "de alt program"), ("telefon", "la telefon"), ("fax", "fax")],
)
def test_how_places_were_reported_is_said_in_words(directory, source, said):
    directory.ledger.report_capacity(CENTRE, places_free=1, source=source, actor=TEAM)
    assert facts(directory)["Locuri libere"].known == f"raportat azi · {said}"


def test_a_doubted_number_names_what_a_colleague_proposes_until_the_county_unit_decides(directory):
    made = field_intake.report_wrong(directory, CENTRE, what="phone", actor=TEAM, value="0234555123")
    page = service_page(directory, CENTRE)
    assert page.phones_doubt == "semnalat ca greșit azi; un coleg propune 0234 555 123"
    field_intake.settle(directory, made.report_id, accept=True, actor=UNIT)
    after = facts(directory)["Telefon"]
    assert after.value == "0234 555 123"
    assert after.known.startswith("corectat la ")
    assert after.doubt == ""


def test_a_rejected_report_leaves_no_trace_on_the_page(directory):
    before = service_page(directory, CENTRE)
    made = field_intake.report_wrong(directory, CENTRE, what="gone", actor=TEAM)
    field_intake.settle(directory, made.report_id, accept=False, actor=UNIT)
    assert service_page(directory, CENTRE) == before


def test_a_service_that_closed_is_said_to_have_closed_and_takes_nobody(directory):
    made = field_intake.report_wrong(directory, CENTRE, what="gone", actor=TEAM)
    assert service_page(directory, CENTRE).offer.may_refer, "nobody checked it yet"
    field_intake.settle(directory, made.report_id, accept=True, actor=UNIT)
    offer = service_page(directory, CENTRE).offer
    assert "S-a închis: nu mai primește pe nimeni." in offer.cautions
    assert not offer.may_refer
    assert offer.steps == ()
    assert offer.places is not None
    assert offer.places.words == "s-a închis", "not the places that were reported before"
    assert "date de verificat" not in offer.checks
    snapshot = directory.snapshot()
    table = public_table_of(directory.home, snapshot)
    said = "S-a închis: nu mai primește pe nimeni."
    assert said in table.service(table.ids.index(CENTRE), snapshot.availability)["cautions"]
    assert said in published(snapshot).services.set_index("service_id")["cautions"][CENTRE]


def test_of_a_service_that_is_closed_today_no_step_promises_a_place(directory):
    def offered(first, last):
        value = f"{first:%d.%m.%Y}/{last:%d.%m.%Y}"
        made = field_intake.report_wrong(directory, CENTRE, what="closed", actor=TEAM, value=value)
        field_intake.settle(directory, made.report_id, accept=True, actor=UNIT)
        return service_page(directory, CENTRE).offer

    today = directory.ledger.today()
    last = today + timedelta(days=9)
    later = offered(today + timedelta(days=5), last)
    assert "Puteți rezerva" in " ".join(later.steps)
    assert later.may_refer
    now = offered(today, last)
    assert "Puteți rezerva" not in " ".join(now.steps)
    assert "întrebați dacă are loc" not in " ".join(now.steps)
    assert not now.may_refer, "the ledger refuses until it opens"


def test_how_it_answers_is_said_beside_it_and_moves_nothing_in_the_list(directory):
    snapshot = directory.snapshot()
    kind = str(snapshot.catalogue.cell("service_type", snapshot.catalogue.row_of(CENTRE)))
    query = parse_query(snapshot.gazetteer, place="Parincea, Bacău", services=(kind,))
    slow = replace(snapshot, answering=dict.fromkeys(snapshot.catalogue.position, AnsweringRecord(90, 10)))
    plain, told = find(snapshot, query), find(slow, query)
    assert [each.service_id for each in plain.offers] == [each.service_id for each in told.offers]
    visible = [each for each in told.offers if not each.is_secret]
    assert visible
    assert {view_of(each).answering for each in visible} == {
        "nu a răspuns la ultimele 10 referiri; răspunde de obicei în 90 de zile"
    }
    assert not any(each.answering for each in plain.offers)


def test_of_a_protected_service_no_fact_has_a_day_and_none_a_place(directory):
    page = service_page(directory, PUBLIC_SECRET)
    told = json.dumps(page_json(page), ensure_ascii=False)
    for hidden in (small_world.SECRET_TOWN, "Strada", "0234999999", "12.10.2026", "Asociația"):
        assert hidden not in told
    assert (page.point, page.source, page.register_known) == (None, "", "")


def test_neither_its_register_key_nor_its_ledger_key_finds_a_protected_service(directory):
    snapshot = directory.snapshot()
    for key in (SECRET, snapshot.catalogue.sealed[PUBLIC_SECRET]):
        with pytest.raises(UnknownCodeError):
            present_id(snapshot, key)


def test_text_and_json_say_the_same_facts(directory):
    page = service_page(directory, CENTRE)
    lines = "\n".join(page_lines(page))
    for fact in page_json(page)["facts"]:
        assert f"{fact['name']}: {fact['value']}" in lines
        assert (fact["known"] or "") in lines


def test_the_command_finds_a_service_by_an_id_of_before(directory, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(directory.home.path))
    said = CliRunner().invoke(cli.app, ["service", "social:1", "--json"])
    assert json.loads(said.stdout)["service_id"] == CENTRE
    missing = CliRunner().invoke(cli.app, ["service", "social:404"])
    assert missing.exit_code != 0
