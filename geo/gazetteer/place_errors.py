"""What the gazetteer says when it has no one answer: in words, with what to type instead."""

from __future__ import annotations

from core.errors import AmbiguousPlaceError, UnknownPlaceError
from core.i18n import _

_LONGEST = 80  # characters of typed text that are said again


def unknown_place_error(text: str, choices: tuple[str, ...] = ()) -> UnknownPlaceError:
    """No place bears the name; perhaps one of the choices was meant."""
    if not choices:
        return UnknownPlaceError(
            _(
                "Nu am găsit nicio localitate pentru „{text}”. Scrieți numele și județul, de exemplu: Parincea, Bacău."
            ).format(text=text[:_LONGEST])
        )
    return UnknownPlaceError(
        _("Nu am găsit „{text}”. Poate ați vrut: {places}?").format(text=text[:_LONGEST], places="; ".join(choices)),
        choices,
        question=_("Nu am găsit „{text}”. Poate ați vrut:").format(text=text[:_LONGEST]),
    )


def ambiguous_place_error(text: str, choices: tuple[str, ...]) -> AmbiguousPlaceError:
    """Several places bear the name."""
    return AmbiguousPlaceError(
        _("Sunt mai multe localități „{text}”. Alegeți una: {places}.").format(
            text=text[:_LONGEST], places="; ".join(choices)
        ),
        choices,
        question=_("Sunt mai multe localități „{text}”. Alegeți una:").format(text=text[:_LONGEST]),
    )


def unknown_code_error(code: int) -> UnknownPlaceError:
    """No locality and no UAT has the code."""
    return UnknownPlaceError(
        _("Codul SIRUTA {code} nu este al unei localități sau al unei unități administrative.").format(code=code)
    )


def swapped_point_error(lat: float, lon: float) -> UnknownPlaceError:
    """Latitude and longitude stand in each other's place."""
    return UnknownPlaceError(
        _("Coordonatele par inversate. Scrieți întâi latitudinea, apoi longitudinea: {lat}, {lon}.").format(
            lat=lon, lon=lat
        ),
        (f"{lon}, {lat}",),
    )


def foreign_point_error(lat: float, lon: float) -> UnknownPlaceError:
    """Say that the point is not in the country."""
    return UnknownPlaceError(_("Punctul {lat}, {lon} nu este în România.").format(lat=lat, lon=lon))
