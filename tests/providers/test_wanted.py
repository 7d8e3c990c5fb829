from __future__ import annotations

import pytest

from geo.errors import UnknownCodeError
from geo.text import fold_loose
from providers import needs, taxonomy, wanted


def labels(found) -> list[str]:
    return [each.label for each in found]


def test_everything_that_may_be_asked_for_is_there_under_a_label_of_its_own():
    known = wanted.everything()
    assert set(known) == set(needs.needs()) | set(taxonomy.service_types())
    assert len({fold_loose(each.label) for each in known.values()}) == len(known)


def test_every_label_and_every_code_is_understood_as_itself():
    for code, each in wanted.everything().items():
        assert wanted.resolve(each.label) == (each,)
        assert wanted.resolve(code)[0].code == code


def test_a_word_with_two_meanings_gives_both():
    assert {"child-abuse", "domestic-violence"} <= {each.code for each in wanted.resolve("bătăi")}


def test_needs_are_suggested_before_service_types():
    found = wanted.suggest("buletin")
    assert [each.is_need for each in found] == sorted((each.is_need for each in found), reverse=True)
    assert "Nu are buletin" in labels(found)


def test_nothing_typed_suggests_every_need_and_no_code():
    assert {each.code for each in wanted.suggest("  ")} == set(needs.needs())


def test_words_that_mean_nothing_are_refused():
    assert wanted.suggest("qqqqqqq") == []
    with pytest.raises(UnknownCodeError):
        wanted.resolve("qqqqqqq")
