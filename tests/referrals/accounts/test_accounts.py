"""Accounts by invitation, one key at a time, and sessions the server ends."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from argon2 import PasswordHasher

from core.errors import BadValueError, NotAllowedError
from referrals.accounts import account_sessions, accounts, known_devices, passwords
from referrals.database.models import account_tokens
from referrals.records.ledger_errors import SignInError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM

PASSWORD = "patru cuvinte la rand"  # noqa: S105  (of nobody)


@pytest.fixture
def account(ledger) -> str:
    token = accounts.invite(ledger, "Echipa@Parincea", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    accounts.set_password(ledger, token, PASSWORD)
    return accounts.listed(ledger, actor=ADMIN)[0].account_id


def test_an_invited_account_signs_in_and_is_who_it_was_invited_as(ledger, account):
    session = account_sessions.sign_in(ledger, " echipa@parincea ", PASSWORD)
    assert account_sessions.who(ledger, session) == Actor("team", account, "BC", 22889)
    assert account_sessions.who(ledger, session + "x") is None


def test_a_member_of_a_team_has_a_profession_that_its_session_carries(ledger, account):
    login = accounts.listed(ledger, actor=ADMIN)[0].login
    token = account_sessions.sign_in(ledger, login, PASSWORD)
    assert account_sessions.who(ledger, token).profession == ""
    accounts.set_profession(ledger, login, "medical", actor=COUNTY)
    assert account_sessions.who(ledger, token).profession == "medical"
    assert accounts.listed(ledger, actor=ADMIN)[0].profession == "medical"
    with pytest.raises(BadValueError):
        accounts.set_profession(ledger, login, "doctor", actor=COUNTY)
    with pytest.raises(NotAllowedError):
        accounts.set_profession(ledger, login, "social", actor=TEAM)
    with pytest.raises(SignInError):
        accounts.set_profession(ledger, "nobody", "social", actor=COUNTY)


def test_nothing_that_opens_a_door_is_kept_as_it_is(ledger, account):
    invitation = accounts.invite(ledger, "alta", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    session = account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    with ledger.store.read() as connection:
        tables = ("accounts", "account_tokens", "sessions", "audit")
        kept = repr([connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in tables])  # noqa: S608
    for secret in (PASSWORD, invitation, session):
        assert secret not in kept
    with ledger.store.read() as connection:
        log = repr(connection.exec_driver_sql("SELECT * FROM audit").all())
    assert "parincea" not in log
    assert account in log


def test_the_real_hashing_is_argon2id(ledger, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher)
    token = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    accounts.set_password(ledger, token, PASSWORD)
    with ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT password FROM accounts").scalar_one().startswith("$argon2id$")
    assert account_sessions.who(ledger, account_sessions.sign_in(ledger, "echipa", PASSWORD))


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
            account_sessions.sign_in(ledger, login, password)
        said.add(str(refused.value))
    assert len(said) == 1


def test_no_number_of_wrong_passwords_shuts_the_owner_out(ledger, account):
    for _ in range(12):
        with pytest.raises(SignInError):
            account_sessions.sign_in(ledger, "echipa@parincea", "gresit")
    assert account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)


def test_a_reset_sets_a_new_password_and_ends_the_sessions(ledger, account, clock):
    session = account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    old = accounts.offer_reset(ledger, "echipa@parincea", actor=COUNTY)
    new = accounts.offer_reset(ledger, "echipa@parincea", actor=COUNTY)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, old, "o parola cu totul noua")
    accounts.set_password(ledger, new, "o parola cu totul noua")
    assert account_sessions.who(ledger, session) is None
    with pytest.raises(SignInError):
        account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    assert account_sessions.sign_in(ledger, "echipa@parincea", "o parola cu totul noua")
    late = accounts.offer_reset(ledger, "echipa@parincea", actor=COUNTY)
    clock.move(hours=1)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, late, PASSWORD)


@pytest.mark.parametrize("second", [PASSWORD, None], ids=["by invitation", "by reset"])
def test_setting_a_password_spends_every_open_code_of_the_account(ledger, second):
    invitation = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    with ledger.store.write() as connection:  # as an earlier version left it: two codes of one account, side by side
        older, account_id = "a code of before", accounts._invited(connection, invitation, ledger.clock()).account_id
        values = {"digest": accounts.digest_of(older), "account_id": account_id, "purpose": "reset"}
        connection.execute(account_tokens.insert().values(**values, expires_at=ledger.clock() + accounts.RESET))
    accounts.set_password(ledger, invitation if second else older, PASSWORD)
    for code in (invitation, older):
        with pytest.raises(SignInError, match="nu mai este valabil"):
            accounts.set_password(ledger, code, "o parola de hot de drum")
    assert account_sessions.sign_in(ledger, "echipa", PASSWORD)


def test_a_new_code_ends_the_one_before_whatever_it_was_for(ledger, clock):
    invitation = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=1, actor=ADMIN)
    again = accounts.offer_reset(ledger, "echipa", actor=COUNTY)
    with pytest.raises(SignInError):
        accounts.set_password(ledger, invitation, PASSWORD)
    clock.move(days=6)  # nobody has opened the account yet, so the new code is an invitation too
    accounts.set_password(ledger, again, PASSWORD)
    assert account_sessions.sign_in(ledger, "echipa", PASSWORD)


def test_a_code_that_is_none_costs_no_hash(ledger, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", lambda: pytest.fail("hashed"))
    with pytest.raises(SignInError):
        accounts.set_password(ledger, "made up", PASSWORD)


def test_a_session_ends_idle_too_old_signed_out_or_ended_by_the_server(ledger, account, clock):
    idle = account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    clock.move(hours=8)
    assert account_sessions.who(ledger, idle) is None
    busy = account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    for _ in range(23):
        clock.move(hours=7)
        assert account_sessions.who(ledger, busy)
    clock.move(hours=7)
    assert account_sessions.who(ledger, busy) is None, "a week is the longest"
    out, ended = (account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD) for _ in range(2))
    account_sessions.sign_out(ledger, out)
    assert account_sessions.who(ledger, out) is None
    assert account_sessions.who(ledger, ended)
    assert account_sessions.end_sessions(ledger, account, actor=Actor("team", account)) >= 1
    assert account_sessions.who(ledger, ended) is None


def test_a_closed_account_is_out_at_once_and_stays_out(ledger, account):
    session = account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    reset = accounts.offer_reset(ledger, "echipa@parincea", actor=ADMIN)
    accounts.close(ledger, account, actor=COUNTY)
    assert account_sessions.who(ledger, session) is None
    for attempt in (
        lambda: account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD),
        lambda: accounts.set_password(ledger, reset, PASSWORD),
        lambda: accounts.offer_reset(ledger, "echipa@parincea", actor=ADMIN),
    ):
        with pytest.raises(SignInError):
            attempt()


def test_an_identity_signs_in_only_where_it_was_invited(ledger):
    with pytest.raises(SignInError):
        account_sessions.sign_in_identity(ledger, issuer="https://id.exemplu", subject="1")
    token = accounts.invite(ledger, "ujss", role="county", county="BC", actor=ADMIN)
    accounts.bind_identity(ledger, token, issuer="https://id.exemplu", subject="1")
    session = account_sessions.sign_in_identity(ledger, issuer="https://id.exemplu", subject="1")
    assert account_sessions.who(ledger, session).role == "county"
    with pytest.raises(SignInError):
        account_sessions.sign_in_identity(ledger, issuer="https://alt.exemplu", subject="1")
    with pytest.raises(SignInError):
        account_sessions.sign_in(ledger, "ujss", "")


def test_an_identity_opens_one_account_and_no_second(ledger):
    who = {"issuer": "https://id.exemplu", "subject": "1"}
    first, second = (accounts.invite(ledger, f"ujss.{n}", role="county", county="BC", actor=ADMIN) for n in (1, 2))
    accounts.require_unbound(ledger, **who)
    accounts.bind_identity(ledger, first, **who)
    with pytest.raises(SignInError, match="deschide deja un cont"):
        accounts.require_unbound(ledger, **who)
    with pytest.raises(SignInError, match="deschide deja un cont"):
        accounts.bind_identity(ledger, second, **who)
    assert account_sessions.who(ledger, account_sessions.sign_in_identity(ledger, **who)).role == "county"
    accounts.set_password(ledger, second, PASSWORD)  # its invitation was not spent by the refusal


def test_the_tables_themselves_keep_an_identity_to_one_account(ledger):
    for login in ("a", "b"):
        accounts.invite(ledger, login, role="county", county="BC", actor=ADMIN)
    with pytest.raises(SignInError, match="deschide deja un cont"), ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE accounts SET identity = 'https://id.exemplu|1'")


def test_a_reset_sets_a_password_and_never_binds_an_identity(ledger, account):
    reset = accounts.offer_reset(ledger, "echipa@parincea", actor=ADMIN)
    for attempt in (
        lambda: accounts.invited(ledger, reset),
        lambda: accounts.bind_identity(ledger, reset, issuer="https://id.exemplu", subject="1"),
    ):
        with pytest.raises(SignInError, match="numai o parolă"):
            attempt()
    accounts.set_password(ledger, reset, PASSWORD)


def test_a_new_password_takes_the_place_of_an_identity(ledger):
    who = {"issuer": "https://id.exemplu", "subject": "1"}
    accounts.bind_identity(ledger, accounts.invite(ledger, "u", role="county", county="BC", actor=ADMIN), **who)
    accounts.set_password(ledger, accounts.offer_reset(ledger, "u", actor=ADMIN), PASSWORD)
    with pytest.raises(SignInError):
        account_sessions.sign_in_identity(ledger, **who)


def test_what_a_restore_must_not_bring_back_ends_and_the_passwords_stay(ledger, account):
    session = account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)
    device = known_devices.remember(ledger, account, ())
    code = accounts.offer_reset(ledger, "echipa@parincea", actor=ADMIN)
    with ledger.store.write() as connection:
        account_sessions.end_everything(connection)
    assert account_sessions.who(ledger, session) is None
    assert known_devices.known(ledger, "echipa@parincea", [device]) == ""
    with pytest.raises(SignInError):
        accounts.set_password(ledger, code, PASSWORD)
    assert account_sessions.sign_in(ledger, "echipa@parincea", PASSWORD)


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


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no order of single threads")
def test_hashing_gives_way_to_whoever_answers_people():
    priority = passwords._hashing().submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    assert priority > os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
