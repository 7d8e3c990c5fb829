"""„Supervizare” under AppTest: a county unit looks, asks, opens one case with a reason; nobody else does."""

from __future__ import annotations

import pytest

from cases.record import exchange
from cases.record.county_access import waiting_moves
from core.errors import NotAllowedError
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.clients.page_words import field, press, words
from tests.worlds.homes.case_days import PARINCEA, TEAM, days_ago
from tests.worlds.homes.case_world import Phone, code
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, audited

PAGE = "county_supervision.py"


def open_page(in_home, home, who, part=""):
    app = in_home(home.path, actor=who).switch_page(PAGE).run()
    if part:
        app.segmented_control(key="supervision_part").set_value(part)
        app.run()
    assert not app.exception
    return app


def test_the_county_s_unit_sees_what_is_late_the_sample_and_the_urgent_cases(in_home, home, refs):
    app = open_page(in_home, home, COUNTY)
    app.selectbox(key="supervision_month").set_value(days_ago(10)[:7])
    app.selectbox(key="supervision_late").set_value(PARINCEA)
    said = words(app.run())
    assert "0 din 6" in said
    assert "mai vechi de 5 zile" in said
    assert refs[0] in said
    assert "acțiune din plan" in said
    assert said.count("<caption>Planuri de văzut</caption>") == 1


def test_a_session_is_written_with_its_remarks_and_counts_once(in_home, home, refs):
    app = open_page(in_home, home, COUNTY, "sessions")
    for remark, ref in (("lipsește scopul", refs[1].lower()), ("afișați programul", "")):
        field(app, "Comunitatea").set_value(PARINCEA)
        field(app, "Cazul, dacă este despre unul").set_value(ref)
        field(app, "Observația, fără date personale").set_value(remark)
        field(app, "Până când (necompletat: fără termen)").set_value("1.2.2030" if ref else "")
        press(app, "Adăugați observația")
    press(app, "Scrieți ședința")
    said = words(app)
    assert "Ședința este scrisă." in said
    assert "lipsește scopul" in said
    assert "până la 01.02.2030" in said
    assert "1 din 6" in words(open_page(in_home, home, COUNTY))
    press(app, "S-a făcut")
    assert "Nicio observație nu așteaptă." in words(app)


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Observația, fără date personale", "sunați la 0744 123 456", "telefon"),
        ("Observația, fără date personale", " ", "Scrieți observația."),
        ("Cazul, dacă este despre unul", "Ion Popescu", "Codul de caz nu are forma"),
        ("Până când (necompletat: fără termen)", "mâine", "„mâine” nu este o zi"),
    ],
)
def test_a_remark_that_cannot_be_written_is_refused_where_it_is_typed(in_home, home, refs, label, typed, said):
    app = open_page(in_home, home, COUNTY, "sessions")
    field(app, "Comunitatea").set_value(PARINCEA)
    field(app, "Observația, fără date personale").set_value("bun")
    field(app, label).set_value(typed)
    press(app, "Adăugați observația")
    assert said in words(app)
    assert not any(each.label == "Scrieți ședința" for each in app.button)


def test_a_case_of_another_county_takes_no_remark(in_home, home, refs):
    app = open_page(in_home, home, COUNTY, "sessions")
    field(app, "Comunitatea").set_value(PARINCEA)
    field(app, "Cazul, dacă este despre unul").set_value(code("C", 999))
    field(app, "Observația, fără date personale").set_value("bun")
    press(app, "Adăugați observația")
    press(app, "Scrieți ședința")
    assert "Cazul nu este al acestei comunități." in words(app)


def test_one_case_opens_with_a_reason_and_shows_nothing_restricted(in_home, home, refs):
    app = open_page(in_home, home, COUNTY, "case")
    field(app, "Codul cazului").set_value(refs[0].lower())
    press(app, "Deschideți cazul")
    assert "Scrieți de ce deschideți cazul" in words(app)
    field(app, "Codul cazului").set_value(refs[0].lower())
    field(app, "De ce îl deschideți, fără date personale").set_value("plângere la primărie")
    press(app, "Deschideți cazul")
    said = words(app)
    assert "Cazul este deschis pentru 3 ore" in said
    assert "Fără act de identitate valabil" in said
    assert not [trace for trace in ("violen", "VFV") if trace in said]
    press(app, "Închideți fișa")
    assert "Fără act de identitate valabil" not in words(app)
    ledger = open_ledger(home)
    told = exchange(ledger, Phone(51).message(), actor=TEAM).cases
    ledger.close()
    assert [each["reason"] for case in told for each in case["access"]] == ["plângere la primărie"]


