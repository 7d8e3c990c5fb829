"""Weights of terms in phrases: TF-IDF, logarithmic counts, every phrase of length one (Salton and Buckley, 1988)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class TermWeights:
    """A sparse table of phrases by term.

    Attributes
    ----------
    terms
        Number of each term, in the order in which they came.
    inverse_frequency
        Inverse phrase frequency of each term.
    rows, columns, values
        Phrase number, term number and weight of each pair; the weights of a phrase have length one.
    """

    terms: dict[str, int]
    inverse_frequency: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray


def weigh_terms(bags: Sequence[Iterable[str]]) -> TermWeights:
    """Weigh the terms of phrases by how often a phrase has each and by how few phrases have it.

    Parameters
    ----------
    bags
        The terms of each phrase, repeated as often as it has them.

    Returns
    -------
    TermWeights
        One weight a phrase and term that it has.
    """
    listed = [list(bag) for bag in bags]
    phrase = np.repeat(np.arange(len(listed)), np.fromiter(map(len, listed), int, len(listed)))
    numbers, names = pd.factorize(np.array(list(itertools.chain.from_iterable(listed)), dtype=object))
    # Each pair of a phrase and a term once, in the order in which they came.
    pair, pairs = pd.factorize(phrase * max(1, len(names)) + numbers)
    times = np.bincount(pair, minlength=len(pairs))
    rows, columns = np.divmod(pairs, max(1, len(names)))
    inverse_frequency = np.log((1 + len(listed)) / (1 + np.bincount(columns, minlength=len(names)))) + 1
    values = (1 + np.log(times)) * inverse_frequency[columns]
    values /= np.sqrt(np.bincount(rows, values * values, minlength=len(listed)))[rows]
    return TermWeights({name: number for number, name in enumerate(names)}, inverse_frequency, rows, columns, values)
