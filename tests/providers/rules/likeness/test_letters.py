from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.rules.likeness.letters import Letters, likeness, make_letters
from providers.rules.likeness.term_weights import weigh_terms
from tests.worlds.examples import examples

PHRASES = st.lists(st.text("abe ", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6)


def runs_of(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[i : i + size] for size in (3, 4) for i in range(max(1, len(padded) - size + 1))]


def likeness_slowly(text: str, texts: Sequence[str], needs: Sequence[int], count: int) -> list[float]:
    """Return what `likeness` does, the obvious way: every phrase as a dictionary, compared one by one."""
    bags = [Counter(run for word in each.split() for run in runs_of(word)) for each in texts]
    having = Counter(run for bag in bags for run in bag)
    weight = {run: math.log((1 + len(bags)) / (1 + times)) + 1 for run, times in having.items()}
    rarest = max(weight.values())

    def vector(bag: Counter[str]) -> dict[str, float]:
        found = {run: (1 + math.log(times)) * weight.get(run, rarest) for run, times in bag.items()}
        length = math.sqrt(sum(value * value for value in found.values()))
        return {run: value / length for run, value in found.items()} if length else {}

    query = vector(Counter(run for word in text.split() for run in runs_of(word)))
    nearest, total = [0.0] * count, [defaultdict(float) for _each in range(count)]
    for bag, need in zip(bags, needs, strict=True):
        phrase = vector(bag)
        nearest[need] = max(nearest[need], sum(value * phrase.get(run, 0.0) for run, value in query.items()))
        for run, value in phrase.items():
            total[need][run] += value
    found = []
    for need in range(count):
        length = math.sqrt(sum(value * value for value in total[need].values()))
        whole = sum(value * total[need].get(run, 0.0) for run, value in query.items()) / length if length else 0.0
        found.append(nearest[need] + whole)
    return found


def letters_of(phrases: list[str], needs: list[int], count: int) -> Letters:
    return make_letters(
        weigh_terms([[run for word in text.split() for run in runs_of(word)] for text in phrases]), needs, count
    )


@settings(max_examples=examples(60), deadline=None)
@given(PHRASES, st.text("abex ", max_size=12), st.data())
def test_the_index_says_what_comparing_phrase_by_phrase_says(phrases, typed, data):
    needs = data.draw(st.lists(st.integers(0, 2), min_size=len(phrases), max_size=len(phrases)))
    fast = likeness(typed, letters_of(phrases, needs, 3))
    assert fast.tolist() == pytest.approx(likeness_slowly(typed, phrases, needs, 3), abs=1e-5)


def test_a_phrase_is_most_like_itself_and_strange_letters_are_like_nothing():
    letters = letters_of(["buletin pierdut", "masa calda"], [0, 1], 2)
    assert likeness("buletin pierdut", letters)[0] == pytest.approx(2.0)
    assert likeness("buletn pierdut", letters)[0] > 1.0
    assert not np.any(likeness("xyzzy", letters))
