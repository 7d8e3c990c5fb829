"""A person is forgotten; the counts and the trail stay."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.records.ledger_errors import BadReferralError
from referrals.records.vocabulary import Actor
from tests.worlds.ledger_world import ADMIN, COUNTY, TEAM, free_of, refer, report


def kept(ledger) -> str:
    with ledger.store.read() as connection:
        tables = ("referrals", "answered_requests", "audit", "unmet_needs")
        return repr([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables])  # noqa: S608


def test_erasing_leaves_no_trace_of_the_case_and_an_unbroken_trail(ledger):
    report(ledger, 3)
    made = refer(ledger, note="vine însoțită", locality_siruta=22898, idempotency_key="k")
    other = refer(ledger, need="locuire", case_ref=made.case_ref)
    ledger.transition(other.referral_id, "accept", actor=TEAM)
    ledger.transition(other.referral_id, "start", actor=TEAM)
    stays = refer(ledger)
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 2
    left = kept(ledger)
    for trace in (made.case_ref, "însoțită", "22898"):
        assert trace not in left
    assert stays.case_ref in left
    states = ledger.referrals(actor=TEAM).set_index("referral_id")["state"]
    assert (states[made.referral_id], states[other.referral_id]) == ("cancelled", "broken_off")
    assert free_of(ledger) == 1, "the hold came back; the place begun with comes with the next report"
    assert ledger.verify_audit() == []
    assert ledger.verify_counts() == []
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 0


def test_a_case_elsewhere_cannot_be_erased_from_here(ledger):
    made = refer(ledger)
    for actor in (Actor("county", "x", "CJ"), Actor("team", "x", "BC", 1), Actor("national", "x")):
        with pytest.raises(NotAllowedError):
            ledger.erase_case(made.case_ref, actor=actor)
    with pytest.raises(BadReferralError):
        ledger.erase_case("Ion Popescu", actor=ADMIN)


def test_what_was_closed_long_ago_is_forgotten_and_what_is_open_is_not(ledger, clock):
    report(ledger, 3)
    old, running = refer(ledger), refer(ledger)
    ledger.transition(old.referral_id, "decline", reason="other", actor=TEAM)
    ledger.transition(running.referral_id, "accept", actor=TEAM)
    ledger.transition(running.referral_id, "start", actor=TEAM)
    clock.move(days=700)
    young = refer(ledger)
    ledger.transition(young.referral_id, "cancel", actor=TEAM)
    clock.move(days=40)
    assert ledger.erase_old(actor=ADMIN) == 1
    assert ledger.erase_old(actor=ADMIN) == 0
    left = kept(ledger)
    assert old.case_ref not in left
    assert running.case_ref in left
    assert young.case_ref in left
    assert ledger.verify_audit() == []


def test_only_the_whole_nation_s_role_runs_retention(ledger):
    with pytest.raises(NotAllowedError):
        ledger.erase_old(actor=COUNTY)
