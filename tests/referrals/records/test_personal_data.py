"""Free text takes no personal number, telephone or e-mail address."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.records.ledger_errors import PersonalDataError
from referrals.records.personal_data import is_cnp, refuse_personal

WEIGHTS = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)


def made_up_cnp(twelve: str) -> str:
    rest = sum(int(d) * w for d, w in zip(twelve, WEIGHTS, strict=True)) % 11
    return twelve + str(1 if rest == 10 else rest)


@pytest.mark.parametrize(
    "text",
    [
        "CNP 1900101410013",
        "are CNP-ul 2 850214 410015",
        "1-900101-410013",
        "sunați la 0722 123 456",
        "tel. +40 722.123.456",
        "0040722123456",
        "fix 0234/512.345",
        "scrieți la cineva@exemplu.ro",
        "1900101410013,0722123456",
    ],
)
def test_a_note_that_identifies_somebody_is_refused(text):
    with pytest.raises(PersonalDataError):
        refuse_personal(text, field="Mențiuni")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Vine marți la ora 10:30, însoțită.",
        "are 3 copii, 2026-03-02, locuiește la 12 km",
        "program 08:00-16:00, dosar 1234/2025",
        "8899CZ-PN-V, vârsta 18-35",
        "are nevoie de 2 locuri din 01.03.2026 până în 31.03.2026",
    ],
)
def test_an_ordinary_note_passes(text):
    assert refuse_personal(f" {text} ", field="Mențiuni") == text


def test_the_message_does_not_repeat_what_it_refuses():
    with pytest.raises(PersonalDataError) as refused:
        refuse_personal("1900101410013", field="Mențiuni")
    assert "1900101410013" not in str(refused.value)


def test_too_long_a_note_is_refused():
    with pytest.raises(PersonalDataError, match="501"):
        refuse_personal("a" * 501, field="Mențiuni")


@settings(deadline=None)
@given(
    st.from_regex(r"[1-8][0-9]{11}", fullmatch=True),
    st.sampled_from(["", " ", "-", ".", " / "]),
    st.integers(1, 12),
)
def test_every_personal_number_is_refused_however_it_is_spaced(twelve, gap, at):
    cnp = made_up_cnp(twelve)
    assert is_cnp(cnp)
    with pytest.raises(PersonalDataError):
        refuse_personal(f"persoana {cnp[:at]}{gap}{cnp[at:]} vine", field="Mențiuni")


def test_a_wrong_check_digit_is_no_personal_number_but_is_refused_all_the_same():
    good = made_up_cnp("190010141001")
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert not is_cnp(bad)
    with pytest.raises(PersonalDataError):
        refuse_personal(bad, field="Mențiuni")
