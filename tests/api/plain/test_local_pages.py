"""Local knowledge on plain pages: the form, the list with its buttons, the calendar, and who may."""

from __future__ import annotations

import pytest

from tests.api.plain.test_plain_journey import ONE_PAGE
from tests.worlds.clients.form_browser import forms

TYPED = {
    "nume": "Parohia <b>Parincea</b>", "ofera": "Haine pentru copii", "loc": "Parincea, Bacău", "nevoie": "clothes",
    "cuvinte": "", "telefon": "0234 000 111", "zile": "prima joi din lună",
}  # fmt: skip


def add(browser, **said):
    return browser.submit(browser.get("/simplu/local/formular"), "/simplu/local/nou", **{**TYPED, **said})


def test_a_team_adds_it_and_finds_it_in_the_answer_beside_the_registers(demo, as_role):
    browser = as_role()
    page = add(browser)
    assert page.status_code == 200
    assert len(page.content) <= ONE_PAGE
    assert "Parohia &lt;b&gt;Parincea&lt;/b&gt;" in page.text
    assert "prima joi din lună" in page.text
    found = browser.submit(
        browser.get("/simplu/gasiti"), "/simplu/raspuns", loc="Parincea, Bacău", nevoie="clothes", cuvinte=""
    )
    assert "resursă locală, neverificată" in found.text
    assert "vine joi, " in found.text
    assert 'href="tel:0234000111"' in found.text
    assert "<b>Parincea" not in found.text


def test_the_form_stays_filled_where_something_is_wrong_and_nothing_is_stored(demo, as_role):
    browser = as_role()
    for wrong in ({"telefon": "seara"}, {"zile": "cândva"}, {"ofera": "sunați la 0722 123 456"}, {"cuvinte": "xyzq"}):
        page = add(browser, **wrong)
        assert page.status_code == 400
        assert "Parohia &lt;b&gt;" in page.text
        assert len(page.content) <= ONE_PAGE
    assert "Parohia" not in browser.get("/simplu/local").text


def test_what_is_wrong_is_said_at_its_field_all_of_it_at_once(demo, as_role):
    wrong = {
        "nume": "", "ofera": "sunați la 0722 123 456", "loc": "Nicăierești", "nevoie": "", "telefon": "seara",
        "zile": "cândva", "reconfirmare": "demult", "primiti": "x" * 250,
    }  # fmt: skip
    page = add(as_role(), **wrong)
    assert page.status_code == 400
    assert "Corectați câmpurile marcate" in page.text
    for field in ("nume", "ofera", "loc", "cuvinte", "telefon", "zile", "reconfirmare", "primiti"):
        assert f'id="{field}-err" role="alert"' in page.text, field
        assert f'aria-describedby="{field}-err"' in page.text, field
    assert 'id="program-err"' not in page.text
    right = add(as_role(), telefon="seara")
    assert [name for name in ("nume", "ofera", "loc", "cuvinte", "zile") if f'id="{name}-err"' in right.text] == []
    assert "„seara” nu este un număr" in right.text


def test_the_county_unit_checks_and_the_team_takes_it_out_and_puts_it_back(demo, as_role):
    team = as_role()
    add(team)
    county = as_role("county:BC")
    (entry,) = [form for form in forms(county.get("/simplu/local")) if form.action.endswith("/pas")]
    checked = county.submit(county.get("/simplu/local"), entry.action, button=("pas", "check"))
    assert "verificată de UJSS la" in checked.text
    removed = team.submit(team.get("/simplu/local"), entry.action, button=("pas", "remove"))
    assert "scos" in removed.text
    back = team.submit(team.get("/simplu/local"), entry.action, button=("pas", "put_back"))
    assert "resursă locală, neverificată" in back.text


def test_another_county_sees_nothing_and_a_step_typed_by_hand_is_refused(demo, as_role):
    team = as_role()
    add(team)
    (entry,) = [form for form in forms(team.get("/simplu/local")) if form.action.endswith("/pas")]
    other = as_role("county:VS")
    assert "Parohia" not in other.get("/simplu/local").text
    assert "Parohia" not in other.get("/simplu/calendar.csv").text
    seal = dict(forms(other.get("/simplu/gasiti"))[0].fields)["formular"]
    refused = other.post(entry.action, {"formular": seal, "pas": "remove"})
    assert refused.status_code == 403
    assert "Parohia" in team.get("/simplu/local").text
    checked = team.post(entry.action, {"formular": dict(entry.fields)["formular"], "pas": "check"})
    assert checked.status_code == 403


def test_the_calendar_comes_as_a_file_and_the_national_level_adds_nothing(demo, as_role):
    add(as_role(), nume="=HYPERLINK(1)")
    file = as_role().get("/simplu/calendar.csv")
    assert file.headers["content-type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in file.text
    assert as_role("national").get("/simplu/local/formular").status_code == 403


@pytest.mark.parametrize("page", ["/simplu/local", "/simplu/calendar.csv"])
def test_nobody_without_a_session_reads_it_in_a_live_home(live, as_role, page):
    assert "/intra" in str(as_role("").get(page).url)


def test_the_calendar_and_the_pack_of_a_county_keep_to_who_may_read_them(demo, as_role):
    add(as_role())
    for role, sees in (("team:24089", True), ("county:BC", True), ("national", True), ("county:VS", False)):
        browser = as_role(role)
        assert ("Parohia" in browser.get("/simplu/calendar.csv").text) == sees, role
        assert ("Parohia" in browser.get("/simplu/judet/BC.html").text) == sees, role
