"""What a plan takes: no person, no case, no sign that nobody sees; terms as people write them."""

from __future__ import annotations

import pytest

from cases.community.plan_texts import term_words, tidy_words, typed_term
from core.errors import BadValueError
from referrals.records.ledger_errors import PersonalDataError


@pytest.mark.parametrize(
    "text",
    [
        "sunați la 0744 123 456",
        "cnp 1 960101 040017",
        "scrieți la primar@exemplu.ro",
        "RO49AAAA1B31007593840000",
        "pentru C-23456-789AB",
        "cazul c - 23456 - 789ab",
        "gospodăria H-23456-789AB",
        "vorbim cu dl. Ionescu",
        "doamna Popescu merge la primărie",
        "d-na Vasilescu",
        "medicul, dr. Georgescu",
        "numitul Xulescu",
        "domnul\u200b Ionescu",
        "DOAMNA POPESCU",
        "sunați-l pe DL. Popa",
        "cazul C–23456–789AB",
        "cazul C_23456_789AB",
        "cazul C 23456 789AB",
        "cazul C23456789AB",
        "cazul C\u2011ABCDE\u2011FGHJK",
    ],
)
def test_a_text_that_says_who_somebody_is_is_refused(text):
    with pytest.raises(PersonalDataError):
        tidy_words(text, field="Motivul", most=500)


@pytest.mark.parametrize(
    "text",
    [
        "Înțelegere cu spitalul „Dr. Victor Gomoiu”: două locuri pe lună",
        "12 oameni fără buletin în 2026; 3 din 4 sate nu au autobuz",
        "Legea 292/2011, art. 46; HG 797/2017",
        "Caravana vine joi, 12.03.2026, ora 10",
        "Transport la Spitalul Dr. Tr. Severin, cu DNA Bacău și dispensarul C. Negre parte",
    ],
)
def test_what_plans_are_made_of_is_taken_as_it_is(text):
    assert tidy_words(text, field="Motivul", most=500) == text


def test_signs_that_nobody_sees_go_and_lines_become_one():
    said = tidy_words(" o\x00 zi\n pe\u202e lună\ud800 ", field="Motivul", most=30)
    assert said == "o zi pe lună"
    assert tidy_words("<script>alert(1)</script>", field="Motivul", most=30) == "<script>alert(1)</script>"
    assert tidy_words(" \u200b ", field="Rezultatul", most=30, may_be_blank=True) == ""
    for text in (" \u200b ", "x" * 31):
        with pytest.raises(BadValueError, match="Motivul"):
            tidy_words(text, field="Motivul", most=30)


@pytest.mark.parametrize(
    ("typed", "due", "said"),
    [
        ("2026", "2026-12-31", "2026"),
        (" 2.2028 ", "2028-02-29", "02.2028"),
        ("30.06.2027", "2027-06-30", "06.2027"),
        ("2027-06-15", "2027-06-15", "15.06.2027"),
    ],
)
def test_a_term_is_a_year_a_month_or_a_day(typed, due, said):
    assert typed_term(typed, 2026) == due
    assert term_words(due) == said


@pytest.mark.parametrize("typed", ["", "mâine", "13.2026", "31.02.2027", "2025", "2032", "20266", "٢٠٢٦", "0.2026"])
def test_what_is_no_term_of_the_plan_is_refused(typed):
    with pytest.raises(BadValueError):
        typed_term(typed, 2026)
