from __future__ import annotations

from datetime import UTC, datetime

import pytest

from providers.finder.query_parsing import parse_query
from referrals.field import field_reports
from referrals.records.vocabulary import Actor
from referrals.workflow import field_intake, referral_offers
from referrals.workflow.directory import open_directory
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

TEAM = Actor("team", "account-1", "BC", 24089)
NATIONAL = Actor("national", "account-2")


@pytest.fixture
def own_world(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return small_world.make_world(tmp_path / "home")


@pytest.fixture
def directory(own_world):
    opened = open_directory(own_world)
    yield opened
    opened.ledger.close()


def refer(directory, service="social:mmps:1"):
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=(small_world.CHILD_DAY_CENTRE,))
    return referral_offers.refer(directory, service, query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC))


def show(in_home, home, actor=TEAM):
    return in_home(home.path, actor=actor).switch_page("referrals.py").run()


def state(directory, referral):
    return directory.ledger.referral(referral.referral_id, actor=TEAM).state


def test_nobody_sees_a_referral_without_a_role(in_home, own_world, directory):
    made = refer(directory)
    page = words(show(in_home, own_world, None))
    assert "Alegeți un rol" in page
    assert made.referral_id not in page


def test_an_empty_list_says_what_to_do(in_home, own_world):
    assert "Nu aveți referiri deschise" in words(show(in_home, own_world))


def test_what_is_open_is_shown_with_what_to_do_next_and_its_buttons(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world)
    assert not app.exception
    assert "Loc rezervat până la" in words(app)
    app.button(key=f"accept-{made.referral_id}").click().run()
    assert state(directory, made) == "accepted"
    assert "Însoțiți persoana" in words(app)
    app.button(key=f"start-{made.referral_id}").click().run()
    assert state(directory, made) == "started"


def test_the_slip_to_print_is_one_tap_away(in_home, own_world, directory):
    made = refer(directory)
    assert f'href="/simplu/referire/{made.referral_id}/bilet.pdf"' in words(show(in_home, own_world))


def test_who_is_at_the_service_is_folded_below_what_waits(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world)
    app.button(key=f"accept-{made.referral_id}").click().run()
    assert not [each.label for each in app.expander if each.label.startswith("La serviciu")]
    app.button(key=f"start-{made.referral_id}").click().run()
    assert [each.label for each in app.expander if each.label.startswith("La serviciu")] == ["La serviciu: 1 persoană"]
    assert app.button(key=f"complete-{made.referral_id}")


def test_a_refusal_needs_its_reason_and_is_moved_on_with_one_button(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world)
    app.button(key=f"decline-{made.referral_id}").click().run()
    assert "Alegeți motivul." in words(app)
    assert state(directory, made) == "held"
    app.selectbox(key=f"reason-decline-{made.referral_id}").select("no_places").run()
    app.button(key=f"decline-{made.referral_id}").click().run()
    assert state(directory, made) == "declined"
    app.button(key=f"next-{made.referral_id}").click().run()
    moved = directory.ledger.referrals(actor=TEAM, states=("held", "asked"))
    assert list(moved["replaces"]) == [made.referral_id]
    assert list(moved["case_ref"]) == [made.case_ref]
    assert "De mutat" not in words(app)


def test_an_open_referral_is_moved_in_one_step_and_its_place_comes_back(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world)
    app.button(key=f"next-{made.referral_id}").click().run()
    assert state(directory, made) == "cancelled"
    assert directory.capacity_of("social:mmps:1")["places_free"] == 3


def test_a_referral_of_another_community_is_not_there(in_home, own_world, directory):
    made = refer(directory)
    other = Actor("team", "account-3", "BC", 22889)
    assert made.referral_id not in words(show(in_home, own_world, other))


def test_the_nation_sees_counts_and_no_case(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world, NATIONAL)
    assert "<td>1</td>" in words(app)
    assert "Bacău" in words(app)
    assert made.referral_id not in words(app)
    assert made.case_ref not in words(app)


