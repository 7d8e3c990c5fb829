"""A language of the sheet is offered only when its catalogue is whole and somebody has checked it."""

from __future__ import annotations

import pytest

from referrals.visit_list import offered_languages, sheet_languages
from referrals.visit_list.sheet_languages import SheetLanguage

HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
WHOLE = 'msgid "Mai sus"\nmsgstr "Feljebb"\n\nmsgid "{n} loc"\nmsgid_plural "{n} locuri"\nmsgstr[0] "{n} hely"\nmsgstr[1] "{n} hely"\n'


@pytest.fixture
def catalogues(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_languages, "LANGUAGES", ("ro", "en", "hu"))

    def write(code, text):
        path = tmp_path / code / "LC_MESSAGES" / "harta.po"
        path.parent.mkdir(parents=True)
        path.write_text(f"{HEAD}\n{text}", encoding="utf-8")
        return tmp_path

    write("en", WHOLE)
    return write


def offered(folder, *, is_checked):
    known = (SheetLanguage("hu", "Magyar", is_checked=is_checked),)
    return [each.code for each in offered_languages(known, catalogues=folder)]


def test_the_product_offers_romanian_and_english_and_none_that_nobody_has_checked():
    assert [each.code for each in offered_languages()] == ["ro", "en"]
    unchecked = {each.code for each in sheet_languages._KNOWN if not each.is_checked}
    assert unchecked == {"hu", "uk", "rom"}


def test_a_whole_catalogue_is_offered_once_it_is_marked_as_checked(catalogues):
    folder = catalogues("hu", WHOLE)
    assert offered(folder, is_checked=True) == ["hu"]
    assert offered(folder, is_checked=False) == []


@pytest.mark.parametrize(
    "lacking",
    [
        WHOLE.replace("Feljebb", ""),
        WHOLE.partition("\n\n")[0] + "\n",
        WHOLE.replace('msgid "Mai sus"', '#, fuzzy\nmsgid "Mai sus"'),
        WHOLE.replace('msgstr[1] "{n} hely"', 'msgstr[1] ""'),
    ],
    ids=["empty", "missing", "doubtful", "a plural is empty"],
)
def test_a_catalogue_that_lacks_one_sentence_is_not_offered(catalogues, lacking):
    assert offered(catalogues("hu", lacking), is_checked=True) == []


def test_a_marked_language_without_a_catalogue_is_not_offered(catalogues):
    assert offered_languages((SheetLanguage("uk", "Українська", is_checked=True),)) == ()
