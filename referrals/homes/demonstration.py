"""A home to try things in (`harta demo`), and one to work in (`harta init`). The two never mix.

The demonstration is made of the embedded files of `data/`: real names and places of settlements,
approximate areas, and a synthetic atlas, synthetic providers and synthetic reports of places. Every
synthetic edition says so in its manifest, and everything shown from it says so on screen.
"""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import EditionError, UnknownCodeError
from core.i18n import _
from core.reading.tidied_table import rejects_table
from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.home import Home, make_home
from core.storage.import_kinds import KINDS
from core.storage.source_cards import card_beside, read_card, require_digest
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.areas import area_index_of
from geo.spatial.crs import MAP_CRS, to_metric
from providers.imports.file_shaping import ReadRegister, layer_shaped, read_file, services_shaped
from providers.imports.importing import prepare_shaped
from providers.imports.reading_report import Shaped
from providers.rules.schema import Tidied, services_table
from referrals.database.home_identity import INVENTED_SOURCE
from referrals.homes import travel_setting
from referrals.homes.file_permissions import close_to_others
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import StoreMissingError
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from geo.gazetteer.gazetteer import Gazetteer

DEMO_DAY = date(2026, 11, 22)  # the day from which the synthetic dates are counted (see the cards)
_INVENTED_ROADS = DATA / "roads" / "invented_roads.toml"  # what their source card says
_OUTLINE_TOLERANCE_M = 2_000.0  # the embedded areas are made of squares of 500 m
_CAPACITY = DATA / "providers" / "synthetic_capacity.csv"


def make_demo(
    path: Path | None = None,
    *,
    today: date | None = None,
    with_roads: bool = False,
    tell: Callable[[str], object] = str,
) -> Home:
    """Make a demonstration home of the embedded files; kinds that it has already are left alone.

    Parameters
    ----------
    path
        Folder of the home; None = HARTA_HOME.
    today
        Day to which the synthetic dates are moved; None = today.
    with_roads
        Whether to invent a network of roads, and to take minutes on it.
    tell
        Called with the kind under way.

    Returns
    -------
    Home
        The home, with editions in force and reports of places.

    Raises
    ------
    HomeError
        Where the folder is a live home.
    EditionError
        Where an embedded file is not what its card says, or cannot be written.
    """
    home = make_home("demo", path)
    mend(home)
    begin_ledger(home)
    day = today or datetime.now(UTC).date()
    gazetteer = load_gazetteer(home)
    store = EditionStore(home)
    for kind, (file, read) in _demo_kinds(home, gazetteer, day).items():
        if _is_there(store, kind):
            continue
        tell(kind)
        require_digest(file, read_card(card_beside(file)))
        prepared = prepare_shaped(home, kind, file, read(), day)
        store.publish(store.stage(prepared.manifest, prepared.tables))
    if with_roads:
        if not _is_there(store, "roads"):
            tell("roads")
            _invent_roads(home, day)
        travel_setting.choose(home, "roads")
    store.record_again()
    tell("capacity")
    _report_capacity(home, day)
    return home


def make_live(path: Path | None = None, *, may_join: bool = False, tell: Callable[[str], object] = str) -> Home:
    """Make a live home: real editions only, and it starts with the communities that are publicly known.

    Parameters
    ----------
    path
        Folder of the home; None = HARTA_HOME.
    may_join
        Whether it may take a database over that belongs to another live home (a second machine, a lost folder).
    tell
        Called with a sentence where a database that was lost is begun anew.

    Returns
    -------
    Home
        The home, its ledger begun.

    Raises
    ------
    HomeError
        Where the folder is a demonstration.
    LedgerError
        Where the database is not this home's, or cannot be used.
    """
    home = make_home("live", path)
    store = EditionStore(home)
    mend(home)
    begin_ledger(home, may_join=may_join, tell=tell)
    for kind, row in KINDS.items():
        if row.first_path is not None and store.current(kind) is None:
            shaped = read_file(kind, ReadRegister(row.first_path, None, home, load_gazetteer(home)))
            prepared = prepare_shaped(home, kind, row.first_path, shaped)
            store.publish(store.stage(prepared.manifest, prepared.tables))
    return home


def mend(home: Home) -> None:
    """Put right in a home of long ago, or one moved about, what needs no decision.

    Folders and files are closed to other users of the machine; a pointer that was lost is put back where its
    edition is whole; manifests of an earlier version get the digests that they lack; the record says what is there.
    """
    close_to_others(home)
    store = EditionStore(home)
    store.point_again()
    store.complete()
    store.record_again()


def _is_there(store: EditionStore, kind: str) -> bool:
    """Whether a kind is in force; of invented data, what is lost or damaged is simply made anew."""
    try:
        edition = store.current(kind)
        return edition is not None and not edition.faults()
    except (EditionError, UnknownCodeError):
        return False