def test_a_sensitive_need_is_not_named(in_home, own_world, directory):
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", needs=(small_world.HELPLINE_NEED,))
    offer = next(o for o in referral_offers.offers(directory.ask(query)) if getattr(o, "why", "") != "secret")
    referral_offers.refer(directory, offer.service_id, query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC))
    page = words(show(in_home, own_world))
    assert "nevoie confidențială" in page
    assert "violen" not in page.lower()


def test_a_live_home_shows_no_page_without_a_session(in_home, tmp_path):
    home = small_world.make_world(tmp_path / "live", mode="live")
    app = in_home(home.path, actor=None)
    assert "Autentificare" in words(app)
    assert "De ce are nevoie" not in words(app)
    assert not app.text_input


def test_a_referral_that_has_ended_offers_no_slip(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world)
    app.selectbox(key=f"reason-decline-{made.referral_id}").select("no_places").run()
    app.button(key=f"decline-{made.referral_id}").click().run()
    assert state(directory, made) == "declined"
    assert "bilet.pdf" not in words(app)


COUNTY = Actor("county", "account-9", "BC")


def test_a_county_unit_settles_a_signal_with_one_press(in_home, own_world, directory):
    made = field_intake.report_wrong(directory, "social:mmps:1", what="phone", actor=TEAM, value="0234 555 123")
    assert "De verificat" not in words(show(in_home, own_world))
    app = show(in_home, own_world, COUNTY)
    assert "propus: 0234 555 123" in words(app)
    app.button(key=f"signal-accept-{made.report_id}").click().run()
    assert not app.exception
    assert field_reports.by_id(directory.ledger, made.report_id).state == "accepted"
    assert "este acceptat" in words(app)


def test_a_county_unit_sees_its_queue_as_a_table_with_filters(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world, COUNTY)
    assert not app.exception
    assert f'href="/simplu/referire/{made.referral_id}"' in words(app)
    app.segmented_control(key="queue_part").set_value("closed").run()
    assert f'href="/simplu/referire/{made.referral_id}"' not in words(app)
    assert "Închise fără rezultat: 0" in str(app.segmented_control(key="queue_part").options)


def test_a_county_unit_makes_a_providers_link_from_one_list(in_home, own_world):
    app = show(in_home, own_world, COUNTY)
    app.checkbox(key="provider_fresh").set_value(True).run()
    app.selectbox(key="provider_chosen").set_value("social:mmps:1").run()
    app.button(key="provider_link").click().run()
    assert not app.exception
    assert "/l/" in words(app)


def test_several_referrals_are_stepped_at_once_and_taken_back(in_home, own_world, directory):
    made = [refer(directory), refer(directory)]
    app = show(in_home, own_world)
    app.multiselect(key="bulk_numbers").set_value([each.referral_id for each in made])
    app.selectbox(key="bulk_step").select("no_show")
    app.button(key="bulk_take").click().run()
    assert not app.exception
    assert "Am notat la 2 referiri: persoana nu a venit." in words(app)
    assert {state(directory, each) for each in made} == {"cancelled"}
    app.button(key="bulk_undo").click().run()
    assert {state(directory, each) for each in made} == {"held"}
    assert "Pasul a fost anulat la 2 referiri." in words(app)


def test_a_view_is_kept_and_the_queue_opens_with_it(in_home, own_world, directory):
    made = refer(directory)
    app = show(in_home, own_world, COUNTY)
    app.selectbox(key="queue_state").select("accepted").run()
    assert made.referral_id not in words(app)
    app.text_input(key="queue_name").set_value("Acceptate").run()
    app.button(key="queue_keep").click().run()
    app.button(key="queue_first").click().run()
    assert not app.exception
    again = show(in_home, own_world, COUNTY)
    assert again.selectbox(key="queue_state").value == "accepted"
    again.selectbox(key="queue_state").select("").run()
    assert made.referral_id in words(again)
    again.text_input(key="queue_number").set_value(made.referral_id[2:8].lower()).run()
    assert made.referral_id in words(again)
    again.text_input(key="queue_number").set_value("NIMIC").run()
    assert made.referral_id not in words(again)
