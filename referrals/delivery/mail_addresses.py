"""Where a message goes, looked up when it is sent: a provider's address, or an account's own.

Behind a protected service nobody is written to. A service whose address is not in the register gets nothing, and a
service of which the catalogue speaks no more neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from providers.rules import protected_keys
from referrals.campaigns.asked_services import address_of
from referrals.database.models import accounts
from referrals.outbox import address_choices
from referrals.outbox.address_choices import MailChoice
from referrals.outbox.kept_addresses import read_kept_address

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from providers.catalogue.catalogue import Catalogue
    from referrals.outbox.message_queue import QueuedMessage, SkipReason


@dataclass(frozen=True)
class Addressee:
    """Who gets a message: the address (e-mail or +40…), the digest of it and what its owner chose."""

    address: str
    digest: str
    choice: MailChoice

    @property
    def is_phone(self) -> bool:
        """Whether it is a telephone, which takes short messages."""
        return self.address.startswith("+")


def find_addressee(
    connection: Connection, catalogue: Catalogue, message: QueuedMessage, *, key: str, has_texts: bool = False
) -> Addressee | SkipReason:
    """Return who gets a message, or the reason why nobody does.

    key: of the home, for digests. has_texts: whether telephones get short messages.
    """
    who, _colon, number = message.recipient.partition(":")
    if who == "service":
        found = _service_address(connection, catalogue, message.service_id, has_texts=has_texts)
    elif who == "account":
        found = _account_address(connection, number, message, has_texts=has_texts)
    else:
        return "no_address"
    if isinstance(found, _Nobody):
        return found.reason
    digest = address_choices.digest_of(found, key)
    choice = address_choices.read_choice(connection, digest)
    if who == "account" and choice.rhythm != "none":  # what the owner of the address stopped stays stopped
        own = address_choices.account_digest(number, key)
        choice = address_choices.read_choice(connection, own, or_else=choice)
    return "stopped" if choice.rhythm == "none" else Addressee(found, digest, choice)


@dataclass(frozen=True)
class _Nobody:
    reason: SkipReason


def _service_address(
    connection: Connection, catalogue: Catalogue, service_id: str, *, has_texts: bool
) -> str | _Nobody:
    service_id = catalogue.joined.get(service_id, service_id)
    if protected_keys.is_protected(service_id):
        return _Nobody("protected")
    row = catalogue.position.get(service_id)
    if row is None:
        return _Nobody("no_service")
    if catalogue.cell("is_secret", row):
        return _Nobody("protected")
    kept = {service_id: read_kept_address(connection, service_id)}
    return address_of(catalogue, row, kept, has_texts=has_texts) or _Nobody("no_address")


def _account_address(
    connection: Connection, account_id: str, message: QueuedMessage, *, has_texts: bool
) -> str | _Nobody:
    """Return an account's address while it still answers for the area whose news this is."""
    row = accounts.c
    query = select(row.role, row.county, row.uat_siruta).where(row.account_id == account_id, row.state == "active")
    found = connection.execute(query).one_or_none()
    if found is None or found.county != message.county:
        return _Nobody("no_address")
    if found.role == "team" and found.uat_siruta != message.uat_siruta:
        return _Nobody("no_address")
    own = address_choices.account_address(connection, account_id)
    return own.email or (own.phone if has_texts else "") or _Nobody("no_address")
