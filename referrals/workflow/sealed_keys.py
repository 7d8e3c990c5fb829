"""Sealed keys of protected services: how the ledger and the catalogue name them, and who may act on one.

To whoever is not of the county unit that answers for it, a key of a protected service is a key that does not exist.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from core.errors import NotAllowedError, UnknownCodeError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.import_kinds import REGISTRIES
from core.storage.service_ids import current_id
from providers.rules import protected_keys
from referrals.database import refused_attempts
from referrals.database.models import keys
from referrals.records import roles
from referrals.records.ledger_errors import WRITING_REFUSED, KeyReusedError

if TYPE_CHECKING:
    from core.storage.home import Home
    from providers.catalogue.catalogue import Catalogue
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

NO_RECORD = "protected"  # subject of an attempt at a record that the attempt does not name
_KEY_NAME = "protected"


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
    for row in REGISTRIES.values():
        for edition in EditionStore(home).in_force(row.code) if key else ():
            table = edition.table("services", columns)
            hidden = table[table["is_secret"].to_numpy(bool)]
            county = hidden["county_served"].where(hidden["county_served"].notna(), hidden["county"]).fillna("")
            for own, kind, where in zip(hidden["service_id"], hidden["service_type"], county, strict=True):
                found[str(own)] = protected_keys.sealed_key(own, kind, where, key)
    return found


def key_for(catalogue: Catalogue, ledger: Ledger, service_id: str, *, actor: Actor, permission: str) -> str:
    """Return the key under which the ledger keeps a service, for an actor who acts on it.

    That is its own `service_id`; of a protected service its sealed key, for the county unit that answers for it
    (which may name it by the register's key too). For everybody else a register's key of a protected service is as
    unknown as one that no register has, and its other keys are refused whether such a service exists or not.

    Raises UnknownCodeError, and NotAllowedError, which is written in the audit log.
    """
    service_id = current_id(service_id)
    service_id = catalogue.joined.get(service_id, service_id)  # what is done at a service that gave way
    row = catalogue.position.get(service_id)
    if row is not None and not catalogue.cell("is_secret", row):
        return service_id
    key = _sealed(catalogue, ledger, service_id) if actor.role == "county" else ""
    if key and roles.allows(actor, "secret.read", roles.Area(protected_keys.county_of(key), service_id=key)):
        return key
    if protected_keys.is_protected(service_id):
        known = service_id if service_id in catalogue.position else NO_RECORD
        with refused_attempts.noted(ledger.store, permission, known, actor=actor, clock=ledger.clock):
            raise NotAllowedError(roles.protected_words())
    raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=service_id))


def _sealed(catalogue: Catalogue, ledger: Ledger, service_id: str) -> str:
    """Return the sealed key of a protected service of the catalogue, by that key or by the register's; else ""."""
    known = {protected_keys.tail_of(key): key for key in catalogue.sealed.values()}
    own = protected_keys.tail_of(service_id)
    return known.get(own or protected_keys.tail(service_id, sealing_key(ledger)), "")
