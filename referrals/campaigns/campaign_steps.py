"""Starting, reminding and stopping a campaign: every provider of a county and type gets one link for all its services.

A provider with an e-mail in the register gets the link by message; the others stand on the list for the telephone, or
on the printed one. Links of a campaign that was stopped still take answers until they run out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from core.errors import UnknownCodeError
from core.i18n import _
from core.storage.message_settings import read_message_settings
from providers.rules import protected_keys
from referrals.campaigns.asked_services import providers_to_ask, require_types
from referrals.campaigns.campaign_asks import asked_already, unanswered
from referrals.database import audit, refused_attempts
from referrals.database.models import campaign_asks, campaigns
from referrals.ledger import provider_tokens
from referrals.ledger.referral_request import random_code
from referrals.outbox import message_queue
from referrals.outbox.kept_addresses import read_kept_addresses
from referrals.outbox.message_writing import MessageFacts, write_message
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from providers.catalogue.snapshot import Snapshot
    from referrals.campaigns.asked_services import AskedProvider
    from referrals.ledger.ledger import Ledger
    from referrals.outbox.message_writing import MessageKind
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

LASTS = timedelta(days=21)  # after which a request is of no use any more
REST = timedelta(days=3)  # assumed: nobody is reminded sooner than that


@dataclass(frozen=True)
class Campaign:
    """One campaign.

    Attributes
    ----------
    campaign_id
        Its number.
    county, service_types
        Letters of the county that it asks, and the codes of the types, `;` between; "" = all types.
    started_at, stopped_at
        When, UTC; None = it goes on.
    """

    campaign_id: str
    county: str
    service_types: str
    started_at: datetime
    stopped_at: datetime | None


def start(
    directory: Directory, *, county: str, service_types: Sequence[str] = (), actor: Actor
) -> tuple[Campaign, int]:
    """Ask the providers of a county for their places, those alone whose places are not known for two days more.

    Parameters
    ----------
    directory
        Catalogue, places and ledger.
    county
        Letters of the county.
    service_types
        Codes of the types to ask; none = all whose places are counted.
    actor
        Who asks.

    Returns
    -------
    tuple of Campaign and int
        The campaign, and how many providers it asks; whoever an open campaign asks already is left out.

    Raises
    ------
    NotAllowedError
        Where the actor may not ask the county's providers.
    UnknownCodeError
        For a county or type that is none.
    """
    ledger = directory.ledger
    _require(ledger, county, actor, "campaign.start")
    snapshot, types, has_texts = _prepared(directory, county, service_types)
    now = ledger.clock()
    made = Campaign(f"K-{random_code(8)}", county, ";".join(types), now, None)
    with ledger.store.write() as connection:
        audit.lock(connection, [f"campaign:{county}"])  # two at once must not ask the same provider
        some = _askable(connection, snapshot, county, types, has_texts=has_texts)
        connection.execute(insert(campaigns).values(made_by=actor.account, **vars(made)))
        for provider in some:
            _ask(connection, made, provider, actor, now)
        _log(connection, made, "campaign.start", actor, now, after=str(len(some)))
    return made, len(some)


@dataclass(frozen=True)
class CampaignPlan:
    """What starting a campaign would do.

    Attributes
    ----------
    providers, services
        How many it asks: providers (one link each), and their services.
    by_message, by_phone, printed
        How many providers by each channel.
    asked_already
        How many services of the county an open campaign asks already: they are left out.
    """

    providers: int
    services: int
    by_message: int
    by_phone: int
    printed: int
    asked_already: int


def plan(directory: Directory, *, county: str, service_types: Sequence[str] = (), actor: Actor) -> CampaignPlan:
    """Say what `start` would do, and do nothing.

    Parameters
    ----------
    directory
        Catalogue, places and ledger.
    county
        Letters of the county.
    service_types
        Codes of the types to ask; none = all whose places are counted.
    actor
        Who looks.

    Returns
    -------
    CampaignPlan
        As of this moment.

    Raises
    ------
    NotAllowedError
        Where the actor may not ask the county's providers.
    UnknownCodeError
        For a county or type that is none.
    """
    _require(directory.ledger, county, actor, "campaign.plan")
    snapshot, types, has_texts = _prepared(directory, county, service_types)
    with directory.ledger.store.read() as connection:
        some = _askable(connection, snapshot, county, types, has_texts=has_texts)
        already = len(asked_already(connection, county))
    channels = Counter(each.channel for each in some)
    return CampaignPlan(
        providers=len(some),
        services=sum(len(each.services) for each in some),
        by_message=channels["message"],
        by_phone=channels["phone"],
        printed=channels["print"],
        asked_already=already,
    )


def _prepared(
    directory: Directory, county: str, service_types: Sequence[str]
) -> tuple[Snapshot, tuple[str, ...], bool]:
    """Return the snapshot, the types each once, and whether short messages are sent; UnknownCodeError."""
    snapshot = directory.snapshot()
    types = tuple(dict.fromkeys(service_types))
    require_types(types)
    if county not in snapshot.catalogue.county_names:
        raise UnknownCodeError(_("Nu există județul „{code}”.").format(code=county[:20]))
    return snapshot, types, read_message_settings(directory.home).has_texts


def _askable(
    connection: Connection, snapshot: Snapshot, county: str, types: Sequence[str], *, has_texts: bool
) -> list[AskedProvider]:
    return providers_to_ask(
        snapshot,
        county,
        types,
        without=asked_already(connection, county),
        kept=read_kept_addresses(connection),
        has_texts=has_texts,
    )


def _ask(connection: Connection, made: Campaign, provider: AskedProvider, actor: Actor, now: datetime) -> None:
    open_ones = [each for each in provider.services if not protected_keys.is_protected(each)]
    link_id = provider_tokens.make_services_link(connection, open_ones, county=made.county, actor=actor, now=now)
    values = {"campaign_id": made.campaign_id, "link_id": link_id, "channel": provider.channel, "asked_at": now}
    connection.execute(insert(campaign_asks).values(values))
    if provider.channel == "message":
        _write(connection, "places_asked", made, link_id, open_ones, now)


def _write(
    connection: Connection, kind: MessageKind, made: Campaign, link_id: str, services: Sequence[str], now: datetime
) -> None:
    facts = MessageFacts(service_id=services[0], link_id=link_id, county=made.county)
    event = f"{link_id}/{now:%Y%m%d}" if kind == "places_reminder" else link_id
    write_message(connection, kind, event, f"service:{services[0]}", facts, now=now, lapses_at=now + LASTS)


def ask_by_message(connection: Connection, made: Campaign, ask_id: int, services: Sequence[str], now: datetime) -> None:
    """Ask a provider by message from now on, whose address was not known or led nowhere."""
    row = campaign_asks.c
    connection.execute(update(campaign_asks).where(row.ask_id == ask_id).values(channel="message"))
    link_id = connection.execute(select(row.link_id).where(row.ask_id == ask_id)).scalar_one()
    if not message_queue.send_again(connection, link_id, now):
        _write(connection, "places_asked", made, link_id, services, now)


def remind(ledger: Ledger, campaign_id: str, *, actor: Actor) -> int:
    """Ask again whoever got a message and has not answered for all its services; nobody twice in three days.

    Parameters
    ----------
    ledger
        Where campaigns are kept.
    campaign_id
        Its number.
    actor
        Who asks again.

    Returns
    -------
    int
        How many messages were written.

    Raises
    ------
    UnknownCodeError
        Where there is no such campaign, or it was stopped.
    NotAllowedError
        Where the actor may not ask the county's providers.
    """
    made = campaign_of(ledger, campaign_id, actor=actor, action="campaign.remind")
    if made.stopped_at is not None:
        raise UnknownCodeError(_("Campania {number} a fost oprită.").format(number=made.campaign_id))
    now, row = ledger.clock(), campaign_asks.c
    done = 0
    with ledger.store.write() as connection:
        audit.lock(connection, [f"campaign:{made.county}"])
        query = select(campaign_asks).where(row.campaign_id == made.campaign_id, row.channel == "message")
        for ask in connection.execute(query.order_by(row.ask_id)).all():
            left = unanswered(connection, ask.link_id)
            if not left or (ask.reminded_at or ask.asked_at) > now - REST:
                continue
            _write(connection, "places_reminder", made, ask.link_id, left, now)
            connection.execute(update(campaign_asks).where(row.ask_id == ask.ask_id).values(reminded_at=now))
            done += 1
        _log(connection, made, "campaign.remind", actor, now, after=str(done))
    return done


def stop(ledger: Ledger, campaign_id: str, *, actor: Actor) -> Campaign:
    """Stop a campaign: what is not sent yet is not sent, links take answers until they run out.

    Parameters
    ----------
    ledger
        Where campaigns are kept.
    campaign_id
        Its number.
    actor
        Who stops it.

    Returns
    -------
    Campaign
        As it stands now; one that was stopped before stays as it was.
    """
    made = campaign_of(ledger, campaign_id, actor=actor, action="campaign.stop")
    if made.stopped_at is not None:
        return made
    now = ledger.clock()
    with ledger.store.write() as connection:
        audit.lock(connection, [f"campaign:{made.county}"])
        connection.execute(update(campaigns).where(campaigns.c.campaign_id == made.campaign_id).values(stopped_at=now))
        _log(connection, made, "campaign.stop", actor, now)
    return replace(made, stopped_at=now)


def campaign_of(ledger: Ledger, campaign_id: str, *, actor: Actor, action: str) -> Campaign:
    """Read a campaign for whoever may work with it; UnknownCodeError, NotAllowedError."""
    number = campaign_id.strip().upper()
    columns = [campaigns.c[name] for name in Campaign.__dataclass_fields__]
    with ledger.store.read() as connection:
        found = connection.execute(select(*columns).where(campaigns.c.campaign_id == number)).mappings().one_or_none()
    if found is None:
        raise UnknownCodeError(_("Nu există campania {number}.").format(number=number[:20]))
    _require(ledger, found["county"], actor, action)
    return Campaign(**found)


def _log(connection: Connection, made: Campaign, action: str, actor: Actor, now: datetime, after: str = "") -> None:
    step = audit.AuditEvent(action, made.campaign_id, after=after)
    audit.append(connection, f"campaign:{made.county}", step, actor=actor, at=now)


def _require(ledger: Ledger, county: str, actor: Actor, action: str) -> None:
    with refused_attempts.noted(ledger.store, action, f"campaign:{county}", actor=actor, clock=ledger.clock):
        roles.require(actor, "campaign.run", Area(county=county))
