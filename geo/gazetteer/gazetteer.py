"""Find a place: by typed name, SIRUTA code, coordinates, or the names that registers print.

`load_gazetteer(home)` puts together SIRUTA, the points that the home imported (else the embedded
settlements) and, where imported, the boundaries. A `Gazetteer` never changes; its indexes are made at
first use.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from core.i18n import _
from core.resources import DATA
from core.storage.home import Home
from core.text import fold
from geo.gazetteer import siruta
from geo.gazetteer.name_match import NameMatchKind as MatchHow
from geo.gazetteer.name_match import NameTable, name_table, strip_kind
from geo.gazetteer.place_choice import exact_hits, once, only_meant
from geo.gazetteer.place_errors import (
    ambiguous_place_error,
    foreign_point_error,
    swapped_point_error,
    unknown_code_error,
    unknown_place_error,
)
from geo.gazetteer.place_search import Hit, PlaceIndex, PlaceMatch, build_index, search
from geo.gazetteer.places import Place, locality_places, rows_of, seat_places
from geo.gazetteer.settlement_points import with_points
from geo.gazetteer.typed_place import coordinates, county_keys
from geo.spatial.crs import geodesic_m, in_romania, to_metric
from geo.spatial.window_index import WindowIndex

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.spatial.areas import AreaIndex

SETTLEMENTS_FILE = DATA / "atlas" / "settlements.csv"
FARTHEST_M = 25_000  # no point of the country is farther from a locality; beyond it lies another country or the sea
_CANDIDATES, _OWN, _MANY = 8, 4, 60  # places offered, of them in the asker's county where none is exact, looked at


@dataclass(frozen=True, slots=True)
class Match:
    """A place found.

    Attributes
    ----------
    place
        The place.
    score
        How well it answers to what was typed: 100 is as typed.
    how
        Exact, prefix, word (beginning of a later word) or fuzzy.
    """

    place: Place
    score: float
    how: PlaceMatch


@dataclass(frozen=True, eq=False)  # one by identity: tables have no equality, and what is derived is kept by it
class Gazetteer:
    """The places of the country, and the search among them.

    Attributes
    ----------
    counties
        `county` (letters), `county_siruta`, `siruta_number` (JUD), `name`, `region` (NUTS 2), `region_name`,
        `seat_uat_siruta`.
    uats
        `uat_siruta`, `name`, `full_name`, `county`, `kind` (commune, town, municipality, sector), `is_urban`,
        `seat_locality_siruta`, `parent_uat_siruta` (of a sector), `lat`, `lon` (WGS84 degrees); 3,181 and the 6
        sectors.
    localities
        `locality_siruta`, `name`, `uat_siruta` (a sector is its own), `county`, `type`, `is_seat`, `lat`, `lon` (WGS84
        degrees, NaN where no source knows a point), `precision` (locality, uat); 13,755.
    areas_source
        Loads the index of imported boundaries at the first question that needs it; None where there are none.
    """

    counties: pd.DataFrame
    uats: pd.DataFrame
    localities: pd.DataFrame
    areas_source: Callable[[], AreaIndex | None] = field(default=lambda: None, repr=False, compare=False)

    # -- by what somebody typed ------------------------------------------------------------------

    def find(self, text: str, *, county: str | None = None, limit: int = 8) -> list[Match]:
        """List the places that answer to typed text, best first; only of one county where its letters are given."""
        hits = search(self._index, text, county=county, limit=limit)
        return [Match(self._place_of_hit(h), h.score, h.how) for h in hits]

    def suggest(self, text: str, limit: int = 8, *, near: str | None = None) -> list[Place]:
        """List places while somebody is still typing; those of the asker's county (its letters) come first."""
        own = search(self._index, text, county=near, limit=_OWN) if near else []
        found = once((hit for hit in own if hit.how in ("exact", "prefix")), search(self._index, text, limit=limit))
        return [self._place_of_hit(hit) for hit in found[:limit]]

    def is_name_part(self, word: str) -> bool:
        """Whether a folded word is the name of a place, or a part of one."""
        return any(word in fold(place.label).split() for place in self.suggest(word, limit=3))

    def resolve(self, text: str, *, near: str | None = None) -> Place:
        """Return the one place that a name, a SIRUTA code or „LAT,LON” means; a place is never guessed.

        Parameters
        ----------
        text
            What was typed. Of names only one written as it is (folded, perhaps with its county) is an answer.
        near
            Letters of the asker's county: its places are offered first, and none of them is passed over for a bigger
            namesake elsewhere.

        Returns
        -------
        Place
            The place.

        Raises
        ------
        AmbiguousPlaceError
            With choices, where several places bear the name.
        UnknownPlaceError
            With choices that may be meant, where none does.
        """
        text = text.strip()
        if text.isascii() and text.isdigit():
            return self.by_siruta(int(text))
        pair = coordinates(text)
        if pair is not None:
            return self.at(*pair)
        own, hits = self._searched(text, near)
        exact = exact_hits(once(own, hits))
        if exact:
            meant = only_meant(exact, near)
            if meant is None:
                raise ambiguous_place_error(text, self._labels(exact))
            return self._place_of_hit(meant)
        if not hits:
            # The name may be right and its county or commune wrong: what stands first is looked up alone.
            own, hits = self._searched(re.split("[,;(]", text)[0], near)
        raise unknown_place_error(text, self._labels(once(own[:_OWN], hits)))

    def _searched(self, text: str, near: str | None) -> tuple[list[Hit], list[Hit]]:
        """Search the asker's county by itself, and the country: what is alike at home is not crowded out."""
        own = search(self._index, text, county=near, limit=_MANY) if near else []
        return own, search(self._index, text, limit=_MANY)

    def _labels(self, hits: list[Hit]) -> tuple[str, ...]:
        return tuple(self._place_of_hit(hit).label for hit in hits[:_CANDIDATES])

    def at(self, lat: float, lon: float) -> Place:
        """Return the point itself as a place, named after the nearest locality.

        Raises UnknownPlaceError, in words, for swapped coordinates and for points outside Romania.
        """
        if not in_romania(lat, lon):
            raise swapped_point_error(lat, lon) if in_romania(lon, lat) else foreign_point_error(lat, lon)
        near = self.nearest_locality(lat, lon)
        uat = self.uat_at(lat, lon)
        if uat is None and geodesic_m(lat, lon, near.lat, near.lon)[0] > FARTHEST_M:
            raise foreign_point_error(lat, lon)
        unit = near.uat_siruta if uat is None else uat
        county = self.county_of_uat[unit]
        label = _("un punct aproape de {place}").format(place=near.label)
        return Place(near.name, label, near.locality_siruta, unit, county, lat, lon, "point")

    # -- by code ---------------------------------------------------------------------------------

    def by_siruta(self, code: int) -> Place:
        """Return the locality, or the seat of the UAT, with this code; UnknownPlaceError where there is none."""
        place = self._places.get(code) or self._seats.get(code)
        if place is None:
            raise unknown_code_error(code)
        return place

    def place_of(self, locality_siruta: int | None = None, uat_siruta: int | None = None) -> Place:
        """Return the place of a code that the caller knows to be good: the locality, else the UAT's seat."""
        if locality_siruta is not None and locality_siruta in self._places:
            return self._places[locality_siruta]
        return self.by_siruta(int(uat_siruta if uat_siruta is not None else locality_siruta or 0))

    # -- by the names that registers print ---------------------------------------------------------

    def county_code(self, text: object) -> str | None:
        """Return the letters of a county named „Bacău”, „BC”, „JUDEȚUL BACĂU”, „Caraș Severin” or 4 (JUD)."""
        words = fold(text)
        for prefix in ("judetul ", "judet ", "jud ", "municipiul ", "mun "):
            words = words.removeprefix(prefix)
        if words.startswith(("bucuresti", "sector")):
            return "B"
        return self._county_keys.get(words) or self._county_keys.get(words.replace(" ", ""))

    def match_uat(self, name: str, county: str | None) -> tuple[int | None, MatchHow]:
        """Match a register's name of a UAT within a county (letters or name; None: the whole country).

        Says how: exact, folded, loose, fuzzy (one or two typing errors, only within a county), ambiguous, none.
        """
        return self._uat_names.match(name, self.county_code(county) if county else None)

    def match_locality(
        self, name: str, *, county: str | None = None, uat_siruta: int | None = None
    ) -> tuple[int | None, MatchHow]:
        """Match a register's name of a locality within a UAT, else within a county, else the country."""
        scope = uat_siruta if uat_siruta is not None else self.county_code(county) if county else None
        return self._locality_names.match(name, scope)

    # -- by point ----------------------------------------------------------------------------------

    def nearest_locality(self, lat: float, lon: float) -> Place:
        """Return the locality (with a point of its own) nearest to a point, by metres on the ellipsoid."""
        codes, lats, lons, tree = self._tree
        _planar, near = tree.query(to_metric(lat, lon)[0], k=min(8, len(codes)))
        near = np.atleast_1d(near)
        metres = geodesic_m(lat, lon, lats[near], lons[near])
        return self._places[int(codes[near[int(metres.argmin())]])]

    def uat_at(self, lat: float, lon: float) -> int | None:
        """Return the UAT (in Bucharest the sector) that holds a point; None outside all, or without boundaries."""
        if self._areas is None:
            return None
        return cast("int | None", self._areas.uat_at([lat], [lon])[0])

    def county_at(self, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.object_]:
        """Return the county letters of each point, None outside Romania.

        With boundaries by polygon; without, the county of the nearest locality within 25 km, which errs
        along the county's border.
        """
        la, lo = np.atleast_1d(np.asarray(lats, float)), np.atleast_1d(np.asarray(lons, float))
        if self._areas is not None:
            return self._areas.county_at(la, lo)
        found = np.full(len(la), None, dtype=object)
        known = np.flatnonzero(in_romania(la, lo))
        if len(known):
            codes, _lats, _lons, tree = self._tree
            metres, near = tree.query(to_metric(la[known], lo[known]))
            counties = [self._places[int(c)].county for c in codes[near]]
            found[known] = [c if m <= FARTHEST_M else None for c, m in zip(counties, metres, strict=True)]
        return found

    # -- made at first use -------------------------------------------------------------------------

    @cached_property
    def _index(self) -> PlaceIndex:
        return build_index(self.localities, self.uats, self.counties)

    @cached_property
    def _areas(self) -> AreaIndex | None:
        return self.areas_source()

    @cached_property
    def _county_keys(self) -> dict[str, str]:
        numbers = {str(n): c for n, c in zip(self.counties["siruta_number"], self.counties["county"], strict=True)}
        return numbers | county_keys(self.county_names)

    @cached_property
    def county_names(self) -> dict[str, str]:
        """Names of counties by their letters."""
        return dict(zip(self.counties["county"].tolist(), self.counties["name"].tolist(), strict=True))

    @cached_property
    def uat_windows(self) -> WindowIndex:
        """Which UATs, by their points, lie in a view of a map; in the order of `uats`."""
        return WindowIndex(self.uats["lat"], self.uats["lon"])

    @cached_property
    def uat_by_code(self) -> dict[int, str]:
        """Names of UATs by code."""
        return dict(zip(self.uats["uat_siruta"].tolist(), self.uats["name"].tolist(), strict=True))

    @cached_property
    def county_of_uat(self) -> dict[int, str]:
        """Letters of the county of each UAT, by code."""
        return dict(zip(self.uats["uat_siruta"].tolist(), self.uats["county"], strict=True))

    @cached_property
    def _places(self) -> dict[int, Place]:
        return locality_places(self.localities, self.uats, self.counties)

    @cached_property
    def _seats(self) -> dict[int, Place]:
        return seat_places(self.uats, self._places)

    def _place_of_hit(self, hit: Hit) -> Place:
        code = hit.entry.locality_siruta
        return self._seats[hit.entry.uat_siruta] if code is None else self._places[code]

    @cached_property
    def _uat_names(self) -> NameTable:
        columns = ("uat_siruta", "name", "county", "kind")
        rows = [
            (code, form, (county,))
            for code, name, county, kind in rows_of(self.uats, columns)
            for form in (_sector_names(name) if kind == "sector" else (name,))
        ]
        return name_table(rows, kinds=dict(zip(self.uats["uat_siruta"], self.uats["kind"], strict=True)))

    @cached_property
    def _locality_names(self) -> NameTable:
        columns = ("locality_siruta", "name", "county", "uat_siruta", "type")
        rows = [
            (code, form, (county, uat))
            for code, name, county, uat, kind in rows_of(self.localities, columns)
            for form in (_sector_names(name) if kind == "sector" else (name,))
        ]
        own_name = self.localities["name"] == self.localities["uat_siruta"].map(self.uat_by_code)
        seats = self.localities.loc[self.localities["is_seat"] & own_name, "locality_siruta"]
        return name_table(rows, preferred=seats)

    @cached_property
    def _tree(self) -> tuple[Any, Any, Any, Any]:
        from scipy.spatial import cKDTree

        known = self.localities[self.localities["precision"] == "locality"]
        if known.empty:
            known = self.localities[self.localities["lat"].notna()]
        lats, lons = known["lat"].to_numpy(float), known["lon"].to_numpy(float)
        return known["locality_siruta"].to_numpy(), lats, lons, cKDTree(to_metric(lats, lons))


