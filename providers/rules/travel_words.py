"""What minutes rest on, in the language of this request: the one place that says it, for every surface.

A way is written "9,0 km în linie dreaptă, timp estimat cu mașina 12 min" where no road is known, and "14 min pe drumuri
OSM, ediția din 03.11.2026, vara, 9,0 km în linie dreaptă" where minutes are those of a network: metres are
straight in every model. What nobody can reach is said, never a number.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from core.i18n import _, number
from core.storage.import_kinds import KINDS
from geo.spatial.travel import CAR, WALK
from providers.rules.wording import iso_day, kilometre_words, minute_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.straight_errors import StraightError
    from geo.spatial.travel import TravelBasis

_SLOW_KM_H = 10.0
_SHORT_M = 100.0  # a walk to the road of which nobody needs to be told
_M_PER_KM = 1000
_OPEN_STREET_MAP = "OpenStreetMap"


def basis_words(basis: TravelBasis) -> str:
    """Return in words what minutes rest on, beside them: a straight line, or whose roads, of which day and season."""
    if basis.instead_of:
        return _("în linie dreaptă (serverul de rute {host} nu răspunde)").format(host=basis.instead_of)
    if basis.lost:
        return _("în linie dreaptă (drumurile nu pot fi citite)")
    if basis.is_straight:
        return _("în linie dreaptă")
    text = _roads_words(basis)
    dated = _("ediția din {day}").format(day=iso_day(basis.as_of)) if basis.as_of else ""
    season = {"summer": _("vara"), "winter": _("iarna")}.get(basis.season, "")
    return ", ".join(part for part in (text, dated, season) if part)


def _roads_words(basis: TravelBasis) -> str:
    if basis.kind == "server":
        return _("pe drumuri, după {source}").format(source=basis.source)
    if basis.source == _OPEN_STREET_MAP:
        return _("pe drumuri OSM")
    # A layer that nobody gave a title has that of its kind, which says nothing more.
    return (
        _("pe drumuri")
        if basis.source == KINDS["roads"].title
        else _("pe drumuri ({source})").format(source=basis.source)
    )


def unreachable_words(basis: TravelBasis) -> str:
    """Return in words that nobody gets there in this mode of travel."""
    return _("nu se ajunge pe jos") if basis.mode == "walk" else _("nu se ajunge cu mașina")


def time_words(minutes: float, basis: TravelBasis) -> str:
    """Write minutes with what they rest on; of a straight line the number alone, since its kilometres say it."""
    if not isfinite(minutes):
        return unreachable_words(basis)
    text = minute_words(minutes)
    return text if basis.is_straight else f"{text} {basis_words(basis)}"


def way_words(minutes: float, metres: float, basis: TravelBasis) -> str:
    """Write a way: minutes, what they rest on, and straight kilometres; without roads the kilometres, then an estimate.

    >>> from geo.spatial.travel import CAR
    >>> way_words(31.2, 17_100, CAR.basis)
    '17,1 km în linie dreaptă, timp estimat cu mașina 31 min'
    """
    if not basis.is_straight or not isfinite(minutes):
        return straight_words(time_words(minutes, basis), metres)
    text = (
        _("{km} în linie dreaptă, timp estimat pe jos {minutes}")
        if basis.mode == "walk"
        else _("{km} în linie dreaptă, timp estimat cu mașina {minutes}")
    )
    return text.format(km=kilometre_words(metres), minutes=minute_words(minutes))


def way_pieces(minutes: float, metres: float, basis: TravelBasis) -> tuple[str, str]:
    """Write a way in two pieces, what is known best first: minutes by road, but kilometres before an estimate."""
    km = distance_words(metres, basis)
    if not isfinite(minutes):
        return unreachable_words(basis), km
    if basis.is_straight:
        return km, _("timp estimat {minutes}").format(minutes=minute_words(minutes))
    return minute_words(minutes), km


def to_road_words(metres: float, basis: TravelBasis) -> str:
    """Return how far it is from both ends to the road, where that is some way; nothing of a walk, which is all on foot.

    >>> from geo.spatial.travel import TravelBasis
    >>> to_road_words(580.0, TravelBasis("roads", "car"))
    '600 m pe jos până la drum'
    """
    if basis.kind != "roads" or basis.mode == "walk" or metres < _SHORT_M:
        return ""
    rounded = max(round(metres / 50) * 50, 50)
    text = _("{n} m").format(n=number(rounded)) if rounded < _M_PER_KM else kilometre_words(metres)
    if basis.has_local_roads:
        return _("{far} pe jos până la drum").format(far=text)
    return _("{far} pe drumuri locale, în linie dreaptă").format(far=text)


def straight_words(text: str, metres: float) -> str:
    """Write straight kilometres behind what is said of a way."""
    return _("{minutes}, {km} în linie dreaptă").format(minutes=text, km=kilometre_words(metres))


def distance_words(metres: float, basis: TravelBasis) -> str:
    """Write kilometres beside minutes: beside those of roads it is said that they are straight."""
    text = kilometre_words(metres)
    return text if basis.is_straight else _("{km} în linie dreaptă").format(km=text)


def how_measured(basis: TravelBasis) -> str:
    """Say in sentences how the minutes of a page come about, and what they leave out."""
    if not basis.is_straight:
        text = _("Cum se calculează minutele: {basis}; cu viteze presupuse după felul drumului, fără trafic.").format(
            basis=basis_words(basis)
        )
        return " ".join((text, *_left_out(basis)))
    line = CAR if basis.mode == "car" else WALK
    speed = line.speed_km_h
    text = _(
        "Cum se calculează minutele: distanța în linie dreaptă × {detour}, la {speed} km/h. "
        "Drumul adevărat poate dura mai mult."
    ).format(detour=number(line.detour, 2), speed=number(speed, 0 if speed >= _SLOW_KM_H else 1))
    return " ".join(part for part in (text, in_whose_place(basis)) if part)


def straight_error_words(error: StraightError, county: str) -> str:
    """Return in words how far the straight line is from the roads in a county.

    Parameters
    ----------
    error
        What was measured there.
    county
        Name of the county; empty for the country.

    Returns
    -------
    str
        One sentence, with the source and how often another service is nearest.
    """
    where = _("În județul {name}").format(name=county) if county else _("În țară")
    if error.county == "B":
        where = _("În municipiul București")
    text = (
        _(
            "{where}, pe drumurile inventate ale demonstrației, drumul durează de obicei de {ratio} ori cât aici; în "
            "{share} % din cazuri alt serviciu este cel mai aproape."
        )
        if error.is_invented
        else _(
            "{where}, drumul real durează de obicei de {ratio} ori cât aici; în {share} % din cazuri alt serviciu este "
            "cel mai aproape (măsurat pe drumurile din {day})."
        )
    )
    return text.format(
        where=where, ratio=number(error.ratio, 1), share=number(error.other_first * 100), day=iso_day(error.as_of)
    )


def _left_out(basis: TravelBasis) -> Iterator[str]:
    """Say what roads do not know."""
    if not basis.has_local_roads:
        yield _("Drumurile locale sunt socotite în linie dreaptă.")
    if basis.kind == "roads" and basis.mode == "walk":
        yield (
            _("Pe jos: urcușul și coborâșul se socotesc (Tobler 1993).")
            if basis.has_heights
            else _("Pe jos: ca pe teren drept.")
        )


def estimate_note(basis: TravelBasis) -> str:
    """Say in one sentence what the minutes of a table, a map or a trip are."""
    if basis.is_straight:
        text = _("Minutele sunt estimate din distanța în linie dreaptă; drumul adevărat poate dura mai mult.")
        return " ".join(part for part in (text, in_whose_place(basis)) if part)
    return _("Minutele sunt {basis}.").format(basis=basis_words(basis))


def in_whose_place(basis: TravelBasis) -> str:
    """Say of a straight line what was chosen and does not serve now."""
    if basis.instead_of:
        return _("Serverul de rute {host} nu răspunde acum.").format(host=basis.instead_of)
    if basis.lost == "roads":
        return _("Drumurile importate nu pot fi citite; administratorul vede de ce cu „harta doctor”.")
    if basis.lost == "choice":
        return _("Nu se poate citi cum trebuie socotite minutele; administratorul vede cu „harta doctor”.")
    return ""


def basis_json(basis: TravelBasis) -> dict[str, Any]:
    """Return what minutes rest on as JSON-ready data; words in the language of this request."""
    return {
        "model": basis.code,
        "kind": basis.kind,
        "mode": basis.mode,
        "source": basis.source or None,
        "edition": basis.edition or None,
        "as_of": basis.as_of or None,
        "season": basis.season or None,
        "instead_of": basis.instead_of or None,
        "lost": basis.lost or None,
        "has_local_roads": basis.has_local_roads,
        "has_heights": basis.has_heights,
        "words": basis_words(basis),
    }
