"""Text that came from others goes out so that a spreadsheet shows it and never runs it."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exporting import csv_bytes, defuse, defuse_cell, defused, undefused, write_csv

# What a text is made of that is to become a formula: signs between cells, signs that nobody sees, beginnings of formulas.
PIECES = st.lists(
    st.sampled_from([*";,\t\n\r\"' =+-@0a", "＝", "\u200b", "\ufeff", "HYPERLINK(1)", "Centrul", "+40 234 111"]), max_size=9
).map("".join)  # fmt: skip
UNSEEN = " \u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\0"


def runs(cell: str) -> bool:
    """Whether a spreadsheet may compute a cell."""
    said = cell.strip(UNSEEN + "\t\r\n")
    return said != "" and said[0] in "=+-@＝＋－＠"


@given(texts=st.lists(PIECES, min_size=3, max_size=3), is_romanian=st.booleans())
def test_no_cell_is_a_formula_whatever_sign_a_spreadsheet_expects_between_cells(texts, is_romanian):
    table = pd.DataFrame({"a": [texts[0], "x"], "b": [texts[1], "y"], texts[2] or "c": ["u", texts[0]]})
    written = csv_bytes(table, is_romanian=is_romanian).decode("utf-8-sig")
    for delimiter in ",;\t":
        lines = io.StringIO(written, newline="")
        found = [cell for row in csv.reader(lines, delimiter=delimiter) for cell in row]
        assert [cell for cell in found if runs(cell)] == [], delimiter


@given(text=PIECES)
def test_a_defused_text_comes_back_and_is_not_defused_twice(text):
    written = defuse_cell(text)
    assert defuse_cell(written) == written
    if "'" not in text:
        assert undefused(written) == text


@pytest.mark.parametrize("text", [" =1", "\u200b=1", "\ufeff@x", "＝1+1", "\0=1", "\u202e-x"])
def test_signs_that_nobody_sees_hide_no_formula(text):
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["0234 111 222; 0721 333 444", "Bacău, Str. Mare nr. 5-7", "L–V 8-16; S 9-12", "a = b, c"]
)
def test_ordinary_lists_stay_as_they_are(text):
    assert defuse_cell(text) == text


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
