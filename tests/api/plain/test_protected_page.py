from __future__ import annotations

import pytest
from test_plain_journey import search

from tests.worlds import small_world
from tests.worlds.form_browser import form

SECRET = "social:6"  # noqa: S105 - a service, not a password


def ask_for(browser, service=SECRET):
    token = form(browser.get("/simplu"), "/simplu/raspuns").fields[0]
    return browser.post("/simplu/protejat", [token, ("serviciu", service)])


def readings(directory) -> list[str]:
    with directory.ledger.store.read() as connection:
        return list(connection.exec_driver_sql("select subject from audit where action = 'secret.read'").scalars())


def test_the_county_unit_opens_a_protected_record_and_the_reading_is_written(demo, as_role):
    county = as_role("county:BC")
    page = search(county, cuvinte="domestic-violence")
    assert "/simplu/protejat" in page.text
    assert small_world.SECRET_TOWN not in page.text
    record = ask_for(county)
    assert "Strada Ascunsă" in record.text
    assert record.headers["cache-control"] == "no-store"
    assert readings(demo) == [SECRET]


@pytest.mark.parametrize("role", ["team:24089", "county:CJ", "national:", "admin:", ""])
def test_nobody_else_opens_it_and_nobody_else_is_offered_to(role, demo, as_role):
    browser = as_role(role)
    offered = search(browser, cuvinte="domestic-violence").text
    assert f'value="{SECRET}"' not in offered
    answer = ask_for(browser)
    assert "Strada Ascunsă" not in answer.text
    assert small_world.SECRET_TOWN not in answer.text
    assert readings(demo) == []


def test_a_public_service_has_no_protected_record(demo, as_role):
    assert ask_for(as_role("county:BC"), "social:1").status_code == 404
