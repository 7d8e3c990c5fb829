"""Reading what others wrote: tables wherever their header stands, and hostile files within limits."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter

from core.errors import MissingColumnError, UnreadableFileError
from core.reading import files, sheets
from core.reading.csv_rows import read_csv_rows
from core.reading.fields import Field
from core.reading.files import read_json, sha256_of
from core.reading.sheets import read_workbook
from core.reading.tables import read_table
from core.reading.xml_records import read_xml_records

FIELDS = (Field("name", ("Denumire",), required=True), Field("county", ("Județ",)), Field("places", ("Nr. locuri",)))


def written(tmp_path, content, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(tmp_path, *sheets_of_rows, name="table.xlsx"):
    path = tmp_path / name
    book = xlsxwriter.Workbook(path)
    for number, rows in enumerate(sheets_of_rows, start=1):
        page = book.add_worksheet(f"Foaia{number}")
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                page.write(i, j, cell)
    book.close()
    return path


def rows_of(table):
    return table.to_dict("records")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_reads_the_same_in_every_encoding_and_with_every_delimiter(tmp_path, encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in (("Denumire", "Judeţ"), ("Casa Ţiglă", "Iaşi")))
    table = read_table(written(tmp_path, text.encode(encoding)), FIELDS)
    assert rows_of(table) == [{"name": "Casa Ţiglă", "county": "Iaşi", "row": 1}]


def test_a_few_broken_bytes_do_not_turn_utf_8_into_another_encoding(tmp_path):
    text = "Denumire,Județ\nCasă țărănească din Țăndărei,Ialomița\n".encode() + b"cut \xc8"
    assert rows_of(read_table(written(tmp_path, text), FIELDS))[0]["name"] == "Casă țărănească din Țăndărei"


def test_the_header_is_found_below_a_printed_title_and_columns_in_any_order(tmp_path):
    page = [["Lista serviciilor"], [], ["Anul 2024", "", ""], ["nr.\nlocuri", "JUDEŢ", "denumire"], [12, "Bacău", "A"]]
    for path in (workbook(tmp_path, page), written(tmp_path, "Titlu,,\n\nNr. Locuri,judet,DENUMIRE\n12,Bacău,A\n")):
        assert rows_of(read_table(path, FIELDS)) == [{"name": "A", "county": "Bacău", "places": "12", "row": 1}]


def test_rows_are_numbered_from_the_header_and_blank_ones_are_counted_but_left_out(tmp_path):
    table = read_table(written(tmp_path, "Denumire\nA\n\n  \nB\n"), FIELDS)
    assert table["row"].tolist() == [1, 4]


def test_numbers_lose_their_fraction_only_where_there_is_none_and_dates_are_iso(tmp_path):
    import datetime as dt

    path = tmp_path / "t.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write_row(0, 0, ["Denumire", "Județ", "Nr. locuri"])
    page.write_datetime(1, 0, dt.datetime(2024, 2, 29), book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_row(1, 1, [1234567.0, 2.5])
    page.write(2, 0, True)
    book.close()
    first, second = rows_of(read_table(path, FIELDS))
    assert (first["name"], first["county"], first["places"]) == ("2024-02-29", "1234567", "2.5")
    assert second["name"] == "1"


def test_every_sheet_with_the_titles_is_read_one_under_the_other(tmp_path):
    path = workbook(tmp_path, [], [["Denumire"], ["A"]], [["Denumire"], [], ["B"]], [["Altceva"], ["C"]])
    table = read_table(path, FIELDS)
    assert (table["name"].tolist(), table["row"].tolist()) == (["A", "B"], [1, 3])
    assert [sheet.name for sheet in read_workbook(path)] == ["Foaia1", "Foaia2", "Foaia3", "Foaia4"]
    assert read_workbook(path)[1].rows == [["Denumire"], ["A"]]


def test_what_could_command_a_terminal_or_turn_the_writing_is_taken_out_of_cells(tmp_path):
    text = "Denumire\n\x1b[31mCasa\x9b2J \u202eaborrac\u202c \ufeff\n"
    assert read_table(written(tmp_path, text), FIELDS)["name"].tolist() == ["[31mCasa2J aborrac"]


def test_a_missing_column_is_named_by_its_title_with_what_was_found(tmp_path):
    with pytest.raises(MissingColumnError, match=r"t\.csv.*„Denumire”.*„Nume”"):
        read_table(written(tmp_path, "Nume,Oraș\nA,B\n", "t.csv"), FIELDS)
    assert Field("x", ("service_name", "Denumire serviciu")).title == "Denumire serviciu"
    assert Field("x", ()).title == "x"


UNREADABLE = {
    "empty.csv": (b"", "gol"),
    "blank.csv": (b"\n , ,\n", "niciun rând"),
    "binary.csv": (bytes(range(256)) * 20, "binar"),
    "utf16_without_mark.csv": ("Denumire\nA\n".encode("utf-16-le"), "binar"),
    "page.csv": (b"  <html><table><tr><td>Denumire</td></tr></table>", "HTML"),
    "data.csv": (b'{"providers": []}', "JSON"),
    "one_long_cell.csv": (b"Denumire\n" + b"x" * 1_100_000, "rândul 2"),
    "many_rows.csv": (b"Denumire\n" + b"\n" * 310_000, "prea mare"),
    "nothing.xlsx": (b"", "gol"),
    "broken.xlsx": (b"PK\x03\x04" + b"x" * 40, "deteriorată sau închisă cu parolă.*cereți-o"),
    "text.xlsx": (b"Denumire\nA\n", r"foaie de calcul.*text; dați-i terminația \.csv"),
    "page.xls": (b"<html><table></table></html>", "foaie de calcul.*XML sau HTML"),
    "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLS sau are parolă"),
    "open_quote.csv": (b'Denumire\nA\n"B\n' + b"C\n" * 100 + b'D"\nE\n', "rândul 3 o ghilimea nu se mai închide"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_table_is_refused_by_name_and_reason(tmp_path, name):
    content, reason = UNREADABLE[name]
    with pytest.raises(UnreadableFileError, match=reason) as refused:
        read_table(written(tmp_path, content, name), FIELDS)
    assert name in str(refused.value)


def test_a_folder_an_absent_file_and_one_that_may_not_be_read_are_refused(tmp_path, monkeypatch):
    with pytest.raises(UnreadableFileError, match="dosar"):
        read_csv_rows(tmp_path)
    with pytest.raises(UnreadableFileError, match="absent"):
        read_csv_rows(tmp_path / "absent.csv")
    with pytest.raises(UnreadableFileError, match="nu poate fi citit"):
        sha256_of(tmp_path / "absent.csv")
    with pytest.raises(UnreadableFileError, match="Numele"):
        read_csv_rows(tmp_path / "a\x00b.csv")
    path = written(tmp_path, "Denumire\nA\n")

    def refused(_self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.Path, "read_bytes", refused)
    with pytest.raises(UnreadableFileError, match="Permission denied"):
        read_table(path, FIELDS)


def test_a_file_above_the_limit_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 5)
    with pytest.raises(UnreadableFileError, match="cel mult 0 MB"):
        read_csv_rows(written(tmp_path, "Denumire\nA\n"))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.97])
def test_a_truncated_workbook_is_refused(tmp_path, kept):
    whole = workbook(tmp_path, [["Denumire"], ["A"]]).read_bytes()
    with pytest.raises(UnreadableFileError):
        read_table(written(tmp_path, whole[: int(len(whole) * kept)], "cut.xlsx"), FIELDS)


def test_a_workbook_under_the_name_of_a_csv_is_refused_with_advice(tmp_path):
    path = workbook(tmp_path, [["Denumire"], ["A"]]).rename(tmp_path / "t.csv")
    with pytest.raises(UnreadableFileError, match=r"\.xlsx"):
        read_table(path, FIELDS)


def test_a_workbook_under_the_name_of_an_older_one_is_refused_with_advice(tmp_path):
    path = workbook(tmp_path, [["Denumire"], ["A"]]).rename(tmp_path / "t.xls")
    with pytest.raises(UnreadableFileError, match=r"conținutul este XLSX; dați-i terminația \.xlsx"):
        read_table(path, FIELDS)


def test_a_cell_of_several_lines_is_no_open_quote(tmp_path):
    table = read_table(written(tmp_path, 'Denumire,Oraș\n"Strada 1\nBloc 2\nScara A",Bacău\n'), FIELDS)
    assert len(table) == 1


def test_one_of_several_columns_is_enough_and_none_is_said_with_the_row_that_looks_like_titles(tmp_path):
    fields = (Field("code", ("Cod SIRUTA",)), Field("name", ("Denumire unitate",)))
    found = read_table(written(tmp_path, "Cod SIRUTA\n1\n", "a.csv"), fields, any_of=("code", "name"))
    assert found["code"].tolist() == ["1"]
    path = written(tmp_path, "Export complet\nUnu,Doi,Trei\n1,,\n", "b.csv")
    with pytest.raises(MissingColumnError, match=r"b\.csv.*„Cod SIRUTA”, „Denumire unitate”.*„Unu”, „Doi”, „Trei”"):
        read_table(path, fields, any_of=("code", "name"))


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 15_000_000)
    with pytest.raises(UnreadableFileError, match="despachetează"):
        read_workbook(path)


def test_two_cells_in_far_corners_cost_a_refusal_and_not_the_process(tmp_path):
    path = tmp_path / "corners.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    page.write(0, 0, "Denumire")
    page.write(1_048_575, 16_383, "A")  # the reader would ask for half a terabyte, and abort
    book.close()
    with pytest.raises(UnreadableFileError, match=r"memorie|prea mare"):
        read_workbook(path)


def test_one_long_text_shared_by_many_cells_costs_a_refusal_and_not_the_process(tmp_path):
    whole = workbook(tmp_path, [["Denumire"], ["A"]])
    path = tmp_path / "shared.xlsx"
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 60_000))
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name).decode()
            if name.endswith("sheet1.xml"):
                head, _rest = content.split("<sheetData>")
                content = f"{head}<sheetData>{cells}</sheetData></worksheet>"
            if name.endswith("sharedStrings.xml"):
                content = content.replace("Denumire", "x" * 100_000)  # 6 GB once each cell has its own
            after.writestr(name, content)
    with pytest.raises(UnreadableFileError):
        read_workbook(path)


def test_a_sheet_with_more_cells_than_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_CELLS", 3)
    with pytest.raises(UnreadableFileError, match="2 rânduri, 2 coloane"):
        read_workbook(workbook(tmp_path, [["a", "b"], ["c", "d"]]))


def test_the_reader_of_sheets_imports_nothing_that_lies_beside_the_file(tmp_path):
    workbook(tmp_path, [["Denumire"], ["A"]], name="t.xlsx")
    (tmp_path / "python_calamine.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    code = (
        "from pathlib import Path; from core.reading.sheets import read_workbook; print(read_workbook(Path('t.xlsx')))"
    )
    found = {**os.environ, "PYTHONPATH": str(files.Path(files.__file__).parents[2])}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=found, capture_output=True, text=True, check=True)
    assert "Denumire" in done.stdout


def test_json_says_where_it_breaks_and_nothing_in_it_ends_the_process(tmp_path):
    assert read_json(written(tmp_path, '\ufeff{"a": "ț"}', "a.json")) == {"a": "ț"}
    assert read_json(written(tmp_path, json.dumps({"a": "ț"}).encode("utf-16"), "a.json")) == {"a": "ț"}
    for broken in ('{"a":', "[" * 100_000, '{"a":' + "9" * 5_000 + "}", "nimic"):
        with pytest.raises(UnreadableFileError, match=r"b\.json.*JSON"):
            read_json(written(tmp_path, broken, "b.json"))


def test_xml_records_are_found_whatever_their_names(tmp_path):
    text = """<?xml version="1.0" encoding="ISO-8859-2"?><r xmlns="urn:x"><meta><n>1</n></meta><list>
    <s id="7"><name>Casa</name><tel>1</tel><tel>2</tel></s><s id="8"><name>Ia\u015fi</name></s></list></r>"""
    records = read_xml_records(written(tmp_path, text.encode("iso8859-2"), "a.xml"))
    assert records == [{"id": "7", "name": "Casa", "tel": "1; 2"}, {"id": "8", "name": "Iaşi"}]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><r><s><n>&b;</n></s></r>',
        '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><s><n>&x;</n></s></r>',
        '<!DOCTYPE l SYSTEM "http://192.0.2.1/x.dtd"><r><s><n>1</n></s></r>',
        '<?xml version="1.0" encoding="no-such-13"?><r/>',
        "<r><s><n>1</n></s>",
        "nimic",
    ],
)
def test_xml_with_entities_or_damage_is_refused(tmp_path, text):
    with pytest.raises(UnreadableFileError, match=r"a\.xml.*XML"):
        read_xml_records(written(tmp_path, text, "a.xml"))
