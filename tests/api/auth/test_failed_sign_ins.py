"""Guessing is shut out, and the owner of an account never is by what strangers do."""

from __future__ import annotations

import pytest

from api.auth import failed_sign_ins
from api.auth.failed_sign_ins import FREE, FailedSignIns, TooManyTriesError
from api.http import rate_limit
from referrals.records.ledger_errors import SignInError


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tries(clock):
    found = FailedSignIns()
    for delay in (found.accounts, found.addresses, found.attacks):
        delay.clock = clock
    return found


def _judge(*, is_right: bool) -> None:
    if not is_right:
        raise SignInError


def wrong(tries: FailedSignIns, *, login="echipa", address="203.0.113.7", device="", is_right=False) -> float:
    """Try a wrong password; gives how long to wait before it, 0 where it was tried."""
    try:
        with tries.attempt(login, address, device):
            _judge(is_right=is_right)
    except TooManyTriesError as error:
        return error.seconds
    except SignInError:
        return 0
    return 0


def right(tries: FailedSignIns, **said: str) -> float:
    return wrong(tries, is_right=True, **said)


def test_after_some_wrong_passwords_each_next_waits_twice_as_long_and_never_for_good(tries, clock):
    assert [wrong(tries) for _ in range(FREE)] == [0] * FREE
    waits = []
    for _ in range(8):
        waits.append(wrong(tries))
        clock.now += waits[-1] - 0.5
        assert wrong(tries) == 1, "a try that came too early is not counted"
        clock.now += 1
        assert wrong(tries) == 0
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    clock.now += 900
    assert right(tries) == 0


def test_a_day_of_steady_guessing_from_one_address_is_some_hundred_tries(tries, clock):
    tried = 0
    while clock.now < 24 * 3600:
        wait = wrong(tries)
        tried += not wait
        clock.now += wait or 0.1
    assert tried <= 110


def test_the_owner_elsewhere_is_not_held_up_by_strangers(tries):
    for address in (f"198.51.100.{n}" for n in range(60)):
        while not wrong(tries, address=address):
            pass
    assert right(tries) == 0


def test_a_known_device_passes_whatever_was_tried_from_the_same_address(tries):
    while not wrong(tries):
        pass
    for number in range(40):
        wrong(tries, login=f"cont{number}")
    assert right(tries) > 0
    assert right(tries, device="d1") == 0


def test_a_known_device_that_guesses_waits_like_anybody(tries):
    assert [wrong(tries, device="d1") for _ in range(FREE)] == [0] * FREE
    assert wrong(tries, device="d1") == 30
    assert right(tries, device="d2") == 0


def test_right_passwords_are_not_counted(tries):
    assert [right(tries, login=f"cont{n}") for n in range(200)] == [0] * 200
    assert [right(tries) for _ in range(50)] == [0] * 50


def test_a_right_password_forgets_the_wrong_ones_of_its_account_alone(tries):
    for _ in range(3):
        for _ in range(FREE - 1):
            assert wrong(tries) == 0
        assert right(tries) == 0
    while not wrong(tries, login="alta"):
        pass
    assert right(tries) == 0
    assert wrong(tries, login="alta") > 0


def test_one_password_tried_on_many_accounts_waits_too(tries, clock):
    assert [wrong(tries, login=f"cont{n}") for n in range(21)] == [0] * 20 + [5]
    assert right(tries, address="198.51.100.1") == 0
    clock.now += 60  # the longest wait of an address, so that a neighbour is not shut out for long
    assert right(tries) == 0


def test_all_at_one_moment_do_not_pass_before_the_first_has_failed(tries):
    entered = []
    for _ in range(100):
        attempt = tries.attempt("echipa", "203.0.113.7")
        try:
            attempt.__enter__()
        except TooManyTriesError:
            continue
        entered.append(attempt)
    assert len(entered) == FREE


def test_what_could_not_be_judged_is_not_counted(tries):
    for _ in range(20):
        with pytest.raises(RuntimeError), tries.attempt("echipa", "203.0.113.7"):
            raise RuntimeError
    assert right(tries) == 0


def test_an_account_that_many_addresses_guess_at_gives_each_new_one_a_single_try(tries):
    for number in range(50):
        wrong(tries, address=f"198.51.100.{number}")
    assert [wrong(tries, address="203.0.113.9") > 0 for _ in range(2)] == [False, True]
    assert right(tries, address="203.0.113.8") == 0


def test_addresses_of_one_ipv6_network_are_one(tries):
    for number in range(FREE):
        assert wrong(tries, address=f"2001:db8::{number}") == 0
    assert wrong(tries, address="2001:db8::abcd") == 30


def test_whoever_invents_names_and_addresses_fills_no_memory(tries, monkeypatch):
    monkeypatch.setattr(rate_limit, "_MOST_KEYS", 100)
    for number in range(500):
        wrong(tries, login=f"cont{number}", address=f"2001:db8:{number:x}::1")
    assert [len(each._seen) for each in (tries.accounts, tries.addresses, tries.attacks)] == [100] * 3


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 secundă"), (59, "59 de secunde"), (60, "1 minut"), (61, "2 minute")]
)
def test_how_long_to_wait_is_said_in_words(seconds, words):
    assert str(failed_sign_ins.TooManyTriesError(seconds)).endswith(f"peste {words}.")
