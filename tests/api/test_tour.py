"""The tour of a demonstration: every step leads somewhere, and it is there in a demonstration alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from api import tour
from api.http.dependencies import directory_for
from pages.common.sitemap import addresses
from tests.worlds.homes.atlas_world import make_atlas_world

ROLES = [each.role for each in tour.tours()]


@pytest.fixture(scope="module")
def atlas(tmp_path_factory):
    return make_atlas_world(tmp_path_factory.mktemp("tour") / "home")


@pytest.fixture
def atlas_home(atlas, monkeypatch):
    """A demonstration with communities, as a newcomer finds it."""
    monkeypatch.setenv("HARTA_HOME", str(atlas.path))
    yield
    directory_for(atlas).ledger.close()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_five_to_seven_steps_which_say_what_to_do_where_and_what_is_seen(demo, as_role, role):
    chosen = next(each for each in tour.tours() if each.role == role)
    assert 5 <= len(chosen.steps) <= 7
    page = as_role().get(f"{tour.ADDRESS}?rol={role}")
    assert page.status_code == 200
    assert all(step.do in page.text for step in chosen.steps)
    assert all(step.see in page.text for step in chosen.steps)
    assert all(step.application or step.plain for step in chosen.steps)


@pytest.mark.parametrize("role", ROLES)
def test_every_link_of_a_tour_answers_the_role_that_walks_it(atlas_home, as_role, role):
    chosen = next(each for each in tour.tours() if each.role == role)
    asking = as_role(chosen.enters_as)
    plain = {step.plain for step in chosen.steps if step.plain}
    assert plain or role == "national"
    assert {address: asking.get(address).status_code for address in plain} == dict.fromkeys(plain, 200)
    assert {urlsplit(step.application).path for step in chosen.steps if step.application} <= addresses()


def test_a_tour_signs_in_as_its_role_and_comes_back(demo, as_role):
    asking = as_role()
    page = asking.get(f"{tour.ADDRESS}?rol=judet")
    assert 'value="county:BC"' in page.text
    assert 'name="spre" value="/simplu/tur?rol=judet"' in page.text


def test_the_door_of_the_demonstration_leads_to_the_tour(demo, as_role):
    assert f'href="{tour.ADDRESS}"' in as_role().get("/intra").text


def test_a_live_home_has_no_tour(live, as_role):
    page = as_role("").get(tour.ADDRESS)
    assert page.url.path in ("/intra", "/simplu/ajutor")
    assert "Tur de cinci minute" not in page.text
