"""What was reported of places by a day gone by is what the ledger itself said at that moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referrals.workflow.past_places import reports_at
from tests.worlds.homes.ledger_world import MONDAY, TEAM, free_of, refer, report

SOON = timedelta(seconds=1)  # of two events of one moment the later is written down a step after it
ONE, OTHER = "social:mmps:1", "social:mmps:2"


@pytest.fixture
def moments(ledger, clock):
    """A week of reports and of a referral that was accepted; free places of the first service after each step."""
    found = []

    def step(act, **later):
        act()
        found.append((clock() + SOON, free_of(ledger, ONE)))
        clock.move(**later)

    step(lambda: report(ledger, 3, ONE), days=1)
    step(lambda: report(ledger, 0, OTHER), hours=1)
    step(
        lambda: ledger.transition(refer(ledger, ONE).referral_id, "accept", actor=TEAM),
        days=1,
    )
    step(lambda: report(ledger, 1, ONE), days=1)
    step(lambda: report(ledger, None, ONE), days=1)
    return found


def test_each_moment_has_the_places_that_the_ledger_told_then(ledger, moments):
    for at, free in moments:
        said = reports_at(ledger, at).set_index("service_id")["places_free"]
        assert (None if said.isna()[ONE] else int(said[ONE])) == free
    assert [free for _at, free in moments] == [3, 3, 2, 1, None]


def test_what_was_reported_later_is_not_known_yet(ledger, moments):
    assert reports_at(ledger, MONDAY - timedelta(seconds=1)).empty
    assert reports_at(ledger, MONDAY + SOON)["service_id"].tolist() == [ONE]
    last = reports_at(ledger, moments[-1][0])
    assert last["status"].tolist() == ["unknown", "full"]
    assert last["places_reported_at"].tolist() == [moments[-1][0] - SOON, moments[1][0] - SOON]
