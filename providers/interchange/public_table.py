"""The public services as other programs read them: one object a service, made of the public tables alone.

`published` redacts and lays out; here its rows become JSON-ready values, kept for as long as the catalogue is the same.
Places are those of the moment asked about.
"""

from __future__ import annotations

import hashlib
import math
import threading
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.cells import int_or_none
from core.column_values import shared_values
from core.processes import memory
from core.storage.editions import EditionStore
from core.text import fold
from providers.catalogue.published import PUBLISHED_COLUMNS, published
from providers.rules import taxonomy
from providers.rules.flags import said_flags
from providers.rules.schema import SERVICE_COLUMNS
from providers.rules.wording import NO_CLOSURE, caution_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from core.storage.home import Home
    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue
    from providers.catalogue.snapshot import Snapshot

OF_THE_MOMENT = ("capacity_status", "places_free", "places_max", "places_reported_at")
_IN_WORDS = ("cautions",)  # in the language of whoever asks, made of the others
FACTS = tuple(name for name in PUBLISHED_COLUMNS if name not in (*OF_THE_MOMENT, *_IN_WORDS))
_NOT_FOLLOWED = ("edition",)  # every import has another one, whatever it changed
_DIGEST_BYTES = 12
LISTS = frozenset({"flags", "groups", "areas_served"})
_JSON_TYPES = {"Int64": "integer", "float64": "number", "bool": "boolean", "datetime64[us]": "date"}
# JSON type of each column as a table has it: a list is one text, `;` between its parts.
COLUMN_TYPES: dict[str, str] = {
    **{name: _JSON_TYPES.get(SERVICE_COLUMNS[name][0] if name in SERVICE_COLUMNS else "", "string") for name in FACTS},
    **dict(zip(OF_THE_MOMENT, ("string", "integer", "integer", "date-time"), strict=True)),
}
JsonRow = dict[str, Any]


