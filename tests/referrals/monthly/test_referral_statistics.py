from __future__ import annotations

import pytest

from core.errors import NotAllowedError
from referrals.monthly.referral_statistics import TALLY_COLUMNS, tally
from tests.worlds.homes.ledger_world import COUNTY, NATIONAL, TEAM, refer, report


def test_a_ledger_without_referrals_gives_an_empty_table(ledger):
    table = tally(ledger, actor=NATIONAL)
    assert list(table.columns) == list(TALLY_COLUMNS)
    assert table.empty


def test_states_hours_and_days_agree_with_the_ledgers_own_counts(ledger, clock):
    report(ledger, 9)
    first, second, third = refer(ledger), refer(ledger), refer(ledger)
    clock.move(hours=5)
    ledger.transition(first.referral_id, "accept", actor=TEAM)
    ledger.transition(second.referral_id, "decline", reason="no_places", actor=TEAM)
    clock.move(hours=19)
    ledger.transition(first.referral_id, "start", actor=TEAM)
    ledger.transition(first.referral_id, "complete", actor=TEAM)
    table = tally(ledger, actor=NATIONAL).set_index("state")
    assert table["referrals"].to_dict() == {"completed": 1, "declined": 1, "held": 1}
    assert table.loc["completed", ["month", "taken"]].tolist() == ["2026-03", 1]
    assert table.loc["completed", ["hours_sum", "days_sum"]].tolist() == pytest.approx([5, 1])
    assert table.loc["declined", "reason"] == "no_places"
    assert third.state == "held"
    counted = ledger.referral_counts(actor=NATIONAL).set_index("state")["referrals"].to_dict()
    assert counted == table["referrals"].to_dict()


def test_what_ran_out_counts_as_expired_before_anybody_wrote_it_down(ledger, clock):
    report(ledger, 9)
    refer(ledger)
    clock.move(days=30)
    assert tally(ledger, actor=COUNTY)["state"].tolist() == ["expired"]


def test_a_month_is_the_month_in_bucharest(ledger, clock):
    report(ledger, 9)
    clock.at = clock.at.replace(day=31, hour=21, minute=30)
    refer(ledger)
    assert tally(ledger, actor=NATIONAL)["month"].tolist() == ["2026-04"]


def test_a_county_does_not_count_elsewhere(ledger):
    with pytest.raises(NotAllowedError):
        tally(ledger, actor=COUNTY, county="CJ")
