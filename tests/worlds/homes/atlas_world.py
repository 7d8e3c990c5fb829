"""Lay the embedded synthetic atlas, its population and its communities over a home of a test."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.home import Home, make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.imports.file_shaping import ReadRegister, read_file
from providers.imports.importing import prepare_shaped
from providers.imports.prepared_edition import Prepared
from tests.worlds.homes.small_world import KEPT, make_world

FILES = {
    "population": "uat_population.csv",
    "atlas-rural": "synthetic_atlas_rural.csv",
    "atlas-urban": "synthetic_atlas_urban.csv",
    "communities": "communities_demo.csv",
}


def make_atlas_world(folder: Path, *, mode: str = "demo") -> Home:
    """Make the small world with the atlas; a copy of the one that is made once a process."""
    kept = KEPT / f"{mode}-atlas"
    if not kept.exists():
        add_atlas(make_world(kept, mode=mode))
    return open_home(shutil.copytree(kept, folder))


def add_atlas(home: Home) -> Home:
    """Publish the atlas in a home; its files are read once a process."""
    store = EditionStore(home)
    for prepared in _shaped():
        store.publish(store.stage(prepared.manifest, prepared.tables))
    return home


@cache
def _shaped() -> list[Prepared]:
    """Read the files as a home without any edition would."""
    with TemporaryDirectory() as folder:
        home = make_home("demo", Path(folder) / "home")
        gazetteer = load_gazetteer(home)
        paths = {kind: DATA / "atlas" / name for kind, name in FILES.items()}
        return [
            prepare_shaped(home, kind, path, read_file(kind, ReadRegister(path, None, home, gazetteer)))
            for kind, path in paths.items()
        ]
