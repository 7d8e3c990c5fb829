from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pages"))
import small_world

from geo.errors import BadValueError, NotAllowedError, UnknownCodeError
from referrals import accounts
from referrals.commands import account_by_command, refer_by_command, step_by_command
from referrals.desk import open_desk
from referrals.errors import BadReferralError, NoPlaceError, SignInError, UnknownReferralError
from referrals.facts import Actor
from referrals.referring import NotOfferedError

PLACE = "Parincea, Bacău"
OPERATOR = "cli:maria"
ADMIN = Actor("admin", OPERATOR)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    opened = open_desk(small_world.make_world(tmp_path / "home"))
    yield opened
    opened.ledger.close()


def refer(desk, **other):
    return refer_by_command(desk, "social:1", place=PLACE, **{"has_consented": True, "account": OPERATOR, **other})


def test_a_referral_made_by_command_holds_a_place_and_a_case_code_is_made(desk):
    made = refer(desk)
    assert made["state"] == "held"
    assert re.fullmatch(r"C-\w{5}-\w{5}", made["case_ref"])
    assert desk.capacity_of("social:1")["places_free"] == 2


def test_without_consent_nothing_is_made_and_no_place_is_taken(desk):
    with pytest.raises(BadReferralError, match="acordul"):
        refer(desk, has_consented=False)
    assert desk.capacity_of("social:1")["places_free"] == 3


def test_the_same_command_with_the_same_key_makes_one_referral_also_when_the_place_was_the_last(desk):
    small_world.report(desk.home, "social:1", 1)
    first = refer(desk, key="once")
    assert refer(desk, key="once")["referral_id"] == first["referral_id"]
    with pytest.raises((NotOfferedError, NoPlaceError)):
        refer(desk, key="twice")


def test_a_full_or_expired_service_is_refused_with_its_reason(desk):
    with pytest.raises(NotOfferedError, match="locuri"):
        refer_by_command(desk, "social:3", place=PLACE, has_consented=True, account=OPERATOR)
    with pytest.raises(NotOfferedError, match="licența a expirat"):
        refer_by_command(desk, "social:4", place=PLACE, has_consented=True, account=OPERATOR)


def test_what_is_typed_instead_of_a_case_code_is_refused_and_not_repeated(desk):
    with pytest.raises(BadReferralError) as refused:
        refer(desk, case_ref="Popescu 2900101223344")
    assert "2900101223344" not in str(refused.value)


def test_steps_are_taken_one_after_the_other_and_unknown_ones_are_named(desk):
    number = refer(desk)["referral_id"]
    assert step_by_command(desk, number.lower(), account=OPERATOR)["state"] == "held"
    assert step_by_command(desk, number, "accept", account=OPERATOR)["state"] == "accepted"
    assert step_by_command(desk, number, "start", account=OPERATOR)["state"] == "started"
    assert step_by_command(desk, number, "break-off", reason="other", account=OPERATOR)["state"] == "broken_off"
    with pytest.raises(BadReferralError, match="break_off"):
        step_by_command(desk, number, "fly", account=OPERATOR)
    with pytest.raises(UnknownReferralError):
        step_by_command(desk, "R-NOTHING", "accept", account=OPERATOR)


def test_an_account_is_invited_listed_reset_and_closed(desk):
    (invited,) = account_by_command(desk, "invite", "Echipa.Parincea", place=PLACE, actor=ADMIN)
    accounts.set_password(desk.ledger, invited["code"], "patru cuvinte la rand")
    (listed,) = account_by_command(desk, "list", actor=ADMIN)
    assert (listed["login"], listed["state"], listed["county"]) == ("echipa.parincea", "active", "BC")
    (reset,) = account_by_command(desk, "reset", "echipa.parincea", actor=ADMIN)
    assert reset["open"].endswith(reset["code"])
    account_by_command(desk, "disable", "echipa.parincea", actor=ADMIN)
    with pytest.raises(SignInError):
        accounts.sign_in(desk.ledger, "echipa.parincea", "patru cuvinte la rand")


def test_an_account_without_its_area_is_refused(desk):
    for role, error in (("team", BadValueError), ("county", BadValueError)):
        with pytest.raises(error):
            account_by_command(desk, "invite", "cineva", role=role, actor=ADMIN)
    with pytest.raises(BadValueError, match="invite"):
        account_by_command(desk, "promote", "cineva", actor=ADMIN)
    with pytest.raises(UnknownCodeError):
        account_by_command(desk, "disable", "nimeni", actor=ADMIN)


def test_the_terminal_reads_what_it_may_and_the_trail_knows_it_from_people(desk):
    number = refer(desk)["referral_id"]
    assert step_by_command(desk, number, account=OPERATOR)["made_by"] == OPERATOR
    with pytest.raises(NotAllowedError):
        desk.ledger.referral(number, actor=Actor("county", "terminal", "CJ"))
