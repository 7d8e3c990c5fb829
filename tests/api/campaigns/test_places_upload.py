"""Places from a file on plain pages: shown before they are stored, all or nothing, and only one's own."""

from __future__ import annotations

import pytest

from referrals.ledger import provider_tokens
from tests.worlds.clients.form_browser import Browser, form

PAGE = "/simplu/locuri-din-fisier"
GOOD = "Cod serviciu;Locuri libere;Locuri în total\nsocial:mmps:1;4;10\n"


@pytest.fixture
def unit(demo, as_role):
    return as_role("county:BC")


def send(browser, address: str, fields: dict[str, str], file: str = ""):
    lines = []
    for name, value in fields.items():
        lines += ["--x", f'Content-Disposition: form-data; name="{name}"', "", value]
    if file:
        lines += ["--x", 'Content-Disposition: form-data; name="fisier"; filename="locuri.csv"',
                  "Content-Type: text/csv", "", file]  # fmt: skip
    body = "\r\n".join([*lines, "--x--", ""])
    return browser._ask("POST", address, body, {"Content-Type": "multipart/form-data; boundary=x"})


def hidden(page) -> dict[str, str]:
    return dict(form(page, "").fields)


def free(demo) -> int:
    return int(demo.ledger.capacity_now(["social:mmps:1"])["places_free"].iloc[0])


def test_a_file_is_shown_and_stored_only_when_that_is_confirmed(unit, demo):
    before = free(demo)
    seal = {"formular": hidden(unit.get(PAGE))["formular"]}
    shown = send(unit, PAGE, seal, GOOD)
    assert "1 serviciu în fișier" in shown.text
    assert free(demo) == before
    carried = hidden(shown)
    done = send(unit, PAGE, {**carried, "pas": "store"})
    assert "Am notat locurile la 1 serviciu" in done.text
    assert free(demo) == 4
    assert "Încărcați fișierul din nou" in send(unit, PAGE, {**carried, "randuri": "x", "pas": "store"}).text


def test_a_bad_row_is_named_with_row_column_found_and_expected_and_nothing_is_stored(unit, demo):
    before = free(demo)
    seal = {"formular": hidden(unit.get(PAGE))["formular"]}
    bad = send(unit, PAGE, seal, GOOD + "social:mmps:2;multe;\nnimeni;1;\n")
    assert bad.status_code == 400
    assert "Rândul 2 de sub antet, coloana „Locuri libere”: am găsit „multe”" in bad.text
    assert "Rândul 3" in bad.text
    assert free(demo) == before


def test_other_titles_are_mapped_by_hand(unit):
    seal = {"formular": hidden(unit.get(PAGE))["formular"]}
    strange = GOOD.replace("Locuri libere", "Disponibilitate azi")
    assert "lipsește coloana „Locuri libere”" in send(unit, PAGE, seal, strange).text
    assert "1 serviciu în fișier" in send(unit, PAGE, {**seal, "titlu_free": "Disponibilitate azi"}, strange).text


@pytest.mark.parametrize("role", ["team:24089", "national:"])
def test_nobody_but_county_and_administrator_uploads(demo, as_role, role):
    assert as_role(role).get(PAGE).status_code == 403


def test_a_provider_uploads_its_own_by_its_link_and_nothing_else(web, unit, demo):
    key = "social:mmps:1"
    unit_actor = demo_unit()
    token = provider_tokens.make_service_link(demo.ledger, key, county="BC", actor=unit_actor)
    provider = Browser(web)
    address = f"/l/{token}/fisier"
    seal = {"formular": hidden(provider.get(address))["formular"]}
    other = send(provider, address, seal, GOOD.replace("mmps:1", "mmps:2"))
    assert "codul sau numele unui serviciu al dumneavoastră" in other.text
    shown = send(provider, address, seal, GOOD)
    assert "Am notat locurile" in send(provider, address, {**hidden(shown), "pas": "store"}).text
    assert free(demo) == 4
    assert provider.get("/l/WyJMLTEyMyJd.abc/fisier").status_code == 404


def demo_unit():
    from referrals.records.vocabulary import Actor

    return Actor("county", "demo-county", "BC")
