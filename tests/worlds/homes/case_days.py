"""A team that works with cases in a home with the clock of today: what screens and files are tried with."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.record import exchange
from core.romanian_calendar import BUCHAREST
from core.storage.home import Home
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import Phone, assessing, code, opening, planning

PARINCEA = 24089  # SIRUTA of the commune
TEAM = Actor("team", "U-PARINCEA", "BC", PARINCEA, profession="social")
URGENT = {"born": "1956", "sex": "F", "id_card": "no", "safe": "violence"}


def days_ago(count: int) -> str:
    """Return a day before today, ISO."""
    return (datetime.now(BUCHAREST).date() - timedelta(days=count)).isoformat()


def keep_cases(home: Home, count: int = 3, *, actor=TEAM) -> list[str]:
    """Open, assess and plan some cases of a community ten days ago, the first of them urgent; return their codes."""
    phone, refs = Phone(50), [code("C", 700 + n) for n in range(count)]
    with_plan = []
    for n, ref in enumerate(refs, 700):
        day = days_ago(10)
        said = {"opened_on": day}
        answers = {"answers": URGENT} if n == 700 else {}
        plan = planning(phone, ref, n, due_on=days_ago(3))
        plan["body"]["on_day"] = day
        agree = phone.change("plan.agree", ref, plan_id=code("P", n), how="said", on_day=day)
        with_plan += [opening(phone, ref, **said), assessing(phone, ref, n, on_day=day, **answers), plan, agree]
    ledger = open_ledger(home)
    answer = exchange(ledger, phone.message(*with_plan), actor=actor)
    ledger.close()
    assert {each.result for each in answer.results} == {"applied"}
    return refs
