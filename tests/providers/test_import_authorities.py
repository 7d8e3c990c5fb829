"""Contacts of public offices, from a file to the answer that a team reads."""

from __future__ import annotations

import pytest

from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.availability import availability
from providers.catalogue.catalogue import load_catalogue
from providers.catalogue.snapshot import Snapshot
from providers.finder.answer import Query
from providers.finder.finder import find
from providers.rules.person import Person
from tests.worlds.files.register_files import import_file
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table

HEADER = "Cod,Tip serviciu,Denumire,Județ,Comuna sau orașul,Localitate,Telefon,Arie de deservire,Zone deservite\n"
AGENCIES = "name,county,locality,source\nAGENȚIA JUDEȚEANĂ PENTRU OCUPAREA FORȚEI DE MUNCĂ BACĂU,BACĂU,BACĂU,inventat\n"
PARINCEA = 24089


@pytest.fixture
def home(tmp_path):
    return make_home("live", tmp_path / "var")


def answer_to(home, need, place="Parincea, Bacău"):
    gazetteer = load_gazetteer(home)
    catalogue = load_catalogue(home, gazetteer)
    query = Query(gazetteer.resolve(place), (need,), Person(age=40), on=TODAY)
    laid = availability(catalogue, capacity_table({}), now=NOW)
    return find(Snapshot(catalogue, laid, gazetteer), query)


def imported(home, tmp_path, *rows):
    path = tmp_path / "autoritati.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return import_file(home, "authorities", path, source="oficii", confirmed=True)


def test_before_any_import_an_office_is_named_and_says_that_its_contacts_are_missing(home):
    office = answer_to(home, "no-income").first[0]
    assert (office.service_id, office.phone) == (f"authority:oficii:SPAS-{PARINCEA}", None)
    assert "no_contact" in office.flags


def test_an_imported_telephone_reaches_the_answer_with_its_edition(home, tmp_path):
    report = imported(home, tmp_path, "1,AUT-SPAS,Asistență socială,Bacău,Parincea,Parincea,0234 000 001,,")
    assert (report.manifest.rows_read, report.manifest.rows_loaded) == (1, 1)
    answer = answer_to(home, "no-income")
    office = answer.first[0]
    assert (office.service_id, office.phone) == (f"authority:oficii:SPAS-{PARINCEA}", "0234000001")
    assert "no_contact" not in office.flags
    assert office.edition == report.manifest.edition
    assert report.manifest.edition in {source.edition for source in answer.sources}


def test_a_commune_s_papers_office_is_asked_for_until_a_list_names_it_and_never_guessed(home, tmp_path):
    before = answer_to(home, "identity-papers").first[0]
    assert (before.service_type, before.service_id, before.why) == ("AUT-SPCLEP", "", "own")
    assert "întrebați la primărie" in before.words
    gazetteer = load_gazetteer(home)
    codes = [gazetteer.resolve(name).uat_siruta for name in ("Parincea, Bacău", "Bacău")]
    row = f"7,evidența persoanelor (buletine),SPCLEP Bacău,Bacău,Bacău,Bacău,0234 000 002,listă,{codes[0]};{codes[1]}"
    report = imported(home, tmp_path, row)
    assert report.manifest.rows_rejected == 0
    office = answer_to(home, "identity-papers").first[0]
    assert (office.service_id, office.phone) == ("authority:oficii:7", "0234000002")


def test_a_type_of_another_registry_is_refused_and_counted(home, tmp_path):
    report = imported(
        home,
        tmp_path,
        "1,MED-GP,Cabinet,Bacău,Parincea,Parincea,,,",
        "2,AUT-DSP,DSP Bacău,Bacău,Bacău,Bacău,0234 000 003,,",
    )
    assert (report.manifest.rows_loaded, report.manifest.rows_rejected) == (1, 1)
    assert report.reasons == {"unknown_code": 1}


def test_the_second_import_says_what_changed_and_replaces_the_first(home, tmp_path):
    imported(home, tmp_path, "1,AUT-SPAS,Asistență socială,Bacău,Parincea,Parincea,0234 000 001,,")
    report = imported(home, tmp_path, "1,AUT-SPAS,Asistență socială,Bacău,Parincea,Parincea,0234 000 009,,")
    assert (report.manifest.added, report.manifest.removed, report.manifest.changed) == (0, 0, 1)
    assert answer_to(home, "no-income").first[0].phone == "0234000009"


def test_an_imported_office_that_a_register_lists_too_stands_once(home, tmp_path):
    imported(home, tmp_path, "4,AUT-AJOFM,AJOFM Bacău,Bacău,Bacău,Bacău,0234 000 004,,")
    agencies = tmp_path / "agentii.csv"
    agencies.write_text(AGENCIES, encoding="utf-8")
    import_file(home, "employment", agencies)
    catalogue = load_catalogue(home, load_gazetteer(home))
    services = catalogue.services
    here = services[services["service_type"].isin(["AUT-AJOFM", "EMP-AJOFM"]) & (services["county_served"] == "BC")]
    assert here["registry"].tolist() == ["employment"]
    elsewhere = services[(services["service_type"] == "AUT-AJOFM") & (services["county_served"] == "VS")]
    assert len(elsewhere) == 1  # of a county that the register does not list, the office of the law
    law = catalogue.manifests[-1]
    assert law.rows_loaded == (services["registry"] == "authority").sum()
