"""What somebody wants to see on the map: a filter as it stands in an address, so that a map can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from core.storage.import_kinds import REGISTRIES
from providers.rules import needs, taxonomy
from providers.rules.schema import VOCABULARIES
from providers.service_map.map_zone import MapZone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place

FREE, ASK, FULL = range(3)  # states of a mark: has a place, call first, has none
PLACES = {"libere": FREE, "sunati": ASK, "fara": FULL}
MOST_KM = 300
_YES = "1"
_LONGEST = 80
LONGEST_PROVIDER = 200  # characters of a provider's name that are read


@dataclass(frozen=True)
class MapFilter:
    """Which services are shown; what is blank leaves nothing out.

    Attributes
    ----------
    FIELDS
        Names of its parts in an address.
    registries
        Codes of the registers shown; empty = all.
    wanted
        Code of a need or of a service type.
    group
        Code of a beneficiary group that has to be taken.
    places
        FREE, ASK or FULL; None = all.
    is_open_now
        Only those whose hours say that they are open at this moment.
    delivery
        How the service reaches people (`at_site`, `at_home`, `mobile`, `remote`).
    is_licensed
        Only those whose licence is known to hold today.
    near, km
        Only those within so many kilometres, as the crow flies, of a place; the place alone orders the list.
    zone
        Only those in a rectangle or a circle that somebody drew.
    provider
        Only those of the provider of this name, whatever its case and diacritics.
    """

    FIELDS: ClassVar = (
        "registru", "serviciu", "grup", "locuri", "deschis", "livrare", "licenta", "loc", "km", "zona", "furnizor",
    )  # fmt: skip
    registries: frozenset[str] = frozenset()
    wanted: str = ""
    group: str = ""
    places: int | None = None
    is_open_now: bool = False
    delivery: str = ""
    is_licensed: bool = False
    near: Place | None = None
    km: float | None = None
    zone: MapZone | None = None
    provider: str = ""

    @property
    def types(self) -> frozenset[str]:
        """Service types that answer what is wanted; empty = all."""
        if not self.wanted:
            return frozenset()
        return frozenset(needs.answers(self.wanted)) if self.wanted in needs.needs() else frozenset({self.wanted})

    @classmethod
    def parse(
        cls,
        fields: Mapping[str, str],
        registries: Sequence[str],
        gazetteer: Gazetteer,
        *,
        own_county: str | None = None,
    ) -> MapFilter:
        """Read a filter of an address or a form.

        Parameters
        ----------
        fields
            `serviciu` (a need's or type's code), `grup`, `locuri` (libere, sunati, fara), `deschis` and `licenta` (1),
            `livrare`, `loc` (a place by name, SIRUTA code or coordinates), `km`, `zona` (see `MapZone.parse`) and
            `furnizor` (name of a provider).
        registries
            Values of `registru`.
        gazetteer
            Places of the home.
        own_county
            Letters of the asker's county, whose places are asked back first; None = not known.

        Returns
        -------
        MapFilter
            The filter.

        Raises
        ------
        UnknownCodeError
            For a code that no table has.
        BadValueError
            For a number of kilometres outside its limits, or a zone that is none.
        PlaceError
            Where the place is not known, or several have its name.
        """
        values = {name: fields.get(name, "").strip()[:_LONGEST] for name in fields}
        wanted, group, delivery = values.get("serviciu", ""), values.get("grup", ""), values.get("livrare", "")
        if wanted and wanted not in needs.needs():
            wanted = taxonomy.service_type(wanted).service_type
        if group:
            group = taxonomy.group(group).group
        place = values.get("loc", "")
        return cls(
            frozenset(_known("registru", name, tuple(REGISTRIES)) for name in registries if name),
            wanted,
            group,
            PLACES[_known("locuri", values["locuri"], tuple(PLACES))] if values.get("locuri") else None,
            values.get("deschis") == _YES,
            _known("livrare", delivery, tuple(sorted(VOCABULARIES["delivery"]))) if delivery else "",
            values.get("licenta") == _YES,
            gazetteer.resolve(place, near=own_county) if place else None,
            _kilometres(values.get("km", "")),
            MapZone.parse(values["zona"]) if values.get("zona") else None,
            fields.get("furnizor", "").strip()[:LONGEST_PROVIDER],
        )  # fmt: skip

    def fields(self) -> list[tuple[str, str]]:
        """Return the filter as the fields of an address that `parse` reads back; what is blank is left out."""
        names = {state: name for name, state in PLACES.items()}
        items = [
            *(("registru", code) for code in sorted(self.registries)),
            ("serviciu", self.wanted),
            ("grup", self.group),
            ("locuri", "" if self.places is None else names[self.places]),
            ("deschis", _YES if self.is_open_now else ""),
            ("livrare", self.delivery),
            ("licenta", _YES if self.is_licensed else ""),
            ("loc", "" if self.near is None else self.near.label),
            ("km", "" if self.km is None else f"{self.km:g}"),
            ("zona", "" if self.zone is None else self.zone.text),
            ("furnizor", self.provider),
        ]
        return [(name, value) for name, value in items if value]


def _known(field: str, found: str, known: Sequence[str]) -> str:
    if found in known:
        return found
    words = _("Filtrul „{field}” nu are valoarea „{found}”; are: {known}.")
    raise UnknownCodeError(words.format(field=field, found=found[:_LONGEST], known=", ".join(known)))


def _kilometres(text: str) -> float | None:
    if not text:
        return None
    try:
        km = float(text.replace(",", "."))
    except ValueError:
        km = -1.0
    if not 0 < km <= MOST_KM:  # NaN is in no order
        words = _("Distanța este un număr de kilometri între 0 și {most}, nu „{found}”.")
        raise BadValueError(words.format(most=MOST_KM, found=text[:20]))
    return km
