"""The table of minutes of a home: every locality to every point of a service, kept beside the editions it is made of.

    travel-table/<name>/       the arrays (`geo.spatial.travel_table`) and what they were made of
    travel-table/current       the name of the table in force

A table is derived: it is in no backup, and whoever deletes it loses time alone. It is found by the roads and the season
that it was measured on; where localities or services have changed since, it still serves what it has.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from core.processes.partitioned_work import ONE_PROCESS
from core.storage.editions import EditionStore
from core.storage.file_stamps import file_sha256
from core.storage.home import locked, make_private_folder, write_atomically
from geo.spatial.tabled_travel import TabledTravel, live_model
from geo.spatial.travel_table import distinct_points, open_table, write_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from core.processes.partitioned_work import PartRunner
    from core.storage.home import Home
    from geo.spatial.travel import TravelModel
    from geo.spatial.travel_table import TravelTable
    from providers.catalogue.snapshot import Snapshot

FOLDER, CURRENT, MADE_OF_FILE = "travel-table", "current", "made-of.json"
_LOCK = ".lock"
_MOST_OPEN = 2
_FORM = "1"  # of the files: a table of another form is measured anew


@dataclass(frozen=True)
class MadeOf:
    """Digests of what a table is derived from: another in any of them is another table.

    Attributes
    ----------
    roads
        Of the arrays of the roads, the season, and how points reach the road.
    localities, services
        Of the points from which and to which is measured.
    """

    roads: str
    localities: str
    services: str

    @property
    def name(self) -> str:
        """Name of the table's folder."""
        return sha256("|".join((_FORM, *asdict(self).values())).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class TableMade:
    """What was made: origins, sites and pairs of the table in force; is_new: whether it was made just now."""

    localities: int
    services: int
    pairs: int
    is_new: bool


def table_state(home: Home) -> str:
    """Return the name of the table in force, "" where there is none: a text that changes with it."""
    with suppress(OSError):
        return (home.path / FOLDER / CURRENT).read_text(encoding="utf-8").strip()
    return ""


def with_table(home: Home, live: TravelModel) -> TravelModel:
    """Return a model of roads with the table of it that is in force, the model itself where there is none of it.

    Parameters
    ----------
    home
        The home.
    live
        Its model by road.

    Returns
    -------
    TravelModel
        Of a table that is damaged, the live model: the table is measured anew when its time comes.
    """
    table = _opened(home, _roads_digest(home, live))
    return live if table is None else TabledTravel(live, table)


def is_due(home: Home, snapshot: Snapshot) -> bool:
    """Whether the home measures by road, and its table lacks or is made of something else than is in force now."""
    live = live_model(snapshot.travel.car)
    if live.basis.kind != "roads":
        return False
    wanted = _made_of(home, snapshot)
    return table_state(home) != wanted.name or _opened(home, wanted.roads) is None


def make_table(
    home: Home,
    snapshot: Snapshot,
    *,
    tell: Callable[[int, int], object] = max,
    runner: PartRunner = ONE_PROCESS,
) -> TableMade | None:
    """Measure the table of what is in force and put it in force, once whole; the one before serves until then.

    Parameters
    ----------
    home
        The home.
    snapshot
        Its localities, services and roads. Of a table in force only what changed is measured.
    tell
        Called with the localities that are done, and all of them.
    runner
        Who measures, county by county; on other machines every minute is measured anew.

    Returns
    -------
    TableMade or None
        None where the home does not measure by road.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    if live_model(snapshot.travel.car).basis.kind != "roads":
        return None
    folder = home.path / FOLDER
    make_private_folder(folder)
    with locked(folder / _LOCK):
        made_of = _made_of(home, snapshot)
        origins, sites = _origins(snapshot), _sites(snapshot)
        known = _opened(home, made_of.roads) if table_state(home) == made_of.name else None
        if known is not None:
            return TableMade(len(origins), len(sites), sum(len(band.ms) for band in known.bands), is_new=False)
        travel = with_table(home, live_model(snapshot.travel.car))
        aside = folder / f".{made_of.name}.{os.getpid()}.{threading.get_ident()}"
        shutil.rmtree(aside, ignore_errors=True)
        make_private_folder(aside)
        try:
            pairs = write_table(
                aside, travel, origins, sites, tell=lambda done: tell(done, len(origins)),
                counties=_counties(snapshot, origins), runner=runner,
            )  # fmt: skip
            _finish(aside, made_of)
            shutil.rmtree(folder / made_of.name, ignore_errors=True)  # a damaged one of the same name
            aside.replace(folder / made_of.name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        write_atomically(folder / CURRENT, made_of.name.encode(), is_private=True)
        for old in folder.iterdir():  # whoever has one mapped keeps it
            if old.is_dir() and old.name != made_of.name:
                shutil.rmtree(old, ignore_errors=True)
    return TableMade(len(origins), len(sites), pairs, is_new=True)


def _finish(folder: Path, made_of: MadeOf) -> None:
    """Write what a table is made of, and the digest of each of its files."""
    files = sorted(folder.iterdir())
    for path in files:
        path.chmod(0o600)
    values = asdict(made_of) | {"digests": {path.name: file_sha256(path) for path in files}}
    write_atomically(folder / MADE_OF_FILE, json.dumps(values, indent=1).encode(), is_private=True)


def _opened(home: Home, roads: str) -> TravelTable | None:
    """Open the table in force where it is of these roads and its files are those that were written."""
    name = table_state(home)
    folder = home.path / FOLDER / name
    if not name:
        return None
    with suppress(OSError):
        files = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir())
        return _opened_as(folder, roads, tuple(files))
    return None


@lru_cache(_MOST_OPEN)
def _opened_as(folder: Path, roads: str, _files: tuple[tuple[str, int, int], ...]) -> TravelTable | None:
    """Open a table once for as long as its files stay: their digests are read, which is a second of hundreds of MB."""
    try:
        payload = json.loads((folder / MADE_OF_FILE).read_text(encoding="utf-8"))
        if payload["roads"] != roads:
            return None
        if any(file_sha256(folder / file) != digest for file, digest in payload["digests"].items()):
            return None
        return open_table(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _made_of(home: Home, snapshot: Snapshot) -> MadeOf:
    return MadeOf(
        _roads_digest(home, live_model(snapshot.travel.car)),
        *(_digest(points) for points in (_origins(snapshot), _sites(snapshot))),
    )


def _digest(points: NDArray[np.complex128]) -> str:
    return sha256(points.tobytes()).hexdigest()


def _roads_digest(home: Home, live: TravelModel) -> str:
    edition = EditionStore(home).current("roads")
    manifest = edition.manifest if edition is not None else None
    arrays = {file: digest for file, digest in manifest.digests.items() if file.startswith("car_")} if manifest else {}
    how = repr(getattr(getattr(live, "search", None), "to_road", ""))
    return sha256(json.dumps([arrays, live.basis.edition, live.basis.season, how], sort_keys=True).encode()).hexdigest()


def _origins(snapshot: Snapshot) -> NDArray[np.complex128]:
    """Return the points from which screens and reports measure: localities, and the seats of their units."""
    tables = (snapshot.gazetteer.localities, snapshot.gazetteer.uats)
    return distinct_points(
        *(np.concatenate([table[name].to_numpy(np.float64) for table in tables]) for name in ("lat", "lon"))
    )


def _counties(snapshot: Snapshot, origins: NDArray[np.complex128]) -> NDArray[np.str_]:
    """Return the county of each origin; of a point that two counties have, that of the one listed first."""
    tables = (snapshot.gazetteer.localities, snapshot.gazetteer.uats)
    places = np.concatenate([t["lat"].to_numpy(np.float64) + 1j * t["lon"].to_numpy(np.float64) for t in tables])
    county = np.concatenate([t["county"].to_numpy(str) for t in tables])
    known = np.isfinite(places)
    points, first = np.unique(places[known], return_index=True)
    return np.asarray(county[known][first][np.searchsorted(points, origins)])


def _sites(snapshot: Snapshot) -> NDArray[np.complex128]:
    """Return the points of services that are visited; a protected address is none of them."""
    kinds = [kind.index for kind in snapshot.catalogue.types.values()]
    none = np.empty(0)
    return distinct_points(
        np.concatenate([none, *(each.lat for each in kinds)]), np.concatenate([none, *(each.lon for each in kinds)])
    )
