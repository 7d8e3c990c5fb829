"""Subscriptions: where a program wants to be told, of what; bounded by its token, which ends them when it ends.

Whoever keeps tokens sees and changes every subscription; a program only its own. Each change stands in the audit log.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import delete, func, insert, select, update

from core.i18n import _
from core.storage.message_settings import is_this_machine
from referrals.database import audit, refused_attempts
from referrals.database.models import webhook_cursors, webhook_deliveries, webhooks
from referrals.interchange import change_feed
from referrals.interchange.api_tokens import ApiToken, find_token
from referrals.ledger.provider_tokens import signing_key
from referrals.ledger.referral_request import random_code
from referrals.records import roles
from referrals.records.ledger_errors import BadWebhookError, UnknownWebhookError
from referrals.webhooks.webhook_events import log_ends
from referrals.webhooks.webhook_signing import secret_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

# What one may be told of, and the scopes of which a token needs one for it.
KINDS = {"services": ("read",), "referrals": ("refer", "answer")}
SCOPE = "webhook"
ROTATION = timedelta(days=7)  # while the former secret signs too
MOST_OF_A_TOKEN = 10
_LONGEST_ADDRESS = 500
_PREFIX = "token:"


@dataclass(frozen=True)
class Webhook:
    """One subscription.

    Attributes
    ----------
    webhook_id, token_id
        Its number, and that of the token by which it stands.
    address
        Where it is told.
    kinds
        Of what, of `KINDS`.
    state, reason
        `active` or `paused`, and why: `asked`, `failing`, `gone`, `restored`.
    made_at, delivered_at, failing_since, former_until
        Moments, UTC; None = never, not failing, no former secret.
    last_result
        How the last try ended: an HTTP status, `away` or `refused`; "" = none yet.
    secret_number
        Which secret signs.
    """

    webhook_id: str
    token_id: str
    address: str
    kinds: tuple[str, ...]
    state: str
    reason: str
    made_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None
    former_until: datetime | None
    last_result: str
    secret_number: int

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "webhook_id": self.webhook_id,
            "address": self.address,
            "kinds": list(self.kinds),
            "state": self.state,
            "reason": self.reason,
            "made_at": self.made_at.isoformat(),
            "delivered_at": _moment(self.delivered_at),
            "failing_since": _moment(self.failing_since),
            "last_result": self.last_result,
            "former_secret_until": _moment(self.former_until),
        }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def make_webhook(
    ledger: Ledger,
    token_id: str,
    address: str,
    kinds: Iterable[str],
    *,
    actor: Actor,
    may_be_private: bool = False,
) -> tuple[Webhook, str]:
    """Subscribe a program: it is told of what happens from now on.

    Parameters
    ----------
    ledger
        Where the subscription is kept.
    token_id
        The program's token, which has the scope `webhook` and those that the kinds need.
    address
        Where it is told: https, and public.
    kinds
        Of what, of `KINDS`.
    actor
        Who subscribes: the token itself, or who keeps tokens.
    may_be_private
        Whether the home lets itself be told to private networks, and without encryption to this machine.

    Returns
    -------
    tuple of Webhook and str
        The subscription and the secret by which its receiver checks signatures.

    Raises
    ------
    BadWebhookError
        Where the address is none, or the token has no right to what is asked.
    UnknownWebhookError, UnknownTokenError
        Where the token is another program's, or none.
    NotAllowedError
        Where the actor keeps no tokens.
    """
    _require(ledger, actor)
    wanted = tuple(dict.fromkeys(kinds))
    place = checked_address(address, may_be_private=may_be_private)
    now = ledger.clock()
    number = f"W-{random_code(8)}"
    feed = change_feed.state_of(ledger)
    with ledger.store.write() as connection:
        token = find_token(connection, token_id)
        if not _is_own(token.token_id, actor):
            raise unknown_webhook_error()
        _check_kinds(token, wanted, now)
        _check_others(connection, token, place)
        values = {
            "webhook_id": number, "token_id": token.token_id, "address": place, "kinds": ";".join(wanted),
            "secret_number": 1, "former_until": None, "state": "active", "reason": "", "made_by": actor.account,
            "made_at": now, "feed_epoch": feed.epoch if feed else "", "feed_sequence": feed.sequence if feed else 0,
            "failures": 0, "failing_since": None, "due_at": now, "delivered_at": None, "last_result": "", "lease": "",
            "leased_until": None,
        }  # fmt: skip
        connection.execute(insert(webhooks).values(values))
        # From the end of the log: what happened before is read, not told. This row itself tells nobody anything.
        ends = [{"webhook_id": number, "chain": chain, "position": end} for chain, end in log_ends(connection).items()]
        connection.execute(insert(webhook_cursors), ends)
        _log(connection, number, "webhook.make", actor, now, after=token.token_id)
        made = _as_webhook(connection.execute(select(webhooks).where(webhooks.c.webhook_id == number)).one())
    return made, secret_of(signing_key(ledger), number, 1)


def list_webhooks(ledger: Ledger, *, actor: Actor) -> list[Webhook]:
    """List subscriptions, the newest first: a program's own, or all for who keeps tokens.

    Parameters
    ----------
    ledger
        Where they are kept.
    actor
        Who asks.

    Returns
    -------
    list of Webhook
        Without secrets.

    Raises
    ------
    NotAllowedError
        Where the actor keeps no tokens.
    """
    query = select(webhooks).order_by(webhooks.c.made_at.desc(), webhooks.c.webhook_id)
    _require(ledger, actor)
    if actor.account.startswith(_PREFIX):
        query = query.where(webhooks.c.token_id == actor.account.removeprefix(_PREFIX))
    with ledger.store.read() as connection:
        return [_as_webhook(row) for row in connection.execute(query)]


def find_webhook(ledger: Ledger, webhook_id: str, *, actor: Actor) -> Webhook:
    """Return one subscription; UnknownWebhookError for another program's as for none."""
    _require(ledger, actor)
    with ledger.store.read() as connection:
        return own_row(connection, webhook_id, actor)


