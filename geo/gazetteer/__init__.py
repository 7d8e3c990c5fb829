"""Places by name, SIRUTA code or coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer as Gazetteer
    from geo.gazetteer.gazetteer import Match as Match
    from geo.gazetteer.gazetteer import load_gazetteer as load_gazetteer
    from geo.gazetteer.name_match import name_table as name_table
    from geo.gazetteer.places import Place as Place
    from geo.gazetteer.uat_rows import match_rows as match_rows

__all__ = ["Gazetteer", "Match", "Place", "load_gazetteer", "match_rows", "name_table"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Gazetteer": "gazetteer",
        "Match": "gazetteer",
        "Place": "places",
        "load_gazetteer": "gazetteer",
        "match_rows": "uat_rows",
        "name_table": "name_match",
    },
)
