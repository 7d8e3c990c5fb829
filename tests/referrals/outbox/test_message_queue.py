"""The queue: two senders never take the same message, and what a dead one held comes free."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from referrals.backups.erasure_replay import apply_erasures
from referrals.database.models import link_services
from referrals.ledger.erasure_list import ErasureList
from referrals.ledger.link_answers import look
from referrals.ledger.provider_tokens import make_services_link, services_of, signing_key, token_of
from referrals.ledger.rekeying import to_sealed
from referrals.outbox import message_queue
from referrals.outbox.message_writing import MessageFacts, write_message
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, refer, report
from tests.worlds.servers.mail_world import rows


def fill(ledger, count: int) -> None:
    with ledger.store.write() as connection:
        for n in range(count):
            write_message(
                connection, "referral_new", f"R-{n}", "service:social:mmps:1", MessageFacts(), now=ledger.clock()
            )


def take(ledger, most=50):
    with ledger.store.write() as connection:
        return message_queue.take_due(connection, ledger.clock(), most=most)


def test_what_is_taken_is_nobody_else_s_until_its_lease_runs_out(ledger, clock):
    fill(ledger, 3)
    lease, some = take(ledger, most=2)
    assert [one.event for one in some] == ["R-0", "R-1"]
    assert [one.event for one in take(ledger)[1]] == ["R-2"]
    assert take(ledger)[1] == []
    clock.move(seconds=message_queue.LEASE.total_seconds() + 1)
    assert len(take(ledger)[1]) == 3
    with ledger.store.write() as connection:
        assert message_queue.put_in_mail(connection, lease, some, clock()) == "", "the first one comes too late"
        message_queue.settle(connection, lease, some, "sent", clock())
    assert {one.state for one in rows(ledger)} == {"waiting"}


def test_eight_senders_at_once_share_the_queue(ledger):
    fill(ledger, 80)
    taken: list[int] = []

    def work():
        while some := take(ledger, most=7)[1]:
            taken.extend(one.message_id for one in some)

    threads = [threading.Thread(target=work) for _n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == [one.message_id for one in rows(ledger)]


def test_an_e_mail_keeps_its_number_and_its_messages_at_every_try(ledger, clock):
    fill(ledger, 4)
    lease, some = take(ledger, most=3)
    with ledger.store.write() as connection:
        number = message_queue.put_in_mail(connection, lease, some, clock())
        message_queue.try_later(connection, lease, some, clock(), reason="server_away")
    clock.move(days=1)
    lease, again = take(ledger, most=1)
    others = [one for one in again if one.mail_id == number]
    if not others:  # the fourth was older in the queue
        lease, others = take(ledger, most=1)
    assert [one.message_id for one in others] == [one.message_id for one in some]
    with ledger.store.write() as connection:
        assert message_queue.put_in_mail(connection, lease, others, clock()) == number


def test_pauses_grow_and_end(ledger, clock):
    fill(ledger, 1)
    pauses = []
    for _try in range(14):
        lease, some = take(ledger)
        with ledger.store.write() as connection:
            message_queue.put_in_mail(connection, lease, some, clock())
            message_queue.try_later(connection, lease, some, clock(), reason="server_away")
        (one,) = rows(ledger)
        pauses.append(one.due_at - clock())
        clock.at = one.due_at
    assert timedelta(seconds=30) <= pauses[0] <= timedelta(seconds=90)
    assert max(pauses) <= timedelta(hours=9)
    assert sum(pauses[:4], timedelta()) < sum(pauses[-4:], timedelta())


@pytest.mark.parametrize("numbers", [(), (1,)])
def test_what_was_given_up_can_be_tried_again(ledger, clock, numbers):
    fill(ledger, 2)
    lease, some = take(ledger)
    with ledger.store.write() as connection:
        message_queue.settle(connection, lease, some, "dead", clock(), reason="refused")
    assert message_queue_counts(ledger)["dead"] == 2
    ids = [some[0].message_id] if numbers else []
    with ledger.store.write() as connection:
        assert message_queue.retry(connection, clock(), numbers=ids) == (1 if ids else 2)
    assert len(take(ledger)[1]) == (1 if ids else 2)


def message_queue_counts(ledger):
    with ledger.store.read() as connection:
        return message_queue.count_by_state(connection)


def test_a_restored_copy_sends_nothing_that_it_still_had_to_send(ledger, clock):
    fill(ledger, 2)
    lease, some = take(ledger, most=1)
    with ledger.store.write() as connection:
        message_queue.settle(connection, lease, some, "sent", clock())
        apply_erasures(connection, ErasureList(clock().isoformat()), actor=ADMIN, now=clock())
    assert [(one.state, one.reason) for one in rows(ledger)] == [("sent", ""), ("skipped", "restored")]
    assert take(ledger)[1] == []


def test_a_service_that_becomes_protected_is_written_to_no_more_and_its_key_is_gone(ledger, clock):
    report(ledger, 2)
    refer(ledger)
    with ledger.store.write() as connection:
        facts = MessageFacts(service_id="social:mmps:1")
        write_message(connection, "places_stale", "x", "service:social:mmps:1", facts, now=clock())
        insert_link = insert(link_services).values(link_id="L-1", service_id="social:mmps:1")
        connection.execute(insert_link)
    sealed = "protected:8790CR-VD-I:BC:abcdefghij234567"
    assert to_sealed(ledger, {"social:mmps:1": sealed}) == 1
    (one,) = rows(ledger)
    assert (one.kind, one.service_id, one.recipient) == ("referral_new", sealed, f"service:{sealed}")
    assert (one.state, one.reason) == ("skipped", "protected")
    with ledger.store.read() as connection:
        assert connection.execute(select(link_services)).all() == []


def test_a_link_of_several_goes_on_for_the_others_when_one_becomes_protected(ledger, clock):
    with ledger.store.write() as connection:
        services = ["social:mmps:1", "social:mmps:2"]
        link_id = make_services_link(connection, services, county="BC", actor=COUNTY, now=clock())
    to_sealed(ledger, {"social:mmps:1": "protected:8790CR-VD-I:BC:abcdefghij234567"})
    link, _seen = look(ledger, token_of(signing_key(ledger), link_id))
    assert link.service_id == "social:mmps:2"
    assert services_of(ledger, link) == ("social:mmps:2",)
