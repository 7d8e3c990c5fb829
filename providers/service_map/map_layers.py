"""Which layers a map shows beside its services, as they stand in an address: so that a map can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from providers.rules import needs, taxonomy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

CLASS, RATE, PEOPLE, PLAIN = "clasa", "rata", "oameni", "fara"
COVERAGE, JOINED, CHANGE = "acoperire", "legat", "schimbare"
OF_SERVICE = (COVERAGE, JOINED, CHANGE)
COLOURS = (CLASS, RATE, PEOPLE, *OF_SERVICE, PLAIN)
REACH, LOCAL, CALENDAR = "ajung", "local", "calendar"
EXTRAS = (REACH, LOCAL, CALENDAR)
NO_MARKS = "fara"
MINUTES = (15, 30, 45, 60)
USUAL_MINUTES = 30
DAYS_AGO = (7, 30, 90, 180, 365)
USUAL_DAYS_AGO = 30
_LONGEST = 20


@dataclass(frozen=True)
class MapLayers:
    """What is shown beside the services.

    Attributes
    ----------
    FIELDS
        Names of its parts in an address.
    colour
        What the communes and towns are coloured by, of COLOURS.
    minutes
        Longest way of a coverage.
    extras
        Layers of EXTRAS that are drawn.
    county
        Letters of the county that the table of the joined view tells of; empty = all.
    days_ago
        How many days back a comparison looks, of DAYS_AGO.
    has_marks
        Whether the services are drawn; the list has them in any case.
    """

    FIELDS: ClassVar = ("culoare", "minute", "strat", "judet", "acum", "semne")
    colour: str = CLASS
    minutes: int = USUAL_MINUTES
    extras: frozenset[str] = frozenset()
    county: str = ""
    days_ago: int = USUAL_DAYS_AGO
    has_marks: bool = True

    def fields(self) -> list[tuple[str, str]]:
        """Return the layers as the fields of an address that `parse` reads back; what is usual is left out."""
        return [
            *([("culoare", self.colour)] if self.colour != CLASS else []),
            *([("minute", str(self.minutes))] if self.minutes != USUAL_MINUTES else []),
            *(("strat", each) for each in EXTRAS if each in self.extras),
            *([("judet", self.county)] if self.county else []),
            *([("acum", str(self.days_ago))] if self.days_ago != USUAL_DAYS_AGO else []),
            *([] if self.has_marks else [("semne", NO_MARKS)]),
        ]

    @classmethod
    def parse(cls, fields: Mapping[str, str], extras: Sequence[str], counties: Collection[str]) -> MapLayers:
        """Read the layers of an address or a form.

        Parameters
        ----------
        fields
            `culoare`, `minute`, `judet`, `acum` (days back) and `semne`; blank is what is usual.
        extras
            Values of `strat`.
        counties
            Letters of the counties that there are.

        Returns
        -------
        MapLayers
            The layers.

        Raises
        ------
        UnknownCodeError
            For a layer or a county that does not exist.
        BadValueError
            For minutes that are offered for no service, and days that are not of DAYS_AGO.
        """
        colour = fields.get("culoare", "").strip() or CLASS
        marks = fields.get("semne", "").strip()
        unknown = [
            *(name for name in (colour,) if name not in COLOURS),
            *(name for name in extras if name not in EXTRAS),
            *(name for name in (marks,) if name not in ("", NO_MARKS)),
        ]
        if unknown:
            raise UnknownCodeError(_("Harta nu are stratul „{name}”.").format(name=unknown[0][:_LONGEST]))
        county = fields.get("judet", "").strip()
        if county and county not in counties:
            raise UnknownCodeError(_("Nu există județul „{code}”.").format(code=county[:_LONGEST]))
        text = fields.get("minute", "").strip()[:_LONGEST]
        return cls(
            colour,
            _minutes(text) if text else USUAL_MINUTES,
            frozenset(extras),
            county,
            _days(fields.get("acum", "").strip()),
            has_marks=not marks,
        )


def _minutes(text: str) -> int:
    """Read the longest way: one of those that are offered for some service, so that each is computed once."""
    known = {*MINUTES, *(each.reach_minutes for each in taxonomy.service_types().values() if each.reach_minutes)}
    minutes = int(text) if text.isascii() and text.isdigit() else 0
    if minutes not in known:
        words = _("Timpul maxim se alege dintre: {minutes} (de minute).")
        raise BadValueError(words.format(minutes=", ".join(map(str, sorted(known)))))
    return minutes


def _days(text: str) -> int:
    if text and text not in map(str, DAYS_AGO):
        words = _("Comparația se face cu o zi de acum: {days} (de zile).")
        raise BadValueError(words.format(days=", ".join(map(str, DAYS_AGO))))
    return int(text) if text else USUAL_DAYS_AGO


def minutes_offered(wanted: str) -> tuple[int, ...]:
    """Return the longest ways to choose from.

    Parameters
    ----------
    wanted
        Code of a need or a service type; empty = none.

    Returns
    -------
    tuple of int
        The usual ones, and the limit that the type itself has (of a need, where its types have the same).
    """
    types = needs.answers(wanted) if wanted in needs.needs() else (wanted,) if wanted else ()
    known = taxonomy.service_types()
    limits = {known[code].reach_minutes for code in types if code in known}
    own = limits.pop() if len(limits) == 1 else None
    return tuple(sorted({*MINUTES, *([] if own is None else [own])}))
