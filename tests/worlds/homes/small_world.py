"""A demonstration home with a handful of invented services around Parincea, and what was reported of them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from core.storage.editions import EditionStore, Manifest, Source, edition_name
from core.storage.home import Home, make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.layers.population import AGES
from providers.rules.schema import services_table
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from referrals.workflow.sealed_keys import sealing_key

PARINCEA = (46.48333, 27.1)  # degrees
CHILD_DAY_CENTRE, SHELTER, HELPLINE_NEED = "8891CZ-C-II", "8790CR-VD-I", "domestic-violence"
HOSTILE = "<img src=x onerror=\"document.title='x'\"> Centrul „Speranța”"
SECRET_TOWN = "Orașul Ascuns"  # noqa: S105 - a town, not a password


def service(number: int, north: float, east: float, **said):
    return {
        "service_id": f"social:mmps:{number}", "registry": "social", "registry_key": str(number),
        "name": f"Centrul de zi {number}", "organization": "Asociația Exemplu", "service_type": CHILD_DAY_CENTRE,
        "county": "BC", "uat_siruta": 24089, "lat": PARINCEA[0] + north, "lon": PARINCEA[1] + east,
        "position_precision": "address", "source_row": number, **said,
    }  # fmt: skip


def services() -> list[dict]:
    yesterday = pd.Timestamp(datetime.now(UTC).date() - timedelta(days=1))
    return [
        service(1, 0.05, 0.0, name="Centrul de zi „Luminița”", phone="0234 512 345; 0744111222", hours="luni–vineri, 8–16"),
        service(2, 0.10, 0.02, name=HOSTILE, phone="0234512346", places_max=20),
        service(3, 0.02, 0.0, name="Centrul de zi „Plin”", phone="0234512347"),
        service(4, 0.01, 0.0, name="Centrul de zi „Expirat”", licence_until=yesterday),
        service(5, 0.12, 0.0, position_precision="locality", places_max=12),
        service(6, 0.03, 0.0, service_type=SHELTER, name=f"Adăpost {SECRET_TOWN}", is_secret=True, phone="0234999999",
                locality=SECRET_TOWN, address="Strada Ascunsă 1"),
        service(7, 1.2, -2.0, service_type=SHELTER, county="CJ", name="Adăpost", is_secret=True),
    ]  # fmt: skip


def publish(home: Home, kind: str, rows: list[dict]) -> None:
    table = services_table(rows)
    now = datetime.now(UTC)
    manifest = Manifest(
        kind=kind, edition=edition_name("2026-10-12", "0" * 64, now), as_of="2026-10-12", imported_at=now.isoformat(),
        source=Source(title="Registru inventat", synthetic=True), file="inventat.csv", sha256="0" * 64,
        rows_read=len(table), rows_loaded=len(table), rows_rejected=0,
    )  # fmt: skip
    store = EditionStore(home)
    manifest, tables = store.compared(manifest, {"services": table}, key="service_id")
    store.publish(store.stage(manifest, tables))


def report(home: Home, service_id: str, free: int, *, days_ago: float = 0.0) -> None:
    ledger = open_ledger(home)
    ledger.report_capacity(
        service_id,
        places_free=free,
        source="phone",
        actor=Actor("admin", account="test"),
        reported_at=datetime.now(UTC) - timedelta(days=days_ago, minutes=5),
    )
    ledger.close()


def make_world(folder: Path, *, mode: str = "demo") -> Home:
    """Make a home of these services, the same in all of a process but for its folder: they have one catalogue.

    What a home draws by lot, its secrets among it, they have in common too.
    """
    kept = KEPT / mode
    if not kept.exists():
        _build(kept, mode)
    return open_home(shutil.copytree(kept, folder))


KEPT = Path(tempfile.mkdtemp(prefix="harta-small-world-"))
atexit.register(shutil.rmtree, KEPT, ignore_errors=True)


def _build(folder: Path, mode: str) -> None:
    home = make_home(mode, folder)  # type: ignore[arg-type]
    publish(home, "social", services())
    report(home, "social:mmps:1", 3, days_ago=2)
    report(home, "social:mmps:3", 0)
    ledger = open_ledger(home)
    sealing_key(ledger)
    ledger.close()


def give_population(home):
    """A thousand people in every unit."""
    codes = load_gazetteer(home).uats
    codes = codes[codes["kind"] != "sector"]
    table = pd.DataFrame({"uat_siruta": codes["uat_siruta"].to_numpy(), "population": 1000})
    table = table.assign(**dict.fromkeys(AGES, pd.NA)).astype(dict.fromkeys(("population", *AGES), "Int64"))
    manifest = Manifest(
        kind="population", edition=edition_name("2026-01-01", "1" * 64), as_of="2026-01-01", imported_at="",
        source=Source(title="Populație inventată", synthetic=True), file="inventat.csv", sha256="1" * 64,
        rows_read=len(table), rows_loaded=len(table), rows_rejected=0,
    )  # fmt: skip
    store = EditionStore(home)
    manifest, tables = store.compared(manifest, {"population": table}, key="uat_siruta")
    store.publish(store.stage(manifest, tables))
