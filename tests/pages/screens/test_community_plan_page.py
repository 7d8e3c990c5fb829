"""The plan of a community under AppTest: drawn up at the team's desk, seen by its county unit, counted for the nation."""

from __future__ import annotations

import pytest

from cases.community.community_plan import list_plans
from cases.community.plan_drafting import ActionTerms, set_action, set_reason
from cases.community.plan_steps import remark_plan
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.cases.community.plan_world import adopted, drafted
from tests.worlds.clients.page_words import field, press, words
from tests.worlds.homes.case_days import PARINCEA, TEAM
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL

OTHER = Actor("team", "U-ELSE2222", "BC", PARINCEA + 9, profession="social")


@pytest.fixture
def ledger(home):
    opened = open_ledger(home)
    yield opened
    opened.close()


@pytest.fixture
def year(ledger):
    return ledger.today().year


def desk(in_home, home, who=TEAM):
    app = in_home(home.path, actor=who).switch_page("case_desk.py").run()
    app.segmented_control(key="case_desk_part").set_value("plan")
    app.run()
    assert not app.exception
    return app


def supervision(in_home, home, who=COUNTY):
    app = in_home(home.path, actor=who).switch_page("county_supervision.py").run()
    app.segmented_control(key="supervision_part").set_value("plans")
    app.run()
    assert not app.exception
    return app


def step(app, name):
    control = next(each for each in app.segmented_control if each.key and each.key.startswith("plan_step_"))
    control.set_value(name)
    app.run()
    assert not app.exception


def mine(ledger):
    return list_plans(ledger, PARINCEA, "BC", actor=TEAM)


def test_a_plan_is_drawn_up_and_adopted_at_the_desk(in_home, home, ledger, refs, year):
    app = desk(in_home, home)
    assert "Comunitatea nu are încă un plan." in words(app)
    press(app, "Începeți ciorna")
    assert f"Planul pe {year}: ciornă" in words(app)
    press(app, "Adăugați prioritatea")
    assert "Alegeți o nevoie sau o vulnerabilitate din listă." in words(app)
    which = field(app, "Nevoia sau vulnerabilitatea")
    assert "oameni, fără răspuns" in which.options[0], "what was counted is offered first"
    which.select_index(0)
    field(app, "De ce este prioritate, fără nume").set_value("doamna Popescu nu are acte")
    press(app, "Adăugați prioritatea")
    assert "nu numele" in words(app)
    field(app, "De ce este prioritate, fără nume").set_value("trei din trei evaluați")
    press(app, "Adăugați prioritatea")
    assert "Prioritatea este în plan." in words(app)
    step(app, "adopt")
    press(app, "Adoptați planul")
    assert "a fost discutat" in words(app)
    field(app, "Planul a fost discutat cu cei care răspund de acțiuni").check()
    press(app, "Adoptați planul")
    assert "nu are nicio acțiune" in words(app)
    step(app, "action")
    field(app, "Ce se face, fără nume").set_value("Caravana vine în sat")
    field(app, "Cine răspunde").set_value("town_hall")
    field(app, "Termenul: an, lună sau zi").set_value(f"12.{year + 1}")
    press(app, "Adăugați acțiunea")
    assert "Acțiunea este în plan." in words(app)
    step(app, "adopt")
    field(app, "Planul a fost discutat cu cei care răspund de acțiuni").check()
    press(app, "Adoptați planul")
    assert "Planul este adoptat." in words(app)
    (plan,) = mine(ledger)
    assert (plan.state, plan.actions[0].due_on) == ("adopted", f"{year + 1}-12-31")


