from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.storage.home import open_home
from providers.finder.query_parsing import parse_query
from referrals.field import field_reports
from referrals.records.vocabulary import Actor
from referrals.workflow import referral_offers
from referrals.workflow.directory import open_directory
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

PARINCEA = "24098"  # SIRUTA
TEAM = Actor("team", "account-1", "BC", 24089)
ELSEWHERE = Actor("county", "account-3", "CJ")
NATIONAL = Actor("national", "account-2")
ADMIN = Actor("admin", "test")
FREE, ASKED = "0-social:mmps:1", "0-social:mmps:2"  # three places confirmed, and places unknown


@pytest.fixture
def own_world(world, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return open_home(Path(shutil.copytree(world.path, tmp_path / "home")))


@pytest.fixture
def directory(own_world):
    opened = open_directory(own_world)
    yield opened
    opened.ledger.close()


@pytest.fixture
def asked(in_home, own_world):
    def start(actor=TEAM):
        return in_home(own_world.path, actor=actor, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)

    return start


def press(app, key):
    return app.button(key=key).click().run()


def search_again(app):
    """Open the form over the answer and ask the same once more."""
    return press(press(app, "change"), "search")


def numbered(app) -> list[str]:
    """Names of the rows with a number, in the order of reading."""
    return re.findall(r'<article class="hs-row [^"]*" id=.*?<h3>(.*?)</h3>', words(app), re.DOTALL)


def row_of(app, name) -> str:
    """The row of a service, from the class that says what is known of its places."""
    rows = re.findall(r'<article class="hs-row (.*?)</article>', words(app), re.DOTALL)
    return next(row for row in rows if name in row)


def keys(app) -> set[str]:
    return {button.key for button in app.button}


def referrals(directory) -> list[str]:
    return list(directory.ledger.referrals(actor=TEAM)["state"])


def wrong(app, what, slot=FREE):
    """Choose what is wrong; nothing is sent yet."""
    return press(app, f"wrong-{slot}").radio(key="ce").set_value(what).run()


def refer(app, slot=FREE):
    app = press(app, f"refer-{slot}")
    app = app.radio(key="temei").set_value("consent").run()
    return press(app, f"go-{slot}")


@pytest.mark.parametrize("actor", [TEAM, NATIONAL, None])
def test_the_map_of_who_reaches_a_service_is_offered_to_everybody(asked, actor):
    app = press(asked(actor), f"reach-{FREE}")
    assert "De unde se ajunge la" in words(app)


def test_who_has_no_role_sees_only_what_the_map_can_show_and_is_told_how_to_get_one(asked):
    app = asked(None)
    assert {key.split("-")[0] for key in keys(app) if key and "social:" in key} <= {"reach", "way"}
    assert "alegeți un rol" in words(app)


def test_buttons_are_those_that_the_role_may_press(asked):
    assert {f"refer-{FREE}", f"places-{FREE}", f"wrong-{FREE}"} <= keys(asked())
    for actor in (NATIONAL, ELSEWHERE):
        there = keys(asked(actor))
        assert f"refer-{FREE}" not in there
        assert f"places-{FREE}" in there


def test_a_place_is_held_after_agreement_and_the_page_says_until_when(asked, directory):
    app = refer(asked())
    assert not app.exception
    assert referrals(directory) == ["held"]
    # Made on a free day it ends with a day, made on a working day at its hour.
    until = r"(?:sfârșitul zilei de )?\w+, \d+ \w+ \d{4}"
    assert re.search(rf"S-a făcut referirea R-.*Loc rezervat până la {until}", words(app))
    assert re.search(r'href="/simplu/referire/R-[^/"]+/bilet"', words(app))
    assert "2 locuri libere" in words(app)


def test_without_agreement_nothing_is_promised(asked, directory):
    app = press(press(asked(), f"refer-{FREE}"), f"go-{FREE}")
    assert "Cereți întâi acordul persoanei" in words(app)
    app = app.radio(key="temei").set_value("consent").run()
    app = press(app.text_input(key="acord_la").set_value("ieri").run(), f"go-{FREE}")
    assert "treceți data lui" in words(app)
    assert referrals(directory) == []


def test_no_ground_is_chosen_beforehand_and_the_day_of_agreement_is_kept(asked, directory):
    app = press(asked(), f"refer-{FREE}")
    assert app.radio(key="temei").value is None
    app = app.radio(key="temei").set_value("consent").run()
    press(app.text_input(key="acord_la").set_value("5.1.2026").run(), f"go-{FREE}")
    (number,) = directory.ledger.referrals(actor=TEAM)["referral_id"]
    assert directory.ledger.referral(number, actor=TEAM).consent_at == datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_a_referral_just_made_is_cancelled_with_one_press_and_its_place_comes_back(asked, directory):
    app = press(refer(asked()), f"undo-{FREE}")
    assert "a fost anulată" in words(app)
    assert referrals(directory) == ["cancelled"]
    assert "3 locuri libere" in words(app)


def test_where_places_are_unknown_a_request_is_sent_and_no_place_is_promised(asked, directory):
    app = press(asked(), f"refer-{ASKED}")
    assert app.button(key=f"go-{ASKED}").label == "Trimiteți cererea"
    app = press(app.radio(key="temei").set_value("consent").run(), f"go-{ASKED}")
    assert referrals(directory) == ["asked"]


def test_a_need_that_an_authority_answers_is_asked_for_and_has_no_limit(in_home, own_world, directory):
    app = in_home(own_world.path, actor=TEAM, loc=PARINCEA, nevoie="identity-papers")
    assert "Evidența persoanelor" in words(app)
    button = next(key for key in sorted(filter(None, keys(app))) if key.startswith("refer-0-authority"))
    app = press(app, button)
    assert "Serviciul nu are limită de locuri" in words(app)
    go = button.replace("refer", "go", 1)
    app = press(app.radio(key="temei").set_value("consent").run(), go)
    assert "S-a făcut referirea R-" in words(app)
    (made,) = directory.ledger.referrals(actor=TEAM).to_dict("records")
    assert (made["state"], made["service_id"].split(":")[0]) == ("asked", "authority")


def test_the_last_place_taken_meanwhile_is_said_and_the_next_best_is_one_press_away(asked, own_world, directory):
    small_world.report(own_world, "social:mmps:1", 1)
    app = press(asked(), f"refer-{FREE}")
    app = app.radio(key="temei").set_value("consent").run()
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=(small_world.CHILD_DAY_CENTRE,))
    referral_offers.refer(directory, "social:mmps:1", query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC))
    app = press(app, f"go-{FREE}")
    assert "Locul a fost luat între timp" in words(app)
    assert referrals(directory) == ["held"]
    app = press(app, "next-best-0")
    assert not app.exception
    assert sorted(referrals(directory)) == ["asked", "held"]
    assert "Locul a fost luat între timp" not in words(app)


