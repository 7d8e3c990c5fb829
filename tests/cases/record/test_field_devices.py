"""Who sees the telephones of teams, who shuts one out and who lets it in again; it holds from the next exchange on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases.record import exchange
from cases.record.desk_changes import add_activity
from cases.record.field_devices import devices_of, shut_out
from core.errors import NotAllowedError, UnknownCodeError
from referrals.database.models import audit
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import ELSEWHERE, NURSE, TODAY, WORKER, Phone, code, opening
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

OTHER_COUNTY = Actor("county", "ujss-cj", "CJ")
FAR = Actor("team", "U-FAR22222", "CJ", 54975, profession="social")
PROVIDER = Actor("provider", "link:L", service_id="social:mmps:1")
OWN, COLLEAGUES, NEXT_DOOR, FOREIGN = (code("D", number) for number in (1, 2, 3, 4))


@pytest.fixture
def phones(ledger):
    made = {WORKER: Phone(1), NURSE: Phone(2), ELSEWHERE: Phone(3), FAR: Phone(4)}
    for who, phone in made.items():
        exchange(ledger, {**phone.message(), "shell": "abc", "unsent": 2}, actor=who)
    return made


def state_of(ledger, device):
    return next(each.state for each in devices_of(ledger, actor=ADMIN) if each.device_id == device)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (WORKER, {OWN, COLLEAGUES}),
        (NURSE, {OWN, COLLEAGUES}),
        (ELSEWHERE, {NEXT_DOOR}),
        (COUNTY, {OWN, COLLEAGUES, NEXT_DOOR}),
        (OTHER_COUNTY, {FOREIGN}),
        (NATIONAL, set()),
        (PROVIDER, set()),
        (ADMIN, {OWN, COLLEAGUES, NEXT_DOOR, FOREIGN}),
    ],
)
def test_each_sees_the_telephones_that_it_answers_for(ledger, phones, who, seen):
    found = {each.device_id: each for each in devices_of(ledger, actor=who)}
    assert set(found) == seen
    assert {(each.shell, each.unsent, each.state, each.is_desk) for each in found.values()} <= {
        ("abc", 2, "active", False)
    }


@pytest.mark.parametrize(
    ("who", "out", "back"),
    [
        (WORKER, {OWN}, set()),
        (NURSE, {COLLEAGUES}, set()),
        (ELSEWHERE, {NEXT_DOOR}, set()),
        (COUNTY, {OWN, COLLEAGUES, NEXT_DOOR}, {OWN, COLLEAGUES, NEXT_DOOR}),
        (OTHER_COUNTY, {FOREIGN}, {FOREIGN}),
        (NATIONAL, set(), set()),
        (PROVIDER, set(), set()),
        (ADMIN, {OWN, COLLEAGUES, NEXT_DOOR, FOREIGN}, {OWN, COLLEAGUES, NEXT_DOOR, FOREIGN}),
    ],
)
def test_each_shuts_out_its_own_and_only_a_unit_lets_in_again(ledger, phones, who, out, back):
    for phone in phones.values():
        device = phone.device_id
        if device in out:
            shut_out(ledger, device, "lost", actor=who)
        else:
            with pytest.raises(NotAllowedError):
                shut_out(ledger, device, "lost", actor=who)
        assert state_of(ledger, device) == ("lost" if device in out else "active")
        shut_out(ledger, device, "lost", actor=ADMIN)
        if device in back:
            shut_out(ledger, device, "active", actor=who)
        else:
            with pytest.raises(NotAllowedError):
                shut_out(ledger, device, "active", actor=who)
        assert state_of(ledger, device) == ("active" if device in back else "lost")


def test_what_a_county_unit_shut_out_a_member_changes_in_no_way(ledger, phones):
    shut_out(ledger, OWN, "revoked", actor=COUNTY)
    for state in ("lost", "revoked", "active"):
        with pytest.raises(NotAllowedError, match="unitatea județeană"):
            shut_out(ledger, OWN, state, actor=WORKER)
    assert state_of(ledger, OWN) == "revoked"
    with pytest.raises(NotAllowedError, match="unitatea județeană"):
        shut_out(ledger, COLLEAGUES, "lost", actor=WORKER)


def test_it_holds_from_the_next_exchange_on_and_nothing_that_waited_is_lost(ledger, phones):
    phone, case = phones[WORKER], code("C", 1)
    change = opening(phone, case)
    shut_out(ledger, OWN, "lost", actor=WORKER)
    with pytest.raises(NotAllowedError, match="oprit"):
        exchange(ledger, phone.message(change), actor=WORKER)
    assert exchange(ledger, phones[NURSE].message(), actor=NURSE).cases == ()
    shut_out(ledger, OWN, "active", actor=COUNTY)
    assert [each.result for each in exchange(ledger, phone.message(change), actor=WORKER).results] == ["applied"]
    with ledger.store.read() as connection:
        steps = connection.execute(select(audit.c.before, audit.c.after).where(audit.c.action == "device.state")).all()
    assert sorted(map(tuple, steps)) == [("active", "lost"), ("lost", "active")]


def test_a_desk_is_told_from_telephones_and_no_state_is_made_up(ledger, phones):
    add_activity(ledger, "meeting", TODAY, ["social"], 0, actor=WORKER, key="f1")
    assert [each.account for each in devices_of(ledger, actor=WORKER) if each.is_desk] == [WORKER.account]
    for device, state in ((OWN, "burnt"), (code("D", 9), "lost")):
        with pytest.raises(UnknownCodeError):
            shut_out(ledger, device, state, actor=COUNTY)
