"""The catalogue in memory: the editions in force as arrays, secret services redacted on the way in.

Rows are sorted by service type, then services at a site before the others, then by service_id; so one
type is one contiguous range, and a position is also the order in which ties fall.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.cells import text_or_empty
from core.column_values import shared_values
from core.errors import UnknownCodeError
from core.i18n import _
from core.reading.curated_tables import FOLDER
from core.storage.editions import EditionStore, Manifest
from core.storage.import_kinds import AUTHORITY, REGISTRIES, kind_of
from core.storage.service_ids import current_id
from core.storage.source_cards import read_card
from geo.spatial.nearest import PointIndex
from providers.authorities import authorities
from providers.authorities.authority_imports import with_imported
from providers.catalogue.access_rules import Rules, access_rules
from providers.catalogue.address_points import address_index, at_addresses
from providers.catalogue.map_points import MapPoints, map_points
from providers.catalogue.redaction import public_label, redact
from providers.catalogue.type_defaults import fill_defaults
from providers.rules import protected_keys, taxonomy
from providers.rules.schema import SERVICE_COLUMNS, services_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer

# What places are laid over: which service is in which row, and what its type and register say of its capacity.
_DIGESTED = ("service_id", "edition", "service_type", "capacity_model", "places_max", "is_secret")


@dataclass(frozen=True)
class TypeRange:
    """The rows of one service type: at a site `start:middle`, elsewhere (and secret) `middle:end`."""

    code: str
    start: int
    middle: int
    end: int
    index: PointIndex


@dataclass(frozen=True)
class Catalogue:
    """Everything offered, as the editions in force say: public facts only (see `redact`).

    Attributes
    ----------
    services
        SERVICE_COLUMNS with the defaults of each type filled in, and `edition`; sorted by type, those on the search
        tree first, then by `service_id`.
    rules
        Whom each service may take, as arrays in the order of `services`.
    types
        Rows and search tree of each service type.
    listed
        Rows of the services that serve listed areas, by SIRUTA code or letters of a county.
    county_codes, region_codes
        Letters of the counties and codes of the regions, in the order that the rules count them.
    region_of_county, county_names
        Region and name by the letters of a county.
    group_bits
        Bit of each beneficiary group in the rules.
    parents
        UAT of which a sector is a part, by the sector's SIRUTA.
    manifests
        Editions that it was made of.
    sealed
        The sealed key of each protected service by its public id (see `providers.rules.protected_keys`); empty where
        the catalogue was made without the home's secret.
    joined
        Ids of services that a person found to be another one, each with the id under which that stands.
    """

    services: pd.DataFrame
    rules: Rules
    types: Mapping[str, TypeRange]
    listed: Mapping[str, NDArray[np.int64]]
    county_codes: tuple[str, ...]
    region_codes: tuple[str, ...]
    region_of_county: Mapping[str, str]
    county_names: Mapping[str, str]
    group_bits: Mapping[str, int]
    parents: Mapping[int, int]
    manifests: tuple[Manifest, ...]
    sealed: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def position(self) -> dict[str, int]:
        """Row of each service_id, of each sealed key, and of each id that was joined to another."""
        rows = {service_id: i for i, service_id in enumerate(self.services["service_id"])}
        rows |= {gone: rows[kept] for gone, kept in self.joined.items()}
        return rows | {key: rows[public] for public, key in self.sealed.items()}

    @cached_property
    def digest(self) -> str:
        """Return a digest of what availability is laid over; the order of its rows is part of it."""
        rows = pd.util.hash_pandas_object(self.services[list(_DIGESTED)], index=False)
        return hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()[:16]

    @cached_property
    def at_same_point(self) -> NDArray[np.int64]:
        """How many services of its type stand at the very point of each service, itself too; 0 without a point."""
        services = self.services
        counts = services.groupby(["service_type", "lat", "lon"])["service_id"].transform("size")
        return counts.fillna(0).to_numpy(np.int64)

    @cached_property
    def map_points(self) -> MapPoints:
        """The services that a map may show: at a known point, not protected, not closed."""
        return map_points(self.services, self.rules.delivery, self.rules.groups)

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return {}

    @cached_property
    def reasons_by_day(self) -> dict[date, tuple[NDArray[np.int8], NDArray[np.int8]]]:
        """What speaks against each service on a day, whoever asks (`eligibility.refusals` fills it)."""
        return {}

    def name(self, row: int) -> str:
        """Return a service's name; of a secret one its public label, of an office ours, in this request's language."""
        code = self.cell("service_type", row)
        if not self.cell("is_secret", row):
            name = str(self.cell("name", row))
            return authorities.office_name(name, code) if self.cell("registry", row) == AUTHORITY else name
        served = self.cell("county_served", row)
        county = served if isinstance(served, str) else self.cell("county", row)
        return public_label(code, self.county_names.get(county))

    def cell(self, column: str, row: int) -> Any:
        """Return one cell: an answer needs hundreds, and a row of a table is slow to take apart.

        Days come back as numpy's datetime64, whole numbers with NA as they are.
        """
        values = self._columns.get(column)
        if values is None:
            taken = self.services[column]
            values = taken.to_numpy() if taken.dtype.kind == "M" else shared_values(taken)
            self._columns[column] = values
        return values[row]

    def missing_kinds(self, types: Iterable[str]) -> tuple[str, ...]:
        """Return the kinds of registers that would hold some service types and of which no edition is in force."""
        there = {manifest.kind for manifest in self.manifests}
        registries = (taxonomy.service_type(code).registry for code in types)
        kinds = dict.fromkeys(map(kind_of, registries))
        return tuple(kind for kind in kinds if kind not in there)

    def row_of(self, service_id: str) -> int:
        """Return the row of one service; UnknownCodeError where there is none.

        service_id: of today, or as it was before registries had sources.
        """
        try:
            return self.position[current_id(service_id)]
        except KeyError:
            raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=service_id)) from None

    def service(self, service_id: str) -> dict[str, Any]:
        """Return the public facts of one service, as `row_of` finds it."""
        return dict(self.services.iloc[self.row_of(service_id)])


def load_catalogue(
    home: Home, gazetteer: Gazetteer, *, by_law: pd.DataFrame | None = None, sealing_key: bytes = b""
) -> Catalogue:
    """Read the editions in force of a home, and the public offices that every area has by law.

    A registry never imported is simply absent. An office that a register lists, or an import names, stands once.

    Parameters
    ----------
    home
        The home.
    gazetteer
        Its places.
    by_law
        `authorities.derive(gazetteer)`, from who keeps it; derived here where it is not given.
    sealing_key
        The home's secret (see `make_catalogue`).

    Returns
    -------
    Catalogue
        Public facts alone: protected services are redacted.

    Raises
    ------
    EditionError
        Where a table of an edition is missing or is not what its digest says.
    """
    services, manifests = services_in_force(home, gazetteer, by_law=by_law)
    return make_catalogue(services, gazetteer, manifests=manifests, sealing_key=sealing_key)


def services_in_force(
    home: Home, gazetteer: Gazetteer, *, by_law: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, tuple[Manifest, ...]]:
    """Return the rows that a home's catalogue is made of, as their registers state them, and their editions."""
    store = EditionStore(home)
    editions = [edition for row in REGISTRIES.values() for edition in store.in_force(row.code)]
    tables = [
        _all_columns(edition.table("services", list(SERVICE_COLUMNS))).assign(edition=edition.manifest.edition)
        for edition in editions
    ]
    listed = pd.concat(tables, ignore_index=True) if tables else services_table([]).assign(edition="")
    imported = listed["registry"] == AUTHORITY
    registered = listed[~imported]
    derived = authorities.derive(gazetteer) if by_law is None else by_law
    law = law_manifest()
    # The imported office must meet the one of the law that it is before a register takes the place of both.
    named = with_imported(derived.assign(edition=law.edition), listed[imported])
    offices = authorities.without_registered(named, registered)
    count = int(offices["service_id"].isin(derived["service_id"]).sum())
    law = replace(law, rows_read=count, rows_loaded=count)
    everything = pd.concat([registered, offices], ignore_index=True)
    points = store.current_table("addresses", "addresses")
    if points is not None:
        everything = at_addresses(everything, address_index(points))
    manifests = (*(e.manifest for e in editions), law)
    return everything, manifests


