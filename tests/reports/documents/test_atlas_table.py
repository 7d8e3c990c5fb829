"""The table of communities as files: nothing runs, nothing is lost, a demonstration says so."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from geo.maps.atlas_view import VIEW_COLUMNS
from reports.documents.atlas_table import atlas_csv, atlas_workbook, meanings, titles

HOSTILE = '=HYPERLINK("http://example.org")'


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "uat_siruta": [24089, 1], "name": ["Parincea", HOSTILE], "county": ["BC", "AB"], "county_name": ["Bacău", "Alba"],
            "region": ["RO21", "RO12"], "kind": ["commune", "commune"], "area": ["rural", "rural"],
            "atlas_class": pd.array([3, pd.NA], "Int64"), "is_atlas_loaded": [True, False], "rate_percent": [18.5, None], "lhdi": [42.5, None],
            "population": pd.array([3836, pd.NA], "Int64"), "people_marginalised": pd.array([710, pd.NA], "Int64"),
            "priority": [3.42, None], "status": ["confirmed", ""], "source": ["x", "+1"], "note": ["", "@y"],
        }
    )  # fmt: skip


def test_every_column_of_the_view_has_a_title_and_no_other():
    assert list(titles()) == list(VIEW_COLUMNS)
    assert set(meanings()) <= set(VIEW_COLUMNS)


def test_a_csv_reads_back_with_its_diacritics_and_runs_nothing(rows):
    content = atlas_csv(rows, is_demo=False)
    assert content.startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)
    assert back["Județ"].tolist() == ["Bacău", "Alba"]
    assert back["Unitatea"][1] == "'" + HOSTILE
    assert back["Clasa de marginalizare"].tolist() == ["3", ""]
    assert not any(cell.startswith(("=", "+", "@")) for cell in back.to_numpy().ravel())
    assert "Atenție" not in back


def test_every_row_of_a_demonstrations_csv_says_so(rows):
    back = pd.read_csv(io.BytesIO(atlas_csv(rows, is_demo=True)))
    assert (back["Atenție"] == "date demonstrative").all()


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_workbook_holds_the_rows_their_definitions_and_sources(rows, is_demo):
    content = atlas_workbook(rows, made_on=date(2026, 11, 22), is_demo=is_demo, sources=["Atlas, la 22.11.2026"])
    assert content == atlas_workbook(
        rows, made_on=date(2026, 11, 22), is_demo=is_demo, sources=["Atlas, la 22.11.2026"]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, definitions = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert first[0] == list(titles().values())
    assert first[1][:3] == [24089, "Parincea", "BC"]
    assert first[2][1] == "'" + HOSTILE
    said = " ".join(str(cell) for line in definitions for cell in line)
    assert "Atlas, la 22.11.2026" in said
    assert "formulă proprie" in said
    assert ("Date demonstrative" in said) is is_demo
