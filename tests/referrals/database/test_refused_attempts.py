"""Refused attempts at foreign cases and protected records stand in the audit log, and never flood it."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.database import refused_attempts
from referrals.ledger import provider_tokens
from referrals.records.ledger_errors import StoreFullError, UnknownReferralError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, NATIONAL, TEAM, refer

FOREIGN = Actor("team", "echipa-cj", "CJ", 55008)
OTHER_UNIT = Actor("county", "ujss-cj", "CJ")
SEALED = "protected:8790CR-VD-I:BC:abcdefghij234567"


def refused(ledger) -> list[tuple[str, str, str]]:
    log = ledger.audit_log(actor=ADMIN)
    log = log[log["after"] == refused_attempts.REFUSED]
    return sorted(zip(log["account"], log["subject"], log["action"], strict=True))


@pytest.mark.parametrize("actor", [FOREIGN, OTHER_UNIT, NATIONAL, ADMIN])
def test_every_way_to_a_foreign_case_is_refused_and_noted_under_its_number(ledger, actor):
    made = refer(ledger)
    number = made.referral_id
    attempts = {
        "referral.read": lambda: ledger.referral(number, actor=actor),
        "referral.accept": lambda: ledger.transition(number, "accept", actor=actor),
        "referral.start": lambda: ledger.transition(number, "start", actor=actor),
        "referral.cancel": lambda: ledger.transition(number, "cancel", actor=actor),
        "link.referral": lambda: provider_tokens.make_referral_link(ledger, number, actor=actor),
    }
    for attempt in attempts.values():
        with pytest.raises(NotAllowedError):
            attempt()
    assert refused(ledger) == [(actor.account, number, permission) for permission in sorted(attempts)]
    assert made.case_ref not in ledger.audit_log(actor=ADMIN).to_csv()
    assert ledger.verify_audit() == []


def test_taking_back_the_links_of_a_foreign_case_is_noted(ledger):
    number = refer(ledger).referral_id
    provider_tokens.make_referral_link(ledger, number, actor=TEAM)
    with pytest.raises(NotAllowedError):
        provider_tokens.revoke(ledger, number, actor=FOREIGN)
    assert refused(ledger) == [("echipa-cj", number, "link.revoke")]


def test_erasing_a_foreign_case_is_noted_under_the_referral_and_never_under_the_case(ledger):
    made = refer(ledger)
    with pytest.raises(NotAllowedError):
        ledger.erase_case(made.case_ref, actor=FOREIGN)
    assert refused(ledger) == [("echipa-cj", made.referral_id, "case.erase")]


def test_the_list_of_a_foreign_area_is_noted_as_that_area(ledger):
    with pytest.raises(NotAllowedError):
        ledger.referrals(actor=FOREIGN, county="BC", uat_siruta=22889)
    assert refused(ledger) == [("echipa-cj", "BC:22889", "referral.list")]


def test_an_attempt_repeated_within_the_hour_is_noted_once(ledger, clock):
    number = refer(ledger).referral_id
    for minutes in (0, 20, 20, 30):
        clock.move(minutes=minutes)
        with pytest.raises(NotAllowedError):
            ledger.referral(number, actor=FOREIGN)
    assert len(refused(ledger)) == 2
    with pytest.raises(NotAllowedError):
        ledger.referral(number, actor=OTHER_UNIT)
    assert len(refused(ledger)) == 3


def test_a_thousand_doors_leave_a_mark_and_no_flood(ledger, clock):
    for n in range(60):
        with pytest.raises(NotAllowedError):
            ledger.referrals(actor=FOREIGN, county="BC", uat_siruta=n)
    assert len(refused(ledger)) == refused_attempts.MOST_AN_HOUR
    clock.move(hours=2)
    with pytest.raises(NotAllowedError):
        ledger.referrals(actor=FOREIGN, county="BC", uat_siruta=1)
    assert len(refused(ledger)) == refused_attempts.MOST_AN_HOUR + 1


def test_what_does_not_exist_is_no_attempt_and_what_is_allowed_is_no_refusal(ledger):
    with pytest.raises(UnknownReferralError):
        ledger.referral("R-NIMIC", actor=FOREIGN)
    ledger.referral(refer(ledger).referral_id, actor=TEAM)
    assert refused(ledger) == []


def test_a_number_that_could_be_a_referral_s_leaves_the_same_mark_as_another_area_s(ledger, monkeypatch):
    real, none = refer(ledger).referral_id, "R-7777777777"
    noted = []
    kept = refused_attempts.note
    monkeypatch.setattr(refused_attempts, "note", lambda *said, **more: (noted.append(said[1:]), kept(*said, **more)))
    for number, error in ((real, NotAllowedError), (none, UnknownReferralError)):
        for way in (
            lambda number=number: ledger.referral(number, actor=FOREIGN),
            lambda number=number: ledger.transition(number, "accept", actor=FOREIGN),
        ):
            with pytest.raises(error):
                way()
    assert noted == [(action, number) for number in (real, none) for action in ("referral.read", "referral.accept")]
    assert {subject for _account, subject, _what in refused(ledger)} == {real, none}
    assert ledger.verify_audit() == []


def test_a_trail_that_cannot_be_written_changes_no_refusal(ledger, monkeypatch):
    number = refer(ledger).referral_id

    def full(*_args, **_said):
        raise StoreFullError("plin")

    monkeypatch.setattr(refused_attempts.audit, "append", full)
    with pytest.raises(NotAllowedError):
        ledger.referral(number, actor=FOREIGN)


def test_a_protected_record_that_somebody_else_reaches_for_is_noted_under_its_sealed_key(ledger):
    for actor in (TEAM, OTHER_UNIT, NATIONAL, ADMIN):
        with pytest.raises(NotAllowedError):
            ledger.log_secret_reading(SEALED, county="BC", actor=actor)
    assert {subject for _account, subject, _what in refused(ledger)} == {SEALED}
    assert len(refused(ledger)) == 4
