from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from core.errors import MissingColumnError
from providers.registries.social import organizations
from tests.worlds.examples import examples
from tests.worlds.files.raw_tables import hostile_tables


def raw(*rows: tuple[str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["cui", "name", "status"], dtype="str")
    return table.assign(county="Bacău", type="Privat", row=range(1, len(rows) + 1))


def test_a_provider_comes_out_with_its_code_county_and_status(gazetteer):
    done = organizations.tidy(raw(("RO 1234567", "Asociaţia X", "Activ")), gazetteer)
    assert done.rows.iloc[0].dropna().to_dict() == {
        "cui": "1234567", "name": "Asociația X", "type": "private", "county": "BC", "status": "accredited",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("", "accredited"),
        ("activ", "accredited"),
        ("Suspendat", "accredited"),
        ("radiat", "withdrawn"),
        ("abc", "unknown"),
    ],
)
def test_the_status_word_tells_whether_accreditation_holds(gazetteer, word, status):
    assert organizations.tidy(raw(("1234567", "X", word)), gazetteer).rows["status"].iloc[0] == status


@pytest.mark.parametrize(("word", "status"), [("da", "withdrawn"), ("01.02.2023", "withdrawn"), ("nu", "accredited")])
def test_a_column_of_struck_off_providers_counts(gazetteer, word, status):
    table = raw(("1234567", "X", "")).assign(struck_off=word)
    assert organizations.tidy(table, gazetteer).rows["status"].iloc[0] == status


def test_rows_of_one_code_that_disagree_leave_its_accreditation_unknown(gazetteer):
    done = organizations.tidy(raw(("1234567", "X", "activ"), ("1234567", "X", "retras")), gazetteer)
    assert list(done.rows["status"]) == ["unknown"]
    assert list(done.rejects["reason"]) == ["duplicate_key"]


def test_rows_without_code_or_name_are_rejected(gazetteer):
    done = organizations.tidy(raw(("", "X", ""), ("abc", "X", ""), ("1234567", "", "")), gazetteer)
    assert list(done.rejects["field"]) == ["cui", "cui", "name"]
    assert done.rows.empty


def test_a_file_without_fiscal_codes_is_refused(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("Denumire furnizor,Județ\nX,Bacău\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match=r"f\.csv.*CUI"):
        organizations.load(path)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hostile_tables(organizations.FIELDS, {"cui": ("1234567", "RO 7654321"), "status": ("Activ", "Retras")}))
def test_any_rows_end_loaded_or_rejected(gazetteer, table):
    done = organizations.tidy(table, gazetteer)
    assert len(done.rows) + len(done.rejects) == done.rows_read == len(table)
    assert done.rows["cui"].is_unique
