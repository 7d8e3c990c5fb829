"""Names that say another kind of person than the code of their service: "vârstnici" by code, "handicap" by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class _Contradiction:
    """Words that a name of these types does not have, unless it has other words too."""

    prefix: str
    words: tuple[str, ...]
    unless: tuple[str, ...]


@cache
def _contradictions() -> tuple[_Contradiction, ...]:
    rows = read_rows(FOLDER / "name_against_code.csv", ("service_type_prefix", "words", "unless", "basis"))
    return tuple(
        _Contradiction(
            row.text("service_type_prefix"),
            tuple(f" {fold(word)}" for word in row.codes("words")),
            tuple(f" {fold(word)}" for word in row.codes("unless")),
        )
        for row in rows
    )


@lru_cache(maxsize=1 << 14)
def _is_doubtful(code: str, name: str) -> bool:
    text = f" {fold(name)} "
    return any(
        code.startswith(rule.prefix)
        and any(word in text for word in rule.words)
        and not any(word in text for word in rule.unless)
        for rule in _contradictions()
    )


def contradicts_code(services: pd.DataFrame) -> pd.Series[bool]:
    """Find the services whose name says another kind of person than their code.

    Parameters
    ----------
    services
        Table with `service_type` and `name`.

    Returns
    -------
    pandas.Series
        True where a row of `data/providers/name_against_code.csv` applies, with the index of `services`.
    """
    prefixes = tuple(rule.prefix for rule in _contradictions())
    codes, names = (services[column].fillna("").to_numpy(object) for column in ("service_type", "name"))
    found: NDArray[np.bool_] = np.array([code.startswith(prefixes) for code in codes], bool)
    for row in np.flatnonzero(found):
        found[row] = _is_doubtful(codes[row], names[row])
    return pd.Series(found, index=services.index)
