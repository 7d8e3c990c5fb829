"""A file read with the module that its kind names, and shaped for an edition."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, number
from core.reading.reading_account import account_now
from core.reading.tidied_table import TidiedTable
from core.storage.editions import EditionStore
from core.storage.import_kinds import KINDS
from geo.gazetteer.gazetteer import Gazetteer
from providers.imports.reading_report import Shaped, name_unread_cells
from providers.registries import general_format
from providers.registries.register_file import GENERAL, OWN, RawRegister
from providers.rules.flags import flag_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from core.storage.home import Home
    from providers.rules.schema import Tidied

_PLACE_FLAGS = (
    "county_unknown", "coordinates_swapped", "coordinates_mended", "coordinates_unread", "coordinates_dropped",
    "outside_counties",
)  # fmt: skip


@dataclass(frozen=True)
class ReadRegister:
    """What a reader may look at: the file, a companion file, the home and its places."""

    path: Path
    companion: Path | None
    home: Home
    gazetteer: Gazetteer
    tell: Callable[[str], object] = str


def read_file(kind: str, reading: ReadRegister) -> Shaped:
    """Read a file with the module that the kind's row names, and shape it for an edition.

    The module's `load` returns a TidiedTable, or raw rows for its `tidy`. Each is handed what it names among its
    parameters: `path`, `companion`, `gazetteer`, `registry`, `organizations` (the table in force),
    `home`, `tell` and `raw`.
    """
    row = KINDS[kind]
    module = import_module(row.module)
    offered: dict[str, Callable[[], object]] = {
        "path": lambda: reading.path,
        "companion": lambda: reading.companion,
        "gazetteer": lambda: reading.gazetteer,
        "registry": lambda: row.registry,
        "tell": lambda: reading.tell,
        "home": lambda: reading.home,
        "organizations": lambda: EditionStore(reading.home).current_table("organizations", "organizations"),
    }
    raw = tidied = _call(getattr(module, row.load), offered)
    if not isinstance(raw, TidiedTable):
        tidied = _call(module.tidy, {**offered, "raw": lambda: raw})
    if not row.registry:
        return layer_shaped(tidied, row.table, row.key)
    name_unread_cells(account_now().main(), tidied.services)
    return services_shaped(tidied, _layout_of(raw, module))


def _layout_of(raw: Any, module: Any) -> str:
    if isinstance(raw, RawRegister):
        return raw.layout
    return GENERAL if module is general_format else OWN


def _call(function: Callable[..., Any], offered: Mapping[str, Callable[[], object]]) -> Any:
    return function(**{name: offered[name]() for name in signature(function).parameters if name in offered})


def services_shaped(tidied: Tidied, layout: str = "") -> Shaped:
    """Shape a registry's tidied table for an edition; its ids are made when its source is known."""
    notes = (*tidied.notes, *place_notes(tidied.services))
    return Shaped({"services": tidied.services}, "service_id", tidied.rows_read, tidied.rejects, notes, layout=layout)


def place_notes(services: pd.DataFrame) -> tuple[str, ...]:
    """Return in words how many public rows stated their place in a way that had to be mended or could not be used."""
    flags = services.loc[~services["is_secret"], "flags"].str.split(";").explode().value_counts()
    return tuple(
        _("Rânduri: {n}, {what}.").format(n=number(int(flags[flag])), what=flag_words(flag))
        for flag in _PLACE_FLAGS
        if flag in flags
    )


def layer_shaped(layer: TidiedTable, name: str, key: str) -> Shaped:
    """Shape a layer for an edition: its rows are the main table."""
    return Shaped({name: layer.rows, **layer.others}, key, layer.rows_read, layer.rejects, layer.notes)
