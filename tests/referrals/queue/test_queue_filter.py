"""Looking for referrals in a queue: the same as looking at each, and a number in any writing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referrals.queue import ReferralFilter, filter_referrals, left_choices, state_choices
from referrals.records.vocabulary import STATES, Referral
from tests.worlds.ledger_world import MONDAY

REFERRALS = some.builds(
    Referral,
    referral_id=some.sampled_from(["R-AB2CD3EF4G", "R-XY9ZW8VU7T"]),
    state=some.sampled_from(STATES),
    made_by=some.sampled_from(["a", "b"]),
    expires_at=some.none() | some.integers(-5, 20).map(lambda days: MONDAY + timedelta(days=days)),
    **dict.fromkeys(
        ["service_id", "service_type", "service_county", "access_route", "case_ref", "need"], some.just("")
    ),
    **dict.fromkeys(["county", "reason", "basis", "note", "replaces"], some.just("")),
    **dict.fromkeys(["locality_siruta", "consent_at", "accepted_at", "started_at", "closed_at"], some.none()),
    uat_siruta=some.just(1),
    made_at=some.just(MONDAY),
)
WANTED = some.builds(
    ReferralFilter,
    number=some.sampled_from(["", "ab2", "R-AB2CD3EF4G", "r ab2cd", "7t", "nimic"]),
    state=some.sampled_from(["", *STATES]),
    left_days=some.sampled_from([0, 1, 3, 7]),
    made_by=some.sampled_from(["", "a"]),
)
PART = {"": "", "ab2": "AB2", "R-AB2CD3EF4G": "AB2CD3EF4G", "r ab2cd": "AB2CD", "7t": "7T", "nimic": "NIMIC"}


def fits(each: Referral, wanted: ReferralFilter) -> bool:
    """Look at one referral, a condition after the other."""
    if PART[wanted.number] not in each.referral_id:
        return False
    if wanted.state and each.state != wanted.state:
        return False
    if wanted.made_by and each.made_by != wanted.made_by:
        return False
    if not wanted.left_days:
        return True
    return each.expires_at is not None and timedelta() < each.expires_at - MONDAY <= timedelta(days=wanted.left_days)


@given(some.lists(REFERRALS, max_size=8), WANTED)
def test_what_is_found_is_what_looking_at_each_finds(every, wanted):
    assert filter_referrals(every, wanted, now=MONDAY) == [each for each in every if fits(each, wanted)]


@given(some.lists(REFERRALS, max_size=8))
def test_a_blank_filter_leaves_nothing_out(every):
    assert ReferralFilter().is_blank
    assert filter_referrals(every, ReferralFilter(), now=MONDAY) == every


@pytest.mark.parametrize("state", STATES)
def test_every_state_may_be_looked_for(state):
    assert dict(state_choices())[state]
    assert [n for n, _words in left_choices()] == [1, 3, 7]
