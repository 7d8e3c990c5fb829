"""What a team asks for when it refers somebody, checked at the door."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.i18n import _
from referrals.places.capacity import CLOCK_TOLERANCE
from referrals.records.free_text import refuse_personal
from referrals.records.ledger_errors import BadReferralError
from referrals.records.vocabulary import BASES, ROUTES

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.records.vocabulary import ServiceTerms

# No 0/O, 1/I/L, U: what is read out over the telephone must not be misheard.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CASE = re.compile(f"C-[{CODE_LETTERS}]{{5}}-[{CODE_LETTERS}]{{5}}")


@dataclass(frozen=True)
class ReferralRequest:
    """A referral asked for.

    Attributes
    ----------
    terms
        What holds for a place of the service.
    case_ref
        Code of the case; empty = a new one.
    need
        Code of the need.
    county, uat_siruta, locality_siruta
        Where the person lives: letters and SIRUTA codes; None = not known.
    basis
        Legal basis: consent, public_task or vital_interest.
    consent_at
        When consent was given, UTC; None where the basis is another.
    note
        Free text without personal data.
    replaces
        Number of the referral that it follows; "" = none.
    second_place
        Whether the case may hold a place of this kind beside another.
    is_new_case
        Whether `case_ref` is a code that we offered for a case to come (`case_codes`).
    """

    terms: ServiceTerms
    case_ref: str
    need: str
    county: str
    uat_siruta: int
    locality_siruta: int | None
    basis: str
    consent_at: datetime | None
    note: str
    replaces: str
    second_place: bool
    is_new_case: bool = False


def random_code(length: int) -> str:
    """Make a code that nobody guesses and everybody can read out."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


def new_case_reference() -> str:
    """Make a case reference: random, so that it means nothing."""
    return f"C-{random_code(5)}-{random_code(5)}"


def validate_case_reference(case_ref: str) -> str:
    """Return a case reference in its one form; BadReferralError where it is not one of ours."""
    tidy = case_ref.strip().upper()
    if not _CASE.fullmatch(tidy):
        # What was typed is not repeated: it may be a name or a personal number.
        raise BadReferralError(
            _("Codul de caz nu are forma C-XXXXX-XXXXX. Folosiți codul făcut de program, nu un nume sau un CNP.")
        )
    return tidy


def validate_request(requested: ReferralRequest, now: datetime) -> ReferralRequest:
    """Return a request tidied; BadReferralError or PersonalDataError says what is wrong with it."""
    if requested.terms.access_route not in ROUTES:
        raise BadReferralError(_("Cale de acces necunoscută: „{found}”.").format(found=requested.terms.access_route))
    if requested.terms.hold_working_days < 0 or requested.terms.answer_working_days < 1:
        raise BadReferralError(_("Termenul de răspuns trebuie să fie de cel puțin o zi lucrătoare."))
    if not requested.need.strip():
        raise BadReferralError(_("Alegeți nevoia pentru care se face referirea."))
    if requested.replaces and not requested.case_ref:
        raise BadReferralError(_("O referire se mută împreună cu cazul ei: lipsește codul de caz."))
    _check_basis(requested, now)
    return replace(
        requested,
        case_ref=validate_case_reference(requested.case_ref) if requested.case_ref else "",
        need=requested.need.strip(),
        note=refuse_personal(requested.note, field=_("Mențiuni")),
    )


def _check_basis(requested: ReferralRequest, now: datetime) -> None:
    if not requested.basis:
        raise BadReferralError(_("Cereți întâi acordul persoanei sau alegeți alt temei al referirii."))
    if requested.basis not in BASES:
        raise BadReferralError(
            _("Temei necunoscut: „{found}”. Se pot alege: {known}.").format(
                found=requested.basis, known=", ".join(BASES)
            )
        )
    if requested.basis == "consent" and requested.consent_at is None:
        raise BadReferralError(_("Cereți întâi acordul persoanei și treceți data lui."))
    if requested.consent_at is not None and requested.consent_at > now + CLOCK_TOLERANCE:
        raise BadReferralError(_("Data acordului este în viitor."))
