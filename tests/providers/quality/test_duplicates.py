"""Which pairs of services may be one, why, and that no block hides a pair that comparing everybody would find."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.processes.partitioned_work import OneProcess
from providers.quality.duplicates import LEAST_SCORE, PAIR_COLUMNS, find_duplicates, rows_of, table_of
from providers.rules.schema import services_table
from tests.worlds.examples import examples
from tests.worlds.homes.divided_work import assert_same, duplicates

HOME = {
    "service_id": "social:anpis:1", "registry": "social", "registry_key": "1", "service_type": "8810ID-I",
    "name": "Centrul de îngrijire la domiciliu Sfânta Ana", "organization": "Asociația Caritas",
    "organization_cui": "123456", "county": "BC", "uat_siruta": 24730, "locality_siruta": 24749,
    "locality": "Parincea", "address": "Strada Păcii nr. 7", "phone": "0234000111",
}  # fmt: skip


def table(*changes: dict[str, object]) -> pd.DataFrame:
    return services_table([HOME, *({**HOME, **change} for change in changes)])


def found(*changes: dict[str, object]) -> list[tuple[str, str]]:
    return list(find_duplicates(table(*changes))[["service_a", "service_b"]].itertuples(index=False, name=None))


PAIR = [("social:anpis:1", "social:dgaspc-bc:a")]
OTHER = {"service_id": "social:dgaspc-bc:a", "registry_key": "a"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": "CENTRU DE INGRIJIRE LA DOMICILIU SF. ANA", "phone": None},
        {"name": "Centrul de ingrjire la domiciliu Sfânta Ana", "organization_cui": None},
        {"organization": "Caritas", "organization_cui": None, "address": "Str. Pacii 7", "phone": "0744000222"},
        {"service_type": "8810ID-II", "address": None},
    ],
)
def test_one_service_in_two_lists_is_found_whatever_its_spelling(change):
    assert found({**OTHER, **change}) == PAIR


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Centrul de îngrijire la domiciliu Sfânta Ana nr. 2"},
        {"name": "Centrul de zi pentru copii Sfânta Ana"},
        {"organization": "Fundația Alta", "organization_cui": "999999", "phone": "0744000222"},
        {"locality_siruta": 24758, "locality": "Văleni"},
        {"registry": "medical"},
        {"is_secret": True},
    ],
)
def test_neighbours_of_one_provider_and_protected_services_are_no_pair(change):
    assert found({**OTHER, **change}) == []


def test_in_one_list_two_types_or_a_longer_name_are_two_licences():
    assert found({"service_id": "social:anpis:2", "service_type": "8899CZ-F-I"}) == []
    assert found({"service_id": "social:anpis:2", "name": HOME["name"] + " pentru copii"}) == []
    assert found({"service_id": "social:anpis:2"}) == [("social:anpis:1", "social:anpis:2")]


def test_each_pair_says_what_speaks_for_it():
    pairs = find_duplicates(table({**OTHER, "phone": None}))
    assert list(pairs.columns) == list(PAIR_COLUMNS)
    assert pairs["reasons"].tolist() == ["provider;name;address;locality;type"]
    assert LEAST_SCORE <= pairs["score"].iloc[0] <= 100


_WORDS = st.sampled_from(["Sfânta Ana", "Sf. Ana", "Speranța", "Speranta", "nr. 1", "nr. 2", "pentru copii", "Casa"])
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.lists(_WORDS, min_size=1, max_size=3).map(" ".join),
            "organization": st.sampled_from(["Asociația Caritas", "Caritas", "DGASPC Bacău"]),
            "organization_cui": st.sampled_from([None, "1", "2"]),
            "phone": st.sampled_from([None, "0234000111", "0234000111; 0744000222", "0744000222"]),
            "uat_siruta": st.sampled_from([24730, 20304]),
            "locality_siruta": st.sampled_from([24749, 24758]),
            "address": st.sampled_from([None, "Păcii 7", "Str. Păcii nr. 7", "Păcii 9"]),
            "service_type": st.sampled_from(["8810ID-I", "8899CZ-F-I"]),
            "source": st.sampled_from(["anpis", "dgaspc-bc"]),
        }
    ),
    min_size=2,
    max_size=12,
)


@settings(max_examples=examples(100))
@given(_ROWS)
def test_comparing_everybody_finds_no_pair_that_the_blocks_hide(rows):
    named = [
        {**HOME, **{k: v for k, v in row.items() if k != "source"}, "service_id": f"social:{row['source']}:{n}"}
        for n, row in enumerate(rows)
    ]
    services = services_table(named)
    slowly = table_of(rows_of(services), set(combinations(range(len(named)), 2)))
    pd.testing.assert_frame_equal(find_duplicates(services), slowly)


def test_county_by_county_finds_the_pairs_of_the_nation_also_those_over_a_border():
    pairs = duplicates()
    over_a_border = table(
        HOME | {"service_id": "social:x:1", "county": "IS"}, HOME | {"service_id": "social:x:2", "county": ""}
    )
    assert_same(duplicates(OneProcess(divides=True)), pairs)
    assert len(find_duplicates(over_a_border, runner=OneProcess(divides=True))) == 3
