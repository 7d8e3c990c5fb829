"""What the owner of an address chose: each message, one a day, or none; and where an account gets its messages.

A choice stands under a keyed digest of the address, so that the table names nobody; the link in every message is
signed and opens that choice alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, insert, select, update

from core.i18n import _
from referrals.database.models import account_addresses, accounts, mail_choices
from referrals.records.ledger_errors import LinkError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

Rhythm = Literal["each", "daily", "none"]
RHYTHMS: tuple[Rhythm, ...] = ("each", "daily", "none")
# One address, and nothing that could begin another header or name a second one.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")


@dataclass(frozen=True)
class MailChoice:
    """How often an address gets messages, and in which language (`ro` or `en`)."""

    rhythm: Rhythm = "each"
    language: str = "ro"


def tidy_address(text: str) -> str:
    r"""Return the first e-mail address of a register's cell; "" where none of it is one.

    >>> tidy_address("Contact@Azil.ro; alta@azil.ro"), tidy_address("nu are"), tidy_address("a@b.ro\nBcc: x@y.ro")
    ('contact@azil.ro', '', '')
    """
    first = re.split(r"[;,]", text)[0].strip()
    return first.casefold() if _ADDRESS.fullmatch(first) else ""


def digest_of(address: str, key: str) -> str:
    """Return the keyed digest under which the choice of an address stands."""
    return hmac.new(key.encode(), b"harta.address:" + address.casefold().encode(), hashlib.sha256).hexdigest()


def read_choice(connection: Connection, digest: str) -> MailChoice:
    """Read a choice; each message in Romanian where nobody chose."""
    found = connection.execute(select(mail_choices).where(mail_choices.c.address_digest == digest)).one_or_none()
    return MailChoice() if found is None else MailChoice(cast("Rhythm", found.rhythm), found.language)


def write_choice(connection: Connection, digest: str, choice: MailChoice, now: datetime) -> None:
    """Put a choice in force from the next message on."""
    said = {"rhythm": choice.rhythm, "language": choice.language, "changed_at": now}
    done = connection.execute(update(mail_choices).where(mail_choices.c.address_digest == digest).values(said))
    if not done.rowcount:
        connection.execute(insert(mail_choices).values(address_digest=digest, **said))


def make_stop_token(digest: str, key: str) -> str:
    """Sign the end of the address at which an owner chooses."""
    return _signer(key).dumps(digest)


def read_stop_token(token: str, key: str) -> str:
    """Return the digest that a token was made for; LinkError for any other text."""
    try:
        return str(_signer(key).loads(token))
    except BadSignature:
        raise LinkError(_("Linkul nu este valabil. Verificați că l-ați copiat întreg.")) from None


def _signer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="harta.stop")


def account_address(connection: Connection, account_id: str) -> str:
    """Return where an active account gets messages: its own address, else its login where that is one; else ""."""
    query = (
        select(accounts.c.login, account_addresses.c.email)
        .outerjoin(account_addresses, account_addresses.c.account_id == accounts.c.account_id)
        .where(accounts.c.account_id == account_id, accounts.c.state == "active")
    )
    found = connection.execute(query).one_or_none()
    return "" if found is None else tidy_address(found.email or found.login)


def set_account_address(connection: Connection, account_id: str, email: str) -> None:
    """Say where an account gets messages; "" = at its login, where that is an address."""
    connection.execute(delete(account_addresses).where(account_addresses.c.account_id == account_id))
    if email:
        connection.execute(insert(account_addresses).values(account_id=account_id, email=email))
