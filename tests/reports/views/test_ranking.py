"""Classes, places and who stands out: by hand on small tables, by a slow obvious version on random ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.indicators.indicators import indicators
from reports.views.ranking import (
    FENCE,
    FEWEST,
    Ranking,
    _sorts_by,
    classified,
    classified_for_everybody,
    comparable,
    fences,
    kinds_behind,
    worst_first,
)  # fmt: skip
from tests.worlds.examples import examples

VALUES = st.lists(st.one_of(st.none(), st.integers(0, 30).map(float)), max_size=60)


def series(values) -> pd.Series:
    return pd.Series(values, dtype="float64")


def test_few_values_have_a_class_each_and_the_unknown_none():
    grades, classes = classified(series([0, 1, None, 1]))
    assert grades.tolist() == [1, 4, 0, 4]
    assert [(each.least, each.most, each.count) for each in classes] == [(0, 0, 1), (1, 1, 2)]


def test_many_values_are_cut_into_quarters():
    grades, classes = classified(series(range(100)))
    assert [each.count for each in classes] == [25, 25, 25, 25]
    assert grades.iloc[[0, 25, 50, 99]].tolist() == [1, 2, 3, 4]


def test_where_nothing_is_known_there_is_no_class():
    grades, classes = classified(series([None, None]))
    assert grades.tolist() == [0, 0]
    assert classes == ()


@given(VALUES)
@settings(max_examples=examples(60))
def test_classes_cover_every_known_value_once_and_part_no_equals(values):
    given_values = series(values)
    grades, classes = classified(given_values)
    known = given_values.dropna()
    assert sum(each.count for each in classes) == len(known)
    assert len(classes) <= 4
    assert all(each.most < after.least for each, after in pairwise(classes))
    for place, value in given_values.items():
        if pd.isna(value):
            assert grades[place] == 0
        else:
            inside = [each.grade for each in classes if each.least <= value <= each.most]
            assert inside == [grades[place]]


def test_the_fences_of_a_table_worked_out_by_hand():
    # 1 … 12: the quarters lie at 3.75 and 9.25, 5.5 apart; the fences 8.25 beyond them.
    found = fences(series(range(1, 13)))
    assert (found.first, found.third) == (3.75, 9.25)
    assert (found.low, found.high) == (3.75 - 8.25, 9.25 + 8.25)


def test_one_wild_value_moves_its_own_fence_hardly():
    usual = [*range(10, 30)]
    wild = fences(series([*usual, 10_000]))
    assert wild.high < 50


def test_of_few_or_of_equal_values_nothing_is_said():
    assert fences(series(range(FEWEST - 1))) is None
    assert fences(series([7.0] * 40 + [9.0])) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=40))
@settings(max_examples=examples(60))
def test_fences_are_those_of_the_textbook(values):
    found = fences(series(values))
    ordered = sorted(values)

    def quarter(share):
        at = share * (len(ordered) - 1)
        low = int(at)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (at - low) * (ordered[high] - ordered[low])

    first, third = quarter(0.25), quarter(0.75)
    if found is None:
        assert third - first <= 1e-9 * max(1.0, abs(third))
    else:
        assert np.isclose(found.low, first - FENCE * (third - first), atol=1e-6)
        assert np.isclose(found.high, third + FENCE * (third - first), atol=1e-6)


def test_what_belongs_to_the_nation_is_not_compared_and_what_belongs_to_counties_only_from_there():
    assert "4S207" not in comparable("region", is_public=False)
    assert "UJSS" in comparable("county", is_public=False)
    assert "UJSS" not in comparable("community", is_public=False)
    assert comparable("national", is_public=False) == []


def test_what_is_never_shown_to_everybody_is_not_compared_before_everybody():
    assert "REF-TAKEN" in comparable("community", is_public=False)
    assert "REF-TAKEN" not in comparable("community", is_public=True)


@pytest.mark.parametrize("code", ["LIC", "COV-MED", "BEN"])
def test_every_indicator_rests_on_the_list_and_some_on_a_register(code):
    kinds = kinds_behind(indicators()[code])
    assert kinds[0] == "communities"
    assert kinds[1:] == {"LIC": ("social",), "COV-MED": ("medical",)}.get(code, ())


PUBLISHED = st.lists(st.one_of(st.none(), st.just("hidden"), st.just(0), st.integers(5, 40)), min_size=1, max_size=40)


@given(PUBLISHED)
@settings(max_examples=examples(80))
def test_everybody_sees_0_hidden_and_5_or_more_as_classes_that_do_not_overlap(published):
    values = series([value if isinstance(value, int) else None for value in published])
    hidden = pd.Series([value == "hidden" for value in published])
    grades, classes = classified_for_everybody(values, hidden)
    assert len(classes) <= 4
    assert [each.grade for each in classes] == sorted({each.grade for each in classes})
    assert sum(each.count for each in classes) == sum(value is not None for value in published)
    for value, grade in zip(published, grades, strict=True):
        if value is None:
            assert grade == 0
        else:
            (inside,) = [each for each in classes if each.grade == grade]
            assert inside.is_hidden == (value == "hidden")
            assert value == "hidden" or inside.least <= value <= inside.most


@given(PUBLISHED, st.booleans())
@settings(max_examples=examples(80))
def test_hidden_counts_share_one_place_between_0_and_what_is_shown(published, turned):
    values = series([value if isinstance(value, int) else None for value in published])
    hidden = pd.Series([value == "hidden" for value in published])
    place = _sorts_by(values, hidden).rank(method="min", ascending=False).astype("Int64")
    table = pd.DataFrame({"value": values, "hidden": hidden, "place": place}).sort_values("place")
    ranked = Ranking(indicators()["UNMET" if turned else "REF"], "community", table, (), None)
    ordered = worst_first(ranked)
    classes = [
        1 if row.hidden else 0 if row.value == 0 else 3 if pd.isna(row.value) else 2 for row in ordered.itertuples()
    ]
    known = [each for each in classes if each != 3]
    assert classes[len(known) :] == [3] * (len(classes) - len(known)), "what is not known stays last"
    assert known == sorted(known, reverse=turned)
    assert len(set(ordered[ordered["hidden"]]["place"])) <= 1
