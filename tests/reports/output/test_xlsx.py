from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest

from reports.output.xlsx import Sheet, kind_of, workbook

DAY = dt.date(2026, 11, 22)


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": pd.array(["=HYPERLINK(1)", "Parincea", None], "str"),
            "people": pd.array([3, None, 5], "Int64"),
            "minutes": [1.5, 2.5, float("nan")],
            "share": [0.25, 1.0, 0.0],
            "day": pd.to_datetime(["2026-01-02", None, "2026-03-04"]),
            "is_rural": [True, False, True],
        }
    )


def book(**changed):
    sheet = Sheet(
        "Comunități", table(), {"people": "Persoane"}, {"people": "câte persoane"}, percents=frozenset({"share"})
    )
    content = workbook(
        [sheet], **{"title": "Raport", "made_on": DAY, "is_demo": True, "sources": ["+atlas"], **changed}
    )
    return content, openpyxl.load_workbook(io.BytesIO(content))


def test_a_workbook_is_read_back_with_its_types():
    _content, opened = book()
    rows = list(opened["Comunități"].iter_rows(values_only=True))
    assert rows[0] == ("name", "Persoane", "minutes", "share", "day", "is_rural")
    assert rows[1] == ("'=HYPERLINK(1)", 3, 1.5, 0.25, dt.datetime(2026, 1, 2), True)
    assert rows[2] == ("Parincea", None, 2.5, 1, None, False)
    assert rows[3][0] is None


def test_no_cell_holds_a_formula():
    _content, opened = book()
    assert {cell.data_type for sheet in opened for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}


def test_heads_are_frozen_and_columns_explained():
    _content, opened = book()
    assert opened["Comunități"].freeze_panes == "B2"
    said = list(opened["Definiții și surse"].iter_rows(values_only=True))
    assert ("Comunități", "Persoane", "câte persoane") in said
    assert ("'+atlas", None, None) in said


def test_shares_are_shown_as_per_cents():
    _content, opened = book()
    assert opened["Comunități"]["D2"].number_format == "0.0%"


def test_the_same_tables_and_day_give_the_same_bytes():
    assert book()[0] == book()[0]
    assert book()[0] != book(made_on=dt.date(2026, 11, 23))[0]


def test_only_a_demonstration_is_marked():
    assert book()[1]["Definiții și surse"]["A1"].value.startswith("Date demonstrative")
    assert book(is_demo=False)[1]["Definiții și surse"]["A1"].value == "Raport"


@pytest.mark.parametrize(
    ("values", "kind"),
    [(pd.Series([1]), "whole"), (pd.Series([1.0]), "decimal"), (pd.Series([DAY]), "day"), (pd.Series(["a"]), "text")],
)
def test_a_column_is_written_as_what_it_is(values, kind):
    assert kind_of(values) == kind


def test_a_text_longer_than_a_cell_is_cut_and_says_so_instead_of_being_dropped():
    table = pd.DataFrame({"n": ["=" + "x" * 40_000, "y"]})
    book = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("S", table)], title="T", made_on=DAY, is_demo=False)))
    found = book["S"]["A2"].value
    assert (found[:2], found[-1], len(found)) == ("'=", "…", 32_767)
