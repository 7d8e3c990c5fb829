"""The page of a referral: the provider's telephone, a call without an answer, the way to the service's page."""

from __future__ import annotations

import re

from api.http.service_links import service_address
from tests.api.plain.test_plain_journey import number, open_referrals, refer
from tests.worlds.clients.form_browser import forms


def test_a_call_without_an_answer_is_noted_and_the_referral_stays_as_it_was(demo, as_role):
    team = as_role()
    made = refer(team)
    before, places = open_referrals(demo), demo.capacity_of("social:mmps:1")
    (step,) = [each for each in forms(made) if any(button.get("value") == "no_answer" for button in each.buttons)]
    noted = team.post(step.action, [*step.fields, ("pas", "no_answer")])
    assert "Am notat că nu a răspuns nimeni" in noted.text
    assert noted.request.method == "GET"  # going back or a reload sends nothing again
    assert "În ultimele 7 zile, 1 apel fără răspuns" in noted.text
    (back,) = [each for each in forms(noted) if each.action.endswith("/nota-anulata")]
    after = team.post(back.action, dict(back.fields))
    assert "apelul nu se mai numără" in after.text
    assert "apel fără răspuns" not in after.text
    assert open_referrals(demo) == before
    assert demo.capacity_of("social:mmps:1") == places


def test_the_page_leads_to_the_service_and_its_telephone(demo, as_role):
    page = refer(as_role())
    assert f'href="{service_address("social:mmps:1")}"' in page.text
    assert re.search(r'href="tel:0234512345"', page.text)
    assert number(page) in page.text


def test_another_countys_unit_notes_no_call_at_a_referral(demo, as_role):
    made = refer(as_role())
    (step,) = [each for each in forms(made) if any(button.get("value") == "no_answer" for button in each.buttons)]
    other = as_role("county:CJ")
    token = forms(other.get("/simplu/gasiti"))[0].fields[0]
    assert other.post(step.action, [token, ("pas", "no_answer")]).status_code in (403, 404)


def test_a_referral_is_found_by_a_part_of_its_number_and_by_its_state(demo, as_role):
    team = as_role()
    made = number(refer(team))
    found = team.get(f"/simplu/referiri?numar={made[2:8].lower()}")
    assert made in found.text
    assert "1 referire găsită" in found.text
    assert len(open_referrals(demo)) == 1
    assert made not in team.get("/simplu/referiri?stare=declined").text
    assert "Nicio referire nu se potrivește." in team.get("/simplu/referiri?stare=declined").text
    assert made in team.get("/simplu/referiri?ale_mele=1").text
    assert "Nicio referire nu se potrivește." in team.get("/simplu/referiri?zile=1&stare=accepted").text
