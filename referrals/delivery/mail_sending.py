"""Sending what is due: taken by lease, looked at anew, grouped into e-mails, handed on, and noted.

An e-mail is noted as sent after whoever took it said so. A process killed before that sends it again under the same
Message-ID: never lost, and twice only in the moment between the server's yes and our note of it.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from core.errors import MapError
from core.i18n import use_language
from core.romanian_calendar import BUCHAREST
from referrals.delivery import mail_text
from referrals.delivery.mail_addresses import Addressee, find_addressee
from referrals.delivery.mail_channels import MailRefusedError, ServerAwayError, open_channel
from referrals.delivery.message_items import ItemMaker
from referrals.ledger.provider_tokens import signing_key
from referrals.outbox import message_queue
from referrals.outbox.address_choices import make_stop_token

if TYPE_CHECKING:
    from core.storage.message_settings import MessageSettings
    from referrals.delivery.mail_channels import MailChannel
    from referrals.delivery.mail_text import MailItem
    from referrals.outbox.message_queue import QueuedMessage
    from referrals.workflow.directory import Directory

_MOST_ROUNDS = 200  # of one run: the next minute goes on


@dataclass
class SendReport:
    """What one run of sending did: messages by how they ended, and whether the channel failed.

    Attributes
    ----------
    counts
        How many were sent, failed, dead, skipped, postponed.
    is_quiet
        Whether nothing was sent because these are quiet hours.
    is_away
        Whether the run ended early, as nothing could be sent to anybody.
    """

    counts: Counter[str] = field(default_factory=Counter)
    is_quiet: bool = False
    is_away: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        names = ("sent", "failed", "dead", "skipped", "postponed")
        return {**{name: self.counts[name] for name in names}, "quiet": self.is_quiet, "away": self.is_away}


@dataclass
class _Parcel:
    """What one e-mail carries."""

    addressee: Addressee
    messages: list[QueuedMessage] = field(default_factory=list)


def send_due(
    directory: Directory, settings: MessageSettings, *, in_quiet_hours: bool = False, channel: MailChannel | None = None
) -> SendReport:
    """Send every message that is due.

    Parameters
    ----------
    directory
        Catalogue and ledger: the ledger's clock tells the time.
    settings
        How messages leave; nothing happens where they are off.
    in_quiet_hours
        Whether to send also in quiet hours.
    channel
        Takes the e-mails; None = the one that the settings name.

    Returns
    -------
    SendReport
        What was done.
    """
    report = SendReport()
    if not settings.is_on:
        return report
    if not in_quiet_hours and is_quiet(settings, directory.ledger.clock()):
        report.is_quiet = True
        return report
    if channel is not None:
        _Run(directory, settings, channel, report).go_on()
        return report
    with open_channel(directory.home, settings) as opened:
        _Run(directory, settings, opened, report).go_on()
    return report


def is_quiet(settings: MessageSettings, now: datetime) -> bool:
    """Whether a moment lies in the quiet hours, which may go over midnight."""
    hour, first, last = now.astimezone(BUCHAREST).hour, settings.quiet_from, settings.quiet_until
    return first <= hour < last if first <= last else hour >= first or hour < last


def digest_moment(settings: MessageSettings, made_at: datetime) -> datetime:
    """Return the first hour of daily messages after a moment."""
    local = made_at.astimezone(BUCHAREST)
    hour = time(settings.digest_hour % 24)
    day = local.date() if local.time() < hour else local.date() + timedelta(days=1)
    return datetime.combine(day, hour, BUCHAREST)


class _Run:
    """One run of sending."""

    def __init__(
        self, directory: Directory, settings: MessageSettings, channel: MailChannel, report: SendReport
    ) -> None:
        self.directory, self.settings, self.channel, self.report = directory, settings, channel, report
        self.ledger = directory.ledger
        self.key = signing_key(self.ledger)
        # Before any writing: making a snapshot may itself have to write.
        self.catalogue = directory.snapshot().catalogue

    def go_on(self) -> None:
        """Take and send until nothing is due, or nothing can be sent."""
        for _round in range(_MOST_ROUNDS):
            with self.ledger.store.write() as connection:
                lease, some = message_queue.take_due(connection, self.ledger.clock())
            if not some:
                return
            for parcel in self._parcels(lease, some):
                if self.report.is_away:
                    self._give_back(lease, parcel)
                else:
                    self._send_or_leave(lease, parcel)
            if self.report.is_away:
                return

    def _parcels(self, lease: str, some: list[QueuedMessage]) -> list[_Parcel]:
        """Put messages into e-mails: each into its own, those of a day into one where the reader wants that."""
        parcels: dict[str, _Parcel] = {}
        with self.ledger.store.write() as connection:
            now = self.ledger.clock()
            for one in some:
                found = find_addressee(connection, self.catalogue, one, key=self.key)
                if not isinstance(found, Addressee):
                    message_queue.settle(connection, lease, [one], "skipped", now, reason=found)
                    self.report.counts["skipped"] += 1
                    continue
                is_daily = found.choice.rhythm == "daily"
                moment = digest_moment(self.settings, one.made_at)
                if is_daily and moment > now and not one.mail_id:
                    message_queue.postpone(connection, lease, [one], moment)
                    self.report.counts["postponed"] += 1
                    continue
                name = one.mail_id or (f"day {found.digest}" if is_daily else f"one {one.message_id}")
                parcels.setdefault(name, _Parcel(found)).messages.append(one)
        return list(parcels.values())

    def _send_or_leave(self, lease: str, parcel: _Parcel) -> None:
        """Send one e-mail; one that cannot be made, by a fault of ours, holds up none of the others."""
        try:
            self._send(lease, parcel)
        except MapError:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is: logged without its words, which may name somebody)
            logging.getLogger("harta.messages").warning("an e-mail could not be made: %s", type(error).__name__)
            self._failed(lease, parcel.messages, "fault")

    def _send(self, lease: str, parcel: _Parcel) -> None:
        maker = ItemMaker(self.catalogue, self.settings.public_address, self.key, self.ledger.clock())
        items: list[MailItem] = []
        carried: list[QueuedMessage] = []
        with use_language(parcel.addressee.choice.language), self.ledger.store.write() as connection:
            for one in parcel.messages:
                item = maker.make_item(connection, one)
                if isinstance(item, str):
                    message_queue.settle(connection, lease, [one], "skipped", maker.now, reason=item)
                    self.report.counts["skipped"] += 1
                else:
                    items.append(item)
                    carried.append(one)
            mail_id = message_queue.put_in_mail(connection, lease, carried, maker.now) if carried else ""
        if not mail_id:
            return  # nothing left to say, or another process has them by now
        mail = mail_text.compose(
            items,
            parcel.addressee,
            self.settings,
            mail_id=mail_id,
            stop_token=make_stop_token(parcel.addressee.digest, self.key),
            now=maker.now,
            is_demo=self.directory.home.is_demo,
        )
        try:
            self.channel.send(mail, mail_id)
        except ServerAwayError as error:
            logging.getLogger("harta.messages").warning("nothing can be sent: %s", error.reason)
            self.report.is_away = True
            self._failed(lease, carried, "not_configured" if error.reason == "not_configured" else "server_away")
        except MailRefusedError as error:
            tries = max(one.attempts for one in carried) + 1
            if error.is_final or tries >= message_queue.MOST_ATTEMPTS:
                with self.ledger.store.write() as connection:
                    message_queue.settle(connection, lease, carried, "dead", self.ledger.clock(), reason="refused")
                self.report.counts["dead"] += len(carried)
            else:
                self._failed(lease, carried, "refused_for_now")
        else:
            with self.ledger.store.write() as connection:
                message_queue.settle(connection, lease, carried, "sent", self.ledger.clock())
            self.report.counts["sent"] += len(carried)

    def _failed(self, lease: str, some: list[QueuedMessage], reason: message_queue.FailReason) -> None:
        with self.ledger.store.write() as connection:
            message_queue.try_later(connection, lease, some, self.ledger.clock(), reason=reason)
        self.report.counts["failed"] += len(some)

    def _give_back(self, lease: str, parcel: _Parcel) -> None:
        with self.ledger.store.write() as connection:
            message_queue.postpone(connection, lease, parcel.messages, self.ledger.clock())