def test_a_referral_that_took_the_last_place_is_still_confirmed_on_screen(asked, own_world):
    small_world.report(own_world, "social:mmps:1", 1)
    app = refer(asked())
    assert "S-a făcut referirea R-" in words(app)
    assert row_of(app, "Luminița").startswith("hs-is-full")


def test_a_second_place_for_the_same_case_has_to_be_confirmed(asked, directory):
    refer(asked())
    case = directory.ledger.referrals(actor=TEAM)["case_ref"].iloc[0]
    app = press(asked(), f"refer-{FREE}")
    app.radio(key="temei").set_value("consent")
    app = app.toggle(key="case_more").set_value(True).run()
    app = press(app.text_input(key="caz").set_value(case).run(), f"go-{FREE}")
    assert referrals(directory) == ["held"]
    app = press(app.checkbox(key="second").check().run(), f"go-{FREE}")
    assert referrals(directory) == ["held", "held"]


def test_a_remark_with_a_personal_number_is_refused_in_words(asked, directory):
    app = press(asked(), f"refer-{FREE}")
    app.radio(key="temei").set_value("consent")
    app = app.toggle(key="case_more").set_value(True).run()
    app = press(app.text_area(key="nota").set_value("sunați la 0744 123 456").run(), f"go-{FREE}")
    assert "ștergeți numărul de telefon" in words(app)
    assert referrals(directory) == []


def test_what_a_call_told_is_noted_with_one_tap_and_changes_the_row_where_it_stands(asked, directory):
    app = asked()
    before = numbered(app)
    app = press(app, f"places-{ASKED}")
    app = press(app, f"note-free-4-{ASKED}")
    assert "Am notat: 4 locuri libere" in words(app)
    known = directory.capacity_of("social:mmps:2")
    assert (known["status"], known["places_free"]) == ("free", 4)
    assert row_of(app, "Speranța").startswith("hs-is-free")
    assert numbered(app) == before


def test_a_note_is_withdrawn_through_the_ledger_and_the_list_is_as_before(asked, directory):
    before = directory.capacity_of("social:mmps:2")
    app = press(press(asked(), f"places-{ASKED}"), f"note-free-4-{ASKED}")
    app = press(app, f"untell-{ASKED}")
    assert "Nota a fost anulată" in words(app)
    assert directory.capacity_of("social:mmps:2") == before
    assert f"untell-{ASKED}" not in keys(app)


