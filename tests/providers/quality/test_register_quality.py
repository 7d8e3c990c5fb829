"""Each figure of a source's quality counts the rows that it opens."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from providers.quality.register_quality import FIGURES, judged_by_list, register_quality, rows_of_figure
from providers.rules.help_tables.name_against_code import contradicts_code
from providers.rules.schema import services_table

DAY = date(2026, 11, 30)
BASE = {"registry": "social", "service_type": "8730CR-V-I", "name": "Cămin", "organization": "Asociația A"}


def table() -> pd.DataFrame:
    return services_table(
        [
            {**BASE, "service_id": "social:a:1", "phone": "0234000111", "licence_until": "2026-11-29",
             "position_precision": "address"},
            {**BASE, "service_id": "social:a:2", "licence_until": "2027-01-15", "places_max": 12,
             "position_precision": "locality", "hours": "luni–vineri, 8–16"},
            {**BASE, "service_id": "social:a:3", "is_secret": True, "phone": "0234999999"},
            {**BASE, "service_id": "social:b:1", "accreditation_status": "withdrawn",
             "name": "Locuință protejată pentru adulți cu handicap"},
        ]
    )  # fmt: skip


def test_the_figures_of_each_source_are_counted():
    counts = register_quality(table(), on=DAY).set_index("source")
    said = {code: counts[code].to_dict() for code in FIGURES}
    assert said == {
        "rows": {"a": 2, "b": 1}, "at_address": {"a": 1, "b": 0}, "at_locality": {"a": 1, "b": 0},
        "at_uat": {"a": 0, "b": 0}, "not_placed": {"a": 0, "b": 1}, "with_phone": {"a": 1, "b": 0},
        "with_hours": {"a": 1, "b": 0}, "with_places": {"a": 1, "b": 0}, "with_licence": {"a": 2, "b": 0},
        "licence_expired": {"a": 1, "b": 0}, "licence_expiring": {"a": 1, "b": 0},
        "provider_withdrawn": {"a": 0, "b": 1}, "name_against_code": {"a": 0, "b": 1},
    }  # fmt: skip


def test_a_list_of_organizations_says_of_any_source_whose_provider_is_no_more():
    services = table().assign(organization_cui=["1001", "1002", "1001", None])
    listed = pd.DataFrame({"cui": ["1001", "1002"], "status": ["withdrawn", "accredited"]})
    counts = register_quality(judged_by_list(services, listed), on=DAY).set_index("source")
    assert counts["provider_withdrawn"].to_dict() == {"a": 1, "b": 1}
    assert judged_by_list(services, None) is services


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_opens_the_rows_that_it_counts_and_no_protected_one(figure):
    services = table()
    for row in register_quality(services, on=DAY).to_dict("records"):
        found = rows_of_figure(services, figure, registry="social", source=row["source"], on=DAY)
        assert len(found) == row[figure]
        assert not found["is_secret"].any()


@pytest.mark.parametrize(
    ("code", "name", "is_doubtful"),
    [
        ("8730CR-V-III", "Locuință protejată pentru adulți cu handicap nr. 1", True),
        ("8730CR-V-I", "Cămin pentru vârstnici cu dizabilități", False),
        ("8810CZ-V-I", "Centru de zi pentru PERSOANE CU HANDICAP", True),
        ("8790CR-C-I", "Cămin pentru persoane vârstnice", True),
        ("8790CR-C-I", "Centru de plasament pentru copii", False),
        ("8899CZ-F-I", "Centru pentru persoane cu handicap", False),
    ],
)
def test_a_name_that_says_another_kind_of_person_than_the_code_is_found(code, name, is_doubtful):
    assert contradicts_code(pd.DataFrame({"service_type": [code], "name": [name]})).tolist() == [is_doubtful]


def test_the_real_register_has_elderly_codes_for_homes_of_people_with_disabilities(real_home):
    from referrals.workflow.directory import open_directory

    services = open_directory(real_home).published().services
    elderly = services[services["service_type"].str.startswith("8730CR-V") & contradicts_code(services)]
    assert len(elderly) >= 45
