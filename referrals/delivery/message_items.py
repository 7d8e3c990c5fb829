"""What a message says when it is sent, or why it says nothing any more: it may have waited, so it is looked at anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.i18n import ngettext, number
from providers.rules import protected_keys
from referrals.campaigns.campaign_asks import unanswered
from referrals.database.models import field_reports, places, referrals
from referrals.delivery.county_week import week_lines
from referrals.delivery.mail_text import MailItem
from referrals.ledger import lifecycle, provider_tokens
from referrals.outbox import freed_places, message_queue
from referrals.records.vocabulary import WAITING
from referrals.workflow.referral_offers import name_in
from referrals.workflow.ride_sharing import is_sensitive
from referrals.workflow.worklist import last_moment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from providers.catalogue.catalogue import Catalogue
    from referrals.outbox.message_queue import QueuedMessage, SkipReason
    from referrals.records.vocabulary import Referral

_WAITING_KINDS = ("referral_new", "referral_expiring", "expiry_tomorrow")
_MOST_LINES = 12  # services named in one request
_TEAM_PAGE, _COUNTY_PAGE = "/simplu/referiri", "/simplu/judetul-meu"
_PROGRAMS_PAGE = "/simplu/programe"


@dataclass(frozen=True)
class ItemMaker:
    """Makes the items of one run of sending.

    Attributes
    ----------
    catalogue
        Names of services, as of the beginning of the run.
    public_address
        Where links lead.
    key
        What signs them.
    now
        The moment, UTC.
    """

    catalogue: Catalogue
    public_address: str
    key: str
    now: datetime

    def make_item(self, connection: Connection, message: QueuedMessage) -> MailItem | SkipReason:  # noqa: PLR0911
        """Return what a message says, in the language in force, or why it is not sent.

        A link that it needs is made here, in the transaction that remembers it with the message, once.
        """
        if message.lapses_at <= self.now:
            return "lapsed"
        if message.referral_id:
            return self._of_referral(connection, message)
        if message.kind == "county_week":
            lines = week_lines(connection, self.catalogue, message.county, message.event)
            return MailItem(message.kind, lines=lines, link=self.public_address + _COUNTY_PAGE)
        if message.kind == "fact_mended":
            return self._mended(connection, message)
        if message.kind == "webhook_paused":
            number = message.event.partition("/")[0]
            return MailItem(message.kind, number=number, link=self.public_address + _PROGRAMS_PAGE)
        if message.kind == "places_stale":
            return self._stale(connection, message)
        return self._asked(connection, message)

    def _mended(self, connection: Connection, message: QueuedMessage) -> MailItem | SkipReason:
        query = select(field_reports.c.state).where(field_reports.c.report_id == int(message.event))
        if connection.execute(query).scalar_one_or_none() != "accepted":
            return "outdated"  # the decision was taken back
        is_unsaid = protected_keys.is_protected(message.service_id)
        return MailItem(message.kind, service="" if is_unsaid else name_in(self.catalogue, message.service_id))

    def _of_referral(self, connection: Connection, message: QueuedMessage) -> MailItem | SkipReason:
        query = select(referrals).where(referrals.c.referral_id == message.referral_id)
        found = lifecycle.from_row(connection.execute(query).mappings().one())
        if message.kind in _WAITING_KINDS and (found.state not in WAITING or lifecycle.is_due(found, self.now)):
            return "outdated"
        if message.kind == "place_freed" and not (
            freed_places.is_waiting(connection, found)
            and freed_places.has_free_place(connection, found.service_id, self.now)
        ):
            return "outdated"
        link = _TEAM_PAGE
        if message.recipient.startswith("service:"):
            link = self._link(connection, message, found)
            if not link:
                return "link_ended"
        return MailItem(
            message.kind,
            number=found.referral_id,
            service="" if _is_unsaid(found) else name_in(self.catalogue, found.service_id),
            until=last_moment(found.expires_at),
            link=self.public_address + link,
        )

    def _stale(self, connection: Connection, message: QueuedMessage) -> MailItem | SkipReason:
        query = select(places.c.reported_at).where(places.c.service_id == message.service_id)
        reported_at = connection.execute(query).scalar_one_or_none()
        if reported_at is None or reported_at.isoformat(timespec="seconds") != message.event:
            return "outdated"  # reported anew since
        link = self._link(connection, message, None)
        if not link:
            return "link_ended"
        return MailItem(
            message.kind,
            service=name_in(self.catalogue, message.service_id),
            until=last_moment(message.lapses_at),
            link=self.public_address + link,
        )

    def _asked(self, connection: Connection, message: QueuedMessage) -> MailItem | SkipReason:
        left = unanswered(connection, message.link_id)
        if not left:
            return "outdated"  # answered, or the campaign was stopped
        link = self._link(connection, message, None)
        if not link:
            return "link_ended"
        lines = [name_in(self.catalogue, each) for each in left]
        if len(lines) > _MOST_LINES:
            more = len(lines) - _MOST_LINES
            text = ngettext("și încă {n} serviciu", "și încă {n} servicii", more).format(n=number(more))
            lines = [*lines[:_MOST_LINES], text]
        return MailItem(message.kind, lines=tuple(lines), link=self.public_address + link)

    def _link(self, connection: Connection, message: QueuedMessage, referral: Referral | None) -> str:
        """Return the path of a message's link, made at its first try; "" where it was revoked or ran out since."""
        link_id = message.link_id
        if link_id and not provider_tokens.is_open(connection, link_id, self.now):
            return ""
        if not link_id:
            link_id = provider_tokens.make_message_link(
                connection, message.service_id, referral=referral, county=message.county, now=self.now
            )
            message_queue.note_link(connection, message.message_id, link_id)
        return f"/l/{provider_tokens.token_of(self.key, link_id)}"


def _is_unsaid(referral: Referral) -> bool:
    """Whether the service's name would say too much of whoever was referred there."""
    return protected_keys.is_protected(referral.service_id) or is_sensitive(referral.need, referral.service_type)
