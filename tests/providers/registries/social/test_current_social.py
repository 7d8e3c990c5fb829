from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings

from core.errors import MissingColumnError, UnreadableFileError
from core.reading.sheets import RawSheet
from core.reading.tables import table_of_sheets
from providers.registries.register_file import GENERAL as GENERAL_LAYOUT
from providers.registries.register_file import RawRegister
from providers.registries.social import current_social, organizations
from providers.registries.social import social_register as social
from providers.rules.schema import check_services
from providers.rules.secrecy import is_secret
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import assert_every_row_is_accounted_for, hostile_tables

ENGLISH = (
    "provider_cui", "provider_name", "service_name", "service_type", "service_code", "county", "locality", "siruta_code",
    "address", "license_number", "valid_from", "valid_until", "capacity", "status",
)  # fmt: skip
ROMANIAN = (
    "Cod fiscal", "Denumire furnizor", "Denumirea serviciului social", "Tip serviciu", "Cod serviciu", "JUDEŢ", "Localitate",
    "Cod SIRUTA", "Adresă", "Nr. licență", "Valabilă de la", "Valabilă până la", "Capacitate", "Stare",
)  # fmt: skip
PROVIDERS = (
    "cui",
    "provider_name",
    "provider_type",
    "county",
    "locality",
    "siruta_code",
    "address",
    "license_number",
    "status",
)


def service(n: int = 1, **change) -> dict:
    row = dict(
        zip(
            ENGLISH,
            (
                "RO 1234567", "Asociația Exemplu", f"Centrul de zi {n}", "Centre de zi", "8891CZ-C-II", "Bacău", "Parincea",
                "", "Principală 1", f"LF {n:07d}", dt.date(2021, 5, 1), dt.date(2026, 4, 30), "20", "Activ",
            ),
            strict=True,
        )
    )  # fmt: skip
    return row | change


def provider(cui: str = "1234567", status: str = "Activ") -> dict:
    row = (cui, "Asociația Exemplu", "privat", "Bacău", "Parincea", "", "Principală 1", "AF 001", status)
    return dict(zip(PROVIDERS, row, strict=True))


