"""Tables beside needs and types: names, ways to a kind, rivers, the first hour, the own steps, the papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.rules.help_tables.first_hour import first_hours as first_hours
    from providers.rules.help_tables.first_hour import first_hours_of as first_hours_of
    from providers.rules.help_tables.own_steps import own_steps_of as own_steps_of
    from providers.rules.help_tables.own_steps import own_steps_view as own_steps_view
    from providers.rules.help_tables.papers import paper_of as paper_of
    from providers.rules.help_tables.river_sides import side_of as side_of
    from providers.rules.help_tables.service_names import lines_of_hospital as lines_of_hospital

__all__ = [
    "first_hours",
    "first_hours_of",
    "lines_of_hospital",
    "own_steps_of",
    "own_steps_view",
    "paper_of",
    "side_of",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "first_hours": "first_hour",
        "first_hours_of": "first_hour",
        "lines_of_hospital": "service_names",
        "own_steps_of": "own_steps",
        "own_steps_view": "own_steps",
        "paper_of": "papers",
        "side_of": "river_sides",
    },
)