def test_a_call_without_an_answer_changes_no_place(asked, directory):
    before = directory.capacity_of("social:mmps:2")
    app = press(press(asked(), f"places-{ASKED}"), f"call-no_answer-{ASKED}")
    assert "Am notat că nu a răspuns nimeni" in words(app)
    assert "apelul nu se mai numără" in words(press(app, f"untell-{ASKED}"))
    assert directory.capacity_of("social:mmps:2") == before


def test_zero_places_is_noted_as_full(asked, directory):
    press(press(asked(), f"places-{ASKED}"), f"note-free-0-{ASKED}")
    assert directory.capacity_of("social:mmps:2")["status"] == "full"


def test_after_a_call_the_person_is_referred_from_where_the_note_stands(asked):
    app = press(press(asked(), f"places-{ASKED}"), f"note-free-4-{ASKED}")
    app = press(app, f"refer-told-{ASKED}")
    assert "Referiți persoana la: " in words(app)


def test_the_panel_names_service_and_way_and_its_button_says_until_which_working_day(asked):
    app = press(asked(), f"refer-{FREE}")
    assert re.search(
        r"Referiți persoana la: .*„Luminița”</h3>\s*<p>\d+ min, 3 locuri libere, raportat acum 2 zile", words(app)
    )
    label = app.button(key=f"go-{FREE}").label
    assert re.fullmatch(r"Rețineți locul până (luni|marți|miercuri|joi|vineri), \d+ \w+", label)


def test_a_button_names_its_service_after_what_is_read_on_it(asked):
    app = asked()
    for key, read in (
        (f"refer-{FREE}", "Referiți"),
        (f"places-{FREE}", "Am sunat"),
        (f"wrong-{FREE}", "Ceva este greșit"),
    ):
        label = app.button(key=key).label
        assert label.startswith(read)
        assert "Luminița" in label


def test_a_referral_of_today_stays_on_the_row_after_another_search(asked, directory):
    app = search_again(refer(asked()))
    (number,) = directory.ledger.referrals(actor=TEAM)["referral_id"]
    assert f"referit azi: {number}" in words(app)


def test_an_error_goes_when_its_field_is_mended(asked):
    app = press(press(asked(), f"refer-{FREE}"), f"go-{FREE}")
    assert "Cereți întâi acordul" in words(app)
    app = app.radio(key="temei").set_value("public_task").run()
    assert "Cereți întâi acordul" not in words(app)


def test_a_service_that_is_full_now_is_struck_where_it_stands_until_the_list_is_asked_again(asked, directory):
    app = asked()
    before = numbered(app)
    app = press(press(app, f"places-{FREE}"), f"note-free-0-{FREE}")
    assert directory.capacity_of("social:mmps:1")["status"] == "full"
    assert "Am notat: fără locuri" in words(app)
    assert row_of(app, "Luminița").startswith("hs-is-full")
    assert numbered(app) == before
    app = press(app, "refresh")
    assert "nu mai are locuri" in row_of(app, "Luminița")


def test_more_places_than_the_buttons_have_are_typed(asked, directory):
    app = press(press(asked(), f"places-{FREE}"), f"note-more-{FREE}")
    app = press(app.number_input(key="many_places").set_value(25).run(), f"note-many-25-{FREE}")
    assert directory.capacity_of("social:mmps:1")["places_free"] == 25
    assert "25 de locuri libere" in words(app)


def test_a_wrong_fact_goes_to_the_county_and_is_doubted_at_once(asked, directory):
    app = press(wrong(asked(), "phone"), f"send-{FREE}")
    assert [r.what for r in field_reports.listed(directory.ledger, actor=ADMIN)] == ["phone"]
    assert "Mulțumim" in words(app)
    assert "Cineva a semnalat că numărul de telefon este greșit" in words(app)


def test_choosing_what_is_wrong_sends_nothing_and_choosing_nothing_is_said(asked, directory):
    app = press(press(asked(), f"wrong-{FREE}"), f"send-{FREE}")
    assert "Alegeți ce este greșit" in words(app)
    app = app.radio(key="ce").set_value("gone").run()
    assert "Alegeți ce este greșit" not in words(app)
    assert field_reports.listed(directory.ledger, actor=ADMIN) == []


def test_the_field_that_belongs_to_a_fault_takes_what_is_right(asked, directory):
    app = wrong(asked(), "phone")
    app = press(app.text_input(key="corect").set_value("0234 555 123").run(), f"send-{FREE}")
    assert [(r.what, r.value) for r in field_reports.listed(directory.ledger, actor=ADMIN)] == [("phone", "0234555123")]


