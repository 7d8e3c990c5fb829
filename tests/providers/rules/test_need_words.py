import pytest

from core.errors import UnreadableFileError
from providers.rules.need_words import plain, word_table, words_of
from tests.worlds.files.hand_kept import change, copies


def stems(text: str) -> list[str]:
    return [word.stem for word in words_of(text)]


@pytest.mark.parametrize(
    "forms",
    ["bate batut bătută băteam bătăi", "bea beau băut bețiv beată", "moare mort murit decedat", "copil copiii prunc",
     "bunica bătrână moșului babă", "școală școlii scoala", "pleacă plecat plecați", "doarme dormit doarmă",
     "închisoare pușcărie pârnaie", "îngrijește îngrijirea îngrijitoare"],
)  # fmt: skip
def test_forms_and_regional_words_are_one_word(forms):
    assert len(set(stems(forms))) == 1, stems(forms)


def test_small_words_say_nothing():
    assert words_of("nu mai vrea să fie și el") == []


def test_what_nu_denies_is_told_from_what_is_lacking():
    (bea,) = words_of("nu bea")
    (buletin,) = words_of("nu are buletin")
    assert (bea.is_denied, bea.is_lacking) == (True, False)
    assert (buletin.is_denied, buletin.is_lacking) == (False, True)
    assert words_of("fără buletin")[0].is_lacking


def test_a_denial_ends_with_its_clause_and_after_three_words():
    fuge, bate = words_of("nu fuge, dar o bate")
    assert (fuge.is_denied, bate.is_denied) == (True, False)
    assert [word.is_denied for word in words_of("nu doarme mănâncă plânge fuge")] == [True, True, True, False]


def test_diacritics_of_both_kinds_and_their_lack_are_the_same():
    assert plain("Bătrână ţăran Înmormântare") == "batrana taran inmormantare"
    assert stems("înmormântare") == stems("inmormantare")


def test_a_form_under_two_words_is_refused(tmp_path):
    folder = copies(tmp_path)
    change(folder, "need_words", "dormi", forms="doarme; bate")
    with pytest.raises(UnreadableFileError, match=r"need_words.csv"):
        word_table(folder)
