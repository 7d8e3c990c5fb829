"""A service keeps its id through what changes of it, and no other service ever gets it."""

from __future__ import annotations

import pandas as pd
import pytest

from providers.imports.identity import identify
from providers.rules.schema import services_table
from tests.covering import daily
from tests.worlds.files.register_histories import histories, table

FIRST = {
    "registry": "social", "registry_key": "LF-1", "service_type": "8891CZ-C-II", "name": "Centrul de zi Luminița",
    "organization": "Asociația Exemplu", "organization_cui": "1001", "county": "BC", "uat_siruta": 24089,
    "locality_siruta": 24090, "address": "Strada Mare 1", "source_row": 1,
}  # fmt: skip


def edition(rows, before=None, day="2026-01-01"):
    known = (before.services, before.withdrawn) if before else (None, None)
    return identify(services_table(rows), *known, registry="social", source="mmps", as_of=day)


def ids(found):
    return found.services["service_id"].tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"registry_key": "LF-9"},
        {"name": "Centru de zi Luminita"},
        {"address": "Strada Mică 2"},
        {"locality_siruta": 24091, "address": "Strada Mică 2"},
        {"uat_siruta": 20297, "locality_siruta": 20300, "address": None},
        {"organization": "Fundația Probă", "organization_cui": "1002"},
        {"service_type": "8899CZ-PN-V"},
        {"source_row": 7},
    ],
)
def test_a_service_keeps_its_id_while_one_thing_of_it_changes(change):
    first = edition([FIRST])
    second = edition([{**FIRST, **change}, {**FIRST, "registry_key": "LF-2", "name": "Alt centru"}], first)
    assert ids(first) == ["social:mmps:LF-1"]
    assert ids(second)[0] == "social:mmps:LF-1"
    assert second.withdrawn.empty
    told = [name for name in change if name not in ("source_row", "locality_siruta", "organization_cui")]
    assert [set(row.split(";")) & set(told) for row in second.matches["changed"]] == ([set(told)] if told else [])


def test_a_code_given_to_another_service_does_not_give_it_its_id():
    first = edition([FIRST])
    other = {**FIRST, "name": "Cămin pentru vârstnici", "service_type": "8730CR-V-I", "organization": "Alt furnizor",
             "organization_cui": "1003", "address": "Strada Gării 4"}  # fmt: skip
    second = edition([other], first, "2026-02-01")
    assert ids(second) == ["social:mmps:LF-1-2"]
    assert second.withdrawn[["service_id", "withdrawn_on"]].values.tolist() == [["social:mmps:LF-1", "2026-02-01"]]
    third = edition([other, {**FIRST, "registry_key": "LF-7"}], second, "2026-03-01")
    assert ids(third) == ["social:mmps:LF-1-2", "social:mmps:LF-1"], "what comes back is what it was"
    assert third.withdrawn.empty


def test_rows_that_are_only_numbered_have_keys_of_what_they_are():
    rows = [{**FIRST, "registry_key": str(n), "source_row": n, "name": f"Centrul {name}", "address": f"Strada {name}"}
            for n, name in enumerate("ABC", start=1)]  # fmt: skip
    first = edition(rows)
    assert not {"social:mmps:1", "social:mmps:2"} & set(ids(first))
    shorter = [{**row, "registry_key": str(n), "source_row": n} for n, row in enumerate(rows[1:], start=1)]
    second = edition(shorter, first)
    assert ids(second) == ids(first)[1:]
    assert second.withdrawn["service_id"].tolist() == ids(first)[:1]


def test_of_two_that_nothing_tells_apart_neither_is_taken_for_the_other():
    twins = [{**FIRST, "registry_key": key} for key in ("LF-1", "LF-2")]
    first = edition(twins)
    second = edition([{**row, "registry_key": f"{row['registry_key']}R"} for row in twins], first)
    assert not set(ids(first)) & set(ids(second))
    assert set(second.withdrawn["service_id"]) == set(ids(first))


def check_histories(count: int, seed: int) -> None:
    """No id ever stands for another service than the one it was made for, and none is lost."""
    for keys, editions in histories(count, seed=seed):
        before = gone = None
        owner: dict[str, int] = {}
        for day, listed in enumerate(editions, start=1):
            rows = table(keys, listed)
            found = identify(rows, before, gone, registry="social", source="mmps", as_of=f"2026-01-{day:02d}")
            before, gone = found.services, found.withdrawn
            assert before["service_id"].is_unique
            assert not set(before["service_id"]) & set(gone["service_id"])
            for service_id, row in zip(before["service_id"], rows["source_row"], strict=True):
                assert owner.setdefault(service_id, listed[row - 1].number) == listed[row - 1].number
            assert set(owner) == set(before["service_id"]) | set(gone["service_id"])


@pytest.mark.parametrize("many", daily([2, 8], lambda many: many == 2))
def test_over_some_histories_no_id_changes_its_owner_and_none_is_lost(many):
    # A thousand, with the ledger: `python -m bench.acceptance.histories`.
    check_histories(many, seed=1)


def test_an_empty_edition_before_gives_every_row_its_own_key():
    found = identify(
        services_table([FIRST]), services_table([]), pd.DataFrame(), registry="social", source="x", as_of="2026-01-01"
    )
    assert ids(found) == ["social:x:LF-1"]
