import pytest

from referrals.field.unfound_words import count_unfound, list_unfound


def no_place(_word: str) -> bool:
    return False


def test_words_are_listed_from_the_third_time_the_most_frequent_first(tmp_path):
    for text in ("o brodește rău", "brodește", "iar brodește sminteala", "sminteala", "brodește sminteala"):
        count_unfound(tmp_path, text, is_place=no_place)
    assert list_unfound(tmp_path) == [("brodeste", 4), ("sminteala", 3)]


@pytest.mark.parametrize(
    "text",
    ["Ion Popescu", "1850612123456", "sună la 0744 123 456 popescu", "scrie la ana@exemplu.ro", "x1y2", "ab", "ABC", "parava"],
)  # fmt: skip
def test_nothing_of_a_person_a_place_or_a_number_is_kept(tmp_path, text):
    for _time in range(3):
        count_unfound(tmp_path, text, is_place=lambda word: word == "parava")
    assert not {word for word, _times in list_unfound(tmp_path)} & {"ion", "popescu", "ana", "exemplu", "parava", "abc"}
    assert not any(character.isdigit() for word, _times in list_unfound(tmp_path) for character in word)


def test_the_list_has_an_end(tmp_path):
    for number in range(30):
        words = " ".join(
            "cuvant" + chr(97 + number % 26) * (number // 26 + 1) + letter for letter in "abcdefghijklmnopqrstuvwxyz"
        )
        for _time in range(3):
            count_unfound(tmp_path, words, is_place=no_place)
    assert len(list_unfound(tmp_path)) == 500