@dataclass(frozen=True)
class ServiceFilter:
    """Which services; empty means all. statuses: of capacity."""

    service_types: tuple[str, ...] = ()
    registries: tuple[str, ...] = ()
    county: str = ""
    uat_siruta: int | None = None
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicTable:
    """The public facts of every service, by `service_id`, and who offers them.

    Attributes
    ----------
    ids
        In order.
    rows
        Row of each in the catalogue.
    columns
        FACTS, JSON-ready, in the order of `ids`.
    organizations
        JSON-ready, by `organization_id`.
    is_secret
        Whether the address of each is protected.
    """

    ids: Sequence[str]
    rows: NDArray[np.int64]
    columns: Mapping[str, Sequence[Any]]
    organizations: Sequence[JsonRow]
    is_secret: NDArray[np.bool_]

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Place of each service in the table."""
        return {service_id: place for place, service_id in enumerate(self.ids)}

    @cached_property
    def organization_keys(self) -> list[str]:
        """Key of each organization, in order."""
        return [str(row["organization_id"]) for row in self.organizations]

    @cached_property
    def organization_names(self) -> list[str]:
        """Name of each organization, folded for a search."""
        return [fold(str(row["name"])) for row in self.organizations]

    @cached_property
    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {
            name: np.array([value if value is not None else "" for value in self.columns[name]], object)
            for name in ("service_type", "registry", "county", "uat_siruta")
        }

    def facts(self, place: int) -> JsonRow:
        """Return what is public of a service, without its places."""
        return {name: values[place] for name, values in self.columns.items()}

    def capacity(self, place: int, available: Availability) -> JsonRow:
        """Return what is known of its places; nothing where the address is protected."""
        if self.is_secret[place]:
            return {"status": "unknown", "places_free": None, "places_max": None, "reported_at": None}
        row = self.rows[place]
        at = float(available.reported_s[row])
        return {
            "status": str(available.status[row]),
            "places_free": int_or_none(available.places_free[row]),
            "places_max": int_or_none(available.places_max[row]),
            "reported_at": _moment(at),
        }

    def tabled(
        self, places: Sequence[int], available: Availability, names: Sequence[str] = FACTS
    ) -> dict[str, list[Any]]:
        """Return services as columns of a table, places of this moment among them: a list as one text."""
        columns = {name: [flat(self.columns[name][place]) for place in places] for name in names}
        return columns | self.capacities(places, available)

    def capacities(self, places: Sequence[int], available: Availability) -> dict[str, list[Any]]:
        """Return what `capacity` says of some services, as columns of a table."""
        where = np.asarray(places, np.int64)
        rows, secret = self.rows[where], self.is_secret[where]
        free, most, at = (
            np.where(secret, np.nan, values[rows]).tolist()
            for values in (available.places_free, available.places_max, available.reported_s)
        )
        items = (
            np.where(secret, "unknown", available.status[rows]).tolist(),
            [None if math.isnan(each) else int(each) for each in free],
            [None if math.isnan(each) else int(each) for each in most],
            [_moment(each) for each in at],
        )
        return dict(zip(OF_THE_MOMENT, items, strict=True))

    def service(self, place: int, available: Availability) -> JsonRow:
        """Return a service with its places, and in words what must be read before a person is sent there."""
        facts = self.facts(place)
        cautions = _cautions(facts, available.today)
        return {**facts, "capacity": self.capacity(place, available), "cautions": cautions}

    def followed(self, place: int, available: Availability) -> JsonRow:
        """Return a service as who follows its changes is told of it: without words, and without what always changes."""
        facts = {name: values[place] for name, values in self.columns.items() if name not in _NOT_FOLLOWED}
        return {**facts, "capacity": self.capacity(place, available)}

    def digests(self, available: Availability, before: Availability | None = None) -> dict[str, str]:
        """Return a digest of what `followed` gives, for every service.

        Parameters
        ----------
        available
            Places of the moment.
        before
            Those of another moment of the same catalogue: then of the services alone whose places are others since.

        Returns
        -------
        dict of str to str
            By `service_id`.
        """
        # Arrays first: a column at a time is quick, and from one event to the next a service or two change.
        free, most, at = (
            values[self.rows] for values in (available.places_free, available.places_max, available.reported_s)
        )
        status = available.status[self.rows]
        places = range(len(self.ids)) if before is None else self._moved(available, before)
        facts, ids, secret = self._facts_digests, self.ids, self.is_secret
        return {
            ids[n]: facts[n]
            if secret[n]
            else _digest((facts[n], str(status[n]), repr(free[n]), repr(most[n]), repr(at[n])))
            for n in places
        }

    def _moved(self, available: Availability, before: Availability) -> list[int]:
        """Return the places of services of whose places another thing is known than before."""
        moved = available.status != before.status
        for name in ("places_free", "places_max", "reported_s"):
            now, then = getattr(available, name), getattr(before, name)
            moved |= (now != then) & ~(np.isnan(now) & np.isnan(then))
        return np.flatnonzero(moved[self.rows]).tolist()

    @cached_property
    def _facts_digests(self) -> list[str]:
        columns = [values for name, values in self.columns.items() if name not in _NOT_FOLLOWED]
        return [_digest(values) for values in zip(*columns, strict=True)]

    def matching(self, wanted: ServiceFilter, available: Availability) -> NDArray[np.int64]:
        """Return the places of the services that a filter wants, in order."""
        keep = np.ones(len(self.ids), bool)
        arrays = self._arrays
        if wanted.service_types:
            keep &= np.isin(arrays["service_type"].astype(str), wanted.service_types)
        if wanted.registries:
            keep &= np.isin(arrays["registry"].astype(str), wanted.registries)
        if wanted.county:
            keep &= arrays["county"] == wanted.county
        if wanted.uat_siruta is not None:
            keep &= arrays["uat_siruta"] == wanted.uat_siruta
        if wanted.statuses:
            values = np.where(self.is_secret, "unknown", available.status[self.rows])
            keep &= np.isin(values, wanted.statuses)
        return np.flatnonzero(keep)

    def first_after(self, service_id: str) -> int:
        """Return the place of the first service behind an id, whether that is there or not."""
        return bisect_right(self.ids, service_id)


_TURN = threading.Lock()
_kept: list[tuple[Catalogue, Mapping[str, tuple[str, ...]], PublicTable]] = []


def public_table_of(home: Home, snapshot: Snapshot) -> PublicTable:
    """Return the public table of a snapshot, the same object for as long as its catalogue and doubts are the same.

    Parameters
    ----------
    home
        Whose register of accredited providers tells of organizations, where it was imported.
    snapshot
        Of this moment.

    Returns
    -------
    PublicTable
        Made of `published` alone.
    """
    with _TURN:
        for catalogue, doubts, table in _kept:
            if catalogue is snapshot.catalogue and doubts is snapshot.doubts:
                return table
        edition = EditionStore(home).current("organizations")
        made = _made(snapshot, edition.table("organizations") if edition else None)
        _kept[:] = [*_kept[-1:], (snapshot.catalogue, snapshot.doubts, made)]
        memory.trim()
        return made


def _made(snapshot: Snapshot, registered: pd.DataFrame | None) -> PublicTable:
    found = published(snapshot, registered)
    services = found.services
    position = snapshot.catalogue.position
    ids = [str(each) for each in services["service_id"]]
    columns = {name: _plain(name, services[name]) for name in FACTS}
    organizations = {name: _plain(name, found.organizations[name]) for name in found.organizations.columns}
    return PublicTable(
        ids,
        np.array([position[each] for each in ids], np.int64),
        columns,
        [dict(zip(organizations, values, strict=True)) for values in zip(*organizations.values(), strict=True)],
        services["is_secret"].to_numpy(bool),
    )


def _plain(name: str, column: pd.Series[Any]) -> list[Any]:
    """Return JSON-ready values: days as ISO 8601, None for what is not known."""
    if name in LISTS:
        return _changed(column, lambda text: [part.strip() for part in str(text).split(";") if part.strip()], [])
    if column.dtype.kind == "M":
        return _changed(column, lambda day: day.date().isoformat(), None)
    values = shared_values(column).copy()
    values[column.isna().to_numpy()] = None
    plain: list[Any] = values.tolist()
    return plain


def _changed(column: pd.Series[Any], change: Callable[[Any], Any], missing: Any) -> list[Any]:
    """Change each value once, so that equal cells are one object."""
    numbers, distinct = pd.factorize(column)
    made = [*map(change, distinct), missing]  # -1, what is missing, is the last
    return [made[number] for number in numbers]


def flat(value: Any) -> Any:
    """Return a JSON value as a cell of a table holds it: a list as one text.

    >>> flat(["a", "b"]), flat([]), flat(3)
    ('a;b', None, 3)
    """
    return (";".join(value) or None) if isinstance(value, list) else value


def _cautions(facts: JsonRow, day: date) -> list[str]:
    first, last = _day(facts["closed_from"]), _day(facts["closed_until"])
    return list(
        caution_lines(
            said_flags(flat(facts["flags"]) or "", facts["operating_status"]),
            is_secret=bool(facts["is_secret"]),
            access_route=facts["access_route"] or "",
            decision_by=taxonomy.service_type(facts["service_type"]).decision_by,
            closure=(first, last) if last is None or last >= day else NO_CLOSURE,
        )
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _digest(values: tuple[Any, ...]) -> str:
    return hashlib.blake2b(repr(values).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _moment(seconds: float) -> str | None:
    return None if math.isnan(seconds) else datetime.fromtimestamp(seconds, UTC).isoformat()
