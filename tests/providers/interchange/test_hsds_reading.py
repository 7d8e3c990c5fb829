"""What another directory says becomes rows of the general format; our own comes back as it went out."""

from __future__ import annotations

import csv
import json

import pytest

from core.errors import BadValueError
from core.exporting import write_csv
from core.storage.home import make_home
from providers.imports.importing import import_file
from providers.interchange.hsds_reading import general_rows, read_mapping, read_records
from referrals.workflow.directory import open_directory
from reports.documents.export import export
from tests.reports.documents.test_export import DAY
from tests.worlds.homes.kept_catalogues import keep_offices_of

ROWS = [
    {"Cod": "7", "Tip serviciu": "MED-GP", "Denumire": "Cabinetul „Țară”", "Furnizor": "SRL Exemplu", "CUI": "1234567",
     "Județ": "BC", "Localitate": "Parincea", "Cod SIRUTA": "24089", "Latitudine": "46.5", "Longitudine": "27.1",
     "Adresă": "Strada Țepeș 3", "Telefon": "0234000222; 0744000333", "E-mail": "cabinet@exemplu.ro",
     "Pagină web": "https://exemplu.ro", "Program": "luni–vineri, 8–16", "Mod de acordare": "la sediu",
     "Arie de deservire": "listă", "Zone deservite": "24089;BC", "Cale de acces": "direct", "Vârsta minimă": "3",
     "Vârsta maximă": "90", "Sex": "F", "Locuri": "25", "Unitate de capacitate": "pe zi", "Număr licență": "L 7",
     "Licență până la": "2027-12-31", "Stare licență": "activă", "Închis temporar de la": "2027-01-01",
     "Închis temporar până la": "2027-01-31"},
    {"Cod": "8", "Tip serviciu": "MED-GP", "Denumire": "Cabinet fără furnizor", "Cod SIRUTA": "24098"},
    {"Cod": "9", "Tip serviciu": "MED-GP", "Denumire": "Cabinet găsit după nume", "Județ": "BC", "Localitate": "Parincea"},
]  # fmt: skip
FOUND_BY_NAME = "Cabinet găsit după nume"
OF_THE_EDITION = ("metadata", "assured_date", "last_modified")


def exported(folder, rows=None, file=None):
    """Import a list into a new home and give the HSDS services of that list."""
    home = make_home("live", folder / "home")
    if rows is not None:
        file = folder / "list.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(ROWS[0]))
            writer.writeheader()
            writer.writerows(rows)
    import_file(home, "medical", file, as_of=DAY, source="own")
    directory = open_directory(home)
    export(directory, "hsds", folder / "out", made_on=DAY)
    whole = json.loads((folder / "out" / "hsds-services.json").read_text(encoding="utf-8"))
    return [each for each in whole if json.dumps(each).count('"medical:')]


@pytest.mark.slow
def test_what_is_exported_converted_and_imported_says_the_same_of_every_service(tmp_path, monkeypatch):
    keep_offices_of(monkeypatch, "BC")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = exported(tmp_path / "one", ROWS)
    assert len(first) == len(ROWS)
    rows = general_rows(first, read_mapping())
    write_csv(rows, tmp_path / "converted.csv")
    again = exported(tmp_path / "two", file=tmp_path / "converted.csv")
    for ours, theirs in zip(first, again, strict=True):
        for each in (ours, theirs):
            for name in OF_THE_EDITION:
                each.pop(name, None)
        if ours["name"] == FOUND_BY_NAME:  # comes back with a code
            flags = [each for each in ours["attributes"] if each["link_type"] == "flags"]
            assert [each["value"] for each in flags] == ["place_by_name"]
            ours["attributes"].remove(*flags)
        assert ours == theirs


def test_a_column_is_said_only_where_the_mapping_wants_it(tmp_path):
    (tmp_path / "map.toml").write_text('[paths]\nlat = "x"\nname = "n"\n[only_where.lat]\n"a.exact" = "da"\n')
    records = [{"n": "A", "x": 46.5, "a": [{"exact": True}]}, {"n": "B", "x": 46.5, "a": {"exact": False}}, {"x": 1}]
    rows = general_rows(records, read_mapping(tmp_path / "map.toml"))
    assert rows.to_numpy().tolist() == [["46.5", "A"], ["", "B"], ["", ""]]


def test_a_mapping_brings_other_names_and_codes_to_ours(tmp_path):
    (tmp_path / "map.toml").write_text(
        '[paths]\nname = "nom"\nservice_type = "type"\nphone = "contacts[kind=public].phones.number"\n'
        'siruta = ["code_insee", "place.code"]\n[values.service_type]\nmedecin = "MED-GP"\n[defaults]\nsiruta = "1"\n'
    )
    (tmp_path / "list.ndjson").write_text(
        '{"nom": "  A\\n B ", "type": "medecin", "contacts": [{"kind": "own", "phones": [{"number": 1}]}, '
        '{"kind": "public", "phones": [{"number": "02"}, {"number": "03"}, {"number": "02"}]}]}\n'
        '{"nom": "C", "type": "other", "place": {"code": 24089}}\n[1]\n'
    )
    rows = general_rows(read_records(tmp_path / "list.ndjson"), read_mapping(tmp_path / "map.toml"))
    assert rows.to_dict("records") == [
        {"name": "A B", "service_type": "MED-GP", "phone": "02;03", "siruta": "1"},
        {"name": "C", "service_type": "other", "phone": "", "siruta": "24089"},
    ]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "nul", "\ud800", '{"a": 1}{'])
def test_a_file_that_is_no_json_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(BadValueError):
        assert list(read_records(path)) == ["never"]


@pytest.mark.parametrize(
    "text",
    ["", "paths = 1", "[paths]\nname = 1", "[", "\udcff"]
    + [f'[paths]\nname = "n"\n[{section}]\nname = "x"' for section in ("values", "only_where")],
)
def test_a_mapping_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadValueError):
        read_mapping(path)
