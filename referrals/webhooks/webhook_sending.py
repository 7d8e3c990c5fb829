"""Telling subscriptions what happened: in order of each referral and service, at least once, until it is taken.

What is taken moves the subscription's place on. What is not is laid aside with what follows of the same referral or
service, and tried again after a pause that doubles each time, until it is given up and waits to be looked at. A
receiver that takes nothing for days is not told any more, and its administrator is.

Token and state are read before every single try: a token that was revoked is told nothing from then on.
"""

from __future__ import annotations

import logging
import random
import secrets as random_bytes
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select, update

from core.errors import MapError
from core.outgoing_requests import send_request
from providers.interchange.public_table import public_table_of
from referrals.database.models import accounts, webhook_cursors, webhook_deliveries, webhooks
from referrals.interchange.api_tokens import ApiToken, find_token
from referrals.interchange.public_feed import keep_feed
from referrals.outbox.message_writing import MessageFacts, write_message
from referrals.webhooks import webhook_events
from referrals.webhooks.subscriptions import own_row
from referrals.webhooks.webhook_events import WebhookEvent
from referrals.webhooks.webhook_requests import is_taken, try_event

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from core.storage.message_settings import MessageSettings
    from referrals.interchange.change_feed import FeedState
    from referrals.ledger.ledger import Ledger
    from referrals.webhooks.subscriptions import Webhook
    from referrals.webhooks.webhook_requests import Sender
    from referrals.workflow.directory import Directory

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=24)
MOST_ATTEMPTS = 18  # about five days: a receiver that takes nothing at all is paused before
GIVES_UP = timedelta(days=3)  # of a receiver that took nothing
PATIENCE = 3  # tries in a row that fail: it is away, and nothing more is tried in this turn
_LONGEST_TURN_PAUSE = timedelta(hours=1)
_TURN_SECONDS = 20.0  # for one subscription: the others are told too
_LEASE = timedelta(minutes=5)
_MOST_ASIDE = 500
_GONE = "410"


def send_webhooks(directory: Directory, settings: MessageSettings, *, send: Sender = send_request) -> Counter[str]:
    """Tell every subscription what it has not been told yet.

    Parameters
    ----------
    directory
        Catalogue and ledger: the ledger's clock tells the time.
    settings
        Of the home: whether programs may be in private networks. A demonstration tells nobody else.
    send
        Sends one request.

    Returns
    -------
    Counter of str
        How many tries were `sent` and `failed`, and how many events are `dead`.
    """
    ledger, done = directory.ledger, Counter[str]()
    if directory.home.is_demo and not settings.webhooks_may_be_private:
        return done
    now, row = ledger.clock(), webhooks.c
    query = select(row.webhook_id, row.kinds).where(row.state == "active", row.due_at <= now)
    with ledger.store.read() as connection:
        due = connection.execute(query.order_by(row.due_at, row.webhook_id)).all()
    feed = _feed(directory) if any("services" in each.kinds.split(";") for each in due) else None
    for each in due:
        try:
            done += _Turn(ledger, str(each.webhook_id), settings, send).go_on(feed)
        except (MapError, OSError) as error:
            logging.getLogger("harta.webhooks").warning("%s", error)
    return done


def _feed(directory: Directory) -> FeedState:
    """Bring the feed of services up to date."""
    snapshot = directory.snapshot()
    return keep_feed(directory.ledger, snapshot, public_table_of(directory.home, snapshot))


class _StoppedError(Exception):
    """The turn is over: the receiver is away, the token is over, or somebody paused it."""


