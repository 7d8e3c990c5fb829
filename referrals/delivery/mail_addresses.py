"""Where a message goes, looked up when it is sent: the provider's own published address, or the account's.

Behind a protected service nobody is written to. A service whose address is not in the register gets nothing, and a
service of which the catalogue speaks no more neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from providers.rules import protected_keys
from referrals.database.models import accounts
from referrals.outbox import address_choices
from referrals.outbox.address_choices import MailChoice

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from providers.catalogue.catalogue import Catalogue
    from referrals.outbox.message_queue import QueuedMessage, SkipReason


@dataclass(frozen=True)
class Addressee:
    """Who gets a message: the address, the digest of it and what its owner chose."""

    address: str
    digest: str
    choice: MailChoice


def find_addressee(
    connection: Connection, catalogue: Catalogue, message: QueuedMessage, *, key: str
) -> Addressee | SkipReason:
    """Return who gets a message, or the reason why nobody does. key: of the home, for digests."""
    who, _colon, number = message.recipient.partition(":")
    if who == "service":
        found = _service_address(catalogue, message.service_id)
    elif who == "account":
        found = _account_address(connection, number, message)
    else:
        return "no_address"
    if isinstance(found, _Nobody):
        return found.reason
    digest = address_choices.digest_of(found, key)
    choice = address_choices.read_choice(connection, digest)
    return "stopped" if choice.rhythm == "none" else Addressee(found, digest, choice)


@dataclass(frozen=True)
class _Nobody:
    reason: SkipReason


def _service_address(catalogue: Catalogue, service_id: str) -> str | _Nobody:
    service_id = catalogue.joined.get(service_id, service_id)
    if protected_keys.is_protected(service_id):
        return _Nobody("protected")
    row = catalogue.position.get(service_id)
    if row is None:
        return _Nobody("no_service")
    if catalogue.cell("is_secret", row):
        return _Nobody("protected")
    said = catalogue.cell("email", row)
    found = address_choices.tidy_address(said) if isinstance(said, str) else ""
    return found or _Nobody("no_address")


def _account_address(connection: Connection, account_id: str, message: QueuedMessage) -> str | _Nobody:
    """Return an account's address while it still answers for the area whose news this is."""
    row = accounts.c
    query = select(row.role, row.county, row.uat_siruta).where(row.account_id == account_id, row.state == "active")
    found = connection.execute(query).one_or_none()
    if found is None or found.county != message.county:
        return _Nobody("no_address")
    if found.role == "team" and found.uat_siruta != message.uat_siruta:
        return _Nobody("no_address")
    return address_choices.account_address(connection, account_id) or _Nobody("no_address")
