"""„Cazuri: activități, mutări, uniri” under AppTest: a team's rare changes; nobody else has a desk."""

from __future__ import annotations

import pytest

from cases.record import exchange
from cases.record.county_access import waiting_moves
from cases.record.desk_changes import add_activity, offer_move
from cases.record.desk_lists import joined_cases, list_activities
from cases.record.field_devices import devices_of
from cases.record.supervision import SupervisorRemark, hold_session
from core.errors import NotAllowedError
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.worlds.clients.page_words import field, press, words
from tests.worlds.homes.atlas_world import add_atlas
from tests.worlds.homes.case_days import PARINCEA, TEAM, days_ago
from tests.worlds.homes.case_world import Phone
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, NATIONAL, audited

PAGE = "case_desk.py"


@pytest.fixture
def ledger(home):
    opened = open_ledger(home)
    yield opened
    opened.close()


def open_page(in_home, home, who=TEAM, part=""):
    app = in_home(home.path, actor=who).switch_page(PAGE).run()
    if part:
        app.segmented_control(key="case_desk_part").set_value(part)
        app.run()
    assert not app.exception
    return app


def test_an_activity_is_written_down_and_listed(in_home, home, ledger):
    app = open_page(in_home, home)
    field(app, "Activitatea").set_value("vaccination")
    field(app, "Participanți, fără echipă").set_value(40)
    press(app, "Scrieți activitatea")
    assert "Activitatea este scrisă." in words(app)
    assert "campanie de vaccinare" in words(app)
    (listed,) = list_activities(ledger, actor=TEAM, since=days_ago(0))
    assert (listed["participants"], listed["members"]) == (40, "social")


def test_an_activity_without_a_kind_or_a_day_is_refused_where_it_is_typed(in_home, home, ledger):
    app = open_page(in_home, home)
    press(app, "Scrieți activitatea")
    assert "O activitate are un fel" in words(app)
    field(app, "Activitatea").set_value("meeting")
    field(app, "Ziua").set_value("1.1.2099")
    press(app, "Scrieți activitatea")
    assert "Ziua este în viitor" in words(app)
    assert list_activities(ledger, actor=TEAM, since="2020-01-01") == []


def test_a_case_is_offered_and_the_offer_taken_back(in_home, home, ledger, refs):
    add_atlas(home)
    app = open_page(in_home, home, part="moves")
    field(app, "Unde s-a mutat").select_index(0)
    field(app, "Codul cazului").set_value(refs[1].lower())
    press(app, "Oferiți cazul")
    assert "așteaptă unitatea județeană" in words(app)
    assert [each["case_ref"] for each in waiting_moves(ledger, actor=COUNTY)] == [refs[1]]
    press(app, "Luați oferta înapoi")
    assert "este luată înapoi" in words(app)
    assert waiting_moves(ledger, actor=COUNTY) == []


def test_without_the_list_of_communities_what_waits_is_shown_and_nothing_can_be_offered(in_home, home, ledger, refs):
    offer_move(ledger, refs[1], PARINCEA + 9, actor=TEAM, key="f1")
    app = open_page(in_home, home, part="moves")
    assert refs[1] in words(app)
    assert "lista comunităților" in words(app)
    assert [each.label for each in app.button] == ["Luați oferta înapoi"]


def test_two_cases_are_joined_once_the_person_was_checked_and_parted_again(in_home, home, ledger, refs):
    app = open_page(in_home, home, part="joins")
    field(app, "Cazul mai nou").set_value(refs[2])
    field(app, "Cazul mai vechi, care rămâne").set_value(refs[1])
    press(app, "Uniți cazurile")
    assert "spuneți că ați verificat persoana" in words(app)
    field(app, "Este aceeași persoană: am verificat").check()
    press(app, "Uniți cazurile")
    assert "Amândouă au un plan agreat" in words(app)
    assert joined_cases(ledger, actor=TEAM) == []


@pytest.mark.usefixtures("refs")
def test_the_list_of_cases_is_one_reading_however_often_the_page_is_drawn(in_home, home, ledger):
    before = audited(ledger).count("case.list")  # telephones read too
    app = open_page(in_home, home, part="joins")
    for _press in range(2):
        press(app, "Uniți cazurile")
    assert audited(ledger).count("case.list") == before + 1
    app.segmented_control(key="case_desk_part").set_value("moves")
    app.run()
    assert audited(ledger).count("case.list") == before + 1


@pytest.mark.usefixtures("refs")
def test_a_team_reads_what_was_asked_of_it_and_says_that_it_was_done(in_home, home, ledger):
    said = SupervisorRemark(PARINCEA, "", "afișați programul", asks=True)
    hold_session(ledger, "BC", days_ago(1), "team", [said], actor=COUNTY)
    app = open_page(in_home, home, part="remarks")
    assert "afișați programul" in words(app)
    press(app, "S-a făcut")
    assert "Nicio observație nu așteaptă." in words(app)


@pytest.mark.parametrize("who", [None, COUNTY, NATIONAL, ADMIN])
def test_nobody_else_has_a_desk(in_home, home, refs, who):
    app = open_page(in_home, home, who)
    assert not [ref for ref in refs if ref in words(app)]
    assert not any(each.label == "Scrieți activitatea" for each in app.button)


def test_a_team_of_another_community_sees_nothing_of_these_cases(in_home, home, refs):
    elsewhere = Actor("team", "U-ELSE2222", "BC", PARINCEA + 9, profession="social")
    for part in ("moves", "joins", "remarks"):
        app = open_page(in_home, home, elsewhere, part)
        options = [each for box in app.selectbox for each in box.options]
        assert not [ref for ref in refs if ref in words(app) or any(ref in each for each in options)]


COLLEAGUE = Actor("team", "U-NURSE222", "BC", PARINCEA, profession="medical")


def own_phone(ledger, who=TEAM, number=60, **said):
    phone = Phone(number)
    exchange(ledger, {**phone.message(), **said}, actor=who)
    return phone.device_id


def test_a_member_shuts_the_own_lost_telephone_out_after_confirming_and_no_other(in_home, home, ledger):
    own, other = own_phone(ledger, unsent=3), own_phone(ledger, COLLEAGUE, 61)
    app = open_page(in_home, home, part="devices")
    said = words(app)
    assert own in said
    assert other in said
    assert "al dumneavoastră" in said
    assert len(field(app, "Telefonul pierdut").options) == 1
    assert not any(each.label == "Lăsați telefonul din nou" for each in app.button)
    field(app, "Telefonul pierdut").select_index(0)
    press(app, "Scoateți telefonul")
    assert "Alegeți telefonul și spuneți că este pierdut." in words(app)
    field(app, "Telefonul pierdut").select_index(0)
    field(app, "Telefonul este pierdut, sau nu mai este al echipei").check()
    press(app, "Scoateți telefonul")
    said = words(app)
    assert f"Telefonul {own} este scos. Pe el au rămas 3 schimbări netrimise." in said
    assert "scos: pierdut" in said
    assert {each.device_id: each.state for each in devices_of(ledger, actor=COUNTY)} == {own: "lost", other: "active"}
    with pytest.raises(NotAllowedError, match="oprit"):
        own_phone(ledger)


def test_the_desk_itself_stands_among_no_telephones(in_home, home, ledger):
    add_activity(ledger, "meeting", days_ago(0), ["social"], 0, actor=TEAM, key="f1")
    assert "Niciun telefon nu a făcut încă schimb." in words(open_page(in_home, home, part="devices"))
