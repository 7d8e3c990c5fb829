from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.rules import taxonomy
from providers.rules.secrecy import is_secret

DAY_CENTRE, AGED, PLACEMENT_URGENT = "8899CZ-PN-V", "8730CR-V-I", "8790CR-C-II"


@pytest.mark.parametrize("code", ["8790CR-VD-I", "8790CR-VD-II", "8790CR-VD-III", "8790CR-VTP-I", "8790CR-VTP-II"])
def test_shelters_are_secret_by_their_code_whatever_their_name(code):
    assert is_secret(code, "Cămin pentru persoane vârstnice")
    assert taxonomy.service_type(code).is_secret


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (AGED, "Centrul de recuperare pentru victimele violenței domestice"),
        (AGED, "Centrul de primire în regim de urgență a femeilor și copiilor victime ale violenței domestice"),
        (AGED, "Centrul de consiliere pentru victime ale violenței domestice"),  # code and name disagree: protected
        ("8790CR-D-VII", "CENTRUL DE RECUPERARE PENTRU VICTIMELE VIOLENŢEI ÎN FAMILIE"),
        ("8790CR-MC-I", "Centrul de urgență pentru femeia și copilul abuzat"),
        ("8891CZ-C-IV", "Adăpost pentru femei și copii victime ale violenței domestice"),
        (DAY_CENTRE, "Centrul de primire în regim de urgență a victimelor traficului de persoane"),
        (DAY_CENTRE, "Locuință protejată pentru victime"),
        ("cod greșit", "Centrul pentru victimele violenței în familie"),
    ],
)
def test_a_shelter_under_another_code_is_secret_by_its_name(code, name):
    assert is_secret(code, name)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (DAY_CENTRE, "Centrul pentru prevenirea și combaterea violenței în familie"),
        ("8899CZ-VD-I", "Centrul de consiliere pentru prevenirea și combaterea violenței în familie"),
        (DAY_CENTRE, "Centrul de consiliere pentru copilul abuzat, neglijat, exploatat"),
        (PLACEMENT_URGENT, "Centrul de primire în regim de urgență pentru copilul abuzat, neglijat, exploatat"),
        ("8790CR-PFA-II", "Adăpost de noapte"),
        ("8790CR-MC-I", "Centrul maternal"),
        (AGED, "Casa Mama Margareta"),
        ("8899CZ-PN-I", "Centrul de primire pentru victimele inundațiilor"),
        ("8899CZ-VD-III", "Centrul de asistență destinat agresorilor"),
        (AGED, "Locuință pentru agresori, prevenirea violenței"),
        ("8730CR-V-III", "Locuință protejată"),
    ],
)
def test_day_centres_and_other_shelters_are_not_secret(code, name):
    assert not is_secret(code, name)


def test_a_row_marked_by_the_register_is_secret():
    assert is_secret(DAY_CENTRE, "Centru de zi", marked="DA")
    assert not is_secret(DAY_CENTRE, "Centru de zi", marked="nu")


@pytest.mark.parametrize(
    "marked",
    ["da!", "da, conform legii", "confidențială", "Adresă secretă", "✓", "+", "*", "nu se publică", "2", "ｄａ", "DА"],
)
def test_a_mark_that_is_no_plain_no_protects_the_address(marked):
    assert is_secret(DAY_CENTRE, "Centru de zi", marked=marked)


@pytest.mark.parametrize("marked", ["", " ", "-", "–", "Nu.", "NU", "0", "0.0", "FALSE", "nu este", "public", "n/a"])
def test_a_plain_no_leaves_the_address_public(marked):
    assert not is_secret(DAY_CENTRE, "Centru de zi", marked=marked)


@pytest.mark.parametrize(
    "address",
    ["Adresă confidențială", "adresa protejată", "nu se publică", "Adresa nu este publică", "nepublică",
     "nu se divulgă", "Locație protejată"],
)  # fmt: skip
def test_an_address_withheld_in_words_is_secret(address):
    assert is_secret(DAY_CENTRE, "Centru de zi", address=address)


@given(st.text(max_size=30), st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_judged(code, name, address):
    assert is_secret(code, name, address=address) in (True, False)
    assert is_secret("8790CR-VD-I", name, address=address)
