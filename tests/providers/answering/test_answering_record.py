"""How a service answers, summed up: the usual days, what ran out lately, and never from too few."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from core.i18n import use_language
from providers.answering import AnsweringRecord, answering_json, answering_words, record_of

WAITS = st.lists(st.none() | st.floats(0, 200, allow_nan=False), max_size=40)


def obvious(waits):
    """Count one by one: half of the answers took no longer than the usual days."""
    answered = sorted(days for days in waits if days is not None)
    usual = None
    if len(answered) >= 5:
        usual = 1
        low, high = answered[(len(answered) - 1) // 2], answered[len(answered) // 2]
        while usual < (low + high) / 2:
            usual += 1
    run = 0
    while run < len(waits) and waits[len(waits) - 1 - run] is None:
        run += 1
    told = 10 if run >= 10 else 5 if run >= 5 else 3 if run >= 3 else 0
    return (usual, told) if usual is not None or told else None


@given(WAITS)
def test_the_record_is_what_counting_one_by_one_gives(waits):
    made = record_of(waits)
    assert (None if made is None else (made.usual_days, made.unanswered)) == obvious(waits)


@given(WAITS, st.floats(0, 200))
def test_an_answer_ends_the_run_of_unanswered_referrals(waits, days):
    made = record_of([*waits, days])
    assert made is None or made.unanswered == 0


@given(st.lists(st.floats(0.01, 200), min_size=5, max_size=30))
def test_half_of_the_answers_came_within_the_usual_days(waits):
    made = record_of(waits)
    assert sum(days <= made.usual_days for days in waits) * 2 >= len(waits)
    assert made.usual_days == max(1, math.ceil(made.usual_days))


def test_words_say_both_facts_in_both_languages():
    record = AnsweringRecord(2, 3)
    with use_language("ro"):
        assert answering_words(record) == ("nu a răspuns la ultimele 3 referiri; răspunde de obicei în 2 zile")
        assert answering_words(AnsweringRecord(1, 0)) == "răspunde de obicei într-o zi"
        assert answering_words(None) == ""
    with use_language("en"):
        assert answering_words(record) == "did not answer the last 3 referrals; usually answers in 2 days"


def test_programs_are_told_that_nothing_is_known():
    assert answering_json(None) == {"usual_days": None, "unanswered_in_a_row": 0, "window_days": 180}
