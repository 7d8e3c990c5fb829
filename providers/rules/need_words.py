"""The words of a phrase in one form each: without diacritics and endings, regional words under the common one.

"bătut", "bate" and "cafti" are one word; "nu are buletin" holds *buletin* denied. What the language does is a table
(`data/providers/need_words.csv`: a word, its forms, its near words); only regular endings are cut by rule, and the
same rule cuts those of English words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold

if TYPE_CHECKING:
    from pathlib import Path

_TOKEN = re.compile(r"[^\W_]+|[,.;!?()]")
_SHORTEST_STEM = 3  # letters that an ending leaves
_LONGEST_ENDING = 6
# Endings of nouns, adjectives and verbs, as they are without diacritics; the last line is English.
_ENDINGS = """
    urilor iilor elor ilor ului ilor iile iului iei uri ile ele ul ii ei ea ia lor le i e a u o
    easca este esti esc eaza eze ezi ez asem asera ise ase ind and iti ati uti ite ate ute ita ata uta it at ut
    itor itoare ator atoare area irea erea are ire ere eau am ai au uie uiesc uiasca ui
    ing ed es s
"""
# Words that carry no need by themselves.
_SMALL = """
    a ai al ale am are ar as au avea avem aveti avut aia ala alt alta alte asta acest aceasta acel acea aceea acum
    atat azi ba bai ca care ce cel cea cei cele cine cineva ceva cu cum cand cat cati cate da de deci deja decat
    desi deloc din dintre dar dupa e ea ei ele el eu este esti era erau eram fi fie fiind fost face facut fac fara i
    ii il imi in inca inainte insa intre intr intru isi iti iar l la le li lor lui lu ma mai mea mei mele meu mereu
    mi ne ni nici niciun nicio niste noi nostru noastra nu n o or ori oricum pe pentru pana prea prin pt
    s sa sai sale sau se si sub sunt suntem sint spre asa tau tot toata toate toti totul tu un una unde unei
    unor unui unul unu va vi voi vom vor vreo vreun vrea vreau doreste zice zis spune foarte ajutati
    tocmai abia doar numai chiar iarasi apoi atunci parca tare asta astia
    poate putea stie stiu trebuie nevoie nevoia cumva oare aici acolo mult multa multi multe putin
    and an at be by do does for from go goes has have he her his is it its no not of on she the their they to
    wants who with cannot can
"""
_DENIALS = "nu n nici niciodata fara neavand lipsa lipsit lipsita no not cannot without"
_ENDS_OF_DENIAL = ", . ; ! ? ( ) dar iar insa ca pentru cand si desi fiindca deoarece incat"
# After these "nu" says that something is lacking, which is mostly the need itself: "nu are buletin".
_LACKING = "are au am ai avem aveti avea aiba primeste primesc incaseaza gaseste permite permit has have"
_WITHOUT = "fara lipsa lipsit lipsita neavand without no"
_DENIED_WORDS = 3  # content words after "nu" that it denies

_ENDING, _IS_SMALL, _DENIES = (frozenset(words.split()) for words in (_ENDINGS, _SMALL, _DENIALS))
_ENDS_DENIAL, _LACKS, _IS_WITHOUT = (frozenset(words.split()) for words in (_ENDS_OF_DENIAL, _LACKING, _WITHOUT))


@dataclass(frozen=True)
class Word:
    """One word of a phrase.

    typed: as it was typed, without diacritics. stem: its form in the table of words. is_denied: after "nu". is_lacking:
    after "nu are" and "fără", where the thing itself is what is needed.
    """

    typed: str
    stem: str
    is_denied: bool
    is_lacking: bool


@dataclass(frozen=True)
class WordTable:
    """The hand-kept words. heads: by form, the stem; near: by stem, the stems that stand near it."""

    heads: dict[str, str]
    near: dict[str, frozenset[str]]


class _Unmarked(dict[int, int | None]):
    """For str.translate: what combines with the letter before it is left out."""

    def __missing__(self, character: int) -> int | None:
        self[character] = kept = None if unicodedata.combining(chr(character)) else character
        return kept


_WITHOUT_MARKS = _Unmarked()


def plain(text: str) -> str:
    """Return small letters without diacritics: `Bătrân` as `batran`; unlike `core.text.fold`, â stays an a."""
    small = text.casefold()
    return small if small.isascii() else unicodedata.normalize("NFD", small).translate(_WITHOUT_MARKS)


@cache
def word_table(folder: Path = FOLDER) -> WordTable:
    """Read the hand-kept words.

    Parameters
    ----------
    folder
        Where `need_words.csv` stands.

    Returns
    -------
    WordTable
        Forms and near words by stem; nearness goes both ways.

    Raises
    ------
    UnreadableFileError
        Where a form stands under two words.
    """
    heads: dict[str, str] = {}
    near: dict[str, set[str]] = {}
    rows = read_rows(folder / "need_words.csv", ("word", "forms", "near", "note"))
    for row in rows:
        stem = _cut(plain(row.text("word")))
        for form in (row.text("word"), *row.codes("forms")):
            if heads.setdefault(plain(form), stem) != stem:
                raise row.cell_error("forms", form)
    cuts = {_cut(form): stem for form, stem in reversed(heads.items())}
    for row in rows:
        stem = _cut(plain(row.text("word")))
        for word in row.codes("near"):
            other = heads.get(plain(word)) or cuts.get(_cut(plain(word)), _cut(plain(word)))
            near.setdefault(stem, set()).add(other)
            near.setdefault(other, set()).add(stem)
    # The cut form of a listed one leads to its word too: "bătându-l" by "bat".
    return WordTable(cuts | heads, {stem: frozenset(others - {stem}) for stem, others in near.items()})


@cache
def known_words() -> frozenset[str]:
    """Return every form of the hand-kept words, folded as `core.text.fold` does."""
    rows = read_rows(FOLDER / "need_words.csv", ("word", "forms", "near", "note"))
    return frozenset(fold(form) for row in rows for form in (row.text("word"), *row.codes("forms"), *row.codes("near")))


def words_of(text: str, folder: Path = FOLDER) -> list[Word]:
    """Return the words that say something, in order, each with what a "nu" or "fără" before it does to it."""
    found: list[Word] = []
    denied, is_lacking = 0, False
    heads = word_table(folder).heads
    for token in _TOKEN.findall(plain(text)):
        if token in _DENIES:
            denied, is_lacking = _DENIED_WORDS, token in _IS_WITHOUT
        elif token in _LACKS and denied == _DENIED_WORDS:
            is_lacking = True
        elif token in _ENDS_DENIAL:
            denied = 0
        if token in _IS_SMALL or token in _DENIES or not token[0].isalnum():
            continue
        found.append(Word(token, _stem(token, heads), denied > 0 and not is_lacking, denied > 0 and is_lacking))
        denied -= 1
    return found


@lru_cache(maxsize=50_000)  # what people type is not kept without end
def _cut_once(token: str) -> str:
    for size in range(min(_LONGEST_ENDING, len(token) - _SHORTEST_STEM), 0, -1):
        if token[-size:] in _ENDING:
            return token[:-size]
    return token


def _stem(token: str, heads: dict[str, str]) -> str:
    if token in heads:
        return heads[token]
    cut = _cut(token)
    return heads.get(cut, cut)


def _cut(token: str) -> str:
    """Cut the longest ending, then once more: "bunicilor" and "bunica" are "bunic"."""
    token = _cut_once(_cut_once(token))
    # Vowels that alternate inside the stem: moare and mor, pleacă and plec.
    return token.replace("oa", "o").replace("ea", "e")
