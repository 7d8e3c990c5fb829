"""The words of an e-mail: neutral, from the templates, with numbers of referrals and names of services alone.

Where the need or the service is a sensitive one, the number of the referral is all that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from core.i18n import _, ngettext, number, use_language
from core.templating import render_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from core.storage.message_settings import MessageSettings
    from referrals.delivery.mail_addresses import Addressee


@dataclass(frozen=True)
class MailItem:
    """What an e-mail says of one message.

    Attributes
    ----------
    kind
        Names its template.
    number, service
        Of the referral, and the service's name; "" = unsaid.
    until
        A moment in words.
    link
        Where to go on.
    lines
        Further lines.
    """

    kind: str
    number: str = ""
    service: str = ""
    until: str = ""
    link: str = ""
    lines: tuple[str, ...] = ()


def compose(
    items: Sequence[MailItem],
    addressee: Addressee,
    settings: MessageSettings,
    *,
    mail_id: str,
    stop_token: str,
    now: datetime,
    is_demo: bool = False,
) -> EmailMessage:
    """Compose the e-mail that carries some items, in its reader's language; its Message-ID never changes."""
    stop_link = f"{settings.public_address}/mesaje/oprire/{stop_token}"
    with use_language(addressee.choice.language):
        body = render_text(
            "messages/mail.txt",
            items=items,
            public_address=settings.public_address,
            stop_link=stop_link,
            is_demo=is_demo,
        )
        subject = _subject(items)
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = settings.sender
    mail["To"] = addressee.address
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{mail_id}@{settings.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<{stop_link}>"
    mail.set_content(body)
    return mail


def _subject(items: Sequence[MailItem]) -> str:
    if len(items) > 1:
        said = ngettext("{n} mesaj de la Harta serviciilor", "{n} mesaje de la Harta serviciilor", len(items))
        return said.format(n=number(len(items)))
    item = items[0]
    words = {
        "referral_new": _("Referire nouă {number}"),
        "referral_expiring": _("Referirea {number} așteaptă răspuns"),
        "places_stale": _("Locurile dumneavoastră: mai sunt cele raportate?"),
        "places_asked": _("Câte locuri libere aveți?"),
        "places_reminder": _("Câte locuri libere aveți? (a doua rugăminte)"),
        "referral_answered": _("Răspuns la referirea {number}"),
        "expiry_tomorrow": _("Referirea {number} expiră"),
        "place_freed": _("Loc eliberat: referirea {number}"),
        "county_week": _("Săptămâna în județ"),
        "fact_mended": _("Ce ați semnalat a fost îndreptat"),
    }[item.kind]
    return words.format(number=item.number)
