"""Columns that must not be lost: the mark of a protected address, the status, the end of the licence.

A title that is in no list of ours may still be one of these. Where its other words are those that people put beside
it ("Adresa serviciului este confidențială") it is understood; else the import asks. The words are
`data/providers/critical_titles.csv`. In the cells of such columns a plain no, a plain yes and what nobody understands
are told apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from core.reading.curated_tables import FOLDER, read_rows
from core.reading.fields import LICENCE_END, MARK, STATUS
from core.text import fold

PUBLIC, STATUS_WORD, _OTHER = "public", "status_word", "other"
_ROLES = (_OTHER, MARK, PUBLIC, LICENCE_END, STATUS_WORD, STATUS)
_COMMON = (
    "a al ale ai cu da de din este e fi in la nu pe si sau se serviciu* social* sociale* poate data zi actual* curent*"
)
# The words beside which a title of each role is understood, as beginnings where they end in `*`.
_BESIDE = {
    MARK: "adres* locat* sedi* amplasament* contact date* caracter* regim* nivel* marcaj* mentiune* camp* public* "
    "facut* comunic* conform* legea lege* 217 2003 mod* unitat* centru* centrul*",
    PUBLIC: "adres* locat* sedi* amplasament* contact date* centru* unitat* pot public* afis* comunic* vizibil*",
    STATUS: "licent* functionar* autoriz* acredit* provizor* furnizor* unitat* centru*",
    STATUS_WORD: "licent* functionar* autoriz* acredit* provizor* furnizor* unitat* centru* motiv* deciz* hotar* nr "
    "numar* dispoz* ordin*",
    LICENCE_END: "licent* functionar* perioad* termen* limita valid* p?na",
}
# What in the column of the mark says that the address is public; whatever else stands there protects it.
_NO = frozenset({
    "nu", "n", "no", "not", "0", "0 0", "00", "fals", "false", "nu este", "nu e", "nu este cazul", "nu e cazul",
    "nu se aplica", "nu are", "fara", "none", "null", "nan", "na", "n a", "public", "publica", "este publica",
    "adresa publica", "neprotejat", "neprotejata", "neconfidential", "neconfidentiala",
})  # fmt: skip
_YES = frozenset({"da", "d", "yes", "y", "x", "1", "true", "adevarat", "✓", "✔", "☑", "√"})
_YES_BEGINS = ("da ", "protej", "confiden", "secret", "adresa protej", "adresa confid", "adresa secret")
_FILLERS = " \t\r\n\u00a0-–—−_./…"  # what fills a cell that says nothing
_NEAR = ("protejata", "protejat", "confidentiala", "confidential", "confidentialitate", "nepublica", "secreta")


@dataclass(frozen=True)
class CriticalTitle:
    """What a title looks like.

    Attributes
    ----------
    role
        MARK, PUBLIC (a mark the other way round), STATUS, STATUS_WORD (a column of those that are in `word`) or
        LICENCE_END.
    word
        The status of which a column of its own is kept.
    is_understood
        Whether all its words are known; else it has to be asked about.
    """

    role: str
    word: str = ""
    is_understood: bool = False


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    rows = read_rows(FOLDER / "critical_titles.csv", ("role", "pattern", "meaning", "reason"))
    return tuple((row.choice("role", _ROLES), re.compile(row.text("pattern")), row.cells["meaning"]) for row in rows)


@cache
def _beside(role: str) -> re.Pattern[str]:
    words = (
        re.escape(word).replace(r"\*", r"\w*").replace(r"\?", ".") for word in f"{_COMMON} {_BESIDE[role]}".split()
    )
    return re.compile("|".join(words))


@cache
def critical_title(title: str) -> CriticalTitle | None:
    """Return what a title looks like that must not be lost; None where it looks like nothing of the kind.

    >>> critical_title("Adresa este confidențială").role, critical_title("Denumire")
    ('protection', None)
    """
    text = " ".join(re.findall(r"\w+", fold(title.replace("_", " "))))
    for role, pattern, _meaning in _patterns():
        if role == _OTHER:
            text = pattern.sub(" ", text)
    for role, pattern, meaning in _patterns():
        if role != _OTHER and pattern.search(text):
            return CriticalTitle(role, meaning, _is_understood(role, text))
    if any(_is_near(word) for word in text.split()):
        return CriticalTitle(MARK, "", _is_understood(MARK, text))
    return None


def _is_understood(role: str, text: str) -> bool:
    own = [pattern for each, pattern, _meaning in _patterns() if each == role]
    for pattern in own:
        text = pattern.sub(lambda found: " " if found[0][-1:].isspace() else "§", text)
    return all(
        word.startswith("§") or _beside(role).fullmatch(word) or (role == MARK and _is_near(word))
        for word in text.split()
    )


def _is_near(word: str) -> bool:
    """Whether a word is one of the mark's, a letter or two wrong."""
    return len(word) > 5 and any(OSA.distance(word, near, score_cutoff=2) <= len(near) // 6 for near in _NEAR)  # noqa: PLR2004


def is_marked(cell: str) -> bool:
    """Whether a cell of a mark says anything but a plain no: `da`, a tick, `confidențială`, a law, a remark."""
    return bool(cell.strip(_FILLERS)) and fold(cell) not in _NO


def is_plain_yes(cell: str) -> bool:
    """Whether a cell says yes in one of the ways that are known."""
    folded = fold(cell)
    return folded in _YES or folded.startswith(_YES_BEGINS)


def turned(cell: str, how: str, word: str) -> str:
    """Return what a cell says in the terms of the field that its column is read as.

    how: PUBLIC where a yes means that the address is public (whatever is not a plain yes protects it), STATUS_WORD
    where it means the status `word`; "" = as it stands.

    >>> turned("DA", "public", ""), turned("", "public", ""), turned("2024-02-01", "status_word", "retras")
    ('nu', 'adresa nu este publică', 'retras')
    """
    if how == PUBLIC:
        return "nu" if fold(cell) in _YES or fold(cell).startswith("da ") else "adresa nu este publică"
    if how != STATUS_WORD:
        return cell
    denied = "inactiv" if word in ("activ", "în vigoare") else ""
    if not cell.strip(_FILLERS):
        return ""
    if fold(cell) in _NO:
        return denied
    return cell if denied and not is_plain_yes(cell) else word
