from __future__ import annotations

import pytest

from core.errors import UnknownCodeError
from core.i18n import use_language
from core.text import fold_loose
from providers.finder import search_terms
from providers.rules import needs, taxonomy


def labels(found) -> list[str]:
    return [each.label for each in found]


def test_everything_that_may_be_asked_for_is_there_under_a_label_of_its_own():
    known = search_terms.all_search_terms()
    assert set(known) == set(needs.needs()) | set(taxonomy.service_types())
    assert len({fold_loose(each.label) for each in known.values()}) == len(known)


def test_every_label_and_every_code_is_understood_as_itself():
    for code, each in search_terms.all_search_terms().items():
        assert search_terms.resolve(each.label) == (each,)
        assert search_terms.resolve(code)[0].code == code


def test_a_word_with_two_meanings_gives_both():
    assert {"child-abuse", "domestic-violence"} <= {each.code for each in search_terms.resolve("bătăi")}


def test_needs_are_suggested_before_service_types():
    found = search_terms.suggest("buletin")
    assert [each.is_need for each in found] == sorted((each.is_need for each in found), reverse=True)
    assert "Nu are buletin" in labels(found)


@pytest.mark.parametrize(
    ("typed", "type_name"),
    [("zi copii risc", "Centru de zi pentru copii în risc"), ("spital", "Spital"), ("adapost", "Adăpost de noapte")],
)
def test_service_types_named_are_suggested_however_many_needs_the_words_may_mean(typed, type_name):
    assert type_name in labels(search_terms.suggest(typed))


def test_nothing_typed_suggests_every_need_and_no_code():
    assert {each.code for each in search_terms.suggest("  ")} == set(needs.needs())


def test_words_that_mean_nothing_are_refused():
    assert search_terms.suggest("qqqqqqq") == []
    with pytest.raises(UnknownCodeError):
        search_terms.resolve("qqqqqqq")


def test_in_english_every_label_is_english_unique_and_understood_as_itself():
    with use_language("en"):
        known = search_terms.all_search_terms()
        assert len({fold_loose(each.label) for each in known.values()}) == len(known)
        assert known["identity-papers"].label == "Has no identity card"
        for each in known.values():
            assert search_terms.resolve(each.label) == (each,)
    assert search_terms.all_search_terms()["identity-papers"].label == "Nu are buletin"


@pytest.mark.parametrize(
    ("typed", "need"),
    [("ID card", "identity-papers"), ("school dropout", "school-dropout"), ("firewood", "utilities"),
     ("husband drinks", "alcohol"), ("rape", "sexual-violence"), ("no food", "food"), ("wheelchair", "assistive-devices"),
     ("GP", "no-family-doctor"), ("evicted", "eviction"), ("cannot read", "adult-literacy"), ("birth certificat", "birth-certificate"),
     ("homeless", "homeless"), ("buletin", "identity-papers")],
)  # fmt: skip
def test_everyday_english_words_are_understood_on_an_english_screen_and_romanian_ones_too(typed, need):
    with use_language("en"):
        assert need in {each.code for each in search_terms.resolve(typed)}


def test_a_word_with_two_meanings_gives_both_in_english():
    with use_language("en"):
        assert {"child-abuse", "domestic-violence"} <= {each.code for each in search_terms.resolve("beaten")}


@pytest.mark.parametrize(
    ("typed", "need"), [("fire", "flood"), ("nursing", "home-nursing"), ("card", "identity-papers")]
)
def test_of_equals_the_need_whose_english_name_has_the_word_comes_first_in_english(typed, need):
    with use_language("en"):
        assert search_terms.resolve(typed)[0].code == need


def test_english_words_change_nothing_on_a_romanian_screen():
    with pytest.raises(UnknownCodeError):
        search_terms.resolve("wheelchair")


def test_commas_part_a_list_of_needs_and_not_a_sentence():
    assert search_terms.split_needs("vârstnic singur, masă caldă;") == ["vârstnic singur", "masă caldă"]
    assert search_terms.split_needs("buletin, lemne") == ["buletin", "lemne"]
    sentence = "îl bate pe copil, când bea"
    assert search_terms.split_needs(sentence) == [sentence]
