"""News are written with what causes them: once each, to whom they are for, with nothing about a person."""

from __future__ import annotations

import pytest

from referrals.accounts import accounts
from referrals.database.models import messages
from referrals.outbox.message_writing import MessageFacts, write_message
from referrals.records.ledger_errors import NoPlaceError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, refer, report, terms
from tests.worlds.servers.mail_world import add_accounts, rows, told

SEALED = "protected:8790CR-VD-I:BC:abcdefghij234567"


def test_a_referral_tells_its_provider_and_an_answer_the_team_but_not_whoever_wrote_it_down(ledger):
    add_accounts(ledger)
    report(ledger, 3)
    made = refer(ledger, note="vine însoțită")
    assert told(ledger) == [("referral_new", "service:social:mmps:1")]
    ledger.transition(made.referral_id, "accept", actor=Actor("team", "U-ANA", "BC", 22889))
    ledger.transition(made.referral_id, "start", actor=TEAM)
    assert told(ledger)[1:] == [("referral_answered", "account:U-BOGDAN")]
    (first, second) = rows(ledger)
    assert (first.referral_id, first.event, first.lapses_at) == (made.referral_id, made.referral_id, made.expires_at)
    assert second.event == f"{made.referral_id}:accept"


def test_what_is_undone_tells_nothing(ledger):
    report(ledger, 0)
    with pytest.raises(NoPlaceError):
        refer(ledger)
    assert rows(ledger) == []


def test_a_retry_with_the_same_key_tells_once(ledger):
    report(ledger, 2)
    for _try in range(3):
        refer(ledger, idempotency_key="k")
    assert len(rows(ledger)) == 1


def test_the_same_event_is_written_once_for_each_recipient(ledger):
    with ledger.store.write() as connection:
        said = [
            write_message(connection, kind, event, recipient, MessageFacts(), now=ledger.clock())
            for kind in ("referral_new", "county_week")
            for event in ("a", "b", "a")
            for recipient in ("team:1", "team:2")
        ]
    assert said.count(True) == len(rows(ledger)) == 8


def test_a_protected_service_is_never_told_of_anything(ledger):
    report(ledger, 2, SEALED, actor=COUNTY)
    made = refer(ledger, terms(SEALED, service_type="8790CR-VD-I"), need="locuire", actor=COUNTY)
    assert rows(ledger) == []
    ledger.transition(made.referral_id, "accept", actor=COUNTY)
    assert told(ledger) == [("referral_answered", "team:22889")]


def test_a_community_without_accounts_keeps_its_news_under_its_own_name(ledger):
    report(ledger, 2)
    made = refer(ledger)
    ledger.transition(made.referral_id, "decline", reason="other", actor=COUNTY)
    assert told(ledger)[1:] == [("referral_answered", "team:22889")]


def test_a_message_has_no_column_for_a_person(ledger):
    assert set(messages.c.keys()) & {"case_ref", "need", "note", "locality_siruta", "address", "email", "text"} == set()


def test_a_closed_account_keeps_no_address(ledger):
    add_accounts(ledger)
    accounts.set_address(ledger, "U-BOGDAN", "bogdan@primaria.example.ro", actor=ADMIN)
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT email FROM account_addresses").scalars().all() == [
            "bogdan@primaria.example.ro"
        ]
    accounts.close(ledger, "U-BOGDAN", actor=ADMIN)
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM account_addresses").scalar_one() == 0


def test_erasure_and_retention_take_the_messages_of_a_case_along(ledger, clock):
    report(ledger, 5)
    made, old, stays = refer(ledger), refer(ledger), refer(ledger)
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 1
    ledger.transition(old.referral_id, "cancel", actor=TEAM)
    ledger.transition(stays.referral_id, "accept", actor=TEAM)
    assert {one.referral_id for one in rows(ledger)} == {old.referral_id, stays.referral_id}
    clock.move(days=740)
    ledger.erase_old(actor=ADMIN)
    assert rows(ledger) == [], "the one that stays open has only news of two years ago"
