"""Text that came from others goes out so that a spreadsheet shows it and never runs it."""

import csv

import pandas as pd
import pytest

from core.exporting import defuse, defused, write_csv


@pytest.mark.parametrize("text", ["=1+1", "+40 234", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Centrul de zi", "", "a=b", 3, -3, 2.5, None, True])
def test_everything_else_stays_as_it_is(value):
    assert defuse(value) is value or defuse(value) == value


def test_every_kind_of_text_column_is_defused_and_numbers_and_gaps_stay():
    table = pd.DataFrame(
        {
            "object": pd.Series(["=1", None, 5], dtype="object"),
            "string": pd.array(["=1", None, "b"], "string"),
            "str": pd.array(["=1", None, "b"], "str"),
            "category": pd.Categorical(["=1", None, "b"]),
            "number": [-1.5, None, 2.0],
        }
    )
    safe = defused(table)
    for column in ("object", "string", "str", "category"):
        assert safe[column].iloc[0] == "'=1", column
        assert pd.isna(safe[column].iloc[1])
    assert safe["number"].tolist()[::2] == [-1.5, 2.0]
    assert table["object"].iloc[0] == "=1"  # the table given is not changed


def test_a_csv_keeps_diacritics_quotes_and_line_ends(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(pd.DataFrame({"nume": ["Știință „bună”", 'a "b", c\nd'], "n": [1, 2]}), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        assert list(csv.reader(handle)) == [["nume", "n"], ["Știință „bună”", "1"], ['a "b", c\nd', "2"]]
