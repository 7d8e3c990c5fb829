"""All phrases that mean a need, as an index by word, and the score of each need for what was typed.

A need's phrases are its name, its everyday words and the rows of `data/providers/need_phrases.csv` (which a
specialist edits). A word weighs by how few needs have it; a word that no phrase has is read as the nearest one by its
letters, or ignored. `none` in the table stands for what is no need: greetings, the weather, a shop.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from core.bounded_cache import BoundedCache
from core.i18n import _, use_language
from core.reading.curated_tables import FOLDER, read_rows
from providers.rules.likeness.letters import Letters, likeness, make_letters, runs_of
from providers.rules.likeness.speech import Speech, log_likelihood, make_speech, pairs_of
from providers.rules.likeness.term_weights import weigh_terms
from providers.rules.need_words import Word, plain, word_table, words_of
from providers.rules.needs import needs

if TYPE_CHECKING:
    from pathlib import Path

NO_NEED = "none"
_LETTERS_AND_DIGITS = re.compile(r"[^\W_]+")
_NEAR = 0.55  # what a near word counts
_WRONG_DENIAL = 0.15  # a denied word against phrases that have it undenied only
_UNSAID_DENIAL = 0.6  # an undenied word against a phrase that denies it
_DENIED_SHARE = 0.1  # share of a need's phrases with a word that deny it, from which lacking it is the need
_DENIED_BY_NEED = 0.85  # the same where other phrases of the need deny it
_REST = 0.45  # how far the query's other words lower a phrase that they do not stand in
_MIX = 0.5  # share of the need's words as a whole in the score; the rest is its best phrase
_TYPO_CUTOFF = {4: 86.0, 5: 80.0}  # rapidfuzz ratio by the letters of a word; from 6 on the last
_TYPO_LONG = 78.0
_DOUBT = 0.3  # sightings of a word elsewhere that are reckoned with: a word seen once is not sure
_LETTERS = 0.6  # what the likeness by letters counts beside the words
_LETTERS_ALONE = 0.6  # from which letters count where no word is known
_NAME = 0.05  # what it adds that the typed words stand in the need's own name
_HALF = 3.2  # evidence at which a score is half
_LIKELY = 0.5  # what the likeliest need has besides; others less by how much less likely they are
_LESS_LIKELY = 2.0  # units of logarithm in which that falls to a third


@dataclass(frozen=True)
class Phrase:
    """One phrase of a need: its words as (stem, denied), and their weight together."""

    need: str
    words: frozenset[tuple[str, bool]]
    weight: float


@dataclass(frozen=True)
class PhraseIndex:
    """Phrases by word. shares: by stem and need, how strongly the word speaks for the need (0 to 1)."""

    phrases: tuple[Phrase, ...]
    by_stem: dict[str, tuple[tuple[int, bool], ...]]
    weights: dict[str, float]
    shares: dict[str, dict[str, float]]
    denied: frozenset[tuple[str, str]]
    harms: frozenset[str]
    forms: dict[str, str]
    exact: dict[str, tuple[str, ...]]
    needs: tuple[str, ...]
    letters: Letters
    names: dict[str, frozenset[str]]
    by_words: Speech
    by_runs: Speech


@dataclass(frozen=True)
class Scored:
    """A need, its score and the typed words that spoke for it, the strongest first.

    score: ranks needs; evidence and how likely the need is among all. evidence: how surely it is meant at all.
    """

    need: str
    score: float
    words: tuple[str, ...]
    evidence: float


INDEXES: BoundedCache[PhraseIndex] = BoundedCache(4)  # by language and folder


def phrases_of(code: str, folder: Path = FOLDER) -> list[tuple[str, str]]:
    """List (phrase, need) in the language of a screen: names, everyday words, then the rows of the table."""
    found = []
    for each in needs(folder).values():
        items = [each.name, *each.synonyms]
        if code != "ro":
            with use_language(code):
                items = [_(each.name), *_("; ".join(each.synonyms)).split("; "), *items]
        found += [(text, each.need) for text in items]
    known = {**needs(folder), NO_NEED: None}
    for row in read_rows(folder / "need_phrases.csv", ("phrase", "need", "note")):
        found.append((row.text("phrase"), row.key("need", known, "needs.csv")))
    return found


def index(code: str, folder: Path = FOLDER) -> PhraseIndex:
    """Return the index of one language, made once a process: who asks meanwhile waits, and makes no second one."""
    return INDEXES.take((code, folder), lambda: make_index(phrases_of(code, folder), folder))


def make_index(items: list[tuple[str, str]], folder: Path = FOLDER) -> PhraseIndex:
    """Make the index of (phrase, need) pairs."""
    # What a `none` phrase lacks is a harm: "nu are păduchi" asks for nothing, unlike "nu are buletin".
    harms = frozenset(
        word.stem for text, need in items if need == NO_NEED for word in words_of(text, folder) if word.is_lacking
    )
    read: list[tuple[str, frozenset[tuple[str, bool]]]] = []
    bags: list[list[str]] = []
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    sizes: dict[str, int] = defaultdict(int)
    forms: dict[str, str] = {}
    exact: dict[str, dict[str, None]] = defaultdict(dict)
    names: dict[str, frozenset[str]] = {}  # the first phrase of a need is its name
    denials: dict[tuple[str, str], int] = defaultdict(int)
    texts = [bare(text) for text, _need in items]
    for (text, need), letters in zip(items, texts, strict=True):
        words = _with_harms(words_of(text, folder), harms)
        exact[letters][need] = None
        sizes[need] += 1
        read.append((need, frozenset((word.stem, word.is_denied) for word in words)))
        bags.append(pairs_of([_said(word, word.stem) for word in words]))
        for word in words:
            forms.setdefault(word.typed, word.stem)
        for stem in {word.stem for word in words}:
            counts[stem][need] += 1
        for stem in {word.stem for word in words if word.is_denied or word.is_lacking}:
            denials[need, stem] += 1
        names.setdefault(need, frozenset(word.stem for word in words))
    total = len(sizes)
    weights = {stem: math.log((total + 1) / (len(by_need) + 0.3)) for stem, by_need in counts.items()}
    shares = {}
    for stem, by_need in counts.items():
        top = sum(by_need.values()) + _DOUBT
        shares[stem] = {need: count / top for need, count in by_need.items()}
        weights[stem] *= sum(by_need.values()) / top
    order = {need: number for number, need in enumerate(sizes)}
    phrases: list[Phrase] = []
    by_stem: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for need, own in read:
        if not own:
            continue
        for stem, is_denied in own:
            by_stem[stem].append((len(phrases), is_denied))
        phrases.append(Phrase(need, own, sum(weights[stem] for stem, _denied in own)))
    meant = [order[need] for _text, need in items]
    runs = weigh_terms([_runs(text) for text in texts])
    return PhraseIndex(
        tuple(phrases), {stem: tuple(rows) for stem, rows in by_stem.items()}, weights, shares,
        frozenset(pair for pair, times in denials.items() if times >= _DENIED_SHARE * counts[pair[1]][pair[0]]),
        harms,
        forms, {text: tuple(found) for text, found in exact.items()}, tuple(sizes),
        make_letters(runs, meant, len(sizes)), names,
        make_speech(weigh_terms(bags), meant, len(sizes)), make_speech(runs, meant, len(sizes)),
    )  # fmt: skip


def _said(word: Word, stem: str) -> str:
    return f"not {stem}" if word.is_denied else stem


def _runs(text: str) -> list[str]:
    return [run for word in text.split() for run in runs_of(word)]


def _with_harms(words: list[Word], harms: frozenset[str]) -> list[Word]:
    return [replace(word, is_denied=True) if word.is_lacking and word.stem in harms else word for word in words]


def bare(text: str) -> str:
    """Return small letters and digits only, one space between: what two equal phrases have in common."""
    return " ".join(_LETTERS_AND_DIGITS.findall(plain(text)))


QueryWords = list[tuple[Word, dict[str, float]]]  # the typed words, and the stems that each may mean with their share


def read_query(text: str, index_: PhraseIndex, folder: Path = FOLDER) -> QueryWords:
    """Return the typed words with the stems that they may mean in the index, each with its share; unknown ones go."""
    table = word_table(folder)
    found = []
    for word in _with_harms(words_of(text, folder), index_.harms):
        meant: dict[str, float] = {}
        if word.stem in index_.weights:
            meant[word.stem] = 1.0
        else:
            near = _mistyped(word.typed, index_)
            if near:
                meant[near[0]] = near[1]
        for stem in list(meant) or [word.stem]:
            for other in table.near.get(stem, ()):
                if other in index_.weights:
                    meant.setdefault(other, _NEAR)
        if meant:
            found.append((word, meant))
    return found


def _mistyped(typed: str, index_: PhraseIndex) -> tuple[str, float] | None:
    """Return the stem of the known form that is nearest by its letters, with what it counts."""
    from rapidfuzz import fuzz, process

    if len(typed) < min(_TYPO_CUTOFF):
        return None
    cutoff = _TYPO_CUTOFF.get(len(typed), _TYPO_LONG)
    best = process.extractOne(typed, index_.forms.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
    return (index_.forms[best[0]], (best[1] / 100.0) ** 2) if best else None


@dataclass
class _Evidence:
    """What the typed words say for one need: kept less what is wrongly denied, said without regard to it, by word."""

    kept: float = 0.0
    said: float = 0.0
    by_word: dict[str, float] = field(default_factory=dict)


def score(text: str, index_: PhraseIndex, folder: Path = FOLDER) -> list[Scored]:
    """Score every need for what was typed.

    The evidence for a need is that of its best phrase and of all its words together, raised to 0 to 1 by a curve, and
    the likeness of its phrases by their letters. Its score is lifted by how likely the need is to be said so.

    Parameters
    ----------
    text
        What was typed.
    index_
        The phrases.
    folder
        Where the table of words stands.

    Returns
    -------
    list of Scored
        Best first, `none` among them; empty where no word is known and no phrase is very near by letters.
    """
    query = read_query(text, index_, folder)
    if not query:
        return _by_letters(text, index_)
    alike = dict(zip(index_.needs, _LETTERS * likeness(bare(text), index_.letters), strict=True))
    likely = dict(zip(index_.needs, _likely(text, query, index_), strict=True))
    weights = [max(index_.weights[stem] * share for stem, share in meant.items()) for _word, meant in query]
    best = _best_phrases(query, sum(weights), index_)
    found = []
    for need, each in _evidence(query, index_).items():
        value = (1 - _MIX) * best.get(need, 0.0) + _MIX * each.kept
        # What the letters say is lowered with the words that are denied: "nu bea" looks like "bea".
        kept = each.kept / each.said if each.said else 1.0
        named = sum(
            weight
            for (word, _meant), weight in zip(query, weights, strict=True)
            if word.stem in index_.names[need] and not word.is_denied
        )
        total = value / (value + _HALF) + kept * alike[need] + _NAME * named / sum(weights)
        words = sorted(each.by_word, key=lambda typed, by=each.by_word: -by[typed])  # type: ignore[misc]
        found.append(Scored(need, float(total + likely[need]), tuple(words), float(total)))
    return sorted((one for one in found if one.evidence > 0), key=lambda one: -one.score)


def _by_letters(text: str, index_: PhraseIndex) -> list[Scored]:
    """Score a phrase of small words only ("nu mai știe cine e") by its letters, where they are very near."""
    alike = zip(index_.needs, _LETTERS * likeness(bare(text), index_.letters), strict=True)
    found = [Scored(need, float(value), (), float(value)) for need, value in alike if value >= _LETTERS_ALONE]
    return sorted(found, key=lambda one: -one.score)


def _likely(text: str, query: QueryWords, index_: PhraseIndex) -> np.ndarray:
    """Return, by need, what it is lifted by for being likely to be said so."""
    stems = [_said(word, max(meant, key=lambda stem, of=meant: of[stem])) for word, meant in query]  # type: ignore[misc]
    chances = log_likelihood(pairs_of(stems), index_.by_words) + log_likelihood(_runs(bare(text)), index_.by_runs)
    return np.asarray(_LIKELY * np.exp((chances - chances.max()) / _LESS_LIKELY))


def _best_phrases(query: QueryWords, known: float, index_: PhraseIndex) -> dict[str, float]:
    """Return, by need, the best of its phrases: the weight that it shares with the query, squared, over both."""
    shared: dict[int, float] = defaultdict(float)
    for word, meant in query:
        here: dict[int, float] = {}
        for stem, share in meant.items():
            for row, is_denied in index_.by_stem[stem]:
                does_need_deny = (index_.phrases[row].need, stem) in index_.denied
                agreement = _agreement(word, is_denied=is_denied, does_need_deny=does_need_deny)
                here[row] = max(here.get(row, 0.0), index_.weights[stem] * share * agreement)
        for row, fit in here.items():
            shared[row] += fit
    best: dict[str, float] = defaultdict(float)
    for row, fit in shared.items():
        phrase = index_.phrases[row]
        most = min(fit, phrase.weight)
        best[phrase.need] = max(best[phrase.need], most**2 / (phrase.weight + _REST * max(0.0, known - most)))
    return best


def _evidence(query: QueryWords, index_: PhraseIndex) -> dict[str, _Evidence]:
    """Return, for every need, what all typed words say for it."""
    found = {need: _Evidence() for need in index_.needs}
    for word, meant in query:
        values: dict[str, tuple[float, float]] = {}
        for stem, share in meant.items():
            for need, part in index_.shares[stem].items():
                fit = index_.weights[stem] * share * math.sqrt(part)
                is_wrong = word.is_denied and (need, stem) not in index_.denied
                values[need] = max(values.get(need, (0.0, 0.0)), (fit, fit * (_WRONG_DENIAL if is_wrong else 1.0)))
        for need, (fit, kept) in values.items():
            found[need].said += fit
            found[need].kept += kept
            found[need].by_word[word.typed] = found[need].by_word.get(word.typed, 0.0) + kept
    return found


def _agreement(word: Word, *, is_denied: bool, does_need_deny: bool) -> float:
    if word.is_denied == is_denied:
        return 1.0
    if word.is_denied:
        return _DENIED_BY_NEED if does_need_deny else _WRONG_DENIAL
    return _UNSAID_DENIAL
