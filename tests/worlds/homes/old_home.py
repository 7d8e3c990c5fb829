"""A home as it was before registries had sources: its record, its editions and its ledger, as their files stood.

Written by hand (files, and SQL at revision 0006 of the schema), for no program of today makes one.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from core.storage.manifest import Manifest, Source, manifest_bytes
from providers.rules.schema import services_table
from referrals.database.models import field_reports, links, places, referrals, reports
from referrals.database.schema_migration import ensure_current
from referrals.database.store import open_store
from tests.worlds.homes.small_world import services

NOW = datetime(2026, 10, 14, 9, tzinfo=UTC)
EDITION = "2026-10-12.20261013T080000000000.00000000"
LATER_COLUMNS = ("closed_from", "closed_until")  # that no edition of that time has
CARRIED = {"capacity_reports": 1, "places": 1, "referrals": 1, "field_reports": 1, "links": 1}


def make_old_home(folder: Path) -> None:
    """Make the home: `social` and a list of offices imported; a hold, a report, a link and a signal at `social:2`."""
    folder.mkdir(mode=0o700)
    kinds = {"social": services(), "authorities": [_office()]}
    for kind, rows in kinds.items():
        _edition(folder / "editions" / kind, kind, rows)
    record = {
        "mode": "live", "home_id": "ab" * 16, "ledger": "begun",
        "published": {kind: {"current": EDITION, "editions": [EDITION]} for kind in kinds},
    }  # fmt: skip
    (folder / "home.json").write_text(json.dumps(record), encoding="utf-8")
    _ledger(folder)


def _office() -> dict[str, object]:
    return {
        "service_id": "authority:7", "registry": "authority", "registry_key": "7", "service_type": "AUT-SPCLEP",
        "name": "SPCLEP Bacău", "organization": "SPCLEP Bacău", "county": "BC", "uat_siruta": 20297, "source_row": 1,
    }  # fmt: skip


def _edition(folder: Path, kind: str, rows: list[dict[str, object]]) -> None:
    there = folder / EDITION
    there.mkdir(parents=True, mode=0o700)
    table = services_table(rows).drop(columns=list(LATER_COLUMNS))
    table.to_parquet(there / "services.parquet", index=False)
    digest = hashlib.sha256((there / "services.parquet").read_bytes()).hexdigest()
    manifest = Manifest(
        kind=kind, edition=EDITION, as_of="2026-10-12", imported_at="2026-10-13T08:00:00+00:00",
        source=Source("Registru inventat"), file="inventat.csv", sha256="0" * 64, rows_read=len(table),
        rows_loaded=len(table), rows_rejected=0, digests={"services.parquet": digest},
    )  # fmt: skip
    content = manifest_bytes(manifest)
    assert b"source_name" not in content
    (there / "manifest.json").write_bytes(content)
    (folder / "current").write_text(EDITION, encoding="utf-8")


def _ledger(folder: Path) -> None:
    who = {"role": "team", "account": "echipa"}
    said = {"service_id": "social:2", "status": "free", "places_max": 20, "source": "telefon", "reported_at": NOW}
    rows = (
        (reports, {**said, "places_free": 7, "recorded_at": NOW, **who}),
        (places, {**said, "reported": 7, "held": 1, "taken": 0, "clock": NOW}),
        (referrals, {
            "referral_id": "R-0001", "service_id": "social:2", "service_type": "8891CZ-C-II", "service_county": "BC",
            "access_route": "direct", "case_ref": "K-0001", "need": "", "county": "BC", "uat_siruta": 24089,
            "state": "held", "reason": "", "basis": "consent", "consent_at": NOW, "note": "", "replaces": "",
            "second_place": False, "made_by": "echipa", "made_at": NOW, "expires_at": NOW.replace(year=2099),
        }),
        (field_reports, {
            "service_id": "social:2", "county": "BC", "what": "phone", "published": "0234512346", "value": "", "note": "",
            "state": "open", "reported_at": NOW, "settled_by": "", **who,
        }),
        (links, {
            "link_id": "L-0001", "service_id": "social:2", "referral_id": "", "county": "BC", "made_by": "echipa",
            "made_at": NOW, "hour": NOW, "posts": 0,
        }),
    )  # fmt: skip
    with closing(open_store(f"sqlite:///{folder / 'harta.sqlite'}", may_create=True)) as store:
        ensure_current(store, target="0006")
        with store.write() as connection:
            for table, row in rows:
                connection.execute(insert(table).values(**row))
