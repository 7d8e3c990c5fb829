"""Two live homes that differ in nothing but what their register says of services with a protected address.

Each protected row stands in the other home in another county and says nothing that it said before: name, provider,
place, street, licence, capacity, telephone. How many services of a type each county shelters is the same, for that
is public ("județul Bacău (adresă protejată)"). What people did in the ledger is the same, at the same moments.
"""

from __future__ import annotations

import csv
import itertools
import random
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.storage.editions import EditionStore, edition_name
from core.storage.home import Home, make_home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.imports.file_shaping import ReadRegister, read_file
from providers.imports.importing import prepare_shaped
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from referrals.workflow import field_intake
from referrals.workflow.directory import Directory
from tests.worlds.build_once import build_once
from tests.worlds.homes import small_world
from tests.worlds.homes.atlas_world import add_atlas
from tests.worlds.homes.ledger_world import refer, report, terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from geo.gazetteer.gazetteer import Gazetteer
    from referrals.ledger.ledger import Ledger

SHELTER, TRAFFICKED, HOME_FOR_AGED, DAY = "8790CR-VD-I", "8790CR-VTP-I", "8730CR-V-I", small_world.CHILD_DAY_CENTRE
COUNTIES = ("BC", "CJ", "VS")
PARINCEA = 24089  # SIRUTA of the commune
TEAM = Actor("team", "echipa-1", "BC", PARINCEA)
UNIT = {"BC": Actor("county", "ujss-bc", "BC"), "CJ": Actor("county", "ujss-cj", "CJ")}
ADMIN = Actor("admin", "admin-1")
MOMENT = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
AS_OF = (MOMENT - timedelta(days=10)).date()

COLUMNS = (
    "provider_cui", "provider_name", "service_name", "service_code", "county", "locality", "address", "license_number",
    "valid_from", "valid_until", "capacity", "status", "phone", "email", "website", "lat", "lon", "is_secret",
)  # fmt: skip


def _row(code: str, name: str, county: str, locality: str, address: str, licence: str, **said: str) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "")
    row |= {"service_code": code, "service_name": name, "county": county, "locality": locality, "address": address}
    row |= {"license_number": licence, "valid_from": "2023-02-01", "valid_until": "2028-01-31", "status": "Activ"}
    row |= {"provider_cui": "1234567", "provider_name": "Asociația Exemplu", "capacity": "20"}
    return row | said


PUBLIC = (
    _row(DAY, "Centrul de zi Unu", "Bacău", "Parincea", "Strada Mare 1", "LF1", phone="0234512301", lat="46.4833", lon="27.1"),
    _row(DAY, "Centrul de zi Doi", "Bacău", "Bacău", "Strada Mare 2", "LF2", phone="0234512302", lat="46.57", lon="26.91"),
    _row(DAY, "Centrul de zi Trei", "Bacău", "Onești", "", "LF3", phone="0234512303", capacity=""),
    _row(HOME_FOR_AGED, "Cămin Patru", "Bacău", "Moinești", "Strada Mare 4", "LF4", provider_name="Fundația Patru",
         provider_cui="7654321", lat="46.47", lon="26.49"),
    _row(DAY, "Centrul de zi Cinci", "Cluj", "Cluj-Napoca", "Strada Mare 5", "LF5", phone="0264512305", lat="46.77", lon="23.59"),
    _row(DAY, "Centrul de zi Șase", "Vaslui", "Vaslui", "Strada Mare 6", "LF6", phone="0235512306", lat="46.64", lon="27.73"),
)  # fmt: skip
# Of each pair one is of Bacău here and of Cluj there. Some stand where a public service stands, or have its provider.
_WHERE = {
    "here": (("Bacău", "Parincea", "46.4833", "27.1"), ("Cluj", "Cluj-Napoca", "46.77", "23.59")),
    "elsewhere": (("Cluj", "Turda", "46.5667", "23.7833"), ("Bacău", "Moinești", "46.47", "26.49")),
}
_KINDS = (SHELTER, TRAFFICKED, DAY, HOME_FOR_AGED, SHELTER)


