"""The directory of this moment as HSDS objects that are made one by one: whole lists are 160 MB."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.i18n import language
from core.text import fold
from providers.interchange.hsds_objects import HsdsRow, ServiceObjects, last_modified
from providers.interchange.hsds_terms import SERVICE_TYPES, hsds_id, term_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from providers.catalogue.snapshot import Snapshot
    from providers.interchange.public_table import PublicTable

_DAYS = ("licence_from", "licence_until", "closed_from", "closed_until")


@dataclass(frozen=True)
class HsdsFilter:
    """Which services or organizations. search: a part of the name. Empty means all."""

    search: str = ""
    term: str = ""
    organization: str = ""
    modified_after: datetime | None = None


@dataclass(frozen=True)
class HsdsDirectory:
    """The services and organizations of a snapshot. alert: words that stand on every object."""

    table: PublicTable
    snapshot: Snapshot
    alert: str = ""

    @cached_property
    def _objects(self) -> ServiceObjects:
        return ServiceObjects(
            self.table.organizations,
            self.snapshot.gazetteer,
            self.snapshot.catalogue.manifests,
            self.alert,
            on=self.snapshot.availability.today,
        )

    def service(self, place: int) -> HsdsRow:
        """Return one service, with all that belongs to it inside."""
        return self._objects.service(self._row(place))

    def organization(self, place: int) -> HsdsRow:
        """Return one organization."""
        return self._objects.organization(self.table.organizations[place])

    def _row(self, place: int) -> HsdsRow:
        """Return a service as the tables that leave the house have it."""
        values: dict[str, Any] = self.table.service(place, self.snapshot.availability)
        capacity = values.pop("capacity")
        for name in _DAYS:
            values[name] = values[name] and pd.Timestamp(values[name])
        for name in ("flags", "groups", "areas_served"):
            values[name] = ";".join(values[name])
        return {
            **values,
            "cautions": " ".join(values["cautions"]),
            "capacity_status": capacity["status"],
            "places_free": capacity["places_free"],
            "places_max": capacity["places_max"],
            "places_reported_at": capacity["reported_at"] and datetime.fromisoformat(capacity["reported_at"]),
        }

    @cached_property
    def place_of_service(self) -> dict[str, int]:
        """Place of each service, by its HSDS id."""
        return {hsds_id("service", key): place for place, key in enumerate(self.table.ids)}

    @cached_property
    def place_of_location_link(self) -> dict[str, int]:
        """Place of each service that stands somewhere, by the id of the link to its location."""
        latitudes = self.table.columns["lat"]
        ids = enumerate(self.table.ids)
        return {hsds_id("service_at_location", key): place for place, key in ids if latitudes[place] is not None}

    @cached_property
    def place_of_organization(self) -> dict[str, int]:
        """Place of each organization, by its HSDS id."""
        return {hsds_id("organization", key): place for place, key in enumerate(self.table.organization_keys)}

    @cached_property
    def _names(self) -> NDArray[np.str_]:
        return np.array([fold(str(name)) for name in self.table.columns["name"]])

    @cached_property
    def _imported(self) -> dict[str, str]:
        return {each.edition: each.imported_at for each in self.snapshot.catalogue.manifests}

    def modified(self, place: int) -> datetime | None:
        """Return when a service was last said anything of."""
        capacity = self.table.capacity(place, self.snapshot.availability)["reported_at"]
        reported = capacity and datetime.fromisoformat(capacity)
        text = last_modified(self._imported.get(self.table.columns["edition"][place], ""), reported or None)
        return datetime.fromisoformat(text) if text else None

    def services(self, wanted: HsdsFilter) -> Sequence[int]:
        """Return the places of the services that a filter wants, in order."""
        keep = np.ones(len(self.table.ids), bool)
        columns = self.table.columns
        if wanted.search:
            keep &= np.char.find(self._names, fold(wanted.search)) >= 0
        if wanted.term:
            known = {term_id(SERVICE_TYPES, str(code)): code for code in set(columns["service_type"])}
            keep &= np.array(columns["service_type"], object) == known.get(wanted.term)
        if wanted.organization:
            place = self.place_of_organization.get(wanted.organization)
            key = None if place is None else self.table.organization_keys[place]
            keep &= np.array([key is not None and each == key for each in columns["organization_id"]], bool)
        found: list[int] = np.flatnonzero(keep).tolist()
        if wanted.modified_after is not None:
            after = wanted.modified_after
            found = [place for place in found if (at := self.modified(place)) is not None and at > after]
        return found

    def organizations(self, search: str) -> Sequence[int]:
        """Return the places of the organizations whose name has these words, in order."""
        part = fold(search)
        return [place for place, name in enumerate(self.table.organization_names) if part in name]


_TURN = threading.Lock()
_kept: list[tuple[str, HsdsDirectory]] = []


def hsds_directory(table: PublicTable, snapshot: Snapshot, *, alert: str = "") -> HsdsDirectory:
    """Return the directory of a snapshot.

    Parameters
    ----------
    table
        Public services of the snapshot.
    snapshot
        Of this moment.
    alert
        Words that stand on every object.

    Returns
    -------
    HsdsDirectory
        The same object while snapshot and language are the same.
    """
    text = language()
    with _TURN:
        for kept, found in _kept:
            if kept == text and found.snapshot is snapshot and found.table is table:
                return found
        made = HsdsDirectory(table, snapshot, alert)
        _kept[:] = [*_kept[-1:], (text, made)]
        return made
