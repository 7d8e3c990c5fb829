"""Needs for which nobody had a place: counted once, by whose area it is, with no word of the person."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.ledger.unmet_needs import Unmet
from referrals.records.ledger_errors import KeyReusedError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

NEED = Unmet("hot-meal", "8899CPDH-I", "BC", TEAM.uat_siruta)


def counted(ledger):
    return ledger.unmet_needs(actor=COUNTY)[["kind", "need", "service_type", "unmet"]].values.tolist()


def test_a_need_without_a_place_is_counted_once_for_a_key(ledger):
    assert ledger.record_unmet_need(NEED, actor=TEAM, key="first")
    assert not ledger.record_unmet_need(NEED, actor=TEAM, key="first")
    assert counted(ledger) == [["none_found", "hot-meal", "8899CPDH-I", 1]]
    assert ledger.record_unmet_need(NEED, actor=COUNTY, key="second")
    assert counted(ledger) == [["none_found", "hot-meal", "8899CPDH-I", 2]]


def test_a_key_serves_one_need(ledger):
    ledger.record_unmet_need(NEED, actor=TEAM, key="first")
    with pytest.raises(KeyReusedError):
        ledger.record_unmet_need(Unmet("clothes", "8899CPDH-I", "BC", TEAM.uat_siruta), actor=TEAM, key="first")
    assert len(counted(ledger)) == 1


@pytest.mark.parametrize("actor", [NATIONAL, ADMIN])
def test_who_sees_no_case_counts_no_need(ledger, actor):
    with pytest.raises(NotAllowedError):
        ledger.record_unmet_need(NEED, actor=actor)
    assert counted(ledger) == []


def test_another_community_is_refused_and_the_attempt_is_in_the_trail(ledger):
    with pytest.raises(NotAllowedError):
        ledger.record_unmet_need(Unmet("hot-meal", "8899CPDH-I", "BC", 20876), actor=TEAM)
    log = ledger.audit_log(actor=ADMIN, subject="BC:20876")
    assert log[["action", "after"]].values.tolist() == [["unmet.record", "refused"]]


def test_the_trail_says_who_counted_and_the_log_holds(ledger):
    ledger.record_unmet_need(NEED, actor=TEAM)
    (row,) = ledger.audit_log(actor=ADMIN, subject=f"BC:{TEAM.uat_siruta}").to_dict("records")
    assert (row["action"], row["account"], row["after"]) == ("unmet.record", TEAM.account, "8899CPDH-I")
    assert ledger.verify_audit() == []
