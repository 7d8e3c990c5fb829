"""Weights of terms in phrases: TF-IDF, logarithmic counts, every phrase of length one (Salton and Buckley, 1988)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
    counted = [Counter(bag) for bag in bags]
    terms: dict[str, int] = {}
    for bag in counted:
        for term in bag:
            terms.setdefault(term, len(terms))
    sizes = np.fromiter((len(bag) for bag in counted), int, len(counted))
    columns = np.fromiter((terms[term] for bag in counted for term in bag), int, int(sizes.sum()))
    times = np.fromiter((times for bag in counted for times in bag.values()), float, len(columns))
    rows = np.repeat(np.arange(len(counted)), sizes)
    inverse_frequency = np.log((1 + len(counted)) / (1 + np.bincount(columns, minlength=len(terms)))) + 1
    values = (1 + np.log(times)) * inverse_frequency[columns]
    values /= np.sqrt(np.bincount(rows, values * values, minlength=len(counted)))[rows]
    return TermWeights(terms, inverse_frequency, rows, columns, values)
