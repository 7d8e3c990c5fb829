"""Exports are re-read by the programs that others would use, and checked against the published HSDS schemas."""

from __future__ import annotations

import json
import tomllib
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from core.errors import BadValueError
from core.reading.files import sha256_of
from core.storage.editions import EditionStore, Manifest, Source, edition_name
from core.storage.home import make_home
from core.storage.source_cards import read_card
from geo.gazetteer.gazetteer import load_gazetteer
from providers.authorities import authorities
from providers.imports.importing import with_points
from providers.interchange import hsds_terms
from providers.rules.schema import services_table
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.documents import export as exporting
from reports.documents.export import KINDS, ExportError, export, gathered

DAY = date(2026, 11, 22)
SECRETS = ("Ascuns", "0234000111", "Tăinuită", "Asociația Pază", "9876543", "46.123456", "2011-03-04", "social:mmps:3")


def service(number: int, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": f"Serviciul {number}",
        "organization": "Asociația Șansă", "organization_cui": "1234567", "service_type": "8891CZ-C-II", "county": "BC",
        "uat_siruta": 24089, "locality": "Parincea", "address": "Strada Țepeș 3", "phone": "0234000222; 0744000333",
        "email": "centru@exemplu.ro; al-doilea@exemplu.ro", "website": "www.exemplu.ro", "hours": "luni–vineri, 8–16",
        "lat": 46.5, "lon": 27.0, "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


SERVICES = [
    service(1, licence_number="LF 7", licence_until="2026-12-31", places_max=20, age_min=7, age_max=14, website="https://a.ro"),
    service(2, name="=HYPERLINK(1)", operating_status="closed", organization="Primăria", organization_cui=None),
    service(3, name="Casa Ascunsă", service_type="8790CR-VD-I", organization="Asociația Pază", organization_cui="9876543",
            address="Strada Tăinuită 1", locality="Ascunși", phone="0234000111", lat=46.123456, licence_from="2011-03-04", is_secret=True, places_max=8),
    service(4, service_area="listed", areas_served="24089;BC", access_route="decision", groups="elderly"),
    service(5, lat=None, lon=None, position_precision="none", service_area="region", sex="F"),
]  # fmt: skip


HIDDEN = "protected:8790CR-VD-I:BC:1"  # what the export calls service 3


def publish(home, kind: str, tables: dict, key: str) -> None:
    now = datetime.fromisoformat("2026-10-12T08:00:00+00:00")
    rows = len(next(iter(tables.values())))
    manifest = Manifest(
        kind=kind, edition=edition_name("2026-10-12", "0" * 64, now), as_of="2026-10-12", imported_at=now.isoformat(),
        source=Source(title="Registru „inventat”", licence="CC0-1.0", synthetic=True), file="inventat.csv",
        sha256="0" * 64, rows_read=rows, rows_loaded=rows, rows_rejected=0,
    )  # fmt: skip
    store = EditionStore(home)
    store.publish(store.stage(*store.compared(manifest, tables, key=key)))


@pytest.fixture(scope="module")
def some_offices():
    return authorities.derive(load_gazetteer(None)).groupby("service_type").head(1)


@pytest.fixture
def directory(request, tmp_path, monkeypatch, some_offices):
    # One office of each kind instead of thousands: what differs between rows is what is looked at.
    monkeypatch.setattr(authorities, "derive", lambda _gazetteer: some_offices)
    home = make_home(getattr(request, "param", "live"), tmp_path / "var")
    publish(home, "social", {"services": with_points(services_table(SERVICES))}, "service_id")
    known = {"cui": ["1234567", "7654321"], "name": ["Asociația Șansa", "Fundația Fără Servicii"], "type": ["private", None],
             "county": ["BC", "CJ"], "licence": ["AF 1", None], "status": ["accredited", "withdrawn"]}  # fmt: skip
    publish(home, "organizations", {"organizations": pd.DataFrame(known).astype("str")}, "cui")
    opened = open_directory(home)
    admin = Actor("admin", account="test")
    for service_id, free in (("social:mmps:1", 3), ("social:mmps:3", 2)):
        opened.ledger.report_capacity(service_id, places_free=free, source="phone", actor=admin)
    yield opened
    opened.ledger.close()


def objects(path) -> dict[str, dict]:
    """Re-read an HSDS file; a service by our own id, an organization by its name."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {_own_id(each) or each["name"]: each for each in content}


def _own_id(each: dict) -> str | None:
    values = {a.get("link_type"): a.get("value") for a in each.get("attributes", [])}
    return values.get("service_id")


def nodes(content):
    yield content
    for value in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from nodes(value)


@pytest.mark.parametrize("directory", ["live", "demo"], indirect=True)
def test_every_hsds_object_keeps_the_published_schema(directory, tmp_path, oracles):
    export(directory, "hsds", tmp_path / "out", made_on=DAY)
    for kind in ("service", "organization"):
        schema = json.loads((oracles / "hsds-3.1" / "compiled" / f"{kind}.json").read_text(encoding="utf-8"))
        checker = Draft202012Validator(schema, format_checker=FormatChecker())
        found = objects(tmp_path / "out" / f"hsds-{kind}s.json")
        assert found
        for each in found.values():
            assert [error.message for error in checker.iter_errors(each)] == []
            assert each.keys() <= schema["properties"].keys()
            # The library checks these formats only with packages that we do not need otherwise.
            for node in nodes(each):
                if isinstance(node, dict):
                    assert "id" not in node or UUID(node["id"]).version == 5
                    assert "extent" not in node or urlsplit(node["uri"]).scheme in ("siruta", "nuts", "iso3166")
                    assert "extent" in node or all(urlsplit(node[n]).netloc for n in ("url", "uri") if n in node)
                    assert all(
                        datetime.fromisoformat(node[n]).tzinfo for n in ("last_modified", "updated") if n in node
                    )


def test_the_schema_check_would_find_a_fault(oracles):
    schema = json.loads((oracles / "hsds-3.1" / "compiled" / "service.json").read_text(encoding="utf-8"))
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    wrong = {"id": "social:mmps:1", "name": "x", "status": "open", "capacities": [{"available": "3"}]}
    assert len(list(checker.iter_errors(wrong))) >= 4


def test_hsds_says_what_the_register_says_and_leaves_out_the_unknown(directory, tmp_path):
    export(directory, "hsds", tmp_path, made_on=DAY)
    found = objects(tmp_path / "hsds-services.json")
    first, closed, listed, nowhere = (found[f"social:mmps:{n}"] for n in (1, 2, 4, 5))
    assert (first["status"], first["minimum_age"], first["maximum_age"]) == ("active", 7, 14)
    assert first["accreditations"] == "LF 7, până la 2026-12-31"
    assert first["assured_date"] == "2026-10-12"
    assert [p["number"] for p in first["phones"]] == ["0234000222", "0744000333"]
    assert first["email"] == "centru@exemplu.ro"
    assert first["schedules"][0]["description"] == "luni–vineri, 8–16"
    (capacity,) = first["capacities"]
    assert (capacity["available"], capacity["maximum"], capacity["unit"]["name"]) == (3, 20, "loc")
    (at,) = first["service_at_locations"]
    assert (at["location"]["latitude"], at["location"]["longitude"]) == (46.5, 27.0)
    assert at["location"]["addresses"][0]["city"] == "Parincea"
    assert first["organization"]["organization_identifiers"][0]["identifier"] == "1234567"
    assert first["organization"]["name"] == "Asociația Șansa"  # the register of providers knows its name best
    assert closed["status"] == "inactive"
    assert closed["url"] == "http://www.exemplu.ro"
    assert "capacities" not in closed  # nobody has said: unknown is not 0
    assert [a["name"] for a in listed["service_areas"]] == ["Parincea, Bacău", "Bacău"]
    assert listed["application_process"].startswith("Admiterea se face în baza unei decizii")
    assert [a["name"] for a in nowhere["service_areas"]] == ["Nord-Est"]
    assert "service_at_locations" not in nowhere
    assert "numai femei" in nowhere["eligibility_description"]
    kinds = {a["taxonomy_term"]["code"] for a in first["attributes"] if "taxonomy_term" in a}
    assert kinds == {"8891CZ-C-II"}


def test_the_same_service_keeps_its_identifiers_from_one_export_to_the_next(directory, tmp_path):
    one, two = (export(directory, "hsds", tmp_path / name, made_on=DAY) for name in ("one", "two"))
    assert one.files[0].read_bytes() == two.files[0].read_bytes()
    every = [
        n["id"] for each in objects(one.files[0]).values() for n in nodes(each) if isinstance(n, dict) and "id" in n
    ]
    own = {hsds_terms.hsds_id("service", key) for key in (*(f"social:mmps:{n}" for n in (1, 2, 4, 5)), HIDDEN)}
    assert own <= set(every)


def test_geoparquet_is_read_back_as_it_was(directory, tmp_path):
    export(directory, "geoparquet", tmp_path, made_on=DAY)
    layer = gpd.read_parquet(tmp_path / "services.parquet")
    assert layer.crs.to_epsg() == 4326
    ours = layer[layer["registry"] == "social"].set_index("service_id")
    assert (ours.loc["social:mmps:1", "geometry"].x, ours.loc["social:mmps:1", "geometry"].y) == (27.0, 46.5)
    assert ours.loc["social:mmps:1", ["places_free", "places_max", "capacity_status"]].tolist() == [3, 20, "free"]
    assert ours.loc[[HIDDEN, "social:mmps:5"], "geometry"].isna().all()
    content = gathered(directory, made_on=DAY)
    plain = pd.DataFrame(layer.drop(columns=["geometry", "is_synthetic"]))
    pd.testing.assert_frame_equal(plain, content.tables.services, check_dtype=False)
    owners = pd.read_parquet(tmp_path / "organizations.parquet").set_index("organization_id")
    assert owners.loc["cui:1234567", ["name", "type", "services"]].tolist() == ["Asociația Șansa", "private", 3]
    assert owners.loc["cui:7654321", ["accreditation_status", "services"]].tolist() == ["withdrawn", 0]
    assert owners.loc["name:primaria:BC", "services"] == 1


def test_geopackage_is_read_back_defused(directory, tmp_path):
    export(directory, "geopackage", tmp_path, made_on=DAY)
    layer = gpd.read_file(tmp_path / "services.gpkg", layer="services").set_index("service_id")
    assert layer.crs.to_epsg() == 4326
    assert layer.loc["social:mmps:2", "name"] == "'=HYPERLINK(1)"
    assert layer.loc["social:mmps:1", "geometry"].y == 46.5
    assert layer.loc[HIDDEN, "geometry"] is None
    assert len(gpd.read_file(tmp_path / "services.gpkg", layer="organizations")) == len(
        gathered(directory, made_on=DAY).tables.organizations
    )


def test_the_workbook_is_read_back_without_a_formula(directory, tmp_path):
    export(directory, "xlsx", tmp_path, made_on=DAY)
    book = openpyxl.load_workbook(tmp_path / "services.xlsx")
    assert book.sheetnames == ["Servicii", "Furnizori", "Definiții și surse"]
    head, *rows = book["Servicii"].iter_rows(values_only=True)
    named = {row[head.index("service_id")]: dict(zip(head, row, strict=True)) for row in rows}
    assert (named["social:mmps:1"]["places_free"], named["social:mmps:4"]["places_free"]) == (3, None)
    assert named["social:mmps:2"]["name"] == "'=HYPERLINK(1)"
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    said = [cell for row in book["Definiții și surse"].iter_rows(values_only=True) for cell in row if cell]
    assert any("Registru „inventat”" in str(cell) and "CC0-1.0" in str(cell) for cell in said)
    assert "places free at that moment, holds taken off; NA = not known" in said


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_protected_service_leaves_but_its_label(directory, tmp_path, kind):
    made = export(directory, kind, tmp_path, made_on=DAY)
    content = gathered(directory, made_on=DAY)
    tables = content.tables.services.to_csv() + content.tables.organizations.to_csv()
    whole = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in made.files)
    if kind == "xlsx":
        book = openpyxl.load_workbook(made.files[0])
        whole = "\n".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row)
    assert "adresă protejată" in (whole if kind in ("hsds", "xlsx") else tables)
    for secret in SECRETS:
        assert secret not in tables
        assert secret not in whole
    hidden = content.tables.services.set_index("service_id").loc[HIDDEN]
    assert hidden[["places_free", "places_max", "places_reported_at", "organization_id", "lat"]].isna().all()


@pytest.mark.parametrize("kind", KINDS)
def test_the_card_names_editions_licences_and_the_digest_of_each_file(directory, tmp_path, kind):
    made = export(directory, kind, tmp_path, made_on=DAY)
    path = tmp_path / f"{kind}.source.toml"
    assert made.files[-1] == path
    card = read_card(path)
    assert card.as_of == DAY
    assert "CC0-1.0" in card.source.licence
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    assert {f["file"]: f["sha256"] for f in said["file"]} == {p.name: sha256_of(p) for p in made.files[:-1]}
    editions = {e["kind"]: e for e in said["edition"]}
    assert set(editions) == {"social", "authorities", "organizations"}
    assert (editions["social"]["as_of"], editions["social"]["title"]) == ("2026-10-12", "Registru „inventat”")


@pytest.mark.parametrize("directory", ["demo"], indirect=True)
def test_a_demonstration_says_so_in_every_file(directory, tmp_path):
    for kind in KINDS:
        export(directory, kind, tmp_path, made_on=DAY)
        assert read_card(tmp_path / f"{kind}.source.toml").source.synthetic
    for name in ("hsds-services.json", "hsds-organizations.json"):
        for each in json.loads((tmp_path / name).read_text(encoding="utf-8")):
            assert "demonstrative" in (each.get("alert") or each["description"])
    assert gpd.read_parquet(tmp_path / "services.parquet")["is_synthetic"].all()
    assert gpd.read_file(tmp_path / "services.gpkg", layer="services")["is_synthetic"].all()
    book = openpyxl.load_workbook(tmp_path / "services.xlsx")
    assert "DEMONSTRATIVE" in book["Servicii"].oddHeader.center.text


def test_an_export_is_not_written_over_unless_told_to(directory, tmp_path):
    (tmp_path / "services.parquet").write_bytes(b"al altcuiva")
    with pytest.raises(ExportError, match=r"services\.parquet.*--force"):
        export(directory, "geoparquet", tmp_path, made_on=DAY)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "var") == ["services.parquet"]
    assert (tmp_path / "services.parquet").read_bytes() == b"al altcuiva"
    export(directory, "geoparquet", tmp_path, made_on=DAY, force=True)
    assert len(gpd.read_parquet(tmp_path / "services.parquet"))
    export(directory, "xlsx", tmp_path, made_on=DAY)  # another kind stands beside it


def test_an_export_that_fails_leaves_what_was_there(directory, tmp_path, monkeypatch):
    first = export(directory, "hsds", tmp_path / "out", made_on=DAY)
    before = {path: path.read_bytes() for path in first.files}

    def full(_content, folder):
        (folder / "hsds-services.json").write_text("[")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(exporting.KINDS, "hsds", exporting.ExportKind(KINDS["hsds"].files, full))
    with pytest.raises(ExportError, match="No space left"):
        export(directory, "hsds", tmp_path / "out", made_on=DAY, force=True)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_an_unknown_kind_and_a_file_for_a_folder_are_refused_in_words(directory, tmp_path):
    with pytest.raises(BadValueError, match="hsds, hsds-tables, geoparquet, geopackage, xlsx"):
        export(directory, "csv", tmp_path, made_on=DAY)
    (tmp_path / "fisier").write_text("x")
    with pytest.raises(ExportError, match="fisier"):
        export(directory, "xlsx", tmp_path / "fisier", made_on=DAY)