def hidden(world: str, edition: int = 1) -> list[dict[str, str]]:
    """Return the protected rows of one of the two homes; each edition says something else of them."""
    rows, mine = [], {"here": 1, "elsewhere": 2}[world]
    for kind, code in enumerate(_KINDS):
        for side, (county, locality, north, east) in enumerate(_WHERE[world]):
            number = f"{mine}{edition}{kind}{side}"
            word = {"here": "Acolo", "elsewhere": "Dincolo"}[world] + number
            said = {
                "provider_cui": f"90{mine}{edition}{kind}{side}5", "provider_name": f"Fundația {word}", "phone": f"0744{number}77",
                "capacity": str(30 + 11 * mine + kind), "email": f"{word.lower()}@exemplu.ro", "lat": north, "lon": east,
                "website": f"https://{word.lower()}.exemplu.ro", "valid_until": f"20{26 + mine + kind}-0{mine + 3}-1{kind}",
                "is_secret": "da" if kind >= 2 else "",
            }  # fmt: skip
            if kind == 0 and world == "here":  # shares what it can with a public row
                said |= {"provider_cui": "1234567", "provider_name": "Asociația Exemplu", "capacity": "20"}
            # One stands without an address, where the publisher's geocoder puts such rows.
            street = "" if kind == 1 else f"Strada Tainică {number}"
            name = f"Casa {word}" if kind != 3 else f"Adăpost {word} pentru victimele violenței domestice"
            rows.append(_row(code, name, county, locality, street, f"LS{mine}{kind}{side}", **said))
    # Rejected, and told without what it says.
    refused = _row(
        "COD-NECUNOSCUT", f"Casa Refuzată {mine}{edition}", _WHERE[world][0][0], "Turda", "Strada Tainică", f"LS{mine}9"
    )
    rows.append(refused | {"is_secret": "da"})
    return rows


def markers(world: str) -> set[str]:
    """Return what the protected rows of a home say and no public row does: none of it may be read anywhere."""
    told = ("service_name", "provider_name", "provider_cui", "license_number", "phone", "email", "website", "address")
    public = {row[column] for row in PUBLIC for column in told}
    rows = [row for edition in (1, 2) for row in hidden(world, edition)]
    return {row[column] for row in rows for column in told} - public - {"", "Strada Tainică"} | {"Tainică"}


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


@dataclass(frozen=True)
class World:
    """One of the two homes."""

    name: str
    home: Home


def three_counties(country: Gazetteer) -> Gazetteer:
    """Return the places of the counties that the register names and of no other: the country takes its time."""
    inside = [table[table["county"].isin(COUNTIES)] for table in (country.uats, country.localities)]
    return replace(country, uats=inside[0].reset_index(drop=True), localities=inside[1].reset_index(drop=True))


def two_worlds(folder: Path, gazetteer: Gazetteer) -> tuple[World, World]:
    """Make the two homes: one home of all that is public, copied, and a register of its own for each."""
    base = add_atlas(make_home("live", folder / "base"))
    _keep_communities(base)
    _do_what_is_public(base)
    made = []
    for name in ("here", "elsewhere"):
        home = open_home(shutil.copytree(base.path, folder / name / "home"))
        _import(home, folder / name, name, gazetteer)
        _act_on_protected(Directory(home, gazetteer, _ticking(home, MOMENT + timedelta(hours=2))))
        _stage(home, folder / name, name, gazetteer)
        made.append(World(name, home))
    return made[0], made[1]


def copied_worlds(factory: pytest.TempPathFactory, name: str) -> tuple[World, World]:
    """Return the two homes, made once in a run and copied under a name: tests do things in them."""
    built = build_once(factory, "protected", lambda folder: two_worlds(folder, three_counties(load_gazetteer(None))))
    folder = factory.mktemp(name)
    here, elsewhere = (
        World(each, open_home(shutil.copytree(built / each / "home", folder / each / "home")))
        for each in ("here", "elsewhere")
    )
    return here, elsewhere


def _ticking(home: Home, at: datetime = MOMENT) -> Ledger:
    """Open a ledger whose clock goes on a second with each look at it: what follows what is then the same in both."""
    seconds = itertools.count()
    return replace(open_ledger(home), clock=lambda: at + timedelta(seconds=next(seconds)))


