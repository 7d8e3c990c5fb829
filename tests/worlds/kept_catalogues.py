"""Catalogues of homes that are copies of one another, read once: most tests copy a world and write into its ledger."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from core.storage.editions import EditionStore
from core.storage.home import Home
from core.storage.import_kinds import REGISTRIES
from geo.gazetteer import Gazetteer
from providers.catalogue import catalogue
from referrals.workflow import directory

_MOST = 4
_KEPT: dict[object, tuple[object, ...]] = {}


def keep_catalogues(patch: pytest.MonkeyPatch) -> None:
    """Let directories take a catalogue that was read before, where every file of it is the same to the nanosecond."""

    def load(home: Home, gazetteer: Gazetteer, *, by_law: pd.DataFrame, sealing_key: bytes) -> Any:
        key = (id(gazetteer), id(by_law), sealing_key, _files(home))
        if key not in _KEPT:
            found = catalogue.load_catalogue(home, gazetteer, by_law=by_law, sealing_key=sealing_key)
            while len(_KEPT) >= _MOST:
                _KEPT.pop(next(iter(_KEPT)))
            _KEPT[key] = (found, gazetteer, by_law)  # what a key names by identity stays while the key does
        return _KEPT[key][0]

    patch.setattr(directory, "load_catalogue", load)


def _files(home: Home) -> tuple[tuple[str, int, int], ...]:
    store = EditionStore(home)
    editions = [edition for row in REGISTRIES.values() if (edition := store.current(row.code))]
    return tuple(
        (f"{edition.manifest.edition}/{path.name}", path.stat().st_size, path.stat().st_mtime_ns)
        for edition in editions
        for path in sorted(edition.folder.iterdir())
    )
