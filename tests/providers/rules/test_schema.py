"""The common table: all columns, typed, and what breaks it found at the door."""

from __future__ import annotations

import pandas as pd
import pandera.errors
import pytest

from providers.rules.schema import (
    SERVICE_COLUMNS,
    VOCABULARIES,
    check_services,
    services_table,
)

ONE = {
    "service_id": "social:mmps:1", "registry": "social", "registry_key": "1", "service_type": "8891CZ-C-II", "name": "Centrul",
    "organization": "Asociația", "source_row": 1,
}  # fmt: skip


def test_a_record_becomes_a_row_of_all_columns_with_unknown_as_unknown():
    table = check_services(services_table([ONE]))
    assert list(table.columns) == list(SERVICE_COLUMNS)
    row = table.iloc[0]
    assert (row["position_precision"], row["licence_status"], row["operating_status"]) == ("none", "unknown", "open")
    assert row["flags"] == ""
    assert not row["is_secret"]
    for column in ("places_max", "age_min", "phone", "lat", "licence_until", "uat_siruta"):
        assert pd.isna(row[column]), column


def test_no_record_is_an_empty_table_with_the_same_types():
    empty, full = services_table([]), services_table([ONE])
    assert len(check_services(empty)) == 0
    assert empty.dtypes.astype("str").to_dict() == full.dtypes.astype("str").to_dict()


def test_the_table_given_is_not_changed():
    given = pd.DataFrame([ONE])
    services_table(given)
    assert list(given.columns) == list(ONE)


@pytest.mark.parametrize(
    "change",
    [
        {"registry": "other"}, {"position_precision": "street"}, {"delivery": "by_post"}, {"service_area": "moon"},
        {"sex": "X"}, {"capacity_unit": "beds"}, {"licence_status": "maybe"}, {"places_max": -1}, {"age_min": -1},
        {"name": None}, {"service_id": None}, {"source_row": None},
        {"flags": "something_new"}, {"flags": "county_mismatch;something_new"},
    ],
)  # fmt: skip
def test_a_breach_is_found(change):
    with pytest.raises(pandera.errors.SchemaErrors, match=next(iter(change))):
        check_services(services_table([{**ONE, **change}]))


def test_a_key_that_comes_twice_and_a_column_too_many_are_found():
    with pytest.raises(pandera.errors.SchemaErrors, match="service_id"):
        check_services(services_table([ONE, ONE]))
    with pytest.raises(pandera.errors.SchemaErrors, match="extra"):
        check_services(services_table([ONE]).assign(extra=1))


def test_every_vocabulary_belongs_to_a_column():
    assert VOCABULARIES.keys() <= SERVICE_COLUMNS.keys()
