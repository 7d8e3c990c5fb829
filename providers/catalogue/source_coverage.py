"""What a source of a registry covers: which types of services, and in which counties.

It is read off its rows: a type that a source lists in nearly every county is listed for the whole nation; one that it
lists in some is known there alone. So an answer can say that no family doctors of a county were imported, which is
not that there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.storage.service_ids import parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from providers.catalogue.catalogue import Catalogue

READ = ("service_type", "county", "county_served")
NATION_COUNTIES = 38  # of 42: assumed; a list of the nation may have none of a type in a few counties


@dataclass(frozen=True)
class SourceCoverage:
    """What one source covers. counties_by_type: letters of the counties in which it lists each type."""

    source: str
    counties_by_type: Mapping[str, frozenset[str]]

    @property
    def service_types(self) -> tuple[str, ...]:
        """The types that it lists."""
        return tuple(sorted(self.counties_by_type))

    @property
    def counties(self) -> tuple[str, ...]:
        """Letters of the counties in which it lists anything."""
        return tuple(sorted(frozenset().union(*self.counties_by_type.values())))

    @property
    def is_national(self) -> bool:
        """Whether it lists services in nearly every county."""
        return len(self.counties) >= NATION_COUNTIES

    def covers(self, service_type: str, county: str) -> bool:
        """Whether it says of services of a type in a county: none listed is then none known."""
        listed = self.counties_by_type.get(service_type, frozenset())
        return county in listed or len(listed) >= NATION_COUNTIES


def coverage(services: pd.DataFrame, source: str) -> SourceCoverage:
    """Return what a source covers by the rows of an edition: READ."""
    county = services["county_served"].where(services["county_served"].notna(), services["county"])
    listed = county.dropna().groupby(services["service_type"]).unique()
    return SourceCoverage(source, {str(code): frozenset(map(str, letters)) for code, letters in listed.items()})


def covers(catalogue: Catalogue, registry: str, service_type: str, county: str) -> bool:
    """Whether any source in force of a registry says of services of a type in a county."""
    rows = catalogue.services
    own = rows[(rows["registry"] == registry) & (rows["service_type"] == service_type)]
    source = own["service_id"].map(lambda service_id: parts(service_id)[1])
    return any(coverage(table, str(name)).covers(service_type, county) for name, table in own.groupby(source))
