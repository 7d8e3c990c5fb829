"""Looking for referrals in a queue: the same as looking at each, and a number in any writing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referrals.queue import ReferralFilter, filter_referrals
from referrals.queue.queue_filter import (
    CONFIDENTIAL,
    checked_filter,
    filter_json,
    left_choices,
    need_choices,
    state_choices,
)
from referrals.records.vocabulary import EXAMINING, STATES, Referral
from tests.worlds.homes.ledger_world import MONDAY

REFERRALS = some.builds(
    Referral,
    referral_id=some.sampled_from(["R-AB2CD3EF4G", "R-XY9ZW8VU7T"]),
    state=some.sampled_from(STATES),
    made_by=some.sampled_from(["a", "b"]),
    expires_at=some.none() | some.integers(-5, 20).map(lambda days: MONDAY + timedelta(days=days)),
    examined_at=some.none() | some.just(MONDAY),
    need=some.sampled_from(["locuire", "domestic-violence"]),
    uat_siruta=some.sampled_from([1, 2]),
    made_at=some.sampled_from([MONDAY, MONDAY - timedelta(days=40)]),
    **dict.fromkeys(["service_id", "service_type", "service_county", "access_route", "case_ref"], some.just("")),
    **dict.fromkeys(["county", "reason", "basis", "note", "replaces"], some.just("")),
    **dict.fromkeys(["locality_siruta", "consent_at", "accepted_at", "started_at", "closed_at"], some.none()),
)
WANTED = some.builds(
    ReferralFilter,
    number=some.sampled_from(["", "ab2", "R-AB2CD3EF4G", "r ab2cd", "7t", "nimic"]),
    state=some.sampled_from(["", EXAMINING, *STATES]),
    left_days=some.sampled_from([0, 1, 3, 7]),
    is_own=some.booleans(),
    need=some.sampled_from(["", "locuire", CONFIDENTIAL]),
    uat_siruta=some.sampled_from([0, 1]),
    least_days=some.sampled_from([0, 30]),
    part=some.sampled_from(["", "open"]),
)
PART = {"": "", "ab2": "AB2", "R-AB2CD3EF4G": "AB2CD3EF4G", "r ab2cd": "AB2CD", "7t": "7T", "nimic": "NIMIC"}


def fits(each: Referral, wanted: ReferralFilter) -> bool:
    """Look at one referral, a condition after the other."""
    if PART[wanted.number] not in each.referral_id:
        return False
    if wanted.state == EXAMINING and (each.examined_at is None or each.state not in ("held", "asked")):
        return False
    if wanted.state not in ("", EXAMINING, each.state):
        return False
    if (wanted.is_own and each.made_by != "a") or (wanted.uat_siruta and each.uat_siruta != wanted.uat_siruta):
        return False
    if wanted.need and each.need != ("locuire" if wanted.need == "locuire" else "domestic-violence"):
        return False
    if wanted.least_days and each.made_at == MONDAY:
        return False
    if not wanted.left_days:
        return True
    return each.expires_at is not None and timedelta() < each.expires_at - MONDAY <= timedelta(days=wanted.left_days)


@given(some.lists(REFERRALS, max_size=8), WANTED)
def test_what_is_found_is_what_looking_at_each_finds(every, wanted):
    found = filter_referrals(every, wanted, now=MONDAY, account="a")
    assert found == [each for each in every if fits(each, wanted)]


@given(some.lists(REFERRALS, max_size=8))
def test_a_blank_filter_leaves_nothing_out(every):
    assert ReferralFilter(part="lost").is_blank
    assert filter_referrals(every, ReferralFilter(), now=MONDAY) == every


@pytest.mark.parametrize("state", STATES)
def test_every_state_may_be_looked_for(state):
    assert dict(state_choices())[state]
    assert dict(state_choices())[EXAMINING] == "se examinează"
    assert [n for n, _words in left_choices()] == [1, 3, 7]


@given(WANTED)
def test_a_filter_that_was_written_down_is_read_again_without_the_number(wanted):
    assert checked_filter(json.loads(filter_json(wanted))) == replace(wanted, number="")


@given(
    some.dictionaries(
        some.sampled_from(["state", "left_days", "uat_siruta", "need", "part", "is_own", "x"]),
        some.text() | some.integers(),
    )
)
def test_whatever_is_sent_makes_a_filter(said):
    made = checked_filter(said)
    assert made.state in ("", EXAMINING, *STATES)
    assert 0 <= made.left_days <= 999
    assert isinstance(made.is_own, bool)


def test_a_confidential_need_is_not_named_among_the_choices():
    secret = [replace(each, need="domestic-violence") for each in [referral()]]
    assert need_choices(secret) == ((CONFIDENTIAL, "nevoie confidențială"),)


def referral() -> Referral:
    blank = dict.fromkeys(["service_id", "service_type", "service_county", "access_route", "case_ref", "need"], "")
    blank |= dict.fromkeys(["county", "reason", "basis", "note", "replaces", "made_by"], "")
    none = dict.fromkeys(["locality_siruta", "consent_at", "expires_at", "accepted_at", "started_at", "closed_at"])
    return Referral(referral_id="R-1", state="held", uat_siruta=1, made_at=MONDAY, **blank, **none)
