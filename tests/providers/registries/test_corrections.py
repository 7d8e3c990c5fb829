from __future__ import annotations

import pandas as pd
import pytest

from core.errors import MissingColumnError, UnreadableFileError
from providers.registries import corrections
from providers.registries.social.social_register import CORRECTIONS

TABLE = pd.DataFrame({"key": ["1", "2", "3"], "code": ["A-", "A-", "B"], "town": ["Iași", "Bacău", ""]}, dtype="str")


def fixes(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    full = [(*row, "a reason", "a source") for row in rows]
    return pd.DataFrame(full, columns=list(corrections.COLUMNS), dtype="str")


def test_a_correction_changes_its_row_only_and_flags_it():
    done = corrections.apply(TABLE, fixes(("1", "code", "A-", "A-I")), key="key", flag_names={"code": "code_corrected"})
    assert list(done.table["code"]) == ["A-I", "A-", "B"]
    assert list(done.flags) == ["code_corrected", "", ""]
    assert list(TABLE["code"]) == ["A-", "A-", "B"]


def test_a_correction_for_every_row_changes_all_that_have_the_slip():
    done = corrections.apply(TABLE, fixes(("*", "code", "A-", "A-I")), key="key")
    assert list(done.table["code"]) == ["A-I", "A-I", "B"]
    assert done.notes == ("2 valori îndreptate după tabelul de corecturi.",)


def test_a_rows_own_correction_goes_before_the_one_for_every_row():
    done = corrections.apply(TABLE, fixes(("*", "code", "A-", "A-I"), ("2", "code", "A-", "A-II")), key="key")
    assert list(done.table["code"]) == ["A-I", "A-II", "B"]


def test_an_empty_value_can_be_filled_in():
    done = corrections.apply(TABLE, fixes(("3", "town", "", "Cluj-Napoca")), key="key")
    assert list(done.table["town"])[2] == "Cluj-Napoca"


@pytest.mark.parametrize(
    "fix", [("1", "code", "X", "A-I"), ("9", "code", "A-", "A-I"), ("1", "no such column", "A-", "A-I")]
)
def test_a_correction_that_no_longer_matches_is_reported_and_changes_nothing(fix):
    done = corrections.apply(TABLE, fixes(fix), key="key")
    pd.testing.assert_frame_equal(done.table, TABLE)
    assert len(done.unmatched) == 1
    assert fix[0] in done.notes[0]


def test_a_correction_without_a_reason_is_refused(tmp_path):
    path = tmp_path / "x.corrections.csv"
    path.write_text("row_id,column,published,corrected,reason,source\n1,code,A,B,,law\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"x\.corrections\.csv.*reason"):
        corrections.load(path)


def test_a_table_without_a_column_is_refused(tmp_path):
    path = tmp_path / "x.corrections.csv"
    path.write_text("row_id,column,published,corrected\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="reason"):
        corrections.load(path)


def test_the_projects_own_corrections_are_readable():
    table = corrections.load(CORRECTIONS)
    assert len(table) > 0
    assert not table.duplicated(["row_id", "column", "published"]).any()
