"""Cases of a community opened in a month: some noted, some assessed, some with an agreed plan."""

from __future__ import annotations

from cases.record import exchange
from referrals.ledger.ledger import Ledger
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import Phone, assessing, code, opening

PARINCEA = 24089
WORKER = Actor("team", "U-SQC22222", "BC", PARINCEA, profession="social")


def keep_cases(ledger: Ledger, day: str, numbers: range, *, assessed: int = 0, planned: int = 0) -> None:
    """Open a case of each number on a day; the first are assessed, the first of these get a plan."""
    phone = Phone(numbers.start)
    for place, number in enumerate(numbers):
        ref = code("C", number)
        changes = [opening(phone, ref, opened_on=day)]
        if place < assessed:
            changes.append(assessing(phone, ref, number, on_day=day))
        if place < planned:
            plan = code("P", number)
            changes.append(phone.change("plan.add", ref, plan_id=plan, kind="sci", on_day=day))
            changes.append(phone.change("plan.agree", ref, plan_id=plan, how="said", on_day=day))
        answer = exchange(ledger, phone.message(*changes), actor=WORKER)
        assert {each.result for each in answer.results} == {"applied"}, answer.results