def sheet(path, records, titles=None, *, banner: bool = False):
    """Write records as a sheet, under other titles and below a printed heading if asked."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy", "strings_to_formulas": False})
    page = book.add_worksheet("Licențe")
    columns = list(records[0])
    top = 0
    if banner:
        page.write(0, 0, "Registrul electronic unic al serviciilor sociale")
        top = 2
    for c, title in enumerate(titles or columns):
        page.write(top, c, title)
    for r, record in enumerate(records, start=top + 1):
        for c, column in enumerate(columns):
            page.write(r, c, record[column])
    book.close()
    return path


def xml(path, records):
    def item(record):
        cells = "".join(
            f"<{k}>{escape(v.isoformat() if isinstance(v, dt.date) else str(v))}</{k}>" for k, v in record.items()
        )
        return f"<serviciu>{cells}</serviciu>"

    path.write_text(
        f"<?xml version='1.0' encoding='UTF-8'?><registru>{''.join(map(item, records))}</registru>", encoding="utf-8"
    )
    return path


def tidied(path, gazetteer, organizations_path=None):
    return social.tidy(social.load(path, organizations_path), gazetteer)


def one(tmp_path, gazetteer, **change) -> pd.Series:
    done = tidied(sheet(tmp_path / "s.xlsx", [service(**change)]), gazetteer)
    assert len(done.services) == 1, done.rejects
    return done.services.iloc[0]


def test_a_sheet_with_its_providers_comes_out_in_the_common_table(tmp_path, gazetteer):
    services = sheet(tmp_path / "servicii.xlsx", [service()])
    done = tidied(services, gazetteer, sheet(tmp_path / "furnizori.xlsx", [provider()]))
    check_services(done.services)
    row = done.services.iloc[0]
    assert row["service_id"] == "social:mmps:LLF-0000001"
    assert (row["service_type"], row["organization_cui"]) == ("8891CZ-C-II", "1234567")
    assert (row["licence_from"], row["licence_until"]) == (pd.Timestamp("2021-05-01"), pd.Timestamp("2026-04-30"))
    assert (row["licence_status"], row["accreditation_status"]) == ("active", "accredited")
    assert (row["county"], row["locality"], row["position_precision"]) == ("BC", "Parincea", "locality")
    assert row["places_max"] == 20


def test_sheet_romanian_titles_other_order_and_xml_all_read_alike(tmp_path, gazetteer):
    records = [service(1), service(2, capacity="25 /zi", status="Suspendată")]
    swapped = [dict(reversed(list(r.items()))) for r in records]
    tables = [
        tidied(sheet(tmp_path / "a.xlsx", records), gazetteer).services,
        tidied(sheet(tmp_path / "b.xlsx", records, ROMANIAN, banner=True), gazetteer).services,
        tidied(sheet(tmp_path / "c.xlsx", swapped), gazetteer).services,
        tidied(xml(tmp_path / "d.xml", records), gazetteer).services,
    ]
    for other in tables[1:]:
        pd.testing.assert_frame_equal(tables[0], other)


def test_a_service_whose_provider_is_not_listed_is_loaded_and_says_so(tmp_path, gazetteer):
    listed = sheet(tmp_path / "f.xlsx", [provider("7654321")])
    done = tidied(sheet(tmp_path / "s.xlsx", [service()]), gazetteer, listed)
    row = done.services.iloc[0]
    assert row["accreditation_status"] == "unknown"
    assert "provider_not_listed" in row["flags"].split(";")
    assert any("furnizor" in note for note in done.notes)


@pytest.mark.parametrize("status", ["Retras", "Radiat din registru", "acreditare retrasă"])
def test_a_provider_struck_off_or_withdrawn_takes_its_services_accreditation(tmp_path, gazetteer, status):
    listed = sheet(tmp_path / "f.xlsx", [provider(status=status)])
    done = tidied(sheet(tmp_path / "s.xlsx", [service()]), gazetteer, listed)
    assert done.services.iloc[0]["accreditation_status"] == "withdrawn"


def test_providers_imported_before_are_found_by_services_imported_later(tmp_path, gazetteer):
    known = organizations.tidy(organizations.load(sheet(tmp_path / "f.xlsx", [provider(status="Retras")])), gazetteer)
    raw = social.load(sheet(tmp_path / "s.xlsx", [service()]), organizations=known.rows)
    assert social.tidy(raw, gazetteer).services.iloc[0]["accreditation_status"] == "withdrawn"


def test_without_providers_accreditation_is_unknown_and_no_row_is_doubted_for_it(tmp_path, gazetteer):
    row = one(tmp_path, gazetteer)
    assert row["accreditation_status"] == "unknown"
    assert "provider_not_listed" not in row["flags"]


@pytest.mark.parametrize(
    ("status", "licence", "operating"),
    [
        ("Activ", "active", "open"),
        ("Suspendată", "suspended", "open"),
        ("Retrasă", "withdrawn", "open"),
        ("Expirat", "withdrawn", "open"),
        ("Închis", "withdrawn", "closed"),
        ("", "active", "open"),  # listed, with a last day and no word against it
        ("altceva", "unknown", "open"),
    ],
)
def test_status_words_become_licence_and_operating_status(tmp_path, gazetteer, status, licence, operating):
    row = one(tmp_path, gazetteer, status=status)
    assert (row["licence_status"], row["operating_status"]) == (licence, operating)
    assert ("status_unread" in row["flags"]) == (status == "altceva")


@pytest.mark.parametrize("day", [dt.date(2026, 4, 30), "2026-04-30", "30.04.2026", "46142"])
def test_the_last_day_is_read_in_every_spelling(tmp_path, gazetteer, day):
    assert one(tmp_path, gazetteer, valid_until=day)["licence_until"] == pd.Timestamp("2026-04-30")


def test_days_that_cannot_be_read_or_run_backwards_are_unknown_and_flagged(tmp_path, gazetteer):
    unread = one(tmp_path, gazetteer, valid_until="5 ani")
    assert pd.isna(unread["licence_until"])
    assert "licence_date_unread" in unread["flags"]
    backwards = one(tmp_path, gazetteer, valid_until=dt.date(2019, 1, 1))
    assert pd.isna(backwards["licence_until"])
    assert pd.isna(backwards["licence_from"])
    assert "licence_dates_reversed" in backwards["flags"]


def test_siruta_of_a_locality_or_a_commune_places_without_names(tmp_path, gazetteer):
    uat = gazetteer.match_uat("Parincea", "BC")[0]
    village = gazetteer.match_locality("Parincea", county="BC")[0]
    for code in (uat, village):
        row = one(tmp_path, gazetteer, siruta_code=code, county="", locality="")
        assert (row["uat_siruta"], row["county"]) == (uat, "BC")
        assert "place_by_name" not in row["flags"]


def test_a_shelter_without_any_address_is_loaded_and_secret(tmp_path, gazetteer):
    row = one(tmp_path, gazetteer, service_code="8790CR-VD-I", locality="", address="confidențial")
    assert (row["is_secret"], row["position_precision"], row["county"]) == (True, "none", "BC")


def test_services_that_share_a_licence_keep_keys_of_their_own_in_any_order(tmp_path, gazetteer):
    twins = [service(1), service(1, service_name="Alt serviciu"), service(3)]
    keys = tidied(sheet(tmp_path / "a.xlsx", twins), gazetteer).services.set_index("name")["registry_key"]
    turned = tidied(sheet(tmp_path / "b.xlsx", twins[::-1]), gazetteer).services.set_index("name")["registry_key"]
    assert keys.is_unique
    assert keys.to_dict() == turned.to_dict()


def test_the_same_row_twice_is_rejected_once(tmp_path, gazetteer):
    done = tidied(sheet(tmp_path / "a.xlsx", [service(1), service(1)]), gazetteer)
    assert (len(done.services), list(done.rejects["reason"])) == (1, ["duplicate_key"])


def test_a_made_key_of_a_shelter_does_not_hang_on_its_address(tmp_path, gazetteer):
    def key(address):
        return one(tmp_path, gazetteer, service_code="8790CR-VD-I", license_number="", address=address)["registry_key"]

    assert key("Principală 1") == key("Lungă 2")
    assert (
        one(tmp_path, gazetteer, license_number="", address="a")["registry_key"]
        != one(tmp_path, gazetteer, license_number="", address="b")["registry_key"]
    )


def test_formulas_and_markup_in_cells_stay_text(tmp_path, gazetteer):
    row = one(tmp_path, gazetteer, service_name='=cmd|"/c calc"!A1', provider_name="<img src=x onerror=alert(1)>")
    assert row["name"] == '=cmd|"/c calc"!A1'
    assert row["organization"] == "<img src=x onerror=alert(1)>"


def test_a_sheet_without_service_codes_is_refused_with_file_and_column(tmp_path):
    record = service()
    del record["service_code"]
    with pytest.raises(MissingColumnError, match=r"s\.xlsx.*Cod serviciu"):
        social.load(sheet(tmp_path / "s.xlsx", [record]))


def test_an_xml_with_entities_is_refused(tmp_path):
    path = tmp_path / "s.xml"
    path.write_text("<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r><s><a>&e;</a></s></r>", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"s\.xml"):
        social.load(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_an_empty_or_cut_sheet_is_refused(tmp_path, content):
    path = tmp_path / "s.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=r"s\.xlsx"):
        social.load(path)


def test_a_register_of_todays_size_is_read(tmp_path, gazetteer):
    seats = gazetteer.uats.sample(5_400, replace=True, random_state=1)
    records = [
        service(n, county=county, locality=name, siruta_code=code, provider_cui=str(1_000_000 + n % 4_000))
        for n, (county, name, code) in enumerate(zip(seats["county"], seats["name"], seats["uat_siruta"], strict=True))
    ]
    services = sheet(tmp_path / "s.xlsx", records)
    listed = sheet(tmp_path / "f.xlsx", [provider(str(1_000_000 + n)) for n in range(4_000)])
    done = tidied(services, gazetteer, listed)
    assert len(done.services) == 5_400
    assert (done.services["accreditation_status"] == "accredited").all()


SENSIBLE = {
    "service_code": ("8891CZ-C-II", "8790CR-VD-I", "8790CRT-I"),
    "name": ("Centru de zi", "Adăpost pentru victimele violenței"),
    "capacity": ("25 /zi", "14 - 20"),
    "status": ("Activ", "Retras"),
    "licence_until": ("2026-04-30", "46142"),
    "siruta": ("20297", "179132"),
    "county": ("Bacău", "B"),
}


@pytest.mark.slow
@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hostile_tables(current_social.FIELDS, SENSIBLE))
def test_any_rows_end_loaded_or_rejected(gazetteer, raw):
    joined = current_social.join_organizations(raw, {"1017": "withdrawn"})
    assert_every_row_is_accounted_for(raw, social.tidy(RawRegister(joined), gazetteer))


@pytest.mark.parametrize("title", ["Adresă protejată (da/nu)", "ADRESĂ CONFIDENȚIALĂ", "Confidențială", "is_secret"])
def test_the_column_of_the_mark_is_found_under_its_usual_titles(title):
    assert table_of_sheets(
        [RawSheet("", rows=[["Cod", title], ["x", "da"]])], current_social.FIELDS[-1:], path=Path("x")
    )["marked"].tolist() == ["da"]


@pytest.mark.parametrize(
    ("first", "second"), [("nu", "da"), ("", "da"), ("da", ""), ("nu", "nu se publică"), ("–", "✓"), ("-", "✔")]
)
def test_two_columns_of_the_mark_are_both_read(first, second):
    rows = [["Cod", "Confidențial", "Adresă protejată"], ["x", first, second], ["y", "nu", "NU"]]
    table = table_of_sheets([RawSheet("", rows=rows)], current_social.FIELDS[-1:], path=Path("x"))
    day_centre = "8891CZ-C-II"
    assert [is_secret(day_centre, "Centru de zi", marked=mark) for mark in table["marked"]] == [True, False]


GENERAL = "Cod;Tip serviciu;Denumire;Furnizor;Județ;Localitate;Grupuri;Stare acreditare;Adresă protejată\n"


def test_a_list_in_the_general_format_is_read_as_such(tmp_path, gazetteer):
    path = tmp_path / "lista.csv"
    path.write_text(
        GENERAL
        + "7;8891CZ-C-II;Centrul de zi Unu;Asociația Exemplu;Bacău;Parincea;;acreditat;\n"
        + "8;8790CR-VD-I;Adăpost;Asociația Exemplu;Bacău;Parincea;;acreditat;da\n"
        + "9;MED-GP;Cabinet;;Bacău;Parincea;;;\n",
        encoding="utf-8",
    )
    raw = social.load(path)
    assert raw.layout == GENERAL_LAYOUT
    tidied = social.tidy(raw, gazetteer)
    assert_every_row_is_accounted_for(raw.table, tidied)
    assert tidied.services["registry_key"].tolist() == ["7", "8"]
    assert tidied.services["accreditation_status"].tolist() == ["accredited", "accredited"]
    assert tidied.services["is_secret"].tolist() == [False, True]
    assert tidied.rejects[["row", "field"]].to_numpy().tolist() == [[3, "Tip serviciu"]]


def test_the_groups_of_a_type_itself_say_nothing_more(tmp_path, gazetteer):
    path = tmp_path / "lista.csv"
    path.write_text(
        GENERAL
        + '1;8810ID-I;Îngrijire la domiciliu;;Bacău;Parincea;"dependent;elderly;disability";;\n'
        + '2;8810ID-I;Îngrijire la domiciliu;;Bacău;Parincea;"elderly;dependent";;\n',
        encoding="utf-8",
    )
    groups = social.tidy(social.load(path), gazetteer).services["groups"]
    assert groups.isna().tolist() == [True, False]


def test_a_file_that_is_neither_names_what_both_lack(tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text("Denumire;Județ\nCentru;Bacău\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="Tip serviciu"):
        social.load(path)
