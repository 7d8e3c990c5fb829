"""Services with a protected address in the house: their sealed keys, their full record, who may act on them.

The county unit that answers for a service is the only one that opens its record, refers to it or reports on it
(`roles`); to everybody else a key of it is a key that does not exist. docs/decisions/0020-protected-services.md.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from geo.editions import REGISTRIES, Store
from geo.errors import NotAllowedError, UnknownCodeError
from geo.language import _
from providers import protected_keys
from providers.wording import age_words
from referrals import refusals, roles
from referrals.errors import WRITING_REFUSED, KeyReusedError
from referrals.facts import status_label
from referrals.models import keys

if TYPE_CHECKING:
    from geo.home import Home
    from referrals.desk import Desk
    from referrals.facts import Actor
    from referrals.ledger import Ledger

SHOWN = ("name", "organization", "address", "locality", "phone", "email", "hours", "capacity_text")
NO_RECORD = "protected"  # subject of an attempt at a record that the attempt does not name
_KEY_NAME = "protected"
_DAY_SECONDS = 86_400.0


def sealing_key(ledger: Ledger) -> bytes:
    """Return the home's secret for sealed keys, made at its first use; it is kept and backed up with the database.

    Empty where there is none yet and nothing can be written: nobody acts on a protected service there either.
    """
    query = select(keys.c.key).where(keys.c.name == _KEY_NAME)
    with ledger.store.read() as connection:
        found = connection.execute(query).scalar_one_or_none()
    if found is None:
        try:
            with ledger.store.write() as connection:
                connection.execute(insert(keys).values(name=_KEY_NAME, key=secrets.token_hex(32)))
        except WRITING_REFUSED:
            return b""
        except (IntegrityError, KeyReusedError):
            pass  # another process was faster
        with ledger.store.read() as connection:
            found = connection.execute(query).scalar_one()
    return bytes.fromhex(str(found))


def seals(home: Home, key: bytes) -> dict[str, str]:
    """Return the sealed key of every protected row of the editions in force, by the register's own `service_id`."""
    columns = ["service_id", "service_type", "county", "county_served", "is_secret"]
    found: dict[str, str] = {}
    for registry in REGISTRIES:
        edition = Store(home).current(registry)
        if edition is None or not key:
            continue
        table = edition.table("services", columns)
        hidden = table[table["is_secret"].to_numpy(bool)]
        county = hidden["county_served"].where(hidden["county_served"].notna(), hidden["county"]).fillna("")
        for own, kind, where in zip(hidden["service_id"], hidden["service_type"], county, strict=True):
            found[str(own)] = protected_keys.sealed_key(own, kind, where, key)
    return found


def keys_of(desk: Desk, actor: Actor) -> dict[str, str]:
    """Return the sealed key by public id of every protected service that an actor answers for."""
    return {
        public: key
        for public, key in desk.catalogue().sealed.items()
        if roles.allows(actor, "secret.read", roles.Area(protected_keys.county_of(key), service_id=key))
    }


def key_for(desk: Desk, service_id: str, *, actor: Actor, permission: str) -> str:
    """Return the key under which the ledger keeps a service, for an actor who acts on it.

    That is its own `service_id`; of a protected service its sealed key, for the county unit that answers for it
    (which may name it by the register's key too). For everybody else a register's key of a protected service is as
    unknown as one that no register has, and its other keys are refused whether such a service exists or not.

    Raises UnknownCodeError, and NotAllowedError, which is written in the trail.
    """
    catalogue = desk.catalogue()
    row = catalogue.position.get(service_id)
    if row is not None and not catalogue.cell("is_secret", row):
        return service_id
    key = _sealed(desk, service_id) if actor.role == "county" else ""
    if key and roles.allows(actor, "secret.read", roles.Area(protected_keys.county_of(key), service_id=key)):
        return key
    if protected_keys.is_protected(service_id):
        known = service_id if service_id in catalogue.position else NO_RECORD
        ledger = desk.ledger
        with refusals.noted(ledger.store, permission, known, actor=actor, clock=ledger.clock):
            raise NotAllowedError(roles.protected_words())
    raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=service_id))


def _sealed(desk: Desk, service_id: str) -> str:
    """Return the sealed key of a protected service of the catalogue, by that key or by the register's; else ""."""
    catalogue = desk.catalogue()
    known = {protected_keys.tail_of(key): key for key in catalogue.sealed.values()}
    own = protected_keys.tail_of(service_id)
    return known.get(own or protected_keys.tail(service_id, sealing_key(desk.ledger)), "")


def open_record(desk: Desk, service_id: str, *, actor: Actor) -> dict[str, str]:
    """Return what the register says of a service with a protected address (SHOWN), and what is known of its `places`.

    The reading is written in the trail before anything is read, and so is an attempt of somebody who may not.
    Raises NotAllowedError or UnknownCodeError unless the actor is of the county unit that answers for the service;
    UnknownCodeError where there is no such protected service.
    """
    try:
        key = key_for(desk, service_id, actor=actor, permission="secret.read")
    except UnknownCodeError:
        # The same steps whether the key is one of a protected service or of none.
        refusals.note(desk.ledger.store, "secret.read", NO_RECORD, actor=actor, at=desk.ledger.clock())
        raise
    if not protected_keys.is_protected(key):
        raise UnknownCodeError(_("Serviciul nu are o adresă protejată: datele lui sunt publice."))
    desk.ledger.log_secret_reading(key, county=protected_keys.county_of(key), actor=actor)
    said = {**_row(desk, key), "places": _places_known(desk, key)}
    return {name: said[name] for name in (*SHOWN, "places") if isinstance(said[name], str) and said[name]}


def _places_known(desk: Desk, key: str) -> str:
    """Say what was last reported of the places of a protected service, by its sealed key; "" where nothing was."""
    table = desk.ledger.capacity_now([key])
    if table.empty or pd.isna(table["places_reported_at"].iloc[0]):
        return ""
    row = table.iloc[0]
    free = "" if pd.isna(row["places_free"]) else f": {int(row['places_free'])}"
    age = (desk.ledger.clock() - row["places_reported_at"].to_pydatetime()).total_seconds() / _DAY_SECONDS
    return f"{status_label(row['status'])}{free}, {_('raportat')} {age_words(max(age, 0.0))}"


def _row(desk: Desk, key: str) -> pd.Series[str]:
    own = {sealed: service_id for service_id, sealed in seals(desk.home, sealing_key(desk.ledger)).items()}.get(key, "")
    edition = Store(desk.home).current(str(desk.catalogue().service(key)["registry"]))
    if edition is None or not own:
        raise UnknownCodeError(_("Registrul serviciului nu mai este aici."))
    table = edition.table("services", ["service_id", *SHOWN])
    return table.loc[table["service_id"] == own].iloc[0]
