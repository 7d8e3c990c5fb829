"""Which questions matter, by the services that there are."""

from __future__ import annotations

import pytest

from core.errors import UnknownCodeError
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.catalogue import make_catalogue
from providers.finder.relevant_facts import RelevantFacts, relevant_facts
from providers.rules.schema import services_table


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


def catalogue_of(gazetteer, *services):
    rows = [
        {"service_id": f"x:{n}", "registry": "social", "registry_key": str(n), "name": "S", "organization": "F",
         "county": "BC", "uat_siruta": 24089, "lat": 46.5, "lon": 26.9, "position_precision": "address",
         "source_row": n, **said}
        for n, said in enumerate(services)
    ]  # fmt: skip
    return make_catalogue(services_table(rows), gazetteer)


def test_home_is_asked_only_where_some_wanted_service_serves_by_home(gazetteer):
    far_and_wide = catalogue_of(gazetteer, {"service_type": "8730CR-V-I"}, {"service_type": "8899CPDH-I"})
    assert not relevant_facts(["8730CR-V-I"], far_and_wide).home
    assert relevant_facts(["8899CPDH-I"], far_and_wide).home  # a canteen is its own commune's
    assert relevant_facts(["8730CR-V-I", "8899CPDH-I"], far_and_wide).home


def test_a_service_s_own_area_counts_not_only_its_type_s(gazetteer):
    local = catalogue_of(gazetteer, {"service_type": "8730CR-V-I", "service_area": "county"})
    assert relevant_facts(["8730CR-V-I"], local).home


def test_age_and_sex_are_asked_where_a_service_or_an_answer_minds_them(gazetteer):
    open_to_all = {"service_type": "8899CZ-PN-III"}
    assert relevant_facts(["8899CZ-PN-III"], catalogue_of(gazetteer, open_to_all)) == RelevantFacts(
        False, False, (), False
    )
    women = catalogue_of(gazetteer, {**open_to_all, "sex": "F", "age_min": 18})
    asked = relevant_facts(["8899CZ-PN-III"], women)
    assert (asked.age, asked.sex) == (True, True)
    assert relevant_facts(["no-income"], catalogue_of(gazetteer)).age  # work is for those of 16 and over


def test_a_situation_is_asked_only_where_services_differ_in_it(gazetteer):
    one, other = {"service_type": "8891CZ-C-II"}, {"service_type": "8891CZ-C-III"}
    assert relevant_facts(["8891CZ-C-II"], catalogue_of(gazetteer, one)).groups == ()
    asked = relevant_facts(["8891CZ-C-II", "8891CZ-C-III"], catalogue_of(gazetteer, one, other))
    assert asked.groups == ("disability", "special-needs-education", "child-at-risk")
    assert asked.anything


def test_nothing_matters_where_nothing_is_offered_and_an_unknown_code_is_refused(gazetteer):
    empty = catalogue_of(gazetteer)
    assert not relevant_facts(["8730CR-V-I"], empty).anything
    with pytest.raises(UnknownCodeError):
        relevant_facts(["8730CR-X"], empty)
