"""What is searched and not found, in words and for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import UnknownCodeError
from core.i18n import _, ngettext, number
from providers.rules.needs import need_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.gazetteer.gazetteer import Gazetteer
    from referrals.search_gaps.gap_counts import SearchGaps


def times_words(times: int | None) -> str:
    """Return in words how often; None = fewer than five times."""
    if times is None:
        return _("de mai puțin de cinci ori")
    return ngettext("o dată", "de {n} ori", times).format(n=number(times))


def need_lines(gaps: SearchGaps) -> list[tuple[str, str]]:
    """Return each need without an answer with its county, and how often."""
    return [
        (f"{need_name(code)}, {county}" if county else need_name(code), times_words(n))
        for code, county, n in gaps.needs
    ]


def place_lines(gaps: SearchGaps, places: Gazetteer) -> list[tuple[str, str]]:
    """Return each community from which a need found nobody, and how often."""
    return [(f"{_label(places, uat)}: {need_name(code)}", times_words(n)) for code, uat, n in gaps.places]


def word_lines(gaps: SearchGaps) -> list[tuple[str, str]]:
    """Return each word that means no need, and how often."""
    return [(word, times_words(n)) for word, n in gaps.words]


def gap_parts(gaps: SearchGaps, places: Gazetteer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Lay out what is searched and not found: needs, communities and words, each with its heading.

    Parameters
    ----------
    gaps
        From `search_gaps`.
    places
        For names.

    Returns
    -------
    list
        Heading, and lines of what and how often.
    """
    return [
        (_("Nevoi fără răspuns în apropiere"), need_lines(gaps)),
        (_("Comunități din care s-a căutat fără răspuns"), place_lines(gaps, places)),
        (_("Cuvinte care nu au găsit nicio nevoie"), word_lines(gaps)),
    ]


def gap_lines(gaps: SearchGaps, places: Gazetteer) -> Iterator[str]:
    """Write what is searched and not found as lines of a terminal.

    Parameters
    ----------
    gaps
        From `search_gaps`.
    places
        For names.

    Yields
    ------
    str
        Needs, communities and words, each with its heading.
    """
    parts = gap_parts(gaps, places)
    if not any(lines for _title, lines in parts):
        yield _("În ultimele opt săptămâni nu s-a căutat nimic fără răspuns.")
    for title, lines in parts:
        if lines:
            yield title
            yield from (f"  {what}: {times}" for what, times in lines)


def gaps_json(gaps: SearchGaps) -> dict[str, Any]:
    """Return what is searched and not found as JSON.

    Parameters
    ----------
    gaps
        From `search_gaps`.

    Returns
    -------
    dict
        `needs`, `places` and `words`; `times` null = fewer than five.
    """
    return {
        "needs": [{"need": code, "county": county, "times": n} for code, county, n in gaps.needs],
        "places": [{"need": code, "uat_siruta": uat, "times": n} for code, uat, n in gaps.places],
        "words": [{"word": word, "times": n} for word, n in gaps.words],
    }


def _label(places: Gazetteer, uat: int) -> str:
    try:
        return places.place_of(None, uat).label
    except UnknownCodeError:
        return str(uat)
