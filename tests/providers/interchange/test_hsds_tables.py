"""The tables of HSDS: every id once, every key leads to a row, and the descriptor says what is written."""

from __future__ import annotations

import csv
import json

import frictionless

from providers.interchange import hsds_terms
from providers.interchange.hsds_tables import COLUMNS, write_tables
from providers.rules.schema import VOCABULARIES

OWNER = {
    "id": "o",
    "name": "O",
    "description": "d",
    "organization_identifiers": [{"id": "i", "organization_id": "o", "identifier": "1"}],
}


def service(number):
    place = {
        "id": "l",
        "location_type": "physical",
        "addresses": [{"id": "a", "location_id": "l", "address_1": "=1+1"}],
    }
    term = next(hsds_terms.terms())
    return {
        "id": f"s{number}", "name": "Ș", "status": "active", "organization_id": "o", "organization": OWNER,
        "service_at_locations": [{"id": f"sl{number}", "service_id": f"s{number}", "location_id": "l", "location": place}],
        "capacities": [{"id": f"c{number}", "service_id": f"s{number}", "unit": {"id": "u", "name": "loc"}, "available": 0}],
        "attributes": [{"id": f"t{number}", "link_id": f"s{number}", "taxonomy_term_id": term["id"], "taxonomy_term": term}],
    }  # fmt: skip


def test_every_id_is_written_once_and_every_key_leads_to_a_row(tmp_path):
    files = write_tables(tmp_path, [service(1), service(2)], [OWNER], hsds_terms.terms(), title="T")
    package = json.loads(files[-1].read_text(encoding="utf-8"))
    tables = {}
    for each in package["resources"]:
        with (tmp_path / each["path"]).open(encoding="utf-8", newline="") as source:
            reader = csv.DictReader(source)
            tables[each["name"]] = list(reader)
            assert (
                reader.fieldnames
                == [field["name"] for field in each["schema"]["fields"]]
                == list(COLUMNS[each["name"]])
            )
    assert (len(tables["service"]), len(tables["location"]), len(tables["address"]), len(tables["unit"])) == (
        2,
        1,
        1,
        1,
    )
    assert tables["service_capacity"][0]["available"] == "0"
    assert tables["address"][0]["address_1"] == "'=1+1"
    for each in package["resources"]:
        ids = [row["id"] for row in tables[each["name"]]]
        assert len(ids) == len(set(ids))
        for key in each["schema"].get("foreignKeys", ()):
            known = {row["id"] for row in tables[key["reference"]["resource"]]}
            assert {row[key["fields"][0]] for row in tables[each["name"]]} - {""} <= known


def test_frictionless_finds_no_fault_and_finds_one_where_a_key_leads_nowhere(tmp_path):
    files = write_tables(tmp_path, [service(1), service(2)], [OWNER], hsds_terms.terms(), title="T")
    package = frictionless.Package(str(files[-1]))
    assert sum(len(each.schema.foreign_keys) for each in package.resources) > 10
    report = package.validate()
    assert report.flatten(["title", "rowNumber", "note"]) == []
    assert report.valid
    places = tmp_path / "service_at_location.csv"
    places.write_text(places.read_text(encoding="utf-8").replace(",l\n", ",nowhere\n", 1), encoding="utf-8")
    broken = frictionless.Package(str(files[-1])).validate()
    assert broken.flatten(["title"]) == [["ForeignKey Error"]]


def test_every_code_that_the_schema_of_services_knows_is_a_term():
    for name, known in VOCABULARIES.items():
        if name in hsds_terms.BY_CODE and name != hsds_terms.SERVICE_TYPES:
            assert known <= set(hsds_terms.BY_CODE[name].terms()), name