def _keep_communities(home: Home) -> None:
    """Let the project's list name communities of the three counties alone."""
    store = EditionStore(home)
    edition = store.current("communities")
    assert edition is not None
    tables = {name: edition.table(name) for name in edition.tables()}
    tables = {name: table for name, table in tables.items() if name in ("communities", "rejects")}
    tables["communities"] = tables["communities"][tables["communities"]["county"].isin(COUNTIES)]
    manifest = replace(edition.manifest, edition=edition_name(edition.manifest.as_of, "3" * 64, MOMENT))
    store.publish(store.stage(*store.compared(manifest, tables, key="uat_siruta")))


def _do_what_is_public(home: Home) -> None:
    """Places reported, referrals made and answered, doubts: of services that anybody may see."""
    ledger = _ticking(home)
    report(ledger, 3, "social:mmps:LLF1")
    report(ledger, 0, "social:mmps:LLF2")
    report(ledger, 5, "social:mmps:LLF5", actor=ADMIN)
    day = {"service_type": DAY, "county": "BC"}
    told = {"need": DAY, "county": "BC", "uat_siruta": PARINCEA, "actor": TEAM}
    first = refer(ledger, terms("social:mmps:LLF1", **day), **told)
    refer(ledger, terms("social:mmps:LLF1", **day), **told)
    ledger.transition(first.referral_id, "accept", actor=TEAM)
    ledger.close()


def _import(home: Home, folder: Path, world: str, gazetteer: Gazetteer) -> None:
    manifest, tables = _prepared(home, folder, world, gazetteer, edition=1)
    store = EditionStore(home)
    store.publish(store.stage(manifest, tables))


def _prepared(home: Home, folder: Path, world: str, gazetteer: Gazetteer, *, edition: int) -> tuple[Any, Any]:
    rows = hidden(world, edition)
    public = [row | {"capacity": "24"} if edition == 2 and row["license_number"] == "LF4" else row for row in PUBLIC]
    mixed = [*rows[:3], *public[:2], *rows[3:], *public[2:]]
    path = _write(folder / f"registru-{edition}.csv", mixed)
    shaped = read_file("social", ReadRegister(path, None, home, gazetteer))
    prepared = prepare_shaped(home, "social", path, shaped, AS_OF + timedelta(days=edition))
    # The digest of the register's file is published and says of which file an edition was made. The two files differ,
    # so their digests do; here they are one, for everything else that is published has to be.
    moment, digest = MOMENT + timedelta(hours=edition), str(edition) * 64
    manifest = replace(
        prepared.manifest,
        sha256=digest,
        imported_at=moment.isoformat(timespec="microseconds"),
        edition=edition_name(prepared.manifest.as_of, digest, moment),
    )
    return manifest, prepared.tables


def _stage(home: Home, folder: Path, world: str, gazetteer: Gazetteer) -> None:
    """Let a second edition wait to be published: what it changes is shown and given as a file."""
    manifest, tables = _prepared(home, folder, world, gazetteer, edition=2)
    EditionStore(home).stage(manifest, tables)


def _act_on_protected(directory: Directory) -> None:
    """Let each county unit do with its protected services all that it may."""
    with certain():
        for label, key in sorted(directory.snapshot().catalogue.sealed.items()):
            county = label.split(":")[2]
            unit, kind = UNIT[county], label.split(":")[1]
            report(directory.ledger, 2, key, actor=unit)
            where = {"county": county, "uat_siruta": PARINCEA if county == "BC" else 54975}
            refer(directory.ledger, terms(key, service_type=kind, county=county), actor=unit, need=kind, **where)
        field_intake.report_wrong(directory, key, what="gone", actor=unit)
    directory.ledger.close()


@contextmanager
def certain(seed: int = 12) -> Iterator[None]:
    """Let what is drawn by lot come out the same each time: numbers of referrals, codes of cases."""
    lots = random.Random(seed)
    kept = {name: getattr(secrets, name) for name in ("choice", "token_hex", "token_urlsafe")}
    secrets.choice = lots.choice  # type: ignore[assignment]
    secrets.token_hex = lambda size=32: lots.randbytes(size).hex()  # type: ignore[assignment]
    secrets.token_urlsafe = lambda size=32: lots.randbytes(size).hex()  # type: ignore[assignment]
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(secrets, name, value)
