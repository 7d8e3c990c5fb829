"""Protected records on plain pages: one unit opens each, and no address tells whether a key is protected."""

from __future__ import annotations

import re

import pytest

from providers.rules import protected_keys
from tests.api.plain.test_plain_journey import open_referrals, search
from tests.covering import each_once
from tests.worlds.clients.form_browser import form
from tests.worlds.homes import small_world

OWN, PUBLIC = "social:mmps:6", "protected:8790CR-VD-I:BC:1"
OTHERS = ["team:24089", "county:CJ", "national:", "admin:"]


def sealed(directory) -> str:
    return directory.snapshot().catalogue.sealed[PUBLIC]


def post(browser, address, service, **said):
    fields = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields
    asked = {**dict(fields), "loc": "Parincea, județul Bacău", "cuvinte": "domestic-violence", **said}
    return browser.post(address, [*asked.items(), ("serviciu", service)])


def ask_for(browser, service):
    return post(browser, "/simplu/protejat", service)


def audited(directory, after: str) -> list[str]:
    """Whose records were opened (after "") or tried at (after "refused")."""
    with directory.ledger.store.read() as connection:
        query = f"select subject from audit where action = 'secret.read' and after = '{after}'"  # noqa: S608
        return list(connection.exec_driver_sql(query).scalars())


def test_the_county_unit_opens_a_protected_record_and_the_reading_is_written(demo, as_role):
    county = as_role("county:BC")
    page = search(county, cuvinte="domestic-violence")
    assert f'value="{sealed(demo)}"' in page.text
    assert small_world.SECRET_TOWN not in page.text
    record = ask_for(county, sealed(demo))
    assert "Strada Ascunsă" in record.text
    assert record.headers["cache-control"] == "no-store"
    assert audited(demo, "") == [sealed(demo)]


def test_from_the_record_its_unit_refers_and_reports_and_nobody_sees_the_key(demo, as_role):
    county, team = as_role("county:BC"), as_role()
    record = ask_for(county, sealed(demo))
    places = county.post("/simplu/confirmare", form(record, "/simplu/referire").fields)
    told = county.submit(places, "/confirmare/noua", locuri="2")
    assert "Am notat" in told.text
    assert "locuri libere: 2, raportat azi" in ask_for(county, sealed(demo)).text
    consent = county.submit(record, "/simplu/referire")
    made = county.submit(consent, "/referire/noua", temei="consent")
    assert "loc rezervat" in made.text
    ((_number, state, *_rest),) = open_referrals(demo)
    assert state == "held"
    for page in (made, county.get(f"{made.url}/bilet"), county.get("/simplu/referiri"), team.get(f"{made.url}"),
                 team.get("/simplu/referiri")):  # fmt: skip
        assert page.status_code == 200
        assert "adresă protejată" in page.text or page.url.path.endswith("/bilet")
        for word in (OWN, protected_keys.tail_of(sealed(demo)), small_world.SECRET_TOWN, "Ascunsă"):
            assert word not in page.text
    assert "Furnizorul a acceptat" in made.text
    assert "Furnizorul a acceptat" not in team.get(f"{made.url}").text


@pytest.mark.parametrize("role", [*OTHERS, ""])
def test_nobody_else_opens_it_and_nobody_else_is_offered_to(role, demo, as_role):
    browser = as_role(role)
    offered = search(browser, cuvinte="domestic-violence").text
    assert sealed(demo) not in offered
    assert "/simplu/protejat" not in offered or role == "county:CJ"
    for key in (sealed(demo), OWN, PUBLIC):
        answer = ask_for(browser, key)
        assert "Strada Ascunsă" not in answer.text
        assert small_world.SECRET_TOWN not in answer.text
    assert audited(demo, "") == []
    assert (sealed(demo) in audited(demo, "refused")) == bool(role)


ADDRESSES = (
    "/simplu/protejat", "/simplu/referire", "/simplu/referire/noua", "/simplu/confirmare", "/simplu/confirmare/noua",
    "/simplu/confirmare/legatura",
)  # fmt: skip


@pytest.mark.parametrize(("role", "address"), each_once(list(OTHERS), ADDRESSES))
def test_no_address_tells_a_protected_key_from_one_that_does_not_exist(role, address, demo, as_role):
    browser = as_role(role)
    made = "protected:8790CR-VD-I:BC:abcdefghij234567"
    for key, nobody in ((OWN, "social:mmps:4404"), (sealed(demo), made), (PUBLIC, "protected:8790CR-VD-I:BC:77")):
        answers = [
            post(browser, address, each, temei="public_task", stare="free", locuri="3", fapta="noua", cheie=f"k{each}")
            for each in (key, nobody)
        ]
        told = [(a.status_code, re.sub(r'name="(formular|cheie_lipsa)" value="[^"]*"', "", a.text)) for a in answers]
        assert told[0][0] >= 400
        assert (told[0][0], told[0][1].replace(key, "KEY")) == (told[1][0], told[1][1].replace(nobody, "KEY"))
    assert open_referrals(demo) == []
    assert demo.ledger.capacity_now([sealed(demo), OWN, PUBLIC]).empty


def test_a_public_service_has_no_protected_record(demo, as_role):
    assert ask_for(as_role("county:BC"), "social:mmps:1").status_code == 404
