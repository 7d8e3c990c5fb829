"""Find the needs that everyday words or a whole sentence mean: "buletin", "are scabie toată familia".

What is typed is scored against the phrases of each need (`need_index`); rare words weigh, unknown ones are ignored, and
what is no need (a greeting, the weather) finds nothing. A need is taken without asking where one of its phrases was
typed, or where no other need comes near.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _, language
from core.reading.curated_tables import FOLDER
from providers.rules.need_index import NO_NEED, Scored, bare, index, score
from providers.rules.need_words import words_of
from providers.rules.needs import Need, applies_to, crosswalk, needs

if TYPE_CHECKING:
    from pathlib import Path

    from providers.rules.person import Person

_EXACT = 100.0
_FULL = 2.8  # the highest score that words, letters and likelihood give together
_SHOWN, _SHOWN_SHARE = 0.45, 0.35  # least score of the best need; least share of it of the others
_CLOSE, _CLOSE_SHARE = 3, 0.6  # so many are listed at that share; from then on a word in passing is no reason
_SURE, _NEXT = 1.05, 0.45  # score from which a need is taken, and most that the next one has of it
_NONE_AHEAD = 1.05  # how far "no need" must be ahead
_LONGEST = 200  # characters of a query that are read


@dataclass(frozen=True)
class NeedMatch:
    """A need found: 100 is one of its own phrases as typed; `is_sure` where it may be taken without asking.

    words: the typed words that spoke for it, the strongest first; empty where only their letters did.
    """

    need: Need
    score: float
    is_sure: bool
    words: tuple[str, ...] = ()


def search(text: str, *, person: Person | None = None, limit: int = 8, folder: Path = FOLDER) -> list[NeedMatch]:
    """List the needs that words mean, best first.

    Parameters
    ----------
    text
        Typed words or a sentence; on an English screen in either language.
    person
        Leaves out the needs that this person cannot have; None = none.
    limit
        Most that are listed.
    folder
        Where the tables of needs and phrases stand.

    Returns
    -------
    list of NeedMatch
        Need, score, the words that matched and whether it is sure; empty where none fits, or where the words are
        rather no need at all.
    """
    read, typed = index(language(), folder), text[:_LONGEST]
    exact = read.exact.get(bare(typed), ())
    scored = score(typed, read, folder)
    strongest = max((one.evidence for one in scored), default=0.0)
    if NO_NEED in exact or (not exact and (strongest < _SHOWN or _is_no_need(scored))):
        return []
    known = needs(folder)
    fitting = [one for one in scored if one.need != NO_NEED and (person is None or applies_to(known[one.need], person))]
    best = fitting[0].evidence if fitting else 0.0
    next_best = max((one.evidence for one in fitting[1:]), default=0.0)
    is_ahead = not exact and best >= _SURE and next_best <= _NEXT * best
    found = [
        NeedMatch(
            known[one.need],
            _EXACT if one.need in exact else min(_EXACT - 1, 100 * one.score / _FULL),
            one.need in exact or (is_ahead and place == 0),
            one.words,
        )
        for place, one in enumerate(fitting)
        if one.need in exact or place == 0 or one.evidence >= (_SHOWN_SHARE if place < _CLOSE else _CLOSE_SHARE) * best
    ]
    order = list(known)
    typed_stems = {word.stem for word in words_of(typed, folder)}

    def place_of(match: NeedMatch) -> tuple[float, bool, int]:
        # Of equals (one phrase of two needs) the one whose name has a typed word, then the order of the catalogue.
        return -match.score, not typed_stems & read.names[match.need.need], order.index(match.need.need)

    return sorted(found, key=place_of)[:limit]


def _is_no_need(scored: list[Scored]) -> bool:
    """Tell whether "no need at all" has clearly the most evidence."""
    none = max((one.evidence for one in scored if one.need == NO_NEED), default=0.0)
    return none > 0 and none >= _NONE_AHEAD * max((one.evidence for one in scored if one.need != NO_NEED), default=0.0)


def resolve(text: str, folder: Path = FOLDER) -> tuple[Need, ...]:
    """Return the needs that a code or everyday words mean: ours, a nurse's (VAI_02), or "buletin".

    A nurse's code and a word may mean several needs ("bătăi": a child's or an adult's). Raises
    UnknownCodeError, with the nearest needs or with the reason why the code asks for no help.
    """
    known, code = needs(folder), text.strip()
    if code.lower() in known:
        return (known[code.lower()],)
    crossing = crosswalk(folder).get(code.upper())
    if crossing is not None:
        if crossing.why_not:
            raise UnknownCodeError(
                _("Codul {code} nu cere un serviciu. {why}").format(code=crossing.code, why=_(crossing.why_not))
            )
        return tuple(known[each] for each in crossing.needs)
    found = search(text, folder=folder)
    sure = tuple(match.need for match in found if match.is_sure)
    if not sure:
        near = ", ".join(f"{_(match.need.name)} ({match.need.need})" for match in found[:4])
        raise UnknownCodeError(
            _("Nevoia „{text}” nu există.").format(text=text)
            + (" " + _("Poate căutați: {near}.").format(near=near) if near else "")
        )
    return sure


def need(text: str, folder: Path = FOLDER) -> Need:
    """Return the one need of a code or words; of several, the first. Raises as `resolve` does."""
    return resolve(text, folder)[0]
