"""Several referrals stepped at once on plain pages, taken back, and views of the queue that have a name."""

from __future__ import annotations

import re

import pytest

from tests.api.plain.test_plain_journey import number, refer
from tests.api.test_who_may import is_refused
from tests.worlds.clients.form_browser import form

STEPS, BACK, VIEWS = "/simplu/referiri/pasi", "/simplu/referiri/pasi-inapoi", "/simplu/referiri/vederi"


def state(directory, made: str) -> str:
    from referrals.ledger import lifecycle

    with directory.ledger.store.read() as connection:
        return lifecycle.by_id(connection, made).stage


@pytest.mark.parametrize("role", ["team:24089", "county:BC"])
def test_several_are_stepped_at_once_each_refusal_is_told_and_all_is_taken_back(role, demo, as_role):
    made = [number(refer(as_role())) for _turn in range(2)]
    browser = as_role(role)
    page = browser.get("/simplu/referiri")
    sent = form(page, STEPS)
    marked = [("referire", each) for each in (*made, "R-NICIUNUL")]
    told = browser.post(STEPS, [*sent.fields, *marked, ("pas", "no_show")])
    assert "Am notat la 2 referiri: persoana nu a venit. Refuzat la 1 referire." in told.text
    assert "Nu există referirea R-NICIUNUL" in told.text
    assert [state(demo, each) for each in made] == ["cancelled", "cancelled"]
    back = form(told, BACK)
    undone = browser.post(BACK, back.fields)
    assert "Pasul a fost anulat la 2 referiri." in undone.text
    assert [state(demo, each) for each in made] == ["held", "held"]
    assert browser.get(STEPS).url.path == browser.get("/simplu/referiri").url.path


@pytest.mark.parametrize("role", ["county:CJ", "national:", "admin:"])
def test_who_may_not_changes_nothing_and_keeps_no_view(role, demo, as_role):
    made = number(refer(as_role()))
    browser = as_role(role)
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    told = browser.post(STEPS, [token, ("referire", made), ("pas", "cancel"), ("cheie", "k")])
    assert "Refuzat la 1 referire." in told.text
    assert state(demo, made) == "held"
    kept = browser.post(VIEWS, [token, ("pas", "save"), ("nume", "A mea"), ("stare", "held")])
    assert is_refused(kept) is not role.startswith("county")


def test_a_provider_that_examines_is_told_and_looked_for(demo, as_role):
    team = as_role()
    made = number(refer(team))
    page = team.get(f"/simplu/referire/{made}")
    seen = team.post(f"/simplu/referire/{made}/pas", [form(page, "/pas").fields[0], ("pas", "examine"), ("cheie", "e")])
    assert "se examinează" in seen.text
    assert "Locul rămâne rezervat numai până la" in seen.text
    assert 'value="examine"' not in seen.text
    assert made in team.get("/simplu/referiri?stare=examining").text
    assert made not in team.get("/simplu/referiri?stare=asked").text


@pytest.mark.parametrize("role", ["team:24089", "county:BC"])
def test_a_view_is_kept_renamed_opened_first_and_forgotten(role, demo, as_role):
    made = number(refer(as_role()))
    browser = as_role(role)
    page = browser.get("/simplu/referiri?toate=1")
    address = page.url.path
    page = browser.get(f"{address}?stare=accepted")
    assert made not in page.text
    page = browser.submit(page, VIEWS, nume="Acceptate", pas="save")
    assert re.search(r'<a class="btn" href="[^"]*stare=accepted[^"]*" aria-current="true">Acceptate</a>', page.text)
    rename = [("vedere", "Acceptate"), ("nume", "Au spus da"), ("pas", "rename"), form(page, VIEWS).fields[0]]
    page = browser.post(VIEWS, rename)
    assert "Au spus da" in page.text
    page = browser.post(VIEWS, [("vedere", "Au spus da"), ("pas", "first"), form(page, VIEWS).fields[0]])
    assert made not in browser.get(address).text, "opens with the view"
    assert made in browser.get(f"{address}?toate=1").text
    browser.post(VIEWS, [("vedere", "Au spus da"), ("pas", "delete"), form(page, VIEWS).fields[0]])
    assert made in browser.get(address).text


def test_a_long_list_has_pages_without_a_search_too(demo, as_role, monkeypatch):
    from api.plain import referral_pages

    monkeypatch.setattr(referral_pages, "_MOST_SHOWN", 1)
    made = {number(refer(as_role())) for _turn in range(2)}
    team = as_role()
    shown = [set(re.findall(r"R-\w{10}", team.get(f"/simplu/referiri?pagina={n}").text)) for n in (1, 2)]
    assert shown[0] | shown[1] == made
    assert not shown[0] & shown[1]
