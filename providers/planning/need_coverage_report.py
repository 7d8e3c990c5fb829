"""The count of lawful answers over a home: its catalogue, its communities, and the count in every form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.errors import UnreadableFileError
from core.exporting import write_csv
from core.i18n import _, ngettext
from core.resources import DATA
from core.romanian_calendar import BUCHAREST
from core.storage.editions import EditionStore
from core.storage.home import write_atomically
from geo.gazetteer.gazetteer import load_gazetteer
from geo.layers.community_list import load
from providers.catalogue.catalogue import load_catalogue
from providers.catalogue.home_travel import travel_of
from providers.finder.answer import SourceUsed
from providers.planning.need_coverage import need_coverage
from providers.planning.need_coverage_text import coverage_json, coverage_lines, coverage_page

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.spatial.travel import TravelBasis

_DEMO_LIST = DATA / "atlas" / "communities_demo.csv"


@dataclass(frozen=True)
class NeedCoverage:
    """A count, and what it rests on.

    table: `need_coverage.COLUMNS`. communities: their list, in words. travel: what minutes rest on.
    """

    table: pd.DataFrame
    sources: tuple[SourceUsed, ...]
    communities: str
    on: date
    travel: TravelBasis

    def as_json(self) -> dict[str, Any]:
        """Return the count as JSON-ready data."""
        return {
            **coverage_json(self.table, sources=self.sources, on=self.on, travel=self.travel),
            "communities": self.communities,
        }

    def lines(self) -> list[str]:
        """Format the count in lines."""
        return [*coverage_lines(self.table, travel=self.travel), "", self.communities]

    def write(self, path: Path) -> None:
        """Write the count as a page (.md) or as a table (.csv). Raises UnreadableFileError."""
        try:
            if path.suffix == ".md":
                page = coverage_page(
                    self.table, sources=self.sources, on=self.on, communities=self.communities, travel=self.travel
                )
                write_atomically(path, page.encode())
            elif path.suffix == ".csv":
                write_csv(self.table, path)
            else:
                raise UnreadableFileError(_("{file}: așteptam un nume cu .md sau .csv.").format(file=path.name))
        except OSError as error:
            raise UnreadableFileError(
                _("{file}: nu poate fi scris ({why}).").format(file=path, why=error.strerror)
            ) from None


def count_needs(home: Home, *, on: date | None = None) -> NeedCoverage:
    """Count the lawful answers of every need over the editions in force of a home.

    The communities are the list in force; without one, the demonstration's 139, and so it is said.
    """
    gazetteer = load_gazetteer(home)
    catalogue = load_catalogue(home, gazetteer)
    day = on or datetime.now(BUCHAREST).date()
    communities, words = _communities(home, gazetteer)
    travel = travel_of(home).in_bulk.car
    table = need_coverage(catalogue, gazetteer, communities=communities, on=day, travel=travel)
    sources = tuple(
        SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic) for m in catalogue.manifests
    )
    return NeedCoverage(table, sources, words, day, travel.basis)


def _communities(home: Home, gazetteer: Gazetteer) -> tuple[set[int], str]:
    edition = EditionStore(home).current("communities")
    if edition is not None:
        codes = {int(code) for code in edition.table("communities", ["uat_siruta"])["uat_siruta"]}
        text = ngettext(
            "{n} comunitate din lista în vigoare ({edition})",
            "{n} comunități din lista în vigoare ({edition})",
            len(codes),
        )
        return codes, text.format(n=len(codes), edition=edition.manifest.edition)
    codes = {int(code) for code in load(_DEMO_LIST, gazetteer).rows["uat_siruta"]}
    text = ngettext(
        "{n} comunitate din lista demonstrativă (cele mai multe inventate)",
        "{n} comunități din lista demonstrativă (cele mai multe inventate)",
        len(codes),
    )
    return codes, text.format(n=len(codes))