def _all_columns(services: pd.DataFrame) -> pd.DataFrame:
    """Give a table that an earlier version wrote the columns that came since."""
    return services if list(services.columns) == list(SERVICE_COLUMNS) else services_table(services)


def law_manifest() -> Manifest:
    """Describe the offices that follow from the law and SIRUTA as if they were an edition: they have a source too."""
    card = read_card(FOLDER / "authority_kinds.source.toml")
    day = card.as_of.isoformat() if card.as_of else ""
    return Manifest(
        kind=kind_of(AUTHORITY),
        source_name=REGISTRIES[AUTHORITY].default_source,
        edition=f"{day}.{card.sha256[:8]}",
        as_of=day,
        imported_at="",
        source=card.source,
        file=card.file,
        sha256=card.sha256,
        rows_read=0,
        rows_loaded=0,
        rows_rejected=0,
    )


def make_catalogue(
    services: pd.DataFrame,
    gazetteer: Gazetteer,
    *,
    manifests: tuple[Manifest, ...] = (),
    sealing_key: bytes = b"",
    sealed: Mapping[str, str] | None = None,
) -> Catalogue:
    """Build the catalogue of a table of services, without reading anything.

    Parameters
    ----------
    services
        SERVICE_COLUMNS of `providers.rules.schema`; `edition` is optional. Rows of unknown types are left out.
    gazetteer
        Counties, regions and the parents of sectors.
    manifests
        Editions that the table comes from.
    sealing_key
        The home's secret, from which the sealed keys of protected services are made; without it there are none, and
        nobody acts on these services.
    sealed
        The sealed keys instead, for services of another catalogue.

    Returns
    -------
    Catalogue
        Public facts alone: protected services are redacted.
    """
    known = services[services["service_type"].isin(list(taxonomy.service_types()))].reset_index(drop=True)
    known = known.assign(edition=known["edition"].astype("str") if "edition" in known else "")
    redacted = redact(known, gazetteer)
    if sealing_key:
        hidden = redacted[redacted["is_secret"].to_numpy(bool)]
        own = known.loc[hidden.index, "service_id"]
        sealed = {
            public: protected_keys.sealed_key(key, kind, where, sealing_key)
            for public, key, kind, where in zip(
                hidden["service_id"], own, hidden["service_type"], hidden["county"].fillna(""), strict=True
            )
        }
    filled = fill_defaults(redacted)
    filled = filled.assign(_elsewhere=_elsewhere(filled)).sort_values(["service_type", "_elsewhere", "service_id"])
    filled = filled.drop(columns="_elsewhere").reset_index(drop=True)
    regions = dict(zip(gazetteer.counties["county"], gazetteer.counties["region"], strict=True))
    bits = {code: 1 << i for i, code in enumerate(taxonomy.groups())}
    rules = access_rules(filled, tuple(gazetteer.counties["county"]), regions, bits)
    return assembled(filled, rules, gazetteer, manifests=manifests, sealed=sealed or {})


