"""Telephone calls of a campaign: what a provider said of all its services, or that nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import BadValueError, UnknownCodeError
from core.i18n import _, ngettext, number
from referrals.campaigns.asked_services import text_in
from referrals.campaigns.campaign_status import asked_providers
from referrals.campaigns.campaign_steps import ask_by_message, campaign_of
from referrals.database import audit
from referrals.outbox.address_choices import tidy_address, tidy_mobile
from referrals.outbox.kept_addresses import KeptAddress, read_kept_address, write_kept_address
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.records.roles import Area
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from referrals.campaigns.campaign_status import AskedOne
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory


def asked_one(directory: Directory, campaign_id: str, ask_id: int, *, actor: Actor) -> AskedOne:
    """Return one provider of a campaign; raises as `asked_providers`, UnknownCodeError where it is not asked."""
    _made, every = asked_providers(directory, campaign_id, actor=actor)
    found = next((one for one in every if one.ask_id == ask_id), None)
    if found is None:
        raise UnknownCodeError(_("Campania {number} nu întreabă acest furnizor.").format(number=campaign_id[:20]))
    return found


def note_said(directory: Directory, campaign_id: str, ask_id: int, values: Mapping[str, int], *, actor: Actor) -> str:
    """Note the places that a provider said on the telephone, all or none, and say what was noted.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    campaign_id, ask_id
        The campaign, and the provider of it.
    values
        Places free by `service_id`; what is not there is not said.
    actor
        Who called.

    Returns
    -------
    str
        What was noted, in a sentence.

    Raises
    ------
    BadReportError
        Where nothing was said, or a service is not among those asked for.
    NotAllowedError
        Where the actor may not ask the county's providers, or may report no places.
    """
    asked = asked_one(directory, campaign_id, ask_id, actor=actor)
    if not values or set(values) - set(asked.services):
        raise BadReportError(_("Scrieți câte locuri libere sunt, la cel puțin un serviciu."))
    lines = [{"service_id": key, "places_free": free} for key, free in values.items()]
    done = directory.ledger.report_many(lines, source=field_intake.CALLED, actor=actor)
    words = ngettext("Am notat locurile la {n} serviciu.", "Am notat locurile la {n} servicii.", done)
    return words.format(n=number(done))


def note_outcome(directory: Directory, campaign_id: str, ask_id: int, outcome: str, *, actor: Actor) -> str:
    """Note a call that told nothing of places, at each service of the number that was called; say what was noted.

    outcome: one of `field_intake.CALL_OUTCOMES`. Raises as `note_said`.
    """
    asked = asked_one(directory, campaign_id, ask_id, actor=actor)
    catalogue = directory.snapshot().catalogue
    rows = ((each, catalogue.position.get(each)) for each in asked.left or asked.services)
    called = [each for each, row in rows if row is not None and text_in(catalogue, "phone", row) == asked.phone]
    words = ""
    for service_id in called:
        words = field_intake.note_call(directory, service_id, outcome=outcome, actor=actor).words
    return words or _("Serviciul nu mai este în registru.")


def kept_address(directory: Directory, asked: AskedOne, *, actor: Actor) -> KeptAddress:
    """Return the address that the county keeps for the messages of a provider; empty where it keeps none."""
    roles.require(actor, "address.keep", Area(county=actor.county))
    with directory.ledger.store.read() as connection:
        return read_kept_address(connection, asked.services[0]) if asked.services else KeptAddress()


def keep_address(directory: Directory, campaign_id: str, ask_id: int, *, email: str, phone: str, actor: Actor) -> str:
    """Keep the address at which a provider of a campaign gets messages, and ask it there while the campaign goes on.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    campaign_id, ask_id
        The campaign, and the provider of it.
    email, phone
        E-mail, or a mobile telephone; both "" = what the register says.
    actor
        Who keeps it.

    Returns
    -------
    str
        What was done: the same words whether the address exists or not, which nobody has tried.

    Raises
    ------
    BadValueError
        For text that is no e-mail or no mobile telephone.
    NotAllowedError
        Where the actor may not keep addresses of the county.
    """
    ledger = directory.ledger
    made = campaign_of(ledger, campaign_id, actor=actor, action="address.keep")
    asked = asked_one(directory, campaign_id, ask_id, actor=actor)
    roles.require(actor, "address.keep", Area(county=made.county))
    kept = KeptAddress(tidy_address(email), tidy_mobile(phone))
    if email.strip() and not kept.email:
        raise BadValueError(_("„{found}” nu este o adresă de e-mail.").format(found=email[:80]))
    if phone.strip() and not kept.phone:
        raise BadValueError(_("„{found}” nu este un număr de telefon mobil din România.").format(found=phone[:40]))
    now = ledger.clock()
    with ledger.store.write() as connection:
        audit.lock(connection, [f"campaign:{made.county}", *asked.services])
        for service_id in asked.services:
            write_kept_address(connection, service_id, kept, by=actor.account, now=now)
            step = audit.AuditEvent("address.keep", service_id, after="kept" if kept.email or kept.phone else "")
            audit.append(connection, service_id, step, actor=actor, at=now)
        if made.stopped_at is None and asked.left and (kept.email or kept.phone):
            ask_by_message(connection, made, ask_id, asked.left, now)
    return _("Adresa este păstrată. Mesajele merg acolo de acum înainte.")
