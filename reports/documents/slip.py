"""The slip: what a person needs in hand to be received, in one wording for paper, telephone and screen.

It says nothing about the person but the code of the case, and not where they live, so it says no minutes
either. For a sensitive need it names no service and no need: who finds the paper learns a place to ask at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _, use_language
from providers.finder.answer import Query, Result
from providers.finder.finder import describe
from providers.finder.instructions import TOWN_HALLS, missing_phone_words, remote_words
from providers.finder.offer_view import view_of
from providers.rules import needs
from providers.rules.help_tables.own_steps import own_steps_of
from providers.rules.wording import caution_lines
from referrals.answers import provider_words
from referrals.records.vocabulary import state_label
from referrals.workflow import ride_sharing
from referrals.workflow.next_best import place_of
from referrals.workflow.worklist import last_moment, visit_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.finder.answer import Elsewhere
    from providers.finder.offer_view import OfferView
    from referrals.records.vocabulary import Referral
    from referrals.workflow.directory import Directory

    Described = Result | Elsewhere


@dataclass(frozen=True)
class Slip:
    """All that a slip says, in Romanian, ready to be laid out.

    Attributes
    ----------
    number, case_ref, state
        Of the referral; the state in words.
    until
        What is held until when, in a sentence.
    service
        Name and organization, empty where they stay unsaid.
    facts
        What and value, one pair each.
    bring, way
        One line each thing.
    say
        What to say on arrival, in a sentence.
    is_quiet
        Whether the need is a sensitive one.
    is_demo
        Whether it is of a demonstration.
    """

    number: str
    case_ref: str
    state: str
    until: str
    service: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    bring: tuple[str, ...]
    way: tuple[str, ...]
    say: str
    is_quiet: bool
    is_demo: bool


def is_sensitive(referral: Referral) -> bool:
    """Return whether the need or the kind of service of a referral has to stay unsaid on paper.

    Parameters
    ----------
    referral
        The referral.

    Returns
    -------
    bool
        Whether it is sensitive.
    """
    return ride_sharing.is_sensitive(referral.need, referral.service_type)


def slip_of(directory: Directory, referral: Referral) -> Slip:
    """Gather what the slip of a referral says, in Romanian whatever the language of the request.

    Parameters
    ----------
    directory
        Where its service is.
    referral
        The referral; the caller has asked whether the reader may read it.

    Returns
    -------
    Slip
        Without what has to stay unsaid: a sensitive need, a protected address.
    """
    with use_language("ro"):  # it goes to the person and to the service, whatever the language of the team's screen
        offer = _offer(directory, referral)
        quiet = is_sensitive(referral)
        hidden = offer is None or offer.is_secret
        return Slip(
            number=referral.referral_id,
            case_ref=referral.case_ref,
            state=state_label(referral.state),
            until=_until(referral),
            service=() if quiet or hidden or offer is None else _names(offer),
            facts=(
                *_appointment(directory, referral),
                *(() if hidden or offer is None else (*_facts(offer), *_terms(referral, quiet=quiet))),
            ),
            bring=_bring(referral, quiet=quiet),
            way=tuple(_by_the_team() if hidden or offer is None else _way(offer, quiet=quiet)),
            say=_("Întrebați de referirea {number}. Nu este nevoie să spuneți altceva.").format(
                number=referral.referral_id
            ),
            is_quiet=quiet,
            is_demo=directory.home.is_demo,
        )


def slip_lines(directory: Directory, referral: Referral) -> list[str]:
    """Write the slip of a referral as text.

    Parameters
    ----------
    directory
        Where its service is.
    referral
        The referral; the caller has asked whether the reader may read it.

    Returns
    -------
    list of str
        Line by line, in Romanian.
    """
    return lines_of(slip_of(directory, referral))


def lines_of(slip: Slip) -> list[str]:
    """Write a slip as text, line by line."""
    with use_language("ro"):
        lines = [_("Bilet de îndrumare {number}").format(number=slip.number)]
        lines.append(_("Stare: {state}").format(state=slip.state))
        if slip.case_ref:
            lines.append(_("Codul cazului: {code}").format(code=slip.case_ref))
        lines += [*slip.service, *(f"{what}: {value}" for what, value in slip.facts), slip.until]
        if slip.bring:
            lines.append(_("Luați cu dumneavoastră: {what}").format(what=", ".join(slip.bring)))
        lines += [*slip.way, slip.say]
        if slip.is_demo:
            lines.append(_("DEMONSTRAȚIE: date inventate."))
        return [line for line in lines if line]


def follow_up_address(base: str, referral: Referral) -> str:
    """Return the address behind the slip's code: the team's page, which asks who you are; "" without a base."""
    return f"{base.rstrip('/')}/simplu/referire/{referral.referral_id}" if base else ""


def _appointment(directory: Directory, referral: Referral) -> Iterator[tuple[str, str]]:
    number = referral.referral_id
    if when := visit_words(provider_words(directory.ledger, {number: referral.state})[number].visit_at):
        yield _("Programare"), when


def _offer(directory: Directory, referral: Referral) -> Described | None:
    query = Query(origin=place_of(directory, referral), wanted=(referral.service_type,))
    try:
        return describe(directory.snapshot(), query, referral.service_id)
    except UnknownCodeError:
        return None  # an edition has dropped the service, or its type


def _names(offer: Described) -> tuple[str, ...]:
    """Name the service, and who gives it where the name does not say so already."""
    is_stated = offer.organization.casefold() in offer.name.casefold()
    return tuple(filter(None, (offer.name, "" if is_stated else offer.organization)))


def _until(referral: Referral) -> str:
    until = last_moment(referral.expires_at)
    match referral.state:
        case "held":
            return _("Locul este rezervat până la {until}. După aceea poate fi dat altcuiva.").format(until=until)
        case "asked":
            return _("Este o cerere, fără loc rezervat. Răspunsul este așteptat până la {until}.").format(until=until)
        case "accepted" | "started":
            return _("Serviciul a acceptat: vă așteaptă.")
        case _:
            return _("Acest bilet nu mai este valabil. Întrebați echipa care vi l-a dat.")


def _facts(offer: Described) -> Iterator[tuple[str, str]]:
    view = view_of(offer)
    if view.address and offer.delivery == "at_site":
        yield _("Adresa") if offer.address else _("Localitatea"), view.address
    if view.phones:
        yield _("Telefon"), _numbers(view)
    if view.hours:
        yield _("Program"), view.hours


def _terms(referral: Referral, *, quiet: bool) -> Iterator[tuple[str, str]]:
    """Say within which term of the law the office answers, where it is one of the team and the need may be named."""
    for steps in () if quiet else own_steps_of((referral.need,), referral.service_type):
        yield from ((_("Termen"), _(term)) for term in steps.term[:1] if term not in steps.assumed)


def _numbers(view: OfferView) -> str:
    return "; ".join(phone.text for phone in view.phones)


def _bring(referral: Referral, *, quiet: bool) -> tuple[str, ...]:
    if quiet:
        return (_("actul de identitate, dacă îl aveți"),)
    known = needs.needs().get(referral.need)
    text = (known.what_to_bring or "") if known else ""
    things = [part.strip(" .") for part in text.split(", ")]
    return tuple(thing[:1].lower() + thing[1:] for thing in things if thing)


def _by_the_team() -> Iterator[str]:
    yield _("Echipa care v-a dat biletul vă spune unde și când mergeți. Întrebați-o pe ea.")


def _way(offer: Described, *, quiet: bool) -> Iterator[str]:
    yield from _permission(offer, quiet=quiet)
    match offer.delivery:
        case "at_home":
            yield _("Serviciul vine la dumneavoastră: nu este nevoie de drum.")
        case "mobile":
            yield _("Echipa serviciului vine în localitate: stabiliți ziua și locul la telefon.")
        case "remote":
            yield remote_words()
        case _:
            yield from _drive(offer, quiet=quiet)


def _permission(offer: Described, *, quiet: bool) -> Iterator[str]:
    route = "" if quiet else offer.access_route  # whose decision it is would tell what for
    yield from caution_lines(
        offer.flags,
        is_secret=False,
        access_route=route,
        decision_by=offer.decision_by,
        closure=(offer.closed_from, offer.closed_until),
    )
    if offer.access_route == "decision" and quiet:
        yield _("Admiterea se face numai în baza unei decizii. Echipa vă spune cum o cereți.")
    elif offer.access_route == "medical":
        yield _("Cereți mai întâi bilet de trimitere de la medicul de familie.")


def _drive(offer: Described, *, quiet: bool) -> Iterator[str]:
    view = view_of(offer)
    if view.phones:
        numbers = _numbers(view)
        yield _("Înainte de a porni, sunați la {phone} și spuneți numărul biletului.").format(phone=numbers)
    elif quiet:
        yield _("Numărul de telefon nu este pe hartă: cereți-l echipei care v-a dat biletul.")
    else:
        yield missing_phone_words(offer.service_type)
    if not view.hours:
        yield _("Întrebați la ce ore este deschis.")
    if not offer.address and (quiet or offer.service_type not in TOWN_HALLS):
        yield _("Adresa exactă nu este pe hartă: cereți-o la telefon sau echipei.")
    elif isinstance(offer, Result) and offer.position_precision == "address":
        point = f"{offer.lat:.5f}, {offer.lon:.5f}"
        yield _("Pentru aplicația de hărți a telefonului: {point}").format(point=point)
