"""Views that have a name: kept by account, few, without anything of a person, one of them first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import BadValueError, NotAllowedError
from referrals.accounts import accounts
from referrals.queue import ReferralFilter, list_views
from referrals.queue.saved_views import (
    MOST_VIEWS,
    delete_view,
    first_view,
    open_with_view,
    rename_view,
    save_view,
)
from referrals.records.ledger_errors import PersonalDataError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, TEAM

SOON = ReferralFilter(left_days=1, state="held")
OWN = ReferralFilter(is_own=True, part="lost")


def test_a_view_is_kept_renamed_put_first_and_forgotten(ledger):
    save_view(ledger, " Expiră   azi ", SOON, actor=TEAM)
    save_view(ledger, "Ale mele", replace(OWN, number="R-1"), actor=TEAM)
    assert [(view.name, view.wanted) for view in list_views(ledger, actor=TEAM)] == [
        ("Ale mele", OWN),
        ("Expiră azi", SOON),
    ]
    assert list_views(ledger, actor=COUNTY) == ()
    assert first_view(list_views(ledger, actor=TEAM)) == ReferralFilter()
    rename_view(ledger, "Expiră azi", "Urgente", actor=TEAM)
    open_with_view(ledger, "Ale mele", actor=TEAM)
    open_with_view(ledger, "Urgente", actor=TEAM)
    assert [view.name for view in list_views(ledger, actor=TEAM) if view.is_first] == ["Urgente"]
    assert first_view(list_views(ledger, actor=TEAM)) == SOON
    save_view(ledger, "Urgente", OWN, actor=TEAM)
    assert first_view(list_views(ledger, actor=TEAM)) == OWN, "the same name again is the same view"
    open_with_view(ledger, "", actor=TEAM)
    delete_view(ledger, "Urgente", actor=TEAM)
    assert [(view.name, view.is_first) for view in list_views(ledger, actor=TEAM)] == [("Ale mele", False)]


def test_a_name_says_nothing_of_a_person_and_is_no_other_views(ledger):
    save_view(ledger, "Urgente", SOON, actor=TEAM)
    save_view(ledger, "Ale mele", OWN, actor=TEAM)
    for name in ("", " ", "x" * 41):
        with pytest.raises(BadValueError):
            save_view(ledger, name, SOON, actor=TEAM)
    with pytest.raises(PersonalDataError):
        save_view(ledger, "sunați la 0722 123 456", SOON, actor=TEAM)
    with pytest.raises(BadValueError, match="deja"):
        rename_view(ledger, "Urgente", "Ale mele", actor=TEAM)
    with pytest.raises(BadValueError, match="filtrele"):
        save_view(ledger, "Toate", ReferralFilter(number="R-1"), actor=TEAM)
    assert len(list_views(ledger, actor=TEAM)) == 2


def test_an_account_keeps_only_so_many(ledger):
    for number in range(MOST_VIEWS):
        save_view(ledger, f"Vederea {number}", SOON, actor=COUNTY)
    with pytest.raises(BadValueError, match=str(MOST_VIEWS)):
        save_view(ledger, "Încă una", SOON, actor=COUNTY)
    save_view(ledger, "Vederea 1", OWN, actor=COUNTY)


def test_the_views_of_an_account_go_when_it_is_closed(ledger):
    accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=TEAM.uat_siruta, actor=ADMIN)
    (account,) = accounts.listed(ledger, actor=ADMIN)
    owner = replace(TEAM, account=account.account_id)
    save_view(ledger, "Azi", SOON, actor=owner)
    save_view(ledger, "Ale mele", OWN, actor=TEAM)
    accounts.close(ledger, account.account_id, actor=ADMIN)
    assert list_views(ledger, actor=owner) == ()
    assert len(list_views(ledger, actor=TEAM)) == 1


@pytest.mark.parametrize("actor", [NATIONAL, ADMIN])
def test_who_has_no_queue_keeps_no_view_of_it(ledger, actor):
    with pytest.raises(NotAllowedError):
        save_view(ledger, "Urgente", SOON, actor=actor)
    assert list_views(ledger, actor=actor) == ()
