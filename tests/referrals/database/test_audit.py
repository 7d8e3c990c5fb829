"""The log shows every altered, removed or added row."""

from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.database import audit
from referrals.ledger.referral_request import new_case_reference
from referrals.records.ledger_errors import UnknownCaseError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, refer, report


@pytest.fixture
def busy(ledger):
    for number in range(4):
        report(ledger, 3, f"social:mmps:{number}")
        for _ in range(3):
            made = refer(ledger, f"social:mmps:{number}")
        ledger.transition(made.referral_id, "accept", actor=TEAM)
    assert ledger.verify_audit() == []
    return ledger


def tamper(ledger, statement: str) -> None:
    with ledger.store.write() as connection:
        assert connection.exec_driver_sql(statement).rowcount >= 1


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE audit SET after = 'declined' WHERE action = 'referral.accept'", "altered"),
        ("UPDATE audit SET account = 'altcineva' WHERE position = 2", "altered"),
        ("UPDATE audit SET role = 'admin' WHERE position = 1", "altered"),
        ("UPDATE audit SET position = 99 WHERE position = 2", "missing"),
        ("DELETE FROM audit WHERE position = 2", "missing"),
        ("DELETE FROM audit WHERE position = 5", "length"),
        ("UPDATE audit_chains SET length = length - 1 WHERE length > 0", "length"),
        ("UPDATE audit_chains SET head = '' WHERE length > 0", "head"),
        ("DELETE FROM audit_chains WHERE chain = 3", "length"),
        (
            """INSERT INTO audit SELECT chain, position + 5, at, role, account, action, subject, before, after,
            reason, digest FROM audit WHERE position = 1""",
            "altered",
        ),
    ],
)
def test_tampering_is_found(busy, statement, what):
    tamper(busy, statement)
    assert what in {found.what for found in busy.verify_audit()}


def test_the_last_row_removed_together_with_its_length_is_found_by_the_head(busy):
    chain = audit.chain_of("social:mmps:1")
    tamper(busy, f"DELETE FROM audit WHERE chain = {chain} AND position = 5")  # noqa: S608  (a number of ours)
    tamper(busy, f"UPDATE audit_chains SET length = 4 WHERE chain = {chain}")  # noqa: S608
    assert [found.what for found in busy.verify_audit()] == ["head"]


def test_the_trail_says_who_did_what_and_nothing_about_the_person(ledger):
    report(ledger, 1)
    made = refer(ledger, locality_siruta=22898, note="vine însoțită")
    ledger.transition(made.referral_id, "accept", actor=COUNTY)
    with ledger.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM audit ORDER BY position").mappings().all()
    said = [(r["action"], r["role"], r["account"], r["before"], r["after"]) for r in rows]
    assert said == [
        ("capacity.report", "team", "echipa-1", "unknown", "free:1"),
        ("referral.make", "team", "echipa-1", "", "held"),
        ("referral.accept", "county", "ujss-bc", "held", "accepted"),
    ]
    everything = " ".join(str(value) for row in rows for value in row.values())
    for about_the_person in (made.case_ref, "22889", "22898", "hrana", "însoțită"):
        assert about_the_person not in everything


def test_reading_a_case_is_written_down(ledger):
    made = refer(ledger)
    counter = ledger.event_counter()
    ledger.referral(made.referral_id, actor=COUNTY)
    ledger.referrals(actor=TEAM)
    with ledger.store.read() as connection:
        query = "SELECT action, account, subject FROM audit"
        rows = {tuple(row) for row in connection.exec_driver_sql(query)}
    assert ("referral.read", "ujss-bc", made.referral_id) in rows
    assert ("referral.list", "echipa-1", ":22889") in rows
    assert ledger.event_counter() == counter, "reading moves no place"
    assert ledger.verify_audit() == []


def test_attempts_at_a_foreign_case_and_at_a_protected_record_are_written_down(ledger):
    made = refer(ledger)
    home = {"county": "VS", "uat_siruta": 161801}
    stranger = Actor("team", "echipa-vs", "VS", 161801)
    for attempt in (
        lambda: ledger.referral(made.referral_id, actor=stranger),
        lambda: ledger.transition(made.referral_id, "cancel", actor=stranger),
        lambda: ledger.referrals(actor=stranger, uat_siruta=22889),
        lambda: ledger.erase_case(made.case_ref, actor=stranger),
        lambda: refer(ledger, case_ref=made.case_ref, actor=stranger, **home),
        lambda: refer(ledger, actor=stranger),
        lambda: ledger.log_secret_reading("social:mmps:7", county="BC", actor=stranger),
        lambda: ledger.log_secret_reading("social:mmps:7", county="BC", actor=ADMIN),
    ):
        with pytest.raises((NotAllowedError, UnknownCaseError)):
            attempt()
    with pytest.raises(UnknownCaseError):
        refer(ledger, case_ref=new_case_reference())
    with ledger.store.read() as connection:
        query = "SELECT action, subject, account, reason FROM audit WHERE after = 'refused'"
        rows = {tuple(row) for row in connection.exec_driver_sql(query)}
    mine = ("echipa-vs", "not_allowed")
    assert rows == {
        *((f"referral.{step}", made.referral_id, *mine) for step in ("read", "cancel", "make")),
        ("referral.list", ":22889", *mine),
        ("case.erase", made.referral_id, *mine),
        ("referral.make", "social:mmps:1", *mine),
        ("secret.read", "social:mmps:7", *mine),
        ("secret.read", "social:mmps:7", "admin-1", "not_allowed"),
    }
    assert ledger.verify_audit() == []