def test_what_a_colleague_changed_meanwhile_is_shown_and_not_overwritten(in_home, home, ledger, refs, year):
    plan = drafted(ledger, TEAM, year=year)
    app = desk(in_home, home)
    step(app, "change")
    action = plan.actions[0]
    field(app, "Ce schimbați").set_value(action.action_id)
    app.run()
    field(app, "Ce se face, fără nume").set_value("varianta mea")
    theirs = ActionTerms("varianta colegei", "school", str(year))
    set_action(ledger, action.action_id, theirs, version=action.version, actor=TEAM)
    press(app, "Schimbați acțiunea")
    assert "Între timp altcineva a schimbat" in words(app)
    assert "varianta colegei" in words(app)
    assert (
        mine(ledger)[0].actions[0].what == "varianta colegei" or mine(ledger)[0].actions[1].what == "varianta colegei"
    )
    press(app, "Schimbați acțiunea")
    assert "Acțiunea este schimbată." in words(app)
    assert "varianta mea" in {each.what for each in mine(ledger)[0].actions}


def test_who_adopts_adopts_what_was_on_the_screen(in_home, home, ledger, refs, year):
    plan = drafted(ledger, TEAM, year=year)
    app = desk(in_home, home)
    step(app, "adopt")
    field(app, "Planul a fost discutat cu cei care răspund de acțiuni").check()
    action = plan.actions[0]
    theirs = ActionTerms("varianta colegei", "school", str(year))
    set_action(ledger, action.action_id, theirs, version=action.version, actor=TEAM)
    press(app, "Adoptați planul")
    assert "Între timp altcineva a schimbat" in words(app)
    assert mine(ledger)[0].state == "draft"
    press(app, "Adoptați planul")
    assert mine(ledger)[0].state == "adopted"


def test_a_draft_is_changed_and_thrown_away(in_home, home, ledger, refs, year):
    plan = drafted(ledger, TEAM, year=year)
    app = desk(in_home, home)
    step(app, "change")
    field(app, "Ce schimbați").set_value(plan.priorities[1].priority_id)
    app.run()
    press(app, "Mutați mai sus")
    assert [each.code for each in mine(ledger)[0].priorities] == ["MF", "identity-papers"]
    step(app, "adopt")
    press(app, "Aruncați ciorna")
    assert "Ciorna este aruncată." in words(app)
    assert mine(ledger) == []


def test_work_on_an_action_is_written_and_the_next_plan_begun(in_home, home, ledger, refs, year):
    plan = adopted(ledger, TEAM, year=year)
    app = desk(in_home, home)
    field(app, "Acțiunea").set_value(plan.actions[0].action_id)
    app.run()
    app.radio[0].set_value("done")
    press(app, "Scrieți ce s-a făcut")
    assert "Rezultatul: scrieți ceva." in words(app)
    field(app, "Ce a ieșit, sau de ce nu, fără nume").set_value("a venit de două ori")
    press(app, "Scrieți ce s-a făcut")
    assert "a venit de două ori" in words(app)
    press(app, "Începeți ciorna")
    assert "varianta 2: ciornă" in words(app)
    assert [each.state for each in mine(ledger)] == ["draft", "adopted"]


def test_a_plan_is_brought_from_a_sheet_or_every_bad_row_is_named(in_home, home, ledger, refs, year):
    heads = "Prioritatea;Motivul;Acțiunea;Cine răspunde;Termenul"
    good = f"Medic de familie;doi din trei;Lista celor fără medic;asistent medical;{year}"
    app = desk(in_home, home)
    press(app, "Aduceți ca ciornă")
    assert "Alegeți întâi fișierul." in words(app)
    app.file_uploader[0].upload("plan.csv", f"{heads}\n{good}\nMedic;;<b>x</b>;vecinul;{year}\n".encode()).run()
    press(app, "Aduceți ca ciornă")
    assert "Nu s-a scris nimic." in words(app)
    assert "Rândul 2 de sub antet, coloana „Cine răspunde”: am găsit „vecinul”" in words(app)
    assert mine(ledger) == []
    app.file_uploader[0].upload("plan.csv", f"{heads}\n{good}\n".encode()).run()
    press(app, "Aduceți ca ciornă")
    assert "Planul din foaie este acum ciornă" in words(app)
    assert "Lista celor fără medic" in words(app)
    assert [(each.state, each.year) for each in mine(ledger)] == [("draft", year)]


