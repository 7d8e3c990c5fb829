"""The plain pages with hostile text of a register and of people: read as typed, and the page has no other element."""

from __future__ import annotations

import pytest

from tests.api.plain.test_plain_journey import ask, refer, search
from tests.worlds.clients.api_client import ApiClient
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.clients.html_reading import Page, read
from tests.worlds.files.hostile import HOSTILE
from tests.worlds.homes import small_world

ALL = " ".join(HOSTILE)


def journey(directory, web, as_role, text: str) -> dict[str, Page]:
    """Walk the pages on which a service is named, in a world of one service that says a text wherever it can."""
    said = dict.fromkeys(("name", "organization", "locality", "address", "hours"), text)
    small_world.publish(
        directory.home, "social", [small_world.service(1, 0.05, 0.0, places_max=9, phone="0234512345", **said)]
    )
    small_world.report(directory.home, "social:mmps:1", 3)
    team = as_role()
    pages = {"answer": search(team), "question": ask(team)}
    fields = [*form(pages["answer"], "/simplu/referire").fields, ("serviciu", "social:mmps:1")]
    pages["places"] = team.post("/simplu/confirmare", fields)
    made = pages["referral"] = refer(team)
    pages["slip"] = team.get(f"{made.url}/bilet")
    pages["referrals"] = team.get("/simplu/referiri")
    pages["pack"] = team.get("/simplu/judet/BC.html")
    linked = team.submit(made, "/legatura").text
    address = next(each for each in read(linked).said if "/l/" in each)
    pages["service"] = team.get("/simplu/serviciu/social:mmps:1")
    pages["provider"] = Browser(web, base="http://harta.example").get("/l/" + address.split("/l/")[1])
    assert [name for name, page in pages.items() if page.status_code != 200] == []
    return {name: read(page.text) for name, page in pages.items()}


@pytest.fixture
def walked(demo, web, as_role):
    usual = journey(demo, web, as_role, "Text")
    return usual, journey(demo, web, as_role, ALL)


def test_hostile_text_of_a_register_is_read_as_typed_on_every_plain_page_and_adds_no_element(walked):
    usual, hostile = walked
    for name, page in hostile.items():
        assert page.holds(ALL), name
        assert set(page.elements) <= set(usual[name].elements), name
        assert [to for to in page.addresses if "evil" in to and "?" not in to] == [], name


def test_what_a_person_types_comes_back_as_typed(demo, as_role):
    usual = read(search(as_role(), loc="nicăieri").text)
    for text in HOSTILE:
        page = read(search(as_role(), loc=text).text)
        assert page.holds(text), text
        assert set(page.elements) <= set(usual.elements), text


def test_the_longest_name_that_a_browser_gives_a_server_breaks_no_page(web, demo):
    answer = ApiClient(web).get("/simplu/serviciu/social:mmps:1", headers={"Host": "a" * 5_000})
    assert answer.status_code == 200
    assert "a" * 301 not in answer.text
