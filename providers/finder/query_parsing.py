"""From what somebody typed to a query: places resolved, codes checked, ages and groups within bounds."""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import TYPE_CHECKING

from core.errors import MapError, UnknownCodeError
from core.i18n import _
from geo.gazetteer.typed_place import coordinates
from providers.finder.answer import Query
from providers.finder.query_limits import MOST_ASKED, OLDEST_PERSON, REACH_CHOICES
from providers.rules import need_search, taxonomy
from providers.rules.person import Person
from providers.rules.travel_modes import require_mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place


class BadQuestionError(MapError, ValueError):
    """A question with a part that cannot be: an age of 300, a sex that is neither F nor M."""


def parse_query(
    gazetteer: Gazetteer,
    *,
    place: str,
    services: Iterable[str] = (),
    needs: Iterable[str] = (),
    home: str | None = None,
    age: int | None = None,
    sex: str | None = None,
    groups: Iterable[str] = (),
    k: int = 5,
    mode: str = "car",
    max_minutes: float | None = None,
    only_confirmed: bool = False,
    near: str | None = None,
) -> Query:
    """Make a query of typed words, the one way for every surface.

    Parameters
    ----------
    gazetteer
        Resolves places.
    place
        Where the search starts: a name, a SIRUTA code or „LAT,LON” in WGS84 degrees.
    services
        Codes of service types.
    needs
        Codes or words of needs.
    home
        Where the person lives, if elsewhere.
    age
        Full years; None = not said.
    sex
        F or M; None = not said.
    groups
        Codes of beneficiary groups.
    k
        Services a block, 1 to MOST_ASKED.
    mode
        `car` or `walk`.
    max_minutes
        Longest way, minutes, 0 or more; None = any.
    only_confirmed
        Whether services to call first are left out.
    near
        Letters of the asker's county, whose places are asked back first; None = not known.

    Returns
    -------
    Query
        Checked; the licence must hold today.

    Raises
    ------
    UnknownPlaceError, AmbiguousPlaceError
        With choices.
    UnknownCodeError
        For a service type, group or mode that does not exist.
    BadQuestionError
        For nothing wanted, and for a number that cannot be.
    """
    wanted = (*(taxonomy.service_type(code).service_type for code in services), *_needs(needs))
    if not wanted:
        raise BadQuestionError(_("Spuneți ce căutați: o nevoie sau un tip de serviciu."))
    _require_limits(k=k, mode=mode, max_minutes=max_minutes)
    return Query(
        origin=gazetteer.resolve(place, near=near),
        wanted=wanted,
        person=parse_person(age=age, sex=sex, groups=groups),
        home=gazetteer.resolve(home, near=near) if home else None,
        k=k,
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )


def make_query(
    *,
    origin: Place,
    wanted: tuple[str, ...],
    person: Person,
    home: Place | None = None,
    k: int = 5,
    mode: str = "car",
    max_minutes: float | None = None,
    only_confirmed: bool = False,
) -> Query:
    """Make a query of what a form has resolved already, within the limits of every query.

    Parameters
    ----------
    origin
        Where the person is.
    wanted
        Codes of needs and service types.
    person
        What `parse_person` has checked.
    home
        Where the person lives, where that is another place.
    k, mode, max_minutes, only_confirmed
        As of `Query`: at most `MOST_ASKED` services, "car" or "walk", minutes from 0 on or None.

    Returns
    -------
    Query
        Ready for the finder.

    Raises
    ------
    BadQuestionError
        Where a number is outside its limits.
    """
    _require_limits(k=k, mode=mode, max_minutes=max_minutes)
    return Query(
        origin=origin,
        wanted=wanted,
        person=person,
        home=home,
        k=k,
        mode=mode,
        max_minutes=max_minutes,
        only_confirmed=only_confirmed,
    )


def _require_limits(*, k: int, mode: str, max_minutes: float | None) -> None:
    require_mode(mode)
    if max_minutes is not None and not 0 <= max_minutes < inf:  # NaN is not at least 0
        raise BadQuestionError(_("Minutele sunt un număr de la 0 în sus, nu {found}.").format(found=max_minutes))
    if not 1 <= k <= MOST_ASKED:
        raise BadQuestionError(_("Se pot cere între 1 și {most} servicii, nu {k}.").format(most=MOST_ASKED, k=k))


def _needs(needs: Iterable[str]) -> tuple[str, ...]:
    return tuple(need.need for text in needs for need in need_search.resolve(text))


def parse_age(text: str) -> int | None:
    """Read the age that a field of a form says.

    Parameters
    ----------
    text
        What was typed.

    Returns
    -------
    int or None
        Full years; None for an empty field.

    Raises
    ------
    BadQuestionError
        Where it is no whole number.
    """
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise BadQuestionError(_("Vârsta se scrie în ani întregi."))
    return int(text)


