"""Accounts by invitation, passwords, lock-out, and sessions the server ends."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from geo.errors import NotAllowedError
from referrals import accounts
from referrals.errors import SignInError
from referrals.facts import Actor
from tests.referrals.world import ADMIN, COUNTY, TEAM

PASSWORD = "patru cuvinte la rand"  # noqa: S105  (of nobody)


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch):
    """The real cost is for attackers; a test of logic need not pay it."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: quick)
    accounts._nobody.cache_clear()
    yield
    accounts._nobody.cache_clear()


@pytest.fixture
def account(ledger) -> str:
    token = accounts.invite(ledger, "Echipa@Parincea", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    accounts.set_password(ledger, token, PASSWORD)
    return accounts.listed(ledger, actor=ADMIN)[0].account_id


def test_an_invited_account_signs_in_and_is_who_it_was_invited_as(ledger, account):
    session = accounts.sign_in(ledger, " echipa@parincea ", PASSWORD)
    assert accounts.who(ledger, session) == Actor("team", account, "BC", 22889)
    assert accounts.who(ledger, session + "x") is None


def test_nothing_that_opens_a_door_is_kept_as_it_is(ledger, account):
    invitation = accounts.invite(ledger, "alta", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    session = accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    with ledger.store.read() as connection:
        tables = ("accounts", "account_tokens", "sessions", "audit")
        kept = repr([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables])  # noqa: S608
    for secret in (PASSWORD, invitation, session):
        assert secret not in kept
    with ledger.store.read() as connection:
        trail = repr(connection.exec_driver_sql("SELECT * FROM audit").all())
    assert "parincea" not in trail
    assert account in trail


def test_the_real_hashing_is_argon2id(ledger, monkeypatch):
    monkeypatch.undo()
    token = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    accounts.set_password(ledger, token, PASSWORD)
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT password FROM accounts").scalar_one().startswith("$argon2id$")
    assert accounts.who(ledger, accounts.sign_in(ledger, "echipa", PASSWORD))


def test_an_invitation_works_once_and_for_a_week(ledger, clock):
    first = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    accounts.set_password(ledger, first, PASSWORD)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, first, "alta parola mai lunga")
    late = accounts.invite(ledger, "alta", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    clock.move(days=7)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, late, PASSWORD)


def test_wrong_login_wrong_password_and_not_yet_active_say_the_same(ledger, account):
    accounts.invite(ledger, "invitata", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    said = set()
    for login, password in (("echipa@parincea", "gresit"), ("nimeni", PASSWORD), ("invitata", PASSWORD)):
        with pytest.raises(SignInError) as refused:
            accounts.sign_in(ledger, login, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_five_failures_lock_for_a_quarter_of_an_hour(ledger, account, clock):
    for _ in range(accounts.FAILURES):
        with pytest.raises(SignInError):
            accounts.sign_in(ledger, "echipa@parincea", "gresit")
    with pytest.raises(SignInError):
        accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    clock.move(minutes=15)
    assert accounts.sign_in(ledger, "echipa@parincea", PASSWORD)


def test_a_success_forgets_the_failures_before_it(ledger, account):
    for _ in range(3):
        for _ in range(accounts.FAILURES - 1):
            with pytest.raises(SignInError):
                accounts.sign_in(ledger, "echipa@parincea", "gresit")
        accounts.sign_in(ledger, "echipa@parincea", PASSWORD)


def test_a_reset_sets_a_new_password_and_ends_the_sessions(ledger, account, clock):
    session = accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    old = accounts.offer_reset(ledger, "echipa@parincea", actor=COUNTY)
    new = accounts.offer_reset(ledger, "echipa@parincea", actor=COUNTY)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, old, "o parola cu totul noua")
    accounts.set_password(ledger, new, "o parola cu totul noua")
    assert accounts.who(ledger, session) is None
    with pytest.raises(SignInError):
        accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    assert accounts.sign_in(ledger, "echipa@parincea", "o parola cu totul noua")
    late = accounts.offer_reset(ledger, "echipa@parincea", actor=COUNTY)
    clock.move(hours=1)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, late, PASSWORD)


def test_a_session_ends_idle_too_old_signed_out_or_ended_by_the_server(ledger, account, clock):
    idle = accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    clock.move(hours=8)
    assert accounts.who(ledger, idle) is None
    busy = accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    for _ in range(23):
        clock.move(hours=7)
        assert accounts.who(ledger, busy)
    clock.move(hours=7)
    assert accounts.who(ledger, busy) is None, "a week is the longest"
    out, ended = (accounts.sign_in(ledger, "echipa@parincea", PASSWORD) for _ in range(2))
    accounts.sign_out(ledger, out)
    assert accounts.who(ledger, out) is None
    assert accounts.who(ledger, ended)
    assert accounts.end_sessions(ledger, account, actor=Actor("team", account)) >= 1
    assert accounts.who(ledger, ended) is None


def test_a_closed_account_is_out_at_once_and_stays_out(ledger, account):
    session = accounts.sign_in(ledger, "echipa@parincea", PASSWORD)
    reset = accounts.offer_reset(ledger, "echipa@parincea", actor=ADMIN)
    accounts.close(ledger, account, actor=COUNTY)
    assert accounts.who(ledger, session) is None
    for attempt in (
        lambda: accounts.sign_in(ledger, "echipa@parincea", PASSWORD),
        lambda: accounts.set_password(ledger, reset, PASSWORD),
        lambda: accounts.offer_reset(ledger, "echipa@parincea", actor=ADMIN),
    ):
        with pytest.raises(SignInError):
            attempt()


def test_an_identity_signs_in_only_where_it_was_invited(ledger):
    with pytest.raises(SignInError):
        accounts.sign_in_identity(ledger, issuer="https://id.exemplu", subject="1")
    token = accounts.invite(ledger, "ujss", role="county", county="BC", actor=ADMIN)
    accounts.bind_identity(ledger, token, issuer="https://id.exemplu", subject="1")
    session = accounts.sign_in_identity(ledger, issuer="https://id.exemplu", subject="1")
    assert accounts.who(ledger, session).role == "county"
    with pytest.raises(SignInError):
        accounts.sign_in_identity(ledger, issuer="https://alt.exemplu", subject="1")
    with pytest.raises(SignInError):
        accounts.sign_in(ledger, "ujss", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "team", "uat_siruta": None},
        {"role": "county", "uat_siruta": 22889},
        {"role": "county", "county": ""},
        {"role": "system"},
        {"role": "provider"},
        {"login": "  "},
    ],
)
def test_an_account_that_makes_no_sense_is_not_made(ledger, wrong):
    said = {"login": "a", "role": "team", "county": "BC", "uat_siruta": 22889, "actor": ADMIN}
    if wrong.get("role") in ("county", "system", "provider") and "uat_siruta" not in wrong:
        said["uat_siruta"] = None
    with pytest.raises(SignInError):
        accounts.invite(ledger, **{**said, **wrong})
    assert accounts.listed(ledger, actor=ADMIN) == []


