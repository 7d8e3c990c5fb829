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

Rhythm = Literal["each", "daily", "weekly", "none"]
RHYTHMS: tuple[Rhythm, ...] = ("each", "daily", "weekly", "none")
# One address, and nothing that could begin another header or name a second one.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_MOBILE = re.compile(r"(?:\+40|0040|0)(7[0-9]{8})")  # of Romania: a fixed telephone takes no short message


@dataclass(frozen=True)
class MailChoice:
    """How an address gets messages.

    Attributes
    ----------
    rhythm
        Each at once, those of a day or of a week together, or none.
    language
        `ro` or `en`.
    quiet
        Hours of Bucharest between which nothing comes, from and until; None = those of the home.
    """

    rhythm: Rhythm = "each"
    language: str = "ro"
    quiet: tuple[int, int] | None = None


def tidy_address(text: str) -> str:
    r"""Return the first e-mail address of a register's cell; "" where none of it is one.

    >>> tidy_address("Contact@Azil.ro; alta@azil.ro"), tidy_address("nu are"), tidy_address("a@b.ro\nBcc: x@y.ro")
    ('contact@azil.ro', '', '')
    """
    first = re.split(r"[;,]", text)[0].strip()
    return first.casefold() if _ADDRESS.fullmatch(first) else ""


def tidy_mobile(text: str) -> str:
    """Return the first mobile telephone of a cell as +40…; "" where there is none.

    >>> tidy_mobile("0234 512 345; 0744.111.222"), tidy_mobile("0234512345"), tidy_mobile("+40 744 111 222 int. 3")
    ('+40744111222', '', '+40744111222')
    """
    for one in re.split(r"[;,/]|\bint\b", text):
        found = _MOBILE.fullmatch(re.sub(r"[\s.()-]", "", one))
        if found:
            return f"+40{found[1]}"
    return ""


def digest_of(address: str, key: str) -> str:
    """Return the keyed digest under which the choice of an address stands."""
    return hmac.new(key.encode(), b"harta.address:" + address.casefold().encode(), hashlib.sha256).hexdigest()


def account_digest(account_id: str, key: str) -> str:
    """Return the keyed digest under which the choice of an account stands, beside that of its address."""
    return hmac.new(key.encode(), b"harta.account:" + account_id.encode(), hashlib.sha256).hexdigest()


def read_choice(connection: Connection, digest: str, *, or_else: MailChoice | None = None) -> MailChoice:
    """Read a choice; where nobody chose another one, or each message in Romanian."""
    found = connection.execute(select(mail_choices).where(mail_choices.c.address_digest == digest)).one_or_none()
    if found is None:
        return or_else or MailChoice()
    quiet = None if found.quiet_from is None else (int(found.quiet_from), int(found.quiet_until))
    return MailChoice(cast("Rhythm", found.rhythm), found.language, quiet)


def write_choice(connection: Connection, digest: str, choice: MailChoice, now: datetime) -> None:
    """Put a choice in force from the next message on."""
    first, last = choice.quiet or (None, None)
    values = {
        "rhythm": choice.rhythm, "language": choice.language, "changed_at": now,
        "quiet_from": first, "quiet_until": last,
    }  # fmt: skip
    done = connection.execute(update(mail_choices).where(mail_choices.c.address_digest == digest).values(values))
    if not done.rowcount:
        connection.execute(insert(mail_choices).values(address_digest=digest, **values))


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


@dataclass(frozen=True)
class OwnAddress:
    """Where an account gets its messages: e-mail, or a mobile telephone (+40…) where it has none; "" = nowhere."""

    email: str = ""
    phone: str = ""

    @property
    def address(self) -> str:
        """The one that counts."""
        return self.email or self.phone


def account_address(connection: Connection, account_id: str) -> OwnAddress:
    """Return where an active account gets messages: its own address, else its login where that is one.

    A telephone alone stands in place of the login.
    """
    query = (
        select(accounts.c.login, account_addresses.c.email, account_addresses.c.phone)
        .outerjoin(account_addresses, account_addresses.c.account_id == accounts.c.account_id)
        .where(accounts.c.account_id == account_id, accounts.c.state == "active")
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return OwnAddress()
    phone = found.phone or ""
    return OwnAddress(tidy_address(found.email or ("" if phone else found.login)), phone)


def set_account_address(connection: Connection, account_id: str, email: str, phone: str = "") -> None:
    """Say where an account gets messages; both "" = at its login, where that is an address."""
    connection.execute(delete(account_addresses).where(account_addresses.c.account_id == account_id))
    if email or phone:
        connection.execute(insert(account_addresses).values(account_id=account_id, email=email, phone=phone or None))
