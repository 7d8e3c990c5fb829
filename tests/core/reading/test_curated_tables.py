import pytest

from core.errors import MissingColumnError, UnreadableFileError
from core.reading.curated_tables import index_by, read_rows


def table(tmp_path, text: str):
    path = tmp_path / "rules.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_are_trimmed_and_typed(tmp_path):
    (row,) = read_rows(table(tmp_path, "code,age,secret,groups\nA , 7 ,true, x ;; y\n"), ["code"])
    assert (row.text("code"), row.whole("age"), row.flag("secret"), row.codes("groups")) == ("A", 7, True, ("x", "y"))


def test_an_empty_cell_is_none_and_not_a_text(tmp_path):
    (row,) = read_rows(table(tmp_path, "code,age\n,\n"), ["code"])
    assert row.optional("code") is None
    assert row.whole("age") is None
    with pytest.raises(UnreadableFileError, match=r"rules\.csv, rândul 1, coloana code"):
        row.text("code")


@pytest.mark.parametrize("cell", ["șapte", "7.5", "-1", "٧"])
def test_what_is_not_a_whole_number_names_its_cell(tmp_path, cell):
    (row,) = read_rows(table(tmp_path, f"code,age\nA,{cell}\n"), ["code"])
    with pytest.raises(UnreadableFileError, match=f"coloana age: am găsit „{cell}”"):
        row.whole("age")


def test_a_code_of_no_table_is_refused(tmp_path):
    (row,) = read_rows(table(tmp_path, "code,groups\nA,x;z\n"), ["code"])
    with pytest.raises(UnreadableFileError, match=r"groups\.csv"):
        row.keys("groups", {"x": 1, "y": 2}, "groups.csv")
    with pytest.raises(UnreadableFileError, match="false, true"):
        row.flag("groups")


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(MissingColumnError, match="lipsesc coloanele name"):
        read_rows(table(tmp_path, "code,nume\nA,B\n"), ["code", "name"])


@pytest.mark.parametrize("text", ["code,age\nA\n", "code,age\nA,1,2\n", 'code,age\n"A,1\n', "code,age\n\n"])
def test_a_torn_row_is_refused(tmp_path, text):
    with pytest.raises(UnreadableFileError, match=r"rules\.csv"):
        read_rows(table(tmp_path, text), ["code"])


def test_bytes_of_another_encoding_and_no_file_are_refused(tmp_path):
    path = tmp_path / "rules.csv"
    path.write_bytes("code\nșțăî\n".encode("utf-16"))
    for each in (path, tmp_path / "none.csv"):
        with pytest.raises(UnreadableFileError):
            read_rows(each, ["code"])


def test_a_key_may_not_repeat(tmp_path):
    rows = read_rows(table(tmp_path, "code\nA\nA\n"), ["code"])
    with pytest.raises(UnreadableFileError, match="rândul 2"):
        index_by(rows, "code")
