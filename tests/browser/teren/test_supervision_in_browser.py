"""What a county unit says of a case reaches its team: a remark, what it asks for, and that the case was opened."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cases.record.county_access import request_access
from cases.record.supervision import SupervisorRemark, hold_session
from referrals.database.tables.case_tables import findings, supervised
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


WHOLE = "Afișați programul echipei la <i>primărie</i> {n}"


def test_a_remark_about_the_whole_community_is_read_and_answered_under_today(phones, field_server):
    home = field_server[1]
    phone = phones().begin()
    page = phone.page
    ledger = open_ledger(home)
    hold_session(
        ledger, COUNTY, ledger.today().isoformat(), "team", [SupervisorRemark(COMMUNITY, "", WHOLE, True)], actor=UNIT
    )
    ledger.close()
    assert phone.send() == SENT
    phone.context.set_offline(True)
    phone.go("azi")
    remark = page.locator("article.row", has_text="Afișați programul echipei")
    assert WHOLE in remark.inner_text()
    assert "Nimic de făcut" not in page.inner_text("main")
    remark.get_by_role("button", name="S-a făcut").click()
    remark.get_by_role("button").wait_for(state="detached")
    assert "făcut" in remark.inner_text()
    phone.context.set_offline(False)
    assert phone.send() == SENT
    assert states(home, "") == {WHOLE: "done"}
    phone.go("azi")
    assert "Afișați" not in page.inner_text("main")


def test_a_finding_is_added_by_hand_without_network_and_seen_by_whom_its_rule_says(phones, field_server):
    phone = phones().begin()
    page = phone.page
    ref = phone.open_case("1958", "F")
    phone.context.set_offline(True)
    page.get_by_role("button", name="Adăugați o constatare").click()
    phone.at("constatare")
    page.click("#screen button.main")  # what was found is not chosen yet
    phone.at("constatare")
    page.select_option("[name=code]", "VFV_03")
    page.wait_for_selector("text=O văd numai managerul de caz și cine a întrebat.")
    page.select_option("[name=code]", "VAI_02")
    page.wait_for_selector("text=O văd numai", state="detached")
    page.fill("[name=word]", "sunați la 0744 123 456")
    page.click("#screen button.main")
    phone.at("constatare")
    page.fill("[name=word]", "nu are buletin la el")
    page.click("#screen button.main")
    phone.at("caz")
    page.click("#screen summary:text('Constatări')")
    assert "nu are buletin la el" in page.inner_text("main")
    assert page.locator("section", has_text="Nevoi").locator(".fact").count() > 0
    before = {key: row for key, row in phone.view().items() if ref in key or key.startswith("findings")}
    phone.context.set_offline(False)
    assert phone.send() == SENT
    assert {key: row for key, row in phone.view().items() if key in before} == before, "the server says the same"
    ledger = open_ledger(field_server[1])
    with ledger.store.read() as connection:
        query = select(findings.c.code, findings.c.word, findings.c.sees).where(findings.c.case_ref == ref)
        assert connection.execute(query).all() == [("VAI_02", "nu are buletin la el", "team")]
    ledger.close()
    phone.show(ref)
    page.get_by_role("button", name="Adăugați o constatare").click()
    phone.at("constatare")
    assert page.locator("option[value=VAI_02]").count() == 0, "it stands already"
