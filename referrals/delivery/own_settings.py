"""Where and how often somebody gets news: the own e-mail or mobile telephone, the rhythm, hours of rest.

A choice made here is of the account and never of the address: whoever writes another's address here learns and
changes nothing of what its owner chose, and what the owner stopped by a link stays stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.errors import BadValueError
from core.i18n import LANGUAGES, _
from core.storage.message_settings import read_message_settings
from referrals.database import audit
from referrals.database.models import account_addresses, accounts
from referrals.ledger.provider_tokens import signing_key
from referrals.outbox import address_choices
from referrals.outbox.address_choices import RHYTHMS, MailChoice

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_HOURS = range(24)


@dataclass(frozen=True)
class OwnSettings:
    """What somebody chose.

    Attributes
    ----------
    email, phone
        As they were typed; "" = not said.
    login
        The name of the account, where that is an e-mail to which messages go while nothing else is said; else "".
    choice
        Rhythm, language, hours of rest.
    is_on, has_texts
        Whether the home sends messages, and short ones.
    """

    email: str
    phone: str
    login: str
    choice: MailChoice
    is_on: bool
    has_texts: bool


def read_own_settings(directory: Directory, *, actor: Actor) -> OwnSettings | None:
    """Read what an account chose; None where the actor has no account (a demonstration, the command line)."""
    ledger, settings = directory.ledger, read_message_settings(directory.home)
    key = signing_key(ledger)
    with ledger.store.read() as connection:
        found = _account(connection, actor)
        if found is None:
            return None
        choice = address_choices.read_choice(connection, address_choices.account_digest(actor.account, key))
    return OwnSettings(
        email=found.email or "",
        phone=found.phone or "",
        login=address_choices.tidy_address(found.login),
        choice=choice,
        is_on=settings.is_on,
        has_texts=settings.has_texts,
    )


def save_own_settings(
    directory: Directory,
    *,
    actor: Actor,
    email: str,
    phone: str,
    rhythm: str,
    language: str,
    quiet: tuple[int, int] | None,
) -> None:
    """Put in force what somebody chose for the own account.

    Parameters
    ----------
    directory
        The home.
    actor
        Whose account it is.
    email, phone
        "" = none.
    rhythm
        One of RHYTHMS.
    language
        `ro` or `en`.
    quiet
        Hours of Bucharest, from and until; None = only those of the home.

    Raises
    ------
    BadValueError
        For an address, a telephone, a rhythm or an hour that is none, or where there is no account.
    """
    tidy, mobile = address_choices.tidy_address(email), address_choices.tidy_mobile(phone)
    if email and not tidy:
        raise BadValueError(_("„{found}” nu este o adresă de e-mail.").format(found=email[:80]))
    if phone and not mobile:
        raise BadValueError(_("„{found}” nu este un număr de telefon mobil din România.").format(found=phone[:40]))
    hours_are_sound = quiet is None or all(hour in _HOURS for hour in quiet)
    if rhythm not in RHYTHMS or language not in LANGUAGES or not hours_are_sound:
        raise BadValueError(_("Alegeți cât de des primiți mesaje."))
    ledger = directory.ledger
    key, now = signing_key(ledger), ledger.clock()
    rest = None if quiet is None or quiet[0] == quiet[1] else quiet
    with ledger.store.write() as connection:
        if _account(connection, actor) is None:
            raise BadValueError(_("Contul nu există."))
        audit.lock(connection, [actor.account])
        address_choices.set_account_address(connection, actor.account, tidy, mobile)
        choice = MailChoice(rhythm, language, rest)
        address_choices.write_choice(connection, address_choices.account_digest(actor.account, key), choice, now)
        step = audit.AuditEvent("account.address", actor.account)
        audit.append(connection, actor.account, step, actor=actor, at=now)


def _account(connection: Connection, actor: Actor) -> Any:
    query = (
        select(accounts.c.login, account_addresses.c.email, account_addresses.c.phone)
        .outerjoin(account_addresses, account_addresses.c.account_id == accounts.c.account_id)
        .where(accounts.c.account_id == actor.account, accounts.c.state == "active")
    )
    return connection.execute(query).one_or_none()