def assembled(
    services: pd.DataFrame,
    rules: Rules,
    gazetteer: Gazetteer,
    *,
    manifests: tuple[Manifest, ...],
    sealed: Mapping[str, str],
) -> Catalogue:
    """Put the catalogue together of rows that `make_catalogue` has shaped and sorted, and of their rules."""
    counties = tuple(gazetteer.counties["county"])
    regions = dict(zip(counties, gazetteer.counties["region"], strict=True))
    return Catalogue(
        services=services,
        rules=rules,
        types=_types(services, _elsewhere(services)),
        listed=_listed(services),
        county_codes=counties,
        region_codes=tuple(sorted(set(regions.values()))),
        region_of_county=regions,
        county_names=dict(zip(counties, gazetteer.counties["name"], strict=True)),
        group_bits={code: 1 << i for i, code in enumerate(taxonomy.groups())},
        parents=_parents(gazetteer),
        manifests=manifests,
        sealed=sealed,
    )


def _elsewhere(services: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which services are no point on the search tree: not at a site, or protected."""
    on_tree = (services["delivery"] == "at_site") & services["lat"].notna() & services["lon"].notna()
    return np.asarray(~on_tree.to_numpy(bool))


def _parents(gazetteer: Gazetteer) -> dict[int, int]:
    sectors = gazetteer.uats[gazetteer.uats["parent_uat_siruta"].notna()]
    return {int(s): int(p) for s, p in zip(sectors["uat_siruta"], sectors["parent_uat_siruta"], strict=True)}


def _types(services: pd.DataFrame, elsewhere: NDArray[np.bool_]) -> dict[str, TypeRange]:
    codes = services["service_type"].to_numpy(str)
    lat, lon = services["lat"].to_numpy(float), services["lon"].to_numpy(float)
    ranges = {}
    for code in dict.fromkeys(codes):
        start, end = (int(np.searchsorted(codes, code, side)) for side in ("left", "right"))
        middle = start + int(np.count_nonzero(~elsewhere[start:end]))
        index = PointIndex.of(lat[start:middle].copy(), lon[start:middle].copy())
        ranges[str(code)] = TypeRange(str(code), start, middle, end, index)
    return ranges


def _listed(services: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Rows that serve each listed area: SIRUTA code or county letters."""
    rows: dict[str, list[int]] = {}
    areas = services["areas_served"].array
    for row in np.flatnonzero((services["service_area"] == "listed").to_numpy()):
        for code in filter(None, (part.strip() for part in text_or_empty(areas[row]).split(";"))):
            rows.setdefault(code, []).append(int(row))
    return {code: np.array(found, np.int64) for code, found in rows.items()}