class _Turn:
    """One turn of one subscription."""

    def __init__(self, ledger: Ledger, webhook_id: str, settings: MessageSettings, send: Sender) -> None:
        self.ledger, self.webhook_id, self.settings, self.send = ledger, webhook_id, settings, send
        self.lease = random_bytes.token_hex(16)
        self.done: Counter[str] = Counter()
        self.in_a_row = 0
        self.ends = time.monotonic() + _TURN_SECONDS

    def go_on(self, feed: FeedState | None) -> Counter[str]:
        """Tell what is owed, then what is new, until all is told or the receiver is away."""
        if not self._taken_by_us():
            return self.done
        try:
            self._tell_owed()
            while self._tell_log():
                pass
            if feed is not None:
                self._tell_feed(feed)
        except _StoppedError:
            pass
        finally:
            self._end()
        return self.done

    def _own(self) -> Any:
        return (webhooks.c.webhook_id == self.webhook_id) & (webhooks.c.lease == self.lease)

    def _taken_by_us(self) -> bool:
        """Take the subscription for this turn: no other process tells it meanwhile, so that order holds."""
        now, row = self.ledger.clock(), webhooks.c
        is_free = or_(row.leased_until.is_(None), row.leased_until <= now)
        holds = {"lease": self.lease, "leased_until": now + _LEASE}
        with self.ledger.store.write() as connection:
            taken = update(webhooks).where(row.webhook_id == self.webhook_id, row.state == "active", is_free)
            return connection.execute(taken.values(holds)).rowcount == 1

    def _current(self, connection: Connection) -> tuple[Webhook, ApiToken]:
        """Return subscription and token as they are at this moment; the turn stops where either is over."""
        row = connection.execute(select(webhooks).where(self._own())).one_or_none()
        if row is None or row.state != "active" or time.monotonic() > self.ends:
            raise _StoppedError
        token = find_token(connection, row.token_id)
        if not token.is_valid(self.ledger.clock()):
            raise _StoppedError
        return own_row(connection, self.webhook_id, token.actor()), token

    def _tell_owed(self) -> None:
        """Try again what was laid aside and is due, of each referral and service in order."""
        row = webhook_deliveries.c
        query = (
            select(webhook_deliveries)
            .where(row.webhook_id == self.webhook_id, row.state == "waiting")
            .order_by(row.delivery_id)
            .limit(_MOST_ASIDE)
        )
        with self.ledger.store.read() as connection:
            owed = connection.execute(query).all()
        held_up: set[str] = set()
        for each in owed:
            if each.subject in held_up:
                continue
            if each.due_at > self.ledger.clock():
                held_up.add(each.subject)
                continue
            event = WebhookEvent(each.event_id, each.kind, each.subject, each.detail, each.at)
            result = self._tell(event)
            with self.ledger.store.write() as connection:
                if is_taken(result) or not result:
                    connection.execute(delete(webhook_deliveries).where(row.delivery_id == each.delivery_id))
                else:
                    held_up |= self._failed_again(connection, each, result)
            self._stop_if_away()

    def _failed_again(self, connection: Connection, each: Any, result: str) -> set[str]:
        """Write down a further failure; return the subject where what follows has to wait."""
        row, tries = webhook_deliveries.c, each.attempts + 1
        is_over = tries >= MOST_ATTEMPTS
        self.done["dead"] += is_over
        connection.execute(
            update(webhook_deliveries)
            .where(row.delivery_id == each.delivery_id)
            .values(
                attempts=tries,
                result=result,
                state="dead" if is_over else "waiting",
                due_at=self.ledger.clock() + pause_after(tries),
            )
        )
        return set() if is_over else {each.subject}

    def _tell_log(self) -> bool:
        """Tell a part of the audit log; give whether there may be more."""
        with self.ledger.store.read() as connection:
            to, token = self._current(connection)
            if "referrals" not in to.kinds:
                return False
            steps = webhook_events.read_log(connection, self.webhook_id, actor=token.actor())
        reached: dict[int, int] = {}
        for step in steps:
            reached[step.chain] = step.position
            if step.event is None:
                continue
            self._tell_new(step.event, reached)
            self._stop_if_away()
        if reached:
            with self.ledger.store.write() as connection:
                self._move_on(connection, reached)
        return bool(steps)

    def _tell_feed(self, feed: FeedState) -> None:
        with self.ledger.store.read() as connection:
            to, _token = self._current(connection)
            row = connection.execute(select(webhooks).where(self._own())).one()
        if "services" not in to.kinds:
            return
        after = (row.feed_epoch, row.feed_sequence)
        for sequence, event in webhook_events.read_feed(self.ledger, feed, self.webhook_id, after):
            self._tell_new(event, feed=(feed.epoch, sequence))
            self._stop_if_away()
        if after[0] != feed.epoch:
            with self.ledger.store.write() as connection:
                self._move_on(connection, {}, (feed.epoch, feed.sequence))

    def _tell_new(
        self, event: WebhookEvent, reached: dict[int, int] | None = None, feed: tuple[str, int] | None = None
    ) -> None:
        """Tell one event for the first time, or lay it behind what waits of the same; then move the place on."""
        row = webhook_deliveries.c
        waiting = select(row.delivery_id).where(
            row.webhook_id == self.webhook_id, row.subject == event.subject, row.state == "waiting"
        )
        with self.ledger.store.read() as connection:
            is_behind = connection.execute(waiting.limit(1)).first() is not None
        result = "" if is_behind else self._tell(event)
        with self.ledger.store.write() as connection:
            # Of a service that waits to be told of, one event is enough: it tells how the service is then.
            is_told_anyway = is_behind and event.kind == webhook_events.SERVICE_CHANGED
            if (is_behind and not is_told_anyway) or (result and not is_taken(result)):
                self._lay_aside(connection, event, result)
            self._move_on(connection, reached or {}, feed)

    def _lay_aside(self, connection: Connection, event: WebhookEvent, result: str) -> None:
        known = select(webhook_deliveries.c.delivery_id).where(
            webhook_deliveries.c.webhook_id == self.webhook_id, webhook_deliveries.c.event_id == event.event_id
        )
        if connection.execute(known).first() is not None:
            return
        now, tries = self.ledger.clock(), int(bool(result))
        connection.execute(
            insert(webhook_deliveries).values(
                webhook_id=self.webhook_id,
                event_id=event.event_id,
                kind=event.kind,
                subject=event.subject,
                detail=event.detail,
                at=event.at,
                state="waiting",
                attempts=tries,
                result=result,
                due_at=now + pause_after(tries) if tries else now,
            )
        )

    def _move_on(self, connection: Connection, reached: dict[int, int], feed: tuple[str, int] | None = None) -> None:
        cursors = webhook_cursors.c
        for chain, position in reached.items():
            own = (cursors.webhook_id == self.webhook_id) & (cursors.chain == chain)
            connection.execute(update(webhook_cursors).where(own).values(position=position))
        reached.clear()
        if feed is not None:
            values = {"feed_epoch": feed[0], "feed_sequence": feed[1]}
            connection.execute(update(webhooks).where(self._own()).values(values))

    def _tell(self, event: WebhookEvent) -> str:
        """Try one event; give how that ended, "" where it may not be told any more."""
        with self.ledger.store.read() as connection:
            to, token = self._current(connection)
            if not webhook_events.may_still_read(connection, event, token.actor()):
                return ""
        result = try_event(self.ledger, to, event, self.settings, self.send)
        now = self.ledger.clock()
        values: dict[str, Any] = {"last_result": result, "leased_until": now + _LEASE}
        if is_taken(result):
            self.done["sent"] += 1
            self.in_a_row = 0
            values |= {"failures": 0, "failing_since": None, "delivered_at": now}
        else:
            self.done["failed"] += 1
            self.in_a_row += 1
            if to.failing_since is None:
                values["failing_since"] = now
            if result == _GONE:
                values |= {"state": "paused", "reason": "gone"}
        with self.ledger.store.write() as connection:
            connection.execute(update(webhooks).where(self._own()).values(values))
            if result == _GONE:
                _tell_administrators(connection, self.webhook_id, now)
        return result

    def _stop_if_away(self) -> None:
        if self.in_a_row >= PATIENCE:
            raise _StoppedError

    def _end(self) -> None:
        """Give the subscription back: to rest where its receiver is away, paused where it was so for days."""
        now = self.ledger.clock()
        values: dict[str, Any] = {"lease": "", "leased_until": None}
        with self.ledger.store.write() as connection:
            row = connection.execute(select(webhooks).where(self._own())).one_or_none()
            if row is None:
                return
            if self.in_a_row >= PATIENCE:
                failures = row.failures + 1
                values |= {"failures": failures, "due_at": now + min(pause_after(failures), _LONGEST_TURN_PAUSE)}
            has_failed = self.done["failed"] and row.state == "active" and row.failing_since is not None
            if has_failed and now - row.failing_since >= GIVES_UP:
                values |= {"state": "paused", "reason": "failing"}
                _tell_administrators(connection, self.webhook_id, now)
            connection.execute(update(webhooks).where(self._own()).values(values))


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, give or take a half."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 20), LONGEST_PAUSE)
    return min(pause * random.uniform(0.5, 1.5), LONGEST_PAUSE)  # noqa: S311


def _tell_administrators(connection: Connection, webhook_id: str, now: datetime) -> None:
    """Say at the bell of whoever keeps tokens that a program is not told any more."""
    rows = accounts.c
    query = select(rows.account_id).where(rows.state == "active", rows.role == "admin").order_by(rows.account_id)
    found = [f"account:{each}" for each in connection.execute(query).scalars()] or ["admin:"]
    for recipient in found:
        event = f"{webhook_id}/{now:%Y%m%dT%H%M}"
        write_message(connection, "webhook_paused", event, recipient, MessageFacts(), now=now)
