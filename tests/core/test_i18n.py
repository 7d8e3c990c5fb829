"""Romanian first: plurals by the rule, numbers by the language, English through its catalogue."""

import threading
from datetime import date

import pytest

from core.i18n import N_, _, language, ngettext, number, set_language, use_language, written_day


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (0, "0 locuri"), (1, "1 loc"), (2, "2 locuri"), (19, "19 locuri"), (20, "20 de locuri"), (21, "21 de locuri"),
        (100, "100 de locuri"), (101, "101 locuri"), (119, "119 locuri"), (120, "120 de locuri"),
        (1_000, "1.000 de locuri"), (1_001, "1.001 locuri"), (1_020, "1.020 de locuri"),
    ],
)  # fmt: skip
def test_romanian_counts_with_its_three_plurals(n, said):
    assert ngettext("{n} loc", "{n} locuri", n).format(n=number(n)) == said


@pytest.mark.parametrize(
    ("value", "digits", "romanian", "english"),
    [(1234.5, 1, "1.234,5", "1,234.5"), (0, 0, "0", "0"), (-0.4, 0, "0", "0"), (-1234, 0, "-1.234", "-1,234"),
     (1e6, 0, "1.000.000", "1,000,000"), (2.345, 2, "2,35", "2.35")],
)  # fmt: skip
def test_numbers_are_written_as_the_language_does(value, digits, romanian, english):
    assert number(value, digits) == romanian
    with use_language("en"):
        assert number(value, digits) == english


def test_a_sentence_without_a_translation_stays_romanian():
    with use_language("en"):
        assert _("O frază pe care nimeni nu a tradus-o.") == "O frază pe care nimeni nu a tradus-o."
        assert ngettext("{n} chestie", "{n} chestii", 2) == "{n} chestii"
    assert N_("text") == "text"


def test_the_language_belongs_to_one_request_and_comes_back_after_a_block():
    with use_language("en"):
        assert language() == "en"
        with use_language("xx"):
            assert language() == "ro"  # an unknown one is Romanian
        heard = []
        thread = threading.Thread(target=lambda: heard.append(language()))
        thread.start()
        thread.join()
        assert heard == ["ro"]
    assert language() == "ro"


def test_a_language_once_chosen_stays_for_the_request():
    try:
        set_language("en")
        assert language() == "en"
        set_language("klingon")
        assert language() == "ro"
    finally:
        set_language("ro")


def test_a_day_is_written_so_that_it_is_not_taken_for_another():
    assert written_day(date(2026, 2, 8)) == "08.02.2026"
    with use_language("en"):
        assert written_day(date(2026, 2, 8)) == "8 Feb 2026"
        assert [written_day(date(2026, m, 1))[2:5] for m in (1, 5, 12)] == ["Jan", "May", "Dec"]
