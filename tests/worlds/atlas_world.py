"""Lay the embedded synthetic atlas, its population and its communities over a home of a test."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.home import Home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.imports.importing import ReadRegister, prepare_shaped, read_file
from tests.worlds.small_world import KEPT, make_world

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
    gazetteer, store = load_gazetteer(home), EditionStore(home)
    for kind, name in FILES.items():
        path = DATA / "atlas" / name
        shaped = read_file(kind, ReadRegister(path, None, home, gazetteer))
        prepared = prepare_shaped(home, kind, path, shaped)
        store.publish(store.stage(prepared.manifest, prepared.tables))
    return home
