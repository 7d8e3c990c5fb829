"""Sending what is due: taken by lease, looked at anew, grouped into e-mails, handed on, and noted.

An e-mail is noted as sent after whoever took it said so. A process killed before that sends it again under the same
Message-ID: never lost, and twice only in the moment between the server's yes and our note of it.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import nullcontext
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
from referrals.delivery.text_channels import text_channel
from referrals.ledger.provider_tokens import signing_key
from referrals.outbox import message_queue
from referrals.outbox.address_choices import make_stop_token

if TYPE_CHECKING:
    from core.storage.message_settings import MessageSettings
    from referrals.delivery.mail_channels import MailChannel
    from referrals.delivery.mail_text import MailItem
    from referrals.delivery.text_channels import TextChannel
    from referrals.outbox.message_queue import QueuedMessage
    from referrals.workflow.directory import Directory

_MOST_ROUNDS = 200  # of one run: the next minute goes on
_TOGETHER = ("daily", "weekly")
_AWAY_PAUSE = timedelta(minutes=1)  # so that what the other channel carries is not behind it in the queue


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
    directory: Directory,
    settings: MessageSettings,
    *,
    in_quiet_hours: bool = False,
    channel: MailChannel | None = None,
    texts: TextChannel | None = None,
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
    texts
        Takes the short messages; None = the one that the settings name.

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
    texts = texts or text_channel(directory.home, settings)
    with nullcontext(channel) if channel is not None else open_channel(directory.home, settings) as opened:
        _Run(directory, settings, (opened, texts), report, in_quiet_hours=in_quiet_hours).go_on()
    return report


def is_quiet(settings: MessageSettings, now: datetime) -> bool:
    """Whether a moment lies in the quiet hours of the home."""
    return _is_between(now, settings.quiet_from, settings.quiet_until)


def _is_between(now: datetime, first: int, last: int) -> bool:
    """Whether a moment lies between two hours of Bucharest, which may go over midnight; never where they are one."""
    hour = now.astimezone(BUCHAREST).hour
    return first <= hour < last if first <= last else hour >= first or hour < last


def digest_moment(settings: MessageSettings, made_at: datetime, *, is_weekly: bool = False) -> datetime:
    """Return the first hour of daily messages after a moment; of weekly ones on a Monday."""
    local = made_at.astimezone(BUCHAREST)
    hour = time(settings.digest_hour % 24)
    day = local.date() if local.time() < hour else local.date() + timedelta(days=1)
    if is_weekly:
        day += timedelta(days=-day.weekday() % 7)
    return datetime.combine(day, hour, BUCHAREST)


def _end_of_quiet(quiet: tuple[int, int], now: datetime) -> datetime:
    """Return the next moment at which somebody's own quiet hours are over."""
    local, hour = now.astimezone(BUCHAREST), time(quiet[1] % 24)
    day = local.date() if local.time() < hour else local.date() + timedelta(days=1)
    return datetime.combine(day, hour, BUCHAREST)


class _Run:
    """One run of sending."""

    def __init__(
        self,
        directory: Directory,
        settings: MessageSettings,
        channels: tuple[MailChannel, TextChannel],
        report: SendReport,
        *,
        in_quiet_hours: bool = False,
    ) -> None:
        self.directory, self.settings, self.report, self.in_quiet_hours = directory, settings, report, in_quiet_hours
        self.mails, self.texts = channels
        self.away: set[bool] = set()  # which of the channels take nothing now: True = short messages
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
                if parcel.addressee.is_phone in self.away:
                    self._give_back(lease, parcel)
                else:
                    self._send_or_leave(lease, parcel)
            if self.away and (len(self.away) > 1 or not self.settings.has_texts):
                return

    def _parcels(self, lease: str, some: list[QueuedMessage]) -> list[_Parcel]:
        """Put messages into e-mails: each into its own, those of a day into one where the reader wants that."""
        parcels: dict[str, _Parcel] = {}
        with self.ledger.store.write() as connection:
            now = self.ledger.clock()
            for one in some:
                found = find_addressee(connection, self.catalogue, one, key=self.key, has_texts=self.settings.has_texts)
                if not isinstance(found, Addressee):
                    message_queue.settle(connection, lease, [one], "skipped", now, reason=found)
                    self.report.counts["skipped"] += 1
                    continue
                moment = self._due_at(found, one, now)
                if moment > now and not one.mail_id:
                    message_queue.postpone(connection, lease, [one], moment)
                    self.report.counts["postponed"] += 1
                    continue
                # A short message has room for one link: those of a provider are not put together.
                is_together = found.choice.rhythm in _TOGETHER and not (
                    found.is_phone and one.recipient.startswith("service:")
                )
                name = one.mail_id or (f"day {found.digest}" if is_together else f"one {one.message_id}")
                parcels.setdefault(name, _Parcel(found)).messages.append(one)
        return list(parcels.values())

    def _due_at(self, whom: Addressee, one: QueuedMessage, now: datetime) -> datetime:
        """Return when somebody wants a message that is due: at once, of a day or week together, after quiet hours."""
        quiet = whom.choice.quiet
        if quiet is not None and not self.in_quiet_hours and _is_between(now, *quiet):
            return _end_of_quiet(quiet, now)
        if whom.choice.rhythm in _TOGETHER:
            return digest_moment(self.settings, one.made_at, is_weekly=whom.choice.rhythm == "weekly")
        return now

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
        try:
            self._hand_on(items, parcel.addressee, mail_id, maker.now)
        except ServerAwayError as error:
            logging.getLogger("harta.messages").warning("nothing can be sent: %s", error.reason)
            self.report.is_away = True
            self.away.add(parcel.addressee.is_phone)
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

    def _hand_on(self, items: list[MailItem], whom: Addressee, mail_id: str, now: datetime) -> None:
        """Compose what carries some items and give it to its channel."""
        stop_token, is_demo = make_stop_token(whom.digest, self.key), self.directory.home.is_demo
        if whom.is_phone:
            words = mail_text.compose_text(items, whom, self.settings, stop_token=stop_token, is_demo=is_demo)
            self.texts.send(whom.address, words, mail_id)
            return
        mail = mail_text.compose(
            items, whom, self.settings, mail_id=mail_id, stop_token=stop_token, now=now, is_demo=is_demo
        )
        self.mails.send(mail, mail_id)

    def _failed(self, lease: str, some: list[QueuedMessage], reason: message_queue.FailReason) -> None:
        with self.ledger.store.write() as connection:
            message_queue.try_later(connection, lease, some, self.ledger.clock(), reason=reason)
        self.report.counts["failed"] += len(some)

    def _give_back(self, lease: str, parcel: _Parcel) -> None:
        with self.ledger.store.write() as connection:
            message_queue.postpone(connection, lease, parcel.messages, self.ledger.clock() + _AWAY_PAUSE)
