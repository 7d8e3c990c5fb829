"""Tables beside needs and types: what a name tells, how a kind is reached, where no road is, the first hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.rules.help_tables.first_hour import first_hours as first_hours
    from providers.rules.help_tables.first_hour import first_hours_of as first_hours_of
    from providers.rules.help_tables.river_sides import side_of as side_of
    from providers.rules.help_tables.service_names import lines_of_hospital as lines_of_hospital

__all__ = ["first_hours", "first_hours_of", "lines_of_hospital", "side_of"]

__getattr__ = lazy_exports(
    __name__,
    {
        "first_hours": "first_hour",
        "first_hours_of": "first_hour",
        "lines_of_hospital": "service_names",
        "side_of": "river_sides",
    },
)
