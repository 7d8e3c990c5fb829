from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from core.i18n import use_language
from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue.catalogue import make_catalogue
from providers.rules.schema import services_table
from referrals.ledger.ledger import open_ledger
from referrals.workflow.directory import Directory
from reports.documents import slip_pdf
from reports.documents.slip import Slip, follow_up_address, slip_lines, slip_of
from tests.worlds.homes.ledger_world import TEAM, Clock, refer, terms
from tests.worlds.homes.snapshots import snapshot_of

DAY = date(2026, 3, 2)
SECRET_WORDS = ("Casa Ascunsă", "Strada Tăinuită", "0234000111", "violenț", "Violenț", "droguri", "adicț", "protejat")


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(None)


def service(number: int, kind: str, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number), "name": "Centrul „Țăndărică”",
        "organization": "Asociația Șansă și Împlinire", "service_type": kind, "county": "BC", "uat_siruta": 22889,
        "locality": "Parincea", "address": "Strada Științei nr. 3", "phone": "0234000222", "hours": "luni–vineri, 8–16",
        "lat": 46.5, "lon": 27.0, "position_precision": "address", "source_row": number, "delivery": "at_site", **said,
    }  # fmt: skip


@pytest.fixture(params=["live", "demo"])
def directory(request, tmp_path, gazetteer, monkeypatch):
    home = make_home(request.param, tmp_path / "var")
    hidden = {"name": "Casa Ascunsă", "address": "Strada Tăinuită 1", "phone": "0234000111", "is_secret": True}
    catalogue = make_catalogue(
        services_table(
            [
                service(1, "8899CZ-PN-V"),
                service(2, "8790CR-VD-I", **hidden),
                service(3, "8899CZ-PN-V", access_route="medical", address=None, phone=None, hours=None),
                service(4, "8810ID-I", delivery="at_home"),
                service(6, "8899CZ-PN-V", closed_from="2099-12-01", closed_until="2099-12-09"),
                service(
                    5, "8899CZ-PN-V", name="N" * 400, organization="O " * 300, address="A " * 300, hours="H " * 300
                ),
            ]
        ),
        gazetteer,
    )
    monkeypatch.setattr(Directory, "snapshot", lambda _self: snapshot_of(catalogue, gazetteer))
    opened = Directory(home, gazetteer, open_ledger(home))
    yield replace(opened, ledger=replace(opened.ledger, clock=Clock()))
    opened.ledger.close()


def made(directory, service_id="social:mmps:1", kind="8899CZ-PN-V", **said):
    directory.ledger.report_capacity(service_id, places_free=2, source="telefon", actor=TEAM)
    return refer(directory.ledger, terms(service_id, service_type=kind), **{"need": "food", **said})


def text_of(pdf: bytes, tmp_path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here (Debian: poppler-utils)")
    (tmp_path / "bilet.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", tmp_path / "bilet.pdf", "-"], capture_output=True, check=True)
    return done.stdout.decode()


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_the_slip_says_where_when_what_to_bring_and_until_when(directory):
    referral = made(directory)
    lines = slip_lines(directory, referral)
    assert lines[0] == f"Bilet de îndrumare {referral.referral_id}"
    assert "Centrul „Țăndărică”" in lines
    assert "Adresa: Strada Științei nr. 3, Parincea" in lines
    assert "Telefon: 0234 000 222" in lines
    assert "Program: luni–vineri 8:00–16:00" in lines
    assert f"Codul cazului: {referral.case_ref}" in lines
    assert any(line.startswith("Luați cu dumneavoastră: ") for line in lines)
    assert any("46.50000, 27.00000" in line for line in lines)
    assert ("DEMONSTRAȚIE: date inventate." in lines) == directory.home.is_demo


def test_a_hold_until_midnight_ends_with_the_day_before(directory):
    referral = replace(made(directory), expires_at=datetime(2026, 3, 5, 22, 0, tzinfo=UTC))  # midnight in Bucharest
    assert "sfârșitul zilei de joi, 5 martie 2026" in slip_of(directory, referral).until
    later = replace(referral, expires_at=datetime(2026, 3, 5, 13, 0, tzinfo=UTC))
    assert "până la joi, 5 martie 2026, 15:00" in slip_of(directory, later).until


def test_a_sensitive_need_names_no_service_no_type_and_no_need(directory):
    referral = made(directory, need="drug-use")
    said = "\n".join(slip_lines(directory, referral))
    assert "Țăndărică" not in said
    assert "Asociația" not in said
    assert not any(word in said for word in SECRET_WORDS)
    assert not re.search("primări|medic|serviciu social", "\n".join(slip_of(directory, referral).way))
    office = made(directory, "social:mmps:6", "AUT-SPAS", need="drug-use")
    assert not re.search("primări|Primări|asisten", "\n".join(slip_lines(directory, office)))
    assert "0234 000 222" in said  # without a number and a place nobody would arrive
    assert "actul de identitate" in said


