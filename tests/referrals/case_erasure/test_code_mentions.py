"""The code of an erased case stands in no words of other cases, of supervision or of a county unit either."""

from __future__ import annotations

import re

from cases.record import exchange
from cases.record.county_access import request_access
from cases.record.supervision import SupervisorRemark, hold_session
from referrals.case_erasure import case_digest
from tests.worlds.homes.case_world import ELSEWHERE, TODAY, UAT, WORKER, Phone, assessing, code, opening, planning
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, everything, refer

CASE, SISTER, FAR = code("C", 1), code("C", 2), code("C", 3)
SPELLED = (CASE, CASE.lower(), CASE.replace("-", " "), CASE.replace("-", ""), CASE.replace("-", "–"))


def sent(ledger, phone, *changes, actor=WORKER, since=0):
    answer = exchange(ledger, phone.message(*changes, since=since), actor=actor)
    assert {each.result for each in answer.results} <= {"applied"}, [e for e in answer.results if e.result != "applied"]
    return answer


def named(ledger):
    """What of all rows still spells the code."""
    return re.findall(rf"(?i){CASE[0]}\W?{CASE[2:7]}\W?{CASE[8:]}", str(everything(ledger)))


def with_mentions(ledger):
    """Name a case in every text that people write beside it; returns where telephones stand then."""
    phone, far = Phone(1), Phone(9)
    words = "sora este " + " și ".join(SPELLED)
    house = code("H", 1)
    plan = planning(phone, SISTER, 1, 1)
    plan["body"]["goal"] = f"ca {CASE}"
    sent(
        ledger, phone, opening(phone, CASE), phone.change("household.open", household=house),
        opening(phone, SISTER, note=words), assessing(phone, SISTER, 1), plan,
        phone.change("case.set", SISTER, base=1, level_said="high", level_reason=f"ca {CASE}"),
        phone.change("note.add", SISTER, note_id=code("N", 1), on_day=TODAY, text=words),
        phone.change("visit.add", SISTER, visit_id=code("V", 1), members=["social"], on_day=TODAY, note=words),
        phone.change("visit.add", household=house, visit_id=code("V", 2), members=["social"], on_day=TODAY, note=words),
        phone.change("finding.add", SISTER, finding_id=code("F", 1), code="VAI_01", on_day=TODAY, word=f"v. {CASE}"),
        phone.change("item.cancel", SISTER, item_id=code("I", 100), on_day=TODAY, reason=f"se face la {CASE}"),
    )  # fmt: skip
    sent(ledger, far, opening(far, FAR, note=f"nu {code('C', 4)}"), actor=ELSEWHERE)
    said = [SupervisorRemark(UAT, ref, f"vedeți și {CASE}", asks=True) for ref in ("", SISTER)]
    hold_session(ledger, "BC", TODAY, "team", said, actor=COUNTY)
    request_access(ledger, SISTER, f"legat de {CASE}", actor=COUNTY)
    refer(ledger, case_ref=SISTER, note=f"însoțită de {CASE}", actor=WORKER, uat_siruta=UAT)
    return sent(ledger, phone).next


def test_no_words_name_an_erased_case_and_telephones_are_told(ledger):
    seen = with_mentions(ledger)
    assert len(named(ledger)) > 20
    assert ledger.erase_case(CASE, actor=COUNTY) == 1
    assert named(ledger) == []
    left = str(everything(ledger))
    assert SISTER in left
    assert "sora este (caz șters) și (caz șters)" in left
    answer = sent(ledger, Phone(1), since=seen)
    (sister,) = answer.cases
    assert (sister["case_ref"], sister["note"][:22]) == (SISTER, "sora este (caz șters) ")
    (house,) = answer.households
    assert "(caz șters)" in house["visits"][0]["note"]
    assert answer.gone == (case_digest(CASE),)
    assert ledger.verify_audit() == []


def test_retention_takes_the_codes_along_and_no_other(ledger, clock):
    with_mentions(ledger)
    phone = Phone(1)
    sent(ledger, phone, phone.change("case.close", CASE, closed_on=TODAY, outcome="declined", reason="nu dorește"))
    clock.move(days=731)
    ledger.erase_old(actor=ADMIN)
    assert named(ledger) == []
    assert code("C", 4) in str(everything(ledger)), "another community's words are its own"
    assert ledger.verify_audit() == []


def test_of_a_case_that_has_referrals_alone_the_words_of_others_forget_the_code_too(ledger):
    made = refer(ledger, case_ref=None, actor=WORKER, uat_siruta=UAT)
    phone = Phone(1)
    sent(ledger, phone, opening(phone, SISTER, note=f"sora este {made.case_ref.lower()}"))
    assert ledger.erase_case(made.case_ref, actor=COUNTY) == 1
    (sister,) = sent(ledger, phone).cases
    assert sister["note"] == "sora este (caz șters)"
    assert made.case_ref not in str(everything(ledger))
    assert ledger.verify_audit() == []
