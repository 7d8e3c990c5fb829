"""Open needs without an accepted referral are demand; small counts and restricted needs are not told below a county."""

from __future__ import annotations

import pytest

from cases.figures import figures_of
from cases.figures.open_needs import open_needs
from cases.figures.told_counts import rounding_words
from cases.record import exchange
from core.errors import NotAllowedError
from referrals.records.vocabulary import Actor
from tests.worlds.homes.case_world import TODAY, UAT, WORKER, Phone, assessing, code, opening
from tests.worlds.homes.ledger_world import COUNTY, refer, terms


def counted(found) -> dict:
    return {row["need"]: row["people"] for row in found.rows}


def test_open_needs_are_demand_until_a_referral_is_accepted(sqlite_ledger):
    phone = Phone(1)
    refs = [code("C", n) for n in range(1, 7)]
    for number, ref in enumerate(refs, 1):
        exchange(sqlite_ledger, phone.message(opening(phone, ref), assessing(phone, ref, number)), actor=WORKER)
    assert counted(open_needs(sqlite_ledger, actor=WORKER))["identity-papers"] == 6
    of_county = open_needs(sqlite_ledger, actor=COUNTY)
    assert counted(of_county)["identity-papers"] == 5, "in fives: coverage and the diagnosis tell of the same people"
    assert of_county.lines()[-1] == rounding_words()
    assert rounding_words() not in open_needs(sqlite_ledger, actor=WORKER).lines()
    declined = phone.change("need.set", refs[5], base=1, need="identity-papers", declined=True)
    exchange(sqlite_ledger, phone.message(declined), actor=WORKER)
    assert counted(open_needs(sqlite_ledger, actor=WORKER))["identity-papers"] == 5
    made = refer(sqlite_ledger, terms(), need="identity-papers")
    sqlite_ledger.transition(made.referral_id, "accept", actor=WORKER)
    with sqlite_ledger.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE referrals SET case_ref = '{refs[0]}'")  # noqa: S608
    assert counted(open_needs(sqlite_ledger, actor=WORKER))["identity-papers"] == 4
    assert counted(open_needs(sqlite_ledger, actor=COUNTY))["identity-papers"] is None, "fewer than five are not told"
    close = phone.change("case.close", refs[1], closed_on=TODAY, outcome="declined", findings_end="no_longer")
    exchange(sqlite_ledger, phone.message(close), actor=WORKER)
    assert counted(open_needs(sqlite_ledger, actor=WORKER))["identity-papers"] == 3
    with pytest.raises(NotAllowedError):
        open_needs(sqlite_ledger, actor=Actor("county", "x", "CJ"), county="BC")


def test_a_need_of_a_restricted_finding_is_in_no_count_of_a_community(sqlite_ledger):
    phone = Phone(1)
    beaten = {"born": "1956", "sex": "F", "safe": "violence"}
    for number in range(1, 7):
        ref = code("C", number)
        exchange(
            sqlite_ledger,
            phone.message(opening(phone, ref), assessing(phone, ref, number, answers=beaten)),
            actor=WORKER,
        )
    assert "domestic-violence" not in counted(open_needs(sqlite_ledger, actor=WORKER))
    (row,) = [each for each in open_needs(sqlite_ledger, actor=COUNTY).rows if each["need"] == "domestic-violence"]
    assert row == {"county": "BC", "uat_siruta": None, "need": "domestic-violence", "people": 5}
    assert "domestic-violence" not in counted(open_needs(sqlite_ledger, actor=COUNTY, uat_siruta=UAT))
    month = TODAY[:7]
    (figures,) = figures_of(sqlite_ledger, month, actor=COUNTY).communities.values()
    assert figures["F-OPEN"] == {}
    assert figures_of(sqlite_ledger, month, actor=COUNTY).restricted == {"BC": {"VIF": 5}}, "six, in fives"
    assert figures_of(sqlite_ledger, month, actor=COUNTY, uat_siruta=UAT).restricted == {}
    assert figures_of(sqlite_ledger, month, actor=WORKER).restricted == {}
    resolved = phone.change("finding.end", ref, finding_id=f"{code('A', 6)}:VFV_03", ending="resolved", on_day=TODAY)
    exchange(sqlite_ledger, phone.message(resolved), actor=WORKER)
    assert figures_of(sqlite_ledger, month, actor=COUNTY).restricted == {"BC": {"VIF": 5}}
    close = phone.change("case.close", code("C", 1), closed_on=TODAY, outcome="declined", findings_end="no_longer")
    exchange(sqlite_ledger, phone.message(close), actor=WORKER)
    assert figures_of(sqlite_ledger, month, actor=COUNTY).restricted == {"BC": {"VIF": None}}, "four are not told"
