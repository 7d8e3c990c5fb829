"""What a county unit says of a case reaches its team: a remark, what it asks for, and that the case was opened."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases.record.county_access import request_access
from cases.record.supervision import SupervisorRemark, hold_session
from referrals.database.tables.case_tables import supervised
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser.teren.phone import COMMUNITY, COUNTY, SENT

pytestmark = pytest.mark.browser
UNIT = Actor("county", "U-UNIT", COUNTY)
ASKED, SAID = "Reevaluați înainte de <b>iarnă</b> {n}", "Plan bine făcut"


def states(home, ref):
    ledger = open_ledger(home)
    with ledger.store.read() as connection:
        query = select(supervised.c.remark, supervised.c.state).where(supervised.c.case_ref == ref)
        found = dict(connection.execute(query).all())
    ledger.close()
    return found


def test_a_remark_is_read_and_answered_and_an_opening_by_the_county_is_seen(phones, field_server):
    home = field_server[1]
    phone = phones().begin()
    page = phone.page
    ref = phone.open_case("1958", "F")
    assert phone.send() == SENT
    ledger = open_ledger(home)
    today = ledger.today().isoformat()
    remarks = [SupervisorRemark(COMMUNITY, ref, ASKED, True, today), SupervisorRemark(COMMUNITY, ref, SAID)]
    hold_session(ledger, COUNTY, today, "case", remarks, actor=UNIT)
    request_access(ledger, ref, "plângere primită", actor=UNIT)
    ledger.close()
    phone.send()
    phone.go("azi")
    task = page.locator("article.row", has_text="Cerință a supervizorului")
    assert "înainte de" not in task.inner_text(), "the list does not say it"
    task.get_by_role("button", name="Deschideți").click()
    phone.at("caz")
    said = page.inner_text("main")
    assert ASKED in said
    assert SAID in said
    assert "plângere primită" in said
    assert page.get_by_role("button", name="S-a făcut").count() == 1
    page.get_by_role("button", name="S-a făcut").click()
    page.wait_for_selector("button:text-is('S-a făcut')", state="detached")
    assert phone.send() == SENT
    assert states(home, ref) == {ASKED: "done", SAID: "done"}
    phone.go("azi")
    assert "Cerință" not in page.inner_text("main")
