"""How likely each need is to be said in such words: naive Bayes over words, pairs of words and runs of letters.

Every phrase is two bags, of its words with their pairs and of its runs of letters, weighed by how few phrases have
each (TF-IDF) and brought to length one. A need speaks as its phrases together do; what no phrase has is ignored.
Rennie and others, Tackling the poor assumptions of naive Bayes text classifiers, 2003, weigh counts in the same way.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from providers.rules.likeness.term_weights import TermWeights

_UNSEEN = 0.03  # what a need is taken to have said of each thing, besides what its phrases say


@dataclass(frozen=True)
class Speech:
    """What needs say.

    Attributes
    ----------
    things
        Number of each word, pair or run.
    weights
        Inverse phrase frequency of each.
    chances
        One row a thing: logarithm of its chance, by need.
    """

    things: dict[str, int]
    weights: np.ndarray
    chances: np.ndarray


def pairs_of(stems: Sequence[str]) -> list[str]:
    """Return words, and each two that stand side by side."""
    return [*stems, *(f"{one} {next_}" for one, next_ in pairwise(stems))]


def make_speech(terms: TermWeights, needs: Sequence[int], count: int) -> Speech:
    """Make the table of chances from what each phrase has.

    Parameters
    ----------
    terms
        The weights of the things of each phrase: words and pairs, or runs of letters.
    needs
        The need of each phrase, by its number.
    count
        How many needs there are.

    Returns
    -------
    Speech
        Chances of each thing by need; what a need never said has the chance of three hundredths of a phrase.
    """
    values = np.full((len(terms.terms), count), _UNSEEN, dtype=np.float32)
    np.add.at(values, (terms.columns, np.asarray(needs)[terms.rows]), terms.values)
    return Speech(terms.terms, terms.inverse_frequency, np.log(values / values.sum(axis=0)))


def log_likelihood(bag: Sequence[str], speech: Speech) -> np.ndarray:
    """Return how likely each need is to be said so.

    Parameters
    ----------
    bag
        The things of what was typed.
    speech
        The table of chances.

    Returns
    -------
    numpy.ndarray
        Logarithm of the chance by need, of a text brought to length one; 0 for all where nothing is known.
    """
    known = {speech.things[thing]: 1 + math.log(n) for thing, n in Counter(bag).items() if thing in speech.things}
    if not known:
        return np.zeros(speech.chances.shape[1])
    columns = np.fromiter(known, int, len(known))
    values = np.fromiter(known.values(), float, len(known)) * speech.weights[columns]
    return np.asarray((values / np.linalg.norm(values)) @ speech.chances[columns])
