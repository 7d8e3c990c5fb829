"""What is read of a ledger: places and referrals as tables, also empty ones, also of a time to come."""

from __future__ import annotations

from datetime import timedelta

from tests.worlds.homes.ledger_world import COUNTY, NATIONAL, TEAM, free_of, refer, report


def test_asking_what_will_be_free_later_expires_nothing_now(ledger, clock):
    report(ledger, 1)
    made = refer(ledger)
    later = ledger.capacity_now(now=made.expires_at + timedelta(seconds=1))
    assert list(later["places_free"]) == [1]
    assert free_of(ledger) == 0
    assert ledger.referral(made.referral_id, actor=TEAM).state == "held"


def test_capacity_of_asked_services_only(ledger):
    for number in range(3):
        report(ledger, number, f"social:mmps:{number}")
    assert list(ledger.capacity_now(["social:mmps:2", "social:mmps:0", "nimic:9"])["service_id"]) == [
        "social:mmps:0",
        "social:mmps:2",
    ]
    many = [f"social:mmps:{number}" for number in range(2, 2000)]
    assert list(ledger.capacity_now(many)["service_id"]) == ["social:mmps:2"]
    assert ledger.capacity_now([]).empty


def test_an_empty_table_has_the_same_column_types(ledger):
    empty = ledger.capacity_now().dtypes
    report(ledger, 1)
    assert (ledger.capacity_now().dtypes == empty).all()
    nothing = ledger.referrals(actor=TEAM).dtypes
    refer(ledger)
    assert (ledger.referrals(actor=TEAM).dtypes == nothing).all()


def test_lists_and_counts_by_filter(ledger, clock):
    report(ledger, 3)
    first = refer(ledger)
    clock.move(days=1)
    second = refer(ledger)
    ledger.transition(second.referral_id, "accept", actor=TEAM)
    assert list(ledger.referrals(actor=TEAM)["referral_id"]) == [second.referral_id, first.referral_id]
    assert list(ledger.referrals(actor=TEAM, states=["held"])["referral_id"]) == [first.referral_id]
    assert list(ledger.referrals(actor=TEAM, case_ref=second.case_ref.lower())["state"]) == ["accepted"]
    assert len(ledger.referrals(actor=COUNTY, since=clock())) == 1
    assert len(ledger.referrals(actor=COUNTY, until=clock())) == 1
    counts = ledger.referral_counts(actor=NATIONAL)
    assert dict(zip(counts["state"], counts["referrals"], strict=True)) == {"held": 1, "accepted": 1}
    assert set(counts["month"]) == {"2026-03"}
    assert "case_ref" not in counts.columns
