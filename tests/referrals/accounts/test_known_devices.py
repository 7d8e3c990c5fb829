"""A device is known where its account signed in, for that account alone, until it is forgotten."""

from __future__ import annotations

import pytest

from referrals.accounts import account_sessions, accounts, known_devices
from tests.worlds.homes.ledger_world import ADMIN


@pytest.fixture
def account(ledger) -> str:
    accounts.invite(ledger, "Echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    accounts.invite(ledger, "alta", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    return accounts.listed(ledger, actor=ADMIN)[1].account_id


def known(ledger, *tokens: str, login: str = "echipa") -> bool:
    return bool(known_devices.known(ledger, login, tokens))


def test_a_device_is_known_for_the_account_that_signed_in_there_and_for_no_other(ledger, account):
    device = known_devices.remember(ledger, account, ())
    assert known(ledger, "another", device)
    assert not known(ledger, device, login="alta")
    assert not known(ledger, "another")
    assert not known(ledger)
    with ledger.store.read() as connection:
        assert device not in repr(connection.exec_driver_sql("SELECT * FROM known_devices").all())


def test_a_device_is_known_for_half_a_year_from_its_last_use(ledger, account, clock):
    device = known_devices.remember(ledger, account, ())
    clock.move(days=179)
    assert known_devices.remember(ledger, account, [device]) == ""
    clock.move(days=179)
    assert known(ledger, device)
    clock.move(days=1)
    assert not known(ledger, device)
    assert known_devices.remember(ledger, account, [device]) not in ("", device)


def test_a_device_of_somebody_else_does_not_become_ones_own(ledger, account):
    theirs = known_devices.remember(ledger, "U-OTHER", ())
    mine = known_devices.remember(ledger, account, [theirs])
    assert mine not in ("", theirs)
    assert not known(ledger, theirs)


def test_the_devices_of_an_account_are_few_and_the_longest_unused_goes(ledger, account, clock):
    devices = []
    for _ in range(known_devices.MOST + 1):
        clock.move(minutes=1)
        devices.append(known_devices.remember(ledger, account, ()))
    assert [known(ledger, each) for each in devices] == [False] + [True] * known_devices.MOST


def test_ending_the_sessions_of_an_account_forgets_its_devices(ledger, account):
    device = known_devices.remember(ledger, account, ())
    account_sessions.end_sessions(ledger, account, actor=ADMIN)
    assert not known(ledger, device)
