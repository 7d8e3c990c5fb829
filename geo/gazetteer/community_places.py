"""One community by its code: its name, its county, and its villages in the order of the alphabet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.text import collation_keys
from geo.gazetteer.places import rows_of

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer


@dataclass(frozen=True)
class CommunityPlaces:
    """A community.

    Attributes
    ----------
    uat_name
        Its name; "" where there is none with the code.
    county, county_name
        Letters and name of its county; "" likewise.
    villages
        SIRUTA and name of each locality.
    """

    uat_name: str
    county: str
    county_name: str
    villages: tuple[tuple[int, str], ...]


def community_places(gazetteer: Gazetteer, uat_siruta: int) -> CommunityPlaces:
    """Return a community with its villages.

    Parameters
    ----------
    gazetteer
        Of the home.
    uat_siruta
        SIRUTA of the community.

    Returns
    -------
    CommunityPlaces
        Blank where the gazetteer has no such community.
    """
    places = gazetteer.localities[gazetteer.localities["uat_siruta"] == uat_siruta]
    places = places.sort_values("name", key=collation_keys)
    county = gazetteer.county_of_uat.get(uat_siruta, "")
    return CommunityPlaces(
        gazetteer.uat_by_code.get(uat_siruta, ""),
        county,
        gazetteer.county_names.get(county, ""),
        tuple((int(code), str(name)) for code, name in rows_of(places, ("locality_siruta", "name"))),
    )