def set_paused(ledger: Ledger, webhook_id: str, is_paused: bool, *, actor: Actor) -> Webhook:  # noqa: FBT001
    """Pause a subscription, or let it go on at once from where it stopped; raises UnknownWebhookError."""
    if is_paused:
        return _changed(ledger, webhook_id, "webhook.pause", {"state": "paused", "reason": "asked"}, actor)
    return _changed(ledger, webhook_id, "webhook.resume", {"state": "active", "reason": ""}, actor, is_due=True)


def rotate_secret(ledger: Ledger, webhook_id: str, *, actor: Actor) -> tuple[Webhook, str]:
    """Give a subscription a new secret; the one before signs too for `ROTATION`. Raises UnknownWebhookError."""
    fresh = {"secret_number": webhooks.c.secret_number + 1, "former_until": ledger.clock() + ROTATION}
    found = _changed(ledger, webhook_id, "webhook.rotate", fresh, actor)
    return found, secret_of(signing_key(ledger), found.webhook_id, found.secret_number)


def remove_webhook(ledger: Ledger, webhook_id: str, *, actor: Actor) -> Webhook:
    """Take a subscription away with all that it had still to be told; raises UnknownWebhookError."""
    _require(ledger, actor)
    with ledger.store.write() as connection:
        found = own_row(connection, webhook_id, actor)
        for table in (webhook_deliveries, webhook_cursors, webhooks):
            connection.execute(delete(table).where(table.c.webhook_id == found.webhook_id))
        _log(connection, found.webhook_id, "webhook.remove", actor, ledger.clock())
    return found


def retry_dead(ledger: Ledger, webhook_id: str, *, actor: Actor) -> int:
    """Try again at once what waits and what was given up; give how many events. Raises UnknownWebhookError."""
    _require(ledger, actor)
    with ledger.store.write() as connection:
        found = own_row(connection, webhook_id, actor)
        count = _make_due(connection, found.webhook_id, ledger.clock(), ("waiting", "dead"))
        _log(connection, found.webhook_id, "webhook.retry", actor, ledger.clock(), after=str(count))
    return count


def count_owed(ledger: Ledger, webhook_id: str, *, actor: Actor) -> dict[str, int]:
    """Count what a subscription was not told at the first try, `waiting` and `dead`; raises UnknownWebhookError."""
    found = find_webhook(ledger, webhook_id, actor=actor)
    row = webhook_deliveries.c
    query = select(row.state, func.count()).where(row.webhook_id == found.webhook_id).group_by(row.state)
    with ledger.store.read() as connection:
        counts = {str(state): int(count) for state, count in connection.execute(query)}
    return {"waiting": counts.get("waiting", 0), "dead": counts.get("dead", 0)}


def hold_back_restored(connection: Connection) -> None:
    """Tell nobody anything from a restored copy until somebody says so: the one that was copied may go on elsewhere."""
    active = webhooks.c.state == "active"
    connection.execute(update(webhooks).where(active).values(state="paused", reason="restored"))