def parse_reach(text: str) -> float | None:
    """Read how far it may be.

    Parameters
    ----------
    text
        What was chosen.

    Returns
    -------
    float or None
        Minutes; None = no limit, also for what is none of the choices of a form.
    """
    return float(text) if text in {str(minutes) for minutes in REACH_CHOICES} else None


def parse_person(*, age: int | None = None, sex: str | None = None, groups: Iterable[str] = ()) -> Person:
    """Check what is said of a person.

    Parameters
    ----------
    age
        Full years, 0 to OLDEST_PERSON; None = not said.
    sex
        F or M in any case; None or blank = not said.
    groups
        Codes of beneficiary groups, ours or a register's.

    Returns
    -------
    Person
        The same, tidied.

    Raises
    ------
    BadQuestionError
        For an age or a sex that cannot be.
    UnknownCodeError
        For a group that does not exist.
    """
    if age is not None and not 0 <= age <= OLDEST_PERSON:
        raise BadQuestionError(
            _("Vârsta trebuie să fie între 0 și {most} de ani, nu {age}.").format(most=OLDEST_PERSON, age=age)
        )
    text = (sex or "").strip().upper()
    if text not in ("", "F", "M"):
        raise BadQuestionError(_("Sexul se scrie F sau M, nu „{sex}”.").format(sex=sex))
    return Person(age, text or None, frozenset(taxonomy.group(code).group for code in groups))


BATCH_COLUMNS = ("from", "at", "siruta", "service", "need", "age", "sex", "group", "home", "mode", "max-minutes", "k")


def parse_place_option(name: str, text: str) -> str:
    """Return the place that an option or column states.

    Names are typed freely, but a coordinate or a code that is none must not be taken for a name.

    Parameters
    ----------
    name
        `from` (a name), `at` (LAT,LON in WGS84 degrees) or `siruta` (a code).
    text
        What was typed.

    Returns
    -------
    str
        The text, to be resolved by a gazetteer.

    Raises
    ------
    BadQuestionError
        Where `at` is no pair of coordinates, or `siruta` no number.
    """
    if name == "at" and coordinates(text) is None:
        raise BadQuestionError(
            _("Coordonatele se scriu LAT,LON în grade zecimale (46.48,27.10), nu „{found}”.").format(found=text)
        )
    if name == "siruta" and not (text.isascii() and text.isdigit()):
        raise BadQuestionError(_("Codul SIRUTA este un număr, nu „{found}”.").format(found=text))
    return text


def parse_row(gazetteer: Gazetteer, row: Mapping[str, str]) -> Query:
    """Make a query of one row of a batch.

    Parameters
    ----------
    gazetteer
        Resolves places.
    row
        BATCH_COLUMNS, named as the options are; `;` between several values; blank = not said.

    Returns
    -------
    Query
        As `parse_query` makes it.

    Raises
    ------
    BadQuestionError
        Where the row has no place or several, and as in `parse_query`.
    UnknownPlaceError, AmbiguousPlaceError, UnknownCodeError
        As in `parse_query`.
    """
    places = [(name, row[name].strip()) for name in ("from", "at", "siruta") if row.get(name, "").strip()]
    if len(places) != 1:
        raise BadQuestionError(_("Rândul trebuie să aibă un singur loc: from, at sau siruta."))
    return parse_query(
        gazetteer,
        place=parse_place_option(*places[0]),
        services=_split(row.get("service", "")),
        needs=_split(row.get("need", "")),
        home=row.get("home") or None,
        age=_whole(row, "age"),
        sex=row.get("sex") or None,
        groups=_split(row.get("group", "")),
        k=5 if (k := _whole(row, "k")) is None else k,
        mode=row.get("mode") or "car",
        max_minutes=_decimal(row, "max-minutes"),
        only_confirmed=row.get("only-confirmed", "").lower() in ("1", "true", "da"),
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _whole(row: Mapping[str, str], name: str) -> int | None:
    value = _decimal(row, name)
    if value is not None and value != int(value):
        raise BadQuestionError(
            _("Coloana {name}: „{found}” nu este un număr întreg.").format(name=name, found=row[name])
        )
    return None if value is None else int(value)


def _decimal(row: Mapping[str, str], name: str) -> float | None:
    text = row.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = nan
    if not isfinite(value):
        raise BadQuestionError(_("Coloana {name}: „{found}” nu este un număr.").format(name=name, found=text))
    return value


__all__ = [
    "BATCH_COLUMNS",
    "BadQuestionError",
    "UnknownCodeError",
    "make_query",
    "parse_age",
    "parse_person",
    "parse_place_option",
    "parse_query",
    "parse_reach",
    "parse_row",
]
