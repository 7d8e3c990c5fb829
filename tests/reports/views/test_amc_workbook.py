"""The indicators asked of community nurses as a workbook: ten sheets, every indicator once, blank where not counted."""

from __future__ import annotations

import io
from datetime import date

import pandas as pd
import pytest

from core.storage.home import make_home
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from reports.views.amc_workbook import amc_of_area, amc_workbook
from tests.worlds.homes.counted_month import PARINCEA, keep_cases

NURSE = Actor("team", "U-SQC33333", "BC", PARINCEA, profession="medical")


@pytest.fixture
def counted(tmp_path):
    home = make_home("live", tmp_path / "var")
    ledger = open_ledger(home, may_begin=True)
    keep_cases(ledger, "2026-01-05", range(1, 8), assessed=6)
    yield amc_of_area(home, ledger, "2026-01", "2026-01", actor=NURSE, uat_siruta=PARINCEA)
    ledger.close()


def test_each_of_the_402_stands_once_in_the_ten_sheets(counted):
    file = io.BytesIO(amc_workbook(counted, area="Parincea", made_on=date(2026, 2, 1), is_demo=False))
    sheets = pd.read_excel(file, sheet_name=None, header=None, engine="openpyxl")
    rows = pd.concat(list(sheets.values())[:10])
    rows = rows[rows[0].astype("str").str.fullmatch(r"[A-Z]{1,2}\d{2,3}")].set_index(0)
    assert len(list(sheets)) == 11
    assert len(rows) == rows.index.nunique() == 402
    assert rows.loc[["A01", "A03", "A06", "G03"], 2].tolist() == [7, 7, 6, 7]
    assert rows.loc[["U01", "G05", "RD01"], 2].isna().all()
    assert "Conturile" in rows.loc["U01", 3]
