"""Names as people write them reach one folded form, and are printed as a sentence would."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import fold, fold_loose, spell, title_ro

ALIKE = (
    ("Târgu Mureș", "TÎRGU-MUREŞ", "târgu  mures", " Tirgu\u2011Mureș "),
    ("Ștefănești", "STEFANESTI", "ştefăneşti"),
    ("Țăndărei", "Ţăndărei", "TANDAREI"),
    ("Rm. Vâlcea", "rm vîlcea", "RM.VILCEA"),
    ("Sfântul Gheorghe", "Sfîntul  Gheorghe"),
)


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda some: some[0])
def test_spellings_of_one_name_fold_to_one(spellings):
    assert len({fold(text) for text in spellings}) == 1
    assert len({fold(unicodedata.normalize("NFD", text)) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Sat", "Șut"), ("Bacău", "Bacea"), ("Vâlcea", "Valcea"), ("Deva", "Devă2")]
)
def test_different_names_stay_different(one, other):
    assert fold(one) != fold(other)


def test_typed_without_diacritics_meets_the_printed_name_only_when_folded_further():
    assert fold("Targu Mures") != fold("Târgu Mureș")
    assert fold_loose("Targu Mures") == fold_loose("Târgu Mureș")


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_leaves_no_capitals_or_outer_spaces(text):
    once = fold(text)
    assert fold(once) == once == once.strip()
    assert "  " not in once


@pytest.mark.parametrize(
    ("upper", "printed"),
    [("VALEA LUI MIHAI", "Valea lui Mihai"), ("CLUJ-NAPOCA", "Cluj-Napoca"), ("OCNA DE SUS", "Ocna de Sus"), ("DE JOS", "De Jos"), ("", ""),
     ("ȘTEFAN CEL MARE", "Ștefan cel Mare"), ("ÎNTORSURA BUZĂULUI", "Întorsura Buzăului"), ("23 AUGUST", "23 August")],
)  # fmt: skip
def test_official_capitals_become_a_name_in_a_sentence(upper, printed):
    assert title_ro(upper) == printed


def test_cedillas_become_commas_below_and_nothing_else_changes():
    assert spell("ŞşŢţ Iaşi â î ă") == "ȘșȚț Iași â î ă"
