from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.rules.likeness.speech import _UNSEEN, log_likelihood, make_speech, pairs_of
from providers.rules.likeness.term_weights import weigh_terms
from tests.worlds.examples import examples

BAGS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4), min_size=1, max_size=5)


def log_likelihood_slowly(bag, bags, needs, count):
    """Return what `log_likelihood` does, thing by thing."""
    having = Counter(thing for each in bags for thing in set(each))
    weight = {thing: math.log((1 + len(bags)) / (1 + times)) + 1 for thing, times in having.items()}

    def unit(things):
        found = {thing: (1 + math.log(times)) * weight[thing] for thing, times in Counter(things).items()}
        length = math.sqrt(sum(value**2 for value in found.values()))
        return {thing: value / length for thing, value in found.items()}

    said = [defaultdict(lambda: _UNSEEN) for _each in range(count)]
    for each, need in zip(bags, needs, strict=True):
        for thing, value in unit(each).items():
            said[need][thing] += value
    query = unit([thing for thing in bag if thing in weight])
    return [
        sum(
            value * math.log(said[need][thing] / sum(said[need][known] for known in weight))
            for thing, value in query.items()
        )
        for need in range(count)
    ]


@settings(max_examples=examples(60), deadline=None)
@given(BAGS, st.lists(st.sampled_from("abcde"), max_size=5), st.data())
def test_the_table_of_chances_says_what_counting_says(bags, bag, data):
    needs = data.draw(st.lists(st.integers(0, 2), min_size=len(bags), max_size=len(bags)))
    fast = log_likelihood(bag, make_speech(weigh_terms(bags), needs, 3))
    assert fast.tolist() == pytest.approx(log_likelihood_slowly(bag, bags, needs, 3), abs=1e-4)


def test_the_need_that_says_the_words_is_likelier_and_strange_words_say_nothing():
    speech = make_speech(weigh_terms([pairs_of(["o", "bate"]), pairs_of(["bea", "mult"])]), [0, 1], 2)
    assert log_likelihood(pairs_of(["bate"]), speech)[0] > log_likelihood(pairs_of(["bate"]), speech)[1]
    assert not np.any(log_likelihood(["zgruntz"], speech))


def test_words_are_counted_with_their_neighbours():
    assert pairs_of(["a", "b", "c"]) == ["a", "b", "c", "a b", "b c"]