def load_gazetteer(home: Home | None = None) -> Gazetteer:
    """Load the gazetteer of a home: its imported points, else the embedded ones; its boundaries when asked.

    Homes that imported neither share one gazetteer in a process, with its search index.

    Parameters
    ----------
    home
        The home; None = SIRUTA and the embedded settlements.

    Returns
    -------
    Gazetteer
        Counties, UATs and localities, with points in WGS84 degrees.
    """
    if home is None:
        return _embedded_gazetteer()
    from core.storage.editions import EditionStore

    store = EditionStore(home)
    imported = store.current_table("localities", "localities", ["locality_siruta", "uat_siruta", "lat", "lon"])
    if imported is None and not store.names("boundaries"):
        return _embedded_gazetteer()

    def areas() -> AreaIndex | None:
        from geo.spatial.areas import area_index_of

        return area_index_of(home)

    return _gazetteer([] if imported is None else [imported], areas)


@cache
def _embedded_gazetteer() -> Gazetteer:
    return _gazetteer([], lambda: None)


def _gazetteer(imported: list[pd.DataFrame], areas: Callable[[], AreaIndex | None]) -> Gazetteer:
    sources = list(imported)
    if SETTLEMENTS_FILE.exists():
        sources.append(pd.read_csv(SETTLEMENTS_FILE, usecols=["locality_siruta", "uat_siruta", "lat", "lon"]))
    placed = with_points(siruta.load(), sources)
    return Gazetteer(placed.counties, placed.uats, placed.localities, areas)


def _sector_names(name: str) -> tuple[str, ...]:
    number = name[-1]
    return tuple(
        form.format(s=f"{word} {number}")
        for word in ("sector", "sectorul")
        for form in ("{s}", "bucurești {s}", "{s} bucurești")
    )


__all__ = ["Gazetteer", "Match", "Place", "load_gazetteer", "strip_kind"]