def test_the_team_reads_what_the_county_unit_asked(in_home, home, ledger, refs, year):
    plan = adopted(ledger, TEAM, year=year)
    remark_plan(ledger, plan.plan_id, "completați anul", sends_back=False, version=plan.version, actor=COUNTY)
    app = desk(in_home, home)
    assert "completați anul" in words(app)
    press(app, "S-a făcut")
    assert "completați anul" not in words(app)


def test_the_county_unit_sees_each_plan_and_sends_one_back(in_home, home, ledger, refs, year):
    app = supervision(in_home, home)
    assert "Nicio comunitate din județ nu are încă un plan." in words(app)
    adopted(ledger, TEAM, year=year)
    app = supervision(in_home, home)
    assert f"{year}: adoptat" in words(app)
    assert "Caravana" not in words(app)
    app.selectbox(key="county_plan").set_value(PARINCEA)
    app.run()
    assert "Caravana" in words(app)
    field(app, "Observația, fără date personale").set_value("sunați la 0744 123 456")
    press(app, "Scrieți observația")
    assert "telefon" in words(app)
    field(app, "Observația, fără date personale").set_value("scrieți și cine plătește")
    field(app, "Trimiteți planul înapoi: echipa îl îndreaptă și îl adoptă din nou").check()
    press(app, "Scrieți observația")
    assert "Planul este trimis înapoi echipei." in words(app)
    assert "trimis înapoi de unitatea județeană" in words(app)
    said = words(desk(in_home, home))
    assert "scrieți și cine plătește" in said
    assert "îndreptați-l și adoptați-l din nou" in said


def test_what_was_typed_is_read_as_typed_and_never_as_markup(in_home, home, ledger, refs, year):
    said = "{x} %s <b>gras</b> & **tare** =1+1"
    plan = drafted(ledger, TEAM, year=year)
    first, action = plan.priorities[0], plan.priorities[0].actions[0]
    set_reason(ledger, first.priority_id, said, version=first.version, actor=TEAM)
    set_action(ledger, action.action_id, ActionTerms(said, "school", str(year)), version=action.version, actor=TEAM)
    remark_plan(ledger, plan.plan_id, said, sends_back=False, version=mine(ledger)[0].version, actor=COUNTY)
    app = supervision(in_home, home)
    app.selectbox(key="county_plan").set_value(PARINCEA)
    app.run()
    for screen in (desk(in_home, home), app):
        assert not screen.exception
        markup = " ".join(each.body for each in screen.get("html"))
        assert markup.count("{x} %s &lt;b&gt;gras&lt;/b&gt; &amp; **tare** =1+1") == 3, "reason, action and remark"
        assert "<b>gras" not in markup


def test_the_nation_reads_counts_and_no_text(in_home, home, ledger, refs, year):
    adopted(ledger, TEAM, year=year)
    for who in (NATIONAL, ADMIN):
        app = in_home(home.path, actor=who).switch_page("case_needs.py").run()
        assert not app.exception
        said = words(app)
        assert "Planurile comunităților" in said
        assert "Planuri și acțiuni" in said
        assert not [text for text in ("Caravana", "întâlnit", "Nu are buletin") if text in said]


@pytest.mark.parametrize("who", [None, OTHER, NATIONAL, ADMIN, Actor("county", "ujss-cj", "CJ")])
def test_nobody_else_reads_a_plan(in_home, home, ledger, refs, year, who):
    adopted(ledger, TEAM, year=year)
    for page, key in (("case_desk.py", "case_desk_part"), ("county_supervision.py", "supervision_part")):
        app = in_home(home.path, actor=who).switch_page(page).run()
        for control in app.segmented_control:
            if control.key == key:
                control.set_value("plan" if page == "case_desk.py" else "plans")
                app.run()
        assert not app.exception
        assert "Caravana" not in words(app)
