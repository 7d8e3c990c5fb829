"""The files with the habits of real spreadsheets, and what they are imported as."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
_KINDS = {"c": "medical", "p": "medical", "g": "boundaries", "e": "education"}
EXPECTED = (
    "b01_hidden_first_sheet.xlsx", "b02_sheet_per_county.xlsx", "b03_merged_status_and_protected.xlsx",
    "b04_two_level_header.xlsx", "b05_duplicate_titles.xlsx", "b06_unknown_titles.xlsx", "b07_formulas_uncached.xlsx",
    "b09_stray_cell_bottom.xlsx", "b11_marks.xlsx", "b13_text_dates.xlsx", "c01_floatified.csv", "c02_phones.csv",
    "c03_open_quote.csv", "c04_title_semicolon.csv", "g1_two_layers.gpkg", "g2_split_unit.geojson",
    "g3_collections.geojson", "s01_nested.xml", "t04_similar_titles.xlsx", "x01_own.xlsb", "p01_names.csv",
)  # fmt: skip
UNTRIED = ("e01_county_list.csv", "r04_licence_renewed.xlsx")  # sources and identity have tests of their own


def expected_folder() -> Path:
    """Return the folder of the files; the test is skipped where it is absent."""
    folder = Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared") / "oracles" / "imports"
    if not folder.is_dir():
        pytest.skip(f"the files with the habits of real spreadsheets are not here ({folder}); set HARTA_TEST_DATA")
    return folder


def kind_of_file(name: str) -> str:
    """Return the kind that a file is imported as."""
    return _KINDS.get(name[0], "social") if name != "social_control.xlsx" else "social"
