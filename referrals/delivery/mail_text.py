"""The words of an e-mail: neutral, from the templates, with numbers of referrals and names of services alone.

Where the need or the service is a sensitive one, the number of the referral is all that is said.
"""

from __future__ import annotations

import unicodedata
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

NEWS_PAGE = "/simplu/noutati"


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
        subject = subject_of(items)
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


def compose_text(
    items: Sequence[MailItem],
    addressee: Addressee,
    settings: MessageSettings,
    *,
    stop_token: str,
    is_demo: bool = False,
) -> str:
    """Compose the short message that carries some items: one sentence, where to go on, and how to get less of it.

    Without diacritics: with one of them a message has room for 70 letters instead of 160.
    """
    with use_language(addressee.choice.language):
        words = render_text(
            "messages/text.txt",
            subject=subject_of(items),
            link=items[0].link if len(items) == 1 else settings.public_address + NEWS_PAGE,
            stop_link=f"{settings.public_address}/mesaje/oprire/{stop_token}",
            is_demo=is_demo,
        )
    return unicodedata.normalize("NFD", words.strip()).encode("ascii", "ignore").decode()


def subject_of(items: Sequence[MailItem]) -> str:
    """Say in one line what some items tell, in the language in force."""
    if len(items) > 1:
        text = ngettext("{n} mesaj de la Harta serviciilor", "{n} mesaje de la Harta serviciilor", len(items))
        return text.format(n=number(len(items)))
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
        "webhook_paused": _("Programul cu abonamentul {number} nu mai primește anunțuri"),
    }[item.kind]
    return words.format(number=item.number)