def begin_ledger(home: Home, *, may_join: bool = False, tell: Callable[[str], object] = str) -> None:
    """Make the home's ledger where there is none, and say so where there had been one."""
    had_one = home.record().is_begun
    try:
        open_ledger(home, may_join=may_join).close()
    except StoreMissingError as lost:
        open_ledger(home, may_begin=True, may_join=may_join).close()
        if had_one:
            tell(
                _(
                    "Atenție: baza de date a dosarului lipsea și a fost începută una nouă, goală: fără conturi, "
                    "cazuri, referiri și jurnal. Dacă aveți baza veche sau o copie a ei, puneți-o la loc acum. ({why})"
                ).format(why=lost)
            )


def _demo_kinds(home: Home, gazetteer: Gazetteer, day: date) -> dict[str, tuple[Path, Callable[[], Shaped]]]:
    files = {code: row.demo_path for code, row in KINDS.items()}
    return {
        code: (file, partial(_shaped, code, ReadRegister(file, None, home, gazetteer), day - DEMO_DAY))
        for code, file in files.items()
        if file is not None
    }


def _shaped(code: str, reading: ReadRegister, moved: timedelta) -> Shaped:
    """Shape an embedded file: of registries and areas the very tables are embedded, all else is read as a file."""
    if KINDS[code].registry:
        return _services(reading.path, moved)
    return embedded_areas(reading) if code == "boundaries" else read_file(code, reading)


def embedded_areas(reading: ReadRegister) -> Shaped:
    """Shape the embedded approximate areas, which are a table and no file that anybody published."""
    import geopandas as gpd

    from geo.layers import boundaries

    raw = gpd.read_parquet(reading.path).rename(columns={"uat_siruta": "siruta"})
    gazetteer = reading.gazetteer
    tidied = boundaries.tidy(raw, gazetteer.uats, gazetteer.counties, file=reading.path.name)
    return layer_shaped(tidied, KINDS["boundaries"].table, KINDS["boundaries"].key)


def _services(file: Path, moved: timedelta) -> Shaped:
    services = services_table(pd.read_parquet(file))
    for column in ("licence_from", "licence_until"):
        services[column] = services[column] + pd.Timedelta(moved)
    return services_shaped(Tidied(services, rejects_table([]), len(services)))


def _invent_roads(home: Home, day: date) -> None:
    """Give a demonstration roads that nobody built."""
    import shapely

    from geo.roads.invented_roads import invent_roads

    gazetteer = load_gazetteer(home)
    known = gazetteer.localities[gazetteer.localities["lat"].notna()]
    seats = gazetteer.uats.set_index("uat_siruta")["seat_locality_siruta"]
    county_seats = seats.reindex(gazetteer.counties["seat_uat_siruta"])
    rank = np.where(known["locality_siruta"].isin(county_seats), 2, known["is_seat"].astype("int64"))
    # Villages whose point is that of their commune share one.
    xy, first = np.unique(np.rint(to_metric(known["lat"], known["lon"])), axis=0, return_index=True)
    areas = area_index_of(home)
    if areas is None:
        raise EditionError(_("Demonstrația nu are limitele comunelor, iar drumurile inventate stau în ele."))
    outline = shapely.union_all(areas.shapes, grid_size=1.0).buffer(_OUTLINE_TOLERANCE_M)
    with TemporaryDirectory(prefix="harta-") as folder:
        file = Path(folder) / f"{_INVENTED_ROADS.stem}.geojson"
        shutil.copy(_INVENTED_ROADS, card_beside(file))
        invent_roads(xy, rank[first], outline).to_crs(MAP_CRS).to_file(file, driver="GeoJSON")
        prepared = prepare_shaped(
            home, "roads", file, read_file("roads", ReadRegister(file, None, home, gazetteer)), day
        )
        store = EditionStore(home)
        store.publish(store.stage(prepared.manifest, prepared.tables))


def _report_capacity(home: Home, day: date) -> None:
    ledger = open_ledger(home)
    try:
        if len(ledger.capacity_now()):
            return
        morning = datetime(day.year, day.month, day.day, tzinfo=UTC)
        ledger.report_many(
            (_report(line, morning) for line in _public(home, pd.read_csv(_CAPACITY, dtype="str"))),
            source=INVENTED_SOURCE,
            actor=Actor("system", account="demo"),
        )
    finally:
        ledger.close()


def _public(home: Home, reports: pd.DataFrame) -> list[dict[Hashable, str]]:
    """Leave out what is said of protected services: only the county unit that answers for one reports its places."""
    services = EditionStore(home).current_table("social", "services", ["service_id", "is_secret"])
    hidden = set() if services is None else set(services.loc[services["is_secret"], "service_id"])
    return reports[~reports["service_id"].isin(hidden)].to_dict("records")


def _report(line: dict[Hashable, str], morning: datetime) -> dict[str, Any]:
    free, most = line["places_free"], line["places_max"]
    return {
        "service_id": line["service_id"],
        "places_free": None if pd.isna(free) else int(free),
        "places_max": None if pd.isna(most) else int(most),
        "status": line["status"],
        "reported_at": morning - timedelta(days=float(line["age_days"])),
    }