def test_a_login_is_taken_once(ledger, account):
    with pytest.raises(SignInError, match="Există"):
        accounts.invite(ledger, "ECHIPA@parincea", role="team", county="BC", uat_siruta=1, actor=ADMIN)


def test_short_and_endless_passwords_are_refused(ledger):
    token = accounts.invite(ledger, "a", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    for password in ("scurta", "x" * 300):
        with pytest.raises(SignInError):
            accounts.set_password(ledger, token, password)
    accounts.set_password(ledger, token, PASSWORD)


def test_a_county_unit_invites_teams_of_its_own_county_and_no_one_else(ledger, account):
    accounts.invite(ledger, "a", role="team", county="BC", uat_siruta=1, actor=COUNTY)
    for role, county, uat in (("team", "CJ", 2), ("county", "BC", None), ("admin", "BC", None)):
        with pytest.raises(NotAllowedError):
            accounts.invite(ledger, "b", role=role, county=county, uat_siruta=uat, actor=COUNTY)
    with pytest.raises(NotAllowedError):
        accounts.invite(ledger, "b", role="team", county="BC", uat_siruta=22889, actor=TEAM)
    assert len(accounts.listed(ledger, actor=COUNTY)) == 2
    assert accounts.listed(ledger, actor=Actor("county", "x", "CJ")) == []
