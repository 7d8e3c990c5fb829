"""How much a typed phrase looks like the phrases of a need by its letters: runs of three and four letters.

Typing errors, endings that no rule cuts and words written together change few of the runs. Runs weigh by how few
phrases have them (TF-IDF, cosine); a need has the likeness of its nearest phrase and that of all its phrases together.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from providers.rules.likeness.term_weights import TermWeights

_RUNS = (3, 4)


@dataclass(frozen=True)
class Letters:
    """Phrases by run of letters.

    Attributes
    ----------
    runs
        Number of each run, in the order of `weights`.
    weights
        Inverse phrase frequency of each run.
    starts
        Where the rows of a run begin in `phrases`; one more than there are runs.
    phrases, values
        Phrase numbers and their unit-length weights, run after run.
    totals
        One row a need: unit vector of all its phrases over the runs.
    needs
        Need number of each phrase.
    """

    runs: dict[str, int]
    weights: np.ndarray
    starts: np.ndarray
    phrases: np.ndarray
    values: np.ndarray
    totals: np.ndarray
    needs: np.ndarray


@lru_cache(maxsize=20_000)  # what people type is not kept without end
def runs_of(word: str) -> tuple[str, ...]:
    """Return the runs of a word, its beginning and end marked."""
    padded = f" {word} "
    return tuple(padded[i : i + size] for size in _RUNS for i in range(max(1, len(padded) - size + 1)))


def make_letters(terms: TermWeights, needs: Sequence[int], count: int) -> Letters:
    """Make the index of phrases by their runs of letters.

    Parameters
    ----------
    terms
        The weights of the runs of each phrase.
    needs
        The need of each phrase, by its number.
    count
        How many needs there are.

    Returns
    -------
    Letters
        TF-IDF vectors of length one, of each phrase and of all phrases of a need.
    """
    need_of = np.asarray(needs)
    totals = np.zeros((count, len(terms.terms)), dtype=np.float32)
    np.add.at(totals, (need_of[terms.rows], terms.columns), terms.values)
    totals /= np.maximum(np.linalg.norm(totals, axis=1, keepdims=True), 1e-9)
    order = np.argsort(terms.columns, kind="stable")
    starts = np.searchsorted(terms.columns[order], np.arange(len(terms.terms) + 1))
    return Letters(
        terms.terms, terms.inverse_frequency, starts, terms.rows[order], terms.values[order], totals, need_of
    )


def likeness(text: str, letters: Letters) -> np.ndarray:
    """Return how much a text looks like each need.

    Parameters
    ----------
    text
        Small letters, words one space apart.
    letters
        The index.

    Returns
    -------
    numpy.ndarray
        By need, the cosine with its nearest phrase and with all its phrases, added up: 0 to 2. Runs that no phrase has
        make the query longer, so that strange words look like nothing.
    """
    bag = Counter(run for word in text.split() for run in runs_of(word))
    count = len(letters.totals)
    known = {letters.runs[run]: 1 + math.log(times) for run, times in bag.items() if run in letters.runs}
    if not known:
        return np.zeros(count)
    columns = np.fromiter(known, int, len(known))
    values = np.fromiter(known.values(), float, len(known)) * letters.weights[columns]
    strange = sum((1 + math.log(times)) ** 2 for run, times in bag.items() if run not in letters.runs)
    values /= math.sqrt(float(values @ values) + strange * float(letters.weights.max()) ** 2)
    alike = np.zeros(len(letters.needs))
    for column, value in zip(columns, values, strict=True):
        part = slice(letters.starts[column], letters.starts[column + 1])
        alike[letters.phrases[part]] += value * letters.values[part]
    nearest = np.zeros(count)
    np.maximum.at(nearest, letters.needs, alike)
    nearest += letters.totals[:, columns] @ values
    return nearest
