"""What a search by name found, for a terminal and for other programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from core.i18n import _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from providers.catalogue.snapshot import Snapshot
    from providers.service_map.map_search import NamedProvider, NamedService

_CELLS = ("service_id", "service_type", "organization", "locality", "phone")


def found_json(
    snapshot: Snapshot, services: Sequence[NamedService], providers: Sequence[NamedProvider]
) -> dict[str, Any]:
    """Return what was found as JSON.

    Parameters
    ----------
    snapshot
        Whose catalogue has the services.
    services, providers
        From `search_names`.

    Returns
    -------
    dict
        `services`: `name`, `service_id`, `service_type`, `organization`, `locality`, `phone` and `km`; `providers`:
        `name`, `services` and `km` to the nearest. What is not known is null.
    """
    catalogue = snapshot.catalogue
    listed = []
    for each in services:
        cells = {name: catalogue.cell(name, each.row) for name in _CELLS}
        known = {name: value if isinstance(value, str) else None for name, value in cells.items()}
        listed.append({"name": catalogue.name(each.row), **known, "km": _km(each.metres)})
    named = [{"name": each.name, "services": each.count, "km": _km(each.metres)} for each in providers]
    return {"services": listed, "providers": named}


def found_lines(snapshot: Snapshot, services: Sequence[NamedService], providers: Sequence[NamedProvider]) -> list[str]:
    """Return what was found as lines of a terminal.

    Parameters
    ----------
    snapshot
        Whose catalogue has the services.
    services, providers
        From `search_names`.

    Returns
    -------
    list of str
        Services, then providers; one line says so where there is neither.
    """
    found = found_json(snapshot, services, providers)
    lines = []
    for each in found["services"]:
        away = "" if each["km"] is None else _("{km} km").format(km=number(each["km"], 1))
        lines.append(
            " · ".join(filter(None, [each["name"], each["locality"], each["phone"], away, each["service_id"]]))
        )
    for each in found["providers"]:
        count = ngettext("{n} serviciu", "{n} servicii", each["services"]).format(n=number(each["services"]))
        lines.append(_("Furnizor: {name} ({services})").format(name=each["name"], services=count))
    return lines or [_("Nimic cu acest nume. Încercați mai puține cuvinte.")]


def _km(metres: float) -> float | None:
    return None if math.isnan(metres) else round(metres / 1000, 1)
