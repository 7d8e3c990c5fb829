"""Which services have a protected address: by their code, by the row's own mark, or by the words of their name.

Several shelters for victims of violence stand in the registers under another code (a home for the aged,
a day centre), so the name counts too. Day counselling is not a shelter and its address is public; where
name and code disagree and either says that people live there, the address is protected: a shelter shown
by mistake cannot be hidden again. The words are `data/providers/secrecy_words.csv`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.reading.critical_columns import is_marked
from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold
from providers.rules import taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ROLES = (
    "protected", "abuse", "woman", "other_victim", "residential", "residential_code", "aggressor", "withheld",
)  # fmt: skip


@cache
def _patterns(folder: Path = FOLDER) -> dict[str, re.Pattern[str]]:
    """One pattern per role: any of its terms at the start of a word (codes: at the start of the code)."""
    rows = read_rows(folder / "secrecy_words.csv", ("role", "term", "reason", "basis"))
    terms: dict[str, list[str]] = {role: [] for role in _ROLES}
    for row in rows:
        terms[row.choice("role", _ROLES)].append(row.text("term"))
    return {role: re.compile("|".join(rf"\b{re.escape(t)}" for t in some) or r"(?!)") for role, some in terms.items()}


def is_secret(service_type: str, name: str, *, address: str = "", marked: str = "", folder: Path = FOLDER) -> bool:
    """Return whether the address of a service is protected.

    Parameters
    ----------
    service_type
        Code, tidied; one that is not known counts as residential.
    name
        As published.
    address
        What stands in its place may say that it is withheld.
    marked
        The register's own column ("da"), where it has one; whatever is there and is not a plain no counts as a yes.
    folder
        Where `secrecy_words.csv` stands.

    Returns
    -------
    bool
        True in doubt.

    Examples
    --------
    >>> is_secret("8790CR-VD-I", "Casa Albă"), is_secret("8730CR-V-I", "Cămin pentru vârstnici")
    (True, False)
    """
    known = taxonomy.service_types().get(service_type)
    if known is not None and known.is_secret:
        return True
    words = _patterns(folder)
    if is_marked(marked) or words["withheld"].search(fold(address)):
        return True
    return _name_says_so(service_type, fold(name), words, known_type=known is not None)


def secret_rows(
    service_type: pd.Series[Any],
    name: pd.Series[Any],
    address: pd.Series[Any],
    *,
    key: pd.Series[Any],
    marked: pd.Series[Any] | None = None,
    same: Sequence[pd.Series[Any]] = (),
) -> pd.Series[Any]:
    """Return for each row of a register whether its address is protected (see `is_secret`), on the index of the rows.

    key: the rows' keys, "" where one has none. Rows of one key are one service said twice: where one of them is
    protected all are, or the other would be published with the same door. So are rows of the same name and address,
    or of the same name and one of `same` (the number of a licence), wherever in a workbook they stand.
    """
    marks = marked if marked is not None else pd.Series("", index=name.index)
    own = pd.Series(
        [
            is_secret(code or "", text, address=place, marked=mark)
            for code, text, place, mark in zip(service_type, name, address, marks, strict=True)
        ],
        index=name.index,
        dtype=bool,
    )
    return own | (key.isin(set(key[own])) & (key != "")) | _said_again(own, name, address, *same)


def _said_again(own: pd.Series[Any], name: pd.Series[Any], *others: pd.Series[Any]) -> pd.Series[Any]:
    """Tell of each row whether a protected one has its name and the same text in one of the other columns."""
    again = pd.Series(False, index=own.index)
    if not own.any():
        return again
    for other in others:
        pairs = [(fold(a), fold(b)) if a and b else ("", "") for a, b in zip(name, other, strict=True)]
        hidden = {pair for pair, secret in zip(pairs, own, strict=True) if secret} - {("", "")}
        again |= pd.Series([pair in hidden for pair in pairs], index=own.index)
    return again


def _name_says_so(service_type: str, name: str, words: dict[str, re.Pattern[str]], *, known_type: bool) -> bool:
    # Aggressors' centres name violence without sheltering anybody; one that names victims as well is judged as theirs.
    theirs = words["protected"].search(name) and not (
        words["aggressor"].search(name) and not re.search(r"\bvictim", name)
    )
    abused_women = words["abuse"].search(name) and words["woman"].search(name)
    if not (theirs or abused_women) or words["other_victim"].search(name):
        return False
    lived_in = words["residential_code"].match(service_type) or words["residential"].search(name)
    return bool(lived_in) or not known_type