def test_the_sample_and_the_case_are_read_once_however_often_the_page_is_drawn(in_home, home, refs):
    ledger = open_ledger(home)
    app = open_page(in_home, home, COUNTY)
    app.selectbox(key="supervision_late").set_value(PARINCEA)
    app.run()
    assert audited(ledger).count("case.sample") == 1
    app.selectbox(key="supervision_month").set_value(days_ago(40)[:7])
    app.run()
    assert audited(ledger).count("case.sample") == 2
    app = open_page(in_home, home, COUNTY, "case")
    field(app, "Codul cazului").set_value(refs[0])
    field(app, "De ce îl deschideți, fără date personale").set_value("plângere la primărie")
    press(app, "Deschideți cazul")
    press(app, "Deschideți cazul")  # draws the page anew, with what is missing
    assert audited(ledger).count("case.read") == 1
    press(app, f"Citiți cazul {refs[0]}")
    assert audited(ledger).count("case.read") == 2
    ledger.close()


def test_a_move_is_confirmed_on_the_desk(in_home, home, refs):
    phone, ledger = Phone(52), open_ledger(home)
    move = {"move_id": code("M", 70), "on_day": days_ago(1), "to_uat": PARINCEA + 9}
    exchange(ledger, phone.message(phone.change("move.offer", refs[2], **move)), actor=TEAM)
    app = open_page(in_home, home, COUNTY, "case")
    press(app, "Confirmați mutarea")
    assert f"Mutarea cazului {refs[2]} este confirmată" in words(app)
    assert waiting_moves(ledger, actor=COUNTY) == []
    ledger.close()


@pytest.mark.parametrize("who", [None, TEAM, NATIONAL, ADMIN, Actor("county", "ujss-cj", "CJ")])
def test_nobody_else_sees_a_case_of_the_county(in_home, home, refs, who):
    said = words(open_page(in_home, home, who))
    assert not [ref for ref in refs if ref in said]
    assert "din 6" not in said


def test_the_county_s_unit_has_the_totals_of_campaigns_the_same_evening(in_home, home, refs):
    phone, houses = Phone(77), [code("H", n) for n in range(1, 8)]
    said = {"campaign_id": code("L", 1), "on_day": days_ago(0)}
    changes = [phone.change("household.open", household=house) for house in houses]
    changes.append(phone.change("campaign.open", kind="delivery", households=houses, **said))
    for n, house in enumerate(houses[:6]):
        left = {"people": 2, "food": 1, "needs": ["medicines", *(["utilities"] if n < 2 else [])]}
        changes.append(
            phone.change("campaign.stop", household=house, stop_id=code("S", n), outcome="met", **said, **left)
        )
    opened = open_ledger(home)
    assert {each.result for each in exchange(opened, phone.message(*changes), actor=TEAM).results} == {"applied"}
    opened.close()
    app = open_page(in_home, home, COUNTY, "campaigns")
    shown = words(app)
    for expected in ("livrări acasă", "6 din 7", "pachete de hrană: 6", "mai puțin de 5", "oameni văzuți 12"):
        assert expected in shown, expected
    app.text_input(key="campaign_day").set_value("mâine")
    assert "Ziua are forma zz.ll.aaaa." in words(app.run())
    app.text_input(key="campaign_day").set_value("01.01.2020")
    assert "Nicio campanie" in words(app.run())


def test_a_county_unit_shuts_a_telephone_of_its_county_out_and_lets_it_in_again(in_home, home):
    ledger = open_ledger(home)
    far = Actor("team", "U-FAR22222", "CJ", 54975, profession="social")
    for who, number in ((TEAM, 60), (far, 61)):
        exchange(ledger, Phone(number).message(), actor=who)
    app = open_page(in_home, home, COUNTY, "devices")
    assert code("D", 60) in words(app)
    assert code("D", 61) not in words(app)
    assert not any(each.label == "Lăsați telefonul din nou" for each in app.button)
    field(app, "Telefonul pierdut").select_index(0)
    field(app, "Telefonul este pierdut, sau nu mai este al echipei").check()
    press(app, "Scoateți telefonul")
    assert "scos de unitatea județeană" in words(app)
    with pytest.raises(NotAllowedError, match="oprit"):
        exchange(ledger, Phone(60).message(), actor=TEAM)
    field(app, "Telefonul găsit").select_index(0)
    press(app, "Lăsați telefonul din nou")
    assert "lucrează din nou" in words(app)
    exchange(ledger, Phone(60).message(), actor=TEAM)
    ledger.close()
