"""What a telephone may send at its longest fits where it is kept: on PostgreSQL a column is as wide as it says."""

from __future__ import annotations

import pytest

from cases.exchange.change_fields import item_ids, service_codes
from cases.exchange.exchange_errors import RefusedChangeError
from cases.record import exchange
from referrals.database.tables import case_tables as t
from tests.worlds.homes.case_world import TODAY, WORKER, Phone, assessing, code, opening

CASE = code("C", 1)


def results(ledger, phone, *changes, since=0):
    return [each.result for each in exchange(ledger, phone.message(*changes, since=since), actor=WORKER).results]


@pytest.mark.parametrize("sign", ['"', "\\", "\n.", "ă", "😀"])
def test_two_notes_at_their_full_length_are_both_kept_and_either_is_chosen(ledger, sign):
    one, other = Phone(1), Phone(2)
    first, second = ((letter + sign * 500)[:500] for letter in "ab")
    results(ledger, one, opening(one, CASE))
    sets = [phone.change("case.set", CASE, base=1, note=note) for phone, note in ((one, first), (other, second))]
    assert results(ledger, one, sets[0]) == ["applied"]
    assert results(ledger, other, sets[1]) == ["conflict"]
    (case,) = exchange(ledger, one.message(), actor=WORKER).cases
    (conflict,) = case["conflicts"]
    assert (conflict["kept"], conflict["other"]) == (first.strip(), second.strip())
    choose = one.change("conflict.settle", CASE, conflict_id=conflict["conflict_id"], choose="other")
    assert results(ledger, one, choose) == ["applied"]
    assert exchange(ledger, one.message(), actor=WORKER).cases[0]["note"] == second.strip()


def test_the_longest_lists_of_a_visit_fit_and_longer_ones_are_refused_in_words(ledger):
    phone = Phone(1)
    items = [{"item_id": code("I", n), "need": "identity-papers", "action": "x" * 120, "member": "social", "due_on": TODAY}
             for n in range(35)]  # fmt: skip
    plan = phone.change("plan.add", CASE, plan_id=code("P", 1), kind="sci", on_day=TODAY, goal='"' * 200, items=items)
    services = [f"ABCD_{n:05}" for n in range(18)]
    visit = phone.change("visit.add", CASE, visit_id=code("V", 1), members=["social", "medical", "educational"],
                         on_day=TODAY, services=services, items=[each["item_id"] for each in items], note="x" * 500)  # fmt: skip
    assert set(results(ledger, phone, opening(phone, CASE), assessing(phone, CASE, 1), plan, visit)) == {"applied"}
    with ledger.store.read() as connection:
        (kept,) = connection.execute(t.visits.select()).mappings().all()
    assert len(kept["items"].split()) == 35
    for check, most in ((service_codes, [*services, "ABCD_99999"]), (item_ids, [code("I", n) for n in range(36)])):
        with pytest.raises(RefusedChangeError, match="se așteaptă"):
            check("list", most)


def test_what_is_longer_than_its_column_stops_no_other_change(ledger):
    phone = Phone(1)
    long = phone.change("visit.add", CASE, visit_id=code("V", 2), members=["social"], on_day=TODAY,
                        services=[f"ABCD_{n:05}" for n in range(40)])  # fmt: skip
    note = phone.change("note.add", CASE, note_id=code("N", 1), on_day=TODAY, text="x")
    assert results(ledger, phone, opening(phone, CASE), long, note) == ["applied", "refused", "applied"]
