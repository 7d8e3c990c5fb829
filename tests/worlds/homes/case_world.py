"""A small team that works with cases: changes as its telephones make them, with ids that count."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count
from typing import Any

from cases.record import exchange
from referrals.ledger.referral_request import CODE_LETTERS
from referrals.records.vocabulary import Actor

UAT, COUNTY_LETTERS = 22889, "BC"
NURSE = Actor("team", "U-NURSE222", COUNTY_LETTERS, UAT, profession="medical")
WORKER = Actor("team", "U-SQC22222", COUNTY_LETTERS, UAT, profession="social")
COUNSELLOR = Actor("team", "U-EDU22222", COUNTY_LETTERS, UAT, profession="educational")
ELSEWHERE = Actor("team", "U-ELSE2222", COUNTY_LETTERS, 22898, profession="social")
TODAY = "2026-03-02"


def code(letter: str, number: int) -> str:
    """Make an id of ours of a number: the same for the same one."""
    letters = []
    for _place in range(10):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[rest])
    word = "".join(reversed(letters))
    return f"{letter}-{word[:5]}-{word[5:]}"


class Phone:
    """A telephone that numbers its changes."""

    _numbers = count(1)

    def __init__(self, number: int) -> None:
        self.device_id = code("D", number)
        self._no = count(1)

    def change(
        self, change_kind: str, case: str = "", /, *, base: int | None = None, household: str = "", **body: Any
    ) -> dict:
        made = {
            "change_id": code("K", next(Phone._numbers)),
            "device_no": next(self._no),
            "kind": change_kind,
            "at": datetime(2026, 3, 2, 8, tzinfo=UTC).isoformat(),
            "body": body,
        }
        return (
            made
            | ({"case_ref": case} if case else {})
            | ({"household_id": household} if household else {})
            | ({} if base is None else {"base": base})
        )

    def message(self, *changes: dict, since: int = 0) -> dict:
        """Make the message of an exchange, as it comes over the network."""
        return json.loads(json.dumps({"device": self.device_id, "since": since, "changes": list(changes)}))


def opening(phone: Phone, case: str, **body: Any) -> dict:
    said = {"opened_on": TODAY, "source": "outreach", "born": "1956", "sex": "F", **body}
    return phone.change("case.open", case, **said)


NO_PAPERS = {"born": "1956", "sex": "F", "id_card": "no", "income": "none"}  # two findings of level high


def assessing(
    phone: Phone, case: str, number: int, *, on_day: str = TODAY, answers: dict | None = None, **body
) -> dict:
    said = {"kind": "initial", "on_day": on_day, "edition": "", "answers": answers or NO_PAPERS, **body}
    return phone.change("assessment.add", case, assessment_id=code("A", number), **said)


def planning(phone: Phone, case: str, number: int, items: int = 2, *, due_on: str = "2026-03-20") -> dict:
    every = [
        {
            "item_id": code("I", number * 100 + n),
            "need": "identity-papers",
            "action": "SAI_09",
            "member": "social",
            "due_on": due_on,
        }
        for n in range(items)
    ]
    return phone.change("plan.add", case, plan_id=code("P", number), kind="sci", on_day=TODAY, items=every)


def planned_case(ledger: Any, case: str, answers: dict) -> Phone:
    """Open, assess and plan a case of the social worker, with the plan agreed; return the telephone that sent it."""
    phone = Phone(1)
    agree = phone.change("plan.agree", case, plan_id=code("P", 1), how="said", on_day=TODAY)
    changes = opening(phone, case), assessing(phone, case, 1, answers=answers), planning(phone, case, 1), agree
    answer = exchange(ledger, phone.message(*changes), actor=WORKER)
    assert {each.result for each in answer.results} == {"applied"}, answer.results
    return phone
