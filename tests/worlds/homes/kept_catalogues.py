"""Places and catalogues of homes that are copies of one another, read once: most tests write into the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pandas as pd
import pytest

from core.storage.editions import EditionStore
from core.storage.home import Home
from core.storage.import_kinds import REGISTRIES
from geo.gazetteer import Gazetteer, load_gazetteer
from providers.authorities import authorities
from providers.catalogue import catalogue, kept_catalogue
from referrals.workflow import directory

_MOST = 4
_KEPT: dict[object, tuple[object, ...]] = {}
PLACES_OF = ("localities", "boundaries")  # what a gazetteer is made of
_PLACES: dict[object, Gazetteer] = {}


def keep_catalogues(patch: pytest.MonkeyPatch) -> None:
    """Let directories take what was read before, where every file that it is made of is the same to the nanosecond."""

    def places(home: Home) -> Gazetteer:
        key = _files(home, PLACES_OF)
        if key not in _PLACES:
            while len(_PLACES) >= _MOST:
                _PLACES.pop(next(iter(_PLACES)))
            _PLACES[key] = load_gazetteer(home)
        return _PLACES[key]

    def load(home: Home, gazetteer: Gazetteer, *, by_law: pd.DataFrame, sealing_key: bytes) -> Any:
        key = (id(gazetteer), id(by_law), sealing_key, _files(home, [row.code for row in REGISTRIES.values()]))
        if key not in _KEPT:
            found = catalogue.load_catalogue(home, gazetteer, by_law=by_law, sealing_key=sealing_key)
            while len(_KEPT) >= _MOST:
                _KEPT.pop(next(iter(_KEPT)))
            _KEPT[key] = (found, gazetteer, by_law)  # what a key names by identity stays while the key does
        return _KEPT[key][0]

    patch.setattr(directory, "load_gazetteer", places)
    patch.setattr(directory, "load_catalogue", load)
    patch.setattr(kept_catalogue, "name_of", lambda *_said: "")


def keep_offices_of(patch: pytest.MonkeyPatch, county: str) -> None:
    """Let every home have the offices by law of one county, some two hundred, and not the 7,000 of the country."""
    patch.setattr(authorities, "derive", lambda gazetteer: _offices_of(gazetteer, county))
    patch.setattr(kept_catalogue, "name_of", lambda *_said: "")  # of these offices nothing is kept in a home


_DERIVE = authorities.derive


@lru_cache(maxsize=_MOST)
def _offices_of(gazetteer: Gazetteer, county: str) -> pd.DataFrame:
    offices = _DERIVE(gazetteer)
    return offices[offices["county"] == county].reset_index(drop=True)


def _files(home: Home, kinds: Iterable[str]) -> tuple[tuple[str, int, int], ...]:
    store = EditionStore(home)
    editions = [edition for kind in kinds for edition in store.in_force(kind)]
    return tuple(
        (f"{edition.manifest.edition}/{path.name}", path.stat().st_size, path.stat().st_mtime_ns)
        for edition in editions
        for path in sorted(edition.folder.iterdir())
    )
