"""Every screen speaks English where English was chosen: nothing Romanian is left but names of places and providers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from core.i18n import use_language
from providers.finder.query_parsing import parse_query
from referrals.records.vocabulary import Actor
from referrals.workflow import referral_offers
from referrals.workflow.directory import open_directory
from tests.worlds.clients.romanian_left import left_in, texts_of
from tests.worlds.homes import small_world
from tests.worlds.homes.atlas_world import make_atlas_world

TEAM = Actor("team", "account-1", "BC", 24089)
COUNTY = Actor("county", "account-2", "BC")
NATIONAL = Actor("national", "account-3")
ADMIN = Actor("admin", "test")
PARINCEA = "24098"  # SIRUTA of the locality
OF_REGISTERS = (
    *(str(row[column]) for row in small_world.services() for column in ("name", "organization", "hours") if row.get(column)),
    "Centrul „Speranța”", "Registru inventat", "Populație inventată", "Română",
    "Centrul Județean de Resurse și de Asistență Educațională Bacău",
)  # fmt: skip
# What of an element is said to people; the rest are keys, addresses and marks for the machine.
SAID = (
    "body",
    "label",
    "help",
    "placeholder",
    "options",
    "caption",
    "value",
    "default",
    "title",
    "text",
    "formattedValue",
)


def said_by(app) -> list[str]:
    """Everything that the page says: HTML, and the words of its fields and buttons."""
    found: list[str] = []

    def walk(value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, key)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, name)
        elif isinstance(value, str) and name in SAID:
            found.extend(texts_of(value))

    for element in app:
        proto = getattr(element, "proto", None)
        if proto is not None:
            walk(MessageToDict(proto, preserving_proto_field_name=False))
    return found


def assert_english(app) -> None:
    assert not app.exception, app.exception
    texts = said_by(app)
    assert len(texts) > 5
    left = left_in(texts, OF_REGISTERS)
    assert not left, "\n".join(left)


@pytest.fixture(autouse=True)
def _in_english():
    """Speak English on this side too: AppTest writes the choices of a list here."""
    with use_language("en"):
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with services, atlas, communities, population and a referral of each kind."""
    made = make_atlas_world(tmp_path_factory.mktemp("english") / "home")
    small_world.give_population(made)
    directory = open_directory(made)
    for service, need in (
        ("social:mmps:1", small_world.CHILD_DAY_CENTRE),
        ("social:mmps:2", small_world.CHILD_DAY_CENTRE),
    ):
        query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=(need,))
        referral_offers.refer(directory, service, query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC))
    directory.ledger.close()
    return made


@pytest.fixture
def screen(in_home, home):
    def of(page="", *, actor=TEAM, **address):
        app = in_home(home.path, actor=actor, lang="en", **(address if not page else {}))
        for name, value in address.items():
            app.query_params[name] = value
        return app.switch_page(page).run(timeout=60) if page else app

    return of


def test_the_finder_before_anything_is_asked(screen):
    assert_english(screen(actor=None))


@pytest.mark.parametrize("need", ["8891CZ-C-II", "domestic-violence", "identity-papers", "child-abuse", "8790CR-C-I"])
def test_the_finder_with_an_answer(screen, need):
    assert_english(screen(loc=PARINCEA, nevoie=need))


def test_the_panels_of_a_service(screen):
    app = screen(loc=PARINCEA, nevoie=small_world.CHILD_DAY_CENTRE)
    for what in ("refer", "places", "wrong"):
        app.button(key=f"{what}-0-social:mmps:1").click().run()
        assert_english(app)


def test_the_finder_with_several_needs_and_its_trip(screen):
    app = screen(loc=PARINCEA, nevoie=[small_world.CHILD_DAY_CENTRE, "identity-papers", "no-income"])
    assert_english(app)


def test_a_word_that_nobody_understands_and_one_with_two_meanings(screen):
    app = screen(loc=PARINCEA, nevoie="food").button(key="change").click().run()
    for typed in ("qqqqqq", "beaten"):
        app.text_input(key="wanted_text").set_value(typed).run()
        assert_english(app)


@pytest.mark.parametrize("actor", [None, TEAM, COUNTY, NATIONAL])
def test_referrals(screen, actor):
    assert_english(screen("referrals.py", actor=actor))


@pytest.mark.parametrize("address", [{}, {"comunitate": "24089"}, {"comunitate": "5309"}, {"comunitate": "1"}])
def test_communities(screen, address):
    assert_english(screen("communities.py", **address))


@pytest.mark.parametrize(
    ("actor", "address"),
    [(None, {}), (COUNTY, {"serviciu": "8891CZ-C-II", "judet": "BC"}), (NATIONAL, {"serviciu": "8891CZ-C-II"}),
     (NATIONAL, {"serviciu": "food", "judet": "BC"}), (NATIONAL, {"serviciu": "8790CR-VD-I", "judet": "BC"})],
)  # fmt: skip
def test_coverage(screen, actor, address):
    assert_english(screen("coverage.py", actor=actor, **address))


@pytest.mark.slow
def test_a_scenario_of_coverage(screen):
    asked = {"serviciu": "8891CZ-C-II", "judet": "BC"}
    for part in ("lipsuri", "vecini", "masuri"):
        assert_english(screen("coverage.py", actor=COUNTY, **asked, fila=part))
    app = screen("coverage.py", actor=COUNTY, **asked, fila="ajutor")
    assert_english(app)
    app.number_input(key="cov_teams").set_value(1).run(timeout=60)
    for _each in range(2):
        app.button(key="cov_plan").click().run(timeout=60)
        assert_english(app)


@pytest.mark.parametrize("actor", [None, COUNTY, NATIONAL])
def test_reports(screen, actor):
    app = screen("figures.py", actor=actor)
    assert_english(app)


def test_reports_of_a_community_and_its_monthly_report(screen):
    app = screen("figures.py", actor=TEAM)
    app.selectbox(key="reports_region").set_value("RO21").run()
    app.selectbox(key="reports_county_RO21").set_value("BC").run()
    assert_english(app)
    app.segmented_control(key="reports_view").set_value("Monthly report").run()
    assert_english(app)


@pytest.mark.parametrize("kind", ["social", "communities", "population", "atlas-rural"])
def test_registers(screen, kind):
    app = screen("registers.py", actor=ADMIN)
    app.selectbox(key="register").select(kind).run()
    assert_english(app)
