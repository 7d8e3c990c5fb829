"""The slip as text: what a person needs in hand to be received. For a sensitive need it says as little as it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.errors import UnknownCodeError
from geo.language import _
from providers import needs, taxonomy
from referrals.facts import state_label
from referrals.following import moment_words

if TYPE_CHECKING:
    from referrals.desk import Desk
    from referrals.facts import Referral


def slip_lines(desk: Desk, referral: Referral) -> list[str]:
    """Write the slip of a referral, line by line.

    A sensitive need is not named, nor is the service by its name or type: who finds the paper learns a
    number to call and an hour. A protected address is never there: the catalogue does not know it.
    """
    service = _service(desk, referral.service_id)
    quiet = is_sensitive(referral)
    lines = [_("Bilet de îndrumare {number}").format(number=referral.referral_id)]
    lines.append(_("Stare: {state}").format(state=state_label(referral.state)))
    if not quiet:
        lines += [service.get("name", referral.service_id), service.get("organization", "")]
    lines += _contact(service)
    if referral.expires_at is not None:
        lines.append(_("Valabil până la {until}").format(until=moment_words(referral.expires_at)))
    bring = _what_to_bring(referral)
    if bring and not quiet:
        lines.append(_("Luați cu dumneavoastră: {what}").format(what=bring))
    lines.append(
        _("Întrebați de referirea {number}. Nu este nevoie să spuneți altceva.").format(number=referral.referral_id)
    )
    if desk.home.is_demo:
        lines.append(_("DEMONSTRAȚIE: date inventate."))
    return [line for line in lines if line]


def is_sensitive(referral: Referral) -> bool:
    """Whether the need or the kind of service of a referral has to stay unsaid on paper."""
    known = needs.needs().get(referral.need)
    kind = taxonomy.service_types().get(referral.service_type)
    return bool((known and known.is_sensitive) or (kind and (kind.is_sensitive or kind.is_secret)))


def _service(desk: Desk, service_id: str) -> dict[str, str]:
    try:
        facts = desk.catalogue().service(service_id)
    except UnknownCodeError:
        return {}
    return {name: value for name, value in facts.items() if isinstance(value, str) and value}


def _contact(service: dict[str, Any]) -> list[str]:
    place = ", ".join(service[name] for name in ("address", "locality") if service.get(name))
    lines = [_("Adresa: {place}").format(place=place)] if place else []
    if service.get("phone"):
        lines.append(_("Telefon: {phone}").format(phone=service["phone"]))
    if service.get("hours"):
        lines.append(_("Program: {hours}").format(hours=service["hours"]))
    return lines


def _what_to_bring(referral: Referral) -> str:
    known = needs.needs().get(referral.need)
    return (known.what_to_bring or "") if known else ""
