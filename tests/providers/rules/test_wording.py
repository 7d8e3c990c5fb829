"""Reasons and states in words, as a social assistant would say them."""

from datetime import date

import pytest

from providers.catalogue.eligibility import REASONS
from providers.rules.wording import age_words, day_words, places_words, refusal_words


def test_every_reason_has_words_of_its_own():
    said = [refusal_words(reason) for reason in REASONS if reason]
    assert len(set(said)) == len(said)
    assert all(said)


def test_reasons_say_their_date_and_age_where_they_have_one():
    assert refusal_words("licence_expired", date(2026, 2, 28)) == "licența a expirat la 28.02.2026"
    assert refusal_words("licence_expired") == "licența a expirat"
    assert refusal_words("full", 3) == "nu mai are locuri (raportat acum 3 zile)"
    assert refusal_words("waitlist", 1) == "are listă de așteptare (raportat ieri)"
    assert refusal_words("full") == "nu mai are locuri"


@pytest.mark.parametrize(
    ("days", "said"),
    [(-0.0005, "azi"), (-0.5, "cu o dată din viitor, de verificat"), (0, "azi"), (0.99, "azi"), (1.0, "ieri"), (1.9, "ieri"), (2, "acum 2 zile"), (19, "acum 19 zile"),
     (20, "acum 20 de zile"), (101, "acum 101 zile"), (365, "acum 365 de zile"), (729, "acum 729 de zile"),
     (731, "acum 2 ani"), (3256, "acum 8 ani"), (8000, "acum 21 de ani")],
)  # fmt: skip
def test_the_age_of_a_report_is_said_in_days_and_from_two_years_on_in_years(days, said):
    assert age_words(days) == said


@pytest.mark.parametrize(
    ("free", "said"), [(0, "0 locuri libere"), (1, "1 loc liber"), (2, "2 locuri libere"), (20, "20 de locuri libere")]
)
def test_places_are_counted_in_good_romanian(free, said):
    assert places_words(free) == said


def test_days_are_written_as_in_a_letter():
    assert day_words(date(2026, 2, 8)) == "08.02.2026"
