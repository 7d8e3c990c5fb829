"""Names by word, against a scorer that reads every name."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from providers.service_map.name_index import NOT_MET, make_words, most_errors, provider_key, words_of

WORDS = (
    "centrul",
    "centru",
    "spital",
    "spitalul",
    "zi",
    "zalau",
    "scoala",
    "5",
    "55",
    "barlad",
    "targu",
    "mures",
    "a1",
)
TYPED = st.one_of(st.sampled_from(WORDS), st.text("abirstu5", min_size=1, max_size=8))
NAMES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), max_size=8)


@cache
def word_errors(word: str, typed: str) -> int:
    if len(typed) <= 2 or typed.isdigit():
        return 0 if word == typed else NOT_MET
    if word.startswith(typed) or (len(word) >= 4 and typed.startswith(word) and len(typed) - len(word) <= 2):
        return 0
    errors = OSA.distance(word, typed)
    return errors if errors <= most_errors(typed) else NOT_MET


def obvious_errors(name: str, typed: str) -> int:
    return min([NOT_MET, *(word_errors(word, typed) for word in name.split())])


@given(NAMES, TYPED)
def test_every_name_has_the_fewest_errors_that_a_look_at_its_words_finds(names, typed):
    assert make_words(names).errors(typed).tolist() == [obvious_errors(name, typed) for name in names]


def test_case_diacritics_and_punctuation_do_not_count():
    assert (
        words_of("ȘCOALA „Nr.5”, Târgu-Mureș")
        == words_of("scoala nr 5 targu mures")
        == ["scoala", "5", "targu", "mures"]
    )
    assert provider_key("Asociația „Casa-Mea”") == provider_key("ASOCIATIA CASA MEA")
    assert words_of("de la") == ["de", "la"]
    assert words_of("  ;– ") == []
