"""What a team has to do, and in which order: beside an obvious slow twin, and by cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referrals.records.vocabulary import STATES, Referral
from referrals.today import county_work
from referrals.today.team_work import LONG, SOON, DueReport, due_reports, sort_referrals
from referrals.workflow import worklist

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HELD = Referral(
    "R-1", "social:mmps:1", "8899CZ-PN-V", "BC", "direct", "C-1", "hrana", "BC", 24089, None, "held", "", "consent", None,
    "", "", "account-1", NOW - timedelta(days=1), NOW + timedelta(days=2), None, None, None,
)  # fmt: skip


def referral(number: int, **said) -> Referral:
    return replace(HELD, referral_id=f"R-{number}", case_ref=f"C-{number}", **said)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def by_hand(every: list[Referral]) -> list[str]:
    """Go through the kinds in their order, each from the oldest on."""
    lost = worklist.awaiting_reassignment(every, NOW)
    waiting = [each for each in every if each.state in ("held", "asked")]
    near = [each for each in waiting if each.expires_at is not None and each.expires_at <= NOW + SOON]
    urgent = [each for each in near if each.expires_at <= NOW + timedelta(hours=24)]
    groups = [
        sorted(urgent, key=lambda each: (each.expires_at, each.referral_id)),
        sorted((e for e in every if e.state == "accepted"), key=lambda e: (e.accepted_at or e.made_at, e.referral_id)),
        sorted(lost, key=lambda each: (each.closed_at or each.made_at, each.referral_id)),
        sorted((e for e in near if e not in urgent), key=lambda each: (each.expires_at, each.referral_id)),
        sorted(
            (e for e in every if e.state == "started" and NOW - e.made_at > LONG),
            key=lambda e: (e.made_at, e.referral_id),
        ),
    ]
    return [each.referral_id for group in groups for each in group]


moments = some.integers(-20, 250).map(days_ago)
referrals = some.builds(
    replace,
    some.just(HELD),
    referral_id=some.integers(0, 10**6).map("R-{}".format),
    case_ref=some.integers(0, 6).map("C-{}".format),
    state=some.sampled_from(STATES),
    made_at=some.integers(0, 250).map(days_ago),
    expires_at=some.none() | moments,
    accepted_at=some.none() | moments,
    closed_at=some.none() | moments,
)


@given(some.lists(referrals, max_size=14, unique_by=lambda each: each.referral_id))
def test_the_order_is_the_one_that_was_made_by_hand(every):
    found = sort_referrals(every, NOW)
    assert [one.referral.referral_id for one in found.due] == by_hand(every)
    assert found.open_count == len([each for each in every if each.state in ("held", "asked", "accepted", "started")])


@given(some.lists(referrals, max_size=14, unique_by=lambda each: each.referral_id), some.randoms())
def test_the_order_does_not_depend_on_the_order_in_which_they_came(every, chance):
    mixed = list(every)
    chance.shuffle(mixed)
    assert sort_referrals(mixed, NOW).due == sort_referrals(every, NOW).due


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"state": "held", "expires_at": NOW + timedelta(hours=3)}, "expiring"),
        ({"state": "asked", "expires_at": NOW + SOON}, "expiring"),
        ({"state": "asked", "expires_at": NOW + SOON + timedelta(seconds=1)}, ""),
        ({"state": "accepted", "accepted_at": days_ago(1)}, "accepted"),
        ({"state": "declined", "closed_at": days_ago(1), "made_at": days_ago(2)}, "lost"),
        ({"state": "declined", "closed_at": days_ago(31), "made_at": days_ago(31)}, ""),
        ({"state": "expired", "made_at": days_ago(2)}, "lost"),
        ({"state": "started", "made_at": NOW - LONG}, ""),
        ({"state": "started", "made_at": NOW - LONG - timedelta(seconds=1)}, "aged"),
        ({"state": "completed"}, ""),
        ({"state": "cancelled"}, ""),
    ],
)
def test_a_referral_is_something_to_do_for_its_own_reason(said, kind):
    assert [one.kind for one in sort_referrals([referral(1, **said)], NOW).due] == ([kind] if kind else [])


def test_what_ended_long_ago_without_a_result_is_counted_and_never_in_silence():
    old = referral(1, state="declined", made_at=days_ago(200), closed_at=days_ago(190))
    found = sort_referrals([old], NOW)
    assert (found.due, found.closed) == ((), (old,))


def test_a_county_unit_follows_who_was_not_moved_on_and_who_stays_very_long():
    every = [
        referral(1, state="accepted"),
        referral(2, state="declined", made_at=days_ago(3)),
        referral(3, state="started", made_at=days_ago(120)),
        referral(4),
    ]
    followed = county_work.followed_referrals(every, NOW)
    assert [each.referral.referral_id for each in followed] == ["R-2", "R-3"]


@pytest.mark.parametrize(
    ("filed", "day", "since", "due"),
    [
        ([], date(2026, 11, 30), "", [("2026-10", "")]),
        ([], date(2026, 1, 3), "2025-11", [("2025-11", ""), ("2025-12", "")]),
        ([("2026-10", "filed", "")], date(2026, 11, 30), "2026-10", []),
        ([("2026-10", "accepted", "")], date(2026, 11, 1), "2026-09", [("2026-09", "")]),
        ([("2026-09", "accepted", ""), ("2026-10", "returned", "Planuri")], date(2026, 11, 1), "2026-09", [("2026-10", "Planuri")]),
        ([("2026-10", "returned", "x")], date(2026, 11, 1), "2026-09", [("2026-10", "x"), ("2026-09", "")]),
        ([], date(2026, 11, 1), "2025-01", [(f"2026-{month:02d}", "") for month in range(5, 11)]),
    ],
)  # fmt: skip
def test_months_that_are_over_are_asked_for_the_returned_ones_first(filed, day, since, due):
    assert due_reports(filed, day, since) == [DueReport(month, remark) for month, remark in due]
