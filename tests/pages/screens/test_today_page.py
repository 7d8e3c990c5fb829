"""„Astăzi” under AppTest: what `/` opens on, each thing with its action, and nothing of another area."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pages.common.sitemap import TODAY
from providers.finder.query_parsing import parse_query
from referrals.field import field_reports
from referrals.records.vocabulary import Actor
from referrals.today import team_work
from referrals.workflow import field_intake, referral_offers
from referrals.workflow.directory import open_directory
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

TEAM, COUNTY = Actor("team", "account-1", "BC", 24089), Actor("county", "account-9", "BC")


@pytest.fixture
def own_world(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return small_world.make_world(tmp_path / "home")


@pytest.fixture
def directory(own_world):
    opened = open_directory(own_world)
    yield opened
    opened.ledger.close()


@pytest.fixture(autouse=True)
def _terms_are_near(monkeypatch):
    """Over holidays a term may be further away than a week."""
    monkeypatch.setattr(team_work, "SOON", timedelta(days=60))


def refer(directory):
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=(small_world.CHILD_DAY_CENTRE,))
    return referral_offers.refer(
        directory, "social:mmps:1", query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC)
    )


def state(directory, made) -> str:
    return directory.ledger.referral(made.referral_id, actor=TEAM).state


@pytest.mark.parametrize(
    ("actor", "address", "first"),
    [
        (None, {}, "De ce are nevoie?"),
        (TEAM, {}, "Nimic nu așteaptă."),
        (TEAM, {"loc": "24098"}, "De ce are nevoie?"),
        (COUNTY, {}, "În județ"),
        (Actor("national", "account-2"), {}, "Ce nu merge"),
    ],
)
def test_the_start_page_is_the_work_of_a_role_and_for_nobody_or_a_question_the_finder(
    in_home, own_world, actor, address, first
):
    app = in_home(own_world.path, actor=actor, page="", **address)
    assert not app.exception
    shown = words(app) + " ".join(field.label for field in app.text_input)
    assert first in shown


def test_who_did_not_come_is_asked_why_before_the_referral_ends(in_home, own_world, directory):
    made = refer(directory)
    directory.ledger.transition(made.referral_id, "accept", actor=TEAM)
    app = in_home(own_world.path, actor=TEAM, page=TODAY)
    assert not [button for button in app.button if button.key == f"today-cancel-{made.referral_id}"]
    app.button(key=f"today-cancel-unreachable-{made.referral_id}").click().run()
    assert state(directory, made) == "cancelled"
    assert f"{made.referral_id}: referirea este anulată." in words(app)


def test_each_step_is_one_press_on_its_row(in_home, own_world, directory):
    made = refer(directory)
    app = in_home(own_world.path, actor=TEAM, page=TODAY)
    assert "Așteaptă răspunsul: " in words(app)
    assert 'href="tel:' in words(app)
    app.button(key=f"today-unanswered-{made.referral_id}").click().run()
    app.button(key="untell-today").click().run()
    assert "apelul nu se mai numără" in words(app)
    app.button(key=f"today-unanswered-{made.referral_id}").click().run()
    assert state(directory, made) == "held"
    app.button(key=f"today-accept-{made.referral_id}").click().run()
    assert state(directory, made) == "accepted"
    app.button(key=f"today-start-{made.referral_id}").click().run()
    assert not app.exception
    assert state(directory, made) == "started"
    assert "persoana a ajuns" in words(app)


def test_a_refusal_with_its_reason_offers_next_services_at_once(in_home, own_world, directory):
    made = refer(directory)
    app = in_home(own_world.path, actor=TEAM, page=TODAY)
    app.button(key=f"today-decline-no_places-{made.referral_id}").click().run()
    assert state(directory, made) == "declined"
    assert "Căutați din nou cu aceleași date" in words(app)
    app.button(key=f"today-next-{made.referral_id}-0").click().run()
    moved = directory.ledger.referrals(actor=TEAM, states=("held", "asked"))
    assert list(moved["replaces"]) == [made.referral_id]
    assert list(moved["case_ref"]) == [made.case_ref]


@pytest.mark.parametrize("actor", [Actor("team", "x", "BC", 22889), Actor("county", "x", "CJ"), Actor("national", "x")])
def test_the_work_of_another_area_never_shows(in_home, own_world, directory, actor):
    made = refer(directory)
    app = in_home(own_world.path, actor=actor, page=TODAY)
    assert not app.exception
    assert made.referral_id not in words(app)
    assert made.case_ref not in words(app)


def test_a_county_unit_settles_a_signal_where_it_begins(in_home, own_world, directory):
    made = field_intake.report_wrong(directory, "social:mmps:1", what="phone", actor=TEAM, value="0234 555 123")
    app = in_home(own_world.path, actor=COUNTY, page=TODAY)
    app.button(key=f"signal-accept-{made.report_id}").click().run()
    assert not app.exception
    assert field_reports.by_id(directory.ledger, made.report_id).state == "accepted"
    assert app.button(key="signal-undo"), "the last signal's decision has its way back too"
    assert "Nimic nu așteaptă." in words(app)


def test_that_nothing_waits_is_said_only_where_no_signal_waits_above(in_home, own_world, directory):
    field_intake.report_wrong(directory, "social:mmps:1", what="phone", actor=TEAM, value="0234 555 123")
    app = in_home(own_world.path, actor=COUNTY, page=TODAY)
    assert not app.exception
    assert "Nimic nu așteaptă." not in words(app)