def test_a_protected_service_gives_no_place_no_number_and_no_name(directory, tmp_path):
    referral = made(directory, "social:mmps:2", "8790CR-VD-I", need="domestic-violence")
    said = "\n".join(slip_lines(directory, referral))
    assert "Echipa care v-a dat biletul vă spune unde și când mergeți" in said
    for text in (
        said,
        text_of(slip_pdf.render_pdf(directory, referral, base="https://exemplu.ro", made_on=DAY), tmp_path),
    ):
        assert not any(word in text for word in SECRET_WORDS)
        assert "Adresa" not in text
        assert "Telefon" not in text


def test_a_protected_service_stays_unnamed_also_for_an_ordinary_need(directory):
    referral = replace(made(directory, "social:mmps:2", "8899CZ-PN-V"), service_type="8899CZ-PN-V")
    assert not any(word in "\n".join(slip_lines(directory, referral)) for word in SECRET_WORDS)


def test_the_way_follows_the_service(directory):
    doctor = slip_of(directory, made(directory, "social:mmps:3"))
    assert any("bilet de trimitere de la medicul de familie" in step for step in doctor.way)
    assert any("Adresa exactă nu este pe hartă" in step for step in doctor.way)
    home = slip_of(directory, made(directory, "social:mmps:4", "8810ID-I"))
    assert home.way == ("Serviciul vine la dumneavoastră: nu este nevoie de drum.",)
    assert "Adresa" not in dict(home.facts)


def test_a_closure_that_comes_is_on_the_slip(directory):
    slip = slip_of(directory, made(directory, "social:mmps:6"))
    assert "Închis temporar între 01.12.2099 și 09.12.2099." in slip.way


def test_a_closed_referral_and_a_service_that_is_gone_still_make_a_slip(directory):
    referral = made(directory)
    over = slip_of(directory, directory.ledger.transition(referral.referral_id, "cancel", actor=TEAM))
    assert "nu mai este valabil" in over.until
    gone = slip_of(directory, replace(referral, service_id="social:mmps:999"))
    assert gone.service == ()
    assert gone.facts == ()
    assert pages_of(slip_pdf.page_of(gone, "", made_on=DAY)) == 1


def test_nothing_about_the_person_is_on_it_but_the_code_of_the_case(directory):
    referral = made(directory, locality_siruta=None, note="merge cu autobuzul")
    said = "\n".join(slip_lines(directory, referral))
    assert "autobuzul" not in said
    assert str(referral.uat_siruta) not in said
    assert {f.name for f in fields(Slip)} == {
        "number", "case_ref", "state", "until", "service", "facts", "bring", "way", "say", "is_quiet", "is_demo",
    }  # fmt: skip


def test_the_page_is_one_and_its_text_keeps_the_diacritics(directory, tmp_path):
    referral = made(directory)
    with use_language("en"):  # the slip is the person's, whatever the language of the screen
        pdf = slip_pdf.render_pdf(directory, referral, base="https://exemplu.ro/", made_on=DAY)
    assert pages_of(pdf) == 1
    text = text_of(pdf, tmp_path)
    for words in (
        "Bilet de îndrumare", "Centrul „Țăndărică”", "Asociația Șansă și Împlinire", "Strada Științei nr. 3",
        "Ce luați cu dumneavoastră", "Cum ajungeți", "Rămâne la serviciu", referral.referral_id, referral.case_ref,
    ):  # fmt: skip
        assert words in text
    assert ("date demonstrative" in text) == directory.home.is_demo
    assert not set(text) & set("şţŞŢ")


def test_the_longest_names_still_fit_on_one_page_above_the_part_to_tear_off(directory, tmp_path):
    pdf = slip_pdf.render_pdf(directory, made(directory, "social:mmps:5"), base="https://exemplu.ro", made_on=DAY)
    assert pages_of(pdf) == 1
    text = text_of(pdf, tmp_path)
    assert "Ce spuneți la serviciu" in text
    assert text.index("Ce spuneți la serviciu") < text.index("Rămâne la serviciu")


def test_the_same_slip_has_the_same_bytes(directory):
    referral = made(directory)
    first, second = (slip_pdf.render_pdf(directory, referral, base="https://exemplu.ro", made_on=DAY) for _ in range(2))
    assert first == second
    assert len(first) < 60_000


def test_the_code_leads_to_the_page_that_asks_who_you_are_and_carries_nothing_else(directory):
    referral = made(directory)
    address = follow_up_address("https://exemplu.ro/", referral)
    assert address == f"https://exemplu.ro/simplu/referire/{referral.referral_id}"
    assert follow_up_address("", referral) == ""


def test_a_slip_to_an_office_says_the_sure_term_of_the_law_and_to_others_none(directory):
    def term(service_id: str, kind: str, need: str) -> str:
        return dict(slip_of(directory, made(directory, service_id, kind, need=need)).facts).get("Termen", "")

    assert term("social:mmps:1", "AUT-SPAS", "utilities").startswith("Ajutorul de încălzire: 1 noiembrie")
    assert term("social:mmps:1", "8899CZ-PN-V", "utilities") == ""
    assert term("social:mmps:4", "AUT-SPAS", "emergency-aid") == ""  # its term is still to be confirmed
    assert term("social:mmps:4", "AUT-SPAS", "domestic-violence") == ""
