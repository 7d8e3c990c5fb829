from __future__ import annotations

import re

import pytest

from core.errors import BadValueError, NotAllowedError, UnknownCodeError
from referrals.accounts import account_sessions, accounts
from referrals.records.ledger_errors import BadReferralError, NoPlaceError, SignInError, UnknownReferralError
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from referrals.workflow.referral_offers import NotOfferedError
from referrals.workflow.terminal import account_by_command, refer_by_command, step_by_command
from tests.worlds.homes import small_world

PLACE = "Parincea, Bacău"
OPERATOR = "cli:maria"
ADMIN = Actor("admin", OPERATOR)


@pytest.fixture
def directory(tmp_path, monkeypatch, kept_catalogues):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    opened = open_directory(small_world.make_world(tmp_path / "home"))
    yield opened
    opened.ledger.close()


def refer(directory, **other):
    return refer_by_command(
        directory, "social:mmps:1", place=PLACE, **{"has_consented": True, "account": OPERATOR, **other}
    )


def test_a_referral_made_by_command_holds_a_place_and_a_case_code_is_made(directory):
    made = refer(directory)
    assert made["state"] == "held"
    assert re.fullmatch(r"C-\w{5}-\w{5}", made["case_ref"])
    assert directory.capacity_of("social:mmps:1")["places_free"] == 2


def test_without_consent_nothing_is_made_and_no_place_is_taken(directory):
    with pytest.raises(BadReferralError, match="acordul"):
        refer(directory, has_consented=False)
    assert directory.capacity_of("social:mmps:1")["places_free"] == 3


def test_the_same_command_with_the_same_key_makes_one_referral_also_when_the_place_was_the_last(directory):
    small_world.report(directory.home, "social:mmps:1", 1)
    first = refer(directory, key="once")
    assert refer(directory, key="once")["referral_id"] == first["referral_id"]
    with pytest.raises((NotOfferedError, NoPlaceError)):
        refer(directory, key="twice")


def test_a_full_or_expired_service_is_refused_with_its_reason(directory):
    with pytest.raises(NotOfferedError, match="locuri"):
        refer_by_command(directory, "social:mmps:3", place=PLACE, has_consented=True, account=OPERATOR)
    with pytest.raises(NotOfferedError, match="licența a expirat"):
        refer_by_command(directory, "social:mmps:4", place=PLACE, has_consented=True, account=OPERATOR)


def test_what_is_typed_instead_of_a_case_code_is_refused_and_not_repeated(directory):
    with pytest.raises(BadReferralError) as refused:
        refer(directory, case_ref="Popescu 2900101223344")
    assert "2900101223344" not in str(refused.value)


def test_steps_are_taken_one_after_the_other_and_unknown_ones_are_named(directory):
    number = refer(directory)["referral_id"]
    assert step_by_command(directory, number.lower(), account=OPERATOR)["state"] == "held"
    assert step_by_command(directory, number, "accept", account=OPERATOR)["state"] == "accepted"
    assert step_by_command(directory, number, "start", account=OPERATOR)["state"] == "started"
    assert step_by_command(directory, number, "break-off", reason="other", account=OPERATOR)["state"] == "broken_off"
    with pytest.raises(BadReferralError, match="break_off"):
        step_by_command(directory, number, "fly", account=OPERATOR)
    with pytest.raises(UnknownReferralError):
        step_by_command(directory, "R-NOTHING", "accept", account=OPERATOR)


def test_an_account_is_invited_listed_reset_and_closed(directory):
    (invited,) = account_by_command(directory, "invite", "Echipa.Parincea", place=PLACE, actor=ADMIN)
    accounts.set_password(directory.ledger, invited["code"], "patru cuvinte la rand")
    (listed,) = account_by_command(directory, "list", actor=ADMIN)
    assert (listed["login"], listed["state"], listed["county"]) == ("echipa.parincea", "active", "BC")
    (reset,) = account_by_command(directory, "reset", "echipa.parincea", actor=ADMIN)
    assert reset["open"].endswith(reset["code"])
    account_by_command(directory, "disable", "echipa.parincea", actor=ADMIN)
    with pytest.raises(SignInError):
        account_sessions.sign_in(directory.ledger, "echipa.parincea", "patru cuvinte la rand")


def test_an_account_without_its_area_is_refused(directory):
    for role, error in (("team", BadValueError), ("county", BadValueError)):
        with pytest.raises(error):
            account_by_command(directory, "invite", "cineva", role=role, actor=ADMIN)
    with pytest.raises(BadValueError, match="invite"):
        account_by_command(directory, "promote", "cineva", actor=ADMIN)
    with pytest.raises(UnknownCodeError):
        account_by_command(directory, "disable", "nimeni", actor=ADMIN)


def test_the_terminal_reads_what_it_may_and_the_trail_knows_it_from_people(directory):
    number = refer(directory)["referral_id"]
    assert step_by_command(directory, number, account=OPERATOR)["made_by"] == OPERATOR
    with pytest.raises(NotAllowedError):
        directory.ledger.referral(number, actor=Actor("county", "terminal", "CJ"))
