"""From an offer that somebody saw to a referral: facts checked again, terms of the service.

A page may be an hour old when its button is pressed: licence, places and the service itself are looked at
anew before anything is promised.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from core.cells import date_or_none, int_or_none, text_or_empty
from core.errors import UnknownCodeError
from core.i18n import _
from providers.answering.answering_record import answering_words
from providers.catalogue.redaction import public_label
from providers.finder.answer import Elsewhere, Query, Result
from providers.finder.finder import find
from providers.finder.instructions import holds_a_place
from providers.finder.offer_view import not_visited_words, places_badge
from providers.rules import protected_keys, taxonomy
from providers.rules.travel_words import time_words
from providers.rules.wording import Phone, phones
from referrals.database.models import answered
from referrals.ledger.unmet_needs import Unmet
from referrals.records.ledger_errors import LedgerError
from referrals.records.vocabulary import ServiceTerms
from referrals.records.working_time import deadline
from referrals.workflow.worklist import last_day_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from providers.catalogue.catalogue import Catalogue
    from providers.finder.answer import Answer, Offer
    from referrals.records.vocabulary import AccessRoute, Actor, Referral
    from referrals.workflow.directory import Directory

MOST_LOOKED_AT = 200  # services a block in which an offer is looked for again


class NotOfferedError(LedgerError):
    """The service is not offered to this person any more; the message says why."""


def offer_line(offer: Offer) -> str:
    """Say of an offer in one line where it is, how far, its places and how it answers: what is read before referring.

    Parameters
    ----------
    offer
        Of an answer; of a protected one its places are not told.

    Returns
    -------
    str
        Parts with commas between them.
    """
    way = time_words(offer.minutes, offer.travel) if isinstance(offer, Result) else ""
    if isinstance(offer, Elsewhere):
        way = not_visited_words(offer.why)
    places = "" if offer.is_secret else places_badge(offer).words
    answering = "" if offer.is_secret else answering_words(offer.answering)
    return ", ".join(filter(None, (None if offer.is_secret else offer.locality, way, places, answering)))


def refer_label(offer: Offer, now: datetime) -> str:
    """Say on the button of a referral what it does: until when a place would be held, or that a request goes.

    Parameters
    ----------
    offer
        The service.
    now
        Moment of the referral, by whose working days the term is counted.

    Returns
    -------
    str
        With the weekday of the term.
    """
    if not holds_a_place(offer):
        return _("Trimiteți cererea")
    days = taxonomy.hold_days(taxonomy.service_type(offer.service_type), offer.access_route)
    return _("Rețineți locul până {day}").format(day=last_day_words(deadline(now, days)))


def terms_of(directory: Directory, service_id: str) -> ServiceTerms:
    """Return what the ledger must know of a service; UnknownCodeError where the catalogue has none such."""
    service = directory.snapshot().catalogue.service(service_id)
    kind = taxonomy.service_type(service["service_type"])
    access_route = text_or_empty(service["access_route"]) or "direct"
    return ServiceTerms(
        service_id=service_id,
        service_type=service["service_type"],
        county=text_or_empty(service["county"]) or text_or_empty(service["county_served"]),
        access_route=cast("AccessRoute", access_route),
        places_max=int_or_none(service["places_max"]),
        hold_working_days=taxonomy.hold_days(kind, access_route),
        closed_from=date_or_none(service["closed_from"]),
        closed_until=date_or_none(service["closed_until"]),
    )


def key_now(directory: Directory, service_id: str, *, actor: Actor) -> str:
    """Return the key under which an actor refers to a service (`protected.key_for`).

    Raises NotOfferedError where the catalogue has no such service, NotAllowedError where its address is protected
    and the actor is not of the county unit that answers for it.
    """
    try:
        return directory.key_for(service_id, actor=actor, permission="referral.make")
    except UnknownCodeError:
        raise NotOfferedError(_("Serviciul ales nu mai este în listă. Alegeți altul.")) from None


def offer_now(directory: Directory, query: Query, key: str) -> Offer:
    """Find an offer again in the answer of this moment; NotOfferedError says why it is not there any more.

    key: see `key_now`.
    """
    snapshot = directory.snapshot()
    answer = find(snapshot, replace(query, k=MOST_LOOKED_AT))
    row = snapshot.catalogue.position.get(key)
    text = "" if row is None else snapshot.catalogue.cell("service_id", row)
    for offer in offers(answer):
        if offer.service_id == text:
            return offer
    for line in answer.excluded:
        if line.service_id == text:
            raise NotOfferedError(
                _("„{name}” nu mai poate fi ales: {why}. Alegeți alt serviciu din listă.").format(
                    name=line.name, why=line.words
                )
            )
    raise NotOfferedError(_("Serviciul ales nu mai este în listă. Alegeți altul."))


def offers(answer: Answer) -> Iterable[Offer]:
    """List all that an answer offers.

    Parameters
    ----------
    answer
        Of `providers.finder.find`.

    Returns
    -------
    iterable of Offer
        The best of each first kind, the ranked ones, what helps besides, those that nobody travels to; each once.
    """
    return answer.offers


def refer(
    directory: Directory,
    service_id: str,
    query: Query,
    *,
    actor: Actor,
    basis: str,
    consent_at: datetime | None,
    case_ref: str | None = None,
    note: str = "",
    replaces: str = "",
    second_place: bool = False,
    is_new_case: bool = False,
    idempotency_key: str = "",
) -> Referral:
    """Refer the person of a query to one of its offers, as the catalogue and the ledger are now.

    Where the person lives is `query.home`, else `query.origin`. The need is the first thing wanted. A retry with a key
    already answered is answered alike, also when the offer is gone since (often because this very referral took the
    last place).

    Parameters
    ----------
    directory
        Services and places of this moment.
    service_id
        Key of the offer.
    query
        What was asked.
    actor
        Who refers.
    basis
        Legal basis: consent, public_task or vital_interest.
    consent_at
        When consent was given, UTC; None where the basis is another.
    case_ref
        Code of the case; None = a new one.
    note
        Free text without personal data.
    replaces
        Number of the referral that it follows; "" = none.
    second_place
        Whether the case may hold a place of this kind beside another.
    is_new_case
        Whether `case_ref` is a code that we offered for a case to come.
    idempotency_key
        The same for every retry of one request; "" = none.

    Returns
    -------
    Referral
        As it was made, or as it stands since an earlier try.

    Raises
    ------
    NotOfferedError
        Where today's answer does not offer this service to this person.
    NotAllowedError
        Where the actor may not refer there.
    LedgerError
        Where there is no place, the case is not known, or the request cannot be.
    """
    home = query.home or query.origin
    if _is_retry(directory, idempotency_key):
        key = directory.key_for(service_id, actor=actor, permission="referral.make")
    else:
        key = key_now(directory, service_id, actor=actor)
        offer_now(directory, query, key)
    return directory.ledger.refer(
        terms_of(directory, key),
        case_ref=case_ref,
        need=query.wanted[0],
        county=home.county,
        uat_siruta=home.uat_siruta,
        locality_siruta=home.locality_siruta,
        actor=actor,
        basis=basis,
        consent_at=consent_at,
        note=note,
        replaces=replaces,
        second_place=second_place,
        is_new_case=is_new_case,
        idempotency_key=idempotency_key,
    )


def record_unmet_need(directory: Directory, query: Query, *, actor: Actor, key: str = "") -> bool:
    """Count the first thing that a query wants as a need for which nobody had a place.

    Parameters
    ----------
    directory
        Services and places of this moment.
    query
        What was asked; where the person lives is `query.home`, else `query.origin`.
    actor
        Who looked: a team of the community or its county unit.
    key
        The same for every retry of one request; "" = none.

    Returns
    -------
    bool
        False where an earlier try with the key counted it.

    Raises
    ------
    NotAllowedError
        Where the person lives outside the actor's area.
    """
    home = query.home or query.origin
    kind = _lacking_type(find(directory.snapshot(), replace(query, wanted=query.wanted[:1])))
    unmet = Unmet(query.wanted[0], kind, home.county, home.uat_siruta, home.locality_siruta)
    return directory.ledger.record_unmet_need(unmet, actor=actor, key=key)


def unmet_words() -> str:
    """Return in words that a need without a place was counted."""
    return _("Am notat că nu s-a găsit loc. Unitatea județeană vede nevoia în „Acoperire” și în rapoarte.")


def _lacking_type(answer: Answer) -> str:
    """Return the type of service of which an answer has none: the first kind that is not there, else the first kind."""
    lacking = (o for o in answer.first if isinstance(o, Elsewhere) and o.is_kind and not o.whose)
    return next((offer.service_type for offer in (*lacking, *answer.first)), answer.types[0])


def _is_retry(directory: Directory, key: str) -> bool:
    if not key:
        return False
    with directory.ledger.store.read() as connection:
        return connection.execute(select(answered.c.key).where(answered.c.key == key)).one_or_none() is not None


def service_phones(catalogue: Catalogue, service_id: str) -> tuple[Phone, ...]:
    """List the telephones of a service, as the register gives them now; none where it is gone.

    Parameters
    ----------
    catalogue
        Services of this moment.
    service_id
        Whom a call is to.

    Returns
    -------
    tuple of Phone
        None of a protected service: they are redacted where the catalogue is loaded.
    """
    row = catalogue.position.get(service_id)
    published = None if row is None else catalogue.cell("phone", row)
    return tuple(phones(published if isinstance(published, str) else None))


def service_name(directory: Directory, service_id: str) -> str:
    """Name a service; where the catalogue has it no more its code, of a protected one its public label."""
    return name_in(directory.snapshot().catalogue, service_id)


def name_in(catalogue: Catalogue, service_id: str) -> str:
    """Name a service as `service_name`, by a catalogue at hand."""
    row = catalogue.position.get(service_id)
    if row is not None:
        return catalogue.name(row)
    items = protected_keys.described(service_id)
    known = items and items[0] in taxonomy.service_types()
    return public_label(items[0], catalogue.county_names.get(items[1])) if items and known else service_id