def test_a_closure_for_a_time_is_reported_with_its_days(asked, directory):
    app = press(wrong(asked(), "closed"), f"send-{FREE}")
    assert "Scrieți prima și ultima zi" in words(app)
    app = app.text_input(key="din").set_value("01.12.2030").run()
    app = press(app.text_input(key="pana").set_value("10.12.2030").run(), f"send-{FREE}")
    reported = field_reports.listed(directory.ledger, actor=ADMIN)
    assert [(each.what, each.value) for each in reported] == [("closed", "2030-12-01/2030-12-10")]
    assert "Cineva a semnalat că este închis temporar" in words(app)


def test_a_new_search_puts_the_last_ones_messages_away(asked):
    app = press(wrong(asked(), "phone"), f"send-{FREE}")
    assert "Mulțumim" in words(app)
    assert "Mulțumim" not in words(search_again(app))


def test_whatever_breaks_in_a_step_is_said_in_our_words(asked, monkeypatch):
    app = press(asked(), f"places-{FREE}")
    monkeypatch.setattr("referrals.workflow.field_intake.note_places", lambda *_, **__: 1 / 0)
    app = press(app, f"note-free-1-{FREE}")
    assert not app.exception
    assert "A apărut o eroare. Încercați din nou" in words(app)
    assert "ZeroDivision" not in words(app)


def test_a_protected_address_has_no_buttons(in_home, own_world):
    app = in_home(own_world.path, actor=TEAM, loc=PARINCEA, nevoie=small_world.SHELTER)
    assert "adresă protejată" in words(app)
    assert not {key for key in keys(app) if key and "social:mmps:6" in key}


# --- several needs, comparing -----------------------------------------------------------------------


def test_several_needs_have_an_answer_each_and_numbers_run_through_them(in_home, own_world):
    app = in_home(own_world.path, actor=TEAM, loc=PARINCEA, nevoie=[small_world.CHILD_DAY_CENTRE, "identity-papers"])
    page = words(app)
    assert not app.exception
    assert "Nevoia 1: " in page
    assert "Nevoia 2: " in page
    numbers = [int(n) for n in re.findall(r'hs-show" data-number="(\d+)"', page)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "Un singur drum" in page
    assert app.query_params["nevoie"] == [small_world.CHILD_DAY_CENTRE, "identity-papers"]


def test_one_more_need_is_asked_for_with_a_button(in_home, own_world):
    app = in_home(own_world.path, actor=TEAM, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)
    app = press(app, "one_more")
    app = press(app.text_input(key="wanted_text_2").set_value("Nu are buletin").run(), "search")
    assert "Nevoia 2: " in words(app)


def test_every_numbered_service_has_a_tick_and_a_column_of_the_comparison(asked):
    page = words(asked())
    table = re.search(r'<table class="hs-table hs-compare">.*?</table>', page, flags=re.DOTALL)[0]
    ticks = re.findall(r'class="hs-tick" data-number="(\d+)"', page)
    assert re.findall(r'scope="col" data-number="(\d+)"', table) == ticks == ["1", "2", "3", "4"]
    assert '<div class="hs-comparison" hidden>' in page
    assert "3 locuri libere" in table
    assert "<img" not in table


def test_a_team_starts_from_its_own_community(in_home, own_world):
    app = in_home(own_world.path, actor=TEAM)
    assert app.text_input(key="place_text").value == "Parincea, județul Bacău"


def test_a_tap_on_the_map_becomes_a_locality_and_no_coordinate_is_kept(in_home, own_world, monkeypatch):
    monkeypatch.setattr(
        "pages.common.map_view.st_folium", lambda *_, **__: {"last_clicked": {"lat": 46.4831, "lng": 27.1003}}
    )
    app = in_home(own_world.path, actor=NATIONAL)
    app = app.toggle(key="pick").set_value(True).run()
    assert app.text_input(key="place_text").value == "Parincea, județul Bacău"
    assert "46.48" not in repr(app.session_state)


def test_the_way_to_a_service_stands_in_its_details(asked):
    assert "întrebați dacă are loc" in words(asked())


def test_in_english_the_screen_speaks_english(in_home, own_world):
    app = in_home(own_world.path, actor=TEAM, loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE, lang="en")
    page = words(app)
    assert "Change" in {button.label for button in app.button}
    assert "call first</b>" in page
    assert "sunați înainte" not in page
    app = press(press(app, f"places-{ASKED}"), f"note-free-1-{ASKED}")
    assert "Noted: 1 free place" in words(app)


def test_a_need_for_which_nobody_had_a_place_is_counted_once(asked, directory):
    app = press(asked(), "unmet-0")
    assert "Am notat că nu s-a găsit loc" in words(app)
    assert "unmet-0" not in keys(app)
    assert directory.ledger.unmet_needs(actor=TEAM)["unmet"].tolist() == [1]
    for actor in (NATIONAL, ELSEWHERE, None):
        assert "unmet-0" not in keys(asked(actor))
