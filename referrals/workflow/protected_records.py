"""Services with a protected address in the house: their sealed keys, their full record, who may act on them.

The county unit that answers for a service is the only one that opens its record, refers to it or reports on it
(`roles`); to everybody else a key of it is a key that does not exist. docs/decisions/0026-protected-services.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.errors import UnknownCodeError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.import_kinds import kind_of, slot_of
from core.storage.service_ids import parts
from providers.rules import protected_keys
from providers.rules.wording import age_words
from referrals.database import refused_attempts
from referrals.records import roles
from referrals.records.vocabulary import status_label
from referrals.workflow import sealed_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from providers.finder.answer import Offer
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

SHOWN = ("name", "organization", "address", "locality", "phone", "email", "hours", "capacity_text")
_DAY_SECONDS = 86_400.0


def keys_of(directory: Directory, actor: Actor) -> dict[str, str]:
    """Return the sealed key by public id of every protected service that an actor answers for."""
    return {
        public: key
        for public, key in directory.snapshot().catalogue.sealed.items()
        if roles.allows(actor, "secret.read", roles.Area(protected_keys.county_of(key), service_id=key))
    }


def openable(directory: Directory, offers: Iterable[Offer], *, actor: Actor) -> list[tuple[str, str]]:
    """List the protected records among some offers that an actor may open: their keys and what they are called."""
    secret = [offer for offer in offers if offer.is_secret]
    mine = keys_of(directory, actor) if secret else {}
    return [(mine[offer.service_id], offer.name) for offer in secret if offer.service_id in mine]


def open_record(directory: Directory, service_id: str, *, actor: Actor) -> dict[str, str]:
    """Return what the register says of a service with a protected address (SHOWN), and what is known of its `places`.

    The reading is written in the audit log before anything is read, and so is an attempt of somebody who may not.
    Raises NotAllowedError or UnknownCodeError unless the actor is of the county unit that answers for the service;
    UnknownCodeError where there is no such protected service.
    """
    try:
        key = directory.key_for(service_id, actor=actor, permission="secret.read")
    except UnknownCodeError:
        # The same steps whether the key is one of a protected service or of none.
        refused_attempts.note(
            directory.ledger.store, "secret.read", sealed_keys.NO_RECORD, actor=actor, at=directory.ledger.clock()
        )
        raise
    if not protected_keys.is_protected(key):
        raise UnknownCodeError(_("Serviciul nu are o adresă protejată: datele lui sunt publice."))
    directory.ledger.log_secret_reading(key, county=protected_keys.county_of(key), actor=actor)
    values = {**_row(directory, key), "places": _places_known(directory, key)}
    return {name: values[name] for name in (*SHOWN, "places") if isinstance(values[name], str) and values[name]}


def _places_known(directory: Directory, key: str) -> str:
    """Say what was last reported of the places of a protected service, by its sealed key; "" where nothing was."""
    table = directory.ledger.capacity_now([key])
    if table.empty or pd.isna(table["places_reported_at"].iloc[0]):
        return ""
    row = table.iloc[0]
    free = "" if pd.isna(row["places_free"]) else f": {int(row['places_free'])}"
    age = (directory.ledger.clock() - row["places_reported_at"].to_pydatetime()).total_seconds() / _DAY_SECONDS
    return f"{status_label(row['status'])}{free}, {_('raportat')} {age_words(max(age, 0.0))}"


def _row(directory: Directory, key: str) -> pd.Series[str]:
    own = {
        sealed: service_id
        for service_id, sealed in sealed_keys.seals(directory.home, sealed_keys.sealing_key(directory.ledger)).items()
    }.get(key, "")
    registry, source, _own_key = parts(own)
    edition = EditionStore(directory.home).current(slot_of(kind_of(registry), source)) if own else None
    if edition is None or not own:
        raise UnknownCodeError(_("Registrul serviciului nu mai este aici."))
    table = edition.table("services", ["service_id", *SHOWN])
    return table.loc[table["service_id"] == own].iloc[0]
