"""The rules of access: one reason for each service left out, whatever the order of the rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.catalogue import make_catalogue
from providers.catalogue.eligibility import REASONS, refusals
from providers.finder.answer import Query
from providers.rules.person import Person
from providers.rules.schema import services_table
from tests.worlds.examples import examples
from tests.worlds.twins.obvious_finder import TODAY, first_reason, geography, records

PLACES = ("Parincea, Bacău", "Bacău, Bacău", "Iași, Iași", "București, sector 2", "București", "Voluntari, Ilfov")
TYPES = ("8891CZ-C-II", "8730CR-V-I", "8899CPDH-I", "EMP-AJOFM", "8790CR-MC-I", "EDU-CJRAE", "AUT-DGASPC")
GROUPS = ("disability", "homeless", "child-at-risk", "mother-child", "pregnant", "elderly", "B1.3", "B5")


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


days = st.sampled_from([None, date(2026, 11, 21), TODAY, date(2026, 11, 23)])
services = st.fixed_dictionaries(
    {
        "service_type": st.sampled_from(TYPES),
        "place": st.sampled_from(PLACES),
        "service_area": st.sampled_from([None, "own_uat", "county", "listed", "region", "nation"]),
        "areas_served": st.sampled_from([None, "BC", "24089;179150", "179132"]),
        "county_served": st.sampled_from([None, None, "IF"]),
        "age_min": st.sampled_from([None, 6, 18]),
        "age_max": st.sampled_from([None, 17, 64]),
        "sex": st.sampled_from([None, None, "F", "M"]),
        "groups": st.sampled_from([None, None, *GROUPS, "disability;homeless", "B1.1;B1.2"]),
        "licence_from": days,
        "licence_until": days,
        "licence_status": st.sampled_from(["active", "unknown", "suspended", "withdrawn"]),
        "accreditation_status": st.sampled_from(["accredited", "unknown", "withdrawn"]),
        "operating_status": st.sampled_from(["open", "open", "closed"]),
        "closed_from": days,
        "closed_until": days,
    }
)
persons = st.builds(
    Person,
    age=st.one_of(st.none(), st.integers(0, 99)),
    sex=st.sampled_from([None, "F", "M"]),
    groups=st.frozensets(st.sampled_from([g for g in GROUPS if not g.startswith("B")]), max_size=2),
)


def table_of(drawn, gazetteer):
    rows = []
    for number, said in enumerate(drawn):
        place = gazetteer.resolve(said["place"])
        rows.append(
            {
                "service_id": f"x:{number}", "registry": "social", "registry_key": str(number), "name": "S",
                "organization": "F", "county": place.county, "uat_siruta": place.uat_siruta, "lat": place.lat,
                "lon": place.lon, "position_precision": "locality", "source_row": number,
                **{name: value for name, value in said.items() if name != "place"},
            }
        )  # fmt: skip
    return services_table(rows)


def reasons_of(catalogue, person, home, on=TODAY) -> dict[str, str]:
    found = {}
    for kind in catalogue.types.values():
        codes = refusals(catalogue, kind.start, kind.end, person=person, home=home, on=on)
        assert len(codes) == kind.end - kind.start
        for row, code in enumerate(codes, start=kind.start):
            found[catalogue.cell("service_id", row)] = REASONS[code]
    return found


@settings(max_examples=examples(60), deadline=None)
@given(st.data(), st.lists(services, min_size=1, max_size=12), persons, st.sampled_from(PLACES))
def test_every_service_has_the_first_reason_that_applies_whatever_the_order_of_rows(
    gazetteer, data, drawn, person, where
):
    table, home = table_of(drawn, gazetteer), gazetteer.resolve(where)
    found = reasons_of(make_catalogue(table, gazetteer), person, home)
    query, places = Query(home, (), person, on=TODAY), geography(gazetteer)
    assert found == {row["service_id"]: first_reason(row, query, places) for row in records(table)}
    order = data.draw(st.permutations(range(len(table))))
    assert reasons_of(make_catalogue(table.iloc[list(order)], gazetteer), person, home) == found


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(services, min_size=2, max_size=8), persons, st.sampled_from(PLACES))
def test_a_service_s_reason_does_not_depend_on_the_others(gazetteer, drawn, person, where):
    table, home = table_of(drawn, gazetteer), gazetteer.resolve(where)
    together = reasons_of(make_catalogue(table, gazetteer), person, home)
    alone = reasons_of(make_catalogue(table.iloc[[0]], gazetteer), person, home)
    assert alone == {"x:0": together["x:0"]}


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(services, min_size=1, max_size=8), persons, st.sampled_from(PLACES))
def test_saying_less_of_a_person_never_leaves_more_out_on_their_account(gazetteer, drawn, person, where):
    table, home = table_of(drawn, gazetteer), gazetteer.resolve(where)
    catalogue = make_catalogue(table, gazetteer)
    told, untold = reasons_of(catalogue, person, home), reasons_of(catalogue, Person(), home)
    assert all(told[code] for code, reason in untold.items() if reason)
    assert not {"age", "sex", "group"} & set(untold.values())


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(services, min_size=1, max_size=8), persons, st.sampled_from(PLACES))
def test_what_is_kept_of_one_day_is_not_said_of_another(gazetteer, drawn, person, where):
    table, home = table_of(drawn, gazetteer), gazetteer.resolve(where)
    catalogue = make_catalogue(table, gazetteer)
    for on in [TODAY + timedelta(number) for number in (0, -1, 1, 2, -2, 3, 4, 5, 6, 0, 1)]:
        query, places = Query(home, (), person, on=on), geography(gazetteer)
        expected = {row["service_id"]: first_reason(row, query, places) for row in records(table)}
        assert reasons_of(catalogue, person, home, on) == expected