def checked_address(address: str, *, may_be_private: bool) -> str:
    """Return an address at which a program can be told; BadWebhookError. Its name is looked up at every sending."""
    text = address.strip()
    try:
        parts = urlsplit(text)
        host, has_port = parts.hostname or "", parts.port is None or parts.port > 0
    except ValueError:
        host, has_port, parts = "", False, urlsplit("")
    is_plain = parts.scheme == "http" and may_be_private and is_this_machine(host)
    is_written = text.isascii() and text.isprintable() and " " not in text and len(text) <= _LONGEST_ADDRESS
    if not (is_written and host and has_port and (parts.scheme == "https" or is_plain)):
        raise BadWebhookError(_("Adresa se scrie ca https://program.example.ro/primeste."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadWebhookError(_("Adresa nu poate conține un nume, o parolă sau „#”."))
    if not may_be_private and not _may_be_public(host):
        raise BadWebhookError(_("Adresa trebuie să fie publică: nu din rețeaua proprie și nu de pe acest calculator."))
    return text


def _may_be_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return host.rstrip(".") != "localhost" and not host.rstrip(".").endswith(".localhost")


def _check_kinds(token: ApiToken, wanted: tuple[str, ...], now: datetime) -> None:
    """Refuse what a token has no right to be told of (BadWebhookError)."""
    known = ", ".join(KINDS)
    if not wanted or set(wanted) - KINDS.keys():
        raise BadWebhookError(_("Spuneți despre ce se anunță: {known}.").format(known=known))
    if not token.is_valid(now) or SCOPE not in token.scopes:
        raise BadWebhookError(
            _("Cheia {id} nu are dreptul „webhook” sau nu mai este valabilă.").format(id=token.token_id)
        )
    for kind in wanted:
        is_readable = kind != "referrals" or bool(roles.reach(token.role, "referral.list"))
        if not set(KINDS[kind]) & set(token.scopes) or not is_readable:
            raise BadWebhookError(
                _("Cheia {id} nu are drepturile pentru „{kind}”: {scopes}.").format(
                    id=token.token_id, kind=kind, scopes=", ".join(KINDS[kind])
                )
            )


def _check_others(connection: Connection, token: ApiToken, address: str) -> None:
    query = select(webhooks.c.address).where(webhooks.c.token_id == token.token_id)
    others = list(connection.execute(query).scalars())
    if address in others:
        raise BadWebhookError(_("Programul este anunțat deja la această adresă."))
    if len(others) >= MOST_OF_A_TOKEN:
        raise BadWebhookError(_("O cheie are cel mult {n} adrese.").format(n=MOST_OF_A_TOKEN))


def unknown_webhook_error() -> UnknownWebhookError:
    """Say that there is none, or that it is another's: which of the two is nobody's business."""
    return UnknownWebhookError(_("Nu există niciun abonament cu acest număr. Le arată „harta webhooks list”."))


def own_row(connection: Connection, webhook_id: str, actor: Actor) -> Webhook:
    """Return a subscription to whoever it belongs to, or who keeps tokens; UnknownWebhookError to all others."""
    query = select(webhooks).where(webhooks.c.webhook_id == webhook_id.strip().upper())
    row = connection.execute(query).one_or_none()
    if row is None or not _is_own(row.token_id, actor):
        raise unknown_webhook_error()
    return _as_webhook(row)


def _is_own(token_id: str, actor: Actor) -> bool:
    return not actor.account.startswith(_PREFIX) or actor.account == f"{_PREFIX}{token_id}"


def _changed(
    ledger: Ledger, webhook_id: str, action: str, values: dict[str, Any], actor: Actor, *, is_due: bool = False
) -> Webhook:
    _require(ledger, actor)
    with ledger.store.write() as connection:
        before = own_row(connection, webhook_id, actor)
        connection.execute(update(webhooks).where(webhooks.c.webhook_id == before.webhook_id).values(values))
        if is_due:
            _make_due(connection, before.webhook_id, ledger.clock(), ("waiting",))
        _log(connection, before.webhook_id, action, actor, ledger.clock())
        return own_row(connection, webhook_id, actor)


def _make_due(connection: Connection, webhook_id: str, now: datetime, states: tuple[str, ...]) -> int:
    """Let a subscription be told at once, also of what it was to wait for; give how many events of these states."""
    fresh = {"failures": 0, "failing_since": None, "due_at": now}
    connection.execute(update(webhooks).where(webhooks.c.webhook_id == webhook_id).values(fresh))
    row = webhook_deliveries.c
    owed = update(webhook_deliveries).where(row.webhook_id == webhook_id, row.state.in_(states))
    return int(connection.execute(owed.values(state="waiting", attempts=0, due_at=now)).rowcount)


def _require(ledger: Ledger, actor: Actor) -> None:
    """Let who keeps tokens through to all, and a program to its own; NotAllowedError for all others."""
    if actor.account.startswith(_PREFIX):
        return
    with refused_attempts.noted(ledger.store, "webhook.manage", "webhook", actor=actor, clock=ledger.clock):
        roles.require(actor, "token.manage")


def _as_webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        row.webhook_id,
        row.token_id,
        row.address,
        tuple(filter(None, row.kinds.split(";"))),
        row.state,
        row.reason,
        row.made_at,
        row.delivered_at,
        row.failing_since,
        row.former_until,
        row.last_result,
        row.secret_number,
    )


def _log(connection: Connection, number: str, action: str, actor: Actor, now: datetime, after: str = "") -> None:
    audit.lock(connection, [number])
    audit.append(connection, number, audit.AuditEvent(action, number, after=after), actor=actor, at=now)
